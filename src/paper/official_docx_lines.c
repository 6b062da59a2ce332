/* The lines a paragraph was laid out in: where pages end inside it, and which of them LibreOffice would end earlier.
 *
 * LibreOffice (7.4) puts a fifth of an em between Chinese and digits or letters whatever autoSpaceDE and autoSpaceDN say: its import
 * drops both. A full line with numbers would end a character earlier there, and where that goes over the end of a page all that
 * follows begins elsewhere. Such a line is set closer by what is missing, spread over its characters; a justified line looks the same
 * afterwards in Word, which must not gain room for one more character by it. Where neither pages nor the number of lines would
 * differ nothing is written, and nothing either where a line has so many numbers (more than four or five places between Chinese and digits)
 * that Word would take one character more in: Word and WPS are what offices have. */
#include <math.h>

#include "base/utf8.h"
#include "paper/official_docx_int.h"

enum { RUNS_SEARCHED = 4000 };   /* for a paragraph: those of tables in front of it lie between */
static const double usual = 0.2; /* pt: what the styles set all text closer by */
static const double room_right = 34 / 20.0; /* pt: what odx_page gives more at the right */

/* ---- where its lines are ---- */

static struct str skip_blanks(struct str s)
{
    for (size_t n = SIZE_MAX; n != s.n;) {
        n = s.n;
        while (s.n && (s.p[0] == ' ' || s.p[0] == '\n' || s.p[0] == '\t'))
            s = str_sub(s, 1, SIZE_MAX);
        while (str_eat(&s, S("　")))
            continue;
    }
    return s;
}

struct place {
    size_t page, run;
};

static const struct layout_run *next_run(const struct odx *w, struct place *at)
{
    while (at->page < w->l->n && at->run >= w->l->pages[at->page].n_runs) {
        at->page++;
        at->run = 0;
    }
    return at->page < w->l->n ? &w->l->pages[at->page].runs[at->run] : NULL;
}

/* All of `s` in the runs from `at` on; `at` is moved behind the last of them. */
static size_t follow(
    struct odx *w, struct str s, struct place *at, struct odx_line **v, size_t *cap)
{
    struct str rest = skip_blanks(s);
    const struct layout_run *r;
    double y = -1;
    size_t n = 0;

    while (rest.n && (r = next_run(w, at)) != NULL) {
        size_t to;
        if (!str_eat(&rest, r->text)) { /* behind a page's text stands its number */
            if (!n || (*v)[n - 1].page != at->page)
                return 0;
            at->page++;
            at->run = 0;
            continue;
        }
        to = s.n - rest.n;
        if (n && fabs(r->y - y) < 0.01 && (*v)[n - 1].page == at->page) {
            (*v)[n - 1].to = to;
        } else {
            struct odx_line line = {.from = n ? (*v)[n - 1].to : 0, .to = to, .page = at->page};
            ARENA_PUSH(w->a, *v, n, *cap) = line;
        }
        y = r->y;
        at->run++;
        rest = skip_blanks(rest);
    }
    if (rest.n)
        return 0;
    if (n)
        (*v)[n - 1].to = s.n;
    return n;
}

size_t odx_lines(struct odx *w, struct str s, struct odx_line **out)
{
    struct place begin = {w->at_page, w->at_run};
    const struct layout_run *r;
    size_t cap = 0, n;

    *out = NULL;
    for (int i = 0; i < RUNS_SEARCHED && (r = next_run(w, &begin)) != NULL; i++, begin.run++) {
        struct place at = begin;
        if (!str_starts(skip_blanks(s), r->text))
            continue;
        n = follow(w, s, &at, out, &cap);
        if (n) {
            w->at_page = at.page;
            w->at_run = at.run;
            return n;
        }
        *out = NULL;
        cap = 0;
    }
    return 0;
}

/* ---- which of them would end elsewhere ---- */

static bool latin(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Marks that LibreOffice lets hang over the edge. */
static bool hangs(uint32_t c)
{
    return c == 0x3001 || c == 0x3002 || c == 0xFF0C || c == 0xFF0E || c == 0xFF1A || c == 0xFF1B;
}

/* pt. A digit is half as wide as a Chinese character in the faces that offices have. */
static double wide(const struct odx *w, uint32_t c)
{
    return (c < 0x80 ? 0.5 : 1.0) * w->s->text_pt - usual;
}

struct measured {
    double plain, spaced; /* pt: as Word sets it, as LibreOffice does */
    size_t n;             /* characters */
};

static struct measured measure(const struct odx *w, struct str s, bool first)
{
    struct measured m = {.plain = first ? 2 * (w->s->text_pt - usual) : 0};
    uint32_t last = 0;

    m.spaced = m.plain;
    s = skip_blanks(s);
    for (size_t i = 0; i < s.n; m.n++) {
        uint32_t c = utf8_next(s, &i);
        if ((latin(last) && utf8_is_han(c)) || (utf8_is_han(last) && latin(c)))
            m.spaced += w->s->text_pt / 5;
        if (i < s.n || !hangs(c))
            m.spaced += wide(w, c);
        m.plain += wide(w, c);
        last = c;
    }
    return m;
}

static double room_of(const struct odx *w)
{
    return w->s->width / MM_PER_PT + room_right;
}

/* The least that could be taken into the line in front of byte `at`: a character, or a word, which is not parted. */
static double next_piece(const struct odx *w, struct str text, size_t at)
{
    uint32_t c = utf8_next(text, &at);
    double pt = wide(w, c);

    for (bool word = latin(c); word && at < text.n;) {
        c = utf8_next(text, &at);
        word = latin(c) || c == '.' || c == '%';
        pt += word ? wide(w, c) : 0;
    }
    return pt;
}

enum { CANNOT = -1 };
/* Twentieths of a point that a line's characters move closer so that LibreOffice ends it here too; CANNOT: Word would take one more in. */
static int closer(const struct odx *w, struct str text, const struct odx_line *v, size_t i)
{
    struct measured m = measure(w, str_sub(text, v[i].from, v[i].to - v[i].from), i == 0);
    double over = m.spaced - room_of(w) + usual;
    int by;

    if (over <= 0 || !m.n || v[i].to >= text.n)
        return 0;
    by = (int)ceil(over * 20 / (double)m.n) + 1; /* one more: its places are whole pixels */
    return room_of(w) - (m.plain - by * (double)m.n / 20) < next_piece(w, text, v[i].to) ? by
                                                                                         : CANNOT;
}

/* Would LibreOffice need one line more for all of them? What each line loses goes to the last one. */
static bool grows(const struct odx *w, struct str text, const struct odx_line *v, size_t n)
{
    struct measured last =
        measure(w, str_sub(text, v[n - 1].from, v[n - 1].to - v[n - 1].from), n == 1);
    double carried = 0;

    for (size_t i = 0; i + 1 < n; i++)
        if (closer(w, text, v, i) != 0)
            carried += w->s->text_pt;
    return carried > 0 && last.spaced + carried > room_of(w);
}

void odx_lines_close(const struct odx *w, struct str text, struct odx_line *v, size_t n)
{
    size_t end = 0; /* lines in front of the last page's */

    for (size_t i = 0; i + 1 < n; i++)
        if (v[i].page != v[n - 1].page)
            end = i + 1;
    if (!end && n && grows(w, text, v, n))
        end = n;
    for (size_t i = 0; i < end; i++)
        if (closer(w, text, v, i) == CANNOT)
            return; /* what stands behind it comes elsewhere anyhow */
    for (size_t i = 0; i < end; i++)
        v[i].closer = closer(w, text, v, i);
}
