/* base/yaml: a tree that was read, written in flow style with every character escaped and read again, is
 * the same tree; lines lie within the text; a refusal is one line of valid text that names the file. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "base/yaml.h"

#define HOLDS(x)     \
    do {             \
        if (!(x))    \
            abort(); \
    } while (0)

#define MAX_INPUT 8192 /* an escaped character is ten times as long, and the limit is 1 MiB */

static void put_text(struct buf *b, struct str s)
{
    buf_char(b, '"');
    for (size_t i = 0; i < s.n;)
        buf_printf(b, "\\U%08X", utf8_next(s, &i));
    buf_char(b, '"');
}

static void put(struct buf *b, const struct yaml *n)
{
    if (n->kind == YAML_SCALAR) {
        put_text(b, n->text);
        return;
    }
    buf_char(b, n->kind == YAML_MAP ? '{' : '[');
    for (const struct yaml *m = n->first; m; m = m->next) {
        if (n->kind == YAML_MAP) {
            buf_z(b, "? ");
            put_text(b, m->key);
            buf_z(b, " : ");
        }
        put(b, m);
        buf_z(b, m->next ? ", " : "");
    }
    buf_char(b, n->kind == YAML_MAP ? '}' : ']');
}

static bool same(const struct yaml *a, const struct yaml *b)
{
    const struct yaml *x = a->first, *y = b->first;

    if (a->kind != b->kind || a->n != b->n || !str_eq(a->key, b->key) || !str_eq(a->text, b->text))
        return false;
    for (; x && y; x = x->next, y = y->next)
        if (!same(x, y))
            return false;
    return !x && !y;
}

static void lines_within(const struct yaml *n, int last)
{
    int members = 0;

    HOLDS(n->line >= 1 && n->line <= last && n->column >= 1);
    for (const struct yaml *m = n->first; m; m = m->next, members++)
        lines_within(m, last);
    HOLDS(members == n->n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = {(const char *)data, size};
    const struct yaml *root = NULL, *again = NULL;
    struct arena a;
    struct buf b;
    struct err e;
    int last = 2; /* an end may stand behind the last line */

    if (size > MAX_INPUT)
        return 0;
    arena_init(&a);
    if (yaml_parse(&a, s, "输入", &root, &e) != OK) {
        HOLDS(utf8_check(str_z(e.msg)) == SIZE_MAX && !strchr(e.msg, '\n'));
        HOLDS(str_has(str_z(e.msg), S("文件“输入”")));
        arena_release(&a);
        return 0;
    }
    for (size_t i = 0; i < size;
         i++) /* U+0085, U+2028 and U+2029 count too; each has a byte above 7F */
        last += data[i] == '\n' || data[i] == '\r' || data[i] >= 0x80;
    lines_within(root, last);
    buf_init(&b, 0);
    put(&b, root);
    HOLDS(yaml_parse(&a, buf_view(&b), "again", &again, &e) == OK);
    HOLDS(same(root, again));
    buf_release(&b);
    arena_release(&a);
    return 0;
}
