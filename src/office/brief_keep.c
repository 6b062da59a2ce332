/* A sheet as it is kept: JSON. */
#include "office/brief_int.h"

static void write_line(struct jw *j, const struct brief_line *l)
{
    jw_obj(j);
    jw_kid(j, "item", l->item);
    jw_kid(j, "doc", l->doc);
    jw_kbool(j, "secret", l->secret);
    jw_kbool(j, "late", l->late);
    jw_kstr(j, "title", l->title);
    jw_kstr(j, "who", l->who);
    jw_kstr(j, "when", l->when);
    jw_end(j);
}

void brief_write(struct buf *b, const struct brief *v)
{
    struct jw j;
    jw_init(&j, b);
    jw_obj(&j);
    jw_kstr(&j, "name", v->name);
    jw_kstr(&j, "day_text", v->day_text);
    jw_kstr(&j, "note", v->note);
    jw_kstr(&j, "note_by", v->note_by);
    jw_kobj(&j, "parts");
    for (int p = 0; p < N_BRIEF_PART; p++) {
        const struct brief_section *s = &v->part[p];
        jw_kobj(&j, brief_part_key((enum brief_part)p));
        jw_kint(&j, "shown", (int64_t)s->shown);
        jw_kbool(&j, "more", s->more);
        jw_karr(&j, "lines");
        for (size_t i = 0; i < s->n; i++)
            write_line(&j, &s->lines[i]);
        jw_end(&j);
        jw_end(&j);
    }
    jw_end(&j);
    jw_end(&j);
}

static void read_part(struct arena *a, const json_t *o, struct brief_section *s)
{
    const json_t *lines = json_object_get(o, "lines");
    size_t n = json_array_size(lines);
    s->lines = ARENA_ARRAY(a, struct brief_line, n + 1);
    s->shown = (size_t)jr_int(o, "shown", 0);
    s->more = jr_bool(o, "more", false);
    for (size_t i = 0; i < n; i++) {
        const json_t *l = json_array_get(lines, i);
        s->lines[s->n++] = (struct brief_line){.item = jr_id(l, "item"),
            .doc = jr_id(l, "doc"),
            .secret = jr_bool(l, "secret", false),
            .late = jr_bool(l, "late", false),
            .title = arena_str(a, jr_str(l, "title")),
            .who = arena_str(a, jr_str(l, "who")),
            .when = arena_str(a, jr_str(l, "when"))};
    }
    s->shown = s->shown < s->n ? s->shown : s->n;
}

enum code brief_parse(struct arena *a, struct str text, struct brief *out, struct err *e)
{
    json_t *o;
    TRY(jr_parse(text, &o, e));
    const json_t *kept = json_object_get(o, "parts");
    out->name = arena_str(a, jr_str(o, "name"));
    out->day_text = arena_str(a, jr_str(o, "day_text"));
    out->note = arena_str(a, jr_str(o, "note"));
    out->note_by = arena_str(a, jr_str(o, "note_by"));
    for (int p = 0; p < N_BRIEF_PART; p++)
        read_part(a, json_object_get(kept, brief_part_key((enum brief_part)p)), &out->part[p]);
    json_decref(o);
    return OK;
}
