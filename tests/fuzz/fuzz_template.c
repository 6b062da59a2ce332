/* A template as a chief writes it (head and text), and a manuscript begun from it. Oracle: what is refused says where, in one line; what is read is read
 * again alike; filled in with whatever is typed it is a text, what it still lacks lies in it; without anything typed every place that must be filled in
 * is lacking. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "office/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILE_MAX = 1 << 16 };

#define MUST(cond)   \
    do {             \
        if (!(cond)) \
            abort(); \
    } while (0)

static void good_text(struct str s)
{
    MUST(utf8_check(s) == SIZE_MAX);
    MUST(s.n == 0 || !memchr(s.p, 0, s.n));
}

static void refused(enum code c, const struct err *e)
{
    MUST(c == E_INPUT || c == E_LIMIT);
    MUST(e->msg[0] != '\0' && !strchr(e->msg, '\n'));
    good_text(str_z(e->msg));
}

static void fill(struct arena *a, const struct template *t, const struct str *values, bool none)
{
    struct template_lack *v;
    struct str text;
    struct err e;
    enum code c = template_fill(a, t, values, &text, &e);
    if (c != OK) {
        refused(c, &e); /* a day that is none */
        return;
    }
    good_text(text);
    size_t n = template_lacks(a, t, text, &v), most = utf8_len_cp(text);
    for (size_t i = 0; i < n; i++)
        MUST(v[i].begin_cp <= v[i].end_cp && v[i].end_cp <= most);
    for (size_t i = 0; none && i < t->n_fields; i++)
        MUST(!t->fields[i].required || n > 0);
}

static void again(struct arena *a, struct str file, const struct template *t)
{
    struct template o;
    struct err e;
    MUST(template_read(a, file, "模板", &o, &e) == OK);
    MUST(str_eq(o.id, t->id) && str_eq(o.text, t->text) && o.n_fields == t->n_fields);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str all = {(const char *)data, size}, file, typed;
    struct template t;
    struct arena a;
    struct err e;
    if (size > FILE_MAX)
        return 0;
    if (!str_cut(
            all, S("\x1f"), &file, &typed)) /* behind it: what is typed, a line for each field */
        file = all, typed = S("");
    arena_init(&a);
    enum code c = template_read(&a, file, "模板", &t, &e);
    if (c == OK) {
        struct str *values = ARENA_ARRAY(&a, struct str, t.n_fields + 1), line;
        again(&a, file, &t);
        fill(&a, &t, values, true);
        fill(&a, &t, template_samples(&a, &t), false);
        for (size_t i = 0; i < t.n_fields && str_next(&typed, S("\n"), &line); i++)
            values[i] = utf8_check(line) == SIZE_MAX && (!line.n || !memchr(line.p, 0, line.n))
                            ? line
                            : S(""); /* a form lets nothing else in */
        fill(&a, &t, values, false);
    } else {
        refused(c, &e);
    }
    arena_release(&a);
    return 0;
}
