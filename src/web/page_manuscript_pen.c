/* page_manuscript_pen.c - pen corrections on paper: which version was printed, who corrected it, the paper, what stands there now, and a second look
 * at it. */
#include "office/manuscript_pen_sheet.h"
#include "office/manuscript_version.h"
#include "text/articles.h"
#include "web/compare.h"
#include "web/people_rows.h"
#include "web/presence.h"
#include "web/route.h"
#include "web/rows.h"

static struct str said(struct ctx *c, struct str name, int64_t at_ms, const char *what)
{
    return arena_printf(c->a, "%.*s于%.*s%s", SF(name), SF(minute_text(c, at_ms)), what);
}

static struct pen_row row_of(struct ctx *c, const struct manuscript_pen *p)
{
    static const char *const states[] = {"open", "done", "dropped"};
    struct pen_row r = {.id = p->id,
        .corrector = p->corrector,
        .day = p->day,
        .version = p->version_name,
        .state = str_z(states[p->state]),
        .clerk = said(c, p->clerk_name, p->done_ms ? p->done_ms : p->begun_ms,
            p->state == PEN_DONE   ? "录入"
            : p->state == PEN_OPEN ? "开始录"
                                   : "没有录"),
        .wrong = p->check == PEN_WRONG,
        .may_check = p->may_check,
        .may_enter = p->may_enter,
        .link = arena_printf(c->a, "/pens/%lld", (long long)p->id)};
    if (p->check)
        r.check = said(c, p->check_name, p->check_ms, r.wrong ? "说录得不对：" : "核对无误");
    if (p->check && p->check_words.n)
        r.check =
            arena_printf(c->a, "%.*s%s%.*s", SF(r.check), r.wrong ? "" : "：", SF(p->check_words));
    for (int i = 0; p->result && i < 2; i++)
        *(i ? &r.redline : &r.compare) =
            arena_printf(c->a, "/manuscripts/%lld/%s?a=%lld&b=%lld", (long long)p->manuscript,
                i ? "redline" : "compare", (long long)p->version, (long long)p->result);
    return r;
}

/* ---- the list, and one more ---- */

static enum code load(struct ctx *c, struct db *db, struct page_manuscript_pens *p, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct manuscript_pen *v = NULL;
    struct manuscript_version *versions = NULL;
    struct choices choices = {0};
    size_t n = 0, k = 0;
    TRY(manuscript_get(db, c->a, ctx_actor(c), c->id, &m, e));
    TRY(manuscript_pens(db, c->a, ctx_actor(c), c->id, &v, &n, e));
    TRY(manuscript_versions(db, c->a, ctx_actor(c), c->id, &versions, &k, e));
    ctx_level(c, m.level);
    p->title = m.title;
    p->writes = m.may[MANUSCRIPT_WRITE] && !m.locked_ms && !m.given_up_ms;
    p->rows = ARENA_ARRAY(c->a, struct pen_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->rows[p->n_rows++] = row_of(c, &v[i]);
    for (size_t i = 0; i < k; i++)
        choice_add(c, &choices, arena_printf(c->a, "%lld", (long long)versions[i].id),
            arena_printf(c->a, "%.*s（%.*s存）", SF(versions[i].name),
                SF(minute_text(c, versions[i].made_ms))),
            str_eq(
                req_field(c->r, "version"), arena_printf(c->a, "%lld", (long long)versions[i].id)));
    p->versions = choices.v;
    p->n_versions = choices.n;
    return OK;
}

static enum code show_list(struct ctx *c, struct str problem, struct err *e)
{
    struct page_manuscript_pens p = {.id = c->id, .problem = problem};
    struct db *db;
    char day[DAY_ISO_SIZE];
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = load(c, db, &p, e);
    store_read_end(db);
    TRY(code);
    p.who = req_field(c->r, "who");
    p.day = req_field(c->r, "day");
    if (!p.day.n)
        p.day = arena_str(c->a, day_iso(day_of(clock_day(ctx_actor(c)->now_ms, ZONE_CHINA)), day));
    if (!problem.n)
        p.done = ctx_flash_take(c);
    show_manuscript_pens(c, &p);
    return OK;
}

enum code page_manuscript_pens(struct ctx *c, struct err *e)
{
    return show_list(c, S(""), e);
}

struct penning {
    struct pen_new x;
    struct str act, text, of;
    int64_t pen, manuscript;
    struct pen_done done;
};

static enum code write_begin(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct penning *j = c->job;
    struct err none;
    /* 王书记 has no such name; with a whole name the corrector is known, and may look at it himself */
    if (person_typed(db, c->a, j->x.corrector, &j->x.person, &none) != OK)
        j->x.person = 0;
    return manuscript_pen_begin(db, c->a, ctx_actor(c), &j->x, &j->pen, e);
}

static enum code after_begin(struct ctx *c, enum code code, struct err *e)
{
    const struct penning *j = c->job;
    ctx_secret(c, code);
    if (code == E_INPUT || code == E_LIMIT || code == E_CONFLICT || code == E_SECRET) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show_list(c, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code == OK)
        ctx_redirect(c, arena_printf(c->a, "/pens/%lld", (long long)j->pen));
    return code;
}

enum code do_manuscript_pens(struct ctx *c, struct err *e)
{
    struct penning *j = ARENA_NEW(c->a, struct penning);
    (void)e;
    j->x = (struct pen_new){.manuscript = c->id,
        .version = ctx_int(req_field(c->r, "version"), 1, INT64_MAX, 0),
        .corrector = ctx_words(c, req_field(c->r, "who")),
        .day = str_trim(req_field(c->r, "day"))};
    c->job = j;
    return ctx_write(c, write_begin, c, after_begin);
}

/* ---- one ---- */

static enum code fill_changes(
    struct ctx *c, struct page_pen *p, struct str printed, struct str text, struct err *e)
{
    struct articles_diff d;
    struct compare cmp;
    TRY(articles_compare(c->a, printed, text, &d, e));
    p->changed = (int)(d.counts[ARTICLE_CHANGED] + d.counts[ARTICLE_MOVED] +
                       d.counts[ARTICLE_ADDED] + d.counts[ARTICLE_REMOVED]);
    if (!p->changed)
        return OK;
    compare_rows(c->a, printed, text, &d, false, &cmp);
    p->changes = cmp.rows;
    p->n_changes = cmp.n;
    return OK;
}

static void fill_sheets(
    struct ctx *c, struct page_pen *p, const struct pen_sheet *v, size_t n, bool open)
{
    p->sheets = ARENA_ARRAY(c->a, struct pen_sheet_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->sheets[p->n_sheets++] = (struct pen_sheet_row){.id = v[i].id,
            .name = v[i].name,
            .made = said(c, v[i].made_name, v[i].made_ms, "传"),
            .wide = v[i].wide,
            .high = v[i].high,
            .late = v[i].late,
            .may_remove = open,
            .link = arena_printf(
                c->a, "/pens/%lld/sheets/%lld", (long long)v[i].pen, (long long)v[i].id)};
}

/* `done`: what stood in the way of finishing; with what was typed. */
static enum code show_one(
    struct ctx *c, struct str problem, const struct penning *typed, struct err *e)
{
    struct page_pen p = {
        .id = c->id, .problem = problem, .most = MANUSCRIPT_CP_MAX, .sheets_most = PEN_SHEETS_MAX};
    struct manuscript_pen pen = {.id = 0};
    struct manuscript m = {.id = 0};
    struct str printed = S(""), text = S("");
    struct pen_sheet *sheets = NULL;
    struct db *db;
    size_t n_sheets = 0;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = manuscript_pen_get(db, c->a, ctx_actor(c), c->id, &pen, &text, &printed, e);
    if (code == OK)
        code = manuscript_get(db, c->a, ctx_actor(c), pen.manuscript, &m, e);
    if (code == OK)
        code = pen_sheets(db, c->a, ctx_actor(c), c->id, &sheets, &n_sheets, e);
    store_read_end(db);
    TRY(code);
    ctx_level(c, m.level);
    p.may_add = m.may[MANUSCRIPT_WRITE] && !m.given_up_ms && pen.state != PEN_DROPPED;
    p.printed = printed;
    fill_sheets(c, &p, sheets, n_sheets, pen.may_enter);
    p.manuscript = m.id;
    p.title = m.title;
    p.pen = row_of(c, &pen);
    p.text = typed && typed->text.n ? typed->text : text;
    p.of = manuscript_pen_digest(c->a, text);
    TRY(fill_changes(c, &p, printed, p.text, e));
    size_t n = typed ? typed->done.n_both : 0;
    p.both = ARENA_ARRAY(c->a, struct both_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p.both[p.n_both++] = (struct both_row){
            typed->done.both[i].was, typed->done.both[i].mine, typed->done.both[i].theirs};
    if (!problem.n)
        p.done = ctx_flash_take(c);
    show_pen(c, &p);
    return OK;
}

enum code page_pen(struct ctx *c, struct err *e)
{
    return show_one(c, S(""), NULL, e);
}

static enum code write_one(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct penning *j = c->job;
    const struct actor *by = ctx_actor(c);
    struct manuscript_pen pen = {.id = 0};
    TRY(manuscript_pen_get(db, c->a, by, c->id, &pen, NULL, NULL, e));
    j->manuscript = pen.manuscript;
    j->done = (struct pen_done){.n_both = 0};
    if (j->of.n)
        TRY(manuscript_pen_same(db, c->a, by, c->id, j->of, e));
    if (str_eq(j->act, S("keep")))
        return manuscript_pen_keep(db, c->a, by, c->id, j->text, e);
    if (str_eq(j->act, S("finish")) || str_eq(j->act, S("mine")))
        return manuscript_pen_finish(
            db, c->a, by, c->id, j->text, str_eq(j->act, S("mine")), &j->done, e);
    if (str_eq(j->act, S("drop")))
        return manuscript_pen_drop(db, c->a, by, c->id, e);
    if (str_eq(j->act, S("right")) || str_eq(j->act, S("wrong")))
        return manuscript_pen_check(db, c->a, by, c->id, str_eq(j->act, S("right")),
            ctx_words(c, req_field(c->r, "words")), e);
    return FAIL(e, E_INPUT, "没有写明办什么");
}

static enum code after_one(struct ctx *c, enum code code, struct err *e)
{
    const struct penning *j = c->job;
    ctx_secret(c, code);
    if (code == E_INPUT || code == E_LIMIT || code == E_CONFLICT || code == E_SECRET) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show_one(c, arena_str(c->a, str_z(e->msg)), j, e);
    }
    TRY(code);
    if (j->done.n_both && !j->done.version) {
        c->r->res.status = 409;
        return show_one(c,
            arena_printf(c->a, "打印以后，别人也改了下面%zu处，请看过再定", j->done.n_both), j, e);
    }
    if (c->json && str_eq(j->act, S("keep"))) /* the editor keeps what is typed by itself */
        return show_one(c, S(""), NULL, e);
    if (j->done.version)
        presence_more(c->app->presence, j->manuscript, j->done.seq);
    ctx_flash(c, j->done.version ? S("已录完，改动并入了文稿，请另一人对着纸核对")
                 : str_eq(j->act, S("keep")) ? S("已存下，可以接着录")
                 : str_eq(j->act, S("drop")) ? S("没有录，文稿没有动")
                                             : S("已记下"));
    ctx_redirect(c, str_eq(j->act, S("keep"))
                        ? arena_printf(c->a, "/pens/%lld", (long long)c->id)
                        : arena_printf(c->a, "/manuscripts/%lld/pens", (long long)j->manuscript));
    return OK;
}

enum code do_pen(struct ctx *c, struct err *e)
{
    struct penning *j = ARENA_NEW(c->a, struct penning);
    (void)e;
    j->act = req_field(c->r, "act");
    j->text = req_field(c->r, "text");
    j->of = req_field(c->r, "of");
    c->job = j;
    return ctx_write(c, write_one, c, after_one);
}

/* ---- the paper ---- */

struct sheeting {
    struct pen_pictures v;
    int64_t remove;
};

static enum code write_sheets(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct sheeting *j = c->job;
    return j->remove ? pen_sheet_remove(db, c->a, ctx_actor(c), c->id, j->remove, e)
                     : pen_sheets_put(db, c->a, ctx_actor(c), c->id, &j->v, e);
}

static enum code after_sheets(struct ctx *c, enum code code, struct err *e)
{
    const struct sheeting *j = c->job;
    ctx_secret(c, code);
    if (code == E_INPUT || code == E_LIMIT || code == E_CONFLICT || code == E_SECRET) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show_one(c, arena_str(c->a, str_z(e->msg)), NULL, e);
    }
    TRY(code);
    if (c->json)
        return show_one(c, S(""), NULL, e);
    ctx_flash(c, j->remove ? S("已撤下") : arena_printf(c->a, "已传上%zu页纸稿", j->v.n));
    ctx_redirect(c, arena_printf(c->a, "/pens/%lld", (long long)c->id));
    return OK;
}

/* Who may not write it does not have pages drawn. */
static enum code may_add(struct ctx *c, struct err *e)
{
    struct manuscript_pen pen = {.id = 0};
    struct manuscript m = {.id = 0};
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = manuscript_pen_get(db, c->a, ctx_actor(c), c->id, &pen, NULL, NULL, e);
    if (code == OK)
        code = manuscript_need(db, c->a, ctx_actor(c), pen.manuscript, MANUSCRIPT_WRITE, &m, e);
    store_read_end(db);
    return code;
}

static enum code judge_files(struct ctx *c, struct sheeting *j, struct err *e)
{
    const struct form *f = c->r->form;
    TRY(may_add(c, e));
    if (f->n_files == 0)
        return FAIL(e, E_INPUT, "没有选纸稿的照片或扫描件");
    if (f->n_files > PEN_SHEETS_MAX)
        return FAIL(e, E_LIMIT, "一次最多传%d页纸稿", PEN_SHEETS_MAX);
    for (size_t i = 0; i < f->n_files; i++) {
        struct str bytes = S("");
        TRY(upload_read(c->a, &f->files[i], PEN_SHEET_IN_MAX, "纸稿", &bytes, e));
        TRY(pen_sheets_judge(c->app->office, c->a, bytes,
            f->files[i].name.n ? f->files[i].name : S("纸稿"), &j->v, e));
    }
    return OK;
}

enum code do_pen_sheets(struct ctx *c, struct err *e)
{
    struct sheeting *j = ARENA_NEW(c->a, struct sheeting);
    enum code code = OK;
    j->remove = ctx_int(req_field(c->r, "remove"), 1, INT64_MAX, 0);
    c->job = j;
    if (!j->remove)
        code = judge_files(c, j, e);
    return code == OK ? ctx_write(c, write_sheets, c, after_sheets) : after_sheets(c, code, e);
}

/* Our own PNG. */
enum code page_pen_sheet(struct ctx *c, struct err *e)
{
    struct pen_sheet s = {.id = 0};
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = pen_sheet_open(db, c->a, ctx_actor(c), c->id, c->id2, &s, e);
    if (code == OK)
        code = ctx_picture(c, db, s.blob, PEN_SHEET_MAX, e);
    store_read_end(db);
    return code;
}
