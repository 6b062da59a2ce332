#include "office/item_offer.h"

#include "base/json.h"
#include "office/manuscript.h"
#include "office/person.h"

enum { LAST_LOOKED = 20 }; /* matters before; of an older one the figure is of no use */

struct offering {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    const struct item_view *v;
    struct item_page before; /* read once */
    bool read;
    json_t *out;
};

static bool has(const json_t *fields, struct str id)
{
    return json_object_getn(fields, id.p, id.n) != NULL;
}

/* Somebody who has left is offered to nobody. */
static enum code still_here(
    struct offering *o, const struct kind_field *f, const json_t *value, bool *yes, struct err *e)
{
    struct person p;
    struct err none;
    int64_t id;

    *yes = true;
    if (f->type != FIELD_PERSON)
        return OK;
    *yes = json_is_string(value) && str_int(str_z(json_string_value(value)), &id, &none) == OK;
    if (!*yes)
        return OK;
    enum code c = person_get(o->db, o->a, id, &p, e);
    *yes = c == OK && p.active;
    return c == E_NOTFOUND ? OK : c;
}

static enum code read_before(struct offering *o, struct err *e)
{
    struct item_filter f = {.kind = o->v->k->id,
        .unit = o->v->it.unit,
        .uncounted = true,
        .sort = SORT_OPENED,
        .descending = true};

    if (o->read)
        return OK;
    o->read = true;
    return item_list(o->db, o->a, o->by, &f, LAST_LOOKED, &o->before, e);
}

static enum code offer_last(struct offering *o, const struct kind_field *f, struct err *e)
{
    TRY(read_before(o, e));
    for (size_t i = 0; i < o->before.n && !has(o->out, f->id); i++) {
        const struct item *it = &o->before.items[i];
        struct err none;
        json_t *fields = NULL, *value;
        bool here = false;
        if (it->id == o->v->it.id || it->unit != o->v->it.unit ||
            jr_parse(it->fields.n ? it->fields : S("{}"), &fields, &none) != OK)
            continue;
        value = json_object_getn(fields, f->id.p, f->id.n);
        enum code c = value ? still_here(o, f, value, &here, e) : OK;
        if (c == OK && value && here)
            json_object_setn(o->out, f->id.p, f->id.n, value);
        json_decref(fields);
        TRY(c);
    }
    return OK;
}

static enum code offer_chars(struct offering *o, const struct kind_field *f, struct err *e)
{
    struct manuscript *m = NULL;
    size_t n = 0;

    TRY(manuscript_of_item(o->db, o->a, o->by, o->v->it.id, &m, &n, e));
    if (n) {
        struct str s = arena_printf(o->a, "%lld", (long long)m[n - 1].chars);
        json_object_setn_new(o->out, f->id.p, f->id.n, json_stringn(s.p, s.n));
    }
    return OK;
}

static enum code offer_all(struct offering *o, const size_t *which, size_t n, struct err *e)
{
    json_t *fields = NULL;
    enum code c = jr_parse(o->v->it.fields.n ? o->v->it.fields : S("{}"), &fields, e);

    for (size_t i = 0; c == OK && i < n; i++) {
        const struct kind_field *f = &o->v->k->fields[which[i]];
        if (f->offer == OFFER_NOTHING || has(fields, f->id) ||
            (o->v->hidden && o->v->hidden[which[i]]))
            continue;
        c = f->offer == OFFER_LAST ? offer_last(o, f, e) : offer_chars(o, f, e);
    }
    json_decref(fields);
    return c;
}

enum code item_offer(struct db *db, struct arena *a, const struct actor *by,
    const struct item_view *v, const size_t *which, size_t n, json_t **out, struct err *e)
{
    struct offering o = {.db = db, .a = a, .by = by, .v = v, .out = json_object()};
    enum code c = offer_all(&o, which, n, e);

    if (c == OK)
        *out = o.out;
    else
        json_decref(o.out);
    return c;
}
