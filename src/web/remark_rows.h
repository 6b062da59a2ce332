/* web/remark_rows.h - remarks of the office to rows of pages. */
#ifndef WEB_REMARK_ROWS_H
#define WEB_REMARK_ROWS_H

#include "office/remark.h"
#include "pages.h"
#include "web/ctx.h"

struct remark_row row_remark(struct ctx *c, const struct remark *r);
/* Whom words name, with who each of them may be. */
void remark_rows_named(struct ctx *c, const struct remark_named *v, size_t n,
    struct remark_named_row **out, size_t *n_out);
struct str remark_link(struct arena *a, int64_t item, int64_t seq);

#endif
