/* page_manuscript_part.c - parts of a manuscript by several authors: who writes what until when, handing in. */
#include "office/manuscript_part.h"
#include "office/speech.h"
#include "web/part_rows.h"
#include "web/people_rows.h"
#include "web/presence.h"
#include "web/route.h"
#include "web/rows.h"

enum { MINE_SHOWN = 6 };

/* 2026-11-24T15:00, as the field of a form has it. */
static struct str field_text(struct ctx *c, int64_t at_ms)
{
    struct civil t = clock_civil(at_ms, ZONE_CHINA);
    return at_ms ? arena_printf(c->a, "%04d-%02d-%02dT%02d:%02d", t.day.y, t.day.m, t.day.d, t.hour,
                       t.minute)
                 : S("");
}

/* 约4分钟，该写720字（4分钟） */
static struct str asked_text(struct ctx *c, const struct manuscript_part *v, int pace)
{
    struct pace p = {.per_minute = pace};
    double now = pace_minutes(&p, v->chars), whole = pace_minutes(&p, v->words);
    struct str said = S(""), of = S("");
    if (pace) {
        said = now < 1 ? S("不到1分钟") : arena_printf(c->a, "约%.0f分钟", now);
        of = arena_printf(c->a, "（%.0f分钟）", whole);
    }
    if (!v->words)
        return said;
    return arena_printf(
        c->a, "%.*s%s该写%lld字%.*s", SF(said), said.n ? "，" : "", (long long)v->words, SF(of));
}

static struct manuscript_part_row row_of(struct ctx *c, const struct manuscript_part *v, int pace)
{
    static const char *const states[N_PART_STATE] = {"new", "writing", "handed"};
    return (struct manuscript_part_row){.id = v->id,
        .name = v->name,
        .who = v->person_name,
        .unit = v->unit_name,
        .due = v->due_ms ? minute_text(c, v->due_ms) : S(""),
        .due_field = field_text(c, v->due_ms),
        .state = str_z(states[v->state]),
        .state_name = str_z(part_state_name(v->state)),
        .handed = v->handed_ms ? arena_printf(c->a, "%.*s于%.*s交", SF(v->handed_name),
                                     SF(minute_text(c, v->handed_ms)))
                               : S(""),
        .chars = (int)v->chars,
        .words = (int)v->words,
        .asked = asked_text(c, v, pace),
        .from = (int)v->from,
        .to = (int)v->to,
        .late = v->late,
        .changed = v->changed,
        .gone = v->gone,
        .mine = v->person == c->v->person,
        .may_hand = v->may_hand,
        .may_set = v->may_set};
}

enum code part_rows(struct ctx *c, struct db *db, int64_t id, int pace,
    struct manuscript_part_row **out, size_t *n, struct err *e)
{
    struct manuscript_part *v = NULL;
    TRY(manuscript_parts(db, c->a, ctx_actor(c), id, &v, n, e));
    *out = ARENA_ARRAY(c->a, struct manuscript_part_row, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*out)[i] = row_of(c, &v[i], pace);
    return OK;
}

enum code part_mine_rows(
    struct ctx *c, struct db *db, struct part_mine_row **out, size_t *n, struct err *e)
{
    struct part_mine *v = NULL;
    TRY(manuscript_parts_mine(db, c->a, ctx_actor(c), MINE_SHOWN, &v, n, e));
    *out = ARENA_ARRAY(c->a, struct part_mine_row, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*out)[i] = (struct part_mine_row){.id = v[i].part,
            .name = v[i].name,
            .title = v[i].title,
            .by = v[i].by_name,
            .due = v[i].due_ms ? minute_text(c, v[i].due_ms) : S(""),
            .late = v[i].late,
            .link = arena_printf(c->a, "/manuscripts/%lld", (long long)v[i].manuscript)};
    return OK;
}

/* 张三（逾期）、李四 */
static void say_waits(struct ctx *c, struct page_manuscript_parts *p)
{
    struct buf b;
    buf_init(&b, 0);
    for (size_t i = 0; i < p->n_rows; i++) {
        const struct manuscript_part_row *r = &p->rows[i];
        if (r->handed.n)
            continue;
        p->waiting++;
        buf_printf(&b, "%s%.*s（%.*s，%s%.*s）", p->waiting > 1 ? "、" : "", SF(r->who),
            SF(r->name), r->late ? "逾期，" : "", SF(r->state_name));
    }
    p->waits = arena_str(c->a, buf_view(&b));
    buf_release(&b);
}

/* What the parts ask for together, beside what the speech may take. */
static void say_sum(struct ctx *c, struct page_manuscript_parts *p, const struct speech *task)
{
    int64_t sum = 0;
    for (size_t i = 0; i < p->n_rows; i++)
        sum += p->rows[i].gone ? 0 : p->rows[i].words;
    if (task->item)
        p->sum = sum ? arena_printf(c->a, "%.*s讲%g分钟，该写%lld字；各部分共%lld字，约%.0f分钟",
                           SF(task->speaker_name), task->minutes, (long long)task->words,
                           (long long)sum, pace_minutes(&task->pace, sum))
                     : arena_printf(c->a, "%.*s讲%g分钟，该写%lld字", SF(task->speaker_name),
                           task->minutes, (long long)task->words);
    else if (sum)
        p->sum = arena_printf(c->a, "各部分共该写%lld字", (long long)sum);
}

static enum code load(struct ctx *c, struct db *db, struct page_manuscript_parts *p, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct part_place *v = NULL;
    struct speech task;
    size_t n = 0, n_task = 0;
    TRY(manuscript_get(db, c->a, ctx_actor(c), c->id, &m, e));
    TRY(speech_of(db, c->a, ctx_actor(c), m.item, &task, e));
    TRY(part_rows(c, db, c->id, task.pace.per_minute, &p->rows, &p->n_rows, e));
    p->speech = task.item != 0;
    say_sum(c, p, &task);
    ctx_level(c, m.level);
    p->title = m.title;
    p->owner = m.owner_name;
    p->seq = (int)m.seq;
    p->may_set = m.may[MANUSCRIPT_DIVIDE];
    if (p->may_set) {
        TRY(manuscript_part_places(db, c->a, ctx_actor(c), c->id, &v, &n, e));
        TRY(manuscript_task_parts(db, c->a, ctx_actor(c), c->id, &n_task, e));
    }
    p->task = n_task > 0;
    p->places = ARENA_ARRAY(c->a, struct part_place_row, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!v[i].part)
            p->places[p->n_places++] = (struct part_place_row){(int)v[i].at, v[i].words};
    return OK;
}

static enum code show_list(struct ctx *c, struct str problem, struct err *e)
{
    struct page_manuscript_parts p = {.id = c->id, .problem = problem};
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = load(c, db, &p, e);
    store_read_end(db);
    TRY(code);
    say_waits(c, &p);
    if (problem.n) {
        p.quote = req_field(c->r, "quote");
        p.who = req_field(c->r, "who");
        p.due = req_field(c->r, "due");
        p.words = req_field(c->r, "words");
    } else {
        p.done = ctx_flash_take(c);
    }
    show_manuscript_parts(c, &p);
    return OK;
}

enum code page_manuscript_parts(struct ctx *c, struct err *e)
{
    return show_list(c, S(""), e);
}

/* ---- what is done ---- */

enum act { ADD, SET, REMOVE, HAND, BACK, TASK, N_ACT };
static const struct {
    const char *act, *done;
} acts[N_ACT] = {[ADD] = {"add", "已分出，写的人会收到通知"},
    [SET] = {"set", "已改"},
    [REMOVE] = {"remove", "已并入前一部分，文字没有动"},
    [HAND] = {"hand", "已交稿"},
    [BACK] = {"back", "已退回，写的人会收到通知"},
    [TASK] = {"task", "讲话任务里的各部分都分出去了"}};

struct parting {
    enum act act;
    int64_t part, person;
    struct part_new x;
    int64_t seq; /* of the text, where it was written in */
};

/* The part is one of this manuscript: its page says what was done. */
static enum code check_part(struct ctx *c, struct db *db, struct err *e)
{
    const struct parting *j = c->job;
    struct manuscript_part *v = NULL;
    size_t n = 0;
    TRY(manuscript_parts(db, c->a, ctx_actor(c), c->id, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (v[i].id == j->part)
            return OK;
    return FAIL(e, E_NOTFOUND, "没有这一部分，可能已经合并");
}

/* Who is to write, and how much: minutes are those of the speaker. */
static enum code read_asked(struct ctx *c, struct db *db, struct err *e)
{
    struct parting *j = c->job;
    struct manuscript m = {.id = 0};
    struct speech task;
    TRY(person_typed(db, c->a, ctx_words(c, req_field(c->r, "who")), &j->x.person, e));
    TRY(manuscript_get(db, c->a, ctx_actor(c), c->id, &m, e));
    TRY(speech_of(db, c->a, ctx_actor(c), m.item, &task, e));
    return manuscript_part_words(ctx_words(c, req_field(c->r, "words")),
        task.item ? task.pace.per_minute : PACE_DEFAULT, &j->x.words, e);
}

static enum code write_part(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct parting *j = c->job;
    const struct actor *by = ctx_actor(c);
    size_t made;
    if (j->act != ADD && j->act != TASK)
        TRY(check_part(c, db, e));
    if (j->act == ADD || j->act == SET)
        TRY(read_asked(c, db, e));
    switch (j->act) {
    case ADD:
        return manuscript_part_add(db, c->a, by, &j->x, &j->part, e);
    case SET:
        return manuscript_part_set(db, c->a, by, j->part, j->x.person, j->x.due_ms, j->x.words, e);
    case REMOVE:
        return manuscript_part_remove(db, c->a, by, j->part, e);
    case HAND:
        return manuscript_part_hand(db, c->a, by, j->part, e);
    case BACK:
        return manuscript_part_back(db, c->a, by, j->part, ctx_words(c, req_field(c->r, "why")), e);
    case TASK:
        return manuscript_parts_from_task(db, c->a, by, c->id, &made, &j->seq, e);
    case N_ACT:
        break;
    }
    return E_BUG;
}

static enum code after_part(struct ctx *c, enum code code, struct err *e)
{
    const struct parting *j = c->job;
    if (code == E_INPUT || code == E_LIMIT || code == E_CONFLICT) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show_list(c, arena_str(c->a, str_z(e->msg)), e);
    }
    TRY(code);
    if (j->seq)
        presence_more(c->app->presence, c->id, j->seq);
    ctx_flash(c, str_z(acts[j->act].done));
    ctx_redirect(c, arena_printf(c->a, "/manuscripts/%lld/parts", (long long)c->id));
    return OK;
}

enum code do_manuscript_parts(struct ctx *c, struct err *e)
{
    struct parting *j = ARENA_NEW(c->a, struct parting);
    struct str due = str_trim(req_field(c->r, "due"));
    struct err bad;
    j->act = N_ACT;
    for (int i = 0; i < N_ACT; i++)
        if (str_eq(req_field(c->r, "act"), str_z(acts[i].act)))
            j->act = (enum act)i;
    if (j->act == N_ACT)
        return FAIL(e, E_INPUT, "没有写明办什么");
    j->part = ctx_int(req_field(c->r, "part"), 1, INT64_MAX, 0);
    j->x = (struct part_new){.manuscript = c->id,
        .seq = ctx_int(req_field(c->r, "seq"), 0, INT64_MAX, -1),
        .at = ctx_int(req_field(c->r, "at"), 0, INT32_MAX, -1),
        .quote = req_field(c->r, "quote")};
    if (due.n && clock_parse(due, ZONE_CHINA, &j->x.due_ms, &bad) != OK)
        return show_list(
            c, arena_printf(c->a, "交稿时间“%.*s”不对，应当像 2026-11-24 15:00", SF(due)), e);
    c->job = j;
    return ctx_write(c, write_part, c, after_part);
}
