/* web/kind_words.h - pieces of a kind of matter in words. */
#ifndef WEB_KIND_WORDS_H
#define WEB_KIND_WORDS_H

#include "office/kind.h"
#include "web/ctx.h"

struct str words_join(struct ctx *c, struct str head, const char *mark, struct str piece);
struct str words_cond(struct ctx *c, const struct kind *k, const struct cond *cond);

#endif
