/* Conditions of `when`: comparisons joined by and / or; and binds stronger; no brackets. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "office/kind_int.h"

enum { NUMBER_BYTES_MAX = 40 };

/* ---- reading ---- */

struct cond_at {
    struct kind_reading *r;
    const struct yaml *n;
    struct str rest;
    size_t before;
};

static enum code bad(const struct cond_at *c, const char *what, struct err *e)
{
    return yaml_fail(c->n, e, "条件“%.*s”%s", SF(c->n->text), what);
}

static void skip(struct cond_at *c)
{
    while (c->rest.n && c->rest.p[0] == ' ')
        c->rest = str_sub(c->rest, 1, c->rest.n);
}

/* One of these bytes, or the end, ends a word. */
static bool ends_word(char ch)
{
    return ch == ' ' || ch == ',' || ch == '[' || ch == ']' || ch == '=' || ch == '!' ||
           ch == '<' || ch == '>' || ch == '"';
}

static struct str word(struct cond_at *c)
{
    size_t n = 0;
    struct str w;

    skip(c);
    while (n < c->rest.n && !ends_word(c->rest.p[n]))
        n++;
    w = str_sub(c->rest, 0, n);
    c->rest = str_sub(c->rest, n, c->rest.n);
    return w;
}

/* The word, if it is the next one; else nothing moves. */
static bool eat_word(struct cond_at *c, struct str want)
{
    struct str was = c->rest;

    if (str_eq(word(c), want))
        return true;
    c->rest = was;
    return false;
}

static bool eat(struct cond_at *c, struct str mark)
{
    skip(c);
    return str_eat(&c->rest, mark);
}

/* A word, or anything between quotes. */
static enum code value(struct cond_at *c, struct str *out, struct err *e)
{
    struct str after;

    if (!eat(c, S("\""))) {
        *out = word(c);
        return out->n ? OK : bad(c, "缺少一个值", e);
    }
    if (!str_cut(c->rest, S("\""), out, &after))
        return bad(c, "的引号没有成对", e);
    c->rest = after;
    return OK;
}

static bool is_number(struct str s)
{
    size_t i = 0, digits = 0, dots = 0;

    if (s.n == 0 || s.n > NUMBER_BYTES_MAX)
        return false;
    if (s.p[0] == '-')
        i++;
    for (; i < s.n; i++) {
        if (s.p[i] == '.' && digits && i + 1 < s.n)
            dots++;
        else if (s.p[i] >= '0' && s.p[i] <= '9')
            digits++;
        else
            return false;
    }
    return digits && dots <= 1;
}

static enum code check_value(
    const struct cond_at *c, const struct kind_field *f, struct str v, struct err *e)
{
    struct day d;

    if (f->type == FIELD_CHOICE) {
        for (size_t i = 0; i < f->n_choices; i++)
            if (str_eq(f->choices[i], v))
                return OK;
        return yaml_fail(
            c->n, e, "条件“%.*s”里的“%.*s”不是“%.*s”的选项", SF(c->n->text), SF(v), SF(f->name));
    }
    if (f->type == FIELD_NUMBER && !is_number(v))
        return yaml_fail(c->n, e, "条件“%.*s”里的“%.*s”不是数字", SF(c->n->text), SF(v));
    if (f->type == FIELD_DATE && !day_from_iso(v, &d))
        return yaml_fail(
            c->n, e, "条件“%.*s”里的“%.*s”不是日期，应写作2026-07-13", SF(c->n->text), SF(v));
    return OK;
}

static bool op_fits(enum field_type t, enum cond_op op)
{
    if (op == COND_EMPTY || op == COND_NOT_EMPTY)
        return true;
    if (t == FIELD_NUMBER || t == FIELD_DATE)
        return true;
    return (t == FIELD_TEXT || t == FIELD_CHOICE || t == FIELD_RULE) &&
           (op == COND_EQ || op == COND_NE || op == COND_IN);
}

static enum code read_op(struct cond_at *c, enum cond_op *out, struct err *e)
{
    static const struct {
        struct str mark;
        enum cond_op op;
    } ops[] = {{SC("!="), COND_NE}, {SC("<="), COND_LE}, {SC(">="), COND_GE}, {SC("="), COND_EQ},
        {SC("<"), COND_LT}, {SC(">"), COND_GT}};

    for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
        if (eat(c, ops[i].mark)) {
            *out = ops[i].op;
            return OK;
        }
    if (eat_word(c, S("in"))) {
        *out = COND_IN;
        return OK;
    }
    if (!eat_word(c, S("is")))
        return bad(
            c, "应写作 字段 = 值，还可用 != < <= > >=、in [值, 值]、is empty、is not empty", e);
    *out = eat_word(c, S("not")) ? COND_NOT_EMPTY : COND_EMPTY;
    return eat_word(c, S("empty")) ? OK : bad(c, "的 is 后面应是 empty 或 not empty", e);
}

static enum code read_values(
    struct cond_at *c, const struct kind_field *f, struct cond_term *t, struct err *e)
{
    size_t cap = 0;
    bool list = t->op == COND_IN;

    if (t->op == COND_EMPTY || t->op == COND_NOT_EMPTY)
        return OK;
    if (list && !eat(c, S("[")))
        return bad(c, "的 in 后面应是 [值, 值]", e);
    do {
        struct str v;
        TRY(value(c, &v, e));
        TRY(check_value(c, f, v, e));
        if (t->n_values == KIND_CHOICES_MAX)
            return bad(c, "里的值太多", e);
        ARENA_PUSH(c->r->a, t->values, t->n_values, cap) = v;
    } while (list && eat(c, S(",")));
    return !list || eat(c, S("]")) ? OK : bad(c, "缺少右方括号", e);
}

static enum code read_term(struct cond_at *c, struct cond_term *t, struct err *e)
{
    const struct kind *k = c->r->k;
    struct str id = word(c);
    size_t f = kind_field_of(k, id);

    if (id.n == 0)
        return bad(c, "缺少字段", e);
    if (f == SIZE_MAX || f > c->before)
        return yaml_fail(
            c->n, e, "条件“%.*s”里没有字段“%.*s”，只能用写在它上面的字段", SF(c->n->text), SF(id));
    if (f == c->before)
        return yaml_fail(c->n, e, "字段“%.*s”的条件不能用它自己", SF(id));
    t->field = k->fields[f].id;
    t->type = k->fields[f].type;
    TRY(read_op(c, &t->op, e));
    if (!op_fits(t->type, t->op))
        return yaml_fail(c->n, e, "条件“%.*s”不能这样比较%s字段“%.*s”", SF(c->n->text),
            field_type_name(t->type), SF(id));
    return read_values(c, &k->fields[f], t, e);
}

enum code read_cond(
    struct kind_reading *r, const struct yaml *n, size_t before, struct cond *out, struct err *e)
{
    struct cond_at c = {.r = r, .n = n, .before = before};
    struct cond cond = {0};
    size_t cap = 0;
    bool or_before = false;

    TRY(read_line(n, KIND_TEXT_CP_MAX, &c.rest, e));
    for (bool more = true; more;) {
        struct cond_term t = {.or_before = or_before};
        TRY(read_term(&c, &t, e));
        if (cond.n == KIND_COND_MAX)
            return yaml_fail(n, e, "一个条件最多%d次比较", KIND_COND_MAX);
        ARENA_PUSH(r->a, cond.terms, cond.n, cap) = t;
        or_before = eat_word(&c, S("or"));
        more = or_before || eat_word(&c, S("and"));
    }
    skip(&c);
    if (c.rest.n)
        return yaml_fail(
            n, e, "条件“%.*s”从“%.*s”起看不懂，几个比较之间用 and 或 or", SF(n->text), SF(c.rest));
    *out = cond;
    return OK;
}

/* ---- judging ---- */

static double number_of(struct str s)
{
    char z[NUMBER_BYTES_MAX + 1];

    memcpy(z, s.p, s.n);
    z[s.n] = 0;
    return strtod(z, NULL);
}

/* -1, 0, 1; false: the two cannot be compared. */
static bool compare(const struct cond_term *t, struct str have, struct str want, int *out)
{
    if (t->type != FIELD_NUMBER) {
        *out = str_cmp(have, want);
        return true;
    }
    if (!is_number(have) || !is_number(want))
        return false;
    {
        double a = number_of(have), b = number_of(want);
        *out = a < b ? -1 : a > b;
    }
    return true;
}

static bool term_holds(const struct cond_term *t, struct str have)
{
    int cmp = 0;

    if (t->op == COND_EMPTY || t->op == COND_NOT_EMPTY)
        return (have.n == 0) == (t->op == COND_EMPTY);
    if (have.n == 0) /* what is not filled in is not equal to anything, and before nothing */
        return t->op == COND_NE;
    for (size_t i = 0; i < t->n_values; i++) {
        if (!compare(t, have, t->values[i], &cmp))
            return false;
        if (t->op == COND_IN && cmp != 0)
            continue;
        switch (t->op) {
        case COND_EQ:
        case COND_IN:
            return cmp == 0;
        case COND_NE:
            return cmp != 0;
        case COND_LT:
            return cmp < 0;
        case COND_LE:
            return cmp <= 0;
        case COND_GT:
            return cmp > 0;
        case COND_GE:
            return cmp >= 0;
        case COND_EMPTY:
        case COND_NOT_EMPTY:
            return false;
        }
    }
    return false;
}

bool cond_holds(const struct cond *c, cond_get get, void *arg)
{
    bool all = true;

    for (size_t i = 0; i < c->n; i++) {
        if (c->terms[i].or_before) {
            if (all)
                return true;
            all = true;
        }
        all = all && term_holds(&c->terms[i], get(arg, c->terms[i].field));
    }
    return all;
}
