/* The body of a docx, headers, footers and comments, walked as a tree. */
#include "paper/rich.h"

#include <string.h>

#include "base/utf8.h"
#include "paper/annotate_int.h"
#include "paper/formats.h"
#include "paper/rich_int.h"

enum { FIELDS_MAX = 32, DEPTH_MAX = 200, LOOKS_MAX = 20000, INSTR_CP = 40 };

struct comment_open {
    int id;
    size_t para, at;
};

struct walk {
    struct job *j;
    struct zipin *z;
    struct rich *out;
    struct rich_styles styles;
    struct docx_defs defs;
    const struct xmltree *t;
    struct rels rels; /* of the part being read */
    struct str part;
    enum rich_place place;
    int part_number;
    int table, row, column, across;
    bool covered;
    bool in_code[FIELDS_MAX];
    size_t n_fields;
    int row_mark;      /* change of the row that is being read */
    int *comment_ids;  /* of out->comments */
    struct str *parts; /* members of footers, in their order */
    size_t n_parts, cap_parts;
    size_t cap_paras, cap_looks, cap_changes, cap_comments, cap_pictures, cap_sections, cap_ids;
    size_t bytes;
    int depth;
};

/* The paragraph being read. */
struct said {
    struct rich_para p;
    size_t index; /* that it will have */
    struct buf text;
    size_t cap_runs;
    struct rich_look look; /* of the paragraph's style */
    int num, ilvl;
    int look_now, change_now;
};

static void blocks(struct walk *w, uint32_t el, int change);
static void inlines(struct walk *w, struct said *p, uint32_t el, int change);
static void run_content(struct walk *w, struct said *p, uint32_t el);

static bool any_of(const struct xmltree *t, uint32_t el, const char *const *names)
{
    struct str name = xml_name(t, el);

    for (; *names; names++)
        if (str_eq(name, str_z(*names)))
            return true;
    return false;
}

/* ---- changes and comments ---- */

static int add_change(struct walk *w, uint32_t el, bool deleted)
{
    struct rich *r = w->out;
    struct rich_change c = {.deleted = deleted,
        .author = job_property(w->j, rich_attr(w->j->a, w->t, el, S("author"))),
        .date = job_property(w->j, rich_attr(w->j->a, w->t, el, S("date")))};
    const struct rich_change *last = r->n_changes ? &r->changes[r->n_changes - 1] : NULL;

    if (last && last->deleted == deleted && str_eq(last->author, c.author) &&
        str_eq(last->date, c.date))
        return (int)r->n_changes - 1; /* one change in several runs */
    if (r->n_changes >= RICH_LIST_MAX)
        return -1;
    ARENA_PUSH(w->j->a, r->changes, r->n_changes, w->cap_changes) = c;
    return (int)r->n_changes - 1;
}

/* What an ins, del or move around something says; `outer` where it is none. Inserted and deleted again: -2. */
static int change_of(struct walk *w, uint32_t el, int outer)
{
    static const char *const in[] = {"ins", "moveTo", NULL}, *const gone[] = {
                                                                 "del", "moveFrom", NULL};
    bool deleted = any_of(w->t, el, gone);

    if (outer == -2 || (!deleted && !any_of(w->t, el, in)))
        return outer;
    if (outer >= 0 && w->out->changes[outer].deleted != deleted) {
        w->out->undone++;
        return -2;
    }
    return add_change(w, el, deleted);
}

static struct rich_comment *comment_by_id(struct walk *w, int id)
{
    for (size_t i = 0; i < w->out->n_comments; i++)
        if (w->comment_ids[i] == id)
            return &w->out->comments[i];
    return NULL;
}

static void comment_mark(struct walk *w, struct said *p, uint32_t el, bool begin)
{
    struct rich_comment *c = comment_by_id(w, rich_int(w->t, el, S("id"), -1));

    if (!c)
        return;
    if (begin) {
        c->para = p->index;
        c->from = p->text.n;
    }
    if (begin || c->placed) {
        c->to_para = p->index;
        c->to = p->text.n;
    }
    c->placed = true;
}

/* A reference without a range: the place itself. */
static void comment_reference(struct walk *w, struct said *p, uint32_t el)
{
    struct rich_comment *c = comment_by_id(w, rich_int(w->t, el, S("id"), -1));

    if (c && !c->placed)
        comment_mark(w, p, el, true);
}

/* ---- runs ---- */

static int look_index(struct walk *w, const struct rich_look *k)
{
    struct rich *r = w->out;

    for (size_t i = r->n_looks; i-- > 0 && i + 32 > r->n_looks;) {
        const struct rich_look *x = &r->looks[i];
        if (str_eq(x->east, k->east) && str_eq(x->latin, k->latin) && x->half_pt == k->half_pt &&
            x->spacing == k->spacing && x->colour == k->colour && x->bold == k->bold &&
            x->italic == k->italic && x->underline == k->underline)
            return (int)i;
    }
    if (r->n_looks >= LOOKS_MAX)
        return LOOKS_MAX - 1;
    ARENA_PUSH(w->j->a, r->looks, r->n_looks, w->cap_looks) = *k;
    return (int)r->n_looks - 1;
}

/* The text grew from `before` on, with the look and change of the run being read. */
static void grew(struct walk *w, struct said *p, size_t before)
{
    size_t n = p->text.n - before;
    struct rich_run *last = p->p.n_runs ? &p->p.runs[p->p.n_runs - 1] : NULL;

    if (n == 0)
        return;
    if (last && last->look == p->look_now && last->change == p->change_now)
        last->n += n;
    else
        ARENA_PUSH(w->j->a, p->p.runs, p->p.n_runs, p->cap_runs) =
            (struct rich_run){n, p->look_now, p->change_now};
}

static bool in_code(const struct walk *w)
{
    for (size_t i = 0; i < w->n_fields && i < FIELDS_MAX; i++)
        if (w->in_code[i])
            return true;
    return false;
}

static void field_mark(struct walk *w, uint32_t el)
{
    struct str type = xml_attr(w->t, el, S("fldCharType"));

    if (str_eq(type, S("begin"))) {
        if (w->n_fields < FIELDS_MAX)
            w->in_code[w->n_fields++] = true;
    } else if (str_eq(type, S("separate")) && w->n_fields) {
        w->in_code[w->n_fields - 1] = false;
    } else if (str_eq(type, S("end")) && w->n_fields) {
        w->n_fields--;
    }
}

static void instruction(struct said *p, struct str s)
{
    s = str_trim(s);
    if (str_starts(s, S("PAGE")) && !str_starts(s, S("PAGEREF")))
        p->p.page_field = true;
    else if (str_starts(s, S("TOC")) || str_has(s, S("REF ")) || str_starts(s, S("DATE")) ||
             str_starts(s, S("TIME")))
        p->p.fields = true;
}

static struct str inner(const struct walk *w, uint32_t el)
{
    const struct xml_el *x = &w->t->el[el];

    return str_sub(w->t->s, x->open, x->close > x->open ? x->close - x->open : 0);
}

/* A member named by a relation of the part. */
static void add_picture(
    struct walk *w, struct said *p, uint32_t blip, int width, bool floating, struct str descr)
{
    struct str id = xml_attr(w->t, blip, S("embed")), bytes;
    const char *member;

    if (!id.n)
        id = xml_attr(w->t, blip, S("id"));
    member = opc_by_id(&w->rels, id);
    if (!member || !zipin_has(w->z, member) || w->out->n_pictures >= RICH_LIST_MAX ||
        !zipin_read(w->z, member, &bytes))
        return;
    ARENA_PUSH(w->j->a, w->out->pictures, w->out->n_pictures, w->cap_pictures) =
        (struct rich_picture){.para = p->index,
            .at = p->text.n,
            .name = job_member_name(w->j, str_z(member)),
            .bytes = bytes,
            .descr = job_property(w->j, descr),
            .width = width,
            .floating = floating};
}

/* NOLINTBEGIN(misc-no-recursion): as deep as the XML, held to DEPTH_MAX */
/* A picture, shape or object: pictures and the text boxes in it. */
static void graphics(struct walk *w, struct said *p, uint32_t el, int change)
{
    size_t pictures = w->out->n_pictures;
    struct str descr = S("");
    bool floating = false;
    int width = 0;

    p->p.drawing = true;
    for (uint32_t c = el; c < w->t->el[el].next;) {
        if (xml_is(w->t, c, S("Fallback"))) {
            c = w->t->el[c].next;
            continue;
        }
        floating = floating || xml_is(w->t, c, S("anchor"));
        if (xml_is(w->t, c, S("extent")))
            width = rich_int(w->t, c, S("cx"), 0) / 635;
        if (xml_is(w->t, c, S("docPr")))
            descr = rich_attr(w->j->a, w->t, c, S("descr"));
        if (xml_is(w->t, c, S("blip")) || xml_is(w->t, c, S("imagedata")))
            add_picture(w, p, c, width, floating, descr);
        if (xml_is(w->t, c, S("txbxContent"))) {
            struct walk before = *w;
            w->place = w->place == RICH_BODY ? RICH_BOX : w->place;
            w->table = 0;
            w->out->boxes++;
            w->n_fields = 0;
            blocks(w, c, change);
            w->place = before.place;
            w->table = before.table;
            w->n_fields = before.n_fields;
            c = w->t->el[c].next;
            continue;
        }
        c++;
    }
    w->out->shapes += w->out->n_pictures == pictures;
}

/* mc:AlternateContent: the first choice. */
static uint32_t chosen(const struct walk *w, uint32_t el)
{
    uint32_t c = rich_kid(w->t, el, S("Choice"));

    return c != XML_NONE ? c : rich_kid(w->t, el, S("Fallback"));
}

static bool run_char(struct walk *w, struct said *p, uint32_t c)
{
    static const char *const breaks[] = {"br", "cr", NULL}, *const tabs[] = {"tab", "ptab", NULL};
    struct str type = xml_attr(w->t, c, S("type"));

    if (any_of(w->t, c, tabs))
        buf_char(&p->text, '\t');
    else if (any_of(w->t, c, breaks) && !str_eq(type, S("page")) && !str_eq(type, S("column")))
        buf_char(&p->text, '\n');
    else if (xml_is(w->t, c, S("br")) && str_eq(type, S("page")))
        *(p->text.n ? &p->p.breaks : &p->p.f.page_break) = true;
    else if (xml_is(w->t, c, S("noBreakHyphen")))
        buf_char(&p->text, '-');
    else if (xml_is(w->t, c, S("sym")))
        docx_symbol(rich_attr(w->j->a, w->t, c, S("font")), xml_attr(w->t, c, S("char")), &p->text);
    else
        return false;
    return true;
}

static void run_item(struct walk *w, struct said *p, uint32_t c)
{
    static const char *const shapes[] = {"drawing", "pict", "object", NULL},
                             *const texts[] = {"t", "delText", NULL},
                             *const notes[] = {"footnoteReference", "endnoteReference", NULL};
    size_t before = p->text.n;

    if (xml_is(w->t, c, S("fldChar"))) {
        field_mark(w, c);
    } else if (xml_is(w->t, c, S("instrText"))) {
        instruction(p, inner(w, c));
    } else if (any_of(w->t, c, shapes)) {
        graphics(w, p, c, p->change_now);
    } else if (xml_is(w->t, c, S("AlternateContent"))) {
        if (chosen(w, c) != XML_NONE)
            run_content(w, p, chosen(w, c));
    } else if (xml_is(w->t, c, S("commentReference"))) {
        comment_reference(w, p, c);
    } else if (any_of(w->t, c, notes)) {
        w->out->footnotes++;
    } else if (!in_code(w) && any_of(w->t, c, texts)) {
        xml_plain(&p->text, inner(w, c));
        grew(w, p, before);
    } else if (!in_code(w) && xml_is(w->t, c, S("ruby"))) {
        inlines(w, p, rich_kid(w->t, c, S("rubyBase")), p->change_now);
    } else if (!in_code(w) && run_char(w, p, c)) {
        grew(w, p, before);
    }
}

static void run_content(struct walk *w, struct said *p, uint32_t el)
{
    for (uint32_t c = xml_first(w->t, el); c != XML_NONE; c = xml_after(w->t, c))
        run_item(w, p, c);
}

static void run(struct walk *w, struct said *p, uint32_t el, int change)
{
    uint32_t rpr = rich_kid(w->t, el, S("rPr")), style = rich_kid(w->t, rpr, S("rStyle"));
    struct rich_look k = p->look;

    if (change == -2 || (rpr != XML_NONE && rich_on(w->t, rich_kid(w->t, rpr, S("vanish"))) &&
                            p->text.n + 1 > 0 && rich_kid(w->t, rpr, S("vanish")) != XML_NONE))
        return;
    if (style != XML_NONE && w->styles.there) {
        struct rich_style *s = rich_style_of(&w->styles, rich_attr(w->j->a, w->t, style, S("val")));
        if (s != &w->styles.base)
            rich_look_read(&w->styles, &w->styles.t, rich_kid(&w->styles.t, s->el, S("rPr")), &k);
    }
    rich_look_read(&w->styles, w->t, rpr, &k);
    if (rich_kid(w->t, rpr, S("rPrChange")) != XML_NONE)
        w->out->formats++;
    p->look_now = look_index(w, &k);
    p->change_now = change;
    run_content(w, p, el);
}

static void inline_item(struct walk *w, struct said *p, uint32_t c, int change)
{
    static const char *const wrappers[] = {"ins", "moveTo", "del", "moveFrom", "smartTag",
        "customXml", "hyperlink", "dir", "bdo", "sdtContent", "oMath", "oMathPara", "e", "f", "num",
        "den", "sSup", "sSub", "sup", "sub", "d", "rad", NULL};

    if (xml_is(w->t, c, S("r"))) {
        run(w, p, c, change);
    } else if (xml_is(w->t, c, S("commentRangeStart"))) {
        comment_mark(w, p, c, true);
    } else if (xml_is(w->t, c, S("commentRangeEnd"))) {
        comment_mark(w, p, c, false);
    } else if (xml_is(w->t, c, S("fldSimple"))) {
        instruction(p, rich_attr(w->j->a, w->t, c, S("instr")));
        inlines(w, p, c, change);
    } else if (xml_is(w->t, c, S("sdt"))) {
        uint32_t prompt = rich_kid(w->t, rich_kid(w->t, c, S("sdtPr")), S("showingPlcHdr"));
        if (prompt == XML_NONE || !rich_on(w->t, prompt))
            inlines(w, p, rich_kid(w->t, c, S("sdtContent")), change);
    } else if (xml_is(w->t, c, S("AlternateContent"))) {
        inlines(w, p, chosen(w, c), change);
    } else if (any_of(w->t, c, wrappers)) {
        if (xml_is(w->t, c, S("oMath")))
            w->out->formulas++;
        inlines(w, p, c, change_of(w, c, change));
    }
}

static void inlines(struct walk *w, struct said *p, uint32_t el, int change)
{
    if (el == XML_NONE || ++w->depth > DEPTH_MAX)
        return;
    for (uint32_t c = xml_first(w->t, el); c != XML_NONE && job_ok(w->j); c = xml_after(w->t, c))
        inline_item(w, p, c, change);
    w->depth--;
}

/* ---- sections ---- */

static int footer_number(struct walk *w, struct str id)
{
    const char *member = opc_by_id(&w->rels, id);

    if (!member)
        return -1;
    for (size_t i = 0; i < w->n_parts; i++)
        if (str_eq(w->parts[i], str_z(member)))
            return (int)i;
    ARENA_PUSH(w->j->a, w->parts, w->n_parts, w->cap_parts) = str_z(member);
    return (int)w->n_parts - 1;
}

static void footer_reference(struct walk *w, uint32_t c, struct rich_section *s)
{
    struct str type = xml_attr(w->t, c, S("type"));
    int which = str_eq(type, S("even")) ? 1 : str_eq(type, S("first")) ? 2 : 0;

    s->footers[which] = footer_number(w, xml_attr(w->t, c, S("id")));
}

static void section_grid(struct walk *w, uint32_t c, struct rich_section *s)
{
    struct str type = xml_attr(w->t, c, S("type"));

    s->grid = str_eq(type, S("lines"))           ? 1
              : str_eq(type, S("linesAndChars")) ? 2
              : str_eq(type, S("snapToChars"))   ? 3
                                                 : 0;
    s->pitch = rich_int(w->t, c, S("linePitch"), 0);
    s->chars = rich_int(w->t, c, S("charSpace"), 0);
}

/* Footers that a section does not name are those of the one before. */
static void section(struct walk *w, uint32_t el)
{
    struct rich *r = w->out;
    struct rich_section s = {.top = -1, .width = -1, .height = -1, .footers = {-1, -1, -1}};

    if (r->n_sections)
        memcpy(s.footers, r->sections[r->n_sections - 1].footers, sizeof s.footers);
    for (uint32_t c = xml_first(w->t, el); c != XML_NONE; c = xml_after(w->t, c)) {
        if (xml_is(w->t, c, S("pgSz"))) {
            s.width = rich_int(w->t, c, S("w"), -1);
            s.height = rich_int(w->t, c, S("h"), -1);
        } else if (xml_is(w->t, c, S("pgMar"))) {
            s.top = rich_int(w->t, c, S("top"), -1);
            s.right = rich_int(w->t, c, S("right"), -1);
            s.bottom = rich_int(w->t, c, S("bottom"), -1);
            s.left = rich_int(w->t, c, S("left"), -1);
            s.header = rich_int(w->t, c, S("header"), -1);
            s.footer = rich_int(w->t, c, S("footer"), -1);
            s.gutter = rich_int(w->t, c, S("gutter"), 0);
        } else if (xml_is(w->t, c, S("docGrid"))) {
            section_grid(w, c, &s);
        } else if (xml_is(w->t, c, S("cols"))) {
            s.columns = rich_int(w->t, c, S("num"), 1);
        } else if (xml_is(w->t, c, S("titlePg"))) {
            s.title_page = rich_on(w->t, c);
        } else if (xml_is(w->t, c, S("footerReference"))) {
            footer_reference(w, c, &s);
        }
    }
    if (r->n_sections < RICH_LIST_MAX)
        ARENA_PUSH(w->j->a, r->sections, r->n_sections, w->cap_sections) = s;
}

/* ---- paragraphs ---- */

static void paragraph_mark(struct walk *w, struct said *p, uint32_t rpr)
{
    static const char *const marks[] = {"ins", "del", "moveTo", "moveFrom", NULL};

    if (rpr == XML_NONE)
        return;
    for (uint32_t c = xml_first(w->t, rpr); c != XML_NONE; c = xml_after(w->t, c))
        if (any_of(w->t, c, marks))
            p->p.mark = change_of(w, c, -1);
}

static void properties(struct walk *w, struct said *p, uint32_t ppr)
{
    uint32_t num = rich_kid(w->t, ppr, S("numPr"));
    struct str id = rich_attr(w->j->a, w->t, rich_kid(w->t, ppr, S("pStyle")), S("val"));
    struct rich_style *s = rich_style_of(&w->styles, id);
    struct docx_style d = docx_style_of(&w->defs, id.n ? id : w->styles.normal);
    int outline = rich_int(w->t, rich_kid(w->t, ppr, S("outlineLvl")), S("val"), d.outline);

    p->p.style = s->name;
    p->look = s->look;
    p->p.f = s->f;
    p->p.title = d.title;
    p->p.level = outline >= 0 && outline < 9 ? outline + 1 : 0;
    p->num = num == XML_NONE ? -1 : rich_int(w->t, rich_kid(w->t, num, S("numId")), S("val"), -1);
    p->ilvl = num == XML_NONE ? -1 : rich_int(w->t, rich_kid(w->t, num, S("ilvl")), S("val"), -1);
    rich_format_read(w->t, ppr, &p->p.f);
    paragraph_mark(w, p, rich_kid(w->t, ppr, S("rPr")));
    if (rich_kid(w->t, ppr, S("pPrChange")) != XML_NONE)
        w->out->formats++;
}

static void label(struct walk *w, struct said *p, struct str id)
{
    struct buf b;

    buf_init(&b, 4096);
    docx_paragraph_label(&w->defs, id, p->num, p->ilvl, str_trim(p->p.text), &b);
    if (str_trim(p->p.text).n)
        p->p.label = arena_str(w->j->a, buf_view(&b));
    buf_release(&b);
}

static void paragraph(struct walk *w, uint32_t el, int change)
{
    struct said p = {.p = {.place = (int)w->place,
                         .part = w->part_number,
                         .elem = el,
                         .mark = w->row_mark,
                         .table = w->table,
                         .row = w->row,
                         .column = w->column,
                         .across = w->across,
                         .covered = w->covered}};
    uint32_t ppr = rich_kid(w->t, el, S("pPr"));
    struct str id = rich_attr(w->j->a, w->t, rich_kid(w->t, ppr, S("pStyle")), S("val"));
    size_t slot;

    if (w->out->n >= RICH_PARAS_MAX) {
        (void)JOB_FAIL(w->j, E_LIMIT, "段落超过上限 %d 个，请拆成几个文件", (int)RICH_PARAS_MAX);
        return;
    }
    p.index = slot = w->out->n; /* boxes inside it come behind it */
    ARENA_PUSH(w->j->a, w->out->paras, w->out->n, w->cap_paras) = p.p;
    buf_init(&p.text, w->j->lim->text_bytes);
    properties(w, &p, ppr);
    p.p.section = (int)w->out->n_sections;
    inlines(w, &p, el, change);
    w->bytes += p.text.n;
    if (p.text.full || w->bytes > w->j->lim->text_bytes)
        (void)JOB_FAIL(
            w->j, E_LIMIT, "文字超过上限 %zu MB，请拆成几个文件", w->j->lim->text_bytes >> 20);
    p.p.text = arena_str(w->j->a, buf_view(&p.text));
    buf_release(&p.text);
    label(w, &p, id);
    w->out->paras[slot] = p.p;
    if (rich_kid(w->t, ppr, S("sectPr")) != XML_NONE && w->place == RICH_BODY)
        section(w, rich_kid(w->t, ppr, S("sectPr")));
}

/* ---- tables ---- */

static void cell(struct walk *w, uint32_t el, int change)
{
    uint32_t tcpr = rich_kid(w->t, el, S("tcPr")), merge = rich_kid(w->t, tcpr, S("vMerge"));
    int across = rich_int(w->t, rich_kid(w->t, tcpr, S("gridSpan")), S("val"), 1);

    w->across = across < 1 ? 1 : across > 1000 ? 1000 : across;
    w->covered = merge != XML_NONE && !str_eq(xml_attr(w->t, merge, S("val")), S("restart"));
    blocks(w, el, change);
    w->column += w->across;
}

static void row_cells(struct walk *w, uint32_t el, int change)
{
    for (uint32_t c = xml_first(w->t, el); c != XML_NONE && job_ok(w->j); c = xml_after(w->t, c)) {
        if (xml_is(w->t, c, S("tc")))
            cell(w, c, change);
        else if (xml_is(w->t, c, S("sdt")))
            row_cells(w, rich_kid(w->t, c, S("sdtContent")), change);
        else if (xml_is(w->t, c, S("customXml")))
            row_cells(w, c, change);
    }
}

static void row(struct walk *w, uint32_t el, int change)
{
    uint32_t pr = rich_kid(w->t, el, S("trPr"));
    int before = rich_int(w->t, rich_kid(w->t, pr, S("gridBefore")), S("val"), 0);

    w->column = before > 0 && before < 1000 ? before : 0;
    w->row_mark = -1;
    for (uint32_t c = pr == XML_NONE ? XML_NONE : xml_first(w->t, pr); c != XML_NONE;
         c = xml_after(w->t, c))
        if (xml_is(w->t, c, S("ins")) || xml_is(w->t, c, S("del")))
            w->row_mark = change_of(w, c, -1);
    row_cells(w, el, change);
    w->row_mark = -1;
    w->row++;
}

static void rows(struct walk *w, uint32_t el, int change)
{
    if (el == XML_NONE || ++w->depth > DEPTH_MAX)
        return;
    for (uint32_t c = xml_first(w->t, el); c != XML_NONE && job_ok(w->j); c = xml_after(w->t, c)) {
        if (xml_is(w->t, c, S("tr")))
            row(w, c, change);
        else if (xml_is(w->t, c, S("sdt")))
            rows(w, rich_kid(w->t, c, S("sdtContent")), change);
        else if (xml_is(w->t, c, S("customXml")))
            rows(w, c, change);
    }
    w->depth--;
}

static void table(struct walk *w, uint32_t el, int change)
{
    if (w->table) { /* in a cell of another: its paragraphs are that cell's */
        for (uint32_t c = el; c < w->t->el[el].next; c++)
            if (xml_is(w->t, c, S("p")) && xml_above(w->t, c, S("tbl")) == el)
                paragraph(w, c, change);
        return;
    }
    w->table = ++w->out->tables;
    w->row = 0;
    rows(w, el, change);
    w->table = w->row = w->column = w->across = 0;
    w->covered = false;
}

/* ---- blocks ---- */

static void block(struct walk *w, uint32_t c, int change)
{
    static const char *const wrappers[] = {
        "ins", "moveTo", "del", "moveFrom", "smartTag", "customXml", "sdtContent", NULL};

    if (xml_is(w->t, c, S("p"))) {
        paragraph(w, c, change);
    } else if (xml_is(w->t, c, S("tbl"))) {
        table(w, c, change);
    } else if (xml_is(w->t, c, S("sdt"))) {
        uint32_t prompt = rich_kid(w->t, rich_kid(w->t, c, S("sdtPr")), S("showingPlcHdr"));
        if (prompt == XML_NONE || !rich_on(w->t, prompt))
            blocks(w, rich_kid(w->t, c, S("sdtContent")), change);
    } else if (xml_is(w->t, c, S("AlternateContent"))) {
        blocks(w, chosen(w, c), change);
    } else if (xml_is(w->t, c, S("sectPr")) && w->place == RICH_BODY) {
        section(w, c);
    } else if (any_of(w->t, c, wrappers)) {
        blocks(w, c, change_of(w, c, change));
    }
}

static void blocks(struct walk *w, uint32_t el, int change)
{
    if (el == XML_NONE || ++w->depth > DEPTH_MAX)
        return;
    for (uint32_t c = xml_first(w->t, el); c != XML_NONE && job_ok(w->j); c = xml_after(w->t, c))
        block(w, c, change);
    w->depth--;
}
/* NOLINTEND(misc-no-recursion) */

/* ---- parts ---- */

static void other_part(struct walk *w, const char *member, enum rich_place place, int number)
{
    struct xmltree t;

    if (!rich_part(w->j, w->z, member, &t))
        return;
    opc_rels(w->j, w->z, str_z(member), &w->rels);
    w->t = &t;
    w->place = place;
    w->part_number = number;
    w->n_fields = 0;
    if (place ==
        RICH_FOOTNOTE) /* each stands in an element of its own; the lines that part them from the text do too */
        for (uint32_t c = xml_first(&t, 0); c != XML_NONE && job_ok(w->j); c = xml_after(&t, c))
            blocks(w, c, -1);
    else
        blocks(w, 0, -1);
    w->t = NULL;
}

/* Comments first: their places are found while the text is read. */
static void comments(struct walk *w, const char *member)
{
    struct rich *r = w->out;
    struct xmltree t;

    if (!rich_part(w->j, w->z, member, &t))
        return;
    for (uint32_t c = xml_first(&t, 0); c != XML_NONE && r->n_comments < RICH_LIST_MAX;
         c = xml_after(&t, c)) {
        struct buf b;
        if (!xml_is(&t, c, S("comment")))
            continue;
        buf_init(&b, 1 << 20);
        for (uint32_t k = c; k < t.el[c].next; k++) {
            if (xml_is(&t, k, S("p")) && b.n)
                buf_char(&b, '\n');
            if (xml_is(&t, k, S("t")))
                xml_plain(&b, str_sub(t.s, t.el[k].open, t.el[k].close - t.el[k].open));
        }
        size_t n = w->cap_ids ? r->n_comments : 0;
        ARENA_PUSH(w->j->a, w->comment_ids, n, w->cap_ids) = rich_int(&t, c, S("id"), -1);
        ARENA_PUSH(w->j->a, r->comments, r->n_comments, w->cap_comments) = (struct rich_comment){
            .author = job_property(w->j, rich_attr(w->j->a, &t, c, S("author"))),
            .date = job_property(w->j, rich_attr(w->j->a, &t, c, S("date"))),
            .text = arena_str(w->j->a, buf_view(&b))};
        buf_release(&b);
    }
}

static void settings(struct walk *w, const char *member)
{
    struct xmltree t;
    uint32_t el;

    if (!rich_part(w->j, w->z, member, &t))
        return;
    el = rich_kid(&t, 0, S("evenAndOddHeaders"));
    w->out->even_and_odd = el != XML_NONE && rich_on(&t, el);
}

static void core(struct walk *w, const char *member)
{
    struct rich *r = w->out;
    struct xmltree t;

    if (!rich_part(w->j, w->z, member, &t))
        return;
    for (uint32_t c = xml_first(&t, 0); c != XML_NONE; c = xml_after(&t, c)) {
        struct str *to = xml_is(&t, c, S("category"))   ? &r->category
                         : xml_is(&t, c, S("keywords")) ? &r->keywords
                                                        : NULL;
        struct buf b;
        if (!to)
            continue;
        buf_init(&b, 1 << 20);
        xml_plain(&b, str_sub(t.s, t.el[c].open, t.el[c].close - t.el[c].open));
        *to = job_property(w->j, arena_str(w->j->a, buf_view(&b)));
        buf_release(&b);
    }
}

enum code rich_from(struct job *j, struct zipin *z, struct rich *out)
{
    struct walk w = {.j = j, .z = z, .out = out, .row_mark = -1};
    struct rels package, rels;
    struct xmltree t;
    const char *main;

    opc_rels(j, z, S(""), &package);
    main = opc_find(&package, "officeDocument");
    main = main ? main : "word/document.xml";
    opc_rels(j, z, str_z(main), &rels);
    rich_styles_read(j, z, &rels, &w.styles);
    docx_styles_read(j, z, opc_find(&rels, "styles"), &w.defs);
    docx_numbering_read(j, z, opc_find(&rels, "numbering"), &w.defs);
    settings(&w, opc_find(&rels, "settings"));
    core(&w, opc_find(&package, "core-properties"));
    comments(&w, opc_find(&rels, "comments"));
    if (!rich_part(j, z, main, &t))
        return job_ok(j) ? JOB_FAIL(j, E_INPUT, "缺少正文（word/document.xml），文件可能已损坏")
                         : j->failed;
    w.t = &t;
    w.rels = rels;
    w.part = str_z(main);
    blocks(&w, rich_kid(&t, 0, S("body")), -1);
    for (size_t i = 0; i < w.n_parts && job_ok(j); i++)
        other_part(&w, w.parts[i].p, RICH_FOOTER, (int)i);
    for (size_t i = 0; i < rels.n && job_ok(j); i++)
        if (str_eq(rels.v[i].type, S("header")))
            other_part(&w, rels.v[i].target.p, RICH_HEADER, (int)i);
    other_part(&w, opc_find(&rels, "footnotes"), RICH_FOOTNOTE, 0);
    other_part(&w, opc_find(&rels, "endnotes"), RICH_FOOTNOTE, 0);
    return j->failed;
}

enum code rich_job(struct job *j, struct str docx)
{
    struct rich r = {0};
    struct zipin *z;
    struct buf b;

    j->file_bytes = docx.n;
    if (!str_starts(docx, S("PK")))
        return JOB_FAIL(
            j, E_INPUT, "不是 docx 文件；doc、wps 文件请先在 Word 或 WPS 中另存为 docx");
    /* the plain reader judges it: whether it is well-formed, how much it unpacks to */
    if (zipin_open(j, docx, &z) != OK || read_docx_zip(j, z) != OK)
        return j->failed;
    if (rich_from(j, z, &r) != OK)
        return j->failed;
    r.title = j->d.title;
    r.author = j->d.author;
    r.date = j->d.date;
    buf_init(&b, (size_t)1 << 30);
    rich_encode(&r, &b);
    if (b.full)
        return JOB_FAIL(j, E_LIMIT, "文稿连同图片超过上限 1 GB");
    j->d = (struct doc){.format = FORMAT_DOCX};
    job_part(j, S("rich"), arena_str(j->a, buf_view(&b)));
    buf_release(&b);
    return j->failed;
}
