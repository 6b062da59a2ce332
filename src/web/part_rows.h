/* web/part_rows.h - parts of a manuscript as rows of a page. */
#ifndef WEB_PART_ROWS_H
#define WEB_PART_ROWS_H

#include "pages.h"
#include "web/ctx.h"

/* page_manuscript_part.c: all of one manuscript, as the actor sees them. pace: of the speaker, 0 where it is no speech. */
MUST_USE enum code part_rows(struct ctx *c, struct db *db, int64_t id, int pace,
    struct manuscript_part_row **out, size_t *n, struct err *e);
/* What the actor is to write himself and has not handed in. */
MUST_USE enum code part_mine_rows(
    struct ctx *c, struct db *db, struct part_mine_row **out, size_t *n, struct err *e);
/* page_speech.c: the speeches that the actor has to write, the next ones first. */
MUST_USE enum code speech_mine_rows(
    struct ctx *c, struct db *db, struct speech_mine_row **out, size_t *n, struct err *e);

#endif
