/* office/unit.h - units (单位、部门、科室): a tree, sorted by rank (组织序列). */
#ifndef OFFICE_UNIT_H
#define OFFICE_UNIT_H

#include "base/arena.h"
#include "store/store.h"

enum { UNIT_DEPTH_MAX = 32, UNIT_NAME_MAX = 300, UNIT_CODE_MAX = 60 }; /* bytes */

struct unit {
    int64_t id;
    int64_t parent;        /* 0: a root */
    struct str code;       /* the key of imports; unique */
    struct str name;       /* 集团党委办公室秘书科 */
    struct str short_name; /* 秘书科; the name if none was given */
    struct str initials;   /* pinyin initials of the short name: msk */
    int64_t rank;          /* smaller comes first */
    bool active;
    int depth; /* 0 root; set by unit_list only */
};

/* All of them in tree order, siblings by rank; inactive ones only if asked for. */
MUST_USE enum code unit_list(
    struct db *db, struct arena *a, bool inactive_too, struct unit **out, size_t *n, struct err *e);
/* E_NOTFOUND. */
MUST_USE enum code unit_get(
    struct db *db, struct arena *a, int64_t id, struct unit *out, struct err *e);
/* E_NOTFOUND names the code. */
MUST_USE enum code unit_by_code(
    struct db *db, struct arena *a, struct str code, struct unit *out, struct err *e);
/* Inside a write: insert (u->id 0: a new id is made, and set) or change. A function that may run again
 * sets u->id back to 0 first. Empty short_name and initials are filled in. E_INPUT: empty or long values, a parent that is not there, a loop; E_CONFLICT: the
 * code is taken. */
MUST_USE enum code unit_save(struct db *db, struct unit *u, int64_t by, struct err *e);
/* Units whose name, short name or initials begin with or hold `part` (张→ no: of units), best first
 * by rank, active ones: for pickers. */
MUST_USE enum code unit_match(struct db *db, struct arena *a, struct str part, size_t limit,
    struct unit **out, size_t *n, struct err *e);

/* What an import did. */
struct import_tally {
    int64_t added, changed, same;
};
/* Inside a write: a table with a head line (代码 上级代码 名称 简称 拼音首字母 排序 in any order, the
 * last three may be missing), columns parted by tabs, lines with # and empty ones passed over.
 * Units are known by their code; a parent may stand below its child. All or nothing: E_INPUT names
 * file, line and column. */
MUST_USE enum code unit_import(struct db *db, struct str tsv, const char *file, int64_t by,
    struct import_tally *out, struct err *e);

#endif
