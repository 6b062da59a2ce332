/* office/item_script.h - the verbs of the matter engine written as JSON objects, one a line: for scripts.
 *
 *     {"verb":"open","as":"wangwu","kind":"supervision","ref":"a","fields":{"demand":"…","lead":"G-GC","due":"+7d"}}
 *     {"verb":"move","as":"qiuzh","item":"$a","move":"assign","opinion":"请抓紧办理。"}
 *     {"verb":"answer","as":"qiaofj","item":"$a","word":"已收"}
 *
 * People are named by login, units by code, documents by number, items by id, number or the `ref` of a line above; days may be
 * written "+7d" or "-3d" from the day of the line. Each line is one write: the rights are those of `as`, the rules those of
 * item.h. The table of verbs is in item_script.c. */
#ifndef OFFICE_ITEM_SCRIPT_H
#define OFFICE_ITEM_SCRIPT_H

#include "base/json.h"
#include "office/item.h"
#include "office/office.h"

enum { SCRIPT_REFS_MAX = 1000, SCRIPT_LINE_MAX = 256 << 10, SCRIPT_NAMES_MAX = 500 };

struct item_script {
    struct office *o;
    struct arena *a; /* outlives the script: refs are kept in it */
    /* "at" is allowed: the line is done as if at that time ("2026-11-20 09:30", "-3d 09:30"). For a demonstration alone:
     * elsewhere a history that says another time than the clock would be a false one. */
    bool may_shift;
    struct script_ref {
        struct str name;
        int64_t id; /* of an item or a manuscript */
    } * refs;
    size_t n_refs, cap_refs;
};
/* Do one line. *item: the item it was about, 0 for a verb without one. E_INPUT names the key that is wrong. */
MUST_USE enum code item_script_line(
    struct item_script *s, json_t *line, int64_t *item, struct err *e);
/* The names of the verbs, parted by blanks: for help texts. */
void item_script_verbs(struct buf *b);

#endif
