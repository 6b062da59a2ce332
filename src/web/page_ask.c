/* page_ask.c - one ask: what is wanted, answering it, passing it down inside the unit, what came back from below. */
#include <stdlib.h>

#include "base/clock.h"
#include "office/audit.h"
#include "office/item_file.h"
#include "office/person.h"
#include "office/phrase.h"
#include "office/rulebook.h"
#include "web/ask_rows.h"
#include "web/item_page.h"
#include "web/route.h"
#include "web/rows.h"

enum { TARGETS_MAX = 1000, SIGNED_MAX = 500, FACT_CP = 4000 };

/* ---- the matter itself ---- */

static struct ask_fact fact_of(struct ctx *c, const struct kind_field *f, const json_t *fields)
{
    const json_t *v = json_object_getn(fields, f->id.p, f->id.n);
    struct ask_fact fact = {.name = f->name};
    const char *z = json_string_value(v);
    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_LONGTEXT:
    case FIELD_DATE:
    case FIELD_CHOICE:
        fact.text = z ? arena_str(c->a, str_z(z)) : S("");
        fact.block = f->type == FIELD_LONGTEXT;
        break;
    case FIELD_PASSAGE:
        fact.text = arena_str(c->a, jr_str(v, "text"));
        fact.link = arena_printf(c->a, "/library/%lld", (long long)jr_id(v, "doc"));
        fact.block = true;
        break;
    case FIELD_RULE:
        fact.text = rule_words(c->a, str_z(z));
        fact.link = arena_printf(c->a, "/rules#%s", z ? z : "");
        break;
    case FIELD_DOCUMENT:
        fact.text = z ? S("打开依据文件") : S("");
        fact.link = arena_printf(c->a, "/library/%s", z ? z : "");
        break;
    case FIELD_NUMBER:
    case FIELD_DATETIME:
    case FIELD_PERSON:
    case FIELD_PEOPLE:
    case FIELD_UNIT:
    case FIELD_UNITS:
    case FIELD_ITEM:
    case FIELD_FILE:
    case FIELD_TABLE:
    case N_FIELD_TYPE:
        break;
    }
    return fact;
}

static enum code fill_facts(
    struct ctx *c, const struct item *it, const struct kind *k, struct page_ask *p, struct err *e)
{
    json_t *fields;
    TRY(jr_parse(it->fields, &fields, e));
    p->facts = ARENA_ARRAY(c->a, struct ask_fact, k->n_fields + 1);
    for (size_t i = 0; i < k->n_fields; i++) {
        struct ask_fact f = fact_of(c, &k->fields[i], fields);
        if (f.text.n && i != k->title)
            p->facts[p->n_facts++] = f;
    }
    json_decref(fields);
    return OK;
}

/* ---- whom it can be passed on to ---- */

static bool was_sent(struct ctx *c, const char *name, int64_t id)
{
    const struct form *f = c->r->form;
    for (size_t i = 0; f && i < f->n_fields; i++)
        if (str_eq(f->fields[i].name, str_z(name)) &&
            ctx_int(f->fields[i].value, 1, INT64_MAX, 0) == id)
            return true;
    return false;
}

struct inside {
    struct unit *units; /* in tree order */
    size_t n, from, to; /* the unit and all below it: [from, to) */
};

static enum code find_inside(
    struct ctx *c, struct db *db, int64_t unit, struct inside *in, struct err *e)
{
    TRY(unit_list(db, c->a, false, &in->units, &in->n, e));
    in->from = in->to = in->n;
    for (size_t i = 0; i < in->n; i++) {
        if (in->units[i].id == unit) {
            in->from = i;
            in->to = in->n;
        } else if (i > in->from && in->to == in->n &&
                   in->units[i].depth <= in->units[in->from].depth) {
            in->to = i;
        }
    }
    return OK;
}

static const struct unit *inside_of(const struct inside *in, int64_t unit)
{
    for (size_t i = in->from; i < in->to; i++)
        if (in->units[i].id == unit)
            return &in->units[i];
    return NULL;
}

static enum code fill_targets(
    struct ctx *c, struct db *db, int64_t unit, struct page_ask *p, struct err *e)
{
    struct inside in = {0};
    struct person *people;
    size_t n;
    TRY(find_inside(c, db, unit, &in, e));
    p->units = ARENA_ARRAY(c->a, struct ask_target, in.n + 1);
    for (size_t i = in.from + 1; i < in.to && p->n_units < TARGETS_MAX; i++)
        p->units[p->n_units++] = (struct ask_target){.id = in.units[i].id,
            .name = in.units[i].short_name,
            .depth = in.units[i].depth - in.units[in.from].depth - 1,
            .chosen = was_sent(c, "unit", in.units[i].id)};
    TRY(person_list(db, c->a, 0, false, &people, &n, e));
    p->people = ARENA_ARRAY(c->a, struct ask_target, n + 1);
    for (size_t i = 0; i < n && p->n_people < TARGETS_MAX; i++) {
        const struct unit *at = inside_of(&in, people[i].unit);
        if (at && people[i].id != c->v->person)
            p->people[p->n_people++] = (struct ask_target){.id = people[i].id,
                .name = people[i].name,
                .note = at->id == unit ? people[i].title : at->short_name,
                .chosen = was_sent(c, "person", people[i].id)};
    }
    return OK;
}

/* ---- the page ---- */

/* What came from below, one paragraph each: where the liaison's own answer begins. */
static struct str summary_of(struct ctx *c, const struct ask_node *v, size_t n)
{
    struct str s = S("");
    for (size_t i = 0; i < n; i++)
        if (v[i].ask.text.n)
            s = arena_printf(c->a, "%.*s%s%.*s：%.*s", SF(s), s.n ? "\n" : "", SF(v[i].ask.to_name),
                SF(v[i].ask.text));
    return s;
}

static void fill_below(
    struct ctx *c, const struct ask_node *node, int64_t now_ms, struct page_ask *p)
{
    size_t waiting = 0;
    p->below = ARENA_ARRAY(c->a, struct ask_row, node->n_below + 1);
    for (size_t i = 1; i <= node->n_below; i++) {
        struct ask_row *row = &p->below[p->n_below++];
        *row = row_ask(c, &node[i], now_ms, node->mine);
        row->depth -= node->depth + 1;
        waiting += row->open && node[i].ask.wait != WAIT_NONE;
    }
    p->counts = row_counts(&node->below);
    p->summary = summary_of(c, node + 1, node->n_below);
    if (waiting && p->may_answer)
        p->warning = arena_printf(c->a, "下级还有%zu家未反馈", waiting);
}

static enum code fill_ask(
    struct ctx *c, struct db *db, const struct actor *by, struct page_ask *p, struct err *e)
{
    struct ask a;
    struct ask_tree tree;
    struct item it;
    const struct kind *k;
    const struct ask_node *node = NULL;
    struct evidence files;
    TRY(ask_get(db, c->a, by, c->id, &a, e));
    TRY(item_get(db, c->a, by, a.item, &it, e));
    ctx_level(c, it.level);
    TRY(kinds_get(by->kinds, db, it.kind, it.kind_version, &k, e));
    TRY(ask_tree(db, c->a, by, a.item, &tree, e));
    for (size_t i = 0; i < tree.n; i++)
        if (tree.v[i].ask.id == c->id)
            node = &tree.v[i];
    if (!node)
        return FAIL(e, E_NOTFOUND, "没有这项请办，可能已经收回");
    p->id = a.id;
    p->item = it.id;
    p->title = it.title;
    p->number = it.number;
    p->kind = k->name;
    p->item_state = k->states[kind_state_of(k, it.state)].name;
    p->item_link = arena_printf(c->a, "/items/%lld", (long long)it.id);
    p->revision = it.revision;
    p->row = row_ask(c, node, by->now_ms, tree.may_send);
    p->asked = ask_asked(p->row.purpose);
    p->may_answer = node->mine && p->row.open;
    p->may_relay = p->may_answer && a.to_kind == PRINCIPAL_UNIT;
    TRY(fill_facts(c, &it, k, p, e));
    TRY(evidence_load(c, db, by, it.id, &files, e));
    evidence_fill(c, &files, &node->ask, &p->row);
    fill_below(c, node, by->now_ms, p);
    for (size_t i = 0; i < p->n_below; i++)
        evidence_fill(c, &files, &node[i + 1].ask, &p->below[i]);
    words_open(c, &a, &p->words, &p->n_words);
    words_offered(
        c, c->r->form && req_field(c->r, "purpose").n > 0, &p->relay_words, &p->n_relay_words);
    return p->may_relay ? fill_targets(c, db, a.to, p, e) : OK;
}

/* His own common phrases. */
static enum code fill_phrases(struct ctx *c, struct db *db, struct page_ask *p, struct err *e)
{
    struct choices l = {0};
    struct own_phrase *v;
    size_t n;
    TRY(phrase_list(db, c->a, c->v->person, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        choice_add(c, &l, v[i].text, v[i].text, false);
    p->phrases = l.v;
    p->n_phrases = l.n;
    return OK;
}

static enum code show_with(struct ctx *c, struct str problem, struct str done, struct err *e)
{
    struct page_ask p = {.problem = problem, .done = done};
    struct str back = req_field(c->r, "back");
    struct db *db;
    enum code code;
    if (c->route->need != NEED_WATCH && !done.n)
        p.done = ctx_flash_take(c);
    TRY(store_read(c->app->office->store, &db, e));
    code = fill_ask(c, db, ctx_actor(c), &p, e);
    if (code == OK)
        code = fill_phrases(c, db, &p, e);
    store_read_end(db);
    TRY(code);
    p.text = req_field(c->r, "text");
    if (!p.text.n && req_query(c->r, "take").n)
        p.text = p.summary;
    p.purpose = req_field(c->r, "purpose");
    if (!p.purpose.n)
        p.purpose = p.row.purpose;
    p.due = req_field(c->r, "due");
    back = back.n ? back : req_query(c->r, "back");
    p.back = back.n ? ctx_local(back) : p.item_link;
    if (c->route->need != NEED_WATCH)
        audit_access_to(c->app->office->store,
            &(struct access_entry){
                .person = c->v->person, .kind = ACCESS_READ, .item = p.item, .what = S("请办")});
    p.after = back.n ? p.back : p.row.link;
    show_ask(c, &p);
    return OK;
}

static enum code show_one(struct ctx *c, struct str problem, struct err *e)
{
    return show_with(c, problem, S(""), e);
}

/* ---- opening it is seeing it ---- */

static enum code write_seen(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    return ask_seen(db, ctx_actor(c), c->id, e);
}

static enum code after_seen(struct ctx *c, enum code code, struct err *e)
{
    if (code != OK &&
        code != E_CONFLICT) /* answered by another of the unit just now: shown as it is */
        return code;
    return show_one(c, S(""), e);
}

enum code page_ask(struct ctx *c, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    struct ask a;
    struct ask_tree tree;
    struct db *db;
    bool unseen = false;
    enum code code;
    TRY(store_read(c->app->office->store, &db, e));
    code = ask_get(db, c->a, by, c->id, &a, e);
    if (code == OK)
        code = ask_tree(db, c->a, by, a.item, &tree, e);
    for (size_t i = 0; code == OK && i < tree.n; i++)
        unseen = unseen || (tree.v[i].ask.id == c->id && tree.v[i].mine && !a.seen_ms &&
                               a.state == ASK_OPEN && a.sent_ms);
    store_read_end(db);
    TRY(code);
    if (unseen && c->r->method != METHOD_HEAD)
        return ctx_write(c, write_seen, c, after_seen);
    return show_one(c, S(""), e);
}

/* For the page that stands open: looking is no use of the session, and sees nothing for the first time. */
enum code page_ask_live(struct ctx *c, struct err *e)
{
    TRY(access_require(c->v, ACT_ITEMS, e));
    return show_one(c, S(""), e);
}

/* ---- answering ---- */

/* What was typed is kept: the page again, with the reason. */
static enum code refused(struct ctx *c, enum code code, struct err *e)
{
    struct str why = arena_str(c->a, str_z(e->msg));
    ctx_secret(c, code);
    if (code != E_INPUT && code != E_CONFLICT && code != E_LIMIT && code != E_DENIED &&
        code != E_SECRET)
        return code;
    if (show_one(c, why, e) != OK) {
        (void)FAIL(e, code, "%.*s", SF(why));
        return code;
    }
    c->r->res.status = code == E_CONFLICT ? 409 : code == E_DENIED ? 403 : 400;
    return OK;
}

static void go_back(struct ctx *c)
{
    struct str back = req_field(c->r, "back");
    ctx_redirect(c, back.n ? ctx_local(back) : arena_printf(c->a, "/asks/%lld", (long long)c->id));
}

/* An answer with its evidence: files are judged before the write, and made in it. */
struct answering {
    struct ask_reply r;
    struct item_upload *up;
    size_t n_up;
    int64_t item, stood; /* what it belongs to, and how that stood before */
};

static enum code write_answer(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct answering *k = c->job;
    const struct actor *by = ctx_actor(c);
    struct ask_reply r = k->r; /* this may run again */
    struct item it;
    struct ask a;
    int64_t *files = ARENA_ARRAY(c->a, int64_t, k->r.n_files + k->n_up + 1);
    for (size_t i = 0; i < k->r.n_files; i++)
        files[i] = k->r.files[i];
    for (size_t i = 0; i < k->n_up; i++)
        TRY(item_file_put(db, by, &k->up[i], &files[r.n_files++], e));
    r.files = files;
    TRY(ask_get(db, c->a, by, c->id, &a, e));
    TRY(item_get(db, c->a, by, a.item, &it, e));
    k->item = it.id;
    k->stood = it.stand;
    return ask_reply(db, by, &r, e);
}

static enum code after_answer(struct ctx *c, enum code code, struct err *e)
{
    const struct answering *k = c->job;
    if (code != OK)
        return refused(c, code, e);
    ctx_flash(c, arena_printf(c->a, "已回复“%.*s”%.*s", SF(k->r.word),
                     SF(item_stands(c, k->item, k->stood))));
    go_back(c);
    return OK;
}

static enum code judge_files(struct ctx *c, struct answering *k, struct err *e)
{
    const struct form *f = c->r->form;
    k->up = ARENA_ARRAY(c->a, struct item_upload, f->n_files + 1);
    for (size_t i = 0; i < f->n_files; i++) {
        struct str name = f->files[i].name.n ? f->files[i].name : S("未命名");
        TRY(item_file_judge(c->app->office, c->a, f->files[i].fd, name, &k->up[k->n_up], e));
        k->n_up++;
    }
    return OK;
}

static enum code write_phrase(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    return phrase_add(db, c->v->person, req_field(c->r, "text"), e);
}

/* Nothing is answered: the page again, with what was typed. */
static enum code after_phrase(struct ctx *c, enum code code, struct err *e)
{
    return code == OK ? show_with(c, S(""), S("已存为常用语"), e) : refused(c, code, e);
}

enum code do_ask_answer(struct ctx *c, struct err *e)
{
    struct answering *k = ARENA_NEW(c->a, struct answering);
    int64_t *files;
    enum code code;
    if (str_eq(req_field(c->r, "act"), S("phrase")))
        return ctx_write(c, write_phrase, c, after_phrase);
    k->r = (struct ask_reply){.ask = c->id,
        .word = ctx_words(c, req_field(c->r, "word")),
        .text = req_field(c->r, "text"),
        .despite = req_field(c->r, "despite").n > 0};
    TRY(ids_sent(c, "file", FIELD_FILES, &files, &k->r.n_files, e));
    k->r.files = files;
    code = judge_files(c, k, e);
    if (code != OK)
        return refused(c, code, e);
    c->job = k;
    return ctx_write(c, write_answer, c, after_answer);
}

/* ---- many at once ---- */

struct signing {
    int64_t *asks, done;
    size_t n;
};

static enum code write_sign(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct signing *k = c->job;
    return ask_sign(db, ctx_actor(c), k->asks, k->n, &k->done, e);
}

static enum code after_sign(struct ctx *c, enum code code, struct err *e)
{
    const struct signing *k = c->job;
    (void)e;
    TRY(code);
    ctx_flash(c, (size_t)k->done == k->n
                     ? arena_printf(c->a, "已签收%lld件", (long long)k->done)
                     : arena_printf(c->a, "已签收%lld件；其余%lld件要逐件办理", (long long)k->done,
                           (long long)k->n - (long long)k->done));
    ctx_redirect(c, ctx_local(req_field(c->r, "back")));
    return OK;
}

enum code do_asks_answer(struct ctx *c, struct err *e)
{
    struct signing *k = ARENA_NEW(c->a, struct signing);
    TRY(ids_sent(c, "ask", SIGNED_MAX, &k->asks, &k->n, e));
    if (!k->n)
        return FAIL(e, E_INPUT, "没有选中要签收的事项");
    c->job = k;
    return ctx_write(c, write_sign, c, after_sign);
}

/* ---- passing it down ---- */

struct relaying {
    int64_t item;
    struct ask_new *v;
    size_t n;
};

static enum code write_relay(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    const struct relaying *k = c->job;
    return ask_send(db, ctx_actor(c), k->item, k->v, k->n, e);
}

static enum code after_relay(struct ctx *c, enum code code, struct err *e)
{
    const struct relaying *k = c->job;
    if (code != OK)
        return refused(c, code, e);
    ctx_flash(c, arena_printf(c->a, "已转给%zu个对象", k->n));
    ctx_redirect(c, arena_printf(c->a, "/asks/%lld", (long long)c->id));
    return OK;
}

static enum code read_relay(struct ctx *c, struct relaying *k, struct err *e)
{
    struct ask_new made = {.parent = c->id, .wait = WAIT_ALL};
    int64_t *units, *people;
    size_t n_units, n_people;
    made.purpose = ctx_words(c, req_field(c->r, "purpose"));
    made.answers = lines_sent(c, "word");
    made.need_text = lines_sent(c, "need_text");
    made.need_files = lines_sent(c, "need_files");
    TRY(due_sent(c, &made.due_ms, e));
    TRY(ids_sent(c, "unit", TARGETS_MAX, &units, &n_units, e));
    TRY(ids_sent(c, "person", TARGETS_MAX, &people, &n_people, e));
    if (n_units + n_people == 0)
        return FAIL(e, E_INPUT, "请选要转给的人员或下级单位");
    k->v = ARENA_ARRAY(c->a, struct ask_new, n_units + n_people);
    for (size_t i = 0; i < n_units + n_people; i++) {
        k->v[i] = made;
        k->v[i].to_kind = i < n_units ? PRINCIPAL_UNIT : PRINCIPAL_PERSON;
        k->v[i].to = i < n_units ? units[i] : people[i - n_units];
    }
    k->n = n_units + n_people;
    return OK;
}

enum code do_ask_relay(struct ctx *c, struct err *e)
{
    struct relaying *k = ARENA_NEW(c->a, struct relaying);
    struct ask a;
    struct db *db;
    enum code code = read_relay(c, k, e);
    if (code != OK)
        return refused(c, code, e);
    TRY(store_read(c->app->office->store, &db, e));
    code = ask_get(db, c->a, ctx_actor(c), c->id, &a, e);
    store_read_end(db);
    TRY(code);
    k->item = a.item;
    c->job = k;
    return ctx_write(c, write_relay, c, after_relay);
}
