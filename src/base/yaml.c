#include "base/yaml.h"

#include <assert.h>
#include <string.h>
#include <yaml.h>

#include "base/utf8.h"

enum code yaml_fail(const struct yaml *at, struct err *e, const char *fmt, ...)
{
    struct buf b;
    va_list ap;
    enum code c;

    buf_init(&b, 0);
    va_start(ap, fmt);
    buf_vprintf(&b, fmt, ap);
    va_end(ap);
    c = FAIL(e, E_INPUT, "文件“%s”第%d行：%s", at->file, at->line, b.p ? b.p : "");
    buf_release(&b);
    return c;
}

/* ---- events to tree ---- */

struct level {
    struct yaml *node;
    struct yaml *last; /* its last member */
    struct str key;    /* a map's key that waits for its value; p NULL: none */
    int key_line;
};

struct builder {
    struct arena *a;
    const char *file;
    struct level stack[YAML_MAX_DEPTH];
    int depth, nodes, documents;
    struct yaml *root;
};

static struct yaml here(const struct builder *b, const yaml_event_t *ev)
{
    return (struct yaml){.file = b->file,
        .line = (int)ev->start_mark.line + 1,
        .column = (int)ev->start_mark.column + 1};
}

static struct str scalar_text(const struct builder *b, const yaml_event_t *ev)
{
    /* libyaml gives its own bytes as unsigned char and NUL-terminated; a NUL inside is possible */
    return arena_str(
        b->a, (struct str){(const char *)ev->data.scalar.value, ev->data.scalar.length});
}

static enum code take_key(struct builder *b, const yaml_event_t *ev, struct err *e)
{
    struct level *l = &b->stack[b->depth - 1];
    struct yaml at = here(b, ev);

    if (ev->type != YAML_SCALAR_EVENT)
        return yaml_fail(&at, e, "键必须是文字");
    l->key = scalar_text(b, ev);
    l->key_line = at.line;
    if (l->key.n == 0 || str_eq(l->key, S("<<")))
        return yaml_fail(&at, e, "不支持%s", l->key.n ? "合并键“<<”" : "空的键");
    for (const struct yaml *m = l->node->first; m; m = m->next)
        if (str_eq(m->key, l->key))
            return yaml_fail(&at, e, "键“%.*s”重复，第%d行已有", SF(l->key), m->line);
    return OK;
}

/* Hang a node on the innermost open map or list, or make it the root. */
static enum code hang(struct builder *b, struct yaml *n, struct err *e)
{
    struct level *l = b->depth ? &b->stack[b->depth - 1] : NULL;

    if (++b->nodes > YAML_MAX_NODES)
        return yaml_fail(n, e, "内容超过 %d 项", YAML_MAX_NODES);
    if (!l) {
        b->root = n;
        return OK;
    }
    n->key = l->key;
    l->key = (struct str){NULL, 0};
    if (l->last)
        l->last->next = n;
    else
        l->node->first = n;
    l->last = n;
    l->node->n++;
    return OK;
}

static bool decorated(const yaml_event_t *ev)
{
    switch (ev->type) {
    case YAML_ALIAS_EVENT:
        return true;
    case YAML_SCALAR_EVENT:
        return ev->data.scalar.anchor || ev->data.scalar.tag;
    case YAML_SEQUENCE_START_EVENT:
        return ev->data.sequence_start.anchor || ev->data.sequence_start.tag;
    case YAML_MAPPING_START_EVENT:
        return ev->data.mapping_start.anchor || ev->data.mapping_start.tag;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return false;
    }
    return false;
}

static enum code open_or_scalar(struct builder *b, const yaml_event_t *ev, struct err *e)
{
    struct yaml *n = ARENA_NEW(b->a, struct yaml);

    *n = here(b, ev);
    if (ev->type == YAML_SCALAR_EVENT) {
        n->kind = YAML_SCALAR;
        n->text = scalar_text(b, ev);
        n->quoted = ev->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
        return hang(b, n, e);
    }
    n->kind = ev->type == YAML_MAPPING_START_EVENT ? YAML_MAP : YAML_LIST;
    TRY(hang(b, n, e));
    if (b->depth == YAML_MAX_DEPTH)
        return yaml_fail(n, e, "嵌套超过 %d 层", YAML_MAX_DEPTH);
    b->stack[b->depth++] = (struct level){.node = n};
    return OK;
}

static enum code on_event(struct builder *b, const yaml_event_t *ev, struct err *e)
{
    struct level *l = b->depth ? &b->stack[b->depth - 1] : NULL;
    struct yaml at = here(b, ev);

    assert(!l || l->node); /* for clang's analyzer, which cannot see open_or_scalar fill it */
    if (decorated(ev))
        return yaml_fail(&at, e, "不支持锚点、引用（& *）和类型标记（!）");
    switch (ev->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (b->documents++)
            return yaml_fail(&at, e, "一个文件只能有一份内容（多出了“---”）");
        return OK;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        b->depth--;
        return OK;
    case YAML_SCALAR_EVENT:
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        if (l && l->node->kind == YAML_MAP && !l->key.p)
            return take_key(b, ev, e);
        return open_or_scalar(b, ev, e);
    case YAML_ALIAS_EVENT:
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return OK;
    }
    return OK;
}

static enum code syntax_error(const yaml_parser_t *p, const char *file, struct err *e)
{
    /* the mark of the problem is past the end when the text ends too early */
    struct yaml at = {.file = file, .line = (int)p->problem_mark.line + 1};

    if (p->error == YAML_READER_ERROR)
        return FAIL(e, E_INPUT, "文件“%s”第 %zu 字节处有不能用的字符（须为 UTF-8 文本）", file,
            p->problem_offset);
    if (p->error == YAML_MEMORY_ERROR)
        return FAIL(e, E_LIMIT, "文件“%s”过大", file);
    return yaml_fail(
        &at, e, "YAML 写法有误，请检查缩进、冒号和引号（%s）", p->problem ? p->problem : "unknown");
}

static enum code run(struct builder *b, yaml_parser_t *p, struct err *e)
{
    enum code c = OK;

    for (bool more = true; more && c == OK;) {
        yaml_event_t ev;
        if (!yaml_parser_parse(p, &ev))
            return syntax_error(p, b->file, e);
        more = ev.type != YAML_STREAM_END_EVENT;
        c = on_event(b, &ev, e);
        yaml_event_delete(&ev);
    }
    return c;
}

enum code yaml_parse(
    struct arena *a, struct str text, const char *file, const struct yaml **out, struct err *e)
{
    struct builder b = {.a = a};
    yaml_parser_t p;
    size_t bad = utf8_check(text);
    enum code c;

    if (text.n > YAML_MAX_BYTES)
        return FAIL(
            e, E_LIMIT, "文件“%s”有 %zu 字节，超过上限 %zu 字节", file, text.n, YAML_MAX_BYTES);
    if (bad != SIZE_MAX) /* libyaml would take UTF-16 and some forms that we do not */
        return FAIL(e, E_INPUT, "文件“%s”第 %zu 字节起不是 UTF-8 编码", file, bad + 1);
    b.file = arena_z(a, str_z(file));
    if (!yaml_parser_initialize(&p))
        return FAIL(e, E_BUG, "程序内部错误（libyaml）");
    yaml_parser_set_encoding(&p, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&p, (const unsigned char *)(text.n ? text.p : ""), text.n);
    c = run(&b, &p, e);
    yaml_parser_delete(&p);
    if (c != OK)
        return c;
    if (!b.root) {
        b.root = ARENA_NEW(a, struct yaml);
        *b.root = (struct yaml){.kind = YAML_MAP, .file = b.file, .line = 1, .column = 1};
    }
    *out = b.root;
    return OK;
}

/* ---- reading values ---- */

const struct yaml *yaml_get(const struct yaml *map, const char *key)
{
    if (!map || map->kind != YAML_MAP)
        return NULL;
    for (const struct yaml *m = map->first; m; m = m->next)
        if (str_eq(m->key, str_z(key)))
            return m;
    return NULL;
}

bool yaml_is_null(const struct yaml *n)
{
    return n->kind == YAML_SCALAR && !n->quoted &&
           (n->text.n == 0 || str_eq(n->text, S("~")) || str_eq(n->text, S("null")));
}

/* "“listen”" or, in a list, what there is to say instead. */
#define NAME(n) SF((n)->key.n ? (n)->key : S("此项"))

enum code yaml_expect(const struct yaml *n, enum yaml_kind kind, struct err *e)
{
    static const char *const name[] = {[YAML_SCALAR] = "单个值",
        [YAML_MAP] = "若干“键: 值”",
        [YAML_LIST] = "列表（每项以“- ”开头）"};

    if (n->kind != kind)
        return yaml_fail(n, e, "“%.*s”应为%s", NAME(n), name[kind]);
    return OK;
}

enum code yaml_text(const struct yaml *n, struct str *out, struct err *e)
{
    TRY(yaml_expect(n, YAML_SCALAR, e));
    *out = n->text;
    return OK;
}

static enum code out_of_range(const struct yaml *n, const char *lo, const char *hi, struct err *e)
{
    return yaml_fail(n, e, "“%.*s”的值“%.*s”不在 %s 到 %s 之间", NAME(n), SF(n->text), lo, hi);
}

/* A number with one of the suffixes, as number * factor. */
struct suffix {
    const char *text;
    int64_t factor;
};

static enum code number(
    const struct yaml *n, const struct suffix *s, const char *form, int64_t *out, struct err *e)
{
    struct err ignored;

    TRY(yaml_expect(n, YAML_SCALAR, e));
    for (; !n->quoted && s->text; s++) {
        struct str d = n->text;
        int64_t v = 0;
        if (!str_eat_end(&d, str_z(s->text)) || str_int(d, &v, &ignored) != OK)
            continue;
        if (__builtin_mul_overflow(v, s->factor, out))
            break;
        return OK;
    }
    return yaml_fail(n, e, "“%.*s”的值“%.*s”应为%s", NAME(n), SF(n->text), form);
}

/* v as the largest suffix that divides it, for messages. */
static const char *with_suffix(int64_t v, const struct suffix *s, char out[32])
{
    const struct suffix *best = s;
    struct buf b;

    for (; s->text; s++)
        if (s->factor >= best->factor && v % s->factor == 0)
            best = s;
    buf_init(&b, 31);
    buf_int(&b, v / best->factor);
    buf_z(&b, best->text);
    memcpy(out, b.p, b.n + 1);
    buf_release(&b);
    return out;
}

static enum code number_in(const struct yaml *n, const struct suffix *s, const char *form,
    const int64_t range[2], int64_t *out, struct err *e)
{
    char lo[32], hi[32];
    int64_t v = 0;

    TRY(number(n, s, form, &v, e));
    if (v < range[0] || v > range[1])
        return out_of_range(n, with_suffix(range[0], s, lo), with_suffix(range[1], s, hi), e);
    *out = v;
    return OK;
}

enum code yaml_int(const struct yaml *n, int64_t lo, int64_t hi, int64_t *out, struct err *e)
{
    static const struct suffix none[] = {{"", 1}, {NULL, 0}};

    return number_in(n, none, "整数", (const int64_t[]){lo, hi}, out, e);
}

enum code yaml_bytes(const struct yaml *n, int64_t lo, int64_t hi, int64_t *out, struct err *e)
{
    static const struct suffix size[] = {
        {"K", 1 << 10}, {"M", 1 << 20}, {"G", 1 << 30}, {"", 1}, {NULL, 0}};

    return number_in(n, size, "字节数，如 4096、64K、512M、2G", (const int64_t[]){lo, hi}, out, e);
}

enum code yaml_duration(const struct yaml *n, int64_t lo, int64_t hi, int64_t *out, struct err *e)
{
    static const struct suffix time[] = {
        {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}, {NULL, 0}};

    return number_in(n, time, "时长，如 30s、15m、8h、7d", (const int64_t[]){lo, hi}, out, e);
}

enum code yaml_bool(const struct yaml *n, bool *out, struct err *e)
{
    static const struct str yes[] = {SC("true"), SC("是"), SC("yes"), SC("on")};
    static const struct str no[] = {SC("false"), SC("否"), SC("no"), SC("off")};

    TRY(yaml_expect(n, YAML_SCALAR, e));
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]) && !n->quoted; i++)
        if (str_eq(n->text, yes[i]) || str_eq(n->text, no[i])) {
            *out = str_eq(n->text, yes[i]);
            return OK;
        }
    return yaml_fail(n, e, "“%.*s”的值“%.*s”应为 true 或 false", NAME(n), SF(n->text));
}

static void list_words(struct buf *b, const char *const *words)
{
    for (size_t i = 0; words[i]; i++) {
        buf_z(b, i ? "、" : "");
        buf_z(b, words[i]);
    }
}

enum code yaml_word(const struct yaml *n, const char *const *words, int *out, struct err *e)
{
    struct buf b;
    enum code c;

    TRY(yaml_expect(n, YAML_SCALAR, e));
    for (int i = 0; words[i]; i++)
        if (str_eq(n->text, str_z(words[i]))) {
            *out = i;
            return OK;
        }
    buf_init(&b, 0);
    list_words(&b, words);
    c = yaml_fail(n, e, "“%.*s”的值“%.*s”应为：%s", NAME(n), SF(n->text), b.p ? b.p : "");
    buf_release(&b);
    return c;
}

enum code yaml_keys(const struct yaml *map, const char *const *keys, struct err *e)
{
    TRY(yaml_expect(map, YAML_MAP, e));
    for (const struct yaml *m = map->first; m; m = m->next) {
        struct buf b;
        enum code c;
        size_t i = 0;
        while (keys[i] && !str_eq(m->key, str_z(keys[i])))
            i++;
        if (keys[i])
            continue;
        buf_init(&b, 0);
        list_words(&b, keys);
        c = yaml_fail(m, e, "未知的键“%.*s”，可用的键：%s", SF(m->key), b.p ? b.p : "");
        buf_release(&b);
        return c;
    }
    return OK;
}
