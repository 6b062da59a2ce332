/* Lists of items: boxes and ledgers, by key.
 *
 * Each list is driven by the index that has it in order; the other conditions are looked at row by row. Boxes of a person are the rows of
 * item_grant of his principals (himself, the unit he acts for, his roles): each is read in order, and they are merged here. A sort
 * that no index of a box gives sorts the box. No JSON is looked into. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "office/document.h"
#include "office/item_plenty.h"
#include "office/key.h"
#include "office/sql_text.h"

enum { UNITS_MERGED = 40 };

/* ---- SQL ---- */

/* Where these stand in a statement, run() writes the conditions that this list has (compose): what is not asked for costs nothing in each
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

enum driver {
    BY_GRANT,       /* each principal, any box */
    BY_GRANT_PLAIN, /* each principal, one box, whatever lies in it */
    BY_GRANT_BOX,   /* each principal, one box */
    BY_UNIT,        /* one unit */
    BY_OPENER,
    BY_OPENED,
    BY_KIND,
    BY_STATE,
    BY_LIGHT,      /* what shows one colour, by opening */
    BY_LIGHT_KIND, /* of a kind, by opening */
    BY_LIGHT_DUE,  /* by due */
    BY_VALUE_IS,
    BY_DUE,
    BY_KIND_DUE,
    BY_NUMBER,
    BY_VALUE,
    WITHOUT_VALUE,
    BOX_DUE,
    BOX_NUMBER,
    BOX_VALUE,
    BOX_WITHOUT_VALUE,
    BOX_COUNT,          /* how many there are */
    BOX_COUNT_PLAIN,    /* in a box, without a condition on the item */
    BOX_COUNT_OWN,      /* of the person alone, which is most often more than is counted */
    BOX_COUNT_ROWS,     /* in no box, by what the rows know */
    BOX_COUNT_ROWS_ONE, /* of one principal */
    BY_STATE_THEN,
    BY_CLOSED,
    BY_URGENCY,
    BY_OWNER,
    BY_OF_UNIT,
    BY_TITLE,
    BOX_STATE_THEN, /* in the order of those of a kind */
    BOX_CLOSED,
    BOX_URGENCY,
    BOX_OWNER,
    BOX_OF_UNIT,
    BOX_TITLE,
    N_DRIVER
};
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

/* ---- a list in work ---- */

struct row {
    int64_t id, number;
    struct str text;
    int phase;
};
struct key {
    int phase; /* sorts that are made of several drivers, one behind the other */
    int64_t number, id, total;
    struct str text;
};
/* One principal of the viewer, as seen_bind binds him. */
struct branch {
    int kind, param;
};
struct list {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    const struct item_filter *f;
    struct seen seen;
    int64_t watch, opener;
    enum item_box box; /* of item_grant; BOX_ALL: none */
    enum light_colour light;
    int no_light;
    bool runs;          /* the state that is asked for ends no item */
    bool counting;      /* run() gives one row: how many there are, up to the limit */
    enum driver driver; /* of the statement that is being written */
    struct branch branch;
    struct row *v;
    size_t n, cap, limit;
};

/* What is due in a span is read from its beginning to its end in the order of the index: that takes no condition, and no count. */
static bool by_due(const struct item_filter *f)
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

static void bind_more(struct stmt *q, const struct list *l)
{
    const struct item_filter *f = l->f;
    stmt_bind_int(q, 42, f->urgency);
    bool read = by_due(f);
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

static void bind(struct stmt *q, const struct list *l, const struct key *k, struct str like)
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
static void add_filter(struct buf *b, const struct list *l)
{
    const struct item_filter *f = l->f;
    bool read = by_due(f), lit = l->driver >= BY_LIGHT && l->driver <= BY_LIGHT_DUE;
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
static bool needs_boxed(const struct list *l)
{
    return l->box == BOX_READ || l->box == BOX_DOING;
}

/* A box has its own index. What runs is little and has one, in which the kind is looked at: nothing that has ended shows a light. */
static void add_row(struct buf *b, const struct list *l)
{
    bool runs = l->runs || l->f->open > 0 || (l->light && !l->no_light);
    if (l->box)
        return;
    add_if(b, runs, " AND x.stage = 1");
    add_if(b, l->f->kind.n && runs, " AND x.item_kind || '' = ?21");
    add_if(b, l->f->kind.n && !runs, " AND x.item_kind = ?21");
}

static void add_mark(struct buf *b, const struct list *l, char mark)
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
static bool plans_once(const struct list *l)
{
    return l->f->n_where == 0 && !(l->f->step && l->f->step->what);
}

static void write_out(struct buf *b, const struct list *l, const char *text)
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
static size_t branches_of(const struct list *l, struct branch *v)
{
    static const int kinds[] = {GRANT_PERSON, GRANT_UNIT, GRANT_CHIEF};
    uint32_t roles = seen_roles(&l->seen);
    size_t n = 0;
    for (int i = 0; i < SEAT_PLACES; i++) {
        bool is = i == 0;
        for (int which = 0; which < 3; which++)
            is = is || seen_seat(&l->seen, i, which);
        for (int which = 0; is && which < 3; which++)
            v[n++] = (struct branch){kinds[which], 2 + which * SEAT_PLACES + i};
    }
    for (int i = 0; i < ROLE_BITS; i++)
        if (roles & 1U << i)
            v[n++] = (struct branch){GRANT_ROLE, 14 + i};
    return n;
}

/* The rows of each of his principals in one statement: it is as many questions to PostgreSQL less. */
static void write_branches(struct buf *b, struct list *l, const char *text)
{
    struct branch v[3 * SEAT_PLACES + ROLE_BITS];
    size_t n = branches_of(l, v);
    for (size_t i = 0; i < n; i++) {
        l->branch = v[i];
        buf_z(b, i ? " UNION ALL SELECT * FROM (" : "SELECT * FROM (");
        write_out(b, l, text);
        buf_printf(b, ") b%zu", i);
    }
}

static void compose(struct buf *b, struct list *l, const char *text)
{
    add_if(b, plans_once(l), DB_PLAN_ONCE);
    add_if(b, l->counting, "SELECT count(*), 0, '' FROM (");
    if (l->driver <= BY_GRANT_BOX)
        write_branches(b, l, text);
    else
        write_out(b, l, text);
    add_if(b, l->counting, ") t");
}

static enum code run(struct list *l, enum driver d, bool down, const struct key *k, int64_t kind,
    int64_t principal, struct err *e)
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
        ARENA_PUSH(l->a, l->v, l->n, l->cap) = (struct row){.id = stmt_int(q, 0),
            .number = stmt_int(q, 1),
            .text = arena_str(l->a, stmt_str(q, 2))};
    return stmt_end(q, e);
}

static int by_number(const void *x, const void *y)
{
    const struct row *a = x, *b = y;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

/* Rows of several branches in one order, each item once. */
static void merge(struct list *l, bool down)
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
        struct row t = l->v[i];
        l->v[i] = l->v[n - 1 - i];
        l->v[n - 1 - i] = t;
    }
    l->n = n < l->limit ? n : l->limit;
}

static bool is_plain(const struct list *l);

static enum code run_principals(struct list *l, bool down, const struct key *k, struct err *e)
{
    TRY(run(l, is_plain(l) ? BY_GRANT_PLAIN : l->box ? BY_GRANT_BOX : BY_GRANT, down, k, 0, 0, e));
    merge(l, down);
    return OK;
}

/* The unit and those below, while they are few; *n UNITS_MERGED + 1 for many. */
static enum code units_below(struct list *l, int64_t *v, size_t *n, struct err *e)
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

static enum code run_watch(struct list *l, bool down, const struct key *k, struct err *e)
{
    int64_t units[UNITS_MERGED + 1];
    size_t n;
    TRY(units_below(l, units, &n, e));
    if (n > UNITS_MERGED)
        return run(l, l->f->kind.n ? BY_KIND : BY_OPENED, down, k, 0, 0, e);
    for (size_t i = 0; i < n; i++)
        TRY(run(l, BY_UNIT, down, k, GRANT_UNIT, units[i], e));
    merge(l, down);
    return OK;
}

/* By rows of item_grant alone: a box of his, or a viewer whose role opens nothing. */
static bool by_rows(const struct list *l)
{
    return l->box || l->seen.level < 0;
}

static enum code run_opened(struct list *l, bool down, const struct key *k, struct err *e)
{
    const struct item_filter *f = l->f;
    if (by_rows(l))
        return run_principals(l, down, k, e);
    if (l->opener)
        return run(l, BY_OPENER, down, k, 0, 0, e);
    if (l->light)
        return run(l, f->kind.n ? BY_LIGHT_KIND : BY_LIGHT, down, k, 0, 0, e);
    if (f->field.n && f->kind.n)
        return run(l, BY_VALUE_IS, down, k, 0, 0, e);
    if (l->watch)
        return run_watch(l, down, k, e);
    if (f->kind.n && f->state.n)
        return run(l, BY_STATE, down, k, 0, 0, e);
    return run(l, f->kind.n ? BY_KIND : BY_OPENED, down, k, 0, 0, e);
}

/* No condition but on the kind and whether it runs. */
static bool is_bare(const struct list *l)
{
    const struct item_filter *f = l->f;
    return !l->light && !f->calm && !f->state.n && !f->owner && !f->unit && !f->opened_from_ms &&
           !f->opened_to_ms && !f->text.n && !f->field.n && !f->urgency && !f->due_from_ms &&
           !f->due_to_ms && !f->closed_from_ms && !f->closed_to_ms && !f->n_where &&
           !(f->step && f->step->what);
}

/* To sort all his rows costs more than to look, in the order of a kind, for those that he sees, once these are many; where they lie all
 * together in that order (his unit, himself, what a field names) it does not. */
static bool sorts_rows(const struct list *l, const struct key *k)
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

static enum code run_due(struct list *l, bool down, const struct key *k, struct err *e)
{
    if (sorts_rows(l, k))
        return run(l, BOX_DUE, down, k, 0, 0, e);
    if (l->light)
        return run(l, BY_LIGHT_DUE, down, k, 0, 0, e);
    return run(l, l->f->kind.n ? BY_KIND_DUE : BY_DUE, down, k, 0, 0, e);
}

/* ---- phases ---- */

static int phases_of(const struct list *l)
{
    if (l->f->sort == SORT_FIELD)
        return 2; /* those that have the field, then the others */
    return l->f->sort == SORT_LIGHT && !l->f->light ? LIGHT_RED + 1 : 1;
}

static enum code run_phase(struct list *l, int phase, bool down, const struct key *k, struct err *e)
{
    switch (l->f->sort) {
    case SORT_OPENED:
        return run_opened(l, down, k, e);
    case SORT_DUE:
        return run_due(l, down, k, e);
    case SORT_NUMBER:
        return run(l, sorts_rows(l, k) ? BOX_NUMBER : BY_NUMBER, down, k, 0, 0, e);
    case SORT_FIELD:
        if (phase == 0)
            return run(l, by_rows(l) ? BOX_VALUE : BY_VALUE, down, k, 0, 0, e);
        return run(l, by_rows(l) ? BOX_WITHOUT_VALUE : WITHOUT_VALUE, down, k, 0, 0, e);
    case SORT_STATE:
    case SORT_CLOSED:
    case SORT_URGENCY:
    case SORT_OWNER:
    case SORT_UNIT:
    case SORT_TITLE: {
        int first = sorts_rows(l, k) ? BOX_STATE_THEN : BY_STATE_THEN;
        return run(l, (enum driver)(first + (int)(l->f->sort - SORT_STATE)), down, k, 0, 0, e);
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

static struct key first_key(const struct list *l, int phase, bool down)
{
    bool turned = down && l->f->sort != SORT_LIGHT;
    return (struct key){.phase = phase,
        .number = turned ? INT64_MAX : INT64_MIN,
        .id = turned ? INT64_MAX : INT64_MIN,
        .text = turned ? S("\xF4\x8F\xBF\xBF") : S("")};
}

/* Up to l->limit rows behind the key, through the phases. */
static enum code gather(struct list *l, struct key k, struct err *e)
{
    bool down = l->f->descending;
    struct row *all = NULL;
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
static bool reads_everywhere(const struct list *l, const struct kind_field *f)
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
    const struct list *l, const struct kind *k, struct str field, struct err *e)
{
    size_t i = k && field.n ? kind_field_of(k, field) : SIZE_MAX;
    if (i != SIZE_MAX && !reads_everywhere(l, &k->fields[i]))
        return FAIL(
            e, E_DENIED, "“%.*s”只对部分人员可见，不能按它筛选和排序", SF(k->fields[i].name));
    return OK;
}

/* What is hidden in some item is neither filter nor sort key: by the newest version of the kind. */
static enum code check_fields(struct list *l, struct err *e)
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
static bool state_runs(const struct list *l)
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

static enum code list_init(struct list *l, struct db *db, struct arena *a, const struct actor *by,
    const struct item_filter *f, struct err *e)
{
    *l = (struct list){.db = db, .a = a, .by = by, .f = f, .light = f->light};
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
static bool key_read(struct str s, struct key *k)
{
    int64_t v[4];
    struct err none;
    for (int i = 0; i < 4; i++) {
        struct str piece;
        if (!str_cut(s, S("."), &piece, &s) || str_int(piece, &v[i], &none) != OK)
            return false;
    }
    *k = (struct key){.phase = (int)v[0], .number = v[1], .id = v[2], .total = v[3], .text = s};
    return v[0] >= 0 && v[0] <= LIGHT_RED && utf8_check(s) == SIZE_MAX;
}

/* A box, and no condition on what lies in it. */
static bool is_plain(const struct list *l)
{
    return l->box && !l->f->kind.n && !l->f->open && is_bare(l);
}

/* His rows know all that is asked for. */
static bool rows_know(const struct list *l)
{
    return !l->box && !l->watch && !l->opener && l->f->open >= 0 && is_bare(l);
}

/* One of his principals has more than is counted, most often; else an item may be there for several. */
static enum code count_rows(struct list *l, const struct key *k, struct err *e)
{
    static const int kinds[] = {GRANT_PERSON, GRANT_UNIT};
    for (int which = 0; which < 2; which++) {
        l->n = 0;
        TRY(run(l, BOX_COUNT_ROWS_ONE, false, k, kinds[which], seen_seat(&l->seen, 0, which), e));
        if (l->n && l->v[0].id > ITEM_TOTAL_EXACT)
            return OK;
    }
    l->n = 0;
    return run(l, BOX_COUNT_ROWS, false, k, 0, 0, e);
}

static enum code run_count(struct list *l, struct err *e)
{
    struct key first = first_key(l, 0, false);
    if (is_plain(l) && l->box == BOX_DONE) {
        TRY(run(l, BOX_COUNT_OWN, false, &first, 0, 0, e));
        if (l->n && l->v[0].id > ITEM_TOTAL_EXACT)
            return OK;
        l->n = 0;
    }
    if (by_rows(l) && rows_know(l))
        return count_rows(l, &first, e);
    if (by_rows(l))
        return run(l, is_plain(l) ? BOX_COUNT_PLAIN : BOX_COUNT, false, &first, 0, 0, e);
    l->counting = true; /* branches, where there are several, are of different items */
    enum code c = run_opened(l, false, &first, e);
    l->counting = false;
    return c;
}

/* A list that only grows: no condition that an item leaves as the days go by. */
static bool lasts(const struct list *l)
{
    struct item_filter f = *l->f;
    struct list x = *l;
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

static uint64_t key_of_list(const struct list *l)
{
    const struct item_filter *f = l->f;
    struct str what = arena_printf(l->a, "%d|%lld|%lld|%d|%.*s|%.*s|%.*s", (int)l->box,
        (long long)l->watch, (long long)l->opener, f->open, SF(f->kind), SF(f->state), SF(f->text));
    return plenty_key(l->by, &l->seen, what);
}

/* In whatever order is the cheapest, and by the database. */
static enum code count(struct list *l, int64_t *total, struct err *e)
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

static void due_begin(const struct list *l, struct key *k)
{
    k->number = l->f->due_from_ms - 1;
    k->id = INT64_MAX;
    k->total = -1;
}

static void due_end(struct list *l)
{
    size_t n = 0;
    while (n < l->n && l->v[n].number < l->f->due_to_ms)
        n++;
    l->n = n;
}

/* Where the page begins, with how many there are. */
static enum code begin(struct list *l, struct key *k, struct err *e)
{
    const struct item_filter *f = l->f;
    if (f->after.n)
        return key_read(f->after, k) ? OK : FAIL(e, E_INPUT, "翻页的位置不对，请回到第一页");
    *k = first_key(l, 0, f->descending);
    k->total = -1;
    if (by_due(f))
        due_begin(l, k);
    else if (!f->uncounted)
        TRY(count(l, &k->total, e));
    return OK;
}

/* Up to `limit` rows of the list, and where it began. */
static enum code find(struct list *l, struct db *db, struct arena *a, const struct actor *by,
    const struct item_filter *f, size_t limit, struct key *k, struct err *e)
{
    TRY(list_init(l, db, a, by, f, e));
    l->limit = limit;
    TRY(begin(l, k, e));
    TRY(gather(l, *k, e));
    if (by_due(f))
        due_end(l);
    return OK;
}

enum code item_list(struct db *db, struct arena *a, const struct actor *by,
    const struct item_filter *f, size_t limit, struct item_page *out, struct err *e)
{
    struct list l;
    struct key k;
    int64_t ids[ITEM_PAGE_MAX];
    limit = limit < 1 ? 1 : limit > ITEM_PAGE_MAX ? ITEM_PAGE_MAX : limit;
    TRY(find(&l, db, a, by, f, limit + 1, &k, e));
    struct item_page p = {.total = k.total};
    size_t n = l.n < limit ? l.n : limit;
    for (size_t i = 0; i < n; i++)
        ids[i] = l.v[i].id;
    TRY(item_load(db, a, by, &l.seen, ids, n, &p.items, &p.n, e));
    if (l.n > limit) {
        const struct row *r = &l.v[limit - 1];
        p.next = arena_printf(a, "%d.%lld.%lld.%lld.%.*s", r->phase, (long long)r->number,
            (long long)r->id, (long long)k.total, SF(r->text));
    }
    *out = p;
    return OK;
}

enum code item_list_ids(struct db *db, struct arena *a, const struct actor *by,
    const struct item_filter *f, size_t limit, int64_t **ids, size_t *n, struct err *e)
{
    struct list l;
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
    struct list l;
    struct key k;
    TRY(find(&l, db, a, by, f, limit, &k, e));
    struct item_key *v = ARENA_ARRAY(a, struct item_key, l.n + 1);
    for (size_t i = 0; i < l.n; i++)
        v[i] = (struct item_key){l.v[i].id, l.v[i].number};
    *out = v;
    *n = l.n;
    return OK;
}
