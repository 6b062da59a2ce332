/* page_replies.c - a plain notice for a chat group, and the replies pasted from it. */
#include "office/replies.h"
#include "web/route.h"
#include "web/rows.h"

struct pasted {
    struct ask *asks;
    struct reply_name *names;
    struct reply_line *lines;
    size_t n_asks, n_names, n;
    size_t recorded;
};

static enum code read_pasted(struct ctx *c, struct db *db, struct pasted *p, struct err *e)
{
    TRY(replies_names(
        db, c->a, ctx_actor(c), c->id, &p->asks, &p->n_asks, &p->names, &p->n_names, e));
    return replies_read(c->a, req_field(c->r, "pasted"), p->asks, p->n_asks, p->names, p->n_names,
        &p->lines, &p->n, e);
}

static enum code fill(struct ctx *c, struct db *db, struct page_replies *p, struct err *e)
{
    struct pasted x = {.n = 0};
    const struct actor *by = ctx_actor(c);
    struct item it;
    TRY(item_get(db, c->a, by, c->id, &it, e));
    TRY(read_pasted(c, db, &x, e));
    p->id = it.id;
    p->number = it.number;
    p->title = it.title;
    p->open = (int64_t)x.n_asks;
    p->notice = replies_notice(c->a, x.asks, x.n_asks, by->now_ms, by->hours->zone);
    p->rows = ARENA_ARRAY(c->a, struct reply_row, x.n + 1);
    for (size_t i = 0; i < x.n; i++) {
        const struct reply_line *r = &x.lines[i];
        p->fits += r->fits;
        p->rows[p->n_rows++] = (struct reply_row){.no = (int64_t)i,
            .line = r->line,
            .fits = r->fits,
            .who = r->fits ? x.asks[r->ask].to_name : S(""),
            .word = r->word,
            .text = r->text,
            .why = r->why};
    }
    return OK;
}

static enum code show(struct ctx *c, struct str problem, struct err *e)
{
    struct page_replies p = {.problem = problem, .pasted = req_field(c->r, "pasted")};
    struct db *db;
    if (!problem.n)
        p.done = ctx_flash_take(c);
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill(c, db, &p, e);
    store_read_end(db);
    if (code == OK)
        show_replies(c, &p);
    return code;
}

enum code page_replies(struct ctx *c, struct err *e)
{
    return show(c, S(""), e);
}

static bool chosen(const struct ctx *c, size_t no)
{
    const struct form *f = c->r->form;
    for (size_t i = 0; f && i < f->n_fields; i++)
        if (str_eq(f->fields[i].name, S("line")) &&
            ctx_int(f->fields[i].value, 0, REPLIES_LINES_MAX, -1) == (int64_t)no)
            return true;
    return false;
}

/* What was pasted is read again: what is recorded is what the lines say, not what the browser sends of them. */
static enum code write_replies(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct pasted *p = c->job;
    p->n = p->n_names = p->recorded = 0;
    TRY(read_pasted(c, db, p, e));
    for (size_t i = 0; i < p->n; i++) {
        const struct reply_line *r = &p->lines[i];
        struct actor by = *ctx_actor(c);
        if (!r->fits || !chosen(c, i))
            continue;
        by.for_person = r->person == c->v->person ? 0 : r->person;
        TRY(ask_answer(db, &by, p->asks[r->ask].id, r->word,
            r->text.n ? r->text : S("据工作群回复登记"), NULL, 0, e));
        p->recorded++;
    }
    return p->recorded ? OK : FAIL(e, E_INPUT, "没有勾选要登记的行");
}

static enum code after_replies(struct ctx *c, enum code code, struct err *e)
{
    const struct pasted *p = c->job;
    if (code == E_INPUT || code == E_LIMIT || code == E_CONFLICT) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show(c, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code == OK) {
        ctx_flash(c, arena_printf(c->a, "已登记%zu条回复，记为代录", p->recorded));
        ctx_redirect(c, arena_printf(c->a, "/items/%lld/replies", (long long)c->id));
    }
    return code;
}

enum code do_replies(struct ctx *c, struct err *e)
{
    if (!str_eq(req_field(c->r, "act"), S("record")))
        return show(c, S(""), e);
    c->job = ARENA_NEW(c->a, struct pasted);
    return ctx_write(c, write_replies, c, after_replies);
}
