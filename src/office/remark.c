#include "office/remark.h"

#include "base/id.h"
#include "base/utf8.h"
#include "office/item_seen.h"
#include "text/norm.h"

enum {
    REMARKS_OF_ITEM = 500,
    CANDIDATES_MAX = 2 * REMARK_FOUND_MAX,
    GRAMS_MAX = OPINION_CP_MAX + ITEM_TITLE_CP_MAX,
    REBUILD_AT_ONCE = 200
};

/* ---- rows written ---- */

/* Two characters as one number. */
static int64_t gram_of(uint32_t a, uint32_t b)
{
    return (int64_t)a << 21 | b;
}

static bool is_gap(uint32_t cp)
{
    return cp <= ' ';
}

static int by_number(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

/* The pairs of a text in normal form, each once. */
static size_t grams_of(struct arena *a, struct str norm, int64_t **out)
{
    int64_t *v = ARENA_ARRAY(a, int64_t, utf8_len_cp(norm) + 1);
    size_t n = 0, kept = 0, at = 0;
    uint32_t last = 0;
    while (at < norm.n) {
        uint32_t cp = utf8_next(norm, &at);
        if (last && !is_gap(last) && !is_gap(cp) && n < GRAMS_MAX)
            v[n++] = gram_of(last, cp);
        last = cp;
    }
    if (n)
        qsort(v, n, sizeof(*v), by_number);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || v[kept - 1] != v[i])
            v[kept++] = v[i];
    *out = v;
    return kept;
}

static enum code write_grams(struct work *w, const struct remark *r, struct err *e)
{
    int64_t *v;
    struct str text = arena_printf(w->a, "%.*s\n%.*s", SF(r->words), SF(w->it.title));
    size_t n = grams_of(w->a, norm_str(w->a, text), &v);
    for (size_t i = 0; i < n; i++) {
        struct stmt *q = db_sql(w->db, "INSERT INTO remark_gram(gram, day, item, seq)"
                                       " VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING");
        stmt_bind_int(q, 1, v[i]);
        stmt_bind_str(q, 2, r->day);
        stmt_bind_int(q, 3, r->item);
        stmt_bind_int(q, 4, r->seq);
        TRY(stmt_run(q, NULL, e));
    }
    return OK;
}

static enum code write_row(struct work *w, const struct remark *r, struct err *e)
{
    struct stmt *q = db_sql(w->db,
        "INSERT INTO remark(item, seq, leader, day, at, kind, ask, state, by_person, words, files)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
    stmt_bind_int(q, 1, r->item);
    stmt_bind_int(q, 2, r->seq);
    stmt_bind_int(q, 3, r->leader);
    stmt_bind_str(q, 4, r->day);
    stmt_bind_int(q, 5, r->at_ms);
    stmt_bind_int(q, 6, r->kind);
    stmt_bind_int(q, 7, r->ask);
    stmt_bind_int(q, 8, r->state);
    stmt_bind_int(q, 9, r->by);
    stmt_bind_str(q, 10, r->words);
    stmt_bind_str(q, 11, r->files);
    TRY(stmt_run(q, NULL, e));
    return write_grams(w, r, e);
}

static enum code is_leader(struct work *w, int64_t person, bool *is, struct err *e)
{
    struct stmt *q = db_sql(w->db, "SELECT 1 FROM person WHERE id = ?1 AND (roles & ?2) <> 0");
    stmt_bind_int(q, 1, person);
    stmt_bind_int(q, 2, ROLE_LEADER);
    *is = stmt_step(q);
    return stmt_end(q, e);
}

static struct str file_lines(struct work *w, const json_t *list)
{
    struct str all = S("");
    for (size_t i = 0; i < json_array_size(list); i++)
        all = arena_printf(
            w->a, "%.*s%s%s", SF(all), i ? "\n" : "", json_string_value(json_array_get(list, i)));
    return all;
}

/* What the payload says, as far as it is a remark; false: it is none. */
static bool take_payload(struct work *w, const struct item_event *ev, json_t *p, struct remark *r)
{
    char iso[DAY_ISO_SIZE];
    struct str kind = jr_str(p, "kind"), day = jr_str(p, "written");
    const char *key = str_eq(ev->verb, S("move")) ? "opinion" : "text";
    bool oral = str_eq(ev->verb, S("open")) && ev->for_person; /* 口头交办 (oral.h) */
    struct str words = oral ? w->it.title : jr_str(p, key);
    if (!str_eq(ev->verb, S("move")) && !str_eq(ev->verb, S("answer")) &&
        !str_eq(ev->verb, S("remark")) && !str_eq(ev->verb, S("catch_up")) && !oral)
        return false;
    if (!words.n && !kind.n && !str_eq(ev->verb, S("answer")))
        return false;
    if (!words.n)
        words = jr_str(p, "word"); /* an answer without more: 已阅, 同意 */
    *r = (struct remark){.item = ev->item,
        .seq = ev->seq,
        .leader = ev->for_person ? ev->for_person : ev->actor,
        .at_ms = ev->at_ms,
        .ask = jr_id(p, "ask"),
        .by = ev->actor,
        .words = arena_str(w->a, words),
        .day = day.n ? arena_str(w->a, day)
                     : arena_str(w->a, day_iso(day_of(clock_day(ev->at_ms, ZONE_CHINA)), iso)),
        .state = ev->for_person ? REMARK_ENTERED : REMARK_OWN,
        .files = file_lines(w, json_object_get(p, "files"))};
    for (int k = 1; k < N_REMARK_KIND; k++)
        if (str_eq(kind, str_z(remark_kind_name((enum remark_kind)k))))
            r->kind = (enum remark_kind)k;
    if (!r->kind)
        r->kind = remark_kind_of(r->words);
    return true;
}

enum code remark_event(struct work *w, const struct item_event *ev, struct err *e)
{
    struct remark r;
    json_t *p = NULL;
    bool is = false;
    int64_t who = ev->for_person ? ev->for_person : ev->actor;
    if (!who || (!ev->for_person && !(w->by->v->roles & ROLE_LEADER)))
        return OK;
    TRY(jr_parse(ev->payload, &p, e));
    bool says = take_payload(w, ev, p, &r);
    json_decref(p);
    if (!says)
        return OK;
    TRY(is_leader(w, who, &is, e));
    return is ? write_row(w, &r, e) : OK;
}

/* ---- rows made up afterwards ---- */

struct rebuild {
    struct arena a;
    int64_t item, seq;           /* of the last event looked at before */
    int64_t next_item, next_seq; /* set by the write, taken over when it has been done */
    size_t looked, made;
};
struct past {
    struct item_event ev;
    struct str title;
    enum remark_state state;
};

/* What leaders said in matters and no row tells of: REBUILD_AT_ONCE events behind the last one. */
static enum code past_read(
    struct db *db, struct rebuild *j, struct past **out, size_t *n, struct err *e)
{
    struct past *v = ARENA_ARRAY(&j->a, struct past, REBUILD_AT_ONCE);
    size_t k = 0;
    struct stmt *q = db_sql(db,
        "SELECT e.item, e.seq, e.at, e.actor, e.for_person, e.verb, e.payload, i.title,"
        " coalesce(x.verified_by, 0), coalesce(x.verdict, 0) FROM item_event e"
        " JOIN item i ON i.id = e.item JOIN person l ON l.id = CASE WHEN e.for_person <> 0 THEN"
        " e.for_person ELSE e.actor END LEFT JOIN item_proxy x ON x.item = e.item AND"
        " x.seq = e.seq WHERE (e.item > ?1 OR (e.item = ?1 AND e.seq > ?2)) AND e.erased = 0"
        " AND e.verb IN ('open', 'move', 'answer', 'remark', 'catch_up') AND (l.roles & ?3) <> 0"
        " AND NOT EXISTS (SELECT 1 FROM remark r WHERE r.item = e.item AND r.seq = e.seq)"
        " ORDER BY e.item, e.seq LIMIT ?4");

    stmt_bind_int(q, 1, j->item);
    stmt_bind_int(q, 2, j->seq);
    stmt_bind_int(q, 3, ROLE_LEADER);
    stmt_bind_int(q, 4, REBUILD_AT_ONCE);
    while (stmt_step(q))
        v[k++] = (struct past){.ev = {.item = stmt_int(q, 0),
                                   .seq = stmt_int(q, 1),
                                   .at_ms = stmt_int(q, 2),
                                   .actor = stmt_int(q, 3),
                                   .for_person = stmt_int(q, 4),
                                   .verb = arena_str(&j->a, stmt_str(q, 5)),
                                   .payload = arena_str(&j->a, stmt_str(q, 6))},
            .title = arena_str(&j->a, stmt_str(q, 7)),
            .state = !stmt_int(q, 8)       ? REMARK_ENTERED
                     : stmt_int(q, 9) == 1 ? REMARK_RIGHT
                                           : REMARK_WRONG};
    *out = v;
    *n = k;
    return stmt_end(q, e);
}

static enum code past_write(struct db *db, struct rebuild *j, const struct past *p, struct err *e)
{
    struct work w = {.db = db, .a = &j->a, .it = {.title = p->title}};
    struct remark r;
    json_t *payload = NULL;

    TRY(jr_parse(p->ev.payload, &payload, e));
    bool says = take_payload(&w, &p->ev, payload, &r);
    json_decref(payload);
    if (!says)
        return OK;
    if (p->ev.for_person)
        r.state = p->state;
    j->made++;
    return write_row(&w, &r, e);
}

static enum code rebuild_fn(struct db *db, void *arg, struct err *e)
{
    struct rebuild *j = arg;
    struct past *v;
    size_t n;

    j->made = 0;
    TRY(past_read(db, j, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        TRY(past_write(db, j, &v[i], e));
    j->looked = n;
    if (n) {
        j->next_item = v[n - 1].ev.item;
        j->next_seq = v[n - 1].ev.seq;
    }
    return OK;
}

enum code remark_rebuild(struct store *st, int64_t *made, struct err *e)
{
    struct rebuild j = {.looked = REBUILD_AT_ONCE};
    int64_t all = 0;
    enum code c = OK;

    while (c == OK && j.looked == REBUILD_AT_ONCE) {
        arena_init(&j.a);
        c = store_write(st, rebuild_fn, &j, e);
        arena_release(&j.a);
        j.item = j.next_item;
        j.seq = j.next_seq;
        all += c == OK ? (int64_t)j.made : 0;
    }
    if (c == OK)
        *made = all;
    return c;
}

enum code remark_verified(struct db *db, int64_t item, int64_t seq, bool right, struct err *e)
{
    struct stmt *q = db_sql(db, "UPDATE remark SET state = ?3 WHERE item = ?1 AND seq = ?2");
    stmt_bind_int(q, 1, item);
    stmt_bind_int(q, 2, seq);
    stmt_bind_int(q, 3, right ? REMARK_RIGHT : REMARK_WRONG);
    return stmt_run(q, NULL, e);
}

enum code remark_erased(struct db *db, int64_t item, int64_t seq, struct err *e)
{
    struct stmt *q = db_sql(db, "DELETE FROM remark_gram WHERE item = ?1 AND seq = ?2");
    stmt_bind_int(q, 1, item);
    stmt_bind_int(q, 2, seq);
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db, "DELETE FROM remark WHERE item = ?1 AND seq = ?2");
    stmt_bind_int(q, 1, item);
    stmt_bind_int(q, 2, seq);
    return stmt_run(q, NULL, e);
}

/* ---- rows read ---- */

#define COLUMNS                                                                                  \
    "r.item, r.seq, r.leader, r.day, r.at, r.kind, r.ask, r.state, r.by_person, r.words,"        \
    " r.files, coalesce(l.name, ''), coalesce(b.name, ''), i.title, i.number, i.kind, i.closed," \
    " i.level, i.owner, i.unit"
#define JOINS                                                                                \
    " JOIN item i ON i.id = r.item LEFT JOIN person l ON l.id = r.leader LEFT JOIN person b" \
    " ON b.id = r.by_person"

static struct remark row_remark(struct stmt *q, struct arena *a)
{
    return (struct remark){.item = stmt_int(q, 0),
        .seq = stmt_int(q, 1),
        .leader = stmt_int(q, 2),
        .day = arena_str(a, stmt_str(q, 3)),
        .at_ms = stmt_int(q, 4),
        .kind = (enum remark_kind)stmt_int(q, 5),
        .ask = stmt_int(q, 6),
        .state = (enum remark_state)stmt_int(q, 7),
        .by = stmt_int(q, 8),
        .words = arena_str(a, stmt_str(q, 9)),
        .files = arena_str(a, stmt_str(q, 10)),
        .leader_name = arena_str(a, stmt_str(q, 11)),
        .by_name = arena_str(a, stmt_str(q, 12)),
        .item_title = arena_str(a, stmt_str(q, 13)),
        .item_number = arena_str(a, stmt_str(q, 14)),
        .item_kind = arena_str(a, stmt_str(q, 15)),
        .closed_ms = stmt_int(q, 16)};
}

/* Whoever is only asked sees what was answered in his branch, and no other answer. */
static bool sees(const struct work *w, const struct remark *r)
{
    bool *seen;
    if (!r->ask || work_sees_whole(w))
        return true;
    seen = asks_seen(w);
    for (size_t i = 0; i < w->n_asks; i++)
        if (w->asks[i].id == r->ask)
            return seen[i];
    return false;
}

enum code remark_list(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct remark **out, size_t *n, struct err *e)
{
    struct remark *v = NULL;
    struct work w;
    size_t k = 0, cap = 0, kept = 0;
    TRY(work_begin(&w, db, a, by, item, e));
    struct stmt *q = db_sql(
        db, "SELECT " COLUMNS " FROM remark r" JOINS " WHERE r.item = ?1 ORDER BY r.seq LIMIT ?2");
    stmt_bind_int(q, 1, item);
    stmt_bind_int(q, 2, REMARKS_OF_ITEM);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row_remark(q, a);
    TRY(stmt_end(q, e));
    for (size_t i = 0; i < k; i++)
        if (sees(&w, &v[i]))
            v[kept++] = v[i];
    *out = v;
    *n = kept;
    return OK;
}

enum code remark_get(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    int64_t seq, struct remark *out, struct err *e)
{
    struct remark *v;
    size_t n;
    TRY(remark_list(db, a, by, item, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (v[i].seq == seq) {
            *out = v[i];
            return OK;
        }
    return FAIL(e, E_NOTFOUND, "这件事项没有这条批示，或您无权查看");
}

/* ---- by phrase ---- */

struct finding {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    struct seen seen;
    struct str terms[REMARK_TERMS];
    size_t n_terms;
    struct remark *v;
    size_t n, cap;
    int64_t item; /* the last one looked at in whole */
    struct work w;
    bool sees_item;
};

static enum code read_terms(struct finding *f, struct str text, struct err *e)
{
    struct str rest = str_trim(norm_str(f->a, text)), one;
    if (utf8_check(text) != SIZE_MAX || utf8_len_cp(text) > REMARK_TEXT_CP_MAX)
        return FAIL(e, E_LIMIT, "查找的话超过%d个字，请用其中的关键词", REMARK_TEXT_CP_MAX);
    while (str_next(&rest, S(" "), &one)) {
        one = str_trim(one);
        if (!one.n)
            continue;
        if (utf8_len_cp(one) < 2)
            return FAIL(e, E_INPUT, "查找至少要两个字");
        if (f->n_terms == REMARK_TERMS)
            return FAIL(e, E_LIMIT, "一次最多%d个词", REMARK_TERMS);
        f->terms[f->n_terms++] = one;
    }
    return OK;
}

/* The pair that the fewest rows have drives the search; counted no further than it takes to tell. */
static enum code rarest(struct finding *f, int64_t *out, struct err *e)
{
    int64_t least = INT64_MAX;
    for (size_t t = 0; t < f->n_terms; t++) {
        int64_t *v;
        size_t n = grams_of(f->a, f->terms[t], &v);
        for (size_t i = 0; i < n; i++) {
            struct stmt *q = db_sql(f->db, "SELECT count(*) FROM (SELECT 1 FROM remark_gram"
                                           " WHERE gram = ?1 LIMIT ?2) x");
            stmt_bind_int(q, 1, v[i]);
            stmt_bind_int(q, 2, REMARK_SCAN_MAX);
            int64_t rows = stmt_step(q) ? stmt_int(q, 0) : 0;
            TRY(stmt_end(q, e));
            if (rows < least) {
                least = rows;
                *out = v[i];
            }
        }
    }
    return least == INT64_MAX ? FAIL(e, E_INPUT, "查找至少要两个字") : OK;
}

static bool holds(struct finding *f, const struct remark *r)
{
    struct str text =
        f->n_terms
            ? norm_str(f->a, arena_printf(f->a, "%.*s\n%.*s", SF(r->words), SF(r->item_title)))
            : S("");
    for (size_t i = 0; i < f->n_terms; i++)
        if (!str_has(text, f->terms[i]))
            return false;
    return true;
}

/* The statement has asked whether the item is seen; what is left is whose branch an answer belongs to. */
static enum code keep(
    struct finding *f, const struct remark *r, const struct item *it, bool *stays, struct err *e)
{
    *stays = true;
    if (!r->ask || seats_see_whole(f->by, f->seen.seat, f->seen.n, it))
        return OK;
    if (f->item != r->item) {
        TRY(work_load(&f->w, f->db, f->a, f->by, r->item, e));
        f->item = r->item;
    }
    *stays = work_sees(&f->w) && sees(&f->w, r);
    return OK;
}

#define FITS                                                                            \
    " AND (?22 = 0 OR r.leader = ?22) AND (?23 = '' OR r.day >= ?23) AND (?24 = '' OR " \
    "r.day <= ?24)" SEEN
#define BY_GRAM                                                                             \
    "SELECT " COLUMNS " FROM remark_gram g0 JOIN remark r ON r.item = g0.item AND r.seq = " \
    "g0.seq" JOINS " WHERE g0.gram = ?21" FITS                                              \
    " ORDER BY g0.day DESC, g0.item DESC, g0.seq DESC LIMIT ?25"
#define BY_DAY                                                       \
    "SELECT " COLUMNS " FROM remark r" JOINS " WHERE ?21 = ?21" FITS \
    " ORDER BY r.day DESC, r.item DESC, r.seq DESC LIMIT ?25"

/* Candidates with what the judgement needs of their items. */
struct candidate {
    struct remark r;
    struct item it;
};

static enum code candidates(struct finding *f, const struct remark_filter *want,
    struct candidate **out, size_t *n, struct err *e)
{
    struct candidate *v = NULL;
    size_t k = 0, cap = 0;
    int64_t gram = 0;
    if (f->n_terms)
        TRY(rarest(f, &gram, e));
    struct stmt *q = f->n_terms ? db_sql(f->db, BY_GRAM) : db_sql(f->db, BY_DAY);
    seen_bind(q, &f->seen);
    stmt_bind_int(q, 21, gram);
    stmt_bind_int(q, 22, want->leader);
    stmt_bind_str(q, 23, want->from_day);
    stmt_bind_str(q, 24, want->to_day);
    stmt_bind_int(q, 25, f->n_terms ? REMARK_SCAN_MAX : CANDIDATES_MAX);
    while (stmt_step(q) && k <= CANDIDATES_MAX) {
        struct remark r = row_remark(q, f->a);
        if (!holds(f, &r))
            continue;
        ARENA_PUSH(f->a, v, k, cap) = (struct candidate){.r = r,
            .it = {.id = r.item,
                .level = (int)stmt_int(q, 17),
                .owner = stmt_int(q, 18),
                .unit = stmt_int(q, 19)}};
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code remark_find(struct db *db, struct arena *a, const struct actor *by,
    const struct remark_filter *want, struct remark **out, size_t *n, bool *more, struct err *e)
{
    struct finding f = {.db = db, .a = a, .by = by};
    struct candidate *v;
    size_t k;
    *more = false;
    TRY(read_terms(&f, want->text, e));
    TRY(seen_read(db, by, &f.seen, e));
    TRY(candidates(&f, want, &v, &k, e));
    for (size_t i = 0; i < k && !*more; i++) {
        bool stays;
        TRY(keep(&f, &v[i].r, &v[i].it, &stays, e));
        *more = stays && f.n == REMARK_FOUND_MAX;
        if (stays && !*more)
            ARENA_PUSH(a, f.v, f.n, f.cap) = v[i].r;
    }
    *more = *more || k > CANDIDATES_MAX; /* what lies behind was not looked at */
    *out = f.v;
    *n = f.n;
    return OK;
}
