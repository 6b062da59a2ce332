/* Moves: what can be done now, what stands in the way, and doing it. */
#include "base/utf8.h"
#include "office/document.h"
#include "office/item_int.h"
#include "office/item_text.h"

enum { ASKED_MAX = FIELD_MANY };

/* ---- what stands in the way ---- */

/* Items that came out of this one (分解) and go on. */
/* The sum keeps SQLite from walking through all links that begin at an item. */
static enum code parts_open(struct work *w, int64_t *n, struct err *e)
{
    struct stmt *q = db_sql(w->db,
        "SELECT count(*) FROM item_link l JOIN item i ON i.id = l.from_id WHERE l.to_kind = 1"
        " AND l.to_id = ?1 AND l.from_kind + 0 = 1 AND l.relation = '分解' AND i.closed = 0");
    stmt_bind_int(q, 1, w->it.id);
    *n = stmt_step(q) ? stmt_int(q, 0) : 0;
    return stmt_end(q, e);
}

enum code move_hindered(struct work *w, size_t move, bool *blocks, struct str *why, struct err *e)
{
    const struct kind_move *m = &w->k->moves[move];
    size_t open = asks_open(w);
    int64_t parts = 0;
    struct err first;
    *blocks = false;
    *why = S("");
    /* what the move itself asks for can still be given with it */
    if (!m->returns && m->n_set == 0 && fields_complete(w, m, &first) != OK) {
        *blocks = true;
        *why = arena_str(w->a, str_z(first.msg));
        return OK;
    }
    if (open && !m->returns) {
        *blocks = m->need_answers;
        *why = arena_printf(w->a, "还有%zu个对象没有回复", open);
    }
    if (w->k->states[m->to].closed)
        TRY(parts_open(w, &parts, e));
    if (parts)
        *why = arena_printf(w->a, "%.*s%s还有%lld件分解的事项没有办结", SF(*why),
            why->n ? "，" : "", (long long)parts);
    return OK;
}

static bool stands_in(const struct kind_move *m, size_t state)
{
    for (size_t i = 0; i < m->n_from; i++)
        if (m->from[i] == state)
            return true;
    return false;
}

/* A move that an answer makes is not made by hand while the actor can give that answer. */
static bool answers_it(const struct work *w, const struct kind_move *m)
{
    for (size_t i = 0; m->when_answered.n && i < w->n_asks; i++) {
        const struct ask *a = &w->asks[i];
        struct str rest = a->answers, line;
        if (a->state != ASK_OPEN || !a->sent_ms || !work_acts_for(w, (int)a->to_kind, a->to))
            continue;
        while (str_next(&rest, S("\n"), &line))
            if (str_eq(line, m->when_answered) && !str_eq(line, a->word))
                return true;
    }
    return false;
}

enum code item_choices(struct db *db, struct arena *a, const struct actor *by,
    const struct item *it, struct item_choice **out, size_t *n, struct err *e)
{
    struct item_choice *v = NULL;
    size_t k = 0, cap = 0;
    struct work w;
    TRY(work_begin(&w, db, a, by, it->id, e));
    for (size_t i = 0; i < w.k->n_moves; i++) {
        const struct kind_move *m = &w.k->moves[i];
        struct item_choice c = {.move = i, .besides = work_besides(&w, i)};
        if (answers_it(&w, m) || !stands_in(m, w.state) || !work_right(&w, ITEM_MOVE, i) ||
            !cond_holds(&m->when, field_text, &w))
            continue;
        TRY(move_hindered(&w, i, &c.blocks, &c.hindrance, e));
        ARENA_PUSH(a, v, k, cap) = c;
    }
    *out = v;
    *n = k;
    return OK;
}

/* ---- whom a move asks ---- */

struct asking {
    struct work *w;
    const struct kind_ask *ka;
    struct str answers, need_text, need_files; /* one a line */
    int64_t due_ms, turn;
    size_t n; /* found, whether new or asked already */
};

static enum code ask_one(struct asking *k, int kind, int64_t to, struct err *e)
{
    if (!to)
        return OK;
    k->n++;
    struct ask_plan p = {.to_kind = kind == GRANT_PERSON ? PRINCIPAL_PERSON : PRINCIPAL_UNIT,
        .to = to,
        .purpose = k->ka->purpose,
        .answers = k->answers,
        .need_text = k->need_text,
        .need_files = k->need_files,
        .final = (int64_t)k->ka->n_final,
        .wait = k->ka->wait,
        .due_ms = k->due_ms,
        .turn = k->ka->serial ? ++k->turn : 0};
    return ask_make(k->w, &p, e);
}

static enum code ask_field(struct asking *k, size_t field, struct err *e)
{
    int64_t ids[ASKED_MAX];
    enum field_type t = k->w->k->fields[field].type;
    int kind = t == FIELD_PERSON || t == FIELD_PEOPLE ? GRANT_PERSON : GRANT_UNIT;
    size_t n = field_ids(k->w, field, ids, ASKED_MAX);
    for (size_t i = 0; i < n; i++)
        TRY(ask_one(k, kind, ids[i], e));
    return OK;
}

static enum code ask_chosen(struct asking *k, const struct item_move *m, struct err *e)
{
    if (m->n_persons + m->n_units > ASKED_MAX)
        return FAIL(e, E_LIMIT, "一次最多请%d个对象办理", ASKED_MAX);
    for (size_t i = 0; i < m->n_persons; i++)
        TRY(ask_one(k, GRANT_PERSON, m->persons[i], e));
    for (size_t i = 0; i < m->n_units; i++)
        TRY(ask_one(k, GRANT_UNIT, m->units[i], e));
    return OK;
}

static struct str lines_of(struct arena *a, const struct str *words, size_t n)
{
    struct str s = S("");
    for (size_t i = 0; i < n; i++)
        s = arena_printf(a, "%.*s%s%.*s", SF(s), i ? "\n" : "", SF(words[i]));
    return s;
}

static enum code ask_all(
    struct work *w, const struct kind_ask *ka, const struct item_move *m, struct err *e)
{
    struct asking k = {.w = w,
        .ka = ka,
        .answers = lines_of(w->a, ka->answers, ka->n_answers),
        .need_text = lines_of(w->a, ka->need_text, ka->n_need_text),
        .need_files = lines_of(w->a, ka->need_files, ka->n_need_files)};
    if (ka->due != SIZE_MAX)
        (void)due_instant(w, field_text(w, w->k->fields[ka->due].id), &k.due_ms);
    for (size_t i = 0; i < ka->of.n; i++) {
        const struct who *who = &ka->of.v[i];
        if (who->kind == WHO_FIELD)
            TRY(ask_field(&k, who->field, e));
        else if (who->kind == WHO_OWNER)
            TRY(ask_one(&k, GRANT_PERSON, w->it.owner, e));
        else if (who->kind == WHO_UNIT)
            TRY(ask_one(&k, GRANT_UNIT, w->it.unit, e));
        else if (who->kind == WHO_CHOSEN)
            TRY(ask_chosen(&k, m, e));
    }
    if (k.n == 0)
        return FAIL(e, E_INPUT, "没有选定由谁办理，选好后再办");
    return OK;
}

static bool may_choose(const struct kind_ask *ka)
{
    for (size_t i = 0; ka && i < ka->of.n; i++)
        if (ka->of.v[i].kind == WHO_CHOSEN)
            return true;
    return false;
}

/* ---- doing it ---- */

/* Answers only take away what stands in the way; whom one asks meanwhile puts something there that the person has not seen. */
static enum code asked_since(
    const struct work *w, const struct kind_move *m, int64_t revision, struct err *e)
{
    for (size_t i = 0; !m->returns && i < w->n_asks; i++) {
        const struct ask *a = &w->asks[i];
        if (a->made > revision && a->state == ASK_OPEN && a->wait != WAIT_NONE && !a->parent)
            return FAIL(e, E_CONFLICT, "“%.*s”刚刚又请“%.*s”%.*s，请看过现在的情况再办",
                SF(a->by_name), SF(a->to_name), SF(a->purpose));
    }
    return OK;
}

static enum code close_asks(struct work *w, struct err *e)
{
    for (size_t i = 0; i < w->n_asks; i++)
        if (w->asks[i].state == ASK_OPEN)
            TRY(ask_end(w, &w->asks[i], ASK_VOID, e));
    return OK;
}

enum code move_apply(
    struct work *w, size_t move, const struct item_move *given, struct jw *log, struct err *e)
{
    const struct kind_move *m = &w->k->moves[move];
    struct stood again = {.n = 0};
    if (m->returns && !m->ask)
        TRY(stood_read(w, m->to, &again, e));
    w->stands = true;
    jw_kstr(log, "move", m->id);
    jw_kstr(log, "name", m->name);
    jw_kstr(log, "from", w->it.state);
    jw_kstr(log, "to", w->k->states[m->to].id);
    if (m->box.n)
        jw_kstr(log, "box", m->box);
    TRY(text_move(w, m, given, log, e));
    bool same = w->state == m->to;
    w->state = m->to;
    w->it.state = w->k->states[m->to].id;
    w->it.closed_ms = w->k->states[m->to].closed ? w->by->now_ms : 0;
    if (w->k->number_at == move)
        TRY(number_take(w, given->reserved, e));
    if (w->it.number.n && w->k->number_at == move)
        jw_kstr(log, "number", w->it.number);
    if (m->voids && w->it.number.n) {
        jw_kstr(log, "void_number", w->it.number);
        TRY(number_give_up(w, str_trim(given->opinion), e));
        w->it.number = S("");
    }
    if (w->it.closed_ms || m->returns) /* what was handed out for the way forward is over */
        TRY(close_asks(w, e));
    if (!w->it.closed_ms && m->ask)
        TRY(ask_all(w, m->ask, given, e));
    if (!w->it.closed_ms)
        TRY(stood_again(w, &again, e));
    return same ? OK : clocks_enter(w, e); /* a report inside a state begins nothing anew */
}

static enum code check_opinion(const struct kind_move *m, struct str *opinion, struct err *e)
{
    *opinion = str_trim(*opinion);
    if (m->opinion == OPINION_NONE && opinion->n)
        return FAIL(e, E_INPUT, "“%.*s”不填意见", SF(m->name));
    if (m->opinion == OPINION_REQUIRED && !opinion->n)
        return FAIL(e, E_INPUT, "“%.*s”要填写意见，填好后再办", SF(m->name));
    if (utf8_check(*opinion) != SIZE_MAX)
        return FAIL(e, E_INPUT, "意见不是有效的文字");
    if (utf8_len_cp(*opinion) > OPINION_CP_MAX)
        return FAIL(e, E_LIMIT, "意见超过%d个字，请精简或作为附件", OPINION_CP_MAX);
    return OK;
}

static enum code judge(struct work *w, size_t i, const struct item_move *given, struct err *e)
{
    const struct kind_move *m = &w->k->moves[i];
    if (!stands_in(m, w->state))
        return FAIL(e, E_CONFLICT, "这件事项现在是“%.*s”，不能“%.*s”",
            SF(w->k->states[w->state].name), SF(m->name));
    if (!work_right(w, ITEM_MOVE, i))
        return FAIL(e, E_DENIED, "您不能“%.*s”，请联系有权办理的人员", SF(m->name));
    if (answers_it(w, m))
        return FAIL(e, E_INPUT, "请回复“%.*s”，随回复“%.*s”", SF(m->when_answered), SF(m->name));
    if ((given->n_persons || given->n_units) && !may_choose(m->ask))
        return FAIL(e, E_INPUT, "“%.*s”不能另选办理对象", SF(m->name));
    return OK;
}

static enum code move_judged(
    struct work *w, size_t i, const struct item_move *given, struct jw *j, struct err *e)
{
    const struct kind_move *m = &w->k->moves[i];
    struct str opinion = given->opinion;
    bool blocks;
    struct str why;
    TRY(check_opinion(m, &opinion, e));
    jw_obj(j);
    if (given->set && json_object_size(given->set)) {
        static const size_t nothing[1];
        jw_kobj(j, "set");
        TRY(fields_take(w, given->set, m->n_set ? m->set : nothing, m->n_set, j, e));
        jw_end(j);
    }
    if (!cond_holds(&m->when, field_text, w))
        return FAIL(e, E_DENIED, "现在的内容还不能“%.*s”", SF(m->name));
    if (!m->returns) /* what goes back may be incomplete */
        TRY(fields_complete(w, m, e));
    TRY(move_hindered(w, i, &blocks, &why, e));
    if (blocks)
        return FAIL(e, E_CONFLICT, "%.*s，不能“%.*s”", SF(why), SF(m->name));
    if (opinion.n)
        jw_kstr(j, "opinion", opinion);
    TRY(move_apply(w, i, given, j, e));
    jw_end(j);
    return OK;
}

enum code item_move(struct db *db, const struct actor *by, int64_t id, int64_t revision,
    const struct item_move *m, struct err *e)
{
    struct arena a;
    struct work w;
    struct buf b;
    struct jw j;
    arena_init(&a);
    buf_init(&b, 0);
    jw_init(&j, &b);
    enum code c = work_begin_at(&w, db, &a, by, id, revision, e);
    size_t i = c == OK ? kind_move_of(w.k, m->move) : SIZE_MAX;
    if (c == OK && i == SIZE_MAX)
        c = FAIL(e, E_INPUT, "“%.*s”没有这一步“%.*s”", SF(w.k->name), SF(m->move));
    if (c == OK)
        c = asked_since(&w, &w.k->moves[i], revision, e);
    if (c == OK)
        c = judge(&w, i, m, e);
    if (c == OK)
        c = move_judged(&w, i, m, &j, e);
    if (c == OK)
        c = work_commit(&w, "move", &b, e);
    buf_release(&b);
    arena_release(&a);
    return c;
}
