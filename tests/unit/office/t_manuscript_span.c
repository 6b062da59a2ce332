/* Where a note stands after random edits: as a model says that knows of every unit of the text whether it is the note's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kind_random.h"
#include "noticedb.h"
#include "office/document.h"
#include "office/manuscript_edit.h"
#include "office/manuscript_note.h"
#include "text/edit.h"

enum { UNITS = 4000, NOTES = 24, STEPS = 180, LOOK_EVERY = 7, PARTS = 3 };

/* ---- the model ---- */

/* A unit of the text: its character (0 for the second half of a pair), and of which notes it is. */
struct cell {
    uint32_t cp, of;
};
struct noted {
    int64_t id;   /* 0: not sent yet */
    int64_t seq;  /* of the text it was made on */
    int64_t from; /* there */
    int64_t to;
    bool open, had;
    size_t end; /* where it ended; all that is left when none of its units is */
};
struct model {
    struct cell u[UNITS];
    size_t n;
    struct noted v[NOTES];
    size_t n_notes;
    int64_t seq;
};

static size_t units_of(uint32_t cp)
{
    return cp > 0xFFFF ? 2 : 1;
}

static size_t put_cell(struct cell *u, uint32_t cp, uint32_t of)
{
    u[0] = (struct cell){cp, of};
    if (cp > 0xFFFF)
        u[1] = (struct cell){0, of};
    return units_of(cp);
}

static bool at_boundary(const struct model *m, size_t at)
{
    return at >= m->n || m->u[at].cp != 0;
}

/* First and behind the last of its units. */
static void span_of(const struct model *m, size_t k, size_t *from, size_t *to)
{
    *from = SIZE_MAX;
    *to = m->v[k].end;
    for (size_t i = 0; i < m->n; i++)
        if (m->u[i].of & 1U << k) {
            *from = *from == SIZE_MAX ? i : *from;
            *to = i + 1;
        }
    if (*from == SIZE_MAX)
        *from = *to;
}

/* Units p to p + len go, these come. What comes belongs to a note where what it came in place of did at both its ends; put in alone, where both neighbours do. */
static void model_change(struct model *m, size_t p, size_t len, const uint32_t *cps, size_t n_cps)
{
    struct cell fresh[64] = {{0}};
    uint32_t of = 0;
    size_t n = 0;
    if (len)
        of = m->u[p].of & m->u[p + len - 1].of;
    else if (p && p < m->n)
        of = m->u[p - 1].of & m->u[p].of;
    for (size_t i = 0; i < n_cps; i++)
        n += put_cell(fresh + n, cps[i], of);
    for (size_t k = 0; k < m->n_notes; k++) {
        size_t from, *end = &m->v[k].end;
        span_of(m, k, &from, end);
        if (*end > p && *end >= p + len)
            *end = *end - len + n;
        else if (*end > p)
            *end = p;
    }
    assert_true(m->n - len + n < UNITS);
    memmove(m->u + p + n, m->u + p + len, (m->n - p - len) * sizeof(*m->u));
    memcpy(m->u + p, fresh, n * sizeof(*fresh));
    m->n = m->n - len + n;
}

static struct str text_of(struct arena *a, const struct cell *u, size_t n)
{
    struct buf b;
    buf_init(&b, 0);
    for (size_t i = 0; i < n; i++)
        if (u[i].cp)
            buf_utf8(&b, u[i].cp);
    struct str s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

/* ---- what is done ---- */

enum what { BEGIN, PUSH, NOTE, CLOSE };
struct deed {
    struct itemdb *t;
    struct model *m;
    int64_t id;
    const struct edit *x;
    struct noted *note;
    enum what what;
};

static enum code push(struct db *db, struct deed *d, const struct actor *by, struct err *e)
{
    struct arena *a = &d->t->o.a;
    struct manuscript_pushed done;
    json_t *set;
    TRY(jr_parse(edit_json(a, d->x), &set, e));
    enum code c = manuscript_push(db, a, by, d->id,
        &(struct manuscript_push){
            .after = d->m->seq, .client = S("a"), .number = d->m->seq + 1, .changes = set},
        &done, e);
    json_decref(set);
    TRY(c);
    assert_true(done.taken);
    d->m->seq = done.seq;
    return OK;
}

static enum code run(struct db *db, void *arg, struct err *e)
{
    struct deed *d = arg;
    struct arena *a = &d->t->o.a;
    const struct actor *by = itemdb_as(d->t, SECRETARY);
    int64_t seq;
    switch (d->what) {
    case BEGIN:
        return manuscript_new(db, by,
            &(struct manuscript_new){
                .title = S("报告"), .level = LEVEL_INTERNAL, .text = text_of(a, d->m->u, d->m->n)},
            &d->id, e);
    case PUSH:
        return push(db, d, by, e);
    case NOTE:
        return manuscript_note_add(db, a, by, d->id,
            &(struct note_new){.sort = NOTE_COMMENT,
                .seq = d->note->seq,
                .from = d->note->from,
                .to = d->note->to,
                .words = S("批注")},
            &d->note->id, e);
    case CLOSE:
        return manuscript_note_close(db, a, by, d->note->id, NOTE_DONE, S(""), &seq, e);
    }
    return E_BUG;
}

static void deed(struct deed *d, enum what what)
{
    struct err e = {.msg = ""};
    d->what = what;
    if (store_write(d->t->o.st, run, d, &e) != OK)
        fail_msg("%s", e.msg);
}

/* At an end of a note as often as anywhere: there is where ways of following differ. */
static size_t any_place(struct rrand *r, const struct model *m)
{
    size_t at = rr(r, (uint32_t)m->n + 1), from, to;
    if (m->n_notes && chance(r, 60)) {
        span_of(m, rr(r, (uint32_t)m->n_notes), &from, &to);
        at = (chance(r, 50) ? from : to) + rr(r, 3);
        at = at ? at - 1 : 0;
    }
    at = at > m->n ? m->n : at;
    while (!at_boundary(m, at))
        at--;
    return at;
}

static uint32_t any_character(struct rrand *r)
{
    static const uint32_t other[] = {'\n', 0x20BB7 /* two units */, '7', 'a', 0x3002, '\t'};
    return chance(r, 25) ? other[rr(r, 6)] : 0x4E00 + rr(r, 3000);
}

struct piece {
    size_t p, len, n;
    uint32_t cps[8];
};

static void any_piece(struct rrand *r, const struct model *m, size_t least, struct piece *x)
{
    size_t most = m->n;
    x->p = any_place(r, m);
    x->len = chance(r, 40) ? 0 : rr(r, chance(r, 10) ? 60 : 6);
    x->len = x->len > most - x->p ? most - x->p : x->len;
    while (!at_boundary(m, x->p + x->len))
        x->len++;
    x->n = m->n > 400 || (x->len && chance(r, 40)) ? 0 : 1 + rr(r, chance(r, 20) ? 8 : 2);
    for (size_t i = 0; i < x->n; i++)
        x->cps[i] = any_character(r);
    if (x->p < least)
        x->p = SIZE_MAX;
}

/* Some pieces, none beside another, as one change set. */
static void change(struct deed *d, struct rrand *r)
{
    struct model *m = d->m;
    struct arena *a = &d->t->o.a;
    struct edit x = {.before = m->n, .after = m->n};
    struct piece v[PARTS];
    size_t n = 0, at = 0;
    for (int i = 0; i < PARTS; i++) {
        any_piece(r, m, n ? at + 1 : 0, &v[n]);
        if (v[n].p == SIZE_MAX || (!v[n].len && !v[n].n) || (n && chance(r, 60)))
            continue;
        at = v[n].p + v[n].len;
        n++;
    }
    at = 0;
    for (size_t i = 0; i < n; i++) {
        struct cell fresh[16];
        size_t k = 0;
        for (size_t j = 0; j < v[i].n; j++)
            k += put_cell(fresh + k, v[i].cps[j], 0);
        if (v[i].p > at)
            ARENA_PUSH(a, x.v, x.n, x.cap) = (struct edit_part){v[i].p - at, -1, S("")};
        ARENA_PUSH(a, x.v, x.n, x.cap) =
            (struct edit_part){v[i].len, (int64_t)k, text_of(a, fresh, k)};
        x.after = x.after - v[i].len + k;
        at = v[i].p + v[i].len;
    }
    if (!n)
        return;
    if (at < m->n)
        ARENA_PUSH(a, x.v, x.n, x.cap) = (struct edit_part){m->n - at, -1, S("")};
    for (size_t i = n; i-- > 0;)
        model_change(m, v[i].p, v[i].len, v[i].cps, v[i].n);
    d->x = &x;
    deed(d, PUSH);
    d->x = NULL;
}

static void new_note(struct deed *d, struct rrand *r)
{
    struct model *m = d->m;
    size_t from = any_place(r, m), to = from + rr(r, chance(r, 15) ? 1 : 12), k = m->n_notes++;
    to = to > m->n ? m->n : to;
    while (!at_boundary(m, to))
        to++;
    m->v[k] = (struct noted){.seq = m->seq,
        .from = (int64_t)from,
        .to = (int64_t)to,
        .open = true,
        .had = to > from,
        .end = to};
    for (size_t i = from; i < to; i++)
        m->u[i].of |= 1U << k;
}

/* ---- looking ---- */

static void same_note(
    const struct model *m, const struct manuscript_note *v, size_t k, uint64_t seed)
{
    size_t from, to;
    span_of(m, k, &from, &to);
    if ((size_t)v->from != from || (size_t)v->to != to)
        fail_msg("seed %llu, update %lld: note %zu of text %lld stands at %lld..%lld, the model "
                 "says %zu..%zu",
            (unsigned long long)seed, (long long)m->seq, k, (long long)m->v[k].seq,
            (long long)v->from, (long long)v->to, from, to);
    assert_int_equal(v->seq, m->seq);
    if (m->v[k].open)
        assert_int_equal(v->gone, m->v[k].had && from == to);
}

static void look(struct deed *d, uint64_t seed)
{
    struct model *m = d->m;
    struct itemdb *t = d->t;
    const struct actor *by = itemdb_as(t, SECRETARY);
    struct err e = {.msg = ""};
    struct db *db = itemdb_read(t);
    struct str text = S("");
    assert_int_equal(manuscript_text(db, &t->o.a, by, d->id, -1, &text, NULL, &e), OK);
    assert_true(str_eq(text, text_of(&t->o.a, m->u, m->n)));
    for (int open = 0; open < 2; open++) {
        struct manuscript_note *v = NULL;
        size_t n = 0, seen = 0, due = 0;
        if (manuscript_notes(db, &t->o.a, by, d->id, open, &v, &n, &e) != OK)
            fail_msg("%s", e.msg);
        for (size_t k = 0; k < m->n_notes; k++) {
            due += m->v[k].id && (m->v[k].open || !open);
            for (size_t i = 0; i < n; i++)
                if (v[i].id == m->v[k].id) {
                    same_note(m, &v[i], k, seed);
                    seen++;
                }
        }
        assert_int_equal(seen, due);
        assert_int_equal(n, due);
    }
    store_read_end(db);
}

static void stands_as_the_model_says(void **state)
{
    static const uint64_t seeds[] = {1, 7, 20261124, 424242};
    struct model *m = mem_alloc(sizeof(*m));
    for (size_t s = 0; s < sizeof(seeds) / sizeof(*seeds); s++) {
        struct rrand r = {seeds[s]};
        struct deed d = {.t = *state, .m = m};
        memset(m, 0, sizeof(*m));
        for (int i = 0; i < 120; i++)
            m->n += put_cell(m->u + m->n, any_character(&r), 0);
        deed(&d, BEGIN);
        for (int step = 0; step < STEPS; step++) {
            if (m->n_notes < NOTES && chance(&r, 25))
                new_note(&d, &r);
            for (size_t k = 0; k < m->n_notes; k++) {
                d.note = &m->v[k];
                /* one that is sent late names a text that is not the one now */
                if (!d.note->id && chance(&r, 50)) {
                    deed(&d, NOTE);
                } else if (d.note->id && d.note->open && chance(&r, 1)) {
                    deed(&d, CLOSE);
                    d.note->open = false;
                }
            }
            change(&d, &r);
            if (step % LOOK_EVERY == 0)
                look(&d, seeds[s]);
        }
        look(&d, seeds[s]);
    }
    free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(stands_as_the_model_says, itemdb_set_up, itemdb_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
