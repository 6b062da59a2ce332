/* 版头 and 主送, and where the title stands between them. Distances between texts: an empty line is as high as a line of text (3.2), so
 * that n of them between two texts are n lines and the gap that belongs to the upper one. */
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "paper/layout_int.h"

#define JOINT_GAP 2.0 /* mm between the names of a joint mark */

static double blanks(const struct lay *l, int n)
{
    return n * l->line + l->gap;
}

static bool red_head(const struct lay *l)
{
    return l->d->form != OFFICIAL_PLAIN && l->d->form != OFFICIAL_SPEECH &&
           l->d->form != OFFICIAL_READING;
}

/* ---- 份号, 密级, 紧急程度 ---- */

static double corner(struct lay *l, double y)
{
    struct lay_page *p = lay_now(l);
    const struct official *d = l->d;
    const struct {
        struct str s;
        enum face face;
    } items[] = {{d->copy_no, FACE_FANG}, {d->secrecy, FACE_HEI}, {d->urgency, FACE_HEI}};

    for (size_t i = 0; i < 3; i++)
        if (items[i].s.n) {
            lay_string(l, p, items[i].face, l->s->text_pt, BLACK, -1, l->s->left, y, items[i].s);
            y += l->line;
        }
    return y;
}

/* ---- 发文机关标志 ---- */

struct ink {
    double top, bottom; /* mm above and below the line */
};

static struct ink ink_of(struct lay *l, enum face face, double pt, struct str s)
{
    struct ink k = {0, 0};

    for (size_t off = 0; off < s.n;) {
        double top, bottom;
        face_ink(l->f, face, utf8_next(s, &off), &top, &bottom);
        k.top = fmax(k.top, top * pt * MM_PER_PT);
        k.bottom = fmax(k.bottom, bottom * pt * MM_PER_PT);
    }
    return k;
}

/* A string whose ink begins at y: what the standard measures of a mark. Returns where it ends. */
static double put_ink(struct lay *l, double pt, double x, double y, double width, struct str s)
{
    struct ink k = ink_of(l, FACE_BIAO, pt, s);
    struct lay_text t = {0};
    struct lay_line n;
    double base = lay_base(l, FACE_BIAO, pt);

    if (l->s->preprinted)
        return y + k.top + k.bottom;
    text_add(l, &t, FACE_BIAO, s, SIZE_MAX);
    n = line_whole(l, &t, &(struct lay_set){pt, 0, false});
    if (width > 0 && t.n > 1) { /* spread over a width */
        for (size_t i = 0; i + 1 < t.n; i++)
            n.advance[i] += (float)((width - n.width) / (double)(t.n - 1));
        n.width = width;
    }
    lay_put(l, lay_now(l), &t, &n, x - n.width / 2, y + k.top - base, pt, l->s->red);
    return y + k.top + k.bottom;
}

static double mark_one(struct lay *l, double top)
{
    const struct official *d = l->d;
    struct str s = arena_cat(l->a, d->n_issuers ? d->issuers[0] : S(""), d->mark_word);
    double pt = l->s->mark_pt, wide = lay_width(l, FACE_BIAO, pt, s);

    if (s.n == 0)
        return top;
    if (wide > l->s->width)
        pt *= l->s->width / wide;
    return put_ink(l, pt, l->s->left + l->s->width / 2, top, 0, s);
}

/* Several: the names one below the other, spread to one width, the word in the middle at their right (7.2.4). */
static double mark_joint(struct lay *l, double top)
{
    const struct official *d = l->d;
    size_t most = 0;
    double pt, em, word, width, all, y = top, left;

    for (size_t i = 0; i < d->n_issuers; i++) {
        size_t n = utf8_len_cp(d->issuers[i]);
        most = n > most ? n : most;
    }
    pt = fmin(l->s->mark_pt, 90.0 / (double)d->n_issuers); /* all of them in about 35 mm */
    word = (double)utf8_len_cp(d->mark_word);
    pt = fmin(pt, l->s->width / MM_PER_PT / ((double)most + word + 1));
    em = pt * MM_PER_PT;
    width = em * (double)most;
    all = width + (word > 0 ? em * (word + 1) : 0);
    left = l->s->left + (l->s->width - all) / 2;
    for (size_t i = 0; i < d->n_issuers; i++)
        y = put_ink(l, pt, left + width / 2, y, width, d->issuers[i]) + JOINT_GAP;
    y -= JOINT_GAP;
    if (word > 0) {
        struct ink k = ink_of(l, FACE_BIAO, pt, d->mark_word);
        put_ink(
            l, pt, left + all - em * word / 2, (top + y - k.top - k.bottom) / 2, 0, d->mark_word);
    }
    return y;
}

static double mark(struct lay *l, double top)
{
    return l->d->n_issuers > 1 ? mark_joint(l, top) : mark_one(l, top);
}

static void red_line(struct lay *l, double y, double x, double width, double mm)
{
    if (!l->s->preprinted)
        lay_rule(l, lay_now(l), (struct layout_rule){x, y, x + width, y, mm, l->s->red});
}

/* ---- 发文字号 and 签发人 ---- */

static double signers_wide(struct lay *l, size_t i, size_t per)
{
    const struct official *d = l->d;
    double w = lay_width(l, FACE_KAI, l->s->text_pt, d->signers[i]);

    return per > 1 && i + 1 < d->n_signers
               ? w + l->em + lay_width(l, FACE_KAI, l->s->text_pt, d->signers[i + 1])
               : w;
}

/* Two names a line, one where two are too long; right with one character of room; those below under the first of the line above (7.2.6).
 * Returns the lower edge of the last line. */
static double signers(struct lay *l, double y)
{
    const struct official *d = l->d;
    struct lay_page *p = lay_now(l);
    const double pt = l->s->text_pt;
    double label = lay_width(l, FACE_FANG, pt, S("签发人：")), width = 0, left;
    size_t per = 2;

    for (size_t i = 0; i < d->n_signers; i += 2)
        if (signers_wide(l, i, 2) > l->s->width - label - 2 * l->em)
            per = 1;
    for (size_t i = 0; i < d->n_signers; i += per)
        width = fmax(width, signers_wide(l, i, per));
    left = l->s->left + l->s->width - l->em - width;
    lay_string(l, p, FACE_FANG, pt, BLACK, -1, left - label, y, S("签发人："));
    for (size_t i = 0; i < d->n_signers; i += per) {
        double w = lay_string(l, p, FACE_KAI, pt, BLACK, -1, left, y, d->signers[i]);
        if (per > 1 && i + 1 < d->n_signers)
            lay_string(l, p, FACE_KAI, pt, BLACK, -1, left + w + l->em, y, d->signers[i + 1]);
        y += l->line;
    }
    return y - l->gap;
}

/* Below the mark; returns the lower edge of the characters. */
static double numbers(struct lay *l, double y)
{
    const struct official *d = l->d;
    struct lay_page *p = lay_now(l);
    double foot = y + l->em;

    if (d->n_signers > 0) { /* on the line of the last signer */
        foot = signers(l, y);
        lay_string(
            l, p, FACE_FANG, l->s->text_pt, BLACK, -1, l->s->left + l->em, foot - l->em, d->docno);
        return foot;
    }
    lay_string(l, p, FACE_FANG, l->s->text_pt, BLACK, 0, l->s->left + l->s->width / 2, y, d->docno);
    return foot;
}

/* ---- the forms ---- */

static double general_head(struct lay *l)
{
    double y = mark(l, l->s->top + l->s->mark_top) + blanks(l, 2);

    corner(l, l->s->top);
    y = numbers(l, y) + l->s->line_gap;
    red_line(l, y, l->s->left, l->s->width, l->s->line_mm);
    return y + 2 * l->line;
}

/* 10.1: thick over thin above, thin over thick below, each 170 mm. */
static double letter_head(struct lay *l)
{
    const double wide = 170, x = (l->s->paper_width - wide) / 2, thick = l->s->line_mm,
                 thin = thick / 3, below = l->s->paper_height - 20, room = l->gap;
    double y = mark(l, l->s->mark_top) + 4, left, foot;

    red_line(l, y, x, wide, thick);
    red_line(l, y + thick + thin / 2, x, wide, thin);
    red_line(l, below - thick - thin / 2, x, wide, thin);
    red_line(l, below, x, wide, thick);
    foot = left = corner(l, y + room);
    if (l->d->docno.n) {
        lay_string(l, lay_now(l), FACE_FANG, l->s->text_pt, BLACK, 1, l->s->left + l->s->width,
            y + room, l->d->docno);
        foot = fmax(left, y + room + l->line);
    }
    return foot + 2 * l->line;
}

static double order_head(struct lay *l)
{
    double y = mark(l, l->s->top + l->s->mark_top) + blanks(l, 2);

    corner(l, l->s->top);
    lay_string(l, lay_now(l), FACE_FANG, l->s->text_pt, BLACK, 0, l->s->left + l->s->width / 2, y,
        l->d->docno);
    return y + l->em + blanks(l, 2);
}

/* The number of the issue, then who edits it at the left and the day at the right, then the line. */
static double bulletin_head(struct lay *l)
{
    struct lay_page *p = lay_now(l);
    double y = mark(l, l->s->top + l->s->mark_top) + blanks(l, 1);

    corner(l, l->s->top);
    if (l->d->docno.n) {
        lay_string(
            l, p, FACE_FANG, l->s->text_pt, BLACK, 0, l->s->left + l->s->width / 2, y, l->d->docno);
        y += l->em + blanks(l, 1);
    }
    if (l->d->editor.n || l->d->edited.n) {
        lay_string(l, p, FACE_FANG, l->s->text_pt, BLACK, -1, l->s->left + l->em, y, l->d->editor);
        lay_string(l, p, FACE_FANG, l->s->text_pt, BLACK, 1, l->s->left + l->s->width - l->em, y,
            l->d->edited);
        y += l->em;
    }
    y += l->s->line_gap;
    red_line(l, y, l->s->left, l->s->width, l->s->line_mm);
    return y + 2 * l->line;
}

/* ---- below the title ---- */

static void speaker(struct lay *l)
{
    const struct str lines[] = {l->d->speaker, l->d->occasion};
    bool any = false;

    for (size_t i = 0; i < 2; i++)
        if (lines[i].n) {
            lay_string(l, lay_now(l), i ? FACE_FANG : FACE_KAI, l->s->text_pt, BLACK, 0,
                l->s->left + l->s->width / 2, l->y, lines[i]);
            l->y += l->line;
            any = true;
        }
    if (any)
        l->y += l->line;
}

static struct lay_text addressee(struct lay *l)
{
    struct lay_text t = {0};

    text_add(l, &t, FACE_FANG, l->d->addressee, SIZE_MAX);
    text_add(l, &t, FACE_FANG, S("："), SIZE_MAX);
    return t;
}

/* So long that the first page would have no line of text: it goes into 版记 (7.3.2). */
static bool too_long(struct lay *l, const struct lay_text *t)
{
    struct lay_set set = {l->s->text_pt, l->pitch - l->em, true};
    double y = l->y;

    for (size_t i = 0; i < t->n; i = line_break(l, t, i, l->s->width, &set).next)
        y += l->line;
    return l->n_pages == 1 && y + l->em > l->bottom;
}

/* ---- texts that are carried ---- */

/* A line in the middle; a longer one, in lines of about one length. */
static void line_below(struct lay *l, enum face face, struct str s)
{
    struct lay_set set = {l->s->text_pt, l->pitch - l->em, false};
    struct lay_text t = {0};
    double width = l->s->width;
    size_t n = 0;

    text_add(l, &t, face, s, SIZE_MAX);
    for (size_t i = 0; i < t.n; n++)
        i = line_break(l, &t, i, width, &set).next;
    if (n > 1)
        width = fmin(width, line_whole(l, &t, &set).width / (double)n + 2 * l->pitch);
    for (size_t i = 0; i < t.n;) {
        struct lay_line line = line_break(l, &t, i, width, &set);
        lay_put(l, lay_now(l), &t, &line, l->s->left + (l->s->width - line.width) / 2, l->y,
            l->s->text_pt, BLACK);
        l->y += l->line;
        i = line.next;
    }
}

/* The title stands on the third line, as that of an attachment does (7.3.7): the standard says it of no other title without a red line above. */
static void carried_head(struct lay *l)
{
    const struct official *d = l->d;

    l->y += 2 * l->line;
    if (d->title.n) {
        lay_title(l, d->title, l->s->title_pt);
        l->y += l->line;
    }
    line_below(l, FACE_FANG, d->docno);
    line_below(l, FACE_KAI, d->speaker);
    line_below(l, FACE_KAI, d->occasion);
    if (d->docno.n || d->speaker.n || d->occasion.n)
        l->y += l->line;
    if (d->addressee.n) {
        struct lay_text t = addressee(l);
        lay_paragraph(l, &t, &(struct lay_para){.pt = l->s->text_pt});
    }
}

void lay_carried(struct lay *l)
{
    for (size_t i = 0; i < l->whole->n_carried && !l->too_long; i++) {
        l->d = &l->whole->carried[i];
        lay_new_page(l);
        lay_now(l)->p.carried = i + 1;
        carried_head(l);
        lay_blocks(l, l->d->blocks, l->d->n);
        lay_tail(l);
        lay_annexes(l);
    }
    l->d = l->whole;
}

/* ---- all of the head ---- */

void lay_head(struct lay *l)
{
    const struct official *d = l->d;

    lay_now(l);
    if (red_head(l) && (d->n_issuers || d->docno.n || d->mark_word.n))
        l->y = d->form == OFFICIAL_LETTER     ? letter_head(l)
               : d->form == OFFICIAL_ORDER    ? order_head(l)
               : d->form == OFFICIAL_BULLETIN ? bulletin_head(l)
                                              : general_head(l);
    else if (d->form == OFFICIAL_PLAIN)
        l->y = fmax(corner(l, l->s->top), l->s->top + l->line);
    if (d->title.n) {
        lay_title(l, d->title, l->s->title_pt);
        l->y += l->line; /* one empty line */
    }
    speaker(l);
    if (d->addressee.n && !l->addressee_below) {
        struct lay_text t = addressee(l);
        if (too_long(l, &t)) {
            l->addressee_below = true;
            lay_note(l, S("主送机关过长，首页排不下正文，已移到版记（GB/T 9704 7.3.2）"));
            return;
        }
        lay_paragraph(l, &t, &(struct lay_para){.pt = l->s->text_pt});
    }
}
