/* text/terms.h - the unit's dated tables of set wording (规范表述): set phrases, names, bodies, titles, fixed
 * orders, and who holds which title; made ready to be looked for in a draft by the rules of rules_term.c.
 *
 * Pure values: the office hands in the confirmed rows (office/term.h). About a person's name, title or
 * place in an order nothing but these rows is ever asked; who is not in them is not judged. */
#ifndef TEXT_TERMS_H
#define TEXT_TERMS_H

#include "base/arena.h"
#include "text/lex.h"

/* Numbers are stored and never change meaning. */
enum term_kind {
    TERM_PHRASE = 1, /* 提法 */
    TERM_NAME,       /* 名称: of a meeting, a project, a series of documents */
    TERM_BODY,       /* 机构 */
    TERM_TITLE,      /* 职务 */
    TERM_PERSON,     /* 人名 */
    TERM_LIST,       /* 并列: items that always come whole and in this order */
    TERM_ORDER,      /* 排序: persons or bodies by precedence; not all of them need be named */
    N_TERM_KIND
};
const char *term_kind_name(enum term_kind k);        /* "提法" */
const char *term_kind_key(enum term_kind k);         /* "phrase" */
enum term_kind term_kind_of(struct str name_or_key); /* 0: none */

struct term {
    int64_t id;
    enum term_kind kind;
    struct str canonical;    /* TERM_LIST, TERM_ORDER: what the list is called */
    const struct str *wrong; /* 错误写法 */
    const struct str
        *old; /* 旧称: right before `from`, and of the past; `from` year 0: always old */
    const struct str
        *also; /* 可用写法: short forms, and longer words that contain a wrong form by chance */
    const struct str *items; /* TERM_LIST, TERM_ORDER: in order */
    size_t n_wrong, n_old, n_also, n_items;
    struct lex_date from, to; /* first and last day it holds; year 0: open */
    struct str source;        /* where it is laid down */
    struct str note;          /* shown with a finding */
};

/* Who holds a title from when till when. Several titles in one row are parted by 、. */
struct holder {
    int64_t id;
    struct str person, title;
    struct str body; /* may be empty */
    struct lex_date from, to;
    struct str source;
};

struct terms;
/* Borrows the strings and arrays; lives in `a`. E_LIMIT: more text than the automaton takes. */
MUST_USE enum code terms_new(struct arena *a, const struct term *v, size_t n,
    const struct holder *h, size_t n_h, struct terms **out, struct err *e);

#endif
