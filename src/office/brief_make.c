/* What the page of the morning says: everything is asked for as the recipient himself, so that nothing can stand there that he may not see. */
#include "base/id.h"
#include "office/absence.h"
#include "office/agenda.h"
#include "office/brief_int.h"
#include "office/document.h"
#include "office/duty.h"
#include "office/item_desk.h"
#include "office/library.h"
#include "office/person.h"
#include "office/recurring.h"
#include "office/remark.h"

enum {
    ABOVE = 35,       /* corpus_attr.authority: below are the group and firms */
    REMARK_DAYS = 180 /* how long a day that a remark names is looked for */
};

struct maker {
    struct office *o;
    struct arena *a;
    struct db *db;
    struct viewer v;
    struct actor by; /* the recipient; the section: a secretary who is nobody */
    struct brief *b;
    int32_t today;
};

static struct brief_section *open_part(struct maker *m, enum brief_part p, size_t room)
{
    struct brief_section *s = &m->b->part[p];
    s->lines = ARENA_ARRAY(m->a, struct brief_line, room + 1);
    return s;
}

/* 工作秘密 is for those who take part: the section's page goes to all of it. */
static bool fits(const struct maker *m, const struct item *it)
{
    return m->b->audience || it->level <= LEVEL_INTERNAL;
}

static struct brief_line line_of(const struct maker *m, const struct item *it)
{
    return (struct brief_line){.item = it->id,
        .title = it->title,
        .secret = it->level > LEVEL_INTERNAL,
        .late = it->due_ms && clock_day(it->due_ms - 1, ZONE_CHINA) < m->today};
}

static struct str short_day(struct arena *a, int32_t day)
{
    struct day d = day_of(day);
    return arena_printf(a, "%d月%d日", d.m, d.d);
}

static struct str since_text(const struct maker *m, int64_t since_ms)
{
    int32_t day = clock_day(since_ms, ZONE_CHINA);
    if (!since_ms)
        return S("");
    if (day >= m->today)
        return S("今天起");
    return arena_printf(m->a, "%.*s起，%d天", SF(short_day(m->a, day)), m->today - day);
}

static struct str due_text(const struct maker *m, int64_t due_ms)
{
    int32_t day = due_ms ? clock_day(due_ms - 1, ZONE_CHINA) : m->today + 1;
    if (!due_ms)
        return S("");
    if (day < m->today)
        return arena_printf(m->a, "逾期%d天", m->today - day);
    if (day > m->today)
        return arena_printf(m->a, "%.*s前", SF(short_day(m->a, day)));
    struct civil c = clock_civil(due_ms, ZONE_CHINA);
    return c.hour || c.minute ? arena_printf(m->a, "今天%d:%02d", c.hour, c.minute) : S("今天");
}

/* ---- matters by a filter ---- */

static enum code put_listed(
    struct maker *m, enum brief_part part, const struct item_filter *f, struct err *e)
{
    struct item_page page;
    TRY(item_list(m->db, m->a, &m->by, f, BRIEF_PART_MAX, &page, e));
    struct item_hand *hand = ARENA_ARRAY(m->a, struct item_hand, page.n + 1);
    TRY(item_hands(m->db, m->a, &m->by, page.items, page.n, hand, e));
    struct brief_section *s = open_part(m, part, page.n);
    s->more = page.next.n > 0;
    for (size_t i = 0; i < page.n; i++) {
        if (!fits(m, &page.items[i]))
            continue;
        struct brief_line l = line_of(m, &page.items[i]);
        l.who = hand[i].who;
        l.when = due_text(m, page.items[i].due_ms);
        s->lines[s->n++] = l;
    }
    return OK;
}

static enum code put_due(struct maker *m, struct err *e)
{
    int64_t morning = clock_day_ms(m->today, ZONE_CHINA);
    struct item_filter f = {.open = 1,
        .sort = SORT_DUE,
        .uncounted = true,
        .due_from_ms = morning + 1,
        .due_to_ms = morning + MS_DAY + 1};
    TRY(put_listed(m, BRIEF_DUE, &f, e));
    f.due_from_ms = 1;
    f.due_to_ms = morning + 1;
    TRY(put_listed(m, BRIEF_LATE, &f, e));
    struct item_filter urgent = {
        .open = 1, .urgency = URGENCY_URGENT + 1, .sort = SORT_OPENED, .uncounted = true};
    return put_listed(m, BRIEF_URGENT, &urgent, e);
}

static enum code put_stuck(struct maker *m, struct err *e)
{
    static const struct desk_ask ask = {.stuck = DESK_STUCK_MAX};
    struct desk desk;
    TRY(desk_read(m->db, m->a, &m->by, &ask, &desk, e));
    const struct desk_line *v = desk.stuck;
    struct brief_section *s = open_part(m, BRIEF_STUCK, desk.n_stuck);
    for (size_t i = 0; i < desk.n_stuck; i++) {
        if (!fits(m, &v[i].it))
            continue;
        struct brief_line l = line_of(m, &v[i].it);
        l.who = v[i].hand.who;
        l.when = since_text(m, v[i].hand.since_ms);
        s->lines[s->n++] = l;
    }
    return OK;
}

/* ---- what waits for a leader ---- */

struct waiting {
    struct item it;
    struct str who;
    int64_t since_ms;
};
struct waitings {
    struct waiting *v;
    size_t n, cap;
};

static void wait_add(struct maker *m, struct waitings *w, const struct waiting *x)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->v[i].it.id == x->it.id) { /* of several leaders: all of them, since the first */
            w->v[i].who = arena_printf(m->a, "%.*s、%.*s", SF(w->v[i].who), SF(x->who));
            if (x->since_ms && x->since_ms < w->v[i].since_ms)
                w->v[i].since_ms = x->since_ms;
            return;
        }
    ARENA_PUSH(m->a, w->v, w->n, w->cap) = *x;
}

static enum code of_leader(
    struct maker *m, const struct person *p, struct waitings *w, bool *more, struct err *e)
{
    static const struct item_filter todo = {.box = BOX_TODO, .open = 1, .uncounted = true};
    struct viewer v = person_viewer(p);
    struct actor by = m->by;
    struct item_page page;
    by.v = &v;
    TRY(item_list(m->db, m->a, &by, &todo, BRIEF_PART_MAX, &page, e));
    struct item_hand *hand = ARENA_ARRAY(m->a, struct item_hand, page.n + 1);
    TRY(item_hands(m->db, m->a, &by, page.items, page.n, hand, e));
    *more = *more || page.next.n > 0;
    for (size_t i = 0; i < page.n; i++)
        wait_add(m, w, &(struct waiting){page.items[i], p->name, hand[i].since_ms});
    return OK;
}

static int by_since(const void *x, const void *y)
{
    const struct waiting *a = x, *b = y;
    if (a->since_ms != b->since_ms)
        return a->since_ms < b->since_ms ? -1 : 1;
    return (a->it.id > b->it.id) - (a->it.id < b->it.id);
}

/* Which of them the recipient sees: kept[i]. */
static enum code seen_of(struct maker *m, const struct waitings *w, bool *kept, struct err *e)
{
    for (size_t from = 0; from < w->n; from += BRIEF_PART_MAX) {
        int64_t ids[BRIEF_PART_MAX];
        struct item *v;
        size_t n = w->n - from < BRIEF_PART_MAX ? w->n - from : BRIEF_PART_MAX, got;
        for (size_t i = 0; i < n; i++)
            ids[i] = w->v[from + i].it.id;
        TRY(item_get_many(m->db, m->a, &m->by, ids, n, &v, &got, e));
        for (size_t i = 0, k = 0; i < n; i++) { /* in the order given */
            kept[from + i] = k < got && v[k].id == ids[i];
            k += kept[from + i];
        }
    }
    return OK;
}

static enum code put_waitings(struct maker *m, struct waitings *w, struct err *e)
{
    bool *kept = ARENA_ARRAY(m->a, bool, w->n + 1);
    struct item *items = ARENA_ARRAY(m->a, struct item, w->n + 1);
    struct item_name *names = ARENA_ARRAY(m->a, struct item_name, w->n + 1);
    struct brief_section *s = open_part(m, BRIEF_DECIDE, BRIEF_PART_MAX);
    if (w->n)
        qsort(w->v, w->n, sizeof(*w->v), by_since);
    TRY(seen_of(m, w, kept, e));
    for (size_t i = 0; i < w->n; i++)
        items[i] = w->v[i].it;
    if (m->b->audience) /* his own: from whom it comes tells him more than his own name */
        TRY(item_names(m->db, m->a, items, w->n, names, e));
    for (size_t i = 0; i < w->n; i++) {
        if (!kept[i] || !fits(m, &items[i]))
            continue;
        s->more = s->more || s->n == BRIEF_PART_MAX;
        if (s->n == BRIEF_PART_MAX)
            break;
        struct brief_line l = line_of(m, &items[i]);
        l.who = m->b->audience
                    ? arena_printf(m->a, "%.*s%.*s", SF(names[i].unit), SF(names[i].owner))
                    : w->v[i].who;
        l.when = since_text(m, w->v[i].since_ms);
        s->lines[s->n++] = l;
    }
    return OK;
}

static enum code put_decide(struct maker *m, struct err *e)
{
    struct waitings w = {0};
    struct person *people;
    size_t n, leaders = 0;
    bool more = false;
    TRY(person_list(m->db, m->a, 0, false, &people, &n, e));
    for (size_t i = 0; i < n && leaders < BRIEF_LEADERS_MAX; i++) {
        bool his =
            m->b->audience ? people[i].id == m->b->audience : (people[i].roles & ROLE_LEADER) != 0;
        if (!his)
            continue;
        leaders++;
        TRY(of_leader(m, &people[i], &w, &more, e));
    }
    TRY(put_waitings(m, &w, e));
    m->b->part[BRIEF_DECIDE].more = m->b->part[BRIEF_DECIDE].more || more;
    return OK;
}

/* ---- the day, and who is there ---- */

/* Meetings and the like: what takes place today at a time of its own. */
static enum code put_timed(struct maker *m, struct brief_section *s, struct err *e)
{
    struct agenda_entry *v;
    size_t n;
    TRY(agenda_timed(m->db, m->a, &m->by, m->today, m->today, false, &v, &n, e));
    for (size_t i = 0; i < n && s->n < BRIEF_PART_MAX; i++) {
        if (!m->b->audience && v[i].secret)
            continue;
        struct civil from = clock_civil(v[i].from_ms, ZONE_CHINA),
                     to = clock_civil(v[i].to_ms, ZONE_CHINA);
        bool since = clock_day(v[i].from_ms, ZONE_CHINA) < m->today;
        s->lines[s->n++] = (struct brief_line){.item = v[i].id,
            .title = v[i].title,
            .secret = v[i].secret,
            .who = v[i].place,
            .when = v[i].all_day || since ? S("全天")
                                          : arena_printf(m->a, "%d:%02d至%d:%02d", from.hour,
                                                from.minute, to.hour, to.minute)};
    }
    return OK;
}

/* Does it speak of this very day? Not of the 17th where the 7th is meant, nor of the same day of another year. */
static bool names_day(struct str words, struct str day, int year)
{
    struct str before, after, rest = words;
    while (str_cut(rest, day, &before, &after)) {
        unsigned char c = before.n ? (unsigned char)before.p[before.n - 1] : (unsigned char)' ';
        struct str head = before, left;
        bool other = str_eat_end(&head, S("年")) && head.n >= 4;
        if (other) {
            struct err none;
            int64_t y = 0;
            left = str_sub(head, head.n - 4, SIZE_MAX);
            other = str_int(left, &y, &none) != OK || y != year;
        }
        if ((c < '0' || c > '9') && !other)
            return true;
        rest = after;
    }
    return false;
}

/* Days that leaders named in their remarks: "请财务部于7月13日前报". */
static enum code put_named_days(struct maker *m, struct brief_section *s, struct err *e)
{
    struct day d = day_of(m->today);
    char iso[DAY_ISO_SIZE];
    struct remark_filter f = {.text = short_day(m->a, m->today),
        .from_day = arena_str(m->a, day_iso(day_of(m->today - REMARK_DAYS), iso)),
        .to_day = m->b->day};
    struct remark *v;
    size_t n;
    bool more;
    TRY(remark_find(m->db, m->a, &m->by, &f, &v, &n, &more, e));
    for (size_t i = 0; i < n && s->n < BRIEF_PART_MAX; i++) {
        struct item it;
        struct err none;
        if (v[i].closed_ms || v[i].state == REMARK_WRONG || !names_day(v[i].words, f.text, d.y) ||
            item_get(m->db, m->a, &m->by, v[i].item, &it, &none) != OK || !fits(m, &it))
            continue;
        struct brief_line l = line_of(m, &it);
        l.who = arena_printf(m->a, "%.*s批示", SF(v[i].leader_name));
        l.when = S("批示写明今天");
        s->lines[s->n++] = l;
    }
    return OK;
}

/* What is on today, by the hour; what comes back on this day; what leaders named this day for. Duty and due days have parts of their own. */
static enum code put_calendar(struct maker *m, struct err *e)
{
    struct recurring *v;
    struct item *items;
    int64_t ids[BRIEF_PART_MAX];
    size_t n, k = 0, got;
    TRY(recurring_list(m->db, m->a, &v, &n, e));
    for (size_t i = 0; i < n && k < BRIEF_PART_MAX; i++)
        if (v[i].last_item && str_eq(v[i].last_day, m->b->day))
            ids[k++] = v[i].last_item;
    TRY(item_get_many(m->db, m->a, &m->by, ids, k, &items, &got, e));
    struct item_name *names = ARENA_ARRAY(m->a, struct item_name, got + 1);
    TRY(item_names(m->db, m->a, items, got, names, e));
    struct brief_section *s = open_part(m, BRIEF_CALENDAR, BRIEF_PART_MAX);
    TRY(put_timed(m, s, e));
    for (size_t i = 0; i < got && s->n < BRIEF_PART_MAX; i++) {
        if (items[i].closed_ms || !fits(m, &items[i]))
            continue;
        struct brief_line l = line_of(m, &items[i]);
        l.who = arena_printf(m->a, "%.*s%.*s", SF(names[i].unit), SF(names[i].owner));
        l.when = due_text(m, items[i].due_ms);
        s->lines[s->n++] = l;
    }
    return put_named_days(m, s, e);
}

static void put_shift(struct maker *m, const struct duty_shift *x, struct brief_section *s)
{
    struct str names = S("");
    struct civil from = clock_civil(x->from_ms, ZONE_CHINA), to = clock_civil(x->to_ms, ZONE_CHINA);
    for (int i = 0; i < N_DUTY_SEAT; i++)
        if (x->who[i])
            names = arena_printf(m->a, "%.*s%s%s%.*s", SF(names), names.n ? "、" : "",
                i == DUTY_LEADER ? "带班领导" : "", SF(x->name[i]));
    s->lines[s->n++] = (struct brief_line){.title = arena_printf(m->a, "值班：%.*s", SF(names)),
        .who = x->note,
        .when = arena_printf(m->a, "%d日%d:%02d至%s%d:%02d", from.day.d, from.hour, from.minute,
            clock_day(x->to_ms, ZONE_CHINA) > clock_day(x->from_ms, ZONE_CHINA) ? "次日" : "",
            to.hour, to.minute)};
}

/* Whoever hands over this morning, and whoever comes today. */
static enum code put_duty(struct maker *m, struct brief_section *s, struct err *e)
{
    struct duty_shift on, *v;
    bool there;
    size_t n;
    int64_t morning = clock_day_ms(m->today, ZONE_CHINA);
    TRY(duty_at(m->db, m->a, m->by.now_ms, &on, &there, e));
    if (there && on.from_ms < morning)
        put_shift(m, &on, s);
    TRY(duty_list(m->db, m->a, morning, morning + MS_DAY, &v, &n, e));
    for (size_t i = 0; i < n && s->n < BRIEF_PART_MAX / 2; i++)
        put_shift(m, &v[i], s);
    return OK;
}

static enum code put_people(struct maker *m, struct err *e)
{
    struct stand_for *v;
    size_t n;
    TRY(absence_today(m->db, m->a, &m->by, &v, &n, e));
    struct brief_section *s = open_part(m, BRIEF_PEOPLE, BRIEF_PART_MAX);
    TRY(put_duty(m, s, e));
    for (size_t i = 0; i < n && s->n < BRIEF_PART_MAX; i++) {
        struct day to;
        s->lines[s->n++] = (struct brief_line){
            .title = arena_printf(m->a, "%.*s：%.*s", SF(v[i].name), SF(v[i].why)),
            .who =
                v[i].covers.n ? arena_printf(m->a, "%.*s代办", SF(v[i].covers)) : S("未安排代办"),
            .when = day_from_iso(v[i].to_day, &to)
                        ? arena_printf(m->a, "至%.*s", SF(short_day(m->a, day_num(to))))
                        : S("")};
    }
    return OK;
}

/* ---- documents ---- */

static enum code put_new(struct maker *m, int64_t since_ms, struct err *e)
{
    struct library_filter f = library_filter_any();
    struct library_page page;
    TRY(library_new_since(
        m->o, m->a, &m->v, S(""), &f, id_at_ms(since_ms), DOCUMENT_MANY, &page, e));
    struct brief_section *s = open_part(m, BRIEF_NEW, page.n);
    for (size_t i = 0; i < page.n; i++) {
        const struct document *d = &page.hits[i].doc;
        if (d->authority < ABOVE || (!m->b->audience && d->level > LEVEL_INTERNAL))
            continue;
        s->lines[s->n++] = (struct brief_line){.doc = d->id,
            .title = d->title,
            .secret = d->level > LEVEL_INTERNAL,
            .who = d->issuer_name,
            .when = d->docno};
    }
    s->more = page.total > (int64_t)page.n;
    return OK;
}

/* ---- all of it ---- */

static struct str day_text(const struct maker *m)
{
    static const char *const week[] = {"", "一", "二", "三", "四", "五", "六", "日"};
    const struct calendar *cal = m->by.calendar;
    struct day d = day_of(m->today);
    struct str name = calendar_name(cal, m->today);
    int rest = 0;
    while (rest < 15 && !calendar_workday(cal, m->today + 1 + rest))
        rest++;
    return arena_printf(m->a, "%d年%d月%d日　星期%s%s%.*s%s%s", d.y, d.m, d.d,
        week[day_weekday(m->today)], name.n ? "　" : "", SF(name), rest ? "　明天起休息" : "",
        rest ? arena_printf(m->a, "%d天", rest).p : "");
}

static enum code gather_items(struct maker *m, struct err *e)
{
    TRY(put_due(m, e));
    TRY(put_decide(m, e));
    TRY(put_stuck(m, e));
    TRY(put_calendar(m, e));
    TRY(put_people(m, e));
    return brief_note_get(m->db, m->a, m->b->day, &m->b->note, &m->b->note_by, e);
}

static enum code who_reads(struct maker *m, struct err *e)
{
    struct person p;
    m->v = (struct viewer){.roles = ROLE_SECRETARY};
    m->b->name = S("秘书科");
    if (!m->b->audience)
        return OK;
    TRY(person_get(m->db, m->a, m->b->audience, &p, e));
    m->v = person_viewer(&p);
    m->b->name = p.name;
    return OK;
}

enum code brief_gather(struct office *o, struct arena *a, const struct actor *by, int64_t since_ms,
    struct brief *out, struct err *e)
{
    struct maker m = {.o = o, .a = a, .by = *by, .b = out};
    char iso[DAY_ISO_SIZE];
    m.by.v = &m.v;
    m.by.for_person = 0;
    m.today = clock_day(by->now_ms, ZONE_CHINA);
    out->day = arena_str(a, day_iso(day_of(m.today), iso));
    out->day_text = day_text(&m);
    out->made_ms = by->now_ms;
    TRY(store_read(o->store, &m.db, e));
    enum code c = who_reads(&m, e);
    if (c == OK)
        c = gather_items(&m, e);
    store_read_end(m.db);
    TRY(c);
    TRY(put_new(&m, since_ms, e));
    return brief_fit(out, e);
}
