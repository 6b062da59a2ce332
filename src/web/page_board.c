/* page_board.c - a kind as a board (看板), a column for each of its states; and the lights of all kinds beside each other. Every number is
 * counted by the list of the ledger that it leads to, so that they cannot differ. */
#include "office/ledger.h"
#include "web/item_rows.h"
#include "web/ledger_link.h"
#include "web/route.h"
#include "web/rows.h"

/* The pressing ones are looked for among the oldest of a column, as in a long 待办. */
enum { CARDS = 6, CARDS_CLOSED = 3, LOOKED = 100, BAR = 1000 };

struct board {
    struct ctx *c;
    struct db *db;
    const struct actor *by;
    struct ledger l;
    struct ledger_query q;
    const struct item *mine; /* of this kind, what waits for the viewer */
    size_t n_mine;
    struct page_board *p;
};

static bool waits_for_me(const struct board *b, int64_t id)
{
    for (size_t i = 0; i < b->n_mine; i++)
        if (b->mine[i].id == id)
            return true;
    return false;
}

static struct str board_path(struct board *b, const char *below)
{
    return arena_printf(b->c->a, "/ledgers/%.*s%s", SF(b->l.k->id), below);
}

/* The first items of a column, and how many there are. */
static enum code read_column(struct board *b, const struct kind_state *s, struct item **out,
    size_t *n, int64_t *total, struct err *e)
{
    struct item_filter f = b->q.f;
    struct item_page page;
    f.state = s->id;
    f.sort = SORT_OPENED;
    f.descending = s->closed;
    TRY(item_list(b->db, b->c->a, b->by, &f, s->closed ? CARDS_CLOSED : LOOKED, &page, e));
    if (!s->closed)
        items_by_light(page.items, page.n);
    *out = page.items;
    *n = page.n < CARDS ? page.n : CARDS;
    *total = page.total;
    return OK;
}

static void put_column(struct board *b, const struct kind_state *s, size_t n, int64_t total)
{
    struct ledger_word w = {S("state"), s->id};
    b->p->columns[b->p->n_columns++] = (struct board_column){.state = s->id,
        .name = s->name,
        .closed = s->closed,
        .count = total,
        .count_text = count_words(b->c->a, total),
        .cards = ARENA_ARRAY(b->c->a, struct board_card, n + 1),
        .n_cards = n,
        .more = total < 0 ? -1 : total - (int64_t)n,
        .link = ledger_link(b->c, board_path(b, ""), &w, 1)};
}

/* All cards of all columns are made at once. */
static enum code put_cards(struct board *b, const struct item *v, size_t n, struct err *e)
{
    struct item_row *rows;
    size_t at = 0;
    struct str back = ledger_link(b->c, board_path(b, "/board"), NULL, 0);
    TRY(item_lines(b->c->a, b->db, b->by, v, n, back, &rows, e));
    for (size_t i = 0; i < b->p->n_columns; i++)
        for (size_t k = 0; k < b->p->columns[i].n_cards; k++, at++)
            b->p->columns[i].cards[k] = (struct board_card){rows[at], waits_for_me(b, rows[at].id)};
    return OK;
}

static bool shows(const struct board *b, const struct kind_state *s)
{
    if (b->q.f.state.n && !str_eq(b->q.f.state, s->id))
        return false;
    return b->q.f.open == 0 || (b->q.f.open > 0) == !s->closed;
}

static enum code fill_columns(struct board *b, int64_t *counted, struct err *e)
{
    const struct kind *k = b->l.k;
    struct item *all = ARENA_ARRAY(b->c->a, struct item, k->n_states * CARDS + 1);
    size_t n_all = 0;
    b->p->columns = ARENA_ARRAY(b->c->a, struct board_column, k->n_states + 1);
    *counted = 0;
    for (size_t i = 0; i < k->n_states; i++) {
        struct item *v;
        int64_t total;
        size_t n;
        if (!shows(b, &k->states[i]))
            continue;
        TRY(read_column(b, &k->states[i], &v, &n, &total, e));
        put_column(b, &k->states[i], n, total);
        for (size_t j = 0; j < n; j++)
            all[n_all++] = v[j];
        *counted = total < 0 || *counted < 0 ? -1 : *counted + total;
    }
    return put_cards(b, all, n_all, e);
}

/* Running items keep the version they began under, whose states may be gone from the newest. */
static enum code fill_others(struct board *b, int64_t counted, struct err *e)
{
    struct item_page page;
    struct item_filter f = b->q.f;
    if (counted < 0 || f.state.n)
        return OK;
    f.sort = SORT_OPENED;
    TRY(item_list(b->db, b->c->a, b->by, &f, 1, &page, e));
    if (page.total > counted)
        b->p->others = page.total - counted;
    return OK;
}

static enum code read_mine(struct board *b, struct err *e)
{
    struct item_filter f = {.box = BOX_TODO, .kind = b->l.k->id, .uncounted = true};
    struct item_page page;
    TRY(item_list(b->db, b->c->a, b->by, &f, ITEM_PAGE_MAX, &page, e));
    b->mine = page.items;
    b->n_mine = page.n;
    return OK;
}

static enum code make_board(struct board *b, struct err *e)
{
    struct page_board *p = b->p;
    int64_t counted;
    TRY(ledger_open(b->db, b->by, ledger_kind(b->c), &b->l, e));
    TRY(ledger_asked(b->c, b->db, b->by, &b->l, S(""), &b->q, e));
    b->q.f.after = S("");
    p->kind = b->l.k->id;
    p->name = b->l.k->name;
    p->q = b->q.f.text;
    p->box = req_query(b->c->r, "box");
    p->said = b->q.said;
    p->any = b->q.any || p->box.n;
    p->ledger_link = p->others_link = ledger_link(b->c, board_path(b, ""), NULL, 0);
    TRY(read_mine(b, e));
    TRY(fill_columns(b, &counted, e));
    return fill_others(b, counted, e);
}

enum code page_board(struct ctx *c, struct err *e)
{
    struct page_board p = {0};
    struct board b = {.c = c, .by = ctx_actor(c), .p = &p};
    TRY(store_read(c->app->office->store, &b.db, e));
    enum code code = make_board(&b, e);
    store_read_end(b.db);
    TRY(code);
    show_board(c, &p);
    return OK;
}

/* ---- lights of all kinds ---- */

static const struct {
    const char *key, *name;
    enum light_colour colour; /* none: neither red nor yellow */
} parts[] = {{"red", "红灯", LIGHT_RED}, {"yellow", "黄灯", LIGHT_YELLOW},
    {"calm", "没有红灯黄灯", LIGHT_NONE}};
enum { PARTS = sizeof(parts) / sizeof(*parts) };

static int64_t at_least(int64_t n)
{
    return n < 0 ? ITEM_TOTAL_EXACT + 1 : n;
}

static int64_t together(int64_t a, int64_t b)
{
    int64_t n = at_least(a) + at_least(b);
    return n > ITEM_TOTAL_EXACT ? -1 : n;
}

static enum code count_kind(struct ctx *c, struct db *db, struct light_kind *k, struct err *e)
{
    k->parts = ARENA_ARRAY(c->a, struct light_part, PARTS);
    for (size_t i = 0; i < PARTS; i++) {
        struct item_page page;
        struct item_filter f = {.kind = k->kind,
            .open = 1,
            .light = parts[i].colour,
            .calm = parts[i].colour == LIGHT_NONE};
        TRY(item_list(db, c->a, ctx_actor(c), &f, 1, &page, e));
        k->parts[k->n_parts++] = (struct light_part){.light = str_z(parts[i].key),
            .name = str_z(parts[i].name),
            .count = page.total,
            .count_text = count_words(c->a, page.total),
            .link = arena_printf(c->a, "/ledgers/%.*s?open=1&light=%s", SF(k->kind), parts[i].key)};
        k->total = together(k->total, page.total);
    }
    k->total_text = count_words(c->a, k->total);
    return OK;
}

/* The longest bar fills its room; what is there at all is seen. */
static void draw(struct light_kind *k, int64_t most)
{
    int64_t from = 0;
    for (size_t i = 0; i < k->n_parts; i++) {
        int64_t n = at_least(k->parts[i].count), width = most ? n * BAR / most : 0;
        k->parts[i].from = from;
        k->parts[i].width = n && width < 4 ? 4 : width;
        from += k->parts[i].width;
    }
}

static int64_t drawn(const struct light_kind *k)
{
    int64_t n = 0;
    for (size_t i = 0; i < k->n_parts; i++)
        n += at_least(k->parts[i].count);
    return n;
}

static enum code fill_lights(struct ctx *c, struct db *db, struct page_lights *p, struct err *e)
{
    struct kind_on *on;
    size_t n;
    int64_t most = 0;
    TRY(kinds_on(ctx_actor(c)->kinds, db, c->a, &on, &n, e));
    p->kinds = ARENA_ARRAY(c->a, struct light_kind, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct light_kind *k = &p->kinds[p->n_kinds++];
        *k = (struct light_kind){.kind = on[i].id,
            .name = on[i].name,
            .board = arena_printf(c->a, "/ledgers/%.*s/board", SF(on[i].id)),
            .link = arena_printf(c->a, "/ledgers/%.*s?open=1", SF(on[i].id))};
        TRY(count_kind(c, db, k, e));
        p->red = together(p->red, k->parts[0].count);
        p->yellow = together(p->yellow, k->parts[1].count);
        most = drawn(k) > most ? drawn(k) : most;
    }
    for (size_t i = 0; i < p->n_kinds; i++)
        draw(&p->kinds[i], most);
    p->red_text = count_words(c->a, p->red);
    p->yellow_text = count_words(c->a, p->yellow);
    return OK;
}

enum code page_lights(struct ctx *c, struct err *e)
{
    struct page_lights p = {0};
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_lights(c, db, &p, e);
    store_read_end(db);
    TRY(code);
    show_lights(c, &p);
    return OK;
}
