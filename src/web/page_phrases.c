/* page_phrases.c - candidates for set phrases: shown with their years, confirmed or dismissed by a person. */
#include "office/term.h"
#include "web/route.h"
#include "web/rows.h"

enum { BAR_STEP = 7, BAR_HEIGHT = 32, BARS_MAX = 40 };

/* One bar for each year from the first to the last, the latest BARS_MAX of them. */
static void draw(struct ctx *c, const struct phrase *p, struct candidate_row *row)
{
    int64_t most = 1;
    int from = p->first_year, n;
    if (!from)
        return;
    if (p->last_year - from >= BARS_MAX)
        from = p->last_year - BARS_MAX + 1;
    n = p->last_year - from + 1;
    for (size_t i = 0; i < p->n_years; i++)
        most = p->years[i].documents > most ? p->years[i].documents : most;
    row->years = ARENA_ARRAY(c->a, struct year_bar, (size_t)n);
    row->width = (int64_t)n * BAR_STEP;
    for (size_t i = 0; i < p->n_years; i++) {
        const struct phrase_year *y = &p->years[i];
        int64_t h = (y->documents * BAR_HEIGHT + most - 1) / most;
        if (y->year >= from)
            row->years[row->n_years++] = (struct year_bar){
                y->year, y->documents, (int64_t)(y->year - from) * BAR_STEP, BAR_HEIGHT + 2 - h, h};
    }
}

static struct candidate_row row_of(struct ctx *c, const struct term_candidate *v)
{
    struct candidate_row r = {.text = v->p.text,
        .documents = v->p.documents,
        .occurrences = v->p.occurrences,
        .issuers = v->p.issuers,
        .first_year = v->p.first_year,
        .last_year = v->p.last_year};
    struct buf b;
    draw(c, &v->p, &r);
    r.docs = ARENA_ARRAY(c->a, struct doc_row, v->n_examples + 1);
    for (size_t i = 0; i < v->n_examples; i++)
        r.docs[r.n_docs++] = row_doc(c, &v->examples[i]);
    buf_init(&b, 0);
    buf_z(&b, "/search?q=");
    html_url(&b, url(arena_printf(c->a, "\"%.*s\"", SF(v->p.text))));
    r.link = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return r;
}

static enum code show_all(struct ctx *c, struct str problem, struct err *e)
{
    struct page_candidates p = {.problem = problem, .done = ctx_flash_take(c)};
    struct choices kinds = {0};
    struct term_candidate_page found;
    int64_t page = ctx_page(c);
    TRY(term_candidates(
        c->app->office, c->a, c->v, (page - 1) * ROWS_PER_PAGE, ROWS_PER_PAGE, &found, e));
    p.rows = ARENA_ARRAY(c->a, struct candidate_row, found.n + 1);
    for (size_t i = 0; i < found.n; i++)
        p.rows[p.n_rows++] = row_of(c, &found.v[i]);
    for (enum term_kind k = TERM_PHRASE; k <= TERM_TITLE; k++)
        choice_add(c, &kinds, str_z(term_kind_key(k)), str_z(term_kind_name(k)), false);
    p.kinds = kinds.v;
    p.n_kinds = kinds.n;
    p.pager = table_pager(c, found.total, page);
    if (found.mined_ms)
        p.mined = arena_cat(c->a, minute_text(c, found.mined_ms), S("找的"));
    show_candidates(c, &p);
    return OK;
}

enum code page_candidates(struct ctx *c, struct err *e)
{
    return show_all(c, S(""), e);
}

struct take_job {
    struct term_row t;
    bool dismiss;
    int64_t id;
};

static enum code write_decision(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct take_job *job = c->job;
    if (job->dismiss)
        return term_dismiss(db, job->t.canonical, c->v->person, e);
    return term_save(db, &job->t, c->v->person, &job->id, e);
}

static enum code after_decision(struct ctx *c, enum code code, struct err *e)
{
    struct take_job *job = c->job;
    if (code == E_INPUT || code == E_LIMIT || code == E_CONFLICT) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show_all(c, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code != OK)
        return code;
    if (job->dismiss) {
        ctx_flash(c, arena_printf(c->a, "“%.*s”不再提出", SF(job->t.canonical)));
        ctx_redirect(c, S("/terms/candidates"));
    } else {
        ctx_flash(c, S("已作为规范表述启用，请补上错误写法、启用日期和依据"));
        ctx_redirect(c, arena_printf(c->a, "/terms/%lld", (long long)job->id));
    }
    return OK;
}

/* Mining holds this worker for seconds; a decision is a write. */
enum code do_candidates(struct ctx *c, struct err *e)
{
    struct str act = req_field(c->r, "act");
    struct take_job *job;
    size_t n;
    if (str_eq(act, S("mine"))) {
        TRY(term_mine(c->app->office, c->v, NULL, NULL, &n, e));
        ctx_flash(c, arena_printf(c->a, "找到%zu条", n));
        ctx_redirect(c, S("/terms/candidates"));
        return OK;
    }
    if (!str_eq(act, S("take")) && !str_eq(act, S("dismiss")))
        return FAIL(e, E_INPUT, "没有这种办理");
    job = ARENA_NEW(c->a, struct take_job);
    job->dismiss = str_eq(act, S("dismiss"));
    job->t = (struct term_row){.kind = term_kind_of(req_field(c->r, "kind")),
        .state = TERM_CONFIRMED,
        .canonical = ctx_words(c, req_field(c->r, "phrase"))};
    c->job = job;
    return ctx_write(c, write_decision, c, after_decision);
}
