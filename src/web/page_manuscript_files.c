/* page_manuscript_files.c - the pictures of a manuscript: the list, one more, one away, the bytes. */
#include "office/manuscript_edit.h"
#include "office/manuscript_file.h"
#include "web/presence.h"
#include "web/route.h"
#include "web/rows.h"

static struct manuscript_file_row row_of(
    struct ctx *c, const struct manuscript_file *f, struct str text)
{
    return (struct manuscript_file_row){.id = f->id,
        .name = f->name,
        .line = arena_printf(c->a, "[图：%.*s]", SF(f->name)),
        .wide = f->wide,
        .high = f->high,
        .kb = (f->size + 1023) / 1024,
        .used = manuscript_file_used(text, f->name),
        .made = arena_printf(c->a, "%.*s于%.*s", SF(f->made_name), SF(minute_text(c, f->made_ms))),
        .link =
            arena_printf(c->a, "/manuscripts/%lld/files/%lld", (long long)c->id, (long long)f->id)};
}

static enum code show_list(struct ctx *c, struct str problem, struct str added, struct err *e)
{
    struct page_manuscript_files p = {
        .id = c->id, .problem = problem, .added = added, .most = MANUSCRIPT_FILES_MAX};
    struct manuscript_file *v = NULL;
    struct manuscript m = {.id = 0};
    struct str text = S("");
    struct db *db;
    size_t n = 0;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = manuscript_get(db, c->a, ctx_actor(c), c->id, &m, e);
    if (code == OK)
        code = manuscript_text(db, c->a, ctx_actor(c), c->id, -1, &text, NULL, e);
    if (code == OK)
        code = manuscript_files(db, c->a, ctx_actor(c), c->id, &v, &n, e);
    store_read_end(db);
    TRY(code);
    ctx_level(c, m.level);
    p.title = m.title;
    p.writes = m.may[MANUSCRIPT_WRITE] && !m.locked_ms && !m.given_up_ms;
    p.locked = m.locked_ms != 0;
    p.rows = ARENA_ARRAY(c->a, struct manuscript_file_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p.rows[p.n_rows++] = row_of(c, &v[i], text);
    if (!problem.n)
        p.done = ctx_flash_take(c);
    show_manuscript_files(c, &p);
    return OK;
}

enum code page_manuscript_files(struct ctx *c, struct err *e)
{
    return show_list(c, S(""), S(""), e);
}

/* ---- one more, one away ---- */

struct filing {
    struct manuscript_picture f;
    struct manuscript_file made;
    int64_t remove;
};

static enum code write_file(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct filing *j = c->job;
    return j->remove ? manuscript_file_remove(db, c->a, ctx_actor(c), c->id, j->remove, e)
                     : manuscript_file_put(db, c->a, ctx_actor(c), c->id, &j->f, &j->made, e);
}

static enum code again(struct ctx *c, enum code code, struct err *e)
{
    ctx_secret(c, code);
    if (c->json || (code != E_INPUT && code != E_LIMIT && code != E_SECRET && code != E_CONFLICT))
        return code;
    c->r->res.status = code == E_CONFLICT ? 409 : 400;
    return show_list(c, arena_str(c->a, str_z(e->msg)), S(""), e);
}

static enum code after_file(struct ctx *c, enum code code, struct err *e)
{
    const struct filing *j = c->job;
    if (code != OK)
        return again(c, code, e);
    if (c->json) /* the desk puts the line in */
        return show_list(c, S(""), j->made.name, e);
    ctx_flash(c, j->remove ? S("已撤下")
                           : arena_printf(c->a, "已传上，在正文里另起一行写“[图：%.*s]”就排在那里",
                                 SF(j->made.name)));
    ctx_redirect(c, arena_printf(c->a, "/manuscripts/%lld/files", (long long)c->id));
    return OK;
}

/* Who may not write it does not have pictures drawn. */
static enum code may_add(struct ctx *c, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = manuscript_need(db, c->a, ctx_actor(c), c->id, MANUSCRIPT_WRITE, &m, e);
    store_read_end(db);
    return code;
}

static enum code judge(struct ctx *c, struct filing *j, struct err *e)
{
    const struct upload *u = req_file(c->r, "file");
    struct str bytes = S("");
    TRY(may_add(c, e));
    bool pasted = req_field(c->r, "pasted").n > 0; /* a clipboard calls all of them image.png */
    TRY(upload_read(c->a, u, MANUSCRIPT_FILE_IN_MAX, "图片", &bytes, e));
    return manuscript_file_judge(
        c->app->office, c->a, bytes, pasted ? S("") : u->name, 0, &j->f, e);
}

enum code do_manuscript_files(struct ctx *c, struct err *e)
{
    struct filing *j = ARENA_NEW(c->a, struct filing);
    enum code code = OK;
    j->remove = ctx_int(req_field(c->r, "remove"), 1, INT64_MAX, 0);
    if (!j->remove)
        code = judge(c, j, e);
    if (code != OK)
        return again(c, code, e);
    c->job = j;
    return ctx_write(c, write_file, c, after_file);
}

/* ---- the bytes: our own PNG ---- */

enum code page_manuscript_file(struct ctx *c, struct err *e)
{
    struct manuscript_file f;
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = manuscript_file_open(db, c->a, ctx_actor(c), c->id, c->id2, &f, e);
    if (code == OK)
        code = ctx_picture(c, db, f.blob, MANUSCRIPT_FILE_MAX, e);
    store_read_end(db);
    return code;
}
