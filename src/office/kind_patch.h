/* office/kind_patch.h - what changes in practice in a kind, one by one: labels, hints, choices, what must be filled in, limits, lights,
 * reminders, phrases, columns, retention, printed forms, who stands for a role. Each such place of the text is a knob with a path
 * (fields/lead/hint); turning one changes the text there and nowhere else, so that comments, order and layout of the file stay. */
#ifndef OFFICE_KIND_PATCH_H
#define OFFICE_KIND_PATCH_H

#include "office/kind.h"

enum { KNOBS_MAX = 3000, KNOB_VALUE_CP_MAX = 8000 };

enum knob_type {
    KNOB_LINE = 1, /* a line of text */
    KNOB_LIMIT,    /* 4h working, 3d */
    KNOB_FLAG,     /* "true" or empty */
    KNOB_WORDS,    /* several, each on a line of its own */
    KNOB_OFFSETS,  /* several, parted by 、, as are the next two: when it is reminded */
    KNOB_WHO,      /* terms of who may */
    KNOB_COLUMNS,  /* of the ledger */
};
static inline bool knob_is_list(enum knob_type t)
{
    return t == KNOB_OFFSETS || t == KNOB_WHO || t == KNOB_COLUMNS;
}
struct kind_knob {
    struct str path;        /* fields/lead/hint */
    struct str group;       /* 字段, 时限 ... */
    struct str owner, name; /* 牵头单位, 填写说明 */
    enum knob_type type;
    struct str value; /* as the file has it */
    struct str shown; /* in words: 4个工作小时, 科长、牵头单位 */
    bool fixed;       /* written in a way that is changed in the text alone (several lines) */
    int line;
};
/* In the order of the file. E_INPUT: the text is no kind. */
MUST_USE enum code kind_knobs(struct arena *a, struct str yaml, const char *file,
    struct kind_knob **out, size_t *n, struct err *e);

struct kind_change {
    struct str path, value; /* in words, or as the file has it */
};
/* The text with those knobs turned whose value differs; judged as a whole by kind_read. E_INPUT: no such knob, a value that cannot
 * stand there, or what kind_read says of the result. */
MUST_USE enum code kind_patch(struct arena *a, struct str yaml, const char *file,
    const struct kind_change *v, size_t n, struct str *out, struct err *e);

/* What differs between two texts of a kind: knobs with both values, then how many other lines. */
/* In words. */
struct kind_difference {
    struct str owner, name, before, after;
};
MUST_USE enum code kind_differences(struct arena *a, struct str before, struct str after,
    struct kind_difference **out, size_t *n, int64_t *lines, struct err *e);

/* Lines of one text that the other has nowhere, in its order. */
struct str *kind_lines_only(struct arena *a, struct str text, struct str other, size_t *n);

/* ---- kind_knob_words.c: between what the file has and the words of the office; what is neither stays as it is ---- */
struct str knob_words(struct arena *a, const struct kind *k, enum knob_type type, struct str value);
struct str knob_code(struct arena *a, const struct kind *k, enum knob_type type, struct str shown);

#endif
