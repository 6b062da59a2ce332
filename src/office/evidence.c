#include "office/evidence.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/id.h"
#include "base/io.h"
#include "base/log.h"
#include "office/audit.h"
#include "office/document.h"
#include "office/evidence_int.h"
#include "office/person.h"
#include "office/thread.h"
#include "office/tsv.h"

enum { LEASE_MS = 10 * 60 * 1000, PROGRESS_EACH = 50, TICK_S = 1, CLAUSE_BYTES = 1 << 20 };

extern const char clause_seed_begin[], clause_seed_end[];

const char *evidence_state_name(enum evidence_state s)
{
    switch (s) {
    case EVIDENCE_LOOK:
        return "正在查缺项";
    case EVIDENCE_READY:
        return "缺项已列出";
    case EVIDENCE_MAKE:
        return "正在制作";
    case EVIDENCE_DONE:
        return "已完成";
    case EVIDENCE_FAILED:
        break;
    }
    return "没有做成";
}

/* ---- clauses ---- */

static enum code clauses_read(struct arena *a, struct str text, const char *file,
    struct evidence_clause *v, size_t *n, struct err *e)
{
    static const struct tsv_column columns[] = {{"id", true}, {"name", true}, {"basis", true},
        {"kinds", true}, {"must", true}, {"fields", true}};
    struct tsv t;
    bool more;

    TRY(tsv_begin(&t, text, file, columns, 6, e));
    for (;;) {
        struct evidence_clause c;
        size_t at = 0;
        TRY(tsv_next(&t, &more, e));
        if (!more)
            return OK;
        c = (struct evidence_clause){arena_str(a, t.cell[0]), arena_str(a, t.cell[1]),
            arena_str(a, t.cell[2]), arena_str(a, t.cell[3]), arena_str(a, t.cell[4]),
            arena_str(a, t.cell[5])};
        while (at < *n && !str_eq(v[at].id, c.id))
            at++;
        if (at == EVIDENCE_CLAUSES_MAX)
            return FAIL(e, E_LIMIT, "“%s”超过%d条，请并成几条", file, EVIDENCE_CLAUSES_MAX);
        v[at] = c;
        *n += at == *n;
    }
}

enum code evidence_clauses(
    struct office *o, struct arena *a, struct evidence_clause **out, size_t *n, struct err *e)
{
    struct evidence_clause *v = ARENA_ARRAY(a, struct evidence_clause, EVIDENCE_CLAUSES_MAX);
    char path[IO_PATH_MAX];
    struct buf b;
    size_t k = 0;
    enum code c;

    TRY(clauses_read(a,
        (struct str){clause_seed_begin, (size_t)(clause_seed_end - clause_seed_begin)},
        "clauses.tsv（自带）", v, &k, e));
    TRY(io_join(path, o->dir, "clauses.tsv", e));
    if (io_exists(path)) {
        buf_init(&b, 0);
        c = io_read_file(path, CLAUSE_BYTES, &b, e);
        if (c == OK)
            c = clauses_read(a, arena_str(a, buf_view(&b)), "clauses.tsv", v, &k, e);
        buf_release(&b);
        TRY(c);
    }
    *out = v;
    *n = k;
    return OK;
}

/* ---- rows ---- */

#define COLUMNS                                                                              \
    "SELECT v.id, v.person, v.at, v.finished, p.name, v.item, v.kind, v.clause, v.from_day," \
    " v.to_day, v.zip, v.said, v.state, v.claimed, v.done, v.total, v.items, v.gaps,"        \
    " v.pages, v.level, v.message, v.pdf, v.pdf_size, v.book, v.book_size, v.pack,"          \
    " v.pack_size FROM evidence v JOIN person p ON p.id = v.person"

static struct evidence row(struct arena *a, struct stmt *q)
{
    struct evidence v = {.id = stmt_int(q, 0),
        .person = stmt_int(q, 1),
        .at_ms = stmt_int(q, 2),
        .finished_ms = stmt_int(q, 3),
        .person_name = arena_str(a, stmt_str(q, 4)),
        .scope = {.item = stmt_int(q, 5),
            .kind = arena_str(a, stmt_str(q, 6)),
            .clause = arena_str(a, stmt_str(q, 7)),
            .from_day = arena_str(a, stmt_str(q, 8)),
            .to_day = arena_str(a, stmt_str(q, 9)),
            .zip = stmt_int(q, 10) != 0},
        .said = arena_str(a, stmt_str(q, 11)),
        .state = (enum evidence_state)stmt_int(q, 12),
        .working = stmt_int(q, 13) != 0,
        .done = stmt_int(q, 14),
        .total = stmt_int(q, 15),
        .items = stmt_int(q, 16),
        .gaps = stmt_int(q, 17),
        .pages = stmt_int(q, 18),
        .level = (int)stmt_int(q, 19),
        .message = arena_str(a, stmt_str(q, 20))};

    for (int i = 0; i < EVIDENCE_PARTS; i++) {
        v.digest[i] = arena_str(a, stmt_str(q, 21 + 2 * i));
        v.size[i] = stmt_int(q, 22 + 2 * i);
    }
    return v;
}

/* Who asked; the chief, where no matter of it is 工作秘密; nobody else. */
static bool may_see(const struct actor *by, const struct evidence *v)
{
    if (by->v->owner || by->v->person == v->person)
        return true;
    return (by->v->roles & ROLE_CHIEF) && v->level < LEVEL_WORK_SECRET;
}

static enum code get(
    struct db *db, struct arena *a, int64_t id, struct evidence *out, struct err *e)
{
    struct stmt *q = db_sql(db, COLUMNS " WHERE v.id = ?1");
    bool found;

    stmt_bind_int(q, 1, id);
    found = stmt_step(q);
    if (found)
        *out = row(a, q);
    TRY(stmt_end(q, e));
    return found ? OK : FAIL(e, E_NOTFOUND, "没有这个取证包，或者您无权查看");
}

enum code evidence_get(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct evidence *out, struct err *e)
{
    struct evidence v = {0};

    TRY(get(db, a, id, &v, e));
    if (!may_see(by, &v))
        return FAIL(e, E_NOTFOUND, "没有这个取证包，或者您无权查看");
    *out = v;
    return OK;
}

enum code evidence_list(struct db *db, struct arena *a, const struct actor *by,
    struct evidence **out, size_t *n, struct err *e)
{
    struct evidence *v = ARENA_ARRAY(a, struct evidence, EVIDENCE_KEPT);
    size_t k = 0;
    bool chief = by->v->owner || (by->v->roles & ROLE_CHIEF);
    struct stmt *q = db_sql(db, COLUMNS " WHERE v.person = ?1 OR ?2 = 1"
                                        " ORDER BY v.id DESC LIMIT ?3");

    stmt_bind_int(q, 1, by->v->person);
    stmt_bind_int(q, 2, chief);
    stmt_bind_int(q, 3, EVIDENCE_KEPT);
    while (stmt_step(q) && k < EVIDENCE_KEPT) {
        v[k] = row(a, q);
        k += may_see(by, &v[k]);
    }
    *out = v;
    *n = k;
    return stmt_end(q, e);
}

enum code evidence_gaps(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct evidence_gap **out, size_t *n, struct err *e)
{
    struct evidence ev = {0};
    struct evidence_gap *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q;

    TRY(evidence_get(db, a, by, id, &ev, e));
    q = db_sql(db, "SELECT rule, item, number, title, said FROM evidence_gap"
                   " WHERE evidence = ?1 ORDER BY rule, position");
    stmt_bind_int(q, 1, id);
    while (stmt_step(q)) {
        struct evidence_gap g = {.rule = arena_str(a, stmt_str(q, 0)),
            .item = stmt_int(q, 1),
            .number = arena_str(a, stmt_str(q, 2)),
            .title = arena_str(a, stmt_str(q, 3)),
            .said = arena_str(a, stmt_str(q, 4))};
        g.name = evidence_rule_name(g.rule);
        ARENA_PUSH(a, v, k, cap) = g;
    }
    *out = v;
    *n = k;
    return stmt_end(q, e);
}

struct str evidence_file_name(struct arena *a, const struct evidence *ev, enum evidence_part part)
{
    static const char *const ends[EVIDENCE_PARTS] = {"pdf", "xlsx", "zip"};
    char day[DAY_ISO_SIZE];

    return arena_printf(a, "检查取证包%.*s.%s",
        SF(day_compact(day_of(clock_day(ev->at_ms, ZONE_CHINA)), day)), ends[part]);
}

/* ---- asking ---- */

static enum code days_check(const struct evidence_scope *s, struct err *e)
{
    struct day from, to;
    bool has_from = s->from_day.n > 0, has_to = s->to_day.n > 0;

    if ((has_from && !day_from_iso(s->from_day, &from)) ||
        (has_to && !day_from_iso(s->to_day, &to)))
        return FAIL(e, E_INPUT, "日期要写成2026-01-01的样子");
    if (has_from && has_to && day_num(from) > day_num(to))
        return FAIL(e, E_INPUT, "起始日期晚于截止日期，请改过来");
    return OK;
}

/* The scope in words: "2026-01-01至2026-12-31登记的督办事项". */
static enum code scope_words(struct db *db, struct arena *a, const struct actor *by,
    const struct evidence_scope *s, struct str *out, struct err *e)
{
    struct item it;
    const struct kind *k = NULL;
    struct str days;

    if (s->item) {
        TRY(item_get(db, a, by, s->item, &it, e));
        *out = arena_printf(
            a, "%.*s%s%.*s及关联事项", SF(it.number), it.number.n ? " " : "", SF(it.title));
        return OK;
    }
    if (s->kind.n)
        TRY(kinds_newest(by->kinds, db, s->kind, &k, e));
    days = !s->from_day.n && !s->to_day.n ? S("全部")
           : !s->to_day.n                 ? arena_printf(a, "%.*s以后登记的", SF(s->from_day))
           : !s->from_day.n               ? arena_printf(a, "%.*s以前登记的", SF(s->to_day))
                            : arena_printf(a, "%.*s至%.*s登记的", SF(s->from_day), SF(s->to_day));
    *out = arena_printf(a, "%.*s%.*s", SF(days), SF(k ? k->name : S("事项")));
    return OK;
}

static enum code ask(struct db *db, struct arena *a, const struct actor *by,
    const struct evidence_scope *s, int64_t id, struct err *e)
{
    struct str said;
    struct stmt *q;

    TRY(access_require(by->v, ACT_ITEMS, e));
    TRY(days_check(s, e));
    TRY(scope_words(db, a, by, s, &said, e));
    q = db_sql(db,
        "INSERT INTO evidence(id, person, at, finished, item, kind, clause, from_day, to_day, zip,"
        " said, state, claimed, done, total, items, gaps, pages, level, message, pdf, pdf_size,"
        " book, book_size, pack, pack_size) VALUES(?1, ?2, ?3, 0, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
        " ?11, 0, 0, 0, 0, 0, 0, 2, '', '', 0, '', 0, '', 0)");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, by->v->person);
    stmt_bind_int(q, 3, by->now_ms);
    stmt_bind_int(q, 4, s->item);
    stmt_bind_str(q, 5, s->kind);
    stmt_bind_str(q, 6, s->clause);
    stmt_bind_str(q, 7, s->from_day);
    stmt_bind_str(q, 8, s->to_day);
    stmt_bind_int(q, 9, s->zip);
    stmt_bind_str(q, 10, said);
    stmt_bind_int(q, 11, EVIDENCE_LOOK);
    TRY(stmt_run(q, NULL, e));
    return audit_simple(db, by->v->person, "evidence.ask", "evidence", id, S(""), e);
}

enum code evidence_ask(struct db *db, const struct actor *by, const struct evidence_scope *s,
    int64_t *id, struct err *e)
{
    struct arena a;
    int64_t fresh = id_next();
    enum code c;

    arena_init(&a);
    c = ask(db, &a, by, s, fresh, e);
    arena_release(&a);
    if (c == OK)
        *id = fresh;
    return c;
}

enum code evidence_make(struct db *db, const struct actor *by, int64_t id, struct err *e)
{
    struct stmt *q = db_sql(db, "UPDATE evidence SET state = ?3, claimed = 0, done = 0"
                                " WHERE id = ?1 AND person = ?2 AND state = ?4");
    int64_t changed;

    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, by->v->person);
    stmt_bind_int(q, 3, EVIDENCE_MAKE);
    stmt_bind_int(q, 4, EVIDENCE_READY);
    TRY(stmt_run(q, &changed, e));
    if (!changed)
        return FAIL(e, E_CONFLICT, "缺项还没有列出，或者这个取证包已经做了；只有提出的人能制作");
    return audit_simple(db, by->v->person, "evidence.make", "evidence", id, S(""), e);
}

/* ---- the job ---- */

struct gap {
    struct str rule, said, number, title;
    int64_t item;
};
struct doing {
    struct office *o;
    struct arena a;
    int64_t now_ms;
    struct evidence ev;
    struct person person;
    struct viewer viewer;
    struct actor by;
    struct evidence_clause *clauses, *clause;
    size_t n_clauses;
    int64_t *items;
    size_t n, cap;
    int level;
    int64_t written; /* progress that was told */
    struct gap *gaps;
    size_t n_gaps, cap_gaps;
    const struct item *at; /* the matter being judged */
    struct evidence_made made;
    struct blob_source blobs[EVIDENCE_PARTS];
};

static enum code claim_fn(struct db *db, void *arg, struct err *e)
{
    struct doing *d = arg;
    int64_t id = 0, changed;
    struct stmt *q = db_sql(db, "SELECT id FROM evidence WHERE state IN (?1, ?2) AND claimed < ?3"
                                " ORDER BY id LIMIT 1");

    d->ev.id = 0;
    stmt_bind_int(q, 1, EVIDENCE_LOOK);
    stmt_bind_int(q, 2, EVIDENCE_MAKE);
    stmt_bind_int(q, 3, d->now_ms - LEASE_MS);
    if (stmt_step(q))
        id = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    if (!id)
        return OK;
    q = db_sql(db, "UPDATE evidence SET claimed = ?2, done = 0 WHERE id = ?1 AND claimed < ?3");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, d->now_ms);
    stmt_bind_int(q, 3, d->now_ms - LEASE_MS);
    TRY(stmt_run(q, &changed, e));
    return changed ? get(db, &d->a, id, &d->ev, e) : OK;
}

/* Is one waiting? Asked before the write, which is dearer. */
static enum code waits(struct doing *d, bool *is, struct err *e)
{
    struct db *db;
    struct stmt *q;

    TRY(store_read(d->o->store, &db, e));
    q = db_sql(db, "SELECT id FROM evidence WHERE state IN (?1, ?2) AND claimed < ?3 LIMIT 1");
    stmt_bind_int(q, 1, EVIDENCE_LOOK);
    stmt_bind_int(q, 2, EVIDENCE_MAKE);
    stmt_bind_int(q, 3, d->now_ms - LEASE_MS);
    *is = stmt_step(q);
    enum code c = stmt_end(q, e);
    store_read_end(db);
    return c;
}

static enum code progress_fn(struct db *db, void *arg, struct err *e)
{
    const struct doing *d = arg;
    struct stmt *q =
        db_sql(db, "UPDATE evidence SET done = ?2, total = ?3, claimed = ?4 WHERE id = ?1");

    stmt_bind_int(q, 1, d->ev.id);
    stmt_bind_int(q, 2, d->written);
    stmt_bind_int(q, 3, (int64_t)d->n);
    stmt_bind_int(q, 4, clock_now_ms() > d->now_ms ? clock_now_ms() : d->now_ms);
    return stmt_run(q, NULL, e);
}

/* Told now and then: a write for each matter would be dearer than the matter. Not waited for by the reader's snapshot. */
static enum code progress(void *arg, int64_t done, struct err *e)
{
    struct doing *d = arg;

    if (done - d->written < PROGRESS_EACH && done != (int64_t)d->n)
        return OK;
    d->written = done;
    return store_write(d->o->store, progress_fn, d, e);
}

/* ---- which matters ---- */

static enum code item_add(struct doing *d, const struct item *it, struct err *e)
{
    if (it->discarded)
        return OK;
    if (d->n == EVIDENCE_ITEMS_MAX)
        return FAIL(e, E_LIMIT, "范围里超过%d件事项，请缩短时间或选一种事项", EVIDENCE_ITEMS_MAX);
    ARENA_PUSH(&d->a, d->items, d->n, d->cap) = it->id;
    d->level = it->level > d->level ? it->level : d->level;
    return OK;
}

static int64_t day_begin_ms(struct str iso, int add)
{
    struct day day;

    return day_from_iso(iso, &day) ? clock_day_ms(day_num(day) + add, ZONE_CHINA) : 0;
}

static enum code collect_kind(struct doing *d, struct db *db, struct str kind, struct err *e)
{
    struct item_filter f = {.kind = kind,
        .opened_from_ms = day_begin_ms(d->ev.scope.from_day, 0),
        .opened_to_ms = d->ev.scope.to_day.n ? day_begin_ms(d->ev.scope.to_day, 1) - 1 : 0,
        .uncounted = true};
    struct buf after;
    enum code c = OK;

    buf_init(&after, 0);
    do {
        struct item_page page = {.n = 0};
        struct arena a;
        arena_init(&a);
        c = item_list(db, &a, &d->by, &f, ITEM_PAGE_MAX, &page, e);
        for (size_t i = 0; c == OK && i < page.n; i++)
            c = item_add(d, &page.items[i], e);
        buf_clear(&after);
        buf_str(&after, page.next);
        f.after = buf_view(&after);
        arena_release(&a);
    } while (c == OK && f.after.n);
    buf_release(&after);
    return c;
}

static enum code collect_thread(struct doing *d, struct db *db, struct err *e)
{
    struct thread t;

    TRY(thread_read(db, &d->a, &d->by, d->ev.scope.item, &t, e));
    for (size_t i = 0; i < t.n_items; i++)
        TRY(item_add(d, &t.items[i].it, e));
    return OK;
}

/* A clause that names no kinds speaks of all. */
static bool in_scope(const struct doing *d, struct str kind)
{
    struct str kinds = d->clause ? d->clause->kinds : S("");
    return (!kinds.n || str_has_piece(kinds, S(" "), kind)) &&
           (!d->ev.scope.kind.n || str_eq(d->ev.scope.kind, kind));
}

/* The kinds of the scope, one after the other, so that each is a chapter. */
static enum code collect(struct doing *d, struct db *db, struct err *e)
{
    struct kind_row *kinds;
    size_t n;

    if (d->ev.scope.item)
        return collect_thread(d, db, e);
    TRY(kind_list(db, &d->a, &kinds, &n, e));
    for (size_t i = 0; i < n; i++) {
        if (in_scope(d, kinds[i].kind))
            TRY(collect_kind(d, db, kinds[i].kind, e));
    }
    return OK;
}

/* ---- the gaps ---- */

static enum code found(void *arg, struct str rule, int64_t item, struct str said, struct err *e)
{
    struct doing *d = arg;

    if (d->n_gaps == EVIDENCE_GAPS_MAX)
        return FAIL(e, E_LIMIT, "缺项超过%d处，请缩小范围", EVIDENCE_GAPS_MAX);
    ARENA_PUSH(&d->a, d->gaps, d->n_gaps, d->cap_gaps) = (struct gap){.rule = rule,
        .said = arena_str(&d->a, said),
        .item = item,
        .number = item ? arena_str(&d->a, d->at->number) : S(""),
        .title = item ? arena_str(&d->a, d->at->title) : S("")};
    return OK;
}

static enum code look_items(struct doing *d, struct db *db, struct err *e)
{
    enum code c = OK;

    for (size_t i = 0; c == OK && i < d->n; i++) {
        struct evidence_look l;
        struct arena a;
        arena_init(&a);
        c = evidence_look(db, &a, &d->by, d->items[i], &l, e);
        d->at = &l.it;
        if (c == OK)
            c = evidence_judge(&l, d->clause, found, d, e);
        d->at = NULL;
        arena_release(&a);
        if (c == OK)
            c = progress(d, (int64_t)i + 1, e);
    }
    return c;
}

/* Only those who keep the numbers are told what a void one was void for. */
static enum code look_numbers(struct doing *d, struct db *db, struct err *e)
{
    struct kind_row *kinds;
    size_t n;
    struct day from, to;

    if (d->ev.scope.item || !(d->viewer.roles & (ROLE_CHIEF | ROLE_SECRETARY)))
        return OK;
    if (!day_from_iso(d->ev.scope.to_day, &to))
        to = day_of(clock_day(d->now_ms, ZONE_CHINA));
    if (!day_from_iso(d->ev.scope.from_day, &from))
        from = (struct day){to.y, 1, 1};
    TRY(kind_list(db, &d->a, &kinds, &n, e));
    for (size_t i = 0; i < n; i++) {
        if (!in_scope(d, kinds[i].kind))
            continue;
        for (int y = from.y; y <= to.y; y++)
            TRY(evidence_judge_numbers(db, &d->by, kinds[i].kind, y, d->clause, found, d, e));
    }
    return OK;
}

static enum code gaps_fn(struct db *db, void *arg, struct err *e)
{
    struct doing *d = arg;
    struct stmt *q = db_sql(db, "DELETE FROM evidence_gap WHERE evidence = ?1");

    stmt_bind_int(q, 1, d->ev.id);
    TRY(stmt_run(q, NULL, e));
    for (size_t i = 0; i < d->n_gaps; i++) {
        q = db_sql(db, "INSERT INTO evidence_gap(evidence, position, rule, item, number, title,"
                       " said) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        stmt_bind_int(q, 1, d->ev.id);
        stmt_bind_int(q, 2, (int64_t)i + 1);
        stmt_bind_str(q, 3, d->gaps[i].rule);
        stmt_bind_int(q, 4, d->gaps[i].item);
        stmt_bind_str(q, 5, d->gaps[i].number);
        stmt_bind_str(q, 6, d->gaps[i].title);
        stmt_bind_str(q, 7, d->gaps[i].said);
        TRY(stmt_run(q, NULL, e));
    }
    q = db_sql(db, "UPDATE evidence SET state = ?2, claimed = 0, items = ?3, gaps = ?4, level = ?5,"
                   " message = '' WHERE id = ?1");
    stmt_bind_int(q, 1, d->ev.id);
    stmt_bind_int(q, 2, EVIDENCE_READY);
    stmt_bind_int(q, 3, (int64_t)d->n);
    stmt_bind_int(q, 4, (int64_t)d->n_gaps);
    stmt_bind_int(q, 5, d->level);
    return stmt_run(q, NULL, e);
}

/* ---- the pack ---- */

static enum code pack_fn(struct db *db, void *arg, struct err *e)
{
    struct doing *d = arg;
    struct stmt *q;

    for (int i = 0; i < EVIDENCE_PARTS; i++)
        if (d->blobs[i].size)
            TRY(blob_put(db, &d->blobs[i], NULL, e));
    q = db_sql(db, "UPDATE evidence SET state = ?2, claimed = 0, finished = ?3, items = ?4,"
                   " pages = ?5, message = ?6, pdf = ?7, pdf_size = ?8, book = ?9, book_size = ?10,"
                   " pack = ?11, pack_size = ?12, level = ?13 WHERE id = ?1");
    stmt_bind_int(q, 1, d->ev.id);
    stmt_bind_int(q, 2, EVIDENCE_DONE);
    stmt_bind_int(q, 3, clock_now_ms());
    stmt_bind_int(q, 4, (int64_t)d->n);
    stmt_bind_int(q, 5, d->made.pages);
    stmt_bind_str(q, 6, d->made.message);
    for (int i = 0; i < EVIDENCE_PARTS; i++) {
        stmt_bind_str(q, 7 + 2 * i, d->blobs[i].size ? str_z(d->blobs[i].hex) : S(""));
        stmt_bind_int(q, 8 + 2 * i, d->blobs[i].size);
    }
    stmt_bind_int(q, 13, d->level);
    TRY(stmt_run(q, NULL, e));
    return audit_simple(
        db, d->ev.person, "evidence.done", "evidence", d->ev.id, str_z(d->blobs[0].hex), e);
}

static enum code pack_hash(struct doing *d, struct err *e)
{
    const struct buf *parts[EVIDENCE_PARTS] = {&d->made.pdf, &d->made.book, &d->made.zip};

    for (int i = 0; i < EVIDENCE_PARTS; i++)
        if (parts[i]->n)
            TRY(blob_hash_bytes(buf_view(parts[i]), &d->blobs[i], e));
    return OK;
}

static enum code work_on(struct doing *d, struct db *db, struct err *e)
{
    struct evidence_job j;

    TRY(person_get(db, &d->a, d->ev.person, &d->person, e));
    if (!d->person.active)
        return FAIL(e, E_DENIED, "提出的人已停用");
    d->viewer = person_viewer(&d->person);
    d->by = (struct actor){.v = &d->viewer,
        .kinds = d->o->kinds,
        .calendar = d->o->calendar,
        .hours = &d->o->hours,
        .now_ms = d->now_ms};
    TRY(evidence_clauses(d->o, &d->a, &d->clauses, &d->n_clauses, e));
    for (size_t i = 0; i < d->n_clauses; i++)
        if (str_eq(d->clauses[i].id, d->ev.scope.clause))
            d->clause = &d->clauses[i];
    if (d->ev.scope.clause.n && !d->clause)
        return FAIL(e, E_NOTFOUND, "检查条款“%.*s”已不在条款表里", SF(d->ev.scope.clause));
    TRY(collect(d, db, e));
    if (d->ev.state == EVIDENCE_LOOK) {
        TRY(look_items(d, db, e));
        return look_numbers(d, db, e);
    }
    j = (struct evidence_job){.o = d->o,
        .db = db,
        .by = &d->by,
        .ev = &d->ev,
        .clause = d->clause,
        .items = d->items,
        .n = d->n,
        .progress = progress,
        .arg = d};
    return evidence_pack(&j, &d->a, &d->made, e);
}

struct failing {
    int64_t id;
    struct str why;
};
static enum code fail_fn(struct db *db, void *arg, struct err *e)
{
    const struct failing *f = arg;
    struct stmt *q =
        db_sql(db, "UPDATE evidence SET state = ?2, claimed = 0, message = ?3 WHERE id = ?1");

    stmt_bind_int(q, 1, f->id);
    stmt_bind_int(q, 2, EVIDENCE_FAILED);
    stmt_bind_str(q, 3, f->why);
    return stmt_run(q, NULL, e);
}

static enum code work(struct doing *d, struct err *e)
{
    struct db *db;
    enum code c;

    TRY(store_read(d->o->store, &db, e));
    c = work_on(d, db, e);
    store_read_end(db);
    TRY(c);
    if (d->ev.state == EVIDENCE_LOOK)
        return store_write(d->o->store, gaps_fn, d, e);
    TRY(pack_hash(d, e));
    return store_write(d->o->store, pack_fn, d, e);
}

enum code evidence_run(struct office *o, int64_t now_ms, bool *did, struct err *e)
{
    struct doing d = {.o = o, .now_ms = now_ms};
    struct err why = {.code = OK};
    enum code c;

    *did = false;
    arena_init(&d.a);
    buf_init(&d.made.pdf, 0);
    buf_init(&d.made.book, 0);
    buf_init(&d.made.zip, 0);
    c = waits(&d, did, e);
    if (c == OK && *did)
        c = store_write(o->store, claim_fn, &d, e);
    if (c == OK && d.ev.id && work(&d, &why) != OK)
        c = store_write(o->store, fail_fn, &(struct failing){d.ev.id, str_z(why.msg)}, e);
    buf_release(&d.made.pdf);
    buf_release(&d.made.book);
    buf_release(&d.made.zip);
    arena_release(&d.a);
    return c;
}

/* ---- serve ---- */

struct evidence_maker {
    struct office *o;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    atomic_bool stop;
};

static void complain(const struct err *e)
{
    static const struct log log = {2, LOG_INFO, ZONE_CHINA};
    struct log_line l;

    log_begin(&l, &log, LOG_WARN, "evidence");
    log_str(&l, "why", str_z(e->msg));
    log_end(&l);
}

static void *loop(void *arg)
{
    struct evidence_maker *m = arg;

    pthread_mutex_lock(&m->lock);
    while (!atomic_load(&m->stop)) {
        struct timespec at;
        struct err e;
        bool did = false;
        pthread_mutex_unlock(&m->lock);
        if (evidence_run(m->o, clock_now_ms(), &did, &e) != OK) {
            complain(&e);
            did = false;
        }
        pthread_mutex_lock(&m->lock);
        clock_gettime(CLOCK_REALTIME, &at);
        at.tv_sec += TICK_S;
        if (!did && !atomic_load(&m->stop))
            pthread_cond_timedwait(&m->wake, &m->lock, &at);
    }
    pthread_mutex_unlock(&m->lock);
    return NULL;
}

static void maker_free(struct evidence_maker *m)
{
    pthread_cond_destroy(&m->wake);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

enum code evidence_maker_start(struct office *o, struct evidence_maker **out, struct err *e)
{
    struct evidence_maker *m = mem_alloc(sizeof(*m));

    m->o = o;
    pthread_mutex_init(&m->lock, NULL);
    pthread_cond_init(&m->wake, NULL);
    atomic_init(&m->stop, false);
    if (pthread_create(&m->thread, NULL, loop, m) != 0) {
        maker_free(m);
        return FAIL(e, E_IO, "无法启动制作取证包的线程");
    }
    *out = m;
    return OK;
}

void evidence_maker_stop(struct evidence_maker *m)
{
    if (!m)
        return;
    pthread_mutex_lock(&m->lock);
    atomic_store(&m->stop, true);
    pthread_cond_signal(&m->wake);
    pthread_mutex_unlock(&m->lock);
    pthread_join(m->thread, NULL);
    maker_free(m);
}
