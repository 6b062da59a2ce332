/* OFD (GB/T 33190-2016): pages of text, path and image objects in millimetres, with the fonts' used characters inside. */
#include <hb-subset.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "paper/layout_out.h"
#include "paper/mark.h"
#include "paper/xmltree.h"
#include "paper/zipout.h"

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define OFD_NS   "xmlns:ofd=\"http://www.ofdspec.org/2016\""

enum {
    OFD_BYTES_MAX = 512 << 20,
    RESTRICTED = 0x0002 /* fsType of OS/2: this font may not be embedded */
};

struct ofd_font {
    int id; /* of the resource; 0: not used */
    hb_set_t *characters;
    bool embedded;
};

struct ofd_out {
    struct arena *a;
    const struct layout *l;
    struct faces *f;
    const struct layout_pdf *o;
    struct zip_change *parts;
    size_t n_parts, cap_parts;
    struct ofd_font *fonts;
    size_t n_fonts, n_pictures;
    struct buf media; /* of DocumentRes.xml */
    int next_id;
};

static void add(struct ofd_out *w, struct str name, struct str bytes)
{
    ARENA_PUSH(w->a, w->parts, w->n_parts, w->cap_parts) =
        (struct zip_change){arena_str(w->a, name), SIZE_MAX, bytes};
}

static void add_buf(struct ofd_out *w, struct str name, struct buf *b)
{
    add(w, name, arena_str(w->a, buf_view(b)));
    buf_release(b);
}

/* ---- fonts ---- */

static struct ofd_font *font_of(struct ofd_out *w, int font)
{
    while ((size_t)font >= w->n_fonts) {
        w->fonts = mem_grow(w->fonts, (w->n_fonts + 1) * sizeof *w->fonts);
        w->fonts[w->n_fonts++] = (struct ofd_font){0, hb_set_create(), false};
    }
    if (w->fonts[font].id == 0)
        w->fonts[font].id = w->next_id++;
    return &w->fonts[font];
}

/* May the font be put into a file? OS/2 fsType, bit 1: restricted licence embedding. */
static bool may_embed(hb_face_t *face)
{
    hb_blob_t *t = hb_face_reference_table(face, HB_TAG('O', 'S', '/', '2'));
    unsigned n;
    const char *p = hb_blob_get_data(t, &n);
    bool may = n < 10 || !(((unsigned)(unsigned char)p[8] << 8 | (unsigned char)p[9]) & RESTRICTED);

    hb_blob_destroy(t);
    return may;
}

static struct str subset(struct ofd_out *w, struct ofd_font *k, hb_face_t *face)
{
    hb_subset_input_t *in = hb_subset_input_create_or_fail();
    hb_face_t *small;
    hb_blob_t *blob;
    struct str s = {0};
    unsigned n;

    if (!in)
        return s;
    hb_set_union(hb_subset_input_unicode_set(in), k->characters);
    small = hb_subset_or_fail(face, in);
    hb_subset_input_destroy(in);
    if (!small)
        return s;
    blob = hb_face_reference_blob(small);
    s.p = hb_blob_get_data(blob, &n);
    s = arena_str(w->a, (struct str){s.p, n});
    hb_blob_destroy(blob);
    hb_face_destroy(small);
    return s;
}

static void font_resources(struct ofd_out *w)
{
    struct buf b;

    buf_init(&b, 1 << 20);
    buf_z(&b, XML_HEAD "<ofd:Res " OFD_NS " BaseLoc=\"Res\"><ofd:Fonts>");
    for (size_t i = 0; i < w->n_fonts; i++) {
        struct ofd_font *k = &w->fonts[i];
        hb_face_t *face;
        struct str bytes = {0}, family;
        if (k->id == 0)
            continue;
        face = hb_font_get_face(pango_font_get_hb_font(face_font(w->f, (int)i)));
        family = face_font_family(w->f, (int)i);
        if (may_embed(face))
            bytes = subset(w, k, face);
        buf_printf(&b, "<ofd:Font ID=\"%d\" FontName=\"", k->id);
        xml_escape(&b, family);
        buf_z(&b, "\" FamilyName=\"");
        xml_escape(&b, family);
        buf_z(&b, "\">");
        if (bytes.n) {
            buf_printf(&b, "<ofd:FontFile>font%d.otf</ofd:FontFile>", k->id);
            add(w, arena_printf(w->a, "Doc_0/Res/font%d.otf", k->id), bytes);
        }
        buf_z(&b, "</ofd:Font>");
    }
    buf_z(&b, "</ofd:Fonts></ofd:Res>");
    add_buf(w, S("Doc_0/PublicRes.xml"), &b);
}

/* ---- pages ---- */

static void colour(struct buf *b, const char *what, uint32_t rgb)
{
    buf_printf(b, "<ofd:%s Value=\"%u %u %u\"/>", what, rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255);
}

/* Characters [begin, end) of a run, all of one font; x: pen of the first. */
static void text(struct ofd_out *w, struct buf *b, const struct layout_run *r, struct str s,
    const float *advance, size_t n, double x, int font)
{
    double size = r->pt * MM_PER_PT, width = 0, top = r->y - size, off_y = size;
    struct ofd_font *k = font_of(w, font);

    for (size_t i = 0; i < n; i++)
        width += advance[i];
    for (size_t off = 0; off < s.n;)
        hb_set_add(k->characters, utf8_next(s, &off));
    buf_printf(b,
        "<ofd:TextObject ID=\"%d\" Boundary=\"%.3f %.3f %.3f %.3f\" Font=\"%d\" Size=\"%.4f\">",
        w->next_id++, x, top, fmax(width, size), size * 1.3, k->id, size);
    colour(b, "FillColor", r->colour);
    buf_printf(b, "<ofd:TextCode X=\"0\" Y=\"%.3f\"", off_y);
    if (n > 1) {
        buf_z(b, " DeltaX=\"");
        for (size_t i = 0; i + 1 < n; i++)
            buf_printf(b, i ? " %.3f" : "%.3f", (double)advance[i]);
        buf_z(b, "\"");
    }
    buf_z(b, ">");
    xml_escape(b, s);
    buf_z(b, "</ofd:TextCode></ofd:TextObject>");
}

static void run(struct ofd_out *w, struct buf *b, const struct layout_run *r)
{
    double x = r->x, from_x = r->x;
    size_t off = 0, begin = 0, first = 0, i;
    int font = -1;

    for (i = 0; i < r->n && off < r->text.n; i++) {
        size_t at = off;
        int f = face_glyph(w->f, r->face, utf8_next(r->text, &off))->font;
        if (font >= 0 && f != font) {
            text(w, b, r, str_sub(r->text, begin, at - begin), r->advance + first, i - first,
                from_x, font);
            begin = at;
            first = i;
            from_x = x;
        }
        font = f;
        x += r->advance[i];
    }
    if (i > first)
        text(w, b, r, str_sub(r->text, begin, off - begin), r->advance + first, i - first, from_x,
            font);
}

static void rule(struct ofd_out *w, struct buf *b, const struct layout_rule *r)
{
    double left = fmin(r->x1, r->x2), top = fmin(r->y1, r->y2);

    buf_printf(b, "<ofd:PathObject ID=\"%d\" Boundary=\"%.3f %.3f %.3f %.3f\" LineWidth=\"%.3f\">",
        w->next_id++, left - r->mm, top - r->mm, fabs(r->x2 - r->x1) + 2 * r->mm,
        fabs(r->y2 - r->y1) + 2 * r->mm, r->mm);
    colour(b, "StrokeColor", r->colour);
    buf_printf(b,
        "<ofd:AbbreviatedData>M %.3f %.3f L %.3f %.3f</ofd:AbbreviatedData></ofd:PathObject>",
        r->x1 - left + r->mm, r->y1 - top + r->mm, r->x2 - left + r->mm, r->y2 - top + r->mm);
}

static void picture(struct ofd_out *w, struct buf *b, const struct layout_picture *p)
{
    int id = w->next_id++;

    w->n_pictures++;
    add(w, arena_printf(w->a, "Doc_0/Res/image%d.png", id), p->png);
    buf_printf(&w->media,
        "<ofd:MultiMedia ID=\"%d\" Type=\"Image\" "
        "Format=\"PNG\"><ofd:MediaFile>image%d.png</ofd:MediaFile></ofd:MultiMedia>",
        id, id);
    buf_printf(b,
        "<ofd:ImageObject ID=\"%d\" Boundary=\"%.3f %.3f %.3f %.3f\" CTM=\"%.3f 0 0 %.3f 0 0\" "
        "ResourceID=\"%d\"/>",
        w->next_id++, p->x, p->y, p->width, p->height, p->width, p->height, id);
}

/* ---- the words of a practice office ---- */

enum { MARK_PT = 30, MARK_TIMES = 3, MARK_GREY = 0xEDEDED };

/* Outlines in millimetres from the middle of the words. */
static void outlines(struct buf *b, const cairo_path_t *p)
{
    static const struct {
        const char *name;
        int points;
    } what[] = {
        [CAIRO_PATH_MOVE_TO] = {"M", 1},
        [CAIRO_PATH_LINE_TO] = {"L", 1},
        [CAIRO_PATH_CURVE_TO] = {"B", 3},
        [CAIRO_PATH_CLOSE_PATH] = {"C", 0},
    };
    for (int i = 0; i < p->num_data; i += p->data[i].header.length) {
        const cairo_path_data_t *d = &p->data[i];
        buf_printf(b, "%s ", what[d->header.type].name);
        for (int k = 1; k <= what[d->header.type].points; k++)
            buf_printf(b, "%.2f %.2f ", d[k].point.x, d[k].point.y);
    }
}

/* As shapes, not as text: the words are no part of what the document says. */
static void mark_path(struct ofd_out *w, struct buf *b, struct str words, double half)
{
    cairo_surface_t *s = cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, NULL);
    cairo_t *c = cairo_create(s);
    double size = MARK_PT * MM_PER_PT, width = 0, x;

    for (size_t off = 0; off < words.n;)
        width += face_glyph(w->f, FACE_HEI, utf8_next(words, &off))->em * size;
    x = -width / 2;
    cairo_translate(c, half, half);
    cairo_rotate(c, -0.5);
    for (size_t off = 0; off < words.n;) {
        const struct face_glyph *k = face_glyph(w->f, FACE_HEI, utf8_next(words, &off));
        cairo_scaled_font_t *f = pango_cairo_font_get_scaled_font(face_font(w->f, k->font));
        cairo_glyph_t one = {k->glyph, x, size / 3};
        cairo_set_font_face(c, cairo_scaled_font_get_font_face(f));
        cairo_set_font_size(c, size);
        cairo_glyph_path(c, &one, 1);
        x += k->em * size;
    }
    cairo_identity_matrix(c);
    cairo_path_t *p = cairo_copy_path(c);
    outlines(b, p);
    cairo_path_destroy(p);
    cairo_destroy(c);
    cairo_surface_destroy(s);
}

/* Three times down the page, aslant, beneath all that stands on it. */
static void mark(struct ofd_out *w, struct buf *b, struct str words)
{
    double half = (double)utf8_len_cp(words) * MARK_PT * MM_PER_PT / 2 + MARK_PT * MM_PER_PT;

    for (int i = 0; i < MARK_TIMES && words.n; i++) {
        buf_printf(b,
            "<ofd:PathObject ID=\"%d\" Boundary=\"%.3f %.3f %.3f %.3f\" Fill=\"true\" "
            "Stroke=\"false\">",
            w->next_id++, w->l->width / 2 - half, w->l->height * (0.2 + 0.3 * i) - half, 2 * half,
            2 * half);
        colour(b, "FillColor", MARK_GREY);
        buf_z(b, "<ofd:AbbreviatedData>");
        mark_path(w, b, words, half);
        buf_z(b, "</ofd:AbbreviatedData></ofd:PathObject>");
    }
}

static void page(struct ofd_out *w, size_t i)
{
    const struct layout_page *p = &w->l->pages[i];
    struct buf b;

    buf_init(&b, OFD_BYTES_MAX);
    buf_printf(&b,
        XML_HEAD "<ofd:Page " OFD_NS "><ofd:Area><ofd:PhysicalBox>0 0 %g "
                 "%g</ofd:PhysicalBox></ofd:Area><ofd:Content><ofd:Layer ID=\"%d\">",
        w->l->width, w->l->height, w->next_id++);
    mark(w, &b, w->o->watermark.n ? w->o->watermark : paper_mark());
    for (size_t k = 0; k < p->n_pictures; k++)
        picture(w, &b, &p->pictures[k]);
    for (size_t k = 0; k < p->n_rules; k++)
        rule(w, &b, &p->rules[k]);
    for (size_t k = 0; k < p->n_runs; k++)
        run(w, &b, &p->runs[k]);
    buf_z(&b, "</ofd:Layer></ofd:Content></ofd:Page>");
    add_buf(w, arena_printf(w->a, "Doc_0/Pages/Page_%zu/Content.xml", i), &b);
}

/* ---- the package ---- */

static void document(struct ofd_out *w, const int *page_ids)
{
    struct buf b;

    buf_init(&b, OFD_BYTES_MAX);
    buf_printf(&b,
        XML_HEAD "<ofd:Document " OFD_NS
                 "><ofd:CommonData><ofd:MaxUnitID>%d</ofd:MaxUnitID><ofd:PageArea>"
                 "<ofd:PhysicalBox>0 0 %g "
                 "%g</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</"
                 "ofd:PublicRes>%s</ofd:CommonData><ofd:Pages>",
        w->next_id, w->l->width, w->l->height,
        w->n_pictures ? "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>" : "");
    for (size_t i = 0; i < w->l->n; i++)
        buf_printf(
            &b, "<ofd:Page ID=\"%d\" BaseLoc=\"Pages/Page_%zu/Content.xml\"/>", page_ids[i], i);
    buf_z(&b, "</ofd:Pages></ofd:Document>");
    add_buf(w, S("Doc_0/Document.xml"), &b);
}

static void entrance(struct ofd_out *w)
{
    struct civil c = clock_civil(w->o->made_ms, ZONE_CHINA);
    struct buf b;

    buf_init(&b, 1 << 20);
    buf_z(&b, XML_HEAD "<ofd:OFD " OFD_NS
                       " Version=\"1.1\" DocType=\"OFD\"><ofd:DocBody><ofd:DocInfo><ofd:DocID>");
    buf_printf(&b, "%032llx</ofd:DocID><ofd:Title>", (unsigned long long)w->o->made_ms);
    xml_escape(&b, w->o->title);
    buf_z(&b, "</ofd:Title><ofd:Author>");
    xml_escape(&b, w->o->author);
    buf_printf(&b,
        "</ofd:Author><ofd:CreationDate>%04d-%02d-%02d</ofd:CreationDate><ofd:Creator>qianshao</"
        "ofd:Creator></ofd:DocInfo>"
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        c.day.y, c.day.m, c.day.d);
    add_buf(w, S("OFD.xml"), &b);
}

static void media(struct ofd_out *w)
{
    struct buf b;

    if (w->n_pictures == 0)
        return;
    buf_init(&b, OFD_BYTES_MAX);
    buf_z(&b, XML_HEAD "<ofd:Res " OFD_NS " BaseLoc=\"Res\"><ofd:MultiMedias>");
    buf_str(&b, buf_view(&w->media));
    buf_z(&b, "</ofd:MultiMedias></ofd:Res>");
    add_buf(w, S("Doc_0/DocumentRes.xml"), &b);
}

enum code layout_ofd(struct arena *a, const struct layout *l, struct faces *f,
    const struct layout_pdf *o, struct str *out, struct err *e)
{
    struct ofd_out w = {.a = a, .l = l, .f = f, .o = o, .next_id = 1};
    int *page_ids = ARENA_ARRAY(a, int, l->n);
    enum code c;

    buf_init(&w.media, OFD_BYTES_MAX);
    entrance(&w);
    for (size_t i = 0; i < l->n; i++) {
        page_ids[i] = w.next_id++;
        page(&w, i);
    }
    font_resources(&w);
    media(&w);
    document(&w, page_ids);
    c = zip_write(a, S(""), w.parts, w.n_parts, out, e);
    for (size_t i = 0; i < w.n_fonts; i++)
        hb_set_destroy(w.fonts[i].characters);
    free(w.fonts);
    buf_release(&w.media);
    return c;
}
