/* Pictures of a manuscript: who may bring them, what a version keeps of them, where they stand on paper. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "noticedb.h"
#include "office/desk.h"
#include "office/manuscript_edit.h"
#include "office/manuscript_file.h"
#include "office/manuscript_version.h"
#include "office/typeset.h"
#include "picture.h"
#include "readerpool.h"

enum what { NEW, SAVE, PUT, REMOVE, LOCK, FREEZE, RESTORE };
struct deed {
    struct itemdb *t;
    const struct actor *by;
    enum what what;
    int64_t id, other;
    const char *text;
    const struct manuscript_picture *picture;
    struct manuscript_file made;
};

static enum code save(struct db *db, struct deed *d, struct err *e)
{
    struct manuscript_saved s;
    struct str was;
    int64_t seq = 0;
    TRY(manuscript_text(db, &d->t->o.a, d->by, d->id, -1, &was, &seq, e));
    return manuscript_save(db, &d->t->o.a, d->by, d->id, seq, str_z(d->text), &s, e);
}

static enum code run(struct db *db, void *arg, struct err *e)
{
    struct deed *d = arg;
    struct arena *a = &d->t->o.a;
    switch (d->what) {
    case NEW:
        return manuscript_new(db, d->by,
            &(struct manuscript_new){
                .title = S("关于组织架构的通知"), .level = LEVEL_INTERNAL, .text = str_z(d->text)},
            &d->id, e);
    case SAVE:
        return save(db, d, e);
    case PUT:
        return manuscript_file_put(db, a, d->by, d->id, d->picture, &d->made, e);
    case REMOVE:
        return manuscript_file_remove(db, a, d->by, d->id, d->other, e);
    case LOCK:
        return manuscript_lock(db, d->by, d->id, str_z(d->text), e);
    case FREEZE:
        return manuscript_freeze(db, a, d->by, d->id, str_z(d->text), &d->other, e);
    case RESTORE:
        return manuscript_restore(db, a, d->by, d->other, &(int64_t){0}, e);
    default:
        return FAIL(e, E_BUG, "what");
    }
}

static enum code done(struct deed *d, enum what what, const char *text)
{
    struct err e = {.msg = ""};
    d->what = what;
    d->text = text ? text : "";
    enum code c = store_write(d->t->o.st, run, d, &e);
    if (c != OK)
        print_message("%s\n", e.msg);
    return c;
}

static struct manuscript_picture judged(struct itemdb *t, const char *name, int wide, int high)
{
    struct office o = {.readers = pool};
    struct manuscript_picture f;
    struct err e;
    if (manuscript_file_judge(
            &o, &t->o.a, picture_png(&t->o.a, wide, high), str_z(name), 0, &f, &e) != OK)
        fail_msg("%s: %s", name, e.msg);
    return f;
}

static struct deed one(void **state, const char *text)
{
    struct deed d = {.t = *state, .by = itemdb_as(*state, STAFF)};
    assert_int_equal(done(&d, NEW, text), OK);
    return d;
}

static struct manuscript_file put(struct deed *d, const char *name, int wide, int high)
{
    struct manuscript_picture f = judged(d->t, name, wide, high);
    d->picture = &f;
    assert_int_equal(done(d, PUT, NULL), OK);
    d->picture = NULL;
    return d->made;
}

static void read_files(struct deed *d, struct manuscript_file **v, size_t *n)
{
    struct db *db;
    struct err e;
    assert_int_equal(store_read(d->t->o.st, &db, &e), OK);
    assert_int_equal(manuscript_files(db, &d->t->o.a, d->by, d->id, v, n, &e), OK);
    store_read_end(db);
}

static struct manuscript_version version(struct deed *d, int64_t id)
{
    struct manuscript_version v;
    struct db *db;
    struct err e;
    assert_int_equal(store_read(d->t->o.st, &db, &e), OK);
    if (manuscript_version_get(db, &d->t->o.a, d->by, id, &v, NULL, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    return v;
}

static void names_and_rights(void **state)
{
    struct deed d = one(state, "关于组织架构的通知\n各部门：\n如下。\n"), other = d;
    struct manuscript_file *v, first = put(&d, "组织架构图.PNG", 300, 200);
    struct manuscript_picture again = judged(d.t, "组织架构图.jpg.png", 10, 10);
    size_t n;
    assert_true(str_eq(first.name, S("组织架构图")));
    again.name = S("组织架构图");
    d.picture = &again;
    assert_int_equal(done(&d, PUT, NULL), E_CONFLICT);
    again.name = S("");
    assert_int_equal(done(&d, PUT, NULL), OK); /* pasted: a name of its own */
    assert_true(str_eq(d.made.name, S("图1")));
    assert_int_equal(done(&d, PUT, NULL), OK);
    assert_true(str_eq(d.made.name, S("图2")));
    read_files(&d, &v, &n);
    assert_int_equal(n, 3);
    assert_int_equal(v[0].wide, 300);
    assert_int_equal(v[0].high, 200);

    other.by = itemdb_as(d.t, OTHER);
    other.picture = &again;
    assert_int_not_equal(done(&other, PUT, NULL), OK); /* somebody else's manuscript */
    other.other = first.id;
    assert_int_not_equal(done(&other, REMOVE, NULL), OK);

    assert_int_equal(
        done(&d, SAVE, "关于组织架构的通知\n各部门：\n如下。\n[图：组织架构图]\n"), OK);
    d.other = first.id;
    assert_int_equal(done(&d, REMOVE, NULL), E_CONFLICT); /* the text names it */
    assert_int_equal(done(&d, SAVE, "关于组织架构的通知\n各部门：\n如下。\n"), OK);
    assert_int_equal(done(&d, REMOVE, NULL), OK);
    assert_int_equal(done(&d, REMOVE, NULL), E_NOTFOUND);
    assert_int_equal(done(&d, LOCK, "送签"), OK);
    assert_int_equal(done(&d, PUT, NULL), E_CONFLICT);
    d.other = v[1].id;
    assert_int_equal(done(&d, REMOVE, NULL), E_CONFLICT);
}

static void what_is_refused(void **state)
{
    struct itemdb *t = *state;
    struct office o = {.readers = pool};
    struct manuscript_picture f;
    struct str s = picture_png(&t->o.a, 10, 10);
    struct err e;
    assert_int_equal(
        manuscript_file_judge(&o, &t->o.a, S("%PDF-1.4"), S("图.png"), 0, &f, &e), E_INPUT);
    assert_int_equal(manuscript_file_judge(&o, &t->o.a, s, S("a]b.png"), 0, &f, &e), E_INPUT);
    assert_int_equal(manuscript_file_judge(&o, &t->o.a, s, S("机密★5年.png"), 0, &f, &e), E_SECRET);
}

static void a_version_keeps_its_pictures(void **state)
{
    static const char text[] = "关于组织架构的通知\n各部门：\n如下。\n[图：架构]\n图1　组织架构\n";
    struct deed d = one(state, text);
    struct manuscript_version bare, with, after;
    struct manuscript_file *v, was;
    struct digest plain = sm3(str_z(text));
    char hex[SM3_HEX + 1];
    size_t n;
    assert_int_equal(done(&d, FREEZE, "没有图"), OK);
    bare = version(&d, d.other);
    /* without a picture the digest is that of the text: versions from before stay valid */
    assert_true(str_eq(str_z(bare.digest), digest_hex(&plain, hex)));
    was = put(&d, "架构.png", 300, 200);
    assert_int_equal(done(&d, FREEZE, "有图"), OK);
    with = version(&d, d.other);
    assert_string_not_equal(bare.digest, with.digest);
    assert_int_equal(manuscript_files_listed(&d.t->o.a, with.files, &v), 1);
    assert_true(str_eq(v[0].name, S("架构")));
    assert_true(str_eq(v[0].blob, was.blob));
    assert_int_equal(done(&d, FREEZE, "有图"), OK); /* nothing changed: the same one */
    assert_int_equal(d.other, with.id);

    /* another picture under the name is another version, and the first stands again when it is restored */
    assert_int_equal(done(&d, SAVE, "关于组织架构的通知\n"), OK);
    d.other = was.id;
    assert_int_equal(done(&d, REMOVE, NULL), OK);
    (void)put(&d, "架构.png", 500, 100);
    assert_int_equal(done(&d, SAVE, text), OK);
    assert_int_equal(done(&d, FREEZE, "换图"), OK);
    after = version(&d, d.other);
    assert_string_not_equal(after.digest, with.digest);
    d.other = with.id;
    assert_int_equal(done(&d, RESTORE, NULL), OK);
    read_files(&d, &v, &n);
    assert_int_equal(n, 1);
    assert_true(str_eq(v[0].blob, was.blob));
    assert_int_equal(done(&d, FREEZE, "恢复"), OK);
    assert_string_equal(version(&d, d.other).digest, with.digest);
}

static void a_document_gets_its_pictures(void **state)
{
    struct deed d = one(state, "关于组织架构的通知\n各部门：\n如下。\n[图：架构.png，宽5厘米]"
                               "\n图1　组织架构\n[图：没有]\n");
    struct manuscript_file *v;
    struct desk_pages pages;
    struct official doc;
    struct typeset_read told;
    struct faces *f;
    struct db *db;
    struct str text;
    struct err e;
    size_t n;
    (void)put(&d, "架构.jpg.png", 300, 200);
    (void)put(&d, "架构.png", 400, 200);
    read_files(&d, &v, &n);
    assert_int_equal(store_read(d.t->o.st, &db, &e), OK);
    assert_int_equal(manuscript_text(db, &d.t->o.a, d.by, d.id, -1, &text, NULL, &e), OK);
    assert_int_equal(typeset_read(&d.t->o.a, text, NULL, &doc, &told, &e), OK);
    assert_int_equal(manuscript_files_fill(db, &d.t->o.a, v, n, &doc, &e), OK);
    store_read_end(db);
    assert_int_equal(doc.n, 4);
    assert_int_equal(doc.blocks[1].kind, OFFICIAL_PICTURE);
    assert_true(doc.blocks[1].width_mm == 50); /* what the text says */
    assert_int_equal(doc.blocks[1].wide, 400);
    assert_true(str_starts(doc.blocks[1].png, S("\x89PNG")));
    assert_int_equal(doc.blocks[2].kind, OFFICIAL_CAPTION);
    assert_int_equal(doc.blocks[3].png.n, 0);

    /* the desk's page: the picture by its address, what is missing in words */
    assert_int_equal(faces_open(NULL, &f, &e), OK);
    assert_int_equal(desk_pages(&d.t->o.a, f, text,
                         &(struct desk_pictures){.manuscript = d.id, .v = v, .n = n}, &pages, &e),
        OK);
    faces_close(f);
    assert_int_equal(pages.layout.pages[0].n_pictures, 1);
    assert_true(str_eq(pages.layout.pages[0].pictures[0].link,
        arena_printf(
            &d.t->o.a, "/manuscripts/%lld/files/%lld", (long long)d.id, (long long)v[1].id)));
    assert_true(str_eq(pages.notes[pages.n_notes - 1], S("没有图片“没有”，没有排入")));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_and_rights, noticedb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(what_is_refused, noticedb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(
            a_version_keeps_its_pictures, noticedb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(
            a_document_gets_its_pictures, noticedb_set_up, itemdb_tear_down),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests_name("manuscript_file", tests, open_pool, close_pool);
}
