/* cmd_term.c - term list|import|export|mine. */
#include <string.h>

#include "base/buf.h"
#include "base/io.h"
#include "cli/cli_int.h"
#include "office/access.h"
#include "office/document.h"
#include "office/term.h"

static const struct cli_option table_options[] = {
    {"holders", NULL, "人员职务表；不写就是规范表述表"},
    {NULL, NULL, NULL},
};

static void pass_table(struct cli *c, json_t *args)
{
    json_object_set_new(args, "holders", json_boolean(cli_flag(c, "holders")));
}

static enum term_table table_of(const json_t *args)
{
    return json_is_true(json_object_get(args, "holders")) ? TERM_TABLE_HOLDERS : TERM_TABLE_WORDING;
}

/* ---- import ---- */

static enum code import_request(struct cli *c, json_t *args, struct err *e)
{
    struct buf b;
    enum code code;

    buf_init(&b, 0);
    code = io_read_file(c->args[0], TERM_FILE_MAX, &b, e);
    if (code == OK && !(json_object_set_new(args, "table", json_stringn(b.p ? b.p : "", b.n)) == 0))
        code = FAIL(e, E_INPUT, "“%s”不是 UTF-8 文字，请另存为 UTF-8 后再导入", c->args[0]);
    if (code == OK)
        js_set(args, "file", str_z(c->args[0]));
    buf_release(&b);
    pass_table(c, args);
    return code;
}

struct importing {
    struct str table;
    const char *file;
    enum term_table which;
    struct import_tally tally;
};

static enum code import_write(struct db *db, void *arg, struct err *e)
{
    struct importing *x = arg;

    return term_import(db, x->which, x->table, x->file, 0, &x->tally, e);
}

static enum code import_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct importing x = {.table = jr_str(args, "table"),
        .file = json_string_value(json_object_get(args, "file")),
        .which = table_of(args)};

    TRY(store_write(o->store, import_write, &x, e));
    (void)t->say(t->arg, json_pack("{s:I,s:I,s:I}", "added", (json_int_t)x.tally.added, "changed",
                             (json_int_t)x.tally.changed, "same", (json_int_t)x.tally.same));
    return OK;
}

static enum code import_show(struct cli *c, json_t *s, struct err *e)
{
    if (c->json)
        return cli_print_json(s, e);
    printf("新增%lld条，更改%lld条，相同%lld条\n", (long long)jr_int(s, "added", 0),
        (long long)jr_int(s, "changed", 0), (long long)jr_int(s, "same", 0));
    return OK;
}

const struct command cmd_term_import = {
    .name = "term import",
    .args = "FILE",
    .summary = "由制表符分隔的表导入规范表述或人员职务",
    .about = "规范表述的列：种类（提法、名称、机构、职务、人名、并列、排序）、规范写法、错误写法、"
             "旧称、可用写法、各项、"
             "启用日期、停用日期、依据、说明、状态；一格里有几种写法的用；分开。\n"
             "人员职务（--holders）的列：姓名、职务、机构、任职日期、离任日期、依据、状态。\n"
             "要么全部导入，要么一行也不动；再次导入只更改有变化的。",
    .options = table_options,
    .args_min = 1,
    .args_max = 1,
    .request = import_request,
    .work = import_work,
    .show = import_show,
};

/* ---- export ---- */

static enum code export_request(struct cli *c, json_t *args, struct err *e)
{
    (void)e;
    pass_table(c, args);
    return OK;
}

static enum code export_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct buf b;
    struct db *db;
    enum code c;

    TRY(store_read(o->store, &db, e));
    buf_init(&b, 0);
    c = term_export(db, table_of(args), &b, e);
    store_read_end(db);
    if (c == OK) {
        json_t *said = json_object();
        js_set(said, "table", buf_view(&b));
        (void)t->say(t->arg, said);
    }
    buf_release(&b);
    return c;
}

static enum code export_show(struct cli *c, json_t *s, struct err *e)
{
    struct str table = jr_str(s, "table");

    if (c->json)
        return cli_print_json(s, e);
    if (fwrite(table.p, 1, table.n, stdout) != table.n)
        return io_fail("写到", "标准输出", e);
    return OK;
}

const struct command cmd_term_export = {
    .name = "term export",
    .args = "",
    .summary = "把规范表述表或人员职务表写到标准输出",
    .about = "写出的表可以改过再用 term import 导入。",
    .options = table_options,
    .reads = true,
    .request = export_request,
    .work = export_work,
    .show = export_show,
};

/* ---- list ---- */

static const struct cli_option list_options[] = {
    {"kind", "种类", "只列这一种：提法、名称、机构、职务、人名、并列、排序"},
    {"state", "状态", "只列这一种：待定、启用、停用"},
    {NULL, NULL, NULL},
};

static enum code list_request(struct cli *c, json_t *args, struct err *e)
{
    const char *kind = cli_value(c, "kind"), *state = cli_value(c, "state");

    if (kind && !term_kind_of(str_z(kind)))
        return FAIL(
            e, E_INPUT, "没有“%s”这种种类，应为提法、名称、机构、职务、人名、并列或排序", kind);
    if (state && !term_state_of(str_z(state)))
        return FAIL(e, E_INPUT, "没有“%s”这种状态，应为待定、启用或停用", state);
    cli_pass(c, args, "kind");
    cli_pass(c, args, "state");
    if (c->n_args)
        js_set(args, "text", str_z(c->args[0]));
    return OK;
}

static json_t *row_json(const struct term_row *r)
{
    json_t *o = json_object();
    char id[24];

    (void)snprintf(id, sizeof(id), "%lld", (long long)r->id);
    js_set(o, "id", str_z(id));
    js_set(o, "kind", str_z(term_kind_key(r->kind)));
    js_set(o, "state", str_z(term_state_key(r->state)));
    js_set(o, "canonical", r->canonical);
    js_set(o, "wrong", r->wrong);
    js_set(o, "old", r->old);
    js_set(o, "also", r->also);
    js_set(o, "items", r->items);
    js_set(o, "from", r->from);
    js_set(o, "to", r->to);
    js_set(o, "source", r->source);
    js_set(o, "note", r->note);
    return o;
}

static enum code list_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct term_filter f = {.kind = term_kind_of(jr_str(args, "kind")),
        .state = term_state_of(jr_str(args, "state")),
        .text = jr_str(args, "text")};
    struct arena a;
    struct term_row *v;
    size_t n = 0;
    int64_t total;
    struct db *db;
    enum code c;

    TRY(store_read(o->store, &db, e));
    arena_init(&a);
    c = term_list(db, &a, &f, &v, &n, &total, e);
    store_read_end(db);
    for (size_t i = 0; c == OK && i < n; i++)
        if (!t->say(t->arg, row_json(&v[i])))
            break;
    arena_release(&a);
    return c;
}

static void print_list(const char *name, struct str lines, const char *parted)
{
    struct str line;
    bool first = true;

    if (!lines.n)
        return;
    printf("  %s：", name);
    while (str_next(&lines, S("\n"), &line)) {
        printf("%s%.*s", first ? "" : parted, SF(line));
        first = false;
    }
    puts("");
}

static enum code list_show(struct cli *c, json_t *s, struct err *e)
{
    struct str from = jr_str(s, "from"), to = jr_str(s, "to"), canonical = jr_str(s, "canonical");

    if (c->json)
        return cli_print_json(s, e);
    printf("[%s] %.*s", term_kind_name(term_kind_of(jr_str(s, "kind"))), SF(canonical));
    if (!str_eq(jr_str(s, "state"), S("confirmed")))
        printf("（%s）", term_state_name(term_state_of(jr_str(s, "state"))));
    if (from.n || to.n)
        printf("  %.*s 至 %.*s", SF(from), SF(to));
    puts("");
    print_list("错误写法", jr_str(s, "wrong"), "；");
    print_list("旧称", jr_str(s, "old"), "；");
    print_list("可用写法", jr_str(s, "also"), "；");
    print_list("各项", jr_str(s, "items"), "、");
    return OK;
}

const struct command cmd_term_list = {
    .name = "term list",
    .args = "[TEXT]",
    .summary = "列出规范表述，可以按文字、种类、状态",
    .about = "",
    .options = list_options,
    .args_max = 1,
    .reads = true,
    .request = list_request,
    .work = list_work,
    .show = list_show,
};

/* ---- mine ---- */

struct mining {
    const struct teller *t;
    bool deaf; /* nobody listens: the work goes on all the same */
};

static void tell_progress(void *arg, int64_t done, int64_t all)
{
    struct mining *m = arg;

    if (!m->deaf)
        m->deaf = !m->t->say(
            m->t->arg, json_pack("{s:I,s:I}", "done", (json_int_t)done, "all", (json_int_t)all));
}

static enum code mine_request(struct cli *c, json_t *args, struct err *e)
{
    struct progress *p = c->state = ARENA_NEW(&c->arena, struct progress);
    struct cli_range r = {0, TERM_CANDIDATES, 20};
    int64_t limit;

    progress_init(p);
    TRY(cli_int(c, "limit", r, &limit, e));
    json_object_set_new(args, "limit", json_integer(limit));
    return OK;
}

static json_t *candidate_json(const struct phrase *p)
{
    json_t *o = json_pack("{s:I,s:I,s:i,s:i}", "documents", (json_int_t)p->documents, "issuers",
        (json_int_t)p->issuers, "first_year", p->first_year, "last_year", p->last_year);
    json_t *years = json_object();

    js_set(o, "phrase", p->text);
    for (size_t i = 0; i < p->n_years; i++) {
        char year[16];
        (void)snprintf(year, sizeof(year), "%d", p->years[i].year);
        json_object_set_new(years, year, json_integer(p->years[i].documents));
    }
    json_object_set_new(o, "years", years);
    return o;
}

static enum code mine_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct mining m = {.t = t};
    struct viewer owner = viewer_owner();
    struct term_candidate_page page;
    struct arena a;
    size_t n;
    enum code c;

    TRY(term_mine(o, &owner, tell_progress, &m, &n, e));
    arena_init(&a);
    c = term_candidates(o, &a, &owner, 0, jr_int(args, "limit", 0), &page, e);
    for (size_t i = 0; c == OK && i < page.n; i++)
        if (!t->say(t->arg, candidate_json(&page.v[i].p)))
            break;
    if (c == OK)
        (void)t->say(t->arg, json_pack("{s:I}", "found", (json_int_t)n));
    arena_release(&a);
    return c;
}

static enum code mine_show(struct cli *c, json_t *s, struct err *e)
{
    struct progress *p = c->state;
    struct str phrase = jr_str(s, "phrase");

    if (json_object_get(s, "done")) {
        progress_show(p, jr_int(s, "done", 0), jr_int(s, "all", 0), (struct str){0});
        return OK;
    }
    progress_clear(p);
    if (c->json)
        return cli_print_json(s, e);
    if (phrase.n)
        printf("%.*s  %lld件，%lld个机关，%lld至%lld年\n", SF(phrase),
            (long long)jr_int(s, "documents", 0), (long long)jr_int(s, "issuers", 0),
            (long long)jr_int(s, "first_year", 0), (long long)jr_int(s, "last_year", 0));
    else
        printf("共%lld条候选；用时%lld秒\n", (long long)jr_int(s, "found", 0),
            (long long)progress_seconds(p));
    return OK;
}

static void mine_finish(struct cli *c, bool ok)
{
    (void)ok;
    progress_clear(c->state);
}

static const struct cli_option mine_options[] = {
    {"limit", "条数", "列出前多少条，默认20；全部都留给网页上确认"},
    {NULL, NULL, NULL},
};

const struct command cmd_term_mine = {
    .name = "term mine",
    .args = "",
    .summary = "从资料库里找多处一字不差的长语句，作为提法候选",
    .about = "候选在网页“提法候选”里由人确认或者不采用；不采用的不再提出。",
    .options = mine_options,
    .request = mine_request,
    .work = mine_work,
    .show = mine_show,
    .finish = mine_finish,
};
