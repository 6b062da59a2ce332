#include "office/ask.h"

#include "base/id.h"
#include "base/utf8.h"
#include "office/item_int.h"
#include "office/item_text.h"
#include "office/unit.h"

#include <stdlib.h>

enum { ASKS_MAX = 2000, FILES_MAX = FIELD_FILES, LEVELS_MAX = UNIT_DEPTH_MAX };

#define COLUMNS                                                                                \
    "a.id, a.item, a.to_kind, a.to_id, a.by_person, a.parent, a.purpose, a.answers, a.wait,"   \
    " a.state, a.sent, a.seen, a.answered, a.due, a.answered_by, a.word, a.text, a.reminded,"  \
    " a.turn, a.final, a.made, coalesce(u.short_name, p.name, ''), a.need_text, a.need_files," \
    " a.files, a.received, coalesce(u.rank, p.rank, 0), coalesce(b.name, '')"
#define FROM                                                                              \
    " FROM ask a LEFT JOIN unit u ON a.to_kind = 2 AND u.id = a.to_id LEFT JOIN person p" \
    " ON a.to_kind = 1 AND p.id = a.to_id LEFT JOIN person b ON b.id = a.by_person"

/* ---- reading ---- */

static struct ask row_ask(struct stmt *q, struct arena *a)
{
    return (struct ask){.id = stmt_int(q, 0),
        .item = stmt_int(q, 1),
        .to_kind = (enum principal)stmt_int(q, 2),
        .to = stmt_int(q, 3),
        .by = stmt_int(q, 4),
        .parent = stmt_int(q, 5),
        .purpose = arena_str(a, stmt_str(q, 6)),
        .answers = arena_str(a, stmt_str(q, 7)),
        .wait = (enum ask_wait)stmt_int(q, 8),
        .state = (enum ask_state)stmt_int(q, 9),
        .sent_ms = stmt_int(q, 10),
        .seen_ms = stmt_int(q, 11),
        .answered_ms = stmt_int(q, 12),
        .due_ms = stmt_int(q, 13),
        .answered_by = stmt_int(q, 14),
        .word = arena_str(a, stmt_str(q, 15)),
        .text = arena_str(a, stmt_str(q, 16)),
        .reminded = stmt_int(q, 17),
        .turn = stmt_int(q, 18),
        .final = stmt_int(q, 19),
        .made = stmt_int(q, 20),
        .to_name = arena_str(a, stmt_str(q, 21)),
        .need_text = arena_str(a, stmt_str(q, 22)),
        .need_files = arena_str(a, stmt_str(q, 23)),
        .files = arena_str(a, stmt_str(q, 24)),
        .received_ms = stmt_int(q, 25),
        .rank = stmt_int(q, 26),
        .by_name = arena_str(a, stmt_str(q, 27))};
}

static enum code ask_rows(
    struct db *db, struct arena *a, int64_t item, struct ask **out, size_t *n, struct err *e)
{
    struct ask *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE a.item = ?1 ORDER BY a.id LIMIT ?2");
    stmt_bind_int(q, 1, item);
    stmt_bind_int(q, 2, ASKS_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row_ask(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

static enum code ask_row(struct db *db, struct arena *a, int64_t id, struct ask *out, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE a.id = ?1");
    stmt_bind_int(q, 1, id);
    bool there = stmt_step(q);
    if (there)
        *out = row_ask(q, a);
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_NOTFOUND, "没有这项请办，可能已经收回");
}

enum code asks_read(struct work *w, struct err *e)
{
    TRY(ask_rows(w->db, w->a, w->it.id, &w->asks, &w->n_asks, e));
    w->cap_asks = w->n_asks; /* the next one moves the list */
    return OK;
}

enum code ask_list(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct ask **out, size_t *n, struct err *e)
{
    struct work w;
    bool *seen;
    size_t k = 0;
    TRY(work_begin(&w, db, a, by, item, e));
    seen = asks_seen(&w);
    for (size_t i = 0; i < w.n_asks; i++)
        if (seen[i])
            w.asks[k++] = w.asks[i];
    *out = w.asks;
    *n = k;
    return OK;
}

enum code ask_get(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct ask *out, struct err *e)
{
    struct ask got = {0};
    struct work w;
    struct err none;
    bool *seen;
    TRY(ask_row(db, a, id, &got, e));
    if (work_begin(&w, db, a, by, got.item, &none) != OK)
        return FAIL(e, E_NOTFOUND, "没有这项请办，可能已经收回");
    seen = asks_seen(&w);
    for (size_t i = 0; i < w.n_asks; i++)
        if (w.asks[i].id == id && seen[i]) {
            *out = got;
            return OK;
        }
    return FAIL(e, E_NOTFOUND, "没有这项请办，可能已经收回");
}

size_t asks_open(const struct work *w)
{
    size_t n = 0;
    for (size_t i = 0; i < w->n_asks; i++) {
        const struct ask *a = &w->asks[i];
        n += a->state == ASK_OPEN && a->wait != WAIT_NONE && a->parent == 0;
    }
    return n;
}

/* ---- writing ---- */

static enum code ask_write(struct work *w, const struct ask *a, struct err *e)
{
    struct stmt *q = db_sql(w->db,
        "UPDATE ask SET state = ?2, sent = ?3, seen = ?4, answered = ?5, answered_by = ?6,"
        " word = ?7, text = ?8, reminded = ?9, files = ?10, received = ?11 WHERE id = ?1");
    stmt_bind_int(q, 1, a->id);
    stmt_bind_int(q, 2, a->state);
    stmt_bind_int(q, 3, a->sent_ms);
    stmt_bind_int(q, 4, a->seen_ms);
    stmt_bind_int(q, 5, a->answered_ms);
    stmt_bind_int(q, 6, a->answered_by);
    stmt_bind_str(q, 7, a->word);
    stmt_bind_str(q, 8, a->text);
    stmt_bind_int(q, 9, a->reminded);
    stmt_bind_str(q, 10, a->files);
    stmt_bind_int(q, 11, a->received_ms);
    return stmt_run(q, NULL, e);
}

static enum code ask_insert(struct work *w, const struct ask *a, struct err *e)
{
    struct stmt *q = db_sql(w->db,
        "INSERT INTO ask(id, item, kind, to_kind, to_id, by_person, parent, purpose, answers, wait,"
        " state, turn, made, sent, seen, answered, due, answered_by, word, text, reminded,"
        " final, need_text, need_files)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?11, ?12, ?13, 0, 0, ?14, 0, '', '',"
        " 0, ?15, ?16, ?17)");
    stmt_bind_int(q, 1, a->id);
    stmt_bind_int(q, 2, a->item);
    stmt_bind_str(q, 3, w->it.kind);
    stmt_bind_int(q, 4, a->to_kind);
    stmt_bind_int(q, 5, a->to);
    stmt_bind_int(q, 6, a->by);
    stmt_bind_int(q, 7, a->parent);
    stmt_bind_str(q, 8, a->purpose);
    stmt_bind_str(q, 9, a->answers);
    stmt_bind_int(q, 10, a->wait);
    stmt_bind_int(q, 11, a->turn);
    stmt_bind_int(q, 12, a->made);
    stmt_bind_int(q, 13, a->sent_ms);
    stmt_bind_int(q, 14, a->due_ms);
    stmt_bind_int(q, 15, a->final);
    stmt_bind_str(q, 16, a->need_text);
    stmt_bind_str(q, 17, a->need_files);
    return stmt_run(q, NULL, e);
}

enum code ask_make(struct work *w, const struct ask_plan *p, struct err *e)
{
    int64_t made = w->it.revision + 1;
    size_t open = 0;
    bool first = p->turn > 0;
    for (size_t i = 0; i < w->n_asks; i++) {
        const struct ask *a = &w->asks[i];
        if (a->state != ASK_OPEN)
            continue;
        open++;
        if (a->made == made && a->turn && a->turn < p->turn)
            first = false;
        if (a->to_kind == p->to_kind && a->to == p->to && str_eq(a->purpose, p->purpose) &&
            a->parent == p->parent)
            return OK;
    }
    if (open >= ASKS_MAX || w->n_asks >= ASKS_MAX)
        return FAIL(e, E_LIMIT, "一件事项最多请办%d次，请另立事项", ASKS_MAX);
    struct ask a = {.id = id_next(),
        .item = w->it.id,
        .to_kind = p->to_kind,
        .to = p->to,
        .by = w->by->v->person,
        .parent = p->parent,
        .purpose = p->purpose.n ? p->purpose : S("办理"),
        .answers = p->answers.n ? p->answers : S("已收\n已反馈"),
        .wait = p->wait,
        .turn = p->turn,
        .final = p->final ? p->final : 1,
        .made = made,
        .sent_ms = p->turn == 0 || first ? w->by->now_ms : 0,
        .due_ms = p->due_ms,
        .need_text = p->need_text,
        .need_files = p->need_files};
    ARENA_PUSH(w->a, w->asks, w->n_asks, w->cap_asks) = a;
    return ask_insert(w, &a, e);
}

enum code ask_end(struct work *w, struct ask *a, enum ask_state state, struct err *e)
{
    a->state = state;
    return ask_write(w, a, e);
}

/* By a slip (slip.h), whose event it is. */
enum code ask_urged(struct work *w, struct ask *a, struct err *e)
{
    a->reminded++;
    return ask_write(w, a, e);
}

/* The first of a series that nobody has yet, once none before it is open. */
enum code asks_next_turn(struct work *w, struct err *e)
{
    for (size_t i = 0; i < w->n_asks; i++) {
        struct ask *a = &w->asks[i];
        bool waits = a->state == ASK_OPEN && a->sent_ms == 0;
        for (size_t k = 0; waits && k < w->n_asks; k++) {
            const struct ask *b = &w->asks[k];
            if (b->made == a->made && b->turn && b->turn < a->turn && b->state == ASK_OPEN)
                waits = false;
        }
        if (waits) {
            a->sent_ms = w->by->now_ms;
            TRY(ask_write(w, a, e));
        }
    }
    return OK;
}

/* ---- verbs ---- */

static int by_id(const void *key, const void *x)
{
    int64_t id = *(const int64_t *)key, at = ((const struct ask *)x)->id;
    return (id > at) - (id < at);
}

/* They lie in the order of their ids: a parent before what was passed on from it. */
static struct ask *ask_of(const struct work *w, int64_t id)
{
    return id && w->n_asks ? bsearch(&id, w->asks, w->n_asks, sizeof(*w->asks), by_id) : NULL;
}

static bool is_below(const struct work *w, const struct ask *a, int64_t top)
{
    for (int i = 0; a && a->parent && i < LEVELS_MAX; i++) {
        if (a->parent == top)
            return true;
        a = ask_of(w, a->parent);
    }
    return false;
}

/* The item of the ask, and the ask in it. */
static enum code begin_ask(struct verb *v, struct db *db, const struct actor *by, int64_t id,
    struct ask **out, struct err *e)
{
    struct ask a = {0};
    TRY(ask_row(db, &v->a, id, &a, e));
    TRY(work_begin(&v->w, db, &v->a, by, a.item, e));
    *out = ask_of(&v->w, id);
    return *out ? OK : FAIL(e, E_NOTFOUND, "没有这项请办，可能已经收回");
}

/* Inside which unit a relay stays: that of the ask, or of the person asked; 0: none, or it is no relay. */
static enum code bounds_of(struct work *w, const struct ask *parent, int64_t *unit, struct err *e)
{
    *unit = parent && parent->to_kind == PRINCIPAL_UNIT ? parent->to : 0;
    if (!parent || *unit)
        return OK;
    struct stmt *q = db_sql(w->db, "SELECT unit FROM person WHERE id = ?1");
    stmt_bind_int(q, 1, parent->to);
    if (stmt_step(q))
        *unit = stmt_int(q, 0);
    return stmt_end(q, e);
}

#define INSIDE                                                                          \
    " (WITH RECURSIVE down(id) AS (SELECT id FROM unit WHERE id = ?2 UNION SELECT x.id" \
    " FROM unit x JOIN down ON x.parent = down.id) SELECT id FROM down)"

static enum code find_to(struct work *w, const struct ask_new *v, struct err *e)
{
    const struct ask *parent = ask_of(w, v->parent);
    int64_t inside, active = 0, in = 0;
    TRY(bounds_of(w, parent, &inside, e));
    struct stmt *q =
        v->to_kind == PRINCIPAL_UNIT
            ? db_sql(w->db, "SELECT active, CASE WHEN ?2 = 0 OR (id <> ?2 AND id IN" INSIDE
                            ") THEN 1 ELSE 0 END FROM unit WHERE id = ?1")
            : db_sql(w->db, "SELECT active, CASE WHEN ?2 = 0 OR unit IN" INSIDE
                            " THEN 1 ELSE 0 END FROM person WHERE id = ?1");
    stmt_bind_int(q, 1, v->to);
    stmt_bind_int(q, 2, inside);
    if (stmt_step(q)) {
        active = stmt_int(q, 0);
        in = stmt_int(q, 1);
    }
    TRY(stmt_end(q, e));
    if (!active)
        return FAIL(e, E_INPUT, "请办的对象不存在或已停用，请重新选择");
    if (!in || (parent && !inside))
        return FAIL(e, E_DENIED, "只能转给本单位的人员和下级单位，请重新选择");
    return OK;
}

/* A relay is sent by whoever holds the ask; any other by who answers for the item. */
static enum code may_send(struct work *w, const struct ask_new *v, struct err *e)
{
    const struct ask *parent = v->parent ? ask_of(w, v->parent) : NULL;
    if (v->parent && (!parent || parent->state != ASK_OPEN))
        return FAIL(e, E_INPUT, "要转发的请办不在，或已经回复");
    if (parent ? w->by->v->owner || work_acts_for(w, (int)parent->to_kind, parent->to)
               : work_right(w, ITEM_ASK, 0))
        return OK;
    return FAIL(e, E_DENIED, "您不能请他人办理这件事项");
}

/* The words of `some` are words of `all`; few and short ones. */
static enum code check_words(struct str some, struct str all, struct err *e)
{
    struct str rest = some, line;
    for (size_t n = 1; str_next(&rest, S("\n"), &line); n++) {
        if (!line.n || n > KIND_ANSWERS_MAX || utf8_check(line) != SIZE_MAX ||
            utf8_len_cp(line) > KIND_NAME_CP_MAX)
            return FAIL(e, E_LIMIT, "答复用语最多%d个，每个不超过%d个字", KIND_ANSWERS_MAX,
                KIND_NAME_CP_MAX);
        if (!str_has_piece(all, S("\n"), line))
            return FAIL(e, E_INPUT, "“%.*s”不在答复用语里，请先选上", SF(line));
    }
    return OK;
}

static enum code check_asked(const struct ask_plan *p, struct err *e)
{
    struct str all = p->answers.n ? p->answers : S("已收\n已反馈");
    if (utf8_check(p->purpose) != SIZE_MAX || utf8_len_cp(p->purpose) > KIND_NAME_CP_MAX)
        return FAIL(e, E_LIMIT, "请办事由超过%d个字", KIND_NAME_CP_MAX);
    TRY(check_words(all, all, e));
    TRY(check_words(p->need_text, all, e));
    return check_words(p->need_files, all, e);
}

static enum code send_one(struct verb *v, const struct ask_new *given, struct err *e)
{
    struct ask_plan p = {.to_kind = given->to_kind,
        .to = given->to,
        .parent = given->parent,
        .due_ms = given->due_ms,
        .final = given->final,
        .purpose = arena_str(&v->a, str_trim(given->purpose)),
        .answers = arena_str(&v->a, str_trim(given->answers)),
        .need_text = arena_str(&v->a, str_trim(given->need_text)),
        .need_files = arena_str(&v->a, str_trim(given->need_files)),
        .wait = given->wait,
        .turn = given->turn};
    if (p.turn < 0 || p.turn > FIELD_MANY)
        return FAIL(e, E_INPUT, "依次办理的次序应当是1到%d", FIELD_MANY);
    TRY(may_send(&v->w, given, e));
    TRY(find_to(&v->w, given, e));
    TRY(check_asked(&p, e));
    jw_obj(&v->j);
    jw_kid(&v->j, p.to_kind == PRINCIPAL_UNIT ? "unit" : "person", p.to);
    jw_kstr(&v->j, "purpose", p.purpose);
    if (p.parent)
        jw_kid(&v->j, "parent", p.parent);
    if (p.turn)
        jw_kint(&v->j, "turn", p.turn);
    jw_end(&v->j);
    return ask_make(&v->w, &p, e);
}

enum code ask_send(struct db *db, const struct actor *by, int64_t item, const struct ask_new *asks,
    size_t n, struct err *e)
{
    struct verb v;
    verb_init(&v);
    enum code c = work_begin(&v.w, db, &v.a, by, item, e);
    if (c == OK && v.w.it.closed_ms)
        c = FAIL(e, E_CONFLICT, "这件事项已经办结，不能再请办");
    if (c == OK && (n == 0 || n > FIELD_MANY))
        c = FAIL(e, E_LIMIT, "一次请1到%d个对象办理", FIELD_MANY);
    jw_karr(&v.j, "to");
    for (size_t i = 0; c == OK && i < n; i++)
        c = send_one(&v, &asks[i], e);
    jw_end(&v.j);
    jw_end(&v.j);
    if (c == OK)
        c = work_commit(&v.w, "ask", &v.b, e);
    verb_release(&v);
    return c;
}

/* By whom and when, so that nobody has to look for it. */
static enum code answered_before(struct work *w, const struct ask *a, struct err *e)
{
    struct buf at;
    struct str who = S("系统");
    struct stmt *q = db_sql(w->db, "SELECT name FROM person WHERE id = ?1");
    stmt_bind_int(q, 1, a->answered_by);
    if (stmt_step(q))
        who = arena_str(w->a, stmt_str(q, 0));
    TRY(stmt_end(q, e));
    buf_init(&at, 64);
    clock_write_minute(&at, a->answered_ms, ZONE_CHINA);
    enum code c = FAIL(
        e, E_CONFLICT, "已经回复过“%.*s”（%.*s，%.*s）", SF(a->word), SF(who), SF(buf_view(&at)));
    buf_release(&at);
    return c;
}

static enum code is_mine(struct work *w, const struct ask *a, struct err *e)
{
    if (!work_acts_for(w, (int)a->to_kind, a->to) && !w->by->v->owner)
        return FAIL(e, E_DENIED, "这是请“%.*s”办理的，您不能代为回复", SF(a->to_name));
    if (a->state == ASK_ANSWERED)
        return answered_before(w, a, e);
    if (a->state != ASK_OPEN)
        return FAIL(e, E_CONFLICT, "这项请办已经收回或结束");
    if (!a->sent_ms)
        return FAIL(e, E_CONFLICT, "还没有轮到，前面的对象正在办理");
    return OK;
}

/* Seen twice is seen once. */
enum code ask_seen(struct db *db, const struct actor *by, int64_t id, struct err *e)
{
    struct verb v;
    struct ask *a;
    verb_init(&v);
    enum code c = begin_ask(&v, db, by, id, &a, e);
    if (c == OK)
        c = is_mine(&v.w, a, e);
    if (c == OK && a->seen_ms == 0) {
        a->seen_ms = by->now_ms;
        jw_kid(&v.j, "ask", id);
        jw_end(&v.j);
        c = ask_write(&v.w, a, e);
        if (c == OK)
            c = work_commit(&v.w, "seen", &v.b, e);
    }
    verb_release(&v);
    return c;
}

/* ---- answers ---- */

/* 0, 1 ...: the place of the word among those allowed; -1: none of them. *ends: a final one. */
static int word_place(const struct ask *a, struct str word, bool *ends)
{
    struct str rest = a->answers, line;
    int at = -1, n = 0;
    for (; str_next(&rest, S("\n"), &line); n++)
        if (str_eq(line, word))
            at = n;
    *ends = at >= 0 && at >= n - (int)a->final;
    return at;
}

/* The move that waits for this word; SIZE_MAX: none. Asked before the answer closes the ask: 「被请办者」 may make it. */
static size_t move_of_word(struct work *w, struct str word)
{
    for (size_t i = 0; i < w->k->n_moves; i++) {
        const struct kind_move *m = &w->k->moves[i];
        if (m->when_answered.n && str_eq(m->when_answered, word) && work_right(w, ITEM_MOVE, i) &&
            cond_holds(&m->when, field_text, w))
            return i;
    }
    return SIZE_MAX;
}

/* The move that is made by itself once nobody is waited for any more; whoever answers last need not be one who may make it. */
static enum code move_of_all(struct work *w, size_t *move, struct err *e)
{
    *move = SIZE_MAX;
    for (size_t i = 0; asks_open(w) == 0 && i < w->k->n_moves; i++) {
        const struct kind_move *m = &w->k->moves[i];
        bool blocks, here = false;
        struct str why;
        for (size_t k = 0; k < m->n_from; k++)
            here = here || m->from[k] == w->state;
        if (!m->when_all || !here || !cond_holds(&m->when, field_text, w))
            continue;
        TRY(move_hindered(w, i, &blocks, &why, e));
        if (!why.n) {
            *move = i;
            return OK;
        }
    }
    return OK;
}

static enum code move_by_word(struct verb *v, size_t move, struct err *e)
{
    static const struct item_move plain;
    bool blocks;
    struct str why;
    if (move == SIZE_MAX)
        return OK;
    TRY(move_hindered(&v->w, move, &blocks, &why, e));
    return blocks ? OK : move_apply(&v->w, move, &plain, &v->j, e);
}

/* 任一即可: the others need not any more. */
static enum code void_others(struct work *w, const struct ask *done, struct err *e)
{
    for (size_t i = 0; i < w->n_asks; i++) {
        struct ask *a = &w->asks[i];
        if (a->made == done->made && a->wait == WAIT_ANY && a->state == ASK_OPEN &&
            a->parent == done->parent)
            TRY(ask_end(w, a, ASK_VOID, e));
    }
    return OK;
}

/* What is said in answer, judged. */
struct reply {
    const struct ask_reply *r;
    struct str word, text;
    bool last; /* the last of the words: the ask is done */
};

static size_t open_below(const struct work *w, int64_t top)
{
    size_t n = 0;
    for (size_t i = 0; i < w->n_asks; i++)
        n += w->asks[i].state == ASK_OPEN && w->asks[i].wait != WAIT_NONE &&
             is_below(w, &w->asks[i], top);
    return n;
}

/* What the sender wants with this word. */
static enum code check_evidence(const struct ask *a, const struct reply *r, struct err *e)
{
    if (!r->text.n && str_has_piece(a->need_text, S("\n"), r->word))
        return FAIL(e, E_INPUT, "回复“%.*s”要写明情况，填好后再回复", SF(r->word));
    if (!r->r->n_files && str_has_piece(a->need_files, S("\n"), r->word))
        return FAIL(e, E_INPUT, "回复“%.*s”要附佐证材料，附上后再回复", SF(r->word));
    return OK;
}

/* May this be answered now, by this person? Sets r->last. */
static enum code may_answer(struct work *w, const struct ask *a, struct reply *r, struct err *e)
{
    int at, had;
    size_t below;
    bool ignored;
    TRY(is_mine(w, a, e));
    at = word_place(a, r->word, &r->last);
    if (at < 0)
        return FAIL(e, E_INPUT, "不能回复“%.*s”，请从给出的选项中选择", SF(r->word));
    had = a->word.n ? word_place(a, a->word, &ignored) : -1;
    if (at <= had)
        return answered_before(w, a, e);
    if (utf8_check(r->text) != SIZE_MAX || utf8_len_cp(r->text) > OPINION_CP_MAX)
        return FAIL(e, E_LIMIT, "回复内容超过%d个字，或不是有效的文字", OPINION_CP_MAX);
    if (r->r->n_files > FILES_MAX)
        return FAIL(e, E_LIMIT, "附件超过%d个，请打包后再传", FILES_MAX);
    TRY(check_evidence(a, r, e));
    below = r->last && !r->r->despite ? open_below(w, a->id) : 0;
    if (below)
        return FAIL(e, E_CONFLICT, "下级还有%zu家未反馈，确需先回复的请选“仍然回复”", below);
    return OK;
}

static void write_reply(struct jw *j, const struct ask *a, const struct reply *r)
{
    jw_kid(j, "ask", a->id);
    jw_kstr(j, "word", r->word);
    if (r->text.n)
        jw_kstr(j, "text", r->text);
    if (r->r->kind.n)
        jw_kstr(j, "kind", r->r->kind);
    if (r->r->written.n)
        jw_kstr(j, "written", r->r->written);
    if (!r->r->n_files)
        return;
    jw_karr(j, "files");
    for (size_t i = 0; i < r->r->n_files; i++)
        jw_id(j, r->r->files[i]);
    jw_end(j);
}

static enum code note_reply(struct work *w, struct ask *a, const struct reply *r, struct err *e)
{
    a->word = r->word;
    a->text = r->text;
    a->state = r->last ? ASK_ANSWERED : ASK_OPEN;
    if (a->seen_ms == 0)
        a->seen_ms = w->by->now_ms;
    if (a->received_ms == 0)
        a->received_ms = w->by->now_ms;
    a->answered_ms = w->by->now_ms;
    a->answered_by = w->by->v->person;
    for (size_t i = 0; i < r->r->n_files; i++)
        a->files = arena_printf(
            w->a, "%.*s%s%lld", SF(a->files), a->files.n ? "\n" : "", (long long)r->r->files[i]);
    TRY(ask_write(w, a, e));
    if (r->last && a->wait == WAIT_ANY)
        TRY(void_others(w, a, e));
    return r->last ? asks_next_turn(w, e) : OK;
}

static enum code answer(struct verb *v, struct ask *a, struct reply *r, struct err *e)
{
    struct work *w = &v->w;
    size_t move;
    TRY(may_answer(w, a, r, e));
    for (size_t i = 0; i < r->r->n_files; i++)
        TRY(file_claim(w, r->r->files[i], S(""), e));
    write_reply(&v->j, a, r);
    move = move_of_word(w, r->word);
    if (move != SIZE_MAX && w->k->moves[move].opinion == OPINION_REQUIRED && !r->text.n)
        return FAIL(e, E_INPUT, "回复“%.*s”要写明意见，填好后再办", SF(r->word));
    TRY(note_reply(w, a, r, e));
    if (move == SIZE_MAX && r->last)
        TRY(move_of_all(w, &move, e));
    if (move == SIZE_MAX)
        TRY(text_note(w, &v->j, e));
    TRY(move_by_word(v, move, e));
    jw_end(&v->j);
    return work_commit(w, "answer", &v->b, e);
}

enum code ask_reply(
    struct db *db, const struct actor *by, const struct ask_reply *given, struct err *e)
{
    struct reply r = {.r = given, .word = str_trim(given->word), .text = str_trim(given->text)};
    struct verb v;
    struct ask *a;
    verb_init(&v);
    enum code c = begin_ask(&v, db, by, given->ask, &a, e);
    if (c == OK)
        c = answer(&v, a, &r, e);
    verb_release(&v);
    return c;
}

enum code ask_answer(struct db *db, const struct actor *by, int64_t id, struct str word,
    struct str text, const int64_t *files, size_t n_files, struct err *e)
{
    struct ask_reply r = {
        .ask = id, .word = word, .text = text, .files = files, .n_files = n_files};
    return ask_reply(db, by, &r, e);
}

/* With its first word alone, where that asks for no more. */
static enum code sign_one(struct verb *v, struct ask *a, int64_t *done, struct err *e)
{
    struct ask_reply none = {.ask = a->id};
    struct reply r = {.r = &none};
    struct str rest = a->answers;
    struct err why;
    if (!str_next(&rest, S("\n"), &r.word) || may_answer(&v->w, a, &r, &why) != OK ||
        move_of_word(&v->w, r.word) != SIZE_MAX)
        return OK;
    TRY(answer(v, a, &r, e));
    ++*done;
    return OK;
}

enum code ask_sign(struct db *db, const struct actor *by, const int64_t *asks, size_t n,
    int64_t *done, struct err *e)
{
    *done = 0;
    if (n == 0 || n > ASKS_MAX)
        return FAIL(e, E_LIMIT, "一次选1到%d件", ASKS_MAX);
    for (size_t i = 0; i < n; i++) {
        struct verb v;
        struct ask *a;
        verb_init(&v);
        enum code c = begin_ask(&v, db, by, asks[i], &a, e);
        if (c == OK)
            c = sign_one(&v, a, done, e);
        verb_release(&v);
        TRY(c);
    }
    return OK;
}

/* ---- several at once ---- */

struct several {
    const int64_t *asks;
    size_t n;
    bool remind; /* else they are taken back */
    struct str text;
};

static enum code withdraw_below(struct work *w, int64_t top, struct err *e)
{
    for (size_t i = 0; i < w->n_asks; i++)
        if (w->asks[i].state == ASK_OPEN && is_below(w, &w->asks[i], top))
            TRY(ask_end(w, &w->asks[i], ASK_WITHDRAWN, e));
    return OK;
}

/* Whoever sent it, and whoever holds what it was passed on from. */
static bool sent_it(const struct work *w, const struct ask *a)
{
    const struct ask *parent = ask_of(w, a->parent);
    return a->by == w->by->v->person ||
           (parent && work_acts_for(w, (int)parent->to_kind, parent->to));
}

static enum code several_one(
    struct work *w, struct ask *a, const struct several *s, size_t *done, struct err *e)
{
    if (!sent_it(w, a) && !work_right(w, ITEM_ASK, 0))
        return FAIL(e, E_DENIED, "您不能%s“%.*s”", s->remind ? "催办" : "收回发给", SF(a->to_name));
    if (a->state != ASK_OPEN || (s->remind && !a->sent_ms))
        return s->remind
                   ? OK
                   : FAIL(e, E_CONFLICT, "“%.*s”已经回复或收回，请刷新后再办", SF(a->to_name));
    ++*done;
    if (!s->remind) {
        TRY(ask_end(w, a, ASK_WITHDRAWN, e));
        return withdraw_below(w, a->id, e);
    }
    a->reminded++;
    return ask_write(w, a, e);
}

/* Those of the list that belong to this item: one event. */
static enum code several_of_item(
    struct verb *v, const struct several *s, size_t *done, struct err *e)
{
    size_t before = *done;
    jw_karr(&v->j, "asks");
    for (size_t i = 0; i < s->n; i++) {
        struct ask *a = ask_of(&v->w, s->asks[i]);
        size_t had = *done, first = 0;
        while (s->asks[first] != s->asks[i])
            first++;
        if (!a || first < i) /* of another item; or named twice */
            continue;
        if (!s->remind && a->state == ASK_WITHDRAWN) /* with what it hung from, just now */
            continue;
        TRY(several_one(&v->w, a, s, done, e));
        if (*done > had)
            jw_id(&v->j, a->id);
    }
    jw_end(&v->j);
    jw_kstr(&v->j, "text", s->text);
    jw_end(&v->j);
    if (*done == before)
        return OK;
    if (!s->remind)
        TRY(asks_next_turn(&v->w, e));
    return work_commit(&v->w, s->remind ? "remind" : "unask", &v->b, e);
}

static int by_number(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

/* The items of the asks, each once. */
static enum code items_of(struct db *db, struct arena *a, const struct several *s, int64_t **out,
    size_t *n, struct err *e)
{
    int64_t *v = ARENA_ARRAY(a, int64_t, s->n);
    size_t k = 0;
    for (size_t i = 0; i < s->n; i++) {
        struct stmt *q = db_sql(db, "SELECT item FROM ask WHERE id = ?1");
        stmt_bind_int(q, 1, s->asks[i]);
        v[i] = stmt_step(q) ? stmt_int(q, 0) : 0;
        TRY(stmt_end(q, e));
        if (!v[i])
            return FAIL(e, E_NOTFOUND, "没有这项请办，可能已经收回");
    }
    qsort(v, s->n, sizeof(*v), by_number);
    for (size_t i = 0; i < s->n; i++)
        if (k == 0 || v[k - 1] != v[i])
            v[k++] = v[i];
    *out = v;
    *n = k;
    return OK;
}

static enum code several_of_items(struct db *db, struct arena *a, const struct actor *by,
    const struct several *s, size_t *done, struct err *e)
{
    int64_t *items = NULL;
    size_t n = 0;
    TRY(items_of(db, a, s, &items, &n, e));
    for (size_t i = 0; i < n; i++) {
        struct verb v;
        verb_init(&v);
        enum code c = work_begin(&v.w, db, &v.a, by, items[i], e);
        if (c == OK)
            c = several_of_item(&v, s, done, e);
        verb_release(&v);
        TRY(c);
    }
    return OK;
}

static enum code several(struct db *db, const struct actor *by, struct several *s, struct err *e)
{
    struct arena a;
    size_t done = 0;
    s->text = str_trim(s->text);
    if (s->n == 0 || s->n > ASKS_MAX)
        return FAIL(e, E_LIMIT, "一次选1到%d个对象", ASKS_MAX);
    if (utf8_check(s->text) != SIZE_MAX || utf8_len_cp(s->text) > OPINION_CP_MAX)
        return FAIL(e, E_LIMIT, "填写的内容超过%d个字，或不是有效的文字", OPINION_CP_MAX);
    arena_init(&a);
    enum code c = several_of_items(db, &a, by, s, &done, e);
    arena_release(&a);
    if (c == OK && done == 0)
        return FAIL(e, E_CONFLICT, "选定的对象都已经回复或收回，请刷新后再看");
    return c;
}

enum code ask_withdraw(struct db *db, const struct actor *by, const int64_t *asks, size_t n,
    struct str why, struct err *e)
{
    return several(db, by, &(struct several){.asks = asks, .n = n, .text = why}, e);
}

enum code ask_remind(struct db *db, const struct actor *by, const int64_t *asks, size_t n,
    struct str text, struct err *e)
{
    return several(
        db, by, &(struct several){.asks = asks, .n = n, .text = text, .remind = true}, e);
}
