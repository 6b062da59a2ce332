/* notice_letter.c - mails that belong to no matter: their words, beside the rows of notice_out that bear what becomes of them. */
#include "base/id.h"
#include "office/notice_post.h"

enum code letter_put(struct db *db, const struct post_letter *l, struct err *e)
{
    int64_t id = id_next();
    struct stmt *q =
        db_sql(db, "INSERT INTO notice_letter(id, person, about, name, subject, text, path, at)"
                   " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, l->person);
    stmt_bind_str(q, 3, l->about);
    stmt_bind_str(q, 4, l->name);
    stmt_bind_str(q, 5, l->subject);
    stmt_bind_str(q, 6, l->text);
    stmt_bind_str(q, 7, l->path);
    stmt_bind_int(q, 8, l->at_ms);
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db,
        "INSERT INTO notice_out(notice, channel, target, state, tries, next_at, claim, error)"
        " VALUES(?1, ?2, ?3, 0, 0, ?4, 0, '')");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, POST_LETTER);
    stmt_bind_int(q, 3, l->person);
    stmt_bind_int(q, 4, l->at_ms);
    return stmt_run(q, NULL, e);
}

enum code letter_claimed(struct db *db, struct arena *a, int64_t claim, struct post_letter *out,
    bool *there, struct err *e)
{
    struct stmt *q = db_sql(db,
        "SELECT l.person, l.name, l.subject, l.text, l.path, coalesce(s.mail, ''), o.tries"
        " FROM notice_out o JOIN notice_letter l ON l.id = o.notice LEFT JOIN notice_setting s"
        " ON s.person = l.person WHERE o.state = 1 AND o.claim = ?1");

    stmt_bind_int(q, 1, claim);
    *there = stmt_step(q);
    if (*there)
        *out = (struct post_letter){.person = stmt_int(q, 0),
            .name = arena_str(a, stmt_str(q, 1)),
            .subject = arena_str(a, stmt_str(q, 2)),
            .text = arena_str(a, stmt_str(q, 3)),
            .path = arena_str(a, stmt_str(q, 4)),
            .mail = arena_str(a, stmt_str(q, 5)),
            .tries = stmt_int(q, 6)};
    return stmt_end(q, e);
}

enum code letter_failed(
    struct db *db, struct arena *a, struct str about, struct str *out, struct err *e)
{
    struct stmt *q = db_sql(db,
        "SELECT p.name, o.error FROM notice_letter l JOIN notice_out o ON o.notice = l.id"
        " AND o.channel = ?2 JOIN person p ON p.id = l.person WHERE l.about = ?1"
        " AND o.error <> '' ORDER BY p.rank, p.id");

    *out = S("");
    stmt_bind_str(q, 1, about);
    stmt_bind_int(q, 2, POST_LETTER);
    while (stmt_step(q))
        *out = arena_printf(a, "%.*s%s%.*s（%.*s）", SF(*out), out->n ? "、" : "",
            SF(stmt_str(q, 0)), SF(stmt_str(q, 1)));
    return stmt_end(q, e);
}

enum code letter_prune(struct db *db, int64_t before_ms, struct err *e)
{
    struct stmt *q = db_sql(db, "DELETE FROM notice_out WHERE channel = ?2 AND notice IN"
                                " (SELECT id FROM notice_letter WHERE at < ?1)");

    stmt_bind_int(q, 1, before_ms);
    stmt_bind_int(q, 2, POST_LETTER);
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db, "DELETE FROM notice_letter WHERE at < ?1");
    stmt_bind_int(q, 1, before_ms);
    return stmt_run(q, NULL, e);
}
