/* office/brief.h - 今日要情: the one page of the morning, for the section and for each leader.
 *
 * Made on working days at a minute that the configuration names (brief_run, by the postman of serve), once for a day and recipient,
 * and kept as it was: table `brief`. The section's shows what each secretary may see by his role (nothing of 工作秘密); a leader's what he
 * himself may see. Whoever opens a sheet, today or years later, gets those lines alone that he may see then.
 *
 * One page: each part shows its first lines, and how many more there are. What does not fit is cut in this order: 卡在哪里, 上级新来文, 今日日程,
 * 逾期未结, 值班和外出, 今日到期, 待批, 特急; never below BRIEF_LEAST lines, and the line by hand never. The page is measured by laying it out. */
#ifndef OFFICE_BRIEF_H
#define OFFICE_BRIEF_H

#include "office/item.h"
#include "office/office.h"

enum brief_part {
    BRIEF_URGENT = 0, /* 特急 */
    BRIEF_DECIDE,     /* 待批: what waits for a leader, since when */
    BRIEF_DUE,        /* 今日到期 */
    BRIEF_LATE,       /* 逾期未结 */
    BRIEF_CALENDAR, /* 今日日程: meetings, what comes back on this day, days that remarks name */
    BRIEF_NEW,      /* 上级新来文: taken in since the sheet before */
    BRIEF_STUCK,    /* 卡在哪里 */
    BRIEF_PEOPLE,   /* 值班和外出 */
    N_BRIEF_PART
};
const char *brief_part_name(enum brief_part p);
const char *brief_part_key(
    enum brief_part p); /* urgent decide due late calendar new stuck people */

enum {
    BRIEF_PART_MAX = 100, /* lines of a part; more are not told apart */
    BRIEF_LEAST = 2,
    BRIEF_NOTE_CP_MAX = 80,
    BRIEF_LEADERS_MAX = 30,
    BRIEF_DAYS_MAX = 30,
    BRIEF_MINUTE = 7 * 60 + 45
};
/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order in which a person reads it */
struct brief_line {
    int64_t item, doc; /* one of them, or neither */
    bool secret;       /* 工作秘密: never by mail */
    bool late;
    struct str title, who, when;
};
struct brief_section {
    struct brief_line *lines;
    size_t n, shown;
    bool more; /* there are more than BRIEF_PART_MAX */
};
struct brief {
    struct str day;      /* ISO */
    int64_t audience;    /* person; 0: the section */
    struct str name;     /* of whom it is for */
    struct str day_text; /* 2026年7月13日 星期一；明天起休息2天 */
    struct str note, note_by;
    int64_t made_ms;
    bool practice; /* of a practice office: it says so on paper */
    bool kept;     /* false: as it would be made now */
    size_t hidden; /* lines left out because the viewer may not see them; none of his own sheet */
    struct brief_section part[N_BRIEF_PART];
};

/* ---- reading ---- */
/* Whose sheets may he open: the section's for chiefs and secretaries, a leader's for himself and for those who print it for him. */
struct brief_for {
    int64_t audience;
    struct str name;
};
MUST_USE enum code brief_audiences(struct db *db, struct arena *a, const struct actor *by,
    struct brief_for **out, size_t *n, struct err *e);
/* Days that have a kept sheet, newest first. */
MUST_USE enum code brief_days(struct db *db, struct arena *a, const struct actor *by,
    int64_t audience, struct str **out, size_t *n, struct err *e);
/* As it was kept; for today, where none is kept yet, as it would be made now. E_DENIED: another's; E_NOTFOUND: none was made that day. No
 * read of the store may be open. */
MUST_USE enum code brief_get(struct office *o, struct arena *a, const struct actor *by,
    struct str day, int64_t audience, struct brief *out, struct err *e);

/* The line by hand, for all sheets of a day that are not made yet; empty: none. Inside a write; by a chief. */
MUST_USE enum code brief_note_put(
    struct db *db, const struct actor *by, struct str day, struct str text, struct err *e);
/* The day of the next sheet: today where it is not made yet and works, else the next working day. */
MUST_USE enum code brief_next_day(
    struct db *db, struct arena *a, const struct actor *by, struct str *day, struct err *e);
MUST_USE enum code brief_note_get(struct db *db, struct arena *a, struct str day, struct str *text,
    struct str *by, struct err *e);

/* ---- the sheet (brief_sheet.c) ---- */
/* How many lines of each part are shown, so that it is one page. */
MUST_USE enum code brief_fit(struct brief *b, struct err *e);
/* The PDF behind `out`. *pages: 1, by brief_fit. */
MUST_USE enum code brief_pdf(const struct brief *b, struct buf *out, int *pages, struct err *e);
/* For mail: without a word of 工作秘密. */
/* Whom the sheets of a day did not reach by mail, and why; for a chief, empty for others. */
MUST_USE enum code brief_mail_failed(struct db *db, struct arena *a, const struct actor *by,
    struct str day, struct str *out, struct err *e);
void brief_text(const struct brief *b, struct buf *out);

/* ---- serve ---- */
/* Everybody's sheet of today, where it is a working day, `minute` of it has come and none is kept. *made: sheets. */
MUST_USE enum code brief_run(
    struct office *o, const struct actor *by, int minute, size_t *made, struct err *e);

#endif
