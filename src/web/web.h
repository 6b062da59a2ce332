/* web/web.h - the platform on a port: what main.c hands to the command `serve`. */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "office/office.h"

struct web_options {
    struct str listen;    /* "ADDR:PORT", port 0: any free one */
    struct str site;      /* how people reach the platform, https://…; empty: not told */
    bool demo;            /* every page says that this is a demonstration */
    int64_t (*now)(void); /* the time of what is done with items, for tests; NULL: the clock */
};
/* Answer pages of `o` until web_stop; returns when it listens. *address is "http://127.0.0.1:8080/",
 * owned by *web. */
MUST_USE enum code web_start(
    struct office *o, const struct web_options *w, void **web, struct str *address, struct err *e);
void web_stop(void *web); /* graceful: requests in work are answered first */

#endif
