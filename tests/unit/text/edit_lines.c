/* edit_lines - text/edit.h on lines of JSON, for edit_codemirror.mjs: [what, …] in, the result out.
 *   ["apply", set, text] ["compose", set, set] ["map", set, over, first] ["pos", set, place, assoc] ["between", text, text] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/edit.h"

static struct str string_at(const json_t *v, size_t i)
{
    const json_t *s = json_array_get(v, i);
    return (struct str){json_string_value(s), json_string_length(s)};
}

static enum code one(struct arena *a, const json_t *v, struct jw *j, struct err *e)
{
    struct edit x = {.n = 0}, y = {.n = 0}, r = {.n = 0};
    struct str what = string_at(v, 0);
    struct buf b;
    if (str_eq(what, S("between"))) {
        TRY(edit_between(a, string_at(v, 1), string_at(v, 2), &r, e));
        edit_write(j, &r);
        return OK;
    }
    TRY(edit_read(a, json_array_get(v, 1), &x, e));
    if (str_eq(what, S("apply"))) {
        buf_init(&b, 0);
        enum code c = edit_apply(&x, string_at(v, 2), &b, e);
        if (c == OK)
            jw_str(j, buf_view(&b));
        buf_release(&b);
        return c;
    }
    if (str_eq(what, S("pos"))) {
        jw_int(j, (int64_t)edit_map_pos(&x, (size_t)json_integer_value(json_array_get(v, 2)),
                      (int)json_integer_value(json_array_get(v, 3))));
        return OK;
    }
    TRY(edit_read(a, json_array_get(v, 2), &y, e));
    if (str_eq(what, S("compose")))
        TRY(edit_compose(a, &x, &y, &r, e));
    else
        TRY(edit_map(a, &x, &y, json_is_true(json_array_get(v, 3)), &r, e));
    edit_write(j, &r);
    return OK;
}

int main(void)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    while ((n = getline(&line, &cap, stdin)) > 0) {
        struct arena a;
        struct buf out;
        struct jw j;
        struct err e = {.msg = ""};
        json_t *v = NULL;
        arena_init(&a);
        buf_init(&out, 0);
        jw_init(&j, &out);
        if (jr_parse((struct str){line, (size_t)n}, &v, &e) != OK || one(&a, v, &j, &e) != OK) {
            buf_clear(&out);
            buf_printf(&out, "{\"failed\":%d}", e.code);
        }
        (void)printf("%.*s\n", SF(buf_view(&out)));
        json_decref(v);
        buf_release(&out);
        arena_release(&a);
    }
    free(line);
    return 0;
}
