/* What a practice office writes bears its words, and nothing does otherwise: docx and PDF; workbooks are t_xlsx_out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "paper/docx_out.h"
#include "paper/mark.h"
#include "paper/pdf.h"

static struct str docx(struct arena *a)
{
    struct docx_out o;
    struct str out;
    struct err e;

    docx_out_init(&o, a, S(""), 0);
    docx_out_para(&o, BLOCK_PARA, 0, DOCX_KEPT);
    docx_out_text(&o, S("正文"), DOCX_KEPT);
    docx_out_para_end(&o);
    if (docx_out_end(&o, S("题"), &out, &e) != OK)
        fail_msg("%s", e.msg);
    return out;
}

static void a_docx_has_it_at_the_head_of_each_page(void **state)
{
    struct arena a;
    struct str plain, marked;

    (void)state;
    arena_init(&a);
    plain = docx(&a);
    paper_mark_set(S("演练"));
    marked = docx(&a);
    assert_true(str_has(docx_mark_header(&a), S("<w:t>演练</w:t>")));
    paper_mark_set(S(""));
    assert_true(str_has(marked, S("word/headermark.xml")) && !str_has(plain, S("headermark")));
    assert_true(str_eq(plain, docx(&a)));
    arena_release(&a);
}

static void report(struct buf *out, struct str own)
{
    struct pdf *p =
        pdf_open(&(struct pdf_options){.title = S("题"), .watermark = own, .header = own});
    struct pdf_made made;
    struct arena a;
    struct err e;

    arena_init(&a);
    pdf_para(p, &(struct pdf_style){.face = PDF_SONG}, S("正文"));
    buf_init(out, 0);
    if (pdf_close(p, &a, out, &made, &e) != OK)
        fail_msg("%s", e.msg);
    arena_release(&a);
}

static void a_report_as_if_it_had_its_own_watermark(void **state)
{
    struct buf plain, own, marked;

    (void)state;
    report(&plain, S(""));
    report(&own, S("演练"));
    paper_mark_set(S("演练"));
    report(&marked, S(""));
    paper_mark_set(S(""));
    assert_true(str_eq(buf_view(&own), buf_view(&marked)));
    assert_false(str_eq(buf_view(&plain), buf_view(&marked)));
    buf_release(&plain);
    buf_release(&own);
    buf_release(&marked);
}

static void no_mark_is_too_long(void **state)
{
    (void)state;
    paper_mark_set(S("一二三四五六七八九十一二三四五六七八九十一")); /* 63 bytes */
    assert_int_equal(paper_mark().n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_docx_has_it_at_the_head_of_each_page),
        cmocka_unit_test(a_report_as_if_it_had_its_own_watermark),
        cmocka_unit_test(no_mark_is_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
