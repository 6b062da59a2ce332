/* kind_form.c - a kind changed by forms on a copy, tried on a sample, published. */
#include "base/clock.h"
#include "office/kind_draft.h"
#include "office/kind_patch.h"
#include "office/kind_trial.h"
#include "web/kind_words.h"
#include "web/route.h"
#include "web/rows.h"

enum { WORDS_ROWS_MIN = 2, WORDS_ROWS_MAX = 12 };

/* What the person works on: his copy, or the newest version. */
struct base {
    struct kind_row row;
    struct kind_copy copy;
    bool draft;
    struct str text;
    int64_t seen;
};

static enum code base_read(struct ctx *c, struct base *b, struct err *e)
{
    struct db *db;
    enum code code;

    TRY(store_read(c->app->office->store, &db, e));
    code = kind_row_get(db, c->a, kind_in_path(c), 0, &b->row, e);
    if (code == OK)
        code = kind_copy_get(db, c->a, b->row.kind, c->v->person, &b->copy, &b->draft, e);
    store_read_end(db);
    TRY(code);
    b->text = b->draft ? b->copy.yaml : b->row.yaml;
    b->seen = b->draft ? b->copy.seen : b->row.version;
    return OK;
}

/* ---- the form ---- */

/* The pairs that were sent: a path, then its value. */
static struct kind_change *sent(struct ctx *c, size_t *n)
{
    struct kind_change *v = NULL;
    size_t cap = 0;
    struct str path = S("");

    *n = 0;
    for (size_t i = 0; c->r->form && i < c->r->form->n_fields; i++) {
        const struct pair *f = &c->r->form->fields[i];
        if (str_eq(f->name, S("path")))
            path = f->value;
        else if (str_eq(f->name, S("value")) && path.n)
            ARENA_PUSH(c->a, v, *n, cap) = (struct kind_change){path, f->value};
    }
    return v;
}

static const char *type_key(enum knob_type t)
{
    static const char *const keys[] = {[KNOB_LINE] = "line",
        [KNOB_LIMIT] = "limit",
        [KNOB_FLAG] = "flag",
        [KNOB_WORDS] = "words",
        [KNOB_OFFSETS] = "list",
        [KNOB_WHO] = "list",
        [KNOB_COLUMNS] = "list"};

    return keys[t];
}

static int64_t rows_for(struct str value)
{
    int64_t n = 1;

    for (size_t i = 0; i < value.n; i++)
        n += value.p[i] == '\n';
    return n < WORDS_ROWS_MIN ? WORDS_ROWS_MIN : n > WORDS_ROWS_MAX ? WORDS_ROWS_MAX : n;
}

struct knobs {
    struct kind_knob *v;
    size_t n;
};

static struct kind_knob_row knob_row(struct ctx *c, const struct kind_knob *k,
    const struct knobs *published, const struct kind_change *typed, size_t n_typed)
{
    struct kind_knob_row r = {.path = k->path,
        .name = k->name,
        .type = str_z(type_key(k->type)),
        .value = k->shown,
        .fixed = k->fixed};

    for (size_t i = 0; i < published->n; i++)
        if (str_eq(published->v[i].path, k->path) && !str_eq(published->v[i].value, k->value)) {
            r.changed = true;
            r.was = k->type == KNOB_FLAG ? published->v[i].value.n ? S("是") : S("否")
                                         : published->v[i].shown;
        }
    for (size_t i = 0; i < n_typed; i++) /* after a mistake: what was typed */
        if (str_eq(typed[i].path, k->path))
            r.value = typed[i].value;
    r.rows = rows_for(r.value);
    (void)c;
    return r;
}

static struct kind_knob_group *group_of(struct page_kind_form *p, struct str name)
{
    if (!p->n_groups || !str_eq(p->groups[p->n_groups - 1].name, name))
        return NULL;
    return &p->groups[p->n_groups - 1];
}

/* Knobs come group by group, owner by owner. An owner is known by the head of the path: two may bear one name. */
static void fill_groups(struct ctx *c, const struct knobs *now, const struct knobs *published,
    const struct kind_change *typed, size_t n_typed, struct page_kind_form *p)
{
    struct str last = S("");

    p->groups = ARENA_ARRAY(c->a, struct kind_knob_group, now->n + 1);
    for (size_t i = 0; i < now->n; i++) {
        const struct kind_knob *k = &now->v[i];
        struct kind_knob_group *g = group_of(p, k->group);
        struct str head = k->path, tail = S("");
        (void)str_cut_last(k->path, S("/"), &head, &tail);
        if (!str_cut_last(k->path, S("/"), &head, &tail))
            head = S("");
        if (!g) {
            g = &p->groups[p->n_groups++];
            *g = (struct kind_knob_group){
                .name = k->group, .owners = ARENA_ARRAY(c->a, struct kind_knob_owner, now->n - i)};
        }
        if (!g->n_owners || !str_eq(head, last)) {
            g->owners[g->n_owners++] = (struct kind_knob_owner){
                .name = k->owner, .knobs = ARENA_ARRAY(c->a, struct kind_knob_row, now->n - i)};
            last = head;
        }
        struct kind_knob_owner *o = &g->owners[g->n_owners - 1];
        o->knobs[o->n_knobs] = knob_row(c, k, published, typed, n_typed);
        g->changed += o->knobs[o->n_knobs].changed;
        o->changed = o->changed || o->knobs[o->n_knobs].changed;
        o->n_knobs++;
    }
}

static enum code fill_differences(
    struct ctx *c, const struct base *b, struct page_kind_form *p, struct err *e)
{
    struct kind_difference *v;
    size_t n;

    TRY(kind_differences(c->a, b->row.yaml, b->text, &v, &n, &p->lines, e));
    p->differences = ARENA_ARRAY(c->a, struct kind_difference_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct str before = v[i].before, after = v[i].after;
        if (str_eq(before, S("true")) || str_eq(after, S("true"))) {
            before = before.n ? S("是") : S("否");
            after = after.n ? S("是") : S("否");
        }
        p->differences[p->n_differences++] =
            (struct kind_difference_row){v[i].owner, v[i].name, before, after};
    }
    return OK;
}

static enum code form_show(struct ctx *c, struct page_kind_form *p, struct err *e)
{
    struct base b = {0};
    struct knobs now, published;
    struct kind_change *typed = NULL;
    size_t n_typed = 0;

    TRY(base_read(c, &b, e));
    if (kind_knobs(c->a, b.text, "种类", &now.v, &now.n, e) != OK)
        return FAIL(
            e, E_INPUT, "存下的改动有误（%s），请在文件里改好", arena_z(c->a, str_z(e->msg)));
    TRY(kind_knobs(c->a, b.row.yaml, "种类", &published.v, &published.n, e));
    if (p->problem.n)
        typed = sent(c, &n_typed);
    p->kind = b.row.kind;
    p->name = b.row.name;
    p->seen = b.seen;
    p->newest = b.row.version;
    p->draft = b.draft;
    if (b.draft)
        p->saved = minute_text(c, b.copy.saved_ms);
    fill_groups(c, &now, &published, typed, n_typed, p);
    if (b.draft)
        TRY(fill_differences(c, &b, p, e));
    show_kind_form(c, p);
    return OK;
}

enum code page_kind_form(struct ctx *c, struct err *e)
{
    struct page_kind_form p = {.done = ctx_flash_take(c)};

    return form_show(c, &p, e);
}

struct form_job {
    struct kind_copy copy;
    int64_t version;
    enum { FORM_SAVE, FORM_PUBLISH, FORM_DROP } act;
};

static enum code write_form(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct form_job *job = c->job;
    struct kind_draft d = {.yaml = job->copy.yaml,
        .file = "种类",
        .kind = job->copy.kind,
        .seen = job->copy.seen,
        .by = c->v->person};

    if (job->act == FORM_SAVE)
        return kind_copy_save(db, &job->copy, c->v->person, e);
    if (job->act == FORM_PUBLISH)
        TRY(kind_publish(db, &d, &job->version, e));
    return kind_copy_drop(db, job->copy.kind, c->v->person, e);
}

static enum code form_problem(struct ctx *c, enum code code, struct err *e)
{
    struct page_kind_form p = {.problem = arena_str(c->a, str_z(e->msg))};

    p.problem_line = kind_error_line(e);
    (void)str_eat(&p.problem, S("文件“种类”"));
    c->r->res.status = code == E_CONFLICT ? 409 : 400;
    return form_show(c, &p, e);
}

static enum code after_form(struct ctx *c, enum code code, struct err *e)
{
    const struct form_job *job = c->job;
    struct str kind = job->copy.kind;

    if (code == E_INPUT || code == E_LIMIT || code == E_CONFLICT)
        return form_problem(c, code, e);
    TRY(code);
    if (job->act == FORM_PUBLISH)
        ctx_flash(c, arena_printf(c->a, "已发布第%lld版；在办的事项仍按原来的版本",
                         (long long)job->version));
    else
        ctx_flash(c, job->act == FORM_SAVE ? S("已存下，还没有发布；可以先试办") : S("已放弃改动"));
    ctx_redirect(c, job->act == FORM_PUBLISH ? arena_printf(c->a, "/kinds/%.*s", SF(kind))
                                             : arena_printf(c->a, "/kinds/%.*s/form", SF(kind)));
    return OK;
}

enum code do_kind_form(struct ctx *c, struct err *e)
{
    struct form_job *job = ARENA_NEW(c->a, struct form_job);
    struct str act = req_field(c->r, "act");
    struct base b = {0};
    size_t n;
    struct kind_change *v = sent(c, &n);

    TRY(base_read(c, &b, e));
    job->act = str_eq(act, S("publish")) ? FORM_PUBLISH
               : str_eq(act, S("drop"))  ? FORM_DROP
                                         : FORM_SAVE;
    job->copy = (struct kind_copy){.kind = b.row.kind, .yaml = b.text, .seen = b.seen};
    c->job = job;
    if (job->act != FORM_DROP) {
        enum code code = kind_patch(c->a, b.text, "种类", v, n, &job->copy.yaml, e);
        if (code == E_INPUT || code == E_LIMIT)
            return form_problem(c, code, e);
        TRY(code);
    }
    return ctx_write(c, write_form, c, after_form);
}

/* ---- trial ---- */

struct trial_job {
    struct base b;
    struct trial_want want;
    struct trial out;
    bool done;
};

static enum code write_trial(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct trial_job *job = c->job;

    return kind_trial(db, c->a, ctx_actor(c), &job->want, &job->out, &job->done, e);
}

static struct str lights_key(enum light_colour l)
{
    static const char *const keys[] = {"", "green", "blue", "yellow", "red"};

    return str_z(keys[l]);
}

/* A limit that is a day ends with it: the day, not the midnight behind it. */
static struct str due_words(struct ctx *c, int64_t at_ms)
{
    struct str s;

    if (!at_ms)
        return S("");
    s = minute_text(c, at_ms);
    return str_ends(s, S(" 00:00")) ? str_sub(minute_text(c, at_ms - 1), 0, 10) : s;
}

static struct str from_words(struct ctx *c, int64_t at_ms)
{
    struct str s = minute_text(c, at_ms);

    (void)str_eat_end(&s, S(" 00:00"));
    return s;
}

static void fill_trial_clocks(struct ctx *c, const struct trial_row *r, struct trial_step_row *row)
{
    row->clocks = ARENA_ARRAY(c->a, struct trial_clock_row, r->n_clocks + 1);
    for (size_t i = 0; i < r->n_clocks; i++) {
        const struct trial_clock *k = &r->clocks[i];
        struct trial_clock_row *o = &row->clocks[row->n_clocks++];
        *o = (struct trial_clock_row){.name = k->name,
            .due = due_words(c, k->due_ms),
            .lights = ARENA_ARRAY(c->a, struct trial_light_row, k->n_lights + 1),
            .reminds = S("")};
        for (size_t j = 0; j < k->n_lights; j++)
            o->lights[o->n_lights++] = (struct trial_light_row){lights_key(k->lights[j].colour),
                k->lights[j].text, from_words(c, k->lights[j].from_ms)};
        for (size_t j = 0; j < k->n_reminds; j++)
            o->reminds = arena_printf(c->a, "%.*s%s%.*s%s", SF(o->reminds), j ? "、" : "",
                SF(from_words(c, k->reminds[j].at_ms)), k->reminds[j].report ? "（逾期报告）" : "");
    }
}

static void fill_trial_rows(struct ctx *c, const struct trial *t, struct page_kind_trial *p)
{
    p->rows = ARENA_ARRAY(c->a, struct trial_step_row, t->n_rows + 1);
    for (size_t i = 0; i < t->n_rows; i++) {
        const struct trial_row *r = &t->rows[i];
        struct trial_step_row *row = &p->rows[p->n_rows++];
        *row = (struct trial_step_row){.no = (int64_t)i + 1,
            .what = r->what,
            .state = r->state,
            .at = from_words(c, r->at_ms),
            .number = r->number,
            .light = lights_key(r->light),
            .light_text = r->light_text,
            .asks = ARENA_ARRAY(c->a, struct trial_ask_row, r->n_asks + 1),
            .more = (int64_t)r->more_asks};
        for (size_t j = 0; j < r->n_asks; j++)
            row->asks[row->n_asks++] = (struct trial_ask_row){r->asks[j].to, r->asks[j].purpose,
                r->asks[j].words, due_words(c, r->asks[j].due_ms)};
        fill_trial_clocks(c, r, row);
    }
}

static void fill_trial_next(
    struct ctx *c, const struct kind *k, const struct trial *t, struct page_kind_trial *p)
{
    p->next = ARENA_ARRAY(c->a, struct trial_next_row, t->n_next + 1);
    for (size_t i = 0; i < t->n_next; i++) {
        struct str act = t->next[i].act, who = S("被请办理的人");
        size_t move = str_eat(&act, S("move:")) ? kind_move_of(k, act) : SIZE_MAX;
        if (move != SIZE_MAX)
            who = who_text(c, k, &k->moves[move].by);
        p->next[p->n_next++] = (struct trial_next_row){
            t->next[i].act, t->next[i].name, who, t->next[i].hindrance, t->next[i].blocks};
    }
    p->closed = t->closed;
    p->problem = t->problem;
}

static bool was_picked(const struct trial_want *w, struct str field, struct str value)
{
    for (size_t i = 0; i + 1 < w->n_choices; i += 2)
        if (str_eq(w->choices[i], field))
            return str_eq(w->choices[i + 1], value);
    return false;
}

static void fill_trial_choices(
    struct ctx *c, const struct kind *k, const struct trial_want *w, struct page_kind_trial *p)
{
    p->choices = ARENA_ARRAY(c->a, struct trial_choice_row, k->n_fields + 1);
    for (size_t i = 0; i < k->n_fields; i++) {
        const struct kind_field *f = &k->fields[i];
        struct choices l = {0};
        if (f->type != FIELD_CHOICE)
            continue;
        for (size_t j = 0; j < f->n_choices; j++)
            choice_add(c, &l, arena_printf(c->a, "%.*s=%.*s", SF(f->id), SF(f->choices[j])),
                f->choices[j], was_picked(w, f->id, f->choices[j]));
        p->choices[p->n_choices++] = (struct trial_choice_row){
            .field = f->id, .name = f->name, .options = l.v, .n_options = l.n};
    }
}

static enum code after_trial(struct ctx *c, enum code code, struct err *e)
{
    struct trial_job *job = c->job;
    struct page_kind_trial p = {
        .kind = job->b.row.kind, .name = job->b.row.name, .draft = job->b.draft};
    struct choices steps = {0};
    struct kind *k;

    if (!job->done) {
        if (code == E_INPUT || code == E_LIMIT)
            c->r->res.status = 400;
        else
            return code;
        p.problem = arena_str(c->a, str_z(e->msg));
        show_kind_trial(c, &p);
        return OK;
    }
    TRY(kind_read(c->a, job->want.yaml, "种类", &k, e));
    fill_trial_rows(c, &job->out, &p);
    fill_trial_next(c, k, &job->out, &p);
    fill_trial_choices(c, k, &job->want, &p);
    for (size_t i = 0; i + 1 < job->out.n_rows && i < job->want.n_steps;
         i++) /* those that were made */
        choice_add(c, &steps, job->want.steps[i], S(""), false);
    p.steps = steps.v;
    p.n_steps = steps.n;
    show_kind_trial(c, &p);
    return OK;
}

/* Steps walked, the next one behind them; choices as pairs. */
static void read_steps(struct ctx *c, struct trial_want *w)
{
    struct str *steps = NULL, *choices = NULL;
    size_t cap = 0, cap_choices = 0;

    for (size_t i = 0; c->r->form && i < c->r->form->n_fields; i++) {
        const struct pair *f = &c->r->form->fields[i];
        struct str field, value;
        if (str_eq(f->name, S("step")) && w->n_steps < TRIAL_STEPS_MAX)
            ARENA_PUSH(c->a, steps, w->n_steps, cap) = f->value;
        if (str_eq(f->name, S("choice")) && str_cut(f->value, S("="), &field, &value)) {
            ARENA_PUSH(c->a, choices, w->n_choices, cap_choices) = field;
            ARENA_PUSH(c->a, choices, w->n_choices, cap_choices) = value;
        }
    }
    if (req_field(c->r, "back").n && w->n_steps)
        w->n_steps--;
    else if (req_field(c->r, "next").n && w->n_steps < TRIAL_STEPS_MAX)
        ARENA_PUSH(c->a, steps, w->n_steps, cap) = req_field(c->r, "next");
    w->steps = steps;
    w->choices = choices;
}

enum code do_kind_trial(struct ctx *c, struct err *e)
{
    struct trial_job *job = ARENA_NEW(c->a, struct trial_job);

    TRY(base_read(c, &job->b, e));
    job->want = (struct trial_want){.yaml = job->b.text, .file = "种类"};
    read_steps(c, &job->want);
    c->job = job;
    return ctx_write(c, write_trial, c, after_trial);
}
