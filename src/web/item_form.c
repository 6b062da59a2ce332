#include "web/item_form.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "office/document.h"
#include "office/library.h"
#include "web/rows.h"

enum { NAMED_MAX = 20, TYPED_BYTES_MAX = 600, FIELD_PARAM = 96 };

static void drop(void *arg)
{
    json_decref(arg);
}

json_t *item_form_keep(struct ctx *c, json_t *v)
{
    arena_defer(c->a, drop, v);
    return v;
}

void item_typed_init(struct ctx *c, struct item_typed *t)
{
    *t = (struct item_typed){
        .fields = item_form_keep(c, json_object()), .texts = item_form_keep(c, json_object())};
}

static json_t *text_json(struct str s)
{
    return json_stringn(s.p ? s.p : "", s.n);
}

static json_t *id_json(int64_t id)
{
    char z[24];
    (void)snprintf(z, sizeof(z), "%lld", (long long)id);
    return json_string(z);
}

/* ---- what was sent ---- */

/* Number `k` of the values of that name. */
static bool value_at(const struct ctx *c, struct str name, size_t k, struct str *out)
{
    const struct form *f = c->r->form;
    for (size_t i = 0; f && i < f->n_fields; i++)
        if (str_eq(f->fields[i].name, name) && k-- == 0) {
            *out = f->fields[i].value;
            return true;
        }
    return false;
}

static struct str value_of(const struct ctx *c, struct str name)
{
    struct str s = S("");
    (void)value_at(c, name, 0, &s);
    return s;
}

static struct str param(struct ctx *c, const struct kind_field *f, const char *tail)
{
    return arena_printf(c->a, "f.%.*s%s", SF(f->id), tail);
}

static bool was_sent(struct ctx *c, const struct kind_field *f)
{
    const struct form *form = c->r->form;
    struct str name = param(c, f, ""), below = param(c, f, ".");
    for (size_t i = 0; form && i < form->n_fields; i++)
        if (str_eq(form->fields[i].name, name) || str_starts(form->fields[i].name, below))
            return true;
    return false;
}

/* ---- names ---- */

static enum code several(struct str text, size_t n, const char *what, struct err *e)
{
    return n ? FAIL(e, E_INPUT, "有%zu个%s叫“%.*s”，请从列出的里选定", n, what, SF(text))
             : FAIL(e, E_INPUT, "没有叫“%.*s”的%s，请从列出的里选定", SF(text), what);
}

static enum code person_named(
    struct ctx *c, struct db *db, struct str text, int64_t *id, struct err *e)
{
    struct person *v;
    size_t n, same = 0;
    TRY(person_match(db, c->a, text, NAMED_MAX, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i].name, text) || str_eq(v[i].login, text)) {
            *id = v[i].id;
            same++;
        }
    if (same == 1)
        return OK;
    if (same == 0 && n == 1) {
        *id = v[0].id;
        return OK;
    }
    return several(text, same ? same : n, "人", e);
}

enum code item_unit_named(struct ctx *c, struct db *db, struct str text, int64_t *id, struct err *e)
{
    struct unit *v;
    size_t n, same = 0;
    TRY(unit_match(db, c->a, text, NAMED_MAX, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i].name, text) || str_eq(v[i].short_name, text)) {
            *id = v[i].id;
            same++;
        }
    if (same == 1)
        return OK;
    if (same == 0 && n == 1) {
        *id = v[0].id;
        return OK;
    }
    return several(text, same ? same : n, "单位", e);
}

enum code item_named(struct ctx *c, struct db *db, struct str text, int64_t *id, struct err *e)
{
    struct item_filter f = {.text = text, .descending = true};
    struct item_page page;
    struct str rest = text;
    size_t same = 0;
    if (str_eat(&rest, S("/items/")) && str_int(rest, id, e) == OK)
        return OK;
    TRY(item_list(db, c->a, ctx_actor(c), &f, NAMED_MAX, &page, e));
    for (size_t i = 0; i < page.n; i++)
        if (str_eq(page.items[i].number, text) || str_eq(page.items[i].title, text)) {
            *id = page.items[i].id;
            same++;
        }
    if (same == 1)
        return OK;
    if (same == 0 && page.n == 1) {
        *id = page.items[0].id;
        return OK;
    }
    return several(text, same ? same : page.n, "事项", e);
}

/* A document that was typed by name. The library borrows a reader of its own, and a thread never borrows two: all are looked
 * up before any field is read. */
struct named_document {
    struct str text;
    int64_t id;
    struct err why; /* code OK: found */
};

struct reading {
    struct ctx *c;
    struct db *db;
    struct item_typed *t;
    struct named_document *docs;
    size_t n_docs, cap_docs;
};

static enum code document_named(
    const struct reading *r, struct str text, int64_t *id, struct err *e)
{
    for (size_t i = 0; i < r->n_docs; i++)
        if (str_eq(r->docs[i].text, text)) {
            *id = r->docs[i].id;
            *e = r->docs[i].why;
            return r->docs[i].why.code;
        }
    return several(text, 0, "文件", e);
}

static void look_up(struct reading *r, struct str text)
{
    struct named_document d = {.text = text, .id = id_in_text(text)};
    struct err none;
    if (!text.n || document_named(r, text, &d.id, &none) == OK)
        return;
    if (text.n > TYPED_BYTES_MAX)
        (void)FAIL(&d.why, E_LIMIT, "填写的名称太长，请从列出的里选定");
    else if (!d.id && library_named(r->c->app->office, r->c->a, r->c->v, text, &d.id, &d.why) == OK)
        d.why.code = OK;
    ARENA_PUSH(r->c->a, r->docs, r->n_docs, r->cap_docs) = d;
}

static bool is_document(enum field_type t)
{
    return t == FIELD_DOCUMENT || t == FIELD_PASSAGE;
}

static bool is_person(enum field_type t)
{
    return t == FIELD_PERSON || t == FIELD_PEOPLE;
}

static bool is_unit(enum field_type t)
{
    return t == FIELD_UNIT || t == FIELD_UNITS;
}

static void look_up_columns(struct reading *r, const struct kind_field *f)
{
    struct str v;
    for (size_t j = 0; j < f->n_columns; j++) {
        struct str name =
            arena_printf(r->c->a, "f.%.*s.%.*s.text", SF(f->id), SF(f->columns[j].id));
        for (size_t row = 0; is_document(f->columns[j].type) && value_at(r->c, name, row, &v);
             row++)
            look_up(r, str_trim(v));
    }
}

static void look_up_documents(struct reading *r, const struct kind *k)
{
    for (size_t i = 0; i < k->n_fields; i++) {
        const struct kind_field *f = &k->fields[i];
        if (is_document(f->type))
            look_up(r, ctx_words(r->c, value_of(r->c, param(r->c, f, ".text"))));
        look_up_columns(r, f);
    }
}

/* By its type: the one that the text names. */
static enum code named(
    const struct reading *r, enum field_type type, struct str text, int64_t *id, struct err *e)
{
    if (text.n > TYPED_BYTES_MAX)
        return FAIL(e, E_LIMIT, "填写的名称太长，请从列出的里选定");
    if (is_person(type))
        return person_named(r->c, r->db, text, id, e);
    if (is_unit(type))
        return item_unit_named(r->c, r->db, text, id, e);
    return type == FIELD_ITEM ? item_named(r->c, r->db, text, id, e)
                              : document_named(r, text, id, e);
}

/* The next of several typed names: they are parted by 、，, ; or a line end. */
static bool next_name(struct str *rest, struct str *name)
{
    static const struct str marks[] = {SC("、"), SC("，"), SC(","), SC("；"), SC(";"), SC("\n")};
    while (rest->n) {
        size_t at = rest->n, skip = 0;
        for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
            size_t found = str_find(*rest, marks[i], 0);
            if (found < at) {
                at = found;
                skip = marks[i].n;
            }
        }
        *name = str_trim(str_sub(*rest, 0, at));
        *rest = str_sub(*rest, at + skip, rest->n);
        if (name->n)
            return true;
    }
    return false;
}

/* ---- one field ---- */

static void complain(struct reading *r, const struct kind_field *f, const struct err *e)
{
    if (r->t->problem.n)
        return;
    r->t->problem = arena_printf(r->c->a, "“%.*s”：%s", SF(f->name), e->msg);
    r->t->at = f->id;
}

static bool is_many(enum field_type t)
{
    return t == FIELD_PEOPLE || t == FIELD_UNITS || t == FIELD_FILE;
}

static void push_id(json_t *list, int64_t id)
{
    json_t *one = id_json(id);
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_equal(json_array_get(list, i), one)) {
            json_decref(one);
            return;
        }
    json_array_append_new(list, one);
}

/* Typed names are added to those chosen, or take the place of the one. What nobody bears stays as text. */
static enum code read_typed(
    struct reading *r, const struct kind_field *f, struct str text, json_t *list, struct err *e)
{
    struct str rest = text, name, left = S("");
    bool one = !is_many(f->type);
    while (one ? rest.n > 0 : next_name(&rest, &name)) {
        int64_t id = 0;
        struct err why;
        if (one) {
            name = str_trim(rest);
            rest = S("");
        }
        enum code code = named(r, f->type, name, &id, &why);
        if (code == OK) {
            if (one)
                json_array_clear(list);
            push_id(list, id);
        } else if (code == E_INPUT || code == E_LIMIT) {
            complain(r, f, &why);
            left = left.n ? arena_printf(r->c->a, "%.*s、%.*s", SF(left), SF(name)) : name;
        } else {
            return FAIL(e, code, "%s", why.msg);
        }
    }
    if (left.n)
        json_object_setn_new(r->t->texts, f->id.p, f->id.n, text_json(left));
    return OK;
}

static enum code read_chosen(
    struct reading *r, const struct kind_field *f, json_t **out, struct err *e)
{
    json_t *list = item_form_keep(r->c, json_array());
    struct str name = param(r->c, f, ""), v, id;
    for (size_t i = 0; value_at(r->c, name, i, &v); i++)
        while (str_next(&v, S(","), &id)) {
            int64_t n = id_in_text(id);
            if (n > 0)
                push_id(list, n);
        }
    v = str_trim(value_of(r->c, param(r->c, f, ".text")));
    if (v.n)
        TRY(read_typed(r, f, v, list, e));
    if (is_many(f->type))
        *out = json_array_size(list) ? json_incref(list) : json_null();
    else
        *out = json_array_size(list) ? json_incref(json_array_get(list, 0)) : json_null();
    return OK;
}

/* ---- passages ---- */

static enum code readable_text(
    struct ctx *c, struct db *db, int64_t doc, struct document *d, struct str *text, struct err *e)
{
    bool may = false;
    TRY(document_get(db, c->a, doc, d, e));
    TRY(access_document(db, c->v, d->id, d->level, d->registrar, &may, e));
    if (!may)
        return FAIL(e, E_NOTFOUND, "没有这份文件，或者您看不到它");
    return text ? document_text(db, c->a, doc, text, e) : OK;
}

static struct str cut_cp(struct str text, int64_t begin, int64_t end)
{
    size_t from = utf8_off(text, (size_t)begin), to = utf8_off(text, (size_t)end);
    return str_sub(text, from, to > from ? to - from : 0);
}

enum code item_passage(struct ctx *c, struct db *db, int64_t doc, int64_t begin, int64_t end,
    struct str *text, struct err *e)
{
    struct document d;
    struct str whole;
    TRY(readable_text(c, db, doc, &d, &whole, e));
    *text = cut_cp(whole, begin < 0 ? 0 : begin, end < begin ? begin : end);
    return OK;
}

static json_t *passage_json(int64_t doc, int64_t begin, int64_t end, struct str text)
{
    json_t *o = json_object();
    json_object_set_new(o, "doc", id_json(doc));
    json_object_set_new(o, "begin", json_integer(begin));
    json_object_set_new(o, "end", json_integer(end));
    json_object_set_new(o, "text", text_json(text));
    return o;
}

/* The words stand in the document, at the place that is named or elsewhere: only its own words are quoted. */
static enum code find_words(
    struct str text, struct str quote, int64_t *begin, int64_t *end, struct err *e)
{
    if (*end > *begin && (!quote.n || str_eq(cut_cp(text, *begin, *end), quote)))
        return OK;
    if (!quote.n) {
        *begin = *end = 0;
        return OK;
    }
    size_t at = str_find(text, quote, 0);
    if (at == SIZE_MAX)
        return FAIL(e, E_INPUT, "这份文件里没有这段原文，请照原文逐字摘录");
    *begin = (int64_t)utf8_len_cp(str_sub(text, 0, at));
    *end = *begin + (int64_t)utf8_len_cp(quote);
    return OK;
}

static enum code read_passage(
    struct reading *r, const struct kind_field *f, json_t **out, struct err *e)
{
    struct ctx *c = r->c;
    struct str quote = str_trim(value_of(c, param(c, f, ""))), text = S("");
    struct str title = ctx_words(c, value_of(c, param(c, f, ".text")));
    int64_t doc = id_in_text(value_of(c, param(c, f, ".doc")));
    int64_t begin = ctx_int(value_of(c, param(c, f, ".begin")), 0, INT32_MAX, 0);
    int64_t end = ctx_int(value_of(c, param(c, f, ".end")), 0, INT32_MAX, 0);
    struct document d = {.id = 0};
    struct err why;
    enum code code = OK;
    *out = json_null();
    if (value_of(c, param(c, f, ".none")).n)
        return OK;
    if (title.n)
        code = named(r, FIELD_DOCUMENT, title, &doc, &why);
    if (code == OK && !doc && !quote.n)
        return OK;
    if (code == OK && !doc)
        code = FAIL(&why, E_INPUT, "请写明摘自哪份文件");
    if (code == OK)
        code = readable_text(c, r->db, doc, &d, &text, &why);
    if (code == OK)
        code = find_words(text, quote, &begin, &end, &why);
    if (code != OK && code != E_INPUT && code != E_NOTFOUND && code != E_LIMIT)
        return FAIL(e, code, "%s", why.msg);
    if (code != OK) {
        complain(r, f, &why);
        json_object_setn_new(r->t->texts, f->id.p, f->id.n, text_json(title));
        *out = passage_json(doc, 0, 0, quote);
        return OK;
    }
    *out = passage_json(doc, begin, end, cut_cp(text, begin, end));
    return OK;
}

/* ---- tables ---- */

static enum code read_cell(struct reading *r, const struct kind_field *f,
    const struct kind_field *col, size_t row, json_t *to, struct err *e)
{
    struct ctx *c = r->c;
    struct str name = arena_printf(c->a, "f.%.*s.%.*s", SF(f->id), SF(col->id)), v = S(""), text;
    (void)value_at(c, name, row, &v);
    v = str_trim(v);
    if (col->type >= FIELD_PERSON && col->type <= FIELD_ITEM) {
        int64_t id = id_in_text(v);
        struct err why;
        if (value_at(c, arena_cat(c->a, name, S(".text")), row, &text) && str_trim(text).n && !id) {
            enum code code = named(r, col->type, str_trim(text), &id, &why);
            if (code != OK && code != E_INPUT && code != E_LIMIT)
                return FAIL(e, code, "%s", why.msg);
            if (code != OK)
                complain(r, f, &why);
        }
        if (id)
            json_object_setn_new(to, col->id.p, col->id.n, id_json(id));
        return OK;
    }
    if (v.n)
        json_object_setn_new(to, col->id.p, col->id.n, text_json(v));
    return OK;
}

static enum code read_table(
    struct reading *r, const struct kind_field *f, json_t **out, struct err *e)
{
    json_t *list = item_form_keep(r->c, json_array());
    size_t rows = 0;
    struct str v;
    for (size_t i = 0; i < f->n_columns; i++) {
        struct str name = arena_printf(r->c->a, "f.%.*s.%.*s", SF(f->id), SF(f->columns[i].id));
        while (value_at(r->c, name, rows, &v))
            rows++;
    }
    for (size_t row = 0; row < rows; row++) {
        json_t *o = json_object();
        json_array_append_new(list, o);
        for (size_t i = 0; i < f->n_columns; i++)
            TRY(read_cell(r, f, &f->columns[i], row, o, e));
        if (json_object_size(o) == 0)
            json_array_remove(list, json_array_size(list) - 1);
    }
    *out = json_array_size(list) ? json_incref(list) : json_null();
    return OK;
}

/* ---- the form ---- */

static enum code read_field(
    struct reading *r, const struct kind_field *f, json_t **out, struct err *e)
{
    struct str s;
    if (f->type == FIELD_PASSAGE)
        return read_passage(r, f, out, e);
    if (f->type == FIELD_TABLE)
        return read_table(r, f, out, e);
    if (f->type >= FIELD_PERSON)
        return read_chosen(r, f, out, e);
    s = str_trim(value_of(r->c, param(r->c, f, "")));
    if (f->type == FIELD_DATETIME && s.n > 10 && s.p[10] == 'T') /* as browsers send it */
        s = arena_printf(r->c->a, "%.*s %.*s", SF(str_sub(s, 0, 10)), SF(str_sub(s, 11, s.n)));
    *out = s.n ? text_json(s) : json_null();
    return OK;
}

/* What a condition compares: over what is stored lies what was sent. */
struct over {
    const json_t *base, *typed;
};

static struct str over_text(void *arg, struct str field)
{
    const struct over *o = arg;
    const json_t *v = json_object_getn(o->typed, field.p, field.n);
    if (!v)
        v = json_object_getn(o->base, field.p, field.n);
    if (json_is_array(v))
        return json_array_size(v) ? S("有") : S("");
    if (json_is_object(v))
        return jr_str(v, "text");
    return json_is_string(v) ? str_z(json_string_value(v)) : S("");
}

static bool among(const size_t *v, size_t n, size_t x)
{
    for (size_t i = 0; i < n; i++)
        if (v[i] == x)
            return true;
    return false;
}

static enum code read_fields(
    struct reading *r, const struct kind *k, const size_t *only, size_t n_only, struct err *e)
{
    for (size_t i = 0; i < k->n_fields; i++) {
        const struct kind_field *f = &k->fields[i];
        json_t *v = NULL;
        if ((only && !among(only, n_only, i)) || !was_sent(r->c, f))
            continue;
        TRY(read_field(r, f, &v, e));
        json_object_setn_new(r->t->fields, f->id.p, f->id.n, v);
    }
    return OK;
}

/* Conditions speak of fields above: in this order each is judged with those that count. */
static void judge(const struct kind *k, const json_t *base, struct item_typed *out)
{
    for (size_t i = 0; i < k->n_fields; i++) {
        const struct kind_field *f = &k->fields[i];
        struct over o = {base, out->fields};
        if (!json_object_getn(out->fields, f->id.p, f->id.n) || cond_holds(&f->when, over_text, &o))
            continue;
        json_object_setn_new(out->fields, f->id.p, f->id.n, json_null());
        json_object_deln(out->texts, f->id.p, f->id.n);
        if (str_eq(out->at, f->id))
            out->problem = out->at = S("");
    }
}

enum code item_form_read(struct ctx *c, const struct kind *k, const json_t *base,
    const size_t *only, size_t n_only, struct item_typed *out, struct err *e)
{
    struct reading r = {.c = c, .t = out};
    enum code code;
    item_typed_init(c, out);
    look_up_documents(&r, k);
    TRY(store_read(c->app->office->store, &r.db, e));
    code = read_fields(&r, k, only, n_only, e);
    store_read_end(r.db);
    TRY(code);
    TRY(item_form_uploads(c, k, out, e));
    judge(k, base, out);
    return OK;
}

/* The ids sent for one field that is none of a kind. */
static enum code read_loose(struct ctx *c, const struct kind_field *f, struct item_typed *t,
    int64_t **out, size_t *n, struct err *e)
{
    struct reading r = {.c = c, .t = t};
    json_t *v = NULL;
    item_typed_init(c, t);
    if (is_document(f->type))
        look_up(&r, ctx_words(c, value_of(c, param(c, f, ".text"))));
    TRY(store_read(c->app->office->store, &r.db, e));
    enum code code = read_chosen(&r, f, &v, e);
    store_read_end(r.db);
    TRY(code);
    *n = json_is_array(v) ? json_array_size(v) : json_is_string(v);
    *out = ARENA_ARRAY(c->a, int64_t, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*out)[i] =
            id_in_text(str_z(json_string_value(json_is_array(v) ? json_array_get(v, i) : v)));
    json_decref(v);
    return OK;
}

enum code item_form_chosen(
    struct ctx *c, const char *persons, const char *units, struct item_chosen *out, struct err *e)
{
    struct kind_field people = {.id = str_z(persons), .name = S("人员"), .type = FIELD_PEOPLE};
    struct kind_field whole = {.id = str_z(units), .name = S("单位"), .type = FIELD_UNITS};
    struct item_typed a, b;
    TRY(read_loose(c, &people, &a, &out->persons, &out->n_persons, e));
    TRY(read_loose(c, &whole, &b, &out->units, &out->n_units, e));
    if (a.problem.n || b.problem.n)
        return FAIL(e, E_INPUT, "%.*s", SF(a.problem.n ? a.problem : b.problem));
    return OK;
}

enum code item_form_one(struct ctx *c, const char *id, const char *label, enum field_type type,
    int64_t *out, struct err *e)
{
    struct kind_field f = {.id = str_z(id), .name = str_z(label), .type = type};
    struct item_typed t;
    int64_t *ids;
    size_t n;
    TRY(read_loose(c, &f, &t, &ids, &n, e));
    *out = n ? ids[0] : 0;
    return t.problem.n ? FAIL(e, E_INPUT, "%.*s", SF(t.problem)) : OK;
}

/* ---- what is shown of others ---- */

enum code item_pick_document(
    struct ctx *c, struct db *db, int64_t id, struct item_picked *out, struct err *e)
{
    struct document d = {.id = 0};
    struct err why;
    enum code code = readable_text(c, db, id, &d, NULL, &why);
    if (code != OK && code != E_NOTFOUND)
        return FAIL(e, code, "%s", why.msg);
    *out = (struct item_picked){.id = id, .text = S("（看不到的文件）")};
    if (code == OK) {
        out->text = d.title.n ? d.title : d.file_name;
        out->note = d.docno;
        out->link = arena_printf(c->a, "/library/%lld", (long long)id);
    }
    return OK;
}

enum code item_pick_item(
    struct ctx *c, struct db *db, int64_t id, struct item_picked *out, struct err *e)
{
    struct item it;
    struct err why;
    enum code code = item_get(db, c->a, ctx_actor(c), id, &it, &why);
    if (code != OK && code != E_NOTFOUND)
        return FAIL(e, code, "%s", why.msg);
    *out = (struct item_picked){.id = id, .text = S("（看不到的事项）")};
    if (code == OK) {
        out->text = it.title.n ? it.title : S("（没有标题）");
        out->note = it.number;
        out->link = arena_printf(c->a, "/items/%lld", (long long)id);
    }
    return OK;
}
