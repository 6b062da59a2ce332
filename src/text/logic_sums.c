#include <math.h>

#include "base/utf8.h"
#include "text/figures.h"
#include "text/logic_int.h"
#include "text/rule_chars.h"

enum {
    TOTAL_CP = 8,  /* between 共 and its figure */
    LABEL_CP = 16, /* the name of a part */
    PARTS_MAX = 40,
    SHARES_MAX = 120, /* percent */
    BETWEEN_CP = 12,
    NEAR_CP = 14, /* between a change and its percentage */
};

struct sums {
    struct checker *c;
    const struct draft *d;
    const struct figure *v;
    size_t n;
};

static bool is_stop(uint32_t c)
{
    return c == 0x3002 || c == 0xFF1B || c == '\n' || c == 0 || c == 0xFF01 || c == 0xFF1F;
}

static bool is_comma(uint32_t c)
{
    return c == 0x3001 || c == 0xFF0C; /* 、 ， */
}

static bool has_mark(const struct draft *d, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        if (!utf8_is_han(d->cp[i]) && d->cp[i] != 0x201C && d->cp[i] != 0x201D)
            return true;
    return false;
}

/* 共, 合计 … before figure i, with nothing but characters between. */
static bool is_total(const struct sums *s, size_t i, size_t *word)
{
    static const struct str words[] = {SC("共"), SC("合计"), SC("总计"), SC("总数"), SC("总共")};
    static const struct str not_words[] = {
        SC("公共"), SC("中共"), SC("共同"), SC("共享"), SC("共有产权"), SC("共建")};
    size_t end = s->v[i].begin, begin = end > TOTAL_CP ? end - TOTAL_CP : 0;

    for (size_t k = 0; k < COUNT(not_words); k++)
        if (draft_find(s->d, begin, end, not_words[k]) != SIZE_MAX)
            return false;
    for (size_t k = 0; k < COUNT(words); k++) {
        size_t at = draft_find(s->d, begin, end, words[k]);
        if (at != SIZE_MAX && !has_mark(s->d, at, end)) {
            *word = at;
            return true;
        }
    }
    return false;
}

/* Units that count things which can be added. */
static bool adds_up(const struct draft *d, const struct figure *f)
{
    static const struct str not_units[] = {SC("年"), SC("月"), SC("日"), SC("号"), SC("时"),
        SC("%"), SC("％"), SC("个百分点"), SC("百分点"), SC("倍"), SC("岁"), SC("分"), SC("度"),
        SC("天"), SC("周"), SC("类"), SC("期"), SC("个月"), SC("小时"), SC("分钟")};
    struct str unit = draft_str(d, f->unit, f->end);

    if (unit.n == 0)
        return false;
    for (size_t k = 0; k < COUNT(not_units); k++)
        if (str_eq(unit, not_units[k]))
            return false;
    return true;
}

/* Counted things are exact; 1.2万 and 3.5 may be rounded. */
static double rounding(const struct figure *f)
{
    return f->half == 0.5 ? 0 : f->half;
}

struct parts {
    size_t first, n; /* figures */
    size_t end;      /* behind the list */
    double sum, half;
    bool vague;
    bool closed;   /* the list ends where its sentence or bracket ends: nothing else is in it */
    bool parallel; /* the names of the parts end alike, or are one character: 男5人、女8人 */
};

/* The parts that follow from place `at`: 名称 figure unit, parted by 、 or ，. */
static bool read_parts(
    const struct sums *s, size_t at, size_t first, const struct figure *total, struct parts *out)
{
    const struct draft *d = s->d;
    struct parts p = {.first = first, .parallel = true};
    uint32_t tail = 0;

    for (size_t i = first; i < s->n && p.n < PARTS_MAX; i++) {
        const struct figure *f = &s->v[i];
        uint32_t last = f->begin > at ? d->cp[f->begin - 1] : 0;
        if (f->begin < at || f->begin - at > LABEL_CP || f->begin == at ||
            has_mark(d, at, f->begin) || draft_find(d, at, f->begin, S("包括")) != SIZE_MAX ||
            draft_find(d, at, f->begin, S("含")) != SIZE_MAX || !figure_same_unit(d, f, total))
            return false;
        p.n++;
        p.sum += f->value;
        p.half += rounding(f);
        p.vague = p.vague || f->vague;
        if (f->begin - at > 1 && tail && last != tail)
            p.parallel = false;
        tail = last;
        p.end = f->end;
        if (!is_comma(d->cp[f->end])) {
            uint32_t c = d->cp[f->end];
            p.closed = is_stop(c) || c == 0xFF09 || c == ')';
            *out = p;
            return p.n >= 2 && p.closed;
        }
        at = f->end + 1;
    }
    return false;
}

static bool equal(double x, double y, double half)
{
    return fabs(x - y) <= half + 1e-6 * fmax(fabs(x), fabs(y)) + 1e-9;
}

static struct str print(struct checker *c, double v)
{
    struct str unit = S("");

    if (v >= 1e8) {
        v /= 1e8;
        unit = S("亿");
    } else if (v >= 1e4) {
        v /= 1e4;
        unit = S("万");
    }
    return arena_printf(c->a, "%.10g%.*s", v, SF(unit));
}

static void say_sum(struct sums *s, const struct figure *total, const struct parts *p)
{
    struct finding *f =
        check_say(s->c, "A01", total->begin, total->end, "总数是“%.*s”，各分项之和是%.*s",
            SF(draft_str(s->d, total->begin, total->end)), SF(print(s->c, p->sum)));

    if (f) {
        f->other_begin = s->v[p->first].begin;
        f->other_end = p->end;
    }
}

/* 共12家（A类5家、B类8家）; 共12家，其中A类5家、B类8家. What follows 其中 may be only some of the parts, and parts may
 * overlap: there only a sum that is too large over parallel names is said. */
static void total_first(struct sums *s, size_t i)
{
    const struct draft *d = s->d;
    const struct figure *total = &s->v[i];
    size_t at = total->end, word;
    struct parts p;
    bool some;

    if (total->vague || !adds_up(d, total))
        return;
    while (utf8_is_han(d->cp[at]) && at - total->end < TOTAL_CP)
        at++;
    if (d->cp[at] != 0xFF0C && d->cp[at] != 0xFF1A && d->cp[at] != 0xFF08 && d->cp[at] != '(')
        return;
    some = d->cp[at] == 0xFF0C;
    at++;
    if (draft_is(d, at, S("其中"))) {
        some = true;
        at += 2;
        if (d->cp[at] == 0xFF1A || d->cp[at] == 0xFF0C)
            at++;
    } else if (some || !is_total(s, i, &word)) {
        return;
    }
    if (!read_parts(s, at, i + 1, total, &p) || p.vague)
        return;
    if (equal(p.sum, total->value, p.half + rounding(total)))
        return;
    if (some && (p.sum < total->value || !p.parallel))
        return;
    say_sum(s, total, &p);
}

/* A类5家、B类8家，共12家: from the beginning of the sentence, or from a colon, all is list. */
static void total_last(struct sums *s, size_t i)
{
    const struct draft *d = s->d;
    const struct figure *total = &s->v[i];
    size_t word, k = i, at;
    struct parts p = {0};

    if (total->vague || !adds_up(d, total) || !is_total(s, i, &word) || word == 0 ||
        !is_comma(d->cp[word - 1]))
        return;
    at = word - 1;
    while (k > 0 && p.n < PARTS_MAX) {
        const struct figure *f = &s->v[k - 1];
        size_t from;
        if (f->end != at || f->vague || !figure_same_unit(d, f, total))
            return;
        from = f->begin;
        while (from > 0 && utf8_is_han(d->cp[from - 1]) && f->begin - from < LABEL_CP)
            from--;
        if (from == f->begin)
            return;
        k--;
        p.n++;
        p.sum += f->value;
        p.half += rounding(f);
        if (from == 0 || is_stop(d->cp[from - 1]) || d->cp[from - 1] == 0xFF1A)
            break;
        if (d->cp[from - 1] != 0x3001)
            return;
        at = from - 1;
    }
    p.first = k;
    p.end = word - 1;
    if (p.n >= 2 && !equal(p.sum, total->value, p.half + rounding(total)))
        say_sum(s, total, &p);
}

/* 分别占30%、40%、50%: more than the whole. */
static void shares(struct sums *s, size_t i)
{
    const struct draft *d = s->d;
    size_t begin = s->v[i].begin, k = i;
    double sum = 0, half = 0;

    if (begin < 3 || !draft_is(d, begin - 3, S("分别占")) || !figure_is_percent(d, &s->v[i]))
        return;
    for (;; k++) {
        if (!figure_is_percent(d, &s->v[k]))
            return;
        sum += s->v[k].value;
        half += s->v[k].half;
        if (k + 1 == s->n || s->v[k + 1].begin != s->v[k].end + 1 ||
            (d->cp[s->v[k].end] != 0x3001 && d->cp[s->v[k].end] != 0x548C))
            break;
    }
    /* far above, the parts overlap: women, the young, graduates */
    if (k > i && sum > 100 + half + 1e-9 && sum <= SHARES_MAX)
        check_say(s->c, "A03", begin, s->v[k].end, "各部分占比之和是%.6g%%，超过100%%", sum);
}

void logic_sums(struct checker *c)
{
    struct figure *v;
    struct sums s = {.c = c, .d = c->d};

    s.n = figures_read(c->a, c->d, &v);
    s.v = v;
    for (size_t i = 0; i < s.n; i++) {
        total_first(&s, i);
        total_last(&s, i);
        shares(&s, i);
    }
}

/* ---- changes ---- */
static const struct str up[] = {SC("增加"), SC("增长"), SC("提高"), SC("上升"), SC("提升"),
    SC("扩大"), SC("增"), SC("上涨"), SC("涨")};
static const struct str down[] = {
    SC("减少"), SC("下降"), SC("降低"), SC("缩小"), SC("压减"), SC("压缩"), SC("降"), SC("减")};

/* 由A增至B: what stands between the two figures. 1 up, -1 down, 0 something else. */
static int change_between(const struct draft *d, size_t begin, size_t end)
{
    static const struct str tos[] = {SC("至"), SC("到"), SC("为")};
    int way = 0;
    size_t n;

    while (begin < end && !way) {
        n = draft_any(d, begin, up, COUNT(up));
        way = n ? 1 : 0;
        if (!n) {
            n = draft_any(d, begin, down, COUNT(down));
            way = n ? -1 : 0;
        }
        begin += n ? n : 1;
    }
    if (!way || !draft_any(d, begin, tos, COUNT(tos)))
        return 0;
    begin++;
    while (begin < end && ch_digit(d->cp[begin])) /* 增加到2026年的 */
        begin++;
    if (begin < end && d->cp[begin] == 0x5E74)
        begin++;
    if (begin < end && d->cp[begin] == 0x7684)
        begin++;
    return begin == end ? way : 0;
}

/* Years are no amounts: 由2024年的10起增加到2026年的15起. */
static size_t without_years(const struct draft *d, struct figure *v, size_t n)
{
    size_t out = 0;

    for (size_t i = 0; i < n; i++)
        if (d->cp[v[i].unit] != 0x5E74 || v[i].value < 1900 || v[i].value > 2100)
            v[out++] = v[i];
    return out;
}

/* The change named right before a percentage: 同比增长, 降幅为. 0: none, or a yearly mean. */
static int change_before(const struct draft *d, size_t begin, size_t end)
{
    int way = 0;

    for (size_t i = begin; i < end; i++) {
        if (draft_is(d, i, S("年均")) || draft_is(d, i, S("平均")) || is_stop(d->cp[i]) ||
            draft_is(d, i, S("复合")))
            return 0;
        if (draft_any(d, i, up, COUNT(up)))
            way = 1;
        else if (draft_any(d, i, down, COUNT(down)))
            way = -1;
    }
    return way;
}

struct change {
    const struct figure *x, *y;
    int way;
};

static bool from_word(const struct draft *d, size_t i)
{
    return i && (d->cp[i - 1] == 0x7531 || d->cp[i - 1] == 0x4ECE ||
                    (i > 1 && utf8_is_han(d->cp[i - 1]) &&
                        (draft_is(d, i - 2, S("年的")) || draft_is(d, i - 2, S("期的")))));
}

/* 由40%提高到45%，提高5%: the difference of two shares is in 百分点. */
static void points(struct sums *s, const struct change *g, const struct figure *p)
{
    double diff = fabs(g->y->value - g->x->value), half = g->x->half + g->y->half + p->half;
    const struct draft *d = s->d;
    bool in_points = !figure_is_percent(d, p);
    double relative = g->x->value > 0 ? 100 * diff / g->x->value : 0;

    if (in_points) {
        if (!equal(diff, p->value, half))
            check_say(s->c, "A04", p->begin, p->end, "由“%.*s”到“%.*s”，相差%.6g个百分点",
                SF(draft_str(d, g->x->begin, g->x->end)), SF(draft_str(d, g->y->begin, g->y->end)),
                diff);
        return;
    }
    if (equal(diff, p->value, half) && !equal(relative, p->value, p->half + 0.5))
        check_replace(s->c, "A05", p->begin, p->end,
            arena_printf(s->c->a, "%.*s个百分点", SF(draft_str(d, p->begin, p->unit))),
            "两个百分比之差用百分点表示");
}

/* People and things are counted, tons and yuan may be rounded. */
static double counted(const struct draft *d, const struct figure *f)
{
    static const struct str units[] = {SC("家"), SC("个"), SC("人"), SC("名"), SC("件"), SC("项"),
        SC("次"), SC("户"), SC("起"), SC("例"), SC("场"), SC("条"), SC("份"), SC("台"), SC("辆")};
    struct str unit = draft_str(d, f->unit, f->end);

    for (size_t k = 0; k < COUNT(units); k++)
        if (str_eq(unit, units[k]))
            return rounding(f);
    return f->half;
}

static void percent(struct sums *s, const struct change *g, const struct figure *p)
{
    const struct draft *d = s->d;
    double x = g->x->value, y = g->y->value;
    double real = 100 * fabs(y - x) / x, a = counted(d, g->x), b = counted(d, g->y);
    double low = 100 * (fabs(y - x) - a - b) / (x + a);
    double high = 100 * (fabs(y - x) + a + b) / fmax(x - a, x / 2);

    if (p->value + p->half + 1e-6 < low || p->value - p->half - 1e-6 > high)
        check_say(s->c, "A04", p->begin, p->end, "由“%.*s”到“%.*s”，变化是%.3g%%",
            SF(draft_str(d, g->x->begin, g->x->end)), SF(draft_str(d, g->y->begin, g->y->end)),
            real);
}

static bool in_points(const struct draft *d, const struct figure *f)
{
    struct str unit = draft_str(d, f->unit, f->end);

    return str_eq(unit, S("个百分点")) || str_eq(unit, S("百分点"));
}

static void judge_change(struct sums *s, const struct change *g, const struct figure *p)
{
    const struct draft *d = s->d;
    bool shares_both = figure_is_percent(d, g->x) && figure_is_percent(d, g->y);

    if (p->vague || !(figure_is_percent(d, p) || in_points(d, p)))
        return;
    if (shares_both)
        points(s, g, p);
    else if (g->x->value > 0 && figure_is_percent(d, p) && !figure_is_percent(d, g->x))
        percent(s, g, p);
}

void logic_growth(struct checker *c)
{
    struct figure *v;
    struct sums s = {.c = c, .d = c->d};
    const struct draft *d = c->d;

    s.n = figures_read(c->a, d, &v);
    s.n = without_years(d, v, s.n);
    s.v = v;
    for (size_t i = 0; i + 1 < s.n; i++) {
        struct change g = {&v[i], &v[i + 1], 0};
        size_t at = v[i + 1].end;
        if (v[i].vague || v[i + 1].vague || !from_word(d, v[i].begin) ||
            v[i + 1].begin - v[i].end > BETWEEN_CP || v[i].unit == v[i].end ||
            !figure_same_unit(d, &v[i], &v[i + 1]))
            continue;
        g.way = change_between(d, v[i].end, v[i + 1].begin);
        if (g.way == 0)
            continue;
        if ((g.way > 0) != (v[i + 1].value > v[i].value)) {
            check_say(c, "A06", v[i].begin, v[i + 1].end, "说的是%s，数字却没有%s",
                g.way > 0 ? "增加" : "减少", g.way > 0 ? "变大" : "变小");
            continue;
        }
        if (i + 2 < s.n && d->cp[at] == 0xFF0C && v[i + 2].begin - at <= NEAR_CP &&
            change_before(d, at + 1, v[i + 2].begin) == g.way &&
            draft_find(d, at + 1, v[i + 2].begin, S("，")) == SIZE_MAX)
            judge_change(&s, &g, &v[i + 2]);
        else if (i > 0 && d->cp[v[i - 1].end] == 0xFF0C && v[i].begin - v[i - 1].end <= 3 &&
                 change_before(d, v[i - 1].begin > 8 ? v[i - 1].begin - 8 : 0, v[i - 1].begin) ==
                     g.way)
            judge_change(&s, &g, &v[i - 1]);
    }
}
