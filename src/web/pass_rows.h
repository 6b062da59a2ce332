/* web/pass_rows.h - findings that were passed over, as rows of a page. */
#ifndef WEB_PASS_ROWS_H
#define WEB_PASS_ROWS_H

#include "office/manuscript_pass.h"
#include "pages.h"
#include "web/ctx.h"

void pass_rows(struct ctx *c, const struct manuscript_pass *v, size_t n,
    struct manuscript_pass_row **out, size_t *n_out);
/* Of what stands in the text now: how many, and by whom in words. */
MUST_USE enum code pass_said(
    struct ctx *c, struct db *db, int64_t manuscript, int64_t *n, struct str *said, struct err *e);

#endif
