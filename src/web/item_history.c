/* How an item went: events in words, the picture of its way, opinions in their boxes. */
#include "office/item_words.h"
#include "office/rulebook.h"
#include "web/ask_rows.h"
#include "web/item_page.h"
#include "web/kind_words.h"
#include "web/rows.h"

enum { VALUE_CP = 200 };

/* ---- values and names ---- */

static struct str one_id(const struct names *names, enum field_type t, const json_t *v)
{
    int64_t id =
        json_is_string(v) ? id_in_text(str_z(json_string_value(v))) : json_integer_value(v);
    if (t == FIELD_PERSON || t == FIELD_PEOPLE)
        return names_pick_person(names, id).text;
    if (t == FIELD_UNIT || t == FIELD_UNITS)
        return names_pick_unit(names, id).text;
    return S("");
}

struct str item_value_text(
    struct ctx *c, const struct names *names, const struct kind_field *f, const json_t *v)
{
    struct str s = S("");
    size_t i;
    const json_t *one;
    if (!v || json_is_null(v))
        return S("（空）");
    if (f->type == FIELD_TABLE)
        return arena_printf(c->a, "%zu行", json_array_size(v));
    if (f->type == FIELD_FILE)
        return arena_printf(c->a, "%zu个附件", json_array_size(v));
    if (f->type == FIELD_PASSAGE)
        return jr_str(v, "text");
    if (f->type == FIELD_DOCUMENT || f->type == FIELD_ITEM)
        return S("已选定");
    if (f->type == FIELD_RULE)
        return rule_words(c->a, str_z(json_string_value(v)));
    if (f->type < FIELD_PERSON)
        return json_is_string(v) ? str_z(json_string_value(v)) : S("");
    if (!json_is_array(v))
        return one_id(names, f->type, v);
    json_array_foreach(v, i, one) s = words_join(c, s, "、", one_id(names, f->type, one));
    return s;
}

static json_t *payload_of(struct ctx *c, const struct item_event *ev)
{
    json_t *o;
    struct err none;
    if (jr_parse(ev->payload, &o, &none) != OK)
        return item_form_keep(c, json_object());
    return item_form_keep(c, o);
}

void item_want_names(struct names *n, const struct item_view *v)
{
    json_t *now;
    struct err none;
    names_want(n, v->it.owner);
    n->want_units = true;
    if (jr_parse(v->it.fields, &now, &none) == OK)
        names_want_fields(n, v->k, item_form_keep(n->c, now));
    for (size_t i = 0; i < v->asks.n; i++) {
        names_want(n, v->asks.v[i].ask.by);
        names_want(n, v->asks.v[i].ask.answered_by);
        if (v->asks.v[i].ask.to_kind == PRINCIPAL_PERSON)
            names_want(n, v->asks.v[i].ask.to);
    }
    for (size_t i = 0; i < v->n_clocks; i++)
        names_want(n, v->clocks[i].wanted_by);
    for (size_t i = 0; i < v->n_events; i++) {
        json_t *p = payload_of(n->c, &v->events[i]), *one;
        size_t k;
        const char *key;
        names_want(n, v->events[i].actor);
        names_want(n, v->events[i].for_person);
        if (str_eq(v->events[i].verb, S("hand_over"))) {
            names_want(n, jr_id(p, "from"));
            names_want(n, jr_id(p, "to"));
        }
        json_array_foreach(json_object_get(p, "to"), k, one)
        {
            names_want(n, jr_id(one, "person"));
            if (json_is_string(one))
                names_want(n, id_in_text(str_z(json_string_value(one))));
        }
        json_object_foreach(json_object_get(p, "set"), key, one)
        {
            size_t at = kind_field_of(v->k, str_z(key));
            json_t *both = json_object();
            if (at != SIZE_MAX && v->k->fields[at].type != FIELD_TABLE)
                for (k = 0; k < 2; k++) {
                    json_object_set(both, key, json_array_get(one, k));
                    names_want_fields(n, v->k, both);
                }
            json_decref(both);
        }
    }
}

/* ---- rounds that were sent back ---- */

static bool goes_back(const struct item_view *v, const struct item_event *ev, const json_t *p)
{
    size_t m = kind_move_of(v->k, jr_str(p, "move"));
    return str_eq(ev->verb, S("return")) || str_eq(ev->verb, S("withdraw")) ||
           (m != SIZE_MAX && v->k->moves[m].returns);
}

bool *item_returned(struct ctx *c, const struct item_view *v)
{
    bool *out = ARENA_ARRAY(c->a, bool, v->n_events + 1);
    struct str *at = ARENA_ARRAY(c->a, struct str, v->n_events + 2); /* the way so far */
    size_t *since = ARENA_ARRAY(c->a, size_t, v->n_events + 2);      /* event that led there */
    size_t depth = 1;
    at[0] = v->k->states[0].id;
    for (size_t i = 0; i < v->n_events; i++) {
        const json_t *p = payload_of(c, &v->events[i]);
        struct str to = jr_str(p, "to");
        if (!to.n || !jr_str(p, "from").n || str_eq(to, at[depth - 1]))
            continue;
        if (!goes_back(v, &v->events[i], p)) {
            at[depth] = to;
            since[depth++] = i;
            continue;
        }
        size_t back = depth;
        while (back > 0 && !str_eq(at[back - 1], to))
            back--;
        if (back == 0)
            continue;
        for (size_t k = back < depth ? since[back] : i; k <= i; k++)
            out[k] = true;
        depth = back;
    }
    return out;
}

/* ---- in words ---- */

struct telling {
    struct ctx *c;
    const struct item_view *v;
    const struct names *names;
};

static struct str state_name(const struct item_view *v, struct str id)
{
    size_t at = kind_state_of(v->k, id);
    return at == SIZE_MAX ? S("") : v->k->states[at].name;
}

/* Whom: [{"person": id, "purpose": …}] of an ask, or ["id"] of a remark. */
static struct str told(const struct telling *t, const json_t *list)
{
    struct str s = S("");
    size_t i;
    const json_t *one;
    json_array_foreach(list, i, one)
    {
        int64_t unit = jr_id(one, "unit"), person = jr_id(one, "person");
        if (json_is_string(one))
            person = id_in_text(str_z(json_string_value(one)));
        s = words_join(t->c, s, "、",
            unit ? names_pick_unit(t->names, unit).text : names_person(t->names, person));
    }
    return s;
}

static struct str asked(const struct telling *t, const json_t *ids)
{
    struct str s = S("");
    size_t i;
    const json_t *one;
    json_array_foreach(ids, i,
        one) for (size_t k = 0; k < t->v->asks.n;
                  k++) if (json_is_string(one) &&
                           t->v->asks.v[k].ask.id == id_in_text(str_z(json_string_value(one)))) s =
        words_join(t->c, s, "、", t->v->asks.v[k].ask.to_name);
    return s;
}

static struct str ask_to(const struct telling *t, int64_t id)
{
    for (size_t k = 0; k < t->v->asks.n; k++)
        if (t->v->asks.v[k].ask.id == id)
            return t->v->asks.v[k].ask.to_name;
    return S("");
}

static struct str clock_name(const struct telling *t, struct str id)
{
    for (size_t i = 0; i < t->v->k->n_clocks; i++)
        if (str_eq(t->v->k->clocks[i].id, id))
            return t->v->k->clocks[i].name;
    return id;
}

static struct str ask_text(const struct telling *t, const json_t *p)
{
    const json_t *to = json_object_get(p, "to");
    struct str purpose = jr_str(json_array_get(to, 0), "purpose");
    return arena_printf(
        t->c->a, "请%.*s%.*s", SF(told(t, to)), SF(purpose.n ? ask_asked(purpose) : S("办理")));
}

/* Whoever stands in for somebody answers in his own name. */
static bool for_another(const struct telling *t, const struct item_event *ev, int64_t ask)
{
    for (size_t k = 0; k < t->v->asks.n && !ev->for_person; k++)
        if (t->v->asks.v[k].ask.id == ask)
            return t->v->asks.v[k].ask.to_kind == PRINCIPAL_PERSON &&
                   t->v->asks.v[k].ask.to != ev->actor;
    return false;
}

static struct str answer_text(const struct telling *t, const struct item_event *ev, const json_t *p)
{
    int64_t ask = jr_id(p, "ask");
    struct str who = ask_to(t, ask), text = jr_str(p, "text");
    if (for_another(t, ev, ask))
        who = arena_printf(t->c->a, "代%.*s", SF(who));
    struct str s = arena_printf(t->c->a, "%.*s回复“%.*s”", SF(who), SF(jr_str(p, "word")));
    if (jr_str(p, "move").n)
        s = arena_printf(t->c->a, "%.*s，随即“%.*s”", SF(s), SF(jr_str(p, "name")));
    return text.n ? arena_printf(t->c->a, "%.*s：%.*s", SF(s), SF(text)) : s;
}

static struct str remark_text(const struct telling *t, const json_t *p)
{
    struct str to = told(t, json_object_get(p, "to"));
    return to.n ? arena_printf(t->c->a, "%.*s（告知%.*s）", SF(jr_str(p, "text")), SF(to))
                : jr_str(p, "text");
}

static struct str extend_text(const struct telling *t, const json_t *p)
{
    struct str clock = clock_name(t, jr_str(p, "clock"));
    return arena_printf(t->c->a, "%s“%.*s”延到%.*s：%.*s",
        jr_bool(p, "granted", false) ? "同意" : "申请", SF(clock), SF(jr_str(p, "day")),
        SF(jr_str(p, "why")));
}

static struct str event_text(const struct telling *t, const struct item_event *ev, const json_t *p)
{
    struct str verb = ev->verb;
    if (ev->erased)
        return S("内容已依法抹去");
    if (str_eq(verb, S("ask")))
        return ask_text(t, p);
    if (str_eq(verb, S("answer")))
        return answer_text(t, ev, p);
    if (str_eq(verb, S("remark")))
        return remark_text(t, p);
    if (str_eq(verb, S("extend")))
        return extend_text(t, p);
    if (str_eq(verb, S("seen")))
        return ask_to(t, jr_id(p, "ask"));
    if (str_eq(verb, S("unask")) || str_eq(verb, S("remind")))
        return words_join(t->c, asked(t, json_object_get(p, "asks")),
            jr_str(p, "text").n ? "：" : "", jr_str(p, "text"));
    if (str_starts(verb, S("climb")))
        return jr_str(p, "text");
    if (str_eq(verb, S("hand_over")))
        return arena_printf(t->c->a, "%.*s移交%.*s　%.*s",
            SF(names_person(t->names, jr_id(p, "from"))),
            SF(names_person(t->names, jr_id(p, "to"))), SF(jr_str(p, "why")));
    if (str_eq(verb, S("link")) || str_eq(verb, S("unlink")))
        return jr_str(p, "relation");
    return jr_str(p, "opinion").n ? jr_str(p, "opinion") : jr_str(p, "why");
}

static void fill_changes(const struct telling *t, const json_t *p, struct item_event_row *r)
{
    json_t *set = json_object_get(p, "set"), *pair;
    const char *key;
    r->changes = ARENA_ARRAY(t->c->a, struct item_changed_row, json_object_size(set) + 1);
    json_object_foreach(set, key, pair)
    {
        size_t at = kind_field_of(t->v->k, str_z(key));
        struct item_changed_row *row = &r->changes[r->n_changes];
        if (at == SIZE_MAX) /* title, urgency, level: not of the kind */
            continue;
        *row = (struct item_changed_row){.label = t->v->k->fields[at].name,
            .old = item_value_text(t->c, t->names, &t->v->k->fields[at], json_array_get(pair, 0)),
            .now = item_value_text(t->c, t->names, &t->v->k->fields[at], json_array_get(pair, 1))};
        r->n_changes++;
    }
}

static bool is_quiet(struct str verb)
{
    static const char *const quiet[] = {"seen", "remark", "remind", "link", "unlink", "answer"};
    for (size_t i = 0; i < sizeof(quiet) / sizeof(*quiet); i++)
        if (str_eq(verb, str_z(quiet[i])))
            return true;
    return false;
}

/* What stood passed over in the text that was sent or signed by it. */
static void fill_passed(
    const struct telling *t, const struct item_event *ev, const json_t *p, struct item_event_row *r)
{
    int64_t list;
    if (ev->erased)
        return;
    r->passed = item_passed_words(t->c->a, p, &list);
    if (r->passed.n)
        r->passed_link = arena_printf(t->c->a, "/items/%lld/text?passed=%lld#passed",
            (long long)t->v->it.id, (long long)list);
}

static struct item_event_row event_row(const struct telling *t, const struct item_event *ev)
{
    const json_t *p = payload_of(t->c, ev);
    struct item_event_row r = {.seq = ev->seq,
        .at = minute_text(t->c, ev->at_ms),
        .who = ev->actor_name.n ? ev->actor_name : S("系统"),
        .verb = str_z(item_verb_name(ev->verb)),
        .text = event_text(t, ev, p)};
    if (ev->for_person) {
        r.stands_for = r.who;
        r.who = names_person(t->names, ev->for_person);
    }
    if (jr_str(p, "name").n && !str_eq(ev->verb, S("answer")))
        r.verb = jr_str(p, "name");
    if (jr_str(p, "from").n && jr_str(p, "to").n) {
        r.from = state_name(t->v, jr_str(p, "from"));
        r.to = state_name(t->v, jr_str(p, "to"));
        r.back = goes_back(t->v, ev, p);
    }
    r.quiet = is_quiet(ev->verb) && !json_object_get(p, "move");
    fill_passed(t, ev, p, &r);
    if (!str_eq(ev->verb, S("open")))
        fill_changes(t, p, &r);
    return r;
}

void item_history(struct ctx *c, const struct item_view *v, const struct names *names,
    int64_t after, bool brief, struct item_event_row **out, size_t *n)
{
    struct telling t = {c, v, names};
    const bool *returned = item_returned(c, v);
    *out = ARENA_ARRAY(c->a, struct item_event_row, v->n_events + 1);
    *n = 0;
    for (size_t i = 0; i < v->n_events; i++) {
        if (v->events[i].seq <= after || (brief && returned[i]))
            continue;
        (*out)[*n] = event_row(&t, &v->events[i]);
        (*out)[(*n)++].returned = returned[i];
    }
}

/* ---- the picture ---- */

static struct str day_text(struct ctx *c, int64_t at_ms)
{
    return str_sub(minute_text(c, at_ms), 5, 11);
}

void item_nodes(struct ctx *c, const struct item_view *v, const struct names *names, bool brief,
    struct page_item *p)
{
    const bool *returned = item_returned(c, v);
    struct telling t = {c, v, names};
    p->nodes = ARENA_ARRAY(c->a, struct item_node_row, v->n_events + 2);
    for (size_t i = 0; i < v->n_events; i++) {
        const struct item_event *ev = &v->events[i];
        const json_t *payload = payload_of(c, ev);
        struct str to = jr_str(payload, "to"), from = jr_str(payload, "from");
        struct item_event_row r;
        bool first = str_eq(ev->verb, S("open"));
        p->has_returned = p->has_returned || returned[i];
        if ((!first && (!to.n || !from.n || str_eq(to, from))) || (brief && returned[i]))
            continue;
        if (!first && kind_state_of(v->k, to) == SIZE_MAX)
            continue;
        r = event_row(&t, ev);
        p->nodes[p->n_nodes++] =
            (struct item_node_row){.name = first ? v->k->states[0].name : state_name(v, to),
                .who = r.who,
                .at = day_text(c, ev->at_ms),
                .back = r.back};
    }
    if (p->n_nodes)
        p->nodes[p->n_nodes - 1].now = true;
}

/* ---- opinions ---- */

static struct item_opinion_box *box_of(
    struct ctx *c, struct page_item *p, struct str name, size_t most)
{
    for (size_t i = 0; i < p->n_boxes; i++)
        if (str_eq(p->boxes[i].name, name))
            return &p->boxes[i];
    p->boxes[p->n_boxes] = (struct item_opinion_box){
        .name = name, .rows = ARENA_ARRAY(c->a, struct item_opinion_row, most + 1)};
    return &p->boxes[p->n_boxes++];
}

static struct item_opinion_row opinion_row(
    const struct telling *t, const struct item_event *ev, struct str what, struct str text)
{
    int64_t who = ev->for_person ? ev->for_person : ev->actor;
    struct item_picked p = names_pick_person(t->names, who);
    return (struct item_opinion_row){.who = who ? p.text : S("系统"),
        .unit = p.note,
        .at = minute_text(t->c, ev->at_ms),
        .what = what,
        .text = text,
        .by = ev->for_person ? ev->actor_name : S("")};
}

static void add_remark(
    const struct telling *t, const struct item_event *ev, const json_t *e, struct page_item *p)
{
    struct str to = told(t, json_object_get(e, "to"));
    p->remarks[p->n_remarks++] = opinion_row(
        t, ev, to.n ? arena_printf(t->c->a, "告知%.*s", SF(to)) : S(""), jr_str(e, "text"));
}

static struct str purpose_of(const struct item_view *v, int64_t ask)
{
    for (size_t k = 0; k < v->asks.n; k++)
        if (v->asks.v[k].ask.id == ask)
            return v->asks.v[k].ask.purpose;
    return S("");
}

/* What was answered stands under what was asked for, where no box of the form takes it. */
static void add_opinion(
    const struct telling *t, const struct item_event *ev, bool returned, struct page_item *p)
{
    const json_t *e = payload_of(t->c, ev);
    bool answer = str_eq(ev->verb, S("answer"));
    struct str box = jr_str(e, "box"), text = jr_str(e, answer ? "text" : "opinion");
    if (str_eq(ev->verb, S("remark"))) {
        add_remark(t, ev, e, p);
        return;
    }
    if (!text.n)
        return;
    if (answer && !box.n)
        box = purpose_of(t->v, jr_id(e, "ask"));
    struct item_opinion_box *to = box_of(t->c, p, box.n ? box : S("其他意见"), t->v->n_events);
    to->rows[to->n_rows] = opinion_row(t, ev, jr_str(e, answer ? "word" : "name"), text);
    item_opinion_version(t->c, t->v, json_object_get(e, "version"), &to->rows[to->n_rows]);
    to->rows[to->n_rows++].returned = returned;
}

static void keep_filled(struct page_item *p)
{
    size_t kept = 0;
    for (size_t i = 0; i < p->n_boxes; i++)
        if (p->boxes[i].n_rows)
            p->boxes[kept++] = p->boxes[i];
    p->n_boxes = kept;
}

/* Boxes stand in the order of the kind's moves, as on the printed form. */
void item_boxes(
    struct ctx *c, const struct item_view *v, const struct names *names, struct page_item *p)
{
    struct telling t = {c, v, names};
    const bool *returned = item_returned(c, v);
    p->boxes =
        ARENA_ARRAY(c->a, struct item_opinion_box, v->k->n_moves + v->asks.n + v->n_events + 1);
    p->remarks = ARENA_ARRAY(c->a, struct item_opinion_row, v->n_events + 1);
    for (size_t i = 0; i < v->k->n_moves; i++)
        if (v->k->moves[i].box.n)
            (void)box_of(c, p, v->k->moves[i].box, v->n_events);
    for (size_t i = 0; i < v->n_events; i++)
        add_opinion(&t, &v->events[i], returned[i], p);
    keep_filled(p);
}
