/* docx: the text a reader of the printed paper sees. */
#include "base/utf8.h"
#include "paper/docx_int.h"
#include "paper/formats.h"

enum {
    CELLS_MAX = 1024,
    FIELDS_MAX = 32,  /* fields within fields */
    HEADERS_MAX = 64, /* different headers and footers kept */
    OUTLINE_BODY = 9,
};

/* Where paragraphs go. */
enum sink { TO_BODY, TO_CELL, TO_NOTE };

/* Text on its way to a block, and where it came from. */
struct said {
    struct buf text;
    struct trace from;
};

struct waiting {
    struct block b;
    struct trace from;
};

struct docx {
    struct job *j;
    uint32_t part; /* number of the member that is being read */
    struct docx_defs defs;
    bool in_code[FIELDS_MAX]; /* of each open field: still in its instruction, not in its result */
    size_t n_fields;
    struct said carry; /* text of a paragraph whose end mark was deleted: goes on in the next */
    struct waiting *pending; /* notes and inner tables, until the paragraph or row is out */
    size_t n_pending, cap_pending;
    size_t pending_bytes;
    bool pictures, hidden;
};

struct para {
    struct said said;
    struct str style;
    int outline, num, ilvl; /* -1: not said */
    bool joined;            /* its end mark is deleted */
};

static void blocks(struct docx *w, struct xr *x, enum sink to, struct said *cell_text);
static void one_block(struct docx *w, struct xr *x, enum sink to, struct said *cell_text);
static void inlines(struct docx *w, struct xr *x, struct para *p);

/* ---- text with its trace ---- */

/* The current element has just given the text behind `before`. */
static void came_from(struct docx *w, struct said *to, size_t before, uint32_t elem, bool whole)
{
    size_t n = to->text.n - before;
    struct stretch s = {
        .off = before, .n = n, .at_n = n, .part = w->part, .elem = elem, .whole = whole};

    trace_add(w->j->map, &to->from, s);
}

/* Append [begin, end) of one text to another. */
static void said_add(
    struct docx *w, struct said *to, const struct said *from, size_t begin, size_t end)
{
    trace_take(w->j->map, &to->from, to->text.n, &from->from, begin, end);
    buf_str(&to->text, str_sub(buf_view(&from->text), begin, end - begin));
}

static void said_clear(struct said *s)
{
    buf_clear(&s->text);
    s->from.n = 0;
}

static void defer(struct docx *w, enum block_kind kind, int level, const struct said *said)
{
    struct waiting b = {{kind, level, {"", 0}}, {0}};
    struct str text = buf_view(&said->text);

    w->pending_bytes += text.n;
    if (text.n == 0)
        return;
    if (w->pending_bytes > w->j->lim->text_bytes) {
        (void)JOB_FAIL(
            w->j, E_LIMIT, "文字超过上限 %zu MB，请拆成几个文件", w->j->lim->text_bytes >> 20);
        return;
    }
    b.b.text = arena_str(w->j->a, text);
    trace_take(w->j->map, &b.from, 0, &said->from, 0, text.n);
    ARENA_PUSH(w->j->a, w->pending, w->n_pending, w->cap_pending) = b;
}

static void flush(struct docx *w)
{
    for (size_t i = 0; i < w->n_pending; i++) {
        const struct waiting *p = &w->pending[i];
        job_block_traced(w->j, p->b.kind, p->b.level, p->b.text, &p->from);
    }
    w->n_pending = 0;
    w->pending_bytes = 0;
}

/* ---- what may be read of the choices and wrappers ---- */

/* mc:AlternateContent says one thing in several ways: the first is read. */
static bool choose(struct xr *x, int d, bool *taken)
{
    while (xr_child(x, d)) {
        if (!*taken && (xr_is(x, "Choice") || xr_is(x, "Fallback"))) {
            *taken = true;
            return true;
        }
    }
    return false;
}

static bool is_gone(const struct xr *x)
{
    return xr_is(x, "del") || xr_is(x, "moveFrom");
}

static bool is_wrapper(const struct xr *x)
{
    static const char *const names[] = {"ins", "moveTo", "smartTag", "customXml", "hyperlink",
        "fldSimple", "dir", "bdo", "sdtContent", "oMath", "oMathPara"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (xr_is(x, names[i]))
            return true;
    return false;
}

/* Parts of a formula: their letters and digits are read in order. */
static bool is_formula(const struct xr *x)
{
    static const char *const names[] = {
        "e", "f", "num", "den", "sSup", "sSub", "sup", "sub", "d", "rad"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (xr_is(x, names[i]))
            return true;
    return false;
}

/* ---- runs ---- */

static void field_mark(struct docx *w, struct xr *x)
{
    struct str type = xr_attr(x, "fldCharType");

    if (str_eq(type, S("begin"))) {
        if (w->n_fields < FIELDS_MAX)
            w->in_code[w->n_fields] = true;
        if (w->n_fields < (size_t)INT32_MAX)
            w->n_fields++;
    } else if (str_eq(type, S("separate")) && w->n_fields > 0 && w->n_fields <= FIELDS_MAX) {
        w->in_code[w->n_fields - 1] = false;
    } else if (str_eq(type, S("end")) && w->n_fields > 0) {
        w->n_fields--;
    }
}

static bool in_code(const struct docx *w)
{
    for (size_t i = 0; i < w->n_fields && i < FIELDS_MAX; i++)
        if (w->in_code[i])
            return true;
    return false;
}

/* NOLINTBEGIN(misc-no-recursion): as deep as the XML, which xr.h holds to 254 */
/* A picture, shape or object: only text boxes in it are text. VML and DrawingML both end in
 * w:txbxContent; the copy for old programs (mc:Fallback) is passed over. */
static void graphics(struct docx *w, struct xr *x)
{
    for (int d = xr_enter(x); xr_descend(x, d);) {
        if (xr_is(x, "txbxContent"))
            blocks(w, x, TO_NOTE, NULL);
        else if (xr_is(x, "Fallback"))
            xr_skip(x);
        else if (xr_is(x, "blip") || xr_is(x, "imagedata"))
            w->pictures = true;
    }
}

static void run_content(struct docx *w, struct xr *x, struct para *p);

/* One character for the whole of the current element. */
static void stands_for(struct docx *w, struct xr *x, struct para *p, char c)
{
    size_t before = p->said.text.n;

    buf_char(&p->said.text, c);
    came_from(w, &p->said, before, xr_ordinal(x), true);
}

static void run_text(struct docx *w, struct xr *x, struct para *p)
{
    size_t before = p->said.text.n;
    uint32_t elem = xr_ordinal(x);

    if (xr_is(x, "t"))
        xr_text(x, &p->said.text);
    else
        docx_symbol(xr_attr(x, "font"), xr_attr(x, "char"), &p->said.text);
    came_from(w, &p->said, before, elem, !xr_is(x, "t"));
}

static void run_item(struct docx *w, struct xr *x, struct para *p)
{
    bool taken = false;

    if (xr_is(x, "fldChar")) {
        field_mark(w, x);
    } else if (xr_is(x, "drawing") || xr_is(x, "pict") || xr_is(x, "object")) {
        graphics(w, x);
    } else if (xr_is(x, "AlternateContent")) {
        for (int d = xr_enter(x); choose(x, d, &taken);)
            run_content(w, x, p);
    } else if (in_code(w)) {
        return;
    } else if (xr_is(x, "t") || xr_is(x, "sym")) {
        run_text(w, x, p);
    } else if (xr_is(x, "tab") || xr_is(x, "ptab")) {
        stands_for(w, x, p, '\t');
    } else if (xr_is(x, "br") || xr_is(x, "cr")) {
        struct str type = xr_attr(x, "type");
        if (!str_eq(type, S("page")) && !str_eq(type, S("column")))
            stands_for(w, x, p, '\n');
    } else if (xr_is(x, "noBreakHyphen")) {
        stands_for(w, x, p, '-');
    } else if (xr_is(x, "ruby")) {
        for (int d = xr_enter(x); xr_child(x, d);)
            if (xr_is(x, "rubyBase"))
                inlines(w, x, p);
    }
}

static bool run_hidden(struct xr *x)
{
    bool hidden = false;

    for (int d = xr_enter(x); xr_child(x, d);)
        if (xr_is(x, "vanish"))
            hidden = xr_on(x);
    return hidden;
}

static void run_content(struct docx *w, struct xr *x, struct para *p)
{
    bool hidden = false;
    size_t before = p->said.text.n;

    for (int d = xr_enter(x); xr_child(x, d);) {
        if (xr_is(x, "rPr"))
            hidden = run_hidden(x);
        else
            run_item(w, x, p);
    }
    if (hidden && p->said.text.n > before) {
        p->said.text.n = before;
        trace_cut(&p->said.from, before);
        w->hidden = true;
    }
}

/* ---- paragraphs ---- */

static void numbering_properties(struct xr *x, struct para *p)
{
    for (int d = xr_enter(x); xr_child(x, d);) {
        if (xr_is(x, "numId"))
            p->num = xr_attr_int(x, "val", 0);
        else if (xr_is(x, "ilvl"))
            p->ilvl = xr_attr_int(x, "val", 0);
    }
}

static void paragraph_properties(struct xr *x, struct para *p)
{
    for (int d = xr_enter(x); xr_child(x, d);) {
        if (xr_is(x, "pStyle"))
            p->style = xr_attr(x, "val");
        else if (xr_is(x, "outlineLvl"))
            p->outline = xr_attr_int(x, "val", OUTLINE_BODY);
        else if (xr_is(x, "numPr"))
            numbering_properties(x, p);
        else if (xr_is(x, "rPr"))
            for (int k = xr_enter(x); xr_child(x, k);)
                p->joined = p->joined || is_gone(x);
    }
}

/* A content control: false for one that still shows its prompt. */
static bool enter_control(struct xr *x, int d)
{
    bool prompt = false;

    while (xr_child(x, d)) {
        if (xr_is(x, "sdtPr")) {
            for (int k = xr_enter(x); xr_child(x, k);)
                prompt = prompt || (xr_is(x, "showingPlcHdr") && xr_on(x));
        } else if (xr_is(x, "sdtContent")) {
            return !prompt;
        }
    }
    return false;
}

static void inlines(struct docx *w, struct xr *x, struct para *p)
{
    for (int d = xr_enter(x); xr_child(x, d);) {
        bool taken = false;
        if (xr_is(x, "r")) {
            run_content(w, x, p);
        } else if (xr_is(x, "pPr")) {
            paragraph_properties(x, p);
        } else if (xr_is(x, "sdt")) {
            int k = xr_enter(x);
            if (enter_control(x, k))
                inlines(w, x, p);
        } else if (xr_is(x, "AlternateContent")) {
            for (int k = xr_enter(x); choose(x, k, &taken);)
                inlines(w, x, p);
        } else if (is_wrapper(x) || is_formula(x)) {
            inlines(w, x, p);
        }
    }
}

static void place(
    struct docx *w, const struct para *p, const struct said *said, enum sink to, struct said *cell)
{
    struct str text = buf_view(&said->text);
    struct docx_style s;
    enum block_kind kind = BLOCK_PARA;
    int outline, level = 0;

    if (to == TO_CELL) {
        if (cell->text.n > 0 && text.n > 0)
            buf_char(&cell->text, ' ');
        said_add(w, cell, said, 0, text.n);
        return;
    }
    if (to == TO_NOTE) {
        defer(w, BLOCK_NOTE, 0, said);
        return;
    }
    s = docx_style_of(&w->defs, p->style);
    outline = p->outline >= 0 ? p->outline : s.outline;
    if (s.title) {
        kind = BLOCK_TITLE;
    } else if (outline >= 0 && outline < OUTLINE_BODY) {
        kind = BLOCK_HEADING;
        level = outline + 1;
    }
    job_block_traced(w->j, kind, level, text, &said->from);
    flush(w);
}

/* With its number in front, to where it belongs. */
static void end_paragraph(struct docx *w, struct para *p, enum sink to, struct said *cell)
{
    struct str all = buf_view(&p->said.text), text = str_trim(all);
    size_t lead = text.n > 0 ? (size_t)(text.p - all.p) : 0;
    struct said whole = {0};

    /* an empty paragraph of a list has its number in the counting, but nothing to show */
    docx_paragraph_label(&w->defs, p->style, p->num, p->ilvl, text, &whole.text);
    if (text.n > 0) {
        said_add(w, &whole, &p->said, lead, lead + text.n);
        place(w, p, &whole, to, cell);
    } else if (to == TO_BODY) {
        flush(w);
    }
    buf_release(&whole.text);
}

static void paragraph(struct docx *w, struct xr *x, enum sink to, struct said *cell)
{
    struct para p = {.outline = -1, .num = -1, .ilvl = -1};

    buf_init(&p.said.text, w->j->lim->text_bytes);
    inlines(w, x, &p);
    if (p.said.text.full)
        (void)JOB_FAIL(
            w->j, E_LIMIT, "文字超过上限 %zu MB，请拆成几个文件", w->j->lim->text_bytes >> 20);
    if (p.joined && to != TO_NOTE) {
        said_add(w, &w->carry, &p.said, 0, p.said.text.n);
        buf_release(&p.said.text);
        return;
    }
    if (to != TO_NOTE && w->carry.text.n > 0) {
        said_add(w, &w->carry, &p.said, 0, p.said.text.n);
        struct said before = p.said;
        p.said = w->carry;
        w->carry = before;
        said_clear(&w->carry);
    }
    end_paragraph(w, &p, to, cell);
    buf_release(&p.said.text);
}

/* ---- tables ---- */

struct row {
    struct str *cells;
    struct trace *from;
    size_t n, cap, n_from, cap_from;
    bool gone;
};

static void push_cell(struct docx *w, struct row *r, const struct said *said)
{
    struct str text = buf_view(&said->text);
    struct trace from = {0};

    if (r->n >= CELLS_MAX) {
        (void)JOB_FAIL(w->j, E_LIMIT, "表格一行超过上限 %d 格", (int)CELLS_MAX);
        return;
    }
    trace_take(w->j->map, &from, 0, &said->from, 0, text.n);
    ARENA_PUSH(w->j->a, r->cells, r->n, r->cap) = arena_str(w->j->a, text);
    ARENA_PUSH(w->j->a, r->from, r->n_from, r->cap_from) = from;
}

static void cell(struct docx *w, struct xr *x, struct row *r)
{
    static const struct said nothing = {0};
    struct said said = {0};
    int span = 1;
    bool below = false, gone = false;

    buf_init(&said.text, w->j->lim->text_bytes);
    for (int d = xr_enter(x); xr_child(x, d);) {
        if (xr_is(x, "tcPr")) {
            for (int k = xr_enter(x); xr_child(x, k);) {
                if (xr_is(x, "gridSpan"))
                    span = xr_attr_int(x, "val", 1);
                else if (xr_is(x, "vMerge"))
                    below = !str_eq(xr_attr(x, "val"), S("restart"));
                else if (xr_is(x, "cellDel"))
                    gone = true;
            }
            continue;
        }
        one_block(w, x, TO_CELL, &said);
    }
    if (said.text.full)
        (void)JOB_FAIL(
            w->j, E_LIMIT, "文字超过上限 %zu MB，请拆成几个文件", w->j->lim->text_bytes >> 20);
    if (!gone)
        push_cell(w, r, below ? &nothing : &said);
    for (int i = 1; i < span && i < CELLS_MAX && job_ok(w->j) && !gone; i++)
        push_cell(w, r, &nothing);
    buf_release(&said.text);
}

static void row_content(struct docx *w, struct xr *x, struct row *r)
{
    for (int d = xr_enter(x); xr_child(x, d);) {
        if (xr_is(x, "tc")) {
            cell(w, x, r);
        } else if (xr_is(x, "trPr")) {
            for (int k = xr_enter(x); xr_child(x, k);) {
                r->gone = r->gone || xr_is(x, "del");
                for (int n = xr_is(x, "gridBefore") ? xr_attr_int(x, "val", 0) : 0;
                     n > 0 && job_ok(w->j); n--)
                    push_cell(w, r, &(struct said){0});
            }
        } else if (xr_is(x, "sdt")) {
            int k = xr_enter(x);
            if (enter_control(x, k))
                row_content(w, x, r);
        } else if (is_wrapper(x)) {
            row_content(w, x, r);
        }
    }
}

/* A row of a table in the body is a block at once; that of a table in a cell waits for the outer row. */
static void end_row(struct docx *w, const struct row *r, enum sink to, int number)
{
    struct said joined = {0};

    if (to == TO_BODY) {
        job_row_traced(w->j, number, r->cells, r->from, r->n);
        flush(w);
        return;
    }
    for (size_t i = 0; i < r->n; i++) {
        if (i > 0)
            buf_char(&joined.text, to == TO_CELL ? '\t' : ' ');
        trace_take(w->j->map, &joined.from, joined.text.n, &r->from[i], 0, r->cells[i].n);
        buf_str(&joined.text, r->cells[i]);
    }
    if (str_trim(buf_view(&joined.text)).n > 0)
        defer(w, to == TO_CELL ? BLOCK_ROW : BLOCK_NOTE, to == TO_CELL ? number : 0, &joined);
    buf_release(&joined.text);
}

static void table_rows(struct docx *w, struct xr *x, enum sink to, int number)
{
    for (int d = xr_enter(x); xr_child(x, d);) {
        if (xr_is(x, "tr")) {
            struct row r = {0};
            row_content(w, x, &r);
            if (!r.gone)
                end_row(w, &r, to, number);
        } else if (xr_is(x, "sdt")) {
            int k = xr_enter(x);
            if (enter_control(x, k))
                table_rows(w, x, to, number);
        } else if (is_wrapper(x)) {
            table_rows(w, x, to, number);
        }
    }
}

/* ---- blocks ---- */

static void one_block(struct docx *w, struct xr *x, enum sink to, struct said *cell_text)
{
    bool taken = false;

    if (xr_is(x, "p")) {
        paragraph(w, x, to, cell_text);
    } else if (xr_is(x, "tbl")) {
        table_rows(w, x, to, ++w->j->tables);
    } else if (xr_is(x, "sdt")) {
        int k = xr_enter(x);
        if (enter_control(x, k))
            blocks(w, x, to, cell_text);
    } else if (xr_is(x, "AlternateContent")) {
        for (int k = xr_enter(x); choose(x, k, &taken);)
            blocks(w, x, to, cell_text);
    } else if (is_wrapper(x)) {
        blocks(w, x, to, cell_text);
    } else if (xr_is(x, "altChunk")) {
        job_warn(w->j, "嵌入的另一份文件未读入");
    }
}

static void blocks(struct docx *w, struct xr *x, enum sink to, struct said *cell_text)
{
    for (int d = xr_enter(x); xr_child(x, d);)
        one_block(w, x, to, cell_text);
}

/* NOLINTEND(misc-no-recursion) */

/* ---- notes, headers, footers ---- */

static struct xr *open_part(struct docx *w, struct zipin *z, const char *member)
{
    w->part = (uint32_t)zipin_index(z, member);
    return xr_open(w->j, z, member);
}

/* Parts that hold several notes: footnotes, endnotes, comments. */
static void notes(struct docx *w, struct zipin *z, const char *member)
{
    struct xr *x = member ? open_part(w, z, member) : NULL;

    if (!x)
        return;
    for (int d = xr_enter(x); xr_child(x, d);) {
        struct str type = xr_attr(x, "type"); /* separator and the like: lines, not text */
        if (type.n == 0 || str_eq(type, S("normal")))
            blocks(w, x, TO_NOTE, NULL);
        w->n_fields = 0;
    }
    xr_close(x);
    flush(w);
}

/* "- 3 -", "第 3 页 共 9 页": a page number says nothing. */
static bool only_page_number(struct str s)
{
    size_t off = 0;

    while (off < s.n) {
        uint32_t cp = utf8_next(s, &off);
        if (cp >= 0x80 && !(cp >= 0x2010 && cp <= 0x2015) && cp != 0x7B2C && cp != 0x9875 &&
            cp != 0x5171 && cp != 0x3000 && cp != 0xFF0D && !(cp >= 0xFF10 && cp <= 0xFF19) &&
            cp != 0xB7 && cp != 0x2500)
            return false;
        if (cp < 0x80 && ((cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z')))
            return false;
    }
    return true;
}

static void headers(struct docx *w, struct zipin *z, const struct rels *rels)
{
    struct str said[HEADERS_MAX];
    size_t n_said = 0;

    for (size_t i = 0; i < rels->n && job_ok(w->j); i++) {
        struct xr *x;
        if (!str_eq(rels->v[i].type, S("header")) && !str_eq(rels->v[i].type, S("footer")))
            continue;
        x = open_part(w, z, rels->v[i].target.p);
        if (!x)
            continue;
        blocks(w, x, TO_NOTE, NULL);
        xr_close(x);
        w->n_fields = 0;
        for (size_t k = 0; k < w->n_pending; k++) {
            struct str *text = &w->pending[k].b.text;
            bool known = only_page_number(*text);
            for (size_t m = 0; m < n_said && !known; m++)
                known = str_eq(said[m], *text);
            if (known)
                text->n = 0;
            else if (n_said < HEADERS_MAX)
                said[n_said++] = *text;
        }
        flush(w);
    }
}

static void main_part(struct docx *w, struct zipin *z, const char *member)
{
    struct xr *x = open_part(w, z, member);

    if (!x) {
        (void)JOB_FAIL(w->j, E_INPUT, "缺少正文（word/document.xml），文件可能已损坏");
        return;
    }
    for (int d = xr_enter(x); xr_child(x, d);)
        if (xr_is(x, "body"))
            blocks(w, x, TO_BODY, NULL);
    xr_close(x);
    if (w->carry.text.n > 0)
        job_block_traced(w->j, BLOCK_PARA, 0, buf_view(&w->carry.text), &w->carry.from);
    flush(w);
    w->n_fields = 0;
}

enum code read_docx_zip(struct job *j, struct zipin *z)
{
    struct docx w = {.j = j};
    struct rels package, rels;
    const char *main;

    j->d.format = FORMAT_DOCX;
    buf_init(&w.carry.text, j->lim->text_bytes);
    opc_rels(j, z, S(""), &package);
    main = opc_find(&package, "officeDocument");
    main = main ? main : "word/document.xml";
    opc_properties(j, z, &package);
    opc_rels(j, z, str_z(main), &rels);
    docx_styles_read(j, z, opc_find(&rels, "styles"), &w.defs);
    docx_numbering_read(j, z, opc_find(&rels, "numbering"), &w.defs);
    main_part(&w, z, main);
    j->d.image_only = j->d.n == 0 && w.pictures;
    notes(&w, z, opc_find(&rels, "footnotes"));
    notes(&w, z, opc_find(&rels, "endnotes"));
    notes(&w, z, opc_find(&rels, "comments"));
    headers(&w, z, &rels);
    if (w.hidden)
        job_warn(j, "有隐藏文字，未读入");
    buf_release(&w.carry.text);
    return j->failed;
}
