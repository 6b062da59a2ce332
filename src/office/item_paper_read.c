/* What a printed form is made of: names for ids, and what was said, with the rounds that were sent back marked. */
#include "office/item_paper_int.h"
#include "office/rulebook.h"

enum { DOCS_MAX = DOCUMENT_MANY, PAGE = 1000, STEPS_MAX = 1000 };

static void drop_json(void *arg)
{
    json_decref(arg);
}

static struct str json_text(const json_t *v)
{
    return json_is_string(v) ? (struct str){json_string_value(v), json_string_length(v)} : S("");
}

/* ---- words ---- */

struct str paper_day(struct arena *a, int64_t at_ms)
{
    struct buf b;
    struct str s;

    if (!at_ms)
        return S("");
    buf_init(&b, 32);
    day_write_cn(&b, day_of(clock_day(at_ms, ZONE_CHINA)));
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

struct str paper_minute(struct arena *a, int64_t at_ms)
{
    struct civil c = clock_civil(at_ms, ZONE_CHINA);

    if (!at_ms)
        return S("");
    return arena_printf(a, "%d月%d日 %02d:%02d", c.day.m, c.day.d, c.hour, c.minute);
}

struct str paper_unit(const struct paper_item *p, int64_t id)
{
    for (size_t i = 0; i < p->n_units; i++)
        if (p->units[i].id == id)
            return p->units[i].name;
    return S("");
}

struct str paper_person(const struct paper_item *p, int64_t id)
{
    for (size_t i = 0; i < p->n_people; i++)
        if (p->people[i].id == id)
            return p->people[i].name;
    return S("");
}

static struct str document_words(const struct paper_item *p, int64_t id)
{
    for (size_t i = 0; i < p->n_docs; i++) {
        const struct document *d = &p->docs[i];
        if (d->id == id)
            return d->docno.n ? arena_printf(p->a, "《%.*s》（%.*s）", SF(d->title), SF(d->docno))
                              : arena_printf(p->a, "《%.*s》", SF(d->title));
    }
    return S("");
}

static struct str file_words(const struct paper_item *p, int64_t id)
{
    for (size_t i = 0; i < p->n_files; i++)
        if (p->files[i].id == id)
            return p->files[i].name;
    return S("");
}

static struct str id_words(const struct paper_item *p, enum field_type t, const json_t *v)
{
    int64_t id = 0;
    struct err none;

    if (str_int(json_text(v), &id, &none) != OK)
        return S("");
    if (t == FIELD_PERSON || t == FIELD_PEOPLE)
        return paper_person(p, id);
    if (t == FIELD_UNIT || t == FIELD_UNITS)
        return paper_unit(p, id);
    if (t == FIELD_FILE)
        return file_words(p, id);
    return t == FIELD_DOCUMENT ? document_words(p, id) : S("");
}

static struct str date_words(const struct paper_item *p, enum field_type t, struct str s)
{
    struct day d;
    struct str day = str_sub(s, 0, DAY_ISO_SIZE - 1);

    if (!day_from_iso(day, &d))
        return s;
    return t == FIELD_DATE
               ? arena_printf(p->a, "%d年%d月%d日", d.y, d.m, d.d)
               : arena_printf(p->a, "%d年%d月%d日%.*s", d.y, d.m, d.d, SF(str_sub(s, day.n, 6)));
}

static struct str many_words(
    const struct paper_item *p, const struct kind_field *f, const json_t *v)
{
    struct str s = S("");
    size_t n = json_array_size(v);

    for (size_t i = 0; i < n; i++) {
        struct str one = id_words(p, f->type, json_array_get(v, i));
        if (one.n)
            s = s.n ? arena_printf(p->a, "%.*s、%.*s", SF(s), SF(one)) : one;
    }
    return s;
}

static struct str passage_words(const struct paper_item *p, const json_t *v)
{
    struct str from = document_words(p, jr_id(v, "doc"));

    return from.n ? arena_printf(p->a, "“%.*s”\n——%.*s", SF(jr_str(v, "text")), SF(from))
                  : arena_printf(p->a, "“%.*s”", SF(jr_str(v, "text")));
}

struct str paper_value(const struct paper_item *p, const struct kind_field *f, const json_t *v)
{
    if (!v || f->type == FIELD_TABLE)
        return S("");
    if (json_is_array(v))
        return many_words(p, f, v);
    if (f->type == FIELD_PASSAGE)
        return passage_words(p, v);
    if (f->type == FIELD_DATE || f->type == FIELD_DATETIME)
        return date_words(p, f->type, json_text(v));
    if (f->type >= FIELD_PERSON)
        return id_words(p, f->type, v);
    return f->type == FIELD_RULE ? rule_words(p->a, json_text(v)) : json_text(v);
}

struct str paper_field(const struct paper_item *p, size_t field)
{
    const struct kind_field *f = &p->k->fields[field];

    return paper_value(p, f, json_object_getn(p->fields, f->id.p, f->id.n));
}

/* ---- what was said ---- */

/* Where the item came into which state, and how much had been said by then. */
struct step {
    struct str state;
    size_t said;
};
struct trail {
    struct paper_item *p;
    struct step *steps;
    size_t n_steps, cap_steps, cap_said;
};

static const struct ask *ask_of(const struct paper_item *p, int64_t id)
{
    for (size_t i = 0; i < p->n_asks; i++)
        if (p->asks[i].id == id)
            return &p->asks[i];
    return NULL;
}

/* 财务部 李四; of words that were entered for somebody: 王五（张三代录）. */
static struct str who_words(
    const struct paper_item *p, const struct item_event *ev, const struct ask *ask)
{
    struct str who = ev->actor_name;

    if (ev->for_person)
        who = arena_printf(
            p->a, "%.*s（%.*s代录）", SF(paper_person(p, ev->for_person)), SF(ev->actor_name));
    if (ask && ask->to_kind == PRINCIPAL_UNIT)
        who = arena_printf(p->a, "%.*s %.*s", SF(ask->to_name), SF(who));
    return who;
}

/* Words alone (已阅, 同意) stand for a person's opinion; a unit's bare receipt stands in the table of receipts. */
static struct str said_words(const json_t *payload, const struct ask *ask)
{
    struct str text = jr_str(payload, "opinion");

    if (!text.n && ask)
        text = jr_str(payload, "text");
    if (!text.n && ask && ask->to_kind == PRINCIPAL_PERSON)
        text = jr_str(payload, "word");
    return text;
}

/* The day, and the version of the text it was said of. */
static struct str said_day(
    const struct paper_item *p, const struct item_event *ev, const json_t *payload)
{
    struct str day = paper_day(p->a, ev->at_ms);
    int64_t number = jr_int(json_object_get(payload, "version"), "number", 0);

    return number ? arena_printf(p->a, "%.*s（第%lld稿）", SF(day), (long long)number) : day;
}

static void note_said(struct trail *t, const struct item_event *ev, const json_t *payload)
{
    struct paper_item *p = t->p;
    const struct ask *ask = str_eq(ev->verb, S("answer")) ? ask_of(p, jr_id(payload, "ask")) : NULL;
    struct str text = said_words(payload, ask);

    if (str_eq(ev->verb, S("return")))
        text = jr_str(payload, "why");
    if (!text.n)
        return;
    ARENA_PUSH(p->a, p->said, p->n_said, t->cap_said) =
        (struct paper_said){.o = {.text = arena_str(p->a, text),
                                .step = arena_str(p->a, jr_str(payload, "name")),
                                .who = who_words(p, ev, ask),
                                .day = said_day(p, ev, payload)},
            .box = arena_str(p->a, jr_str(payload, "box")),
            .purpose = ask ? ask->purpose : S("")};
}

static bool goes_back(
    const struct paper_item *p, const struct item_event *ev, const json_t *payload)
{
    size_t move = kind_move_of(p->k, jr_str(payload, "move"));

    return str_eq(ev->verb, S("return")) || str_eq(ev->verb, S("withdraw")) ||
           (move != SIZE_MAX && p->k->moves[move].returns);
}

/* All that was said since the item last came to where it is sent back to is of a round that counts no more. */
static void note_state(struct trail *t, const struct item_event *ev, const json_t *payload)
{
    struct paper_item *p = t->p;
    struct str to = jr_str(payload, "to");
    size_t i = t->n_steps;

    if (!to.n || kind_state_of(p->k, to) == SIZE_MAX)
        return;
    if (goes_back(p, ev, payload)) {
        while (i > 0 && !str_eq(t->steps[i - 1].state, to))
            i--;
        size_t since = i ? t->steps[i - 1].said : 0;
        for (size_t k = since; k < p->n_said; k++)
            p->said[k].o.returned = true;
        p->rounds = p->rounds || since < p->n_said;
        t->n_steps = i;
        return;
    }
    if (!t->n_steps || !str_eq(t->steps[t->n_steps - 1].state, to))
        ARENA_PUSH(p->a, t->steps, t->n_steps, t->cap_steps) =
            (struct step){.state = arena_str(p->a, to), .said = p->n_said};
}

static enum code read_events(struct paper_item *p, struct err *e)
{
    struct trail t = {.p = p};
    int64_t after = 0;
    size_t n = PAGE, seen = 0;

    ARENA_PUSH(p->a, t.steps, t.n_steps, t.cap_steps) = (struct step){.state = p->k->states[0].id};
    while (n == PAGE && seen < PAPER_EVENTS_MAX) {
        struct item_event *v;
        TRY(item_event_list(p->db, p->a, p->by, p->it.id, after, PAGE, &v, &n, e));
        for (size_t i = 0; i < n; i++) {
            json_t *payload = NULL;
            struct err none;
            if (jr_parse(v[i].payload, &payload, &none) != OK)
                continue; /* erased by law */
            note_said(&t, &v[i], payload);
            note_state(&t, &v[i], payload);
            json_decref(payload);
        }
        after = n ? v[n - 1].seq : after;
        seen += n;
    }
    return OK;
}

/* ---- all of it ---- */

static void note_doc(int64_t *ids, size_t *n, const json_t *v)
{
    int64_t id = 0;
    struct err none;

    if (json_is_object(v))
        id = jr_id(v, "doc");
    else if (str_int(json_text(v), &id, &none) != OK)
        return;
    if (id > 0 && *n < DOCS_MAX)
        ids[(*n)++] = id;
}

/* Titles of documents that the actor may not read are not printed. */
static enum code read_docs(struct paper_item *p, struct err *e)
{
    int64_t ids[DOCS_MAX];
    size_t n = 0, kept = 0;

    for (size_t i = 0; i < p->k->n_fields; i++) {
        const struct kind_field *f = &p->k->fields[i];
        if (f->type == FIELD_DOCUMENT || f->type == FIELD_PASSAGE)
            note_doc(ids, &n, json_object_getn(p->fields, f->id.p, f->id.n));
    }
    if (n)
        TRY(document_get_many(p->db, p->a, ids, n, &p->docs, &p->n_docs, e));
    for (size_t i = 0; i < p->n_docs; i++) {
        const struct document *d = &p->docs[i];
        bool may = false;
        TRY(access_document(p->db, p->by->v, d->id, (int)d->level, d->registrar, &may, e));
        if (may)
            p->docs[kept++] = *d;
    }
    p->n_docs = kept;
    return OK;
}

static enum code read_names(struct paper_item *p, struct err *e)
{
    TRY(person_list(p->db, p->a, 0, true, &p->people, &p->n_people, e));
    TRY(unit_list(p->db, p->a, true, &p->units, &p->n_units, e));
    return read_docs(p, e);
}

enum code paper_item_read(struct paper_item *p, struct db *db, struct arena *a,
    const struct actor *by, int64_t item, struct err *e)
{
    *p = (struct paper_item){.db = db, .a = a, .by = by};
    TRY(item_get(db, a, by, item, &p->it, e));
    TRY(kinds_get(by->kinds, db, p->it.kind, p->it.kind_version, &p->k, e));
    TRY(jr_parse(p->it.fields, &p->fields, e));
    arena_defer(a, drop_json, p->fields);
    TRY(read_names(p, e));
    TRY(item_file_list(db, a, by, item, false, &p->files, &p->n_files, e));
    TRY(ask_list(db, a, by, item, &p->asks, &p->n_asks, e));
    return read_events(p, e);
}
