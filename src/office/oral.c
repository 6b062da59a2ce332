#include "office/oral.h"

#include <stdio.h>

#include "base/utf8.h"

/* ---- days and hours ---- */

enum { AFTERNOON = 15 };

struct reading {
    struct arena *a;
    const struct remark_people *p;
    struct str rest;
    int32_t today;
};

static void skip(struct str *s)
{
    static const struct str marks[] = {SC("，"), SC(","), SC("："), SC(":"), SC("、")};
    for (bool more = true; more;) {
        *s = str_trim(*s);
        more = false;
        for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
            more = str_eat(s, marks[i]) || more;
    }
}

/* 7月13日, 7.13 */
static bool eat_month_day(struct str *s, int32_t today, bool back, struct day *d)
{
    struct str t = *s;
    int m, n;
    if (!str_eat_digits(&t, 1, 2, &m) || (!str_eat(&t, S("月")) && !str_eat(&t, S("."))) ||
        !str_eat_digits(&t, 1, 2, &n))
        return false;
    (void)(str_eat(&t, S("日")) || str_eat(&t, S("号")));
    *d = (struct day){day_of(today).y, m, n};
    if (!day_valid(*d))
        return false;
    if (back && day_num(*d) > today)
        d->y--;
    if (!back && day_num(*d) < today - 60)
        d->y++;
    *s = t;
    return day_valid(*d);
}

/* 13日, of this month or of the one beside it */
static bool eat_day_alone(struct str *s, int32_t today, bool back, struct day *d)
{
    struct str t = *s;
    int n;
    if (!str_eat_digits(&t, 1, 2, &n) || (!str_eat(&t, S("日")) && !str_eat(&t, S("号"))))
        return false;
    *d = day_of(today);
    d->d = n;
    if (!day_valid(*d))
        return false;
    if (back ? day_num(*d) > today : day_num(*d) < today)
        *d = day_of(day_num((struct day){d->y, d->m + (back ? -1 : 1), 1}) + n - 1);
    *s = t;
    return true;
}

/* The last one that was (back) or the next that comes. */
static bool eat_date(struct str *s, int32_t today, bool back, int32_t *out)
{
    struct day d;
    if (!eat_month_day(s, today, back, &d) && !eat_day_alone(s, today, back, &d))
        return false;
    *out = day_num(d);
    return true;
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

static bool eat_day(struct str *s, int32_t today, bool back, int32_t *out)
{
    return eat_named_day(s, today, out) || eat_weekday(s, today, back, out) ||
           eat_date(s, today, back, out);
}

/* 下午3点半, 15:30, 下午: minutes of the day; a part of the day alone is its middle. */
static bool eat_hour(struct str *s, int *out)
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
        *out = (h < 12 && add ? h + add : h) * 60 + (m < 60 ? m : 0);
        *s = clock;
        return true;
    }
    if (hour < 0)
        return false;
    *out = hour * 60;
    *s = t;
    return true;
}

/* When it was said; what the line does not say is now. */
static void eat_when(struct reading *r, int64_t now_ms, struct oral_line *o)
{
    int32_t day = r->today;
    int minutes = -1;
    skip(&r->rest);
    (void)str_eat(&r->rest, S("在"));
    bool said = eat_day(&r->rest, r->today, true, &day);
    skip(&r->rest);
    o->said_when = eat_hour(&r->rest, &minutes) || said;
    o->at_ms = now_ms;
    if (minutes < 0 && said && day != r->today)
        minutes = 9 * 60;
    if (minutes >= 0)
        o->at_ms = clock_day_ms(day, ZONE_CHINA) + minutes * MS_MINUTE;
    if (o->at_ms > now_ms) /* 下午 said in the morning: it cannot have been */
        o->at_ms = now_ms;
}

/* ---- till when ---- */

static bool month_end(struct str *s, int32_t today, int32_t *out)
{
    struct day d = day_of(today);
    if (str_eat(s, S("月底")) || str_eat(s, S("本月底")))
        *out = day_num((struct day){d.y, d.m + 1, 0});
    else if (str_eat(s, S("年底")))
        *out = day_num((struct day){d.y, 12, 31});
    else if (str_eat(s, S("本周内")) || str_eat(s, S("这周内")))
        *out = today - day_weekday(today) + 5;
    else if (str_eat(s, S("下班前")))
        *out = today;
    else
        return false;
    return true;
}

/* 3天内, 三日内, 一周内 */
static bool within(struct str *s, int32_t today, int32_t *out)
{
    static const char *const digits[] = {
        "一", "两", "三", "四", "五", "六", "七", "八", "九", "十"};
    struct str t = *s;
    int n = 0;
    if (!str_eat_digits(&t, 1, 2, &n))
        for (int i = 0; n == 0 && i < 10; i++)
            if (str_eat(&t, str_z(digits[i])))
                n = i + 1;
    if (n == 0)
        return false;
    if (str_eat(&t, S("周")) || str_eat(&t, S("个星期")))
        n *= 7;
    else if (!str_eat(&t, S("天")) && !str_eat(&t, S("日")) && !str_eat(&t, S("个工作日")))
        return false;
    if (!str_eat(&t, S("内")) && !str_eat(&t, S("之内")))
        return false;
    *out = today + n;
    *s = t;
    return true;
}

/* The first place in the words that names a day and means a limit: it stands before 前, 内, or the like. */
static struct str due_in(struct reading *r, struct str words)
{
    char iso[DAY_ISO_SIZE];
    for (size_t at = 0; at < words.n;) {
        struct str t = str_sub(words, at, SIZE_MAX);
        int32_t day = 0;
        int minutes;
        bool is = month_end(&t, r->today, &day) || within(&t, r->today, &day);
        if (!is && eat_day(&t, r->today, false, &day)) {
            (void)eat_hour(&t, &minutes);
            (void)str_eat(&t, S("下班"));
            is = str_eat(&t, S("前")) || str_eat(&t, S("之前")) || str_eat(&t, S("以前"));
        }
        if (is)
            return arena_str(r->a, day_iso(day_of(day), iso));
        (void)utf8_next(words, &at);
    }
    return S("");
}

/* ---- who, to whom ---- */

/* The longest beginning that is somebody; 0: none. */
static size_t fit_at(
    struct str s, const struct remark_people *p, bool leaders, struct remark_named *out)
{
    enum { LONGEST = 14 };
    size_t cp = utf8_len_cp(s);
    for (size_t n = cp < LONGEST ? cp : LONGEST; n >= 2; n--) {
        struct str head = str_sub(s, 0, utf8_off(s, n));
        size_t kept = 0;
        struct remark_named m = {.words = head};
        remark_fits_whole(head, p, &m);
        for (size_t i = 0; i < m.n; i++) {
            bool is = false;
            for (size_t k = 0; k < p->n_persons; k++)
                is = is || (m.fit[i].kind == PRINCIPAL_PERSON && p->persons[k].id == m.fit[i].id &&
                               p->persons[k].roles & ROLE_LEADER);
            if (!leaders || is)
                m.fit[kept++] = m.fit[i];
        }
        m.n = kept;
        if (m.n) {
            *out = m;
            return head.n;
        }
    }
    return 0;
}

static bool eat_any(struct str *s, const struct str *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eat(s, words[i]))
            return true;
    return false;
}

/* 让财务部、工程部和张三 ... */
static void read_to(struct reading *r, struct oral_line *o)
{
    static const struct str verbs[] = {SC("让"), SC("请"), SC("要求"), SC("叫"), SC("安排"),
        SC("交代"), SC("指示"), SC("通知"), SC("责成"), SC("说"), SC("交办"), SC("由")};
    static const struct str joins[] = {
        SC("、"), SC("和"), SC("与"), SC("及"), SC("会同"), SC("，")};
    struct str s = r->rest;
    while (eat_any(&s, verbs, sizeof(verbs) / sizeof(*verbs)))
        skip(&s);
    while (o->n_to < REMARK_NAMED_MAX) {
        struct remark_named m = {.n = 0};
        size_t n = fit_at(s, r->p, false, &m);
        if (n == 0)
            return;
        o->to[o->n_to++] = m;
        s = str_sub(s, n, SIZE_MAX);
        if (!eat_any(&s, joins, sizeof(joins) / sizeof(*joins)))
            return;
    }
}

void oral_read(struct arena *a, struct str line, const struct remark_people *p, int64_t now_ms,
    struct oral_line *out)
{
    struct reading r = {
        .a = a, .p = p, .rest = str_trim(line), .today = clock_day(now_ms, ZONE_CHINA)};
    *out = (struct oral_line){.n_to = 0};
    eat_when(&r, now_ms, out); /* 昨天下午王书记… */
    bool before = out->said_when;
    size_t n = fit_at(r.rest, p, true, &out->leader);
    r.rest = str_sub(r.rest, n, SIZE_MAX);
    (void)str_eat(&r.rest, S("同志"));
    if (!before)
        eat_when(&r, now_ms, out);
    skip(&r.rest);
    out->said = arena_str(a, r.rest);
    r.today = clock_day(out->at_ms, ZONE_CHINA); /* 周五 is the one behind the day he said it */
    read_to(&r, out);
    out->due = due_in(&r, r.rest);
}

/* ---- entering ---- */

static void put_ids(json_t *o, const char *key, const int64_t *v, size_t n)
{
    char z[24];
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(z, sizeof(z), "%lld", (long long)v[i]);
        json_array_append_new(list, json_string(z));
    }
    json_object_set_new(o, key, list);
}

static void put_str(json_t *o, const char *key, struct str s)
{
    if (s.n)
        json_object_set_new(o, key, json_stringn(s.p, s.n));
}

static json_t *fields_of(struct arena *a, const struct oral_new *o)
{
    json_t *f = json_object();
    struct buf at;
    buf_init(&at, 64);
    clock_write_minute(&at, o->at_ms, ZONE_CHINA);
    put_str(f, "said", o->said);
    put_str(f, "at", buf_view(&at));
    put_str(f, "leader", arena_printf(a, "%lld", (long long)o->leader));
    put_str(f, "way", o->way);
    put_str(f, "due", o->due);
    put_ids(f, "units", o->units, o->n_units);
    put_ids(f, "people", o->persons, o->n_persons);
    buf_release(&at);
    return f;
}

static enum code open_it(struct db *db, struct arena *a, const struct actor *by,
    const struct oral_new *o, int64_t *item, struct err *e)
{
    struct actor as = *by;
    json_t *fields = fields_of(a, o);
    struct item_open open = {.kind = S("oral"), .fields = fields};
    as.for_person = o->leader == by->v->person ? 0 : o->leader;
    enum code c = item_open(db, &as, &open, item, e);
    json_decref(fields);
    return c;
}

enum code oral_enter(struct db *db, const struct actor *by, const struct oral_new *given,
    int64_t *item, struct err *e)
{
    struct arena a;
    struct oral_new o = *given;
    o.said = str_trim(o.said);
    if (!o.leader)
        return FAIL(e, E_INPUT, "没有选定是哪位领导说的");
    if (!o.said.n)
        return FAIL(e, E_INPUT, "没有写交办的内容");
    if (o.at_ms > by->now_ms)
        return FAIL(e, E_INPUT, "交办时间不能晚于现在，请核对");
    arena_init(&a);
    enum code c = open_it(db, &a, by, &o, item, e);
    if (c == OK && o.n_units + o.n_persons) {
        struct item_move hand = {.move = S("hand")};
        c = item_move(db, by, *item, 1, &hand, e);
    }
    arena_release(&a);
    return c;
}
