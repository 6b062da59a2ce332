/* verify.c names the tables of other nouns: it only reads, and asks what no noun needs for its own work. */
#include "office/verify.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "office/audit.h"
#include "office/index.h"
#include "office/item_event.h"
#include "store/blob.h"

enum { PAGE = 200 };

struct look {
    struct office *o;
    struct verify *v;
    int64_t all; /* things of the step in work */
};

static void found(struct look *l, const char *fmt, ...) PRINTF(2, 3);
static void found(struct look *l, const char *fmt, ...)
{
    char line[600];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(line, sizeof(line), fmt, ap);
    va_end(ap);
    l->v->findings++;
    if (l->v->finding)
        l->v->finding(l->v->arg, line);
}

static bool go_on(struct look *l, const char *step, int64_t done)
{
    struct verify *v = l->v;
    if (!v->stopped && v->progress && !v->progress(v->arg, step, done, l->all))
        v->stopped = true;
    return !v->stopped;
}

static enum code count(struct db *db, const char *sql, int64_t *n, struct err *e)
{
    struct stmt *q = db_sql(db, sql);
    int64_t v = stmt_step(q) ? stmt_int(q, 0) : 0;
    TRY(stmt_end(q, e));
    *n = v;
    return OK;
}

/* ---- the database file itself ---- */

static enum code look_database(struct look *l, struct db *db, struct err *e)
{
    if (db_is_pg(db))
        return OK;
    struct stmt *q = db_sql(db, "PRAGMA quick_check(20)");
    while (stmt_step(q))
        if (!str_eq(stmt_str(q, 0), S("ok")))
            found(l, "数据库文件损坏：%.*s", SF(stmt_str(q, 0)));
    return stmt_end(q, e);
}

/* ---- originals ---- */

static enum code used_by(struct db *db, struct str hex, bool *used, struct err *e)
{
    static const char *const ask[] = {
        "SELECT 1 FROM document WHERE blob = ?1 AND deleted = 0 LIMIT 1",
        "SELECT 1 FROM held WHERE blob = ?1 AND state = 0 LIMIT 1",
        "SELECT 1 FROM item_file WHERE blob = ?1 LIMIT 1",
        "SELECT 1 FROM proof WHERE blob = ?1 LIMIT 1",
        "SELECT 1 FROM evidence WHERE ?1 IN (pdf, book, pack) LIMIT 1",
        "SELECT 1 FROM seal WHERE png = ?1 LIMIT 1",
        "SELECT 1 FROM archive_pack WHERE digest = ?1 LIMIT 1",
        "SELECT 1 FROM document WHERE blob = ?1 LIMIT 1",
        "SELECT 1 FROM held WHERE blob = ?1 LIMIT 1",
    };
    *used = false;
    for (size_t i = 0; i < sizeof(ask) / sizeof(*ask) && !*used; i++) {
        struct stmt *q = db_sql(db, ask[i]);
        stmt_bind_str(q, 1, hex);
        *used = stmt_step(q);
        TRY(stmt_end(q, e));
    }
    return OK;
}

static enum code look_original(struct look *l, struct db *db, const char *hex, struct err *e)
{
    bool used;
    struct err why;
    enum code c = blob_verify(db, str_z(hex), &why);
    if (c != OK)
        found(l, "原件 %.16s…：%s", hex, why.msg);
    TRY(used_by(db, str_z(hex), &used, e));
    if (!used)
        found(l, "原件 %.16s…：没有资料使用它", hex);
    l->v->originals++;
    return OK;
}

/* One page of originals in a snapshot of its own: a long one would keep the log from being cleared. */
static enum code page_of_originals(struct look *l, char hex[SM3_HEX + 1], bool *more, struct err *e)
{
    struct db *db;
    struct err end;
    enum code c = OK;
    TRY(store_read(l->o->store, &db, e));
    *more = true;
    for (int i = 0; i < PAGE && c == OK && *more; i++) {
        enum code next = blob_next(db, hex, &end);
        *more = next == OK;
        if (next == OK)
            c = look_original(l, db, hex, e);
        else if (next != E_NOTFOUND)
            c = FAIL(e, next, "%s", end.msg);
    }
    store_read_end(db);
    return c;
}

static enum code look_originals(struct look *l, struct err *e)
{
    char hex[SM3_HEX + 1] = "";
    bool more = true;
    while (more && go_on(l, "核对原件", l->v->originals))
        TRY(page_of_originals(l, hex, &more, e));
    return OK;
}

/* ---- documents and their texts ---- */

static enum code page_of_documents(struct look *l, int64_t *last, bool *more, struct err *e)
{
    struct {
        int64_t id;
        char blob[SM3_HEX + 1];
    } row[PAGE];
    size_t n = 0;
    struct db *db;
    struct err why;
    TRY(store_read(l->o->store, &db, e));
    struct stmt *q = db_sql(db, "SELECT id, blob FROM document WHERE id > ?1 ORDER BY id LIMIT ?2");
    stmt_bind_int(q, 1, *last);
    stmt_bind_int(q, 2, PAGE);
    while (stmt_step(q) && n < PAGE) {
        struct str b = stmt_str(q, 1);
        row[n].id = stmt_int(q, 0);
        (void)snprintf(row[n++].blob, sizeof(row[0].blob), "%.*s", SF(b));
    }
    enum code c = stmt_end(q, e);
    for (size_t i = 0; c == OK && i < n; i++) {
        int64_t size;
        if (blob_size(db, str_z(row[i].blob), &size, &why) != OK)
            found(l, "资料 %lld：原件不在（%s）", (long long)row[i].id, why.msg);
        *last = row[i].id;
        l->v->documents++;
    }
    *more = n == PAGE;
    store_read_end(db);
    return c;
}

static enum code page_of_texts(
    struct look *l, int64_t *doc, int64_t *version, bool *more, struct err *e)
{
    size_t n = 0;
    struct db *db;
    TRY(store_read(l->o->store, &db, e));
    struct stmt *q = db_sql(db,
        "SELECT t.document, t.version, t.text, t.digest, d.chars, d.text_version FROM doc_text t"
        " LEFT JOIN document d ON d.id = t.document"
        " WHERE (t.document, t.version) > (?1, ?2)"
        " ORDER BY t.document, t.version LIMIT ?3");
    stmt_bind_int(q, 1, *doc);
    stmt_bind_int(q, 2, *version);
    stmt_bind_int(q, 3, PAGE);
    while (stmt_step(q)) {
        char hex[SM3_HEX + 1];
        struct str text = stmt_str(q, 2);
        *doc = stmt_int(q, 0);
        *version = stmt_int(q, 1);
        struct digest d = sm3(text);
        if (!str_eq(stmt_str(q, 3), digest_hex(&d, hex)))
            found(l, "资料 %lld：第%lld版文字与摘要不符", (long long)*doc, (long long)*version);
        if (stmt_null(q, 4))
            found(l, "资料 %lld：有文字而没有登记", (long long)*doc);
        else if (stmt_int(q, 5) == *version && stmt_int(q, 4) != (int64_t)utf8_len_cp(text))
            found(l, "资料 %lld：文字的字数与登记的不符", (long long)*doc);
        n++;
        l->v->texts++;
    }
    enum code c = stmt_end(q, e);
    store_read_end(db);
    *more = n == PAGE;
    return c;
}

static enum code look_documents(struct look *l, struct err *e)
{
    int64_t last = 0, version = 0;
    bool more = true;
    while (more && go_on(l, "核对登记", l->v->documents))
        TRY(page_of_documents(l, &last, &more, e));
    last = 0;
    more = true;
    while (more && go_on(l, "核对文字", l->v->texts))
        TRY(page_of_texts(l, &last, &version, &more, e));
    return OK;
}

/* What points at what is not there. */
static enum code look_references(struct look *l, struct db *db, struct err *e)
{
    static const struct {
        const char *sql, *what;
    } ask[] = {
        {"SELECT count(*) FROM document d WHERE NOT EXISTS (SELECT 1 FROM doc_text t WHERE"
         " t.document = d.id AND t.version = d.text_version)",
            "份资料没有现行文字"},
        {"SELECT count(*) FROM document d WHERE d.parent <> 0 AND NOT EXISTS"
         " (SELECT 1 FROM document p WHERE p.id = d.parent)",
            "份附件找不到它所在的邮件"},
        {"SELECT count(*) FROM document d WHERE d.issuer <> 0 AND NOT EXISTS"
         " (SELECT 1 FROM issuer i WHERE i.id = d.issuer)",
            "份资料的发文机关不在"},
        {"SELECT count(*) FROM document d WHERE d.category <> 0 AND NOT EXISTS"
         " (SELECT 1 FROM category c WHERE c.id = d.category)",
            "份资料的类别不在"},
        {"SELECT count(*) FROM citation c WHERE NOT EXISTS (SELECT 1 FROM document d WHERE"
         " d.id = c.document)",
            "条引用所在的资料不在"},
        {"SELECT count(*) FROM document d WHERE d.deleted = 0 AND NOT EXISTS"
         " (SELECT 1 FROM change c WHERE c.document = d.id)",
            "份资料没有进入索引的变更记录"},
    };
    for (size_t i = 0; i < sizeof(ask) / sizeof(*ask); i++) {
        int64_t n;
        TRY(count(db, ask[i].sql, &n, e));
        if (n)
            found(l, "%lld%s", (long long)n, ask[i].what);
    }
    return OK;
}

/* ---- the corpus and the chain ---- */

static enum code look_corpus(struct look *l, int64_t expected, struct err *e)
{
    struct corpus_stats s;
    struct buf report;
    struct str rest, line;
    buf_init(&report, 1 << 20);
    enum code c = corpus_verify(l->o->corpus, &report, e);
    rest = buf_view(&report);
    while (c == OK && str_next(&rest, S("\n"), &line))
        if (line.n)
            found(l, "索引：%.*s", SF(line));
    buf_release(&report);
    if (c != OK)
        return c;
    corpus_stats(l->o->corpus, &s);
    l->v->indexed = s.documents;
    if (!l->o->read_only && s.documents != expected)
        found(l, "索引：有%lld份，数据库里有%lld份，请执行 qianshao reindex",
            (long long)s.documents, (long long)expected);
    return OK;
}

static enum code look_chain(struct look *l, struct db *db, struct err *e)
{
    struct audit_report r;
    TRY(audit_verify(db, &r, e));
    l->v->events = r.events;
    if (r.bad_seq)
        found(l, "操作记录：第%lld条对不上，从这里起的记录被改动过或缺失", (long long)r.bad_seq);
    if (r.bad_day) {
        char day[DAY_ISO_SIZE];
        day_iso(day_of(r.bad_day), day);
        if (r.cut_item)
            found(l, "办理记录：事项 %lld 在%s封存时已有的记录不见了，末尾被删去",
                (long long)r.cut_item, day);
        else if (r.cut_seq)
            found(l, "操作记录：%s封存时有%lld条，现在只有%lld条，末尾被删去", day,
                (long long)r.cut_seq, (long long)r.events);
        else
            found(l, "操作记录：%s的封存与记录对不上，封存被改动过", day);
    }
    if (r.seals) {
        day_iso(day_of(r.seal_day), l->v->seal_day);
        memcpy(l->v->seal, r.seal, sizeof(r.seal));
    }
    return OK;
}

/* The revision of an item is the length of its chain: a row that was changed by hand, or put back from elsewhere, shows. */
static enum code look_revisions(struct look *l, struct db *db, struct err *e)
{
    struct stmt *q = db_sql(db,
        "SELECT i.id, i.revision, coalesce(v.n, 0) FROM item i LEFT JOIN (SELECT item, max(seq) AS "
        "n"
        " FROM item_event GROUP BY item) v ON v.item = i.id WHERE i.revision <> coalesce(v.n, 0)"
        " UNION SELECT v.item, 0, max(v.seq) FROM item_event v WHERE NOT EXISTS (SELECT 1 FROM "
        "item i"
        " WHERE i.id = v.item) GROUP BY v.item ORDER BY 1 LIMIT 20");
    while (stmt_step(q))
        found(l, "事项 %lld 是第%lld版，办理记录却有%lld条，事项或记录被改动过或缺失",
            (long long)stmt_int(q, 0), (long long)stmt_int(q, 1), (long long)stmt_int(q, 2));
    return stmt_end(q, e);
}

static enum code look_items(struct look *l, struct db *db, struct err *e)
{
    int64_t item, seq;
    TRY(item_event_verify(db, &l->v->item_events, &item, &seq, e));
    if (item)
        found(l, "办理记录：事项 %lld 的第%lld条对不上，从这里起的记录被改动过或缺失",
            (long long)item, (long long)seq);
    return look_revisions(l, db, e);
}

static enum code look_whole(struct look *l, int64_t *live, struct err *e)
{
    struct db *db;
    TRY(store_read(l->o->store, &db, e));
    enum code c = look_database(l, db, e);
    if (c == OK)
        c = look_references(l, db, e);
    if (c == OK)
        c = look_chain(l, db, e);
    if (c == OK)
        c = look_items(l, db, e);
    if (c == OK)
        c = count(db, "SELECT count(*) FROM document WHERE deleted = 0", live, e);
    if (c == OK)
        c = count(db, "SELECT count(*) FROM document", &l->all, e);
    store_read_end(db);
    return c;
}

enum code verify_office(struct office *o, struct verify *v, struct err *e)
{
    struct look l = {.o = o, .v = v};
    int64_t live = 0;
    if (!o->read_only)
        TRY(index_follow_all(o, NULL, NULL, e));
    TRY(look_whole(&l, &live, e));
    TRY(look_originals(&l, e));
    TRY(look_documents(&l, e));
    if (go_on(&l, "核对索引", 0))
        TRY(look_corpus(&l, live, e));
    return OK;
}
