#include "paper/pdf.h"

#include <cairo-pdf.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "paper/mark.h"
#include "paper/pdf_int.h"

struct pdf *pdf_open(const struct pdf_options *o)
{
    struct pdf *p = mem_alloc(sizeof(*p));

    arena_init(&p->a);
    p->o = *o;
    p->o.title = arena_str(&p->a, o->title);
    p->o.author = arena_str(&p->a, o->author);
    p->o.subject = arena_str(&p->a, o->subject);
    p->o.header = arena_str(&p->a, o->header);
    if (paper_mark().n) /* the words across the page are pale: they say so in its head as well */
        p->o.header = arena_printf(
            &p->a, "%.*s%s%.*s", SF(paper_mark()), o->header.n ? "　" : "", SF(o->header));
    p->o.watermark = arena_str(&p->a, o->watermark.n ? o->watermark : paper_mark());
    p->o.foot = arena_str(&p->a, o->foot);
    for (size_t i = 0; i < PDF_FACES; i++)
        p->o.family[i] = arena_str(&p->a, o->family[i]);
    p->landscape = o->landscape;
    p->directory_at = SIZE_MAX;
    /* A map of our own, not the thread's: it goes with the report. */
    p->map = pango_cairo_font_map_new();
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(p->map), 72);
    p->context = pango_font_map_create_context(p->map);
    pango_context_set_language(p->context, pango_language_from_string("zh-cn"));
    pango_context_set_base_dir(p->context, PANGO_DIRECTION_LTR);
    pango_context_set_round_glyph_positions(p->context, FALSE);
    cairo_font_options_t *f = cairo_font_options_create();
    cairo_font_options_set_hint_style(f, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(f, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(p->context, f);
    cairo_font_options_destroy(f);
    pdf_fonts_find(p);
    return p;
}

void pdf_drop(struct pdf *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->n_fonts; i++)
        cairo_scaled_font_destroy(p->fonts[i]);
    for (size_t i = 0; i < p->n_layouts; i++)
        g_object_unref(p->layouts[i].layout);
    g_object_unref(p->context);
    g_object_unref(p->map);
    arena_release(&p->a);
    free(p);
}

/* ---- the order of the sheets ---- */

/* Put the sheets of the directory where it was asked for, and move what stands behind. */
static void directory_put(struct pdf *p)
{
    size_t body = p->n_sheets, at = p->directory_at, n;
    struct pdf_sheet *order;

    if (at == SIZE_MAX)
        return;
    pdf_directory_lay(p);
    n = p->n_sheets - body;
    order = ARENA_ARRAY(&p->a, struct pdf_sheet, p->n_sheets);
    for (size_t i = 0; i < p->n_sheets; i++)
        order[i < at ? i : i < body ? i + n : at + (i - body)] = p->sheets[i];
    p->sheets = order;
    for (size_t i = 0; i < p->n_sections; i++)
        if ((size_t)p->sections[i].page >= at)
            p->sections[i].page += (int)n;
}

/* ---- drawing ---- */

static void colour_set(cairo_t *c, unsigned rgb)
{
    cairo_set_source_rgb(c, (double)(rgb >> 16 & 255) / 255, (double)(rgb >> 8 & 255) / 255,
        (double)(rgb & 255) / 255);
}

static void run_draw(cairo_t *c, const struct pdf_run *r)
{
    if (!r->font || !r->n_glyphs)
        return;
    cairo_set_scaled_font(c, r->font);
    cairo_show_text_glyphs(c, r->text.p, (int)r->text.n, r->glyphs, r->n_glyphs, r->clusters,
        r->n_clusters,
        r->backward ? CAIRO_TEXT_CLUSTER_FLAG_BACKWARD : (cairo_text_cluster_flags_t)0);
}

static void line_draw(cairo_t *c, const struct pdf_line *l, float x, float y)
{
    cairo_save(c);
    cairo_translate(c, (double)x, (double)y);
    for (size_t i = 0; i < l->n; i++)
        run_draw(c, &l->runs[i]);
    cairo_restore(c);
}

/* One line of small print; `right`: its end stands at x. */
static void small_draw(struct pdf *p, cairo_t *c, struct str text, float x, float y, bool right)
{
    static const struct pdf_style look = {.face = PDF_SONG, .size = 9};
    struct pdf_set *s = pdf_set(p, &look, text, 2000);

    if (s->n)
        line_draw(c, &s->lines[0], right ? x - s->lines[0].width : x, y);
}

/* The pale words across the page are drawn as shapes: they are not part of its text. */
static void watermark_draw(struct pdf *p, cairo_t *c, const struct pdf_sheet *sheet)
{
    static const struct pdf_style look = {.face = PDF_HEI, .size = 54};
    struct pdf_set *s;

    if (!p->o.watermark.n)
        return;
    s = pdf_set(p, &look, p->o.watermark, 4000);
    if (!s->n)
        return;
    cairo_save(c);
    cairo_translate(c, (double)pdf_sheet_width(sheet) / 2, (double)pdf_sheet_height(sheet) / 2);
    cairo_rotate(c, -G_PI / 5);
    cairo_translate(c, -(double)s->lines[0].width / 2, 20);
    colour_set(c, 0xEDEAE6);
    cairo_new_path(c);
    for (size_t i = 0; i < s->lines[0].n; i++) {
        const struct pdf_run *r = &s->lines[0].runs[i];
        if (!r->font)
            continue;
        cairo_set_scaled_font(c, r->font);
        cairo_glyph_path(c, r->glyphs, r->n_glyphs);
    }
    cairo_fill(c);
    cairo_restore(c);
}

static void picture_draw(cairo_t *c, const struct pdf_op *op)
{
    double w = cairo_image_surface_get_width(op->picture),
           h = cairo_image_surface_get_height(op->picture);

    cairo_save(c);
    cairo_translate(c, (double)op->x, (double)op->y);
    cairo_scale(c, (double)op->w / w, (double)op->h / h);
    cairo_set_source_surface(c, op->picture, 0, 0);
    cairo_paint(c);
    cairo_restore(c);
}

/* Dots from the end of an entry to the number of its page; all of it leads there. */
static void page_of_draw(struct pdf *p, cairo_t *c, const struct pdf_op *op)
{
    const struct pdf_section *s = &p->sections[op->section];
    char number[16], link[96];
    struct pdf_set *set;
    int n = snprintf(number, sizeof(number), "%d", s->page + 1);
    static const struct pdf_style look = {.face = PDF_SONG, .size = 10};
    float end = op->x + op->w;

    set = pdf_set(p, &look, (struct str){number, (size_t)n}, 200);
    snprintf(link, sizeof(link), "page=%d pos=[0 %d] rect=[%d %d %d %d]", s->page + 1, (int)s->y,
        (int)PDF_MARGIN, (int)(op->y - op->h), (int)(end - PDF_MARGIN), (int)op->h);
    cairo_tag_begin(c, CAIRO_TAG_LINK, link);
    colour_set(c, 0x8A8580);
    for (int i = 0; op->x + 6 + 4 * (float)i < end - set->lines[0].width - 6; i++)
        cairo_rectangle(c, (double)op->x + 6 + 4 * (double)i, (double)op->y - 2, 0.8, 0.8);
    cairo_fill(c);
    colour_set(c, 0);
    line_draw(c, &set->lines[0], end - set->lines[0].width, op->y);
    cairo_tag_end(c, CAIRO_TAG_LINK);
}

static void ops_draw(struct pdf *p, cairo_t *c, const struct pdf_sheet *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->ops[i].kind == OP_FILL) {
            const struct pdf_op *op = &s->ops[i];
            colour_set(c, op->colour);
            cairo_rectangle(c, (double)op->x, (double)op->y, (double)op->w, (double)op->h);
            cairo_fill(c);
        }
    for (size_t i = 0; i < s->n; i++)
        if (s->ops[i].kind == OP_RULE)
            cairo_rectangle(c, (double)s->ops[i].x, (double)s->ops[i].y, (double)s->ops[i].w,
                (double)s->ops[i].h);
    colour_set(c, 0x8A8580);
    cairo_fill(c);
    for (size_t i = 0; i < s->n; i++) {
        const struct pdf_op *op = &s->ops[i];
        if (op->kind == OP_LINE) {
            colour_set(c, op->colour);
            line_draw(c, op->line, op->x, op->y);
        } else if (op->kind == OP_PICTURE) {
            picture_draw(c, op);
        } else if (op->kind == OP_PAGE_OF) {
            page_of_draw(p, c, op);
        }
    }
}

static void frame_draw(struct pdf *p, cairo_t *c, const struct pdf_sheet *s, size_t page)
{
    char foot[64];
    float w = pdf_sheet_width(s), h = pdf_sheet_height(s);
    int n = snprintf(foot, sizeof(foot), "第 %zu 页 共 %zu 页", page + 1, p->n_sheets);

    colour_set(c, 0x55504B);
    if (p->o.header.n) {
        small_draw(p, c, p->o.header, PDF_MARGIN, 46, false);
        cairo_rectangle(c, (double)PDF_MARGIN, 52, (double)(w - 2 * PDF_MARGIN), 0.5);
        cairo_fill(c);
    }
    if (p->o.foot.n)
        small_draw(p, c, p->o.foot, PDF_MARGIN, h - 34, false);
    small_draw(p, c, (struct str){foot, (size_t)n}, w - PDF_MARGIN, h - 34, true);
}

static void outline_write(struct pdf *p, cairo_surface_t *to)
{
    int parent[4] = {CAIRO_PDF_OUTLINE_ROOT, 0, 0, 0};

    for (size_t i = 0; i < p->n_sections; i++) {
        const struct pdf_section *s = &p->sections[i];
        int level = s->level < 1 ? 1 : s->level > 3 ? 3 : s->level, id;
        char link[64];
        snprintf(link, sizeof(link), "page=%d pos=[0 %d]", s->page + 1, (int)s->y);
        id = cairo_pdf_surface_add_outline(to, parent[level - 1], arena_z(&p->a, s->entry), link,
            level == 1 ? CAIRO_PDF_OUTLINE_FLAG_OPEN : (cairo_pdf_outline_flags_t)0);
        for (int k = level; k < 4; k++)
            parent[k] = id;
    }
}

static void about_write(struct pdf *p, cairo_surface_t *to)
{
    struct buf day;

    buf_init(&day, 64);
    clock_write_rfc3339(&day, p->o.made_ms - p->o.made_ms % MS_SECOND, ZONE_CHINA);
    struct str at = str_sub(buf_view(&day), 0, 19); /* cairo knows no fractions */
    cairo_pdf_surface_set_metadata(to, CAIRO_PDF_METADATA_TITLE, arena_z(&p->a, p->o.title));
    cairo_pdf_surface_set_metadata(to, CAIRO_PDF_METADATA_AUTHOR, arena_z(&p->a, p->o.author));
    cairo_pdf_surface_set_metadata(to, CAIRO_PDF_METADATA_SUBJECT, arena_z(&p->a, p->o.subject));
    cairo_pdf_surface_set_metadata(to, CAIRO_PDF_METADATA_CREATOR, "前哨 " QIANSHAO_VERSION);
    cairo_pdf_surface_set_metadata(to, CAIRO_PDF_METADATA_CREATE_DATE,
        arena_z(&p->a, arena_printf(&p->a, "%.*s+08:00", SF(at))));
    buf_release(&day);
}

static void sheets_draw(struct pdf *p, cairo_surface_t *to)
{
    cairo_t *c = cairo_create(to);

    for (size_t i = 0; i < p->n_sheets; i++) {
        const struct pdf_sheet *s = &p->sheets[i];
        cairo_pdf_surface_set_size(to, (double)pdf_sheet_width(s), (double)pdf_sheet_height(s));
        if (s->label.n)
            cairo_pdf_surface_set_page_label(to, arena_z(&p->a, s->label));
        watermark_draw(p, c, s);
        ops_draw(p, c, s);
        frame_draw(p, c, s, i);
        cairo_show_page(c);
        if (cairo_status(c) != CAIRO_STATUS_SUCCESS)
            break;
    }
    if (cairo_status(c) != CAIRO_STATUS_SUCCESS)
        pdf_failed(p, E_IO, cairo_status_to_string(cairo_status(c)));
    cairo_destroy(c);
}

static cairo_status_t bytes_write(void *arg, const unsigned char *bytes, unsigned n)
{
    struct buf *b = arg;

    buf_add(b, bytes, n);
    return b->full ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void made_fill(struct pdf *p, struct arena *a, struct pdf_made *made)
{
    static const char *const names[PDF_FACES] = {"宋体", "仿宋", "楷体", "黑体"};
    struct buf fonts, other;

    *made = (struct pdf_made){
        .pages = (int)p->n_sheets, .n_sections = p->n_sections, .missing = p->missing};
    made->section_page = ARENA_ARRAY(a, int, p->n_sections + 1);
    for (size_t i = 0; i < p->n_sections; i++)
        made->section_page[i] = p->sections[i].page + 1;
    buf_init(&fonts, 4096);
    buf_init(&other, 4096);
    for (size_t i = 0; i < PDF_FACES; i++) {
        buf_printf(&fonts, "%s%s：%.*s", i ? "；" : "", names[i], SF(p->found[i]));
        if (p->substituted[i])
            buf_printf(
                &other, "%s本机没有%s，以%.*s代替", other.n ? "；" : "", names[i], SF(p->found[i]));
    }
    made->fonts = arena_str(a, buf_view(&fonts));
    made->substituted = arena_str(a, buf_view(&other));
    buf_release(&fonts);
    buf_release(&other);
}

enum code pdf_close(
    struct pdf *p, struct arena *a, struct buf *out, struct pdf_made *made, struct err *e)
{
    size_t before = out->n;
    cairo_surface_t *to;
    enum code c;

    if (!p->n_sheets)
        pdf_gap(p, 0), pdf_label(p, S("")); /* an empty report has one empty page */
    directory_put(p);
    to = cairo_pdf_surface_create_for_stream(bytes_write, out, (double)PDF_SHORT, (double)PDF_LONG);
    about_write(p, to);
    if (p->e.code == OK) {
        sheets_draw(p, to);
        outline_write(p, to);
    }
    cairo_surface_finish(to);
    if (cairo_surface_status(to) != CAIRO_STATUS_SUCCESS)
        pdf_failed(p, E_IO, cairo_status_to_string(cairo_surface_status(to)));
    cairo_surface_destroy(to);
    c = p->e.code;
    if (c == OK) {
        made_fill(p, a, made);
    } else {
        *e = p->e;
        out->n = before;
    }
    pdf_drop(p);
    return c;
}
