/* t_paper_pages - thirty documents of all forms (tests/pages, fictional) as somebody types them, laid out, drawn and measured in the
 * drawing. The numbers are those of GB/T 9704-2012, written down here once more; nothing is taken from layout.h. */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/utf8.h"
#include "office/typeset.h"
#include "paper/formats.h"
#include "paper/layout_out.h"
#include "paper/mark.h"
#include "paper/zipin.h"

extern char **environ;

enum { DPI = 200, DOCUMENTS = 36, DARK = 150 };
static const double MM = DPI / 25.4;
static const double TOP = 37, LEFT = 28, WIDTH = 156, HEIGHT = 225; /* 5.2.1 */
static const double WITHIN = 0.5;
static const double HAN = 16 * 25.4 / 72; /* a character of 3号 */

struct page {
    uint8_t *rgb;
    size_t w, h;
};
struct bench {
    struct arena a;
    struct faces *f;
    struct official d;
    struct layout l;
    char dir[IO_PATH_MAX], name[128];
};

static int setup(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    struct err e;

    arena_init(&b->a);
    assert_int_equal(faces_open(NULL, &b->f, &e), OK);
    assert_int_equal(io_temp_dir("qs-pages-", b->dir, &e), OK);
    *state = b;
    return 0;
}

static int teardown(void **state)
{
    struct bench *b = *state;
    struct err e;

    assert_int_equal(io_remove_tree(b->dir, &e), OK);
    faces_close(b->f);
    arena_release(&b->a);
    free(b);
    return 0;
}

/* ---- making ---- */

static struct str source(struct bench *b, const char *name)
{
    char path[IO_PATH_MAX];
    struct buf buf;
    struct err e;
    struct str s;

    snprintf(b->name, sizeof b->name, "%s", name);
    assert_int_equal(io_join(path, "tests/pages", name, &e), OK);
    buf_init(&buf, 0);
    if (io_read_file(path, 1 << 20, &buf, &e) != OK)
        fail_msg("%s", e.msg);
    s = arena_str(&b->a, buf_view(&buf));
    buf_release(&buf);
    return s;
}

static void lay(struct bench *b, const char *name)
{
    struct official_style style;
    struct typeset_read told;
    struct err e;

    if (typeset_read(&b->a, source(b, name), NULL, &b->d, &told, &e) != OK)
        fail_msg("%s: %s", name, e.msg);
    if (told.n_notes)
        fail_msg("%s: %.*s", name, SF(told.notes[0]));
    official_style_of(b->d.form, &style);
    if (layout_make(&b->a, b->f, &b->d, &style, &b->l, &e) != OK)
        fail_msg("%s: %s", name, e.msg);
}

static size_t number_of(const char **p)
{
    char *end;
    unsigned long n = strtoul(*p, &end, 10);

    *p = end;
    return n;
}

/* One page of the PDF as pixels. */
static struct page draw(struct bench *b, size_t page)
{
    char pdf[IO_PATH_MAX], ppm[IO_PATH_MAX], first[16], dpi[16];
    const char *argv[] = {
        "pdftoppm", "-r", dpi, "-f", first, "-l", first, "-singlefile", pdf, ppm, NULL};
    struct layout_pdf o = {.title = S("试")};
    struct page p;
    struct buf out;
    struct err e;
    const char *at;
    pid_t pid;
    int status;

    buf_init(&out, 0);
    assert_int_equal(layout_pdf(&b->l, b->f, &o, &out, &e), OK);
    assert_int_equal(io_join(pdf, b->dir, "a.pdf", &e), OK);
    assert_int_equal(io_join(ppm, b->dir, "a", &e), OK);
    assert_int_equal(io_write_file(pdf, buf_view(&out), 0600, &e), OK);
    buf_release(&out);
    snprintf(first, sizeof first, "%zu", page + 1);
    snprintf(dpi, sizeof dpi, "%d", DPI);
    assert_int_equal(
        posix_spawnp(&pid, argv[0], NULL, NULL, (char *const *)(uintptr_t)argv, environ), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(io_join(ppm, b->dir, "a.ppm", &e), OK);
    buf_init(&out, 0);
    assert_int_equal(io_read_file(ppm, 64 << 20, &out, &e), OK);
    assert_memory_equal(out.p, "P6\n", 3);
    at = out.p + 3;
    p.w = number_of(&at);
    p.h = number_of(&at);
    assert_int_equal(number_of(&at), 255);
    p.rgb = arena_alloc(&b->a, p.w * p.h * 3);
    memcpy(p.rgb, at + 1, p.w * p.h * 3);
    buf_release(&out);
    return p;
}

/* ---- measuring: all in mm from the upper left corner of the paper ---- */

enum ink { BLACK_INK, RED_INK };

static bool inked(const struct page *p, size_t x, size_t y, enum ink k)
{
    const uint8_t *c = p->rgb + (y * p->w + x) * 3;
    return k == RED_INK ? c[0] > 180 && c[1] < 100 && c[2] < 100 : c[0] < DARK;
}

struct box {
    double x1, y1, x2, y2;
};

static size_t px(double mm, size_t most)
{
    double v = mm * MM;
    return v < 0 ? 0 : v > (double)most ? most : (size_t)lround(v);
}

/* What ink of a colour stands within `in`: false for none. */
static bool bounds(const struct page *p, struct box in, enum ink k, struct box *out)
{
    bool any = false;
    size_t x1 = p->w, x2 = 0, y1 = 0, y2 = 0;

    for (size_t y = px(in.y1, p->h); y < px(in.y2, p->h); y++)
        for (size_t x = px(in.x1, p->w); x < px(in.x2, p->w); x++)
            if (inked(p, x, y, k)) {
                if (!any)
                    y1 = y;
                any = true;
                y2 = y + 1;
                x1 = x < x1 ? x : x1;
                x2 = x + 1 > x2 ? x + 1 : x2;
            }
    *out = (struct box){(double)x1 / MM, (double)y1 / MM, (double)x2 / MM, (double)y2 / MM};
    return any;
}

/* The lines (rules) of a page, from above: rows of pixels inked for at least `least` mm without a gap. */
enum { RULES_MAX = 60 };
static size_t rules(const struct page *p, enum ink k, double least, struct box *v)
{
    size_t n = 0;

    for (size_t y = 0; y < p->h; y++) {
        size_t run = 0, longest = 0, end = 0;
        for (size_t x = 0; x < p->w; x++) {
            run = inked(p, x, y, k) ? run + 1 : 0;
            if (run > longest) {
                longest = run;
                end = x + 1;
            }
        }
        if ((double)longest < least * MM)
            continue;
        struct box b = {
            (double)(end - longest) / MM, (double)y / MM, (double)end / MM, (double)(y + 1) / MM};
        if (n > 0 && b.y1 - v[n - 1].y2 < 0.01)
            v[n - 1].y2 = b.y2;
        else if (n < RULES_MAX)
            v[n++] = b;
    }
    return n;
}

#define NEAR(what, is, should)                                                    \
    do {                                                                          \
        double is_ = (is), should_ = (should);                                    \
        if (fabs(is_ - should_) > WITHIN)                                         \
            fail_msg("%s: %s at %.2f mm, not %.2f", b->name, what, is_, should_); \
    } while (0)

static struct box ink_of(
    const struct bench *b, const struct page *p, struct box in, enum ink k, const char *what)
{
    struct box out;

    if (!bounds(p, in, k, &out))
        fail_msg("%s: no %s", b->name, what);
    return out;
}

/* A band of ink, from above, that begins at y or below and ends before `to`. */
static struct box band(
    const struct bench *b, const struct page *p, double y, double to, enum ink k, const char *what)
{
    struct box all = ink_of(b, p, (struct box){0, y, 210, to}, k, what), row;
    double end = all.y1;

    while (end < to && bounds(p, (struct box){0, end, 210, end + 0.6}, k, &row))
        end = row.y2;
    return ink_of(b, p, (struct box){0, all.y1 - 0.1, 210, end + 0.1}, k, what);
}

/* ---- what the standard says ---- */

/* 7.2.4, 7.2.5, 7.2.7, 7.3.1, 7.3.2 */
static void general_head(struct bench *b, const struct page *p)
{
    struct box line[RULES_MAX] = {{0}}, mark, number, title;
    size_t n = rules(p, RED_INK, 100, line);
    double pitch = (HEIGHT - HAN) / (b->l.rows - 1); /* 7.3.5.5 may make it other than 22 */

    assert_int_equal(n, 1);
    NEAR("the red line's begin", line[0].x1, LEFT);
    NEAR("the red line's end", line[0].x2, LEFT + WIDTH);
    mark = ink_of(b, p, (struct box){0, 0, 210, line[0].y1 - 6}, RED_INK, "mark");
    NEAR("upper edge of the mark", mark.y1, TOP + 35);
    NEAR("middle of the mark", (mark.x1 + mark.x2) / 2, LEFT + WIDTH / 2);
    number =
        ink_of(b, p, (struct box){0, line[0].y1 - 10.5, 210, line[0].y1 - 1}, BLACK_INK, "number");
    NEAR("red line below the number", line[0].y1 - number.y2, 4);
    title = band(b, p, line[0].y2 + 1, TOP + HEIGHT, BLACK_INK, "title");
    NEAR("title, two lines below the red line", title.y1 - line[0].y1, 2 * pitch);
    NEAR("middle of the title", (title.x1 + title.x2) / 2, LEFT + WIDTH / 2);
}

/* 10.1 */
static void letter_head(struct bench *b, const struct page *p)
{
    struct box line[RULES_MAX] = {{0}}, mark;
    size_t n = rules(p, RED_INK, 100, line);

    assert_int_equal(n, 4);
    mark = ink_of(b, p, (struct box){0, 0, 210, line[0].y1 - 1}, RED_INK, "mark");
    NEAR("upper edge of the mark", mark.y1, 30);
    NEAR("double line below the mark", line[0].y1 - mark.y2, 4);
    NEAR("double line at the foot", line[3].y2, 297 - 20);
    for (size_t i = 0; i < n; i++) {
        NEAR("length of a red line", line[i].x2 - line[i].x1, 170);
        NEAR("middle of a red line", (line[i].x1 + line[i].x2) / 2, 105);
    }
    assert_true(line[0].y2 - line[0].y1 > line[1].y2 - line[1].y1); /* thick over thin */
    assert_true(line[2].y2 - line[2].y1 < line[3].y2 - line[3].y1);
}

/* 10.2, 10.3 */
static void mark_only(struct bench *b, const struct page *p, double below)
{
    struct box mark = band(b, p, 0, 120, RED_INK, "mark");

    NEAR("upper edge of the mark", mark.y1, TOP + below);
    NEAR("middle of the mark", (mark.x1 + mark.x2) / 2, LEFT + WIDTH / 2);
}

/* 7.5: 一字线 7 mm below the text; odd pages one character from the right, even ones from the left. */
static void page_number(struct bench *b, const struct page *p, const struct layout_page *l)
{
    double one = 14 * 25.4 / 72;
    struct box out, dash;

    if (!l->number) {
        assert_false(bounds(p, (struct box){0, TOP + HEIGHT + 3, 210, 285}, BLACK_INK, &out));
        return;
    }
    out = ink_of(b, p, (struct box){0, TOP + HEIGHT + 3, 210, 285}, BLACK_INK, "page number");
    if (l->number % 2) {
        NEAR("right end of an odd page number", out.x2, LEFT + WIDTH - one);
        dash = ink_of(
            b, p, (struct box){out.x2 - 3, out.y1 - 1, out.x2 + 1, out.y2 + 1}, BLACK_INK, "dash");
    } else {
        NEAR("left end of an even page number", out.x1, LEFT + one);
        dash = ink_of(
            b, p, (struct box){out.x1 - 1, out.y1 - 1, out.x1 + 3, out.y2 + 1}, BLACK_INK, "dash");
    }
    NEAR("一字线", dash.y1, TOP + HEIGHT + 7);
}

/* 7.4: at the foot of the last page, an even one, lines as wide as the text, the last at its lower edge. */
static void foot(struct bench *b, const struct page *p)
{
    struct box line[RULES_MAX] = {{0}};
    size_t n = rules(p, BLACK_INK, 140, line);

    assert_true(n >= 2);
    assert_int_equal(b->l.n % 2, 0);
    NEAR("last line of 版记", (line[n - 1].y1 + line[n - 1].y2) / 2, TOP + HEIGHT);
    for (size_t i = 0; i < n; i++) {
        NEAR("begin of a line of 版记", line[i].x1, LEFT);
        NEAR("end of a line of 版记", line[i].x2, LEFT + WIDTH);
    }
}

static void first_page(struct bench *b, const struct page *p)
{
    if (b->d.form == OFFICIAL_PAPER && !b->d.n_signers)
        general_head(b, p);
    else if (b->d.form == OFFICIAL_PAPER || b->d.form == OFFICIAL_MINUTES)
        mark_only(b, p, 35);
    else if (b->d.form == OFFICIAL_LETTER)
        letter_head(b, p);
    else if (b->d.form == OFFICIAL_ORDER)
        mark_only(b, p, 20);
}

/* Text stands on the text area: all but page numbers, which alone are in Song. */
static void inside(struct bench *b)
{
    for (size_t k = 0; k < b->l.n; k++)
        for (size_t r = 0; r < b->l.pages[k].n_runs; r++) {
            const struct layout_run *run = &b->l.pages[k].runs[r];
            if (run->face != FACE_SONG && run->y > TOP + HEIGHT)
                fail_msg("%s page %zu: “%.*s” stands %.1f mm below the text area", b->name, k + 1,
                    SF(run->text), run->y - TOP - HEIGHT);
        }
}

static void measured(void **state)
{
    struct bench *b = *state;
    struct dirent **names;
    int n = scandir("tests/pages", &names, NULL, alphasort), documents = 0,
        forms[N_OFFICIAL_FORM] = {0};

    assert_true(n > 0);
    for (int i = 0; i < n; i++) {
        if (str_ends(str_z(names[i]->d_name), S(".txt"))) {
            lay(b, names[i]->d_name);
            forms[b->d.form]++;
            documents++;
            inside(b);
            for (size_t k = 0; k < b->l.n; k++) {
                struct page p;
                bool first = k == 0, last = k + 1 == b->l.n;
                if (!first && !last && k > 2)
                    continue;
                p = draw(b, k);
                if (first)
                    first_page(b, &p);
                if (last && (b->d.cc.n || b->d.printer.n))
                    foot(b, &p);
                if (b->d.form == OFFICIAL_PAPER || b->d.form == OFFICIAL_MINUTES)
                    page_number(b, &p, &b->l.pages[k]);
            }
            arena_release(&b->a);
            arena_init(&b->a);
        }
        free(names[i]);
    }
    free(names);
    assert_int_equal(documents, DOCUMENTS);
    for (int f = 0; f < N_OFFICIAL_FORM; f++)
        assert_true(forms[f] > 0);
}

/* 5.2.3: a full page of Chinese has 22 lines of 28 characters that fill the area: ink in every square, none between the lines. */
static void grid(void **state)
{
    struct bench *b = *state;
    double down = (HEIGHT - HAN) / 21, across = (WIDTH - HAN) / 27;
    struct box all, cell;
    struct page p;

    lay(b, "30-full.txt");
    assert_true(b->l.n >= 3);
    p = draw(b, 1);
    all = ink_of(b, &p, (struct box){0, 0, 210, TOP + HEIGHT + 3}, BLACK_INK, "text");
    NEAR("first line", all.y1, TOP);
    NEAR("last line", all.y2, TOP + HEIGHT);
    NEAR("first character", all.x1, LEFT);
    NEAR("last character", all.x2, LEFT + WIDTH);
    for (int r = 0; r < 22; r++) {
        double y = TOP + r * down;
        for (int c = 0; c < 28; c++) {
            double x = LEFT + c * across;
            if (!bounds(&p, (struct box){x, y, x + HAN, y + HAN}, BLACK_INK, &cell))
                fail_msg("line %d has nothing at character %d", r + 1, c + 1);
        }
        if (r < 21)
            assert_false(
                bounds(&p, (struct box){0, y + HAN + 0.5, 210, y + down - 0.5}, BLACK_INK, &cell));
    }
}

/* ---- nothing is lost ---- */

enum { HAN_FIRST = 0x3400, HAN_LAST = 0x9FFF };

static void count(struct str s, int *of, int by)
{
    for (size_t off = 0; off < s.n;) {
        uint32_t c = utf8_next(s, &off);
        if (c >= HAN_FIRST && c <= HAN_LAST)
            of[c - HAN_FIRST] += by;
    }
}

/* Every Chinese character of the text stands on a page; labels that only say what a line is may go. */
static void nothing_lost(void **state)
{
    struct bench *b = *state;
    struct dirent **names;
    int n = scandir("tests/pages", &names, NULL, alphasort);

    for (int i = 0; i < n; i++) {
        if (str_ends(str_z(names[i]->d_name), S(".txt"))) {
            int *of = ARENA_ARRAY(&b->a, int, HAN_LAST - HAN_FIRST + 1);
            struct str text = source(b, names[i]->d_name);
            size_t lines;
            lay(b, names[i]->d_name);
            count(str_sub(text, typeset_front(text, &lines), SIZE_MAX), of, 1);
            if (str_has(text, S("编印：")))
                count(S("编印"), of, -1);
            for (size_t k = 0; k < b->l.n; k++)
                for (size_t r = 0; r < b->l.pages[k].n_runs; r++)
                    count(b->l.pages[k].runs[r].text, of, -1);
            for (uint32_t c = 0; c <= HAN_LAST - HAN_FIRST; c++)
                if (of[c] > 0)
                    fail_msg("%s: U+%04X is missing %d times", b->name, (unsigned)(c + HAN_FIRST),
                        of[c]);
            arena_release(&b->a);
            arena_init(&b->a);
        }
        free(names[i]);
    }
    free(names);
}

/* ---- OFD, read back ---- */

struct placed {
    uint32_t cp;
    double x, y;
};
struct placing {
    struct placed *v;
    size_t n, cap;
};

static void put(struct bench *b, struct placing *p, uint32_t cp, double x, double y)
{
    if (cp != ' ' && cp != 0x3000)
        ARENA_PUSH(&b->a, p->v, p->n, p->cap) = (struct placed){cp, x, y};
}

static struct placing laid(struct bench *b, const struct layout_page *page)
{
    struct placing p = {0};

    for (size_t r = 0; r < page->n_runs; r++) {
        const struct layout_run *run = &page->runs[r];
        double x = run->x;
        size_t i = 0;
        for (size_t off = 0; off < run->text.n; i++) {
            put(b, &p, utf8_next(run->text, &off), x, run->y);
            x += (double)run->advance[i];
        }
    }
    return p;
}

static bool attribute(struct str tag, const char *name, struct str *out)
{
    size_t at = str_find(tag, str_z(name), 0), end;

    if (at == SIZE_MAX)
        return false;
    at += strlen(name) + 2; /* =" */
    end = str_find(tag, S("\""), at);
    assert_true(end != SIZE_MAX);
    *out = str_sub(tag, at, end - at);
    return true;
}

/* "g 3 5.2 4.1" is 5.2 three times and 4.1 once: the next one. */
struct deltas {
    const char *p;
    unsigned long left;
    double same;
};
static double next_delta(struct deltas *d)
{
    char *end;

    if (d->left > 0) {
        d->left--;
        return d->same;
    }
    while (*d->p == ' ')
        d->p++;
    if (*d->p == 'g') {
        d->left = strtoul(d->p + 1, &end, 10) - 1;
        d->same = strtod(end, &end);
        d->p = end;
        return d->same;
    }
    double v = strtod(d->p, &end);
    d->p = end;
    return v;
}

/* <ofd:TextObject Boundary="x y w h" …><ofd:TextCode X="" Y="" DeltaX="">文字</…> */
static struct placing drawn(struct bench *b, struct str xml)
{
    struct placing p = {0};

    for (size_t at = 0; (at = str_find(xml, S("<ofd:TextObject "), at)) != SIZE_MAX; at++) {
        size_t code = str_find(xml, S("<ofd:TextCode "), at), open = str_find(xml, S(">"), code),
               end = str_find(xml, S("</ofd:TextCode>"), open);
        struct str object = str_sub(xml, at, code - at), tag = str_sub(xml, code, open + 1 - code),
                   box = {0}, v = {0}, text = str_sub(xml, open + 1, end - open - 1);
        struct deltas d = {.p = ""};
        char *rest;
        assert_true(attribute(object, "Boundary", &box));
        double x = strtod(arena_z(&b->a, box), &rest), y = strtod(rest, &rest);
        assert_true(attribute(tag, " X", &v));
        x += strtod(arena_z(&b->a, v), NULL);
        assert_true(attribute(tag, " Y", &v));
        y += strtod(arena_z(&b->a, v), NULL);
        if (attribute(tag, " DeltaX", &v))
            d.p = arena_z(&b->a, v);
        assert_false(str_has(text, S("&"))); /* none of the thirty has one */
        for (size_t off = 0; off < text.n;) {
            put(b, &p, utf8_next(text, &off), x, y);
            x += off < text.n ? next_delta(&d) : 0;
        }
    }
    return p;
}

static void same_places(struct bench *b, struct job *j, struct str ofd)
{
    struct zipin *z;

    assert_int_equal(zipin_open(j, ofd, &z), OK);
    for (size_t k = 0; k < b->l.n; k++) {
        struct placing want = laid(b, &b->l.pages[k]), is;
        struct str xml;
        char name[64];
        snprintf(name, sizeof name, "Doc_0/Pages/Page_%zu/Content.xml", k);
        assert_true(zipin_read(z, name, &xml));
        is = drawn(b, xml);
        assert_int_equal(is.n, want.n);
        for (size_t i = 0; i < is.n; i++)
            if (is.v[i].cp != want.v[i].cp || fabs(is.v[i].x - want.v[i].x) > 0.1 ||
                fabs(is.v[i].y - want.v[i].y) > 0.1)
                fail_msg(
                    "%s page %zu: character %zu is U+%04X at %.2f, %.2f, not U+%04X at %.2f, %.2f",
                    b->name, k + 1, i, (unsigned)is.v[i].cp, is.v[i].x, is.v[i].y,
                    (unsigned)want.v[i].cp, want.v[i].x, want.v[i].y);
    }
}

/* The same characters at the same places, and our own reader finds all of the text. */
static void ofd_reads_back(void **state)
{
    struct bench *b = *state;
    struct reader_limits lim = reader_limits_default();
    struct dirent **names;
    int n = scandir("tests/pages", &names, NULL, alphasort);

    for (int i = 0; i < n; i++) {
        if (str_ends(str_z(names[i]->d_name), S(".txt"))) {
            int *of = ARENA_ARRAY(&b->a, int, HAN_LAST - HAN_FIRST + 1);
            struct layout_pdf o = {.title = S("试")};
            struct buf text;
            struct job j;
            struct doc d;
            struct err e;
            struct str ofd;
            lay(b, names[i]->d_name);
            assert_int_equal(layout_ofd(&b->a, &b->l, b->f, &o, &ofd, &e), OK);
            job_init(&j, &b->a, &lim, &e);
            if (read_any(&j, ofd, S("a.ofd")) != OK || job_end(&j, &d) != OK)
                fail_msg("%s: %s", b->name, e.msg);
            buf_init(&text, 0);
            doc_text(&d, &text);
            count(buf_view(&text), of, 1);
            buf_release(&text);
            for (size_t k = 0; k < b->l.n; k++)
                for (size_t r = 0; r < b->l.pages[k].n_runs; r++)
                    count(b->l.pages[k].runs[r].text, of, -1);
            for (uint32_t c = 0; c <= HAN_LAST - HAN_FIRST; c++)
                if (of[c] != 0)
                    fail_msg(
                        "%s: U+%04X is read %+d times", b->name, (unsigned)(c + HAN_FIRST), of[c]);
            job_init(&j, &b->a, &lim, &e);
            same_places(b, &j, ofd);
            assert_int_equal(job_end(&j, &d), OK);
            arena_release(&b->a);
            arena_init(&b->a);
        }
        free(names[i]);
    }
    free(names);
}

/* Lines in front that nothing tells are set as text, and it is said. */
static void odd_heads_stay(void **state)
{
    struct bench *b = *state;
    struct str text = S("内部传阅，请勿外传。\n云岭建设集团有限公司文件\n云建发〔2026〕9号\n"
                        "关于开展读书活动的通知\n各部门：\n请组织好。\n特此通知。\n");
    struct typeset_read told;
    struct err e;
    size_t found = 0;

    assert_int_equal(typeset_read(&b->a, text, NULL, &b->d, &told, &e), OK);
    for (size_t i = 0; i < b->d.n; i++)
        found += str_has(b->d.blocks[i].text, S("请勿外传"));
    assert_int_equal(found, 1);
    assert_true(told.n_notes > 0);
    assert_true(str_has(told.notes[0], S("第1行")));
}

static size_t times(struct str s, struct str what)
{
    size_t n = 0;

    for (size_t at = 0; (at = str_find(s, what, at)) != SIZE_MAX; at++)
        n++;
    return n;
}

/* Three shapes on each page of a practice office, and none otherwise; what the pages say stays the same. */
static void ofd_bears_the_mark(void **state)
{
    struct bench *b = *state;
    struct reader_limits lim = reader_limits_default();
    struct layout_pdf o = {.title = S("试")};
    struct zipin *plain, *marked;
    struct str ofd[2], xml[2];
    struct err e;
    struct job j;
    struct doc d;

    lay(b, "02-notice-long.txt");
    for (int i = 0; i < 2; i++) {
        paper_mark_set(i ? S("演练") : S(""));
        assert_int_equal(layout_ofd(&b->a, &b->l, b->f, &o, &ofd[i], &e), OK);
    }
    paper_mark_set(S(""));
    job_init(&j, &b->a, &lim, &e);
    assert_int_equal(zipin_open(&j, ofd[0], &plain), OK);
    assert_int_equal(zipin_open(&j, ofd[1], &marked), OK);
    for (size_t k = 0; k < b->l.n; k++) {
        char name[64];
        snprintf(name, sizeof name, "Doc_0/Pages/Page_%zu/Content.xml", k);
        assert_true(zipin_read(plain, name, &xml[0]) && zipin_read(marked, name, &xml[1]));
        assert_int_equal(times(xml[0], S("Fill=\"true\"")), 0);
        assert_int_equal(times(xml[1], S("Fill=\"true\"")), 3);
        assert_int_equal(times(xml[0], S("<ofd:TextCode")), times(xml[1], S("<ofd:TextCode")));
    }
    same_places(b, &j, ofd[1]);
    assert_int_equal(job_end(&j, &d), OK);
}

/* As it is printed and as Word hands it over: the number beside the last signers, organs side by side. */
static void side_by_side(void **state)
{
    static const char *const gaps[] = {"\t", "　"};
    struct bench *b = *state;

    for (size_t i = 0; i < 2; i++) {
        struct str text = arena_printf(&b->a,
            "中共云岭建设集团有限公司委员会\n云岭建设集团有限公司\n文件\n签发人：张卫国　李建\n"
            "云建党报〔2026〕8号%s王　浩\n中共云岭建设集团有限公司委员会\n云岭建设集团有限公司\n"
            "关于上半年工作情况的报告\n省国资委党委：\n现将情况报告如下。\n特此报告。\n\n"
            "中共云岭建设集团有限公司委员会%s云岭建设集团有限公司\n2026年7月13日\n",
            gaps[i], gaps[i]);
        struct typeset_read told;
        struct err e;
        assert_int_equal(typeset_read(&b->a, text, NULL, &b->d, &told, &e), OK);
        assert_int_equal(b->d.n_issuers, 2);
        assert_true(str_eq(b->d.mark_word, S("文件")));
        assert_true(str_eq(b->d.docno, S("云建党报〔2026〕8号")));
        assert_int_equal(b->d.n_signers, 3);
        assert_true(str_eq(b->d.signers[1], S("李建")));
        assert_true(str_eq(b->d.signers[2], S("王　浩")));
        assert_int_equal(b->d.n_signatures, 2);
        assert_true(str_eq(b->d.signatures[1].name, S("云岭建设集团有限公司")));
    }
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {T(measured), T(grid), T(nothing_lost), T(ofd_reads_back),
        T(ofd_bears_the_mark), T(odd_heads_stay), T(side_by_side)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
