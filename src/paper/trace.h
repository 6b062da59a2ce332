/* paper/trace.h - where text came from: which character of which element of which part of a package.
 *
 * A reader that can say so keeps a trace beside each text it builds; job.c follows it through the cleaning and leaves
 * the places of doc_text in job.map. Only then is anything kept: without a map every call here does nothing.
 * Private to the layer. */
#ifndef PAPER_TRACE_H
#define PAPER_TRACE_H

#include "base/arena.h"

/* Bytes [off, off + n) of a text: either the same bytes of the element's own text from `at` on, or one
 * character that stands for at_n bytes of it (a hard blank became a blank), or for the whole element (a tab). */
struct stretch {
    size_t off, n;
    size_t at, at_n;
    uint32_t part,
        elem; /* number of the member in its zip; of the element in its part, the root is 0 */
    bool whole;
};
struct trace {
    struct stretch *v;
    size_t n, cap;
};

/* Code points [cp, cp + n_cp) of doc_text are as many consecutive ones of the element's text, from byte `at` on. */
struct place {
    size_t cp, n_cp, at;
    uint32_t part, elem;
    bool whole;
};
struct places {
    struct arena *a;
    struct place *v;
    size_t n, cap;
    size_t cp;  /* length of the text so far */
    bool begun; /* a block is there: the next begins with '\n' */
};

/* `m` NULL: nothing happens, in each of these. */
void trace_add(const struct places *m, struct trace *t, struct stretch s);
/* What `from` says of bytes [begin, end) of its text, now at `at` of t's. */
void trace_take(const struct places *m, struct trace *t, size_t at, const struct trace *from,
    size_t begin, size_t end);
void trace_cut(struct trace *t, size_t n); /* the text was cut to n bytes */
/* A block was added to the doc. `t` may be NULL: nobody knows. */
void places_add(struct places *m, struct str text, const struct trace *t);

#endif
