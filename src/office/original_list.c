/* original_list.c - who has what: lists of paper originals, and who is to have one next. */
#include <string.h>

#include "office/item_int.h"
#include "office/key.h"
#include "office/original_int.h"
#include "office/person.h"

enum { BATCH = 100, HAD_MAX = 100 };

/* ---- lists ---- */

static void states_of(enum original_which w, int64_t *from, int64_t *to)
{
    static const struct {
        int64_t from, to;
    } of[] = {[ORIGINALS_ANY] = {ORIGINAL_OUT, ORIGINAL_FILED},
        [ORIGINALS_OUT] = {ORIGINAL_OUT, ORIGINAL_OUT},
        [ORIGINALS_LOST] = {ORIGINAL_LOST, ORIGINAL_LOST},
        [ORIGINALS_ENDED] = {ORIGINAL_BACK, ORIGINAL_FILED}};

    *from = of[w].from;
    *to = of[w].to;
}

/* The next rows behind the key, whoever may see them. */
static enum code batch(struct db *db, struct arena *a, const struct actor *by,
    const struct original_filter *f, struct original **out, size_t *n, struct err *e)
{
    char code[ORIGINAL_CODE_N + 1] = "";
    struct str text = str_trim(f->text);
    struct original *v = NULL;
    size_t k = 0, cap = 0;
    int64_t from, to;
    struct stmt *q = db_sql(db,
        "SELECT " ORIGINAL_COLUMNS ORIGINAL_FROM
        " WHERE o.state BETWEEN ?1 AND ?2 AND o.since <= ?3"
        " AND (o.since > ?4 OR (o.since = ?4 AND o.id > ?5))"
        " AND (?6 = 0 OR o.item = ?6) AND (?7 = 0 OR o.made_by = ?7)"
        " AND (?8 = 0 OR (o.holder_kind = ?8 AND o.holder = ?9 AND o.place = ?10))"
        " AND (?11 = '' OR o.code = ?12 OR i.number LIKE ?11 ESCAPE '\\' OR i.title LIKE ?11 ESCAPE"
        " '\\' OR o.place LIKE ?11 ESCAPE '\\' OR coalesce(p.name, '') LIKE ?11 ESCAPE '\\' OR"
        " coalesce(u.name, '') LIKE ?11 ESCAPE '\\' OR coalesce(u.short_name, '') LIKE ?11 ESCAPE"
        " '\\' OR EXISTS (SELECT 1 FROM item_value d WHERE d.item = o.item AND d.field = 'docno'"
        " AND d.text LIKE ?11 ESCAPE '\\'))"
        " ORDER BY o.since, o.id LIMIT ?13");

    states_of(f->which, &from, &to);
    (void)(text.n && original_code(text, code));
    stmt_bind_int(q, 1, from);
    stmt_bind_int(q, 2, to);
    stmt_bind_int(q, 3, by->now_ms - f->days * MS_DAY);
    stmt_bind_int(q, 4, f->after_ms);
    stmt_bind_int(q, 5, f->after);
    stmt_bind_int(q, 6, f->item);
    stmt_bind_int(q, 7, f->made_by);
    stmt_bind_int(q, 8, f->holder.kind);
    stmt_bind_int(q, 9, f->holder.id);
    stmt_bind_str(q, 10, f->holder.kind == HOLDER_PLACE ? f->holder.name : S(""));
    stmt_bind_str(q, 11, text.n ? key_like(a, text) : S(""));
    stmt_bind_str(q, 12, str_z(code));
    stmt_bind_int(q, 13, BATCH);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = original_row(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

/* One bit for each: the item is seen, or it is in the actor's own hands. */
static enum code seen_of(struct db *db, struct arena *a, const struct actor *by,
    const struct original *v, size_t n, bool *sees, struct err *e)
{
    int64_t ids[BATCH];
    struct item *items;
    size_t m;

    for (size_t i = 0; i < n; i++)
        ids[i] = v[i].item;
    TRY(item_get_many(db, a, by, ids, n, &items, &m, e));
    for (size_t i = 0; i < n; i++) {
        sees[i] = original_in_hand(by, &v[i]);
        for (size_t k = 0; k < m && !sees[i]; k++)
            sees[i] = items[k].id == v[i].item;
    }
    return OK;
}

enum code original_list(struct db *db, struct arena *a, const struct actor *by,
    const struct original_filter *f, size_t limit, struct original **out, size_t *n, bool *more,
    struct err *e)
{
    struct original_filter at = *f;
    struct original *v = ARENA_ARRAY(a, struct original, limit + 1);
    size_t k = 0, got = BATCH;

    TRY(access_require(by->v, ACT_ITEMS, e));
    if (f->text.n > 600)
        return FAIL(e, E_LIMIT, "要找的字太多，请少写几个");
    while (got == BATCH && k <= limit) {
        struct original *rows;
        bool sees[BATCH];
        TRY(batch(db, a, by, &at, &rows, &got, e));
        TRY(seen_of(db, a, by, rows, got, sees, e));
        for (size_t i = 0; i < got && k <= limit; i++)
            if (sees[i])
                v[k++] = rows[i];
        if (got) {
            at.after_ms = rows[got - 1].since_ms;
            at.after = rows[got - 1].id;
        }
    }
    *more = k > limit;
    *out = v;
    *n = k > limit ? limit : k;
    return OK;
}

enum code original_held(struct db *db, struct arena *a, const struct actor *by, int64_t person,
    struct original **out, size_t *n, bool *more, struct err *e)
{
    struct original_filter f = {
        .which = ORIGINALS_OUT, .holder = {.kind = HOLDER_PERSON, .id = person}};

    if (person != by->v->person && !by->v->owner && !(by->v->roles & ROLE_CHIEF))
        return FAIL(e, E_DENIED, "别人手里的原件清单由科长查看");
    return original_list(db, a, by, &f, ORIGINAL_PAGE_MAX, out, n, more, e);
}

/* ---- who is next ---- */

struct next {
    struct arena *a;
    struct hands *v;
    size_t n;
    const struct original *o;
    int64_t had[HAD_MAX];
    size_t n_had;
};

static void propose(struct next *x, int64_t person, bool again)
{
    if (!person || x->n == ORIGINAL_NEXT_MAX ||
        (x->o->holder.kind == HOLDER_PERSON && x->o->holder.id == person))
        return;
    for (size_t i = 0; i < x->n; i++)
        if (x->v[i].id == person)
            return;
    for (size_t i = 0; i < x->n_had && !again; i++)
        if (x->had[i] == person)
            return;
    x->v[x->n++] = (struct hands){.kind = HOLDER_PERSON, .id = person};
}

static enum code had_before(struct next *x, struct db *db, struct err *e)
{
    struct original_step *v;
    size_t n;

    TRY(original_steps(db, x->a, x->o->id, &v, &n, e));
    for (size_t i = 0; i < n && x->n_had < HAD_MAX; i++)
        if (!v[i].undone_ms && v[i].holder.kind == HOLDER_PERSON)
            x->had[x->n_had++] = v[i].holder.id;
    return OK;
}

/* Asks in the order in which they are sent; then the fields in the order of the kind. */
static void from_item(struct next *x, const struct work *w)
{
    int64_t ids[FIELD_MANY];

    for (size_t i = 0; i < w->n_asks; i++)
        if (w->asks[i].state == ASK_OPEN && !w->asks[i].parent &&
            w->asks[i].to_kind == PRINCIPAL_PERSON)
            propose(x, w->asks[i].to, false);
    for (size_t i = 0; i < w->k->n_fields; i++) {
        const struct kind_field *f = &w->k->fields[i];
        if ((f->type != FIELD_PERSON && f->type != FIELD_PEOPLE) || !work_reads(w, f))
            continue;
        size_t n = field_ids(w, i, ids, FIELD_MANY);
        for (size_t k = 0; k < n; k++)
            propose(x, ids[k], false);
    }
    propose(x, w->it.owner, true);
}

static enum code name_them(struct next *x, struct db *db, struct err *e)
{
    int64_t ids[ORIGINAL_NEXT_MAX];
    struct person_name *names;
    size_t n;

    for (size_t i = 0; i < x->n; i++)
        ids[i] = x->v[i].id;
    TRY(person_names(db, x->a, ids, x->n, &names, &n, e));
    for (size_t i = 0; i < x->n; i++)
        for (size_t k = 0; k < n; k++)
            if (names[k].id == x->v[i].id)
                x->v[i].name = names[k].name;
    return OK;
}

enum code original_next(struct db *db, struct arena *a, const struct actor *by,
    const struct original *o, struct hands **out, size_t *n, struct err *e)
{
    struct next *x = ARENA_NEW(a, struct next);
    struct work w;

    *x = (struct next){.a = a, .o = o, .v = ARENA_ARRAY(a, struct hands, ORIGINAL_NEXT_MAX + 1)};
    *out = x->v;
    *n = 0;
    if (o->state == ORIGINAL_BACK || o->state == ORIGINAL_FILED)
        return OK;
    TRY(had_before(x, db, e));
    TRY(work_load(&w, db, a, by, o->item, e));
    if (work_sees_whole(
            &w)) /* who is only asked, or only holds the paper, is not told who else is */
        from_item(x, &w);
    else
        propose(x, w.it.owner, true);
    TRY(name_them(x, db, e));
    *n = x->n;
    return OK;
}
