#define _GNU_SOURCE /* struct ucred, accept4. NOLINT(bugprone-reserved-identifier) */
#include "cli/control.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"

enum { READ_SECONDS = 10, WRITE_SECONDS = 60 };

struct client {
    struct control *k;
    pthread_t thread;
    int fd;
    bool used, finished; /* under k->mutex */
};

struct control {
    struct office *office;
    int fd, stop; /* listening socket; eventfd, readable once we close */
    pthread_t thread;
    pthread_mutex_t mutex;
    struct client clients[CONTROL_CLIENTS];
};

/* The address of DIR/control.sock through an open descriptor of DIR: a data directory may lie deeper
 * than the 108 bytes of a socket's address. */
static enum code address_of(const char *dir, int *dir_fd, struct sockaddr_un *a, struct err *e)
{
    *dir_fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (*dir_fd < 0)
        return io_fail("打开", dir, e);
    *a = (struct sockaddr_un){.sun_family = AF_UNIX};
    (void)snprintf(a->sun_path, sizeof(a->sun_path), "/proc/self/fd/%d/control.sock", *dir_fd);
    return OK;
}

static bool same_user(int fd)
{
    struct ucred u = {0};
    socklen_t n = sizeof(u);
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &u, &n) == 0 && u.uid == geteuid();
}

/* ---- lines ---- */

static bool send_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t k = send(fd, p, n, MSG_NOSIGNAL);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return false;
        p += k;
        n -= (size_t)k;
    }
    return true;
}

static bool send_json(int fd, const json_t *o)
{
    char *text = json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(6));
    bool ok = text && send_all(fd, text, strlen(text)) && send_all(fd, "\n", 1);
    free(text);
    return ok;
}

/* Lines out of a socket. */
struct lines {
    int fd;
    struct buf b;
    size_t used; /* bytes of b handed out already */
};

/* The next line without its '\n' (valid until the next call); empty view: the other side is done, or broken. */
static struct str next_line(struct lines *l)
{
    for (;;) {
        struct str rest = str_sub(buf_view(&l->b), l->used, SIZE_MAX);
        size_t end = str_find(rest, S("\n"), 0);
        if (end != SIZE_MAX) {
            l->used += end + 1;
            return str_sub(rest, 0, end);
        }
        if (l->used) {
            memmove(l->b.p, l->b.p + l->used, l->b.n - l->used);
            l->b.n -= l->used;
            l->used = 0;
        }
        char chunk[16384];
        ssize_t k = recv(l->fd, chunk, sizeof(chunk), 0);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return (struct str){0};
        buf_add(&l->b, chunk, (size_t)k);
        if (l->b.full)
            return (struct str){0};
    }
}

/* ---- the serving side ---- */

static bool wants_stop(const struct client *c)
{
    struct pollfd p[2] = {
        {.fd = c->fd, .events = POLLIN | POLLRDHUP}, {.fd = c->k->stop, .events = POLLIN}};
    return poll(p, 2, 0) > 0;
}

static bool say_to_client(void *arg, json_t *object)
{
    struct client *c = arg;
    json_t *line = json_pack("{s:o}", "say", object);
    bool ok = line && send_json(c->fd, line);
    json_decref(line);
    return ok && !wants_stop(c);
}

static enum code do_request(struct client *c, struct str text, struct err *e)
{
    struct teller t = {say_to_client, c};
    json_error_t je;
    json_t *request = json_loadb(text.p ? text.p : "", text.n, JSON_REJECT_DUPLICATES, &je);
    struct str name = jr_str(request, "command");
    json_t *args = json_object_get(request, "args");
    const struct command *cmd = cli_command(name);
    enum code code;
    if (!json_is_object(args) || !cmd || !cmd->work)
        code = FAIL(e, E_INPUT, "控制口不认识这个请求，服务与命令的版本可能不同");
    else
        code = cmd->work(c->k->office, args, &t, e);
    json_decref(request);
    return code;
}

static void serve_client(struct client *c)
{
    struct err e = {0};
    struct timeval r = {.tv_sec = READ_SECONDS}, w = {.tv_sec = WRITE_SECONDS};
    struct lines l = {.fd = c->fd};
    enum code code;
    (void)setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &r, sizeof(r));
    (void)setsockopt(c->fd, SOL_SOCKET, SO_SNDTIMEO, &w, sizeof(w));
    buf_init(&l.b, CONTROL_REQUEST_MAX);
    if (!same_user(c->fd)) {
        code = FAIL(&e, E_DENIED, "控制口只接受启动服务的同一用户");
    } else {
        struct str line = next_line(&l);
        code = line.n ? do_request(c, line, &e)
                      : FAIL(&e, E_INPUT, "控制口没有收到完整的请求（最长%d字节）",
                            CONTROL_REQUEST_MAX);
    }
    json_t *end = json_pack("{s:{s:i,s:s%}}", "end", "code", (int)code, "message", e.msg,
        code == OK ? (size_t)0 : strlen(e.msg));
    if (end)
        (void)send_json(c->fd, end);
    json_decref(end);
    buf_release(&l.b);
}

static void *client_main(void *arg)
{
    struct client *c = arg;
    serve_client(c);
    (void)shutdown(c->fd, SHUT_RDWR);
    pthread_mutex_lock(&c->k->mutex);
    c->finished = true;
    pthread_mutex_unlock(&c->k->mutex);
    return NULL;
}

/* Wait for a client's thread and free its place. */
static void reap(struct client *c)
{
    pthread_join(c->thread, NULL);
    close(c->fd);
    c->used = c->finished = false;
}

static struct client *free_place(struct control *k)
{
    struct client *place = NULL;
    for (size_t i = 0; i < CONTROL_CLIENTS; i++) {
        struct client *c = &k->clients[i];
        pthread_mutex_lock(&k->mutex);
        bool finished = c->used && c->finished;
        pthread_mutex_unlock(&k->mutex);
        if (finished)
            reap(c);
        if (!c->used && !place)
            place = c;
    }
    return place;
}

static void turn_away(int fd)
{
    static const char busy[] =
        "{\"end\":{\"code\":7,\"message\":\"服务正在执行的命令已到上限，请稍后再试\"}}\n";
    _Static_assert(E_BUSY == 7, "the code in the line above");
    (void)send_all(fd, busy, sizeof(busy) - 1);
    close(fd);
}

static void *listen_main(void *arg)
{
    struct control *k = arg;
    struct pollfd p[2] = {{.fd = k->fd, .events = POLLIN}, {.fd = k->stop, .events = POLLIN}};
    for (;;) {
        if (poll(p, 2, -1) < 0 && errno != EINTR)
            return NULL;
        if (p[1].revents)
            return NULL;
        int fd = accept4(k->fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0)
            continue;
        struct client *c = free_place(k);
        if (!c) {
            turn_away(fd);
            continue;
        }
        c->k = k;
        c->fd = fd;
        c->used = true;
        if (pthread_create(&c->thread, NULL, client_main, c) != 0) {
            c->used = false;
            turn_away(fd);
        }
    }
}

/* Bound, then made 0600, then listening: nobody connects between. */
static enum code listen_in(const char *dir, int *out, struct err *e)
{
    struct sockaddr_un a;
    int dir_fd, fd = -1;
    TRY(address_of(dir, &dir_fd, &a, e));
    (void)unlinkat(
        dir_fd, "control.sock", 0); /* left by a process that was killed; the lock is ours */
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool ok = fd >= 0 && bind(fd, (const struct sockaddr *)&a, sizeof(a)) == 0 &&
              fchmodat(dir_fd, "control.sock", S_IRUSR | S_IWUSR, 0) == 0 && listen(fd, 16) == 0;
    int problem = errno;
    close(dir_fd);
    if (ok) {
        *out = fd;
        return OK;
    }
    if (fd >= 0)
        close(fd);
    errno = problem;
    return io_fail("建立控制口", dir, e);
}

enum code control_open(struct office *o, struct control **out, struct err *e)
{
    struct control *k = mem_alloc(sizeof(*k));
    enum code c = listen_in(o->dir, &k->fd, e);
    if (c != OK) {
        free(k);
        return c;
    }
    k->office = o;
    k->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init(&k->mutex, NULL);
    if (k->stop < 0 || pthread_create(&k->thread, NULL, listen_main, k) != 0) {
        close(k->fd);
        if (k->stop >= 0)
            close(k->stop);
        pthread_mutex_destroy(&k->mutex);
        free(k);
        return FAIL(e, E_IO, "无法启动控制口的线程");
    }
    *out = k;
    return OK;
}

void control_close(struct control *k)
{
    struct sockaddr_un a;
    struct err e;
    int dir_fd;
    if (!k)
        return;
    (void)eventfd_write(k->stop, 1);
    pthread_join(k->thread, NULL);
    close(k->fd);
    for (size_t i = 0; i < CONTROL_CLIENTS; i++)
        if (k->clients[i].used)
            (void)shutdown(k->clients[i].fd, SHUT_RD); /* who has asked nothing yet never will */
    for (size_t i = 0; i < CONTROL_CLIENTS; i++)
        if (k->clients[i].used)
            reap(&k->clients[i]);
    if (address_of(k->office->dir, &dir_fd, &a, &e) == OK) {
        (void)unlinkat(dir_fd, "control.sock", 0);
        close(dir_fd);
    }
    close(k->stop);
    pthread_mutex_destroy(&k->mutex);
    free(k);
}

/* ---- the asking side ---- */

enum code control_connect(const char *dir, int *out, struct err *e)
{
    struct sockaddr_un a;
    int dir_fd;
    TRY(address_of(dir, &dir_fd, &a, e));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = fd >= 0 && connect(fd, (const struct sockaddr *)&a, sizeof(a)) == 0;
    int problem = errno;
    close(dir_fd);
    if (ok && same_user(fd)) {
        *out = fd;
        return OK;
    }
    if (fd >= 0)
        close(fd);
    if (ok || problem == EACCES || problem == EPERM)
        return FAIL(e, E_DENIED, "“%s”的服务由另一个用户启动，请用同一用户执行", dir);
    return FAIL(e, E_NOTFOUND, "“%s”没有正在运行的服务", dir);
}

/* Wait until there is something to read; a stop asked for meanwhile is passed on once. */
static bool wait_readable(int fd, int stop_fd, bool *told)
{
    for (;;) {
        struct pollfd p[2] = {
            {.fd = fd, .events = POLLIN}, {.fd = *told ? -1 : stop_fd, .events = POLLIN}};
        if (poll(p, 2, -1) < 0 && errno != EINTR)
            return false;
        if (p[1].revents) {
            *told = true;
            (void)shutdown(fd, SHUT_WR);
        }
        if (p[0].revents)
            return true;
    }
}

/* One answer line. *done is set with the command's own result at the end. */
static enum code take_answer(
    struct str line, const struct teller *said, int fd, bool *done, struct err *e)
{
    json_error_t je;
    json_t *o = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, &je);
    json_t *say = json_object_get(o, "say"), *end = json_object_get(o, "end");
    enum code c = OK;
    if (say) {
        if (!said->say(said->arg, json_incref(say)))
            (void)shutdown(fd, SHUT_WR);
    } else if (end) {
        struct str m = jr_str(end, "message");
        int64_t code = jr_int(end, "code", 0);
        *done = true;
        if (code != OK)
            c = FAIL(e, code > 0 && code <= E_BUG ? (enum code)code : E_BUG, "%.*s", SF(m));
    } else {
        c = FAIL(e, E_IO, "服务的回答读不懂，服务与命令的版本可能不同");
    }
    json_decref(o);
    return c;
}

enum code control_call(int fd, const char *command, json_t *args, const struct teller *said,
    int stop_fd, struct err *e)
{
    struct lines l = {.fd = fd};
    json_t *request = json_pack("{s:s,s:O}", "command", command, "args", args);
    bool told = false, done = false;
    enum code c = OK;
    buf_init(&l.b, CONTROL_ANSWER_MAX);
    /* A serve that turns us away may have closed before we sent: what it said is read all the same. */
    if (request)
        (void)send_json(fd, request);
    json_decref(request);
    while (c == OK && !done) {
        /* A line that is in the buffer already needs no waiting. */
        struct str rest = str_sub(buf_view(&l.b), l.used, SIZE_MAX);
        struct str line = {0};
        if (str_has(rest, S("\n")) || wait_readable(fd, stop_fd, &told))
            line = next_line(&l);
        c = line.n ? take_answer(line, said, fd, &done, e)
                   : FAIL(e, E_IO, "服务中途停止，已完成的部分保留，再次执行即可继续");
    }
    buf_release(&l.b);
    close(fd);
    return c;
}
