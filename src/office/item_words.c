#include "office/item_words.h"

#include "base/json.h"

bool item_plain_words(struct str text)
{
    static const char *const plain[] = {"同意", "同意拟办意见", "同意。", "已阅", "阅", "圈阅",
        "知悉", "收到", "已收", "已收到", "无意见", "无不同意见", "照办", "拟同意"};
    text = str_trim(text);
    while (str_eat_end(&text, S("。")) || str_eat_end(&text, S(".")) || str_eat_end(&text, S("！")))
        ;
    for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++)
        if (str_eq(text, str_z(plain[i])))
            return true;
    return text.n == 0;
}

static struct str state_name(struct arena *a, const struct kind *k, struct str id)
{
    size_t i = kind_state_of(k, id);
    return i == SIZE_MAX ? arena_str(a, id) : k->states[i].name;
}

/* The names of the fields that were set, without those that only some may see. */
static struct str names_of(struct arena *a, const struct kind *k, json_t *set)
{
    struct str all = S("");
    const char *key;
    json_t *value;
    json_object_foreach(set, key, value)
    {
        size_t i = kind_field_of(k, str_z(key));
        struct str one = S("");
        if (i != SIZE_MAX && k->fields[i].see.n == 0)
            one = k->fields[i].name;
        else if (str_eq(str_z(key), S("title")))
            one = S("标题");
        else if (str_eq(str_z(key), S("urgency")))
            one = S("缓急");
        else if (str_eq(str_z(key), S("level")))
            one = S("知悉范围");
        if (one.n)
            all = all.n ? arena_printf(a, "%.*s、%.*s", SF(all), SF(one)) : one;
    }
    return all;
}

static struct str copy(struct arena *a, const json_t *p, const char *key)
{
    return arena_str(a, jr_str(p, key));
}

static void moved(struct arena *a, const struct kind *k, const json_t *p, struct item_words *w)
{
    struct str from = jr_str(p, "from"), to = jr_str(p, "to");
    if (!to.n || kind_state_of(k, to) == SIZE_MAX)
        return;
    if (!str_eq(from, to))
        w->state = state_name(a, k, to);
    w->box = copy(a, p, "box");
}

static void open_words(struct arena *a, const struct kind *k, const json_t *p, struct item_words *w)
{
    struct str number = jr_str(p, "number");
    if (number.n)
        w->detail = arena_printf(a, "编号%.*s", SF(number));
    if (jr_int(p, "opened", 0))
        w->detail = w->detail.n ? arena_printf(a, "%.*s，补录", SF(w->detail)) : S("补录");
    w->state = k->n_states ? k->states[0].name : S("");
    w->key = true;
}

struct str item_passed_words(struct arena *a, const json_t *payload, int64_t *list)
{
    const json_t *p = json_object_get(json_object_get(payload, "version"), "passed");
    int64_t n = jr_int(p, "n", 0), errors = jr_int(p, "errors", 0);
    *list = jr_id(p, "list");
    if (!n)
        return S("");
    return errors
               ? arena_printf(a, "略过%lld处问题，其中错误%lld处", (long long)n, (long long)errors)
               : arena_printf(a, "略过%lld处问题", (long long)n);
}

static void add_passed(struct arena *a, const json_t *p, struct item_words *w)
{
    int64_t list;
    struct str s = item_passed_words(a, p, &list);
    if (s.n)
        w->detail = w->detail.n ? arena_printf(a, "%.*s；%.*s", SF(w->detail), SF(s)) : s;
}

static void move_words(struct arena *a, const struct kind *k, const json_t *p, struct item_words *w)
{
    struct str set = names_of(a, k, json_object_get(p, "set")), number = jr_str(p, "number");
    w->what = copy(a, p, "name");
    w->opinion = copy(a, p, "opinion");
    if (number.n)
        w->detail = arena_printf(a, "编号%.*s", SF(number));
    else if (set.n)
        w->detail = arena_printf(a, "填写%.*s", SF(set));
    add_passed(a, p, w);
    moved(a, k, p, w);
    w->key = w->state.n || !item_plain_words(w->opinion);
}

static void answer_words(
    struct arena *a, const struct kind *k, const json_t *p, struct item_words *w)
{
    w->what = copy(a, p, "word");
    w->opinion = copy(a, p, "text");
    if (json_array_size(json_object_get(p, "files")))
        w->detail = arena_printf(a, "附%zu份材料", json_array_size(json_object_get(p, "files")));
    add_passed(a, p, w);
    moved(a, k, p, w);
    w->key = w->state.n || !item_plain_words(w->opinion);
}

static void why_words(struct arena *a, const struct kind *k, const json_t *p, struct item_words *w)
{
    w->opinion = copy(a, p, "why");
    moved(a, k, p, w);
    w->key = true;
}

static void extend_words(
    struct arena *a, const struct kind *k, const json_t *p, struct item_words *w)
{
    bool granted = jr_bool(p, "granted", false);
    (void)k;
    w->what = granted ? S("延期") : S("申请延期");
    w->opinion = copy(a, p, "why");
    w->detail = arena_printf(a, "%s%.*s", granted ? "延到" : "想延到", SF(jr_str(p, "day")));
    w->key = true;
}

static void ask_words(struct arena *a, const struct kind *k, const json_t *p, struct item_words *w)
{
    const json_t *to = json_object_get(p, "to");
    struct str purpose = jr_str(json_array_get(to, 0), "purpose");
    (void)k;
    w->detail = arena_printf(
        a, "%.*s%s%zu个单位或人员", SF(purpose), purpose.n ? "，" : "", json_array_size(to));
    w->key = true;
}

static void asks_words(struct arena *a, const struct kind *k, const json_t *p, struct item_words *w)
{
    (void)k;
    w->opinion = copy(a, p, "text");
    w->detail = arena_printf(a, "%zu个单位或人员", json_array_size(json_object_get(p, "asks")));
}

static void remark_words(
    struct arena *a, const struct kind *k, const json_t *p, struct item_words *w)
{
    (void)k;
    w->opinion = copy(a, p, "text");
    w->key = !item_plain_words(w->opinion);
}

static void edit_words(struct arena *a, const struct kind *k, const json_t *p, struct item_words *w)
{
    struct str names = names_of(a, k, json_object_get(p, "set"));
    if (names.n)
        w->detail = arena_printf(a, "改了%.*s", SF(names));
}

static void link_words(struct arena *a, const struct kind *k, const json_t *p, struct item_words *w)
{
    (void)k;
    w->detail = copy(a, p, "relation");
}

static void text_words(struct arena *a, const struct kind *k, const json_t *p, struct item_words *w)
{
    (void)k;
    w->detail = copy(a, p, "text");
}

static void version_words(
    struct arena *a, const struct kind *k, const json_t *p, struct item_words *w)
{
    (void)k;
    w->detail = jr_str(p, "title").n
                    ? copy(a, p, "title")
                    : arena_printf(a, "第%lld稿",
                          (long long)jr_int(json_object_get(p, "version"), "number", 0));
    add_passed(a, p, w);
}

static void print_words(
    struct arena *a, const struct kind *k, const json_t *p, struct item_words *w)
{
    int64_t first = jr_int(p, "first", 0);
    (void)k;
    w->detail = arena_printf(
        a, "%s%lld份", jr_bool(p, "again", false) ? "重印" : "", (long long)jr_int(p, "copies", 0));
    if (first)
        w->detail = arena_printf(a, "%.*s，份号%06lld起", SF(w->detail), (long long)first);
    if (jr_str(p, "fonts").n)
        w->detail = arena_printf(
            a, "%.*s；字体被替换，确认印制：%.*s", SF(w->detail), SF(jr_str(p, "fonts_why")));
    w->opinion = copy(a, p, "why");
    w->key = true;
}

static void package_words(
    struct arena *a, const struct kind *k, const json_t *p, struct item_words *w)
{
    (void)k;
    w->detail = arena_printf(
        a, "%lld个文件，SM3 %.*s", (long long)jr_int(p, "files", 0), SF(jr_str(p, "sm3")));
    w->key = true;
}

void item_words(
    struct arena *a, const struct kind *k, const struct item_event *ev, struct item_words *out)
{
    static const struct {
        const char *verb;
        void (*fn)(struct arena *a, const struct kind *k, const json_t *p, struct item_words *w);
    } rows[] = {{"open", open_words}, {"move", move_words}, {"answer", answer_words},
        {"return", why_words}, {"withdraw", why_words}, {"reopen", why_words}, {"merge", why_words},
        {"split", why_words}, {"archive", why_words}, {"hand_over", why_words},
        {"extend", extend_words}, {"ask", ask_words}, {"remind", asks_words}, {"unask", asks_words},
        {"remark", remark_words}, {"skip", remark_words}, {"catch_up", remark_words},
        {"climb", text_words}, {"climb_ack", text_words}, {"edit", edit_words},
        {"link", link_words}, {"unlink", link_words}, {"carry", version_words},
        {"renew", version_words}, {"print", print_words}, {"spoil", print_words},
        {"package", package_words}};
    json_t *p = NULL;
    struct err none;
    *out = (struct item_words){.what = str_z(item_verb_name(ev->verb))};
    if (ev->erased) {
        out->detail = S("内容已依法抹去");
        return;
    }
    if (jr_parse(ev->payload, &p, &none) != OK)
        return;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (str_eq(ev->verb, str_z(rows[i].verb)))
            rows[i].fn(a, k, p, out);
    json_decref(p);
    if (!out->what.n)
        out->what = str_z(item_verb_name(ev->verb));
}
