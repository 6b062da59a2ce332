#include "office/speech.h"

#include <stdlib.h>

#include "base/json.h"
#include "office/person.h"

/* Forms send figures as text. */
static double number_of(const json_t *fields, const char *id)
{
    const json_t *v = json_object_get(fields, id);
    return json_is_string(v) ? strtod(json_string_value(v), NULL) : json_number_value(v);
}

static void read_writers(struct arena *a, const json_t *f, struct speech *out)
{
    const json_t *v = json_object_get(f, "writers");
    struct err none;

    out->writers = ARENA_ARRAY(a, int64_t, json_array_size(v) + 1);
    for (size_t i = 0; i < json_array_size(v); i++) {
        const char *id = json_string_value(json_array_get(v, i));
        if (id && str_int(str_z(id), &out->writers[out->n_writers], &none) == OK)
            out->n_writers++;
    }
}

void speech_read(struct arena *a, struct str fields, struct speech *out)
{
    struct err none;
    json_t *f = NULL;
    *out = (struct speech){.item = 0};
    if (jr_parse(fields.n ? fields : S("{}"), &f, &none) != OK)
        return;
    out->speaker = jr_id(f, "speaker");
    out->occasion = arena_str(a, jr_str(f, "occasion"));
    out->at = arena_str(a, jr_str(f, "at"));
    out->audience = arena_str(a, jr_str(f, "audience"));
    out->minutes = number_of(f, "minutes");
    out->said = number_of(f, "said");
    out->chars = number_of(f, "chars");
    read_writers(a, f, out);
    json_decref(f);
}

bool speech_to_write(const struct item *it, const struct speech *s, int64_t person)
{
    if (it->closed_ms || str_eq(it->state, S("final")))
        return false;
    for (size_t i = 0; i < s->n_writers; i++)
        if (s->writers[i] == person)
            return true;
    return it->owner == person;
}

enum code speech_of(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct speech *out, struct err *e)
{
    struct item it = {.id = 0};
    struct person_name *who = NULL;
    size_t n = 0;
    *out = (struct speech){.item = 0};
    if (!item)
        return OK;
    enum code code = item_get(db, a, by, item, &it, e);
    if (code == E_NOTFOUND || code == E_DENIED) /* who writes a part may not see the task */
        return OK;
    TRY(code);
    if (!str_eq(it.kind, S("speech")))
        return OK;
    speech_read(a, it.fields, out);
    out->item = it.id;
    TRY(person_names(db, a, &out->speaker, 1, &who, &n, e));
    out->speaker_name = n ? who[0].name : S("");
    TRY(pace_of(db, a, by, out->speaker, &out->pace, e));
    out->words = pace_words(&out->pace, out->minutes);
    return OK;
}
