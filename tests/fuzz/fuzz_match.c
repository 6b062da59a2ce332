/* Passages of a draft that repeat documents: spans lie inside and on characters, passages are in order and do not
 * overlap, and what stands between the edits is equal. Every byte is one character of a small alphabet, so
 * that texts resemble each other; 255 ends a document, the last piece is the draft. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/utf8.h"
#include "text/corpus.h"
#include "text/match.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DOCS = 4, ALPHABET = 24, INPUT_MAX = 3000 };

static struct corpus *corpus;

static void must(bool good)
{
    if (!good)
        abort();
}

static void open_corpus(void)
{
    static char dir[] = "/tmp/qs-fuzz-XXXXXX";
    struct corpus_options o = {.tail_units = 8192};
    struct err e;

    must(mkdtemp(dir) != NULL);
    o.dir = str_z(dir);
    must(corpus_open(&o, &corpus, &e) == OK);
}

static struct str text_of(struct arena *a, const uint8_t *data, size_t n)
{
    static const char *const other[] = {"，", "。", "\n", "𠮷", "1", ".", "Ａ", "國"};
    struct buf b;
    struct str s;

    buf_init(&b, 0);
    for (size_t i = 0; i < n; i++) {
        uint8_t k = data[i] % (ALPHABET + 8);
        if (k < ALPHABET)
            buf_utf8(&b, 0x4E00 + (uint32_t)k);
        else
            buf_z(&b, other[k - ALPHABET]);
    }
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

static struct str piece(struct str s, int64_t begin, int64_t end)
{
    size_t at = utf8_off(s, (size_t)begin);

    must(begin >= 0 && begin <= end && end <= (int64_t)utf8_len_cp(s));
    return str_sub(s, at, utf8_off(s, (size_t)end) - at);
}

/* Han of the alphabet alone: what is folded or may be left out does not matter here. */
static uint32_t next_plain(struct str s, size_t *at)
{
    while (*at < s.n) {
        uint32_t c = utf8_next(s, at);
        if (c >= 0x4E00 && c < 0x4E00 + ALPHABET)
            return c;
    }
    return 0;
}

static bool equal(struct str x, struct str y)
{
    size_t i = 0, k = 0;
    uint32_t c;

    do {
        c = next_plain(x, &i);
        if (c != next_plain(y, &k))
            return false;
    } while (c);
    return true;
}

static void check(struct str draft, struct str source, const struct match_passage *p)
{
    const struct match_source *s = &p->sources[0];
    int64_t d = p->begin_cp, t = s->begin_cp;

    must(str_eq(piece(draft, p->begin_cp, p->end_cp), str_sub(draft, p->begin, p->end - p->begin)));
    must(str_eq(piece(source, s->begin_cp, s->end_cp), s->text));
    must(p->chars >= MATCH_CHARS_MIN && s->edits * 4 <= p->chars);
    for (size_t i = 0; i < p->n_edits; i++) {
        const struct match_edit *x = &p->edits[i];
        must(x->begin_cp >= d && x->source_begin_cp >= t);
        must(equal(piece(draft, d, x->begin_cp), piece(source, t, x->source_begin_cp)));
        d = x->end_cp;
        t = x->source_end_cp;
    }
    must(equal(piece(draft, d, p->end_cp), piece(source, t, s->end_cp)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct corpus_attr at = {0};
    struct corpus_filter f = {.levels = 1};
    struct str doc[DOCS + 1] = {{0}}, draft;
    struct match r;
    struct arena a;
    struct err e;
    int n = 0;

    if (size > INPUT_MAX)
        return 0;
    if (!corpus)
        open_corpus();
    arena_init(&a);
    while (n < DOCS) {
        size_t end = 0;
        while (end < size && data[end] != 255)
            end++;
        if (end == size)
            break;
        doc[++n] = text_of(&a, data, end);
        must(corpus_put(corpus, n, &at, S(""), doc[n], &e) == OK);
        data += end + 1;
        size -= end + 1;
    }
    for (int64_t id = n + 1; id <= DOCS; id++)
        must(corpus_remove(corpus, id, &e) == OK);
    draft = text_of(&a, data, size);
    must(corpus_match(corpus, &a, draft, &f, NULL, &r, &e) == OK);
    for (size_t i = 0; i < r.n; i++) {
        must(i == 0 || r.passages[i - 1].end_cp <= r.passages[i].begin_cp);
        must(r.passages[i].n_sources >= 1 && r.passages[i].documents <= n);
        check(draft, doc[r.passages[i].sources[0].doc], &r.passages[i]);
    }
    arena_release(&a);
    return 0;
}
