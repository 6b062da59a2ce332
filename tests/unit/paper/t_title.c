/* t_title - where the lines of a title end (GB/T 9704-2012 7.3.1), over the titles of tests/titles.txt. */
#include "base/io.h"
#include "base/utf8.h"
#include "paper/layout.h"
#include "paper_test.h"

enum {
    CP_MAX = 100, /* of a title */
    LINES_MAX = 10,
    TITLES_BYTES = 1 << 16,
    TITLES_LEAST = 114,
    TERMS_MOST = 1,
    TITLE_LONG = 320 /* characters: more than are cut at once */
};

enum boundary { INSIDE, TERM, WORD };

struct desk {
    struct arena a;
    struct faces *f;
    struct official_style s;
};

static int setup(void **state)
{
    struct desk *k = calloc(1, sizeof *k);
    struct err e;

    arena_init(&k->a);
    assert_int_equal(faces_open(NULL, &k->f, &e), OK);
    official_style_of(OFFICIAL_PAPER, &k->s);
    *state = k;
    return 0;
}

static int teardown(void **state)
{
    struct desk *k = *state;

    faces_close(k->f);
    arena_release(&k->a);
    free(k);
    return 0;
}

struct title {
    struct str text;              /* without the marks */
    enum boundary before[CP_MAX]; /* what a line would begin in front of each character */
};

static struct title title_read(struct arena *a, struct str line)
{
    struct title t = {0};
    struct buf b;
    size_t n = 0;

    buf_init(&b, 0);
    for (size_t off = 0; off < line.n;) {
        size_t at = off;
        uint32_t cp = utf8_next(line, &off);
        assert_true(n < CP_MAX);
        if (cp == '/' || cp == '~') {
            t.before[n] = cp == '/' ? WORD : TERM;
            continue;
        }
        buf_str(&b, str_sub(line, at, off - at));
        n++;
    }
    t.text = arena_str(a, buf_view(&b));
    buf_release(&b);
    return t;
}

/* The lines of the first page that are set like a title. */
static size_t lines_of(const struct layout *l, double pt, struct str *v)
{
    size_t n = 0;
    double y = -1;

    for (size_t i = 0; i < l->pages[0].n_runs; i++) {
        const struct layout_run *r = &l->pages[0].runs[i];
        if (r->pt != pt)
            continue;
        assert_true(n < LINES_MAX);
        if (r->y != y)
            v[n++] = r->text;
        else /* a run begins where the face changes */
            v[n - 1] = (struct str){v[n - 1].p, v[n - 1].n + r->text.n};
        y = r->y;
    }
    return n;
}

/* What 7.3.1 wants and practice does not like. */
struct faults {
    int words;  /* 词意完整: a line ends inside a word */
    int terms;  /* between two words that are one term */
    int starts; /* a line begins with 的, 和 … */
    int waist;  /* 梯形或菱形: an inner line is shorter than its neighbours */
    int tail;   /* the last line is one word, or shorter than half the line before it */
};

static double ems(struct str s)
{
    double w = 0;

    for (size_t off = 0; off < s.n;)
        w += utf8_next(s, &off) < 0x80 ? 0.5 : 1;
    return w;
}

static bool begins_badly(struct str line)
{
    static const char *const never[] = {"的", "和", "与", "及", "暨", "等", "、", "）", "》", "”"};

    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (str_starts(line, str_z(never[i])))
            return true;
    return false;
}

static struct faults judge(const struct title *t, const struct str *v, size_t n)
{
    struct faults f = {0};
    size_t at = 0, words = 0;

    for (size_t i = 0; i + 1 < n; i++) {
        at += utf8_len_cp(v[i]);
        f.words += t->before[at] == INSIDE;
        f.terms += t->before[at] == TERM;
        f.starts += begins_badly(v[i + 1]);
        if (i + 2 < n)
            f.waist += ems(v[i + 1]) + 1 < ems(v[i]) && ems(v[i + 1]) + 1 < ems(v[i + 2]);
    }
    for (size_t k = at + 1; k < at + utf8_len_cp(v[n - 1]); k++)
        words += t->before[k] != INSIDE;
    f.tail = n > 1 && (words == 0 || ems(v[n - 1]) * 2 < ems(v[n - 2]));
    return f;
}

static void add(struct faults *all, const struct faults *one)
{
    all->words += one->words > 0;
    all->terms += one->terms > 0;
    all->starts += one->starts > 0;
    all->waist += one->waist > 0;
    all->tail += one->tail > 0;
}

/* One fault or more: the lines, to see which. */
static void show(const struct faults *f, const struct str *v, size_t n)
{
    if (f->words + f->terms + f->starts + f->waist + f->tail == 0)
        return;
    for (size_t i = 0; i < n; i++)
        print_message("%s%.*s", i ? "｜" : "", (int)v[i].n, v[i].p);
    print_message("\n");
}

static void title_judge(struct desk *k, struct str line, struct faults *all)
{
    struct title t = title_read(&k->a, line);
    struct official d = {.form = OFFICIAL_PAPER, .title = t.text};
    struct faults one;
    struct layout l;
    struct str v[LINES_MAX];
    struct err e;
    size_t n;

    assert_int_equal(layout_make(&k->a, k->f, &d, &k->s, &l, &e), OK);
    n = lines_of(&l, k->s.title_pt, v);
    assert_true(n > 0);
    one = judge(&t, v, n);
    add(all, &one);
    show(&one, v, n);
}

/* Of the 114 titles the guesses that stood here before ICU cut 32 inside a word. */
static void lines_end_where_words_do(void **state)
{
    struct desk *k = *state;
    struct faults all = {0};
    struct buf file;
    struct err e;
    struct str rest, line;
    size_t n = 0;

    buf_init(&file, 0);
    assert_int_equal(io_read_file("tests/titles.txt", TITLES_BYTES, &file, &e), OK);
    for (rest = buf_view(&file); str_next(&rest, S("\n"), &line);)
        if (line.n > 0 && line.p[0] != '#') {
            title_judge(k, line, &all);
            n++;
        }
    buf_release(&file);
    print_message("%zu titles: %d cut inside a word, %d inside a term, %d with 的, 和 … in front, "
                  "%d waists, %d scraps\n",
        n, all.words, all.terms, all.starts, all.waist, all.tail);
    assert_true(n >= TITLES_LEAST);
    assert_int_equal(all.words, 0);
    assert_true(all.terms <= TERMS_MOST);
    assert_int_equal(all.starts, 0);
    assert_int_equal(all.waist, 0);
    assert_int_equal(all.tail, 0);
}

/* All characters of the title are on the paper, none in its margin. */
static void lies_on_paper(struct desk *k, struct str title)
{
    struct official d = {.form = OFFICIAL_PAPER, .title = title};
    struct layout l;
    struct err e;
    size_t n = 0;

    assert_int_equal(layout_make(&k->a, k->f, &d, &k->s, &l, &e), OK);
    for (size_t p = 0; p < l.n; p++)
        for (size_t i = 0; i < l.pages[p].n_runs; i++) {
            const struct layout_run *r = &l.pages[p].runs[i];
            double right = r->x;
            if (r->pt != k->s.title_pt)
                continue;
            for (size_t x = 0; x < r->n; x++)
                right += (double)r->advance[x];
            assert_true(r->x >= k->s.left - 0.01 && right <= k->s.left + k->s.width + 0.01);
            n += r->n;
        }
    assert_int_equal(n, utf8_len_cp(title));
}

#define TEN(s) s s s s s s s s s s

/* What no dictionary helps with still ends on the paper: nothing but marks, no place to break, no width, more than any title has (the last
 * line took whatever was beyond 300 characters). */
static void odd_titles(void **state)
{
    static const char *const odd[] = {"的", "《》", TEN("、") TEN("、") TEN("、"),
        TEN("《") TEN("《") TEN("《"), TEN("aaaaaaa"), TEN("\U00020000\U00020001\U00020002"),
        "\u200b\u200b\u200b", "关于" TEN("\u0301") "做好",
        TEN("关于") TEN(TEN("\u200b\u200b\u200b")) TEN("做好"), TEN(TEN("云岭建设集团"))};
    struct desk *k = *state;
    struct buf b;

    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        lies_on_paper(k, str_z(odd[i]));
    buf_init(&b, 0);
    for (size_t i = 0; i < TITLE_LONG; i++) {
        buf_z(&b, i % 7 ? "云" : "a");
        lies_on_paper(k, buf_view(&b));
    }
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lines_end_where_words_do, setup, teardown),
        cmocka_unit_test_setup_teardown(odd_titles, setup, teardown)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
