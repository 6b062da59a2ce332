/* office/item_script_int.h - between the files that do a line of a script. */
#ifndef OFFICE_ITEM_SCRIPT_INT_H
#define OFFICE_ITEM_SCRIPT_INT_H

#include "office/item_script.h"

/* One line in work. */
struct line {
    struct item_script *s;
    struct db *db;
    struct arena *a; /* of the line */
    json_t *js;
    struct actor by;
    struct viewer who;
    int32_t today;
    struct item it; /* where the verb has one */
    const struct kind *k;
    int64_t made; /* the item a verb opened */
    int64_t ref;  /* what `ref` names where it is no item */
};

static inline struct str script_get(const struct line *l, const char *key)
{
    return jr_str(l->js, key);
}
MUST_USE enum code script_person(struct line *l, struct str login, int64_t *id, struct err *e);
/* What `ref` of a line above named, "$name". */
MUST_USE enum code script_ref(struct line *l, struct str name, int64_t *id, struct err *e);

/* ---- verbs about manuscripts: item_script_text.c ---- */
MUST_USE enum code script_manuscript(struct line *l, struct err *e);
MUST_USE enum code script_text(struct line *l, struct err *e);
MUST_USE enum code script_version(struct line *l, struct err *e);
MUST_USE enum code script_invite(struct line *l, struct err *e);
MUST_USE enum code script_note(struct line *l, struct err *e);
MUST_USE enum code script_item(struct line *l, struct err *e);

#endif
