/* page_manuscript_notes.c - comments and suggestions on a manuscript: the list, one more, what becomes of each. */
#include "office/manuscript_note.h"
#include "web/presence.h"
#include "web/route.h"
#include "web/rows.h"

static const char *const sorts[] = {"", "comment", "suggestion", "reply"};
static const char *const states[] = {"open", "done", "refused", "withdrawn"};

static struct str said_by(struct ctx *c, struct str name, int64_t at_ms, const char *what)
{
    return arena_printf(c->a, "%.*s于%.*s%s", SF(name), SF(minute_text(c, at_ms)), what);
}

static struct manuscript_note_row row_of(struct ctx *c, const struct manuscript_note *v)
{
    static const char *const ends[] = {"", "办完", "未采纳", "撤回"};
    return (struct manuscript_note_row){.id = v->id,
        .parent = v->parent,
        .sort = str_z(sorts[v->sort]),
        .state = str_z(states[v->state]),
        .from = (int)v->from,
        .to = (int)v->to,
        .quote = v->quote,
        .words = v->words,
        .put = v->put,
        .gone = v->gone,
        .changed = v->changed,
        .name = v->by_name,
        .by = said_by(c, v->by_name, v->made_ms, ""),
        .done = v->state ? said_by(c, v->done_name, v->done_ms,
                               v->sort == NOTE_SUGGESTION && v->state == NOTE_DONE ? "采纳"
                                                                                   : ends[v->state])
                         : S(""),
        .may_close = v->may_close,
        .may_refuse = v->may_refuse,
        .may_accept = v->may_accept,
        .mine = v->state == NOTE_OPEN && v->sort != NOTE_REPLY && v->by == c->v->person};
}

static enum code show_list(struct ctx *c, struct str problem, struct err *e)
{
    struct page_manuscript_notes p = {
        .id = c->id, .problem = problem, .all = req_query(c->r, "all").n > 0};
    struct manuscript_note *v = NULL;
    struct manuscript m = {.id = 0};
    struct db *db;
    size_t n = 0;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = manuscript_get(db, c->a, ctx_actor(c), c->id, &m, e);
    if (code == OK)
        code = manuscript_notes(db, c->a, ctx_actor(c), c->id, !p.all, &v, &n, e);
    store_read_end(db);
    TRY(code);
    ctx_level(c, m.level);
    p.title = m.title;
    p.seq = (int)m.seq;
    p.rows = ARENA_ARRAY(c->a, struct manuscript_note_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        p.open += v[i].sort != NOTE_REPLY && v[i].state == NOTE_OPEN;
        p.rows[p.n_rows++] = row_of(c, &v[i]);
    }
    if (problem.n) {
        p.quote = req_field(c->r, "quote");
        p.words = req_field(c->r, "words");
        p.put = req_field(c->r, "put");
    } else {
        p.done = ctx_flash_take(c);
    }
    show_manuscript_notes(c, &p);
    return OK;
}

enum code page_manuscript_notes(struct ctx *c, struct err *e)
{
    return show_list(c, S(""), e);
}

struct noting {
    enum note_state state; /* NOTE_OPEN: a new one, or a reply */
    bool reply;
    int64_t note, seq;
    struct note_new x;
};

static enum code write_note(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct noting *j = c->job;
    if (j->state)
        return manuscript_note_close(db, c->a, ctx_actor(c), j->note, j->state, &j->seq, e);
    if (j->reply)
        return manuscript_note_reply(db, c->a, ctx_actor(c), j->note, j->x.words, e);
    return manuscript_note_add(db, c->a, ctx_actor(c), c->id, &j->x, &j->note, e);
}

static enum code after_note(struct ctx *c, enum code code, struct err *e)
{
    struct noting *j = c->job;
    ctx_secret(c, code);
    if (code == E_INPUT || code == E_LIMIT || code == E_SECRET || code == E_CONFLICT) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show_list(c, arena_str(c->a, str_z(e->msg)), e);
    }
    TRY(code);
    if (j->seq)
        presence_more(c->app->presence, c->id, j->seq);
    presence_noted(c->app->presence, c->id);
    ctx_redirect(c, arena_printf(c->a, "/manuscripts/%lld/notes", (long long)c->id));
    return OK;
}

enum code do_manuscript_notes(struct ctx *c, struct err *e)
{
    static const struct {
        const char *act;
        enum note_state state;
    } ends[] = {{"accept", NOTE_DONE}, {"refuse", NOTE_REFUSED}, {"withdraw", NOTE_WITHDRAWN}};
    struct noting *j = ARENA_NEW(c->a, struct noting);
    struct str act = req_field(c->r, "act");
    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
        if (str_eq(act, str_z(ends[i].act)))
            j->state = ends[i].state;
    j->reply = str_eq(act, S("reply"));
    j->note = ctx_int(req_field(c->r, "note"), 1, INT64_MAX, 0);
    j->x = (struct note_new){.sort = str_eq(act, S("comment"))   ? NOTE_COMMENT
                                     : str_eq(act, S("suggest")) ? NOTE_SUGGESTION
                                                                 : 0,
        .seq = ctx_int(req_field(c->r, "seq"), 0, INT64_MAX, -1),
        .from = ctx_int(req_field(c->r, "from"), 0, INT32_MAX, -1),
        .to = ctx_int(req_field(c->r, "to"), 0, INT32_MAX, -1),
        .quote = req_field(c->r, "quote"),
        .words = req_field(c->r, "words"),
        .put = req_field(c->r, "put")};
    if (!j->state && !j->reply && !j->x.sort)
        return FAIL(e, E_INPUT, "没有写明办什么");
    c->job = j;
    return ctx_write(c, write_note, c, after_note);
}
