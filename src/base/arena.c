#include "base/arena.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define SEPARATE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SEPARATE 1
#endif
#endif
#ifndef SEPARATE
#define SEPARATE 0
#endif

enum { CHUNK = 16 * 1024, ALIGN = alignof(max_align_t) };

struct arena_chunk {
    struct arena_chunk *next;
    alignas(max_align_t) char bytes[];
};

struct arena_cleanup {
    struct arena_cleanup *next;
    void (*fn)(void *);
    void *arg;
};

void arena_init(struct arena *a)
{
    *a = (struct arena){0};
}

void arena_clear(struct arena *a)
{
    struct arena_chunk *c = a->chunks;

    for (struct arena_cleanup *d = a->cleanups; d; d = d->next)
        d->fn(d->arg);
    while (c) {
        struct arena_chunk *next = c->next;
        free(c);
        c = next;
    }
    *a = (struct arena){0};
}

void arena_release(struct arena *a)
{
    arena_clear(a);
}

static char *new_chunk(struct arena *a, size_t n)
{
    struct arena_chunk *c = mem_alloc(sizeof(*c) + n);

    c->next = a->chunks;
    a->chunks = c;
    a->total += n;
    return c->bytes;
}

void *arena_alloc(struct arena *a, size_t n)
{
    size_t want = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    char *p;

    if (want < n)
        abort(); /* a size within one word of SIZE_MAX: a named limit was forgotten */
    if (SEPARATE || want > CHUNK / 4)
        return new_chunk(a, n);
    if (!a->at || want > (size_t)(a->end - a->at)) {
        a->at = new_chunk(a, CHUNK);
        a->end = a->at + CHUNK;
    }
    p = a->at;
    a->at += want;
    return p;
}

void *arena_array(struct arena *a, size_t size, size_t n)
{
    size_t bytes;

    if (__builtin_mul_overflow(size, n, &bytes))
        abort();
    return arena_alloc(a, bytes);
}

char *arena_z(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1);

    if (s.n)
        memcpy(p, s.p, s.n);
    return p;
}

struct str arena_str(struct arena *a, struct str s)
{
    return (struct str){arena_z(a, s), s.n};
}

struct str arena_cat(struct arena *a, struct str x, struct str y)
{
    char *p = arena_alloc(a, x.n + y.n + 1);

    if (x.n)
        memcpy(p, x.p, x.n);
    if (y.n)
        memcpy(p + x.n, y.p, y.n);
    return (struct str){p, x.n + y.n};
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    int n;
    char *p;

    va_start(ap, fmt);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        return (struct str){"", 0};
    p = arena_alloc(a, (size_t)n + 1);
    va_start(ap, fmt);
    (void)vsnprintf(p, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return (struct str){p, (size_t)n};
}

void arena_defer(struct arena *a, void (*fn)(void *), void *arg)
{
    struct arena_cleanup *d = ARENA_NEW(a, struct arena_cleanup);

    *d = (struct arena_cleanup){a->cleanups, fn, arg};
    a->cleanups = d;
}

void *arena_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size)
{
    size_t more = *cap ? *cap * 2 : 8;
    void *p;

    if (n < *cap)
        return v;
    p = arena_array(a, size, more);
    if (n)
        memcpy(p, v, n * size);
    *cap = more;
    return p;
}
