/* web/ctx.h - one request on its way through a page: who asks, which route, how to answer.
 *
 * A handler returns OK after it answered (show_X, ctx_redirect, ...), or a failure, which becomes
 * the page of that error. Everything it makes lives in `a`, until the answer is sent. */
#ifndef WEB_CTX_H
#define WEB_CTX_H

#include "base/json.h"
#include "office/office.h"
#include "office/session.h"
#include "web/http.h"
#include "web/view.h"

struct app {
    struct office *office;
    struct http *http;
    struct hasher *hasher;
    struct door door;
    struct live *live;
    struct presence *presence;
    struct face_pool *faces; /* of previews */
    char *site;           /* how people reach the platform, without a / behind it; NULL: not told */
    char *address;        /* http://127.0.0.1:8080/ */
    bool demo;            /* every page says so */
    int64_t (*now)(void); /* of items */
};

struct route;
struct actor; /* office/item.h */
struct ctx;
typedef enum code (*ctx_fn)(struct ctx *c, struct err *e);
typedef enum code (*ctx_then)(struct ctx *c, enum code code, struct err *e);

struct ctx {
    struct app *app;
    struct request *r;
    struct arena *a;
    const struct route *route;
    int64_t id, id2; /* what stands for :id and :id2 in the route's pattern */
    bool signed_in;
    struct session session;
    const struct viewer *v; /* of the session */
    struct seats *seats;    /* of the viewer, while this page is made */
    bool json;              /* the struct of the page is asked for, not the page */
    struct shell shell;
    bool level_told;             /* ctx_level */
    bool flash_taken;            /* the page shows the message itself */
    bool secret;                 /* ctx_secret */
    const struct kind_on *kinds; /* switched on: their ledgers are tabs; only where HTML is made */
    size_t n_kinds;
    /* a write under way without a worker */
    void *job; /* what it works on, in the arena */
    ctx_then then;
    store_fn write;  /* behind the key of what was sent: once.c */
    struct str once; /* that key; empty: none */
    bool once_mine;  /* this request has taken it */
    bool once_again; /* it was done before */
    enum code then_code;
    struct err then_err;
};

/* Who acts on items, now: of this request. In the arena. */
const struct actor *ctx_actor(struct ctx *c);

/* ---- answering ---- */
struct buf *ctx_html(struct ctx *c); /* the body, to be filled */
const struct shell *ctx_shell(struct ctx *c);
bool ctx_json_begin(struct ctx *c, struct jw *j, const char *page); /* false: HTML is wanted */
void ctx_json_end(struct ctx *c, struct jw *j);
/* 303; for JSON: {"ok":true,"location":...}. `to` is a path of ours. */
void ctx_redirect(struct ctx *c, struct str to);
void ctx_error(struct ctx *c, int status, const char *why);
/* What is answered is a file to be kept, with this name. */
void ctx_attachment(struct ctx *c, struct str name);
/* ... and one to be looked at in the browser. */
void ctx_shown(struct ctx *c, struct str name);
/* What is answered is a PNG of our own, inside a reading. E_LIMIT: more than `most` bytes. The browser may keep it for a day: a blob never changes. */
MUST_USE enum code ctx_picture(
    struct ctx *c, struct db *db, struct str blob, size_t most, struct err *e);
/* A message for the next page of this browser, shown once; above the page where it has no place of its own. */
void ctx_flash(struct ctx *c, struct str text);
struct str ctx_flash_take(struct ctx *c);

/* This page is of an item of that level: what is typed in its forms may be kept on the device, but for 工作秘密. Pages of items that do
 * not say so keep nothing. */
void ctx_level(struct ctx *c, int level);
/* What was sent bears a secrecy mark (E_SECRET): the browser forgets what it kept of it. Other codes: nothing. */
void ctx_secret(struct ctx *c, enum code code);

/* ---- writing ---- */
/* Run fn in a write without holding this worker. `arg` must be c itself; what fn works on lies in c->job.
 * `then` goes on with its outcome and answers, or returns the failure. As the last act of a handler: return
 * ctx_write(...). A form that was sent with a key (field "once") is written once, however often it comes: once.h. */
enum code ctx_write(struct ctx *c, store_fn fn, void *arg, ctx_then then);

/* ---- reading what was sent ---- */
int64_t ctx_int(struct str s, int64_t lo, int64_t hi, int64_t otherwise);
int64_t ctx_page(struct ctx *c);                   /* the query's page number, from 1 */
struct str ctx_words(struct ctx *c, struct str s); /* trimmed, inner line ends as blanks */
struct str ctx_size(struct ctx *c, int64_t bytes); /* 1.2 MB */
struct iso_day iso_day(struct str s);
/* Where a person should land after signing in: `to` if it is a path of this site, else "/". */
struct str ctx_local(struct str to);

/* Choices of a select: a table of {value, name}; `chosen` is marked. */
struct choices {
    struct choice *v;
    size_t n, cap;
};
void choice_add(struct ctx *c, struct choices *l, struct str value, struct str name, bool chosen);

#endif
