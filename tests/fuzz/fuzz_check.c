/* Any bytes as a draft with any kinds of lines: findings lie inside the text, in order, each with a message and in valid
 * UTF-8; fixing keeps the number of lines, and fixing what was fixed changes nothing. */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "text/lexicon.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static const struct lexicon *word_lists(void)
{
    static struct arena forever;
    static const struct lexicon *x;
    struct err e;

    if (!x) {
        arena_init(&forever);
        check(lexicon_open(&forever, NULL, &x, &e) == OK);
    }
    return x;
}

static size_t lines_of(struct str s)
{
    size_t n = 1;

    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == '\n';
    return n;
}

static void findings_lie_inside(const struct draft *d, const struct check *c)
{
    for (size_t i = 0; i < c->n; i++) {
        const struct finding *f = &c->v[i];
        check(f->begin <= f->end && f->end <= d->n);
        check(f->other_begin <= f->other_end && f->other_end <= d->n);
        check(i == 0 || c->v[i - 1].begin <= f->begin);
        check(f->level > CHECK_OFF && f->level <= CHECK_ERROR);
        check(f->message.n > 0 && utf8_check(f->message) == SIZE_MAX);
        check(!str_has(f->message, S("\n")));
        check(!f->fix || f->n_suggestions > 0);
        for (size_t k = 0; k < f->n_suggestions; k++)
            check(utf8_check(f->suggestions[k]) == SIZE_MAX);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct check_options o = {.today = {2026, 11, 23}, .tables = {.lexicon = word_lists()}};
    struct buf clean, once, twice;
    struct arena a;
    struct draft d;
    struct check c;
    struct err e;
    uint8_t *kinds = NULL;
    struct str text;

    if (size < 2)
        return 0;
    arena_init(&a);
    buf_init(&clean, 0);
    buf_init(&once, 0);
    buf_init(&twice, 0);
    (void)utf8_clean(&clean, (struct str){(const char *)data + 2, size - 2});
    text = buf_view(&clean);
    o.genre = data[0] & 63;
    if (data[1]) { /* 0: no kinds, as for plain text */
        size_t n = lines_of(text);
        uint32_t seed = data[1];
        kinds = arena_array(&a, 1, n + 1);
        for (size_t i = 0; i < n; i++) {
            seed = seed * 1664525 + 1013904223;
            kinds[i] = (seed >> 28) > 10 ? (uint8_t)(1 + (seed >> 24) % META_ATTACH) : META_BODY;
        }
    }
    check(draft_read(&a, text, kinds, &d, &e) == OK);
    check_draft(&a, &d, &o, &c);
    findings_lie_inside(&d, &c);
    (void)check_fix_text(&a, text, kinds, &o, &once);
    check(utf8_check(buf_view(&once)) == SIZE_MAX);
    check(lines_of(buf_view(&once)) == lines_of(text));
    (void)check_fix_text(&a, buf_view(&once), kinds, &o, &twice);
    check(str_eq(buf_view(&once), buf_view(&twice)));
    buf_release(&clean);
    buf_release(&once);
    buf_release(&twice);
    arena_release(&a);
    return 0;
}
