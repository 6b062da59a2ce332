/* page_duty_log.c - the log of a shift: reading it, writing in it, handing over, a call as an item. */
#include "office/duty_log.h"

#include "base/id.h"
#include "web/item_rows.h"
#include "web/route.h"
#include "web/rows.h"
#include "web/shift_rows.h"

struct typed {
    struct duty_entry x;
    struct str kind;
    int64_t item;
};

static const char *const kinds[N_ENTRY_KIND] = {
    "", "note", "call", "right", "settled", "over", "taken", "item"};

/* ---- the page ---- */

static int64_t number_of(const struct duty_entry *v, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].id == id)
            return v[i].n;
    return 0;
}

static bool made_item(const struct duty_entry *v, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].kind == ENTRY_ITEM && v[i].about == id)
            return true;
    return false;
}

static struct duty_entry_row *entry_rows(struct ctx *c, const struct duty_entry *v, size_t n)
{
    struct duty_entry_row *rows = ARENA_ARRAY(c->a, struct duty_entry_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct duty_entry *x = &v[i];
        bool plain = x->kind == ENTRY_NOTE || x->kind == ENTRY_CALL;
        rows[i] = (struct duty_entry_row){.id = x->id,
            .n = x->n,
            .kind = str_z(duty_entry_name(x->kind)),
            .kind_class = arena_printf(c->a, "e-%s", kinds[x->kind]),
            .at = minute_text(c, x->at_ms),
            .made = x->made_ms - x->at_ms > ENTRY_LATE_MS ? minute_text(c, x->made_ms) : S(""),
            .who = x->by_name,
            .caller = x->caller,
            .phone = x->phone,
            .text = x->text,
            .done = x->done,
            .told = x->told,
            .open = x->open && !x->settled,
            .was_open = x->open,
            .about = number_of(v, n, x->about),
            .item_link = x->item ? item_link(c->a, x->item, S("/duty/log"), 0) : S(""),
            .may_item = plain && !made_item(v, n, x->id)};
    }
    return rows;
}

static enum code fill_head(struct ctx *c, struct db *db, struct page_duty_log *p, struct err *e)
{
    struct duty_head h;
    TRY(duty_log_head(db, &h, e));
    TRY(duty_log_verify(db, &p->entries, &p->bad, e));
    p->head = arena_printf(c->a, "第%lld号 %s", (long long)h.seq, h.head);
    if (h.seal_day) {
        struct day d = day_of(h.seal_day);
        p->seal = arena_printf(c->a, "%d年%d月%d日 %s", d.y, d.m, d.d, h.seal);
    }
    return OK;
}

static struct str log_link(struct ctx *c, const struct duty_shift *s)
{
    return arena_printf(c->a, "/duty/log/%lld", (long long)s->id);
}

/* The shift before it or behind it, where its log would be opened. */
static enum code beside(struct ctx *c, struct db *db, const struct duty_shift *s, bool behind,
    struct str *link, struct err *e)
{
    struct duty_shift x;
    bool there = false, may = false;
    TRY(duty_beside(db, c->a, s, behind, &x, &there, e));
    if (!there || x.from_ms > ctx_actor(c)->now_ms)
        return OK;
    TRY(duty_log_reads(db, &x, ctx_actor(c), &may, e));
    if (may)
        *link = log_link(c, &x);
    return OK;
}

static enum code fill_points(struct ctx *c, struct db *db, struct page_duty_log *p, struct err *e)
{
    struct duty_entry *v, over;
    size_t n;
    TRY(duty_log_open(db, c->a, &v, &n, e));
    p->points = entry_rows(c, v, n);
    p->n_points = n;
    TRY(duty_log_over(db, c->a, &over, e));
    p->n_over = over.id != 0 && over.by != c->v->person;
    p->over = entry_rows(c, &over, p->n_over);
    return OK;
}

static enum code fill_log(struct ctx *c, struct db *db, struct page_duty_log *p, struct err *e)
{
    struct duty_showing s = {.c = c, .by = ctx_actor(c)};
    struct duty_shift x;
    struct duty_entry *v;
    struct err no;
    size_t n;
    bool there = false, may = false, keep = false;
    p->printed = duty_printed(c);
    TRY(duty_log_shift(c, db, c->id, &x, &there, e));
    if (!there)
        return OK;
    TRY(duty_log_reads(db, &x, s.by, &may, e));
    if (!may)
        return FAIL(e, E_DENIED, "值班日志由值班人员、秘书科和领导查看");
    TRY(duty_may_keep(db, s.by, &keep, e));
    TRY(duty_sees_phones(db, s.by, &s.phones, e));
    p->may_write = duty_log_may(&x, s.by, keep, &no) == OK && x.from_ms <= s.by->now_ms &&
                   s.by->now_ms <= x.to_ms + LOG_AFTER_MS;
    p->on = x.from_ms <= s.by->now_ms && s.by->now_ms < x.to_ms;
    p->n_shifts = 1;
    TRY(duty_rows(&s, db, &x, 1, &p->shifts, e));
    TRY(duty_log_list(db, c->a, x.id, &v, &n, e));
    p->rows = entry_rows(c, v, n);
    p->n_rows = n;
    TRY(fill_points(c, db, p, e));
    TRY(beside(c, db, &x, false, &p->prev, e));
    TRY(beside(c, db, &x, true, &p->next, e));
    return fill_head(c, db, p, e);
}

static enum code show_log(struct ctx *c, struct page_duty_log *p, struct err *e)
{
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_log(c, db, p, e);
    store_read_end(db);
    if (code == OK)
        show_duty_log(c, p);
    return code;
}

enum code page_duty_log(struct ctx *c, struct err *e)
{
    struct page_duty_log p = {.done = ctx_flash_take(c), .kind = req_query(c->r, "kind")};
    if (!p.kind.n)
        p.kind = S("note");
    return show_log(c, &p, e);
}

/* ---- writing ---- */

static enum code write_entry(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    const struct typed *t = c->job;
    struct duty_entry x = t->x;
    return duty_log_write(db, ctx_actor(c), &x, e);
}

static enum code after_entry(struct ctx *c, enum code code, struct err *e)
{
    const struct typed *t = c->job;
    if (code == E_INPUT || code == E_CONFLICT) {
        struct page_duty_log p = {.problem = arena_str(c->a, str_z(e->msg)),
            .kind = t->kind,
            .caller = t->x.caller,
            .phone = t->x.phone,
            .text = t->x.text,
            .did = t->x.done,
            .told = t->x.told};
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show_log(c, &p, e);
    }
    if (code != OK)
        return code;
    ctx_flash(c, t->x.kind == ENTRY_OVER    ? S("已交班，等下一班接")
                 : t->x.kind == ENTRY_TAKEN ? S("已接班")
                                            : S("已记下"));
    ctx_redirect(c, arena_printf(c->a, "/duty/log/%lld", (long long)c->id));
    return OK;
}

enum code do_duty_entry(struct ctx *c, struct err *e)
{
    struct typed *t = ARENA_NEW(c->a, struct typed);
    struct str at = req_field(c->r, "at");
    t->kind = req_field(c->r, "kind");
    t->x = (struct duty_entry){.shift = c->id,
        .caller = ctx_words(c, req_field(c->r, "caller")),
        .phone = ctx_words(c, req_field(c->r, "phone")),
        .text = req_field(c->r, "text"),
        .done = req_field(c->r, "did"),
        .told = ctx_words(c, req_field(c->r, "told")),
        .open = req_field(c->r, "open").n > 0,
        .about = ctx_int(req_field(c->r, "about"), 1, INT64_MAX, 0)};
    for (int i = ENTRY_NOTE; i < ENTRY_ITEM; i++)
        if (str_eq(t->kind, str_z(kinds[i])))
            t->x.kind = (enum duty_entry_kind)i;
    if (at.n)
        TRY(clock_parse(at, ZONE_CHINA, &t->x.at_ms, e));
    c->job = t;
    return ctx_write(c, write_entry, c, after_entry);
}

static enum code write_item(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct typed *t = c->job;
    return duty_log_item(db, ctx_actor(c), c->id, &t->item, e);
}

static enum code after_item(struct ctx *c, enum code code, struct err *e)
{
    const struct typed *t = c->job;
    (void)e;
    if (code == OK) {
        ctx_flash(c, S("已转为来电来访登记，日志里记有一条"));
        ctx_redirect(c, item_link(c->a, t->item, S("/duty/log"), 0));
    }
    return code;
}

enum code do_duty_entry_item(struct ctx *c, struct err *e)
{
    (void)e;
    c->job = ARENA_NEW(c->a, struct typed);
    return ctx_write(c, write_item, c, after_item);
}
