/* A scanned file that waits: what OCR read is kept until somebody decides, and not a moment longer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/io.h"
#include "office/held.h"
#include "paper/reader.h"
#include "testdb.h"

static const char folder[] = "demo/documents/上级来文/扫描件（待确认）";

struct fixture {
    struct testdb t;
    struct office *o;
    struct arena a;
    int64_t held; /* the one scan that was taken in */
};

static int set_up(void **state)
{
    struct fixture *f = mem_alloc(sizeof(*f));
    const char *paths[] = {folder};
    struct import_options opt = {.level = LEVEL_INTERNAL};
    struct import_counts k = {0};
    struct held *list;
    struct db *db;
    size_t n;
    int64_t total;
    struct err e;

    testdb_open(&f->t, testdb_pg());
    store_close(f->t.st);
    f->t.st = NULL;
    arena_init(&f->a);
    struct office_options how = {
        .dir = str_z(f->t.dir), .url = str_z(f->t.url), .exe = "/proc/self/exe", .create = true};
    assert_int_equal(office_open(&how, &f->o, &e), OK);
    assert_int_equal(import_paths(f->o, paths, 1, &opt, &k, &e), OK);
    assert_int_equal(k.of[IMPORT_HELD], 1);
    assert_int_equal(store_read(f->o->store, &db, &e), OK);
    assert_int_equal(held_list(db, &f->a, 10, &list, &n, &total, &e), OK);
    store_read_end(db);
    f->held = list[0].id;
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

static int64_t kept(struct fixture *f)
{
    struct db *db;
    struct err e;
    int64_t n = -1;

    assert_int_equal(store_read(f->o->store, &db, &e), OK);
    struct stmt *q = db_sql(db, "SELECT count(*) FROM held_reading");
    if (stmt_step(q))
        n = stmt_int(q, 0);
    assert_int_equal(stmt_end(q, &e), OK);
    store_read_end(db);
    return n;
}

static void propose(struct fixture *f, struct document_edit *ed, struct str *text)
{
    struct err e;
    enum code c = held_propose(f->o, &f->a, f->held, ed, text, &e);

    if (c == E_NOTFOUND) /* no tesseract, or no landlock to cage it in */
        skip();
    if (c != OK)
        fail_msg("%s (%s:%d)", e.msg, e.file, e.line);
}

static enum code mark_it(struct db *db, void *arg, struct err *e)
{
    struct stmt *q = db_sql(db, "UPDATE held_reading SET secret = '机密', doc = ?1");

    (void)arg;
    stmt_bind_blob(q, 1, S(""));
    return stmt_run(q, NULL, e);
}

static void a_scan_is_read_once(void **state)
{
    struct fixture *f = *state;
    struct document_edit first, again;
    struct str text, same;
    struct document d;
    struct db *db;
    struct err e;
    int64_t doc;

    propose(f, &first, &text);
    assert_int_equal(kept(f), 1);
    propose(f, &again, &same);
    assert_true(str_eq(text, same) && str_eq(first.title, again.title));
    assert_true(str_has(text, S("集中检查")));
    /* It is the kept one that is asked: change it, and the answer changes. */
    assert_int_equal(store_write(f->o->store, mark_it, NULL, &e), OK);
    assert_int_equal(held_propose(f->o, &f->a, f->held, &again, &same, &e), E_SECRET);
    assert_non_null(strstr(e.msg, "机密"));
    /* A person who has looked may say that there is no mark: the text is read for the library. */
    if (held_confirm(f->o, f->held, &first, 0, &doc, &e) != OK)
        fail_msg("%s (%s:%d)", e.msg, e.file, e.line);
    assert_int_equal(kept(f), 0);
    assert_int_equal(store_read(f->o->store, &db, &e), OK);
    assert_int_equal(document_get(db, &f->a, doc, &d, &e), OK);
    assert_int_equal(document_text(db, &f->a, doc, &same, &e), OK);
    store_read_end(db);
    assert_true(d.unproofed);
    assert_true(str_eq(text, same));
}

static void nothing_of_a_refused_scan_stays(void **state)
{
    struct fixture *f = *state;
    struct document_edit ed;
    struct str text;
    struct err e;

    propose(f, &ed, &text);
    assert_int_equal(held_refuse(f->o, f->held, 0, &e), OK);
    assert_int_equal(kept(f), 0);
    assert_int_equal(held_propose(f->o, &f->a, f->held, &ed, &text, &e), E_CONFLICT);
    assert_int_equal(kept(f), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_scan_is_read_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_of_a_refused_scan_stays, set_up, tear_down),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests_name("held", tests, NULL, NULL);
}
