/* The thirty documents of tests/pages as docx, read back: what was recognised of the text at first is recognised again, element by element. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/io.h"
#include "office/typeset.h"
#include "office/word.h"
#include "paper/layout_out.h"
#include "picture.h"

static struct reader_pool *pool;
static struct faces *faces;

static int setup(void **state)
{
    struct err e;

    (void)state;
    return reader_pool_open(NULL, 1, NULL, &pool, &e) == OK && faces_open(NULL, &faces, &e) == OK
               ? 0
               : -1;
}

static int teardown(void **state)
{
    (void)state;
    faces_close(faces);
    reader_pool_close(pool);
    return 0;
}

/* ---- a document in words ---- */

static void field(struct buf *b, const char *name, struct str s)
{
    buf_printf(b, "%s=%.*s\n", name, SF(s));
}

static void put_blocks(struct buf *b, const struct official_block *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct official_table *t = &v[i].table;
        buf_printf(
            b, "块%d级%d首%zu：%.*s\n", (int)v[i].kind, v[i].level, v[i].head, SF(v[i].text));
        for (size_t k = 0; v[i].kind == OFFICIAL_TABLE && k < t->n_rows * t->n_columns; k++)
            buf_printf(b, "%s%.*s+%d+%d%s", k % t->n_columns ? "|" : "\n", SF(t->cells[k].text),
                t->cells[k].across, t->cells[k].down, t->cells[k].covered ? "^" : "");
    }
}

/* Where a title is cut into lines is the layout's choice once it is laid out; in a docx a cut is a cut, whoever made it. */
static void put_title(struct buf *b, struct str s)
{
    buf_z(b, "标题=");
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '\n' && s.p[i] != ' ')
            buf_char(b, s.p[i]);
    buf_z(b, "\n");
}

static void put_head(struct buf *b, const struct official *d)
{
    field(b, "版式", str_z(official_form_name(d->form)));
    field(b, "份号", d->copy_no);
    field(b, "密级", d->secrecy);
    field(b, "紧急程度", d->urgency);
    for (size_t i = 0; i < d->n_issuers; i++)
        field(b, "标志", d->issuers[i]);
    field(b, "标志末", d->mark_word);
    field(b, "文号", d->docno);
    for (size_t i = 0; i < d->n_signers; i++)
        field(b, "签发人", d->signers[i]);
    field(b, "编印", d->editor);
    field(b, "编印日", d->edited);
    put_title(b, d->title);
    field(b, "讲话人", d->speaker);
    field(b, "场合", d->occasion);
    field(b, "主送", d->addressee);
}

static void put_carried(struct buf *b, const struct official *d);

static void put_tail(struct buf *b, const struct official *d)
{
    for (size_t i = 0; i < d->n_attachments; i++)
        field(b, "附件", d->attachments[i]);
    buf_printf(b, "用印=%d\n", (int)d->seal);
    for (size_t i = 0; i < d->n_signatures; i++) {
        field(b, "署名", d->signatures[i].name);
        field(b, "章", d->signatures[i].stamp);
    }
    field(b, "日期", d->date);
    field(b, "附注", d->note);
    for (size_t i = 0; i < d->n_lists; i++)
        buf_printf(b, "%.*s：%.*s\n", SF(d->lists[i].label), SF(d->lists[i].text));
    for (size_t i = 0; i < d->n_to; i++)
        buf_printf(b, "末页%.*s：%.*s\n", SF(d->to[i].label), SF(d->to[i].text));
    field(b, "共印", d->run);
    put_carried(b, d);
    for (size_t i = 0; i < d->n_annexes; i++) {
        buf_printf(b, "附%d：%.*s\n", d->annexes[i].number, SF(d->annexes[i].title));
        put_blocks(b, d->annexes[i].blocks, d->annexes[i].n);
    }
    field(b, "抄送", d->cc);
    field(b, "印发机关", d->printer);
    field(b, "印发日", d->printed);
}

static void put_carried(struct buf *b, const struct official *d)
{
    for (size_t i = 0; i < d->n_carried; i++) {
        buf_printf(b, "印发件%zu\n", i + 1);
        put_head(b, &d->carried[i]);
        put_blocks(b, d->carried[i].blocks, d->carried[i].n);
        put_tail(b, &d->carried[i]);
    }
}

static struct str in_words(struct arena *a, const struct official *d)
{
    struct buf b;
    struct str s;

    buf_init(&b, 0);
    put_head(&b, d);
    put_blocks(&b, d->blocks, d->n);
    put_tail(&b, d);
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

/* ---- there and back ---- */

static struct str file_of(struct arena *a, const char *name)
{
    char path[IO_PATH_MAX];
    struct buf b;
    struct err e;
    struct str s;

    assert_int_equal(io_join(path, "tests/pages", name, &e), OK);
    buf_init(&b, 0);
    assert_int_equal(io_read_file(path, 1 << 20, &b, &e), OK);
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

static struct str docx_of(struct arena *a, const struct official *d)
{
    struct official_docx o = {0};
    struct official_style style;
    struct layout l;
    struct str bytes;
    struct err e = {0};

    official_style_of(d->form, &style);
    assert_int_equal(layout_make(a, faces, d, &style, &l, &e), OK);
    assert_int_equal(official_docx(a, d, &style, &l, &o, &bytes, &e), OK);
    return bytes;
}

static bool back(const char *name)
{
    struct arena a;
    struct official d, again;
    struct typeset_read told;
    struct word_draft w;
    struct str x, y, xl, yl;
    struct rich r;
    struct err e = {0};
    bool same;

    arena_init(&a);
    assert_int_equal(typeset_read(&a, file_of(&a, name), NULL, &d, &told, &e), OK);
    assert_int_equal(rich_read_bytes(pool, &a, docx_of(&a, &d), &r, &e), OK);
    word_take(&a, &r, &w);
    assert_int_equal(word_official(&a, &w, &again, &e), OK);
    x = in_words(&a, &d);
    y = in_words(&a, &again);
    same = str_eq(x, y);
    if (!same)
        print_message("%s\n", name);
    while (!same && (x.n || y.n)) {
        xl = yl = S("");
        (void)str_next(&x, S("\n"), &xl);
        (void)str_next(&y, S("\n"), &yl);
        if (!str_eq(xl, yl))
            print_message("  %.*s\n  ⇒ %.*s\n", SF(str_sub(xl, 0, 90)), SF(str_sub(yl, 0, 90)));
    }
    arena_release(&a);
    return same;
}

static void thirty_documents_come_back(void **state)
{
    struct dirent **v;
    int n = scandir("tests/pages", &v, NULL, alphasort), seen = 0, same = 0;

    (void)state;
    for (int i = 0; i < n; i++) {
        if (str_ends(str_z(v[i]->d_name), S(".txt"))) {
            seen++;
            same += back(v[i]->d_name);
        }
        free(v[i]);
    }
    free(v);
    assert_int_equal(seen, 36);
    assert_int_equal(same, seen);
}

/* What only the word 印发件 told is told by it when the docx is read again; it stands on no page. */
static void a_word_comes_back(void **state)
{
    static const struct str text = SC(
        "发文机关：云岭集团\n标志：文件\n关于做好安全工作的通知\n各单位：\n请执行。\n"
        "云岭集团\n2026年7月13日\n印发件\n安全工作要求\n一、总体要求\n坚持安全第一，预防为主。\n");
    struct official d;
    struct typeset_read told;
    struct word_draft w;
    struct rich r;
    struct arena a;
    struct err e = {0};

    (void)state;
    arena_init(&a);
    assert_int_equal(typeset_read(&a, text, NULL, &d, &told, &e), OK);
    assert_int_equal(d.n_carried, 1);
    assert_int_equal(rich_read_bytes(pool, &a, docx_of(&a, &d), &r, &e), OK);
    for (size_t i = 0; i < r.n; i++)
        assert_false(str_has(r.paras[i].text, S("印发件")));
    word_take(&a, &r, &w);
    assert_true(str_has(w.text, S("印发件\n安全工作要求\n")));
    assert_int_equal(word_official(&a, &w, &d, &e), OK);
    assert_int_equal(d.n_carried, 1);
    assert_true(str_eq(d.carried[0].title, S("安全工作要求")));
    arena_release(&a);
}

/* A picture comes back under its name, and as wide as it was said to be; where nothing was said nothing is. */
static void a_picture_comes_back(void **state)
{
    static const struct str text =
        SC("关于调整组织架构的通知\n各部门：\n如下。\n"
           "[图：架构，宽8.5厘米]\n图1　组织架构\n[图：现场]\n请遵照执行。\n");
    struct official d;
    struct typeset_read told;
    struct word_draft w;
    struct rich r;
    struct arena a;
    struct str png;
    struct err e = {0};

    (void)state;
    arena_init(&a);
    png = picture_png(&a, 300, 200);
    assert_int_equal(typeset_read(&a, text, NULL, &d, &told, &e), OK);
    for (size_t i = 0; i < d.n; i++)
        if (d.blocks[i].kind == OFFICIAL_PICTURE)
            d.blocks[i].png = png;
    assert_int_equal(rich_read_bytes(pool, &a, docx_of(&a, &d), &r, &e), OK);
    word_take(&a, &r, &w);
    if (!str_eq(w.text, text))
        fail_msg("%.*s", SF(w.text));
    assert_int_equal(w.n_pictures, 2);
    assert_true(str_eq(w.pictures[1].name, S("现场")));
    arena_release(&a);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    const struct CMUnitTest tests[] = {cmocka_unit_test(thirty_documents_come_back),
        cmocka_unit_test(a_picture_comes_back), cmocka_unit_test(a_word_comes_back)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
