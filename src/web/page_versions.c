/* page_versions.c - two versions side by side; groups of versions to be confirmed. */
#include "base/id.h"
#include "office/compare.h"
#include "office/edition.h"
#include "web/compare.h"
#include "web/route.h"
#include "web/rows.h"

enum { GROUPS_SHOWN = 20, MEMBERS_MAX = 200 };

static struct str meta_of(struct ctx *c, const struct document *d)
{
    struct str s = d->day;
    if (d->docno.n)
        s = arena_printf(c->a, "%.*s%s%.*s", SF(s), s.n ? "，" : "", SF(d->docno));
    return arena_printf(c->a, "%.*s%s%.*s", SF(s), s.n ? "，" : "", SF(d->file_name));
}

static struct str self(struct ctx *c, int64_t a, int64_t b, bool all)
{
    return arena_printf(
        c->a, "/compare?a=%lld&b=%lld%s", (long long)a, (long long)b, all ? "&all=1" : "");
}

static enum code which(struct ctx *c, int64_t *one, int64_t *other, struct err *e)
{
    if (id_parse(req_query(c->r, "a"), one, e) != OK ||
        id_parse(req_query(c->r, "b"), other, e) != OK)
        return FAIL(e, E_INPUT, "网址里没有写明对照哪两份文件");
    return OK;
}

enum code page_redline(struct ctx *c, struct err *e)
{
    struct str docx, name;
    int64_t one = 0, other = 0;
    TRY(which(c, &one, &other, e));
    TRY(library_redline(c->app->office, c->a, c->v, one, other, &docx, &name, e));
    res_text(&c->r->res, 200, S("application/octet-stream"), docx);
    ctx_attachment(c, name);
    return OK;
}

enum code page_compare(struct ctx *c, struct err *e)
{
    struct page_compare p = {0};
    struct comparison k;
    struct compare cmp;
    int64_t one = 0, other = 0;
    TRY(which(c, &one, &other, e));
    TRY(library_compare(c->app->office, c->a, c->v, one, other, &k, e));
    p.all = req_query(c->r, "all").n > 0;
    compare_rows(c->a, k.older_text, k.newer_text, &k.diff, p.all, &cmp);
    p.a = k.older.id;
    p.b = k.newer.id;
    p.a_title = k.older.title;
    p.b_title = k.newer.title;
    p.a_meta = meta_of(c, &k.older);
    p.b_meta = meta_of(c, &k.newer);
    p.a_link = arena_printf(c->a, "/library/%lld", (long long)p.a);
    p.b_link = arena_printf(c->a, "/library/%lld", (long long)p.b);
    p.toggle = self(c, p.a, p.b, !p.all);
    p.redline =
        arena_printf(c->a, "/compare/redline?a=%lld&b=%lld", (long long)p.a, (long long)p.b);
    p.changed = (int64_t)(k.diff.counts[ARTICLE_CHANGED] + k.diff.counts[ARTICLE_MOVED]);
    p.added = (int64_t)k.diff.counts[ARTICLE_ADDED];
    p.removed = (int64_t)k.diff.counts[ARTICLE_REMOVED];
    p.same = (int64_t)k.diff.counts[ARTICLE_SAME];
    p.renumbered = (int64_t)k.diff.counts[ARTICLE_RENUMBERED];
    p.rows = cmp.rows;
    p.n_rows = cmp.n;
    show_compare(c, &p);
    return OK;
}

/* ---- groups of versions ---- */
static struct group_row group_row(struct ctx *c, const struct edition_group *g)
{
    struct group_row r = {.id = g->id, .name = g->name, .reason = g->reason};
    r.members = ARENA_ARRAY(c->a, struct group_member, g->n + 1);
    for (size_t i = 0; i < g->n; i++) {
        const struct edition_member *m = &g->members[i];
        struct group_member *to = &r.members[r.n_members++];
        *to = (struct group_member){m->doc, m->title, m->file_name,
            str_eq(m->label, m->file_name) ? S("") : m->label, {m->day}, m->percent,
            arena_printf(c->a, "/library/%lld", (long long)m->doc), {NULL, 0}};
        if (i > 0)
            to->compare = self(c, g->members[i - 1].doc, m->doc, false);
    }
    return r;
}

/* A group is shown only to who may read every member: its name and files would tell of the others. */
static enum code may_see(
    struct ctx *c, struct db *db, const struct edition_group *g, bool *may, struct err *e)
{
    *may = true;
    for (size_t i = 0; i < g->n && *may; i++) {
        struct document d;
        enum code code = document_get(db, c->a, g->members[i].doc, &d, e);
        if (code == E_NOTFOUND)
            continue;
        if (code != OK)
            return code;
        TRY(access_document(db, c->v, d.id, d.level, d.registrar, may, e));
    }
    return OK;
}

static enum code show_groups(struct ctx *c, struct str problem, struct err *e)
{
    struct page_editions p = {.problem = problem, .done = ctx_flash_take(c)};
    struct edition_group *list;
    size_t n = 0;
    struct db *db;
    enum code code;
    TRY(store_read(c->app->office->store, &db, e));
    code = edition_list(db, c->a, EDITION_PROPOSED, GROUPS_SHOWN, &list, &n, &p.total, e);
    p.groups = ARENA_ARRAY(c->a, struct group_row, n + 1);
    for (size_t i = 0; code == OK && i < n; i++) {
        bool may = false;
        code = may_see(c, db, &list[i], &may, e);
        if (may)
            p.groups[p.n_groups++] = group_row(c, &list[i]);
    }
    store_read_end(db);
    if (code != OK)
        return code;
    show_editions(c, &p);
    return OK;
}

enum code page_editions(struct ctx *c, struct err *e)
{
    return show_groups(c, S(""), e);
}

/* The documents that were left in, in the order of the numbers given to them. */
static size_t members_sent(struct ctx *c, int64_t *docs)
{
    int64_t *at = ARENA_ARRAY(c->a, int64_t, MEMBERS_MAX);
    struct err e;
    size_t n = 0;
    for (size_t i = 0; i < c->r->form->n_fields && n < MEMBERS_MAX; i++) {
        const struct pair *f = &c->r->form->fields[i];
        int64_t doc, place;
        size_t k = n;
        if (!str_eq(f->name, S("doc")) || id_parse(f->value, &doc, &e) != OK)
            continue;
        place = ctx_int(
            str_trim(req_field(c->r, arena_z(c->a, arena_printf(c->a, "at.%.*s", SF(f->value))))),
            1, MEMBERS_MAX, MEMBERS_MAX);
        for (; k > 0 && at[k - 1] > place; k--) {
            at[k] = at[k - 1];
            docs[k] = docs[k - 1];
        }
        at[k] = place;
        docs[k] = doc;
        n++;
    }
    return n;
}

static enum code write_edition(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct edition_group g;
    int64_t *docs = ARENA_ARRAY(c->a, int64_t, MEMBERS_MAX);
    size_t n;
    bool may;
    TRY(edition_get(db, c->a, c->id, &g, e));
    TRY(may_see(c, db, &g, &may, e));
    if (!may)
        return FAIL(e, E_NOTFOUND, "没有这组版本，或者您看不到其中的文件");
    if (str_eq(req_field(c->r, "act"), S("reject")))
        return edition_reject(db, c->id, c->v->person, e);
    n = members_sent(c, docs);
    return edition_confirm(db, c->id, docs, n, req_field(c->r, "revise").n > 0, c->v->person, e);
}

static enum code after_edition(struct ctx *c, enum code code, struct err *e)
{
    if (code == E_INPUT || code == E_CONFLICT) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show_groups(c, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code != OK)
        return code;
    ctx_flash(c,
        str_eq(req_field(c->r, "act"), S("reject")) ? S("已记下：不是同一文件") : S("版本已确认"));
    ctx_redirect(c, S("/editions"));
    return OK;
}

enum code do_edition(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_edition, c, after_edition);
}
