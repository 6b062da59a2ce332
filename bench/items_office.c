/* items_office.c - a large office: a million matters, five million events.
 *
 *   items_office make DIR ITEMS [postgresql://...]    DIR: does not exist yet; the database is empty
 *   items_office calls DIR [postgresql://...]         what the calls behind the pages take, for five people
 *
 * make: TEMPLATES matters go their way by the real verbs, with 400 people in 194 units. Then their rows, in every table of the
 * engine, are copied until there are ITEMS: other ids, other numbers, earlier instants (what is closed 23 days each time, what is
 * open seven hours), and chains whose digests are computed anew, so that `qianshao verify` holds. Indexes are made after the rows. */
#include <libpq-fe.h>
#include <math.h>

#include "base/id.h"
#include "items.h"
#include "office/chain.h"
#include "office/item_clock.h"
#include "office/item_event.h"

enum { TEMPLATES = 10000, OPEN_PERCENT = 1, COLUMNS_MAX = 24, BATCH = 500 };
#define STEP_CLOSED  (23 * MS_DAY)
#define STEP_OPEN_MS (7 * MS_HOUR)

/* ---- rows as they are ---- */

/* What becomes of a column in a copy. */
enum change { KEEP, ITEM, /* id of an item */ ID, INSTANT, NUMBER, SERIAL, BYTES, DIGEST };
struct column {
    const char *name;
    enum change change;
};
struct table {
    const char *name, *item; /* column that says of which item the row is */
    struct column c[COLUMNS_MAX];
};
/* clang-format off */
static const struct table tables[] = {
    {"item", "id", {{"id", ITEM}, {"kind", 0}, {"kind_version", 0}, {"number", NUMBER}, {"title", 0}, {"state", 0},
        {"level", 0}, {"urgency", 0}, {"owner", 0}, {"unit", 0}, {"opener", 0}, {"opened", INSTANT},
        {"entered", INSTANT}, {"closed", INSTANT}, {"due", INSTANT}, {"fields", 0}, {"revision", 0}}},
    {"item_value", "item", {{"item", ITEM}, {"field", 0}, {"position", 0}, {"kind", 0}, {"opened", INSTANT},
        {"number", 0}, {"text", 0}, {"sort", 0}}},
    {"item_grant", "item", {{"item", ITEM}, {"kind", 0}, {"principal", 0}, {"why", 0}, {"box", 0},
        {"opened", INSTANT}, {"item_kind", 0}, {"stage", 0}}},
    {"item_number", "item", {{"item", ITEM}, {"kind", 0}, {"code", 0}, {"year", 0}, {"serial", SERIAL}, {"state", 0},
        {"at", INSTANT}, {"by_person", 0}, {"number", NUMBER}, {"why", 0}}},
    {"item_clock", "item", {{"item", ITEM}, {"clock", 0}, {"run", 0}, {"state", 0}, {"started", INSTANT},
        {"due", INSTANT}, {"original", INSTANT}, {"paused", INSTANT}, {"met", INSTANT}, {"wanted", 0},
        {"wanted_at", INSTANT}, {"wanted_by", 0}}},
    {"item_light", "item", {{"item", ITEM}, {"from_at", INSTANT}, {"until_at", INSTANT}, {"colour", 0},
        {"due", INSTANT}, {"text", 0}, {"item_kind", 0}, {"opened", INSTANT}}},
    {"ask", "item", {{"item", ITEM}, {"id", ID}, {"kind", 0}, {"to_kind", 0}, {"to_id", 0}, {"by_person", 0},
        {"parent", ID}, {"purpose", 0}, {"answers", 0}, {"wait", 0}, {"state", 0}, {"turn", 0}, {"final", 0},
        {"made", 0}, {"sent", INSTANT}, {"seen", INSTANT}, {"answered", INSTANT}, {"due", INSTANT},
        {"answered_by", 0}, {"word", 0}, {"text", 0}, {"reminded", 0}}},
    {"item_event", "item", {{"item", ITEM}, {"seq", 0}, {"at", INSTANT}, {"actor", 0}, {"for_person", 0}, {"verb", 0},
        {"salt", BYTES}, {"payload", 0}, {"payload_digest", BYTES}, {"erased", 0}, {"digest", DIGEST}}},
    {"item_step", "item", {{"item", ITEM}, {"what", 0}, {"ask", ID}, {"seq", 0}, {"kind", 0}, {"state", 0}, {"closed", 0},
        {"person", 0}, {"unit", 0}, {"urgency", 0}, {"entered", INSTANT}, {"noted", INSTANT}, {"left_at", INSTANT},
        {"result", 0}, {"due", INSTANT}}},
    {"item_link", "from_id", {{"from_id", ITEM}, {"id", ID}, {"from_kind", 0}, {"from_begin", 0}, {"from_end", 0},
        {"to_kind", 0}, {"to_id", ITEM}, {"to_begin", 0}, {"to_end", 0}, {"relation", 0}, {"at", INSTANT},
        {"by_person", 0}}},
};
/* clang-format on */
enum { TABLES = sizeof(tables) / sizeof(*tables) };

struct value {
    bool text;
    int64_t n;
    struct str s;
};
struct rows {
    size_t columns, n, cap;
    struct value *v; /* n * columns */
    char sql_read[600], sql_write[900], sql_copy[600];
};
struct template
{
    int64_t item;
    bool open;
    size_t from[TABLES], to[TABLES];
};
struct copying {
    struct bench b;
    struct rows rows[TABLES];
    struct template *t;
    size_t n_t;
    PGconn *pg; /* NULL: SQLite */
    struct buf copy[TABLES];
    int64_t items, events, total;
    /* what is being written */
    int round;
    size_t begin, end;
};

static void sql_of(const struct table *t, struct rows *r)
{
    char names[500] = "", places[200] = "";
    for (r->columns = 0; r->columns < COLUMNS_MAX && t->c[r->columns].name; r->columns++) {
        size_t at = strlen(names);
        (void)snprintf(
            names + at, sizeof(names) - at, "%s%s", at ? ", " : "", t->c[r->columns].name);
        at = strlen(places);
        (void)snprintf(places + at, sizeof(places) - at, "%s?%zu", at ? ", " : "", r->columns + 1);
    }
    (void)snprintf(
        r->sql_read, sizeof(r->sql_read), "SELECT %s FROM %s ORDER BY 1, 2", names, t->name);
    (void)snprintf(r->sql_write, sizeof(r->sql_write), "INSERT INTO %s(%s) VALUES(%s)", t->name,
        names, places);
    (void)snprintf(r->sql_copy, sizeof(r->sql_copy), "COPY %s(%s) FROM STDIN", t->name, names);
}

static bool is_text(const struct table *t, size_t c, struct str s)
{
    static const char *const texts[] = {"kind", "number", "title", "state", "fields", "field",
        "text", "sort", "why", "clock", "wanted", "purpose", "answers", "word", "verb", "payload",
        "relation", "code"};
    const char *name = t->c[c].name;
    (void)s;
    if (strcmp(name, "item_kind") == 0)
        return true;
    if (strcmp(t->name, "item_grant") == 0)
        return false;
    if (strcmp(name, "state") == 0)
        return strcmp(t->name, "item") == 0 || strcmp(t->name, "item_step") == 0;
    if (strcmp(name, "number") == 0)
        return strcmp(t->name, "item_value") != 0;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        if (strcmp(name, texts[i]) == 0)
            return true;
    return false;
}

static void read_table(struct copying *k, size_t i)
{
    const struct table *t = &tables[i];
    struct rows *r = &k->rows[i];
    struct db *db;
    struct err e;
    sql_of(t, r);
    must(store_read(k->b.o->store, &db, &e), &e);
    struct stmt *q = db_sql(db, r->sql_read);
    while (r->columns && stmt_step(q)) {
        if (r->n == r->cap) {
            r->cap = r->cap ? r->cap * 2 : 1024;
            r->v = realloc(r->v, r->cap * r->columns * sizeof(*r->v));
            if (!r->v)
                abort();
        }
        for (size_t c = 0; c < r->columns; c++) {
            struct value *v = &r->v[r->n * r->columns + c];
            *v = (struct value){.text = true};
            if (t->c[c].change == BYTES || t->c[c].change == DIGEST)
                v->s = arena_str(&k->b.a, stmt_blob(q, (int)c));
            else if (is_text(t, c, S("")))
                v->s = arena_str(&k->b.a, stmt_str(q, (int)c));
            else
                *v = (struct value){.n = stmt_int(q, (int)c)};
        }
        r->n++;
    }
    must(stmt_end(q, &e), &e);
    store_read_end(db);
}

/* Rows stand by item in every table, so that one walk finds those of each. */
static void find_rows(struct copying *k)
{
    const struct rows *items = &k->rows[0];
    k->n_t = items->n;
    k->t = calloc(k->n_t, sizeof(*k->t));
    if (!k->t)
        abort();
    for (size_t x = 0; x < k->n_t; x++) {
        k->t[x].item = items->v[x * items->columns].n;
        k->t[x].open = items->v[x * items->columns + 13].n == 0;
    }
    for (size_t i = 0; i < TABLES; i++) {
        const struct rows *r = &k->rows[i];
        size_t at = 0;
        for (size_t x = 0; x < k->n_t; x++) {
            while (at < r->n && r->v[at * r->columns].n < k->t[x].item)
                at++;
            k->t[x].from[i] = at;
            while (at < r->n && r->v[at * r->columns].n == k->t[x].item)
                at++;
            k->t[x].to[i] = at;
        }
    }
}

/* ---- copies ---- */

static int64_t shift_ms(const struct copying *k, const struct template *t)
{
    return (int64_t)k->round * (t->open ? STEP_OPEN_MS : STEP_CLOSED);
}

static int64_t serial_of(const struct copying *k, int64_t serial)
{
    return INT64_C(2) * TEMPLATES + serial * 1000 + k->round;
}

/* 督〔2026〕12号: another serial. */
static struct str number_of(const struct copying *k, struct str s, char out[120])
{
    struct str head, tail, rest;
    int64_t serial;
    struct err e;
    if (!str_cut(s, S("〕"), &head, &tail) || !str_cut(tail, S("号"), &tail, &rest) ||
        str_int(tail, &serial, &e) != OK)
        return s;
    (void)snprintf(out, 120, "%.*s〕%lld号", SF(head), (long long)serial_of(k, serial));
    return str_z(out);
}

struct chain {
    struct digest last;
    bool begun;
};

static void part_digest(struct sm3 *h, const struct digest *d, bool any)
{
    chain_part(h, any ? (struct str){(const char *)d->b, SM3_SIZE} : S(""));
}

/* As item_event.c has it, over the row as it is written. */
static struct str next_digest(struct chain *c, const struct value *row)
{
    struct sm3 *h = sm3_new();
    part_digest(h, &c->last, c->begun);
    for (int i = 0; i < 5; i++) /* item seq at actor for_person */
        chain_number(h, row[i].n);
    chain_part(h, row[5].s);
    chain_part(h, row[8].s);
    sm3_end(h, &c->last);
    c->begun = true;
    return (struct str){(const char *)c->last.b, SM3_SIZE};
}

static void change_row(const struct copying *k, const struct template *t, size_t table,
    const struct value *from, struct value *to, char number[120], struct chain *chain)
{
    int64_t ms = shift_ms(k, t), ids = ms << 22; /* ids hold the time: base/id.h */
    for (size_t c = 0; c < k->rows[table].columns; c++) {
        to[c] = from[c];
        switch (tables[table].c[c].change) {
        case ITEM:
        case ID:
            to[c].n = from[c].n ? from[c].n - ids : 0;
            break;
        case INSTANT:
            to[c].n = from[c].n && from[c].n != INT64_MAX ? from[c].n - ms : from[c].n;
            break;
        case NUMBER:
            to[c].s = number_of(k, from[c].s, number);
            break;
        case SERIAL:
            to[c].n = serial_of(k, from[c].n);
            break;
        case DIGEST:
            to[c].s = next_digest(chain, to);
            break;
        case KEEP:
        case BYTES:
            break;
        }
    }
}

static enum code insert_row(
    struct db *db, const struct rows *r, size_t table, const struct value *v, struct err *e)
{
    struct stmt *q = db_sql(db, r->sql_write);
    for (size_t c = 0; c < r->columns; c++)
        if (!v[c].text)
            stmt_bind_int(q, (int)c + 1, v[c].n);
        else if (tables[table].c[c].change == BYTES || tables[table].c[c].change == DIGEST)
            stmt_bind_blob(q, (int)c + 1, v[c].s);
        else
            stmt_bind_str(q, (int)c + 1, v[c].s);
    return stmt_run(q, NULL, e);
}

/* The text form of COPY. */
static void copy_row(struct buf *b, const struct rows *r, size_t table, const struct value *v)
{
    static const char hex[] = "0123456789abcdef";
    for (size_t c = 0; c < r->columns; c++) {
        if (c)
            buf_char(b, '\t');
        if (!v[c].text) {
            buf_int(b, v[c].n);
        } else if (tables[table].c[c].change == BYTES || tables[table].c[c].change == DIGEST) {
            buf_z(b, "\\\\x");
            for (size_t i = 0; i < v[c].s.n; i++) {
                buf_char(b, hex[(unsigned char)v[c].s.p[i] >> 4]);
                buf_char(b, hex[(unsigned char)v[c].s.p[i] & 15]);
            }
        } else {
            for (size_t i = 0; i < v[c].s.n; i++)
                if (v[c].s.p[i] == '\n')
                    buf_z(b, "\\n");
                else if (v[c].s.p[i] == '\\')
                    buf_z(b, "\\\\");
                else
                    buf_char(b, v[c].s.p[i]);
        }
    }
    buf_char(b, '\n');
}

static enum code copy_one(struct copying *k, struct db *db, const struct template *t, struct err *e)
{
    for (size_t i = 0; i < TABLES; i++) {
        const struct rows *r = &k->rows[i];
        struct chain chain = {.begun = false};
        for (size_t x = t->from[i]; x < t->to[i]; x++) {
            struct value row[COLUMNS_MAX];
            char number[120];
            change_row(k, t, i, &r->v[x * r->columns], row, number, &chain);
            if (k->pg)
                copy_row(&k->copy[i], r, i, row);
            else
                TRY(insert_row(db, r, i, row, e));
        }
    }
    return OK;
}

static enum code batch_fn(struct db *db, void *arg, struct err *e)
{
    struct copying *k = arg;
    for (size_t x = k->begin; x < k->end; x++)
        TRY(copy_one(k, db, &k->t[x], e));
    return OK;
}

static void pg_run(PGconn *pg, const char *sql, ExecStatusType want)
{
    PGresult *r = PQexec(pg, sql);
    if (PQresultStatus(r) != want) {
        (void)fprintf(stderr, "%s: %s\n", sql, PQerrorMessage(pg));
        exit(1);
    }
    PQclear(r);
}

static void pg_send(struct copying *k)
{
    struct err e;
    must(batch_fn(NULL, k, &e), &e);
    for (size_t i = 0; i < TABLES; i++) {
        struct str s = buf_view(&k->copy[i]);
        if (!s.n)
            continue;
        pg_run(k->pg, k->rows[i].sql_copy, PGRES_COPY_IN);
        if (PQputCopyData(k->pg, s.p, (int)s.n) != 1 || PQputCopyEnd(k->pg, NULL) != 1)
            exit(1);
        for (PGresult *r; (r = PQgetResult(k->pg)); PQclear(r))
            if (PQresultStatus(r) != PGRES_COMMAND_OK) {
                (void)fprintf(stderr, "%s: %s\n", tables[i].name, PQerrorMessage(k->pg));
                exit(1);
            }
        buf_clear(&k->copy[i]);
    }
}

static void copy_all(struct copying *k)
{
    struct err e;
    int rounds = (int)((k->items + (int64_t)k->n_t - 1) / (int64_t)k->n_t);
    int64_t events = (int64_t)k->rows[7].n;
    k->total = (int64_t)k->n_t;
    k->events = events;
    for (k->round = rounds - 1; k->round > 0; k->round--) { /* ids rise */
        for (k->begin = 0; k->begin < k->n_t; k->begin = k->end) {
            k->end = k->begin + BATCH < k->n_t ? k->begin + BATCH : k->n_t;
            if (k->pg)
                pg_send(k);
            else
                must(store_write(k->b.o->store, batch_fn, k, &e), &e);
        }
        k->total += (int64_t)k->n_t;
        k->events += events;
        (void)fprintf(stderr, "\r%lld", (long long)k->total);
    }
    (void)fprintf(stderr, "\n");
}

/* ---- indexes ---- */

struct indexes {
    char *drop[64], *make[64];
    size_t n;
};

static bool ours(struct str table)
{
    for (size_t i = 0; i < TABLES; i++)
        if (str_eq(table, str_z(tables[i].name)))
            return true;
    return false;
}

static void find_indexes(struct copying *k, struct indexes *x)
{
    struct db *db;
    struct err e;
    x->n = 0;
    must(store_read(k->b.o->store, &db, &e), &e);
    struct stmt *q =
        k->pg
            ? db_sql(db, "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname ="
                         " 'public' AND indexdef LIKE 'CREATE INDEX%'")
            : db_sql(db, "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND"
                         " sql LIKE 'CREATE INDEX%'");
    while (stmt_step(q) && x->n < 64) {
        if (!ours(stmt_str(q, 0)))
            continue;
        struct str drop = arena_printf(&k->b.a, "DROP INDEX %.*s", SF(stmt_str(q, 1)));
        struct str make = arena_printf(&k->b.a, "%.*s", SF(stmt_str(q, 2)));
        x->drop[x->n] = mem_dup(drop.p, drop.n);
        x->make[x->n++] = mem_dup(make.p, make.n);
    }
    must(stmt_end(q, &e), &e);
    store_read_end(db);
}

static enum code exec_fn(struct db *db, void *arg, struct err *e)
{
    return db_exec(db, arg, e);
}

static void exec_all(struct copying *k, char **sql, size_t n)
{
    struct err e;
    for (size_t i = 0; i < n; i++)
        must(store_write(k->b.o->store, exec_fn, sql[i], &e), &e);
}

/* ---- templates ---- */

struct life {
    struct doing d;
    int steps;
    int64_t began_ms;
};
static enum code life_fn(struct db *db, void *arg, struct err *e)
{
    struct life *l = arg;
    l->d.now_ms = l->began_ms;
    for (l->d.at = 0; l->d.at < l->steps; l->d.at++) {
        TRY(step_fn(db, &l->d, e));
        l->d.now_ms += (int64_t)bench_draw(&l->d.seed, 26 * 60) * MS_MINUTE;
    }
    return OK;
}

struct linking {
    const struct actor *by;
    int64_t from, to;
};
static enum code link_fn(struct db *db, void *arg, struct err *e)
{
    const struct linking *l = arg;
    return item_link_put(db, l->by,
        &(struct item_link){.from = {.kind = LINK_ITEM, .id = l->from},
            .to = {.kind = LINK_ITEM, .id = l->to},
            .relation = S("分解")},
        e);
}

static void make_templates(struct copying *k, int64_t n)
{
    uint64_t seed = 20260713;
    int64_t now = clock_now_ms(), heads[4] = {0};
    struct err e;
    struct viewer owner = viewer_owner();
    struct actor by = {.v = &owner, .now_ms = now};
    for (int64_t i = 0; i < n; i++) {
        struct life l = {.d = {.b = &k->b, .c = bench_course(&seed), .seed = seed}};
        bool open = bench_draw(&seed, 100) < OPEN_PERCENT;
        l.steps = course_length(l.d.c);
        if (open)
            l.steps = 1 + (int)bench_draw(&seed, (uint32_t)l.steps - 1);
        l.began_ms = now - (int64_t)(open ? 5 : 23) * MS_DAY -
                     (int64_t)bench_draw(&seed, 9 * 24 * 60) * MS_MINUTE;
        must(store_write(k->b.o->store, life_fn, &l, &e), &e);
        /* threads of up to a dozen: what is decomposed hangs on one of the last heads */
        if (!open && bench_draw(&seed, 3) == 0) {
            struct linking link = {&by, heads[bench_draw(&seed, 4)], l.d.item};
            if (bench_draw(&seed, 8) == 0 || !link.from)
                heads[bench_draw(&seed, 4)] = l.d.item;
            else
                must(store_write(k->b.o->store, link_fn, &link, &e), &e);
        }
    }
}

static int make(const char *dir, int64_t items, const char *url)
{
    struct copying k = {.items = items};
    struct indexes x;
    double t0 = time_ms(CLOCK_MONOTONIC), t1, t2;
    bench_create(&k.b, dir, url);
    make_templates(&k, items < TEMPLATES ? items : TEMPLATES);
    t1 = time_ms(CLOCK_MONOTONIC);
    for (size_t i = 0; i < TABLES; i++)
        read_table(&k, i);
    find_rows(&k);
    if (url && PQstatus(k.pg = PQconnectdb(url)) != CONNECTION_OK) {
        (void)fprintf(stderr, "%s\n", PQerrorMessage(k.pg));
        return 1;
    }
    find_indexes(&k, &x);
    exec_all(&k, x.drop, x.n);
    for (size_t i = 0; i < TABLES; i++)
        buf_init(&k.copy[i], 0);
    copy_all(&k);
    t2 = time_ms(CLOCK_MONOTONIC);
    exec_all(&k, x.make, x.n);
    char analyze[] = "ANALYZE";
    exec_all(&k, (char *[]){analyze}, url ? 1 : 0);
    double t3 = time_ms(CLOCK_MONOTONIC);
    printf("%zu matters by verbs (%zu events) in %.0f s: %.0f us each verb\n", k.n_t, k.rows[7].n,
        (t1 - t0) / 1e3, (t1 - t0) * 1e3 / (double)k.rows[7].n);
    printf("%lld matters, %lld events; copies %.0f s, indexes %.0f s\n", (long long)k.total,
        (long long)k.events, (t2 - t1) / 1e3, (t3 - t2) / 1e3);
    PQfinish(k.pg);
    bench_close(&k.b);
    return 0;
}

/* ---- the calls behind the pages ---- */

enum { ROUNDS = 200 };

struct calling {
    struct bench *b;
    struct viewer v;
    struct actor by;
    struct item_filter f;
    int64_t item;
    uint64_t seed;
};
typedef enum code (*call_fn)(struct calling *c, struct db *db, struct arena *a, struct err *e);

static enum code call_list(struct calling *c, struct db *db, struct arena *a, struct err *e)
{
    struct item_page p;
    TRY(item_list(db, a, &c->by, &c->f, 50, &p, e));
    if (p.n)
        c->item = p.items[bench_draw(&c->seed, (uint32_t)p.n)].id;
    return OK;
}

static enum code call_counts(struct calling *c, struct db *db, struct arena *a, struct err *e)
{
    struct item_counts n;
    (void)a;
    return item_counts(db, &c->by, &n, e);
}

static enum code call_item(struct calling *c, struct db *db, struct arena *a, struct err *e)
{
    struct item it;
    struct item_choice *choices;
    struct item_event *ev;
    struct ask *asks;
    size_t n;
    if (!c->item)
        return OK;
    TRY(item_get(db, a, &c->by, c->item, &it, e));
    TRY(item_choices(db, a, &c->by, &it, &choices, &n, e));
    TRY(ask_list(db, a, &c->by, it.id, &asks, &n, e));
    return item_event_list(db, a, &c->by, it.id, 0, 200, &ev, &n, e);
}

static int by_double(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static void measure(struct calling *c, const char *who, const char *name, call_fn fn)
{
    double ms[ROUNDS], began = time_ms(CLOCK_MONOTONIC), cpu = time_ms(CLOCK_PROCESS_CPUTIME_ID);
    int n = 0;
    while (n < ROUNDS && (n < 3 || time_ms(CLOCK_MONOTONIC) - began < 3000)) {
        double t0 = time_ms(CLOCK_MONOTONIC);
        struct db *db;
        struct arena a;
        struct err e;
        arena_init(&a);
        must(store_read(c->b->o->store, &db, &e), &e);
        must(fn(c, db, &a, &e), &e);
        store_read_end(db);
        arena_release(&a);
        ms[n++] = time_ms(CLOCK_MONOTONIC) - t0;
    }
    cpu = (time_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu) / n;
    qsort(ms, (size_t)n, sizeof(*ms), by_double);
    printf("%-8s %-30s p50 %8.2f  p99 %8.2f ms, cpu %8.2f ms (%d)\n", who, name, ms[n / 2],
        ms[n * 99 / 100], cpu, n);
    (void)fflush(stdout);
}

static void measure_person(struct calling *c, const char *who)
{
    static const struct {
        const char *name;
        struct item_filter f;
    } lists[] = {{"box todo", {.box = BOX_TODO}}, {"box doing", {.box = BOX_DOING}},
        {"box done", {.box = BOX_DONE, .descending = true}},
        {"box sent", {.box = BOX_SENT, .descending = true}},
        {"box watch", {.box = BOX_WATCH, .descending = true}},
        {"box todo by due", {.box = BOX_TODO, .sort = SORT_DUE}},
        {"box todo by light", {.box = BOX_TODO, .sort = SORT_LIGHT}},
        {"ledger, newest", {.kind = S("supervision"), .descending = true}},
        {"ledger, open", {.kind = S("supervision"), .open = 1, .descending = true}},
        {"ledger, a state", {.kind = S("supervision"), .state = S("doing"), .descending = true}},
        {"ledger by number", {.kind = S("supervision"), .sort = SORT_NUMBER, .descending = true}},
        {"ledger by due", {.kind = S("supervision"), .sort = SORT_DUE}},
        {"ledger by light", {.kind = S("supervision"), .sort = SORT_LIGHT}},
        {"ledger by a field",
            {.kind = S("supervision"), .sort = SORT_FIELD, .sort_field = S("lead")}},
        {"ledger, field is", {.kind = S("supervision"),
                                 .field = S("category"),
                                 .value = S("会议决定"),
                                 .descending = true}},
        {"ledger, words", {.kind = S("supervision"), .text = S("安全生产"), .descending = true}},
        {"ledger, a rare word",
            {.kind = S("supervision"), .text = S("（77）"), .descending = true}},
        {"ledger, no such word",
            {.kind = S("supervision"), .text = S("没有这句"), .descending = true}},
        {"all kinds, no such word", {.text = S("没有这句"), .descending = true}},
        {"ledger, red", {.kind = S("supervision"), .light = LIGHT_RED}}};
    measure(c, who, "counts of the portal", call_counts);
    for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
        c->f = lists[i].f;
        measure(c, who, lists[i].name, call_list);
    }
    measure(c, who, "item, choices, asks, events", call_item);
}

static int calls(const char *dir, const char *url)
{
    static const char *const logins[] = {"chief1", "sec1", "leader1", "u001", "s001"};
    struct bench b;
    bench_open(&b, dir, url);
    for (size_t i = 0; i < sizeof(logins) / sizeof(*logins); i++) {
        const struct person *p = bench_login(&b, logins[i]);
        if (!p)
            return 1;
        struct calling c = {.b = &b, .v = bench_viewer(p), .seed = 1};
        c.by = (struct actor){.v = &c.v,
            .kinds = b.o->kinds,
            .calendar = b.o->calendar,
            .hours = &b.o->hours,
            .now_ms = clock_now_ms()};
        measure_person(&c, logins[i]);
    }
    bench_close(&b);
    return 0;
}

int main(int argc, char **argv)
{
    struct err e;
    int64_t items;
    if (argc >= 4 && strcmp(argv[1], "make") == 0) {
        must(str_int(str_z(argv[3]), &items, &e), &e);
        return make(argv[2], items, argc > 4 ? argv[4] : NULL);
    }
    if (argc >= 3 && strcmp(argv[1], "calls") == 0)
        return calls(argv[2], argc > 3 ? argv[3] : NULL);
    (void)fprintf(
        stderr, "items_office make DIR ITEMS [postgresql://...] | calls DIR [postgresql://...]\n");
    return 2;
}
