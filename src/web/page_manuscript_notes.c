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

static struct str name_of(const struct manuscript_note *v)
{
    return v->proposer.n ? v->proposer : v->by_name;
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
        .name = name_of(v),
        .person = v->by,
        .proposer = v->proposer,
        .by = v->proposer.n ? arena_printf(c->a, "%.*s提，%.*s", SF(v->proposer),
                                  SF(said_by(c, v->by_name, v->made_ms, "记")))
                            : said_by(c, v->by_name, v->made_ms, ""),
        .done = v->state ? said_by(c, v->done_name, v->done_ms,
                               v->sort == NOTE_SUGGESTION && v->state == NOTE_DONE ? "采纳"
                                                                                   : ends[v->state])
                         : S(""),
        .may_close = v->may_close,
        .may_refuse = v->may_refuse,
        .may_accept = v->may_accept,
        .mine = v->state == NOTE_OPEN && v->sort != NOTE_REPLY && v->by == c->v->person};
}

static void count_from(struct page_manuscript_notes *p, const struct manuscript_note *v)
{
    size_t i = 0;
    while (
        i < p->n_from && (p->from[i].person != v->by || !str_eq(p->from[i].proposer, v->proposer)))
        i++;
    if (i == p->n_from)
        p->from[p->n_from++] = (struct manuscript_note_from){
            .person = v->by, .proposer = v->proposer, .name = name_of(v)};
    p->from[i].n++;
}

static enum code fill_names(struct ctx *c, struct db *db, const struct manuscript *m,
    struct page_manuscript_notes *p, struct err *e)
{
    struct manuscript_person *v;
    size_t n;
    TRY(manuscript_people(db, c->a, ctx_actor(c), m->id, &v, &n, e));
    p->names = ARENA_ARRAY(c->a, struct manuscript_note_name, n + 1);
    p->names[p->n_names++].name = m->owner_name;
    for (size_t i = 0; i < n; i++)
        p->names[p->n_names++].name = v[i].name;
    return OK;
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
    if (code == OK)
        code = fill_names(c, db, &m, &p, e);
    store_read_end(db);
    TRY(code);
    ctx_level(c, m.level);
    p.title = m.title;
    p.seq = (int)m.seq;
    p.may_accept = m.may[MANUSCRIPT_WRITE] && !m.locked_ms && !m.given_up_ms;
    p.rows = ARENA_ARRAY(c->a, struct manuscript_note_row, n + 1);
    p.from = ARENA_ARRAY(c->a, struct manuscript_note_from, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (v[i].sort == NOTE_SUGGESTION && v[i].state == NOTE_OPEN)
            count_from(&p, &v[i]);
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

enum deed { ADD = 1, REPLY, REVISE, CLOSE, ACCEPT_ALL, REOPEN };

struct noting {
    enum deed deed;
    enum note_state state; /* CLOSE */
    int64_t note, person, seq;
    struct str client;
    struct note_new x;
    struct notes_taken taken;
};

static enum code write_note(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct noting *j = c->job;
    if (j->deed != ADD && j->deed != ACCEPT_ALL) /* those who have this text open are told */
        TRY(manuscript_note_on(db, c->id, j->note, e));
    switch (j->deed) {
    case CLOSE:
        return manuscript_note_close(
            db, c->a, ctx_actor(c), j->note, j->state, j->client, &j->seq, e);
    case REOPEN:
        return manuscript_note_reopen(db, c->a, ctx_actor(c), j->note, e);
    case REPLY:
        return manuscript_note_reply(db, c->a, ctx_actor(c), j->note, j->x.words, e);
    case REVISE:
        return manuscript_note_revise(db, c->a, ctx_actor(c), j->note, &j->x, e);
    case ACCEPT_ALL:
        TRY(manuscript_notes_accept(
            db, c->a, ctx_actor(c), c->id, j->person, j->x.proposer, j->client, &j->taken, e));
        j->seq = j->taken.seq;
        return OK;
    case ADD:
    default:
        return manuscript_note_add(db, c->a, ctx_actor(c), c->id, &j->x, &j->note, e);
    }
}

static struct str taken_words(struct ctx *c, const struct notes_taken *t)
{
    return t->left ? arena_printf(c->a, "采纳了%zu条，还有%zu条原文已经改过，请对照着自己改",
                         t->taken, t->left)
                   : arena_printf(c->a, "采纳了%zu条", t->taken);
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
    if (j->deed == ACCEPT_ALL && !c->json)
        ctx_flash(c, taken_words(c, &j->taken));
    ctx_redirect(c, j->deed == ADD
                        ? arena_printf(c->a, "/manuscripts/%lld/notes#n%lld", (long long)c->id,
                              (long long)j->note)
                        : arena_printf(c->a, "/manuscripts/%lld/notes", (long long)c->id));
    return OK;
}

enum code do_manuscript_notes(struct ctx *c, struct err *e)
{
    static const struct {
        const char *act;
        enum deed deed;
        enum note_state state;
        enum note_sort sort;
    } acts[] = {{"comment", ADD, NOTE_OPEN, NOTE_COMMENT},
        {"suggest", ADD, NOTE_OPEN, NOTE_SUGGESTION}, {"reply", REPLY, NOTE_OPEN, NOTE_REPLY},
        {"revise", REVISE, NOTE_OPEN, NOTE_SUGGESTION}, {"accept", CLOSE, NOTE_DONE, 0},
        {"refuse", CLOSE, NOTE_REFUSED, 0}, {"withdraw", CLOSE, NOTE_WITHDRAWN, 0},
        {"accept_all", ACCEPT_ALL, NOTE_OPEN, 0}, {"reopen", REOPEN, NOTE_OPEN, 0}};
    struct noting *j = ARENA_NEW(c->a, struct noting);
    struct str act = req_field(c->r, "act");
    for (size_t i = 0; i < sizeof(acts) / sizeof(*acts); i++)
        if (str_eq(act, str_z(acts[i].act))) {
            j->deed = acts[i].deed;
            j->state = acts[i].state;
            j->x.sort = acts[i].sort;
        }
    if (!j->deed)
        return FAIL(e, E_INPUT, "没有写明办什么");
    j->note = ctx_int(req_field(c->r, "note"), 1, INT64_MAX, 0);
    j->person = ctx_int(req_field(c->r, "person"), 1, INT64_MAX, 0);
    j->x.seq = ctx_int(req_field(c->r, "seq"), 0, INT64_MAX, -1);
    j->x.from = ctx_int(req_field(c->r, "from"), 0, INT32_MAX, -1);
    j->x.to = ctx_int(req_field(c->r, "to"), 0, INT32_MAX, -1);
    j->client = req_field(c->r, "client");
    j->x.quote = req_field(c->r, "quote");
    j->x.words = req_field(c->r, "words");
    j->x.put = req_field(c->r, "put");
    j->x.proposer = req_field(c->r, "proposer");
    c->job = j;
    return ctx_write(c, write_note, c, after_note);
}
