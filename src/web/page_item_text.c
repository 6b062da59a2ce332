/* page_item_text.c - the manuscript of an item: on its page, its versions side by side, opening an item from the desk. */
#include "office/archive_pack.h"
#include "office/document.h"
#include "office/manuscript_version.h"
#include "office/print_run.h"
#include "office/seal.h"
#include "web/compare.h"
#include "web/item_page.h"
#include "web/pass_rows.h"
#include "web/print_rows.h"
#include "web/route.h"
#include "web/rows.h"

enum { TEXTS_SHOWN = 50 };

/* ---- on the page of the item ---- */

void item_opinion_version(
    struct ctx *c, const struct item_view *v, const json_t *version, struct item_opinion_row *row)
{
    int64_t number = jr_int(version, "number", 0), now = v->text.number;
    struct str form = jr_str(version, "form");
    if (!number)
        return;
    row->version = arena_printf(c->a, "针对第%lld稿", (long long)number);
    if (number < now) {
        row->version = arena_printf(
            c->a, "该意见针对第%lld稿，现为第%lld稿", (long long)number, (long long)now);
        row->redline = arena_printf(c->a, "/items/%lld/text?a=%lld&b=%lld#compare",
            (long long)v->it.id, (long long)number, (long long)now);
    } else if (v->text.changed) {
        row->version = arena_printf(c->a, "针对第%lld稿，此后文稿又有修改", (long long)number);
        row->redline = arena_printf(
            c->a, "/items/%lld/text?a=%lld&b=0#compare", (long long)v->it.id, (long long)number);
    } else if (form.n && (v->text.form_changed || !str_eq(form, v->text.form))) {
        row->version = arena_printf(c->a, "针对第%lld稿，此后表单或附件有改动", (long long)number);
    }
}

static struct str said(struct ctx *c, const struct manuscript *m, const struct item_text *t)
{
    struct str s = t->final ? arena_printf(c->a, "%.*s（第%lld稿已签发，锁定）", SF(m->title),
                                  (long long)t->final_number)
                   : t->number
                       ? arena_printf(c->a, "%.*s（第%lld稿）", SF(m->title), (long long)t->number)
                       : arena_printf(c->a, "%.*s（还没有送过）", SF(m->title));
    if (t->changed)
        return arena_printf(c->a, "%.*s，此后又有修改", SF(s));
    return t->form_changed ? arena_printf(c->a, "%.*s，此后表单或附件有改动，还没有重新送", SF(s))
                           : s;
}

static enum code fill_texts(struct ctx *c, struct db *db, struct page_item *p, struct err *e)
{
    struct manuscript_filter f = {.own = true};
    struct manuscript *v;
    struct choices l = {0};
    size_t n;
    TRY(manuscript_list(db, c->a, ctx_actor(c), &f, TEXTS_SHOWN, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (!v[i].item)
            choice_add(c, &l, arena_printf(c->a, "%lld", (long long)v[i].id), v[i].title, false);
    p->texts = l.v;
    p->n_texts = l.n;
    return OK;
}

static enum code fill_seals(struct ctx *c, struct db *db, struct page_item *p, struct err *e)
{
    struct choices l = {0};
    struct seal *v;
    size_t n;
    bool any = false;
    for (size_t i = 0; i < p->n_moves; i++)
        any = any || p->moves[i].seals;
    if (!any)
        return OK;
    TRY(seal_list(db, c->a, ctx_actor(c), &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (v[i].mine && !v[i].off)
            choice_add(c, &l, arena_printf(c->a, "%lld", (long long)v[i].id), v[i].name, false);
    p->seals = l.v;
    p->n_seals = l.n;
    return OK;
}

/* Signed: as it stood then; else as it stands, for who checks and who sends. */
static enum code fill_passed(
    struct ctx *c, struct db *db, const struct item_text *t, struct page_item *p, struct err *e)
{
    struct pass_list l = {.n = 0};
    int64_t n;
    p->passed_link = t->final
                         ? arena_printf(c->a, "/items/%lld/text#passed", (long long)p->id)
                         : arena_printf(c->a, "/manuscripts/%lld/passes", (long long)t->manuscript);
    if (!t->final)
        return pass_said(c, db, t->manuscript, &n, &p->passed_said, e);
    if (t->final_passes)
        TRY(manuscript_pass_list(db, c->a, ctx_actor(c), t->final_passes, &l, e));
    p->passed_said = pass_words(c->a, l.v, l.n);
    return OK;
}

/* The way back through the desk leads to the list where the matter was opened. */
static struct str desk_link(struct ctx *c, int64_t id, struct str back)
{
    return link_back(c->a, arena_printf(c->a, "/manuscripts/%lld", (long long)id), back);
}

/* A speech task carries no text of its own: the one that was begun for it, or where one is begun. */
static enum code speech_text(
    struct ctx *c, struct db *db, const struct item_view *v, struct page_item *p, struct err *e)
{
    struct manuscript *m = NULL;
    size_t n = 0;
    if (!str_eq(v->it.kind, S("speech")))
        return OK;
    TRY(manuscript_of_item(db, c->a, ctx_actor(c), v->it.id, &m, &n, e));
    p->may_begin = !n && v->may[ITEM_EDIT];
    if (n) {
        p->manuscript = m[0].id;
        p->manuscript_link = desk_link(c, m[0].id, p->back);
    }
    return OK;
}

enum code item_manuscript(
    struct ctx *c, struct db *db, const struct item_view *v, struct page_item *p, struct err *e)
{
    struct manuscript m;
    int64_t printed_ms = 0;
    p->carries = v->k->text.line != 0;
    p->manuscript = v->text.manuscript;
    p->may_renew = v->may_renew;
    if (!p->carries)
        return speech_text(c, db, v, p, e);
    TRY(fill_seals(c, db, p, e));
    if (!v->text.manuscript)
        return v->may[ITEM_EDIT] ? fill_texts(c, db, p, e) : OK;
    TRY(manuscript_get(db, c->a, ctx_actor(c), v->text.manuscript, &m, e));
    p->manuscript_link = desk_link(c, m.id, p->back);
    p->text_link =
        link_back(c->a, arena_printf(c->a, "/items/%lld/text", (long long)v->it.id), p->back);
    p->text_said = said(c, &m, &v->text);
    if (v->text.number)
        p->text_number = arena_printf(c->a, "第%lld稿", (long long)v->text.number);
    p->numbered = v->text.final && v->it.number.n;
    if (p->numbered)
        TRY(print_first(db, v->it.id, v->text.final, &printed_ms, e));
    for (size_t i = 0; i < p->n_moves; i++) /* to seal and to send off: was it printed at all? */
        p->moves[i].unprinted = p->moves[i].unprinted && p->numbered && !printed_ms;
    p->text_final = v->text.final != 0;
    return fill_passed(c, db, &v->text, p, e);
}

/* ---- its versions ---- */

static enum code fill_versions(struct ctx *c, struct db *db, const struct item_text *t,
    struct page_item_text *p, struct manuscript_version **v, size_t *n, struct err *e)
{
    TRY(manuscript_versions(db, c->a, ctx_actor(c), t->manuscript, v, n, e));
    p->versions = ARENA_ARRAY(c->a, struct text_version_row, *n + 1);
    for (size_t i = 0; i < *n; i++) {
        const struct manuscript_version *x = &(*v)[i];
        p->versions[p->n_versions++] = (struct text_version_row){.number = x->number,
            .name = x->name,
            .who =
                arena_printf(c->a, "%.*s %.*s", SF(x->made_name), SF(minute_text(c, x->made_ms))),
            .sm3 = arena_str(c->a, str_z(x->digest)),
            .now = x->id == t->version,
            .final = x->id == t->final,
            .compare = x->number > 1
                           ? arena_printf(c->a, "/items/%lld/text?a=%lld&b=%lld#compare",
                                 (long long)c->id, (long long)x->number - 1, (long long)x->number)
                           : S("")};
    }
    return OK;
}

/* The text of 第n稿; 0: as it stands now. */
static enum code text_of(struct ctx *c, struct db *db, const struct item_text *t,
    const struct manuscript_version *v, size_t n, int64_t number, struct str *out, struct err *e)
{
    struct manuscript_version one;
    if (!number)
        return manuscript_text(db, c->a, ctx_actor(c), t->manuscript, -1, out, NULL, e);
    for (size_t i = 0; i < n; i++)
        if (v[i].number == number)
            return manuscript_version_get(db, c->a, ctx_actor(c), v[i].id, &one, out, e);
    return FAIL(e, E_NOTFOUND, "没有第%lld稿", (long long)number);
}

static enum code fill_compare(struct ctx *c, struct db *db, const struct item_text *t,
    const struct manuscript_version *v, size_t n, struct page_item_text *p, struct err *e)
{
    int64_t a = ctx_int(req_query(c->r, "a"), 1, INT64_MAX, 0);
    int64_t b = ctx_int(req_query(c->r, "b"), 0, INT64_MAX, 0);
    struct articles_diff d;
    struct compare cmp;
    struct str x = S(""), y = S("");
    if (!a)
        return OK;
    TRY(text_of(c, db, t, v, n, a, &x, e));
    TRY(text_of(c, db, t, v, n, b, &y, e));
    TRY(articles_compare(c->a, x, y, &d, e));
    compare_rows(c->a, x, y, &d, false, &cmp);
    p->compared = b ? arena_printf(c->a, "第%lld稿和第%lld稿", (long long)a, (long long)b)
                    : arena_printf(c->a, "第%lld稿和现在的文稿", (long long)a);
    p->changed = (int64_t)(d.counts[ARTICLE_CHANGED] + d.counts[ARTICLE_MOVED] +
                           d.counts[ARTICLE_ADDED] + d.counts[ARTICLE_REMOVED]);
    p->rows = cmp.rows;
    p->n_rows = cmp.n;
    return OK;
}

/* The list that is asked for, or that of the signature, or of what was sent last. */
static enum code fill_passed_list(struct ctx *c, struct db *db, const struct item_text *t,
    struct page_item_text *p, struct err *e)
{
    int64_t asked = ctx_int(req_query(c->r, "passed"), 1, INT64_MAX, 0);
    int64_t list = asked ? asked : t->final ? t->final_passes : t->passes;
    struct pass_list l = {.n = 0};
    if (list)
        TRY(manuscript_pass_list(db, c->a, ctx_actor(c), list, &l, e));
    if (asked) /* the item may have carried another manuscript then */
        p->passed_head = arena_printf(c->a, "%s%.*s送出或签发时",
            l.manuscript == t->manuscript ? "" : "先前带的文稿，", SF(minute_text(c, l.at_ms)));
    else if (t->final)
        p->passed_head = S("签发时");
    else if (t->version)
        p->passed_head = arena_printf(c->a, "送出第%lld稿时", (long long)t->number);
    p->passed_said = pass_words(c->a, l.v, l.n);
    p->passed_sm3 = l.n ? l.digest : S("");
    pass_rows(c, l.v, l.n, &p->passed, &p->n_passed);
    return OK;
}

static void fill_final(
    struct ctx *c, struct page_item_text *p, const struct item_text *t, struct names *names)
{
    p->final = t->final != 0;
    if (p->final)
        p->final_said = arena_printf(c->a, "第%lld稿，%.*s %.*s签发，SM3 %.*s",
            (long long)t->final_number, SF(names_person(names, t->final_by)),
            SF(minute_text(c, t->final_ms)), SF(t->final_digest));
}

static enum code fill(struct ctx *c, struct db *db, struct page_item_text *p, struct err *e)
{
    struct names names = {.c = c};
    struct manuscript_version *v;
    struct item_view view;
    struct manuscript m;
    struct str back = item_back(c);
    size_t n;
    TRY(item_view(db, c->a, ctx_actor(c), c->id, &view, e));
    if (!view.k->text.line)
        return FAIL(e, E_NOTFOUND, "“%.*s”不带文稿", SF(view.k->name));
    ctx_level(c, view.it.level);
    p->id = view.it.id;
    p->revision = view.it.revision;
    p->item_link = item_link(c->a, view.it.id, back, 0);
    p->title = view.it.title;
    p->number = view.it.number;
    p->state = view.k->states[view.state].name;
    p->manuscript = view.text.manuscript;
    if (!p->manuscript)
        return OK;
    TRY(manuscript_get(db, c->a, ctx_actor(c), p->manuscript, &m, e));
    p->manuscript_link = desk_link(c, m.id, back);
    p->said = said(c, &m, &view.text);
    names_want(&names, view.text.final_by);
    TRY(names_load(&names, db, e));
    fill_final(c, p, &view.text, &names);
    TRY(fill_versions(c, db, &view.text, p, &v, &n, e));
    TRY(fill_compare(c, db, &view.text, v, n, p, e));
    TRY(fill_passed_list(c, db, &view.text, p, e));
    return print_fill(c, db, &view, p, e);
}

enum code text_show(struct ctx *c, struct str problem, struct err *e)
{
    struct page_item_text p = {.problem = problem};
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill(c, db, &p, e);
    store_read_end(db);
    TRY(code);
    if (problem.n)
        c->r->res.status = 400;
    else
        p.done = ctx_flash_take(c);
    show_item_text(c, &p);
    return OK;
}

enum code page_item_text(struct ctx *c, struct err *e)
{
    return text_show(c, S(""), e);
}

/* ---- from the desk ---- */

enum code text_kinds(struct ctx *c, struct db *db, struct choice **out, size_t *n, struct err *e)
{
    struct kinds *r = c->app->office->kinds;
    struct choices l = {0};
    struct kind_on *v;
    size_t k;
    TRY(kinds_on(r, db, c->a, &v, &k, e));
    for (size_t i = 0; i < k; i++) {
        const struct kind *kind;
        TRY(kinds_get(r, db, v[i].id, 0, &kind, e));
        if (kind->text.line)
            choice_add(c, &l, v[i].id, v[i].name, false);
    }
    *out = l.v;
    *n = l.n;
    return OK;
}

struct beginning {
    struct str kind;
    int64_t item;
};

static enum code write_begin(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct beginning *j = c->job;
    return item_text_begin(db, ctx_actor(c), c->id, j->kind, &j->item, e);
}

static enum code after_begin(struct ctx *c, enum code code, struct err *e)
{
    struct beginning *j = c->job;
    TRY(code);
    (void)e;
    ctx_flash(c, S("已建好，请填写办理单，再送核稿"));
    ctx_redirect(c, arena_printf(c->a, "/items/%lld/edit", (long long)j->item));
    return OK;
}

enum code do_manuscript_begin(struct ctx *c, struct err *e)
{
    struct beginning *j = ARENA_NEW(c->a, struct beginning);
    j->kind = req_field(c->r, "kind");
    c->job = j;
    if (!j->kind.n)
        return FAIL(e, E_INPUT, "没有说明送到哪一类事项");
    return ctx_write(c, write_begin, c, after_begin);
}
