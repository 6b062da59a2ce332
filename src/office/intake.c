#include "office/intake.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/io.h"
#include "base/json.h"
#include "office/audit.h"
#include "office/intake_int.h"

enum {
    LEASE_MS = 5 * 60 * 1000, /* a run that shows no life for so long is taken for dead */
    SOON_MS = 3000,           /* again, when a file was still being written */
    NAME_MAX_BYTES = 200,
    PLACE_MAX_BYTES = 2000,
    EVERY_MIN_S = 5,
    EVERY_MAX_S = 7 * 86400
};
#define KEEP_MS ((int64_t)90 * 86400 * 1000) /* how long runs are remembered */

static const struct {
    const char *word, *name;
    int64_t every_s;
} kinds[N_INTAKE] = {
    [INTAKE_FOLDER] = {"folder", "文件夹", 15},
    [INTAKE_MAIL] = {"mail", "邮箱", 300},
    [INTAKE_FEED] = {"feed", "订阅源", 1800},
};

const char *intake_kind_name(enum intake_kind k)
{
    return k >= INTAKE_FOLDER && k < N_INTAKE ? kinds[k].name : "未知";
}

bool intake_kind_of(struct str word, enum intake_kind *out)
{
    for (int k = INTAKE_FOLDER; k < N_INTAKE; k++)
        if (str_eq(str_z(kinds[k].word), word)) {
            *out = (enum intake_kind)k;
            return true;
        }
    return false;
}

/* ---- sources ---- */

static struct str config_json(const struct intake_source *s, struct buf *b)
{
    struct jw j;
    jw_init(&j, b);
    jw_obj(&j);
    jw_kstr(&j, "user", s->user);
    jw_kstr(&j, "ca", s->ca);
    jw_kbool(&j, "linked", s->linked);
    jw_kbool(&j, "plaintext", s->plaintext);
    jw_end(&j);
    return buf_view(b);
}

static void config_read(struct intake_source *s, struct arena *a, struct str text)
{
    json_t *o;
    struct err none;
    if (jr_parse(text, &o, &none) != OK)
        return; /* written by us; without it the source fails with what is missing */
    s->user = arena_str(a, jr_str(o, "user"));
    s->ca = arena_str(a, jr_str(o, "ca"));
    s->linked = jr_bool(o, "linked", false);
    s->plaintext = jr_bool(o, "plaintext", false);
    json_decref(o);
}

static void row_source(struct stmt *q, struct arena *a, struct intake_source *s)
{
    *s = (struct intake_source){.id = stmt_int(q, 0),
        .kind = (enum intake_kind)stmt_int(q, 1),
        .name = arena_str(a, stmt_str(q, 2)),
        .place = arena_str(a, stmt_str(q, 3)),
        .level = (enum doc_level)stmt_int(q, 5),
        .category = stmt_int(q, 6),
        .every_s = stmt_int(q, 7),
        .enabled = stmt_int(q, 8) == 1,
        .next_ms = stmt_int(q, 9),
        .last_ms = stmt_int(q, 10),
        .failures = (int)stmt_int(q, 11),
        .error = arena_str(a, stmt_str(q, 12)),
        .state = arena_str(a, stmt_str(q, 13))};
    config_read(s, a, stmt_str(q, 4));
}

#define SOURCE_COLUMNS                                                                     \
    "id, kind, name, place, config, level, category, every, enabled, next_run, last_run, " \
    "failures,"                                                                            \
    " error, state"

enum code intake_list(
    struct db *db, struct arena *a, struct intake_source **out, size_t *n, struct err *e)
{
    struct intake_source *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db, "SELECT " SOURCE_COLUMNS " FROM intake_source ORDER BY name");
    while (stmt_step(q)) {
        struct intake_source s;
        row_source(q, a, &s);
        ARENA_PUSH(a, v, k, cap) = s;
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

static enum code get_source(
    struct db *db, struct arena *a, int64_t id, struct intake_source *out, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT " SOURCE_COLUMNS " FROM intake_source WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    bool there = stmt_step(q);
    if (there)
        row_source(q, a, out);
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_NOTFOUND, "没有这个收文来源，可能已被删除");
}

enum code intake_by_name(struct db *db, struct str name, int64_t *id, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT id FROM intake_source WHERE name = ?1");
    stmt_bind_str(q, 1, name);
    bool there = stmt_step(q);
    int64_t found = there ? stmt_int(q, 0) : 0;
    TRY(stmt_end(q, e));
    if (!there)
        return FAIL(
            e, E_NOTFOUND, "没有名为“%.*s”的收文来源，现有的见：qianshao intake list", SF(name));
    *id = found;
    return OK;
}

static bool one_line(struct str s, size_t max)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
            return false;
    return s.n <= max;
}

static enum code check_folder(struct str p, struct err *e)
{
    if (!str_starts(p, S("/")))
        return FAIL(e, E_INPUT, "监视的文件夹“%.*s”应是从 / 开始的完整路径", SF(p));
    if (access(p.p, R_OK | X_OK) != 0) {
        (void)io_fail("打开监视的文件夹", p.p, e);
        return e->code = E_INPUT;
    }
    return OK;
}

static enum code check_mailbox(const struct intake_source *s, struct err *e)
{
    bool tls = str_starts(s->place, S("imaps://"));
    if (!tls && !str_starts(s->place, S("imap://")))
        return FAIL(e, E_INPUT, "邮箱地址“%.*s”应像 imaps://mail.example.cn/INBOX", SF(s->place));
    if (!s->user.n)
        return FAIL(e, E_INPUT, "邮箱“%.*s”缺少用户名", SF(s->name));
    if (s->plaintext && tls)
        return FAIL(e, E_INPUT, "不加密的邮箱地址用 imap:// 开头");
    return OK;
}

static enum code check_place(const struct intake_source *s, struct err *e)
{
    struct str p = s->place;
    if (s->kind == INTAKE_FOLDER)
        return check_folder(p, e);
    if (s->kind == INTAKE_MAIL)
        TRY(check_mailbox(s, e));
    else if (!str_starts(p, S("https://")) && !str_starts(p, S("http://")))
        return FAIL(e, E_INPUT, "订阅源地址“%.*s”应以 https:// 或 http:// 开头", SF(p));
    if (str_has(p, S("@")))
        return FAIL(e, E_INPUT, "地址“%.*s”里不要写用户名和口令", SF(p));
    return OK;
}

static enum code check_source(const struct intake_source *s, struct err *e)
{
    if (s->kind < INTAKE_FOLDER || s->kind >= N_INTAKE)
        return FAIL(e, E_INPUT, "收文来源的种类应是 folder、mail、feed 之一");
    if (!str_trim(s->name).n || !one_line(s->name, NAME_MAX_BYTES))
        return FAIL(e, E_INPUT, "收文来源的名称应为一行，最长%d字节", NAME_MAX_BYTES);
    if (!one_line(s->place, PLACE_MAX_BYTES) || !one_line(s->user, NAME_MAX_BYTES) ||
        !one_line(s->ca, PLACE_MAX_BYTES))
        return FAIL(e, E_INPUT, "收文来源“%.*s”的地址、用户名或证书路径太长或有换行", SF(s->name));
    if (s->every_s && (s->every_s < EVERY_MIN_S || s->every_s > EVERY_MAX_S))
        return FAIL(
            e, E_INPUT, "收取间隔%lld秒应在%d秒到7天之间", (long long)s->every_s, EVERY_MIN_S);
    return check_place(s, e);
}

struct add {
    const struct intake_source *s;
    struct str config;
    int64_t id, by, now;
};

static enum code add_row(struct db *db, void *arg, struct err *e)
{
    const struct add *x = arg;
    const struct intake_source *s = x->s;
    struct stmt *q = db_sql(db, "SELECT id FROM intake_source WHERE name = ?1");
    stmt_bind_str(q, 1, s->name);
    bool there = stmt_step(q);
    TRY(stmt_end(q, e));
    if (there)
        return FAIL(e, E_CONFLICT, "已有名为“%.*s”的收文来源", SF(s->name));
    TRY(audit_simple(db, x->by, "intake.add", "intake", x->id, S(""), e));
    q = db_sql(db,
        "INSERT INTO intake_source (id, kind, name, place, config, level, category, every, enabled,"
        " next_run, last_run, leased_until, failures, error, state, made, made_by)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, ?9, 0, 0, 0, '', '', ?9, ?10)");
    stmt_bind_int(q, 1, x->id);
    stmt_bind_int(q, 2, s->kind);
    stmt_bind_str(q, 3, s->name);
    stmt_bind_str(q, 4, s->place);
    stmt_bind_str(q, 5, x->config);
    stmt_bind_int(q, 6, s->level);
    stmt_bind_int(q, 7, s->category);
    stmt_bind_int(q, 8, s->every_s ? s->every_s : kinds[s->kind].every_s);
    stmt_bind_int(q, 9, x->now);
    stmt_bind_int(q, 10, x->by);
    return stmt_run(q, NULL, e);
}

enum code intake_add(struct office *o, const struct intake_source *s, struct str password,
    int64_t by, int64_t *id, struct err *e)
{
    struct add x = {.s = s, .id = id_next(), .by = by, .now = clock_now_ms()};
    struct buf b;
    TRY(check_source(s, e));
    if (s->kind == INTAKE_MAIL && !password.n)
        return FAIL(e, E_INPUT, "邮箱“%.*s”缺少口令", SF(s->name));
    if (s->kind == INTAKE_MAIL) /* first: a row without its password would only fail */
        TRY(intake_secret_set(o, x.id, password, e));
    buf_init(&b, 0);
    x.config = config_json(s, &b);
    enum code c = store_write(o->store, add_row, &x, e);
    buf_release(&b);
    if (c != OK && s->kind == INTAKE_MAIL) {
        struct err none; /* a password without a row is only a line too many */
        enum code undone = intake_secret_set(o, x.id, (struct str){0}, &none);
        (void)undone;
    }
    if (c == OK)
        *id = x.id;
    return c;
}

struct removal {
    int64_t id, by;
};

static enum code remove_rows(struct db *db, void *arg, struct err *e)
{
    const struct removal *x = arg;
    int64_t gone = 0;
    struct stmt *q = db_sql(db, "DELETE FROM intake_source WHERE id = ?1");
    stmt_bind_int(q, 1, x->id);
    TRY(stmt_run(q, &gone, e));
    if (!gone)
        return FAIL(e, E_NOTFOUND, "没有这个收文来源，可能已被删除");
    q = db_sql(db, "DELETE FROM intake_seen WHERE source = ?1");
    stmt_bind_int(q, 1, x->id);
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db, "DELETE FROM intake_run WHERE source = ?1");
    stmt_bind_int(q, 1, x->id);
    TRY(stmt_run(q, NULL, e));
    return audit_simple(db, x->by, "intake.remove", "intake", x->id, S(""), e);
}

enum code intake_remove(struct office *o, int64_t id, int64_t by, struct err *e)
{
    struct removal x = {id, by};
    TRY(store_write(o->store, remove_rows, &x, e));
    return intake_secret_set(o, id, (struct str){0}, e);
}

struct enable {
    int64_t id, by, now;
    bool on;
};

static enum code enable_row(struct db *db, void *arg, struct err *e)
{
    const struct enable *x = arg;
    int64_t changed = 0;
    struct stmt *q = db_sql(
        db, "UPDATE intake_source SET enabled = ?2, failures = 0, next_run = ?3 WHERE id = ?1");
    stmt_bind_int(q, 1, x->id);
    stmt_bind_int(q, 2, x->on);
    stmt_bind_int(q, 3, x->now);
    TRY(stmt_run(q, &changed, e));
    if (!changed)
        return FAIL(e, E_NOTFOUND, "没有这个收文来源，可能已被删除");
    return audit_simple(
        db, x->by, x->on ? "intake.enable" : "intake.disable", "intake", x->id, S(""), e);
}

enum code intake_enable(struct office *o, int64_t id, bool enabled, int64_t by, struct err *e)
{
    struct enable x = {id, by, clock_now_ms(), enabled};
    return store_write(o->store, enable_row, &x, e);
}

/* ---- runs ---- */

enum code intake_runs(struct db *db, struct arena *a, int64_t source, struct intake_run **out,
    size_t *n, struct err *e)
{
    struct intake_run *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db,
        "SELECT id, source, started, finished, found, taken, duplicate, held, refused, failed,"
        " error FROM intake_run WHERE source = ?1 OR ?1 = 0 ORDER BY id DESC LIMIT ?2");
    stmt_bind_int(q, 1, source);
    stmt_bind_int(q, 2, INTAKE_RUNS_MAX);
    while (stmt_step(q)) {
        struct intake_run r = {.id = stmt_int(q, 0),
            .source = stmt_int(q, 1),
            .started_ms = stmt_int(q, 2),
            .finished_ms = stmt_int(q, 3),
            .found = stmt_int(q, 4)};
        for (int i = 0; i < N_IMPORT_OUTCOME; i++)
            r.counts.of[i] = stmt_int(q, 5 + i);
        r.error = arena_str(a, stmt_str(q, 10));
        ARENA_PUSH(a, v, k, cap) = r;
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

struct claim {
    int64_t source, run, now;
    bool only_due, got;
};

static enum code claim_row(struct db *db, void *arg, struct err *e)
{
    struct claim *x = arg;
    int64_t changed = 0;
    struct stmt *q = db_sql(db, "UPDATE intake_source SET leased_until = ?2, last_run = ?3 WHERE "
                                "id = ?1 AND leased_until < "
                                "?3 AND (?4 = 0 OR (enabled = 1 AND next_run <= ?3))");
    x->got = false;
    stmt_bind_int(q, 1, x->source);
    stmt_bind_int(q, 2, x->now + LEASE_MS);
    stmt_bind_int(q, 3, x->now);
    stmt_bind_int(q, 4, x->only_due);
    TRY(stmt_run(q, &changed, e));
    if (!changed)
        return OK;
    x->got = true;
    q = db_sql(db, "DELETE FROM intake_run WHERE source = ?1 AND started < ?2");
    stmt_bind_int(q, 1, x->source);
    stmt_bind_int(q, 2, x->now - KEEP_MS);
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db,
        "INSERT INTO intake_run (id, source, started, finished, found, taken, duplicate, held,"
        " refused, failed, error) VALUES (?1, ?2, ?3, 0, 0, 0, 0, 0, 0, 0, '')");
    stmt_bind_int(q, 1, x->run);
    stmt_bind_int(q, 2, x->source);
    stmt_bind_int(q, 3, x->now);
    return stmt_run(q, NULL, e);
}

struct finish {
    const struct intake_job *j;
    enum code code;
    int64_t now;
};

static enum code finish_row(struct db *db, void *arg, struct err *e)
{
    const struct finish *x = arg;
    const struct intake_run *r = x->j->run;
    const struct intake_source *s = x->j->src;
    int failures = x->code == OK ? 0 : s->failures + 1;
    int64_t wait = s->every_s * 1000;
    for (int i = 0; i < failures && wait < INTAKE_BACKOFF_MS; i++)
        wait *= 2;
    if (failures && wait > INTAKE_BACKOFF_MS && s->every_s * 1000 < INTAKE_BACKOFF_MS)
        wait = INTAKE_BACKOFF_MS;
    if (!failures && x->j->soon && wait > SOON_MS)
        wait = SOON_MS;
    struct stmt *q = db_sql(db, "UPDATE intake_source SET leased_until = 0, next_run = ?2, "
                                "failures = ?3, error = ?4, state "
                                "= ?5 WHERE id = ?1");
    stmt_bind_int(q, 1, s->id);
    stmt_bind_int(q, 2, x->now + wait);
    stmt_bind_int(q, 3, failures);
    stmt_bind_str(q, 4, r->error);
    stmt_bind_str(q, 5, x->j->state);
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db,
        "UPDATE intake_run SET finished = ?2, found = ?3, taken = ?4, duplicate = ?5, held = ?6,"
        " refused = ?7, failed = ?8, error = ?9 WHERE id = ?1");
    stmt_bind_int(q, 1, r->id);
    stmt_bind_int(q, 2, x->now);
    stmt_bind_int(q, 3, r->found);
    for (int i = 0; i < N_IMPORT_OUTCOME; i++)
        stmt_bind_int(q, 4 + i, r->counts.of[i]);
    stmt_bind_str(q, 9, r->error);
    return stmt_run(q, NULL, e);
}

/* ---- things ---- */

bool intake_stopping(const struct intake_job *j)
{
    return j->stop && atomic_load(j->stop);
}

enum code intake_seen(
    struct intake_job *j, struct str key, struct str stamp, bool *seen, struct err *e)
{
    struct db *db;
    TRY(store_read(j->o->store, &db, e));
    struct stmt *q = db_sql(db, "SELECT stamp FROM intake_seen WHERE source = ?1 AND item = ?2");
    stmt_bind_int(q, 1, j->src->id);
    stmt_bind_str(q, 2, key);
    bool there = stmt_step(q) && str_eq(stmt_str(q, 0), stamp);
    enum code c = stmt_end(q, e);
    store_read_end(db);
    if (c == OK)
        *seen = there;
    return c;
}

struct mark {
    const struct intake_job *j;
    struct str key, stamp, reason;
    int outcome;
    int64_t doc, now;
};

/* Remember the thing, keep the kind's state with it, and show that the run is alive. */
static enum code mark_row(struct db *db, void *arg, struct err *e)
{
    const struct mark *m = arg;
    struct stmt *q =
        db_sql(db, "INSERT INTO intake_seen (source, item, stamp, outcome, reason, document, seen)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (source, item) DO UPDATE SET"
                   " stamp = excluded.stamp, outcome = excluded.outcome, reason = excluded.reason,"
                   " document = excluded.document, seen = excluded.seen");
    stmt_bind_int(q, 1, m->j->src->id);
    stmt_bind_str(q, 2, m->key);
    stmt_bind_str(q, 3, m->stamp);
    stmt_bind_int(q, 4, m->outcome);
    stmt_bind_str(q, 5, m->reason);
    stmt_bind_int(q, 6, m->doc);
    stmt_bind_int(q, 7, m->now);
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db, "UPDATE intake_source SET leased_until = ?2, state = ?3 WHERE id = ?1");
    stmt_bind_int(q, 1, m->j->src->id);
    stmt_bind_int(q, 2, m->now + LEASE_MS);
    stmt_bind_str(q, 3, m->j->state);
    return stmt_run(q, NULL, e);
}

static enum code remember(struct mark *m, struct err *e)
{
    m->now = clock_now_ms();
    return store_write(m->j->o->store, mark_row, m, e);
}

/* What became of the thing itself, not of its attachments; of a zip only the members are told. */
struct outcome {
    struct intake_job *j;
    struct mark *m;
    struct str name;
};

static bool on_result(void *arg, const struct import_result *r, const struct import_counts *so_far)
{
    struct outcome *x = arg;
    (void)so_far;
    x->j->run->counts.of[r->outcome]++;
    if (str_eq(r->path, x->name)) {
        x->m->outcome = (int)r->outcome;
        x->m->doc = r->doc;
        x->m->reason = arena_str(x->j->a, r->reason);
    }
    return true;
}

static struct import_options options_of(struct outcome *x)
{
    static const enum doc_origin origins[N_INTAKE] = {
        [INTAKE_FOLDER] = ORIGIN_FOLDER, [INTAKE_MAIL] = ORIGIN_MAIL, [INTAKE_FEED] = ORIGIN_FEED};
    const struct intake_source *s = x->j->src;
    return (struct import_options){.origin = origins[s->kind],
        .level = s->level,
        .category = s->category,
        .source = arena_printf(x->j->a, "%.*s：%.*s", SF(s->name), SF(x->j->at)),
        .threads = 1,
        .on_result = on_result,
        .arg = x};
}

enum code intake_take_bytes(struct intake_job *j, struct str key, struct str stamp, struct str name,
    struct str bytes, struct err *e)
{
    struct mark m = {.j = j, .key = key, .stamp = stamp};
    struct outcome x = {.j = j, .m = &m, .name = name};
    struct import_options opt = options_of(&x);
    struct import_counts counts = {0};
    TRY(import_bytes(j->o, bytes, name, &opt, &counts, e));
    j->run->found++;
    j->run->counts.bytes += (int64_t)bytes.n;
    return remember(&m, e);
}

enum code intake_take_fd(struct intake_job *j, const struct intake_file *f, struct err *e)
{
    struct mark m = {.j = j, .key = f->key, .stamp = f->stamp};
    struct outcome x = {.j = j, .m = &m, .name = f->name};
    struct import_options opt = options_of(&x);
    struct import_counts counts = {0};
    TRY(import_fd(j->o, f->fd, f->name, &opt, &counts, e));
    j->run->found++;
    return remember(&m, e);
}

enum code intake_skip(
    struct intake_job *j, struct str key, struct str stamp, struct str reason, struct err *e)
{
    struct mark m = {
        .j = j, .key = key, .stamp = stamp, .reason = reason, .outcome = IMPORT_FAILED};
    j->run->found++;
    j->run->counts.of[IMPORT_FAILED]++;
    return remember(&m, e);
}

/* ---- running ---- */

static enum code ask_source(struct intake_job *j, struct err *e)
{
    switch (j->src->kind) {
    case INTAKE_FOLDER:
        return intake_folder(j, e);
    case INTAKE_MAIL:
        return intake_mail(j, e);
    case INTAKE_FEED:
        return intake_feed(j, e);
    case N_INTAKE:
        break;
    }
    return FAIL(e, E_BUG, "收文来源的种类不认识（%d）", (int)j->src->kind);
}

static enum code read_source(
    struct office *o, struct arena *a, int64_t id, struct intake_source *s, struct err *e)
{
    struct db *db;
    TRY(store_read(o->store, &db, e));
    enum code c = get_source(db, a, id, s, e);
    store_read_end(db);
    return c;
}

/* *got false: it was not due, or is being asked by another. */
static enum code run_source(
    struct intake_job *j, int64_t id, bool only_due, bool *got, struct err *e)
{
    struct intake_source s;
    struct claim cl = {.source = id, .run = id_next(), .now = clock_now_ms(), .only_due = only_due};
    struct err later;
    TRY(store_write(j->o->store, claim_row, &cl, e));
    *got = cl.got;
    if (!cl.got)
        return OK;
    TRY(read_source(j->o, j->a, id, &s, e));
    *j->run = (struct intake_run){.id = cl.run, .source = id, .started_ms = cl.now};
    j->src = &s;
    j->state = s.state;
    enum code c = ask_source(j, e);
    if (c != OK)
        j->run->error = arena_str(j->a, str_z(e->msg));
    j->run->finished_ms = clock_now_ms();
    struct finish f = {j, c, j->run->finished_ms};
    enum code end = store_write(j->o->store, finish_row, &f, c == OK ? e : &later);
    j->src = NULL;
    return c == OK ? end : c;
}

enum code intake_run_now(
    struct office *o, struct arena *a, int64_t id, struct intake_run *out, struct err *e)
{
    struct intake_source s = {0};
    struct intake_job j = {.o = o, .a = a, .run = out};
    bool got = false;
    TRY(read_source(o, a, id, &s, e));
    TRY(run_source(&j, id, false, &got, e));
    return got ? OK : FAIL(e, E_BUSY, "“%.*s”正在收取，请稍后再试", SF(s.name));
}

/* ---- the worker ---- */

struct intake {
    struct office *o;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    atomic_bool stop;
};

/* The source that is due and has waited longest; 0: none. */
static enum code due(struct office *o, int64_t *id, struct err *e)
{
    struct db *db;
    int64_t now = clock_now_ms();
    TRY(store_read(o->store, &db, e));
    struct stmt *q = db_sql(db,
        "SELECT id FROM intake_source WHERE enabled = 1 AND next_run <= ?1 AND leased_until < ?1"
        " ORDER BY next_run, id LIMIT 1");
    stmt_bind_int(q, 1, now);
    *id = stmt_step(q) ? stmt_int(q, 0) : 0;
    enum code c = stmt_end(q, e);
    store_read_end(db);
    return c;
}

/* One round: false when there is nothing to do now (or the database cannot be asked: then a pause helps). */
static bool round_once(struct intake *w)
{
    struct err e;
    struct arena a;
    struct intake_run run;
    struct intake_job j = {.o = w->o, .a = &a, .run = &run, .stop = &w->stop};
    int64_t id;
    bool got = false;
    if (due(w->o, &id, &e) != OK || !id)
        return false;
    arena_init(&a);
    (void)run_source(&j, id, true, &got, &e); /* its failure stands in the run and the source */
    arena_release(&a);
    return got;
}

static void *worker(void *arg)
{
    struct intake *w = arg;
    while (!atomic_load(&w->stop)) {
        if (round_once(w))
            continue;
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += 1;
        pthread_mutex_lock(&w->mutex);
        if (!atomic_load(&w->stop))
            pthread_cond_timedwait(&w->wake, &w->mutex, &until);
        pthread_mutex_unlock(&w->mutex);
    }
    return NULL;
}

enum code intake_start(struct office *o, struct intake **out, struct err *e)
{
    struct intake *w = mem_alloc(sizeof(*w));
    w->o = o;
    atomic_init(&w->stop, false);
    pthread_mutex_init(&w->mutex, NULL);
    pthread_cond_init(&w->wake, NULL);
    if (pthread_create(&w->thread, NULL, worker, w) != 0) {
        pthread_cond_destroy(&w->wake);
        pthread_mutex_destroy(&w->mutex);
        free(w);
        return FAIL(e, E_IO, "无法启动自动收文的线程");
    }
    *out = w;
    return OK;
}

void intake_stop(struct intake *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->mutex);
    atomic_store(&w->stop, true);
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->mutex);
    pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->mutex);
    free(w);
}
