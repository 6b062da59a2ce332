/* page_terms.c - set wording: the list, one row with what it touches, tables in and out. */
#include "base/io.h"
#include "office/proof.h"
#include "office/term.h"
#include "web/route.h"
#include "web/rows.h"

/* One form a line to one line of text. */
static struct str on_one_line(struct ctx *c, struct str lines)
{
    struct str s = S(""), line;
    while (str_next(&lines, S("\n"), &line))
        s = s.n ? arena_printf(c->a, "%.*s、%.*s", SF(s), SF(line)) : line;
    return s;
}

static struct term_line line_of(struct ctx *c, const struct term_row *t)
{
    struct str wrong = on_one_line(c, t->items.n ? t->items : t->wrong);
    if (t->old.n)
        wrong = arena_printf(
            c->a, "%.*s%s旧称%.*s", SF(wrong), wrong.n ? "；" : "", SF(on_one_line(c, t->old)));
    return (struct term_line){t->id, str_z(term_kind_name(t->kind)),
        str_z(term_state_name(t->state)), str_z(term_state_class(t->state)), t->canonical, wrong,
        t->from, t->to, arena_printf(c->a, "/terms/%lld", (long long)t->id)};
}

static void choices_kind(struct ctx *c, struct choices *l, enum term_kind chosen, const char *any)
{
    if (any)
        choice_add(c, l, S(""), str_z(any), false);
    for (enum term_kind k = TERM_PHRASE; k < N_TERM_KIND; k++)
        choice_add(c, l, str_z(term_kind_key(k)), str_z(term_kind_name(k)), k == chosen);
}

static enum code show_list(struct ctx *c, struct str problem, struct err *e)
{
    struct term_filter f = {.kind = term_kind_of(req_query(c->r, "kind")),
        .state = term_state_of(req_query(c->r, "state")),
        .text = ctx_words(c, req_query(c->r, "q")),
        .limit = ROWS_PER_PAGE};
    int64_t page = ctx_page(c), total = 0;
    struct page_terms p = {.q = f.text, .problem = problem, .done = ctx_flash_take(c)};
    struct choices kinds = {0}, states = {0};
    struct term_row *v = NULL;
    size_t n = 0;
    struct db *db;
    enum code code;
    f.offset = (page - 1) * ROWS_PER_PAGE;
    TRY(store_read(c->app->office->store, &db, e));
    code = term_list(db, c->a, &f, &v, &n, &total, e);
    store_read_end(db);
    if (code != OK)
        return code;
    p.rows = ARENA_ARRAY(c->a, struct term_line, n + 1);
    for (size_t i = 0; i < n; i++)
        p.rows[p.n_rows++] = line_of(c, &v[i]);
    choices_kind(c, &kinds, f.kind, "全部");
    choices_state(c, &states, f.state, "全部");
    p.kinds = kinds.v;
    p.n_kinds = kinds.n;
    p.states = states.v;
    p.n_states = states.n;
    p.pager = table_pager(c, total, page);
    p.any = f.kind || f.state || f.text.n;
    p.may_edit = access_may(c->v, ACT_TERMS);
    show_terms(c, &p);
    return OK;
}

enum code page_terms(struct ctx *c, struct err *e)
{
    return show_list(c, S(""), e);
}

/* ---- one row ---- */

/* Forms that a draft should not hold: the wrong and the old ones, and the wording itself once it is retired. */
static size_t bad_forms(struct ctx *c, const struct term_row *t, struct str **out)
{
    struct str lists[] = {t->wrong, t->old, t->state == TERM_RETIRED ? t->canonical : S("")}, line;
    size_t n = 0;
    *out = ARENA_ARRAY(c->a, struct str, 2 * TERM_FORMS + 1);
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        while (n < 2 * TERM_FORMS + 1 && str_next(&lists[i], S("\n"), &line))
            if (line.n)
                (*out)[n++] = line;
    return n;
}

static enum code add_drafts(
    struct ctx *c, const struct term_row *t, struct page_term *p, struct err *e)
{
    struct proof_held *v;
    struct str *forms;
    size_t n, n_forms = bad_forms(c, t, &forms);
    TRY(proof_holding(c->app->office, c->a, c->v, forms, n_forms, &v, &n, e));
    p->drafts = ARENA_ARRAY(c->a, struct draft_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->drafts[p->n_drafts++] = (struct draft_row){v[i].p.title,
            arena_printf(c->a, "/check/%lld", (long long)v[i].p.id), v[i].form, v[i].p.owner_name,
            {v[i].p.made_ms}, v[i].places};
    return OK;
}

static enum code add_touched(
    struct ctx *c, const struct term_row *t, struct page_term *p, struct err *e)
{
    struct term_touch *v;
    size_t n;
    TRY(term_touched(c->app->office, c->a, c->v, t, &v, &n, e));
    p->touched = ARENA_ARRAY(c->a, struct touch_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->touched[p->n_touched++] = row_touch(c, &v[i]);
    return OK;
}

static enum code show_row(
    struct ctx *c, const struct term_row *t, struct page_term *p, struct err *e)
{
    struct choices kinds = {0}, states = {0};
    p->id = t->id;
    p->revision = t->revision;
    p->canonical = t->canonical;
    p->wrong = t->wrong;
    p->old = t->old;
    p->also = t->also;
    p->items = t->items;
    p->from = t->from;
    p->to = t->to;
    p->source = t->source;
    p->note = t->note;
    p->kind = str_z(term_kind_name(t->kind));
    p->state = str_z(term_state_name(t->state));
    p->changed = changed_text(c, t->changed_name, t->changed_ms);
    p->may_edit = access_may(c->v, ACT_TERMS);
    p->listed = t->kind == TERM_LIST || t->kind == TERM_ORDER;
    choices_kind(c, &kinds, t->kind, NULL);
    choices_state(c, &states, t->state, NULL);
    p->kinds = kinds.v;
    p->n_kinds = kinds.n;
    p->states = states.v;
    p->n_states = states.n;
    if (t->id)
        TRY(add_touched(c, t, p, e));
    if (t->id)
        TRY(add_drafts(c, t, p, e));
    show_term(c, p);
    return OK;
}

static enum code read_row(struct ctx *c, struct term_row *t, struct err *e)
{
    struct db *db;
    enum code code;
    TRY(store_read(c->app->office->store, &db, e));
    code = term_get(db, c->a, c->id, t, e);
    store_read_end(db);
    return code;
}

enum code page_term(struct ctx *c, struct err *e)
{
    struct page_term p = {.done = ctx_flash_take(c)};
    struct term_row t = {.kind = TERM_PHRASE, .state = TERM_CONFIRMED};
    t.canonical = ctx_words(c, req_query(c->r, "canonical"));
    if (term_kind_of(req_query(c->r, "kind")))
        t.kind = term_kind_of(req_query(c->r, "kind"));
    if (c->id)
        TRY(read_row(c, &t, e));
    return show_row(c, &t, &p, e);
}

struct term_job {
    struct term_row t;
    int64_t id; /* of the row written */
};

static enum code write_term(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct term_job *job = c->job;
    return term_save(db, &job->t, c->v->person, &job->id, e);
}

static void say(
    struct ctx *c, struct page_term *p, const char *label, struct str now, struct str mine)
{
    if (!str_eq(now, mine))
        p->now[p->n_now++] = (struct source_row){
            str_z(label), now.n ? on_one_line(c, now) : S("（空）"), S(""), S(""), 0};
}

/* Somebody saved first: what stands now is shown beside what was typed, which may then be saved on top. */
static enum code show_conflict(
    struct ctx *c, struct term_row *mine, struct page_term *p, struct err *e)
{
    struct term_row now;
    if (read_row(c, &now, e) != OK)
        return show_row(c, mine, p, e);
    p->now = ARENA_ARRAY(c->a, struct source_row, 11);
    say(c, p, "种类", str_z(term_kind_name(now.kind)), str_z(term_kind_name(mine->kind)));
    say(c, p, "状态", str_z(term_state_name(now.state)), str_z(term_state_name(mine->state)));
    say(c, p, "规范写法", now.canonical, mine->canonical);
    say(c, p, "错误写法", now.wrong, mine->wrong);
    say(c, p, "旧称", now.old, mine->old);
    say(c, p, "可用写法", now.also, mine->also);
    say(c, p, "各项", now.items, mine->items);
    say(c, p, "启用日期", now.from, mine->from);
    say(c, p, "停用日期", now.to, mine->to);
    say(c, p, "依据", now.source, mine->source);
    say(c, p, "说明", now.note, mine->note);
    mine->revision = now.revision;
    return show_row(c, mine, p, e);
}

static enum code after_term(struct ctx *c, enum code code, struct err *e)
{
    struct term_job *job = c->job;
    struct page_term p = {0};
    if (code == OK) {
        ctx_flash(c, S("已保存，触及的文件列在右边"));
        ctx_redirect(c, arena_printf(c->a, "/terms/%lld", (long long)job->id));
        return OK;
    }
    if (code != E_INPUT && code != E_LIMIT && code != E_CONFLICT)
        return code;
    p.problem = arena_str(c->a, str_z(e->msg));
    c->r->res.status = code == E_CONFLICT ? 409 : 400;
    if (code == E_CONFLICT && job->t.id)
        return show_conflict(c, &job->t, &p, e);
    return show_row(c, &job->t, &p, e);
}

enum code do_term(struct ctx *c, struct err *e)
{
    struct term_job *job = ARENA_NEW(c->a, struct term_job);
    (void)e;
    job->t = (struct term_row){.id = c->id,
        .revision = ctx_int(req_field(c->r, "revision"), 1, INT64_MAX, 0),
        .kind = term_kind_of(req_field(c->r, "kind")),
        .state = term_state_of(req_field(c->r, "state")),
        .canonical = ctx_words(c, req_field(c->r, "canonical")),
        .wrong = str_trim(req_field(c->r, "wrong")),
        .old = str_trim(req_field(c->r, "old")),
        .also = str_trim(req_field(c->r, "also")),
        .items = str_trim(req_field(c->r, "items")),
        .from = str_trim(req_field(c->r, "from")),
        .to = str_trim(req_field(c->r, "to")),
        .source = ctx_words(c, req_field(c->r, "source")),
        .note = ctx_words(c, req_field(c->r, "note"))};
    c->job = job;
    return ctx_write(c, write_term, c, after_term);
}

/* ---- tables ---- */
static bool of_holders(struct str table)
{
    return str_eq(table, S("holders"));
}

enum code page_term_export(struct ctx *c, struct err *e)
{
    bool holders = of_holders(req_query(c->r, "table"));
    struct buf *out = ctx_html(c);
    struct db *db;
    enum code code;
    TRY(store_read(c->app->office->store, &db, e));
    buf_z(out,
        "\xef\xbb\xbf"); /* so that a spreadsheet reads it as UTF-8; the import passes it over */
    code = term_export(db, holders ? TERM_TABLE_HOLDERS : TERM_TABLE_WORDING, out, e);
    store_read_end(db);
    c->r->res.type = S("text/tab-separated-values; charset=utf-8");
    ctx_attachment(c, holders ? S("人员职务.tsv") : S("规范表述.tsv"));
    return code;
}

struct table_job {
    struct str tsv;
    const char *name;
    enum term_table which;
    int64_t by;
    struct import_tally tally;
};

static enum code write_table(struct db *db, void *arg, struct err *e)
{
    struct table_job *j = arg;
    return term_import(db, j->which, j->tsv, j->name, j->by, &j->tally, e);
}

static enum code take_table(struct ctx *c, struct table_job *j, struct err *e)
{
    const struct upload *f = req_file(c->r, "file");
    struct buf b;
    enum code code;
    if (!f)
        return FAIL(e, E_INPUT, "没有选择文件");
    j->name = arena_z(c->a, f->name.n ? f->name : S("表格"));
    buf_init(&b, 0);
    code = io_read_fd(f->fd, j->name, TERM_FILE_MAX, &b, e);
    if (code == OK) {
        j->tsv = buf_view(&b);
        code = store_write(c->app->office->store, write_table, j, e);
    }
    buf_release(&b);
    return code;
}

enum code do_term_import(struct ctx *c, struct err *e)
{
    bool holders = of_holders(req_field(c->r, "table"));
    struct table_job j = {
        .which = holders ? TERM_TABLE_HOLDERS : TERM_TABLE_WORDING, .by = c->v->person};
    enum code code = take_table(c, &j, e);
    if (code == E_INPUT || code == E_LIMIT || code == E_CONFLICT) {
        struct str problem = arena_str(c->a, str_z(e->msg));
        c->r->res.status = 400;
        return holders ? holders_show(c, problem, e) : show_list(c, problem, e);
    }
    if (code != OK)
        return code;
    ctx_flash(
        c, arena_printf(c->a, "已导入：新增%lld条，更改%lld条，相同%lld条",
               (long long)j.tally.added, (long long)j.tally.changed, (long long)j.tally.same));
    ctx_redirect(c, holders ? S("/terms/holders") : S("/terms"));
    return OK;
}
