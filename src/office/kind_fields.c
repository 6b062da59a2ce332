/* kind_fields.c - the fields of a kind and the columns of its tables. */
#include "office/kind_int.h"

enum { TEXT_CP_MOST = 200000, COLUMNS_MAX = 20 };

static const struct {
    const char *key, *name;
} field_types[N_FIELD_TYPE] = {
    [FIELD_TEXT] = {"text", "文本"},
    [FIELD_LONGTEXT] = {"longtext", "长文本"},
    [FIELD_NUMBER] = {"number", "数字"},
    [FIELD_DATE] = {"date", "日期"},
    [FIELD_DATETIME] = {"datetime", "时间"},
    [FIELD_CHOICE] = {"choice", "选项"},
    [FIELD_RULE] = {"rule", "审校规则"},
    [FIELD_PERSON] = {"person", "人员"},
    [FIELD_PEOPLE] = {"people", "多名人员"},
    [FIELD_UNIT] = {"unit", "单位"},
    [FIELD_UNITS] = {"units", "多个单位"},
    [FIELD_DOCUMENT] = {"document", "资料"},
    [FIELD_PASSAGE] = {"passage", "资料中的一段"},
    [FIELD_ITEM] = {"item", "事项"},
    [FIELD_FILE] = {"file", "附件"},
    [FIELD_TABLE] = {"table", "表格"},
};

const char *field_type_name(enum field_type t)
{
    return t > 0 && t < N_FIELD_TYPE ? field_types[t].name : "";
}

const char *field_type_key(enum field_type t)
{
    return t > 0 && t < N_FIELD_TYPE ? field_types[t].key : "";
}

bool field_of_people(enum field_type t)
{
    return t == FIELD_PERSON || t == FIELD_PEOPLE;
}

bool field_of_units(enum field_type t)
{
    return t == FIELD_UNIT || t == FIELD_UNITS;
}

static enum code read_type(const struct yaml *map, enum field_type *out, struct err *e)
{
    const char *words[N_FIELD_TYPE] = {0};
    const struct yaml *n;
    int at;

    for (enum field_type t = FIELD_TEXT; t < N_FIELD_TYPE; t++)
        words[t - FIELD_TEXT] = field_types[t].key;
    TRY(read_need(map, "type", &n, e));
    TRY(yaml_word(n, words, &at, e));
    *out = (enum field_type)(at + FIELD_TEXT);
    return OK;
}

/* How many characters, rows or members; the limit of the type. */
static int64_t most_of(enum field_type t, bool dflt)
{
    switch (t) {
    case FIELD_TEXT:
        return dflt ? FIELD_TEXT_CP : TEXT_CP_MOST;
    case FIELD_LONGTEXT:
        return dflt ? FIELD_LONGTEXT_CP : TEXT_CP_MOST;
    case FIELD_PEOPLE:
    case FIELD_UNITS:
    case FIELD_TABLE:
        return FIELD_MANY;
    case FIELD_FILE:
        return FIELD_FILES;
    case FIELD_NUMBER:
    case FIELD_DATE:
    case FIELD_DATETIME:
    case FIELD_CHOICE:
    case FIELD_RULE:
    case FIELD_PERSON:
    case FIELD_UNIT:
    case FIELD_DOCUMENT:
    case FIELD_PASSAGE:
    case FIELD_ITEM:
    case N_FIELD_TYPE:
        break;
    }
    return 0;
}

static enum code read_max(const struct yaml *map, struct kind_field *f, struct err *e)
{
    const struct yaml *n = yaml_get(map, "max");

    f->max = most_of(f->type, true);
    if (!n)
        return OK;
    if (f->max == 0)
        return yaml_fail(n, e, "%s字段“%.*s”不写“max”", field_type_name(f->type), SF(f->id));
    return yaml_int(n, 1, most_of(f->type, false), &f->max, e);
}

static enum code read_choices(
    struct kind_reading *r, const struct yaml *map, struct kind_field *f, struct err *e)
{
    const struct yaml *n = yaml_get(map, "of");

    if (f->type != FIELD_CHOICE)
        return n ? yaml_fail(n, e, "只有 choice 字段写“of”，“%.*s”是%s", SF(f->id),
                       field_type_name(f->type))
                 : OK;
    if (!n)
        return yaml_fail(map, e, "选项字段“%.*s”缺少“of”（可选的各项）", SF(f->id));
    TRY(yaml_expect(n, YAML_LIST, e));
    TRY(read_words(r->a, n, "选项", KIND_CHOICES_MAX, &f->choices, &f->n_choices, e));
    return f->n_choices ? OK : yaml_fail(n, e, "选项字段“%.*s”没有一个选项", SF(f->id));
}

static enum code check_field_id(
    const struct yaml *n, struct str id, const struct kind_field *v, size_t so_far, struct err *e)
{
    /* what every item has by itself, and the ledger's columns */
    static const char *const own[] = {"title", "urgency", "level", "number", "state", "light",
        "owner", "unit", "opened", "closed", NULL};

    for (size_t i = 0; own[i]; i++)
        if (str_eq(id, str_z(own[i])))
            return yaml_fail(n, e, "字段不能叫“%.*s”，每个事项本来就有它", SF(id));
    for (size_t i = 0; i < so_far; i++)
        if (str_eq(v[i].id, id))
            return yaml_fail(n, e, "字段“%.*s”重复，第%d行已有", SF(id), v[i].line);
    return OK;
}

/* What another matter had, or what the text says, can stand only where it is one line or one of a list. */
static enum code read_offer(const struct yaml *map, struct kind_field *f, struct err *e)
{
    static const char *const words[] = {"last", "chars", NULL};
    const struct yaml *n = yaml_get(map, "offer");
    int at;

    if (!n)
        return OK;
    TRY(yaml_word(n, words, &at, e));
    f->offer = at == 0 ? OFFER_LAST : OFFER_CHARS;
    if (f->offer == OFFER_CHARS && f->type != FIELD_NUMBER)
        return yaml_fail(n, e, "“offer: chars”填的是字数，“%.*s”应是 number", SF(f->id));
    if (f->type == FIELD_TABLE || f->type == FIELD_FILE || f->type == FIELD_PASSAGE)
        return yaml_fail(n, e, "%s字段“%.*s”不写“offer”", field_type_name(f->type), SF(f->id));
    return OK;
}

/* Who is only addressed (主送、抄送) has no part in the matter before it reaches him. */
static enum code read_grant(const struct yaml *map, struct kind_field *f, struct err *e)
{
    static const char *const words[] = {"asked", NULL};
    const struct yaml *n = yaml_get(map, "grant");
    int at;

    if (!n)
        return OK;
    TRY(yaml_word(n, words, &at, e));
    f->addressed = true;
    if (!field_of_people(f->type) && !field_of_units(f->type))
        return yaml_fail(
            n, e, "只有人员和单位字段写“grant”，“%.*s”是%s", SF(f->id), field_type_name(f->type));
    return OK;
}

static enum code read_columns(
    struct kind_reading *r, const struct yaml *map, struct kind_field *f, struct err *e);

/* What fields and columns share. */
/* NOLINTNEXTLINE(misc-no-recursion): a column is no table */
static enum code read_one_field(struct kind_reading *r, const struct yaml *map, bool column,
    struct kind_field *f, struct err *e)
{
    static const char *const keys[] = {"id", "name", "type", "required", "max", "of", "columns",
        "when", "see", "hint", "offer", "with", "grant", NULL};
    static const char *const column_keys[] = {
        "id", "name", "type", "required", "max", "of", "hint", NULL};
    const struct yaml *n;

    TRY(yaml_keys(map, column ? column_keys : keys, e));
    f->line = map->line;
    f->with_field = f->with_column = SIZE_MAX;
    TRY(read_need(map, "id", &n, e));
    TRY(read_id(n, &f->id, e));
    TRY(read_need(map, "name", &n, e));
    TRY(read_line(n, KIND_NAME_CP_MAX, &f->name, e));
    TRY(read_type(map, &f->type, e));
    TRY(read_flag(map, "required", &f->required, e));
    TRY(read_line(yaml_get(map, "hint"), KIND_TEXT_CP_MAX, &f->hint, e));
    TRY(read_max(map, f, e));
    TRY(read_choices(r, map, f, e));
    TRY(read_offer(map, f, e));
    TRY(read_grant(map, f, e));
    return column ? OK : read_columns(r, map, f, e);
}

/* NOLINTNEXTLINE(misc-no-recursion): a column is no table */
static enum code read_columns(
    struct kind_reading *r, const struct yaml *map, struct kind_field *f, struct err *e)
{
    const struct yaml *n = yaml_get(map, "columns");

    if (f->type != FIELD_TABLE)
        return n ? yaml_fail(n, e, "只有 table 字段写“columns”，“%.*s”是%s", SF(f->id),
                       field_type_name(f->type))
                 : OK;
    if (!n)
        return yaml_fail(map, e, "表格字段“%.*s”缺少“columns”", SF(f->id));
    TRY(yaml_expect(n, YAML_LIST, e));
    if (n->n < 1 || n->n > COLUMNS_MAX)
        return yaml_fail(n, e, "表格字段“%.*s”应有1到%d列", SF(f->id), COLUMNS_MAX);
    f->columns = ARENA_ARRAY(r->a, struct kind_field, (size_t)n->n);
    for (const struct yaml *m = n->first; m; m = m->next) {
        struct kind_field *col = &f->columns[f->n_columns];
        TRY(read_one_field(r, m, true, col, e));
        for (size_t i = 0; i < f->n_columns; i++)
            if (str_eq(f->columns[i].id, col->id))
                return yaml_fail(m, e, "表格的列“%.*s”重复", SF(col->id));
        switch (col->type) {
        case FIELD_TEXT:
        case FIELD_LONGTEXT:
        case FIELD_NUMBER:
        case FIELD_DATE:
        case FIELD_CHOICE:
        case FIELD_PERSON:
        case FIELD_UNIT:
            break;
        case FIELD_RULE:
        case FIELD_DATETIME:
        case FIELD_PEOPLE:
        case FIELD_UNITS:
        case FIELD_DOCUMENT:
        case FIELD_PASSAGE:
        case FIELD_ITEM:
        case FIELD_FILE:
        case FIELD_TABLE:
        case N_FIELD_TYPE:
            return yaml_fail(
                m, e, "表格的列“%.*s”不能是%s", SF(col->id), field_type_name(col->type));
        }
        f->n_columns++;
    }
    return OK;
}

/* with: parts.who - a column of a table of the kind, persons for persons, units for units. */
static enum code read_with(
    const struct kind *k, const struct yaml *n, struct kind_field *f, struct err *e)
{
    struct str table, column;

    TRY(yaml_expect(n, YAML_SCALAR, e));
    size_t at = str_cut(n->text, S("."), &table, &column) ? kind_field_of(k, table) : SIZE_MAX;
    for (size_t i = 0; at != SIZE_MAX && i < k->fields[at].n_columns; i++) {
        const struct kind_field *c = &k->fields[at].columns[i];
        if (!str_eq(c->id, column))
            continue;
        if (!(f->type == FIELD_PEOPLE && c->type == FIELD_PERSON) &&
            !(f->type == FIELD_UNITS && c->type == FIELD_UNIT))
            break;
        f->with_field = at;
        f->with_column = i;
        return OK;
    }
    return yaml_fail(
        n, e, "“%.*s”的“with”要写表格的一列，如 parts.who，人员对人员、单位对单位", SF(f->id));
}

static enum code read_all_with(struct kind_reading *r, struct err *e)
{
    size_t i = 0;

    for (const struct yaml *m = yaml_get(r->root, "fields")->first; m; m = m->next, i++)
        if (yaml_get(m, "with"))
            TRY(read_with(r->k, yaml_get(m, "with"), &r->k->fields[i], e));
    return OK;
}

enum code read_fields(struct kind_reading *r, struct err *e)
{
    struct kind *k = r->k;
    const struct yaml *n;

    TRY(read_need(r->root, "fields", &n, e));
    TRY(yaml_expect(n, YAML_LIST, e));
    if (n->n < 1)
        return yaml_fail(n, e, "一个字段也没有");
    if (n->n > KIND_FIELDS_MAX)
        return yaml_fail(n, e, "字段有%d个，最多%d个", n->n, KIND_FIELDS_MAX);
    k->fields = ARENA_ARRAY(r->a, struct kind_field, (size_t)n->n);
    for (const struct yaml *m = n->first; m; m = m->next) {
        struct kind_field *f = &k->fields[k->n_fields];
        TRY(read_one_field(r, m, false, f, e));
        TRY(check_field_id(m, f->id, k->fields, k->n_fields, e));
        k->n_fields++;
        if (yaml_get(m, "when"))
            TRY(read_cond(r, yaml_get(m, "when"), k->n_fields - 1, &f->when, e));
    }
    return read_all_with(r, e);
}

enum code read_field_see(struct kind_reading *r, struct err *e)
{
    size_t i = 0;

    for (const struct yaml *m = yaml_get(r->root, "fields")->first; m; m = m->next, i++)
        if (yaml_get(m, "see"))
            TRY(read_who(r, yaml_get(m, "see"), &r->k->fields[i].see, e));
    return OK;
}
