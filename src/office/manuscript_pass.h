/* office/manuscript_pass.h - findings of the check that were passed over (略过) in a manuscript: by whom, when, why. Tables manuscript_pass and
 * manuscript_pass_list.
 *
 * A finding is the same one while its rule, its words and what stands around them in their line are: it stays passed over whatever is written
 * elsewhere, and is shown again once its words are others. Nothing is deleted: what is taken back keeps who took it back. What was passed over
 * when a version was sent or signed is kept as a list with a digest, which the event of the item bears (item_text.h). */
#ifndef OFFICE_MANUSCRIPT_PASS_H
#define OFFICE_MANUSCRIPT_PASS_H

#include "office/manuscript.h"
#include "text/check.h"

enum {
    PASS_AROUND_CP = 8, /* characters on either side, at most, and of the same line */
    PASS_WORDS_CP_MAX = 5000,
    PASS_SAID_CP_MAX = 400,
    PASS_WHY_CP_MAX = 200,
    PASSES_MAX =
        500 /* of one manuscript that stand; as many more that were taken back are listed */
};

struct manuscript_pass {
    int64_t id, manuscript;
    struct str rule;                 /* its id */
    bool throughout;                 /* wherever the words stand; before and after are empty then */
    struct str before, words, after; /* words empty: something was missing between the two */
    enum check_level level;          /* as it was shown */
    struct str said;                 /* what the finding said; empty: not known any more */
    struct str why;                  /* may be empty, but not of an error */
    int64_t by, made_ms, back_by, back_ms; /* back_ms 0: it is passed over */
    struct str by_name, back_name;
    bool here; /* what it is about is in the text now */
};
/* Whoever reads the manuscript; newest first. back: also those that were taken back. */
MUST_USE enum code manuscript_passes(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, bool back, struct manuscript_pass **out, size_t *n, struct err *e);

/* ---- inside a write; who may write the manuscript, while nothing locks it ---- */
struct pass_new {
    struct str rule, before, words, after, said, why;
    bool throughout;
    enum check_level level; /* as shown; one that the rule does not reach counts as the rule's */
};
/* What is passed over already stays as it is. E_INPUT: an error without a reason. */
MUST_USE enum code manuscript_pass_add(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, const struct pass_new *x, int64_t *pass, struct err *e);
/* pass 0: all of them. E_CONFLICT: it was taken back already. */
MUST_USE enum code manuscript_pass_back(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, int64_t pass, struct err *e);

/* ---- with a version ---- */
struct pass_list {
    int64_t id, manuscript, version, at_ms; /* id 0: nothing was passed over */
    size_t n, errors;
    struct str digest;         /* SM3 of the list as it is kept */
    struct manuscript_pass *v; /* of pass_list_get */
};
/* Inside a write: what stands passed over in the text of this version. The caller has judged who may send it. */
MUST_USE enum code manuscript_pass_keep(struct db *db, struct arena *a, const struct actor *by,
    int64_t version, struct pass_list *out, struct err *e);
/* Whoever reads the manuscript. E_BUG where the list no longer has its digest. */
MUST_USE enum code manuscript_pass_list(struct db *db, struct arena *a, const struct actor *by,
    int64_t list, struct pass_list *out, struct err *e);
/* 略过3处问题，其中错误1处（秋知衡2处、李四1处）; empty for none. */
struct str pass_words(struct arena *a, const struct manuscript_pass *v, size_t n);

#endif
