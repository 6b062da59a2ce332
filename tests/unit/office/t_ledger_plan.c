/* A workbook that comes back: each bad cell is named, what is shown is what is done, and each row is whole or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/io.h"
#include "itemdb.h"
#include "office/ledger_plan.h"
#include "paper/reader.h"
#include "paper/xlsx_out.h"

static const char kind[] =
    "kind: work\n"
    "name: 督办事项\n"
    "entry: track\n"
    "title: what\n"
    "level: internal\n"
    "retention: 10y\n"
    "roles:\n"
    "  chief: [role:chief]\n"
    "fields:\n"
    "  - {id: what, name: 工作要求, type: longtext, required: true, max: 20}\n"
    "  - {id: class, name: 分类, type: choice, of: [上级部署, 会议决定]}\n"
    "  - {id: lead, name: 牵头单位, type: unit, required: true}\n"
    "  - {id: co, name: 协办单位, type: units}\n"
    "  - {id: cost, name: 金额, type: number}\n"
    "  - {id: due, name: 完成期限, type: date}\n"
    "  - {id: files, name: 附件, type: file}\n"
    "states:\n"
    "  draft: {name: 草稿, edit: [chief]}\n"
    "  done: {name: 已办结, closed: true}\n"
    "moves:\n"
    "  - {id: finish, name: 办结, from: [draft], to: done, by: [chief]}\n"
    "ledger: [title, lead, due, state]\n";

enum { COLUMNS = 9 };
static const char *const heads[COLUMNS] = {
    "事项标识", "版本", "工作要求", "分类", "牵头单位", "协办单位", "金额", "完成期限", "状态"};

struct world {
    struct itemdb t;
    struct ledger l;
    struct reader_pool *pool;
    struct arena a;
    char dir[IO_PATH_MAX], path[IO_PATH_MAX];
};

static int setup(void **state)
{
    struct world *w = mem_alloc(sizeof(*w));
    struct err e = {.code = OK};
    itemdb_open(&w->t);
    itemdb_kind(&w->t, kind);
    w->t.now_ms = MONDAY;
    arena_init(&w->a);
    struct db *db = itemdb_read(&w->t);
    assert_int_equal(ledger_open(db, itemdb_as(&w->t, CHIEF), S("work"), &w->l, &e), OK);
    store_read_end(db);
    assert_int_equal(io_temp_dir("qs-plan-", w->dir, &e), OK);
    assert_int_equal(io_join(w->path, w->dir, "in.xlsx", &e), OK);
    assert_int_equal(reader_pool_open(NULL, 1, NULL, &w->pool, &e), OK);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    struct err e;
    reader_pool_close(w->pool);
    itemdb_close(&w->t);
    arena_release(&w->a);
    assert_int_equal(io_remove_tree(w->dir, &e), OK);
    free(w);
    return 0;
}

/* Rows of cells; NULL: the row is left empty. */
static void write_book(struct world *w, const char *const (*rows)[COLUMNS], size_t n)
{
    struct xlsx_head head[COLUMNS];
    struct err e = {.code = OK};
    struct xlsx_out *x = xlsx_out_open(w->path, w->dir);
    for (size_t i = 0; i < COLUMNS; i++)
        head[i] = (struct xlsx_head){.name = str_z(heads[i])};
    struct xlsx_sheet s = {.name = S("督办事项"), .heads = head, .n = COLUMNS};
    assert_int_equal(xlsx_out_sheet(x, &s, &e), OK);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < COLUMNS; k++)
            if (rows[i][k])
                xlsx_out_text(x, k, str_z(rows[i][k]));
        assert_int_equal(xlsx_out_row(x, &e), OK);
    }
    assert_int_equal(xlsx_out_close(x, &e), OK);
}

static enum code make(struct world *w, int who, struct ledger_plan *p, struct err *e)
{
    struct buf b;
    struct doc d;
    buf_init(&b, 0);
    assert_int_equal(io_read_file(w->path, 64 << 20, &b, e), OK);
    assert_int_equal(reader_read_bytes(w->pool, &w->a, buf_view(&b), S("in.xlsx"), &d, e), OK);
    buf_release(&b);
    struct db *db = itemdb_read(&w->t);
    enum code c = ledger_plan_make(db, &w->a, itemdb_as(&w->t, who), &w->l, &d, p, e);
    store_read_end(db);
    return c;
}

static struct ledger_plan judge(struct world *w, int who)
{
    struct ledger_plan p;
    struct err e = {.code = OK};
    if (make(w, who, &p, &e) != OK ||
        ledger_plan_run(w->t.o.st, &w->a, itemdb_as(&w->t, who), &w->l, &p, false, &e) != OK)
        testdb_die("plan", &e);
    return p;
}

/* As the page does: written, sent, read, done. */
static struct ledger_plan finish(struct world *w, int who, const struct ledger_plan *shown)
{
    struct ledger_plan p;
    struct err e = {.code = OK};
    struct buf b;
    buf_init(&b, 0);
    ledger_plan_write(shown, &b);
    struct str json = arena_str(&w->a, buf_view(&b));
    buf_release(&b);
    if (ledger_plan_parse(&w->a, json, &p, &e) != OK ||
        ledger_plan_run(w->t.o.st, &w->a, itemdb_as(&w->t, who), &w->l, &p, true, &e) != OK)
        testdb_die("do", &e);
    return p;
}

static int64_t items(struct world *w)
{
    return itemdb_count(&w->t, "SELECT count(*) FROM item");
}

static void each_bad_cell_is_named(void **state)
{
    struct world *w = *state;
    const char *const rows[][COLUMNS] = {
        {NULL, NULL, "修路", "上级部署", "财务部", "秘书科、G-DB", "12.5", "2026-08-01"},
        {NULL},
        {NULL, NULL, "修桥", "没有这类", "没有这个部", "财务部，不知道", "许多", "8月32日"},
        {"不是号", NULL, "一二三四五六七八九十一二三四五六七八九十一", NULL, "财务部、秘书科"},
        {"12345", NULL, "不存在的"},
        {NULL, NULL, "没有牵头"},
    };
    write_book(w, rows, 6);
    struct ledger_plan p = judge(w, CHIEF);
    static const struct {
        const char *cell, *why;
    } want[] = {{"D4", "下拉框"}, {"E4", "没有“没有这个部”"}, {"F4", "没有“不知道”"},
        {"G4", "数字"}, {"H4", "日期"}, {"A5", "事项标识"}, {"C5", "超过20个字"},
        {"E5", "只能填一个"}, {"A6", "没有这件事项"}};
    assert_int_equal(p.n_faults, sizeof(want) / sizeof(*want));
    for (size_t i = 0; i < p.n_faults; i++) {
        assert_string_equal(arena_z(&w->a, p.faults[i].cell), want[i].cell);
        assert_true(str_has(p.faults[i].why, str_z(want[i].why)));
    }
    assert_int_equal(p.n, 5);
    assert_int_equal(p.rows[0].kind, PLAN_NEW);
    assert_int_equal(p.rows[4].kind, PLAN_BAD); /* the verb says what is missing */
    assert_int_equal(p.rows[4].row, 7);
    assert_true(str_has(p.rows[4].said, S("牵头单位")));
    assert_int_equal(items(w), 0); /* it was only tried */
    p = finish(w, CHIEF, &p);
    assert_int_equal(p.n, 1);
    assert_int_equal(p.rows[0].kind, PLAN_DONE);
    assert_int_equal(items(w), 1);
    struct item it;
    struct err e;
    assert_int_equal(itemdb_get(&w->t, CHIEF, p.rows[0].id, &it, &e), OK);
    assert_string_equal(arena_z(&w->a, it.fields),
        "{\"class\":\"上级部署\",\"co\":[\"3\",\"2\"],\"cost\":\"12.5\",\"due\":\"2026-08-01\","
        "\"lead\":\"4\",\"what\":\"修路\"}");
}

static int64_t open_one(struct world *w)
{
    struct err e = {.code = OK};
    struct act a = {.by = itemdb_as(&w->t, CHIEF),
        .verb = V_OPEN,
        .json = "{\"what\": \"修路\\n第二行\", \"lead\": \"4\", \"cost\": \"1\","
                " \"due\": \"2026-08-01\"}",
        .open.kind = S("work")};
    if (store_write(w->t.o.st, act_fn, &a, &e) != OK)
        testdb_die("open", &e);
    return a.id;
}

static void the_template_with_items_changes_them(void **state)
{
    struct world *w = *state;
    struct ledger_query q;
    struct err e = {.code = OK};
    struct item it;
    int64_t id = open_one(w);
    struct db *db = itemdb_read(&w->t);
    const struct actor *by = itemdb_as(&w->t, CHIEF);
    assert_int_equal(ledger_query_read(db, &w->a, by, &w->l, NULL, 0, &q, &e), OK);
    if (ledger_template(db, by, &w->l, &q, w->dir, w->path, &e) != OK)
        testdb_die("template", &e);
    store_read_end(db);
    /* as it was downloaded, nothing changes: line breaks and all */
    struct ledger_plan p = judge(w, CHIEF);
    assert_int_equal(p.n_faults, 0);
    assert_int_equal(p.n, 1);
    assert_int_equal(p.rows[0].kind, PLAN_SAME);
    /* one cell is changed, the others are left empty */
    const char *no = arena_z(&w->a, arena_printf(&w->a, "%lld", (long long)id));
    const char *const rows[][COLUMNS] = {{no, "1", NULL, NULL, NULL, NULL, "2.50"}};
    write_book(w, rows, 1);
    p = judge(w, CHIEF);
    assert_int_equal(p.rows[0].kind, PLAN_CHANGE);
    assert_string_equal(arena_z(&w->a, p.rows[0].said), "改金额");
    /* whoever may not change it hears so, and nothing is done */
    struct ledger_plan other = judge(w, SECRETARY);
    assert_int_equal(other.rows[0].kind, PLAN_BAD);
    assert_true(str_has(other.rows[0].said, S("不能修改")));
    p = finish(w, CHIEF, &p);
    assert_int_equal(p.rows[0].kind, PLAN_DONE);
    assert_int_equal(itemdb_get(&w->t, CHIEF, id, &it, &e), OK);
    assert_int_equal(it.revision, 2);
    assert_true(str_has(it.fields, S("\"cost\":\"2.50\"")));
    assert_true(str_has(it.fields, S("修路\\n第二行")));
    /* the same workbook again: it has changed since it was downloaded */
    p = judge(w, CHIEF);
    assert_int_equal(p.rows[0].kind, PLAN_BAD);
    assert_string_equal(arena_z(&w->a, p.faults[0].cell), "B2");
    /* between the preview and the doing somebody else was there */
    const char *const again[][COLUMNS] = {{no, "2", NULL, NULL, NULL, NULL, "3"}};
    write_book(w, again, 1);
    p = judge(w, CHIEF);
    struct act edit = {.by = itemdb_as(&w->t, CHIEF),
        .verb = V_EDIT,
        .id = id,
        .revision = 2,
        .json = "{\"cost\": \"9\"}"};
    assert_int_equal(store_write(w->t.o.st, act_fn, &edit, &e), OK);
    p = finish(w, CHIEF, &p);
    assert_int_equal(p.rows[0].kind, PLAN_BAD);
    assert_int_equal(itemdb_get(&w->t, CHIEF, id, &it, &e), OK);
    assert_true(str_has(it.fields, S("\"cost\":\"9\"")));
}

static void what_is_no_ledger_is_refused(void **state)
{
    struct world *w = *state;
    struct ledger_plan p;
    struct err e = {.code = OK};
    const char *const none[][COLUMNS] = {{NULL}};
    write_book(w, none, 0);
    assert_int_equal(make(w, CHIEF, &p, &e), E_INPUT);
    struct xlsx_head head[] = {{.name = S("工作要求")}, {.name = S("别的栏")}};
    struct xlsx_sheet s = {.name = S("表"), .heads = head, .n = 2};
    struct xlsx_out *x = xlsx_out_open(w->path, w->dir);
    assert_int_equal(xlsx_out_sheet(x, &s, &e), OK);
    assert_int_equal(xlsx_out_close(x, &e), OK);
    assert_int_equal(make(w, CHIEF, &p, &e), E_INPUT);
    assert_non_null(strstr(e.msg, "别的栏"));
    struct xlsx_sheet many = {.name = S("表"), .heads = head, .n = 1};
    x = xlsx_out_open(w->path, w->dir);
    assert_int_equal(xlsx_out_sheet(x, &many, &e), OK);
    for (int i = 0; i <= PLAN_ROWS_MAX; i++) {
        xlsx_out_text(x, 0, S("事"));
        assert_int_equal(xlsx_out_row(x, &e), OK);
    }
    assert_int_equal(xlsx_out_close(x, &e), OK);
    assert_int_equal(make(w, CHIEF, &p, &e), E_LIMIT);
    assert_int_equal(ledger_plan_parse(&w->a, S("[{\"id\":\"5\"}]"), &p, &e), E_INPUT);
    assert_int_equal(ledger_plan_parse(&w->a, S("{}"), &p, &e), E_INPUT);
    assert_int_equal(ledger_plan_parse(&w->a, S("["), &p, &e), E_INPUT);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_bad_cell_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(the_template_with_items_changes_them, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_no_ledger_is_refused, setup, teardown),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
