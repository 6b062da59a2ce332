#include "office/compare.h"

static bool is_older(const struct document *x, const struct document *y)
{
    int c = x->day.n && y->day.n ? str_cmp(x->day, y->day) : 0;

    return c < 0 || (c == 0 && x->id < y->id);
}

enum code library_compare(struct office *o, struct arena *a, const struct viewer *v, int64_t one,
    int64_t other, struct comparison *out, struct err *e)
{
    struct library_reading x;
    struct library_reading y;
    struct comparison c;
    bool in_order;

    if (one == other)
        return FAIL(e, E_INPUT, "请选择两件不同的资料来比较");
    TRY(library_read(o, a, v, one, S(""), &x, e));
    TRY(library_read(o, a, v, other, S(""), &y, e));
    in_order = is_older(&x.doc, &y.doc);
    c = (struct comparison){.older = in_order ? x.doc : y.doc,
        .newer = in_order ? y.doc : x.doc,
        .older_text = in_order ? x.text : y.text,
        .newer_text = in_order ? y.text : x.text};
    TRY(articles_compare(a, c.older_text, c.newer_text, &c.diff, e));
    *out = c;
    return OK;
}
