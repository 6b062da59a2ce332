/* t_speech - the kind of speech tasks walked by its verbs, and the speaker's pace learnt from what was entered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kindwalk.h"
#include "office/document.h"
#include "office/manuscript_edit.h"
#include "office/manuscript_part.h"
#include "office/pace.h"

#define SPEECH                                                                                            \
    "{\"occasion\":\"公司2026年安全生产工作会议\",\"speaker\":@2,\"at\":\"2026-07-20 09:00\"," \
    "\"minutes\":\"20\",\"audience\":\"项目经理\",\"draft_due\":\"2026-07-18 17:00\"}"

static struct pace pace(struct walk *w)
{
    struct db *db;
    struct pace p;
    struct err e;
    assert_int_equal(store_read(w->t.o.st, &db, &e), OK);
    if (pace_of(db, &w->t.o.a, itemdb_as(&w->t, CHIEF), w->t.person[LEADER], &p, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    return p;
}

static void speech_written_by_several(void **state)
{
    struct walk *w = *state;
    struct pace p = pace(w);
    assert_int_equal(p.speeches, 0);
    assert_int_equal(pace_words(&p, 20), 20 * PACE_DEFAULT);
    begin(w, SECRETARY, "speech", SPEECH);
    refused(w, STAFF, "assign", "{\"writers\":[@5]}", E_NOTFOUND);
    move(w, SECRETARY, "assign", "请按讲话人的要求分头写。",
        "{\"writers\":[@5],\"parts_due\":\"2026-07-17 12:00\",\"parts\":[{\"part\":\"第一部分\","
        "\"who\":@5,\"due\":\"2026-07-17 10:00\"}]}");
    is_in(w, "writing");
    refused(w, SECRETARY, "submit", NULL, E_CONFLICT); /* a part is still out */
    answer(w, STAFF, "已交稿", NULL);
    move(w, SECRETARY, "submit", "请审。", NULL);
    is_in(w, "review");
    answer(w, LEADER, "请修改", "第二部分再短一些。");
    is_in(w, "writing");
    move(w, SECRETARY, "submit", "已改。", NULL);
    answer(w, LEADER, "同意", NULL);
    is_in(w, "final");
    move(w, SECRETARY, "file", NULL, "{\"said\":\"20\",\"chars\":\"4400\"}");
    is_closed(w, "filed");
    p = pace(w);
    assert_int_equal(p.speeches, 1);
    assert_int_equal(p.per_minute, 220);
    assert_int_equal(pace_words(&p, 15), 3300);
    /* a figure that was mistyped does not count */
    begin(w, SECRETARY, "speech", SPEECH);
    move(w, SECRETARY, "alone", NULL, NULL);
    move(w, SECRETARY, "settle", "讲话人当面同意。", NULL);
    move(w, SECRETARY, "file", NULL, "{\"said\":\"2\",\"chars\":\"4400\"}");
    assert_int_equal(pace(w).per_minute, 220);
}

struct texting {
    struct walk *w;
    const struct actor *by;
    int64_t id, part, seq;
    size_t made;
};

static enum code text_fn(struct db *db, void *arg, struct err *e)
{
    struct texting *x = arg;
    struct arena *a = &x->w->t.o.a;
    if (x->part)
        return manuscript_part_hand(db, a, x->by, x->part, e);
    if (!x->id) {
        struct manuscript_new m = {.title = S("讲话"),
            .level = LEVEL_INTERNAL,
            .text = S("讲话\n同志们：\n一、【第一部分标题】\n【第一部分内容】。\n【结尾】。")};
        TRY(manuscript_new(db, x->by, &m, &x->id, e)); /* of no task: none of those of one */
        TRY(manuscript_new(db, x->by, &m, &x->id, e));
        TRY(manuscript_set_item(db, x->by, x->id, x->w->id, e));
    }
    return manuscript_parts_from_task(db, a, x->by, x->id, &x->made, &x->seq, e);
}

static void texting(struct walk *w, int who, struct texting *x)
{
    struct err e = {.msg = ""};
    x->w = w;
    x->by = itemdb_as(&w->t, who);
    if (store_write(w->t.o.st, text_fn, x, &e) != OK)
        fail_msg("%s", e.msg);
}

/* What the task says of parts is laid over the text; who hands in all that is his has answered the task. */
static void parts_of_the_task_are_parts_of_the_text(void **state)
{
    struct walk *w = *state;
    struct texting x = {.id = 0};
    struct manuscript_part *v = NULL;
    struct manuscript *m = NULL;
    size_t n_texts = 0;
    struct str text = S("");
    struct part_count count = {0};
    struct err e = {.msg = ""};
    size_t n = 0;
    begin(w, SECRETARY, "speech", SPEECH);
    move(w, SECRETARY, "assign", "请分头写。",
        "{\"writers\":[@5,@6],\"parts_due\":\"2026-07-17 "
        "12:00\",\"parts\":[{\"part\":\"一、认清形势\","
        "\"who\":@5,\"minutes\":\"4\",\"due\":\"7月16日上午10点\"},{\"part\":\"抓好落实\",\"who\":@"
        "6,\"due\":\"15:"
        "00\"},"
        "{\"part\":\"三、加强领导\",\"who\":@5}]}");
    texting(w, SECRETARY, &x);
    assert_int_equal(x.made, 3);
    struct db *db = itemdb_read(&w->t);
    const struct actor *by = itemdb_as(&w->t, SECRETARY);
    assert_int_equal(manuscript_text(db, &w->t.o.a, by, x.id, -1, &text, NULL, &e), OK);
    assert_int_equal(manuscript_parts(db, &w->t.o.a, by, x.id, &v, &n, &e), OK);
    assert_int_equal(manuscript_part_counts(db, by, &x.id, 1, &count, &e), OK);
    assert_int_equal(manuscript_of_items(db, &w->t.o.a, by, &w->id, 1, &m, &n_texts, &e), OK);
    store_read_end(db);
    assert_true(n_texts == 1 && m->id == x.id);
    assert_true(str_eq(text, S("讲话\n同志们：\n一、认清形势\n【第一部分内容】。\n二、抓好落实\n【"
                               "内容】\n三、加强领导\n【内容】\n"
                               "【结尾】。")));
    assert_int_equal(n, 3);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(v[i].state, PART_NEW);
    assert_true(v[0].person == w->t.person[STAFF] && v[1].person == w->t.person[OTHER]);
    assert_true(v[0].due_ms == MONDAY + 3 * MS_DAY + MS_HOUR);     /* Thursday, 10:00 */
    assert_true(v[1].due_ms == MONDAY + 4 * MS_DAY + 6 * MS_HOUR); /* of the day for all */
    assert_true(v[2].due_ms == MONDAY + 4 * MS_DAY + 3 * MS_HOUR); /* the time for all */
    assert_true(v[0].words == 4 * PACE_DEFAULT && v[1].words == 0);
    assert_true(count.all == 3 && count.handed == 0 && count.late == 0);
    /* again: nothing is shared out twice */
    texting(w, SECRETARY, &x);
    assert_int_equal(x.made, 0);

    x.part = v[0].id;
    texting(w, STAFF, &x);
    refused(w, SECRETARY, "submit", NULL, E_CONFLICT);
    x.part = v[2].id;
    texting(w, STAFF, &x);
    refused(w, SECRETARY, "submit", NULL, E_CONFLICT); /* the other is still out */
    x.part = v[1].id;
    texting(w, OTHER, &x);
    move(w, SECRETARY, "submit", "请审。", NULL);
    is_in(w, "review");
}

/* How much is to be written, as people type it. */
static void words_as_typed(void **state)
{
    static const struct {
        const char *typed;
        int64_t words; /* -1: refused */
    } cases[] = {{"", 0}, {"800", 800}, {" 800字 ", 800}, {"5分钟", 1000}, {"4.5分钟", 900},
        {"3分", 600}, {"八百", -1}, {"800个", -1}, {"0", -1}, {"-5", -1}, {"9999999", -1},
        {"分钟", -1}, {"5.5.5.5.5.5.5.5.5.5.5分钟", -1}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t words = 0;
        struct err e;
        enum code code = manuscript_part_words(str_z(cases[i].typed), 200, &words, &e);
        if (code != (cases[i].words < 0 ? E_INPUT : OK) || (!code && words != cases[i].words))
            fail_msg("“%s”: %d, %lld", cases[i].typed, (int)code, (long long)words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(speech_written_by_several, set_up, tear_down),
        cmocka_unit_test_setup_teardown(parts_of_the_task_are_parts_of_the_text, set_up, tear_down),
        cmocka_unit_test(words_as_typed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
