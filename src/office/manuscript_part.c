#include "office/manuscript_part.h"

#include "base/id.h"
#include "base/sm3.h"
#include "base/utf8.h"
#include "office/audit.h"
#include "office/manuscript_edit.h"
#include "office/manuscript_part_int.h"
#include "office/notice.h"
#include "office/person.h"
#include "text/draft.h"
#include "text/pos.h"

#define COLUMNS                                                                               \
    "x.id, x.manuscript, x.person, x.due, x.seq, x.from_unit, x.to_unit, x.was, x.made_by,"   \
    " x.handed, x.handed_by, x.handed_was, coalesce(p.name, ''), coalesce(u.short_name, '')," \
    " coalesce(h.name, ''), x.words"
#define FROM                                                                            \
    " FROM manuscript_part x LEFT JOIN person p ON p.id = x.person LEFT JOIN unit u ON" \
    " u.id = p.unit LEFT JOIN person h ON h.id = x.handed_by"

const char *part_state_name(enum part_state s)
{
    static const char *const names[N_PART_STATE] = {"未动笔", "写作中", "已交稿"};
    return s >= 0 && s < N_PART_STATE ? names[s] : "";
}

/* One row and what the text says of it. */
struct kept {
    struct manuscript_part p;
    int64_t seq, from, to; /* as kept: from where the line may have grown together with another */
    size_t begin, end;     /* bytes of the text now */
    struct str was, handed_was;
    char digest[SM3_HEX + 1]; /* of its words now */
};

static struct kept row(struct stmt *q, struct arena *a)
{
    return (struct kept){.p = {.id = stmt_int(q, 0),
                             .manuscript = stmt_int(q, 1),
                             .person = stmt_int(q, 2),
                             .due_ms = stmt_int(q, 3),
                             .made_by = stmt_int(q, 8),
                             .handed_ms = stmt_int(q, 9),
                             .handed_by = stmt_int(q, 10),
                             .person_name = arena_str(a, stmt_str(q, 12)),
                             .unit_name = arena_str(a, stmt_str(q, 13)),
                             .handed_name = arena_str(a, stmt_str(q, 14)),
                             .words = stmt_int(q, 15)},
        .seq = stmt_int(q, 4),
        .from = stmt_int(q, 5),
        .to = stmt_int(q, 6),
        .was = arena_str(a, stmt_str(q, 7)),
        .handed_was = arena_str(a, stmt_str(q, 11))};
}

static enum code rows_of(
    struct db *db, struct arena *a, int64_t id, struct kept **out, size_t *n, struct err *e)
{
    struct kept *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q =
        db_sql(db, "SELECT " COLUMNS FROM " WHERE x.manuscript = ?1 ORDER BY x.seq, x.id LIMIT ?2");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, PARTS_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

/* ---- where they stand now ---- */

static enum code follow(struct db *db, struct arena *a, int64_t id, int64_t seq, struct kept *v,
    size_t n, struct err *e)
{
    struct manuscript_span *s = ARENA_ARRAY(a, struct manuscript_span, n + 1);
    for (size_t i = 0; i < n; i++)
        s[i] = (struct manuscript_span){v[i].seq, v[i].from, v[i].to};
    TRY(manuscript_spans_follow(db, a, id, seq, s, n, e));
    for (size_t i = 0; i < n; i++)
        v[i].seq = s[i].seq, v[i].from = s[i].from, v[i].to = s[i].to;
    return OK;
}

/* A part begins with a whole line. */
static size_t line_begin(struct str text, size_t byte)
{
    while (byte && text.p[byte - 1] != '\n')
        byte--;
    return byte;
}

/* Where a form took a paragraph away, the difference of the texts may have kept the mark of its end for that of the one before. */
static bool has_words(struct str s)
{
    for (size_t i = 0; i < s.n;) {
        uint32_t c = utf8_next(s, &i);
        if (utf8_is_han(c) || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
            (c >= 'a' && c <= 'z'))
            return true;
    }
    return false;
}

static bool behind(const struct kept *x, const struct kept *y)
{
    if (x->p.gone != y->p.gone)
        return x->p.gone;
    return x->begin != y->begin ? x->begin > y->begin : x->p.id > y->p.id;
}

static struct str first_line(struct str s)
{
    struct str line = S("");
    while (str_next(&s, S("\n"), &line) && !str_trim(line).n)
        ;
    line = str_trim(line);
    return str_sub(line, 0, utf8_off(line, PART_NAME_CP_MAX));
}

/* Everything that the text tells: order, reach, name, state. */
static void lay_out(struct arena *a, struct str text, struct kept *v, size_t n)
{
    struct pos_map map;
    pos_map_init(a, &map, text);
    for (size_t i = 0; i < n; i++) {
        size_t from = pos_at_unit(&map, (size_t)v[i].from).byte,
               to = pos_at_unit(&map, (size_t)v[i].to).byte;
        v[i].p.gone = to <= from || !has_words(str_sub(text, from, to - from));
        v[i].begin = line_begin(text, from);
    }
    for (size_t i = 1; i < n; i++) /* few: insertion */
        for (size_t k = i; k && behind(&v[k - 1], &v[k]); k--) {
            struct kept x = v[k];
            v[k] = v[k - 1];
            v[k - 1] = x;
        }
    for (size_t i = 0; i < n; i++) {
        struct manuscript_part *p = &v[i].p;
        bool last = i + 1 == n || v[i + 1].p.gone;
        v[i].end = p->gone ? v[i].begin : last ? text.n : v[i + 1].begin;
        struct str words = str_sub(text, v[i].begin, v[i].end - v[i].begin);
        struct digest d = sm3(words);
        struct str now = digest_hex(&d, v[i].digest);
        p->from = (int64_t)pos_at_byte(&map, v[i].begin).unit;
        p->to = (int64_t)pos_at_byte(&map, v[i].end).unit;
        p->name = arena_str(a, first_line(words));
        p->chars = manuscript_letters(words);
        p->state = p->handed_ms ? PART_HANDED : str_eq(now, v[i].was) ? PART_NEW : PART_WRITING;
        p->changed = p->handed_ms && !str_eq(now, v[i].handed_was);
    }
}

struct parts {
    struct manuscript m;
    struct str text;
    struct kept *v;
    size_t n;
};

static enum code load(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct parts *out, struct err *e)
{
    struct parts r = {.n = 0};
    TRY(manuscript_get(db, a, by, id, &r.m, e));
    TRY(manuscript_text(db, a, by, id, r.m.seq, &r.text, NULL, e));
    TRY(rows_of(db, a, id, &r.v, &r.n, e));
    TRY(follow(db, a, id, r.m.seq, r.v, r.n, e));
    lay_out(a, r.text, r.v, r.n);
    for (size_t i = 0; i < r.n; i++) {
        struct manuscript_part *p = &r.v[i].p;
        p->late = p->due_ms && !p->handed_ms && p->due_ms <= by->now_ms;
        p->may_set = r.m.may[MANUSCRIPT_DIVIDE];
        p->may_hand = p->may_set || p->person == by->v->person;
    }
    *out = r;
    return OK;
}

enum code manuscript_parts(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct manuscript_part **out, size_t *n, struct err *e)
{
    struct parts r = {.n = 0};
    TRY(load(db, a, by, id, &r, e));
    *out = ARENA_ARRAY(a, struct manuscript_part, r.n + 1);
    for (size_t i = 0; i < r.n; i++)
        (*out)[i] = r.v[i].p;
    *n = r.n;
    return OK;
}

enum code manuscript_headings(
    struct arena *a, struct str text, struct part_place **out, size_t *n, struct err *e)
{
    struct part_place *v = NULL;
    struct draft d = {.n = 0};
    struct pos_map map;
    size_t k = 0, cap = 0;
    TRY(draft_read(a, text, NULL, &d, e));
    pos_map_init(a, &map, text);
    for (size_t i = 0; i < d.n_lines && k < PART_PLACES_MAX; i++)
        if (d.lines[i].label == LABEL_H1 || d.lines[i].label == LABEL_PART)
            ARENA_PUSH(a, v, k, cap) =
                (struct part_place){.at = (int64_t)pos_at_cp(&map, d.lines[i].begin).unit,
                    .words = str_trim(draft_str(&d, d.lines[i].begin, d.lines[i].end))};
    *out = v;
    *n = k;
    return OK;
}

enum code manuscript_part_places(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct part_place **out, size_t *n, struct err *e)
{
    struct parts r = {.n = 0};
    TRY(load(db, a, by, id, &r, e));
    TRY(manuscript_headings(a, r.text, out, n, e));
    for (size_t i = 0; i < *n; i++)
        for (size_t k = 0; k < r.n; k++)
            if (!r.v[k].p.gone && r.v[k].p.from == (*out)[i].at)
                (*out)[i].part = r.v[k].p.id;
    return OK;
}

enum code manuscript_parts_mine(struct db *db, struct arena *a, const struct actor *by,
    size_t limit, struct part_mine **out, size_t *n, struct err *e)
{
    struct part_mine *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db,
        "SELECT x.id, x.manuscript, x.due, x.name, m.title, coalesce(p.name, '')"
        " FROM manuscript_part x JOIN manuscript m ON m.id = x.manuscript LEFT JOIN person p"
        " ON p.id = x.made_by WHERE x.person = ?1 AND x.handed = 0 AND m.given_up = 0"
        " ORDER BY CASE WHEN x.due = 0 THEN 1 ELSE 0 END, x.due, x.id LIMIT ?2");
    stmt_bind_int(q, 1, by->v->person);
    stmt_bind_int(q, 2, (int64_t)(limit < PARTS_MINE_MAX ? limit : PARTS_MINE_MAX));
    while (stmt_step(q)) {
        int64_t due = stmt_int(q, 2);
        ARENA_PUSH(a, v, k, cap) = (struct part_mine){stmt_int(q, 0), stmt_int(q, 1), due,
            arena_str(a, stmt_str(q, 3)), arena_str(a, stmt_str(q, 4)),
            arena_str(a, stmt_str(q, 5)), due && due <= by->now_ms};
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

/* ---- keeping ---- */

/* Where it stands, and what it was: of those nobody has written in, the words now are the words it began with. */
static enum code keep(struct db *db, const struct kept *v, struct err *e)
{
    struct str now = str_z(v->digest);
    struct stmt *q =
        db_sql(db, "UPDATE manuscript_part SET seq = ?2, from_unit = ?3, to_unit = ?4, name = ?5,"
                   " was = ?6, handed_was = ?7 WHERE id = ?1");
    stmt_bind_int(q, 1, v->p.id);
    stmt_bind_int(q, 2, v->seq);
    stmt_bind_int(q, 3, v->from);
    stmt_bind_int(q, 4, v->to);
    stmt_bind_str(q, 5, v->p.name);
    stmt_bind_str(q, 6, v->p.state == PART_NEW ? now : v->was);
    stmt_bind_str(q, 7, v->p.handed_ms && !v->p.changed ? now : v->handed_was);
    return stmt_run(q, NULL, e);
}

enum code manuscript_parts_follow(
    struct db *db, struct arena *a, int64_t id, int64_t seq, struct str text, struct err *e)
{
    struct kept *v = NULL;
    size_t n = 0;
    TRY(rows_of(db, a, id, &v, &n, e));
    if (!n)
        return OK;
    TRY(follow(db, a, id, seq, v, n, e));
    lay_out(a, text, v, n);
    for (size_t i = 0; i < n; i++)
        TRY(keep(db, &v[i], e));
    return OK;
}

/* One more, or one less, changes how far its neighbour reaches: that is not writing. The state is what it was in `was`. */
static enum code keep_all(
    struct db *db, const struct parts *was, const struct parts *now, struct err *e)
{
    for (size_t i = 0; i < now->n; i++) {
        struct kept *v = &now->v[i];
        for (size_t k = 0; k < was->n; k++)
            if (was->v[k].p.id == v->p.id) {
                v->p.state = was->v[k].p.state;
                v->p.changed = was->v[k].p.changed;
            }
        TRY(keep(db, v, e));
    }
    return OK;
}

static enum code note(struct db *db, struct arena *a, const struct actor *by, const char *verb,
    const struct manuscript_part *p, struct err *e)
{
    return audit_simple(db, by->v->person, verb, "manuscript", p->manuscript,
        arena_printf(a, "{\"part\":\"%lld\",\"person\":\"%lld\",\"due\":%lld}", (long long)p->id,
            (long long)p->person, (long long)p->due_ms),
        e);
}

/* Nobody is told of what he does himself. One row of a manuscript and a kind: the last says it. */
static enum code tell(struct db *db, const struct actor *by, const struct manuscript_part *p,
    int64_t person, enum notice_kind kind, struct str text, struct err *e)
{
    if (!person || person == by->v->person)
        return OK;
    return notice_put(db,
        &(struct notice_new){.person = person,
            .about = p->manuscript,
            .seq = by->now_ms,
            .at_ms = by->now_ms,
            .by = by->v->person,
            .kind = kind,
            .text = text},
        e);
}

static struct str due_text(struct arena *a, int64_t due_ms, const char *behind_it)
{
    struct buf b;
    if (!due_ms)
        return S("");
    buf_init(&b, 0);
    buf_z(&b, "，");
    clock_write_minute(&b, due_ms, ZONE_CHINA);
    buf_z(&b, behind_it);
    struct str s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

/* 请写“一、看清形势”，约800字，2026-11-24 16:00前交稿 */
static struct str asked_text(struct arena *a, struct str name, const struct manuscript_part *p)
{
    struct str much = p->words ? arena_printf(a, "，约%lld字", (long long)p->words) : S("");
    return arena_printf(
        a, "请写“%.*s”%.*s%.*s", SF(name), SF(much), SF(due_text(a, p->due_ms, "前交稿")));
}

/* ---- sharing out ---- */

/* When the next reminder comes, and which (1: ahead, 2: at the time); 0: none. */
static void plan(int64_t due_ms, int64_t now_ms, int64_t *step, int64_t *at_ms)
{
    int64_t ahead = notice_after_quiet(
                due_ms - PART_AHEAD_MS, PART_QUIET_FROM, PART_QUIET_TO, ZONE_CHINA),
            end = notice_after_quiet(due_ms, PART_QUIET_FROM, PART_QUIET_TO, ZONE_CHINA);
    *step = !due_ms ? 0 : due_ms - PART_AHEAD_MS > now_ms && ahead < end ? 1 : 2;
    *at_ms = *step == 1 ? ahead : *step == 2 ? end : 0;
}

static enum code check_person(struct db *db, struct arena *a, int64_t person, struct err *e)
{
    struct person p = {.id = 0};
    TRY(person_get(db, a, person, &p, e));
    if (!p.active)
        return FAIL(e, E_INPUT, "“%.*s”的账号已停用", SF(p.name));
    struct viewer v = person_viewer(&p);
    return access_may(&v, ACT_ITEMS)
               ? OK
               : FAIL(e, E_INPUT, "“%.*s”的角色不办理事项，打不开文稿，请换一人", SF(p.name));
}

static enum code insert(struct db *db, const struct actor *by, const struct manuscript_part *p,
    int64_t seq, struct err *e)
{
    int64_t step, at;
    plan(p->due_ms, by->now_ms, &step, &at);
    struct stmt *q = db_sql(db,
        "INSERT INTO manuscript_part(id, manuscript, person, due, seq, from_unit, to_unit, name,"
        " was, made, made_by, handed, handed_by, handed_was, remind, remind_at, words)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, '', '', ?8, ?9, 0, 0, '', ?10, ?11, ?12)");
    stmt_bind_int(q, 1, p->id);
    stmt_bind_int(q, 2, p->manuscript);
    stmt_bind_int(q, 3, p->person);
    stmt_bind_int(q, 4, p->due_ms);
    stmt_bind_int(q, 5, seq);
    stmt_bind_int(q, 6, p->from);
    stmt_bind_int(q, 7, p->to);
    stmt_bind_int(q, 8, by->now_ms);
    stmt_bind_int(q, 9, by->v->person);
    stmt_bind_int(q, 10, step);
    stmt_bind_int(q, 11, at);
    stmt_bind_int(q, 12, p->words);
    return stmt_run(q, NULL, e);
}

/* The line at which it is to begin, in bytes of the text now. */
static enum code find_place(struct db *db, struct arena *a, const struct parts *r,
    const struct part_new *x, size_t *begin, struct err *e)
{
    struct pos_map map;
    struct manuscript_span at = {x->seq, x->at, 0};
    if (x->seq < 0) {
        struct str quote = str_trim(x->quote);
        size_t found = quote.n ? str_find(r->text, quote, 0) : SIZE_MAX;
        if (found == SIZE_MAX)
            return FAIL(e, E_INPUT, "文稿里没有“%.*s”，请照原文抄一段", SF(str_sub(quote, 0, 90)));
        if (str_find(r->text, quote, found + 1) != SIZE_MAX)
            return FAIL(
                e, E_INPUT, "“%.*s”在文稿里不止一处，请多抄几个字", SF(str_sub(quote, 0, 90)));
        *begin = line_begin(r->text, found);
        return OK;
    }
    if (x->seq > r->m.seq || x->at < 0 || x->at > EDIT_UNITS_MAX)
        return FAIL(e, E_INPUT, "这一部分的位置不对，请刷新页面");
    at.to = at.from + 1;
    TRY(manuscript_spans_follow(db, a, r->m.id, r->m.seq, &at, 1, e));
    pos_map_init(a, &map, r->text);
    *begin = line_begin(r->text, pos_at_unit(&map, (size_t)at.from).byte);
    return OK;
}

/* A part that begins there, up to where the next one does. */
static enum code new_part(
    struct arena *a, const struct parts *r, size_t begin, struct manuscript_part *p, struct err *e)
{
    struct pos_map map;
    size_t end = r->text.n;
    for (size_t i = 0; i < r->n; i++) {
        const struct kept *v = &r->v[i];
        if (v->p.gone)
            continue;
        if (v->begin == begin)
            return FAIL(e, E_CONFLICT, "“%.*s”已经分给%.*s，要换人请在那一行改", SF(v->p.name),
                SF(v->p.person_name));
        if (v->begin > begin && v->begin < end)
            end = v->begin;
    }
    if (!str_trim(str_sub(r->text, begin, end - begin)).n)
        return FAIL(e, E_INPUT, "从这一行起没有文字，请先写上标题");
    pos_map_init(a, &map, r->text);
    p->from = (int64_t)pos_at_byte(&map, begin).unit;
    p->to = (int64_t)pos_at_byte(&map, end).unit;
    return OK;
}

static enum code need_divide(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct parts *r, struct err *e)
{
    TRY(load(db, a, by, id, r, e));
    if (!r->m.may[MANUSCRIPT_DIVIDE])
        return FAIL(
            e, E_DENIED, "“%.*s”由%.*s拟稿，分工由拟稿人办", SF(r->m.title), SF(r->m.owner_name));
    return manuscript_stands(&r->m, e);
}

static struct kept *part_in(const struct parts *r, int64_t part)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->v[i].p.id == part)
            return &r->v[i];
    return NULL;
}

enum code manuscript_part_add(struct db *db, struct arena *a, const struct actor *by,
    const struct part_new *x, int64_t *part, struct err *e)
{
    struct manuscript_part p = {.id = id_next(),
        .manuscript = x->manuscript,
        .person = x->person,
        .due_ms = x->due_ms > 0 ? x->due_ms : 0,
        .words = x->words > 0 ? x->words : 0};
    struct parts was = {.n = 0}, now = {.n = 0};
    size_t begin = 0;
    TRY(need_divide(db, a, by, x->manuscript, &was, e));
    if (was.n >= PARTS_MAX)
        return FAIL(e, E_LIMIT, "一份文稿最多分成%d部分", PARTS_MAX);
    TRY(check_person(db, a, x->person, e));
    TRY(find_place(db, a, &was, x, &begin, e));
    TRY(new_part(a, &was, begin, &p, e));
    TRY(insert(db, by, &p, was.m.seq, e));
    TRY(load(db, a, by, x->manuscript, &now, e));
    struct kept *mine = part_in(&now, p.id);
    if (!mine)
        return FAIL(e, E_BUG, "分出的部分没有存下");
    mine->p.state = PART_NEW;
    TRY(keep_all(db, &was, &now, e));
    TRY(note(db, a, by, "manuscript.part.add", &p, e));
    TRY(tell(db, by, &p, p.person, NOTICE_ASKED, asked_text(a, mine->p.name, &p), e));
    *part = p.id;
    return OK;
}

/* The part by its number, and all of its manuscript. */
static enum code open_part(struct db *db, struct arena *a, const struct actor *by, int64_t part,
    struct parts *r, struct kept *v, struct err *e)
{
    int64_t id = 0;
    struct stmt *q = db_sql(db, "SELECT manuscript FROM manuscript_part WHERE id = ?1");
    stmt_bind_int(q, 1, part);
    if (stmt_step(q))
        id = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    if (!id)
        return FAIL(e, E_NOTFOUND, "没有这一部分，可能已经合并");
    TRY(load(db, a, by, id, r, e));
    const struct kept *found = part_in(r, part);
    if (!found)
        return FAIL(e, E_NOTFOUND, "没有这一部分，可能已经合并");
    *v = *found;
    return manuscript_stands(&r->m, e);
}

static enum code open_to_divide(struct db *db, struct arena *a, const struct actor *by,
    int64_t part, struct parts *r, struct kept *v, struct err *e)
{
    TRY(open_part(db, a, by, part, r, v, e));
    return v->p.may_set ? OK
                        : FAIL(e, E_DENIED, "“%.*s”由%.*s拟稿，分工由拟稿人办", SF(r->m.title),
                              SF(r->m.owner_name));
}

enum code manuscript_part_set(struct db *db, struct arena *a, const struct actor *by, int64_t part,
    int64_t person, int64_t due_ms, int64_t words, struct err *e)
{
    struct parts r = {.n = 0};
    struct kept v = {.seq = 0};
    int64_t step, at;
    TRY(open_to_divide(db, a, by, part, &r, &v, e));
    TRY(check_person(db, a, person, e));
    bool other = person != v.p.person, moved = due_ms != v.p.due_ms || words != v.p.words;
    v.p.person = person;
    v.p.due_ms = due_ms > 0 ? due_ms : 0;
    v.p.words = words > 0 ? words : 0;
    plan(v.p.handed_ms ? 0 : v.p.due_ms, by->now_ms, &step, &at);
    struct stmt *q = db_sql(db, "UPDATE manuscript_part SET person = ?2, due = ?3, remind = ?4,"
                                " remind_at = ?5, words = ?6 WHERE id = ?1");
    stmt_bind_int(q, 1, part);
    stmt_bind_int(q, 2, person);
    stmt_bind_int(q, 3, v.p.due_ms);
    stmt_bind_int(q, 4, step);
    stmt_bind_int(q, 5, at);
    stmt_bind_int(q, 6, v.p.words);
    TRY(stmt_run(q, NULL, e));
    TRY(note(db, a, by, "manuscript.part.set", &v.p, e));
    if (!other && !moved)
        return OK;
    return tell(db, by, &v.p, person, NOTICE_ASKED, asked_text(a, v.p.name, &v.p), e);
}

enum code manuscript_part_remove(
    struct db *db, struct arena *a, const struct actor *by, int64_t part, struct err *e)
{
    struct parts was = {.n = 0}, now = {.n = 0};
    struct kept v = {.seq = 0};
    TRY(open_to_divide(db, a, by, part, &was, &v, e));
    struct stmt *q = db_sql(db, "DELETE FROM manuscript_part WHERE id = ?1");
    stmt_bind_int(q, 1, part);
    TRY(stmt_run(q, NULL, e));
    TRY(load(db, a, by, was.m.id, &now, e));
    TRY(keep_all(db, &was, &now, e));
    return note(db, a, by, "manuscript.part.remove", &v.p, e);
}

/* ---- handing in ---- */

static enum code set_handed(
    struct db *db, const struct actor *by, const struct kept *v, bool on, struct err *e)
{
    int64_t step, at;
    plan(on ? 0 : v->p.due_ms, by->now_ms, &step, &at);
    struct stmt *q = db_sql(db, "UPDATE manuscript_part SET handed = ?2, handed_by = ?3,"
                                " handed_was = ?4, remind = ?5, remind_at = ?6, name = ?7"
                                " WHERE id = ?1");
    stmt_bind_int(q, 1, v->p.id);
    stmt_bind_int(q, 2, on ? by->now_ms : 0);
    stmt_bind_int(q, 3, on ? by->v->person : 0);
    stmt_bind_str(q, 4, on ? str_z(v->digest) : S(""));
    stmt_bind_int(q, 5, step);
    stmt_bind_int(q, 6, at);
    stmt_bind_str(q, 7, v->p.name);
    return stmt_run(q, NULL, e);
}

enum code manuscript_part_hand(
    struct db *db, struct arena *a, const struct actor *by, int64_t part, struct err *e)
{
    struct parts r = {.n = 0};
    struct kept v = {.seq = 0};
    size_t waits = 0, mine = 0;
    TRY(open_part(db, a, by, part, &r, &v, e));
    if (!v.p.may_hand)
        return FAIL(e, E_DENIED, "“%.*s”由%.*s写，由他交稿", SF(v.p.name), SF(v.p.person_name));
    if (v.p.handed_ms && !v.p.changed)
        return FAIL(e, E_CONFLICT, "“%.*s”已经交稿，之后没有改动", SF(v.p.name));
    if (v.p.gone)
        return FAIL(e, E_CONFLICT, "这一部分的文字已经删去，请拟稿人重新分工");
    TRY(set_handed(db, by, &v, true, e));
    TRY(note(db, a, by, "manuscript.part.hand", &v.p, e));
    for (size_t i = 0; i < r.n; i++) {
        bool open = !r.v[i].p.handed_ms && r.v[i].p.id != part;
        waits += open;
        mine += open && r.v[i].p.person == by->v->person;
    }
    if (!mine && v.p.person == by->v->person)
        TRY(manuscript_part_answer(db, a, by, &r.m, e));
    return tell(db, by, &v.p, r.m.owner, NOTICE_ANSWERED,
        waits ? arena_printf(a, "“%.*s”已交稿，还有%zu部分没有交", SF(v.p.name), waits)
              : arena_printf(a, "“%.*s”已交稿，各部分都交齐了", SF(v.p.name)),
        e);
}

enum code manuscript_part_back(struct db *db, struct arena *a, const struct actor *by, int64_t part,
    struct str why, struct err *e)
{
    struct parts r = {.n = 0};
    struct kept v = {.seq = 0};
    why = str_trim(why);
    TRY(open_to_divide(db, a, by, part, &r, &v, e));
    if (!v.p.handed_ms)
        return FAIL(e, E_CONFLICT, "“%.*s”还没有交稿", SF(v.p.name));
    if (!why.n || utf8_check(why) != SIZE_MAX || utf8_len_cp(why) > PART_WHY_CP_MAX)
        return FAIL(e, E_INPUT, "请写明要改什么，1到%d个字", PART_WHY_CP_MAX);
    TRY(set_handed(db, by, &v, false, e));
    TRY(note(db, a, by, "manuscript.part.back", &v.p, e));
    return tell(db, by, &v.p, v.p.person, NOTICE_RETURNED,
        arena_printf(a, "“%.*s”请再改：%.*s", SF(v.p.name), SF(why)), e);
}

/* ---- reminders ---- */

struct firing {
    const struct actor *by;
    struct manuscript_part p;
    int64_t owner, step, at;
    bool done;
};

static enum code fire_fn(struct db *db, void *arg, struct err *e)
{
    struct firing *f = arg;
    struct arena a;
    int64_t n = 0, step = 0, at = 0;
    arena_init(&a);
    if (f->step == 1) {
        step = 2;
        at = notice_after_quiet(f->p.due_ms, PART_QUIET_FROM, PART_QUIET_TO, ZONE_CHINA);
    }
    /* whoever takes the row tells it: another node finds it taken */
    struct stmt *q = db_sql(db, "UPDATE manuscript_part SET remind = ?3, remind_at = ?4 WHERE"
                                " id = ?1 AND remind = ?2 AND remind_at = ?5 AND handed = 0");
    stmt_bind_int(q, 1, f->p.id);
    stmt_bind_int(q, 2, f->step);
    stmt_bind_int(q, 3, step);
    stmt_bind_int(q, 4, at);
    stmt_bind_int(q, 5, f->at);
    enum code c = stmt_run(q, &n, e);
    f->done = n > 0;
    struct str words = arena_printf(&a, "“%.*s”%s%.*s", SF(f->p.name),
        f->step == 1 ? "快到交稿时间" : "到了交稿时间，还没有交",
        SF(due_text(&a, f->p.due_ms, f->step == 1 ? "前交" : "该交")));
    if (c == OK && n)
        c = tell(db, f->by, &f->p, f->p.person, NOTICE_REMINDED, words, e);
    if (c == OK && n && f->step == 2 && f->owner != f->p.person)
        c = tell(db, f->by, &f->p, f->owner, NOTICE_ESCALATED,
            arena_printf(&a, "%.*s写的%.*s", SF(f->p.person_name), SF(words)), e);
    arena_release(&a);
    return c;
}

enum { FIRED_AT_ONCE = 100 };
static enum code due_rows(struct store *st, struct arena *a, const struct actor *by,
    struct firing **out, size_t *n, struct err *e)
{
    struct firing *v = NULL;
    struct db *db;
    size_t k = 0, cap = 0;
    TRY(store_read(st, &db, e));
    struct stmt *q = db_sql(db,
        "SELECT x.id, x.manuscript, x.person, x.due, x.name, x.remind, x.remind_at, m.owner,"
        " coalesce(p.name, '') FROM manuscript_part x JOIN manuscript m ON m.id = x.manuscript"
        " LEFT JOIN person p ON p.id = x.person WHERE x.remind_at <> 0 AND x.remind_at <= ?1 AND "
        "m.given_up = 0"
        " ORDER BY x.remind_at, x.id LIMIT ?2");
    stmt_bind_int(q, 1, by->now_ms);
    stmt_bind_int(q, 2, FIRED_AT_ONCE);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = (struct firing){.by = by,
            .p = {.id = stmt_int(q, 0),
                .manuscript = stmt_int(q, 1),
                .person = stmt_int(q, 2),
                .due_ms = stmt_int(q, 3),
                .name = arena_str(a, stmt_str(q, 4)),
                .person_name = arena_str(a, stmt_str(q, 8))},
            .step = stmt_int(q, 5),
            .at = stmt_int(q, 6),
            .owner = stmt_int(q, 7)};
    enum code c = stmt_end(q, e);
    store_read_end(db);
    TRY(c);
    *out = v;
    *n = k;
    return OK;
}

enum code manuscript_part_remind(
    struct store *st, const struct actor *by, size_t *fired, struct err *e)
{
    struct firing *v = NULL;
    struct arena a;
    size_t n = 0;
    *fired = 0;
    arena_init(&a);
    enum code c = due_rows(st, &a, by, &v, &n, e);
    for (size_t i = 0; c == OK && i < n; i++) {
        c = store_write(st, fire_fn, &v[i], e);
        *fired += c == OK && v[i].done;
    }
    arena_release(&a);
    return c;
}
