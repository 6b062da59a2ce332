/* cmd_practice.c - practice start, practice reset: an office to try things in, and back to its beginning. */
#include "cli/cli_int.h"
#include "cli/settings.h"
#include "office/index.h"
#include "office/practice.h"

static enum code start_run(struct cli *c, struct err *e)
{
    struct office *o;
    TRY(settings_open(c, OPEN_OWN, &o, e));
    enum code code = practice_begin(o, e);
    office_close(o);
    if (code == OK)
        printf("“%s”已是练习库：每页都有“练习”字样，不向外发送；practice reset 回到现在这样\n",
            c->data);
    return code;
}

const struct command cmd_practice_start = {
    .name = "practice start",
    .args = "",
    .summary = "把演示数据做成练习库，记下现在的样子",
    .about = "练习库每一页、每张打印的纸上都有“练习”字样，邮件、群机器人一律不发出。\n"
             "只有 init --demo 建的数据能做练习库；做了就不能改回。先停下服务。",
    .run = start_run,
};

/* The office around the database that was put back; its index is built from it. */
static enum code build(struct cli *c, struct err *e)
{
    struct office *o;
    TRY(settings_open(c, OPEN_OWN, &o, e));
    enum code code = index_rebuild(o, NULL, NULL, e);
    office_close(o);
    return code;
}

static enum code reset_run(struct cli *c, struct err *e)
{
    TRY(practice_reset(str_z(c->data), e));
    TRY(build(c, e));
    printf("练习库“%s”已回到开始时的样子\n", c->data);
    return OK;
}

const struct command cmd_practice_reset = {
    .name = "practice reset",
    .args = "",
    .summary = "练习库从头再来",
    .about = "回到 practice start 时的样子，练习中做的都没有了。先停下服务。",
    .run = reset_run,
};
