/* Lists of items: what they show is what access_item allows, whoever asks, in whatever order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "itemdb.h"
#include "office/document.h"
#include "office/item_desk.h"

enum { ITEMS = 60 };

#define KIND(id, level, hidden)                                                                      \
    "kind: " id "\nname: 试验\nabout: 试验\nentry: track\nnumber: 试〔{year}〕{serial}号\n"  \
    "title: demand\nlevel: " level "\n"                                                              \
    "fields:\n"                                                                                      \
    "  - {id: demand, name: 要求, type: text, required: true}\n"                                   \
    "  - {id: lead, name: 牵头单位, type: unit}\n"                                               \
    "  - {id: reader, name: 阅知, type: people}\n"                                                 \
    "  - {id: due, name: 期限, type: date}\n"                                                      \
    "  - {id: money, name: 金额, type: number}\n" hidden "states:\n"                                 \
    "  draft: {name: 草稿, edit: [owner]}\n"                                                       \
    "  doing: {name: 办理中, edit: ['role:chief']}\n"                                             \
    "  closed: {name: 已办结, closed: true}\n"                                                    \
    "moves:\n"                                                                                       \
    "  - {id: send, name: 交办, from: [draft], to: doing, by: [owner],"                            \
    " ask: {of: ['field:lead'], purpose: 办理, answers: [已收, 已反馈], wait: all}}\n"        \
    "  - {id: show, name: 传阅, from: [doing], to: doing, by: [owner, 'role:secretary'],"          \
    " ask: {of: ['field:reader'], purpose: 阅知, answers: [已读], wait: none}}\n"                \
    "  - {id: pass, name: 办结, from: [doing], to: closed, by: ['role:chief', 'field:lead']}\n"    \
    "  - {id: stop, name: 终止, from: any, to: closed, by: ['role:chief']}\n"                      \
    "clocks:\n"                                                                                      \
    "  - {id: finish, name: 办结, start: doing, stop: closed, due: due, extend: ['role:chief']}\n" \
    "lights:\n"                                                                                      \
    "  - {colour: red, clock: finish, left: 0d, text: 逾期}\n"                                     \
    "  - {colour: yellow, clock: finish, left: 3d, text: 临近}\n"                                  \
    "ledger: [number, title, lead, due]\n"

static const char *const kinds[] = {KIND("plain", "open", ""),
    KIND("inner", "internal", "  - {id: note, name: 批注, type: text, see: ['role:chief']}\n"),
    KIND("hush", "secret", "")};
static const char *const names[] = {"plain", "inner", "hush"};

struct world {
    struct itemdb t;
    uint32_t seed;
    int64_t id[ITEMS];
};

static uint32_t draw(struct world *w, uint32_t n)
{
    w->seed = w->seed * 1664525 + 1013904223;
    return (w->seed >> 8) % n;
}

static enum code act(struct world *w, int who, struct act *a, struct err *e)
{
    a->by = itemdb_as(&w->t, who);
    e->msg[0] = '\0';
    return store_write(w->t.o.st, act_fn, a, e);
}

static void make_item(struct world *w, int i)
{
    static const int openers[] = {CHIEF, SECRETARY, LEADER, LIAISON, STAFF, OTHER};
    struct err e;
    char json[300];
    int owner = openers[draw(w, 6)];
    (void)snprintf(json, sizeof(json),
        "{\"demand\":\"第%d件_%%\",\"lead\":\"%d\",\"reader\":[\"%lld\"],\"due\":\"2026-07-%02d\"%"
        "s%d%s}",
        i, 1 + (int)draw(w, 4), (long long)w->t.person[draw(w, N_PEOPLE)], 14 + (int)draw(w, 8),
        draw(w, 3) ? ",\"money\":" : ",\"money\":-", (int)draw(w, 40), "");
    struct act a = {.verb = V_OPEN,
        .json = json,
        .open = {.kind = str_z(names[i % 3]), .level = (int)draw(w, 2)}};
    w->t.now_ms += (int64_t)draw(w, 3) * MS_MINUTE; /* some at the same instant */
    if (act(w, owner, &a, &e) != OK)
        fail_msg("%s", e.msg);
    w->id[i] = a.id;
    uint32_t far = draw(w, 5);
    int64_t revision = 1;
    struct act m = {.verb = V_MOVE, .id = a.id, .revision = revision, .word = "send"};
    if (far > 0 && act(w, owner, &m, &e) != OK)
        fail_msg("%s", e.msg);
    m.revision++;
    m.word = "show";
    if (far > 1 && act(w, owner, &m, &e) != OK)
        fail_msg("%s", e.msg);
    m.revision++;
    m.word = "pass";
    if (far > 3)
        (void)act(w, CHIEF, &m, &e); /* not every chief sees each 工作秘密 */
}

static int set_up(void **state)
{
    struct world *w = mem_alloc(sizeof(*w));
    w->seed = 20260713;
    itemdb_open(&w->t);
    for (size_t i = 0; i < 3; i++)
        itemdb_kind(&w->t, kinds[i]);
    for (int i = 0; i < ITEMS; i++)
        make_item(w, i);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    itemdb_close(&w->t);
    free(w);
    return 0;
}

/* ---- the rule once more, from the tables it is about ---- */

PRINTF(2, 3) static int64_t number_of(struct world *w, const char *fmt, ...)
{
    char sql[600];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(sql, sizeof(sql), fmt, ap);
    va_end(ap);
    return itemdb_count(&w->t, sql);
}

static bool sees(struct world *w, int who, int64_t id)
{
    const struct viewer *v = &w->t.viewer[who];
    uint32_t roles = v->roles ? v->roles : ROLE_STAFF;
    long long item = (long long)id, me = (long long)v->person;
    long long mine = (roles & (ROLE_LIAISON | ROLE_CHIEF)) ? (long long)v->unit : -1;
    int64_t level = number_of(w, "SELECT level FROM item WHERE id = %lld", item);
    bool open = number_of(w, "SELECT closed FROM item WHERE id = %lld", item) == 0;
    bool doing =
        number_of(w, "SELECT count(*) FROM item WHERE id = %lld AND state = 'doing'", item);
    if (v->owner)
        return true;
    if (level <= LEVEL_INTERNAL && roles & (ROLE_CHIEF | ROLE_SECRETARY | ROLE_LEADER))
        return true;
    if (number_of(w, "SELECT count(*) FROM item WHERE id = %lld AND (owner = %lld OR unit = %lld)",
            item, me, mine))
        return true;
    if (number_of(
            w, "SELECT count(*) FROM item_event WHERE item = %lld AND actor = %lld", item, me))
        return true;
    if (number_of(w,
            "SELECT count(*) FROM item_value WHERE item = %lld AND ((field = 'lead' AND number = "
            "%lld) OR (field = 'reader' AND number = %lld))",
            item, mine, me))
        return true;
    if (number_of(w,
            "SELECT count(*) FROM ask WHERE item = %lld AND state <> 2 AND ((to_kind = 1 AND to_id "
            "= %lld) OR (to_kind = 2 AND to_id = %lld))",
            item, me, mine))
        return true;
    (void)open;
    (void)doing;
    if (level == LEVEL_WORK_SECRET && roles & ROLE_CHIEF) {
        int64_t unit = number_of(w, "SELECT unit FROM item WHERE id = %lld", item);
        for (int up = 0; unit && up < 10; up++) {
            if (unit == v->unit)
                return true;
            unit = number_of(w, "SELECT parent FROM unit WHERE id = %lld", (long long)unit);
        }
    }
    return false;
}

static bool allowed(struct world *w, int who, int64_t id, enum item_right r, size_t move)
{
    struct db *db = itemdb_read(&w->t);
    struct err e;
    bool may = false;
    assert_int_equal(access_item(db, itemdb_as(&w->t, who), id, r, move, &may, &e), OK);
    store_read_end(db);
    return may;
}

/* Every page of a list. */
static size_t list_all(struct world *w, int who, struct item_filter f, size_t limit, int64_t *ids,
    struct item_page *first)
{
    struct db *db = itemdb_read(&w->t);
    struct err e;
    size_t n = 0;
    struct item_page p;
    f.after = S("");
    do {
        if (item_list(db, &w->t.o.a, itemdb_as(&w->t, who), &f, limit, &p, &e) != OK)
            fail_msg("%s", e.msg);
        if (n == 0 && first)
            *first = p;
        for (size_t i = 0; i < p.n; i++) {
            assert_true(n < ITEMS);
            ids[n++] = p.items[i].id;
        }
        f.after = p.next;
    } while (p.next.n);
    store_read_end(db);
    return n;
}

static bool among(const int64_t *v, size_t n, int64_t x)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        k += v[i] == x;
    assert_true(k <= 1); /* each once */
    return k == 1;
}

static void a_list_shows_what_may_be_seen(void **state)
{
    struct world *w = *state;
    int seen = 0, unseen = 0;
    for (int who = 0; who <= N_PEOPLE; who++) {
        int64_t ids[ITEMS];
        struct item_page first;
        size_t n = list_all(
            w, who, (struct item_filter){.box = BOX_ALL, .descending = true}, 7, ids, &first);
        assert_int_equal(first.total, n);
        for (int i = 0; i < ITEMS; i++) {
            bool may = sees(w, who, w->id[i]);
            assert_int_equal(allowed(w, who, w->id[i], ITEM_SEE, 0), may);
            assert_int_equal(among(ids, n, w->id[i]), may);
            seen += may;
            unseen += !may;
        }
    }
    assert_true(seen > 100 && unseen > 100);
}

struct trial {
    struct act a;
    enum code code;
};
/* Do it, keep what it said, take it back. */
static enum code trial_fn(struct db *db, void *arg, struct err *e)
{
    struct trial *t = arg;
    t->code = act_fn(db, &t->a, e);
    return t->code == OK ? FAIL(e, E_BUSY, "试过了") : t->code;
}

static enum code try_it(struct world *w, int who, struct act a)
{
    struct trial t = {.a = a};
    struct err e;
    t.a.by = itemdb_as(&w->t, who);
    (void)!store_write(w->t.o.st, trial_fn, &t, &e);
    return t.code;
}

/* role x kind x state x verb: what access_item says is what the verb does. */
static void verbs_keep_to_the_same_rule(void **state)
{
    struct world *w = *state;
    static const char *const moves[] = {"send", "show", "pass", "stop"};
    int yes = 0, no = 0;
    for (int who = 0; who <= N_PEOPLE; who++)
        for (int i = 0; i < ITEMS; i += 2) {
            int64_t id = w->id[i], revision = number_of(w,
                                       "SELECT revision FROM item WHERE id = %lld", (long long)id);
            bool see = allowed(w, who, id, ITEM_SEE, 0);
            for (size_t m = 0; m < 4; m++) {
                enum code c = try_it(w, who,
                    (struct act){.verb = V_MOVE, .id = id, .revision = revision, .word = moves[m]});
                bool may = allowed(w, who, id, ITEM_MOVE, m);
                if (!see)
                    assert_int_equal(c, E_NOTFOUND);
                else
                    assert_int_equal(c == OK, may);
                yes += may;
                no += !may;
            }
            enum code c = try_it(w, who,
                (struct act){
                    .verb = V_EDIT, .id = id, .revision = revision, .json = "{\"money\":77}"});
            assert_int_equal(c == OK, allowed(w, who, id, ITEM_EDIT, 0));
            c = try_it(w, who,
                (struct act){
                    .verb = V_SEND, .id = id, .ask = {.to_kind = PRINCIPAL_UNIT, .to = UNIT_ROOT}});
            assert_int_equal(c == OK, allowed(w, who, id, ITEM_ASK, 0));
        }
    assert_true(yes > 50 && no > 200);
}

static int64_t key_of(struct world *w, enum item_sort sort, int64_t id)
{
    if (sort == SORT_OPENED)
        return number_of(w, "SELECT opened FROM item WHERE id = %lld", (long long)id);
    return number_of(w, "SELECT due FROM item WHERE id = %lld", (long long)id);
}

static double money_of(struct world *w, int64_t id)
{
    struct item it;
    struct err e;
    json_t *j;
    assert_int_equal(itemdb_get(&w->t, N_PEOPLE, id, &it, &e), OK);
    assert_int_equal(jr_parse(it.fields, &j, &e), OK);
    double v = strtod(jr_str(j, "money").p, NULL);
    json_decref(j);
    return v;
}

/* Each sort, up and down, with small pages: the same items, in order. */
static void pages_follow_one_another(void **state)
{
    struct world *w = *state;
    static const int who[] = {CHIEF, LIAISON, N_PEOPLE};
    for (size_t p = 0; p < 3; p++)
        for (int sort = SORT_OPENED; sort <= SORT_FIELD; sort++)
            for (int down = 0; down < 2; down++)
                for (int box = BOX_ALL; box <= BOX_WATCH; box++) {
                    int64_t ids[ITEMS], whole[ITEMS];
                    struct item_filter f = {.box = (enum item_box)box,
                        .kind = S("inner"),
                        .sort = (enum item_sort)sort,
                        .sort_field = S("money"),
                        .descending = down};
                    size_t n = list_all(w, who[p], f, 3, ids, NULL),
                           m = list_all(w, who[p], f, 200, whole, NULL);
                    assert_int_equal(n, m);
                    assert_memory_equal(ids, whole, n * sizeof(*ids));
                    for (size_t i = 1; i < n; i++) {
                        if (sort <= SORT_DUE) {
                            int64_t a = key_of(w, (enum item_sort)sort, ids[i - 1]),
                                    b = key_of(w, (enum item_sort)sort, ids[i]);
                            assert_true(down ? a >= b : a <= b);
                        } else if (sort == SORT_FIELD) {
                            double a = money_of(w, ids[i - 1]), b = money_of(w, ids[i]);
                            assert_true(down ? a >= b : a <= b);
                        }
                    }
                    f.sort = SORT_OPENED;
                    assert_int_equal(list_all(w, who[p], f, 50, whole, NULL), n);
                }
}

static void filters_hold(void **state)
{
    struct world *w = *state;
    int64_t ids[ITEMS];
    w->t.now_ms = MONDAY + 5 * MS_DAY;
    static const struct {
        struct item_filter f;
        const char *sql;
    } rows[] = {
        {{.kind = SC("plain")}, "SELECT count(*) FROM item WHERE kind = 'plain'"},
        {{.kind = SC("plain"), .state = SC("doing")},
            "SELECT count(*) FROM item WHERE kind = 'plain' AND state = 'doing'"},
        {{.open = 1}, "SELECT count(*) FROM item WHERE closed = 0"},
        {{.open = -1}, "SELECT count(*) FROM item WHERE closed <> 0"},
        {{.text = SC("件_%")}, "SELECT count(*) FROM item"},
        {{.text = SC("第1件_")}, "SELECT 1"},
        {{.text = SC("件%_")}, "SELECT 0"},
        {{.unit = UNIT_FINANCE}, "SELECT count(*) FROM item WHERE unit = 4"},
        {{.kind = SC("inner"), .field = SC("lead"), .value = SC("2")},
            "SELECT count(*) FROM item_value WHERE kind = 'inner' AND field = 'lead' AND number = "
            "2"},
        {{.box = BOX_WATCH}, "SELECT count(*) FROM item"},
        {{.light = LIGHT_YELLOW}, "SELECT count(*) FROM item_clock WHERE state = 0 AND due > "
                                  "1784336400000 AND due <= 1784595600000"},
        {{.light = LIGHT_RED},
            "SELECT count(*) FROM item_clock WHERE state = 0 AND due <= 1784336400000"},
        {{.open = 1, .calm = true},
            "SELECT count(*) FROM item i WHERE i.closed = 0 AND NOT EXISTS (SELECT 1 FROM "
            "item_clock"
            " k WHERE k.item = i.id AND k.state = 0 AND k.due <= 1784595600000)"},
        {{.kind = SC("plain"), .open = 1, .calm = true, .sort = SORT_LIGHT},
            "SELECT count(*) FROM item i WHERE i.kind = 'plain' AND i.closed = 0 AND NOT EXISTS"
            " (SELECT 1 FROM item_clock k WHERE k.item = i.id AND k.state = 0 AND k.due <="
            " 1784595600000)"},
        {{.sort = SORT_LIGHT}, "SELECT count(*) FROM item"},
    };
    w->t.viewer[N_PEOPLE].unit = UNIT_ROOT;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct item_page first;
        size_t n = list_all(w, N_PEOPLE, rows[i].f, 4, ids, &first);
        if (n != (size_t)itemdb_count(&w->t, rows[i].sql))
            fail_msg("row %zu: %zu", i, n);
        if (rows[i].f.light)
            for (size_t k = 0; k < first.n; k++)
                assert_int_equal(first.items[k].light, rows[i].f.light);
    }
    w->t.viewer[N_PEOPLE].unit = 0; /* in no unit: he watches nothing, as his count says */
    assert_int_equal(
        list_all(w, N_PEOPLE, (struct item_filter){.box = BOX_WATCH}, 4, ids, NULL), 0);
}

static int64_t count_of(struct world *w, int who, struct item_filter f)
{
    int64_t ids[ITEMS];
    return (int64_t)list_all(w, who, f, 50, ids, NULL);
}

static void a_box_is_the_most_pressing_one(void **state)
{
    struct world *w = *state;
    for (int who = 0; who < N_PEOPLE; who++) {
        int64_t ids[5][ITEMS];
        size_t n[5];
        struct item_counts c;
        struct err e;
        for (int box = BOX_TODO; box <= BOX_DONE; box++)
            n[box] = list_all(
                w, who, (struct item_filter){.box = (enum item_box)box}, 5, ids[box], NULL);
        for (int box = BOX_TODO; box <= BOX_DONE; box++)
            for (size_t i = 0; i < n[box]; i++) {
                bool closed = number_of(w, "SELECT closed FROM item WHERE id = %lld",
                                  (long long)ids[box][i]) != 0;
                assert_int_equal(closed, box == BOX_DONE);
                assert_true(allowed(w, who, ids[box][i], ITEM_SEE, 0));
                for (int other = box + 1; other <= BOX_DONE; other++)
                    assert_false(among(ids[other], n[other], ids[box][i]));
            }
        struct db *db = itemdb_read(&w->t);
        assert_int_equal(item_counts(db, itemdb_as(&w->t, who), &c, &e), OK);
        store_read_end(db);
        assert_int_equal(c.todo, n[BOX_TODO]);
        assert_int_equal(c.read, n[BOX_READ]);
        assert_int_equal(c.doing, n[BOX_DOING]);
        assert_int_equal(c.done, n[BOX_DONE]);
        assert_int_equal(c.sent, count_of(w, who, (struct item_filter){.box = BOX_SENT}));
        assert_int_equal(c.watch, count_of(w, who, (struct item_filter){.box = BOX_WATCH}));
        for (int colour = LIGHT_YELLOW; colour <= LIGHT_RED; colour++) {
            struct item_filter todo = {.box = BOX_TODO, .light = (enum light_colour)colour},
                               doing = {.box = BOX_DOING, .light = (enum light_colour)colour};
            assert_int_equal(colour == LIGHT_RED ? c.red : c.yellow,
                count_of(w, who, todo) + count_of(w, who, doing));
        }
    }
}

/* ---- the same found by reading everything ---- */

struct plain_row {
    int64_t id, opened, due;
    char kind[10], state[10];
    bool ended, given_up, sees;
    int64_t light;
};

/* What an item is, and whether he sees it, from the tables alone. */
static struct plain_row plain_row(struct world *w, int64_t id)
{
    struct plain_row r = {.id = id};
    struct err e;
    struct db *db = itemdb_read(&w->t);
    struct stmt *q = db_sql(db,
        "SELECT i.kind, i.state, i.closed, i.gone, i.opened, i.due, coalesce((SELECT max(l.colour)"
        " FROM item_light l WHERE l.item = i.id AND l.from_at <= ?2 AND l.until_at > ?2), 0)"
        " FROM item i WHERE i.id = ?1");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, w->t.now_ms);
    assert_true(stmt_step(q));
    (void)snprintf(r.kind, sizeof(r.kind), "%.*s", SF(stmt_str(q, 0)));
    (void)snprintf(r.state, sizeof(r.state), "%.*s", SF(stmt_str(q, 1)));
    r.ended = stmt_int(q, 2) != 0;
    r.given_up = stmt_int(q, 3) != 0;
    r.opened = stmt_int(q, 4);
    r.due = stmt_int(q, 5);
    r.light = stmt_int(q, 6);
    assert_int_equal(stmt_end(q, &e), OK);
    store_read_end(db);
    return r;
}

static bool fits(const struct plain_row *r, const struct item_filter *f)
{
    if (!r->sees || r->given_up || (f->open > 0 && r->ended) || (f->open < 0 && !r->ended))
        return false;
    if ((f->kind.n && !str_eq(f->kind, str_z(r->kind))) ||
        (f->state.n && !str_eq(f->state, str_z(r->state))))
        return false;
    return !f->light || r->light == (int64_t)f->light;
}

static void compare(
    struct world *w, int who, const struct plain_row *rows, struct item_filter f, size_t *found)
{
    int64_t ids[ITEMS], before = 0;
    struct item_page first = {.n = 0};
    size_t n = list_all(w, who, f, 7, ids, &first), want = 0;
    for (size_t i = 0; i < ITEMS; i++) {
        bool is = fits(&rows[i], &f);
        want += is;
        if (among(ids, n, rows[i].id) != is)
            fail_msg("%d: item %zu of kind “%.*s”, state “%.*s”, open %d, light %d, sort %d: %d",
                who, i, SF(f.kind), SF(f.state), f.open, (int)f.light, (int)f.sort, is);
    }
    assert_int_equal(n, want);
    if (n)
        assert_int_equal(first.total, n);
    for (size_t i = 0; i < n; i++) {
        size_t at = 0;
        while (rows[at].id != ids[i])
            at++;
        int64_t key = f.sort == SORT_DUE ? rows[at].due : rows[at].opened;
        if (i && f.sort <= SORT_DUE)
            assert_true(f.descending ? key <= before : key >= before);
        before = key;
    }
    *found += n;
}

static void compare_all(struct world *w, int who, const struct plain_row *rows, size_t *found)
{
    static const struct str kind[] = {SC(""), SC("plain"), SC("inner"), SC("hush")},
                            state[] = {SC(""), SC("draft"), SC("doing"), SC("closed")};
    static const enum item_sort sort[] = {SORT_OPENED, SORT_DUE, SORT_LIGHT, SORT_NUMBER};
    static const enum light_colour light[] = {LIGHT_NONE, LIGHT_YELLOW, LIGHT_RED};
    for (size_t i = 0; i < 4 * 4 * 4; i++)
        for (int open = -1; open <= 1; open++)
            for (size_t l = 0; l < 3; l++) {
                struct item_filter f = {.kind = kind[i % 4],
                    .state = state[i / 4 % 4],
                    .sort = sort[i / 16],
                    .open = open,
                    .light = light[l],
                    .descending = (i + l) % 2};
                if (f.kind.n || f.sort != SORT_NUMBER)
                    compare(w, who, rows, f, found);
            }
}

static enum code sql_fn(struct db *db, void *arg, struct err *e)
{
    return db_exec(db, arg, e);
}

static void run_sql(struct world *w, const char *sql)
{
    struct err e;
    char text[2000];
    (void)snprintf(text, sizeof(text), "%s", sql);
    if (store_write(w->t.o.st, sql_fn, text, &e) != OK)
        fail_msg("%s", e.msg);
}

static void give_up_drafts(struct world *w)
{
    int n = 0;
    for (int i = 0; i < ITEMS; i += 3) {
        struct err e;
        struct act a = {.verb = V_DISCARD, .id = w->id[i], .revision = 1};
        n += act(w, CHIEF, &a, &e) == OK;
    }
    assert_true(n > 1);
}

static void compare_everybody(struct world *w, struct plain_row *rows)
{
    size_t found = 0;
    for (int who = 0; who < N_PEOPLE; who++) {
        for (size_t i = 0; i < ITEMS; i++)
            rows[i].sees = sees(w, who, rows[i].id);
        compare_all(w, who, rows, &found);
    }
    assert_true(found > 5000);
}

static const char rows_differ[] =
    "SELECT (SELECT count(*) FROM item_grant g JOIN item i ON i.id = g.item WHERE g.item_kind <>"
    " i.kind OR g.stage <> CASE WHEN i.gone <> 0 THEN -1 WHEN i.closed = 0 THEN 1 ELSE 0 END)"
    " + (SELECT count(*) FROM item_light l JOIN item i ON i.id = l.item WHERE l.item_kind <>"
    " i.kind OR l.opened <> i.opened OR i.closed <> 0)";

/* Kind, state, whether it runs, light, in each order: whoever asks finds what reading everything finds. */
static void a_list_is_what_reading_everything_finds(void **state)
{
    struct world *w = *state;
    struct plain_row rows[ITEMS];
    w->t.now_ms = MONDAY + 5 * MS_DAY;
    give_up_drafts(w);
    for (size_t i = 0; i < ITEMS; i++)
        rows[i] = plain_row(w, w->id[i]);
    assert_int_equal(itemdb_count(&w->t, rows_differ), 0);
    compare_everybody(w, rows);
}

/* ---- the desk ---- */

static int pressing_first(const void *x, const void *y)
{
    const struct item *a = x, *b = y;
    int64_t da = a->due_ms ? a->due_ms : INT64_MAX, db = b->due_ms ? b->due_ms : INT64_MAX;
    if (a->light != b->light)
        return a->light > b->light ? -1 : 1;
    if (da != db)
        return da < db ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

/* As the lists show them, and as item_hands says of each. */
static void same_lines(struct world *w, struct db *db, const struct actor *by,
    const struct desk_line *got, size_t n_got, const struct item *v, size_t n)
{
    struct item_hand hands[ITEMS];
    struct err e;
    assert_int_equal(n_got, n);
    assert_int_equal(item_hands(db, &w->t.o.a, by, v, n, hands, &e), OK);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(got[i].it.id, v[i].id);
        assert_int_equal(got[i].it.light, v[i].light);
        assert_int_equal(got[i].it.due_ms, v[i].due_ms);
        assert_true(str_eq(got[i].it.title, v[i].title));
        assert_true(str_eq(got[i].it.fields, v[i].fields));
        assert_true(str_eq(got[i].hand.who, hands[i].who));
        assert_int_equal(got[i].hand.since_ms, hands[i].since_ms);
        assert_int_equal(got[i].hand.to_read, hands[i].to_read);
    }
}

/* What lies longest in the same hands, among everything that is open: there are fewer than are looked at. */
static void same_stuck(struct world *w, struct db *db, const struct actor *by, const struct desk *d)
{
    struct item_page page;
    struct item_hand hands[ITEMS];
    struct item_filter f = {.open = 1, .sort = SORT_DUE, .uncounted = true};
    struct err e;
    size_t held = 0;
    assert_int_equal(item_list(db, &w->t.o.a, by, &f, 40, &page, &e), OK);
    assert_int_equal(item_hands(db, &w->t.o.a, by, page.items, page.n, hands, &e), OK);
    for (size_t i = 0; i < page.n; i++)
        held += hands[i].since_ms != 0;
    assert_int_equal(d->n_stuck, held < DESK_STUCK_MAX ? held : DESK_STUCK_MAX);
    for (size_t i = 0; i < d->n_stuck; i++) {
        size_t earlier = 0;
        for (size_t k = 0; k < page.n; k++)
            earlier += hands[k].since_ms && hands[k].since_ms < d->stuck[i].hand.since_ms;
        assert_true(earlier <= i && d->stuck[i].it.closed_ms == 0);
        assert_true(i == 0 || d->stuck[i - 1].hand.since_ms <= d->stuck[i].hand.since_ms);
    }
}

static void same_due(struct world *w, struct db *db, const struct actor *by,
    const struct desk_ask *ask, const struct desk *d)
{
    struct item_page page;
    struct item_filter f = {.open = 1,
        .sort = SORT_DUE,
        .uncounted = true,
        .due_from_ms = ask->due_from_ms,
        .due_to_ms = ask->due_to_ms};
    struct err e;
    assert_int_equal(item_list(db, &w->t.o.a, by, &f, ITEM_PAGE_MAX, &page, &e), OK);
    assert_int_equal(d->n_due, page.n);
    for (size_t i = 0; i < page.n; i++)
        assert_int_equal(d->due[i], page.items[i].due_ms);
    f.due_from_ms = ask->soon_from_ms;
    f.due_to_ms = ask->soon_to_ms;
    assert_int_equal(item_list(db, &w->t.o.a, by, &f, ITEM_PAGE_MAX, &page, &e), OK);
    assert_int_equal(d->n_due_soon, page.n);
    same_lines(w, db, by, d->soon, d->n_soon, page.items, page.n < ask->soon ? page.n : ask->soon);
}

/* Read at once, it is what its lists show one by one. */
static void a_desk_is_what_its_lists_show(void **state)
{
    struct world *w = *state;
    size_t todo = 0, soon = 0, stuck = 0;
    for (int who = 0; who < ADMIN; who++) { /* an administrator has no matters */
        const struct actor *by = itemdb_as(&w->t, who);
        int64_t today = clock_day_ms(clock_day(by->now_ms, ZONE_CHINA), ZONE_CHINA);
        const struct desk_ask ask = {.todo = 3,
            .stuck = DESK_STUCK_MAX,
            .soon = 2,
            .due_from_ms = today - 7 * MS_DAY + 1,
            .due_to_ms = today + 7 * MS_DAY + 1,
            .soon_from_ms = today + 1,
            .soon_to_ms = today + 5 * MS_DAY + 1};
        struct item_filter f = {.box = BOX_TODO, .uncounted = true};
        struct item_page page;
        struct desk d;
        struct err e;
        struct db *db = itemdb_read(&w->t);
        if (desk_read(db, &w->t.o.a, by, &ask, &d, &e) != OK)
            fail_msg("%s", e.msg);
        assert_int_equal(item_list(db, &w->t.o.a, by, &f, 100, &page, &e), OK);
        if (page.n)
            qsort(page.items, page.n, sizeof(*page.items), pressing_first);
        same_lines(w, db, by, d.todo, d.n_todo, page.items, page.n < ask.todo ? page.n : ask.todo);
        same_stuck(w, db, by, &d);
        same_due(w, db, by, &ask, &d);
        store_read_end(db);
        todo += d.n_todo;
        soon += d.n_soon;
        stuck += d.n_stuck;
    }
    assert_true(todo > 6 && soon > 4 && stuck > 6);
}

/* What was in the database before rows knew of their item is filled in. */
static void old_rows_are_filled(void **state)
{
    struct world *w = *state;
    const char *sql = NULL;
    size_t updates = 0;
    run_sql(w, "UPDATE item_grant SET item_kind = '', stage = 0");
    run_sql(w, "UPDATE item_light SET item_kind = '', opened = 0");
    assert_true(itemdb_count(&w->t, rows_differ) > 0);
    for (size_t i = 0; i < office_n_migrations; i++)
        if (strcmp(office_migrations[i].name, "item_grant_kind") == 0)
            sql = office_migrations[i].sql;
    assert_non_null(sql);
    for (struct str all = str_z(sql), one; str_next(&all, S(";"), &one);)
        if (str_starts(one, S("UPDATE"))) {
            char text[1000];
            (void)snprintf(text, sizeof(text), "%.*s", SF(one));
            run_sql(w, text);
            updates++;
        }
    assert_int_equal(updates, 2);
    assert_int_equal(itemdb_count(&w->t, rows_differ), 0);
}

/* The count is that of all pages, whether the page tells it (one that is not full has seen them all) or the database. */
static void a_total_is_of_all_pages(void **state)
{
    static const struct item_filter filters[] = {
        {.text = SC("第1"), .descending = true},
        {.text = SC("第12件"), .sort = SORT_DUE},
        {.text = SC("没有这一句")},
        {.text = SC("件_%"), .kind = SC("inner"), .sort = SORT_NUMBER},
        {.text = SC("第2"), .box = BOX_TODO},
        {.text = SC("第"), .sort = SORT_LIGHT},
        {.opened_from_ms = MONDAY, .box = BOX_WATCH},
    };
    struct world *w = *state;
    size_t some = 0;
    for (int who = 0; who <= N_PEOPLE; who++)
        for (size_t i = 0; i < sizeof(filters) / sizeof(*filters); i++) {
            int64_t ids[ITEMS];
            size_t n = list_all(w, who, filters[i], ITEM_PAGE_MAX, ids, NULL);
            for (size_t limit = n < 2 ? 1 : n - 1; limit <= n + 1; limit++) {
                struct item_page first = {.total = -2};
                assert_int_equal(list_all(w, who, filters[i], limit, ids, &first), n);
                if (first.total != (int64_t)n)
                    fail_msg("%d, filter %zu, %zu a page: %lld of %zu", who, i, limit,
                        (long long)first.total, n);
            }
            some += n > 2;
        }
    assert_true(some > N_PEOPLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_shows_what_may_be_seen),
        cmocka_unit_test(verbs_keep_to_the_same_rule),
        cmocka_unit_test(pages_follow_one_another),
        cmocka_unit_test(filters_hold),
        cmocka_unit_test(a_total_is_of_all_pages),
        cmocka_unit_test(a_box_is_the_most_pressing_one),
        cmocka_unit_test(a_list_is_what_reading_everything_finds),
        cmocka_unit_test(a_desk_is_what_its_lists_show),
        cmocka_unit_test(old_rows_are_filled),
    };
    return cmocka_run_group_tests_name("item_list", tests, set_up, tear_down);
}
