/* Paths through the states, and what is allowed in a kind and yet probably not meant. */
#include <stdlib.h>
#include <string.h>

#include "office/kind_int.h"

/* Mark what can be reached from the marked states; backwards: what can reach them. */
static void spread(const struct kind *k, bool *mark, bool backwards)
{
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < k->n_moves; i++) {
            const struct kind_move *m = &k->moves[i];
            for (size_t j = 0; j < m->n_from; j++) {
                size_t from = backwards ? m->to : m->from[j];
                size_t to = backwards ? m->from[j] : m->to;
                if (mark[from] && !mark[to])
                    mark[to] = more = true;
            }
        }
    }
}

enum code check_paths(struct kind_reading *r, struct err *e)
{
    const struct kind *k = r->k;
    const struct yaml *at = yaml_get(r->root, "states")->first;
    bool *reached = ARENA_ARRAY(r->a, bool, k->n_states);
    bool *ends = ARENA_ARRAY(r->a, bool, k->n_states);

    reached[0] = true;
    spread(k, reached, false);
    for (size_t i = 0; i < k->n_states; i++)
        ends[i] = k->states[i].closed;
    spread(k, ends, true);
    for (size_t i = 0; i < k->n_states; i++, at = at->next) {
        if (!reached[i])
            return yaml_fail(at, e, "状态“%.*s”到不了：从“%.*s”出发没有转办能走到它",
                SF(k->states[i].id), SF(k->states[0].id));
        if (!ends[i])
            return yaml_fail(
                at, e, "从状态“%.*s”走不到任何已办结的状态，事项会停在那里", SF(k->states[i].id));
    }
    return OK;
}

/* ---- notes ---- */

struct notes {
    const struct kind *k;
    struct arena *a;
    struct kind_note *v;
    size_t n, cap;
};

static void note(struct notes *l, int line, struct str text)
{
    if (l->n < KIND_NOTES_MAX)
        ARENA_PUSH(l->a, l->v, l->n, l->cap) = (struct kind_note){line, text};
}

static bool any_edit(const struct kind *k)
{
    for (size_t i = 0; i < k->n_states; i++)
        if (k->states[i].edit.n)
            return true;
    return false;
}

static void lint_fields(struct notes *l)
{
    const struct kind *k = l->k;

    if (!any_edit(k))
        note(l, k->states[0].line, S("没有一个状态可以修改内容（edit），填错了只能退回或重来"));
    for (size_t i = 0; i < k->n_fields; i++)
        for (size_t j = 0; j < i; j++)
            if (str_eq(k->fields[i].name, k->fields[j].name))
                note(l, k->fields[i].line,
                    arena_printf(l->a, "字段“%.*s”和“%.*s”同名“%.*s”，填表的人分不清",
                        SF(k->fields[j].id), SF(k->fields[i].id), SF(k->fields[i].name)));
}

static bool shares_from(const struct kind_move *a, const struct kind_move *b)
{
    for (size_t i = 0; i < a->n_from; i++)
        for (size_t j = 0; j < b->n_from; j++)
            if (a->from[i] == b->from[j])
                return true;
    return false;
}

/* Can anybody have been asked when the item stands in a state from which m is made? */
static bool asked_before(const struct kind *k, const struct kind_move *m)
{
    bool mark[KIND_STATES_MAX] = {false};

    for (size_t i = 0; i < k->n_moves; i++)
        if (k->moves[i].ask)
            mark[k->moves[i].to] = true;
    spread(k, mark, false);
    for (size_t i = 0; i < m->n_from; i++)
        if (mark[m->from[i]])
            return true;
    return false;
}

static bool only_asked(const struct kind_move *m)
{
    for (size_t i = 0; i < m->by.n; i++)
        if (m->by.v[i].kind != WHO_ASKED)
            return false;
    return true;
}

static void lint_moves(struct notes *l)
{
    const struct kind *k = l->k;

    for (size_t i = 0; i < k->n_moves; i++) {
        const struct kind_move *m = &k->moves[i];
        for (size_t j = 0; j < m->n_from; j++)
            if (k->states[m->from[j]].closed)
                note(l, m->line,
                    arena_printf(l->a, "转办“%.*s”从已办结的“%.*s”出发；办结后再办请用“重新开启”",
                        SF(m->id), SF(k->states[m->from[j]].name)));
        for (size_t j = 0; j < i; j++)
            if (str_eq(m->name, k->moves[j].name) && shares_from(m, &k->moves[j]) && !m->when.n &&
                !k->moves[j].when.n)
                note(l, m->line,
                    arena_printf(l->a, "转办“%.*s”和“%.*s”在同一状态下同名“%.*s”",
                        SF(k->moves[j].id), SF(m->id), SF(m->name)));
        if ((only_asked(m) || m->when_answered.n) && !asked_before(k, m))
            note(l, m->line,
                arena_printf(l->a, "转办“%.*s”没有人能办：到那时还没有请过任何人", SF(m->id)));
    }
}

static void lint_clocks(struct notes *l)
{
    const struct kind *k = l->k;

    for (size_t i = 0; i < k->n_clocks; i++) {
        const struct kind_clock *c = &k->clocks[i];
        bool mark[KIND_STATES_MAX] = {false};
        mark[c->start] = true;
        spread(k, mark, false);
        if (!mark[c->stop])
            note(l, c->line,
                arena_printf(l->a, "时限“%.*s”停不了：从“%.*s”走不到“%.*s”", SF(c->id),
                    SF(k->states[c->start].name), SF(k->states[c->stop].name)));
    }
}

/* Minutes, for comparing; a working day counts as eight hours. */
static int64_t minutes_of(struct limit l)
{
    int64_t unit = l.unit == LIMIT_MINUTES ? 1 : l.unit == LIMIT_HOURS ? 60 : 24 * 60;

    return l.n * unit;
}

static void lint_lights(struct notes *l)
{
    const struct kind *k = l->k;

    for (size_t i = 0; i < k->n_lights; i++)
        for (size_t j = 0; j < i; j++) {
            const struct kind_light *first = &k->lights[j], *then = &k->lights[i];
            if (first->clock == then->clock && first->left.working == then->left.working &&
                minutes_of(first->left) >= minutes_of(then->left)) {
                note(l, then->line,
                    arena_printf(l->a, "灯“%.*s”永远不亮：前面的“%.*s”总是先满足，请把急的写在前面",
                        SF(then->text), SF(first->text)));
                break;
            }
        }
}

static bool asks_units(const struct kind *k)
{
    for (size_t i = 0; i < k->n_moves; i++)
        for (size_t j = 0; k->moves[i].ask && j < k->moves[i].ask->of.n; j++) {
            const struct who *w = &k->moves[i].ask->of.v[j];
            if (w->kind == WHO_UNIT || w->kind == WHO_CHOSEN ||
                (w->kind == WHO_FIELD && field_of_units(k->fields[w->field].type)))
                return true;
        }
    return false;
}

/* Whoever is told of lateness was reminded before; the chiefs of asked units want units that are asked. */
static void lint_reminds(struct notes *l)
{
    for (size_t i = 0; i < l->k->n_reminds; i++) {
        const struct kind_remind *r = &l->k->reminds[i];
        const struct kind_offset *last = &r->at[r->n - 1];
        for (size_t j = 0; j < r->n_escalate; j++) {
            const struct kind_escalate *x = &r->escalate[j];
            if (last->late && minutes_of(x->after) < minutes_of(last->by))
                note(l, r->line, S("逾期报告早于最后一次提醒，承办单位还没有被提醒完就报告了"));
            for (size_t w = 0; w < x->to.n; w++)
                if (x->to.v[w].kind == WHO_ASKED_CHIEF && !asks_units(l->k))
                    note(l, r->line, S("逾期报告写了 asked_chief，但没有一步请单位办理，报不到人"));
        }
    }
}

static int by_line(const void *a, const void *b)
{
    const struct kind_note *x = a, *y = b;

    return x->line != y->line ? (x->line < y->line ? -1 : 1) : str_cmp(x->text, y->text);
}

void kind_lint(const struct kind *k, struct arena *a, struct kind_note **out, size_t *n)
{
    struct notes l = {.k = k, .a = a};

    lint_fields(&l);
    lint_moves(&l);
    lint_clocks(&l);
    lint_lights(&l);
    lint_reminds(&l);
    if (l.n)
        qsort(l.v, l.n, sizeof(*l.v), by_line);
    *out = l.v;
    *n = l.n;
}
