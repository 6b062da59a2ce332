/* paper/rich_int.h - the halves of reading a docx richly: properties (rich_format.c), the text (rich.c), the codec (rich_wire.c). Private to the
 * layer. Elements by their bytes (xmltree.h): what is found can be changed in place (rich_repair.c). */
#ifndef PAPER_RICH_INT_H
#define PAPER_RICH_INT_H

#include "paper/docx_int.h"
#include "paper/rich.h"
#include "paper/xmltree.h"

/* A style with its ancestors worked in. */
struct rich_style {
    struct str id, name, based;
    uint32_t el;
    bool done, doing;
    struct rich_look look;
    struct rich_format f;
};
struct rich_styles {
    struct arena *a;
    struct xmltree t;
    bool there;
    struct rich_style *v;
    size_t n, cap;
    struct rich_style base;       /* docDefaults */
    struct str normal;            /* id of the default paragraph style */
    struct str east[2], latin[2]; /* fonts of the theme: minor, major */
};

/* The first child of this name, or XML_NONE. */
uint32_t rich_kid(const struct xmltree *t, uint32_t el, struct str name);
/* An attribute with its references read. */
struct str rich_attr(struct arena *a, const struct xmltree *t, uint32_t el, struct str name);
int rich_int(const struct xmltree *t, uint32_t el, struct str name, int otherwise);
/* On or off: there, and not val="0". */
bool rich_on(const struct xmltree *t, uint32_t el);

/* A part as a tree; false: not there, or the job has failed. */
bool rich_part(struct job *j, struct zipin *z, const char *member, struct xmltree *out);
void rich_styles_read(
    struct job *j, struct zipin *z, const struct rels *rels, struct rich_styles *out);
struct rich_style *rich_style_of(struct rich_styles *s, struct str id);
/* What w:rPr and w:pPr say over what is there already; el XML_NONE: nothing. */
void rich_look_read(
    struct rich_styles *s, const struct xmltree *t, uint32_t rpr, struct rich_look *k);
void rich_format_read(const struct xmltree *t, uint32_t ppr, struct rich_format *f);

/* In the child: read (AS_RICH: the docx; the answer's part 0 is the encoded rich). */
enum code rich_job(struct job *j, struct str docx);
enum code mend_job(struct job *j, struct str request);
enum code rich_from(struct job *j, struct zipin *z, struct rich *out);
void rich_encode(struct rich *r, struct buf *out);
MUST_USE enum code rich_decode(struct arena *a, struct str bytes, struct rich *out, struct err *e);

#endif
