/* base/calendar.h - the Chinese working calendar: which days are worked, and time counted in them.
 *
 * Days come from a table of holidays and make-up workdays (data/calendar.tsv, built in; its head
 * states the form and the sources). A year with no line in the table is not announced yet: its days
 * follow the weekend rule and calendar_known says false, so that a page can say so. */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include "base/clock.h"

struct calendar;

/* The built-in table. */
struct calendar *calendar_new(void);
/* The built-in table with the lines of `tsv` over it; `name` stands in messages, which have the
 * line. E_INPUT: a line that is no such line, or names a day twice. */
MUST_USE enum code calendar_read(
    struct str tsv, const char *name, struct calendar **out, struct err *e);
void calendar_free(struct calendar *cal);

bool calendar_known(const struct calendar *cal, int year);
bool calendar_workday(const struct calendar *cal, int32_t day);
/* The holiday a day belongs to, or for which it is worked ('' for ordinary days), and the notice.
 * Borrowed from cal. */
struct str calendar_name(const struct calendar *cal, int32_t day);
struct str calendar_source(const struct calendar *cal, int32_t day);

/* The n-th workday after `day` (before it when n < 0); `day` itself when n is 0. */
int32_t calendar_add_workdays(const struct calendar *cal, int32_t day, int n);
/* Workdays d with from < d <= to; negative when to lies before from. */
int calendar_workdays(const struct calendar *cal, int32_t from, int32_t to);

/* ---- working hours ---- */
#define WORK_SPANS 4
struct work_hours {
    struct {
        int from, to; /* minutes of the day */
    } span[WORK_SPANS];
    int n;
    int zone; /* minutes east of UTC */
};
/* 08:30-12:00 and 13:30-17:30 in ZONE_CHINA. */
struct work_hours work_hours_default(void);
/* "08:30-12:00, 13:30-17:30": in order, not overlapping, at least one. The zone is left alone. */
MUST_USE enum code work_hours_parse(struct str s, struct work_hours *out, struct err *e);

/* The instant at which `ms` of working time have passed since at_ms: the end of 17:30, not the next
 * 08:30, if they fill a day exactly. ms >= 0. */
int64_t calendar_add_working(
    const struct calendar *cal, const struct work_hours *h, int64_t at_ms, int64_t ms);
/* Working time between two instants; negative when to_ms lies before from_ms. */
int64_t calendar_working_between(
    const struct calendar *cal, const struct work_hours *h, int64_t from_ms, int64_t to_ms);

/* ---- limits, as kinds write them: "30m", "4h working", "3d", "5d working", "2w" ---- */
struct limit {
    int64_t n;
    enum { LIMIT_MINUTES, LIMIT_HOURS, LIMIT_DAYS } unit;
    bool working;
};
#define LIMIT_MAX_DAYS 36600 /* a hundred years; hours and minutes accordingly */
MUST_USE enum code limit_parse(struct str s, struct limit *out, struct err *e);
void limit_write_cn(struct buf *b, struct limit l); /* 4个工作小时, 5个工作日, 3天, 30分钟 */
/* Days keep the time of the day: 3d after 09:30 is 09:30 three days later, 3d working is 09:30 on the
 * third workday after. Hours and minutes run on the clock, or on working time. */
int64_t calendar_add_limit(
    const struct calendar *cal, const struct work_hours *h, int64_t at_ms, struct limit l);

#endif
