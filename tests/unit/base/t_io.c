#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"

static char root[IO_PATH_MAX];
static char path[IO_PATH_MAX];

static const char *in_root(const char *name)
{
    struct err e;

    assert_int_equal(io_join(path, root, name, &e), OK);
    return path;
}

static int make_root(void **state)
{
    struct err e;
    (void)state;
    return io_temp_dir("t_io", root, &e) == OK ? 0 : -1;
}

static int drop_root(void **state)
{
    struct err e;
    (void)state;
    return io_remove_tree(root, &e) == OK && !io_exists(root) ? 0 : -1;
}

static size_t names_in(const char *dir)
{
    DIR *d = opendir(dir);
    size_t n = 0;

    assert_non_null(d);
    while (readdir(d)) // NOLINT(concurrency-mt-unsafe): own DIR
        n++;
    assert_int_equal(closedir(d), 0);
    return n - 2; /* . and .. */
}

static void a_write_is_whole_or_not_there(void **state)
{
    struct buf b;
    struct err e;
    struct stat st;
    (void)state;
    buf_init(&b, 0);
    assert_int_equal(io_write_file(in_root("a.txt"), S("first"), 0640, &e), OK);
    assert_int_equal(io_write_file(in_root("a.txt"), S("第二稿"), 0640, &e), OK);
    assert_int_equal(io_read_file(in_root("a.txt"), 100, &b, &e), OK);
    assert_string_equal(b.p, "第二稿");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    assert_int_equal(names_in(root), 1);
    /* a name that cannot be replaced: the file aside must not stay */
    assert_int_equal(io_mkdirs(in_root("d/x"), 0755, &e), OK);
    assert_int_not_equal(io_write_file(in_root("d"), S("x"), 0644, &e), OK);
    assert_int_equal(names_in(root), 2);
    assert_int_equal(io_write_file(in_root("no/such/dir"), S("x"), 0644, &e), E_NOTFOUND);
    assert_non_null(strstr(e.msg, "no/such/dir"));
    buf_release(&b);
}

static void reading_keeps_to_its_limit(void **state)
{
    struct buf b;
    struct err e;
    (void)state;
    buf_init(&b, 0);
    buf_z(&b, "kept");
    assert_int_equal(io_write_file(in_root("ten"), S("0123456789"), 0600, &e), OK);
    assert_int_equal(io_read_file(path, 9, &b, &e), E_LIMIT);
    assert_non_null(strstr(e.msg, "9"));
    assert_int_equal(b.n, 4);
    assert_int_equal(io_read_file(path, 10, &b, &e), OK);
    assert_string_equal(b.p, "kept0123456789");
    assert_int_equal(io_read_file("/dev/zero", 100000, &b, &e), E_LIMIT);
    assert_int_equal(io_read_file(in_root("nope"), 10, &b, &e), E_NOTFOUND);
    assert_int_equal(io_read_file(root, 10, &b, &e), E_INPUT);
    assert_non_null(strstr(e.msg, "目录"));
    assert_int_equal(b.n, 14);
    buf_release(&b);
}

static void reads_from_a_pipe(void **state)
{
    struct buf b;
    struct err e;
    int p[2];
    (void)state;
    buf_init(&b, 0);
    assert_int_equal(pipe(p), 0);
    assert_int_equal(io_write_fd(p[1], "管道", S("abc"), &e), OK);
    assert_int_equal(close(p[1]), 0);
    assert_int_equal(io_read_fd(p[0], "管道", 3, &b, &e), OK);
    assert_string_equal(b.p, "abc");
    assert_int_equal(close(p[0]), 0);
    buf_release(&b);
}

static void folders_are_made_and_removed_whole(void **state)
{
    struct err e;
    (void)state;
    assert_int_equal(io_mkdirs(in_root("x/y//z/"), 0755, &e), OK);
    assert_int_equal(io_mkdirs(path, 0755, &e), OK);
    assert_int_equal(io_write_file(in_root("x/.hidden"), S(""), 0600, &e), OK);
    assert_int_equal(io_mkdirs(in_root("x/.hidden/q"), 0755, &e), E_INPUT);
    assert_int_equal(io_mkdirs(in_root("x/.hidden"), 0755, &e), E_CONFLICT);
    assert_int_equal(io_mkdirs(in_root("outside"), 0755, &e), OK);
    assert_int_equal(io_write_file(in_root("outside/keep"), S("k"), 0600, &e), OK);
    assert_int_equal(symlink("../outside", in_root("x/link")), 0);
    assert_int_equal(io_remove_tree(in_root("x"), &e), OK);
    assert_false(io_exists(in_root("x")));
    assert_true(io_exists(in_root("outside/keep")));
    assert_int_equal(io_remove_tree(in_root("x"), &e), OK); /* again is harmless */
}

static void a_lock_keeps_another_process_out(void **state)
{
    struct err e;
    char lock[IO_PATH_MAX], pid[40];
    int fd, status = 0;
    pid_t child;
    (void)state;
    memcpy(lock, in_root("lock"), sizeof(lock));
    assert_int_equal(io_lock(lock, &fd, &e), OK);
    assert_true(snprintf(pid, sizeof(pid), "进程号 %ld）", (long)getpid()) > 0);
    child = fork();
    if (child == 0) {
        int other;
        if (io_lock(lock, &other, &e) != E_BUSY || !strstr(e.msg, pid) || !strstr(e.msg, lock))
            _exit(1);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    io_unlock(fd);
    assert_int_equal(io_lock(lock, &fd, &e), OK);
    io_unlock(fd);
}

struct seen {
    struct buf text;
    int stop_after;
};

static enum code note(const struct io_entry *entry, void *arg, struct err *e)
{
    struct seen *s = arg;

    buf_printf(&s->text, "%.*s%s%s\n", SF(entry->rel), entry->kind == IO_FILE ? "" : ": ",
        entry->kind == IO_FILE ? "" : entry->why);
    if (--s->stop_after == 0)
        return FAIL(e, E_BUSY, "够了");
    return OK;
}

static void put(const char *name)
{
    struct err e;

    assert_int_equal(io_write_file(in_root(name), S("x"), 0600, &e), OK);
}

static void a_tree_is_walked_in_order_and_loops_end(void **state)
{
    struct seen s = {.stop_after = -1};
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int sock = socket(AF_UNIX, SOCK_STREAM, 0);
    struct err e;
    (void)state;
    assert_int_equal(io_mkdirs(in_root("t/b"), 0755, &e), OK);
    assert_int_equal(io_mkdirs(in_root("t/.git"), 0755, &e), OK);
    put("t/.git/config");
    put("t/b/二.txt");
    put("t/b/一.txt");
    put("t/a");
    put("t/c");
    assert_int_equal(symlink("..", in_root("t/b/up")), 0);
    assert_int_equal(symlink("nowhere", in_root("t/dead")), 0);
    assert_int_equal(symlink("a", in_root("t/d")), 0);
    assert_true(strlen(in_root("t/s")) < sizeof(at.sun_path));
    memcpy(at.sun_path, path, strlen(path));
    assert_int_equal(bind(sock, (const struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(close(sock), 0);
    assert_int_equal(io_walk(in_root("t"), note, &s, &e), OK);
    assert_string_equal(s.text.p, "a\nb/up: 目录成环\nb/一.txt\nb/二.txt\nc\nd\n"
                                  "dead: 无法打开\ns: 不是普通文件\n");
    buf_clear(&s.text);
    s.stop_after = 2;
    assert_int_equal(io_walk(in_root("t/"), note, &s, &e), E_BUSY);
    assert_string_equal(s.text.p, "a\nb/up: 目录成环\n");
    buf_clear(&s.text);
    assert_int_equal(io_walk(in_root("t/c"), note, &s, &e), OK);
    assert_string_equal(s.text.p, "c\n");
    assert_int_equal(io_walk(in_root("none"), note, &s, &e), E_NOTFOUND);
    buf_release(&s.text);
}

/* A buf whose maximum is the limit itself holds a file of exactly that size. */
static void a_full_buffer_is_no_failure(void **state)
{
    char dir[IO_PATH_MAX], file[IO_PATH_MAX];
    struct buf b;
    struct err e;

    (void)state;
    assert_int_equal(io_temp_dir("qs-io", dir, &e), OK);
    assert_int_equal(io_join(file, dir, "f", &e), OK);
    assert_int_equal(io_write_file(file, S("12345678"), 0600, &e), OK);
    for (size_t max = 6; max <= 10; max++) {
        buf_init(&b, max);
        assert_int_equal(io_read_file(file, max, &b, &e), max < 8 ? E_LIMIT : OK);
        if (max >= 8)
            assert_true(str_eq(buf_view(&b), S("12345678")));
        buf_release(&b);
    }
    assert_int_equal(io_remove_tree(dir, &e), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_buffer_is_no_failure),
        cmocka_unit_test_setup_teardown(a_write_is_whole_or_not_there, make_root, drop_root),
        cmocka_unit_test_setup_teardown(reading_keeps_to_its_limit, make_root, drop_root),
        cmocka_unit_test_setup_teardown(reads_from_a_pipe, make_root, drop_root),
        cmocka_unit_test_setup_teardown(folders_are_made_and_removed_whole, make_root, drop_root),
        cmocka_unit_test_setup_teardown(a_lock_keeps_another_process_out, make_root, drop_root),
        cmocka_unit_test_setup_teardown(
            a_tree_is_walked_in_order_and_loops_end, make_root, drop_root),
    };
    return cmocka_run_group_tests_name("io", tests, NULL, NULL);
}
