/* base/json: any bytes written as a string are read back as their cleaned text; any JSON that is read and
 * written again is read as an equal value, and neither holds what could end a <script>. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"

#define HOLDS(x)     \
    do {             \
        if (!(x))    \
            abort(); \
    } while (0)

static json_t *read_back(const struct buf *b)
{
    json_t *v = NULL;
    struct err e;

    HOLDS(utf8_check(buf_view(b)) == SIZE_MAX);
    HOLDS(!memchr(b->p, '<', b->n) && !memchr(b->p, '&', b->n));
    HOLDS(jr_parse(buf_view(b), &v, &e) == OK);
    return v;
}

static void any_bytes(struct str s)
{
    struct buf b, clean;
    struct jw j;
    json_t *v;

    buf_init(&b, 0);
    buf_init(&clean, 0);
    jw_init(&j, &b);
    jw_obj(&j);
    jw_key(&j, S("k"));
    jw_str(&j, s);
    jw_end(&j);
    HOLDS(jw_done(&j));
    v = read_back(&b);
    (void)utf8_clean(&clean, s);
    HOLDS(json_object_size(v) == 1);
    /* NUL alone goes through JSON as it is: \u0000 would be refused, so it must not be in s */
    HOLDS(str_eq(jr_str(v, "k"), buf_view(&clean)));
    json_decref(v);
    buf_release(&b);
    buf_release(&clean);
}

static void write_value(struct jw *j, json_t *v);

static void write_members(struct jw *j, json_t *v)
{
    const char *key;
    json_t *m;
    void *at;
    size_t i;

    if (json_is_array(v)) {
        jw_arr(j);
        json_array_foreach(v, i, m) write_value(j, m);
    } else {
        jw_obj(j);
        for (at = json_object_iter(v); at; at = json_object_iter_next(v, at)) {
            key = json_object_iter_key(at);
            jw_key(j, str_z(key));
            write_value(j, json_object_iter_value(at));
        }
    }
    jw_end(j);
}

static void write_value(struct jw *j, json_t *v)
{
    switch (json_typeof(v)) {
    case JSON_OBJECT:
    case JSON_ARRAY:
        write_members(j, v);
        break;
    case JSON_STRING:
        jw_str(j, (struct str){json_string_value(v), json_string_length(v)});
        break;
    case JSON_INTEGER:
        jw_int(j, json_integer_value(v));
        break;
    case JSON_REAL:
        jw_real(j, json_real_value(v));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        jw_bool(j, json_is_true(v));
        break;
    case JSON_NULL:
        jw_null(j);
        break;
    }
}

/* 1.0 is written "1", which is read as an integer: numbers are equal if their values are. */
static bool same(json_t *a, json_t *b)
{
    if (json_is_number(a) && json_is_number(b))
        return json_number_value(a) == json_number_value(b);
    if (json_is_array(a) && json_is_array(b)) {
        bool ok = json_array_size(a) == json_array_size(b);
        for (size_t i = 0; ok && i < json_array_size(a); i++)
            ok = same(json_array_get(a, i), json_array_get(b, i));
        return ok;
    }
    if (json_is_object(a) && json_is_object(b)) {
        const char *key;
        json_t *m;
        bool ok = json_object_size(a) == json_object_size(b);
        json_object_foreach(a, key, m) ok =
            ok && json_object_get(b, key) && same(m, json_object_get(b, key));
        return ok;
    }
    return json_equal(a, b) != 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = {(const char *)data, size};
    json_t *v = NULL, *again;
    struct buf b;
    struct jw j;
    struct err e;

    if (size == 0 || !memchr(data, 0, size))
        any_bytes(s);
    if (jr_parse(s, &v, &e) != OK) {
        HOLDS(utf8_check(str_z(e.msg)) == SIZE_MAX && !strchr(e.msg, '\n'));
        return 0;
    }
    buf_init(&b, 0);
    jw_init(&j, &b);
    if (json_is_object(v) || json_is_array(v)) {
        write_value(&j, v);
        again = read_back(&b);
        HOLDS(same(v, again));
        json_decref(again);
    }
    buf_release(&b);
    json_decref(v);
    return 0;
}
