#include "base/xml.h"

#include "base/utf8.h"

void xml_escape(struct buf *out, struct str s)
{
    size_t off = 0;

    while (off < s.n) {
        uint32_t cp = utf8_next(s, &off);
        if (cp == '&')
            buf_z(out, "&amp;");
        else if (cp == '<')
            buf_z(out, "&lt;");
        else if (cp == '>')
            buf_z(out, "&gt;");
        else if (cp == '"')
            buf_z(out, "&quot;");
        else if (cp >= 0x20 && (cp & 0xFFFE) != 0xFFFE)
            buf_utf8(out, cp);
        else if (cp == '\t' || cp == '\n')
            buf_char(out, (char)cp);
        else
            buf_utf8(out, 0xFFFD);
    }
}
