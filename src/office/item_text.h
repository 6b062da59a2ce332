/* office/item_text.h - the manuscript (文稿) that an item carries, for kinds that have `manuscript:`. Table item_text.
 *
 * What is submitted is a frozen version of the text and the form as it stands; the event that submits bears the digest of each, with those of all fields
 * and of each file. Every opinion that follows names the version and the form it was given on. What is signed is the version that was submitted last, and nothing else prints. In
 * which states the text is written is the kind's; in all others it is locked, by the same write that enters the state. */
#ifndef OFFICE_ITEM_TEXT_H
#define OFFICE_ITEM_TEXT_H

#include "office/item.h"
#include "office/manuscript_pass.h"
#include "office/manuscript_version.h"

struct item_text {
    int64_t manuscript;      /* 0: the item carries none yet */
    int64_t version, number; /* submitted last, 第number稿; 0: nothing yet */
    int64_t seq;             /* of the text, behind which it was frozen */
    struct str digest;       /* SM3 of its text and pictures */
    struct str
        form; /* SM3 of the form that went with it: title, urgency, the fields that no move fills in, their
                              * files by name and bytes. Empty: sent before there was one */
    bool changed;      /* the text was written since */
    bool form_changed; /* the form was; once it is signed it cannot be */
    int64_t final, final_number, final_ms, final_by; /* 定稿: signed by whom; 0: not signed */
    struct str final_digest;
    int64_t passes, final_passes; /* what stood passed over then (struct pass_list); 0: nothing */
};
/* E_NOTFOUND where the actor may not see the item. */
MUST_USE enum code item_text(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct item_text *out, struct err *e);

/* ---- inside a write ---- */
/* The item carries this manuscript from now on, while its text may be written there; who may edit the item and write the manuscript. Another
 * one that it carried is let go. E_CONFLICT: that manuscript is signed off by another item. */
MUST_USE enum code item_text_carry(struct db *db, const struct actor *by, int64_t item,
    int64_t revision, int64_t manuscript, struct err *e);
/* A new item of that kind as a draft that carries it, with its title and what else the text says for the form: 文种, and from it the usual
 * 行文方向, 主送, 抄送, 印发机关, as far as the kind has such fields. */
MUST_USE enum code item_text_begin(struct db *db, const struct actor *by, int64_t manuscript,
    struct str kind, int64_t *item, struct err *e);
/* 另存一稿: the text or the form was changed while it is with others; they see that there is a newer one. Whoever may edit the item; not
 * where the next step is to sign, for the signer has the version before him. */
MUST_USE enum code item_text_renew(
    struct db *db, const struct actor *by, int64_t item, int64_t revision, struct err *e);

/* item_text_fields.c: into `fields`. */
void text_fields(
    struct arena *a, const struct kind *k, struct str title, struct str text, json_t *fields);

/* ---- for the engine ---- */
struct work; /* item_int.h */
/* A move is made from the state in w; before it is changed. `log` is an open object. */
MUST_USE enum code text_move(struct work *w, const struct kind_move *m,
    const struct item_move *given, struct jw *log, struct err *e);
/* Which version words are given on, into an open object; nothing where there is none. */
MUST_USE enum code text_note(struct work *w, struct jw *log, struct err *e);
/* Does the item's state keep its manuscript locked? Nobody has judged who may see it. */
MUST_USE enum code item_text_keeps(
    struct db *db, const struct actor *by, int64_t item, bool *kept, struct err *e);
/* item_text_form.c: the digest of the form as it stands in `w`; whoever acts, all fields count. */
MUST_USE enum code text_form(struct work *w, struct str *digest, struct err *e);
/* E_CONFLICT names what this event changes of it; for one that is signed. */
MUST_USE enum code text_form_stands(struct work *w, struct err *e);
/* The text may be submitted anew from the present state. */
bool text_renews(const struct work *w);
/* Inside work_commit, before the row is written: locks and unlocks as the new state says. */
MUST_USE enum code text_event(struct work *w, struct str payload, struct err *e);

#endif
