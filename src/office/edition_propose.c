/* Looking for versions among what has come in: two sources of proposals, one rule each.
 *
 * Titles: documents whose titles meet (年份、试行、修订 aside) and whose texts are alike: the editions of a
 * law or rule. Many news items share a title and nothing else; likeness keeps them apart.
 * Names: files of one folder that text/series.h takes for drafts of one paper.
 *
 * A document stands in one group at the most, and what a person rejected is not proposed again. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/id.h"
#include "office/document.h"
#include "office/edition.h"
#include "text/near.h"
#include "text/series.h"

enum {
    SAME_TITLE_MAX = 40, /* more documents of one title are a series of news, not versions */
    ALIKE_PERCENT = 25,  /* of the texts of two editions; below it only the title is the same */
    FILES_MAX = 20000,   /* looked at in one call; the rest waits for the next */
};

struct candidate {
    int64_t doc;
    struct str title, day, path;
    struct near_sign *sign; /* NULL: too short a text */
};

struct proposal {
    struct str name, reason;
    const struct candidate **members; /* oldest first */
    size_t n;
    const struct str *labels;
};

static struct near_sign *take_sign(struct arena *a, struct str packed)
{
    struct near_sign *sign = ARENA_NEW(a, struct near_sign);

    return near_unpack(packed, sign) ? sign : NULL;
}

static int percent_of(const struct candidate *x, const struct candidate *y)
{
    if (!x->sign || !y->sign)
        return 0;
    return (int)(near_estimate(x->sign, y->sign) * 100 + 0.5);
}

/* ---- writing a proposal ---- */

static enum code in_a_group(struct db *db, int64_t doc, bool *yes, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT 1 FROM edition_member WHERE document = ?1 LIMIT 1");

    stmt_bind_int(q, 1, doc);
    *yes = stmt_step(q);
    return stmt_end(q, e);
}

static enum code insert_member(
    struct db *db, int64_t group, const struct proposal *p, size_t i, struct err *e)
{
    struct stmt *q =
        db_sql(db, "INSERT INTO edition_member (edition, document, position, label, percent)"
                   " VALUES (?1, ?2, ?3, ?4, ?5)");

    stmt_bind_int(q, 1, group);
    stmt_bind_int(q, 2, p->members[i]->doc);
    stmt_bind_int(q, 3, (int64_t)i + 1);
    stmt_bind_str(q, 4, p->labels ? p->labels[i] : (struct str){0});
    stmt_bind_int(q, 5, i ? percent_of(p->members[i - 1], p->members[i]) : 0);
    return stmt_run(q, NULL, e);
}

struct writing {
    const struct proposal *p;
    size_t n;
    int64_t written;
};

static enum code write_one(struct db *db, const struct proposal *p, bool *done, struct err *e)
{
    int64_t group = id_next();
    struct stmt *q;

    *done = false;
    for (size_t i = 0; i < p->n; i++) {
        bool taken = false;
        TRY(in_a_group(db, p->members[i]->doc, &taken, e));
        if (taken)
            return OK;
    }
    q = db_sql(db, "INSERT INTO edition_group (id, name, reason, state, made, decided, decided_by)"
                   " VALUES (?1, ?2, ?3, 0, ?4, 0, 0)");
    stmt_bind_int(q, 1, group);
    stmt_bind_str(q, 2, p->name);
    stmt_bind_str(q, 3, p->reason);
    stmt_bind_int(q, 4, clock_now_ms());
    TRY(stmt_run(q, NULL, e));
    for (size_t i = 0; i < p->n; i++)
        TRY(insert_member(db, group, p, i, e));
    *done = true;
    return OK;
}

static enum code write_all(struct db *db, void *arg, struct err *e)
{
    struct writing *w = arg;

    w->written = 0;
    for (size_t i = 0; i < w->n; i++) {
        bool done;
        TRY(write_one(db, &w->p[i], &done, e));
        w->written += done;
    }
    return OK;
}

/* ---- by title ---- */

static int by_day(const void *x, const void *y)
{
    const struct candidate *a = *(const struct candidate *const *)x;
    const struct candidate *b = *(const struct candidate *const *)y;
    int c = str_cmp(a->day, b->day);

    return c ? c : (a->doc > b->doc) - (a->doc < b->doc);
}

/* Those of one title that are alike with at least one other of them. */
static size_t alike_ones(
    const struct candidate *v, size_t n, const struct candidate **out, int *least)
{
    size_t k = 0;

    *least = 100;
    for (size_t i = 0; i < n; i++) {
        int best = 0;
        for (size_t j = 0; j < n; j++) {
            int p = i == j ? 0 : percent_of(&v[i], &v[j]);
            best = p > best ? p : best;
        }
        if (best < ALIKE_PERCENT)
            continue;
        out[k++] = &v[i];
        *least = best < *least ? best : *least;
    }
    return k;
}

struct list {
    struct proposal *v;
    size_t n, cap;
};

static void propose_title(struct arena *a, const struct candidate *v, size_t n, struct list *out)
{
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
    const struct candidate **members = arena_array(a, sizeof(*members), n + 1);
    int least;
    size_t k = alike_ones(v, n, members, &least);

    if (k < 2)
        return;
    qsort(members, k, sizeof(*members), by_day); /* NOLINT(bugprone-sizeof-expression) */
    ARENA_PUSH(a, out->v, out->n, out->cap) = (struct proposal){.name = members[k - 1]->title,
        .reason = arena_printf(a, "题名相同，正文至少%d%%相似", least),
        .members = members,
        .n = k};
}

/* The works (titles, or what a notice prints) that have a newly registered document. */
static enum code titles_since(
    struct db *db, struct arena *a, int64_t since, struct str **keys, size_t *n, struct err *e)
{
    struct stmt *q = db_sql(db,
        "SELECT DISTINCT CASE WHEN printed_key <> '' THEN printed_key ELSE title_key END AS k"
        " FROM document WHERE id >= ?1 AND deleted = 0 ORDER BY k LIMIT ?2");
    size_t cap = 0;

    *keys = NULL;
    *n = 0;
    stmt_bind_int(q, 1, since);
    stmt_bind_int(q, 2, FILES_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, *keys, *n, cap) = arena_str(a, stmt_str(q, 0));
    return stmt_end(q, e);
}

static enum code of_title(
    struct db *db, struct arena *a, struct str key, struct list *out, struct err *e)
{
    struct stmt *q = db_sql(db,
        "SELECT d.id, d.title, d.day, s.signature FROM document d"
        " JOIN doc_signature s ON s.document = d.id"
        " WHERE ?1 <> '' AND d.id IN (SELECT id FROM document WHERE printed_key = ?1 UNION"
        " SELECT id FROM document WHERE title_key = ?1 AND printed_key = '') AND d.deleted = 0 "
        "ORDER BY d.id LIMIT ?2");
    struct candidate *v = NULL;
    size_t n = 0;
    size_t cap = 0;

    stmt_bind_str(q, 1, key);
    stmt_bind_int(q, 2, SAME_TITLE_MAX + 1);
    while (stmt_step(q))
        ARENA_PUSH(a, v, n, cap) = (struct candidate){.doc = stmt_int(q, 0),
            .title = arena_str(a, stmt_str(q, 1)),
            .day = arena_str(a, stmt_str(q, 2)),
            .sign = take_sign(a, stmt_blob(q, 3))};
    TRY(stmt_end(q, e));
    if (n > 1 && n <= SAME_TITLE_MAX)
        propose_title(a, v, n, out);
    return OK;
}

/* ---- by file name ---- */

static enum code files_since(
    struct db *db, struct arena *a, int64_t since, struct candidate **out, size_t *n, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT d.id, d.title, d.day, d.source, s.signature FROM document d"
                                " LEFT JOIN doc_signature s ON s.document = d.id"
                                " WHERE d.id >= ?1 AND d.deleted = 0 ORDER BY d.id LIMIT ?2");
    size_t cap = 0;

    *out = NULL;
    *n = 0;
    stmt_bind_int(q, 1, since);
    stmt_bind_int(q, 2, FILES_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, *out, *n, cap) = (struct candidate){.doc = stmt_int(q, 0),
            .title = arena_str(a, stmt_str(q, 1)),
            .day = arena_str(a, stmt_str(q, 2)),
            .path = arena_str(a, stmt_str(q, 3)),
            .sign = take_sign(a, stmt_blob(q, 4))};
    return stmt_end(q, e);
}

static struct str why_text(struct arena *a, const struct series_group *g)
{
    return arena_printf(a, "%s%s%s，把握%d%%",
        g->why & SERIES_NAMES ? "文件名除版本记号外相同" : "",
        (g->why & SERIES_NAMES) && (g->why & SERIES_TEXTS) ? "、" : "",
        g->why & SERIES_TEXTS ? "正文相近" : "", (int)g->sure);
}

static bool all_dated(const struct candidate **v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (v[i]->day.n == 0)
            return false;
    return true;
}

static struct str file_of(const struct candidate *c)
{
    struct str dir;
    struct str file;

    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): the sort above hides that all are set */
    return str_cut_last(c->path, S("/"), &dir, &file) ? file : c->path;
}

static void propose_group(
    struct arena *a, const struct candidate *v, const struct series_group *g, struct list *out)
{
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
    const struct candidate **members = arena_array(a, sizeof(*members), g->n);
    struct str *labels = ARENA_ARRAY(a, struct str, g->n);
    struct series_name name;

    if (g->n < 2)
        return;
    for (size_t i = 0; i < g->n; i++)
        members[i] = &v[g->files[i]];
    /* Names that have nothing in common say nothing of the order either; days do. */
    if (!(g->why & SERIES_NAMES) && all_dated(members, g->n))
        qsort(members, g->n, sizeof(*members), by_day); /* NOLINT(bugprone-sizeof-expression) */
    for (size_t i = 0; i < g->n; i++)
        labels[i] = file_of(members[i]);
    series_name(a, members[g->n - 1]->path, &name);
    ARENA_PUSH(a, out->v, out->n, out->cap) = (struct proposal){
        .name = (g->why & SERIES_NAMES) && name.base.n ? name.base : members[g->n - 1]->title,
        .reason = why_text(a, g),
        .members = members,
        .n = g->n,
        .labels = labels};
}

/* Groups whose names are equal but for marks (named), or the others. */
static void propose_files(struct arena *a, const struct candidate *v,
    const struct series_group *groups, size_t n, bool named, struct list *out)
{
    for (size_t i = 0; i < n; i++)
        if (((groups[i].why & SERIES_NAMES) != 0) == named)
            propose_group(a, v, &groups[i], out);
}

static enum code group_files(struct arena *a, const struct candidate *v, size_t n,
    struct series_group **groups, size_t *n_groups, struct err *e)
{
    struct series_file *files = ARENA_ARRAY(a, struct series_file, n + 1);

    for (size_t i = 0; i < n; i++)
        files[i] = (struct series_file){v[i].path, v[i].sign};
    return series_groups(a, files, n, groups, n_groups, e);
}

/* The surer sources first: a document stands in the first group that has it. */
static enum code gather(
    struct db *db, struct arena *a, int64_t since, struct list *out, struct err *e)
{
    struct candidate *files;
    struct series_group *groups;
    struct str *keys;
    size_t n;
    size_t n_groups;

    TRY(files_since(db, a, since, &files, &n, e));
    TRY(group_files(a, files, n, &groups, &n_groups, e));
    propose_files(a, files, groups, n_groups, true, out);
    TRY(titles_since(db, a, since, &keys, &n, e));
    for (size_t i = 0; i < n; i++)
        TRY(of_title(db, a, keys[i], out, e));
    propose_files(a, files, groups, n_groups, false, out);
    return OK;
}

enum code edition_propose(struct office *o, int64_t since_ms, int64_t *proposed, struct err *e)
{
    struct arena a;
    struct list found = {0};
    struct writing w;
    struct db *db;
    enum code c;

    *proposed = 0;
    arena_init(&a);
    c = store_read(o->store, &db, e);
    if (c == OK) {
        c = gather(db, &a, id_at_ms(since_ms), &found, e);
        store_read_end(db);
    }
    w = (struct writing){found.v, found.n, 0};
    if (c == OK && found.n)
        c = store_write(o->store, write_all, &w, e);
    if (c == OK)
        *proposed = w.written;
    arena_release(&a);
    return c;
}
