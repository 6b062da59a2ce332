#include "web/item_rows.h"

#include <stdlib.h>

#include "base/clock.h"

enum { BACK_MAX = 900 };

const char *light_class(enum light_colour c)
{
    static const char *const names[] = {[LIGHT_NONE] = "",
        [LIGHT_GREEN] = "green",
        [LIGHT_BLUE] = "blue",
        [LIGHT_YELLOW] = "yellow",
        [LIGHT_RED] = "red"};
    return names[c];
}

/* A limit that ends with a day is the instant at which the next one begins. */
struct str due_day(struct arena *a, int64_t due_ms)
{
    char iso[DAY_ISO_SIZE];
    if (!due_ms)
        return S("");
    return arena_str(a, day_iso(day_of(clock_day(due_ms - 1, ZONE_CHINA)), iso));
}

static struct str span(struct arena *a, int64_t ms)
{
    if (ms < MS_HOUR)
        return arena_printf(a, "%lld分钟", (long long)(ms / MS_MINUTE));
    return arena_printf(a, "%lld小时", (long long)(ms / MS_HOUR));
}

struct str due_words(struct arena *a, int64_t due_ms, int64_t now_ms)
{
    struct str s;
    if (!due_ms)
        return S("");
    int days = clock_day(due_ms - 1, ZONE_CHINA) - clock_day(now_ms, ZONE_CHINA);
    if (days < 0)
        return arena_printf(a, "逾期%d天", -days);
    if (days > 0)
        return arena_printf(a, "还有%d天", days);
    s = span(a, due_ms < now_ms ? now_ms - due_ms : 0);
    return due_ms < now_ms ? arena_printf(a, "逾期%.*s", SF(s)) : S("今天到期");
}

struct str since_words(struct arena *a, int64_t since_ms, int64_t now_ms)
{
    int days = clock_day(now_ms, ZONE_CHINA) - clock_day(since_ms, ZONE_CHINA);
    if (!since_ms)
        return S("");
    if (days > 0)
        return arena_printf(a, "%d天", days);
    return now_ms - since_ms < MS_MINUTE ? S("刚刚") : span(a, now_ms - since_ms);
}

struct str count_words(struct arena *a, int64_t n)
{
    return n < 0 ? S("10000+") : arena_printf(a, "%lld", (long long)n);
}

struct str link_back(struct arena *a, struct str path, struct str back)
{
    struct buf b;
    struct str s;
    if (!back.n || back.n > BACK_MAX)
        return path;
    buf_init(&b, 0);
    buf_str(&b, path);
    buf_z(&b, "?back=");
    html_url(&b, url(back));
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

struct str item_link(struct arena *a, int64_t id, struct str back, int64_t next)
{
    if (next && back.n && back.n <= BACK_MAX)
        back = arena_printf(a, "%.*s#i%lld", SF(back), (long long)next);
    return link_back(a, arena_printf(a, "/items/%lld", (long long)id), back);
}

struct item_row item_line(struct arena *a, const struct kind *k, const struct item *it,
    const struct item_hand *hand, int64_t now_ms)
{
    size_t state = kind_state_of(k, it->state);
    struct str state_name = state == SIZE_MAX ? it->state : k->states[state].name;
    return (struct item_row){.id = it->id,
        .kind = it->kind,
        .kind_name = k->name,
        .number = it->number,
        .title = it->title.n ? it->title : S("（没有标题）"),
        .to_read = hand->to_read,
        .purpose = it->closed_ms ? S("") : hand->purpose,
        .urgency = it->urgency == URGENCY_URGENT ? S("特急")
                   : it->urgency == URGENCY_FAST ? S("加急")
                                                 : S(""),
        .state = it->state,
        .state_name = state_name,
        .circulating = hand->circulating && !str_has(state_name, S("传阅中")),
        .who = hand->who,
        .since = since_words(a, hand->since_ms, now_ms),
        .since_at = {hand->since_ms},
        .due = {due_day(a, it->closed_ms ? 0 : it->due_ms)},
        .due_text = due_words(a, it->closed_ms ? 0 : it->due_ms, now_ms),
        .light = str_z(light_class(it->light)),
        .light_text = it->light_text,
        .opened = {it->opened_ms},
        .closed = it->closed_ms != 0};
}

/* With the names of those who answer for them. */
static enum code lines_of(struct arena *a, struct db *db, const struct actor *by,
    const struct item *v, const struct item_hand *hands, size_t n, struct item_row *rows,
    struct err *e)
{
    struct item_name *names = ARENA_ARRAY(a, struct item_name, n + 1);
    TRY(item_names(db, a, v, n, names, e));
    for (size_t i = 0; i < n; i++) {
        const struct kind *k;
        TRY(kinds_get(by->kinds, db, v[i].kind, v[i].kind_version, &k, e));
        rows[i] = item_line(a, k, &v[i], &hands[i], by->now_ms);
        rows[i].owner = names[i].owner;
        rows[i].unit = names[i].unit;
    }
    return OK;
}

static void link_lines(struct arena *a, struct str back, struct item_row *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        v[i].link = item_link(a, v[i].id, back, i + 1 < n ? v[i + 1].id : i > 0 ? v[i - 1].id : 0);
}

enum code item_lines(struct arena *a, struct db *db, const struct actor *by, const struct item *v,
    size_t n, struct str back, struct item_row **out, struct err *e)
{
    struct item_row *rows = ARENA_ARRAY(a, struct item_row, n + 1);
    struct item_hand *hands = ARENA_ARRAY(a, struct item_hand, n + 1);
    TRY(item_hands(db, a, by, v, n, hands, e));
    TRY(lines_of(a, db, by, v, hands, n, rows, e));
    link_lines(a, back, rows, n);
    *out = rows;
    return OK;
}

/* The three lists of a desk, one behind the other, so that all names are asked at once. */
enum code desk_lines(struct arena *a, struct db *db, const struct actor *by, const struct desk *d,
    struct str back, struct desk_rows *out, struct err *e)
{
    const struct desk_line *const lists[] = {d->todo, d->stuck, d->soon};
    const size_t lengths[] = {d->n_todo, d->n_stuck, d->n_soon};
    size_t all = d->n_todo + d->n_stuck + d->n_soon, n = 0;
    struct item_row *rows = ARENA_ARRAY(a, struct item_row, all + 1);
    struct item_hand *hands = ARENA_ARRAY(a, struct item_hand, all + 1);
    struct item *items = ARENA_ARRAY(a, struct item, all + 1);
    for (size_t l = 0; l < 3; l++)
        for (size_t i = 0; i < lengths[l]; i++, n++) {
            items[n] = lists[l][i].it;
            hands[n] = lists[l][i].hand;
        }
    TRY(lines_of(a, db, by, items, hands, n, rows, e));
    *out = (struct desk_rows){
        .todo = rows, .stuck = rows + d->n_todo, .soon = rows + d->n_todo + d->n_stuck};
    link_lines(a, back, out->todo, d->n_todo);
    link_lines(a, back, out->stuck, d->n_stuck);
    link_lines(a, back, out->soon, d->n_soon);
    return OK;
}

static int by_light(const void *x, const void *y)
{
    const struct item *a = x, *b = y;
    int64_t da = a->due_ms ? a->due_ms : INT64_MAX, db = b->due_ms ? b->due_ms : INT64_MAX;
    if (a->light != b->light)
        return a->light > b->light ? -1 : 1;
    if (da != db)
        return da < db ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

void items_by_light(struct item *v, size_t n)
{
    if (n)
        qsort(v, n, sizeof(*v), by_light);
}

enum code item_todo_lines(struct arena *a, struct db *db, const struct actor *by,
    struct item_row **out, size_t *n, struct err *e)
{
    static const struct desk_ask ask = {.todo = TODO_SHOWN};
    struct desk desk;
    struct desk_rows rows;
    TRY(desk_read(db, a, by, &ask, &desk, e));
    TRY(desk_lines(a, db, by, &desk, S("/"), &rows, e));
    *out = rows.todo;
    *n = desk.n_todo;
    return OK;
}

struct calendar_day calendar_day_line(
    struct arena *a, const struct actor *by, int32_t num, const char *view)
{
    static const char *const weekdays[] = {
        "", "周一", "周二", "周三", "周四", "周五", "周六", "周日"};
    const struct calendar *cal = by->calendar;
    struct day d = day_of(num);
    struct str name = calendar_name(cal, num);
    char iso[DAY_ISO_SIZE];
    bool work = calendar_workday(cal, num), weekend = day_weekday(num) > 5;
    return (struct calendar_day){.day = {arena_str(a, day_iso(d, iso))},
        .label =
            view[0] == 'm' ? arena_printf(a, "%d", d.d) : arena_printf(a, "%d月%d日", d.m, d.d),
        .weekday = str_z(weekdays[day_weekday(num)]),
        .name = name,
        .workday = work,
        .holiday = !work && name.n > 0,
        .makeup = work && weekend,
        .today = num == clock_day(by->now_ms, ZONE_CHINA),
        .link = arena_printf(a, "/calendar?view=day&day=%.*s", SF(day_iso(d, iso)))};
}
