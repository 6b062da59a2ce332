/* What is read of an item besides itself: judged here, and with what is hidden from the reader taken out. */
#include <stdlib.h>

#include "base/id.h"
#include "office/item_int.h"
#include "office/many.h"

/* ---- events ---- */

/* The fields that were set, without those that are hidden. */
static bool hide_set(const struct work *w, json_t *payload)
{
    json_t *set = json_object_get(payload, "set");
    bool hidden = false;
    for (size_t i = 0; json_is_object(set) && i < w->k->n_fields; i++) {
        const struct kind_field *f = &w->k->fields[i];
        if (json_object_getn(set, f->id.p, f->id.n) && !work_reads(w, f))
            hidden = json_object_deln(set, f->id.p, f->id.n) == 0 || hidden;
    }
    return hidden;
}

static bool hides(const struct work *w)
{
    for (size_t i = 0; i < w->k->n_fields; i++)
        if (!work_reads(w, &w->k->fields[i]))
            return true;
    return false;
}

static enum code hide(const struct work *w, struct item_event *ev, struct err *e)
{
    json_t *payload;
    if (ev->erased || !ev->payload.n)
        return OK;
    TRY(jr_parse(ev->payload, &payload, e));
    if (hide_set(w, payload)) {
        char *z = json_dumps(payload, JSON_COMPACT);
        ev->payload = arena_str(w->a, z ? str_z(z) : S("{}"));
        free(z);
    }
    json_decref(payload);
    return OK;
}

/* ---- events of asks ---- */

static bool sees_ask(const struct work *w, const bool *seen, int64_t id)
{
    for (size_t i = 0; i < w->n_asks; i++)
        if (w->asks[i].id == id)
            return seen[i];
    return false;
}

/* Of a list of asks what the reader sees; false: nothing. */
static bool keep_asks(const struct work *w, const bool *seen, json_t *list)
{
    for (size_t i = json_array_size(list); i-- > 0;) {
        const char *z = json_string_value(json_array_get(list, i));
        int64_t id = 0;
        struct err none;
        if (!z || id_parse(str_z(z), &id, &none) != OK || !sees_ask(w, seen, id))
            json_array_remove(list, i);
    }
    return json_array_size(list) > 0;
}

/* Of those an event asked. */
static bool keep_asked(const struct work *w, const bool *seen, int64_t seq, json_t *list)
{
    for (size_t i = json_array_size(list); i-- > 0;) {
        const json_t *one = json_array_get(list, i);
        int64_t unit = jr_id(one, "unit"), person = jr_id(one, "person");
        bool keep = false;
        for (size_t k = 0; k < w->n_asks; k++) {
            const struct ask *a = &w->asks[k];
            keep = keep || (seen[k] && a->made == seq &&
                               a->to == (a->to_kind == PRINCIPAL_UNIT ? unit : person));
        }
        if (!keep)
            json_array_remove(list, i);
    }
    return json_array_size(list) > 0;
}

/* What whoever is only asked reads of it; false: nothing. A step that an answer made is known, not who answered what. */
static bool keep_event(
    const struct work *w, const bool *seen, const struct item_event *ev, json_t *payload)
{
    json_t *asks = json_object_get(payload, "asks"), *to = json_object_get(payload, "to");
    if (json_is_array(asks))
        return keep_asks(w, seen, asks);
    if (json_is_array(to) && str_eq(ev->verb, S("ask")))
        return keep_asked(w, seen, ev->seq, to);
    if (!jr_id(payload, "ask") || sees_ask(w, seen, jr_id(payload, "ask")))
        return true;
    if (!json_object_get(payload, "move"))
        return false;
    (void)json_object_del(payload, "ask");
    (void)json_object_del(payload, "word");
    (void)json_object_del(payload, "text");
    (void)json_object_del(payload, "files");
    return true;
}

/* The payload as it is now; it ends. */
static struct str written(struct arena *a, json_t *payload)
{
    char *z = json_dumps(payload, JSON_COMPACT);
    struct str s = arena_str(a, z ? str_z(z) : S("{}"));
    free(z);
    json_decref(payload);
    return s;
}

static enum code keep_branch(const struct work *w, struct item_event *v, size_t *n, struct err *e)
{
    const bool *seen = asks_seen(w);
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++) {
        json_t *payload = NULL;
        bool keep = true;
        if (!v[i].erased && v[i].payload.n) {
            TRY(jr_parse(v[i].payload, &payload, e));
            keep = keep_event(w, seen, &v[i], payload);
            v[i].payload = written(w->a, payload);
        }
        if (keep)
            v[kept++] = v[i];
    }
    *n = kept;
    return OK;
}

/* ---- events of slips ---- */

static bool acts_for_unit(const struct work *w, int64_t unit)
{
    return unit && work_acts_for(w, PRINCIPAL_UNIT, unit);
}

/* Whom a slip urges is told to him, not to the others who were asked (slip.h). */
static bool keep_slip(const struct work *w, json_t *payload)
{
    json_t *list = json_object_get(payload, "slips");
    if (!json_is_array(list))
        return acts_for_unit(w, jr_id(payload, "unit"));
    for (size_t i = json_array_size(list); i-- > 0;)
        if (!acts_for_unit(w, jr_id(json_array_get(list, i), "unit")))
            json_array_remove(list, i);
    return json_array_size(list) > 0;
}

static enum code keep_slips(const struct work *w, struct item_event *v, size_t *n, struct err *e)
{
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++) {
        bool keep = true;
        if ((str_eq(v[i].verb, S("slip")) || str_eq(v[i].verb, S("unslip"))) && !v[i].erased) {
            json_t *payload;
            TRY(jr_parse(v[i].payload, &payload, e));
            keep = keep_slip(w, payload);
            v[i].payload = written(w->a, payload);
        }
        if (keep)
            v[kept++] = v[i];
    }
    *n = kept;
    return OK;
}

enum code item_event_list(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    int64_t after, size_t limit, struct item_event **out, size_t *n, struct err *e)
{
    struct work w;
    struct item_event *v;
    size_t k;
    TRY(work_begin(&w, db, a, by, item, e));
    TRY(event_rows(db, a, item, after, limit, &v, &k, e));
    for (size_t i = 0; hides(&w) && i < k; i++)
        TRY(hide(&w, &v[i], e));
    if (!work_sees_whole(&w))
        TRY(keep_branch(&w, v, &k, e));
    if (!seats_see_whole(by, w.seat, w.n_seats, &w.it))
        TRY(keep_slips(&w, v, &k, e));
    *out = v;
    *n = k;
    return OK;
}

enum code item_labels(struct db *db, struct arena *a, const int64_t *ids, size_t n,
    struct item_label **out, size_t *n_out, struct err *e)
{
    struct item_label *v = ARENA_ARRAY(a, struct item_label, MANY);
    struct stmt *q = db_sql(db, "SELECT id, kind, number FROM item WHERE id IN (" MANY_IDS ")");
    size_t k = 0;
    many_bind(q, 1, ids, n);
    while (stmt_step(q) && k < MANY)
        v[k++] = (struct item_label){.id = stmt_int(q, 0),
            .kind = arena_str(a, stmt_str(q, 1)),
            .number = arena_str(a, stmt_str(q, 2))};
    *out = v;
    *n_out = k;
    return stmt_end(q, e);
}
