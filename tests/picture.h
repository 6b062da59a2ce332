/* picture.h - pictures that a test makes for itself. Its program links cairo (CMakeLists.txt). */
#ifndef PICTURE_H
#define PICTURE_H

#include <cairo.h>

#include "base/arena.h"
#include "base/buf.h"

static inline cairo_status_t picture_keep(void *arg, const unsigned char *bytes, unsigned n)
{
    buf_add(arg, (const char *)bytes, n);
    return CAIRO_STATUS_SUCCESS;
}

/* The surface ends. */
static inline struct str picture_png_of(struct arena *a, cairo_surface_t *s)
{
    struct buf b;
    buf_init(&b, 0);
    assert_int_equal(cairo_surface_write_to_png_stream(s, picture_keep, &b), CAIRO_STATUS_SUCCESS);
    cairo_surface_destroy(s);
    struct str out = arena_str(a, buf_view(&b));
    buf_release(&b);
    return out;
}

/* All black. */
static inline struct str picture_png(struct arena *a, int wide, int high)
{
    return picture_png_of(a, cairo_image_surface_create(CAIRO_FORMAT_RGB24, wide, high));
}

#endif
