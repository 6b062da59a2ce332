/* The cells of a ledger: fields to text, with the names of whoever and whatever stands in them.
 *
 * Names are read once for a page: first every row says which it needs, then each noun gives them by the dozen, then the cells
 * are written. A document or item whose title the viewer may not see is only said to be there. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "office/document.h"
#include "office/item_int.h"
#include "office/ledger.h"
#include "office/many.h"
#include "office/rulebook.h"

enum { ASKED_AT_ONCE = 16, VERSIONS_MAX = 100 };
enum noun { NOUN_PERSON = 0, NOUN_UNIT, NOUN_DOCUMENT, NOUN_ITEM, N_NOUN };

struct entry {
    int64_t id;
    struct str text;
};
struct book {
    struct entry *v;
    size_t n, cap;
};
struct page {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    const struct ledger *l;
    const size_t *columns;
    size_t n_columns;
    struct book books[N_NOUN];
};

/* ---- names ---- */

static enum noun noun_of(enum field_type t)
{
    switch (t) {
    case FIELD_PERSON:
    case FIELD_PEOPLE:
        return NOUN_PERSON;
    case FIELD_UNIT:
    case FIELD_UNITS:
        return NOUN_UNIT;
    case FIELD_DOCUMENT:
        return NOUN_DOCUMENT;
    case FIELD_ITEM:
        return NOUN_ITEM;
    case FIELD_TEXT:
    case FIELD_LONGTEXT:
    case FIELD_NUMBER:
    case FIELD_DATE:
    case FIELD_DATETIME:
    case FIELD_CHOICE:
    case FIELD_RULE:
    case FIELD_PASSAGE:
    case FIELD_FILE:
    case FIELD_TABLE:
    case N_FIELD_TYPE:
        break;
    }
    return N_NOUN;
}

static int by_id(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    return (a->id > b->id) - (a->id < b->id);
}

static void want(struct page *p, enum noun noun, int64_t id)
{
    struct book *b = &p->books[noun];
    if (id > 0)
        ARENA_PUSH(p->a, b->v, b->n, b->cap) = (struct entry){.id = id};
}

static int64_t id_of(const json_t *v)
{
    struct err none;
    int64_t id = 0;
    struct str s = {json_string_value(v), json_string_length(v)};
    if (!json_is_string(v) || str_int(s, &id, &none) != OK)
        return 0;
    return id;
}

/* NOLINTNEXTLINE(misc-no-recursion): the columns of a table are of simple types, one level */
static void want_value(struct page *p, const struct kind_field *f, const json_t *v)
{
    enum noun noun = noun_of(f->type);
    if (f->type == FIELD_TABLE) {
        for (size_t i = 0; i < json_array_size(v); i++)
            for (size_t k = 0; k < f->n_columns; k++)
                want_value(p, &f->columns[k],
                    json_object_getn(json_array_get(v, i), f->columns[k].id.p, f->columns[k].id.n));
    } else if (noun < N_NOUN && json_is_array(v)) {
        for (size_t i = 0; i < json_array_size(v); i++)
            want(p, noun, id_of(json_array_get(v, i)));
    } else if (noun < N_NOUN && v) {
        want(p, noun, id_of(v));
    }
}

static void set_down(struct page *p, struct book *b, struct stmt *q)
{
    while (stmt_step(q)) {
        struct entry key = {.id = stmt_int(q, 0)};
        struct entry *at = bsearch(&key, b->v, b->n, sizeof(*b->v), by_id);
        if (at)
            at->text = arena_str(p->a, stmt_str(q, 1));
    }
}

#define SIXTEEN "(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16)"

#define PERSON_NAMES DB_PLAN_ONCE "SELECT id, name FROM person WHERE id IN " SIXTEEN
#define UNIT_NAMES   DB_PLAN_ONCE "SELECT id, short_name FROM unit WHERE id IN " SIXTEEN

/* Names of persons and units: no secret to whoever sees the item. */
static enum code look_up(struct page *p, enum noun noun, struct err *e)
{
    struct book *b = &p->books[noun];
    for (size_t at = 0; at < b->n; at += ASKED_AT_ONCE) {
        struct stmt *q =
            noun == NOUN_PERSON ? db_sql(p->db, PERSON_NAMES) : db_sql(p->db, UNIT_NAMES);
        for (size_t i = 0; i < ASKED_AT_ONCE; i++)
            stmt_bind_int(q, (int)i + 1, at + i < b->n ? b->v[at + i].id : 0);
        set_down(p, b, q);
        TRY(stmt_end(q, e));
    }
    return OK;
}

static enum code look_up_documents(struct page *p, struct err *e)
{
    struct book *b = &p->books[NOUN_DOCUMENT];
    for (size_t at = 0; at < b->n; at += DOCUMENT_MANY) {
        int64_t ids[DOCUMENT_MANY];
        struct document *v;
        size_t n = b->n - at < DOCUMENT_MANY ? b->n - at : DOCUMENT_MANY, found;
        for (size_t i = 0; i < n; i++)
            ids[i] = b->v[at + i].id;
        TRY(document_get_many(p->db, p->a, ids, n, &v, &found, e));
        for (size_t i = 0; i < found; i++) {
            struct entry key = {.id = v[i].id};
            struct entry *to = bsearch(&key, b->v, b->n, sizeof(*b->v), by_id);
            bool may = false;
            TRY(access_document(
                p->db, p->by->v, v[i].id, (int)v[i].level, v[i].registrar, &may, e));
            if (to && may)
                to->text = v[i].title;
        }
    }
    return OK;
}

static enum code look_up_items(struct page *p, struct err *e)
{
    struct book *b = &p->books[NOUN_ITEM];
    for (size_t i = 0; i < b->n; i++) {
        struct item it;
        enum code c = item_get(p->db, p->a, p->by, b->v[i].id, &it, e);
        if (c != OK && c != E_NOTFOUND)
            return c;
        if (c == OK)
            b->v[i].text = it.number.n
                               ? arena_printf(p->a, "%.*s %.*s", SF(it.number), SF(it.title))
                               : it.title;
    }
    return OK;
}

static enum code look_up_all(struct page *p, struct err *e)
{
    for (int noun = 0; noun < N_NOUN; noun++) {
        struct book *b = &p->books[noun];
        size_t n = 0;
        if (b->n)
            qsort(b->v, b->n, sizeof(*b->v), by_id);
        for (size_t i = 0; i < b->n; i++)
            if (n == 0 || b->v[n - 1].id != b->v[i].id)
                b->v[n++] = b->v[i];
        b->n = n;
    }
    TRY(look_up(p, NOUN_PERSON, e));
    TRY(look_up(p, NOUN_UNIT, e));
    TRY(look_up_documents(p, e));
    return look_up_items(p, e);
}

static struct str name_of(const struct page *p, enum noun noun, int64_t id)
{
    static const char *const unseen[N_NOUN] = {
        "", "", "（有文件，您不能查看）", "（有事项，您不能查看）"};
    const struct book *b = &p->books[noun];
    struct entry key = {.id = id};
    const struct entry *at = b->n ? bsearch(&key, b->v, b->n, sizeof(*b->v), by_id) : NULL;
    if (!at || !id)
        return S("");
    return at->text.n ? at->text : str_z(unseen[noun]);
}

/* ---- one value ---- */

static double day_value(struct str iso, bool *real)
{
    struct day d;
    *real = day_from_iso(iso, &d);
    return *real ? (double)day_num(d) : 0;
}

/* "2026-07-13 09:30" on the wall: minutes since 1970 there. */
static double minute_value(struct str s, bool *real)
{
    struct err none;
    int64_t ms = 0;
    *real = clock_parse(s, 0, &ms, &none) == OK;
    ms /= MS_MINUTE;
    return *real ? (double)ms : 0;
}

static double number_value(struct str s, bool *real)
{
    char z[64], *end = z;
    double v;
    *real = false;
    if (!s.n || s.n >= sizeof(z))
        return 0;
    memcpy(z, s.p, s.n);
    z[s.n] = '\0';
    v = strtod(z, &end);
    *real = *end == '\0' && isfinite(v);
    return v;
}

static void set_real(struct ledger_cell *c, enum ledger_type t)
{
    if (t == LEDGER_NUMBER)
        c->value = number_value(c->text, &c->real);
    else if (t == LEDGER_DAY)
        c->value = day_value(c->text, &c->real);
    else if (t == LEDGER_MINUTE)
        c->value = minute_value(c->text, &c->real);
}

static struct str text_of(const json_t *v)
{
    if (json_is_object(v))
        return jr_str(v, "text");
    return json_is_string(v) ? (struct str){json_string_value(v), json_string_length(v)} : S("");
}

static void write_value(
    const struct page *p, const struct kind_field *f, const json_t *v, struct buf *b);

/* 目标：开工；期限：2026-08-01 */
/* NOLINTNEXTLINE(misc-no-recursion): as above */
static void write_table_row(
    const struct page *p, const struct kind_field *f, const json_t *row, struct buf *b)
{
    bool first = true;
    for (size_t k = 0; k < f->n_columns; k++) {
        const struct kind_field *col = &f->columns[k];
        const json_t *cell = json_object_getn(row, col->id.p, col->id.n);
        if (!cell)
            continue;
        buf_z(b, first ? "" : "；");
        buf_str(b, col->name);
        buf_z(b, "：");
        write_value(p, col, cell, b);
        first = false;
    }
}

static void write_names(const struct page *p, enum noun noun, const json_t *v, struct buf *b)
{
    if (!json_is_array(v))
        buf_str(b, name_of(p, noun, id_of(v)));
    for (size_t i = 0; i < json_array_size(v); i++) {
        buf_z(b, i ? "、" : "");
        buf_str(b, name_of(p, noun, id_of(json_array_get(v, i))));
    }
}

/* NOLINTNEXTLINE(misc-no-recursion): as above */
static void write_value(
    const struct page *p, const struct kind_field *f, const json_t *v, struct buf *b)
{
    enum noun noun = noun_of(f->type);
    size_t n = json_array_size(v);
    if (f->type == FIELD_FILE && n) {
        buf_printf(b, "%zu个附件", n);
    } else if (f->type == FIELD_TABLE) {
        for (size_t i = 0; i < n; i++) {
            buf_z(b, i ? "\n" : "");
            write_table_row(p, f, json_array_get(v, i), b);
        }
    } else if (noun < N_NOUN) {
        write_names(p, noun, v, b);
    } else if (f->type == FIELD_RULE) {
        buf_str(b, rule_words(p->a, text_of(v)));
    } else {
        buf_str(b, text_of(v));
    }
}

static struct str cut(struct page *p, const struct buf *b)
{
    struct str s = buf_view(b);
    if (s.n <= LEDGER_CELL_BYTES)
        return arena_str(p->a, s);
    size_t n = LEDGER_CELL_BYTES;
    while (n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
        n--;
    return arena_printf(p->a, "%.*s……（全文过长，请打开事项查看）", (int)n, s.p);
}

static struct str minute(struct page *p, int64_t ms)
{
    struct buf b;
    if (!ms)
        return S("");
    buf_init(&b, 64);
    clock_write_minute(&b, ms, ZONE_CHINA);
    struct str s = arena_str(p->a, buf_view(&b));
    buf_release(&b);
    return s;
}

/* ---- one row ---- */

struct loaded {
    const struct item *it;
    const struct kind *k; /* the version it keeps */
    json_t *fields;
};

static struct str own_text(struct page *p, const struct loaded *x, enum ledger_own own)
{
    const struct item *it = x->it;
    size_t state;
    switch (own) {
    case OWN_NUMBER:
        return it->number;
    case OWN_TITLE: {
        const struct kind_field *f = x->k->title == SIZE_MAX ? NULL : &x->k->fields[x->k->title];
        struct str full = f ? text_of(json_object_getn(x->fields, f->id.p, f->id.n)) : S("");
        return full.n ? full : it->title;
    }
    case OWN_STATE:
        state = kind_state_of(x->k, it->state);
        return state == SIZE_MAX ? it->state : x->k->states[state].name;
    case OWN_LIGHT:
        return it->light_text.n ? it->light_text : str_z(light_name(it->light));
    case OWN_URGENCY:
        return it->urgency ? str_z(item_urgency_name(it->urgency)) : S("");
    case OWN_OWNER:
        return name_of(p, NOUN_PERSON, it->owner);
    case OWN_UNIT:
        return name_of(p, NOUN_UNIT, it->unit);
    case OWN_OPENED:
        return minute(p, it->opened_ms);
    case OWN_CLOSED:
        return minute(p, it->closed_ms);
    case OWN_DUE:
        return minute(p, it->due_ms);
    case OWN_LEVEL:
        return str_z(doc_level_name((enum doc_level)it->level));
    case OWN_FIELD:
    case N_OWN:
        break;
    }
    return S("");
}

/* The field as the version of the item knows it: one of that name and type, or nothing. */
static const json_t *field_value(
    const struct loaded *x, const struct kind_field *f, const struct kind_field **own)
{
    size_t at = kind_field_of(x->k, f->id);
    if (at == SIZE_MAX || x->k->fields[at].type != f->type)
        return NULL;
    *own = &x->k->fields[at];
    return json_object_getn(x->fields, f->id.p, f->id.n);
}

static void write_row(struct page *p, const struct loaded *x, struct ledger_row *row)
{
    row->id = x->it->id;
    row->title = x->it->title;
    row->cells = ARENA_ARRAY(p->a, struct ledger_cell, p->n_columns + 1);
    for (size_t i = 0; i < p->n_columns; i++) {
        const struct ledger_column *c = &p->l->columns[p->columns[i]];
        struct ledger_cell *cell = &row->cells[i];
        const struct kind_field *f = NULL;
        const json_t *v;
        struct buf b;
        if (c->own) {
            cell->text = own_text(p, x, c->own);
            cell->light = c->own == OWN_LIGHT ? x->it->light : LIGHT_NONE;
        } else if ((v = field_value(x, c->field, &f))) {
            buf_init(&b, 0);
            write_value(p, f, v, &b);
            cell->text = cut(p, &b);
            buf_release(&b);
        }
        set_real(cell, c->type);
    }
}

static void want_row(struct page *p, const struct loaded *x)
{
    for (size_t i = 0; i < p->n_columns; i++) {
        const struct ledger_column *c = &p->l->columns[p->columns[i]];
        const struct kind_field *f = NULL;
        const json_t *v;
        if (c->own == OWN_OWNER)
            want(p, NOUN_PERSON, x->it->owner);
        else if (c->own == OWN_UNIT)
            want(p, NOUN_UNIT, x->it->unit);
        else if (!c->own && (v = field_value(x, c->field, &f)))
            want_value(p, f, v);
    }
}

static void drop_json(void *arg)
{
    json_decref(arg);
}

enum code ledger_read(struct db *db, struct arena *a, const struct actor *by,
    const struct ledger *l, const struct ledger_query *q, size_t limit, struct ledger_page *out,
    struct err *e)
{
    struct page p = {
        .db = db, .a = a, .by = by, .l = l, .columns = q->columns, .n_columns = q->n_columns};
    struct item_filter f = q->f;
    struct item_page items;
    struct loaded *rows;
    f.step = q->figure ? &q->step : NULL;
    TRY(item_list(db, a, by, &f, limit, &items, e));
    rows = ARENA_ARRAY(a, struct loaded, items.n + 1);
    for (size_t i = 0; i < items.n; i++) {
        rows[i].it = &items.items[i];
        TRY(kinds_get(by->kinds, db, l->k->id, items.items[i].kind_version, &rows[i].k, e));
        TRY(jr_parse(items.items[i].fields, &rows[i].fields, e));
        arena_defer(a, drop_json, rows[i].fields);
        want_row(&p, &rows[i]);
    }
    TRY(look_up_all(&p, e));
    *out = (struct ledger_page){.rows = ARENA_ARRAY(a, struct ledger_row, items.n + 1),
        .n = items.n,
        .total = items.total,
        .next = items.next};
    for (size_t i = 0; i < items.n; i++)
        write_row(&p, &rows[i], &out->rows[i]);
    return OK;
}

/* ---- at the foot ---- */

/* Decimals, exactly: whole numbers and millionths, of one sign. */
struct total {
    int64_t whole, millionths, n;
    bool over;
};

static void total_add(struct total *t, struct str s)
{
    bool minus = str_eat(&s, S("-"));
    struct str whole = s, places = S("");
    struct err none;
    int64_t w = 0, m = 0;
    (void)str_cut(s, S("."), &whole, &places);
    if (str_int(whole, &w, &none) != OK)
        return;
    for (size_t i = 0; i < 6; i++)
        m = m * 10 + (i < places.n ? places.p[i] - '0' : 0);
    t->over = t->over || __builtin_add_overflow(t->whole, minus ? -w : w, &t->whole);
    t->millionths += minus ? -m : m;
    t->n++;
}

static struct str total_text(struct arena *a, struct total t)
{
    int64_t whole = t.whole + t.millionths / 1000000, m = t.millionths % 1000000;
    struct str s;
    if (t.over)
        return S("数值过大");
    if (whole > 0 && m < 0) {
        whole--;
        m += 1000000;
    } else if (whole < 0 && m > 0) {
        whole++;
        m -= 1000000;
    }
    s = arena_printf(a, "%s%lld.%06lld", whole == 0 && m < 0 ? "-" : "", (long long)whole,
        (long long)(m < 0 ? -m : m));
    while (str_eat_end(&s, S("0")))
        ;
    (void)str_eat_end(&s, S("."));
    return s;
}

static struct str mean_text(struct arena *a, struct total t)
{
    double mean = t.n ? ((double)t.whole + (double)t.millionths / 1e6) / (double)t.n : 0;
    return t.n && !t.over ? arena_printf(a, "%.2f", mean) : S("");
}

static void sum_page(struct total *totals, const struct ledger_page *page, size_t n)
{
    for (size_t i = 0; i < page->n; i++)
        for (size_t k = 0; k < n; k++)
            if (page->rows[i].cells[k].real)
                total_add(&totals[k], page->rows[i].cells[k].text);
}

/* Through all pages, as they are shown; the columns of `q` are the numbers alone. */
static enum code sum_shown(
    struct page *p, struct ledger_query *q, struct total *totals, struct err *e)
{
    struct ledger_page page;
    struct arena scratch;
    enum code c = OK;
    q->f.after = S("");
    arena_init(&scratch);
    do {
        c = ledger_read(p->db, &scratch, p->by, p->l, q, ITEM_PAGE_MAX, &page, e);
        if (c == OK && page.total < 0)
            c = FAIL(e, E_LIMIT, "超过%d件，不合计，请先筛选", ITEM_TOTAL_EXACT);
        if (c != OK)
            break;
        sum_page(totals, &page, q->n_columns);
        q->f.after = arena_str(p->a, page.next);
        arena_clear(&scratch);
    } while (q->f.after.n);
    arena_release(&scratch);
    return c;
}

/* In every version of the kind that has it, the field is a number that everybody sees who sees it now: its rows of item_value are what
 * the pages would show. */
static bool is_same_always(const struct page *p, const struct kind_field *f, bool *fits)
{
    const struct kind *k;
    struct err none;
    for (int64_t version = p->l->k->version; *fits && version > 0; version--) {
        *fits = version <= VERSIONS_MAX &&
                kinds_get(p->by->kinds, p->db, p->l->k->id, version, &k, &none) == OK;
        size_t at = *fits ? kind_field_of(k, f->id) : SIZE_MAX;
        if (at != SIZE_MAX)
            *fits = k->fields[at].type == f->type && k->fields[at].see.n == 0;
    }
    return *fits;
}

static enum code sum_column(struct page *p, const struct kind_field *f, const int64_t *ids,
    size_t n, struct total *t, struct err *e)
{
    for (size_t i = 0; i < n; i += MANY) {
        struct stmt *q =
            db_sql(p->db, DB_PLAN_ONCE "SELECT text FROM item_value WHERE field = ?101 AND"
                                       " position = 0 AND item IN (" MANY_IDS ")");
        many_bind(q, 1, ids + i, n - i < MANY ? n - i : MANY);
        stmt_bind_str(q, 101, f->id);
        while (stmt_step(q))
            total_add(t, stmt_str(q, 0));
        TRY(stmt_end(q, e));
    }
    return OK;
}

static enum code sum_all(
    struct page *p, struct ledger_query *q, struct total *totals, struct err *e)
{
    struct item_filter f = q->f;
    bool fits = true;
    int64_t *ids;
    size_t n;
    for (size_t i = 0; i < q->n_columns; i++)
        (void)is_same_always(p, p->l->columns[q->columns[i]].field, &fits);
    if (!fits)
        return sum_shown(p, q, totals, e);
    f.after = S("");
    f.step = q->figure ? &q->step : NULL;
    f.sort = SORT_OPENED;
    TRY(item_list_ids(p->db, p->a, p->by, &f, ITEM_TOTAL_EXACT + 1, &ids, &n, e));
    if (n > ITEM_TOTAL_EXACT)
        return FAIL(e, E_LIMIT, "超过%d件，不合计，请先筛选", ITEM_TOTAL_EXACT);
    for (size_t i = 0; i < q->n_columns; i++)
        TRY(sum_column(p, p->l->columns[q->columns[i]].field, ids, n, &totals[i], e));
    return OK;
}

enum code ledger_sums(struct db *db, struct arena *a, const struct actor *by,
    const struct ledger *l, const struct ledger_query *q, struct ledger_sum **out, size_t *n,
    struct err *e)
{
    struct page p = {.db = db, .a = a, .by = by, .l = l};
    struct ledger_query numbers = *q;
    struct total totals[LEDGER_COLUMNS_MAX] = {{.n = 0}};
    numbers.n_columns = 0;
    for (size_t i = 0; i < q->n_columns; i++)
        if (l->columns[q->columns[i]].averages)
            numbers.columns[numbers.n_columns++] = q->columns[i];
    *n = 0;
    if (!numbers.n_columns)
        return OK;
    TRY(sum_all(&p, &numbers, totals, e));
    *out = ARENA_ARRAY(a, struct ledger_sum, numbers.n_columns);
    for (size_t i = 0; i < numbers.n_columns; i++)
        (*out)[(*n)++] = (struct ledger_sum){.column = numbers.columns[i],
            .n = totals[i].n,
            .sum = l->columns[numbers.columns[i]].sums ? total_text(a, totals[i]) : S(""),
            .mean = mean_text(a, totals[i])};
    return OK;
}
