/* The description of the API against the server it describes: every route, every form field that a handler reads, and every
 * page's answer by its schema. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glob.h>

#include "unit/web/appfix.h"
#include "web/route.h"

static json_t *answer(struct app_fix *f, const char *path, struct buf *b)
{
    json_t *v;
    struct err e;

    ask(f, "GET", path, "Accept: application/json\r\n", NULL, b);
    expect(b, "200", "application/json");
    if (jr_parse(str_z(strstr(b->p, "\r\n\r\n") + 4), &v, &e) != OK)
        fail_msg("%s: %s", path, e.msg);
    return v;
}

static json_t *description(struct app_fix *f)
{
    struct buf b;
    json_t *v;

    buf_init(&b, 0);
    sign_in(f, "chief");
    v = answer(f, "/api/openapi.json", &b);
    buf_release(&b);
    return v;
}

/* ---- the routes ---- */

static json_t *operation(json_t *api, const struct route *r)
{
    json_t *paths = json_object_get(api, "paths"), *v;
    const char *path;

    json_object_foreach(paths, path, v)
    {
        struct str p = str_z(r->pattern), s = str_z(path), x, y;
        bool same = true;
        for (;;) {
            bool more_p = str_next(&p, S("/"), &x), more_s = str_next(&s, S("/"), &y);
            if (!more_p || !more_s) {
                same = same && more_p == more_s;
                break;
            }
            bool open = str_eq(x, S("*")) || str_starts(x, S(":"));
            same = same && (open ? str_starts(y, S("{")) : str_eq(x, y));
        }
        if (same && json_object_get(v, r->method == METHOD_POST ? "post" : "get"))
            return json_object_get(v, r->method == METHOD_POST ? "post" : "get");
    }
    return NULL;
}

static void every_route_is_described(void **state)
{
    json_t *api = description(*state), *names = json_object();
    int missing = 0;

    for (const struct route *r = routes; r->pattern; r++) {
        json_t *op = operation(api, r);
        if (!op)
            fail_msg("%s is not described", r->pattern);
        const char *id = json_string_value(json_object_get(op, "operationId"));
        if (json_object_get(names, id))
            fail_msg("two operations are called %s", id);
        json_object_set_new(names, id, json_true());
        if (r->method == METHOD_POST && !json_object_get(op, "requestBody")) {
            print_message("POST %s: no form in web/pages/*.page says what is sent\n", r->pattern);
            missing++;
        }
    }
    assert_int_equal(missing, 0);
    json_decref(names);
    json_decref(api);
}

/* Every $ref leads somewhere. */
static void refs_lead_somewhere(void **state)
{
    json_t *api = description(*state), *schemas;
    char *text = json_dumps(api, JSON_COMPACT);
    size_t n = 0;

    schemas = json_object_get(json_object_get(api, "components"), "schemas");
    for (const char *at = text; (at = strstr(at, "#/components/schemas/")); n++) {
        char name[100];
        at += strlen("#/components/schemas/");
        size_t len = strcspn(at, "\"");
        assert_true(len < sizeof(name));
        memcpy(name, at, len);
        name[len] = '\0';
        if (!json_object_get(schemas, name))
            fail_msg("no schema is called %s", name);
    }
    assert_true(n > 50);
    free(text);
    json_decref(api);
}

/* ---- the forms ---- */

/* Names that stand in every form, or are made of parts (at.ID). */
static bool of_every_form(const char *name)
{
    static const char *const names[] = {"csrf", "back", "once"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static bool in_some_form(json_t *api, const char *name)
{
    json_t *paths = json_object_get(api, "paths"), *v;
    const char *path;

    json_object_foreach(paths, path, v)
    {
        json_t *content = json_object_get(
                   json_object_get(json_object_get(v, "post"), "requestBody"), "content"),
               *one;
        const char *type;
        json_object_foreach(content, type, one)
        {
            if (json_object_get(
                    json_object_get(json_object_get(one, "schema"), "properties"), name))
                return true;
        }
    }
    return false;
}

static int undeclared_in(json_t *api, const char *file)
{
    struct buf b;
    struct err e;
    int bad = 0;

    buf_init(&b, 0);
    assert_int_equal(io_read_file(file, 1 << 20, &b, &e), OK);
    buf_char(&b, '\0');
    for (const char *at = b.p; (at = strstr(at, "req_field(c->r, \""));) {
        char name[64];
        at += strlen("req_field(c->r, \"");
        size_t len = strcspn(at, "\"");
        assert_true(len < sizeof(name));
        memcpy(name, at, len);
        name[len] = '\0';
        if (of_every_form(name) || in_some_form(api, name))
            continue;
        print_message("%s reads “%s”, which no form in web/pages/*.page declares\n", file, name);
        bad++;
    }
    buf_release(&b);
    return bad;
}

static void what_handlers_read_is_declared(void **state)
{
    json_t *api = description(*state);
    int bad = 0;
    glob_t g;

    assert_int_equal(glob("src/web/*.c", 0, NULL, &g), 0);
    for (size_t i = 0; i < g.gl_pathc; i++)
        bad += undeclared_in(api, g.gl_pathv[i]);
    assert_int_equal(bad, 0);
    globfree(&g);
    json_decref(api);
}

/* ---- the answers ---- */

struct judge {
    json_t *schemas;
    const char *path; /* of the page, for messages */
};

static bool fits_type(const json_t *type, const json_t *v)
{
    static const struct {
        const char *name;
        json_type a, b;
    } types[] = {{"string", JSON_STRING, JSON_STRING}, {"integer", JSON_INTEGER, JSON_INTEGER},
        {"boolean", JSON_TRUE, JSON_FALSE}, {"array", JSON_ARRAY, JSON_ARRAY},
        {"object", JSON_OBJECT, JSON_OBJECT}, {"null", JSON_NULL, JSON_NULL}};
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (json_is_string(type) && strcmp(json_string_value(type), types[i].name) == 0)
            return json_typeof(v) == types[i].a || json_typeof(v) == types[i].b;
    return false;
}

static void judge_value(
    const struct judge *g, const json_t *schema, const json_t *v, const char *at)
{
    const json_t *type, *list;
    json_t *one, *properties;
    const char *ref = json_string_value(json_object_get(schema, "$ref")), *key;
    bool fits = false;
    size_t i;

    if (ref)
        schema = json_object_get(g->schemas, ref + strlen("#/components/schemas/"));
    type = json_object_get(schema, "type");
    if (json_is_array(type)) {
        json_array_foreach(type, i, list) fits = fits || fits_type(list, v);
    } else {
        fits = fits_type(type, v);
    }
    if (!fits)
        fail_msg("%s: %s is not what its schema says", g->path, at);
    if (json_is_array(v))
        json_array_foreach(v, i, one) judge_value(g, json_object_get(schema, "items"), one, at);
    if (!json_is_object(v))
        return;
    properties = json_object_get(schema, "properties");
    json_object_foreach((json_t *)(uintptr_t)v, key, one)
    {
        if (!json_object_get(properties, key))
            fail_msg("%s: %s of %s is not in the schema", g->path, key, at);
        judge_value(g, json_object_get(properties, key), one, key);
    }
    assert_int_equal(json_object_size(properties), json_object_size(v));
}

/* Every page without a number or a name in its address that the chief may see. */
static void every_page_answers_as_described(void **state)
{
    struct app_fix *f = *state;
    json_t *api = description(f), *page;
    struct judge g = {json_object_get(json_object_get(api, "components"), "schemas"), NULL};
    struct buf b;
    int n = 0;

    buf_init(&b, 0);
    for (const struct route *r = routes; r->pattern; r++) {
        json_t *content = json_object_get(
                   json_object_get(json_object_get(operation(api, r), "responses"), "200"),
                   "content"),
               *schema;
        if (r->method != METHOD_GET || strpbrk(r->pattern, ":*") || !content ||
            strcmp(r->pattern, "/login") == 0 ||
            (r->need == NEED_ACTION &&
                !access_may(&(struct viewer){.person = 1, .roles = ROLE_CHIEF | ROLE_SECRETARY},
                    r->action)))
            continue;
        g.path = r->pattern;
        ask(f, "GET", r->pattern, "Accept: application/json\r\n", NULL, &b);
        if (strncmp(b.p, "HTTP/1.1 400", 12) == 0) /* /compare wants two documents, and says so */
            continue;
        page = answer(f, r->pattern, &b);
        schema = json_object_get(json_object_get(content, "application/json"), "schema");
        judge_value(&g, json_object_get(json_object_get(schema, "properties"), "data"),
            json_object_get(page, "data"), "data");
        json_decref(page);
        n++;
    }
    assert_true(n >= 15);
    buf_release(&b);
    json_decref(api);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_is_described),
        cmocka_unit_test(refs_lead_somewhere),
        cmocka_unit_test(what_handlers_read_is_declared),
        cmocka_unit_test(every_page_answers_as_described),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests_name("openapi", tests, appfix_open, appfix_close);
}
