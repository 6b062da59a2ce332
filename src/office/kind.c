#include "office/kind.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/json.h"
#include "base/utf8.h"
#include "office/audit.h"

/* ---- built in ---- */

#define BUILTIN(name) extern const char kind_##name##_yaml[], kind_##name##_yaml_end[];
BUILTIN(incoming)
BUILTIN(relay)
BUILTIN(supervision)
BUILTIN(countersign)
BUILTIN(meeting)
BUILTIN(request)
BUILTIN(seal)
BUILTIN(leave)
BUILTIN(oral)
BUILTIN(urgent)
BUILTIN(call)
BUILTIN(mistake)
BUILTIN(issue)
BUILTIN(speech)

static const struct {
    const char *file, *begin, *end;
} builtin[] = {
    {"incoming.yaml", kind_incoming_yaml, kind_incoming_yaml_end},
    {"relay.yaml", kind_relay_yaml, kind_relay_yaml_end},
    {"supervision.yaml", kind_supervision_yaml, kind_supervision_yaml_end},
    {"countersign.yaml", kind_countersign_yaml, kind_countersign_yaml_end},
    {"request.yaml", kind_request_yaml, kind_request_yaml_end},
    {"seal.yaml", kind_seal_yaml, kind_seal_yaml_end},
    {"leave.yaml", kind_leave_yaml, kind_leave_yaml_end},
    {"oral.yaml", kind_oral_yaml, kind_oral_yaml_end},
    {"urgent.yaml", kind_urgent_yaml, kind_urgent_yaml_end},
    {"call.yaml", kind_call_yaml, kind_call_yaml_end},
    {"mistake.yaml", kind_mistake_yaml, kind_mistake_yaml_end},
    {"issue.yaml", kind_issue_yaml, kind_issue_yaml_end},
    {"meeting.yaml", kind_meeting_yaml, kind_meeting_yaml_end},
    {"speech.yaml", kind_speech_yaml, kind_speech_yaml_end},
};

bool kind_builtin(size_t i, struct str *yaml, const char **file)
{
    if (i >= sizeof(builtin) / sizeof(builtin[0]))
        return false;
    *yaml = (struct str){builtin[i].begin, (size_t)(builtin[i].end - builtin[i].begin)};
    *file = builtin[i].file;
    return true;
}

/* ---- rows ---- */

#define ROW_COLUMNS \
    "v.id, v.kind, v.version, v.name, v.status, v.made, v.made_by, coalesce(p.name, '')"
#define ROW_FROM " FROM kind_version v LEFT JOIN person p ON p.id = v.made_by"
/* The newest version of a kind is the row that counts. */
#define NEWEST " v.version = (SELECT max(w.version) FROM kind_version w WHERE w.kind = v.kind)"

static struct kind_row row_of(struct stmt *q, struct arena *a)
{
    return (struct kind_row){.id = stmt_int(q, 0),
        .kind = arena_str(a, stmt_str(q, 1)),
        .version = stmt_int(q, 2),
        .name = arena_str(a, stmt_str(q, 3)),
        .status = (enum kind_status)stmt_int(q, 4),
        .made_ms = stmt_int(q, 5),
        .made_by = stmt_int(q, 6),
        .by_name = arena_str(a, stmt_str(q, 7))};
}

enum code kind_list(struct db *db, struct arena *a, struct kind_row **out, size_t *n, struct err *e)
{
    struct kind_row *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q =
        db_sql(db, "SELECT " ROW_COLUMNS ", v.yaml" ROW_FROM " WHERE" NEWEST " ORDER BY v.kind");

    while (stmt_step(q)) {
        struct kind_row row = row_of(q, a);
        row.yaml = arena_str(a, stmt_str(q, 8));
        ARENA_PUSH(a, v, k, cap) = row;
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code kind_versions(struct db *db, struct arena *a, struct str kind, struct kind_row **out,
    size_t *n, struct err *e)
{
    struct kind_row *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q =
        db_sql(db, "SELECT " ROW_COLUMNS ROW_FROM " WHERE v.kind = ?1 ORDER BY v.version DESC");

    stmt_bind_str(q, 1, kind);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row_of(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code kind_row_get(struct db *db, struct arena *a, struct str kind, int64_t version,
    struct kind_row *out, struct err *e)
{
    struct kind_row row = {0};
    struct stmt *q;

    if (version)
        q = db_sql(
            db, "SELECT " ROW_COLUMNS ", v.yaml" ROW_FROM " WHERE v.kind = ?1 AND v.version = ?2");
    else
        q = db_sql(db, "SELECT " ROW_COLUMNS ", v.yaml" ROW_FROM " WHERE v.kind = ?1 AND" NEWEST);
    stmt_bind_str(q, 1, kind);
    if (version)
        stmt_bind_int(q, 2, version);
    if (stmt_step(q)) {
        row = row_of(q, a);
        row.yaml = arena_str(a, stmt_str(q, 8));
    }
    TRY(stmt_end(q, e));
    if (!row.id)
        return version ? FAIL(e, E_NOTFOUND, "没有事项种类“%.*s”的第%lld版", SF(kind),
                             (long long)version)
                       : FAIL(e, E_NOTFOUND, "没有事项种类“%.*s”", SF(kind));
    *out = row;
    return OK;
}

enum code kind_seeded(
    struct db *db, struct arena *a, struct str kind, struct str *yaml, struct err *e)
{
    struct str found = S("");
    struct stmt *q = db_sql(db, "SELECT yaml FROM kind_version WHERE kind = ?1 AND made_by = 0"
                                " ORDER BY version DESC LIMIT 1");

    stmt_bind_str(q, 1, kind);
    if (stmt_step(q))
        found = arena_str(a, stmt_str(q, 0));
    TRY(stmt_end(q, e));
    *yaml = found;
    return OK;
}

/* ---- publishing ---- */

static enum code note_kind(
    struct db *db, int64_t by, const char *verb, const struct kind_row *row, struct err *e)
{
    struct buf b;
    struct jw j;
    enum code c;

    buf_init(&b, 0);
    jw_init(&j, &b);
    jw_obj(&j);
    jw_kstr(&j, "kind", row->kind);
    jw_kint(&j, "version", row->version);
    jw_end(&j);
    c = audit_simple(db, by, verb, "kind", row->id, buf_view(&b), e);
    buf_release(&b);
    return c;
}

static enum code insert(struct db *db, const struct kind_row *row, struct err *e)
{
    struct stmt *q =
        db_sql(db, "INSERT INTO kind_version (id, kind, version, name, status, yaml, made,"
                   " made_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    enum code c;

    stmt_bind_int(q, 1, row->id);
    stmt_bind_str(q, 2, row->kind);
    stmt_bind_int(q, 3, row->version);
    stmt_bind_str(q, 4, row->name);
    stmt_bind_int(q, 5, row->status);
    stmt_bind_str(q, 6, row->yaml);
    stmt_bind_int(q, 7, row->made_ms);
    stmt_bind_int(q, 8, row->made_by);
    c = stmt_run(q, NULL, e);
    if (c == E_CONFLICT)
        return FAIL(e, E_CONFLICT, "“%.*s”刚刚有人发布了第%lld版，请核对后再发布", SF(row->name),
            (long long)row->version);
    return c;
}

static enum code changed_meanwhile(const struct kind_row *now, struct err *e)
{
    struct buf when;
    enum code c;

    buf_init(&when, 100);
    clock_write_minute(&when, now->made_ms, ZONE_CHINA);
    c = FAIL(e, E_CONFLICT, "%.*s已于%.*s发布了“%.*s”的第%lld版，请核对后再发布",
        SF(now->by_name.n ? now->by_name : S("系统")), SF(buf_view(&when)), SF(now->name),
        (long long)now->version);
    buf_release(&when);
    return c;
}

static enum code publish(
    struct db *db, struct arena *a, const struct kind_draft *d, int64_t *version, struct err *e)
{
    struct kind_row now = {0}, row;
    struct kind *k;
    struct err none;
    enum code c;

    TRY(kind_read(a, d->yaml, d->file, &k, e));
    if (d->kind.n && !str_eq(k->id, d->kind))
        return FAIL(e, E_INPUT, "文件“%s”第1行：“kind”应是“%.*s”，不能改成“%.*s”", d->file,
            SF(d->kind), SF(k->id));
    c = kind_row_get(db, a, k->id, 0, &now, &none);
    if (c != OK && c != E_NOTFOUND) {
        *e = none;
        return c;
    }
    if (d->seen && d->seen != now.version)
        return changed_meanwhile(&now, e);
    if (now.id && str_eq(now.yaml, d->yaml)) {
        *version = now.version;
        return OK;
    }
    row = (struct kind_row){.id = id_next(),
        .kind = k->id,
        .version = now.version + 1,
        .name = k->name,
        .status = now.id       ? now.status
                  : k->enabled ? KIND_PUBLISHED
                               : KIND_OFF,
        .yaml = d->yaml,
        .made_ms = clock_now_ms(),
        .made_by = d->by};
    TRY(insert(db, &row, e));
    TRY(note_kind(db, d->by, "kind.publish", &row, e));
    *version = row.version;
    return OK;
}

enum code kind_publish(struct db *db, const struct kind_draft *d, int64_t *version, struct err *e)
{
    struct arena a;
    enum code c;

    arena_init(&a);
    c = publish(db, &a, d, version, e);
    arena_release(&a);
    return c;
}

static enum code switch_row(
    struct db *db, struct arena *a, struct str kind, bool on, int64_t by, struct err *e)
{
    struct kind_row row;
    enum kind_status want = on ? KIND_PUBLISHED : KIND_OFF;
    struct stmt *q;

    TRY(kind_row_get(db, a, kind, 0, &row, e));
    if (row.status == want)
        return OK;
    q = db_sql(db, "UPDATE kind_version SET status = ?2 WHERE id = ?1");
    stmt_bind_int(q, 1, row.id);
    stmt_bind_int(q, 2, want);
    TRY(stmt_run(q, NULL, e));
    return note_kind(db, by, on ? "kind.on" : "kind.off", &row, e);
}

enum code kind_switch(struct db *db, struct str kind, bool on, int64_t by, struct err *e)
{
    struct arena a;
    enum code c;

    arena_init(&a);
    c = switch_row(db, &a, kind, on, by, e);
    arena_release(&a);
    return c;
}

static enum code seed_one(
    struct db *db, struct arena *a, struct str yaml, const char *file, struct err *e)
{
    struct kind_draft d = {.yaml = yaml, .file = file};
    struct kind_row row;
    struct kind *k;
    struct err none;
    int64_t version;
    enum code c;

    TRY(kind_read(a, yaml, file, &k, e));
    c = kind_row_get(db, a, k->id, 0, &row, &none);
    if (c == E_NOTFOUND)
        return kind_publish(db, &d, &version, e);
    if (c != OK)
        *e = none;
    return c;
}

enum code kind_seed(struct db *db, struct err *e)
{
    struct str yaml;
    const char *file;

    for (size_t i = 0; kind_builtin(i, &yaml, &file); i++) {
        struct arena a;
        enum code c;
        arena_init(&a);
        c = seed_one(db, &a, yaml, file, e);
        arena_release(&a);
        if (c != OK)
            return c;
    }
    return OK;
}

/* ---- the registry ---- */

struct held {
    struct held *next;
    struct arena a;
    struct kind *kind;
};

struct kinds {
    pthread_mutex_t lock; /* guards first */
    struct held *first;
};

struct kinds *kinds_new(void)
{
    struct kinds *r = mem_alloc(sizeof(*r));

    (void)pthread_mutex_init(&r->lock, NULL);
    return r;
}

void kinds_free(struct kinds *r)
{
    if (!r)
        return;
    for (struct held *h = r->first, *next; h; h = next) {
        next = h->next;
        arena_release(&h->a);
        free(h);
    }
    (void)pthread_mutex_destroy(&r->lock);
    free(r);
}

/* The lock is held. */
static const struct kind *look(const struct kinds *r, struct str kind, int64_t version)
{
    for (const struct held *h = r->first; h; h = h->next)
        if (h->kind->version == version && str_eq(h->kind->id, kind))
            return h->kind;
    return NULL;
}

static enum code newest(
    struct db *db, struct str kind, bool off_too, int64_t *version, struct err *e)
{
    struct stmt *q =
        db_sql(db, "SELECT v.version, v.status, v.name FROM kind_version v WHERE v.kind = ?1"
                   " ORDER BY v.version DESC LIMIT 1");
    int64_t found = 0;
    enum code c = OK;
    struct err off = {.code = OK};

    stmt_bind_str(q, 1, kind);
    if (stmt_step(q)) {
        found = stmt_int(q, 0);
        if (stmt_int(q, 1) == KIND_OFF && !off_too)
            c = FAIL(&off, E_DENIED, "“%.*s”已停用，不能新办；请由科长在事项种类里启用",
                SF(stmt_str(q, 2)));
    }
    TRY(stmt_end(q, e));
    if (c != OK) {
        *e = off;
        return c;
    }
    if (!found)
        return FAIL(e, E_NOTFOUND, "没有事项种类“%.*s”", SF(kind));
    *version = found;
    return OK;
}

/* Read the version without the lock; two threads may both do it, and the second one's is given up. */
static enum code load(
    struct db *db, struct str kind, int64_t version, struct held *h, struct err *e)
{
    struct kind_row row = {0};

    TRY(kind_row_get(db, &h->a, kind, version, &row, e));
    if (kind_read(&h->a, row.yaml, "已发布的事项种类", &h->kind, e) != OK)
        return err_context(e, "事项种类“%.*s”第%lld版", SF(kind), (long long)version);
    h->kind->version = version;
    return OK;
}

enum code kinds_get(struct kinds *r, struct db *db, struct str kind, int64_t version,
    const struct kind **out, struct err *e)
{
    const struct kind *k;
    struct held *h;
    enum code c;

    if (version == 0)
        TRY(newest(db, kind, false, &version, e));
    (void)pthread_mutex_lock(&r->lock);
    k = look(r, kind, version);
    (void)pthread_mutex_unlock(&r->lock);
    if (k) {
        *out = k;
        return OK;
    }
    h = mem_alloc(sizeof(*h));
    arena_init(&h->a);
    c = load(db, kind, version, h, e);
    if (c == OK) {
        (void)pthread_mutex_lock(&r->lock);
        k = look(r, kind, version);
        if (!k) {
            h->next = r->first;
            r->first = h;
            *out = h->kind;
            h = NULL;
        } else
            *out = k;
        (void)pthread_mutex_unlock(&r->lock);
    }
    if (h) {
        arena_release(&h->a);
        free(h);
    }
    return c;
}

enum code kinds_newest(
    struct kinds *r, struct db *db, struct str kind, const struct kind **out, struct err *e)
{
    int64_t version = 0;
    TRY(newest(db, kind, true, &version, e));
    return kinds_get(r, db, kind, version, out, e);
}

enum code kinds_on(
    struct kinds *r, struct db *db, struct arena *a, struct kind_on **out, size_t *n, struct err *e)
{
    struct newest {
        struct str kind;
        int64_t version;
    } *v = NULL;
    size_t k = 0, cap = 0, kept = 0;
    struct stmt *q = db_sql(db, DB_PLAN_ONCE
        "SELECT v.kind, v.version FROM kind_version v WHERE v.status = ?1 AND v.version"
        " = (SELECT max(o.version) FROM kind_version o WHERE o.kind = v.kind)"
        " ORDER BY (SELECT min(f.id) FROM kind_version f WHERE f.kind = v.kind)");

    stmt_bind_int(q, 1, KIND_PUBLISHED);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = (struct newest){arena_str(a, stmt_str(q, 0)), stmt_int(q, 1)};
    TRY(stmt_end(q, e));
    struct kind_on *on = ARENA_ARRAY(a, struct kind_on, k + 1);
    for (size_t i = 0; i < k; i++) {
        const struct kind *one;
        struct err
            none; /* one that cannot be read any more is left out here, and named where it is used */
        if (kinds_get(r, db, v[i].kind, v[i].version, &one, &none) == OK)
            on[kept++] = (struct kind_on){one->id, one->name, one->entry};
    }
    *out = on;
    *n = kept;
    return OK;
}
