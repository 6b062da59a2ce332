#include "office/item_plenty.h"

#include <pthread.h>
#include <time.h>

/* Direct-mapped: a list that has lost its place is counted again. */
enum { PLACES = 4096, KEPT_S = 300 };

static struct {
    uint64_t key;
    time_t until;
} places[PLACES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static time_t now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}

static uint64_t mix(uint64_t h, const void *p, size_t n)
{
    const unsigned char *b = p;
    for (size_t i = 0; i < n; i++)
        h = (h ^ b[i]) * 1099511628211U;
    return h;
}

static uint64_t mix_id(uint64_t h, int64_t id)
{
    return mix(h, &id, sizeof(id));
}

/* An office is known by its kinds: a process has one, and tests several. */
uint64_t plenty_key(const struct actor *by, const struct seen *s, struct str what)
{
    uint64_t h = mix(1469598103934665603U, what.p, what.n);
    h = mix_id(h, (int64_t)(uintptr_t)by->kinds);
    h = mix_id(h, s->level);
    h = mix_id(h, by->v->owner);
    h = mix_id(h, (int64_t)seen_roles(s));
    for (int which = 0; which < 3; which++)
        for (int i = 0; i < SEAT_PLACES; i++)
            h = mix_id(h, seen_seat(s, i, which));
    return h ? h : 1;
}

bool plenty_known(uint64_t key)
{
    pthread_mutex_lock(&lock);
    bool is = places[key % PLACES].key == key && places[key % PLACES].until > now_s();
    pthread_mutex_unlock(&lock);
    return is;
}

void plenty_note(uint64_t key, int64_t n)
{
    if (n < PLENTY_LIMIT)
        return;
    pthread_mutex_lock(&lock);
    places[key % PLACES].key = key;
    places[key % PLACES].until = now_s() + KEPT_S;
    pthread_mutex_unlock(&lock);
}
