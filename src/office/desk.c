#include "office/desk.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "office/describe.h"
#include "office/manuscript_file.h"
#include "office/typeset.h"

enum {
    PASSAGE_CHARS_MIN = 8, /* shorter than in a check: one has only begun to write the sentence */
    PASSAGE_SENTENCE_CP = 160,
    PASSAGE_CP_MAX = 300,
};

static enum code admit(struct str text, struct err *e)
{
    struct doc none = {.format = FORMAT_TXT};
    const char *secret;

    if (text.n > DESK_BYTES_MAX)
        return FAIL(e, E_LIMIT, "文稿太长，一次最多看%d字，请分成几篇", DESK_BYTES_MAX / 3);
    secret = describe_secret(&none, text, S(""));
    if (secret)
        return FAIL(
            e, E_SECRET, "文稿带有“%s”标志，本平台不处理涉密文件，请在涉密计算机上办理", secret);
    return OK;
}

/* UTF-16 units in front of each code point, and of the end. */
static uint32_t *units_of(struct arena *a, struct str text, size_t *n_cp)
{
    uint32_t *v = ARENA_ARRAY(a, uint32_t, text.n + 1), at = 0;
    size_t n = 0;

    for (size_t off = 0; off < text.n;) {
        v[n++] = at;
        at += utf8_next(text, &off) > 0xFFFF ? 2 : 1;
    }
    v[n] = at;
    *n_cp = n;
    return v;
}

/* ---- findings ---- */

uint32_t desk_part_classes(void)
{
    return 1U << CHECK_QUOTE | 1U << CHECK_TERM | 1U << CHECK_PUNCT | 1U << CHECK_NUMBER |
           1U << CHECK_WORD | 1U << CHECK_PRIVATE;
}

enum code desk_check(struct office *o, struct arena *a, const struct viewer *v, struct str text,
    int genre, bool part, struct desk_check *out, struct err *e)
{
    struct proof_input in = {.genre = genre, .classes = part ? desk_part_classes() : 0};
    struct proof_report r;
    struct proof_finding *list;
    size_t n_cp, front_cp, lines;
    uint32_t *units;
    int64_t began = clock_mono_us();

    TRY(admit(text, e));
    in.text = str_sub(text, typeset_front(text, &lines), text.n);
    *out = (struct desk_check){0};
    TRY(proof_glance(o, a, v, &in, &r, &list, &out->n, &out->n_hidden, e));
    units = units_of(a, text, &n_cp);
    front_cp = n_cp - r.draft.n;
    out->v = ARENA_ARRAY(a, struct desk_finding, out->n + 1);
    for (size_t i = 0; i < out->n; i++) {
        const struct finding *f = list[i].f;
        size_t begin = f->begin + front_cp, end = f->end + front_cp;
        out->v[i] = (struct desk_finding){
            f, draft_str(&r.draft, f->begin, f->end), units[begin], units[end], begin, end};
    }
    out->skipped = r.check.skipped;
    out->n_skipped = r.check.n_skipped;
    out->chars = (int64_t)n_cp;
    out->cut = r.check.cut;
    out->words_problem = r.words_problem;
    out->documents = r.documents;
    out->behind = r.behind;
    out->us = clock_mono_us() - began;
    return OK;
}

/* ---- pages ---- */

static int by_place(const void *x, const void *y)
{
    const struct desk_line *a = x, *b = y;

    return a->at != b->at ? (a->at > b->at) - (a->at < b->at)
                          : (a->page > b->page) - (a->page < b->page);
}

/* From bytes, in order, to UTF-16 units. */
static void count_units(struct str text, struct desk_line *v, size_t n)
{
    size_t off = 0, units = 0;

    for (size_t i = 0; i < n; i++) {
        while (off < v[i].at && off < text.n)
            units += utf8_next(text, &off) > 0xFFFF ? 2 : 1;
        v[i].at = units;
    }
}

static void map_lines(struct arena *a, struct str text, struct desk_pages *p)
{
    size_t cap = 0;

    for (size_t i = 0; i < p->layout.n; i++) {
        const struct layout_page *page = &p->layout.pages[i];
        double y = -1;
        for (size_t k = 0; k < page->n_runs; k++) {
            const struct layout_run *r = &page->runs[k];
            if (r->from == SIZE_MAX || r->y == y) /* one baseline is one number: not measured */
                continue;
            y = r->y;
            ARENA_PUSH(a, p->lines, p->n_lines, cap) = (struct desk_line){r->from, i, y};
        }
    }
    if (p->n_lines)
        qsort(p->lines, p->n_lines, sizeof(*p->lines), by_place);
    count_units(text, p->lines, p->n_lines);
}

enum code desk_pages(struct arena *a, struct faces *f, struct str text,
    const struct desk_pictures *pictures, struct desk_pages *out, struct err *e)
{
    struct desk_pages p = {0};
    struct typeset_read told;
    struct official_style style;
    int64_t began = clock_mono_us();

    TRY(admit(text, e));
    TRY(typeset_read(a, text, NULL, &p.doc, &told, e));
    if (pictures)
        manuscript_files_link(a, pictures->manuscript, pictures->v, pictures->n, &p.doc);
    official_style_of(p.doc.form, &style);
    TRY(layout_make(a, f, &p.doc, &style, &p.layout, e));
    map_lines(a, text, &p);
    p.notes = ARENA_ARRAY(a, struct str, told.n_notes + p.layout.n_notes + 1);
    for (size_t i = 0; i < told.n_notes; i++)
        p.notes[p.n_notes++] = told.notes[i];
    for (size_t i = 0; i < p.layout.n_notes; i++)
        p.notes[p.n_notes++] = p.layout.notes[i];
    p.us = clock_mono_us() - began;
    *out = p;
    return OK;
}

size_t desk_page_of(const struct desk_pages *p, size_t at)
{
    size_t lo = 0, hi = p->n_lines;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (p->lines[mid].at <= at)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo ? p->lines[lo - 1].page : 0;
}

/* ---- passages ---- */

static bool ends_sentence(uint32_t cp)
{
    return cp == 0x3002 || cp == 0xFF01 || cp == 0xFF1F || cp == '\n'; /* 。！？ */
}

/* The whole sentences around a place, so that one can go on from what one began to write. */
static void widen(struct arena *a, struct str text, struct desk_passage *p)
{
    size_t start = utf8_off(text, (size_t)p->begin_cp), stop = utf8_off(text, (size_t)p->end_cp);
    size_t off = 0, from = 0, to = text.n;
    int64_t cp = 0, from_cp = 0;

    while (off < text.n) {
        bool ends = ends_sentence(utf8_next(text, &off));
        cp++;
        if (ends && cp <= p->begin_cp) {
            from = off;
            from_cp = cp;
        } else if (ends && cp >= p->end_cp) {
            to = off;
            break;
        }
    }
    if (utf8_len_cp(str_sub(text, from, to - from)) <= PASSAGE_CP_MAX) {
        start = from;
        stop = to;
        p->begin_cp = from_cp;
        p->end_cp = cp;
    }
    p->text = arena_str(a, str_trim(str_sub(text, start, stop - start)));
}

/* A title within a title stands in single marks (GB/T 15834-2011 4.14.3.3). */
static struct str quoted_title(struct arena *a, struct str title)
{
    struct str rest = title, before, inner, after;
    struct str out = S("");

    while (str_cut(rest, S("《"), &before, &inner) && str_cut(inner, S("》"), &inner, &after)) {
        out = arena_printf(a, "%.*s%.*s〈%.*s〉", SF(out), SF(before), SF(inner));
        rest = after;
    }
    return arena_printf(a, "《%.*s%.*s》", SF(out), SF(rest));
}

static struct str cite_of(struct arena *a, const struct document *d)
{
    struct str out = quoted_title(a, d->title);

    if (d->docno.n)
        return arena_printf(a, "%.*s（%.*s）", SF(out), SF(d->docno));
    if (d->issuer_name.n && d->day.n)
        return arena_printf(a, "%.*s（%.*s，%.*s）", SF(out), SF(d->issuer_name), SF(d->day));
    return out;
}

static bool told_already(const struct desk_passage *v, size_t n, struct str text)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i].text, text))
            return true;
    return false;
}

/* With the sentences around what was found, from the document itself; a document that went away meanwhile is left out. */
static enum code fill(
    struct office *o, struct arena *a, struct desk_passage *v, size_t *n, struct err *e)
{
    struct db *db;
    enum code code = OK;
    size_t kept = 0;

    TRY(store_read(o->store, &db, e));
    for (size_t i = 0; i < *n && code == OK; i++) {
        struct str text;
        code = document_text(db, a, v[i].doc.id, &text, e);
        if (code == E_NOTFOUND) {
            code = OK;
            continue;
        }
        if (code != OK)
            break;
        widen(a, text, &v[i]);
        if (told_already(v, kept, v[i].text))
            continue;
        v[i].cite = cite_of(a, &v[i].doc);
        v[kept++] = v[i];
    }
    store_read_end(db);
    *n = kept;
    return code;
}

static enum code by_words(struct office *o, struct arena *a, const struct viewer *v,
    struct str query, struct desk_passage *list, size_t *n, struct err *e)
{
    struct library_filter any = library_filter_any();
    struct library_page page;

    any.proofed_only = true;
    TRY(library_search(o, a, v, query, &any, LIBRARY_RANK, 0, DESK_PASSAGES_MAX, &page, e));
    for (size_t i = 0; i < page.n; i++)
        if (page.hits[i].begin_cp >= 0)
            list[(*n)++] = (struct desk_passage){.doc = page.hits[i].doc,
                .begin_cp = page.hits[i].begin_cp,
                .end_cp = page.hits[i].end_cp};
    return OK;
}

static enum code by_likeness(struct office *o, struct arena *a, const struct viewer *v,
    struct str text, struct desk_passage *list, size_t *n, struct err *e)
{
    struct library_filter any = library_filter_any();
    struct match_options how = {.min_chars = PASSAGE_CHARS_MIN, .max_sources = DESK_PASSAGES_MAX};
    struct library_match found;

    any.proofed_only = true;
    TRY(library_match(o, a, v, text, &any, &how, &found, e));
    for (size_t i = 0; i < found.match.n; i++)
        for (size_t k = 0; k < found.match.passages[i].n_sources && *n < DESK_PASSAGES_MAX; k++) {
            const struct match_source *s = &found.match.passages[i].sources[k];
            const struct document *d = library_match_doc(&found, s->doc);
            if (d)
                list[(*n)++] = (struct desk_passage){.doc = *d,
                    .begin_cp = s->begin_cp,
                    .end_cp = s->end_cp,
                    .percent = (int)(s->similarity * 100 + 0.5)};
        }
    return OK;
}

enum code desk_passages(struct office *o, struct arena *a, const struct viewer *v, struct str text,
    struct str query, struct desk_passage **out, size_t *n, struct err *e)
{
    TRY(admit(text, e));
    if (utf8_len_cp(text) > DESK_QUERY_CP_MAX || utf8_len_cp(query) > DESK_QUERY_CP_MAX)
        return FAIL(e, E_LIMIT, "一次最多用%d字来找", DESK_QUERY_CP_MAX);
    *n = 0;
    *out = ARENA_ARRAY(a, struct desk_passage, DESK_PASSAGES_MAX);
    if (query.n)
        TRY(by_words(o, a, v, query, *out, n, e));
    else if (text.n)
        TRY(by_likeness(o, a, v, text, *out, n, e));
    return fill(o, a, *out, n, e);
}
