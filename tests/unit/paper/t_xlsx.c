#include "zip_test.h"

#define X_RELS                                                                              \
    "<Relationships><Relationship Id=\"a\" Type=\"" W_REL                                   \
    "worksheet\" Target=\"worksheets/s1.xml\"/>"                                            \
    "<Relationship Id=\"b\" Type=\"" W_REL "worksheet\" Target=\"/xl/worksheets/s2.xml\"/>" \
    "<Relationship Id=\"c\" Type=\"" W_REL "styles\" Target=\"styles.xml\"/>"               \
    "<Relationship Id=\"d\" Type=\"" W_REL                                                  \
    "sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
#define X_PACKAGE                                         \
    "<Relationships><Relationship Id=\"r\" Type=\"" W_REL \
    "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
#define X_STYLES                                                                               \
    "<styleSheet><numFmts><numFmt numFmtId=\"164\" "                                           \
    "formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/>"                     \
    "<numFmt numFmtId=\"165\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm\"/>"                         \
    "<numFmt numFmtId=\"166\" formatCode=\"[Red]0.0%;0\"/>"                                    \
    "<numFmt numFmtId=\"167\" formatCode=\"&quot;day &quot;0\"/></numFmts>"                    \
    "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf "      \
    "numFmtId=\"14\"/>"                                                                        \
    "<xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf numFmtId=\"166\"/><xf numFmtId=\"167\"/>" \
    "<xf numFmtId=\"20\"/><xf numFmtId=\"31\"/></cellXfs></styleSheet>"

static struct str book(struct arena *a, const char *pr, const char *s1, const char *s2)
{
    struct str wb = arena_printf(a,
        "<workbook xmlns:r=\"urn:r\">%s<sheets><sheet name=\"台账\" sheetId=\"1\" r:id=\"a\"/>"
        "<sheet name=\"附表\" sheetId=\"2\" r:id=\"b\"/></sheets></workbook>",
        pr);

    return ZIP_MAKE(a, {"[Content_Types].xml", W_TYPES}, {"_rels/.rels", X_PACKAGE},
        {"xl/workbook.xml", wb.p}, {"xl/_rels/workbook.xml.rels", X_RELS},
        {"xl/styles.xml", X_STYLES},
        {"xl/sharedStrings.xml",
            "<sst><si><t>单位</t></si><si><r><t>富</t></r><r><t>文本</t></r><rPh><t>fu"
            "</t></rPh></si></sst>"},
        {"xl/worksheets/s1.xml", s1}, {"xl/worksheets/s2.xml", s2});
}

#define SHEET(rows) "<worksheet><sheetData>" rows "</sheetData></worksheet>"

static void cells_of_every_kind(void **state)
{
    struct fixture f;

    (void)state;
    fx_init(&f);
    fx_expect(&f,
        book(&f.a, "",
            SHEET(
                "<row><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"s\"><v>1</v></c></row>"
                "<row><c r=\"A2\" t=\"inlineStr\"><is><t>内联</t></is></c><c r=\"B2\"><v>12</v></c>"
                "<c r=\"C2\"><v>0.30000000000000004</v></c><c r=\"D2\" t=\"b\"><v>1</v></c>"
                "<c r=\"E2\" t=\"str\"><f>A1</f><v>公式</v></c><c r=\"F2\" "
                "t=\"e\"><v>#N/A</v></c></row>"
                "<row/><row><c r=\"B4\" t=\"s\"><v>99</v></c></row>"
                "<row><c t=\"s\"><v>0</v></c><c><v>110101199001011234</v></c></row>"),
            SHEET("")),
        "a.xlsx",
        "台账\n单位\t\t富文本\n内联\t12\t0.3\tTRUE\t公式\t#N/A\n单位\t110101199001011234");
    assert_int_equal(f.d.format, FORMAT_XLSX);
    assert_int_equal(f.d.blocks[0].kind, BLOCK_HEADING);
    assert_int_equal(f.d.blocks[1].kind, BLOCK_ROW);
    assert_int_equal(f.d.blocks[1].level, 1);
    fx_end(&f);
}

#define TITLED(merge)                                                                             \
    "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>督办台账</v></c></row>"      \
    "<row r=\"2\"><c r=\"A2\" t=\"str\"><v>事项</v></c><c r=\"B2\" t=\"str\"><v>时限</v></c>" \
    "<c r=\"C2\" t=\"str\"><v>单位</v></c></row></sheetData>"                                   \
    "<mergeCells><mergeCell ref=\"A3:A4\"/><mergeCell ref=\"" merge                               \
    "\"/></mergeCells></worksheet>"

/* A merged cell over the whole table is its title; one that is narrower, or lower down, is a row. */
static void merged_first_row_is_the_title(void **state)
{
    struct fixture f;

    (void)state;
    fx_init(&f);
    fx_expect(&f, book(&f.a, "", TITLED("A1:C1"), TITLED("A1:C1")), "a.xlsx",
        "台账\n督办台账\n事项\t时限\t单位\n附表\n督办台账\n事项\t时限\t单位");
    assert_int_equal(f.d.blocks[1].kind, BLOCK_TITLE);
    assert_int_equal(f.d.blocks[2].kind, BLOCK_ROW);
    assert_int_equal(f.d.blocks[4].kind, BLOCK_HEADING);
    fx_end(&f);
    fx_init(&f);
    fx_read(&f, book(&f.a, "", TITLED("A1:B1"), TITLED("A2:C2")), "a.xlsx");
    assert_int_equal(f.d.blocks[1].kind, BLOCK_ROW);
    assert_int_equal(f.d.blocks[4].kind, BLOCK_ROW);
    fx_end(&f);
}

static void dates_by_number_format(void **state)
{
    struct fixture f;

    (void)state;
    fx_init(&f);
    fx_expect(&f,
        book(&f.a, "",
            SHEET("<row><c s=\"1\"><v>46082</v></c><c s=\"2\"><v>46082</v></c><c "
                  "s=\"3\"><v>46082.75</v></c>"
                  "<c s=\"4\"><v>0.1234</v></c><c s=\"5\"><v>46082</v></c><c s=\"6\"><v>0.5</v></c>"
                  "<c s=\"7\"><v>1</v></c><c s=\"1\"><v>61</v></c><c s=\"1\"><v>-1</v></c></row>"),
            SHEET("<row><c t=\"d\"><v>2026-03-01T00:00:00</v></c></row>")),
        "a.xlsx",
        "台账\n2026-03-01\t2026年3月1日\t2026-03-01 "
        "18:00\t12.3%\t46082\t12:00\t1900年1月1日\t1900-03-01\t-1\n"
        "附表\n2026-03-01");
    fx_expect(&f,
        book(&f.a, "<workbookPr date1904=\"1\"/>", SHEET("<row><c s=\"1\"><v>44620</v></c></row>"),
            SHEET("")),
        "a.xlsx", "台账\n2026-03-01");
    fx_end(&f);
}

static void a_far_column_fills_no_memory(void **state)
{
    struct fixture f;

    (void)state;
    fx_init(&f);
    fx_read(
        &f, book(&f.a, "", SHEET("<row><c r=\"XFD1\"><v>1</v></c></row>"), SHEET("")), "a.xlsx");
    assert_int_equal(f.code, OK);
    assert_in_range(f.text.n, 1, 400);
    fx_end(&f);
}

static void many_references_to_one_string_meet_the_limit(void **state)
{
    struct fixture f;
    struct buf rows = {0};

    (void)state;
    fx_init(&f);
    f.lim.text_bytes = 10000;
    buf_z(&rows, "<worksheet><sheetData>");
    for (int i = 0; i < 3000; i++)
        buf_z(&rows, "<row><c t=\"s\"><v>1</v></c></row>");
    buf_z(&rows, "</sheetData></worksheet>");
    fx_read(&f, book(&f.a, "", rows.p, SHEET("")), "a.xlsx");
    assert_int_equal(f.code, E_LIMIT);
    buf_release(&rows);
    fx_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_of_every_kind),
        cmocka_unit_test(merged_first_row_is_the_title),
        cmocka_unit_test(dates_by_number_format),
        cmocka_unit_test(a_far_column_fills_no_memory),
        cmocka_unit_test(many_references_to_one_string_meet_the_limit),
    };
    return cmocka_run_group_tests_name("xlsx", tests, NULL, NULL);
}
