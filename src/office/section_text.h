/* office/section_text.h - what a section writes down for itself and for whoever is new: its style sheet (文风与用语). One text of
 * each sort for a unit; telephones stand with the people (person.h). Tables `section_text`, `section_text_past`. */
#ifndef OFFICE_SECTION_TEXT_H
#define OFFICE_SECTION_TEXT_H

#include "office/item.h"

enum section_sort { SECTION_STYLE = 1, N_SECTION_SORT };
enum { SECTION_TEXT_CP_MAX = 20000 };
const char *section_sort_name(enum section_sort s); /* 文风与用语 */

struct section_text {
    int64_t unit;
    enum section_sort sort;
    struct str text;  /* empty: nobody has written it yet */
    int64_t revision; /* 0: the same */
    int64_t changed_ms, changed_by;
    struct str changed_name;
};
MUST_USE enum code section_text_get(struct db *db, struct arena *a, const struct actor *by,
    int64_t unit, enum section_sort sort, struct section_text *out, struct err *e);
/* Whoever belongs to the unit, when he is its chief, secretary or staff; the owner of the data directory. */
bool section_text_may(const struct viewer *v, int64_t unit);
/* Inside a write. E_CONFLICT: somebody saved it since t->revision. The text before stays in the table of versions. */
MUST_USE enum code section_text_save(
    struct db *db, const struct actor *by, const struct section_text *t, struct err *e);

#endif
