#include "office/key.h"
#include "office/term_int.h"

#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/utf8.h"
#include "office/audit.h"
#include "office/meanwhile.h"

enum { SOURCE_CP = 200, NOTE_CP = 500 };

static const struct {
    const char *key, *name;
} states[N_TERM_STATE] = {
    [TERM_PROPOSED] = {"proposed", "待定"},
    [TERM_CONFIRMED] = {"confirmed", "启用"},
    [TERM_RETIRED] = {"retired", "停用"},
};

const char *term_state_name(enum term_state s)
{
    return s > 0 && s < N_TERM_STATE ? states[s].name : "";
}

const char *term_state_key(enum term_state s)
{
    return s > 0 && s < N_TERM_STATE ? states[s].key : "";
}

enum term_state term_state_of(struct str name_or_key)
{
    for (enum term_state s = TERM_PROPOSED; s < N_TERM_STATE; s++)
        if (str_eq(name_or_key, str_z(states[s].key)) || str_eq(name_or_key, str_z(states[s].name)))
            return s;
    return 0;
}

/* ---- reading ---- */

#define TERM_COLUMNS                                                                              \
    "t.id, t.kind, t.state, t.canonical, t.wrong, t.old, t.also, t.items, t.from_day, t.to_day, " \
    "t.source, t.note, t.revision, t.changed, coalesce(p.name, '')"
#define TERM_FROM " FROM term t LEFT JOIN person p ON p.id = t.changed_by"
#define HOLDER_COLUMNS                                                           \
    "h.id, h.state, h.person, h.title, h.body, h.from_day, h.to_day, h.source, " \
    "h.revision, h.changed, coalesce(p.name, '')"
#define HOLDER_FROM " FROM holder h LEFT JOIN person p ON p.id = h.changed_by"

static struct term_row row_term(struct stmt *q, struct arena *a)
{
    return (struct term_row){.id = stmt_int(q, 0),
        .kind = (enum term_kind)stmt_int(q, 1),
        .state = (enum term_state)stmt_int(q, 2),
        .canonical = arena_str(a, stmt_str(q, 3)),
        .wrong = arena_str(a, stmt_str(q, 4)),
        .old = arena_str(a, stmt_str(q, 5)),
        .also = arena_str(a, stmt_str(q, 6)),
        .items = arena_str(a, stmt_str(q, 7)),
        .from = arena_str(a, stmt_str(q, 8)),
        .to = arena_str(a, stmt_str(q, 9)),
        .source = arena_str(a, stmt_str(q, 10)),
        .note = arena_str(a, stmt_str(q, 11)),
        .revision = stmt_int(q, 12),
        .changed_ms = stmt_int(q, 13),
        .changed_name = arena_str(a, stmt_str(q, 14))};
}

static struct holder_row row_holder(struct stmt *q, struct arena *a)
{
    return (struct holder_row){.id = stmt_int(q, 0),
        .state = (enum term_state)stmt_int(q, 1),
        .person = arena_str(a, stmt_str(q, 2)),
        .title = arena_str(a, stmt_str(q, 3)),
        .body = arena_str(a, stmt_str(q, 4)),
        .from = arena_str(a, stmt_str(q, 5)),
        .to = arena_str(a, stmt_str(q, 6)),
        .source = arena_str(a, stmt_str(q, 7)),
        .revision = stmt_int(q, 8),
        .changed_ms = stmt_int(q, 9),
        .changed_name = arena_str(a, stmt_str(q, 10))};
}

#define TERM_WHERE                                                                                \
    " WHERE (?1 = 0 OR t.kind = ?1) AND (?2 = 0 OR t.state = ?2) AND (t.canonical LIKE ?3 ESCAPE" \
    " '\\' OR t.wrong LIKE ?3 ESCAPE '\\' OR t.old LIKE ?3 ESCAPE '\\' OR t.also LIKE ?3 ESCAPE"  \
    " '\\' OR t.items LIKE ?3 ESCAPE '\\')"
#define HOLDER_WHERE                                                                               \
    " WHERE (?1 = 0 OR ?1 <> 0) AND (?2 = 0 OR h.state = ?2) AND (h.person LIKE ?3 ESCAPE '\\' OR" \
    " h.title LIKE ?3 ESCAPE '\\' OR h.body LIKE ?3 ESCAPE '\\')"

static struct stmt *bind_filter(struct stmt *q, struct arena *a, const struct term_filter *f)
{
    stmt_bind_int(q, 1, f->kind);
    stmt_bind_int(q, 2, f->state);
    stmt_bind_str(q, 3, key_like(a, f->text));
    return q;
}

static enum code count_of(struct stmt *q, int64_t *total, struct err *e)
{
    int64_t n = stmt_step(q) ? stmt_int(q, 0) : 0;

    TRY(stmt_end(q, e));
    *total = n;
    return OK;
}

enum code term_list(struct db *db, struct arena *a, const struct term_filter *f,
    struct term_row **out, size_t *n, int64_t *total, struct err *e)
{
    struct term_row *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q;

    TRY(count_of(bind_filter(db_sql(db, "SELECT count(*)" TERM_FROM TERM_WHERE), a, f), total, e));
    q = bind_filter(
        db_sql(db, "SELECT " TERM_COLUMNS TERM_FROM TERM_WHERE
                   " ORDER BY t.kind, t.canonical, t.from_day, t.id LIMIT ?4 OFFSET ?5"),
        a, f);
    stmt_bind_int(q, 4, f->limit > 0 ? f->limit : TERM_ROWS);
    stmt_bind_int(q, 5, f->offset);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row_term(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code holder_list(struct db *db, struct arena *a, const struct term_filter *f,
    struct holder_row **out, size_t *n, int64_t *total, struct err *e)
{
    struct holder_row *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q;

    TRY(count_of(
        bind_filter(db_sql(db, "SELECT count(*)" HOLDER_FROM HOLDER_WHERE), a, f), total, e));
    q = bind_filter(
        db_sql(db, "SELECT " HOLDER_COLUMNS HOLDER_FROM HOLDER_WHERE
                   " ORDER BY h.person, h.from_day DESC, h.title, h.id LIMIT ?4 OFFSET ?5"),
        a, f);
    stmt_bind_int(q, 4, f->limit > 0 ? f->limit : TERM_ROWS);
    stmt_bind_int(q, 5, f->offset);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row_holder(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code term_get(struct db *db, struct arena *a, int64_t id, struct term_row *out, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT " TERM_COLUMNS TERM_FROM " WHERE t.id = ?1");
    struct term_row row = {0};

    stmt_bind_int(q, 1, id);
    if (stmt_step(q))
        row = row_term(q, a);
    TRY(stmt_end(q, e));
    if (!row.id)
        return FAIL(e, E_NOTFOUND, "没有这条规范表述");
    *out = row;
    return OK;
}

enum code holder_get(
    struct db *db, struct arena *a, int64_t id, struct holder_row *out, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT " HOLDER_COLUMNS HOLDER_FROM " WHERE h.id = ?1");
    struct holder_row row = {0};

    stmt_bind_int(q, 1, id);
    if (stmt_step(q))
        row = row_holder(q, a);
    TRY(stmt_end(q, e));
    if (!row.id)
        return FAIL(e, E_NOTFOUND, "没有这条人员职务");
    *out = row;
    return OK;
}

/* ---- judging what a person typed ---- */

static enum code check_text(
    const char *field, struct str *s, int most_cp, bool required, struct err *e)
{
    *s = str_trim(*s);
    if (s->n == 0)
        return required ? FAIL(e, E_INPUT, "请填写%s", field) : OK;
    if (utf8_check(*s) != SIZE_MAX || memchr(s->p, 0, s->n))
        return FAIL(e, E_INPUT, "%s不是有效的文字", field);
    if (memchr(s->p, '\n', s->n) || memchr(s->p, '\t', s->n))
        return FAIL(e, E_INPUT, "%s“%.*s”中不能有换行或制表符", field, SF(*s));
    if (utf8_len_cp(*s) > (size_t)most_cp)
        return FAIL(e, E_LIMIT, "%s超过%d个字", field, most_cp);
    return OK;
}

static enum code check_day(const char *field, struct str *s, struct err *e)
{
    struct day d;

    *s = str_trim(*s);
    if (s->n && !day_from_iso(*s, &d))
        return FAIL(e, E_INPUT, "%s“%.*s”不是存在的日期，应写作2026-07-13", field, SF(*s));
    return OK;
}

static enum code check_days(
    const char *first, struct str *from, const char *last, struct str *to, struct err *e)
{
    TRY(check_day(first, from, e));
    TRY(check_day(last, to, e));
    if (from->n && to->n && str_cmp(*from, *to) > 0)
        return FAIL(e, E_INPUT, "%s“%.*s”早于%s“%.*s”", last, SF(*to), first, SF(*from));
    return OK;
}

/* One form a line, trimmed, each once. */
static enum code check_list(
    struct arena *a, const char *field, struct str *lines, size_t *n, struct err *e)
{
    struct buf b;
    struct str rest = *lines, line;
    enum code c = OK;

    *n = 0;
    buf_init(&b, 0);
    while (c == OK && str_next(&rest, S("\n"), &line)) {
        str_eat_end(&line, S("\r"));
        c = check_text(field, &line, TERM_NAME_CP, false, e);
        if (c != OK || line.n == 0 || str_has_piece(buf_view(&b), S("\n"), line))
            continue;
        if (utf8_len_cp(line) < 2)
            c = FAIL(e, E_INPUT, "%s“%.*s”只有一个字，会处处误报，请写得长一些", field, SF(line));
        if (++*n > TERM_FORMS)
            c = FAIL(e, E_LIMIT, "%s超过%d个", field, TERM_FORMS);
        if (b.n)
            buf_char(&b, '\n');
        buf_str(&b, line);
    }
    if (c == OK)
        *lines = arena_str(a, buf_view(&b));
    buf_release(&b);
    return c;
}

/* A form that is right and wrong at once would report every right place. */
static enum code check_apart(const struct term_row *t, struct err *e)
{
    struct str rest = t->wrong, line;

    while (str_next(&rest, S("\n"), &line))
        if (str_eq(line, t->canonical) || str_has_piece(t->also, S("\n"), line))
            return FAIL(e, E_INPUT, "“%.*s”不能既是规范写法又是错误写法", SF(line));
    for (rest = t->old; str_next(&rest, S("\n"), &line);)
        if (str_eq(line, t->canonical) || str_has_piece(t->also, S("\n"), line) ||
            str_has_piece(t->wrong, S("\n"), line))
            return FAIL(e, E_INPUT, "旧称“%.*s”与另一种写法相同", SF(line));
    return OK;
}

struct lists {
    size_t wrong, old, also, items; /* how many forms there are */
};

static enum code check_fields(struct arena *a, struct term_row *t, struct lists *n, struct err *e)
{
    TRY(check_text("规范写法", &t->canonical, TERM_NAME_CP, true, e));
    if (utf8_len_cp(t->canonical) < 2)
        return FAIL(e, E_INPUT, "规范写法“%.*s”只有一个字", SF(t->canonical));
    TRY(check_list(a, "错误写法", &t->wrong, &n->wrong, e));
    TRY(check_list(a, "旧称", &t->old, &n->old, e));
    TRY(check_list(a, "可用写法", &t->also, &n->also, e));
    TRY(check_list(a, "各项", &t->items, &n->items, e));
    TRY(check_days("启用日期", &t->from, "停用日期", &t->to, e));
    TRY(check_text("依据", &t->source, SOURCE_CP, false, e));
    return check_text("说明", &t->note, NOTE_CP, false, e);
}

/* Items belong to lists and orders, forms to the others. */
static enum code check_sort(const struct term_row *t, const struct lists *n, struct err *e)
{
    bool listed = t->kind == TERM_LIST || t->kind == TERM_ORDER;
    size_t least = t->kind == TERM_LIST ? 3 : 2;

    if (listed && n->items < least)
        return FAIL(e, E_INPUT, "%s“%.*s”至少要有%s项，一行一项", term_kind_name(t->kind),
            SF(t->canonical), least == 3 ? "三" : "两");
    if (listed && n->wrong + n->old + n->also)
        return FAIL(e, E_INPUT, "并列和排序不填错误写法、旧称和可用写法");
    if (!listed && n->items)
        return FAIL(e, E_INPUT, "只有并列和排序可以填写各项");
    return OK;
}

static enum code check_term(struct arena *a, struct term_row *t, struct err *e)
{
    struct lists n = {0};

    if (t->kind < TERM_PHRASE || t->kind >= N_TERM_KIND)
        return FAIL(e, E_INPUT, "请选择种类");
    if (t->state < TERM_PROPOSED || t->state >= N_TERM_STATE)
        return FAIL(e, E_INPUT, "请选择状态");
    TRY(check_fields(a, t, &n, e));
    TRY(check_sort(t, &n, e));
    return check_apart(t, e);
}

static enum code check_holder(struct holder_row *h, struct err *e)
{
    if (h->state < TERM_PROPOSED || h->state >= N_TERM_STATE)
        return FAIL(e, E_INPUT, "请选择状态");
    TRY(check_text("姓名", &h->person, TERM_NAME_CP, true, e));
    if (utf8_len_cp(h->person) < 2)
        return FAIL(e, E_INPUT, "姓名“%.*s”只有一个字", SF(h->person));
    TRY(check_text("职务", &h->title, TERM_NAME_CP, true, e));
    if (utf8_len_cp(h->title) < 2)
        return FAIL(e, E_INPUT, "职务“%.*s”只有一个字", SF(h->title));
    TRY(check_text("机构", &h->body, TERM_NAME_CP, false, e));
    TRY(check_days("任职日期", &h->from, "离任日期", &h->to, e));
    return check_text("依据", &h->source, SOURCE_CP, false, e);
}

/* ---- writing ---- */

static enum code room_for_one(struct stmt *q, struct err *e)
{
    int64_t n;

    TRY(count_of(q, &n, e));
    return n < TERM_ROWS ? OK : FAIL(e, E_LIMIT, "表中已有%d条，不能再加", TERM_ROWS);
}

/* What both statements bind alike, from ?1 to ?16; ?17 is the revision in the one that changes. */
static struct stmt *bind_term(struct stmt *q, const struct term_row *t, int64_t id, int64_t by)
{
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, t->kind);
    stmt_bind_int(q, 3, t->state);
    stmt_bind_str(q, 4, t->canonical);
    stmt_bind_str(q, 5, t->wrong);
    stmt_bind_str(q, 6, t->old);
    stmt_bind_str(q, 7, t->also);
    stmt_bind_str(q, 8, t->items);
    stmt_bind_str(q, 9, t->from);
    stmt_bind_str(q, 10, t->to);
    stmt_bind_str(q, 11, t->source);
    stmt_bind_str(q, 12, t->note);
    stmt_bind_int(q, 13, clock_now_ms());
    stmt_bind_int(q, 14, by);
    return q;
}

static enum code write_term(
    struct db *db, const struct term_row *t, int64_t id, int64_t by, struct err *e)
{
    int64_t changed = 0;
    enum code c;
    struct stmt *q;

    if (t->id == 0) {
        TRY(room_for_one(db_sql(db, "SELECT count(*) FROM term"), e));
        q = bind_term(
            db_sql(db,
                "INSERT INTO term (id, kind, state, canonical, wrong, old, also, items, from_day,"
                " to_day, source, note, changed, changed_by, revision)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 1)"),
            t, id, by);
        c = stmt_run(q, &changed, e);
    } else {
        q = bind_term(
            db_sql(db,
                "UPDATE term SET kind = ?2, state = ?3, canonical = ?4, wrong = ?5, old = ?6,"
                " also = ?7, items = ?8, from_day = ?9, to_day = ?10, source = ?11,"
                " note = ?12, changed = ?13, changed_by = ?14, revision = revision + 1"
                " WHERE id = ?1 AND revision = ?15"),
            t, id, by);
        stmt_bind_int(q, 15, t->revision);
        c = stmt_run(q, &changed, e);
    }
    if (c == E_CONFLICT)
        return FAIL(e, E_CONFLICT, "%s“%.*s”已在表中，请改原来的一条", term_kind_name(t->kind),
            SF(t->canonical));
    TRY(c);
    if (changed)
        return OK;
    q = db_sql(db, "SELECT t.changed, coalesce(p.name, '系统')" TERM_FROM " WHERE t.id = ?1");
    stmt_bind_int(q, 1, id);
    return changed_meanwhile(q, "这一条", "这一条", e);
}

static enum code note_change(
    struct db *db, const char *noun, int64_t id, bool fresh, int64_t by, struct err *e)
{
    const char *verb = strcmp(noun, "term") == 0 ? (fresh ? "term.add" : "term.change")
                                                 : (fresh ? "holder.add" : "holder.change");

    return audit_simple(db, by, verb, noun, id, S(""), e);
}

enum code term_put(struct db *db, const struct term_row *t, int64_t by, int64_t *id, struct err *e)
{
    struct term_row row = *t;
    struct arena a;
    int64_t made = t->id ? t->id : id_next();
    enum code c;

    arena_init(&a);
    c = check_term(&a, &row, e);
    if (c == OK)
        c = write_term(db, &row, made, by, e);
    arena_release(&a);
    if (c == OK)
        *id = made;
    return c;
}

enum code term_save(struct db *db, const struct term_row *t, int64_t by, int64_t *id, struct err *e)
{
    int64_t made;

    TRY(term_put(db, t, by, &made, e));
    TRY(note_change(db, "term", made, t->id == 0, by, e));
    *id = made;
    return OK;
}

static struct stmt *bind_holder(struct stmt *q, const struct holder_row *h, int64_t id, int64_t by)
{
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, h->state);
    stmt_bind_str(q, 3, h->person);
    stmt_bind_str(q, 4, h->title);
    stmt_bind_str(q, 5, h->body);
    stmt_bind_str(q, 6, h->from);
    stmt_bind_str(q, 7, h->to);
    stmt_bind_str(q, 8, h->source);
    stmt_bind_int(q, 9, clock_now_ms());
    stmt_bind_int(q, 10, by);
    return q;
}

static enum code write_holder(
    struct db *db, const struct holder_row *h, int64_t id, int64_t by, struct err *e)
{
    int64_t changed = 0;
    enum code c;
    struct stmt *q;

    if (h->id == 0) {
        TRY(room_for_one(db_sql(db, "SELECT count(*) FROM holder"), e));
        q = bind_holder(
            db_sql(db, "INSERT INTO holder (id, state, person, title, body, from_day, to_day,"
                       " source, changed, changed_by, revision)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 1)"),
            h, id, by);
        c = stmt_run(q, &changed, e);
    } else {
        q = bind_holder(
            db_sql(db, "UPDATE holder SET state = ?2, person = ?3, title = ?4, body = ?5,"
                       " from_day = ?6, to_day = ?7, source = ?8, changed = ?9, changed_by = ?10,"
                       " revision = revision + 1 WHERE id = ?1 AND revision = ?11"),
            h, id, by);
        stmt_bind_int(q, 11, h->revision);
        c = stmt_run(q, &changed, e);
    }
    if (c == E_CONFLICT)
        return FAIL(e, E_CONFLICT, "“%.*s”任“%.*s”的这一条已在表中，请改原来的一条", SF(h->person),
            SF(h->title));
    TRY(c);
    if (changed)
        return OK;
    q = db_sql(db, "SELECT h.changed, coalesce(p.name, '系统')" HOLDER_FROM " WHERE h.id = ?1");
    stmt_bind_int(q, 1, id);
    return changed_meanwhile(q, "这一条", "这一条", e);
}

enum code holder_save(
    struct db *db, const struct holder_row *h, int64_t by, int64_t *id, struct err *e)
{
    struct holder_row row = *h;
    int64_t made = h->id ? h->id : id_next();

    TRY(check_holder(&row, e));
    TRY(write_holder(db, &row, made, by, e));
    TRY(note_change(db, "holder", made, h->id == 0, by, e));
    *id = made;
    return OK;
}

/* ---- for a check ---- */

static const struct str *lines_of(struct arena *a, struct str lines, size_t *n)
{
    struct str *v = NULL, line;
    size_t cap = 0;

    *n = 0;
    while (str_next(&lines, S("\n"), &line))
        ARENA_PUSH(a, v, *n, cap) = line;
    return v;
}

static struct lex_date date_of(struct str iso)
{
    struct day d;

    if (!iso.n || !day_from_iso(iso, &d))
        return (struct lex_date){0, 0, 0};
    return (struct lex_date){d.y, d.m, d.d};
}

enum code term_tables(struct db *db, struct arena *a, struct terms **out, struct err *e)
{
    struct term_filter f = {.state = TERM_CONFIRMED};
    struct term_row *rows;
    struct holder_row *posts;
    struct term *v;
    struct holder *h;
    size_t n, n_h;
    int64_t total;

    TRY(term_list(db, a, &f, &rows, &n, &total, e));
    TRY(holder_list(db, a, &f, &posts, &n_h, &total, e));
    if (n + n_h == 0) {
        *out = NULL;
        return OK;
    }
    v = ARENA_ARRAY(a, struct term, n + 1);
    h = ARENA_ARRAY(a, struct holder, n_h + 1);
    for (size_t i = 0; i < n; i++) {
        const struct term_row *r = &rows[i];
        v[i] = (struct term){.id = r->id, .kind = r->kind, .canonical = r->canonical};
        v[i].wrong = lines_of(a, r->wrong, &v[i].n_wrong);
        v[i].old = lines_of(a, r->old, &v[i].n_old);
        v[i].also = lines_of(a, r->also, &v[i].n_also);
        v[i].items = lines_of(a, r->items, &v[i].n_items);
        v[i].from = date_of(r->from);
        v[i].to = date_of(r->to);
        v[i].source = r->source;
        v[i].note = r->note;
    }
    for (size_t i = 0; i < n_h; i++)
        h[i] = (struct holder){posts[i].id, posts[i].person, posts[i].title, posts[i].body,
            date_of(posts[i].from), date_of(posts[i].to), posts[i].source};
    return terms_new(a, v, n, h, n_h, out, e);
}
