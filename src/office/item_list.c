/* Lists of items: boxes and ledgers, by key.
 *
 * Each list is driven by the index that has it in order; the other conditions are looked at row by row. Boxes of a person are the rows of
 * item_grant of his principals (himself, the unit he acts for, his roles): each is read in order, and they are merged here. A sort
 * that no index of a box gives sorts the box. No JSON is looked into. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "office/document.h"
#include "office/item_list_int.h"
#include "office/key.h"

enum { UNITS_MERGED = 40 };

static int by_number(const void *x, const void *y)
{
    const struct list_row *a = x, *b = y;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

/* Rows of several branches in one order, each item once. */
static void merge(struct list_work *l, bool down)
{
    size_t n = 0;
    if (l->counting) /* each row is a number */
        return;
    if (l->n)
        qsort(l->v, l->n, sizeof(*l->v), by_number);
    for (size_t i = 0; i < l->n; i++)
        if (n == 0 || l->v[n - 1].id != l->v[i].id)
            l->v[n++] = l->v[i];
    for (size_t i = 0; down && i < n / 2; i++) {
        struct list_row t = l->v[i];
        l->v[i] = l->v[n - 1 - i];
        l->v[n - 1 - i] = t;
    }
    l->n = n < l->limit ? n : l->limit;
}

static bool is_plain(const struct list_work *l);

static enum code run_principals(
    struct list_work *l, bool down, const struct list_key *k, struct err *e)
{
    TRY(list_run(l,
        is_plain(l) ? BY_GRANT_PLAIN
        : l->box    ? BY_GRANT_BOX
                    : BY_GRANT,
        down, k, 0, 0, e));
    merge(l, down);
    return OK;
}

/* The unit and those below, while they are few; *n UNITS_MERGED + 1 for many. */
static enum code units_below(struct list_work *l, int64_t *v, size_t *n, struct err *e)
{
    struct stmt *q = db_sql(l->db,
        "WITH RECURSIVE down(id) AS (SELECT id FROM unit WHERE id = ?1"
        " UNION SELECT u.id FROM unit u JOIN down ON u.parent = down.id) SELECT id FROM down");
    stmt_bind_int(q, 1, l->watch);
    *n = 0;
    while (stmt_step(q) && *n <= UNITS_MERGED)
        v[(*n)++] = stmt_int(q, 0);
    return stmt_end(q, e);
}

static enum code run_watch(struct list_work *l, bool down, const struct list_key *k, struct err *e)
{
    int64_t units[UNITS_MERGED + 1];
    size_t n;
    TRY(units_below(l, units, &n, e));
    if (n > UNITS_MERGED)
        return list_run(l, l->f->kind.n ? BY_KIND : BY_OPENED, down, k, 0, 0, e);
    for (size_t i = 0; i < n; i++)
        TRY(list_run(l, BY_UNIT, down, k, GRANT_UNIT, units[i], e));
    merge(l, down);
    return OK;
}

/* By rows of item_grant alone: a box of his, or a viewer whose role opens nothing. */
static bool by_rows(const struct list_work *l)
{
    return l->box || l->seen.level < 0;
}

static enum code run_opened(struct list_work *l, bool down, const struct list_key *k, struct err *e)
{
    const struct item_filter *f = l->f;
    if (by_rows(l))
        return run_principals(l, down, k, e);
    if (l->opener)
        return list_run(l, BY_OPENER, down, k, 0, 0, e);
    if (l->light)
        return list_run(l, f->kind.n ? BY_LIGHT_KIND : BY_LIGHT, down, k, 0, 0, e);
    if (f->field.n && f->kind.n)
        return list_run(l, BY_VALUE_IS, down, k, 0, 0, e);
    if (l->watch)
        return run_watch(l, down, k, e);
    if (f->kind.n && f->state.n)
        return list_run(l, BY_STATE, down, k, 0, 0, e);
    return list_run(l, f->kind.n ? BY_KIND : BY_OPENED, down, k, 0, 0, e);
}

/* No condition but on the kind and whether it runs. */
static bool is_bare(const struct list_work *l)
{
    const struct item_filter *f = l->f;
    return !l->light && !f->calm && !f->state.n && !f->owner && !f->unit && !f->opened_from_ms &&
           !f->opened_to_ms && !f->text.n && !f->field.n && !f->urgency && !f->due_from_ms &&
           !f->due_to_ms && !f->closed_from_ms && !f->closed_to_ms && !f->n_where &&
           !(f->step && f->step->what);
}

/* To sort all his rows costs more than to look, in the order of a kind, for those that he sees, once these are many; where they lie all
 * together in that order (his unit, himself, what a field names) it does not. */
static bool sorts_rows(const struct list_work *l, const struct list_key *k)
{
    static const bool scattered[SORT_TITLE + 1] = {[SORT_DUE] = true,
        [SORT_NUMBER] = true,
        [SORT_STATE] = true,
        [SORT_CLOSED] = true,
        [SORT_URGENCY] = true,
        [SORT_TITLE] = true};
    bool many = k->total < 0 && !l->f->uncounted && l->f->kind.n && !l->light && !l->no_light;
    return by_rows(l) && !(many && scattered[l->f->sort] && is_bare(l));
}

static enum code run_due(struct list_work *l, bool down, const struct list_key *k, struct err *e)
{
    if (sorts_rows(l, k))
        return list_run(l, BOX_DUE, down, k, 0, 0, e);
    if (l->light)
        return list_run(l, BY_LIGHT_DUE, down, k, 0, 0, e);
    return list_run(l, l->f->kind.n ? BY_KIND_DUE : BY_DUE, down, k, 0, 0, e);
}

/* ---- phases ---- */

static int phases_of(const struct list_work *l)
{
    if (l->f->sort == SORT_FIELD)
        return 2; /* those that have the field, then the others */
    return l->f->sort == SORT_LIGHT && !l->f->light ? LIGHT_RED + 1 : 1;
}

static enum code run_phase(
    struct list_work *l, int phase, bool down, const struct list_key *k, struct err *e)
{
    switch (l->f->sort) {
    case SORT_OPENED:
        return run_opened(l, down, k, e);
    case SORT_DUE:
        return run_due(l, down, k, e);
    case SORT_NUMBER:
        return list_run(l, sorts_rows(l, k) ? BOX_NUMBER : BY_NUMBER, down, k, 0, 0, e);
    case SORT_FIELD:
        if (phase == 0)
            return list_run(l, by_rows(l) ? BOX_VALUE : BY_VALUE, down, k, 0, 0, e);
        return list_run(l, by_rows(l) ? BOX_WITHOUT_VALUE : WITHOUT_VALUE, down, k, 0, 0, e);
    case SORT_STATE:
    case SORT_CLOSED:
    case SORT_URGENCY:
    case SORT_OWNER:
    case SORT_UNIT:
    case SORT_TITLE: {
        int first = sorts_rows(l, k) ? BOX_STATE_THEN : BY_STATE_THEN;
        return list_run(
            l, (enum list_driver)(first + (int)(l->f->sort - SORT_STATE)), down, k, 0, 0, e);
    }
    case SORT_LIGHT: { /* red first, and what is due first */
        int colour = LIGHT_RED - phase;
        if (!l->f->light) {
            l->light = (enum light_colour)colour;
            l->no_light = colour == LIGHT_NONE;
        }
        return run_due(l, false, k, e);
    }
    }
    return OK;
}

static struct list_key first_key(const struct list_work *l, int phase, bool down)
{
    bool turned = down && l->f->sort != SORT_LIGHT;
    return (struct list_key){.phase = phase,
        .number = turned ? INT64_MAX : INT64_MIN,
        .id = turned ? INT64_MAX : INT64_MIN,
        .text = turned ? S("\xF4\x8F\xBF\xBF") : S("")};
}

/* Up to l->limit rows behind the key, through the phases. */
static enum code gather(struct list_work *l, struct list_key k, struct err *e)
{
    bool down = l->f->descending;
    struct list_row *all = NULL;
    size_t n = 0, cap = 0, want = l->limit;
    for (int phase = k.phase; phase < phases_of(l) && n < want; phase++) {
        if (phase > k.phase) {
            int64_t total = k.total;
            k = first_key(l, phase, down);
            k.total = total;
        }
        l->v = NULL;
        l->n = l->cap = 0;
        l->limit = want - n;
        TRY(run_phase(l, phase, down, &k, e));
        for (size_t i = 0; i < l->n && n < want; i++) {
            l->v[i].phase = phase;
            ARENA_PUSH(l->a, all, n, cap) = l->v[i];
        }
    }
    l->v = all;
    l->n = n;
    l->limit = want;
    return OK;
}

/* May the viewer see this field in every item? A term that hangs on the item (its owner, a field) opens it in some alone, and an order or a filter
 * would tell of the others. */
static bool reads_everywhere(const struct list_work *l, const struct kind_field *f)
{
    uint32_t roles = seen_roles(&l->seen);
    for (size_t i = 0; i < f->see.n; i++) {
        const struct who *w = &f->see.v[i];
        if (w->kind == WHO_ANYONE || (w->kind == WHO_ROLE && w->roles & roles))
            return true;
    }
    return f->see.n == 0 || l->by->v->owner;
}

static enum code check_field(
    const struct list_work *l, const struct kind *k, struct str field, struct err *e)
{
    size_t i = k && field.n ? kind_field_of(k, field) : SIZE_MAX;
    if (i != SIZE_MAX && !reads_everywhere(l, &k->fields[i]))
        return FAIL(
            e, E_DENIED, "“%.*s”只对部分人员可见，不能按它筛选和排序", SF(k->fields[i].name));
    return OK;
}

/* What is hidden in some item is neither filter nor sort key: by the newest version of the kind. */
static enum code check_fields(struct list_work *l, struct err *e)
{
    const struct item_filter *f = l->f;
    const struct kind *k = NULL;
    if (!f->field.n && !f->n_where && f->sort != SORT_FIELD)
        return OK;
    if (!f->kind.n)
        return FAIL(e, E_INPUT, "先选定一个种类，再按它的栏目筛选");
    TRY(kinds_newest(l->by->kinds, l->db, f->kind, &k, e));
    TRY(check_field(l, k, f->field, e));
    if (f->sort == SORT_FIELD)
        TRY(check_field(l, k, f->sort_field, e));
    for (size_t i = 0; i < f->n_where; i++)
        TRY(check_field(l, k, f->where[i].field, e));
    return OK;
}

enum { VERSIONS_LOOKED_AT = 100, NO_UNIT = -1 }; /* whoever is in no unit watches none */

/* The state that is asked for ends an item in no version of its kind; what is in it runs, then, or is a draft given up. */
static bool state_runs(const struct list_work *l)
{
    const struct item_filter *f = l->f;
    const struct kind *k;
    struct err none;
    if (!f->kind.n || !f->state.n || kinds_newest(l->by->kinds, l->db, f->kind, &k, &none) != OK ||
        k->version > VERSIONS_LOOKED_AT)
        return false;
    for (int64_t version = k->version; version > 0; version--) {
        if (kinds_get(l->by->kinds, l->db, f->kind, version, &k, &none) != OK)
            return false;
        size_t i = kind_state_of(k, f->state);
        if (i != SIZE_MAX && k->states[i].closed)
            return false;
    }
    return true;
}

static enum code list_init(struct list_work *l, struct db *db, struct arena *a,
    const struct actor *by, const struct item_filter *f, struct err *e)
{
    *l = (struct list_work){.db = db, .a = a, .by = by, .f = f, .light = f->light};
    TRY(seen_read(db, by, &l->seen, e));
    if (f->box >= BOX_TODO && f->box <= BOX_DONE)
        l->box = f->box;
    if (f->box == BOX_SENT)
        l->opener = by->v->person;
    if (f->box == BOX_WATCH)
        l->watch = by->v->unit ? by->v->unit : NO_UNIT;
    if (f->sort > SORT_LIGHT && !f->kind.n)
        return FAIL(e, E_INPUT, "先选定一个种类，再按这一栏排序");
    if (f->sort == SORT_FIELD && !f->sort_field.n)
        return FAIL(e, E_INPUT, "没有说按哪一栏排序");
    if (f->n_where > ITEM_WHERE_MAX)
        return FAIL(e, E_LIMIT, "一次最多按%d栏筛选", ITEM_WHERE_MAX);
    if (f->text.n > 600 || f->value.n > 600)
        return FAIL(e, E_LIMIT, "查找的文字超过200个字");
    l->runs = by_rows(l) && !l->box && state_runs(l);
    return check_fields(l, e);
}

/* ---- keys ---- */

/* "phase.number.id.total.text" */
static bool key_read(struct str s, struct list_key *k)
{
    int64_t v[4];
    struct err none;
    for (int i = 0; i < 4; i++) {
        struct str piece;
        if (!str_cut(s, S("."), &piece, &s) || str_int(piece, &v[i], &none) != OK)
            return false;
    }
    *k =
        (struct list_key){.phase = (int)v[0], .number = v[1], .id = v[2], .total = v[3], .text = s};
    return v[0] >= 0 && v[0] <= LIGHT_RED && utf8_check(s) == SIZE_MAX;
}

/* A box, and no condition on what lies in it. */
static bool is_plain(const struct list_work *l)
{
    return l->box && !l->f->kind.n && !l->f->open && is_bare(l);
}

/* His rows know all that is asked for. */
static bool rows_know(const struct list_work *l)
{
    return !l->box && !l->watch && !l->opener && l->f->open >= 0 && is_bare(l);
}

/* One of his principals has more than is counted, most often; else an item may be there for several. */
static enum code count_rows(struct list_work *l, const struct list_key *k, struct err *e)
{
    static const int kinds[] = {GRANT_PERSON, GRANT_UNIT};
    for (int which = 0; which < 2; which++) {
        l->n = 0;
        TRY(list_run(
            l, BOX_COUNT_ROWS_ONE, false, k, kinds[which], seen_seat(&l->seen, 0, which), e));
        if (l->n && l->v[0].id > ITEM_TOTAL_EXACT)
            return OK;
    }
    l->n = 0;
    return list_run(l, BOX_COUNT_ROWS, false, k, 0, 0, e);
}

static enum code run_count(struct list_work *l, struct err *e)
{
    struct list_key first = first_key(l, 0, false);
    if (is_plain(l) && l->box == BOX_DONE) {
        TRY(list_run(l, BOX_COUNT_OWN, false, &first, 0, 0, e));
        if (l->n && l->v[0].id > ITEM_TOTAL_EXACT)
            return OK;
        l->n = 0;
    }
    if (by_rows(l) && rows_know(l))
        return count_rows(l, &first, e);
    if (by_rows(l))
        return list_run(l, is_plain(l) ? BOX_COUNT_PLAIN : BOX_COUNT, false, &first, 0, 0, e);
    l->counting = true; /* branches, where there are several, are of different items */
    enum code c = run_opened(l, false, &first, e);
    l->counting = false;
    return c;
}

/* A list that only grows: no condition that an item leaves as the days go by. */
static bool lasts(const struct list_work *l)
{
    struct item_filter f = *l->f;
    struct list_work x = *l;
    const struct kind *k;
    struct err none;
    f.text = f.state = S("");
    x.f = &f;
    if (!is_bare(&x) || f.open > 0 || (l->box && l->box != BOX_DONE))
        return false;
    if (!l->f->state.n)
        return true;
    size_t i = f.kind.n && kinds_newest(l->by->kinds, l->db, f.kind, &k, &none) == OK
                   ? kind_state_of(k, l->f->state)
                   : SIZE_MAX;
    return i != SIZE_MAX && k->states[i].closed;
}

static uint64_t key_of_list(const struct list_work *l)
{
    const struct item_filter *f = l->f;
    struct str what = arena_printf(l->a, "%d|%lld|%lld|%d|%.*s|%.*s|%.*s", (int)l->box,
        (long long)l->watch, (long long)l->opener, f->open, SF(f->kind), SF(f->state), SF(f->text));
    return plenty_key(l->by, &l->seen, what);
}

/* In whatever order is the cheapest, and by the database. */
static enum code count(struct list_work *l, int64_t *total, struct err *e)
{
    size_t limit = l->limit;
    struct item_filter f = *l->f;
    const struct item_filter *given = l->f;
    uint64_t key = lasts(l) ? key_of_list(l) : 0;
    int64_t n = 0;
    *total = -1;
    if (key && plenty_known(key))
        return OK;
    f.sort = SORT_OPENED;
    l->f = &f;
    l->v = NULL;
    l->n = l->cap = 0;
    l->limit = key ? PLENTY_LIMIT : ITEM_TOTAL_EXACT + 1;
    enum code c = run_count(l, e);
    for (size_t i = 0; i < l->n; i++)
        n += l->v[i].id;
    if (key && c == OK)
        plenty_note(key, n);
    *total = n > ITEM_TOTAL_EXACT ? -1 : n;
    l->f = given;
    l->limit = limit;
    return c;
}

/* ---- pages ---- */

static void due_begin(const struct list_work *l, struct list_key *k)
{
    k->number = l->f->due_from_ms - 1;
    k->id = INT64_MAX;
    k->total = -1;
}

static void due_end(struct list_work *l)
{
    size_t n = 0;
    while (n < l->n && l->v[n].number < l->f->due_to_ms)
        n++;
    l->n = n;
}

/* Where the page begins. */
static enum code begin(const struct list_work *l, struct list_key *k, struct err *e)
{
    const struct item_filter *f = l->f;
    if (f->after.n)
        return key_read(f->after, k) ? OK : FAIL(e, E_INPUT, "翻页的位置不对，请回到第一页");
    *k = first_key(l, 0, f->descending);
    k->total = -1;
    if (list_by_due(f))
        due_begin(l, k);
    return OK;
}

static bool counts(const struct list_work *l)
{
    return !l->f->after.n && !l->f->uncounted && !list_by_due(l->f);
}

/* With a condition that no index drives (a word of the title, say) page and count look at the same rows one by one: where the page is not full they
 * have all been seen, and need not be looked at again. Without one the count is cheap, and the page's plan wants it (sorts_rows). */
static bool page_first(const struct list_work *l)
{
    return !is_bare(l) && phases_of(l) == 1;
}

static enum code gather_then_count(struct list_work *l, struct list_key *k, struct err *e)
{
    TRY(gather(l, *k, e));
    if (l->n < l->limit) {
        k->total = (int64_t)l->n;
        return OK;
    }
    struct list_work page = *l;
    TRY(count(l, &k->total, e));
    *l = page;
    return OK;
}

/* Up to `limit` rows of the list, and where it began, with how many there are. */
static enum code find(struct list_work *l, struct db *db, struct arena *a, const struct actor *by,
    const struct item_filter *f, size_t limit, struct list_key *k, struct err *e)
{
    TRY(list_init(l, db, a, by, f, e));
    l->limit = limit;
    TRY(begin(l, k, e));
    if (counts(l) && page_first(l))
        return gather_then_count(l, k, e);
    if (counts(l))
        TRY(count(l, &k->total, e));
    TRY(gather(l, *k, e));
    if (list_by_due(f))
        due_end(l);
    return OK;
}

enum code item_list(struct db *db, struct arena *a, const struct actor *by,
    const struct item_filter *f, size_t limit, struct item_page *out, struct err *e)
{
    struct list_work l;
    struct list_key k;
    int64_t ids[ITEM_PAGE_MAX];
    limit = limit < 1 ? 1 : limit > ITEM_PAGE_MAX ? ITEM_PAGE_MAX : limit;
    TRY(find(&l, db, a, by, f, limit + 1, &k, e));
    struct item_page p = {.total = k.total};
    size_t n = l.n < limit ? l.n : limit;
    for (size_t i = 0; i < n; i++)
        ids[i] = l.v[i].id;
    TRY(item_load(db, a, by, &l.seen, ids, n, &p.items, &p.n, e));
    if (l.n > limit) {
        const struct list_row *r = &l.v[limit - 1];
        p.next = arena_printf(a, "%d.%lld.%lld.%lld.%.*s", r->phase, (long long)r->number,
            (long long)r->id, (long long)k.total, SF(r->text));
    }
    *out = p;
    return OK;
}

enum code item_list_ids(struct db *db, struct arena *a, const struct actor *by,
    const struct item_filter *f, size_t limit, int64_t **ids, size_t *n, struct err *e)
{
    struct list_work l;
    TRY(list_init(&l, db, a, by, f, e));
    l.limit = limit;
    TRY(gather(&l, first_key(&l, 0, f->descending), e));
    *ids = ARENA_ARRAY(a, int64_t, l.n + 1);
    for (*n = 0; *n < l.n; ++*n)
        (*ids)[*n] = l.v[*n].id;
    return OK;
}

enum code item_list_keys(struct db *db, struct arena *a, const struct actor *by,
    const struct item_filter *f, size_t limit, struct item_key **out, size_t *n, struct err *e)
{
    struct list_work l;
    struct list_key k;
    TRY(find(&l, db, a, by, f, limit, &k, e));
    struct item_key *v = ARENA_ARRAY(a, struct item_key, l.n + 1);
    for (size_t i = 0; i < l.n; i++)
        v[i] = (struct item_key){l.v[i].id, l.v[i].number};
    *out = v;
    *n = l.n;
    return OK;
}
