/* office/remark.h - remarks of leaders (批示): what a leader wrote or said about an item, entered from paper or given by himself.
 *
 * Leaders read paper: staff enter the words as they stand (代录, item_proxy), with the day on which they were written and a picture, and a second person
 * verifies. What a remark is (圈阅 已阅 同意 阅示 阅处 请××研究) is proposed from its words by one table, and so is whom it names; nobody is asked
 * before a person has confirmed it.
 *
 * Tables: remark_ask, which asks came of which remark; remark: one row for each move, remark or answer by which a leader said something, derived from the chain inside the verb's write. Table
 * remark_gram: pairs of characters of the words and of the item's title, by which a phrase is found. */
#ifndef OFFICE_REMARK_H
#define OFFICE_REMARK_H

#include "office/ask.h"
#include "office/item_event.h"
#include "office/person.h"

enum remark_kind {
    REMARK_CIRCLED = 1, /* 圈阅: no words */
    REMARK_READ,        /* 已阅 */
    REMARK_AGREE,       /* 同意 */
    REMARK_UP,          /* 请××阅示: another leader is to read it and say what is to be done */
    REMARK_HANDLE,      /* 请××阅处、阅办 */
    REMARK_ASSIGN,      /* 请××研究、办理、落实 */
    REMARK_WORDS,       /* anything else */
    N_REMARK_KIND
};
const char *remark_kind_name(enum remark_kind k); /* 圈阅 ...; "" */
const char *remark_kind_next(enum remark_kind k); /* what follows from it, in a sentence */
enum remark_kind remark_kind_of(struct str words);

/* ---- whom the words name ---- */

enum { REMARK_NAMED_MAX = 20, REMARK_FIT_MAX = 8, REMARK_HOLDERS_MAX = 2000 };
struct remark_fit {
    enum principal kind;
    int64_t id;
    struct str name, note; /* note: the unit of a person, the post by which he was found */
};
struct remark_named {
    struct str words; /* as they stand: 财务部, 张三同志, 分管副总 */
    struct str purpose, answers;
    struct remark_fit fit[REMARK_FIT_MAX]; /* none: nobody bears it; several: a person chooses */
    size_t n;
};
/* Who there is: read once, so that reading words needs no database. */
struct remark_people {
    struct person *persons;
    struct unit *units;
    struct remark_post {
        int64_t person;
        struct str name, title;
    } * posts; /* of the dated table, on the day */
    size_t n_persons, n_units, n_posts;
};
MUST_USE enum code remark_people(
    struct db *db, struct arena *a, struct str day, struct remark_people *out, struct err *e);
/* 请财务部、人事部阅办 → two. In the order of the words. */
void remark_read(struct arena *a, struct str words, const struct remark_people *p,
    struct remark_named *out, size_t *n);
/* One name or post alone: 王书记, 财务部. */
void remark_fits(struct str words, const struct remark_people *p, struct remark_named *out);
/* The same, but the words are the name and nothing else: 财务部, 张三同志, 王书记; not 张三找李四. */
void remark_fits_whole(struct str words, const struct remark_people *p, struct remark_named *out);

/* ---- entering ---- */

enum { REMARK_FILES_MAX = 5 };
bool remark_may_enter(const struct actor *by); /* for a leader; what of, the item says */
struct remark_new {
    int64_t item, leader;
    enum remark_kind kind; /* 0: as the words say */
    struct str words;      /* empty: 圈阅 */
    struct str day;        /* on which he wrote it; empty: today */
    struct str word;       /* the answer it gives, where several end the ask; empty: proposed */
    const int64_t *files;  /* loose ones (item_file.h) */
    size_t n_files;
};
/* Inside a write: as one event in the leader's name. It answers what the leader is asked by the item; where he is asked nothing it stands as a
 * remark. *seq: of the event. E_INPUT where the day is wrong, or an ask wants a word that the words do not say. */
MUST_USE enum code remark_enter(
    struct db *db, const struct actor *by, const struct remark_new *r, int64_t *seq, struct err *e);

/* Inside a write: whom it names is asked, after a person has confirmed it; these asks are known as the remark's. */
MUST_USE enum code remark_ask(struct db *db, const struct actor *by, int64_t item, int64_t seq,
    const struct ask_new *asks, size_t n, struct err *e);

/* ---- rows ---- */

enum remark_state {
    REMARK_OWN = 0, /* by himself */
    REMARK_ENTERED, /* 代录, not verified */
    REMARK_RIGHT,
    REMARK_WRONG
};
struct remark {
    int64_t item, seq, leader, at_ms, ask, by;
    struct str day, words;
    enum remark_kind kind;
    enum remark_state state;
    struct str files; /* ids, one a line */
    struct str leader_name, by_name;
    struct str item_title, item_number, item_kind;
    int64_t closed_ms; /* of the item */
};

/* For the verbs (item_int.h): what they did may be a leader's remark; somebody verified it; its words are erased by law. */
struct work;
MUST_USE enum code remark_event(struct work *w, const struct item_event *ev, struct err *e);
MUST_USE enum code remark_verified(
    struct db *db, int64_t item, int64_t seq, bool right, struct err *e);
MUST_USE enum code remark_erased(struct db *db, int64_t item, int64_t seq, struct err *e);
/* Rows for what leaders said before the table was there, out of the chains; what has a row stays as it is. A leader is whoever is one now.
 * *made: rows. May be broken off and begun again. */
MUST_USE enum code remark_rebuild(struct store *st, int64_t *made, struct err *e);

/* E_NOTFOUND as well where the actor may not see it. */
MUST_USE enum code remark_get(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    int64_t seq, struct remark *out, struct err *e);
/* Of one item, in order; as far as the actor sees them. */
MUST_USE enum code remark_list(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct remark **out, size_t *n, struct err *e);

/* What came of it: the asks that were confirmed for it, those that steps of the item made after it (until another remark took them), and items
 * that were split off since. */
struct remark_task {
    bool is_item;
    struct ask ask;
    struct item item;
    struct str unit, state; /* of the item: who answers for it, where it stands */
    bool open;
    int64_t since_ms; /* open: since when it waits; past its day: since that day */
    bool late;
};
enum { REMARK_TASKS_MAX = 500 };
MUST_USE enum code remark_tasks(struct db *db, struct arena *a, const struct actor *by,
    const struct remark *r, struct remark_task **out, size_t *n, struct err *e);
/* It asks for something, and nothing was set going. */
bool remark_idle(const struct remark *r, size_t n_tasks);

struct remark_filter {
    struct str
        text; /* words, parted by blanks: all of them, in the words or the title; two characters at least; empty: any */
    int64_t leader;              /* 0: any */
    struct str from_day, to_day; /* '': open */
};
enum { REMARK_FOUND_MAX = 300, REMARK_SCAN_MAX = 20000, REMARK_TEXT_CP_MAX = 60, REMARK_TERMS = 5 };
/* Newest first, at most REMARK_FOUND_MAX; *more: there are older ones. What the actor may not see is neither listed nor counted. */
MUST_USE enum code remark_find(struct db *db, struct arena *a, const struct actor *by,
    const struct remark_filter *f, struct remark **out, size_t *n, bool *more, struct err *e);

#endif
