/* office/brief_int.h - between the files of the morning's page. */
#ifndef OFFICE_BRIEF_INT_H
#define OFFICE_BRIEF_INT_H

#include "office/brief.h"

/* ---- brief_make.c ---- */
/* What is to be said to out->audience on out->day, as of by->now_ms; since_ms: what came from above since then. No read may be open. */
MUST_USE enum code brief_gather(struct office *o, struct arena *a, const struct actor *by,
    int64_t since_ms, struct brief *out, struct err *e);

/* ---- brief_keep.c ---- */
void brief_write(struct buf *b, const struct brief *v); /* JSON */
MUST_USE enum code brief_parse(struct arena *a, struct str text, struct brief *out, struct err *e);

#endif
