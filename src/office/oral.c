#include "office/oral.h"

#include <stdio.h>

#include "base/utf8.h"
#include "text/day_words.h"

/* ---- days and hours ---- */

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

/* When it was said; what the line does not say is now. */
static void eat_when(struct reading *r, int64_t now_ms, struct oral_line *o)
{
    int32_t day = r->today;
    int minutes = -1;
    skip(&r->rest);
    (void)str_eat(&r->rest, S("在"));
    bool said = day_words_eat(&r->rest, r->today, true, &day);
    skip(&r->rest);
    o->said_when = day_words_hour(&r->rest, &minutes) || said;
    o->at_ms = now_ms;
    if (minutes < 0 && said && day != r->today)
        minutes = 9 * 60;
    if (minutes >= 0)
        o->at_ms = clock_day_ms(day, ZONE_CHINA) + minutes * MS_MINUTE;
    if (o->at_ms > now_ms) /* 下午 said in the morning: it cannot have been */
        o->at_ms = now_ms;
}

/* ---- till when ---- */

static struct str due_in(const struct reading *r, struct str words, const struct calendar *cal)
{
    struct text_span at;
    int32_t day;
    char iso[DAY_ISO_SIZE];
    if (!day_words_due(words, r->today, cal, &day, &at))
        return S("");
    return arena_str(r->a, day_iso(day_of(day), iso));
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
    const struct calendar *cal, struct oral_line *out)
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
    out->due = due_in(&r, r.rest, cal);
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
