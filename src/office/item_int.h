/* office/item_int.h - what the files of the matter engine share: one item in work, with all that a verb needs of it.
 *
 * A verb reads the item once (work_load), judges, changes the copy in memory, and writes it (work_commit): the row, the event,
 * who takes part and in whose box it lies, the lights. Everything lives in the arena of the verb. */
#ifndef OFFICE_ITEM_INT_H
#define OFFICE_ITEM_INT_H

#include "office/ask.h"
#include "office/item_event.h"

#define ITEM_NO_DUE INT64_MAX

/* Principals of item_grant; the first two are those of access.h. */
enum { GRANT_PERSON = 1, GRANT_UNIT, GRANT_ROLE, GRANT_CHIEF /* chiefs of this unit: 工作秘密 */ };
/* Why somebody is in item_grant. */
enum {
    WHY_OWNER = 1,
    WHY_FIELD = 2,
    WHY_ASKED = 4,
    WHY_ACTED = 8, /* kept for ever */
    WHY_TOLD = 16, /* kept: a remark was addressed to him */
    WHY_MOVE = 32, /* a move waits for him */
    WHY_UNIT = 64,
    WHY_ABOVE = 128
};
struct grant {
    int kind;
    int64_t principal;
    uint32_t why, old_why;
    enum item_box box, old_box;
    int old_stage;
};

/* Whose place the actor takes: his own, in each unit he works in, and that of whoever delegated to him for today. A statement has room for
 * SEAT_PLACES persons, units, and units of a chief: what comes behind that is left out everywhere alike. */
enum { SEATS_MAX = 12, SEAT_PLACES = 4 };
struct seat {
    int64_t person;
    int64_t home; /* unit */
    int64_t unit; /* that he acts for; 0: none */
    uint32_t roles;
};

struct work {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    const struct kind *k;
    struct item it, was; /* was: as it was read; zero for one that is opened */
    size_t state;        /* index of it.state */
    int64_t opener, due, was_due;
    bool clocked;   /* a clock was written: the lights follow */
    bool lies;      /* in another box than before, or under another light: see item_change.h */
    json_t *fields; /* owned by the arena */
    struct ask *asks;
    size_t n_asks, cap_asks;
    struct grant *grants;
    size_t n_grants, cap_grants;
    struct seat seat[SEATS_MAX];
    int n_seats;
    bool stands; /* its event contradicts who saw the item before it: see item.stand */
    bool
        sealed; /* archived or discarded when it was read: only what opens it again may be committed */
};

/* item.c */
/* The columns of `item i` that item_row reads. */
#define ITEM_COLUMNS                                                                         \
    "i.id, i.kind, i.kind_version, i.number, i.title, i.state, i.level, i.urgency, i.owner," \
    " i.unit, i.opener, i.opened, i.entered, i.closed, i.due, i.fields, i.revision,"         \
    " i.archived, i.archive_no, i.gone, i.stand"
enum { ITEM_N_COLUMNS = 21 };
struct item item_row(struct stmt *q, struct arena *a);
MUST_USE enum code work_load(struct work *w, struct db *db, struct arena *a, const struct actor *by,
    int64_t id, struct err *e);
/* E_NOTFOUND where the actor may not see it. work_begin is for verbs that contradict nobody; work_begin_at for those that are given the
 * revision the person saw, from 1: E_CONFLICT, naming who did what, where the item stands otherwise since. */
MUST_USE enum code work_begin(struct work *w, struct db *db, struct arena *a,
    const struct actor *by, int64_t id, struct err *e);
MUST_USE enum code work_begin_at(struct work *w, struct db *db, struct arena *a,
    const struct actor *by, int64_t id, int64_t revision, struct err *e);
MUST_USE enum code work_commit(
    struct work *w, const char *verb, const struct buf *payload, struct err *e);
void work_acted(struct work *w, int64_t person, uint32_t why); /* kept in item_grant */
/* The person, the unit he acts for, the unit he is chief of: which 0, 1, 2. 0: none. */
int64_t seat_place(const struct seat *s, int which);
MUST_USE enum code seats_of(
    struct db *db, const struct actor *by, struct seat *v, int *n, struct err *e);

/* item_verb.c: the frame of a verb. verb_end closes the payload and commits where c is OK, and always releases. */
struct verb {
    struct arena a;
    struct buf b;
    struct jw j; /* over b, an object that is open */
    struct work w;
};
void verb_init(struct verb *v);
void verb_release(struct verb *v);
MUST_USE enum code verb_begin(struct verb *v, struct db *db, const struct actor *by, int64_t id,
    int64_t revision, struct err *e);
MUST_USE enum code verb_begin_any(/* needs no revision: it contradicts nobody */
    struct verb *v, struct db *db, const struct actor *by, int64_t id, struct err *e);
MUST_USE enum code verb_end(struct verb *v, enum code c, const char *verb, struct err *e);
/* Why it is done, judged and written into the event. */
MUST_USE enum code verb_reason(struct verb *v, struct str why, bool required, struct err *e);

/* item_event.c: as item_event_list, for verbs that have judged */
MUST_USE enum code event_rows(struct db *db, struct arena *a, int64_t item, int64_t after,
    size_t limit, struct item_event **out, size_t *n, struct err *e);
/* Of up to MANY items at once, the latest first. */
MUST_USE enum code event_rows_many(struct db *db, struct arena *a, const int64_t *items, size_t n,
    size_t limit, struct item_event **out, size_t *n_out, struct err *e);

/* item_field.c */
/* Judge a value and write it as it is stored; *out a new reference, or NULL for an empty one. */
MUST_USE enum code field_read(
    struct work *w, const struct kind_field *f, const json_t *value, json_t **out, struct err *e);
/* Take over {"id": value}; only fields of `only` where that is not NULL. `log`: an open object to which {"id": [old, new]} is written. */
MUST_USE enum code fields_take(struct work *w, const json_t *changes, const size_t *only,
    size_t n_only, struct jw *log, struct err *e);
/* The same, without a log and by no hand. */
MUST_USE enum code fields_put(struct work *w, const json_t *changes, struct err *e);
/* Everything that is required; at_move: fields of the move too. */
MUST_USE enum code fields_complete(struct work *w, const struct kind_move *m, struct err *e);
struct str field_text(void *work, struct str field); /* for cond_holds */
/* Persons or units in a field, up to max. */
size_t field_ids(const struct work *w, size_t field, int64_t *out, size_t max);
MUST_USE enum code value_write(struct work *w, size_t field, struct err *e);

/* item_access.c */
bool work_sees(const struct work *w);
bool work_may(const struct work *w, const struct who_list *l);
bool work_reads(const struct work *w, const struct kind_field *f); /* else it is hidden */
/* The whole of its asks, or only those to him, by him, and what hangs below them? Whoever is only asked sees his branch. */
bool work_sees_whole(const struct work *w);
/* What of it can be told without its rows of item_grant: never more, for lists. */
bool seats_see_whole(const struct actor *by, const struct seat *v, int n, const struct item *it);
bool work_right(const struct work *w, enum item_right r, size_t move);
bool work_todo(struct work *w, size_t move); /* it lies in the 待办 of whoever may make it */
/* It ends the item, or may be made in every state, while another step leads on: what is done in case of need. */
bool work_besides(const struct work *w, size_t move);
bool work_acts_for(const struct work *w, int kind, int64_t principal);
MUST_USE enum code grants_read(struct work *w, struct err *e);
MUST_USE enum code grants_write(struct work *w, struct err *e);

/* item_file.c: a loose file of the actor becomes the item's; one that is the item's already stays. */
MUST_USE enum code file_claim(struct work *w, int64_t id, struct str field, struct err *e);
/* The files that a field names, in the order they came; nobody has judged who may see them. */
struct item_file;
MUST_USE enum code file_of_field(
    struct work *w, size_t field, struct item_file **out, size_t *n, struct err *e);
/* A loose one with the same bytes, for an item that is split. */
MUST_USE enum code file_copy(struct work *w, int64_t id, int64_t *out, struct err *e);

/* item_proxy.c: the event of the present revision has words of another. */
MUST_USE enum code proxy_note(struct work *w, struct err *e);

/* item_number.c */
MUST_USE enum code number_archive(struct work *w, struct err *e);
/* The item's number is not used after all. */
MUST_USE enum code number_give_up(struct work *w, struct str why, struct err *e);
MUST_USE enum code number_take(struct work *w, int64_t reserved, struct err *e);

/* item_clock.c: the item has come into state w->state (opening: from none) */
MUST_USE enum code clocks_enter(struct work *w, struct err *e);
/* What runs ends unmet. */
MUST_USE enum code clocks_drop(struct work *w, struct str why, struct err *e);
/* The step made at `at_ms` is taken back, to w->state: what it began is dropped, what it ended runs on. */
MUST_USE enum code clocks_withdraw(struct work *w, int64_t at_ms, struct err *e);
/* The end of what a field says: a day is over at its end (the first instant behind it), a time is itself. false: it says nothing. */
bool due_instant(const struct work *w, struct str text, int64_t *ms);
/* The day in a field has changed: clocks that run to it. */
MUST_USE enum code clocks_field(struct work *w, size_t field, struct err *e);
MUST_USE enum code lights_write(struct work *w, struct err *e);
struct item_clock; /* item_clock.h; as item_clock_list, for verbs that have judged */
MUST_USE enum code clock_rows(struct db *db, struct arena *a, int64_t item, const struct kind *k,
    struct item_clock **out, size_t *n, struct err *e);
/* The instant from which `left` or less remains. */
int64_t clock_before(const struct work *w, int64_t due_ms, struct limit left);

/* ask.c */
MUST_USE enum code asks_read(struct work *w, struct err *e);
struct ask_plan {
    enum principal to_kind;
    int64_t to, parent, due_ms;
    struct str purpose, answers;
    int64_t final; /* 0: the last word alone ends it */
    enum ask_wait wait;
    int64_t turn; /* 0: at once; else one behind the other */
    struct str need_text, need_files;
};
/* A new ask, made by the event that comes next. Whoever has the same one open is not asked twice. */
MUST_USE enum code ask_make(struct work *w, const struct ask_plan *p, struct err *e);
MUST_USE enum code ask_end(
    struct work *w, struct ask *a, enum ask_state state, struct err *e); /* withdrawn or void */
MUST_USE enum code ask_urged(struct work *w, struct ask *a, struct err *e);
size_t asks_open(const struct work *w); /* open ones that are waited for */
MUST_USE enum code asks_next_turn(struct work *w, struct err *e);

/* item_trail.c: the states it came into, oldest first; a step that was taken back is left out. */
struct trail_step {
    int64_t seq, at_ms;
    size_t state;
};
struct trail {
    struct trail_step *v;
    size_t n, cap;
};
MUST_USE enum code trail_read(struct work *w, struct trail *out, struct err *e);
bool trail_was_in(const struct trail *t, size_t state);
/* Has the clock's start been entered, and since then neither its stop nor what drops it? */
bool trail_between(const struct trail *t, const struct kind_clock *kc, int64_t *since_ms);
/* Who was asked and waited for in the last stay in this state; read before the open asks are ended, asked again after it. */
struct stood {
    struct ask_plan *v;
    size_t n, cap;
};
MUST_USE enum code stood_read(struct work *w, size_t state, struct stood *out, struct err *e);
MUST_USE enum code stood_again(struct work *w, const struct stood *s, struct err *e);

/* item_step.c: stays in states, asks and due days, as far as the verb changed them; before w->it.revision is raised again */
MUST_USE enum code steps_write(struct work *w, const char *verb, struct err *e);

/* ask_tree.c: one flag for each of w->asks: may the actor see it? In the arena. */
bool *asks_seen(const struct work *w);
bool asks_hide_file(
    const struct work *w, int64_t file); /* given with an answer that he may not see */

/* item_move.c */
/* The move itself, judged already, without the commit: state, asks, clocks, number. `log` is an open object. */
MUST_USE enum code move_apply(
    struct work *w, size_t move, const struct item_move *m, struct jw *log, struct err *e);
MUST_USE enum code move_hindered(
    struct work *w, size_t move, bool *blocks, struct str *why, struct err *e);

/* item_link.c: links that begin or end at up to MANY items, oldest first; nobody has judged them */
struct item_link;
MUST_USE enum code link_rows_many(struct db *db, struct arena *a, const int64_t *items, size_t n,
    size_t limit, struct item_link **out, size_t *n_out, struct err *e);

#endif
