/* Paper of pen corrections: who brings it and who sees it, what stays with the round and in the record of the version. */
#include <cairo-pdf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "manuscript_test.h"
#include "office/manuscript_pen_sheet.h"
#include "picture.h"
#include "readerpool.h"

/* ---- what is brought ---- */

static struct str taken(struct arena *a, struct buf *b)
{
    struct str s = arena_str(a, buf_view(b));
    buf_release(b);
    return s;
}

static struct str pdf(struct arena *a, int pages)
{
    struct buf b;
    buf_init(&b, 0);
    cairo_surface_t *s = cairo_pdf_surface_create_for_stream(picture_keep, &b, 100, 200);
    cairo_t *cr = cairo_create(s);
    for (int i = 0; i < pages; i++) {
        cairo_rectangle(cr, 10, 10, 10 + i, 20);
        cairo_fill(cr);
        cairo_show_page(cr);
    }
    cairo_destroy(cr);
    cairo_surface_destroy(s);
    return taken(a, &b);
}

static enum code judged(
    struct itemdb *t, struct str bytes, const char *name, struct pen_pictures *out, struct err *e)
{
    struct office o = {.readers = pool};
    return pen_sheets_judge(&o, &t->o.a, bytes, str_z(name), out, e);
}

/* ---- what is done ---- */

enum what { BEGIN, PUT, REMOVE, FINISH, DROP, INVITE };
struct deed {
    struct itemdb *t;
    int who;
    enum what what;
    int64_t manuscript, version, pen, sheet;
    struct pen_pictures v;
    struct pen_done done;
};

static enum code begin(struct db *db, struct deed *d, const struct actor *by, struct err *e)
{
    struct arena *a = &d->t->o.a;
    TRY(manuscript_new(db, by,
        &(struct manuscript_new){
            .title = S("报告"), .level = LEVEL_INTERNAL, .text = S("题目\n一段。")},
        &d->manuscript, e));
    TRY(manuscript_freeze(db, a, by, d->manuscript, S("送审稿"), &d->version, e));
    return manuscript_pen_begin(db, a, by,
        &(struct pen_new){.manuscript = d->manuscript,
            .version = d->version,
            .corrector = S("李书记"),
            .day = S("2026-07-12")},
        &d->pen, e);
}

static enum code run(struct db *db, void *arg, struct err *e)
{
    struct deed *d = arg;
    struct arena *a = &d->t->o.a;
    const struct actor *by = itemdb_as(d->t, d->who);
    switch (d->what) {
    case BEGIN:
        return begin(db, d, by, e);
    case PUT:
        return pen_sheets_put(db, a, by, d->pen, &d->v, e);
    case REMOVE:
        return pen_sheet_remove(db, a, by, d->pen, d->sheet, e);
    case FINISH:
        return manuscript_pen_finish(db, a, by, d->pen, S("题目\n一段改。"), false, &d->done, e);
    case DROP:
        return manuscript_pen_drop(db, a, by, d->pen, e);
    case INVITE:
        return manuscript_invite(db, by, d->manuscript, d->t->person[LEADER], false, e);
    }
    return E_BUG;
}

static enum code deed(struct deed *d, int who, enum what what)
{
    d->who = who;
    d->what = what;
    return text_write(d->t, run, d);
}

static size_t seen(struct deed *d, int who, struct pen_sheet **out, enum code *c)
{
    struct err e = {.msg = ""};
    struct db *db = itemdb_read(d->t);
    size_t n = 0;
    *c = pen_sheets(db, &d->t->o.a, itemdb_as(d->t, who), d->pen, out, &n, &e);
    store_read_end(db);
    return n;
}

static enum code opened(struct deed *d, int who, int64_t sheet, struct str *bytes)
{
    struct err e = {.msg = ""};
    struct pen_sheet s;
    struct buf b;
    struct db *db = itemdb_read(d->t);
    buf_init(&b, PEN_SHEET_MAX + 1);
    enum code c = pen_sheet_open(db, &d->t->o.a, itemdb_as(d->t, who), d->pen, sheet, &s, &e);
    if (c == OK)
        c = blob_read(db, s.blob, &b, &e);
    store_read_end(db);
    *bytes = taken(&d->t->o.a, &b);
    return c;
}

/* ---- the tests ---- */

static void what_may_be_brought(void **state)
{
    struct itemdb *t = *state;
    struct arena *a = &t->o.a;
    struct pen_pictures v = {.n = 0};
    struct err e;
    assert_int_equal(judged(t, picture_png(a, 3000, 1000), "第一张.png", &v, &e), OK);
    assert_int_equal(v.n, 1);
    assert_int_equal(v.v[0].wide, PEN_SHEET_DOTS);
    assert_int_equal(v.v[0].high, PEN_SHEET_DOTS / 3);
    assert_int_equal(judged(t, S("GIF89a"), "动.gif", &v, &e), E_INPUT);
    assert_int_equal(judged(t, picture_png(a, 9, 9), "机密★5年.png", &v, &e), E_SECRET);
    assert_int_equal(judged(t, picture_png(a, 9, 9), "", &v, &e), E_INPUT);
    assert_int_equal(v.n, 1);
    if (access("/usr/bin/pdftoppm", X_OK) != 0) {
        print_message("skipped: pdftoppm is not installed\n");
        skip();
    }
    assert_int_equal(judged(t, pdf(a, 3), "扫描.pdf", &v, &e), OK);
    assert_int_equal(v.n, 4);
    assert_true(str_eq(v.v[1].name, S("扫描.pdf 第1页")));
    assert_true(str_eq(v.v[3].name, S("扫描.pdf 第3页")));
    assert_int_equal(v.v[3].high, v.v[3].wide * 2);
    assert_int_equal(judged(t, S("%PDF-1.4\nnothing"), "坏.pdf", &v, &e), E_INPUT);
    v = (struct pen_pictures){.n = 0};
    assert_int_equal(judged(t, pdf(a, PEN_SHEETS_MAX + 1), "厚.pdf", &v, &e), E_LIMIT);
}

static void stays_with_its_round(void **state)
{
    struct deed d = {.t = *state};
    struct pen_sheet *v = NULL;
    struct str bytes = S("");
    struct err e = {.msg = ""};
    enum code c;
    assert_int_equal(judged(d.t, picture_png(&d.t->o.a, 30, 40), "一.png", &d.v, &e), OK);
    assert_int_equal(judged(d.t, picture_png(&d.t->o.a, 50, 40), "二.png", &d.v, &e), OK);
    assert_int_equal(deed(&d, SECRETARY, BEGIN), OK);
    assert_int_equal(deed(&d, STAFF, PUT), E_NOTFOUND);
    assert_int_equal(deed(&d, SECRETARY, PUT), OK);
    assert_int_equal(seen(&d, SECRETARY, &v, &c), 2);
    int64_t first = v[0].id, second = v[1].id;
    assert_true(str_eq(v[1].name, S("二.png")) && v[1].wide == 50 && !v[1].late);
    assert_int_equal(opened(&d, SECRETARY, first, &bytes), OK);
    assert_true(str_starts(bytes, S("\x89PNG")));
    /* whoever may read the manuscript, and nobody else */
    (void)seen(&d, LEADER, &v, &c);
    assert_int_equal(c, E_NOTFOUND);
    assert_int_equal(opened(&d, LEADER, first, &bytes), E_NOTFOUND);
    assert_int_equal(deed(&d, SECRETARY, INVITE), OK);
    assert_int_equal(seen(&d, LEADER, &v, &c), 2);
    assert_int_equal(opened(&d, LEADER, first, &bytes), OK);
    assert_int_equal(deed(&d, LEADER, PUT), E_DENIED); /* reads only */
    d.sheet = first;
    assert_int_equal(deed(&d, LEADER, REMOVE), E_DENIED);
    assert_int_equal(deed(&d, SECRETARY, REMOVE), OK);
    assert_int_equal(deed(&d, SECRETARY, REMOVE), E_NOTFOUND);
    assert_int_equal(opened(&d, SECRETARY, first, &bytes), E_NOTFOUND);
    assert_int_equal(deed(&d, SECRETARY, FINISH), OK);
    /* afterwards paper still comes, none goes */
    d.sheet = second;
    assert_int_equal(deed(&d, SECRETARY, REMOVE), E_CONFLICT);
    d.v.v++;
    d.v.n = 1;
    assert_int_equal(deed(&d, SECRETARY, PUT), OK);
    assert_int_equal(seen(&d, SECRETARY, &v, &c), 2);
    assert_true(!v[0].late && v[1].late);
    /* the version names what there was when it was entered */
    struct manuscript_version version = {.id = 0}, was = {.id = 0};
    struct db *db = itemdb_read(d.t);
    const struct actor *by = itemdb_as(d.t, SECRETARY);
    assert_int_equal(
        manuscript_version_get(db, &d.t->o.a, by, d.done.version, &version, NULL, &e), OK);
    assert_int_equal(manuscript_version_get(db, &d.t->o.a, by, d.version, &was, NULL, &e), OK);
    store_read_end(db);
    assert_true(str_starts(version.paper, S("二.png\t")));
    assert_true(str_has(version.paper, v[0].blob));
    assert_true(str_ends(version.paper, S("\t50\t40\n")));
    assert_int_equal(was.paper.n, 0);
}

static void of_all_rounds(void **state)
{
    struct deed d = {.t = *state}, other;
    struct pen_sheet *v = NULL;
    struct err e = {.msg = ""};
    size_t n = 0;
    assert_int_equal(judged(d.t, picture_png(&d.t->o.a, 30, 40), "一.png", &d.v, &e), OK);
    assert_int_equal(deed(&d, SECRETARY, BEGIN), OK);
    other = d;
    assert_int_equal(deed(&d, SECRETARY, PUT), OK);
    struct db *db = itemdb_read(d.t);
    const struct actor *by = itemdb_as(d.t, SECRETARY);
    assert_int_equal(pen_sheets_all(db, &d.t->o.a, by, d.manuscript, &v, &n, &e), OK);
    assert_int_equal(n, 0); /* nothing is entered yet */
    store_read_end(db);
    assert_int_equal(deed(&d, SECRETARY, FINISH), OK);
    db = itemdb_read(d.t);
    assert_int_equal(pen_sheets_all(db, &d.t->o.a, by, d.manuscript, &v, &n, &e), OK);
    assert_int_equal(n, 1);
    assert_int_equal(
        pen_sheets_all(db, &d.t->o.a, itemdb_as(d.t, STAFF), d.manuscript, &v, &n, &e), E_NOTFOUND);
    store_read_end(db);
    assert_int_equal(deed(&other, SECRETARY, BEGIN), OK);
    assert_int_equal(deed(&other, SECRETARY, DROP), OK);
    assert_int_equal(deed(&other, SECRETARY, PUT), E_CONFLICT);
}

static void only_so_many(void **state)
{
    struct deed d = {.t = *state};
    struct err e = {.msg = ""};
    struct pen_pictures one = {.n = 0};
    assert_int_equal(judged(d.t, picture_png(&d.t->o.a, 30, 40), "一.png", &one, &e), OK);
    assert_int_equal(deed(&d, SECRETARY, BEGIN), OK);
    d.v.v = ARENA_ARRAY(&d.t->o.a, struct pen_picture, PEN_SHEETS_MAX);
    for (d.v.n = 0; d.v.n < PEN_SHEETS_MAX; d.v.n++)
        d.v.v[d.v.n] = one.v[0];
    assert_int_equal(deed(&d, SECRETARY, PUT), OK);
    d.v.n = 1;
    assert_int_equal(deed(&d, SECRETARY, PUT), E_LIMIT);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_may_be_brought, itemdb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(stays_with_its_round, itemdb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(of_all_rounds, itemdb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(only_so_many, itemdb_set_up, itemdb_tear_down),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests_name("manuscript_pen_sheet", tests, open_pool, close_pool);
}
