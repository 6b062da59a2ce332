/* office/item.h - matters (事项) and what can be done with them: the verbs of the matter engine.
 *
 * Every verb is one function to be called inside a write (store_write), is one event of the item's chain (item_event.h), and
 * raises its revision. It judges the right to act itself (access_item), so that no caller can forget. The acting person
 * names the revision he saw: E_CONFLICT says who did what meanwhile, and nothing is changed.
 *
 * Fields travel as JSON objects {"id": value}: text, numbers as written, days 'YYYY-MM-DD', persons, units, documents, items and
 * files as decimal strings, several of them as arrays, a passage {"doc", "begin", "end", "text"}, a table as an array of objects. */
#ifndef OFFICE_ITEM_H
#define OFFICE_ITEM_H

#include "base/json.h"
#include "office/access.h"
#include "office/item_step.h"
#include "office/kind.h"

enum urgency {
    URGENCY_NONE = 0,
    URGENCY_NORMAL /* 平急 */,
    URGENCY_FAST /* 加急 */,
    URGENCY_URGENT /* 特急 */
};
enum { ITEM_TITLE_CP_MAX = 200, ITEM_FIELDS_MAX_BYTES = 512 << 10, OPINION_CP_MAX = 4000 };

const char *item_urgency_name(enum urgency u); /* 普通 平急 加急 特急 */

struct item {
    int64_t id;
    struct str kind;
    int64_t kind_version;
    struct str number, title;
    struct str state; /* id of a state of the kind */
    int level;        /* enum doc_level */
    enum urgency urgency;
    int64_t owner, unit;          /* person and unit that answer for it */
    int64_t opened_ms, closed_ms; /* 0: open */
    int64_t archived_ms;          /* 归档; 0: not. Then nothing but reopening touches it */
    struct str archive_no;        /* 归档号, kept when it is reopened */
    bool discarded; /* a draft that was never submitted and was given up; closed too */
    int64_t
        entered_ms; /* when it was really entered; later than opened_ms by a day or more: 补录 */
    int64_t due_ms; /* the first of the limits that run; 0: none */
    struct str fields; /* JSON */
    int64_t revision;  /* number of its events */
    int64_t
        stand; /* the last of them that contradicts: a verb that is given a revision, an answer that made a move */
    struct str light_text; /* of now; empty: none */
    enum light_colour light;
};

/* In whose places a person acts today, kept from one reading call to the next while a page is made. */
struct seats;
struct seats *seats_room(struct arena *a);
void seats_forget(struct seats *s); /* something was written; s may be NULL */

/* Who acts, where, and what the verbs need of the office. */
struct actor {
    const struct viewer *v;
    struct kinds *kinds;
    const struct calendar *calendar;
    const struct work_hours *hours;
    int64_t now_ms;
    int64_t
        for_person; /* 代录: the leader whose words are entered; 0: himself. Verified by another person (item_verify) */
    struct seats *kept; /* NULL: asked anew by each call; a write asks always */
};

/* ---- rights ---- */
/* Who may: the one function that decides. Whoever may see an item stands in item_grant, or is covered by his role: 科长, 秘书 and 领导 see what is
 * 公开 or 内部; 工作秘密 is seen by those who take part, and by the chiefs of its unit and of those above it. For a unit its liaisons and
 * its chiefs act. */
enum item_right {
    ITEM_SEE = 0,
    ITEM_EDIT,      /* the fields, in this state */
    ITEM_MOVE,      /* the move that is named */
    ITEM_ASK,       /* ask others, remind: owner, chief, secretary */
    ITEM_RETURN,    /* whoever may move it, chief */
    ITEM_HAND_OVER, /* owner, chief */
    ITEM_EXTEND,    /* ask for more time: owner, whoever may move it */
    ITEM_MERGE,     /* owner, chief */
    ITEM_REOPEN,    /* chief */
    ITEM_SPLIT,     /* owner, chief, secretary */
    ITEM_ARCHIVE,   /* a closed one: owner, chief, secretary */
    ITEM_DISCARD,   /* a draft never submitted: owner, chief */
    ITEM_UPGRADE,   /* to the newest version of its kind: chief */
    ITEM_ATTACH,    /* files, while it is open: whoever sees it */
    ITEM_VERIFY,    /* words entered for another: see item_verify */
    N_ITEM_RIGHT
};
/* move: index into the kind's, for ITEM_MOVE. */
MUST_USE enum code access_item(struct db *db, const struct actor *by, int64_t item,
    enum item_right r, size_t move, bool *may, struct err *e);

/* Inside a write: a unit has another parent; who sees the 工作秘密 of it and of those below follows. Called by unit.h. */
MUST_USE enum code item_unit_moved(struct db *db, int64_t unit, struct err *e);
/* All of them at once, for a page: may[ITEM_MOVE] is any move. E_NOTFOUND where the actor may not see it. */
MUST_USE enum code item_rights(
    struct db *db, const struct actor *by, int64_t item, bool may[N_ITEM_RIGHT], struct err *e);

/* Inside a write: from the first to the last of these days `to` may do with items what `person` may, beside him; events bear the name of who
 * acted. Only a person himself delegates. E_LIMIT: at most three at once to one. */
enum { DELEGATION_DAYS_MAX = 366, DELEGATORS_MAX = 3 };
MUST_USE enum code item_delegate(struct db *db, const struct actor *by, int64_t person, int64_t to,
    struct str from_day, struct str to_day, struct err *e);

/* ---- verbs ---- */
struct item_open {
    struct str kind;  /* newest published version */
    struct str title; /* empty where a field serves as title */
    json_t *fields;   /* borrowed */
    int level;
    enum urgency urgency;
    int64_t unit;      /* 0: the actor's */
    int64_t opened_ms; /* 0: now; earlier: 补录 */
    bool draft; /* required fields may still be missing: they are asked for by the first move */
    int64_t
        from; /* an item that the actor sees and this one comes out of (分解): linked, and named in the event; 0: none */
};
MUST_USE enum code item_open(
    struct db *db, const struct actor *by, const struct item_open *o, int64_t *id, struct err *e);
/* Fields that are named are replaced, null empties one; title, urgency and level by the names "title" "urgency" "level". */
MUST_USE enum code item_edit(struct db *db, const struct actor *by, int64_t id, int64_t revision,
    const json_t *changes, struct err *e);
struct item_move {
    struct str move;
    struct str opinion;
    const json_t *set; /* fields given with it; NULL: none */
    const int64_t *persons,
        *units; /* asked besides what the kind says, where it allows `of: chosen` */
    size_t n_persons, n_units;
    int64_t seal;     /* picture of a seal (seal.h) set by a step that seals; 0: none */
    int64_t reserved; /* serial of a reserved number to take; 0: the next one */
};
MUST_USE enum code item_move(struct db *db, const struct actor *by, int64_t id, int64_t revision,
    const struct item_move *m, struct err *e);
MUST_USE enum code item_remark(struct db *db, const struct actor *by, int64_t id, struct str text,
    const int64_t *to, size_t n_to,
    struct err *e); /* needs no revision: remarks do not contradict each other */
/* Back to how it was before the last move, while nobody who was asked by it has seen it. */
MUST_USE enum code item_withdraw(struct db *db, const struct actor *by, int64_t id,
    int64_t revision, struct str why, struct err *e);
/* Back to an earlier state it has been in. */
MUST_USE enum code item_return(struct db *db, const struct actor *by, int64_t id, int64_t revision,
    struct str state, struct str why, struct err *e);
MUST_USE enum code item_hand_over(struct db *db, const struct actor *by, int64_t id,
    int64_t revision, int64_t person, struct str why, struct err *e);
MUST_USE enum code item_extend(struct db *db, const struct actor *by, int64_t id, int64_t revision,
    struct str clock, struct str day, struct str why,
    struct err *e); /* asks; granted by who may: then at once */
MUST_USE enum code item_merge(struct db *db, const struct actor *by, int64_t id, int64_t revision,
    int64_t into, struct str why, struct err *e);
MUST_USE enum code item_reopen(struct db *db, const struct actor *by, int64_t id, int64_t revision,
    struct str why, struct err *e);

/* Into several (分解), which begin as drafts or open at once, each with fields of its own; it stays open, and knows them by the link 分解 from each
 * of them. `copy`: fields taken over by all of them, files as well; a part's own win. A part without a unit has this one's. */
enum { ITEM_PARTS_MAX = 50 };
struct item_part {
    struct str kind;  /* empty: the same, in its newest version; `copy` goes by the ids of fields */
    struct str title; /* for a kind without a title field */
    const json_t *fields; /* NULL: none */
    int64_t unit;
    bool draft;
    bool
        start; /* 直接交办: on through its first steps, as far as they are the actor's, until somebody is asked */
};
struct item_split {
    const struct str *copy;
    size_t n_copy;
    const struct item_part *parts;
    size_t n;
    struct str why;
};
/* ids: room for s->n. */
MUST_USE enum code item_split(struct db *db, const struct actor *by, int64_t id, int64_t revision,
    const struct item_split *s, int64_t *ids, struct err *e);
/* A closed one is put away. number empty: the next 归〔year〕serial号 (item_number_list of kind ITEM_ARCHIVE_KIND has the log). */
#define ITEM_ARCHIVE_KIND "@archive"
MUST_USE enum code item_archive(struct db *db, const struct actor *by, int64_t id, int64_t revision,
    struct str number, struct err *e);
/* A draft that was never submitted: closed for good, its number void; the chain stays. */
MUST_USE enum code item_discard(struct db *db, const struct actor *by, int64_t id, int64_t revision,
    struct str why, struct err *e);
/* On under the newest version of its kind. E_CONFLICT names what it uses and the new version has not (a state, a field, a clock that runs). */
MUST_USE enum code item_upgrade(
    struct db *db, const struct actor *by, int64_t id, int64_t revision, struct err *e);

/* 代录: words entered for another (actor.for_person) are the other's only when a second person has looked: he himself, or a chief, secretary or
 * owner of the item who did not enter them. `right` false: they are not what was said; the note says what is wrong, required then. */
struct item_proxy {
    int64_t item, seq; /* of the event */
    int64_t for_person, entered_by, at_ms;
    struct str for_name, by_name;
    int64_t verified_by, verified_ms; /* 0: not yet */
    bool right;
};
MUST_USE enum code item_verify(struct db *db, const struct actor *by, int64_t id, int64_t seq,
    bool right, struct str note, struct err *e);
/* Of one item, in order; item 0: what waits for the actor in any he takes part in (his own words first of all), oldest first. */
MUST_USE enum code item_proxy_list(struct db *db, struct arena *a, const struct actor *by,
    int64_t item, struct item_proxy **out, size_t *n, struct err *e);

/* ---- reading ---- */
/* E_NOTFOUND as well when the viewer may not know of it. Fields hidden from the viewer are left out. */
MUST_USE enum code item_get(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct item *out, struct err *e);
/* The moves the viewer may make now, as indexes into the kind's; with what stands in the way. */
struct item_choice {
    size_t move;
    struct str hindrance; /* "还有3个单位没有反馈"; empty: none */
    bool blocks;
    bool besides; /* may be done in case of need (撤销), and waits for nobody */
};
MUST_USE enum code item_choices(struct db *db, struct arena *a, const struct actor *by,
    const struct item *it, struct item_choice **out, size_t *n, struct err *e);

/* Lists: the boxes of the portal and the ledgers. By key, never by offset. */
enum item_box {
    BOX_ALL = 0, /* everything the viewer may see */
    BOX_TODO,    /* 待办: he or his unit is asked and it is waited for, or a move waits for him */
    BOX_READ,    /* 待阅: asked, not waited for */
    BOX_DOING,   /* 在办: he took part, it is open, nothing waits for him */
    BOX_DONE,    /* 已办: he took part, it is closed */
    BOX_SENT,    /* 我发出的 */
    BOX_WATCH,   /* 监控: of his unit and below */
};
enum item_sort {
    SORT_OPENED = 0,
    SORT_DUE,
    SORT_LIGHT,
    SORT_NUMBER,
    SORT_FIELD,
    SORT_STATE, /* by the id of the state, then by opening */
    SORT_CLOSED,
    SORT_URGENCY,
    SORT_OWNER, /* rows of one person, of one unit together */
    SORT_UNIT,
    SORT_TITLE
};
/* One more condition, on a field of the ledger: its sort key (item_sort_key) within [from, to], where an empty end is open, and it holds
 * this text. */
struct item_where {
    struct str field, from, to, text;
};
enum { ITEM_WHERE_MAX = 5 };
/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order in which a person thinks of it */
struct item_filter {
    enum item_box box;
    struct str kind, state, text; /* empty: any */
    enum light_colour light;      /* 0: any */
    bool calm;                    /* shows neither red nor yellow */
    int64_t owner, unit;          /* 0: any */
    struct str field, value;      /* one field of the ledger: equal; empty: none */
    int open;                     /* 1 open, -1 closed, 0 both */
    int64_t opened_from_ms, opened_to_ms;
    int64_t due_from_ms, due_to_ms, closed_from_ms, closed_to_ms; /* 0: open */
    int urgency;                                                  /* enum urgency + 1; 0: any */
    struct item_where where[ITEM_WHERE_MAX];
    size_t n_where;
    const struct step_filter *step; /* only what a figure counts (item_step.h); NULL: all */
    bool
        uncounted; /* the total is not asked for: -1; a span of due days by SORT_DUE is then read alone */
    enum item_sort sort;
    struct str sort_field;
    bool descending;
    struct str after; /* key of the last row of the page before; empty: from the start */
};
struct item_page {
    struct item *items;
    size_t n;
    int64_t total;   /* exact to ITEM_TOTAL_EXACT, then -1: "10,000件以上" */
    struct str next; /* key for the page behind; empty: this is the last */
};
/* Those of the ids that the actor may see, in the order given, as item_get gives them. */
MUST_USE enum code item_get_many(struct db *db, struct arena *a, const struct actor *by,
    const int64_t *ids, size_t n, struct item **out, size_t *n_out, struct err *e);
/* Kind and number of up to 100 items, for whoever may not see them: the log of reading, by which it is audited. Nothing else of an item is in it. */
struct item_label {
    int64_t id;
    struct str kind, number; /* kind: its id */
};
MUST_USE enum code item_labels(struct db *db, struct arena *a, const int64_t *ids, size_t n,
    struct item_label **out, size_t *n_out, struct err *e);
/* Who answers for each of them, by name. */
struct item_name {
    struct str owner, unit; /* unit: short */
};
MUST_USE enum code item_names(struct db *db, struct arena *a, const struct item *items, size_t n,
    struct item_name *out, struct err *e);
enum { ITEM_TOTAL_EXACT = 10000, ITEM_PAGE_MAX = 200 };
MUST_USE enum code item_list(struct db *db, struct arena *a, const struct actor *by,
    const struct item_filter *f, size_t limit, struct item_page *out, struct err *e);
/* The ids alone, up to `limit` of them, from the start: for what goes through everything that a filter finds. */
MUST_USE enum code item_list_ids(struct db *db, struct arena *a, const struct actor *by,
    const struct item_filter *f, size_t limit, int64_t **ids, size_t *n, struct err *e);
/* As item_list, but only where each stands: `at` is the instant that it was opened, or with SORT_DUE that it is due. */
struct item_key {
    int64_t id, at;
};
MUST_USE enum code item_list_keys(struct db *db, struct arena *a, const struct actor *by,
    const struct item_filter *f, size_t limit, struct item_key **out, size_t *n, struct err *e);
/* A value as it stands in the order of its column: a number as digits, a day, the first 40 characters of a text, an id. */
MUST_USE enum code item_sort_key(
    struct arena *a, const struct kind_field *f, struct str value, struct str *out, struct err *e);
/* What stood in a field of items of this kind, most often first: for proposals while one types. Not judged item by item: only for a
 * field that everybody who opens such an item may know the values of. */
struct item_value_count {
    struct str text; /* as it sorts: the first 40 characters */
    int64_t items;
};
MUST_USE enum code item_values(struct db *db, struct arena *a, struct str kind, struct str field,
    size_t limit, struct item_value_count **out, size_t *n, struct err *e);
struct item_counts {
    int64_t todo, read, doing, done, sent, watch, red, yellow;
};
MUST_USE enum code item_counts(
    struct db *db, const struct actor *by, struct item_counts *out, struct err *e);

#endif
