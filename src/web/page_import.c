/* page_import.c - taking documents in from the browser, and what became of them. */
#include "office/import.h"
#include "web/route.h"
#include "web/rows.h"

enum { JOBS_SHOWN = 20, ENTRIES_SHOWN = 500 };

enum code page_upload(struct ctx *c, struct err *e)
{
    struct page_upload p = {0};
    struct choices levels = {0}, cats = {0};
    struct import_job *jobs;
    size_t n = 0;
    struct db *db;
    enum code code;
    choices_level(c, &levels, LEVEL_INTERNAL, NULL);
    TRY(store_read(c->app->office->store, &db, e));
    code = choices_category(c, db, &cats, 0, "（不归类）", e);
    if (code == OK)
        code = import_jobs(db, c->a, JOBS_SHOWN, &jobs, &n, e);
    if (code == OK) {
        p.jobs = ARENA_ARRAY(c->a, struct import_row, n + 1);
        for (size_t i = 0; i < n; i++)
            p.jobs[p.n_jobs++] = row_job(c->a, db, &jobs[i]);
    }
    store_read_end(db);
    if (code != OK)
        return code;
    p.levels = levels.v;
    p.n_levels = levels.n;
    p.categories = cats.v;
    p.n_categories = cats.n;
    show_upload(c, &p);
    return OK;
}

struct upload_job {
    struct ctx *c;
    struct page_upload_done p;
    size_t cap;
};

static bool on_result(void *arg, const struct import_result *r, const struct import_counts *so_far)
{
    struct upload_job *u = arg;
    struct arena *a = u->c->a;
    (void)so_far;
    ARENA_PUSH(a, u->p.rows, u->p.n_rows, u->cap) = row_outcome(u->c, r->outcome,
        arena_str(a, r->path), arena_str(a, r->reason), r->doc, arena_str(a, r->title));
    return true;
}

static void count(struct page_upload_done *p, const struct import_counts *k)
{
    p->taken += k->of[IMPORT_TAKEN];
    p->duplicate += k->of[IMPORT_DUPLICATE];
    p->held += k->of[IMPORT_HELD];
    p->refused += k->of[IMPORT_REFUSED];
    p->failed += k->of[IMPORT_FAILED];
}

/* One file after another; a failure of the import itself (disk, database) ends the rest. */
enum code do_upload(struct ctx *c, struct err *e)
{
    struct upload_job u = {.c = c};
    struct import_options o = {.origin = ORIGIN_UPLOAD, .by = c->v->person, .threads = 1};
    o.level = (enum doc_level)ctx_int(req_field(c->r, "level"), 0, N_LEVEL - 1, LEVEL_INTERNAL);
    o.category = ctx_int(req_field(c->r, "category"), 1, INT64_MAX, 0);
    o.on_result = on_result;
    o.arg = &u;
    if (!c->r->form || c->r->form->n_files == 0)
        return FAIL(e, E_INPUT, "没有选择文件");
    for (size_t i = 0; i < c->r->form->n_files; i++) {
        const struct upload *f = &c->r->form->files[i];
        struct import_counts counts = {0};
        struct str name = f->name.n ? f->name : S("未命名");
        TRY(import_fd(c->app->office, f->fd, name, &o, &counts, e));
        count(&u.p, &counts);
    }
    show_upload_done(c, &u.p);
    return OK;
}

enum code page_import_job(struct ctx *c, struct err *e)
{
    struct page_import_job p = {0};
    struct import_job *jobs;
    struct import_entry *entries;
    size_t n, n_entries, at;
    struct db *db;
    enum code code;
    TRY(store_read(c->app->office->store, &db, e));
    code = import_jobs(db, c->a, ENTRIES_SHOWN, &jobs, &n, e);
    for (at = 0; code == OK && at < n && jobs[at].id != c->id; at++)
        ;
    if (code == OK && at == n)
        code = FAIL(e, E_NOTFOUND, "没有这次收文的记录");
    if (code == OK)
        code = import_entries(db, c->a, c->id, ENTRIES_SHOWN, &entries, &n_entries, e);
    if (code == OK)
        p.job = row_job(c->a, db, &jobs[at]);
    store_read_end(db);
    if (code != OK)
        return code;
    p.rows = ARENA_ARRAY(c->a, struct outcome_row, n_entries + 1);
    for (size_t i = 0; i < n_entries; i++)
        p.rows[p.n_rows++] = row_outcome(c, entries[i].outcome,
            shown_path(entries[i].path, jobs[at].what), entries[i].reason, entries[i].doc, S(""));
    show_import_job(c, &p);
    return OK;
}
