/* page_item_edit.c - changing the fields of an item; and when two people do so at once. */
#include <stdlib.h>

#include "office/document.h"
#include "office/unsent.h"
#include "web/item_page.h"
#include "web/route.h"
#include "web/rows.h"

static enum code take_item(
    struct ctx *c, struct form_job *j, const struct item_view *v, struct err *e)
{
    json_t *fields;
    j->k = v->k;
    j->id = v->it.id;
    j->revision = v->it.revision;
    j->first = v->state == 0;
    j->head = (struct head_values){
        .title = v->it.title, .urgency = (int)v->it.urgency, .level = v->it.level};
    item_typed_init(c, &j->t);
    TRY(jr_parse(v->it.fields, &fields, e));
    j->t.fields = item_form_keep(c, fields);
    return OK;
}

static void fill_place(struct ctx *c, const struct item_view *v, struct page_item_form *p)
{
    p->id = v->it.id;
    p->number = v->it.number;
    p->action = arena_printf(c->a, "/items/%lld/edit", (long long)v->it.id);
}

static enum code edit_page(struct ctx *c, struct db *db, struct page_item_form *p, struct err *e)
{
    struct form_job j = {.back = item_back(c)};
    struct item_view v;
    TRY(item_view(db, c->a, ctx_actor(c), c->id, &v, e));
    if (!v.may[ITEM_EDIT])
        return FAIL(e, E_DENIED, "这件事项现在是“%.*s”，您不能修改", SF(v.k->states[v.state].name));
    TRY(take_item(c, &j, &v, e));
    TRY(item_form_unsent(c, db, arena_printf(c->a, "edit:%lld", (long long)c->id), &j, p, e));
    fill_place(c, &v, p);
    return item_form_fill(c, db, &j, v.hidden, p, e);
}

enum code page_item_edit(struct ctx *c, struct err *e)
{
    struct page_item_form p = {.done = ctx_flash_take(c)};
    struct db *db;
    enum code code;
    TRY(store_read(c->app->office->store, &db, e));
    code = edit_page(c, db, &p, e);
    store_read_end(db);
    if (code == OK)
        show_item_form(c, &p);
    return code;
}

/* ---- both at once ---- */

static bool same(const json_t *a, const json_t *b)
{
    bool no_a = !a || json_is_null(a), no_b = !b || json_is_null(b);
    return no_a || no_b ? no_a && no_b : json_equal(a, b) == 1;
}

json_t *item_changed_since(struct ctx *c, const struct item_view *v, int64_t revision)
{
    json_t *was = item_form_keep(c, json_object());
    for (size_t i = 0; i < v->n_events; i++) {
        json_t *payload, *pair;
        const char *key;
        struct err none;
        if (v->events[i].seq <= revision || jr_parse(v->events[i].payload, &payload, &none) != OK)
            continue;
        json_object_foreach(
            json_object_get(payload, "set"), key, pair) if (!json_object_get(was, key))
            json_object_set(was, key, json_array_get(pair, 0));
        json_decref(payload);
    }
    return was;
}

/* What this person had not touched takes the new value; what both changed stays as typed, and both are shown. */
static void merge(struct ctx *c, const struct item_view *v, const struct names *names,
    const json_t *was, const json_t *now, struct form_job *j, struct page_item_form *p)
{
    p->changed = ARENA_ARRAY(c->a, struct item_changed_row, v->k->n_fields + 1);
    for (size_t i = 0; i < v->k->n_fields; i++) {
        const struct kind_field *f = &v->k->fields[i];
        const char *id = arena_z(c->a, f->id);
        const json_t *old = json_object_get(was, id), *typed = json_object_get(j->t.fields, id);
        json_t *new = json_object_get(now, id);
        if (!old || same(old, new))
            continue;
        bool both = typed && !same(typed, old) && !same(typed, new);
        p->changed[p->n_changed++] = (struct item_changed_row){.label = f->name,
            .old = item_value_text(c, names, f, old),
            .now = item_value_text(c, names, f, new),
            .typed = both ? item_value_text(c, names, f, typed) : S(""),
            .both = both};
        if (!both && new)
            json_object_set(j->t.fields, id, new);
        else if (!both)
            json_object_del(j->t.fields, id);
    }
}

static enum code edit_again(
    struct ctx *c, struct db *db, enum code code, struct page_item_form *p, struct err *e)
{
    struct form_job *j = c->job;
    struct item_view v;
    struct names names = {.c = c};
    TRY(item_view(db, c->a, ctx_actor(c), c->id, &v, e));
    j->k = v.k;
    j->first = v.state == 0;
    if (code == E_CONFLICT) {
        json_t *now, *was = item_changed_since(c, &v, j->revision);
        TRY(jr_parse(v.it.fields, &now, e));
        (void)item_form_keep(c, now);
        names_want_fields(&names, v.k, now);
        names_want_fields(&names, v.k, was);
        names_want_fields(&names, v.k, j->t.fields);
        TRY(names_load(&names, db, e));
        merge(c, &v, &names, was, now, j, p);
        j->revision = v.it.revision;
    }
    fill_place(c, &v, p);
    return item_form_fill(c, db, j, v.hidden, p, e);
}

static enum code show_again(struct ctx *c, enum code code, struct err *e)
{
    struct page_item_form p = {.problem = arena_str(c->a, str_z(e->msg))};
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code shown = edit_again(c, db, code, &p, e);
    store_read_end(db);
    if (shown != OK)
        return shown;
    c->r->res.status = code == E_CONFLICT ? 409 : code == E_DENIED ? 403 : 400;
    show_item_form(c, &p);
    return OK;
}

/* ---- saving ---- */

/* Title, urgency and level, as far as they were sent and differ: what changes nothing is no event. */
static json_t *changes_of(struct ctx *c, const struct form_job *j, const struct item *it, json_t *v)
{
    if (j->k->title == SIZE_MAX && !str_eq(j->head.title, it->title))
        json_object_set_new(
            v, "title", json_stringn(j->head.title.n ? j->head.title.p : "", j->head.title.n));
    if (req_field(c->r, "urgency").n && j->head.urgency != (int)it->urgency)
        json_object_set_new(v, "urgency", json_integer(j->head.urgency));
    if (req_field(c->r, "level").n && j->head.level != it->level)
        json_object_set_new(v, "level", json_integer(j->head.level));
    return v;
}

static enum code write_edit(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct form_job *j = c->job;
    const struct actor *by = ctx_actor(c);
    struct item it;
    json_t *fields;
    TRY(item_get(db, c->a, by, c->id, &it, e));
    TRY(item_form_put(db, c, by, &j->t, &fields, e));
    TRY(item_edit(db, by, c->id, j->revision, changes_of(c, j, &it, fields), e));
    TRY(item_form_then(db, c, j, e));
    return j->unsent ? unsent_drop(db, c->v->person, j->unsent, e) : OK;
}

static enum code after_edit(struct ctx *c, enum code code, struct err *e)
{
    struct form_job *j = c->job;
    if (code != OK)
        return item_persons_fault(code) && code != E_NOTFOUND ? show_again(c, code, e) : code;
    ctx_flash(c,
        j->then.n ? arena_printf(c->a, "已保存并办理%.*s", SF(item_stands(c, c->id, j->revision)))
                  : S("已保存"));
    ctx_redirect(c, item_link(c->a, c->id, j->back, 0));
    return OK;
}

static enum code read_base(
    struct ctx *c, struct db *db, struct form_job *j, json_t **base, struct err *e)
{
    struct item it;
    TRY(item_get(db, c->a, ctx_actor(c), c->id, &it, e));
    TRY(kinds_get(c->app->office->kinds, db, it.kind, it.kind_version, &j->k, e));
    TRY(jr_parse(it.fields, base, e));
    (void)item_form_keep(c, *base);
    return OK;
}

enum code do_item_edit(struct ctx *c, struct err *e)
{
    struct form_job *j = ARENA_NEW(c->a, struct form_job);
    json_t *base;
    struct db *db;
    enum code code;
    c->job = j;
    TRY(store_read(c->app->office->store, &db, e));
    code = read_base(c, db, j, &base, e);
    store_read_end(db);
    TRY(code);
    TRY(item_form_read(c, j->k, base, NULL, 0, &j->t, e));
    item_form_head(c, j);
    j->id = c->id;
    j->revision = ctx_int(req_field(c->r, "revision"), 1, INT64_MAX, 0);
    if (j->t.problem.n)
        return show_again(c, FAIL(e, E_INPUT, "%.*s", SF(j->t.problem)), e);
    return ctx_write(c, write_edit, c, after_edit);
}
