/* office/manuscript_version.h - named versions of a manuscript (一稿, 送审稿, 定稿): frozen, and never changed again.
 *
 * The digest covers the whole text, in which the elements stand as well, and the pictures that it names. */
#ifndef OFFICE_MANUSCRIPT_VERSION_H
#define OFFICE_MANUSCRIPT_VERSION_H

#include "base/sm3.h"
#include "office/manuscript.h"

enum { VERSION_NAME_CP_MAX = 30, VERSIONS_MAX = 500 };
struct manuscript_version {
    int64_t id, manuscript;
    int64_t number; /* 1, 2, 3 … of its manuscript */
    int64_t seq;    /* the update it was frozen behind */
    struct str name;
    char digest[SM3_HEX + 1];
    int64_t chars;
    int64_t made_ms, made_by;
    struct str made_name;
    struct str files; /* the pictures its text names (manuscript_files_listed) */
    struct str paper; /* the sheets of paper it was entered from (pen_sheets_record); or empty */
};
/* Inside a write: the text as it stands now, by who may write it; a locked one too. The newest version is given back where it has this
 * name and this text already. name empty: 第N稿. */
MUST_USE enum code manuscript_freeze(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, struct str name, int64_t *version, struct err *e);
/* Of a text; where it names pictures (manuscript_files_named), of the list of them as well, behind a byte that no text has. */
struct digest manuscript_digest(struct str text, struct str files);
/* Newest first. */
MUST_USE enum code manuscript_versions(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, struct manuscript_version **out, size_t *n, struct err *e);
/* Whoever reads the manuscript; text may be NULL. E_BUG where the text no longer has its digest. */
MUST_USE enum code manuscript_version_get(struct db *db, struct arena *a, const struct actor *by,
    int64_t version, struct manuscript_version *out, struct str *text, struct err *e);

/* Inside a write: the text of that version is the text again, as one more update: nothing is lost by it. *seq: of the text now. */
MUST_USE enum code manuscript_restore(struct db *db, struct arena *a, const struct actor *by,
    int64_t version, int64_t *seq, struct err *e);

/* Two texts of a manuscript: of two versions, or 0 for the text now; the earlier one first, whichever was named first. */
struct manuscript_two {
    struct manuscript m;
    struct {
        int64_t version; /* 0: the text now */
        struct str name, text;
        int64_t at_ms;
    } older, newer;
};
MUST_USE enum code manuscript_two(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, int64_t one, int64_t other, struct manuscript_two *out, struct err *e);
/* As a docx with tracked changes. */
MUST_USE enum code manuscript_redline(
    struct arena *a, const struct manuscript_two *t, struct str *docx, struct err *e);

#endif
