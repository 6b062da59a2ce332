/* kind_newer.c - what a newer program delivers for a kind: shown at the kind's page, taken over by one key. */
#include "office/kind_newer.h"
#include "web/kind_words.h"
#include "web/route.h"

static struct kind_newer_row *rows_of(
    struct ctx *c, const struct newer_row *v, size_t n, bool kept, size_t *out)
{
    static const char *const sorts[] = {
        [NEWER_ADDED] = "新增", [NEWER_CHANGED] = "改为", [NEWER_GONE] = "取消"};
    struct kind_newer_row *rows = ARENA_ARRAY(c->a, struct kind_newer_row, n + 1);

    for (size_t i = 0; i < n; i++)
        rows[i] = (struct kind_newer_row){
            v[i].what, kept ? S("保留") : str_z(sorts[v[i].sort]), v[i].before, v[i].after};
    *out = n;
    return rows;
}

enum code newer_fill(
    struct ctx *c, struct db *db, struct page_kind *p, struct str kind, struct err *e)
{
    struct kind_newer n;

    TRY(kind_newer_get(db, c->a, kind, &n, e));
    p->newer = n.any;
    p->newer_problem = n.problem;
    p->newer_rows = rows_of(c, n.rows, n.n_rows, false, &p->n_newer_rows);
    p->kept = rows_of(c, n.kept, n.n_kept, true, &p->n_kept);
    p->newer_lines = ARENA_ARRAY(c->a, struct choice, n.n_plus + n.n_minus + 1);
    for (size_t i = 0; i < n.n_minus; i++)
        p->newer_lines[p->n_newer_lines++] = (struct choice){.value = S("-"), .name = n.minus[i]};
    for (size_t i = 0; i < n.n_plus; i++)
        p->newer_lines[p->n_newer_lines++] = (struct choice){.value = S("+"), .name = n.plus[i]};
    return OK;
}

struct take_job {
    struct str kind;
    int64_t seen, version;
};

static enum code write_take(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct take_job *job = c->job;

    return kind_newer_take(db, job->kind, job->seen, c->v->person, &job->version, e);
}

static enum code after_take(struct ctx *c, enum code code, struct err *e)
{
    const struct take_job *job = c->job;

    (void)e;
    TRY(code);
    ctx_flash(c, arena_printf(c->a, "已采用，成为第%lld版；在办的事项仍按原来的版本",
                     (long long)job->version));
    ctx_redirect(c, arena_printf(c->a, "/kinds/%.*s", SF(job->kind)));
    return OK;
}

enum code do_kind_newer(struct ctx *c, struct err *e)
{
    struct take_job *job = ARENA_NEW(c->a, struct take_job);

    (void)e;
    job->kind = kind_in_path(c);
    job->seen = ctx_int(req_field(c->r, "seen"), 1, INT32_MAX, 1);
    c->job = job;
    return ctx_write(c, write_take, c, after_take);
}
