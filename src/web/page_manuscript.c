/* page_manuscript.c - texts under work: the list, a new one, the page of one, saving it without script, who writes along. */
#include <limits.h>

#include "office/document.h"
#include "office/manuscript_edit.h"
#include "office/manuscript_file.h"
#include "office/manuscript_note.h"
#include "office/manuscript_version.h"
#include "office/speech.h"
#include "text/genre.h"
#include "web/item_page.h"
#include "web/part_rows.h"
#include "web/pass_rows.h"
#include "web/people_rows.h"
#include "web/presence.h"
#include "web/print_rows.h"
#include "web/route.h"
#include "web/rows.h"

enum { SHOWN = 50 };

static struct str link_of(struct ctx *c, int64_t id)
{
    return arena_printf(c->a, "/manuscripts/%lld", (long long)id);
}

/* ---- the list ---- */

static struct manuscript_row row_of(struct ctx *c, const struct manuscript *m)
{
    return (struct manuscript_row){.id = m->id,
        .title = m->title,
        .genre = genre_name(m->genre),
        .owner = m->owner_name,
        .unit = m->unit_name,
        .chars = (int)m->chars,
        .changed = changed_text(c, m->changed_name, m->changed_ms),
        .style = m->may[MANUSCRIPT_OWN]     ? S("own")
                 : m->may[MANUSCRIPT_WRITE] ? S("write")
                                            : S("read"),
        .locked = m->locked_ms != 0,
        .given_up = m->given_up_ms ? arena_printf(c->a, "%.*s，%.*s", SF(m->given_up_name),
                                         SF(minute_text(c, m->given_up_ms)))
                                   : S(""),
        .link = link_of(c, m->id)};
}

static struct str next_link(
    struct ctx *c, const struct manuscript_filter *f, const struct manuscript *last)
{
    struct buf b;
    buf_init(&b, 0);
    buf_printf(&b, "/manuscripts?before=%lld&after=%lld", (long long)last->changed_ms,
        (long long)last->id);
    if (f->own)
        buf_z(&b, "&own=1");
    if (f->given_up)
        buf_z(&b, "&given_up=1");
    if (f->q.n) {
        buf_z(&b, "&q=");
        html_url(&b, url(f->q));
    }
    struct str s = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return s;
}

enum code page_manuscripts(struct ctx *c, struct err *e)
{
    static const char *const names[] = {"q", "own", "given_up", "before", "after"};
    struct manuscript_filter f = {.q = ctx_words(c, req_query(c->r, "q")),
        .own = req_query(c->r, "own").n > 0,
        .given_up = req_query(c->r, "given_up").n > 0,
        .before_ms = ctx_int(req_query(c->r, "before"), 0, INT64_MAX, 0),
        .before = ctx_int(req_query(c->r, "after"), 0, INT64_MAX, 0)};
    struct page_manuscripts p = {
        .q = f.q, .own = f.own, .given_up = f.given_up, .done = ctx_flash_take(c)};
    struct manuscript *v;
    struct db *db;
    size_t n = 0;
    for (size_t i = 0; i < c->r->head.n_query; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++)
            known = known || str_eq(c->r->head.query[i].name, str_z(names[k]));
        if (!known)
            return FAIL(e, E_INPUT, "不认识的条件“%.*s”", SF(c->r->head.query[i].name));
    }
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = manuscript_list(db, c->a, ctx_actor(c), &f, SHOWN + 1, &v, &n, e);
    store_read_end(db);
    TRY(code);
    p.rows = ARENA_ARRAY(c->a, struct manuscript_row, n + 1);
    for (size_t i = 0; i < n && i < SHOWN; i++)
        p.rows[p.n_rows++] = row_of(c, &v[i]);
    if (n > SHOWN)
        p.next = next_link(c, &f, &v[SHOWN - 1]);
    show_manuscripts(c, &p);
    return OK;
}

/* ---- one ---- */

static enum code fill_people(struct ctx *c, struct db *db, struct page_manuscript *p, struct err *e)
{
    struct manuscript_person *v;
    size_t n;
    TRY(manuscript_people(db, c->a, ctx_actor(c), c->id, &v, &n, e));
    p->people = ARENA_ARRAY(c->a, struct manuscript_person_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->people[p->n_people++] =
            (struct manuscript_person_row){v[i].person, v[i].name, v[i].unit, v[i].writes};
    return OK;
}

static enum code count_notes(struct ctx *c, struct db *db, struct page_manuscript *p, struct err *e)
{
    struct manuscript_note *v = NULL;
    size_t n = 0;
    TRY(manuscript_notes(db, c->a, ctx_actor(c), c->id, true, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        p->notes += v[i].sort != NOTE_REPLY;
    struct manuscript_file *files = NULL;
    TRY(manuscript_files(db, c->a, ctx_actor(c), c->id, &files, &n, e));
    p->pictures = (int64_t)n;
    return OK;
}

static enum code fill_versions(
    struct ctx *c, struct db *db, struct page_manuscript *p, struct err *e)
{
    struct manuscript_version *v;
    size_t n;
    TRY(manuscript_versions(db, c->a, ctx_actor(c), c->id, &v, &n, e));
    p->versions = ARENA_ARRAY(c->a, struct manuscript_version_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->versions[p->n_versions++] = (struct manuscript_version_row){.id = v[i].id,
            .number = (int)v[i].number,
            .name = v[i].name,
            .chars = (int)v[i].chars,
            .made = arena_printf(
                c->a, "%.*s于%.*s存", SF(v[i].made_name), SF(minute_text(c, v[i].made_ms))),
            .now = v[i].seq == p->seq,
            .digest = arena_str(c->a, str_z(v[i].digest)),
            .compare = arena_printf(
                c->a, "/manuscripts/%lld/compare?a=%lld", (long long)c->id, (long long)v[i].id)};
    return count_notes(c, db, p, e);
}

static void fill(struct ctx *c, const struct manuscript *m, struct page_manuscript *p)
{
    p->id = m->id;
    p->title = m->title;
    p->genre = genre_name(m->genre);
    p->level = str_z(doc_level_name(m->level));
    p->restricted = m->level != LEVEL_OPEN;
    p->owner = m->owner_name;
    p->unit = m->unit_name;
    p->chars = (int)m->chars;
    p->most = MANUSCRIPT_CP_MAX;
    p->changed = changed_text(c, m->changed_name, m->changed_ms);
    p->may_write = m->may[MANUSCRIPT_WRITE];
    p->writes = p->may_write && !m->locked_ms && !m->given_up_ms;
    p->own = m->may[MANUSCRIPT_OWN];
    p->locked = m->locked_ms != 0;
    if (p->locked)
        p->lock = arena_printf(c->a, "%.*s于%.*s锁定：%.*s。解锁以后才能修改。", SF(m->locked_name),
            SF(minute_text(c, m->locked_ms)), SF(m->lock_why));
    if (m->given_up_ms)
        p->given_up = arena_printf(c->a, "%.*s于%.*s废弃%s%.*s", SF(m->given_up_name),
            SF(minute_text(c, m->given_up_ms)), m->given_up_why.n ? "：" : "", SF(m->given_up_why));
    p->may_give_up = p->own && !m->given_up_ms && !m->locked_ms;
    if (m->item)
        p->item_link = item_link(c->a, m->item, item_back(c), 0);
    p->templated = m->template_id.n > 0;
    p->me = c->session.name;
}

/* What it is written for, if that is a speech: how much, at whose pace. */
static enum code fill_speech(struct ctx *c, struct db *db, const struct manuscript *m,
    struct page_manuscript *p, struct err *e)
{
    struct speech s;
    TRY(speech_of(db, c->a, ctx_actor(c), m->item, &s, e));
    if (!s.item)
        return OK;
    p->speech = true;
    p->speech_words = s.words;
    p->speech_pace = s.pace.per_minute;
    p->speech_said = arena_printf(c->a, "%.*s讲%g分钟，每分钟%d字（%s），该写%lld字",
        SF(s.speaker_name), s.minutes, s.pace.per_minute,
        s.pace.speeches ? "按他讲过的" : "一般语速", (long long)s.words);
    return OK;
}

/* `typed`: what was sent and could not be kept stands in the form again. */
static enum code show_one(struct ctx *c, struct str problem, const struct str *typed, struct err *e)
{
    struct page_manuscript p = {.problem = problem};
    struct manuscript m;
    struct str text = S("");
    int64_t seq = 0;
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = manuscript_get(db, c->a, ctx_actor(c), c->id, &m, e);
    if (code == OK)
        code = manuscript_text(db, c->a, ctx_actor(c), c->id, -1, &text, &seq, e);
    p.seq = (int)seq;
    if (code == OK)
        code = fill_people(c, db, &p, e);
    if (code == OK)
        code = fill_versions(c, db, &p, e);
    if (code == OK)
        code = pass_said(c, db, c->id, &p.passed, &p.passed_said, e);
    if (code == OK)
        code = fill_speech(c, db, &m, &p, e);
    if (code == OK)
        code = part_rows(c, db, c->id, (int)p.speech_pace, &p.parts, &p.n_parts, e);
    if (code == OK && !m.item && m.may[MANUSCRIPT_WRITE] && !m.locked_ms && !m.given_up_ms)
        code = text_kinds(c, db, &p.sends, &p.n_sends, e);
    store_read_end(db);
    TRY(code);
    ctx_level(c, m.level);
    fill(c, &m, &p);
    p.text = typed ? *typed : text;
    if (typed)
        p.seq = (int)ctx_int(req_field(c->r, "seq"), 0, INT_MAX, p.seq);
    if (!problem.n)
        p.done = ctx_flash_take(c);
    show_manuscript(c, &p);
    return OK;
}

enum code page_manuscript(struct ctx *c, struct err *e)
{
    return show_one(c, S(""), NULL, e);
}

/* ---- saving without script ---- */

struct saving {
    struct str text;
    int64_t base;
    struct manuscript_saved s;
};

static enum code write_save(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct saving *j = c->job;
    return manuscript_save(db, c->a, ctx_actor(c), c->id, j->base, j->text, &j->s, e);
}

static enum code show_conflict(struct ctx *c, struct err *e)
{
    struct saving *j = c->job;
    struct page_manuscript_conflict p = {.id = c->id, .seq = (int)j->s.seq, .text = j->s.text};
    struct manuscript m;
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = manuscript_get(db, c->a, ctx_actor(c), c->id, &m, e);
    store_read_end(db);
    TRY(code);
    ctx_level(c, m.level);
    p.title = m.title;
    p.changed = changed_text(c, m.changed_name, m.changed_ms);
    p.both = ARENA_ARRAY(c->a, struct both_row, j->s.n_both);
    for (size_t i = 0; i < j->s.n_both; i++)
        p.both[p.n_both++] =
            (struct both_row){j->s.both[i].was, j->s.both[i].mine, j->s.both[i].theirs};
    c->r->res.status = 409;
    show_manuscript_conflict(c, &p);
    return OK;
}

static enum code after_save(struct ctx *c, enum code code, struct err *e)
{
    struct saving *j = c->job;
    ctx_secret(c, code);
    if (code == E_INPUT || code == E_LIMIT || code == E_SECRET || code == E_CONFLICT) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show_one(c, arena_str(c->a, str_z(e->msg)), &j->text, e);
    }
    TRY(code);
    if (j->s.n_both)
        return show_conflict(c, e);
    presence_more(c->app->presence, c->id, j->s.seq);
    ctx_flash(c, !j->s.written ? S("没有改动")
                 : j->s.merged ? S("已保存，并入了别人刚才的修改")
                               : S("已保存"));
    ctx_redirect(c, link_of(c, c->id));
    return OK;
}

enum code do_manuscript_save(struct ctx *c, struct err *e)
{
    struct saving *j = ARENA_NEW(c->a, struct saving);
    (void)e;
    j->text = req_field(c->r, "text");
    j->base = ctx_int(req_field(c->r, "seq"), 0, INT64_MAX, -1);
    c->job = j;
    return ctx_write(c, write_save, c, after_save);
}

/* ---- who writes along, its name, the lock ---- */

static enum code write_people(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    int64_t gone = ctx_int(req_field(c->r, "remove"), 1, INT64_MAX, 0), person;
    if (gone)
        return manuscript_uninvite(db, ctx_actor(c), c->id, gone, e);
    TRY(person_typed(db, c->a, ctx_words(c, req_field(c->r, "who")), &person, e));
    return manuscript_invite(db, ctx_actor(c), c->id, person, req_field(c->r, "writes").n > 0, e);
}

static enum code write_name(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    return manuscript_rename(db, ctx_actor(c), c->id, ctx_words(c, req_field(c->r, "title")), e);
}

static enum code write_lock(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct str why = ctx_words(c, req_field(c->r, "why"));
    return str_eq(req_field(c->r, "act"), S("unlock"))
               ? manuscript_unlock(db, ctx_actor(c), c->id, why, e)
               : manuscript_lock(db, ctx_actor(c), c->id, why, e);
}

static enum code after_act(struct ctx *c, enum code code, struct err *e)
{
    if (code == E_INPUT || code == E_LIMIT || code == E_SECRET || code == E_CONFLICT) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show_one(c, arena_str(c->a, str_z(e->msg)), NULL, e);
    }
    if (code == OK)
        ctx_redirect(c, link_of(c, c->id));
    return code;
}

enum code do_manuscript_people(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_people, c, after_act);
}

enum code do_manuscript_name(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_name, c, after_act);
}

enum code do_manuscript_lock(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_lock, c, after_act);
}

static enum code write_give_up(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    return str_eq(req_field(c->r, "act"), S("bring_back"))
               ? manuscript_bring_back(db, ctx_actor(c), c->id, e)
               : manuscript_give_up(
                     db, ctx_actor(c), c->id, ctx_words(c, req_field(c->r, "why")), e);
}

/* What was given up is no longer worked on: back to the list, where it can be found again. */
static enum code after_give_up(struct ctx *c, enum code code, struct err *e)
{
    if (code != OK || str_eq(req_field(c->r, "act"), S("bring_back")))
        return after_act(c, code, e);
    ctx_flash(c, S("已废弃，在“已废弃”里可以取回"));
    ctx_redirect(c, S("/manuscripts"));
    return OK;
}

enum code do_manuscript_give_up(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_give_up, c, after_give_up);
}
