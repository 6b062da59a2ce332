#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/store_int.h"

static void expect_dollars(const char *sql, const char *want, int want_params)
{
    struct buf b;
    int params;
    buf_init(&b, 0);
    sql_dollars(sql, &b, &params);
    assert_string_equal(b.p, want);
    assert_int_equal(params, want_params);
    buf_release(&b);
}

static void placeholders_change_outside_quotes_and_comments(void **state)
{
    (void)state;
    expect_dollars("SELECT 1", "SELECT 1", 0);
    expect_dollars("a=?1 AND b=?12", "a=$1 AND b=$12", 12);
    expect_dollars("a='?1' AND b=?2", "a='?1' AND b=$2", 2);
    expect_dollars("a='it''s ?1' AND b=?2", "a='it''s ?1' AND b=$2", 2);
    expect_dollars("\"?1\"=?1", "\"?1\"=$1", 1);
    expect_dollars("a -- ?1 it's\n=?1", "a -- ?1 it's\n=$1", 1);
    expect_dollars("a /* ?2 ' */ =?1", "a /* ?2 ' */ =$1", 1);
    expect_dollars("a ? b", "a ? b", 0);
    expect_dollars("'open ?1", "'open ?1", 0);
    expect_dollars("题=?1", "题=$1", 1);
    int params;
    struct buf b;
    buf_init(&b, 0);
    sql_dollars("?99999999999999999999", &b, &params);
    assert_true(params > PARAM_MAX); /* refused by whoever prepares it, not overflowed */
    buf_release(&b);
}

static void statements_are_divided(void **state)
{
    struct str rest = S("\n-- first\nCREATE TABLE a(x @TEXT DEFAULT ';');\n\n;"
                        " /* ; */ INSERT INTO a VALUES('--;') ; -- last;\n ");
    struct str one;
    (void)state;
    assert_true(sql_next(&rest, &one));
    assert_true(str_eq(one, S("CREATE TABLE a(x @TEXT DEFAULT ';')")));
    assert_true(sql_next(&rest, &one));
    assert_true(str_eq(one, S("INSERT INTO a VALUES('--;')")));
    assert_false(sql_next(&rest, &one));
    assert_int_equal(rest.n, 0);
}

static void types_are_expanded(void **state)
{
    struct str sql = S("CREATE TABLE a(i @ID, n @INT, r @REAL, t @TEXT DEFAULT '@INT', b @BLOB)");
    struct buf b;
    struct err e;
    (void)state;
    buf_init(&b, 0);
    assert_int_equal(sql_expand(sql, false, &b, &e), OK);
    assert_string_equal(b.p, "CREATE TABLE a(i INTEGER PRIMARY KEY, n INTEGER, r REAL, "
                             "t TEXT DEFAULT '@INT', b BLOB) STRICT");
    buf_clear(&b);
    assert_int_equal(sql_expand(sql, true, &b, &e), OK);
    assert_string_equal(b.p, "CREATE TABLE a(i BIGINT PRIMARY KEY, n BIGINT, r DOUBLE PRECISION, "
                             "t TEXT COLLATE \"C\" DEFAULT '@INT', b BYTEA)");
    buf_clear(&b);
    assert_int_equal(sql_expand(S("CREATE TABLE a(x @DATE)"), true, &b, &e), E_BUG);
    assert_non_null(strstr(e.msg, "@DATE"));
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(placeholders_change_outside_quotes_and_comments),
        cmocka_unit_test(statements_are_divided),
        cmocka_unit_test(types_are_expanded),
    };
    return cmocka_run_group_tests_name("sql", tests, NULL, NULL);
}
