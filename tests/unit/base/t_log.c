#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/utf8.h"

struct sink {
    FILE *f;
    struct log log;
};

static void sink_open(struct sink *s, enum log_level least)
{
    s->f = tmpfile();
    assert_non_null(s->f);
    s->log = (struct log){fileno(s->f), least, ZONE_CHINA};
}

/* The next line as JSON; every line must be one. */
static json_t *next_line(struct sink *s)
{
    char line[LOG_LINE_MAX + 2];
    json_t *v = NULL;
    struct err e;

    assert_non_null(fgets(line, sizeof(line), s->f));
    assert_int_equal(line[strlen(line) - 1], '\n');
    assert_true(strlen(line) <= LOG_LINE_MAX);
    assert_int_equal(utf8_check(str_z(line)), SIZE_MAX);
    assert_int_equal(jr_parse(str_z(line), &v, &e), OK);
    return v;
}

static void one_line_for_each_event(void **state)
{
    struct sink s;
    struct log_line l;
    struct err e;
    json_t *v;
    int64_t when = 0, now = clock_now_ms();
    (void)state;
    sink_open(&s, LOG_INFO);
    log_begin(&l, &s.log, LOG_DEBUG, "never.seen");
    log_str(&l, "k", S("v"));
    log_end(&l);
    log_begin(&l, NULL, LOG_ERROR, "never.seen");
    log_end(&l);
    log_begin(&l, &s.log, LOG_WARN, "import.refused");
    log_str(&l, "name", S("a\n\"b\".txt"));
    log_str(&l, "new_password", S("hunter2"));
    log_int(&l, "n", -3);
    log_bool(&l, "again", true);
    log_id(&l, "document", 9007199254740993);
    (void)FAIL(&e, E_LIMIT, "文件过大");
    log_err(&l, &e);
    log_end(&l);
    rewind(s.f);
    v = next_line(&s);
    assert_true(str_eq(jr_str(v, "level"), S("warn")));
    assert_true(str_eq(jr_str(v, "event"), S("import.refused")));
    assert_true(str_eq(jr_str(v, "name"), S("a\n\"b\".txt")));
    assert_non_null(strstr(jr_str(v, "file").p, "t_log.c"));
    assert_true(str_eq(jr_str(v, "new_password"), S("***")));
    assert_int_equal(jr_int(v, "n", 0), -3);
    assert_true(str_eq(jr_str(v, "document"), S("9007199254740993")));
    assert_true(str_eq(jr_str(v, "message"), S("文件过大")));
    assert_int_equal(clock_parse(jr_str(v, "time"), 0, &when, &e), OK);
    assert_in_range(when, now, clock_now_ms());
    assert_int_equal(fgetc(s.f), EOF);
    json_decref(v);
    (void)fclose(s.f);
}

static void long_lines_are_cut_and_stay_json(void **state)
{
    struct buf text;
    char big[512];
    struct sink s;
    struct log_line l;
    json_t *v;
    (void)state;
    sink_open(&s, LOG_DEBUG);
    for (size_t pad = 0; pad < 3; pad++) {
        buf_init(&text, 2000);
        buf_add(&text, "aa", pad);
        while (!text.full)
            buf_z(&text, "号");
        log_begin(&l, &s.log, LOG_INFO, "x.y");
        log_str(&l, "text", buf_view(&text));
        log_end(&l);
        buf_release(&text);
    }
    memset(big, '\x01', sizeof(big)); /* six bytes each when escaped */
    log_begin(&l, &s.log, LOG_INFO, "x.y");
    log_str(&l, "one", (struct str){big, 512});
    log_str(&l, "two", (struct str){big, 512});
    log_int(&l, "three", 3);
    log_end(&l);
    rewind(s.f);
    for (size_t pad = 0; pad < 3; pad++) {
        v = next_line(&s);
        assert_in_range(jr_str(v, "text").n, LOG_VALUE_MAX - 3, LOG_VALUE_MAX);
        assert_true(jr_bool(v, "cut", false));
        json_decref(v);
    }
    v = next_line(&s);
    assert_int_equal(jr_str(v, "one").n, 512);
    assert_null(json_object_get(v, "two"));
    assert_int_equal(jr_int(v, "three", 0), 3);
    assert_true(jr_bool(v, "cut", false));
    json_decref(v);
    (void)fclose(s.f);
}

enum { THREADS = 4, LINES = 500 };

static void *write_lines(void *arg)
{
    for (int i = 0; i < LINES; i++) {
        struct log_line l;
        log_begin(&l, arg, LOG_INFO, "thread.line");
        log_str(&l, "text", S("一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"));
        log_end(&l);
    }
    return NULL;
}

static void lines_of_threads_do_not_mix(void **state)
{
    pthread_t t[THREADS];
    char dir[IO_PATH_MAX], path[IO_PATH_MAX];
    struct buf b;
    struct str rest, line;
    struct err e;
    struct log log = {-1, LOG_DEBUG, 0};
    int n = 0;
    (void)state;
    assert_int_equal(io_temp_dir("t_log", dir, &e), OK);
    assert_int_equal(io_join(path, dir, "log", &e), OK);
    log.fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    assert_true(log.fd >= 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&t[i], NULL, write_lines, &log), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(t[i], NULL), 0);
    buf_init(&b, 0);
    assert_int_equal(io_read_file(path, 1 << 22, &b, &e), OK);
    rest = buf_view(&b);
    while (str_next(&rest, S("\n"), &line)) {
        json_t *v = NULL;
        assert_int_equal(jr_parse(line, &v, &e), OK);
        json_decref(v);
        n++;
    }
    assert_int_equal(n, THREADS * LINES);
    buf_release(&b);
    (void)close(log.fd);
    assert_int_equal(io_remove_tree(dir, &e), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_line_for_each_event),
        cmocka_unit_test(long_lines_are_cut_and_stay_json),
        cmocka_unit_test(lines_of_threads_do_not_mix),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
