/* web/kind_words.h - pieces of a kind of matter in words. */
#ifndef WEB_KIND_WORDS_H
#define WEB_KIND_WORDS_H

#include "office/kind.h"
#include "web/ctx.h"

struct str words_join(struct ctx *c, struct str head, const char *mark, struct str piece);
struct str words_cond(struct ctx *c, const struct kind *k, const struct cond *cond);
/* kind_newer.c: what a newer program delivers, for those who may take it over. */
struct page_kind;
MUST_USE enum code newer_fill(
    struct ctx *c, struct db *db, struct page_kind *p, struct str kind, struct err *e);
/* page_kinds.c */
struct str kind_in_path(const struct ctx *c); /* the part of the address behind /kinds/ */
struct str who_text(
    struct ctx *c, const struct kind *k, const struct who_list *l); /* 科长、牵头单位 */

#endif
