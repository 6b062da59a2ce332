/* The package around the text: styles, footers, properties, types and relations. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "paper/docx_out.h"
#include "paper/mark.h"
#include "paper/official_docx_int.h"

static const char *const usual[N_FACE] = {
    "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体", "宋体"};

/* What else a machine may call the font, or have instead: Word and WPS look for these in order. */
struct font {
    const char *name, *instead, *panose, *family;
};
static const struct font fonts[] = {
    {"仿宋_GB2312", "仿宋,FangSong,华文仿宋,STFangsong", "02010609030101010101", "modern"},
    {"楷体_GB2312", "楷体,KaiTi,华文楷体,STKaiti", "02010609030101010101", "modern"},
    {"黑体", "SimHei,华文黑体,STHeiti", "02010609060101010101", "modern"},
    {"方正小标宋简体", "方正小标宋_GBK,FZXiaoBiaoSong-B05S,华文中宋,STZhongsong,宋体",
        "03000509000000000000", "script"},
    {"宋体", "SimSun", "02010600030101010101", "auto"},
};

int odx_twips(double mm)
{
    return (int)lround(mm / 25.4 * 1440);
}

int odx_pitch(const struct odx *w)
{
    return (int)floor(w->line / 25.4 * 1440 + 0.01);
}

const char *odx_font(const struct odx *w, enum face f)
{
    return w->o->fonts[f] ? w->o->fonts[f] : usual[f];
}

void odx_fonts(struct buf *b, const char *name)
{
    buf_printf(b,
        "<w:rFonts w:ascii=\"%s\" w:hAnsi=\"%s\" w:eastAsia=\"%s\" w:cs=\"%s\" "
        "w:hint=\"eastAsia\"/>",
        name, name, name, name);
}

void odx_part(struct odx *w, const char *name, struct str bytes)
{
    ARENA_PUSH(w->a, w->parts, w->n_parts, w->cap_parts) =
        (struct zip_change){arena_str(w->a, str_z(name)), SIZE_MAX, bytes};
}

struct style {
    const char *id, *name, *paragraph;
    int face;
    double pt; /* 0: text */
};
#define FLUSH "<w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/>"
static const struct style styles[] = {
    {"Empty", "空行", FLUSH, FACE_FANG, 0},
    {"Head", "版头", FLUSH, FACE_FANG, 0},
    {"Mark", ODX_MARK, FLUSH "<w:jc w:val=\"center\"/>", FACE_BIAO, 0},
    {"Editor", ODX_EDITOR, FLUSH, FACE_FANG, 0},
    {"Title", "Title", FLUSH "<w:jc w:val=\"center\"/>", FACE_BIAO, -1},
    {"CarriedTitle", ODX_CARRIED, FLUSH "<w:jc w:val=\"center\"/>", FACE_BIAO, -1},
    {"Below", "印发件题下", FLUSH "<w:jc w:val=\"center\"/>", FACE_KAI, 0},
    {"Addressee", "主送机关", FLUSH, FACE_FANG, 0},
    {"Heading1", "heading 1", "<w:keepNext/><w:outlineLvl w:val=\"0\"/>", FACE_HEI, 0},
    {"Heading2", "heading 2", "<w:keepNext/><w:outlineLvl w:val=\"1\"/>", FACE_KAI, 0},
    {"Heading3", "heading 3", "<w:outlineLvl w:val=\"2\"/>", FACE_FANG, 0},
    {"Heading4", "heading 4", "<w:outlineLvl w:val=\"3\"/>", FACE_FANG, 0},
    {"Flush", "正文顶格", FLUSH, FACE_FANG, 0},
    {"Centred", "居中", FLUSH "<w:jc w:val=\"center\"/>", FACE_HEI, 0},
    {"Speaker", "讲话人", FLUSH "<w:jc w:val=\"center\"/>", FACE_KAI, 0},
    {"Occasion", "讲话场合", FLUSH "<w:jc w:val=\"center\"/>", FACE_FANG, 0},
    {"Continued", ODX_CONTINUED, "<w:pageBreakBefore/>" FLUSH, FACE_FANG, 0},
    {"Attachment", "附件说明", FLUSH, FACE_FANG, 0},
    {"Signature", "署名", FLUSH "<w:jc w:val=\"left\"/>", FACE_FANG, 0},
    {"AnnexNumber", "附件序号", FLUSH, FACE_HEI, 0},
    {"Caption", "caption", FLUSH "<w:jc w:val=\"center\"/>", FACE_KAI, 0},
    {"Picture", "图",
        "<w:spacing w:line=\"240\" w:lineRule=\"auto\"/>" FLUSH "<w:jc w:val=\"center\"/>",
        FACE_FANG, 0},
    {"Cell", "表格文字",
        "<w:spacing w:before=\"40\" w:after=\"40\" w:line=\"240\" w:lineRule=\"auto\"/>" FLUSH,
        FACE_FANG, 14},
    {"CopyTo", ODX_COPY_TO, "<w:ind w:left=\"1120\" w:right=\"280\" w:hanging=\"840\"/>", FACE_FANG,
        14},
    {"Printed", "印发",
        "<w:ind w:left=\"280\" w:right=\"280\" w:firstLine=\"0\" w:firstLineChars=\"0\"/>",
        FACE_FANG, 14},
    {"Footer", "footer", FLUSH, FACE_SONG, 14},
    {"Tiny", "版记位置", "<w:spacing w:line=\"20\" w:lineRule=\"exact\"/>" FLUSH, FACE_FANG, 1},
};

#define FOOTER_EM   (14 * MM_PER_PT)
#define LETTER_FOOT 16.0  /* the edge of a letter's footers: below its line */
#define LETTER_LINE 170.0 /* 10.1 */

static bool letter(const struct odx *w)
{
    return w->d && w->d->form == OFFICIAL_LETTER; /* none: somebody's file is repaired */
}

/* As high as leaves the text area alone: a footer that reaches into it takes a line from the page, in Word and in LibreOffice. */
static double footer_line(const struct odx *w)
{
    return fmin(6.35, (w->s->page_dash - w->gap / 2 + 0.38 * FOOTER_EM - 0.1) / 0.8);
}

/* Of the footer's lower edge from that of the paper: the dash stands 0.38 em above the baseline, and that a fifth of the line above the edge. */
static double footer_at(const struct odx *w)
{
    const struct official_style *s = w->s;

    return s->paper_height - s->top - s->height - s->page_dash - 0.2 * footer_line(w) -
           0.38 * FOOTER_EM;
}

void odx_page(const struct odx *w, struct buf *b)
{
    const struct official_style *s = w->s;

    int top = odx_twips(s->top - w->gap / 2), high = odx_twips(s->paper_height);

    buf_printf(b, "<w:pgSz w:w=\"%d\" w:h=\"%d\"/>", odx_twips(s->paper_width), high);
    /* half a gap less above and below: the lines stand in the middle of their room. Below a hair less still: where the lines' twips do not fit, LibreOffice
     * puts one less on a page and the rest in its middle. A little more at the right: the room behind the last character */
    buf_printf(b,
        "<w:pgMar w:top=\"%d\" w:right=\"%d\" w:bottom=\"%d\" w:left=\"%d\" w:header=\"851\" "
        "w:footer=\"%d\" w:gutter=\"0\"/>",
        top, odx_twips(s->paper_width - s->left - s->width) - 34,
        high - top - s->rows * odx_pitch(w) - 8, odx_twips(s->left),
        odx_twips(letter(w) ? LETTER_FOOT : footer_at(w)));
}

void odx_styles(struct odx *w, struct buf *b)
{
    buf_z(b, XML_HEAD "<w:styles " W_NS "><w:docDefaults><w:rPrDefault><w:rPr>");
    odx_fonts(b, odx_font(w, FACE_FANG));
    buf_printf(b,
        "<w:spacing w:val=\"-4\"/><w:kern w:val=\"0\"/><w:sz w:val=\"%d\"/><w:szCs "
        "w:val=\"%d\"/><w:lang w:val=\"en-US\" "
        "w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:autoSpaceDE "
        "w:val=\"0\"/><w:autoSpaceDN w:val=\"0\"/></w:pPr></w:pPrDefault></w:docDefaults><w:style "
        "w:type=\"paragraph\" "
        "w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:pPr><w:widowControl "
        "w:val=\"0\"/><w:overflowPunct "
        "w:val=\"0\"/><w:autoSpaceDE w:val=\"0\"/><w:autoSpaceDN w:val=\"0\"/><w:snapToGrid "
        "w:val=\"0\"/><w:spacing w:line=\"%d\" w:lineRule=\"exact\"/><w:ind "
        "w:firstLineChars=\"200\" w:firstLine=\"%d\"/><w:jc "
        "w:val=\"both\"/></w:pPr></w:style>",
        (int)lround(2 * w->s->text_pt), (int)lround(2 * w->s->text_pt), odx_pitch(w),
        (int)lround(40 * w->s->text_pt) - 8);
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++) {
        const struct style *s = &styles[i];
        double pt = s->pt < 0 ? w->s->title_pt : s->pt;
        buf_printf(b,
            "<w:style w:type=\"paragraph\"%s w:styleId=\"%s\"><w:name w:val=\"%s\"/><w:basedOn "
            "w:val=\"Normal\"/><w:qFormat/><w:pPr>",
            (unsigned char)s->name[0] >= 0x80 ? " w:customStyle=\"1\"" : "", s->id, s->name);
        if (s->face == FACE_SONG)
            buf_printf(
                b, "<w:spacing w:line=\"%d\" w:lineRule=\"exact\"/>", odx_twips(footer_line(w)));
        if (s->pt < 0) /* in front of the indent: Word wants the order of the schema */
            buf_printf(b, "<w:spacing w:line=\"%d\" w:lineRule=\"exact\"/>",
                odx_twips(pt * MM_PER_PT + w->gap));
        buf_printf(b, "%s</w:pPr><w:rPr>", s->paragraph);
        odx_fonts(b, odx_font(w, (enum face)s->face));
        if (pt > 0)
            buf_printf(b, "%s<w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/>",
                "<w:spacing w:val=\"0\"/>", (int)lround(2 * pt), (int)lround(2 * pt));
        buf_z(b, "</w:rPr></w:style>");
    }
    buf_z(b, "</w:styles>");
}

static void font_table(struct odx *w)
{
    struct buf b;

    buf_init(&b, 1 << 20);
    buf_z(&b, XML_HEAD "<w:fonts " W_NS ">");
    for (enum face f = 0; f < N_FACE; f++) {
        const char *name = odx_font(w, f);
        const struct font *k = NULL;
        for (size_t i = 0; i < sizeof fonts / sizeof *fonts && !k; i++)
            if (strcmp(fonts[i].name, name) == 0)
                k = &fonts[i];
        buf_z(&b, "<w:font w:name=\"");
        xml_escape(&b, str_z(name));
        buf_z(&b, "\">");
        if (k)
            buf_printf(
                &b, "<w:altName w:val=\"%s\"/><w:panose1 w:val=\"%s\"/>", k->instead, k->panose);
        buf_printf(&b, "<w:charset w:val=\"86\"/><w:family w:val=\"%s\"/></w:font>",
            k ? k->family : "auto");
    }
    buf_z(&b, "</w:fonts>");
    odx_part(w, "word/fontTable.xml", arena_str(w->a, buf_view(&b)));
    buf_release(&b);
}

struct str odx_footer(struct odx *w, const char *style, const char *align)
{
    struct str below = {0};

    if (letter(w)) /* the footer reaches down to the line of the first page */
        below = arena_printf(w->a,
            "<w:p><w:pPr><w:pStyle w:val=\"Footer\"/><w:spacing w:line=\"%d\" "
            "w:lineRule=\"exact\"/></w:pPr></w:p>",
            odx_twips(footer_at(w) - LETTER_FOOT));
    return arena_printf(w->a,
        XML_HEAD "<w:ftr " W_NS "><w:p><w:pPr><w:pStyle w:val=\"%s\"/>%s</w:pPr><w:r><w:t "
                 "xml:space=\"preserve\">— </w:t></w:r><w:r><w:fldChar "
                 "w:fldCharType=\"begin\"/></w:r><w:r><w:instrText "
                 "xml:space=\"preserve\"> PAGE </w:instrText></w:r><w:r><w:fldChar "
                 "w:fldCharType=\"separate\"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar "
                 "w:fldCharType=\"end\"/></w:r><w:r><w:t xml:space=\"preserve\"> "
                 "—</w:t></w:r></w:p>%.*s</w:ftr>",
        style, align, SF(below));
}

/* 10.1: a thin line over a thick one, 170 mm long, 20 mm above the edge of the paper. */
static struct str letter_foot(struct odx *w)
{
    const struct official_style *s = w->s;
    int left = odx_twips((s->paper_width - LETTER_LINE) / 2 - s->left),
        right = odx_twips(s->left + s->width - (s->paper_width + LETTER_LINE) / 2) + 34;

    return arena_printf(w->a,
        XML_HEAD "<w:ftr " W_NS "><w:p><w:pPr><w:pStyle w:val=\"Footer\"/><w:pBdr><w:top "
                 "w:val=\"%s\" w:sz=\"24\" w:space=\"1\" w:color=\"%06X\"/></w:pBdr>"
                 "<w:spacing w:line=\"%d\" w:lineRule=\"exact\"/><w:ind w:left=\"%d\" "
                 "w:right=\"%d\"/></w:pPr></w:p></w:ftr>",
        s->preprinted ? "nil" : "thinThickSmallGap", s->red, odx_twips(20 - LETTER_FOOT - 1.4),
        left, right);
}

void odx_footers(struct odx *w)
{
    bool centred = w->s->page_centred;

    odx_part(w, "word/footer1.xml",
        odx_footer(w, "Footer",
            centred ? "<w:jc w:val=\"center\"/>"
                    : "<w:ind w:right=\"280\"/><w:jc w:val=\"right\"/>"));
    odx_part(w, "word/footer2.xml",
        odx_footer(w, "Footer",
            centred ? "<w:jc w:val=\"center\"/>"
                    : "<w:ind w:left=\"280\"/><w:jc w:val=\"left\"/>"));
    odx_part(w, "word/footer3.xml",
        S(XML_HEAD "<w:ftr " W_NS
                   "><w:p><w:pPr><w:pStyle w:val=\"Footer\"/></w:pPr></w:p></w:ftr>"));
    odx_part(w, "word/footer4.xml", letter_foot(w));
}

/* 用印, where it is not what the form and a signature say by themselves. */
static const char *seal_said(const struct official *d)
{
    static const char *const names[] = {"用印：否", "用印：是", "用印：签名章"};
    bool sealed = d->n_signatures && (d->form == OFFICIAL_PAPER || d->form == OFFICIAL_LETTER);

    return d->seal == (sealed ? OFFICIAL_SEALED : OFFICIAL_UNSEALED) ? "" : names[d->seal];
}

struct str odx_core(struct odx *w)
{
    struct civil c = clock_civil(w->o->made_ms, ZONE_CHINA);
    struct buf b;
    struct str s;

    buf_init(&b, 1 << 20);
    buf_z(&b, XML_HEAD
        "<cp:coreProperties xmlns:cp=\"" PKG "metadata/core-properties\" "
        "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" "
        "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>");
    xml_escape(&b, w->d->title);
    buf_z(&b, "</dc:title><dc:creator>");
    xml_escape(&b, w->o->author);
    buf_printf(&b,
        "</dc:creator><cp:category>%s</cp:category><cp:keywords>%s</cp:keywords>"
        "<dcterms:created "
        "xsi:type=\"dcterms:W3CDTF\">%04d-%02d-%02dT%02d:%02d:%02dZ</dcterms:created></"
        "cp:coreProperties>",
        official_form_name(w->d->form), seal_said(w->d), c.day.y, c.day.m, c.day.d, c.hour,
        c.minute, c.second);
    s = arena_str(w->a, buf_view(&b));
    buf_release(&b);
    return s;
}

void odx_types_and_rels(struct odx *w)
{
    struct buf b;

    buf_init(&b, 1 << 20);
    buf_z(&b, XML_HEAD
        "<Types xmlns=\"" PKG "content-types\"><Default Extension=\"rels\" "
        "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
        "<Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"png\" "
        "ContentType=\"image/png\"/>"
        "<Override PartName=\"/word/document.xml\" ContentType=\"" WML "document.main+xml\"/>"
        "<Override PartName=\"/word/styles.xml\" ContentType=\"" WML "styles+xml\"/>"
        "<Override PartName=\"/word/settings.xml\" ContentType=\"" WML "settings+xml\"/>"
        "<Override PartName=\"/word/fontTable.xml\" ContentType=\"" WML "fontTable+xml\"/>");
    for (int i = 1; i <= 4; i++)
        buf_printf(
            &b, "<Override PartName=\"/word/footer%d.xml\" ContentType=\"" WML "footer+xml\"/>", i);
    if (w->commented)
        buf_z(
            &b, "<Override PartName=\"/word/comments.xml\" ContentType=\"" WML "comments+xml\"/>");
    if (paper_mark().n) {
        buf_z(&b, DOCX_MARK_TYPE);
        buf_z(&w->rels, DOCX_MARK_REL);
        odx_part(w, "word/headermark.xml", docx_mark_header(w->a));
    }
    buf_z(&b,
        "<Override PartName=\"/docProps/core.xml\" "
        "ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>");
    odx_part(w, "[Content_Types].xml", arena_str(w->a, buf_view(&b)));
    buf_release(&b);
    odx_part(w, "_rels/.rels",
        S(XML_HEAD
            "<Relationships xmlns=\"" PKG "relationships\"><Relationship Id=\"rId1\" Type=\"" OFFICE
            "officeDocument\" Target=\"word/document.xml\"/>"
            "<Relationship Id=\"rId2\" Type=\"" PKG "relationships/metadata/core-properties\" "
            "Target=\"docProps/core.xml\"/></Relationships>"));
    for (int i = 1; i <= 4; i++)
        buf_printf(&w->rels,
            "<Relationship Id=\"rIdF%d\" Type=\"" OFFICE "footer\" Target=\"footer%d.xml\"/>", i,
            i);
    if (w->commented)
        buf_z(&w->rels,
            "<Relationship Id=\"rIdC\" Type=\"" OFFICE "comments\" Target=\"comments.xml\"/>");
    buf_z(&w->rels, "<Relationship Id=\"rIdS\" Type=\"" OFFICE
                    "styles\" Target=\"styles.xml\"/><Relationship Id=\"rIdT\" Type=\"" OFFICE
                    "settings\" Target=\"settings.xml\"/><Relationship Id=\"rIdN\" Type=\"" OFFICE
                    "fontTable\" Target=\"fontTable.xml\"/></Relationships>");
    font_table(w);
    odx_part(w, "word/_rels/document.xml.rels", arena_str(w->a, buf_view(&w->rels)));
    odx_part(w, "word/settings.xml",
        S(XML_HEAD
            "<w:settings " W_NS "><w:evenAndOddHeaders/><w:characterSpacingControl "
            "w:val=\"compressPunctuation\"/><w:compat><w:compatSetting "
            "w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" "
            "w:val=\"15\"/></w:compat></w:settings>"));
}
