/* page_people.c - accounts for the administrator; the audit chain for the auditor. */
#include <string.h>

#include "base/clock.h"
#include "office/audit.h"
#include "office/person.h"
#include "office/role_request.h"
#include "office/unit.h"
#include "web/route.h"
#include "web/rows.h"

enum { AUDIT_ROWS = 100, DIGEST_SHOWN = 16 };

static struct str roles_text(struct ctx *c, uint32_t roles)
{
    struct buf b;
    struct str s;
    buf_init(&b, 0);
    roles_write(&b, roles);
    s = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return s;
}

static struct str post_words(struct ctx *c, const struct post *p)
{
    return arena_printf(c->a, "%.*s（%.*s）", SF(p->unit_name), SF(roles_text(c, p->roles)));
}

/* As the form reads it back. */
static void add_words(struct ctx *c, struct str *list, const struct post *p)
{
    struct buf b;
    buf_init(&b, 0);
    post_write(&b, p);
    *list = arena_printf(c->a, "%.*s%s%.*s", SF(*list), list->n ? ";" : "", SF(buf_view(&b)));
    buf_release(&b);
}

static void add_request(struct ctx *c, struct person_row *row, const struct role_request *r)
{
    struct post wanted = {.roles = r->roles, .unit_name = r->unit_name, .unit_code = r->unit_code};
    if (r->unit == 0) {
        row->asked = roles_text(c, r->roles);
        row->asked_by = r->by_name;
        return;
    }
    if (row->n_posts_asked == PERSON_POSTS_MAX)
        return;
    row->posts_asked[row->n_posts_asked++] =
        (struct post_asked_row){r->unit, post_words(c, &wanted), r->by_name};
    add_words(c, &row->posts_wanted, &wanted);
}

static void add_post(struct ctx *c, struct person_row *row, const struct post *p)
{
    bool other = false; /* other roles in this unit are asked for */
    for (size_t i = 0; i < row->n_posts_asked; i++)
        other = other || row->posts_asked[i].unit == p->unit;
    add_words(c, &row->posts, p);
    if (!other)
        add_words(c, &row->posts_wanted, p);
    row->posts_text = arena_printf(c->a, "%.*s%s%.*s", SF(row->posts_text),
        row->posts_text.n ? "、" : "", SF(post_words(c, p)));
}

/* What is asked for comes first: a post that is to change is listed as it shall be. */
static enum code fill_posts(struct ctx *c, struct db *db, struct page_people *p, struct err *e)
{
    struct role_request *asked;
    struct post *v;
    size_t n, n_asked;
    TRY(role_request_list(db, c->a, 0, &asked, &n_asked, e));
    TRY(person_posts(db, c->a, 0, &v, &n, e));
    for (size_t i = 0; i < p->n_rows; i++) {
        struct person_row *row = &p->rows[i];
        row->posts_asked = ARENA_ARRAY(c->a, struct post_asked_row, PERSON_POSTS_MAX);
        for (size_t k = 0; k < n_asked; k++)
            if (asked[k].person == row->id)
                add_request(c, row, &asked[k]);
        for (size_t k = 0; k < n; k++)
            if (v[k].person == row->id)
                add_post(c, row, &v[k]);
    }
    p->may_change = access_may(c->v, ACT_PEOPLE);
    p->may_approve = access_may(c->v, ACT_ROLES);
    return OK;
}

static enum code fill_people(struct ctx *c, struct db *db, struct page_people *p, struct err *e)
{
    struct person *list;
    struct unit *units;
    struct choices us = {0}, rs = {0};
    size_t n, n_units;
    int64_t now = clock_now_ms();
    TRY(person_list(db, c->a, 0, true, &list, &n, e));
    p->rows = ARENA_ARRAY(c->a, struct person_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->rows[p->n_rows++] = (struct person_row){.id = list[i].id,
            .login = list[i].login,
            .name = list[i].name,
            .unit = list[i].unit_name,
            .roles = roles_text(c, list[i].roles),
            .role_bits = list[i].roles,
            .disabled = !list[i].active,
            .locked = list[i].locked_until_ms > now,
            .must_change = list[i].must_change,
            .last_login = {list[i].last_sign_in_ms}};
    TRY(fill_posts(c, db, p, e));
    TRY(unit_list(db, c->a, false, &units, &n_units, e));
    for (size_t i = 0; i < n_units; i++) {
        struct str name = units[i].name;
        for (int d = 0; d < units[i].depth && d < 6; d++)
            name = arena_cat(c->a, S("　"), name);
        choice_add(c, &us, arena_printf(c->a, "%lld", (long long)units[i].id), name,
            str_eq(req_field(c->r, "unit"), arena_printf(c->a, "%lld", (long long)units[i].id)));
    }
    for (uint32_t r = ROLE_ADMIN; r <= ROLE_SECURITY; r <<= 1)
        choice_add(
            c, &rs, arena_printf(c->a, "%u", r), str_z(role_name((enum role)r)), r == ROLE_STAFF);
    p->units = us.v;
    p->n_units = us.n;
    p->roles = rs.v;
    p->n_roles = rs.n;
    return OK;
}

static enum code show_list(struct ctx *c, struct page_people *p, struct err *e)
{
    struct db *db;
    enum code code;
    TRY(store_read(c->app->office->store, &db, e));
    code = fill_people(c, db, p, e);
    store_read_end(db);
    if (code != OK)
        return code;
    show_people(c, p);
    return OK;
}

enum code page_people(struct ctx *c, struct err *e)
{
    struct page_people p = {0};
    p.done = ctx_flash_take(c);
    return show_list(c, &p, e);
}

static uint32_t roles_sent(const struct ctx *c)
{
    uint32_t roles = 0;
    for (size_t i = 0; i < c->r->form->n_fields; i++)
        if (str_eq(c->r->form->fields[i].name, S("role")))
            roles |= (uint32_t)ctx_int(c->r->form->fields[i].value, 1, ROLE_SECURITY, 0);
    return roles & (ROLE_SECURITY * 2 - 1);
}

/* Shown in this answer only: it goes into no cookie, no log and no address. */
static enum code show_secret(struct ctx *c, int64_t person, struct str name, struct err *e)
{
    struct page_people p = {.secret_for = name};
    char password[ONE_TIME_SIZE];
    TRY(person_reset_password(&c->app->door, person, c->v->person, clock_now_ms(), password, e));
    p.secret = arena_str(c->a, str_z(password));
    memset(password, 0, sizeof(password));
    return show_list(c, &p, e);
}

struct person_job {
    struct person p;
    bool active;
    int64_t by;
    int64_t id;
    struct str posts;
    bool waits;   /* a further post is to be approved */
    int64_t unit; /* of the post that is decided; 0: his roles */
    struct viewer v;
};

static enum code write_person(struct db *db, void *arg, struct err *e)
{
    struct person_job *job = arg;
    struct person p = job->p; /* this may run again: an id made in a lost run is not kept */
    TRY(person_save(db, &p, job->by, e));
    job->id = p.id;
    return OK;
}

enum code do_person_add(struct ctx *c, struct err *e)
{
    struct person_job job = {.by = c->v->person};
    struct page_people p = {0};
    enum code code;
    job.p = (struct person){.login = str_trim(req_field(c->r, "login")),
        .name = ctx_words(c, req_field(c->r, "name")),
        .title = ctx_words(c, req_field(c->r, "title")),
        .unit = ctx_int(req_field(c->r, "unit"), 1, INT64_MAX, 0),
        .roles = roles_sent(c),
        .rank = 1000,
        .active = true};
    code = store_write(c->app->office->store, write_person, &job, e);
    if (code == E_INPUT || code == E_CONFLICT) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        p.problem = arena_str(c->a, str_z(e->msg));
        p.name = job.p.name;
        p.login = job.p.login;
        p.title = job.p.title;
        return show_list(c, &p, e);
    }
    if (code != OK)
        return code;
    return show_secret(c, job.id, job.p.name, e);
}

static enum code write_active(struct db *db, void *arg, struct err *e)
{
    struct person_job *job = arg;
    struct arena a;
    struct person p;
    enum code code;
    arena_init(&a);
    code = person_get(db, &a, job->id, &p, e);
    if (code == OK) {
        p.active = job->active;
        code = person_save(db, &p, job->by, e);
    }
    arena_release(&a);
    return code;
}

static enum code write_roles(struct db *db, void *arg, struct err *e)
{
    struct person_job *job = arg;
    struct arena a;
    struct person p;
    arena_init(&a);
    enum code code = person_get(db, &a, job->id, &p, e);
    if (code == OK) {
        p.roles = job->p.roles;
        code = person_save(db, &p, job->by, e);
    }
    arena_release(&a);
    return code;
}

/* Of somebody who has an account: by request and approval, as for a new one (role_request.h). */
static enum code do_give(struct ctx *c, const struct person *who, struct err *e)
{
    struct person_job job = {.by = c->v->person, .id = who->id, .p = {.roles = roles_sent(c)}};
    struct page_people p = {0};
    struct person now = *who;
    struct db *db;
    enum code code = store_write(c->app->office->store, write_roles, &job, e);
    if (code == E_INPUT || code == E_DENIED) {
        c->r->res.status = code == E_DENIED ? 403 : 400;
        p.problem = arena_str(c->a, str_z(e->msg));
        return show_list(c, &p, e);
    }
    TRY(code);
    TRY(store_read(c->app->office->store, &db, e));
    code = person_get(db, c->a, who->id, &now, e);
    store_read_end(db);
    TRY(code);
    ctx_flash(
        c, arena_printf(c->a,
               now.roles == job.p.roles ? "%.*s 的角色已改" : "%.*s 的角色已提出，等安全管理员批准",
               SF(who->name)));
    ctx_redirect(c, S("/people"));
    return OK;
}

static enum code posts_wait(
    struct db *db, struct arena *a, int64_t person, bool *waits, struct err *e)
{
    struct role_request *v;
    size_t n;
    TRY(role_request_list(db, a, person, &v, &n, e));
    *waits = false;
    for (size_t i = 0; i < n; i++)
        *waits = *waits || v[i].unit != 0;
    return OK;
}

static enum code write_posts(struct db *db, void *arg, struct err *e)
{
    struct person_job *job = arg;
    struct arena a;
    struct post *v;
    size_t n;
    arena_init(&a);
    enum code code = person_posts_parse(db, &a, job->posts, &v, &n, e);
    if (code == OK)
        code = person_posts_save(db, job->id, v, n, job->by, e);
    if (code == OK)
        code = posts_wait(db, &a, job->id, &job->waits, e);
    arena_release(&a);
    return code;
}

static enum code do_posts(struct ctx *c, const struct person *who, struct err *e)
{
    struct person_job job = {.by = c->v->person, .id = who->id, .posts = req_field(c->r, "posts")};
    struct page_people p = {0};
    enum code code = store_write(c->app->office->store, write_posts, &job, e);
    if (code == E_INPUT || code == E_LIMIT || code == E_NOTFOUND) {
        c->r->res.status = 400;
        p.problem = arena_str(c->a, str_z(e->msg));
        return show_list(c, &p, e);
    }
    if (code != OK)
        return code;
    ctx_flash(c, arena_printf(c->a,
                     job.waits ? "%.*s 的兼任已提出，新增的等安全管理员批准" : "%.*s 的兼任已改",
                     SF(who->name)));
    ctx_redirect(c, S("/people"));
    return OK;
}

static enum code write_decision(struct db *db, void *arg, struct err *e)
{
    const struct person_job *job = arg;
    return role_request_decide(db, &job->v, job->id, job->unit, job->active, e);
}

static enum code do_roles(struct ctx *c, const struct person *who, bool approve, struct err *e)
{
    struct person_job job = {.v = *c->v,
        .id = who->id,
        .unit = ctx_int(req_field(c->r, "unit"), 1, INT64_MAX, 0),
        .active = approve};
    TRY(store_write(c->app->office->store, write_decision, &job, e));
    ctx_flash(c, arena_printf(c->a, "%.*s 的%s已%s", SF(who->name), job.unit ? "兼任" : "授权",
                     approve ? "批准" : "退回"));
    ctx_redirect(c, S("/people"));
    return OK;
}

enum code do_person(struct ctx *c, struct err *e)
{
    struct str act = req_field(c->r, "act");
    struct person_job job = {.by = c->v->person, .id = c->id};
    struct page_people p = {0};
    struct person who;
    struct db *db;
    enum code code;
    TRY(store_read(c->app->office->store, &db, e));
    code = person_get(db, c->a, c->id, &who, e);
    store_read_end(db);
    if (code != OK)
        return code;
    if (str_eq(act, S("reset")))
        return show_secret(c, who.id, who.name, e);
    if (str_eq(act, S("approve")) || str_eq(act, S("refuse")))
        return do_roles(c, &who, str_eq(act, S("approve")), e);
    TRY(access_require(c->v, ACT_PEOPLE, e));
    if (str_eq(act, S("roles")))
        return do_give(c, &who, e);
    if (str_eq(act, S("posts")))
        return do_posts(c, &who, e);
    job.active = str_eq(act, S("enable"));
    if (!job.active && !str_eq(act, S("disable")))
        return FAIL(e, E_INPUT, "没有这种办理");
    code = store_write(c->app->office->store, write_active, &job, e);
    if (code == E_DENIED || code == E_INPUT) {
        c->r->res.status = 403;
        p.problem = arena_str(c->a, str_z(e->msg));
        return show_list(c, &p, e);
    }
    if (code != OK)
        return code;
    ctx_flash(c, arena_printf(c->a, "%.*s 的账号已%s", SF(who.name), job.active ? "启用" : "停用"));
    ctx_redirect(c, S("/people"));
    return OK;
}

/* ---- audit ---- */
struct word {
    const char *id, *name;
};
/* Verbs of the chain in the words of the office; what is not listed is shown as it is stored. */
static const struct word verbs[] = {{"person.add", "新建账号"}, {"person.change", "修改账号"},
    {"person.password", "设置密码"}, {"person.reset", "发一次性密码"},
    {"person.posts", "修改兼任单位"}, {"role.ask", "提出授权"}, {"role.approve", "批准授权"},
    {"role.refuse", "退回授权"}, {"role.withdraw", "撤回授权"}, {"person.lock", "锁定账号"},
    {"unit.add", "新建单位"}, {"unit.change", "修改单位"}, {"unit.import", "导入单位"},
    {"document.grant", "授权知悉"}, {"document.revoke", "取消知悉"},
    {"document.edit", "修改元数据"}, {"document.delete", "删除文件"}, {"import.finish", "收文"},
    {"category.add", "新建类别"}, {"category.rename", "类别改名"}, {"category.remove", "删除类别"},
    {"edition.confirm", "确认版本"}, {"edition.reject", "否定版本"}, {"held.confirm", "登记扫描件"},
    {"term.add", "新增规范表述"}, {"term.change", "修改规范表述"}, {"kind.publish", "发布事项种类"},
    {"kind.renew", "采用事项种类的新内容"}, {"kind.on", "启用事项种类"},
    {"kind.off", "停用事项种类"}, {"term.seed", "装入自带的规范表述"},
    {"term.dismiss", "不采用候选提法"}, {"holder.add", "新增人员职务"},
    {"holder.change", "修改人员职务"}, {"held.refuse", "拒收扫描件"},
    {"audit.erase", "依法删除记录内容"}, {"intake.add", "新建收文来源"},
    {"intake.remove", "删除收文来源"}, {"intake.enable", "启用收文来源"},
    {"intake.disable", "停用收文来源"}, {"matrix.export", "导出矩阵"}, {NULL, NULL}};
static const struct word kinds[] = {{"person", "人员"}, {"unit", "单位"}, {"document", "文件"},
    {"audit_event", "审计记录"}, {"category", "类别"}, {"edition", "版本组"}, {"held", "扫描件"},
    {"import", "收文批次"}, {"term", "规范表述"}, {"kind", "事项种类"}, {"holder", "人员职务"},
    {"intake", "收文来源"}, {NULL, NULL}};

static struct str word_of(const struct word *list, struct str id)
{
    for (; list->id; list++)
        if (str_eq(id, str_z(list->id)))
            return str_z(list->name);
    return id;
}

static struct str what_of(struct ctx *c, struct db *db, const struct audit_event *v)
{
    struct person who;
    struct err e;
    if (str_eq(v->kind, S("person")) && person_get(db, c->a, v->subject, &who, &e) == OK)
        return arena_printf(c->a, "%.*s（%.*s）", SF(who.name), SF(who.login));
    if (v->subject == 0)
        return word_of(kinds, v->kind);
    return arena_printf(c->a, "%.*s %lld", SF(word_of(kinds, v->kind)), (long long)v->subject);
}

static void fill_audit(
    struct ctx *c, struct db *db, const struct audit_event *v, size_t n, struct page_audit *p)
{
    p->rows = ARENA_ARRAY(c->a, struct audit_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->rows[p->n_rows++] = (struct audit_row){{v[i].at_ms},
            v[i].actor_name.n ? v[i].actor_name : S("系统"), word_of(verbs, v[i].verb),
            what_of(c, db, &v[i]), v[i].erased ? S("（已依法删除）") : v[i].payload,
            arena_str(c->a, str_sub(str_z(v[i].digest), 0, DIGEST_SHOWN))};
    if (n == AUDIT_ROWS)
        p->next = arena_printf(c->a, "/audit?before=%lld", (long long)v[n - 1].seq);
}

enum code page_audit(struct ctx *c, struct err *e)
{
    struct page_audit p = {0};
    struct audit_filter f = {.before_seq = ctx_int(req_query(c->r, "before"), 1, INT64_MAX, 0)};
    struct audit_event *list;
    struct audit_report report;
    size_t n = 0;
    struct db *db;
    enum code code;
    TRY(store_read(c->app->office->store, &db, e));
    code = audit_list(db, c->a, &f, AUDIT_ROWS, &list, &n, e);
    if (code == OK && f.before_seq == 0)
        code = audit_verify(db, &report, e);
    if (code == OK)
        fill_audit(c, db, list, n, &p);
    store_read_end(db);
    if (code != OK)
        return code;
    if (f.before_seq == 0) {
        p.chain_ok = report.bad_seq == 0 && report.bad_day == 0;
        p.chain = p.chain_ok
                      ? arena_printf(c->a, "已核验全部 %lld 条，链完好。", (long long)report.events)
                  : report.bad_seq == 0
                      ? S("记录与每日封存对不上，末尾可能被删去，请立即报告。")
                      : arena_printf(c->a, "第 %lld 条对不上，记录可能被改动过，请立即报告。",
                            (long long)report.bad_seq);
        p.head = arena_str(c->a, str_sub(str_z(report.head), 0, DIGEST_SHOWN));
    }
    show_audit(c, &p);
    return OK;
}
