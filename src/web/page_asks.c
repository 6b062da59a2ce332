/* page_asks.c - the asks of an item: the tree with its figures, asking others, reminding and taking back. */
#include "base/clock.h"
#include "office/person.h"
#include "web/ask_rows.h"
#include "web/route.h"
#include "web/rows.h"

enum { CHOSEN_MAX = 2000, NAMES_MAX = 100, NAME_MATCHES = 20 };

/* ---- the tree ---- */

static enum code fill_asks(
    struct ctx *c, struct db *db, int64_t item, struct page_asks *p, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    struct ask_tree tree;
    struct item it;
    const struct kind *k;
    struct evidence files;
    TRY(item_get(db, c->a, by, item, &it, e));
    TRY(kinds_get(by->kinds, db, it.kind, it.kind_version, &k, e));
    TRY(ask_tree(db, c->a, by, item, &tree, e));
    TRY(evidence_load(c, db, by, item, &files, e));
    p->item = it.id;
    p->title = it.title;
    p->number = it.number;
    p->item_state = k->states[kind_state_of(k, it.state)].name;
    p->item_link = arena_printf(c->a, "/items/%lld", (long long)it.id);
    p->revision = it.revision;
    p->whole = tree.whole;
    p->may_send = tree.may_send;
    p->counts = row_counts(&tree.total);
    p->rows = ARENA_ARRAY(c->a, struct ask_row, tree.n + 1);
    for (size_t i = 0; i < tree.n; i++) {
        struct ask_row row = row_ask(c, &tree.v[i], by->now_ms, tree.may_send);
        evidence_fill(c, &files, &tree.v[i].ask, &row);
        p->may_chase = p->may_chase || row.may_chase;
        p->rows[p->n_rows++] = row;
    }
    return OK;
}

static enum code show_tree(struct ctx *c, struct err *e)
{
    struct page_asks p = {0};
    struct db *db;
    enum code code;
    if (c->route->need !=
        NEED_WATCH) /* what was done is said to the person, not to the page that stands open */
        p.done = ctx_flash_take(c);
    TRY(store_read(c->app->office->store, &db, e));
    code = fill_asks(c, db, c->id, &p, e);
    store_read_end(db);
    TRY(code);
    p.back = req_query(c->r, "back").n ? ctx_local(req_query(c->r, "back")) : p.item_link;
    show_asks(c, &p);
    return OK;
}

enum code page_asks(struct ctx *c, struct err *e)
{
    return show_tree(c, e);
}

enum code page_asks_live(struct ctx *c, struct err *e)
{
    TRY(access_require(c->v, ACT_ITEMS, e));
    return show_tree(c, e);
}

/* ---- reminding, taking back ---- */

struct chasing {
    int64_t *asks;
    size_t n;
    struct str text;
    bool remind;
};

static enum code write_chase(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    const struct chasing *k = c->job;
    if (k->remind)
        return ask_remind(db, ctx_actor(c), k->asks, k->n, k->text, e);
    return ask_withdraw(db, ctx_actor(c), k->asks, k->n, k->text, e);
}

static enum code after_chase(struct ctx *c, enum code code, struct err *e)
{
    const struct chasing *k = c->job;
    (void)e;
    TRY(code);
    ctx_flash(c, k->remind ? S("已催办还没有答复的各方，次数已记录") : S("已收回"));
    ctx_redirect(c, ctx_local(req_field(c->r, "back")));
    return OK;
}

/* All that is open of one item, as far as the actor may chase it: `item` instead of a list. */
static enum code open_of_item(struct ctx *c, struct chasing *k, int64_t item, struct err *e)
{
    struct page_asks p = {0};
    struct db *db;
    enum code code;
    TRY(store_read(c->app->office->store, &db, e));
    code = fill_asks(c, db, item, &p, e);
    store_read_end(db);
    TRY(code);
    k->asks = ARENA_ARRAY(c->a, int64_t, p.n_rows + 1);
    for (size_t i = 0; i < p.n_rows; i++)
        if (p.rows[i].may_chase)
            k->asks[k->n++] = p.rows[i].id;
    return OK;
}

static enum code chase(struct ctx *c, bool remind, struct err *e)
{
    struct chasing *k = ARENA_NEW(c->a, struct chasing);
    int64_t item = ctx_int(req_field(c->r, "item"), 1, INT64_MAX, 0);
    TRY(ids_sent(c, "ask", CHOSEN_MAX, &k->asks, &k->n, e));
    k->remind = remind;
    k->text = req_field(c->r, "text");
    if (remind && !k->n && item)
        TRY(open_of_item(c, k, item, e));
    if (!k->n)
        return FAIL(e, E_INPUT, remind ? "没有选中要催办的对象" : "没有选中要收回的对象");
    if (!remind && !str_trim(k->text).n)
        return FAIL(e, E_INPUT, "收回要写明原因，填好后再办");
    c->job = k;
    return ctx_write(c, write_chase, c, after_chase);
}

/* One form, two buttons: the withdrawal is chosen by `act`. */
enum code do_asks_remind(struct ctx *c, struct err *e)
{
    return chase(c, !str_eq(req_field(c->r, "act"), S("withdraw")), e);
}

enum code do_asks_withdraw(struct ctx *c, struct err *e)
{
    return chase(c, false, e);
}

/* ---- asking others ---- */

static bool unit_sent(struct ctx *c, int64_t id)
{
    const struct form *f = c->r->form;
    for (size_t i = 0; f && i < f->n_fields; i++)
        if (str_eq(f->fields[i].name, S("unit")) &&
            ctx_int(f->fields[i].value, 1, INT64_MAX, 0) == id)
            return true;
    return false;
}

static enum code fill_send(struct ctx *c, struct db *db, struct page_ask_send *p, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    struct item it;
    struct unit *units;
    size_t n;
    bool may;
    TRY(item_get(db, c->a, by, c->id, &it, e));
    TRY(access_item(db, by, c->id, ITEM_ASK, 0, &may, e));
    if (!may)
        return FAIL(e, E_DENIED, "您不能请他人办理这件事项");
    p->item = it.id;
    p->title = it.title;
    p->item_link = arena_printf(c->a, "/items/%lld", (long long)it.id);
    TRY(unit_list(db, c->a, false, &units, &n, e));
    p->units = ARENA_ARRAY(c->a, struct ask_target, n + 1);
    for (size_t i = 0; i < n; i++)
        p->units[p->n_units++] = (struct ask_target){.id = units[i].id,
            .name = units[i].short_name,
            .depth = units[i].depth,
            .chosen = unit_sent(c, units[i].id)};
    return OK;
}

static enum code show_send(struct ctx *c, struct str problem, struct err *e)
{
    struct page_ask_send p = {.problem = problem};
    struct choices waits = {0};
    struct str back = req_field(c->r, "back"), wait = req_field(c->r, "wait");
    struct db *db;
    enum code code;
    TRY(store_read(c->app->office->store, &db, e));
    code = fill_send(c, db, &p, e);
    store_read_end(db);
    TRY(code);
    choice_add(c, &waits, S("none"), S("不等候：只供知悉，不影响下一步"),
        !wait.n || str_eq(wait, S("none")));
    choice_add(c, &waits, S("all"), S("等候全部：答复齐了再办下一步"), str_eq(wait, S("all")));
    choice_add(
        c, &waits, S("any"), S("任一即可：有一方答复，其余不再需要"), str_eq(wait, S("any")));
    p.waits = waits.v;
    p.n_waits = waits.n;
    words_offered(c, c->r->form != NULL, &p.words, &p.n_words);
    p.people = req_field(c->r, "people");
    p.purpose = req_field(c->r, "purpose");
    p.due = req_field(c->r, "due");
    back = back.n ? back : req_query(c->r, "back");
    p.back = back.n ? ctx_local(back) : p.item_link;
    show_ask_send(c, &p);
    return OK;
}

enum code page_ask_send(struct ctx *c, struct err *e)
{
    return show_send(c, S(""), e);
}

struct sending {
    struct ask_new *v;
    size_t n, cap;
};

static void send_to(
    struct ctx *c, struct sending *k, enum principal kind, int64_t id, const struct ask_new *made)
{
    struct ask_new one = *made;
    one.to_kind = kind;
    one.to = id;
    ARENA_PUSH(c->a, k->v, k->n, k->cap) = one;
}

/* One name or login, as it was typed. */
static enum code person_named(
    struct ctx *c, struct db *db, struct str name, int64_t *id, struct err *e)
{
    struct person *v;
    size_t n, fits = 0;
    TRY(person_match(db, c->a, name, NAME_MATCHES, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i].name, name) || str_eq(v[i].login, name)) {
            *id = v[i].id;
            fits++;
        }
    if (fits == 1)
        return OK;
    return fits ? FAIL(e, E_INPUT, "有%zu位“%.*s”，请填登录名", fits, SF(name))
                : FAIL(e, E_INPUT, "没有“%.*s”这个人，请核对姓名", SF(name));
}

static enum code people_sent(
    struct ctx *c, struct sending *k, const struct ask_new *made, struct err *e)
{
    static const char *const marks[] = {"，", "；", ",", ";", " ", "\n", "　"};
    struct str text = req_field(c->r, "people"), piece;
    struct db *db;
    size_t n = 0;
    enum code code = OK;
    for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
        struct str before, after;
        while (str_cut(text, str_z(marks[i]), &before, &after))
            text = arena_printf(c->a, "%.*s、%.*s", SF(before), SF(after));
    }
    TRY(store_read(c->app->office->store, &db, e));
    while (code == OK && str_next(&text, S("、"), &piece)) {
        int64_t id = 0;
        piece = str_trim(piece);
        if (!piece.n)
            continue;
        code = ++n > NAMES_MAX ? FAIL(e, E_LIMIT, "一次最多填%d个人", NAMES_MAX)
                               : person_named(c, db, piece, &id, e);
        if (code == OK)
            send_to(c, k, PRINCIPAL_PERSON, id, made);
    }
    store_read_end(db);
    return code;
}

static enum code read_send(struct ctx *c, struct sending *k, struct err *e)
{
    struct str wait = req_field(c->r, "wait");
    struct ask_new made = {.purpose = ctx_words(c, req_field(c->r, "purpose")),
        .answers = lines_sent(c, "word"),
        .need_text = lines_sent(c, "need_text"),
        .need_files = lines_sent(c, "need_files")};
    int64_t *units, *people;
    size_t n_units, n_people;
    made.wait = str_eq(wait, S("all")) ? WAIT_ALL : str_eq(wait, S("any")) ? WAIT_ANY : WAIT_NONE;
    if (!made.purpose.n)
        return FAIL(e, E_INPUT, "请写明事由：为什么送、要对方做什么");
    TRY(due_sent(c, &made.due_ms, e));
    TRY(ids_sent(c, "unit", FIELD_MANY, &units, &n_units, e));
    TRY(ids_sent(c, "person", FIELD_MANY, &people, &n_people, e));
    for (size_t i = 0; i < n_units; i++)
        send_to(c, k, PRINCIPAL_UNIT, units[i], &made);
    for (size_t i = 0; i < n_people; i++)
        send_to(c, k, PRINCIPAL_PERSON, people[i], &made);
    TRY(people_sent(c, k, &made, e));
    return k->n ? OK : FAIL(e, E_INPUT, "请选单位，或填写人员");
}

static enum code refused(struct ctx *c, enum code code, struct err *e)
{
    struct str why = arena_str(c->a, str_z(e->msg));
    if (code != E_INPUT && code != E_CONFLICT && code != E_LIMIT)
        return code;
    TRY(show_send(c, why, e));
    c->r->res.status = code == E_CONFLICT ? 409 : 400;
    return OK;
}

static enum code write_send(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    const struct sending *k = c->job;
    return ask_send(db, ctx_actor(c), c->id, k->v, k->n, e);
}

static enum code after_send(struct ctx *c, enum code code, struct err *e)
{
    const struct sending *k = c->job;
    struct str back = req_field(c->r, "back");
    if (code != OK)
        return refused(c, code, e);
    ctx_flash(c, arena_printf(c->a, "已送%zu个对象", k->n));
    ctx_redirect(
        c, back.n ? ctx_local(back) : arena_printf(c->a, "/items/%lld/asks", (long long)c->id));
    return OK;
}

enum code do_ask_send(struct ctx *c, struct err *e)
{
    struct sending *k = ARENA_NEW(c->a, struct sending);
    enum code code = read_send(c, k, e);
    if (code != OK)
        return refused(c, code, e);
    c->job = k;
    return ctx_write(c, write_send, c, after_send);
}
