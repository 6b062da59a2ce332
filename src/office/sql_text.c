#include "office/sql_text.h"

#include <pthread.h>
#include <string.h>

#include "base/err.h"

/* Places, of which half are used: one is found after a few steps. */
enum { TEXTS = 8192 };
struct text {
    char *z;
    size_t n;
};
static struct text texts[TEXTS];
static size_t n_texts;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct text *place_of(struct str s)
{
    uint64_t h = 1469598103934665603U;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 1099511628211U;
    size_t at = h % TEXTS;
    while (texts[at].z && (texts[at].n != s.n || memcmp(texts[at].z, s.p, s.n) != 0))
        at = (at + 1) % TEXTS;
    return &texts[at];
}

const char *sql_text(struct str s)
{
    pthread_mutex_lock(&lock);
    struct text *t = place_of(s);
    if (!t->z && n_texts < TEXTS / 2) {
        *t = (struct text){mem_dup(s.p, s.n), s.n};
        n_texts++;
    }
    const char *z = t->z;
    pthread_mutex_unlock(&lock);
    return z;
}
