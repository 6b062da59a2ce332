/* text/terms_int.h - the inside of struct terms, for rules_term.c, rules_list.c and rules_holder.c. */
#ifndef TEXT_TERMS_INT_H
#define TEXT_TERMS_INT_H

#include "text/automaton.h"
#include "text/rule.h"
#include "text/terms.h"

/* What a word of the automaton is. A text may be several. */
enum form_role {
    FORM_RIGHT, /* canonical or allowed: what lies inside it is no wrong form */
    FORM_WRONG,
    FORM_OLD,
    FORM_ITEM,   /* `at` is its place in the order, from 0 */
    FORM_PERSON, /* of a holder */
    FORM_TITLE,  /* of a holder, or a term of that kind */
    FORM_BODY,   /* of a holder, or of a term of that kind in any of its forms */
};
struct form {
    enum form_role role;
    struct str text;
    uint32_t term; /* index; UINT32_MAX: a holder's word */
    uint32_t at;
};
/* One title of one person; rows with several are split. */
struct post {
    const struct holder *row;
    struct str title;
};
struct terms {
    const struct term *v;
    size_t n;
    struct form *forms;
    size_t n_forms;
    struct post *posts;
    size_t n_posts;
    struct automaton *automaton;
    uint32_t kinds; /* bit set over enum term_kind: which sorts there are */
};

/* A form at a place of the draft. */
struct form_hit {
    size_t begin, end;
    const struct form *form;
};
/* What the passes of this class share: one walk of the automaton over one draft. */
struct term_walk {
    struct checker *c;
    const struct draft *d;
    const struct terms *t;
    const struct form_hit *hits; /* by begin, of one begin the longest first */
    size_t n;
    const uint32_t *first; /* index of the first hit that begins at i or later, n + 1 */
    const uint8_t
        *not_ours; /* 1 where words of others stand: quotations with a source, titles, addresses */
};

enum { TERM_FORM_CP = 64 }; /* longer forms do not stand before a name */

/* Is the day that is judged inside [from, to]; -1 surely before, 1 surely behind, 0 inside or not surely outside. */
int term_day(const struct checker *c, struct lex_date from, struct lex_date to);
/* Surely inside: the day may be a year alone. */
bool term_holds(const struct checker *c, struct lex_date from, struct lex_date to);
struct str term_date(struct arena *a, struct lex_date d); /* 2024年3月1日 */
/* The longest hit with this role that begins, or ends, at i; NULL: none. */
const struct form_hit *hit_at(const struct term_walk *w, size_t i, enum form_role role);
const struct form_hit *hit_before(const struct term_walk *w, size_t i, enum form_role role);
/* Does the sentence around `at` speak of a time before `day`, or stand 原, 时任 ... right before it? */
bool of_the_past(const struct term_walk *w, size_t at, struct lex_date day);
bool term_said(const struct draft *d, size_t begin, size_t end, const struct str *words, size_t n);
/* Is [begin, end) the whole name, as far as one can tell: 张三 and not the beginning of 张三丰? */
bool name_stands(const struct draft *d, size_t begin, size_t end);
/* Let the finding (may be NULL) show the row it rests on. */
void term_source(struct term_walk *w, struct finding *f, struct str text, struct str source);

void pass_lists(struct term_walk *w);   /* rules_list.c */
void pass_orders(struct term_walk *w);  /* rules_list.c */
void pass_holders(struct term_walk *w); /* rules_holder.c */

#endif
