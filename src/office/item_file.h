/* office/item_file.h - files of an item (附件): what a form, an answer or a person beside it brings in. A file is a row over a blob
 * (store/blob.h); fields of the type `file`, answers and the verb attach name its id.
 *
 * On its way in it is judged outside the write (item_file_judge): hashed, read in the cage as far as it can be read, and refused where its
 * text bears a secrecy mark, as an import does. The write then makes a loose row of it (item_file_put), which belongs to nobody but
 * who brought it until a verb takes it over: item_open, item_edit, item_move with its id in a field, ask_answer, item_attach. Loose
 * ones are swept after a day. A file is never taken away, only marked; its bytes go when the law says so. */
#ifndef OFFICE_ITEM_FILE_H
#define OFFICE_ITEM_FILE_H

#include "office/item.h"
#include "office/office.h"
#include "paper/doc.h"
#include "store/blob.h"

#define ITEM_FILE_BYTES_MAX ((int64_t)100 << 20)
enum {
    ITEM_FILES_MAX = 500, /* of one item, marked ones too */
    ITEM_ATTACH_MAX = 50, /* at once */
    ITEM_FILE_NAME_CP_MAX = 120,
};

struct item_file {
    int64_t id, item, size, at_ms, by;
    struct str name, blob, by_name; /* blob: its digest */
    struct str field;               /* of the kind; empty: attached, or given with an answer */
    bool readable; /* its text was read and bears no mark; else only its name was */
    int64_t removed_ms, removed_by; /* 0: it stands */
    struct str removed_why;
};

/* Judged, not yet written. */
struct item_upload {
    struct str name;
    struct blob_source blob;
    bool readable;
};
/* Outside a write, from any thread. fd is read with pread and must stay open until the write; strings live in `a`. E_SECRET: it bears a
 * mark, and nothing of it was kept. E_LIMIT: too large, too long a name. What no reader understands (a picture, a drawing) is
 * taken as it is. */
MUST_USE enum code item_file_judge(struct office *o, struct arena *a, int fd, struct str name,
    struct item_upload *out, struct err *e);
/* The same, with what was read of it, for whoever fills a form from it. *read: a reader understood it. */
MUST_USE enum code item_file_judge_doc(struct office *o, struct arena *a, int fd, struct str name,
    struct item_upload *out, struct doc *doc, bool *read, struct err *e);
MUST_USE enum code item_file_judge_bytes(struct office *o, struct arena *a, struct str bytes,
    struct str name, struct item_upload *out, struct err *e);

/* Inside a write: a loose file; *id for a verb of the same write or of a later one by the same person. */
MUST_USE enum code item_file_put(
    struct db *db, const struct actor *by, const struct item_upload *f, int64_t *id, struct err *e);
/* Inside a write: loose files to the item, as an event (attach). Whoever sees an item that is open may. */
MUST_USE enum code item_attach(struct db *db, const struct actor *by, int64_t item,
    const int64_t *files, size_t n, struct str why, struct err *e);
/* Inside a write: marked as withdrawn, with a reason, as an event (detach). Who brought it, and who answers for the item; E_CONFLICT while
 * a field still names it. */
MUST_USE enum code item_file_remove(
    struct db *db, const struct actor *by, int64_t id, struct str why, struct err *e);
/* Items that have a file with these bytes, newest first. Nobody has judged who may see them. */
MUST_USE enum code item_file_same(struct db *db, struct arena *a, struct str digest, size_t limit,
    int64_t **out, size_t *n, struct err *e);
/* In order of coming. Without those of fields that are hidden from the actor; marked ones only if asked for. */
MUST_USE enum code item_file_list(struct db *db, struct arena *a, const struct actor *by,
    int64_t item, bool removed_too, struct item_file **out, size_t *n, struct err *e);
/* For download: blob_read of out->blob. E_NOTFOUND as well where the actor may not see it; a marked one is given to those who answer
 * for the item alone. */
MUST_USE enum code item_file_open(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, struct item_file *out, struct err *e);
/* Inside a write: loose files brought before `before_ms`, and their bytes where nothing else has them. *n: how many. */
MUST_USE enum code item_file_sweep(struct db *db, int64_t before_ms, int64_t *n, struct err *e);
/* The same as a write of its own: what was loose for a day. Run by serve every hour. */
MUST_USE enum code item_file_prune(struct store *st, int64_t now_ms, struct err *e);

#endif
