/* A text as it is typed becomes pages. Oracle: nothing that is drawn lies off the paper, what is drawn as SVG is
 * XML, and the docx of the same document is one that we read again. */
#include <libxml/parser.h>
#include <math.h>

#include "fuzz_paper.h"
#include "office/typeset.h"
#include "paper/layout_out.h"
#include "paper/official_docx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TEXT_MAX = 1 << 16 };

static struct faces *opened;

static void close_faces(void)
{
    faces_close(opened);
}

static struct faces *faces(void)
{
    struct err e;

    if (!opened) {
        MUST(faces_open(NULL, &opened, &e) == OK);
        MUST(atexit(close_faces) == 0);
    }
    return opened;
}

static void refused(const struct err *e, enum code c)
{
    MUST(c == E_INPUT || c == E_LIMIT);
    MUST(e->msg[0] != '\0' && !strchr(e->msg, '\n'));
    good_text(str_z(e->msg));
}

static void run_lies_on(const struct layout *l, const struct layout_run *r)
{
    double right = r->x;

    MUST(isfinite(r->x) && isfinite(r->y) && r->pt > 0 && r->narrow > 0);
    MUST(r->n == utf8_len_cp(r->text));
    for (size_t i = 0; i < r->n; i++) {
        MUST(isfinite((double)r->advance[i]));
        right += (double)r->advance[i];
    }
    MUST(r->x > -0.5 && right < l->width + 0.5);
    MUST(r->y > 0 && r->y < l->height);
}

static void page_lies_on(const struct layout *l, const struct layout_page *p)
{
    for (size_t i = 0; i < p->n_runs; i++)
        run_lies_on(l, &p->runs[i]);
    for (size_t i = 0; i < p->n_rules; i++) {
        const struct layout_rule *r = &p->rules[i];
        MUST(fmin(r->x1, r->x2) > -0.5 && fmax(r->x1, r->x2) < l->width + 0.5);
        MUST(fmin(r->y1, r->y2) > -0.5 && fmax(r->y1, r->y2) < l->height + 0.5);
    }
}

static void svg_is_xml(const struct layout *l, size_t page)
{
    struct buf b;

    buf_init(&b, 0);
    layout_svg_plain(l, page, &b);
    xmlDoc *d = xmlReadMemory(b.p, (int)b.n, "page.svg", "UTF-8", XML_PARSE_NONET);
    MUST(d);
    xmlFreeDoc(d);
    buf_release(&b);
}

static void docx_is_read(struct arena *a, const struct official *d,
    const struct official_style *style, const struct layout *l)
{
    struct official_docx o = {.made_ms = 0};
    struct reader_limits lim = reader_limits_default();
    struct str bytes;
    struct doc back;
    struct job j;
    struct err e = {0};

    MUST(official_docx(a, d, style, l, &o, &bytes, &e) == OK);
    job_init(&j, a, &lim, &e);
    (void)read_zip(&j, bytes);
    MUST(job_end(&j, &back) == OK);
}

static void lay(struct arena *a, struct str text)
{
    struct official_style style;
    struct typeset_read told;
    struct official d;
    struct layout l;
    struct err e = {0};
    enum code c = typeset_read(a, text, NULL, &d, &told, &e);

    if (c == OK)
        c = official_check(&d, &e);
    if (c == OK) {
        official_style_of(d.form, &style);
        c = layout_make(a, faces(), &d, &style, &l, &e);
    }
    if (c != OK) {
        refused(&e, c);
        return;
    }
    for (size_t i = 0; i < l.n; i++)
        page_lies_on(&l, &l.pages[i]);
    svg_is_xml(&l, 0);
    docx_is_read(a, &d, &style, &l);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct buf clean;

    if (size > TEXT_MAX)
        return 0;
    arena_init(&a);
    buf_init(&clean, 0);
    utf8_clean(&clean, (struct str){(const char *)data, size});
    lay(&a, buf_view(&clean));
    buf_release(&clean);
    arena_release(&a);
    return 0;
}
