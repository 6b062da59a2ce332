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
    " coalesce(d.name, ''), n.proposer, n.author"
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
        .by_name = stmt_str(q, 18).n ? arena_printf(a, "%.*s（Word稿）", SF(stmt_str(q, 18)))
                                     : arena_str(a, stmt_str(q, 15)),
        .done_name = arena_str(a, stmt_str(q, 16)),
        .proposer = arena_str(a, stmt_str(q, 17)),
        .author = arena_str(a, stmt_str(q, 18))};
}

/* ---- where they stand now ---- */

/* All of them to text `seq`; an answer has no place. */
static enum code follow(struct db *db, struct arena *a, int64_t id, int64_t seq,
    struct manuscript_note *v, size_t n, struct err *e)
{
    struct manuscript_span *s = ARENA_ARRAY(a, struct manuscript_span, n + 1);
    for (size_t i = 0; i < n; i++)
        s[i] = v[i].sort == NOTE_REPLY ? (struct manuscript_span){.seq = seq}
                                       : (struct manuscript_span){v[i].seq, v[i].from, v[i].to};
    TRY(manuscript_spans_follow(db, a, id, seq, s, n, e));
    for (size_t i = 0; i < n; i++)
        v[i].seq = s[i].seq, v[i].from = s[i].from, v[i].to = s[i].to;
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

static enum code check_proposer(struct str name, struct err *e)
{
    if (utf8_check(name) != SIZE_MAX || utf8_len_cp(name) > NOTE_PROPOSER_CP_MAX)
        return FAIL(e, E_INPUT, "提出人最多%d个字", NOTE_PROPOSER_CP_MAX);
    return manuscript_check_secret(S(""), name, e);
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
        " quote, words, put, by_person, made, done_by, done, proposer, author)"
        " VALUES(?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0, 0, ?13, ?14)");
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
    stmt_bind_str(q, 13, v->proposer);
    stmt_bind_str(q, 14, v->author);
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
    v->quote = span(&map, v);
    return OK;
}

/* Where it stands and what it says, judged. */
static enum code place(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    const struct note_new *x, struct manuscript_note *v, struct err *e)
{
    struct str text = S("");
    TRY(check_words(v->words, v->put, v->sort == NOTE_COMMENT, e));
    TRY(manuscript_text(db, a, by, id, x->seq, &text, &v->seq, e));
    if (x->seq < 0)
        TRY(find_quote(text, x->quote, v, e));
    else
        TRY(cut_quote(a, text, v, e));
    return v->sort == NOTE_SUGGESTION && str_eq(v->quote, v->put)
               ? FAIL(e, E_INPUT, "建议和原文一样")
               : OK;
}

enum code manuscript_note_add(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    const struct note_new *x, int64_t *note, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct manuscript_note v = {.id = id_next(),
        .manuscript = id,
        .sort = x->sort,
        .from = x->from,
        .to = x->to,
        .words = str_trim(x->words),
        .put = x->put,
        .proposer = str_trim(x->proposer),
        .by = by->v->person,
        .made_ms = by->now_ms};
    TRY(manuscript_get(db, a, by, id, &m, e));
    TRY(manuscript_stands(&m, e));
    if (x->sort != NOTE_COMMENT && x->sort != NOTE_SUGGESTION)
        return FAIL(e, E_INPUT, "没有这种批注");
    TRY(check_proposer(v.proposer, e));
    TRY(room(db, id, e));
    TRY(place(db, a, by, id, x, &v, e));
    TRY(insert(db, &v, e));
    TRY(audit_simple(db, by->v->person, "manuscript.note", "manuscript", id, S(""), e));
    *note = v.id;
    return OK;
}

enum code manuscript_note_bring(
    struct db *db, const struct actor *by, int64_t id, const struct note_brought *x, struct err *e)
{
    struct manuscript_note v = {.id = id_next(),
        .manuscript = id,
        .sort = x->sort,
        .from = x->from,
        .to = x->to,
        .quote = x->quote,
        .words = x->words,
        .put = x->put,
        .author = x->author,
        .by = by->v->person,
        .made_ms = x->made_ms > 0 && x->made_ms < by->now_ms ? x->made_ms : by->now_ms};
    TRY(check_words(v.words, v.put, x->sort == NOTE_COMMENT, e));
    return insert(db, &v, e);
}

/* One by its id, to be written, with its span in the text now; and the manuscript it is on. */
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
    TRY(manuscript_stands(m, e));
    TRY(follow(db, a, m->id, m->seq, &one, 1, e));
    *v = one;
    return OK;
}

enum code manuscript_note_on(struct db *db, int64_t id, int64_t note, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT 1 FROM manuscript_note WHERE id = ?1 AND manuscript = ?2");
    stmt_bind_int(q, 1, note);
    stmt_bind_int(q, 2, id);
    bool there = stmt_step(q);
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_NOTFOUND, "这份文稿没有这条批注");
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

enum code manuscript_note_revise(struct db *db, struct arena *a, const struct actor *by,
    int64_t note, const struct note_new *x, struct err *e)
{
    struct manuscript_note v = {.id = 0};
    struct manuscript m = {.id = 0};
    TRY(get_one(db, a, by, note, &v, &m, e));
    if (v.sort != NOTE_SUGGESTION || v.by != by->v->person)
        return FAIL(e, E_DENIED, "只能改自己提的建议");
    if (v.state != NOTE_OPEN)
        return FAIL(e, E_CONFLICT, "这条建议已由%.*s办完", SF(v.done_name));
    v.from = x->from, v.to = x->to, v.put = x->put;
    TRY(place(db, a, by, m.id, x, &v, e));
    struct stmt *q = db_sql(db, "UPDATE manuscript_note SET seq = ?2, from_unit = ?3, to_unit = ?4,"
                                " quote = ?5, put = ?6 WHERE id = ?1 AND state = 0");
    stmt_bind_int(q, 1, note);
    stmt_bind_int(q, 2, v.seq);
    stmt_bind_int(q, 3, v.from);
    stmt_bind_int(q, 4, v.to);
    stmt_bind_str(q, 5, v.quote);
    stmt_bind_str(q, 6, v.put);
    return stmt_run(q, NULL, e);
}

/* ---- what becomes of it ---- */

/* What a suggestion changes, without what it leaves as it is: words beside it stay what they are for other notes. */
struct hunk {
    int64_t from, to;
    struct str put;
};

static bool inside(struct str s, size_t at)
{
    return at < s.n && ((unsigned char)s.p[at] & 0xC0) == 0x80;
}

static struct hunk hunk_of(const struct manuscript_note *v)
{
    struct str was = v->quote, put = v->put;
    size_t most = was.n < put.n ? was.n : put.n, x = 0, y = 0;
    while (x < most && was.p[x] == put.p[x])
        x++;
    while (inside(was, x) || inside(put, x))
        x--;
    while (y < most - x && was.p[was.n - 1 - y] == put.p[put.n - 1 - y])
        y++;
    while (inside(was, was.n - y) || inside(put, put.n - y))
        y--;
    return (struct hunk){v->from + (int64_t)edit_units(str_sub(was, 0, x)),
        v->to - (int64_t)edit_units(str_sub(was, was.n - y, y)), str_sub(put, x, put.n - x - y)};
}

/* Into those that are taken, by place; false: one of them changes words that `v` was made on. */
static bool take(struct hunk *taken, size_t *n, const struct manuscript_note *v)
{
    struct hunk h = hunk_of(v);
    size_t at = *n;
    for (size_t i = 0; i < *n; i++)
        if (taken[i].from < v->to && taken[i].to > v->from)
            return false;
    for (; at > 0 && taken[at - 1].from > h.from; at--)
        taken[at] = taken[at - 1];
    taken[at] = h;
    (*n)++;
    return true;
}

/* As one change of a text of so many units. */
static void edit_of(struct arena *a, const struct hunk *v, size_t n, size_t units, struct edit *out)
{
    struct edit x = {.before = units, .after = units};
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        size_t from = (size_t)v[i].from, len = (size_t)(v[i].to - v[i].from),
               ins = edit_units(v[i].put);
        x.after = x.after + ins - len;
        if (from == at && x.n > 0) { /* right behind the last one: as one with it */
            struct edit_part *last = &x.v[x.n - 1];
            last->len += len;
            last->ins += (int64_t)ins;
            last->text = arena_printf(a, "%.*s%.*s", SF(last->text), SF(v[i].put));
        } else {
            if (from > at)
                ARENA_PUSH(a, x.v, x.n, x.cap) =
                    (struct edit_part){.len = from - at, .ins = -1, .text = S("")};
            ARENA_PUSH(a, x.v, x.n, x.cap) =
                (struct edit_part){.len = len, .ins = (int64_t)ins, .text = v[i].put};
        }
        at = from + len;
    }
    if (at < units)
        ARENA_PUSH(a, x.v, x.n, x.cap) =
            (struct edit_part){.len = units - at, .ins = -1, .text = S("")};
    *out = x;
}

static enum code write_hunks(struct db *db, struct arena *a, const struct actor *by,
    const struct manuscript *m, const struct hunk *v, size_t n, struct str client, int64_t *seq,
    struct err *e)
{
    struct str text = S("");
    struct edit x;
    TRY(manuscript_text(db, a, by, m->id, m->seq, &text, NULL, e));
    edit_of(a, v, n, edit_units(text), &x);
    return manuscript_change(db, a, by, m->id, &x, client, seq, e);
}

static enum code accept(struct db *db, struct arena *a, const struct actor *by,
    const struct manuscript *m, struct manuscript_note *v, struct str client, int64_t *seq,
    struct err *e)
{
    struct pos_map map;
    struct str text = S("");
    struct hunk h = hunk_of(v);
    TRY(manuscript_text(db, a, by, m->id, m->seq, &text, NULL, e));
    pos_map_init(a, &map, text);
    look(&map, v);
    if (v->changed && str_eq(span(&map, v), v->put))
        return OK;
    if (v->changed)
        return FAIL(e, E_CONFLICT, "这一处已经改过，请对照着自己改，再把建议办完");
    return write_hunks(db, a, by, m, &h, 1, client, seq, e);
}

static enum code close_row(
    struct db *db, const struct actor *by, int64_t note, enum note_state state, struct err *e)
{
    struct stmt *q = db_sql(db, "UPDATE manuscript_note SET state = ?2, done_by = ?3, done = ?4"
                                " WHERE id = ?1 AND state = 0");
    stmt_bind_int(q, 1, note);
    stmt_bind_int(q, 2, state);
    stmt_bind_int(q, 3, by->v->person);
    stmt_bind_int(q, 4, by->now_ms);
    return stmt_run(q, NULL, e);
}

enum code manuscript_notes_accept(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, int64_t person, struct str proposer, struct str client, struct notes_taken *out,
    struct err *e)
{
    struct manuscript m = {.id = 0};
    struct notes_taken r = {.seq = 0};
    struct manuscript_note *v = NULL;
    size_t n = 0;
    TRY(manuscript_need(db, a, by, id, MANUSCRIPT_WRITE, &m, e));
    TRY(manuscript_notes(db, a, by, id, true, &v, &n, e));
    struct hunk *taken = ARENA_ARRAY(a, struct hunk, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (v[i].sort != NOTE_SUGGESTION || v[i].by != person || !str_eq(v[i].proposer, proposer))
            continue;
        if (v[i].changed || !take(taken, &r.taken, &v[i]))
            r.left++;
        else
            TRY(close_row(db, by, v[i].id, NOTE_DONE, e));
    }
    r.seq = m.seq;
    if (r.taken)
        TRY(write_hunks(db, a, by, &m, taken, r.taken, client, &r.seq, e));
    TRY(audit_simple(db, by->v->person, "manuscript.note.accept", "manuscript", id,
        arena_printf(
            a, "{\"of\":\"%lld\",\"taken\":%zu,\"left\":%zu}", (long long)person, r.taken, r.left),
        e));
    *out = r;
    return OK;
}

enum code manuscript_note_close(struct db *db, struct arena *a, const struct actor *by,
    int64_t note, enum note_state state, struct str client, int64_t *seq, struct err *e)
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
        TRY(accept(db, a, by, &m, &v, client, &now, e));
    TRY(close_row(db, by, note, state, e));
    TRY(audit_simple(db, by->v->person, "manuscript.note.close", "manuscript", m.id,
        arena_printf(a, "{\"note\":\"%lld\",\"how\":\"%s\"}", (long long)note, verbs[state]), e));
    *seq = now;
    return OK;
}

/* The words it was made on, where it stood: the nearest in that paragraph, since what was taken out and put back has no place of its own between, and
 * others may have written beside it. */
static bool back_again(const struct pos_map *map, struct manuscript_note *v)
{
    struct str text = map->text;
    size_t begin = pos_at_unit(map, (size_t)v->from).byte, end, best = SIZE_MAX, far = SIZE_MAX;
    size_t at = begin;
    while (at > 0 && text.p[at - 1] != '\n')
        at--;
    end = str_find(text, S("\n"), pos_at_unit(map, (size_t)v->to).byte);
    end = end == SIZE_MAX ? text.n : end;
    if (end + v->quote.n <= text.n)
        end += v->quote.n; /* it may have been lines */
    for (; v->quote.n && (at = str_find(text, v->quote, at)) != SIZE_MAX; at++) {
        size_t off = at < begin ? begin - at : at - begin;
        if (at + v->quote.n > end)
            break;
        if (off < far)
            best = at, far = off;
    }
    if (!v->quote.n)
        best = begin;
    if (best == SIZE_MAX)
        return false;
    v->from = (int64_t)edit_units(str_sub(text, 0, best));
    v->to = v->from + (int64_t)edit_units(v->quote);
    return true;
}

enum code manuscript_note_reopen(
    struct db *db, struct arena *a, const struct actor *by, int64_t note, struct err *e)
{
    struct manuscript_note v = {.id = 0};
    struct manuscript m = {.id = 0};
    struct pos_map map;
    struct str text = S("");
    TRY(get_one(db, a, by, note, &v, &m, e));
    if (v.sort != NOTE_SUGGESTION || v.state != NOTE_DONE)
        return FAIL(e, E_CONFLICT, "这条建议没有采纳，不必撤销");
    if (!m.may[MANUSCRIPT_WRITE] || v.done_by != by->v->person)
        return FAIL(e, E_DENIED, "只能撤销自己采纳的建议");
    TRY(manuscript_text(db, a, by, m.id, m.seq, &text, NULL, e));
    pos_map_init(a, &map, text);
    if (!back_again(&map, &v))
        return FAIL(e, E_CONFLICT, "这一处已经改过，建议没有重新打开");
    struct stmt *q = db_sql(db, "UPDATE manuscript_note SET state = 0, done_by = 0, done = 0,"
                                " seq = ?2, from_unit = ?3, to_unit = ?4 WHERE id = ?1");
    stmt_bind_int(q, 1, note);
    stmt_bind_int(q, 2, m.seq);
    stmt_bind_int(q, 3, v.from);
    stmt_bind_int(q, 4, v.to);
    TRY(stmt_run(q, NULL, e));
    return audit_simple(db, by->v->person, "manuscript.note.reopen", "manuscript", m.id,
        arena_printf(a, "{\"note\":\"%lld\"}", (long long)note), e);
}
