/* page_evidence.c - inspection packs: asking for the gaps, looking at them, having the pack made, taking it out. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "office/audit.h"
#include "office/evidence.h"
#include "store/blob.h"
#include "web/route.h"
#include "web/rows.h"

enum { GAPS_SHOWN = 200 };

static struct str clause_name(const struct evidence_clause *v, size_t n, struct str id)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i].id, id))
            return v[i].name;
    return S("");
}

static bool waits(const struct evidence *ev)
{
    return ev->state == EVIDENCE_LOOK || ev->state == EVIDENCE_MAKE;
}

static struct evidence_row row_of(struct ctx *c, const struct evidence *ev,
    const struct evidence_clause *clauses, size_t n_clauses)
{
    return (struct evidence_row){.id = ev->id,
        .said = ev->said,
        .clause = clause_name(clauses, n_clauses, ev->scope.clause),
        .person = ev->person_name,
        .at = minute_text(c, ev->at_ms),
        .state = str_z(evidence_state_name(ev->state)),
        .style = ev->state == EVIDENCE_FAILED ? S("force")
                 : waits(ev)                  ? S("held")
                                              : S(""),
        .working = waits(ev),
        .items = ev->items,
        .gaps = ev->gaps,
        .pages = ev->pages};
}

/* ---- the list ---- */

static enum code fill_form(struct ctx *c, struct db *db, struct page_evidence *p,
    const struct evidence_clause *clauses, size_t n, struct err *e)
{
    struct choices kinds = {0}, list = {0};
    struct kind_row *v;
    struct item it;
    size_t n_kinds;
    struct str kind = req_field(c->r, "kind"), clause = req_field(c->r, "clause");

    TRY(kind_list(db, c->a, &v, &n_kinds, e));
    choice_add(c, &kinds, S(""), S("全部"), !kind.n);
    for (size_t i = 0; i < n_kinds; i++)
        choice_add(c, &kinds, v[i].kind, v[i].name, str_eq(kind, v[i].kind));
    choice_add(c, &list, S(""), S("不按条款，全部缺项都查"), !clause.n);
    for (size_t i = 0; i < n; i++)
        choice_add(c, &list, clauses[i].id, clauses[i].name, str_eq(clause, clauses[i].id));
    p->kinds = kinds.v;
    p->n_kinds = kinds.n;
    p->clauses = list.v;
    p->n_clauses = list.n;
    if (!p->item)
        return OK;
    TRY(item_get(db, c->a, ctx_actor(c), p->item, &it, e));
    p->item_title = arena_printf(c->a, "%.*s %.*s", SF(it.number), SF(it.title));
    return OK;
}

static enum code fill_list(struct ctx *c, struct db *db, struct page_evidence *p, struct err *e)
{
    struct evidence_clause *clauses;
    struct evidence *v;
    size_t n, n_clauses;

    TRY(evidence_clauses(c->app->office, c->a, &clauses, &n_clauses, e));
    TRY(fill_form(c, db, p, clauses, n_clauses, e));
    TRY(evidence_list(db, c->a, ctx_actor(c), &v, &n, e));
    p->rows = ARENA_ARRAY(c->a, struct evidence_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->rows[p->n_rows++] = row_of(c, &v[i], clauses, n_clauses);
    return OK;
}

static enum code show_list(struct ctx *c, struct str problem, struct err *e)
{
    struct page_evidence p = {.problem = problem,
        .from_day = req_field(c->r, "from_day"),
        .to_day = req_field(c->r, "to_day"),
        .zip = req_field(c->r, "zip").n > 0};
    struct str item = problem.n ? req_field(c->r, "item") : req_query(c->r, "item");
    struct db *db;
    enum code code;

    p.item = ctx_int(item, 1, INT64_MAX, 0);
    if (!problem.n)
        p.done = ctx_flash_take(c);
    TRY(store_read(c->app->office->store, &db, e));
    code = fill_list(c, db, &p, e);
    store_read_end(db);
    if (code == OK)
        show_evidence(c, &p);
    return code;
}

enum code page_evidence(struct ctx *c, struct err *e)
{
    return show_list(c, S(""), e);
}

struct asking {
    struct evidence_scope scope;
    int64_t id;
};

static enum code write_ask(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct asking *k = c->job;

    return evidence_ask(db, ctx_actor(c), &k->scope, &k->id, e);
}

static enum code after_ask(struct ctx *c, enum code code, struct err *e)
{
    const struct asking *k = c->job;

    if (code == E_INPUT || code == E_NOTFOUND) {
        c->r->res.status = 400;
        return show_list(c, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code == OK)
        ctx_redirect(c, arena_printf(c->a, "/evidence/%lld", (long long)k->id));
    return code;
}

enum code do_evidence(struct ctx *c, struct err *e)
{
    struct asking *k = ARENA_NEW(c->a, struct asking);

    (void)e;
    k->scope = (struct evidence_scope){.item = ctx_int(req_field(c->r, "item"), 1, INT64_MAX, 0),
        .kind = str_trim(req_field(c->r, "kind")),
        .clause = str_trim(req_field(c->r, "clause")),
        .from_day = str_trim(req_field(c->r, "from_day")),
        .to_day = str_trim(req_field(c->r, "to_day")),
        .zip = req_field(c->r, "zip").n > 0};
    c->job = k;
    return ctx_write(c, write_ask, c, after_ask);
}

/* ---- one pack ---- */

static void group_gaps(
    struct ctx *c, struct page_evidence_one *p, const struct evidence_gap *v, size_t n)
{
    struct gap_group *g = NULL;

    p->groups = ARENA_ARRAY(c->a, struct gap_group, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (!g || !str_eq(g->name, v[i].name)) {
            g = &p->groups[p->n_groups++];
            g->name = v[i].name;
            g->rows = ARENA_ARRAY(c->a, struct gap_row, GAPS_SHOWN);
        }
        g->n++;
        if (g->n_rows == GAPS_SHOWN) {
            g->more = true;
            continue;
        }
        g->rows[g->n_rows++] = (struct gap_row){.number = v[i].number,
            .title = v[i].title,
            .said = v[i].said,
            .link = v[i].item ? arena_printf(c->a, "/items/%lld", (long long)v[i].item) : S("")};
    }
}

static const char *const part_paths[EVIDENCE_PARTS] = {"pdf", "book", "zip"};

static void fill_parts(struct ctx *c, struct page_evidence_one *p, const struct evidence *ev)
{
    p->parts = ARENA_ARRAY(c->a, struct evidence_part_row, EVIDENCE_PARTS);
    for (int i = 0; i < EVIDENCE_PARTS; i++)
        if (ev->digest[i].n)
            p->parts[p->n_parts++] = (struct evidence_part_row){
                .name = evidence_file_name(c->a, ev, (enum evidence_part)i),
                .link = arena_printf(c->a, "/evidence/%lld/%s", (long long)ev->id, part_paths[i]),
                .size = ctx_size(c, ev->size[i]),
                .digest = ev->digest[i]};
}

static enum code fill_one(struct ctx *c, struct db *db, struct page_evidence_one *p, struct err *e)
{
    struct evidence ev;
    struct evidence_gap *gaps;
    struct evidence_clause *clauses;
    size_t n, n_clauses;

    TRY(evidence_get(db, c->a, ctx_actor(c), c->id, &ev, e));
    TRY(evidence_gaps(db, c->a, ctx_actor(c), c->id, &gaps, &n, e));
    TRY(evidence_clauses(c->app->office, c->a, &clauses, &n_clauses, e));
    p->pack = row_of(c, &ev, clauses, n_clauses);
    for (size_t i = 0; i < n_clauses; i++)
        if (str_eq(clauses[i].id, ev.scope.clause))
            p->basis = clauses[i].basis;
    p->message = ev.message;
    p->done_items = ev.done;
    p->total = ev.total;
    p->waiting = waits(&ev);
    p->mine = ev.person == c->v->person;
    p->may_make = p->mine && ev.state == EVIDENCE_READY;
    group_gaps(c, p, gaps, n);
    fill_parts(c, p, &ev);
    return OK;
}

enum code page_evidence_one(struct ctx *c, struct err *e)
{
    struct page_evidence_one p = {.done = ctx_flash_take(c)};
    struct db *db;
    enum code code;

    TRY(store_read(c->app->office->store, &db, e));
    code = fill_one(c, db, &p, e);
    store_read_end(db);
    if (code == OK)
        show_evidence_one(c, &p);
    return code;
}

static enum code write_make(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;

    return evidence_make(db, ctx_actor(c), c->id, e);
}

static enum code after_make(struct ctx *c, enum code code, struct err *e)
{
    if (code != OK && code != E_CONFLICT)
        return code;
    if (code == E_CONFLICT)
        ctx_flash(c, arena_str(c->a, str_z(e->msg)));
    ctx_redirect(c, arena_printf(c->a, "/evidence/%lld", (long long)c->id));
    return OK;
}

enum code do_evidence_make(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_make, c, after_make);
}

/* ---- taking it out ---- */

static enum code part_read(
    struct ctx *c, enum evidence_part part, int fd, struct evidence *ev, struct err *e)
{
    struct db *db;
    enum code code;

    TRY(store_read(c->app->office->store, &db, e));
    code = evidence_get(db, c->a, ctx_actor(c), c->id, ev, e);
    if (code == OK && !ev->digest[part].n)
        code = FAIL(e, E_NOTFOUND, "这个取证包还没有做好，或者没有要这个文件");
    if (code == OK)
        code = blob_read_fd(db, ev->digest[part], fd, e);
    store_read_end(db);
    return code;
}

static enum code part_send(struct ctx *c, enum evidence_part part, struct err *e)
{
    static const char *const types[EVIDENCE_PARTS] = {"application/pdf",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/zip"};
    char *path = arena_z(c->a, arena_printf(c->a, "%s/tmp/download-XXXXXX", c->app->office->dir));
    struct evidence ev;
    int fd = mkstemp(path);
    enum code code;

    if (fd < 0)
        return FAIL(e, E_IO, "无法在数据目录里暂存下载的文件");
    (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    unlink(path);
    code = part_read(c, part, fd, &ev, e);
    if (code != OK) {
        close(fd);
        return code;
    }
    struct access_entry x = {.person = c->v->person,
        .kind = ACCESS_EXPORT,
        .what = arena_printf(c->a, "检查取证包（%s），%lld件：%.*s", part_paths[part],
            (long long)ev.items, SF(ev.said))};
    audit_access_to(c->app->office->store, &x);
    c->r->res.kind = BODY_FD;
    c->r->res.fd = fd;
    c->r->res.fd_size = ev.size[part];
    c->r->res.type = str_z(types[part]);
    ctx_attachment(c, evidence_file_name(c->a, &ev, part));
    return OK;
}

enum code page_evidence_pdf(struct ctx *c, struct err *e)
{
    return part_send(c, EVIDENCE_PDF, e);
}
enum code page_evidence_book(struct ctx *c, struct err *e)
{
    return part_send(c, EVIDENCE_BOOK, e);
}
enum code page_evidence_zip(struct ctx *c, struct err *e)
{
    return part_send(c, EVIDENCE_ZIP, e);
}
