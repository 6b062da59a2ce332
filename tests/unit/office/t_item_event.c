#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "office/audit.h"
#include "office/item_int.h"
#include "officedb.h"

/* 2026-07-13 09:00 in China. */
#define MONDAY INT64_C(1783904400000)

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
    return item_event_note(db, arg, e);
}

static enum code note(struct officedb *o, int64_t item, int64_t seq, int64_t at_ms, struct err *e)
{
    struct item_event ev = {.item = item,
        .seq = seq,
        .at_ms = at_ms,
        .actor = 7,
        .verb = S("move"),
        .payload = S("{\"move\":\"assign\"}")};
    return store_write(o->st, note_fn, &ev, e);
}

/* Two chains over two days and a third day that seals them. */
static void fill(struct officedb *o)
{
    struct err e;
    for (int64_t day = 0; day < 2; day++)
        for (int64_t item = 5; item <= 6; item++)
            for (int64_t k = 1; k <= 3; k++)
                assert_int_equal(note(o, item, 3 * day + k, MONDAY + day * MS_DAY + k, &e), OK);
    assert_int_equal(note(o, 9, 1, MONDAY + 2 * MS_DAY, &e), OK);
}

static enum code sql_fn(struct db *db, void *arg, struct err *e)
{
    return db_exec(db, arg, e);
}

static void run(struct officedb *o, const char *sql)
{
    struct err e;
    assert_int_equal(store_write(o->st, sql_fn, (void *)(uintptr_t)sql, &e), OK);
}

struct found {
    int64_t events, item, seq;
    struct audit_report audit;
};

static struct found verify(struct officedb *o)
{
    struct found f;
    struct db *db;
    struct err e;
    assert_int_equal(store_read(o->st, &db, &e), OK);
    assert_int_equal(item_event_verify(db, &f.events, &f.item, &f.seq, &e), OK);
    assert_int_equal(audit_verify(db, &f.audit, &e), OK);
    store_read_end(db);
    return f;
}

static void chains_hold_and_days_are_sealed(void **state)
{
    struct officedb *o = *state;
    fill(o);
    struct found f = verify(o);
    assert_int_equal(f.events, 13);
    assert_int_equal(f.item, 0);
    assert_int_equal(f.audit.bad_seq, 0);
    assert_int_equal(f.audit.bad_day, 0);
    assert_int_equal(f.audit.seals, 2); /* without any other audit event */
    assert_int_equal(f.audit.seal_day, day_num((struct day){2026, 7, 14}));
}

static void the_second_at_one_place_is_refused(void **state)
{
    struct officedb *o = *state;
    struct err e;
    assert_int_equal(note(o, 5, 1, MONDAY, &e), OK);
    assert_int_equal(note(o, 5, 1, MONDAY, &e), E_CONFLICT);
    assert_int_equal(note(o, 5, 3, MONDAY, &e), E_CONFLICT);
    assert_int_equal(note(o, 5, 2, MONDAY, &e), OK);
    assert_int_equal(verify(o).events, 2);
}

static void what_was_changed_is_named(void **state)
{
    static const struct {
        const char *break_it;
        int64_t item, seq, cut;
    } rows[] = {
        {"UPDATE item_event SET payload = '{}' WHERE item = 5 AND seq = 2", 5, 2, 0},
        {"UPDATE item_event SET verb = 'edit' WHERE item = 6 AND seq = 1", 6, 1, 0},
        {"UPDATE item_event SET for_person = 3 WHERE item = 6 AND seq = 6", 6, 6, 0},
        {"UPDATE item_event SET at = at + 1 WHERE item = 5 AND seq = 4", 5, 4, 0},
        {"UPDATE item_event SET erased = 1, payload_digest = digest WHERE item = 5 AND seq = 4", 5,
            4, 0},
        {"DELETE FROM item_event WHERE item = 6 AND seq = 2", 6, 2, 0},
        {"DELETE FROM item_event WHERE item = 6 AND seq = 1", 6, 1, 0},
        {"DELETE FROM item_event WHERE item = 6 AND seq > 5", 0, 0,
            6}, /* a cut tail: the seal knows */
        {"DELETE FROM item_event WHERE item = 5", 0, 0, 5},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct officedb o;
        officedb_open(&o);
        fill(&o);
        run(&o, rows[i].break_it);
        struct found f = verify(&o);
        assert_int_equal(f.item, rows[i].item);
        assert_int_equal(f.seq, rows[i].seq);
        if (rows[i].cut) {
            assert_int_not_equal(f.audit.bad_day, 0);
            assert_int_equal(f.audit.cut_item, rows[i].cut);
        }
        officedb_close(&o);
    }
}

static enum code erase_fn(struct db *db, void *arg, struct err *e)
{
    (void)arg;
    return item_event_erase(db, 5, 2, e);
}

static void an_erased_payload_leaves_the_chain_whole(void **state)
{
    struct officedb *o = *state;
    struct item_event *v;
    struct db *db;
    struct err e;
    size_t n;
    fill(o);
    assert_int_equal(store_write(o->st, erase_fn, NULL, &e), OK);
    assert_int_equal(store_write(o->st, erase_fn, NULL, &e), E_NOTFOUND);
    assert_int_equal(verify(o).item, 0);
    assert_int_equal(verify(o).audit.bad_day, 0);
    assert_int_equal(store_read(o->st, &db, &e), OK);
    assert_int_equal(event_rows(db, &o->a, 5, 1, 3, &v, &n, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 3);
    assert_int_equal(v[0].seq, 2);
    assert_true(v[0].erased);
    assert_int_equal(v[0].payload.n, 0);
    assert_true(str_eq(v[1].payload, S("{\"move\":\"assign\"}")));
    assert_int_equal(strlen(v[1].digest), SM3_HEX);
}

#define EVENT_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVENT_TEST(chains_hold_and_days_are_sealed),
        EVENT_TEST(the_second_at_one_place_is_refused),
        cmocka_unit_test(what_was_changed_is_named),
        EVENT_TEST(an_erased_payload_leaves_the_chain_whole),
    };
    return cmocka_run_group_tests_name("item_event", tests, NULL, NULL);
}
