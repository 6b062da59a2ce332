/* cmd_item.c - item list|show|run: matters from scripts. */
#include "base/id.h"
#include "base/io.h"
#include "cli/cli_int.h"
#include "office/ask.h"
#include "office/item_event.h"
#include "office/item_number.h"
#include "office/item_script.h"
#include "office/person.h"

enum { SCRIPT_BYTES_MAX = 900 << 10, EVENTS_SHOWN = 10000 };

/* ---- who looks ---- */

/* The person of --as, or the owner of the data directory. */
struct looker {
    struct viewer v;
    struct actor by;
};

static enum code look_as(
    struct office *o, struct db *db, struct arena *a, json_t *args, struct looker *l, struct err *e)
{
    struct str as = jr_str(args, "as");
    struct person p;

    l->v = viewer_owner();
    if (as.n) {
        TRY(person_by_login(db, a, as, &p, e));
        l->v = person_viewer(&p);
    }
    l->by = (struct actor){.v = &l->v,
        .kinds = o->kinds,
        .calendar = o->calendar,
        .hours = &o->hours,
        .now_ms = clock_now_ms()};
    return OK;
}

static void set_minute(json_t *o, const char *key, int64_t at_ms)
{
    struct buf b;

    if (!at_ms || at_ms == INT64_MAX)
        return;
    buf_init(&b, 0);
    clock_write_minute(&b, at_ms, ZONE_CHINA);
    js_set(o, key, buf_view(&b));
    buf_release(&b);
}

/* A limit that ends with its day reads as that day: 2026-07-13, not the midnight behind it. */
static void set_due(json_t *o, int64_t due_ms)
{
    char iso[DAY_ISO_SIZE];
    int32_t day = clock_day(due_ms - 1, ZONE_CHINA);

    if (due_ms != INT64_MAX && due_ms == clock_day_ms(day + 1, ZONE_CHINA))
        js_set(o, "due", day_iso(day_of(day), iso));
    else
        set_minute(o, "due", due_ms);
}

static void set_id(json_t *o, const char *key, int64_t id)
{
    json_object_set_new(o, key, id ? json_sprintf("%lld", (long long)id) : json_null());
}

static json_t *item_json(const struct item *it, const struct kind *k)
{
    json_t *o = json_object();
    size_t state = kind_state_of(k, it->state);

    set_id(o, "id", it->id);
    js_set(o, "kind", it->kind);
    js_set(o, "number", it->number);
    js_set(o, "title", it->title);
    js_set(o, "state", it->state);
    js_set(o, "state_name", state == SIZE_MAX ? it->state : k->states[state].name);
    js_set(o, "light", str_z(light_name(it->light)));
    js_set(o, "light_text", it->light_text);
    set_minute(o, "opened", it->opened_ms);
    set_due(o, it->due_ms);
    set_minute(o, "closed", it->closed_ms);
    json_object_set_new(o, "revision", json_integer(it->revision));
    return o;
}

/* ---- list ---- */

static const char *const boxes[] = {"all", "todo", "read", "doing", "done", "sent", "watch"};
enum { N_BOXES = sizeof(boxes) / sizeof(boxes[0]) };

static enum code box_of(const char *v, json_t *args, struct err *e)
{
    for (int i = 0; i < N_BOXES; i++)
        if (str_eq(str_z(boxes[i]), str_z(v))) {
            json_object_set_new(args, "box", json_integer(i));
            return OK;
        }
    return FAIL(e, E_INPUT,
        "选项“--box”的值“%s”应是 all、todo（待办）、read（待阅）、doing（在办）、done（已办）、"
        "sent（我发出的）、watch（监控）之一",
        v);
}

static enum code light_of(const char *v, json_t *args, struct err *e)
{
    for (int i = LIGHT_GREEN; i <= LIGHT_RED; i++)
        if (str_eq(str_z(light_name((enum light_colour)i)), str_z(v))) {
            json_object_set_new(args, "light", json_integer(i));
            return OK;
        }
    return FAIL(e, E_INPUT, "选项“--light”的值“%s”应是 红、黄、蓝、绿 之一", v);
}

static enum code list_request(struct cli *c, json_t *args, struct err *e)
{
    int64_t limit;

    TRY(cli_int(c, "limit", (struct cli_range){1, ITEM_PAGE_MAX, 50}, &limit, e));
    json_object_set_new(args, "limit", json_integer(limit));
    if (cli_value(c, "box"))
        TRY(box_of(cli_value(c, "box"), args, e));
    if (cli_value(c, "light"))
        TRY(light_of(cli_value(c, "light"), args, e));
    if (cli_flag(c, "open") && cli_flag(c, "closed"))
        return FAIL(e, E_INPUT, "--open 和 --closed 只能写一个");
    json_object_set_new(args, "open", json_integer(cli_flag(c, "open") - cli_flag(c, "closed")));
    cli_pass(c, args, "as");
    cli_pass(c, args, "kind");
    cli_pass(c, args, "state");
    cli_pass(c, args, "text");
    cli_pass(c, args, "after");
    return OK;
}

static enum code say_page(struct db *db, struct looker *l, const struct item_page *p,
    const struct teller *t, struct err *e)
{
    for (size_t i = 0; i < p->n; i++) {
        const struct item *it = &p->items[i];
        const struct kind *k;
        TRY(kinds_get(l->by.kinds, db, it->kind, it->kind_version, &k, e));
        if (!t->say(t->arg, item_json(it, k)))
            return OK;
    }
    if (p->next.n)
        (void)t->say(t->arg, json_pack("{s:s%}", "next", p->next.p, p->next.n));
    return OK;
}

static enum code list_in(struct office *o, struct db *db, struct arena *a, json_t *args,
    const struct teller *t, struct err *e)
{
    struct looker l;
    struct item_page page;
    struct item_filter f = {.box = (enum item_box)jr_int(args, "box", BOX_ALL),
        .kind = jr_str(args, "kind"),
        .state = jr_str(args, "state"),
        .text = jr_str(args, "text"),
        .light = (enum light_colour)jr_int(args, "light", 0),
        .open = (int)jr_int(args, "open", 0),
        .descending = true,
        .after = jr_str(args, "after")};

    TRY(look_as(o, db, a, args, &l, e));
    TRY(item_list(db, a, &l.by, &f, (size_t)jr_int(args, "limit", 50), &page, e));
    return say_page(db, &l, &page, t, e);
}

static enum code list_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct arena a;
    struct db *db;
    enum code c;

    TRY(store_read(o->store, &db, e));
    arena_init(&a);
    c = list_in(o, db, &a, args, t, e);
    store_read_end(db);
    arena_release(&a);
    return c;
}

static enum code list_show(struct cli *c, json_t *s, struct err *e)
{
    struct str light = jr_str(s, "light"), number = jr_str(s, "number");

    if (c->json)
        return cli_print_json(s, e);
    if (jr_str(s, "next").n) {
        printf("还有：--after %.*s\n", SF(jr_str(s, "next")));
        return OK;
    }
    printf("%.*s  %.*s  %.*s（%.*s）", SF(jr_str(s, "id")), SF(number.n ? number : S("未编号")),
        SF(jr_str(s, "title")), SF(jr_str(s, "state_name")));
    if (light.n)
        printf("  %.*s：%.*s", SF(light), SF(jr_str(s, "light_text")));
    puts("");
    return OK;
}

static const struct cli_option list_options[] = {
    {"as", "登录名", "以谁的身份看；默认数据目录的所有者，什么都看得到"},
    {"box", "箱",
        "all、todo（待办）、read（待阅）、doing（在办）、done（已办）、sent（我发出的）、"
        "watch（监控）"},
    {"kind", "种类", "事项种类的标识，见 kind list"},
    {"state", "状态", "状态的标识，见 kind show"},
    {"light", "灯", "红、黄、蓝、绿"},
    {"text", "文字", "标题或编号里有的字"},
    {"open", NULL, "只列未办结的"},
    {"closed", NULL, "只列已办结的"},
    {"limit", "件数", "最多列多少件，默认50，至多200"},
    {"after", "键", "接着上一页往下列"},
    {NULL, NULL, NULL},
};

const struct command cmd_item_list = {
    .name = "item list",
    .args = "",
    .summary = "列出事项",
    .about = "最近登记的在前。",
    .options = list_options,
    .reads = true,
    .request = list_request,
    .work = list_work,
    .show = list_show,
};

/* ---- show ---- */

static enum code show_request(struct cli *c, json_t *args, struct err *e)
{
    (void)e;
    js_set(args, "item", str_z(c->args[0]));
    cli_pass(c, args, "as");
    return OK;
}

static json_t *event_json(const struct item_event *v)
{
    json_t *o = json_object(), *payload = NULL;
    struct err none;

    json_object_set_new(o, "seq", json_integer(v->seq));
    set_minute(o, "at", v->at_ms);
    js_set(o, "verb", v->verb);
    js_set(o, "verb_name", str_z(item_verb_name(v->verb)));
    js_set(o, "actor", v->actor_name);
    set_id(o, "for", v->for_person);
    if (v->payload.n && jr_parse(v->payload, &payload, &none) == OK)
        json_object_set_new(o, "payload", payload);
    json_object_set_new(o, "erased", json_boolean(v->erased));
    js_set(o, "digest", str_z(v->digest));
    return o;
}

static json_t *ask_json(const struct ask *v)
{
    static const char *const states[] = {"open", "answered", "withdrawn", "void"};
    static const char *const names[] = {"未办", "已答复", "已收回", "作废"};
    json_t *o = json_object();

    set_id(o, "id", v->id);
    js_set(o, "to", v->to_name);
    js_set(o, "purpose", v->purpose);
    js_set(o, "state", str_z(states[v->state]));
    js_set(o, "state_name", str_z(names[v->state]));
    set_minute(o, "sent", v->sent_ms);
    set_minute(o, "seen", v->seen_ms);
    set_minute(o, "answered", v->answered_ms);
    set_due(o, v->due_ms);
    js_set(o, "word", v->word);
    js_set(o, "text", v->text);
    return o;
}

static enum code asks_json(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    json_t *into, struct err *e)
{
    json_t *list;
    struct ask *v;
    size_t n;

    TRY(ask_list(db, a, by, item, &v, &n, e));
    list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, ask_json(&v[i]));
    json_object_set_new(into, "asks", list);
    return OK;
}

static enum code events_json(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    json_t *into, struct err *e)
{
    struct item_event *v;
    json_t *list;
    size_t n;

    TRY(item_event_list(db, a, by, item, 0, EVENTS_SHOWN, &v, &n, e));
    list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, event_json(&v[i]));
    json_object_set_new(into, "events", list);
    return OK;
}

static enum code show_in(
    struct office *o, struct db *db, struct arena *a, json_t *args, json_t **out, struct err *e)
{
    const struct kind *k;
    struct looker l;
    struct item it;
    struct err none;
    json_t *said, *fields;
    int64_t id;
    enum code c;

    TRY(look_as(o, db, a, args, &l, e));
    TRY(item_find(db, jr_str(args, "item"), &id, e));
    TRY(item_get(db, a, &l.by, id, &it, e));
    TRY(kinds_get(l.by.kinds, db, it.kind, it.kind_version, &k, e));
    said = item_json(&it, k);
    if (jr_parse(it.fields, &fields, &none) == OK)
        json_object_set_new(said, "fields", fields);
    c = asks_json(db, a, &l.by, id, said, e);
    if (c == OK)
        c = events_json(db, a, &l.by, id, said, e);
    if (c != OK)
        json_decref(said);
    else
        *out = said;
    return c;
}

static enum code show_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    json_t *said = NULL;
    struct arena a;
    struct db *db;
    enum code c;

    TRY(store_read(o->store, &db, e));
    arena_init(&a);
    c = show_in(o, db, &a, args, &said, e);
    store_read_end(db);
    arena_release(&a);
    if (c == OK)
        (void)t->say(t->arg, said);
    return c;
}

/* "  " before each of the members named, in one line. */
static void print_members(const json_t *v, const char *const *keys)
{
    for (; *keys; keys++) {
        struct str s = jr_str(v, *keys);
        printf("  %.*s", SF(s));
    }
    puts("");
}

static enum code show_show(struct cli *c, json_t *s, struct err *e)
{
    static const char *const of_ask[] = {"to", "purpose", "state_name", "word", NULL};
    static const char *const of_event[] = {"at", "actor", "verb_name", NULL};
    const json_t *asks = json_object_get(s, "asks"), *events = json_object_get(s, "events");

    if (c->json)
        return cli_print_json(s, e);
    TRY(list_show(c, s, e));
    for (size_t i = 0; i < json_array_size(asks); i++)
        print_members(json_array_get(asks, i), of_ask);
    for (size_t i = 0; i < json_array_size(events); i++)
        print_members(json_array_get(events, i), of_event);
    return OK;
}

static const struct cli_option show_options[] = {
    {"as", "登录名", "以谁的身份看；默认数据目录的所有者"},
    {NULL, NULL, NULL},
};

const struct command cmd_item_show = {
    .name = "item show",
    .args = "ITEM",
    .summary = "一件事项：字段、请办和经过",
    .about = "ITEM 是编号（督〔2026〕3号）或标识号。",
    .options = show_options,
    .args_min = 1,
    .args_max = 1,
    .reads = true,
    .request = show_request,
    .work = show_work,
    .show = show_show,
};

/* ---- run ---- */

static enum code add_line(json_t *list, struct str line, int64_t no, struct err *e)
{
    json_t *v, *o;

    if (line.n > SCRIPT_LINE_MAX)
        return FAIL(e, E_LIMIT, "第%lld行超过%dKB", (long long)no, SCRIPT_LINE_MAX >> 10);
    if (jr_parse(line, &v, e) != OK)
        return err_context(e, "第%lld行", (long long)no);
    o = json_object();
    json_object_set_new(o, "no", json_integer(no));
    json_object_set_new(o, "line", v);
    json_array_append_new(list, o);
    return OK;
}

static enum code run_request(struct cli *c, json_t *args, struct err *e)
{
    bool stdin_too = str_eq(str_z(c->args[0]), S("-"));
    json_t *list = json_array();
    struct str rest, line;
    int64_t no = 0;
    struct buf b;
    enum code code;

    buf_init(&b, 0);
    json_object_set_new(args, "lines", list);
    code = stdin_too ? io_read_fd(0, "标准输入", SCRIPT_BYTES_MAX, &b, e)
                     : io_read_file(c->args[0], SCRIPT_BYTES_MAX, &b, e);
    rest = buf_view(&b);
    while (code == OK && str_next(&rest, S("\n"), &line)) {
        no++;
        line = str_trim(line);
        if (line.n && line.p[0] != '#')
            code = add_line(list, line, no, e);
    }
    buf_release(&b);
    return code;
}

static json_t *done_json(int64_t no, struct str verb, int64_t item)
{
    json_t *o = json_object();

    json_object_set_new(o, "line", json_integer(no));
    js_set(o, "verb", verb);
    set_id(o, "item", item);
    return o;
}

static enum code run_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    const json_t *lines = json_object_get(args, "lines");
    struct item_script s = {.o = o, .may_shift = o->demo};
    struct arena a;
    enum code c = OK;

    arena_init(&a);
    s.a = &a;
    for (size_t i = 0; c == OK && i < json_array_size(lines); i++) {
        const json_t *at = json_array_get(lines, i);
        json_t *line = json_object_get(at, "line");
        int64_t no = jr_int(at, "no", 0), item;
        c = item_script_line(&s, line, &item, e);
        if (c != OK)
            c = err_context(e, "第%lld行", (long long)no);
        else if (!t->say(t->arg, done_json(no, jr_str(line, "verb"), item)))
            break;
    }
    arena_release(&a);
    return c;
}

static enum code run_show(struct cli *c, json_t *s, struct err *e)
{
    if (c->json)
        return cli_print_json(s, e);
    printf("第%lld行 %.*s %.*s\n", (long long)jr_int(s, "line", 0), SF(jr_str(s, "verb")),
        SF(jr_str(s, "item")));
    return OK;
}

const struct command cmd_item_run = {
    .name = "item run",
    .args = "FILE",
    .summary = "按脚本办事项：登记、转办、答复等",
    .about = "FILE 每行一个 JSON 对象，- 是标准输入；空行和 # 开头的行跳过。例如：\n"
             "{\"verb\":\"open\",\"as\":\"wangwu\",\"kind\":\"supervision\",\"ref\":\"a\","
             "\"fields\":{…}}\n"
             "{\"verb\":\"move\",\"as\":\"qiuzh\",\"item\":\"$a\",\"move\":\"assign\",\"opinion\":"
             "\"请抓紧办理。\"}\n"
             "verb 有 open edit move answer ask seen remind remark withdraw return hand_over "
             "extend merge\n"
             "reopen link delegate。人写登录名，单位写代码，文件写文号，事项写编号、标识号或前面的 "
             "ref；\n"
             "日期可写 +7d、-3d。每行办成一件就存一件，到出错的一行为止，说明是第几行。",
    .args_min = 1,
    .args_max = 1,
    .request = run_request,
    .work = run_work,
    .show = run_show,
};
