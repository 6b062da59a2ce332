/* What can be done with an item, sent from its page; and what is answered when somebody else was first. */
#include "base/utf8.h"
#include "office/document.h"
#include "web/item_page.h"
#include "web/route.h"
#include "web/rows.h"

struct verb_job {
    const struct verb_spec *verb;
    struct actor by;
    int64_t revision;
    struct str text; /* opinion, remark, reason */
    struct str move, state, clock, day, relation;
    struct str step; /* name of the move */
    int64_t person, into, doc, link, seq;
    bool right;
    struct item_chosen chosen;
    struct item_typed typed; /* fields of a move */
    bool anyway;             /* although something is still open */
    struct str done;         /* what to say */
};
struct verb_spec {
    const char *path, *name;
    const char *done;
    enum code (*read)(struct ctx *c, struct verb_job *j, struct err *e);
    enum code (*write)(struct db *db, struct ctx *c, struct verb_job *j, struct err *e);
    bool to_list; /* the work is done here: back to where one came from */
};

static enum code read_text(struct ctx *c, struct verb_job *j, struct err *e)
{
    (void)e;
    j->text = str_trim(req_field(c->r, "text"));
    return OK;
}

/* ---- a move ---- */

static enum code kind_of_item(struct ctx *c, const struct kind **k, json_t **fields, struct err *e)
{
    struct db *db;
    struct item it;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = item_get(db, c->a, ctx_actor(c), c->id, &it, e);
    if (code == OK)
        code = kinds_get(c->app->office->kinds, db, it.kind, it.kind_version, k, e);
    store_read_end(db);
    TRY(code);
    TRY(jr_parse(it.fields, fields, e));
    (void)item_form_keep(c, *fields);
    return OK;
}

static enum code read_move(struct ctx *c, struct verb_job *j, struct err *e)
{
    const struct kind *k;
    json_t *fields;
    size_t at;
    TRY(kind_of_item(c, &k, &fields, e));
    j->move = req_field(c->r, "move");
    j->anyway = req_field(c->r, "anyway").n > 0;
    j->text = str_trim(req_field(c->r, "text"));
    at = kind_move_of(k, j->move);
    if (at == SIZE_MAX)
        return FAIL(e, E_INPUT, "没有说明办哪一步，请从页面上的按钮办理");
    j->step = k->moves[at].name;
    if (k->moves[at].n_set)
        TRY(item_form_read(c, k, fields, k->moves[at].set, k->moves[at].n_set, &j->typed, e));
    if (j->typed.problem.n)
        return FAIL(e, E_INPUT, "%.*s", SF(j->typed.problem));
    return item_form_chosen(c, "@people", "@units", &j->chosen, e);
}

/* What only warns is confirmed by the person; what is open at the moment of writing counts. */
static enum code check_open(struct db *db, struct ctx *c, const struct verb_job *j, struct err *e)
{
    struct item it;
    struct item_choice *v;
    const struct kind *k;
    size_t n;
    if (j->anyway)
        return OK;
    TRY(item_get(db, c->a, &j->by, c->id, &it, e));
    TRY(kinds_get(c->app->office->kinds, db, it.kind, it.kind_version, &k, e));
    TRY(item_choices(db, c->a, &j->by, &it, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (str_eq(k->moves[v[i].move].id, j->move) && v[i].hindrance.n && !v[i].blocks)
            return FAIL(e, E_INPUT, "%.*s；仍要继续的，请勾选确认", SF(v[i].hindrance));
    return OK;
}

static enum code write_move(struct db *db, struct ctx *c, struct verb_job *j, struct err *e)
{
    struct item_move m = {.move = j->move,
        .opinion = j->text,
        .persons = j->chosen.persons,
        .units = j->chosen.units,
        .n_persons = j->chosen.n_persons,
        .n_units = j->chosen.n_units,
        .seal = ctx_int(req_field(c->r, "seal"), 1, INT64_MAX, 0)};
    json_t *fields;
    TRY(check_open(db, c, j, e));
    if (j->typed.fields) {
        TRY(item_form_put(db, c, &j->by, &j->typed, &fields, e));
        m.set = fields;
    }
    return item_move(db, &j->by, c->id, j->revision, &m, e);
}

/* ---- the others ---- */

static enum code read_remark(struct ctx *c, struct verb_job *j, struct err *e)
{
    TRY(read_text(c, j, e));
    return item_form_chosen(c, "@people", "@units", &j->chosen, e);
}

static enum code write_remark(struct db *db, struct ctx *c, struct verb_job *j, struct err *e)
{
    return item_remark(db, &j->by, c->id, j->text, j->chosen.persons, j->chosen.n_persons, e);
}

static enum code write_withdraw(struct db *db, struct ctx *c, struct verb_job *j, struct err *e)
{
    return item_withdraw(db, &j->by, c->id, j->revision, j->text, e);
}

static enum code read_return(struct ctx *c, struct verb_job *j, struct err *e)
{
    j->state = req_field(c->r, "state");
    return read_text(c, j, e);
}

static enum code write_return(struct db *db, struct ctx *c, struct verb_job *j, struct err *e)
{
    return item_return(db, &j->by, c->id, j->revision, j->state, j->text, e);
}

static enum code read_hand_over(struct ctx *c, struct verb_job *j, struct err *e)
{
    TRY(read_text(c, j, e));
    TRY(item_form_one(c, "@person", "移交给", FIELD_PERSON, &j->person, e));
    return j->person ? OK : FAIL(e, E_INPUT, "没有选定移交给谁");
}

static enum code write_hand_over(struct db *db, struct ctx *c, struct verb_job *j, struct err *e)
{
    return item_hand_over(db, &j->by, c->id, j->revision, j->person, j->text, e);
}

static enum code read_extend(struct ctx *c, struct verb_job *j, struct err *e)
{
    char iso[DAY_ISO_SIZE];
    struct day d;
    TRY(read_text(c, j, e));
    j->clock = req_field(c->r, "clock");
    TRY(day_parse(str_trim(req_field(c->r, "day")), &d, e));
    j->day = arena_str(c->a, day_iso(d, iso));
    return OK;
}

static enum code write_extend(struct db *db, struct ctx *c, struct verb_job *j, struct err *e)
{
    return item_extend(db, &j->by, c->id, j->revision, j->clock, j->day, j->text, e);
}

static enum code read_merge(struct ctx *c, struct verb_job *j, struct err *e)
{
    TRY(read_text(c, j, e));
    TRY(item_form_one(c, "@into", "并入", FIELD_ITEM, &j->into, e));
    return j->into ? OK : FAIL(e, E_INPUT, "没有选定并入哪一件");
}

static enum code write_merge(struct db *db, struct ctx *c, struct verb_job *j, struct err *e)
{
    return item_merge(db, &j->by, c->id, j->revision, j->into, j->text, e);
}

static enum code write_reopen(struct db *db, struct ctx *c, struct verb_job *j, struct err *e)
{
    return item_reopen(db, &j->by, c->id, j->revision, j->text, e);
}

static enum code read_archive(struct ctx *c, struct verb_job *j, struct err *e)
{
    (void)e;
    j->text = ctx_words(c, req_field(c->r, "number"));
    return OK;
}

static enum code write_archive(struct db *db, struct ctx *c, struct verb_job *j, struct err *e)
{
    return item_archive(db, &j->by, c->id, j->revision, j->text, e);
}

static enum code write_discard(struct db *db, struct ctx *c, struct verb_job *j, struct err *e)
{
    return item_discard(db, &j->by, c->id, j->revision, j->text, e);
}

static enum code write_upgrade(struct db *db, struct ctx *c, struct verb_job *j, struct err *e)
{
    return item_upgrade(db, &j->by, c->id, j->revision, e);
}

static enum code read_verify(struct ctx *c, struct verb_job *j, struct err *e)
{
    j->seq = ctx_int(req_field(c->r, "seq"), 1, INT64_MAX, 0);
    j->right = !str_eq(req_field(c->r, "right"), S("0"));
    return read_text(c, j, e);
}

static enum code write_verify(struct db *db, struct ctx *c, struct verb_job *j, struct err *e)
{
    return item_verify(db, &j->by, c->id, j->seq, j->right, j->text, e);
}

static enum code read_link(struct ctx *c, struct verb_job *j, struct err *e)
{
    j->relation = ctx_words(c, req_field(c->r, "relation"));
    TRY(item_form_one(c, "@into", "事项", FIELD_ITEM, &j->into, e));
    TRY(item_form_one(c, "@doc", "文件", FIELD_DOCUMENT, &j->doc, e));
    return j->into || j->doc ? OK : FAIL(e, E_INPUT, "没有选定与哪件事项或文件关联");
}

static enum code write_link(struct db *db, struct ctx *c, struct verb_job *j, struct err *e)
{
    struct item_link l = {.from = {.kind = LINK_ITEM, .id = c->id}, .relation = j->relation};
    if (j->into) {
        l.to = (struct link_end){.kind = LINK_ITEM, .id = j->into};
        TRY(item_link_add(db, &j->by, &l, e));
    }
    if (j->doc) {
        l.to = (struct link_end){.kind = LINK_DOCUMENT, .id = j->doc};
        TRY(item_link_add(db, &j->by, &l, e));
    }
    return OK;
}

static enum code read_unlink(struct ctx *c, struct verb_job *j, struct err *e)
{
    (void)e;
    j->link = id_in_text(req_field(c->r, "link"));
    return OK;
}

static enum code write_unlink(struct db *db, struct ctx *c, struct verb_job *j, struct err *e)
{
    (void)c;
    return item_link_drop(db, &j->by, j->link, e);
}

static enum code read_carry(struct ctx *c, struct verb_job *j, struct err *e)
{
    j->doc = ctx_int(req_field(c->r, "manuscript"), 1, INT64_MAX, 0);
    return j->doc ? OK : FAIL(e, E_INPUT, "没有选文稿，选好后再带上");
}

static enum code write_carry(struct db *db, struct ctx *c, struct verb_job *j, struct err *e)
{
    return item_text_carry(db, &j->by, c->id, j->revision, j->doc, e);
}

static enum code write_renew(struct db *db, struct ctx *c, struct verb_job *j, struct err *e)
{
    return item_text_renew(db, &j->by, c->id, j->revision, e);
}

static const struct verb_spec verbs[] = {
    {"carry", "带上文稿", "已带上文稿", read_carry, write_carry, false},
    {"renew", "另存一稿", "已另存一稿，各方看到的是新的一稿", read_text, write_renew, false},
    {"move", "办理", "已办理", read_move, write_move, true},
    {"remark", "留言", "已留言", read_remark, write_remark, false},
    {"withdraw", "撤回", "已撤回", read_text, write_withdraw, false},
    {"return", "退回", "已退回", read_return, write_return, true},
    {"hand-over", "移交", "已移交", read_hand_over, write_hand_over, true},
    {"extend", "延期", "延期已提交", read_extend, write_extend, false},
    {"merge", "并案", "已并案", read_merge, write_merge, true},
    {"reopen", "重新办理", "已重新办理", read_text, write_reopen, false},
    {"archive", "归档", "已归档", read_archive, write_archive, true},
    {"discard", "放弃草稿", "草稿已放弃", read_text, write_discard, true},
    {"upgrade", "换用新版", "已换用种类的新版", read_text, write_upgrade, false},
    {"verify", "核对代录", "已核对", read_verify, write_verify, false},
    {"link", "关联", "已关联", read_link, write_link, false},
    {"unlink", "取消关联", "已取消关联", read_unlink, write_unlink, false},
};

/* ---- somebody was first ---- */

struct kept {
    struct ctx *c;
    const struct kind *k;
    struct page_item_conflict *p;
};

static struct str label_of(const struct kept *t, struct str name)
{
    static const struct {
        const char *name, *label;
    } labels[] = {{"text", "意见"}, {"day", "日期"}};
    for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++)
        if (str_eq(name, str_z(labels[i].name)))
            return str_z(labels[i].label);
    if (!str_eat(&name, S("f.")))
        return S("");
    size_t at = kind_field_of(t->k, name);
    return at == SIZE_MAX ? S("") : t->k->fields[at].name;
}

/* Everything that was sent goes into the form that goes on; what can be read is shown. */
static void keep_sent(struct kept *t)
{
    const struct form *f = t->c->r->form;
    t->p->kept = ARENA_ARRAY(t->c->a, struct item_kept_field, f->n_fields + 1);
    for (size_t i = 0; i < f->n_fields; i++) {
        struct pair s = f->fields[i];
        if (str_eq(s.name, S("csrf")) || str_eq(s.name, S("revision")) ||
            str_eq(s.name, S("anyway")))
            continue;
        struct str label = label_of(t, s.name);
        bool text = str_eq(s.name, S("text"));
        size_t at = label.n && str_starts(s.name, S("f."))
                        ? kind_field_of(t->k, str_sub(s.name, 2, s.name.n))
                        : SIZE_MAX;
        bool shown = text || (label.n && (at == SIZE_MAX || t->k->fields[at].type < FIELD_PERSON));
        t->p->kept[t->p->n_kept++] = (struct item_kept_field){.name = s.name,
            .label = label,
            .value = s.value,
            .big = text,
            .hidden = !shown || !s.value.n};
        if (text)
            t->p->opinion = str_trim(s.value);
    }
}

static struct str state_at(const struct item_view *v, int64_t revision)
{
    size_t at = v->state;
    for (size_t i = v->n_events; i-- > 0 && v->events[i].seq > revision;) {
        json_t *p;
        struct err none;
        if (jr_parse(v->events[i].payload, &p, &none) != OK)
            continue;
        size_t from = kind_state_of(v->k, jr_str(p, "from"));
        at = from == SIZE_MAX ? at : from;
        json_decref(p);
    }
    return v->k->states[at].name;
}

static void fill_differences(struct ctx *c, const struct item_view *v, const struct names *names,
    const struct verb_job *j, const json_t *now, struct page_item_conflict *p)
{
    json_t *was = item_changed_since(c, v, j->revision);
    p->changed = ARENA_ARRAY(c->a, struct item_changed_row, v->k->n_fields + 1);
    for (size_t i = 0; i < v->k->n_fields; i++) {
        const struct kind_field *f = &v->k->fields[i];
        const json_t *old = json_object_getn(was, f->id.p, f->id.n);
        const json_t *new = json_object_getn(now, f->id.p, f->id.n);
        const json_t *typed = json_object_getn(j->typed.fields, f->id.p, f->id.n);
        if (!old)
            continue;
        p->changed[p->n_changed++] = (struct item_changed_row){.label = f->name,
            .old = item_value_text(c, names, f, old),
            .now = item_value_text(c, names, f, new),
            .typed = typed ? item_value_text(c, names, f, typed) : S(""),
            .both = typed != NULL};
    }
}

static bool still_possible(const struct item_view *v, const struct verb_job *j)
{
    if (!j->move.n)
        return true;
    for (size_t i = 0; i < v->n_choices; i++)
        if (str_eq(v->k->moves[v->choices[i].move].id, j->move))
            return true;
    return false;
}

static enum code fill_conflict(struct ctx *c, struct db *db, const struct item_view *v,
    struct page_item_conflict *p, struct err *e)
{
    struct verb_job *j = c->job;
    struct names names = {.c = c};
    struct kept kept = {c, v->k, p};
    size_t move = kind_move_of(v->k, j->move);
    json_t *now;
    TRY(jr_parse(v->it.fields, &now, e));
    (void)item_form_keep(c, now);
    item_want_names(&names, v);
    if (j->typed.fields)
        names_want_fields(&names, v->k, j->typed.fields);
    TRY(names_load(&names, db, e));
    p->id = v->it.id;
    p->title = v->it.title;
    p->number = v->it.number;
    p->state = v->k->states[v->state].name;
    p->was_state = state_at(v, j->revision);
    p->verb = str_z(j->verb->path);
    p->verb_name = move == SIZE_MAX ? str_z(j->verb->name) : v->k->moves[move].name;
    p->action = arena_printf(c->a, "/items/%lld/%s", (long long)v->it.id, j->verb->path);
    p->revision = v->it.revision;
    p->possible = still_possible(v, j);
    p->back = item_back(c);
    keep_sent(&kept);
    fill_differences(c, v, &names, j, now, p);
    item_history(c, v, &names, j->revision, false, &p->events, &p->n_events);
    return OK;
}

/* Whether the item stood otherwise on the page: else the conflict is with the item itself, and its page says so. */
static enum code show_conflict(struct ctx *c, bool *shown, struct err *e)
{
    struct verb_job *j = c->job;
    struct page_item_conflict p = {.problem = arena_str(c->a, str_z(e->msg))};
    struct item_view v;
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = item_view(db, c->a, ctx_actor(c), c->id, &v, e);
    *shown = code == OK && j->revision > 0 && v.it.stand > j->revision;
    if (*shown)
        code = fill_conflict(c, db, &v, &p, e);
    store_read_end(db);
    TRY(code);
    if (*shown) {
        c->r->res.status = 409;
        show_item_conflict(c, &p);
    }
    return OK;
}

/* ---- what comes next ---- */

static enum code stands(
    struct ctx *c, struct db *db, int64_t item, int64_t stood, struct str *out, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    struct item it;
    struct item_hand hand;
    const struct kind *k;
    TRY(item_get(db, c->a, by, item, &it, e));
    if (it.stand <= stood)
        return OK;
    TRY(kinds_get(c->app->office->kinds, db, it.kind, it.kind_version, &k, e));
    TRY(item_hands(db, c->a, by, &it, 1, &hand, e));
    *out = arena_printf(c->a, "%s%.*s，现在是“%.*s”%s%.*s", it.number.n ? "　" : "", SF(it.number),
        SF(k->states[kind_state_of(k, it.state)].name), hand.who.n ? "，等" : "", SF(hand.who));
    return OK;
}

struct str item_stands(struct ctx *c, int64_t item, int64_t stood)
{
    struct str said = S("");
    struct db *db;
    struct err none; /* who may not see it any more is told no more than that it is done */
    if (store_read(c->app->office->store, &db, &none) != OK)
        return said;
    (void)stands(c, db, item, stood, &said, &none);
    store_read_end(db);
    return said;
}

/* Of a step: which it was, what number it took, what the matter is now and in whose hands. */
static struct str move_done(struct ctx *c, const struct verb_job *j)
{
    struct str now = item_stands(c, c->id, j->revision);
    return now.n && j->step.n ? arena_printf(c->a, "“%.*s”已办%.*s", SF(j->step), SF(now))
                              : j->done;
}

/* ---- sending ---- */

static enum code again(struct ctx *c, enum code code, struct err *e)
{
    struct verb_job *j = c->job;
    struct item_again a = {.status = code == E_CONFLICT ? 409
                                     : code == E_DENIED ? 403
                                                        : 400,
        .verb = str_z(j->verb->path),
        .move = j->move,
        .text = j->text,
        .problem = arena_str(c->a, str_z(e->msg)),
        .typed = j->typed,
        .chosen = j->chosen};
    bool shown = false;
    if (code == E_CONFLICT)
        TRY(show_conflict(c, &shown, e));
    return shown ? OK : item_show(c, &a, e);
}

static enum code after_verb(struct ctx *c, enum code code, struct err *e)
{
    struct verb_job *j = c->job;
    struct str back = item_back(c);
    if (code != OK)
        return item_persons_fault(code) ? again(c, code, e) : code;
    ctx_flash(c, move_done(c, j));
    ctx_redirect(c, j->verb->to_list && back.n ? back : item_link(c->a, c->id, back, 0));
    return OK;
}

static enum code write_verb(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct verb_job *j = c->job;
    return j->verb->write(db, c, j, e);
}

static const struct verb_spec *verb_in_path(const struct ctx *c)
{
    struct str head, tail;
    if (str_cut_last(c->r->head.path, S("/"), &head, &tail))
        for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
            if (str_eq(tail, str_z(verbs[i].path)))
                return &verbs[i];
    return NULL;
}

enum code do_item_verb(struct ctx *c, struct err *e)
{
    struct verb_job *j = ARENA_NEW(c->a, struct verb_job);
    enum code code;
    c->job = j;
    j->verb = verb_in_path(c);
    CHECK_BUG(e, j->verb);
    j->by = *ctx_actor(c);
    j->revision = ctx_int(req_field(c->r, "revision"), 1, INT64_MAX, 0);
    j->done = str_z(j->verb->done);
    code = item_form_one(c, "@for", "代谁录入", FIELD_PERSON, &j->by.for_person, e);
    if (code == OK)
        code = j->verb->read(c, j, e);
    if (code != OK)
        return item_persons_fault(code) && code != E_NOTFOUND ? again(c, code, e) : code;
    return ctx_write(c, write_verb, c, after_verb);
}
