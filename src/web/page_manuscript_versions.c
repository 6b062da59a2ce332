/* page_manuscript_versions.c - the frozen versions of a manuscript: list, one more, two side by side, back to one. */
#include "office/manuscript_pen.h"
#include "office/manuscript_version.h"
#include "text/articles.h"
#include "web/compare.h"
#include "web/presence.h"
#include "web/route.h"
#include "web/rows.h"

enum { DIGEST_SHOWN = 8 };

static int lines_of(struct str s)
{
    struct str line;
    int n = 0;
    while (str_next(&s, S("\n"), &line))
        n += line.n > 0;
    return n;
}

/* A version that was entered from paper leads to it. */
static void name_paper(struct ctx *c, struct manuscript_version_row *r,
    const struct manuscript_version *v, const struct manuscript_pen *pens, size_t n_pens)
{
    r->sheets = lines_of(v->paper);
    for (size_t i = 0; r->sheets && i < n_pens; i++)
        if (pens[i].result == v->id)
            r->paper = arena_printf(c->a, "/pens/%lld", (long long)pens[i].id);
}

static enum code show_list(struct ctx *c, struct str problem, struct err *e)
{
    struct page_manuscript_versions p = {.id = c->id, .problem = problem};
    struct manuscript_version *v;
    struct manuscript_pen *pens = NULL;
    struct manuscript m = {.id = 0};
    struct db *db;
    size_t n = 0, n_pens = 0;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = manuscript_get(db, c->a, ctx_actor(c), c->id, &m, e);
    if (code == OK)
        code = manuscript_versions(db, c->a, ctx_actor(c), c->id, &v, &n, e);
    if (code == OK)
        code = manuscript_pens(db, c->a, ctx_actor(c), c->id, &pens, &n_pens, e);
    store_read_end(db);
    TRY(code);
    ctx_level(c, m.level);
    p.title = m.title;
    p.writes = m.may[MANUSCRIPT_WRITE];
    p.locked = m.locked_ms != 0;
    p.rows = ARENA_ARRAY(c->a, struct manuscript_version_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        p.rows[p.n_rows] = (struct manuscript_version_row){.id = v[i].id,
            .number = (int)v[i].number,
            .name = v[i].name,
            .chars = (int)v[i].chars,
            .made = arena_printf(
                c->a, "%.*s于%.*s存", SF(v[i].made_name), SF(minute_text(c, v[i].made_ms))),
            .now = v[i].seq == m.seq,
            .digest = arena_str(c->a, str_sub(str_z(v[i].digest), 0, DIGEST_SHOWN)),
            .compare = arena_printf(
                c->a, "/manuscripts/%lld/compare?a=%lld", (long long)c->id, (long long)v[i].id)};
        name_paper(c, &p.rows[p.n_rows++], &v[i], pens, n_pens);
    }
    if (!problem.n)
        p.done = ctx_flash_take(c);
    show_manuscript_versions(c, &p);
    return OK;
}

enum code page_manuscript_versions(struct ctx *c, struct err *e)
{
    return show_list(c, S(""), e);
}

struct versioning {
    bool restore;
    int64_t version, seq;
};

static enum code write_version(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct versioning *j = c->job;
    struct manuscript_version v = {.id = 0};
    if (!j->restore)
        return manuscript_freeze(
            db, c->a, ctx_actor(c), c->id, ctx_words(c, req_field(c->r, "name")), &j->version, e);
    TRY(manuscript_version_get(db, c->a, ctx_actor(c), j->version, &v, NULL, e));
    if (v.manuscript != c->id)
        return FAIL(e, E_NOTFOUND, "这一稿是另一份文稿的");
    return manuscript_restore(db, c->a, ctx_actor(c), j->version, &j->seq, e);
}

static enum code after_version(struct ctx *c, enum code code, struct err *e)
{
    struct versioning *j = c->job;
    if (code == E_INPUT || code == E_LIMIT || code == E_CONFLICT) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show_list(c, arena_str(c->a, str_z(e->msg)), e);
    }
    TRY(code);
    if (j->restore)
        presence_more(c->app->presence, c->id, j->seq);
    ctx_flash(c, j->restore ? S("已恢复；恢复前的文字没有丢，需要时先存一稿再恢复") : S("已存下"));
    ctx_redirect(c, arena_printf(c->a, "/manuscripts/%lld/versions", (long long)c->id));
    return OK;
}

enum code do_manuscript_versions(struct ctx *c, struct err *e)
{
    struct versioning *j = ARENA_NEW(c->a, struct versioning);
    (void)e;
    j->restore = str_eq(req_field(c->r, "act"), S("restore"));
    j->version = ctx_int(req_field(c->r, "version"), 1, INT64_MAX, 0);
    c->job = j;
    return ctx_write(c, write_version, c, after_version);
}

/* ---- two side by side ---- */

static enum code read_two(struct ctx *c, struct manuscript_two *t, struct err *e)
{
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = manuscript_two(db, c->a, ctx_actor(c), c->id,
        ctx_int(req_query(c->r, "a"), 1, INT64_MAX, 0),
        ctx_int(req_query(c->r, "b"), 1, INT64_MAX, 0), t, e);
    store_read_end(db);
    return code;
}

static struct str address(struct ctx *c, const char *page, const struct manuscript_two *t)
{
    struct str s = arena_printf(
        c->a, "/manuscripts/%lld/%s?a=%lld", (long long)c->id, page, (long long)t->older.version);
    return t->newer.version ? arena_printf(c->a, "%.*s&b=%lld", SF(s), (long long)t->newer.version)
                            : s;
}

enum code page_manuscript_compare(struct ctx *c, struct err *e)
{
    struct page_compare p = {.all = req_query(c->r, "all").n > 0};
    struct manuscript_two t;
    struct articles_diff d;
    struct compare cmp;
    TRY(read_two(c, &t, e));
    TRY(articles_compare(c->a, t.older.text, t.newer.text, &d, e));
    compare_rows(c->a, t.older.text, t.newer.text, &d, p.all, &cmp);
    ctx_level(c, t.m.level);
    p.a = t.older.version;
    p.b = t.newer.version;
    p.a_title = arena_printf(c->a, "%.*s　%.*s", SF(t.m.title), SF(t.older.name));
    p.b_title = arena_printf(c->a, "%.*s　%.*s", SF(t.m.title), SF(t.newer.name));
    p.a_meta = minute_text(c, t.older.at_ms);
    p.b_meta = minute_text(c, t.newer.at_ms);
    p.a_link = p.b_link = arena_printf(c->a, "/manuscripts/%lld/versions", (long long)c->id);
    p.toggle = address(c, "compare", &t);
    if (!p.all)
        p.toggle = arena_printf(c->a, "%.*s&all=1", SF(p.toggle));
    p.redline = address(c, "redline", &t);
    p.changed = (int64_t)(d.counts[ARTICLE_CHANGED] + d.counts[ARTICLE_MOVED]);
    p.added = (int64_t)d.counts[ARTICLE_ADDED];
    p.removed = (int64_t)d.counts[ARTICLE_REMOVED];
    p.same = (int64_t)d.counts[ARTICLE_SAME];
    p.renumbered = (int64_t)d.counts[ARTICLE_RENUMBERED];
    p.rows = cmp.rows;
    p.n_rows = cmp.n;
    show_compare(c, &p);
    return OK;
}

enum code page_manuscript_redline(struct ctx *c, struct err *e)
{
    struct manuscript_two t;
    struct str docx;
    TRY(read_two(c, &t, e));
    TRY(manuscript_redline(c->a, &t, &docx, e));
    res_text(&c->r->res, 200, S("application/octet-stream"), docx);
    ctx_attachment(c, arena_printf(c->a, "%.*s（%.*s至%.*s，红线稿）.docx", SF(t.m.title),
                          SF(t.older.name), SF(t.newer.name)));
    return OK;
}
