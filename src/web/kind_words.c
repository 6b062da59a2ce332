#include "web/kind_words.h"

struct str words_join(struct ctx *c, struct str head, const char *mark, struct str piece)
{
    return head.n ? arena_printf(c->a, "%.*s%s%.*s", SF(head), mark, SF(piece)) : piece;
}

struct str words_cond(struct ctx *c, const struct kind *k, const struct cond *cond)
{
    static const char *const ops[] = {[COND_EQ] = "是",
        [COND_NE] = "不是",
        [COND_LT] = "小于",
        [COND_LE] = "不大于",
        [COND_GT] = "大于",
        [COND_GE] = "不小于",
        [COND_IN] = "是",
        [COND_EMPTY] = "未填",
        [COND_NOT_EMPTY] = "已填"};
    struct str s = S("");

    for (size_t i = 0; i < cond->n; i++) {
        const struct cond_term *t = &cond->terms[i];
        struct str name = k->fields[kind_field_of(k, t->field)].name;
        struct str values = S("");
        for (size_t j = 0; j < t->n_values; j++)
            values = words_join(c, values, "或", t->values[j]);
        s = words_join(c, s, t->or_before ? "，或者" : "，并且",
            arena_printf(c->a, "%.*s%s%.*s", SF(name), ops[t->op], SF(values)));
    }
    return s;
}
