/* What official_docx writes against the schema of ECMA-376-1 (transitional), as strictly as Word reads it: which elements stand in which,
 * in which order and how often, which attributes they have and what is in those, and that every name leads somewhere. LibreOffice forgives
 * all of this. The tables hold what we write; an element that is not in them fails, so that whoever writes a new one looks its place up. */
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
#include "base/utf8.h"
#include "office/typeset.h"
#include "paper/layout_out.h"
#include "paper/official_docx.h"
#include "paper/xmltree.h"
#include "paper/zipin.h"
#include "picture.h"

/* ---- the tables: "parent", "children in order"; * any number, + one at least, ! exactly one, others at most one; | any of these in any order ---- */

struct order {
    const char *parent, *children;
};
/* clang-format off */
static const struct order orders[] = {
    {"document", "body!"},
    {"body", "p|tbl* sectPr!"},
    {"p", "pPr r|ins|del|commentRangeStart|commentRangeEnd*"},
    {"ins", "r*"}, {"del", "r*"}, /* in rPr of a mark: empty */
    {"r", "rPr t|delText|br|tab|fldChar|instrText|drawing|commentReference*"},
    /* 17.3.1.26, CT_PPr */
    {"pPr", "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs suppressAutoHyphens "
            "kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind "
            "contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle "
            "rPr sectPr pPrChange"},
    /* 17.3.2.28, EG_RPrBase in the order in which Word writes and validates it; the marks of CT_ParaRPr stand in front */
    {"rPr", "ins del moveFrom moveTo rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof "
            "snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang "
            "eastAsianLayout specVanish oMath"},
    /* 17.6.17 */
    {"sectPr", "headerReference|footerReference* footnotePr endnotePr type pgSz! pgMar! paperSrc pgBorders lnNumType pgNumType cols "
               "formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings"},
    {"pBdr", "top left bottom right between bar"},
    {"tabs", "tab+"},
    {"tbl", "tblPr! tblGrid! tr+"},
    {"tblPr", "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd tblBorders shd "
              "tblLayout tblCellMar tblLook"},
    {"tblBorders", "top left bottom right insideH insideV"},
    {"tblGrid", "gridCol+"},
    {"tr", "trPr tc+"},
    {"trPr", "cantSplit|tblHeader*"},
    {"tc", "tcPr p+"},
    {"tcPr", "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark"},
    {"drawing", "inline!"},
    {"inline", "extent! effectExtent docPr! cNvGraphicFramePr graphic!"},
    {"graphic", "graphicData!"}, {"graphicData", "pic!"}, {"pic", "nvPicPr! blipFill! spPr!"}, {"nvPicPr", "cNvPr! cNvPicPr!"},
    {"blipFill", "blip srcRect stretch"}, {"stretch", "fillRect"}, {"spPr", "xfrm prstGeom"}, {"xfrm", "off! ext!"}, {"prstGeom", "avLst"},
    {"styles", "docDefaults latentStyles style+"},
    {"docDefaults", "rPrDefault pPrDefault"}, {"rPrDefault", "rPr"}, {"pPrDefault", "pPr"},
    {"style", "name! aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked personal rsid pPr rPr "
              "tblPr"},
    {"settings", "writeProtection view zoom mirrorMargins defaultTabStop evenAndOddHeaders drawingGridHorizontalSpacing "
                 "characterSpacingControl footnotePr endnotePr compat docVars rsids themeFontLang decimalSymbol listSeparator"},
    {"compat", "doNotExpandShiftReturn compatSetting*"},
    {"fonts", "font+"},
    {"font", "altName panose1 charset family notTrueType pitch sig"},
    {"ftr", "p+"}, {"hdr", "p+"},
    {"comments", "comment*"}, {"comment", "p+"},
    {"Types", "Default|Override*"}, {"Relationships", "Relationship*"},
    {"coreProperties", "title|creator|category|keywords|created*"},
};

/* "element", attributes it may have; ! it must. A value is one of those behind =, or a number where # stands (#+: not below 0). */
static const struct order attributes[] = {
    {"document", "*"}, {"styles", "*"}, {"ftr", "*"}, {"hdr", "*"}, {"settings", "*"}, {"fonts", "*"}, {"comments", "*"}, {"Types", "*"},
    {"Relationships", "*"}, {"coreProperties", "*"}, {"created", "type"}, {"graphic", "*"}, {"pic", "*"},
    {"pStyle", "val!"}, {"name", "val!"}, {"basedOn", "val!"}, {"altName", "val!"}, {"panose1", "val!"}, {"charset", "val!"},
    {"family", "val!=decorative,modern,roman,script,swiss,auto"}, {"pitch", "val!=fixed,variable,default"}, {"font", "name!"},
    {"widowControl", "val=0,1"}, {"overflowPunct", "val=0,1"}, {"autoSpaceDE", "val=0,1"}, {"autoSpaceDN", "val=0,1"},
    {"snapToGrid", "val=0,1"}, {"outlineLvl", "val!#+"},
    {"framePr", "w#+ h#+ hRule=auto,exact,atLeast hSpace#+ vSpace#+ wrap=auto,notBeside,around,tight,through,none "
                "vAnchor=text,margin,page hAnchor=text,margin,page x# y#"},
    {"spacing", "val# before#+ after#+ line#+ lineRule=auto,exact,atLeast"},
    {"ind", "left# right# hanging#+ firstLine#+ firstLineChars#"},
    {"jc", "val!=left,center,right,both,distribute"},
    {"tab", "val=left,center,right,clear pos#"},
    {"top", "val!=nil,none,single,thickThinSmallGap,thinThickSmallGap sz#+ space#+ color"},
    {"left", "val!=nil,none,single sz#+ space#+ color"}, {"right", "val!=nil,none,single sz#+ space#+ color"},
    {"bottom", "val!=nil,none,single,thickThinSmallGap,thinThickSmallGap sz#+ space#+ color"},
    {"insideH", "val!=single sz#+ space#+ color"}, {"insideV", "val!=single sz#+ space#+ color"},
    {"rFonts", "ascii hAnsi eastAsia cs hint=default,eastAsia,cs"},
    {"color", "val!"}, {"kern", "val!#+"}, {"sz", "val!#+"}, {"szCs", "val!#+"}, {"lang", "val eastAsia"},
    {"t", "space=preserve"}, {"delText", "space=preserve"}, {"instrText", "space=preserve"},
    {"br", "type=page,column,textWrapping"}, {"fldChar", "fldCharType!=begin,separate,end"},
    {"ins", "id!#+ author! date"}, {"del", "id!#+ author! date"}, {"comment", "id!#+ author! date"},
    {"commentRangeStart", "id!#+"}, {"commentRangeEnd", "id!#+"}, {"commentReference", "id!#+"},
    {"headerReference", "type!=default,even,first id!"}, {"footerReference", "type!=default,even,first id!"},
    {"type", "val!=evenPage,oddPage,nextPage,continuous"}, {"pgSz", "w!#+ h!#+"},
    {"pgMar", "top!# right!#+ bottom!# left!#+ header!#+ footer!#+ gutter!#+"},
    {"docGrid", "type=default,lines,linesAndChars,snapToChars linePitch#"},
    {"tblW", "w!#+ type!=pct,dxa,auto,nil"}, {"tblLayout", "type!=autofit,fixed"}, {"gridCol", "w!#+"}, {"gridSpan", "val!#+"},
    {"vMerge", "val=restart,continue"}, {"vAlign", "val!=top,center,bottom"},
    {"inline", "distT#+ distB#+ distL#+ distR#+"}, {"extent", "cx!#+ cy!#+"}, {"ext", "cx!#+ cy!#+"}, {"off", "x!# y!#"},
    {"docPr", "id!#+ name! descr"}, {"cNvPr", "id!#+ name! descr"}, {"graphicData", "uri!"}, {"blip", "embed!"},
    {"prstGeom", "prst!=rect"},
    {"style", "type!=paragraph,character,table,numbering default=0,1 styleId! customStyle=0,1"},
    {"characterSpacingControl", "val!=doNotCompress,compressPunctuation,compressPunctuationAndJapaneseKana"},
    {"compatSetting", "name! uri! val!"},
    {"Default", "Extension! ContentType!"}, {"Override", "PartName! ContentType!"}, {"Relationship", "Id! Type! Target!"},
};
/* clang-format on */

/* ---- one part ---- */

struct checking {
    struct arena a;
    struct job j;
    struct zipin *z;
    struct xmltree t;
    struct str styles, types; /* the parts */
    const char *document, *part;
};

static const char *row_of(const struct order *v, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(str_z(v[i].parent), name))
            return v[i].children;
    return NULL;
}

static bool among(struct str list, const char *separator, struct str s)
{
    struct str one;

    while (str_next(&list, str_z(separator), &one))
        if (str_eq(one, s))
            return true;
    return false;
}

static void wrong(const struct checking *c, uint32_t el, const char *what, struct str of)
{
    struct str s = str_sub(c->t.s, c->t.el[el].begin, 160);

    fail_msg("%s %s: %s %.*s\n%.*s", c->document, c->part, what, SF(of), SF(s));
}

struct slot {
    struct str names;
    char often; /* 0 at most one, '!' one, '*' any, '+' one at least */
};

static struct slot slot_of(struct str word)
{
    struct slot s = {word, 0};
    char last = word.p[word.n - 1];

    if (last == '!' || last == '*' || last == '+') {
        s.often = last;
        s.names.n--;
    }
    return s;
}

/* The children of an element stand in the order of their table. */
static void check_children(const struct checking *c, uint32_t el)
{
    const char *row = row_of(orders, sizeof orders / sizeof *orders, xml_name(&c->t, el));
    struct str rest = str_z(row ? row : ""), word;
    uint32_t k = xml_first(&c->t, el);

    if (!row && k != XML_NONE)
        wrong(c, el, "stands in no table and has children:", xml_name(&c->t, el));
    while (row && str_next(&rest, S(" "), &word)) {
        struct slot s = slot_of(word);
        size_t n = 0;
        while (k != XML_NONE && among(s.names, "|", xml_name(&c->t, k)) &&
               (n == 0 || s.often == '*' || s.often == '+')) {
            n++;
            k = xml_after(&c->t, k);
        }
        if (n == 0 && (s.often == '!' || s.often == '+'))
            wrong(c, el, "lacks", s.names);
    }
    if (k != XML_NONE)
        wrong(c, el, "is out of its order or has no place here:", xml_name(&c->t, k));
}

static bool number(struct str s, bool signed_too)
{
    if (signed_too)
        (void)str_eat(&s, S("-"));
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0 && s.n < 10;
}

static bool value_fits(struct str kind, struct str v)
{
    if (str_eat(&kind, S("=")))
        return among(kind, ",", v);
    if (str_eq(kind, S("#")) || str_eq(kind, S("#+")))
        return number(v, kind.n == 1);
    return v.n > 0;
}

/* name, ! and kind of a word of the attributes' table. */
static struct str attribute_name(struct str word, bool *must, struct str *kind)
{
    size_t n = 0;

    while (n < word.n && word.p[n] != '!' && word.p[n] != '=' && word.p[n] != '#')
        n++;
    *must = n < word.n && word.p[n] == '!';
    *kind = str_sub(word, n + *must, SIZE_MAX);
    return str_sub(word, 0, n);
}

static bool one_attribute(
    const struct checking *c, uint32_t el, struct str row, struct str name, struct str v)
{
    struct str word, kind;
    bool must;

    if (str_starts(name, S("xmlns")) || str_eq(row, S("*")))
        return true;
    while (str_next(&row, S(" "), &word))
        if (str_eq(attribute_name(word, &must, &kind), name)) {
            if (!value_fits(kind, v) && !(name.n == 5 && v.n == 0 && str_eq(name, S("descr"))))
                wrong(c, el, "has an attribute with a wrong value:", v);
            return true;
        }
    return false;
}

static void check_attributes(const struct checking *c, uint32_t el)
{
    const char *row =
        row_of(attributes, sizeof attributes / sizeof *attributes, xml_name(&c->t, el));
    struct str table = str_z(row ? row : ""), word, kind,
               s = str_sub(c->t.s, c->t.el[el].begin + 1 + c->t.el[el].name_n,
                   c->t.el[el].open - c->t.el[el].begin - 1 - c->t.el[el].name_n);
    bool must;

    for (s = str_trim(s); s.n && s.p[0] != '>' && s.p[0] != '/' && s.p[0] != '?'; s = str_trim(s)) {
        struct str name, v, before;
        if (!str_cut(s, S("=\""), &name, &s) || !str_cut(s, S("\""), &v, &s))
            wrong(c, el, "has attributes that are none", s);
        if (str_cut(name, S(":"), &before, &name) && str_eq(before, S("xmlns")))
            continue;
        if (!one_attribute(c, el, table, name, v))
            wrong(c, el, "has an attribute that is not in its table:", name);
    }
    while (row && str_next(&table, S(" "), &word)) {
        struct str name = attribute_name(word, &must, &kind);
        if (must && !xml_attr(&c->t, el, name).n)
            wrong(c, el, "lacks the attribute", name);
    }
}

/* Word refuses what is no character of XML. */
static void check_characters(const struct checking *c)
{
    for (size_t i = 0; i < c->t.s.n; i++) {
        unsigned char b = (unsigned char)c->t.s.p[i];
        if (b < ' ' && b != '\t' && b != '\n' && b != '\r')
            fail_msg("%s %s: byte %02x", c->document, c->part, b);
    }
    assert_int_equal(utf8_check(c->t.s), SIZE_MAX);
}

/* ---- names that lead somewhere ---- */

static bool style_there(struct checking *c, struct str id)
{
    return str_has(c->styles, arena_printf(&c->a, "w:styleId=\"%.*s\"", SF(id)));
}

static size_t said(const struct checking *c, const char *name, struct str id)
{
    size_t n = 0;

    for (uint32_t i = 0; i < c->t.n; i++)
        n += xml_is(&c->t, i, str_z(name)) && str_eq(xml_attr(&c->t, i, S("id")), id);
    return n;
}

static void check_names(struct checking *c, uint32_t el, struct str rels)
{
    struct str name = xml_name(&c->t, el), id = xml_attr(&c->t, el, S("id"));
    bool revision = (str_eq(name, S("ins")) || str_eq(name, S("del"))) && id.n;

    if (str_eq(name, S("pStyle")) && !style_there(c, xml_attr(&c->t, el, S("val"))))
        wrong(c, el, "no such style:", xml_attr(&c->t, el, S("val")));
    if (str_eq(name, S("basedOn")) && !style_there(c, xml_attr(&c->t, el, S("val"))))
        wrong(c, el, "no such style:", xml_attr(&c->t, el, S("val")));
    if (str_ends(name, S("Reference")) && !str_eq(name, S("commentReference")) &&
        !str_has(rels, arena_printf(&c->a, "Id=\"%.*s\"", SF(id))))
        wrong(c, el, "no such relation:", id);
    if (str_eq(name, S("blip")) &&
        !str_has(rels, arena_printf(&c->a, "Id=\"%.*s\"", SF(xml_attr(&c->t, el, S("embed"))))))
        wrong(c, el, "no such relation:", xml_attr(&c->t, el, S("embed")));
    if (str_eq(name, S("commentRangeStart")) &&
        (said(c, "commentRangeStart", id) != 1 || said(c, "commentRangeEnd", id) != 1 ||
            said(c, "commentReference", id) != 1))
        wrong(c, el, "a comment's range has not one beginning, end and reference:", id);
    if (revision && said(c, "ins", id) + said(c, "del", id) != 1)
        wrong(c, el, "two changes have one number:", id);
    if (str_eq(name, S("docPr")) && said(c, "docPr", id) != 1)
        wrong(c, el, "two pictures have one number:", id);
    if (str_eq(name, S("t")) && xml_above(&c->t, el, S("del")) != XML_NONE)
        wrong(c, el, "text that was deleted is delText", S(""));
}

/* A row's cells take as many columns as there are. */
static void check_row(const struct checking *c, uint32_t el)
{
    uint32_t grid = xml_above(&c->t, el, S("tbl"));
    size_t columns = 0, taken = 0;

    for (uint32_t i = grid; i < c->t.el[grid].next; i++)
        columns += xml_is(&c->t, i, S("gridCol"));
    for (uint32_t i = el; i < c->t.el[el].next; i++)
        if (xml_is(&c->t, i, S("gridSpan")))
            taken += (size_t)xml_attr(&c->t, i, S("val")).p[0] - '0' - 1;
        else if (xml_is(&c->t, i, S("tc")))
            taken++;
    if (columns != taken)
        wrong(c, el, "has not as many cells as the table has columns", S(""));
}

static void scan(struct checking *c, const char *name, struct str *bytes)
{
    struct err e = {0};

    c->part = name;
    if (!zipin_read(c->z, name, bytes) || !bytes->n)
        fail_msg("%s: %s is not there", c->document, name);
    if (xmltree_scan(&c->a, *bytes, &c->t, &e) != OK)
        fail_msg("%s %s: %s", c->document, name, e.msg);
}

static void check_part(struct checking *c, const char *name, struct str rels)
{
    struct str bytes;

    scan(c, name, &bytes);
    check_characters(c);
    for (uint32_t i = 0; i < c->t.n; i++) {
        check_children(c, i);
        check_attributes(c, i);
        check_names(c, i, rels);
        if (xml_is(&c->t, i, S("tr")))
            check_row(c, i);
    }
}

/* Every part has its type, every relation its part. */
static void check_package(struct checking *c, struct str rels)
{
    struct str bytes;

    for (size_t i = 0; i < zipin_count(c->z); i++) {
        bool utf8;
        struct str name = zipin_name(c->z, i, &utf8), before, ending;
        if (str_eq(name, S("[Content_Types].xml")))
            continue;
        assert_true(str_cut_last(name, S("."), &before, &ending));
        if (!str_has(c->types, arena_printf(&c->a, "PartName=\"/%.*s\"", SF(name))) &&
            (!str_has(c->types, arena_printf(&c->a, "Extension=\"%.*s\"", SF(ending))) ||
                (str_eq(ending, S("xml")))))
            fail_msg("%s: %.*s has no type", c->document, SF(name));
    }
    scan(c, "word/_rels/document.xml.rels", &bytes);
    for (uint32_t i = 1; i < c->t.n; i++) {
        struct str to = xml_attr(&c->t, i, S("Target")), id = xml_attr(&c->t, i, S("Id"));
        size_t n = 0;
        if (!zipin_has(c->z, arena_z(&c->a, arena_cat(&c->a, S("word/"), to))))
            wrong(c, i, "leads nowhere:", to);
        for (uint32_t k = 1; k < c->t.n; k++)
            n += str_eq(xml_attr(&c->t, k, S("Id")), id);
        if (n != 1)
            wrong(c, i, "two relations have one name:", id);
    }
    (void)rels;
}

static void check_docx(const char *document, struct str docx)
{
    const struct reader_limits limits = reader_limits_default();
    struct checking c = {.document = document};
    struct str rels;

    arena_init(&c.a);
    c.j = (struct job){.a = &c.a, .lim = &limits, .file_bytes = docx.n};
    assert_int_equal(zipin_open(&c.j, docx, &c.z), OK);
    assert_true(zipin_read(c.z, "word/styles.xml", &c.styles));
    assert_true(zipin_read(c.z, "[Content_Types].xml", &c.types));
    assert_true(zipin_read(c.z, "word/_rels/document.xml.rels", &rels));
    check_package(&c, rels);
    for (size_t i = 0; i < zipin_count(c.z); i++) {
        bool utf8;
        struct str name = zipin_name(c.z, i, &utf8);
        if (str_ends(name, S(".xml")) || str_ends(name, S(".rels")))
            check_part(&c, arena_z(&c.a, name), rels);
    }
    arena_release(&c.a);
}

/* ---- documents ---- */

static struct faces *faces;

static int setup(void **state)
{
    struct err e;

    (void)state;
    return faces_open(NULL, &faces, &e) == OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    faces_close(faces);
    return 0;
}

static struct str docx_of(struct arena *a, const struct official *d, struct official_docx *o)
{
    struct official_style style;
    struct layout l;
    struct str bytes;
    struct err e = {0};

    official_style_of(d->form, &style);
    assert_int_equal(layout_make(a, faces, d, &style, &l, &e), OK);
    assert_int_equal(official_docx(a, d, &style, &l, o, &bytes, &e), OK);
    return bytes;
}

static void one_page_file(const char *name)
{
    struct official d;
    struct official_docx o = {.author = S("李明")};
    struct typeset_read told;
    char path[IO_PATH_MAX];
    struct arena a;
    struct buf b;
    struct err e = {0};

    arena_init(&a);
    buf_init(&b, 0);
    assert_int_equal(io_join(path, "tests/pages", name, &e), OK);
    assert_int_equal(io_read_file(path, 1 << 20, &b, &e), OK);
    assert_int_equal(typeset_read(&a, buf_view(&b), NULL, &d, &told, &e), OK);
    check_docx(name, docx_of(&a, &d, &o));
    buf_release(&b);
    arena_release(&a);
}

static void thirty_documents_are_valid(void **state)
{
    struct dirent **v;
    int n = scandir("tests/pages", &v, NULL, alphasort), seen = 0;

    (void)state;
    for (int i = 0; i < n; i++) {
        if (str_ends(str_z(v[i]->d_name), S(".txt"))) {
            seen++;
            one_page_file(v[i]->d_name);
        }
        free(v[i]);
    }
    free(v);
    assert_int_equal(seen, 36);
}

/* A note on each of these words, of the kinds in turn, some of them over the ends of paragraphs. */
static size_t notes_about(struct str text, struct official_note *v)
{
    static const struct {
        enum official_note_kind kind;
        struct str from, to, text;
    } rows[] = {
        {OFFICIAL_COMMENT, SC("汛期"), SC("安全"), SC("题目<再核>\n两行")},
        {OFFICIAL_DELETE, SC("雨水"), SC("增多"), SC("")},
        {OFFICIAL_INSERT, SC("雨水"), SC(""), SC("降雨&大风\n新的一段")},
        {OFFICIAL_COMMENT, SC("请于"), SC("遵照"), SC("跨段的批注")},
        {OFFICIAL_DELETE, SC("预案。"), SC("请遵照"), SC("")},
        {OFFICIAL_INSERT, SC("执行"), SC(""), SC("认真")},
    };
    size_t n = sizeof rows / sizeof *rows;

    for (size_t i = 0; i < n; i++) {
        size_t from = str_find(text, rows[i].from, 0),
               to = rows[i].to.n ? str_find(text, rows[i].to, from) + rows[i].to.n : from;
        assert_true(from != SIZE_MAX && to != SIZE_MAX && to >= from);
        v[i] = (struct official_note){.kind = rows[i].kind,
            .from = from,
            .to = to,
            .text = rows[i].text,
            .author = S("李\"明\" & 王芳"),
            .date = S("2026-07-10T09:30:00Z")};
    }
    return n;
}

/* Tables with merged cells, pictures, comments and tracked changes, annexes, and characters that XML has to hide. */
static void what_a_draft_bears_is_valid(void **state)
{
    static const struct str text =
        SC("集团公司文件\n云建发〔2026〕9号\n关于做好汛期安全生产工作的通知\n各部门：\n"
           "进入七月以来，雨水增多<>&\"'。请于7月15日前报送预案。\n[图：现场，宽5厘米]\n图1　现场\n"
           "项目\t<<\t数量\n安全\t教育\t12\n^^\t检查\t30\n请遵照执行。\n附件：1.清单\n"
           "云岭建设集团有限公司\n2026年7月13日\n附件1\n清单\n一项。\n");
    struct official_note notes[8];
    struct official_docx o = {.author = S("李<明>"), .source = text, .notes = notes};
    struct official d;
    struct typeset_read told;
    struct arena a;
    struct str png;
    struct err e = {0};
    size_t tables = 0, pictures = 0;

    (void)state;
    arena_init(&a);
    png = picture_png(&a, 300, 200);
    o.n_notes = notes_about(text, notes);
    assert_int_equal(typeset_read(&a, text, NULL, &d, &told, &e), OK);
    for (size_t i = 0; i < d.n; i++) {
        tables += d.blocks[i].kind == OFFICIAL_TABLE;
        pictures += d.blocks[i].kind == OFFICIAL_PICTURE;
        if (d.blocks[i].kind == OFFICIAL_PICTURE)
            d.blocks[i].png = png;
    }
    assert_int_equal(tables, 1);
    assert_int_equal(pictures, 1);
    check_docx("稿件", docx_of(&a, &d, &o));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(thirty_documents_are_valid),
        cmocka_unit_test(what_a_draft_bears_is_valid)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
