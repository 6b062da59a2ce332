/* Which documents of the library a row of set wording touches: those that hold what it says is wrong. */
#include "base/clock.h"
#include "office/access.h"
#include "office/library.h"
#include "office/term.h"

struct touching {
    struct office *o;
    struct arena *a;
    const struct viewer *v;
    struct term_touch *out;
    size_t n;
};

static int year_of(struct str iso)
{
    struct day d;

    return iso.n && day_from_iso(iso, &d) ? d.y : 0;
}

/* A quotation mark cannot be quoted in a query. */
static bool can_be_asked(struct str form)
{
    return form.n && !str_has(form, S("\"")) && !str_has(form, S("“")) && !str_has(form, S("”"));
}

static enum code touch(struct touching *t, struct term_touch what, struct err *e)
{
    struct library_filter f = library_filter_any();
    struct library_page page;

    if (t->n == TERM_TOUCHES || !can_be_asked(what.form))
        return OK;
    f.year_from = what.year_from;
    f.year_to = what.year_to;
    what.query = arena_printf(t->a, "\"%.*s\"", SF(what.form));
    TRY(library_search(
        t->o, t->a, t->v, what.query, &f, LIBRARY_NEWEST, 0, TERM_TOUCH_HITS, &page, e));
    what.documents = page.total;
    what.occurrences = page.occurrences;
    what.hits = page.hits;
    what.n_hits = page.n;
    if (what.documents)
        t->out[t->n++] = what;
    return OK;
}

/* A right form of the row that holds this one. */
static struct str holds(const struct term_row *row, struct str form)
{
    struct str rest = row->also, line;

    if (str_has(row->canonical, form))
        return row->canonical;
    while (str_next(&rest, S("\n"), &line))
        if (str_has(line, form))
            return line;
    return S("");
}

static enum code touch_wrong(struct touching *t, const struct term_row *row, struct err *e)
{
    struct str rest = row->wrong, line;

    while (str_next(&rest, S("\n"), &line)) {
        struct term_touch what = {.form = line,
            .why = S("错误写法"),
            .inside = holds(row, line),
            .year_from = year_of(row->from),
            .year_to = year_of(row->to)};
        TRY(touch(t, what, e));
    }
    return OK;
}

static enum code touch_old(struct touching *t, const struct term_row *row, struct err *e)
{
    struct str rest = row->old, line;
    int from = year_of(row->from);

    while (str_next(&rest, S("\n"), &line)) {
        struct term_touch what = {.form = line,
            .why = from ? arena_printf(t->a, "旧称，%d年以后的文件", from) : S("旧称"),
            .inside = holds(row, line),
            .year_from = from ? from + 1 : 0};
        TRY(touch(t, what, e));
    }
    return OK;
}

/* The right form itself, before its first year and behind its last. */
static enum code touch_outside(struct touching *t, const struct term_row *row, struct err *e)
{
    int from = year_of(row->from), to = year_of(row->to);

    if (row->kind == TERM_LIST || row->kind == TERM_ORDER || row->kind == TERM_PERSON)
        return OK;
    if (from) {
        struct term_touch what = {.form = row->canonical,
            .why = arena_printf(t->a, "早于%d年的文件", from),
            .year_to = from - 1};
        TRY(touch(t, what, e));
    }
    if (to) {
        struct term_touch what = {.form = row->canonical,
            .why = arena_printf(t->a, "晚于%d年的文件", to),
            .year_from = to + 1};
        TRY(touch(t, what, e));
    }
    return OK;
}

enum code term_touched(struct office *o, struct arena *a, const struct viewer *v,
    const struct term_row *t, struct term_touch **out, size_t *n, struct err *e)
{
    struct touching k = {.o = o, .a = a, .v = v};

    k.out = ARENA_ARRAY(a, struct term_touch, TERM_TOUCHES);
    TRY(touch_wrong(&k, t, e));
    TRY(touch_old(&k, t, e));
    TRY(touch_outside(&k, t, e));
    *out = k.out;
    *n = k.n;
    return OK;
}

enum code holder_touched(struct office *o, struct arena *a, const struct viewer *v,
    const struct holder_row *h, struct term_touch **out, size_t *n, struct err *e)
{
    struct touching k = {.o = o, .a = a, .v = v};
    struct str rest = h->title, piece;
    int to = year_of(h->to);

    k.out = ARENA_ARRAY(a, struct term_touch, TERM_TOUCHES);
    while (to && str_next(&rest, S("、"), &piece)) {
        struct term_touch what = {.form = arena_cat(a, str_trim(piece), h->person),
            .why = arena_printf(a, "晚于%d年的文件", to),
            .year_from = to + 1};
        TRY(touch(&k, what, e));
    }
    *out = k.out;
    *n = k.n;
    return OK;
}
