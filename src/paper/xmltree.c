#include "paper/xmltree.h"

#include <string.h>

#include "base/utf8.h"

enum { XML_BYTES_MAX = 1 << 30, NAME_MAX_BYTES = 1 << 16 };

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* ---- scanning ---- */

struct scan {
    struct arena *a;
    struct xmltree t;
    size_t cap, count;
    uint32_t open; /* the innermost element still open */
};

/* Behind the end of what begins at `at`, or SIZE_MAX. */
static size_t behind(struct str s, size_t at, struct str mark)
{
    size_t end = str_find(s, mark, at);

    return end == SIZE_MAX ? SIZE_MAX : end + mark.n;
}

/* The '>' that ends the tag at `at`, which may stand in quotes before. */
static size_t tag_end(struct str s, size_t at)
{
    char quote = 0;

    for (; at < s.n; at++) {
        char c = s.p[at];
        if (quote && c == quote)
            quote = 0;
        else if (quote)
            continue;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return at;
    }
    return SIZE_MAX;
}

static enum code start_tag(struct scan *k, size_t at, size_t gt, struct err *e)
{
    struct str s = k->t.s;
    struct xml_el el = {.begin = (uint32_t)at, .open = (uint32_t)gt + 1, .parent = k->open};
    size_t n = 0;

    while (at + 1 + n < gt && !blank(s.p[at + 1 + n]) && s.p[at + 1 + n] != '/')
        n++;
    if (n == 0 || n > NAME_MAX_BYTES)
        return FAIL(e, E_INPUT, "XML 的标记不合规则，文件可能已损坏");
    if (k->count >= XML_ELEMENTS_MAX)
        return FAIL(e, E_LIMIT, "XML 元素超过上限 %d 个，请拆成几个文件", (int)XML_ELEMENTS_MAX);
    el.name_n = (uint32_t)n;
    ARENA_PUSH(k->a, k->t.el, k->count, k->cap) = el;
    k->t.n = (uint32_t)k->count;
    if (s.p[gt - 1] == '/') {
        struct xml_el *made = &k->t.el[k->t.n - 1];
        made->close = made->end = made->open;
        made->next = k->t.n;
    } else {
        k->open = k->t.n - 1;
    }
    return OK;
}

static enum code end_tag(struct scan *k, size_t at, size_t gt, struct err *e)
{
    struct xml_el *el = k->open == XML_NONE ? NULL : &k->t.el[k->open];

    if (!el)
        return FAIL(e, E_INPUT, "XML 的标记不成对，文件可能已损坏");
    el->close = (uint32_t)at;
    el->end = (uint32_t)gt + 1;
    el->next = k->t.n;
    k->open = el->parent;
    return OK;
}

/* What begins with '<' at `at`; *next: behind it. */
static enum code markup(struct scan *k, size_t at, size_t *next, struct err *e)
{
    struct str s = k->t.s, rest = str_sub(s, at, 9);
    size_t gt;

    if (str_starts(rest, S("<?")))
        *next = behind(s, at, S("?>"));
    else if (str_starts(rest, S("<!--")))
        *next = behind(s, at + 4, S("-->"));
    else if (str_starts(rest, S("<![CDATA[")))
        *next = behind(s, at, S("]]>"));
    else if (str_starts(rest, S("<!")))
        return FAIL(e, E_INPUT, "带有文档类型定义（DTD），未处理");
    else {
        gt = tag_end(s, at);
        *next = gt == SIZE_MAX ? SIZE_MAX : gt + 1;
        if (gt != SIZE_MAX)
            return str_starts(rest, S("</")) ? end_tag(k, at, gt, e) : start_tag(k, at, gt, e);
    }
    return *next == SIZE_MAX ? FAIL(e, E_INPUT, "XML 不完整，文件可能已损坏") : OK;
}

enum code xmltree_scan(struct arena *a, struct str s, struct xmltree *out, struct err *e)
{
    struct scan k = {.a = a, .t = {.s = s}, .open = XML_NONE};
    size_t at = 0;

    if (s.n > XML_BYTES_MAX)
        return FAIL(e, E_LIMIT, "XML 超过上限 %d MB，请拆成几个文件", XML_BYTES_MAX >> 20);
    while (at < s.n) {
        const char *lt = memchr(s.p + at, '<', s.n - at);
        if (!lt)
            break;
        TRY(markup(&k, (size_t)(lt - s.p), &at, e));
    }
    if (k.t.n == 0 || k.open != XML_NONE)
        return FAIL(e, E_INPUT, "XML 不完整，文件可能已损坏");
    *out = k.t;
    return OK;
}

/* ---- asking ---- */

static struct str full_name(const struct xmltree *t, uint32_t el)
{
    return str_sub(t->s, (size_t)t->el[el].begin + 1, t->el[el].name_n);
}

struct str xml_name(const struct xmltree *t, uint32_t el)
{
    struct str name = full_name(t, el), prefix, local;

    return str_cut(name, S(":"), &prefix, &local) ? local : name;
}

struct str xml_prefix(const struct xmltree *t, uint32_t el)
{
    struct str name = full_name(t, el);
    size_t colon = str_find(name, S(":"), 0);

    return str_sub(name, 0, colon == SIZE_MAX ? 0 : colon + 1);
}

bool xml_is(const struct xmltree *t, uint32_t el, struct str local)
{
    return str_eq(xml_name(t, el), local);
}

/* The next attribute of a start tag from *at on: its name and value as written. */
static bool next_attr(struct str s, size_t *at, size_t end, struct str *name, struct str *value)
{
    size_t i = *at, from;

    while (i < end && (blank(s.p[i]) || s.p[i] == '/'))
        i++;
    from = i;
    while (i < end && s.p[i] != '=' && !blank(s.p[i]) && s.p[i] != '>')
        i++;
    *name = str_sub(s, from, i - from);
    while (i < end && (blank(s.p[i]) || s.p[i] == '='))
        i++;
    if (name->n == 0 || i >= end || (s.p[i] != '"' && s.p[i] != '\''))
        return false;
    from = i + 1;
    for (i = from; i < end && s.p[i] != s.p[from - 1];)
        i++;
    *value = str_sub(s, from, i - from);
    *at = i + 1;
    return true;
}

static struct str attr(const struct xmltree *t, uint32_t el, struct str want, bool exact)
{
    size_t at = (size_t)t->el[el].begin + 1 + t->el[el].name_n;
    struct str name, value, prefix, local;

    while (next_attr(t->s, &at, t->el[el].open, &name, &value)) {
        if (!exact && !str_starts(name, S("xmlns:")) && str_cut(name, S(":"), &prefix, &local))
            name = local;
        if (str_eq(name, want))
            return value;
    }
    return S("");
}

struct str xml_attr(const struct xmltree *t, uint32_t el, struct str local)
{
    return attr(t, el, local, false);
}

struct str xml_attr_exact(const struct xmltree *t, uint32_t el, struct str name)
{
    return attr(t, el, name, true);
}

uint32_t xml_above(const struct xmltree *t, uint32_t el, struct str local)
{
    for (el = t->el[el].parent; el != XML_NONE; el = t->el[el].parent)
        if (xml_is(t, el, local))
            return el;
    return XML_NONE;
}

uint32_t xml_first(const struct xmltree *t, uint32_t el)
{
    return el + 1 < t->el[el].next ? el + 1 : XML_NONE;
}

uint32_t xml_after(const struct xmltree *t, uint32_t el)
{
    uint32_t next = t->el[el].next, parent = t->el[el].parent;

    return parent != XML_NONE && next < t->el[parent].next ? next : XML_NONE;
}

bool xml_simple(const struct xmltree *t, uint32_t el)
{
    const struct xml_el *x = &t->el[el];

    return x->close > x->open && !memchr(t->s.p + x->open, '<', x->close - x->open);
}

/* ---- characters ---- */

static size_t utf8_size(uint32_t cp)
{
    return cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
}

static uint32_t reference(struct str name)
{
    uint32_t cp = 0;
    bool hex = str_eat(&name, S("#x"));

    if (!hex && !str_eat(&name, S("#")))
        return '&'; /* one of the five, each a byte */
    for (size_t i = 0; i < name.n && cp < 0x110000; i++) {
        char c = name.p[i];
        int v = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : 0;
        cp = cp * (hex ? 16 : 10) + (uint32_t)v;
    }
    return cp;
}

size_t xml_char(struct str s, uint32_t end, uint32_t *raw)
{
    size_t at = *raw, from = at;
    struct str all = str_sub(s, 0, end);

    if (s.p[at] == '&') {
        size_t semi = str_find(all, S(";"), at);
        if (semi == SIZE_MAX)
            semi = end - 1;
        *raw = (uint32_t)semi + 1;
        return utf8_size(reference(str_sub(s, at + 1, semi - at - 1)));
    }
    if (s.p[at] == '\r') { /* a parser makes one line feed of CR and of CR LF */
        *raw += at + 1 < end && s.p[at + 1] == '\n' ? 2 : 1;
        return 1;
    }
    (void)utf8_next(all, &at);
    *raw = (uint32_t)at;
    return at - from;
}

/* &name; at `at` to its character; behind it. */
static size_t plain_reference(struct buf *out, struct str s, size_t at)
{
    static const struct {
        struct str name;
        char c;
    } names[] = {
        {SC("amp"), '&'}, {SC("lt"), '<'}, {SC("gt"), '>'}, {SC("quot"), '"'}, {SC("apos"), '\''}};
    size_t semi = str_find(s, S(";"), at);
    struct str name = str_sub(s, at + 1, semi == SIZE_MAX ? 0 : semi - at - 1);

    if (semi == SIZE_MAX) {
        buf_char(out, '&');
        return at + 1;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(name, names[i].name)) {
            buf_char(out, names[i].c);
            return semi + 1;
        }
    buf_utf8(out, reference(name));
    return semi + 1;
}

void xml_plain(struct buf *out, struct str s)
{
    for (size_t at = 0; at < s.n;) {
        struct str rest = str_sub(s, at, s.n);
        size_t next = at + 1;
        if (s.p[at] == '&') {
            next = plain_reference(out, s, at);
        } else if (str_starts(rest, S("<![CDATA["))) {
            next = behind(s, at, S("]]>"));
            next = next == SIZE_MAX ? s.n : next;
            buf_str(out, str_sub(s, at + 9, next - at - 12));
        } else if (s.p[at] == '<') {
            next = str_starts(rest, S("<!--")) ? behind(s, at + 4, S("-->")) : tag_end(s, at) + 1;
            next = next == SIZE_MAX || next <= at ? s.n : next;
        } else if (s.p[at] == '\r') {
            next = at + 1 < s.n && s.p[at + 1] == '\n' ? at + 2 : next;
            buf_char(out, '\n');
        } else {
            buf_char(out, s.p[at]);
        }
        at = next;
    }
}

/* ---- writing ---- */

void xml_append(const struct xmltree *t, uint32_t el, struct str more, struct buf *out)
{
    const struct xml_el *x = &t->el[el];
    bool empty = x->open == x->end;
    size_t cut = empty ? (size_t)x->open - 2 : x->close; /* "/>" */

    buf_str(out, str_sub(t->s, 0, cut));
    if (empty)
        buf_char(out, '>');
    buf_str(out, more);
    if (empty) {
        buf_z(out, "</");
        buf_str(out, full_name(t, el));
        buf_char(out, '>');
        cut += 2;
    }
    buf_str(out, str_sub(t->s, cut, t->s.n));
}
