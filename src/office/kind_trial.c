#include "office/kind_trial.h"

#include "office/ask.h"
#include "office/document.h"
#include "office/item_clock.h"
#include "office/item_file.h"
#include "office/item_text.h"
#include "office/person.h"
#include "office/remind.h"

enum { SAMPLE_DAYS = 10, SAMPLE_PEOPLE = 2, SAMPLE_UNITS = 2 };

struct trying {
    struct db *db;
    struct arena *a;
    const struct trial_want *want;
    struct trial *out;
    struct viewer v;
    struct actor by;
    const struct kind *k;
    int64_t item;
    size_t cap_rows;
    int64_t asks_seen;             /* asks made up to this event are told */
    int64_t told[KIND_CLOCKS_MAX]; /* of each clock the run that was told last */
    struct str number;
};

/* ---- a sample ---- */

static struct str chosen(const struct trying *t, const struct kind_field *f)
{
    for (size_t i = 0; i + 1 < t->want->n_choices; i += 2)
        if (str_eq(t->want->choices[i], f->id))
            for (size_t k = 0; k < f->n_choices; k++)
                if (str_eq(f->choices[k], t->want->choices[i + 1]))
                    return f->choices[k];
    return f->n_choices ? f->choices[0] : S("");
}

static json_t *id_json(const struct trying *t, int64_t id)
{
    return json_string(arena_printf(t->a, "%lld", (long long)id).p);
}

static json_t *text_json(struct str s)
{
    return json_stringn(s.p, s.n);
}

/* Several different ones, so that it shows who is asked first. */
static enum code sample_people(const struct trying *t, bool many, json_t **out, struct err *e)
{
    struct person *v;
    size_t n;

    TRY(person_list(t->db, t->a, 0, false, &v, &n, e));
    if (!many) {
        *out = n ? id_json(t, t->v.person ? t->v.person : v[0].id) : NULL;
        return OK;
    }
    *out = json_array();
    for (size_t i = 0; i < n && i < SAMPLE_PEOPLE; i++)
        json_array_append_new(*out, id_json(t, v[i].id));
    return OK;
}

static enum code sample_units(const struct trying *t, bool many, json_t **out, struct err *e)
{
    struct unit *v;
    size_t n;

    TRY(unit_list(t->db, t->a, false, &v, &n, e));
    if (!many) {
        *out = n ? id_json(t, v[n - 1].id) : NULL;
        return OK;
    }
    *out = json_array();
    for (size_t i = 0; i < n && i < SAMPLE_UNITS; i++)
        json_array_append_new(*out, id_json(t, v[i].id));
    return OK;
}

static enum code sample_file(const struct trying *t, json_t **out, struct err *e)
{
    struct item_upload up = {.name = S("试办附件.txt")};
    int64_t id;

    TRY(blob_hash_bytes(S("试办"), &up.blob, e));
    TRY(item_file_put(t->db, &t->by, &up, &id, e));
    *out = json_pack("[o]", id_json(t, id));
    return OK;
}

static json_t *sample_day(const struct trying *t, bool with_time)
{
    char iso[DAY_ISO_SIZE];
    struct str day = day_iso(day_of(clock_day(t->by.now_ms, t->by.hours->zone) + SAMPLE_DAYS), iso);

    return text_json(with_time ? arena_printf(t->a, "%.*s 17:00", SF(day)) : day);
}

static enum code sample_value(
    const struct trying *t, const struct kind_field *f, json_t **out, struct err *e)
{
    *out = NULL;
    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_LONGTEXT:
        *out = text_json(f->max < 4 ? S("试") : arena_printf(t->a, "试办"));
        return OK;
    case FIELD_NUMBER:
        *out = json_string("1");
        return OK;
    case FIELD_DATE:
    case FIELD_DATETIME:
        *out = sample_day(t, f->type == FIELD_DATETIME);
        return OK;
    case FIELD_CHOICE:
        *out = text_json(chosen(t, f));
        return OK;
    case FIELD_PERSON:
    case FIELD_PEOPLE:
        return sample_people(t, f->type == FIELD_PEOPLE, out, e);
    case FIELD_UNIT:
    case FIELD_UNITS:
        return sample_units(t, f->type == FIELD_UNITS, out, e);
    case FIELD_FILE:
        return f->required ? sample_file(t, out, e) : OK;
    case FIELD_RULE:
    case FIELD_DOCUMENT:
    case FIELD_PASSAGE:
    case FIELD_ITEM:
    case FIELD_TABLE:
    case N_FIELD_TYPE:
        break;
    }
    return OK; /* what the sample has not shows as missing where a move needs it */
}

struct sample {
    const struct trying *t;
    const json_t *fields;
};

static struct str sample_text(void *arg, struct str field)
{
    const struct sample *s = arg;
    const json_t *v = json_object_getn(s->fields, field.p, field.n);

    if (json_is_string(v))
        return (struct str){json_string_value(v), json_string_length(v)};
    return v ? S("有") : S("");
}

/* Everything that can be filled in and whose condition holds; what a date clock runs to, too. */
static enum code sample_fields(const struct trying *t, json_t *fields, struct err *e)
{
    struct sample s = {t, fields};

    for (size_t i = 0; i < t->k->n_fields; i++) {
        const struct kind_field *f = &t->k->fields[i];
        json_t *v = NULL;
        if (!cond_holds(&f->when, sample_text, &s))
            continue;
        TRY(sample_value(t, f, &v, e));
        if (v)
            json_object_setn_new(fields, f->id.p, f->id.n, v);
    }
    return OK;
}

/* What an item of such a kind carries: without it nothing can be sent. */
static enum code sample_manuscript(struct trying *t, struct err *e)
{
    struct manuscript_new m = {.title = S("试办"),
        .level = LEVEL_INTERNAL,
        .text = S("关于试办的通知\n各部门：\n请试办。\n")};
    int64_t id;

    TRY(manuscript_new(t->db, &t->by, &m, &id, e));
    return item_text_carry(t->db, &t->by, t->item, 1, id, e); /* 1: it was just opened */
}

static enum code open_sample(struct trying *t, struct err *e)
{
    struct item_open o = {.kind = t->k->id, .title = S("试办"), .draft = true};

    o.fields = json_object();
    enum code c = sample_fields(t, o.fields, e);
    if (c == OK)
        c = item_open(t->db, &t->by, &o, &t->item, e);
    json_decref(o.fields);
    return c == OK && t->k->text.line ? sample_manuscript(t, e) : c;
}

/* ---- what a step did ---- */

static int64_t limit_ms(struct limit l)
{
    return l.n * (l.unit == LIMIT_DAYS ? MS_DAY : l.unit == LIMIT_HOURS ? MS_HOUR : MS_MINUTE);
}

static void tell_lights(struct trying *t, size_t clock, int64_t due_ms, struct trial_clock *c)
{
    c->lights = ARENA_ARRAY(t->a, struct trial_light, t->k->n_lights + 1);
    for (size_t i = 0; i < t->k->n_lights; i++) {
        const struct kind_light *l = &t->k->lights[i];
        int64_t from = due_ms - limit_ms(l->left);
        size_t at = c->n_lights;
        if (l->clock != clock)
            continue;
        if (from < t->by.now_ms)
            from = t->by.now_ms;
        for (; at > 0 && c->lights[at - 1].from_ms > from; at--)
            c->lights[at] = c->lights[at - 1];
        c->lights[at] = (struct trial_light){l->colour, arena_str(t->a, l->text), from};
        c->n_lights++;
    }
}

/* As the engine has planned them, quiet hours and all. */
static void tell_reminds(
    struct trying *t, const struct remind_plan *plan, size_t n, size_t clock, struct trial_clock *c)
{
    c->reminds = ARENA_ARRAY(t->a, struct trial_remind, n + 1);
    for (size_t i = 0; i < n; i++)
        if (t->k->reminds[plan[i].rule].clock == clock)
            c->reminds[c->n_reminds++] = (struct trial_remind){plan[i].at_ms, plan[i].report};
}

static enum code tell_clocks(struct trying *t, struct trial_row *row, struct err *e)
{
    struct item_clock *v;
    struct remind_plan *plan;
    size_t n, n_plan;

    TRY(remind_plan_list(t->db, t->a, t->k, t->item, &plan, &n_plan, e));
    TRY(item_clock_list(t->db, t->a, &t->by, t->item, &v, &n, e));
    row->clocks = ARENA_ARRAY(t->a, struct trial_clock, n + 1);
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < t->k->n_clocks && !str_eq(t->k->clocks[k].id, v[i].clock))
            k++;
        if (k == t->k->n_clocks || v[i].state != CLOCK_RUNNING || v[i].run <= t->told[k])
            continue;
        t->told[k] = v[i].run;
        struct trial_clock *c = &row->clocks[row->n_clocks++];
        *c = (struct trial_clock){.name = arena_str(t->a, v[i].name), .due_ms = v[i].due_ms};
        tell_lights(t, k, v[i].due_ms, c);
        tell_reminds(t, plan, n_plan, k, c);
    }
    return OK;
}

static struct str words_of(struct arena *a, struct str lines)
{
    struct str s = S(""), one;

    while (str_next(&lines, S("\n"), &one))
        s = s.n ? arena_printf(a, "%.*s、%.*s", SF(s), SF(one)) : one;
    return s;
}

static enum code tell_asks(struct trying *t, struct trial_row *row, struct err *e)
{
    struct ask *v;
    size_t n;

    TRY(ask_list(t->db, t->a, &t->by, t->item, &v, &n, e));
    row->asks = ARENA_ARRAY(t->a, struct trial_ask, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (v[i].made <= t->asks_seen)
            continue;
        if (row->n_asks == TRIAL_ASKS_SHOWN) {
            row->more_asks++;
            continue;
        }
        row->asks[row->n_asks++] = (struct trial_ask){.to = v[i].to_name,
            .purpose = v[i].purpose,
            .words = words_of(t->a, v[i].answers),
            .due_ms = v[i].due_ms};
    }
    return OK;
}

static enum code tell(struct trying *t, struct str what, struct err *e)
{
    struct trial *out = t->out;
    struct item it;

    TRY(item_get(t->db, t->a, &t->by, t->item, &it, e));
    size_t state = kind_state_of(t->k, it.state);
    struct trial_row row = {.what = what,
        .state = arena_str(t->a, t->k->states[state].name),
        .number = str_eq(it.number, t->number) ? S("") : it.number,
        .at_ms = t->by.now_ms,
        .light = it.light,
        .light_text = it.light_text};
    TRY(tell_asks(t, &row, e));
    TRY(tell_clocks(t, &row, e));
    t->asks_seen = it.revision;
    t->number = it.number;
    out->closed = it.closed_ms != 0;
    ARENA_PUSH(t->a, out->rows, out->n_rows, t->cap_rows) = row;
    return OK;
}

/* ---- steps ---- */

static enum code step_move(struct trying *t, struct str id, struct err *e)
{
    size_t i = kind_move_of(t->k, id);
    struct item_move m = {.move = id};
    struct item it;

    if (i == SIZE_MAX)
        return FAIL(e, E_INPUT, "没有这一步“%.*s”", SF(id));
    const struct kind_move *km = &t->k->moves[i];
    if (km->opinion != OPINION_NONE)
        m.opinion = S("试办意见");
    for (size_t k = 0; km->ask && k < km->ask->of.n; k++)
        if (km->ask->of.v[k].kind == WHO_CHOSEN && t->v.person) {
            m.persons = &t->v.person;
            m.n_persons = 1;
        }
    TRY(item_get(t->db, t->a, &t->by, t->item, &it, e));
    TRY(item_move(t->db, &t->by, t->item, it.revision, &m, e));
    return tell(t, arena_str(t->a, km->name), e);
}

static bool takes_word(const struct ask *a, struct str word)
{
    return a->state == ASK_OPEN && a->sent_ms && !str_eq(a->word, word) &&
           str_has_piece(a->answers, S("\n"), word);
}

/* Everybody who may give this word gives it, until the matter has gone on. */
static enum code step_answer(struct trying *t, struct str word, struct err *e)
{
    struct item before, now;
    struct ask *v;
    size_t n, given = 0;

    TRY(item_get(t->db, t->a, &t->by, t->item, &before, e));
    TRY(ask_list(t->db, t->a, &t->by, t->item, &v, &n, e));
    for (size_t i = 0; i < n; i++) {
        struct ask a;
        TRY(ask_get(t->db, t->a, &t->by, v[i].id, &a, e));
        if (!takes_word(&a, word))
            continue;
        TRY(ask_answer(t->db, &t->by, a.id, word, S("试办"), NULL, 0, e));
        given++;
        TRY(item_get(t->db, t->a, &t->by, t->item, &now, e));
        if (now.closed_ms)
            break;
    }
    if (!given)
        return FAIL(e, E_INPUT, "没有人可以回复“%.*s”", SF(word));
    return tell(t, arena_printf(t->a, "%zu个对象回复“%.*s”", given, SF(word)), e);
}

static enum code step(struct trying *t, struct str act, struct err *e)
{
    if (str_eq(act, S("day")) || str_eq(act, S("week"))) {
        t->by.now_ms += str_eq(act, S("day")) ? MS_DAY : 7 * MS_DAY;
        return tell(t, str_eq(act, S("day")) ? S("过了1天") : S("过了7天"), e);
    }
    if (str_eat(&act, S("move:")))
        return step_move(t, act, e);
    if (str_eat(&act, S("answer:")))
        return step_answer(t, act, e);
    return FAIL(e, E_INPUT, "没有这种办理“%.*s”", SF(act));
}

/* ---- what can come next ---- */

static void add_next(struct trying *t, struct trial_next n, size_t *cap)
{
    for (size_t i = 0; i < t->out->n_next; i++)
        if (str_eq(t->out->next[i].act, n.act))
            return;
    ARENA_PUSH(t->a, t->out->next, t->out->n_next, *cap) = n;
}

static enum code tell_next(struct trying *t, struct err *e)
{
    struct item it;
    struct item_choice *v;
    struct ask *asks;
    size_t n, n_asks, cap = 0;

    if (t->out->closed)
        return OK;
    TRY(item_get(t->db, t->a, &t->by, t->item, &it, e));
    TRY(ask_list(t->db, t->a, &t->by, t->item, &asks, &n_asks, e));
    for (size_t i = 0; i < n_asks; i++) {
        struct str rest = asks[i].answers, word;
        while (str_next(&rest, S("\n"), &word))
            if (takes_word(&asks[i], word))
                add_next(t,
                    (struct trial_next){.act = arena_printf(t->a, "answer:%.*s", SF(word)),
                        .name = arena_printf(t->a, "回复“%.*s”", SF(word))},
                    &cap);
    }
    TRY(item_choices(t->db, t->a, &t->by, &it, &v, &n, e));
    for (size_t i = 0; i < n; i++) {
        const struct kind_move *m = &t->k->moves[v[i].move];
        add_next(t,
            (struct trial_next){.act = arena_printf(t->a, "move:%.*s", SF(m->id)),
                .name = arena_str(t->a, m->name),
                .hindrance = v[i].hindrance,
                .blocks = v[i].blocks},
            &cap);
    }
    return OK;
}

/* The version as it would be published, switched on whatever it is now. */
static enum code publish(struct trying *t, struct err *e)
{
    struct kind_draft d = {.yaml = t->want->yaml, .file = t->want->file, .by = t->by.v->person};
    struct kind *k;
    int64_t version;

    TRY(kind_read(t->a, t->want->yaml, t->want->file, &k, e));
    TRY(kind_publish(t->db, &d, &version, e));
    TRY(kind_switch(t->db, k->id, true, t->by.v->person, e));
    return kinds_get(t->by.kinds, t->db, k->id, version, &t->k, e);
}

static enum code run(struct trying *t, bool *done, struct err *e)
{
    TRY(publish(t, e));
    TRY(open_sample(t, e));
    TRY(tell(t, S("登记"), e));
    for (size_t i = 0; i < t->want->n_steps && i < TRIAL_STEPS_MAX; i++) {
        struct err why;
        if (step(t, t->want->steps[i], &why) != OK) {
            t->out->problem = arena_str(t->a, str_z(why.msg));
            break;
        }
    }
    enum code c = tell_next(t, e);
    if (c != OK && !t->out->problem.n)
        return c;
    *done = true;
    return FAIL(e, E_DENIED, "试办完毕，没有留下任何东西");
}

enum code kind_trial(struct db *db, struct arena *a, const struct actor *by,
    const struct trial_want *want, struct trial *out, bool *done, struct err *e)
{
    struct trying t = {.db = db, .a = a, .want = want, .out = out, .v = *by->v, .by = *by};

    *out = (struct trial){0};
    *done = false;
    t.v.owner = true; /* whoever may do a step is told, not asked for */
    t.by.v = &t.v;
    t.by.kinds = kinds_new(); /* the office's own keeps versions by number, and this one never is */
    enum code c = run(&t, done, e);
    kinds_free(t.by.kinds);
    return c;
}
