/* Sources, their running and the watched folder. */
#include <pthread.h>
#include <stdatomic.h>

#include "intake_test.h"

#include "office/audit.h"

#include "base/clock.h"

static struct intake_source folder(const struct scene *s)
{
    return (struct intake_source){.kind = INTAKE_FOLDER,
        .name = S("扫描收文"),
        .place = str_z(s->in),
        .level = LEVEL_INTERNAL};
}

static void a_source_is_checked_before_it_is_kept(void **state)
{
    struct scene *s = *state;
    struct err e;
    int64_t id;
    const struct {
        struct intake_source src;
        const char *says;
    } bad[] = {
        {{.kind = INTAKE_FOLDER, .name = S("甲"), .place = S("here")}, "完整路径"},
        {{.kind = INTAKE_FOLDER, .name = S("甲"), .place = S("/nonexistent/x")}, "无法打开"},
        {{.kind = INTAKE_MAIL, .name = S("甲"), .place = S("pop://h/"), .user = S("u")},
            "imaps://"},
        {{.kind = INTAKE_MAIL, .name = S("甲"), .place = S("imaps://h/INBOX")}, "用户名"},
        {{.kind = INTAKE_MAIL, .name = S("甲"), .place = S("imaps://u:p@h/"), .user = S("u")},
            "不要写"},
        {{.kind = INTAKE_FEED, .name = S("甲"), .place = S("file:///etc/passwd")}, "http"},
        {{.kind = INTAKE_FEED, .name = S(" "), .place = S("https://h/")}, "名称"},
        {{.kind = INTAKE_FEED, .name = S("a\nb"), .place = S("https://h/")}, "一行"},
        {{.kind = INTAKE_FEED, .name = S("甲"), .place = S("https://h/"), .every_s = 1}, "间隔"},
        {{.kind = (enum intake_kind)9, .name = S("甲"), .place = S("https://h/")}, "种类"},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        assert_int_equal(intake_add(s->o, &bad[i].src, S("pw"), 0, &id, &e), E_INPUT);
        if (!strstr(e.msg, bad[i].says))
            fail_msg("%zu: %s", i, e.msg);
    }
    struct intake_source src = folder(s);
    id = add_source(s, &src, "");
    assert_int_equal(intake_add(s->o, &src, S(""), 0, &id, &e), E_CONFLICT);
    assert_int_equal(number(s, "SELECT count(*) FROM intake_source"), 1);
}

/* A file to which somebody keeps writing. */
struct writer {
    char path[IO_PATH_MAX];
    atomic_bool stop;
};

static void *keep_writing(void *arg)
{
    struct writer *w = arg;
    FILE *f = fopen(w->path, "a");
    while (f && !atomic_load(&w->stop)) {
        (void)fputs("还没有写完的一行文字。\n", f);
        (void)fflush(f);
        pause_ms(200);
    }
    if (f)
        (void)fclose(f);
    return NULL;
}

/* Which of the office's folders, and where in it; what lies in a zip is below the zip. */
static void a_document_says_where_it_came_from(void **state)
{
    struct scene *s = *state;
    struct intake_source src = folder(s);
    char below[IO_PATH_MAX];
    struct err e;
    int64_t id = add_source(s, &src, "");
    must(io_join(below, s->in, "2024年", &e), &e);
    must(io_mkdirs(below, 0755, &e), &e);
    put(s, "2024年/通知.txt", "关于报送材料的通知\n\n各单位按时报送。\n");
    put(s, "来信.eml",
        "From: a@example.cn\r\nSubject: letter\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n见附件，请登记。\r\n--x\r\n"
        "Content-Type: text/plain; charset=utf-8; name=a.txt\r\n"
        "Content-Disposition: attachment; "
        "filename=a.txt\r\n\r\n附件里的文字，另有安排。\r\n--x--\r\n");
    struct intake_run r = run_ok(s, id);
    assert_int_equal(r.counts.of[IMPORT_TAKEN], 3);
    assert_int_equal(
        number(s, "SELECT count(*) FROM document WHERE source = '扫描收文：2024年/通知.txt'"
                  " AND file_name = '通知.txt'"),
        1);
    assert_int_equal(number(s, "SELECT count(*) FROM document WHERE source IN"
                               " ('扫描收文：来信.eml', '扫描收文：来信.eml/a.txt')"),
        2);
}

static void a_file_is_taken_when_it_rests_and_stays_where_it_is(void **state)
{
    struct scene *s = *state;
    struct intake_source src = folder(s);
    struct writer w = {.stop = false};
    pthread_t t;
    struct err e;
    int64_t id = add_source(s, &src, "");
    put(s, "通知.txt", "关于防汛工作的通知\n\n各单位要做好汛期值班。\n");
    put(s, "涉密.txt", "机密★1年\n\n关于某事的请示\n\n内容。\n");
    put(s, "正在下载.pdf.part", "x");
    put(s, ".隐藏.txt", "x");
    must(io_join(w.path, s->in, "在写.txt", &e), &e);
    assert_int_equal(pthread_create(&t, NULL, keep_writing, &w), 0);
    pause_ms(300);
    struct intake_run r = run_ok(s, id);
    assert_int_equal(r.found, 2);
    assert_int_equal(r.counts.of[IMPORT_TAKEN], 1);
    assert_int_equal(r.counts.of[IMPORT_REFUSED], 1);
    assert_int_equal(number(s, DOCUMENTS), 1);
    /* what was still being written is looked for again within seconds */
    assert_true(get_source(s, id).next_ms <= clock_now_ms() + 5000);
    atomic_store(&w.stop, true);
    assert_int_equal(pthread_join(t, NULL), 0);
    r = run_ok(s, id);
    assert_int_equal(r.found, 1);
    assert_int_equal(r.counts.of[IMPORT_TAKEN], 1);
    r = run_ok(s, id);
    assert_int_equal(r.found, 0);
    assert_int_equal(number(s, DOCUMENTS), 2);
    assert_true(io_exists(w.path));
    /* the same name with another text is another paper; a copy is a duplicate */
    put(s, "通知.txt", "关于防汛工作的补充通知\n\n值班电话另行通知。\n");
    put(s, "副本.txt", "关于防汛工作的通知\n\n各单位要做好汛期值班。\n");
    r = run_ok(s, id);
    assert_int_equal(r.found, 2);
    assert_int_equal(r.counts.of[IMPORT_TAKEN], 1);
    assert_int_equal(r.counts.of[IMPORT_DUPLICATE], 1);
    assert_int_equal(number(s, "SELECT count(*) FROM document WHERE origin = 2"), 3);
}

static void a_source_that_fails_waits_longer_each_time(void **state)
{
    struct scene *s = *state;
    struct intake_source src = folder(s);
    struct intake_run r, *runs;
    struct db *db;
    struct err e;
    size_t n;
    src.every_s = 100;
    int64_t id = add_source(s, &src, "");
    must(io_remove_tree(s->in, &e), &e);
    for (int i = 1; i <= 3; i++) {
        assert_int_equal(intake_run_now(s->o, &s->a, id, &r, &e), E_IO);
        struct intake_source now = get_source(s, id);
        int64_t wait = now.next_ms - clock_now_ms();
        assert_int_equal(now.failures, i);
        assert_non_null(strstr(now.error.p, "无法打开"));
        assert_in_range(wait, (100000 << i) - 5000, 100000 << i);
    }
    for (int i = 4; i <= 12; i++)
        assert_int_equal(intake_run_now(s->o, &s->a, id, &r, &e), E_IO);
    assert_in_range(
        get_source(s, id).next_ms - clock_now_ms(), INTAKE_BACKOFF_MS - 5000, INTAKE_BACKOFF_MS);
    must(store_read(s->o->store, &db, &e), &e);
    must(intake_runs(db, &s->a, id, &runs, &n, &e), &e);
    store_read_end(db);
    assert_int_equal(n, 12);
    assert_true(runs[0].finished_ms && runs[0].error.n);
    /* the first success counts from the beginning again */
    must(io_mkdirs(s->in, 0755, &e), &e);
    (void)run_ok(s, id);
    struct intake_source now = get_source(s, id);
    assert_int_equal(now.failures, 0);
    assert_int_equal(now.error.n, 0);
    assert_in_range(now.next_ms - clock_now_ms(), 90000, 100000);
}

static void the_worker_takes_what_comes_and_ends_when_told(void **state)
{
    struct scene *s = *state;
    struct intake_source src = folder(s);
    struct intake *w;
    struct err e;
    src.every_s = 5;
    int64_t id = add_source(s, &src, "");
    must(intake_start(s->o, &w, &e), &e);
    put(s, "周报.txt", "一周工作安排\n\n周一召开例会。\n");
    for (int i = 0; i < 150 && number(s, DOCUMENTS) < 1; i++)
        pause_ms(100);
    assert_int_equal(number(s, DOCUMENTS), 1);
    int64_t before = clock_mono_us();
    intake_stop(w);
    assert_true(clock_mono_us() - before < 3000000);
    must(intake_remove(s->o, id, 0, &e), &e);
    assert_int_equal(intake_remove(s->o, id, 0, &e), E_NOTFOUND);
    assert_int_equal(number(s, "SELECT count(*) FROM intake_seen"), 0);
    assert_int_equal(number(s, DOCUMENTS), 1);
}

struct second {
    struct scene *s;
    int64_t id;
    enum code code;
};

static void *ask_too(void *arg)
{
    struct second *x = arg;
    struct intake_run r;
    struct arena a;
    struct err e;
    arena_init(&a);
    pause_ms(500); /* the first is waiting for the file to rest */
    x->code = intake_run_now(x->s->o, &a, x->id, &r, &e);
    arena_release(&a);
    return NULL;
}

static void a_source_in_work_is_not_asked_twice(void **state)
{
    struct scene *s = *state;
    struct intake_source src = folder(s);
    struct intake_run r;
    struct err e;
    pthread_t t;
    struct second x = {s, add_source(s, &src, ""), OK};
    put(s, "简报.txt", "督查简报\n\n第一期。\n");
    assert_int_equal(pthread_create(&t, NULL, ask_too, &x), 0);
    r = run_ok(s, x.id);
    assert_int_equal(pthread_join(t, NULL), 0);
    assert_int_equal(r.counts.of[IMPORT_TAKEN], 1);
    assert_int_equal(x.code, E_BUSY);
    assert_int_equal(number(s, "SELECT count(*) FROM intake_run"), 1);
    must(intake_enable(s->o, x.id, false, 0, &e), &e);
    assert_false(get_source(s, x.id).enabled);
    assert_int_equal(intake_run_now(s->o, &s->a, 12345, &r, &e), E_NOTFOUND);
}

static void what_is_done_to_a_source_is_on_record(void **state)
{
    struct scene *s = *state;
    struct intake_source src = folder(s);
    struct audit_event *v;
    struct audit_report chain;
    struct db *db;
    struct err e;
    size_t n;
    int64_t id;
    must(intake_add(s->o, &src, S(""), 7, &id, &e), &e);
    must(intake_enable(s->o, id, false, 7, &e), &e);
    must(intake_enable(s->o, id, true, 8, &e), &e);
    must(intake_remove(s->o, id, 9, &e), &e);
    assert_int_equal(intake_enable(s->o, id, true, 9, &e), E_NOTFOUND);
    struct audit_filter f = {.kind = S("intake"), .subject = id};
    must(store_read(s->o->store, &db, &e), &e);
    must(audit_list(db, &s->a, &f, 10, &v, &n, &e), &e);
    must(audit_verify(db, &chain, &e), &e);
    store_read_end(db);
    assert_int_equal(chain.bad_seq, 0);
    assert_int_equal(n, 4); /* what failed is no event */
    assert_true(str_eq(v[0].verb, S("intake.remove")) && v[0].actor == 9);
    assert_true(str_eq(v[1].verb, S("intake.enable")) && v[1].actor == 8);
    assert_true(str_eq(v[2].verb, S("intake.disable")) && v[2].actor == 7);
    assert_true(str_eq(v[3].verb, S("intake.add")) && v[3].actor == 7);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            what_is_done_to_a_source_is_on_record, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(
            a_document_says_where_it_came_from, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(
            a_source_is_checked_before_it_is_kept, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(
            a_file_is_taken_when_it_rests_and_stays_where_it_is, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(
            a_source_that_fails_waits_longer_each_time, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(
            the_worker_takes_what_comes_and_ends_when_told, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(
            a_source_in_work_is_not_asked_twice, scene_open, scene_close),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests_name("intake", tests, NULL, NULL);
}
