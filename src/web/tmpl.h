/* web/tmpl.h - what compiled templates stand on: escaping by type. A value of a type that is not listed does
 * not compile; the only one that is not escaped is struct safe_html, made by code that escapes itself. */
#ifndef WEB_TMPL_H
#define WEB_TMPL_H

#include "base/buf.h"

struct safe_html {
    struct str s;
};
struct url_part { /* percent-encoded, for a value inside a query */
    struct str s;
};
struct instant { /* shown as 7月13日（星期一）上午9:30; nothing when 0 */
    int64_t ms;
};
struct iso_day { /* 'YYYY-MM-DD', shown as it is: columns align */
    struct str s;
};

void html_str(
    struct buf *o, struct str s); /* & < > " ' escaped: good for text and quoted attributes */
void html_z(struct buf *o, const char *z);
void html_int(struct buf *o, int v);
void html_long(struct buf *o, long v);
void html_size(struct buf *o, unsigned long v);
void html_raw(struct buf *o, struct safe_html h);
void html_url(struct buf *o, struct url_part u);
void html_instant(struct buf *o, struct instant t);
void html_day(struct buf *o, struct iso_day d);

#define EMIT(o, x) \
    _Generic((x), struct str      \
             : html_str, char *   \
             : html_z, const char * \
             : html_z, int        \
             : html_int, long     \
             : html_long, unsigned long \
             : html_size, struct safe_html \
             : html_raw, struct url_part \
             : html_url, struct instant \
             : html_instant, struct iso_day \
             : html_day)((o), (x))

#endif
