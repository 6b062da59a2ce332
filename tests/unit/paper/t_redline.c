#include "paper/redline.h"

#include "annotate_test.h"

enum { BLOCKS = 12, TEXT = 400 };

struct side_doc {
    struct block blocks[BLOCKS];
    struct doc d;
    struct str text;
};

static void add(struct side_doc *s, enum block_kind kind, int level, struct str text)
{
    assert_true(s->d.n < BLOCKS);
    s->blocks[s->d.n++] = (struct block){kind, level, text};
}

static void end(struct arena *a, struct side_doc *s)
{
    struct buf b = {0};

    s->d.blocks = s->blocks;
    doc_text(&s->d, &b);
    s->text = arena_str(a, buf_view(&b));
    buf_release(&b);
}

/* "标题|一、节|# 段\n|甲\t乙": lines are paragraphs, with a tab rows, with # headings, with ! titles. */
static void make(struct arena *a, struct side_doc *s, const char *text)
{
    struct str rest = str_z(text), line;

    memset(s, 0, sizeof(*s));
    while (str_next(&rest, S("|"), &line)) {
        enum block_kind kind = str_has(line, S("\t"))   ? BLOCK_ROW
                               : str_eat(&line, S("#")) ? BLOCK_HEADING
                               : str_eat(&line, S("!")) ? BLOCK_TITLE
                                                        : BLOCK_PARA;
        add(s, kind, kind == BLOCK_PARA || kind == BLOCK_TITLE ? 0 : 1, line);
    }
    end(a, s);
}

/* The longest common sequence of characters, the plain way. */
static size_t diff(struct arena *a, struct str x, struct str y, struct redline_op **out)
{
    static uint16_t best[TEXT][TEXT];
    uint32_t u[TEXT], v[TEXT];
    size_t at_x[TEXT], at_y[TEXT], n = 0, m = 0, i = 0, k = 0, off, ops = 0;
    struct redline_op *o = ARENA_ARRAY(a, struct redline_op, 2 * TEXT);

    for (off = 0; off < x.n; n++) {
        assert_true(n + 1 < TEXT);
        at_x[n] = off;
        u[n] = utf8_next(x, &off);
    }
    for (off = 0; off < y.n; m++) {
        assert_true(m + 1 < TEXT);
        at_y[m] = off;
        v[m] = utf8_next(y, &off);
    }
    at_x[n] = x.n;
    at_y[m] = y.n;
    for (size_t p = n + 1; p-- > 0;)
        for (size_t q = m + 1; q-- > 0;)
            best[p][q] = p == n || q == m                   ? 0
                         : u[p] == v[q]                     ? (uint16_t)(best[p + 1][q + 1] + 1)
                         : best[p + 1][q] >= best[p][q + 1] ? best[p + 1][q]
                                                            : best[p][q + 1];
    while (i < n || k < m) {
        enum redline_kind kind = i < n && k < m && u[i] == v[k] ? REDLINE_SAME
                                 : k == m || (i < n && best[i + 1][k] >= best[i][k + 1])
                                     ? REDLINE_REMOVED
                                     : REDLINE_ADDED;
        size_t dx = kind == REDLINE_ADDED ? 0 : at_x[i + 1] - at_x[i];
        size_t dy = kind == REDLINE_REMOVED ? 0 : at_y[k + 1] - at_y[k];
        if (ops == 0 || o[ops - 1].kind != kind)
            o[ops++] = (struct redline_op){kind, at_x[i], 0, at_y[k], 0};
        o[ops - 1].x_n += dx;
        o[ops - 1].y_n += dy;
        i += dx > 0;
        k += dy > 0;
    }
    *out = o;
    return ops;
}

struct lined {
    struct fixture f;
    struct side_doc x, y;
    struct str docx, html, xml;
};

/* Both texts come back out of the docx; the page holds what went and what came. */
static void line(struct lined *t)
{
    struct redline_op *ops;
    size_t n = diff(&t->f.a, t->x.text, t->y.text, &ops);
    struct redline r = {
        &t->x.d, &t->y.d, S("旧<稿>.docx"), S("新稿.docx"), ops, n, S(AUTHOR), 1795420800000};
    struct buf html = {0};

    if (redline_docx(&t->f.a, &r, &t->docx, &t->f.e) != OK ||
        redline_html(&r, &html, &t->f.e) != OK)
        fail_msg("%s", t->f.e.msg);
    t->html = arena_str(&t->f.a, buf_view(&html));
    buf_release(&html);
    t->xml = member(&t->f, t->docx, "word/document.xml");
    same(text_of(&t->f, t->docx), t->y.text);
    same(text_of(&t->f, undone(&t->f, t->docx, true)), t->x.text);
}

static void begin(struct lined *t, const char *x, const char *y)
{
    memset(t, 0, sizeof(*t));
    fx_init(&t->f);
    make(&t->f.a, &t->x, x);
    make(&t->f.a, &t->y, y);
    line(t);
}

static void has(const struct lined *t, struct str where, const char *what)
{
    (void)t;
    if (!str_has(where, str_z(what)))
        fail_msg("“%s” is not in:\n%.*s", what, SF(where));
}

static void words_inside_a_paragraph(void **state)
{
    struct lined t;

    (void)state;
    begin(&t, "!通知|各单位要抓紧落实<要求>。", "!通知|各单位要切实抓好落实<要求>。");
    has(&t, t.html, "<p>各单位要<ins>切实</ins>抓<del>紧</del><ins>好</ins>落实&lt;要求&gt;。</p>");
    has(&t, t.html, "<h1>通知</h1>");
    has(&t, t.html, "<dd>旧&lt;稿&gt;.docx</dd>");
    has(&t, t.html, "删去 1 字，新增 3 字，未变 14 字");
    has(&t, t.xml, "<w:pStyle w:val=\"Title\"/>");
    has(&t, t.xml, "w:author=\"前哨\" w:date=\"2026-11-23T16:00:00Z\"");
    fx_end(&t.f);
}

static void whole_paragraphs(void **state)
{
    struct lined t;

    (void)state;
    begin(&t, "甲段|乙段|丙段", "甲段|新来的|乙段|丙段");
    has(&t, t.html, "<p><ins>新来的</ins><ins class=\"end\"");
    has(&t, t.html, "<p>甲段</p>");
    fx_end(&t.f);
    begin(&t, "甲段|走掉的|乙段", "甲段|乙段");
    has(&t, t.html, "<p><del>走掉的</del><del class=\"end\"");
    fx_end(&t.f);
    begin(&t, "甲段", "甲段|末段"); /* at the end too */
    has(&t, t.html, "<p>甲段</p>");
    fx_end(&t.f);
    begin(&t, "甲段乙段", "甲段|乙段"); /* parted */
    has(&t, t.html, "<p>甲段<ins class=\"end\"");
    fx_end(&t.f);
    begin(&t, "甲段|乙段", "甲段乙段"); /* joined */
    has(&t, t.html, "<p>甲段<del class=\"end\"");
    fx_end(&t.f);
    begin(&t, "#一、节|甲\n软", "#一、大节|甲软");
    has(&t, t.html, "<h2>一、<ins>大</ins>节</h2>");
    has(&t, t.html, "甲<del><br></del>软");
    fx_end(&t.f);
}

static void rows(void **state)
{
    struct lined t;

    (void)state;
    begin(&t, "表前|单位\t数|甲\t1|乙\t2|表后", "表前|单位\t数|甲\t3|丙\t9|表后");
    has(&t, t.html, "<tr><td>甲</td><td><del>1</del><ins>3</ins></td></tr>");
    has(&t, t.xml, "<w:tbl>");
    fx_end(&t.f);
    begin(&t, "单位\t数|甲\t1|乙\t2", "单位\t数|甲\t1|丙类\t5|乙\t2");
    has(&t, t.html, "<tr class=\"ins\"><td><ins>丙类</ins></td><td><ins>5</ins></td></tr>");
    has(&t, t.xml, "<w:trPr><w:ins ");
    fx_end(&t.f);
    begin(&t, "单位\t数|甲\t1|丙类\t5|乙\t2", "单位\t数|甲\t1|乙\t2");
    has(&t, t.html, "<tr class=\"del\">");
    has(&t, t.xml, "<w:trPr><w:del ");
    fx_end(&t.f);
    begin(&t, "甲\t乙", "甲\t新\t乙"); /* a column came: not a row of both any more */
    has(&t, t.xml, "<w:tab/>");
    fx_end(&t.f);
}

static void nothing_and_everything(void **state)
{
    struct lined t;

    (void)state;
    begin(&t, "同样的一段", "同样的一段");
    assert_int_equal(count(t.html, "<ins>"), 1); /* the legend */
    has(&t, t.html, "相同 100.0%");
    fx_end(&t.f);
    begin(&t, "全部换掉", "新写一段|又一段");
    fx_end(&t.f);
    begin(&t, "", "从无到有");
    fx_end(&t.f);
    begin(&t, "从有到无|两段", "");
    fx_end(&t.f);
}

static void wrong_ops_are_refused(void **state)
{
    struct redline_op gap[] = {{REDLINE_SAME, 0, 3, 0, 3}}, more[] = {{REDLINE_SAME, 0, 9, 0, 9}};
    struct redline r = {.ops = gap, .n = 1};
    struct side_doc x;
    struct arena a;
    struct str docx;
    struct err e;

    (void)state;
    arena_init(&a);
    make(&a, &x, "甲乙");
    r.older = r.newer = &x.d;
    assert_int_equal(redline_docx(&a, &r, &docx, &e), E_BUG);
    r.ops = more;
    assert_int_equal(redline_docx(&a, &r, &docx, &e), E_BUG);
    arena_release(&a);
}

static uint32_t next(uint32_t *s)
{
    *s = *s * 1664525U + 1013904223U;
    return *s >> 8;
}

static struct str random_text(struct arena *a, uint32_t *s, bool row)
{
    static const char *const words[] = {"工作", "要求", "甲", "。", "1", "和", "\t"};
    struct buf b = {0};
    struct str out;
    size_t n = 1 + next(s) % 5;

    buf_z(&b, "一");
    for (size_t i = 0; i < n; i++)
        buf_z(&b, words[next(s) % (row ? 7 : 6)]);
    buf_z(&b, row ? "\t二" : "二");
    out = arena_str(a, buf_view(&b));
    buf_release(&b);
    return out;
}

static void random_blocks(
    struct arena *a, uint32_t *s, const struct side_doc *from, struct side_doc *to)
{
    size_t n = from ? from->d.n : 5;

    memset(to, 0, sizeof(*to));
    for (size_t i = 0; i < n || (next(s) % 3 == 0 && to->d.n < 9); i++) {
        uint32_t how = from && i < n ? next(s) % 6 : 5;
        bool row = next(s) % 3 == 0;
        if (how == 4)
            continue;
        if (how == 5 && to->d.n < 9)
            add(to,
                row           ? BLOCK_ROW
                : next(s) % 4 ? BLOCK_PARA
                              : BLOCK_HEADING,
                1, random_text(a, s, row));
        if (from && i < n && to->d.n < 10)
            to->blocks[to->d.n++] = from->blocks[i];
    }
    end(a, to);
}

static void a_thousand_random_pairs(void **state)
{
    uint32_t seed = 7;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        struct lined t = {0};
        fx_init(&t.f);
        random_blocks(&t.f.a, &seed, NULL, &t.x);
        random_blocks(&t.f.a, &seed, &t.x, &t.y);
        line(&t);
        fx_end(&t.f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_inside_a_paragraph),
        cmocka_unit_test(whole_paragraphs),
        cmocka_unit_test(rows),
        cmocka_unit_test(nothing_and_everything),
        cmocka_unit_test(wrong_ops_are_refused),
        cmocka_unit_test(a_thousand_random_pairs),
    };
    return cmocka_run_group_tests_name("redline", tests, NULL, NULL);
}
