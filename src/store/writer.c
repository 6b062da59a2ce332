/* store/writer.c - the queue of writes and the one thread that takes them, as many in one transaction
 * as have queued up. A lone write is never delayed: a group is begun for the first function and
 * joined only by what is waiting when the one before is done.
 *
 * SQLite: each function of a group has its savepoint, so that it can fail alone. PostgreSQL: no
 * savepoints, they would cost two round trips each; when one fails, the group is given up and each
 * function runs by itself. Hence a group need not wait for the answer to a statement that nobody reads either
 * (pipeline mode): a failure is met later, in whichever function, and by itself each function meets its own where it
 * belongs. One writer there too: with several, SERIALIZABLE sees a conflict whenever
 * two of them add rows side by side in an index, and ids rise: 14 to 29 repetitions in 100. */
#include "store/store_int.h"

#include <assert.h>
#include <stdlib.h>
#include <time.h>

static int64_t clock_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void sleep_us(long us)
{
    struct timespec t = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    nanosleep(&t, NULL);
}

/* ---- one function ---- */

/* Run fn and judge: the first failed statement counts, even if fn has lost it. */
static enum code call(struct db *db, struct job *j)
{
    enum code c = j->fn(db, j->arg, &j->err);
    bool left = db_take_back(db);
    if (c == OK && db->fault != FAULT_NONE) {
        j->err = db->failed;
        return db->failed.code;
    }
    if (c == OK && left)
        return FAIL(&j->err, E_BUG, "程序内部错误：有数据库语句没有归还");
    return c;
}

static enum code reconnect(struct writer *w, struct err *e)
{
    struct db *fresh;
    TRY(w->st->drv->connect(w->st, true, &fresh, e));
    if (w->db)
        w->st->drv->disconnect(w->db);
    w->db = fresh;
    return OK;
}

static enum code attempt(struct writer *w, struct job *j, enum tx tx, bool *committing)
{
    struct db *db = w->db;
    enum code c = db_begin(db, tx, &j->err);
    *committing = false;
    if (c == OK)
        c = call(db, j);
    if (c != OK) {
        db->drv->rollback(db);
        return c;
    }
    *committing = true; /* from here on the outcome may be unknown: not to be repeated when lost */
    c = db->drv->commit(db, &j->err);
    if (c == OK)
        atomic_fetch_add(&w->st->groups, 1);
    return c;
}

/* In a transaction of its own, again and again while the engine says that another was first. */
static void run_alone(struct writer *w, struct job *j)
{
    bool duplicate = false, lost = false, committing;
    enum code c = OK;
    if (!w->db && (c = reconnect(w, &j->err)) != OK) {
        j->err.code = c;
        return;
    }
    for (int i = 0; i < ATTEMPTS_MAX; i++) {
        j->err.code = OK;
        c = attempt(
            w, j, j->alone || i >= ATTEMPTS_MIXED || duplicate ? TX_ALONE : TX_WRITE, &committing);
        j->err.code = c;
        if (c == OK)
            return;
        switch (w->db->fault) {
        case FAULT_RETRY:
            atomic_fetch_add(&w->st->repeats, 1);
            sleep_us(200L << i);
            break;
        case FAULT_DUPLICATE:
            if (duplicate || !w->st->drv->pg)
                return;
            duplicate = true;
            break;
        case FAULT_LOST:
            w->st->drv->disconnect(w->db);
            w->db = NULL;
            if (committing || lost)
                return;
            lost = true;
            if ((c = reconnect(w, &j->err)) != OK) {
                j->err.code = c;
                return;
            }
            break;
        case FAULT_NONE:
        case FAULT_PLAIN:
        default:
            return;
        }
    }
    (void)FAIL(&j->err, E_BUSY, "多人同时改动同一处，重试%d次仍未写入，请稍后再试", ATTEMPTS_MAX);
}

/* ---- groups ---- */

/* Tell everybody. The waiter's job is on its stack: it may be gone as soon as it sees `finished`,
 * so the signal is given under the lock. */
static void answer(struct store *st, struct job *j)
{
    if (j->done) {
        j->done(j->arg, j->err.code, &j->err);
        free(j);
        return;
    }
    pthread_mutex_lock(&st->lock);
    j->finished = true;
    pthread_cond_signal(&j->ready);
    pthread_mutex_unlock(&st->lock);
}

static struct job *pop(struct store *st, bool wait)
{
    pthread_mutex_lock(&st->lock);
    while (wait && !st->head && !st->stopping && !atomic_load(&st->truncate_wanted))
        pthread_cond_wait(&st->more, &st->lock);
    struct job *j = st->head;
    if (j && !wait && j->alone) /* it does not join a group */
        j = NULL;
    if (j) {
        st->head = j->next;
        if (!st->head)
            st->tail = NULL;
        j->next = NULL;
    }
    pthread_mutex_unlock(&st->lock);
    return j;
}

/* One function inside the group. False: the whole transaction is to be given up. */
static bool run_member(struct db *db, struct job *j)
{
    enum code c;
    j->err.code = OK;
    db->fault = FAULT_NONE;
    db->failed.code = OK;
    if (db->drv->save && (c = db->drv->save(db, &j->err)) != OK) {
        j->err.code = c;
        return false;
    }
    c = call(db, j);
    if (c == OK && db->drv->keep)
        c = db->drv->keep(db, &j->err);
    j->err.code = c; /* fn may have met and mended a failure of its own */
    if (c == OK)
        return true;
    return db->drv->undo && db->drv->undo(db);
}

/* Nothing was kept: each by itself, so that each has its own outcome. Only where nobody knows whether the
 * COMMIT was done may nothing run again. */
static void settle(struct writer *w, struct job *list, bool committing, const struct err *why)
{
    bool unknown = committing && w->db && w->db->fault == FAULT_LOST;
    if (w->db) {
        w->db->drv->rollback(w->db);
        w->db->optimistic = false;
    }
    for (struct job *j = list; j; j = j->next)
        if (unknown)
            j->err = *why;
        else
            run_alone(w, j);
}

static void run_group(struct writer *w, struct job *first)
{
    struct job *last = first, *next;
    struct err e = {.code = OK};
    int64_t until = clock_ms() + GROUP_MS;
    size_t n = 0;
    bool whole = w->db && !first->alone && db_begin(w->db, TX_WRITE, &e) == OK;
    if (w->db)
        w->db->optimistic = true;
    for (struct job *j = first; whole && j; j = j->next) {
        whole = run_member(w->db, j);
        if (++n < GROUP_MAX && clock_ms() < until && (next = pop(w->st, false)))
            last = last->next = next;
    }
    if (whole && w->db->drv->commit(w->db, &e) == OK)
        atomic_fetch_add(&w->st->groups, 1);
    else
        settle(w, first, whole, &e);
    if (w->db)
        w->db->optimistic = false;
    for (struct job *j = first; j; j = next) {
        next = j->next;
        answer(w->st, j);
    }
}

static void *writer_main(void *arg)
{
    struct writer *w = arg;
    struct store *st = w->st;
    for (;;) {
        struct job *j = pop(st, true);
        if (!j) {
            if (atomic_exchange(&st->truncate_wanted, false)) {
                sqlite_truncate_wal(w->db);
                continue;
            }
            return NULL; /* stopping, and the queue is empty */
        }
        run_group(w, j);
        if (atomic_exchange(&st->truncate_wanted, false))
            sqlite_truncate_wal(w->db);
    }
}

/* ---- the calls ---- */

static bool push(struct store *st, struct job *j)
{
    pthread_mutex_lock(&st->lock);
    bool taken = !st->stopping && !st->read_only;
    if (taken) {
        if (st->tail)
            st->tail->next = j;
        else
            st->head = j;
        st->tail = j;
        pthread_cond_signal(&st->more);
    }
    pthread_mutex_unlock(&st->lock);
    return taken;
}

static enum code refused(const struct store *st, struct err *e)
{
    if (st->read_only)
        return FAIL(e, E_DENIED, "数据库以只读方式打开，不能写入");
    return FAIL(e, E_BUSY, "正在停止，不再接受写入");
}

static enum code write_and_wait(struct store *st, store_fn fn, void *arg, bool alone, struct err *e)
{
    struct job j = {.fn = fn, .arg = arg, .alone = alone};
    CHECK_BUG(
        e, st->read_only || !pthread_equal(pthread_self(), st->writer.thread)); /* for itself */
    pthread_cond_init(&j.ready, NULL);
    bool taken = push(st, &j);
    if (taken) {
        pthread_mutex_lock(&st->lock);
        while (!j.finished)
            pthread_cond_wait(&j.ready, &st->lock);
        pthread_mutex_unlock(&st->lock);
    }
    pthread_cond_destroy(&j.ready);
    if (!taken)
        return refused(st, e);
    if (j.err.code != OK)
        *e = j.err;
    return j.err.code;
}

enum code store_write(struct store *st, store_fn fn, void *arg, struct err *e)
{
    return write_and_wait(st, fn, arg, false, e);
}

enum code store_write_alone(struct store *st, store_fn fn, void *arg, struct err *e)
{
    return write_and_wait(st, fn, arg, true, e);
}

void store_submit(struct store *st, store_fn fn, void *arg, store_done done)
{
    struct job *j = mem_alloc(sizeof(*j));
    assert(done);
    *j = (struct job){.fn = fn, .arg = arg, .done = done};
    if (!push(st, j)) {
        struct err e;
        enum code c = refused(st, &e);
        free(j);
        done(arg, c, &e);
    }
}

/* ---- start and stop ---- */

enum code writer_start(struct store *st, struct err *e)
{
    struct writer *w = &st->writer;
    w->st = st;
    enum code c = st->drv->connect(st, true, &w->db, e);
    if (c == OK && !st->drv->pg)
        c = sqlite_checkpointer_start(st, e);
    if (c == OK) {
        w->started = pthread_create(&w->thread, NULL, writer_main, w) == 0;
        if (!w->started)
            c = FAIL(e, E_IO, "无法启动数据库写入线程");
    }
    if (c != OK)
        writer_stop(st);
    return c;
}

void writer_stop(struct store *st)
{
    struct writer *w = &st->writer;
    pthread_mutex_lock(&st->lock);
    st->stopping = true;
    pthread_cond_broadcast(&st->more);
    pthread_mutex_unlock(&st->lock);
    if (w->started)
        pthread_join(w->thread, NULL);
    if (!st->drv->pg)
        sqlite_checkpointer_stop(st);
    if (w->db)
        st->drv->disconnect(w->db);
}
