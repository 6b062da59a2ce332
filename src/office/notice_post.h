/* office/notice_post.h - notices on their way: by mail (SMTP through libcurl) and to the robot of a chat group (WeCom's form).
 *
 * notice_post_run takes what is due. All that is due for one person (or one group) is one message: who chose a rhythm gets a digest, and a robot
 * that may not speak yet gathers. A message passes 0 waits, 1 claimed, 2 on its way (noted before its first byte leaves), 3 sent. After a
 * kill a claim that never left is taken up again; what had left is not sent a second time but shown as not known (5). A failure is retried
 * with growing pauses, at most POST_TRIES times, then given up (4); why stands on the page.
 *
 * Robots: the address bears the secret key. It is kept in DIR/notice.secret (keyring.h) and never shown again. */
#ifndef OFFICE_NOTICE_POST_H
#define OFFICE_NOTICE_POST_H

#include <stdatomic.h>

#include "office/notice.h"
#include "office/office.h"

enum {
    POST_TRIES = 6,
    HOOK_TEXT_BYTES = 2048, /* of a text message, by WeCom's rule */
    HOOK_PAUSE_MS = 3100,   /* between two messages of one robot: at most 20 in any minute */
    HOOK_URL_MAX = 1000,
    HOOK_NAME_CP_MAX = 40,
    HOOKS_MAX = 500
};
enum post_channel { POST_MAIL = 1, POST_HOOK, POST_LETTER };

struct post_options {
    struct str
        mail_url; /* smtp://HOST:PORT (STARTTLS) or smtps://HOST:PORT; empty: no mail leaves */
    struct str mail_from, mail_user, mail_password;
    struct str ca;       /* file of certificates to trust besides the system's, or empty */
    bool mail_plaintext; /* no TLS; only where the network between is trusted */
    bool hook_loopback;  /* robots at http://127.0.0.1 too: a gateway on this machine */
    int brief_minute;    /* of the day at which 今日要情 is made (brief.h); -1: never */
    int64_t
        climb_step_ms; /* between two calls of an urgent matter (climb_run); 0: as the duty rule says */
    struct str
        site; /* how people reach the platform, https://…: for links in mails; may be empty */
};

/* Is that an address a robot may have: https://host/…, or http://127.0.0.1:port/… where `loopback`. Nothing else is ever called. */
bool hook_address(struct str url, bool loopback);

struct notice_hook {
    int64_t id, unit;
    struct str name, unit_name, host; /* of the address no more is shown */
    struct str error;                 /* of the last message, or empty */
};
MUST_USE enum code hook_list(
    struct db *db, struct arena *a, struct notice_hook **out, size_t *n, struct err *e);
/* By a chief (E_DENIED). E_INPUT: an address that is none. */
MUST_USE enum code hook_add(struct office *o, const struct viewer *v, int64_t unit, struct str name,
    struct str url, int64_t *id, struct err *e);
MUST_USE enum code hook_remove(struct office *o, const struct viewer *v, int64_t id, struct err *e);

/* Everything that is due at now_ms. *sent: messages. A failure of one message is noted with its rows and no failure of the run. */
MUST_USE enum code notice_post_run(struct office *o, const struct post_options *opt, int64_t now_ms,
    atomic_bool *stop, size_t *sent, struct err *e);

/* ---- mails that belong to no matter (notice_letter.c) ---- */
/* What a person gets by mail that is no notice of an item, as the page of the morning: its words are written when it is put, it leaves by the same
 * door, and what became of it stands in notice_out with all the rest. */
struct post_letter {
    int64_t person;
    struct str about;         /* what it is one of: "brief 2026-07-13" */
    struct str name;          /* left part of the Message-ID */
    struct str subject, text; /* nothing of 工作秘密 */
    struct str path;          /* what a link in it opens, "/brief?day=…"; empty: none */
    int64_t at_ms;            /* when it may leave, quiet hours reckoned with */
    struct str mail;          /* read alone */
    int64_t tries;
};
/* Inside a write. */
MUST_USE enum code letter_put(struct db *db, const struct post_letter *l, struct err *e);
/* The one that this claim holds. */
MUST_USE enum code letter_claimed(struct db *db, struct arena *a, int64_t claim,
    struct post_letter *out, bool *there, struct err *e);
/* Whom those about something did not reach, and why: "张三（没有填写邮箱）、…". */
MUST_USE enum code letter_failed(
    struct db *db, struct arena *a, struct str about, struct str *out, struct err *e);
/* Inside a write. */
MUST_USE enum code letter_prune(struct db *db, int64_t before_ms, struct err *e);

/* ---- the transports (notice_mail.c, notice_hook.c) ---- */
struct post_try {
    enum code (*leaves)(
        void *arg, struct err *e); /* called once, before the first byte of the message */
    void *arg;
    atomic_bool *stop; /* may be NULL */
    bool left;         /* out: it was called */
    bool refused;      /* out: the other side said no for good: no use in trying again */
    bool unknown;      /* out: broken off after it left, no answer came */
};
struct post_mail {
    struct str to, subject, text,
        id; /* id: left part of the Message-ID, the same whenever it is tried */
    int64_t at_ms;
};
MUST_USE enum code mail_send(
    const struct post_options *opt, const struct post_mail *m, struct post_try *t, struct err *e);
MUST_USE enum code hook_send(const struct post_options *opt, struct str url, struct str text,
    struct post_try *t, struct err *e);
/* Cut between characters, so that it has at most `max` bytes; "…" shows that it was cut. */
struct str post_cut(struct arena *a, struct str s, size_t max);
/* The whole message as it goes to the mail server (RFC 5322, base64). */
void mail_write(struct buf *b, const struct post_options *opt, const struct post_mail *m);

/* ---- serve ---- */
/* One thread that calls whoever is on duty (climb.h), fires reminders, opens what comes back (recurring.h) and lets notices leave. */
struct postman;
MUST_USE enum code postman_start(
    struct office *o, const struct post_options *opt, struct postman **out, struct err *e);
void postman_stop(struct postman *p); /* NULL is allowed */

#endif
