/* page_paper.c - printed forms of an item, its slips (催办单), and the scores of supervised matters. */
#include "base/clock.h"
#include "base/id.h"
#include "office/item_paper.h"
#include "office/item_score.h"
#include "office/slip.h"
#include "office/unit.h"
#include "web/item_page.h"
#include "web/route.h"
#include "web/rows.h"

enum { SLIP_DUE_DAYS = 3, SCORE_DAYS = 366 };

/* The last part of the address, or the one behind /kinds/. */
static struct str path_part(const struct ctx *c, int at)
{
    struct str path = c->r->head.path, part = S("");

    (void)str_eat(&path, S("/"));
    for (int i = 0; i <= at; i++)
        if (!str_next(&path, S("/"), &part))
            return S("");
    return part;
}

/* ---- a printed form ---- */

static struct paper_words *words_of(struct ctx *c, const struct str *v, size_t n)
{
    struct paper_words *w = ARENA_ARRAY(c->a, struct paper_words, n + 1);

    for (size_t i = 0; i < n; i++)
        w[i].text = v[i];
    return w;
}

static struct paper_row_line *rows_of(struct ctx *c, const struct paper_row *v, size_t n)
{
    struct paper_row_line *r = ARENA_ARRAY(c->a, struct paper_row_line, n + 1);

    for (size_t i = 0; i < n; i++)
        r[i] = (struct paper_row_line){v[i].a.name, v[i].a.value, v[i].b.name, v[i].b.value};
    return r;
}

static void fill_tables(struct ctx *c, const struct paper_sheet *s, struct paper_sheet_row *r)
{
    r->tables = ARENA_ARRAY(c->a, struct paper_table_row, s->n_tables + 1);
    for (size_t i = 0; i < s->n_tables; i++) {
        const struct paper_table *t = &s->tables[i];
        struct paper_table_row *row = &r->tables[r->n_tables++];
        *row = (struct paper_table_row){.name = t->name,
            .heads = words_of(c, t->heads, t->n_heads),
            .n_heads = t->n_heads,
            .lines = ARENA_ARRAY(c->a, struct paper_table_line, t->n_lines + 1),
            .columns = (int64_t)t->n_heads};
        for (size_t k = 0; k < t->n_lines; k++)
            row->lines[row->n_lines++] = (struct paper_table_line){
                words_of(c, t->lines[k].cells, t->lines[k].n_cells), t->lines[k].n_cells};
    }
}

static void fill_boxes(struct ctx *c, const struct paper_sheet *s, struct paper_sheet_row *r)
{
    r->boxes = ARENA_ARRAY(c->a, struct paper_box_row, s->n_boxes + 1);
    for (size_t i = 0; i < s->n_boxes; i++) {
        const struct paper_box *b = &s->boxes[i];
        struct paper_box_row *row = &r->boxes[r->n_boxes++];
        *row = (struct paper_box_row){.head = b->head,
            .opinions = ARENA_ARRAY(c->a, struct paper_opinion_row, b->n_opinions + 1)};
        for (size_t k = 0; k < b->n_opinions; k++) {
            const struct paper_opinion *o = &b->opinions[k];
            row->opinions[row->n_opinions++] =
                (struct paper_opinion_row){o->text, o->who, o->day, o->returned};
        }
    }
}

static void fill_sheet(struct ctx *c, const struct paper_sheet *s, struct paper_sheet_row *r)
{
    *r = (struct paper_sheet_row){.title = s->title,
        .number = s->number,
        .day = s->day,
        .colour = s->colour,
        .addressee = s->addressee,
        .letter = s->sign.n > 0,
        .paras = words_of(c, s->paras, s->n_paras),
        .n_paras = s->n_paras,
        .rows = rows_of(c, s->rows, s->n_rows),
        .n_rows = s->n_rows,
        .tail = rows_of(c, s->tail, s->n_tail),
        .n_tail = s->n_tail,
        .sign = s->sign};
    fill_tables(c, s, r);
    fill_boxes(c, s, r);
    r->receipts = ARENA_ARRAY(c->a, struct paper_receipt_row, s->n_receipts + 1);
    for (size_t i = 0; i < s->n_receipts; i++) {
        const struct paper_receipt *x = &s->receipts[i];
        r->receipts[r->n_receipts++] = (struct paper_receipt_row){
            x->to, x->purpose, x->sent, x->seen, x->word, x->answered, x->text};
    }
}

/* One of the units whose sheets these are, to print alone. */
static void fill_units(struct ctx *c, const struct paper *paper, struct page_paper *p)
{
    struct choices l = {0};

    for (size_t i = 0; paper->many && paper->n_sheets > 1 && i < paper->n_sheets; i++)
        if (paper->sheets[i].unit)
            choice_add(c, &l, arena_printf(c->a, "%lld", (long long)paper->sheets[i].unit),
                paper->sheets[i].addressee, false);
    p->units = l.v;
    p->n_units = l.n;
}

enum code page_paper(struct ctx *c, struct err *e)
{
    struct paper_want want = {.item = c->id,
        .form = path_part(c, 3),
        .brief = str_eq(req_query(c->r, "short"), S("1")),
        .unit = ctx_int(req_query(c->r, "unit"), 1, INT64_MAX, 0),
        .slip = ctx_int(req_query(c->r, "slip"), 1, INT64_MAX, 0)};
    struct page_paper p = {.id = c->id, .brief = want.brief};
    struct paper paper;
    struct db *db;

    TRY(store_read(c->app->office->store, &db, e));
    enum code code = item_paper(db, c->a, ctx_actor(c), &want, &paper, e);
    store_read_end(db);
    TRY(code);
    p.name = paper.name;
    p.title = paper.title;
    p.rounds = paper.rounds;
    p.many = paper.many;
    p.link = arena_printf(c->a, "/items/%lld/forms/%.*s", (long long)c->id, SF(want.form));
    p.sheets = ARENA_ARRAY(c->a, struct paper_sheet_row, paper.n_sheets + 1);
    for (size_t i = 0; i < paper.n_sheets; i++)
        fill_sheet(c, &paper.sheets[i], &p.sheets[p.n_sheets++]);
    fill_units(c, &paper, &p);
    show_paper(c, &p);
    return OK;
}

void item_prints(struct ctx *c, struct db *db, const struct item_view *v, struct page_item *p)
{
    struct item_score score;
    struct err none;

    p->prints = ARENA_ARRAY(c->a, struct item_print_row, v->k->n_forms + 1);
    for (size_t i = 0; i < v->k->n_forms; i++) {
        const struct kind_form *f = &v->k->forms[i];
        if (f->off)
            continue;
        if (str_eq(f->template, S("supervision_urge"))) { /* printed from where they are issued */
            p->slips = true;
            continue;
        }
        p->prints[p->n_prints++] = (struct item_print_row){
            f->name, arena_printf(c->a, "/items/%lld/forms/%.*s", (long long)v->it.id, SF(f->id))};
    }
    /* a limit that never began has no score, and that is no mistake */
    if (item_scored(v->k) && item_score(db, c->a, ctx_actor(c), v->it.id, &score, &none) == OK)
        p->score = item_score_words(c->a, &score);
}

/* ---- slips ---- */

static struct iso_day day_back(struct ctx *c, int64_t at_ms)
{
    char iso[DAY_ISO_SIZE];

    return iso_day(
        arena_str(c->a, day_iso(day_of(clock_day(at_ms, ctx_actor(c)->hours->zone)), iso)));
}

static void fill_slips(struct ctx *c, const struct slip *v, size_t n, struct page_slips *p)
{
    p->rows = ARENA_ARRAY(c->a, struct slip_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->rows[p->n_rows++] = (struct slip_row){.id = v[i].id,
            .number = v[i].number,
            .colour = str_z(slip_colour_key(v[i].colour)),
            .colour_name = str_z(slip_colour_name(v[i].colour)),
            .unit = v[i].unit_name,
            .reason = v[i].reason,
            .due = iso_day(v[i].due),
            .made =
                arena_printf(c->a, "%.*s，%.*s", SF(v[i].by_name), SF(minute_text(c, v[i].at_ms))),
            .voided = v[i].void_why,
            .valid = v[i].void_ms == 0};
}

static bool was_chosen(const struct ctx *c, int64_t unit)
{
    struct err none;
    int64_t id;

    for (size_t i = 0; c->r->form && i < c->r->form->n_fields; i++) {
        const struct pair *f = &c->r->form->fields[i];
        if (str_eq(f->name, S("unit")) && str_int(f->value, &id, &none) == OK && id == unit)
            return true;
    }
    return false;
}

static void fill_waiting(struct ctx *c, const struct slip_unit *v, size_t n, struct page_slips *p)
{
    int64_t now = ctx_actor(c)->now_ms;

    p->units = ARENA_ARRAY(c->a, struct slip_unit_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->units[p->n_units++] = (struct slip_unit_row){.unit = v[i].unit,
            .name = v[i].name,
            .purpose = v[i].purpose,
            .sent = minute_text(c, v[i].sent_ms),
            .due = v[i].due_ms ? day_back(c, v[i].due_ms - 1).s : S(""),
            .late = v[i].due_ms && v[i].due_ms <= now,
            .slips = v[i].slips,
            .next = str_z(slip_colour_key(v[i].next)),
            .next_name = str_z(slip_colour_name(v[i].next)),
            .chosen = c->r->form ? was_chosen(c, v[i].unit) : v[i].due_ms && v[i].due_ms <= now};
}

static void fill_choices(struct ctx *c, struct page_slips *p)
{
    static const struct {
        const char *value, *name;
    } colours[] = {{"", "按次数：首次蓝，再次黄，第三次红"}, {"blue", "蓝单"}, {"yellow", "黄单"},
        {"red", "红单（紧急、重大的可直接发）"}};
    struct choices l = {0};

    for (size_t i = 0; i < sizeof(colours) / sizeof(colours[0]); i++)
        choice_add(c, &l, str_z(colours[i].value), str_z(colours[i].name),
            c->r->form && str_eq(req_field(c->r, "colour"), str_z(colours[i].value)));
    p->colours = l.v;
    p->n_colours = l.n;
}

static enum code slips_read(struct ctx *c, struct db *db, struct page_slips *p, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    const struct kind *k;
    struct item it;
    struct slip *v;
    struct slip_unit *units;
    size_t n;

    TRY(item_get(db, c->a, by, c->id, &it, e));
    TRY(kinds_get(by->kinds, db, it.kind, it.kind_version, &k, e));
    p->title = it.title;
    p->number = it.number;
    for (size_t i = 0; i < k->n_forms; i++)
        if (str_eq(k->forms[i].template, S("supervision_urge")) && !k->forms[i].off)
            p->form =
                arena_printf(c->a, "/items/%lld/forms/%.*s", (long long)c->id, SF(k->forms[i].id));
    TRY(slip_list(db, c->a, by, c->id, &v, &n, e));
    fill_slips(c, v, n, p);
    TRY(slip_units(db, c->a, by, c->id, &units, &n, &p->may, e));
    fill_waiting(c, units, n, p);
    fill_choices(c, p);
    return OK;
}

static enum code slips_show(struct ctx *c, struct page_slips *p, struct err *e)
{
    struct db *db;

    p->id = c->id;
    if (!p->due.n)
        p->due = day_back(c, ctx_actor(c)->now_ms + SLIP_DUE_DAYS * MS_DAY).s;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = slips_read(c, db, p, e);
    store_read_end(db);
    TRY(code);
    show_slips(c, p);
    return OK;
}

enum code page_slips(struct ctx *c, struct err *e)
{
    struct page_slips p = {.done = ctx_flash_take(c)};

    return slips_show(c, &p, e);
}

struct slip_job {
    struct slip_new v;
    int64_t void_id; /* 0: issue */
    struct str why;
};

static enum code write_slip(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct slip_job *job = c->job;

    return job->void_id ? slip_void(db, ctx_actor(c), job->void_id, job->why, e)
                        : slip_issue(db, ctx_actor(c), c->id, &job->v, e);
}

static enum code after_slip(struct ctx *c, enum code code, struct err *e)
{
    const struct slip_job *job = c->job;
    struct page_slips p = {.reason = job->v.reason, .due = job->v.due};

    if (code == OK) {
        ctx_flash(c, job->void_id ? S("已作废，单号不再使用")
                                  : arena_printf(c->a, "已发出%zu张催办单", job->v.n_units));
        ctx_redirect(c, arena_printf(c->a, "/items/%lld/slips", (long long)c->id));
        return OK;
    }
    if (code != E_INPUT && code != E_LIMIT && code != E_CONFLICT)
        return code;
    p.problem = arena_str(c->a, str_z(e->msg));
    c->r->res.status = code == E_CONFLICT ? 409 : 400;
    return slips_show(c, &p, e);
}

static enum slip_colour colour_asked(struct str key)
{
    for (int i = SLIP_BLUE; i <= SLIP_RED; i++)
        if (str_eq(key, str_z(slip_colour_key((enum slip_colour)i))))
            return (enum slip_colour)i;
    return SLIP_NONE;
}

enum code do_slips(struct ctx *c, struct err *e)
{
    struct slip_job *job = ARENA_NEW(c->a, struct slip_job);
    int64_t *units = NULL;
    size_t n = 0, cap = 0;

    for (size_t i = 0; i < c->r->form->n_fields; i++) {
        const struct pair *f = &c->r->form->fields[i];
        int64_t id;
        if (!str_eq(f->name, S("unit")))
            continue;
        TRY(id_parse(f->value, &id, e));
        ARENA_PUSH(c->a, units, n, cap) = id;
    }
    job->v = (struct slip_new){.units = units,
        .n_units = n,
        .colour = colour_asked(req_field(c->r, "colour")),
        .reason = str_trim(req_field(c->r, "reason")),
        .due = str_trim(req_field(c->r, "due"))};
    job->void_id = ctx_int(req_field(c->r, "void"), 1, INT64_MAX, 0);
    job->why = ctx_words(c, req_field(c->r, "why"));
    c->job = job;
    return ctx_write(c, write_slip, c, after_slip);
}

/* ---- scores ---- */

struct scores {
    const struct kind *k;
    struct item_score *v;
    size_t n;
    struct unit *units;
    size_t n_units;
    struct score_rule *rules;
    size_t n_rules;
};

/* This year up to today, where nothing else is asked. */
static enum code score_period(
    struct ctx *c, struct page_scores *p, int64_t *from_ms, int64_t *to_ms, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    struct day today = day_of(clock_day(by->now_ms, by->hours->zone)), from, to;
    char iso[DAY_ISO_SIZE];

    p->from = req_query(c->r, "from");
    p->to = req_query(c->r, "to");
    if (!p->from.n)
        p->from = arena_printf(c->a, "%04d-01-01", today.y);
    if (!p->to.n)
        p->to = arena_str(c->a, day_iso(today, iso));
    if (!day_from_iso(p->from, &from) || !day_from_iso(p->to, &to) || day_num(to) < day_num(from))
        return FAIL(e, E_INPUT, "起止日期不对，写成2026-01-01的样子，起始在前");
    if (day_num(to) - day_num(from) > SCORE_DAYS)
        return FAIL(e, E_INPUT, "一次最多统计一年，请缩短时间");
    /* a day's limit is the first instant behind it */
    *from_ms = clock_day_ms(day_num(from), by->hours->zone) + 1;
    *to_ms = clock_day_ms(day_num(to) + 1, by->hours->zone) + 1;
    return OK;
}

static void fill_rules(struct ctx *c, const struct scores *s, struct page_scores *p)
{
    p->rules = ARENA_ARRAY(c->a, struct score_rule_row, s->n_rules + 1);
    for (size_t i = 0; i < s->n_rules; i++)
        p->rules[p->n_rules++] = (struct score_rule_row){
            s->rules[i].name, hundredths(c->a, s->rules[i].value), s->rules[i].set};
    p->card = item_score_card(c->a, s->rules, s->n_rules);
}

static struct str unit_words(const struct scores *s, int64_t id)
{
    for (size_t i = 0; i < s->n_units; i++)
        if (s->units[i].id == id)
            return s->units[i].name;
    return S("未定牵头单位");
}

static void fill_scores(struct ctx *c, const struct scores *s, struct page_scores *p)
{
    int64_t total = 0;

    p->units = ARENA_ARRAY(c->a, struct score_unit_row, s->n + 1);
    for (size_t i = 0; i < s->n; i++) {
        const struct item_score *x = &s->v[i];
        struct score_unit_row *u;
        if (i == 0 || s->v[i - 1].lead != x->lead) { /* they come by unit */
            p->units[p->n_units++] = (struct score_unit_row){.name = unit_words(s, x->lead),
                .items = ARENA_ARRAY(c->a, struct score_item_row, s->n - i)};
            total = 0;
        }
        u = &p->units[p->n_units - 1];
        total += x->total;
        u->count++;
        u->late += x->late_days > 0;
        u->total = hundredths(c->a, total);
        u->items[u->n_items++] = (struct score_item_row){.title = x->title,
            .number = x->number,
            .link = arena_printf(c->a, "/items/%lld", (long long)x->item),
            .due = day_back(c, x->original_ms - 1),
            .words = item_score_words(c->a, x),
            .total = hundredths(c->a, x->total)};
    }
}

static enum code scores_read(
    struct ctx *c, struct db *db, struct scores *s, int64_t from_ms, int64_t to_ms, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    struct kind_row row;

    TRY(kind_row_get(db, c->a, path_part(c, 1), 0, &row, e));
    TRY(kinds_get(by->kinds, db, row.kind, row.version, &s->k, e));
    TRY(item_score_rules(db, c->a, s->k, &s->rules, &s->n_rules, e));
    TRY(unit_list(db, c->a, true, &s->units, &s->n_units, e));
    return item_score_list(db, c->a, by, s->k, from_ms, to_ms, &s->v, &s->n, e);
}

static enum code scores_show(struct ctx *c, struct page_scores *p, struct err *e)
{
    struct scores s = {0};
    int64_t from_ms = 0, to_ms = 0;
    struct db *db;

    TRY(score_period(c, p, &from_ms, &to_ms, e));
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = scores_read(c, db, &s, from_ms, to_ms, e);
    store_read_end(db);
    TRY(code);
    p->kind = s.k->id;
    p->name = s.k->name;
    p->may_edit = access_may(c->v, ACT_KINDS);
    fill_rules(c, &s, p);
    fill_scores(c, &s, p);
    show_scores(c, p);
    return OK;
}

enum code page_scores(struct ctx *c, struct err *e)
{
    struct page_scores p = {.done = ctx_flash_take(c)};

    return scores_show(c, &p, e);
}

/* 0.8, 10, 7.25 */
static enum code read_hundredths(struct str s, int64_t *out, struct err *e)
{
    struct str whole = s, part = S("");
    int a = 0, b = 0;

    (void)str_cut(s, S("."), &whole, &part);
    size_t places = part.n;
    if (!str_eat_digits(&whole, 1, 6, &a) || whole.n || places > 2 ||
        (places && (!str_eat_digits(&part, 1, 2, &b) || part.n)))
        return FAIL(e, E_INPUT, "“%.*s”应写成10或0.8这样的数，最多两位小数", SF(s));
    *out = (int64_t)a * 100 + (places == 1 ? b * 10 : b);
    return OK;
}

static enum code write_scores(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    const struct actor *by = ctx_actor(c);
    const struct kind *k;
    struct kind_row row;

    TRY(kind_row_get(db, c->a, path_part(c, 1), 0, &row, e));
    TRY(kinds_get(by->kinds, db, row.kind, row.version, &k, e));
    struct str name = S("");
    for (size_t i = 0; i < c->r->form->n_fields; i++) { /* a name, then its value */
        const struct pair *f = &c->r->form->fields[i];
        int64_t value = 0;
        if (str_eq(f->name, S("name")))
            name = f->value;
        if (!str_eq(f->name, S("value")))
            continue;
        TRY(read_hundredths(str_trim(f->value), &value, e));
        TRY(item_score_set(db, by, k, name, value, e));
    }
    return OK;
}

static enum code after_scores(struct ctx *c, enum code code, struct err *e)
{
    struct page_scores p = {0};

    if (code == OK) {
        ctx_flash(c, S("已保存，各单位的得分按新的数值重算"));
        ctx_redirect(c, arena_printf(c->a, "/kinds/%.*s/score", SF(path_part(c, 1))));
        return OK;
    }
    if (code != E_INPUT)
        return code;
    p.problem = arena_str(c->a, str_z(e->msg));
    c->r->res.status = 400;
    return scores_show(c, &p, e);
}

enum code do_scores(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_scores, c, after_scores);
}
