#include "web/names.h"

void names_want(struct names *n, int64_t person)
{
    if (person <= 0)
        return;
    for (size_t i = 0; i < n->n_want; i++)
        if (n->want[i] == person)
            return;
    ARENA_PUSH(n->c->a, n->want, n->n_want, n->cap_want) = person;
}

static void want_ids(struct names *n, const json_t *v)
{
    struct err none;
    int64_t id;
    size_t i;
    const json_t *one;
    if (json_is_string(v) && str_int(str_z(json_string_value(v)), &id, &none) == OK)
        names_want(n, id);
    json_array_foreach(v, i,
        one) if (json_is_string(one) && str_int(str_z(json_string_value(one)), &id, &none) == OK)
        names_want(n, id);
}

static void want_value(struct names *n, const struct kind_field *f, const json_t *v)
{
    if (f->type == FIELD_PERSON || f->type == FIELD_PEOPLE)
        want_ids(n, v);
    if (f->type == FIELD_UNIT || f->type == FIELD_UNITS)
        n->want_units = true;
}

void names_want_fields(struct names *n, const struct kind *k, const json_t *fields)
{
    for (size_t i = 0; i < k->n_fields; i++) {
        const struct kind_field *f = &k->fields[i];
        const json_t *v = json_object_getn(fields, f->id.p, f->id.n), *row;
        size_t r;
        if (!v)
            continue;
        want_value(n, f, v);
        if (f->type == FIELD_TABLE)
            json_array_foreach(v, r, row) for (size_t j = 0; j < f->n_columns; j++) want_value(
                n, &f->columns[j], json_object_getn(row, f->columns[j].id.p, f->columns[j].id.n));
    }
}

enum code names_load(struct names *n, struct db *db, struct err *e)
{
    if (n->n_want)
        TRY(person_names(db, n->c->a, n->want, n->n_want, &n->people, &n->n_people, e));
    if (n->want_units)
        TRY(unit_list(db, n->c->a, true, &n->units, &n->n_units, e));
    return OK;
}

static const struct person_name *find(const struct names *n, int64_t id)
{
    for (size_t i = 0; i < n->n_people; i++)
        if (n->people[i].id == id)
            return &n->people[i];
    return NULL;
}

struct str names_person(const struct names *n, int64_t id)
{
    const struct person_name *p = find(n, id);
    return p ? p->name : id ? S("（已不在的人员）") : S("系统");
}

struct item_picked names_pick_person(const struct names *n, int64_t id)
{
    const struct person_name *p = find(n, id);
    return (struct item_picked){
        .id = id, .text = p ? p->name : S("（已不在的人员）"), .note = p ? p->unit : S("")};
}

struct item_picked names_pick_unit(const struct names *n, int64_t id)
{
    for (size_t i = 0; i < n->n_units; i++)
        if (n->units[i].id == id)
            return (struct item_picked){.id = id, .text = n->units[i].short_name};
    return (struct item_picked){.id = id, .text = S("（已不在的单位）")};
}
