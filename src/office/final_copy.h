/* office/final_copy.h - the final copy (正本) of what an item issues: the version that was signed, and nothing else, with what is filled in by rule.
 *
 * By rule, whatever the text says of them: 发文字号 is the item's number; 成文日期 the day of 签发; 签发人 who signed, where the field `direction` is
 * 上行文; 印发机关 and 印发日期 the field `issuer` and the day of the first print; 紧急程度 the item's; the seal a picture that was set under this version
 * (seal.h); 份号 that of the copy. */
#ifndef OFFICE_FINAL_COPY_H
#define OFFICE_FINAL_COPY_H

#include "office/item_text.h"
#include "paper/layout.h"

enum { FINAL_NUMBERED_MAX = 200 /* copies with 份号 in one file */ };

struct final_copy {
    struct item it;
    struct item_text text;
    struct official doc;
    struct str body;               /* the signed text */
    struct manuscript_file *files; /* its pictures */
    size_t n_files;
    struct str *notes; /* for the person: what was filled in */
    size_t n_notes;
};
/* E_CONFLICT: nothing is signed, or it has no number yet. E_BUG: the text no longer has its digest. */
MUST_USE enum code final_copy_read(struct db *db, struct arena *a, const struct actor *by,
    int64_t item, struct final_copy *out, struct err *e);

struct final_sheet { /* how it is printed */
    bool preprinted;
    double shift_x, shift_y;  /* mm */
    int64_t first_no, copies; /* first_no 0: without 份号, one copy in the file */
};
/* Laid out; with 份号, all copies one behind the other. */
MUST_USE enum code final_copy_lay(struct arena *a, struct faces *f, const struct final_copy *c,
    const struct final_sheet *s, struct layout *out, struct err *e);
/* Fonts that stand in for others, one a line; empty: none. */
struct str final_copy_fonts(struct arena *a, const struct layout *l);

#endif
