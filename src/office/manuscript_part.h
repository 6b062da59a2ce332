/* office/manuscript_part.h - parts of a manuscript by several authors (分工): each has an author and a time, and they stand in order in one text.
 *
 * A part is where it begins: a line of the text, kept as a span that follows every update as those of notes do (manuscript_note.h). It reaches to the
 * line with which the next one begins, the last to the end; what stands in front of the first is the drafter's. So the parts are always in order,
 * nothing has to be put together, and people may write at once. A part whose words are all gone stays in the list, and says so.
 *
 * Table manuscript_part. Its author may read and write the manuscript (access_manuscript); who shares it out is MANUSCRIPT_DIVIDE. */
#ifndef OFFICE_MANUSCRIPT_PART_H
#define OFFICE_MANUSCRIPT_PART_H

#include "office/manuscript.h"

enum {
    PARTS_MAX = 40,        /* of one manuscript */
    PART_PLACES_MAX = 200, /* headings at which one may begin */
    PARTS_MINE_MAX = 50,   /* of one author, not handed in */
    PART_NAME_CP_MAX = 60, /* of its first line, shown */
    PART_WHY_CP_MAX = 300,
    PART_QUIET_FROM = 1320, /* 22:00 to 07:30 nobody is reminded */
    PART_QUIET_TO = 450,
    PART_AHEAD_MS = 2 * 60 * 60 * 1000 /* the first reminder: so long before the time */
};
/* Told by the text: not as it was when it was shared out, or given in. */
enum part_state { PART_NEW = 0, PART_WRITING, PART_HANDED, N_PART_STATE };
const char *part_state_name(enum part_state s); /* 未动笔 写作中 已交稿 */

struct manuscript_part {
    int64_t id, manuscript, person;
    int64_t due_ms;   /* 0: no time was set */
    int64_t from, to; /* UTF-16 units of the text now */
    struct str name;  /* its first line */
    int64_t chars;
    int64_t words; /* asked for; 0: nobody said */
    enum part_state state;
    bool gone;    /* nothing of it is left */
    bool late;    /* past its time, not handed in */
    bool changed; /* handed in, and other words since */
    int64_t made_by, handed_ms, handed_by;
    struct str person_name, unit_name, handed_name;
    bool may_hand, may_set; /* the actor */
};

/* In the order of the text, those that are gone last. */
MUST_USE enum code manuscript_parts(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, struct manuscript_part **out, size_t *n, struct err *e);
/* First-level headings of the text now, at which a part may begin. */
struct part_place {
    int64_t at; /* units */
    struct str words;
    int64_t part; /* that begins here; 0: none */
};
MUST_USE enum code manuscript_part_places(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, struct part_place **out, size_t *n, struct err *e);

/* What the actor is to write and has not handed in, the earliest time first; the text is not looked at. */
struct part_mine {
    int64_t part, manuscript, due_ms;
    struct str name, title, by_name; /* by_name: who shared it out */
    bool late;
};
MUST_USE enum code manuscript_parts_mine(struct db *db, struct arena *a, const struct actor *by,
    size_t limit, struct part_mine **out, size_t *n, struct err *e);

/* ---- inside a write ---- */
struct part_new {
    int64_t manuscript;
    int64_t seq, at;  /* units of text seq; seq -1: `quote` is looked for, which must stand once */
    struct str quote; /* the part begins with the line in which it stands */
    int64_t person, due_ms;
    int64_t words; /* asked for; 0: not said */
};
/* How much somebody is to write, as it is typed: 800, 800字, 5分钟 (of a speech, at `pace` characters a minute). '' is 0. */
MUST_USE enum code manuscript_part_words(struct str typed, int pace, int64_t *words, struct err *e);
MUST_USE enum code manuscript_part_add(struct db *db, struct arena *a, const struct actor *by,
    const struct part_new *p, int64_t *part, struct err *e);
/* Another author, another time (0: none), other words (0: not said). */
MUST_USE enum code manuscript_part_set(struct db *db, struct arena *a, const struct actor *by,
    int64_t part, int64_t person, int64_t due_ms, int64_t words, struct err *e);
/* The text stays; it belongs to the part in front of it then. */
MUST_USE enum code manuscript_part_remove(
    struct db *db, struct arena *a, const struct actor *by, int64_t part, struct err *e);
/* 交稿, by its author or whoever shares out; again after more was written. */
MUST_USE enum code manuscript_part_hand(
    struct db *db, struct arena *a, const struct actor *by, int64_t part, struct err *e);
/* 退回: to be written on. */
MUST_USE enum code manuscript_part_back(struct db *db, struct arena *a, const struct actor *by,
    int64_t part, struct str why, struct err *e);

/* ---- of a speech task (manuscript_part_task.c) ---- */
/* Rows of 分工 in the task that it is written for, as far as the actor sees it. */
MUST_USE enum code manuscript_task_parts(
    struct db *db, struct arena *a, const struct actor *by, int64_t id, size_t *n, struct err *e);
/* Inside a write: each of these rows is a part: of the heading that names it, of one that is still to be filled in, or of a new one. What is shared out
 * already stays. *made: parts; *seq: of the text now. */
MUST_USE enum code manuscript_parts_from_task(struct db *db, struct arena *a,
    const struct actor *by, int64_t id, size_t *made, int64_t *seq, struct err *e);
/* Of many manuscripts that the actor sees, in one statement for a hundred; out[i]: of ids[i]. */
struct part_count {
    int64_t all, handed, late;
};
MUST_USE enum code manuscript_part_counts(struct db *db, const struct actor *by, const int64_t *ids,
    size_t n, struct part_count *out, struct err *e);

/* ---- reminders ---- */
/* Of everything that is due at by->now_ms: the author is reminded PART_AHEAD_MS before the time and at the time, then the drafter is told too. Given
 * `now`, the outcome is one; several nodes never remind twice. */
MUST_USE enum code manuscript_part_remind(
    struct store *st, const struct actor *by, size_t *fired, struct err *e);

#endif
