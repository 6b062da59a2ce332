/* t_speech - the kind of speech tasks walked by its verbs, and the speaker's pace learnt from what was entered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kindwalk.h"
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(speech_written_by_several, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
