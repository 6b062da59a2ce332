#include "web/shift_rows.h"

#include "office/duty_log.h"
#include "web/item_rows.h"
#include "web/route.h"
#include "web/rows.h"

static struct str warned(const struct duty_showing *s, const struct duty_shift *x, int seat)
{
    struct str text = S("");
    for (size_t i = 0; i < s->n_warnings; i++)
        if (s->warnings[i].shift == x->id && s->warnings[i].seat == (enum duty_seat)seat)
            text = arena_printf(
                s->c->a, "%.*s%s%.*s", SF(text), text.n ? "；" : "", SF(s->warnings[i].text));
    return text;
}

static struct str time_text(struct arena *a, const struct duty_shift *x, int zone)
{
    struct civil from = clock_civil(x->from_ms, zone), to = clock_civil(x->to_ms, zone);
    int32_t far = clock_day(x->to_ms, zone) - clock_day(x->from_ms, zone);
    return far > 1 ? arena_printf(a, "%02d:%02d至%d月%d日%02d:%02d", from.hour, from.minute,
                         to.day.m, to.day.d, to.hour, to.minute)
                   : arena_printf(a, "%02d:%02d至%s%02d:%02d", from.hour, from.minute,
                         far ? "次日" : "", to.hour, to.minute);
}

static struct duty_shift_row duty_row(const struct duty_showing *s, const struct duty_shift *x)
{
    static const char *const weekdays[] = {
        "", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"};
    static const char *const classes[N_DUTY_SORT] = {"work", "weekend", "holiday"};
    struct arena *a = s->c->a;
    struct day d = day_of(x->day);
    struct duty_shift_row r = {.id = x->id,
        .day = arena_printf(a, "%d月%d日", d.m, d.d),
        .weekday = str_z(weekdays[day_weekday(x->day)]),
        .sort = str_z(duty_sort_name(x->sort)),
        .sort_class = str_z(classes[x->sort]),
        .holiday = calendar_name(s->by->calendar, x->day),
        .time = time_text(a, x, s->by->hours->zone),
        .note = x->note,
        .now = x->from_ms <= s->by->now_ms && s->by->now_ms < x->to_ms,
        .past = x->to_ms <= s->by->now_ms,
        .mine = duty_has(x, s->c->v->person),
        .changes = x->changes,
        .link = arena_printf(a, "/duty/shifts/%lld", (long long)x->id)};
    r.seats = ARENA_ARRAY(a, struct duty_seat_row, N_DUTY_SEAT);
    r.n_seats = N_DUTY_SEAT;
    for (int i = 0; i < N_DUTY_SEAT; i++)
        r.seats[i] = (struct duty_seat_row){.seat = str_z(duty_seat_name((enum duty_seat)i)),
            .name = x->name[i],
            .phone = s->phones ? x->phone[i] : S(""),
            .warn = warned(s, x, i),
            .me = x->who[i] && x->who[i] == s->c->v->person};
    return r;
}

enum code duty_rows(const struct duty_showing *s, struct db *db, const struct duty_shift *v,
    size_t n, struct duty_shift_row **out, struct err *e)
{
    struct duty_shift_row *rows = ARENA_ARRAY(s->c->a, struct duty_shift_row, n + 1);
    bool *may = ARENA_ARRAY(s->c->a, bool, n + 1), takes_part = access_may(s->c->v, ACT_ITEMS);
    TRY(duty_log_readable(db, s->by, v, n, may, e));
    for (size_t i = 0; i < n; i++) {
        rows[i] = duty_row(s, &v[i]);
        rows[i].first = i == 0 || v[i].day != v[i - 1].day;
        if (takes_part && may[i] && v[i].from_ms <= s->by->now_ms)
            rows[i].log_link = arena_printf(s->c->a, "/duty/log/%lld", (long long)v[i].id);
    }
    *out = rows;
    return OK;
}

enum code duty_log_shift(
    struct ctx *c, struct db *db, int64_t id, struct duty_shift *s, bool *there, struct err *e)
{
    int64_t now = ctx_actor(c)->now_ms;
    *there = true;
    if (id)
        return duty_get(db, c->a, id, s, e);
    TRY(duty_at(db, c->a, now, s, there, e));
    if (*there)
        return OK;
    struct duty_shift at = {.from_ms = now};
    return duty_beside(db, c->a, &at, false, s, there, e);
}

enum code duty_log_link(struct ctx *c, struct db *db, struct str *out, struct err *e)
{
    struct duty_shift s;
    bool there = false, may = true;
    *out = S("");
    if (!access_may(c->v, ACT_ITEMS))
        return OK;
    TRY(duty_log_shift(c, db, 0, &s, &there, e));
    if (there)
        TRY(duty_log_reads(db, &s, ctx_actor(c), &may, e));
    if (may)
        *out = S("/duty/log");
    return OK;
}

enum code duty_now_rows(
    struct ctx *c, struct db *db, struct duty_shift_row **out, size_t *n, struct err *e)
{
    struct duty_showing s = {.c = c, .by = ctx_actor(c)};
    struct duty_shift x;
    bool there = false;
    TRY(duty_sees_phones(db, s.by, &s.phones, e));
    TRY(duty_at(db, c->a, s.by->now_ms, &x, &there, e));
    *n = there;
    return duty_rows(&s, db, &x, there, out, e);
}

static struct str now_text(
    struct ctx *c, const struct climb *k, const struct climb_step *v, size_t n)
{
    (void)k;
    for (size_t i = n; i-- > 0;)
        if (!v[i].skipped.n)
            return arena_printf(c->a, "第%lld轮，已通知%s%.*s", (long long)v[i].round,
                duty_seat_name(v[i].seat), SF(v[i].name));
    return n ? S("没有可以通知的值班人员，已通知科长") : S("正在通知");
}

enum code climb_rows(struct ctx *c, struct db *db, struct climb_row **out, size_t *n, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    struct climb *v;
    size_t k;
    TRY(climb_calling(db, c->a, by, &v, &k, e));
    int64_t *ids = ARENA_ARRAY(c->a, int64_t, k + 1);
    struct item *items;
    size_t n_items;
    for (size_t i = 0; i < k; i++)
        ids[i] = v[i].item;
    TRY(item_get_many(db, c->a, by, ids, k, &items, &n_items, e));
    *out = ARENA_ARRAY(c->a, struct climb_row, k + 1);
    *n = 0;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < n_items; j++) {
            struct climb_step *steps;
            size_t n_steps;
            if (items[j].id != v[i].item)
                continue;
            TRY(climb_steps(db, c->a, by, &v[i], &steps, &n_steps, e));
            (*out)[(*n)++] = (struct climb_row){.item = v[i].item,
                .title = items[j].title,
                .since = since_words(c->a, v[i].started_ms, by->now_ms),
                .now = now_text(c, &v[i], steps, n_steps),
                .link = arena_printf(c->a, "/duty/climbs/%lld", (long long)v[i].item),
                .may_ack = v[i].raised_by != c->v->person};
        }
    return OK;
}

struct str duty_printed(struct ctx *c)
{
    return arena_printf(
        c->a, "%.*s %.*s", SF(minute_text(c, ctx_actor(c)->now_ms)), SF(c->session.name));
}
