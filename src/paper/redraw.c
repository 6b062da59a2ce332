/* A picture that somebody brings, drawn anew as a PNG of nothing but dots: upright, on white, without EXIF and profiles. What opens it
 * runs in a cage: Cairo in the reader's child for PNG, pdftoppm for JPEG, whose dots the child takes over. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): memfd_create through program.h */
#include "paper/redraw.h"

#include <cairo.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "paper/formats.h"
#include "paper/pages_int.h"
#include "paper/pool.h"
#include "paper/program.h"

enum { DOTS_MAX = 50000000, SIDE_MAX = 20000, PNG_MAX = 64 << 20 };

/* ---- in the child ---- */

struct dots {
    struct str s; /* of a PNG that is read */
    size_t off;
};

static cairo_status_t give(void *arg, unsigned char *to, unsigned n)
{
    struct dots *d = arg;

    if (d->s.n - d->off < n)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(to, d->s.p + d->off, n);
    d->off += n;
    return CAIRO_STATUS_SUCCESS;
}

static cairo_status_t take(void *arg, const unsigned char *bytes, unsigned n)
{
    buf_add(arg, (const char *)bytes, n);
    return CAIRO_STATUS_SUCCESS;
}

static uint32_t be32(struct str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.p + at;

    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool size_ok(struct job *j, uint64_t wide, uint64_t high)
{
    if (wide > 0 && high > 0 && wide <= SIDE_MAX && high <= SIDE_MAX && wide * high <= DOTS_MAX)
        return true;
    (void)JOB_FAIL(
        j, E_LIMIT, "图片最多%d万像素、每边%d像素，请缩小后再传", DOTS_MAX / 10000, SIDE_MAX);
    return false;
}

static cairo_surface_t *from_png(struct job *j, struct str bytes)
{
    struct dots d = {bytes, 0};

    if (bytes.n < 33 || !size_ok(j, be32(bytes, 16), be32(bytes, 20)))
        return NULL;
    return cairo_image_surface_create_from_png_stream(give, &d);
}

/* The next number of the head of a PPM. */
static bool ppm_number(struct str s, size_t *at, uint64_t *out)
{
    size_t from;

    while (*at < s.n && (s.p[*at] == ' ' || s.p[*at] == '\n'))
        ++*at;
    *out = 0;
    for (from = *at; *at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9' && *out < SIDE_MAX; ++*at)
        *out = *out * 10 + (uint64_t)(s.p[*at] - '0');
    return *at > from && *at < s.n;
}

static cairo_surface_t *from_ppm(struct job *j, struct str s)
{
    uint64_t wide = 0, high = 0, most = 0;
    size_t at = 2, stride;
    cairo_surface_t *to;
    unsigned char *row;

    if (!ppm_number(s, &at, &wide) || !ppm_number(s, &at, &high) || !ppm_number(s, &at, &most) ||
        most != 255 || !size_ok(j, wide, high) || s.n - at - 1 < wide * high * 3)
        return NULL;
    to = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)wide, (int)high);
    if (cairo_surface_status(to) != CAIRO_STATUS_SUCCESS)
        return to;
    row = cairo_image_surface_get_data(to);
    stride = (size_t)cairo_image_surface_get_stride(to);
    for (uint64_t y = 0; y < high; y++, row += stride)
        for (uint64_t x = 0; x < wide; x++) {
            const unsigned char *p = (const unsigned char *)s.p + at + 1 + (y * wide + x) * 3;
            uint32_t dot = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
            memcpy(row + x * 4, &dot, 4);
        }
    cairo_surface_mark_dirty(to);
    return to;
}

static enum code draw(struct job *j, cairo_surface_t *from, int width, bool clear)
{
    double wide = cairo_image_surface_get_width(from), high = cairo_image_surface_get_height(from);
    double scale = fmin(1, width / wide);
    cairo_surface_t *to =
        cairo_image_surface_create(clear ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24,
            (int)fmax(1, round(wide * scale)), (int)fmax(1, round(high * scale)));
    cairo_t *cr = cairo_create(to);
    struct buf png;
    cairo_status_t status;

    if (!clear) {
        cairo_set_source_rgb(cr, 1, 1, 1);
        cairo_paint(cr);
    }
    cairo_scale(cr, scale, scale);
    cairo_set_source_surface(cr, from, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_BEST);
    cairo_paint(cr);
    buf_init(&png, PNG_MAX);
    status = cairo_status(cr);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_write_to_png_stream(to, take, &png);
    cairo_destroy(cr);
    cairo_surface_destroy(to);
    if (status == CAIRO_STATUS_SUCCESS && !png.full)
        job_part(j, S("page.png"), arena_str(j->a, buf_view(&png)));
    else
        (void)JOB_FAIL(j, E_INPUT, "图片已损坏，请重新另存为 png 或 jpg");
    buf_release(&png);
    return j->failed;
}

enum code redraw_job(struct job *j, struct str bytes, int width, bool clear)
{
    cairo_surface_t *from = NULL;

    if (str_starts(bytes, S("\x89PNG\r\n\x1a\n")))
        from = from_png(j, bytes);
    else if (str_starts(bytes, S("P6")))
        from = from_ppm(j, bytes);
    if (from && cairo_surface_status(from) == CAIRO_STATUS_SUCCESS)
        (void)draw(j, from, width, clear);
    else
        (void)JOB_FAIL(j, E_INPUT, "图片已损坏，请重新另存为 png 或 jpg");
    if (from)
        cairo_surface_destroy(from);
    return j->failed;
}

/* ---- in this process: bytes are handed on ---- */

/* What is opened is closed here, whatever came of it. */
static enum code ask(struct reader_pool *p, struct arena *a, enum code made, int file, int page,
    struct str name, struct redrawn *out, struct err *e)
{
    struct doc d = {0};
    enum code c = made == OK ? pool_ask(p, a, file, AS_REDRAW, page, S(""), &d, e) : made;

    if (file >= 0)
        (void)close(file);
    if (c != OK)
        return err_context(e, "图片“%.*s”", SF(name));
    CHECK_BUG(e, d.n_parts == 1 && d.parts[0].bytes.n > 33);
    *out = (struct redrawn){
        d.parts[0].bytes, (int)be32(d.parts[0].bytes, 16), (int)be32(d.parts[0].bytes, 20)};
    return OK;
}

enum code reader_redraw(struct reader_pool *p, struct arena *a, struct str bytes, struct str name,
    int width, struct redrawn *out, struct err *e)
{
    enum sniff is = sniff(str_sub(bytes, 0, SNIFF_BYTES), name);
    int file = -1;
    enum code c;

    if (is != SNIFF_PNG && is != SNIFF_JPEG)
        return FAIL(e, E_INPUT, "“%.*s”不是 png 或 jpg 图片，请另存为其中一种再传", SF(name));
    c = is == SNIFF_PNG ? pages_memory(bytes, &file, e) : pages_dots(p, a, bytes, name, &file, e);
    return ask(p, a, c, file, width, name, out, e);
}

enum code reader_redraw_page(struct reader_pool *p, struct arena *a, struct str bytes,
    struct str name, int page, int width, struct redrawn *out, struct err *e)
{
    int file = -1;
    enum code c;

    if (sniff(str_sub(bytes, 0, SNIFF_BYTES), name) == SNIFF_PDF) {
        c = pages_sheet(p, bytes, page, width, &file, e);
        return ask(p, a, c, file, width, name, out, e);
    }
    return page == 1 ? reader_redraw(p, a, bytes, name, width, out, e)
                     : FAIL(e, E_NOTFOUND, "没有第 %d 页", page);
}

enum code reader_redraw_clear(struct reader_pool *p, struct arena *a, struct str bytes,
    struct str name, int width, struct redrawn *out, struct err *e)
{
    int file = -1;

    if (sniff(str_sub(bytes, 0, SNIFF_BYTES), name) != SNIFF_PNG)
        return FAIL(e, E_INPUT, "“%.*s”不是 png 图片，请另存为底色透明的 png 再传", SF(name));
    enum code c = pages_memory(bytes, &file, e);
    return ask(p, a, c, file, width | REDRAW_CLEAR, name, out, e);
}
