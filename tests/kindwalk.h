/* kindwalk.h - one item of a delivered kind, walked by its verbs. Included by test programs alone, behind cmocka.h. */
#ifndef KINDWALK_H
#define KINDWALK_H

#include "itemdb.h"
#include "office/item_paper.h"

struct walk {
    struct itemdb t;
    int64_t id; /* of the item in hand */
};

static inline enum code seed(struct db *db, void *arg, struct err *e)
{
    static const char *const off[] = {"seal", "leave"};
    (void)arg;
    TRY(kind_seed(db, e));
    for (size_t i = 0; i < sizeof(off) / sizeof(*off); i++)
        TRY(kind_switch(db, str_z(off[i]), true, 0, e));
    return OK;
}

static inline int set_up(void **state)
{
    struct walk *w = mem_alloc(sizeof(*w));
    struct err e;
    itemdb_open(&w->t);
    if (store_write(w->t.o.st, seed, NULL, &e) != OK)
        testdb_die("seed", &e);
    w->id = 0;
    *state = w;
    return 0;
}

static inline int tear_down(void **state)
{
    struct walk *w = *state;
    itemdb_close(&w->t);
    free(w);
    return 0;
}

static inline enum code act(struct walk *w, int who, struct act *a, struct err *e)
{
    a->by = itemdb_as(&w->t, who);
    e->msg[0] = '\0';
    return store_write(w->t.o.st, act_fn, a, e);
}

static inline struct item get(struct walk *w)
{
    struct item it;
    struct err e;
    if (itemdb_get(&w->t, CHIEF, w->id, &it, &e) != OK)
        fail_msg("%s", e.msg);
    return it;
}

/* P1..P8: persons of itemdb by their place; the rest as it stands. */
static const char *json(struct walk *w, const char *text)
{
    struct buf b;
    buf_init(&b, 0);
    for (const char *p = text; *p; p++)
        if (*p == '@' && p[1] >= '0' && p[1] < '0' + N_PEOPLE)
            buf_printf(&b, "\"%lld\"", (long long)w->t.person[*++p - '0']);
        else
            buf_add(&b, p, 1);
    char *z = arena_z(&w->t.o.a, buf_view(&b));
    buf_release(&b);
    return z;
}

static inline void begin(struct walk *w, int who, const char *kind, const char *fields)
{
    struct act a = {.verb = V_OPEN,
        .json = json(w, fields),
        .open = {.kind = str_z(kind), .title = S("一件事项")}};
    struct err e;
    if (act(w, who, &a, &e) != OK)
        fail_msg("%s: %s", kind, e.msg);
    w->id = a.id;
}

/* A move; text may be NULL, fields too. */
static inline void move(
    struct walk *w, int who, const char *name, const char *text, const char *fields)
{
    struct act a = {.verb = V_MOVE,
        .id = w->id,
        .revision = get(w).revision,
        .word = name,
        .text = text,
        .json = fields ? json(w, fields) : NULL};
    struct err e;
    if (act(w, who, &a, &e) != OK)
        fail_msg("%s: %s", name, e.msg);
}

static inline void refused(
    struct walk *w, int who, const char *name, const char *text, enum code code)
{
    struct act a = {
        .verb = V_MOVE, .id = w->id, .revision = get(w).revision, .word = name, .text = text};
    struct err e;
    enum code c = act(w, who, &a, &e);
    if (c != code)
        fail_msg("%s: %d %s", name, (int)c, e.msg);
}

static inline int64_t open_ask(struct walk *w, enum principal kind, int64_t to)
{
    struct ask *v;
    size_t n = itemdb_asks(&w->t, w->id, &v);
    for (size_t i = n; i-- > 0;)
        if (v[i].to == to && v[i].to_kind == kind && v[i].state == ASK_OPEN && v[i].sent_ms)
            return v[i].id;
    return 0;
}

static inline void answer_as(
    struct walk *w, int who, enum principal kind, int64_t to, const char *word, const char *text)
{
    struct act a = {.verb = V_ANSWER, .id = open_ask(w, kind, to), .word = word, .text = text};
    struct err e;
    if (!a.id)
        fail_msg("%s: nothing to answer", word);
    if (act(w, who, &a, &e) != OK)
        fail_msg("%s: %s", word, e.msg);
}

static inline void answer(struct walk *w, int who, const char *word, const char *text)
{
    answer_as(w, who, PRINCIPAL_PERSON, w->t.person[who], word, text);
}

static inline void unit_answers(
    struct walk *w, int who, int64_t unit, const char *word, const char *text)
{
    answer_as(w, who, PRINCIPAL_UNIT, unit, word, text);
}

static inline void is_in(struct walk *w, const char *name)
{
    struct item it = get(w);
    if (!str_eq(it.state, str_z(name)))
        fail_msg("it is in %.*s, not %s", SF(it.state), name);
}

static inline void is_closed(struct walk *w, const char *name)
{
    struct ask *v;
    is_in(w, name);
    assert_true(get(w).closed_ms != 0);
    size_t n = itemdb_asks(&w->t, w->id, &v);
    for (size_t i = 0; i < n; i++)
        assert_int_not_equal(v[i].state, ASK_OPEN);
    assert_int_equal(itemdb_count(&w->t, "SELECT count(*) FROM item_clock WHERE state = 0"), 0);
}

/* What is printed of it. */
static inline struct paper paper_of(struct walk *w, int who, struct paper_want want)
{
    struct paper p = {0};
    struct err e;
    struct db *db = itemdb_read(&w->t);
    want.item = w->id;
    enum code c = item_paper(db, &w->t.o.a, itemdb_as(&w->t, who), &want, &p, &e);
    store_read_end(db);
    if (c != OK)
        fail_msg("%.*s: %s", SF(want.form), e.msg);
    return p;
}

#endif
