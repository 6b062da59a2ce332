#include "office/manuscript_note.h"

#include "base/id.h"
#include "base/utf8.h"
#include "office/audit.h"
#include "office/manuscript_edit.h"
#include "office/manuscript_int.h"
#include "text/pos.h"

#define COLUMNS                                                                              \
    "n.id, n.manuscript, n.parent, n.sort, n.state, n.seq, n.from_unit, n.to_unit, n.quote," \
    " n.words, n.put, n.by_person, n.made, n.done_by, n.done, coalesce(p.name, ''),"         \
    " coalesce(d.name, '')"
#define FROM                                                                                 \
    " FROM manuscript_note n LEFT JOIN person p ON p.id = n.by_person LEFT JOIN person d ON" \
    " d.id = n.done_by"

static struct manuscript_note row(struct stmt *q, struct arena *a)
{
    return (struct manuscript_note){.id = stmt_int(q, 0),
        .manuscript = stmt_int(q, 1),
        .parent = stmt_int(q, 2),
        .sort = (enum note_sort)stmt_int(q, 3),
        .state = (enum note_state)stmt_int(q, 4),
        .seq = stmt_int(q, 5),
        .from = stmt_int(q, 6),
        .to = stmt_int(q, 7),
        .quote = arena_str(a, stmt_str(q, 8)),
        .words = arena_str(a, stmt_str(q, 9)),
        .put = arena_str(a, stmt_str(q, 10)),
        .by = stmt_int(q, 11),
        .made_ms = stmt_int(q, 12),
        .done_by = stmt_int(q, 13),
        .done_ms = stmt_int(q, 14),
        .by_name = arena_str(a, stmt_str(q, 15)),
        .done_name = arena_str(a, stmt_str(q, 16))};
}

/* ---- where they stand now ---- */

void manuscript_span_follow(const struct edit *x, int64_t *from, int64_t *to)
{
    bool had = *to > *from;
    int64_t begin = (int64_t)edit_map_pos(x, (size_t)*from, had ? 1 : -1);
    int64_t end = had ? (int64_t)edit_map_pos(x, (size_t)*to, -1) : begin;
    *from = begin < end ? begin : end;
    *to = end;
}

/* All of them to text `seq`; in the order they were made, so that those of one text stand together. */
static enum code follow(struct db *db, struct arena *a, int64_t id, int64_t seq,
    struct manuscript_note *v, size_t n, struct err *e)
{
    struct edit x = {.n = 0};
    int64_t have = -1;
    for (size_t i = 0; i < n; i++) {
        if (v[i].sort == NOTE_REPLY || v[i].seq == seq)
            continue;
        if (v[i].seq != have) {
            have = v[i].seq;
            TRY(manuscript_changes(db, a, id, have, seq, &x, e));
        }
        manuscript_span_follow(&x, &v[i].from, &v[i].to);
        v[i].seq = seq;
    }
    return OK;
}

static enum code rows_of(struct db *db, struct arena *a, int64_t id, bool open,
    struct manuscript_note **out, size_t *n, struct err *e)
{
    struct manuscript_note *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q =
        db_sql(db, "SELECT " COLUMNS FROM " WHERE n.manuscript = ?1 AND (?2 = 0 OR n.state = 0)"
                   " ORDER BY n.seq, n.id LIMIT ?3");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, open);
    stmt_bind_int(q, 3, NOTES_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code manuscript_notes_follow(
    struct db *db, struct arena *a, int64_t id, int64_t seq, struct err *e)
{
    struct manuscript_note *v = NULL;
    size_t n = 0;
    TRY(rows_of(db, a, id, true, &v, &n, e));
    TRY(follow(db, a, id, seq, v, n, e));
    for (size_t i = 0; i < n; i++) {
        if (v[i].sort == NOTE_REPLY)
            continue;
        struct stmt *q = db_sql(
            db, "UPDATE manuscript_note SET seq = ?2, from_unit = ?3, to_unit = ?4 WHERE id = ?1");
        stmt_bind_int(q, 1, v[i].id);
        stmt_bind_int(q, 2, seq);
        stmt_bind_int(q, 3, v[i].from);
        stmt_bind_int(q, 4, v[i].to);
        TRY(stmt_run(q, NULL, e));
    }
    return OK;
}

/* What the actor may do with it, as things stand. */
static void judge(const struct actor *by, const struct manuscript *m, struct manuscript_note *v)
{
    bool own = by->v->owner || v->by == by->v->person, open = v->state == NOTE_OPEN;
    v->may_close = open && v->sort == NOTE_COMMENT && (own || m->may[MANUSCRIPT_WRITE]);
    v->may_refuse = open && v->sort == NOTE_SUGGESTION && m->may[MANUSCRIPT_WRITE];
    v->may_accept = open && v->sort == NOTE_SUGGESTION && m->may[MANUSCRIPT_WRITE] &&
                    !m->locked_ms && !m->given_up_ms && !v->changed;
}

/* What stands in its span; of text `map` is of. */
static struct str span(const struct pos_map *map, const struct manuscript_note *v)
{
    size_t from = pos_at_unit(map, (size_t)v->from).byte, to = pos_at_unit(map, (size_t)v->to).byte;
    return str_sub(map->text, from, to - from);
}

static void look(const struct pos_map *map, struct manuscript_note *v)
{
    v->gone = v->quote.n > 0 && v->to == v->from;
    v->changed = !str_eq(span(map, v), v->quote);
}

/* By place, then by age; a reply behind what it answers. Few: insertion. */
static bool stands_before(const struct manuscript_note *x, const struct manuscript_note *y)
{
    return x->from != y->from ? x->from < y->from : x->id < y->id;
}

static size_t in_order(struct manuscript_note *v, size_t n, struct manuscript_note *out)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (v[i].sort == NOTE_REPLY)
            continue;
        size_t at = k++;
        for (; at > 0 && stands_before(&v[i], &out[at - 1]); at--)
            out[at] = out[at - 1];
        out[at] = v[i];
    }
    for (size_t i = 0; i < n; i++) {
        if (v[i].sort != NOTE_REPLY)
            continue;
        size_t at = 0;
        while (at < k && out[at].id != v[i].parent)
            at++;
        if (at == k) /* what it answers is not in this list */
            continue;
        for (at++; at < k && out[at].sort == NOTE_REPLY;)
            at++;
        for (size_t j = k++; j > at; j--)
            out[j] = out[j - 1];
        out[at] = v[i];
    }
    return k;
}

enum code manuscript_notes(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    bool open, struct manuscript_note **out, size_t *n, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct manuscript_note *v = NULL, *sorted;
    struct pos_map map;
    struct str text = S("");
    size_t k = 0;
    TRY(manuscript_get(db, a, by, id, &m, e));
    TRY(rows_of(db, a, id, open, &v, &k, e));
    if (k > 0)
        TRY(manuscript_text(db, a, by, id, m.seq, &text, NULL, e));
    TRY(follow(db, a, id, m.seq, v, k, e));
    pos_map_init(a, &map, text);
    sorted = ARENA_ARRAY(a, struct manuscript_note, k + 1);
    *n = in_order(v, k, sorted);
    for (size_t i = 0; i < *n; i++) {
        if (sorted[i].sort != NOTE_REPLY && sorted[i].state == NOTE_OPEN)
            look(&map, &sorted[i]);
        judge(by, &m, &sorted[i]);
    }
    *out = sorted;
    return OK;
}

/* ---- making one ---- */

static enum code check_words(struct str words, struct str put, bool wanted, struct err *e)
{
    if ((wanted && !words.n) || utf8_check(words) != SIZE_MAX ||
        utf8_len_cp(words) > NOTE_WORDS_CP_MAX)
        return FAIL(e, E_INPUT, "批注应有1到%d个字", NOTE_WORDS_CP_MAX);
    if (utf8_check(put) != SIZE_MAX || utf8_len_cp(put) > NOTE_PUT_CP_MAX)
        return FAIL(e, E_INPUT, "建议改成的文字最多%d个字", NOTE_PUT_CP_MAX);
    TRY(manuscript_check_text(put, e));
    TRY(manuscript_check_secret(S(""), words, e));
    return manuscript_check_secret(S(""), put, e);
}

static enum code room(struct db *db, int64_t id, struct err *e)
{
    int64_t n = 0;
    struct stmt *q = db_sql(db, "SELECT count(*) FROM manuscript_note WHERE manuscript = ?1");
    stmt_bind_int(q, 1, id);
    if (stmt_step(q))
        n = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    return n < NOTES_MAX ? OK : FAIL(e, E_LIMIT, "一份文稿最多%d条批注", NOTES_MAX);
}

static enum code insert(struct db *db, const struct manuscript_note *v, struct err *e)
{
    struct stmt *q = db_sql(db,
        "INSERT INTO manuscript_note(id, manuscript, parent, sort, state, seq, from_unit, to_unit,"
        " quote, words, put, by_person, made, done_by, done)"
        " VALUES(?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0, 0)");
    stmt_bind_int(q, 1, v->id);
    stmt_bind_int(q, 2, v->manuscript);
    stmt_bind_int(q, 3, v->parent);
    stmt_bind_int(q, 4, v->sort);
    stmt_bind_int(q, 5, v->seq);
    stmt_bind_int(q, 6, v->from);
    stmt_bind_int(q, 7, v->to);
    stmt_bind_str(q, 8, v->quote);
    stmt_bind_str(q, 9, v->words);
    stmt_bind_str(q, 10, v->put);
    stmt_bind_int(q, 11, v->by);
    stmt_bind_int(q, 12, v->made_ms);
    return stmt_run(q, NULL, e);
}

/* The span by its words, which must stand once. */
static enum code find_quote(
    struct str text, struct str quote, struct manuscript_note *v, struct err *e)
{
    size_t at = quote.n ? str_find(text, quote, 0) : SIZE_MAX;
    if (at == SIZE_MAX)
        return FAIL(e, E_INPUT, "文稿里没有“%.*s”，请照原文抄一段", SF(str_sub(quote, 0, 90)));
    if (str_find(text, quote, at + 1) != SIZE_MAX)
        return FAIL(e, E_INPUT, "“%.*s”在文稿里不止一处，请多抄几个字", SF(str_sub(quote, 0, 90)));
    v->from = (int64_t)edit_units(str_sub(text, 0, at));
    v->to = v->from + (int64_t)edit_units(quote);
    v->quote = quote;
    return OK;
}

static enum code cut_quote(
    struct arena *a, struct str text, struct manuscript_note *v, struct err *e)
{
    struct pos_map map;
    if (v->from < 0 || v->to < v->from || (size_t)v->to > edit_units(text))
        return FAIL(e, E_INPUT, "批注的位置不对，请刷新页面");
    pos_map_init(a, &map, text);
    size_t from = pos_at_unit(&map, (size_t)v->from).byte,
           to = pos_at_unit(&map, (size_t)v->to).byte;
    v->quote = str_sub(text, from, to - from);
    return OK;
}

enum code manuscript_note_add(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    const struct note_new *x, int64_t *note, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct str text = S("");
    struct manuscript_note v = {.id = id_next(),
        .manuscript = id,
        .sort = x->sort,
        .from = x->from,
        .to = x->to,
        .words = str_trim(x->words),
        .put = x->put,
        .by = by->v->person,
        .made_ms = by->now_ms};
    TRY(manuscript_get(db, a, by, id, &m, e));
    if (x->sort != NOTE_COMMENT && x->sort != NOTE_SUGGESTION)
        return FAIL(e, E_INPUT, "没有这种批注");
    TRY(check_words(v.words, v.put, x->sort == NOTE_COMMENT, e));
    TRY(room(db, id, e));
    TRY(manuscript_text(db, a, by, id, x->seq, &text, &v.seq, e));
    if (x->seq < 0)
        TRY(find_quote(text, x->quote, &v, e));
    else
        TRY(cut_quote(a, text, &v, e));
    if (v.sort == NOTE_SUGGESTION && str_eq(v.quote, v.put))
        return FAIL(e, E_INPUT, "建议和原文一样");
    TRY(insert(db, &v, e));
    TRY(audit_simple(db, by->v->person, "manuscript.note", "manuscript", id, S(""), e));
    *note = v.id;
    return OK;
}

/* One by its id, with its span in the text now; and the manuscript it is on. */
static enum code get_one(struct db *db, struct arena *a, const struct actor *by, int64_t note,
    struct manuscript_note *v, struct manuscript *m, struct err *e)
{
    struct manuscript_note one = {.id = 0};
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE n.id = ?1");
    stmt_bind_int(q, 1, note);
    if (stmt_step(q))
        one = row(q, a);
    TRY(stmt_end(q, e));
    if (!one.id)
        return FAIL(e, E_NOTFOUND, "没有这条批注");
    TRY(manuscript_get(db, a, by, one.manuscript, m, e));
    TRY(follow(db, a, m->id, m->seq, &one, 1, e));
    *v = one;
    return OK;
}

enum code manuscript_note_reply(struct db *db, struct arena *a, const struct actor *by,
    int64_t note, struct str words, struct err *e)
{
    struct manuscript_note v = {.id = 0};
    struct manuscript m = {.id = 0};
    words = str_trim(words);
    TRY(get_one(db, a, by, note, &v, &m, e));
    TRY(check_words(words, S(""), true, e));
    TRY(room(db, m.id, e));
    if (v.sort == NOTE_REPLY || v.state != NOTE_OPEN)
        return FAIL(e, E_CONFLICT, "这条批注已经办完，请另写一条");
    return insert(db,
        &(struct manuscript_note){.id = id_next(),
            .manuscript = m.id,
            .parent = note,
            .sort = NOTE_REPLY,
            .words = words,
            .by = by->v->person,
            .made_ms = by->now_ms},
        e);
}

/* ---- what becomes of it ---- */

static enum code accept(struct db *db, struct arena *a, const struct actor *by,
    const struct manuscript *m, struct manuscript_note *v, int64_t *seq, struct err *e)
{
    struct manuscript_saved s = {.seq = m->seq};
    struct manuscript_note now = *v;
    struct str text = S("");
    struct pos_map map;
    TRY(manuscript_text(db, a, by, m->id, -1, &text, NULL, e));
    TRY(cut_quote(a, text, &now, e));
    if (!str_eq(now.quote, v->quote))
        return FAIL(e, E_CONFLICT, "这一处已经改过，请对照着自己改，再把建议办完");
    pos_map_init(a, &map, text);
    size_t from = pos_at_unit(&map, (size_t)v->from).byte, to = from + now.quote.n;
    struct str all = arena_printf(a, "%.*s%.*s%.*s", SF(str_sub(text, 0, from)), SF(v->put),
        SF(str_sub(text, to, text.n - to)));
    TRY(manuscript_save(db, a, by, m->id, m->seq, all, &s, e));
    *seq = s.seq;
    return OK;
}

enum code manuscript_note_close(struct db *db, struct arena *a, const struct actor *by,
    int64_t note, enum note_state state, int64_t *seq, struct err *e)
{
    static const char *const verbs[] = {"", "done", "refused", "withdrawn"};
    struct manuscript_note v = {.id = 0};
    struct manuscript m = {.id = 0};
    TRY(get_one(db, a, by, note, &v, &m, e));
    bool own = by->v->owner || v.by == by->v->person;
    if (v.sort == NOTE_REPLY || state <= NOTE_OPEN || state > NOTE_WITHDRAWN)
        return FAIL(e, E_INPUT, "没有这种办法");
    if (v.state != NOTE_OPEN)
        return FAIL(e, E_CONFLICT, "这条批注已由%.*s办完", SF(v.done_name));
    if (state == NOTE_WITHDRAWN ? !own
                                : !m.may[MANUSCRIPT_WRITE] && !(own && v.sort == NOTE_COMMENT))
        return FAIL(e, E_DENIED, "这条批注由能修改文稿的人办");
    int64_t now = m.seq;
    if (state == NOTE_DONE && v.sort == NOTE_SUGGESTION)
        TRY(accept(db, a, by, &m, &v, &now, e));
    struct stmt *q = db_sql(db, "UPDATE manuscript_note SET state = ?2, done_by = ?3, done = ?4"
                                " WHERE id = ?1 AND state = 0");
    stmt_bind_int(q, 1, note);
    stmt_bind_int(q, 2, state);
    stmt_bind_int(q, 3, by->v->person);
    stmt_bind_int(q, 4, by->now_ms);
    TRY(stmt_run(q, NULL, e));
    TRY(audit_simple(db, by->v->person, "manuscript.note.close", "manuscript", m.id,
        arena_printf(a, "{\"note\":\"%lld\",\"how\":\"%s\"}", (long long)note, verbs[state]), e));
    *seq = now;
    return OK;
}
