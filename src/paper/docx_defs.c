#include "base/utf8.h"

#include "paper/docx_int.h"
#include "paper/numfmt.h"

enum { DEFS_MAX = 20000, CHAIN_MAX = 20, OUTLINE_BODY = 9 };

/* ---- styles ---- */

static int heading_of_name(struct str name)
{
    char c;

    if (!(str_eat(&name, S("heading ")) || str_eat(&name, S("Heading ")) ||
            str_eat(&name, S("标题 "))) ||
        name.n != 1)
        return -1;
    c = name.p[0];
    return c >= '1' && c <= '9' ? c - '1' : -1;
}

static void style_paragraph(struct xr *x, struct docx_style *s)
{
    for (int d = xr_enter(x); xr_child(x, d);) {
        if (xr_is(x, "outlineLvl")) {
            s->outline = xr_attr_int(x, "val", OUTLINE_BODY);
        } else if (xr_is(x, "numPr")) {
            for (int k = xr_enter(x); xr_child(x, k);) {
                if (xr_is(x, "numId"))
                    s->num = xr_attr_int(x, "val", 0);
                else if (xr_is(x, "ilvl"))
                    s->ilvl = xr_attr_int(x, "val", 0);
            }
        }
    }
}

static void one_style(struct job *j, struct xr *x, struct docx_defs *out)
{
    struct docx_style s = {.id = xr_attr(x, "styleId"), .outline = -1, .num = -1, .ilvl = -1};
    struct str type = xr_attr(x, "type");
    int by_name = -1;

    if (str_eq(type, S("character")) || str_eq(type, S("table")) || out->n_styles >= DEFS_MAX)
        return;
    for (int d = xr_enter(x); xr_child(x, d);) {
        if (xr_is(x, "name")) {
            struct str name = xr_attr(x, "val");
            by_name = heading_of_name(name);
            s.title =
                str_eq(name, S("Title")) || str_eq(name, S("title")) || str_eq(name, S("标题"));
        } else if (xr_is(x, "basedOn")) {
            s.based = xr_attr(x, "val");
        } else if (xr_is(x, "pPr")) {
            style_paragraph(x, &s);
        }
    }
    if (s.outline < 0)
        s.outline = by_name;
    ARENA_PUSH(j->a, out->styles, out->n_styles, out->cap_styles) = s;
}

void docx_styles_read(struct job *j, struct zipin *z, const char *member, struct docx_defs *out)
{
    struct xr *x = member ? xr_open(j, z, member) : NULL;

    if (!x)
        return;
    for (int d = xr_enter(x); xr_child(x, d);)
        if (xr_is(x, "style"))
            one_style(j, x, out);
    xr_close(x);
}

static struct docx_style *find_style(struct docx_defs *f, struct str id)
{
    if (f->last && str_eq(f->last->id, id))
        return f->last;
    for (size_t i = 0; i < f->n_styles; i++)
        if (str_eq(f->styles[i].id, id))
            return &f->styles[i];
    return NULL;
}

struct docx_style docx_style_of(struct docx_defs *f, struct str id)
{
    struct docx_style r = {.id = id, .outline = -1, .num = -1, .ilvl = -1};
    struct docx_style *s = id.n ? find_style(f, id) : NULL;

    if (s)
        f->last = s;
    for (int i = 0; s && i < CHAIN_MAX; i++) {
        if (i == 0)
            r.title = s->title;
        if (r.outline < 0)
            r.outline = s->outline;
        if (r.num < 0 && s->num >= 0) {
            r.num = s->num;
            r.based = s->id; /* whose numbering it is: levels are found by that style */
        }
        if (r.ilvl < 0)
            r.ilvl = s->ilvl;
        s = s->based.n ? find_style(f, s->based) : NULL;
    }
    return r;
}

/* ---- numbering ---- */

static void read_level(struct xr *x, struct docx_level *l)
{
    *l = (struct docx_level){.set = true, .start = 0, .restart = -1, .fmt = SC("decimal")};
    for (int d = xr_enter(x); xr_child(x, d);) {
        if (xr_is(x, "start"))
            l->start = xr_attr_int(x, "val", 0);
        else if (xr_is(x, "numFmt"))
            l->fmt = xr_attr(x, "val");
        else if (xr_is(x, "lvlText"))
            l->text = xr_attr(x, "val");
        else if (xr_is(x, "lvlRestart"))
            l->restart = xr_attr_int(x, "val", -1);
        else if (xr_is(x, "isLgl"))
            l->legal = xr_on(x);
        else if (xr_is(x, "suff"))
            l->bare = str_eq(xr_attr(x, "val"), S("nothing"));
        else if (xr_is(x, "pStyle"))
            l->style = xr_attr(x, "val");
        else if (xr_is(x, "AlternateContent")) /* a format newer than the file's schema */
            for (int k = xr_enter(x); xr_descend(x, k);)
                if (xr_is(x, "numFmt") && !str_eq(xr_attr(x, "val"), S("custom")))
                    l->fmt = xr_attr(x, "val");
    }
}

static void read_abstract(struct job *j, struct xr *x, struct docx_defs *out)
{
    struct docx_abstract a = {.id = xr_attr_int(x, "abstractNumId", -1)};

    for (int d = xr_enter(x); xr_child(x, d);) {
        int i = xr_attr_int(x, "ilvl", -1);
        if (xr_is(x, "lvl") && i >= 0 && i < LEVELS)
            read_level(x, &a.level[i]);
        else if (xr_is(x, "numStyleLink"))
            a.link = xr_attr(x, "val");
        else if (xr_is(x, "styleLink"))
            a.style_link = xr_attr(x, "val");
    }
    if (out->n_abstracts < DEFS_MAX)
        ARENA_PUSH(j->a, out->abstracts, out->n_abstracts, out->cap_abstracts) = a;
}

static void read_num(struct job *j, struct xr *x, struct docx_defs *out)
{
    struct docx_num n = {.id = xr_attr_int(x, "numId", -1), .abstract = -1};

    for (int i = 0; i < LEVELS; i++)
        n.start[i] = -1;
    for (int d = xr_enter(x); xr_child(x, d);) {
        int i = xr_attr_int(x, "ilvl", -1);
        if (xr_is(x, "abstractNumId")) {
            n.abstract = xr_attr_int(x, "val", -1);
        } else if (xr_is(x, "lvlOverride") && i >= 0 && i < LEVELS) {
            for (int k = xr_enter(x); xr_child(x, k);) {
                if (xr_is(x, "startOverride"))
                    n.start[i] = xr_attr_int(x, "val", -1);
                else if (xr_is(x, "lvl"))
                    read_level(x, &n.level[i]);
            }
        }
    }
    if (out->n_nums < DEFS_MAX)
        ARENA_PUSH(j->a, out->nums, out->n_nums, out->cap_nums) = n;
}

void docx_numbering_read(struct job *j, struct zipin *z, const char *member, struct docx_defs *out)
{
    struct xr *x = member ? xr_open(j, z, member) : NULL;

    if (!x)
        return;
    for (int d = xr_enter(x); xr_child(x, d);) {
        if (xr_is(x, "abstractNum"))
            read_abstract(j, x, out);
        else if (xr_is(x, "num"))
            read_num(j, x, out);
    }
    xr_close(x);
}

static struct docx_num *find_num(const struct docx_defs *f, int id)
{
    for (size_t i = 0; i < f->n_nums; i++)
        if (f->nums[i].id == id)
            return &f->nums[i];
    return NULL;
}

/* The abstract definition of a num; one that only names a list style is followed once. */
static struct docx_abstract *abstract_of(const struct docx_defs *f, const struct docx_num *n)
{
    struct docx_abstract *a = NULL;

    for (size_t i = 0; i < f->n_abstracts && !a; i++)
        if (f->abstracts[i].id == n->abstract)
            a = &f->abstracts[i];
    if (a && a->link.n > 0)
        for (size_t i = 0; i < f->n_abstracts; i++)
            if (str_eq(f->abstracts[i].style_link, a->link))
                return &f->abstracts[i];
    return a;
}

int docx_level_of_style(const struct docx_defs *f, int num, struct str style, int otherwise)
{
    struct docx_num *n = find_num(f, num);
    struct docx_abstract *a = n ? abstract_of(f, n) : NULL;

    for (int i = 0; a && style.n > 0 && i < LEVELS; i++)
        if (str_eq(n->level[i].set ? n->level[i].style : a->level[i].style, style))
            return i;
    return otherwise;
}

static const struct docx_level *level_of(
    const struct docx_num *n, const struct docx_abstract *a, int i)
{
    return n->level[i].set ? &n->level[i] : &a->level[i];
}

/* A level that restarts has its counter taken away when a higher level is counted. */
static void restart_deeper(const struct docx_num *n, struct docx_abstract *a, int ilvl)
{
    for (int i = ilvl + 1; i < LEVELS; i++) {
        int after = level_of(n, a, i)->restart; /* 0: never; k: only after level k-1 or higher */
        if (after < 0 || ilvl < after)
            a->begun[i] = false;
    }
}

static int count(struct docx_num *n, struct docx_abstract *a, int ilvl)
{
    const struct docx_level *l = level_of(n, a, ilvl);

    if (!n->used[ilvl] && n->start[ilvl] >= 0) {
        a->counter[ilvl] = n->start[ilvl];
        a->begun[ilvl] = true;
    } else if (!a->begun[ilvl]) {
        a->counter[ilvl] = n->start[ilvl] >= 0 ? n->start[ilvl] : l->start;
        a->begun[ilvl] = true;
    } else if (a->counter[ilvl] < DEFS_MAX * 50) {
        a->counter[ilvl]++;
    }
    n->used[ilvl] = true;
    restart_deeper(n, a, ilvl);
    return a->counter[ilvl];
}

/* Symbol fonts keep their bullets in the private use area: shown as the one everybody knows. */
static void bullet(struct buf *out, struct str text)
{
    size_t off = 0;
    uint32_t cp = text.n ? utf8_next(text, &off) : 0;

    if (cp == 0 || (cp >= 0xE000 && cp <= 0xF8FF) || cp < 0x80)
        buf_z(out, cp == '-' ? "-" : "•");
    else
        buf_str(out, text);
}

void docx_label(struct docx_defs *f, int num, int ilvl, struct buf *out, bool *gap)
{
    struct docx_num *n = find_num(f, num);
    struct docx_abstract *a = n ? abstract_of(f, n) : NULL;
    const struct docx_level *l;

    *gap = false;
    if (!a || ilvl < 0 || ilvl >= LEVELS)
        return;
    l = level_of(n, a, ilvl);
    (void)count(n, a, ilvl);
    if (str_eq(l->fmt, S("bullet"))) {
        bullet(out, l->text);
        *gap = true;
        return;
    }
    for (size_t i = 0; i < l->text.n; i++) {
        int k = l->text.p[i] == '%' && i + 1 < l->text.n ? l->text.p[i + 1] - '1' : -1;
        if (k < 0 || k >= LEVELS) {
            buf_char(out, l->text.p[i]);
            continue;
        }
        i++;
        const struct docx_level *of = level_of(n, a, k);
        int v = a->begun[k] ? a->counter[k] : of->start;
        numfmt_add(out, l->legal ? S("decimal") : of->fmt, v);
    }
    *gap = !l->bare;
}

/* Whether a label needs a blank behind it: "1." before Chinese does not, "第一条" does. */
static bool needs_gap(struct str label, struct str text)
{
    static const struct str closed[] = {SC("、"), SC("，"), SC("。"), SC("．"), SC("："), SC("；"),
        SC("）"), SC("】"), SC("］"), SC("〕"), SC("》")};
    size_t off = 0;
    uint32_t first = text.n ? utf8_next(text, &off) : 0;

    for (size_t i = 0; i < sizeof(closed) / sizeof(*closed); i++)
        if (str_ends(label, closed[i]))
            return false;
    if (str_ends(label, S(".")) || str_ends(label, S(")")))
        return first < 0x2E80;
    return true;
}

void docx_paragraph_label(
    struct docx_defs *f, struct str style, int num, int ilvl, struct str text, struct buf *out)
{
    struct docx_style s = docx_style_of(f, style);
    bool gap = false, own = num >= 0;

    num = own ? num : s.num;
    if (num <= 0)
        return;
    if (ilvl < 0)
        ilvl = docx_level_of_style(f, num, own ? style : s.based, s.ilvl >= 0 ? s.ilvl : 0);
    docx_label(f, num, ilvl, out, &gap);
    if (gap && out->n > 0 && needs_gap(buf_view(out), text))
        buf_char(out, ' ');
}

/* ---- symbols ---- */

/* Characters of symbol fonts that office paper uses. */
static const struct {
    uint16_t code;
    bool wing; /* Wingdings; else Symbol */
    uint16_t cp;
} symbols[] = {{0x6C, true, 0x25CF}, {0x6E, true, 0x25A0}, {0x6F, true, 0x25A1},
    {0x71, true, 0x25A1}, {0x75, true, 0x25C6}, {0xA1, true, 0x25CB}, {0xA8, true, 0x25A1},
    {0xD8, true, 0x27A2}, {0xE0, true, 0x2192}, {0xFB, true, 0x00D7}, {0xFC, true, 0x221A},
    {0xFD, true, 0x2612}, {0xFE, true, 0x2611}, {0x52, true, 0x2611}, {0xA3, true, 0x25A1},
    {0xB7, false, 0x2022}, {0xB4, false, 0x00D7}, {0xA3, false, 0x2264}, {0xB3, false, 0x2265},
    {0xB1, false, 0x00B1}, {0xB0, false, 0x00B0}, {0xA5, false, 0x221E}, {0x61, false, 0x03B1},
    {0x62, false, 0x03B2}, {0x6D, false, 0x03BC}, {0x57, false, 0x03A9}};

void docx_symbol(struct str font, struct str hex, struct buf *out)
{
    uint32_t code = 0;
    bool wing = str_starts(font, S("Wingdings"));

    for (size_t i = 0; i < hex.n && i < 6; i++) {
        char c = hex.p[i];
        int v = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                       : 0;
        code = code * 16 + (uint32_t)v;
    }
    if (code < 0xF000 || code > 0xF0FF) {
        buf_utf8(out, code);
        return;
    }
    for (size_t i = 0; i < sizeof(symbols) / sizeof(*symbols); i++) {
        if (symbols[i].code == (code & 0xFF) && symbols[i].wing == wing) {
            buf_utf8(out, symbols[i].cp);
            return;
        }
    }
    buf_utf8(out, 0xFFFD);
}
