/* paper/xr.h - reading XML forwards, element by element, inside the job's limits. Private to the
 * layer. No DTD (refused), so no entities of its own and nothing fetched; depth limited.
 *
 *     for (int d = xr_enter(x); xr_child(x, d);)        // every child element of the current one
 *         if (xr_is(x, "p"))
 *             read_paragraph(x);                        // may enter it, or leave it alone
 *
 * A child that is not entered, or not read to its end, is passed over. Names are local names: the
 * formats write the same element under several namespaces (transitional and strict OOXML). */
#ifndef PAPER_XR_H
#define PAPER_XR_H

#include "paper/zipin.h"

struct xr;

/* The first element is current afterwards. NULL when the member is not there (job still ok) or
 * on failure. Ended with xr_close. */
struct xr *xr_open(struct job *j, struct zipin *z, const char *member);
struct xr *xr_open_bytes(struct job *j, struct str bytes, const char *label);
void xr_close(struct xr *x);
/* The number of the current element among all start tags of the part; the root is 0. */
uint32_t xr_ordinal(const struct xr *x);

int xr_enter(struct xr *x); /* -1 for an element without content */
bool xr_child(struct xr *x, int depth);
/* Like xr_child, but also stops at text nodes; xr_name is then "#text". */
bool xr_node(struct xr *x, int depth);
/* Next element anywhere inside, in document order: for searching. Only valid as the one iterator
 * of that level; entering a found element and reading on is fine. */
bool xr_descend(struct xr *x, int depth);
void xr_skip(struct xr *x); /* to the end of the current element, inside xr_descend */
bool xr_is(const struct xr *x, const char *local);
const char *xr_name(const struct xr *x);
const char *xr_ns(const struct xr *x); /* never NULL */
/* An attribute by local name, whatever its prefix; copied to the arena, empty if absent. */
struct str xr_attr(struct xr *x, const char *local);
int xr_attr_int(struct xr *x, const char *local, int otherwise); /* clipped to +-1,000,000,000 */
/* OOXML on/off: absent element is the caller's; present without val, "1", "true", "on" is true. */
bool xr_on(struct xr *x);
struct str xr_value(struct xr *x); /* of a text node; valid until the next move */
/* All text inside the current element, to its end. */
void xr_text(struct xr *x, struct buf *out);

#endif
