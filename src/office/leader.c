#include "office/leader.h"

#include "base/utf8.h"
#include "office/absence.h"
#include "office/audit.h"
#include "office/item_int.h"

enum { LEADERS_MAX = 200, AWAY_ITEMS = 200 };
#define SKIPPED "外出跳过" /* the word of an ask that was passed over */

/* ---- contact ---- */

enum code leader_contacts(
    struct db *db, struct arena *a, struct leader_contact **out, size_t *n, struct err *e)
{
    struct leader_contact *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db, "SELECT c.leader, c.contact, p.name FROM leader_contact c JOIN"
                                " person p ON p.id = c.leader ORDER BY c.leader LIMIT ?1");
    stmt_bind_int(q, 1, LEADERS_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) =
            (struct leader_contact){stmt_int(q, 0), stmt_int(q, 1), arena_str(a, stmt_str(q, 2))};
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

static enum code note_contact(
    struct db *db, const struct actor *by, int64_t leader, int64_t contact, struct err *e)
{
    struct buf b;
    buf_init(&b, 64);
    buf_printf(&b, "{\"contact\":\"%lld\"}", (long long)contact);
    enum code c =
        audit_simple(db, by->v->person, "leader.contact", "person", leader, buf_view(&b), e);
    buf_release(&b);
    return c;
}

enum code leader_contact_save(
    struct db *db, const struct actor *by, int64_t leader, int64_t contact, struct err *e)
{
    struct arena a;
    struct person p;
    if (!by->v->owner && !(by->v->roles & (ROLE_CHIEF | ROLE_SECRETARY)))
        return FAIL(e, E_DENIED, "领导的联系人由科长和秘书设定");
    if (leader == contact)
        return FAIL(e, E_INPUT, "联系人不能是领导本人");
    arena_init(&a);
    enum code c = person_get(db, &a, leader, &p, e);
    if (c == OK && !(p.roles & ROLE_LEADER))
        c = FAIL(e, E_INPUT, "“%.*s”不是领导，不用设联系人", SF(p.name));
    if (c == OK && contact)
        c = person_get(db, &a, contact, &p, e);
    if (c == OK && contact && !p.active)
        c = FAIL(e, E_INPUT, "“%.*s”已停用，请另选联系人", SF(p.name));
    arena_release(&a);
    TRY(c);
    struct stmt *q = db_sql(db, "DELETE FROM leader_contact WHERE leader = ?1");
    stmt_bind_int(q, 1, leader);
    TRY(stmt_run(q, NULL, e));
    if (contact) {
        q = db_sql(db, "INSERT INTO leader_contact(leader, contact) VALUES(?1, ?2)");
        stmt_bind_int(q, 1, leader);
        stmt_bind_int(q, 2, contact);
        TRY(stmt_run(q, NULL, e));
    }
    return note_contact(db, by, leader, contact, e);
}

/* 7月13日至7月20日，出差 */
static struct str away_text(struct arena *a, const struct absence *x)
{
    struct day f, t;
    if (!day_from_iso(x->from_day, &f) || !day_from_iso(x->to_day, &t))
        return x->why;
    struct str days = day_num(f) == day_num(t)
                          ? arena_printf(a, "%d月%d日", f.m, f.d)
                          : arena_printf(a, "%d月%d日至%d月%d日", f.m, f.d, t.m, t.d);
    return arena_printf(a, "%.*s%s%.*s", SF(days), x->why.n ? "，" : "", SF(x->why));
}

static enum code away_now(struct db *db, struct arena *a, const struct actor *by,
    struct absence **out, size_t *n, struct err *e)
{
    char iso[DAY_ISO_SIZE];
    struct str today = arena_str(a, day_iso(day_of(clock_day(by->now_ms, ZONE_CHINA)), iso));
    return absence_list(db, a, by, 0, today, today, out, n, e);
}

enum code leader_list(struct db *db, struct arena *a, const struct actor *by, struct leader **out,
    size_t *n, struct err *e)
{
    struct leader_contact *c;
    struct absence *away;
    struct person *p;
    size_t n_p, n_c, n_away, k = 0;
    TRY(person_list(db, a, 0, false, &p, &n_p, e));
    TRY(leader_contacts(db, a, &c, &n_c, e));
    TRY(away_now(db, a, by, &away, &n_away, e));
    struct leader *v = ARENA_ARRAY(a, struct leader, n_p + 1);
    for (size_t i = 0; i < n_p; i++) {
        struct catch_up *list;
        size_t waiting;
        if (!(p[i].roles & ROLE_LEADER))
            continue;
        struct leader *l = &v[k++];
        *l = (struct leader){.id = p[i].id, .name = p[i].name, .title = p[i].title};
        for (size_t j = 0; j < n_c; j++)
            if (c[j].leader == l->id)
                l->contact = c[j].contact;
        for (size_t j = 0; l->contact && j < n_p; j++)
            if (p[j].id == l->contact)
                l->contact_name = p[j].name;
        for (size_t j = 0; j < n_away; j++)
            if (away[j].person == l->id && away[j].now) {
                l->away = away_text(a, &away[j]);
                l->away_id = away[j].id;
            }
        TRY(catch_up_list(db, a, by, l->id, &list, &waiting, e));
        l->waiting = (int64_t)waiting;
    }
    *out = v;
    *n = k;
    return OK;
}

/* ---- away ---- */

/* Somebody else of those who were asked together has said something or still can. */
static bool is_dispensable(const struct work *w, const struct ask *k)
{
    if (k->wait != WAIT_ALL || k->final > 1 || k->parent ||
        str_has_piece(k->answers, S("\n"), S("同意")))
        return false;
    for (size_t i = 0; i < w->n_asks; i++) {
        const struct ask *b = &w->asks[i];
        if (b != k && b->made == k->made && !b->parent &&
            (b->state == ASK_ANSWERED || b->state == ASK_OPEN))
            return true;
    }
    return false;
}

static enum code catch_up_put(struct work *w, const struct ask *k, struct str why, struct err *e)
{
    struct stmt *q = db_sql(w->db, "INSERT INTO catch_up(ask, item, leader, purpose, why, at, done,"
                                   " seq) VALUES(?1, ?2, ?3, ?4, ?5, ?6, 0, 0)");
    stmt_bind_int(q, 1, k->id);
    stmt_bind_int(q, 2, w->it.id);
    stmt_bind_int(q, 3, k->to);
    stmt_bind_str(q, 4, k->purpose);
    stmt_bind_str(q, 5, why);
    stmt_bind_int(q, 6, w->by->now_ms);
    return stmt_run(q, NULL, e);
}

struct skipping {
    const struct actor *by;
    int64_t item, leader;
    struct str why, name;
    size_t n;
};

/* Once he is back the next paper finds him; a person passed over is told by the list alone. */
static enum code skip_asks(struct verb *v, struct skipping *s, struct err *e)
{
    struct work *w = &v->w;
    jw_karr(&v->j, "asks");
    for (size_t i = 0; i < w->n_asks; i++) {
        struct ask *k = &w->asks[i];
        if (k->state != ASK_OPEN || !k->sent_ms || k->to_kind != PRINCIPAL_PERSON ||
            k->to != s->leader || !is_dispensable(w, k))
            continue;
        k->word = S(SKIPPED);
        k->text = s->why;
        TRY(ask_end(w, k, ASK_VOID, e));
        TRY(catch_up_put(w, k, s->why, e));
        jw_id(&v->j, k->id);
        s->n++;
    }
    jw_end(&v->j);
    jw_kstr(&v->j, "text",
        arena_printf(w->a, "%.*s外出（%.*s），跳过，回后补阅", SF(s->name), SF(s->why)));
    return s->n ? asks_next_turn(w, e) : OK;
}

static enum code skip_item(struct db *db, void *arg, struct err *e)
{
    struct skipping *s = arg;
    struct verb v;
    s->n = 0; /* this may run again */
    enum code c = verb_begin_any(&v, db, s->by, s->item, e);
    if (c == OK && v.w.it.closed_ms == 0)
        c = skip_asks(&v, s, e);
    if (c == OK && s->n == 0) {
        verb_release(&v);
        return OK;
    }
    return verb_end(&v, c, "skip", e);
}

static enum code items_asking(
    struct db *db, int64_t leader, int64_t out[AWAY_ITEMS], size_t *n, struct err *e)
{
    struct stmt *q =
        db_sql(db, "SELECT DISTINCT item FROM ask WHERE to_kind = 1 AND to_id = ?1 AND state = 0"
                   " AND sent > 0 AND wait = ?2 ORDER BY item LIMIT ?3");
    stmt_bind_int(q, 1, leader);
    stmt_bind_int(q, 2, WAIT_ALL);
    stmt_bind_int(q, 3, AWAY_ITEMS);
    *n = 0;
    while (stmt_step(q) && *n < AWAY_ITEMS)
        out[(*n)++] = stmt_int(q, 0);
    return stmt_end(q, e);
}

static enum code skip_leader(struct store *st, struct skipping *s, size_t *done, struct err *e)
{
    int64_t items[AWAY_ITEMS];
    struct db *db;
    size_t n;
    TRY(store_read(st, &db, e));
    enum code c = items_asking(db, s->leader, items, &n, e);
    store_read_end(db);
    for (size_t i = 0; c == OK && i < n; i++) {
        s->item = items[i];
        c = store_write(st, skip_item, s, e);
        *done += c == OK ? s->n : 0;
    }
    return c;
}

/* Whoever of those who are away is a leader. */
static enum code leaders_away(struct store *st, struct arena *a, const struct actor *by,
    struct skipping **out, size_t *n, struct err *e)
{
    struct absence *v = NULL;
    struct db *db;
    size_t k = 0;
    *n = 0;
    TRY(store_read(st, &db, e));
    enum code c = away_now(db, a, by, &v, &k, e);
    *out = ARENA_ARRAY(a, struct skipping, k + 1);
    for (size_t i = 0; c == OK && i < k; i++) {
        struct person p;
        if (!v[i].now)
            continue;
        c = person_get(db, a, v[i].person, &p, e);
        if (c == OK && p.roles & ROLE_LEADER)
            (*out)[(*n)++] = (struct skipping){
                .by = by, .leader = p.id, .why = away_text(a, &v[i]), .name = p.name};
    }
    store_read_end(db);
    return c;
}

enum code leader_skip_run(struct store *st, const struct actor *by, size_t *n, struct err *e)
{
    struct skipping *v = NULL;
    struct arena a;
    size_t k = 0;
    *n = 0;
    arena_init(&a);
    enum code c = leaders_away(st, &a, by, &v, &k, e);
    for (size_t i = 0; c == OK && i < k; i++)
        c = skip_leader(st, &v[i], n, e);
    arena_release(&a);
    return c;
}

/* ---- back ---- */

static enum code since_of(
    struct db *db, struct arena *a, const struct actor *by, struct catch_up *x, struct err *e)
{
    struct remark *v;
    size_t n;
    TRY(remark_list(db, a, by, x->item, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (v[i].leader != x->leader)
            x->since = arena_printf(a, "%.*s%s%.*s：%.*s", SF(x->since), x->since.n ? "\n" : "",
                SF(v[i].leader_name), SF(v[i].words));
    return OK;
}

static enum code fill_item(struct db *db, struct arena *a, const struct actor *by,
    struct catch_up *x, bool *seen, struct err *e)
{
    const struct kind *k;
    struct item it;
    enum code c = item_get(db, a, by, x->item, &it, e);
    *seen = c == OK;
    if (c == E_NOTFOUND)
        return OK;
    TRY(c);
    TRY(kinds_get(by->kinds, db, it.kind, it.kind_version, &k, e));
    size_t at = kind_state_of(k, it.state);
    x->item_title = it.title;
    x->item_number = it.number;
    x->state = at == SIZE_MAX ? it.state : k->states[at].name;
    x->closed = it.closed_ms != 0;
    return since_of(db, a, by, x, e);
}

enum code catch_up_list(struct db *db, struct arena *a, const struct actor *by, int64_t leader,
    struct catch_up **out, size_t *n, struct err *e)
{
    struct catch_up *v = NULL;
    size_t k = 0, cap = 0, kept = 0;
    struct stmt *q = db_sql(db, "SELECT ask, item, leader, at, purpose, why FROM catch_up WHERE"
                                " leader = ?1 AND done = 0 ORDER BY at, ask LIMIT ?2");
    stmt_bind_int(q, 1, leader);
    stmt_bind_int(q, 2, CATCH_UP_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = (struct catch_up){.ask = stmt_int(q, 0),
            .item = stmt_int(q, 1),
            .leader = stmt_int(q, 2),
            .at_ms = stmt_int(q, 3),
            .purpose = arena_str(a, stmt_str(q, 4)),
            .why = arena_str(a, stmt_str(q, 5))};
    TRY(stmt_end(q, e));
    for (size_t i = 0; i < k; i++) {
        bool seen;
        TRY(fill_item(db, a, by, &v[i], &seen, e));
        if (seen)
            v[kept++] = v[i];
    }
    *out = v;
    *n = kept;
    return OK;
}

static enum code read_one(struct db *db, int64_t ask, struct catch_up *x, struct err *e)
{
    *x = (struct catch_up){.ask = ask};
    struct stmt *q = db_sql(db, "SELECT item, leader, done FROM catch_up WHERE ask = ?1");
    stmt_bind_int(q, 1, ask);
    if (stmt_step(q)) {
        x->item = stmt_int(q, 0);
        x->leader = stmt_int(q, 1);
        x->done_ms = stmt_int(q, 2);
    }
    TRY(stmt_end(q, e));
    if (!x->item)
        return FAIL(e, E_NOTFOUND, "没有这一件要补阅的");
    return x->done_ms ? FAIL(e, E_CONFLICT, "这一件已经补阅过，请刷新后再看") : OK;
}

static enum code check_words(
    const struct actor *by, struct str words, struct str day, struct err *e)
{
    char iso[DAY_ISO_SIZE];
    struct day d;
    if (utf8_check(words) != SIZE_MAX || utf8_len_cp(words) > OPINION_CP_MAX)
        return FAIL(e, E_LIMIT, "批语超过%d个字，或不是有效的文字", OPINION_CP_MAX);
    if (!day.n)
        return OK;
    TRY(day_parse(day, &d, e));
    struct str today = day_iso(day_of(clock_day(by->now_ms, ZONE_CHINA)), iso);
    return str_cmp(day, today) > 0 ? FAIL(e, E_INPUT, "补阅日期不能晚于今天") : OK;
}

/* What is archived stays as it is: that he has read it stands in the list alone. */
static enum code note_event(struct db *db, const struct actor *as, const struct catch_up *x,
    struct str words, struct str day, int64_t *seq, struct err *e)
{
    struct verb v;
    enum code c = verb_begin_any(&v, db, as, x->item, e);
    *seq = 0;
    if (c == OK && v.w.sealed) {
        verb_release(&v);
        return OK;
    }
    if (c == OK) {
        jw_kid(&v.j, "ask", x->ask);
        jw_kstr(&v.j, "text", words.n ? words : S("已阅"));
        if (day.n)
            jw_kstr(&v.j, "written", day);
        *seq = v.w.it.revision + 1;
    }
    return verb_end(&v, c, "catch_up", e);
}

enum code catch_up_answer(struct db *db, const struct actor *by, int64_t ask, struct str words,
    struct str day, struct err *e)
{
    struct actor as = *by;
    struct catch_up x;
    int64_t seq;
    words = str_trim(words);
    day = str_trim(day);
    TRY(read_one(db, ask, &x, e));
    TRY(check_words(by, words, day, e));
    if (by->v->person != x.leader && !remark_may_enter(by))
        return FAIL(e, E_DENIED, "补阅由领导本人或秘书、科长登记");
    as.for_person = by->v->person == x.leader ? 0 : x.leader;
    TRY(note_event(db, &as, &x, words, day, &seq, e));
    struct stmt *q =
        db_sql(db, "UPDATE catch_up SET done = ?2, seq = ?3, done_by = ?4 WHERE ask = ?1");
    stmt_bind_int(q, 1, ask);
    stmt_bind_int(q, 2, by->now_ms);
    stmt_bind_int(q, 3, seq);
    stmt_bind_int(q, 4, by->v->person);
    return stmt_run(q, NULL, e);
}
