/* cmd_care.c - reindex and backup, and docs, which writes what is generated from the command table. */
#include <string.h>

#include "cli/cli_int.h"
#include "cli/settings.h"
#include "office/index.h"
#include "office/remark.h"

/* ---- reindex ---- */

struct reindex_tell {
    const struct teller *t;
    bool deaf; /* nobody listens: the work goes on all the same, half an index helps nobody */
};

static void tell_progress(void *arg, int64_t done, int64_t all)
{
    struct reindex_tell *r = arg;
    if (!r->deaf)
        r->deaf = !r->t->say(
            r->t->arg, json_pack("{s:I,s:I}", "done", (json_int_t)done, "all", (json_int_t)all));
}

static enum code reindex_request(struct cli *c, json_t *args, struct err *e)
{
    struct progress *p = c->state = ARENA_NEW(&c->arena, struct progress);
    (void)args;
    (void)e;
    progress_init(p);
    return OK;
}

static enum code reindex_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct reindex_tell r = {.t = t};
    struct corpus_stats s;
    int64_t remarks;
    (void)args;
    TRY(index_rebuild(o, tell_progress, &r, e));
    TRY(remark_rebuild(o->store, &remarks, e));
    corpus_stats(o->corpus, &s);
    (void)t->say(t->arg,
        json_pack("{s:I,s:I,s:I,s:I}", "documents", (json_int_t)s.documents, "units",
            (json_int_t)s.units, "bytes", (json_int_t)s.bytes, "remarks", (json_int_t)remarks));
    return OK;
}

static enum code reindex_show(struct cli *c, json_t *said, struct err *e)
{
    struct progress *p = c->state;
    char n[32], m[32];
    if (json_object_get(said, "done")) {
        progress_show(p, jr_int(said, "done", 0), jr_int(said, "all", 0), (struct str){0});
        return OK;
    }
    progress_clear(p);
    if (c->json)
        return cli_print_json(said, e);
    printf("索引已重建：%s份资料，%s字；用时%lld秒\n", thousands(jr_int(said, "documents", 0), n),
        thousands(jr_int(said, "units", 0), m), (long long)progress_seconds(p));
    if (jr_int(said, "remarks", 0))
        printf("领导批示的检索补了%s条\n", thousands(jr_int(said, "remarks", 0), n));
    return OK;
}

static void reindex_finish(struct cli *c, bool ok)
{
    (void)ok;
    progress_clear(c->state);
}

const struct command cmd_reindex = {
    .name = "reindex",
    .args = "",
    .summary = "由数据库重建检索索引",
    .about = "索引是派生的，删掉重建不丢东西。从前的领导批示没有进“以前怎么批的”的，一并补上。服务"
             "运行时也可以做，其间检索会说明索引正在建立。",
    .request = reindex_request,
    .work = reindex_work,
    .show = reindex_show,
    .finish = reindex_finish,
};

/* ---- migrate ---- */

static enum code migrate_run(struct cli *c, struct err *e)
{
    struct office *o;
    int version;
    TRY(settings_open(c, OPEN_OWN, &o, e)); /* opening brings the schema up to this program */
    enum code code = store_schema_version(o->store, &version, e);
    office_close(o);
    if (code == OK && c->json)
        printf("{\"version\":%d}\n", version);
    else if (code == OK)
        printf("数据目录的结构是第%d号，与本程序一致\n", version);
    return code;
}

const struct command cmd_migrate = {
    .name = "migrate",
    .args = "",
    .summary = "把旧版本程序的数据目录更新到本程序的结构",
    .about = "任何写入类命令和 serve 打开数据目录时都会自动更新；这个命令只更新，不做别的。",
    .run = migrate_run,
};

/* ---- docs ---- */

static enum code docs_run(struct cli *c, struct err *e)
{
    if (strcmp(c->args[0], "man") == 0)
        help_man(stdout);
    else if (strcmp(c->args[0], "completion") == 0)
        help_completion(stdout);
    else
        return FAIL(e, E_INPUT, "“docs”后面应是 man 或 completion，不是“%s”", c->args[0]);
    return OK;
}

const struct command cmd_docs = {
    .name = "docs",
    .args = "man|completion",
    .summary = "由命令表生成手册页或 bash 补全",
    .about = "",
    .args_min = 1,
    .args_max = 1,
    .quiet = true,
    .run = docs_run,
};
