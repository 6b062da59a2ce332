/* office/duty_log.h - the duty log (值班日志) of a shift: what happened, who called, what is handed over and who took it over.
 *
 * An entry is never changed or taken away: a correction is a further entry about it. Each has the time at which it happened and the one at
 * which it was written; a digest over it and the digest of the entry before (chain.h) goes into the audit chain as well, so that a
 * row that was changed or cut shows (duty_log_verify). An open point stays open through every shift until an entry settles it. */
#ifndef OFFICE_DUTY_LOG_H
#define OFFICE_DUTY_LOG_H

#include "base/sm3.h"
#include "office/duty.h"

enum duty_entry_kind {
    ENTRY_NOTE = 1, /* 记事 */
    ENTRY_CALL,     /* 来电: from whom, number, what, what was done, told to whom */
    ENTRY_RIGHT,    /* 更正: about an entry */
    ENTRY_SETTLED,  /* 已办: an open point is open no more */
    ENTRY_OVER,     /* 交班: to the next shift, with the points that are open */
    ENTRY_TAKEN,    /* 接班: about a handing over */
    ENTRY_ITEM,     /* 转为事项: about an entry */
    N_ENTRY_KIND
};
const char *duty_entry_name(enum duty_entry_kind k);
enum {
    ENTRY_TEXT_CP_MAX = 2000,
    ENTRY_LINE_CP_MAX = 100,
    ENTRIES_MAX = 1000,                 /* of one shift */
    ENTRY_LATE_MS = 15 * 60 * 1000,     /* written so long behind: both times are shown */
    ENTRY_BEFORE_MS = 36 * 3600 * 1000, /* how long before its shift something may have happened */
    LOG_AFTER_MS = 24 * 3600 * 1000     /* how long behind its end a shift is still written to */
};

struct duty_entry {
    int64_t id, shift,
        n; /* n: 1, 2, 3 … of the whole log; made by duty_log_write, like id, made_ms, by and digest */
    enum duty_entry_kind kind;
    int64_t at_ms, made_ms, by;                 /* at_ms 0: now */
    struct str caller, phone, text, done, told; /* ENTRY_CALL; text: of all */
    bool open;                                  /* a point that the next shift goes on with */
    int64_t about;                              /* ENTRY_RIGHT, SETTLED, TAKEN, ITEM: an entry */
    int64_t item;                               /* ENTRY_ITEM; 0 */
    char digest[SM3_HEX + 1];
    struct str by_name; /* read only */
    bool settled;       /* an open point that was settled since; read only */
};

/* Whoever is in the shift, chiefs, the keeper; secretaries too, who sit in the same room. */
MUST_USE enum code duty_log_may(
    const struct duty_shift *s, const struct actor *by, bool keeper, struct err *e);
/* Who may read: whoever writes, and the leaders. */
MUST_USE enum code duty_log_reads(
    struct db *db, const struct duty_shift *s, const struct actor *by, bool *may, struct err *e);
/* The same of several at once: may[i] of v[i]. */
MUST_USE enum code duty_log_readable(struct db *db, const struct actor *by,
    const struct duty_shift *v, size_t n, bool *may, struct err *e);

/* Inside a write. E_INPUT, E_DENIED; E_CONFLICT: taken over already, settled already. */
MUST_USE enum code duty_log_write(
    struct db *db, const struct actor *by, struct duty_entry *x, struct err *e);
/* Inside a write: an item of the kind `call` from an entry (来电来访登记), noted in the log. */
MUST_USE enum code duty_log_item(
    struct db *db, const struct actor *by, int64_t entry, int64_t *item, struct err *e);

MUST_USE enum code duty_log_list(struct db *db, struct arena *a, int64_t shift,
    struct duty_entry **out, size_t *n, struct err *e);
/* Points that are open now, of whatever shift, oldest first. */
MUST_USE enum code duty_log_open(
    struct db *db, struct arena *a, struct duty_entry **out, size_t *n, struct err *e);
/* The newest handing over that nobody has taken yet; id 0: none. */
MUST_USE enum code duty_log_over(
    struct db *db, struct arena *a, struct duty_entry *out, struct err *e);

/* Every entry from the first on, and the note of each in the audit chain: *bad the number of the first that does not fit, 0: all do. */
MUST_USE enum code duty_log_verify(struct db *db, int64_t *entries, int64_t *bad, struct err *e);

/* What is printed at the foot of the log: the newest seal of the audit chain, and how far the chain has come. */
struct duty_head {
    int64_t seq;
    char head[SM3_HEX + 1], seal[SM3_HEX + 1];
    int32_t seal_day; /* 0: nothing was sealed yet */
};
MUST_USE enum code duty_log_head(struct db *db, struct duty_head *out, struct err *e);

#endif
