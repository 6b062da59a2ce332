/* A signed 发文 on paper: its seal, its prints, the trays, the archive package, the pictures of its text. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "issuewalk.h"
#include "office/archive_pack.h"
#include "office/manuscript_file.h"
#include "office/manuscript_pen_sheet.h"
#include "office/print_run.h"
#include "office/seal.h"

/* One dot, transparent. */
static const unsigned char png_dot[] = {0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13, 'I', 'H',
    'D', 'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 13, 'I', 'D',
    'A', 'T', 0x78, 0x9c, 0x63, 0, 1, 0, 0, 5, 0, 1, 0x0d, 0x0a, 0x2d, 0xb4, 0, 0, 0, 0, 'I', 'E',
    'N', 'D', 0xae, 0x42, 0x60, 0x82};

struct print_job {
    const struct actor *by;
    enum { SEAL_NEW, SEAL_KEEPER, TRAY, TRAY_DROP, PRINT, SPOIL, UNLOCK, PACK } what;
    int64_t id, person, n;
    struct print_new p;
    struct print_tray tray;
    struct archive_made *made;
    struct str text;
};
static enum code print_fn(struct db *db, void *arg, struct err *e)
{
    struct print_job *j = arg;
    switch (j->what) {
    case SEAL_NEW:
        return seal_new(db, j->by, S("集团党委办公室印章"), false, j->text, &j->id, e);
    case SEAL_KEEPER:
        return seal_keeper(db, j->by, j->id, j->person, true, e);
    case TRAY:
        return print_tray_save(db, j->by, &j->tray, &j->id, e);
    case TRAY_DROP:
        return print_tray_drop(db, j->by, j->tray.id, e);
    case PRINT:
        return print_begin(db, j->by, &j->p, &j->id, e);
    case SPOIL:
        return print_spoil(db, j->by, j->id, j->n, j->text, e);
    case UNLOCK:
        return manuscript_unlock(db, j->by, j->id, j->text, e);
    case PACK:
        return archive_pack_put(db, j->by, j->made, &j->id, e);
    }
    return E_BUG;
}
static enum code print_do(struct walk *w, int who, struct print_job *j, struct err *e)
{
    j->by = itemdb_as(&w->t, who);
    e->msg[0] = '\0';
    return store_write(w->t.o.st, print_fn, j, e);
}

static enum code seal_with(struct walk *w, int who, int64_t seal, struct err *e)
{
    struct act a = {.verb = V_MOVE,
        .id = w->id,
        .revision = get(w).revision,
        .word = "seal",
        .move = {.seal = seal}};
    return act(w, who, &a, e);
}

static void signed_and_numbered(struct walk *w)
{
    begin_issue(w, FIELDS("不需会签", ""));
    to_signing(w);
    answer(w, LEADER, "同意签发", NULL);
    number_it(w);
}

static void a_seal_is_used_by_its_keeper(void **state)
{
    struct walk *w = *state;
    struct err e;
    struct str png = {(const char *)png_dot, sizeof(png_dot)};
    struct print_job j = {.what = SEAL_NEW, .text = png};
    assert_int_equal(print_do(w, SECRETARY, &j, &e), E_DENIED);
    assert_int_equal(print_do(w, CHIEF, &j, &e), OK);
    signed_and_numbered(w);
    assert_int_equal(seal_with(w, LIAISON2, j.id, &e), E_NOTFOUND); /* not in his keeping */
    j.what = SEAL_KEEPER;
    j.person = w->t.person[LIAISON2];
    assert_int_equal(print_do(w, SECRETARY, &j, &e), E_DENIED);
    assert_int_equal(print_do(w, CHIEF, &j, &e), OK);
    int64_t real = j.id;
    j.id = w->id; /* an item is no seal */
    assert_int_equal(print_do(w, CHIEF, &j, &e), E_NOTFOUND);
    j.id = real;
    for (int i = 0; i < SEAL_KEEPERS_MAX; i++) {
        j.person = 1000 + i;
        assert_int_equal(print_do(w, CHIEF, &j, &e), i < SEAL_KEEPERS_MAX - 1 ? OK : E_LIMIT);
    }
    assert_int_equal(itemdb_count(&w->t, "SELECT count(*) FROM seal_keeper"), SEAL_KEEPERS_MAX);
    assert_int_equal(seal_with(w, LIAISON2, j.id, &e), OK);
    is_in(w, "dispatch");
    assert_int_equal(itemdb_count(&w->t, "SELECT count(*) FROM seal_use"), 1);
    assert_int_equal(
        itemdb_count(&w->t, "SELECT count(*) FROM item_event WHERE payload LIKE '%\"seal\":{%'"),
        1);
    struct final_copy c;
    struct db *db = itemdb_read(&w->t);
    assert_int_equal(final_copy_read(db, &w->t.o.a, itemdb_as(&w->t, CHIEF), w->id, &c, &e), OK);
    store_read_end(db);
    assert_int_equal(c.doc.seal, OFFICIAL_SEALED);
    assert_true(str_eq(c.doc.signatures[0].png, png));
    assert_true(str_eq(c.doc.docno, S("集团党发〔2026〕1号")));
    assert_true(str_eq(c.doc.date, S("2026年7月13日")));
    assert_true(str_eq(c.doc.printer, S("党委办公室")));
    assert_int_equal(c.doc.n_signers, 0);
    /* taken back and the same text signed anew: the seal is set anew as well */
    w->t.now_ms += MS_HOUR;
    struct act a = {.verb = V_RETURN,
        .id = w->id,
        .revision = get(w).revision,
        .word = "draft",
        .text = "主送有误"};
    assert_int_equal(act(w, CHIEF, &a, &e), OK);
    to_signing(w);
    answer(w, LEADER, "同意签发", NULL);
    db = itemdb_read(&w->t);
    assert_int_equal(final_copy_read(db, &w->t.o.a, itemdb_as(&w->t, CHIEF), w->id, &c, &e), OK);
    store_read_end(db);
    assert_int_equal(c.text.final_number, 1);
    assert_int_equal(c.doc.signatures[0].png.n, 0);
}

static void printing_is_logged(void **state)
{
    struct walk *w = *state;
    struct err e;
    begin_issue(w, FIELDS("不需会签", ""));
    struct print_job j = {.what = PRINT, .p = {.item = w->id, .copies = 5}};
    assert_int_equal(print_do(w, SECRETARY, &j, &e), E_CONFLICT); /* not signed */
    to_signing(w);
    answer(w, LEADER, "同意签发", NULL);
    number_it(w);
    assert_int_equal(print_do(w, STAFF, &j, &e), E_DENIED);
    j.p.fonts = S("仿宋用宋体代替");
    assert_int_equal(print_do(w, SECRETARY, &j, &e), E_CONFLICT);
    assert_non_null(strstr(e.msg, "科长确认"));
    assert_int_equal(print_do(w, CHIEF, &j, &e), E_CONFLICT);
    j.p.fonts_why = S("样张已看过，可用");
    j.p.first_no = 1;
    assert_int_equal(print_do(w, CHIEF, &j, &e), OK);
    int64_t first = j.id;
    assert_int_equal(print_do(w, CHIEF, &j, &e), E_INPUT); /* again: why */
    j.p.why = S("补印两份");
    j.p.copies = 2;
    assert_int_equal(print_do(w, CHIEF, &j, &e), E_CONFLICT); /* 份号 taken */
    j.p.first_no = 6;
    assert_int_equal(print_do(w, CHIEF, &j, &e), OK);
    struct print_job s = {.what = SPOIL, .id = first, .n = 6, .text = S("卡纸")};
    assert_int_equal(print_do(w, SECRETARY, &s, &e), E_INPUT);
    s.n = 1;
    assert_int_equal(print_do(w, STAFF, &s, &e), E_DENIED);
    assert_int_equal(print_do(w, SECRETARY, &s, &e), OK);
    assert_int_equal(itemdb_count(&w->t, "SELECT sum(copies) - sum(spoiled) FROM print_run"), 6);
    assert_int_equal(
        itemdb_count(&w->t, "SELECT count(*) FROM item_event WHERE verb IN ('print', 'spoil')"), 3);
    /* what the chief let pass need not be asked again: other fonts do */
    j.p.first_no = 8;
    j.p.fonts_why = S("我看可以");
    j.p.fonts = S("楷体用宋体代替");
    assert_int_equal(print_do(w, SECRETARY, &j, &e), E_CONFLICT);
    j.p.fonts = S("仿宋用宋体代替");
    assert_int_equal(print_do(w, SECRETARY, &j, &e), OK);
    assert_int_equal(itemdb_count(&w->t, "SELECT count(*) FROM print_run WHERE fonts_why ="
                                         " '样张已看过，可用'"),
        3);
    /* the desk cannot unlock what the item keeps */
    struct print_job u = {.what = UNLOCK, .id = text_of(w).manuscript, .text = S("改一个字")};
    assert_int_equal(print_do(w, SECRETARY, &u, &e), E_DENIED);
    assert_non_null(strstr(e.msg, "退回"));
}

static double x_of(const struct layout *l, size_t page, struct str text)
{
    for (size_t i = 0; i < l->pages[page].n_runs; i++)
        if (str_has(text, l->pages[page].runs[i].text) && l->pages[page].runs[i].text.n)
            return l->pages[page].runs[i].x;
    fail_msg("%.*s stands nowhere", SF(text));
    return 0;
}

static void trays_shift_what_is_printed(void **state)
{
    struct walk *w = *state;
    struct err e;
    struct print_job j = {.what = TRAY,
        .tray = {.printer = S("文印室 M7"),
            .tray = S("纸盒2"),
            .preprinted = true,
            .shift_x = 150,
            .shift_y = -80}};
    assert_int_equal(print_do(w, STAFF, &j, &e), E_DENIED);
    j.tray.shift_x = 5000;
    assert_int_equal(print_do(w, SECRETARY, &j, &e), E_INPUT);
    j.tray.shift_x = 150;
    assert_int_equal(print_do(w, SECRETARY, &j, &e), OK);
    j.tray.id = j.id + 1; /* taken away meanwhile: it does not come back under its number */
    assert_int_equal(print_do(w, SECRETARY, &j, &e), E_NOTFOUND);
    j.what = TRAY_DROP;
    assert_int_equal(print_do(w, SECRETARY, &j, &e), E_NOTFOUND);
    assert_int_equal(itemdb_count(&w->t, "SELECT count(*) FROM print_tray"), 1);
    j.what = TRAY;
    j.tray.id = 0;
    signed_and_numbered(w);
    struct final_copy c;
    struct layout plain, moved;
    struct faces *f;
    struct buf pdf;
    assert_int_equal(faces_open(NULL, &f, &e), OK);
    struct db *db = itemdb_read(&w->t);
    assert_int_equal(final_copy_read(db, &w->t.o.a, itemdb_as(&w->t, CHIEF), w->id, &c, &e), OK);
    store_read_end(db);
    assert_int_equal(
        final_copy_lay(&w->t.o.a, f, &c, &(struct final_sheet){.copies = 1}, &plain, &e), OK);
    assert_int_equal(
        final_copy_lay(&w->t.o.a, f, &c,
            &(struct final_sheet){
                .copies = 3, .first_no = 7, .preprinted = true, .shift_x = 1.5, .shift_y = -0.8},
            &moved, &e),
        OK);
    assert_int_equal(moved.n, 3 * plain.n);
    /* the number stands where it did, moved; the second copy bears the next 份号 */
    assert_true(fabs(x_of(&moved, 0, c.doc.docno) - x_of(&plain, 0, c.doc.docno) - 1.5) < 0.01);
    assert_true(x_of(&moved, plain.n, S("000008")) > 0);
    buf_init(&pdf, 0);
    assert_int_equal(print_tray_sheet(&w->t.o.a, f, &j.tray, &pdf, &e), OK);
    assert_true(str_starts(buf_view(&pdf), S("%PDF")));
    buf_release(&pdf);
    faces_close(f);
}

static void a_package_proves_itself(void **state)
{
    struct walk *w = *state;
    struct err e;
    struct faces *f;
    struct archive_made m;
    struct archive_pack k;
    assert_int_equal(faces_open(NULL, &f, &e), OK);
    signed_and_numbered(w);
    struct db *db = itemdb_read(&w->t);
    assert_int_equal(
        archive_pack_make(db, &w->t.o.a, f, itemdb_as(&w->t, SECRETARY), w->id, &m, &e),
        E_CONFLICT);
    store_read_end(db);
    assert_int_equal(seal_with(w, LIAISON2, 0, &e), OK);
    move(w, SECRETARY, "dispatch", NULL, NULL);
    unit_answers(w, LIAISON, UNIT_FINANCE, "已收", NULL);
    unit_answers(w, LIAISON2, UNIT_PARTY, "已收", NULL);
    move(w, SECRETARY, "file", NULL, NULL);
    db = itemdb_read(&w->t);
    assert_int_equal(
        archive_pack_make(db, &w->t.o.a, f, itemdb_as(&w->t, STAFF), w->id, &m, &e), E_DENIED);
    if (archive_pack_make(db, &w->t.o.a, f, itemdb_as(&w->t, SECRETARY), w->id, &m, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    assert_int_equal(m.files, 6);
    assert_true(str_has(m.manifest, S("  正本.ofd\n")));
    struct print_job j = {.what = PACK, .made = &m};
    assert_int_equal(print_do(w, STAFF, &j, &e), E_DENIED);
    assert_int_equal(print_do(w, SECRETARY, &j, &e), OK);
    assert_int_equal(print_do(w, SECRETARY, &j, &e), E_CONFLICT); /* the item has gone on */
    db = itemdb_read(&w->t);
    assert_int_equal(
        archive_pack_verify(db, &w->t.o.a, itemdb_as(&w->t, CHIEF), w->id, j.id, &k, &e), OK);
    assert_true(k.right);
    /* by the address of another item: what is read is logged under that */
    assert_int_equal(
        archive_pack_verify(db, &w->t.o.a, itemdb_as(&w->t, CHIEF), w->id + 1, j.id, &k, &e),
        E_NOTFOUND);
    store_read_end(db);
    faces_close(f);
}

/* ---- a picture in the text ---- */

struct picture_job {
    struct walk *w;
    int64_t manuscript;
    struct str png;
};
/* The text it began with, printed and corrected by the leader; the paper is kept with the round. */
static enum code corrected_on_paper(struct db *db, struct arena *a, const struct actor *by,
    const struct picture_job *j, struct err *e)
{
    struct pen_picture sheet = {.name = S("照片.jpg"), .wide = 300, .high = 200};
    struct pen_done done;
    struct str text;
    struct pen_new p = {
        .manuscript = j->manuscript, .corrector = S("王/总"), .day = S("2026-07-10")};
    int64_t pen = 0;
    TRY(blob_hash_bytes(j->png, &sheet.blob, e));
    TRY(manuscript_text(db, a, by, j->manuscript, -1, &text, NULL, e));
    TRY(manuscript_freeze(db, a, by, j->manuscript, S("送审稿"), &p.version, e));
    TRY(manuscript_pen_begin(db, a, by, &p, &pen, e));
    TRY(pen_sheets_put(db, a, by, pen, &(struct pen_pictures){.v = &sheet, .n = 1}, e));
    return manuscript_pen_finish(
        db, a, by, pen, arena_printf(a, "%.*s\n请抓紧。", SF(text)), false, &done, e);
}

static enum code picture_fn(struct db *db, void *arg, struct err *e)
{
    struct picture_job *j = arg;
    struct manuscript_picture f = {.name = S("值守表"), .wide = 300, .high = 200};
    struct manuscript_file made;
    struct manuscript_saved saved;
    struct arena *a = &j->w->t.o.a;
    const struct actor *by = itemdb_as(&j->w->t, STAFF);
    TRY(blob_hash_bytes(j->png, &f.blob, e));
    TRY(manuscript_file_put(db, a, by, j->manuscript, &f, &made, e));
    TRY(corrected_on_paper(db, a, by, j, e));
    return manuscript_save(db, a, by, j->manuscript, 0,
        S("集团党委办公室文件\n关于做好防汛工作的通知\n\n各单位：\n值守安排如下。\n[图：值守表]"
          "\n图1　值守表\n"
          "集团党委办公室\n2026年7月13日\n"),
        &saved, e);
}

static void the_picture_of_the_text_is_issued(void **state)
{
    struct walk *w = *state;
    struct picture_job j = {.w = w,
        .manuscript = manuscript_by(w, STAFF),
        .png = {(const char *)png_dot, sizeof(png_dot)}};
    const struct official_block *found = NULL;
    struct final_copy copy;
    struct archive_made m;
    struct faces *f;
    struct err e = {.msg = ""};
    begin(w, STAFF, "issue", FIELDS("不需会签", ""));
    assert_int_equal(carry(w, STAFF, j.manuscript, &e), OK);
    if (store_write(w->t.o.st, picture_fn, &j, &e) != OK)
        fail_msg("%s", e.msg);
    to_signing(w);
    answer(w, LEADER, "同意签发", NULL);
    number_it(w);
    assert_int_equal(seal_with(w, LIAISON2, 0, &e), OK);
    move(w, SECRETARY, "dispatch", NULL, NULL);
    unit_answers(w, LIAISON, UNIT_FINANCE, "已收", NULL);
    unit_answers(w, LIAISON2, UNIT_PARTY, "已收", NULL);
    move(w, SECRETARY, "file", NULL, NULL);
    struct db *db = itemdb_read(&w->t);
    if (final_copy_read(db, &w->t.o.a, itemdb_as(&w->t, SECRETARY), w->id, &copy, &e) != OK)
        fail_msg("%s", e.msg);
    for (size_t i = 0; i < copy.doc.n; i++)
        if (copy.doc.blocks[i].kind == OFFICIAL_PICTURE)
            found = &copy.doc.blocks[i];
    assert_non_null(found);
    assert_true(str_eq(found->png, j.png));
    assert_int_equal(faces_open(NULL, &f, &e), OK);
    if (archive_pack_make(db, &w->t.o.a, f, itemdb_as(&w->t, SECRETARY), w->id, &m, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    faces_close(f);
    assert_true(str_has(m.manifest, S("  定稿的图片/值守表.png\n")));
    assert_true(str_has(m.manifest, S("  办理过程/笔改01 王_总 2026-07-10/01.png\n")));
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_seal_is_used_by_its_keeper),
        T(printing_is_logged),
        T(trays_shift_what_is_printed),
        T(a_package_proves_itself),
        T(the_picture_of_the_text_is_issued),
    };
    return cmocka_run_group_tests_name("issue_paper", tests, NULL, NULL);
}
