/* page_holders.c - who holds which title from when till when. */
#include "office/term.h"
#include "web/route.h"
#include "web/rows.h"

enum code holders_show(struct ctx *c, struct str problem, struct err *e)
{
    struct term_filter f = {.state = term_state_of(req_query(c->r, "state")),
        .text = ctx_words(c, req_query(c->r, "q")),
        .limit = ROWS_PER_PAGE};
    int64_t page = ctx_page(c), total = 0;
    struct page_holders p = {.q = f.text, .problem = problem, .done = ctx_flash_take(c)};
    struct choices states = {0};
    struct holder_row *v = NULL;
    size_t n = 0;
    struct db *db;
    enum code code;
    f.offset = (page - 1) * ROWS_PER_PAGE;
    TRY(store_read(c->app->office->store, &db, e));
    code = holder_list(db, c->a, &f, &v, &n, &total, e);
    store_read_end(db);
    if (code != OK)
        return code;
    p.rows = ARENA_ARRAY(c->a, struct holder_line, n + 1);
    for (size_t i = 0; i < n; i++)
        p.rows[p.n_rows++] = (struct holder_line){v[i].id, v[i].person, v[i].title, v[i].body,
            v[i].from, v[i].to, v[i].source, str_z(term_state_name(v[i].state)),
            str_z(term_state_class(v[i].state)),
            arena_printf(c->a, "/terms/holders/%lld", (long long)v[i].id)};
    choices_state(c, &states, f.state, "全部");
    p.states = states.v;
    p.n_states = states.n;
    p.pager = table_pager(c, total, page);
    p.any = f.state || f.text.n;
    p.may_edit = access_may(c->v, ACT_TERMS);
    show_holders(c, &p);
    return OK;
}

enum code page_holders(struct ctx *c, struct err *e)
{
    return holders_show(c, S(""), e);
}

static enum code show_row(
    struct ctx *c, const struct holder_row *h, struct page_holder *p, struct err *e)
{
    struct choices states = {0};
    struct term_touch *v;
    size_t n = 0;
    p->id = h->id;
    p->revision = h->revision;
    p->person = h->person;
    p->title = h->title;
    p->body = h->body;
    p->from = h->from;
    p->to = h->to;
    p->source = h->source;
    p->state = str_z(term_state_name(h->state));
    p->changed = changed_text(c, h->changed_name, h->changed_ms);
    p->may_edit = access_may(c->v, ACT_TERMS);
    choices_state(c, &states, h->state, NULL);
    p->states = states.v;
    p->n_states = states.n;
    if (h->id)
        TRY(holder_touched(c->app->office, c->a, c->v, h, &v, &n, e));
    p->touched = ARENA_ARRAY(c->a, struct touch_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->touched[p->n_touched++] = row_touch(c, &v[i]);
    show_holder(c, p);
    return OK;
}

static enum code read_row(struct ctx *c, struct holder_row *h, struct err *e)
{
    struct db *db;
    enum code code;
    TRY(store_read(c->app->office->store, &db, e));
    code = holder_get(db, c->a, c->id, h, e);
    store_read_end(db);
    return code;
}

enum code page_holder(struct ctx *c, struct err *e)
{
    struct page_holder p = {.done = ctx_flash_take(c)};
    struct holder_row h = {.state = TERM_CONFIRMED};
    if (c->id)
        TRY(read_row(c, &h, e));
    return show_row(c, &h, &p, e);
}

struct holder_job {
    struct holder_row h;
    int64_t id; /* of the row written */
};

static enum code write_holder(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct holder_job *job = c->job;
    return holder_save(db, &job->h, c->v->person, &job->id, e);
}

static void say(struct page_holder *p, const char *label, struct str now, struct str mine)
{
    if (!str_eq(now, mine))
        p->now[p->n_now++] =
            (struct source_row){str_z(label), now.n ? now : S("（空）"), S(""), S(""), 0};
}

/* As of a row of set wording: page_terms.c. */
static enum code show_conflict(
    struct ctx *c, struct holder_row *mine, struct page_holder *p, struct err *e)
{
    struct holder_row now;
    if (read_row(c, &now, e) != OK)
        return show_row(c, mine, p, e);
    p->now = ARENA_ARRAY(c->a, struct source_row, 7);
    say(p, "姓名", now.person, mine->person);
    say(p, "职务", now.title, mine->title);
    say(p, "机构", now.body, mine->body);
    say(p, "任职日期", now.from, mine->from);
    say(p, "离任日期", now.to, mine->to);
    say(p, "依据", now.source, mine->source);
    say(p, "状态", str_z(term_state_name(now.state)), str_z(term_state_name(mine->state)));
    mine->revision = now.revision;
    return show_row(c, mine, p, e);
}

static enum code after_holder(struct ctx *c, enum code code, struct err *e)
{
    struct holder_job *job = c->job;
    struct page_holder p = {0};
    if (code == OK) {
        ctx_flash(c, S("已保存"));
        ctx_redirect(c, arena_printf(c->a, "/terms/holders/%lld", (long long)job->id));
        return OK;
    }
    if (code != E_INPUT && code != E_LIMIT && code != E_CONFLICT)
        return code;
    p.problem = arena_str(c->a, str_z(e->msg));
    c->r->res.status = code == E_CONFLICT ? 409 : 400;
    if (code == E_CONFLICT && job->h.id)
        return show_conflict(c, &job->h, &p, e);
    return show_row(c, &job->h, &p, e);
}

enum code do_holder(struct ctx *c, struct err *e)
{
    struct holder_job *job = ARENA_NEW(c->a, struct holder_job);
    (void)e;
    job->h = (struct holder_row){.id = c->id,
        .revision = ctx_int(req_field(c->r, "revision"), 1, INT64_MAX, 0),
        .state = term_state_of(req_field(c->r, "state")),
        .person = ctx_words(c, req_field(c->r, "person")),
        .title = ctx_words(c, req_field(c->r, "title")),
        .body = ctx_words(c, req_field(c->r, "body")),
        .from = str_trim(req_field(c->r, "from")),
        .to = str_trim(req_field(c->r, "to")),
        .source = ctx_words(c, req_field(c->r, "source"))};
    c->job = job;
    return ctx_write(c, write_holder, c, after_holder);
}
