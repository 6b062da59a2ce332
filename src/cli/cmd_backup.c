/* cmd_backup.c - backup FILE, restore FILE. The database holds everything but the configuration; the
 * index is built anew from it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "cli/cli_int.h"
#include "office/index.h"

/* ---- backup ---- */

static enum code backup_request(struct cli *c, json_t *args, struct err *e)
{
    (void)e;
    js_set(args, "file", cli_absolute(c, c->args[0]));
    return OK;
}

static enum code backup_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct stat st;
    struct str file = jr_str(args, "file");
    TRY(store_backup(o->store, file, e));
    if (stat(file.p, &st) != 0)
        return io_fail("打开", file.p, e);
    (void)t->say(t->arg, json_pack("{s:I}", "bytes", (json_int_t)st.st_size));
    return OK;
}

static enum code backup_show(struct cli *c, json_t *said, struct err *e)
{
    char n[32];
    if (c->json)
        return cli_print_json(said, e);
    printf("已备份到“%s”，%s字节\n", c->args[0], thousands(jr_int(said, "bytes", 0), n));
    return OK;
}

const struct command cmd_backup = {
    .name = "backup",
    .args = "FILE",
    .summary = "把数据库备份成一个文件，服务运行时也可以",
    .about = "备份里有原件、文字、登记、账号和操作记录；没有收信口令（intake.secret）和配置\n"
             "（qianshao.yaml），请另行保管。FILE 已经存在时不覆盖。用 PostgreSQL 时请用 pg_dump。",
    .args_min = 1,
    .args_max = 1,
    .request = backup_request,
    .work = backup_work,
    .show = backup_show,
};

/* ---- restore ---- */

static enum code copy_fd(int from, int to, const char *name, struct err *e)
{
    char chunk[256 * 1024];
    for (;;) {
        ssize_t k = read(from, chunk, sizeof(chunk));
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return io_fail("读取", name, e);
        if (k == 0)
            return fsync(to) == 0 ? OK : io_fail("写入", name, e);
        TRY(io_write_fd(to, name, (struct str){chunk, (size_t)k}, e));
    }
}

/* Told apart before anything is made. */
static enum code check_backup(const char *path, struct err *e)
{
    static const char head[] = "SQLite format 3";
    char got[sizeof(head)] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        (void)io_fail("打开", path, e);
        return e->code = E_INPUT;
    }
    ssize_t n = read(fd, got, sizeof(got));
    close(fd);
    if (n != (ssize_t)sizeof(got) || memcmp(got, head, sizeof(head)) != 0)
        return FAIL(e, E_INPUT, "“%s”不是 qianshao backup 写出的备份", path);
    return OK;
}

static enum code copy_file(const char *from, const char *to, struct err *e)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return io_fail("打开", from, e);
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    enum code c = out < 0 ? io_fail("写入", to, e) : copy_fd(in, out, to, e);
    if (out >= 0)
        close(out);
    close(in);
    return c;
}

static void on_index(void *arg, int64_t done, int64_t all)
{
    progress_show(arg, done, all, S("重建索引"));
}

/* The office around a database that has been put in its place; its index is built from it. */
static enum code open_restored(struct cli *c, int64_t *documents, struct err *e)
{
    struct office_options opt = {.dir = str_z(c->data), .create = true};
    struct corpus_stats s;
    struct progress p;
    struct office *o;
    progress_init(&p);
    TRY(office_open(&opt, &o, e));
    enum code code = index_rebuild(o, on_index, &p, e);
    progress_clear(&p);
    if (code == OK) {
        corpus_stats(o->corpus, &s);
        *documents = s.documents;
    }
    office_close(o);
    return code;
}

static enum code restore_run(struct cli *c, struct err *e)
{
    char db[IO_PATH_MAX], n[32];
    int64_t documents = 0;
    struct err later;
    struct stat st;
    if (stat(c->data, &st) == 0)
        return FAIL(e, E_CONFLICT, "“%s”已经存在，恢复要写到一个新的数据目录", c->data);
    TRY(check_backup(c->args[0], e));
    TRY(io_mkdirs(c->data, S_IRWXU, e));
    enum code code = io_join(db, c->data, "qianshao.db", e);
    if (code == OK)
        code = copy_file(c->args[0], db, e);
    if (code == OK)
        code = open_restored(c, &documents, e);
    if (code != OK) { /* nothing half restored stays */
        if (io_remove_tree(c->data, &later) != OK)
            (void)fprintf(stderr, "qianshao：%s\n", later.msg);
        return code;
    }
    if (c->json) {
        json_t *j = json_pack("{s:I,s:s}", "documents", (json_int_t)documents, "data", c->data);
        code = j ? cli_print_json(j, e) : FAIL(e, E_INPUT, "路径“%s”不是UTF-8", c->data);
        json_decref(j);
        return code;
    }
    printf("已恢复到“%s”，%s份资料；请用 qianshao verify 核对\n", c->data, thousands(documents, n));
    return OK;
}

const struct command cmd_restore = {
    .name = "restore",
    .args = "FILE",
    .summary = "把备份恢复成一个新的数据目录",
    .about = "用 --data 写明新的数据目录，它不能已经存在。",
    .args_min = 1,
    .args_max = 1,
    .run = restore_run,
};
