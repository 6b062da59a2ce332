/* The duty log: entries that stay, points that go on from shift to shift, and rows that were changed behind its back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "itemdb.h"
#include "office/audit.h"
#include "office/duty_log.h"

struct scene {
    struct itemdb t;
    int64_t night, day; /* shifts: Monday 17:30 to Tuesday 08:30, then to 17:30 */
};

static int64_t at(int day, int hour, int minute)
{
    return clock_ms((struct civil){{2026, 7, day}, hour, minute, 0, 0}, ZONE_CHINA);
}

struct writing {
    struct scene *s;
    int who;
    struct duty_shift shift;
    struct duty_entry x;
    int64_t item;
};

static enum code shift_fn(struct db *db, void *arg, struct err *e)
{
    struct writing *j = arg;
    j->shift.id = 0;
    return duty_save(db, itemdb_as(&j->s->t, CHIEF), &j->shift, S(""), e);
}

static int64_t shift(struct scene *s, int64_t from, int64_t to, int a, int b)
{
    struct writing j = {
        .s = s, .shift = {.from_ms = from, .to_ms = to, .who = {s->t.person[a], s->t.person[b]}}};
    struct err e;
    if (store_write(s->t.o.st, shift_fn, &j, &e) != OK)
        fail_msg("%s", e.msg);
    return j.shift.id;
}

static enum code seed_fn(struct db *db, void *arg, struct err *e)
{
    (void)arg;
    return kind_seed(db, e);
}

static int begin(void **state)
{
    struct scene *s = mem_alloc(sizeof(*s));
    struct err e;
    itemdb_open(&s->t);
    assert_int_equal(store_write(s->t.o.st, seed_fn, NULL, &e), OK);
    s->night = shift(s, at(13, 17, 30), at(14, 8, 30), STAFF, LIAISON);
    s->day = shift(s, at(14, 8, 30), at(14, 17, 30), OTHER, LIAISON2);
    s->t.now_ms = at(13, 22, 0);
    *state = s;
    return 0;
}

static int end(void **state)
{
    struct scene *s = *state;
    itemdb_close(&s->t);
    free(s);
    return 0;
}

static enum code write_fn(struct db *db, void *arg, struct err *e)
{
    struct writing *j = arg;
    return duty_log_write(db, itemdb_as(&j->s->t, j->who), &j->x, e);
}

static enum code item_fn(struct db *db, void *arg, struct err *e)
{
    struct writing *j = arg;
    return duty_log_item(db, itemdb_as(&j->s->t, j->who), j->x.about, &j->item, e);
}

static struct duty_entry put(struct scene *s, int who, struct duty_entry x)
{
    struct writing j = {.s = s, .who = who, .x = x};
    struct err e;
    if (store_write(s->t.o.st, write_fn, &j, &e) != OK)
        fail_msg("%s", e.msg);
    return j.x;
}

static void no(struct scene *s, int who, struct duty_entry x, enum code code, const char *words)
{
    struct writing j = {.s = s, .who = who, .x = x};
    struct err e = {.msg = ""};
    assert_int_equal(store_write(s->t.o.st, write_fn, &j, &e), code);
    if (!strstr(e.msg, words))
        fail_msg("%s", e.msg);
}

static size_t list(struct scene *s, int64_t of, struct duty_entry **v)
{
    struct err e;
    size_t n = 0;
    struct db *db = itemdb_read(&s->t);
    enum code c =
        of ? duty_log_list(db, &s->t.o.a, of, v, &n, &e) : duty_log_open(db, &s->t.o.a, v, &n, &e);
    store_read_end(db);
    assert_int_equal(c, OK);
    return n;
}

static int64_t bad(struct scene *s)
{
    struct err e;
    int64_t entries, first = -1;
    struct db *db = itemdb_read(&s->t);
    assert_int_equal(duty_log_verify(db, &entries, &first, &e), OK);
    store_read_end(db);
    return first;
}

static void a_call_is_noted_with_both_times(void **state)
{
    struct scene *s = *state;
    struct duty_entry *v;
    struct duty_entry call = {.shift = s->night,
        .kind = ENTRY_CALL,
        .at_ms = at(13, 19, 0),
        .caller = S("市应急局 高工"),
        .phone = S("0871-3100"),
        .text = S("询问大桥限载情况"),
        .done = S("已答复")};
    struct duty_entry x = put(s, STAFF, call);
    assert_int_equal(x.n, 1);
    assert_int_equal(list(s, s->night, &v), 1);
    assert_int_equal(v[0].at_ms, at(13, 19, 0));
    assert_int_equal(v[0].made_ms, at(13, 22, 0));
    assert_true(v[0].made_ms - v[0].at_ms > ENTRY_LATE_MS);
    assert_string_equal(v[0].by_name.p, "张三");
    call.caller = S(" ");
    no(s, STAFF, call, E_INPUT, "谁打来");
    call.caller = S("高工");
    call.at_ms = at(13, 23, 0);
    no(s, STAFF, call, E_INPUT, "晚于现在");
    call.at_ms = 0;
    no(s, OTHER, call, E_DENIED, "这一班"); /* not his shift */
    call.shift = s->day;
    no(s, OTHER, call, E_CONFLICT, "还没有开始");
    s->t.now_ms = at(15, 9, 0);
    call.shift = s->night;
    no(s, STAFF, call, E_CONFLICT, "超过一天");
}

static void a_correction_is_a_further_entry(void **state)
{
    struct scene *s = *state;
    struct duty_entry *v;
    struct duty_entry x = put(s, STAFF,
        (struct duty_entry){.shift = s->night, .kind = ENTRY_NOTE, .text = S("水位3.1米")});
    (void)put(s, LIAISON,
        (struct duty_entry){
            .shift = s->night, .kind = ENTRY_RIGHT, .about = x.id, .text = S("应为2.1米")});
    assert_int_equal(list(s, s->night, &v), 2);
    assert_string_equal(v[0].text.p, "水位3.1米");
    assert_int_equal(v[1].about, x.id);
    no(s, STAFF,
        (struct duty_entry){.shift = s->night, .kind = ENTRY_RIGHT, .about = 77, .text = S("x")},
        E_NOTFOUND, "没有这条");
}

static void open_points_go_on_until_settled(void **state)
{
    struct scene *s = *state;
    struct duty_entry *v, over;
    struct err e;
    struct duty_entry point = put(s, STAFF,
        (struct duty_entry){
            .shift = s->night, .kind = ENTRY_NOTE, .text = S("边坡每两小时报一次"), .open = true});
    s->t.now_ms = at(14, 8, 25);
    (void)put(
        s, STAFF, (struct duty_entry){.shift = s->night, .kind = ENTRY_OVER, .text = S("无异常")});
    struct db *db = itemdb_read(&s->t);
    assert_int_equal(duty_log_over(db, &s->t.o.a, &over, &e), OK);
    store_read_end(db);
    assert_non_null(strstr(over.done.p, "待续办1件"));
    assert_non_null(strstr(over.done.p, "边坡每两小时报一次"));
    s->t.now_ms = at(14, 8, 35);
    struct duty_entry taken = {.shift = s->day, .kind = ENTRY_TAKEN, .about = over.id};
    no(s, CHIEF, (struct duty_entry){.shift = s->day, .kind = ENTRY_TAKEN, .about = point.id},
        E_INPUT, "不是交班");
    (void)put(s, OTHER, taken);
    no(s, LIAISON2, taken, E_CONFLICT, "已经有人接");
    db = itemdb_read(&s->t);
    assert_int_equal(duty_log_over(db, &s->t.o.a, &over, &e), OK);
    store_read_end(db);
    assert_int_equal(over.id, 0);
    assert_int_equal(list(s, 0, &v), 1);
    struct duty_entry done = {
        .shift = s->day, .kind = ENTRY_SETTLED, .about = point.id, .text = S("险情解除")};
    (void)put(s, OTHER, done);
    no(s, OTHER, done, E_CONFLICT, "已经办完");
    assert_int_equal(list(s, 0, &v), 0);
}

static void who_hands_over_does_not_take_over(void **state)
{
    struct scene *s = *state;
    struct duty_entry x =
        put(s, STAFF, (struct duty_entry){.shift = s->night, .kind = ENTRY_OVER, .text = S("")});
    no(s, STAFF, (struct duty_entry){.shift = s->night, .kind = ENTRY_TAKEN, .about = x.id},
        E_DENIED, "下一班");
}

static void a_call_becomes_an_item(void **state)
{
    struct scene *s = *state;
    struct duty_entry *v;
    struct item it;
    struct err e;
    struct duty_entry x = put(s, STAFF,
        (struct duty_entry){.shift = s->night,
            .kind = ENTRY_CALL,
            .caller = S("李工"),
            .phone = S("139"),
            .text = S("反映施工噪声")});
    struct writing j = {.s = s, .who = STAFF, .x = {.about = x.id}};
    if (store_write(s->t.o.st, item_fn, &j, &e) != OK)
        fail_msg("%s", e.msg);
    assert_int_equal(itemdb_get(&s->t, STAFF, j.item, &it, &e), OK);
    assert_string_equal(it.title.p, "反映施工噪声");
    assert_int_equal(list(s, s->night, &v), 2);
    assert_int_equal(v[1].item, j.item);
    assert_int_equal(store_write(s->t.o.st, item_fn, &j, &e), E_CONFLICT);
    assert_int_equal(itemdb_count(&s->t, "SELECT count(*) FROM item WHERE kind = 'call'"), 1);
}

static enum code spoil_fn(struct db *db, void *arg, struct err *e)
{
    return db_exec(db, arg, e);
}

static void what_was_changed_behind_its_back_shows(void **state)
{
    struct scene *s = *state;
    struct err e;
    for (int i = 0; i < 5; i++)
        (void)put(s, STAFF,
            (struct duty_entry){
                .shift = s->night, .kind = ENTRY_NOTE, .text = S("巡查一遍，正常")});
    assert_int_equal(bad(s), 0);
    char sql[] = "UPDATE duty_entry SET text = '没有巡查' WHERE n = 3";
    assert_int_equal(store_write(s->t.o.st, spoil_fn, sql, &e), OK);
    assert_int_equal(bad(s), 3);
}

static void what_was_cut_shows(void **state)
{
    struct scene *s = *state;
    struct err e;
    for (int i = 0; i < 4; i++)
        (void)put(s, STAFF,
            (struct duty_entry){
                .shift = s->night, .kind = ENTRY_NOTE, .text = S("巡查一遍，正常")});
    char sql[] = "DELETE FROM duty_entry WHERE n = 2";
    assert_int_equal(store_write(s->t.o.st, spoil_fn, sql, &e), OK);
    assert_int_equal(bad(s), 2);
}

static void the_newest_seal_is_printed(void **state)
{
    struct scene *s = *state;
    struct duty_head h;
    struct err e;
    struct db *db = itemdb_read(&s->t);
    assert_int_equal(duty_log_head(db, &h, &e), OK);
    store_read_end(db);
    assert_int_equal(strlen(h.head), SM3_HEX);
    assert_int_equal(h.seal_day == 0, h.seal[0] == '\0');
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_call_is_noted_with_both_times),
        T(a_correction_is_a_further_entry),
        T(open_points_go_on_until_settled),
        T(who_hands_over_does_not_take_over),
        T(a_call_becomes_an_item),
        T(what_was_changed_behind_its_back_shows),
        T(what_was_cut_shows),
        T(the_newest_seal_is_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
