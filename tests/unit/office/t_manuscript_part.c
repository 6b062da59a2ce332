/* Parts of a manuscript by several authors: who may, where they stand after edits, handing in, times and reminders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "manuscript_test.h"
#include "noticedb.h"
#include "office/manuscript_part.h"
#include "text/pos.h"

#define HOUR (60 * MS_MINUTE)

enum what { NEW, SAVE, INVITE, ADD, SET, REMOVE, HAND, BACK, FREEZE, RESTORE };
struct deed {
    struct itemdb *t;
    const struct actor *by;
    enum what what;
    int64_t id, other;
    const char *text;
    int64_t person, due;
    int64_t seq, at;
    struct manuscript_saved saved;
};

static enum code run(struct db *db, void *arg, struct err *e)
{
    struct deed *d = arg;
    struct arena *a = &d->t->o.a;
    struct str s = str_z(d->text ? d->text : "");
    switch (d->what) {
    case NEW:
        return manuscript_new(db, d->by,
            &(struct manuscript_new){.title = S("讲话稿"), .level = LEVEL_INTERNAL, .text = s},
            &d->id, e);
    case SAVE:
        return manuscript_save(db, a, d->by, d->id, d->other, s, &d->saved, e);
    case INVITE:
        return manuscript_invite(db, d->by, d->id, d->person, true, e);
    case ADD:
        return manuscript_part_add(db, a, d->by,
            &(struct part_new){.manuscript = d->id,
                .seq = d->text ? -1 : d->seq,
                .at = d->at,
                .quote = s,
                .person = d->person,
                .due_ms = d->due},
            &d->other, e);
    case SET:
        return manuscript_part_set(db, a, d->by, d->other, d->person, d->due, 0, e);
    case REMOVE:
        return manuscript_part_remove(db, a, d->by, d->other, e);
    case HAND:
        return manuscript_part_hand(db, a, d->by, d->other, e);
    case BACK:
        return manuscript_part_back(db, a, d->by, d->other, s, e);
    case FREEZE:
        return manuscript_freeze(db, a, d->by, d->id, s, &d->other, e);
    case RESTORE:
        return manuscript_restore(db, a, d->by, d->other, &d->seq, e);
    }
    return E_BUG;
}

static enum code deed(struct itemdb *t, int who, struct deed *d)
{
    d->t = t;
    d->by = itemdb_as(t, who);
    return text_write(t, run, d);
}

static const char speech[] = "在大会上的讲话\n同志们：\n一、认清形势\n【内容】。\n二、抓好落实\n【"
                             "内容】。\n三、加强领导\n【内容】。\n谢谢大家！";

static int64_t begun(struct itemdb *t, const char *text)
{
    struct deed d = {.what = NEW, .text = text};
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    return d.id;
}

static int64_t add(struct itemdb *t, int64_t id, const char *quote, int author, int64_t due)
{
    struct deed d = {.what = ADD, .id = id, .text = quote, .person = t->person[author], .due = due};
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    return d.other;
}

static enum code try_part(struct itemdb *t, int who, enum what what, int64_t part, const char *text)
{
    struct deed d = {.what = what, .other = part, .text = text};
    return deed(t, who, &d);
}

static int64_t seq_of(struct itemdb *t, int64_t id)
{
    struct err e = {.msg = ""};
    int64_t seq = 0;
    struct db *db = itemdb_read(t);
    assert_int_equal(manuscript_seq(db, id, &seq, &e), OK);
    store_read_end(db);
    return seq;
}

/* `was` goes, `now` comes in its place, as a form saves it that was opened on text `base`. */
static enum code swap_on(
    struct itemdb *t, int who, int64_t id, int64_t base, const char *was, const char *now)
{
    struct err e = {.msg = ""};
    struct str text = S("");
    struct db *db = itemdb_read(t);
    assert_int_equal(
        manuscript_text(db, &t->o.a, itemdb_as(t, SECRETARY), id, base, &text, NULL, &e), OK);
    store_read_end(db);
    size_t at = str_find(text, str_z(was), 0), end = at + strlen(was);
    assert_true(at != SIZE_MAX);
    struct deed d = {.what = SAVE,
        .id = id,
        .other = base,
        .text = arena_printf(&t->o.a, "%.*s%s%.*s", SF(str_sub(text, 0, at)), now,
            SF(str_sub(text, end, text.n - end)))
                    .p};
    enum code c = deed(t, who, &d);
    return c == OK && d.saved.n_both ? E_CONFLICT : c;
}

static void swap(struct itemdb *t, int who, int64_t id, const char *was, const char *now)
{
    assert_int_equal(swap_on(t, who, id, seq_of(t, id), was, now), OK);
}

static size_t parts(struct itemdb *t, int who, int64_t id, struct manuscript_part **v)
{
    struct err e = {.msg = ""};
    size_t n = 0;
    struct db *db = itemdb_read(t);
    assert_int_equal(manuscript_parts(db, &t->o.a, itemdb_as(t, who), id, v, &n, &e), OK);
    store_read_end(db);
    return n;
}

/* What a part holds, by its place among them. */
static struct str held(struct itemdb *t, int64_t id, size_t i)
{
    struct manuscript_part *v = NULL;
    struct str text = text_of(t, id);
    assert_true(i < parts(t, SECRETARY, id, &v));
    struct pos_map map;
    pos_map_init(&t->o.a, &map, text);
    size_t from = pos_at_unit(&map, (size_t)v[i].from).byte,
           to = pos_at_unit(&map, (size_t)v[i].to).byte;
    return str_sub(text, from, to - from);
}

static enum code get(struct itemdb *t, int who, int64_t id, struct manuscript *m)
{
    struct err e = {.msg = ""};
    struct db *db = itemdb_read(t);
    enum code c = manuscript_get(db, &t->o.a, itemdb_as(t, who), id, m, &e);
    store_read_end(db);
    return c;
}

static size_t mine(struct itemdb *t, int who, struct part_mine **v)
{
    struct err e = {.msg = ""};
    size_t n = 0;
    struct db *db = itemdb_read(t);
    assert_int_equal(manuscript_parts_mine(db, &t->o.a, itemdb_as(t, who), 50, v, &n, &e), OK);
    store_read_end(db);
    return n;
}

/* ---- who may ---- */

static void who_may(void **state)
{
    struct itemdb *t = *state;
    int64_t id = begun(t, speech);
    struct manuscript m = {0};
    struct manuscript_part *v = NULL;
    struct part_mine *w = NULL;
    struct deed d = {.what = ADD, .id = id, .text = "一、认清", .person = t->person[OTHER]};
    assert_int_equal(deed(t, STAFF, &d), E_NOTFOUND);
    assert_int_equal(get(t, STAFF, id, &m), E_NOTFOUND);
    int64_t one = add(t, id, "一、认清", STAFF, 0), two = add(t, id, "二、抓好", OTHER, 0);

    assert_int_equal(get(t, STAFF, id, &m), OK);
    assert_true(m.may[MANUSCRIPT_READ] && m.may[MANUSCRIPT_WRITE]);
    assert_true(!m.may[MANUSCRIPT_DIVIDE] && !m.may[MANUSCRIPT_OWN]);
    assert_int_equal(get(t, LIAISON, id, &m), E_NOTFOUND);
    assert_int_equal(get(t, CHIEF, id, &m), E_NOTFOUND);
    assert_int_equal(swap_on(t, STAFF, id, 0, "【内容】", "分包队伍流动快"), OK);

    /* an author shares nothing out, and hands in what is his */
    d = (struct deed){.what = ADD, .id = id, .text = "三、加强", .person = t->person[STAFF]};
    assert_int_equal(deed(t, STAFF, &d), E_DENIED);
    d = (struct deed){.what = SET, .other = one, .person = t->person[OTHER]};
    assert_int_equal(deed(t, STAFF, &d), E_DENIED);
    assert_int_equal(try_part(t, STAFF, REMOVE, one, ""), E_DENIED);
    assert_int_equal(try_part(t, STAFF, HAND, two, ""), E_DENIED);
    assert_int_equal(try_part(t, LIAISON, HAND, one, ""), E_NOTFOUND);
    assert_int_equal(parts(t, STAFF, id, &v), 2);
    assert_true(v[0].may_hand && !v[0].may_set && !v[1].may_hand);
    assert_int_equal(parts(t, SECRETARY, id, &v), 2);
    assert_true(v[1].may_hand && v[1].may_set);

    /* whoever was invited to write shares out as well; an account that opens nothing is refused */
    d = (struct deed){.what = INVITE, .id = id, .person = t->person[LIAISON]};
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    d = (struct deed){.what = ADD, .id = id, .text = "三、加强", .person = t->person[ADMIN]};
    assert_int_equal(deed(t, LIAISON, &d), E_INPUT);
    d.person = t->person[LIAISON];
    assert_int_equal(deed(t, LIAISON, &d), OK);

    /* another author: the first has no business there any more */
    assert_int_equal(mine(t, STAFF, &w), 1);
    assert_true(str_eq(w[0].title, S("讲话稿")) && str_eq(w[0].name, S("一、认清形势")));
    d = (struct deed){.what = SET, .other = one, .person = t->person[OTHER]};
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    assert_int_equal(get(t, STAFF, id, &m), E_NOTFOUND);
    assert_int_equal(mine(t, STAFF, &w), 0);
    assert_int_equal(mine(t, OTHER, &w), 2);
}

/* ---- where they stand ---- */

static void in_order_whatever_is_written(void **state)
{
    struct itemdb *t = *state;
    int64_t id = begun(t, speech);
    struct manuscript_part *v = NULL;
    add(t, id, "三、加强", OTHER, 0);
    add(t, id, "一、认清", STAFF, 0);
    add(t, id, "二、抓好", LIAISON, 0);
    assert_int_equal(parts(t, SECRETARY, id, &v), 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(v[i].state == PART_NEW && !v[i].late);
    assert_true(str_eq(held(t, id, 0), S("一、认清形势\n【内容】。\n")));
    assert_true(str_eq(held(t, id, 2), S("三、加强领导\n【内容】。\n谢谢大家！")));

    /* one more paragraph at the end of a part is of that part, whoever puts it in */
    swap(t, STAFF, id, "【内容】。\n二、", "形势逼人。\n再写一段𠮷。\n二、");
    assert_true(str_eq(held(t, id, 0), S("一、认清形势\n形势逼人。\n再写一段𠮷。\n")));
    assert_true(str_eq(held(t, id, 1), S("二、抓好落实\n【内容】。\n")));
    assert_int_equal(parts(t, SECRETARY, id, &v), 3);
    assert_true(v[0].state == PART_WRITING && v[1].state == PART_NEW && v[2].state == PART_NEW);
    /* a line in front of the first is the drafter's */
    swap(t, SECRETARY, id, "同志们：\n", "同志们：\n下面讲三点意见。\n");
    assert_true(str_starts(held(t, id, 0), S("一、认清形势")));
    /* the heading is worded anew, something is typed in front of it */
    swap(t, LIAISON, id, "二、抓好落实", "二、狠抓工作落实");
    assert_true(str_eq(held(t, id, 1), S("二、狠抓工作落实\n【内容】。\n")));
    swap(t, LIAISON, id, "二、狠抓", "（二、狠抓");
    assert_true(str_starts(held(t, id, 1), S("（二、狠抓")));
    /* its line is joined to the one before and parted again */
    swap(t, STAFF, id, "一段𠮷。\n（二、", "一段𠮷。（二、");
    assert_true(str_starts(held(t, id, 1), S("再写一段𠮷。（二、")));
    swap(t, STAFF, id, "一段𠮷。（二、", "一段𠮷。\n（二、");
    assert_true(str_eq(held(t, id, 1), S("（二、狠抓工作落实\n【内容】。\n")));
    /* all of it goes: it says so, the others stay */
    swap(t, SECRETARY, id, "（二、狠抓工作落实\n【内容】。\n", "");
    assert_int_equal(parts(t, SECRETARY, id, &v), 3);
    assert_true(v[2].gone && v[2].person == t->person[LIAISON] && v[2].chars == 0);
    assert_true(str_eq(held(t, id, 1), S("三、加强领导\n【内容】。\n谢谢大家！")));
    assert_int_equal(try_part(t, LIAISON, HAND, v[2].id, ""), E_CONFLICT);
}

static void over_many_updates_and_back(void **state)
{
    struct itemdb *t = *state;
    int64_t id = begun(t, speech);
    struct deed d = {.what = FREEZE, .id = id, .text = "提纲"};
    int64_t two = add(t, id, "二、抓好", STAFF, 0);
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    for (int i = 0; i < 2 * TEXT_KEPT_EVERY + 3; i++)
        swap(t, SECRETARY, id, "同志们：", "同志们：又");
    assert_true(str_eq(
        held(t, id, 0), S("二、抓好落实\n【内容】。\n三、加强领导\n【内容】。\n谢谢大家！")));
    assert_true(itemdb_count(t, "SELECT seq FROM manuscript_part") >= TEXT_KEPT_EVERY);
    d.what = RESTORE;
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    assert_true(str_starts(held(t, id, 0), S("二、抓好落实")));
    /* shared out on a text that went on meanwhile: the place is followed */
    d = (struct deed){.what = ADD, .id = id, .seq = 0, .at = 13, .person = t->person[OTHER]};
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    assert_true(str_eq(held(t, id, 0), S("一、认清形势\n【内容】。\n")));
    assert_int_equal(deed(t, SECRETARY, &d), E_CONFLICT); /* somebody has it */
    /* one less: the words stay, and belong to the part in front */
    assert_int_equal(try_part(t, SECRETARY, REMOVE, two, ""), OK);
    assert_true(str_ends(held(t, id, 0), S("谢谢大家！")));
    struct manuscript_part *v = NULL;
    assert_int_equal(parts(t, SECRETARY, id, &v), 1);
    assert_int_equal(v[0].state, PART_NEW); /* to reach further is not to write */
}

static void two_at_once(void **state)
{
    struct itemdb *t = *state;
    int64_t id = begun(t, speech);
    add(t, id, "一、认清", STAFF, 0);
    add(t, id, "二、抓好", OTHER, 0);
    /* both opened the text as it began */
    assert_int_equal(
        swap_on(t, STAFF, id, 0, "形势\n【内容】。", "形势\n任务很重。\n压力很大。"), OK);
    assert_int_equal(swap_on(t, OTHER, id, 0, "落实\n【内容】。", "落实\n责任到人。"), OK);
    assert_true(str_eq(held(t, id, 0), S("一、认清形势\n任务很重。\n压力很大。\n")));
    assert_true(str_starts(held(t, id, 1), S("二、抓好落实\n责任到人。\n")));
    assert_int_equal(swap_on(t, OTHER, id, 0, "形势\n【内容】。", "形势\n别的话。"), E_CONFLICT);
}

static void refused(void **state)
{
    struct itemdb *t = *state;
    int64_t id = begun(t, speech);
    struct part_place *v = NULL;
    struct err e = {.msg = ""};
    size_t n = 0;
    struct deed d = {.what = ADD, .id = id, .person = t->person[STAFF], .text = "没有这一句"};
    assert_int_equal(deed(t, SECRETARY, &d), E_INPUT);
    d.text = "【内容】";
    assert_int_equal(deed(t, SECRETARY, &d), E_INPUT); /* three times */
    d.text = "谢谢大家";
    assert_int_equal(deed(t, SECRETARY, &d), OK); /* no heading */
    d.text = NULL, d.seq = 99;
    assert_int_equal(deed(t, SECRETARY, &d), E_INPUT);
    d.text = "一、认清", d.person = 12345;
    assert_int_equal(deed(t, SECRETARY, &d), E_NOTFOUND);
    add(t, id, "一、认清", STAFF, 0);
    struct db *db = itemdb_read(t);
    assert_int_equal(
        manuscript_part_places(db, &t->o.a, itemdb_as(t, SECRETARY), id, &v, &n, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 3);
    assert_true(str_eq(v[0].words, S("一、认清形势")) && v[0].part && v[0].at == 13);
    assert_true(!v[1].part && !v[2].part);
}

/* ---- handing in, times ---- */

static void handed_in(void **state)
{
    struct itemdb *t = *state;
    int64_t id = begun(t, speech);
    struct manuscript_part *v = NULL;
    struct notice *w = NULL;
    int64_t one = add(t, id, "一、认清", STAFF, 0), two = add(t, id, "二、抓好", OTHER, 0);
    assert_int_equal(noticedb_unread(t, STAFF, NOTICE_ASKED), 1);
    assert_int_equal(noticedb_list(t, STAFF, &w), 1);
    assert_true(w[0].manuscript == id && w[0].item == 0 && str_eq(w[0].title, S("讲话稿")));
    assert_true(str_eq(w[0].text, S("请写“一、认清形势”")));
    swap(t, STAFF, id, "形势\n【内容】", "形势\n很好");
    assert_int_equal(try_part(t, STAFF, HAND, one, ""), OK);
    assert_int_equal(try_part(t, STAFF, HAND, one, ""), E_CONFLICT);
    assert_int_equal(noticedb_list(t, SECRETARY, &w), 1);
    assert_true(str_eq(w[0].text, S("“一、认清形势”已交稿，还有1部分没有交")));
    assert_int_equal(parts(t, SECRETARY, id, &v), 2);
    assert_true(v[0].state == PART_HANDED && !v[0].changed && v[0].handed_by == t->person[STAFF]);
    /* another part is written on: nothing of his changed; his own is: it shows, and he hands in again */
    swap(t, OTHER, id, "落实\n【内容】", "落实\n抓紧");
    parts(t, SECRETARY, id, &v);
    assert_false(v[0].changed);
    swap(t, SECRETARY, id, "很好", "很好很好");
    parts(t, SECRETARY, id, &v);
    assert_true(v[0].changed && v[0].state == PART_HANDED);
    assert_int_equal(try_part(t, STAFF, HAND, one, ""), OK);
    assert_int_equal(try_part(t, STAFF, BACK, one, "再改"), E_DENIED);
    assert_int_equal(try_part(t, SECRETARY, BACK, one, " "), E_INPUT);
    assert_int_equal(try_part(t, SECRETARY, BACK, two, "再改"), E_CONFLICT);
    assert_int_equal(try_part(t, SECRETARY, BACK, one, "数字核一下"), OK);
    assert_int_equal(noticedb_unread(t, STAFF, NOTICE_RETURNED), 1);
    parts(t, SECRETARY, id, &v);
    assert_true(v[0].state == PART_WRITING && v[0].handed_ms == 0);
    assert_int_equal(try_part(t, STAFF, HAND, one, ""), OK);
    assert_int_equal(try_part(t, SECRETARY, HAND, two, ""), OK); /* the drafter for him */
}

static size_t remind(struct itemdb *t)
{
    struct err e = {.msg = ""};
    size_t n = 0;
    assert_int_equal(manuscript_part_remind(t->o.st, itemdb_as(t, N_PEOPLE), &n, &e), OK);
    return n;
}

static void at_its_time(void **state)
{
    struct itemdb *t = *state;
    int64_t id = begun(t, speech);
    struct manuscript_part *v = NULL;
    struct part_mine *w = NULL;
    struct notice *said = NULL;
    struct deed d = {.what = SET, .person = t->person[LIAISON]};
    int64_t one = add(t, id, "一、认清", STAFF, MONDAY + 6 * HOUR); /* 15:00 */
    int64_t two = add(t, id, "二、抓好", OTHER, MONDAY + 6 * HOUR);
    int64_t three = add(t, id, "三、加强", LIAISON, MONDAY + 14 * HOUR); /* 23:00 */
    assert_int_equal(mine(t, STAFF, &w), 1);
    assert_false(w[0].late);
    assert_int_equal(remind(t), 0);
    t->now_ms = MONDAY + 4 * HOUR - 1;
    assert_int_equal(remind(t), 0);
    t->now_ms = MONDAY + 4 * HOUR;
    assert_int_equal(remind(t), 2);
    assert_int_equal(remind(t), 0); /* once */
    assert_int_equal(noticedb_unread(t, STAFF, NOTICE_REMINDED), 1);
    assert_int_equal(noticedb_unread(t, SECRETARY, NOTICE_ESCALATED), 0);
    assert_int_equal(try_part(t, OTHER, HAND, two, ""), OK);
    t->now_ms = MONDAY + 6 * HOUR;
    assert_int_equal(remind(t), 1); /* who has handed in is left alone */
    assert_int_equal(noticedb_unread(t, SECRETARY, NOTICE_ESCALATED), 1);
    assert_int_equal(noticedb_list(t, STAFF, &said), 2);
    assert_true(
        str_eq(said[0].text, S("“一、认清形势”到了交稿时间，还没有交，2026-07-13 15:00该交")));
    parts(t, SECRETARY, id, &v);
    assert_true(v[0].late && !v[1].late && !v[2].late);
    mine(t, STAFF, &w);
    assert_true(w[0].late);
    /* 23:00 is in the night: at 21:00, and the next morning at 7:30 */
    t->now_ms = MONDAY + 12 * HOUR;
    assert_int_equal(remind(t), 1);
    t->now_ms = MONDAY + 14 * HOUR;
    assert_int_equal(remind(t), 0);
    /* another time: reminded anew before it; none: never */
    d.other = three, d.due = MONDAY + 30 * HOUR;
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    t->now_ms = MONDAY + 29 * HOUR;
    assert_int_equal(remind(t), 1);
    d.due = 0;
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    t->now_ms = MONDAY + 100 * HOUR;
    assert_int_equal(remind(t), 0);
    assert_int_equal(try_part(t, STAFF, HAND, one, ""), OK);
    parts(t, SECRETARY, id, &v);
    assert_false(v[0].late);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_may, noticedb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(
            in_order_whatever_is_written, noticedb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(
            over_many_updates_and_back, noticedb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(two_at_once, noticedb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(refused, noticedb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(handed_in, noticedb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(at_its_time, noticedb_set_up, itemdb_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
