#include "paper/face.h"

#include <hb.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-font.h>
#include <string.h>

#include <stdlib.h>

#ifdef __SANITIZE_ADDRESS__
/* Cairo 1.16 keeps two small arrays of each finished PDF (1.5 KB), fontconfig its configuration until the process ends: no leak of ours. */
const char *__lsan_default_suppressions(void); // NOLINT(bugprone-reserved-identifier): its name
const char *__lsan_default_suppressions(void)  // NOLINT(bugprone-reserved-identifier)
{
    return "leak:libcairo.so.2\nleak:libfontconfig.so.1\n";
}
#endif

#ifdef __SANITIZE_THREAD__
/* Pango asks fontconfig in a thread of its own and waits by means of GLib, which ThreadSanitizer does not see: what it reports of these
 * libraries is none. A struct of ours belongs to one thread. */
const char *__tsan_default_suppressions(void); // NOLINT(bugprone-reserved-identifier): its name
const char *__tsan_default_suppressions(void)  // NOLINT(bugprone-reserved-identifier)
{
    return "race:libfontconfig.so\nrace:libpango\nrace:libcairo.so\nrace:libglib-2.0.so\n"
           "race:libgobject-2.0.so\nrace:libharfbuzz.so\nrace:libfreetype.so\n";
}
#endif

enum { FONTS_MAX = 64, UNITS = 1000, PLANE_PAGES = 0x110000 >> 8 };

/* clang-format off */
const struct face_families face_families_default = {{
    [FACE_FANG] = {"仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "FZFangSong-Z02", "STFangsong", "FandolFang", NULL},
    [FACE_KAI] = {"楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "FZKai-Z03", "STKaiti", "FandolKai", "AR PL UKai CN",
        "LXGW WenKai", NULL},
    [FACE_HEI] = {"黑体", "SimHei", "FZHei-B01", "STHeiti", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei",
        "WenQuanYi Micro Hei", "FandolHei", NULL},
    [FACE_BIAO] = {"方正小标宋_GBK", "FZXiaoBiaoSong-B05", "方正小标宋简体", "FZXiaoBiaoSong-B05S", "STZhongsong",
        "Noto Serif CJK SC", NULL},
    [FACE_SONG] = {"宋体", "FZShuSong-Z01", "SimSun", "STSong", "Noto Serif CJK SC", "Source Han Serif SC", "AR PL UMing CN",
        "FandolSong", NULL},
}};
/* What stands in where none of these is installed: of another class, and said so. */
static const char *const instead[] = {"Noto Serif CJK SC", "FandolSong", "AR PL UMing CN", "Noto Sans CJK SC",
    "WenQuanYi Zen Hei"};
/* clang-format on */

static bool installed(const char *family)
{
    FcPattern *want = FcPatternBuild(NULL, FC_FAMILY, FcTypeString, family, (char *)NULL);
    FcObjectSet *what = FcObjectSetBuild(FC_FAMILY, (char *)NULL);
    FcFontSet *found = FcFontList(NULL, want, what);
    bool is = found && found->nfont > 0;

    if (found)
        FcFontSetDestroy(found);
    FcObjectSetDestroy(what);
    FcPatternDestroy(want);
    return is;
}

size_t faces_installed(
    const struct face_families *want, enum face f, const char *found[FACE_FOUND_MAX], size_t *n_own)
{
    const char *const *own = (want ? want : &face_families_default)->v[f];
    size_t n = 0;

    for (size_t i = 0; i < FACE_FAMILIES_MAX && own[i]; i++)
        if (installed(own[i]))
            found[n++] = own[i];
    *n_own = n;
    for (size_t i = 0; i < sizeof instead / sizeof *instead; i++)
        if (installed(instead[i]))
            found[n++] = instead[i];
    return n;
}

struct glyph_page {
    struct face_glyph g[256];
    bool known[256];
};

struct one_face {
    PangoFontset *set;
    PangoFont *own;
    const char *family; /* of the list, or of `instead` */
    bool substituted;
    size_t n_strange;
    struct glyph_page **pages;
    double top, bottom; /* of 国; 0: not yet asked for */
};

struct faces {
    struct arena a;
    PangoFontMap *map;
    PangoContext *context;
    struct one_face face[N_FACE];
    PangoFont *fonts[FONTS_MAX];
    size_t n_fonts;
    hb_draw_funcs_t *outline;
};

const char *face_name(enum face f)
{
    static const char *const names[N_FACE] = {"仿宋", "楷体", "黑体", "小标宋", "宋体"};
    return f < N_FACE ? names[f] : "";
}

static void choose(struct one_face *o, const struct face_families *want, enum face f)
{
    const char *found[FACE_FOUND_MAX];
    size_t n_own, n = faces_installed(want, f, found, &n_own);

    o->family = n ? found[0] : NULL;
    o->substituted = n_own == 0;
}

static void load(struct faces *f, enum face i)
{
    struct one_face *o = &f->face[i];
    PangoFontDescription *d = pango_font_description_new();

    pango_font_description_set_family(d, o->family ? o->family : "serif");
    pango_font_description_set_absolute_size(d, (double)UNITS * PANGO_SCALE);
    /* Debian has no 小标宋: the bold of a 宋体 comes nearest */
    if (i == FACE_BIAO && o->family && g_str_has_prefix(o->family, "Noto"))
        pango_font_description_set_weight(d, PANGO_WEIGHT_BOLD);
    o->set =
        pango_font_map_load_fontset(f->map, f->context, d, pango_language_from_string("zh-cn"));
    o->own = pango_font_map_load_font(f->map, f->context, d);
    pango_font_description_free(d);
    o->pages = ARENA_ARRAY(&f->a, struct glyph_page *, PLANE_PAGES);
}

/* ---- ink, exactly: an outline's own measures hold the control points of its curves too, a tenth of an em beyond the ink of 云 ---- */

struct ink {
    double top, bottom, y; /* upward; y: of the pen */
};

static void ink_to(struct ink *k, double y)
{
    k->top = fmax(k->top, y);
    k->bottom = fmin(k->bottom, y);
    k->y = y;
}
static void ink_point(
    hb_draw_funcs_t *d, void *data, hb_draw_state_t *st, float x, float y, void *u)
{
    (void)d, (void)st, (void)x, (void)u;
    ink_to(data, y);
}
static void ink_quadratic(hb_draw_funcs_t *d, void *data, hb_draw_state_t *st, float cx, float cy,
    float x, float y, void *u)
{
    struct ink *k = data;
    double y0 = k->y, span = y0 - 2 * (double)cy + y, t = span == 0 ? 0 : (y0 - cy) / span;

    (void)d, (void)st, (void)cx, (void)x, (void)u;
    if (t > 0 && t < 1)
        ink_to(k, (1 - t) * (1 - t) * y0 + 2 * t * (1 - t) * cy + t * t * y);
    ink_to(k, y);
}
/* NOLINTNEXTLINE(readability-function-size): HarfBuzz says which parameters it has */
static void ink_cubic(hb_draw_funcs_t *d, void *data, hb_draw_state_t *st, float ax, float ay,
    float bx, float by, float x, float y, void *u)
{
    enum { STEPS = 16 }; /* within a hundredth of the curve's height, less than a pixel of print */
    struct ink *k = data;
    double y0 = k->y;

    (void)d, (void)st, (void)ax, (void)bx, (void)x, (void)u;
    for (int i = 1; i < STEPS; i++) {
        double t = (double)i / STEPS, s = 1 - t;
        ink_to(k, s * s * s * y0 + 3 * s * s * t * ay + 3 * s * t * t * by + t * t * t * y);
    }
    ink_to(k, y);
}

enum code faces_open(const struct face_families *want, struct faces **out, struct err *e)
{
    struct faces *f = mem_alloc(sizeof *f);
    cairo_font_options_t *o = cairo_font_options_create();

    arena_init(&f->a);
    f->map = pango_cairo_font_map_new();
    f->context = pango_font_map_create_context(f->map);
    cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
    pango_cairo_context_set_font_options(f->context, o);
    cairo_font_options_destroy(o);
    pango_context_set_round_glyph_positions(f->context, FALSE);
    f->outline = hb_draw_funcs_create();
    hb_draw_funcs_set_move_to_func(f->outline, ink_point, NULL, NULL);
    hb_draw_funcs_set_line_to_func(f->outline, ink_point, NULL, NULL);
    hb_draw_funcs_set_quadratic_to_func(f->outline, ink_quadratic, NULL, NULL);
    hb_draw_funcs_set_cubic_to_func(f->outline, ink_cubic, NULL, NULL);
    for (int i = 0; i < N_FACE; i++) {
        choose(&f->face[i], want, (enum face)i);
        load(f, (enum face)i);
        if (!f->face[i].set || !f->face[i].own) {
            faces_close(f);
            return FAIL(e, E_IO, "本机没有可用的中文字体，请安装软件包 fonts-noto-cjk 后再试");
        }
    }
    *out = f;
    return OK;
}

void faces_close(struct faces *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->n_fonts; i++)
        g_object_unref(f->fonts[i]);
    for (int i = 0; i < N_FACE; i++) {
        g_clear_object(&f->face[i].own);
        g_clear_object(&f->face[i].set);
    }
    hb_draw_funcs_destroy(f->outline);
    g_clear_object(&f->context);
    g_clear_object(&f->map);
    arena_release(&f->a);
    free(f);
}

static int font_index(struct faces *f, PangoFont *font)
{
    for (size_t i = 0; i < f->n_fonts; i++)
        if (f->fonts[i] == font)
            return (int)i;
    if (f->n_fonts == FONTS_MAX)
        return 0; /* a text in more than 64 fonts: its rare characters come out of the first one */
    f->fonts[f->n_fonts] = g_object_ref(font);
    return (int)f->n_fonts++;
}

static bool has(PangoFont *font, uint32_t cp, hb_codepoint_t *glyph)
{
    return hb_font_get_nominal_glyph(pango_font_get_hb_font(font), cp, glyph);
}

static void measure(struct faces *f, struct one_face *o, uint32_t cp, struct face_glyph *g)
{
    hb_codepoint_t glyph = 0;
    PangoRectangle ink, logical;
    PangoFont *font = o->own, *other = NULL;
    const double units = (double)UNITS * PANGO_SCALE;

    if (!has(font, cp, &glyph)) {
        other = pango_fontset_get_font(o->set, cp);
        if (other && has(other, cp, &glyph))
            font = other;
        o->n_strange++;
    }
    pango_font_get_glyph_extents(font, glyph, &ink, &logical);
    *g = (struct face_glyph){.em = logical.width / units,
        .top = -ink.y / units,
        .bottom = (ink.y + ink.height) / units,
        .left = ink.x / units,
        .right = (ink.x + ink.width) / units,
        .glyph = glyph,
        .font = font_index(f, font)};
    g_clear_object(&other);
}

const struct face_glyph *face_glyph(struct faces *f, enum face face, uint32_t cp)
{
    struct one_face *o = &f->face[face < N_FACE ? face : FACE_FANG];
    struct glyph_page **p = &o->pages[(cp < 0x110000 ? cp : 0xFFFD) >> 8];

    if (!*p)
        *p = ARENA_NEW(&f->a, struct glyph_page);
    if (!(*p)->known[cp & 255]) {
        measure(f, o, cp, &(*p)->g[cp & 255]);
        (*p)->known[cp & 255] = true;
    }
    return &(*p)->g[cp & 255];
}

void face_ink(struct faces *f, enum face face, uint32_t cp, double *top, double *bottom)
{
    const struct face_glyph *g = face_glyph(f, face, cp);
    const double units = (double)UNITS * PANGO_SCALE;
    struct ink k = {-HUGE_VAL, HUGE_VAL, 0};

    hb_font_get_glyph_shape(pango_font_get_hb_font(f->fonts[g->font]), g->glyph, f->outline, &k);
    *top = k.top > k.bottom ? k.top / units : 0;
    *bottom = k.top > k.bottom ? -k.bottom / units : 0;
}

void face_box(struct faces *f, enum face face, double *top, double *bottom)
{
    struct one_face *o = &f->face[face < N_FACE ? face : FACE_FANG];

    if (o->top == 0)
        face_ink(f, face, 0x56FD, &o->top, &o->bottom);
    *top = o->top;
    *bottom = o->bottom;
}

/* ---- what was used ---- */

void *face_font(struct faces *f, int font)
{
    return (size_t)font < f->n_fonts ? f->fonts[font] : NULL;
}

size_t face_fonts(const struct faces *f)
{
    return f->n_fonts;
}

static const char *pattern_string(PangoFont *font, const char *name)
{
    FcChar8 *s = NULL;
    FcPattern *p = pango_fc_font_get_pattern(PANGO_FC_FONT(font));

    return FcPatternGetString(p, name, 0, &s) == FcResultMatch ? (const char *)s : "";
}

struct str face_font_family(struct faces *f, int font)
{
    return str_z(pattern_string(face_font(f, font), FC_FAMILY));
}

struct str face_font_file(struct faces *f, int font)
{
    return str_z(pattern_string(face_font(f, font), FC_FILE));
}

size_t faces_used(struct faces *f, struct arena *a, struct face_used **out)
{
    struct face_used *v = ARENA_ARRAY(a, struct face_used, N_FACE);
    size_t n = 0;

    for (int i = 0; i < N_FACE; i++) {
        const struct one_face *o = &f->face[i];
        bool drawn = false;
        for (size_t k = 0; k < PLANE_PAGES && !drawn; k++)
            drawn = o->pages[k] != NULL;
        if (drawn)
            v[n++] = (struct face_used){(enum face)i,
                arena_str(a, str_z(pattern_string(o->own, FC_FAMILY))),
                arena_str(a, str_z(pattern_string(o->own, FC_FILE))), o->substituted, o->n_strange};
    }
    *out = v;
    return n;
}
