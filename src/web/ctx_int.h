/* web/ctx_int.h - between app.c and ctx.c. */
#ifndef WEB_CTX_INT_H
#define WEB_CTX_INT_H

#include "web/ctx.h"

void ctx_resume(void *arg, struct request *r); /* after a ctx_write: http_then */

#endif
