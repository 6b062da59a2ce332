/* access_manuscript.c - who may read and write a text under work. */
#include "office/item.h"

enum code access_manuscript(struct db *db, const struct actor *by, const struct manuscript_seat *s,
    bool may[N_MANUSCRIPT_RIGHT], struct err *e)
{
    bool own = by->v->owner || (by->v->person && by->v->person == s->owner), sees = false,
         edits = false;
    if (s->item && !own && access_may(by->v, ACT_ITEMS)) {
        TRY(access_item(db, by, s->item, ITEM_SEE, 0, &sees, e));
        if (sees)
            TRY(access_item(db, by, s->item, ITEM_EDIT, 0, &edits, e));
    }
    may[MANUSCRIPT_OWN] = own;
    may[MANUSCRIPT_DIVIDE] = own || s->writes || edits;
    may[MANUSCRIPT_WRITE] = may[MANUSCRIPT_DIVIDE] || s->part;
    may[MANUSCRIPT_READ] = may[MANUSCRIPT_WRITE] || s->reads || sees;
    return OK;
}
