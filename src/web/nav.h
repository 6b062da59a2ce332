/* web/nav.h - where one can go from a page: the entrances, the tabs of the one it stands in, the person's menu. */
#ifndef WEB_NAV_H
#define WEB_NAV_H

#include "web/ctx.h"

/* Into c->shell, for the person who is signed in. */
void nav_fill(struct ctx *c);

#endif
