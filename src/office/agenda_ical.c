/* agenda_ical.c - a person's calendar as iCalendar (RFC 5545), written by libical: folding, escaping, dates. Instants in UTC, so that no table of zones
 * travels along. */
#include <libical/ical.h>
#include <stdlib.h>
#include <time.h>

#include "office/agenda.h"

enum { ICAL_BYTES_MAX = 4 << 20 };

static struct icaltimetype utc(int64_t ms)
{
    return icaltime_from_timet_with_zone((time_t)(ms / 1000), 0, icaltimezone_get_utc_timezone());
}

static struct icaltimetype whole_day(int64_t ms)
{
    struct day d = day_of(clock_day(ms, ZONE_CHINA));
    struct icaltimetype t = icaltime_null_date();
    t.year = d.y;
    t.month = d.m;
    t.day = d.d;
    return t;
}

static void times(icalcomponent *v, const struct agenda_entry *x)
{
    int64_t end = x->to_ms > x->from_ms ? x->to_ms : x->from_ms + 30 * MS_MINUTE;
    if (x->all_day) {
        icalcomponent_add_property(v, icalproperty_new_dtstart(whole_day(x->from_ms)));
        icalcomponent_add_property(v, icalproperty_new_dtend(whole_day(x->to_ms)));
        return;
    }
    icalcomponent_add_property(v, icalproperty_new_dtstart(utc(x->from_ms)));
    icalcomponent_add_property(v, icalproperty_new_dtend(utc(end)));
}

/* Control characters have no place in a line of it. */
static char *plain(struct arena *a, struct str s)
{
    char *z = arena_z(a, s);
    for (char *p = z; *p; p++)
        if ((unsigned char)*p < ' ' && *p != '\n')
            *p = ' ';
    return z;
}

static icalcomponent *event(
    struct arena *a, const struct agenda_calendar *c, const struct agenda_entry *x)
{
    static const char *const sorts[] = {"", "item", "duty", "due"};
    icalcomponent *v = icalcomponent_new(ICAL_VEVENT_COMPONENT);
    struct str title = x->secret ? S("工作秘密事项，请登录查看") : x->title;
    icalcomponent_add_property(
        v, icalproperty_new_uid(
               arena_printf(a, "%s-%lld@qianshao", sorts[x->sort], (long long)x->id).p));
    icalcomponent_add_property(v, icalproperty_new_dtstamp(utc(c->now_ms)));
    times(v, x);
    icalcomponent_add_property(v, icalproperty_new_summary(plain(a, title)));
    if (x->place.n && !x->secret)
        icalcomponent_add_property(v, icalproperty_new_location(plain(a, x->place)));
    if (x->number.n && !x->secret)
        icalcomponent_add_property(v, icalproperty_new_description(plain(a, x->number)));
    if (x->sort == AGENDA_DUE) /* does not make anybody busy */
        icalcomponent_add_property(v, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
    if (c->site.n)
        icalcomponent_add_property(
            v, icalproperty_new_url(
                   x->sort == AGENDA_DUTY
                       ? arena_printf(a, "%.*s/duty", SF(c->site)).p
                       : arena_printf(a, "%.*s/items/%lld", SF(c->site), (long long)x->id).p));
    return v;
}

static icalproperty *extra(const char *name, const char *value)
{
    icalproperty *p = icalproperty_new_x(value);
    icalproperty_set_x_name(p, name);
    return p;
}

enum code agenda_write(struct buf *b, const struct agenda_calendar *c, const struct agenda_entry *v,
    size_t n, struct err *e)
{
    struct arena a;
    icalcomponent *cal = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
    char *text;
    arena_init(&a);
    icalcomponent_add_property(cal, icalproperty_new_version("2.0"));
    icalcomponent_add_property(cal, icalproperty_new_prodid("-//qianshao//zh-CN"));
    icalcomponent_add_property(cal, icalproperty_new_method(ICAL_METHOD_PUBLISH));
    icalcomponent_add_property(cal, extra("X-WR-CALNAME", plain(&a, c->name)));
    icalcomponent_add_property(cal, extra("X-WR-TIMEZONE", "Asia/Shanghai"));
    icalcomponent_add_property(cal, extra("X-PUBLISHED-TTL", "PT1H"));
    for (size_t i = 0; i < n; i++)
        icalcomponent_add_component(cal, event(&a, c, &v[i]));
    text = icalcomponent_as_ical_string_r(cal);
    if (text)
        buf_z(b, text);
    icalmemory_free_buffer(text);
    icalcomponent_free(cal);
    arena_release(&a);
    if (!text || b->n > ICAL_BYTES_MAX)
        return FAIL(e, E_LIMIT, "日历太长，无法写出");
    return OK;
}
