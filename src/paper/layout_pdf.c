#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "paper/layout_out.h"
#include "paper/mark.h"

#define PT(mm) ((mm) / MM_PER_PT)

enum { RUN_MAX = 4096 };

struct drawing {
    struct faces *f;
    cairo_t *cr;
    cairo_font_face_t **faces; /* by font of struct faces, made when first used */
    size_t n_faces;
    cairo_glyph_t glyphs[RUN_MAX];
    cairo_text_cluster_t clusters[RUN_MAX];
};

static cairo_status_t write_bytes(void *arg, const unsigned char *p, unsigned int n)
{
    struct buf *out = arg;

    buf_add(out, p, n);
    return out->full ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void colour(cairo_t *cr, uint32_t rgb)
{
    cairo_set_source_rgb(
        cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
}

static cairo_font_face_t *face_at(struct drawing *g, int font)
{
    size_t i = (size_t)font;

    if (i >= g->n_faces) {
        g->faces = mem_grow(g->faces,
            (i + 1) * sizeof(cairo_font_face_t *)); // NOLINT(bugprone-sizeof-expression): pointers
        while (g->n_faces <= i)
            g->faces[g->n_faces++] = NULL;
    }
    if (!g->faces[i]) {
        cairo_scaled_font_t *s = pango_cairo_font_get_scaled_font(face_font(g->f, font));
        g->faces[i] = cairo_font_face_reference(cairo_scaled_font_get_font_face(s));
    }
    return g->faces[i];
}

/* Characters [begin, end) of a run, all of one font. */
static void stretch(
    struct drawing *g, const struct layout_run *r, struct str text, size_t n, int font)
{
    cairo_set_font_face(g->cr, face_at(g, font));
    cairo_set_font_size(g->cr, r->pt);
    cairo_show_text_glyphs(g->cr, text.p, (int)text.n, g->glyphs, (int)n, g->clusters, (int)n, 0);
}

static void run(struct drawing *g, const struct layout_run *r)
{
    double x = r->x;
    size_t off = 0, begin = 0, n = 0;
    int font = -1;

    colour(g->cr, r->colour);
    for (size_t i = 0; i < r->n && off < r->text.n; i++) {
        size_t at = off;
        const struct face_glyph *k = face_glyph(g->f, r->face, utf8_next(r->text, &off));
        if (n > 0 && (k->font != font || n == RUN_MAX)) {
            stretch(g, r, str_sub(r->text, begin, at - begin), n, font);
            begin = at;
            n = 0;
        }
        font = k->font;
        g->glyphs[n] = (cairo_glyph_t){k->glyph, PT(x), PT(r->y)};
        g->clusters[n++] = (cairo_text_cluster_t){(int)(off - at), 1};
        x += r->advance[i];
    }
    if (n > 0)
        stretch(g, r, str_sub(r->text, begin, off - begin), n, font);
}

static void rule(cairo_t *cr, const struct layout_rule *r)
{
    colour(cr, r->colour);
    cairo_set_line_width(cr, PT(r->mm));
    cairo_move_to(cr, PT(r->x1), PT(r->y1));
    cairo_line_to(cr, PT(r->x2), PT(r->y2));
    cairo_stroke(cr);
}

struct png {
    struct str s;
    size_t off;
};

static cairo_status_t read_png(void *arg, unsigned char *to, unsigned int n)
{
    struct png *p = arg;

    if (p->s.n - p->off < n)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(to, p->s.p + p->off, n);
    p->off += n;
    return CAIRO_STATUS_SUCCESS;
}

static void picture(cairo_t *cr, const struct layout_picture *p)
{
    struct png from = {p->png, 0};
    cairo_surface_t *s = cairo_image_surface_create_from_png_stream(read_png, &from);

    if (cairo_surface_status(s) == CAIRO_STATUS_SUCCESS) {
        double w = cairo_image_surface_get_width(s), h = cairo_image_surface_get_height(s);
        cairo_save(cr);
        cairo_translate(cr, PT(p->x), PT(p->y));
        cairo_scale(cr, PT(p->width) / w, PT(p->height) / h);
        cairo_set_source_surface(cr, s, 0, 0);
        cairo_paint(cr);
        cairo_restore(cr);
    }
    cairo_surface_destroy(s);
}

/* Three times down the page, aslant. */
static void watermark(struct drawing *g, const struct layout *l, struct str text)
{
    double size = 30, width = 0;

    for (size_t off = 0; off < text.n;)
        width += face_glyph(g->f, FACE_HEI, utf8_next(text, &off))->em * size;
    for (int i = 0; i < 3 && width > 0; i++) {
        double x = -width / 2;
        size_t off = 0;
        cairo_save(g->cr);
        cairo_translate(g->cr, PT(l->width / 2), PT(l->height * (0.2 + 0.3 * i)));
        cairo_rotate(g->cr, -0.5);
        cairo_set_source_rgba(g->cr, 0, 0, 0, 0.07);
        while (off < text.n) {
            const struct face_glyph *k = face_glyph(g->f, FACE_HEI, utf8_next(text, &off));
            cairo_glyph_t one = {k->glyph, x, 0};
            cairo_set_font_face(g->cr, face_at(g, k->font));
            cairo_set_font_size(g->cr, size);
            cairo_show_glyphs(g->cr, &one, 1);
            x += k->em * size;
        }
        cairo_restore(g->cr);
    }
}

static void page(struct drawing *g, const struct layout *l, size_t i, struct str mark)
{
    const struct layout_page *p = &l->pages[i];

    if (mark.n)
        watermark(g, l, mark);
    for (size_t k = 0; k < p->n_pictures; k++)
        picture(g->cr, &p->pictures[k]);
    for (size_t k = 0; k < p->n_rules; k++)
        rule(g->cr, &p->rules[k]);
    for (size_t k = 0; k < p->n_runs; k++)
        run(g, &p->runs[k]);
    cairo_show_page(g->cr);
}

static void describe(cairo_surface_t *s, const struct layout_pdf *o, struct arena *a)
{
    time_t t = (time_t)(o->made_ms / 1000);
    struct tm tm;
    char when[40] = "";

    gmtime_r(&t, &tm);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &tm);
    if (o->title.n)
        cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, arena_z(a, o->title));
    if (o->author.n)
        cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_AUTHOR, arena_z(a, o->author));
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATOR, "qianshao");
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, when);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_MOD_DATE, when);
}

enum code layout_pdf(const struct layout *l, struct faces *f, const struct layout_pdf *o,
    struct buf *out, struct err *e)
{
    cairo_surface_t *s =
        cairo_pdf_surface_create_for_stream(write_bytes, out, PT(l->width), PT(l->height));
    struct drawing *g = mem_alloc(sizeof *g);
    cairo_status_t status;
    struct arena a;

    arena_init(&a);
    g->f = f;
    g->cr = cairo_create(s);
    describe(s, o, &a);
    for (size_t i = 0; i < l->n; i++)
        page(g, l, i, o->watermark.n ? o->watermark : paper_mark());
    status = cairo_status(g->cr);
    cairo_destroy(g->cr);
    cairo_surface_finish(s);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(s);
    cairo_surface_destroy(s);
    for (size_t i = 0; i < g->n_faces; i++)
        cairo_font_face_destroy(g->faces[i]);
    free(g->faces);
    free(g);
    arena_release(&a);
    TRY(buf_check(out, "PDF", e));
    return status == CAIRO_STATUS_SUCCESS
               ? OK
               : FAIL(e, E_IO, "PDF没有写成：%s", cairo_status_to_string(status));
}
