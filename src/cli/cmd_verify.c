/* cmd_verify.c - verify: everything stored is what was stored. Exit status 1 on any finding. */
#include "cli/cli_int.h"
#include "office/verify.h"

struct verify_tell {
    const struct teller *t;
    bool deaf;
};

static bool tell_progress(void *arg, const char *step, int64_t done, int64_t all)
{
    struct verify_tell *v = arg;
    if (!v->deaf)
        v->deaf = !v->t->say(v->t->arg, json_pack("{s:s,s:I,s:I}", "step", step, "done",
                                            (json_int_t)done, "all", (json_int_t)all));
    return !v->deaf;
}

static void tell_finding(void *arg, const char *line)
{
    struct verify_tell *v = arg;
    json_t *o = json_object();
    js_set(o, "finding", str_z(line));
    if (!v->t->say(v->t->arg, o))
        v->deaf = true;
}

static enum code request(struct cli *c, json_t *args, struct err *e)
{
    struct progress *p = c->state = ARENA_NEW(&c->arena, struct progress);
    (void)args;
    (void)e;
    progress_init(p);
    return OK;
}

static enum code work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct verify_tell tell = {.t = t};
    struct verify v = {.progress = tell_progress, .finding = tell_finding, .arg = &tell};
    (void)args;
    TRY(verify_office(o, &v, e));
    json_t *end = json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:b}", "originals", (json_int_t)v.originals,
        "documents", (json_int_t)v.documents, "texts", (json_int_t)v.texts, "indexed",
        (json_int_t)v.indexed, "events", (json_int_t)v.events, "findings", (json_int_t)v.findings,
        "stopped", (int)v.stopped);
    if (v.seal[0]) {
        js_set(end, "sealed", str_z(v.seal_day));
        js_set(end, "seal", str_z(v.seal));
    }
    (void)t->say(t->arg, end);
    return OK;
}

static enum code show(struct cli *c, json_t *said, struct err *e)
{
    struct progress *p = c->state;
    struct str line = jr_str(said, "finding");
    if (json_object_get(said, "step")) {
        progress_show(p, jr_int(said, "done", 0), jr_int(said, "all", 0), jr_str(said, "step"));
        return OK;
    }
    progress_clear(p);
    if (line.n || jr_int(said, "findings", 0) || jr_bool(said, "stopped", false))
        c->status = 1;
    if (c->json)
        return cli_print_json(said, e);
    if (line.n) {
        printf("%.*s\n", SF(line));
        return OK;
    }
    printf("核对了%lld件原件、%lld份资料、%lld份文字、%lld条操作记录，索引%lld份：",
        (long long)jr_int(said, "originals", 0), (long long)jr_int(said, "documents", 0),
        (long long)jr_int(said, "texts", 0), (long long)jr_int(said, "events", 0),
        (long long)jr_int(said, "indexed", 0));
    if (jr_bool(said, "stopped", false))
        puts("中途停下，没有核对完");
    else if (jr_int(said, "findings", 0))
        printf("发现%lld处问题\n", (long long)jr_int(said, "findings", 0));
    else
        puts("没有问题");
    if (jr_str(said, "seal").n)
        printf("操作记录封存到%.*s，封存码%.*s\n", SF(jr_str(said, "sealed")),
            SF(jr_str(said, "seal")));
    return OK;
}

static void finish(struct cli *c, bool ok)
{
    (void)ok;
    progress_clear(c->state);
}

const struct command cmd_verify = {
    .name = "verify",
    .args = "",
    .summary = "核对原件、文字、索引和操作记录是否完好",
    .about = "逐一核对原件和文字的摘要、登记与原件的对应、索引的校验和与份数、操作记录的链。\n"
             "有问题时逐条列出，退出状态为1。只看不改。最后一行是操作记录最近一天的封存码，抄下来另"
             "存，\n"
             "日后再核验时，与那一天的记录不符就说明有人改动过。",
    .reads = true,
    .request = request,
    .work = work,
    .show = show,
    .finish = finish,
};
