/* The statements of a list: each driver's, with the conditions that this list has written in. */
#include "office/item_list_int.h"
#include "office/key.h"
#include "office/sql_text.h"

/* Where these stand in a statement, list_run() writes the conditions that this list has (compose): what is not asked for costs nothing in each
 * of the thousands of rows that are counted, and leaves the index to be read alone. BOXED: x is the id of the item. */
#define SEEN_BY  "\x01"
#define FILTER   "\x02"
#define IN_BOX   "\x03" BOXED("i.id")
#define BOXED(x) "\x04" x "\x04"
#define PLACED   "\x05"
#define THE_BOX  "\x06"
#define OF_ROW   "\x07" /* x: what a row of item_grant knows of its item */
#define OF_ONE   "\x08" /* x: of the principal of this branch */

#define LIT \
    "SELECT 1 FROM item_light l WHERE l.item = i.id AND l.from_at <= ?30 AND l.until_at > ?30"
#define VALUE_IS                                                                        \
    " AND EXISTS (SELECT 1 FROM item_value f WHERE f.item = i.id AND f.field = ?31 AND" \
    " f.sort = ?32)"
/* One of item_filter.where: four parameters each, from ?49 to ?68. */
#define WHERE_ONE(field, from, to, like)                                                     \
    " AND EXISTS (SELECT 1 FROM item_value o WHERE o.item = i.id AND o.field = " field       \
    " AND o.sort >= " from " AND (" to " = '' OR o.sort <= " to ") AND (" like " = '' OR o." \
    "text LIKE " like " ESCAPE '\\'))"
static const char *const where_sql[ITEM_WHERE_MAX] = {WHERE_ONE("?49", "?50", "?51", "?52"),
    WHERE_ONE("?53", "?54", "?55", "?56"), WHERE_ONE("?57", "?58", "?59", "?60"),
    WHERE_ONE("?61", "?62", "?63", "?64"), WHERE_ONE("?65", "?66", "?67", "?68")};
enum { WHERE_FIRST = 49, SORT_FIELD_AT = 81 };
#define STEP_IS " AND EXISTS (SELECT 1 FROM item_step s WHERE s.item = i.id AND " STEP_FITS ")"
/* ?37: a box; an item lies in the most pressing one of all its principals. */
/* A value, not NOT EXISTS, for the reason of SEEN. */
#define MORE_PRESSING_HEAD " AND (SELECT 1 FROM item_grant y WHERE y.item = "
#define MORE_PRESSING_TAIL " AND y.box > 0 AND y.box < ?37 AND " WHO("y") " LIMIT 1) IS NULL"
#define BOX_HAS \
    " AND EXISTS (SELECT 1 FROM item_grant b WHERE b.item = i.id AND b.box = ?37 AND " WHO("b") ")"
/* ?38: a unit and those below. */
#define UNIT_DOWN                                                                    \
    " AND i.unit IN (WITH RECURSIVE down(id) AS (SELECT id FROM unit WHERE id = ?38" \
    " UNION SELECT u.id FROM unit u JOIN down ON u.parent = down.id) SELECT id FROM down)"
#define REST SEEN_BY FILTER IN_BOX PLACED
/* ?33 text, ?34 number, ?35 id: the key of the row before; ?40, ?41: of one branch. The last parameter is named everywhere, so that
 * all can be bound. */
#define KEYS " AND ?81 = ?81"
#define BY_INT(col, op, dir)                                                             \
    " AND (" col ", i.id) " op " (?34, ?35)" KEYS " ORDER BY " col " " dir ", i.id " dir \
    " LIMIT ?36"
#define BY_TEXT(col, op, dir)                                                            \
    " AND (" col ", i.id) " op " (?33, ?35)" KEYS " ORDER BY " col " " dir ", i.id " dir \
    " LIMIT ?36"
#define BOTH_INT(head, col)                                         \
    {                                                               \
        head BY_INT(col, ">", "ASC"), head BY_INT(col, "<", "DESC") \
    }
#define BOTH_TEXT(head, col)                                          \
    {                                                                 \
        head BY_TEXT(col, ">", "ASC"), head BY_TEXT(col, "<", "DESC") \
    }

#define BY_BOTH(col, op, dir)                                                             \
    " AND (" col ", i.opened, i.id) " op " (?33, ?34, ?35)" KEYS " ORDER BY " col " " dir \
    ", i.opened " dir ", i.id " dir " LIMIT ?36"
#define BOTH_BOTH(head, col)                                          \
    {                                                                 \
        head BY_BOTH(col, ">", "ASC"), head BY_BOTH(col, "<", "DESC") \
    }
#define OF_KIND(key) "SELECT i.id, " key " FROM item i WHERE i.kind = ?21" REST

/* The rows of one principal, in the order of the index. */
#define GRANTS(more)                                                      \
    "SELECT i.id, x.opened, '' FROM item_grant x CROSS JOIN item i WHERE" \
    " i.id = x.item" OF_ONE more OF_ROW FILTER BOXED("x.item") PLACED
/* ... of a box, on which there is no condition: what was given up lies in none. */
#define GRANTS_PLAIN \
    "SELECT x.item, x.opened, '' FROM item_grant x WHERE x.box = ?37" OF_ONE BOXED("x.item")
#define GRANT_KEYS(op, dir)                                                                    \
    " AND (x.opened, x.item) " op " (?34, ?35)" KEYS " ORDER BY x.opened " dir ", x.item " dir \
    " LIMIT ?36"
/* One value of a field, in the order of the index. */
#define VALUES_IN_ORDER(op, dir)                                                                   \
    "SELECT i.id, w.opened, '' FROM item_value w CROSS JOIN item i WHERE i.id = w.item AND "       \
    "w.kind = "                                                                                    \
    "?21 AND w.field = ?31 AND w.sort = ?32" REST " AND (w.opened, w.item) " op " (?34, ?35)" KEYS \
    " ORDER BY w.opened " dir ", w.item " dir " LIMIT ?36"
/* One colour of a kind, in the order of the index. */
#define LIGHTS_IN_ORDER(op, dir)                                                               \
    "SELECT i.id, z.opened, '' FROM item_light z CROSS JOIN item i WHERE i.id = z.item AND"    \
    " z.item_kind = ?21 AND z.colour = ?29 AND z.until_at > ?30 AND z.from_at <= ?30" REST     \
    " AND (z.opened, z.item) " op " (?34, ?35)" KEYS " ORDER BY z.opened " dir ", z.item " dir \
    " LIMIT ?36"
/* Everything in a box, or that is seen by a row: for the other sorts. */
#define BOX(key)                                                                                   \
    "WITH " WHO_TABLE " SELECT i.id, " key " FROM (SELECT DISTINCT x.item FROM w CROSS JOIN"       \
    " item_grant x WHERE x.kind = w.kind AND x.principal = w.principal" THE_BOX OF_ROW ") o CROSS" \
    " JOIN item i"
#define BOX_REST " WHERE i.id = o.item" FILTER BOXED("i.id") PLACED
#define COUNT(join, more)                                                                      \
    "WITH " WHO_TABLE " SELECT count(*), 0, '' FROM (SELECT DISTINCT x.item FROM w CROSS JOIN" \
    " item_grant x" join                                                                       \
    " WHERE x.kind = w.kind AND x.principal = w.principal" THE_BOX OF_ROW more BOXED("x.item") \
        KEYS " LIMIT ?36) t"
#define VALUE " JOIN item_value v ON v.item = i.id AND v.field = ?81 AND v.position = 0"
/* In the order of the index: what bears the same value by opening. */
#define VALUES                                                                                  \
    "SELECT i.id, v.opened, v.sort FROM item_value v CROSS JOIN item i WHERE i.id = v.item AND" \
    " v.kind = ?21 AND v.field = ?81 AND v.position = 0" REST
#define BY_SORT(op, dir)                                                                  \
    " AND (v.sort, v.opened, v.item) " op " (?33, ?34, ?35)" KEYS " ORDER BY v.sort " dir \
    ", v.opened " dir ", v.item " dir " LIMIT ?36"
#define NO_VALUE                                                                        \
    " AND NOT EXISTS (SELECT 1 FROM item_value v WHERE v.item = i.id AND v.field = ?81" \
    " AND v.position = 0)"

_Static_assert(LIGHT_YELLOW == 3 && LIGHT_RED == 4, "add_filter names them by number");

static const char *const sql[N_DRIVER][2] = {
    [BY_GRANT] = {GRANTS("") GRANT_KEYS(">", "ASC"), GRANTS("") GRANT_KEYS("<", "DESC")},
    [BY_GRANT_PLAIN] = {GRANTS_PLAIN GRANT_KEYS(">", "ASC"), GRANTS_PLAIN GRANT_KEYS("<", "DESC")},
    [BY_GRANT_BOX] = {GRANTS(" AND x.box = ?37") GRANT_KEYS(">", "ASC"),
        GRANTS(" AND x.box = ?37") GRANT_KEYS("<", "DESC")},
    [BY_UNIT] =
        BOTH_INT("SELECT i.id, i.opened, '' FROM item i WHERE i.unit = ?41" REST, "i.opened"),
    [BY_OPENER] =
        BOTH_INT("SELECT i.id, i.opened, '' FROM item i WHERE i.opener = ?39" REST, "i.opened"),
    [BY_OPENED] = BOTH_INT("SELECT i.id, i.opened, '' FROM item i WHERE 1 = 1" REST, "i.opened"),
    [BY_KIND] =
        BOTH_INT("SELECT i.id, i.opened, '' FROM item i WHERE i.kind = ?21" REST, "i.opened"),
    [BY_STATE] =
        BOTH_INT("SELECT i.id, i.opened, '' FROM item i WHERE i.kind = ?21 AND i.state = ?22" REST,
            "i.opened"),
    [BY_LIGHT] = BOTH_INT(
        "SELECT i.id, i.opened, '' FROM item_light z CROSS JOIN item i"
        " WHERE i.id = z.item AND z.colour = ?29 AND z.until_at > ?30 AND z.from_at <= ?30" REST,
        "i.opened"),
    [BY_LIGHT_KIND] = {LIGHTS_IN_ORDER(">", "ASC"), LIGHTS_IN_ORDER("<", "DESC")},
    [BY_LIGHT_DUE] = BOTH_INT(
        "SELECT i.id, i.due, '' FROM item_light z CROSS JOIN item i"
        " WHERE i.id = z.item AND z.colour = ?29 AND z.until_at > ?30 AND z.from_at <= ?30" REST,
        "i.due"),
    [BY_VALUE_IS] = {VALUES_IN_ORDER(">", "ASC"), VALUES_IN_ORDER("<", "DESC")},
    [BY_DUE] = BOTH_INT("SELECT i.id, i.due, '' FROM item i WHERE 1 = 1" REST, "i.due"),
    [BY_KIND_DUE] = BOTH_INT("SELECT i.id, i.due, '' FROM item i WHERE i.kind = ?21" REST, "i.due"),
    [BY_NUMBER] =
        BOTH_TEXT("SELECT i.id, 0, i.number FROM item i WHERE i.kind = ?21" REST, "i.number"),
    [BY_VALUE] = {VALUES BY_SORT(">", "ASC"), VALUES BY_SORT("<", "DESC")},
    [WITHOUT_VALUE] = BOTH_INT(
        "SELECT i.id, i.opened, '' FROM item i WHERE i.kind = ?21" NO_VALUE REST, "i.opened"),
    [BOX_DUE] = BOTH_INT(BOX("i.due, ''") BOX_REST, "i.due"),
    [BOX_NUMBER] = BOTH_TEXT(BOX("0, i.number") BOX_REST, "i.number"),
    [BOX_VALUE] = {BOX("v.opened, v.sort") VALUE BOX_REST BY_SORT(">", "ASC"),
        BOX("v.opened, v.sort") VALUE BOX_REST BY_SORT("<", "DESC")},
    [BOX_WITHOUT_VALUE] = BOTH_INT(BOX("i.opened, ''") BOX_REST NO_VALUE, "i.opened"),
    [BOX_COUNT] = {COUNT(" CROSS JOIN item i", " AND i.id = x.item" FILTER PLACED)},
    [BOX_COUNT_PLAIN] = {COUNT("", "")},
    [BOX_COUNT_ROWS] = {COUNT("", " AND x.stage >= 0")},
    [BOX_COUNT_ROWS_ONE] = {"SELECT count(*), 0, '' FROM (SELECT 1 FROM item_grant x WHERE"
                            " x.kind = ?40 AND x.principal = ?41 AND x.stage >= 0" OF_ROW KEYS
                            " LIMIT ?36) t"},
    [BOX_COUNT_OWN] = {"SELECT count(*), 0, '' FROM (SELECT 1 FROM item_grant x WHERE x.kind = 1"
                       " AND x.principal = ?2 AND x.box = ?37" KEYS " LIMIT ?36) t"},
    [BY_STATE_THEN] = BOTH_BOTH(OF_KIND("i.opened, i.state"), "i.state"),
    [BY_CLOSED] = BOTH_INT(OF_KIND("i.closed, ''"), "i.closed"),
    [BY_URGENCY] = BOTH_INT(OF_KIND("i.urgency, ''"), "i.urgency"),
    [BY_OWNER] = BOTH_INT(OF_KIND("i.owner, ''"), "i.owner"),
    [BY_OF_UNIT] = BOTH_INT(OF_KIND("i.unit, ''"), "i.unit"),
    [BY_TITLE] = BOTH_TEXT(OF_KIND("0, i.title"), "i.title"),
    [BOX_STATE_THEN] = BOTH_BOTH(BOX("i.opened, i.state") BOX_REST, "i.state"),
    [BOX_CLOSED] = BOTH_INT(BOX("i.closed, ''") BOX_REST, "i.closed"),
    [BOX_URGENCY] = BOTH_INT(BOX("i.urgency, ''") BOX_REST, "i.urgency"),
    [BOX_OWNER] = BOTH_INT(BOX("i.owner, ''") BOX_REST, "i.owner"),
    [BOX_OF_UNIT] = BOTH_INT(BOX("i.unit, ''") BOX_REST, "i.unit"),
    [BOX_TITLE] = BOTH_TEXT(BOX("0, i.title") BOX_REST, "i.title"),
};

bool list_by_due(const struct item_filter *f)
{
    return f->uncounted && f->due_to_ms && f->sort == SORT_DUE && !f->descending;
}

/* A span of instants, where either end is given: what bears none of them lies outside. */
static void bind_span(struct stmt *q, int at, int64_t from, int64_t to)
{
    stmt_bind_int(q, at, from != 0 || to != 0);
    stmt_bind_int(q, at + 1, from > 1 ? from : 1);
    stmt_bind_int(q, at + 2, to ? to : ITEM_NO_DUE);
}

static void bind_more(struct stmt *q, const struct list_work *l)
{
    const struct item_filter *f = l->f;
    stmt_bind_int(q, 42, f->urgency);
    bool read = list_by_due(f);
    bind_span(q, 43, read ? 0 : f->due_from_ms, read ? 0 : f->due_to_ms);
    bind_span(q, 46, f->closed_from_ms, f->closed_to_ms);
    for (int i = 0; i < ITEM_WHERE_MAX; i++) {
        struct item_where none = {.field = S("")}, x = (size_t)i < f->n_where ? f->where[i] : none;
        stmt_bind_str(q, WHERE_FIRST + i * 4, x.field);
        stmt_bind_str(q, WHERE_FIRST + i * 4 + 1, x.from);
        stmt_bind_str(q, WHERE_FIRST + i * 4 + 2, x.to);
        stmt_bind_str(q, WHERE_FIRST + i * 4 + 3, x.text.n ? key_like(l->a, x.text) : S(""));
    }
}

static void bind(
    struct stmt *q, const struct list_work *l, const struct list_key *k, struct str like)
{
    const struct item_filter *f = l->f;
    seen_bind(q, &l->seen);
    stmt_bind_str(q, 21, f->kind);
    stmt_bind_str(q, 22, f->state);
    stmt_bind_int(q, 23, f->owner);
    stmt_bind_int(q, 24, f->unit);
    stmt_bind_int(q, 25, f->open);
    stmt_bind_int(q, 26, f->opened_from_ms ? f->opened_from_ms : INT64_MIN);
    stmt_bind_int(q, 27, f->opened_to_ms ? f->opened_to_ms : INT64_MAX);
    stmt_bind_str(q, 28, like);
    stmt_bind_int(q, 29, l->no_light ? -1 : (int64_t)l->light);
    stmt_bind_int(q, 30, l->by->now_ms);
    stmt_bind_str(q, 31, f->field);
    stmt_bind_str(q, 32, f->value);
    stmt_bind_str(q, 33, k->text);
    stmt_bind_int(q, 34, k->number);
    stmt_bind_int(q, 35, k->id);
    stmt_bind_int(q, 36, (int64_t)l->limit);
    stmt_bind_int(q, 37, l->box);
    stmt_bind_int(q, 38, l->watch);
    stmt_bind_int(q, 39, l->opener);
    bind_more(q, l);
    step_bind(q, f->step);
}

/* ---- the statement of a list ---- */

static void add_if(struct buf *b, bool is, const char *sql_text)
{
    if (is)
        buf_z(b, sql_text);
}

/* The sum keeps SQLite from walking through all lights of a colour for each item. */
static void add_filter(struct buf *b, const struct list_work *l)
{
    const struct item_filter *f = l->f;
    bool read = list_by_due(f), lit = l->driver >= BY_LIGHT && l->driver <= BY_LIGHT_DUE;
    buf_z(b, " AND i.gone = 0");
    add_if(b, f->kind.n, " AND i.kind = ?21");
    add_if(b, f->state.n, " AND i.state = ?22");
    add_if(b, f->owner, " AND i.owner = ?23");
    add_if(b, f->unit, " AND i.unit = ?24");
    add_if(b, f->open > 0, " AND i.closed = 0");
    add_if(b, f->open < 0, " AND i.closed <> 0");
    add_if(b, f->opened_from_ms, " AND i.opened >= ?26");
    add_if(b, f->opened_to_ms, " AND i.opened < ?27");
    add_if(b, f->text.n, " AND (i.title LIKE ?28 ESCAPE '\\' OR i.number LIKE ?28 ESCAPE '\\')");
    add_if(b, !l->no_light && l->light && !lit, " AND EXISTS (" LIT " AND l.colour + 0 = ?29)");
    add_if(b, l->no_light, " AND NOT EXISTS (" LIT ")");
    add_if(b, f->calm, " AND NOT EXISTS (" LIT " AND l.colour + 0 >= 3)"); /* LIGHT_YELLOW */
    add_if(b, f->field.n && l->driver != BY_VALUE_IS, VALUE_IS);
    add_if(b, f->urgency, " AND i.urgency = ?42 - 1");
    add_if(b, !read && (f->due_from_ms || f->due_to_ms), " AND i.due >= ?44 AND i.due < ?45");
    add_if(b, f->closed_from_ms || f->closed_to_ms, " AND i.closed >= ?47 AND i.closed < ?48");
    for (size_t i = 0; i < f->n_where; i++)
        buf_z(b, where_sql[i]);
    add_if(b, f->step && f->step->what, STEP_IS);
}

/* Nothing presses more than 待办, and what is done lies in one box alone. */
static bool needs_boxed(const struct list_work *l)
{
    return l->box == BOX_READ || l->box == BOX_DOING;
}

/* A box has its own index. What runs is little and has one, in which the kind is looked at: nothing that has ended shows a light. */
static void add_row(struct buf *b, const struct list_work *l)
{
    bool runs = l->runs || l->f->open > 0 || (l->light && !l->no_light);
    if (l->box)
        return;
    add_if(b, runs, " AND x.stage = 1");
    add_if(b, l->f->kind.n && runs, " AND x.item_kind || '' = ?21");
    add_if(b, l->f->kind.n && !runs, " AND x.item_kind = ?21");
}

static void add_mark(struct buf *b, const struct list_work *l, char mark)
{
    if (mark == *SEEN_BY && !l->by->v->owner)
        buf_z(b, SEEN);
    else if (mark == *FILTER)
        add_filter(b, l);
    else if (mark == '\x03')
        add_if(b, l->box, BOX_HAS);
    else if (mark == *THE_BOX)
        add_if(b, l->box, " AND x.box = ?37");
    else if (mark == *OF_ROW)
        add_row(b, l);
    else if (mark == *OF_ONE)
        buf_printf(b, " AND x.kind = %d AND x.principal = ?%d", l->branch.kind, l->branch.param);
    else if (mark == *PLACED) {
        add_if(b, l->watch, UNIT_DOWN);
        add_if(b, l->opener, " AND i.opener = ?39");
    }
}

/* Each driver names the index that it reads in order; only STEP_FITS and WHERE_ONE have conditions that values switch. */
static bool plans_once(const struct list_work *l)
{
    return l->f->n_where == 0 && !(l->f->step && l->f->step->what);
}

static void write_out(struct buf *b, const struct list_work *l, const char *text)
{
    struct str s = str_z(text), head, x;
    while (s.n) {
        if (s.p[0] == '\x04') {
            (void)str_eat(&s, S("\x04"));
            (void)str_cut(s, S("\x04"), &x, &s);
            if (needs_boxed(l))
                buf_printf(b, MORE_PRESSING_HEAD "%.*s" MORE_PRESSING_TAIL, SF(x));
            continue;
        }
        size_t n = 0;
        while (n < s.n && (unsigned char)s.p[n] > *OF_ONE)
            n++;
        head = str_sub(s, 0, n);
        buf_str(b, head);
        s = str_sub(s, n, s.n);
        if (s.n && s.p[0] != '\x04') {
            add_mark(b, l, s.p[0]);
            s = str_sub(s, 1, s.n);
        }
    }
}

/* His principals. So that there are few different statements, a place is there for the unit and the chief of each person, whether he acts for one
 * or not. */
static size_t branches_of(const struct list_work *l, struct list_branch *v)
{
    static const int kinds[] = {GRANT_PERSON, GRANT_UNIT, GRANT_CHIEF};
    uint32_t roles = seen_roles(&l->seen);
    size_t n = 0;
    for (int i = 0; i < SEAT_PLACES; i++) {
        bool is = i == 0;
        for (int which = 0; which < 3; which++)
            is = is || seen_seat(&l->seen, i, which);
        for (int which = 0; is && which < 3; which++)
            v[n++] = (struct list_branch){kinds[which], 2 + which * SEAT_PLACES + i};
    }
    for (int i = 0; i < ROLE_BITS; i++)
        if (roles & 1U << i)
            v[n++] = (struct list_branch){GRANT_ROLE, 14 + i};
    return n;
}

/* The rows of each of his principals in one statement: it is as many questions to PostgreSQL less. */
static void write_branches(struct buf *b, struct list_work *l, const char *text)
{
    struct list_branch v[3 * SEAT_PLACES + ROLE_BITS];
    size_t n = branches_of(l, v);
    for (size_t i = 0; i < n; i++) {
        l->branch = v[i];
        buf_z(b, i ? " UNION ALL SELECT * FROM (" : "SELECT * FROM (");
        write_out(b, l, text);
        buf_printf(b, ") b%zu", i);
    }
}

static void compose(struct buf *b, struct list_work *l, const char *text)
{
    add_if(b, plans_once(l), DB_PLAN_ONCE);
    add_if(b, l->counting, "SELECT count(*), 0, '' FROM (");
    if (l->driver <= BY_GRANT_BOX)
        write_branches(b, l, text);
    else
        write_out(b, l, text);
    add_if(b, l->counting, ") t");
}

enum code list_run(struct list_work *l, enum list_driver d, bool down, const struct list_key *k,
    int64_t kind, int64_t principal, struct err *e)
{
    struct buf b;
    buf_init(&b, 0);
    l->driver = d;
    compose(&b, l, sql[d][down]);
    const char *text = sql_text(buf_view(&b));
    buf_release(&b);
    if (!text)
        return FAIL(e, E_LIMIT, "筛选的组合太多，请减少条件");
    struct stmt *q = db_sql(l->db, text);
    bind(q, l, k, l->f->text.n ? key_like(l->a, l->f->text) : S(""));
    stmt_bind_int(q, 40, kind);
    stmt_bind_int(q, 41, principal);
    stmt_bind_str(q, SORT_FIELD_AT, l->f->sort_field);
    while (stmt_step(q))
        ARENA_PUSH(l->a, l->v, l->n, l->cap) = (struct list_row){.id = stmt_int(q, 0),
            .number = stmt_int(q, 1),
            .text = arena_str(l->a, stmt_str(q, 2))};
    return stmt_end(q, e);
}
