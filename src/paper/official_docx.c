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
    int closer; /* twentieths of a point, beside what the style has */
};

enum { USUAL = 4 }; /* twentieths of a point: how much closer the styles set text (odx_styles) */

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
    if (k->closer)
        buf_printf(&b, "<w:spacing w:val=\"%d\"/>", -USUAL - k->closer);
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

/* Empty lines that end where the next line was laid out: its characters begin at `top`. The layout measures ink and lines of its own, a flow
 * counts the heights of paragraphs; without this the text of the first page would begin some millimetres off. */
static void empty_to(struct odx *w, int n, double top)
{
    double room = top - w->gap / 2 - w->y;

    if (n == 0 || top == HUGE_VAL || room < n * 1.0 || room > n * 3 * w->line)
        room = n * w->line, empty(w, n);
    else
        empty_high(w, n, room / n);
    w->y += room;
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

/* How far below the upper margin a letter's number was laid out, which is the first line of its flow. */
static double above_docno(const struct odx *w)
{
    double top = odx_top_of(w, w->d->docno);
    return top < HUGE_VAL ? fmax(0, top - w->s->top) : 0;
}

/* A letter's mark stands above the text area: in a frame, with the thick and thin line below it. The frame reaches down to the first line
 * of the flow: Word counts room above a paragraph from the margin, LibreOffice from the frame, so that there must be none. */
static void letter_mark(struct odx *w, struct str s, double top, double pt)
{
    double em = pt * MM_PER_PT, wide = 170, left = (w->s->paper_width - wide) / 2;
    double begins = top - 0.1 * em, ends = fmax(w->y + above_docno(w), begins + 1.2 * em + 4);

    para(w, "Mark",
        arena_z(w->a,
            arena_printf(w->a,
                "<w:framePr w:w=\"%d\" w:h=\"%d\" w:hRule=\"exact\" w:hSpace=\"0\" "
                "w:wrap=\"around\" w:vAnchor=\"page\" "
                "w:hAnchor=\"page\" w:x=\"%d\" w:y=\"%d\"/><w:pBdr><w:top w:val=\"nil\"/><w:left "
                "w:val=\"nil\"/><w:bottom w:val=\"%s\" w:sz=\"24\" w:space=\"8\" "
                "w:color=\"%06X\"/><w:right w:val=\"nil\"/></w:pBdr><w:spacing w:line=\"%d\" "
                "w:lineRule=\"exact\"/>",
                odx_twips(wide), odx_twips(ends - begins), odx_twips(left), odx_twips(begins),
                w->s->preprinted ? "nil" : "thickThinSmallGap", w->s->red, odx_twips(em * 1.2))));
    if (!w->s->preprinted)
        text(w, s, &(struct look){.face = FACE_BIAO, .pt = pt, .colour = w->s->red});
    para_end(w);
    w->y = ends;
}

static void mark_text(struct odx *w, struct str s, double pt)
{
    if (!w->s->preprinted)
        text(w, s, &(struct look){.face = FACE_BIAO, .pt = pt, .colour = w->s->red});
}

static void mark_line(
    struct odx *w, struct str s, double pt, double before, double high, const char *more)
{
    para(w, "Mark",
        arena_z(w->a,
            arena_printf(w->a, "<w:spacing w:before=\"%d\" w:line=\"%d\" w:lineRule=\"exact\"/>%s",
                odx_twips(before), odx_twips(high), more)));
    mark_text(w, s, pt);
    para_end(w);
    w->y += before + high;
}

/* Several issuers: the names spread to one width, and the word in a frame at their right, behind them in the text. False: the layout has no such mark. */
static bool mark_joint(struct odx *w, double before)
{
    const struct official *d = w->d;
    struct odx_place one, next, word;
    double em;

    for (size_t i = 0; i < d->n_issuers; i++)
        if (!odx_mark_of(w, d->issuers[i], &one))
            return false;
    if (!odx_mark_of(w, d->mark_word, &word) || !odx_mark_of(w, d->issuers[0], &one))
        return false;
    em = one.pt * MM_PER_PT;
    for (size_t i = 0; i < d->n_issuers; i++) {
        double high = em * 1.2;
        (void)odx_mark_of(w, d->issuers[i], &one);
        if (i + 1 < d->n_issuers && odx_mark_of(w, d->issuers[i + 1], &next))
            high = next.y - one.y;
        mark_line(w, d->issuers[i], one.pt, i ? 0 : before, high,
            arena_z(w->a, arena_printf(w->a,
                              "<w:ind w:left=\"%d\" w:right=\"%d\"/><w:jc w:val=\"distribute\"/>",
                              odx_twips(one.x - w->s->left),
                              odx_twips(w->s->left + w->s->width - one.x - one.width) - 30)));
    }
    para(w, "Mark",
        arena_z(
            w->a, arena_printf(w->a,
                      "<w:framePr w:w=\"%d\" w:hSpace=\"0\" w:wrap=\"around\" w:vAnchor=\"page\" "
                      "w:hAnchor=\"page\" w:x=\"%d\" w:y=\"%d\"/><w:spacing w:line=\"%d\" "
                      "w:lineRule=\"exact\"/>",
                      odx_twips(word.width + 1), odx_twips(word.x), odx_twips(word.y - 0.96 * em),
                      odx_twips(em * 1.2))));
    mark_text(w, d->mark_word, word.pt);
    para_end(w);
    return true;
}

static void mark(struct odx *w)
{
    const struct official *d = w->d;
    double top, pt = w->s->mark_pt, em, before;

    if (!odx_mark_at(w, &top, &pt)) /* pre-printed, or none: the room it would take */
        top = w->s->mark_top + (d->form == OFFICIAL_LETTER ? 0 : w->s->top);
    em = pt * MM_PER_PT;
    before = fmax(0, top - 0.1 * em - w->y);
    if (d->form != OFFICIAL_LETTER && d->n_issuers > 1 && mark_joint(w, before))
        return;
    for (size_t i = 0; i < d->n_issuers || i == 0; i++) {
        struct str s = d->n_issuers ? d->issuers[i] : S("");
        if (i + 1 >= d->n_issuers)
            s = arena_cat(w->a, s, d->mark_word);
        if (d->form == OFFICIAL_LETTER) {
            letter_mark(w, s, top, pt);
            return;
        }
        mark_line(w, s, pt, i ? 0 : before, em * 1.2, "");
    }
}

/* Two names a line, those below under the first of the line above; the number on the line of the last (7.2.6). */
static void signers(struct odx *w, const char *rule)
{
    const struct official *d = w->d;
    const double em = w->s->text_pt * MM_PER_PT;
    struct odx_place at = {.x = w->s->width / 2};

    for (size_t i = 0; i < d->n_signers; i++) {
        struct odx_place p;
        if (i % 2 == 0 && odx_place_of(w, d->signers[i], &p) && p.page == 0)
            at = p;
    }
    for (size_t i = 0; i < d->n_signers; i += 2) {
        bool last = i + 2 >= d->n_signers;
        para(w, "Head",
            arena_z(
                w->a, arena_printf(w->a, "%s<w:tabs><w:tab w:val=\"left\" w:pos=\"%d\"/></w:tabs>",
                          last ? rule : "", odx_twips(at.x - (i ? 0 : 4 * em)))));
        if (last) {
            text(w, S("　"), &styled);
            text(w, d->docno, &styled);
        }
        buf_z(&w->b, "<w:r><w:tab/></w:r>");
        if (i == 0)
            text(w, S("签发人："), &styled);
        text(w, d->signers[i], &(struct look){.face = FACE_KAI});
        if (i + 1 < d->n_signers) {
            text(w, S("　"), &(struct look){.face = FACE_KAI});
            text(w, d->signers[i + 1], &(struct look){.face = FACE_KAI});
        }
        para_end(w);
        w->y += w->line;
    }
}

static void docno(struct odx *w)
{
    bool letter = w->d->form == OFFICIAL_LETTER;
    int thick = (int)lround(w->s->line_mm / MM_PER_PT * 8),
        space = (int)lround((w->s->line_gap - w->gap / 2) / MM_PER_PT);
    char rule[200] = "";

    if (!w->s->preprinted && !letter && w->d->form != OFFICIAL_ORDER)
        (void)snprintf(rule, sizeof rule,
            "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"%d\" w:space=\"%d\" "
            "w:color=\"%06X\"/></w:pBdr>",
            thick, space, w->s->red);
    if (w->d->n_signers) {
        signers(w, rule);
    } else {
        para(w, "Head",
            arena_z(w->a, arena_printf(w->a,
                              "%s<w:spacing w:line=\"%d\" w:lineRule=\"exact\"/><w:jc "
                              "w:val=\"%s\"/>",
                              rule, odx_pitch(w), letter ? "right" : "center")));
        text(w, w->d->docno, &styled);
        para_end(w);
        w->y += w->line;
    }
    if (*rule)
        w->y += (space + thick / 8.0) * MM_PER_PT;
}

static void editor(struct odx *w)
{
    para(w, "Editor",
        arena_z(w->a, arena_printf(w->a,
                          "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"12\" w:space=\"4\" "
                          "w:color=\"%06X\"/></w:pBdr>"
                          "<w:tabs><w:tab w:val=\"right\" w:pos=\"%d\"/></w:tabs>",
                          w->s->red, odx_twips(w->s->width - 5))));
    text(w, arena_cat(w->a, S("　"), w->d->editor), &styled);
    buf_z(&w->b, "<w:r><w:tab/></w:r>");
    text(w, w->d->edited, &styled);
    para_end(w);
    w->y += w->line + 5.5 * MM_PER_PT;
}

static void head(struct odx *w)
{
    const struct official *d = w->d;

    corner(w, d->form == OFFICIAL_LETTER ? w->s->mark_top + 25 : w->s->top);
    mark(w);
    switch (d->form) {
    case OFFICIAL_LETTER:
        docno(w);
        break;
    case OFFICIAL_ORDER:
        empty_to(w, 2, odx_top_of(w, d->docno));
        docno(w);
        break;
    case OFFICIAL_BULLETIN:
        empty_to(w, 1, odx_top_of(w, d->docno));
        line_of(w, "Head", "<w:jc w:val=\"center\"/>", d->docno);
        w->y += w->line;
        empty_to(w, 1, odx_top_of(w, d->editor));
        editor(w);
        break;
    case OFFICIAL_PAPER:
    case OFFICIAL_MINUTES:
    case OFFICIAL_SPEECH:
    case OFFICIAL_READING:
    case OFFICIAL_PLAIN:
    case N_OFFICIAL_FORM:
        empty_to(w, 2, odx_top_of(w, d->n_signers ? S("签发人：") : d->docno));
        docno(w);
        break;
    }
}

static void title(struct odx *w)
{
    size_t n;
    struct str s = odx_title_lines(w, &n);

    line_of(w, "Title", NULL, s);
    w->y += (double)n * (w->s->title_pt * MM_PER_PT + w->gap);
    empty_to(w, 1, odx_below_title(w));
}

/* ---- blocks ---- */

static bool heading(const struct official_block *b)
{
    return b->level > 0 && b->level <= 4 && b->head >= b->text.n;
}

static const char *style_of(const struct official_block *b)
{
    static const char *const headings[] = {
        "Normal", "Heading1", "Heading2", "Heading3", "Heading4"};

    if (b->kind == OFFICIAL_CENTRED || b->kind == OFFICIAL_CAPTION)
        return b->kind == OFFICIAL_CAPTION ? "Caption" : "Centred";
    return heading(b) ? headings[b->level] : b->kind == OFFICIAL_FLUSH ? "Flush" : "Normal";
}

/* Bytes [from, to) of a paragraph: what is the heading in front in the face of its level. */
static void stretch(struct odx *w, const struct official_block *b, size_t from, size_t to, int by)
{
    bool labelled = b->kind == OFFICIAL_PARA || b->kind == OFFICIAL_FLUSH;
    size_t head = labelled && !heading(b) && b->level > 0 ? b->head : 0, cut = head < from ? from
                                                                               : head > to ? to
                                                                                           : head;
    struct look k = {.closer = by,
                    .face = b->level == 1 || b->level == OFFICIAL_ARTICLE ? FACE_HEI
                            : b->level == 2                               ? FACE_KAI
                                                                          : FACE_FANG},
                rest = {.plain = true, .closer = by};

    if (b->kind == OFFICIAL_CENTRED && b->level == 2) /* 第一节 */
        rest = (struct look){.face = FACE_KAI, .closer = by};

    text(w, str_sub(b->text, from, cut - from), &k);
    text(w, str_sub(b->text, cut, to - cut), &rest);
}

/* A reading copy ends its pages where sentences end, and is printed, not written on: its pages are broken where they were laid out, inside
 * a paragraph by another that goes on without an indent (word.c joins them again). A break in a line would make LibreOffice indent. */
static void turn_page(struct odx *w)
{
    para_end(w);
    para(w, "Continued", NULL);
}

/* 第一章, and 第一条 alone in its line: headings by their place, which have no style of a level. */
static bool stays_with_next(const struct official_block *b)
{
    return (b->kind == OFFICIAL_CENTRED && b->level > 0) ||
           (b->level == OFFICIAL_ARTICLE && b->head >= b->text.n);
}

static void paragraph(struct odx *w, const struct official_block *b)
{
    bool reading = w->d->form == OFFICIAL_READING;
    struct odx_line *v;
    size_t n = odx_lines(w, b->text, &v), from = 0;
    int by = 0;

    if (n && (b->kind == OFFICIAL_PARA || b->kind == OFFICIAL_FLUSH))
        odx_lines_close(w, b->text, v, n);
    para(w, style_of(b),
        arena_z(w->a, arena_printf(w->a, "%s%s", stays_with_next(b) ? "<w:keepNext/>" : "",
                          reading && n && v[0].page != w->page ? "<w:pageBreakBefore/>" : "")));
    for (size_t i = 0; i < n; i++) {
        bool turned = reading && i && v[i].page != v[i - 1].page;
        if (turned || v[i].closer != by) {
            stretch(w, b, from, v[i].from, by);
            from = v[i].from;
            by = v[i].closer;
        }
        if (turned)
            turn_page(w);
    }
    stretch(w, b, from, b->text.n, by);
    para_end(w);
    if (n)
        w->page = v[n - 1].page;
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
        "name=\"图%zu\" descr=\"",
        (long long)cx, (long long)cy, n, n);
    xml_escape(&w->b, b->text);
    buf_printf(&w->b,
        "\"/><a:graphic><a:graphicData "
        "uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic>"
        "<pic:nvPicPr><pic:cNvPr id=\"%zu\" "
        "name=\"图%zu\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip "
        "r:embed=\"rIdP%zu\"/><a:stretch><a:fillRect/></a:stretch></"
        "pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" "
        "y=\"0\"/><a:ext cx=\"%lld\" cy=\"%lld\"/></a:xfrm><a:prstGeom "
        "prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr>"
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>",
        n, n, n, (long long)cx, (long long)cy);
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

/* The i-th signature, behind them the day. */
static struct str signed_by(const struct official *d, size_t i)
{
    return i == d->n_signatures ? d->date : d->signatures[i].name;
}

static struct odx_place signed_at(const struct odx *w, size_t i)
{
    struct odx_place at;
    bool date = i == w->d->n_signatures;

    if (!odx_place_of(w, signed_by(w->d, i), &at))
        at = (struct odx_place){.x = date ? w->s->width / 2 : w->s->width / 3, .y = -1};
    return at;
}

/* Names that stand side by side are one line; between lines there are as many empty ones as in the layout (room for seals). */
static void signature(struct odx *w)
{
    const struct official *d = w->d;
    double y = -1;
    size_t page = 0;

    if (d->n_signatures || d->date.n)
        empty(w, d->seal == OFFICIAL_UNSEALED ? 1 : 2);
    for (size_t i = 0; i <= d->n_signatures && signed_by(d, i).n; i++) {
        struct odx_place at = signed_at(w, i),
                         beside = i + 1 < d->n_signatures ? signed_at(w, i + 1) : at;
        bool two = i + 1 < d->n_signatures && at.y > 0 && fabs(at.y - beside.y) < 0.01 &&
                   at.page == beside.page;
        if (y > 0 && at.y > 0 && at.page == page)
            empty(w, (int)lround((at.y - y) / w->line) - 1);
        y = at.y;
        page = at.page;
        para(w, "Signature",
            two ? arena_z(w->a, arena_printf(w->a,
                                    "<w:tabs><w:tab w:val=\"left\" w:pos=\"%d\"/></w:tabs><w:ind "
                                    "w:left=\"%d\" w:hanging=\"0\"/>",
                                    odx_twips(beside.x), odx_twips(at.x)))
                : indent(w, at.x, 0));
        text(w, signed_by(d, i), &styled);
        if (two) {
            buf_z(&w->b, "<w:r><w:tab/></w:r>");
            text(w, signed_by(d, ++i), &styled);
        } else if (i < d->n_signatures && d->seal == OFFICIAL_STAMPED && d->signatures[i].stamp.n) {
            text(w, S("　　"), &styled);
            text(w, d->signatures[i].stamp, &(struct look){.face = FACE_KAI});
        }
        para_end(w);
    }
}

static void tail(struct odx *w)
{
    const struct official *d = w->d;

    attachments(w);
    if (d->form == OFFICIAL_MINUTES)
        lists(w);
    signature(w);
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

/* A text that is carried: its title on the third line of a new page. */
static void carried_one(struct odx *w)
{
    const struct official *d = w->d;

    para(w, "Empty", "<w:pageBreakBefore/>");
    para_end(w);
    empty(w, 1);
    if (d->title.n) {
        line_of(w, "CarriedTitle", NULL, odx_cut(w, w->part, d->title));
        empty(w, 1);
    }
    if (d->docno.n)
        line_of(w, "Below", NULL, d->docno);
    if (d->speaker.n)
        line_of(w, "Below", NULL, odx_cut(w, w->part, d->speaker));
    if (d->occasion.n)
        line_of(w, "Below", NULL, odx_cut(w, w->part, d->occasion));
    if (d->docno.n || d->speaker.n || d->occasion.n)
        empty(w, 1);
    if (d->addressee.n)
        addressee(w);
    blocks(w, d->blocks, d->n);
    tail(w);
    annexes(w);
}

static void carried(struct odx *w)
{
    const struct official *whole = w->d;

    for (size_t i = 0; i < whole->n_carried; i++) {
        w->d = &whole->carried[i];
        odx_part_pages(w, i + 1);
        carried_one(w);
    }
    w->d = whole;
    odx_part_pages(w, 0);
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
    buf_printf(&w->b, "<w:docGrid w:type=\"lines\" w:linePitch=\"%d\"/></w:sectPr>", odx_pitch(w));
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
    int laid = odx_foot_lines(w, s);
    double em = w->s->foot_pt * MM_PER_PT, room = w->s->width - 5 * em;
    return laid > 0 ? laid : fmax(1, ceil((double)utf8_len_cp(s) * em / room));
}

static bool on_last_page(const struct odx *w)
{
    const struct layout_page *p = w->l->n ? &w->l->pages[w->l->n - 1] : NULL;
    return p && p->lines > 0;
}

/* 报, 送, 发: no line between them, one paragraph. */
static struct str sent_to(struct odx *w)
{
    struct str s = S("");

    for (size_t i = 0; i < w->d->n_to; i++)
        s = arena_printf(w->a, "%.*s%s%.*s：%.*s。", SF(s), i ? "\n" : "", SF(w->d->to[i].label),
            SF(w->d->to[i].text));
    return s;
}

static void foot(struct odx *w)
{
    const struct official *d = w->d;
    struct foot_row v[4];
    size_t n = 0;

    if (d->addressee_below) /* no line between 主送 and 抄送: one paragraph */
        v[n++] =
            (struct foot_row){.left = arena_printf(w->a, "主送：%.*s。%s%.*s%s", SF(d->addressee),
                                  d->cc.n ? "\n抄送：" : "", SF(d->cc), d->cc.n ? "。" : "")};
    else if (d->cc.n)
        v[n++] = (struct foot_row){.left = arena_printf(w->a, "抄送：%.*s。", SF(d->cc))};
    if (d->n_to)
        v[n++] = (struct foot_row){.left = sent_to(w)};
    for (size_t i = 0; i < n; i++)
        v[i].lines = foot_lines(w, v[i].left);
    if (d->form != OFFICIAL_LETTER && (d->printer.n || d->printed.n))
        v[n++] = (struct foot_row){
            d->printer, d->printed.n ? arena_cat(w->a, d->printed, S("印发")) : S(""), 1};
    if (d->run.n)
        v[n++] = (struct foot_row){S(""), d->run, 1};
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

static void body(struct odx *w)
{
    const struct official *d = w->d;
    bool red =
        d->form != OFFICIAL_PLAIN && d->form != OFFICIAL_SPEECH && d->form != OFFICIAL_READING;
    int above = d->form == OFFICIAL_PLAIN ? 1 : 0;

    odx_part_pages(w, 0);
    w->y = w->s->top - w->gap / 2;
    buf_z(&w->b, XML_HEAD "<w:document " W_NS "><w:body>");
    if (red && (d->n_issuers || d->docno.n || d->mark_word.n))
        head(w), above = 2;
    empty_to(w, above, odx_title_top(w));
    if (d->title.n)
        title(w);
    if (d->speaker.n)
        line_of(w, "Speaker", NULL, d->speaker);
    if (d->occasion.n)
        line_of(w, "Occasion", NULL, d->occasion);
    if (d->speaker.n || d->occasion.n)
        empty(w, 1);
    if (d->addressee.n && !d->addressee_below)
        addressee(w);
    blocks(w, d->blocks, d->n);
    tail(w);
    carried(w);
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
