#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): memfd_create, closefrom actions */
#include "paper/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "paper/cage.h"
#include "paper/oserr.h"

enum { ARGS_MAX = 80, CANNOT_START = 125 };

enum code memory_file(const char *label, int *fd, struct err *e)
{
    *fd = memfd_create(label, MFD_CLOEXEC);
    if (*fd < 0)
        return FAIL(e, E_IO, "无法建立内存文件：%s", os_error(errno).z);
    return OK;
}

static enum code write_whole(int fd, struct str s, struct err *e)
{
    while (s.n > 0) {
        ssize_t w = write(fd, s.p, s.n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return FAIL(e, E_IO, "内存文件写入失败：%s", os_error(errno).z);
        s = str_sub(s, (size_t)w, s.n);
    }
    return OK;
}

enum code memory_file_of(const char *label, struct str bytes, int *fd, struct err *e)
{
    int file = -1;
    TRY(memory_file(label, &file, e));
    enum code c = write_whole(file, bytes, e);
    if (c == OK)
        *fd = file;
    else
        (void)close(file);
    return c;
}

enum code read_whole(struct arena *a, int fd, size_t max, struct str *out, struct err *e)
{
    struct stat st;
    size_t n, got = 0;
    char *p;

    if (fstat(fd, &st) != 0)
        return FAIL(e, E_IO, "无法读取文件：%s", os_error(errno).z);
    n = (size_t)st.st_size;
    if (n > max)
        return FAIL(e, E_LIMIT, "转换结果超过上限 %zu MB", max >> 20);
    p = arena_alloc(a, n + 1);
    while (got < n) {
        ssize_t r = pread(fd, p + got, n - got, (off_t)got);
        if (r < 0 && errno == EINTR)
            continue;
        if (r <= 0)
            return FAIL(e, E_IO, "无法读取文件：%s", r < 0 ? os_error(errno).z : "中途变短");
        got += (size_t)r;
    }
    *out = (struct str){p, n};
    return OK;
}

const char *program_find(const char *const *paths)
{
    for (; *paths; paths++)
        if (access(*paths, X_OK) == 0)
            return *paths;
    return NULL;
}

/* ---- the child's side ---- */

int program_child(size_t memory, int argc, char **argv)
{
    struct cage_program cage = {.memory = memory};
    int64_t output, seconds;
    struct err e;
    int fd;

    if (argc < 4 || str_int(str_z(argv[0]), &output, &e) != OK ||
        str_int(str_z(argv[1]), &seconds, &e) != OK)
        return CANNOT_START;
    cage.output = (size_t)output;
    cage.seconds = (int)seconds;
    cage.limits_only = strcmp(argv[2], "limits") == 0;
    fd = open("/proc/self/fd/0", O_RDONLY | O_CLOEXEC); /* an offset of our own */
    if (fd >= 0)
        (void)dup2(fd, 0);
    if (chdir("/") != 0 || cage_program(&cage, &e) != OK) {
        (void)dprintf(2, "cage\n");
        return CANNOT_START;
    }
    (void)execv(argv[3], argv + 3);
    return CANNOT_START;
}

/* ---- the caller's side ---- */

static enum code spawn(
    const struct program *p, char *const argv[], int said, pid_t *pid, struct err *e)
{
    char home[] = "HOME=/nonexistent", tmp[] = "TMPDIR=/nonexistent";
    char path[] = "PATH=/usr/bin:/bin", lang[] = "LC_ALL=C.UTF-8", threads[] = "OMP_THREAD_LIMIT=1";
    char *env[] = {path, lang, threads, home, tmp, NULL};
    posix_spawn_file_actions_t fa;
    posix_spawnattr_t at;
    sigset_t none, all;
    int r;

    (void)sigemptyset(&none);
    (void)sigfillset(&all);
    (void)posix_spawn_file_actions_init(&fa);
    (void)posix_spawnattr_init(&at);
    if (p->in >= 0)
        (void)posix_spawn_file_actions_adddup2(&fa, p->in, 0);
    else
        (void)posix_spawn_file_actions_addopen(&fa, 0, "/dev/null", O_RDONLY, 0);
    (void)posix_spawn_file_actions_adddup2(&fa, p->out, 1);
    (void)posix_spawn_file_actions_adddup2(&fa, said, 2);
    (void)posix_spawn_file_actions_addclosefrom_np(&fa, 3);
    (void)posix_spawnattr_setflags(
        &at, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    (void)posix_spawnattr_setpgroup(&at, 0);
    (void)posix_spawnattr_setsigmask(&at, &none);
    (void)posix_spawnattr_setsigdefault(&at, &all);
    r = posix_spawn(pid, p->exe, &fa, &at, argv, env);
    (void)posix_spawn_file_actions_destroy(&fa);
    (void)posix_spawnattr_destroy(&at);
    if (r != 0)
        return FAIL(e, E_IO, "无法启动“%s”：%s", p->argv[0], os_error(r).z);
    return OK;
}

/* Wait at most `seconds`; then, and in any case for what it left behind, kill the group. */
static enum code await(pid_t pid, int seconds, int *status, struct err *e)
{
    struct pollfd f = {.fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN};
    int r = 1;

    if (f.fd >= 0) {
        do
            r = poll(&f, 1, seconds * 1000);
        while (r < 0 && errno == EINTR);
        (void)close(f.fd);
    }
    (void)kill(-pid, SIGKILL); /* not reaped yet: the number is still ours */
    while (waitpid(pid, status, 0) < 0 && errno == EINTR)
        continue;
    if (f.fd < 0)
        return FAIL(e, E_IO, "系统内核没有 pidfd，不运行外部转换程序");
    if (r == 0)
        return FAIL(e, E_LIMIT, "转换超过 %d 秒，可能是损坏或恶意构造的文件", seconds);
    return OK;
}

/* The argument list of the child: this executable's words, then the program's own. */
static bool arguments(const struct program *p, struct arena *a, char *argv[ARGS_MAX])
{
    size_t n = 0;

    argv[n++] = arena_z(a, str_z(p->exe));
    argv[n++] = arena_z(a, S("--reader-child"));
    argv[n++] = arena_z(a, S("run"));
    argv[n++] = arena_z(a, arena_printf(a, "%d", (int)getpid()));
    argv[n++] = arena_z(a, arena_printf(a, "%zu", p->memory));
    argv[n++] = arena_z(a, arena_printf(a, "%zu", p->output));
    argv[n++] = arena_z(a, arena_printf(a, "%d", p->seconds));
    argv[n++] = arena_z(a, str_z(p->own_cage ? "limits" : "cage"));
    for (size_t i = 0; p->argv[i]; i++) {
        if (n + 1 >= ARGS_MAX)
            return false;
        argv[n++] = arena_z(a, str_z(p->argv[i]));
    }
    argv[n] = NULL;
    return true;
}

enum code program_run(const struct program *p, struct program_end *end, struct err *e)
{
    char *argv[ARGS_MAX];
    struct arena a;
    int said = -1, status = 0;
    pid_t pid = 0;
    enum code c;

    TRY(memory_file("said", &said, e));
    arena_init(&a);
    c = arguments(p, &a, argv) ? spawn(p, argv, said, &pid, e)
                               : FAIL(e, E_BUG, "程序内部错误：转换参数太多");
    if (c == OK)
        c = await(pid, p->seconds, &status, e);
    if (c == OK) {
        ssize_t n = pread(said, end->said, sizeof(end->said) - 1, 0);
        end->said[n > 0 ? n : 0] = '\0';
        end->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        if (WIFSIGNALED(status))
            c = FAIL(e, E_LIMIT, "转换程序异常结束（信号 %d），文件可能已损坏", WTERMSIG(status));
        else if (end->status == CANNOT_START)
            c = FAIL(e, E_IO, "无法启动“%s”：%s", p->argv[0], end->said);
    }
    arena_release(&a);
    (void)close(said);
    return c;
}
