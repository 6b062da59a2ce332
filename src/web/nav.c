#include "web/nav.h"

#include <string.h>

#include "office/kind.h"
#include "web/route.h"

static const struct {
    enum entry entry;
    const char *name, *icon, *key; /* key: what kinds call it */
} entries[] = {
    {ENTRY_PORTAL, "门户", "portal", ""},
    {ENTRY_IN, "收文", "inbox", "in"},
    {ENTRY_DRAFT, "拟稿", "draft", "draft"},
    {ENTRY_TRACK, "督办", "track", "track"},
    {ENTRY_MEET, "会议学习", "meet", "meet"},
    {ENTRY_VOICE, "民意", "voice", "voice"},
    {ENTRY_LIBRARY, "资料", "library", "library"},
};
enum { N_ENTRIES = sizeof(entries) / sizeof(*entries) };

/* The first tab that a person may open is where its entrance leads. `kinds`: here stand the ledgers of the kinds that
 * live under this entrance; the address is of one of them. */
static const struct tab { /* NOLINT(clang-analyzer-optin.performance.Padding): read as a table */
    enum entry entry;
    const char *href, *name;
    enum action action;
    bool kinds;
} tabs[] = {
    {ENTRY_PORTAL, "/", "门户", ACT_READ, false},
    {ENTRY_PORTAL, "/items", "事项", ACT_ITEMS, false},
    {ENTRY_PORTAL, "/lights", "看板", ACT_ITEMS, false},
    {ENTRY_PORTAL, "/calendar", "日历", ACT_ITEMS, false},
    {ENTRY_PORTAL, "/brief", "今日要情", ACT_BRIEF, false},
    {ENTRY_PORTAL, "/notices", "通知", ACT_ITEMS, false},
    {ENTRY_PORTAL, "/duty", "值班", ACT_ITEMS, false},
    {ENTRY_IN, "/ledgers/", "", ACT_ITEMS, true},
    {ENTRY_IN, "/register", "收文登记", ACT_IMPORT, false},
    {ENTRY_IN, "/originals", "纸质原件", ACT_ITEMS, false},
    {ENTRY_IN, "/matrix?kind=relay", "传达矩阵", ACT_ITEMS, false},
    {ENTRY_IN, "/import", "文件入库", ACT_IMPORT, false},
    {ENTRY_IN, "/held", "扫描件登记", ACT_CONFIRM, false},
    {ENTRY_DRAFT, "/manuscripts", "文稿", ACT_ITEMS, false},
    {ENTRY_DRAFT, "/templates", "模板", ACT_ITEMS, false},
    {ENTRY_DRAFT, "/speeches", "讲话稿", ACT_ITEMS, false},
    {ENTRY_DRAFT, "/samples", "范文库", ACT_ITEMS, false},
    {ENTRY_DRAFT, "/check", "文稿检查", ACT_CHECK, false},
    {ENTRY_DRAFT, "/ledgers/", "", ACT_ITEMS, true},
    {ENTRY_DRAFT, "/rules", "审校规则", ACT_CHECK, false},
    {ENTRY_DRAFT, "/terms", "规范表述", ACT_READ, false},
    {ENTRY_DRAFT, "/terms/holders", "人员职务", ACT_READ, false},
    {ENTRY_DRAFT, "/mistakes", "差错统计", ACT_ITEMS, false},
    {ENTRY_DRAFT, "/terms/candidates", "提法候选", ACT_TERMS, false},
    {ENTRY_TRACK, "/ledgers/", "", ACT_ITEMS, true},
    {ENTRY_TRACK, "/oral", "记口头交办", ACT_ITEMS, false},
    {ENTRY_TRACK, "/leaders", "领导在岗", ACT_ITEMS, false},
    {ENTRY_TRACK, "/matrix?kind=supervision", "督办矩阵", ACT_ITEMS, false},
    {ENTRY_TRACK, "/slips", "催办单", ACT_ITEMS, false},
    {ENTRY_TRACK, "/recurring", "周期事项", ACT_ITEMS, false},
    {ENTRY_TRACK, "/evidence", "检查取证", ACT_ITEMS, false},
    {ENTRY_MEET, "/ledgers/", "", ACT_ITEMS, true},
    {ENTRY_VOICE, "/ledgers/", "", ACT_ITEMS, true},
    {ENTRY_LIBRARY, "/library", "文件", ACT_READ, false},
    {ENTRY_LIBRARY, "/search", "检索", ACT_READ, false},
    {ENTRY_LIBRARY, "/remarks", "批示和讲话", ACT_ITEMS, false},
    {ENTRY_LIBRARY, "/ledgers/", "", ACT_ITEMS, true},
    {ENTRY_LIBRARY, "/subscriptions", "订阅与新到", ACT_READ, false},
    {ENTRY_LIBRARY, "/editions", "版本确认", ACT_CONFIRM, false},
    {ENTRY_LIBRARY, "/categories", "类别", ACT_EDIT, false},
};
enum { N_TABS = sizeof(tabs) / sizeof(*tabs) };

static const struct {
    const char *href, *name, *icon;
    int action; /* -1: everybody */
} menu[] = {
    {"/account", "我的账号", "user", -1},
    {"/account/notices", "通知设置", "bell", ACT_ITEMS},
    {"/responsibilities", "职责与补位", "people", ACT_ITEMS},
    {"/cover", "委托与移交", "people", ACT_ITEMS},
    {"/kinds", "事项种类", "track", ACT_KINDS},
    {"/people", "人员账号", "people", ACT_UNLOCK},
    {"/audit", "审计", "audit", ACT_AUDIT},
    {"/audit/reads", "查阅记录", "audit", ACT_ACCESSES},
    {"/help", "使用说明", "help", -1},
};
enum { N_MENU = sizeof(menu) / sizeof(*menu) };

/* The ledger of a kind bears the kind's name; these are what the office calls them. */
static struct str ledger_name(const struct kind_on *k)
{
    if (str_eq(k->id, S("incoming")))
        return S("收文办理");
    return str_eq(k->id, S("supervision")) ? S("督办台账") : k->name;
}

static enum entry entry_of(struct str key)
{
    for (size_t i = 1; i < N_ENTRIES; i++)
        if (str_eq(key, str_z(entries[i].key)))
            return entries[i].entry;
    return ENTRY_NONE;
}

/* The kind that a page is about: /ledgers/K, /figures/K, /numbers/K and what lies below them, and ?kind=K of the matrix and of a new item. */
static struct str kind_at(const struct ctx *c)
{
    struct str path = c->r->head.path, kind;
    if (str_eq(path, S("/matrix")) || str_eq(path, S("/items/new")))
        return req_query(c->r, "kind");
    if (!str_eat(&path, S("/ledgers/")) && !str_eat(&path, S("/figures/")) &&
        !str_eat(&path, S("/numbers/")))
        return S("");
    return str_next(&path, S("/"), &kind) ? kind : S("");
}

static enum entry entry_at(const struct ctx *c)
{
    struct str kind = kind_at(c);
    for (size_t i = 0; kind.n && i < c->n_kinds; i++)
        if (str_eq(c->kinds[i].id, kind))
            return entry_of(c->kinds[i].entry);
    return c->route ? c->route->entry : ENTRY_NONE;
}

static bool there(const char *href)
{
    struct str path = str_z(href), query;
    int64_t ids[2];
    bool other;
    (void)str_cut(path, S("?"), &path, &query);
    return route_find(METHOD_GET, path, ids, &other) != NULL;
}

static void put(struct nav_item *v, size_t *n, struct nav_item item)
{
    if (there(item.href))
        v[(*n)++] = item;
}

/* The tabs of one entrance, into v, which has room for N_TABS and one for each kind. */
static size_t tabs_of(struct ctx *c, enum entry entry, struct nav_item *v)
{
    size_t n = 0;
    for (size_t i = 0; i < N_TABS; i++) {
        const struct tab *t = &tabs[i];
        if (t->entry != entry || !access_may(c->v, t->action))
            continue;
        if (!t->kinds) {
            put(v, &n, (struct nav_item){t->href, t->name, "", 0, false});
            continue;
        }
        for (size_t k = 0; k < c->n_kinds; k++)
            if (entry_of(c->kinds[k].entry) == entry)
                put(v, &n,
                    (struct nav_item){arena_printf(c->a, "/ledgers/%.*s", SF(c->kinds[k].id)).p,
                        arena_z(c->a, ledger_name(&c->kinds[k])), "", 0, false});
    }
    return n;
}

/* How much of the address of the page the tab names; 0: it is not there. */
static size_t fits(const struct ctx *c, const char *href)
{
    struct str path = str_z(href), query = S(""), at = c->r->head.path, kind = kind_at(c);
    if (str_eat(&path, S("/ledgers/")))
        return kind.n && !str_eq(at, S("/matrix")) && str_eq(path, kind) ? strlen(href) : 0;
    (void)str_cut(path, S("?"), &path, &query);
    if (query.n && !(str_eat(&query, S("kind=")) && str_eq(query, kind)))
        return 0;
    if (str_eq(path, at))
        return strlen(href);
    return path.n > 1 && str_starts(at, path) && at.p[path.n] == '/' ? path.n : 0;
}

static void fill_tabs(struct ctx *c, enum entry at)
{
    size_t best = 0, on = 0;
    c->shell.tabs = ARENA_ARRAY(c->a, struct nav_item, N_TABS + c->n_kinds);
    c->shell.n_tabs = tabs_of(c, at, c->shell.tabs);
    for (size_t i = 0; i < c->shell.n_tabs; i++)
        if (fits(c, c->shell.tabs[i].href) > best) {
            best = fits(c, c->shell.tabs[i].href);
            on = i;
        }
    if (best)
        c->shell.tabs[on].current = true;
    if (c->shell.n_tabs == 1) /* where there is no choice there is nothing to choose */
        c->shell.n_tabs = 0;
}

/* A part whose every page would be refused is not offered. */
static void fill_entries(struct ctx *c, enum entry at)
{
    struct nav_item *room = ARENA_ARRAY(c->a, struct nav_item, N_TABS + c->n_kinds);
    c->shell.entries = ARENA_ARRAY(c->a, struct nav_item, N_ENTRIES);
    for (size_t i = 0; i < N_ENTRIES; i++) {
        size_t n = tabs_of(c, entries[i].entry, room);
        if (n || entries[i].entry == ENTRY_PORTAL)
            c->shell.entries[c->shell.n_entries++] = (struct nav_item){n ? room[0].href : "/",
                entries[i].name, entries[i].icon, 0, entries[i].entry == at};
    }
}

void nav_fill(struct ctx *c)
{
    enum entry at = entry_at(c);
    fill_entries(c, at);
    fill_tabs(c, at);
    c->shell.menu = ARENA_ARRAY(c->a, struct nav_item, N_MENU);
    for (size_t i = 0; i < N_MENU; i++)
        if (menu[i].action < 0 || access_may(c->v, (enum action)menu[i].action))
            put(c->shell.menu, &c->shell.n_menu,
                (struct nav_item){menu[i].href, menu[i].name, menu[i].icon, 0, false});
}
