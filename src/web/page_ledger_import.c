/* page_ledger_import.c - a ledger that was filled in as a workbook: template, preview with each bad cell, and doing it. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "office/describe.h"
#include "office/ledger_plan.h"
#include "pages.h"
#include "paper/reader.h"
#include "web/item_rows.h"
#include "web/ledger_link.h"
#include "web/route.h"

/* ---- the template ---- */

static void close_fd(void *arg)
{
    int *fd = arg;
    if (*fd >= 0)
        close(*fd);
}

static enum code make_template(
    struct ctx *c, struct ledger *l, const char *tmp, const char *path, struct err *e)
{
    bool fill = str_eq(req_query(c->r, "fill"), S("1"));
    const struct actor *by = ctx_actor(c);
    struct ledger_query q;
    struct db *db;
    enum code code;
    TRY(store_read(c->app->office->store, &db, e));
    code = ledger_open(db, by, ledger_kind(c), l, e);
    if (code == OK)
        code = ledger_query_read(db, c->a, by, l, NULL, 0, &q, e);
    if (code == OK && fill)
        q.f.open = 1; /* what is closed is not changed any more */
    if (code == OK)
        code = ledger_template(db, by, l, fill ? &q : NULL, tmp, path, e);
    store_read_end(db);
    return code;
}

enum code page_ledger_template(struct ctx *c, struct err *e)
{
    const char *dir = c->app->office->dir;
    char *tmp = arena_z(c->a, arena_printf(c->a, "%s/tmp", dir));
    char *path = arena_z(c->a, arena_printf(c->a, "%s/tmp/template-XXXXXX", dir));
    int *fd = ARENA_NEW(c->a, int);
    struct ledger l;
    struct stat st;
    *fd = mkstemp(path);
    if (*fd < 0)
        return FAIL(e, E_IO, "无法在数据目录里暂存模板");
    (void)fcntl(*fd, F_SETFD, FD_CLOEXEC);
    arena_defer(c->a, close_fd, fd);
    enum code code = make_template(c, &l, tmp, path, e);
    unlink(path);
    if (code != OK)
        return code;
    if (fstat(*fd, &st) != 0)
        return FAIL(e, E_IO, "暂存的文件读不出大小");
    c->r->res.kind = BODY_FD;
    c->r->res.fd = *fd;
    c->r->res.fd_size = st.st_size;
    c->r->res.type = S("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    *fd = -1;
    ctx_attachment(c, arena_printf(c->a, "%.*s导入模板.xlsx", SF(l.k->name)));
    return OK;
}

/* ---- the page ---- */

struct making {
    struct ctx *c;
    const struct actor *by;
    struct ledger l;
    struct ledger_plan plan;
    struct page_ledger_import p;
};

static void fill_row(struct making *m, const struct plan_row *r)
{
    static const char *const whats[] = {[PLAN_NEW] = "新增",
        [PLAN_CHANGE] = "修改",
        [PLAN_SAME] = "不变",
        [PLAN_BAD] = "有误",
        [PLAN_DONE] = "已办成"};
    static const char *const styles[] = {[PLAN_NEW] = "force",
        [PLAN_CHANGE] = "held",
        [PLAN_SAME] = "",
        [PLAN_BAD] = "refused",
        [PLAN_DONE] = "force"};
    struct page_ledger_import *p = &m->p;
    int64_t *const counts[] = {[PLAN_NEW] = &p->fresh,
        [PLAN_CHANGE] = &p->changed,
        [PLAN_SAME] = &p->same,
        [PLAN_BAD] = &p->bad,
        [PLAN_DONE] = &p->finished};
    ++*counts[r->kind];
    p->rows[p->n_rows++] = (struct plan_line){.row = r->row,
        .what = str_z(whats[r->kind]),
        .style = str_z(styles[r->kind]),
        .title = r->title,
        .link = r->id && r->title.n ? item_link(m->c->a, r->id, S(""), 0) : S(""),
        .said = r->said};
}

static void fill(struct making *m)
{
    struct page_ledger_import *p = &m->p;
    struct arena *a = m->c->a;
    p->sheet = m->plan.sheet;
    p->rows = ARENA_ARRAY(a, struct plan_line, m->plan.n + 1);
    for (size_t i = 0; i < m->plan.n; i++)
        fill_row(m, &m->plan.rows[i]);
    p->faults = ARENA_ARRAY(a, struct plan_fault_row, m->plan.n_faults + 1);
    for (size_t i = 0; i < m->plan.n_faults; i++)
        p->faults[p->n_faults++] = (struct plan_fault_row){
            m->plan.faults[i].cell, m->plan.faults[i].value, m->plan.faults[i].why};
    p->more_faults = (int64_t)m->plan.more_faults;
}

static enum code begin(struct making *m, struct ctx *c, struct err *e)
{
    struct db *db;
    *m = (struct making){.c = c, .by = ctx_actor(c)};
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = ledger_open(db, m->by, ledger_kind(c), &m->l, e);
    store_read_end(db);
    if (code != OK)
        return code;
    m->p.kind = m->l.k->id;
    m->p.name = m->l.k->name;
    m->p.most = PLAN_ROWS_MAX;
    return OK;
}

enum code page_ledger_import(struct ctx *c, struct err *e)
{
    struct making m;
    TRY(begin(&m, c, e));
    show_ledger_import(c, &m.p);
    return OK;
}

/* ---- preview ---- */

static enum code read_file(struct making *m, const struct upload *f, struct err *e)
{
    struct ctx *c = m->c;
    struct doc d;
    struct buf text;
    struct db *db;
    TRY(reader_read(c->app->office->readers, c->a, f->fd, f->name, &d, e));
    buf_init(&text, 0);
    doc_text(&d, &text);
    const char *secret = describe_secret(&d, buf_view(&text), f->name);
    buf_release(&text);
    if (secret)
        return FAIL(
            e, E_SECRET, "表格里有“%s”标志，本系统严禁存储、处理国家秘密，没有读取", secret);
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = ledger_plan_make(db, c->a, m->by, &m->l, &d, &m->plan, e);
    store_read_end(db);
    if (code != OK)
        return code;
    return ledger_plan_run(c->app->office->store, c->a, m->by, &m->l, &m->plan, false, e);
}

static enum code keep_plan(struct making *m, struct err *e)
{
    struct buf b;
    buf_init(&b, PLAN_BYTES_MAX);
    ledger_plan_write(&m->plan, &b);
    enum code code = buf_check(&b, "要导入的内容", e);
    m->p.plan = arena_str(m->c->a, buf_view(&b));
    buf_release(&b);
    return code;
}

enum code do_ledger_import(struct ctx *c, struct err *e)
{
    const struct upload *f = req_file(c->r, "file");
    struct making m;
    enum code code;
    TRY(begin(&m, c, e));
    code = f ? read_file(&m, f, e) : FAIL(e, E_INPUT, "没有选择文件");
    if (code == OK)
        code = keep_plan(&m, e);
    if (code == E_INPUT || code == E_LIMIT || code == E_SECRET) {
        m.p.problem = arena_str(c->a, str_z(e->msg));
        c->r->res.status = 400;
    } else if (code != OK) {
        return code;
    } else {
        m.p.file = f ? f->name : S("");
        m.p.previewed = true;
        fill(&m);
    }
    show_ledger_import(c, &m.p);
    return OK;
}

/* ---- doing it ---- */

enum code do_ledger_import_rows(struct ctx *c, struct err *e)
{
    struct making m;
    TRY(begin(&m, c, e));
    TRY(ledger_plan_parse(c->a, req_field(c->r, "plan"), &m.plan, e));
    TRY(ledger_plan_run(c->app->office->store, c->a, m.by, &m.l, &m.plan, true, e));
    m.p.over = true;
    fill(&m);
    show_ledger_import(c, &m.p);
    return OK;
}
