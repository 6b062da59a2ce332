/* One page of a picture file or a pictured OFD, made into what pdftoppm can draw: a PDF of one page
 * around the very bytes of the picture. So no decoder of pictures is needed here, and the one that is used runs in a
 * cage of its own. 300 dots an inch, so that drawing at 300 gives dot for dot. */
#include <string.h>

#include "paper/formats.h"
#include "paper/ofd_int.h"

enum { SIDE_MAX = 30000, PIXELS_MAX = 200000000 };

struct picture {
    uint32_t width, height;
    int bits, parts; /* bits of a part, parts of a dot */
    const char *filter, *parms;
    struct str colours; /* the colour space in PDF terms */
    struct str data;
    bool inverted; /* CMYK as Adobe writes it */
    int turned;    /* how the camera was held: Orientation of EXIF, 1 to 8; 0: not said */
};

static uint32_t be(struct str s, size_t at, size_t n)
{
    uint32_t v = 0;

    for (size_t i = 0; i < n && at + i < s.n; i++)
        v = v << 8 | (unsigned char)s.p[at + i];
    return v;
}

static bool size_ok(const struct picture *p)
{
    return p->width > 0 && p->height > 0 && p->width <= SIDE_MAX && p->height <= SIDE_MAX &&
           (uint64_t)p->width * p->height <= PIXELS_MAX;
}

static uint32_t number(struct str s, size_t at, size_t n, bool little)
{
    uint32_t v = 0;

    for (size_t i = 0; i < n && at + n <= s.n; i++)
        v = v << 8 | (unsigned char)s.p[at + (little ? n - 1 - i : i)];
    return v;
}

/* Tag 0x0112 of the first directory (EXIF 2.3, 4.6.4). */
static int orientation(struct str s)
{
    enum { TAG = 0x0112, ENTRY = 12 };
    bool little;
    size_t at, n;

    if (!str_eat(&s, (struct str){"Exif\0\0", 6}))
        return 0;
    little = str_starts(s, S("II"));
    at = number(s, 4, 4, little);
    n = at + 2 <= s.n ? number(s, at, 2, little) : 0;
    for (size_t i = 0; i < n && at + 2 + (i + 1) * ENTRY <= s.n; i++)
        if (number(s, at + 2 + i * ENTRY, 2, little) == TAG)
            return (int)number(s, at + 2 + i * ENTRY + 8, 2, little);
    return 0;
}

/* The frame header (SOF) among the markers. */
// NOLINTNEXTLINE(readability-function-cognitive-complexity): a walk over markers
static bool jpeg(struct str s, struct picture *p)
{
    size_t at = 2;

    while (at + 9 < s.n) {
        unsigned char m;
        size_t len;
        if ((unsigned char)s.p[at] != 0xFF) {
            at++;
            continue;
        }
        m = (unsigned char)s.p[at + 1];
        if (m == 0xFF || m == 0 || m == 1 || (m >= 0xD0 && m <= 0xD8)) {
            at += m == 0xFF ? 1 : 2;
            continue;
        }
        len = be(s, at + 2, 2);
        if (m == 0xEE && str_starts(str_sub(s, at + 4, 5), S("Adobe")))
            p->inverted = true;
        if (m == 0xE1 && !p->turned)
            p->turned = orientation(str_sub(s, at + 4, len < 2 ? 0 : len - 2));
        if (m >= 0xC0 && m <= 0xCF && m != 0xC4 && m != 0xC8 && m != 0xCC) {
            p->bits = (unsigned char)s.p[at + 4];
            p->height = be(s, at + 5, 2);
            p->width = be(s, at + 7, 2);
            p->parts = (unsigned char)s.p[at + 9];
            p->filter = "DCTDecode";
            p->parms = "";
            p->data = s;
            p->colours = p->parts == 1   ? S("/DeviceGray")
                         : p->parts == 3 ? S("/DeviceRGB")
                                         : S("/DeviceCMYK");
            p->inverted = p->inverted && p->parts == 4;
            return size_ok(p) && (p->parts == 1 || p->parts == 3 || p->parts == 4);
        }
        at += 2 + (len < 2 ? 2 : len);
    }
    return false;
}

/* The chunks of a PNG without transparency or interlacing: their data is what PDF calls Flate with
 * PNG prediction. */
static bool png(struct job *j, struct str s, struct picture *p)
{
    static const int parts_of[7] = {1, 0, 3, 1, 0, 0, 0};
    unsigned colour;
    struct buf data, palette = {0};

    if (s.n < 33 || !str_eq(str_sub(s, 12, 4), S("IHDR")))
        return false;
    p->width = be(s, 16, 4);
    p->height = be(s, 20, 4);
    p->bits = (unsigned char)s.p[24];
    colour = (unsigned char)s.p[25];
    if (colour > 6 || parts_of[colour] == 0 || s.p[28] != 0 || !size_ok(p))
        return false;
    p->parts = parts_of[colour];
    buf_init(&data, s.n);
    for (size_t at = 8; at + 12 <= s.n;) {
        size_t len = be(s, at, 4);
        struct str type = str_sub(s, at + 4, 4);
        if (len > s.n - at - 12)
            break;
        if (str_eq(type, S("IDAT")))
            buf_str(&data, str_sub(s, at + 8, len));
        for (size_t i = 0; str_eq(type, S("PLTE")) && i < len && i < 768; i++)
            buf_printf(&palette, "%02x", (unsigned)(unsigned char)s.p[at + 8 + i]);
        at += len + 12;
    }
    p->filter = "FlateDecode";
    p->parms =
        arena_printf(j->a, "/DecodeParms<</Predictor 15/Colors %d/BitsPerComponent %d/Columns %u>>",
            p->parts, p->bits, p->width)
            .p;
    p->colours = colour == 3   ? arena_printf(j->a, "[/Indexed/DeviceRGB %d<%s>]",
                                     (int)(palette.n / 6) - 1, palette.p ? palette.p : "")
                 : colour == 0 ? S("/DeviceGray")
                               : S("/DeviceRGB");
    p->data = arena_str(j->a, buf_view(&data));
    buf_release(&data);
    buf_release(&palette);
    return p->data.n > 0;
}

/* The picture's square onto the page, upright; *w and *h become the page's. */
static struct str upright(struct job *j, int turned, double *w, double *h)
{
    static const signed char turns[9][6] = {{1, 0, 0, 1, 0, 0}, {1, 0, 0, 1, 0, 0},
        {-1, 0, 0, 1, 1, 0}, {-1, 0, 0, -1, 1, 1}, {1, 0, 0, -1, 0, 1}, {0, -1, -1, 0, 1, 1},
        {0, -1, 1, 0, 0, 1}, {0, 1, 1, 0, 0, 0}, {0, 1, -1, 0, 1, 0}};
    const signed char *t = turns[turned > 0 && turned < 9 ? turned : 0];

    if (t[0] == 0) {
        double wide = *w;
        *w = *h;
        *h = wide;
    }
    return arena_printf(j->a, "%.2f %.2f %.2f %.2f %.2f %.2f cm /I Do", t[0] * *w, t[1] * *h,
        t[2] * *w, t[3] * *h, t[4] * *w, t[5] * *h);
}

static struct str wrap(struct job *j, const struct picture *p)
{
    struct buf b = {0};
    double w = p->width * 0.24, h = p->height * 0.24; /* points at 300 dots an inch */
    struct str draw = upright(j, p->turned, &w, &h), out;

    buf_printf(&b,
        "%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 "
        "R]/Count 1>>"
        "endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.2f %.2f]/Contents 4 0 "
        "R/Resources<<"
        "/XObject<</I 5 0 R>>>>>>endobj\n4 0 obj<</Length %zu>>stream\n%s\nendstream endobj\n",
        w, h, draw.n, draw.p);
    buf_printf(&b,
        "5 0 obj<</Type/XObject/Subtype/Image/Width %u/Height %u/BitsPerComponent %d/ColorSpace "
        "%.*s"
        "/Filter/%s%s%s/Length %zu>>stream\n",
        p->width, p->height, p->bits, SF(p->colours), p->filter, p->parms,
        p->inverted ? "/Decode[1 0 1 0 1 0 1 0]" : "", p->data.n);
    buf_str(&b, p->data);
    buf_z(&b, "\nendstream endobj\ntrailer<</Root 1 0 R/Size 6>>\n");
    out = arena_str(j->a, buf_view(&b));
    buf_release(&b);
    return out;
}

enum code read_picture(struct job *j, struct str bytes, struct str name, int page)
{
    enum sniff is = sniff(str_sub(bytes, 0, SNIFF_BYTES), name);
    struct picture p = {0};
    struct str image = bytes;

    j->file_bytes = bytes.n;
    j->d.format = FORMAT_IMAGE;
    if (is == SNIFF_ZIP) {
        j->d.format = FORMAT_OFD;
        if (ofd_page_picture(j, bytes, page, &image) != OK)
            return j->failed;
        is = sniff(str_sub(image, 0, SNIFF_BYTES), S(""));
    } else if (page != 1) {
        return JOB_FAIL(j, E_NOTFOUND, "没有第 %d 页", page);
    }
    if ((is == SNIFF_JPEG && jpeg(image, &p)) || (is == SNIFF_PNG && png(j, image, &p)))
        job_part(j, S("page.pdf"), wrap(j, &p));
    else if (is == SNIFF_PNG && size_ok(&p))
        job_part(
            j, S("page.png"), image); /* transparent or interlaced: browsers show it as it is */
    else
        (void)JOB_FAIL(j, E_INPUT, "这种图片不能显示，请另存为 jpg、png 或 pdf");
    return j->failed;
}
