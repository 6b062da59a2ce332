/* The redline for a terminal. */
#include "paper/redline_int.h"

#define RED   "\x1b[31;9m"
#define GREEN "\x1b[32;4m"
#define FAINT "\x1b[2m"
#define PLAIN "\x1b[0m"

static const struct {
    const char *begin, *end;
} marks[2][3] = {
    {[DOCX_KEPT] = {"", ""}, [DOCX_INS] = {"{+", "+}"}, [DOCX_DEL] = {"[-", "-]"}},
    {[DOCX_KEPT] = {"", ""}, [DOCX_INS] = {GREEN, PLAIN}, [DOCX_DEL] = {RED, PLAIN}},
};

static void put(struct buf *out, enum docx_change how, struct str s, bool colour)
{
    buf_z(out, marks[colour][how].begin);
    buf_str(out, s);
    buf_z(out, marks[colour][how].end);
}

static bool is_changed(const struct red_weave *w, const struct red_para *p)
{
    bool changed = p->mark != DOCX_KEPT;

    for (size_t i = 0; i < p->n; i++)
        changed = changed || w->pieces[p->first + i].how != DOCX_KEPT;
    return changed;
}

/* Which paragraph of either it is: "旧稿第3段，新稿第4段". */
static void place(struct buf *out, const struct red_para *p, size_t old, size_t new, bool colour)
{
    buf_z(out, colour ? FAINT : "");
    if (p->mark != DOCX_INS)
        buf_printf(out, "旧稿第%zu段", old);
    if (p->mark != DOCX_DEL)
        buf_printf(out, "%s新稿第%zu段", p->mark == DOCX_KEPT ? "，" : "", new);
    buf_z(out, colour ? PLAIN "\n" : "\n");
}

enum code redline_text(const struct redline *r, bool colour, struct buf *out, struct err *e)
{
    struct red_weave w;
    struct arena a;
    size_t old = 0, new = 0;
    enum code c;

    arena_init(&a);
    c = red_weave(&a, r, &w, e);
    for (size_t i = 0; c == OK && i < w.n_paras; i++) {
        const struct red_para *p = &w.paras[i];
        old += p->mark != DOCX_INS;
        new += p->mark != DOCX_DEL;
        if (!is_changed(&w, p))
            continue;
        place(out, p, old, new, colour);
        for (size_t k = 0; k < p->n; k++)
            put(out, w.pieces[p->first + k].how, w.pieces[p->first + k].text, colour);
        if (p->mark != DOCX_KEPT)
            put(out, p->mark, S("¶"), colour);
        buf_z(out, "\n\n");
    }
    if (c == OK)
        buf_printf(out, "删去%zu字，新增%zu字，未变%zu字\n", w.removed_cp, w.added_cp, w.same_cp);
    arena_release(&a);
    return c == OK ? buf_check(out, "红线稿", e) : c;
}
