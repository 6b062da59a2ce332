#include "office/ask.h"

#include "base/id.h"
#include "base/utf8.h"
#include "office/item_int.h"

enum { ASKS_MAX = 2000, FILES_MAX = FIELD_FILES };

#define COLUMNS                                                                               \
    "a.id, a.item, a.to_kind, a.to_id, a.by_person, a.parent, a.purpose, a.answers, a.wait,"  \
    " a.state, a.sent, a.seen, a.answered, a.due, a.answered_by, a.word, a.text, a.reminded," \
    " a.turn, a.final, a.made, coalesce(u.short_name, p.name, '')"
#define FROM                                                                              \
    " FROM ask a LEFT JOIN unit u ON a.to_kind = 2 AND u.id = a.to_id LEFT JOIN person p" \
    " ON a.to_kind = 1 AND p.id = a.to_id"

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
        .to_name = arena_str(a, stmt_str(q, 21))};
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
    TRY(work_begin(&w, db, a, by, item, WORK_ANY, e));
    *out = w.asks;
    *n = w.n_asks;
    return OK;
}

enum code ask_get(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct ask *out, struct err *e)
{
    struct ask got = {0};
    struct work w;
    struct err none;
    TRY(ask_row(db, a, id, &got, e));
    if (work_begin(&w, db, a, by, got.item, WORK_ANY, &none) != OK)
        return FAIL(e, E_NOTFOUND, "没有这项请办，可能已经收回");
    *out = got;
    return OK;
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
        " word = ?7, text = ?8, reminded = ?9 WHERE id = ?1");
    stmt_bind_int(q, 1, a->id);
    stmt_bind_int(q, 2, a->state);
    stmt_bind_int(q, 3, a->sent_ms);
    stmt_bind_int(q, 4, a->seen_ms);
    stmt_bind_int(q, 5, a->answered_ms);
    stmt_bind_int(q, 6, a->answered_by);
    stmt_bind_str(q, 7, a->word);
    stmt_bind_str(q, 8, a->text);
    stmt_bind_int(q, 9, a->reminded);
    return stmt_run(q, NULL, e);
}

static enum code ask_insert(struct work *w, const struct ask *a, struct err *e)
{
    struct stmt *q = db_sql(w->db,
        "INSERT INTO ask(id, item, kind, to_kind, to_id, by_person, parent, purpose, answers, wait,"
        " state, turn, made, sent, seen, answered, due, answered_by, word, text, reminded,"
        " final)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?11, ?12, ?13, 0, 0, ?14, 0, '', '',"
        " 0, ?15)");
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
        .due_ms = p->due_ms};
    ARENA_PUSH(w->a, w->asks, w->n_asks, w->cap_asks) = a;
    return ask_insert(w, &a, e);
}

enum code ask_end(struct work *w, struct ask *a, enum ask_state state, struct err *e)
{
    a->state = state;
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

static struct ask *ask_of(struct work *w, int64_t id)
{
    for (size_t i = 0; i < w->n_asks; i++)
        if (w->asks[i].id == id)
            return &w->asks[i];
    return NULL;
}

/* The item of the ask, and the ask in it. */
static enum code begin_ask(struct verb *v, struct db *db, const struct actor *by, int64_t id,
    struct ask **out, struct err *e)
{
    struct ask a = {0};
    TRY(ask_row(db, &v->a, id, &a, e));
    TRY(work_begin(&v->w, db, &v->a, by, a.item, WORK_ANY, e));
    *out = ask_of(&v->w, id);
    return *out ? OK : FAIL(e, E_NOTFOUND, "没有这项请办，可能已经收回");
}

static enum code find_to(struct work *w, const struct ask_new *v, struct err *e)
{
    struct stmt *q = v->to_kind == PRINCIPAL_UNIT
                         ? db_sql(w->db, "SELECT 1 FROM unit WHERE id = ?1 AND active = 1")
                         : db_sql(w->db, "SELECT 1 FROM person WHERE id = ?1 AND active = 1");
    stmt_bind_int(q, 1, v->to);
    bool there = stmt_step(q);
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_INPUT, "请办的对象不存在或已停用，请重新选择");
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

static enum code send_one(struct verb *v, const struct ask_new *given, struct err *e)
{
    struct ask_plan p = {.to_kind = given->to_kind,
        .to = given->to,
        .parent = given->parent,
        .due_ms = given->due_ms,
        .final = given->final,
        .purpose = arena_str(&v->a, str_trim(given->purpose)),
        .answers = arena_str(&v->a, str_trim(given->answers)),
        .wait = given->wait};
    TRY(may_send(&v->w, given, e));
    TRY(find_to(&v->w, given, e));
    if (utf8_len_cp(p.purpose) > KIND_NAME_CP_MAX || utf8_len_cp(p.answers) > KIND_TEXT_CP_MAX)
        return FAIL(e, E_LIMIT, "请办事由超过%d个字", KIND_NAME_CP_MAX);
    jw_obj(&v->j);
    jw_kid(&v->j, p.to_kind == PRINCIPAL_UNIT ? "unit" : "person", p.to);
    jw_kstr(&v->j, "purpose", p.purpose);
    if (p.parent)
        jw_kid(&v->j, "parent", p.parent);
    jw_end(&v->j);
    return ask_make(&v->w, &p, e);
}

enum code ask_send(struct db *db, const struct actor *by, int64_t item, const struct ask_new *asks,
    size_t n, struct err *e)
{
    struct verb v;
    verb_init(&v);
    enum code c = work_begin(&v.w, db, &v.a, by, item, WORK_ANY, e);
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

static enum code is_mine(struct work *w, const struct ask *a, struct err *e)
{
    if (!work_acts_for(w, (int)a->to_kind, a->to) && !w->by->v->owner)
        return FAIL(e, E_DENIED, "这是请“%.*s”办理的，您不能代为回复", SF(a->to_name));
    if (a->state == ASK_ANSWERED)
        return FAIL(e, E_CONFLICT, "已经回复过“%.*s”", SF(a->word));
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

/* What is said in answer to an ask. */
struct reply {
    struct str word, text;
    const int64_t *files;
    size_t n_files;
    bool last; /* the last of the words: the ask is done */
};

/* May this be answered now, by this person? Sets r->last. */
static enum code may_answer(struct work *w, const struct ask *a, struct reply *r, struct err *e)
{
    int at, had;
    bool ignored;
    TRY(is_mine(w, a, e));
    at = word_place(a, r->word, &r->last);
    if (at < 0)
        return FAIL(e, E_INPUT, "不能回复“%.*s”，请从给出的选项中选择", SF(r->word));
    had = a->word.n ? word_place(a, a->word, &ignored) : -1;
    if (at <= had)
        return FAIL(e, E_CONFLICT, "已经回复过“%.*s”", SF(a->word));
    if (utf8_check(r->text) != SIZE_MAX || utf8_len_cp(r->text) > OPINION_CP_MAX)
        return FAIL(e, E_LIMIT, "回复内容超过%d个字，或不是有效的文字", OPINION_CP_MAX);
    if (r->n_files > FILES_MAX)
        return FAIL(e, E_LIMIT, "附件超过%d个", FILES_MAX);
    return OK;
}

static void write_reply(struct jw *j, const struct ask *a, const struct reply *r)
{
    jw_kid(j, "ask", a->id);
    jw_kstr(j, "word", r->word);
    if (r->text.n)
        jw_kstr(j, "text", r->text);
    if (!r->n_files)
        return;
    jw_karr(j, "files");
    for (size_t i = 0; i < r->n_files; i++)
        jw_id(j, r->files[i]);
    jw_end(j);
}

static enum code note_reply(struct work *w, struct ask *a, const struct reply *r, struct err *e)
{
    a->word = r->word;
    a->text = r->text;
    a->state = r->last ? ASK_ANSWERED : ASK_OPEN;
    if (a->seen_ms == 0)
        a->seen_ms = w->by->now_ms;
    a->answered_ms = w->by->now_ms;
    a->answered_by = w->by->v->person;
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
    write_reply(&v->j, a, r);
    move = move_of_word(w, r->word);
    if (move != SIZE_MAX && w->k->moves[move].opinion == OPINION_REQUIRED && !r->text.n)
        return FAIL(e, E_INPUT, "回复“%.*s”要写明意见，填好后再办", SF(r->word));
    TRY(note_reply(w, a, r, e));
    TRY(move_by_word(v, move, e));
    jw_end(&v->j);
    return work_commit(w, "answer", &v->b, e);
}

enum code ask_answer(struct db *db, const struct actor *by, int64_t id, struct str word,
    struct str text, const int64_t *files, size_t n_files, struct err *e)
{
    struct reply r = {
        .word = str_trim(word), .text = str_trim(text), .files = files, .n_files = n_files};
    struct verb v;
    struct ask *a;
    verb_init(&v);
    enum code c = begin_ask(&v, db, by, id, &a, e);
    if (c == OK)
        c = answer(&v, a, &r, e);
    verb_release(&v);
    return c;
}

/* ---- several at once ---- */

struct several {
    const int64_t *asks;
    size_t n;
    bool remind; /* else they are taken back */
    struct str text;
};

static enum code several_one(struct work *w, struct ask *a, const struct several *s, struct err *e)
{
    if (a->state != ASK_OPEN)
        return FAIL(e, E_CONFLICT, "“%.*s”已经回复或收回，请刷新后再办", SF(a->to_name));
    if (a->by != w->by->v->person && !work_right(w, ITEM_ASK, 0))
        return FAIL(e, E_DENIED, "您不能%s“%.*s”", s->remind ? "催办" : "收回发给", SF(a->to_name));
    if (!s->remind)
        return ask_end(w, a, ASK_WITHDRAWN, e);
    a->reminded++;
    return ask_write(w, a, e);
}

/* Those of the list that belong to the item of number `first`: one event. */
static enum code several_of_item(
    struct verb *v, const struct several *s, size_t first, struct err *e)
{
    jw_karr(&v->j, "asks");
    for (size_t i = first; i < s->n; i++) {
        struct ask *a = ask_of(&v->w, s->asks[i]);
        if (!a)
            continue;
        TRY(several_one(&v->w, a, s, e));
        jw_id(&v->j, a->id);
    }
    jw_end(&v->j);
    jw_kstr(&v->j, "text", s->text);
    jw_end(&v->j);
    if (!s->remind)
        TRY(asks_next_turn(&v->w, e));
    return work_commit(&v->w, s->remind ? "remind" : "unask", &v->b, e);
}

static enum code several(struct db *db, const struct actor *by, struct several *s, struct err *e)
{
    s->text = str_trim(s->text);
    if (s->n == 0 || s->n > ASKS_MAX)
        return FAIL(e, E_LIMIT, "一次选1到%d个对象", ASKS_MAX);
    if (utf8_check(s->text) != SIZE_MAX || utf8_len_cp(s->text) > OPINION_CP_MAX)
        return FAIL(e, E_LIMIT, "填写的内容超过%d个字，或不是有效的文字", OPINION_CP_MAX);
    for (size_t i = 0; i < s->n; i++) {
        struct verb v;
        struct ask *a, earlier = {0};
        bool done = false;
        verb_init(&v);
        enum code c = begin_ask(&v, db, by, s->asks[i], &a, e);
        for (size_t k = 0; c == OK && !done && k < i; k++) {
            c = ask_row(db, &v.a, s->asks[k], &earlier, e);
            done = c == OK && earlier.item == v.w.it.id;
        }
        if (c == OK && !done)
            c = several_of_item(&v, s, i, e);
        verb_release(&v);
        TRY(c);
    }
    return OK;
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

/* ---- the matrix ---- */

enum code ask_matrix(struct db *db, struct arena *a, const struct actor *by, struct str kind,
    int64_t from_ms, int64_t to_ms, struct ask_cell **out, size_t *n, struct err *e)
{
    struct ask_cell *v = NULL;
    size_t k = 0, cap = 0, kept = 0;
    int64_t item = 0;
    bool may = false;
    struct stmt *q =
        db_sql(db, "SELECT item, to_id, state, word, sent, seen, answered FROM ask WHERE kind = ?1"
                   " AND to_kind = 2 AND sent >= ?2 AND sent < ?3 AND sent > 0 AND state <> 2"
                   " ORDER BY item, to_id, id LIMIT ?4");
    stmt_bind_str(q, 1, kind);
    stmt_bind_int(q, 2, from_ms);
    stmt_bind_int(q, 3, to_ms ? to_ms : INT64_MAX);
    stmt_bind_int(q, 4, ASK_CELLS_MAX + 1);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = (struct ask_cell){.item = stmt_int(q, 0),
            .unit = stmt_int(q, 1),
            .state = (enum ask_state)stmt_int(q, 2),
            .word = arena_str(a, stmt_str(q, 3)),
            .sent_ms = stmt_int(q, 4),
            .seen_ms = stmt_int(q, 5),
            .answered_ms = stmt_int(q, 6)};
    TRY(stmt_end(q, e));
    if (k > ASK_CELLS_MAX)
        return FAIL(e, E_LIMIT, "这段时间的回执超过%d条，请缩短时间", ASK_CELLS_MAX);
    for (size_t i = 0; i < k; i++) {
        if (v[i].item != item) {
            item = v[i].item;
            TRY(access_item(db, by, item, ITEM_SEE, 0, &may, e));
        }
        if (may)
            v[kept++] = v[i];
    }
    *out = v;
    *n = kept;
    return OK;
}
