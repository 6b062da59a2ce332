/* web/once.h - a form that is sent twice, because the line broke before the answer came, is one act.
 *
 * The script makes a key for each sending (field "once"). The write takes the key with what it does (office/sent.h); whoever comes with a key
 * that is taken is answered as if it had just been done: a word, and the page that shows it. What was taken is told to the script by a cookie
 * that bears the key, so that it forgets the words it kept. Without script there is no key, and nothing changes. */
#ifndef WEB_ONCE_H
#define WEB_ONCE_H

#include "web/ctx.h"

/* Behind the checks, before the handler: finds the key; c->once_again: answer with once_answer. */
MUST_USE enum code once_begin(struct ctx *c, struct err *e);
/* Instead of c->write, and in the same write: takes the key and runs it, or sets c->once_again. */
MUST_USE enum code once_write(struct db *db, void *arg, struct err *e);
void once_taken(struct ctx *c);     /* the write is done: tell the script */
void once_answer(struct ctx *c);    /* it had been done before */
bool once_by_script(struct ctx *c); /* sent by our script, which goes where it is told by itself */

#endif
