/* Both ends of mending: the request, the paragraphs and sections written anew, the parts beside them. */
#include "paper/rich_mend.h"

#include <string.h>

#include "base/utf8.h"
#include "paper/annotate_int.h"
#include "paper/formats.h"
#include "paper/official_docx_int.h"
#include "paper/pool.h"
#include "paper/program.h"
#include "paper/rich_int.h"

struct mending {
    struct job *j;
    struct zipin *z;
    struct mend m;
    struct odx w; /* measures and fonts */
    struct official_style style;
    struct official_docx o;
    struct xmltree t; /* the main part */
    const char *main;
    struct rels rels;
    struct buf out;
    size_t from; /* bytes of t.s that are in out already */
    size_t unsplit;
    struct zip_change *v;
    size_t n_v, cap_v;
};

/* ---- styles ---- */

#define FLUSH "<w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/>"
static const struct {
    const char *id, *name, *paragraph;
    double pt; /* 0: of the text */
    enum face face;
    bool loose; /* not the text's 28 to a line */
} styles[N_MEND_STYLE] = {
    [MEND_TEXT] = {"QsText", "公文正文", "", 0, FACE_FANG, false},
    [MEND_HEAD] = {"QsHead", "公文版头", FLUSH, 0, FACE_FANG, false},
    [MEND_MARK] = {"QsMark", "公文标志", FLUSH, 0, FACE_BIAO, true},
    [MEND_CORNER] = {"QsCorner", "公文紧急程度", FLUSH, 0, FACE_HEI, false},
    [MEND_TITLE] = {"QsTitle", "公文标题", FLUSH "<w:jc w:val=\"center\"/>", 22, FACE_BIAO, true},
    [MEND_ADDRESSEE] = {"QsAddressee", "公文主送机关", FLUSH, 0, FACE_FANG, false},
    [MEND_H1] = {"QsHeading1", "公文一级标题", "", 0, FACE_HEI, false},
    [MEND_H2] = {"QsHeading2", "公文二级标题", "", 0, FACE_KAI, false},
    [MEND_H3] = {"QsHeading3", "公文三级标题", "", 0, FACE_FANG, false},
    [MEND_H4] = {"QsHeading4", "公文四级标题", "", 0, FACE_FANG, false},
    [MEND_CENTRED] = {"QsCentred", "公文居中", FLUSH "<w:jc w:val=\"center\"/>", 0, FACE_HEI,
        false},
    [MEND_TAIL] = {"QsTail", "公文署名和日期", FLUSH, 0, FACE_FANG, false},
    [MEND_ANNEX] = {"QsAnnex", "公文附件序号", FLUSH, 0, FACE_HEI, false},
    [MEND_FOOT] = {"QsFoot", "公文版记",
        "<w:ind w:leftChars=\"100\" w:left=\"280\" w:rightChars=\"100\" w:right=\"280\" "
        "w:firstLineChars=\"0\" w:firstLine=\"0\"/>",
        14, FACE_FANG, true},
};

/* The line of a style, twips. */
static int line_of(const struct mending *k, int i)
{
    double pt = styles[i].pt > 0 ? styles[i].pt : k->style.text_pt;

    return odx_twips(i == MEND_TITLE ? pt * MM_PER_PT + k->w.gap : k->w.line);
}

static void one_style(struct mending *k, struct buf *b, int i)
{
    double pt = styles[i].pt > 0 ? styles[i].pt : k->style.text_pt;

    buf_printf(b,
        "<w:style w:type=\"paragraph\" w:customStyle=\"1\" w:styleId=\"%s\"><w:name w:val=\"%s\"/>"
        "<w:qFormat/><w:pPr>",
        styles[i].id, styles[i].name);
    if (i >= MEND_H1 && i <= MEND_H2)
        buf_z(b, "<w:keepNext/>");
    buf_z(b,
        "<w:widowControl w:val=\"0\"/><w:overflowPunct w:val=\"0\"/><w:autoSpaceDE w:val=\"0\"/>"
        "<w:autoSpaceDN w:val=\"0\"/><w:snapToGrid w:val=\"0\"/>");
    if (i != MEND_MARK)
        buf_printf(b,
            "<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"%d\" w:lineRule=\"exact\"/>",
            line_of(k, i));
    if (*styles[i].paragraph)
        buf_z(b, styles[i].paragraph);
    else
        buf_printf(b, "<w:ind w:firstLineChars=\"200\" w:firstLine=\"%d\"/><w:jc w:val=\"both\"/>",
            (int)(40 * k->style.text_pt) - 8);
    if (i >= MEND_H1 && i <= MEND_H4)
        buf_printf(b, "<w:outlineLvl w:val=\"%d\"/>", i - MEND_H1);
    buf_z(b, "</w:pPr><w:rPr>");
    odx_fonts(b, odx_font(&k->w, styles[i].face));
    buf_printf(b,
        "<w:color w:val=\"%s\"/><w:spacing w:val=\"%d\"/><w:kern w:val=\"0\"/><w:sz "
        "w:val=\"%d\"/><w:szCs w:val=\"%d\"/></w:rPr></w:style>",
        i == MEND_MARK ? "E60000" : "auto", styles[i].loose ? 0 : -4, (int)(2 * pt), (int)(2 * pt));
}

/* Of page numbers: 四号, half-width, 宋体. */
static void footer_style(struct mending *k, struct buf *b)
{
    buf_z(b, "<w:style w:type=\"paragraph\" w:customStyle=\"1\" w:styleId=\"QsFooter\"><w:name "
             "w:val=\"公文页码\"/><w:pPr><w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"0\" "
             "w:after=\"0\" w:line=\"360\" w:lineRule=\"exact\"/>" FLUSH "</w:pPr><w:rPr>");
    odx_fonts(b, odx_font(&k->w, FACE_SONG));
    buf_z(b, "<w:color w:val=\"auto\"/><w:spacing w:val=\"0\"/><w:kern w:val=\"0\"/><w:sz "
             "w:val=\"28\"/><w:szCs w:val=\"28\"/></w:rPr></w:style>");
}

static void put_part(struct mending *k, const char *name, struct str bytes)
{
    struct zip_change c = {arena_str(k->j->a, str_z(name)), zipin_index(k->z, name), bytes};

    ARENA_PUSH(k->j->a, k->v, k->n_v, k->cap_v) = c;
}

/* A part with `more` behind the last child of its root. */
static void append_to(struct mending *k, const char *member, struct str more)
{
    struct xmltree t;
    struct buf b;

    if (!rich_part(k->j, k->z, member, &t))
        return;
    buf_init(&b, k->j->lim->unpacked_bytes);
    xml_append(&t, 0, more, &b);
    put_part(k, member, arena_str(k->j->a, buf_view(&b)));
    buf_release(&b);
}

static void mend_styles(struct mending *k)
{
    const char *member = opc_find(&k->rels, "styles");
    struct xmltree t;
    struct buf b;

    if (!member || !rich_part(k->j, k->z, member, &t)) {
        (void)JOB_FAIL(k->j, E_INPUT, "文件里没有样式，请在 Word 或 WPS 中另存为 docx 再试");
        return;
    }
    if (str_has(t.s, S("\"QsText\""))) /* mended before */
        return;
    buf_init(&b, 1 << 20);
    for (int i = 0; i < N_MEND_STYLE; i++)
        one_style(k, &b, i);
    footer_style(k, &b);
    append_to(k, member, arena_str(k->j->a, buf_view(&b)));
    buf_release(&b);
}

/* ---- writing in place ---- */

static struct str outer(const struct mending *k, uint32_t el)
{
    const struct xml_el *x = &k->t.el[el];

    return str_sub(k->t.s, x->begin, x->end - x->begin);
}

/* Everything up to this byte as it is. */
static void keep_to(struct mending *k, size_t at)
{
    if (at > k->from)
        buf_str(&k->out, str_sub(k->t.s, k->from, at - k->from));
    k->from = at > k->from ? at : k->from;
}

static bool named(const struct mending *k, uint32_t el, const char *const *names)
{
    struct str s = xml_name(&k->t, el);

    for (; *names; names++)
        if (str_eq(s, str_z(*names)))
            return true;
    return false;
}

/* The children of `el` that are named (or, `but`, are not), as they are written. */
static void children(struct mending *k, uint32_t el, const char *const *names, bool but)
{
    if (el == XML_NONE)
        return;
    for (uint32_t c = xml_first(&k->t, el); c != XML_NONE; c = xml_after(&k->t, c))
        if (named(k, c, names) != but)
            buf_str(&k->out, outer(k, c));
}

/* ---- runs ---- */

static void fonts(struct mending *k, enum face f, bool plain)
{
    if (plain)
        buf_z(&k->out, "<w:rFonts w:hint=\"eastAsia\"/>");
    else
        odx_fonts(&k->out, odx_font(&k->w, f));
}

/* What a run's properties become: the face and size of its style, with what is no matter of either kept. */
static void run_properties(
    struct mending *k, uint32_t rpr, const struct mend_para *p, enum face face, bool plain)
{
    static const char *const first[] = {"i", "iCs", "caps", "smallCaps", "strike", "dstrike",
        "outline", "shadow", "emboss", "imprint", "noProof", "snapToGrid", "vanish", "webHidden",
        NULL};
    static const char *const last[] = {"highlight", "u", "effect", "bdr", "shd", "fitText",
        "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath",
        "rPrChange", NULL};
    static const char *const own_size[] = {"sz", "szCs", NULL};

    buf_z(&k->out, "<w:rPr>");
    fonts(k, face, plain && !p->labelled);
    children(k, rpr, first, false);
    if (p->labelled)
        buf_printf(&k->out, "<w:spacing w:val=\"-4\"/><w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/>",
            (int)(2 * k->style.text_pt), (int)(2 * k->style.text_pt));
    else if (p->style == MEND_MARK)
        children(k, rpr, own_size, false);
    children(k, rpr, last, false);
    buf_z(&k->out, "</w:rPr>");
}

static bool is_text(const struct mending *k, uint32_t el)
{
    return xml_is(&k->t, el, S("t")) || xml_is(&k->t, el, S("delText"));
}

/* Bytes of text in a run; *only: the one element that has it, XML_NONE where there are several things. */
static size_t run_bytes(struct mending *k, uint32_t run, uint32_t *only)
{
    size_t n = 0, things = 0;

    *only = XML_NONE;
    for (uint32_t c = xml_first(&k->t, run); c != XML_NONE; c = xml_after(&k->t, c)) {
        struct buf b;
        if (xml_is(&k->t, c, S("rPr")))
            continue;
        things++;
        if (!is_text(k, c)) {
            n += xml_is(&k->t, c, S("tab")) || xml_is(&k->t, c, S("br"));
            continue;
        }
        *only = c;
        buf_init(&b, 0);
        xml_plain(&b, str_sub(k->t.s, k->t.el[c].open, k->t.el[c].close - k->t.el[c].open));
        n += b.n;
        buf_release(&b);
    }
    if (things != 1 || (*only != XML_NONE && !xml_simple(&k->t, *only)))
        *only = XML_NONE;
    return n;
}

static enum face face_of(const struct mend_para *p, bool in_head)
{
    static const enum face heads[] = {FACE_HEI, FACE_KAI, FACE_FANG, FACE_FANG};

    if (p->head && !in_head)
        return FACE_FANG;
    if (p->head && p->style == MEND_TEXT) /* 第一条 in front of its text */
        return FACE_HEI;
    return p->style >= MEND_H1 && p->style <= MEND_H4 ? heads[p->style - MEND_H1]
                                                      : styles[p->style].face;
}

/* A run in one piece. */
static void whole_run(struct mending *k, uint32_t run, const struct mend_para *p, bool in_head)
{
    uint32_t rpr = rich_kid(&k->t, run, S("rPr"));
    size_t at = rpr == XML_NONE ? k->t.el[run].open : k->t.el[rpr].begin;

    keep_to(k, at);
    run_properties(k, rpr, p, face_of(p, in_head), !p->head);
    k->from = rpr == XML_NONE ? at : k->t.el[rpr].end;
}

static void half(struct mending *k, uint32_t rpr, const struct mend_para *p, bool in_head,
    struct str name, struct str raw)
{
    buf_z(&k->out, "<w:r>");
    run_properties(k, rpr, p, face_of(p, in_head), false);
    buf_printf(&k->out, "<w:%.*s xml:space=\"preserve\">", SF(name));
    buf_str(&k->out, raw);
    buf_printf(&k->out, "</w:%.*s></w:r>", SF(name));
}

/* A heading ends inside the run: two runs of it. */
static void cut_run(
    struct mending *k, uint32_t run, uint32_t text, const struct mend_para *p, size_t n)
{
    const struct xml_el *x = &k->t.el[text];
    uint32_t raw = x->open, rpr = rich_kid(&k->t, run, S("rPr"));
    struct str name = xml_name(&k->t, text);

    for (size_t done = 0; done < n && raw < x->close;)
        done += xml_char(k->t.s, x->close, &raw);
    keep_to(k, k->t.el[run].begin);
    half(k, rpr, p, true, name, str_sub(k->t.s, x->open, raw - x->open));
    half(k, rpr, p, false, name, str_sub(k->t.s, raw, x->close - raw));
    k->from = k->t.el[run].end;
}

static void run(struct mending *k, uint32_t el, const struct mend_para *p, size_t *at)
{
    uint32_t only;
    size_t n = run_bytes(k, el, &only), from = *at;

    *at += n;
    if (!n)
        return;
    if (!p->head || *at <= p->head || from >= p->head) {
        whole_run(k, el, p, from < p->head);
    } else if (only != XML_NONE && xml_prefix(&k->t, el).n == 2) {
        cut_run(k, el, only, p, p->head - from);
    } else {
        k->unsplit++;
        whole_run(k, el, p, false);
    }
}

/* ---- paragraphs ---- */

static void indent(struct mending *k, const struct mend_para *p)
{
    if (p->style == MEND_FOOT)
        return;
    buf_printf(&k->out,
        "<w:ind w:leftChars=\"0\" w:left=\"0\" w:rightChars=\"%d\" w:right=\"%d\" "
        "w:firstLineChars=\"%d\" w:firstLine=\"%d\"/>",
        p->space, p->space * 16 / 5, p->indent, p->indent * 158 / 50);
}

static void red_line(struct mending *k)
{
    buf_printf(&k->out,
        "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"11\" w:space=\"5\" w:color=\"%06X\"/></w:pBdr>",
        k->style.red);
}

static void properties(struct mending *k, uint32_t ppr, const struct mend_para *p)
{
    static const char *const before[] = {
        "keepNext", "keepLines", "framePr", "numPr", "suppressLineNumbers", NULL};
    static const char *const borders[] = {"pBdr", NULL}, *const more[] = {"shd", "tabs", NULL},
                             *const behind[] = {"sectPr", "pPrChange", NULL},
                             *const marks[] = {"ins", "del", "moveFrom", "moveTo", NULL},
                             *const style[] = {"pStyle", NULL},
                             *const page[] = {"pageBreakBefore", NULL};
    uint32_t rpr = rich_kid(&k->t, ppr, S("rPr"));

    buf_z(&k->out, "<w:pPr>");
    if (p->labelled)
        children(k, ppr, style, false);
    else
        buf_printf(&k->out, "<w:pStyle w:val=\"%s\"/>", styles[p->style].id);
    children(k, ppr, before, false);
    if (p->page_before)
        buf_z(&k->out, "<w:pageBreakBefore/>");
    else
        children(k, ppr, page, false);
    if (p->line_below)
        red_line(k);
    else
        children(k, ppr, borders, false);
    children(k, ppr, more, false);
    if (p->labelled || p->lines_above)
        buf_printf(&k->out,
            "<w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"%d\" w:after=\"0\" "
            "w:line=\"%d\" w:lineRule=\"exact\"/>",
            p->lines_above * odx_twips(k->w.line), line_of(k, (int)p->style));
    indent(k, p);
    if (p->right || p->centred)
        buf_printf(&k->out, "<w:jc w:val=\"%s\"/>", p->right ? "right" : "center");
    buf_z(&k->out, "<w:rPr>");
    children(k, rpr, marks, false);
    if (p->labelled) {
        fonts(k, face_of(p, true), false);
        buf_printf(&k->out, "<w:sz w:val=\"%d\"/>", (int)(2 * k->style.text_pt));
    }
    buf_z(&k->out, "</w:rPr>");
    children(k, ppr, behind, false);
    buf_z(&k->out, "</w:pPr>");
}

static void paragraph(struct mending *k, const struct mend_para *p)
{
    const struct xml_el *x = &k->t.el[p->elem];
    uint32_t ppr = rich_kid(&k->t, p->elem, S("pPr"));
    size_t at = 0;

    if (x->open == x->end) /* <w:p/> */
        return;
    keep_to(k, ppr == XML_NONE ? x->open : k->t.el[ppr].begin);
    properties(k, ppr, p);
    k->from = ppr == XML_NONE ? x->open : k->t.el[ppr].end;
    for (uint32_t c = p->elem + 1; c < x->next;) {
        if (xml_is(&k->t, c, S("txbxContent")) || xml_is(&k->t, c, S("pPr")) ||
            xml_is(&k->t, c, S("Fallback"))) {
            c = k->t.el[c].next;
            continue;
        }
        if (xml_is(&k->t, c, S("r")))
            run(k, c, p, &at);
        c++;
    }
}

/* ---- sections ---- */

static void section(struct mending *k, uint32_t el)
{
    static const char *const page[] = {"pgSz", "pgMar", "docGrid", NULL}, *const refs[] = {
                                                                              "footerReference",
                                                                              NULL};
    uint32_t size = rich_kid(&k->t, el, S("pgSz"));
    bool flat =
        size != XML_NONE && rich_int(&k->t, size, S("w"), 0) > rich_int(&k->t, size, S("h"), 1);
    const struct xml_el *x = &k->t.el[el];

    if (x->open == x->end)
        return;
    keep_to(k, x->open);
    if (k->m.footers)
        buf_z(&k->out, "<w:footerReference w:type=\"default\" r:id=\"rIdQsF1\"/><w:footerReference "
                       "w:type=\"even\" r:id=\"rIdQsF2\"/>");
    else
        children(k, el, refs, false);
    for (uint32_t c = xml_first(&k->t, el); c != XML_NONE; c = xml_after(&k->t, c)) {
        if (k->m.page && !flat && c == size)
            odx_page(&k->w, &k->out);
        if (k->m.page && !flat && named(k, c, page))
            continue;
        if (xml_is(&k->t, c, S("footerReference")) ||
            (k->m.footers && xml_is(&k->t, c, S("titlePg"))))
            continue;
        buf_str(&k->out, outer(k, c));
    }
    if (k->m.page && !flat)
        buf_printf(
            &k->out, "<w:docGrid w:type=\"lines\" w:linePitch=\"%d\"/>", odx_twips(k->w.line));
    k->from = x->close;
}

/* ---- footers ---- */

static bool comes_before_even(const struct xmltree *t, uint32_t c)
{
    static const char *const names[] = {"writeProtection", "view", "zoom",
        "removePersonalInformation", "removeDateAndTime", "doNotDisplayPageBoundaries",
        "displayBackgroundShape", "printPostScriptOverText", "printFractionalCharacterWidth",
        "printFormsData", "embedTrueTypeFonts", "embedSystemFonts", "saveSubsetFonts",
        "saveFormsData", "mirrorMargins", "alignBordersAndEdges", "bordersDoNotSurroundHeader",
        "bordersDoNotSurroundFooter", "gutterAtTop", "hideSpellingErrors", "hideGrammaticalErrors",
        "activeWritingStyle", "proofState", "formsDesign", "attachedTemplate", "linkStyles",
        "stylePaneFormatFilter", "stylePaneSortMethod", "documentType", "mailMerge", "revisionView",
        "trackRevisions", "doNotTrackMoves", "doNotTrackFormatting", "documentProtection",
        "autoFormatOverride", "styleLockTheme", "styleLockQFSet", "defaultTabStop",
        "autoHyphenation", "consecutiveHyphenLimit", "hyphenationZone", "doNotHyphenateCaps",
        "showEnvelope", "summaryLength", "clickAndTypeStyle", "defaultTableStyle"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (xml_is(t, c, str_z(names[i])))
            return true;
    return false;
}

/* Odd and even pages have footers of their own. */
static void settings(struct mending *k)
{
    const char *member = opc_find(&k->rels, "settings");
    struct xmltree t;
    struct buf b;
    size_t at;

    if (!rich_part(k->j, k->z, member, &t) || rich_kid(&t, 0, S("evenAndOddHeaders")) != XML_NONE ||
        t.el[0].open == t.el[0].end)
        return;
    at = t.el[0].open;
    for (uint32_t c = xml_first(&t, 0); c != XML_NONE; c = xml_after(&t, c))
        if (comes_before_even(&t, c))
            at = t.el[c].end;
    buf_init(&b, k->j->lim->unpacked_bytes);
    buf_str(&b, str_sub(t.s, 0, at));
    buf_printf(&b, "<%.*sevenAndOddHeaders/>", SF(xml_prefix(&t, 0)));
    buf_str(&b, str_sub(t.s, at, t.s.n));
    put_part(k, member, arena_str(k->j->a, buf_view(&b)));
    buf_release(&b);
}

static struct str folder(struct str member)
{
    struct str before, after;

    return str_cut_last(member, S("/"), &before, &after) ? before : S("");
}

static void mend_footers(struct mending *k)
{
    struct str dir = folder(str_z(k->main)), name;
    const char *rels;
    struct buf more;

    if (zipin_has(k->z, arena_z(k->j->a, arena_printf(k->j->a, "%.*s/qs-footer1.xml", SF(dir)))))
        return; /* mended before */
    (void)str_cut_last(str_z(k->main), S("/"), &dir, &name);
    rels = arena_z(k->j->a, arena_printf(k->j->a, "%.*s/_rels/%.*s.rels", SF(dir), SF(name)));
    put_part(k, arena_z(k->j->a, arena_printf(k->j->a, "%.*s/qs-footer1.xml", SF(dir))),
        odx_footer(&k->w, "QsFooter", "<w:ind w:right=\"280\"/><w:jc w:val=\"right\"/>"));
    put_part(k, arena_z(k->j->a, arena_printf(k->j->a, "%.*s/qs-footer2.xml", SF(dir))),
        odx_footer(&k->w, "QsFooter", "<w:ind w:left=\"280\"/><w:jc w:val=\"left\"/>"));
    append_to(k, rels,
        S("<Relationship Id=\"rIdQsF1\" Type=\"" OFFICE
          "footer\" Target=\"qs-footer1.xml\"/><Relationship Id=\"rIdQsF2\" Type=\"" OFFICE
          "footer\" Target=\"qs-footer2.xml\"/>"));
    buf_init(&more, 4096);
    for (int i = 1; i <= 2; i++)
        buf_printf(&more,
            "<Override PartName=\"/%.*s/qs-footer%d.xml\" ContentType=\"" WML "footer+xml\"/>",
            SF(dir), i);
    append_to(k, "[Content_Types].xml", arena_str(k->j->a, buf_view(&more)));
    buf_release(&more);
    settings(k);
}

/* ---- the main part ---- */

static void mend_text(struct mending *k)
{
    size_t next = 0;

    buf_init(&k->out, k->j->lim->unpacked_bytes);
    for (uint32_t el = 0; el < k->t.n;) {
        while (next < k->m.n && k->m.v[next].elem < el)
            next++;
        if (next < k->m.n && k->m.v[next].elem == el && xml_is(&k->t, el, S("p"))) {
            uint32_t sect = rich_kid(&k->t, rich_kid(&k->t, el, S("pPr")), S("sectPr"));
            if (sect == XML_NONE) /* that of a section stays with its paragraph */
                paragraph(k, &k->m.v[next]);
            next++;
        }
        if (xml_is(&k->t, el, S("sectPr")) && (k->m.page || k->m.footers)) {
            section(k, el);
            el = k->t.el[el].next;
            continue;
        }
        el++;
    }
    keep_to(k, k->t.s.n);
    if (k->out.full)
        (void)JOB_FAIL(k->j, E_LIMIT, "改好的文件超过上限 %zu MB", k->j->lim->unpacked_bytes >> 20);
    put_part(k, k->main, arena_str(k->j->a, buf_view(&k->out)));
    buf_release(&k->out);
}

static void measures(struct mending *k)
{
    official_style_of(OFFICIAL_PAPER, &k->style);
    k->w = (struct odx){.a = k->j->a, .s = &k->style, .o = &k->o};
    k->w.line = (k->style.height - k->style.text_pt * MM_PER_PT) / (k->style.rows - 1);
    k->w.gap = k->w.line - k->style.text_pt * MM_PER_PT;
}

static enum code mend_all(struct mending *k, struct str bytes, struct str *docx)
{
    struct rels package;
    const char *main;

    opc_rels(k->j, k->z, S(""), &package);
    main = opc_find(&package, "officeDocument");
    k->main = main ? main : "word/document.xml";
    opc_rels(k->j, k->z, str_z(k->main), &k->rels);
    measures(k);
    if (!rich_part(k->j, k->z, k->main, &k->t))
        return k->j->failed;
    if (!str_eq(xml_prefix(&k->t, 0), S("w:")))
        return JOB_FAIL(
            k->j, E_INPUT, "文件的写法少见，不能改写，请在 Word 或 WPS 中另存为 docx 再试");
    mend_styles(k);
    mend_text(k);
    if (k->m.footers)
        mend_footers(k);
    if (job_ok(k->j))
        k->j->failed = zip_write(k->j->a, bytes, k->v, k->n_v, docx, k->j->e);
    return k->j->failed;
}

/* ---- the pipe ---- */

static const char magic[4] = {'Q', 'S', 'M', '1'};

enum code mend_job(struct job *j, struct str request)
{
    struct mending k = {.j = j};
    struct mend_para *v;
    struct str docx = {0}, rest = request;
    size_t n[3];

    if (!str_eat(&rest, (struct str){magic, sizeof magic}) || rest.n < sizeof n)
        return JOB_FAIL(j, E_BUG, "改写的请求不合约定");
    memcpy(n, rest.p, sizeof n);
    rest = str_sub(rest, sizeof n, rest.n);
    if (n[0] > MEND_MAX || rest.n < n[0] * sizeof *v)
        return JOB_FAIL(j, E_BUG, "改写的请求不合约定");
    v = ARENA_ARRAY(j->a, struct mend_para, n[0] + 1);
    memcpy(v, rest.p, n[0] * sizeof *v);
    rest = str_sub(rest, n[0] * sizeof *v, rest.n);
    k.m = (struct mend){.v = v, .n = n[0], .page = n[1] != 0, .footers = n[2] != 0};
    j->file_bytes = rest.n;
    if (zipin_open(j, rest, &k.z) != OK || read_docx_zip(j, k.z) != OK)
        return j->failed;
    TRY(mend_all(&k, rest, &docx));
    j->d = (struct doc){.format = FORMAT_DOCX};
    job_part(j, S("mended.docx"), docx);
    job_part(
        j, S("unsplit"), arena_str(j->a, (struct str){(const char *)&k.unsplit, sizeof k.unsplit}));
    return j->failed;
}

enum code rich_mend(struct reader_pool *p, struct arena *a, int fd, struct str name,
    const struct mend *m, struct mended *out, struct err *e)
{
    size_t n[3] = {m->n, m->page, m->footers};
    struct doc d = {0};
    struct str bytes;
    struct buf b;
    enum code c;

    if (m->n > MEND_MAX)
        return FAIL(e, E_LIMIT, "段落超过上限 %d 个，请拆成几个文件", (int)MEND_MAX);
    TRY(read_whole(a, fd, pool_limits(p)->file_bytes, &bytes, e));
    buf_init(&b, 0);
    buf_add(&b, magic, sizeof magic);
    buf_add(&b, n, sizeof n);
    buf_add(&b, m->v, m->n * sizeof *m->v);
    buf_str(&b, bytes);
    c = buf_check(&b, "文件", e);
    if (c == OK)
        c = pool_ask_bytes(p, a, buf_view(&b), AS_MEND, &d, e);
    buf_release(&b);
    if (c != OK)
        return err_context(e, "文件“%.*s”", SF(name));
    if (d.n_parts != 2 || d.parts[1].bytes.n != sizeof out->unsplit)
        return FAIL(e, E_IO, "读取进程的回答不合约定，文件可能是恶意构造的");
    out->docx = d.parts[0].bytes;
    memcpy(&out->unsplit, d.parts[1].bytes.p, sizeof out->unsplit);
    return OK;
}
