#include "paper/official_docx_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "paper/mark.h"

enum { DOCX_BYTES_MAX = 512 << 20, PARTS_MAX = 2000 };

/* ---- runs and paragraphs ---- */

struct look {
    enum face face;
    double pt; /* 0: of the style */
    uint32_t colour;
    bool plain; /* the face of the style */
};

static void text(struct odx *w, struct str s, const struct look *k)
{
    struct str rpr;
    struct buf b;

    if (s.n == 0)
        return;
    buf_init(&b, 4096);
    buf_z(&b, "<w:rPr>");
    if (!k->plain)
        odx_fonts(&b, odx_font(w, k->face));
    else
        buf_z(&b, "<w:rFonts w:hint=\"eastAsia\"/>");
    if (k->colour)
        buf_printf(&b, "<w:color w:val=\"%06X\"/>", k->colour);
    if (k->pt > 0)
        buf_printf(&b, "<w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/>", (int)lround(2 * k->pt),
            (int)lround(2 * k->pt));
    buf_z(&b, "</w:rPr>");
    rpr = arena_str(w->a, buf_view(&b));
    buf_release(&b);
    if (odx_has_notes(w, s))
        odx_noted(w, s, rpr);
    else
        odx_plain_run(w, s, rpr, "t");
}

static const struct look styled = {.plain = true};

/* A paragraph begins; `more` are properties behind the style's. */
static void para(struct odx *w, const char *style, const char *more)
{
    buf_z(&w->b, "<w:p>");
    w->ppr = w->b.n;
    buf_printf(&w->b, "<w:pPr><w:pStyle w:val=\"%s\"/>%s", style, more ? more : "");
    w->ppr_end = w->b.n;
    w->source_at = SIZE_MAX;
    buf_z(&w->b, "</w:pPr>");
}

static void para_end(struct odx *w)
{
    if (w->source_at != SIZE_MAX)
        odx_noted_end(w);
    buf_z(&w->b, "</w:p>");
}

static void line_of(struct odx *w, const char *style, const char *more, struct str s)
{
    para(w, style, more);
    text(w, s, &styled);
    para_end(w);
}

static void empty(struct odx *w, int n)
{
    while (n-- > 0)
        buf_z(&w->b, "<w:p><w:pPr><w:pStyle w:val=\"Empty\"/></w:pPr></w:p>");
}

/* Empty lines of a height of their own. */
static void empty_high(struct odx *w, int n, double mm)
{
    while (n-- > 0)
        buf_printf(&w->b,
            "<w:p><w:pPr><w:pStyle w:val=\"Empty\"/><w:spacing w:line=\"%d\" "
            "w:lineRule=\"exact\"/></w:pPr></w:p>",
            odx_twips(mm));
}

static const char *indent(struct odx *w, double left_mm, double hang_mm)
{
    return arena_z(w->a, arena_printf(w->a, "<w:ind w:left=\"%d\" w:hanging=\"%d\"/>",
                             odx_twips(left_mm), odx_twips(hang_mm)));
}

/* ---- 版头 ---- */

static void corner(struct odx *w, double top_mm)
{
    const struct official *d = w->d;
    const struct {
        struct str s;
        enum face face;
    } items[] = {{d->copy_no, FACE_FANG}, {d->secrecy, FACE_HEI}, {d->urgency, FACE_HEI}};

    for (size_t i = 0; i < 3; i++) {
        if (items[i].s.n == 0)
            continue;
        para(w, "Head",
            arena_z(w->a,
                arena_printf(w->a,
                    "<w:framePr w:w=\"3000\" w:h=\"%d\" w:hRule=\"atLeast\" w:wrap=\"around\" "
                    "w:vAnchor=\"page\" w:hAnchor=\"margin\" w:x=\"1\" w:y=\"%d\"/>",
                    odx_twips(w->line), odx_twips(top_mm - w->gap / 2))));
        text(w, items[i].s, &(struct look){.face = items[i].face});
        para_end(w);
    }
}

/* Where the mark's ink begins and ends on the first page, as it was laid out. */
static bool mark_at(const struct odx *w, double *top, double *pt)
{
    const struct layout_page *p = w->l->n ? &w->l->pages[0] : NULL;

    *top = HUGE_VAL;
    for (size_t i = 0; p && i < p->n_runs; i++)
        if (p->runs[i].face == FACE_BIAO && p->runs[i].colour == w->s->red) {
            *top = fmin(*top, p->runs[i].y - 0.86 * p->runs[i].pt * MM_PER_PT);
            *pt = p->runs[i].pt;
        }
    return *top < HUGE_VAL;
}

/* A letter's mark stands above the text area: in a frame, with the thick and thin line below it. */
static void letter_mark(struct odx *w, struct str s, double top, double pt)
{
    double em = pt * MM_PER_PT, wide = 170, left = (w->s->paper_width - wide) / 2;

    para(w, "Mark",
        arena_z(w->a,
            arena_printf(w->a,
                "<w:framePr w:w=\"%d\" w:hSpace=\"0\" w:wrap=\"around\" w:vAnchor=\"page\" "
                "w:hAnchor=\"page\" w:x=\"%d\" w:y=\"%d\"/><w:pBdr><w:top w:val=\"nil\"/><w:left "
                "w:val=\"nil\"/><w:bottom w:val=\"%s\" w:sz=\"24\" w:space=\"8\" "
                "w:color=\"%06X\"/><w:right w:val=\"nil\"/></w:pBdr><w:spacing w:line=\"%d\" "
                "w:lineRule=\"exact\"/>",
                odx_twips(wide), odx_twips(left), odx_twips(top - 0.1 * em),
                w->s->preprinted ? "nil" : "thickThinSmallGap", w->s->red, odx_twips(em * 1.2))));
    if (!w->s->preprinted)
        text(w, s, &(struct look){.face = FACE_BIAO, .pt = pt, .colour = w->s->red});
    para_end(w);
}

static void mark(struct odx *w)
{
    const struct official *d = w->d;
    double top, pt = w->s->mark_pt, em, before;

    if (!mark_at(w, &top, &pt)) /* pre-printed, or none: the room it would take */
        top = w->s->mark_top + (d->form == OFFICIAL_LETTER ? 0 : w->s->top);
    em = pt * MM_PER_PT;
    before = fmax(0, top - 0.1 * em - (w->s->top - w->gap / 2));
    for (size_t i = 0; i < d->n_issuers || i == 0; i++) {
        struct str s = d->n_issuers ? d->issuers[i] : S("");
        if (i + 1 >= d->n_issuers)
            s = arena_cat(w->a, s, d->mark_word);
        if (d->form == OFFICIAL_LETTER) {
            letter_mark(w, s, top, pt);
            return;
        }
        para(w, "Mark",
            arena_z(w->a, arena_printf(w->a,
                              "<w:spacing w:before=\"%d\" w:line=\"%d\" w:lineRule=\"exact\"/>",
                              i == 0 ? odx_twips(before) : 0, odx_twips(em * 1.2))));
        if (!w->s->preprinted)
            text(w, s, &(struct look){.face = FACE_BIAO, .pt = pt, .colour = w->s->red});
        para_end(w);
    }
}

static struct str signers(struct odx *w)
{
    struct str s = {0};

    for (size_t i = 0; i < w->d->n_signers; i++)
        s = arena_printf(w->a, "%.*s%s%.*s", SF(s), i ? "　" : "", SF(w->d->signers[i]));
    return s;
}

/* A letter's number is the first line of the flow: how far below the upper margin it was laid out. */
static double above_docno(const struct odx *w)
{
    const struct layout_page *p = w->l->n ? &w->l->pages[0] : NULL;

    for (size_t i = 0; p && i < p->n_runs; i++)
        if (str_eq(p->runs[i].text, w->d->docno))
            return fmax(0, p->runs[i].y - 0.88 * w->s->text_pt * MM_PER_PT - w->s->top);
    return 0;
}

static void docno(struct odx *w)
{
    char rule[200] = "";

    if (!w->s->preprinted && w->d->form != OFFICIAL_LETTER && w->d->form != OFFICIAL_ORDER)
        (void)snprintf(rule, sizeof rule,
            "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"%d\" w:space=\"%d\" "
            "w:color=\"%06X\"/></w:pBdr>",
            (int)lround(w->s->line_mm / MM_PER_PT * 8),
            (int)lround((w->s->line_gap - w->gap / 2) / MM_PER_PT), w->s->red);
    if (w->d->n_signers) {
        para(w, "Head",
            arena_z(
                w->a, arena_printf(w->a, "%s<w:tabs><w:tab w:val=\"right\" w:pos=\"%d\"/></w:tabs>",
                          rule, odx_twips(w->s->width - w->line / 2))));
        text(w, S("　"), &styled);
        text(w, w->d->docno, &styled);
        buf_z(&w->b, "<w:r><w:tab/></w:r>");
        text(w, S("签发人："), &styled);
        text(w, signers(w), &(struct look){.face = FACE_KAI});
        para_end(w);
        return;
    }
    para(w, "Head",
        arena_z(w->a, arena_printf(w->a,
                          "%s<w:spacing w:before=\"%d\" w:line=\"%d\" w:lineRule=\"exact\"/><w:jc "
                          "w:val=\"%s\"/>",
                          rule, w->d->form == OFFICIAL_LETTER ? odx_twips(above_docno(w)) : 0,
                          odx_twips(w->line), w->d->form == OFFICIAL_LETTER ? "right" : "center")));
    text(w, w->d->docno, &styled);
    para_end(w);
}

/* The first line of the title on the first page as it was laid out: where its characters begin. */
static double title_top(const struct odx *w)
{
    const struct layout_page *p = w->l->n ? &w->l->pages[0] : NULL;
    double top = HUGE_VAL;

    for (size_t i = 0; p && i < p->n_runs; i++)
        if (p->runs[i].face == FACE_BIAO && p->runs[i].colour != w->s->red)
            top = fmin(top, p->runs[i].y - 0.88 * p->runs[i].pt * MM_PER_PT);
    return top;
}

/* The two empty lines below the red line. The layout counts them from the line itself, a flow from the paragraph above with its border: they
 * are as high as brings the title to its place. */
static void below_line(struct odx *w)
{
    double border = (w->s->line_gap - w->gap / 2) + w->s->line_mm, above = above_docno(w),
           top = title_top(w), em = w->s->text_pt * MM_PER_PT, room;

    room = top - (above + w->s->top + em) - w->gap - border;
    if (top == HUGE_VAL || above <= 0 || w->s->preprinted || room < w->line ||
        room > 2 * w->line + em)
        empty(w, 2);
    else
        empty_high(w, 2, room / 2);
}

static void editor(struct odx *w)
{
    para(w, "Head",
        arena_z(w->a, arena_printf(w->a,
                          "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"12\" w:space=\"4\" "
                          "w:color=\"%06X\"/></w:pBdr>"
                          "<w:tabs><w:tab w:val=\"right\" w:pos=\"%d\"/></w:tabs>",
                          w->s->red, odx_twips(w->s->width - 5))));
    text(w, arena_cat(w->a, S("　"), w->d->editor), &styled);
    buf_z(&w->b, "<w:r><w:tab/></w:r>");
    text(w, w->d->edited, &styled);
    para_end(w);
}

static void head(struct odx *w)
{
    const struct official *d = w->d;

    corner(w, d->form == OFFICIAL_LETTER ? w->s->mark_top + 25 : w->s->top);
    mark(w);
    switch (d->form) {
    case OFFICIAL_LETTER:
        docno(w);
        empty(w, 2);
        break;
    case OFFICIAL_ORDER:
        empty(w, 2);
        docno(w);
        empty(w, 2);
        break;
    case OFFICIAL_BULLETIN:
        empty(w, 1);
        line_of(w, "Head", "<w:jc w:val=\"center\"/>", d->docno);
        empty(w, 1);
        editor(w);
        empty(w, 2);
        break;
    case OFFICIAL_PAPER:
    case OFFICIAL_MINUTES:
    case OFFICIAL_SPEECH:
    case OFFICIAL_READING:
    case OFFICIAL_PLAIN:
    case N_OFFICIAL_FORM:
        empty(w, 2);
        docno(w);
        below_line(w);
        break;
    }
}

/* ---- blocks ---- */

static void paragraph(struct odx *w, const struct official_block *b)
{
    static const char *const headings[] = {
        "Normal", "Heading1", "Heading2", "Heading3", "Heading4"};
    bool whole = b->level > 0 && b->level <= 4 && b->head >= b->text.n;
    struct look k = {.face = b->level == 1 ? FACE_HEI : b->level == 2 ? FACE_KAI : FACE_FANG};

    if (b->kind == OFFICIAL_CENTRED || b->kind == OFFICIAL_CAPTION) {
        para(w, b->kind == OFFICIAL_CAPTION ? "Caption" : "Centred", NULL);
        text(w, b->text, &styled);
        para_end(w);
        return;
    }
    para(w, whole ? headings[b->level] : b->kind == OFFICIAL_FLUSH ? "Flush" : "Normal", NULL);
    if (!whole && b->level > 0 && b->head > 0) {
        text(w, str_sub(b->text, 0, b->head), &k);
        text(w, str_sub(b->text, b->head, SIZE_MAX), &styled);
    } else {
        text(w, b->text, &styled);
    }
    para_end(w);
}

static void borders(struct odx *w)
{
    static const char *const sides[] = {"top", "left", "bottom", "right", "insideH", "insideV"};

    buf_z(&w->b, "<w:tblBorders>");
    for (size_t i = 0; i < 6; i++)
        buf_printf(&w->b, "<w:%s w:val=\"single\" w:sz=\"%d\" w:space=\"0\" w:color=\"auto\"/>",
            sides[i], i < 4 ? 8 : 4);
    buf_z(&w->b, "</w:tblBorders>");
}

/* As in the layout: lines of 1.35 em, 3 mm of room for a cell of one line. */
static const char *cell_lines(struct odx *w, double pt, bool centred)
{
    double em = pt * MM_PER_PT, line = 1.35 * em, room = (em + 3 - line) / 2;

    return arena_z(w->a,
        arena_printf(w->a,
            "<w:spacing w:before=\"%d\" w:after=\"%d\" w:line=\"%d\" w:lineRule=\"exact\"/>%s",
            odx_twips(room), odx_twips(room), odx_twips(line),
            centred ? "<w:jc w:val=\"center\"/>" : ""));
}

/* The cell that (r, c) belongs to: itself, or the one that takes it in. */
static const struct official_cell *whose(
    const struct official_table *t, size_t r, size_t c, size_t *r0, size_t *c0)
{
    for (*r0 = r + 1; (*r0)-- > 0;)
        for (*c0 = c + 1; (*c0)-- > 0;) {
            const struct official_cell *x = &t->cells[*r0 * t->n_columns + *c0];
            if (!x->covered && *c0 + (size_t)(x->across > 1 ? x->across : 1) > c &&
                *r0 + (size_t)(x->down > 1 ? x->down : 1) > r)
                return x;
        }
    *r0 = r;
    *c0 = c;
    return &t->cells[r * t->n_columns + c];
}

static void cell(struct odx *w, const struct official_table *t, size_t r, size_t c, double pt)
{
    size_t r0, c0;
    const struct official_cell *k = whose(t, r, c, &r0, &c0);
    struct str rest = r0 == r ? k->text : S(""), line;
    bool any = false;

    if (c0 < c)
        return; /* under one that takes several columns */
    buf_z(&w->b, "<w:tc><w:tcPr>");
    if (k->across > 1)
        buf_printf(&w->b, "<w:gridSpan w:val=\"%d\"/>", k->across);
    if (r0 < r)
        buf_z(&w->b, "<w:vMerge/>");
    else if (k->down > 1)
        buf_z(&w->b, "<w:vMerge w:val=\"restart\"/>");
    buf_z(&w->b, "<w:vAlign w:val=\"center\"/></w:tcPr>");
    while (str_next(&rest, S("\n"), &line)) {
        para(w, "Cell", cell_lines(w, pt, r < t->n_heads));
        text(w, line, &(struct look){.face = r < t->n_heads ? FACE_HEI : FACE_FANG, .pt = pt});
        para_end(w);
        any = true;
    }
    if (!any)
        buf_z(&w->b, "<w:p><w:pPr><w:pStyle w:val=\"Cell\"/></w:pPr></w:p>");
    buf_z(&w->b, "</w:tc>");
}

static void table(struct odx *w, const struct official_table *t)
{
    double pt = t->n_columns > 8 ? 10.5 : t->n_columns > 5 ? 12 : 14;

    buf_z(&w->b, "<w:tbl><w:tblPr><w:tblW w:w=\"5000\" w:type=\"pct\"/>");
    borders(w);
    buf_z(&w->b, "<w:tblLayout w:type=\"autofit\"/></w:tblPr><w:tblGrid>");
    for (size_t c = 0; c < t->n_columns; c++)
        buf_printf(&w->b, "<w:gridCol w:w=\"%d\"/>",
            odx_twips(w->s->width * (t->weights ? t->weights[c] : 1.0 / (double)t->n_columns)));
    buf_z(&w->b, "</w:tblGrid>");
    for (size_t r = 0; r < t->n_rows; r++) {
        buf_z(&w->b, "<w:tr><w:trPr><w:cantSplit/>");
        if (r < t->n_heads)
            buf_z(&w->b, "<w:tblHeader/>");
        buf_z(&w->b, "</w:trPr>");
        for (size_t c = 0; c < t->n_columns; c++)
            cell(w, t, r, c, pt);
        buf_z(&w->b, "</w:tr>");
    }
    buf_z(&w->b, "</w:tbl>");
    empty(w, 1); /* two tables without a paragraph between them would be one */
}

static void picture(struct odx *w, const struct official_block *b, bool captioned)
{
    double width, height, rows, room = w->s->height - (captioned ? w->line : 0);
    int64_t cx, cy;
    size_t n;

    if (!b->png.n || !official_picture_size(b, w->s->width, room, &width, &height) ||
        w->n_pictures >= PARTS_MAX)
        return;
    n = ++w->n_pictures;
    cx = llround(width * 36000);
    cy = llround(height * 36000);
    odx_part(w, arena_z(w->a, arena_printf(w->a, "word/media/image%zu.png", n)), b->png);
    buf_printf(&w->rels,
        "<Relationship Id=\"rIdP%zu\" Type=\"" OFFICE "image\" Target=\"media/image%zu.png\"/>", n,
        n);
    /* As in the layout: text goes on on the grid. The line is the picture's height, for its characters are of 1 point. */
    rows = ceil((height + w->gap) / w->line);
    para(w, "Picture",
        arena_z(w->a, arena_printf(w->a,
                          "%s<w:spacing w:before=\"%d\" w:after=\"%d\" w:line=\"240\" "
                          "w:lineRule=\"auto\"/>",
                          captioned ? "<w:keepNext/>" : "", odx_twips(w->gap / 2),
                          odx_twips(rows * w->line - height - w->gap / 2))));
    buf_printf(&w->b,
        "<w:r><w:rPr><w:sz w:val=\"2\"/><w:szCs "
        "w:val=\"2\"/></w:rPr><w:drawing><wp:inline><wp:extent cx=\"%lld\" cy=\"%lld\"/><wp:docPr "
        "id=\"%zu\" "
        "name=\"图%zu\"/>"
        "<a:graphic><a:graphicData "
        "uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic>"
        "<pic:nvPicPr><pic:cNvPr id=\"%zu\" "
        "name=\"图%zu\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip "
        "r:embed=\"rIdP%zu\"/><a:stretch><a:fillRect/></a:stretch></"
        "pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" "
        "y=\"0\"/><a:ext cx=\"%lld\" cy=\"%lld\"/></a:xfrm><a:prstGeom "
        "prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr>"
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>",
        (long long)cx, (long long)cy, n, n, n, n, n, (long long)cx, (long long)cy);
    para_end(w);
}

static void blocks(struct odx *w, const struct official_block *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].kind == OFFICIAL_TABLE)
            table(w, &v[i].table);
        else if (v[i].kind == OFFICIAL_PICTURE)
            picture(w, &v[i], i + 1 < n && v[i + 1].kind == OFFICIAL_CAPTION);
        else
            paragraph(w, &v[i]);
}

/* ---- tail ---- */

/* Where a text stands in the layout, from the left of the text area; -1: nowhere. Searched from the end: a day stands in texts too. */
static double left_of(const struct odx *w, struct str s)
{
    for (size_t i = w->l->n; i-- > 0;)
        for (size_t k = w->l->pages[i].n_runs; k-- > 0;)
            if (str_eq(w->l->pages[i].runs[k].text, s))
                return w->l->pages[i].runs[k].x - w->s->left;
    return -1;
}

static void placed(struct odx *w, struct str s)
{
    double x = left_of(w, s);

    if (s.n)
        line_of(w, "Signature", indent(w, x > 0 ? x : w->s->width / 2, 0), s);
}

static void attachments(struct odx *w)
{
    const struct official *d = w->d;
    double ch = (w->s->width - w->s->text_pt * MM_PER_PT) / (w->s->columns - 1);

    if (d->n_attachments)
        empty(w, 1);
    for (size_t i = 0; i < d->n_attachments; i++) {
        struct str number = d->n_attachments > 1 ? arena_printf(w->a, "%zu.", i + 1) : S("");
        double hang = (i ? 0 : 3 * ch) + (number.n ? ch : 0);
        line_of(w, "Attachment", indent(w, (i ? 5 * ch : 2 * ch) + hang, hang),
            arena_printf(w->a, "%s%.*s%.*s", i ? "" : "附件：", SF(number), SF(d->attachments[i])));
    }
}

static void lists(struct odx *w)
{
    double ch = (w->s->width - w->s->text_pt * MM_PER_PT) / (w->s->columns - 1);

    if (w->d->n_lists)
        empty(w, 1);
    for (size_t i = 0; i < w->d->n_lists; i++) {
        const struct official_list *v = &w->d->lists[i];
        double hang = ch * (double)(utf8_len_cp(v->label) + 1);
        para(w, "Attachment", indent(w, 2 * ch + hang, hang));
        text(w, arena_cat(w->a, v->label, S("：")), &(struct look){.face = FACE_HEI});
        text(w, v->text, &styled);
        para_end(w);
    }
}

static void tail(struct odx *w)
{
    const struct official *d = w->d;

    attachments(w);
    if (d->form == OFFICIAL_MINUTES)
        lists(w);
    if (d->n_signatures || d->date.n)
        empty(w, d->seal == OFFICIAL_UNSEALED ? 1 : 2);
    for (size_t i = 0; i < d->n_signatures; i++) {
        struct str post = d->seal == OFFICIAL_STAMPED && d->signatures[i].stamp.n
                              ? arena_printf(w->a, "%.*s　　%.*s", SF(d->signatures[i].name),
                                    SF(d->signatures[i].stamp))
                              : d->signatures[i].name;
        double x = left_of(w, d->signatures[i].name);
        line_of(w, "Signature", indent(w, x > 0 ? x : w->s->width / 3, 0), post);
        if (d->seal == OFFICIAL_STAMPED)
            empty(w, 1);
    }
    placed(w, d->date);
    if (d->note.n)
        line_of(w, "Normal", NULL, arena_printf(w->a, "（%.*s）", SF(d->note)));
    if (d->form != OFFICIAL_MINUTES)
        lists(w);
}

static void annexes(struct odx *w)
{
    for (size_t i = 0; i < w->d->n_annexes; i++) {
        const struct official_annex *x = &w->d->annexes[i];
        para(w, "AnnexNumber", "<w:pageBreakBefore/>");
        text(w, x->number > 0 ? arena_printf(w->a, "附件%d", x->number) : S("附件"), &styled);
        para_end(w);
        empty(w, 1);
        if (x->title.n) {
            line_of(w, "Title", NULL, x->title);
            empty(w, 1);
        }
        blocks(w, x->blocks, x->n);
    }
}

/* ---- sections and 版记 ---- */

static void section(struct odx *w, bool numbered, bool even_page)
{
    const struct official_style *s = w->s;

    buf_z(&w->b, "<w:sectPr>");
    if (paper_mark().n)
        buf_z(&w->b, "<w:headerReference w:type=\"default\" r:id=\"rIdMark\"/><w:headerReference "
                     "w:type=\"even\" r:id=\"rIdMark\"/><w:headerReference w:type=\"first\" "
                     "r:id=\"rIdMark\"/>");
    if (numbered && s->page_numbers)
        buf_z(&w->b, "<w:footerReference w:type=\"default\" r:id=\"rIdF1\"/><w:footerReference "
                     "w:type=\"even\" r:id=\"rIdF2\"/>");
    else
        buf_z(&w->b, "<w:footerReference w:type=\"default\" r:id=\"rIdF3\"/><w:footerReference "
                     "w:type=\"even\" r:id=\"rIdF3\"/>");
    if (w->d->form == OFFICIAL_LETTER && numbered)
        buf_z(&w->b, "<w:footerReference w:type=\"first\" r:id=\"rIdF4\"/>");
    if (even_page)
        buf_z(&w->b, "<w:type w:val=\"evenPage\"/>");
    odx_page(w, &w->b);
    if (w->d->form == OFFICIAL_LETTER && numbered)
        buf_z(&w->b, "<w:titlePg/>");
    buf_printf(
        &w->b, "<w:docGrid w:type=\"lines\" w:linePitch=\"%d\"/></w:sectPr>", odx_twips(w->line));
}

struct foot_row {
    struct str left, right;
    double lines;
};

/* A side of a frame's border; mm 0: none. */
static struct str border(struct odx *w, const char *side, double mm)
{
    if (mm <= 0)
        return arena_printf(w->a, "<w:%s w:val=\"nil\"/>", side);
    return arena_printf(w->a, "<w:%s w:val=\"single\" w:sz=\"%d\" w:space=\"0\" w:color=\"auto\"/>",
        side, (int)lround(mm / MM_PER_PT * 8));
}

/* A frame for each row at the foot of the text area: Word, WPS and LibreOffice agree about frames, about floating tables they do not.
 * LibreOffice makes one of paragraphs only where all of them have the same border, with all four sides named and no line between. */
static void foot_frame(struct odx *w, const struct foot_row *v, size_t n, double step)
{
    bool plain = w->d->form == OFFICIAL_LETTER;
    double y = w->s->top + w->s->height;

    for (size_t i = 0; i < n; i++)
        y -= v[i].lines * step;
    for (size_t i = 0; i < n; i++) {
        struct str tab =
            v[i].right.n
                ? arena_printf(w->a, "<w:tabs><w:tab w:val=\"right\" w:pos=\"%d\"/></w:tabs>",
                      odx_twips(w->s->width) - 280)
                : S("");
        struct str top = border(w, "top",
                       plain ? 0
                       : i   ? w->s->foot_thin
                             : w->s->foot_thick),
                   bottom = border(w, "bottom", !plain && i + 1 == n ? w->s->foot_thick : 0);
        para(w, v[i].right.n ? "Printed" : "CopyTo",
            arena_z(w->a, arena_printf(w->a,
                              "<w:framePr w:w=\"%d\" w:h=\"%d\" w:hRule=\"exact\" w:hSpace=\"0\" "
                              "w:wrap=\"around\" "
                              "w:vAnchor=\"page\" w:hAnchor=\"margin\" w:x=\"1\" "
                              "w:y=\"%d\"/><w:pBdr>%.*s<w:left "
                              "w:val=\"nil\"/>%.*s<w:right w:val=\"nil\"/></w:pBdr>%.*s<w:spacing "
                              "w:line=\"%d\" "
                              "w:lineRule=\"exact\"/>",
                              odx_twips(w->s->width), odx_twips(v[i].lines * step), odx_twips(y),
                              SF(top), SF(bottom), SF(tab), odx_twips(step))));
        y += v[i].lines * step;
        text(w, v[i].left, &styled);
        if (v[i].right.n) {
            buf_z(&w->b, "<w:r><w:tab/></w:r>");
            text(w, v[i].right, &styled);
        }
        para_end(w);
    }
}

/* How many lines a text takes in 版记, with one character of room at both sides. */
static double foot_lines(const struct odx *w, struct str s)
{
    double em = w->s->foot_pt * MM_PER_PT, room = w->s->width - 5 * em;
    return fmax(1, ceil((double)utf8_len_cp(s) * em / room));
}

static bool on_last_page(const struct odx *w)
{
    const struct layout_page *p = w->l->n ? &w->l->pages[w->l->n - 1] : NULL;
    return p && p->lines > 0;
}

static void foot(struct odx *w)
{
    const struct official *d = w->d;
    struct foot_row v[3];
    size_t n = 0;

    if (d->addressee_below) /* no line between 主送 and 抄送: one paragraph */
        v[n++] =
            (struct foot_row){.left = arena_printf(w->a, "主送：%.*s。%s%.*s%s", SF(d->addressee),
                                  d->cc.n ? "\n抄送：" : "", SF(d->cc), d->cc.n ? "。" : "")};
    else if (d->cc.n)
        v[n++] = (struct foot_row){.left = arena_printf(w->a, "抄送：%.*s。", SF(d->cc))};
    for (size_t i = 0; i < n; i++)
        v[i].lines = foot_lines(w, v[i].left);
    if (d->form != OFFICIAL_LETTER && (d->printer.n || d->printed.n))
        v[n++] = (struct foot_row){
            d->printer, d->printed.n ? arena_cat(w->a, d->printed, S("印发")) : S(""), 1};
    if (n == 0) {
        section(w, true, false);
        return;
    }
    if (!on_last_page(w)) { /* a page of its own, the next even one, without a number */
        buf_z(&w->b, "<w:p><w:pPr><w:pStyle w:val=\"Tiny\"/>");
        section(w, true, false);
        buf_z(&w->b, "</w:pPr></w:p>");
    }
    foot_frame(w, v, n, w->s->foot_pt * MM_PER_PT + w->gap);
    buf_z(&w->b, "<w:p><w:pPr><w:pStyle w:val=\"Tiny\"/></w:pPr></w:p>");
    section(w, on_last_page(w), !on_last_page(w) && w->s->even_foot);
}

/* The title cut as it was laid out, where it is cut in lines there; words do not move. */
static struct str title_lines(struct odx *w)
{
    const struct layout_page *p = w->l->n ? &w->l->pages[0] : NULL;
    struct str whole = w->d->title, rest = whole, out = {0};

    if (odx_has_notes(w, whole) || str_has(whole, S("\n")))
        return whole;
    for (size_t i = 0; p && i < p->n_runs && rest.n; i++) {
        struct str line = p->runs[i].text;
        if (p->runs[i].face != FACE_BIAO || p->runs[i].colour == w->s->red || !str_eat(&rest, line))
            continue;
        out = out.n ? arena_cat(w->a, arena_cat(w->a, out, S("\n")), line) : line;
    }
    return rest.n ? whole : out;
}

static void addressee(struct odx *w)
{
    if (!odx_has_notes(w, w->d->addressee)) {
        line_of(w, "Addressee", NULL, arena_cat(w->a, w->d->addressee, S("：")));
        return;
    }
    para(w, "Addressee", NULL);
    text(w, w->d->addressee, &styled);
    text(w, S("："), &styled);
    para_end(w);
}

static void body(struct odx *w)
{
    const struct official *d = w->d;
    bool red =
        d->form != OFFICIAL_PLAIN && d->form != OFFICIAL_SPEECH && d->form != OFFICIAL_READING;

    buf_z(&w->b, XML_HEAD "<w:document " W_NS "><w:body>");
    if (red && (d->n_issuers || d->docno.n || d->mark_word.n))
        head(w);
    else if (d->form == OFFICIAL_PLAIN)
        empty(w, 1);
    if (d->title.n) {
        line_of(w, "Title", NULL, title_lines(w));
        empty(w, 1);
    }
    if (d->speaker.n)
        line_of(w, "Centred", NULL, d->speaker);
    if (d->occasion.n)
        line_of(w, "Centred", NULL, d->occasion);
    if (d->speaker.n || d->occasion.n)
        empty(w, 1);
    if (d->addressee.n && !d->addressee_below)
        addressee(w);
    blocks(w, d->blocks, d->n);
    tail(w);
    annexes(w);
    foot(w);
    buf_z(&w->b, "</w:body></w:document>");
}

enum code official_docx(struct arena *a, const struct official *d, const struct official_style *s,
    const struct layout *l, const struct official_docx *o, struct str *docx, struct err *e)
{
    struct official own = *d;
    struct official_style measures = *s;
    struct odx w = {.a = a, .d = &own, .s = &measures, .l = l, .o = o};
    double em = s->text_pt * MM_PER_PT;
    struct buf st;
    enum code c;

    measures.rows = l->rows;
    w.line = (s->height - em) / (l->rows - 1);
    w.gap = w.line - em;
    own.addressee_below = own.addressee_below || l->addressee_below;
    if (o->n_notes)
        odx_anchor(&w, &own);
    buf_init(&w.b, DOCX_BYTES_MAX);
    buf_init(&w.rels, 0);
    buf_z(&w.rels, XML_HEAD "<Relationships xmlns=\"" PKG "relationships\">");
    body(&w);
    if (o->n_notes)
        w.commented = odx_comments(&w);
    odx_types_and_rels(&w);
    odx_footers(&w);
    buf_init(&st, 0);
    odx_styles(&w, &st);
    odx_part(&w, "word/styles.xml", arena_str(a, buf_view(&st)));
    odx_part(&w, "word/document.xml", buf_view(&w.b));
    odx_part(&w, "docProps/core.xml", odx_core(&w));
    c = buf_check(&w.b, "docx", e);
    if (c == OK)
        c = zip_write(a, S(""), w.parts, w.n_parts, docx, e);
    buf_release(&st);
    buf_release(&w.rels);
    buf_release(&w.b);
    return c;
}
