/* What stood passed over in a text goes along with what is sent, with the signature and into the archive package. */
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/io.h"
#include "issuewalk.h"
#include "office/archive_pack_int.h"

extern char **environ;

struct text_job {
    const struct actor *by;
    enum { PASS, BACK } what;
    int64_t manuscript, pass;
    struct str why;
};

static enum code text_fn(struct db *db, void *arg, struct err *e)
{
    struct text_job *j = arg;
    struct arena a;
    enum code c;
    arena_init(&a);
    if (j->what == BACK)
        c = manuscript_pass_back(db, &a, j->by, j->manuscript, j->pass, e);
    else
        c = manuscript_pass_add(db, &a, j->by, j->manuscript,
            &(struct pass_new){.rule = S("W01"),
                .before = S("一、"),
                .words = S("加强值守"),
                .said = S("“值守”应为“值班”"),
                .why = j->why,
                .level = CHECK_ERROR},
            &j->pass, e);
    arena_release(&a);
    return c;
}

static enum code text_do(struct walk *w, int who, struct text_job *j, struct err *e)
{
    j->by = itemdb_as(&w->t, who);
    e->msg[0] = '\0';
    return store_write(w->t.o.st, text_fn, j, e);
}

static size_t passed_in(struct walk *w, int64_t list, struct str *why)
{
    struct pass_list l;
    struct err e = {.msg = ""};
    struct db *db = itemdb_read(&w->t);
    if (!list)
        l.n = 0;
    else if (manuscript_pass_list(db, &w->t.o.a, itemdb_as(&w->t, CHIEF), list, &l, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    if (why && l.n)
        *why = l.v->why;
    return l.n;
}

/* What the handling sheet of the package says, by another program. */
static struct str sheet_words(struct walk *w)
{
    char pdf[128], txt[128];
    const char *const argv[] = {"pdftotext", "-q", "-raw", pdf, txt, NULL};
    struct pack_source s = {.a = &w->t.o.a, .by = itemdb_as(&w->t, SECRETARY), .item = w->id};
    struct err e = {.msg = ""};
    struct buf b;
    int status = -1;
    pid_t pid;
    (void)snprintf(pdf, sizeof(pdf), "%s/sheet.pdf", w->t.o.t.dir);
    (void)snprintf(txt, sizeof(txt), "%s/sheet.txt", w->t.o.t.dir);
    buf_init(&b, 0);
    s.db = itemdb_read(&w->t);
    if (final_copy_read(s.db, s.a, s.by, w->id, &s.copy, &e) != OK || pack_sheet(&s, &b, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(s.db);
    assert_int_equal(io_write_file(pdf, buf_view(&b), 0600, &e), OK);
    assert_int_equal(
        posix_spawnp(&pid, argv[0], NULL, NULL, (char *const *)(uintptr_t)argv, environ), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    buf_clear(&b);
    assert_int_equal(io_read_file(txt, 1 << 20, &b, &e), OK);
    struct str words = arena_str(s.a, buf_view(&b));
    buf_release(&b);
    return words;
}

/* What stood passed over goes along with what is sent, and with the signature as it stood then. */
static void what_was_passed_over_goes_along(void **state)
{
    struct walk *w = *state;
    struct err e;
    struct str why = S("");
    struct text_job j = {.what = PASS, .why = S("防汛办的说法")};
    begin_issue(w, FIELDS("不需会签", ""));
    j.manuscript = text_of(w).manuscript;
    assert_int_equal(text_do(w, STAFF, &j, &e), OK);
    move(w, STAFF, "submit", NULL, "{\"reviewer\":@6}");
    int64_t sent = text_of(w).passes;
    assert_int_equal(passed_in(w, sent, &why), 1);
    assert_true(str_eq(why, S("防汛办的说法")));
    assert_int_equal(
        itemdb_count(&w->t, "SELECT count(*) FROM item_event WHERE verb = 'move' AND payload"
                            " LIKE '%\"passed\":{\"list\":%\"n\":1,\"errors\":1,\"sm3\":\"%'"),
        1);
    /* whoever checks it takes it back: what was sent before keeps its list */
    j.what = BACK;
    assert_int_equal(text_do(w, OTHER, &j, &e), OK);
    move(w, OTHER, "send", "已核。", "{\"signer\":@2}");
    assert_int_equal(text_of(w).number, 1);
    assert_int_equal(text_of(w).passes, 0);
    assert_int_equal(passed_in(w, sent, NULL), 1);
    answer(w, LEADER, "退回修改", "再核。");
    assert_int_equal(text_of(w).final_passes, 0);
    /* passed over behind what was sent: the signature bears it */
    to_signing(w);
    j.what = PASS;
    assert_int_equal(text_do(w, STAFF, &j, &e), OK);
    answer(w, LEADER, "同意签发", NULL);
    assert_int_equal(text_of(w).passes, 0);
    assert_int_equal(passed_in(w, text_of(w).final_passes, &why), 1);
    assert_int_equal(text_do(w, STAFF, &j, &e), E_DENIED); /* locked */
    j.what = BACK;
    assert_int_equal(text_do(w, CHIEF, &j, &e), E_DENIED);
    number_it(w);
    struct str sheet = sheet_words(w);
    assert_true(str_has(sheet, S("签发时略过的审校问题")));
    assert_true(str_has(sheet, S("第1稿，略过1处问题，其中错误1处（张三1处）")));
    assert_true(str_has(sheet, S("一、【加强值守】")) && str_has(sheet, S("防汛办的说法")));
    move(w, CHIEF, "withdraw", "依据有误。", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_passed_over_goes_along, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("issue_pass", tests, NULL, NULL);
}
