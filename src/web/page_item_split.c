/* page_item_split.c - 分解: one item into several at once, each with its own words, lead unit and day. */
#include "office/document.h"
#include "web/item_page.h"
#include "web/route.h"
#include "web/rows.h"

enum { LINES_LEAST = 4, LINES_SPARE = 2, LINES_SENT_MAX = 200, GOAL_CP_MAX = 200 };

/* The columns of the table are fields of the kind; SIZE_MAX: it has none such. A kind that has no title field gives its items
 * titles of their own. */
struct columns {
    size_t goal, lead, due;
};
struct line {
    struct str goal, lead_text, due;
    int64_t lead;
};
struct split_job {
    const struct kind *k;
    struct columns col;
    int64_t revision;
    struct str why;
    bool start;
    struct line *lines;
    size_t n;
    struct str *copy; /* ids of fields that all of the parts take over */
    size_t n_copy, cap_copy;
};

static size_t first_of(const struct kind *k, enum field_type one, enum field_type other)
{
    for (size_t i = 0; i < k->n_fields; i++)
        if ((k->fields[i].type == one || k->fields[i].type == other) && k->fields[i].when.n == 0)
            return i;
    return SIZE_MAX;
}

static struct columns columns_of(const struct kind *k)
{
    return (struct columns){
        k->title, first_of(k, FIELD_UNIT, FIELD_UNITS), first_of(k, FIELD_DATE, FIELD_DATE)};
}

static bool is_column(const struct columns *col, size_t field)
{
    return field == col->goal || field == col->lead || field == col->due;
}

/* ---- the form ---- */

/* What the item says of its own stages fills the table: the words, the day and the unit of each. */
static void from_stages(struct ctx *c, const struct kind *k, const json_t *fields,
    const bool *hidden, struct split_job *j)
{
    j->lines = ARENA_ARRAY(c->a, struct line, ITEM_PARTS_MAX);
    for (size_t i = 0; i < k->n_fields && j->n == 0; i++) {
        const struct kind_field *f = &k->fields[i];
        const json_t *v = json_object_getn(fields, f->id.p, f->id.n), *row;
        size_t r;
        if (f->type != FIELD_TABLE || hidden[i])
            continue;
        json_array_foreach(v, r, row)
        {
            struct line l = {.lead = 0};
            for (size_t x = 0; x < f->n_columns; x++) {
                struct str s = jr_str(row, arena_z(c->a, f->columns[x].id));
                if (f->columns[x].type <= FIELD_LONGTEXT && !l.goal.n)
                    l.goal = s;
                else if (f->columns[x].type == FIELD_DATE && !l.due.n)
                    l.due = s;
                else if (f->columns[x].type == FIELD_UNIT && !l.lead)
                    l.lead = id_in_text(s);
            }
            if (l.goal.n && j->n < ITEM_PARTS_MAX)
                j->lines[j->n++] = l;
        }
    }
}

static struct form_cell cell(const char *name, struct str label, const char *type, struct str value)
{
    return (struct form_cell){.name = str_z(name),
        .label = label,
        .type = str_z(type),
        .value = value,
        .max = GOAL_CP_MAX};
}

static void fill_lines(
    struct ctx *c, const struct names *names, const struct split_job *j, struct page_item_split *p)
{
    size_t all = j->n + LINES_SPARE < LINES_LEAST ? LINES_LEAST : j->n + LINES_SPARE;
    p->rows = ARENA_ARRAY(c->a, struct form_line, all);
    for (size_t i = 0; i < all; i++) {
        struct form_line *to = &p->rows[p->n_rows++];
        struct line l = i < j->n ? j->lines[i] : (struct line){.lead = 0};
        to->cells = ARENA_ARRAY(c->a, struct form_cell, 3);
        to->cells[to->n_cells++] = cell("goal", p->heads[0].label, "text", l.goal);
        if (j->col.lead != SIZE_MAX) {
            struct form_cell *unit = &to->cells[to->n_cells++];
            *unit = cell("lead", j->k->fields[j->col.lead].name, "unit", l.lead_text);
            if (l.lead) {
                unit->id = arena_printf(c->a, "%lld", (long long)l.lead);
                unit->value = names_pick_unit(names, l.lead).text;
            }
        }
        if (j->col.due != SIZE_MAX)
            to->cells[to->n_cells++] = cell("due", j->k->fields[j->col.due].name, "date", l.due);
    }
}

static void fill_heads(struct ctx *c, const struct split_job *j, struct page_item_split *p)
{
    const struct kind_field *f = j->k->fields;
    p->heads = ARENA_ARRAY(c->a, struct form_head, 3);
    p->heads[p->n_heads++] =
        (struct form_head){j->col.goal == SIZE_MAX ? S("标题") : f[j->col.goal].name, true};
    if (j->col.lead != SIZE_MAX)
        p->heads[p->n_heads++] = (struct form_head){f[j->col.lead].name, f[j->col.lead].required};
    if (j->col.due != SIZE_MAX)
        p->heads[p->n_heads++] = (struct form_head){f[j->col.due].name, f[j->col.due].required};
}

static bool chosen(const struct split_job *j, struct str id)
{
    for (size_t i = 0; i < j->n_copy; i++)
        if (str_eq(j->copy[i], id))
            return true;
    return false;
}

/* What the parts may take over: at first what the item was begun with; what its steps have filled in is of this one. */
static void fill_copy(struct ctx *c, const struct item_view *v, const json_t *fields,
    const struct split_job *j, bool sent, struct page_item_split *p)
{
    struct choices l = {0};
    for (size_t i = 0; i < v->k->n_fields; i++) {
        const struct kind_field *f = &v->k->fields[i];
        size_t now = kind_field_of(j->k, f->id);
        if (v->hidden[i] || f->type == FIELD_TABLE || now == SIZE_MAX || is_column(&j->col, now) ||
            !json_object_getn(fields, f->id.p, f->id.n))
            continue;
        choice_add(c, &l, f->id, f->name, sent ? chosen(j, f->id) : !f->at_move);
    }
    p->copy = l.v;
    p->n_copy = l.n;
}

static enum code fill(struct ctx *c, struct db *db, struct split_job *j, bool sent,
    struct page_item_split *p, struct err *e)
{
    struct names names = {.c = c, .want_units = true};
    struct item_view v;
    json_t *fields;
    TRY(item_view(db, c->a, ctx_actor(c), c->id, &v, e));
    if (!v.may[ITEM_SPLIT])
        return FAIL(e, E_DENIED, "您不能分解这件事项，请联系它的负责人或科长");
    TRY(kinds_get(c->app->office->kinds, db, v.it.kind, 0, &j->k, e));
    TRY(jr_parse(v.it.fields, &fields, e));
    (void)item_form_keep(c, fields);
    TRY(names_load(&names, db, e));
    j->col = columns_of(j->k);
    if (!sent)
        from_stages(c, v.k, fields, v.hidden, j);
    p->id = v.it.id;
    p->revision = v.it.revision;
    p->title = v.it.title;
    p->number = v.it.number;
    p->why = j->why;
    p->start = j->start;
    p->max = ITEM_PARTS_MAX;
    p->back = item_back(c);
    fill_heads(c, j, p);
    fill_lines(c, &names, j, p);
    fill_copy(c, &v, fields, j, sent, p);
    return OK;
}

static enum code show(struct ctx *c, struct split_job *j, struct str problem, struct err *e)
{
    struct page_item_split p = {.problem = problem};
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill(c, db, j, c->r->method == METHOD_POST, &p, e);
    store_read_end(db);
    TRY(code);
    show_item_split(c, &p);
    return OK;
}

enum code page_item_split(struct ctx *c, struct err *e)
{
    struct split_job j = {.k = NULL};
    return show(c, &j, S(""), e);
}

/* ---- sent ---- */

static bool is_empty(const struct line *l)
{
    return !l->goal.n && !l->lead && !l->lead_text.n && !l->due.n;
}

/* A line begins with its words, as the cells stand in the form. */
static enum code read_sent(struct ctx *c, struct split_job *j, struct err *e)
{
    const struct form *f = c->r->form;
    struct line *v = ARENA_ARRAY(c->a, struct line, LINES_SENT_MAX + 1), *l = NULL;
    size_t n = 0;
    for (size_t i = 0; f && i < f->n_fields; i++) {
        struct str name = f->fields[i].name, s = str_trim(f->fields[i].value);
        if (str_eq(name, S("goal"))) {
            if (n == LINES_SENT_MAX)
                return FAIL(e, E_LIMIT, "一次分解为1到%d件", ITEM_PARTS_MAX);
            n += l && !is_empty(l);
            l = &v[n];
            *l = (struct line){.goal = ctx_words(c, s)};
        } else if (str_eq(name, S("copy")) && j->n_copy < KIND_FIELDS_MAX)
            ARENA_PUSH(c->a, j->copy, j->n_copy, j->cap_copy) = s;
        else if (l && str_eq(name, S("lead")))
            l->lead = id_in_text(s);
        else if (l && str_eq(name, S("lead.text")))
            l->lead_text = s;
        else if (l && str_eq(name, S("due")))
            l->due = s;
    }
    j->lines = v;
    j->n = n + (l && !is_empty(l));
    j->why = str_trim(req_field(c->r, "why"));
    j->start = str_eq(req_field(c->r, "start"), S("1"));
    j->revision = ctx_int(req_field(c->r, "revision"), 1, INT64_MAX, 0);
    return j->n ? OK : FAIL(e, E_INPUT, "没有填写分解成哪几件");
}

static enum code missing(const struct split_job *j, size_t field, bool there, struct err *e)
{
    if (field == SIZE_MAX || there || !j->k->fields[field].required)
        return OK;
    return FAIL(e, E_INPUT, "“%.*s”没有填写", SF(j->k->fields[field].name));
}

static enum code check_line(
    struct ctx *c, struct db *db, const struct split_job *j, struct line *l, struct err *e)
{
    char iso[DAY_ISO_SIZE];
    struct day d;
    if (!l->goal.n)
        return FAIL(e, E_INPUT, "没有写做什么");
    if (!l->lead && l->lead_text.n)
        TRY(item_unit_named(c, db, l->lead_text, &l->lead, e));
    TRY(missing(j, j->col.lead, l->lead != 0, e));
    TRY(missing(j, j->col.due, l->due.n > 0, e));
    if (l->due.n) {
        TRY(day_parse(l->due, &d, e));
        l->due = arena_str(c->a, day_iso(d, iso));
    }
    return OK;
}

static enum code check(struct ctx *c, struct split_job *j, struct err *e)
{
    struct item it;
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = item_get(db, c->a, ctx_actor(c), c->id, &it, e);
    if (code == OK)
        code = kinds_get(c->app->office->kinds, db, it.kind, 0, &j->k, e);
    if (code == OK)
        j->col = columns_of(j->k);
    for (size_t i = 0; code == OK && i < j->n; i++)
        if ((code = check_line(c, db, j, &j->lines[i], e)) != OK)
            (void)err_context(e, "第%zu件", i + 1);
    store_read_end(db);
    return code;
}

static void set_text(const struct split_job *j, json_t *o, size_t field, struct str text)
{
    if (field != SIZE_MAX && text.n)
        json_object_setn_new(o, j->k->fields[field].id.p, j->k->fields[field].id.n,
            j->k->fields[field].type == FIELD_UNITS ? json_pack("[s%]", text.p, text.n)
                                                    : json_stringn(text.p, text.n));
}

static enum code write_split(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    const struct split_job *j = c->job;
    struct item_part *parts = ARENA_ARRAY(c->a, struct item_part, j->n);
    int64_t *ids = ARENA_ARRAY(c->a, int64_t, j->n);
    for (size_t i = 0; i < j->n; i++) {
        const struct line *l = &j->lines[i];
        json_t *o = item_form_keep(c, json_object());
        set_text(j, o, j->col.goal, l->goal);
        set_text(j, o, j->col.due, l->due);
        if (l->lead)
            set_text(j, o, j->col.lead, arena_printf(c->a, "%lld", (long long)l->lead));
        parts[i] = (struct item_part){.title = j->col.goal == SIZE_MAX ? l->goal : S(""),
            .fields = o,
            .draft = !j->start,
            .start = j->start};
    }
    struct item_split s = {
        .copy = j->copy, .n_copy = j->n_copy, .parts = parts, .n = j->n, .why = j->why};
    return item_split(db, ctx_actor(c), c->id, j->revision, &s, ids, e);
}

static enum code again(struct ctx *c, enum code code, struct err *e)
{
    const struct split_job *j = c->job;
    struct str why = arena_str(c->a, str_z(e->msg));
    if (!item_persons_fault(code) || code == E_NOTFOUND || (code == E_DENIED && !j->start))
        return code;
    if (code == E_CONFLICT)
        why = arena_printf(c->a, "%.*s。您填写的都在下面，核对后再分解", SF(why));
    TRY(show(c, c->job, why, e));
    c->r->res.status = code == E_CONFLICT ? 409 : code == E_DENIED ? 403 : 400;
    return OK;
}

static enum code after_split(struct ctx *c, enum code code, struct err *e)
{
    const struct split_job *j = c->job;
    if (code != OK)
        return again(c, code, e);
    ctx_flash(
        c, arena_printf(c->a,
               j->start ? "已分解为%zu件，都已办出" : "已分解为%zu件，都是草稿，逐件核对后办理",
               j->n));
    ctx_redirect(c, item_link(c->a, c->id, item_back(c), 0));
    return OK;
}

enum code do_item_split(struct ctx *c, struct err *e)
{
    struct split_job *j = ARENA_NEW(c->a, struct split_job);
    enum code code = read_sent(c, j, e);
    c->job = j;
    if (code == OK)
        code = check(c, j, e);
    return code == OK ? ctx_write(c, write_split, c, after_split) : again(c, code, e);
}
