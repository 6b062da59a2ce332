/* office/proof.h - a text handed in to be checked (送审文稿): the check for a person, kept with what people decided.
 *
 * A check is run when it is looked at: tables, rules and library are those of the moment. What is kept is the text, the
 * original bytes, and for each finding that was shown what a person did with it. Who may see it: access_document, as for
 * a 工作秘密 paper that its owner registered. */
#ifndef OFFICE_PROOF_H
#define OFFICE_PROOF_H

#include "office/library.h"
#include "office/quote.h"
#include "office/rulebook.h"
#include "paper/annotate.h"

enum {
    PROOF_TITLE_CP_MAX = 120,
    PROOF_LIST_MAX = 100,
};

/* What is to be checked. */
struct proof_input {
    struct str text;               /* doc_text of the file, or what was pasted */
    const uint8_t *kinds;          /* describe_kinds of the file; NULL */
    struct lex_date day;           /* as of which; year 0: the draft's own, else today */
    int genre;                     /* 0: as the title says */
    uint32_t classes;              /* bit set over enum check_class; 0: all */
    const struct lexicon *lexicon; /* word lists; NULL: those of the office (office/wordlist.h) */
    struct str
        digest; /* of the original: a document with the same bytes is no source; may be empty */
};
struct proof_report {
    struct draft draft;
    struct check check;
    struct match match;
    struct coverage_row *coverage; /* what the library holds for this viewer */
    size_t n_coverage;
    int64_t documents;        /* together */
    struct str words_problem; /* why the word lists of the unit were not used; empty: they were */
    int64_t us_rules, us_library;
    int64_t behind; /* changes of the library that the index has not taken in yet */
};
/* The whole check for a viewer; nothing is stored. Results live in `a`. */
MUST_USE enum code proof_check(struct office *o, struct arena *a, const struct viewer *v,
    const struct proof_input *in, struct proof_report *out, struct err *e);

/* Findings as comments and tracked suggestions for annotate_file; at most ANNOTATIONS_MAX. */
struct annotate_list proof_annotations(struct arena *a, const struct finding *const *v, size_t n);

/* ---- kept ---- */
enum proof_verdict {
    VERDICT_NONE = 0,
    VERDICT_ACCEPTED,
    VERDICT_ONCE,  /* ignored: this place */
    VERDICT_HERE,  /* ignored: this rule about these words, in this text */
    VERDICT_NEVER, /* ignored: this rule about these words, everywhere (rulebook_never) */
    N_VERDICT
};
const char *proof_verdict_key(enum proof_verdict v); /* "accepted" "once" "here" "never"; "" */
enum proof_verdict proof_verdict_of(struct str key);

struct proof {
    int64_t id;
    struct str title, file_name, format;
    struct str blob; /* digest of the original; empty: pasted */
    struct str text;
    struct str outline; /* doc_encode_outline; empty: pasted */
    struct str day;     /* as of which, 'YYYY-MM-DD' or empty */
    int genre;
    int64_t owner, made_ms, chars;
    struct str owner_name;
    int64_t open; /* findings shown and not decided */
};
struct proof_new {
    struct str file_name, day;
    const struct doc *doc; /* as read; NULL: `text` was pasted */
    struct str text;       /* doc_text(doc), or what was pasted */
    int genre;
    int fd; /* of the original; -1: none */
};
/* Keep it and note what the first check shows. E_SECRET when it bears a secrecy mark: nothing is kept. */
MUST_USE enum code proof_add(struct office *o, struct arena *a, const struct viewer *v,
    const struct proof_new *in, int64_t *id, struct err *e);
MUST_USE enum code proof_get(struct office *o, struct arena *a, const struct viewer *v, int64_t id,
    struct proof *out, struct err *e);
/* Those the viewer may see, newest first; before 0: from the newest. */
MUST_USE enum code proof_list(struct office *o, struct arena *a, const struct viewer *v,
    int64_t before, size_t limit, struct proof **out, size_t *n, struct err *e);
MUST_USE enum code proof_remove(
    struct office *o, const struct viewer *v, int64_t id, struct err *e);
/* The original into fd. */
MUST_USE enum code proof_original(
    struct office *o, const struct viewer *v, int64_t id, int fd, struct err *e);

/* Kept texts that hold one of the forms, which the viewer may see: what a changed row of set wording touches. Of the newest
 * PROOF_HOLDING_SCAN texts, newest first, at most PROOF_HOLDING_MAX; each with the first of the forms that it holds. A form
 * inside another word counts: the check itself judges that. Empty for who may not check. */
enum { PROOF_HOLDING_SCAN = 300, PROOF_HOLDING_MAX = 50 };
struct proof_held {
    struct proof p; /* without its text */
    struct str form;
    int64_t places; /* of all the forms together */
};
MUST_USE enum code proof_holding(struct office *o, struct arena *a, const struct viewer *v,
    const struct str *forms, size_t n_forms, struct proof_held **out, size_t *n, struct err *e);

/* A finding with what was decided about it. */
struct proof_finding {
    const struct finding *f;
    struct str key; /* of rule, words and what stands around them: stays when the text moves */
    enum proof_verdict verdict;
    struct str by_name;
    int64_t at_ms;
};
/* The check of a kept text, run now. Findings about words of "never again" are left out and counted. */
MUST_USE enum code proof_view(struct office *o, struct arena *a, const struct viewer *v,
    const struct proof *p, struct proof_report *report, struct proof_finding **out, size_t *n,
    size_t *n_never, struct err *e);
/* The check of a text that is kept nowhere, without findings about words of "never again", which are counted. */
MUST_USE enum code proof_glance(struct office *o, struct arena *a, const struct viewer *v,
    const struct proof_input *in, struct proof_report *report, struct proof_finding **out,
    size_t *n, size_t *n_never, struct err *e);
/* Note what the viewer decided; VERDICT_NONE takes it back. */
MUST_USE enum code proof_decide(struct office *o, const struct viewer *v, int64_t id,
    struct str rule, struct str key, struct str words, enum proof_verdict verdict, struct err *e);

#endif
