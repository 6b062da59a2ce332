#include "office/manuscript.h"

#include <stdio.h>

#include "base/id.h"
#include "base/utf8.h"
#include "office/audit.h"
#include "office/document.h"
#include "office/item_text.h"
#include "office/key.h"
#include "office/manuscript_edit.h"
#include "office/manuscript_int.h"
#include "office/many.h"
#include "office/person.h"
#include "text/genre.h"

/* ---- reading ---- */

#define COLUMNS                                                                                  \
    "m.id, m.title, m.genre, m.level, m.owner, m.unit, m.template, m.item, m.seq, m.chars,"      \
    " m.locked, m.locked_by, m.lock_why, m.made, m.changed, m.changed_by, coalesce(o.name, '')," \
    " coalesce(u.short_name, ''), coalesce(c.name, ''), coalesce(l.name, ''),"                   \
    " coalesce(s.writes, -1), m.given_up, m.given_up_by, m.given_up_why, coalesce(g.name, ''),"  \
    " CASE WHEN EXISTS (SELECT 1 FROM manuscript_part x WHERE x.manuscript = m.id AND"           \
    " x.person = ?1) THEN 1 ELSE 0 END"
/* ?1: the actor */
#define FROM                                                                                      \
    " FROM manuscript m LEFT JOIN person o ON o.id = m.owner LEFT JOIN unit u ON"                 \
    " u.id = m.unit LEFT JOIN person c ON c.id = m.changed_by LEFT JOIN person l ON"              \
    " l.id = m.locked_by LEFT JOIN person g ON g.id = m.given_up_by LEFT JOIN manuscript_person " \
    "s ON s.manuscript = m.id AND"                                                                \
    " s.person = ?1"

static struct manuscript row(struct stmt *q, struct arena *a)
{
    return (struct manuscript){.id = stmt_int(q, 0),
        .title = arena_str(a, stmt_str(q, 1)),
        .genre = (int)stmt_int(q, 2),
        .level = (int)stmt_int(q, 3),
        .owner = stmt_int(q, 4),
        .unit = stmt_int(q, 5),
        .template_id = arena_str(a, stmt_str(q, 6)),
        .item = stmt_int(q, 7),
        .seq = stmt_int(q, 8),
        .chars = stmt_int(q, 9),
        .locked_ms = stmt_int(q, 10),
        .locked_by = stmt_int(q, 11),
        .lock_why = arena_str(a, stmt_str(q, 12)),
        .made_ms = stmt_int(q, 13),
        .changed_ms = stmt_int(q, 14),
        .changed_by = stmt_int(q, 15),
        .owner_name = arena_str(a, stmt_str(q, 16)),
        .unit_name = arena_str(a, stmt_str(q, 17)),
        .changed_name = arena_str(a, stmt_str(q, 18)),
        .locked_name = arena_str(a, stmt_str(q, 19)),
        .given_up_ms = stmt_int(q, 21),
        .given_up_by = stmt_int(q, 22),
        .given_up_why = arena_str(a, stmt_str(q, 23)),
        .given_up_name = arena_str(a, stmt_str(q, 24))};
}

enum code manuscript_get(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct manuscript *out, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct manuscript_seat seat = {.owner = 0};
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE m.id = ?2");
    stmt_bind_int(q, 1, by->v->person);
    stmt_bind_int(q, 2, id);
    if (stmt_step(q)) {
        m = row(q, a);
        seat = (struct manuscript_seat){
            m.owner, m.item, stmt_int(q, 20) >= 0, stmt_int(q, 20) == 1, stmt_int(q, 25) == 1};
    }
    TRY(stmt_end(q, e));
    if (m.id)
        TRY(access_manuscript(db, by, &seat, m.may, e));
    if (!m.id || !m.may[MANUSCRIPT_READ])
        return FAIL(e, E_NOTFOUND, "没有这份文稿，或者您还没有受邀查看，请找拟稿人");
    *out = m;
    return OK;
}

enum code manuscript_need(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    enum manuscript_right r, struct manuscript *out, struct err *e)
{
    struct manuscript m = {.id = 0};
    TRY(manuscript_get(db, a, by, id, &m, e));
    if (!m.may[r])
        return FAIL(e, E_DENIED, "“%.*s”由%.*s拟稿，您%s", SF(m.title), SF(m.owner_name),
            r == MANUSCRIPT_OWN ? "不能办理，请找拟稿人" : "只能查看和批注，要修改请拟稿人邀请");
    *out = m;
    return OK;
}

enum code manuscript_list(struct db *db, struct arena *a, const struct actor *by,
    const struct manuscript_filter *f, size_t limit, struct manuscript **out, size_t *n,
    struct err *e)
{
    struct manuscript *v = NULL;
    size_t k = 0, cap = 0;
    struct str words = str_trim(f->q);
    struct stmt *q =
        db_sql(db, "SELECT " COLUMNS FROM
                   " WHERE (?2 = 1 OR m.owner = ?1 OR (?3 = 0 AND (s.writes IS NOT NULL OR m.id IN"
                   " (SELECT x.manuscript FROM manuscript_part x WHERE x.person = ?1))))"
                   " AND (m.given_up <> 0) = (?8 <> 0) AND (?4 = 0 OR m.changed < ?4 OR (m.changed "
                   "= ?4 AND m.id < ?5))"
                   " AND (?6 = '' OR m.title LIKE ?6 ESCAPE '\\') ORDER BY m.changed DESC, m.id "
                   "DESC LIMIT ?7");
    stmt_bind_int(q, 1, by->v->person);
    stmt_bind_int(q, 2, by->v->owner);
    stmt_bind_int(q, 3, f->own);
    stmt_bind_int(q, 4, f->before_ms);
    stmt_bind_int(q, 5, f->before);
    stmt_bind_str(q, 6, words.n ? key_like(a, words) : S(""));
    stmt_bind_int(q, 7, (int64_t)(limit < MANUSCRIPT_PAGE_MAX ? limit : MANUSCRIPT_PAGE_MAX));
    stmt_bind_int(q, 8, f->given_up);
    while (stmt_step(q)) {
        struct manuscript m = row(q, a);
        m.may[MANUSCRIPT_OWN] = by->v->owner || m.owner == by->v->person;
        m.may[MANUSCRIPT_WRITE] =
            m.may[MANUSCRIPT_OWN] || stmt_int(q, 20) == 1 || stmt_int(q, 25) == 1;
        m.may[MANUSCRIPT_READ] = true;
        ARENA_PUSH(a, v, k, cap) = m;
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code manuscript_of_item(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct manuscript **out, size_t *n, struct err *e)
{
    struct manuscript *v = NULL;
    size_t k = 0, cap = 0;
    bool sees = false;
    TRY(access_item(db, by, item, ITEM_SEE, 0, &sees, e));
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE m.item = ?2 ORDER BY m.id LIMIT ?3");
    stmt_bind_int(q, 1, by->v->person);
    stmt_bind_int(q, 2, item);
    stmt_bind_int(q, 3, sees ? MANUSCRIPT_PAGE_MAX : 0);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code manuscript_of_items(struct db *db, struct arena *a, const struct actor *by,
    const int64_t *items, size_t n, struct manuscript **out, size_t *n_out, struct err *e)
{
    struct manuscript *v = NULL;
    size_t k = 0, cap = 0;
    (void)by;
    for (size_t i = 0; i < n; i += MANY) {
        /* ?1 is no person here: nobody's seat is found, and nobody's is asked for; places without an item hold 0 */
        struct stmt *q =
            db_sql(db, "SELECT " COLUMNS FROM " WHERE m.item <> 0 AND m.item IN (" MANY_IDS
                       ") ORDER BY m.id LIMIT ?101");
        stmt_bind_int(q, 101, (int64_t)MANUSCRIPT_PAGE_MAX * 10);
        many_bind(q, 1, items + i, n - i < MANY ? n - i : MANY);
        while (stmt_step(q))
            ARENA_PUSH(a, v, k, cap) = row(q, a);
        TRY(stmt_end(q, e));
    }
    *out = v;
    *n_out = k;
    return OK;
}

/* ---- beginning one ---- */

static enum code check_title(struct str title, struct err *e)
{
    if (!title.n || utf8_check(title) != SIZE_MAX || utf8_len_cp(title) > MANUSCRIPT_TITLE_CP_MAX ||
        str_has(title, S("\n")))
        return FAIL(e, E_INPUT, "文稿的名称应有1到%d个字", MANUSCRIPT_TITLE_CP_MAX);
    return OK;
}

enum code manuscript_new(struct db *db, const struct actor *by, const struct manuscript_new *m,
    int64_t *id, struct err *e)
{
    int64_t fresh = id_next();
    struct str title = str_trim(m->title);
    TRY(access_require(by->v, ACT_ITEMS, e));
    TRY(check_title(title, e));
    if (m->level < LEVEL_OPEN || m->level >= N_LEVEL)
        return FAIL(e, E_INPUT, "没有这种知悉级别");
    if (m->genre != GENRE_NONE && !genre_name(m->genre).n)
        return FAIL(e, E_INPUT, "没有这种文种");
    TRY(manuscript_check_text(m->text, e));
    TRY(manuscript_check_secret(title, m->text, e));
    struct stmt *q = db_sql(db,
        "INSERT INTO manuscript(id, title, genre, level, owner, unit, template, item, seq, chars,"
        " locked, locked_by, lock_why, made, changed, changed_by)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, ?8, 0, 0, '', ?9, ?9, ?5)");
    stmt_bind_int(q, 1, fresh);
    stmt_bind_str(q, 2, title);
    stmt_bind_int(q, 3, m->genre);
    stmt_bind_int(q, 4, m->level);
    stmt_bind_int(q, 5, by->v->person);
    stmt_bind_int(q, 6, by->v->unit);
    stmt_bind_str(q, 7, m->template_id);
    stmt_bind_int(q, 8, manuscript_chars(m->text));
    stmt_bind_int(q, 9, by->now_ms);
    TRY(stmt_run(q, NULL, e));
    TRY(manuscript_begin_text(db, fresh, m->text, e));
    TRY(audit_simple(db, by->v->person, "manuscript.new", "manuscript", fresh, S(""), e));
    *id = fresh;
    return OK;
}

enum code manuscript_written(struct db *db, const struct actor *by, int64_t id, int64_t from_seq,
    int64_t seq, int64_t chars, struct err *e)
{
    int64_t n;
    struct stmt *q = db_sql(db, "UPDATE manuscript SET seq = ?3, chars = ?4, changed = ?5,"
                                " changed_by = ?6 WHERE id = ?1 AND seq = ?2 AND locked = 0"
                                " AND given_up = 0");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, from_seq);
    stmt_bind_int(q, 3, seq);
    stmt_bind_int(q, 4, chars);
    stmt_bind_int(q, 5, by->now_ms);
    stmt_bind_int(q, 6, by->v->person);
    TRY(stmt_run(q, &n, e));
    return n ? OK : FAIL(e, E_CONFLICT, "这份文稿刚才有人改过，请取得新的内容再保存");
}

/* ---- what is done with it ---- */

/* Open one with this right; the arena is the caller's to release. */
static enum code open_one(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    enum manuscript_right r, struct manuscript *m, struct err *e)
{
    arena_init(a);
    enum code c = manuscript_need(db, a, by, id, r, m, e);
    if (c != OK)
        arena_release(a);
    return c;
}

static enum code note(struct db *db, const struct actor *by, const char *verb, int64_t id,
    const char *key, struct str value, struct err *e)
{
    struct buf b;
    struct jw j;
    buf_init(&b, 0);
    jw_init(&j, &b);
    jw_obj(&j);
    jw_kstr(&j, key, value);
    jw_end(&j);
    enum code c = audit_simple(db, by->v->person, verb, "manuscript", id, buf_view(&b), e);
    buf_release(&b);
    return c;
}

enum code manuscript_rename(
    struct db *db, const struct actor *by, int64_t id, struct str title, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct arena a;
    title = str_trim(title);
    TRY(check_title(title, e));
    TRY(manuscript_check_secret(title, S(""), e));
    TRY(open_one(db, &a, by, id, MANUSCRIPT_OWN, &m, e));
    arena_release(&a);
    struct stmt *q = db_sql(db, "UPDATE manuscript SET title = ?2 WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    stmt_bind_str(q, 2, title);
    TRY(stmt_run(q, NULL, e));
    return audit_simple(db, by->v->person, "manuscript.rename", "manuscript", id, S(""), e);
}

/* Whoever sees the item reads the text: what is need-to-know goes with no item that is seen by role. */
static enum code check_item_level(
    struct db *db, const struct actor *by, int64_t item, struct err *e)
{
    struct item it = {.id = 0};
    struct arena a;
    arena_init(&a);
    enum code c = item_get(db, &a, by, item, &it, e);
    arena_release(&a);
    TRY(c);
    return it.level == LEVEL_WORK_SECRET
               ? OK
               : FAIL(e, E_CONFLICT,
                     "这份文稿是工作秘密，事项是“%s”，请先把事项的知悉级别改为工作秘密",
                     doc_level_name((enum doc_level)it.level));
}

enum code manuscript_item_secret(struct db *db, int64_t item, bool *secret, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT 1 FROM manuscript WHERE item = ?1 AND level = ?2");
    stmt_bind_int(q, 1, item);
    stmt_bind_int(q, 2, LEVEL_WORK_SECRET);
    *secret = stmt_step(q);
    return stmt_end(q, e);
}

enum code manuscript_set_item(
    struct db *db, const struct actor *by, int64_t id, int64_t item, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct arena a;
    bool sees = true;
    TRY(open_one(db, &a, by, id, MANUSCRIPT_WRITE, &m, e));
    enum code stands = item ? manuscript_stands(&m, e) : OK;
    arena_release(&a);
    TRY(stands);
    if (item)
        TRY(access_item(db, by, item, ITEM_SEE, 0, &sees, e));
    if (!sees)
        return FAIL(e, E_NOTFOUND, "没有这件事项，或者您不能查看");
    if (item && m.item && m.item != item)
        return FAIL(e, E_CONFLICT, "这份文稿已经在另一件发文里办理");
    if (item && m.level == LEVEL_WORK_SECRET)
        TRY(check_item_level(db, by, item, e));
    struct stmt *q = db_sql(db, "UPDATE manuscript SET item = ?2 WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, item);
    TRY(stmt_run(q, NULL, e));
    char text[24];
    (void)snprintf(text, sizeof(text), "%lld", (long long)item);
    return note(db, by, "manuscript.item", id, "item", str_z(text), e);
}

static enum code check_why(struct str why, struct err *e)
{
    if (!why.n || utf8_check(why) != SIZE_MAX || utf8_len_cp(why) > MANUSCRIPT_WHY_CP_MAX)
        return FAIL(e, E_INPUT, "请写明原因，1到%d个字", MANUSCRIPT_WHY_CP_MAX);
    return OK;
}

static enum code set_lock(
    struct db *db, const struct actor *by, int64_t id, bool on, struct str why, struct err *e)
{
    struct stmt *q = db_sql(
        db, "UPDATE manuscript SET locked = ?2, locked_by = ?3, lock_why = ?4 WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, on ? by->now_ms : 0);
    stmt_bind_int(q, 3, on ? by->v->person : 0);
    stmt_bind_str(q, 4, on ? why : S(""));
    TRY(stmt_run(q, NULL, e));
    return note(db, by, on ? "manuscript.lock" : "manuscript.unlock", id, "why", why, e);
}

enum code manuscript_lock(
    struct db *db, const struct actor *by, int64_t id, struct str why, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct arena a;
    why = str_trim(why);
    TRY(check_why(why, e));
    TRY(open_one(db, &a, by, id, MANUSCRIPT_WRITE, &m, e));
    enum code stands = manuscript_stands(&m, e);
    arena_release(&a);
    TRY(stands);
    return m.locked_ms ? OK : set_lock(db, by, id, true, why, e);
}

enum code manuscript_unlock(
    struct db *db, const struct actor *by, int64_t id, struct str why, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct arena a;
    bool kept = false;
    why = str_trim(why);
    TRY(check_why(why, e));
    TRY(open_one(db, &a, by, id, MANUSCRIPT_WRITE, &m, e));
    arena_release(&a);
    if (m.item)
        TRY(item_text_keeps(db, by, m.item, &kept, e));
    if (kept)
        return FAIL(e, E_DENIED, "这份文稿已经签发，随事项锁定；要改请在事项里退回");
    return m.locked_ms ? set_lock(db, by, id, false, why, e)
                       : FAIL(e, E_CONFLICT, "这份文稿没有锁定");
}

enum code manuscript_hold(
    struct db *db, const struct actor *by, int64_t id, struct str why, struct err *e)
{
    TRY(check_why(why, e));
    return set_lock(db, by, id, true, why, e);
}

enum code manuscript_release(
    struct db *db, const struct actor *by, int64_t id, struct str why, struct err *e)
{
    TRY(check_why(why, e));
    return set_lock(db, by, id, false, why, e);
}

/* ---- given up ---- */

enum code manuscript_stands(const struct manuscript *m, struct err *e)
{
    return m->given_up_ms ? FAIL(e, E_CONFLICT, "“%.*s”已由%.*s废弃，请先取回", SF(m->title),
                                SF(m->given_up_name))
                          : OK;
}

/* Whether it can be given up as it stands. A closed item was cancelled: a text that was issued is locked. */
static enum code check_give_up(
    struct db *db, const struct actor *by, const struct manuscript *m, struct err *e)
{
    struct item it = {.id = 0};
    struct arena a;
    if (m->given_up_ms)
        return FAIL(e, E_CONFLICT, "这份文稿已经废弃");
    if (m->locked_ms)
        return FAIL(e, E_CONFLICT, "“%.*s”已经锁定，不能废弃", SF(m->title));
    if (!m->item)
        return OK;
    arena_init(&a);
    enum code c = item_get(db, &a, by, m->item, &it, e);
    if (c == OK && !it.closed_ms)
        c = FAIL(e, E_CONFLICT, "“%.*s”正在办理（%.*s），要废弃先撤销那件事项", SF(m->title),
            SF(it.title));
    arena_release(&a);
    return c;
}

static enum code set_given_up(
    struct db *db, const struct actor *by, int64_t id, bool on, struct str why, struct err *e)
{
    struct stmt *q = db_sql(db, "UPDATE manuscript SET given_up = ?2, given_up_by = ?3,"
                                " given_up_why = ?4 WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, on ? by->now_ms : 0);
    stmt_bind_int(q, 3, on ? by->v->person : 0);
    stmt_bind_str(q, 4, why);
    TRY(stmt_run(q, NULL, e));
    return note(db, by, on ? "manuscript.give_up" : "manuscript.bring_back", id, "why", why, e);
}

enum code manuscript_give_up(
    struct db *db, const struct actor *by, int64_t id, struct str why, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct arena a;
    why = str_trim(why);
    if (utf8_check(why) != SIZE_MAX || utf8_len_cp(why) > MANUSCRIPT_WHY_CP_MAX)
        return FAIL(e, E_INPUT, "原因不超过%d个字", MANUSCRIPT_WHY_CP_MAX);
    TRY(open_one(db, &a, by, id, MANUSCRIPT_OWN, &m, e));
    enum code c = check_give_up(db, by, &m, e);
    arena_release(&a);
    return c == OK ? set_given_up(db, by, id, true, why, e) : c;
}

enum code manuscript_bring_back(struct db *db, const struct actor *by, int64_t id, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct arena a;
    TRY(open_one(db, &a, by, id, MANUSCRIPT_OWN, &m, e));
    arena_release(&a);
    return m.given_up_ms ? set_given_up(db, by, id, false, S(""), e)
                         : FAIL(e, E_CONFLICT, "这份文稿没有废弃");
}

/* ---- whom the owner invited ---- */

enum code manuscript_people(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct manuscript_person **out, size_t *n, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct manuscript_person *v = NULL;
    size_t k = 0, cap = 0;
    TRY(manuscript_get(db, a, by, id, &m, e));
    struct stmt *q = db_sql(db,
        "SELECT s.person, s.invited, coalesce(p.name, ''), coalesce(u.short_name, ''), s.writes"
        " FROM manuscript_person s LEFT JOIN person p ON p.id = s.person LEFT JOIN unit u ON"
        " u.id = p.unit WHERE s.manuscript = ?1 ORDER BY s.invited, s.person");
    stmt_bind_int(q, 1, id);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = (struct manuscript_person){stmt_int(q, 0), stmt_int(q, 1),
            arena_str(a, stmt_str(q, 2)), arena_str(a, stmt_str(q, 3)), stmt_int(q, 4) == 1};
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

static enum code note_person(struct db *db, const struct actor *by, const char *verb, int64_t id,
    int64_t person, struct err *e)
{
    char text[24];
    (void)snprintf(text, sizeof(text), "%lld", (long long)person);
    return note(db, by, verb, id, "person", str_z(text), e);
}

enum code manuscript_invite(
    struct db *db, const struct actor *by, int64_t id, int64_t person, bool writes, struct err *e)
{
    struct manuscript_person *v;
    struct manuscript m = {.id = 0};
    struct person p = {.id = 0};
    struct arena a;
    size_t n = 0;
    TRY(open_one(db, &a, by, id, MANUSCRIPT_OWN, &m, e));
    enum code c = person_get(db, &a, person, &p, e);
    if (c == OK)
        c = manuscript_people(db, &a, by, id, &v, &n, e);
    if (c == OK && !p.active)
        c = FAIL(e, E_INPUT, "“%.*s”的账号已停用", SF(p.name));
    if (c == OK && person == m.owner)
        c = FAIL(e, E_INPUT, "“%.*s”就是拟稿人", SF(p.name));
    if (c == OK && n >= MANUSCRIPT_PEOPLE_MAX)
        c = FAIL(e, E_LIMIT, "一份文稿最多邀请%d人", MANUSCRIPT_PEOPLE_MAX);
    arena_release(&a);
    TRY(c);
    struct stmt *q =
        db_sql(db, "INSERT INTO manuscript_person(manuscript, person, writes, invited, invited_by)"
                   " VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(manuscript, person) DO UPDATE SET"
                   " writes = excluded.writes");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, person);
    stmt_bind_int(q, 3, writes);
    stmt_bind_int(q, 4, by->now_ms);
    stmt_bind_int(q, 5, by->v->person);
    TRY(stmt_run(q, NULL, e));
    return note_person(db, by, "manuscript.invite", id, person, e);
}

enum code manuscript_uninvite(
    struct db *db, const struct actor *by, int64_t id, int64_t person, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct arena a;
    int64_t n;
    TRY(open_one(db, &a, by, id, MANUSCRIPT_OWN, &m, e));
    arena_release(&a);
    struct stmt *q =
        db_sql(db, "DELETE FROM manuscript_person WHERE manuscript = ?1 AND person = ?2");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, person);
    TRY(stmt_run(q, &n, e));
    return n ? note_person(db, by, "manuscript.uninvite", id, person, e)
             : FAIL(e, E_NOTFOUND, "没有邀请过这个人");
}
