/* store/pg.c - the PostgreSQL engine by libpq.
 *
 * Parameters: integers, reals and texts travel as text, bytes in binary; a statement is prepared when
 * it is first stepped, with the types of what was bound (a NULL leaves its type open), and again if
 * a later call binds another type. Results are read as text, which is exact for every type we use; numbers by the thousand
 * (DB_NUMBERS) in binary.
 *
 * Plans: the server makes a new plan for each call of a statement whose plan for any values looks dearer to it. One that begins with
 * DB_PLAN_ONCE is told, for the rest of a reading transaction or until another statement comes, to keep one plan.
 *
 * Transactions: readers REPEATABLE READ READ ONLY, begun with their first statement; writers SERIALIZABLE.
 * Every writer locks the table `migration` as its first act, ROW EXCLUSIVE, which hinders nobody;
 * a write that was repeated too often locks it SHARE ROW EXCLUSIVE: it waits for the writers
 * under way and runs alone, with a snapshot taken after them, so that it cannot fail again. */
#include "store/store_int.h"

#include <libpq-fe.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BEGIN_READ  "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
#define PLAN_ONCE   "SET LOCAL plan_cache_mode=force_generic_plan"
#define BEGIN_WRITE "BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE migration IN "

/* Statements sent ahead of their answers: few enough that the answers fit into the buffers of a socket. */
enum { PIPE_MAX = 100 };
enum { SURE_DIGITS = 18 + 1 }; /* so many with the end behind them are no overflow */
enum { OID_BYTEA = 17, OID_INT8 = 20, OID_TEXT = 25, OID_FLOAT8 = 701 };

struct pg_db {
    struct db db;
    PGconn *h;
    bool writer;
    bool begun; /* BEGIN was sent */
    bool once;  /* told to keep one plan; a SET LOCAL, gone with the transaction */
    bool piped; /* in pipeline mode: `sent` statements are not answered yet */
    int sent;
    bool answered;       /* some statement of this transaction gave a result */
    unsigned next_name;  /* of prepared statements */
    unsigned generation; /* raised by a new connection: prepared statements are gone */
};

struct param {
    struct buf value;
    bool null, binary;
    Oid type;   /* of what was bound, 0 for NULL */
    Oid as;     /* with which type the statement was prepared */
    bool bound; /* since the statement was lent */
};

struct pg_stmt {
    struct stmt stmt;
    struct buf sql; /* with $N */
    int n_params;
    struct param *params; /* [n_params] */
    bool once;            /* begins with DB_PLAN_ONCE */
    bool numbers;         /* DB_NUMBERS */
    char name[16];        /* "" : not prepared yet */
    unsigned generation;
    PGresult *result;
    int row;
    struct buf *blobs; /* decoded bytes of the row, one for each column; NULL until asked */
    int n_blobs;
};

static struct pg_db *pg(struct db *db)
{
    return (struct pg_db *)db;
}

static struct pg_stmt *ps(struct stmt *q)
{
    return (struct pg_stmt *)q;
}

/* ---- errors ---- */

static void one_line(struct buf *b, const char *msg)
{
    struct str s = str_trim(str_z(msg));
    for (size_t i = 0; i < s.n; i++)
        buf_add(b, s.p[i] == '\n' || s.p[i] == '\t' ? " " : s.p + i, 1);
}

static bool is_state(const char *state, const char *wanted)
{
    return strncmp(state, wanted, strlen(wanted)) == 0;
}

static enum code constraint_error(const char *state, const PGresult *r, struct err *e)
{
    const char *name = PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME);
    const char *table = PQresultErrorField(r, PG_DIAG_TABLE_NAME);
    const char *column = PQresultErrorField(r, PG_DIAG_COLUMN_NAME);
    if (is_state(state, "23505"))
        return FAIL(e, E_CONFLICT, "已有相同的记录（%s）", name ? name : "");
    if (is_state(state, "23502"))
        return FAIL(
            e, E_CONFLICT, "缺少必需的值（%s.%s）", table ? table : "", column ? column : "");
    if (is_state(state, "23503"))
        return FAIL(e, E_CONFLICT, "引用的记录不存在，或记录仍被引用");
    return FAIL(e, E_CONFLICT, "值不合规定（%s）", name ? name : "");
}

static enum code other_error(const char *state, const char *msg, struct err *e)
{
    if (is_state(state, "22021"))
        return FAIL(e, E_INPUT, "文字不是有效的 UTF-8，不能存入数据库");
    if (is_state(state, "42") || is_state(state, "22") || is_state(state, "0A") ||
        is_state(state, "25"))
        return FAIL(e, E_BUG, "程序内部错误：数据库语句有误（%s）", msg);
    if (is_state(state, "53100"))
        return FAIL(e, E_FULL, "数据库服务器的磁盘已满，无法写入");
    if (is_state(state, "53") || is_state(state, "57"))
        return FAIL(e, E_BUSY, "数据库服务器忙或正在停止，请稍后再试（%s）", msg);
    return FAIL(e, E_IO, "读写数据库失败（%s，代码%s）", msg, state);
}

/* What a failed result means; r may be NULL (no memory, or no connection). */
static enum fault_kind judge(struct db *db, const PGresult *r, struct err *e)
{
    const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    struct buf msg;
    enum fault_kind kind = FAULT_PLAIN;
    buf_init(&msg, 300);
    one_line(&msg, r ? PQresultErrorMessage(r) : PQerrorMessage(pg(db)->h));
    if (PQstatus(pg(db)->h) != CONNECTION_OK || (state && is_state(state, "57P0"))) {
        kind = FAULT_LOST;
        (void)FAIL(e, E_IO, "与数据库服务器的连接已断开（%s）", msg.p ? msg.p : "");
    } else if (!state) {
        (void)FAIL(e, E_IO, "读写数据库失败（%s）", msg.p ? msg.p : "");
    } else if (is_state(state, "40001") || is_state(state, "40P01") || is_state(state, "55P03")) {
        kind = FAULT_RETRY;
        (void)FAIL(e, E_BUSY, "多人同时改动同一处，请稍后再试");
    } else if (is_state(state, "23")) {
        kind = FAULT_DUPLICATE;
        (void)constraint_error(state, r, e);
    } else {
        (void)other_error(state, msg.p ? msg.p : "", e);
    }
    buf_release(&msg);
    return kind;
}

/* A failure outside a statement: the transaction remembers it all the same. */
static enum code fail_tx(struct db *db, const PGresult *r, struct err *e)
{
    enum fault_kind kind = judge(db, r, e);
    db->fault = kind;
    db->failed = *e;
    return e->code;
}

/* ---- connections ---- */

static bool is_good(const PGresult *r)
{
    ExecStatusType s = PQresultStatus(r);
    return s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK;
}

static void leave_pipe(struct pg_db *p)
{
    while (PQpipelineStatus(p->h) != PQ_PIPELINE_OFF && PQstatus(p->h) == CONNECTION_OK &&
           !PQexitPipelineMode(p->h))
        PQclear(PQgetResult(p->h)); /* what was aborted, and the mark of the end */
}

/* The answers to what was sent ahead. The first failure is the transaction's; what stands behind it was not run. */
static bool catch_up(struct db *db)
{
    struct pg_db *p = pg(db);
    bool good = true;
    struct err e;
    if (!p->piped)
        return true;
    if (!PQpipelineSync(p->h))
        good = false;
    for (int i = 0; i < p->sent && good; i++) {
        PGresult *r = PQgetResult(p->h), *end;
        good = is_good(r);
        if (!good)
            (void)fail_tx(db, r, &e);
        PQclear(r);
        if (r && (end = PQgetResult(p->h))) /* always NULL, the end of one answer */
            PQclear(end);
    }
    if (!good && db->fault == FAULT_NONE)
        (void)fail_tx(db, NULL, &e);
    leave_pipe(p);
    p->piped = false;
    p->sent = 0;
    return good;
}

static enum code run(struct db *db, const char *sql, struct err *e)
{
    if (!catch_up(db)) {
        *e = db->failed;
        return e->code;
    }
    PGresult *r = PQexec(pg(db)->h, sql);
    enum code c = is_good(r) ? OK : fail_tx(db, r, e);
    PQclear(r);
    return c;
}

static void no_notice(void *arg, const PGresult *r)
{
    (void)arg;
    (void)r;
}

static enum code dial(struct db *db, struct err *e)
{
    /* What stands after dbname cannot be changed by the address. Keepalive and the rest find a server
     * that went away without a word. */
    const char *const names[] = {"application_name", "connect_timeout", "keepalives_idle",
        "keepalives_interval", "keepalives_count", "tcp_user_timeout", "dbname", "client_encoding",
        NULL};
    const char *const values[] = {
        "qianshao", "10", "30", "10", "3", "30000", db->st->url, "UTF8", NULL};
    struct pg_db *p = pg(db);
    p->h = PQconnectdbParams(names, values, 1);
    p->generation++;
    p->begun = p->piped = p->once = false;
    p->sent = 0;
    if (PQstatus(p->h) != CONNECTION_OK) {
        struct buf msg;
        buf_init(&msg, 300);
        one_line(&msg, PQerrorMessage(p->h));
        (void)FAIL(e, E_IO, "无法连接数据库服务器（%s）", msg.p ? msg.p : "");
        buf_release(&msg);
        return e->code;
    }
    PQsetNoticeReceiver(p->h, no_notice, NULL);
    const char *encoding = PQparameterStatus(p->h, "server_encoding");
    if (!encoding || strcmp(encoding, "UTF8") != 0)
        return FAIL(e, E_INPUT, "数据库的编码是“%s”，应为 UTF8，请以 UTF8 重新建库",
            encoding ? encoding : "");
    /* What was acknowledged survives power loss, whatever the server's default is. A statement that is asked a hundred times a second and
     * takes a millisecond is not worth compiling; and data that lies in memory or on a disk without a head is read by index. */
    return run(db,
        "SET bytea_output='hex'; SET extra_float_digits=1; SET standard_conforming_strings=on;"
        "SET lock_timeout='30s'; SET jit=off; SET random_page_cost=1.1;"
        "SELECT set_config('synchronous_commit', 'on', false)"
        " WHERE current_setting('synchronous_commit')='off'",
        e);
}

/* Several nodes may start at once: CREATE TABLE IF NOT EXISTS alone can collide with itself. */
static enum code make_migration_table(struct db *db, struct err *e)
{
    struct buf sql;
    buf_init(&sql, 0);
    buf_z(&sql, "BEGIN; SELECT pg_advisory_xact_lock(1364740175);");
    enum code c = sql_expand(str_z(migration_table_sql), true, &sql, e);
    buf_z(&sql, "; COMMIT");
    if (c == OK)
        c = run(db, sql.p, e);
    buf_release(&sql);
    return c;
}

static void pg_disconnect(struct db *db)
{
    db_free_cache(db);
    PQfinish(pg(db)->h);
    free(pg(db));
}

static enum code pg_connect(struct store *st, bool writer, struct db **out, struct err *e)
{
    struct pg_db *p = mem_alloc(sizeof(*p));
    p->db.st = st;
    p->db.drv = &pg_driver;
    p->writer = writer;
    enum code c = dial(&p->db, e);
    if (c == OK && writer)
        c = make_migration_table(&p->db, e);
    if (c != OK) {
        pg_disconnect(&p->db);
        return c;
    }
    *out = &p->db;
    return OK;
}

enum code pg_run_once(struct str url, const char *sql, struct err *e)
{
    struct store st = {.url = mem_dup(url.p, url.n)};
    struct db *db;
    enum code c = pg_connect(&st, false, &db, e);
    if (c == OK) {
        c = run(db, sql, e);
        pg_disconnect(db);
    }
    free(st.url);
    return c;
}

/* ---- transactions ---- */

static enum code pg_begin(struct db *db, struct err *e)
{
    struct pg_db *p = pg(db);
    p->answered = p->once = false;
    p->begun = db->tx != TX_READ; /* readers: with the first statement */
    if (db->tx == TX_READ)
        return OK;
    if (store_faulty(db->st))
        return FAIL(e, E_IO, "读写数据库失败（故障试验）");
    return run(db,
        db->tx == TX_ALONE ? BEGIN_WRITE "SHARE ROW EXCLUSIVE MODE"
                           : BEGIN_WRITE "ROW EXCLUSIVE MODE",
        e);
}

static enum code pg_commit(struct db *db, struct err *e)
{
    struct pg_db *p = pg(db);
    if (store_faulty(db->st)) {
        (void)FAIL(e, E_IO, "读写数据库失败（故障试验）");
        db->drv->rollback(db);
        return E_IO;
    }
    if (!catch_up(db)) {
        if (db->fault == FAULT_LOST)
            db->fault = FAULT_RETRY; /* COMMIT was not sent: nothing is in doubt */
        *e = db->failed;
        return e->code;
    }
    PGresult *r = PQexec(p->h, "COMMIT");
    enum code c = OK;
    p->begun = false;
    if (PQresultStatus(r) != PGRES_COMMAND_OK) {
        c = fail_tx(db, r, e);
        if (db->fault == FAULT_LOST)
            c = FAIL(e, E_IO, "提交时与数据库服务器的连接断开，无法确认是否已写入，请核对后再试");
    } else if (strcmp(PQcmdStatus(r), "COMMIT") != 0) { /* the server says ROLLBACK */
        c = FAIL(e, E_IO, "数据库没有接受这次写入");
        db->fault = FAULT_PLAIN;
    }
    PQclear(r);
    return c;
}

static void pg_rollback(struct db *db)
{
    struct pg_db *p = pg(db);
    (void)catch_up(db);
    /* A reader does not wait for the answer: whatever is asked next reads it first (PQexec does). */
    if (p->begun && PQstatus(p->h) == CONNECTION_OK &&
        (p->writer || !PQsendQuery(p->h, "ROLLBACK")))
        PQclear(PQexec(p->h, "ROLLBACK"));
    p->begun = false;
}

/* ---- statements ---- */

static struct stmt *pg_prepare(struct db *db, const char *sql)
{
    struct pg_stmt *s = mem_alloc(sizeof(*s));
    s->stmt.db = db;
    buf_init(&s->sql, 0);
    struct str text = str_z(sql);
    s->once = str_eat(&text, S(DB_PLAN_ONCE));
    s->numbers = str_eat(&text, S(DB_NUMBERS));
    sql_dollars(sql, &s->sql, &s->n_params);
    if (s->n_params > PARAM_MAX) {
        (void)FAIL(&s->stmt.err, E_BUG, "程序内部错误：数据库语句的参数超过%d个", PARAM_MAX);
        s->n_params = 0;
    }
    s->params = mem_alloc(sizeof(struct param) * (size_t)(s->n_params + 1));
    for (int i = 0; i < s->n_params; i++)
        buf_init(&s->params[i].value, 0);
    return &s->stmt;
}

static void pg_finalize(struct stmt *q)
{
    struct pg_stmt *s = ps(q);
    struct pg_db *p = pg(q->db);
    if (s->name[0] && s->generation == p->generation && PQstatus(p->h) == CONNECTION_OK &&
        catch_up(q->db) && PQtransactionStatus(p->h) != PQTRANS_INERROR) {
        char sql[40];
        (void)snprintf(sql, sizeof(sql), "DEALLOCATE %s", s->name);
        PQclear(PQexec(p->h, sql));
    }
    for (int i = 0; i < s->n_params; i++)
        buf_release(&s->params[i].value);
    for (int i = 0; i < s->n_blobs; i++)
        buf_release(&s->blobs[i]);
    free(s->blobs);
    free(s->params);
    buf_release(&s->sql);
    PQclear(s->result);
    free(s);
}

static void pg_bind(struct stmt *q, int i, const struct value *v)
{
    struct pg_stmt *s = ps(q);
    if (i < 1 || i > s->n_params) {
        struct err e;
        (void)FAIL(&e, E_BUG, "程序内部错误：数据库语句没有第%d个参数", i);
        stmt_fail(q, FAULT_PLAIN, &e);
        return;
    }
    struct param *p = &s->params[i - 1];
    buf_clear(&p->value);
    p->bound = true;
    p->null = p->binary = false;
    switch (v->kind) {
    case V_NULL:
        p->null = true;
        p->type = 0;
        break;
    case V_INT:
        buf_int(&p->value, v->i);
        p->type = OID_INT8;
        break;
    case V_REAL:
        p->null = isnan(v->r); /* as SQLite does */
        buf_printf(&p->value, "%.17g", v->r);
        p->type = OID_FLOAT8;
        break;
    case V_TEXT:
        buf_str(&p->value, v->s);
        p->type = OID_TEXT;
        break;
    case V_BLOB:
        buf_str(&p->value, v->s);
        p->binary = true;
        p->type = OID_BYTEA;
        break;
    }
}

static void fail_stmt(struct stmt *q, const PGresult *r)
{
    struct err e;
    enum fault_kind kind = judge(q->db, r, &e);
    stmt_fail(q, kind, &e);
}

/* Prepared with the types of what is bound now? */
static bool types_fit(const struct pg_stmt *s)
{
    for (int i = 0; i < s->n_params; i++)
        if (!s->params[i].null && s->params[i].bound && s->params[i].type != s->params[i].as)
            return false;
    return true;
}

static PGresult *prepare_now(struct pg_stmt *s, struct pg_db *p)
{
    Oid types[PARAM_MAX];
    if (s->name[0] && s->generation == p->generation) {
        char old[40];
        (void)snprintf(old, sizeof(old), "DEALLOCATE %s", s->name);
        PQclear(PQexec(p->h, old));
    }
    for (int i = 0; i < s->n_params; i++) {
        if (s->params[i].bound && !s->params[i].null)
            s->params[i].as = s->params[i].type;
        types[i] = s->params[i].as;
    }
    (void)snprintf(s->name, sizeof(s->name), "s%u", p->next_name++);
    s->generation = p->generation;
    PGresult *r = PQprepare(p->h, s->name, s->sql.p, s->n_params, types);
    if (PQresultStatus(r) == PGRES_COMMAND_OK) {
        PQclear(r);
        return NULL;
    }
    s->name[0] = '\0';
    return r ? r : PQmakeEmptyPGresult(p->h, PGRES_FATAL_ERROR);
}

struct bound {
    const char *values[PARAM_MAX];
    int lengths[PARAM_MAX], formats[PARAM_MAX];
};

static void what_is_bound(const struct pg_stmt *s, struct bound *b)
{
    for (int i = 0; i < s->n_params; i++) {
        const struct param *q = &s->params[i];
        bool null = q->null || !q->bound;
        b->values[i] = null ? NULL : q->value.p ? q->value.p : "";
        b->lengths[i] = (int)q->value.n;
        b->formats[i] = q->binary;
    }
}

static bool is_prepared(const struct pg_stmt *s, const struct pg_db *p)
{
    return s->name[0] && s->generation == p->generation && types_fit(s);
}

/* What must stand before the statement: the beginning of a reader's transaction, and how it is planned. A writer plans as the
 * server likes: its statements are by key. */
struct before {
    const char *v[2];
    int n;
};
static struct before before(const struct pg_stmt *s, const struct pg_db *p)
{
    struct before x = {.n = 0};
    if (!p->begun)
        x.v[x.n++] = BEGIN_READ;
    if (!p->writer && (p->begun && p->once) != s->once)
        x.v[x.n++] = s->once ? PLAN_ONCE : "SET LOCAL plan_cache_mode=auto";
    return x;
}

static void is_before(const struct pg_stmt *s, struct pg_db *p)
{
    p->begun = true;
    p->once = !p->writer && s->once;
}

/* The next answer that was sent for, to its end. */
static PGresult *answer(struct pg_db *p)
{
    PGresult *r = PQgetResult(p->h), *end;
    if (r && (end = PQgetResult(p->h))) /* always NULL */
        PQclear(end);
    return r;
}

/* All of it in one message, and one wait: the answer of what failed, or of the statement. */
static PGresult *execute_behind(struct pg_stmt *s, struct pg_db *p, const struct before *x)
{
    struct bound b;
    PGresult *r;
    while ((r = PQgetResult(p->h))) /* of the ROLLBACK before */
        PQclear(r);
    bool sent = PQenterPipelineMode(p->h) == 1;
    for (int i = 0; sent && i < x->n; i++)
        sent = PQsendQueryParams(p->h, x->v[i], 0, NULL, NULL, NULL, NULL, 0) == 1;
    what_is_bound(s, &b);
    sent = sent &&
           PQsendQueryPrepared(
               p->h, s->name, s->n_params, b.values, b.lengths, b.formats, s->numbers) == 1 &&
           PQpipelineSync(p->h) == 1;
    is_before(s, p);
    for (int i = 0; sent && i < x->n; i++) {
        r = answer(p);
        if (!is_good(r)) {
            leave_pipe(p);
            return r;
        }
        PQclear(r);
    }
    r = sent ? answer(p) : NULL;
    leave_pipe(p);
    return r;
}

static PGresult *execute_once(struct pg_stmt *s, struct pg_db *p)
{
    struct before x = before(s, p);
    struct bound b;
    PGresult *r;
    if (x.n && is_prepared(s, p))
        return execute_behind(s, p, &x);
    for (int i = 0; i < x.n; i++) {
        r = PQexec(p->h, x.v[i]);
        if (PQresultStatus(r) != PGRES_COMMAND_OK)
            return r ? r : PQmakeEmptyPGresult(p->h, PGRES_FATAL_ERROR);
        PQclear(r);
    }
    is_before(s, p);
    if (!is_prepared(s, p) && (r = prepare_now(s, p)))
        return r;
    what_is_bound(s, &b);
    return PQexecPrepared(p->h, s->name, s->n_params, b.values, b.lengths, b.formats, s->numbers);
}

/* A reader that found its connection broken before it was told anything gets a new one, unseen. */
static PGresult *execute(struct pg_stmt *s, struct pg_db *p)
{
    PGresult *r = execute_once(s, p);
    struct err e;
    if (PQstatus(p->h) == CONNECTION_OK || p->writer || p->answered)
        return r;
    PQclear(r);
    PQfinish(p->h);
    if (dial(&p->db, &e) != OK)
        return NULL;
    return execute_once(s, p);
}

static bool caught_up(struct stmt *q)
{
    if (catch_up(q->db))
        return true;
    stmt_fail(q, q->db->fault, &q->db->failed);
    return false;
}

static void pg_run_later(struct stmt *q)
{
    struct pg_stmt *s = ps(q);
    struct pg_db *p = pg(q->db);
    struct bound b;
    PGresult *r = NULL;
    if (!is_prepared(s, p) || p->sent >= PIPE_MAX) {
        if (!caught_up(q))
            return;
        if (!is_prepared(s, p) && (r = prepare_now(s, p))) {
            fail_stmt(q, r);
            PQclear(r);
            return;
        }
    }
    what_is_bound(s, &b);
    if (!p->piped)
        p->piped = PQenterPipelineMode(p->h) == 1;
    if (p->piped &&
        PQsendQueryPrepared(p->h, s->name, s->n_params, b.values, b.lengths, b.formats, 0))
        p->sent++;
    else
        fail_stmt(q, NULL);
}

static bool pg_step(struct stmt *q)
{
    struct pg_stmt *s = ps(q);
    if (s->result) {
        s->row++;
    } else {
        if (!caught_up(q))
            return false;
        s->result = execute(s, pg(q->db));
        s->row = 0;
        ExecStatusType status = PQresultStatus(s->result);
        if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
            fail_stmt(q, s->result);
            return false;
        }
        pg(q->db)->answered = true;
    }
    return s->row < PQntuples(s->result);
}

static void pg_reset(struct stmt *q)
{
    struct pg_stmt *s = ps(q);
    PQclear(s->result);
    s->result = NULL;
    for (int i = 0; i < s->n_params; i++) {
        s->params[i].bound = false;
        if (s->params[i].value.cap > 65536)
            buf_release(&s->params[i].value);
    }
    for (int i = 0; i < s->n_blobs; i++)
        buf_release(&s->blobs[i]);
}

static bool pg_is_null(struct stmt *q, int col)
{
    return !ps(q)->result || PQgetisnull(ps(q)->result, ps(q)->row, col);
}

static const char *text_at(struct stmt *q, int col)
{
    return pg_is_null(q, col) ? "" : PQgetvalue(ps(q)->result, ps(q)->row, col);
}

/* Truth values (EXISTS, comparisons) read as 1 and 0; a numeric (sum of BIGINT) by its whole part. */
static int64_t number_at(struct stmt *q, int col)
{
    const PGresult *r = ps(q)->result;
    const unsigned char *p = (const unsigned char *)PQgetvalue(r, ps(q)->row, col);
    int n = PQgetlength(r, ps(q)->row, col);
    uint64_t x = n > 0 && *p & 0x80 ? UINT64_MAX : 0; /* a BIGINT, or what is written as 1 */
    for (int i = 0; i < n; i++)
        x = x << 8 | p[i];
    return (int64_t)x;
}

static int64_t pg_int(struct stmt *q, int col)
{
    if (ps(q)->numbers)
        return pg_is_null(q, col) ? 0 : number_at(q, col);
    const char *p = text_at(q, col);
    bool minus = *p == '-';
    int64_t n = 0;
    if (*p == 't' || *p == 'f')
        return *p == 't';
    for (int i = minus; i < SURE_DIGITS + minus; i++) { /* ids by the thousand: half of strtoll */
        if (p[i] < '0' || p[i] > '9')
            return minus ? -n : n;
        n = n * 10 + (p[i] - '0');
    }
    return strtoll(p, NULL, 10);
}

static double pg_real(struct stmt *q, int col)
{
    return strtod(text_at(q, col), NULL);
}

static struct str pg_str(struct stmt *q, int col)
{
    const char *p = text_at(q, col);
    return *p ? (struct str){p, (size_t)PQgetlength(ps(q)->result, ps(q)->row, col)} : S("");
}

static int hex_digit(char c)
{
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* Bytes come as \x and two hexadecimal digits each. */
static struct str pg_blob(struct stmt *q, int col)
{
    struct pg_stmt *s = ps(q);
    struct str hex = pg_str(q, col);
    if (!str_eat(&hex, S("\\x")))
        return hex;
    if (!s->blobs) {
        s->n_blobs = PQnfields(s->result);
        s->blobs = mem_alloc(sizeof(struct buf) * (size_t)s->n_blobs);
        for (int i = 0; i < s->n_blobs; i++)
            buf_init(&s->blobs[i], 0);
    }
    struct buf *b = &s->blobs[col];
    buf_clear(b);
    unsigned char *to = buf_room(b, hex.n / 2);
    for (size_t i = 0; to && i < hex.n / 2; i++)
        to[i] = (unsigned char)(hex_digit(hex.p[2 * i]) << 4 | hex_digit(hex.p[2 * i + 1]));
    return b->n ? buf_view(b) : S("");
}

static int64_t pg_changed(struct stmt *q)
{
    return ps(q)->result ? strtoll(PQcmdTuples(ps(q)->result), NULL, 10) : 0;
}

const struct driver pg_driver = {
    .pg = true,
    .connect = pg_connect,
    .disconnect = pg_disconnect,
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .prepare = pg_prepare,
    .finalize = pg_finalize,
    .bind = pg_bind,
    .step = pg_step,
    .run_later = pg_run_later,
    .reset = pg_reset,
    .is_null = pg_is_null,
    .get_int = pg_int,
    .get_real = pg_real,
    .get_str = pg_str,
    .get_blob = pg_blob,
    .changed = pg_changed,
};
