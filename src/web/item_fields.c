/* The rows of an item's form. */
#include "office/rulebook.h"
#include "web/item_form.h"
#include "web/kind_words.h"

enum { EMPTY_LINES = 2 };

static const char *const pick_of[N_FIELD_TYPE] = {[FIELD_PERSON] = "/items/pick/people",
    [FIELD_PEOPLE] = "/items/pick/people",
    [FIELD_UNIT] = "/items/pick/units",
    [FIELD_UNITS] = "/items/pick/units",
    [FIELD_DOCUMENT] = "/items/pick/documents",
    [FIELD_PASSAGE] = "/items/pick/documents",
    [FIELD_ITEM] = "/items/pick/items"};

static struct str json_text(const json_t *v)
{
    return json_is_string(v) ? str_z(json_string_value(v)) : S("");
}

/* The column whose people are always in the field: the form has them before the field does. */
static struct str with_name(struct ctx *c, const struct kind *k, struct str field)
{
    size_t at = kind_field_of(k, field);
    const struct kind_field *f = at == SIZE_MAX ? NULL : &k->fields[at];
    if (!f || f->with_field == SIZE_MAX)
        return S("");
    const struct kind_field *table = &k->fields[f->with_field];
    return arena_printf(c->a, "f.%.*s.%.*s", SF(table->id), SF(table->columns[f->with_column].id));
}

/* [{"or":false,"field":"f.x","with":"","op":"eq","type":"choice","values":["…"]}] */
struct str item_form_when(struct ctx *c, const struct kind *k, const struct cond *cond)
{
    static const char *const ops[] = {[COND_EQ] = "eq",
        [COND_NE] = "ne",
        [COND_LT] = "lt",
        [COND_LE] = "le",
        [COND_GT] = "gt",
        [COND_GE] = "ge",
        [COND_IN] = "in",
        [COND_EMPTY] = "empty",
        [COND_NOT_EMPTY] = "filled"};
    struct buf b;
    struct jw j;
    struct str s;
    if (cond->n == 0)
        return S("");
    buf_init(&b, 0);
    jw_init(&j, &b);
    jw_arr(&j);
    for (size_t i = 0; i < cond->n; i++) {
        const struct cond_term *t = &cond->terms[i];
        jw_obj(&j);
        jw_kbool(&j, "or", t->or_before);
        jw_kstr(&j, "field", arena_printf(c->a, "f.%.*s", SF(t->field)));
        jw_kstr(&j, "with", with_name(c, k, t->field));
        jw_kstr(&j, "op", str_z(ops[t->op]));
        jw_kstr(&j, "type", str_z(field_type_key(t->type)));
        jw_karr(&j, "values");
        for (size_t v = 0; v < t->n_values; v++)
            jw_str(&j, t->values[v]);
        jw_end(&j);
        jw_end(&j);
    }
    jw_end(&j);
    s = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return s;
}

struct making {
    struct ctx *c;
    struct db *db;
    const struct kind *k;
    const struct item_typed *t;
    bool step; /* a step's form: what is chosen now counts */
    struct names names;
};

static enum code pick(
    struct making *m, enum field_type type, int64_t id, struct item_picked *out, struct err *e)
{
    if (type == FIELD_PERSON || type == FIELD_PEOPLE)
        *out = names_pick_person(&m->names, id);
    else if (type == FIELD_UNIT || type == FIELD_UNITS)
        *out = names_pick_unit(&m->names, id);
    else if (type == FIELD_ITEM)
        return item_pick_item(m->c, m->db, id, out, e);
    else if (type == FIELD_FILE)
        return item_pick_file(m->c, m->db, id, out, e);
    else
        return item_pick_document(m->c, m->db, id, out, e);
    return OK;
}

static enum code fill_picked(struct making *m, const struct kind_field *f, const json_t *v,
    struct form_field *o, struct err *e)
{
    size_t n = json_is_array(v) ? json_array_size(v) : json_is_string(v);
    struct err none;
    o->picked = ARENA_ARRAY(m->c->a, struct item_picked, n + 1);
    for (size_t i = 0; i < n; i++) {
        int64_t id;
        if (str_int(json_text(json_is_array(v) ? json_array_get(v, i) : v), &id, &none) != OK)
            continue;
        TRY(pick(m, f->type, id, &o->picked[o->n_picked], e));
        o->n_picked++;
    }
    o->text = jr_str(m->t->texts, arena_z(m->c->a, f->id));
    return OK;
}

static enum code fill_passage(struct making *m, const struct kind_field *f, const json_t *v,
    struct form_field *o, struct err *e)
{
    struct item_picked doc;
    o->text = jr_str(m->t->texts, arena_z(m->c->a, f->id));
    if (!json_is_object(v))
        return OK;
    o->doc = jr_id(v, "doc");
    o->begin = jr_int(v, "begin", 0);
    o->end = jr_int(v, "end", 0);
    o->quote = jr_str(v, "text");
    if (!o->doc)
        return OK;
    TRY(item_pick_document(m->c, m->db, o->doc, &doc, e));
    o->doc_title = doc.text;
    o->doc_link = doc.link;
    return OK;
}

static void add_choices(
    struct ctx *c, const struct kind_field *f, struct str chosen, struct choice **v, size_t *n)
{
    struct choices l = {0};
    choice_add(c, &l, S(""), S(""), chosen.n == 0);
    for (size_t i = 0; i < f->n_choices; i++)
        choice_add(c, &l, f->choices[i], f->choices[i], str_eq(f->choices[i], chosen));
    *v = l.v;
    *n = l.n;
}

/* Chosen from a list as an option is. */
static void add_rules(struct ctx *c, struct str chosen, struct form_field *o)
{
    struct choices l = {0};

    choice_add(c, &l, S(""), S("现有规则查不出"), chosen.n == 0);
    for (size_t i = 0; check_rule_at(i); i++) {
        struct str id = str_z(check_rule_at(i)->id);
        choice_add(c, &l, id, rule_words(c->a, id), str_eq(id, chosen));
    }
    o->choices = l.v;
    o->n_choices = l.n;
    o->type = str_z(field_type_key(FIELD_CHOICE));
}

static enum code fill_cell(struct making *m, const struct kind_field *f,
    const struct kind_field *col, const json_t *row, struct form_cell *o, struct err *e)
{
    struct str v = json_text(json_object_getn(row, col->id.p, col->id.n));
    int64_t id;
    struct err none;
    *o = (struct form_cell){.name = arena_printf(m->c->a, "f.%.*s.%.*s", SF(f->id), SF(col->id)),
        .label = col->name,
        .type = str_z(field_type_key(col->type)),
        .value = v,
        .max = col->max};
    if (col->type == FIELD_CHOICE)
        add_choices(m->c, col, v, &o->choices, &o->n_choices);
    if (col->type >= FIELD_PERSON && col->type <= FIELD_ITEM && v.n) {
        struct item_picked p = {.id = 0};
        if (str_int(v, &id, &none) == OK)
            TRY(pick(m, col->type, id, &p, e));
        o->id = v;
        o->value = p.text;
    }
    return OK;
}

/* Rows that are there and some empty ones: without script as many can be added. */
static enum code fill_table(struct making *m, const struct kind_field *f, const json_t *v,
    struct form_field *o, struct err *e)
{
    size_t n = json_array_size(v), all = n + EMPTY_LINES;
    if (f->max > 0 && all > (size_t)f->max)
        all = (size_t)f->max;
    o->heads = ARENA_ARRAY(m->c->a, struct form_head, f->n_columns + 1);
    for (size_t i = 0; i < f->n_columns; i++)
        o->heads[o->n_heads++] = (struct form_head){f->columns[i].name, f->columns[i].required};
    o->rows = ARENA_ARRAY(m->c->a, struct form_line, all + 1);
    for (size_t r = 0; r < all; r++) {
        struct form_line *line = &o->rows[o->n_rows++];
        line->cells = ARENA_ARRAY(m->c->a, struct form_cell, f->n_columns + 1);
        for (size_t i = 0; i < f->n_columns; i++)
            TRY(fill_cell(m, f, &f->columns[i], r < n ? json_array_get(v, r) : NULL,
                &line->cells[line->n_cells++], e));
    }
    return OK;
}

static struct str cond_value(void *arg, struct str field)
{
    const struct making *m = arg;
    const json_t *v = json_object_getn(m->t->fields, field.p, field.n);
    if (json_is_array(v))
        return json_array_size(v) ? S("有") : S("");
    return json_is_object(v) ? jr_str(v, "text") : json_text(v);
}

/* At a step the code (机关代字) that nobody has chosen yet is suggested. */
static struct str chosen_of(struct making *m, const struct kind_field *f, struct str value)
{
    bool code = m->step && m->k->codes.field != SIZE_MAX && f == &m->k->fields[m->k->codes.field];
    return !value.n && code ? kind_code_suggested(m->k, cond_value, m) : value;
}

static enum code fill(
    struct making *m, const struct kind_field *f, struct form_field *o, struct err *e)
{
    const json_t *v = json_object_getn(m->t->fields, f->id.p, f->id.n);
    *o = (struct form_field){.id = f->id,
        .name = arena_printf(m->c->a, "f.%.*s", SF(f->id)),
        .label = f->name,
        .hint = f->hint,
        .type = str_z(field_type_key(f->type)),
        .required = f->required,
        .max = f->max,
        .when = item_form_when(m->c, m->k, &f->when),
        .when_text = words_cond(m->c, m->k, &f->when),
        .shown = cond_holds(&f->when, cond_value, m),
        .pick = str_z(pick_of[f->type]),
        .many = f->type == FIELD_PEOPLE || f->type == FIELD_UNITS || f->type == FIELD_FILE,
        .wide = f->type == FIELD_LONGTEXT || f->type == FIELD_TABLE || f->type == FIELD_PASSAGE ||
                f->type == FIELD_UNITS || f->type == FIELD_FILE,
        .problem = str_eq(m->t->at, f->id) ? m->t->problem : S("")};
    if (f->type == FIELD_CHOICE)
        add_choices(m->c, f, chosen_of(m, f, json_text(v)), &o->choices, &o->n_choices);
    if (f->type == FIELD_RULE)
        add_rules(m->c, json_text(v), o);
    if (f->type == FIELD_PASSAGE)
        return fill_passage(m, f, v, o, e);
    if (f->type == FIELD_TABLE)
        return fill_table(m, f, v, o, e);
    if (f->type >= FIELD_PERSON)
        return fill_picked(m, f, v, o, e);
    o->value = json_text(v);
    if (f->type == FIELD_DATETIME && o->value.n > 10)
        o->value = arena_printf(m->c->a, "%.*sT%.*s", SF(str_sub(o->value, 0, 10)),
            SF(str_sub(o->value, 11, o->value.n)));
    o->lines = f->type == FIELD_LONGTEXT ? f->max > 0 && f->max <= 400 ? 2 : FORM_FIELD_LINES : 1;
    return OK;
}

static bool wanted(const struct item_which *w, size_t i)
{
    bool in = !w->only;
    for (size_t k = 0; w->only && k < w->n_only; k++)
        in = in || w->only[k] == i;
    return in && !(w->hidden && w->hidden[i]);
}

enum code item_form_rows(struct ctx *c, struct db *db, const struct kind *k,
    const struct item_typed *t, struct item_which which, struct form_field **out, size_t *n,
    struct err *e)
{
    struct making m = {
        .c = c, .db = db, .k = k, .t = t, .step = which.only != NULL, .names = {.c = c}};
    struct form_field *v = ARENA_ARRAY(c->a, struct form_field, k->n_fields + 1);
    size_t got = 0;
    names_want_fields(&m.names, k, t->fields);
    TRY(names_load(&m.names, db, e));
    for (size_t i = 0; i < k->n_fields; i++) {
        if (!wanted(&which, i))
            continue;
        TRY(fill(&m, &k->fields[i], &v[got++], e));
    }
    *out = v;
    *n = got;
    return OK;
}
