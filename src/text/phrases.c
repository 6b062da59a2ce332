#include "text/phrases.h"

#include <stdlib.h>
#include <string.h>

#include "text/automaton.h"
#include "text/find_int.h"
#include "text/norm.h"
#include "text/pos.h"

enum {
    DEPTH_MAX = PHRASE_CP_MAX + 1, /* one more: longer strings are told from those of just 40 */
    EDGE_PERCENT = 60,  /* a neighbour that stands beside most places belongs to the phrase */
    MARK_PERCENT = 15,  /* of the places have a mark or a line's end there */
    KEEPS_PERCENT = 70, /* a longer phrase of that many of its documents stands for it */
    FOUND_MAX = 400000, /* strings before they are sifted */
    STEP = 1 << 16,     /* suffixes between two reports of progress */
};

/* ---- characters ---- */

static bool is_part(uint16_t u)
{
    return (u >= 0x4E00 && u < 0xA000) || (u >= 0x3400 && u < 0x4DC0) || u == 0x3007 || u == 0x3001;
}

/* Words that do not end, or do not begin, a phrase. */
static bool is_one_of(uint16_t u, const uint16_t *v)
{
    for (; *v; v++)
        if (*v == u)
            return true;
    return false;
}

static const uint16_t no_begin[] = {0x3001, 0x7684, 0x4E86, 0x548C, 0x4E0E, 0x53CA, 0x7B49, 0x4E4B,
    0x4E8E, 0x5E76, 0x800C, 0x6216, 0x4E5F, 0x4EEC, 0x7740, 0x8FC7, 0};
static const uint16_t no_end[] = {0x3001, 0x7684, 0x4E86, 0x548C, 0x4E0E, 0x53CA, 0x5728, 0x662F,
    0x4E3A, 0x7B49, 0x5C06, 0x5BF9, 0x5E76, 0x800C, 0x6216, 0x5176, 0x8BE5, 0x5404, 0x4EE5, 0x4E8E,
    0x4E4B, 0x628A, 0x88AB, 0x7531, 0x4ECE, 0x5411, 0x6309, 0x4E0D, 0};

/* ---- one part of the corpus ---- */

struct span16 {
    const uint16_t *units;
    uint32_t n;
};

struct part_view {
    const struct snap_part *part;
    uint32_t number, n_docs;
    const uint16_t *units;
    uint32_t n;
    const uint32_t
        *sa; /* suffixes in order; of the tail our own, of those that can begin a phrase */
    uint32_t n_sa;
    const struct batch *tail; /* NULL: a segment */
    uint64_t *pass;           /* documents that live and pass the filter */
};

static uint32_t doc_of(const struct part_view *v, uint32_t place)
{
    const uint32_t *start;
    uint32_t low = 0, high = v->n_docs;

    if (!v->tail)
        return stream_doc(&v->part->seg->stream[STREAM_TEXT], place);
    start = v->tail->start[STREAM_TEXT];
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (start[mid] <= place)
            low = mid;
        else
            high = mid;
    }
    return low;
}

static bool passes(const struct part_view *v, uint32_t doc)
{
    return v->pass[doc / 64] >> (doc % 64) & 1;
}

/* Everything before the first suffix whose first characters are compared: 41 of them, marks end a text. */
static uint32_t common(const struct part_view *v, uint32_t a, uint32_t b)
{
    uint32_t d = 0;

    while (d < DEPTH_MAX && a + d < v->n && b + d < v->n && v->units[a + d] == v->units[b + d] &&
           is_part(v->units[a + d]))
        d++;
    return d;
}

struct by_text {
    uint32_t place;
    const uint16_t *units;
    uint32_t n;
};

static int by_units(const void *x, const void *y)
{
    const struct by_text *a = x, *b = y;

    for (uint32_t d = 0; d < DEPTH_MAX; d++) {
        uint16_t p = a->place + d < a->n ? a->units[a->place + d] : 0;
        uint16_t q = b->place + d < b->n ? b->units[b->place + d] : 0;
        if (p != q)
            return p < q ? -1 : 1;
        if (!is_part(p))
            break;
    }
    return (a->place > b->place) - (a->place < b->place);
}

/* The tail has no suffix array: one of the places where a phrase can begin. */
static void sort_tail(struct arena *a, struct part_view *v)
{
    struct by_text *w = ARENA_ARRAY(a, struct by_text, v->n + 1);
    uint32_t *sa = ARENA_ARRAY(a, uint32_t, v->n + 1);

    for (uint32_t i = 0; i < v->n; i++)
        if (is_part(v->units[i]))
            w[v->n_sa++] = (struct by_text){i, v->units, v->n};
    if (v->n_sa)
        qsort(w, v->n_sa, sizeof(*w), by_units);
    for (uint32_t i = 0; i < v->n_sa; i++)
        sa[i] = w[i].place;
    v->sa = sa;
}

static void judge_documents(
    struct arena *a, const struct snap *s, const struct corpus_filter *f, struct part_view *v)
{
    v->pass = ARENA_ARRAY(a, uint64_t, v->n_docs / 64 + 1);
    for (uint32_t d = 0; d < v->n_docs; d++)
        if ((v->part->frozen->live[d / 64] >> (d % 64) & 1) &&
            filter_passes(f, snap_id(s, v->number, d), &v->part->frozen->attrs[d]))
            v->pass[d / 64] |= UINT64_C(1) << (d % 64);
}

static enum code view_part(struct arena *a, const struct snap *s, const struct corpus_filter *f,
    uint32_t number, bool sorted, struct part_view *v, struct err *e)
{
    const struct snap_part *p = &s->part[number];

    *v = (struct part_view){.part = p, .number = number, .n_docs = p->frozen->n_docs};
    judge_documents(a, s, f, v);
    if (!p->seg) {
        v->tail = s->tail->b;
        v->units = v->tail->folded[STREAM_TEXT];
        v->n = v->tail->start[STREAM_TEXT][v->n_docs];
        if (sorted)
            sort_tail(a, v);
        return OK;
    }
    v->units = p->seg->stream[STREAM_TEXT].units;
    v->n = v->n_sa = p->seg->stream[STREAM_TEXT].n;
    v->sa = p->seg->stream[STREAM_TEXT].sa;
    if (sorted && (!segment_ready(p->seg, v->units, (size_t)v->n * sizeof(*v->units)) ||
                      !segment_ready(p->seg, v->sa, (size_t)v->n * sizeof(*v->sa))))
        return segment_damaged(p->seg, e);
    return OK;
}

/* ---- finding strings ---- */

struct open {
    uint32_t depth, from;
};

struct miner {
    struct arena *a;
    const struct part_view *v;
    const struct phrase_options *o;
    int64_t least;    /* documents in this part */
    uint32_t *seen;   /* by document: the last string that it was counted for */
    uint32_t string;  /* number of the present one */
    uint32_t *beside; /* by unit: how often it stands there */
    struct span16 *found;
    size_t n_found, cap;
    int64_t done, all;
};

/* The character before, or behind, suffix i of that depth; 0 at the ends. */
static uint16_t neighbour(const struct part_view *v, uint32_t i, bool left, uint32_t depth)
{
    uint32_t place = v->sa[i];

    if (left)
        return place ? v->units[place - 1] : 0;
    return place + depth < v->n ? v->units[place + depth] : 0;
}

/* Is the edge one of a phrase: enough marks there, and no single character that nearly always stands there? */
static bool is_edge(struct miner *m, uint32_t lo, uint32_t hi, bool left, uint32_t depth)
{
    uint64_t marks = 0, most = 0, all = hi - lo;

    for (uint32_t i = lo; i < hi; i++) {
        uint16_t u = neighbour(m->v, i, left, depth);
        if (!is_part(u) || u == 0x3001)
            marks++;
        else if (++m->beside[u] > most)
            most = m->beside[u];
    }
    for (uint32_t i = lo; i < hi; i++)
        m->beside[neighbour(m->v, i, left, depth)] = 0;
    return marks * 100 >= all * MARK_PERCENT && most * 100 <= all * EDGE_PERCENT;
}

static bool enough_documents(struct miner *m, uint32_t lo, uint32_t hi)
{
    int64_t n = 0;

    m->string++;
    for (uint32_t i = lo; i < hi && n < m->least; i++) {
        uint32_t doc = doc_of(m->v, m->v->sa[i]);
        if (m->seen[doc] == m->string || !passes(m->v, doc))
            continue;
        m->seen[doc] = m->string;
        n++;
    }
    return n >= m->least;
}

/* Suffixes lo .. hi - 1 share just `depth` characters. */
static void close_string(struct miner *m, uint32_t depth, uint32_t lo, uint32_t hi)
{
    const uint16_t *text = m->v->units + m->v->sa[lo];

    if (depth < PHRASE_CP_MIN || depth > PHRASE_CP_MAX || hi - lo < m->least ||
        m->n_found == FOUND_MAX || is_one_of(text[0], no_begin) ||
        is_one_of(text[depth - 1], no_end) || !enough_documents(m, lo, hi) ||
        !is_edge(m, lo, hi, true, depth) || !is_edge(m, lo, hi, false, depth))
        return;
    ARENA_PUSH(m->a, m->found, m->n_found, m->cap) = (struct span16){text, depth};
}

/* The strings that neighbouring suffixes share, each closed where it ends: the inner nodes of the suffix tree. */
static void walk_part(struct miner *m)
{
    struct open stack[DEPTH_MAX + 2] = {{0, 0}};
    size_t top = 0;

    for (uint32_t i = 1; i <= m->v->n_sa; i++) {
        uint32_t from = i - 1;
        uint32_t d = i < m->v->n_sa ? common(m->v, m->v->sa[i - 1], m->v->sa[i]) : 0;
        if (d < PHRASE_CP_MIN)
            d = 0;
        while (stack[top].depth > d) {
            close_string(m, stack[top].depth, stack[top].from, i);
            from = stack[top--].from;
        }
        if (stack[top].depth < d)
            stack[++top] = (struct open){d, from};
        if (i % STEP == 0 && m->o->progress)
            m->o->progress(m->o->arg, m->done + i, m->all);
    }
    m->done += m->v->n_sa;
}

static enum code mine_parts(struct miner *m, const struct snap *s, const struct corpus_filter *f,
    int64_t min_documents, struct err *e)
{
    m->beside = ARENA_ARRAY(m->a, uint32_t, 65536);
    m->least = (min_documents + (int64_t)s->n - 1) / (s->n ? (int64_t)s->n : 1);
    if (m->least < 2)
        m->least = 2;
    for (uint32_t i = 0; i < s->n; i++)
        m->all += s->part[i].seg ? s->part[i].seg->stream[STREAM_TEXT].n
                                 : s->tail->b->start[STREAM_TEXT][s->part[i].frozen->n_docs];
    for (uint32_t i = 0; i < s->n; i++) {
        struct part_view v;
        m->v = NULL;
        TRY(view_part(m->a, s, f, i, true, &v, e));
        m->v = &v;
        m->seen = ARENA_ARRAY(m->a, uint32_t, v.n_docs + 1);
        m->string = 0;
        walk_part(m);
        m->v = NULL;
    }
    return OK;
}

/* ---- counting ---- */

struct counter {
    struct arena *a;
    struct part_view *parts;
    const struct snap *snap;
    uint64_t *bits; /* for the greatest part */
    uint32_t *tf;
    uint32_t *places;
};
enum { PLACES_AT_ONCE = 4096 };

static enum code counter_begin(
    struct counter *k, const struct snap *s, const struct corpus_filter *f, struct err *e)
{
    uint32_t most = 0;

    k->snap = s;
    k->parts = ARENA_ARRAY(k->a, struct part_view, s->n + 1);
    for (uint32_t i = 0; i < s->n; i++) {
        TRY(view_part(k->a, s, f, i, false, &k->parts[i], e));
        most = k->parts[i].n_docs > most ? k->parts[i].n_docs : most;
    }
    k->bits = ARENA_ARRAY(k->a, uint64_t, most / 64 + 1);
    k->tf = ARENA_ARRAY(k->a, uint32_t, most + 1);
    k->places = ARENA_ARRAY(k->a, uint32_t, PLACES_AT_ONCE);
    return OK;
}

static void tail_documents(struct counter *k, const struct part_view *v, struct units pat)
{
    struct units text = {v->units, v->n};
    size_t from = 0, n;

    do {
        n = scan_all(text, pat, from, k->places, PLACES_AT_ONCE);
        for (size_t i = 0; i < n; i++) {
            uint32_t doc = doc_of(v, k->places[i]);
            k->bits[doc / 64] |= UINT64_C(1) << (doc % 64);
            k->tf[doc]++;
        }
        from = n ? k->places[n - 1] + 1 : 0;
    } while (n == PLACES_AT_ONCE);
}

/* Sets k->bits and k->tf to the documents of part i that hold the text and pass. */
static enum code part_documents(
    struct counter *k, uint32_t i, struct units pat, bool places, struct err *e)
{
    const struct part_view *v = &k->parts[i];
    struct range r;

    memset(k->bits, 0, (v->n_docs / 64 + 1) * sizeof(*k->bits));
    if (places)
        memset(k->tf, 0, v->n_docs * sizeof(*k->tf));
    if (v->tail) {
        tail_documents(k, v, pat);
    } else {
        TRY(segment_range(v->part->seg, STREAM_TEXT, pat, &r, e));
        TRY(segment_docs(v->part->seg, STREAM_TEXT, r, k->bits, places ? k->tf : NULL, e));
    }
    for (uint32_t w = 0; w <= v->n_docs / 64; w++)
        k->bits[w] &= v->pass[w];
    return OK;
}

static enum code count_documents(
    struct counter *k, struct span16 text, int64_t *documents, struct err *e)
{
    *documents = 0;
    for (uint32_t i = 0; i < k->snap->n; i++) {
        TRY(part_documents(k, i, (struct units){text.units, text.n}, false, e));
        for (uint32_t w = 0; w <= k->parts[i].n_docs / 64; w++)
            *documents += __builtin_popcountll(k->bits[w]);
    }
    return OK;
}

struct sample {
    int32_t day;
    int64_t id;
};

struct tally {
    struct phrase *p;
    uint32_t *issuers;
    size_t n_issuers, cap_issuers;
    int64_t years[400]; /* from 1800 */
    struct sample newest[PHRASE_EXAMPLES];
};

static void tally_document(
    struct counter *k, struct tally *t, const struct corpus_attr *at, int64_t id, uint32_t tf)
{
    struct sample s = {at->day, id};

    t->p->documents++;
    t->p->occurrences += tf;
    if (at->issuer)
        ARENA_PUSH(k->a, t->issuers, t->n_issuers, t->cap_issuers) = at->issuer;
    if (at->year >= 1800 && at->year < 2200)
        t->years[at->year - 1800]++;
    for (size_t i = 0; i < PHRASE_EXAMPLES; i++) {
        struct sample was = t->newest[i];
        if (was.id && (was.day > s.day || (was.day == s.day && was.id > s.id)))
            continue;
        t->newest[i] = s;
        s = was;
        if (!s.id)
            break;
    }
}

static int ascending(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

    return (a > b) - (a < b);
}

static void tally_end(struct tally *t)
{
    struct phrase *p = t->p;

    if (t->n_issuers)
        qsort(t->issuers, t->n_issuers, sizeof(*t->issuers), ascending);
    for (size_t i = 0; i < t->n_issuers; i++)
        p->issuers += i == 0 || t->issuers[i] != t->issuers[i - 1];
    for (int y = 0; y < 400; y++) {
        if (!t->years[y])
            continue;
        if (p->n_years == PHRASE_YEARS) {
            memmove(p->years, p->years + 1, (PHRASE_YEARS - 1) * sizeof(*p->years));
            p->n_years--;
        }
        p->years[p->n_years++] = (struct phrase_year){1800 + y, t->years[y]};
        p->first_year = p->first_year ? p->first_year : 1800 + y;
        p->last_year = 1800 + y;
    }
    while (p->n_examples < PHRASE_EXAMPLES && t->newest[p->n_examples].id) {
        p->examples[p->n_examples] = t->newest[p->n_examples].id;
        p->n_examples++;
    }
}

static enum code count_fully(
    struct counter *k, struct span16 text, struct phrase *out, struct err *e)
{
    struct tally t = {.p = out};

    for (uint32_t i = 0; i < k->snap->n; i++) {
        const struct part_view *v = &k->parts[i];
        TRY(part_documents(k, i, (struct units){text.units, text.n}, true, e));
        for (uint32_t d = 0; d < v->n_docs; d++)
            if (k->bits[d / 64] >> (d % 64) & 1)
                tally_document(k, &t, &v->part->frozen->attrs[d], snap_id(k->snap, i, d), k->tf[d]);
    }
    tally_end(&t);
    return OK;
}

enum code phrase_count(struct corpus *c, struct str text, const struct corpus_filter *f,
    struct phrase *out, struct err *e)
{
    struct arena a;
    struct norm pat;
    struct phrase p = {.text = text};
    struct counter k = {.a = &a};
    struct snap *s = snap_take(c);
    enum code code;

    arena_init(&a);
    code = norm_text(&a, text, &pat, e);
    if (code == OK && pat.n)
        code = counter_begin(&k, s, f, e);
    if (code == OK && pat.n)
        code = count_fully(&k, (struct span16){pat.units, (uint32_t)pat.n}, &p, e);
    snap_release(s);
    arena_release(&a);
    if (code == OK)
        *out = p;
    return code;
}

/* ---- sifting ---- */

struct counted {
    struct span16 text;
    struct str utf8;
    int64_t documents;
    bool said; /* by a longer one */
};

static int by_string(const void *x, const void *y)
{
    const struct span16 *a = x, *b = y;
    uint32_t n = a->n < b->n ? a->n : b->n;
    int d = memcmp(a->units, b->units, n * sizeof(*a->units));

    return d ? d : (a->n > b->n) - (a->n < b->n);
}

static int by_weight(const void *x, const void *y)
{
    const struct counted *a = x, *b = y;
    int64_t p = a->documents * a->text.n, q = b->documents * b->text.n;

    if (p != q)
        return p > q ? -1 : 1;
    return str_cmp(a->utf8, b->utf8);
}

static struct str utf8_of(struct arena *a, struct span16 t)
{
    struct buf b;
    struct str s;

    buf_init(&b, 0);
    pos_to_utf8(&b, t.units, t.n);
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

/* Count what was found, each string once. */
static enum code count_found(struct miner *m, struct counter *k, int64_t min_documents,
    struct counted **out, size_t *n, struct err *e)
{
    struct counted *v = NULL;
    size_t cap = 0;

    *n = 0;
    if (m->n_found)
        qsort(m->found, m->n_found, sizeof(*m->found), by_string);
    for (size_t i = 0; i < m->n_found; i++) {
        struct counted x = {.text = m->found[i]};
        if (i && by_string(&m->found[i - 1], &m->found[i]) == 0)
            continue;
        TRY(count_documents(k, x.text, &x.documents, e));
        if (x.documents < min_documents)
            continue;
        x.utf8 = utf8_of(m->a, x.text);
        ARENA_PUSH(m->a, v, *n, cap) = x;
    }
    *out = v;
    return OK;
}

/* A phrase that lies in a longer one of nearly as many documents is said by it. */
static enum code drop_parts(struct arena *a, struct counted *v, size_t n, struct err *e)
{
    struct str *words = ARENA_ARRAY(a, struct str, n + 1);
    struct automaton *m;

    for (size_t i = 0; i < n; i++)
        words[i] = v[i].utf8;
    TRY(automaton_new(a, words, n, &m, e));
    for (size_t i = 0; i < n; i++) {
        uint32_t cp[PHRASE_CP_MAX];
        struct automaton_hit *hits;
        size_t n_hits;
        for (uint32_t k = 0; k < v[i].text.n; k++)
            cp[k] = v[i].text.units[k]; /* no surrogates among them */
        automaton_find(m, a, cp, v[i].text.n, &hits, &n_hits);
        for (size_t h = 0; h < n_hits; h++) {
            struct counted *inner = &v[hits[h].word];
            if (inner != &v[i] && v[i].documents * 100 >= inner->documents * KEEPS_PERCENT)
                inner->said = true;
        }
    }
    return OK;
}

/* The heaviest of them in full, until there are enough. */
static enum code take_best(struct miner *m, struct counter *k, const struct counted *v, size_t n_v,
    struct arena *a, struct phrase **out, size_t *n, struct err *e)
{
    int64_t min_issuers = m->o->min_issuers ? m->o->min_issuers : 2;
    size_t limit = m->o->limit ? m->o->limit : 300, cap = 0;

    for (size_t i = 0; i < n_v && *n < limit; i++) {
        struct phrase p = {0};
        if (v[i].said)
            continue;
        TRY(count_fully(k, v[i].text, &p, e));
        if (p.issuers < min_issuers)
            continue;
        p.text = arena_str(a, v[i].utf8);
        ARENA_PUSH(a, *out, *n, cap) = p;
    }
    return OK;
}

static enum code mine(struct miner *m, struct counter *k, const struct snap *s,
    const struct corpus_filter *f, struct arena *a, struct phrase **out, size_t *n, struct err *e)
{
    int64_t min_documents = m->o->min_documents ? m->o->min_documents : 5;
    struct counted *v;
    size_t n_v;

    *out = NULL;
    *n = 0;
    TRY(mine_parts(m, s, f, min_documents, e));
    TRY(counter_begin(k, s, f, e));
    TRY(count_found(m, k, min_documents, &v, &n_v, e));
    TRY(drop_parts(m->a, v, n_v, e));
    if (n_v)
        qsort(v, n_v, sizeof(*v), by_weight);
    return take_best(m, k, v, n_v, a, out, n, e);
}

enum code phrases_mine(struct corpus *c, struct arena *a, const struct corpus_filter *f,
    const struct phrase_options *o, struct phrase **out, size_t *n, struct err *e)
{
    struct arena scratch;
    struct miner m = {.a = &scratch, .o = o};
    struct counter k = {.a = &scratch};
    struct snap *s = snap_take(c);
    struct phrase *v;
    size_t n_v;
    enum code code;

    arena_init(&scratch);
    code = mine(&m, &k, s, f, a, &v, &n_v, e);
    snap_release(s);
    arena_release(&scratch);
    if (code != OK)
        return code;
    *out = v;
    *n = n_v;
    return OK;
}
