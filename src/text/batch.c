#include <stdlib.h>
#include <string.h>

#include "text/build.h"
#include "text/norm.h"
#include "text/pos.h"

enum {
    TAIL_DOCS = 8192,        /* documents in a batch of fixed capacity */
    TAIL_TITLE = 256 * 1024, /* units of titles in one */
    FIRST_DOCS = 1024,
    FIRST_UNITS = 64 * 1024,
};

struct batch *batch_new(size_t units)
{
    struct batch *b = mem_alloc(sizeof(*b));

    b->fixed = units > 0;
    b->cap[STREAM_TEXT] = units ? units : FIRST_UNITS;
    b->cap[STREAM_TITLE] = units ? TAIL_TITLE : FIRST_UNITS;
    b->cap_docs = units ? TAIL_DOCS : FIRST_DOCS;
    for (int w = 0; w < N_STREAMS; w++) {
        b->folded[w] = mem_alloc(b->cap[w] * sizeof(uint16_t));
        b->source[w] = mem_alloc(b->cap[w] * sizeof(uint16_t));
        b->start[w] = mem_alloc((b->cap_docs + (size_t)1) * sizeof(uint32_t));
    }
    b->ids = mem_alloc(b->cap_docs * sizeof(*b->ids));
    b->attrs = mem_alloc(b->cap_docs * sizeof(*b->attrs));
    b->dead = mem_alloc(b->cap_docs * sizeof(*b->dead));
    return b;
}

void batch_free(struct batch *b)
{
    if (!b)
        return;
    for (int w = 0; w < N_STREAMS; w++) {
        free(b->folded[w]);
        free(b->source[w]);
        free(b->start[w]);
    }
    free(b->ids);
    free(b->attrs);
    free(b->dead);
    free(b);
}

size_t batch_units(const struct batch *b)
{
    return b->start[STREAM_TEXT][b->n_docs];
}

static void grow_docs(struct batch *b)
{
    uint32_t cap = b->cap_docs * 2;

    for (int w = 0; w < N_STREAMS; w++)
        b->start[w] = mem_grow(b->start[w], (cap + (size_t)1) * sizeof(uint32_t));
    b->ids = mem_grow(b->ids, cap * sizeof(*b->ids));
    b->attrs = mem_grow(b->attrs, cap * sizeof(*b->attrs));
    b->dead = mem_grow(b->dead, cap * sizeof(*b->dead));
    b->cap_docs = cap;
}

static void grow_units(struct batch *b, int which, size_t want)
{
    size_t cap = b->cap[which];

    while (cap < want)
        cap += cap / 2;
    if (cap == b->cap[which])
        return;
    b->folded[which] = mem_grow(b->folded[which], cap * sizeof(uint16_t));
    b->source[which] = mem_grow(b->source[which], cap * sizeof(uint16_t));
    b->cap[which] = cap;
}

static bool fits(const struct batch *b, const size_t units[N_STREAMS])
{
    for (int w = 0; w < N_STREAMS; w++) {
        size_t used = b->start[w][b->n_docs];
        if (units[w] >= SEGMENT_UNITS_MAX || used + units[w] + 1 > SEGMENT_UNITS_MAX ||
            (b->fixed && used + units[w] + 1 > b->cap[w]))
            return false;
    }
    return b->n_docs < (b->fixed ? b->cap_docs : SEGMENT_DOCS_MAX);
}

/* Room for one more document with so many units in each stream. */
static bool make_room(struct batch *b, const size_t units[N_STREAMS])
{
    if (!fits(b, units))
        return false;
    if (b->n_docs == b->cap_docs)
        grow_docs(b);
    for (int w = 0; w < N_STREAMS && !b->fixed; w++)
        grow_units(b, w, b->start[w][b->n_docs] + units[w] + 1);
    return true;
}

/* Folds the source units that lie behind the last document of a stream, and closes it. */
static void close_stream(struct batch *b, int which, size_t n)
{
    uint32_t at = b->start[which][b->n_docs];
    const uint16_t *source = b->source[which] + at;
    uint16_t *folded = b->folded[which] + at;

    for (size_t i = 0; i < n; i++)
        folded[i] = norm_unit(source[i]);
    b->source[which][at + n] = 0;
    folded[n] = 0;
    b->start[which][b->n_docs + 1] = at + (uint32_t)n + 1;
}

static void close_doc(struct batch *b, int64_t id, const struct corpus_attr *attr)
{
    b->ids[b->n_docs] = id;
    b->attrs[b->n_docs] = *attr;
    b->dead[b->n_docs] = false;
    b->n_docs++;
}

static size_t count_units(struct str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        n += (size_t)((c & 0xC0) != 0x80) + (size_t)(c >= 0xF0);
    }
    return n;
}

bool batch_fits(const struct batch *b, struct str title, struct str text)
{
    return fits(b, (size_t[N_STREAMS]){count_units(text), count_units(title)});
}

bool batch_add(
    struct batch *b, int64_t id, const struct corpus_attr *attr, struct str title, struct str text)
{
    struct str s[N_STREAMS] = {[STREAM_TEXT] = text, [STREAM_TITLE] = title};
    size_t units[N_STREAMS] = {count_units(text), count_units(title)};

    if (!make_room(b, units))
        return false;
    for (int w = 0; w < N_STREAMS; w++) {
        size_t n = pos_to_units(s[w], b->source[w] + b->start[w][b->n_docs]);
        close_stream(b, w, n);
    }
    close_doc(b, id, attr);
    return true;
}

enum code batch_add_from(struct batch *b, const struct segment *s, uint32_t doc,
    const struct corpus_attr *attr, struct err *e)
{
    size_t units[N_STREAMS];

    for (int w = 0; w < N_STREAMS; w++)
        units[w] = s->stream[w].start[doc + 1] - s->stream[w].start[doc] - 1;
    if (!make_room(b, units))
        return FAIL(e, E_LIMIT, "索引段超过上限 %d 个字", (int)SEGMENT_UNITS_MAX);
    for (int w = 0; w < N_STREAMS; w++) {
        uint32_t begin = s->stream[w].start[doc], at = b->start[w][b->n_docs];
        TRY(segment_source(s, w, begin, begin + (uint32_t)units[w], b->source[w] + at, e));
        close_stream(b, w, units[w]);
    }
    close_doc(b, s->ids[doc], attr);
    return OK;
}

uint32_t batch_doc(const struct batch *b, int64_t id)
{
    for (uint32_t d = b->n_docs; d-- > 0;)
        if (b->ids[d] == id && !b->dead[d])
            return d;
    return UINT32_MAX;
}

void batch_title(const struct batch *b, uint32_t doc, struct buf *out)
{
    const uint32_t *start = b->start[STREAM_TITLE] + doc;

    pos_to_utf8(out, b->source[STREAM_TITLE] + start[0], start[1] - start[0] - 1);
}

void batch_text(const struct batch *b, uint32_t doc, struct buf *out)
{
    const uint32_t *start = b->start[STREAM_TEXT] + doc;

    pos_to_utf8(out, b->source[STREAM_TEXT] + start[0], start[1] - start[0] - 1);
}

struct numbered {
    int64_t id;
    uint32_t doc;
};

static int by_id(const void *x, const void *y)
{
    const struct numbered *a = x, *b = y;

    if (a->id != b->id)
        return a->id < b->id ? -1 : 1;
    return a->doc < b->doc ? -1 : 1;
}

struct batch_order batch_sort(const struct batch *b)
{
    struct numbered *v = mem_alloc(b->n_docs * sizeof(*v));
    struct batch_order o = {mem_alloc(b->n_docs * sizeof(*o.doc)), 0};

    for (uint32_t d = 0; d < b->n_docs; d++)
        v[d] = (struct numbered){b->ids[d], d};
    if (b->n_docs)
        qsort(v, b->n_docs, sizeof(*v), by_id);
    for (uint32_t i = 0; i < b->n_docs; i++)
        if ((i + 1 == b->n_docs || v[i + 1].id != v[i].id) && !b->dead[v[i].doc])
            o.doc[o.n++] = v[i].doc;
    free(v);
    return o;
}
