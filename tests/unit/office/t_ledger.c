/* Ledgers: what a person sees on the page is what goes out in the workbook, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/io.h"
#include "itemdb.h"
#include "office/document.h"
#include "office/ledger.h"
#include "paper/reader.h"

static const char kind[] =
    "kind: work\n"
    "name: 督办事项\n"
    "entry: track\n"
    "number: 督〔{year}〕{serial}号\n"
    "title: what\n"
    "level: internal\n"
    "retention: 10y\n"
    "roles:\n"
    "  chief: [role:chief]\n"
    "fields:\n"
    "  - {id: what, name: 工作要求, type: longtext, required: true}\n"
    "  - {id: class, name: 分类, type: choice, of: [上级部署, 会议决定]}\n"
    "  - {id: lead, name: 牵头单位, type: unit}\n"
    "  - {id: co, name: 协办单位, type: units}\n"
    "  - {id: cost, name: 金额, type: number}\n"
    "  - {id: percent, name: 完成比例（%）, type: number}\n"
    "  - {id: due, name: 完成期限, type: date}\n"
    "  - {id: told, name: 告知时间, type: datetime}\n"
    "  - {id: secret, name: 谈话记录, type: text, see: [chief]}\n"
    "  - {id: mine, name: 经办人记, type: text, see: [owner]}\n"
    "  - id: stages\n"
    "    name: 阶段\n"
    "    type: table\n"
    "    columns:\n"
    "      - {id: goal, name: 目标, type: text}\n"
    "      - {id: by, name: 责任单位, type: unit}\n"
    "states:\n"
    "  draft: {name: 草稿}\n"
    "  done: {name: 已办结, closed: true}\n"
    "moves:\n"
    "  - {id: finish, name: 办结, from: [draft], to: done, by: [chief]}\n"
    "ledger: [number, title, class, lead, co, cost, percent, due, told, secret, stages, state]\n";

enum { ITEMS = 230 };

struct world {
    struct itemdb t;
    struct ledger l;
    char dir[IO_PATH_MAX], path[IO_PATH_MAX];
};

static void open_one(struct world *w, int i)
{
    struct act a = {
        .by = itemdb_as(&w->t, i % 2 ? CHIEF : SECRETARY), .verb = V_OPEN, .open.kind = S("work")};
    struct err e = {.code = OK};
    char *json = arena_z(&w->t.o.a,
        arena_printf(&w->t.o.a,
            "{\"what\": \"第%d件\\n=全文\", \"class\": \"%s\", \"lead\": \"%d\","
            " \"co\": [\"3\", \"4\"], \"cost\": \"%d.10\", \"percent\": \"50\","
            " \"due\": \"2026-08-%02d\", \"told\": \"2026-07-13 09:30\"%s}",
            i, i % 3 ? "上级部署" : "会议决定", i % 4 ? UNIT_FINANCE : UNIT_PARTY, i - 100,
            1 + i % 28,
            i % 2 ? ", \"secret\": \"谈话\","
                    " \"stages\": [{\"goal\": \"甲\", \"by\": \"4\"}, {\"goal\": \"乙\"}]"
                  : ""));
    a.json = json;
    a.open.level = i == 7 ? LEVEL_WORK_SECRET : 0;
    w->t.now_ms += MS_MINUTE;
    if (store_write(w->t.o.st, act_fn, &a, &e) != OK)
        testdb_die("open", &e);
}

static int setup(void **state)
{
    struct world *w = mem_alloc(sizeof(*w));
    struct err e = {.code = OK};
    itemdb_open(&w->t);
    itemdb_kind(&w->t, kind);
    for (int i = 0; i < ITEMS; i++)
        open_one(w, i);
    struct db *db = itemdb_read(&w->t);
    assert_int_equal(ledger_open(db, itemdb_as(&w->t, CHIEF), S("work"), &w->l, &e), OK);
    store_read_end(db);
    assert_int_equal(io_temp_dir("qs-ledger-", w->dir, &e), OK);
    assert_int_equal(io_join(w->path, w->dir, "out.xlsx", &e), OK);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    struct err e;
    itemdb_close(&w->t);
    assert_int_equal(io_remove_tree(w->dir, &e), OK);
    free(w);
    return 0;
}

static enum code query(struct world *w, struct db *db, int who, const struct ledger_word *v,
    size_t n, struct ledger_query *q, struct err *e)
{
    return ledger_query_read(db, &w->t.o.a, itemdb_as(&w->t, who), &w->l, v, n, q, e);
}

static int64_t total(struct world *w, int who, const char *name, const char *value)
{
    struct ledger_word v = {str_z(name), str_z(value)};
    struct ledger_query q;
    struct ledger_page p = {.total = -9};
    struct err e = {.code = OK};
    struct db *db = itemdb_read(&w->t);
    if (query(w, db, who, &v, 1, &q, &e) != OK ||
        ledger_read(db, &w->t.o.a, itemdb_as(&w->t, who), &w->l, &q, 10, &p, &e) != OK)
        testdb_die(name, &e);
    store_read_end(db);
    return p.total;
}

static enum code refused(struct world *w, int who, const char *name, const char *value)
{
    struct ledger_word v = {str_z(name), str_z(value)};
    struct ledger_query q;
    struct err e = {.code = OK};
    struct ledger mine;
    struct db *db = itemdb_read(&w->t);
    assert_int_equal(ledger_open(db, itemdb_as(&w->t, who), S("work"), &mine, &e), OK);
    enum code c = ledger_query_read(db, &w->t.o.a, itemdb_as(&w->t, who), &mine, &v, 1, &q, &e);
    store_read_end(db);
    return c;
}

static void conditions_hold_and_unknown_ones_are_refused(void **state)
{
    struct world *w = *state;
    assert_int_equal(total(w, CHIEF, "q", ""), ITEMS);
    assert_int_equal(total(w, CHIEF, "f.class", "会议决定"), 77);
    assert_int_equal(total(w, CHIEF, "f.lead", "4"), 172);
    assert_int_equal(total(w, CHIEF, "f.cost.from", "0"), 130);
    assert_int_equal(total(w, CHIEF, "f.cost.to", "-99"), 2);
    assert_int_equal(total(w, CHIEF, "f.due", "2026-08-01"), 9);
    assert_int_equal(total(w, CHIEF, "f.due.to", "2026-08-02"), 18);
    assert_int_equal(total(w, CHIEF, "f.told.to", "2026-07-13"), ITEMS);
    assert_int_equal(total(w, CHIEF, "f.told.to", "2026-07-12"), 0);
    assert_int_equal(total(w, CHIEF, "owner", "secretary"), 115);
    assert_int_equal(total(w, CHIEF, "state", "草稿"), ITEMS);
    assert_int_equal(total(w, CHIEF, "open", "0"), 0);
    assert_int_equal(total(w, CHIEF, "q", "第22"), 11);
    assert_int_equal(total(w, CHIEF, "f.secret", "谈话"), 115);
    assert_int_equal(refused(w, CHIEF, "nothing", "1"), E_INPUT);
    assert_int_equal(refused(w, CHIEF, "state", "没有"), E_INPUT);
    assert_int_equal(refused(w, CHIEF, "f.lead", "没有这个单位"), E_INPUT);
    assert_int_equal(refused(w, CHIEF, "f.cost.from", "许多"), E_INPUT);
    assert_int_equal(refused(w, CHIEF, "f.due.from", "13月1日"), E_INPUT);
    assert_int_equal(refused(w, CHIEF, "sort", "stages"), E_INPUT);
    /* what is hidden from somebody neither filters nor sorts for him, and what depends on the item for nobody */
    assert_int_equal(refused(w, SECRETARY, "f.secret", "谈话"), E_DENIED);
    assert_int_equal(refused(w, SECRETARY, "sort", "secret"), E_INPUT);
    assert_int_equal(refused(w, CHIEF, "f.mine", "谈话"), E_DENIED);
}

static void every_order_has_each_item_once(void **state)
{
    static const char *const by[] = {"number", "title", "class", "lead", "co", "cost", "due",
        "told", "state", "owner", "unit", "opened", "closed", "urgency"};
    struct world *w = *state;
    for (size_t i = 0; i < sizeof(by) / sizeof(*by); i++)
        for (int down = 0; down < 2; down++) {
            struct ledger_word v[] = {{S("sort"), str_z(by[i])},
                {S("dir"), down ? S("desc") : S("asc")}, {S("cols"), str_z(by[i])}};
            struct ledger_query q;
            struct err e = {.code = OK};
            struct db *db = itemdb_read(&w->t);
            size_t seen = 0;
            int64_t ids[ITEMS];
            double last = 0;
            assert_int_equal(query(w, db, CHIEF, v, 3, &q, &e), OK);
            do {
                struct ledger_page p;
                assert_int_equal(
                    ledger_read(db, &w->t.o.a, itemdb_as(&w->t, CHIEF), &w->l, &q, 37, &p, &e), OK);
                for (size_t k = 0; k < p.n; k++) {
                    for (size_t m = 0; m < seen; m++)
                        assert_int_not_equal(ids[m], p.rows[k].id);
                    if (seen && p.rows[k].cells[0].real)
                        assert_true(down ? p.rows[k].cells[0].value <= last
                                         : p.rows[k].cells[0].value >= last);
                    last = p.rows[k].cells[0].value;
                    ids[seen++] = p.rows[k].id;
                }
                q.f.after = p.next;
            } while (q.f.after.n);
            store_read_end(db);
            assert_int_equal(seen, ITEMS);
        }
}

static void sums_are_exact(void **state)
{
    struct world *w = *state;
    struct ledger_query q;
    struct ledger_sum *v;
    size_t n;
    struct err e = {.code = OK};
    struct db *db = itemdb_read(&w->t);
    struct ledger_word cols = {S("cols"), S("due,cost,percent,nothing,cost")};
    assert_int_equal(query(w, db, CHIEF, &cols, 1, &q, &e), OK);
    assert_int_equal(q.n_columns, 3);
    assert_int_equal(
        ledger_sums(db, &w->t.o.a, itemdb_as(&w->t, CHIEF), &w->l, &q, &v, &n, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 2);
    /* -100.10 … -1.10, 0.10, 1.10 … 129.10: written as i - 100 with ".10" behind */
    assert_string_equal(arena_z(&w->t.o.a, v[0].sum), "3338");
    assert_int_equal(v[1].sum.n, 0); /* percentages are not added up */
    assert_string_equal(arena_z(&w->t.o.a, v[1].mean), "50.00");
}

/* The cells as a workbook shows them in one line. */
static struct str line_of(struct arena *a, const struct ledger_row *r, size_t n)
{
    struct buf b;
    size_t end;
    buf_init(&b, 0);
    buf_int(&b, r->id);
    for (size_t i = 0; i < n; i++) {
        buf_char(&b, '\t');
        if (r->cells[i].real && r->cells[i].value == (double)(int64_t)r->cells[i].value &&
            !str_has(r->cells[i].text, S("-")))
            buf_int(&b, (int64_t)r->cells[i].value);
        else if (r->cells[i].real && !str_has(r->cells[i].text, S("-0")) &&
                 !str_has(r->cells[i].text, S(":")))
            buf_printf(&b, "%.15g", r->cells[i].value);
        else
            buf_str(&b, r->cells[i].text);
    }
    for (size_t i = 0; i < b.n; i++)
        if (b.p[i] == '\n')
            b.p[i] = ' ';
    for (end = b.n; end > 0 && b.p[end - 1] == '\t';)
        end--;
    struct str s = arena_str(a, str_sub(buf_view(&b), 0, end));
    buf_release(&b);
    return s;
}

static void export_as(struct world *w, int who, int64_t want, bool told)
{
    struct ledger_word v = {S("sort"), S("number")};
    struct ledger_query q;
    struct err e = {.code = OK};
    struct db *db = itemdb_read(&w->t);
    struct ledger_export x = {.who = S("测试"), .tmp_dir = w->dir};
    struct ledger mine;
    int64_t rows;
    const struct actor *by = itemdb_as(&w->t, who);
    assert_int_equal(ledger_open(db, by, S("work"), &mine, &e), OK);
    assert_int_equal(ledger_query_read(db, &w->t.o.a, by, &mine, &v, 1, &q, &e), OK);
    if (ledger_export(db, by, &mine, &q, &x, w->path, &rows, &e) != OK)
        testdb_die("export", &e);
    assert_int_equal(rows, want);

    struct reader_pool *pool;
    struct doc d;
    struct buf b;
    buf_init(&b, 0);
    assert_int_equal(io_read_file(w->path, 64 << 20, &b, &e), OK);
    assert_int_equal(reader_pool_open(NULL, 1, NULL, &pool, &e), OK);
    if (reader_read_bytes(pool, &w->t.o.a, buf_view(&b), S("out.xlsx"), &d, &e) != OK)
        testdb_die("read", &e);
    reader_pool_close(pool);
    buf_release(&b);

    size_t talks = 0, at = 2; /* behind the name of the sheet and its head */
    q.f.after = S("");
    do {
        struct ledger_page p;
        assert_int_equal(ledger_read(db, &w->t.o.a, by, &mine, &q, 100, &p, &e), OK);
        for (size_t i = 0; i < p.n; i++, at++) {
            char *row = arena_z(&w->t.o.a, d.blocks[at].text);
            assert_int_equal(d.rows[at], at);
            talks += str_has(d.blocks[at].text, S("谈话"));
            assert_string_equal(
                row, arena_z(&w->t.o.a, line_of(&w->t.o.a, &p.rows[i], q.n_columns)));
        }
        q.f.after = p.next;
    } while (q.f.after.n);
    store_read_end(db);
    assert_int_equal(at, 2 + (size_t)want);
    assert_int_equal(talks, told ? ITEMS / 2 : 0);
    assert_string_equal(arena_z(&w->t.o.a, d.blocks[at].text), "说明");
}

static void the_workbook_is_the_page(void **state)
{
    struct world *w = *state;
    export_as(w, CHIEF, ITEMS, true);
    export_as(w, SECRETARY, ITEMS - 1,
        false); /* 工作秘密 of another stays out, and so does a hidden field */
    export_as(w, OTHER, 0, false);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_hold_and_unknown_ones_are_refused),
        cmocka_unit_test(every_order_has_each_item_once),
        cmocka_unit_test(sums_are_exact),
        cmocka_unit_test(the_workbook_is_the_page),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
