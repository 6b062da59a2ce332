/* web/remark_rows.h - remarks of the office to rows of pages. */
#ifndef WEB_REMARK_ROWS_H
#define WEB_REMARK_ROWS_H

#include "office/remark.h"
#include "pages.h"
#include "web/ctx.h"

struct remark_row row_remark(struct ctx *c, const struct remark *r);
struct str remark_link(struct arena *a, int64_t item, int64_t seq);

#endif
