#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t read_clock(clockid_t id, int64_t per_second)
{
    struct timespec t;

    (void)clock_gettime(id, &t); /* fails only for a clock that does not exist */
    return (int64_t)t.tv_sec * per_second + (int64_t)t.tv_nsec * per_second / 1000000000;
}

int64_t clock_now_ms(void)
{
    return read_clock(CLOCK_REALTIME, 1000);
}

int64_t clock_mono_us(void)
{
    return read_clock(CLOCK_MONOTONIC, 1000000);
}

/* ---- days ---- */

static bool leap(int y)
{
    return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
}

int day_month_len(int y, int m)
{
    static const int len[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    if (m < 1 || m > 12)
        return 0;
    return len[m - 1] + (m == 2 && leap(y));
}

bool day_valid(struct day d)
{
    return d.y >= 1 && d.y <= 9999 && d.d >= 1 && d.d <= day_month_len(d.y, d.m);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Years are counted from March, so that the leap day is the last of its year; 1970-01-01 is day
 * 719,468 of that count from 0000-03-01. */
int32_t day_num(struct day d)
{
    int64_t months = (int64_t)d.y * 12 + d.m - 3; /* since 0000-03 */
    int64_t y = floor_div(months, 12), m = months - y * 12;
    int64_t leaps = floor_div(y, 4) - floor_div(y, 100) + floor_div(y, 400);

    return (int32_t)(y * 365 + leaps + (153 * m + 2) / 5 + d.d - 1 - 719468);
}

struct day day_of(int32_t num)
{
    int64_t n = (int64_t)num + 719468;
    int64_t era = floor_div(n, 146097);
    int64_t in_era = n - era * 146097;
    int64_t y = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * y + y / 4 - y / 100);
    int64_t m = (5 * in_year + 2) / 153; /* from March */
    struct day d = {(int)(y + era * 400), (int)(m < 10 ? m + 3 : m - 9),
        (int)(in_year - (153 * m + 2) / 5 + 1)};

    d.y += d.m <= 2;
    return d;
}

int day_weekday(int32_t num)
{
    return (int)(((int64_t)num % 7 + 10) % 7) + 1; /* 1970-01-01 was a Thursday */
}

static bool eat_day_iso(struct str *s, struct day *d)
{
    return str_eat_digits(s, 4, 4, &d->y) && str_eat(s, S("-")) && str_eat_digits(s, 2, 2, &d->m) &&
           str_eat(s, S("-")) && str_eat_digits(s, 2, 2, &d->d);
}

static bool eat_day(struct str s, struct day *d)
{
    static const struct str mark[][3] = {{SC("-"), SC("-"), SC("")}, {SC("/"), SC("/"), SC("")},
        {SC("."), SC("."), SC("")}, {SC("年"), SC("月"), SC("日")}};
    struct str t;

    for (size_t i = 0; i < sizeof(mark) / sizeof(mark[0]); i++) {
        t = s;
        if (str_eat_digits(&t, 4, 4, &d->y) && str_eat(&t, mark[i][0]) &&
            str_eat_digits(&t, 1, 2, &d->m) && str_eat(&t, mark[i][1]) &&
            str_eat_digits(&t, 1, 2, &d->d) && str_eat(&t, mark[i][2]) && t.n == 0)
            return true;
    }
    t = s;
    return str_eat_digits(&t, 4, 4, &d->y) && str_eat_digits(&t, 2, 2, &d->m) &&
           str_eat_digits(&t, 2, 2, &d->d) && t.n == 0;
}

enum code day_parse(struct str s, struct day *out, struct err *e)
{
    struct day d;

    s = str_trim(s);
    if (!eat_day(s, &d))
        return FAIL(e, E_INPUT, "“%.*s”不是日期，请写成 2026-07-13 或 2026年7月13日", SF(s));
    if (!day_valid(d))
        return FAIL(e, E_INPUT, "“%.*s”这一天不存在", SF(s));
    *out = d;
    return OK;
}

bool day_from_iso(struct str s, struct day *out)
{
    struct day d;

    if (!eat_day_iso(&s, &d) || s.n || !day_valid(d))
        return false;
    *out = d;
    return true;
}

/* Two or four digits; a year beyond 9999, which no valid day has, is written as 9999. */
static char *put_digits(char *at, int v, int digits)
{
    if (v < 0 || v > 9999)
        v = 9999;
    for (int i = digits - 1; i >= 0; i--, v /= 10)
        at[i] = (char)('0' + v % 10);
    return at + digits;
}

struct str day_iso(struct day d, char out[DAY_ISO_SIZE])
{
    char *at = put_digits(out, d.y, 4);

    *at++ = '-';
    at = put_digits(at, d.m, 2);
    *at++ = '-';
    at = put_digits(at, d.d, 2);
    *at = '\0';
    return (struct str){out, (size_t)(at - out)};
}

struct str day_compact(struct day d, char out[DAY_ISO_SIZE])
{
    char *at = put_digits(put_digits(put_digits(out, d.y, 4), d.m, 2), d.d, 2);

    *at = '\0';
    return (struct str){out, (size_t)(at - out)};
}

void day_write_cn(struct buf *b, struct day d)
{
    buf_printf(b, "%d年%d月%d日", d.y, d.m, d.d);
}

void day_write_short(struct buf *b, int32_t num)
{
    static const char *const name[] = {"一", "二", "三", "四", "五", "六", "日"};
    struct day d = day_of(num);

    buf_printf(b, "%d月%d日（星期%s）", d.m, d.d, name[day_weekday(num) - 1]);
}

/* ---- instants ---- */

int32_t clock_day(int64_t at_ms, int zone)
{
    return (int32_t)floor_div(at_ms + zone * MS_MINUTE, MS_DAY);
}

int64_t clock_day_ms(int32_t num, int zone)
{
    return num * MS_DAY - zone * MS_MINUTE;
}

struct civil clock_civil(int64_t at_ms, int zone)
{
    int32_t num = clock_day(at_ms, zone);
    int64_t in_day = at_ms - clock_day_ms(num, zone);

    return (struct civil){day_of(num), (int)(in_day / MS_HOUR), (int)(in_day / MS_MINUTE % 60),
        (int)(in_day / MS_SECOND % 60), (int)(in_day % MS_SECOND)};
}

int64_t clock_ms(struct civil c, int zone)
{
    return clock_day_ms(day_num(c.day), zone) + c.hour * MS_HOUR + c.minute * MS_MINUTE +
           c.second * MS_SECOND + c.ms;
}

const char *clock_part_cn(int hour)
{
    if (hour < 6)
        return "凌晨";
    if (hour < 12)
        return "上午";
    if (hour < 13)
        return "中午";
    return hour < 18 ? "下午" : "晚上";
}

void clock_write_rfc3339(struct buf *b, int64_t at_ms, int zone)
{
    struct civil c = clock_civil(at_ms, zone);
    int far = zone < 0 ? -zone : zone;

    buf_printf(b, "%04d-%02d-%02dT%02d:%02d:%02d.%03d", c.day.y, c.day.m, c.day.d, c.hour, c.minute,
        c.second, c.ms);
    if (zone == 0)
        buf_char(b, 'Z');
    else
        buf_printf(b, "%c%02d:%02d", zone < 0 ? '-' : '+', far / 60, far % 60);
}

void clock_write_minute(struct buf *b, int64_t at_ms, int zone)
{
    struct civil c = clock_civil(at_ms, zone);

    buf_printf(b, "%04d-%02d-%02d %02d:%02d", c.day.y, c.day.m, c.day.d, c.hour, c.minute);
}

void clock_write_half(struct buf *b, int64_t at_ms, int zone)
{
    day_write_short(b, clock_day(at_ms, zone));
    buf_z(b, clock_part_cn(clock_civil(at_ms, zone).hour));
}

void clock_write_cn(struct buf *b, int64_t at_ms, int zone)
{
    struct civil c = clock_civil(at_ms, zone);

    clock_write_half(b, at_ms, zone);
    buf_printf(b, "%d:%02d", c.hour > 12 ? c.hour - 12 : c.hour, c.minute);
}

void clock_write_http(struct buf *b, int64_t at_ms)
{
    static const char days[] = "MonTueWedThuFriSatSun";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct civil c = clock_civil(at_ms, 0);
    int w = day_weekday(clock_day(at_ms, 0));

    buf_printf(b, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + (size_t)(w - 1) * 3, c.day.d,
        months + (size_t)(c.day.m - 1) * 3, c.day.y, c.hour, c.minute, c.second);
}

/* ---- parsing ---- */

static bool eat_offset(struct str *s, int *minutes)
{
    int h = 0, m = 0;
    bool west = str_eat(s, S("-"));

    if (!west && !str_eat(s, S("+")))
        return false;
    if (!str_eat_digits(s, 1, 2, &h) || (str_eat(s, S(":")) && !str_eat_digits(s, 2, 2, &m)) ||
        h > 14 || m > 59)
        return false;
    *minutes = (h * 60 + m) * (west ? -1 : 1);
    return true;
}

enum code zone_parse(struct str name, int *minutes, struct err *e)
{
    static const struct str china[] = {
        SC("Asia/Shanghai"), SC("Asia/Chongqing"), SC("Asia/Beijing"), SC("PRC"), SC("北京时间")};
    struct str rest = name;
    int m = 0;

    for (size_t i = 0; i < sizeof(china) / sizeof(china[0]); i++)
        if (str_eq(name, china[i])) {
            *minutes = ZONE_CHINA;
            return OK;
        }
    if (!str_eq(name, S("UTC")) && (!eat_offset(&rest, &m) || rest.n))
        return FAIL(e, E_INPUT,
            "时区“%.*s”不认识，可写 Asia/Shanghai、UTC 或 +08:00 这样的固定时差", SF(name));
    *minutes = m;
    return OK;
}

static bool eat_time(struct str *s, struct civil *c)
{
    struct str frac;

    if (!str_eat_digits(s, 1, 2, &c->hour) || !str_eat(s, S(":")) ||
        !str_eat_digits(s, 2, 2, &c->minute))
        return false;
    if (str_eat(s, S(":")) && !str_eat_digits(s, 2, 2, &c->second))
        return false;
    if (str_eat(s, S("."))) {
        frac = *s;
        if (!str_eat_digits(s, 1, 9, &c->ms))
            return false;
        c->ms = 0;
        for (size_t i = 0; i < 3; i++) /* what is finer than a millisecond is dropped */
            c->ms = c->ms * 10 + (i < frac.n - s->n ? frac.p[i] - '0' : 0);
    }
    return c->hour < 24 && c->minute < 60 && c->second < 60;
}

enum code clock_parse(struct str s, int zone, int64_t *at_ms, struct err *e)
{
    struct civil c = {.hour = 0};
    struct str rest = str_trim(s);
    bool ok = eat_day_iso(&rest, &c.day) && (str_eat(&rest, S("T")) || str_eat(&rest, S(" "))) &&
              eat_time(&rest, &c);

    if (ok && str_eat(&rest, S("Z")))
        zone = 0;
    else if (ok && rest.n)
        ok = eat_offset(&rest, &zone);
    if (!ok || rest.n || !day_valid(c.day))
        return FAIL(e, E_INPUT, "“%.*s”不是时间，请写成 2026-07-13 09:30", SF(s));
    *at_ms = clock_ms(c, zone);
    return OK;
}
