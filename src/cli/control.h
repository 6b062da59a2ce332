/* cli/control.h - the control socket: working commands done by the serve that owns the directory.
 *
 * DIR/control.sock, mode 0600, peers of the same user only (SO_PEERCRED). Lines of JSON:
 *     → {"command":"import","args":{…}}
 *     ← {"say":{…}}                          as often as there is something to say
 *     ← {"end":{"code":0,"message":""}}      once, the last
 * The client closing its writing side (or going away) is the wish to stop: what is done stays done. */
#ifndef CLI_CONTROL_H
#define CLI_CONTROL_H

#include "cli/command.h"

enum {
    CONTROL_REQUEST_MAX = 1 << 20, /* bytes of a request */
    CONTROL_ANSWER_MAX = 16 << 20, /* bytes of one answer line */
    CONTROL_CLIENTS = 8            /* at work at once; more are told E_BUSY */
};

struct control;
/* Listen in the data directory of `o`, which this process owns (a socket left behind is replaced). */
MUST_USE enum code control_open(struct office *o, struct control **out, struct err *e);
/* No new ones; those at work are asked to stop, and waited for. */
void control_close(struct control *k);

/* A connection to the serve that owns `dir`; E_NOTFOUND when none listens there. */
MUST_USE enum code control_connect(const char *dir, int *fd, struct err *e);
/* One command over fd, which is closed. `args` is borrowed. Each object said is handed to `said`, which takes
 * over the reference. When `stop_fd` (may be -1) becomes readable, the other side is asked to stop. The
 * result and message are the command's own. */
MUST_USE enum code control_call(int fd, const char *command, json_t *args,
    const struct teller *said, int stop_fd, struct err *e);

#endif
