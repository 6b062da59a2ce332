/* What is shown of a document that was found: its first place, a snippet with marks, all places. */
#include <stdlib.h>
#include <string.h>

#include "text/find_int.h"
#include "text/pos.h"
#include "text/scan.h"

enum {
    SNIPPET_CP_MAX = 2000,
    MARKS_MAX = 256, /* in one snippet */
    PLACES_MAX = 100000,
};

enum code doc_text_of(
    const struct snap *s, uint32_t part, uint32_t doc, struct doc_text *out, struct err *e)
{
    const struct segment *seg = s->part[part].seg;
    const uint32_t *start =
        (seg ? seg->stream[STREAM_TEXT].start : s->tail->b->start[STREAM_TEXT]) + doc;
    const uint16_t *units = seg ? seg->stream[STREAM_TEXT].units : s->tail->b->folded[STREAM_TEXT];

    out->units = units + start[0];
    out->n = start[1] - start[0] - 1;
    if (seg && !segment_ready(seg, out->units, out->n * sizeof(*units)))
        return segment_damaged(seg, e);
    return OK;
}

static uint32_t low_before(const struct stream *t, uint32_t place)
{
    uint32_t lo = 0, hi = t->n_low;

    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (t->low[mid] < place)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

int64_t doc_cp(const struct snap *s, uint32_t part, uint32_t doc, uint32_t at)
{
    const struct segment *seg = s->part[part].seg;
    uint32_t low = 0;

    if (seg) {
        const struct stream *t = &seg->stream[STREAM_TEXT];
        low = low_before(t, t->start[doc] + at) - low_before(t, t->start[doc]);
    } else {
        const struct batch *b = s->tail->b;
        const uint16_t *units = b->source[STREAM_TEXT] + b->start[STREAM_TEXT][doc];
        for (uint32_t i = 0; i < at; i++)
            low += pos_is_low(units[i]);
    }
    return (int64_t)at - low;
}

enum code doc_source(const struct snap *s, struct candidate at, uint32_t begin, uint32_t end,
    uint16_t *out, struct err *e)
{
    const struct segment *seg = s->part[at.part].seg;
    uint32_t start;

    if (seg) {
        start = seg->stream[STREAM_TEXT].start[at.doc];
        return segment_source(seg, STREAM_TEXT, start + begin, start + end, out, e);
    }
    start = s->tail->b->start[STREAM_TEXT][at.doc];
    memcpy(out, s->tail->b->source[STREAM_TEXT] + start + begin, (end - begin) * sizeof(*out));
    return OK;
}

/* Unit of the document, UINT32_MAX: none. */
static enum code first_of(
    const struct finder *x, const struct candidate *c, uint32_t term, uint32_t *out, struct err *e)
{
    const struct query_term *t = &x->q->terms[term];
    const struct segment *seg = x->snap->part[c->part].seg;
    struct doc_text d;
    size_t at;

    *out = UINT32_MAX;
    if (seg) {
        struct range r = x->ranges[(size_t)c->part * x->q->n_terms + term][STREAM_TEXT];
        TRY(segment_first(seg, c->doc, (struct units){t->units, t->n}, r, out, e));
        if (*out != UINT32_MAX)
            *out -= seg->stream[STREAM_TEXT].start[c->doc];
        return OK;
    }
    TRY(doc_text_of(x->snap, c->part, c->doc, &d, e));
    at = scan_first((struct units){d.units, d.n}, (struct units){t->units, t->n}, 0);
    *out = at == SIZE_MAX ? UINT32_MAX : (uint32_t)at;
    return OK;
}

enum code first_place(const struct finder *x, struct candidate *c, uint32_t *term, struct err *e)
{
    c->place = UINT32_MAX;
    *term = 0;
    for (uint32_t i = 0; x->q && x->q->root && i < x->q->n_terms; i++) {
        uint32_t at;
        if (!x->q->terms[i].positive || x->q->terms[i].title_only)
            continue;
        TRY(first_of(x, c, i, &at, e));
        if (at < c->place) {
            c->place = at;
            *term = i;
        }
    }
    return OK;
}

/* ---- snippets ---- */

static bool ends_sentence(uint16_t u)
{
    return u == '\n' || u == 0x3002 || u == '!' || u == '?' || u == ';';
}

/* Units [*begin, *end) to show: a quarter before the place, back to the beginning of its sentence
 * if that is near; no pair cut. */
static void window(const struct doc_text *d, uint32_t place, uint32_t len, uint32_t want,
    uint32_t *begin, uint32_t *end)
{
    uint32_t b = place > want / 4 ? place - want / 4 : 0, stop;

    for (uint32_t i = place; i > b; i--)
        if (ends_sentence(d->units[i - 1])) {
            b = i;
            break;
        }
    stop = b + want > place + len ? b + want : place + len;
    stop = stop < d->n ? stop : d->n;
    if (b > 0 && b < d->n && pos_is_low(d->units[b]))
        b--;
    if (stop < d->n && pos_is_low(d->units[stop]))
        stop++;
    *begin = b;
    *end = stop;
}

static int by_begin(const void *p, const void *q)
{
    const struct place *a = p, *b = q;

    if (a->begin_cp != b->begin_cp)
        return a->begin_cp < b->begin_cp ? -1 : 1;
    return a->end_cp < b->end_cp ? -1 : a->end_cp > b->end_cp;
}

/* Places of the positive terms in d, in units, at most cap for each term, sorted. */
static size_t all_places(const struct query *q, const struct doc_text *d, struct place **out,
    struct arena *a, size_t cap)
{
    struct place *v = NULL;
    size_t n = 0, room = 0;

    for (uint32_t i = 0; i < q->n_terms; i++) {
        const struct query_term *t = &q->terms[i];
        uint32_t some[64];
        size_t from = 0, got, taken = 0;
        if (!t->positive || t->title_only)
            continue;
        do {
            got = scan_all(
                (struct units){d->units, d->n}, (struct units){t->units, t->n}, from, some, 64);
            for (size_t k = 0; k < got && taken < cap; k++, taken++) {
                ARENA_PUSH(a, v, n, room) = (struct place){some[k], (int64_t)some[k] + t->n};
                from = some[k] + (size_t)1;
            }
        } while (got == 64 && taken < cap);
    }
    if (n)
        qsort(v, n, sizeof(*v), by_begin);
    *out = v;
    return n;
}

/* UTF-8 of the units with blanks for line breaks; at[i] is the byte where unit i begins. */
static struct str one_line(struct arena *a, const uint16_t *units, uint32_t n, uint32_t *at)
{
    struct buf b;
    struct str s;

    buf_init(&b, 0);
    for (uint32_t i = 0; i < n; i++) {
        uint16_t u = units[i];
        at[i] = (uint32_t)b.n;
        if (pos_is_high(u) && i + 1 < n && pos_is_low(units[i + 1])) {
            pos_to_utf8(&b, units + i, 2);
            at[i + 1] = at[i];
            i++;
        } else if (u < ' ') {
            buf_char(&b, ' ');
        } else {
            pos_to_utf8(&b, &u, 1);
        }
    }
    at[n] = (uint32_t)b.n;
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

static enum code snippet(const struct finder *x, const struct candidate *c, uint32_t len,
    uint32_t want, struct arena *a, struct hit *out)
{
    uint32_t begin, end, *at;
    uint16_t *source;
    struct doc_text d, shown;
    struct place *v = NULL;
    size_t n = 0;

    TRY(doc_text_of(x->snap, c->part, c->doc, &d, x->e));
    window(&d, c->place == UINT32_MAX ? 0 : c->place, len, want, &begin, &end);
    source = ARENA_ARRAY(a, uint16_t, end - begin + (size_t)1);
    at = ARENA_ARRAY(a, uint32_t, end - begin + (size_t)1);
    TRY(doc_source(x->snap, *c, begin, end, source, x->e));
    out->snippet = one_line(a, source, end - begin, at);
    shown = (struct doc_text){d.units + begin, end - begin};
    if (x->q && x->q->root)
        n = all_places(x->q, &shown, &v, a, MARKS_MAX);
    out->marks = ARENA_ARRAY(a, struct snippet_mark, n + 1);
    for (size_t i = 0; i < n; i++) { /* those that overlap or touch are one mark */
        struct snippet_mark m = {at[v[i].begin_cp], at[v[i].end_cp]};
        struct snippet_mark *last = out->n_marks ? &out->marks[out->n_marks - 1] : NULL;
        if (last && m.begin <= last->end)
            last->end = m.end > last->end ? m.end : last->end;
        else
            out->marks[out->n_marks++] = m;
    }
    return OK;
}

enum code hit_fill(const struct finder *x, struct candidate *c, struct arena *a, int snippet_cp,
    struct hit *out, struct err *e)
{
    uint32_t term = 0, len = 0;
    struct hit h = {.begin_cp = -1, .end_cp = -1};

    h.doc = snap_id(x->snap, c->part, c->doc);
    h.attr = x->snap->part[c->part].frozen->attrs[c->doc];
    h.occurrences = c->occurrences;
    h.key = c->key;
    h.in_title = c->title;
    TRY(first_place(x, c, &term, e));
    if (c->place != UINT32_MAX) {
        len = x->q->terms[term].n;
        h.begin_cp = doc_cp(x->snap, c->part, c->doc, c->place);
        h.end_cp = doc_cp(x->snap, c->part, c->doc, c->place + len);
    }
    if (snippet_cp > 0)
        TRY(snippet(x, c, len,
            (uint32_t)(snippet_cp < SNIPPET_CP_MAX ? snippet_cp : SNIPPET_CP_MAX), a, &h));
    *out = h;
    return OK;
}

/* ---- all places in one document ---- */

static bool locate(const struct snap *s, int64_t id, uint32_t *part, uint32_t *doc)
{
    for (*part = 0; *part < s->n; (*part)++) {
        const struct snap_part *p = &s->part[*part];
        if (p->seg) {
            *doc = segment_doc(p->seg, id);
            if (*doc != UINT32_MAX && p->frozen->live[*doc / 64] >> *doc % 64 & 1)
                return true;
            continue;
        }
        for (*doc = p->frozen->n_docs; (*doc)-- > 0;)
            if (s->tail->b->ids[*doc] == id && p->frozen->live[*doc / 64] >> *doc % 64 & 1)
                return true;
    }
    return false;
}

/* As corpus.h declares it. NOLINTNEXTLINE(readability-function-size) */
enum code corpus_places(struct corpus *c, struct arena *a, const struct query *q, int64_t doc,
    size_t limit, struct place **out, size_t *n, struct err *e)
{
    struct snap *s = snap_take(c);
    uint32_t part = 0, local = 0;
    struct doc_text d;
    struct place *v = NULL;
    size_t found = 0;
    enum code code = OK;

    if (limit > PLACES_MAX)
        limit = PLACES_MAX;
    if (!locate(s, doc, &part, &local))
        code = FAIL(e, E_NOTFOUND, "索引里没有编号 %lld 的文件", (long long)doc);
    if (code == OK)
        code = doc_text_of(s, part, local, &d, e);
    if (code == OK && q->root) {
        found = all_places(q, &d, &v, a, limit);
        found = found < limit ? found : limit;
        for (size_t i = 0; i < found; i++) {
            v[i].begin_cp = doc_cp(s, part, local, (uint32_t)v[i].begin_cp);
            v[i].end_cp = doc_cp(s, part, local, (uint32_t)v[i].end_cp);
        }
    }
    snap_release(s);
    if (code == OK) {
        *out = v;
        *n = found;
    }
    return code;
}
