/* head.c - every refusal of a request line and its headers that libmicrohttpd does not make. */
#include "web/head.h"

#include <string.h>

#include "base/utf8.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

static bool control(char c, bool text)
{
    unsigned char u = (unsigned char)c;
    if (text && (u == '\t' || u == '\n' || u == '\r'))
        return false;
    return u < 0x20 || u == 0x7f;
}

bool head_decode(struct arena *a, struct str s, bool plus, bool text, struct str *out)
{
    char *p = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%') {
            if (s.n - i < 3 || hex(s.p[i + 1]) < 0 || hex(s.p[i + 2]) < 0)
                return false;
            c = (char)(hex(s.p[i + 1]) * 16 + hex(s.p[i + 2]));
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (control(c, text))
            return false;
        p[n++] = c;
    }
    struct str d = {p, n};
    if (utf8_check(d) != SIZE_MAX)
        return false;
    *out = d;
    return true;
}

enum code head_params(
    struct arena *a, struct str s, bool text, size_t max, struct pairs *out, struct err *e)
{
    struct pair *v = NULL;
    size_t k = 0, cap = 0;
    struct str piece;
    while (str_next(&s, S("&"), &piece)) {
        struct pair p = {piece, {NULL, 0}};
        if (piece.n == 0)
            continue;
        if (k == max)
            return FAIL(e, E_LIMIT, "参数超过%zu个", max);
        str_cut(piece, S("="), &p.name, &p.value);
        if (!head_decode(a, p.name, true, false, &p.name) ||
            !head_decode(a, p.value, true, text, &p.value))
            return FAIL(e, E_INPUT, "参数的编码不正确");
        ARENA_PUSH(a, v, k, cap) = p;
    }
    *out = (struct pairs){v, k};
    return OK;
}

/* No dot segments, no empty ones, no encoded or back slashes: one path has one spelling. */
static bool path_clean(struct str raw, struct str path)
{
    struct str rest, seg;
    if (path.n == 0 || path.p[0] != '/' || memchr(path.p, '\\', path.n))
        return false;
    for (size_t i = 0; i + 2 < raw.n; i++)
        if (raw.p[i] == '%' && raw.p[i + 1] == '2' && lower(raw.p[i + 2]) == 'f')
            return false;
    rest = str_sub(path, 1, path.n);
    while (str_next(&rest, S("/"), &seg))
        if (seg.n == 0 || str_eq(seg, S(".")) || str_eq(seg, S("..")))
            return false;
    return true;
}

static int judge_target(struct arena *a, struct head *h, struct err *e)
{
    struct str raw = h->target, query = {NULL, 0};
    struct pairs list = {NULL, 0};
    str_cut(h->target, S("?"), &raw, &query);
    if (memchr(h->target.p, '#', h->target.n)) {
        FAIL(e, E_INPUT, "网址里不应有#");
        return 400;
    }
    if (!head_decode(a, raw, false, false, &h->path) || !path_clean(raw, h->path)) {
        FAIL(e, E_INPUT, "网址的路径不正确");
        return 400;
    }
    if (head_params(a, query, false, HEAD_MAX_PARAMS, &list, e) != OK)
        return e->code == E_LIMIT ? 414 : 400;
    h->query = list.v;
    h->n_query = list.n;
    return 0;
}

static bool header_value_clean(struct str v)
{
    for (size_t i = 0; i < v.n; i++)
        if (control(v.p[i], false) && v.p[i] != '\t')
            return false;
    return true;
}

static bool token(struct str s)
{
    static const char more[] = "!#$%&'*+-.^_`|~";
    for (size_t i = 0; i < s.n; i++) {
        char c = lower(s.p[i]);
        bool ok = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  (c != '\0' && strchr(more, c) != NULL);
        if (!ok)
            return false;
    }
    return s.n > 0;
}

static bool host_clean(struct str h)
{
    for (size_t i = 0; i < h.n; i++) {
        char c = lower(h.p[i]);
        bool ok = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  (c != '\0' && strchr(".-:[]_", c) != NULL);
        if (!ok)
            return false;
    }
    return h.n > 0 && h.n <= 255;
}

static enum code length_of(struct str v, int64_t *out, struct err *e)
{
    for (size_t i = 0; i < v.n; i++)
        if (v.p[i] < '0' || v.p[i] > '9')
            return FAIL(e, E_INPUT, "Content-Length不是数字");
    return str_int(v, out, e);
}

struct seen {
    int host, length, encoding;
};

static enum code judge_header(struct head *h, const struct pair *p, struct seen *s, struct err *e)
{
    if (!token(p->name) || !header_value_clean(p->value))
        return FAIL(e, E_INPUT, "请求头不正确");
    if (str_eq_nocase(p->name, S("host"))) {
        s->host++;
        h->host = p->value;
    } else if (str_eq_nocase(p->name, S("content-length"))) {
        s->length++;
        return length_of(p->value, &h->length, e);
    } else if (str_eq_nocase(p->name, S("transfer-encoding"))) {
        s->encoding++;
        h->chunked = true;
        if (!str_eq_nocase(p->value, S("chunked")))
            return FAIL(e, E_INPUT, "不支持的Transfer-Encoding");
    }
    return OK;
}

static enum code parse_cookies(
    struct arena *a, struct head *h, struct str v, size_t *cap, struct err *e)
{
    struct str piece;
    while (str_next(&v, S(";"), &piece)) {
        struct pair p = {{NULL, 0}, {NULL, 0}};
        if (!str_cut(str_trim(piece), S("="), &p.name, &p.value))
            continue;
        if (h->n_cookies == HEAD_MAX_COOKIES)
            return FAIL(e, E_LIMIT, "Cookie超过%d个", HEAD_MAX_COOKIES);
        ARENA_PUSH(a, h->cookies, h->n_cookies, *cap) = p;
    }
    return OK;
}

int head_judge(struct arena *a, struct head *h, struct err *e)
{
    struct seen s = {0, 0, 0};
    size_t cap = 0;
    h->length = -1;
    for (size_t i = 0; i < h->n_headers; i++) {
        const struct pair *p = &h->headers[i];
        if (judge_header(h, p, &s, e) != OK)
            return 400;
        if (str_eq_nocase(p->name, S("cookie")) && parse_cookies(a, h, p->value, &cap, e) != OK)
            return 431;
    }
    if (s.host != 1 || !host_clean(h->host)) {
        FAIL(e, E_INPUT, "请求必须有且只有一个正确的Host");
        return 400;
    }
    if (s.length > 1 || s.encoding > 1 || (s.length && s.encoding)) {
        FAIL(e, E_INPUT, "请求体的长度有两种说法");
        return 400;
    }
    return judge_target(a, h, e);
}

/* Quoted strings as browsers write them: they escape '"' as %22 (WHATWG form data), older ones as \". */
static struct str unquote(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\\' && i + 1 < s.n && (s.p[i + 1] == '"' || s.p[i + 1] == '\\'))
            i++;
        p[n++] = s.p[i];
    }
    return (struct str){p, n};
}

/* The end of a parameter value that begins at `i`: past the closing quote, or at the next ';'. */
static size_t value_end(struct str v, size_t i)
{
    if (i < v.n && v.p[i] == '"') {
        for (i++; i < v.n && v.p[i] != '"'; i++)
            if (v.p[i] == '\\' && i + 1 < v.n)
                i++;
        return i < v.n ? i + 1 : i;
    }
    while (i < v.n && v.p[i] != ';')
        i++;
    return i;
}

bool head_param(struct arena *a, struct str value, const char *name, struct str *out)
{
    size_t i = value_end(value, 0);
    while (i < value.n) {
        size_t begin = i, end;
        struct str key, val;
        while (begin < value.n && (value.p[begin] == ';' || value.p[begin] == ' '))
            begin++;
        i = begin;
        while (i < value.n && value.p[i] != '=' && value.p[i] != ';')
            i++;
        key = str_trim(str_sub(value, begin, i - begin));
        if (i >= value.n || value.p[i] == ';')
            continue;
        begin = ++i;
        i = end = value_end(value, begin);
        val = str_trim(str_sub(value, begin, end - begin));
        if (!str_eq_nocase(key, str_z(name)))
            continue;
        if (val.n >= 2 && val.p[0] == '"' && val.p[val.n - 1] == '"')
            val = unquote(a, str_sub(val, 1, val.n - 2));
        *out = val;
        return true;
    }
    return false;
}
