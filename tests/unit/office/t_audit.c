#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "office/audit.h"
#include "officedb.h"

static int set_up(void **state)
{
    struct officedb *o = mem_alloc(sizeof(*o));
    officedb_open(o);
    *state = o;
    return 0;
}

static int tear_down(void **state)
{
    officedb_close(*state);
    free(*state);
    return 0;
}

static enum code note_fn(struct db *db, void *arg, struct err *e)
{
    return audit_simple(
        db, 7, "document.change", "document", *(int64_t *)arg, S("{\"title\":\"甲\"}"), e);
}

static enum code note_event_fn(struct db *db, void *arg, struct err *e)
{
    return audit_note(db, arg, e);
}

static struct audit_report verify(struct officedb *o)
{
    struct audit_report r;
    struct db *db;
    struct err e;
    assert_int_equal(store_read(o->st, &db, &e), OK);
    assert_int_equal(audit_verify(db, &r, &e), OK);
    store_read_end(db);
    return r;
}

static void fill(struct officedb *o, int64_t n)
{
    struct err e;
    for (int64_t i = 1; i <= n; i++)
        assert_int_equal(store_write(o->st, note_fn, &i, &e), OK);
}

static enum code sql_fn(struct db *db, void *arg, struct err *e)
{
    return db_exec(db, *(const char **)arg, e);
}

static void run(struct officedb *o, const char *sql)
{
    struct err e;
    assert_int_equal(store_write(o->st, sql_fn, &sql, &e), OK);
}

static void a_chain_holds_and_can_be_read(void **state)
{
    struct officedb *o = *state;
    struct audit_event *v;
    struct db *db;
    struct err e;
    size_t n;
    int64_t seq;
    char head[SM3_HEX + 1];
    assert_int_equal(verify(o).events, 0);
    fill(o, 30);
    struct audit_report r = verify(o);
    assert_int_equal(r.events, 30);
    assert_int_equal(r.bad_seq, 0);
    assert_int_equal(store_read(o->st, &db, &e), OK);
    assert_int_equal(audit_head(db, &seq, head, &e), OK);
    assert_int_equal(seq, 30);
    assert_string_equal(head, r.head);
    struct audit_filter f = {.before_seq = 21};
    assert_int_equal(audit_list(db, &o->a, &f, 10, &v, &n, &e), OK);
    assert_int_equal(n, 10);
    assert_int_equal(v[0].seq, 20);
    assert_int_equal(v[0].subject, 20);
    assert_true(str_eq(v[0].payload, S("{\"title\":\"甲\"}")));
    f = (struct audit_filter){.kind = S("document"), .subject = 3, .actor = 7};
    assert_int_equal(audit_list(db, &o->a, &f, 10, &v, &n, &e), OK);
    assert_int_equal(n, 1);
    f.verb = S("document.delete");
    assert_int_equal(audit_list(db, &o->a, &f, 10, &v, &n, &e), OK);
    assert_int_equal(n, 0);
    store_read_end(db);
}

/* Whatever is changed in whichever column, the first event that does not fit is named. */
static void tampering_shows(void **state)
{
    struct officedb *o = *state;
    static const struct {
        const char *break_it, *mend_it;
        int64_t bad;
    } tampers[] = {
        {"UPDATE audit_event SET actor = 8 WHERE seq = 4",
            "UPDATE audit_event SET actor = 7 WHERE seq = 4", 4},
        {"UPDATE audit_event SET at = at + 1 WHERE seq = 1",
            "UPDATE audit_event SET at = at - 1 WHERE seq = 1", 1},
        {"UPDATE audit_event SET verb = 'document.read' WHERE seq = 5",
            "UPDATE audit_event SET verb = 'document.change' WHERE seq = 5", 5},
        {"UPDATE audit_event SET kind = 'person' WHERE seq = 5",
            "UPDATE audit_event SET kind = 'document' WHERE seq = 5", 5},
        {"UPDATE audit_event SET subject = 50 WHERE seq = 5",
            "UPDATE audit_event SET subject = 5 WHERE seq = 5", 5},
        {"UPDATE audit_event SET payload = '{}' WHERE seq = 10",
            "UPDATE audit_event SET payload = '{\"title\":\"甲\"}' WHERE seq = 10", 10},
        {"UPDATE audit_event SET seq = 100 WHERE seq = 3",
            "UPDATE audit_event SET seq = 3 WHERE seq = 100", 3},
        /* A part moved over the border to the next one. */
        {"UPDATE audit_event SET verb = 'document.chang', kind = 'edocument' WHERE seq = 6",
            "UPDATE audit_event SET verb = 'document.change', kind = 'document' WHERE seq = 6", 6},
    };
    fill(o, 10);
    for (size_t i = 0; i < sizeof(tampers) / sizeof(tampers[0]); i++) {
        run(o, tampers[i].break_it);
        assert_int_equal(verify(o).bad_seq, tampers[i].bad);
        run(o, tampers[i].mend_it);
        assert_int_equal(verify(o).bad_seq, 0);
    }
    struct audit_report before = verify(o); /* a cut tail shows by the head that was kept */
    run(o, "DELETE FROM audit_event WHERE seq = 10");
    struct audit_report after = verify(o);
    assert_int_equal(after.bad_seq, 0);
    assert_string_not_equal(after.head, before.head);
}

static enum code erase_fn(struct db *db, void *arg, struct err *e)
{
    return audit_erase(db, *(int64_t *)arg, 9, e);
}

static void an_erased_payload_leaves_the_chain_whole(void **state)
{
    struct officedb *o = *state;
    struct audit_event *v;
    struct db *db;
    struct err e;
    size_t n;
    int64_t seq = 4;
    fill(o, 8);
    assert_int_equal(store_write(o->st, erase_fn, &seq, &e), OK);
    assert_int_equal(store_write(o->st, erase_fn, &seq, &e), E_NOTFOUND);
    struct audit_report r = verify(o);
    assert_int_equal(r.bad_seq, 0);
    assert_int_equal(r.events, 9); /* the erasing is an event */
    assert_int_equal(store_read(o->st, &db, &e), OK);
    assert_int_equal(
        audit_list(db, &o->a, &(struct audit_filter){.before_seq = 5}, 1, &v, &n, &e), OK);
    assert_true(v[0].erased);
    assert_int_equal(v[0].payload.n, 0);
    store_read_end(db);
}

/* Two events on each of three days; the third day is not over. */
static void fill_days(struct officedb *o)
{
    struct err e;
    int64_t at = clock_ms((struct civil){.day = {2026, 7, 13}, .hour = 9}, ZONE_CHINA);
    for (int64_t i = 0; i < 6; i++) {
        struct audit_event ev = {
            .at_ms = at + i / 2 * MS_DAY + i % 2 * MS_HOUR, .verb = S("a.b"), .kind = S("a")};
        assert_int_equal(store_write(o->st, note_event_fn, &ev, &e), OK);
    }
}

static void a_day_is_sealed_by_the_next(void **state)
{
    struct officedb *o = *state;
    fill_days(o);
    struct audit_report r = verify(o);
    assert_int_equal(r.events, 6);
    assert_int_equal(r.seals, 2);
    assert_int_equal(r.seal_day, day_num((struct day){2026, 7, 14}));
    assert_int_equal(r.bad_seq, 0);
    assert_int_equal(r.bad_day, 0);
}

static void a_cut_tail_is_named(void **state)
{
    static const struct {
        const char *break_it;
        int day;
        int64_t cut;
    } rows[] = {
        {"DELETE FROM audit_event WHERE seq > 3", 14, 4},
        {"DELETE FROM audit_event WHERE seq > 1", 13, 2},
        {"UPDATE audit_seal SET day = day - 1 WHERE seq = 2", 12, 0},
        {"UPDATE audit_seal SET digest = head WHERE seq = 4", 14, 0},
        {"UPDATE audit_seal SET seq = 3 WHERE seq = 4", 14, 0},
        {"DELETE FROM audit_seal WHERE seq = 2", 14, 0}, /* the next one stands over it */
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct officedb o;
        officedb_open(&o);
        fill_days(&o);
        run(&o, rows[i].break_it);
        struct audit_report r = verify(&o);
        assert_int_equal(r.bad_seq, 0);
        assert_int_equal(r.bad_day, day_num((struct day){2026, 7, rows[i].day}));
        assert_int_equal(r.cut_seq, rows[i].cut);
        officedb_close(&o);
    }
}

static void *note_main(void *arg)
{
    struct officedb *o = arg;
    struct err e;
    intptr_t bad = 0;
    for (int64_t i = 0; i < 25; i++)
        bad += store_write(o->st, note_fn, &i, &e) != OK;
    return (void *)bad; /* NOLINT(performance-no-int-to-ptr) */
}

static void many_at_once_make_one_chain(void **state)
{
    struct officedb *o = *state;
    pthread_t threads[8];
    for (int i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, note_main, o), 0);
    for (int i = 0; i < 8; i++) {
        void *bad;
        pthread_join(threads[i], &bad);
        assert_null(bad);
    }
    struct audit_report r = verify(o);
    assert_int_equal(r.bad_seq, 0);
    assert_int_equal(r.events, 200);
}

static void reading_is_logged(void **state)
{
    struct officedb *o = *state;
    struct access_entry *v;
    struct db *db;
    struct err e;
    size_t n;
    int64_t who = officedb_person(o, "zs", UNIT_SECTION, ROLE_STAFF);
    for (int i = 1; i <= 5; i++)
        audit_access(o->st, i % 2 ? who : 0, i == 3 ? ACCESS_DOWNLOAD : ACCESS_READ, 100 + i);
    audit_access_to(o->st, &(struct access_entry){.person = who, .kind = ACCESS_PRINT, .item = 7});
    audit_access_to(o->st,
        &(struct access_entry){.kind = ACCESS_EXPORT,
            .what = S("督办台账、督办台账、督办台账、督办台账、督办台账、督办台账、督办台账、"
                      "督办台账、督办台账、督办台账、督办台账、督办台账、督办台账")});
    assert_int_equal(testdb_reopen(&o->t, &e), OK); /* what was handed in is written */
    o->st = o->t.st;
    assert_int_equal(store_read(o->st, &db, &e), OK);
    struct access_query f = {.item = 7, .person = who};
    assert_int_equal(audit_access_list(db, &o->a, &f, 10, &v, &n, &e), OK);
    assert_int_equal(n, 1);
    assert_int_equal(v[0].kind, ACCESS_PRINT);
    f = (struct access_query){.kind = ACCESS_EXPORT};
    assert_int_equal(audit_access_list(db, &o->a, &f, 10, &v, &n, &e), OK);
    assert_int_equal(n, 1);
    assert_int_equal(utf8_len_cp(v[0].what), ACCESS_WHAT_CP); /* cut between characters */
    f = (struct access_query){.person = who};
    assert_int_equal(audit_access_list(db, &o->a, &f, 10, &v, &n, &e), OK);
    assert_int_equal(n, 4);
    v++; /* the newest is the item */
    assert_int_equal(v[0].document, 105);
    assert_int_equal(v[1].kind, ACCESS_DOWNLOAD);
    assert_true(str_eq(v[0].person_name, S("张三")));
    f = (struct access_query){.before_id = v[1].id};
    assert_int_equal(audit_access_list(db, &o->a, &f, 10, &v, &n, &e), OK);
    assert_int_equal(n, 2);
    f = (struct access_query){.document = 104};
    assert_int_equal(audit_access_list(db, &o->a, &f, 10, &v, &n, &e), OK);
    assert_int_equal(n, 1);
    store_read_end(db);
}

#define AUDIT_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AUDIT_TEST(a_chain_holds_and_can_be_read),
        AUDIT_TEST(tampering_shows),
        AUDIT_TEST(an_erased_payload_leaves_the_chain_whole),
        AUDIT_TEST(a_day_is_sealed_by_the_next),
        cmocka_unit_test(a_cut_tail_is_named),
        AUDIT_TEST(many_at_once_make_one_chain),
        AUDIT_TEST(reading_is_logged),
    };
    return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
