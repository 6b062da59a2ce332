/* Paper, text area, lines and characters, page numbers. */
#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "office/format_int.h"

#define MM(twips) ((twips) / 1440.0 * 25.4)

/* So that its signature does not stand alone (7.3.5.5) a short document may have other lines, fewer rather than more, and any document two more or
 * fewer where they fill the page (28 磅 between the usual margins does not). */
enum {
    BODY_ROWS = 22,
    BODY_COLUMNS = 28,
    ONE_PAGE_CP = 500,
    TWO_PAGES_CP = 700,
    ROWS_ADJUSTED = 2,
    ROWS_FEWEST = 16
};

/* The paragraph whose measures the text has: the first of body text. */
static const struct rich_para *body(const struct format_view *w)
{
    for (size_t i = 0; i < w->r->n; i++)
        if (w->role[i] == ROLE_BODY)
            return &w->r->paras[i];
    return NULL;
}

static bool near(double v, double want, double by)
{
    return fabs(v - want) <= by + 0.06;
}

static struct str mm(struct formatting *f, double v)
{
    return arena_printf(f->a, "%.1f mm", v);
}

/* The line of body text in twips; 0: it depends on the font. */
static double pitch(const struct rich_section *s, const struct rich_para *p)
{
    if (p->f.rule == RICH_EXACT && p->f.line > 0)
        return p->f.line;
    if (s->grid && s->pitch > 0 && (p->f.line == 0 || p->f.line == 240))
        return s->pitch;
    return 0;
}

static void page_size(struct formatting *f, const struct rich_section *s)
{
    double w = MM(s->width), h = MM(s->height);
    bool upright = near(w, 210, 1) && near(h, 297, 1), flat = near(w, 297, 1) && near(h, 210, 1);

    if (s->width > 0 && !upright && !flat)
        format_say_at(f, "page-size", "页面设置", arena_printf(f->a, "%.0f mm × %.0f mm", w, h),
            "A4，210 mm × 297 mm");
}

/* 天头: to the upper edge of the first line's characters, or to the margin, as one reads the standard. */
static void page_top(struct formatting *f, const struct rich_section *s, const struct rich_para *p)
{
    const struct rich_look *k = p ? format_look_of(f->w->r, p, 0, p->text.n) : NULL;
    double line = p ? pitch(s, p) : s->grid ? s->pitch : 0, em = k ? format_points(k) * 20 : 320;
    double top = MM(s->top), ink = MM(s->top + (line > em ? (line - em) / 2 : 0));

    if (s->top >= 0 && !near(top, 37, 1) && !near(ink, 37, 1))
        format_say_at(f, "page-top", "页面设置", mm(f, top), "37 mm ± 1 mm");
}

static void page_sides(struct formatting *f, const struct rich_section *s)
{
    double left = MM(s->left + s->gutter), width = MM(s->width - s->left - s->right - s->gutter);

    if (s->top < 0 || s->width <= 0)
        return;
    if (!near(left, 28, 1))
        format_say_at(f, "page-left", "页面设置", mm(f, left), "28 mm ± 1 mm");
    if (!near(width, 156, 1))
        format_say_at(f, "page-width", "页面设置", mm(f, width), "156 mm");
}

static bool rows_adjusted(const struct formatting *f, int rows, double exact)
{
    if (f->w->d.n <= TWO_PAGES_CP)
        return rows >= ROWS_FEWEST && rows <= BODY_ROWS + ROWS_ADJUSTED;
    return fabs(exact - rows) < 0.03 && abs(rows - BODY_ROWS) <= ROWS_ADJUSTED;
}

static void page_rows(struct formatting *f, const struct rich_section *s, const struct rich_para *p)
{
    double room = s->height - s->top - s->bottom, line = pitch(s, p);
    int rows = line > 0 ? (int)floor(room / line + 0.05) : 0;
    struct str found;

    if (s->top < 0 || rows == BODY_ROWS || rows_adjusted(f, rows, line > 0 ? room / line : 0))
        return;
    if (line > 0)
        found = arena_printf(f->a, "每页 %d 行（行距 %.1f 磅）", rows, line / 20);
    else if (p->f.rule == RICH_AUTO)
        found = arena_printf(f->a, "%.2g 倍行距", p->f.line ? p->f.line / 240.0 : 1.0);
    else
        found = arena_printf(f->a, "最小值 %.1f 磅", p->f.line / 20.0);
    format_say_at(f, "page-rows", "正文", found, "每页 22 行，行距固定值约 29 磅");
}

static void page_columns(
    struct formatting *f, const struct rich_section *s, const struct rich_para *p)
{
    const struct rich_look *k = format_look_of(f->w->r, p, 0, p->text.n);
    double em, room = s->width - s->left - s->right - s->gutter;
    int n;

    if (!k || s->top < 0)
        return;
    em = format_points(k) * 20 + k->spacing + (s->grid >= 2 ? s->chars / 4096.0 * 20 : 0);
    n = (int)floor(room / em + 0.06);
    if (n != BODY_COLUMNS)
        format_say_at(f, "page-columns", "正文", arena_printf(f->a, "每行 %d 字", n), "每行 28 字");
}

void format_page(struct formatting *f)
{
    const struct rich *r = f->w->r;
    const struct rich_para *p = body(f->w);
    const struct rich_section *s = r->n_sections ? &r->sections[0] : NULL;

    if (!s)
        return;
    page_size(f, s);
    page_top(f, s, p);
    page_sides(f, s);
    if (!p)
        return;
    page_rows(f, s, p);
    page_columns(f, s, p);
}

/* ---- page numbers ---- */

static const struct rich_para *footer_para(const struct rich *r, int part)
{
    for (size_t i = 0; i < r->n && part >= 0; i++)
        if (r->paras[i].place == RICH_FOOTER && r->paras[i].part == part && r->paras[i].page_field)
            return &r->paras[i];
    return NULL;
}

/* The look of the digits. */
static const struct rich_look *number_look(const struct rich *r, const struct rich_para *p)
{
    size_t at = 0;

    for (size_t i = 0; i < p->n_runs; at += p->runs[i++].n)
        for (size_t k = at; k < at + p->runs[i].n; k++)
            if (p->text.p[k] >= '0' && p->text.p[k] <= '9')
                return &r->looks[p->runs[i].look];
    return p->n_runs ? &r->looks[p->runs[0].look] : NULL;
}

static int number_face(const struct rich_look *k)
{
    int face = format_face(k->latin);

    return face < 0 && !k->latin.n ? format_face(k->east) : face;
}

static void number_type(struct formatting *f, const struct rich_para *p)
{
    const struct rich_look *k = number_look(f->w->r, p);
    struct str s = str_trim(p->text);

    if (k && number_face(k) != FACE_SONG)
        format_say_at(f, "number-font", "页脚", k->latin.n ? k->latin : S("没有指定"), "宋体");
    if (k && fabs(format_points(k) - 14) > 0.3)
        format_say_at(
            f, "number-size", "页脚", format_size(f->a, format_points(k)), "四号（14 磅）");
    if (!str_starts(s, S("—")) || !str_ends(s, S("—")))
        format_say_at(f, "number-dash", "页脚", s, "数字左右各放一条一字线：— 1 —");
}

static void number_side(
    struct formatting *f, const struct rich_para *odd, const struct rich_para *even)
{
    if (f->w->r->even_and_odd && odd && even && odd->f.align == RICH_RIGHT &&
        even->f.align != RICH_RIGHT && even->f.align != RICH_CENTRE)
        return;
    format_say_at(f, "number-side", "页脚",
        odd && odd->f.align == RICH_CENTRE ? S("居中")
        : !f->w->r->even_and_odd           ? S("单双页相同")
                                           : S("单双页位置不对"),
        "单页码居右空一字，双页码居左空一字");
}

void format_footers(struct formatting *f)
{
    const struct rich *r = f->w->r;
    const struct rich_section *s = r->n_sections ? &r->sections[0] : NULL;
    const struct rich_para *odd, *even;

    if (!s || (f->w->head && !f->w->paper)) /* letters, minutes and bulletins have their own ways */
        return;
    odd = footer_para(r, s->footers[0]);
    even = footer_para(r, s->footers[1]);
    if (!odd && !even) {
        if (f->w->d.n > ONE_PAGE_CP)
            format_say_at(f, "number-none", "页脚", S("没有页码"),
                "四号半角宋体阿拉伯数字，左右各一条一字线");
        return;
    }
    number_type(f, odd ? odd : even);
    if (f->w->head)
        number_side(f, odd, even);
}
