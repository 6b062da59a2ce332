/* page_calendar.c - what is due, by day, over the working calendar. */
#include "base/clock.h"
#include "office/agenda.h"
#include "web/item_rows.h"
#include "web/route.h"

enum { PER_DAY_MONTH = 4, PER_DAY_WEEK = 50, PAGES_READ = 5, DAYS_MAX = 42 };

struct cal {
    struct ctx *c;
    const struct actor *by;
    const char *view; /* month, week, day */
    bool mine;
    int32_t at;          /* the day that was asked for */
    int32_t first, last; /* shown, both included */
    int32_t today;
    struct item *items;
    size_t n, cap;
    bool cut;
    struct agenda_entry *timed;
    size_t n_timed;
};

static enum code known_names(const struct ctx *c, struct err *e)
{
    for (size_t i = 0; i < c->r->head.n_query; i++) {
        struct str name = c->r->head.query[i].name;
        if (!str_eq(name, S("view")) && !str_eq(name, S("day")) && !str_eq(name, S("mine")))
            return FAIL(e, E_INPUT, "不认识的条件“%.*s”", SF(name));
    }
    return OK;
}

static enum code read_query(struct cal *k, struct err *e)
{
    struct str view = req_query(k->c->r, "view"), day = req_query(k->c->r, "day");
    struct day d;
    TRY(known_names(k->c, e));
    k->today = clock_day(k->by->now_ms, ZONE_CHINA);
    k->at = k->today;
    k->mine = req_query(k->c->r, "mine").n > 0;
    k->view = "month";
    if (str_eq(view, S("week")))
        k->view = "week";
    else if (str_eq(view, S("day")))
        k->view = "day";
    else if (view.n && !str_eq(view, S("month")))
        return FAIL(e, E_INPUT, "日历只能按月、按周、按日看");
    if (day.n) {
        if (!day_from_iso(day, &d) || d.y < 1980 || d.y > 2200)
            return FAIL(e, E_INPUT, "“%.*s”不是日期，应当像2026-07-13", SF(day));
        k->at = day_num(d);
    }
    return OK;
}

static void span(struct cal *k)
{
    struct day d = day_of(k->at);
    k->first = k->last = k->at;
    if (k->view[0] == 'w') {
        k->first = k->at - day_weekday(k->at) + 1;
        k->last = k->first + 6;
    } else if (k->view[0] == 'm') {
        k->first = day_num((struct day){d.y, d.m, 1});
        k->last = k->first + day_month_len(d.y, d.m) - 1;
        k->first -= day_weekday(k->first) - 1;
        k->last += 7 - day_weekday(k->last);
    }
}

/* A limit ends with its day: the instant is the beginning of the next one. */
static enum code read_items(struct cal *k, struct db *db, struct err *e)
{
    struct item_filter f = {.box = k->mine ? BOX_TODO : BOX_ALL,
        .open = 1,
        .sort = SORT_DUE,
        .uncounted = true,
        .due_from_ms = clock_day_ms(k->first, ZONE_CHINA) + 1,
        .due_to_ms = clock_day_ms(k->last + 1, ZONE_CHINA) + 1};
    struct item_page page = {.n = 0};
    for (int i = 0; i < PAGES_READ && (i == 0 || page.next.n); i++) {
        f.after = page.next;
        TRY(item_list(db, k->c->a, k->by, &f, ITEM_PAGE_MAX, &page, e));
        for (size_t x = 0; x < page.n; x++)
            ARENA_PUSH(k->c->a, k->items, k->n, k->cap) = page.items[x];
    }
    k->cut = page.next.n > 0;
    return OK;
}

static struct str link_to(const struct cal *k, const char *view, int32_t day, bool mine)
{
    char iso[DAY_ISO_SIZE];
    return arena_printf(k->c->a, "/calendar?view=%s&day=%.*s%s", view,
        SF(day_iso(day_of(day), iso)), mine ? "&mine=1" : "");
}

static void put_items(struct cal *k, struct db *db, int32_t num, struct calendar_day *d,
    const struct item_hand *hands)
{
    size_t most = k->view[0] == 'm' ? PER_DAY_MONTH : PER_DAY_WEEK;
    struct str back = link_to(k, k->view, k->at, k->mine);
    d->items = ARENA_ARRAY(k->c->a, struct calendar_item, most);
    for (size_t i = 0; i < k->n; i++) {
        const struct item *it = &k->items[i];
        const struct kind *kind;
        struct err none;
        if (clock_day(it->due_ms - 1, ZONE_CHINA) != num)
            continue;
        d->count++;
        d->red += it->due_ms <= k->by->now_ms;
        if (d->n_items == most ||
            kinds_get(k->by->kinds, db, it->kind, it->kind_version, &kind, &none) != OK)
            continue;
        struct item_row r = item_line(k->c->a, kind, it, &hands[i], k->by->now_ms);
        d->items[d->n_items++] = (struct calendar_item){.id = it->id,
            .kind_name = r.kind_name,
            .number = r.number,
            .title = r.title,
            .state_name = r.state_name,
            .who = r.who,
            .light = r.light,
            .light_text = r.light_text,
            .mine = k->mine,
            .link = item_link(k->c->a, it->id, back, 0)};
    }
    d->more = d->count - (int64_t)d->n_items;
}

/* Meetings and the like, on each day they touch. */
static void put_timed(struct cal *k, int32_t num, struct calendar_day *d)
{
    int64_t from = clock_day_ms(num, ZONE_CHINA), to = clock_day_ms(num + 1, ZONE_CHINA);
    d->timed = ARENA_ARRAY(k->c->a, struct calendar_timed, k->n_timed + 1);
    for (size_t i = 0; i < k->n_timed; i++) {
        const struct agenda_entry *x = &k->timed[i];
        if (x->from_ms >= to || (x->to_ms <= from && x->from_ms < from))
            continue;
        struct civil a = clock_civil(x->from_ms, ZONE_CHINA), b = clock_civil(x->to_ms, ZONE_CHINA);
        d->timed[d->n_timed++] = (struct calendar_timed){.id = x->id,
            .title = x->title,
            .place = x->place,
            .when = x->all_day || x->from_ms < from ? S("")
                    : k->view[0] == 'm' ? arena_printf(k->c->a, "%d:%02d", a.hour, a.minute)
                                        : arena_printf(k->c->a, "%d:%02d至%d:%02d", a.hour,
                                              a.minute, b.hour, b.minute)};
    }
}

static int32_t moved(const struct cal *k, int by)
{
    struct day d = day_of(k->at);
    if (k->view[0] != 'm')
        return k->at + by * (k->view[0] == 'w' ? 7 : 1);
    return day_num((struct day){d.y, d.m + by, 1});
}

static void put_links(struct cal *k, struct page_calendar *p)
{
    struct day d = day_of(k->at), f = day_of(k->first), l = day_of(k->last);
    p->view = str_z(k->view);
    p->mine = k->mine ? S("1") : S("");
    p->title = k->view[0] == 'm' ? arena_printf(k->c->a, "%d年%d月", d.y, d.m)
               : k->view[0] == 'w'
                   ? arena_printf(k->c->a, "%d年%d月%d日至%d月%d日", f.y, f.m, f.d, l.m, l.d)
                   : arena_printf(k->c->a, "%d年%d月%d日", d.y, d.m, d.d);
    p->prev = link_to(k, k->view, moved(k, -1), k->mine);
    p->next = link_to(k, k->view, moved(k, 1), k->mine);
    p->now = link_to(k, k->view, k->today, k->mine);
    p->month_link = link_to(k, "month", k->at, k->mine);
    p->week_link = link_to(k, "week", k->at, k->mine);
    p->all_link = link_to(k, k->view, k->at, false);
    p->mine_link = link_to(k, k->view, k->at, true);
}

static enum code fill(struct cal *k, struct db *db, struct page_calendar *p, struct err *e)
{
    struct item_hand *hands;
    TRY(read_items(k, db, e));
    TRY(agenda_timed(db, k->c->a, k->by, k->first, k->last, k->mine, &k->timed, &k->n_timed, e));
    hands = ARENA_ARRAY(k->c->a, struct item_hand, k->n + 1);
    if (k->view[0] != 'm') /* there is room to say who is waited for */
        TRY(item_hands(db, k->c->a, k->by, k->items, k->n, hands, e));
    p->days = ARENA_ARRAY(k->c->a, struct calendar_day, DAYS_MAX);
    for (int32_t day = k->first; day <= k->last; day++) {
        struct calendar_day *d = &p->days[p->n_days++];
        *d = calendar_day_line(k->c->a, k->by, day, k->view);
        d->outside = k->view[0] == 'm' && day_of(day).m != day_of(k->at).m;
        d->link = link_to(k, "day", day, k->mine);
        put_items(k, db, day, d, hands);
        put_timed(k, day, d);
        p->due += d->count;
        p->overdue += d->red;
    }
    p->cut = k->cut;
    return OK;
}

enum code page_calendar(struct ctx *c, struct err *e)
{
    struct page_calendar p = {.known = true};
    struct cal k = {.c = c, .by = ctx_actor(c)};
    struct db *db;
    TRY(read_query(&k, e));
    span(&k);
    p.known = calendar_known(k.by->calendar, day_of(k.at).y);
    put_links(&k, &p);
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill(&k, db, &p, e);
    store_read_end(db);
    TRY(code);
    show_calendar(c, &p);
    return OK;
}
