#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){.max = max ? max : BUF_MAX_DEFAULT};
}

void buf_release(struct buf *b)
{
    free(b->p);
    *b = (struct buf){.max = b->max};
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    b->full = false;
    if (b->p)
        b->p[0] = '\0';
}

void *buf_room(struct buf *b, size_t n)
{
    char *at;

    if (b->max == 0)
        b->max = BUF_MAX_DEFAULT; /* a zeroed buf works too */
    if (b->full || n > b->max - b->n) {
        b->full = true;
        return NULL;
    }
    if (b->n + n + 1 > b->cap) {
        size_t cap = b->cap ? b->cap : 64;
        while (cap < b->n + n + 1)
            cap *= 2;
        b->p = mem_grow(b->p, cap);
        b->cap = cap;
    }
    at = b->p + b->n;
    b->n += n;
    b->p[b->n] = '\0';
    return at;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
    void *at = n ? buf_room(b, n) : NULL;

    if (at)
        memcpy(at, p, n);
}

void buf_str(struct buf *b, struct str s)
{
    buf_add(b, s.p, s.n);
}

void buf_z(struct buf *b, const char *z)
{
    buf_str(b, str_z(z));
}

void buf_char(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_utf8(struct buf *b, uint32_t cp)
{
    unsigned char c[4];
    size_t n = 0;

    if (cp > 0x10FFFF || (cp >= 0xD800 && cp < 0xE000))
        cp = 0xFFFD;
    if (cp < 0x80) {
        c[n++] = (unsigned char)cp;
    } else if (cp < 0x800) {
        c[n++] = (unsigned char)(0xC0 | cp >> 6);
        c[n++] = (unsigned char)(0x80 | (cp & 63));
    } else if (cp < 0x10000) {
        c[n++] = (unsigned char)(0xE0 | cp >> 12);
        c[n++] = (unsigned char)(0x80 | (cp >> 6 & 63));
        c[n++] = (unsigned char)(0x80 | (cp & 63));
    } else {
        c[n++] = (unsigned char)(0xF0 | cp >> 18);
        c[n++] = (unsigned char)(0x80 | (cp >> 12 & 63));
        c[n++] = (unsigned char)(0x80 | (cp >> 6 & 63));
        c[n++] = (unsigned char)(0x80 | (cp & 63));
    }
    buf_add(b, c, n);
}

void buf_int(struct buf *b, int64_t v)
{
    char digits[24];
    size_t at = sizeof(digits);
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

    do
        digits[--at] = (char)('0' + u % 10);
    while ((u /= 10) != 0);
    if (v < 0)
        digits[--at] = '-';
    buf_add(b, digits + at, sizeof(digits) - at);
}

void buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
    va_list again;
    char small[256];
    int n;

    va_copy(again, ap);
    n = vsnprintf(small, sizeof(small), fmt, ap);
    if (n >= 0 && (size_t)n < sizeof(small)) {
        buf_add(b, small, (size_t)n);
    } else if (n >= 0) {
        char *at = buf_room(b, (size_t)n);
        if (at)
            (void)vsnprintf(at, (size_t)n + 1, fmt, again);
    }
    va_end(again);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    buf_vprintf(b, fmt, ap);
    va_end(ap);
}

struct str buf_view(const struct buf *b)
{
    return (struct str){b->p, b->n};
}

enum code buf_check(const struct buf *b, const char *what, struct err *e)
{
    if (b->full)
        return FAIL(e, E_LIMIT, "%s超过上限 %zu 字节", what, b->max);
    return OK;
}
