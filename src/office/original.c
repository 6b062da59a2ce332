#include "office/original.h"

#include <string.h>

#include "base/id.h"
#include "base/sm3.h"
#include "base/utf8.h"
#include "office/notice.h"
#include "office/original_int.h"
#include "office/person.h"
#include "office/unit.h"

/* No 0 O 1 I L, no U V beside each other: read aloud, printed small, typed. */
static const char letters[] = "23456789ABCDEFGHJKMNPQRSTWXY";
enum { N_LETTERS = sizeof(letters) - 1, CODE_TRIES = 8 };

const char *original_state_name(enum original_state s)
{
    static const char *const names[N_ORIGINAL_STATE] = {"在手", "下落不明", "已清退", "已归档"};

    return s >= 0 && s < N_ORIGINAL_STATE ? names[s] : "";
}

const char *original_verb_name(enum original_verb v)
{
    static const char *const names[] = {
        "", "登记", "收下", "交给", "下落不明", "找到", "清退", "归档"};

    return v >= ORIGINAL_MADE && v <= ORIGINAL_FILE ? names[v] : "";
}

/* ---- codes ---- */

static bool is_letter(char c)
{
    return c && strchr(letters, c);
}

bool original_code(struct str typed, char out[ORIGINAL_CODE_N + 1])
{
    struct str s = str_trim(typed), head, tail;
    size_t n = 0, at = 0;

    if (str_cut(s, S("?"), &head, &tail) || str_cut(s, S("#"), &head, &tail))
        s = head;
    (void)str_eat_end(&s, S("/"));
    if (str_cut_last(s, S("/o/"), &head, &tail) || str_cut_last(s, S("/O/"), &head, &tail) ||
        str_cut_last(s, S("／ｏ／"), &head, &tail))
        s = tail;
    while (at < s.n) {
        uint32_t cp = utf8_next(s, &at);
        if (cp >= 0xFF01 && cp <= 0xFF5E) /* a scanner typing into an input method */
            cp -= 0xFEE0;
        if (cp >= 'a' && cp <= 'z')
            cp -= 'a' - 'A';
        if (n == ORIGINAL_CODE_N || cp > 0x7F || !is_letter((char)cp))
            return false;
        out[n++] = (char)cp;
    }
    out[n] = 0;
    return n == ORIGINAL_CODE_N;
}

/* Bytes beyond the last whole multiple are thrown away, so that every letter is as likely as any other. */
static void fresh_code(char out[ORIGINAL_CODE_N + 1])
{
    int n = 0;

    while (n < ORIGINAL_CODE_N) {
        unsigned char raw[ORIGINAL_CODE_N * 2];
        random_bytes(raw, sizeof(raw));
        for (size_t i = 0; i < sizeof(raw) && n < ORIGINAL_CODE_N; i++)
            if (raw[i] < 256 / N_LETTERS * N_LETTERS)
                out[n++] = letters[raw[i] % N_LETTERS];
    }
    out[n] = 0;
}

/* ---- rows ---- */

static struct hands holder_of(
    struct arena *a, int64_t kind, int64_t id, struct str place, struct str person, struct str unit)
{
    struct str name = kind == HOLDER_PERSON ? person : kind == HOLDER_UNIT ? unit : place;

    return (struct hands){(enum hands_kind)kind, id, arena_str(a, name)};
}

struct original original_row(struct stmt *q, struct arena *a)
{
    return (struct original){.id = stmt_int(q, 0),
        .item = stmt_int(q, 1),
        .copy = stmt_int(q, 2),
        .code = arena_str(a, stmt_str(q, 3)),
        .state = (enum original_state)stmt_int(q, 4),
        .holder = holder_of(
            a, stmt_int(q, 5), stmt_int(q, 6), stmt_str(q, 7), stmt_str(q, 14), stmt_str(q, 15)),
        .since_ms = stmt_int(q, 8),
        .step = stmt_int(q, 9),
        .made_ms = stmt_int(q, 10),
        .made_by = stmt_int(q, 11),
        .number = arena_str(a, stmt_str(q, 12)),
        .title = arena_str(a, stmt_str(q, 13))};
}

bool original_in_hand(const struct actor *by, const struct original *o)
{
    return o->holder.kind == HOLDER_PERSON && o->holder.id == by->v->person && by->v->person;
}

static enum code judged(struct db *db, const struct actor *by, const struct original *o, bool there,
    struct original *out, struct err *e)
{
    bool sees = there && original_in_hand(by, o);

    if (there && !sees)
        TRY(access_item(db, by, o->item, ITEM_SEE, 0, &sees, e));
    if (!sees)
        return FAIL(e, E_NOTFOUND, "没有这份原件，或您无权查看；请核对编码，或请经办人代为登记");
    *out = *o;
    return OK;
}

enum code original_get(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct original *out, struct err *e)
{
    struct original o = {0};
    struct stmt *q = db_sql(db, "SELECT " ORIGINAL_COLUMNS ORIGINAL_FROM " WHERE o.id = ?1");

    stmt_bind_int(q, 1, id);
    bool there = stmt_step(q);
    if (there)
        o = original_row(q, a);
    TRY(stmt_end(q, e));
    return judged(db, by, &o, there, out, e);
}

enum code original_by_code(struct db *db, struct arena *a, const struct actor *by, struct str code,
    struct original *out, struct err *e)
{
    char z[ORIGINAL_CODE_N + 1];
    struct original o = {0};

    if (!original_code(code, z))
        return FAIL(e, E_NOTFOUND, "“%.*s”不是原件的编码，编码是条上的%d位字母和数字",
            SF(str_sub(code, 0, 60)), ORIGINAL_CODE_N);
    struct stmt *q = db_sql(db, "SELECT " ORIGINAL_COLUMNS ORIGINAL_FROM " WHERE o.code = ?1");
    stmt_bind_str(q, 1, str_z(z));
    bool there = stmt_step(q);
    if (there)
        o = original_row(q, a);
    TRY(stmt_end(q, e));
    return judged(db, by, &o, there, out, e);
}

enum code original_steps(struct db *db, struct arena *a, int64_t id, struct original_step **out,
    size_t *n, struct err *e)
{
    struct original_step *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db,
        "SELECT s.seq, s.at, s.by_person, s.verb, s.state, s.holder_kind, s.holder, s.place,"
        " coalesce(p.name, ''), coalesce(u.short_name, ''), coalesce(b.name, ''), s.note,"
        " s.undone FROM original_step s LEFT JOIN person p ON p.id = s.holder AND"
        " s.holder_kind = 1 LEFT JOIN unit u ON u.id = s.holder AND s.holder_kind = 2"
        " LEFT JOIN person b ON b.id = s.by_person WHERE s.original = ?1"
        " ORDER BY s.seq DESC LIMIT ?2");

    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, ORIGINAL_STEPS_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = (struct original_step){.seq = stmt_int(q, 0),
            .at_ms = stmt_int(q, 1),
            .by = stmt_int(q, 2),
            .verb = (enum original_verb)stmt_int(q, 3),
            .state = (enum original_state)stmt_int(q, 4),
            .holder = holder_of(
                a, stmt_int(q, 5), stmt_int(q, 6), stmt_str(q, 7), stmt_str(q, 8), stmt_str(q, 9)),
            .by_name = arena_str(a, stmt_str(q, 10)),
            .note = arena_str(a, stmt_str(q, 11)),
            .undone_ms = stmt_int(q, 12)};
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

/* ---- rights ---- */

/* Who keeps the papers of this item. */
static enum code keeps(
    struct db *db, struct arena *a, const struct actor *by, int64_t item, bool *may, struct err *e)
{
    struct item it;
    struct err none;

    *may = false;
    if (item_get(db, a, by, item, &it, &none) != OK)
        return none.code == E_NOTFOUND ? OK : FAIL(e, none.code, "%s", none.msg);
    *may = by->v->owner || by->v->roles & (ROLE_CHIEF | ROLE_SECRETARY) ||
           (it.owner && it.owner == by->v->person);
    return OK;
}

static bool ended(const struct original *o)
{
    return o->state == ORIGINAL_BACK || o->state == ORIGINAL_FILED;
}

enum code original_may(struct db *db, struct arena *a, const struct actor *by,
    const struct original *o, uint32_t *may, struct err *e)
{
    struct original_step *v;
    bool keeper;
    uint32_t m = 0;
    size_t n;

    TRY(keeps(db, a, by, o->item, &keeper, e));
    if (!ended(o)) {
        m = 1U << ORIGINAL_GIVE;
        if (by->v->person && (!original_in_hand(by, o) || o->state == ORIGINAL_LOST))
            m |= 1U << (o->state == ORIGINAL_LOST ? ORIGINAL_FIND : ORIGINAL_TAKE);
        if (o->state == ORIGINAL_OUT && (keeper || original_in_hand(by, o)))
            m |= 1U << ORIGINAL_LOSE;
        if (keeper && o->state == ORIGINAL_OUT)
            m |= 1U << ORIGINAL_RETURN | 1U << ORIGINAL_FILE;
    }
    TRY(original_steps(db, a, o->id, &v, &n, e));
    if (n && v[0].verb != ORIGINAL_MADE && !v[0].undone_ms && v[0].by == by->v->person &&
        by->now_ms - v[0].at_ms <= ORIGINAL_UNDO_MINUTES * MS_MINUTE)
        m |= 1;
    *may = m;
    return OK;
}

/* ---- writing ---- */

static enum code write_step(struct db *db, const struct actor *by, const struct original *o,
    enum original_verb verb, struct str note, struct err *e)
{
    struct stmt *q = db_sql(db,
        "INSERT INTO original_step(original, seq, at, by_person, verb, state, holder_kind,"
        " holder, place, note, undone) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0)");

    stmt_bind_int(q, 1, o->id);
    stmt_bind_int(q, 2, o->step);
    stmt_bind_int(q, 3, by->now_ms);
    stmt_bind_int(q, 4, by->v->person);
    stmt_bind_int(q, 5, verb);
    stmt_bind_int(q, 6, o->state);
    stmt_bind_int(q, 7, o->holder.kind);
    stmt_bind_int(q, 8, o->holder.id);
    stmt_bind_str(q, 9, o->holder.kind == HOLDER_PLACE ? o->holder.name : S(""));
    stmt_bind_str(q, 10, note);
    return stmt_run(q, NULL, e);
}

static enum code write_place(struct db *db, const struct original *o, struct err *e)
{
    struct stmt *q = db_sql(db, "UPDATE original SET state = ?2, holder_kind = ?3, holder = ?4,"
                                " place = ?5, since = ?6, step = ?7 WHERE id = ?1");

    stmt_bind_int(q, 1, o->id);
    stmt_bind_int(q, 2, o->state);
    stmt_bind_int(q, 3, o->holder.kind);
    stmt_bind_int(q, 4, o->holder.id);
    stmt_bind_str(q, 5, o->holder.kind == HOLDER_PLACE ? o->holder.name : S(""));
    stmt_bind_int(q, 6, o->since_ms);
    stmt_bind_int(q, 7, o->step);
    return stmt_run(q, NULL, e);
}

/* One who is there: names come from the tables, a place as it was typed. */
static enum code check_holder(struct db *db, struct arena *a, struct hands *h, struct err *e)
{
    struct person p;
    struct unit u;

    switch (h->kind) {
    case HOLDER_PERSON:
        TRY(person_get(db, a, h->id, &p, e));
        h->name = p.name;
        return p.active ? OK : FAIL(e, E_INPUT, "“%.*s”已停用，请另选", SF(p.name));
    case HOLDER_UNIT:
        TRY(unit_get(db, a, h->id, &u, e));
        h->name = u.short_name;
        return u.active ? OK : FAIL(e, E_INPUT, "“%.*s”已停用，请另选", SF(u.short_name));
    case HOLDER_PLACE:
        break;
    }
    h->id = 0;
    h->name = str_trim(h->name);
    if (h->kind != HOLDER_PLACE || !h->name.n)
        return FAIL(e, E_INPUT, "没有填写交给谁：人员、单位或者地点");
    if (utf8_check(h->name) != SIZE_MAX || utf8_len_cp(h->name) > ORIGINAL_PLACE_CP_MAX)
        return FAIL(e, E_LIMIT, "地点超过%d个字，或不是有效的文字", ORIGINAL_PLACE_CP_MAX);
    return OK;
}

static enum code tell(struct db *db, const struct actor *by, const struct original *o, int64_t whom,
    enum notice_kind kind, struct str text, struct err *e)
{
    if (!whom || whom == by->v->person)
        return OK;
    return notice_put(db,
        &(struct notice_new){.person = whom,
            .item = o->item,
            .about = o->id,
            .seq = o->step,
            .at_ms = by->now_ms,
            .by = by->v->person,
            .kind = kind,
            .text = text},
        e);
}

/* Lost, or found again: who had it last, and who answers for the item and would go on looking. */
static enum code tell_lost(struct db *db, struct arena *a, const struct actor *by,
    const struct original *was, const struct original *o, bool found, struct err *e)
{
    int64_t had = was->holder.kind == HOLDER_PERSON ? was->holder.id : 0;
    long long copy = (long long)o->copy;
    struct item it;
    struct err none;
    struct str said = found ? arena_printf(a, "找到了下落不明的原件第%lld份，现在在%.*s手里", copy,
                                  SF(o->holder.name))
                            : arena_printf(a, "登记原件第%lld份下落不明，最后在%.*s手里", copy,
                                  SF(o->holder.name));
    TRY(tell(db, by, o, had, NOTICE_TOLD,
        found ? said : arena_printf(a, "登记原件第%lld份下落不明，最后在您手里", copy), e));
    if (item_get(db, a, by, o->item, &it, &none) != OK || it.owner == had)
        return OK;
    return tell(db, by, o, it.owner, NOTICE_TOLD, said, e);
}

/* Whom it concerns: who got it, and who had it. */
static enum code tell_all(struct db *db, struct arena *a, const struct actor *by,
    const struct original *was, const struct original *o, enum original_verb verb, struct err *e)
{
    int64_t had = was->holder.kind == HOLDER_PERSON ? was->holder.id : 0;
    int64_t has = o->holder.kind == HOLDER_PERSON ? o->holder.id : 0;
    long long copy = (long long)o->copy;

    if (verb == ORIGINAL_LOSE || verb == ORIGINAL_FIND)
        return tell_lost(db, a, by, was, o, verb == ORIGINAL_FIND, e);
    if (verb == ORIGINAL_GIVE)
        TRY(tell(
            db, by, o, has, NOTICE_HANDED, arena_printf(a, "把纸质原件第%lld份交给您", copy), e));
    if (had == has)
        return OK;
    struct str said =
        verb == ORIGINAL_TAKE ? arena_printf(a, "收下了您手里的原件第%lld份", copy)
        : verb == ORIGINAL_GIVE
            ? arena_printf(a, "把您手里的原件第%lld份记为交给%.*s", copy, SF(o->holder.name))
            : arena_printf(a, "您手里的原件第%lld份记为%s", copy, original_state_name(o->state));
    return tell(db, by, o, had, NOTICE_TOLD, said, e);
}

static enum code check_seen(const struct original *o, int64_t seen, struct err *e)
{
    if (seen && seen != o->step)
        return FAIL(e, E_CONFLICT, "刚才已记为%s“%.*s”，请看清后再记",
            o->state == ORIGINAL_OUT ? "在" : original_state_name(o->state), SF(o->holder.name));
    return OK;
}

static enum code check_may(struct db *db, struct arena *a, const struct actor *by,
    const struct original *o, enum original_verb verb, struct err *e)
{
    uint32_t may;

    if (ended(o))
        return FAIL(e, E_CONFLICT, "这份原件%s，不再流转", original_state_name(o->state));
    TRY(original_may(db, a, by, o, &may, e));
    if (may & 1U << verb)
        return OK;
    if (verb == ORIGINAL_TAKE && original_in_hand(by, o))
        return FAIL(e, E_CONFLICT, "这份原件已经在您手里");
    if (o->state == ORIGINAL_LOST && verb != ORIGINAL_FIND)
        return FAIL(e, E_CONFLICT, "这份原件登记为下落不明，找到的先记找到");
    return FAIL(
        e, E_DENIED, "您不能为这份原件记“%s”，请联系经办人或秘书", original_verb_name(verb));
}

/* What the step makes of it. A lost one that somebody gives or takes has been found. */
static enum code apply(struct db *db, struct arena *a, const struct actor *by, struct original *o,
    const struct original_act *act, struct err *e)
{
    enum original_state state = ORIGINAL_OUT;

    if (act->verb == ORIGINAL_TAKE || act->verb == ORIGINAL_FIND) {
        o->holder = (struct hands){.kind = HOLDER_PERSON, .id = by->v->person};
        TRY(check_holder(db, a, &o->holder, e));
    } else if (act->verb == ORIGINAL_GIVE) {
        o->holder = act->to;
        TRY(check_holder(db, a, &o->holder, e));
    } else {
        state = act->verb == ORIGINAL_LOSE     ? ORIGINAL_LOST
                : act->verb == ORIGINAL_RETURN ? ORIGINAL_BACK
                                               : ORIGINAL_FILED;
    }
    o->state = state;
    if (state != ORIGINAL_LOST) /* of a lost one it counts since when the last holder had it */
        o->since_ms = by->now_ms;
    o->step++;
    return OK;
}

static enum code do_one(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    const struct original_act *act, struct err *e)
{
    struct original was = {0}, o;
    struct str note = str_trim(act->note);
    struct original_act real = *act;

    TRY(original_get(db, a, by, id, &was, e));
    TRY(check_seen(&was, act->seen, e));
    if (real.verb == ORIGINAL_TAKE && was.state == ORIGINAL_LOST)
        real.verb = ORIGINAL_FIND;
    TRY(check_may(db, a, by, &was, real.verb, e));
    if (utf8_check(note) != SIZE_MAX || utf8_len_cp(note) > ORIGINAL_NOTE_CP_MAX)
        return FAIL(e, E_LIMIT, "说明超过%d个字，或不是有效的文字", ORIGINAL_NOTE_CP_MAX);
    o = was;
    TRY(apply(db, a, by, &o, &real, e));
    TRY(write_step(db, by, &o, real.verb, note, e));
    TRY(write_place(db, &o, e));
    return tell_all(db, a, by, &was, &o, real.verb, e);
}

enum code original_do(struct db *db, const struct actor *by, int64_t id,
    const struct original_act *act, struct err *e)
{
    struct arena a;

    arena_init(&a);
    enum code c = do_one(db, &a, by, id, act, e);
    arena_release(&a);
    return c;
}

/* ---- taking back ---- */

static enum code undo_one(
    struct db *db, struct arena *a, const struct actor *by, int64_t id, int64_t seen, struct err *e)
{
    struct original o = {0};
    struct original_step *v;
    uint32_t may;
    size_t n, back = 1;

    TRY(original_get(db, a, by, id, &o, e));
    TRY(check_seen(&o, seen, e));
    TRY(original_may(db, a, by, &o, &may, e));
    if (!(may & 1))
        return FAIL(e, E_CONFLICT, "只能撤销自己刚记的一步，%d分钟以内", ORIGINAL_UNDO_MINUTES);
    TRY(original_steps(db, a, id, &v, &n, e));
    while (back < n && v[back].undone_ms)
        back++;
    if (back >= n)
        return FAIL(e, E_BUG, "原件的交接记录不全");
    struct stmt *q =
        db_sql(db, "UPDATE original_step SET undone = ?3 WHERE original = ?1 AND seq = ?2");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, v[0].seq);
    stmt_bind_int(q, 3, by->now_ms);
    TRY(stmt_run(q, NULL, e));
    int64_t told = v[0].holder.kind == HOLDER_PERSON ? v[0].holder.id : 0;
    o.state = v[back].state;
    o.holder = v[back].holder;
    while (v[back].verb == ORIGINAL_LOSE || v[back].undone_ms)
        back++; /* the first step of all is neither */
    o.since_ms = v[back].at_ms;
    TRY(write_place(db, &o, e));
    return tell(db, by, &o, told, NOTICE_TOLD,
        arena_printf(a, "撤销了刚才记的原件第%lld份的交接", (long long)o.copy), e);
}

enum code original_undo(
    struct db *db, const struct actor *by, int64_t id, int64_t seen, struct err *e)
{
    struct arena a;

    arena_init(&a);
    enum code c = undo_one(db, &a, by, id, seen, e);
    arena_release(&a);
    return c;
}

/* ---- making ---- */

static enum code free_code(struct db *db, char out[ORIGINAL_CODE_N + 1], struct err *e)
{
    for (int i = 0; i < CODE_TRIES; i++) {
        fresh_code(out);
        struct stmt *q = db_sql(db, "SELECT 1 FROM original WHERE code = ?1");
        stmt_bind_str(q, 1, str_z(out));
        bool taken = stmt_step(q);
        TRY(stmt_end(q, e));
        if (!taken)
            return OK;
    }
    return FAIL(e, E_BUG, "原件的编码没有取到");
}

static enum code make_one(struct db *db, const struct actor *by, struct original *o, struct err *e)
{
    char code[ORIGINAL_CODE_N + 1];

    TRY(free_code(db, code, e));
    o->id = id_next();
    struct stmt *q = db_sql(db,
        "INSERT INTO original(id, item, copy, code, state, holder_kind, holder, place, since,"
        " step, made, made_by) VALUES(?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8, 1, ?8, ?9)");
    stmt_bind_int(q, 1, o->id);
    stmt_bind_int(q, 2, o->item);
    stmt_bind_int(q, 3, o->copy);
    stmt_bind_str(q, 4, str_z(code));
    stmt_bind_int(q, 5, o->holder.kind);
    stmt_bind_int(q, 6, o->holder.id);
    stmt_bind_str(q, 7, o->holder.kind == HOLDER_PLACE ? o->holder.name : S(""));
    stmt_bind_int(q, 8, by->now_ms);
    stmt_bind_int(q, 9, by->v->person);
    TRY(stmt_run(q, NULL, e));
    o->step = 1;
    return write_step(db, by, o, ORIGINAL_MADE, S(""), e);
}

static enum code make_all(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    int64_t n, const struct hands *first, struct err *e)
{
    struct original o = {.item = item, .holder = {.kind = HOLDER_PERSON, .id = by->v->person}};
    bool keeper;

    TRY(keeps(db, a, by, item, &keeper, e));
    if (!keeper)
        return FAIL(e, E_DENIED, "登记纸质原件由经办人、秘书和科长办理");
    struct stmt *q = db_sql(db, "SELECT coalesce(max(copy), 0) FROM original WHERE item = ?1");
    stmt_bind_int(q, 1, item);
    o.copy = stmt_step(q) ? stmt_int(q, 0) : 0;
    TRY(stmt_end(q, e));
    if (n < 1 || o.copy + n > ORIGINAL_COPIES_MAX)
        return FAIL(e, E_LIMIT, "一件事项登记1到%d份纸质原件", ORIGINAL_COPIES_MAX);
    if (first)
        o.holder = *first;
    TRY(check_holder(db, a, &o.holder, e));
    for (int64_t i = 0; i < n; i++) {
        o.copy++;
        TRY(make_one(db, by, &o, e));
    }
    return OK;
}

enum code original_make(struct db *db, const struct actor *by, int64_t item, int64_t n,
    const struct hands *first, struct err *e)
{
    struct arena a;

    arena_init(&a);
    enum code c = make_all(db, &a, by, item, n, first, e);
    arena_release(&a);
    return c;
}
