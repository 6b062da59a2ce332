/* page_speech.c - speeches to be written: how long, how many words at the speaker's own pace, how far; the large-type reading copy. */
#include "base/utf8.h"
#include "office/manuscript_edit.h"
#include "office/manuscript_part.h"
#include "office/person.h"
#include "office/speech.h"
#include "office/template.h"
#include "office/typeset.h"
#include "paper/face_pool.h"
#include "paper/layout_out.h"
#include "text/genre.h"
#include "web/item_rows.h"
#include "web/part_rows.h"
#include "web/route.h"
#include "web/rows.h"

enum { SPEECHES_SHOWN = 60, OFF_PERCENT = 10, MINE_SHOWN = 3 };

struct speeches {
    struct item *items;
    struct speech *tasks;
    struct str *names;
    struct pace *paces;
    size_t n;
    struct manuscript *texts;
    size_t n_texts;
    struct part_count *counts; /* of each text */
};

/* out[i]: of ids[i]. */
static enum code names_of(
    struct ctx *c, struct db *db, const int64_t *ids, size_t n, struct str *out, struct err *e)
{
    struct person_name *v;
    size_t m;

    TRY(person_names(db, c->a, ids, n, &v, &m, e));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < m; k++)
            if (v[k].id == ids[i])
                out[i] = v[k].name;
    return OK;
}

static enum code load(struct ctx *c, struct db *db, struct speeches *s, struct err *e)
{
    struct item_filter f = {.kind = S("speech"), .open = 1, .uncounted = true, .sort = SORT_DUE};
    struct item_page page;
    int64_t *ids, *speakers;

    TRY(item_list(db, c->a, ctx_actor(c), &f, SPEECHES_SHOWN, &page, e));
    s->items = page.items;
    s->n = page.n;
    s->tasks = ARENA_ARRAY(c->a, struct speech, s->n + 1);
    speakers = ARENA_ARRAY(c->a, int64_t, s->n + 1);
    for (size_t i = 0; i < s->n; i++) {
        speech_read(c->a, s->items[i].fields, &s->tasks[i]);
        speakers[i] = s->tasks[i].speaker;
    }
    s->paces = ARENA_ARRAY(c->a, struct pace, s->n + 1);
    s->names = ARENA_ARRAY(c->a, struct str, s->n + 1);
    TRY(pace_of_many(db, c->a, ctx_actor(c), speakers, s->n, s->paces, e));
    TRY(names_of(c, db, speakers, s->n, s->names, e));
    ids = ARENA_ARRAY(c->a, int64_t, s->n + 1);
    for (size_t i = 0; i < s->n; i++)
        ids[i] = s->items[i].id;
    TRY(manuscript_of_items(db, c->a, ctx_actor(c), ids, s->n, &s->texts, &s->n_texts, e));
    ids = ARENA_ARRAY(c->a, int64_t, s->n_texts + 1);
    for (size_t i = 0; i < s->n_texts; i++)
        ids[i] = s->texts[i].id;
    s->counts = ARENA_ARRAY(c->a, struct part_count, s->n_texts + 1);
    return manuscript_part_counts(db, ctx_actor(c), ids, s->n_texts, s->counts, e);
}

/* ---- the portal ---- */

/* The text he goes on with; the task, where one is begun, if there is none. */
static void mine_text(struct ctx *c, const struct item *it, const struct manuscript *v, size_t n,
    struct speech_mine_row *r)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].item == it->id) {
            r->link = link_back(
                c->a, arena_printf(c->a, "/manuscripts/%lld", (long long)v[i].id), S("/"));
            r->written = arena_printf(c->a, "已写%lld字", (long long)v[i].chars);
        }
}

enum code speech_mine_rows(
    struct ctx *c, struct db *db, struct speech_mine_row **out, size_t *n, struct err *e)
{
    struct item_filter f = {.kind = S("speech"), .open = 1, .uncounted = true, .sort = SORT_DUE};
    struct item_page page;
    struct item mine[MINE_SHOWN];
    struct speech tasks[MINE_SHOWN];
    struct str names[MINE_SHOWN] = {{0}};
    int64_t ids[MINE_SHOWN], speakers[MINE_SHOWN];
    struct manuscript *texts;
    size_t k = 0, n_texts;

    *n = 0;
    TRY(item_list(db, c->a, ctx_actor(c), &f, SPEECHES_SHOWN, &page, e));
    for (size_t i = 0; i < page.n && k < MINE_SHOWN; i++) {
        speech_read(c->a, page.items[i].fields, &tasks[k]);
        if (!speech_to_write(&page.items[i], &tasks[k], c->v->person))
            continue;
        mine[k] = page.items[i];
        ids[k] = mine[k].id;
        speakers[k] = tasks[k].speaker;
        k++;
    }
    if (!k)
        return OK;
    TRY(names_of(c, db, speakers, k, names, e));
    TRY(manuscript_of_items(db, c->a, ctx_actor(c), ids, k, &texts, &n_texts, e));
    *out = ARENA_ARRAY(c->a, struct speech_mine_row, k);
    for (size_t i = 0; i < k; i++) {
        (*out)[i] = (struct speech_mine_row){.id = ids[i],
            .occasion = mine[i].title,
            .speaker = names[i],
            .minutes = (int64_t)tasks[i].minutes,
            .at = tasks[i].at,
            .late = mine[i].light == LIGHT_RED,
            .written = S("还没有动笔"),
            .link = item_link(c->a, ids[i], S("/"), 0)};
        mine_text(c, &mine[i], texts, n_texts, &(*out)[i]);
    }
    *n = k;
    return OK;
}

/* 12分钟 */
static struct str lasts(struct ctx *c, const struct pace *p, int64_t chars)
{
    return arena_printf(c->a, "%d分钟", (int)(pace_minutes(p, chars) + 0.5));
}

static void put_texts(struct ctx *c, const struct speeches *s, size_t i, struct speech_row *r)
{
    int64_t most = 0;

    r->texts = ARENA_ARRAY(c->a, struct speech_text, s->n_texts + 1);
    for (size_t k = 0; k < s->n_texts; k++) {
        const struct manuscript *m = &s->texts[k];
        if (m->item != s->items[i].id)
            continue;
        most = m->chars > most ? m->chars : most;
        r->texts[r->n_texts++] = (struct speech_text){.id = m->id,
            .title = m->title,
            .chars = m->chars,
            .said = lasts(c, &s->paces[i], m->chars),
            .link = arena_printf(c->a, "/manuscripts/%lld", (long long)m->id),
            .parts = s->counts[k].all
                         ? arena_printf(c->a, "%lld部分交了%lld", (long long)s->counts[k].all,
                               (long long)s->counts[k].handed)
                         : S(""),
            .late = s->counts[k].late > 0,
            .reading = arena_printf(c->a, "/manuscripts/%lld/reading", (long long)m->id)};
    }
    r->may_begin = !r->n_texts;
    if (!most || !r->words)
        return;
    int64_t more = most - r->words;
    r->off = (more < 0 ? -more : more) * 100 > r->words * OFF_PERCENT;
    r->compare = arena_printf(c->a, more > 0 ? "多 %lld 字，约 %.*s" : "少 %lld 字，约 %.*s",
        (long long)(more < 0 ? -more : more), SF(lasts(c, &s->paces[i], more < 0 ? -more : more)));
}

static struct speech_row row_of(struct ctx *c, const struct speeches *s, size_t i)
{
    const struct item *it = &s->items[i];
    const struct pace *p = &s->paces[i];
    const struct speech *t = &s->tasks[i];
    struct speech_row r = {.id = it->id,
        .occasion = it->title,
        .speaker = s->names[i],
        .at = t->at,
        .audience = t->audience,
        .light_text = it->light_text,
        .light = it->light == LIGHT_RED      ? S("red")
                 : it->light == LIGHT_YELLOW ? S("yellow")
                                             : S(""),
        .minutes = (int64_t)t->minutes,
        .pace = p->per_minute,
        .learnt = p->speeches ? arena_printf(c->a, "按他讲过的%d次", p->speeches) : S("一般语速"),
        .words = pace_words(p, t->minutes),
        .link = arena_printf(c->a, "/items/%lld", (long long)it->id)};

    put_texts(c, s, i, &r);
    return r;
}

static enum code state_names(
    struct ctx *c, struct db *db, const struct speeches *s, struct page_speeches *p, struct err *e)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct kind *k;
        TRY(kinds_get(ctx_actor(c)->kinds, db, S("speech"), s->items[i].kind_version, &k, e));
        size_t at = kind_state_of(k, s->items[i].state);
        if (at != SIZE_MAX)
            p->rows[i].state = k->states[at].name;
    }
    return OK;
}

static bool speech_is_on(struct ctx *c, struct db *db)
{
    const struct kind *k;
    struct err off;
    return kinds_get(ctx_actor(c)->kinds, db, S("speech"), 0, &k, &off) == OK;
}

static enum code show_all(struct ctx *c, struct str problem, struct err *e)
{
    struct page_speeches p = {.problem = problem, .new_link = S("/items/new?kind=speech")};
    struct speeches s = {0};
    struct db *db;

    TRY(store_read(c->app->office->store, &db, e));
    p.on = speech_is_on(c, db);
    enum code code = load(c, db, &s, e);
    if (code == OK) {
        p.rows = ARENA_ARRAY(c->a, struct speech_row, s.n + 1);
        for (size_t i = 0; i < s.n; i++)
            p.rows[p.n_rows++] = row_of(c, &s, i);
        code = state_names(c, db, &s, &p, e);
    }
    store_read_end(db);
    TRY(code);
    show_speeches(c, &p);
    return OK;
}

enum code page_speeches(struct ctx *c, struct err *e)
{
    return show_all(c, S(""), e);
}

/* ---- a text is begun ---- */

struct beginning {
    int64_t manuscript;
};

static struct str value_for(struct str id, const struct speech *t)
{
    if (str_eq(id, S("speaker")))
        return t->speaker_name;
    if (str_eq(id, S("occasion")))
        return t->occasion;
    if (str_eq(id, S("date")))
        return str_sub(t->at, 0, 10);
    return str_eq(id, S("audience")) ? S("同志们") : S("");
}

/* The text of the template `speech` of his unit with what the task says. */
static enum code first_text(
    struct ctx *c, struct db *db, const struct item *it, struct manuscript_new *m, struct err *e)
{
    struct template_row row = {0};
    struct template t = {0};
    struct speech task;
    struct str *values;

    TRY(speech_of(db, c->a, ctx_actor(c), it->id, &task, e));
    TRY(template_get(db, c->a, ctx_actor(c), S("speech"), &row, e));
    TRY(template_read(c->a, row.file, "模板", &t, e));
    values = ARENA_ARRAY(c->a, struct str, t.n_fields + 1);
    for (size_t i = 0; i < t.n_fields; i++)
        values[i] = value_for(t.fields[i].id, &task);
    TRY(template_fill(c->a, &t, values, &m->text, e));
    m->title = arena_printf(c->a, "在%.*s上的讲话", SF(task.occasion));
    m->title = str_sub(m->title, 0, utf8_off(m->title, MANUSCRIPT_TITLE_CP_MAX));
    m->genre = GENRE_SPEECH;
    m->level = it->level;
    m->template_id = row.id;
    return OK;
}

static enum code write_begin(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct beginning *j = c->job;
    struct manuscript_new m = {0};
    struct item it = {0};
    int64_t seq;
    size_t made;

    TRY(item_get(db, c->a, ctx_actor(c), c->id, &it, e));
    if (!str_eq(it.kind, S("speech")))
        return FAIL(e, E_INPUT, "“%.*s”不是讲话任务", SF(it.title));
    TRY(first_text(c, db, &it, &m, e));
    TRY(manuscript_new(db, ctx_actor(c), &m, &j->manuscript, e));
    TRY(manuscript_set_item(db, ctx_actor(c), j->manuscript, it.id, e));
    return manuscript_parts_from_task(db, c->a, ctx_actor(c), j->manuscript, &made, &seq, e);
}

static enum code after_begin(struct ctx *c, enum code code, struct err *e)
{
    struct beginning *j = c->job;

    if (code == E_INPUT || code == E_CONFLICT) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show_all(c, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code == OK)
        ctx_redirect(c, arena_printf(c->a, "/manuscripts/%lld", (long long)j->manuscript));
    return code;
}

enum code do_speech(struct ctx *c, struct err *e)
{
    if (!str_eq(req_field(c->r, "act"), S("begin")))
        return FAIL(e, E_INPUT, "没有这种办理");
    c->job = ARENA_NEW(c->a, struct beginning);
    return ctx_write(c, write_begin, c, after_begin);
}

/* ---- read aloud ---- */

/* In large type, no sentence over a page. */
static enum code draw_reading(struct ctx *c, struct str text, struct buf *out, struct err *e)
{
    struct official_style style;
    struct typeset_read told;
    struct official d;
    struct layout l;
    struct faces *f;

    TRY(typeset_read(c->a, text, NULL, &d, &told, e));
    d.form = OFFICIAL_READING;
    official_style_of(d.form, &style);
    TRY(face_pool_take(c->app->faces, &f, e));
    struct layout_pdf o = {.title = d.title, .made_ms = ctx_actor(c)->now_ms};
    enum code code = layout_make(c->a, f, &d, &style, &l, e);
    if (code == OK)
        code = layout_pdf(&l, f, &o, out, e);
    face_pool_give(c->app->faces, f);
    return code;
}

enum code page_reading(struct ctx *c, struct err *e)
{
    struct manuscript m = {0};
    struct str text = S("");
    struct buf out;
    struct db *db;

    TRY(store_read(c->app->office->store, &db, e));
    enum code code = manuscript_get(db, c->a, ctx_actor(c), c->id, &m, e);
    if (code == OK)
        code = manuscript_text(db, c->a, ctx_actor(c), c->id, -1, &text, NULL, e);
    store_read_end(db);
    TRY(code);
    buf_init(&out, 0);
    code = draw_reading(c, text, &out, e);
    if (code == OK) {
        res_text(&c->r->res, 200, S("application/pdf"), buf_view(&out));
        ctx_attachment(c, arena_printf(c->a, "%.*s（诵读稿）.pdf", SF(m.title)));
    }
    buf_release(&out);
    return code;
}
