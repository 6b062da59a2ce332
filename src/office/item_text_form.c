/* item_text_form.c - what goes with the text when it is sent: title, urgency, and the fields that no move fills in. */
#include "base/sm3.h"
#include "office/item_file.h"
#include "office/item_int.h"
#include "office/item_text.h"

/* A file is its name and its bytes: its id says nothing to who reads the digest a year later. Whoever acts, all of them count. */
static enum code file_names(struct work *w, size_t field, json_t *into, struct err *e)
{
    struct item_file *v = NULL;
    size_t n = 0;
    json_t *list = json_array();
    (void)json_object_setn_new(into, w->k->fields[field].id.p, w->k->fields[field].id.n, list);
    TRY(file_of_field(w, field, &v, &n, e));
    for (size_t i = 0; i < n; i++) {
        (void)json_array_append_new(list, json_stringn(v[i].name.p, v[i].name.n));
        (void)json_array_append_new(list, json_stringn(v[i].blob.p, v[i].blob.n));
    }
    return OK;
}

static enum code gather(struct work *w, json_t *into, struct err *e)
{
    for (size_t i = 0; i < w->k->n_fields; i++) {
        const struct kind_field *f = &w->k->fields[i];
        json_t *v = json_object_getn(w->fields, f->id.p, f->id.n);
        if (f->at_move || !v)
            continue;
        if (f->type == FIELD_FILE)
            TRY(file_names(w, i, into, e));
        else
            (void)json_object_setn(into, f->id.p, f->id.n, v);
    }
    return OK;
}

enum code text_form(struct work *w, struct str *digest, struct err *e)
{
    char hex[SM3_HEX + 1];
    json_t *fields = json_object();
    json_t *all = json_object();
    (void)json_object_set_new(all, "title", json_stringn(w->it.title.p, w->it.title.n));
    (void)json_object_set_new(all, "urgency", json_integer(w->it.urgency));
    (void)json_object_set_new(all, "fields", fields);
    enum code c = gather(w, fields, e);
    char *z = c == OK ? json_dumps(all, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_decref(all);
    if (c == OK && !z)
        return FAIL(e, E_BUG, "内存不足");
    TRY(c);
    struct digest d = sm3(str_z(z));
    free(z);
    *digest = arena_str(w->a, digest_hex(&d, hex));
    return OK;
}

/* What of it was changed by this event; empty: nothing. */
static enum code changed_name(struct work *w, struct str *name, struct err *e)
{
    json_t *was;
    *name = S("");
    if (!str_eq(w->it.title, w->was.title) && w->k->title == SIZE_MAX)
        *name = S("标题");
    if (w->it.urgency != w->was.urgency)
        *name = S("紧急程度");
    if (str_eq(w->it.fields, w->was.fields))
        return OK;
    TRY(jr_parse(w->was.fields, &was, e));
    for (size_t i = 0; i < w->k->n_fields; i++) {
        const struct kind_field *f = &w->k->fields[i];
        json_t *a = json_object_getn(was, f->id.p, f->id.n),
               *b = json_object_getn(w->fields, f->id.p, f->id.n);
        if (!f->at_move && a != b && !(a && b && json_equal(a, b)))
            *name = f->name;
    }
    json_decref(was);
    return OK;
}

enum code text_form_stands(struct work *w, struct err *e)
{
    struct str name;
    TRY(changed_name(w, &name, e));
    return name.n ? FAIL(e, E_CONFLICT,
                        "已经签发，“%.*s”随文锁定；要改请由有权解锁的人退回，重新签发", SF(name))
                  : OK;
}
