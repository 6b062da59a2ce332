#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "text/series.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void reads_names(void **state)
{
    static const struct {
        const char *path, *base;
        int stage, version, copy, month, day;
    } rows[] = {
        {"办公室/2019/工作方案.doc", "工作方案", 0, 0, 0, 0, 0},
        {"工作方案终稿.docx", "工作方案", STAGE_FINAL, 0, 0, 0, 0},
        {"工作方案终稿2.docx", "工作方案", STAGE_FINAL, 2, 0, 0, 0},
        {"工作方案（最终版）.docx", "工作方案", STAGE_FINAL, 0, 0, 0, 0},
        {"工作方案最终版(不改了).docx", "工作方案", STAGE_FINAL, 0, 0, 0, 0},
        {"工作方案-定稿 (1).docx", "工作方案", STAGE_FINAL, 0, 1, 0, 0},
        {"工作方案修改稿0312.docx", "工作方案", STAGE_REVISED, 0, 0, 3, 12},
        {"工作方案20190312.docx", "工作方案", 0, 0, 0, 3, 12},
        {"工作方案2019.3.12.docx", "工作方案", 0, 0, 0, 3, 12},
        {"工作方案（3.12）.docx", "工作方案", 0, 0, 0, 3, 12},
        {"工作方案3月12日.docx", "工作方案", 0, 0, 0, 3, 12},
        {"20190312工作方案.docx", "工作方案", 0, 0, 0, 3, 12},
        {"2019-03-12 工作方案.docx", "工作方案", 0, 0, 0, 3, 12},
        {"工作方案v3.docx", "工作方案", 0, 3, 0, 0, 0},
        {"工作方案_V2.1.docx", "工作方案", 0, 2, 0, 0, 0},
        {"工作方案第三稿.docx", "工作方案", STAGE_REVISED, 3, 0, 0, 0},
        {"工作方案二稿.docx", "工作方案", STAGE_REVISED, 2, 0, 0, 0},
        {"工作方案（第2版）.docx", "工作方案", STAGE_REVISED, 2, 0, 0, 0},
        {"工作方案 - 副本.docx", "工作方案", 0, 0, 1, 0, 0},
        {"工作方案 - 副本 (2).docx", "工作方案", 0, 0, 2, 0, 0},
        {"复件 工作方案.doc", "工作方案", 0, 0, 1, 0, 0},
        {"工作方案(3).docx", "工作方案", 0, 0, 3, 0, 0},
        {"工作方案（征求意见稿）.docx", "工作方案", STAGE_COMMENT, 0, 0, 0, 0},
        {"工作方案（送审稿）0415.docx", "工作方案", STAGE_SUBMITTED, 0, 0, 4, 15},
        {"工作方案讨论稿.wps", "工作方案", STAGE_DISCUSS, 0, 0, 0, 0},
        {"工作方案（张三改）.docx", "工作方案", STAGE_REVISED, 0, 0, 0, 0},
        {"工作方案（初稿）李四修改.docx", "工作方案（初稿）李四", STAGE_REVISED, 0, 0, 0, 0},
        {"工作方案2.docx", "工作方案", 0, 2, 0, 0, 0},
        {"工作方案 盖章版.pdf", "工作方案", STAGE_ISSUED, 0, 0, 0, 0},
        /* what is no mark */
        {"督查办法（试行）.docx", "督查办法（试行）", 0, 0, 0, 0, 0},
        {"附件2.docx", "附件2", 0, 0, 0, 0, 0},
        {"2019年工作要点.docx", "2019年工作要点", 0, 0, 0, 0, 0},
        {"工作总结2019.docx", "工作总结2019", 0, 0, 0, 0, 0},
        {"关于问题整改.docx", "关于问题整改", 0, 0, 0, 0, 0},
        {"简报第12期.docx", "简报第12期", 0, 0, 0, 0, 0},
        {"初稿.docx", "初稿", 0, 0, 0, 0, 0},
        {"", "", 0, 0, 0, 0, 0},
        {"终稿2", "终稿", 0, 2, 0, 0, 0},
    };
    int bad = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct series_name n;
        series_name(&arena, str_z(rows[i].path), &n);
        if (!str_eq(n.base, str_z(rows[i].base)))
            bad++, print_error("%s: base “%.*s”\n", rows[i].path, SF(n.base));
        if ((int)n.stage != rows[i].stage || n.version != rows[i].version || n.copy != rows[i].copy)
            bad++, print_error("%s: stage %d version %d copy %d\n", rows[i].path, n.stage,
                       n.version, n.copy);
        if (n.date.month != rows[i].month || n.date.day != rows[i].day)
            bad++, print_error("%s: date %d-%d\n", rows[i].path, n.date.month, n.date.day);
    }
    assert_int_equal(bad, 0);
}

static void orders_versions(void **state)
{
    static const char *const rows[] = {"方案提纲.doc", "方案初稿.doc", "方案讨论稿.doc",
        "方案征求意见稿.doc", "方案修改稿0310.doc", "方案修改稿0312.doc", "方案修改稿0312 (1).doc",
        "方案送审稿.doc", "方案终稿.doc", "方案终稿2.doc", "方案盖章版.pdf"};

    (void)state;
    for (size_t i = 0; i + 1 < COUNT(rows); i++) {
        struct series_name x, y;
        series_name(&arena, str_z(rows[i]), &x);
        series_name(&arena, str_z(rows[i + 1]), &y);
        if (series_cmp(&x, &y) >= 0)
            fail_msg("%s before %s", rows[i + 1], rows[i]);
        assert_true(series_cmp(&y, &x) > 0);
    }
}

/* A missing date or year is a place of its own: were it "equal to any", a, b and c could each come before the next. */
static void the_order_is_total(void **state)
{
    static const char *const rows[] = {"总结 v2.docx", "总结 v3.docx", "总结0310.docx",
        "总结1201.docx", "总结20180301.docx", "总结20190101.docx"};
    struct series_name v[COUNT(rows)];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        series_name(&arena, str_z(rows[i]), &v[i]);
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t k = i + 1; k < COUNT(rows); k++)
            if (series_cmp(&v[i], &v[k]) >= 0 || series_cmp(&v[k], &v[i]) <= 0)
                fail_msg("%s before %s", rows[k], rows[i]);
}

/* Words of a text told apart by `from`; `changed` of 200 sentences are others. */
static struct near_sign sign(int from, int changed)
{
    struct near_sign s;
    struct buf b;

    buf_init(&b, 0);
    for (int i = 0; i < 200; i++) {
        uint32_t x = (uint32_t)(from * 1000 + i + (i < changed ? 500000 : 0)) * 2654435761u;
        for (int k = 0; k < 10; k++, x = x * 1664525u + 1013904223u)
            buf_utf8(&b, 0x4E00 + (x >> 22));
    }
    near_sign(buf_view(&b), &s);
    buf_release(&b);
    return s;
}

/* Groups as file numbers: "0,2,1 3,4". */
static void check_groups(const struct series_file *files, size_t n, const char *want)
{
    struct series_group *v;
    size_t groups;
    struct err e;
    struct buf b;

    buf_init(&b, 0);
    assert_int_equal(series_groups(&arena, files, n, &v, &groups, &e), OK);
    for (size_t i = 0; i < groups; i++) {
        buf_z(&b, i ? " " : "");
        for (size_t k = 0; k < v[i].n; k++)
            buf_printf(&b, "%s%zu", k ? "," : "", v[i].files[k]);
        buf_printf(&b, "=%d", v[i].sure);
    }
    buf_char(&b, '\0');
    assert_string_equal(b.p, want);
    buf_release(&b);
}

static void groups_what_belongs_together(void **state)
{
    struct near_sign a0 = sign(1, 0), a1 = sign(1, 20), a2 = sign(1, 40), other = sign(2, 0);
    const struct series_file names[] = {{S("甲/方案终稿.doc"), NULL}, {S("甲/方案初稿.doc"), NULL},
        {S("甲/通知.doc"), NULL}, {S("乙/方案修改稿.doc"), NULL}};
    const struct series_file texts[] = {{S("甲/方案初稿.doc"), &a0}, {S("甲/方案终稿.doc"), &a1},
        {S("甲/通知1.doc"), &a2}, {S("甲/通知2.doc"), &other}, {S("乙/方案.doc"), &a0},
        {S("乙/报告.doc"), &a1}};
    const struct series_file unlike[] = {{S("甲/通知1.doc"), &a0}, {S("甲/通知2.doc"), &other}};
    const struct series_file renamed[] = {
        {S("甲/方案.doc"), &a0}, {S("甲/报上级的材料.doc"), &a1}, {S("乙/另一份材料.doc"), &a0}};
    const struct series_file one_year[] = {{S("甲/总结0312.doc"), NULL},
        {S("甲/总结20190310.doc"), NULL}, {S("甲/总结20190315.doc"), NULL}};

    (void)state;
    check_groups(one_year, COUNT(one_year), "1,0,2=50");
    check_groups(names, COUNT(names), "1,0=50");
    check_groups(unlike, COUNT(unlike), "");
    check_groups(renamed, COUNT(renamed), "1,0=60");
    check_groups(texts, COUNT(texts), "0,5,4,2,1=90");
    check_groups(NULL, 0, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_names),
        cmocka_unit_test(orders_versions), cmocka_unit_test(the_order_is_total),
        cmocka_unit_test(groups_what_belongs_together)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
