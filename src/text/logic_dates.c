#include "base/clock.h"
#include "base/utf8.h"
#include "text/figures.h"
#include "text/logic_int.h"
#include "text/rule_chars.h"

enum { PLAN_CP = 14, SENTENCE_CP = 300 };

struct dates {
    struct checker *c;
    const struct draft *d;
    const struct figure_date *v;
    size_t n;
    struct lex_date issued; /* the draft's own date; year 0: it has none */
};

static struct figure_date as_date(struct lex_date t)
{
    return (struct figure_date){.year = t.year, .month = t.month, .day = t.day};
}

static int cmp(const struct figure_date *x, const struct figure_date *y)
{
    if (x->year != y->year)
        return x->year < y->year ? -1 : 1;
    if (x->month != y->month && x->month && y->month)
        return x->month < y->month ? -1 : 1;
    if (x->day != y->day && x->month && y->month && x->day && y->day)
        return x->day < y->day ? -1 : 1;
    return 0;
}

/* ---- one date ---- */
static void exists(struct dates *s, const struct figure_date *t)
{
    if (figure_date_exists(t))
        return;
    if (t->month > 12)
        check_say(s->c, "D01", t->begin, t->end, "没有“%d月”", t->month);
    else if (t->year && t->month == 2 && t->day == 29)
        check_say(s->c, "D01", t->begin, t->end, "%d年2月没有29日", t->year);
    else
        check_say(s->c, "D01", t->begin, t->end, "%d月没有%d日", t->month, t->day);
}

/* The day of the week named at i: 1 Monday .. 7; 0 none. */
static int weekday_at(const struct draft *d, size_t i, size_t *end)
{
    static const struct str names[] = {SC("星期"), SC("周"), SC("礼拜")};
    static const uint32_t days[] = {0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x65E5};
    size_t n;

    while (d->cp[i] == 0xFF08 || d->cp[i] == '(' || d->cp[i] == ' ' || d->cp[i] == 0xFF0C)
        i++;
    n = draft_any(d, i, names, COUNT(names));
    if (n == 0)
        return 0;
    for (int k = 0; k < 7; k++)
        if (d->cp[i + n] == days[k] || (k == 6 && d->cp[i + n] == 0x5929)) {
            *end = i + n + 1;
            return d->cp[*end] == 0x5E74 ? 0 : k + 1; /* 周一年 */
        }
    return 0;
}

static int weekday_of(int year, const struct figure_date *t)
{
    return day_weekday(day_num((struct day){year, t->month, t->day}));
}

/* Without a year the draft's own one is meant, or the one the season points at. */
static void weekday(struct dates *s, const struct figure_date *t)
{
    static const char *const names[] = {"", "一", "二", "三", "四", "五", "六", "日"};
    size_t end = 0;
    int said, year = t->year, real;
    struct figure_date print = *t;

    if (t->day == 0 || !figure_date_exists(t))
        return;
    said = weekday_at(s->d, t->end, &end);
    if (said == 0)
        return;
    if (year == 0) {
        int other = t->month < s->issued.month ? 1 : -1;
        year = s->issued.year;
        if (year == 0 || (t->month != s->issued.month && weekday_of(year + other, t) == said))
            return;
    }
    real = weekday_of(year, t);
    if (real == said)
        return;
    print.year = year;
    check_say(s->c, "D02", t->begin, end, "%.*s是星期%s，不是星期%s",
        SF(figure_date_print(s->c->a, &print)), names[real], names[said]);
}

/* ---- two dates ---- */
static bool is_joint(const struct draft *d, size_t begin, size_t end)
{
    static const struct str joints[] = {SC("——"), SC("—"), SC("～"), SC("~"), SC("－"), SC("-"),
        SC("–"), SC("至"), SC("到"), SC("起至"), SC("起到")};

    for (size_t k = 0; k < COUNT(joints); k++)
        if (str_eq(draft_str(d, begin, end), joints[k]))
            return true;
    return false;
}

static void backwards(struct dates *s, size_t i)
{
    const struct figure_date *x = &s->v[i], *y = &s->v[i + 1];
    struct figure_date z = *y;

    if (!x->month || !y->month || !is_joint(s->d, x->end, y->begin) || !figure_date_exists(x) ||
        !figure_date_exists(y))
        return;
    if (!z.year)
        z.year = x->year;
    /* 11月15日至3月15日 and 2024年12月20日至1月5日 cross the turn of the year */
    if ((!x->year || !y->year) && x->month != z.month)
        return;
    if (cmp(x, &z) > 0)
        check_say(s->c, "D03", x->begin, y->end, "起止日期颠倒：“%.*s”在“%.*s”之后",
            SF(draft_str(s->d, x->begin, x->end)), SF(draft_str(s->d, y->begin, y->end)));
}

/* 9月21日至31日: the month is that of the first day. */
static void short_exists(
    struct dates *s, const struct figure_date *x, int day, size_t begin, size_t end)
{
    struct figure_date y = *x;

    y.day = day;
    y.begin = begin;
    y.end = end;
    if (figure_date_exists(x))
        exists(s, &y);
}

/* 3月5日—2日, 2025年3月—1月: the second date leaves out what is the same. */
static void short_end(struct dates *s, const struct figure_date *x)
{
    const struct draft *d = s->d;
    size_t i = x->end, off = 0, end;
    int v;
    uint32_t mark = x->day ? 0x65E5 : 0x6708;

    if (!x->month || (!x->day && !x->year) ||
        (d->cp[i] != 0x2014 && d->cp[i] != 0x81F3 && d->cp[i] != 0xFF5E && d->cp[i] != 0x5230))
        return;
    i++;
    if (!lex_arabic(draft_str(d, i, i + 4), &off, &v))
        return;
    end = draft_cp(d, d->byte[i] + off);
    if (d->cp[end] != mark || v == 0)
        return;
    if (x->day)
        short_exists(s, x, v, i, end + 1);
    if (v >= (x->day ? x->day : x->month))
        return;
    if (!x->day && lex_digit(d->cp[end + 1]) >= 0)
        return; /* 2025年12月至1月5日 */
    if (!x->day && x->month >= 9)
        return; /* 2025年11月至3月: a winter */
    check_say(s->c, "D03", x->begin, end + 1, "起止日期颠倒：止于%d%s，在起始之前", v,
        x->day ? "日" : "月");
}

/* ---- against the draft's own date ---- */

/* A missing year is the draft's own; near the turn of the year it cannot be told. */
static bool with_year(const struct dates *s, const struct figure_date *t, struct figure_date *out)
{
    *out = *t;
    if (t->year)
        return true;
    out->year = s->issued.year;
    if (t->begin && s->d->cp[t->begin - 1] == 0x5E74) /* 每年10月31日, 当年, 次年 */
        return false;
    return s->issued.month - t->month <= 3 && t->month - s->issued.month <= 8;
}

static size_t sentence_begin(const struct draft *d, size_t i)
{
    size_t from = d->lines[draft_line_of(d, i)].begin, at = i;

    while (at > from && i - at < SENTENCE_CP && d->cp[at - 1] != 0x3002 && d->cp[at - 1] != 0xFF1B)
        at--;
    return at;
}

static bool asks(const struct draft *d, const struct figure_date *t)
{
    static const struct str verbs[] = {SC("报送"), SC("完成"), SC("反馈"), SC("上报"), SC("报至"),
        SC("将"), SC("报"), SC("提交"), SC("填报"), SC("送"), SC("办结"), SC("整改"), SC("书面")};
    static const struct str cues[] = {SC("请"), SC("务必"), SC("须"), SC("应"), SC("要")};
    size_t i = t->end, from = sentence_begin(d, t->begin);

    if (d->cp[i] != 0x524D && !draft_is(d, i, S("之前")) && !draft_is(d, i, S("以前"))) /* 前 */
        return false;
    i += d->cp[i] == 0x524D ? 1 : 2;
    if (!draft_any(d, i, verbs, COUNT(verbs)))
        return false;
    for (size_t k = 0; k < COUNT(cues); k++)
        if (draft_find(d, from, t->begin, cues[k]) != SIZE_MAX)
            return true;
    return false;
}

static void against_issue(struct dates *s, const struct figure_date *t)
{
    struct figure_date issued = as_date(s->issued), own;
    bool until = t->begin >= 2 && draft_is(s->d, t->begin - 2, S("截至"));

    if (!s->issued.day || !t->month || !figure_date_exists(t) || !with_year(s, t, &own))
        return;
    if (t->day && asks(s->d, t) && cmp(&own, &issued) < 0)
        check_say(s->c, "D04", t->begin, t->end, "限期在成文日期（%.*s）之前",
            SF(figure_date_print(s->c->a, &issued)));
    if (until && t->year && cmp(&own, &issued) > 0)
        check_say(s->c, "D05", t->begin - 2, t->end, "“截至”的日期在成文日期（%.*s）之后",
            SF(figure_date_print(s->c->a, &issued)));
}

void logic_dates(struct checker *c)
{
    struct figure_date *v;
    struct dates s = {.c = c, .d = c->d, .issued = c->d->meta.issued.date};

    s.n = figure_dates(c->a, c->d, &v);
    s.v = v;
    for (size_t i = 0; i < s.n; i++) {
        exists(&s, &v[i]);
        weekday(&s, &v[i]);
        short_end(&s, &v[i]);
        against_issue(&s, &v[i]);
        if (i + 1 < s.n)
            backwards(&s, i);
    }
}

/* ---- ranges ---- */
static bool four_digits(const struct draft *d, size_t i, int *year)
{
    struct str s = draft_str(d, i, i + 4);

    if (i && (lex_digit(d->cp[i - 1]) >= 0 || d->cp[i - 1] == '.'))
        return false;
    return str_eat_digits(&s, 4, 4, year) && lex_digit(d->cp[i + 4]) < 0 && *year >= 1900 &&
           *year < 2100;
}

static size_t joint_at(const struct draft *d, size_t i)
{
    static const struct str joints[] = {SC("——"), SC("—"), SC("～"), SC("~"), SC("－"), SC("-"),
        SC("–"), SC("年至"), SC("至"), SC("年—"), SC("年到")};

    return draft_any(d, i, joints, COUNT(joints));
}

/* Between the name of the plan and its years: the years may be part of the plan's, never more. */
static bool is_whole_plan(const struct draft *d, size_t begin, size_t end)
{
    static const struct str words[] = {SC(""), SC("时期"), SC("期间"), SC("规划"), SC("规划期")};

    for (size_t k = 0; k < COUNT(words); k++)
        if (str_eq(draft_str(d, begin, end), words[k]))
            return true;
    return false;
}

/* “十五五”时期（2026—2030年）: the first five-year plan that has no gap before it is the third, 1966. */
static void plan_years(struct checker *c, size_t begin, size_t end, int from, int to)
{
    static const struct str names[] = {SC("“八五”"), SC("“九五”"), SC("“十五”"), SC("“十一五”"),
        SC("“十二五”"), SC("“十三五”"), SC("“十四五”"), SC("“十五五”"), SC("“十六五”")};
    const struct draft *d = c->d;
    size_t open = begin, first;

    if (begin == 0 || (d->cp[begin - 1] != 0xFF08 && d->cp[begin - 1] != '('))
        return;
    open--;
    first = open > PLAN_CP ? open - PLAN_CP : 0;
    for (size_t k = 0; k < COUNT(names); k++) {
        int start = 1991 + 5 * (int)k;
        size_t at = draft_find(d, first, open, names[k]);
        if (at == SIZE_MAX || draft_find(d, at + 1, open, S("“")) != SIZE_MAX ||
            draft_find(d, at, open, S("，")) != SIZE_MAX)
            continue;
        if ((to - from == 4 && from != start) ||
            (is_whole_plan(d, at + utf8_len_cp(names[k]), open) &&
                (from < start || to > start + 4)))
            check_say(c, "D06", begin, end, "%.*s是%d—%d年", SF(names[k]), start, start + 4);
    }
}

static void year_spans(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t i = 0; i + 9 <= d->n; i++) {
        int from, to;
        size_t joint, end;
        if (lex_digit(d->cp[i]) < 0 || (d->mask[i] & (MASK_URL | MASK_CODE)) ||
            !four_digits(d, i, &from))
            continue;
        joint = joint_at(d, i + 4);
        end = i + 4 + joint + 4;
        if (joint == 0 || !four_digits(d, i + 4 + joint, &to) || d->cp[end] != 0x5E74)
            continue;
        if (from > to)
            check_say(c, "D03", i, end + 1, "起止年份颠倒：%d年在%d年之后", from, to);
        plan_years(c, i, end + 1, from, to);
        i = end;
    }
}

struct clock_time {
    size_t begin, end;
    int minute;
};

static bool time_at(const struct draft *d, size_t i, struct clock_time *out)
{
    struct str s = draft_str(d, i, i + 2);
    size_t at = i;
    int hour, minute = 0;

    if (i && (lex_digit(d->cp[i - 1]) >= 0 || d->cp[i - 1] == ':' || d->cp[i - 1] == '.'))
        return false;
    if (!str_eat_digits(&s, 1, 2, &hour) || hour > 24)
        return false;
    while (lex_digit(d->cp[at]) >= 0)
        at++;
    if (at - i > 2 || (d->cp[at] != ':' && d->cp[at] != 0xFF1A && d->cp[at] != 0x65F6)) /* 时 */
        return false;
    if (d->cp[at] == 0x65F6) {
        out->end = at + 1;
    } else {
        s = draft_str(d, at + 1, at + 3);
        if (!str_eat_digits(&s, 2, 2, &minute) || minute > 59 || lex_digit(d->cp[at + 3]) >= 0 ||
            d->cp[at + 3] == ':')
            return false;
        out->end = at + 3;
    }
    out->begin = i;
    out->minute = hour * 60 + minute;
    return true;
}

/* 9:00—8:00. A night shift (22:00—6:00) and an afternoon by the twelve-hour clock (2:00—5:00) are right. */
static void time_spans(struct checker *c)
{
    static const struct str joints[] = {
        SC("——"), SC("—"), SC("～"), SC("~"), SC("－"), SC("-"), SC("–"), SC("至")};
    const struct draft *d = c->d;
    struct clock_time x, y;

    for (size_t i = 0; i < d->n; i++) {
        size_t n;
        if (lex_digit(d->cp[i]) < 0 || !time_at(d, i, &x))
            continue;
        i = x.end - 1;
        n = draft_any(d, x.end, joints, COUNT(joints));
        if (n == 0 || !time_at(d, x.end + n, &y))
            continue;
        if (y.minute <= x.minute && x.minute >= 6 * 60 && x.minute <= 17 * 60 && y.minute >= 6 * 60)
            check_say(c, "D03", x.begin, y.end, "起止时间颠倒或者相同");
        i = y.end - 1;
    }
}

/* 30～15天, 50%—30%: the first is the larger one. */
static void value_spans(struct checker *c)
{
    const struct draft *d = c->d;
    struct figure *v;
    size_t n = figures_read(c->a, d, &v);

    for (size_t i = 0; i + 1 < n; i++) {
        const struct figure *x = &v[i], *y = &v[i + 1];
        bool bare = x->unit == x->end; /* 30～15天 */
        if (y->begin != x->end + 1 || y->end == y->unit || x->value <= y->value)
            continue;
        if (d->cp[x->end] != 0xFF5E && (d->cp[x->end] != 0x2014 || bare))
            continue;
        if (!bare && !figure_same_unit(d, x, y))
            continue;
        if (x->begin && (d->cp[x->begin - 1] == 0xFF0D || d->cp[x->begin - 1] == 0x2212))
            continue; /* below zero */
        check_say(c, "A08", x->begin, y->end, "范围的起点大于终点");
    }
}

void logic_spans(struct checker *c)
{
    year_spans(c);
    time_spans(c);
    value_spans(c);
}
