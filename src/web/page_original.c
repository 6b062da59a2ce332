/* page_original.c - paper originals: who has which, what the code on a slip opens, slips to print. */
#include "base/clock.h"
#include "office/original.h"
#include "office/person.h"
#include "paper/qr.h"
#include "web/item_page.h"
#include "web/once.h"
#include "web/people_rows.h"
#include "web/route.h"
#include "web/rows.h"

enum { ORIGINALS_SHOWN = 60, LATE_DAYS = 7, STEPS_SHOWN = 100 };

/* ---- rows ---- */

/* p123, u123: what stands in links and buttons. */
static struct str holder_key(struct ctx *c, const struct hands *h)
{
    if (h->kind == HOLDER_PLACE)
        return arena_printf(c->a, "w%.*s", SF(h->name));
    return arena_printf(c->a, "%c%lld", h->kind == HOLDER_UNIT ? 'u' : 'p', (long long)h->id);
}

static bool holder_read(struct str key, struct hands *out)
{
    struct hands h = {.kind = HOLDER_PERSON};

    if (str_eat(&key, S("w")) && key.n) {
        *out = (struct hands){.kind = HOLDER_PLACE, .name = key};
        return true;
    }
    if (str_eat(&key, S("u")))
        h.kind = HOLDER_UNIT;
    else if (!str_eat(&key, S("p")))
        return false;
    h.id = ctx_int(key, 1, INT64_MAX, 0);
    if (h.id)
        *out = h;
    return h.id != 0;
}

static struct str escaped(struct ctx *c, const char *path, struct str value)
{
    struct buf b;

    buf_init(&b, 0);
    buf_z(&b, path);
    html_url(&b, url(value));
    struct str s = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return s;
}

static struct original_row row_of(struct ctx *c, const struct original *o)
{
    int64_t now = ctx_actor(c)->now_ms;
    int64_t days = clock_day(now, ZONE_CHINA) - clock_day(o->since_ms, ZONE_CHINA);
    bool ended = o->state == ORIGINAL_BACK || o->state == ORIGINAL_FILED;

    return (struct original_row){.id = o->id,
        .item = o->item,
        .code = o->code,
        .number = o->number,
        .title = o->title,
        .copy = o->copy,
        .state = str_z(original_state_name(o->state)),
        .out = o->state == ORIGINAL_OUT,
        .lost = o->state == ORIGINAL_LOST,
        .holder = o->holder.name,
        .since = minute_text(c, o->since_ms),
        .days = ended ? 0 : days,
        .late = !ended && days >= LATE_DAYS,
        .link = arena_printf(c->a, "/o/%.*s", SF(o->code)),
        .holder_link = escaped(c, "/originals?holder=", holder_key(c, &o->holder)),
        .item_link = arena_printf(c->a, "/items/%lld", (long long)o->item)};
}

static void rows_of(
    struct ctx *c, const struct original *v, size_t n, struct original_row **rows, size_t *n_rows)
{
    *rows = ARENA_ARRAY(c->a, struct original_row, n + 1);
    *n_rows = 0;
    for (size_t i = 0; i < n; i++)
        (*rows)[(*n_rows)++] = row_of(c, &v[i]);
}

/* ---- the list ---- */

static void fill_choices(struct ctx *c, const struct original_filter *f, struct page_originals *p)
{
    static const struct {
        const char *key, *name;
        enum original_which which;
    } whiches[] = {{"out", "在手的", ORIGINALS_OUT}, {"lost", "未归还、下落不明的", ORIGINALS_LOST},
        {"ended", "已清退、归档的", ORIGINALS_ENDED}, {"any", "全部", ORIGINALS_ANY}};
    static const int spans[] = {0, 3, 7, 15, 30};
    struct choices w = {0}, d = {0};

    for (size_t i = 0; i < sizeof(whiches) / sizeof(*whiches); i++)
        choice_add(
            c, &w, str_z(whiches[i].key), str_z(whiches[i].name), whiches[i].which == f->which);
    for (size_t i = 0; i < sizeof(spans) / sizeof(*spans); i++)
        choice_add(c, &d, arena_printf(c->a, "%d", spans[i]),
            spans[i] ? arena_printf(c->a, "%d天以上", spans[i]) : S("不限天数"),
            spans[i] == f->days);
    p->whiches = w.v;
    p->n_whiches = w.n;
    p->spans = d.v;
    p->n_spans = d.n;
}

static void fill_modes(struct ctx *c, struct str mode, struct page_originals *p)
{
    struct choices m = {0};

    choice_add(c, &m, S("look"), S("查看"), !mode.n || str_eq(mode, S("look")));
    choice_add(c, &m, S("take"), S("我收下"), str_eq(mode, S("take")));
    choice_add(c, &m, S("give"), S("交给"), str_eq(mode, S("give")));
    p->modes = m.v;
    p->n_modes = m.n;
}

static enum code which_of(struct str key, struct original_filter *f, struct err *e)
{
    if (!key.n)
        f->which = f->text.n ? ORIGINALS_ANY : ORIGINALS_OUT;
    else if (str_eq(key, S("out")))
        f->which = ORIGINALS_OUT;
    else if (str_eq(key, S("lost")))
        f->which = ORIGINALS_LOST;
    else if (str_eq(key, S("ended")))
        f->which = ORIGINALS_ENDED;
    else if (str_eq(key, S("any")))
        f->which = ORIGINALS_ANY;
    else
        return FAIL(e, E_INPUT, "没有“%.*s”这种原件，请从页面上选", SF(key));
    return OK;
}

static enum code read_filter(struct ctx *c, struct original_filter *f, struct err *e)
{
    struct str after = req_query(c->r, "after"), ms, id;
    struct str holder = req_query(c->r, "holder");

    f->text = ctx_words(c, req_query(c->r, "q"));
    f->days = (int)ctx_int(req_query(c->r, "days"), 0, 3660, 0);
    TRY(which_of(req_query(c->r, "which"), f, e));
    if (holder.n && !holder_read(holder, &f->holder))
        return FAIL(e, E_INPUT, "没有这样的持有人，请从页面上选");
    if (str_cut(after, S("."), &ms, &id)) {
        f->after_ms = ctx_int(ms, 0, INT64_MAX, 0);
        f->after = ctx_int(id, 0, INT64_MAX, 0);
    }
    return OK;
}

static struct str next_link(struct ctx *c, const struct original *last)
{
    struct buf b;

    buf_init(&b, 0);
    buf_z(&b, "/originals?q=");
    html_url(&b, url(ctx_words(c, req_query(c->r, "q"))));
    for (const char *const *k = (const char *const[]){"which", "days", "holder", NULL}; *k; k++)
        if (req_query(c->r, *k).n) {
            buf_printf(&b, "&%s=", *k);
            html_url(&b, url(req_query(c->r, *k)));
        }
    buf_printf(&b, "&after=%lld.%lld", (long long)last->since_ms, (long long)last->id);
    struct str s = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return s;
}

static enum code holder_name(struct ctx *c, struct db *db, struct hands *h, struct err *e)
{
    struct person_name *v;
    struct unit u;
    size_t n;

    if (h->kind == HOLDER_UNIT) {
        TRY(unit_get(db, c->a, h->id, &u, e));
        h->name = u.short_name;
    } else if (h->kind == HOLDER_PERSON) {
        TRY(person_names(db, c->a, &h->id, 1, &v, &n, e));
        h->name = n ? v[0].name : S("");
    }
    return OK;
}

static enum code fill_list(struct ctx *c, struct db *db, struct page_originals *p, struct err *e)
{
    struct original_filter f = {.which = ORIGINALS_OUT};
    struct original *v;
    bool more;
    size_t n;

    TRY(read_filter(c, &f, e));
    TRY(original_list(db, c->a, ctx_actor(c), &f, ORIGINALS_SHOWN, &v, &n, &more, e));
    TRY(holder_name(c, db, &f.holder, e));
    rows_of(c, v, n, &p->rows, &p->n_rows);
    p->next = more ? next_link(c, &v[n - 1]) : S("");
    p->q = f.text;
    p->holder = f.holder.name;
    p->holder_key = req_query(c->r, "holder");
    fill_choices(c, &f, p);
    return OK;
}

static enum code show_list(struct ctx *c, struct page_originals *p, struct str mode, struct err *e)
{
    struct db *db;

    fill_modes(c, mode, p);
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_list(c, db, p, e);
    store_read_end(db);
    if (code == OK)
        show_originals(c, p);
    return code;
}

enum code page_originals(struct ctx *c, struct err *e)
{
    struct page_originals p = {
        .done = ctx_flash_take(c), .to = ctx_words(c, req_query(c->r, "to"))};

    return show_list(c, &p, req_query(c->r, "mode"), e);
}

/* ---- scanning at the desk ---- */

struct scan_job {
    struct str mode;
    struct original_act act;
    struct original o;
};

/* A person by name or user name, else a unit by its name. */
static enum code whom(struct ctx *c, struct db *db, struct hands *h, struct err *e)
{
    struct str typed = ctx_words(c, req_field(c->r, "to"));
    struct err none;

    if (!typed.n)
        return FAIL(e, E_INPUT, "没有填写交给谁");
    *h = (struct hands){.kind = HOLDER_PERSON};
    if (person_typed(db, c->a, typed, &h->id, e) == OK)
        return OK;
    *h = (struct hands){.kind = HOLDER_UNIT};
    if (item_unit_named(c, db, typed, &h->id, &none) == OK)
        return OK;
    return E_INPUT; /* as person_typed says it */
}

static enum code write_scan(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct scan_job *j = c->job;
    const struct actor *by = ctx_actor(c);

    TRY(original_by_code(db, c->a, by, req_field(c->r, "code"), &j->o, e));
    if (j->act.verb == ORIGINAL_GIVE)
        TRY(whom(c, db, &j->act.to, e));
    TRY(original_do(db, by, j->o.id, &j->act, e));
    return original_get(db, c->a, by, j->o.id, &j->o, e);
}

static enum code scan_again(struct ctx *c, enum code code, struct err *e)
{
    struct scan_job *j = c->job;
    struct page_originals p = {
        .problem = arena_str(c->a, str_z(e->msg)), .to = req_field(c->r, "to")};

    if (!item_persons_fault(code))
        return code;
    c->r->res.status = code == E_CONFLICT ? 409 : code == E_NOTFOUND ? 404 : 400;
    return show_list(c, &p, j->mode, e);
}

/* The same mode stands for the next one. */
static enum code after_scan(struct ctx *c, enum code code, struct err *e)
{
    struct scan_job *j = c->job;
    struct buf b;

    if (code != OK)
        return scan_again(c, code, e);
    ctx_flash(c, arena_printf(c->a, "%.*s 第%lld份：在%.*s手里", SF(j->o.number),
                     (long long)j->o.copy, SF(j->o.holder.name)));
    buf_init(&b, 0);
    buf_printf(&b, "/originals?mode=%.*s&to=", SF(j->mode));
    html_url(&b, url(ctx_words(c, req_field(c->r, "to"))));
    ctx_redirect(c, arena_str(c->a, buf_view(&b)));
    buf_release(&b);
    return OK;
}

enum code do_originals(struct ctx *c, struct err *e)
{
    struct scan_job *j = ARENA_NEW(c->a, struct scan_job);
    char code[ORIGINAL_CODE_N + 1];

    c->job = j;
    j->mode = req_field(c->r, "mode");
    j->act.verb = str_eq(j->mode, S("give")) ? ORIGINAL_GIVE : ORIGINAL_TAKE;
    if (!original_code(req_field(c->r, "code"), code))
        return scan_again(c,
            FAIL(e, E_INPUT, "没有认出编码：是条上的%d位字母和数字，或者扫出来的整个网址",
                ORIGINAL_CODE_N),
            e);
    if (!str_eq(j->mode, S("take")) && !str_eq(j->mode, S("give"))) {
        if (c->once.n)
            once_taken(c); /* nothing to write: the words have done their work */
        ctx_redirect(c, arena_printf(c->a, "/o/%s", code));
        return OK;
    }
    return ctx_write(c, write_scan, c, after_scan);
}

/* ---- what the code opens ---- */

struct original_job {
    struct original_act act;
    struct original o; /* before */
    bool undo;
};

static struct str path_code(const struct ctx *c)
{
    struct str path = c->r->head.path;

    (void)str_eat(&path, S("/o/"));
    return path;
}

static void fill_steps(
    struct ctx *c, const struct original_step *v, size_t n, struct page_original *p)
{
    p->steps = ARENA_ARRAY(c->a, struct original_step_row, n + 1);
    for (size_t i = 0; i < n && i < STEPS_SHOWN; i++)
        p->steps[p->n_steps++] = (struct original_step_row){.at = minute_text(c, v[i].at_ms),
            .what = str_z(original_verb_name(v[i].verb)),
            .holder = v[i].state == ORIGINAL_OUT ? v[i].holder.name : S(""),
            .by = v[i].by_name,
            .note = v[i].note,
            .undone = v[i].undone_ms != 0};
}

static enum code fill_one(struct ctx *c, struct db *db, struct page_original *p, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    struct original_step *steps;
    struct choices next = {0};
    struct hands *v;
    struct original o = {0};
    uint32_t may;
    size_t n, k;

    TRY(original_by_code(db, c->a, by, path_code(c), &o, e));
    TRY(original_may(db, c->a, by, &o, &may, e));
    TRY(original_steps(db, c->a, o.id, &steps, &k, e));
    TRY(original_next(db, c->a, by, &o, &v, &n, e));
    p->row = row_of(c, &o);
    p->seen = o.step;
    p->mine = o.holder.kind == HOLDER_PERSON && o.holder.id == by->v->person;
    p->may_take = may & 1U << ORIGINAL_TAKE;
    p->may_find = may & 1U << ORIGINAL_FIND;
    p->may_give = may & 1U << ORIGINAL_GIVE && o.state == ORIGINAL_OUT;
    p->may_lose = may & 1U << ORIGINAL_LOSE;
    p->may_end = may & 1U << ORIGINAL_RETURN;
    p->may_undo = may & 1;
    for (size_t i = 0; p->may_give && i < n; i++)
        if (v[i].id != by->v->person)
            choice_add(c, &next, holder_key(c, &v[i]), v[i].name, false);
    p->next = next.v;
    p->n_next = next.n;
    fill_steps(c, steps, k, p);
    return OK;
}

static enum code show_one(struct ctx *c, struct page_original *p, struct err *e)
{
    struct db *db;

    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_one(c, db, p, e);
    store_read_end(db);
    if (code == OK)
        show_original(c, p);
    return code;
}

enum code page_handed(struct ctx *c, struct err *e)
{
    struct page_original p = {.done = ctx_flash_take(c)};

    return show_one(c, &p, e);
}

static enum code original_again(struct ctx *c, enum code code, struct err *e)
{
    struct page_original p = {.problem = arena_str(c->a, str_z(e->msg)),
        .place = req_field(c->r, "place"),
        .note = req_field(c->r, "note")};

    if (!item_persons_fault(code) || code == E_NOTFOUND)
        return code;
    c->r->res.status = code == E_CONFLICT ? 409 : code == E_DENIED ? 403 : 400;
    return show_one(c, &p, e);
}

static enum code write_one(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct original_job *j = c->job;
    const struct actor *by = ctx_actor(c);

    TRY(original_by_code(db, c->a, by, path_code(c), &j->o, e));
    if (j->undo)
        return original_undo(db, by, j->o.id, j->act.seen, e);
    return original_do(db, by, j->o.id, &j->act, e);
}

static enum code after_one(struct ctx *c, enum code code, struct err *e)
{
    struct original_job *j = c->job;

    if (code != OK)
        return original_again(c, code, e);
    ctx_flash(
        c, j->undo ? S("已撤销") : arena_printf(c->a, "已记：%s", original_verb_name(j->act.verb)));
    ctx_redirect(c, arena_printf(c->a, "/o/%.*s", SF(j->o.code)));
    return OK;
}

/* One button of the proposals, or the form with a person, a unit or a place. */
static enum code read_to(struct ctx *c, struct hands *h, struct err *e)
{
    int64_t person, unit;
    struct str place = ctx_words(c, req_field(c->r, "place"));

    if (holder_read(req_field(c->r, "to"), h))
        return OK;
    TRY(item_form_one(c, "@person", "人员", FIELD_PERSON, &person, e));
    TRY(item_form_one(c, "@unit", "单位", FIELD_UNIT, &unit, e));
    if ((person != 0) + (unit != 0) + (place.n != 0) != 1)
        return FAIL(e, E_INPUT, "人员、单位、地点填一个");
    *h = person ? (struct hands){.kind = HOLDER_PERSON, .id = person}
         : unit ? (struct hands){.kind = HOLDER_UNIT, .id = unit}
                : (struct hands){.kind = HOLDER_PLACE, .name = place};
    return OK;
}

static enum code read_act(struct ctx *c, struct original_job *j, struct err *e)
{
    static const struct {
        const char *key;
        enum original_verb verb;
    } acts[] = {{"take", ORIGINAL_TAKE}, {"give", ORIGINAL_GIVE}, {"lose", ORIGINAL_LOSE},
        {"find", ORIGINAL_FIND}, {"return", ORIGINAL_RETURN}, {"file", ORIGINAL_FILE}};
    struct str act = req_field(c->r, "act");

    j->act.seen = ctx_int(req_field(c->r, "seen"), 0, INT64_MAX, 0);
    j->act.note = ctx_words(c, req_field(c->r, "note"));
    j->undo = str_eq(act, S("undo"));
    for (size_t i = 0; i < sizeof(acts) / sizeof(*acts); i++)
        if (str_eq(act, str_z(acts[i].key)))
            j->act.verb = acts[i].verb;
    if (!act.n && req_field(c->r, "to").n)
        j->act.verb = ORIGINAL_GIVE;
    if (!j->act.verb && !j->undo)
        return FAIL(e, E_INPUT, "没有说明记什么，请从页面上的按钮操作");
    return j->act.verb == ORIGINAL_GIVE ? read_to(c, &j->act.to, e) : OK;
}

enum code do_handed(struct ctx *c, struct err *e)
{
    struct original_job *j = ARENA_NEW(c->a, struct original_job);

    c->job = j;
    enum code code = read_act(c, j, e);
    return code == OK ? ctx_write(c, write_one, c, after_one) : original_again(c, code, e);
}

/* ---- of one item ---- */

static enum code fill_item(
    struct ctx *c, struct db *db, struct page_item_originals *p, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    struct original_filter f = {.item = c->id};
    struct item it;
    struct original *v;
    bool more;
    size_t n;

    TRY(item_get(db, c->a, by, c->id, &it, e));
    TRY(original_list(db, c->a, by, &f, ORIGINAL_COPIES_MAX, &v, &n, &more, e));
    p->id = c->id;
    p->number = it.number;
    p->title = it.title;
    p->may_make = by->v->roles & (ROLE_CHIEF | ROLE_SECRETARY) || it.owner == by->v->person;
    rows_of(c, v, n, &p->rows, &p->n_rows);
    if (n)
        p->slips = arena_printf(c->a, "/originals/slips?item=%lld", (long long)c->id);
    return OK;
}

enum code item_originals(
    struct ctx *c, struct db *db, int64_t item, struct page_item *p, struct err *e)
{
    struct original_filter f = {.item = item};
    struct original *v;
    bool more;
    size_t n;

    TRY(original_list(db, c->a, ctx_actor(c), &f, ORIGINAL_COPIES_MAX, &v, &n, &more, e));
    rows_of(c, v, n, &p->originals, &p->n_originals);
    return OK;
}

enum code person_originals(
    struct ctx *c, struct db *db, int64_t person, struct page_hand_over *p, struct err *e)
{
    struct original *v;
    size_t n;

    TRY(original_held(db, c->a, ctx_actor(c), person, &v, &n, &p->more_originals, e));
    rows_of(c, v, n, &p->originals, &p->n_originals);
    return OK;
}

static enum code show_item_list(struct ctx *c, struct page_item_originals *p, struct err *e)
{
    struct db *db;

    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_item(c, db, p, e);
    store_read_end(db);
    if (code == OK)
        show_item_originals(c, p);
    return code;
}

enum code page_item_originals(struct ctx *c, struct err *e)
{
    struct page_item_originals p = {.done = ctx_flash_take(c)};

    return show_item_list(c, &p, e);
}

static enum code write_make(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;

    return original_make(db, ctx_actor(c), c->id,
        ctx_int(str_trim(req_field(c->r, "copies")), 0, INT32_MAX, 0), NULL, e);
}

static enum code after_make(struct ctx *c, enum code code, struct err *e)
{
    struct page_item_originals p = {0};

    if (code == OK) {
        ctx_flash(c, S("已登记，印条贴在原件上"));
        ctx_redirect(c, arena_printf(c->a, "/items/%lld/originals", (long long)c->id));
        return OK;
    }
    if (!item_persons_fault(code) || code == E_NOTFOUND)
        return code;
    p.problem = arena_str(c->a, str_z(e->msg));
    c->r->res.status = code == E_DENIED ? 403 : 400;
    return show_item_list(c, &p, e);
}

enum code do_item_originals(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_make, c, after_make);
}

/* ---- on paper ---- */

/* How a phone reaches us: by what the office set; else as this browser did. */
static struct str site_of(struct ctx *c)
{
    if (c->app->site && *c->app->site)
        return str_z(c->app->site);
    return arena_printf(
        c->a, "%s://%.*s", c->r->secure ? "https" : "http", SF(req_header(c->r, "host")));
}

static enum code label_of(struct ctx *c, const struct original *v, size_t n, size_t i,
    struct slip_label *out, struct err *e)
{
    struct str s = site_of(c);
    struct qr q;
    int64_t copies = 0;

    TRY(qr_make(c->a, arena_printf(c->a, "%.*s/o/%.*s", SF(s), SF(v[i].code)), &q, e));
    for (size_t k = 0; k < n; k++)
        copies += v[k].item == v[i].item;
    *out = (struct slip_label){.number = v[i].number,
        .title = v[i].title,
        .copy = v[i].copy,
        .copies = copies,
        .code = v[i].code,
        .path = qr_path(c->a, &q),
        .side = qr_side(&q)};
    return OK;
}

/* Those of an item, by copy; or what this person made today, in that order. */
static enum code labels(
    struct ctx *c, struct db *db, int64_t item, struct page_original_slips *p, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    struct original_filter f = {.which = ORIGINALS_OUT, .item = item};
    int64_t today = clock_day_ms(clock_day(by->now_ms, ZONE_CHINA), ZONE_CHINA);
    struct original *v;
    bool more;
    size_t n;

    if (!item) {
        f.made_by = by->v->person;
        f.after_ms = today - 1; /* since then nobody can have held what was made today */
    }
    TRY(original_list(db, c->a, by, &f, ORIGINAL_PAGE_MAX, &v, &n, &more, e));
    p->labels = ARENA_ARRAY(c->a, struct slip_label, n + 1);
    for (size_t i = 0; i < n; i++)
        if (item || v[i].made_ms >= today)
            TRY(label_of(c, v, n, i, &p->labels[p->n_labels++], e));
    return OK;
}

enum code page_original_slips(struct ctx *c, struct err *e)
{
    struct page_original_slips p = {.url = site_of(c)};
    int64_t item = id_in_text(req_query(c->r, "item"));
    struct str of = item ? arena_printf(c->a, "item=%lld&", (long long)item) : S("");
    struct db *db;

    p.sheet = !str_eq(req_query(c->r, "size"), S("label"));
    p.other =
        arena_printf(c->a, "/originals/slips?%.*ssize=%s", SF(of), p.sheet ? "label" : "sheet");
    p.local = str_has(p.url, S("//127.")) || str_has(p.url, S("//localhost")) ||
              str_has(p.url, S("//[::1]"));
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = labels(c, db, item, &p, e);
    store_read_end(db);
    if (code == OK)
        show_original_slips(c, &p);
    return code;
}

static enum code fill_receipt(
    struct ctx *c, struct db *db, struct page_original_receipt *p, struct err *e)
{
    struct original_filter f = {.which = ORIGINALS_OUT};
    char iso[DAY_ISO_SIZE];
    struct original *v;
    size_t n;

    if (!holder_read(req_query(c->r, "holder"), &f.holder))
        return FAIL(e, E_INPUT, "没有说明是谁的签收单，请从原件的页面上打开");
    TRY(original_list(db, c->a, ctx_actor(c), &f, ORIGINAL_PAGE_MAX, &v, &n, &p->more, e));
    TRY(holder_name(c, db, &f.holder, e));
    p->holder = f.holder.name;
    p->today = arena_str(c->a, day_iso(day_of(clock_day(ctx_actor(c)->now_ms, ZONE_CHINA)), iso));
    rows_of(c, v, n, &p->rows, &p->n_rows);
    return OK;
}

enum code page_original_receipt(struct ctx *c, struct err *e)
{
    struct page_original_receipt p = {0};
    struct db *db;

    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_receipt(c, db, &p, e);
    store_read_end(db);
    if (code == OK)
        show_original_receipt(c, &p);
    return code;
}
