/* paper/opc.h - the package that docx and xlsx are: relations between parts, and properties. Private
 * to the layer. */
#ifndef PAPER_OPC_H
#define PAPER_OPC_H

#include "paper/xr.h"

struct rel {
    struct str id, type, target; /* type: its last word ("footnotes"); target: full member name */
};
struct rels {
    struct rel *v;
    size_t n, cap;
};
/* The relations of a part ("" for the package itself); none if it has no file of them. External
 * targets are left out. */
void opc_rels(struct job *j, struct zipin *z, struct str part, struct rels *out);
/* The member of the first relation of this type, NUL-terminated, or NULL. */
const char *opc_find(const struct rels *r, const char *type);
const char *opc_by_id(const struct rels *r, struct str id);
/* Title, author and date from docProps/core.xml into j->d. */
void opc_properties(struct job *j, struct zipin *z, const struct rels *package);
/* `target` as seen from the folder of `part`, without "..", NUL-terminated, in the arena. */
struct str opc_path(struct job *j, struct str part, struct str target);

#endif
