/* office/seal.h - pictures of seals and name stamps (印章、签名章): which there are, who may use which, and each use. Tables seal,
 * seal_keeper, seal_use.
 *
 * A picture is set under a document by the step 用印 and by nothing else: one use is one event of the item. It is no electronic signature and
 * proves nothing by itself; what proves is the chain of the item, which names the version that was signed. */
#ifndef OFFICE_SEAL_H
#define OFFICE_SEAL_H

#include "office/item.h"

enum {
    SEAL_PNG_MAX = 2 << 20,
    SEAL_DOTS = 1200,
    SEAL_NAME_CP_MAX = 40,
    SEALS_MAX = 100,
    SEAL_KEEPERS_MAX = 20
};

struct seal {
    int64_t id;
    struct str name; /* 中共某某集团委员会印章 */
    struct str blob; /* digest of the picture, PNG */
    bool stamp;      /* 签名章: under a post and a name */
    bool off;        /* 停用 */
    bool mine;       /* the actor may use it */
    int64_t made_ms, made_by;
    struct str keepers; /* names, parted by 、 */
    int64_t uses;
};
/* Newest last. Chiefs see all, others those they keep. */
MUST_USE enum code seal_list(struct db *db, struct arena *a, const struct actor *by,
    struct seal **out, size_t *n, struct err *e);
struct office;
/* Outside a write; chiefs: the picture drawn anew in the cage, SEAL_DOTS wide at most (a round seal of 42 mm at 700 dots an inch), what is clear
 * stays clear. E_INPUT: no PNG, damaged; E_LIMIT. */
MUST_USE enum code seal_judge(struct office *o, struct arena *a, const struct actor *by,
    struct str bytes, struct str name, struct str *png, struct err *e);
/* Inside a write; chiefs. `png` comes from seal_judge. */
MUST_USE enum code seal_new(struct db *db, const struct actor *by, struct str name, bool stamp,
    struct str png, int64_t *id, struct err *e);
MUST_USE enum code seal_off(
    struct db *db, const struct actor *by, int64_t id, bool off, struct err *e);
MUST_USE enum code seal_keeper(
    struct db *db, const struct actor *by, int64_t id, int64_t person, bool keeps, struct err *e);
/* The picture, for who keeps it and for chiefs. */
MUST_USE enum code seal_png(
    struct db *db, const struct actor *by, int64_t id, struct buf *out, struct err *e);

/* ---- uses ---- */
struct seal_use {
    int64_t seal, item, version, at_ms, by;
    struct str name, blob, by_name;
    bool stamp;
};
/* Inside a write, for the engine: whoever keeps it sets it under this version. E_DENIED. */

MUST_USE enum code seal_use_put(struct db *db, const struct actor *by, int64_t seal, int64_t item,
    int64_t version, struct jw *log, struct err *e);
/* Of that version of the item since it was signed, in order; nobody has judged who may see the item. */
struct item_text;
MUST_USE enum code seal_uses(struct db *db, struct arena *a, int64_t item,
    const struct item_text *t, struct seal_use **out, size_t *n, struct err *e);

#endif
