#include "text/edit.h"

#include "base/json.h"
#include "text/diff.h"

size_t edit_units(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char b = (unsigned char)s.p[i];
        n += (b & 0xC0) != 0x80;
        n += b >= 0xF0; /* outside the first plane: a pair */
    }
    return n;
}

static void write_lines(struct jw *j, struct str s)
{
    struct str line;
    while (str_cut(s, S("\n"), &line, &s))
        jw_str(j, line);
    jw_str(j, s);
}

enum code edit_between(struct arena *a, struct str x, struct str y, struct buf *b, struct err *e)
{
    struct diff d;
    struct jw j;
    TRY(diff_texts(a, x, y, &d, e));
    jw_init(&j, b);
    jw_arr(&j);
    for (size_t i = 0; i < d.n; i++) {
        const struct diff_op *o = &d.ops[i];
        size_t gone = edit_units(str_sub(x, o->x, o->x_n));
        if (o->kind == DIFF_SAME) {
            jw_int(&j, (int64_t)gone);
            continue;
        }
        jw_arr(&j);
        jw_int(&j, (int64_t)gone);
        if (o->kind == DIFF_REMOVED && i + 1 < d.n && d.ops[i + 1].kind == DIFF_ADDED)
            o = &d.ops[++i];
        if (o->kind == DIFF_ADDED)
            write_lines(&j, str_sub(y, o->y, o->y_n));
        jw_end(&j);
    }
    jw_end(&j);
    return OK;
}
