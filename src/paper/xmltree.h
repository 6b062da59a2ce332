/* paper/xmltree.h - where the elements of an XML text begin and end, byte for byte, for changing it in place.
 *
 * Elements are numbered in the order of their start tags, as xr_ordinal counts them, so that what a reader saw can
 * be found again in the bytes. No namespaces, no DTD; well-formedness was judged by the reader. Private to the layer. */
#ifndef PAPER_XMLTREE_H
#define PAPER_XMLTREE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/xml.h"

/* <a x="1">...</a>
 * ^begin   ^open   ^close
 *                      ^end    for <a/>: open == close == end */
struct xml_el {
    uint32_t begin, open, close, end;
    uint32_t parent; /* XML_NONE for the root */
    uint32_t next;   /* the first element that is not inside this one */
    uint32_t name_n; /* bytes of the name, prefix and all, at begin + 1 */
};
enum { XML_ELEMENTS_MAX = 4000000 };
#define XML_NONE UINT32_MAX

struct xmltree {
    struct str s; /* UTF-8 */
    struct xml_el *el;
    uint32_t n;
};
/* E_INPUT: no tree; E_LIMIT: too many elements, or bytes past 1 GiB. `s` is borrowed. */
MUST_USE enum code xmltree_scan(struct arena *a, struct str s, struct xmltree *out, struct err *e);

struct str xml_name(const struct xmltree *t, uint32_t el);   /* without its prefix */
struct str xml_prefix(const struct xmltree *t, uint32_t el); /* with the colon, or empty */
bool xml_is(const struct xmltree *t, uint32_t el, struct str local);
/* An attribute by local name, as written (escaped); empty when it is not there. */
struct str xml_attr(const struct xmltree *t, uint32_t el, struct str local);
/* The value of the attribute of exactly this name. */
struct str xml_attr_exact(const struct xmltree *t, uint32_t el, struct str name);
/* The nearest ancestor of this local name, or XML_NONE. */
uint32_t xml_above(const struct xmltree *t, uint32_t el, struct str local);
/* The children in order: for (c = xml_first(t, el); c != XML_NONE; c = xml_after(t, c)). */
uint32_t xml_first(const struct xmltree *t, uint32_t el);
uint32_t xml_after(const struct xmltree *t, uint32_t el);
/* Only characters and references inside: its text can be cut anywhere. */
bool xml_simple(const struct xmltree *t, uint32_t el);
/* One character at byte *raw of the text of a simple element: how many bytes of UTF-8 it is once read; *raw moves
 * behind it. */
size_t xml_char(struct str s, uint32_t end, uint32_t *raw);

/* Characters as a parser gives them: references read, CDATA opened, comments and elements left out. */
void xml_plain(struct buf *out, struct str s);

/* The text with `more` as last children of element `el`. */
void xml_append(const struct xmltree *t, uint32_t el, struct str more, struct buf *out);

#endif
