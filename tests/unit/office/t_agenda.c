/* Calendars for telephones: addresses, whose they are, and what is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "itemdb.h"
#include "office/agenda.h"

struct feed_job {
    struct itemdb *t;
    int who;
    int64_t id;
    const char *sql;
    struct str token;
};
static enum code make_fn(struct db *db, void *arg, struct err *e)
{
    struct feed_job *j = arg;
    return feed_make(db, &j->t->o.a, itemdb_as(j->t, j->who), S("手机"), &j->token, e);
}
static enum code revoke_fn(struct db *db, void *arg, struct err *e)
{
    const struct feed_job *j = arg;
    return feed_revoke(db, itemdb_as(j->t, j->who), j->id, e);
}
static enum code sql_fn(struct db *db, void *arg, struct err *e)
{
    return stmt_run(db_sql(db, ((struct feed_job *)arg)->sql), NULL, e);
}

static enum code try_find(struct itemdb *t, struct str token, struct calendar_feed *f)
{
    struct err e;
    struct db *db = itemdb_read(t);
    enum code c = feed_find(db, &t->o.a, token, f, &e);
    store_read_end(db);
    return c;
}

static void an_address_is_secret_and_can_be_revoked(void **state)
{
    struct itemdb *t = *state;
    struct feed_job j = {.t = t, .who = SECRETARY};
    struct calendar_feed f, g;
    struct err e;
    struct str first;

    assert_int_equal(store_write(t->o.st, make_fn, &j, &e), OK);
    first = j.token;
    assert_int_equal(first.n, 27); /* 160 bits */
    assert_int_equal(try_find(t, first, &f), OK);
    assert_int_equal(f.person, t->person[SECRETARY]);
    assert_int_equal(try_find(t, str_sub(first, 0, 26), &g), E_NOTFOUND);
    assert_int_equal(try_find(t, S(""), &g), E_NOTFOUND);
    /* nothing that is kept opens it */
    assert_int_equal(
        itemdb_count(t, arena_printf(&t->o.a,
                            "SELECT count(*) FROM calendar_feed WHERE digest = '%.*s'", SF(first))
                            .p),
        0);
    assert_int_equal(store_write(t->o.st, make_fn, &j, &e), OK);
    assert_false(str_eq(first, j.token));
    assert_int_equal(store_write(t->o.st, make_fn, &j, &e), OK);
    assert_int_equal(store_write(t->o.st, make_fn, &j, &e), E_LIMIT);
    j.id = f.id;
    j.who = CHIEF; /* another's is not his to revoke */
    assert_int_equal(store_write(t->o.st, revoke_fn, &j, &e), E_NOTFOUND);
    j.who = SECRETARY;
    assert_int_equal(store_write(t->o.st, revoke_fn, &j, &e), OK);
    assert_int_equal(try_find(t, first, &g), E_NOTFOUND);
    assert_int_equal(try_find(t, j.token, &g), OK);
    /* with the account */
    j.sql = arena_printf(
        &t->o.a, "UPDATE person SET active = 0 WHERE id = %lld", (long long)t->person[SECRETARY])
                .p;
    assert_int_equal(store_write(t->o.st, sql_fn, &j, &e), OK);
    assert_int_equal(try_find(t, j.token, &g), E_NOTFOUND);
}

static void written_as_the_standard_says(void **state)
{
    struct itemdb *t = *state;
    const struct agenda_calendar cal = {S("前哨"), S("https://oa.example"), MONDAY};
    struct agenda_entry v[] = {{.sort = AGENDA_TIMED,
                                   .id = 7,
                                   .from_ms = MONDAY,
                                   .to_ms = MONDAY + MS_HOUR,
                                   .title = S("防汛会商；逗号,分号;反斜线\\\n换行"),
                                   .place = S("三楼")},
        {.sort = AGENDA_DUE,
            .id = 8,
            .from_ms = clock_day_ms(clock_day(MONDAY, ZONE_CHINA), ZONE_CHINA),
            .to_ms = clock_day_ms(clock_day(MONDAY, ZONE_CHINA) + 1, ZONE_CHINA),
            .all_day = true,
            .title = S("到期：报送汛情")},
        {.sort = AGENDA_TIMED,
            .id = 9,
            .from_ms = MONDAY,
            .to_ms = MONDAY,
            .secret = true,
            .title = S("人事方案"),
            .place = S("小会议室"),
            .number = S("密1号")},
        {.sort = AGENDA_DUTY,
            .id = 10,
            .from_ms = MONDAY,
            .to_ms = MONDAY + MS_DAY,
            .title = S("值班（A岗）")}};
    struct buf b;
    struct err e;

    buf_init(&b, 0);
    assert_int_equal(agenda_write(&b, &cal, v, 4, &e), OK);
    struct str s = buf_view(&b);
    assert_true(str_starts(s, S("BEGIN:VCALENDAR\r\n")) && str_ends(s, S("END:VCALENDAR\r\n")));
    assert_true(str_has(s, S("VERSION:2.0\r\n")) && str_has(s, S("X-WR-CALNAME:前哨\r\n")));
    assert_true(
        str_has(s, S("UID:item-7@qianshao\r\n")) && str_has(s, S("DTSTART:20260713T010000Z\r\n")));
    assert_true(str_has(s, S("逗号\\,分号\\;反斜线\\\\\\n换行")));
    assert_true(str_has(s, S("DTSTART;VALUE=DATE:20260713\r\n")) &&
                str_has(s, S("DTEND;VALUE=DATE:20260714\r\n")));
    assert_true(str_has(s, S("URL:https://oa.example/items/7\r\n")) &&
                str_has(s, S("TRANSP:TRANSPARENT\r\n")));
    assert_true(str_has(s, S("工作秘密事项")));
    assert_false(str_has(s, S("人事方案")) || str_has(s, S("小会议室")) || str_has(s, S("密1号")));
    struct str rest = s, line;
    while (str_next(&rest, S("\r\n"), &line))
        assert_true(line.n <= 75); /* folded */
    assert_int_equal(agenda_write(&b, &cal, v, 0, &e), OK);
    (void)t;
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            an_address_is_secret_and_can_be_revoked, itemdb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(
            written_as_the_standard_says, itemdb_set_up, itemdb_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
