#include "text/draft.h"

#include <string.h>

#include "base/utf8.h"
#include "text/carried.h"

enum {
    HEADING_CP_MAX = 50,
    RUN_IN_CP_MAX = 50 /* of a heading with its text behind it */
};

struct str draft_str(const struct draft *d, size_t begin, size_t end)
{
    if (end > d->n)
        end = d->n;
    if (begin >= end)
        return S("");
    return str_sub(d->text, d->byte[begin], d->byte[end] - d->byte[begin]);
}

/* The third byte tells most Chinese characters apart; the first hardly any. */
static bool spelt(const char *p, size_t n, struct str word)
{
    return word.n <= n && p[word.n > 2 ? 2 : 0] == word.p[word.n > 2 ? 2 : 0] &&
           memcmp(p, word.p, word.n) == 0;
}

bool draft_is(const struct draft *d, size_t i, struct str word)
{
    return i <= d->n && spelt(d->text.p + d->byte[i], d->text.n - d->byte[i], word);
}

size_t draft_any(const struct draft *d, size_t i, const struct str *words, size_t n)
{
    const char *p = d->text.p + d->byte[i];
    size_t left = d->text.n - d->byte[i];

    for (size_t k = 0; k < n; k++)
        if (spelt(p, left, words[k]))
            return draft_cp(d, d->byte[i] + words[k].n) - i;
    return 0;
}

size_t draft_find(const struct draft *d, size_t begin, size_t end, struct str word)
{
    struct str s = draft_str(d, begin, end);
    size_t at = str_find(s, word, 0);

    return at == SIZE_MAX ? SIZE_MAX : draft_cp(d, d->byte[begin] + at);
}

size_t draft_line_of(const struct draft *d, size_t i)
{
    size_t low = 0, high = d->n_lines;

    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (d->lines[mid].begin <= i)
            low = mid;
        else
            high = mid;
    }
    return low;
}

static void decode(struct arena *a, struct draft *d)
{
    uint32_t *cp = arena_array(a, sizeof(*cp), d->n + 1);
    uint32_t *byte = arena_array(a, sizeof(*byte), d->n + 1);
    uint32_t *at = arena_array(a, sizeof(*at), d->text.n + 1);
    size_t i = 0;

    for (size_t off = 0; off < d->text.n; i++) {
        size_t was = off;
        cp[i] = utf8_next(d->text, &off);
        byte[i] = (uint32_t)was;
        for (; was < off; was++)
            at[was] = (uint32_t)i;
    }
    byte[d->n] = (uint32_t)d->text.n;
    at[d->text.n] = (uint32_t)d->n;
    d->cp = cp;
    d->byte = byte;
    d->at = at;
}

/* ---- masks ---- */
static bool is_latin(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static void cover(uint8_t *mask, size_t begin, size_t end, unsigned bit)
{
    for (size_t i = begin; i < end; i++)
        mask[i] |= (uint8_t)bit;
}

/* What may stand in an address, a path or a code. */
static bool is_url(uint32_t c)
{
    return c > ' ' && c < 0x7F && c != '"' && c != '<' && c != '>' && c != '(' && c != ')';
}

/* 12KM, 3.5kg: a figure and a few letters, which is an amount and no code. */
static bool is_measure(const struct draft *d, size_t i, size_t end)
{
    size_t k = i;

    while (k < end && (is_digit(d->cp[k]) || (k > i && (d->cp[k] == '.' || d->cp[k] == ','))))
        k++;
    if (k == i || end - k > 4)
        return false;
    while (k < end && is_latin(d->cp[k]))
        k++;
    return k == end;
}

/* A run of ASCII [begin, end) with what it is made of. */
struct run {
    size_t begin, end;
    size_t letters, digits, slashes, dots, ats, colons, dashes;
};

static bool ends_sentence(uint32_t c)
{
    return c == '.' || c == ',' || c == ';' || c == ':' || c == '!' || c == '?';
}

static struct run run_at(const struct draft *d, size_t i)
{
    struct run r = {.begin = i, .end = i};

    for (; r.end < d->n && is_url(d->cp[r.end]); r.end++) {
        uint32_t c = d->cp[r.end];
        r.letters += is_latin(c);
        r.digits += is_digit(c);
        r.slashes += c == '/' || c == '\\';
        r.dots += c == '.';
        r.ats += c == '@';
        r.colons += c == ':';
        r.dashes += c == '-';
    }
    while (r.end > i && ends_sentence(d->cp[r.end - 1]))
        r.end--; /* a mark at the end belongs to the sentence */
    return r;
}

static bool is_address(const struct draft *d, const struct run *r)
{
    if (r->ats && r->dots)
        return true;
    if (r->slashes && (r->dots || r->colons || r->slashes > 1))
        return true;
    return r->dots && r->letters > 3 && !r->digits &&
           str_starts(draft_str(d, r->begin, r->end), S("www."));
}

/* 0351-1234567, a part number; 2021-2025 is a span of years. */
static bool is_number_code(const struct draft *d, const struct run *r)
{
    bool years = r->end - r->begin == 9 && d->cp[r->begin + 4] == '-';

    return r->digits >= 7 && r->dashes && !r->dots && !r->slashes && !years;
}

/* What a run is: an enum draft_mask bit, or 0. V1.2, GB/T9704-2012 and Q/YL1001 are codes. */
static unsigned run_mask(const struct draft *d, const struct run *r)
{
    if (r->letters && is_address(d, r))
        return MASK_URL;
    if (r->letters)
        return (r->digits || r->dots) && !is_measure(d, r->begin, r->end) ? MASK_CODE : MASK_LATIN;
    if (r->digits > 1 && r->colons)
        return MASK_TIME;
    return is_number_code(d, r) ? MASK_CODE : 0;
}

static void mask_runs(const struct draft *d, uint8_t *mask)
{
    for (size_t i = 0; i < d->n;) {
        struct run r = run_at(d, i);
        unsigned bit = run_mask(d, &r);
        if (bit)
            cover(mask, r.begin, r.end, bit);
        i = r.end > i ? r.end : i + 1;
    }
}

/* Behind the figures of a standard: a dash and its year, if there is one. */
static size_t after_year(const struct draft *d, size_t k)
{
    size_t m = k + 1;

    if (k >= d->n ||
        (d->cp[k] != '-' && d->cp[k] != 0x2014 && d->cp[k] != 0x2013 && d->cp[k] != 0xFF0D))
        return k;
    while (m < d->n && is_digit(d->cp[m]))
        m++;
    return m - k > 2 ? m : k;
}

/* The end of a number like GB/T 9704-2012, GB 3100—1993 or JGJ 59—2011 that begins at i: letters, a blank,
 * figures, a dash and a year. i itself where none begins. */
static size_t standard_end(const struct draft *d, size_t i)
{
    size_t j = i, k;

    if (d->cp[i] < 'A' || d->cp[i] > 'Z' || (i && is_latin(d->cp[i - 1])))
        return i;
    while (j < d->n && (is_latin(d->cp[j]) || d->cp[j] == '/'))
        j++;
    if (j - i < 2 || j - i > 10)
        return i;
    for (k = j; k < d->n && (d->cp[k] == ' ' || d->cp[k] == 0xA0 || d->cp[k] == 0x3000); k++)
        ;
    if (k >= d->n || !is_digit(d->cp[k]))
        return i;
    while (k < d->n && (is_digit(d->cp[k]) || d->cp[k] == '.'))
        k++;
    return after_year(d, k);
}

static void mask_standards(const struct draft *d, uint8_t *mask)
{
    for (size_t i = 0; i < d->n; i++) {
        size_t end = standard_end(d, i);
        cover(mask, i, end, MASK_CODE);
        i = end > i ? end - 1 : i;
    }
}

/* Between an opening and its closing mark inside one line, nested ones too. What is not closed masks nothing. */
static void mask_pairs(
    const struct draft *d, uint8_t *mask, uint32_t open, uint32_t close, enum draft_mask bit)
{
    for (size_t l = 0; l < d->n_lines; l++) {
        size_t depth = 0, from = 0;
        for (size_t i = d->lines[l].begin; i < d->lines[l].end; i++) {
            if (d->cp[i] == open) {
                if (depth++ == 0)
                    from = i + 1;
            } else if (d->cp[i] == close && depth && --depth == 0) {
                cover(mask, from, i, bit);
            }
        }
    }
}

/* ---- lines ---- */
static bool is_blank(uint32_t c)
{
    return c == ' ' || c == '\t' || c == 0x3000 || c == 0xA0 || (c >= 0x2002 && c <= 0x200B) ||
           c == 0xFEFF;
}

/* 、 . ． , ， : ： and blanks: what people put behind a label, right or wrong. */
static bool is_label_mark(uint32_t c)
{
    return c == 0x3001 || c == '.' || c == 0xFF0E || c == 0xFF0C || c == ',' || c == 0xFF61;
}

static size_t after_blanks(const struct draft *d, size_t i, size_t end)
{
    while (i < end && is_blank(d->cp[i]))
        i++;
    return i;
}

/* A number at place i in digits or in Chinese: its value, with *i moved behind it. */
static bool number_at(const struct draft *d, size_t *i, size_t end, bool han, int *value)
{
    struct str s = draft_str(d, *i, end);
    size_t off = 0;

    if (han ? !lex_han(s, &off, value) : !lex_arabic(s, &off, value))
        return false;
    *i = draft_cp(d, d->byte[*i] + off);
    return *value > 0 && *value < 10000;
}

static void label_bracketed(const struct draft *d, struct draft_line *l)
{
    size_t i = l->first + 1;
    uint32_t close;

    if (number_at(d, &i, l->end, true, &l->number))
        l->label = LABEL_H2;
    else if (number_at(d, &i, l->end, false, &l->number))
        l->label = LABEL_H4;
    else
        return;
    close = d->cp[i];
    if (i >= l->end || (close != 0xFF09 && close != ')')) {
        l->label = LABEL_NONE;
        return;
    }
    i++;
    while (i < l->end && (is_label_mark(d->cp[i])))
        i++;
    l->label_end = i;
}

static void label_statute(const struct draft *d, struct draft_line *l)
{
    size_t i = l->first + 1;

    if (!number_at(d, &i, l->end, true, &l->number) || i >= l->end)
        return;
    switch (d->cp[i]) {
    case 0x7F16: /* 编 */
    case 0x7AE0: /* 章 */
    case 0x8282: /* 节 */
        l->label = LABEL_PART;
        break;
    case 0x6761: /* 条 */
        l->label = LABEL_ARTICLE;
        break;
    default:
        return;
    }
    if (i + 1 < l->end && !is_blank(d->cp[i + 1])) { /* 第三条规定… speaks of an article */
        l->label = LABEL_NONE;
        return;
    }
    l->label_end = i + 1;
}

static void label_plain(const struct draft *d, struct draft_line *l)
{
    size_t i = l->first;
    uint32_t c = d->cp[i];

    if (c >= 0x2460 && c <= 0x2473) { /* ① */
        l->label = LABEL_CIRCLED;
        l->number = (int)(c - 0x245F);
        l->label_end = i + 1;
        return;
    }
    if (number_at(d, &i, l->end, true, &l->number))
        l->label = LABEL_H1;
    else if (number_at(d, &i, l->end, false, &l->number))
        l->label = LABEL_H3;
    else
        return;
    /* 1.5亿元 and 3、5天 are figures; 一，is none */
    if (i >= l->end || !is_label_mark(d->cp[i]) || l->number > 99 ||
        (i + 1 < l->end && (is_digit(d->cp[i + 1]) || lex_digit(d->cp[i + 1]) >= 0))) {
        l->label = LABEL_NONE;
        return;
    }
    l->label_end = i + 1;
}

static void read_label(const struct draft *d, struct draft_line *l)
{
    uint32_t c;

    if (l->kind == META_ROW || l->first >= l->end)
        return;
    c = d->cp[l->first];
    if (c == 0xFF08 || c == '(')
        label_bracketed(d, l);
    else if (c == 0x7B2C)
        label_statute(d, l);
    else
        label_plain(d, l);
    if (l->label == LABEL_NONE) {
        l->number = 0;
        l->label_end = l->first;
    }
}

static bool heading_alone(const struct draft *d, const struct draft_line *l)
{
    size_t last = l->end;

    if (l->label == LABEL_NONE || l->label == LABEL_ARTICLE)
        return false;
    while (last > l->label_end && is_blank(d->cp[last - 1]))
        last--;
    if (last <= l->label_end || last - l->label_end > HEADING_CP_MAX)
        return false;
    for (size_t i = l->label_end; i + 1 < last; i++)
        if (d->cp[i] == 0x3002 || d->cp[i] == 0xFF1B || d->cp[i] == 0xFF1A)
            return false;
    return true;
}

size_t draft_heading_end(const struct draft *d, const struct draft_line *l)
{
    size_t end = l->end;

    while (end > l->first && is_blank(d->cp[end - 1]))
        end--;
    if (end == l->first)
        return l->first;
    if (l->alone) {
        uint32_t c = d->cp[end - 1];
        return c == 0x3002 || c == 0xFF1B || c == ';' ? l->first : end;
    }
    for (size_t i = l->first; i < end && i < l->first + RUN_IN_CP_MAX; i++)
        if (d->cp[i] == 0x3002)
            return i + 1 < end ? i + 1 : l->first;
    return l->first;
}

static void split_lines(struct arena *a, const uint8_t *kinds, struct draft *d)
{
    size_t n = 1, at = 0;

    for (size_t i = 0; i < d->n; i++)
        n += d->cp[i] == '\n';
    d->lines = arena_array(a, sizeof(*d->lines), n);
    for (size_t i = 0; i < n; i++) {
        struct draft_line *l = &d->lines[i];
        *l = (struct draft_line){.begin = at, .end = at, .kind = kinds ? kinds[i] : META_BODY};
        while (l->end < d->n && d->cp[l->end] != '\n')
            l->end++;
        l->first = l->label_end = after_blanks(d, at, l->end);
        at = l->end + 1;
        read_label(d, l);
        l->alone = heading_alone(d, l);
    }
    d->n_lines = n;
}

size_t draft_part_end(const struct draft *d, size_t i)
{
    for (size_t k = 0; k < d->n_carried; k++)
        if (d->carried[k].from > i)
            return d->carried[k].from;
    return d->n_lines;
}

/* The document's own metadata end where a text begins that it carries: of a draft without a day they would be those of the other. */
static void read_meta(struct arena *a, const uint8_t *kinds, struct draft *d)
{
    uint8_t *own;

    meta_read(a, d->text, kinds, &d->meta);
    d->n_carried = carried_find(a, d, &d->carried);
    if (d->n_carried == 0)
        return;
    own = arena_alloc(a, d->n_lines);
    for (size_t i = 0; i < d->n_lines; i++)
        own[i] = kinds ? kinds[i] : META_BODY;
    own[d->carried[0].from] = META_ATTACH;
    d->lines[d->carried[0].from].kind = META_ATTACH;
    meta_read(a, d->text, own, &d->meta);
}

enum code draft_read(
    struct arena *a, struct str text, const uint8_t *kinds, struct draft *out, struct err *e)
{
    struct draft d = {.text = text, .n = utf8_len_cp(text)};
    struct docno *numbers;
    size_t n_numbers;
    uint8_t *mask;

    if (d.n > DRAFT_CP_MAX)
        return FAIL(
            e, E_LIMIT, "文稿有%zu字，超过一次检查的上限%d字，请分开检查", d.n, DRAFT_CP_MAX);
    decode(a, &d);
    split_lines(a, kinds, &d);
    mask = arena_alloc(a, d.n + 1);
    mask_runs(&d, mask);
    mask_standards(&d, mask);
    mask_pairs(&d, mask, 0x201C, 0x201D, MASK_QUOTE);
    mask_pairs(&d, mask, 0x300A, 0x300B, MASK_TITLE);
    n_numbers = docno_find(a, text, &numbers);
    for (size_t i = 0; i < n_numbers; i++)
        cover(mask, draft_cp(&d, numbers[i].at.begin), draft_cp(&d, numbers[i].at.end), MASK_CODE);
    d.mask = mask;
    read_meta(a, kinds, &d);
    d.n_cites = cite_find(a, text, &d.cites);
    *out = d;
    return OK;
}
