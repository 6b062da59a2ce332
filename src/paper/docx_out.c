#include "paper/docx_out.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "paper/mark.h"
#include "paper/xmltree.h"
#include "paper/zipout.h"

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define W_NS     "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
#define PKG      "http://schemas.openxmlformats.org/package/2006/"
#define OFFICE   "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define WML      "application/vnd.openxmlformats-officedocument.wordprocessingml."

enum {
    DOCX_BYTES_MAX = 512 << 20,
    PAGE_WIDTH = 8845,
    LEVEL_MAX = 9
}; /* width in twentieths of a point */

/* The place of word/document.xml in the package: what a map calls its part. */
enum { DOCUMENT_AT = 3 };

static const char types[] = XML_HEAD
    "<Types xmlns=\"" PKG "content-types\"><Default Extension=\"rels\" "
    "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default "
    "Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/word/document.xml\" "
    "ContentType=\"" WML "document.main+xml\"/><Override PartName=\"/word/styles.xml\" "
    "ContentType=\"" WML "styles+xml\"/><Override PartName=\"/docProps/core.xml\" "
    "ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>";
static const char package[] = XML_HEAD
    "<Relationships xmlns=\"" PKG "relationships\"><Relationship Id=\"rId1\" Type=\"" OFFICE
    "officeDocument\" Target=\"word/document.xml\"/><Relationship Id=\"rId2\" Type=\"" PKG
    "relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/></Relationships>";
static const char rels[] = XML_HEAD "<Relationships xmlns=\"" PKG
                                    "relationships\"><Relationship Id=\"rId1\" Type=\"" OFFICE
                                    "styles\" Target=\"styles.xml\"/></Relationships>";

/* ---- styles: type and sizes of official paper (GB/T 9704) ---- */

#define FONT(east)                                                                         \
    "<w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"" east \
    "\" w:cs=\"Times New Roman\"/>"
#define SIZE(half) "<w:sz w:val=\"" half "\"/><w:szCs w:val=\"" half "\"/>"
#define NO_INDENT  "<w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/>"

static const struct {
    const char *id, *name, *paragraph, *run;
} styles[] = {
    {"Title", "Title",
        "<w:spacing w:before=\"240\" w:after=\"240\"/>" NO_INDENT "<w:jc w:val=\"center\"/>",
        FONT("方正小标宋简体") SIZE("44")},
    {"Heading1", "heading 1", "<w:keepNext/><w:outlineLvl w:val=\"0\"/>", FONT("黑体")},
    {"Heading2", "heading 2", "<w:keepNext/><w:outlineLvl w:val=\"1\"/>", FONT("楷体_GB2312")},
    {"Heading3", "heading 3", "<w:outlineLvl w:val=\"2\"/>", "<w:b/>"},
    {"Heading4", "heading 4", "<w:outlineLvl w:val=\"3\"/>", ""},
    {"Heading5", "heading 5", "<w:outlineLvl w:val=\"4\"/>", ""},
    {"Heading6", "heading 6", "<w:outlineLvl w:val=\"5\"/>", ""},
    {"Heading7", "heading 7", "<w:outlineLvl w:val=\"6\"/>", ""},
    {"Heading8", "heading 8", "<w:outlineLvl w:val=\"7\"/>", ""},
    {"Heading9", "heading 9", "<w:outlineLvl w:val=\"8\"/>", ""},
    {"Cell", "表格文字", "<w:spacing w:line=\"240\" w:lineRule=\"auto\"/>" NO_INDENT, SIZE("24")},
    {"Note", "注", "<w:spacing w:line=\"240\" w:lineRule=\"auto\"/>" NO_INDENT, SIZE("24")},
    {"Attach", "附件名", "<w:keepNext/>" NO_INDENT, "<w:b/>"},
};

static void write_styles(struct buf *b)
{
    buf_z(b,
        XML_HEAD "<w:styles " W_NS "><w:docDefaults><w:rPrDefault><w:rPr>" FONT("仿宋_GB2312") SIZE(
            "32") "<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault>"
                  "<w:pPrDefault/></w:docDefaults><w:style w:type=\"paragraph\" w:default=\"1\" "
                  "w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:pPr><w:spacing "
                  "w:line=\"579\" w:lineRule=\"exact\"/><w:ind w:firstLineChars=\"200\" "
                  "w:firstLine=\"640\"/></w:pPr></w:style>");
    for (size_t i = 0; i < sizeof(styles) / sizeof(*styles); i++)
        buf_printf(b,
            "<w:style w:type=\"paragraph\" w:styleId=\"%s\"><w:name w:val=\"%s\"/><w:basedOn "
            "w:val=\"Normal\"/><w:pPr>%s</w:pPr><w:rPr>%s</w:rPr></w:style>",
            styles[i].id, styles[i].name, styles[i].paragraph, styles[i].run);
    buf_z(b, "</w:styles>");
}

/* ---- the body ---- */

static uint32_t count_elements(struct docx_out *o)
{
    for (; o->counted + 1 < o->body.n; o->counted++)
        if (o->body.p[o->counted] == '<' && o->body.p[o->counted + 1] != '/')
            o->elements++;
    return o->elements;
}

void docx_out_init(struct docx_out *o, struct arena *a, struct str author, int64_t at_ms)
{
    struct civil c = clock_civil(at_ms, ZONE_CHINA);
    struct buf who = {0};

    *o = (struct docx_out){.a = a, .next_id = 1};
    buf_init(&o->body, DOCX_BYTES_MAX);
    buf_z(&who, " w:author=\"");
    xml_escape(&who, author);
    buf_printf(&who, "\" w:date=\"%04d-%02d-%02dT%02d:%02d:%02dZ\"", c.day.y, c.day.m, c.day.d,
        c.hour, c.minute, c.second);
    o->who = arena_str(a, buf_view(&who));
    buf_release(&who);
    buf_z(&o->body, "<w:document " W_NS "><w:body>");
}

static void change(struct docx_out *o, enum docx_change how, bool empty)
{
    buf_printf(&o->body, "<w:%s w:id=\"%u\"%.*s%s>", how == DOCX_INS ? "ins" : "del", o->next_id++,
        SF(o->who), empty ? "/" : "");
}

void docx_out_para(struct docx_out *o, enum block_kind kind, int level, enum docx_change mark)
{
    const char *style = kind == BLOCK_TITLE    ? "Title"
                        : kind == BLOCK_ROW    ? "Cell"
                        : kind == BLOCK_NOTE   ? "Note"
                        : kind == BLOCK_ATTACH ? "Attach"
                                               : NULL;

    level = level < 1 ? 1 : level > LEVEL_MAX ? LEVEL_MAX : level;
    buf_z(&o->body, "<w:p><w:pPr>");
    if (style)
        buf_printf(&o->body, "<w:pStyle w:val=\"%s\"/>", style);
    else if (kind == BLOCK_HEADING)
        buf_printf(&o->body, "<w:pStyle w:val=\"Heading%d\"/>", level);
    if (mark != DOCX_KEPT) {
        buf_z(&o->body, "<w:rPr>");
        change(o, mark, true);
        buf_z(&o->body, "</w:rPr>");
    }
    buf_z(&o->body, "</w:pPr>");
    o->after_table = false;
}

/* The last element begun gave n bytes of the block's text. */
static void gave(struct docx_out *o, size_t n, bool whole)
{
    if (o->map) {
        struct stretch s = {.off = o->off,
            .n = n,
            .at_n = n,
            .part = DOCUMENT_AT,
            .elem = count_elements(o) - 1,
            .whole = whole};
        trace_add(o->map, &o->trace, s);
    }
    o->off += n;
}

void docx_out_text(struct docx_out *o, struct str s, enum docx_change how)
{
    const char *name = how == DOCX_DEL ? "delText" : "t";
    size_t at = 0;

    if (s.n == 0)
        return;
    if (how != DOCX_KEPT)
        change(o, how, false);
    buf_z(&o->body, "<w:r>");
    for (size_t i = 0; i <= s.n; i++) {
        bool end = i == s.n, brk = !end && s.p[i] == '\n', tab = !end && s.p[i] == '\t';
        if (!end && !brk && !tab)
            continue;
        if (i > at) {
            buf_printf(&o->body, "<w:%s xml:space=\"preserve\">", name);
            gave(o, i - at, false);
            xml_escape(&o->body, str_sub(s, at, i - at));
            buf_printf(&o->body, "</w:%s>", name);
        }
        if (!end) {
            buf_z(&o->body, brk ? "<w:br/>" : "<w:tab/>");
            gave(o, 1, true);
        }
        at = i + 1;
    }
    buf_z(&o->body, "</w:r>");
    if (how != DOCX_KEPT)
        buf_printf(&o->body, "</w:%s>", how == DOCX_INS ? "ins" : "del");
}

void docx_out_para_end(struct docx_out *o)
{
    buf_z(&o->body, "</w:p>");
}

void docx_out_table(struct docx_out *o, size_t columns)
{
    static const char *const sides[] = {"top", "left", "bottom", "right", "insideH", "insideV"};

    if (o->after_table) /* two tables without a paragraph between them would be one */
        buf_z(&o->body, "<w:p/>");
    buf_z(&o->body, "<w:tbl><w:tblPr><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblBorders>");
    for (size_t i = 0; i < sizeof(sides) / sizeof(*sides); i++)
        buf_printf(&o->body, "<w:%s w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>",
            sides[i]);
    buf_z(&o->body, "</w:tblBorders></w:tblPr><w:tblGrid>");
    for (size_t i = 0; i < columns; i++)
        buf_printf(&o->body, "<w:gridCol w:w=\"%zu\"/>", PAGE_WIDTH / columns);
    buf_z(&o->body, "</w:tblGrid>");
}

void docx_out_row(struct docx_out *o, enum docx_change how)
{
    buf_z(&o->body, "<w:tr>");
    if (how != DOCX_KEPT) {
        buf_z(&o->body, "<w:trPr>");
        change(o, how, true);
        buf_z(&o->body, "</w:trPr>");
    }
}

void docx_out_cell(struct docx_out *o, size_t columns)
{
    buf_printf(&o->body, "<w:tc><w:tcPr><w:tcW w:w=\"%zu\" w:type=\"dxa\"/></w:tcPr>",
        PAGE_WIDTH / (columns ? columns : 1));
}

void docx_out_cell_end(struct docx_out *o)
{
    buf_z(&o->body, "</w:tc>");
}

void docx_out_row_end(struct docx_out *o)
{
    buf_z(&o->body, "</w:tr>");
}

void docx_out_table_end(struct docx_out *o)
{
    buf_z(&o->body, "</w:tbl>");
    o->after_table = true;
}

/* `more` before the end of an element that closes the part. */
static struct str before_end(struct arena *a, struct str part, struct str end, struct str more)
{
    struct str head, tail;

    if (!str_cut_last(part, end, &head, &tail))
        return part;
    return arena_printf(a, "%.*s%.*s%.*s", SF(head), SF(more), SF(end));
}

struct str docx_mark_header(struct arena *a)
{
    struct buf b;
    struct str s;

    buf_init(&b, 0);
    buf_z(&b, XML_HEAD
        "<w:hdr xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"
        "<w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr><w:r><w:rPr><w:b/><w:color w:val=\"9E1B22\"/>"
        "<w:sz w:val=\"28\"/></w:rPr><w:t>");
    xml_escape(&b, paper_mark());
    buf_z(&b, "</w:t></w:r></w:p></w:hdr>");
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

enum code docx_out_end(struct docx_out *o, struct str title, struct str *docx, struct err *e)
{
    struct buf core = {0}, styled = {0}, document;
    bool marked = paper_mark().n > 0;
    enum code c;

    if (o->after_table) /* a document ends in a paragraph */
        buf_z(&o->body, "<w:p/>");
    buf_z(&o->body, marked ? "<w:sectPr><w:headerReference "
                             "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/"
                             "relationships\" w:type=\"default\" r:id=\"rIdMark\"/>"
                           : "<w:sectPr>");
    buf_z(&o->body,
        "<w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"2098\" w:right=\"1474\" "
        "w:bottom=\"1984\" w:left=\"1587\" w:header=\"851\" w:footer=\"992\" w:gutter=\"0\"/>"
        "</w:sectPr></w:body></w:document>");
    c = buf_check(&o->body, "文稿", e);
    buf_init(&document, (size_t)DOCX_BYTES_MAX + sizeof(XML_HEAD));
    buf_z(&document, XML_HEAD);
    buf_str(&document, buf_view(&o->body));
    buf_z(&core, XML_HEAD "<cp:coreProperties xmlns:cp=\"" PKG "metadata/core-properties\" "
                          "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>");
    xml_escape(&core, title);
    buf_z(&core, "</dc:title></cp:coreProperties>");
    write_styles(&styled);
    if (c == OK) {
        const struct zip_change v[] = {
            {S("[Content_Types].xml"), SIZE_MAX,
                marked ? before_end(o->a, str_z(types), S("</Types>"), S(DOCX_MARK_TYPE))
                       : str_z(types)},
            {S("_rels/.rels"), SIZE_MAX, str_z(package)},
            {S("word/_rels/document.xml.rels"), SIZE_MAX,
                marked ? before_end(o->a, str_z(rels), S("</Relationships>"), S(DOCX_MARK_REL))
                       : str_z(rels)},
            [DOCUMENT_AT] = {S("word/document.xml"), SIZE_MAX, buf_view(&document)},
            {S("word/styles.xml"), SIZE_MAX, buf_view(&styled)},
            {S("docProps/core.xml"), SIZE_MAX, buf_view(&core)},
            {S("word/headermark.xml"), SIZE_MAX, docx_mark_header(o->a)}};
        c = zip_write(o->a, S(""), v, sizeof(v) / sizeof(*v) - !marked, docx, e);
    }
    buf_release(&o->body);
    buf_release(&document);
    buf_release(&core);
    buf_release(&styled);
    return c;
}

/* ---- a doc as it is ---- */

size_t docx_cells(struct str row)
{
    size_t n = 1;

    for (size_t i = 0; i < row.n; i++)
        n += row.p[i] == '\t';
    return n;
}

size_t docx_columns(const struct doc *d, size_t i, size_t *end)
{
    int table = d->blocks[i].level;
    size_t most = 1;

    for (; i < d->n && d->blocks[i].kind == BLOCK_ROW && d->blocks[i].level == table; i++) {
        size_t cells = docx_cells(d->blocks[i].text);
        if (cells > DOCX_COLUMNS_MAX)
            break;
        most = cells > most ? cells : most;
    }
    *end = i;
    return most;
}

static void plain_para(struct docx_out *o, const struct block *b)
{
    docx_out_para(o, b->kind, b->level, DOCX_KEPT);
    docx_out_text(o, b->text, DOCX_KEPT);
    docx_out_para_end(o);
}

static void plain_row(struct docx_out *o, struct str row, size_t columns)
{
    size_t cells = docx_cells(row);

    docx_out_row(o, DOCX_KEPT);
    for (size_t i = 0; i < cells; i++) {
        size_t tab = str_find(row, S("\t"), 0);
        struct str cell = str_sub(row, 0, tab == SIZE_MAX ? row.n : tab);
        docx_out_cell(o, columns);
        docx_out_para(o, BLOCK_ROW, 0, DOCX_KEPT);
        docx_out_text(o, cell, DOCX_KEPT);
        docx_out_para_end(o);
        docx_out_cell_end(o);
        o->off++; /* the tab that stands between cells */
        row = str_sub(row, cell.n + 1, row.n);
    }
    docx_out_row_end(o);
}

static void end_block(struct docx_out *o, const struct block *b)
{
    places_add(o->map, b->text, &o->trace);
    o->trace.n = 0;
    o->off = 0;
}

enum code docx_plain(
    struct arena *a, const struct doc *d, struct places *map, struct str *docx, struct err *e)
{
    struct docx_out o;

    docx_out_init(&o, a, S(""), 0);
    o.map = map;
    for (size_t i = 0; i < d->n;) {
        size_t end = i, columns = 0;
        if (d->blocks[i].kind == BLOCK_ROW)
            columns = docx_columns(d, i, &end);
        if (end == i) {
            plain_para(&o, &d->blocks[i]);
            end_block(&o, &d->blocks[i++]);
            continue;
        }
        docx_out_table(&o, columns);
        for (; i < end; i++) {
            plain_row(&o, d->blocks[i].text, columns);
            end_block(&o, &d->blocks[i]);
        }
        docx_out_table_end(&o);
    }
    return docx_out_end(&o, d->title, docx, e);
}
