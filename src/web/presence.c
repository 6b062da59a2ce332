#include "web/presence.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/json.h"
#include "office/manuscript_edit.h"

enum { WATCHERS_MAX = 512, LIFE_MS = 120000, LOOK_S = 2, EVENT_MAX = 1024 };

struct watcher {
    struct watcher *next;
    struct http_stream *stream;
    int64_t manuscript, person, until_ms, seq;
    char client[PRESENCE_CLIENT_MAX + 1], name[PRESENCE_NAME_MAX + 1];
    int64_t at_seq, anchor, head; /* at_seq -1: has not said where */
    bool dead;
};

struct presence {
    struct office *office;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping;
    size_t n;
    struct watcher *all;
};

/* ---- telling, with the lock held ---- */

static void tell(struct watcher *w, const char *event, struct str data)
{
    if (!w->dead && !http_stream_send(w->stream, str_z(event), data))
        w->dead = true;
}

static void tell_seq(struct watcher *w, int64_t seq)
{
    char text[48];
    if (seq <= w->seq)
        return;
    w->seq = seq;
    (void)snprintf(text, sizeof(text), "{\"seq\":%lld}", (long long)seq);
    tell(w, "more", str_z(text));
}

/* Where `of` stands, or that he is gone, to `to`. */
static void tell_place(struct watcher *to, const struct watcher *of, bool gone)
{
    struct buf b;
    struct jw j;
    if (to == of || to->manuscript != of->manuscript || (!gone && of->at_seq < 0))
        return;
    buf_init(&b, EVENT_MAX);
    jw_init(&j, &b);
    jw_obj(&j);
    jw_kstr(&j, "client", str_z(of->client));
    if (!gone) {
        jw_kid(&j, "person", of->person);
        jw_kstr(&j, "name", str_z(of->name));
        jw_kint(&j, "seq", of->at_seq);
        jw_kint(&j, "anchor", of->anchor);
        jw_kint(&j, "head", of->head);
    }
    jw_end(&j);
    tell(to, gone ? "gone" : "here", buf_view(&b));
    buf_release(&b);
}

/* Has this editor a line besides? */
static bool came_back(const struct presence *p, const struct watcher *gone)
{
    for (const struct watcher *w = p->all; w; w = w->next)
        if (!w->dead && w->manuscript == gone->manuscript &&
            str_eq(str_z(w->client), str_z(gone->client)))
            return true;
    return false;
}

/* Let go whom nobody hears, and tell the others. */
static void sweep(struct presence *p)
{
    for (bool found = true; found;) {
        struct watcher **at = &p->all;
        found = false;
        while (*at && !(*at)->dead)
            at = &(*at)->next;
        if (!*at)
            continue;
        struct watcher *gone = *at;
        *at = gone->next;
        p->n--;
        for (struct watcher *w = came_back(p, gone) ? NULL : p->all; w; w = w->next)
            tell_place(w, gone, true);
        http_stream_drop(gone->stream);
        free(gone);
        found = true;
    }
}

/* ---- the look ---- */

/* What another node wrote. Reads without the lock: ids are taken first, told afterwards. */
static void look(struct presence *p)
{
    int64_t ids[WATCHERS_MAX], seqs[WATCHERS_MAX];
    size_t n = 0;
    struct db *db;
    struct err e;
    enum code c = OK;
    pthread_mutex_lock(&p->lock);
    for (const struct watcher *w = p->all; w && n < WATCHERS_MAX; w = w->next)
        ids[n++] = w->manuscript;
    pthread_mutex_unlock(&p->lock);
    if (store_read(p->office->store, &db, &e) != OK)
        return;
    for (size_t i = 0; i < n && c == OK; i++)
        c = manuscript_seq(db, ids[i], &seqs[i], &e);
    store_read_end(db);
    for (size_t i = 0; i < n && c == OK; i++)
        presence_more(p, ids[i], seqs[i]);
}

static void *watch(void *arg)
{
    struct presence *p = arg;
    pthread_mutex_lock(&p->lock);
    while (!p->stopping) {
        struct timespec at;
        int64_t now = clock_now_ms();
        if (!p->all) {
            pthread_cond_wait(&p->wake, &p->lock);
            continue;
        }
        for (struct watcher *w = p->all; w; w = w->next)
            if (now > w->until_ms) {
                tell(w, "again", S("{}"));
                w->dead = true;
            }
        sweep(p);
        pthread_mutex_unlock(&p->lock);
        look(p);
        pthread_mutex_lock(&p->lock);
        clock_gettime(CLOCK_REALTIME, &at);
        at.tv_sec += LOOK_S;
        if (!p->stopping)
            pthread_cond_timedwait(&p->wake, &p->lock, &at);
    }
    for (struct watcher *w = p->all; w; w = w->next)
        w->dead = true;
    sweep(p);
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

/* ---- from outside ---- */

struct presence *presence_new(struct office *o)
{
    struct presence *p = mem_alloc(sizeof(*p));
    p->office = o;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->wake, NULL);
    if (pthread_create(&p->thread, NULL, watch, p) != 0)
        p->stopping = true; /* editors ask by themselves now and then */
    return p;
}

void presence_stop(struct presence *p)
{
    pthread_mutex_lock(&p->lock);
    bool running = !p->stopping;
    p->stopping = true;
    pthread_cond_signal(&p->wake);
    pthread_mutex_unlock(&p->lock);
    if (running)
        pthread_join(p->thread, NULL);
}

void presence_free(struct presence *p)
{
    pthread_cond_destroy(&p->wake);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

void presence_watch(
    struct presence *p, const struct presence_who *who, int64_t seq, struct http_stream *s)
{
    struct watcher *w = mem_alloc(sizeof(*w));
    *w = (struct watcher){.stream = s,
        .manuscript = who->manuscript,
        .person = who->person,
        .until_ms = clock_now_ms() + LIFE_MS,
        .seq = seq,
        .at_seq = -1};
    (void)snprintf(w->client, sizeof(w->client), "%.*s", SF(who->client));
    (void)snprintf(w->name, sizeof(w->name), "%.*s", SF(who->name));
    pthread_mutex_lock(&p->lock);
    bool taken = !p->stopping && p->n < WATCHERS_MAX;
    if (taken) {
        for (struct watcher *o = p->all; o; o = o->next) {
            if (o->manuscript == w->manuscript && o->person == w->person &&
                str_eq(str_z(o->client), str_z(w->client)))
                o->dead = true; /* the same editor, come back over a new line */
            tell_place(w, o, false);
        }
        w->next = p->all;
        p->all = w;
        p->n++;
        pthread_cond_signal(&p->wake);
    }
    pthread_mutex_unlock(&p->lock);
    if (!taken) {
        http_stream_drop(s);
        free(w);
    }
}

void presence_more(struct presence *p, int64_t manuscript, int64_t seq)
{
    pthread_mutex_lock(&p->lock);
    for (struct watcher *w = p->all; w; w = w->next)
        if (w->manuscript == manuscript)
            tell_seq(w, seq);
    pthread_mutex_unlock(&p->lock);
}

static void tell_all(struct presence *p, int64_t manuscript, const char *event)
{
    pthread_mutex_lock(&p->lock);
    for (struct watcher *w = p->all; w; w = w->next)
        if (w->manuscript == manuscript)
            tell(w, event, S("{}"));
    pthread_mutex_unlock(&p->lock);
}

void presence_noted(struct presence *p, int64_t manuscript)
{
    tell_all(p, manuscript, "noted");
}

void presence_passed(struct presence *p, int64_t manuscript)
{
    tell_all(p, manuscript, "passed");
}

void presence_left(struct presence *p, const struct presence_who *who)
{
    pthread_mutex_lock(&p->lock);
    for (struct watcher *w = p->all; w; w = w->next)
        if (w->manuscript == who->manuscript && w->person == who->person &&
            str_eq(str_z(w->client), who->client))
            w->dead = true;
    sweep(p);
    pthread_mutex_unlock(&p->lock);
}

void presence_here(
    struct presence *p, const struct presence_who *who, int64_t seq, int64_t anchor, int64_t head)
{
    struct watcher *at = NULL;
    pthread_mutex_lock(&p->lock);
    for (struct watcher *w = p->all; w && !at; w = w->next)
        if (w->manuscript == who->manuscript && w->person == who->person && !w->dead &&
            str_eq(str_z(w->client), who->client))
            at = w;
    if (at) {
        at->at_seq = seq;
        at->anchor = anchor;
        at->head = head;
        for (struct watcher *w = p->all; w; w = w->next)
            tell_place(w, at, false);
    }
    pthread_mutex_unlock(&p->lock);
}
