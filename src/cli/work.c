/* work.c - where a working command is done: inside the serve that owns the data directory, or here. */
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli_int.h"
#include "cli/control.h"
#include "cli/settings.h"
#include "office/category.h"

/* Between taking the lock and listening a serve needs a moment. */
enum { STARTING_MS = 3000 };

struct local {
    struct cli *c;
    int stop_fd;
    enum code code; /* of the first show that failed */
    struct err e;
};

static bool say_here(void *arg, json_t *object)
{
    struct local *l = arg;
    if (l->code == OK)
        l->code = l->c->cmd->show(l->c, object, &l->e);
    json_decref(object);
    return l->code == OK && !cli_stopped(l->stop_fd);
}

static enum code settle(struct local *l, enum code code, struct err *e)
{
    if (code == OK && l->code != OK) {
        *e = l->e;
        code = l->code;
    }
    if (l->c->cmd->finish)
        l->c->cmd->finish(l->c, code == OK);
    return code;
}

enum code work_here(struct cli *c, struct office *o, json_t *args, struct err *e)
{
    struct local l = {.c = c, .stop_fd = cli_catch_signals()};
    struct teller t = {say_here, &l};
    enum code code = settle(&l, c->cmd->work(o, args, &t, e), e);
    if (l.stop_fd >= 0)
        close(l.stop_fd);
    return code;
}

static enum code do_remote(struct cli *c, int fd, json_t *args, int stop_fd, struct err *e)
{
    struct local l = {.c = c, .stop_fd = stop_fd};
    struct teller t = {say_here, &l};
    return settle(&l, control_call(fd, c->cmd->name, args, &t, stop_fd, e), e);
}

/* Connect to the serve of the directory; when the directory is locked, it may just be starting. */
static bool reach_serve(struct cli *c, bool wait, int *fd, enum code *code, struct err *e)
{
    int64_t until = now_steady_ms() + STARTING_MS;
    for (;;) {
        struct err none;
        enum code k = control_connect(c->data, fd, &none);
        if (k == OK)
            return true;
        if (k == E_DENIED) {
            *e = none;
            *code = k;
        }
        if (!wait || k == E_DENIED || now_steady_ms() > until)
            return false;
        (void)nanosleep(&(struct timespec){.tv_nsec = 50L * 1000 * 1000}, NULL);
    }
}

static enum code do_local(struct cli *c, json_t *args, int stop_fd, struct err *e)
{
    struct office *o = NULL;
    struct local l = {.c = c, .stop_fd = stop_fd};
    struct teller t = {say_here, &l};
    enum code code = settings_open(c, OPEN_OWN, &o, e);
    if (code == E_IO &&
        c->cmd == &cmd_reindex) { /* an index too damaged to open is what it is for */
        TRY(settings_drop_index(c, e));
        code = settings_open(c, OPEN_OWN, &o, e);
    }
    if (code == E_BUSY && c->cmd->reads) {
        (void)fputs("qianshao：数据目录正被另一个进程使用，以下按上次保存的内容\n", stderr);
        code = settings_open(c, OPEN_READ, &o, e);
    } else if (code == E_BUSY) {
        int fd;
        enum code reached = E_BUSY;
        struct err first = *e;
        if (reach_serve(c, true, &fd, &reached, e))
            return do_remote(c, fd, args, stop_fd, e);
        *e = reached == E_BUSY ? first : *e;
        return reached;
    }
    if (code != OK)
        return code;
    code = settle(&l, c->cmd->work(o, args, &t, e), e);
    office_close(o);
    return code;
}

enum code work_run(struct cli *c, struct err *e)
{
    json_t *args = json_object();
    int fd, stop_fd = -1;
    enum code code = c->cmd->request(c, args, e);
    if (code == OK) {
        stop_fd = cli_catch_signals();
        bool remote = reach_serve(c, false, &fd, &code, e);
        if (code == OK)
            code = remote ? do_remote(c, fd, args, stop_fd, e) : do_local(c, args, stop_fd, e);
    }
    if (stop_fd >= 0)
        close(stop_fd);
    json_decref(args);
    return code;
}

enum code cli_category(struct office *o, struct str name, int64_t *id, struct err *e)
{
    struct arena a;
    struct category *list;
    size_t n;
    struct db *db;
    *id = 0;
    if (!name.n)
        return OK;
    TRY(store_read(o->store, &db, e));
    arena_init(&a);
    enum code c = category_list(db, &a, &list, &n, e);
    store_read_end(db);
    for (size_t i = n; c == OK && i-- > 0;)
        if (str_eq(list[i].name, name))
            *id = list[i].id;
    arena_release(&a);
    if (c == OK && !*id)
        return FAIL(e, E_INPUT, "没有类别“%.*s”，可用的类别见 qianshao category list", SF(name));
    return c;
}
