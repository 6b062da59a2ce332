/* openapi.c - the description of the API (OpenAPI 3.1), made from the route table and the page tables: what is not in them is
 * not described, and what is there cannot be forgotten. docs/design/web.md, "JSON". */
#include <string.h>

#include "pages.h"
#include "web/route.h"

enum { PATTERN_MAX = 200 };

struct api {
    struct arena *a;
    struct jw *j;
    json_t *pages, *structs, *forms, *queries;
};

/* ---- addresses ---- */

/* "/items/:id/thread" and a record's "/items/:id/thread" are the same; so are "/kinds/" with * and with :kind. */
static bool same_address(struct str pattern, struct str path)
{
    struct str p, s;

    for (;;) {
        bool more_p = str_next(&pattern, S("/"), &p), more_s = str_next(&path, S("/"), &s);
        if (!more_p || !more_s)
            return more_p == more_s;
        bool open = str_eq(p, S("*")) || str_starts(p, S(":"));
        if (open ? !str_starts(s, S(":")) : !str_eq(p, s))
            return false;
    }
}

/* The record of a table at this address; *name: what it is called. NULL: none. */
static const json_t *record_at(json_t *table, const char *pattern, const char **name)
{
    const char *key;
    json_t *v;

    json_object_foreach(table, key, v)
    {
        if (same_address(str_z(pattern), jr_str(v, "path"))) {
            *name = key;
            return v;
        }
    }
    return NULL;
}

/* /library/:id/page/:id as /library/{id}/page/{id2}; * as {name}. Each name once, to `each`. */
static struct str template_of(struct api *w, const char *pattern, bool parameters)
{
    struct str rest = str_z(pattern), part, out = S("");
    int ids = 0;

    (void)str_next(&rest, S("/"), &part); /* nothing stands before the first stroke */
    while (str_next(&rest, S("/"), &part)) {
        struct str name = S("");
        if (!part.n) /* the portal is at "/" alone */
            break;
        if (str_eq(part, S("*")))
            name = S("name");
        else if (str_starts(part, S(":")))
            name = ids++ ? S("id2") : S("id");
        if (name.n && parameters) {
            jw_obj(w->j);
            jw_kstr(w->j, "name", name);
            jw_kstr(w->j, "in", S("path"));
            jw_kbool(w->j, "required", true);
            jw_kobj(w->j, "schema");
            jw_kstr(w->j, "type", S("string"));
            jw_end(w->j);
            jw_end(w->j);
        }
        out = name.n ? arena_printf(w->a, "%.*s/{%.*s}", SF(out), SF(name))
                     : arena_printf(w->a, "%.*s/%.*s", SF(out), SF(part));
    }
    return out.n ? out : S("/");
}

/* ---- schemas ---- */

/* Types of the page tables in the words of JSON schema. */
static const struct {
    const char *name, *type, *format;
} types[] = {
    {"str", "string", NULL},
    {"int", "integer", NULL},
    {"id", "string", "id"}, /* decimal; null: none */
    {"bool", "boolean", NULL},
    {"time", "integer", "unix-ms"},
    {"day", "string", "day"},
    {"html", "string", "html"},
    {"file", "string", "binary"},
};

static void put_type(struct api *w, struct str type)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (!str_eq(type, str_z(types[i].name)))
            continue;
        if (str_eq(type, S("id"))) {
            jw_karr(w->j, "type");
            jw_str(w->j, S("string"));
            jw_str(w->j, S("null"));
            jw_end(w->j);
        } else {
            jw_kstr(w->j, "type", str_z(types[i].type));
        }
        if (types[i].format)
            jw_kstr(w->j, "format", str_z(types[i].format));
        return;
    }
    jw_kstr(w->j, "$ref", arena_printf(w->a, "#/components/schemas/%.*s", SF(type)));
}

static void put_field(struct api *w, const json_t *f)
{
    jw_kstr(w->j, "description", jr_str(f, "text"));
    if (jr_bool(f, "list", false)) {
        jw_kstr(w->j, "type", S("array"));
        jw_kobj(w->j, "items");
        put_type(w, jr_str(f, "type"));
        jw_end(w->j);
    } else {
        put_type(w, jr_str(f, "type"));
    }
}

static void put_object(struct api *w, const json_t *record, bool all)
{
    const json_t *fields = json_object_get(record, "fields");

    jw_kstr(w->j, "type", S("object"));
    jw_kstr(w->j, "description", jr_str(record, "text"));
    jw_kobj(w->j, "properties");
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const json_t *f = json_array_get(fields, i);
        jw_key(w->j, jr_str(f, "name"));
        jw_obj(w->j);
        put_field(w, f);
        jw_end(w->j);
    }
    jw_end(w->j);
    if (!all)
        return;
    jw_karr(w->j, "required");
    for (size_t i = 0; i < json_array_size(fields); i++)
        jw_str(w->j, jr_str(json_array_get(fields, i), "name"));
    jw_end(w->j);
}

static void put_components(struct api *w)
{
    const char *key;
    json_t *v;

    jw_kobj(w->j, "components");
    jw_kobj(w->j, "schemas");
    json_object_foreach(w->structs, key, v)
    {
        jw_kobj(w->j, key);
        put_object(w, v, true);
        jw_end(w->j);
    }
    json_object_foreach(w->pages, key, v)
    {
        jw_key(w->j, arena_printf(w->a, "page_%s", key));
        jw_obj(w->j);
        put_object(w, v, true);
        jw_end(w->j);
    }
    jw_end(w->j);
    jw_key(w->j, S("securitySchemes"));
    jw_raw(w->j, S("{\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"qianshao\"},"
                   "\"csrf\":{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"X-CSRF-Token\"}}"));
    jw_end(w->j);
}

/* ---- operations ---- */

/* get_items_id_thread: stable as long as the address is. */
static struct str operation_of(struct api *w, const struct route *r)
{
    char id[PATTERN_MAX];
    size_t n = 0;

    for (const char *p = r->pattern; *p && n < sizeof(id) - 1; p++) {
        char ch = *p;
        if (ch == '/' || ch == '-')
            ch = '_';
        if (ch != '*' && ch != ':' && ch != '.')
            id[n++] = ch;
    }
    return arena_printf(w->a, "%s%.*s", r->method == METHOD_POST ? "post" : "get", (int)n, id);
}

static void put_query(struct api *w, const json_t *record)
{
    const json_t *fields = json_object_get(record, "fields");

    for (size_t i = 0; i < json_array_size(fields); i++) {
        const json_t *f = json_array_get(fields, i);
        jw_obj(w->j);
        jw_kstr(w->j, "name", jr_str(f, "name"));
        jw_kstr(w->j, "in", S("query"));
        jw_kobj(w->j, "schema");
        put_field(w, f);
        jw_end(w->j);
        jw_end(w->j);
    }
}

static void put_body(struct api *w, const struct route *r, const json_t *record)
{
    jw_kobj(w->j, "requestBody");
    jw_kobj(w->j, "content");
    jw_kobj(
        w->j, r->body == BODY_FILES ? "multipart/form-data" : "application/x-www-form-urlencoded");
    jw_kobj(w->j, "schema");
    put_object(w, record, false);
    for (int i = 0; i < 4; i++)
        jw_end(w->j);
}

/* {"page","csrf","data"} with the page, or {"ok","location"} of a form. */
static void put_answer(struct api *w, const char *page, bool form)
{
    jw_kobj(w->j, "responses");
    jw_kobj(w->j, "200");
    jw_kstr(w->j, "description", form ? S("办好了，或带着问题的这一页") : S("这一页"));
    if (form) {
        jw_kobj(w->j, "content");
        jw_key(w->j, S("application/json"));
        jw_raw(w->j, S("{\"schema\":{\"type\":\"object\"}}"));
        jw_end(w->j);
    } else if (page) {
        jw_kobj(w->j, "content");
        jw_kobj(w->j, "application/json");
        jw_kobj(w->j, "schema");
        jw_kstr(w->j, "type", S("object"));
        jw_kobj(w->j, "properties");
        jw_key(w->j, S("page"));
        jw_raw(w->j, S("{\"type\":\"string\"}"));
        jw_key(w->j, S("csrf"));
        jw_raw(w->j, S("{\"type\":\"string\"}"));
        jw_kobj(w->j, "data");
        jw_kstr(w->j, "$ref", arena_printf(w->a, "#/components/schemas/page_%s", page));
        for (int i = 0; i < 5; i++)
            jw_end(w->j);
    }
    jw_end(w->j);
    jw_kobj(w->j, "default");
    jw_kstr(w->j, "description", S("没有办成，说明原因"));
    jw_end(w->j);
    jw_end(w->j);
}

static void put_operation(struct api *w, const struct route *r)
{
    bool form = r->method == METHOD_POST;
    const char *page = NULL, *name = NULL;
    const json_t *shown = record_at(w->pages, r->pattern, &page);
    const json_t *sent = record_at(form ? w->forms : w->queries, r->pattern, &name);

    jw_kobj(w->j, form ? "post" : "get");
    jw_kstr(w->j, "operationId", operation_of(w, r));
    if (form ? sent : shown)
        jw_kstr(w->j, "summary", jr_str(form ? sent : shown, "text"));
    jw_karr(w->j, "parameters");
    (void)template_of(w, r->pattern, true);
    if (!form && sent)
        put_query(w, sent);
    jw_end(w->j);
    if (form && sent)
        put_body(w, r, sent);
    put_answer(w, page, form);
    jw_karr(w->j, "security");
    if (r->need != NEED_NOTHING)
        jw_raw(w->j, form ? S("{\"session\":[],\"csrf\":[]}") : S("{\"session\":[]}"));
    jw_end(w->j);
    jw_end(w->j);
}

/* Both methods of an address under one key, at its first line in the table. */
static void put_paths(struct api *w)
{
    jw_kobj(w->j, "paths");
    for (const struct route *r = routes; r->pattern; r++) {
        const struct route *before = routes;
        while (before < r && strcmp(before->pattern, r->pattern) != 0)
            before++;
        if (before < r)
            continue;
        jw_key(w->j, template_of(w, r->pattern, false));
        jw_obj(w->j);
        for (const struct route *x = r; x->pattern; x++)
            if (strcmp(x->pattern, r->pattern) == 0)
                put_operation(w, x);
        jw_end(w->j);
    }
    jw_end(w->j);
}

enum code page_openapi(struct ctx *c, struct err *e)
{
    struct api w = {.a = c->a};
    struct buf *b = ctx_html(c);
    json_t *schema;
    struct jw j;

    TRY(jr_parse(str_z(pages_schema), &schema, e));
    w.pages = json_object_get(schema, "pages");
    w.structs = json_object_get(schema, "structs");
    w.forms = json_object_get(schema, "forms");
    w.queries = json_object_get(schema, "queries");
    c->r->res.type = S("application/json; charset=utf-8");
    jw_init(&j, b);
    w.j = &j;
    jw_obj(&j);
    jw_kstr(&j, "openapi", S("3.1.0"));
    jw_kobj(&j, "info");
    jw_kstr(&j, "title", S("前哨"));
    jw_kstr(&j, "version", str_z(QIANSHAO_VERSION));
    jw_kstr(&j, "description",
        S("每个网页就是一个接口：同一地址带 Accept: application/json 得到同样内容的 JSON。登录用 "
          "POST "
          "/login，此后每次写入要带 X-CSRF-Token，其值在每个 JSON 答复的 csrf "
          "里。编号是十进制文字。"));
    jw_end(&j);
    put_paths(&w);
    put_components(&w);
    jw_end(&j);
    json_decref(schema);
    return OK;
}
