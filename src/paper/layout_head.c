/* 版头, title and 主送. Distances between texts: an empty line is as high as a line of text (3.2), so that n of them between two
 * texts are n lines and the gap that belongs to the upper one. */
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

/* ---- title ---- */

enum {
    TITLE_CHARS_MAX = 300,
    PAIR_BYTES = 1 << 16, /* of the text, looked through for pairs */
    PAIRS_MAX = 3
};

struct title_cut {
    double cost;
    size_t from;
};

static bool blank(const struct lay_text *t, size_t i)
{
    return t->v[i].cp == ' ' || t->v[i].cp == 0x3000;
}

/* What it costs to break a title in front of character i: words stay whole as far as marks and little words show where they end. Where
 * somebody broke it, or left a blank, is a good place. */
static double cut_cost(const struct lay_text *t, const bool *joint, size_t i)
{
    static const uint32_t behind[] = {0x7684 /* 的 */, 0x3001, 0x548C /* 和 */, 0x53CA /* 及 */,
        0x4E8E /* 于 */, 0x300B, 0xFF09, 0x5BF9 /* 对 */, 0x5C4A /* 届 */};
    uint32_t x = t->v[i - 1].cp;
    size_t rest = t->n - i;

    if (rest < 2 || i < 2)
        return 50;
    if (t->v[i].cp == 0x7684 /* 的 */)
        return 60;
    if (joint[i] || blank(t, i - 1))
        return 0;
    for (size_t k = 0; k < sizeof behind / sizeof *behind; k++)
        if (x == behind[k])
            return x == 0x4E8E && t->v[i - 2].cp != 0x5173 ? 25 : 3;
    if (t->v[i].cp == 0x5173 && i + 1 < t->n && t->v[i + 1].cp == 0x4E8E) /* in front of 关于 */
        return 0;
    return 25;
}

static int times(struct str s, struct str pair)
{
    int n = 0;

    for (size_t k; n < PAIRS_MAX && (k = str_find(s, pair, 0)) != SIZE_MAX; n++)
        s = str_sub(s, k + pair.n, s.n);
    return n;
}

/* How often two characters stand side by side elsewhere in the title and in the text: 轨道 does, 立轨 (设立轨道交通研究院) does not. */
static int together(const struct official *d, uint32_t x, uint32_t y)
{
    struct str pair, part;
    char b[6];
    int n;
    size_t left = PAIR_BYTES;

    if (!utf8_is_han(x) || !utf8_is_han(y) || x > 0xFFFF || y > 0xFFFF)
        return 0;
    for (size_t i = 0; i < 6; i++) {
        uint32_t c = i < 3 ? x : y;
        b[i] = (char)(i % 3 == 0 ? 0xE0 | c >> 12 : 0x80 | (c >> (i % 3 == 1 ? 6 : 0) & 0x3F));
    }
    pair = (struct str){b, sizeof b};
    n = times(d->title, pair) - 1;
    for (size_t i = 0; i < d->n && n < PAIRS_MAX && left > 0; i++) {
        part = str_sub(d->blocks[i].text, 0, left);
        left -= part.n;
        n += times(part, pair);
    }
    return n < 0 ? 0 : n < PAIRS_MAX ? n : PAIRS_MAX;
}

static bool cut_allowed(const struct lay_text *t, size_t i)
{
    /* marks that begin no line, and what belongs to the number in front of it: 第三届, 第2次 */
    static const uint32_t never[] = {
        0x3001, 0xFF0C, 0x300B, 0xFF09, 0x201D, 0x3015, 0x3009, 0x5C4A, 0x6B21, 0x5E74};
    const struct lay_char *x = &t->v[i - 1], *y = &t->v[i];

    for (size_t k = 0; k < sizeof never / sizeof *never; k++)
        if (y->cp == never[k])
            return false;
    if (x->cp == 0x7B2C /* 第 */ || x->cp == 0x300A || x->cp == 0xFF08 || x->cp == 0x201C ||
        x->cp == 0x3014 || x->cp == 0x3008)
        return false;
    return !(x->cp < 0x80 && y->cp < 0x80 && x->cp != ' ' && y->cp != ' ');
}

static double span(const struct lay_text *t, size_t begin, size_t end)
{
    double em = 0;

    for (size_t i = begin; i < end; i++)
        em += t->v[i].em;
    return em;
}

struct cutting {
    const struct lay_text *t;
    const bool *joint; /* before which character somebody broke it */
    const int *whole;  /* how often a character stands behind the one in front of it elsewhere */
    size_t n;
    double most, even; /* ems of a line: at most, and if all were one length */
};

/* The cheapest way to end a line in front of each character, by trying every line that may end there. Returns what the whole costs. */
static double cheapest(const struct cutting *c, struct title_cut *best)
{
    best[0] = (struct title_cut){0, 0};
    for (size_t i = 1; i <= c->n; i++) {
        best[i] = (struct title_cut){HUGE_VAL, i - 1};
        for (size_t j = i; j-- > 0 && span(c->t, j, i) <= c->most + 1e-6;) {
            double off = (span(c->t, j, i) - c->even) / c->even, cost;
            if (j > 0 && !cut_allowed(c->t, j))
                continue;
            cost = best[j].cost + 40 * off * off + 12;
            if (j > 0)
                cost += cut_cost(c->t, c->joint, j) + 6 * c->whole[j];
            if (cost < best[i].cost)
                best[i] = (struct title_cut){cost, j};
        }
        if (best[i].cost == HUGE_VAL)
            best[i].cost = 1e6;
    }
    return best[c->n].cost;
}

/* Lines of nearly one length, as few as hold it, or one more where that cuts better. */
static size_t cut_title(const struct official *d, const struct lay_text *t, const bool *joint,
    double most, size_t *ends)
{
    int whole[TITLE_CHARS_MAX + 1] = {0};
    struct title_cut best[TITLE_CHARS_MAX + 1], more[TITLE_CHARS_MAX + 1], *won = best;
    size_t n = t->n < TITLE_CHARS_MAX ? t->n : TITLE_CHARS_MAX, k = 0, stack[TITLE_CHARS_MAX] = {0};
    double all = span(t, 0, n), lines = ceil(all / most);
    double cost;

    for (size_t i = 1; i < n; i++)
        whole[i] = together(d, t->v[i - 1].cp, t->v[i].cp);
    struct cutting c = {t, joint, whole, n, most, all / lines};
    cost = cheapest(&c, best);
    c.even = all / (lines + 1);
    if (cheapest(&c, more) < cost)
        won = more;
    for (size_t i = n; i > 0; i = won[i].from)
        stack[k++] = i;
    for (size_t i = 0; i < k; i++)
        ends[i] = stack[k - 1 - i];
    if (n < t->n && k > 0)
        ends[k - 1] = t->n;
    return k;
}

static void title_line(struct lay *l, const struct lay_text *t, size_t begin, size_t end, double pt)
{
    double em = pt * MM_PER_PT;
    struct lay_text part;
    struct lay_line line;

    while (begin < end && blank(t, end - 1))
        end--;
    while (begin < end && blank(t, begin))
        begin++;
    part = (struct lay_text){t->v + begin, end - begin, end - begin};
    line = line_whole(l, &part, &(struct lay_set){pt, 0, false});
    lay_need(l, em);
    lay_put(
        l, lay_now(l), &part, &line, l->s->left + (l->s->width - line.width) / 2, l->y, pt, BLACK);
    lay_now(l)->p.lines++;
    l->y += em + l->gap;
}

/* The lines that somebody chose stand, if each of them fits; otherwise all is cut anew. */
void lay_title(struct lay *l, struct str title, double pt)
{
    double most = fmax(4, floor(l->s->width / (pt * MM_PER_PT)));
    bool joint[TITLE_CHARS_MAX + 1] = {0}, fits = true;
    size_t ends[TITLE_CHARS_MAX], n = 0, begin = 0;
    struct lay_text t = {0};
    struct str line;

    while (str_next(&title, S("\n"), &line)) {
        size_t from = t.n;
        text_add(l, &t, FACE_BIAO, str_trim(line), SIZE_MAX);
        fits = fits && span(&t, from, t.n) <= most + 1e-6 && n < TITLE_CHARS_MAX;
        if (t.n > from && t.n <= TITLE_CHARS_MAX) {
            joint[t.n] = true;
            ends[n++] = t.n;
        }
    }
    if (!t.n)
        return;
    if (!fits || t.n > TITLE_CHARS_MAX)
        n = cut_title(l->d, &t, joint, most, ends);
    for (size_t i = 0; i < n; begin = ends[i++])
        title_line(l, &t, begin, ends[i], pt);
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
