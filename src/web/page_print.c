/* page_print.c - the final copy, its printing, trays of printers, pictures of seals, archive packages. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "office/archive_pack.h"
#include "office/document.h"
#include "office/print_run.h"
#include "office/seal.h"
#include "paper/face_pool.h"
#include "paper/layout_out.h"
#include "paper/official_docx.h"
#include "web/people_rows.h"
#include "web/print_rows.h"
#include "web/route.h"
#include "web/rows.h"

/* ---- laying it out ---- */

struct sheet_job {
    struct final_copy copy;
    struct layout layout;
    struct buf pdf;
};

static enum code read_copy(struct ctx *c, struct final_copy *out, struct err *e)
{
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = final_copy_read(db, c->a, ctx_actor(c), c->id, out, e);
    store_read_end(db);
    return code;
}

/* The fonts that stand in on this machine, for a copy that is printed now. */
static enum code fonts_of(
    struct ctx *c, const struct final_copy *copy, struct str *fonts, struct err *e)
{
    struct layout l;
    struct faces *f;
    TRY(face_pool_take(c->app->faces, &f, e));
    enum code code = final_copy_lay(c->a, f, copy, &(struct final_sheet){.copies = 1}, &l, e);
    if (code == OK)
        *fonts = final_copy_fonts(c->a, &l);
    face_pool_give(c->app->faces, f);
    return code;
}

static enum code pdf_of(struct ctx *c, const struct final_copy *copy, const struct final_sheet *s,
    struct str watermark, struct str *out, struct err *e)
{
    struct layout_pdf o = {
        .title = copy->doc.title, .watermark = watermark, .made_ms = copy->text.final_ms};
    struct layout l;
    struct faces *f;
    struct buf b;
    TRY(face_pool_take(c->app->faces, &f, e));
    buf_init(&b, 0);
    enum code code = final_copy_lay(c->a, f, copy, s, &l, e);
    if (code == OK)
        code = layout_pdf(&l, f, &o, &b, e);
    face_pool_give(c->app->faces, f);
    *out = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return code;
}

static void answer_pdf(struct ctx *c, struct str bytes, struct str name)
{
    res_text(&c->r->res, 200, S("application/pdf"), bytes);
    ctx_attachment(c, name);
}

/* A preview: what prints is a run, and is logged. */
enum code page_final(struct ctx *c, struct err *e)
{
    struct final_copy copy;
    struct str bytes;
    TRY(read_copy(c, &copy, e));
    ctx_level(c, copy.it.level);
    TRY(pdf_of(c, &copy, &(struct final_sheet){.copies = 1}, S("预览，不作正本"), &bytes, e));
    res_text(&c->r->res, 200, S("application/pdf"), bytes); /* looked at, not kept */
    ctx_shown(c, arena_printf(c->a, "预览 %.*s.pdf", SF(copy.it.title)));
    return OK;
}

/* ---- on the page ---- */

static enum code fill_runs(struct ctx *c, struct db *db, const struct item_view *v,
    struct page_item_text *p, struct err *e)
{
    struct print_run *r;
    size_t n;
    TRY(print_list(db, c->a, ctx_actor(c), v->it.id, &r, &n, e));
    p->runs = ARENA_ARRAY(c->a, struct print_run_row, n + 1);
    p->next_no = 1;
    const struct print_run *was =
        p->fonts.n ? print_confirmed(r, n, v->text.final, p->fonts) : NULL;
    if (was)
        p->confirmed = arena_printf(c->a, "%.*s已确认：%.*s", SF(was->by_name), SF(was->fonts_why));
    for (size_t i = 0; i < n; i++) {
        int64_t last = r[i].first_no + r[i].copies - 1;
        if (r[i].first_no && last >= p->next_no)
            p->next_no = last + 1;
        p->runs[p->n_runs++] = (struct print_run_row){.id = r[i].id,
            .at = minute_text(c, r[i].at_ms),
            .who = r[i].by_name,
            .copies = r[i].copies,
            .numbers = r[i].first_no ? arena_printf(c->a, "%06lld至%06lld",
                                           (long long)r[i].first_no, (long long)last)
                                     : S(""),
            .printer = r[i].printer,
            .why = r[i].why,
            .fonts = r[i].fonts.n
                         ? arena_printf(c->a, "%.*s（%.*s）", SF(r[i].fonts), SF(r[i].fonts_why))
                         : S(""),
            .spoiled = r[i].spoiled,
            .spoiled_why = r[i].spoiled_why,
            .link = p->may_print ? arena_printf(c->a, "/items/%lld/print/%lld", (long long)v->it.id,
                                       (long long)r[i].id)
                                 : S("")};
    }
    return OK;
}

static enum code fill_uses(struct ctx *c, struct db *db, const struct item_view *v,
    struct page_item_text *p, struct err *e)
{
    struct seal_use *u;
    size_t n;
    TRY(seal_uses(db, c->a, v->it.id, &v->text, &u, &n, e));
    p->uses = ARENA_ARRAY(c->a, struct seal_use_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->uses[p->n_uses++] =
            (struct seal_use_row){u[i].name, minute_text(c, u[i].at_ms), u[i].by_name};
    return OK;
}

static enum code fill_packs(struct ctx *c, struct db *db, const struct item_view *v,
    struct page_item_text *p, struct err *e)
{
    struct archive_pack *k;
    size_t n;
    p->may_pack = p->may_print && p->ready && v->it.closed_ms && !v->it.archived_ms;
    TRY(archive_pack_list(db, c->a, ctx_actor(c), v->it.id, &k, &n, e));
    p->packs = ARENA_ARRAY(c->a, struct package_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->packs[p->n_packs++] = (struct package_row){.id = k[i].id,
            .at = minute_text(c, k[i].at_ms),
            .who = k[i].by_name,
            .size = ctx_size(c, k[i].size),
            .sm3 = k[i].sm3,
            .manifest = k[i].manifest,
            .link = p->may_print ? arena_printf(c->a, "/items/%lld/package/%lld",
                                       (long long)v->it.id, (long long)k[i].id)
                                 : S("")};
    return OK;
}

static enum code fill_trays(struct ctx *c, struct db *db, struct page_item_text *p, struct err *e)
{
    struct choices l = {0};
    struct print_tray *t;
    size_t n;
    TRY(print_tray_list(db, c->a, &t, &n, e));
    for (size_t i = 0; i < n; i++)
        choice_add(c, &l, arena_printf(c->a, "%lld", (long long)t[i].id),
            arena_printf(c->a, "%.*s　%.*s%s", SF(t[i].printer), SF(t[i].tray),
                t[i].preprinted ? "（预印红头纸）" : ""),
            false);
    p->trays = l.v;
    p->n_trays = l.n;
    return OK;
}

enum code print_fill(struct ctx *c, struct db *db, const struct item_view *v,
    struct page_item_text *p, struct err *e)
{
    struct final_copy copy;
    struct err why;
    json_t *fields;
    TRY(print_may(db, ctx_actor(c), v->it.id, &p->may_print, e));
    p->may_confirm = c->v->owner || c->v->roles & ROLE_CHIEF;
    p->ready = final_copy_read(db, c->a, ctx_actor(c), v->it.id, &copy, &why) == OK;
    if (p->ready) {
        TRY(fonts_of(c, &copy, &p->fonts, e));
        p->notes = ARENA_ARRAY(c->a, struct plain_line, copy.n_notes + 1);
        for (size_t i = 0; i < copy.n_notes; i++)
            p->notes[p->n_notes++].text = copy.notes[i];
    } else {
        p->hindrance = arena_str(c->a, str_z(why.msg));
    }
    TRY(jr_parse(v->it.fields, &fields, e));
    p->copies = ctx_int(jr_str(fields, "copies"), 1, PRINT_COPIES_MAX, 1);
    json_decref(fields);
    TRY(fill_trays(c, db, p, e));
    TRY(fill_runs(c, db, v, p, e));
    TRY(fill_uses(c, db, v, p, e));
    return fill_packs(c, db, v, p, e);
}

/* ---- a run ---- */

struct printing {
    struct print_new p;
    int64_t run;
    struct archive_made made;
    int64_t n;
    struct str text;
};

static enum code write_print(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct printing *j = c->job;
    return print_begin(db, ctx_actor(c), &j->p, &j->run, e);
}

static struct str text_link(struct ctx *c, const char *hash)
{
    return arena_printf(c->a, "/items/%lld/text#%s", (long long)c->id, hash);
}

static bool shown_again(enum code code)
{
    return code == E_INPUT || code == E_LIMIT || code == E_CONFLICT;
}

static enum code after_print(struct ctx *c, enum code code, struct err *e)
{
    if (shown_again(code))
        return text_show(c, arena_str(c->a, str_z(e->msg)), e);
    TRY(code);
    ctx_flash(c, S("已登记，从印制登记里取PDF打印"));
    ctx_redirect(c, text_link(c, "runs"));
    return OK;
}

enum code do_print(struct ctx *c, struct err *e)
{
    struct printing *j = ARENA_NEW(c->a, struct printing);
    struct final_copy copy;
    c->job = j;
    j->p = (struct print_new){.item = c->id,
        .tray = ctx_int(req_field(c->r, "tray"), 1, INT64_MAX, 0),
        .copies = ctx_int(req_field(c->r, "copies"), 1, PRINT_COPIES_MAX, 0),
        .first_no = ctx_int(req_field(c->r, "first"), 1, 999999, 0),
        .why = req_field(c->r, "why"),
        .fonts_why = req_field(c->r, "fonts_why")};
    enum code code = read_copy(c, &copy, e);
    if (code == OK)
        code = fonts_of(c, &copy, &j->p.fonts, e);
    if (code != OK)
        return after_print(c, code, e);
    return ctx_write(c, write_print, c, after_print);
}

static enum code run_of(struct ctx *c, struct print_run *out, struct err *e)
{
    struct print_run *v;
    struct db *db;
    size_t n = 0;
    bool may = false;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = print_list(db, c->a, ctx_actor(c), c->id, &v, &n, e);
    if (code == OK)
        code = print_may(db, ctx_actor(c), c->id, &may, e);
    store_read_end(db);
    TRY(code);
    if (!may)
        return FAIL(e, E_DENIED, "您不能印制正本，请联系秘书科");
    for (size_t i = 0; i < n; i++)
        if (v[i].id == c->id2) {
            *out = v[i];
            return OK;
        }
    return FAIL(e, E_NOTFOUND, "没有这次印制");
}

enum code page_print_run(struct ctx *c, struct err *e)
{
    struct final_copy copy;
    struct print_run r;
    struct str bytes, fonts;
    TRY(run_of(c, &r, e));
    TRY(read_copy(c, &copy, e));
    ctx_level(c, copy.it.level);
    TRY(fonts_of(c, &copy, &fonts, e));
    if (!str_eq(fonts, r.fonts)) /* laid out anew: the machine may have other faces by now */
        return FAIL(
            e, E_CONFLICT, "本机的字体与登记这次印制时不同，请另登记一次印制（需确认替换的字体）");
    if (copy.text.final != r.version)
        return FAIL(e, E_CONFLICT, "这次印的是已经作废的一稿，不能再取");
    struct final_sheet s = {.preprinted = r.preprinted,
        .shift_x = (double)r.shift_x / 100,
        .shift_y = (double)r.shift_y / 100,
        .first_no = r.first_no,
        .copies = r.copies};
    TRY(pdf_of(c, &copy, &s, S(""), &bytes, e));
    answer_pdf(c, bytes, arena_printf(c->a, "正本 %.*s.pdf", SF(copy.it.number)));
    return OK;
}

static enum code write_spoil(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct printing *j = c->job;
    return print_spoil(db, ctx_actor(c), c->id2, j->n, j->text, e);
}

static enum code after_spoil(struct ctx *c, enum code code, struct err *e)
{
    if (shown_again(code))
        return text_show(c, arena_str(c->a, str_z(e->msg)), e);
    TRY(code);
    ctx_flash(c, S("已登记印废"));
    ctx_redirect(c, text_link(c, "runs"));
    return OK;
}

enum code do_print_spoil(struct ctx *c, struct err *e)
{
    struct printing *j = ARENA_NEW(c->a, struct printing);
    struct print_run r;
    c->job = j;
    TRY(run_of(c, &r, e));
    j->n = ctx_int(req_field(c->r, "copies"), 1, PRINT_COPIES_MAX, 0);
    j->text = req_field(c->r, "why");
    return ctx_write(c, write_spoil, c, after_spoil);
}

/* ---- the archive package ---- */

static enum code write_pack(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct printing *j = c->job;
    return archive_pack_put(db, ctx_actor(c), &j->made, &j->run, e);
}

static enum code after_pack(struct ctx *c, enum code code, struct err *e)
{
    if (shown_again(code))
        return text_show(c, arena_str(c->a, str_z(e->msg)), e);
    TRY(code);
    ctx_flash(c, S("归档包已做好，整包的SM3已记入办理过程"));
    ctx_redirect(c, text_link(c, "packs"));
    return OK;
}

enum code do_package(struct ctx *c, struct err *e)
{
    struct printing *j = ARENA_NEW(c->a, struct printing);
    struct faces *f;
    struct db *db;
    c->job = j;
    TRY(face_pool_take(c->app->faces, &f, e));
    enum code code = store_read(c->app->office->store, &db, e);
    if (code == OK) {
        code = archive_pack_make(db, c->a, f, ctx_actor(c), c->id, &j->made, e);
        store_read_end(db);
    }
    face_pool_give(c->app->faces, f);
    return code == OK ? ctx_write(c, write_pack, c, after_pack) : after_pack(c, code, e);
}

static enum code read_pack(struct ctx *c, int fd, int64_t *size, struct str *name, struct err *e)
{
    struct db *db;
    struct buf b;
    TRY(store_read(c->app->office->store, &db, e));
    buf_init(&b, (size_t)ARCHIVE_BYTES_MAX * 2);
    enum code code = archive_pack_read(db, c->a, ctx_actor(c), c->id, c->id2, &b, name, e);
    store_read_end(db);
    *size = (int64_t)b.n;
    if (code == OK)
        code = io_write_fd(fd, "归档包", buf_view(&b), e);
    buf_release(&b);
    return code;
}

enum code page_package(struct ctx *c, struct err *e)
{
    char *path = arena_z(c->a, arena_printf(c->a, "%s/tmp/download-XXXXXX", c->app->office->dir));
    struct str name = S("");
    int64_t size = 0;
    int fd = mkstemp(path);
    if (fd < 0)
        return FAIL(e, E_IO, "无法在数据目录里暂存下载的文件");
    unlink(path);
    enum code code = read_pack(c, fd, &size, &name, e);
    if (code != OK) {
        close(fd);
        return code;
    }
    c->r->res.kind = BODY_FD;
    c->r->res.fd = fd;
    c->r->res.fd_size = size;
    c->r->res.type = S("application/octet-stream");
    ctx_attachment(c, name);
    return OK;
}

enum code do_package_verify(struct ctx *c, struct err *e)
{
    struct archive_pack k;
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = archive_pack_verify(db, c->a, ctx_actor(c), c->id, c->id2, &k, e);
    store_read_end(db);
    TRY(code);
    if (!k.right)
        return text_show(
            c, S("归档包核对不符：存下的内容与办理过程里记的SM3不同，请联系系统管理员"), e);
    ctx_flash(c, S("归档包核对相符：存下的内容与办理过程里记的SM3一致"));
    ctx_redirect(c, text_link(c, "packs"));
    return OK;
}

/* ---- printers ---- */

static struct str mm(struct ctx *c, int64_t hundredths)
{
    return arena_printf(c->a, "%.2f", (double)hundredths / 100);
}

static enum code printers_show(struct ctx *c, struct str problem, struct err *e)
{
    struct page_printers p = {.problem = problem};
    struct print_tray *t;
    struct db *db;
    size_t n = 0;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = print_tray_list(db, c->a, &t, &n, e);
    store_read_end(db);
    TRY(code);
    p.may_edit = c->v->owner || c->v->roles & (ROLE_CHIEF | ROLE_SECRETARY);
    p.rows = ARENA_ARRAY(c->a, struct tray_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p.rows[p.n_rows++] = (struct tray_row){.id = t[i].id,
            .printer = t[i].printer,
            .tray = t[i].tray,
            .preprinted = t[i].preprinted,
            .x = mm(c, INT64_C(100) * PRINT_CROSS_MM - t[i].shift_x),
            .y = mm(c, INT64_C(100) * PRINT_CROSS_MM - t[i].shift_y),
            .shift = arena_printf(c->a, "印时向%s移%.*s毫米，向%s移%.*s毫米",
                t[i].shift_x < 0 ? "左" : "右", SF(mm(c, llabs(t[i].shift_x))),
                t[i].shift_y < 0 ? "上" : "下", SF(mm(c, llabs(t[i].shift_y)))),
            .changed = arena_printf(
                c->a, "%.*s %.*s", SF(t[i].changed_name), SF(minute_text(c, t[i].changed_ms))),
            .sheet = arena_printf(c->a, "/printers/%lld/sheet", (long long)t[i].id)};
    if (problem.n)
        c->r->res.status = 400;
    else
        p.done = ctx_flash_take(c);
    show_printers(c, &p);
    return OK;
}

enum code page_printers(struct ctx *c, struct err *e)
{
    return printers_show(c, S(""), e);
}

struct tray_job {
    struct print_tray t;
    bool drop;
};

static enum code write_tray(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct tray_job *j = c->job;
    int64_t id;
    return j->drop ? print_tray_drop(db, ctx_actor(c), j->t.id, e)
                   : print_tray_save(db, ctx_actor(c), &j->t, &id, e);
}

static enum code after_tray(struct ctx *c, enum code code, struct err *e)
{
    if (shown_again(code) || code == E_NOTFOUND)
        return printers_show(c, arena_str(c->a, str_z(e->msg)), e);
    TRY(code);
    ctx_flash(c, S("已保存"));
    ctx_redirect(c, S("/printers"));
    return OK;
}

/* What was measured, in millimetres; empty: as it should be. */
static bool measured(struct str s, int64_t *shift)
{
    char *end, *z;
    double v;
    char text[16];
    s = str_trim(s);
    *shift = 0;
    if (!s.n)
        return true;
    if (s.n >= sizeof(text))
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    z = text;
    v = strtod(z, &end);
    if (*end || !isfinite(v) || v < 0 || v > 300)
        return false;
    *shift = llround((PRINT_CROSS_MM - v) * 100);
    return true;
}

enum code do_printers(struct ctx *c, struct err *e)
{
    struct tray_job *j = ARENA_NEW(c->a, struct tray_job);
    c->job = j;
    j->drop = str_eq(req_field(c->r, "act"), S("drop"));
    j->t = (struct print_tray){.id = ctx_int(req_field(c->r, "id"), 1, INT64_MAX, 0),
        .printer = req_field(c->r, "printer"),
        .tray = req_field(c->r, "tray"),
        .preprinted = req_field(c->r, "preprinted").n > 0};
    if (!measured(req_field(c->r, "x"), &j->t.shift_x) ||
        !measured(req_field(c->r, "y"), &j->t.shift_y))
        return printers_show(c, S("量到的距离填毫米数，如 50.5"), e);
    return ctx_write(c, write_tray, c, after_tray);
}

enum code page_printer_sheet(struct ctx *c, struct err *e)
{
    struct print_tray t;
    struct faces *f;
    struct db *db;
    struct buf b;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = print_tray_get(db, c->a, c->id, &t, e);
    store_read_end(db);
    TRY(code);
    TRY(face_pool_take(c->app->faces, &f, e));
    buf_init(&b, 0);
    code = print_tray_sheet(c->a, f, &t, &b, e);
    face_pool_give(c->app->faces, f);
    if (code == OK)
        answer_pdf(c, arena_str(c->a, buf_view(&b)), S("套红校准页.pdf"));
    buf_release(&b);
    return code;
}

/* ---- seals ---- */

static enum code seals_show(struct ctx *c, struct str problem, struct err *e)
{
    struct page_seals p = {.problem = problem};
    struct seal *v;
    struct db *db;
    size_t n = 0;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = seal_list(db, c->a, ctx_actor(c), &v, &n, e);
    store_read_end(db);
    TRY(code);
    p.may_edit = c->v->owner || c->v->roles & ROLE_CHIEF;
    p.rows = ARENA_ARRAY(c->a, struct seal_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p.rows[p.n_rows++] = (struct seal_row){.id = v[i].id,
            .name = v[i].name,
            .stamp = v[i].stamp,
            .off = v[i].off,
            .mine = v[i].mine,
            .keepers = v[i].keepers,
            .uses = v[i].uses,
            .picture = arena_printf(c->a, "/seals/%lld/picture", (long long)v[i].id)};
    if (problem.n)
        c->r->res.status = 400;
    else
        p.done = ctx_flash_take(c);
    show_seals(c, &p);
    return OK;
}

enum code page_seals(struct ctx *c, struct err *e)
{
    return seals_show(c, S(""), e);
}

struct seal_job {
    struct str name, png, act, who;
    bool stamp;
    int64_t id;
};

static enum code write_seal(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct seal_job *j = c->job;
    const struct actor *by = ctx_actor(c);
    int64_t person;
    if (str_eq(j->act, S("new")))
        return seal_new(db, by, j->name, j->stamp, j->png, &j->id, e);
    if (str_eq(j->act, S("off")) || str_eq(j->act, S("on")))
        return seal_off(db, by, j->id, str_eq(j->act, S("off")), e);
    TRY(person_typed(db, c->a, j->who, &person, e));
    return seal_keeper(db, by, j->id, person, str_eq(j->act, S("keeper")), e);
}

static enum code after_seal(struct ctx *c, enum code code, struct err *e)
{
    if (shown_again(code) || code == E_NOTFOUND)
        return seals_show(c, arena_str(c->a, str_z(e->msg)), e);
    TRY(code);
    ctx_flash(c, S("已保存"));
    ctx_redirect(c, S("/seals"));
    return OK;
}

static enum code read_png(struct ctx *c, struct str *png, struct err *e)
{
    const struct upload *u = req_file(c->r, "png");
    struct str bytes = S("");
    TRY(upload_read(c->a, u, SEAL_PNG_MAX, "印章图片", &bytes, e));
    return seal_judge(c->app->office, c->a, ctx_actor(c), bytes, u->name, png, e);
}

enum code do_seals(struct ctx *c, struct err *e)
{
    struct seal_job *j = ARENA_NEW(c->a, struct seal_job);
    c->job = j;
    *j = (struct seal_job){.name = ctx_words(c, req_field(c->r, "name")),
        .act = req_field(c->r, "act"),
        .who = ctx_words(c, req_field(c->r, "who")),
        .stamp = req_field(c->r, "stamp").n > 0,
        .id = ctx_int(req_field(c->r, "id"), 1, INT64_MAX, 0)};
    if (str_eq(j->act, S("new"))) {
        enum code code = read_png(c, &j->png, e);
        if (code != OK)
            return after_seal(c, code, e);
    }
    return ctx_write(c, write_seal, c, after_seal);
}

enum code page_seal_picture(struct ctx *c, struct err *e)
{
    struct db *db;
    struct buf b;
    TRY(store_read(c->app->office->store, &db, e));
    buf_init(&b, SEAL_PNG_MAX + 1);
    enum code code = seal_png(db, ctx_actor(c), c->id, &b, e);
    store_read_end(db);
    if (code == OK)
        res_text(&c->r->res, 200, S("image/png"), arena_str(c->a, buf_view(&b)));
    buf_release(&b);
    return code;
}
