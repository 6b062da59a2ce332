/* base/clock.h - time: instants, civil days, and how both are written.
 *
 * An instant is UTC milliseconds since 1970 (int64_t, name ends in _ms). A civil day is struct day
 * or its number of days since 1970-01-01 (int32_t, name ends in _day), proleptic Gregorian.
 *
 * Zones are fixed offsets in minutes east of UTC; the office's default is ZONE_CHINA. Asia/Shanghai
 * has been UTC+8 without summer time since September 1991, no instant that the platform makes is
 * older, and older documents carry civil days only. A fixed offset needs neither tzdata nor the
 * process-wide TZ, which cannot be read safely while threads run. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/buf.h"

#define ZONE_CHINA 480
#define MS_SECOND  INT64_C(1000)
#define MS_MINUTE  INT64_C(60000)
#define MS_HOUR    INT64_C(3600000)
#define MS_DAY     INT64_C(86400000)

int64_t clock_now_ms(void);
int64_t clock_mono_us(void); /* microseconds of a clock that never steps; origin unspecified */

/* "Asia/Shanghai" (and the other names for Beijing time), "UTC", "+08:00", "-5:30" to minutes. */
MUST_USE enum code zone_parse(struct str name, int *minutes, struct err *e);

struct day {
    int y, m, d; /* 1..9999, 1..12, 1..31 */
};
bool day_valid(struct day d);
int32_t day_num(struct day d); /* any month and day of the month: 2026-13-0 is 2026-12-31 */
struct day day_of(int32_t num);
int day_weekday(int32_t num); /* 1 Monday .. 7 Sunday (GB/T 7408) */
int day_month_len(int y, int m);
/* A whole day, nothing around it: 2026-07-13, 2026/7/13, 2026.7.13, 20260713, 2026年7月13日. E_INPUT
 * names the text and whether its form or the day itself is wrong. */
MUST_USE enum code day_parse(struct str s, struct day *out, struct err *e);
/* Only YYYY-MM-DD, as stored; false for anything else. */
bool day_from_iso(struct str s, struct day *out);
#define DAY_ISO_SIZE 11
struct str day_iso(struct day d, char out[DAY_ISO_SIZE]);     /* 2026-07-13 */
struct str day_compact(struct day d, char out[DAY_ISO_SIZE]); /* 20260713, for file names */
void day_write_cn(struct buf *b, struct day d);               /* 2026年7月13日 */
void day_write_short(struct buf *b, int32_t num);             /* 7月13日（星期一） */

/* An instant as read from the wall in a zone. */
struct civil {
    struct day day;
    int hour, minute, second, ms;
};
struct civil clock_civil(int64_t at_ms, int zone);
int64_t clock_ms(struct civil c, int zone);
int32_t clock_day(int64_t at_ms, int zone);  /* the civil day that contains the instant */
int64_t clock_day_ms(int32_t num, int zone); /* the instant at which the day begins */

void clock_write_rfc3339(
    struct buf *b, int64_t at_ms, int zone);                     /* 2026-07-13T09:30:00.123+08:00 */
void clock_write_minute(struct buf *b, int64_t at_ms, int zone); /* 2026-07-13 09:30 */
void clock_write_cn(struct buf *b, int64_t at_ms, int zone); /* 7月13日（星期一）上午9:30 */
void clock_write_half(struct buf *b, int64_t at_ms, int zone); /* 7月13日（星期一）上午 */
void clock_write_http(struct buf *b, int64_t at_ms);           /* Mon, 13 Jul 2026 01:30:00 GMT */
const char *clock_part_cn(int hour); /* 凌晨 0-5, 上午 6-11, 中午 12, 下午 13-17, 晚上 18-23 */
/* RFC 3339, seconds and zone optional, 'T' or one space between day and time. Without a zone the
 * text is read in `zone`. */
MUST_USE enum code clock_parse(struct str s, int zone, int64_t *at_ms, struct err *e);

#endif
