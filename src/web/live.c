#include "web/live.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/json.h"
#include "office/access.h"
#include "office/change.h"
#include "office/edition.h"
#include "office/held.h"
#include "office/notice.h"
#include "office/subscription.h"
#include "templates.h"
#include "web/item_rows.h"
#include "web/rows.h"

enum {
    WATCHERS_MAX = 256,
    JOBS_SENT = 20,
    LOOK_S = 1,
    LIFE_MS = 120000,
    ITEMS_MS = 20000, /* lights change by themselves, and others write to the same database */
    EVENT_BYTES_MAX = 64 << 10
};

/* What counts depend on: where nothing of it moved, nothing is counted again. */
struct stamp {
    int64_t change, held, editions, imported, notices;
};

struct watcher {
    struct watcher *next;
    struct http_stream *stream;
    struct viewer viewer;
    int64_t until_ms;
    struct stamp counted;
    int64_t jobs_sent; /* sum over the rows last sent, -1: none yet */
    long touched;      /* writes that were done when items were last counted */
    int64_t items_ms;  /* when */
    uint64_t todo;     /* of the rows last sent */
    bool fresh;
    int64_t item, revision; /* item 0: everything else; the revision sent last */
    int64_t
        notices; /* what was the stamp of notices then: a call (climb.h) is made by no request */
};

struct live {
    struct office *office;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping;
    atomic_long touched;
    size_t n;
    struct watcher *arrived; /* not yet taken up by the thread */
};

static enum code read_stamp(struct db *db, struct arena *a, struct stamp *s, struct err *e)
{
    struct held *held;
    struct edition_group *groups;
    size_t n;
    TRY(change_last(db, &s->change, e));
    TRY(held_list(db, a, 1, &held, &n, &s->held, e));
    TRY(notice_stamp(db, &s->notices, e));
    return edition_list(db, a, EDITION_PROPOSED, 1, &groups, &n, &s->editions, e);
}

/* A figure that moves whenever a row of the list does. */
static int64_t sum_of(const struct import_job *jobs, size_t n)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += jobs[i].id % 1000003 + jobs[i].counts.seen * 7 + (jobs[i].finished_ms != 0);
    return sum;
}

static enum code unread(struct office *o, const struct viewer *v, int64_t *n, struct err *e)
{
    struct db *db;
    TRY(store_read(o->store, &db, e));
    enum code c = notice_unread(db, v->person, n, e);
    store_read_end(db);
    return c;
}

static enum code write_counts(struct office *o, struct arena *a, const struct viewer *v,
    const struct stamp *s, struct buf *out, struct err *e)
{
    struct library_filter f = library_filter_any();
    struct library_page page = {0};
    struct news *news;
    size_t n;
    int64_t total = 0;
    struct jw j;
    jw_init(&j, out);
    jw_obj(&j);
    if (access_may(v, ACT_READ)) {
        f.unproofed_only = true;
        TRY(library_search(o, a, v, S(""), &f, LIBRARY_NEWEST, 0, 0, &page, e));
        TRY(subscription_news(o, a, v, 1, &news, &n, &total, e));
        jw_kint(&j, "documents", page.documents);
        jw_kint(&j, "news", total);
    }
    if (access_may(v, ACT_EDIT))
        jw_kint(&j, "unproofed", page.total);
    if (access_may(v, ACT_CONFIRM)) {
        jw_kint(&j, "held", s->held);
        jw_kint(&j, "editions", s->editions);
    }
    if (access_may(v, ACT_ITEMS)) {
        TRY(unread(o, v, &total, e));
        jw_kint(&j, "notices", total);
    }
    jw_end(&j);
    return OK;
}

/* What one look finds out for all watchers. */
struct look {
    struct office *o;
    long touched;
    struct arena a;
    struct stamp stamp;
    int64_t jobs_sum;
    struct buf jobs; /* the rows */
};

static enum code look_now(struct look *k, struct err *e)
{
    static const struct shell nobody;
    struct import_job *jobs;
    struct import_row *rows;
    struct db *db;
    size_t n = 0;
    enum code c;
    TRY(store_read(k->o->store, &db, e));
    c = read_stamp(db, &k->a, &k->stamp, e);
    if (c == OK)
        c = import_jobs(db, &k->a, JOBS_SENT, &jobs, &n, e);
    if (c == OK) {
        k->jobs_sum = k->stamp.imported = sum_of(jobs, n);
        rows = ARENA_ARRAY(&k->a, struct import_row, n + 1);
        for (size_t i = 0; i < n; i++)
            rows[i] = row_job(&k->a, db, &jobs[i]);
        part_jobs(&k->jobs, &nobody, rows, n);
    }
    store_read_end(db);
    return c;
}

/* Counts and first rows of what lies before this viewer. */
static enum code write_items(
    struct look *k, const struct viewer *v, struct buf *counts, struct buf *todo, struct err *e)
{
    static const struct shell nobody;
    struct actor by = {.v = v,
        .kinds = k->o->kinds,
        .calendar = k->o->calendar,
        .hours = &k->o->hours,
        .now_ms = clock_now_ms()};
    struct item_counts n;
    struct item_row *rows;
    struct db *db;
    struct jw j;
    size_t n_rows = 0;
    TRY(store_read(k->o->store, &db, e));
    enum code c = item_counts(db, &by, &n, e);
    if (c == OK)
        c = item_todo_lines(&k->a, db, &by, &rows, &n_rows, e);
    store_read_end(db);
    TRY(c);
    jw_init(&j, counts);
    jw_obj(&j);
    jw_kint(&j, "todo", n.todo);
    jw_kint(&j, "read", n.read);
    jw_kint(&j, "doing", n.doing);
    jw_kint(&j, "done", n.done);
    jw_kint(&j, "sent", n.sent);
    jw_kint(&j, "watch", n.watch);
    jw_kint(&j, "red", n.red);
    jw_kint(&j, "yellow", n.yellow);
    jw_end(&j);
    part_todo(todo, &nobody, rows, n_rows);
    return OK;
}

/* After a write of this process, and now and then anyhow. False: the client is gone. */
static bool tell_items(struct watcher *w, struct look *k)
{
    struct buf counts, todo;
    struct err e;
    bool alive = true;
    int64_t now = clock_now_ms();
    if (!access_may(&w->viewer, ACT_ITEMS) ||
        (!w->fresh && w->touched == k->touched && now < w->items_ms + ITEMS_MS))
        return true;
    buf_init(&counts, EVENT_BYTES_MAX);
    buf_init(&todo, EVENT_BYTES_MAX);
    if (write_items(k, &w->viewer, &counts, &todo, &e) == OK) {
        uint64_t rows = str_hash(buf_view(&todo));
        alive = http_stream_send(w->stream, S("counts"), buf_view(&counts));
        if (alive && rows != w->todo && !w->fresh) /* a page that was just made has them */
            alive = http_stream_send(w->stream, S("todo"), buf_view(&todo));
        w->todo = rows;
        w->touched = k->touched;
        w->items_ms = now;
    }
    buf_release(&todo);
    buf_release(&counts);
    return alive;
}

/* How far the item has come, as far as he may see it. */
static bool tell_item(struct watcher *w, struct look *k)
{
    struct actor by = {.v = &w->viewer,
        .kinds = k->o->kinds,
        .calendar = k->o->calendar,
        .hours = &k->o->hours,
        .now_ms = clock_now_ms()};
    struct item it;
    struct db *db;
    struct err e;
    char text[24];
    if (!w->fresh && w->touched == k->touched && w->notices == k->stamp.notices &&
        by.now_ms < w->items_ms + ITEMS_MS)
        return true;
    w->notices = k->stamp.notices;
    w->touched = k->touched;
    w->items_ms = by.now_ms;
    if (store_read(k->o->store, &db, &e) != OK)
        return true;
    enum code c = item_get(db, &k->a, &by, w->item, &it, &e);
    store_read_end(db);
    if (c != OK || it.revision == w->revision)
        return true;
    w->revision = it.revision;
    (void)snprintf(text, sizeof(text), "%lld", (long long)it.revision);
    return http_stream_send(w->stream, S("item"), str_z(text));
}

/* False: the watcher is to be let go. */
static bool tell(struct watcher *w, struct look *k)
{
    struct buf b;
    struct err e;
    bool alive = true;
    if (clock_now_ms() > w->until_ms)
        return false;
    if (w->item) {
        alive = tell_item(w, k);
        w->fresh = false;
        return alive;
    }
    if (access_may(&w->viewer, ACT_IMPORT) && (w->fresh || w->jobs_sent != k->jobs_sum)) {
        alive = http_stream_send(w->stream, S("jobs"), buf_view(&k->jobs));
        w->jobs_sent = k->jobs_sum;
    }
    if (alive && (w->fresh || memcmp(&w->counted, &k->stamp, sizeof(w->counted)) != 0)) {
        buf_init(&b, EVENT_BYTES_MAX);
        if (write_counts(k->o, &k->a, &w->viewer, &k->stamp, &b, &e) == OK)
            alive = http_stream_send(w->stream, S("counts"), buf_view(&b));
        buf_release(&b);
        w->counted = k->stamp;
    }
    alive = alive && tell_items(w, k);
    w->fresh = false;
    return alive;
}

static struct watcher *tell_all(struct live *l, struct watcher *all)
{
    struct look k = {.o = l->office, .touched = atomic_load(&l->touched)};
    struct err e;
    arena_init(&k.a);
    buf_init(&k.jobs, EVENT_BYTES_MAX);
    if (look_now(&k, &e) ==
        OK) /* a database that is away for a moment: the next look may succeed */
        for (struct watcher **at = &all; *at;) {
            struct watcher *w = *at;
            if (tell(w, &k)) {
                at = &w->next;
                continue;
            }
            *at = w->next;
            http_stream_drop(w->stream);
            free(w);
            pthread_mutex_lock(&l->lock);
            l->n--;
            pthread_mutex_unlock(&l->lock);
        }
    buf_release(&k.jobs);
    arena_release(&k.a);
    return all;
}

static void drop_all(struct watcher *w)
{
    while (w) {
        struct watcher *next = w->next;
        http_stream_drop(w->stream);
        free(w);
        w = next;
    }
}

/* Takes up who arrived; waits a second between two looks, and for company when there is nobody. */
static void *watch(void *arg)
{
    struct live *l = arg;
    struct watcher *all = NULL;
    pthread_mutex_lock(&l->lock);
    while (!l->stopping) {
        struct timespec at;
        while (l->arrived) {
            struct watcher *w = l->arrived;
            l->arrived = w->next;
            w->next = all;
            all = w;
        }
        if (!all) {
            pthread_cond_wait(&l->wake, &l->lock);
            continue;
        }
        pthread_mutex_unlock(&l->lock);
        all = tell_all(l, all);
        pthread_mutex_lock(&l->lock);
        clock_gettime(CLOCK_REALTIME, &at);
        at.tv_sec += LOOK_S;
        if (!l->stopping && !l->arrived)
            pthread_cond_timedwait(&l->wake, &l->lock, &at);
    }
    drop_all(l->arrived);
    l->arrived = NULL;
    pthread_mutex_unlock(&l->lock);
    drop_all(all);
    return NULL;
}

struct live *live_new(struct office *o)
{
    struct live *l = mem_alloc(sizeof(*l));
    l->office = o;
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->wake, NULL);
    if (pthread_create(&l->thread, NULL, watch, l) != 0)
        l->stopping = true; /* pages stay as they were made */
    return l;
}

void live_watch(struct live *l, const struct viewer *v, struct http_stream *s)
{
    live_watch_item(l, v, 0, s);
}

void live_watch_item(struct live *l, const struct viewer *v, int64_t item, struct http_stream *s)
{
    struct watcher *w = mem_alloc(sizeof(*w));
    bool taken;
    *w = (struct watcher){.stream = s,
        .viewer = *v,
        .until_ms = clock_now_ms() + LIFE_MS,
        .jobs_sent = -1,
        .item = item,
        .fresh = true};
    pthread_mutex_lock(&l->lock);
    taken = !l->stopping && l->n < WATCHERS_MAX;
    if (taken) {
        w->next = l->arrived;
        l->arrived = w;
        l->n++;
        pthread_cond_signal(&l->wake);
    }
    pthread_mutex_unlock(&l->lock);
    if (!taken)
        drop_all(w);
}

void live_touch(struct live *l)
{
    atomic_fetch_add(&l->touched, 1);
}

void live_stop(struct live *l)
{
    bool running;
    pthread_mutex_lock(&l->lock);
    running = !l->stopping;
    l->stopping = true;
    pthread_cond_signal(&l->wake);
    pthread_mutex_unlock(&l->lock);
    if (running)
        pthread_join(l->thread, NULL);
}

void live_free(struct live *l)
{
    pthread_cond_destroy(&l->wake);
    pthread_mutex_destroy(&l->lock);
    free(l);
}
