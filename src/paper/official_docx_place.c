/* Where things stand in the layout: what a flow of paragraphs has to be told to come out the same. */
#include <math.h>

#include "paper/official_docx_int.h"

/* From the baseline to the upper edge of a character's square. */
static double above(double pt)
{
    return 0.88 * pt * MM_PER_PT;
}

static const struct layout_page *first(const struct odx *w)
{
    return w->l->n ? &w->l->pages[0] : NULL;
}

static double wide(const struct layout_run *r)
{
    double mm = 0;

    for (size_t i = 0; i < r->n; i++)
        mm += (double)r->advance[i];
    return mm;
}

static bool is_mark(const struct odx *w, const struct layout_run *r)
{
    return r->face == FACE_BIAO && r->colour == w->s->red;
}

static bool is_title(const struct odx *w, const struct layout_run *r)
{
    return r->face == FACE_BIAO && r->colour != w->s->red;
}

bool odx_mark_at(const struct odx *w, double *top, double *pt)
{
    const struct layout_page *p = first(w);

    *top = HUGE_VAL;
    for (size_t i = 0; p && i < p->n_runs; i++)
        if (is_mark(w, &p->runs[i])) {
            *top = fmin(*top, p->runs[i].y - 0.86 * p->runs[i].pt * MM_PER_PT);
            *pt = p->runs[i].pt;
        }
    return *top < HUGE_VAL;
}

bool odx_mark_of(const struct odx *w, struct str s, struct odx_place *out)
{
    const struct layout_page *p = first(w);

    for (size_t i = 0; p && s.n && i < p->n_runs; i++)
        if (is_mark(w, &p->runs[i]) && str_eq(p->runs[i].text, s)) {
            *out =
                (struct odx_place){0, p->runs[i].x, p->runs[i].y, wide(&p->runs[i]), p->runs[i].pt};
            return true;
        }
    return false;
}

double odx_top_of(const struct odx *w, struct str s)
{
    const struct layout_page *p = first(w);

    for (size_t i = 0; p && s.n && i < p->n_runs; i++)
        if (str_eq(p->runs[i].text, s))
            return p->runs[i].y - above(p->runs[i].pt);
    return HUGE_VAL;
}

double odx_title_top(const struct odx *w)
{
    const struct layout_page *p = first(w);
    double top = HUGE_VAL;

    for (size_t i = 0; p && i < p->n_runs; i++)
        if (is_title(w, &p->runs[i]))
            top = fmin(top, p->runs[i].y - above(p->runs[i].pt));
    return top;
}

double odx_below_title(const struct odx *w)
{
    const struct layout_page *p = first(w);
    double last = -1, top = HUGE_VAL;

    for (size_t i = 0; p && i < p->n_runs; i++)
        if (is_title(w, &p->runs[i]))
            last = fmax(last, p->runs[i].y);
    for (size_t i = 0; p && last >= 0 && i < p->n_runs; i++)
        if (p->runs[i].y > last + 1)
            top = fmin(top, p->runs[i].y - above(p->runs[i].pt));
    return top;
}

/* Takes a line of the layout off the front of what is left, which may have blanks or breaks where the layout broke it. */
static bool eat_line(struct str *rest, struct str line)
{
    while (rest->n && (rest->p[0] == '\n' || rest->p[0] == ' '))
        *rest = str_sub(*rest, 1, SIZE_MAX);
    while (str_eat(rest, S("　")))
        continue;
    return str_eat(rest, line);
}

struct str odx_title_lines(const struct odx *w, size_t *n)
{
    const struct layout_page *p = first(w);
    struct str whole = w->d->title, left = whole, rest = {0}, out = {0}, part;

    while (str_next(&left, S("\n"), &part)) /* a line of the layout may go over somebody's own */
        rest = arena_cat(w->a, rest, str_trim(part));
    *n = 0;
    for (size_t i = 0; p && i < p->n_runs; i++) {
        struct str line = p->runs[i].text;
        if (!is_title(w, &p->runs[i]))
            continue;
        ++*n;
        if (eat_line(&rest, line))
            out = out.n ? arena_cat(w->a, arena_cat(w->a, out, S("\n")), line) : line;
    }
    return rest.n || odx_has_notes(w, whole) ? whole : out;
}

struct str odx_cut(const struct odx *w, size_t page, struct str s)
{
    const struct layout_page *p = page < w->l->n ? &w->l->pages[page] : NULL;
    struct str left = s, whole = S(""), part;

    while (str_next(&left, S("\n"), &part)) /* a line of the layout may go over somebody's own */
        whole = arena_cat(w->a, whole, str_trim(part));
    for (size_t i = 0; p && !odx_has_notes(w, s) && i < p->n_runs; i++) {
        struct str rest = whole, out = S("");
        double y = p->runs[i].y;
        for (size_t k = i; rest.n && k < p->n_runs && eat_line(&rest, p->runs[k].text); k++) {
            if (fabs(p->runs[k].y - y) > 0.01)
                out = arena_cat(w->a, out, S("\n"));
            out = arena_cat(w->a, out, p->runs[k].text);
            y = p->runs[k].y;
        }
        if (!rest.n)
            return out;
    }
    return s;
}

void odx_part_pages(struct odx *w, size_t k)
{
    size_t i = 0;

    while (k && i < w->l->n && w->l->pages[i].carried != k)
        i++;
    w->part = i;
    for (i = k ? i + 1 : i; i < w->l->n && !w->l->pages[i].carried;)
        i++;
    w->part_end = i;
}

/* Searched from the end: a day stands in texts too. */
bool odx_place_of(const struct odx *w, struct str s, struct odx_place *out)
{
    for (size_t i = w->part_end; s.n && i-- > w->part;)
        for (size_t k = w->l->pages[i].n_runs; k-- > 0;) {
            const struct layout_run *r = &w->l->pages[i].runs[k];
            if (str_eq(r->text, s)) {
                *out = (struct odx_place){i, r->x - w->s->left, r->y, wide(r), r->pt};
                return true;
            }
        }
    return false;
}

int odx_foot_lines(const struct odx *w, struct str s)
{
    const struct layout_page *p = w->l->n ? &w->l->pages[w->l->n - 1] : NULL;
    struct str rest = s;
    int n = 0;

    for (size_t i = 0; p && rest.n && i < p->n_runs; i++)
        if (fabs(p->runs[i].pt - w->s->foot_pt) < 0.01 && eat_line(&rest, p->runs[i].text))
            n++;
    return rest.n ? 0 : n;
}
