/* office/notice.h - who hears of what: one row for each person that an event of an item concerns, and how it reaches him.
 *
 * The engine calls notice_event inside its write, so that a notice is there exactly when the event is. What disturbs nobody:
 * a person's own acts, 已收 and 已读, remarks that only agree, reading, links. A notice that is outdated (the ask was answered, the step
 * was made) counts as read.
 *
 * Every notice stands in the page. Mail and the robot of the unit's chat group are chosen by the person, by sort of notice, with quiet hours
 * and a rhythm (notice_post.h sends). A robot's group is read by many: what goes there bears no title; of 工作秘密 none goes by mail either. */
#ifndef OFFICE_NOTICE_H
#define OFFICE_NOTICE_H

#include "office/item.h"
#include "office/item_event.h"

enum notice_kind {
    NOTICE_ASKED = 1, /* 请办 */
    NOTICE_WAITING,   /* 待办: a step waits for him */
    NOTICE_ANSWERED,  /* 回复; one row for an item until it is read, with how many */
    NOTICE_RETURNED,  /* 退回 */
    NOTICE_HANDED,    /* 移交 */
    NOTICE_REMINDED,  /* 催办 */
    NOTICE_ESCALATED, /* 逾期报告 */
    NOTICE_TOLD,      /* 留言 */
    NOTICE_EXTEND,    /* 延期 */
    NOTICE_CLOSED,    /* 办结 */
    NOTICE_CLIMB, /* 特急呼叫 (climb.h): neither quiet hours nor a rhythm hold it up, and it needs not be chosen */
    NOTICE_BRIEF, /* 今日要情 (brief.h): only chosen here, by mail; no row is one */
    N_NOTICE
};
const char *notice_kind_name(enum notice_kind k);

/* ---- the engine ---- */
struct work; /* office/item_int.h */
/* Inside the verb's write, after everything else of it is written. */
MUST_USE enum code notice_event(struct work *w, const struct item_event *ev, struct err *e);
/* One row by hand, for what is no event of the item. Inside a write. */
struct notice_new {
    int64_t person, item, about, seq, at_ms,
        by; /* about: what the row is one of, with person, item and kind; item 0: of this manuscript */
    enum notice_kind kind;
    struct str text;
};
MUST_USE enum code notice_put(struct db *db, const struct notice_new *n, struct err *e);
/* Inside a write: what was told of an item in this way is over: read, and what has not left leaves no more. */
MUST_USE enum code notice_outdated(
    struct db *db, int64_t item, enum notice_kind kind, int64_t now_ms, struct err *e);
/* Does a remark or an opinion only agree, or say that it was received (同意 已阅 收到 …)? */
bool notice_assent(struct str text);
/* The last day to answer by that a due instant stands for: "7月20日". Empty for 0. */
struct str notice_day(struct arena *a, int64_t due_ms, int zone);

/* ---- the page ---- */
enum { NOTICE_PAGE_MAX = 100, NOTICE_KEPT_DAYS = 180 /* after reading */ };
struct notice {
    int64_t id, item, at_ms, by, n; /* n: how many came into this row */
    int64_t manuscript;             /* where it is of no item */
    enum notice_kind kind;
    struct str text;          /* what happened, without who and the title */
    struct str by_name;       /* empty: the office's own clock */
    struct str title, number; /* empty where the person may not see the item any more */
    bool unread;
    struct str failed; /* why mail or robot did not get it, empty: nothing failed */
};
struct notice_key { /* of the last row of the page before; all 0: from the start */
    int64_t unread, at_ms, id;
};
/* Unread ones first, then by time, newest first. *more: there are others behind. */
MUST_USE enum code notice_list(struct db *db, struct arena *a, const struct actor *by,
    struct notice_key after, size_t limit, struct notice **out, size_t *n, bool *more,
    struct err *e);
MUST_USE enum code notice_unread(struct db *db, int64_t person, int64_t *n, struct err *e);
/* Something that moves whenever a notice of anybody comes: for pages that stand open. */
MUST_USE enum code notice_stamp(struct db *db, int64_t *stamp, struct err *e);
/* The item of one of the person's own, or (item 0) its manuscript; E_NOTFOUND. */
MUST_USE enum code notice_item(
    struct db *db, int64_t person, int64_t id, int64_t *item, int64_t *manuscript, struct err *e);
/* Inside a write: id 0: all of them. Only the person's own. */
MUST_USE enum code notice_read(
    struct db *db, int64_t person, int64_t id, int64_t now_ms, struct err *e);

/* ---- what a person chose ---- */
enum notice_rhythm { RHYTHM_ONCE = 0, RHYTHM_HOURLY, RHYTHM_DAILY /* at 08:00 */, N_RHYTHM };
const char *notice_rhythm_name(enum notice_rhythm r);
enum { MAIL_BYTES_MAX = 254 };
struct notice_setting {
    struct str mail;                 /* address; empty: none */
    uint32_t mail_kinds, hook_kinds; /* bit 1 << enum notice_kind */
    int quiet_from, quiet_to;        /* minutes of the day; equal: none */
    enum notice_rhythm rhythm;
};
/* What it is where nothing was chosen: the page alone. */
MUST_USE enum code notice_setting_get(
    struct db *db, struct arena *a, int64_t person, struct notice_setting *out, struct err *e);
/* Inside a write. E_INPUT: an address that is none. */
MUST_USE enum code notice_setting_put(
    struct db *db, int64_t person, const struct notice_setting *s, struct err *e);
/* The first instant at or after at_ms that is not within the quiet minutes of a day. */
int64_t notice_after_quiet(int64_t at_ms, int quiet_from, int quiet_to, int zone);

#endif
