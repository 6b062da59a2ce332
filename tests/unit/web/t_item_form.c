/* The form of an item as nobody should send it: too long, doubled, torn, with ids of nothing, rows without end. Whatever comes, the answer is
 * a page that says what is wrong or an item that holds what its kind allows; never half of one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/unit.h"
#include "unit/web/appfix.h"

enum { ROWS_MAX = 30 }; /* of the table 阶段目标 in kinds/supervision.yaml */

static struct buf answer;

static enum code write_unit(struct db *db, void *arg, struct err *e)
{
    return unit_save(db, arg, 0, e);
}

static int open_form(void **state)
{
    struct err e = {.msg = ""};
    struct unit u = {
        .name = S("工程管理部"), .short_name = S("工程部"), .code = S("GC"), .active = true};
    if (appfix_open(state) != 0)
        return -1;
    struct app_fix *f = *state;
    if (store_write(f->office->store, write_unit, &u, &e) != OK)
        fail_msg("%s", e.msg);
    sign_in(f, "chief");
    buf_init(&answer, 0);
    return 0;
}

static int close_form(void **state)
{
    buf_release(&answer);
    return appfix_close(state);
}

static int64_t items_there(struct app_fix *f)
{
    struct db *db;
    struct err e;
    assert_int_equal(store_read(f->office->store, &db, &e), OK);
    struct stmt *q = db_sql(db, "SELECT count(*) FROM item");
    int64_t n = stmt_step(q) ? stmt_int(q, 0) : -1;
    assert_int_equal(stmt_end(q, &e), OK);
    store_read_end(db);
    return n;
}

/* The fields of the newest item. */
static json_t *newest(struct app_fix *f)
{
    struct db *db;
    struct err e;
    json_t *v = NULL;
    assert_int_equal(store_read(f->office->store, &db, &e), OK);
    struct stmt *q = db_sql(db, "SELECT fields FROM item ORDER BY id DESC LIMIT 1");
    if (stmt_step(q)) {
        struct str s = stmt_str(q, 0);
        v = json_loadb(s.p, s.n, 0, NULL);
    }
    assert_int_equal(stmt_end(q, &e), OK);
    store_read_end(db);
    assert_non_null(v);
    return v;
}

static void post(struct app_fix *f, const char *more)
{
    struct buf body;
    buf_init(&body, 0);
    buf_printf(&body, "csrf=%s&kind=supervision%s", f->csrf, more);
    ask(f, "POST", "/items/new", "Origin: http://t:1\r\n", body.p, &answer);
    buf_release(&body);
}

/* Refused with these words, and nothing was made. */
static void refused(struct app_fix *f, const char *more, const char *says)
{
    int64_t before = items_there(f);
    post(f, more);
    expect(&answer, "400", says);
    assert_int_equal(items_there(f), before);
}

#define GOOD_FIELDS "&f.demand=整改&f.category=会议决定"

static void taken(struct app_fix *f, const char *more)
{
    int64_t before = items_there(f);
    post(f, more);
    expect(&answer, "303", "Location: /items/");
    assert_int_equal(items_there(f), before + 1);
}

static const char *text_in(const json_t *fields, const char *id)
{
    const char *s = json_string_value(json_object_get(fields, id));
    return s ? s : "";
}

/* ---- tests ---- */

static void what_is_doubled_counts_once(void **state)
{
    struct app_fix *f = *state;
    taken(f, "&f.demand=第一&f.demand=第二&f.category=会议决定&f.category=重点工作&f.lead=&f.lead."
             "text=工程部"
             "&f.lead.text=没有这个单位&f.co.text=工程部、工程管理部，工程部");
    json_t *v = newest(f);
    assert_string_equal(text_in(v, "demand"), "第一");
    assert_string_equal(text_in(v, "category"), "会议决定");
    assert_int_equal(json_array_size(json_object_get(v, "co")), 1);
    json_decref(v);
}

static void what_is_missing_or_unknown_is_said_or_left_out(void **state)
{
    struct app_fix *f = *state;
    refused(f, "", "没有填写");
    refused(f, "&f.demand=%20%20&f.category=会议决定", "没有填写");
    refused(f, "&f.demand=整改&f.category=乱写的", "分类");
    refused(f, GOOD_FIELDS "&f.due=2026-02-30", "完成期限");
    refused(f, GOOD_FIELDS "&f.due=明天", "明天"); /* what was typed stands there again */
    taken(f,
        GOOD_FIELDS "&f.nosuch=一&f.=二&f..text=三&f.stages.nosuch=四&demand=五&f.demand.more=六");
    json_t *v = newest(f);
    assert_null(json_object_get(v, "nosuch"));
    assert_null(json_object_get(v, ""));
    assert_null(json_object_get(v, "stages"));
    assert_string_equal(text_in(v, "demand"), "整改");
    json_decref(v);
}

static void ids_of_nothing(void **state)
{
    static const struct {
        const char *field, *says;
    } wrong[] = {{"f.lead=987654321", "“牵头单位”所选的对象不存在"},
        {"f.leader=987654321", "“分管领导”所选的对象不存在"},
        {"f.co=1,2,987654321", "“协办单位”所选的对象不存在"},
        {"f.lead.text=没有这个单位", "没有叫“没有这个单位”的单位"},
        {"f.leader.text=查无此人", "没有叫“查无此人”的人"}};
    struct app_fix *f = *state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        char more[200];
        snprintf(more, sizeof(more), GOOD_FIELDS "&%s", wrong[i].field);
        refused(f, more, wrong[i].says);
    }
    /* what is no id at all is nothing chosen */
    taken(f, GOOD_FIELDS "&f.lead=abc&f.co=-1,,0,99999999999999999999999&f.leader=1%272");
    json_t *v = newest(f);
    assert_false(json_is_string(json_object_get(v, "lead")));
    assert_int_equal(json_array_size(json_object_get(v, "co")), 0);
    json_decref(v);
}

static void too_long(void **state)
{
    struct app_fix *f = *state;
    struct buf b;
    buf_init(&b, 0);
    buf_z(&b, "&f.category=会议决定&f.demand=");
    for (int i = 0; i < 4001; i++)
        buf_z(&b, "字");
    refused(f, b.p, "4000");
    buf_clear(&b);
    buf_z(&b, GOOD_FIELDS "&f.lead.text=");
    for (int i = 0; i < 201; i++)
        buf_z(&b, "部");
    refused(f, b.p, "名称太长");
    buf_clear(&b);
    buf_z(&b, "&f.category=会议决定&f.demand=");
    for (int i = 0; i < 4000; i++)
        buf_z(&b, "字");
    taken(f, b.p);
    buf_release(&b);
}

static void put_rows(struct buf *b, int rows)
{
    buf_clear(b);
    buf_z(b, GOOD_FIELDS);
    for (int i = 0; i < rows; i++)
        buf_printf(b,
            "&f.stages.goal=目标%d&f.stages.by=2026-12-01&f.stages.unit=&f.stages.unit.text=", i);
}

static void rows_of_a_table(void **state)
{
    struct app_fix *f = *state;
    struct buf b;
    buf_init(&b, 0);
    put_rows(&b, ROWS_MAX + 1);
    refused(f, b.p, "30");
    put_rows(&b, ROWS_MAX);
    taken(f, b.p);
    json_t *v = newest(f);
    assert_int_equal(json_array_size(json_object_get(v, "stages")), ROWS_MAX);
    json_decref(v);
    /* columns of unlike length: the row that lacks what must be there is named; rows of blanks are none */
    refused(f, GOOD_FIELDS "&f.stages.goal=甲&f.stages.goal=乙&f.stages.by=2026-12-01", "期限");
    refused(f, GOOD_FIELDS "&f.stages.by=2026-12-01", "目标");
    refused(f, GOOD_FIELDS "&f.stages.goal=甲&f.stages.by=2026-13-01", "期限");
    refused(f,
        GOOD_FIELDS "&f.stages.goal=甲&f.stages.by=2026-12-01&f.stages.unit.text=没有这个单位",
        "没有这个单位");
    taken(f, GOOD_FIELDS "&f.stages.goal=%20&f.stages.goal=&f.stages.by=&f.stages.by=%20&f.stages."
                         "goal=丙&f.stages.by=2026-12-01");
    v = newest(f);
    assert_int_equal(json_array_size(json_object_get(v, "stages")), 1);
    json_decref(v);
    buf_release(&b);
}

static void passages(void **state)
{
    struct app_fix *f = *state;
    refused(f,
        GOOD_FIELDS "&f.source=凭空的一段&f.source.doc=987654321&f.source.begin=0&f.source.end=5",
        "资料不存在");
    refused(f, GOOD_FIELDS "&f.source=凭空的一段", "哪份文件");
    refused(f, GOOD_FIELDS "&f.source=没有这段话&f.source.text=关于防汛的通知", "没有这段原文");
    /* a place beyond the text, backwards, or too large for a number */
    taken(f, GOOD_FIELDS
        "&f.source=值守&f.source.text=关于防汛的通知&f.source.begin=999999999999&f.source.end=-3");
    json_t *v = newest(f), *p = json_object_get(v, "source");
    assert_string_equal(text_in(p, "text"), "值守");
    assert_int_equal(json_integer_value(json_object_get(p, "end")) -
                         json_integer_value(json_object_get(p, "begin")),
        2);
    json_decref(v);
    /* what another may not read is not quoted by him, and not even found */
    sign_in(f, "staff");
    refused(f, GOOD_FIELDS "&f.source=紫水晶暗号二&f.source.text=只给秘书科看的要点",
        "只给秘书科看的要点");
    assert_null(strstr(answer.p, "没有这段原文"));
    sign_in(f, "chief");
}

/* Far more fields than a form has, and torn escapes: refused before anybody reads them. */
static void floods(void **state)
{
    struct app_fix *f = *state;
    int64_t before = items_there(f);
    struct buf b;
    buf_init(&b, 0);
    buf_z(&b, GOOD_FIELDS);
    for (int i = 0; i < 20000; i++)
        buf_z(&b, "&f.co=1");
    post(f, b.p);
    assert_true(strncmp(answer.p, "HTTP/1.1 4", 10) == 0);
    post(f, GOOD_FIELDS "&f.demand=%E4%B8&f.lead=%00");
    assert_true(strncmp(answer.p, "HTTP/1.1 4", 10) == 0);
    assert_int_equal(items_there(f), before);
    buf_release(&b);
    taken(f, GOOD_FIELDS); /* and goes on */
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_doubled_counts_once),
        cmocka_unit_test(what_is_missing_or_unknown_is_said_or_left_out),
        cmocka_unit_test(ids_of_nothing),
        cmocka_unit_test(too_long),
        cmocka_unit_test(rows_of_a_table),
        cmocka_unit_test(passages),
        cmocka_unit_test(floods),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests(tests, open_form, close_form);
}
