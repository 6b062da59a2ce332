/* What the words themselves have wrong: numbers, marks, empty lines. A repair leaves these alone. */
#include <string.h>

#include "base/utf8.h"
#include "office/format_int.h"
#include "text/docno.h"

enum { TIGHT_CP = 12 };

static struct str line_str(const struct format_view *w, size_t i)
{
    return str_trim(draft_str(&w->d, w->d.lines[i].begin, w->d.lines[i].end));
}

/* ---- elements ---- */

static void docno(struct formatting *f, size_t i, struct str s)
{
    struct str number = s, rest;
    struct docno d;
    struct err e;

    (void)str_cut(s, S("签发人"), &number, &rest);
    number = str_trim(number);
    if (docno_parse(number, &d, &e) != OK)
        return;
    if (!d.standard) {
        struct buf b;
        buf_init(&b, 0);
        docno_print(&d, &b);
        format_say(f, "docno-form", i, number, arena_z(f->a, buf_view(&b)));
        buf_release(&b);
    }
}

static void addressee(struct formatting *f, size_t i, struct str s)
{
    if (!str_ends(s, S("：")) && str_ends(s, S(":")))
        format_say(f, "addressee-colon", i, S("半角冒号"), "全角冒号“：”");
}

static void attachment(struct formatting *f, size_t i, struct str s)
{
    static const struct str marks[] = {SC("。"), SC("；"), SC("，"), SC("、"), SC(";"), SC(".")};

    if (str_starts(s, S("附件:")))
        format_say(f, "attachment-colon", i, S("半角冒号"), "全角冒号“：”");
    for (size_t k = 0; k < sizeof marks / sizeof *marks; k++)
        if (str_ends(s, marks[k]))
            format_say(f, "attachment-end", i, marks[k], "附件名称后不加标点");
}

/* 2026年7月13日: Arabic, year with four digits, no 0 in front. */
static bool day_is_right(struct str s)
{
    int v;

    return str_eat_digits(&s, 4, 4, &v) && str_eat(&s, S("年")) && s.n && s.p[0] != '0' &&
           str_eat_digits(&s, 1, 2, &v) && str_eat(&s, S("月")) && s.n && s.p[0] != '0' &&
           str_eat_digits(&s, 1, 2, &v) && str_eat(&s, S("日"));
}

static void date(struct formatting *f, size_t i, struct str s)
{
    if (!day_is_right(s))
        format_say(
            f, "date-form", i, s, "用阿拉伯数字写全年、月、日，月、日前不加0，如2026年7月3日");
}

static void printed(struct formatting *f, size_t i, struct str s)
{
    size_t at = str_find(s, S("年"), 0);

    while (at != SIZE_MAX && at > 0 && s.p[at - 1] >= '0' && s.p[at - 1] <= '9')
        at--;
    if (at == SIZE_MAX)
        return;
    s = str_sub(s, at, s.n);
    if (!day_is_right(s))
        format_say(f, "printed-form", i, s, "用阿拉伯数字写全年、月、日，后加“印发”");
}

static void cc(struct formatting *f, size_t i, struct str s)
{
    if (!str_ends(s, S("。")))
        format_say(f, "cc-end", i, S("没有句号"), "最后一个抄送机关名称后标句号");
}

/* ---- empty lines ---- */

static size_t empties(const struct format_view *w, size_t i)
{
    size_t n = 0;

    while (i > n && w->role[i - 1 - n] == ROLE_EMPTY)
        n++;
    return n;
}

/* Room above by a spacing counts as well: only a paragraph that has none is said to lack its lines. */
static void gap(struct formatting *f, const char *id, size_t i, size_t want, const char *right)
{
    size_t n = empties(f->w, i);

    if (n == want || i == 0 || f->w->r->paras[i].f.before > 200 ||
        f->w->r->paras[i > n ? i - n - 1 : 0].f.after > 200)
        return;
    format_say(f, id, i, arena_printf(f->a, "空 %zu 行", n), right);
}

static bool first_of_role(const struct format_view *w, size_t i)
{
    for (size_t k = i; k-- > 0;)
        if (w->role[k] != ROLE_EMPTY)
            return w->role[k] != w->role[i];
    return true;
}

static bool behind(const struct format_view *w, size_t i, enum format_role r)
{
    while (i-- > 0)
        if (w->role[i] == r)
            return true;
    return false;
}

static void gaps(struct formatting *f, size_t i)
{
    const struct format_view *w = f->w;

    if (w->r->paras[i].table || w->r->paras[i].place != RICH_BODY || !first_of_role(w, i))
        return;
    if (w->role[i] == ROLE_DOCNO && w->paper && !w->upward && i > 0 && !behind(w, i, ROLE_SIGNER))
        gap(f, "docno-gap", i, 2, "发文机关标志下空二行");
    if (w->role[i] == ROLE_TITLE && w->paper &&
        behind(w, i, ROLE_DOCNO)) /* a draft has no number yet */
        gap(f, "title-gap", i, 2, "红色分隔线下空二行");
    if (w->role[i] == ROLE_ADDRESSEE)
        gap(f, "addressee-gap", i, 1, "标题下空一行");
    if (w->role[i] == ROLE_ATTACHMENT)
        gap(f, "attachment-gap", i, 1, "正文下空一行");
}

/* ---- headings ---- */

/* Items that are text count as well: of a list some may be headings and some whole sentences. （四） under 二、 goes on from （三） under 一、
 * in many documents, which is right as well as a new （一）. *deepest is 0 where something begins: there 一、 is right as well. */
static void order(struct formatting *f, size_t line, int last[5], int *deepest)
{
    const struct draft_line *l = &f->w->d.lines[line];
    size_t i = f->w->lines[line];
    int level = (int)l->label - (int)LABEL_H1 + 1;

    if (l->number == 1 && level - *deepest > 1 && *deepest > 0 && level != 3)
        format_say(f, "heading-level", i,
            arena_printf(f->a, "第%d级下面直接用第%d级", *deepest, level), "一、→（一）→1.→（1）");
    if (l->number > 0 && l->number != last[level] + 1 &&
        !(l->number == 1 && (level > 1 || *deepest == 0)))
        format_say(f, "heading-order", i,
            last[level] ? arena_printf(f->a, "“%.*s”，前面是第%d个",
                              SF(draft_str(&f->w->d, l->first, l->label_end)), last[level])
                        : arena_printf(f->a, "从“%.*s”开始",
                              SF(draft_str(&f->w->d, l->first, l->label_end))),
            "从一开始，依次连续");
    last[level] = l->number;
    *deepest = level;
}

/* The marks behind a number: 一、 （一） 1. （1）. */
static void heading_mark(struct formatting *f, size_t line)
{
    const struct draft *d = &f->w->d;
    const struct draft_line *l = &d->lines[line];
    size_t i = f->w->lines[line];
    struct str s = draft_str(d, l->first, l->label_end);
    bool bracket = l->label == LABEL_H2 || l->label == LABEL_H4;

    if (l->label == LABEL_H1 && !str_ends(s, S("、")))
        format_say(f, "heading-mark", i, s, "一、");
    else if (l->label == LABEL_H3 && !str_ends(s, S(".")) && !str_ends(s, S("．")))
        format_say(f, "heading-mark", i, s, "1.");
    else if (bracket && !str_ends(s, S("）")))
        format_say(f, "heading-mark", i, s,
            l->label == LABEL_H2 ? "（一），后面不加标点" : "（1），后面不加标点");
}

/* Numbers may begin anew in an attachment, in a text that stands behind the day, and under a line in the middle of the page. */
static bool may_begin_anew(enum format_role r)
{
    return r == ROLE_ANNEX || r == ROLE_ANNEX_TITLE || r == ROLE_DATE || r == ROLE_NOTE ||
           r == ROLE_TITLE || r == ROLE_CARRIED || r == ROLE_CENTRED;
}

static void headings(struct formatting *f)
{
    int last[5] = {0}, deepest = 0;

    for (size_t line = 0; line < f->w->n_lines; line++) {
        enum format_role r = f->w->role[f->w->lines[line]];
        enum label_kind k = f->w->d.lines[line].label;
        if (may_begin_anew(r))
            deepest = 0;
        if (r == ROLE_ANNEX || r == ROLE_CARRIED)
            memset(last, 0, sizeof last);
        if (k < LABEL_H1 || k > LABEL_H4 || (r != ROLE_BODY && (r < ROLE_H1 || r > ROLE_H4)))
            continue;
        order(f, line, last, &deepest);
        heading_mark(f, line);
    }
}

/* ---- marks ---- */

static bool han_at(const struct draft *d, size_t i)
{
    return i < d->n && utf8_is_han(d->cp[i]);
}

/* , ; : ? ! ( ) beside Chinese; a number's comma or a time's colon is masked or stands between digits. */
static bool half_at(const struct draft *d, size_t i)
{
    uint32_t c = d->cp[i];
    bool mark = c == ',' || c == ';' || c == ':' || c == '?' || c == '!' || c == '(' || c == ')';

    if (!mark || (d->mask[i] & (MASK_URL | MASK_CODE | MASK_TIME | MASK_LATIN)))
        return false;
    return (i > 0 && han_at(d, i - 1)) || han_at(d, i + 1);
}

static void marks(struct formatting *f, size_t line)
{
    const struct draft *d = &f->w->d;
    const struct draft_line *l = &d->lines[line];
    size_t i = f->w->lines[line];
    enum format_role r = f->w->role[i];
    bool half = false, quote = false,
         own = r == ROLE_ADDRESSEE || r == ROLE_ATTACHMENT || r == ROLE_DOCNO;

    for (size_t k = l->begin; k < l->end; k++) {
        if (k < l->label_end)
            continue;
        half = half || (!own && half_at(d, k));
        quote = quote || (d->cp[k] == '"' && !(d->mask[k] & (MASK_URL | MASK_CODE | MASK_LATIN)) &&
                             ((k > l->begin && han_at(d, k - 1)) || han_at(d, k + 1)));
    }
    if (half)
        format_say(f, "half-width", i, S("半角标点"), "全角标点");
    if (quote)
        format_say(f, "straight-quote", i, S("\""), "“ ”");
}

/* ---- all ---- */

static void element(struct formatting *f, size_t line)
{
    size_t i = f->w->lines[line];
    struct str s = line_str(f->w, line);

    switch ((int)f->w->role[i]) {
    case ROLE_DOCNO:
        docno(f, i, s);
        break;
    case ROLE_ADDRESSEE:
        addressee(f, i, s);
        break;
    case ROLE_ATTACHMENT:
    case ROLE_ATTACHMENT_MORE:
        attachment(f, i, s);
        break;
    case ROLE_DATE:
        date(f, i, s);
        break;
    case ROLE_PRINTED:
        printed(f, i, s);
        break;
    case ROLE_CC:
        cc(f, i, s);
        break;
    default:
        break;
    }
}

void format_words(struct formatting *f)
{
    for (size_t line = 0; line < f->w->n_lines; line++) {
        if (!line_str(f->w, line).n)
            continue;
        element(f, line);
        gaps(f, f->w->lines[line]);
        marks(f, line);
    }
    headings(f);
}
