/* store/store.h - the database handle: one statement interface over SQLite and PostgreSQL.
 *
 * Shape: a `store` is the database of one data directory. Reading borrows a connection (`db`) for
 * one thread; writing hands the store a function, which runs inside a transaction and MAY RUN
 * AGAIN (a serialisation failure of PostgreSQL, a SAVEPOINT rolled back with its group), so it has
 * no effect outside the database and resets its outputs first. Nobody is answered before COMMIT.
 *
 * SQL: the subset that both engines speak (docs/design/store.md): explicit columns, ?1
 * placeholders, integers for flags, instants as UTC milliseconds, days as 'YYYY-MM-DD' text, ids
 * made by id_next(), NULLS LAST, no OR IGNORE/REPLACE, no functions but those named there.
 * SQL text is a string literal: statements are cached by the address of the text.
 *
 *     struct db *db;
 *     TRY(store_read(st, &db, e));
 *     struct stmt *q = db_sql(db, "SELECT id, title FROM document WHERE issuer = ?1 ORDER BY id");
 *     stmt_bind_int(q, 1, issuer);
 *     while (stmt_step(q))
 *         use(stmt_int(q, 0), stmt_str(q, 1));
 *     c = stmt_end(q, e);      // the one place where an error of prepare, bind or step shows
 *     store_read_end(db); */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/str.h"

struct store;
struct db;   /* one connection, used by one thread at a time */
struct stmt; /* borrowed from its db until stmt_end */

struct store_options {
    struct str dir; /* data directory; the SQLite file is DIR/qianshao.db */
    struct str url; /* empty: SQLite. "postgresql://..." : PostgreSQL through libpq */
    int readers;    /* most pooled reading connections; 0: one for each processor + 2 */
    bool read_only; /* a command that only reads beside a running serve; takes no writer */
};

/* Open, creating an empty database in DIR (which must exist) where there is none, unless read_only
 * (then E_NOTFOUND). Tables come with store_migrate. E_INPUT for a file that is no database of this
 * program, E_IO otherwise. Who may open a data directory at all is the office's lock, not ours. */
MUST_USE enum code store_open(const struct store_options *o, struct store **out, struct err *e);
/* What was submitted is still written; no db may be borrowed. NULL is allowed. */
void store_close(struct store *st);
bool store_is_pg(const struct store *st);

/* ---- reading ---- */
/* A connection in a read transaction: everything read through it is one snapshot, taken by its
 * first statement. Waits when all are borrowed, so a thread never borrows two. A write through it
 * fails. On PostgreSQL the result of a statement is held in memory whole: large scans page by key. */
MUST_USE enum code store_read(struct store *st, struct db **out, struct err *e);
void store_read_end(struct db *db);
/* For a page that asks several nouns: until it is given back, store_read of this thread gives this one again, so that all of it is one
 * transaction and one snapshot. Each store_read has its end all the same. */
void store_read_share(struct db *db);
/* This thread holds one that is shared: it must not wait for another thread, which may be waiting for a connection. */
bool store_shares(const struct store *st);

/* ---- writing ---- */
typedef enum code (*store_fn)(struct db *db, void *arg, struct err *e);
/* Run fn in a transaction, grouped with what other threads write; return after COMMIT is on disk.
 * fn's failure rolls back fn alone and is returned with its message. After a failed statement
 * nothing more can be done in the transaction, and it fails even if fn returns OK: where a
 * duplicate is expected, write ON CONFLICT. fn never calls store_write or store_read itself. */
MUST_USE enum code store_write(struct store *st, store_fn fn, void *arg, struct err *e);
/* The same without waiting: done(arg, code, e) is called from the writer's thread after COMMIT (or
 * the failure) and must be quick. For requests that may hold no worker while they wait. */
typedef void (*store_done)(void *arg, enum code c, const struct err *e);
void store_submit(struct store *st, store_fn fn, void *arg, store_done done);

/* ---- statements ---- */
/* In front of a statement whose best plan is the same for all values, however many rows they have: PostgreSQL then plans it once for a
 * connection, not each time, which costs more than the rows of a page. Not where values switch conditions on and off. */
#define DB_PLAN_ONCE "/* once */ "
/* In front of, or behind that, where a statement gives rows by the thousand and all its columns are whole numbers: PostgreSQL then sends them
 * as they are, not as digits. stmt_int alone reads them. */
#define DB_NUMBERS "/* numbers */ "
struct stmt *db_sql(struct db *db, const char *sql); /* never NULL; errors wait for stmt_end */
void stmt_bind_int(struct stmt *q, int i, int64_t v);
void stmt_bind_real(struct stmt *q, int i, double v);
void stmt_bind_str(struct stmt *q, int i, struct str s); /* TEXT; copied; s.p NULL with n 0 is '' */
void stmt_bind_blob(struct stmt *q, int i, struct str s); /* BLOB / BYTEA; copied */
void stmt_bind_null(struct stmt *q, int i);
/* '' becomes NULL, 0 becomes NULL: for optional columns. */
void stmt_bind_opt(struct stmt *q, int i, struct str s);
void stmt_bind_ref(struct stmt *q, int i, int64_t id);

bool stmt_step(struct stmt *q); /* true: a row is there. false: no more, or an error */
bool stmt_null(struct stmt *q, int col);
int64_t stmt_int(struct stmt *q, int col); /* NULL reads as 0 */
double stmt_real(struct stmt *q, int col);
struct str stmt_str(struct stmt *q, int col);  /* NULL reads as ''; valid until the next step */
struct str stmt_blob(struct stmt *q, int col); /* valid until the next step */
/* Give the statement back. E_CONFLICT for a broken UNIQUE or other constraint, E_BUG for SQL that
 * is wrong, E_INPUT for text with a NUL in it, E_BUSY or E_IO otherwise; a serialisation failure is
 * seen and repeated by store_write, the function only passes it up. */
MUST_USE enum code stmt_end(struct stmt *q, struct err *e);
/* Step to the end and give back: for INSERT, UPDATE, DELETE. *changed (may be NULL): rows. */
MUST_USE enum code stmt_run(struct stmt *q, int64_t *changed, struct err *e);
/* A statement without parameters or rows. */
MUST_USE enum code db_exec(struct db *db, const char *sql, struct err *e);

/* What a noun keeps in memory of this database: made for the first who asks, dropped when the store is closed. There is room for one
 * noun. */
void *db_keep(struct db *db, void *(*make)(void), void (*drop)(void *));

/* ---- pieces of SQL that differ between the engines ---- */
bool db_is_pg(const struct db *db);
bool db_reads(const struct db *db); /* in a transaction of store_read */

/* ---- migrations ---- */
/* One numbered step, applied once, in one transaction with its own note. `sql` holds statements
 * divided by ';', with the type macros @ID @INT @REAL @TEXT @BLOB. Never edited once landed. */
struct migration {
    int number; /* 1, 2, 3 ... without gaps */
    const char *name;
    const char *sql;
};
/* The nouns' tables, in the order of their numbers: handed to the store by the layer above it. */
MUST_USE enum code store_migrate(
    struct store *st, const struct migration *list, size_t n, struct err *e);
MUST_USE enum code store_schema_version(struct store *st, int *version, struct err *e);

/* ---- care ---- */
/* Copy the SQLite database as of now into a new file, while it is written to; aside, checked, then
 * renamed. E_CONFLICT if `path` is there already, E_INPUT on PostgreSQL (pg_dump does that). */
MUST_USE enum code store_backup(struct store *st, struct str path, struct err *e);

#endif
