/* office/brief_mail.h - the page of the morning by mail, to those who chose it among their notices (NOTICE_BRIEF). Table `brief_mail`. */
#ifndef OFFICE_BRIEF_MAIL_H
#define OFFICE_BRIEF_MAIL_H

#include "office/brief.h"
#include "office/notice_post.h"

/* What is due. *sent: letters. A failure of one is noted with it and tried again, at most POST_TRIES times. */
MUST_USE enum code brief_mail_run(struct office *o, const struct post_options *opt, int64_t now_ms,
    atomic_bool *stop, size_t *sent, struct err *e);
/* Whom the sheets of a day did not reach, and why; for a chief, empty for others. */
MUST_USE enum code brief_mail_failed(struct db *db, struct arena *a, const struct actor *by,
    struct str day, struct str *out, struct err *e);

#endif
