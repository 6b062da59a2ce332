/* office/typeset_int.h - between typeset.c (words in front, body, annexes) and typeset_head.c (版头, title, signature, 版记). */
#ifndef OFFICE_TYPESET_INT_H
#define OFFICE_TYPESET_INT_H

#include "office/typeset.h"

struct typing {
    struct arena *a;
    struct draft d;
    size_t base; /* of d.text in the text that was given */
    struct official *o;
    bool *
        used; /* lines that are no text: what is not used at the end is set as text, nothing is left out */
    size_t first, last; /* lines of the body */
    bool form_said, seal_said, mark_said;
    struct typeset_read *told;
    size_t cap_notes;
};

static inline struct str line_str(const struct typing *t, size_t i)
{
    return str_trim(draft_str(&t->d, t->d.lines[i].first, t->d.lines[i].end));
}

/* 甲、乙 */
struct str *typeset_listed(struct arena *a, struct str s, size_t *n);
void typeset_note(struct typing *t, struct str note);

/* Up to the first line of the text: the elements of 版头, title, what stands below it, 主送; sets t->first and the form. */
void typeset_head(struct typing *t);
/* Of a text that is carried: the lines of its title, what stands below it, 主送; sets t->first. */
void typeset_carried_head(struct typing *t, size_t title_lines);
/* Between t->first and t->last and behind: 附件说明, signature, day, 附注, 版记, lists of names. */
void typeset_tail(struct typing *t);

#endif
