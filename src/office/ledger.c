#include "office/ledger.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "office/document.h"
#include "office/person.h"

enum { SAID_BYTES = 4000, VALUE_BYTES = 600, NAMED_MAX = 50 };

/* ---- columns ---- */

static const struct {
    const char *id, *name;
    enum ledger_type type;
    bool sorts;
} owns[N_OWN] = {
    [OWN_NUMBER] = {"number", "编号", LEDGER_TEXT, true},
    [OWN_TITLE] = {"title", "标题", LEDGER_LONG, true},
    [OWN_STATE] = {"state", "状态", LEDGER_CHOICE, true},
    [OWN_LIGHT] = {"light", "亮灯", LEDGER_CHOICE, true},
    [OWN_URGENCY] = {"urgency", "紧急程度", LEDGER_CHOICE, true},
    [OWN_OWNER] = {"owner", "经办人", LEDGER_PERSON, true},
    [OWN_UNIT] = {"unit", "经办单位", LEDGER_UNIT, true},
    [OWN_OPENED] = {"opened", "登记时间", LEDGER_MINUTE, true},
    [OWN_CLOSED] = {"closed", "办结时间", LEDGER_MINUTE, true},
    [OWN_DUE] = {"due", "期限", LEDGER_MINUTE, true},
    [OWN_LEVEL] = {"level", "知悉级别", LEDGER_TEXT, false},
};

static enum ledger_type type_of(const struct kind_field *f)
{
    static const enum ledger_type types[N_FIELD_TYPE] = {[FIELD_TEXT] = LEDGER_TEXT,
        [FIELD_LONGTEXT] = LEDGER_LONG,
        [FIELD_NUMBER] = LEDGER_NUMBER,
        [FIELD_DATE] = LEDGER_DAY,
        [FIELD_DATETIME] = LEDGER_MINUTE,
        [FIELD_CHOICE] = LEDGER_CHOICE,
        [FIELD_RULE] = LEDGER_TEXT,
        [FIELD_PERSON] = LEDGER_PERSON,
        [FIELD_PEOPLE] = LEDGER_PERSON,
        [FIELD_UNIT] = LEDGER_UNIT,
        [FIELD_UNITS] = LEDGER_UNIT,
        [FIELD_DOCUMENT] = LEDGER_OTHER,
        [FIELD_PASSAGE] = LEDGER_LONG,
        [FIELD_ITEM] = LEDGER_OTHER,
        [FIELD_FILE] = LEDGER_OTHER,
        [FIELD_TABLE] = LEDGER_OTHER};
    return types[f->type];
}

/* Who sees the field is the same for every item: everybody, or a role that the viewer has. Otherwise a filter or an order would tell
 * what the rows keep back. */
static bool open_to(const struct actor *by, const struct kind_field *f)
{
    if (!f->see.n || by->v->owner)
        return true;
    for (size_t i = 0; i < f->see.n; i++)
        if (f->see.v[i].kind == WHO_ROLE && (by->v->roles & f->see.v[i].roles))
            return true;
    return false;
}

static void add_field(struct ledger *l, const struct actor *by, const struct kind_field *f)
{
    enum ledger_type t = type_of(f);
    bool may = open_to(by, f), share = str_has(f->name, S("%")) || str_has(f->name, S("％")) ||
                                       str_has(f->name, S("率")) || str_has(f->name, S("比例"));
    l->columns[l->n++] = (struct ledger_column){.id = f->id,
        .name = f->name,
        .type = t,
        .field = f,
        .sorts = may && t != LEDGER_OTHER,
        .filters = may && t != LEDGER_OTHER,
        .sums = may && t == LEDGER_NUMBER && !share,
        .averages = may && t == LEDGER_NUMBER};
}

static void add_own(struct ledger *l, const struct actor *by, enum ledger_own own)
{
    const struct kind *k = l->k;
    const struct kind_field *title = k->title == SIZE_MAX ? NULL : &k->fields[k->title];
    bool may = own != OWN_TITLE || !title || open_to(by, title);
    l->columns[l->n++] = (struct ledger_column){.id = str_z(owns[own].id),
        .name = own == OWN_TITLE && title ? title->name : str_z(owns[own].name),
        .own = own,
        .type = owns[own].type,
        .sorts = may && owns[own].sorts,
        .filters = own != OWN_LEVEL};
}

enum code ledger_open(
    struct db *db, const struct actor *by, struct str kind, struct ledger *out, struct err *e)
{
    struct arena a;
    struct kind_row row;
    struct ledger l = {.n = 0};
    arena_init(&a);
    enum code c = kind_row_get(db, &a, kind, 0, &row, e);
    if (c == OK)
        c = kinds_get(by->kinds, db, kind, row.version, &l.k, e);
    arena_release(&a);
    if (c != OK)
        return c;
    for (int i = OWN_NUMBER; i < N_OWN; i++)
        if (kind_field_of(l.k, str_z(owns[i].id)) == SIZE_MAX &&
            (i != OWN_NUMBER || l.k->number.n) && (i != OWN_LIGHT || l.k->n_lights))
            add_own(&l, by, (enum ledger_own)i);
    for (size_t i = 0; i < l.k->n_fields; i++)
        if (i != l.k->title) /* that one is the title */
            add_field(&l, by, &l.k->fields[i]);
    for (size_t i = 0; i < l.k->n_ledger && l.n_usual < LEDGER_COLUMNS_MAX; i++) {
        size_t at = ledger_column_of(&l, l.k->ledger[i]);
        if (at != SIZE_MAX)
            l.usual[l.n_usual++] = at;
    }
    *out = l;
    return OK;
}

size_t ledger_column_of(const struct ledger *l, struct str id)
{
    if (l->k->title != SIZE_MAX && str_eq(id, l->k->fields[l->k->title].id))
        id = S("title");
    for (size_t i = 0; i < l->n; i++)
        if (str_eq(l->columns[i].id, id))
            return i;
    return SIZE_MAX;
}

void ledger_columns_read(
    const struct ledger *l, struct str list, size_t out[LEDGER_COLUMNS_MAX], size_t *n)
{
    struct str id;
    *n = 0;
    while (str_next(&list, S(","), &id) && *n < LEDGER_COLUMNS_MAX) {
        size_t at = ledger_column_of(l, str_trim(id));
        bool twice = at == SIZE_MAX;
        for (size_t i = 0; i < *n; i++)
            twice = twice || out[i] == at;
        if (!twice)
            out[(*n)++] = at;
    }
    if (*n)
        return;
    memcpy(out, l->usual, sizeof(l->usual));
    *n = l->n_usual;
}

struct str ledger_columns_write(const struct ledger *l, struct arena *a, const size_t *v, size_t n)
{
    struct str s = S("");
    for (size_t i = 0; i < n; i++)
        s = arena_printf(a, "%.*s%s%.*s", SF(s), i ? "," : "", SF(l->columns[v[i]].id));
    return s;
}

/* ---- conditions ---- */

struct reading {
    struct db *db;
    struct arena *a;
    const struct ledger *l;
    struct ledger_query *q;
    struct err *e;
};

static enum code wrong(struct reading *r, struct str name, struct str value)
{
    return FAIL(r->e, E_INPUT, "筛选条件“%.*s”不能是“%.*s”，请重新选择", SF(name),
        SF(str_sub(value, 0, utf8_off(value, 40))));
}

static void say(struct reading *r, struct str name, struct str value)
{
    struct ledger_query *q = r->q;
    q->any = true;
    if (q->said.n < SAID_BYTES)
        q->said = arena_printf(
            r->a, "%.*s%s%.*s：%.*s", SF(q->said), q->said.n ? "；" : "", SF(name), SF(value));
}

struct named {
    int64_t id;
    struct str name;
    int n; /* that bear it */
};

static void name_one(struct named *to, int64_t id, struct str name)
{
    to->id = id;
    to->name = name;
    to->n++;
}

static enum code find_person(struct reading *r, struct str value, int64_t id, struct named *out)
{
    struct person p, *v;
    size_t n = 0;
    if (id) {
        enum code c = person_get(r->db, r->a, id, &p, r->e);
        if (c == OK)
            name_one(out, p.id, p.name);
        return c == E_NOTFOUND ? OK : c;
    }
    TRY(person_match(r->db, r->a, value, NAMED_MAX, &v, &n, r->e));
    for (size_t i = 0; i < n; i++) {
        if (str_eq(v[i].login, value)) { /* that one alone */
            *out = (struct named){v[i].id, v[i].name, 1};
            return OK;
        }
        if (str_eq(v[i].name, value))
            name_one(out, v[i].id, v[i].name);
    }
    return OK;
}

static enum code find_unit(struct reading *r, struct str value, int64_t id, struct named *out)
{
    struct unit u, *v;
    size_t n = 0;
    if (id) {
        enum code c = unit_get(r->db, r->a, id, &u, r->e);
        if (c == OK)
            name_one(out, u.id, u.short_name);
        return c == E_NOTFOUND ? OK : c;
    }
    TRY(unit_list(r->db, r->a, true, &v, &n, r->e));
    for (size_t i = 0; i < n; i++) {
        if (str_eq(v[i].code, value)) {
            *out = (struct named){v[i].id, v[i].short_name, 1};
            return OK;
        }
        if (str_eq(v[i].name, value) || str_eq(v[i].short_name, value))
            name_one(out, v[i].id, v[i].short_name);
    }
    return OK;
}

/* An id, or the name of one person or unit. */
static enum code find_one(
    struct reading *r, bool person, struct str name, struct str value, int64_t *id)
{
    struct named one = {.n = 0};
    struct err none;
    if (str_int(value, id, &none) != OK)
        *id = 0;
    TRY(person ? find_person(r, value, *id, &one) : find_unit(r, value, *id, &one));
    if (one.n == 0)
        return FAIL(r->e, E_INPUT, "“%.*s”没有“%.*s”，请从列出的名称中选取", SF(name), SF(value));
    if (one.n > 1)
        return FAIL(r->e, E_INPUT, "有几个“%.*s”，请写登录名或者单位代码", SF(value));
    *id = one.id;
    say(r, name, one.name);
    return OK;
}

static enum code read_day(struct reading *r, struct str name, struct str value, int32_t *day)
{
    struct day d;
    struct err none;
    if (day_parse(value, &d, &none) != OK)
        return FAIL(r->e, E_INPUT, "“%.*s”的日期“%.*s”不对，应写成2026-07-13", SF(name), SF(value));
    *day = day_num(d);
    return OK;
}

/* opened, closed, due: days on the wall of China, the last one inclusive. */
static enum code read_span(struct reading *r, enum ledger_own own, bool from, struct str value)
{
    struct item_filter *f = &r->q->f;
    struct str name = str_z(owns[own].name);
    int64_t *const at[][2] = {[0] = {&f->opened_from_ms, &f->opened_to_ms},
        [OWN_CLOSED - OWN_OPENED] = {&f->closed_from_ms, &f->closed_to_ms},
        [OWN_DUE - OWN_OPENED] = {&f->due_from_ms, &f->due_to_ms}};
    int32_t day = 0;
    TRY(read_day(r, name, value, &day));
    /* a limit to the end of a day is due at the next midnight: it belongs to the day that ends there */
    int64_t ms = clock_day_ms(day + (from ? 0 : 1), ZONE_CHINA) + (own == OWN_DUE ? 1 : 0);
    *at[own - OWN_OPENED][from ? 0 : 1] = ms;
    say(r, arena_printf(r->a, "%.*s%s", SF(name), from ? "起" : "止"), value);
    return OK;
}

static enum code read_state(struct reading *r, struct str value)
{
    size_t at = kind_state_of(r->l->k, value);
    for (size_t i = 0; at == SIZE_MAX && i < r->l->k->n_states; i++)
        if (str_eq(r->l->k->states[i].name, value))
            at = i;
    if (at == SIZE_MAX)
        return wrong(r, S("状态"), value);
    r->q->f.state = r->l->k->states[at].id;
    say(r, S("状态"), r->l->k->states[at].name);
    return OK;
}

static enum code read_light(struct reading *r, struct str value)
{
    static const char *const keys[] = {[LIGHT_GREEN] = "green",
        [LIGHT_BLUE] = "blue",
        [LIGHT_YELLOW] = "yellow",
        [LIGHT_RED] = "red"};
    for (int i = LIGHT_GREEN; i <= LIGHT_RED; i++)
        if (str_eq(value, str_z(keys[i])) ||
            str_eq(value, str_z(light_name((enum light_colour)i)))) {
            r->q->f.light = (enum light_colour)i;
            say(r, S("亮灯"), str_z(light_name((enum light_colour)i)));
            return OK;
        }
    if (str_eq(value, S("calm"))) {
        r->q->f.calm = true;
        say(r, S("亮灯"), S("没有红灯黄灯"));
        return OK;
    }
    return wrong(r, S("亮灯"), value);
}

static enum code read_urgency(struct reading *r, struct str value)
{
    for (int i = URGENCY_NONE; i <= URGENCY_URGENT; i++) {
        char digit[] = {(char)('0' + i), '\0'};
        if (str_eq(value, str_z(digit)) ||
            str_eq(value, str_z(item_urgency_name((enum urgency)i)))) {
            r->q->f.urgency = i + 1;
            say(r, S("紧急程度"), str_z(item_urgency_name((enum urgency)i)));
            return OK;
        }
    }
    return wrong(r, S("紧急程度"), value);
}

static enum code read_open(struct reading *r, struct str value)
{
    if (!str_eq(value, S("1")) && !str_eq(value, S("0")))
        return wrong(r, S("办结情况"), value);
    r->q->f.open = value.p[0] == '1' ? 1 : -1;
    say(r, S("办结情况"), value.p[0] == '1' ? S("未办结") : S("已办结"));
    return OK;
}

static enum code read_box(struct reading *r, struct str value)
{
    static const struct {
        const char *id, *name;
        enum item_box box;
    } boxes[] = {{"all", "全部", BOX_ALL}, {"todo", "待办", BOX_TODO}, {"read", "待阅", BOX_READ},
        {"doing", "在办", BOX_DOING}, {"done", "已办", BOX_DONE}, {"sent", "我发出的", BOX_SENT},
        {"watch", "监控", BOX_WATCH}};
    for (size_t i = 0; i < sizeof(boxes) / sizeof(*boxes); i++)
        if (str_eq(value, str_z(boxes[i].id))) {
            r->q->f.box = boxes[i].box;
            if (boxes[i].box)
                say(r, S("范围"), str_z(boxes[i].name));
            return OK;
        }
    return wrong(r, S("范围"), value);
}

/* Both ends of a field stand in one condition. */
static enum code where_of(struct reading *r, struct str field, struct item_where **out)
{
    struct item_filter *f = &r->q->f;
    for (size_t i = 0; i < f->n_where; i++)
        if (str_eq(f->where[i].field, field)) {
            *out = &f->where[i];
            return OK;
        }
    if (f->n_where == ITEM_WHERE_MAX)
        return FAIL(r->e, E_LIMIT, "一次最多按%d栏筛选", ITEM_WHERE_MAX);
    *out = &f->where[f->n_where++];
    **out = (struct item_where){.field = field};
    return OK;
}

/* A number or a day as it sorts; an instant at the end of its day. */
static enum code end_key(
    struct reading *r, const struct ledger_column *c, bool from, struct str value, struct str *key)
{
    char iso[DAY_ISO_SIZE];
    int32_t day = 0;
    if (c->type == LEDGER_NUMBER)
        return item_sort_key(r->a, c->field, value, key, r->e);
    if (c->type != LEDGER_DAY && c->type != LEDGER_MINUTE)
        return wrong(r, c->name, value);
    TRY(read_day(r, c->name, value, &day));
    *key = arena_str(r->a, day_iso(day_of(day), iso));
    if (c->type == LEDGER_MINUTE && !from)
        *key = arena_printf(r->a, "%.*s 99", SF(*key));
    return OK;
}

static enum code read_end(
    struct reading *r, const struct ledger_column *c, bool from, struct str value)
{
    struct item_where *w;
    struct str key;
    TRY(end_key(r, c, from, value, &key));
    TRY(where_of(r, c->id, &w));
    if (from)
        w->from = key;
    else
        w->to = key;
    say(r, arena_printf(r->a, "%.*s%s", SF(c->name), from ? "从" : "到"), value);
    return OK;
}

static enum code read_holding(struct reading *r, const struct ledger_column *c, struct str value)
{
    struct item_where *w;
    TRY(where_of(r, c->id, &w));
    w->text = value;
    say(r, c->name, arena_printf(r->a, "含“%.*s”", SF(value)));
    return OK;
}

static enum code read_choice(struct reading *r, const struct ledger_column *c, struct str value)
{
    struct item_where *w;
    TRY(where_of(r, c->id, &w));
    TRY(item_sort_key(r->a, c->field, value, &w->from, r->e));
    w->to = w->from;
    say(r, c->name, value);
    return OK;
}

static enum code read_named(struct reading *r, const struct ledger_column *c, struct str value)
{
    struct item_where *w;
    int64_t id;
    TRY(find_one(r, c->type == LEDGER_PERSON, c->name, value, &id));
    TRY(where_of(r, c->id, &w));
    w->from = w->to = arena_printf(r->a, "%lld", (long long)id);
    return OK;
}

static enum code read_equal(struct reading *r, const struct ledger_column *c, struct str value)
{
    switch (c->type) {
    case LEDGER_TEXT:
    case LEDGER_LONG:
        return read_holding(r, c, value);
    case LEDGER_PERSON:
    case LEDGER_UNIT:
        return read_named(r, c, value);
    case LEDGER_CHOICE:
        return read_choice(r, c, value);
    case LEDGER_NUMBER:
    case LEDGER_DAY:
    case LEDGER_MINUTE:
    case LEDGER_OTHER:
        break;
    }
    TRY(read_end(r, c, true, value));
    return read_end(r, c, false, value);
}

enum code ledger_named(struct db *db, struct arena *a, bool person, struct str value, int64_t *id,
    int *n, struct err *e)
{
    struct reading r = {.db = db, .a = a, .e = e};
    struct named one = {.n = 0};
    struct err none;
    int64_t number = 0;
    if (str_int(value, &number, &none) != OK)
        number = 0;
    TRY(person ? find_person(&r, value, number, &one) : find_unit(&r, value, number, &one));
    *id = one.id;
    *n = one.n;
    return OK;
}

/* f.FIELD, f.FIELD.from, f.FIELD.to */
static enum code read_field(struct reading *r, struct str name, struct str value)
{
    bool from = str_eat_end(&name, S(".from")), to = !from && str_eat_end(&name, S(".to"));
    size_t at = ledger_column_of(r->l, name);
    const struct ledger_column *c = at == SIZE_MAX ? NULL : &r->l->columns[at];
    if (!c || !c->field)
        return FAIL(r->e, E_INPUT, "没有“%.*s”这一栏可以筛选", SF(str_sub(name, 0, 40)));
    if (!c->filters)
        return FAIL(r->e, E_DENIED, "“%.*s”不能用来筛选", SF(c->name));
    if (value.n > VALUE_BYTES)
        return FAIL(r->e, E_LIMIT, "“%.*s”的筛选条件超过200个字", SF(c->name));
    return from || to ? read_end(r, c, from, value) : read_equal(r, c, value);
}

/* The items behind a figure; the numbers are written by figures_item.c and by nobody else. */
static enum code read_figure(struct reading *r, struct str name, struct str value)
{
    struct step_filter *s = &r->q->step;
    struct err none;
    int64_t v = 0;
    if (str_eq(name, S("state"))) {
        if (kind_state_of(r->l->k, value) == SIZE_MAX)
            return wrong(r, S("状态"), value);
        s->state = value;
        return OK;
    }
    if (str_int(value, &v, &none) != OK)
        return wrong(r, S("统计"), value);
    const struct {
        const char *name;
        int64_t *at;
    } big[] = {{"from", &s->from_ms}, {"to", &s->to_ms}, {"at", &s->as_of_ms}, {"unit", &s->unit},
        {"person", &s->person}};
    for (size_t i = 0; i < sizeof(big) / sizeof(*big); i++)
        if (str_eq(name, str_z(big[i].name))) {
            *big[i].at = v;
            return OK;
        }
    if (v < -1 || v > 4)
        return wrong(r, S("统计"), value);
    if (str_eq(name, S("what")))
        s->what = (enum step_what)v;
    else if (str_eq(name, S("first")))
        s->first = v == 1;
    else if (str_eq(name, S("closed")))
        s->closed = (int)v;
    else if (str_eq(name, S("open")))
        s->open = (int)v;
    else if (str_eq(name, S("urgency")))
        s->urgency = (int)v;
    else if (str_eq(name, S("due")))
        s->due = (enum step_due)v;
    else
        return wrong(r, S("统计"), name);
    r->q->figure = true;
    return OK;
}

static enum code read_sort(struct reading *r, struct str value)
{
    static const enum item_sort sorts[N_OWN] = {[OWN_NUMBER] = SORT_NUMBER,
        [OWN_STATE] = SORT_STATE,
        [OWN_LIGHT] = SORT_LIGHT,
        [OWN_URGENCY] = SORT_URGENCY,
        [OWN_OWNER] = SORT_OWNER,
        [OWN_UNIT] = SORT_UNIT,
        [OWN_OPENED] = SORT_OPENED,
        [OWN_CLOSED] = SORT_CLOSED,
        [OWN_DUE] = SORT_DUE,
        [OWN_TITLE] = SORT_TITLE};
    size_t at = ledger_column_of(r->l, value);
    const struct ledger_column *c = at == SIZE_MAX ? NULL : &r->l->columns[at];
    if (!c || !c->sorts)
        return FAIL(r->e, E_INPUT, "不能按“%.*s”排序", SF(c ? c->name : str_sub(value, 0, 40)));
    r->q->sort = c->id;
    r->q->f.sort = c->field ? SORT_FIELD : sorts[c->own];
    if (c->field)
        r->q->f.sort_field = c->id;
    if (c->own == OWN_TITLE && r->l->k->title != SIZE_MAX) {
        r->q->f.sort = SORT_FIELD;
        r->q->f.sort_field = r->l->k->fields[r->l->k->title].id;
    }
    return OK;
}

static enum code read_who(struct reading *r, bool person, struct str value)
{
    enum ledger_own own = person ? OWN_OWNER : OWN_UNIT;
    return find_one(
        r, person, str_z(owns[own].name), value, person ? &r->q->f.owner : &r->q->f.unit);
}

static enum code read_text(struct reading *r, struct str value)
{
    r->q->f.text = value;
    say(r, S("编号或标题"), arena_printf(r->a, "含“%.*s”", SF(value)));
    return OK;
}

static enum code read_dir(struct reading *r, struct str value)
{
    if (!str_eq(value, S("desc")) && !str_eq(value, S("asc")))
        return wrong(r, S("次序"), value);
    r->q->f.descending = value.p[0] == 'd';
    return OK;
}

static enum code read_owner(struct reading *r, struct str v)
{
    return read_who(r, true, v);
}
static enum code read_unit(struct reading *r, struct str v)
{
    return read_who(r, false, v);
}
static enum code read_after(struct reading *r, struct str v)
{
    r->q->f.after = v;
    return OK;
}

static enum code read_columns(struct reading *r, struct str v)
{
    ledger_columns_read(r->l, v, r->q->columns, &r->q->n_columns);
    return OK;
}

static enum code read_word(struct reading *r, struct str name, struct str value)
{
    static const struct {
        const char *name;
        enum code (*fn)(struct reading *r, struct str value);
    } words[] = {{"q", read_text}, {"state", read_state}, {"light", read_light},
        {"urgency", read_urgency}, {"open", read_open}, {"box", read_box}, {"owner", read_owner},
        {"unit", read_unit}, {"sort", read_sort}, {"dir", read_dir}, {"after", read_after},
        {"cols", read_columns}};
    static const enum ledger_own spans[] = {OWN_OPENED, OWN_CLOSED, OWN_DUE};
    if (str_eat(&name, S("f.")))
        return read_field(r, name, value);
    if (str_eat(&name, S("fig.")))
        return read_figure(r, name, value);
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (str_eq(name, str_z(words[i].name)))
            return words[i].fn(r, value);
    for (size_t i = 0; i < sizeof(spans) / sizeof(*spans); i++) {
        struct str rest = name;
        if (str_eat(&rest, str_z(owns[spans[i]].id)) &&
            (str_eq(rest, S(".from")) || str_eq(rest, S(".to"))))
            return read_span(r, spans[i], str_eq(rest, S(".from")), value);
    }
    return FAIL(r->e, E_INPUT, "没有“%.*s”这个筛选条件，请从页面上重新选择",
        SF(str_sub(name, 0, utf8_off(name, 40))));
}

enum code ledger_query_read(struct db *db, struct arena *a, const struct actor *by,
    const struct ledger *l, const struct ledger_word *v, size_t n, struct ledger_query *out,
    struct err *e)
{
    struct reading r = {.db = db, .a = a, .l = l, .q = out, .e = e};
    (void)by;
    *out = (struct ledger_query){.f = {.kind = l->k->id, .descending = true}};
    ledger_columns_read(l, S(""), out->columns, &out->n_columns);
    for (size_t i = 0; i < n; i++) {
        struct str value = str_trim(v[i].value);
        if (!value.n)
            continue;
        if (value.n > VALUE_BYTES && !str_eq(v[i].name, S("after")) &&
            !str_eq(v[i].name, S("cols")))
            return FAIL(e, E_LIMIT, "筛选的文字超过200个字");
        TRY(read_word(&r, v[i].name, value));
    }
    if (out->sort.n) { /* ascending by what is named, unless it is said */
        bool said = false;
        for (size_t i = 0; i < n; i++)
            said = said || (str_eq(v[i].name, S("dir")) && v[i].value.n);
        out->f.descending = said && out->f.descending;
    }
    if (out->figure)
        out->any = true;
    return OK;
}

struct str ledger_file_name(const struct ledger *l, struct arena *a, int64_t now_ms)
{
    char day[DAY_ISO_SIZE];
    struct str name = l->k->name;
    (void)str_eat_end(&name, S("事项"));
    return arena_printf(a, "%.*s台账%.*s.xlsx", SF(name.n ? name : l->k->name),
        SF(day_compact(clock_civil(now_ms, ZONE_CHINA).day, day)));
}
