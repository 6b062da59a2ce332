/* Clocks, lights, reminders, and who is called at once. */
#include <stdlib.h>

#include "office/kind_int.h"

enum { REMIND_MOST = 50, REMIND_DAYS_MAX = 366, CLIMB_EVERY_MAX = 120 };

static enum code read_limit(const struct yaml *n, struct limit *out, struct err *e)
{
    struct str s;
    struct err bad;

    TRY(yaml_text(n, &s, e));
    if (limit_parse(s, out, &bad) != OK)
        return yaml_fail(n, e, "%s", bad.msg);
    return OK;
}

static enum code read_due(
    struct kind_reading *r, const struct yaml *map, struct kind_clock *c, struct err *e)
{
    const struct yaml *within = yaml_get(map, "within"), *due = yaml_get(map, "due");

    c->due = SIZE_MAX;
    if (!within && !due)
        return yaml_fail(map, e,
            "时限“%.*s”没有写多久：用 within（如 4h working）或 due（日期字段）", SF(c->id));
    if (within && due)
        return yaml_fail(due, e, "时限“%.*s”的 within 和 due 只能写一个", SF(c->id));
    if (within) {
        TRY(read_limit(within, &c->within, e));
        return c->within.n > 0 ? OK : yaml_fail(within, e, "时限“%.*s”不能是零", SF(c->id));
    }
    TRY(read_field(r, due, &c->due, e));
    if (r->k->fields[c->due].type != FIELD_DATE && r->k->fields[c->due].type != FIELD_DATETIME)
        return yaml_fail(due, e, "“due”的字段“%.*s”不是日期", SF(r->k->fields[c->due].id));
    return OK;
}

static enum code read_clock(
    struct kind_reading *r, const struct yaml *map, struct kind_clock *c, struct err *e)
{
    static const char *const keys[] = {
        "id", "name", "start", "stop", "within", "due", "pause", "drop", "extend", NULL};
    const struct yaml *n;

    TRY(yaml_keys(map, keys, e));
    c->line = map->line;
    TRY(read_need(map, "id", &n, e));
    TRY(read_id(n, &c->id, e));
    TRY(read_need(map, "name", &n, e));
    TRY(read_line(n, KIND_NAME_CP_MAX, &c->name, e));
    TRY(read_need(map, "start", &n, e));
    TRY(read_state(r, n, &c->start, e));
    TRY(read_need(map, "stop", &n, e));
    TRY(read_state(r, n, &c->stop, e));
    if (c->start == c->stop)
        return yaml_fail(n, e, "时限“%.*s”开始和结束是同一个状态", SF(c->id));
    TRY(read_due(r, map, c, e));
    n = yaml_get(map, "pause");
    if (n)
        TRY(read_states(r, n, &c->pause, &c->n_pause, e));
    for (size_t i = 0; i < c->n_pause; i++)
        if (c->pause[i] == c->start || c->pause[i] == c->stop)
            return yaml_fail(n, e, "时限“%.*s”不能在开始或结束的状态里暂停", SF(c->id));
    n = yaml_get(map, "drop");
    if (n)
        TRY(read_states(r, n, &c->drop, &c->n_drop, e));
    for (size_t i = 0; i < c->n_drop; i++)
        if (c->drop[i] == c->start || c->drop[i] == c->stop)
            return yaml_fail(n, e, "时限“%.*s”不能在开始或结束的状态里作废", SF(c->id));
    n = yaml_get(map, "extend");
    return n ? read_who(r, n, &c->extend, e) : OK;
}

static size_t clock_of(const struct kind *k, struct str id)
{
    for (size_t i = 0; i < k->n_clocks; i++)
        if (str_eq(k->clocks[i].id, id))
            return i;
    return SIZE_MAX;
}

static enum code read_clock_name(
    struct kind_reading *r, const struct yaml *n, size_t *out, struct err *e)
{
    struct str id;

    TRY(yaml_text(n, &id, e));
    *out = clock_of(r->k, id);
    return *out != SIZE_MAX ? OK : yaml_fail(n, e, "没有时限“%.*s”", SF(id));
}

static enum code read_clock_list(struct kind_reading *r, struct err *e)
{
    struct kind *k = r->k;
    const struct yaml *list = yaml_get(r->root, "clocks");

    if (!list)
        return OK;
    TRY(yaml_expect(list, YAML_LIST, e));
    if (list->n > KIND_CLOCKS_MAX)
        return yaml_fail(list, e, "时限有%d个，最多%d个", list->n, KIND_CLOCKS_MAX);
    k->clocks = ARENA_ARRAY(r->a, struct kind_clock, (size_t)list->n + 1);
    for (const struct yaml *m = list->first; m; m = m->next) {
        struct kind_clock *c = &k->clocks[k->n_clocks];
        TRY(read_clock(r, m, c, e));
        if (clock_of(k, c->id) != SIZE_MAX)
            return yaml_fail(m, e, "时限“%.*s”重复", SF(c->id));
        k->n_clocks++;
    }
    return OK;
}

/* ---- lights ---- */

static const struct {
    const char *key, *name;
} colours[] = {[LIGHT_GREEN] = {"green", "绿"},
    [LIGHT_BLUE] = {"blue", "蓝"},
    [LIGHT_YELLOW] = {"yellow", "黄"},
    [LIGHT_RED] = {"red", "红"}};

const char *light_name(enum light_colour c)
{
    return c >= LIGHT_GREEN && c <= LIGHT_RED ? colours[c].name : "";
}

static enum code read_lights(struct kind_reading *r, struct err *e)
{
    static const char *const keys[] = {"colour", "clock", "left", "text", NULL};
    static const char *const words[] = {"green", "blue", "yellow", "red", NULL};
    struct kind *k = r->k;
    const struct yaml *list = yaml_get(r->root, "lights"), *n;

    if (!list)
        return OK;
    TRY(yaml_expect(list, YAML_LIST, e));
    if (list->n > KIND_LIGHTS_MAX)
        return yaml_fail(list, e, "灯有%d盏，最多%d盏", list->n, KIND_LIGHTS_MAX);
    k->lights = ARENA_ARRAY(r->a, struct kind_light, (size_t)list->n + 1);
    for (const struct yaml *m = list->first; m; m = m->next) {
        struct kind_light *l = &k->lights[k->n_lights];
        int word;
        TRY(yaml_keys(m, keys, e));
        l->line = m->line;
        TRY(read_need(m, "colour", &n, e));
        TRY(yaml_word(n, words, &word, e));
        l->colour = (enum light_colour)(word + LIGHT_GREEN);
        TRY(read_need(m, "clock", &n, e));
        TRY(read_clock_name(r, n, &l->clock, e));
        TRY(read_need(m, "left", &n, e));
        TRY(read_limit(n, &l->left, e));
        TRY(read_need(m, "text", &n, e));
        TRY(read_line(n, KIND_NAME_CP_MAX, &l->text, e));
        k->n_lights++;
    }
    return OK;
}

/* ---- reminders ---- */

/* Days of the calendar for ordering alone: a working day is at most so far. */
static int64_t rough_ms(struct limit l)
{
    static const int64_t unit[] = {MS_MINUTE, MS_HOUR, MS_DAY};
    return l.n * unit[l.unit];
}

static int64_t offset_ms(const struct kind_offset *o)
{
    return o->late ? rough_ms(o->by) : -rough_ms(o->by);
}

static int by_offset(const void *a, const void *b)
{
    int64_t x = offset_ms(a), y = offset_ms(b);
    return x < y ? -1 : x > y;
}

static int by_after(const void *a, const void *b)
{
    int64_t x = rough_ms(((const struct kind_escalate *)a)->after);
    int64_t y = rough_ms(((const struct kind_escalate *)b)->after);
    return x < y ? -1 : x > y;
}

/* "3d", "1d working", "-1d": a minus is behind the limit. */
static enum code read_offset(const struct yaml *n, struct kind_offset *out, struct err *e)
{
    struct str s;
    struct err bad;
    TRY(yaml_text(n, &s, e));
    out->late = str_eat(&s, S("-"));
    if (limit_parse(s, &out->by, &bad) != OK)
        return yaml_fail(n, e, "%s", bad.msg);
    if (rough_ms(out->by) > REMIND_DAYS_MAX * MS_DAY)
        return yaml_fail(n, e, "提醒“%.*s”离期限超过%d天", SF(n->text), REMIND_DAYS_MAX);
    return OK;
}

static enum code read_at(
    struct kind_reading *r, const struct yaml *n, struct kind_remind *rem, struct err *e)
{
    struct members at;

    TRY(read_members(r->a, n, "提醒", KIND_REMINDS_MAX, &at, e));
    if (at.n == 0)
        return yaml_fail(n, e, "“at”没有写什么时候提醒");
    rem->at = ARENA_ARRAY(r->a, struct kind_offset, at.n);
    for (size_t i = 0; i < at.n; i++) {
        struct kind_offset o = {.late = false};
        TRY(read_offset(at.v[i], &o, e));
        for (size_t j = 0; j < rem->n; j++)
            if (offset_ms(&rem->at[j]) == offset_ms(&o) && rem->at[j].by.working == o.by.working)
                return yaml_fail(at.v[i], e, "提醒“%.*s”重复", SF(at.v[i]->text));
        rem->at[rem->n++] = o;
    }
    qsort(rem->at, rem->n, sizeof(*rem->at), by_offset);
    return OK;
}

static enum code read_told(
    struct kind_reading *r, const struct yaml *map, struct who_list *out, struct err *e)
{
    const struct yaml *v;
    TRY(read_need(map, "to", &v, e));
    r->late = true;
    enum code c = read_who(r, v, out, e);
    r->late = false;
    return c == OK && out->n == 0 ? yaml_fail(v, e, "逾期报告没有写给谁") : c;
}

static enum code read_one_escalate(
    struct kind_reading *r, const struct yaml *map, struct kind_escalate *x, struct err *e)
{
    static const char *const keys[] = {"after", "to", NULL};
    const struct yaml *v;
    TRY(yaml_keys(map, keys, e));
    TRY(read_need(map, "after", &v, e));
    TRY(read_limit(v, &x->after, e));
    if (rough_ms(x->after) > REMIND_DAYS_MAX * MS_DAY)
        return yaml_fail(v, e, "逾期报告“%.*s”超过%d天", SF(v->text), REMIND_DAYS_MAX);
    return read_told(r, map, &x->to, e);
}

/* Who is told when nobody has answered so long behind the limit. */
static enum code read_escalate(
    struct kind_reading *r, const struct yaml *n, struct kind_remind *rem, struct err *e)
{
    struct members list;
    if (!n)
        return OK;
    TRY(read_members(r->a, n, "逾期报告", KIND_ESCALATES_MAX, &list, e));
    rem->escalate = ARENA_ARRAY(r->a, struct kind_escalate, list.n + 1);
    for (size_t i = 0; i < list.n; i++)
        TRY(read_one_escalate(r, list.v[i], &rem->escalate[rem->n_escalate++], e));
    qsort(rem->escalate, rem->n_escalate, sizeof(*rem->escalate), by_after);
    return OK;
}

static bool minutes_of(struct str *s, int *out)
{
    int h, m;

    if (!str_eat_digits(s, 2, 2, &h) || !str_eat(s, S(":")) || !str_eat_digits(s, 2, 2, &m) ||
        h > 23 || m > 59)
        return false;
    *out = h * 60 + m;
    return true;
}

static enum code read_quiet(const struct yaml *n, struct kind_remind *rem, struct err *e)
{
    struct str s;

    if (!n)
        return OK;
    TRY(yaml_text(n, &s, e));
    if (!minutes_of(&s, &rem->quiet_from) || !str_eat(&s, S("-")) ||
        !minutes_of(&s, &rem->quiet_to) || s.n)
        return yaml_fail(n, e, "免打扰时段“%.*s”应写成 \"21:00-07:30\"", SF(n->text));
    return OK;
}

static enum code read_reminds(struct kind_reading *r, struct err *e)
{
    static const char *const keys[] = {"of", "at", "most", "quiet", "escalate", NULL};
    struct kind *k = r->k;
    const struct yaml *root = yaml_get(r->root, "remind"), *n;
    struct members list;

    if (!root)
        return OK;
    TRY(read_members(r->a, root, "提醒", KIND_REMINDS_MAX, &list, e));
    k->reminds = ARENA_ARRAY(r->a, struct kind_remind, list.n + 1);
    for (size_t i = 0; i < list.n; i++) {
        struct kind_remind *rem = &k->reminds[k->n_reminds];
        int64_t most;
        TRY(yaml_keys(list.v[i], keys, e));
        TRY(read_need(list.v[i], "of", &n, e));
        TRY(read_clock_name(r, n, &rem->clock, e));
        for (size_t j = 0; j < k->n_reminds; j++)
            if (k->reminds[j].clock == rem->clock)
                return yaml_fail(n, e, "时限“%.*s”的提醒写了两次", SF(n->text));
        TRY(read_need(list.v[i], "at", &n, e));
        TRY(read_at(r, n, rem, e));
        most = (int64_t)rem->n;
        n = yaml_get(list.v[i], "most");
        if (n)
            TRY(yaml_int(n, 1, REMIND_MOST, &most, e));
        rem->most = (int)most;
        TRY(read_quiet(yaml_get(list.v[i], "quiet"), rem, e));
        TRY(read_escalate(r, yaml_get(list.v[i], "escalate"), rem, e));
        rem->line = list.v[i]->line;
        k->n_reminds++;
    }
    return OK;
}

enum code read_clocks(struct kind_reading *r, struct err *e)
{
    TRY(read_clock_list(r, e));
    TRY(read_lights(r, e));
    return read_reminds(r, e);
}

/* ---- 逐级呼叫 ---- */

static enum code read_every(const struct yaml *n, struct kind_climb *c, struct err *e)
{
    struct limit l;
    if (!n)
        return OK;
    TRY(read_limit(n, &l, e));
    if (l.unit != LIMIT_MINUTES || l.working || l.n < 1 || l.n > CLIMB_EVERY_MAX)
        return yaml_fail(n, e, "逐级呼叫的间隔“%.*s”应是1m到%dm", SF(n->text), CLIMB_EVERY_MAX);
    c->minutes = (int)l.n;
    return OK;
}

static enum code read_taker(
    struct kind_reading *r, const struct yaml *n, struct kind_climb *c, struct err *e)
{
    c->taker = SIZE_MAX;
    if (!n)
        return OK;
    TRY(read_field(r, n, &c->taker, e));
    if (r->k->fields[c->taker].type != FIELD_PERSON)
        return yaml_fail(n, e, "“taker”的字段“%.*s”不是人员", SF(n->text));
    return OK;
}

/* climb: {in: [STATES], always: true, every: 5m, taker: FIELD} */
enum code read_climb(struct kind_reading *r, struct err *e)
{
    static const char *const keys[] = {"in", "always", "every", "taker", NULL};
    const struct yaml *map = yaml_get(r->root, "climb"), *n;
    struct kind_climb *c;

    if (!map)
        return OK;
    TRY(yaml_expect(map, YAML_MAP, e));
    TRY(yaml_keys(map, keys, e));
    c = ARENA_NEW(r->a, struct kind_climb);
    c->line = map->line;
    TRY(read_need(map, "in", &n, e));
    TRY(read_states(r, n, &c->in, &c->n_in, e));
    if (c->n_in == 0)
        return yaml_fail(n, e, "逐级呼叫没有写在哪些状态里呼叫");
    for (size_t i = 0; i < c->n_in; i++)
        if (r->k->states[c->in[i]].closed)
            return yaml_fail(
                n, e, "逐级呼叫不能在已办结的状态“%.*s”里", SF(r->k->states[c->in[i]].id));
    TRY(read_flag(map, "always", &c->always, e));
    TRY(read_every(yaml_get(map, "every"), c, e));
    TRY(read_taker(r, yaml_get(map, "taker"), c, e));
    r->k->climb = c;
    return OK;
}
