/* base/clock and base/calendar: what is read as a day, an instant, a limit or working hours is in range and,
 * written and read again, the same. */
#include <stdlib.h>

#include "base/calendar.h"

#define HOLDS(x)     \
    do {             \
        if (!(x))    \
            abort(); \
    } while (0)

static void a_day(struct str s)
{
    char iso[DAY_ISO_SIZE];
    struct day d, again;
    struct err e;
    struct buf b;

    if (day_parse(s, &d, &e) != OK)
        return;
    HOLDS(day_valid(d));
    again = day_of(day_num(d));
    HOLDS(again.y == d.y && again.m == d.m && again.d == d.d);
    HOLDS(day_from_iso(day_iso(d, iso), &again) && day_num(again) == day_num(d));
    HOLDS(day_parse(day_compact(d, iso), &again, &e) == OK && day_num(again) == day_num(d));
    buf_init(&b, 0);
    day_write_cn(&b, d);
    /* the year is written without leading zeros, and read with four digits */
    HOLDS(
        d.y < 1000 || (day_parse(buf_view(&b), &again, &e) == OK && day_num(again) == day_num(d)));
    buf_release(&b);
}

static void an_instant(struct str s)
{
    const int zones[] = {0, ZONE_CHINA, -570};
    int64_t at = 0, again = 0;
    struct err e;
    struct buf b;
    int zone = 0;

    if (zone_parse(s, &zone, &e) == OK)
        HOLDS(zone >= -899 && zone <= 899);
    if (clock_parse(s, ZONE_CHINA, &at, &e) != OK)
        return;
    buf_init(&b, 0);
    for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
        struct civil c = clock_civil(at, zones[i]);
        HOLDS(clock_ms(c, zones[i]) == at);
        if (c.day.y < 1 || c.day.y > 9999) /* another zone may leave the range of years */
            continue;
        buf_clear(&b);
        clock_write_rfc3339(&b, at, zones[i]);
        HOLDS(clock_parse(buf_view(&b), 0, &again, &e) == OK && again == at);
    }
    buf_clear(&b);
    clock_write_cn(&b, at, ZONE_CHINA);
    clock_write_http(&b, at);
    buf_release(&b);
}

static void working_time(struct str s)
{
    static struct calendar *cal;
    const int64_t at = INT64_C(1783906200000); /* 2026-07-13T09:30+08:00 */
    struct work_hours h = work_hours_default();
    struct calendar *own = NULL;
    struct limit l;
    struct err e;

    if (!cal)
        cal = calendar_new();
    if (work_hours_parse(s, &h, &e) == OK) {
        int64_t end = calendar_add_working(cal, &h, at, 10 * MS_HOUR);
        HOLDS(calendar_working_between(cal, &h, at, end) == 10 * MS_HOUR);
    }
    if (limit_parse(s, &l, &e) == OK && l.n < 2000)
        HOLDS(calendar_add_limit(cal, &h, at, l) >= at);
    if (str_has(s, S("\t")) && calendar_read(s, "输入", &own, &e) == OK) {
        HOLDS(calendar_workdays(own, 0, 1000) >= 0);
        calendar_free(own);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = {(const char *)data, size};

    a_day(s);
    an_instant(s);
    working_time(s);
    return 0;
}
