/* base/arena.h - memory with one lifetime: a process, a job (request, command, document) or a
 * scratch. Everything taken from an arena ends with it; nothing is freed singly.
 *
 * Legal order: arena_init, any allocations, then arena_clear (use again) or arena_release.
 * Not thread-safe: one arena belongs to one thread at a time. Under ASan every allocation is its
 * own malloc, so that an overrun shows. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>

#include "base/str.h"

struct arena {
    struct arena_chunk *chunks;
    struct arena_cleanup *cleanups;
    char *at, *end;
    size_t total; /* bytes taken from malloc, for limits and figures */
};

void arena_init(struct arena *a);
void arena_release(struct arena *a);
void arena_clear(struct arena *a);

/* Zeroed and aligned for any type. Never NULL. */
void *arena_alloc(struct arena *a, size_t n);
#define ARENA_NEW(a, type)      ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_array((a), sizeof(type), (n)))
void *arena_array(struct arena *a, size_t size, size_t n); /* ends the process on overflow */

struct str arena_str(struct arena *a, struct str s); /* a copy, NUL behind it */
char *arena_z(struct arena *a, struct str s);        /* the same as a C string */
struct str arena_printf(struct arena *a, const char *fmt, ...) PRINTF(2, 3);
struct str arena_cat(struct arena *a, struct str x, struct str y);

/* Call fn(arg) when the arena is cleared or released; last registered, first called. */
void arena_defer(struct arena *a, void (*fn)(void *), void *arg);

/* A growing array in an arena: ARENA_PUSH(a, v, n, cap) = value. Doubling leaves the old copies
 * in the arena, so at most twice the final size is used. */
#define ARENA_PUSH(a, v, n, cap) \
    (*((v) = arena_grow((a), (v), (n), &(cap), sizeof(*(v))), &(v)[(n)++]))
void *arena_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size);

#endif
