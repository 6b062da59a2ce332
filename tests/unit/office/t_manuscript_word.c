/* Word to a manuscript and back: comments, tracked changes and pictures on the way through the real LibreOffice. */
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/utf8.h"
#include "noticedb.h"
#include "office/document.h"
#include "office/manuscript_edit.h"
#include "office/manuscript_note.h"
#include "office/manuscript_word.h"
#include "office/typeset.h"
#include "picture.h"

static char folder[] = "/tmp/qianshao-word-XXXXXX";
static struct reader_pool *pool;
static struct faces *faces;

static const char text[] = "关于做好汛期安全生产工作的通知\n"
                           "各部门：\n"
                           "进入七月以来，雨水增多。请于7月15日前报送预案。\n"
                           "坚持安全第一，把准备做在前面。\n"
                           "[图：现场]\n"
                           "图1　现场\n"
                           "请遵照执行。\n";

/* A draft as a colleague gives it back. */
static struct str draft(struct arena *a)
{
    struct str s = str_z(text), day = S("7月15日"), be = S("把准备做在前面"), end = S("执行");
    size_t d = str_find(s, day, 0), b = str_find(s, be, 0), x = str_find(s, end, 0);
    struct official_note notes[] = {{.kind = OFFICIAL_COMMENT,
                                        .from = d,
                                        .to = d + day.n,
                                        .text = S("日期请再核"),
                                        .author = S("李明"),
                                        .date = S("2026-07-10T09:30:00Z")},
        {.kind = OFFICIAL_DELETE,
            .from = b,
            .to = b + be.n,
            .text = S(""),
            .author = S("王芳"),
            .date = S("2026-07-10T10:00:00Z")},
        {.kind = OFFICIAL_INSERT,
            .from = b + be.n,
            .to = b + be.n,
            .text = S("把各项准备做在汛期前面"),
            .author = S("王芳"),
            .date = S("2026-07-10T10:01:00Z")},
        {.kind = OFFICIAL_INSERT,
            .from = x,
            .to = x,
            .text = S("认真"),
            .author = S("李明"),
            .date = S("2026-07-10T11:00:00Z")}};
    struct official_docx o = {.source = s, .notes = notes, .n_notes = 4};
    struct official_style style;
    struct typeset_read told;
    struct official doc;
    struct layout l;
    struct str docx;
    struct err e;
    assert_int_equal(typeset_read(a, s, NULL, &doc, &told, &e), OK);
    for (size_t i = 0; i < doc.n; i++)
        if (doc.blocks[i].kind == OFFICIAL_PICTURE) {
            doc.blocks[i].png = picture_png(a, 400, 200);
            doc.blocks[i].width_mm = 80;
        }
    official_style_of(doc.form, &style);
    assert_int_equal(layout_make(a, faces, &doc, &style, &l, &e), OK);
    assert_int_equal(official_docx(a, &doc, &style, &l, &o, &docx, &e), OK);
    return docx;
}

/* The same, saved by LibreOffice. */
static struct str saved(struct arena *a, struct str docx)
{
    char in[80], out[80], home[80], user[120], lang[] = "LC_ALL=C.UTF-8", path[] = "PATH=/usr/bin";
    char exe[] = "soffice", one[] = "--headless", two[] = "--convert-to",
         three[] = "docx:Office Open XML Text", four[] = "--outdir";
    char *argv[] = {exe, user, one, two, three, four, out, in, NULL},
         *env[] = {home, lang, path, NULL};
    pid_t pid = 0;
    int status = 1;
    struct buf b;
    struct str back;
    struct err e;
    if (access("/usr/bin/soffice", X_OK) != 0)
        return docx;
    (void)snprintf(in, sizeof(in), "%s/稿.docx", folder);
    (void)snprintf(out, sizeof(out), "%s/saved", folder);
    (void)snprintf(home, sizeof(home), "HOME=%s", folder);
    (void)snprintf(user, sizeof(user), "-env:UserInstallation=file://%s/office", folder);
    assert_int_equal(io_write_file(in, docx, 0600, &e), OK);
    assert_int_equal(posix_spawnp(&pid, exe, NULL, NULL, argv, env), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    buf_init(&b, 0);
    (void)snprintf(in, sizeof(in), "%s/saved/稿.docx", folder);
    assert_int_equal(io_read_file(in, (size_t)64 << 20, &b, &e), OK);
    back = arena_str(a, buf_view(&b));
    buf_release(&b);
    return back;
}

struct taking {
    struct itemdb *t;
    struct word_ready ready;
    struct word_taken taken;
    int64_t note, seq;
};

static enum code write_taken(struct db *db, void *arg, struct err *e)
{
    struct taking *k = arg;
    return manuscript_word_take(db, &k->t->o.a, itemdb_as(k->t, STAFF),
        &(struct manuscript_new){.title = S("汛期通知"), .level = LEVEL_INTERNAL}, &k->ready,
        &k->taken, e);
}

static enum code write_accept(struct db *db, void *arg, struct err *e)
{
    struct taking *k = arg;
    return manuscript_note_close(
        db, &k->t->o.a, itemdb_as(k->t, STAFF), k->note, NOTE_DONE, S(""), &k->seq, e);
}

static struct taking taken(struct itemdb *t, struct str docx, enum word_changes how)
{
    struct office o = {.readers = pool};
    struct taking k = {.t = t};
    struct word_draft w;
    struct rich r;
    struct err e = {.msg = ""};
    if (rich_read_bytes(pool, &t->o.a, docx, &r, &e) != OK)
        fail_msg("%s", e.msg);
    word_take(&t->o.a, &r, &w);
    if (manuscript_word_judge(&o, &t->o.a, &w, how, &k.ready, &e) != OK ||
        store_write(t->o.st, write_taken, &k, &e) != OK)
        fail_msg("%s", e.msg);
    return k;
}

static size_t notes_of(struct taking *k, struct manuscript_note **v, struct str *now)
{
    struct db *db;
    struct err e;
    size_t n = 0;
    assert_int_equal(store_read(k->t->o.st, &db, &e), OK);
    assert_int_equal(
        manuscript_notes(db, &k->t->o.a, itemdb_as(k->t, STAFF), k->taken.id, true, v, &n, &e), OK);
    assert_int_equal(
        manuscript_text(db, &k->t->o.a, itemdb_as(k->t, STAFF), k->taken.id, -1, now, NULL, &e),
        OK);
    store_read_end(db);
    return n;
}

static struct str exported(struct taking *k)
{
    struct manuscript_source s;
    struct str docx = S("");
    struct db *db;
    struct err e = {.msg = ""};
    assert_int_equal(store_read(k->t->o.st, &db, &e), OK);
    if (manuscript_word_source(db, &k->t->o.a, itemdb_as(k->t, STAFF), k->taken.id, &s, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    if (manuscript_word_docx(&k->t->o.a, faces, &s, MONDAY, &docx, &e) != OK)
        fail_msg("%s", e.msg);
    return docx;
}

static void what_word_carries_stands_on_the_desk(void **state)
{
    struct itemdb *t = *state;
    struct taking k = taken(t, saved(&t->o.a, draft(&t->o.a)), WORD_SUGGEST);
    struct manuscript_note *v;
    struct manuscript_file *files;
    struct str now, told;
    struct db *db;
    struct err e;
    size_t n;
    told = manuscript_word_told(&t->o.a, &k.taken);
    if (!str_eq(told, S("1条批注、2处修改建议、1幅图片")))
        fail_msg("%.*s", SF(told));
    assert_int_equal(k.ready.lost.n, 0);
    assert_int_equal(notes_of(&k, &v, &now), 3);
    assert_true(str_has(now, S("把准备做在前面"))); /* the text before the changes */
    assert_false(str_has(now, S("认真")));
    assert_int_equal(v[0].sort, NOTE_COMMENT);
    assert_true(str_eq(v[0].quote, S("7月15日")));
    assert_true(str_eq(v[0].words, S("日期请再核")));
    assert_true(str_eq(v[0].by_name, S("李明（Word稿）")));
    assert_int_equal(v[0].made_ms, MONDAY - 3 * MS_DAY + MS_HOUR / 2); /* as the wall clock said */
    assert_int_equal(v[1].sort, NOTE_SUGGESTION);
    assert_true(str_eq(v[1].quote, S("把准备做在前面")));
    assert_true(str_eq(v[1].put, S("把各项准备做在汛期前面"))); /* one for another is one */
    assert_true(str_eq(v[1].author, S("王芳")));
    assert_int_equal(v[2].quote.n, 0);
    assert_true(str_eq(v[2].put, S("认真")));
    assert_true(str_eq(v[2].author, S("李明")));

    assert_int_equal(store_read(t->o.st, &db, &e), OK);
    assert_int_equal(
        manuscript_files(db, &t->o.a, itemdb_as(t, STAFF), k.taken.id, &files, &n, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 1);
    assert_true(manuscript_file_used(now, files[0].name));
    assert_in_range(files[0].width_tenth, 798, 802); /* as wide as it was in Word */

    /* one by one: each accepted one changes the text, the others move along */
    for (size_t i = 1; i < 3; i++) {
        k.note = v[i].id;
        if (store_write(t->o.st, write_accept, &k, &e) != OK)
            fail_msg("%s", e.msg);
    }
    assert_int_equal(notes_of(&k, &v, &now), 1);
    assert_true(str_has(now, S("坚持安全第一，把各项准备做在汛期前面。")));
    assert_true(str_has(now, S("请遵照认真执行。")));
}

static void changes_can_be_taken_as_they_are(void **state)
{
    struct itemdb *t = *state;
    struct str docx = draft(&t->o.a), now;
    struct manuscript_note *v;
    struct taking k = taken(t, docx, WORD_ACCEPTED);
    assert_int_equal(notes_of(&k, &v, &now), 1);
    assert_true(str_has(now, S("把各项准备做在汛期前面")));
    assert_true(str_eq(v[0].quote, S("7月15日")));
    k = taken(t, docx, WORD_BEFORE);
    assert_int_equal(notes_of(&k, &v, &now), 1);
    assert_true(str_has(now, S("把准备做在前面")));
}

/* Word, desk, Word, desk: the same comments, suggestions, picture and text. */
static void there_and_back(void **state)
{
    struct itemdb *t = *state;
    struct taking one = taken(t, saved(&t->o.a, draft(&t->o.a)), WORD_SUGGEST), other;
    struct manuscript_note *v, *x;
    struct str before, after;
    size_t n = notes_of(&one, &v, &before);
    other = taken(t, saved(&t->o.a, exported(&one)), WORD_SUGGEST);
    assert_int_equal(notes_of(&other, &x, &after), n);
    assert_true(str_eq(before, after));
    assert_int_equal(other.taken.pictures, 1);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(x[i].sort, v[i].sort);
        assert_int_equal(x[i].from, v[i].from);
        assert_int_equal(x[i].to, v[i].to);
        assert_int_equal(x[i].made_ms, v[i].made_ms);
        assert_true(str_eq(x[i].words, v[i].words));
        assert_true(str_eq(x[i].put, v[i].put));
        assert_true(str_eq(x[i].author, v[i].author));
    }
}

static int open_all(void **state)
{
    struct err e;
    (void)state;
    return mkdtemp(folder) && reader_pool_open(NULL, 1, NULL, &pool, &e) == OK &&
                   faces_open(NULL, &faces, &e) == OK
               ? 0
               : -1;
}

static int close_all(void **state)
{
    char rm[] = "rm", how[] = "-rf", lang[] = "LC_ALL=C.UTF-8", *argv[] = {rm, how, folder, NULL},
         *env[] = {lang, NULL};
    pid_t pid = 0;
    int status;
    (void)state;
    reader_pool_close(pool);
    faces_close(faces);
    return posix_spawnp(&pid, rm, NULL, NULL, argv, env) == 0 && waitpid(pid, &status, 0) == pid
               ? 0
               : -1;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            what_word_carries_stands_on_the_desk, noticedb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(
            changes_can_be_taken_as_they_are, noticedb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(there_and_back, noticedb_set_up, itemdb_tear_down),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests_name("manuscript_word", tests, open_all, close_all);
}
