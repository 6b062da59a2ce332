/* template_office.c - the templates of the project, and those of units in table `template`. */
#include "base/buf.h"
#include "base/json.h"
#include "office/audit.h"
#include "office/template.h"
#include "text/secret.h"

/* ---- of the project ---- */

#define BUILTIN(name) extern const char template_##name##_txt[], template_##name##_txt_end[];
BUILTIN(resolution)
BUILTIN(decision)
BUILTIN(order)
BUILTIN(communique)
BUILTIN(announcement)
BUILTIN(public_notice)
BUILTIN(opinion)
BUILTIN(notice)
BUILTIN(circular)
BUILTIN(report)
BUILTIN(request)
BUILTIN(reply)
BUILTIN(bill)
BUILTIN(letter)
BUILTIN(minutes)
BUILTIN(speech)
BUILTIN(outline)
BUILTIN(host)
BUILTIN(plan)
BUILTIN(summary)
BUILTIN(work_report)
BUILTIN(study)
BUILTIN(bulletin)

#define BUILT(name, file)                                      \
    {                                                          \
        file, template_##name##_txt, template_##name##_txt_end \
    }
static const struct {
    const char *file, *begin, *end;
} builtin[] = {
    BUILT(resolution, "resolution.txt"),
    BUILT(decision, "decision.txt"),
    BUILT(order, "order.txt"),
    BUILT(communique, "communique.txt"),
    BUILT(announcement, "announcement.txt"),
    BUILT(public_notice, "public-notice.txt"),
    BUILT(opinion, "opinion.txt"),
    BUILT(notice, "notice.txt"),
    BUILT(circular, "circular.txt"),
    BUILT(report, "report.txt"),
    BUILT(request, "request.txt"),
    BUILT(reply, "reply.txt"),
    BUILT(bill, "bill.txt"),
    BUILT(letter, "letter.txt"),
    BUILT(minutes, "minutes.txt"),
    BUILT(speech, "speech.txt"),
    BUILT(outline, "outline.txt"),
    BUILT(host, "host.txt"),
    BUILT(plan, "plan.txt"),
    BUILT(summary, "summary.txt"),
    BUILT(work_report, "work-report.txt"),
    BUILT(study, "study.txt"),
    BUILT(bulletin, "bulletin.txt"),
};

bool template_builtin(size_t i, struct str *file, const char **name)
{
    if (i >= sizeof builtin / sizeof *builtin)
        return false;
    *file = (struct str){builtin[i].begin, (size_t)(builtin[i].end - builtin[i].begin)};
    *name = builtin[i].file;
    return true;
}

/* ---- rows ---- */

struct rows {
    struct template_row *v;
    size_t n, cap;
};

static struct template_row *row_of(const struct rows *r, struct str id)
{
    for (size_t i = 0; i < r->n; i++)
        if (str_eq(r->v[i].id, id))
            return &r->v[i];
    return NULL;
}

static enum code delivered(struct arena *a, struct rows *r, struct err *e)
{
    const char *name;
    struct str file;

    for (size_t i = 0; template_builtin(i, &file, &name); i++) {
        struct template t;
        TRY(template_read(a, file, name, &t, e));
        ARENA_PUSH(a, r->v, r->n, r->cap) = (struct template_row){
            .id = t.id, .name = t.name, .group = t.group, .about = t.about, .file = file};
    }
    return OK;
}

/* A row nearer to the person comes behind those farther away, and wins. */
static void lay_over(struct arena *a, struct rows *r, struct stmt *q)
{
    struct str id = stmt_str(q, 0), file = stmt_str(q, 4);
    struct template_row *row = row_of(r, id);

    if (!row) {
        if (!file.n) /* switched off once, and no longer delivered */
            return;
        row = &ARENA_PUSH(a, r->v, r->n, r->cap);
        *row = (struct template_row){.id = arena_str(a, id)};
    }
    row->off = stmt_int(q, 5) != 0;
    if (!file.n)
        return;
    row->name = arena_str(a, stmt_str(q, 1));
    row->group = arena_str(a, stmt_str(q, 2));
    row->about = arena_str(a, stmt_str(q, 3));
    row->file = arena_str(a, file);
    row->revision = stmt_int(q, 6);
    row->changed_ms = stmt_int(q, 7);
    row->unit = stmt_int(q, 8);
    row->unit_name = arena_str(a, stmt_str(q, 9));
}

static enum code read_rows(
    struct db *db, struct arena *a, const struct actor *by, struct rows *r, struct err *e)
{
    struct stmt *q;

    TRY(access_require(by->v, ACT_ITEMS, e));
    TRY(delivered(a, r, e));
    q = db_sql(db,
        "WITH RECURSIVE up(id, parent, depth) AS (SELECT id, parent, 0 FROM unit WHERE id = ?1"
        " UNION ALL SELECT u.id, u.parent, up.depth + 1 FROM unit u JOIN up ON u.id = up.parent"
        " WHERE up.depth < 32)"
        " SELECT t.id, t.name, t.sort, t.about, t.body, t.off, t.revision, t.changed, t.unit,"
        " coalesce(u.name, '') FROM template t LEFT JOIN up ON up.id = t.unit"
        " LEFT JOIN unit u ON u.id = t.unit WHERE t.unit = 0 OR up.id IS NOT NULL"
        " ORDER BY CASE WHEN t.unit = 0 THEN 1000 ELSE up.depth END DESC, t.name, t.id");
    stmt_bind_int(q, 1, by->v->unit);
    while (stmt_step(q))
        lay_over(a, r, q);
    return stmt_end(q, e);
}

enum code template_list(struct db *db, struct arena *a, const struct actor *by, bool all,
    struct template_row **out, size_t *n, struct err *e)
{
    struct rows r = {0};
    size_t kept = 0;

    TRY(read_rows(db, a, by, &r, e));
    for (size_t i = 0; i < r.n; i++)
        if (all || !r.v[i].off)
            r.v[kept++] = r.v[i];
    *out = r.v;
    *n = kept;
    return OK;
}

enum code template_get(struct db *db, struct arena *a, const struct actor *by, struct str id,
    struct template_row *out, struct err *e)
{
    struct rows r = {0};
    const struct template_row *row;

    TRY(read_rows(db, a, by, &r, e));
    row = row_of(&r, id);
    if (!row)
        return FAIL(e, E_NOTFOUND, "没有模板“%.*s”", SF(id));
    *out = *row;
    return OK;
}

/* ---- changing ---- */

bool template_may(const struct viewer *v)
{
    return v->owner || (v->roles & ROLE_CHIEF);
}

static int64_t unit_of(const struct viewer *v)
{
    return v->owner ? 0 : v->unit;
}

static enum code may(const struct actor *by, struct err *e)
{
    return template_may(by->v) ? OK : FAIL(e, E_DENIED, "模板由本单位的科长维护");
}

static enum code note(
    struct db *db, const struct actor *by, const char *verb, struct str id, struct err *e)
{
    enum code c;
    struct buf b;
    struct jw w;

    buf_init(&b, 0);
    jw_init(&w, &b);
    jw_obj(&w);
    jw_kstr(&w, "template", id);
    jw_end(&w);
    c = audit_simple(db, by->v->person, verb, "unit", unit_of(by->v), buf_view(&b), e);
    buf_release(&b);
    return c;
}

/* The unit's own row: its revision (0: none), and whether it bears a text. */
static enum code own_row(struct db *db, const struct actor *by, struct str id, int64_t *revision,
    bool *text, struct err *e)
{
    struct stmt *q =
        db_sql(db, "SELECT revision, length(body) FROM template WHERE unit = ?1 AND id = ?2");

    *revision = 0;
    *text = false;
    stmt_bind_int(q, 1, unit_of(by->v));
    stmt_bind_str(q, 2, id);
    if (stmt_step(q)) {
        *revision = stmt_int(q, 0);
        *text = stmt_int(q, 1) != 0;
    }
    return stmt_end(q, e);
}

static enum code room(struct db *db, const struct actor *by, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT count(*) FROM template WHERE unit = ?1");
    int64_t n = 0;

    stmt_bind_int(q, 1, unit_of(by->v));
    if (stmt_step(q))
        n = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    return n < TEMPLATE_UNIT_MAX
               ? OK
               : FAIL(e, E_LIMIT, "本单位的模板已有%d个，请先删去不用的", TEMPLATE_UNIT_MAX);
}

enum code template_save(struct db *db, struct arena *a, const struct actor *by, struct str file,
    int64_t revision, struct str *id, struct err *e)
{
    struct secret_mark mark;
    struct template t;
    struct stmt *q;
    int64_t now;
    bool text;

    TRY(may(by, e));
    TRY(template_read(a, file, "模板", &t, e));
    if (secret_find(t.text, &mark))
        return FAIL(e, E_SECRET, "模板带有密级标志，不能保存");
    TRY(own_row(db, by, t.id, &now, &text, e));
    if (now != revision && (text || revision))
        return FAIL(e, E_CONFLICT, "模板“%.*s”刚被别人改过，请看过新的内容再改", SF(t.name));
    if (!now)
        TRY(room(db, by, e));
    q = db_sql(db,
        "INSERT INTO template(unit, id, name, sort, about, body, off, revision, changed, by_person)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?8, ?9) ON CONFLICT(unit, id) DO UPDATE SET"
        " name = excluded.name, sort = excluded.sort, about = excluded.about, body = excluded.body,"
        " revision = excluded.revision, changed = excluded.changed,"
        " by_person = excluded.by_person");
    stmt_bind_int(q, 1, unit_of(by->v));
    stmt_bind_str(q, 2, t.id);
    stmt_bind_str(q, 3, t.name);
    stmt_bind_str(q, 4, t.group);
    stmt_bind_str(q, 5, t.about);
    stmt_bind_str(q, 6, file);
    stmt_bind_int(q, 7, now + 1);
    stmt_bind_int(q, 8, by->now_ms);
    stmt_bind_int(q, 9, by->v->person);
    TRY(stmt_run(q, NULL, e));
    *id = t.id;
    return note(db, by, "template.save", t.id, e);
}

enum code template_switch(
    struct db *db, struct arena *a, const struct actor *by, struct str id, bool on, struct err *e)
{
    struct template_row row = {0};
    struct stmt *q;

    TRY(may(by, e));
    TRY(template_get(db, a, by, id, &row, e));
    q = db_sql(db,
        "INSERT INTO template(unit, id, name, sort, about, body, off, revision, changed, by_person)"
        " VALUES(?1, ?2, ?3, ?4, '', '', ?5, 1, ?6, ?7) ON CONFLICT(unit, id) DO UPDATE SET"
        " off = excluded.off, changed = excluded.changed, by_person = excluded.by_person");
    stmt_bind_int(q, 1, unit_of(by->v));
    stmt_bind_str(q, 2, id);
    stmt_bind_str(q, 3, row.name);
    stmt_bind_str(q, 4, row.group);
    stmt_bind_int(q, 5, !on);
    stmt_bind_int(q, 6, by->now_ms);
    stmt_bind_int(q, 7, by->v->person);
    TRY(stmt_run(q, NULL, e));
    return note(db, by, on ? "template.on" : "template.off", id, e);
}

enum code template_drop(struct db *db, const struct actor *by, struct str id, struct err *e)
{
    int64_t revision;
    struct stmt *q;
    bool text;

    TRY(may(by, e));
    TRY(own_row(db, by, id, &revision, &text, e));
    if (!text)
        return FAIL(e, E_NOTFOUND, "“%.*s”不是本单位的模板，不能删去，可以停用", SF(id));
    q = db_sql(db, "DELETE FROM template WHERE unit = ?1 AND id = ?2");
    stmt_bind_int(q, 1, unit_of(by->v));
    stmt_bind_str(q, 2, id);
    TRY(stmt_run(q, NULL, e));
    return note(db, by, "template.drop", id, e);
}
