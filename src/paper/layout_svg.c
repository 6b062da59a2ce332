#include "base/utf8.h"
#include "base/xml.h"
#include "paper/layout_out.h"

/* By class: what offices have, then what Debian has. */
static const char *const families[N_FACE] = {
    [FACE_FANG] = "仿宋_GB2312,FangSong,STFangsong,FandolFang,serif",
    [FACE_KAI] = "楷体_GB2312,KaiTi,STKaiti,FandolKai,AR PL UKai CN,serif",
    [FACE_HEI] = "SimHei,STHeiti,Noto Sans CJK SC,sans-serif",
    [FACE_BIAO] = "方正小标宋_GBK,方正小标宋简体,STZhongsong,Noto Serif CJK SC,serif",
    [FACE_SONG] = "SimSun,STSong,FandolSong,Noto Serif CJK SC,serif",
};

static void run(const struct layout_run *r, struct buf *b)
{
    double x = r->x;

    buf_printf(b, "<text class=\"face%d\" y=\"%.2f\" font-size=\"%.3f\"", (int)r->face, r->y,
        r->pt * MM_PER_PT);
    if (r->colour)
        buf_printf(b, " fill=\"#%06x\"", r->colour);
    if (r->from != SIZE_MAX)
        buf_printf(b, " data-at=\"%zu\"", r->from);
    buf_z(b, " x=\"");
    for (size_t i = 0; i < r->n; i++) {
        buf_printf(b, i ? " %.2f" : "%.2f", x);
        x += r->advance[i];
    }
    buf_z(b, "\">");
    xml_escape(b, r->text);
    buf_z(b, "</text>");
}

static void base64(struct buf *b, struct str s)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < s.n; i += 3) {
        uint32_t v = 0;
        for (size_t k = 0; k < 3; k++)
            v = v << 8 | (i + k < s.n ? (unsigned char)s.p[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            buf_add(b, i + k > s.n ? "=" : &digits[v >> (18 - 6 * k) & 63], 1);
    }
}

static void styles(struct buf *b)
{
    buf_z(b, "<style>text{white-space:pre}");
    for (int i = 0; i < N_FACE; i++)
        buf_printf(b, ".face%d{font-family:%s%s}", i, families[i],
            i == FACE_BIAO ? ";font-weight:600" : "");
    buf_z(b, "</style>");
}

static void svg(const struct layout *l, size_t page, bool style, struct buf *b)
{
    const struct layout_page *p = &l->pages[page];

    buf_printf(b,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %g %g\" width=\"%gmm\" "
        "height=\"%gmm\">",
        l->width, l->height, l->width, l->height);
    if (style)
        styles(b);
    for (size_t i = 0; i < p->n_pictures; i++) {
        const struct layout_picture *k = &p->pictures[i];
        buf_printf(b,
            "<image x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" "
            "href=\"",
            k->x, k->y, k->width, k->height);
        if (k->link.n) {
            xml_escape(b, k->link);
        } else {
            buf_z(b, "data:image/png;base64,");
            base64(b, k->png);
        }
        buf_z(b, "\"/>");
    }
    for (size_t i = 0; i < p->n_rules; i++)
        buf_printf(b,
            "<line x1=\"%.2f\" y1=\"%.2f\" x2=\"%.2f\" y2=\"%.2f\" stroke=\"#%06x\" "
            "stroke-width=\"%.2f\"/>",
            p->rules[i].x1, p->rules[i].y1, p->rules[i].x2, p->rules[i].y2, p->rules[i].colour,
            p->rules[i].mm);
    for (size_t i = 0; i < p->n_runs; i++)
        run(&p->runs[i], b);
    buf_z(b, "</svg>");
}

void layout_svg(const struct layout *l, size_t page, struct buf *out)
{
    svg(l, page, true, out);
}

void layout_svg_plain(const struct layout *l, size_t page, struct buf *out)
{
    svg(l, page, false, out);
}
