/* page_item_new.c - a new item: its kind, its form, what was typed and not sent; and the form of one that is there. */
#include <stdio.h>
#include <stdlib.h>

#include "office/document.h"
#include "office/remark.h"
#include "office/unsent.h"
#include "text/day_words.h"
#include "text/genre.h"
#include "web/item_page.h"
#include "web/kind_words.h"
#include "web/route.h"
#include "web/rows.h"

/* ---- which kind ---- */

static const struct {
    const char *key, *name;
} entrances[] = {{"in", "收文"}, {"draft", "文稿"}, {"track", "督办"}, {"meet", "会议学习"},
    {"voice", "民意"}, {"library", "资料"}};
enum { N_ENTRANCES = sizeof(entrances) / sizeof(*entrances) };

static struct str saved_text(struct ctx *c, int64_t at_ms)
{
    struct str s = minute_text(c, at_ms);
    return clock_day(at_ms, ZONE_CHINA) == clock_day(clock_now_ms(), ZONE_CHINA) ? str_sub(s, 11, 5)
                                                                                 : s;
}

static enum code fill_unsent(struct ctx *c, struct db *db, struct str form, struct unsent_row **out,
    size_t *n, struct err *e)
{
    struct unsent *v;
    size_t k;
    TRY(unsent_list(db, c->a, c->v->person, form, &v, &k, e));
    *out = ARENA_ARRAY(c->a, struct unsent_row, k + 1);
    *n = 0;
    for (size_t i = 0; i < k; i++) {
        struct str what = v[i].form;
        const struct kind *kind;
        struct err none;
        if (!str_eat(&what, S("new:")) ||
            kinds_get(c->app->office->kinds, db, what, 0, &kind, &none) != OK)
            continue;
        (*out)[(*n)++] = (struct unsent_row){.id = v[i].id,
            .title = v[i].title.n ? v[i].title : S("（没有标题）"),
            .kind = kind->name,
            .saved = saved_text(c, v[i].saved_ms),
            .link = arena_printf(
                c->a, "/items/new?kind=%.*s&unsent=%lld", SF(what), (long long)v[i].id)};
    }
    return OK;
}

/* What the query bears besides the kind: it goes on to the form. */
static struct str rest_of_query(struct ctx *c)
{
    static const char *const kept[] = {"doc", "begin", "end", "from", "remark", "back"};
    struct buf b;
    struct str s;
    buf_init(&b, 0);
    for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++) {
        struct str v = req_query(c->r, kept[i]);
        if (!v.n)
            continue;
        buf_printf(&b, "&%s=", kept[i]);
        html_url(&b, url(v));
    }
    s = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return s;
}

static enum code fill_groups(struct ctx *c, struct db *db, struct page_item_kinds *p, struct err *e)
{
    struct kind_on *v;
    size_t n;
    TRY(kinds_on(c->app->office->kinds, db, c->a, &v, &n, e));
    p->groups = ARENA_ARRAY(c->a, struct kind_group, N_ENTRANCES);
    for (size_t g = 0; g < N_ENTRANCES; g++) {
        struct kind_group *to = &p->groups[p->n_groups];
        *to = (struct kind_group){.name = str_z(entrances[g].name),
            .kinds = ARENA_ARRAY(c->a, struct kind_choice, n + 1)};
        for (size_t i = 0; i < n; i++) {
            const struct kind *k;
            if (!str_eq(v[i].entry, str_z(entrances[g].key)))
                continue;
            TRY(kinds_get(c->app->office->kinds, db, v[i].id, 0, &k, e));
            to->kinds[to->n_kinds++] = (struct kind_choice){.kind = k->id,
                .name = k->name,
                .about = k->about,
                .link = arena_printf(c->a, "/items/new?kind=%.*s%.*s", SF(k->id), SF(p->query))};
        }
        p->n_groups += to->n_kinds > 0;
    }
    return OK;
}

static enum code show_kinds_to_choose(struct ctx *c, struct err *e)
{
    struct page_item_kinds p = {.query = rest_of_query(c), .done = ctx_flash_take(c)};
    struct db *db;
    enum code code;
    TRY(store_read(c->app->office->store, &db, e));
    code = fill_groups(c, db, &p, e);
    if (code == OK)
        code = fill_unsent(c, db, S(""), &p.unsent, &p.n_unsent, e);
    store_read_end(db);
    if (code == OK)
        show_item_kinds(c, &p);
    return code;
}

/* ---- the form ---- */

const char *urgency_name(enum urgency u)
{
    static const char *const names[] = {"", "平急", "加急", "特急"};
    return u <= URGENCY_URGENT ? names[u] : "";
}

static void fill_choices(struct ctx *c, const struct form_job *j, struct page_item_form *p)
{
    struct choices u = {0}, l = {0};
    for (int i = URGENCY_NONE; i <= URGENCY_URGENT; i++)
        choice_add(c, &u, arena_printf(c->a, "%d", i),
            i ? str_z(urgency_name((enum urgency)i)) : S("无"), i == j->head.urgency);
    for (int i = j->k->level; i < N_LEVEL; i++)
        choice_add(c, &l, arena_printf(c->a, "%d", i), str_z(doc_level_name((enum doc_level)i)),
            i == j->head.level);
    p->urgencies = u.v;
    p->n_urgencies = u.n;
    p->levels = l.v;
    p->n_levels = l.n;
}

static bool opener_may(struct ctx *c, const struct kind_move *m)
{
    for (size_t i = 0; i < m->by.n; i++)
        if (m->by.v[i].kind == WHO_OWNER || m->by.v[i].kind == WHO_ANYONE ||
            (m->by.v[i].kind == WHO_ROLE && m->by.v[i].roles & c->v->roles))
            return true;
    return false;
}

static bool sets(const struct kind_move *m, size_t field)
{
    for (size_t i = 0; i < m->n_set; i++)
        if (m->set[i] == field)
            return true;
    return false;
}

/* A step that can be taken with the form: out of the first state, onwards, with nothing that the form does not ask for. */
static bool follows(struct ctx *c, const struct kind *k, const struct kind_move *m)
{
    bool here = false;
    for (size_t i = 0; i < m->n_from; i++)
        here = here || m->from[i] == 0;
    for (size_t i = 0; m->ask && i < m->ask->of.n; i++)
        if (m->ask->of.v[i].kind == WHO_CHOSEN)
            return false;
    return here && m->to != 0 && !k->states[m->to].closed && !m->returns &&
           m->opinion != OPINION_REQUIRED && !m->confirm.n && opener_may(c, m);
}

static struct str cond_typed(void *arg, struct str field)
{
    const json_t *v = json_object_getn((const json_t *)arg, field.p, field.n);
    return json_is_string(v)       ? str_z(json_string_value(v))
           : v && !json_is_null(v) ? S("有")
                                   : S("");
}

static void fill_then(struct ctx *c, const struct form_job *j, struct page_item_form *p)
{
    p->then = ARENA_ARRAY(c->a, struct form_then, j->k->n_moves + 1);
    for (size_t i = 0; i < j->k->n_moves; i++) {
        const struct kind_move *m = &j->k->moves[i];
        if (follows(c, j->k, m) &&
            (p->id || m->text == TEXT_NOTHING)) /* a new one has no text yet */
            p->then[p->n_then++] = (struct form_then){.move = m->id,
                .name = m->name,
                .when = item_form_when(c, j->k, &m->when),
                .shown = cond_holds(&m->when, cond_typed, j->t.fields)};
    }
}

/* Fields that a later step asks for stand apart; those of the first steps do not, nor, once there is something to go on, what the kind puts
 * among the fields of the form. */
static void part_later(struct ctx *c, const struct kind *k, struct page_item_form *p)
{
    size_t n = 0, among = 0;
    for (size_t i = 0; p->id && i < k->n_fields; i++)
        among = k->fields[i].at_move ? among : i;
    p->later = ARENA_ARRAY(c->a, struct form_field, p->n_fields + 1);
    for (size_t i = 0; i < p->n_fields; i++) {
        size_t at = kind_field_of(k, p->fields[i].id);
        bool later = k->fields[at].at_move && at >= among;
        for (size_t m = 0; m < k->n_moves; m++)
            later = later && !(sets(&k->moves[m], at) && follows(c, k, &k->moves[m]));
        if (later) {
            const struct form_field *f = &p->fields[i];
            p->later_open = p->later_open || f->problem.n ||
                            (!p->id && (f->value.n || f->n_picked || f->text.n));
            p->later[p->n_later++] = *f;
        } else {
            p->fields[n++] = p->fields[i];
        }
    }
    p->n_fields = n;
}

enum code item_form_fill(struct ctx *c, struct db *db, const struct form_job *j, const bool *hidden,
    struct page_item_form *p, struct err *e)
{
    const struct kind *k = j->k;
    p->revision = j->revision;
    p->kind = k->id;
    p->kind_name = k->name;
    p->about = k->about;
    p->unsent = j->unsent;
    p->own_title = k->title == SIZE_MAX;
    p->title = j->head.title;
    p->opened = j->head.opened;
    p->opened_time = j->head.opened_time;
    p->back = j->back;
    fill_choices(c, j, p);
    TRY(item_form_rows(
        c, db, k, &j->t, (struct item_which){.hidden = hidden}, &p->fields, &p->n_fields, e));
    for (size_t i = 0; i < p->n_fields; i++) /* what a step asks for is asked by that step */
        if (k->fields[kind_field_of(k, p->fields[i].id)].at_move)
            p->fields[i].required = false;
    if (!p->id || j->first) {
        part_later(c, k, p);
        fill_then(c, j, p);
    }
    if (j->from) {
        struct item_picked from;
        TRY(item_pick_item(c, db, j->from, &from, e));
        p->from = j->from;
        p->from_title = from.text;
    }
    return OK;
}

/* ---- filled from a document ---- */

static void set_text(struct form_job *j, const char *id, struct str v)
{
    size_t at = kind_field_of(j->k, str_z(id));
    const struct kind_field *f = at == SIZE_MAX ? NULL : &j->k->fields[at];
    bool fits =
        f && v.n && (f->type == FIELD_TEXT || f->type == FIELD_LONGTEXT || f->type == FIELD_DATE);
    for (size_t i = 0; f && f->type == FIELD_CHOICE && i < f->n_choices; i++)
        fits = fits || str_eq(f->choices[i], v);
    if (fits && !json_object_getn(j->t.fields, f->id.p, f->id.n))
        json_object_setn_new(j->t.fields, f->id.p, f->id.n, json_stringn(v.p, v.n));
}

static const struct kind_field *first_of(const struct kind *k, enum field_type type)
{
    for (size_t i = 0; i < k->n_fields; i++)
        if (k->fields[i].type == type)
            return &k->fields[i];
    return NULL;
}

static json_t *decimal(struct ctx *c, int64_t id)
{
    return json_string(arena_z(c->a, arena_printf(c->a, "%lld", (long long)id)));
}

static void set_passage(struct ctx *c, struct form_job *j, const struct kind_field *f, int64_t doc,
    int64_t begin, int64_t end, struct str text)
{
    json_t *o = json_object();
    json_object_set_new(o, "doc", decimal(c, doc));
    json_object_set_new(o, "begin", json_integer(begin));
    json_object_set_new(o, "end", json_integer(end));
    json_object_set_new(o, "text", json_stringn(text.p ? text.p : "", text.n));
    json_object_setn_new(j->t.fields, f->id.p, f->id.n, o);
}

/* The passage, or the whole document, and what the library knows of it. A subject is the document's title; a demand, which
 * may be long, is what the passage says. */
static enum code from_document(struct ctx *c, struct db *db, struct form_job *j, struct err *e)
{
    int64_t doc = id_in_text(req_query(c->r, "doc"));
    int64_t begin = ctx_int(req_query(c->r, "begin"), 0, INT32_MAX, 0);
    int64_t end = ctx_int(req_query(c->r, "end"), 0, INT32_MAX, 0);
    const struct kind_field *passage = first_of(j->k, FIELD_PASSAGE);
    const struct kind_field *whole = first_of(j->k, FIELD_DOCUMENT);
    struct document d;
    struct str text = S("");
    if (!doc)
        return OK;
    TRY(item_passage(c, db, doc, begin, end, &text, e)); /* judges who reads it */
    TRY(document_get(db, c->a, doc, &d, e));
    if (passage && (text.n || !whole))
        set_passage(c, j, passage, doc, begin, end, text);
    if (whole)
        json_object_setn_new(j->t.fields, whole->id.p, whole->id.n, decimal(c, doc));
    set_text(j, "subject", d.title);
    set_text(j, "demand", text.n ? text : d.title);
    set_text(j, "points", text);
    set_text(j, "sender", d.issuer_name);
    set_text(j, "issuer", d.issuer_name);
    set_text(j, "docno", d.docno);
    set_text(j, "written", d.day);
    set_text(j, "genre", genre_name(d.genre));
    set_text(j, "basis", d.docno.n ? d.docno : d.title);
    if (j->k->title == SIZE_MAX)
        j->head.title = d.title;
    return OK;
}

/* ---- filled from a remark ---- */

static void set_id(
    struct ctx *c, struct form_job *j, const char *id, enum field_type type, int64_t v)
{
    size_t at = kind_field_of(j->k, str_z(id));
    const struct kind_field *f = at == SIZE_MAX ? NULL : &j->k->fields[at];
    if (f && v && f->type == type && !json_object_getn(j->t.fields, f->id.p, f->id.n))
        json_object_setn_new(j->t.fields, f->id.p, f->id.n, decimal(c, v));
}

static void add_id(
    struct ctx *c, struct form_job *j, const char *id, enum field_type type, int64_t v)
{
    size_t at = kind_field_of(j->k, str_z(id));
    const struct kind_field *f = at == SIZE_MAX ? NULL : &j->k->fields[at];
    if (!f || f->type != type)
        return;
    json_t *list = json_object_getn(j->t.fields, f->id.p, f->id.n);
    if (!list) {
        list = json_array();
        json_object_setn_new(j->t.fields, f->id.p, f->id.n, list);
    }
    json_array_append_new(list, decimal(c, v));
}

/* Units that the words name without doubt: the first has the lead. */
static enum code named_units(
    struct ctx *c, struct db *db, const struct remark *r, struct form_job *j, struct err *e)
{
    struct remark_named v[REMARK_NAMED_MAX];
    struct remark_people people;
    size_t n;
    bool lead = false;
    TRY(remark_people(db, c->a, r->day, &people, e));
    remark_read(c->a, r->words, &people, v, &n);
    for (size_t i = 0; i < n; i++) {
        if (v[i].n != 1 || v[i].fit[0].kind != PRINCIPAL_UNIT)
            continue;
        if (lead)
            add_id(c, j, "co", FIELD_UNITS, v[i].fit[0].id);
        else
            set_id(c, j, "lead", FIELD_UNIT, v[i].fit[0].id);
        lead = true;
    }
    return OK;
}

/* 转督办: what the leader wrote is what is to be done; who wrote it, when and on what is the ground. */
static enum code from_remark(struct ctx *c, struct db *db, struct form_job *j, struct err *e)
{
    int64_t seq = ctx_int(req_query(c->r, "remark"), 1, INT64_MAX, 0);
    char iso[DAY_ISO_SIZE];
    struct text_span at;
    struct remark r;
    struct day written;
    struct buf on;
    int32_t due;
    if (!j->from || !seq)
        return OK;
    TRY(remark_get(db, c->a, ctx_actor(c), j->from, seq, &r, e)); /* judges who sees it */
    set_text(j, "demand", r.words);
    set_text(j, "subject", r.item_title);
    set_text(j, "category", S("领导批示"));
    buf_init(&on, 0);
    if (day_from_iso(r.day, &written))
        day_write_cn(&on, written);
    set_text(j, "basis",
        arena_printf(c->a, "%.*s%.*s批示（%.*s%s%.*s）", SF(r.leader_name), SF(buf_view(&on)),
            SF(r.item_number), r.item_number.n ? "　" : "", SF(r.item_title)));
    buf_release(&on);
    set_id(c, j, "leader", FIELD_PERSON, r.leader);
    if (day_from_iso(r.day, &written) &&
        day_words_due(r.words, day_num(written), c->app->office->calendar, &due, &at) &&
        due >= clock_day(ctx_actor(c)->now_ms, ZONE_CHINA))
        set_text(j, "due", arena_str(c->a, day_iso(day_of(due), iso)));
    return named_units(c, db, &r, j, e);
}

static void today_fields(struct ctx *c, struct form_job *j)
{
    char iso[DAY_ISO_SIZE];
    set_text(j, "received",
        arena_str(c->a, day_iso(day_of(clock_day(clock_now_ms(), ZONE_CHINA)), iso)));
}

/* ---- what was typed and not sent ---- */

static enum code take_body(struct ctx *c, struct form_job *j, struct str body, struct err *e)
{
    json_t *o, *fields, *texts;
    TRY(jr_parse(body, &o, e));
    (void)item_form_keep(c, o);
    fields = json_object_get(o, "fields");
    texts = json_object_get(o, "texts");
    if (json_is_object(fields))
        j->t.fields = fields;
    if (json_is_object(texts))
        j->t.texts = texts;
    j->head = (struct head_values){.title = jr_str(o, "title"),
        .opened = jr_str(o, "opened"),
        .opened_time = jr_str(o, "opened_time"),
        .urgency = (int)jr_int(o, "urgency", 0),
        .level = (int)jr_int(o, "level", j->k->level)};
    j->from = jr_id(o, "from");
    if (!j->back.n)
        j->back = jr_str(o, "back");
    return OK;
}

static json_t *text_json(struct str s)
{
    return json_stringn(s.p ? s.p : "", s.n);
}

static struct str body_of(struct ctx *c, const struct form_job *j)
{
    json_t *o = item_form_keep(c, json_object());
    struct str s = S("");
    char *z;
    json_object_set(o, "fields", j->t.fields);
    json_object_set(o, "texts", j->t.texts);
    json_object_set_new(o, "title", text_json(j->head.title));
    json_object_set_new(o, "opened", text_json(j->head.opened));
    json_object_set_new(o, "opened_time", text_json(j->head.opened_time));
    json_object_set_new(o, "urgency", json_integer(j->head.urgency));
    json_object_set_new(o, "level", json_integer(j->head.level));
    json_object_set_new(o, "back", text_json(j->back));
    if (j->from)
        json_object_set_new(o, "from", decimal(c, j->from));
    z = json_dumps(o, JSON_COMPACT);
    if (z)
        s = arena_str(c->a, str_z(z));
    free(z);
    return s;
}

enum code item_form_unsent(struct ctx *c, struct db *db, struct str form, struct form_job *j,
    struct page_item_form *p, struct err *e)
{
    struct unsent u;
    int64_t id = id_in_text(req_query(c->r, "unsent"));
    if (!id)
        return OK;
    TRY(unsent_get(db, c->a, c->v->person, id, &u, e));
    if (!str_eq(u.form, form))
        return FAIL(e, E_NOTFOUND, "这份没有提交的内容不是这张表的");
    j->unsent = id;
    p->saved = saved_text(c, u.saved_ms);
    return take_body(c, j, u.body, e);
}

/* ---- new ---- */

static enum code new_page(struct ctx *c, struct db *db, struct page_item_form *p, struct err *e)
{
    struct form_job j = {.back = item_back(c), .from = id_in_text(req_query(c->r, "from"))};
    TRY(kinds_get(c->app->office->kinds, db, req_query(c->r, "kind"), 0, &j.k, e));
    item_typed_init(c, &j.t);
    j.head.level = j.k->level;
    p->action = S("/items/new");
    TRY(from_document(c, db, &j, e));
    TRY(from_remark(c, db, &j, e));
    today_fields(c, &j);
    TRY(item_form_unsent(c, db, arena_printf(c->a, "new:%.*s", SF(j.k->id)), &j, p, e));
    return item_form_fill(c, db, &j, NULL, p, e);
}

enum code page_item_new(struct ctx *c, struct err *e)
{
    struct page_item_form p = {.done = ctx_flash_take(c)};
    struct db *db;
    enum code code;
    if (!req_query(c->r, "kind").n)
        return show_kinds_to_choose(c, e);
    TRY(store_read(c->app->office->store, &db, e));
    code = new_page(c, db, &p, e);
    store_read_end(db);
    if (code == OK)
        show_item_form(c, &p);
    return code;
}

void item_form_head(struct ctx *c, struct form_job *j)
{
    j->head = (struct head_values){.title = ctx_words(c, req_field(c->r, "title")),
        .opened = str_trim(req_field(c->r, "opened")),
        .opened_time = str_trim(req_field(c->r, "opened_time")),
        .urgency = (int)ctx_int(req_field(c->r, "urgency"), 0, URGENCY_URGENT, 0),
        .level = (int)ctx_int(req_field(c->r, "level"), 0, N_LEVEL - 1, j->k->level)};
    j->unsent = id_in_text(req_field(c->r, "unsent"));
    j->from = id_in_text(req_field(c->r, "from"));
    j->then = req_field(c->r, "then");
    j->back = item_back(c);
}

static enum code read_form(struct ctx *c, struct form_job *j, struct err *e)
{
    struct db *db;
    enum code code;
    TRY(store_read(c->app->office->store, &db, e));
    code = kinds_get(c->app->office->kinds, db, req_field(c->r, "kind"), 0, &j->k, e);
    store_read_end(db);
    TRY(code);
    item_form_head(c, j);
    return item_form_read(c, j->k, NULL, NULL, 0, &j->t, e);
}

/* The form again, with the reason: nothing that was typed is lost, whatever it was. */
static enum code new_again(struct ctx *c, enum code code, struct err *e)
{
    struct form_job *j = c->job;
    struct page_item_form p = {
        .problem = arena_str(c->a, str_z(e->msg)), .action = S("/items/new")};
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code shown = item_form_fill(c, db, j, NULL, &p, e);
    store_read_end(db);
    if (shown != OK)
        return shown;
    c->r->res.status = code == E_CONFLICT ? 409 : code == E_DENIED ? 403 : 400;
    show_item_form(c, &p);
    return OK;
}

bool item_persons_fault(enum code code)
{
    return code == E_INPUT || code == E_LIMIT || code == E_CONFLICT || code == E_DENIED ||
           code == E_NOTFOUND;
}

/* The day it came; at noon where no time is given: it only counts by days. */
static enum code opened_at(const struct form_job *j, int64_t *at_ms, struct err *e)
{
    struct day d;
    int64_t now = clock_now_ms();
    *at_ms = 0;
    if (!j->head.opened.n)
        return OK;
    TRY(day_parse(j->head.opened, &d, e));
    if (day_num(d) == clock_day(now, ZONE_CHINA) && !j->head.opened_time.n)
        return OK;
    *at_ms = clock_day_ms(day_num(d), ZONE_CHINA) + 12 * MS_HOUR;
    if (j->head.opened_time.n) {
        char iso[DAY_ISO_SIZE];
        char text[40];
        struct str day = day_iso(d, iso);
        (void)snprintf(
            text, sizeof(text), "%.*s %.*s", SF(day), SF(str_sub(j->head.opened_time, 0, 8)));
        TRY(clock_parse(str_z(text), ZONE_CHINA, at_ms, e));
    }
    return OK;
}

static enum code link_sources(struct db *db, struct ctx *c, const struct form_job *j, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    for (size_t i = 0; i < j->k->n_fields; i++) {
        const struct kind_field *f = &j->k->fields[i];
        const json_t *v = json_object_getn(j->t.fields, f->id.p, f->id.n);
        struct item_link l = {.from = {.kind = LINK_ITEM, .id = j->id}, .relation = S("依据")};
        if (f->type == FIELD_PASSAGE && json_is_object(v))
            l.to = (struct link_end){
                LINK_DOCUMENT, jr_id(v, "doc"), jr_int(v, "begin", 0), jr_int(v, "end", 0)};
        else if (f->type == FIELD_DOCUMENT && json_is_string(v))
            l.to = (struct link_end){
                .kind = LINK_DOCUMENT, .id = id_in_text(str_z(json_string_value(v)))};
        if (l.to.id)
            TRY(item_link_add(db, by, &l, e));
    }
    return OK;
}

enum code item_form_then(struct db *db, struct ctx *c, const struct form_job *j, struct err *e)
{
    struct item it;
    struct item_move m = {.move = j->then};
    if (!j->then.n)
        return OK;
    TRY(item_get(db, c->a, ctx_actor(c), j->id, &it, e));
    return item_move(db, ctx_actor(c), j->id, it.revision, &m, e);
}

static enum code write_new(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct form_job *j = c->job;
    const struct actor *by = ctx_actor(c);
    struct item_open o = {.kind = j->k->id,
        .title = j->head.title,
        .level = j->head.level,
        .urgency = (enum urgency)j->head.urgency,
        .from = j->from};
    json_t *fields;
    TRY(opened_at(j, &o.opened_ms, e));
    TRY(item_form_put(db, c, by, &j->t, &fields, e));
    o.fields = fields;
    TRY(item_open(db, by, &o, &j->id, e));
    TRY(link_sources(db, c, j, e));
    TRY(item_form_then(db, c, j, e));
    return j->unsent ? unsent_drop(db, c->v->person, j->unsent, e) : OK;
}

static enum code after_new(struct ctx *c, enum code code, struct err *e)
{
    struct form_job *j = c->job;
    if (code != OK)
        return item_persons_fault(code) ? new_again(c, code, e) : code;
    ctx_flash(c, arena_printf(c->a, "“%.*s”已建立", SF(j->k->name)));
    ctx_redirect(c, item_link(c->a, j->id, j->back, 0));
    return OK;
}

enum code do_item_new(struct ctx *c, struct err *e)
{
    struct form_job *j = ARENA_NEW(c->a, struct form_job);
    c->job = j;
    TRY(read_form(c, j, e));
    if (j->t.problem.n)
        return new_again(c, FAIL(e, E_INPUT, "%.*s", SF(j->t.problem)), e);
    return ctx_write(c, write_new, c, after_new);
}

/* ---- saved as one types ---- */

static struct str unsent_title(const struct form_job *j)
{
    const struct kind *k = j->k;
    const json_t *v = k->title == SIZE_MAX ? NULL
                                           : json_object_getn(j->t.fields, k->fields[k->title].id.p,
                                                 k->fields[k->title].id.n);
    return k->title == SIZE_MAX ? j->head.title
           : json_is_string(v)  ? str_z(json_string_value(v))
                                : S("");
}

static enum code write_unsent(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct form_job *j = c->job;
    struct unsent u = {.id = j->unsent,
        .person = c->v->person,
        .form = j->id ? arena_printf(c->a, "edit:%lld", (long long)j->id)
                      : arena_printf(c->a, "new:%.*s", SF(j->k->id)),
        .title = unsent_title(j),
        .body = j->body};
    enum code code = unsent_save(db, &u, e);
    if (code == E_NOTFOUND) { /* thrown away in another tab: typed again is kept again */
        u.id = 0;
        code = unsent_save(db, &u, e);
    }
    TRY(code);
    j->saved = u.id;
    return OK;
}

static enum code after_unsent(struct ctx *c, enum code code, struct err *e)
{
    struct form_job *j = c->job;
    struct page_unsent_saved p;
    (void)e;
    if (code != OK)
        return code;
    if (!c->json) {
        ctx_flash(c, S("已存下来，可以随时接着填"));
        ctx_redirect(c, j->id ? arena_printf(c->a, "/items/%lld/edit?unsent=%lld", (long long)j->id,
                                    (long long)j->saved)
                              : arena_printf(c->a, "/items/new?kind=%.*s&unsent=%lld", SF(j->k->id),
                                    (long long)j->saved));
        return OK;
    }
    p = (struct page_unsent_saved){j->saved, saved_text(c, clock_now_ms())};
    show_unsent_saved(c, &p);
    return OK;
}

enum code do_unsent(struct ctx *c, struct err *e)
{
    struct form_job *j = ARENA_NEW(c->a, struct form_job);
    c->job = j;
    TRY(read_form(c, j, e));
    j->id = id_in_text(req_field(c->r, "item"));
    j->body = body_of(c, j);
    return ctx_write(c, write_unsent, c, after_unsent);
}

static enum code write_drop(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    return unsent_drop(db, c->v->person, c->id, e);
}

static enum code after_drop(struct ctx *c, enum code code, struct err *e)
{
    (void)e;
    if (code != OK)
        return code;
    ctx_flash(c, S("已丢弃"));
    ctx_redirect(c, S("/items/new"));
    return OK;
}

enum code do_unsent_drop(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_drop, c, after_drop);
}
