#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): memfd_create */
#include "paper_test.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "paper/cage.h"
#include "paper/charset.h"

static struct reader_pool *open_pool(int children, const struct reader_limits *lim)
{
    struct reader_pool *p = NULL;
    struct err e;

    assert_int_equal(reader_pool_open(NULL, children, lim, &p, &e), OK);
    return p;
}

static void reads_through_the_cage(void **state)
{
    struct reader_pool *p = open_pool(1, NULL);
    struct arena a;
    struct doc d;
    struct err e;

    (void)state;
    arena_init(&a);
    /* GB 18030 loads a converter module in the C library: it must have been warmed before the cage */
    if (reader_read_bytes(
            p, &a, S("\xCD\xA8\xD6\xAA\n\xB8\xF7\xB5\xA5\xCE\xBB"), S("a.txt"), &d, &e) != OK)
        fail_msg("%s", e.msg);
    assert_int_equal(d.n, 2);
    assert_true(str_eq(d.blocks[0].text, S("通知")));
    assert_true(str_eq(d.encoding, S("GB18030")));
    assert_int_equal(reader_read_bytes(p, &a, S("\x1A\x90\xE5\x77"), S("b.txt"), &d, &e), OK);
    assert_true(str_eq(d.blocks[0].text, S("通知")));
    arena_release(&a);
    reader_pool_close(p);
}

static void a_bad_file_is_one_line_and_the_next_is_read(void **state)
{
    struct reader_pool *p = open_pool(1, NULL);
    struct arena a;
    struct doc d;
    struct err e;

    (void)state;
    arena_init(&a);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(reader_read_bytes(p, &a, S(""), S("空.txt"), &d, &e), E_INPUT);
        assert_string_equal(e.msg, "文件“空.txt”：是空文件，没有内容");
        assert_int_equal(reader_read_bytes(p, &a, S("好"), S("好.txt"), &d, &e), OK);
    }
    arena_release(&a);
    reader_pool_close(p);
}

static void keeps_the_offset_and_the_size_limit(void **state)
{
    struct reader_limits lim = reader_limits_default();
    struct reader_pool *p;
    struct arena a;
    struct doc d;
    struct err e;
    int fd = memfd_create("t", MFD_CLOEXEC);

    (void)state;
    lim.file_bytes = 20;
    p = open_pool(1, &lim);
    arena_init(&a);
    assert_int_equal(write(fd, "hello\nworld\n", 12), 12);
    assert_int_equal(lseek(fd, 3, SEEK_SET), 3);
    assert_int_equal(reader_read(p, &a, fd, S("a.txt"), &d, &e), OK);
    assert_int_equal(d.n, 2);
    assert_int_equal(lseek(fd, 0, SEEK_CUR), 3);
    assert_int_equal(ftruncate(fd, 21 << 20), 0);
    assert_int_equal(reader_read(p, &a, fd, S("大.txt"), &d, &e), E_LIMIT);
    assert_non_null(strstr(e.msg, "大.txt"));
    (void)close(fd);
    arena_release(&a);
    reader_pool_close(p);
}

/* ---- the cage itself: each forbidden thing tried in a process of its own ---- */

static int outcome(void (*act)(void))
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        struct charset_warm w;
        struct err e;
        charset_warm(&w);
        if (cage_parser((size_t)1 << 30, &e) != OK)
            _exit(99);
        act();
        _exit(7); /* it was let through */
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void act_open(void)
{
    if (open("/etc/passwd", O_RDONLY) < 0)
        _exit(0);
}

static void act_socket(void)
{
    if (socket(AF_INET, SOCK_STREAM, 0) < 0)
        _exit(0);
}

static void act_exec(void)
{
    (void)execl("/bin/true", "true", (char *)NULL);
    _exit(0);
}

static void act_fork(void)
{
    if (syscall(SYS_fork) < 0)
        _exit(0);
}

static void act_kill_parent(void)
{
    if (kill(getppid(), 0) < 0)
        _exit(0);
}

static void act_memory(void)
{
    void *p = malloc((size_t)2 << 30);
    _exit(p == NULL ? 0 : 7);
}

static void act_convert(void)
{
    struct buf b = {0};

    (void)charset_decode(&b, S("\xCD\xA8\xD6\xAA"), S("gb2312"));
    (void)charset_decode(&b, S("\xA4\xA4"), S("big5"));
    _exit(b.p && strcmp(b.p, "通知中") == 0 ? 0 : 7);
}

static bool held(int status)
{
    return (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
           (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
}

static void the_cage_holds(void **state)
{
    static void (*const acts[])(void) = {
        act_open, act_socket, act_exec, act_fork, act_kill_parent, act_convert};

    (void)state;
    for (size_t i = 0; i < sizeof(acts) / sizeof(*acts); i++)
        if (!held(outcome(acts[i])))
            fail_msg("act %zu was let through", i);
    if (!CAGE_SANITIZED)
        assert_true(held(outcome(act_memory)));
}

static void a_dead_child_is_replaced(void **state)
{
    struct reader_pool *p = open_pool(1, NULL);
    struct arena a;
    struct doc d;
    struct err e;
    FILE *f;
    int pid = 0;

    (void)state;
    arena_init(&a);
    assert_int_equal(reader_read_bytes(p, &a, S("一"), S("a.txt"), &d, &e), OK);
    pid = child_pid();
    assert_true(pid > 0);
    assert_int_equal(kill(pid, SIGKILL), 0);
    for (int i = 0; i < 100; i++) { /* until its socket is closed */
        char path[64], state_letter = 0;
        (void)snprintf(path, sizeof(path), "/proc/%d/stat", pid);
        f = fopen(path, "r");
        if (!f || (fscanf(f, "%*d %*s %c", &state_letter) == 1 && state_letter == 'Z'))
            i = 100;
        if (f)
            (void)fclose(f);
        (void)nanosleep(&(struct timespec){0, 10000000}, NULL);
    }
    if (reader_read_bytes(p, &a, S("二"), S("b.txt"), &d, &e) != OK)
        fail_msg("%s", e.msg);
    arena_release(&a);
    reader_pool_close(p);
}

/* ---- many threads ---- */

enum { THREADS = 8, FILES = 400 };
struct work {
    struct reader_pool *p;
    int wrong;
};

static void *read_many(void *arg)
{
    struct work *w = arg;

    for (int i = 0; i < FILES; i++) {
        struct arena a;
        struct doc d;
        struct err e;
        char text[64];
        int n = snprintf(text, sizeof(text), "第%d号文件\n正文", i);
        struct str s = {text, (size_t)n};
        arena_init(&a);
        if (i % 50 == 49 && reader_read_bytes(w->p, &a, S(""), S("x"), &d, &e) != E_INPUT)
            w->wrong++;
        if (reader_read_bytes(w->p, &a, s, S("a.txt"), &d, &e) != OK || d.n != 2 ||
            !str_starts(s, d.blocks[0].text))
            w->wrong++;
        arena_release(&a);
    }
    return NULL;
}

/* More than 1,000 files a child, failures between: children are replaced under the threads' feet. A
 * thread that ends must not take the children with it that were started on its behalf. */
static void many_threads_share_few_children(void **state)
{
    struct work w = {open_pool(2, NULL), 0};
    pthread_t t[THREADS];
    struct timespec t0, t1;

    (void)state;
    (void)clock_gettime(CLOCK_MONOTONIC, &t0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&t[i], NULL, read_many, &w), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(t[i], NULL), 0);
    (void)clock_gettime(CLOCK_MONOTONIC, &t1);
    print_message("%d small files, 2 children: %.0f a second\n", THREADS * FILES,
        THREADS * FILES /
            ((double)(t1.tv_sec - t0.tv_sec) + (double)(t1.tv_nsec - t0.tv_nsec) / 1e9));
    assert_int_equal(w.wrong, 0);
    (void)read_many(&w); /* from yet another thread, after the others have gone */
    assert_int_equal(w.wrong, 0);
    reader_pool_close(w.p);
}

static void a_program_that_cannot_start_is_said(void **state)
{
    struct reader_pool *p = NULL;
    struct arena a;
    struct doc d;
    struct err e;

    (void)state;
    arena_init(&a);
    assert_int_equal(reader_pool_open("/no/such/program", 1, NULL, &p, &e), OK);
    assert_int_equal(reader_read_bytes(p, &a, S("x"), S("a.txt"), &d, &e), E_IO);
    assert_non_null(strstr(e.msg, "/no/such/program"));
    reader_pool_close(p);
    assert_int_equal(reader_pool_open("/bin/true", 1, NULL, &p, &e), OK);
    assert_int_equal(reader_read_bytes(p, &a, S("x"), S("a.txt"), &d, &e), E_IO);
    reader_pool_close(p);
    arena_release(&a);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_through_the_cage),
        cmocka_unit_test(a_bad_file_is_one_line_and_the_next_is_read),
        cmocka_unit_test(keeps_the_offset_and_the_size_limit),
        cmocka_unit_test(the_cage_holds),
        cmocka_unit_test(a_dead_child_is_replaced),
        cmocka_unit_test(many_threads_share_few_children),
        cmocka_unit_test(a_program_that_cannot_start_is_said),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
