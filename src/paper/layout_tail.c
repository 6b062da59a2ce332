/* What stands behind the text: 附件说明, 署名 and 成文日期, 附注, names of minutes, attachments, 版记, page numbers. */
#include <math.h>

#include "base/utf8.h"
#include "paper/layout_int.h"

#define SEAL_MM 42.0 /* a seal of an enterprise's Party committee; room for it, not its measure */

static double right_edge(const struct lay *l)
{
    return l->s->left + l->s->width;
}

static double text_width(struct lay *l, struct str s)
{
    struct lay_text t = {0};

    text_add(l, &t, FACE_FANG, s, SIZE_MAX);
    return t.n ? line_whole(l, &t, &(struct lay_set){l->s->text_pt, l->pitch - l->em, false}).width
               : 0;
}

static void put(struct lay *l, enum face face, double x, double y, struct str s)
{
    struct lay_text t = {0};
    struct lay_line n;

    text_add(l, &t, face, s, SIZE_MAX);
    if (t.n == 0)
        return;
    n = line_whole(l, &t, &(struct lay_set){l->s->text_pt, l->pitch - l->em, false});
    lay_put(l, lay_now(l), &t, &n, x, y, l->s->text_pt, BLACK);
}

/* A name whose middle is `x`, moved so far that it stays in the text area; one that is wider than that is made narrower. */
static void put_name(struct lay *l, double left, double right, double x, struct str s)
{
    struct lay_page *p = lay_now(l);
    double w = text_width(l, s), k = w > right - left ? (right - left) / w : 1;
    size_t first = p->p.n_runs;

    x = fmin(fmax(x, left + w * k / 2), right - w * k / 2);
    put(l, FACE_FANG, x - w * k / 2, l->y, s);
    lay_narrow(l, p, first, k);
}

/* ---- 附件说明 7.3.4 ---- */

static void attachments(struct lay *l)
{
    const struct official *d = l->d;

    if (d->n_attachments == 0)
        return;
    l->y += l->line;
    for (size_t i = 0; i < d->n_attachments; i++) {
        struct str number = d->n_attachments > 1 ? arena_printf(l->a, "%zu.", i + 1) : S("");
        struct lay_text t = {0};
        double first = (i == 0 ? 2 : 5) * l->pitch;
        text_add(l, &t, FACE_FANG, i == 0 ? S("附件：") : S(""), SIZE_MAX);
        text_add(l, &t, FACE_FANG, number, SIZE_MAX);
        text_add(l, &t, FACE_FANG, d->attachments[i], SIZE_MAX);
        lay_paragraph(l, &t,
            &(struct lay_para){.pt = l->s->text_pt,
                .indent = first,
                .hang = 5 * l->pitch + text_width(l, number)});
    }
}

/* ---- 署名 and 成文日期 7.3.5 ---- */

/* The middle of a seal: over the date, four characters from the right. A draft without a day keeps the room of one, so that the name does not move when
 * it is signed. */
static double seal_middle(struct lay *l, double *date)
{
    *date = text_width(l, l->d->date.n ? l->d->date : S("2000年10月10日"));
    return right_edge(l) - 4 * l->pitch - *date / 2;
}
/* Of a pair: the left one stands where it is well shared out, or as far left as the right one wants, a character off it. */
static double pair_left(struct lay *l, double middle, double one, double other)
{
    double right = fmin(middle, right_edge(l) - other / 2),
           x = fmin(l->s->left + l->s->width * 0.28, right - other / 2 - l->pitch - one / 2);

    return fmax(x, l->s->left + one / 2);
}

/* Two names stand side by side where every pair has room to; else one below the other. */
static size_t beside(struct lay *l)
{
    const struct official *d = l->d;
    double date, middle = seal_middle(l, &date);

    for (size_t i = 0; i + 1 < d->n_signatures; i += 2) {
        double one = text_width(l, d->signatures[i].name),
               other = text_width(l, d->signatures[i + 1].name),
               right = fmin(middle, right_edge(l) - other / 2);
        if (pair_left(l, middle, one, other) + one / 2 + l->pitch / 2 > right - other / 2)
            return 1;
    }
    return 2;
}

/* As many as unsealed(), sealed() and stamped() go down below. */
static double block_lines(struct lay *l, int empty)
{
    size_t n = l->d->n_signatures, per = beside(l), rows = (n + per - 1) / per;
    double names = (double)n;

    if (l->d->seal == OFFICIAL_SEALED)
        names = rows > 1 ? (double)(rows - 1) * ceil(SEAL_MM / l->line) + 1 : 1;
    else if (l->d->seal == OFFICIAL_STAMPED)
        names = 2 * (double)n;
    return (double)empty + names + (l->d->date.n > 0);
}

static void unsealed(struct lay *l)
{
    const struct official *d = l->d;
    double two = 2 * l->pitch, wide = 0, date = text_width(l, d->date), x;

    for (size_t i = 0; i < d->n_signatures; i++)
        wide = fmax(wide, text_width(l, d->signatures[i].name));
    x = date > wide ? right_edge(l) - two - date - two : right_edge(l) - two - wide;
    if (d->n_signatures == 0)
        x = right_edge(l) - two - date - two;
    x = fmax(x, l->s->left);
    for (size_t i = 0; i < d->n_signatures; i++) {
        lay_need(l, l->em); /* two hundred names are more than a page */
        put_name(l, x, right_edge(l), x, d->signatures[i].name);
        l->y += l->line;
    }
    x = fmin(x, right_edge(l) - two - date - two);
    put(l, FACE_FANG, x + two, l->y, d->date);
}

static void seal_picture(struct lay *l, struct str png, double x, double y, double size)
{
    struct lay_page *p = lay_now(l);

    if (png.n)
        ARENA_PUSH(l->a, p->p.pictures, p->p.n_pictures, p->cap_pictures) =
            (struct layout_picture){x - size / 2, y - size / 2, size, size, png, S("")};
}

/* One, over the date; several, side by side in rows of two if there is room, the last over the date (7.3.5.1). */
static void sealed(struct lay *l)
{
    const struct official *d = l->d;
    double date, middle = seal_middle(l, &date);
    size_t n = d->n_signatures, per = beside(l), rows = (n + per - 1) / per;

    for (size_t i = 0; i < n; i++) {
        bool at_right = per == 1 || i % 2 == 1 || i + 1 == n;
        double x = at_right ? middle
                            : pair_left(l, middle, text_width(l, d->signatures[i].name),
                                  text_width(l, d->signatures[i + 1].name)),
               w = fmin(text_width(l, d->signatures[i].name), l->s->width);
        x = fmin(fmax(x, l->s->left + w / 2), right_edge(l) - w / 2);
        if (i % per == 0)
            lay_need(l, l->em);
        put_name(l, l->s->left, right_edge(l), x, d->signatures[i].name);
        seal_picture(l, d->signatures[i].png, x, l->y + l->em / 2, SEAL_MM);
        if (i % per == per - 1 && i / per + 1 < rows)
            l->y += ceil(SEAL_MM / l->line) * l->line;
    }
    l->y += l->line;
    lay_need(l, l->em);
    put(l, FACE_FANG, middle - date / 2, l->y, d->date);
}

static void stamped(struct lay *l)
{
    const struct official *d = l->d;
    double right = right_edge(l) - 4 * l->pitch;

    for (size_t i = 0; i < d->n_signatures; i++) {
        const struct official_signature *g = &d->signatures[i];
        double w = g->png.n ? 30 : text_width(l, g->stamp), room = w > 0 ? w : 30;
        lay_need(l, l->em);
        if (g->png.n)
            seal_picture(l, g->png, right - room / 2, l->y + l->em / 2, room);
        else
            put(l, FACE_KAI, right - room, l->y, g->stamp);
        put_name(l, l->s->left, right - room - 2 * l->pitch, right, g->name);
        l->y += 2 * l->line; /* the day stands one empty line below */
    }
    put(l, FACE_FANG, right - text_width(l, d->date), l->y, d->date);
}

static void signature(struct lay *l)
{
    const struct official *d = l->d;
    int empty = d->seal == OFFICIAL_UNSEALED ? 1 : 2;
    bool unseen = l->n_pages == 0 || lay_now(l)->p.lines == 0;

    if (d->n_signatures == 0 && d->date.n == 0)
        return;
    if (l->y + (block_lines(l, empty) - 1) * l->line + l->em > l->bottom + 0.05) {
        lay_new_page(l);
        l->alone = true; /* seen by layout_make: a page without a line of text */
    } else if (!unseen) {
        l->y += empty * l->line;
    }
    if (d->seal == OFFICIAL_SEALED)
        sealed(l);
    else if (d->seal == OFFICIAL_STAMPED)
        stamped(l);
    else
        unsealed(l);
    l->y += l->line;
}

static void lists(struct lay *l)
{
    for (size_t i = 0; i < l->d->n_lists; i++) {
        const struct official_list *v = &l->d->lists[i];
        struct lay_text t = {0};
        struct str label = arena_cat(l->a, v->label, S("："));
        if (i == 0)
            l->y += l->line;
        text_add(l, &t, FACE_HEI, label, SIZE_MAX);
        text_add(l, &t, FACE_FANG, v->text, SIZE_MAX);
        lay_paragraph(l, &t,
            &(struct lay_para){.pt = l->s->text_pt,
                .indent = 2 * l->pitch,
                .hang = (2 + (double)utf8_len_cp(label)) * l->pitch});
    }
}

static void note(struct lay *l)
{
    struct lay_text t = {0};

    if (l->d->note.n == 0)
        return;
    text_add(l, &t, FACE_FANG, S("（"), SIZE_MAX);
    text_add(l, &t, FACE_FANG, l->d->note, SIZE_MAX);
    text_add(l, &t, FACE_FANG, S("）"), SIZE_MAX);
    lay_paragraph(
        l, &t, &(struct lay_para){.pt = l->s->text_pt, .indent = 2 * l->pitch, .hang = 0});
}

void lay_tail(struct lay *l)
{
    attachments(l);
    if (l->d->form == OFFICIAL_MINUTES)
        lists(l);
    signature(l);
    note(l);
    if (l->d->form != OFFICIAL_MINUTES)
        lists(l);
}

/* ---- 附件 7.3.7 ---- */

void lay_annexes(struct lay *l)
{
    for (size_t i = 0; i < l->d->n_annexes && !l->too_long; i++) {
        const struct official_annex *x = &l->d->annexes[i];
        struct str label = x->number > 0 ? arena_printf(l->a, "附件%d", x->number) : S("附件");
        lay_new_page(l);
        put(l, FACE_HEI, l->s->left, l->y, label);
        l->y += 2 * l->line; /* the title on the third line */
        if (x->title.n) {
            lay_title(l, x->title, l->s->title_pt);
            l->y += l->line;
        }
        lay_blocks(l, x->blocks, x->n);
    }
}

/* ---- 版记 7.4 ---- */

struct foot_row {
    struct lay_text left;
    double hang;
    struct str right;
    bool rule; /* above it */
    struct lay_line *lines;
    size_t n;
};
struct foot {
    struct foot_row rows[3 + OFFICIAL_TO_MAX + 1];
    size_t n;
    double step, height;
    bool plain; /* of a letter: without lines and printer */
};

static void foot_row(struct lay *l, struct foot *f, const char *label, struct str text,
    const char *end, struct str right, bool rule)
{
    struct foot_row *r = &f->rows[f->n];
    const double em = l->s->foot_pt * MM_PER_PT;
    struct lay_set set = {l->s->foot_pt, 0, true};
    size_t cap = 0;

    if (text.n == 0 && right.n == 0)
        return;
    *r = (struct foot_row){.right = right, .rule = rule};
    text_add(l, &r->left, FACE_FANG, str_z(label), SIZE_MAX);
    r->hang = em * (double)utf8_len_cp(str_z(label));
    text_add(l, &r->left, FACE_FANG, text, SIZE_MAX);
    text_add(l, &r->left, FACE_FANG, str_z(end), SIZE_MAX);
    for (size_t i = 0; i < r->left.n;) {
        double width = l->s->width - 2 * em - (r->n ? r->hang : 0);
        struct lay_line line = line_break(l, &r->left, i, width, &set);
        ARENA_PUSH(l->a, r->lines, r->n, cap) = line;
        i = line.next;
    }
    if (r->n == 0) /* only something at the right */
        ARENA_PUSH(l->a, r->lines, r->n, cap) = (struct lay_line){0};
    f->n++;
}

static void foot_make(struct lay *l, struct foot *f)
{
    const struct official *d = l->d;

    f->plain = d->form == OFFICIAL_LETTER;
    f->step = l->s->foot_pt * MM_PER_PT + l->gap;
    if (l->addressee_below)
        foot_row(l, f, "主送：", d->addressee, "。", S(""), true);
    foot_row(l, f, "抄送：", d->cc, "。", S(""), f->n == 0);
    for (size_t i = 0; i < d->n_to; i++)
        foot_row(l, f, arena_z(l->a, arena_cat(l->a, d->to[i].label, S("："))), d->to[i].text, "。",
            S(""), f->n == 0);
    if (!f->plain && (d->printer.n || d->printed.n))
        foot_row(l, f, "", d->printer, "",
            d->printed.n ? arena_cat(l->a, d->printed, S("印发")) : S(""), true);
    foot_row(l, f, "", S(""), "", d->run, true);
    for (size_t i = 0; i < f->n; i++)
        f->height += (double)f->rows[i].n * f->step;
}

static size_t foot_lines(const struct foot *f)
{
    size_t n = 0;

    for (size_t i = 0; i < f->n; i++)
        n += f->rows[i].n;
    return n;
}

/* The lines [from, to) of it, at the foot of the page. */
static void foot_put(
    struct lay *l, struct lay_page *p, const struct foot *f, size_t from, size_t to)
{
    const double em = l->s->foot_pt * MM_PER_PT, left = l->s->left, right = right_edge(l);
    double y = l->bottom - (double)(to - from) * f->step;
    size_t at = 0;

    for (size_t i = 0; i < f->n; i++) {
        const struct foot_row *r = &f->rows[i];
        double mm = i == 0 ? l->s->foot_thick : l->s->foot_thin;
        for (size_t k = 0; k < r->n; k++, at++) {
            double x = left + em + (k ? r->hang : 0), top = y + l->gap / 2;
            if (at < from || at >= to)
                continue;
            if (k == 0 && r->rule && !f->plain)
                lay_rule(l, p, (struct layout_rule){left, y, right, y, mm, BLACK});
            if (r->lines[k].advance)
                lay_put(l, p, &r->left, &r->lines[k], x, top, l->s->foot_pt, BLACK);
            if (k == 0 && r->right.n)
                lay_string(l, p, FACE_FANG, l->s->foot_pt, BLACK, 1, right - em, top, r->right);
            y += f->step;
        }
    }
    if (!f->plain && to == at)
        lay_rule(
            l, p, (struct layout_rule){left, l->bottom, right, l->bottom, l->s->foot_thick, BLACK});
}

/* Names of two hundred units are more than a page holds: from page to page, the last lines at the foot of the last. */
static void foot_parted(struct lay *l, const struct foot *f)
{
    size_t all = foot_lines(f), most = (size_t)fmax(1, floor(l->s->height / f->step)),
           pages = (all + most - 1) / most;

    if (l->s->even_foot && (l->n_pages + pages) % 2 == 1)
        lay_new_page(l);
    for (size_t from = 0; from < all && !l->too_long; from += most) {
        lay_new_page(l);
        foot_put(l, lay_now(l), f, from, from + most < all ? from + most : all);
    }
    lay_note(l, S("版记超过一页，主送、抄送的单位请用统称"));
}

/* ---- page numbers 7.5 ---- */

static void page_number(struct lay *l, struct lay_page *p, int number)
{
    const double pt = l->s->page_pt, em = pt * MM_PER_PT;
    struct str s = arena_printf(l->a, "— %d —", number);
    const struct face_glyph *dash = face_glyph(l->f, FACE_SONG, 0x2014);
    /* the upper edge of the dash is what is measured */
    double y = l->bottom + l->s->page_dash + dash->top * em - lay_base(l, FACE_SONG, pt);

    if (l->s->page_centred)
        lay_string(l, p, FACE_SONG, pt, BLACK, 0, l->s->left + l->s->width / 2, y, s);
    else if (number % 2 == 1)
        lay_string(l, p, FACE_SONG, pt, BLACK, 1, right_edge(l) - em, y, s);
    else
        lay_string(l, p, FACE_SONG, pt, BLACK, -1, l->s->left + em, y, s);
    p->p.number = number;
}

static bool standard_numbers(const struct lay *l, size_t page)
{
    return l->s->page_numbers && !(page == 0 && l->d->form == OFFICIAL_LETTER); /* 10.1 */
}

void lay_foot(struct lay *l)
{
    struct foot f = {0};
    size_t numbered = l->n_pages;

    foot_make(l, &f);
    if (f.height > l->s->height) {
        foot_parted(l, &f);
    } else if (f.n > 0) {
        bool room = l->y - l->gap + l->gap / 2 <= l->bottom - f.height;
        if (!room || (l->s->even_foot && l->n_pages % 2 == 1))
            lay_new_page(l);
        if (l->s->even_foot && l->n_pages % 2 == 1)
            lay_new_page(l);
        foot_put(l, lay_now(l), &f, 0, foot_lines(&f));
    }
    for (size_t i = 0; i < numbered; i++)
        if (standard_numbers(l, i))
            page_number(l, &l->pages[i], (int)i + 1);
}
