/* page_item_file.c - files of an item: brought in with a form or beside it, handed out again. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "office/item_file.h"
#include "web/ask_rows.h"
#include "web/item_page.h"
#include "web/route.h"

/* ---- with a form ---- */

/* "f.x.file" of field x; empty: of no field. */
static struct str field_of(struct str name)
{
    return str_eat(&name, S("f.")) && str_eat_end(&name, S(".file")) ? name : S("");
}

enum code item_form_uploads(
    struct ctx *c, const struct kind *k, struct item_typed *t, struct err *e)
{
    const struct form *f = c->r->form;
    t->uploads = ARENA_ARRAY(c->a, struct item_typed_file, f->n_files + 1);
    for (size_t i = 0; i < f->n_files; i++) {
        struct item_typed_file *to = &t->uploads[t->n_uploads];
        struct item_upload *up = ARENA_NEW(c->a, struct item_upload);
        struct err why;
        size_t at = kind_field_of(k, field_of(f->files[i].field));
        if (at == SIZE_MAX || k->fields[at].type != FIELD_FILE)
            continue;
        enum code code = item_file_judge(c->app->office, c->a, f->files[i].fd,
            f->files[i].name.n ? f->files[i].name : S("未命名"), up, &why);
        if (code == E_IO || code == E_FULL || code == E_BUG)
            return FAIL(e, code, "%s", why.msg);
        if (code != OK) {
            t->problem = arena_printf(c->a, "“%.*s”：%s", SF(k->fields[at].name), why.msg);
            t->at = k->fields[at].id;
            continue;
        }
        *to = (struct item_typed_file){k->fields[at].id, up};
        t->n_uploads++;
    }
    return OK;
}

static json_t *id_json(int64_t id)
{
    char z[24];
    (void)snprintf(z, sizeof(z), "%lld", (long long)id);
    return json_string(z);
}

enum code item_form_put(struct db *db, struct ctx *c, const struct actor *by,
    const struct item_typed *t, json_t **fields, struct err *e)
{
    *fields = item_form_keep(c, json_deep_copy(t->fields));
    for (size_t i = 0; i < t->n_uploads; i++) {
        struct str f = t->uploads[i].field;
        json_t *list = json_object_getn(*fields, f.p, f.n);
        int64_t id;
        TRY(item_file_put(db, by, t->uploads[i].file, &id, e));
        if (!json_is_array(list)) {
            list = json_array();
            json_object_setn_new(*fields, f.p, f.n, list);
        }
        json_array_append_new(list, id_json(id));
    }
    return OK;
}

/* ---- one by one, while the form is filled in ---- */

struct file_job {
    struct item_upload *up;
    size_t n;
    int64_t *ids;
    struct str why;
    int64_t file;
};

static enum code judge_all(struct ctx *c, struct file_job *j, struct err *e)
{
    const struct form *f = c->r->form;
    j->up = ARENA_ARRAY(c->a, struct item_upload, f->n_files + 1);
    j->ids = ARENA_ARRAY(c->a, int64_t, f->n_files + 1);
    for (size_t i = 0; i < f->n_files; i++)
        TRY(item_file_judge(c->app->office, c->a, f->files[i].fd,
            f->files[i].name.n ? f->files[i].name : S("未命名"), &j->up[j->n++], e));
    return j->n ? OK : FAIL(e, E_INPUT, "没有选文件");
}

static enum code put_all(struct db *db, struct ctx *c, struct err *e)
{
    struct file_job *j = c->job;
    for (size_t i = 0; i < j->n; i++)
        TRY(item_file_put(db, ctx_actor(c), &j->up[i], &j->ids[i], e));
    return OK;
}

static enum code write_loose(struct db *db, void *arg, struct err *e)
{
    return put_all(db, arg, e);
}

static enum code after_loose(struct ctx *c, enum code code, struct err *e)
{
    struct file_job *j = c->job;
    struct page_item_loose p = {0};
    (void)e;
    TRY(code);
    p.files = ARENA_ARRAY(c->a, struct item_picked, j->n + 1);
    for (size_t i = 0; i < j->n; i++)
        p.files[p.n_files++] = (struct item_picked){
            .id = j->ids[i], .text = j->up[i].name, .note = ctx_size(c, j->up[i].blob.size)};
    show_item_loose(c, &p);
    return OK;
}

enum code do_item_loose(struct ctx *c, struct err *e)
{
    struct file_job *j = ARENA_NEW(c->a, struct file_job);
    c->job = j;
    TRY(judge_all(c, j, e));
    return ctx_write(c, write_loose, c, after_loose);
}

/* ---- beside the form ---- */

static enum code write_attach(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct file_job *j = c->job;
    TRY(put_all(db, c, e));
    return item_attach(db, ctx_actor(c), c->id, j->ids, j->n, j->why, e);
}

static enum code show_again(struct ctx *c, enum code code, struct err *e)
{
    struct file_job *j = c->job;
    struct item_again a = {.status = code == E_CONFLICT ? 409
                                     : code == E_DENIED ? 403
                                                        : 400,
        .verb = S("attach"),
        .text = j->why,
        .problem = arena_str(c->a, str_z(e->msg))};
    ctx_secret(c, code);
    if (!item_persons_fault(code) && code != E_SECRET)
        return code;
    return item_show(c, &a, e);
}

static enum code after_attach(struct ctx *c, enum code code, struct err *e)
{
    if (code != OK)
        return show_again(c, code, e);
    ctx_flash(c, S("附件已上传"));
    ctx_redirect(c, item_link(c->a, c->id, item_back(c), 0));
    return OK;
}

enum code do_item_attach(struct ctx *c, struct err *e)
{
    struct file_job *j = ARENA_NEW(c->a, struct file_job);
    enum code code;
    c->job = j;
    j->why = req_field(c->r, "text");
    code = judge_all(c, j, e);
    return code == OK ? ctx_write(c, write_attach, c, after_attach) : show_again(c, code, e);
}

static enum code write_detach(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct file_job *j = c->job;
    return item_file_remove(db, ctx_actor(c), j->file, j->why, e);
}

static enum code after_detach(struct ctx *c, enum code code, struct err *e)
{
    if (code != OK)
        return show_again(c, code, e);
    ctx_flash(c, S("附件已撤下，记录仍在"));
    ctx_redirect(c, item_link(c->a, c->id, item_back(c), 0));
    return OK;
}

enum code do_item_detach(struct ctx *c, struct err *e)
{
    struct file_job *j = ARENA_NEW(c->a, struct file_job);
    (void)e;
    c->job = j;
    j->why = req_field(c->r, "text");
    j->file = ctx_int(req_field(c->r, "file"), 1, INT64_MAX, 0);
    return ctx_write(c, write_detach, c, after_detach);
}

/* ---- what is shown of one ---- */

enum code item_pick_file(
    struct ctx *c, struct db *db, int64_t id, struct item_picked *out, struct err *e)
{
    struct item_file f;
    struct err why;
    enum code code = item_file_open(db, c->a, ctx_actor(c), id, &f, &why);
    if (code != OK && code != E_NOTFOUND)
        return FAIL(e, code, "%s", why.msg);
    *out = (struct item_picked){.id = id, .text = S("（已撤下的附件）")};
    if (code != OK)
        return OK;
    out->text = f.name;
    out->note = ctx_size(c, f.size);
    if (f.item)
        out->link = arena_printf(c->a, "/items/%lld/files/%lld", (long long)f.item, (long long)id);
    return OK;
}

/* ---- out again ---- */

static enum code read_file(struct ctx *c, int fd, struct item_file *f, struct err *e)
{
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = item_file_open(db, c->a, ctx_actor(c), c->id2, f, e);
    if (code == OK && f->item != c->id)
        code = FAIL(e, E_NOTFOUND, "这件事项没有这份附件");
    if (code == OK)
        code = blob_read_fd(db, f->blob, fd, e);
    store_read_end(db);
    return code;
}

enum code page_item_file(struct ctx *c, struct err *e)
{
    char *path = arena_z(c->a, arena_printf(c->a, "%s/tmp/download-XXXXXX", c->app->office->dir));
    struct item_file f;
    int fd = mkstemp(path);
    if (fd < 0)
        return FAIL(e, E_IO, "无法在数据目录里暂存下载的文件");
    (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    unlink(path);
    enum code code = read_file(c, fd, &f, e);
    if (code != OK) {
        close(fd);
        return code;
    }
    c->r->res.kind = BODY_FD;
    c->r->res.fd = fd;
    c->r->res.fd_size = f.size;
    c->r->res.type = S("application/octet-stream"); /* never shown inside our origin */
    ctx_attachment(c, f.name);
    return OK;
}
