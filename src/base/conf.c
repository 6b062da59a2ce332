#include "base/conf.h"

#include <assert.h>
#include <string.h>

#include "base/io.h"
#include "base/yaml.h"

struct value {
    struct str text;
    int64_t number;
    struct str *items;
    size_t n;
    const struct yaml *at; /* NULL: the default */
};

struct conf {
    const struct conf_key *keys;
    size_t n;
    struct value *values;
    const char *file;
};

static enum code read_list(struct arena *a, const struct yaml *node, struct value *v, struct err *e)
{
    size_t cap = 0;

    if (node->kind == YAML_SCALAR) { /* a list of one may be written as the text itself */
        if (node->text.n)
            ARENA_PUSH(a, v->items, v->n, cap) = node->text;
        return OK;
    }
    TRY(yaml_expect(node, YAML_LIST, e));
    for (const struct yaml *m = node->first; m; m = m->next) {
        struct str s;
        TRY(yaml_text(m, &s, e));
        ARENA_PUSH(a, v->items, v->n, cap) = s;
    }
    return OK;
}

static enum code read_value(struct arena *a, const struct conf_key *k, const struct yaml *node,
    struct value *v, struct err *e)
{
    int64_t hi = k->lo == 0 && k->hi == 0 ? INT64_MAX : k->hi;
    bool yes = false;
    int word = 0;
    enum code c = OK;

    v->at = node;
    switch (k->type) {
    case CONF_TEXT:
        return yaml_is_null(node) ? OK : yaml_text(node, &v->text, e);
    case CONF_INT:
        return yaml_int(node, k->lo, hi, &v->number, e);
    case CONF_BYTES:
        return yaml_bytes(node, k->lo, hi, &v->number, e);
    case CONF_DURATION:
        return yaml_duration(node, k->lo, hi, &v->number, e);
    case CONF_BOOL:
        c = yaml_bool(node, &yes, e);
        v->number = yes;
        return c;
    case CONF_WORD:
        c = yaml_word(node, k->words, &word, e);
        v->number = word;
        return c;
    case CONF_LIST:
        return yaml_is_null(node) ? OK : read_list(a, node, v, e);
    }
    return OK;
}

/* "mail.host": the part before the dot is `group`, or there is no dot and no group. */
static bool in_group(const struct conf_key *k, struct str group, struct str *rest)
{
    struct str name = str_z(k->name), head = {NULL, 0};

    if (!str_cut(name, S("."), &head, rest))
        *rest = name;
    return str_eq(head, group);
}

static bool is_group(const struct conf *c, struct str name)
{
    struct str rest;

    for (size_t i = 0; i < c->n; i++)
        if (name.n && in_group(&c->keys[i], name, &rest))
            return true;
    return false;
}

static enum code unknown(
    const struct conf *c, struct str group, const struct yaml *m, struct err *e)
{
    struct buf b;
    struct str rest, head, last = {NULL, 0};
    enum code code;

    buf_init(&b, 0);
    for (size_t i = 0; i < c->n; i++) {
        if (!in_group(&c->keys[i], group, &rest)) {
            if (group.n || !str_cut(str_z(c->keys[i].name), S("."), &head, &rest) ||
                str_eq(head, last))
                continue;
            rest = last = head; /* a group stands once in the list of the top */
        }
        buf_z(&b, b.n ? "、" : "");
        buf_str(&b, rest);
    }
    code = yaml_fail(m, e, "未知的键“%.*s%s%.*s”，可用的键：%s", SF(group), group.n ? "." : "",
        SF(m->key), b.p ? b.p : "");
    buf_release(&b);
    return code;
}

// NOLINTNEXTLINE(misc-no-recursion): one level, since a group holds no group
static enum code read_map(
    struct arena *a, const struct conf *c, struct str group, const struct yaml *map, struct err *e)
{
    TRY(yaml_expect(map, YAML_MAP, e));
    for (const struct yaml *m = map->first; m; m = m->next) {
        struct str rest;
        size_t i = 0;
        while (i < c->n && !(in_group(&c->keys[i], group, &rest) && str_eq(rest, m->key)))
            i++;
        if (i < c->n)
            TRY(read_value(a, &c->keys[i], m, &c->values[i], e));
        else if (group.n == 0 && is_group(c, m->key))
            TRY(yaml_is_null(m) ? OK : read_map(a, c, m->key, m, e));
        else
            return unknown(c, group, m, e);
    }
    return OK;
}

static enum code set_defaults(struct arena *a, const struct conf *c, struct err *e)
{
    for (size_t i = 0; i < c->n; i++) {
        struct yaml node = {.file = c->file, .key = str_z(c->keys[i].name)};
        node.text = str_z(c->keys[i].dflt);
        TRY(read_value(a, &c->keys[i], &node, &c->values[i], e));
        c->values[i].at = NULL;
    }
    return OK;
}

enum code conf_parse(struct arena *a, const struct conf_key *keys, struct str text,
    const char *file, const struct conf **out, struct err *e)
{
    struct conf *c = ARENA_NEW(a, struct conf);
    const struct yaml *root = NULL;
    size_t n = 0;

    while (keys[n].name)
        n++;
    *c = (struct conf){keys, n, ARENA_ARRAY(a, struct value, n), arena_z(a, str_z(file))};
    TRY(set_defaults(a, c, e));
    TRY(yaml_parse(a, text, file, &root, e));
    if (!yaml_is_null(root))
        TRY(read_map(a, c, S(""), root, e));
    *out = c;
    return OK;
}

enum code conf_load(struct arena *a, const struct conf_key *keys, const char *path, bool must_exist,
    const struct conf **out, struct err *e)
{
    struct buf b;
    enum code c;

    buf_init(&b, 0);
    c = io_read_file(path, YAML_MAX_BYTES, &b, e);
    if (c == E_NOTFOUND && !must_exist)
        c = OK;
    if (c == OK)
        c = conf_parse(a, keys, buf_view(&b), path, out, e);
    buf_release(&b);
    return c;
}

/* ---- reading ---- */

static const struct value *find(const struct conf *c, const char *name)
{
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->keys[i].name, name) == 0)
            return &c->values[i];
    assert(!"a key that the table does not hold");
    return &c->values[0];
}

struct str conf_text(const struct conf *c, const char *name)
{
    struct str s = find(c, name)->text;

    return s.p ? s : S("");
}

int64_t conf_int(const struct conf *c, const char *name)
{
    return find(c, name)->number;
}

bool conf_bool(const struct conf *c, const char *name)
{
    return find(c, name)->number != 0;
}

int conf_word(const struct conf *c, const char *name)
{
    return (int)find(c, name)->number;
}

const struct str *conf_list(const struct conf *c, const char *name, size_t *n)
{
    const struct value *v = find(c, name);

    *n = v->n;
    return v->items;
}

bool conf_given(const struct conf *c, const char *name)
{
    return find(c, name)->at != NULL;
}

enum code conf_fail(const struct conf *c, const char *name, struct err *e, const char *fmt, ...)
{
    const struct value *v = find(c, name);
    struct buf b;
    va_list ap;
    enum code code;

    buf_init(&b, 0);
    va_start(ap, fmt);
    buf_vprintf(&b, fmt, ap);
    va_end(ap);
    if (v->at)
        code = yaml_fail(v->at, e, "“%s”：%s", name, b.p ? b.p : "");
    else
        code = FAIL(e, E_INPUT, "文件“%s”：缺少“%s”：%s", c->file, name, b.p ? b.p : "");
    buf_release(&b);
    return code;
}

void conf_write(struct buf *b, const struct conf_key *keys)
{
    struct str group = {NULL, 0};

    for (size_t i = 0; keys[i].name; i++) {
        struct str name = str_z(keys[i].name), head = {NULL, 0}, rest = name;
        const char *dflt = keys[i].dflt;
        if (str_cut(name, S("."), &head, &rest) && !str_eq(head, group))
            buf_printf(b, "#%.*s:\n", SF(head));
        group = head;
        buf_printf(b, "%s# %s\n#%s%.*s: %s\n", head.n ? "  " : "", keys[i].help, head.n ? "  " : "",
            SF(rest), *dflt ? dflt : "\"\"");
    }
}
