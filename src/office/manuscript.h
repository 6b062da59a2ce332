/* office/manuscript.h - texts under work (文稿): who owns one, who may read and write it, whether it is locked. docs/design/desk.md.
 *
 * The text is in manuscript_edit.h (what was written, in order), its named versions in manuscript_version.h. E_NOTFOUND where the actor
 * may not know of it, E_DENIED where he knows and may not. */
#ifndef OFFICE_MANUSCRIPT_H
#define OFFICE_MANUSCRIPT_H

#include "office/item.h"

enum {
    MANUSCRIPT_CP_MAX = 100000,
    MANUSCRIPT_TITLE_CP_MAX = 200,
    MANUSCRIPT_PEOPLE_MAX = 50,
    MANUSCRIPT_WHY_CP_MAX = 300,
    MANUSCRIPT_PAGE_MAX = 100
};

struct manuscript {
    int64_t id;
    struct str title;
    int genre; /* enum genre; 0: not said */
    int level; /* enum doc_level */
    int64_t owner, unit;
    struct str template_id; /* what it was begun from; empty: nothing */
    int64_t item;           /* signed off by it; 0: not yet */
    int64_t seq;            /* number of the last update of the text; 0: as it was begun */
    int64_t chars;          /* of the text now, without line ends */
    int64_t locked_ms;      /* 0: not locked */
    int64_t locked_by;
    struct str lock_why;
    int64_t given_up_ms, given_up_by; /* 0: it stands */
    struct str given_up_why, given_up_name;
    int64_t made_ms, changed_ms, changed_by;
    struct str owner_name, unit_name, changed_name, locked_name;
    bool may
        [N_MANUSCRIPT_RIGHT]; /* the actor; a locked one is written by nobody, whatever this says */
};

struct manuscript_new {
    struct str title;
    int genre, level;
    struct str template_id;
    struct str text; /* lines end in '\n' */
};
/* Inside a write. E_SECRET for a text or title that bears a secrecy mark. Owner and unit are the actor's. */
MUST_USE enum code manuscript_new(struct db *db, const struct actor *by,
    const struct manuscript_new *m, int64_t *id, struct err *e);
MUST_USE enum code manuscript_get(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, struct manuscript *out, struct err *e);
/* The same, and E_DENIED names what he may not. */
MUST_USE enum code manuscript_need(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, enum manuscript_right r, struct manuscript *out, struct err *e);

/* Own ones and those one was invited to, changed last first. */
struct manuscript_filter {
    struct str q; /* the title holds it */
    bool own;
    bool given_up;             /* those alone; without it they are left out */
    int64_t before_ms, before; /* key of the last row of the page before; 0: from the start */
};
MUST_USE enum code manuscript_list(struct db *db, struct arena *a, const struct actor *by,
    const struct manuscript_filter *f, size_t limit, struct manuscript **out, size_t *n,
    struct err *e);
/* Those signed off by an item that the actor sees, oldest first; `may` is not filled. */
MUST_USE enum code manuscript_of_item(struct db *db, struct arena *a, const struct actor *by,
    int64_t item, struct manuscript **out, size_t *n, struct err *e);
/* The same of many items that the actor sees (the caller has them from a list of his), in one statement for a hundred, by id. */
MUST_USE enum code manuscript_of_items(struct db *db, struct arena *a, const struct actor *by,
    const int64_t *items, size_t n, struct manuscript **out, size_t *n_out, struct err *e);

/* ---- inside a write ---- */
MUST_USE enum code manuscript_rename(
    struct db *db, const struct actor *by, int64_t id, struct str title, struct err *e);
/* Signed off by this item, which the actor sees; who may write may say so. 0: no longer. E_CONFLICT: another item has it, or it is 工作秘密 and the
 * item is not: whoever sees the item reads the text. */
MUST_USE enum code manuscript_set_item(
    struct db *db, const struct actor *by, int64_t id, int64_t item, struct err *e);
/* Is one of those that the item has 工作秘密? Such an item stays so. */
MUST_USE enum code manuscript_item_secret(struct db *db, int64_t item, bool *secret, struct err *e);
/* Who may write it may lock it. Nobody writes then until somebody who may write unlocks it with a reason; both are events of the audit
 * chain. Locked again: nothing happens. */
MUST_USE enum code manuscript_lock(
    struct db *db, const struct actor *by, int64_t id, struct str why, struct err *e);
MUST_USE enum code manuscript_unlock(
    struct db *db, const struct actor *by, int64_t id, struct str why, struct err *e);
/* The same by the step of the item that it is signed off by (item_text.h), which has judged; manuscript_unlock is refused then. */
MUST_USE enum code manuscript_hold(
    struct db *db, const struct actor *by, int64_t id, struct str why, struct err *e);
MUST_USE enum code manuscript_release(
    struct db *db, const struct actor *by, int64_t id, struct str why, struct err *e);

/* Given up (废弃): it leaves the lists, nobody writes it or sends it off, and nothing of it is deleted. Its owner; why may be empty. E_CONFLICT: locked, or
 * the item that it is signed off by is open. Brought back: as it was. */
MUST_USE enum code manuscript_give_up(
    struct db *db, const struct actor *by, int64_t id, struct str why, struct err *e);
MUST_USE enum code manuscript_bring_back(
    struct db *db, const struct actor *by, int64_t id, struct err *e);

/* ---- whom the owner invited ---- */
struct manuscript_person {
    int64_t person, invited_ms;
    struct str name, unit;
    bool writes;
};
MUST_USE enum code manuscript_people(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, struct manuscript_person **out, size_t *n, struct err *e);
/* Inside a write: to read (and comment), or to write; again to change it. */
MUST_USE enum code manuscript_invite(
    struct db *db, const struct actor *by, int64_t id, int64_t person, bool writes, struct err *e);
MUST_USE enum code manuscript_uninvite(
    struct db *db, const struct actor *by, int64_t id, int64_t person, struct err *e);

#endif
