/* ofd (GB/T 33190-2016): text by its place on the page. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "paper/flow.h"
#include "paper/formats.h"
#include "paper/opc.h"

enum {
    TEMPLATES_MAX = 2000,
    PAGES_MAX = 50000,
    BODIES_MAX = 100,
    DELTAS_MAX = 20000,
    PROPERTY_BYTES = 65536
};

struct template_page {
    struct str id, loc;
    struct flow_word *words; /* read when first used */
    size_t n;
    bool read, reading; /* reading: a template that names itself, around a corner */
};

struct ofd {
    struct job *j;
    struct zipin *z;
    struct flow flow;
    struct template_page *templates;
    size_t n_templates, cap_templates;
    double width, height; /* of a page that does not say */
    bool pictures;
};

struct box {
    double x, y, w, h;
};
struct matrix {
    double a, b, c, d, e, f;
};

/* ---- numbers ---- */

/* The next number of a list parted by blanks. */
static bool next_number(struct str *s, double *out)
{
    char z[40];
    size_t n = 0;
    char *end;

    while (s->n > 0 && (s->p[0] == ' ' || s->p[0] == '\t' || s->p[0] == '\n' || s->p[0] == ','))
        *s = str_sub(*s, 1, s->n);
    while (n < s->n && n + 1 < sizeof(z) && s->p[n] != ' ' && s->p[n] != '\t' && s->p[n] != '\n' &&
           s->p[n] != ',')
        n++;
    if (n == 0)
        return false;
    memcpy(z, s->p, n);
    z[n] = '\0';
    *s = str_sub(*s, n, s->n);
    *out = strtod(z, &end);
    return *end == '\0' && isfinite(*out) && fabs(*out) < 1e6;
}

static double one_number(struct str s, double otherwise)
{
    double v;

    return next_number(&s, &v) ? v : otherwise;
}

static struct box box_of(struct str s)
{
    struct box b = {0, 0, 0, 0};

    if (next_number(&s, &b.x) && next_number(&s, &b.y) && next_number(&s, &b.w))
        (void)next_number(&s, &b.h);
    return b;
}

static struct matrix matrix_of(struct str s)
{
    struct matrix m = {1, 0, 0, 1, 0, 0}, r;

    if (next_number(&s, &r.a) && next_number(&s, &r.b) && next_number(&s, &r.c) &&
        next_number(&s, &r.d) && next_number(&s, &r.e) && next_number(&s, &r.f))
        return r;
    return m;
}

/* DeltaX: "g 3 5.2 4.1" is 5.2 three times and 4.1 once. Adds up what the first n characters take. */
static double advance(struct str deltas, size_t n, double size, size_t *used)
{
    double sum = 0, v = 0, last = size;
    size_t i = 0;

    while (i < n) {
        size_t times = 1;
        struct str before = deltas;
        deltas = str_trim(deltas);
        if (str_eat(&deltas, S("g"))) {
            double k;
            if (!next_number(&deltas, &k) || k < 1 || k > DELTAS_MAX)
                break;
            times = (size_t)k;
        }
        if (!next_number(&deltas, &v) || deltas.n == before.n)
            break;
        last = v;
        for (; times > 0 && i < n; times--, i++)
            sum += v;
    }
    *used = i;
    (void)last;
    return sum;
}

/* ---- text ---- */

static double char_width(uint32_t cp, double size)
{
    return cp < 0x2E80 && cp != 0x2014 && cp != 0x2026 ? size * 0.5 : size;
}

/* One TextCode: words where the advance jumps. `at`: page coordinates of the boundary's corner. */
static void text_code(struct ofd *w, struct xr *x, struct box at, struct matrix m, double size)
{
    struct str dx = xr_attr(x, "DeltaX"), dy = xr_attr(x, "DeltaY"), xs = xr_attr(x, "X"),
               ys = xr_attr(x, "Y");
    double x0 = one_number(xs, 0), y0 = one_number(ys, size), width = 0, px, py, scale, natural = 0;
    struct buf b = {0};
    size_t off = 0, chars, used = 0;
    struct str text;

    xr_text(x, &b);
    text = str_trim(buf_view(&b));
    chars = utf8_len_cp(text);
    if (chars == 0) {
        buf_release(&b);
        return;
    }
    while (off < text.n)
        natural += char_width(utf8_next(text, &off), size);
    width = advance(dx, chars - 1, size, &used);
    if (used < chars - 1 && dy.n == 0)
        width += natural * (double)(chars - 1 - used) / (double)chars;
    width += natural / (double)chars;
    scale = sqrt(m.a * m.a + m.b * m.b);
    scale = scale > 1e-6 && scale < 1e6 ? scale : 1;
    px = at.x + m.a * x0 + m.c * y0 + m.e;
    py = at.y + m.b * x0 + m.d * y0 + m.f;
    flow_add(&w->flow, (struct flow_word){px, py - size * scale * 0.86, px + width * scale,
                           py + size * scale * 0.14, size * scale, arena_str(w->j->a, text)});
    buf_release(&b);
}

static void text_object(struct ofd *w, struct xr *x)
{
    struct box at = box_of(xr_attr(x, "Boundary"));
    struct matrix m = matrix_of(xr_attr(x, "CTM"));
    double size = one_number(xr_attr(x, "Size"), 4);

    for (int d = xr_enter(x); xr_child(x, d);)
        if (xr_is(x, "TextCode"))
            text_code(w, x, at, m, size);
}

/* ---- pages ---- */

static const char *member(struct ofd *w, struct str from, struct str loc)
{
    return opc_path(w->j, from, loc).p;
}

static void page_objects(struct ofd *w, struct xr *x)
{
    for (int d = xr_enter(x); xr_descend(x, d);) {
        if (xr_is(x, "TextObject"))
            text_object(w, x);
        else if (xr_is(x, "ImageObject") || xr_is(x, "PathObject"))
            w->pictures = true;
    }
}

/* NOLINTBEGIN(misc-no-recursion): a template being read is not begun again */
static void use_template(struct ofd *w, struct str id);

/* A page or template: its content goes to the last page of the flow. */
static void content(struct ofd *w, const char *loc, bool begin_page)
{
    struct xr *x = xr_open(w->j, w->z, loc);
    struct box area = {0, 0, w->width, w->height};
    bool begun = !begin_page;

    if (!x) {
        if (job_ok(w->j))
            job_warn(w->j, "缺少页面“%.80s”", loc);
        return;
    }
    for (int d = xr_enter(x); xr_child(x, d);) {
        if (xr_is(x, "Area")) {
            for (int k = xr_enter(x); xr_child(x, k);)
                if (xr_is(x, "PhysicalBox")) {
                    struct buf b = {0};
                    xr_text(x, &b);
                    area = box_of(buf_view(&b));
                    buf_release(&b);
                }
        }
        if ((xr_is(x, "Template") || xr_is(x, "Content")) && !begun) {
            flow_page(&w->flow, area.w, area.h);
            begun = true;
        }
        if (xr_is(x, "Template"))
            use_template(w, xr_attr(x, "TemplateID"));
        else if (xr_is(x, "Content"))
            page_objects(w, x);
    }
    if (!begun)
        flow_page(&w->flow, area.w, area.h);
    xr_close(x);
}

/* Templates repeat on many pages: parsed once, their words copied. */
static void use_template(struct ofd *w, struct str id)
{
    for (size_t i = 0; i < w->n_templates && job_ok(w->j); i++) {
        struct template_page *t = &w->templates[i];
        size_t before = w->flow.n_words;
        if (!str_eq(t->id, id) || t->reading)
            continue;
        if (!t->read) {
            t->reading = true;
            content(w, t->loc.p, false);
            t->reading = false;
            t->read = true;
            t->n = w->flow.n_words - before;
            t->words = ARENA_ARRAY(w->j->a, struct flow_word, t->n);
            if (t->n > 0)
                memcpy(t->words, w->flow.words + before, t->n * sizeof(*t->words));
            return;
        }
        for (size_t k = 0; k < t->n; k++)
            flow_add(&w->flow, t->words[k]);
        return;
    }
}

/* NOLINTEND(misc-no-recursion) */

/* ---- documents ---- */

static void common_data(struct ofd *w, struct xr *x, struct str root)
{
    for (int d = xr_enter(x); xr_child(x, d);) {
        if (xr_is(x, "PageArea")) {
            for (int k = xr_enter(x); xr_child(x, k);)
                if (xr_is(x, "PhysicalBox")) {
                    struct buf b = {0};
                    xr_text(x, &b);
                    w->width = box_of(buf_view(&b)).w;
                    w->height = box_of(buf_view(&b)).h;
                    buf_release(&b);
                }
        } else if (xr_is(x, "TemplatePage") && w->n_templates < TEMPLATES_MAX) {
            struct template_page t = {.id = xr_attr(x, "ID")};
            t.loc = str_z(member(w, root, xr_attr(x, "BaseLoc")));
            ARENA_PUSH(w->j->a, w->templates, w->n_templates, w->cap_templates) = t;
        }
    }
}

static void document(struct ofd *w, struct str root)
{
    struct xr *x = xr_open(w->j, w->z, root.p);
    struct str *pages = NULL;
    size_t n = 0, cap = 0;

    if (!x) {
        (void)JOB_FAIL(w->j, E_INPUT, "缺少文档“%.80s”，文件可能已损坏或已加密", root.p);
        return;
    }
    w->n_templates = 0;
    for (int d = xr_enter(x); xr_child(x, d);) {
        if (xr_is(x, "CommonData"))
            common_data(w, x, root);
        else if (xr_is(x, "Pages"))
            for (int k = xr_enter(x); xr_child(x, k);)
                if (xr_is(x, "Page") && n < PAGES_MAX) {
                    struct str loc = str_z(member(w, root, xr_attr(x, "BaseLoc")));
                    ARENA_PUSH(w->j->a, pages, n, cap) = loc;
                }
    }
    xr_close(x);
    for (size_t i = 0; i < n && job_ok(w->j); i++)
        content(w, pages[i].p, true);
}

static void document_info(struct job *j, struct xr *x)
{
    for (int d = xr_enter(x); xr_child(x, d);) {
        struct buf b;
        buf_init(&b, PROPERTY_BYTES);
        if (xr_is(x, "Title") && j->d.title.n == 0) {
            xr_text(x, &b);
            j->d.title = job_property(j, buf_view(&b));
        } else if (xr_is(x, "Author")) {
            xr_text(x, &b);
            j->d.author = job_property(j, buf_view(&b));
        } else if (xr_is(x, "ModDate") || (xr_is(x, "CreationDate") && j->d.date.n == 0)) {
            xr_text(x, &b);
            j->d.date = job_date(j, buf_view(&b));
        }
        buf_release(&b);
    }
}

// NOLINTNEXTLINE(readability-function-cognitive-complexity): one loop over two levels
enum code read_ofd_zip(struct job *j, struct zipin *z)
{
    struct ofd w = {.j = j, .z = z, .flow = {.j = j}};
    struct str roots[BODIES_MAX];
    size_t n = 0;
    struct xr *x;

    j->d.format = FORMAT_OFD;
    if (zipin_has(z, "Encryptions.xml") || zipin_has(z, "Doc_0/Encryptions.xml"))
        return JOB_FAIL(j, E_INPUT, "OFD 已加密，请用有权限的阅读软件另存为不加密的文件再导入");
    x = xr_open(j, z, "OFD.xml");
    for (int d = x ? xr_enter(x) : -1; x && xr_child(x, d);) {
        if (!xr_is(x, "DocBody"))
            continue;
        for (int k = xr_enter(x); xr_child(x, k);) {
            struct buf b = {0};
            if (xr_is(x, "DocInfo")) {
                document_info(j, x);
            } else if (xr_is(x, "DocRoot") && n < BODIES_MAX) {
                xr_text(x, &b);
                roots[n++] = opc_path(j, S(""), str_trim(buf_view(&b)));
            }
            buf_release(&b);
        }
    }
    xr_close(x);
    for (size_t i = 0; i < n && job_ok(j); i++) {
        bool again = false; /* the same root named twice is one document */
        for (size_t k = 0; k < i; k++)
            again = again || str_eq(roots[k], roots[i]);
        if (!again)
            document(&w, roots[i]);
    }
    if (n == 0)
        return JOB_FAIL(j, E_INPUT, "OFD 里没有文档，文件可能已损坏");
    flow_end(&w.flow);
    return j->failed;
}
