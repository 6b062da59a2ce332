/* How long the inspection pack of a year takes: N supervised matters (2,000), by the real verbs, then the gaps and the pack.
 *   bench/evidence_office [N]      figures on standard output; the PDF stays where it says with KEEP=PATH */
#include <time.h>

#include "../tests/itemdb.h"
#include "base/io.h"
#include "office/evidence.h"
#include "store/blob.h"

static double now_ms(clockid_t clock)
{
    struct timespec t;

    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void must(enum code c, const struct err *e)
{
    if (c == OK)
        return;
    (void)fprintf(stderr, "%s\n", e->msg);
    exit(1);
}

struct making {
    struct itemdb *t;
    int i;
    int64_t id;
    struct evidence_scope scope;
};

static enum code move(struct db *db, struct itemdb *t, int who, int64_t id, const char *name,
    struct str text, struct err *e)
{
    struct item it;
    struct item_move m = {.move = str_z(name), .opinion = text};

    TRY(item_get(db, &t->o.a, itemdb_as(t, who), id, &it, e));
    return item_move(db, itemdb_as(t, who), id, it.revision, &m, e);
}

static enum code answer(
    struct db *db, struct itemdb *t, int64_t id, struct str word, struct str text, struct err *e)
{
    struct ask *v;
    size_t n;

    TRY(ask_list(db, &t->o.a, itemdb_as(t, LIAISON), id, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (v[i].state == ASK_OPEN)
            return ask_answer(db, itemdb_as(t, LIAISON), v[i].id, word, text, NULL, 0, e);
    return OK;
}

/* Every seventh stays open, the others go to their end. */
static enum code one_fn(struct db *db, void *arg, struct err *e)
{
    struct making *m = arg;
    struct itemdb *t = m->t;
    char fields[512];
    json_t *json;
    struct item_open o = {.kind = S("supervision")};
    enum code c;

    (void)snprintf(fields, sizeof(fields),
        "{\"demand\":\"完成第%d处边坡隐患整改并形成长效机制\",\"category\":\"重点工作\",\"lead\":"
        "\"4\","
        "\"due\":\"2026-07-20\",\"standard\":\"隐患清零，有照片和验收单\"}",
        m->i + 1);
    TRY(jr_parse(str_z(fields), &json, e));
    o.fields = json;
    c = item_open(db, itemdb_as(t, SECRETARY), &o, &m->id, e);
    json_decref(json);
    TRY(c);
    TRY(move(db, t, SECRETARY, m->id, "submit", S(""), e));
    TRY(move(db, t, CHIEF, m->id, "approve", S("同意立项，请抓紧交办。"), e));
    TRY(move(db, t, SECRETARY, m->id, "assign", S("请按期反馈。"), e));
    TRY(answer(db, t, m->id, S("已收"), S(""), e));
    if (m->i % 7 == 0)
        return OK;
    TRY(answer(
        db, t, m->id, S("已反馈"), S("已组织排查整改，隐患全部销号，佐证材料存档备查。"), e));
    return move(db, t, CHIEF, m->id, "pass", S("核查属实，同意办结。"), e);
}

static enum code seed_fn(struct db *db, void *arg, struct err *e)
{
    (void)arg;
    return kind_seed(db, e);
}
static enum code ask_fn(struct db *db, void *arg, struct err *e)
{
    struct making *m = arg;

    return evidence_ask(db, itemdb_as(m->t, CHIEF), &m->scope, &m->id, e);
}
static enum code make_fn(struct db *db, void *arg, struct err *e)
{
    struct making *m = arg;

    return evidence_make(db, itemdb_as(m->t, CHIEF), m->id, e);
}

static void run(struct office *o, int64_t now_ms_, const char *what)
{
    struct err e;
    bool did;
    double wall = now_ms(CLOCK_MONOTONIC), cpu = now_ms(CLOCK_PROCESS_CPUTIME_ID);

    must(evidence_run(o, now_ms_, &did, &e), &e);
    (void)printf("%s: %.1f s on the clock, %.1f s of processor\n", what,
        (now_ms(CLOCK_MONOTONIC) - wall) / 1e3, (now_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu) / 1e3);
}

static void keep(struct itemdb *t, const struct evidence *ev)
{
    const char *path = getenv("KEEP"); /* NOLINT(concurrency-mt-unsafe) */
    struct buf b;
    struct err e;
    struct db *db;

    if (!path)
        return;
    buf_init(&b, 0);
    db = itemdb_read(t);
    must(blob_read(db, ev->digest[EVIDENCE_PDF], &b, &e), &e);
    store_read_end(db);
    must(io_write_file(path, buf_view(&b), 0600, &e), &e);
    buf_release(&b);
}

int main(int argc, char **argv)
{
    struct itemdb t;
    struct making m = {.t = &t};
    struct err e;
    struct evidence ev;
    struct db *db;
    char tmp[IO_PATH_MAX];
    int64_t n = 2000;

    if (argc > 1)
        must(str_int(str_z(argv[1]), &n, &e), &e);
    itemdb_open(&t);
    must(io_join(tmp, t.o.t.dir, "tmp", &e), &e);
    must(io_mkdirs(tmp, 0700, &e), &e);
    must(store_write(t.o.st, seed_fn, NULL, &e), &e);
    for (m.i = 0; m.i < n; m.i++) {
        must(store_write(t.o.st, one_fn, &m, &e), &e);
        arena_clear(&t.o.a);
    }
    struct office o = {.store = t.o.st,
        .kinds = t.kinds,
        .calendar = t.calendar,
        .hours = t.hours,
        .dir = t.o.t.dir};
    t.now_ms += 60 * MS_DAY;
    must(store_write(t.o.st, ask_fn, &m, &e), &e);
    run(&o, t.now_ms, "gaps");
    must(store_write(t.o.st, make_fn, &m, &e), &e);
    run(&o, t.now_ms, "pack");
    db = itemdb_read(&t);
    must(evidence_get(db, &t.o.a, itemdb_as(&t, CHIEF), m.id, &ev, &e), &e);
    store_read_end(db);
    (void)printf("%lld matters, %lld gaps, %lld pages, PDF %lld KB, workbook %lld KB %.*s\n",
        (long long)ev.items, (long long)ev.gaps, (long long)ev.pages,
        (long long)ev.size[EVIDENCE_PDF] >> 10, (long long)ev.size[EVIDENCE_BOOK] >> 10,
        SF(ev.message));
    keep(&t, &ev);
    itemdb_close(&t);
    return ev.state == EVIDENCE_DONE ? 0 : 1;
}
