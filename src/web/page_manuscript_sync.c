/* page_manuscript_sync.c - what open editors of one manuscript tell the server and hear of each other. */
#include "office/manuscript_edit.h"
#include "pages.h"
#include "web/presence.h"
#include "web/route.h"

/* ---- updates ---- */

/* Those behind `after`, into the page; what this client itself wrote it has. */
static enum code fill(
    struct ctx *c, int64_t after, struct page_manuscript_changes *p, struct err *e)
{
    struct manuscript_pulled all;
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = manuscript_pull(db, c->a, ctx_actor(c), c->id, after, &all, e);
    store_read_end(db);
    TRY(code);
    p->seq = (int)all.seq;
    p->updates = ARENA_ARRAY(c->a, struct manuscript_update_row, all.n + 1);
    for (size_t i = 0; i < all.n; i++)
        p->updates[p->n_updates++] = (struct manuscript_update_row){(int)all.v[i].seq,
            all.v[i].client, (int)all.v[i].number, all.v[i].changes, all.v[i].by, {all.v[i].at_ms}};
    return OK;
}

enum code page_manuscript_changes(struct ctx *c, struct err *e)
{
    struct page_manuscript_changes p = {.taken = true};
    TRY(fill(c, ctx_int(req_query(c->r, "after"), 0, INT64_MAX, 0), &p, e));
    c->json = true;
    show_manuscript_changes(c, &p);
    return OK;
}

struct pushing {
    struct manuscript_push push;
    struct manuscript_pushed done;
};

static enum code write_push(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct pushing *j = c->job;
    return manuscript_push(db, c->a, ctx_actor(c), c->id, &j->push, &j->done, e);
}

static enum code after_push(struct ctx *c, enum code code, struct err *e)
{
    struct pushing *j = c->job;
    struct page_manuscript_changes p = {.taken = j->done.taken, .seq = (int)j->done.seq};
    c->json = true;
    ctx_secret(c, code);
    TRY(code);
    presence_more(c->app->presence, c->id, j->done.seq);
    /* taken right behind what the client had: it knows all that there is */
    if (!j->done.taken || j->done.seq != j->push.after + 1)
        TRY(fill(c, j->push.after, &p, e));
    if (!p.taken)
        c->r->res.status = 409;
    show_manuscript_changes(c, &p);
    return OK;
}

static void release_json(void *json)
{
    json_decref(json);
}

enum code do_manuscript_changes(struct ctx *c, struct err *e)
{
    struct pushing *j = ARENA_NEW(c->a, struct pushing);
    json_t *changes;
    c->json = true;
    TRY(jr_parse(req_field(c->r, "changes"), &changes, e));
    arena_defer(c->a, release_json, changes);
    j->push = (struct manuscript_push){.after = ctx_int(req_field(c->r, "after"), 0, INT64_MAX, -1),
        .client = req_field(c->r, "client"),
        .number = ctx_int(req_field(c->r, "number"), 1, INT64_MAX, 0),
        .changes = changes};
    c->job = j;
    return ctx_write(c, write_push, c, after_push);
}

/* ---- who stands where ---- */

/* Whoever reads the manuscript. */
static enum code who(struct ctx *c, struct str client, struct presence_who *out, struct err *e)
{
    struct manuscript m;
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = manuscript_get(db, c->a, ctx_actor(c), c->id, &m, e);
    store_read_end(db);
    TRY(code);
    if (!client.n || client.n > PRESENCE_CLIENT_MAX)
        return FAIL(e, E_INPUT, "没有写明是哪个编辑器");
    *out = (struct presence_who){c->id, c->v->person, client, c->session.name};
    return OK;
}

enum code page_manuscript_live(struct ctx *c, struct err *e)
{
    struct presence_who w;
    TRY(access_require(c->v, ACT_ITEMS, e));
    TRY(who(c, req_query(c->r, "client"), &w, e));
    presence_watch(c->app->presence, &w, ctx_int(req_query(c->r, "seq"), 0, INT64_MAX, 0),
        http_stream_open(c->r));
    return OK;
}

enum code do_manuscript_here(struct ctx *c, struct err *e)
{
    struct presence_who w;
    c->json = true;
    TRY(who(c, req_field(c->r, "client"), &w, e));
    if (req_field(c->r, "left").n)
        presence_left(c->app->presence, &w);
    else
        presence_here(c->app->presence, &w, ctx_int(req_field(c->r, "seq"), 0, INT64_MAX, 0),
            ctx_int(req_field(c->r, "anchor"), 0, INT32_MAX, 0),
            ctx_int(req_field(c->r, "head"), 0, INT32_MAX, 0));
    res_text(&c->r->res, 200, S("application/json; charset=utf-8"), S("{\"ok\":true}"));
    return OK;
}
