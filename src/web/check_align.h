/* web/check_align.h - a quotation and its original beside each other, for the page of a check. */
#ifndef WEB_CHECK_ALIGN_H
#define WEB_CHECK_ALIGN_H

#include "pages.h"
#include "web/ctx.h"

/* Both texts with what differs marked, into row->original and row->draft; what lies outside the common stretch is cut short. */
MUST_USE enum code check_align(struct ctx *c, struct str original, struct str draft,
    struct finding_source_row *row, struct err *e);

#endif
