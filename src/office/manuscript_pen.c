#include "office/manuscript_pen.h"

#include "base/id.h"
#include "base/sm3.h"
#include "base/utf8.h"
#include "office/audit.h"
#include "office/manuscript_edit.h"
#include "office/manuscript_int.h"
#include "office/manuscript_pen_sheet.h"
#include "office/manuscript_version.h"

#define COLUMNS                                                                       \
    "x.id, x.manuscript, x.version, x.person, x.corrector, x.day, x.state, x.result," \
    " x.clerk, x.begun, x.done, x.checked, x.check_by, x.check_at, x.check_words,"    \
    " coalesce(v.name, ''), coalesce(c.name, ''), coalesce(k.name, '')"
#define FROM                                                                              \
    " FROM manuscript_pen x LEFT JOIN manuscript_version v ON v.id = x.version LEFT JOIN" \
    " person c ON c.id = x.clerk LEFT JOIN person k ON k.id = x.check_by"

static struct manuscript_pen row(struct stmt *q, struct arena *a)
{
    return (struct manuscript_pen){.id = stmt_int(q, 0),
        .manuscript = stmt_int(q, 1),
        .version = stmt_int(q, 2),
        .person = stmt_int(q, 3),
        .corrector = arena_str(a, stmt_str(q, 4)),
        .day = arena_str(a, stmt_str(q, 5)),
        .state = (enum pen_state)stmt_int(q, 6),
        .result = stmt_int(q, 7),
        .clerk = stmt_int(q, 8),
        .begun_ms = stmt_int(q, 9),
        .done_ms = stmt_int(q, 10),
        .check = (enum pen_check)stmt_int(q, 11),
        .check_by = stmt_int(q, 12),
        .check_ms = stmt_int(q, 13),
        .check_words = arena_str(a, stmt_str(q, 14)),
        .version_name = arena_str(a, stmt_str(q, 15)),
        .clerk_name = arena_str(a, stmt_str(q, 16)),
        .check_name = arena_str(a, stmt_str(q, 17))};
}

static void judge(const struct actor *by, const struct manuscript *m, struct manuscript_pen *p)
{
    bool writes = m->may[MANUSCRIPT_WRITE];
    p->may_enter = p->state == PEN_OPEN && writes;
    p->may_check = p->state == PEN_DONE && p->check == PEN_UNCHECKED && p->clerk != by->v->person &&
                   (writes || p->person == by->v->person);
}

enum code manuscript_pens(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct manuscript_pen **out, size_t *n, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct manuscript_pen *v = NULL;
    size_t k = 0, cap = 0;
    TRY(manuscript_get(db, a, by, id, &m, e));
    struct stmt *q =
        db_sql(db, "SELECT " COLUMNS FROM
                   " WHERE x.manuscript = ?1 ORDER BY x.begun DESC, x.id DESC LIMIT ?2");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, PENS_MAX);
    while (stmt_step(q)) {
        struct manuscript_pen p = row(q, a);
        judge(by, &m, &p);
        ARENA_PUSH(a, v, k, cap) = p;
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code manuscript_pen_get(struct db *db, struct arena *a, const struct actor *by, int64_t pen,
    struct manuscript_pen *out, struct str *text, struct str *printed, struct err *e)
{
    struct manuscript_pen p = {.id = 0};
    struct manuscript_version v = {.id = 0};
    struct manuscript m = {.id = 0};
    struct str body = S("");
    struct stmt *q = db_sql(db, "SELECT " COLUMNS ", x.body" FROM " WHERE x.id = ?1");
    stmt_bind_int(q, 1, pen);
    if (stmt_step(q)) {
        p = row(q, a);
        body = arena_str(a, stmt_str(q, 18));
    }
    TRY(stmt_end(q, e));
    if (!p.id)
        return FAIL(e, E_NOTFOUND, "没有这一次笔改");
    TRY(manuscript_get(db, a, by, p.manuscript, &m, e));
    if (printed)
        TRY(manuscript_version_get(db, a, by, p.version, &v, printed, e));
    judge(by, &m, &p);
    *out = p;
    if (text)
        *text = body;
    return OK;
}

static enum code note(struct db *db, struct arena *a, const struct actor *by, const char *verb,
    int64_t manuscript, int64_t pen, struct err *e)
{
    return audit_simple(db, by->v->person, verb, "manuscript", manuscript,
        arena_printf(a, "{\"pen\":\"%lld\"}", (long long)pen), e);
}

static enum code check_new(const struct pen_new *p, const struct actor *by, struct err *e)
{
    struct day d;
    if (!str_trim(p->corrector).n || utf8_check(p->corrector) != SIZE_MAX ||
        utf8_len_cp(p->corrector) > PEN_NAME_CP_MAX || str_has(p->corrector, S("\n")))
        return FAIL(e, E_INPUT, "请写明谁改的，1到%d个字", PEN_NAME_CP_MAX);
    if (!day_from_iso(p->day, &d))
        return FAIL(e, E_INPUT, "改稿的日期“%.*s”不对，应当像 2026-11-20", SF(p->day));
    if (day_num(d) > clock_day(by->now_ms, ZONE_CHINA))
        return FAIL(e, E_INPUT, "改稿的日期还没有到");
    return OK;
}

enum code manuscript_pen_begin(struct db *db, struct arena *a, const struct actor *by,
    const struct pen_new *p, int64_t *pen, struct err *e)
{
    struct manuscript_version v = {.id = 0};
    struct manuscript_pen *others = NULL;
    struct manuscript m = {.id = 0};
    struct str body = S("");
    size_t n = 0;
    TRY(manuscript_need(db, a, by, p->manuscript, MANUSCRIPT_WRITE, &m, e));
    TRY(manuscript_stands(&m, e));
    TRY(check_new(p, by, e));
    TRY(manuscript_check_secret(p->corrector, S(""), e));
    TRY(manuscript_version_get(db, a, by, p->version, &v, &body, e));
    if (v.manuscript != m.id)
        return FAIL(e, E_NOTFOUND, "这一稿是另一份文稿的");
    TRY(manuscript_pens(db, a, by, m.id, &others, &n, e));
    if (n >= PENS_MAX)
        return FAIL(e, E_LIMIT, "一份文稿最多录入%d次笔改", PENS_MAX);
    int64_t id = id_next();
    struct stmt *q = db_sql(db,
        "INSERT INTO manuscript_pen(id, manuscript, version, person, corrector, day, state, result,"
        " clerk, begun, done, checked, check_by, check_at, check_words, body)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, 0, 0, ?7, ?8, 0, 0, 0, 0, '', ?9)");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, m.id);
    stmt_bind_int(q, 3, v.id);
    stmt_bind_int(q, 4, p->person);
    stmt_bind_str(q, 5, p->corrector);
    stmt_bind_str(q, 6, p->day);
    stmt_bind_int(q, 7, by->v->person);
    stmt_bind_int(q, 8, by->now_ms);
    stmt_bind_str(q, 9, body);
    TRY(stmt_run(q, NULL, e));
    *pen = id;
    return note(db, a, by, "manuscript.pen", m.id, id, e);
}

/* Open, and the actor enters it. */
static enum code need_open(struct db *db, struct arena *a, const struct actor *by, int64_t pen,
    struct manuscript_pen *p, struct str *printed, struct manuscript *m, struct err *e)
{
    TRY(manuscript_pen_get(db, a, by, pen, p, NULL, printed, e));
    TRY(manuscript_need(db, a, by, p->manuscript, MANUSCRIPT_WRITE, m, e));
    return p->state == PEN_OPEN ? OK : FAIL(e, E_CONFLICT, "这一次笔改已经录完");
}

struct str manuscript_pen_digest(struct arena *a, struct str text)
{
    char hex[SM3_HEX + 1];
    struct digest d = sm3(text);
    return arena_str(a, digest_hex(&d, hex));
}

enum code manuscript_pen_same(struct db *db, struct arena *a, const struct actor *by, int64_t pen,
    struct str of, struct err *e)
{
    struct manuscript_pen p = {.id = 0};
    struct str body = S("");
    TRY(manuscript_pen_get(db, a, by, pen, &p, &body, NULL, e));
    return str_eq(of, manuscript_pen_digest(a, body))
               ? OK
               : FAIL(e, E_CONFLICT, "这一次笔改刚才有别人录过，没有存；请先看过别人录的再接着录");
}

static enum code set_text(struct db *db, int64_t pen, struct str text, struct err *e)
{
    struct stmt *q = db_sql(db, "UPDATE manuscript_pen SET body = ?2 WHERE id = ?1");
    stmt_bind_int(q, 1, pen);
    stmt_bind_str(q, 2, text);
    return stmt_run(q, NULL, e);
}

enum code manuscript_pen_keep(struct db *db, struct arena *a, const struct actor *by, int64_t pen,
    struct str text, struct err *e)
{
    struct manuscript_pen p = {.id = 0};
    struct manuscript m = {.id = 0};
    TRY(need_open(db, a, by, pen, &p, NULL, &m, e));
    TRY(manuscript_check_text(text, e));
    TRY(manuscript_check_secret(m.title, text, e));
    return set_text(db, pen, text, e);
}

/* 李书记 11月20日 笔改 */
static struct str name_of(struct arena *a, const struct manuscript_pen *p)
{
    struct day d = {1, 1, 1};
    (void)day_from_iso(p->day, &d);
    return arena_printf(a, "%.*s %d月%d日 笔改", SF(p->corrector), d.m, d.d);
}

static enum code set_done(struct db *db, const struct actor *by, int64_t pen, enum pen_state state,
    int64_t result, struct err *e)
{
    struct stmt *q = db_sql(db,
        "UPDATE manuscript_pen SET state = ?2, result = ?3, done = ?4, clerk = ?5 WHERE id = ?1");
    stmt_bind_int(q, 1, pen);
    stmt_bind_int(q, 2, state);
    stmt_bind_int(q, 3, result);
    stmt_bind_int(q, 4, by->now_ms);
    stmt_bind_int(q, 5, by->v->person);
    return stmt_run(q, NULL, e);
}

enum code manuscript_pen_finish(struct db *db, struct arena *a, const struct actor *by, int64_t pen,
    struct str text, bool mine, struct pen_done *out, struct err *e)
{
    struct manuscript_pen p = {.id = 0};
    struct manuscript_saved saved = {.seq = 0};
    struct manuscript m = {.id = 0};
    struct threeway w = {.n_both = 0};
    struct str printed = S(""), now = S(""), sheets = S("");
    TRY(need_open(db, a, by, pen, &p, &printed, &m, e));
    TRY(manuscript_check_text(text, e));
    TRY(manuscript_check_secret(m.title, text, e));
    if (str_eq(text, printed))
        return FAIL(e, E_INPUT, "和打印的那一稿一个字也没有差；没有改动的，点“不录了”");
    TRY(set_text(db, pen, text, e));
    TRY(manuscript_text(db, a, by, m.id, m.seq, &now, NULL, e));
    TRY(threeway_merge(a, printed, text, now, &w, e));
    *out = (struct pen_done){.seq = m.seq, .both = w.both, .n_both = w.n_both};
    if (w.n_both && !mine)
        return OK;
    TRY(manuscript_save(db, a, by, m.id, m.seq, w.text, &saved, e));
    /* where others wrote meanwhile no update has this text alone: it stands in the version */
    TRY(manuscript_freeze_text(db, a, by, m.id, str_eq(w.text, text) ? saved.seq : m.seq,
        name_of(a, &p), text, &out->version, e));
    TRY(pen_sheets_record(db, a, pen, &sheets, e));
    TRY(manuscript_version_paper(db, out->version, sheets, e));
    TRY(set_done(db, by, pen, PEN_DONE, out->version, e));
    out->seq = saved.seq;
    return note(db, a, by, "manuscript.pen.done", m.id, pen, e);
}

enum code manuscript_pen_drop(
    struct db *db, struct arena *a, const struct actor *by, int64_t pen, struct err *e)
{
    struct manuscript_pen p = {.id = 0};
    struct manuscript m = {.id = 0};
    TRY(need_open(db, a, by, pen, &p, NULL, &m, e));
    TRY(set_done(db, by, pen, PEN_DROPPED, 0, e));
    return note(db, a, by, "manuscript.pen.drop", m.id, pen, e);
}

enum code manuscript_pen_check(struct db *db, struct arena *a, const struct actor *by, int64_t pen,
    bool right, struct str words, struct err *e)
{
    struct manuscript_pen p = {.id = 0};
    words = str_trim(words);
    TRY(manuscript_pen_get(db, a, by, pen, &p, NULL, NULL, e));
    if (p.state != PEN_DONE)
        return FAIL(e, E_CONFLICT, "这一次笔改还没有录完");
    if (p.check != PEN_UNCHECKED)
        return FAIL(e, E_CONFLICT, "这一次笔改已由%.*s核对", SF(p.check_name));
    if (!p.may_check)
        return FAIL(e, E_DENIED,
            p.clerk == by->v->person ? "本人录入的，请另一人对着纸核对"
                                     : "由能修改文稿的人或者改稿人核对");
    if (utf8_check(words) != SIZE_MAX || utf8_len_cp(words) > PEN_WORDS_CP_MAX ||
        (!right && !words.n))
        return FAIL(e, E_INPUT, "请写明哪里录错了，最多%d个字", PEN_WORDS_CP_MAX);
    struct stmt *q = db_sql(db, "UPDATE manuscript_pen SET checked = ?2, check_by = ?3, check_at ="
                                " ?4, check_words = ?5 WHERE id = ?1 AND checked = 0");
    stmt_bind_int(q, 1, pen);
    stmt_bind_int(q, 2, right ? PEN_RIGHT : PEN_WRONG);
    stmt_bind_int(q, 3, by->v->person);
    stmt_bind_int(q, 4, by->now_ms);
    stmt_bind_str(q, 5, words);
    TRY(stmt_run(q, NULL, e));
    return note(db, a, by, "manuscript.pen.check", p.manuscript, pen, e);
}
