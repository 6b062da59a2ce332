#define _GNU_SOURCE /* memmem, memrchr */
#include "base/str.h"

#include <string.h>

struct str str_z(const char *z)
{
    return (struct str){z, z ? strlen(z) : 0};
}

bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int r = n ? memcmp(a.p, b.p, n) : 0;

    return r ? r : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str head)
{
    return s.n >= head.n && str_eq((struct str){s.p, head.n}, head);
}

bool str_ends(struct str s, struct str tail)
{
    return s.n >= tail.n && (tail.n == 0 || memcmp(s.p + s.n - tail.n, tail.p, tail.n) == 0);
}

bool str_eat(struct str *s, struct str head)
{
    if (!str_starts(*s, head))
        return false;
    *s = str_sub(*s, head.n, s->n);
    return true;
}

bool str_eat_end(struct str *s, struct str tail)
{
    if (!str_ends(*s, tail))
        return false;
    s->n -= tail.n;
    return true;
}

size_t str_find(struct str s, struct str needle, size_t from)
{
    const char *hit;

    if (from > s.n || needle.n > s.n - from)
        return SIZE_MAX;
    if (needle.n == 0)
        return from;
    hit = memmem(s.p + from, s.n - from, needle.p, needle.n);
    return hit ? (size_t)(hit - s.p) : SIZE_MAX;
}

bool str_has(struct str s, struct str needle)
{
    return str_find(s, needle, 0) != SIZE_MAX;
}

bool str_cut(struct str s, struct str mark, struct str *before, struct str *after)
{
    size_t at = str_find(s, mark, 0);

    if (at == SIZE_MAX)
        return false;
    *before = str_sub(s, 0, at);
    *after = str_sub(s, at + mark.n, s.n);
    return true;
}

bool str_cut_last(struct str s, struct str mark, struct str *before, struct str *after)
{
    size_t at = SIZE_MAX;

    for (size_t i = str_find(s, mark, 0); i != SIZE_MAX; i = str_find(s, mark, i + 1))
        at = i;
    if (at == SIZE_MAX)
        return false;
    *before = str_sub(s, 0, at);
    *after = str_sub(s, at + mark.n, s.n);
    return true;
}

struct str str_sub(struct str s, size_t off, size_t n)
{
    if (off >= s.n)
        return (struct str){s.p ? s.p + s.n : NULL, 0};
    return (struct str){s.p + off, n < s.n - off ? n : s.n - off};
}

static bool eat_blank(struct str *s)
{
    if (s->n && (s->p[0] == ' ' || (s->p[0] >= '\t' && s->p[0] <= '\r'))) {
        *s = str_sub(*s, 1, s->n);
        return true;
    }
    return str_eat(s, S("\xe3\x80\x80")) || str_eat(s, S("\xc2\xa0")) ||
           str_eat(s, S("\xef\xbb\xbf"));
}

static bool eat_blank_end(struct str *s)
{
    char c = '\0';

    if (s->n)
        c = s->p[s->n - 1];
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
        s->n--;
        return true;
    }
    return str_eat_end(s, S("\xe3\x80\x80")) || str_eat_end(s, S("\xc2\xa0")) ||
           str_eat_end(s, S("\xef\xbb\xbf"));
}

struct str str_trim(struct str s)
{
    while (eat_blank(&s))
        ;
    while (eat_blank_end(&s))
        ;
    return s;
}

bool str_next(struct str *rest, struct str mark, struct str *piece)
{
    if (rest->n == 0)
        return false;
    if (!str_cut(*rest, mark, piece, rest)) {
        *piece = *rest;
        *rest = str_sub(*rest, rest->n, 0);
    }
    return true;
}

bool str_has_piece(struct str list, struct str mark, struct str piece)
{
    struct str one;
    while (str_next(&list, mark, &one))
        if (str_eq(one, piece))
            return true;
    return false;
}

enum code str_int(struct str s, int64_t *out, struct err *e)
{
    struct str d = s;
    bool neg = str_eat(&d, S("-"));
    int64_t v = 0;

    if (!neg)
        str_eat(&d, S("+"));
    if (d.n == 0)
        return FAIL(e, E_INPUT, "“%.*s”不是整数", SF(s));
    for (size_t i = 0; i < d.n; i++) {
        if (d.p[i] < '0' || d.p[i] > '9')
            return FAIL(e, E_INPUT, "“%.*s”不是整数", SF(s));
        if (__builtin_mul_overflow(v, (int64_t)10, &v) ||
            __builtin_sub_overflow(v, (int64_t)(d.p[i] - '0'), &v))
            return FAIL(e, E_LIMIT, "“%.*s”超出整数范围", SF(s));
    }
    if (!neg && v == INT64_MIN)
        return FAIL(e, E_LIMIT, "“%.*s”超出整数范围", SF(s));
    *out = neg ? v : -v;
    return OK;
}

bool str_eat_digits(struct str *s, size_t least, size_t most, int *out)
{
    size_t i = 0;
    int v = 0;

    while (i < s->n && i < most && s->p[i] >= '0' && s->p[i] <= '9')
        v = v * 10 + (s->p[i++] - '0');
    if (i < least)
        return false;
    *s = str_sub(*s, i, s->n);
    *out = v;
    return true;
}

uint64_t str_hash(struct str s)
{
    uint64_t h = 1469598103934665603ULL;

    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 1099511628211ULL;
    return h;
}
