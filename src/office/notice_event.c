/* notice_event.c - who hears of an event. One function for each sort of verb; each names persons, and what stands in the row. */
#include "base/utf8.h"
#include "office/document.h"
#include "office/item_int.h"
#include "office/leader.h"
#include "office/notice_int.h"

enum {
    ACTING = ROLE_LIAISON | ROLE_CHIEF, /* who act for a unit */
    COVERS_MAX = 500,
    WHY_CP = 60
};

struct cover {
    int64_t person, to;
};
struct member { /* acts for the unit that an ask went to */
    int64_t ask, person;
};
struct telling {
    struct work *w;
    const struct item_event *ev;
    json_t *payload;
    struct cover *covers; /* who stands in today; read when first needed */
    size_t n_covers, cap_covers;
    bool has_covers;
    struct member *members;
    size_t n_members, cap_members;
    bool has_members;
    struct leader_contact *contacts; /* of leaders */
    size_t n_contacts;
    bool has_contacts;
    int64_t *told; /* by this event */
    size_t n_told, cap_told;
};

/* ---- rows ---- */

static enum code read_covers(struct telling *t, struct err *e)
{
    char iso[DAY_ISO_SIZE];
    if (t->has_covers)
        return OK;
    t->has_covers = true;
    struct stmt *q =
        db_sql(t->w->db, "SELECT person, to_person FROM delegation"
                         " WHERE from_day <= ?1 AND to_day >= ?1 AND revoked = 0 LIMIT ?2");
    stmt_bind_str(q, 1, day_iso(day_of(clock_day(t->ev->at_ms, ZONE_CHINA)), iso));
    stmt_bind_int(q, 2, COVERS_MAX);
    while (stmt_step(q))
        ARENA_PUSH(t->w->a, t->covers, t->n_covers, t->cap_covers) =
            (struct cover){stmt_int(q, 0), stmt_int(q, 1)};
    return stmt_end(q, e);
}

static enum code put(struct telling *t, int64_t person, enum notice_kind kind, int64_t about,
    struct str text, struct err *e)
{
    ARENA_PUSH(t->w->a, t->told, t->n_told, t->cap_told) = person;
    return notice_put(t->w->db,
        &(struct notice_new){.person = person,
            .item = t->w->it.id,
            .kind = kind,
            .about = about,
            .seq = t->ev->seq,
            .at_ms = t->ev->at_ms,
            .by = t->ev->actor,
            .text = text},
        e);
}

static bool was_told(const struct telling *t, int64_t person)
{
    for (size_t i = 0; i < t->n_told; i++)
        if (t->told[i] == person)
            return true;
    return false;
}

/* What is told to a leader is told to his contact, with his name. Of 工作秘密 only where the contact takes part himself. */
static enum code tell_contact(struct telling *t, int64_t person, enum notice_kind kind,
    int64_t about, struct str text, struct err *e)
{
    if (!t->has_contacts)
        TRY(leader_contacts(t->w->db, t->w->a, &t->contacts, &t->n_contacts, e));
    t->has_contacts = true;
    for (size_t i = 0; i < t->n_contacts; i++) {
        const struct leader_contact *c = &t->contacts[i];
        bool sees = t->w->it.level <= LEVEL_INTERNAL;
        for (size_t k = 0; k < t->w->n_grants; k++)
            sees = sees || (t->w->grants[k].kind == GRANT_PERSON &&
                               t->w->grants[k].principal == c->contact);
        if (c->leader == person && sees && c->contact != t->ev->actor)
            TRY(put(t, c->contact, kind, about,
                arena_printf(t->w->a, "报%.*s：%.*s", SF(c->name), SF(text)), e));
    }
    return OK;
}

/* The person and whoever stands in for him today; never the one who did it. */
static enum code tell(struct telling *t, int64_t person, enum notice_kind kind, int64_t about,
    struct str text, struct err *e)
{
    if (!person || (kind == NOTICE_WAITING && was_told(t, person))) /* one event, one notice */
        return OK;
    TRY(read_covers(t, e));
    if (person != t->ev->actor)
        TRY(put(t, person, kind, about, text, e));
    TRY(tell_contact(t, person, kind, about, text, e));
    for (size_t i = 0; i < t->n_covers; i++)
        if (t->covers[i].person == person && t->covers[i].to != t->ev->actor)
            TRY(put(t, t->covers[i].to, kind, about, text, e));
    return OK;
}

static enum code read_members(struct telling *t, struct err *e)
{
    if (t->has_members)
        return OK;
    t->has_members = true;
    struct stmt *q = db_sql(t->w->db,
        "SELECT a.id, p.id FROM ask a JOIN " NOTICE_POSTS " p ON p.unit = a.to_id AND p.active = 1"
        " AND (p.roles & ?2) <> 0 WHERE a.item = ?1 AND a.to_kind = 2 ORDER BY a.id, p.id");
    stmt_bind_int(q, 1, t->w->it.id);
    stmt_bind_int(q, 2, ACTING);
    while (stmt_step(q))
        ARENA_PUSH(t->w->a, t->members, t->n_members, t->cap_members) =
            (struct member){stmt_int(q, 0), stmt_int(q, 1)};
    return stmt_end(q, e);
}

static enum code tell_asked(struct telling *t, const struct ask *a, enum notice_kind kind,
    int64_t about, struct str text, struct err *e)
{
    if (a->to_kind == PRINCIPAL_PERSON)
        return tell(t, a->to, kind, about, text, e);
    TRY(read_members(t, e));
    for (size_t i = 0; i < t->n_members; i++)
        if (t->members[i].ask == a->id)
            TRY(tell(t, t->members[i].person, kind, about, text, e));
    return OK;
}

enum code notice_near(struct db *db, uint32_t roles, int64_t unit, int64_t out[NOTICE_NEAR_MAX],
    size_t *n, struct err *e)
{
    int64_t nearest = -1;
    struct stmt *q = db_sql(db,
        "WITH RECURSIVE up(id, parent, far) AS (SELECT id, parent, 0 FROM unit WHERE id = ?1"
        " UNION ALL SELECT u.id, u.parent, up.far + 1 FROM unit u JOIN up ON u.id = up.parent"
        " WHERE up.far < 32) SELECT p.id, up.far FROM up JOIN " NOTICE_POSTS " p ON p.unit = up.id"
        " WHERE p.active = 1 AND (p.roles & ?2) <> 0 ORDER BY up.far, p.rank, p.id LIMIT ?3");
    *n = 0;
    stmt_bind_int(q, 1, unit);
    stmt_bind_int(q, 2, roles);
    stmt_bind_int(q, 3, NOTICE_NEAR_MAX);
    while (stmt_step(q)) {
        if (nearest < 0)
            nearest = stmt_int(q, 1);
        if (stmt_int(q, 1) == nearest && *n < NOTICE_NEAR_MAX)
            out[(*n)++] = stmt_int(q, 0);
    }
    return stmt_end(q, e);
}

static enum code all_with(
    struct db *db, uint32_t roles, int64_t out[NOTICE_NEAR_MAX], size_t *n, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT DISTINCT p.id, p.rank FROM " NOTICE_POSTS
                                " p WHERE p.active = 1 AND (p.roles & ?1) <> 0"
                                " ORDER BY p.rank, p.id LIMIT ?2");
    *n = 0;
    stmt_bind_int(q, 1, roles);
    stmt_bind_int(q, 2, NOTICE_NEAR_MAX);
    while (stmt_step(q) && *n < NOTICE_NEAR_MAX)
        out[(*n)++] = stmt_int(q, 0);
    return stmt_end(q, e);
}

enum code notice_with_role(struct db *db, uint32_t roles, int64_t unit,
    int64_t out[NOTICE_NEAR_MAX], size_t *n, struct err *e)
{
    TRY(notice_near(db, roles, unit, out, n, e));
    return *n ? OK : all_with(db, roles, out, n, e);
}

/* Whoever answers for the item, where he is one of them; else all of them. */
static enum code tell_role(
    struct telling *t, uint32_t roles, enum notice_kind kind, struct str text, struct err *e)
{
    int64_t v[NOTICE_NEAR_MAX];
    size_t n;
    roles &= ~(uint32_t)ROLE_STAFF; /* all the staff are no addressees but a public */
    if (!roles)
        return OK;
    TRY(notice_with_role(t->w->db, roles, t->w->it.unit, v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (v[i] == t->w->it.owner)
            return tell(t, v[i], kind, 0, text, e);
    for (size_t i = 0; i < n; i++)
        TRY(tell(t, v[i], kind, 0, text, e));
    return OK;
}

static enum code tell_unit(
    struct telling *t, int64_t unit, enum notice_kind kind, struct str text, struct err *e)
{
    struct stmt *q = db_sql(t->w->db,
        "SELECT DISTINCT p.id, p.rank FROM " NOTICE_POSTS " p WHERE p.active = 1 AND p.unit = ?1"
        " AND (p.roles & ?2) <> 0 ORDER BY p.rank, p.id LIMIT ?3");
    int64_t v[NOTICE_NEAR_MAX];
    size_t n = 0;
    stmt_bind_int(q, 1, unit);
    stmt_bind_int(q, 2, ACTING);
    stmt_bind_int(q, 3, NOTICE_NEAR_MAX);
    while (stmt_step(q) && n < NOTICE_NEAR_MAX)
        v[n++] = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    for (size_t i = 0; i < n; i++)
        TRY(tell(t, v[i], kind, 0, text, e));
    return OK;
}

/* ---- words ---- */

struct str notice_day(struct arena *a, int64_t due_ms, int zone)
{
    if (!due_ms)
        return S("");
    struct day d = day_of(clock_day(due_ms - 1, zone)); /* due is the end of the day */
    return arena_printf(a, "%d月%d日", d.m, d.d);
}

static struct str brief(struct str s)
{
    s = str_trim(s);
    return str_sub(s, 0, utf8_off(s, WHY_CP));
}

bool notice_assent(struct str text)
{
    static const char *const words[] = {"同意", "拟同意", "同意拟办意见", "同意办理", "同意立项",
        "同意传达", "已阅", "阅", "圈阅", "阅悉", "收到", "已收", "已收到", "好", "好的", "知悉",
        "已知悉", "无意见", "没有意见", "无不同意见"};
    static const struct str ends[] = {
        SC("。"), SC("."), SC("！"), SC("!"), SC("，谢谢"), SC("，"), SC(",")};
    text = str_trim(text);
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
            more = str_eat_end(&text, ends[i]) || more;
    }
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (str_eq(text, str_z(words[i])))
            return true;
    return false;
}

/* Words that only say that it came. */
static bool only_received(struct str word)
{
    return str_eq(word, S("已收")) || str_eq(word, S("已读")) || str_eq(word, S("已阅"));
}

/* ---- what each verb tells ---- */

/* Those whose ask was sent by this event: new, or the next of a series. */
static bool sent_now(const struct telling *t, const struct ask *a)
{
    if (a->state != ASK_OPEN || !a->sent_ms)
        return false;
    return a->made == t->ev->seq || (a->turn > 1 && a->sent_ms == t->ev->at_ms && !a->seen_ms);
}

static enum code on_asks(struct telling *t, struct err *e)
{
    struct work *w = t->w;
    for (size_t i = 0; i < w->n_asks; i++) {
        const struct ask *a = &w->asks[i];
        if (!sent_now(t, a))
            continue;
        struct str day = notice_day(w->a, a->due_ms, w->by->hours->zone);
        struct str text = arena_printf(w->a, "%.*s%s%.*s%s%s", SF(a->purpose), day.n ? "，" : "",
            SF(day), day.n ? "前回复" : "", a->wait == WAIT_NONE ? "（不必等回复）" : "");
        TRY(tell_asked(t, a, NOTICE_ASKED, a->id, text, e));
    }
    return OK;
}

static bool is_asked(const struct work *w, int kind, int64_t principal)
{
    for (size_t i = 0; i < w->n_asks; i++)
        if (w->asks[i].state == ASK_OPEN && (int)w->asks[i].to_kind == kind &&
            w->asks[i].to == principal)
            return true;
    return false;
}

static enum code wait_field(struct telling *t, size_t field, struct str text, struct err *e)
{
    int64_t ids[NOTICE_NEAR_MAX];
    enum field_type type = t->w->k->fields[field].type;
    bool persons = type == FIELD_PERSON || type == FIELD_PEOPLE;
    size_t n = field_ids(t->w, field, ids, NOTICE_NEAR_MAX);
    for (size_t i = 0; i < n; i++) {
        if (is_asked(t->w, persons ? GRANT_PERSON : GRANT_UNIT, ids[i]))
            continue; /* he was asked in words */
        if (persons)
            TRY(tell(t, ids[i], NOTICE_WAITING, 0, text, e));
        else
            TRY(tell_unit(t, ids[i], NOTICE_WAITING, text, e));
    }
    return OK;
}

/* One step: who answers for the item, if he may make it; else whoever may. */
static enum code wait_for(struct telling *t, const struct kind_move *m, uint32_t owner_roles,
    struct str text, struct err *e)
{
    for (size_t i = 0; i < m->by.n; i++) {
        const struct who *who = &m->by.v[i];
        if (who->kind == WHO_OWNER || (who->kind == WHO_ROLE && who->roles & owner_roles))
            return tell(t, t->w->it.owner, NOTICE_WAITING, 0, text, e);
    }
    for (size_t i = 0; i < m->by.n; i++) {
        const struct who *who = &m->by.v[i];
        if (who->kind == WHO_ROLE)
            TRY(tell_role(t, who->roles, NOTICE_WAITING, text, e));
        else if (who->kind == WHO_UNIT)
            TRY(tell_unit(t, t->w->it.unit, NOTICE_WAITING, text, e));
        else if (who->kind == WHO_FIELD)
            TRY(wait_field(t, who->field, text, e));
    }
    return OK;
}

/* The item came into a state from which somebody takes it on: who finds it in his 待办. A way back is nobody's duty, and what an answer
 * makes was asked for. */
static enum code on_waiting(struct telling *t, struct err *e)
{
    struct work *w = t->w;
    uint32_t roles = 0;
    struct str text = arena_printf(w->a, "到了“%.*s”，等您办理", SF(w->k->states[w->state].name));
    if (str_eq(jr_str(t->payload, "from"), jr_str(t->payload, "to")))
        return OK;
    struct stmt *q = db_sql(w->db, "SELECT roles FROM person WHERE id = ?1");
    stmt_bind_int(q, 1, w->it.owner);
    if (stmt_step(q))
        roles = (uint32_t)stmt_int(q, 0);
    TRY(stmt_end(q, e));
    for (size_t i = 0; i < w->k->n_moves; i++) {
        const struct kind_move *m = &w->k->moves[i];
        if (work_todo(w, i) && !m->returns && !m->when_answered.n)
            TRY(wait_for(t, m, roles, text, e));
    }
    return OK;
}

/* Owner and whoever opened it; the text is of the reason, where one was given. */
static enum code tell_keepers(
    struct telling *t, enum notice_kind kind, struct str text, struct err *e)
{
    TRY(tell(t, t->w->it.owner, kind, t->ev->seq, text, e));
    return t->w->opener == t->w->it.owner ? OK : tell(t, t->w->opener, kind, t->ev->seq, text, e);
}

static bool goes_back(const struct telling *t)
{
    size_t i = kind_move_of(t->w->k, jr_str(t->payload, "move"));
    return str_eq(t->ev->verb, S("return")) || (i != SIZE_MAX && t->w->k->moves[i].returns);
}

/* The item came into another state. */
static enum code on_state(struct telling *t, struct err *e)
{
    struct work *w = t->w;
    struct str to = w->k->states[w->state].name, why = brief(jr_str(t->payload, "why"));
    if (!why.n)
        why = brief(jr_str(t->payload, "opinion"));
    if (w->it.closed_ms) {
        struct str text = str_eq(t->ev->verb, S("merge"))
                              ? S("并入另一件事项")
                              : arena_printf(w->a, "办结：%.*s", SF(to));
        return tell_keepers(t, NOTICE_CLOSED, text, e);
    }
    if (goes_back(t))
        TRY(tell_keepers(t, NOTICE_RETURNED,
            arena_printf(w->a, "退回到“%.*s”%s%.*s", SF(to), why.n ? "：" : "", SF(why)), e));
    return on_waiting(t, e);
}

/* How many of those who were asked together are still out. */
static enum code on_answer(struct telling *t, struct err *e)
{
    struct work *w = t->w;
    struct str word = jr_str(t->payload, "word");
    int64_t id = jr_id(t->payload, "ask");
    const struct ask *a = NULL;
    size_t all = 0, open = 0;
    for (size_t i = 0; i < w->n_asks; i++)
        if (w->asks[i].id == id)
            a = &w->asks[i];
    if (!a || only_received(word))
        return OK;
    for (size_t i = 0; i < w->n_asks; i++) {
        const struct ask *b = &w->asks[i];
        if (b->made != a->made || b->parent != a->parent ||
            (b->state != ASK_OPEN && b->state != ASK_ANSWERED))
            continue;
        all++;
        open += b->state == ASK_OPEN;
    }
    struct str rest = open       ? arena_printf(w->a, "，还有%zu个没有回复", open)
                      : all == 1 ? S("")
                                 : arena_printf(w->a, "，%zu个对象已全部回复", all);
    struct str who = a->to_kind == PRINCIPAL_PERSON && a->to == t->ev->actor ? S("") : a->to_name;
    struct str text = arena_printf(w->a, "%.*s%.*s%.*s", SF(who), SF(word), SF(rest));
    TRY(tell(t, a->by, NOTICE_ANSWERED, a->parent, text, e));
    return a->by == w->it.owner || a->parent
               ? OK
               : tell(t, w->it.owner, NOTICE_ANSWERED, a->parent, text, e);
}

static enum code on_remind(struct telling *t, struct err *e)
{
    struct work *w = t->w;
    const json_t *list = json_object_get(t->payload, "asks");
    struct str text = brief(jr_str(t->payload, "text"));
    if (!text.n)
        text = S("请抓紧办理并回复");
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct err none;
        int64_t id = 0;
        if (str_int(str_z(json_string_value(json_array_get(list, i))), &id, &none) != OK)
            continue;
        for (size_t k = 0; k < w->n_asks; k++)
            if (w->asks[k].id == id)
                TRY(tell_asked(t, &w->asks[k], NOTICE_REMINDED, id, text, e));
    }
    if (json_array_size(list)) /* else nobody is asked: who has it in hand */
        return OK;
    return tell(t, w->it.owner, NOTICE_REMINDED, 0, text, e);
}

/* 催办单: each unit its own, by number. */
static enum code on_slip(struct telling *t, struct err *e)
{
    struct work *w = t->w;
    const json_t *list = json_object_get(t->payload, "slips");
    struct str why = brief(jr_str(t->payload, "text"));
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *slip = json_array_get(list, i);
        int64_t id = jr_id(slip, "ask");
        struct str text =
            arena_printf(w->a, "催办单%.*s：%.*s", SF(jr_str(slip, "number")), SF(why));
        for (size_t k = 0; k < w->n_asks; k++)
            if (w->asks[k].id == id)
                TRY(tell_asked(t, &w->asks[k], NOTICE_REMINDED, id, text, e));
    }
    return OK;
}

/* Persons named in the payload under `key`. */
static enum code tell_named(
    struct telling *t, const char *key, enum notice_kind kind, struct str text, struct err *e)
{
    const json_t *list = json_object_get(t->payload, key);
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct err none;
        int64_t person = 0;
        if (str_int(str_z(json_string_value(json_array_get(list, i))), &person, &none) == OK)
            TRY(tell(t, person, kind, t->ev->seq, text, e));
    }
    return OK;
}

static enum code on_remark(struct telling *t, struct err *e)
{
    struct str text = jr_str(t->payload, "text");
    return notice_assent(text) ? OK : tell_named(t, "to", NOTICE_TOLD, brief(text), e);
}

static enum code on_escalate(struct telling *t, struct err *e)
{
    return tell_named(t, "to", NOTICE_ESCALATED, brief(jr_str(t->payload, "text")), e);
}

static enum code on_climb(struct telling *t, struct err *e)
{
    return tell_named(t, "to", NOTICE_CLIMB, brief(jr_str(t->payload, "text")), e);
}

/* Whoever raised it, the owner, and those who were called in vain. */
static enum code on_climb_ack(struct telling *t, struct err *e)
{
    struct str text = brief(jr_str(t->payload, "text"));
    TRY(tell(t, jr_id(t->payload, "raised"), NOTICE_ANSWERED, 0, text, e));
    if (t->w->it.owner != jr_id(t->payload, "raised"))
        TRY(tell(t, t->w->it.owner, NOTICE_ANSWERED, 0, text, e));
    return tell_named(t, "others", NOTICE_TOLD, text, e);
}

static enum code on_hand_over(struct telling *t, struct err *e)
{
    struct str why = brief(jr_str(t->payload, "why"));
    TRY(tell(t, jr_id(t->payload, "to"), NOTICE_HANDED, t->ev->seq,
        arena_printf(t->w->a, "移交给您%s%.*s", why.n ? "：" : "", SF(why)), e));
    return tell(t, jr_id(t->payload, "from"), NOTICE_HANDED, t->ev->seq, S("已由您移交他人"), e);
}

static const struct kind_clock *clock_of(const struct kind *k, struct str id)
{
    for (size_t i = 0; i < k->n_clocks; i++)
        if (str_eq(k->clocks[i].id, id))
            return &k->clocks[i];
    return NULL;
}

/* Whoever works to the limit. */
static enum code tell_granted(struct telling *t, struct str text, struct err *e)
{
    struct work *w = t->w;
    for (size_t i = 0; i < w->n_asks; i++)
        if (w->asks[i].state == ASK_OPEN && w->asks[i].sent_ms)
            TRY(tell_asked(t, &w->asks[i], NOTICE_EXTEND, t->ev->seq, text, e));
    return tell_keepers(t, NOTICE_EXTEND, text, e);
}

/* Whoever may grant it. */
static enum code tell_wanted(
    struct telling *t, const struct who_list *extend, struct str text, struct err *e)
{
    for (size_t i = 0; i < extend->n; i++) {
        const struct who *who = &extend->v[i];
        if (who->kind == WHO_ROLE)
            TRY(tell_role(t, who->roles, NOTICE_EXTEND, text, e));
        else if (who->kind == WHO_OWNER)
            TRY(tell(t, t->w->it.owner, NOTICE_EXTEND, 0, text, e));
    }
    return OK;
}

static enum code on_extend(struct telling *t, struct err *e)
{
    struct arena *a = t->w->a;
    const struct kind_clock *kc = clock_of(t->w->k, jr_str(t->payload, "clock"));
    struct str day = jr_str(t->payload, "day"), why = brief(jr_str(t->payload, "why"));
    if (jr_bool(t->payload, "granted", false))
        return tell_granted(t, arena_printf(a, "期限延到%.*s", SF(day)), e);
    return kc ? tell_wanted(
                    t, &kc->extend, arena_printf(a, "申请延期到%.*s：%.*s", SF(day), SF(why)), e)
              : OK;
}

/* ---- what is over ---- */

/* An ask that is open no more needs nobody; a step that was made waits for nobody. */
static enum code settle(struct telling *t, bool moved, struct err *e)
{
    struct stmt *q = db_sql(t->w->db,
        "UPDATE notice SET unread = 0, read_at = ?2 WHERE item = ?1 AND unread = 1"
        " AND kind IN (1, 6) AND about IN (SELECT id FROM ask WHERE item = ?1 AND state <> 0)");
    stmt_bind_int(q, 1, t->w->it.id);
    stmt_bind_int(q, 2, t->ev->at_ms);
    TRY(stmt_run(q, NULL, e));
    if (!moved)
        return OK;
    q = db_sql(t->w->db, "UPDATE notice SET unread = 0, read_at = ?2 WHERE item = ?1"
                         " AND unread = 1 AND (kind = 2 OR (kind = 6 AND about = 0))");
    stmt_bind_int(q, 1, t->w->it.id);
    stmt_bind_int(q, 2, t->ev->at_ms);
    return stmt_run(q, NULL, e);
}

/* ---- the table ---- */

static const struct {
    const char *verb;
    bool ends; /* asks may have ended */
    enum code (*say)(struct telling *t, struct err *e);
} rules[] = {
    {"open", false, NULL},
    {"edit", false, NULL},
    {"ask", false, NULL},
    {"move", true, NULL},
    {"answer", true, on_answer},
    {"unask", true, NULL},
    {"return", true, NULL},
    {"withdraw", true, NULL},
    {"merge", true, NULL},
    {"reopen", true, NULL},
    {"remind", false, on_remind},
    {"slip", false, on_slip},
    {"escalate", false, on_escalate},
    {"climb", false, on_climb},
    {"climb_ack", false, on_climb_ack},
    {"remark", false, on_remark},
    {"hand_over", false, on_hand_over},
    {"extend", false, on_extend},
};

static enum code say(struct telling *t, size_t rule, struct err *e)
{
    bool moved = json_object_get(t->payload, "to") && rules[rule].ends;
    if (rules[rule].ends)
        TRY(settle(t, moved, e));
    if (rules[rule].say)
        TRY(rules[rule].say(t, e));
    TRY(on_asks(t, e));
    return moved ? on_state(t, e) : OK;
}

enum code notice_event(struct work *w, const struct item_event *ev, struct err *e)
{
    struct telling t = {.w = w, .ev = ev};
    for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
        if (!str_eq(ev->verb, str_z(rules[i].verb)))
            continue;
        TRY(jr_parse(ev->payload, &t.payload, e));
        enum code c = say(&t, i, e);
        json_decref(t.payload);
        return c;
    }
    return OK;
}
