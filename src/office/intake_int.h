/* office/intake_int.h - what the kinds of sources share. Private to office/intake*.c. */
#ifndef OFFICE_INTAKE_INT_H
#define OFFICE_INTAKE_INT_H

#include <stdatomic.h>

#include "office/intake.h"

enum {
    INTAKE_ITEMS = 2000,         /* things taken in one run; the rest waits for the next */
    INTAKE_ITEM_MAX = 256 << 20, /* bytes of one thing */
    INTAKE_FEED_MAX = 8 << 20,   /* bytes of a feed */
    INTAKE_LINE_MAX = 1 << 20,   /* bytes of one line of a mail server */
    INTAKE_CONNECT_S = 15,       /* to connect */
    INTAKE_TRANSFER_S = 300      /* for one answer */
};

/* One run of one source. */
struct intake_job {
    struct office *o;
    const struct intake_source *src;
    struct arena *a;
    struct intake_run *run;
    struct str at;    /* where the thing in hand lies in the source: path, address; in a */
    struct str state; /* the kind's own, written with each item and at the end; in a */
    bool soon;        /* something was not ready: ask again in a few seconds */
    atomic_bool *stop;
};

bool intake_stopping(const struct intake_job *j);
/* Has the thing `key`, as it is now (`stamp`, may be empty), been dealt with? */
MUST_USE enum code intake_seen(
    struct intake_job *j, struct str key, struct str stamp, bool *seen, struct err *e);
/* Hand a thing to the library and remember it, with what became of it. A thing that is refused or cannot be
 * read is remembered too: it is not tried again until its stamp changes. */
MUST_USE enum code intake_take_bytes(struct intake_job *j, struct str key, struct str stamp,
    struct str name, struct str bytes, struct err *e);
struct intake_file {
    struct str key, stamp, name;
    int fd;
};
MUST_USE enum code intake_take_fd(struct intake_job *j, const struct intake_file *f, struct err *e);
/* Remember a thing that was not handed on (too large, gone), counted as failed. */
MUST_USE enum code intake_skip(
    struct intake_job *j, struct str key, struct str stamp, struct str reason, struct err *e);

/* The kinds. */
MUST_USE enum code intake_folder(struct intake_job *j, struct err *e);
MUST_USE enum code intake_mail(struct intake_job *j, struct err *e);
MUST_USE enum code intake_feed(struct intake_job *j, struct err *e);

/* intake_secret.c: passwords, DIR/intake.secret. Removing is setting to empty. E_NOTFOUND when there is none. */
MUST_USE enum code intake_secret_set(
    const struct office *o, int64_t source, struct str password, struct err *e);
MUST_USE enum code intake_secret_get(
    const struct office *o, struct arena *a, int64_t source, struct str *password, struct err *e);

/* intake_http.c: one GET. */
struct intake_get {
    struct str url, host; /* host: redirects stay on it */
    struct str etag, modified, ca;
    size_t max;
};
struct intake_got {
    long status; /* 200 or 304 */
    struct str etag, modified, type;
    struct str url; /* at the end of the redirects */
    struct str body;
};
MUST_USE enum code intake_fetch(
    struct arena *a, const struct intake_get *g, struct intake_got *out, struct err *e);
/* The host of an http(s) address, in lower case, with its port; empty if it is none. */
struct str intake_host(struct arena *a, struct str url);

#endif
