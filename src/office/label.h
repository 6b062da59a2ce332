/* office/label.h - one category, effect status or level for every document that a query finds (批量标注). */
#ifndef OFFICE_LABEL_H
#define OFFICE_LABEL_H

#include "office/library.h"

struct label {
    int64_t category; /* -1: as it is; 0: none */
    int status;       /* -1: as it is; else enum doc_status */
    int level;        /* -1: as it is; else enum doc_level */
    int64_t by;       /* person, 0 the owner of the data directory */
};
struct label_counts {
    int64_t found, changed; /* what bore the label already is found, not changed */
};
/* Everything the query finds for the viewer, in several writes: cut off, it is done for some of them, and doing it
 * again is harmless. E_INPUT for a query that cannot be read or a label without anything in it. */
MUST_USE enum code label_found(struct office *o, const struct viewer *v, struct str query,
    const struct label *to, struct label_counts *out, struct err *e);

#endif
