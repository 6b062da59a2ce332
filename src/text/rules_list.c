/* Enumerations that always come whole and in their order; persons and bodies by precedence. */
#include "base/utf8.h"
#include "text/terms_int.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { ITEMS_MAX = 64, FOREIGN_CP = 8, GAP_STEPS = 40 };

/* ---- enumerations ---- */

struct run {
    uint32_t items[ITEMS_MAX];
    size_t n, begin, end;
    size_t foreign_begin, foreign_end; /* one piece inside that is none of the items */
    bool again, ordered;               /* an item twice; in the order of the row */
};

static bool is_list_mark(uint32_t c)
{
    return c == 0x3001 || c == 0xFF0C || c == ',';
}

static bool is_joint(uint32_t c)
{
    return c == 0x548C || c == 0x4E0E || c == 0x53CA; /* 和 与 及 */
}

/* Behind 、 ， 和 与 及 以及 at i; i where there is none. */
static size_t behind_mark(const struct draft *d, size_t i)
{
    if (is_list_mark(d->cp[i]))
        i++;
    if (draft_is(d, i, S("以及")))
        return i + 2;
    return is_joint(d->cp[i]) ? i + 1 : i;
}

static const struct form_hit *item_at(const struct term_walk *w, size_t i, uint32_t term)
{
    for (size_t k = w->first[i]; k < w->n && w->hits[k].begin == i; k++)
        if (w->hits[k].form->role == FORM_ITEM && w->hits[k].form->term == term)
            return &w->hits[k];
    return NULL;
}

/* The item behind one piece of other words, 安全、 in 绿色、安全、开放. */
static const struct form_hit *behind_foreign(
    const struct term_walk *w, size_t i, uint32_t term, size_t *end)
{
    size_t j = i;

    while (j < w->d->n && j - i < FOREIGN_CP && utf8_is_han(w->d->cp[j]))
        j++;
    if (j == i || !is_list_mark(w->d->cp[j]))
        return NULL;
    *end = j;
    return item_at(w, behind_mark(w->d, j), term);
}

static void add(struct run *r, const struct form_hit *h)
{
    for (size_t i = 0; i < r->n; i++)
        r->again = r->again || r->items[i] == h->form->at;
    if (r->n && h->form->at < r->items[r->n - 1])
        r->ordered = false;
    if (r->n < ITEMS_MAX)
        r->items[r->n++] = h->form->at;
    r->end = h->end;
}

static void read_run(const struct term_walk *w, const struct form_hit *h, struct run *r)
{
    uint32_t term = h->form->term;

    *r = (struct run){.begin = h->begin, .ordered = true};
    for (add(r, h);;) {
        size_t next = behind_mark(w->d, r->end), end;
        if (next == r->end)
            return;
        h = item_at(w, next, term);
        if (!h && !r->foreign_end && (h = behind_foreign(w, next, term, &end))) {
            r->foreign_begin = next;
            r->foreign_end = end;
        }
        if (!h)
            return;
        add(r, h);
    }
}

static struct str joined(struct arena *a, const struct term *t)
{
    struct str s = S("");

    for (size_t i = 0; i < t->n_items; i++)
        s = i ? arena_printf(a, "%.*s、%.*s", SF(s), SF(t->items[i])) : t->items[i];
    return s;
}

/* Another piece of the same make right behind the last item: 责任意识 behind the four 意识. */
static bool one_more(const struct term_walk *w, const struct term *t, const struct run *r,
    size_t *begin, size_t *end)
{
    struct str last = t->items[0];
    size_t i = r->end + 1, j = i, cut;

    if (w->d->cp[r->end] != 0x3001)
        return false;
    while (j < w->d->n && j - i < FOREIGN_CP && utf8_is_han(w->d->cp[j]))
        j++;
    cut = last.n;
    lex_prev(last, last.n, &cut);
    last = str_sub(last, cut, last.n - cut);
    for (size_t k = 0; k < t->n_items; k++)
        if (!str_ends(t->items[k], last))
            return false;
    *begin = i;
    *end = j;
    return j > i && str_ends(draft_str(w->d, i, j), last);
}

/* The list goes on before or behind with other things: then it is another list. */
static bool part_of_more(const struct draft *d, const struct run *r)
{
    uint32_t before = r->begin ? d->cp[r->begin - 1] : 0, behind = d->cp[r->end];

    return before == 0x3001 || is_joint(before) || behind == 0x3001 || is_joint(behind);
}

static uint32_t missing_of(const struct term *t, const struct run *r)
{
    uint64_t seen = 0;
    uint32_t i = 0;

    for (size_t k = 0; k < r->n; k++)
        seen |= UINT64_C(1) << r->items[k];
    while (i < t->n_items && (seen >> i & 1))
        i++;
    return i;
}

static struct finding *say_foreign(
    struct term_walk *w, const struct term *t, size_t begin, size_t end)
{
    return check_say(w->c, "T06", begin, end, "“%.*s”里没有“%.*s”这一项", SF(t->canonical),
        SF(draft_str(w->d, begin, end)));
}

/* All items are there. */
static struct finding *judge_whole(struct term_walk *w, const struct term *t, const struct run *r)
{
    struct finding *f;
    size_t begin, end;

    if (r->foreign_end)
        return r->ordered ? say_foreign(w, t, r->foreign_begin, r->foreign_end) : NULL;
    if (r->ordered)
        return t->n_items > 3 && one_more(w, t, r, &begin, &end) ? say_foreign(w, t, begin, end)
                                                                 : NULL;
    f = check_say(w->c, "T07", r->begin, r->end, "“%.*s”各项的次序是“%.*s”", SF(t->canonical),
        SF(joined(w->c->a, t)));
    check_suggest(w->c, f, joined(w->c->a, t));
    return f;
}

static struct finding *judge_cut(struct term_walk *w, const struct term *t, const struct run *r)
{
    struct finding *f;

    if (t->n_items < 4 || r->foreign_end || !r->ordered || part_of_more(w->d, r))
        return NULL;
    f = check_say(w->c, "T05", r->begin, r->end, "“%.*s”缺了“%.*s”", SF(t->canonical),
        SF(t->items[missing_of(t, r)]));
    check_suggest(w->c, f, joined(w->c->a, t));
    return f;
}

static void judge(struct term_walk *w, const struct term *t, const struct run *r)
{
    struct finding *f = NULL;

    if (r->again)
        return;
    if (r->n == t->n_items)
        f = judge_whole(w, t, r);
    else if (r->n + 1 == t->n_items)
        f = judge_cut(w, t, r);
    term_source(w, f, t->canonical, t->source);
}

void pass_lists(struct term_walk *w)
{
    size_t *done = ARENA_ARRAY(w->c->a, size_t, w->t->n + 1); /* by term: behind its last run */

    for (size_t k = 0; k < w->n; k++) {
        const struct form_hit *h = &w->hits[k];
        const struct term *t;
        struct run r;
        if (h->form->role != FORM_ITEM || w->not_ours[h->begin] || h->begin < done[h->form->term])
            continue;
        t = &w->t->v[h->form->term];
        if (t->kind != TERM_LIST || t->n_items > ITEMS_MAX || !term_holds(w->c, t->from, t->to))
            continue;
        read_run(w, h, &r);
        done[h->form->term] = r.end;
        if (r.n > 2)
            judge(w, t, &r);
    }
}

/* ---- precedence ---- */

bool name_stands(const struct draft *d, size_t begin, size_t end)
{
    /* What follows a name of two characters without making it another of three. */
    static const struct str next[] = {SC("同志"), SC("主持"), SC("主任"), SC("在"), SC("出席"),
        SC("讲话"), SC("指出"), SC("强调"), SC("要求"), SC("参加"), SC("带队"), SC("一行"),
        SC("等"), SC("和"), SC("与"), SC("及"), SC("作"), SC("到"), SC("赴"), SC("会见"),
        SC("调研"), SC("听取"), SC("书记"), SC("董事"), SC("总"), SC("副"), SC("部长"), SC("科长"),
        SC("处长"), SC("签发")};

    if (end - begin > 2 || !utf8_is_han(d->cp[end]))
        return true;
    for (size_t i = 0; i < COUNT(next); i++)
        if (draft_is(d, end, next[i]))
            return true;
    return false;
}

static bool is_blank(uint32_t c)
{
    return c == ' ' || c == 0x3000 || c == '\t' || c == 0xA0;
}

/* Behind a name that no table has, 、赵某某、; i where there is none. */
static size_t behind_unknown_name(const struct draft *d, size_t i)
{
    size_t j = i;

    if (d->cp[i - 1] != 0x3001)
        return i;
    while (j < d->n && j - i < 4 && utf8_is_han(d->cp[j]))
        j++;
    return j - i >= 2 && d->cp[j] == 0x3001 ? j : i;
}

/* Behind a word of a list of names: a title, a body, a person; i where there is none. */
static size_t behind_known(const struct term_walk *w, size_t i)
{
    for (size_t k = w->first[i]; k < w->n && w->hits[k].begin == i; k++)
        if (w->hits[k].form->role != FORM_WRONG)
            return w->hits[k].end;
    return draft_is(w->d, i, S("同志")) ? i + 2 : i;
}

/* The next item of the same order in the same list of names; NULL: the list ends. */
static const struct form_hit *next_in_list(const struct term_walk *w, const struct form_hit *h)
{
    const struct draft *d = w->d;
    bool parted = false;
    size_t i = h->end;

    for (int step = 0; step < GAP_STEPS && i < d->n; step++) {
        const struct form_hit *next = item_at(w, i, h->form->term);
        size_t j;
        if (next)
            return parted ? next : NULL;
        if (is_list_mark(d->cp[i]) || is_blank(d->cp[i]) || is_joint(d->cp[i])) {
            parted = true;
            i++;
            continue;
        }
        j = behind_known(w, i);
        if (j == i)
            j = behind_unknown_name(d, i);
        if (j == i)
            return NULL;
        i = j;
    }
    return NULL;
}

/* Lists in which nobody expects precedence. */
static bool other_order(const struct draft *d, size_t at)
{
    static const struct str words[] = {SC("值班"), SC("轮值"), SC("带班"), SC("轮班"), SC("先后"),
        SC("按姓氏"), SC("分管"), SC("抽签"), SC("请假")};
    const struct draft_line *l = &d->lines[draft_line_of(d, at)];

    return l->kind == META_ROW || term_said(d, l->begin, l->end, words, COUNT(words));
}

/* 国务院 is not named in 国务院办公厅, nor 党委 in 党委会. */
static bool goes_on(const struct draft *d, size_t end)
{
    static const struct str more[] = {SC("办"), SC("各"), SC("直"), SC("机关"), SC("研究"),
        SC("组织"), SC("宣传"), SC("统战"), SC("政法"), SC("部"), SC("委"), SC("局"), SC("会"),
        SC("厅"), SC("室"), SC("院"), SC("所"), SC("下属"), SC("系统")};

    for (size_t i = 0; i < COUNT(more); i++)
        if (draft_is(d, end, more[i]))
            return true;
    return false;
}

/* An order of bodies, not of persons: one of its items ends like the name of a body. */
static bool of_bodies(const struct term *t)
{
    static const struct str ends[] = {SC("委"), SC("会"), SC("院"), SC("府"), SC("部"), SC("局"),
        SC("办"), SC("室"), SC("组"), SC("层"), SC("央"), SC("厅"), SC("公司"), SC("集团")};

    for (size_t i = 0; i < t->n_items; i++)
        for (size_t k = 0; k < COUNT(ends); k++)
            if (str_ends(t->items[i], ends[k]))
                return true;
    return false;
}

/* The item is named whole, and not the beginning of a longer name. */
static bool item_stands(const struct draft *d, const struct term *t, const struct form_hit *h)
{
    return of_bodies(t) ? !goes_on(d, h->end) : name_stands(d, h->begin, h->end);
}

void pass_orders(struct term_walk *w)
{
    for (size_t k = 0; k < w->n; k++) {
        const struct form_hit *h = &w->hits[k], *next;
        const struct term *t;
        struct finding *f;
        if (h->form->role != FORM_ITEM || w->not_ours[h->begin])
            continue;
        t = &w->t->v[h->form->term];
        if (t->kind != TERM_ORDER || !term_holds(w->c, t->from, t->to))
            continue;
        next = next_in_list(w, h);
        if (!next || next->form->at >= h->form->at || !item_stands(w->d, t, next) ||
            other_order(w->d, h->begin))
            continue;
        f = check_say(w->c, "T08", h->begin, next->end, "“%.*s”应排在“%.*s”之前（%.*s）",
            SF(next->form->text), SF(h->form->text), SF(t->canonical));
        term_source(w, f, t->canonical, t->source);
    }
}
