#include "text/terms_int.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
    const char *key, *name;
} kinds[N_TERM_KIND] = {
    [TERM_PHRASE] = {"phrase", "提法"},
    [TERM_NAME] = {"name", "名称"},
    [TERM_BODY] = {"body", "机构"},
    [TERM_TITLE] = {"title", "职务"},
    [TERM_PERSON] = {"person", "人名"},
    [TERM_LIST] = {"list", "并列"},
    [TERM_ORDER] = {"order", "排序"},
};

const char *term_kind_name(enum term_kind k)
{
    return k > 0 && k < N_TERM_KIND ? kinds[k].name : "";
}

const char *term_kind_key(enum term_kind k)
{
    return k > 0 && k < N_TERM_KIND ? kinds[k].key : "";
}

enum term_kind term_kind_of(struct str name_or_key)
{
    for (enum term_kind k = TERM_PHRASE; k < N_TERM_KIND; k++)
        if (str_eq(name_or_key, str_z(kinds[k].key)) || str_eq(name_or_key, str_z(kinds[k].name)))
            return k;
    return 0;
}

struct maker {
    struct arena *a;
    struct terms *t;
    size_t cap_forms, cap_posts;
};

static void add(struct maker *m, enum form_role role, struct str text, size_t term, size_t at)
{
    if (text.n)
        ARENA_PUSH(m->a, m->t->forms, m->t->n_forms, m->cap_forms) =
            (struct form){role, text, (uint32_t)term, (uint32_t)at};
}

static void add_all(
    struct maker *m, enum form_role role, const struct str *v, size_t n, size_t term)
{
    for (size_t i = 0; i < n; i++)
        add(m, role, v[i], term, i);
}

static void add_term(struct maker *m, const struct term *t, size_t number)
{
    m->t->kinds |= 1U << t->kind;
    if (t->kind == TERM_LIST || t->kind == TERM_ORDER) {
        add_all(m, FORM_ITEM, t->items, t->n_items, number);
        return;
    }
    add(m, FORM_RIGHT, t->canonical, number, 0);
    add_all(m, FORM_RIGHT, t->also, t->n_also, number);
    add_all(m, FORM_WRONG, t->wrong, t->n_wrong, number);
    add_all(m, FORM_OLD, t->old, t->n_old, number);
    if (t->kind == TERM_TITLE) {
        add(m, FORM_TITLE, t->canonical, number, 0);
        add_all(m, FORM_TITLE, t->also, t->n_also, number);
    }
    if (t->kind == TERM_BODY) {
        add(m, FORM_BODY, t->canonical, number, 0);
        add_all(m, FORM_BODY, t->also, t->n_also, number);
        add_all(m, FORM_BODY, t->old, t->n_old, number);
    }
}

/* 党委书记、董事长 is two posts. */
static void add_holder(struct maker *m, const struct holder *h)
{
    struct str rest = h->title, piece;

    add(m, FORM_PERSON, h->person, UINT32_MAX, 0);
    add(m, FORM_BODY, h->body, UINT32_MAX, 0);
    while (str_next(&rest, S("、"), &piece)) {
        piece = str_trim(piece);
        if (!piece.n)
            continue;
        add(m, FORM_TITLE, piece, UINT32_MAX, 0);
        ARENA_PUSH(m->a, m->t->posts, m->t->n_posts, m->cap_posts) = (struct post){h, piece};
    }
}

enum code terms_new(struct arena *a, const struct term *v, size_t n, const struct holder *h,
    size_t n_h, struct terms **out, struct err *e)
{
    struct terms *t = ARENA_NEW(a, struct terms);
    struct maker m = {.a = a, .t = t};
    struct str *words;

    t->v = v;
    t->n = n;
    for (size_t i = 0; i < n; i++)
        add_term(&m, &v[i], i);
    for (size_t i = 0; i < n_h; i++)
        add_holder(&m, &h[i]);
    words = ARENA_ARRAY(a, struct str, t->n_forms + 1);
    for (size_t i = 0; i < t->n_forms; i++)
        words[i] = t->forms[i].text;
    TRY(automaton_new(a, words, t->n_forms, &t->automaton, e));
    *out = t;
    return OK;
}
