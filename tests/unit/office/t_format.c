/* The format check: nothing said about what is right, each rule alone about what breaks it, and a repair that changes no word. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): memfd_create */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/utf8.h"
#include "format_cases.h"
#include "office/format.h"
#include "office/format_int.h"
#include "office/typeset.h"
#include "paper/layout_out.h"
#include "paper/official_docx.h"
#include "unit/paper/zip_test.h"

static struct reader_pool *pool;
static struct faces *faces;
static struct arena all;
static struct str clean[3];

static void must(enum code c, const struct err *e, const char *what)
{
    if (c != OK)
        fail_msg("%s: %s", what, e->msg);
}

static struct str docx_of(const char *text)
{
    struct official_docx o = {.made_ms = 0};
    struct official_style style;
    struct typeset_read told;
    struct official d;
    struct layout l;
    struct str bytes;
    struct err e = {0};

    must(typeset_read(&all, str_z(text), NULL, &d, &told, &e), &e, "typeset");
    official_style_of(d.form, &style);
    must(layout_make(&all, faces, &d, &style, &l, &e), &e, "layout");
    must(official_docx(&all, &d, &style, &l, &o, &bytes, &e), &e, "docx");
    return bytes;
}

static int setup(void **state)
{
    struct err e;

    (void)state;
    arena_init(&all);
    if (reader_pool_open(NULL, 1, NULL, &pool, &e) != OK || faces_open(NULL, &faces, &e) != OK)
        return -1;
    clean[0] = docx_of(format_notice);
    clean[1] = docx_of(format_request);
    clean[2] = docx_of(format_issue);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    faces_close(faces);
    reader_pool_close(pool);
    arena_release(&all);
    return 0;
}

/* ---- a file with something else put for something ---- */

static struct str swapped(struct arena *a, struct str s, const struct swap *w)
{
    size_t from = 0, at;
    struct buf b;

    buf_init(&b, 0);
    while ((at = str_find(s, str_z(w->from), from)) != SIZE_MAX) {
        buf_str(&b, str_sub(s, from, at - from));
        buf_z(&b, w->to);
        from = at + strlen(w->from);
        if (!w->all)
            break;
    }
    if (from == 0)
        print_message("“%s” is not in %s\n", w->from, w->member);
    buf_str(&b, str_sub(s, from, s.n));
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

static struct str broken(struct arena *a, struct str docx, const struct swap *w, size_t n)
{
    struct member v[32];
    zip_error_t ze;
    zip_source_t *src;
    zip_t *z;
    size_t n_v = 0;

    zip_error_init(&ze);
    src = zip_source_buffer_create(docx.p, docx.n, 0, &ze);
    assert_non_null(src);
    z = zip_open_from_source(src, ZIP_RDONLY, &ze);
    assert_non_null(z);
    for (zip_uint64_t k = 0; k < (zip_uint64_t)zip_get_num_entries(z, 0) && n_v < 32; k++) {
        zip_stat_t st;
        zip_file_t *f = zip_fopen_index(z, k, 0);
        struct str s;
        char *p;
        assert_int_equal(zip_stat_index(z, k, 0, &st), 0);
        assert_non_null(f);
        p = arena_alloc(a, st.size + 1);
        assert_int_equal(zip_fread(f, p, st.size), (zip_int64_t)st.size);
        (void)zip_fclose(f);
        s = (struct str){p, st.size};
        for (size_t m = 0; m < n && w[m].member; m++)
            if (strcmp(w[m].member, st.name) == 0)
                s = swapped(a, s, &w[m]);
        v[n_v++] = (struct member){arena_z(a, str_z(st.name)), arena_z(a, s)};
    }
    zip_discard(z);
    zip_error_fini(&ze);
    return zip_make_n(a, v, n_v);
}

static int file_of(struct str s)
{
    int fd = memfd_create("docx", MFD_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, s.p, s.n), (ssize_t)s.n);
    return fd;
}

static void check(struct arena *a, struct str docx, struct format_report *out)
{
    struct err e = {0};
    int fd = file_of(docx);

    must(format_file(pool, a, fd, S("a.docx"), out, &e), &e, "check");
    (void)close(fd);
}

static void show(const struct format_report *r)
{
    for (size_t i = 0; i < r->n; i++)
        print_message("    %s: %.*s, %.*s, %.*s\n", r->v[i].rule->id, SF(r->v[i].place),
            SF(r->v[i].found), SF(r->v[i].right));
}

/* What only a document to above has, or one that carries a text. */
static size_t of(const struct format_case *k)
{
    return strcmp(k->rule, "signer-font") == 0 ? 1 : strcmp(k->rule, "carried-page") == 0 ? 2 : 0;
}

/* ---- tests ---- */

static void nothing_is_said_about_what_is_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof clean / sizeof *clean; i++) {
        struct format_report r;
        check(&all, clean[i], &r);
        show(&r);
        assert_int_equal(r.n, 0);
    }
}

/* What is laid out here has nothing to be said about: items that are whole sentences, （三） going on from （二） under the heading before,
 * chapters, an attachment that has a day of its own. */
static void a_document_of_ours_is_right(void **state)
{
    static const char *const texts[] = {
        "发文机关：云岭集团\n标志：文件\n云岭集团关于防汛工作的通知\n各单位：\n现通知如下。\n一、组"
        "织领导\n"
        "（一）明确责任。各单位要抓落实。\n（二）健全机制。每月会商一次。\n二、值班值守\n"
        "（三）落实带班。领导每日带班。\n（四）有下列情形之一的，予以通报：\n1.脱岗的；\n2."
        "迟报的；\n"
        "3."
        "瞒报造成后果的。\n附件：会商意见\n云岭集团\n2026年5月8日\n附件\n会商意见\n汛情平稳。\n专家"
        "组\n"
        "2026年5月6日\n",
        "版式：白头\n云岭集团防汛工作规则\n第一章　总则\n一、本规则适用于公司各单位。\n二、各单位服"
        "从统一"
        "指挥。\n第二章　值班\n三、值班人员不得脱岗。\n（一）按时到岗。\n（二）做好记录；\n四、本规"
        "则由办公室"
        "解释。\n"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct format_report r;
        check(&all, docx_of(texts[i]), &r);
        show(&r);
        assert_int_equal(r.n, 0);
    }
}

/* The thirty documents, of every kind the standard has: joint issuers, signers on two lines, orders, minutes, letters, 主送 in 版记. The large-type
 * reading copy is none of the standard's. A repair leaves all of them as they are. */
static void the_thirty_are_right(void **state)
{
    static const char dir[] = "tests/pages";
    struct dirent **v;
    int n = scandir(dir, &v, NULL, alphasort), wrong = 0, seen = 0;

    (void)state;
    assert_true(n > 0);
    for (int i = 0; i < n; i++) {
        struct format_report r;
        struct buf text;
        struct arena a;
        struct err e;
        if (strstr(v[i]->d_name, ".txt") && !strstr(v[i]->d_name, "reading")) {
            arena_init(&a);
            buf_init(&text, 0);
            must(io_read_file(
                     arena_z(&a, arena_printf(&a, "%s/%s", dir, v[i]->d_name)), 1 << 20, &text, &e),
                &e, "read");
            check(&a, docx_of(arena_z(&a, buf_view(&text))), &r);
            if (r.n) {
                print_message("  %s\n", v[i]->d_name);
                show(&r);
                wrong++;
            }
            seen++;
            buf_release(&text);
            arena_release(&a);
        }
        free(v[i]);
    }
    free((void *)v);
    assert_int_equal(seen, 35);
    assert_int_equal(wrong, 0);
}

static void each_rule_is_broken_alone(void **state)
{
    int wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof format_cases / sizeof *format_cases; i++) {
        const struct format_case *k = &format_cases[i];
        struct format_report r;
        struct arena a;
        bool there = false;
        arena_init(&a);
        check(&a, broken(&a, clean[of(k)], k->swaps, 4), &r);
        for (size_t n = 0; n < r.n; n++)
            there = there || strcmp(r.v[n].rule->id, k->rule) == 0;
        if (!there || r.n != 1) {
            print_message("  %s: %zu findings\n", k->rule, r.n);
            show(&r);
            wrong++;
        }
        arena_release(&a);
    }
    assert_int_equal(wrong, 0);
}

static void each_rule_has_a_case(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_format_rules; i++) {
        bool there = false;
        for (size_t k = 0; k < sizeof format_cases / sizeof *format_cases; k++)
            there = there || strcmp(format_cases[k].rule, format_rules[i].id) == 0;
        if (!there)
            fail_msg("%s has no case", format_rules[i].id);
    }
}

/* Text, labels and tables of the repaired file are compared inside format_repair; here what is left. */
static void a_repair_mends_what_is_no_word(void **state)
{
    int wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof format_cases / sizeof *format_cases; i++) {
        const struct format_case *k = &format_cases[i];
        struct format_repaired m;
        struct err e = {0};
        struct arena a;
        bool words = false,
             beyond = strncmp(k->rule, "foot-", 5) == 0 || strncmp(k->rule, "signer-", 7) == 0;
        int fd;
        arena_init(&a);
        for (size_t n = 0; n < n_format_rules; n++)
            if (strcmp(format_rules[n].id, k->rule) == 0)
                words = format_rules[n].words;
        fd = file_of(broken(&a, clean[of(k)], k->swaps, 4));
        must(format_repair(pool, &a, fd, S("a.docx"), &m, &e), &e, k->rule);
        (void)close(fd);
        if (m.left.n != (words || (beyond && m.left.n))) {
            print_message("  %s: %zu left\n", k->rule, m.left.n);
            show(&m.left);
            wrong++;
        }
        arena_release(&a);
    }
    assert_int_equal(wrong, 0);
}

/* Which paragraph is what, and in what look a repair leaves it: 章 in the middle in 黑体, 第一条 in front of its text too. */
static void what_is_carried_is_known(void **state)
{
    static const struct {
        const char *text;
        enum format_role role;
    } rows[] = {{"各部门、各分公司：", ROLE_ADDRESSEE}, {"云岭建设集团有限公司", ROLE_SIGNATURE},
        {"2026年7月13日", ROLE_DATE}, {"（此件发至项目部）", ROLE_NOTE},
        {"安全管理办法", ROLE_CARRIED}, {"（2026年7月10日董事会通过）", ROLE_CENTRED},
        {"第一章　总则", ROLE_CENTRED}, {"附件：检查表", ROLE_ATTACHMENT},
        {"云岭省应急管理厅", ROLE_SIGNATURE}, {"2026年7月8日", ROLE_DATE}, {"附件", ROLE_ANNEX},
        {"抄送：集团公司领导。", ROLE_CC}};
    static const struct swap worse = {DOC, "<w:keepNext/></w:pPr>" RUN "第一章",
        "<w:keepNext/></w:pPr>" RUN_AS(SONG) "第一章", false};
    struct format_repaired m;
    struct format_view w;
    struct rich r;
    struct arena a;
    struct err e = {0};
    size_t at = 0, chapters = 0, articles = 0;
    int fd;

    (void)state;
    arena_init(&a);
    fd = file_of(broken(&a, clean[2], &worse, 1));
    must(format_repair(pool, &a, fd, S("a.docx"), &m, &e), &e, "repair");
    (void)close(fd);
    must(rich_read_bytes(pool, &a, m.docx, &r, &e), &e, "read");
    must(format_look(&a, &r, &w, &e), &e, "look");
    for (size_t i = 0; i < r.n; i++) {
        const struct rich_para *p = &r.paras[i];
        size_t label = str_starts(p->text, S("第一条")) ? S("第一条").n : p->text.n;
        const struct rich_look *k = format_look_of(&r, p, 0, label);
        if (at < sizeof rows / sizeof *rows && str_eq(p->text, str_z(rows[at].text))) {
            if (w.role[i] != rows[at].role)
                fail_msg("%s: %s", rows[at].text, format_role_name(w.role[i]));
            at++;
        }
        if (!str_starts(p->text, S("第一章")) && label == p->text.n)
            continue;
        assert_int_equal(format_face(k->east), FACE_HEI);
        assert_int_equal((int)format_points(k), 16);
        chapters += label == p->text.n;
        articles += label < p->text.n;
    }
    assert_int_equal(at, sizeof rows / sizeof *rows);
    assert_int_equal(chapters, 1);
    assert_int_equal(articles, 1);
    assert_int_equal(m.left.n, 0);
    arena_release(&a);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_is_said_about_what_is_right),
        cmocka_unit_test(a_document_of_ours_is_right), cmocka_unit_test(the_thirty_are_right),
        cmocka_unit_test(each_rule_is_broken_alone), cmocka_unit_test(each_rule_has_a_case),
        cmocka_unit_test(a_repair_mends_what_is_no_word),
        cmocka_unit_test(what_is_carried_is_known)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
