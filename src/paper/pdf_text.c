/* Text to lines of glyphs. Pango chooses fonts, shapes and breaks lines; what it found is kept as plain arrays, because a
 * report of thousands of pages cannot keep its layouts until the number of its pages is known. */
#include <string.h>

#include "base/utf8.h"
#include "paper/face.h"
#include "paper/pdf_int.h"

static const enum face classes[PDF_FACES] = {
    [PDF_SONG] = FACE_SONG, [PDF_FANG] = FACE_FANG, [PDF_KAI] = FACE_KAI, [PDF_HEI] = FACE_HEI};

/* What Pango is asked for: every family there is, so that a character missing in one comes out of the next. */
static void face_find(struct pdf *p, size_t i)
{
    struct face_families want = face_families_default;
    const char *found[FACE_FOUND_MAX];
    enum face f = classes[i];
    size_t n, n_own;
    struct buf list;

    if (p->o.family[i].n) { /* in front of the others; the last of the list makes room */
        memmove(&want.v[f][1], &want.v[f][0], sizeof(want.v[f]) - sizeof(want.v[f][0]));
        want.v[f][0] = arena_z(&p->a, p->o.family[i]);
    }
    n = faces_installed(&want, f, found, &n_own);
    p->found[i] = n ? str_z(found[0]) : S("");
    p->substituted[i] = n_own == 0;
    buf_init(&list, 4096);
    for (size_t k = 0; k < n; k++)
        buf_printf(&list, "%s,", found[k]);
    buf_z(&list, "sans-serif");
    p->family[i] = arena_z(&p->a, buf_view(&list));
    buf_release(&list);
}

void pdf_fonts_find(struct pdf *p)
{
    for (size_t i = 0; i < PDF_FACES; i++)
        face_find(p, i);
}

static bool style_same(const struct pdf_style *x, const struct pdf_style *y)
{
    return x->face == y->face && x->align == y->align && x->size == y->size && x->bold == y->bold &&
           x->indent == y->indent;
}

static PangoLayout *layout_new(struct pdf *p, const struct pdf_style *s)
{
    PangoLayout *l = pango_layout_new(p->context);
    PangoFontDescription *d = pango_font_description_new();

    pango_font_description_set_family(d, p->family[s->face]);
    pango_font_description_set_absolute_size(d, s->size * PANGO_SCALE);
    pango_font_description_set_weight(d, s->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(l, d);
    pango_font_description_free(d);
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_indent(l, (int)(s->indent * s->size * PANGO_SCALE));
    pango_layout_set_alignment(l, s->align == PDF_CENTRE  ? PANGO_ALIGN_CENTER
                                  : s->align == PDF_RIGHT ? PANGO_ALIGN_RIGHT
                                                          : PANGO_ALIGN_LEFT);
    return l;
}

static PangoLayout *layout_of(struct pdf *p, const struct pdf_style *s)
{
    struct pdf_layout *l;

    for (size_t i = 0; i < p->n_layouts; i++)
        if (style_same(&p->layouts[i].s, s))
            return p->layouts[i].layout;
    if (p->n_layouts == PDF_STYLES) {
        l = &p->layouts[PDF_STYLES - 1];
        g_object_unref(l->layout);
    } else {
        l = &p->layouts[p->n_layouts++];
    }
    l->s = *s;
    l->layout = layout_new(p, s);
    return l->layout;
}

/* The fonts of a report are few; each is held until it is written. */
static cairo_scaled_font_t *font_keep(struct pdf *p, PangoFont *font)
{
    cairo_scaled_font_t *f = pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font));

    for (size_t i = 0; i < p->n_fonts; i++)
        if (p->fonts[i] == f)
            return f;
    if (!f || p->n_fonts == PDF_FONTS) {
        pdf_failed(p, E_LIMIT, "报告所用的字体太多或打不开，请检查本机安装的字体");
        return NULL;
    }
    return p->fonts[p->n_fonts++] = cairo_scaled_font_reference(f);
}

static void glyph_take(struct pdf *p, struct pdf_run *r, const PangoGlyphInfo *g, double *x)
{
    if (g->glyph != PANGO_GLYPH_EMPTY) {
        cairo_glyph_t *to = &r->glyphs[r->n_glyphs++];
        bool unknown = g->glyph & PANGO_GLYPH_UNKNOWN_FLAG;
        p->missing += unknown;
        to->index = unknown ? 0 : g->glyph;
        to->x = *x + (double)g->geometry.x_offset / PANGO_SCALE;
        to->y = (double)g->geometry.y_offset / PANGO_SCALE;
    }
    *x += (double)g->geometry.width / PANGO_SCALE;
}

/* Which bytes each glyph stands for, so that what is selected is the text. */
static void clusters_take(struct pdf_run *r, PangoGlyphItem *item, const char *text)
{
    PangoGlyphItemIter i;

    for (gboolean more = pango_glyph_item_iter_init_start(&i, item, text); more;
         more = pango_glyph_item_iter_next_cluster(&i)) {
        int step = i.start_glyph < i.end_glyph ? 1 : -1, n = 0;
        for (int g = i.start_glyph; g != i.end_glyph; g += step)
            n += item->glyphs->glyphs[g].glyph != PANGO_GLYPH_EMPTY;
        r->clusters[r->n_clusters++] = (cairo_text_cluster_t){i.end_index - i.start_index, n};
    }
}

static void run_take(
    struct pdf *p, struct pdf_run *r, PangoGlyphItem *item, const char *text, double *x)
{
    const PangoGlyphString *gs = item->glyphs;
    struct str s = {text + item->item->offset, (size_t)item->item->length};

    *r = (struct pdf_run){.font = font_keep(p, item->item->analysis.font),
        .text = arena_str(&p->a, s),
        .backward = item->item->analysis.level & 1};
    r->glyphs = ARENA_ARRAY(&p->a, cairo_glyph_t, (size_t)gs->num_glyphs + 1);
    r->clusters = ARENA_ARRAY(&p->a, cairo_text_cluster_t, (size_t)item->item->num_chars + 1);
    for (int i = 0; i < gs->num_glyphs; i++)
        glyph_take(p, r, &gs->glyphs[i], x);
    clusters_take(r, item, text);
}

static void line_take(struct pdf *p, struct pdf_line *to, PangoLayoutLine *from, const char *text)
{
    size_t n = g_slist_length(from->runs);
    double x = 0;

    to->runs = ARENA_ARRAY(&p->a, struct pdf_run, n + 1);
    for (GSList *r = from->runs; r; r = r->next)
        run_take(p, &to->runs[to->n++], r->data, text, &x);
    to->width = (float)x;
}

/* Pango breaks lines by the rules of Unicode; it calls a line's box what alignment and indent made of it. */
static struct pdf_set *set_take(struct pdf *p, const struct pdf_style *s, PangoLayout *l)
{
    struct pdf_set *set = ARENA_NEW(&p->a, struct pdf_set);
    PangoLayoutIter *i = pango_layout_get_iter(l);

    set->lines = ARENA_ARRAY(&p->a, struct pdf_line, (size_t)pango_layout_get_line_count(l) + 1);
    set->leading = (float)(s->size * 1.5);
    set->rise = (float)(s->size * 1.12); /* the box of a Chinese character ends 0.12 below */
    set->colour = s->colour;
    do {
        struct pdf_line *to = &set->lines[set->n++];
        PangoRectangle box;
        line_take(p, to, pango_layout_iter_get_line_readonly(i), pango_layout_get_text(l));
        pango_layout_iter_get_line_extents(i, NULL, &box);
        to->x = (float)box.x / PANGO_SCALE;
    } while (pango_layout_iter_next_line(i));
    pango_layout_iter_free(i);
    return set;
}

/* Control characters out, bytes that are no UTF-8 replaced: pango and cairo refuse both. */
static struct str text_clean(struct pdf *p, struct str text)
{
    struct buf b;
    struct str s;
    size_t off = 0;
    bool plain = utf8_check(text) == SIZE_MAX;

    for (size_t i = 0; plain && i < text.n; i++)
        plain = (unsigned char)text.p[i] >= 0x20 || text.p[i] == '\n';
    if (plain)
        return text;
    buf_init(&b, text.n * 3 + 1);
    while (off < text.n) {
        uint32_t cp = utf8_next(text, &off);
        if (cp == '\t')
            cp = ' ';
        if (cp >= 0x20 || cp == '\n')
            buf_utf8(&b, cp);
    }
    s = arena_str(&p->a, buf_view(&b));
    buf_release(&b);
    return s;
}

struct pdf_set *pdf_set(struct pdf *p, const struct pdf_style *style, struct str text, float width)
{
    struct pdf_style s = *style;
    PangoLayout *l;

    if (s.size <= 0)
        s.size = 10.5;
    if (text.n > PDF_TEXT_MAX) {
        pdf_failed(p, E_LIMIT, "报告里有一段文字超过1 MB，请拆成几份");
        text.n = 0;
    }
    text = text_clean(p, text);
    l = layout_of(p, &s);
    pango_layout_set_width(l, (int)(width * PANGO_SCALE));
    pango_layout_set_text(l, text.p ? text.p : "", (int)text.n);
    return set_take(p, &s, l);
}
