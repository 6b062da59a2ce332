#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "cli/control.h"

/* A folder so deep that its path alone is longer than a socket's address may be. */
struct spot {
    char top[IO_PATH_MAX], dir[IO_PATH_MAX];
    struct office o;
    struct control *k;
};

static int open_place(void **state)
{
    struct spot *p = mem_alloc(sizeof(*p));
    struct err e;
    assert_int_equal(io_temp_dir("t-control-", p->top, &e), OK);
    assert_int_equal(chmod(p->top, 0755), 0);
    int n = snprintf(p->dir, sizeof(p->dir), "%s/%0100d/%0100d", p->top, 1, 2);
    assert_in_range(n, 200, sizeof(p->dir) - 1);
    assert_int_equal(io_mkdirs(p->dir, 0755, &e), OK);
    p->o.dir = p->dir;
    assert_int_equal(control_open(&p->o, &p->k, &e), OK);
    *state = p;
    return 0;
}

static int close_place(void **state)
{
    struct spot *p = *state;
    struct err e;
    control_close(p->k);
    assert_int_equal(io_remove_tree(p->top, &e), OK);
    free(p);
    return 0;
}

static void pause_ms(int ms)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = ms * 1000000L}, NULL);
}

static bool hear(void *arg, json_t *o)
{
    ++*(int *)arg;
    json_decref(o);
    return true;
}

static void only_the_owner_may_touch_the_socket(void **state)
{
    const struct spot *p = *state;
    char path[IO_PATH_MAX];
    struct stat st;
    struct err e;
    assert_int_equal(io_join(path, p->dir, "control.sock", &e), OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void an_unknown_command_is_refused_in_words(void **state)
{
    const struct spot *p = *state;
    int fd, said = 0;
    struct err e;
    struct teller t = {hear, &said};
    json_t *args = json_object();
    assert_int_equal(control_connect(p->dir, &fd, &e), OK);
    assert_int_equal(control_call(fd, "nothing", args, &t, -1, &e), E_INPUT);
    assert_non_null(strstr(e.msg, "不认识"));
    /* a command that is done only by its own process is none for the socket */
    assert_int_equal(control_connect(p->dir, &fd, &e), OK);
    assert_int_equal(control_call(fd, "serve", args, &t, -1, &e), E_INPUT);
    assert_int_equal(said, 0);
    json_decref(args);
}

static void a_request_has_a_limit(void **state)
{
    const struct spot *p = *state;
    int fd;
    struct err e;
    char chunk[65536], answer[1024];
    size_t sent = 0;
    memset(chunk, 'x', sizeof(chunk));
    assert_int_equal(control_connect(p->dir, &fd, &e), OK);
    while (sent <= CONTROL_REQUEST_MAX) {
        ssize_t k = send(fd, chunk, sizeof(chunk), MSG_NOSIGNAL);
        if (k <= 0)
            break;
        sent += (size_t)k;
    }
    ssize_t n = recv(fd, answer, sizeof(answer) - 1, 0);
    assert_true(n > 0);
    answer[n] = '\0';
    assert_non_null(strstr(answer, "\"code\":1"));
    assert_non_null(strstr(answer, "1048576"));
    close(fd);
}

static void more_than_its_number_are_told_to_wait(void **state)
{
    struct spot *p = *state;
    int fd[CONTROL_CLIENTS], last;
    struct err e;
    int said = 0;
    struct teller t = {hear, &said};
    json_t *args = json_object();
    for (int i = 0; i < CONTROL_CLIENTS; i++)
        assert_int_equal(control_connect(p->dir, &fd[i], &e), OK);
    assert_int_equal(control_connect(p->dir, &last, &e), OK);
    enum code c = control_call(last, "nothing", args, &t, -1, &e);
    assert_int_equal(c, E_BUSY);
    for (int i = 0; i < CONTROL_CLIENTS; i++)
        close(fd[i]);
    /* places are free again as soon as they have noticed */
    for (int i = 0; i < 100 && c != E_INPUT; i++) {
        assert_int_equal(control_connect(p->dir, &last, &e), OK);
        c = control_call(last, "nothing", args, &t, -1, &e);
        pause_ms(20);
    }
    assert_int_equal(c, E_INPUT);
    json_decref(args);
}

static void a_silent_client_does_not_hold_up_the_end(void **state)
{
    struct spot *p = *state;
    int fd;
    struct err e;
    struct stat st;
    char path[IO_PATH_MAX];
    assert_int_equal(control_connect(p->dir, &fd, &e), OK);
    pause_ms(50);
    alarm(5);
    control_close(p->k);
    alarm(0);
    p->k = NULL;
    close(fd);
    assert_int_equal(io_join(path, p->dir, "control.sock", &e), OK);
    assert_int_not_equal(stat(path, &st), 0);
    assert_int_equal(control_connect(p->dir, &fd, &e), E_NOTFOUND);
}

/* As the child. Our own side refuses first; so the socket is also spoken to directly. 0: as it should be. */
static int as_another(const struct spot *p, bool open_socket)
{
    static const char request[] = "{\"command\":\"search\",\"args\":{\"query\":\"\"}}\n";
    struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = "control.sock"};
    char answer[1024];
    int fd;
    struct err e;
    if (setuid(65534) != 0 || control_connect(p->dir, &fd, &e) != E_DENIED)
        return 1;
    if (!open_socket)
        return 0;
    fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (chdir(p->dir) != 0 || connect(fd, (const struct sockaddr *)&a, sizeof(a)) != 0)
        return 2;
    (void)send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL);
    ssize_t n = recv(fd, answer, sizeof(answer) - 1, 0);
    if (n <= 0)
        return 3;
    answer[n] = '\0';
    return strstr(answer, "\"code\":4") ? 0 : 4; /* E_DENIED */
}

static void another_user_is_turned_away(void **state)
{
    struct spot *p = *state;
    char path[IO_PATH_MAX];
    struct err e;
    int status = -1;
    if (geteuid() != 0) {
        skip(); /* only root can be somebody else */
        return;
    }
    assert_int_equal(io_join(path, p->dir, "control.sock", &e), OK);
    for (int mode = 0; mode < 2; mode++) {
        /* the second time the file itself lets everybody in: the credentials must not */
        assert_int_equal(chmod(path, mode ? 0666 : 0600), 0);
        pid_t pid = fork();
        if (pid == 0)
            _exit(as_another(p, mode == 1));
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(WEXITSTATUS(status), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            only_the_owner_may_touch_the_socket, open_place, close_place),
        cmocka_unit_test_setup_teardown(
            an_unknown_command_is_refused_in_words, open_place, close_place),
        cmocka_unit_test_setup_teardown(a_request_has_a_limit, open_place, close_place),
        cmocka_unit_test_setup_teardown(
            more_than_its_number_are_told_to_wait, open_place, close_place),
        cmocka_unit_test_setup_teardown(
            a_silent_client_does_not_hold_up_the_end, open_place, close_place),
        cmocka_unit_test_setup_teardown(another_user_is_turned_away, open_place, close_place),
    };
    return cmocka_run_group_tests_name("control", tests, NULL, NULL);
}
