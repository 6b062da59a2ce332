/* What a paragraph and a run look like once defaults, styles and their own properties are laid over each other. */
#include <string.h>

#include "base/utf8.h"
#include "paper/annotate_int.h"
#include "paper/rich_int.h"

enum { STYLES_MAX = 20000, CHAIN_MAX = 20, CLIP = 1000000 };

/* ---- elements ---- */

uint32_t rich_kid(const struct xmltree *t, uint32_t el, struct str name)
{
    if (el == XML_NONE)
        return XML_NONE;
    for (uint32_t c = xml_first(t, el); c != XML_NONE; c = xml_after(t, c))
        if (xml_is(t, c, name))
            return c;
    return XML_NONE;
}

struct str rich_attr(struct arena *a, const struct xmltree *t, uint32_t el, struct str name)
{
    struct str s = el == XML_NONE ? S("") : xml_attr(t, el, name), out;
    struct buf b;

    if (!memchr(s.n ? s.p : "", '&', s.n))
        return s;
    buf_init(&b, 1 << 20);
    for (uint32_t raw = 0; raw < s.n;) {
        uint32_t at = raw;
        (void)xml_char(s, (uint32_t)s.n, &raw);
        if (s.p[at] == '&')
            xml_plain(&b, str_sub(s, at, raw - at));
        else
            buf_str(&b, str_sub(s, at, raw - at));
    }
    out = arena_str(a, buf_view(&b));
    buf_release(&b);
    return out;
}

int rich_int(const struct xmltree *t, uint32_t el, struct str name, int otherwise)
{
    struct str s = el == XML_NONE ? S("") : xml_attr(t, el, name);
    bool minus = str_eat(&s, S("-"));
    int v = 0;
    size_t i = 0;

    for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
        v = v < CLIP ? v * 10 + (s.p[i] - '0') : v;
    return i == 0 ? otherwise : minus ? -v : v;
}

bool rich_on(const struct xmltree *t, uint32_t el)
{
    struct str v = el == XML_NONE ? S("0") : xml_attr(t, el, S("val"));

    return !str_eq(v, S("0")) && !str_eq(v, S("false")) && !str_eq(v, S("off")) &&
           !str_eq(v, S("none"));
}

bool rich_part(struct job *j, struct zipin *z, const char *member, struct xmltree *out)
{
    struct str bytes;

    return member && job_ok(j) && zipin_has(z, member) && zipin_read(z, member, &bytes) &&
           annotate_scan(j, annotate_utf8(j, bytes), out);
}

/* ---- runs ---- */

static uint32_t hex(struct str s)
{
    uint32_t v = 0;

    for (size_t i = 0; i < s.n && i < 6; i++) {
        char c = (char)(s.p[i] | 32);
        if ((c < '0' || c > '9') && (c < 'a' || c > 'f'))
            return 0; /* auto */
        v = v * 16 + (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return v;
}

/* Named by the theme (minorEastAsia) or by itself; a theme wins over a name. */
static void one_font(struct rich_styles *s, const struct xmltree *t, uint32_t el,
    const struct str names[2], const struct str theme[2], struct str *to)
{
    struct str themed = xml_attr(t, el, names[1]), own = rich_attr(s->a, t, el, names[0]);

    if (themed.n)
        *to = theme[str_starts(themed, S("major"))];
    else if (own.n)
        *to = own;
}

void rich_look_read(
    struct rich_styles *s, const struct xmltree *t, uint32_t rpr, struct rich_look *k)
{
    static const struct str east[2] = {SC("eastAsia"), SC("eastAsiaTheme")},
                            latin[2] = {SC("ascii"), SC("asciiTheme")};

    if (rpr == XML_NONE)
        return;
    for (uint32_t c = xml_first(t, rpr); c != XML_NONE; c = xml_after(t, c)) {
        if (xml_is(t, c, S("rFonts"))) {
            one_font(s, t, c, east, s->east, &k->east);
            one_font(s, t, c, latin, s->latin, &k->latin);
        } else if (xml_is(t, c, S("sz"))) {
            k->half_pt = rich_int(t, c, S("val"), k->half_pt);
        } else if (xml_is(t, c, S("spacing"))) {
            k->spacing = rich_int(t, c, S("val"), k->spacing);
        } else if (xml_is(t, c, S("color"))) {
            k->colour = hex(xml_attr(t, c, S("val")));
        } else if (xml_is(t, c, S("b"))) {
            k->bold = rich_on(t, c);
        } else if (xml_is(t, c, S("i"))) {
            k->italic = rich_on(t, c);
        } else if (xml_is(t, c, S("u"))) {
            k->underline = rich_on(t, c);
        }
    }
}

/* ---- paragraphs ---- */

static int align_of(struct str v, int otherwise)
{
    static const struct {
        struct str name;
        int align;
    } names[] = {{SC("left"), RICH_LEFT}, {SC("start"), RICH_LEFT}, {SC("center"), RICH_CENTRE},
        {SC("right"), RICH_RIGHT}, {SC("end"), RICH_RIGHT}, {SC("both"), RICH_BOTH},
        {SC("distribute"), RICH_BOTH}};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(v, names[i].name))
            return names[i].align;
    return otherwise;
}

static void spacing(const struct xmltree *t, uint32_t c, struct rich_format *f)
{
    struct str rule = xml_attr(t, c, S("lineRule"));

    f->before = rich_int(t, c, S("before"), f->before);
    f->after = rich_int(t, c, S("after"), f->after);
    f->line = rich_int(t, c, S("line"), f->line);
    if (rule.n)
        f->rule = str_eq(rule, S("exact"))     ? RICH_EXACT
                  : str_eq(rule, S("atLeast")) ? RICH_AT_LEAST
                                               : RICH_AUTO;
}

/* In characters wins over in twips; what is said anew takes the other's place. */
static void side(const struct xmltree *t, uint32_t c, struct str name, int *to, int *chars)
{
    int v = rich_int(t, c, name, CLIP * 2), k;
    char z[24];
    size_t n = name.n < sizeof z - 6 ? name.n : sizeof z - 6;

    memcpy(z, name.p, n);
    memcpy(z + n, "Chars", 6);
    k = rich_int(t, c, str_z(z), CLIP * 2);
    if (v != CLIP * 2)
        *to = v;
    if (k != CLIP * 2)
        *chars = k;
    else if (v != CLIP * 2)
        *chars = 0;
}

static void indent(const struct xmltree *t, uint32_t c, struct rich_format *f)
{
    int first = CLIP * 2, chars = 0, hang = CLIP * 2, hang_chars = 0;

    side(t, c, S("left"), &f->left, &f->left_chars);
    side(t, c, S("start"), &f->left, &f->left_chars);
    side(t, c, S("right"), &f->right, &f->right_chars);
    side(t, c, S("end"), &f->right, &f->right_chars);
    side(t, c, S("firstLine"), &first, &chars);
    side(t, c, S("hanging"), &hang, &hang_chars);
    if (xml_attr(t, c, S("firstLineChars")).n || first != CLIP * 2)
        f->first_chars = chars;
    if (first != CLIP * 2)
        f->first = first;
    if (hang_chars)
        f->first_chars = -hang_chars;
    if (hang != CLIP * 2 && hang != 0) {
        f->first = -hang;
        f->first_chars = -hang_chars;
    }
}

static void border(const struct xmltree *t, uint32_t c, struct str name, int *to, uint32_t *colour)
{
    uint32_t side_el = rich_kid(t, c, name);
    struct str v = side_el == XML_NONE ? S("nil") : xml_attr(t, side_el, S("val"));

    if (side_el == XML_NONE)
        return;
    *to = str_eq(v, S("nil")) || str_eq(v, S("none")) ? 0 : rich_int(t, side_el, S("sz"), 4);
    if (*to)
        *colour = hex(xml_attr(t, side_el, S("color")));
}

void rich_format_read(const struct xmltree *t, uint32_t ppr, struct rich_format *f)
{
    if (ppr == XML_NONE)
        return;
    for (uint32_t c = xml_first(t, ppr); c != XML_NONE; c = xml_after(t, c)) {
        if (xml_is(t, c, S("jc"))) {
            f->align = align_of(xml_attr(t, c, S("val")), f->align);
        } else if (xml_is(t, c, S("spacing"))) {
            spacing(t, c, f);
        } else if (xml_is(t, c, S("ind"))) {
            indent(t, c, f);
        } else if (xml_is(t, c, S("pBdr"))) {
            border(t, c, S("top"), &f->rule_top, &f->rule_colour);
            border(t, c, S("bottom"), &f->rule_bottom, &f->rule_colour);
        } else if (xml_is(t, c, S("pageBreakBefore"))) {
            f->page_break = rich_on(t, c);
        } else if (xml_is(t, c, S("framePr"))) {
            f->framed = true;
        }
    }
}

/* ---- styles ---- */

static void theme(struct job *j, struct zipin *z, const char *member, struct rich_styles *out)
{
    static const struct str sets[2] = {SC("minorFont"), SC("majorFont")};
    struct xmltree t;

    if (!rich_part(j, z, member, &t))
        return;
    for (uint32_t el = 0; el < t.n; el++)
        for (int i = 0; i < 2; i++) {
            if (!xml_is(&t, el, sets[i]))
                continue;
            out->latin[i] = rich_attr(j->a, &t, rich_kid(&t, el, S("latin")), S("typeface"));
            out->east[i] = rich_attr(j->a, &t, rich_kid(&t, el, S("ea")), S("typeface"));
            for (uint32_t c = xml_first(&t, el); c != XML_NONE && !out->east[i].n;
                 c = xml_after(&t, c))
                if (xml_is(&t, c, S("font")) && str_eq(xml_attr(&t, c, S("script")), S("Hans")))
                    out->east[i] = rich_attr(j->a, &t, c, S("typeface"));
        }
}

void rich_styles_read(
    struct job *j, struct zipin *z, const struct rels *rels, struct rich_styles *out)
{
    struct xmltree *t = &out->t;
    uint32_t defaults;

    *out = (struct rich_styles){.a = j->a};
    theme(j, z, opc_find(rels, "theme"), out);
    if (!rich_part(j, z, opc_find(rels, "styles"), t))
        return;
    out->there = true;
    defaults = rich_kid(t, 0, S("docDefaults"));
    rich_look_read(
        out, t, rich_kid(t, rich_kid(t, defaults, S("rPrDefault")), S("rPr")), &out->base.look);
    rich_format_read(
        t, rich_kid(t, rich_kid(t, defaults, S("pPrDefault")), S("pPr")), &out->base.f);
    for (uint32_t c = xml_first(t, 0); c != XML_NONE && out->n < STYLES_MAX; c = xml_after(t, c)) {
        if (!xml_is(t, c, S("style")))
            continue;
        ARENA_PUSH(j->a, out->v, out->n, out->cap) =
            (struct rich_style){.id = rich_attr(j->a, t, c, S("styleId")),
                .name = rich_attr(j->a, t, rich_kid(t, c, S("name")), S("val")),
                .based = rich_attr(j->a, t, rich_kid(t, c, S("basedOn")), S("val")),
                .el = c};
        if (str_eq(xml_attr(t, c, S("type")), S("paragraph")) &&
            str_eq(xml_attr(t, c, S("default")), S("1")))
            out->normal = out->v[out->n - 1].id;
    }
}

// NOLINTNEXTLINE(misc-no-recursion): held to CHAIN_MAX
static void resolve(struct rich_styles *s, struct rich_style *x, int depth)
{
    struct rich_style *up = NULL;

    if (x->done || x->doing || depth > CHAIN_MAX)
        return;
    x->doing = true;
    for (size_t i = 0; i < s->n && x->based.n && !up; i++)
        if (str_eq(s->v[i].id, x->based))
            up = &s->v[i];
    if (up)
        resolve(s, up, depth + 1);
    x->look = up && up->done ? up->look : s->base.look;
    x->f = up && up->done ? up->f : s->base.f;
    rich_look_read(s, &s->t, rich_kid(&s->t, x->el, S("rPr")), &x->look);
    rich_format_read(&s->t, rich_kid(&s->t, x->el, S("pPr")), &x->f);
    x->done = true;
    x->doing = false;
}

struct rich_style *rich_style_of(struct rich_styles *s, struct str id)
{
    if (!id.n)
        id = s->normal;
    for (size_t i = 0; i < s->n && id.n; i++)
        if (str_eq(s->v[i].id, id)) {
            resolve(s, &s->v[i], 0);
            return &s->v[i];
        }
    return &s->base;
}
