/* What `pdftotext -bbox` writes: one element a line, so lines are what is read. And what tesseract writes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "paper/flow.h"
#include "paper/formats.h"

/* The number of attribute `name` in a tag, or `otherwise`. */
static double number(struct str tag, struct str name, double otherwise)
{
    size_t at = str_find(tag, name, 0), n = 0;
    char z[40];
    char *end;
    double v;

    if (at == SIZE_MAX)
        return otherwise;
    at += name.n;
    while (at + n < tag.n && n + 1 < sizeof(z) && tag.p[at + n] != '"')
        n++;
    memcpy(z, tag.p + at, n);
    z[n] = '\0';
    v = strtod(z, &end);
    return *end == '\0' && n > 0 && isfinite(v) && fabs(v) < 1e7 ? v : otherwise;
}

static struct str unescape(struct job *j, struct str s)
{
    static const struct {
        struct str name;
        char c;
    } known[] = {{SC("&amp;"), '&'}, {SC("&lt;"), '<'}, {SC("&gt;"), '>'}, {SC("&quot;"), '"'},
        {SC("&apos;"), '\''}, {SC("&#39;"), '\''}};
    char *p;
    size_t n = 0;

    if (!str_has(s, S("&")))
        return arena_str(j->a, s);
    p = arena_alloc(j->a, s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        p[n] = s.p[i];
        for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++) {
            if (str_starts(str_sub(s, i, s.n), known[k].name)) {
                p[n] = known[k].c;
                i += known[k].name.n - 1;
                break;
            }
        }
        n++;
    }
    return (struct str){p, n};
}

/* Between the first `open` and the following `close`. */
static bool between(struct str line, struct str open, struct str close, struct str *out)
{
    size_t a = str_find(line, open, 0), b;

    if (a == SIZE_MAX)
        return false;
    a += open.n;
    b = str_find(line, close, a);
    if (b == SIZE_MAX)
        return false;
    *out = str_sub(line, a, b - a);
    return true;
}

static void property(struct job *j, struct str line)
{
    struct str v;

    if (between(line, S("<title>"), S("</title>"), &v))
        j->d.title = job_property(j, unescape(j, v));
    else if (between(line, S("<meta name=\"Author\" content=\""), S("\"/>"), &v))
        j->d.author = job_property(j, unescape(j, v));
    else if (between(line, S("<meta name=\"ModDate\" content=\""), S("\"/>"), &v) ||
             (j->d.date.n == 0 &&
                 between(line, S("<meta name=\"CreationDate\" content=\""), S("\"/>"), &v)))
        j->d.date = job_date(j, v);
}

static void word(struct flow *f, struct str line)
{
    struct flow_word w = {number(line, S("xMin=\""), NAN), number(line, S("yMin=\""), NAN),
        number(line, S("xMax=\""), NAN), number(line, S("yMax=\""), NAN), 0, {"", 0}};
    size_t chars;

    if (!between(line, S("\">"), S("</word>"), &w.text) || w.text.n == 0)
        return;
    w.text = unescape(f->j, w.text);
    chars = utf8_len_cp(w.text);
    /* The box is as high as the font says, often a third more than a character. A Chinese word is as
     * wide as its characters: the better measure, where it is one. */
    w.size = (w.y1 - w.y0) * 0.75;
    if ((unsigned char)w.text.p[0] >= 0xE3 && (w.x1 - w.x0) / (double)chars < w.size * 1.5)
        w.size = (w.x1 - w.x0) / (double)chars;
    flow_add(f, w);
}

enum code read_pdftext(struct job *j, struct str bytes)
{
    struct flow f = {.j = j};
    struct str rest = bytes, line;

    j->d.format = FORMAT_PDF;
    while (job_ok(j) && str_next(&rest, S("\n"), &line)) {
        struct str s = str_trim(line);
        if (str_starts(s, S("<word ")))
            word(&f, s);
        else if (str_starts(s, S("<page ")))
            flow_page(&f, number(s, S("width=\""), 0), number(s, S("height=\""), 0));
        else if (f.n_pages == 0)
            property(j, s);
    }
    if (f.n_pages == 0)
        return JOB_FAIL(j, E_INPUT, "PDF 里没有页面，文件可能已损坏");
    flow_end(&f);
    return j->failed;
}

/* ---- OCR ---- */

enum { OCR_LINES_MIN = 4 };

/* tesseract sets blanks between Chinese characters. */
static struct str without_blanks(struct job *j, struct str s)
{
    char *p = arena_alloc(j->a, s.n + 1);
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++) {
        bool wide_before = n > 0 && (unsigned char)p[n - 1] >= 0x80;
        bool wide_after = i + 1 < s.n && (unsigned char)s.p[i + 1] >= 0x80;
        if (s.p[i] == ' ' && (wide_before || wide_after))
            continue;
        p[n++] = s.p[i];
    }
    return (struct str){p, n};
}

struct block_lines {
    struct str *line;
    size_t n, cap;
};

/* How far a line reaches: a Han character is as wide as two others. */
static size_t width_of(struct str s)
{
    size_t width = 0, at = 0;

    while (at < s.n)
        width += utf8_next(s, &at) < 0x80 ? 1 : 2;
    return width;
}

/* The lines between two blank ones, as paragraphs. A few lines are one (a title, broken to look well); in
 * more, tesseract has missed the indents: there a line that stops short of the others ends its paragraph. */
static void ocr_block(struct job *j, struct block_lines *l)
{
    struct buf b;
    size_t widest = 0;

    buf_init(&b, j->lim->text_bytes);
    for (size_t i = 0; i < l->n; i++) {
        size_t width = width_of(l->line[i]);
        widest = width > widest ? width : widest;
    }
    for (size_t i = 0; i < l->n; i++) {
        struct str s = l->line[i];
        if (b.n > 0 && (unsigned char)b.p[b.n - 1] < 0x80 && (unsigned char)s.p[0] < 0x80)
            buf_char(&b, ' ');
        buf_str(&b, s);
        if (l->n >= OCR_LINES_MIN && width_of(s) * 10 < widest * 9) {
            job_block(j, BLOCK_PARA, 0, buf_view(&b));
            buf_clear(&b);
        }
    }
    job_block(j, BLOCK_PARA, 0, buf_view(&b));
    buf_release(&b);
    l->n = 0;
}

/* Blank lines part blocks; a form feed ends a page. */
enum code read_ocrtext(struct job *j, struct str bytes)
{
    struct str rest = bytes, line;
    struct block_lines block = {0};

    while (job_ok(j) && str_next(&rest, S("\n"), &line)) {
        struct str s = str_trim(line);
        (void)str_eat(&s, S("\f"));
        s = without_blanks(j, str_trim(s));
        if (s.n == 0)
            ocr_block(j, &block);
        else
            ARENA_PUSH(j->a, block.line, block.n, block.cap) = s;
    }
    ocr_block(j, &block);
    return j->failed;
}
