/* What is read of an item besides itself: judged here, and with what is hidden from the reader taken out. */
#include <stdlib.h>

#include "office/item_int.h"

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

enum code item_event_list(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    int64_t after, size_t limit, struct item_event **out, size_t *n, struct err *e)
{
    struct work w;
    struct item_event *v;
    size_t k;
    TRY(work_begin(&w, db, a, by, item, WORK_ANY, e));
    TRY(event_rows(db, a, item, after, limit, &v, &k, e));
    for (size_t i = 0; hides(&w) && i < k; i++)
        TRY(hide(&w, &v[i], e));
    *out = v;
    *n = k;
    return OK;
}
