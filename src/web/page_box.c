/* page_box.c - the boxes of items, and several of them read at once. */
#include <string.h>

#include "base/id.h"
#include "web/item_rows.h"
#include "web/route.h"

enum { ROWS = 50, SORTED_MAX = 500 /* a longer box is shown in the order of its index */ };

static const struct {
    const char *key, *name;
    enum item_box box;
    enum item_sort sort; /* where nobody chose */
    bool descending;
} boxes[] = {
    {"todo", "待办", BOX_TODO, SORT_LIGHT, false},
    {"read", "待阅", BOX_READ, SORT_OPENED, true},
    {"doing", "在办", BOX_DOING, SORT_LIGHT, false},
    {"done", "已办", BOX_DONE, SORT_OPENED, true},
    {"sent", "我发出的", BOX_SENT, SORT_OPENED, true},
    {"watch", "监控", BOX_WATCH, SORT_LIGHT, false},
    {"all", "全部", BOX_ALL, SORT_OPENED, true},
};
enum { N_BOXES = sizeof(boxes) / sizeof(*boxes) };

static const struct {
    const char *key, *name;
    enum item_sort sort;
    bool descending;
} sorts[] = {
    {"", "先看亮灯的", SORT_LIGHT, false},
    {"light", "先看亮灯的", SORT_LIGHT, false},
    {"due", "期限从早到晚", SORT_DUE, false},
    {"new", "登记从晚到早", SORT_OPENED, true},
    {"old", "登记从早到晚", SORT_OPENED, false},
};
enum { N_SORTS = sizeof(sorts) / sizeof(*sorts) };

struct box_query {
    struct item_filter f;
    size_t box, sort;
};

static enum code known_names(const struct ctx *c, struct err *e)
{
    static const char *const known[] = {"box", "kind", "state", "light", "q", "sort", "after"};
    for (size_t i = 0; i < c->r->head.n_query; i++) {
        bool is = false;
        for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++)
            is = is || str_eq(c->r->head.query[i].name, str_z(known[k]));
        if (!is)
            return FAIL(e, E_INPUT, "不认识的条件“%.*s”", SF(c->r->head.query[i].name));
    }
    return OK;
}

static enum code read_light(struct str s, enum light_colour *out, struct err *e)
{
    for (int i = LIGHT_NONE; i <= LIGHT_RED; i++)
        if (str_eq(s, str_z(light_class((enum light_colour)i)))) {
            *out = (enum light_colour)i;
            return OK;
        }
    return FAIL(e, E_INPUT, "没有这种灯，请从筛选栏里选");
}

static enum code read_query(struct ctx *c, struct box_query *out, struct err *e)
{
    struct box_query q = {.box = 0};
    struct str box = req_query(c->r, "box"), sort = req_query(c->r, "sort");
    TRY(known_names(c, e));
    while (box.n && q.box < N_BOXES && !str_eq(box, str_z(boxes[q.box].key)))
        q.box++;
    if (q.box == N_BOXES)
        return FAIL(e, E_INPUT, "没有这个箱，请从上面选");
    while (q.sort < N_SORTS && !str_eq(sort, str_z(sorts[q.sort].key)))
        q.sort++;
    if (q.sort == N_SORTS)
        return FAIL(e, E_INPUT, "没有这种排序，请从筛选栏里选");
    q.f = (struct item_filter){.box = boxes[q.box].box,
        .kind = req_query(c->r, "kind"),
        .state = req_query(c->r, "state"),
        .text = ctx_words(c, req_query(c->r, "q")),
        .sort = sort.n ? sorts[q.sort].sort : boxes[q.box].sort,
        .descending = sort.n ? sorts[q.sort].descending : boxes[q.box].descending,
        .after = req_query(c->r, "after")};
    TRY(read_light(req_query(c->r, "light"), &q.f.light, e));
    *out = q;
    return OK;
}

static void add(struct buf *b, const char *name, struct str value)
{
    if (!value.n)
        return;
    buf_printf(b, "&%s=", name);
    html_url(b, url(value));
}

/* The address of this list, at a place in it. */
static struct str address(struct ctx *c, const struct box_query *q, struct str after)
{
    struct buf b;
    buf_init(&b, 0);
    buf_printf(&b, "/items?box=%s", boxes[q->box].key);
    add(&b, "kind", q->f.kind);
    add(&b, "state", q->f.state);
    add(&b, "light", str_z(light_class(q->f.light)));
    add(&b, "q", q->f.text);
    add(&b, "sort", str_z(sorts[q->sort].key));
    add(&b, "after", after);
    struct str s = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return s;
}

static void put_boxes(
    struct ctx *c, const struct item_counts *n, const struct box_query *q, struct page_items *p)
{
    const int64_t counts[N_BOXES] = {n->todo, n->read, n->doing, n->done, n->sent, n->watch, 0};
    p->boxes = ARENA_ARRAY(c->a, struct box_tab, N_BOXES);
    for (size_t i = 0; i < N_BOXES; i++)
        p->boxes[p->n_boxes++] = (struct box_tab){.box = str_z(boxes[i].key),
            .name = str_z(boxes[i].name),
            .link = arena_printf(c->a, "/items?box=%s", boxes[i].key),
            .count = counts[i],
            .count_text = boxes[i].box == BOX_ALL ? S("") : count_words(c->a, counts[i]),
            .chosen = i == q->box};
}

static void put_sorts(struct ctx *c, const struct box_query *q, struct page_items *p)
{
    struct choices l = {0};
    for (size_t i = 1; i < N_SORTS; i++)
        choice_add(c, &l, str_z(sorts[i].key), str_z(sorts[i].name),
            sorts[i].sort == q->f.sort && sorts[i].descending == q->f.descending);
    p->sorts = l.v;
    p->n_sorts = l.n;
    l = (struct choices){0};
    choice_add(c, &l, S(""), S("不论亮灯"), q->f.light == LIGHT_NONE);
    for (int i = LIGHT_RED; i > LIGHT_NONE; i--)
        choice_add(c, &l, str_z(light_class((enum light_colour)i)),
            arena_printf(c->a, "%s灯", light_name((enum light_colour)i)), (int)q->f.light == i);
    p->lights = l.v;
    p->n_lights = l.n;
}

/* The kinds, their states where one is chosen, and which of them may be opened. */
static enum code put_kinds(struct ctx *c, struct db *db, const struct actor *by,
    const struct box_query *q, struct page_items *p, struct err *e)
{
    struct choices kinds = {0}, states = {0}, openings = {0};
    struct kind_on *on;
    size_t n;
    int64_t ids[2];
    bool other, there = route_find(METHOD_GET, S("/items/new"), ids, &other) != NULL;
    TRY(kinds_on(by->kinds, db, c->a, &on, &n, e));
    choice_add(c, &kinds, S(""), S("各种事项"), !q->f.kind.n);
    choice_add(c, &states, S(""), S("各个步骤"), !q->f.state.n);
    for (size_t i = 0; i < n; i++) {
        const struct kind *k;
        bool chosen = str_eq(on[i].id, q->f.kind);
        choice_add(c, &kinds, on[i].id, on[i].name, chosen);
        if (there)
            choice_add(c, &openings, arena_printf(c->a, "/items/new?kind=%.*s", SF(on[i].id)),
                on[i].name, false);
        if (!chosen)
            continue;
        TRY(kinds_get(by->kinds, db, on[i].id, 0, &k, e));
        for (size_t s = 0; s < k->n_states; s++)
            choice_add(c, &states, k->states[s].id, k->states[s].name,
                str_eq(k->states[s].id, q->f.state));
    }
    p->kinds = kinds.v;
    p->n_kinds = kinds.n;
    p->states = states.v;
    p->n_states = q->f.kind.n ? states.n : 0;
    p->openings = openings.v;
    p->n_openings = openings.n;
    return OK;
}

/* Where nobody chose an order, the lights first: as long as that does not mean to sort the work of years. */
static void usual_sort(struct ctx *c, const struct item_counts *n, struct box_query *q)
{
    int64_t in_box = q->f.box == BOX_TODO ? n->todo : q->f.box == BOX_DOING ? n->doing : n->watch;
    if (q->f.sort == SORT_LIGHT && req_query(c->r, "sort").n == 0 &&
        (in_box < 0 || in_box > SORTED_MAX))
        q->f.sort = SORT_OPENED;
}

/* How much lies in a whole box is said in its tab already. */
static bool is_counted(const struct item_counts *n, const struct box_query *q, int64_t *total)
{
    const int64_t counts[N_BOXES] = {n->todo, n->read, n->doing, n->done, n->sent, n->watch, 0};
    *total = counts[q->box];
    return boxes[q->box].box != BOX_ALL && !q->f.kind.n && !q->f.state.n && !q->f.light &&
           !q->f.text.n;
}

static enum code fill(
    struct ctx *c, struct db *db, struct box_query *q, struct page_items *p, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    struct item_counts counts;
    struct item_page page;
    int64_t total;
    TRY(item_counts(db, by, &counts, e));
    usual_sort(c, &counts, q);
    q->f.uncounted = is_counted(&counts, q, &total);
    TRY(item_list(db, c->a, by, &q->f, ROWS, &page, e));
    if (q->f.uncounted)
        page.total = total;
    p->back = address(c, q, q->f.after);
    TRY(item_lines(c->a, db, by, page.items, page.n, p->back, &p->rows, e));
    p->n_rows = page.n;
    p->total = page.total;
    p->total_text = count_words(c->a, page.total);
    if (page.next.n)
        p->next = address(c, q, page.next);
    if (q->f.after.n)
        p->first = address(c, q, S(""));
    for (size_t i = 0; i < p->n_rows; i++)
        p->may_mark |= p->rows[i].to_read;
    put_boxes(c, &counts, q, p);
    p->red = counts.red;
    p->yellow = counts.yellow;
    put_sorts(c, q, p);
    return put_kinds(c, db, by, q, p, e);
}

enum code page_items(struct ctx *c, struct err *e)
{
    struct page_items p = {.done = ctx_flash_take(c)};
    struct box_query q;
    struct db *db;
    TRY(read_query(c, &q, e));
    p.box = str_z(boxes[q.box].key);
    p.box_name = str_z(boxes[q.box].name);
    p.q = q.f.text;
    p.any = q.f.kind.n || q.f.state.n || q.f.light || q.f.text.n;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill(c, db, &q, &p, e);
    store_read_end(db);
    TRY(code);
    show_items(c, &p);
    return OK;
}

/* ---- several read at once ---- */

struct reading {
    int64_t ids[ITEM_READ_MAX];
    size_t n, read, left;
    struct str back;
};

static enum code read_write(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct reading *r = c->job;
    return item_read(db, ctx_actor(c), r->ids, r->n, &r->read, &r->left, e);
}

static enum code read_done(struct ctx *c, enum code code, struct err *e)
{
    const struct reading *r = c->job;
    (void)e;
    TRY(code);
    if (r->read && r->left)
        ctx_flash(c,
            arena_printf(c->a, "%zu件标为已阅；%zu件还要写明回复，请逐件打开", r->read, r->left));
    else if (r->left)
        ctx_flash(c, arena_printf(c->a, "%zu件要写明回复，请逐件打开", r->left));
    else
        ctx_flash(c, arena_printf(c->a, "%zu件标为已阅", r->read));
    ctx_redirect(c, r->back);
    return OK;
}

enum code do_items_read(struct ctx *c, struct err *e)
{
    struct reading *r = ARENA_NEW(c->a, struct reading);
    const struct form *f = c->r->form;
    r->back = req_field(c->r, "back").n ? ctx_local(req_field(c->r, "back")) : S("/items?box=read");
    for (size_t i = 0; f && i < f->n_fields; i++) {
        if (!str_eq(f->fields[i].name, S("id")))
            continue;
        if (r->n == ITEM_READ_MAX)
            return FAIL(e, E_LIMIT, "一次最多标记%d件，请分几次办", ITEM_READ_MAX);
        TRY(id_parse(f->fields[i].value, &r->ids[r->n++], e));
    }
    if (r->n == 0) {
        ctx_flash(c, S("还没有选中，请先在左边打勾"));
        ctx_redirect(c, r->back);
        return OK;
    }
    c->job = r;
    return ctx_write(c, read_write, c, read_done);
}
