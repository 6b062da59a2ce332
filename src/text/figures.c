#include "text/figures.h"
#include "text/rule_chars.h"

#include <math.h>

#include "base/clock.h"
#include "base/utf8.h"

enum { NUMBER_DIGITS_MAX = 15, VAGUE_CP = 3 };

static size_t blanks(const struct draft *d, size_t i)
{
    while (d->cp[i] == ' ' || d->cp[i] == 0xA0 || d->cp[i] == 0x3000)
        i++;
    return i;
}

/* ---- dates ---- */

/* A number of at most `most` and the character `mark` behind it. */
static bool piece(const struct draft *d, size_t *i, int most, uint32_t mark, int *value, bool *han)
{
    struct str s = draft_str(d, *i, *i + 12);
    size_t off = 0, at;
    bool is_han = false;
    int v;

    if (!lex_arabic(s, &off, &v)) {
        if (!lex_han(s, &off, &v))
            return false;
        is_han = true;
    }
    at = blanks(d, draft_cp(d, d->byte[*i] + off));
    if (v <= 0 || v > most || d->cp[at] != mark)
        return false;
    *value = v;
    *han = is_han;
    *i = at + 1;
    return true;
}

static bool is_han_number(uint32_t c)
{
    static const uint32_t v[] = {0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B,
        0x4E5D, 0x5341, 0x3007, 0x25CB, 0x96F6, 0x767E, 0x5343};

    for (size_t k = 0; k < COUNT(v); k++)
        if (v[k] == c)
            return true;
    return false;
}

static bool starts_number(const struct draft *d, size_t i)
{
    uint32_t before = i ? d->cp[i - 1] : 0;

    if (lex_digit(d->cp[i]) >= 0)
        return lex_digit(before) < 0 && before != '.' && before != '-' && !ch_latin(before);
    return is_han_number(d->cp[i]) && !is_han_number(before) && lex_digit(before) < 0;
}

static bool date_at(const struct draft *d, size_t i, struct figure_date *out)
{
    struct figure_date t = {.begin = i};
    size_t at = i;
    bool han = false;

    if (piece(d, &at, 2999, 0x5E74, &t.year, &t.han)) { /* 年 */
        size_t next = blanks(d, at);
        if (t.year < 1000)
            return false; /* 26年, 三年: a time, not a year */
        t.end = at;
        if (piece(d, &next, 99, 0x6708, &t.month, &han)) {
            t.end = next;
            next = blanks(d, next);
            if (piece(d, &next, 99, 0x65E5, &t.day, &han))
                t.end = next;
        }
    } else {
        at = i;
        if (!piece(d, &at, 99, 0x6708, &t.month, &t.han)) /* 月 */
            return false;
        at = blanks(d, at);
        if (!piece(d, &at, 99, 0x65E5, &t.day, &han)) /* 日 */
            return false;
        t.end = at;
    }
    *out = t;
    return true;
}

size_t figure_dates(struct arena *a, const struct draft *d, struct figure_date **out)
{
    struct figure_date *v = NULL, t;
    size_t n = 0, cap = 0;

    for (size_t i = 0; i < d->n; i++) {
        if ((d->mask[i] & (MASK_URL | MASK_CODE)) || !starts_number(d, i) || !date_at(d, i, &t))
            continue;
        ARENA_PUSH(a, v, n, cap) = t;
        i = t.end - 1;
    }
    *out = v;
    return n;
}

bool figure_date_exists(const struct figure_date *t)
{
    if (t->month == 0)
        return true;
    if (t->month > 12)
        return false;
    return t->day == 0 || t->day <= day_month_len(t->year ? t->year : 2000, t->month);
}

struct str figure_date_print(struct arena *a, const struct figure_date *t)
{
    struct str y = t->year ? arena_printf(a, "%d年", t->year) : S("");
    struct str m = t->month ? arena_printf(a, "%d月", t->month) : S("");
    struct str day = t->day ? arena_printf(a, "%d日", t->day) : S("");

    return arena_cat(a, arena_cat(a, y, m), day);
}

/* ---- amounts ---- */
static const struct str units[] = {SC("个百分点"), SC("百分点"), SC("%"), SC("％"), SC("千瓦时"),
    SC("立方米"), SC("平方公里"), SC("平方米"), SC("公里"), SC("千米"), SC("公顷"), SC("公斤"),
    SC("斤"), SC("千克"), SC("千瓦"), SC("兆瓦"), SC("吨标准煤"), SC("标准煤"), SC("美元"),
    SC("人次"), SC("车次"), SC("架次"), SC("户次"), SC("场次"), SC("课时"), SC("学时"), SC("小时"),
    SC("分钟"), SC("个月"), SC("元"), SC("吨"), SC("米"), SC("亩"), SC("家"), SC("个"), SC("人"),
    SC("名"), SC("位"), SC("件"), SC("项"), SC("次"), SC("户"), SC("宗"), SC("场"), SC("批"),
    SC("条"), SC("份"), SC("篇"), SC("台"), SC("套"), SC("座"), SC("处"), SC("支"), SC("所"),
    SC("辆"), SC("艘"), SC("架"), SC("起"), SC("例"), SC("类"), SC("种"), SC("期"), SC("卷"),
    SC("册"), SC("本"), SC("幅"), SC("栋"), SC("间"), SC("口"), SC("头"), SC("只"), SC("株"),
    SC("棵"), SC("村"), SC("县"), SC("省"), SC("市"), SC("镇"), SC("倍"), SC("岁"), SC("天"),
    SC("周"), SC("分"), SC("年"), SC("月"), SC("日"), SC("号"), SC("时"), SC("度"), SC("亿")};

static double multiplier(const struct draft *d, size_t *i)
{
    static const struct {
        struct str word;
        double by;
    } v[] = {{SC("万亿"), 1e12}, {SC("千亿"), 1e11}, {SC("百亿"), 1e10}, {SC("亿"), 1e8},
        {SC("千万"), 1e7}, {SC("百万"), 1e6}, {SC("万"), 1e4}, {SC("千"), 1e3}, {SC("百"), 1e2}};

    for (size_t k = 0; k < COUNT(v); k++) {
        size_t n = draft_any(d, *i, &v[k].word, 1);
        if (n == 0)
            continue;
        if (n == 1 && v[k].by <= 1e3) { /* 千瓦, 千克, 百分点 */
            static const struct str not_more[] = {
                SC("瓦"), SC("克"), SC("米"), SC("伏"), SC("卡"), SC("分"), SC("赫")};
            if (draft_any(d, *i + 1, not_more, COUNT(not_more)))
                return 1;
        }
        *i += n;
        return v[k].by;
    }
    return 1;
}

/* Digits with , between groups of three and a decimal point; *i behind them. False: too long. */
static bool read_number(const struct draft *d, size_t *i, double *value, double *half)
{
    size_t at = *i, digits = 0, places = 0, group;
    double v = 0;

    for (; ch_digit(d->cp[at]); at++, digits++)
        v = v * 10 + (double)(d->cp[at] - '0');
    group = digits;
    while (group <= 3 && group > 0 &&
           (d->cp[at] == ',' || d->cp[at] == ' ' || d->cp[at] == 0x2009 || d->cp[at] == 0xA0) &&
           ch_digit(d->cp[at + 1]) && ch_digit(d->cp[at + 2]) && ch_digit(d->cp[at + 3]) &&
           !ch_digit(d->cp[at + 4])) {
        for (size_t k = 1; k <= 3; k++)
            v = v * 10 + (double)(d->cp[at + k] - '0');
        at += 4;
        digits += 3;
    }
    if (d->cp[at] == '.' && ch_digit(d->cp[at + 1])) {
        double by = 1;
        for (at++; ch_digit(d->cp[at]); at++, places++, digits++)
            v += (double)(d->cp[at] - '0') * (by /= 10);
        if (d->cp[at] == '.')
            return false; /* 1.2.3 */
    }
    if (digits > NUMBER_DIGITS_MAX)
        return false;
    *value = v;
    *half = 0.5 * pow(10, -(double)places);
    *i = at;
    return true;
}

static bool vague_before(const struct draft *d, size_t i)
{
    static const struct str words[] = {SC("约"), SC("近"), SC("超过"), SC("超"), SC("逾"), SC("过"),
        SC("至少"), SC("不少于"), SC("不低于"), SC("突破"), SC("高于"), SC("以上")};

    for (size_t k = 0; k < COUNT(words); k++)
        if (str_ends(draft_str(d, i > VAGUE_CP ? i - VAGUE_CP : 0, i), words[k]))
            return true;
    return false;
}

static bool vague_behind(const struct draft *d, size_t i)
{
    static const struct str words[] = {
        SC("多"), SC("余"), SC("几"), SC("左右"), SC("以上"), SC("以下"), SC("以内")};

    return draft_any(d, i, words, COUNT(words)) > 0;
}

static bool figure_at(const struct draft *d, size_t i, struct figure *out)
{
    struct figure f = {.begin = i};
    size_t at = i;
    double by;

    if (!read_number(d, &at, &f.value, &f.half) || ch_latin(d->cp[at]))
        return false;
    f.vague = vague_before(d, i) || vague_behind(d, at);
    if (vague_behind(d, at))
        at++;
    by = multiplier(d, &at);
    f.value *= by;
    f.half *= by;
    f.vague = f.vague || vague_behind(d, at);
    if (f.vague && by > 1 && vague_behind(d, at))
        at++;
    f.unit = at;
    f.end = at + draft_any(d, at, units, COUNT(units));
    f.vague = f.vague || vague_behind(d, f.end);
    *out = f;
    return true;
}

size_t figures_read(struct arena *a, const struct draft *d, struct figure **out)
{
    struct figure *v = NULL, f;
    size_t n = 0, cap = 0, line = 0;

    for (size_t i = 0; i < d->n; i++) {
        uint32_t before = i ? d->cp[i - 1] : 0;
        size_t end = i;
        if (!ch_digit(d->cp[i]))
            continue;
        while (ch_digit(d->cp[end]))
            end++;
        while (line + 1 < d->n_lines && d->lines[line + 1].begin <= i)
            line++;
        if ((d->mask[i] & (MASK_URL | MASK_CODE | MASK_TIME)) || ch_latin(before) ||
            before == 0x7B2C || before == '.' || before == '-' || before == '/' ||
            i < d->lines[line].label_end || !figure_at(d, i, &f)) {
            i = end - 1;
            continue;
        }
        ARENA_PUSH(a, v, n, cap) = f;
        i = f.end - 1;
    }
    *out = v;
    return n;
}

bool figure_is_percent(const struct draft *d, const struct figure *x)
{
    return x->end == x->unit + 1 && (d->cp[x->unit] == '%' || d->cp[x->unit] == 0xFF05);
}

bool figure_same_unit(const struct draft *d, const struct figure *x, const struct figure *y)
{
    if (figure_is_percent(d, x))
        return figure_is_percent(d, y);
    return str_eq(draft_str(d, x->unit, x->end), draft_str(d, y->unit, y->end));
}
