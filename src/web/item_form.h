/* web/item_form.h - the form of an item: made from the fields of its kind, and read back.
 *
 * A field of id x is sent as "f.x"; several of them (members, rows) as often as there are some, with an empty one among them
 * so that none at all can be told from a field that was not on the form. Beside it "f.x.text" takes names that were typed and
 * not chosen, which are looked up here: the form works without script. */
#ifndef WEB_ITEM_FORM_H
#define WEB_ITEM_FORM_H

#include "office/item.h"
#include "web/names.h"

enum { FORM_FIELD_LINES = 3 };

struct item_upload; /* office/item_file.h */
struct item_typed_file {
    struct str field;
    struct item_upload *file; /* judged, not yet put */
};

/* What a form holds, right or wrong. */
struct item_typed {
    json_t *fields;         /* {"id": value} as item.h has them; owned by the request */
    json_t *texts;          /* {"id": typed names that nobody bears} */
    struct str problem, at; /* the first that could not be read, and its field; empty: none */
    struct item_typed_file *uploads; /* files sent with the form */
    size_t n_uploads;
};
/* The fields of `only` (NULL: all) that were sent. Over `base` (stored fields; NULL: none) it is judged which of them there
 * are at all: a value of one that is not is null. It borrows a reader of its own. */
MUST_USE enum code item_form_read(struct ctx *c, const struct kind *k, const json_t *base,
    const size_t *only, size_t n_only, struct item_typed *out, struct err *e);
/* page_item_file.c: files sent as "f.x.file" are judged outside of the write and put inside of it: the fields with their ids, a
 * copy, for the write may run again. */
MUST_USE enum code item_form_uploads(
    struct ctx *c, const struct kind *k, struct item_typed *t, struct err *e);
MUST_USE enum code item_form_put(struct db *db, struct ctx *c, const struct actor *by,
    const struct item_typed *t, json_t **fields, struct err *e);
/* {} for both. */
void item_typed_init(struct ctx *c, struct item_typed *t);
json_t *item_form_keep(struct ctx *c, json_t *v); /* released with the request */

/* The same as rows of a page. */
struct item_which {     /* of the kind's fields */
    const size_t *only; /* NULL: all of them */
    size_t n_only;
    const bool *hidden; /* left out, by index; NULL: none */
};
MUST_USE enum code item_form_rows(struct ctx *c, struct db *db, const struct kind *k,
    const struct item_typed *t, struct item_which which, struct form_field **out, size_t *n,
    struct err *e);
struct str item_form_when(
    struct ctx *c, const struct kind *k, const struct cond *cond); /* for script */

/* Outside of a kind's fields, sent in the same way: people and units; or one thing of this type, 0 where none was chosen.
 * E_INPUT names what nobody bears. They borrow a reader of their own. */
struct item_chosen {
    int64_t *persons, *units;
    size_t n_persons, n_units;
};
MUST_USE enum code item_form_chosen(
    struct ctx *c, const char *persons, const char *units, struct item_chosen *out, struct err *e);
MUST_USE enum code item_form_one(struct ctx *c, const char *id, const char *label,
    enum field_type type, int64_t *out, struct err *e);

/* What can be seen of a passage, as it stands in the document now. */
MUST_USE enum code item_passage(struct ctx *c, struct db *db, int64_t doc, int64_t begin,
    int64_t end, struct str *text, struct err *e);
/* Title and link of a document, or of an item, that the person may see; else words that say so. */
MUST_USE enum code item_pick_document(
    struct ctx *c, struct db *db, int64_t id, struct item_picked *out, struct err *e);
MUST_USE enum code item_pick_item(
    struct ctx *c, struct db *db, int64_t id, struct item_picked *out, struct err *e);
/* A file, as far as the person may have it. */
MUST_USE enum code item_pick_file(
    struct ctx *c, struct db *db, int64_t id, struct item_picked *out, struct err *e);
/* The one unit of this name, long or short. */
MUST_USE enum code item_unit_named(
    struct ctx *c, struct db *db, struct str text, int64_t *id, struct err *e);
/* The one item that `text` names, by number, title or address. E_INPUT: none, or several. */
MUST_USE enum code item_named(
    struct ctx *c, struct db *db, struct str text, int64_t *id, struct err *e);

#endif
