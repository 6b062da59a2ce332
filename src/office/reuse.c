#include "office/reuse.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "office/typeset.h"
#include "text/runs.h"

enum { QUOTED_PERCENT = 80, HEAD_LINES = 8, ADDRESSED_CP_MAX = 60 };

struct reusing {
    struct office *o;
    struct arena *a;
    const struct actor *by;
    struct str text; /* without words in front */
    size_t front_cp; /* what they take */
    struct runs *runs;
    bool *quoted; /* of each code point of `text` */
    bool *taken;  /* it is repeated from somewhere */
    size_t cp;
    struct reuse r;
    size_t cap;
};

/* Between “ and ” of one paragraph. */
static void mark_quotes(struct reusing *w)
{
    bool in = false;
    size_t i = 0;

    for (size_t off = 0; off < w->text.n; i++) {
        uint32_t c = utf8_next(w->text, &off);
        if (c == 0x201C)
            in = true;
        w->quoted[i] = in;
        if (c == 0x201D || c == '\n')
            in = false;
    }
}

/* Nearly all of it: 会议强调 in front of the words may be the same as well. */
static bool mostly_quoted(const struct reusing *w, size_t begin, size_t end)
{
    size_t n = 0;

    for (size_t i = begin; i < end; i++)
        n += w->quoted[i];
    return n * 100 >= (end - begin) * QUOTED_PERCENT;
}

static struct str cut_cp(struct str s, size_t begin, size_t end)
{
    size_t from = utf8_off(s, begin);
    return str_sub(s, from, utf8_off(s, end) - from);
}

static int percent_of(int64_t part, int64_t all)
{
    return all ? (int)((part * 100 + all / 2) / all) : 0;
}

/* Places become those of the text that was given. */
static void put_passage(
    struct reusing *w, struct reuse_source *s, size_t *cap, struct reuse_passage p)
{
    p.quoted = mostly_quoted(w, (size_t)p.begin_cp, (size_t)p.end_cp);
    p.text = cut_cp(w->text, (size_t)p.begin_cp, (size_t)p.end_cp);
    if (!p.quoted) {
        s->chars += p.chars;
        s->warn = s->warn || (p.exact && p.chars >= REUSE_WARN_CHARS);
        for (int64_t i = p.begin_cp; i < p.end_cp; i++)
            w->taken[i] = true;
    }
    p.begin_cp += (int64_t)w->front_cp;
    p.end_cp += (int64_t)w->front_cp;
    ARENA_PUSH(w->a, s->v, s->n, *cap) = p;
}

static void end_source(struct reusing *w, struct reuse_source *s)
{
    s->percent = percent_of(s->chars, w->r.chars);
    s->warn = s->warn || s->percent >= REUSE_WARN_PERCENT;
    if (s->n)
        ARENA_PUSH(w->a, w->r.v, w->r.n, w->cap) = *s;
}

/* ---- texts that were put in ---- */

static void against(struct reusing *w, const struct sample *sample)
{
    struct reuse_source s = {.of = *sample};
    struct run *runs;
    size_t cap = 0, n = runs_against(w->runs, w->a, sample->text, &runs);

    for (size_t i = 0; i < n; i++)
        put_passage(w, &s, &cap,
            (struct reuse_passage){.begin_cp = (int64_t)runs[i].begin_cp,
                .end_cp = (int64_t)runs[i].end_cp,
                .source_begin_cp = (int64_t)runs[i].other_begin_cp,
                .source_end_cp = (int64_t)runs[i].other_end_cp,
                .source_text = cut_cp(sample->text, runs[i].other_begin_cp, runs[i].other_end_cp),
                .chars = (int64_t)runs[i].chars,
                .exact = true});
    s.of.text = S("");
    end_source(w, &s);
}

static enum code against_samples(struct reusing *w, int64_t manuscript, struct err *e)
{
    struct sample *v;
    struct db *db;
    size_t n;

    TRY(store_read(w->o->store, &db, e));
    enum code c = sample_read(db, w->a, w->by, manuscript, &v, &n, e);
    store_read_end(db);
    TRY(c);
    for (size_t i = 0; i < n; i++)
        against(w, &v[i]);
    w->r.compared += (int64_t)n;
    return OK;
}

/* ---- documents of the library ---- */

static void from_document(
    struct reusing *w, const struct library_match *m, const struct document *d)
{
    struct reuse_source s = {.of = sample_of_document(d)};
    size_t cap = 0;

    for (size_t i = 0; i < m->match.n; i++) {
        const struct match_passage *p = &m->match.passages[i];
        for (size_t k = 0; k < p->n_sources && !p->formula && p->chars >= RUNS_MIN; k++) {
            const struct match_source *x = &p->sources[k];
            if (x->doc != d->id)
                continue;
            put_passage(w, &s, &cap,
                (struct reuse_passage){.begin_cp = x->draft_begin_cp,
                    .end_cp = x->draft_end_cp,
                    .source_begin_cp = x->begin_cp,
                    .source_end_cp = x->end_cp,
                    .source_text = x->text,
                    .chars = (int64_t)p->chars,
                    .exact = x->exact});
            break;
        }
    }
    end_source(w, &s);
}

static enum code against_library(struct reusing *w, struct err *e)
{
    struct library_filter f = library_filter_any();
    struct match_options how = {.max_sources = MATCH_SOURCES_MAX};
    struct library_match m;
    struct house h;

    if (!access_may(w->by->v, ACT_READ))
        return OK;
    TRY(sample_house(w->o, w->a, &h, e));
    f.issuer_ids = h.issuers;
    f.n_issuer_ids = h.n;
    TRY(library_match(w->o, w->a, w->by->v, w->text, &f, &how, &m, e));
    for (size_t i = 0; i < m.n_docs; i++)
        if (sample_ours(&h, &m.docs[i]))
            from_document(w, &m, &m.docs[i]);
    w->r.behind = m.behind;
    return OK;
}

/* ---- all ---- */

/* Bytes of the title, the day below it and those addressed: every text of its kind has the same there. */
static size_t head_of(struct str text)
{
    struct str rest = text, line;

    for (size_t i = 0; i < HEAD_LINES && str_next(&rest, S("\n"), &line); i++) {
        line = str_trim(line);
        if (str_ends(line, S("：")) && utf8_len_cp(line) <= ADDRESSED_CP_MAX)
            return text.n - rest.n;
        if (str_has(line, S("。"))) /* the text has begun */
            break;
    }
    return 0;
}

static int most_first(const void *x, const void *y)
{
    const struct reuse_source *a = x, *b = y;
    int c = (a->chars < b->chars) - (a->chars > b->chars);
    return c ? c : str_cmp(b->of.day, a->of.day);
}

static void sum_up(struct reusing *w)
{
    int64_t taken = 0, all = 0;

    if (w->r.n)
        qsort(w->r.v, w->r.n, sizeof *w->r.v, most_first);
    w->r.n = w->r.n < REUSE_SOURCES_MAX ? w->r.n : REUSE_SOURCES_MAX;
    for (size_t off = 0, i = 0; off < w->text.n; i++) {
        bool counts = utf8_is_han(utf8_next(w->text, &off));
        taken += counts && w->taken[i];
        all += counts;
    }
    w->r.percent = percent_of(taken, all);
    for (size_t i = 0; i < w->r.n; i++)
        w->r.warn = w->r.warn || w->r.v[i].warn;
}

enum code reuse_find(struct office *o, struct arena *a, const struct actor *by, struct str text,
    int64_t manuscript, struct reuse *out, struct err *e)
{
    struct reusing w = {.o = o, .a = a, .by = by};
    size_t lines, front;

    TRY(access_require(by->v, ACT_ITEMS, e));
    if (utf8_check(text) != SIZE_MAX || utf8_len_cp(text) > MANUSCRIPT_CP_MAX)
        return FAIL(e, E_LIMIT, "文稿超过%d个字，不能比对", MANUSCRIPT_CP_MAX);
    front = typeset_front(text, &lines);
    front += head_of(str_sub(text, front, SIZE_MAX));
    w.front_cp = utf8_len_cp(str_sub(text, 0, front));
    w.text = str_sub(text, front, SIZE_MAX);
    w.cp = utf8_len_cp(w.text);
    w.quoted = ARENA_ARRAY(a, bool, w.cp + 1);
    w.taken = ARENA_ARRAY(a, bool, w.cp + 1);
    mark_quotes(&w);
    w.runs = runs_of(a, w.text);
    w.r.chars = (int64_t)runs_chars(w.runs);
    TRY(against_samples(&w, manuscript, e));
    TRY(against_library(&w, e));
    sum_up(&w);
    *out = w.r;
    return OK;
}

struct str reuse_warning(struct arena *a, const struct reuse *r)
{
    const struct reuse_source *s = r->n ? &r->v[0] : NULL;

    for (size_t i = 1; s && i < r->n && !s->warn; i++)
        s = &r->v[i];
    if (!s || !s->warn)
        return S("");
    return arena_printf(a, "与%.*s%s“%.*s”重复%d%%，共%zu处", SF(s->of.day),
        s->of.day.n ? "的" : "", SF(s->of.title), s->percent, s->n);
}
