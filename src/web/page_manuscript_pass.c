/* page_manuscript_pass.c - findings that were passed over in a manuscript: the list, one more, taken back, what a browser had kept. */
#include "base/json.h"
#include "office/manuscript_pass.h"
#include "web/pass_rows.h"
#include "web/presence.h"
#include "web/route.h"
#include "web/rows.h"

static struct str who_when(struct ctx *c, struct str name, int64_t at_ms, const char *what)
{
    return arena_printf(c->a, "%.*s于%.*s%s", SF(name), SF(minute_text(c, at_ms)), what);
}

void pass_rows(struct ctx *c, const struct manuscript_pass *v, size_t n,
    struct manuscript_pass_row **out, size_t *n_out)
{
    struct manuscript_pass_row *rows = ARENA_ARRAY(c->a, struct manuscript_pass_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct rule *r = check_rule(v[i].rule);
        rows[i] = (struct manuscript_pass_row){.id = v[i].id,
            .rule = v[i].rule,
            .name = str_z(r ? r->name : ""),
            .level = str_z(check_level_name(v[i].level)),
            .error = v[i].level == CHECK_ERROR,
            .throughout = v[i].throughout,
            .before = v[i].before,
            .words = v[i].words,
            .after = v[i].after,
            .said = v[i].said,
            .why = v[i].why,
            .by = who_when(c, v[i].by_name, v[i].made_ms, ""),
            .here = v[i].here,
            .back = v[i].back_ms ? who_when(c, v[i].back_name, v[i].back_ms, "恢复提示") : S("")};
    }
    *out = rows;
    *n_out = n;
}

/* What of it stands in the text, in front; that alone is counted. */
static size_t standing(
    struct ctx *c, const struct manuscript_pass *v, size_t n, struct manuscript_pass **out)
{
    struct manuscript_pass *few = ARENA_ARRAY(c->a, struct manuscript_pass, n + 1);
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        if (v[i].here && !v[i].back_ms)
            few[k++] = v[i];
    *out = few;
    return k;
}

enum code pass_said(struct ctx *c, struct db *db, int64_t manuscript, int64_t *n_out,
    struct str *said, struct err *e)
{
    struct manuscript_pass *v = NULL, *few;
    size_t n = 0;
    TRY(manuscript_passes(db, c->a, ctx_actor(c), manuscript, false, &v, &n, e));
    n = standing(c, v, n, &few);
    *n_out = (int64_t)n;
    *said = pass_words(c->a, few, n);
    return OK;
}

static enum code show_list(struct ctx *c, struct str problem, struct err *e)
{
    struct page_manuscript_passes p = {
        .id = c->id, .problem = problem, .all = req_query(c->r, "all").n > 0};
    struct manuscript_pass *v = NULL, *few;
    struct manuscript m = {.id = 0};
    struct db *db;
    size_t n = 0;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = manuscript_get(db, c->a, ctx_actor(c), c->id, &m, e);
    if (code == OK)
        code = manuscript_passes(db, c->a, ctx_actor(c), c->id, p.all, &v, &n, e);
    store_read_end(db);
    TRY(code);
    ctx_level(c, m.level);
    p.title = m.title;
    p.writes = m.may[MANUSCRIPT_WRITE] && !m.locked_ms && !m.given_up_ms;
    pass_rows(c, v, n, &p.rows, &p.n_rows);
    p.standing = (int64_t)standing(c, v, n, &few);
    p.said = pass_words(c->a, few, (size_t)p.standing);
    if (!problem.n)
        p.done = ctx_flash_take(c);
    show_manuscript_passes(c, &p);
    return OK;
}

enum code page_manuscript_passes(struct ctx *c, struct err *e)
{
    return show_list(c, S(""), e);
}

struct passing {
    bool back;
    int64_t pass;
    struct pass_new *v;
    size_t n;
    bool brought; /* from a browser: what is no finding any more is left out */
};

static enum code write_pass(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct passing *j = c->job;
    int64_t pass;
    if (j->back)
        return manuscript_pass_back(db, c->a, ctx_actor(c), c->id, j->pass, e);
    for (size_t i = 0; i < j->n; i++) {
        enum code code = manuscript_pass_add(db, c->a, ctx_actor(c), c->id, &j->v[i], &pass, e);
        if (code != OK && !(j->brought && code == E_INPUT))
            return code;
    }
    return OK;
}

static enum code after_pass(struct ctx *c, enum code code, struct err *e)
{
    ctx_secret(c, code);
    if (code == E_INPUT || code == E_LIMIT || code == E_SECRET || code == E_CONFLICT) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show_list(c, arena_str(c->a, str_z(e->msg)), e);
    }
    TRY(code);
    presence_passed(c->app->presence, c->id);
    ctx_redirect(c, arena_printf(c->a, "/manuscripts/%lld/passes", (long long)c->id));
    return OK;
}

static struct pass_new one_given(struct ctx *c)
{
    return (struct pass_new){.rule = req_field(c->r, "rule"),
        .before = req_field(c->r, "before"),
        .words = req_field(c->r, "words"),
        .after = req_field(c->r, "after"),
        .said = req_field(c->r, "said"),
        .why = req_field(c->r, "why"),
        .throughout = req_field(c->r, "throughout").n > 0,
        .level = check_level_of(req_field(c->r, "level"))};
}

static enum code brought(struct ctx *c, struct passing *j, struct err *e)
{
    json_t *rows;
    TRY(jr_parse(req_field(c->r, "rows"), &rows, e));
    size_t n = json_array_size(rows);
    j->v = ARENA_ARRAY(c->a, struct pass_new, n + 1);
    for (; j->n < n && j->n < PASSES_MAX; j->n++) {
        const json_t *o = json_array_get(rows, j->n);
        j->v[j->n] = (struct pass_new){.rule = arena_str(c->a, jr_str(o, "rule")),
            .before = arena_str(c->a, jr_str(o, "before")),
            .words = arena_str(c->a, jr_str(o, "words")),
            .after = arena_str(c->a, jr_str(o, "after")),
            .why = arena_str(c->a, jr_str(o, "why")),
            .throughout = jr_bool(o, "throughout", false)};
    }
    json_decref(rows);
    return OK;
}

enum code do_manuscript_passes(struct ctx *c, struct err *e)
{
    struct passing *j = ARENA_NEW(c->a, struct passing);
    struct str act = req_field(c->r, "act");
    c->job = j;
    j->back = str_eq(act, S("back")) || str_eq(act, S("back_all"));
    j->pass = str_eq(act, S("back")) ? ctx_int(req_field(c->r, "pass"), 1, INT64_MAX, -1) : 0;
    j->brought = str_eq(act, S("bring"));
    if (j->brought) {
        TRY(brought(c, j, e));
    } else if (str_eq(act, S("pass"))) {
        j->v = ARENA_NEW(c->a, struct pass_new);
        *j->v = one_given(c);
        j->n = 1;
    } else if (!j->back) {
        return FAIL(e, E_INPUT, "没有写明办什么");
    }
    return ctx_write(c, write_pass, c, after_pass);
}
