/* office/kind: a kind that was read points only at fields, states and clocks that are there, begins in an open state, can end,
 * and asks for no more than a form may; conditions can be judged; a refusal is one line of valid text. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "office/kind.h"

#define HOLDS(x)     \
    do {             \
        if (!(x))    \
            abort(); \
    } while (0)

static struct str get(void *arg, struct str field)
{
    const struct kind *k = arg;

    HOLDS(kind_field_of(k, field) != SIZE_MAX);
    return S("1");
}

static void whos(const struct kind *k, const struct who_list *l)
{
    for (size_t i = 0; i < l->n; i++) {
        HOLDS(l->v[i].kind >= WHO_OWNER && l->v[i].kind <= WHO_ASKED_CHIEF);
        HOLDS((l->v[i].kind == WHO_FIELD) == (l->v[i].field < k->n_fields));
        HOLDS((l->v[i].kind == WHO_ROLE) == (l->v[i].roles != 0));
    }
}

static void fields(const struct kind *k)
{
    size_t required = 0;

    for (size_t i = 0; i < k->n_fields; i++) {
        const struct kind_field *f = &k->fields[i];
        HOLDS(kind_field_of(k, f->id) == i);
        HOLDS(f->type > 0 && f->type < N_FIELD_TYPE && *field_type_name(f->type));
        HOLDS((f->type == FIELD_CHOICE) == (f->n_choices > 0));
        HOLDS((f->type == FIELD_TABLE) == (f->n_columns > 0));
        required += f->required && !f->at_move;
        whos(k, &f->see);
        (void)cond_holds(&f->when, get, (void *)(uintptr_t)k);
    }
    HOLDS(required <= KIND_REQUIRED_MAX);
    HOLDS(k->title == SIZE_MAX || k->title < k->n_fields);
}

static void moves(const struct kind *k)
{
    bool ends = false;

    for (size_t i = 0; i < k->n_states; i++) {
        ends = ends || k->states[i].closed;
        whos(k, &k->states[i].edit);
    }
    HOLDS(k->n_states && !k->states[0].closed && ends);
    for (size_t i = 0; i < k->n_moves; i++) {
        const struct kind_move *m = &k->moves[i];
        HOLDS(kind_move_of(k, m->id) == i && m->to < k->n_states && m->n_from && m->by.n);
        for (size_t j = 0; j < m->n_from; j++)
            HOLDS(m->from[j] < k->n_states);
        for (size_t j = 0; j < m->n_set; j++)
            HOLDS(k->fields[m->set[j]].at_move);
        whos(k, &m->by);
        (void)cond_holds(&m->when, get, (void *)(uintptr_t)k);
        if (m->ask) {
            HOLDS(m->ask->n_answers && m->ask->n_final && m->ask->n_final <= m->ask->n_answers);
            HOLDS(m->ask->due == SIZE_MAX || m->ask->due < k->n_fields);
            whos(k, &m->ask->of);
        }
    }
    HOLDS(k->number_at == SIZE_MAX || k->number_at < k->n_moves);
}

static void clocks(const struct kind *k)
{
    for (size_t i = 0; i < k->n_clocks; i++) {
        const struct kind_clock *c = &k->clocks[i];
        HOLDS(c->start < k->n_states && c->stop < k->n_states && c->start != c->stop);
        HOLDS((c->within.n > 0) == (c->due == SIZE_MAX));
        HOLDS(c->due == SIZE_MAX || c->due < k->n_fields);
    }
    for (size_t i = 0; i < k->n_lights; i++)
        HOLDS(k->lights[i].clock < k->n_clocks && *light_name(k->lights[i].colour));
    for (size_t i = 0; i < k->n_reminds; i++) {
        const struct kind_remind *r = &k->reminds[i];
        HOLDS(r->clock < k->n_clocks && r->n && r->most >= 1);
        for (size_t j = 1; j < r->n; j++) /* what is behind the limit stands behind */
            HOLDS(r->at[j].late || !r->at[j - 1].late || r->at[j].by.n == 0 ||
                  r->at[j - 1].by.n == 0);
        for (size_t j = 0; j < r->n_escalate; j++)
            HOLDS(r->escalate[j].to.n > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = {(const char *)data, size};
    struct kind *k = NULL;
    struct kind_note *v;
    struct arena a;
    struct err e;
    size_t n;

    arena_init(&a);
    if (kind_read(&a, s, "输入", &k, &e) != OK) {
        HOLDS(utf8_check(str_z(e.msg)) == SIZE_MAX && !strchr(e.msg, '\n'));
        HOLDS(str_has(str_z(e.msg), S("文件“输入”")) && !k);
        arena_release(&a);
        return 0;
    }
    fields(k);
    moves(k);
    clocks(k);
    kind_lint(k, &a, &v, &n);
    HOLDS(n <= KIND_NOTES_MAX);
    for (size_t i = 0; i < n; i++)
        HOLDS(v[i].line >= 1 && utf8_check(v[i].text) == SIZE_MAX);
    arena_release(&a);
    return 0;
}
