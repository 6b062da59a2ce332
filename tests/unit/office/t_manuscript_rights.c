/* What no right to a single text may open: a text that is need-to-know on an item that is not, and one that was given up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/sm3.h"
#include "issuewalk.h"
#include "office/document.h"
#include "office/manuscript_edit.h"
#include "office/manuscript_file.h"
#include "office/manuscript_note.h"
#include "office/manuscript_part.h"
#include "office/manuscript_pass.h"
#include "office/manuscript_pen.h"
#include "office/manuscript_version.h"

enum what {
    NEW,
    CARRY,
    SET_ITEM,
    BEGIN,
    SAVE,
    FREEZE,
    RESTORE,
    LOCK,
    NOTE,
    REPLY,
    PART,
    HAND,
    PASS,
    PEN,
    PICTURE,
    GIVE_UP,
    N_WHAT
};
struct deed {
    struct walk *w;
    const struct actor *by;
    enum what what;
    int64_t id, item, revision, other, seq;
    int level;
};

static enum code add_picture(struct db *db, struct deed *d, struct err *e)
{
    struct manuscript_picture f = {.name = S("值守表"), .wide = 3, .high = 2};
    struct manuscript_file made;
    TRY(blob_hash_bytes(S("png"), &f.blob, e));
    return manuscript_file_put(db, &d->w->t.o.a, d->by, d->id, &f, &made, e);
}

static enum code begin_pen(struct db *db, struct deed *d, struct err *e)
{
    struct pen_new p = {
        .manuscript = d->id, .version = d->other, .corrector = S("王总"), .day = S("2026-07-10")};
    return manuscript_pen_begin(db, &d->w->t.o.a, d->by, &p, &d->other, e);
}

static enum code run(struct db *db, void *arg, struct err *e)
{
    struct deed *d = arg;
    struct arena *a = &d->w->t.o.a;
    struct manuscript_saved saved;
    switch (d->what) {
    case NEW:
        return manuscript_new(db, d->by,
            &(struct manuscript_new){
                .title = S("关于做好防汛工作的通知"), .level = d->level, .text = S(DRAFT)},
            &d->id, e);
    case CARRY:
        return item_text_carry(db, d->by, d->item, d->revision, d->id, e);
    case SET_ITEM:
        return manuscript_set_item(db, d->by, d->id, d->item, e);
    case BEGIN:
        return item_text_begin(db, d->by, d->id, S("issue"), &d->item, e);
    case SAVE:
        return manuscript_save(db, a, d->by, d->id, 0, S("题目\n另一段。"), &saved, e);
    case FREEZE:
        return manuscript_freeze(db, a, d->by, d->id, S("一稿"), &d->other, e);
    case RESTORE:
        return manuscript_restore(db, a, d->by, d->other, &d->seq, e);
    case LOCK:
        return manuscript_lock(db, d->by, d->id, S("等领导定"), e);
    case NOTE:
        return manuscript_note_add(db, a, d->by, d->id,
            &(struct note_new){
                .sort = NOTE_COMMENT, .seq = -1, .quote = S("加强值守"), .words = S("再核")},
            &d->other, e);
    case REPLY:
        return manuscript_note_reply(db, a, d->by, d->other, S("已核"), e);
    case PART:
        return manuscript_part_add(db, a, d->by,
            &(struct part_new){.manuscript = d->id,
                .seq = -1,
                .quote = S("一、加强值守"),
                .person = d->by->v->person},
            &d->other, e);
    case HAND:
        return manuscript_part_hand(db, a, d->by, d->other, e);
    case PASS:
        return manuscript_pass_add(db, a, d->by, d->id,
            &(struct pass_new){
                .rule = S("S36"), .words = S("加强值守"), .throughout = true, .why = S("就是如此")},
            &d->other, e);
    case PEN:
        return begin_pen(db, d, e);
    case PICTURE:
        return add_picture(db, d, e);
    case GIVE_UP:
        return manuscript_give_up(db, d->by, d->id, S("另起一稿"), e);
    case N_WHAT:
        break;
    }
    return E_BUG;
}

static enum code deed(struct walk *w, int who, struct deed *d)
{
    struct err e = {.msg = ""};
    d->w = w;
    d->by = itemdb_as(&w->t, who);
    enum code c = store_write(w->t.o.st, run, d, &e);
    if (c == E_BUG || c == E_IO)
        fail_msg("%d: %s", (int)d->what, e.msg);
    return c;
}

static int64_t text_by(struct walk *w, int who, enum doc_level level)
{
    struct deed d = {.what = NEW, .level = (int)level};
    assert_int_equal(deed(w, who, &d), OK);
    return d.id;
}

static enum code reads(struct walk *w, int who, int64_t id)
{
    struct manuscript m;
    struct err e;
    struct db *db = itemdb_read(&w->t);
    enum code c = manuscript_get(db, &w->t.o.a, itemdb_as(&w->t, who), id, &m, &e);
    store_read_end(db);
    return c;
}

static enum code set_level(struct walk *w, int who, enum doc_level level)
{
    struct act a = {.verb = V_EDIT,
        .id = w->id,
        .revision = get(w).revision,
        .json = arena_printf(&w->t.o.a, "{\"level\":%d}", level).p};
    struct err e;
    return act(w, who, &a, &e);
}

/* Whoever sees the item reads its text; an item that is not 工作秘密 is seen by role. */
static void a_secret_text_stays_need_to_know(void **state)
{
    struct walk *w = *state;
    int64_t id = text_by(w, STAFF, LEVEL_WORK_SECRET);
    begin(w, STAFF, "issue", FIELDS("不需会签", ""));
    struct deed d = {.what = CARRY, .id = id, .item = w->id, .revision = get(w).revision};
    assert_int_equal(deed(w, STAFF, &d), E_CONFLICT);
    d.what = SET_ITEM;
    assert_int_equal(deed(w, STAFF, &d), E_CONFLICT);
    assert_int_equal(reads(w, SECRETARY, id), E_NOTFOUND);
    assert_int_equal(set_level(w, STAFF, LEVEL_WORK_SECRET), OK);
    struct item it;
    struct err e;
    assert_int_equal(itemdb_get(&w->t, STAFF, w->id, &it, &e), OK);
    d = (struct deed){.what = CARRY, .id = id, .item = w->id, .revision = it.revision};
    assert_int_equal(deed(w, STAFF, &d), OK);
    assert_int_equal(reads(w, SECRETARY, id), E_NOTFOUND);
    assert_int_equal(itemdb_get(&w->t, STAFF, w->id, &it, &e), OK);
    struct act a = {.verb = V_EDIT, .id = w->id, .revision = it.revision, .json = "{\"level\":1}"};
    assert_int_equal(act(w, STAFF, &a, &e), E_CONFLICT);
    assert_non_null(strstr(e.msg, "不能降低"));
    assert_int_equal(reads(w, SECRETARY, id), E_NOTFOUND);
    /* begun from the desk the item is as its text */
    id = text_by(w, STAFF, LEVEL_WORK_SECRET);
    d = (struct deed){.what = BEGIN, .id = id};
    assert_int_equal(deed(w, STAFF, &d), OK);
    assert_int_equal(reads(w, SECRETARY, id), E_NOTFOUND);
    /* another text: the item may be what it was */
    id = text_by(w, STAFF, LEVEL_INTERNAL);
    assert_int_equal(itemdb_get(&w->t, STAFF, w->id, &it, &e), OK);
    d = (struct deed){.what = CARRY, .id = id, .item = w->id, .revision = it.revision};
    assert_int_equal(deed(w, STAFF, &d), OK);
    a.revision = it.revision + 1;
    assert_int_equal(act(w, STAFF, &a, &e), OK);
    assert_int_equal(reads(w, SECRETARY, id), OK);
}

/* Nothing that is written on it, shared out of it or kept of it, until it is brought back. */
static void given_up_it_stands_still(void **state)
{
    static const enum what none[] = {SAVE, FREEZE, LOCK, NOTE, PART, PASS, PICTURE};
    struct walk *w = *state;
    int64_t id = text_by(w, STAFF, LEVEL_INTERNAL);
    struct deed version = {.what = FREEZE, .id = id}, note = {.what = NOTE, .id = id},
                part = {.what = PART, .id = id};
    assert_int_equal(deed(w, STAFF, &version), OK);
    assert_int_equal(deed(w, STAFF, &note), OK);
    assert_int_equal(deed(w, STAFF, &part), OK);
    assert_int_equal(deed(w, STAFF, &(struct deed){.what = GIVE_UP, .id = id}), OK);
    for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
        enum code c = deed(w, STAFF, &(struct deed){.what = none[i], .id = id});
        if (c != E_CONFLICT)
            fail_msg("%d is %d", (int)none[i], (int)c);
    }
    struct deed d = {.what = RESTORE, .id = id, .other = version.other};
    assert_int_equal(deed(w, STAFF, &d), E_CONFLICT);
    d = (struct deed){.what = PEN, .id = id, .other = version.other};
    assert_int_equal(deed(w, STAFF, &d), E_CONFLICT);
    d = (struct deed){.what = REPLY, .id = id, .other = note.other};
    assert_int_equal(deed(w, STAFF, &d), E_CONFLICT);
    d = (struct deed){.what = HAND, .id = id, .other = part.other};
    assert_int_equal(deed(w, STAFF, &d), E_CONFLICT);
    d = (struct deed){.what = BEGIN, .id = id};
    assert_int_equal(deed(w, STAFF, &d), E_CONFLICT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_secret_text_stays_need_to_know, set_up, tear_down),
        cmocka_unit_test_setup_teardown(given_up_it_stands_still, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
