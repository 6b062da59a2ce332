#include "web/tmpl.h"

#include "base/clock.h"

void html_str(struct buf *o, struct str s)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        const char *e = NULL;
        switch (s.p[i]) {
        case '&':
            e = "&amp;";
            break;
        case '<':
            e = "&lt;";
            break;
        case '>':
            e = "&gt;";
            break;
        case '"':
            e = "&quot;";
            break;
        case '\'':
            e = "&#39;";
            break;
        default:
            continue;
        }
        buf_add(o, s.p + from, i - from);
        buf_z(o, e);
        from = i + 1;
    }
    if (s.n > from)
        buf_add(o, s.p + from, s.n - from);
}

void html_z(struct buf *o, const char *z)
{
    html_str(o, str_z(z));
}

void html_int(struct buf *o, int v)
{
    buf_int(o, v);
}

void html_long(struct buf *o, long v)
{
    buf_int(o, v);
}

void html_size(struct buf *o, unsigned long v)
{
    buf_int(o, (int64_t)v);
}

void html_raw(struct buf *o, struct safe_html h)
{
    buf_str(o, h.s);
}

void html_url(struct buf *o, struct url_part u)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < u.s.n; i++) {
        unsigned char c = (unsigned char)u.s.p[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            c == '-' || c == '_' || c == '.' || c == '~') {
            buf_char(o, (char)c);
        } else {
            const char esc[3] = {'%', hex[c >> 4], hex[c & 15]};
            buf_add(o, esc, 3);
        }
    }
}

void html_instant(struct buf *o, struct instant t)
{
    if (t.ms)
        clock_write_cn(o, t.ms, ZONE_CHINA);
}

void html_day(struct buf *o, struct iso_day d)
{
    html_str(o, d.s);
}
