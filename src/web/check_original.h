/* web/check_original.h - the file that was handed in to be checked, for the pages about it. */
#ifndef WEB_CHECK_ORIGINAL_H
#define WEB_CHECK_ORIGINAL_H

#include "web/ctx.h"

/* Of the check whose number stands in the address, in a file without a name; the caller closes it. */
MUST_USE enum code check_original(struct ctx *c, int *fd, struct err *e);

#endif
