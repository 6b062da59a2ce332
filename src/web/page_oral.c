/* page_oral.c - 口头交办: one line, read into fields, corrected, entered. */
#include "office/oral.h"
#include "web/item_rows.h"
#include "web/remark_rows.h"
#include "web/route.h"
#include "web/rows.h"

enum { RECENT = 10, TO_MAX = REMARK_NAMED_MAX };

/* What stands in the form: read from the line, or sent. */
struct filled {
    struct oral_new o;
    struct remark_people people;
    int64_t units[TO_MAX], persons[TO_MAX];
    int64_t item;
};

static struct str at_local(struct ctx *c, int64_t ms)
{
    struct civil t = clock_civil(ms, ZONE_CHINA);
    return arena_printf(
        c->a, "%04d-%02d-%02dT%02d:%02d", t.day.y, t.day.m, t.day.d, t.hour, t.minute);
}

static void fill_ways(struct ctx *c, struct page_oral *p)
{
    static const char *const ways[] = {"当面", "电话", "会上", "其他"};
    struct choices l = {0};
    struct str sent = req_field(c->r, "way");
    for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
        struct str w = str_z(ways[i]);
        choice_add(c, &l, w, w, sent.n ? str_eq(sent, w) : str_has(p->line, w));
    }
    p->ways = l.v;
    p->n_ways = l.n;
}

static void fill_leaders(struct ctx *c, const struct remark_people *people,
    const struct remark_named *read, struct page_oral *p)
{
    struct choices l = {0};
    int64_t sent = ctx_int(req_field(c->r, "leader"), 1, INT64_MAX, 0);
    if (!sent && read->n == 1)
        sent = read->fit[0].id;
    choice_add(c, &l, S(""), S("请选定"), sent == 0);
    for (size_t i = 0; i < people->n_persons; i++) {
        const struct person *x = &people->persons[i];
        if (x->roles & ROLE_LEADER)
            choice_add(c, &l, arena_printf(c->a, "%lld", (long long)x->id),
                arena_printf(c->a, "%.*s　%.*s", SF(x->name), SF(x->title)), x->id == sent);
    }
    p->leaders = l.v;
    p->n_leaders = l.n;
}

static enum code fill_recent(struct ctx *c, struct db *db, struct page_oral *p, struct err *e)
{
    struct item_filter f = {
        .kind = S("oral"), .sort = SORT_OPENED, .descending = true, .uncounted = true};
    struct item_page page;
    struct item_row *lines;
    TRY(item_list(db, c->a, ctx_actor(c), &f, RECENT, &page, e));
    TRY(item_lines(c->a, db, ctx_actor(c), page.items, page.n, S("/oral"), &lines, e));
    p->rows = ARENA_ARRAY(c->a, struct oral_row, page.n + 1);
    for (size_t i = 0; i < page.n; i++) {
        struct remark r;
        struct err none;
        bool waits = remark_get(db, c->a, ctx_actor(c), page.items[i].id, 1, &r, &none) == OK &&
                     r.state == REMARK_ENTERED;
        p->rows[p->n_rows++] = (struct oral_row){.id = lines[i].id,
            .number = lines[i].number,
            .said = lines[i].title,
            .state_name = lines[i].state_name,
            .who = lines[i].who,
            .due = due_day(c->a, page.items[i].due_ms),
            .light = lines[i].light,
            .link = lines[i].link,
            .verify = waits ? remark_link(c->a, lines[i].id, 1) : S("")};
    }
    return OK;
}

static enum code fill_page(struct ctx *c, struct db *db, struct page_oral *p, struct err *e)
{
    struct remark_people people;
    struct oral_line o;
    int64_t now = ctx_actor(c)->now_ms;
    bool sent = c->r->method == METHOD_POST;
    char iso[DAY_ISO_SIZE];
    TRY(remark_people(db, c->a, day_iso(day_of(clock_day(now, ZONE_CHINA)), iso), &people, e));
    oral_read(c->a, p->line, &people, now, c->app->office->calendar, &o);
    p->read = p->line.n > 0;
    p->may = remark_may_enter(ctx_actor(c));
    fill_leaders(c, &people, &o.leader, p);
    fill_ways(c, p);
    p->leader_words = o.leader.n == 1 ? S("") : o.leader.words;
    p->at = sent && req_field(c->r, "at").n ? req_field(c->r, "at") : at_local(c, o.at_ms);
    p->said_when = o.said_when;
    p->due = sent ? req_field(c->r, "due") : o.due;
    p->said = sent ? req_field(c->r, "said") : o.said;
    p->others = req_field(c->r, "others");
    remark_rows_named(c, o.to, o.n_to, &p->to, &p->n_to);
    return fill_recent(c, db, p, e);
}

static enum code show(struct ctx *c, struct str problem, struct err *e)
{
    struct page_oral p = {.problem = problem};
    struct db *db;
    p.line = ctx_words(
        c, c->r->method == METHOD_POST ? req_field(c->r, "line") : req_query(c->r, "line"));
    if (!problem.n)
        p.done = ctx_flash_take(c);
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_page(c, db, &p, e);
    store_read_end(db);
    TRY(code);
    show_oral(c, &p);
    return OK;
}

enum code page_oral(struct ctx *c, struct err *e)
{
    return show(c, S(""), e);
}

/* ---- entering ---- */

static enum code add(struct filled *f, enum principal kind, int64_t id, struct err *e)
{
    int64_t *v = kind == PRINCIPAL_UNIT ? f->units : f->persons;
    size_t *n = kind == PRINCIPAL_UNIT ? &f->o.n_units : &f->o.n_persons;
    for (size_t i = 0; i < *n; i++)
        if (v[i] == id)
            return OK;
    if (*n == TO_MAX)
        return FAIL(e, E_LIMIT, "一次最多交办%d个对象", TO_MAX);
    v[(*n)++] = id;
    return OK;
}

static enum code read_to(struct ctx *c, struct filled *f, struct err *e)
{
    const struct form *form = c->r->form;
    struct str others = ctx_words(c, req_field(c->r, "others")), one;
    for (size_t i = 0; form && i < form->n_fields; i++) {
        struct str v = form->fields[i].value;
        if (!str_eq(form->fields[i].name, S("to")) || v.n < 2)
            continue;
        int64_t id = ctx_int(str_sub(v, 1, SIZE_MAX), 1, INT64_MAX, 0);
        if (id)
            TRY(add(f, v.p[0] == 'u' ? PRINCIPAL_UNIT : PRINCIPAL_PERSON, id, e));
    }
    while (str_next(&others, S("、"), &one)) {
        struct remark_named m;
        one = str_trim(one);
        if (!one.n)
            continue;
        remark_fits(one, &f->people, &m);
        if (m.n != 1)
            return FAIL(e, E_INPUT,
                m.n ? "“%.*s”对得上不止一个，请写全名" : "没有“%.*s”这个人或单位，请写全名",
                SF(one));
        TRY(add(f, m.fit[0].kind, m.fit[0].id, e));
    }
    return OK;
}

static enum code read_form(struct ctx *c, struct filled *f, struct err *e)
{
    struct str at = str_trim(req_field(c->r, "at"));
    char iso[DAY_ISO_SIZE];
    struct db *db;
    f->o = (struct oral_new){.leader = ctx_int(req_field(c->r, "leader"), 1, INT64_MAX, 0),
        .at_ms = ctx_actor(c)->now_ms,
        .said = str_trim(req_field(c->r, "said")),
        .way = req_field(c->r, "way"),
        .due = str_trim(req_field(c->r, "due")),
        .units = f->units,
        .persons = f->persons};
    if (at.n)
        TRY(clock_parse(at, ZONE_CHINA, &f->o.at_ms, e));
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = remark_people(
        db, c->a, day_iso(day_of(clock_day(f->o.at_ms, ZONE_CHINA)), iso), &f->people, e);
    store_read_end(db);
    TRY(code);
    return read_to(c, f, e);
}

static enum code write_oral(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct filled *f = c->job;
    return oral_enter(db, ctx_actor(c), &f->o, &f->item, e);
}

static enum code after_oral(struct ctx *c, enum code code, struct err *e)
{
    const struct filled *f = c->job;
    if (code == E_INPUT || code == E_LIMIT || code == E_DENIED || code == E_CONFLICT) {
        c->r->res.status = code == E_DENIED ? 403 : code == E_CONFLICT ? 409 : 400;
        return show(c, arena_str(c->a, str_z(e->msg)), e);
    }
    TRY(code);
    ctx_flash(c, f->o.n_units + f->o.n_persons > 0 ? S("已记下并交办，等领导本人或另一人核对")
                                                   : S("已记下，还没有交办给谁"));
    ctx_redirect(c, S("/oral"));
    return OK;
}

enum code do_oral(struct ctx *c, struct err *e)
{
    struct filled *f = ARENA_NEW(c->a, struct filled);
    c->job = f;
    enum code code = read_form(c, f, e);
    return code == OK ? ctx_write(c, write_oral, c, after_oral) : after_oral(c, code, e);
}
