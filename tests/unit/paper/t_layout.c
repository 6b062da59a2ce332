/* t_layout - where things stand on official paper, measured against GB/T 9704-2012. */
#include <math.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/utf8.h"
#include "paper/layout_out.h"
#include "paper_test.h"

extern char **environ;

#define NEAR(x, y, within) assert_true(fabs((x) - (y)) <= (within))

struct desk {
    struct arena a;
    struct faces *f;
    struct official d;
    struct official_style s;
    struct layout l;
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

static void make(struct desk *k)
{
    struct err e;

    if (layout_make(&k->a, k->f, &k->d, &k->s, &k->l, &e) != OK)
        fail_msg("%s", e.msg);
}

static void form(struct desk *k, enum official_form f)
{
    k->d.form = f;
    official_style_of(f, &k->s);
}

static struct str repeat(struct desk *k, const char *s, size_t n)
{
    struct buf b;
    struct str out;

    buf_init(&b, 0);
    for (size_t i = 0; i < n; i++)
        buf_z(&b, s);
    out = arena_str(&k->a, buf_view(&b));
    buf_release(&b);
    return out;
}

static void paras(struct desk *k, struct str text, size_t n)
{
    k->d.blocks = ARENA_ARRAY(&k->a, struct official_block, n);
    k->d.n = n;
    for (size_t i = 0; i < n; i++)
        k->d.blocks[i] = (struct official_block){.kind = OFFICIAL_PARA, .text = text};
}

static struct str *one(struct desk *k, const char *s)
{
    struct str *v = ARENA_NEW(&k->a, struct str);
    *v = str_z(s);
    return v;
}

/* The run that holds `text`; fails where there is none. */
static const struct layout_run *find(const struct desk *k, size_t page, const char *text)
{
    const struct layout_page *p = &k->l.pages[page];

    for (size_t i = 0; i < p->n_runs; i++)
        if (str_has(p->runs[i].text, str_z(text)))
            return &p->runs[i];
    fail_msg("no run with %s on page %zu", text, page + 1);
    return NULL;
}

static double width(const struct layout_run *r)
{
    double w = 0;
    for (size_t i = 0; i + 1 < r->n; i++)
        w += r->advance[i];
    return w + r->pt * MM_PER_PT; /* all of these end with a full-width character */
}

/* Upper and lower edge of the squares of a line of Chinese: the ink of 国 stands in their middle. */
static double top_of(const struct desk *k, const struct layout_run *r)
{
    double top, bottom;
    face_box(k->f, r->face, &top, &bottom);
    return r->y - r->pt * MM_PER_PT * (0.5 + (top - bottom) / 2);
}
static double bottom_of(const struct desk *k, const struct layout_run *r)
{
    return top_of(k, r) + r->pt * MM_PER_PT;
}

static double ink_top(const struct desk *k, const struct layout_run *r)
{
    double top = 0;
    for (size_t off = 0; off < r->text.n;)
        top = fmax(top, face_glyph(k->f, r->face, utf8_next(r->text, &off))->top);
    return r->y - top * r->pt * MM_PER_PT;
}

/* ---- the grid: 5.2.1, 5.2.3 ---- */

static void full_page(void **state)
{
    struct desk *k = *state;
    const struct layout_page *p;

    form(k, OFFICIAL_PLAIN);
    paras(k, repeat(k, "国", 28 * 70), 1);
    make(k);
    p = &k->l.pages[1];
    assert_int_equal(p->lines, 22);
    for (size_t i = 0; i < 22; i++) {
        assert_int_equal(p->runs[i].n, 28);
        NEAR(p->runs[i].x, 28, 0.01);
        NEAR(p->runs[i].x + width(&p->runs[i]), 28 + 156, 0.05);
    }
    NEAR(top_of(k, &p->runs[0]), 37, 0.01);
    NEAR(bottom_of(k, &p->runs[21]), 37 + 225, 0.01);
    NEAR(p->runs[1].y - p->runs[0].y, (225 - 16 * MM_PER_PT) / 21, 0.001);
}

/* The first line of a paragraph is two characters in, the others are not. */
static void indent(void **state)
{
    struct desk *k = *state;
    const struct layout_page *p;

    form(k, OFFICIAL_PLAIN);
    paras(k, repeat(k, "国", 40), 1);
    make(k);
    p = &k->l.pages[0];
    assert_int_equal(p->runs[0].n, 26);
    NEAR(p->runs[0].x, 28 + 2 * (156 - 16 * MM_PER_PT) / 27, 0.01);
    NEAR(p->runs[1].x, 28, 0.01);
    assert_int_equal(p->runs[1].n, 14);
}

/* ---- what begins and ends a line: GB/T 15834 5.1, GB/T 15835 5.1.7 ---- */

static bool is_of(uint32_t cp, const char *set)
{
    struct str s = str_z(set);
    for (size_t off = 0; off < s.n;)
        if (utf8_next(s, &off) == cp)
            return true;
    return false;
}

static uint32_t first_cp(struct str s)
{
    size_t off = 0;
    return utf8_next(s, &off);
}

static uint32_t last_cp(struct str s)
{
    uint32_t cp = 0;
    for (size_t off = 0; off < s.n;)
        cp = utf8_next(s, &off);
    return cp;
}

static void check_lines(const struct desk *k, struct str text)
{
    struct buf all;

    buf_init(&all, 0);
    for (size_t i = 0; i < k->l.n; i++)
        for (size_t r = 0; r < k->l.pages[i].n_runs; r++) {
            const struct layout_run *n = &k->l.pages[i].runs[r];
            double w = 0;
            if (n->face == FACE_SONG) /* the number of the page */
                continue;
            if (all.n) {
                assert_false(is_of(first_cp(n->text), "，。、；：？！）》〉”’〕】％～"));
                assert_false(is_of(last_cp(buf_view(&all)), "（《〈“‘〔【"));
                assert_false(is_of(last_cp(buf_view(&all)), "0123456789") &&
                             is_of(first_cp(n->text), "0123456789.%"));
            }
            for (size_t c = 0; c < n->n; c++)
                w += n->advance[c];
            assert_true(
                n->x + w <=
                28 + 156 + 0.5 * 16 * MM_PER_PT); /* the blank half of a mark may hang over */
            buf_str(&all, n->text);
        }
    assert_true(str_eq(buf_view(&all), text));
    buf_release(&all);
}

static void line_rules(void **state)
{
    static const char *const pieces[] = {"国", "家", "安全生产", "，", "。", "“", "”", "《", "》",
        "（", "）", "、", "2026", "98.5%", "——", "……", "；", "！", "A/B", "100", "年"};
    struct desk *k = *state;
    unsigned seed = 7;

    form(k, OFFICIAL_PLAIN);
    k->s.page_numbers = true;
    for (int round = 0; round < 300; round++) {
        struct buf b;
        buf_init(&b, 0);
        buf_z(&b, "国");
        for (int i = 0; i < 120; i++) {
            seed = seed * 1103515245 + 12345;
            buf_z(&b, pieces[seed >> 16 & 15 ? (seed >> 20) % 21 : 0]);
            buf_z(&b, "家务"); /* no more than two marks in a row */
        }
        paras(k, arena_str(&k->a, buf_view(&b)), 1);
        buf_release(&b);
        make(k);
        check_lines(k, k->d.blocks[0].text);
    }
}

/* ---- 版头: 7.2 ---- */

static void head(void **state)
{
    struct desk *k = *state;
    const struct layout_run *mark, *docno, *title;
    double line = (225 - 16 * MM_PER_PT) / 21, gap = line - 16 * MM_PER_PT;

    form(k, OFFICIAL_PAPER);
    k->d.issuers = one(k, "云岭集团委员会");
    k->d.n_issuers = 1;
    k->d.mark_word = S("文件");
    k->d.docno = S("云党发〔2026〕15号");
    k->d.title = S("关于加强安全生产工作的通知");
    k->d.copy_no = S("000001");
    k->d.addressee = S("各单位");
    paras(k, repeat(k, "国", 100), 3);
    make(k);
    mark = find(k, 0, "云岭集团委员会文件");
    docno = find(k, 0, "〔2026〕");
    title = find(k, 0, "关于加强");
    NEAR(ink_top(k, mark), 37 + 35, 0.05);
    assert_int_equal(k->l.pages[0].n_rules, 1);
    NEAR(k->l.pages[0].rules[0].y1 - bottom_of(k, docno), 4, 0.05);
    NEAR(k->l.pages[0].rules[0].x1, 28, 0.01);
    NEAR(k->l.pages[0].rules[0].x2, 184, 0.01);
    NEAR(top_of(k, title) - k->l.pages[0].rules[0].y1, 2 * line, 0.05);
    NEAR(top_of(k, find(k, 0, "各单位：")) - bottom_of(k, title), line + gap, 0.05);
    NEAR(top_of(k, find(k, 0, "000001")), 37, 0.05);
    assert_int_equal(mark->colour, k->s.red);
}

static void signers(void **state)
{
    struct desk *k = *state;
    const struct layout_run *a, *docno;

    k->d.signers = ARENA_ARRAY(&k->a, struct str, 3);
    k->d.signers[0] = S("张卫国");
    k->d.signers[1] = S("李建军");
    k->d.signers[2] = S("欧阳明");
    k->d.n_signers = 3;
    k->d.docno = S("云党发〔2026〕15号");
    k->d.issuers = one(k, "云岭集团委员会");
    k->d.n_issuers = 1;
    paras(k, repeat(k, "国", 30), 1);
    make(k);
    a = find(k, 0, "欧阳明");
    docno = find(k, 0, "〔2026〕");
    assert_int_equal(a->face, FACE_KAI);
    NEAR(a->x, find(k, 0, "张卫国")->x, 0.01);
    NEAR(top_of(k, a), top_of(k, docno), 0.05);
    NEAR(docno->x, 28 + 16 * MM_PER_PT, 0.05);
}

static void letter(void **state)
{
    struct desk *k = *state;
    const struct layout_page *p;
    const struct layout_run *mark;

    form(k, OFFICIAL_LETTER);
    k->d.issuers = one(k, "云岭建设集团有限公司");
    k->d.n_issuers = 1;
    k->d.docno = S("云函〔2026〕3号");
    k->d.title = S("关于商请支持项目建设的函");
    paras(k, repeat(k, "国", 900), 1);
    make(k);
    p = &k->l.pages[0];
    mark = find(k, 0, "云岭建设");
    NEAR(ink_top(k, mark), 30, 0.05);
    assert_int_equal(p->n_rules, 4);
    for (size_t i = 0; i < 4; i++)
        NEAR(p->rules[i].x2 - p->rules[i].x1, 170, 0.01);
    NEAR(p->rules[3].y1, 297 - 20, 0.01);
    assert_int_equal(p->number, 0); /* no number on the first page of a letter */
    assert_int_equal(k->l.pages[1].number, 2);
}

/* ---- tail: 7.3.5, 7.4, 7.5 ---- */

static void foot(void **state)
{
    struct desk *k = *state;
    const struct layout_page *last;
    const struct layout_run *n;

    k->d.cc = S("省委办公厅，省政府办公厅");
    k->d.printer = S("云岭集团办公室");
    k->d.printed = S("2026年7月14日");
    paras(k, repeat(k, "国", 300), 1);
    make(k);
    assert_int_equal(k->l.n, 2); /* one page of text: 版记 on the back */
    last = &k->l.pages[1];
    assert_int_equal(last->number, 0);
    assert_int_equal(last->n_rules, 3);
    NEAR(last->rules[2].y1, 37 + 225, 0.01);
    NEAR(last->rules[0].mm, 0.35, 0.001);
    NEAR(last->rules[1].mm, 0.25, 0.001);
    NEAR(last->rules[2].mm, 0.35, 0.001);
    n = find(k, 0, "— 1 —");
    assert_int_equal(n->face, FACE_SONG);
    NEAR(n->y - face_glyph(k->f, FACE_SONG, 0x2014)->top * n->pt * MM_PER_PT, 262 + 7, 0.05);
    double w = 0;
    for (size_t i = 0; i < n->n; i++)
        w += n->advance[i];
    NEAR(n->x + w, 184 - 14 * MM_PER_PT, 0.05); /* odd: one character in from the right */
}

/* 7.3.1 回行词意完整: what stands together in the text is one word in the title as well (设立轨|道交通 before). */
static void a_title_is_cut_between_words(void **state)
{
    struct desk *k = *state;
    const struct layout_run *second;

    paras(k, S("为服务轨道交通建设，拟设立轨道交通联合研究院，研究轨道交通装备。"), 1);
    k->d.title = S("关于恳请批准联合设立轨道交通联合研究院的请示");
    make(k);
    second = find(k, 0, "轨道交通联合");
    assert_non_null(second);
    assert_true(top_of(k, second) > top_of(k, find(k, 0, "关于恳请")) + 1);
}

static void even_numbers_left(void **state)
{
    struct desk *k = *state;

    paras(k, repeat(k, "国", 1000), 1);
    make(k);
    NEAR(find(k, 1, "— 2 —")->x, 28 + 14 * MM_PER_PT, 0.05);
}

/* Whatever the length of the text, the signature never stands on a page without any. */
static void signature_never_alone(void **state)
{
    struct desk *k = *state;

    k->d.signatures = ARENA_NEW(&k->a, struct official_signature);
    k->d.signatures->name = S("中共云岭集团委员会");
    k->d.n_signatures = 1;
    k->d.date = S("2026年7月13日");
    k->d.seal = OFFICIAL_SEALED;
    for (size_t n = 15; n < 70; n++) {
        paras(k, repeat(k, "国", 26), n);
        make(k);
        for (size_t i = 0; i < k->l.n; i++)
            assert_true(k->l.pages[i].lines > 0);
        (void)find(k, k->l.n - 1, "2026年7月13日");
    }
}

static void unsealed(void **state)
{
    struct desk *k = *state;
    const double pitch = (156 - 16 * MM_PER_PT) / 27;
    const struct layout_run *name, *day;

    k->d.signatures = ARENA_NEW(&k->a, struct official_signature);
    k->d.signatures->name = S("中共云岭建设集团有限公司委员会");
    k->d.n_signatures = 1;
    k->d.date = S("2026年7月13日");
    paras(k, repeat(k, "国", 26), 3);
    make(k);
    name = find(k, 0, "中共云岭");
    day = find(k, 0, "2026年7月13日");
    NEAR(name->x + width(name), 184 - 2 * pitch, 0.1);
    NEAR(day->x - name->x, 2 * pitch, 0.05);
}

static void long_addressee(void **state)
{
    struct desk *k = *state;

    k->d.issuers = one(k, "云岭集团");
    k->d.n_issuers = 1;
    k->d.docno = S("云发〔2026〕1号");
    k->d.title = S("关于开展检查的通知");
    k->d.addressee = repeat(k, "第一建筑工程分公司，", 40);
    paras(k, repeat(k, "国", 60), 1);
    make(k);
    assert_int_equal(k->l.n_notes, 1);
    (void)find(k, 0, "国国国"); /* the first page shows text */
    (void)find(k, k->l.n - 1, "主送：");
}

/* ---- reading copy ---- */

static void sentences_stay_whole(void **state)
{
    struct desk *k = *state;

    form(k, OFFICIAL_READING);
    paras(k, repeat(k, "同志们要把安全生产放在第一位，做到警钟长鸣、常抓不懈。", 9), 6);
    make(k);
    assert_true(k->l.n > 3);
    for (size_t i = 0; i + 1 < k->l.n; i++) {
        const struct layout_page *p = &k->l.pages[i];
        struct str last = p->runs[p->n_runs - 2].text; /* the very last is the number */
        assert_true(str_ends(last, S("。")));
    }
}

/* Wherever on the page it comes: the sentence below it may move to the next page whole, and takes its heading along. */
static void a_heading_goes_with_the_sentence_below_it(void **state)
{
    struct desk *k = *state;
    struct str heading = S("三、抓好重点工作");

    form(k, OFFICIAL_READING);
    for (size_t lines = 1; lines < 24; lines++) {
        struct official_block *b = ARENA_ARRAY(&k->a, struct official_block, lines + 2);
        for (size_t i = 0; i < lines; i++)
            b[i] = (struct official_block){.kind = OFFICIAL_PARA, .text = S("抓落实。")};
        b[lines] = (struct official_block){
            .kind = OFFICIAL_PARA, .level = 1, .head = heading.n, .text = heading};
        b[lines + 1] = (struct official_block){.kind = OFFICIAL_PARA,
            .text = arena_cat(&k->a, repeat(k, "把责任落实到每一个班组，", 6), S("做到位。"))};
        k->d.blocks = b;
        k->d.n = lines + 2;
        make(k);
        for (size_t i = 0; i < k->l.n; i++) {
            const struct layout_page *p = &k->l.pages[i];
            assert_false(str_ends(p->runs[p->n_runs - 2].text, S("重点工作")));
        }
    }
}

/* ---- tables ---- */

static void table_pages(void **state)
{
    struct desk *k = *state;
    struct official_block b = {.kind = OFFICIAL_TABLE};

    b.table = (struct official_table){.n_rows = 120, .n_columns = 3, .n_heads = 1};
    b.table.cells = ARENA_ARRAY(&k->a, struct official_cell, 360);
    for (size_t i = 0; i < 360; i++)
        b.table.cells[i].text = i < 3 ? S("表头") : i % 3 ? S("开展安全生产专项检查") : S("12");
    k->d.blocks = &b;
    k->d.n = 1;
    make(k);
    assert_true(k->l.n >= 3);
    for (size_t i = 0; i < k->l.n; i++) {
        assert_true(str_eq(k->l.pages[i].runs[0].text, S("表头")));
        for (size_t r = 0; r < k->l.pages[i].n_rules; r++)
            assert_true(k->l.pages[i].rules[r].y2 <= 262.1);
    }
}

/* How often a character stands in the pages; nothing is drawn below the text area. */
static size_t count_of(const struct layout *l, struct str c)
{
    size_t n = 0;

    for (size_t i = 0; i < l->n; i++)
        for (size_t k = 0; k < l->pages[i].n_runs; k++) {
            const struct layout_run *r = &l->pages[i].runs[k];
            for (size_t at = str_find(r->text, c, 0); at != SIZE_MAX;
                 at = str_find(r->text, c, at + 1))
                n++;
            assert_true(r->y < 275);
        }
    return n;
}

static struct str many(struct arena *a, struct str s, size_t n)
{
    struct str out = S("");

    for (size_t i = 0; i < n; i++)
        out = arena_cat(a, out, s);
    return out;
}

/* A row that no page holds goes on on the next; so does a cell that takes all rows of its column, and the names of two hundred units. */
static void higher_than_a_page(void **state)
{
    struct desk *k = *state;
    struct official_block b = {.kind = OFFICIAL_TABLE};

    b.table = (struct official_table){.n_rows = 40, .n_columns = 2, .n_heads = 1};
    b.table.cells = ARENA_ARRAY(&k->a, struct official_cell, 80);
    for (size_t i = 0; i < 80; i++)
        b.table.cells[i] = (struct official_cell){.text = S("表"), .covered = i % 2 && i > 3};
    b.table.cells[2].text = many(&k->a, S("落实"), 1500);
    b.table.cells[3] = (struct official_cell){.text = many(&k->a, S("限期"), 1500), .down = 39};
    k->d.blocks = &b;
    k->d.n = 1;
    k->d.cc = many(&k->a, S("某分公司，"), 400);
    k->d.printer = S("办公室");
    make(k);
    assert_true(k->l.n >= 5);
    assert_int_equal(count_of(&k->l, S("落")), 1500);
    assert_int_equal(count_of(&k->l, S("限")), 1500);
    assert_int_equal(count_of(&k->l, S("某")), 400);
}

/* The cell of a head that goes down over all rows is cut with them: its lines were drawn a metre below the page. */
static void head_goes_down(void **state)
{
    struct desk *k = *state;
    struct official_block b = {.kind = OFFICIAL_TABLE};

    b.table = (struct official_table){.n_rows = 40, .n_columns = 2, .n_heads = 1};
    b.table.cells = ARENA_ARRAY(&k->a, struct official_cell, 80);
    for (size_t i = 0; i < 80; i++)
        b.table.cells[i] = (struct official_cell){.text = S("表"), .covered = i % 2 && i > 1};
    b.table.cells[1].down = 40;
    k->d.blocks = &b;
    k->d.n = 1;
    make(k);
    assert_true(k->l.n >= 2);
    assert_int_equal(count_of(&k->l, S("表")), 41);
    for (size_t p = 0; p < k->l.n; p++)
        for (size_t i = 0; i < k->l.pages[p].n_rules; i++)
            assert_true(k->l.pages[p].rules[i].y2 < k->l.height);
}

/* Two joint issuers whose names are too long to stand side by side stand one below the other; one wider than the page is made narrower. */
static void long_names(void **state)
{
    struct desk *k = *state;
    struct official_signature v[2] = {{.name = S("中共云岭山河建设集团有限公司委员会办公室")},
        {.name = S("中共云岭山河建设集团有限公司委员会宣传部")}};
    double y[2] = {0};

    k->d.signatures = v;
    k->d.n_signatures = 2;
    k->d.seal = OFFICIAL_SEALED;
    make(k);
    for (size_t i = 0; i < k->l.pages[0].n_runs; i++)
        for (size_t s = 0; s < 2; s++)
            if (str_eq(k->l.pages[0].runs[i].text, v[s].name))
                y[s] = k->l.pages[0].runs[i].y;
    assert_true(y[0] > 0 && y[1] > y[0] + 40);
    v[0].name = many(&k->a, S("某某委员会"), 8);
    k->d.n_signatures = 1;
    make(k);
    for (size_t i = 0; i < k->l.pages[0].n_runs; i++)
        if (str_eq(k->l.pages[0].runs[i].text, v[0].name)) {
            assert_true(k->l.pages[0].runs[i].narrow < 1);
            assert_true(k->l.pages[0].runs[i].x >= 27.9);
            y[1] = -1;
        }
    assert_true(y[1] < 0);
}

/* ---- the rest ---- */

static void deviations(void **state)
{
    struct desk *k = *state;
    struct official_deviation *v;

    assert_int_equal(official_deviations(&k->a, OFFICIAL_PAPER, &k->s, &v), 0);
    k->s.top = 30;
    k->s.rows = 20;
    assert_int_equal(official_deviations(&k->a, OFFICIAL_PAPER, &k->s, &v), 2);
    assert_true(v[0].must);
    assert_string_equal(v[0].clause, "5.2.1");
    assert_false(v[1].must);
}

static void wrong_measures(void **state)
{
    struct desk *k = *state;
    struct err e;

    k->s.left = 100;
    assert_int_equal(layout_make(&k->a, k->f, &k->d, &k->s, &k->l, &e), E_INPUT);
}

static void pdf_text(void **state)
{
    struct desk *k = *state;
    struct buf b, text;
    struct err e;
    char dir[IO_PATH_MAX], pdf[IO_PATH_MAX], txt[IO_PATH_MAX];
    const char *argv[] = {"pdftotext", "-q", "-raw", pdf, txt, NULL};
    struct buf read;
    pid_t pid;
    int status;

    form(k, OFFICIAL_PLAIN);
    paras(k, S("国家安全是头等大事，必须“警钟长鸣”——2026年完成98.5%。"), 30);
    make(k);
    buf_init(&b, 0);
    buf_init(&text, 0);
    assert_int_equal(layout_pdf(&k->l, k->f, &(struct layout_pdf){.title = S("试")}, &b, &e), OK);
    assert_int_equal(io_temp_dir("qs-layout-", dir, &e), OK);
    assert_int_equal(io_join(pdf, dir, "a.pdf", &e), OK);
    assert_int_equal(io_join(txt, dir, "a.txt", &e), OK);
    assert_int_equal(io_write_file(pdf, buf_view(&b), 0600, &e), OK);
    assert_int_equal(
        posix_spawnp(&pid, argv[0], NULL, NULL, (char *const *)(uintptr_t)argv, environ), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    buf_init(&read, 0);
    assert_int_equal(io_read_file(txt, 1 << 20, &read, &e), OK);
    for (size_t i = 0; i < read.n; i++)
        if (read.p[i] != '\n' && read.p[i] != '\f' && read.p[i] != ' ')
            buf_char(&text, read.p[i]);
    buf_release(&read);
    assert_int_equal(io_remove_tree(dir, &e), OK);
    struct str rest = buf_view(&text);
    size_t n = 0;
    for (size_t at = 0; (at = str_find(rest, k->d.blocks[0].text, at)) != SIZE_MAX; at++)
        n++;
    assert_true(n >= 27); /* the others have a page's number in the middle */
    buf_release(&b);
    buf_release(&text);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static double half_of(const struct layout_run *r)
{
    double w = 0;

    for (size_t i = 0; i < r->n; i++)
        w += (double)r->advance[i];
    return w / 2;
}

static struct official_block picture_of(int wide, int high, double mm)
{
    return (struct official_block){
        .kind = OFFICIAL_PICTURE, .text = S("架构图"), .wide = wide, .high = high, .width_mm = mm};
}

static void pictures(void **state)
{
    struct desk *k = *state;
    const struct layout_picture *p;

    k->d.blocks = ARENA_ARRAY(&k->a, struct official_block, 4);
    k->d.n = 4;
    k->d.blocks[0] = (struct official_block){.kind = OFFICIAL_PARA, .text = S("组织架构如下：")};
    k->d.blocks[1] = picture_of(800, 400, 100);
    k->d.blocks[2] = (struct official_block){.kind = OFFICIAL_CAPTION, .text = S("图1　组织架构")};
    k->d.blocks[3] = (struct official_block){.kind = OFFICIAL_PARA, .text = S("以上请遵照执行。")};
    make(k);
    assert_int_equal(k->l.pages[0].n_pictures, 1);
    p = &k->l.pages[0].pictures[0];
    NEAR(p->width, 100, 0.01);
    NEAR(p->height, 50, 0.01);
    NEAR(p->x + p->width / 2, k->s.left + k->s.width / 2, 0.01); /* in the middle */
    double line = find(k, 0, "以上请")->y - find(k, 0, "组织架构如下")->y;
    double step = (k->s.height - k->s.text_pt * MM_PER_PT) / (k->s.rows - 1);
    NEAR(line / step, round(line / step), 0.001); /* what follows stands on the grid */
    assert_true(find(k, 0, "图1")->y > p->y + p->height);
    NEAR(find(k, 0, "图1")->x + half_of(find(k, 0, "图1")), k->s.left + k->s.width / 2, 0.05);

    k->d.blocks[1] = picture_of(4000, 1000, 0); /* as wide as the text at most */
    make(k);
    NEAR(k->l.pages[0].pictures[0].width, k->s.width, 0.01);
    k->d.blocks[1] = picture_of(1000, 9000, 0); /* as high as a page with its caption at most */
    make(k);
    for (size_t i = 0; i < k->l.n; i++)
        for (size_t n = 0; n < k->l.pages[i].n_pictures; n++) {
            p = &k->l.pages[i].pictures[n];
            assert_true(p->y >= k->s.top - 0.01);
            assert_true(p->y + p->height <= k->s.top + k->s.height + 0.01);
            assert_non_null(find(k, i, "图1")); /* and the caption with it */
        }
    k->d.blocks[1] = picture_of(0, 0, 0); /* the file is not there */
    make(k);
    assert_int_equal(k->l.pages[0].n_pictures, 0);
    assert_true(str_eq(k->l.notes[k->l.n_notes - 1], S("没有图片“架构图”，没有排入")));
}

/* One that does not fit any more goes to the next page whole, with its caption. */
static void a_picture_is_not_parted(void **state)
{
    struct desk *k = *state;
    size_t on = 0;

    for (size_t before = 1; before < 22; before++) {
        paras(k, S("一行。"), before + 2);
        k->d.blocks[before] = picture_of(600, 300, 150);
        k->d.blocks[before + 1] =
            (struct official_block){.kind = OFFICIAL_CAPTION, .text = S("图1 现场")};
        make(k);
        for (size_t i = 0; i < k->l.n; i++) {
            if (!k->l.pages[i].n_pictures)
                continue;
            const struct layout_picture *p = &k->l.pages[i].pictures[0];
            on = i;
            assert_true(p->y + p->height <= k->s.top + k->s.height + 0.01);
            assert_non_null(find(k, i, "图1"));
        }
    }
    assert_int_equal(on, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {T(full_page), T(indent), T(line_rules), T(head), T(signers),
        T(letter), T(foot), T(a_title_is_cut_between_words), T(even_numbers_left),
        T(signature_never_alone), T(unsealed), T(long_addressee), T(sentences_stay_whole),
        T(a_heading_goes_with_the_sentence_below_it), T(table_pages), T(higher_than_a_page),
        T(head_goes_down), T(long_names), T(deviations), T(wrong_measures), T(pdf_text),
        T(pictures), T(a_picture_is_not_parted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
