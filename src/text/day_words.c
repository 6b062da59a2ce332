#include "text/day_words.h"

#include "base/utf8.h"

enum {
    AFTERNOON = 15,
    WITHIN_MAX = 366,
    FRIDAY = 5,
    SUNDAY = 7,
    YEAR_LEAST = 1900,
    YEAR_MOST = 2099
};

static bool eat_any(struct str *s, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eat(s, str_z(words[i])))
            return true;
    return false;
}
#define EAT(s, ...)                                \
    eat_any(s, (const char *const[]){__VA_ARGS__}, \
        sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/* 15, １５, 十五 */
static bool eat_number(struct str *s, int most, int *out)
{
    size_t off = 0;
    int v;
    if (!lex_number(*s, &off, &v) || v < 1 || v > most)
        return false;
    *s = str_sub(*s, off, SIZE_MAX);
    *out = v;
    return true;
}

/* ---- days ---- */

/* 2026年, 今年, 明年; 0: the year is not said. */
static int eat_year(struct str *s, int32_t today)
{
    struct str t = *s;
    int year = 0;
    if (EAT(s, "今年", "本年"))
        return day_of(today).y;
    if (str_eat(s, S("明年")))
        return day_of(today).y + 1;
    if (!eat_number(&t, YEAR_MOST, &year) || year < YEAR_LEAST || !str_eat(&t, S("年")))
        return 0;
    *s = t;
    return year;
}

/* 7月13日, 7.13, 2026年7月13日 */
static bool eat_month_day(struct str *s, int32_t today, bool back, int32_t *out)
{
    struct str t = *s;
    size_t off = 0;
    struct lex_date whole;
    struct day d;
    int year, m, n;
    if (lex_date(t, &off, true, &whole) && whole.day) { /* 2026-07-13 too */
        *out = lex_day(whole);
        *s = str_sub(t, off, SIZE_MAX);
        return true;
    }
    year = eat_year(&t, today);
    if (!eat_number(&t, 12, &m) || !EAT(&t, "月", ".") || !eat_number(&t, 31, &n))
        return false;
    (void)EAT(&t, "日", "号");
    d = (struct day){year ? year : day_of(today).y, m, n};
    if (!day_valid(d))
        return false;
    if (!year && back && day_num(d) > today)
        d.y--;
    if (!year && !back && day_num(d) < today - 60)
        d.y++;
    *s = t;
    *out = day_num(d);
    return day_valid(d);
}

/* 13日, of this month or of the one beside it; 本月13日, 下月5日 */
static bool eat_day_alone(struct str *s, int32_t today, bool back, int32_t *out)
{
    struct str t = *s;
    struct day d = day_of(today);
    int n;
    bool this_month = EAT(&t, "本月", "这个月", "当月");
    bool next_month = !this_month && EAT(&t, "下月", "下个月", "次月");
    if (!eat_number(&t, 31, &n) || !EAT(&t, "日", "号"))
        return false;
    d.m += next_month;
    d = day_of(day_num((struct day){d.y, d.m, 1}));
    d.d = n;
    if (!day_valid(d))
        return false;
    if (!this_month && !next_month && (back ? day_num(d) > today : day_num(d) < today))
        d = day_of(day_num((struct day){d.y, d.m + (back ? -1 : 1), 1}) + n - 1);
    *out = day_num(d);
    *s = t;
    return true;
}

/* The last one that was (back) or the next that comes. */
static bool eat_date(struct str *s, int32_t today, bool back, int32_t *out)
{
    return eat_month_day(s, today, back, out) || eat_day_alone(s, today, back, out);
}

/* 周五, 本周五, 下周一, 上周三, 星期五; without 上 or 下 the one that is near in the direction asked for. */
static bool eat_weekday(struct str *s, int32_t today, bool back, int32_t *out)
{
    static const char *const names[] = {"一", "二", "三", "四", "五", "六", "日"};
    struct str t = *s;
    int week = 0;
    bool this_week = str_eat(&t, S("本")) || str_eat(&t, S("这"));
    if (!this_week && str_eat(&t, S("下")))
        week = 1;
    else if (!this_week && str_eat(&t, S("上")))
        week = -1;
    if (!str_eat(&t, S("周")) && !str_eat(&t, S("星期")) && !str_eat(&t, S("礼拜")))
        return false;
    for (int i = 0; i < 7; i++) {
        if (!str_eat(&t, str_z(names[i])) && !(i == 6 && str_eat(&t, S("天"))))
            continue;
        int32_t day = today - day_weekday(today) + 1 + i + 7 * week;
        if (week == 0 && !this_week && back && day > today)
            day -= 7;
        if (week == 0 && !this_week && !back && day < today)
            day += 7;
        *out = day;
        *s = t;
        return true;
    }
    return false;
}

static bool eat_named_day(struct str *s, int32_t today, int32_t *out)
{
    static const struct {
        const char *name;
        int days;
    } rows[] = {{"今天", 0}, {"今日", 0}, {"今早", 0}, {"刚才", 0}, {"昨天", -1}, {"昨日", -1},
        {"昨晚", -1}, {"前天", -2}, {"明天", 1}, {"明日", 1}, {"后天", 2}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (str_eat(s, str_z(rows[i].name))) {
            *out = today + rows[i].days;
            return true;
        }
    return false;
}

bool day_words_eat(struct str *s, int32_t today, bool back, int32_t *out)
{
    return eat_named_day(s, today, out) || eat_weekday(s, today, back, out) ||
           eat_date(s, today, back, out);
}

bool day_words_hour(struct str *s, int *minutes)
{
    static const struct {
        const char *name;
        int hour, add;
    } parts[] = {{"早上", 8, 0}, {"上午", 10, 0}, {"中午", 12, 0}, {"下午", AFTERNOON, 12},
        {"晚上", 19, 12}, {"傍晚", 18, 12}, {"晚", 19, 12}};
    struct str t = *s;
    int hour = -1, add = 0, h, m = 0;
    for (size_t i = 0; hour < 0 && i < sizeof(parts) / sizeof(*parts); i++)
        if (str_eat(&t, str_z(parts[i].name))) {
            hour = parts[i].hour;
            add = parts[i].add;
        }
    struct str clock = t;
    if (str_eat_digits(&clock, 1, 2, &h) && h < 24 &&
        (str_eat(&clock, S("点")) || str_eat(&clock, S("时")) || str_eat(&clock, S(":")) ||
            str_eat(&clock, S("：")))) {
        if (str_eat(&clock, S("半")))
            m = 30;
        else if (str_eat_digits(&clock, 1, 2, &m))
            (void)str_eat(&clock, S("分"));
        *minutes = (h < 12 && add ? h + add : h) * 60 + (m < 60 ? m : 0);
        *s = clock;
        return true;
    }
    if (hour < 0)
        return false;
    *minutes = hour * 60;
    *s = t;
    return true;
}

/* ---- limits ---- */

static bool before(struct str *s)
{
    return EAT(s, "前", "之前", "以前");
}

/* What is named is the limit itself: 月底前, 月底报我; not 月底的会议. */
static bool is_limit(struct str s)
{
    return before(&s) || EAT(&s, "内", "之内", "以内", "报我", "报来", "报送我", "完成", "办结",
                             "办完", "提出", "拿出", "反馈", "答复", "回复", "汇报");
}

static int32_t last_of(int year, int month)
{
    return day_num((struct day){year, month + 1, 0});
}

/* 月底, 11月底, 下月中旬, 2026年11月底 */
static bool month_part(struct str *s, int32_t today, int32_t *out)
{
    struct str t = *s;
    struct day d = day_of(today);
    int year = eat_year(&t, today), month = d.m;
    if (EAT(&t, "下月", "下个月", "次月"))
        month++;
    else if (!EAT(&t, "本月", "这个月", "当月", "月")) {
        if (!eat_number(&t, 12, &month) || !str_eat(&t, S("月")))
            return false;
        if (!year && last_of(d.y, month) < today - 60)
            d.y++;
    }
    d.y = year ? year : d.y;
    if (EAT(&t, "底", "末", "下旬", "内"))
        *out = last_of(d.y, month);
    else if (EAT(&t, "上旬"))
        *out = day_num((struct day){d.y, month, 10});
    else if (EAT(&t, "中旬"))
        *out = day_num((struct day){d.y, month, 20});
    else
        return false;
    *s = t;
    return true;
}

static bool week_part(struct str *s, int32_t today, int32_t *out)
{
    int32_t friday = today - day_weekday(today) + FRIDAY;
    if (friday < today) /* said on the weekend itself */
        friday += SUNDAY - FRIDAY;
    if (EAT(s, "本周内", "这周内", "本周末", "这周末", "周末"))
        *out = friday;
    else if (EAT(s, "下周内", "下周末"))
        *out = today - day_weekday(today) + FRIDAY + 7;
    else
        return false;
    return true;
}

static bool year_part(struct str *s, int32_t today, int32_t *out)
{
    struct str t = *s;
    int year = eat_year(&t, today);
    if (!year && EAT(&t, "年"))
        year = day_of(today).y;
    if (!year || !EAT(&t, "底", "末", "年底", "年末", "内"))
        return false;
    *out = last_of(year, 12);
    *s = t;
    return true;
}

/* What the words end with says by itself that it is a limit, or what follows does. */
static bool part(struct str words, int32_t today, int32_t *out, size_t *n)
{
    struct str t = words;
    if (EAT(&t, "下班前", "中午前", "晚上前")) {
        *out = today;
        *n = words.n - t.n;
        return true;
    }
    if (!month_part(&t, today, out) && !week_part(&t, today, out) && !year_part(&t, today, out))
        return false;
    struct str head = str_sub(words, 0, words.n - t.n);
    if (!str_ends(head, S("内")) && !is_limit(t))
        return false;
    (void)before(&t);
    *n = words.n - t.n;
    return true;
}

/* 三五 is no thirty-five: the later of the two. */
static int spoken(struct str number, int n)
{
    size_t off = 0;
    int v;
    bool two = n > 10 && n < 100 && n % 10 && utf8_len_cp(number) == 2;
    return two && lex_han(number, &off, &v) && !str_starts(number, S("十")) ? n % 10 : n;
}

static int32_t months_on(int32_t today, int months)
{
    struct day d = day_of(today);
    int32_t last = last_of(d.y, d.m + months), same = day_num((struct day){d.y, d.m + months, d.d});
    return same < last ? same : last;
}

static bool half(struct str *t, int32_t today, int32_t *out)
{
    if (EAT(t, "个月", "月"))
        *out = today + 15;
    else if (EAT(t, "年"))
        *out = months_on(today, 6);
    else if (EAT(t, "天", "日"))
        *out = today;
    else
        return false;
    return true;
}

static bool so_many(struct str *t, int n, int32_t today, const struct calendar *cal, int32_t *out)
{
    if (EAT(t, "个工作日", "个工作天", "工作日"))
        *out = cal ? calendar_add_workdays(cal, today, n) : today + n;
    else if (EAT(t, "个月"))
        *out = months_on(today, n);
    else if (EAT(t, "年"))
        *out = months_on(today, 12 * n);
    else if (EAT(t, "周", "个星期", "星期", "个礼拜"))
        *out = today + 7 * n;
    else if (EAT(t, "个小时", "小时"))
        *out = today + (n + 12) / 24;
    else if (EAT(t, "天", "日"))
        *out = today + n;
    else
        return false;
    return true;
}

/* 3天内, 三日内, 一周内, 半个月内, 5个工作日内, 24小时内 */
static bool within(
    struct str words, int32_t today, const struct calendar *cal, int32_t *out, size_t *n_out)
{
    struct str t = words;
    int n = 0;
    if (str_eat(&t, S("半"))) {
        if (!half(&t, today, out))
            return false;
    } else {
        if (!eat_number(&t, WITHIN_MAX, &n))
            return false;
        n = spoken(str_sub(words, 0, words.n - t.n), n);
        if (!so_many(&t, n, today, cal, out))
            return false;
    }
    if (!EAT(&t, "内", "之内", "以内"))
        return false;
    *n_out = words.n - t.n;
    return true;
}

/* 本周五下班前, 11月30日17时前 */
static bool till(struct str words, int32_t today, int32_t *out, size_t *n)
{
    struct str t = words;
    int minutes;
    bool day = !EAT(&t, "刚才", "今早") && day_words_eat(&t, today, false, out);
    if (!day)
        *out = today;
    bool hour = day_words_hour(&t, &minutes);
    if (day)
        (void)str_eat(&t, S("下班"));
    *n = words.n - t.n;
    if (*out < today || !(day ? is_limit(t) : hour && before(&t)))
        return false;
    (void)before(&t);
    *n = words.n - t.n;
    return true;
}

/* 近3日内, 过去一周内: what was; 几年内: not said. */
static bool past(struct str before)
{
    static const char *const words[] = {"近", "过去", "前", "第", "每", "几", "多", "数"};
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (str_ends(before, str_z(words[i])))
            return true;
    return false;
}

/* Behind what begins here: a number and a day are not read again from their middle. */
static size_t behind(struct str words, size_t at, int32_t today)
{
    struct str t = str_sub(words, at, SIZE_MAX);
    int32_t day;
    int n;
    if (day_words_eat(&t, today, false, &day))
        return words.n - t.n;
    if (lex_number(words, &at, &n))
        return at;
    (void)utf8_next(words, &at);
    return at;
}

/* 30日 in 2月30日, which there is not. */
static bool torn(struct str words, size_t at)
{
    int n;
    return str_ends(str_sub(words, 0, at), S("月")) && lex_number(words, &at, &n);
}

bool day_words_due(
    struct str words, int32_t today, const struct calendar *cal, int32_t *out, struct text_span *at)
{
    for (size_t i = 0, n = 0; i < words.n; i += n) {
        struct str rest = str_sub(words, i, SIZE_MAX);
        bool was = past(str_sub(words, 0, i)), limit = within(rest, today, cal, out, &n);
        if (limit ? !was
                  : !torn(words, i) &&
                        ((!was && part(rest, today, out, &n)) || till(rest, today, out, &n))) {
            *at = (struct text_span){i, i + n};
            return true;
        }
        if (!limit)
            n = behind(words, i, today) - i;
    }
    return false;
}
