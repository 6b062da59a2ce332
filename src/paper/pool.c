/* The pool of reading children: who is free, who is replaced, how long one may take. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): closefrom actions of posix_spawn */
#include "paper/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/utf8.h"
#include "paper/cage.h"
#include "paper/doc_int.h"
#include "paper/oserr.h"
#include "paper/program.h"

enum { FILES_PER_CHILD = 1000, CHILDREN_MAX = 64 };

enum slot_state { SLOT_EMPTY = 0, SLOT_WANTED, SLOT_FREE, SLOT_BUSY, SLOT_FAILED };
struct slot {
    enum slot_state state;
    pid_t pid;
    int sock;
    int files; /* read by this child so far */
};

/* Children are started by a thread of the pool's own: PR_SET_PDEATHSIG follows the thread that forked,
 * not the process, and a web worker may end before the pool does. */
struct reader_pool {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t starter;
    bool closing;
    int n;
    struct slot *slots;
    struct reader_limits limits;
    char *exe;
};

struct reader_limits reader_limits_default(void)
{
    return (struct reader_limits){.file_bytes = (size_t)256 << 20,
        .unpacked_bytes = (size_t)512 << 20,
        .members = 10000,
        .text_bytes = (size_t)64 << 20,
        .depth = 4,
        .seconds = 30,
        .memory = (size_t)1 << 30};
}

const char *pool_exe(const struct reader_pool *p)
{
    return p->exe;
}

const struct reader_limits *pool_limits(const struct reader_pool *p)
{
    return &p->limits;
}

/* ---- starting and ending a child ---- */

static int start(const struct reader_pool *p, int sock, pid_t *pid)
{
    char parent[24], memory[24], word[] = "--reader-child", how[] = "loop";
    char lang[] = "LC_ALL=C.UTF-8", *clean_env[] = {lang, NULL};
    char *argv[] = {p->exe, word, how, parent, memory, NULL};
    posix_spawn_file_actions_t fa;
    posix_spawnattr_t at;
    sigset_t none, all;
    int r;

    (void)snprintf(parent, sizeof(parent), "%d", (int)getpid());
    (void)snprintf(memory, sizeof(memory), "%zu", p->limits.memory);
    (void)sigemptyset(&none);
    (void)sigfillset(&all);
    (void)posix_spawn_file_actions_init(&fa);
    (void)posix_spawnattr_init(&at);
    (void)posix_spawn_file_actions_adddup2(&fa, sock, WIRE_FD);
    (void)posix_spawn_file_actions_addopen(&fa, 0, "/dev/null", O_RDONLY, 0);
    (void)posix_spawn_file_actions_addopen(&fa, 1, "/dev/null", O_WRONLY, 0);
    if (!CAGE_SANITIZED) /* libraries grumble there; a sanitizer's report must be seen */
        (void)posix_spawn_file_actions_addopen(&fa, 2, "/dev/null", O_WRONLY, 0);
    (void)posix_spawn_file_actions_addclosefrom_np(&fa, WIRE_FD + 1);
    (void)posix_spawnattr_setflags(&at, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    (void)posix_spawnattr_setsigmask(&at, &none);
    (void)posix_spawnattr_setsigdefault(&at, &all);
    r = posix_spawn(pid, p->exe, &fa, &at, argv, CAGE_SANITIZED ? environ : clean_env);
    (void)posix_spawn_file_actions_destroy(&fa);
    (void)posix_spawnattr_destroy(&at);
    return r;
}

static void fill(struct reader_pool *p, struct slot *s)
{
    int pair[2] = {-1, -1}, r;
    pid_t pid = 0;

    r = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0 ? 0 : errno;
    if (r == 0 && pair[1] == WIRE_FD) { /* dup2 onto itself would keep close-on-exec */
        int moved = fcntl(pair[1], F_DUPFD_CLOEXEC, WIRE_FD + 1);
        (void)close(pair[1]);
        pair[1] = moved;
    }
    if (r == 0)
        r = start(p, pair[1], &pid);
    if (pair[1] >= 0)
        (void)close(pair[1]);
    if (r != 0 && pair[0] >= 0)
        (void)close(pair[0]);
    (void)pthread_mutex_lock(&p->lock);
    *s = (struct slot){r == 0 ? SLOT_FREE : SLOT_FAILED, pid, pair[0], 0};
    (void)pthread_cond_broadcast(&p->changed);
    (void)pthread_mutex_unlock(&p->lock);
}

static void *starter_main(void *arg)
{
    struct reader_pool *p = arg;

    (void)pthread_mutex_lock(&p->lock);
    while (!p->closing) {
        struct slot *s = NULL;
        for (int i = 0; i < p->n && !s; i++)
            if (p->slots[i].state == SLOT_WANTED)
                s = &p->slots[i];
        if (!s) {
            (void)pthread_cond_wait(&p->changed, &p->lock);
            continue;
        }
        (void)pthread_mutex_unlock(&p->lock);
        fill(p, s); /* the slot is nobody else's while it is wanted */
        (void)pthread_mutex_lock(&p->lock);
    }
    (void)pthread_mutex_unlock(&p->lock);
    return NULL;
}

/* End the child of a slot that this thread holds; returns the wait status. */
static int end_child(struct slot *s)
{
    int status = 0;

    (void)kill(s->pid, SIGKILL);
    while (waitpid(s->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    (void)close(s->sock);
    return status;
}

enum code reader_pool_open(const char *exe, int children, const struct reader_limits *limits,
    struct reader_pool **out, struct err *e)
{
    struct reader_pool *p = mem_alloc(sizeof(*p));
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    sigset_t all, before;
    int r;

    p->n = children > 0 ? children : cpus > 0 ? (int)cpus : 1;
    p->n = p->n < CHILDREN_MAX ? p->n : CHILDREN_MAX;
    p->slots = mem_alloc((size_t)p->n * sizeof(*p->slots));
    p->limits = limits ? *limits : reader_limits_default();
    exe = exe ? exe : "/proc/self/exe";
    p->exe = mem_dup(exe, strlen(exe));
    (void)pthread_mutex_init(&p->lock, NULL);
    (void)pthread_cond_init(&p->changed, NULL);
    (void)sigfillset(&all); /* signals are for the threads that wait for them */
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    r = pthread_create(&p->starter, NULL, starter_main, p);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (r != 0) {
        free(p->slots);
        free(p->exe);
        free(p);
        return FAIL(e, E_IO, "无法启动线程：%s", os_error(r).z);
    }
    *out = p;
    return OK;
}

void reader_pool_close(struct reader_pool *p)
{
    if (!p)
        return;
    (void)pthread_mutex_lock(&p->lock);
    p->closing = true;
    (void)pthread_cond_broadcast(&p->changed);
    (void)pthread_mutex_unlock(&p->lock);
    (void)pthread_join(p->starter, NULL);
    for (int i = 0; i < p->n; i++)
        if (p->slots[i].state == SLOT_FREE)
            (void)end_child(&p->slots[i]);
    (void)pthread_cond_destroy(&p->changed);
    (void)pthread_mutex_destroy(&p->lock);
    free(p->slots);
    free(p->exe);
    free(p);
}

/* ---- borrowing a child ---- */

static enum code borrow(struct reader_pool *p, struct slot **out, struct err *e)
{
    enum code c = OK;
    struct slot *s = NULL;

    (void)pthread_mutex_lock(&p->lock);
    while (!s && c == OK) {
        struct slot *empty = NULL;
        bool coming = false;
        for (int i = 0; i < p->n && !s; i++) {
            struct slot *x = &p->slots[i];
            if (x->state == SLOT_FREE)
                s = x;
            else if (x->state == SLOT_FAILED) {
                x->state = SLOT_EMPTY;
                c = FAIL(e, E_IO, "无法启动读取进程“%s”", p->exe);
            } else if (x->state == SLOT_EMPTY)
                empty = x;
            else
                coming = coming || x->state == SLOT_WANTED;
        }
        if (s || c != OK)
            break;
        if (empty && !coming) {
            empty->state = SLOT_WANTED;
            (void)pthread_cond_broadcast(&p->changed);
        }
        (void)pthread_cond_wait(&p->changed, &p->lock);
    }
    if (s && c == OK)
        s->state = SLOT_BUSY;
    (void)pthread_mutex_unlock(&p->lock);
    *out = s;
    return c;
}

static void give_back(struct reader_pool *p, struct slot *s, bool ended)
{
    (void)pthread_mutex_lock(&p->lock);
    s->state = ended ? SLOT_EMPTY : SLOT_FREE;
    (void)pthread_cond_broadcast(&p->changed);
    (void)pthread_mutex_unlock(&p->lock);
}

/* ---- asking ---- */

static int64_t now_ms(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool send_request(int sock, const struct wire_request *r, int fd)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {.bytes = {0}};
    struct wire_request copy = *r;
    struct iovec iov = {&copy, sizeof(copy)};
    struct msghdr m = {.msg_iov = &iov,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = sizeof(control.bytes)};
    struct cmsghdr *h = CMSG_FIRSTHDR(&m);

    h->cmsg_level = SOL_SOCKET;
    h->cmsg_type = SCM_RIGHTS;
    h->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(h), &fd, sizeof(int));
    return sendmsg(sock, &m, MSG_NOSIGNAL) == (ssize_t)sizeof(copy);
}

enum got { GOT_ALL, GOT_END, GOT_LATE };

static enum got receive(int sock, void *to, size_t n, int64_t deadline)
{
    char *at = to;

    while (n > 0) {
        struct pollfd f = {.fd = sock, .events = POLLIN};
        int64_t left = deadline - now_ms();
        ssize_t r = recv(sock, at, n, MSG_DONTWAIT);
        if (r > 0) {
            at += r;
            n -= (size_t)r;
            continue;
        }
        if (r == 0 || (errno != EAGAIN && errno != EINTR))
            return GOT_END;
        if (left <= 0)
            return GOT_LATE;
        (void)poll(&f, 1, (int)left);
    }
    return GOT_ALL;
}

/* The doc or the child's own message. */
static enum code take_reply(struct reader_pool *p, struct arena *a, struct slot *s, struct doc *out,
    enum got *got, struct err *e)
{
    int64_t deadline = now_ms() + (int64_t)p->limits.seconds * 1000;
    size_t most = p->limits.text_bytes * 2 + p->limits.unpacked_bytes + ((size_t)64 << 20);
    struct wire_reply r;
    char *body;

    *got = receive(s->sock, &r, sizeof(r), deadline);
    if (*got != GOT_ALL)
        return E_IO;
    if (r.magic != WIRE_MAGIC || r.code > E_BUG || r.n > most)
        return FAIL(e, E_IO, "读取进程的回答不合约定，文件可能是恶意构造的");
    if (r.code != OK) {
        char msg[sizeof(e->msg)] = "";
        size_t n = (size_t)r.n < sizeof(msg) ? (size_t)r.n : sizeof(msg) - 1;
        struct buf clean = {0};
        *got = receive(s->sock, msg, n, deadline);
        (void)utf8_clean(&clean, (struct str){msg, n});
        (void)FAIL(e, (enum code)r.code, "%s", clean.p ? clean.p : "");
        buf_release(&clean);
        return (enum code)r.code;
    }
    body = arena_alloc(a, (size_t)r.n + 1);
    *got = receive(s->sock, body, (size_t)r.n, deadline);
    if (*got != GOT_ALL)
        return E_IO;
    return doc_decode_view(a, (struct str){body, (size_t)r.n}, out, e);
}

/* Why a child is gone. */
static enum code explain(const struct reader_pool *p, int status, bool late, struct err *e)
{
    int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

    if (late || sig == SIGXCPU)
        return FAIL(e, E_LIMIT, "读取超过 %d 秒，可能是损坏或恶意构造的文件", p->limits.seconds);
    if (sig == SIGABRT || sig == SIGTRAP) /* out of memory ends the process, glib by a trap */
        return FAIL(e, E_LIMIT, "读取所需内存超过上限 %zu MB，可能是损坏或恶意构造的文件",
            p->limits.memory >> 20);
    if (sig == SIGSYS)
        return FAIL(e, E_INPUT, "读取时试图做不许做的事，已被沙箱终止，文件可能是恶意构造的");
    if (sig != 0)
        return FAIL(e, E_INPUT, "读取时解析程序异常结束（信号 %d），文件可能已损坏", sig);
    return FAIL(
        e, E_IO, "读取进程提前退出（状态 %d）", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

// NOLINTNEXTLINE(readability-function-size): a request is all of these
enum code pool_ask(struct reader_pool *p, struct arena *a, int fd, enum wire_as as, int page,
    struct str name, struct doc *out, struct err *e)
{
    struct wire_request r = {
        .magic = WIRE_MAGIC, .as = as, .page = (uint32_t)page, .limits = p->limits};
    struct str tail = str_sub(name, name.n > WIRE_NAME ? name.n - WIRE_NAME : 0, WIRE_NAME);
    struct slot *s = NULL;
    enum got got = GOT_END;
    enum code c = OK;

    r.name_n = (uint32_t)tail.n;
    if (tail.n > 0)
        memcpy(r.name, tail.p, tail.n);
    for (int tries = 0; tries < 2; tries++) { /* an idle child may have died: once more */
        TRY(borrow(p, &s, e));
        if (send_request(s->sock, &r, fd))
            break;
        (void)end_child(s);
        give_back(p, s, true);
        s = NULL;
    }
    if (!s)
        return FAIL(e, E_IO, "读取进程无法启动或立刻退出");
    c = take_reply(p, a, s, out, &got, e);
    if (c != OK || got != GOT_ALL || ++s->files >= FILES_PER_CHILD) {
        int status = end_child(s); /* its own cause of death, if it was dead already */
        give_back(p, s, true);
        if (got != GOT_ALL)
            c = explain(p, status, got == GOT_LATE, e);
    } else {
        give_back(p, s, false);
    }
    return c;
}

enum code pool_ask_bytes(struct reader_pool *p, struct arena *a, struct str bytes, enum wire_as as,
    struct doc *out, struct err *e)
{
    int fd = -1;
    TRY(memory_file_of("request", bytes, &fd, e));
    enum code c = pool_ask(p, a, fd, as, 0, S(""), out, e);
    (void)close(fd);
    return c;
}
