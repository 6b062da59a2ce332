/* base/buf.h - an owned, growing run of bytes with a named maximum.
 *
 * Appending past `max` sets the sticky `full` and drops what does not fit; read it once at the
 * end (buf_check) instead of after every append. p is always NUL-terminated once anything was
 * appended; nothing relies on that but calls into C libraries. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>

#include "base/str.h"

struct buf {
    char *p;
    size_t n;   /* bytes used, without the NUL */
    size_t cap; /* bytes allocated */
    size_t max; /* most bytes it may ever hold */
    bool full;  /* sticky: something did not fit */
};

#define BUF_MAX_DEFAULT ((size_t)1 << 30)

void buf_init(struct buf *b, size_t max); /* max 0: BUF_MAX_DEFAULT */
void buf_release(struct buf *b);          /* frees, leaves an empty usable buf */
void buf_clear(struct buf *b);            /* empty, memory and max kept, full reset */
void buf_add(struct buf *b, const void *p, size_t n);
void buf_str(struct buf *b, struct str s);
void buf_z(struct buf *b, const char *z);
void buf_char(struct buf *b, char c);
void buf_utf8(struct buf *b, uint32_t cp); /* U+FFFD for what is no code point */
void buf_int(struct buf *b, int64_t v);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_vprintf(struct buf *b, const char *fmt, va_list ap) PRINTF(2, 0);
/* n bytes to be filled by the caller, counted as used; NULL (and full set) if they do not fit. */
void *buf_room(struct buf *b, size_t n);
struct str buf_view(const struct buf *b); /* valid until the next append */
/* E_LIMIT, with `what` named, if anything did not fit. */
MUST_USE enum code buf_check(const struct buf *b, const char *what, struct err *e);

#endif
