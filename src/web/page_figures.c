/* page_figures.c - figures of a kind: how much is done and how long it takes; each number with its card and its items. */
#include "office/figures_item.h"

#include <string.h>

#include "base/clock.h"
#include "pages.h"
#include "web/ledger_link.h"
#include "web/route.h"

enum { BAR_MAX = 200 };

struct making {
    struct ctx *c;
    const struct actor *by;
    struct ledger l;
    struct figure_span span;
    struct figures_item f;
    struct page_figures *p;
};

/* ---- the period ---- */

static struct str day_text(struct ctx *c, int32_t day)
{
    char iso[DAY_ISO_SIZE];
    return arena_str(c->a, day_iso(day_of(day), iso));
}

static enum code asked_day(
    struct ctx *c, const char *name, int32_t usual, int32_t *day, struct err *e)
{
    struct str s = req_query(c->r, name);
    struct day d;
    *day = usual;
    if (!s.n)
        return OK;
    if (day_parse(s, &d, e) != OK)
        return FAIL(e, E_INPUT, "日期“%.*s”不对，应写成2026-07-13", SF(str_sub(s, 0, 40)));
    *day = day_num(d);
    return OK;
}

static enum code check_names(struct ctx *c, struct err *e)
{
    for (size_t i = 0; i < c->r->head.n_query; i++) {
        struct str name = c->r->head.query[i].name;
        if (!str_eq(name, S("from")) && !str_eq(name, S("to")) && !str_eq(name, S("as_of")))
            return FAIL(e, E_INPUT, "网址里的“%.*s”不是这一页的条件", SF(str_sub(name, 0, 40)));
    }
    return OK;
}

static void add_period(
    struct making *m, struct choices *l, const char *name, int32_t from, int32_t to)
{
    struct str link = arena_printf(m->c->a, "/figures/%.*s?from=%.*s&to=%.*s", SF(m->l.k->id),
        SF(day_text(m->c, from)), SF(day_text(m->c, to)));
    choice_add(m->c, l, link, str_z(name),
        str_eq(m->p->from, day_text(m->c, from)) && str_eq(m->p->to, day_text(m->c, to)));
}

static int32_t first_of(int y, int m)
{
    return day_num((struct day){y, m, 1});
}

static enum code read_period(struct making *m, struct err *e)
{
    struct ctx *c = m->c;
    struct page_figures *p = m->p;
    struct choices l = {.n = 0};
    int32_t today = clock_day(m->by->now_ms, ZONE_CHINA), from, to, as_of;
    struct day d = day_of(today);
    int quarter = (d.m - 1) / 3 * 3 + 1, half = d.m > 6 ? 7 : 1;
    TRY(check_names(c, e));
    TRY(asked_day(c, "from", first_of(d.y, 1), &from, e));
    TRY(asked_day(c, "to", first_of(d.y + 1, 1) - 1, &to, e));
    TRY(asked_day(c, "as_of", today, &as_of, e));
    if (to < from)
        return FAIL(e, E_INPUT, "期间的止日早于起日，请重新选择");
    if (as_of > today)
        return FAIL(e, E_INPUT, "只能统计到今天为止");
    m->span = (struct figure_span){clock_day_ms(from, ZONE_CHINA), clock_day_ms(to + 1, ZONE_CHINA),
        clock_day_ms(as_of + 1, ZONE_CHINA) - 1};
    if (m->span.as_of_ms > m->by->now_ms)
        m->span.as_of_ms = m->by->now_ms;
    p->from = day_text(c, from);
    p->to = day_text(c, to);
    p->as_of = day_text(c, as_of);
    p->span = arena_printf(c->a, "%.*s至%.*s，统计到%.*s%s", SF(p->from), SF(p->to), SF(p->as_of),
        as_of == today ? "现在" : "日终");
    add_period(m, &l, "本月", first_of(d.y, d.m), first_of(d.y, d.m + 1) - 1);
    add_period(m, &l, "上月", first_of(d.y, d.m - 1), first_of(d.y, d.m) - 1);
    add_period(m, &l, "本季度", first_of(d.y, quarter), first_of(d.y, quarter + 3) - 1);
    add_period(m, &l, "本半年", first_of(d.y, half), first_of(d.y, half + 6) - 1);
    add_period(m, &l, "今年", first_of(d.y, 1), first_of(d.y + 1, 1) - 1);
    add_period(m, &l, "去年", first_of(d.y - 1, 1), first_of(d.y, 1) - 1);
    p->periods = l.v;
    p->n_periods = l.n;
    return OK;
}

/* ---- writing numbers ---- */

/* 3.2天, 5.1小时, 40分钟 */
static struct str clock_words(struct ctx *c, int64_t ms)
{
    if (ms >= MS_DAY)
        return arena_printf(c->a, "%.1f天", (double)ms / (double)MS_DAY);
    if (ms >= MS_HOUR)
        return arena_printf(c->a, "%.1f小时", (double)ms / (double)MS_HOUR);
    return arena_printf(c->a, "%lld分钟", (long long)(ms / MS_MINUTE));
}

static struct str work_words(struct making *m, int64_t ms)
{
    int64_t day = 0;
    for (int i = 0; i < m->by->hours->n; i++)
        day += (m->by->hours->span[i].to - m->by->hours->span[i].from) * MS_MINUTE;
    if (day && ms >= day)
        return arena_printf(m->c->a, "%.1f个工作日", (double)ms / (double)day);
    return ms >= MS_HOUR ? arena_printf(m->c->a, "%.1f个工作小时", (double)ms / (double)MS_HOUR)
                         : arena_printf(m->c->a, "%lld个工作分钟", (long long)(ms / MS_MINUTE));
}

/* 12/16: 75.0% */
static struct str rate(struct ctx *c, int64_t part, int64_t of)
{
    return of ? arena_printf(c->a, "%.1f%%", (double)part * 100 / (double)of) : S("—");
}

/* The ledger of exactly these items. */
static struct str items_link(struct making *m, const struct step_filter *f)
{
    const struct {
        const char *name;
        int64_t v;
    } put[] = {{"what", f->what}, {"from", f->from_ms}, {"to", f->to_ms}, {"at", f->as_of_ms},
        {"first", f->first}, {"closed", f->closed}, {"unit", f->unit}, {"person", f->person},
        {"urgency", f->urgency}, {"open", f->open}, {"due", f->due}};
    struct str s = arena_printf(m->c->a, "/ledgers/%.*s", SF(m->l.k->id));
    char mark = '?';
    for (size_t i = 0; i < sizeof(put) / sizeof(*put); i++)
        if (put[i].v || i < 4) {
            s = arena_printf(
                m->c->a, "%.*s%cfig.%s=%lld", SF(s), mark, put[i].name, (long long)put[i].v);
            mark = '&';
        }
    if (f->state.n)
        s = arena_printf(m->c->a, "%.*s&fig.state=%.*s", SF(s), SF(f->state));
    return s;
}

/* ---- how much is done ---- */

static const struct {
    const char *name, *what, *rule;
} numbers[N_FIGURE] = {
    [FIGURE_RECEIVED] = {"新增", "期间内登记的事项",
        "按登记（收到）时间落在哪个期间算；补录的按实际收到时间，统计日之后才补录的不计"},
    [FIGURE_CLOSED] = {"办结", "期间内办结、到统计时仍为办结的事项",
        "按办结时间算；办结后又重新办理的，以统计时的状态为准"},
    [FIGURE_KEPT] = {"按期办结", "期间内办结、没有超过原定期限的事项",
        "以原定期限为准；期限届满前申请并获准延期的，以延长后的期限为准"},
    [FIGURE_MISSED] = {"逾期办结", "期间内办结、超过原定期限的事项",
        "以原定期限为准；期限届满前申请并获准延期的，以延长后的期限为准"},
    [FIGURE_UNSET] = {"未定期限", "期间内办结、没有期限的事项", "不计入按期率"},
    [FIGURE_OPEN] = {"进行中", "统计时还没有办结的事项", "不论何时登记，只看统计那一刻的状态"},
    [FIGURE_OVERDUE] = {"超时", "统计时还没有办结、已过原定期限的事项",
        "以原定期限为准；期限届满前申请并获准延期的，以延长后的期限为准"},
};

static struct figure_card card_of(struct making *m, enum figure_number n, int64_t value)
{
    bool now = n == FIGURE_OPEN || n == FIGURE_OVERDUE;
    return (struct figure_card){.what = str_z(numbers[n].what),
        .period = now ? arena_printf(m->c->a, "%.*s这一刻", SF(m->p->as_of)) : m->p->span,
        .unfinished = now ? S("这里数的就是未办结的") : S("未办结的不在这个数里"),
        .counted = arena_printf(m->c->a, "%lld件，您能看到的全部", (long long)value),
        .rule = str_z(numbers[n].rule)};
}

static void add_tile(struct making *m, enum figure_number n)
{
    int64_t v = figure_count(&m->f.all, n);
    struct step_filter f = figure_filter(&m->span, n, 0);
    m->p->tiles[m->p->n_tiles++] = (struct figure_tile){.name = str_z(numbers[n].name),
        .value = arena_printf(m->c->a, "%lld", (long long)v),
        .link = items_link(m, &f),
        .tone = v && n == FIGURE_OVERDUE ? S("red") : S(""),
        .card = card_of(m, n, v)};
}

static void add_rate(
    struct making *m, const char *name, int64_t part, int64_t of, struct figure_card card)
{
    card.period = m->p->span;
    card.counted = arena_printf(m->c->a, "%lld / %lld", (long long)part, (long long)of);
    m->p->tiles[m->p->n_tiles++] =
        (struct figure_tile){.name = str_z(name), .value = rate(m->c, part, of), .card = card};
}

static void fill_tiles(struct making *m)
{
    static const enum figure_number order[] = {
        FIGURE_RECEIVED, FIGURE_CLOSED, FIGURE_OPEN, FIGURE_OVERDUE, FIGURE_KEPT, FIGURE_MISSED};
    const struct figure_done *d = &m->f.all;
    m->p->tiles = ARENA_ARRAY(m->c->a, struct figure_tile, N_FIGURE + 2);
    for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
        add_tile(m, order[i]);
    add_rate(m, "办结率", d->closed, d->closed + d->open,
        (struct figure_card){.what = S("办结的占应办的多少"),
            .unfinished = S("未办结的算在分母里"),
            .rule = S("期间内办结 ÷（期间内办结＋统计时进行中）")});
    add_rate(m, "按期率", d->kept, d->kept + d->missed,
        (struct figure_card){.what = S("办结的有多少按期"),
            .unfinished = S("未办结的不算；已经超时的另列在“超时”"),
            .rule = S("按期办结 ÷（按期办结＋逾期办结），以原定期限为准，没有期限的不算")});
}

static struct str unit_link(struct making *m, const struct figure_done *d, enum figure_number n)
{
    struct step_filter f = figure_filter(&m->span, n, d->unit);
    return items_link(m, &f);
}

static void fill_units(struct making *m)
{
    struct page_figures *p = m->p;
    struct ctx *c = m->c;
    p->units = ARENA_ARRAY(c->a, struct figure_unit, m->f.n_by_unit + 1);
    for (size_t i = 0; i < m->f.n_by_unit; i++) {
        const struct figure_done *d = &m->f.by_unit[i];
        int64_t of = d->closed + d->open;
        p->units[p->n_units++] = (struct figure_unit){.name = d->name,
            .received = d->received,
            .received_link = unit_link(m, d, FIGURE_RECEIVED),
            .closed = d->closed,
            .closed_link = unit_link(m, d, FIGURE_CLOSED),
            .kept = d->kept,
            .kept_link = unit_link(m, d, FIGURE_KEPT),
            .open = d->open,
            .open_link = unit_link(m, d, FIGURE_OPEN),
            .overdue = d->overdue,
            .overdue_link = unit_link(m, d, FIGURE_OVERDUE),
            .closed_rate = rate(c, d->closed, of),
            .kept_rate = rate(c, d->kept, d->kept + d->missed),
            .bar = of ? d->closed * 100 / of : 0};
    }
    p->units_card = (struct figure_card){.what = S("各单位牵头的事项办得怎样"),
        .period = p->span,
        .unfinished = S("进行中的算在办结率的分母里；超时的另列"),
        .counted = arena_printf(c->a, "%zu个单位，按组织序列排列，不排名次", p->n_units),
        .rule =
            S("有牵头单位的按牵头单位，否则按经办单位；单位中途有变动的，按这一步开始时的算；按期以"
              "原定期限为准")};
}

/* ---- how long it takes ---- */

static struct figure_line line_of(struct making *m, const struct figure_row *r, int64_t longest)
{
    const struct figure_times *t = &r->t;
    return (struct figure_line){.name = r->name,
        .items = t->items,
        .link = items_link(m, &r->filter),
        .stays = t->stays,
        .unfinished = t->unfinished,
        .median = clock_words(m->c, t->median_ms),
        .mean = clock_words(m->c, t->mean_ms),
        .p90 = clock_words(m->c, t->p90_ms),
        .median_work = work_words(m, t->median_work_ms),
        .mean_work = work_words(m, t->mean_work_ms),
        .p90_work = work_words(m, t->p90_work_ms),
        .median_ms = t->median_ms,
        .mean_ms = t->mean_ms,
        .p90_ms = t->p90_ms,
        .bar = longest ? t->median_ms * BAR_MAX / longest : 0};
}

struct group {
    const char *id, *title, *head, *note, *what, *rule;
};

static void add_table(struct making *m, const struct group *g, const struct figure_row *v, size_t n)
{
    struct figure_table *t = &m->p->tables[m->p->n_tables];
    int64_t longest = 0, stays = 0, open = 0;
    if (!n)
        return;
    m->p->n_tables++;
    *t = (struct figure_table){.id = str_z(g->id),
        .title = str_z(g->title),
        .head = str_z(g->head),
        .note = str_z(g->note),
        .rows = ARENA_ARRAY(m->c->a, struct figure_line, n)};
    for (size_t i = 0; i < n; i++) {
        longest = v[i].t.median_ms > longest ? v[i].t.median_ms : longest;
        stays += v[i].t.stays;
        open += v[i].t.unfinished;
    }
    for (size_t i = 0; i < n; i++)
        t->rows[t->n_rows++] = line_of(m, &v[i], longest);
    t->card = (struct figure_card){.what = str_z(g->what),
        .period = m->p->span,
        .unfinished = S("还没有完的，算到统计那一刻：统计时间减去开始时间"),
        .counted =
            arena_printf(m->c->a, "%lld次，其中未完%lld次", (long long)stays, (long long)open),
        .rule = str_z(g->rule)};
}

static void fill_tables(struct making *m)
{
    static const struct group whole = {"whole", "从登记到办结", "范围", "",
        "每件事项从登记（收到）到办结用了多久",
        "数期间内登记的每一件；办结后又重新办理、统计时未办结的，算未完。中位数、九成都取实际发生的"
        "一个值"};
    static const struct group urgency = {"urgency", "按紧急程度", "紧急程度", "",
        "每件事项从登记到办结用了多久，按登记时的紧急程度分开", "同上"};
    static const struct group states = {"states", "每一步用时", "步骤", "", "事项在每一步停留多久",
        "数期间内开始的每一次停留；退回重来的，每次各算一次"};
    static const struct group units = {"units", "各单位答复用时", "单位", "按组织序列，不排名次",
        "交给单位办理的，从送达到最后答复用了多久",
        "数期间内送达的每一项；收回的、随事项结束而失效的不计"};
    static const struct group persons = {"persons", "各人答复用时", "人员",
        "按人员次序，不排名次；只有科长、领导和本人能看到",
        "交给个人办理的，从送达到最后答复用了多久",
        "一项只算一次，一人在几个单位任职也只算一次；收回的、随事项结束而失效的不计"};
    const struct figures_item *f = &m->f;
    m->p->tables = ARENA_ARRAY(m->c->a, struct figure_table, 5);
    add_table(m, &whole, &f->whole, f->whole.t.stays > 0);
    add_table(m, &urgency, f->urgencies, f->n_urgencies);
    add_table(m, &states, f->states, f->n_states);
    add_table(m, &units, f->units, f->n_units);
    add_table(m, &persons, f->persons, f->n_persons);
}

static enum code make(struct making *m, struct db *db, struct err *e)
{
    TRY(ledger_open(db, m->by, ledger_kind(m->c), &m->l, e));
    TRY(read_period(m, e));
    TRY(figures_item(db, m->c->a, m->by, m->l.k, &m->span, &m->f, e));
    m->p->kind = m->l.k->id;
    m->p->name = m->l.k->name;
    fill_tiles(m);
    fill_units(m);
    fill_tables(m);
    return OK;
}

enum code page_figures(struct ctx *c, struct err *e)
{
    struct page_figures p = {.kind = S("")};
    struct making m = {.c = c, .by = ctx_actor(c), .p = &p};
    struct db *db;
    enum code code;
    TRY(store_read(c->app->office->store, &db, e));
    code = make(&m, db, e);
    store_read_end(db);
    if (code != OK)
        return code;
    show_figures(c, &p);
    return OK;
}
