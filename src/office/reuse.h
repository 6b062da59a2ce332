/* office/reuse.h - does a text repeat what was said before? A manuscript compared with the earlier texts of one's own house (office/sample.h):
 * which passages, of which text, how much of it. Nothing is kept. */
#ifndef OFFICE_REUSE_H
#define OFFICE_REUSE_H

#include "office/sample.h"

enum {
    REUSE_SOURCES_MAX = 30,
    REUSE_WARN_PERCENT = 10, /* of the text, out of one earlier text: worth saying */
    REUSE_WARN_CHARS = 120   /* or so long a passage word for word */
};

struct reuse_passage {
    int64_t begin_cp, end_cp;               /* in the text that was given */
    int64_t source_begin_cp, source_end_cp; /* in the earlier one */
    struct str text, source_text;
    int64_t chars;
    bool exact;
    bool
        quoted; /* lies between quotation marks: what was quoted again is no repetition of one's own */
};
struct reuse_source {
    struct sample of;
    struct reuse_passage *v; /* by place */
    size_t n;
    int64_t chars; /* of the text that it repeats, quotations left out */
    int percent;   /* of the text */
    bool warn;
};
struct reuse {
    struct reuse_source *v; /* the greatest share first */
    size_t n;
    int percent; /* of the text, from all of them together */
    bool warn;
    int64_t chars; /* of the text, that count */
    int64_t
        compared; /* texts it was compared with: samples read and documents in the library of own issuers */
    int64_t behind;
};
/* `text` as on the desk: words in front do not count. `manuscript`: it and its versions are no source; 0: none. */
MUST_USE enum code reuse_find(struct office *o, struct arena *a, const struct actor *by,
    struct str text, int64_t manuscript, struct reuse *out, struct err *e);
/* For the person: 与2025年1月15日“在公司…上的讲话”重复23%，共5处. Empty where there is nothing to warn of. */
struct str reuse_warning(struct arena *a, const struct reuse *r);

#endif
