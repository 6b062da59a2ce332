/* Files of items: judged in the cage before anything is kept, loose until a verb takes them, marked when they are withdrawn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "office/ask.h"
#include "office/item_file.h"
#include "office/person.h"
#include "testdb.h"

static const char kind[] = "kind: file_test\n"
                           "name: 督办\n"
                           "about: 试验\n"
                           "entry: track\n"
                           "level: open\n"
                           "roles:\n"
                           "  chief: [role:chief]\n"
                           "  drafter: [owner]\n"
                           "  helper: [field:helper]\n"
                           "fields:\n"
                           "  - {id: helper, name: 协办人, type: person}\n"
                           "  - {id: files, name: 附件, type: file}\n"
                           "  - {id: inner, name: 内部材料, type: file, see: [drafter]}\n"
                           "states:\n"
                           "  doing: {name: 办理中, edit: [drafter]}\n"
                           "  closed: {name: 已办结, closed: true}\n"
                           "moves:\n"
                           "  - {id: pass, name: 办结, from: [doing], to: closed, by: [drafter]}\n"
                           "ledger: [title, state]\n";

enum { CHIEF, HELPER, OTHER, N_PEOPLE };
struct fixture {
    struct testdb t;
    struct office *o;
    struct arena a;
    struct viewer viewer[N_PEOPLE];
    struct actor actor[N_PEOPLE];
    int64_t item;
    struct item_upload up;
    int64_t file, n;
    int who, op;
    struct str json;
};

enum { OP_PUT, OP_OPEN, OP_EDIT, OP_ATTACH, OP_REMOVE, OP_ASK, OP_ANSWER, OP_SWEEP, OP_CLOSE };

static enum code edit(struct db *db, struct fixture *f, bool open, struct err *e)
{
    json_t *fields;
    TRY(jr_parse(f->json, &fields, e));
    struct item_open o = {.kind = S("file_test"), .title = S("清点物资"), .fields = fields};
    enum code c = open ? item_open(db, &f->actor[f->who], &o, &f->item, e)
                       : item_edit(db, &f->actor[f->who], f->item, f->n, fields, e);
    json_decref(fields);
    return c;
}

static enum code ask(struct db *db, struct fixture *f, struct err *e)
{
    struct ask_new v = {.to_kind = PRINCIPAL_PERSON, .to = f->viewer[HELPER].person};
    return ask_send(db, &f->actor[f->who], f->item, &v, 1, e);
}

static enum code answer(struct db *db, struct fixture *f, struct err *e)
{
    struct ask *v;
    size_t n;
    TRY(ask_list(db, &f->a, &f->actor[f->who], f->item, &v, &n, e));
    return ask_answer(db, &f->actor[f->who], v[0].id, S("已反馈"), S("见附件"), &f->file, 1, e);
}

static enum code do_fn(struct db *db, void *arg, struct err *e)
{
    struct fixture *f = arg;
    const struct actor *by = &f->actor[f->who];
    switch (f->op) {
    case OP_PUT:
        return item_file_put(db, by, &f->up, &f->file, e);
    case OP_OPEN:
    case OP_EDIT:
        return edit(db, f, f->op == OP_OPEN, e);
    case OP_ATTACH:
        return item_attach(db, by, f->item, &f->file, 1, S("补充"), e);
    case OP_REMOVE:
        return item_file_remove(db, by, f->file, S("传错了"), e);
    case OP_ASK:
        return ask(db, f, e);
    case OP_ANSWER:
        return answer(db, f, e);
    case OP_SWEEP:
        return item_file_sweep(db, by->now_ms + MS_DAY, &f->n, e);
    case OP_CLOSE:
        return item_move(db, by, f->item, f->n, &(struct item_move){.move = S("pass")}, e);
    default:
        return E_BUG;
    }
}

static enum code run(struct fixture *f, int who, int op, struct err *e)
{
    f->who = who;
    f->op = op;
    return store_write(f->o->store, do_fn, f, e);
}

static void must(struct fixture *f, int who, int op)
{
    struct err e = {0};
    if (run(f, who, op, &e) != OK)
        fail_msg("%s (%s:%d)", e.msg, e.file, e.line);
}

static void refused(struct fixture *f, int who, int op, enum code code, const char *words)
{
    struct err e = {0};
    assert_int_equal(run(f, who, op, &e), code);
    if (!strstr(e.msg, words))
        fail_msg("%s", e.msg);
}

static enum code people_fn(struct db *db, void *arg, struct err *e)
{
    static const struct {
        struct str login;
        uint32_t roles;
    } people[N_PEOPLE] = {
        {SC("chief"), ROLE_CHIEF}, {SC("helper"), ROLE_STAFF}, {SC("other"), ROLE_STAFF}};
    struct fixture *f = arg;
    int64_t version;
    for (int i = 0; i < N_PEOPLE; i++) {
        struct person p = {
            .login = people[i].login, .name = S("张三"), .roles = people[i].roles, .active = true};
        TRY(person_save(db, &p, 0, e));
        f->viewer[i] = (struct viewer){.person = p.id, .roles = p.roles};
        f->actor[i] = (struct actor){.v = &f->viewer[i],
            .kinds = f->o->kinds,
            .calendar = f->o->calendar,
            .hours = &f->o->hours,
            .now_ms = clock_now_ms()};
    }
    struct kind_draft d = {.yaml = str_z(kind), .file = "test.yaml"};
    return kind_publish(db, &d, &version, e);
}

static int set_up(void **state)
{
    struct fixture *f = mem_alloc(sizeof(*f));
    struct err e = {0};
    struct office_options opt = {.exe = "/proc/self/exe", .create = true};
    testdb_open(&f->t, testdb_pg());
    store_close(f->t.st);
    f->t.st = NULL;
    arena_init(&f->a);
    opt.dir = str_z(f->t.dir);
    opt.url = str_z(f->t.url);
    if (office_open(&opt, &f->o, &e) != OK || store_write(f->o->store, people_fn, f, &e) != OK)
        fail_msg("%s (%s:%d)", e.msg, e.file, e.line);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    struct err e;
    office_close(f->o);
    arena_release(&f->a);
    testdb_close(&f->t);
    assert_int_equal(io_remove_tree(f->t.dir, &e), OK);
    free(f);
    return 0;
}

/* Judged and put as a loose file of this person. */
static int64_t put(struct fixture *f, int who, const char *name, const char *text)
{
    struct err e = {0};
    if (item_file_judge_bytes(f->o, &f->a, str_z(text), str_z(name), &f->up, &e) != OK)
        fail_msg("%s (%s:%d)", e.msg, e.file, e.line);
    must(f, who, OP_PUT);
    return f->file;
}

static size_t listed(struct fixture *f, int who, bool removed_too, struct item_file **v)
{
    struct db *db;
    struct err e;
    size_t n = 0;
    assert_int_equal(store_read(f->o->store, &db, &e), OK);
    if (item_file_list(db, &f->a, &f->actor[who], f->item, removed_too, v, &n, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    return n;
}

static enum code open_file(struct fixture *f, int who, int64_t id, struct buf *bytes)
{
    struct db *db;
    struct err e;
    struct item_file file;
    assert_int_equal(store_read(f->o->store, &db, &e), OK);
    enum code c = item_file_open(db, &f->a, &f->actor[who], id, &file, &e);
    if (c == OK && bytes)
        c = blob_read(db, file.blob, bytes, &e);
    store_read_end(db);
    return c;
}

static int64_t count(struct fixture *f, const char *sql)
{
    struct db *db;
    struct err e;
    assert_int_equal(store_read(f->o->store, &db, &e), OK);
    struct stmt *q = db_sql(db, sql);
    int64_t n = stmt_step(q) ? stmt_int(q, 0) : -1;
    assert_int_equal(stmt_end(q, &e), OK);
    store_read_end(db);
    return n;
}

/* Fields with this file in one of them. */
static struct str with(struct fixture *f, const char *field, int64_t file)
{
    return arena_printf(&f->a, "{\"helper\":\"%lld\",\"%s\":[\"%lld\"]}",
        (long long)f->viewer[HELPER].person, field, (long long)file);
}

static void open_with(struct fixture *f, const char *field, int64_t file)
{
    f->json = with(f, field, file);
    must(f, CHIEF, OP_OPEN);
}

static void what_bears_a_mark_is_not_kept(void **state)
{
    struct fixture *f = *state;
    struct err e = {0};
    assert_int_equal(item_file_judge_bytes(f->o, &f->a, S("机密★1年\n\n关于防汛的通知\n各单位："),
                         S("通知.txt"), &f->up, &e),
        E_SECRET);
    assert_non_null(strstr(e.msg, "机密"));
    assert_int_equal(
        item_file_judge_bytes(f->o, &f->a, S("图"), S("机密★1年 防汛.bin"), &f->up, &e), E_SECRET);
    assert_int_equal(count(f, "SELECT count(*) FROM item_file"), 0);
    assert_int_equal(item_file_judge_bytes(f->o, &f->a, S(""), S("空.txt"), &f->up, &e), E_INPUT);
    assert_int_equal(
        item_file_judge_bytes(f->o, &f->a, S("文"), S("../.. /"), &f->up, &e), E_INPUT);
}

static void what_nobody_can_read_is_taken_as_it_is(void **state)
{
    struct fixture *f = *state;
    struct item_file *v;
    int64_t read = put(f, CHIEF, "C:\\文档\\物资清单.txt", "沙袋两千条\n铁锹三百把\n");
    open_with(f, "files", read);
    put(f, CHIEF, "图纸.dwg", "AC1027\001\002\003");
    must(f, CHIEF, OP_ATTACH);
    assert_int_equal(listed(f, CHIEF, false, &v), 2);
    assert_true(str_eq(v[0].name, S("物资清单.txt")));
    assert_true(v[0].readable);
    assert_true(str_eq(v[0].field, S("files")));
    assert_false(v[1].readable);
    assert_int_equal(v[1].field.n, 0);
}

static void a_loose_file_is_who_brought_it_s_alone(void **state)
{
    struct fixture *f = *state;
    struct buf b;
    int64_t mine = put(f, CHIEF, "a.txt", "沙袋两千条");
    assert_int_equal(open_file(f, CHIEF, mine, NULL), OK);
    assert_int_equal(open_file(f, HELPER, mine, NULL), E_NOTFOUND);
    int64_t his = put(f, HELPER, "b.txt", "铁锹三百把");
    f->json = with(f, "files", his);
    refused(f, CHIEF, OP_OPEN, E_INPUT, "所选的附件不存在");
    open_with(f, "files", mine);
    assert_int_equal(open_file(f, OTHER, mine, NULL), E_NOTFOUND); /* sees no such item */
    buf_init(&b, 0);
    assert_int_equal(open_file(f, HELPER, mine, &b), OK);
    assert_true(str_eq(buf_view(&b), S("沙袋两千条")));
    buf_release(&b);
    f->file = his;
    refused(f, OTHER, OP_ATTACH, E_NOTFOUND, "没有这件事项");
    must(f, HELPER, OP_ATTACH);
    must(f, HELPER, OP_ATTACH); /* the item's already: nothing new, and no harm */
    assert_int_equal(count(f, "SELECT count(*) FROM item_file"), 2);
}

static void a_hidden_field_hides_its_files(void **state)
{
    struct fixture *f = *state;
    struct item_file *v;
    int64_t id = put(f, CHIEF, "底稿.txt", "未定稿");
    open_with(f, "inner", id);
    assert_int_equal(listed(f, CHIEF, true, &v), 1);
    assert_int_equal(listed(f, HELPER, true, &v), 0);
    assert_int_equal(open_file(f, HELPER, id, NULL), E_NOTFOUND);
    f->n = 1;
    f->json = S("{\"inner\":null}");
    must(f, CHIEF, OP_EDIT);
    assert_int_equal(open_file(f, HELPER, id, NULL), E_NOTFOUND); /* nor once it has left it */
}

static void evidence_comes_with_the_answer(void **state)
{
    struct fixture *f = *state;
    struct item_file *v;
    open_with(f, "files", put(f, CHIEF, "a.txt", "沙袋两千条"));
    must(f, CHIEF, OP_ASK);
    put(f, HELPER, "照片.txt", "已到位");
    must(f, HELPER, OP_ANSWER);
    assert_int_equal(listed(f, CHIEF, false, &v), 2);
    assert_int_equal(v[1].by, f->viewer[HELPER].person);
}

static void what_is_withdrawn_is_marked(void **state)
{
    struct fixture *f = *state;
    struct item_file *v;
    int64_t id = put(f, CHIEF, "a.txt", "沙袋两千条");
    open_with(f, "files", id);
    f->file = id;
    refused(f, HELPER, OP_REMOVE, E_DENIED, "不是您添加的");
    refused(f, CHIEF, OP_REMOVE, E_CONFLICT, "“附件”还用着");
    f->n = 1;
    f->json = S("{\"files\":null}");
    must(f, CHIEF, OP_EDIT);
    f->file = id;
    must(f, CHIEF, OP_REMOVE);
    refused(f, CHIEF, OP_REMOVE, E_CONFLICT, "已经撤下");
    assert_int_equal(listed(f, HELPER, false, &v), 0);
    assert_int_equal(listed(f, HELPER, true, &v), 1);
    assert_true(str_eq(v[0].removed_why, S("传错了")));
    assert_int_equal(open_file(f, HELPER, id, NULL), E_NOTFOUND);
    assert_int_equal(open_file(f, CHIEF, id, NULL), OK);
    f->n = 3;
    must(f, CHIEF, OP_CLOSE);
    put(f, CHIEF, "b.txt", "晚了");
    refused(f, CHIEF, OP_ATTACH, E_CONFLICT, "已经办结");
}

static void loose_files_are_swept_with_their_bytes(void **state)
{
    struct fixture *f = *state;
    int64_t kept = put(f, CHIEF, "a.txt", "沙袋两千条");
    put(f, CHIEF, "同样.txt", "沙袋两千条");
    put(f, CHIEF, "b.txt", "铁锹三百把");
    open_with(f, "files", kept);
    assert_int_equal(count(f, "SELECT count(*) FROM blob"), 2);
    struct err e;
    assert_int_equal(item_file_prune(f->o->store, f->actor[CHIEF].now_ms, &e), OK);
    assert_int_equal(count(f, "SELECT count(*) FROM item_file"), 3); /* they may still be taken */
    must(f, CHIEF, OP_SWEEP);
    assert_int_equal(f->n, 2);
    assert_int_equal(count(f, "SELECT count(*) FROM item_file"), 1);
    assert_int_equal(count(f, "SELECT count(*) FROM blob"), 1);
    assert_int_equal(open_file(f, CHIEF, kept, NULL), OK);
}

static enum code elsewhere(struct db *db, void *arg, struct err *e)
{
    const char *const *sql = arg;
    return stmt_run(db_sql(db, *sql), NULL, e);
}

/* The picture of a seal, a package, a proof may be the same bytes as a file that somebody brought and did not use. */
static void bytes_in_use_elsewhere_stay(void **state)
{
    static const char *const rows[] = {"INSERT INTO seal(id, name, png, stamp, gone, made, made_by)"
                                       " SELECT 1, '章', digest, 0, 0, 0, 1 FROM blob",
        "INSERT INTO archive_pack(id, item, at, by_person, size, digest, manifest)"
        " SELECT 1, 1, 0, 1, 1, digest, '' FROM blob",
        "INSERT INTO evidence(id, person, at, finished, item, kind, clause, from_day, to_day, zip,"
        " said, state, claimed, done, total, items, gaps, pages, level, message, pdf, pdf_size,"
        " book, book_size, pack, pack_size) SELECT 1, 1, 0, 0, 0, '', '', '', '', 0, '', 0, 0, 0,"
        " 0, 0, 0, 0, 0, '', '', 0, digest, 0, '', 0 FROM blob"};
    static const char *const gone[] = {
        "DELETE FROM seal", "DELETE FROM archive_pack", "DELETE FROM evidence"};
    struct fixture *f = *state;
    struct err e;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        put(f, CHIEF, "a.txt", "沙袋两千条");
        assert_int_equal(store_write(f->o->store, elsewhere, (void *)(uintptr_t)&rows[i], &e), OK);
        must(f, CHIEF, OP_SWEEP);
        assert_int_equal(f->n, 1);
        assert_int_equal(count(f, "SELECT count(*) FROM blob"), 1);
        assert_int_equal(store_write(f->o->store, elsewhere, (void *)(uintptr_t)&gone[i], &e), OK);
        put(f, CHIEF, "a.txt", "沙袋两千条");
        must(f, CHIEF, OP_SWEEP);
        assert_int_equal(count(f, "SELECT count(*) FROM blob"), 0);
    }
}

#define FILE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        FILE_TEST(what_bears_a_mark_is_not_kept),
        FILE_TEST(what_nobody_can_read_is_taken_as_it_is),
        FILE_TEST(a_loose_file_is_who_brought_it_s_alone),
        FILE_TEST(a_hidden_field_hides_its_files),
        FILE_TEST(evidence_comes_with_the_answer),
        FILE_TEST(what_is_withdrawn_is_marked),
        FILE_TEST(loose_files_are_swept_with_their_bytes),
        FILE_TEST(bytes_in_use_elsewhere_stay),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests_name("item_file", tests, NULL, NULL);
}
