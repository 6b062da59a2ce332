#include "office/notice.h"

#include "base/id.h"
#include "base/utf8.h"
#include "office/document.h"
#include "office/item_int.h"
#include "office/item_seen.h"

const char *notice_kind_name(enum notice_kind k)
{
    static const char *const names[N_NOTICE] = {[NOTICE_ASKED] = "请办",
        [NOTICE_WAITING] = "待办",
        [NOTICE_ANSWERED] = "回复",
        [NOTICE_RETURNED] = "退回",
        [NOTICE_HANDED] = "移交",
        [NOTICE_REMINDED] = "催办",
        [NOTICE_ESCALATED] = "逾期报告",
        [NOTICE_TOLD] = "留言",
        [NOTICE_EXTEND] = "延期",
        [NOTICE_CLOSED] = "办结",
        [NOTICE_CLIMB] = "特急呼叫",
        [NOTICE_BRIEF] = "今日要情"};
    return k > 0 && k < N_NOTICE ? names[k] : "";
}

const char *notice_rhythm_name(enum notice_rhythm r)
{
    static const char *const names[N_RHYTHM] = {"随到随发", "每小时汇总一次", "每天8:00汇总一次"};
    return r >= 0 && r < N_RHYTHM ? names[r] : "";
}

/* The same thing again, not read yet, is one row that says how often. */
enum code notice_put(struct db *db, const struct notice_new *n, struct err *e)
{
    struct stmt *q = db_sql(db,
        "INSERT INTO notice(id, person, item, kind, about, seq, at, by_person, n, text, unread,"
        " read_at, routed) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, ?9, 1, 0, 0)"
        " ON CONFLICT(person, item, kind, about) DO UPDATE SET seq = excluded.seq,"
        " at = excluded.at, by_person = excluded.by_person, text = excluded.text,"
        " n = CASE WHEN notice.unread = 1 AND notice.seq <> excluded.seq THEN notice.n + 1"
        " WHEN notice.unread = 1 THEN notice.n ELSE 1 END, unread = 1, read_at = 0, routed = 0");
    stmt_bind_int(q, 1, id_next());
    stmt_bind_int(q, 2, n->person);
    stmt_bind_int(q, 3, n->item);
    stmt_bind_int(q, 4, n->kind);
    stmt_bind_int(q, 5, n->about);
    stmt_bind_int(q, 6, n->seq);
    stmt_bind_int(q, 7, n->at_ms);
    stmt_bind_int(q, 8, n->by);
    stmt_bind_str(q, 9, n->text);
    return stmt_run(q, NULL, e);
}

enum code notice_outdated(
    struct db *db, int64_t item, enum notice_kind kind, int64_t now_ms, struct err *e)
{
    struct stmt *q = db_sql(db, "UPDATE notice SET unread = 0, read_at = ?3 WHERE item = ?1"
                                " AND kind = ?2 AND unread = 1");
    stmt_bind_int(q, 1, item);
    stmt_bind_int(q, 2, kind);
    stmt_bind_int(q, 3, now_ms);
    return stmt_run(q, NULL, e);
}

/* ---- the page ---- */

/* The item is still his to see: by role up to ?1, or as one of those who take part. */
#define SEES                                                                             \
    "(i.level <= ?1 OR EXISTS (SELECT 1 FROM item_grant g WHERE g.item = i.id AND ("     \
    "(g.kind = 1 AND g.principal IN (?2, ?3, ?4, ?5)) OR (g.kind = 2 AND g.principal IN" \
    " (?6, ?7, ?8, ?9)) OR (g.kind = 3 AND (g.principal & ?10) <> 0) OR (g.kind = 4 AND" \
    " g.principal IN (?11, ?12, ?13, ?14)))))"

/* The manuscript is his to see: of none of them is told who is neither its drafter, nor invited, nor an author of a part. */
#define WRITES                                                               \
    "t.owner = n.person OR EXISTS (SELECT 1 FROM manuscript_person w WHERE"  \
    " w.manuscript = t.id AND w.person = n.person) OR EXISTS (SELECT 1 FROM" \
    " manuscript_part x WHERE x.manuscript = t.id AND x.person = n.person)"

/* Each once, as far as there is room. */
static void place_add(int64_t v[SEAT_PLACES], int64_t id)
{
    for (int i = 0; i < SEAT_PLACES && id; i++) {
        if (v[i] == id)
            return;
        if (v[i] == 0) {
            v[i] = id;
            return;
        }
    }
}

static enum code bind_viewer(struct stmt *q, struct db *db, const struct actor *by, struct err *e)
{
    struct seat s[SEATS_MAX] = {0};
    int64_t person[SEAT_PLACES] = {0}, unit[SEAT_PLACES] = {0}, chief[SEAT_PLACES] = {0};
    int n, level = -1;
    uint32_t roles = 0;
    TRY(seats_of(db, by, s, &n, e));
    for (int i = 0; i < n; i++) {
        place_add(person, s[i].person);
        place_add(unit, s[i].unit);
        place_add(chief, s[i].roles & ROLE_CHIEF ? s[i].home : 0);
        if (s[i].roles & (ROLE_CHIEF | ROLE_SECRETARY | ROLE_LEADER))
            level = LEVEL_INTERNAL;
        roles |= s[i].roles;
    }
    for (int i = 0; i < SEAT_PLACES; i++) {
        stmt_bind_int(q, 2 + i, person[i]);
        stmt_bind_int(q, 6 + i, unit[i]);
        stmt_bind_int(q, 11 + i, chief[i]);
    }
    stmt_bind_int(q, 1, level);
    stmt_bind_int(q, 10, roles);
    return OK;
}

static struct notice row_notice(struct stmt *q, struct arena *a)
{
    return (struct notice){.id = stmt_int(q, 0),
        .item = stmt_int(q, 1),
        .kind = (enum notice_kind)stmt_int(q, 2),
        .at_ms = stmt_int(q, 3),
        .by = stmt_int(q, 4),
        .n = stmt_int(q, 5),
        .text = arena_str(a, stmt_str(q, 6)),
        .unread = stmt_int(q, 7) == 1,
        .by_name = arena_str(a, stmt_str(q, 8)),
        .title = arena_str(a, stmt_str(q, 9)),
        .number = arena_str(a, stmt_str(q, 10)),
        .failed = arena_str(a, stmt_str(q, 11)),
        .manuscript = stmt_int(q, 12)};
}

enum code notice_list(struct db *db, struct arena *a, const struct actor *by,
    struct notice_key after, size_t limit, struct notice **out, size_t *n, bool *more,
    struct err *e)
{
    struct notice *v = NULL;
    size_t k = 0, cap = 0;
    if (limit > NOTICE_PAGE_MAX)
        limit = NOTICE_PAGE_MAX;
    struct stmt *q = db_sql(db,
        "SELECT n.id, n.item, n.kind, n.at, n.by_person, n.n, n.text, n.unread,"
        " coalesce(p.name, ''), CASE WHEN " SEES " THEN i.title WHEN " WRITES
        " THEN t.title ELSE '' END, CASE WHEN " SEES
        " THEN i.number ELSE '' END, coalesce((SELECT max(o.error)"
        " FROM notice_out o WHERE o.notice = n.id AND o.state IN (4, 5)), ''), CASE WHEN n.item = "
        "0 THEN n.about ELSE 0 END"
        " FROM notice n LEFT JOIN item i ON i.id = n.item LEFT JOIN manuscript t ON n.item = 0"
        " AND t.id = n.about LEFT JOIN person p ON p.id = n.by_person"
        " WHERE (i.id IS NOT NULL OR t.id IS NOT NULL) AND n.person = ?15 AND (n.unread, n.at, "
        "n.id) < (?16, ?17, ?18)"
        " ORDER BY n.unread DESC, n.at DESC, n.id DESC LIMIT ?19");
    bool start = !after.id;
    enum code c = bind_viewer(q, db, by, e);
    stmt_bind_int(q, 15, by->v->person);
    stmt_bind_int(q, 16, start ? 2 : after.unread);
    stmt_bind_int(q, 17, after.at_ms);
    stmt_bind_int(q, 18, after.id);
    stmt_bind_int(q, 19, (int64_t)limit + 1);
    while (c == OK && stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row_notice(q, a);
    if (c != OK) {
        struct err ignored;
        (void)!stmt_end(q, &ignored);
        return c;
    }
    TRY(stmt_end(q, e));
    *more = k > limit;
    *n = k > limit ? limit : k;
    *out = v;
    return OK;
}

enum code notice_unread(struct db *db, int64_t person, int64_t *n, struct err *e)
{
    struct stmt *q =
        db_sql(db, DB_PLAN_ONCE "SELECT count(*) FROM notice WHERE person = ?1 AND unread = 1");
    stmt_bind_int(q, 1, person);
    *n = stmt_step(q) ? stmt_int(q, 0) : 0;
    return stmt_end(q, e);
}

enum code notice_stamp(struct db *db, int64_t *stamp, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT coalesce(max(at), 0) FROM notice WHERE routed = 0");
    int64_t now = stmt_step(q) ? stmt_int(q, 0) : 0, id = 0;
    TRY(stmt_end(q, e));
    q = db_sql(db, "SELECT coalesce(max(id), 0) FROM notice");
    id = stmt_step(q) ? stmt_int(q, 0) : 0;
    TRY(stmt_end(q, e));
    *stamp = now ^ id;
    return OK;
}

enum code notice_item(
    struct db *db, int64_t person, int64_t id, int64_t *item, int64_t *manuscript, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT item, CASE WHEN item = 0 THEN about ELSE 0 END FROM notice"
                                " WHERE id = ?1 AND person = ?2");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, person);
    bool there = stmt_step(q);
    if (there) {
        *item = stmt_int(q, 0);
        *manuscript = stmt_int(q, 1);
    }
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_NOTFOUND, "没有这条通知，可能已经清理");
}

enum code notice_read(struct db *db, int64_t person, int64_t id, int64_t now_ms, struct err *e)
{
    int64_t n;
    struct stmt *q = db_sql(db, "UPDATE notice SET unread = 0, read_at = ?3 WHERE person = ?1"
                                " AND unread = 1 AND (?2 = 0 OR id = ?2)");
    stmt_bind_int(q, 1, person);
    stmt_bind_int(q, 2, id);
    stmt_bind_int(q, 3, now_ms);
    return stmt_run(q, &n, e);
}

/* ---- settings ---- */

enum code notice_setting_get(
    struct db *db, struct arena *a, int64_t person, struct notice_setting *out, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT mail, mail_kinds, hook_kinds, quiet_from, quiet_to, rhythm"
                                " FROM notice_setting WHERE person = ?1");
    *out = (struct notice_setting){.mail = S("")};
    stmt_bind_int(q, 1, person);
    if (stmt_step(q))
        *out = (struct notice_setting){.mail = arena_str(a, stmt_str(q, 0)),
            .mail_kinds = (uint32_t)stmt_int(q, 1),
            .hook_kinds = (uint32_t)stmt_int(q, 2),
            .quiet_from = (int)stmt_int(q, 3),
            .quiet_to = (int)stmt_int(q, 4),
            .rhythm = (enum notice_rhythm)stmt_int(q, 5)};
    return stmt_end(q, e);
}

/* One address, nothing around it: what stands here goes into the dialog with a mail server and into a head line. */
static bool is_mail(struct str s)
{
    struct str local, host;
    if (s.n > MAIL_BYTES_MAX || !str_cut(s, S("@"), &local, &host) || !local.n ||
        !str_has(host, S(".")) || str_starts(host, S(".")) || str_ends(host, S(".")))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && c != '.' && c != '-' && c != '_' && c != '+' && !(c == '@' && i == local.n))
            return false;
    }
    return true;
}

enum code notice_setting_put(
    struct db *db, int64_t person, const struct notice_setting *s, struct err *e)
{
    const int day = 24 * 60;
    struct str mail = str_trim(s->mail);
    uint32_t all = (1U << N_NOTICE) - 1;
    if (mail.n && !is_mail(mail))
        return FAIL(e, E_INPUT, "邮箱地址“%.*s”不对，应当像 zhangsan@example.com", SF(mail));
    if (s->quiet_from < 0 || s->quiet_from >= day || s->quiet_to < 0 || s->quiet_to >= day)
        return FAIL(e, E_INPUT, "免打扰的时刻不对，应当像 21:00");
    if (s->rhythm < 0 || s->rhythm >= N_RHYTHM)
        return FAIL(e, E_INPUT, "没有这种发送方式");
    struct stmt *q = db_sql(db,
        "INSERT INTO notice_setting(person, mail, mail_kinds, hook_kinds, quiet_from, quiet_to,"
        " rhythm) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(person) DO UPDATE SET"
        " mail = excluded.mail, mail_kinds = excluded.mail_kinds,"
        " hook_kinds = excluded.hook_kinds, quiet_from = excluded.quiet_from,"
        " quiet_to = excluded.quiet_to, rhythm = excluded.rhythm");
    stmt_bind_int(q, 1, person);
    stmt_bind_str(q, 2, mail);
    stmt_bind_int(q, 3, s->mail_kinds & all);
    stmt_bind_int(q, 4, s->hook_kinds & all & ~(1U << NOTICE_BRIEF));
    stmt_bind_int(q, 5, s->quiet_from);
    stmt_bind_int(q, 6, s->quiet_to);
    stmt_bind_int(q, 7, s->rhythm);
    return stmt_run(q, NULL, e);
}

int64_t notice_after_quiet(int64_t at_ms, int quiet_from, int quiet_to, int zone)
{
    int32_t day = clock_day(at_ms, zone);
    int64_t from = (int64_t)quiet_from * MS_MINUTE, to = (int64_t)quiet_to * MS_MINUTE;
    int64_t into = at_ms - clock_day_ms(day, zone);
    if (quiet_from == quiet_to)
        return at_ms;
    if (from < to)
        return into >= from && into < to ? at_ms - into + to : at_ms;
    if (into >= from) /* over midnight */
        return clock_day_ms(day + 1, zone) + to;
    return into < to ? at_ms - into + to : at_ms;
}
