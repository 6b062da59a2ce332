#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* vsnprintf cuts at a byte, which can fall inside a Chinese character. Drop the
 * last multi-byte character, whole or not, so that msg stays valid UTF-8. */
static void trim_partial_char(char *msg, size_t n)
{
    size_t start = n;

    while (start > 0 && ((unsigned char)msg[start - 1] & 0xC0) == 0x80)
        start--;
    if (start > 0 && (unsigned char)msg[start - 1] >= 0xC0)
        msg[start - 1] = '\0';
}

static void print_to(char *msg, size_t cap, const char *fmt, va_list ap)
{
    int n = vsnprintf(msg, cap, fmt, ap);

    if (n < 0)
        msg[0] = '\0';
    else if ((size_t)n >= cap)
        trim_partial_char(msg, strlen(msg));
    for (char *p = msg; *p; p++) /* one line, whatever a library put into it */
        if (*p == '\n' || *p == '\r' || *p == '\t')
            *p = ' ';
}

enum code err_set(struct err *e, enum code code, const char *file, int line, const char *fmt, ...)
{
    va_list ap;

    e->code = code;
    e->file = file;
    e->line = line;
    va_start(ap, fmt);
    print_to(e->msg, sizeof(e->msg), fmt, ap);
    va_end(ap);
    return code;
}

enum code err_context(struct err *e, const char *fmt, ...)
{
    char head[sizeof(e->msg)];
    char tail[sizeof(e->msg)];
    va_list ap;

    va_start(ap, fmt);
    print_to(head, sizeof(head), fmt, ap);
    va_end(ap);
    memcpy(tail, e->msg, sizeof(tail));
    return err_set(e, e->code, e->file, e->line, "%s：%s", head, tail);
}

static void *or_die(void *p)
{
    if (p)
        return p;
    fputs("内存不足，程序退出\n", stderr);
    abort();
}

void *mem_alloc(unsigned long n)
{
    return or_die(calloc(1, n ? n : 1));
}

void *mem_grow(void *p, unsigned long n)
{
    return or_die(realloc(p, n ? n : 1));
}

char *mem_dup(const char *p, unsigned long n)
{
    char *s = or_die(malloc(n + 1));

    if (n)
        memcpy(s, p, n);
    s[n] = '\0';
    return s;
}
