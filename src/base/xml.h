/* base/xml.h - writing text into XML. */
#ifndef BASE_XML_H
#define BASE_XML_H

#include "base/buf.h"

/* As text or attribute value; each character that XML cannot hold is U+FFFD. */
void xml_escape(struct buf *out, struct str s);

#endif
