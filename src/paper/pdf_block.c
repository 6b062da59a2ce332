/* Blocks onto sheets. */
#include <string.h>

#include "paper/pdf_int.h"

#define PAD       3.5F /* inside a cell */
#define LINE_THIN 0.5F
enum { GREY = 0xF2F0EC, RULE = 0x8A8580 };

float pdf_sheet_width(const struct pdf_sheet *s)
{
    return s->landscape ? PDF_LONG : PDF_SHORT;
}
float pdf_sheet_height(const struct pdf_sheet *s)
{
    return s->landscape ? PDF_SHORT : PDF_LONG;
}
float pdf_width(const struct pdf *p)
{
    return (p->landscape ? PDF_LONG : PDF_SHORT) - 2 * PDF_MARGIN;
}
static float bottom(const struct pdf *p)
{
    return (p->landscape ? PDF_SHORT : PDF_LONG) - PDF_BOTTOM;
}

void pdf_failed(struct pdf *p, enum code code, const char *message)
{
    if (p->e.code == OK)
        (void)FAIL(&p->e, code, "%s", message);
}

/* ---- sheets ---- */

static void sheet_new(struct pdf *p)
{
    if (p->n_sheets == PDF_PAGES_MAX)
        pdf_failed(p, E_LIMIT, "报告超过30000页，请缩小范围分几份做");
    if (p->e.code != OK && p->n_sheets) {
        p->sheets[p->n_sheets - 1].n = 0; /* nobody will see it: keep one sheet to write on */
    } else {
        ARENA_PUSH(&p->a, p->sheets, p->n_sheets, p->cap_sheets) =
            (struct pdf_sheet){.landscape = p->landscape};
    }
    p->y = PDF_TOP;
    p->fresh = true;
    p->want_page = false;
}

static void need(struct pdf *p, float height)
{
    if (!p->n_sheets || p->want_page || (!p->fresh && p->y + height > bottom(p)))
        sheet_new(p);
}

struct pdf_op *pdf_op(struct pdf *p, enum pdf_op_kind kind, float x, float y)
{
    struct pdf_sheet *s = &p->sheets[p->n_sheets - 1];
    struct pdf_op *op = &ARENA_PUSH(&p->a, s->ops, s->n, s->cap);

    *op = (struct pdf_op){.kind = kind, .x = x, .y = y};
    p->fresh = false;
    return op;
}

static void rule(struct pdf *p, float x, float y, float w, float h)
{
    struct pdf_op *op = pdf_op(p, OP_RULE, x, y);

    op->w = w;
    op->h = h;
}

void pdf_put_line(struct pdf *p, const struct pdf_set *set, size_t i, float x, float y)
{
    struct pdf_op *op = pdf_op(p, OP_LINE, x + set->lines[i].x, y + set->rise);

    op->line = &set->lines[i];
    op->colour = set->colour;
}

void pdf_page(struct pdf *p)
{
    p->want_page = p->n_sheets > 0;
}

void pdf_turn(struct pdf *p, bool landscape)
{
    if (p->landscape == landscape)
        return;
    p->landscape = landscape;
    p->want_page = p->n_sheets > 0;
}

void pdf_label(struct pdf *p, struct str label)
{
    need(p, 0);
    p->sheets[p->n_sheets - 1].label = arena_str(&p->a, label);
}

void pdf_gap(struct pdf *p, double points)
{
    if (!p->fresh && !p->want_page)
        p->y += (float)points;
}

void pdf_space(struct pdf *p, double points)
{
    need(p, (float)points);
    p->y += (float)points;
}

/* ---- words ---- */

void pdf_para(struct pdf *p, const struct pdf_style *s, struct str text)
{
    struct pdf_set *set = pdf_set(p, s, text, pdf_width(p));

    pdf_gap(p, s->gap_before);
    for (size_t i = 0; i < set->n; i++) {
        /* not the first line alone at the bottom, not the last one alone at the top */
        bool widow = (i == 0 && set->n > 1) || i + 2 == set->n;
        need(p, set->leading * (widow ? 2.0F : 1.0F));
        pdf_put_line(p, set, i, PDF_MARGIN, p->y);
        p->y += set->leading;
    }
}

void pdf_heading_plain(struct pdf *p, struct str text)
{
    static const struct pdf_style look = {.face = PDF_HEI, .size = 10, .gap_before = 5};
    struct pdf_set *set = pdf_set(p, &look, text, pdf_width(p));

    pdf_gap(p, look.gap_before);
    need(p, (float)set->n * set->leading + 36);
    for (size_t i = 0; i < set->n; i++) {
        pdf_put_line(p, set, i, PDF_MARGIN, p->y);
        p->y += set->leading;
    }
}

size_t pdf_heading(struct pdf *p, int level, struct str text, struct str entry)
{
    static const struct pdf_style looks[4] = {{0}, {.face = PDF_HEI, .size = 16, .gap_before = 14},
        {.face = PDF_HEI, .size = 13, .gap_before = 11},
        {.face = PDF_HEI, .size = 11, .gap_before = 8}};
    const struct pdf_style *look = &looks[level < 1 ? 1 : level > 3 ? 3 : level];
    struct pdf_set *set = pdf_set(p, look, text, pdf_width(p));
    struct pdf_section *s;

    pdf_gap(p, look->gap_before);
    need(p, (float)set->n * set->leading + 48); /* never the last thing on a page */
    s = &ARENA_PUSH(&p->a, p->sections, p->n_sections, p->cap_sections);
    *s = (struct pdf_section){.level = level,
        .page = (int)p->n_sheets - 1,
        .y = p->y,
        .text = arena_str(&p->a, text),
        .entry = arena_str(&p->a, entry.n ? entry : text)};
    for (size_t i = 0; i < set->n; i++) {
        pdf_put_line(p, set, i, PDF_MARGIN, p->y);
        p->y += set->leading;
    }
    p->y += 4;
    return p->n_sections - 1;
}

/* ---- rows of cells ---- */

struct cell {
    const struct pdf_set *set;
    float x, w;
    bool grey;
};

static float cell_height(const struct cell *c)
{
    return (float)c->set->n * c->set->leading + 2 * PAD;
}

/* The lines of all cells that fit into `room`, from done[] on; how high that is. */
static float row_part(const struct cell *v, size_t n, const size_t *done, size_t *part, float room)
{
    float height = 0;

    for (size_t i = 0; i < n; i++) {
        const struct pdf_set *s = v[i].set;
        float fit = (room - 2 * PAD) / s->leading, h;
        size_t left = s->n - done[i];
        part[i] = fit < 0 ? 0 : (size_t)fit;
        if (part[i] > left)
            part[i] = left;
        h = (float)part[i] * s->leading + 2 * PAD;
        height = h > height ? h : height;
    }
    return height;
}

static void row_draw(
    struct pdf *p, const struct cell *v, size_t n, size_t *done, const size_t *part, float height)
{
    for (size_t i = 0; i < n; i++) {
        float y = p->y + PAD;
        if (v[i].grey) {
            struct pdf_op *op = pdf_op(p, OP_FILL, v[i].x, p->y);
            op->w = v[i].w;
            op->h = height;
            op->colour = GREY;
        }
        for (size_t k = 0; k < part[i]; k++)
            pdf_put_line(p, v[i].set, done[i] + k, v[i].x + PAD, y + (float)k * v[i].set->leading);
        done[i] += part[i];
        rule(p, v[i].x, p->y, LINE_THIN, height + LINE_THIN);
    }
    rule(p, v[0].x, p->y, pdf_width(p), LINE_THIN);
    rule(p, v[0].x, p->y + height, pdf_width(p), LINE_THIN);
    rule(p, v[0].x + pdf_width(p) - LINE_THIN, p->y, LINE_THIN, height + LINE_THIN);
    p->y += height;
}

static size_t lines_left(const struct cell *v, size_t n, const size_t *done)
{
    size_t left = 0;

    for (size_t i = 0; i < n; i++)
        left += v[i].set->n - done[i];
    return left;
}

/* As much of the row as the page has room for; done[] moves on. */
static void row_some(struct pdf *p, const struct cell *v, size_t n, size_t *done)
{
    size_t part[PDF_COLUMNS_MAX];
    float h = row_part(v, n, done, part, bottom(p) - p->y);

    row_draw(p, v, n, done, part, h);
}

/* The columns of the open table; of its head where `heads`. */
static void cells_of(struct pdf *p, const struct pdf_column *columns, size_t n, struct cell *out)
{
    double sum = 0;
    float x = PDF_MARGIN;

    for (size_t i = 0; i < n; i++)
        sum += columns[i].weight;
    for (size_t i = 0; i < n; i++) {
        out[i] = (struct cell){NULL, x, (float)(columns[i].weight / sum) * pdf_width(p), false};
        x += out[i].w;
    }
}

static void head_draw(struct pdf *p)
{
    struct cell c[PDF_COLUMNS_MAX] = {{0}};
    size_t done[PDF_COLUMNS_MAX] = {0};

    cells_of(p, p->columns, p->n_columns, c);
    for (size_t i = 0; i < p->n_columns; i++) {
        c[i].set = p->head[i];
        c[i].grey = true;
    }
    row_some(p, c, p->n_columns, done);
}

static void row_put(struct pdf *p, const struct cell *v, size_t n)
{
    size_t done[PDF_COLUMNS_MAX] = {0};
    float height = 0, whole = bottom(p) - PDF_TOP - 40;

    for (size_t i = 0; i < n; i++)
        height = cell_height(&v[i]) > height ? cell_height(&v[i]) : height;
    while (n && p->e.code == OK) {
        size_t sheets = p->n_sheets;
        need(p, height <= whole ? height : 60);
        if (p->n_sheets != sheets && p->head)
            head_draw(p);
        row_some(p, v, n, done);
        if (!lines_left(v, n, done))
            return;
        p->want_page = true;
    }
}

/* ---- keys and values ---- */

static const struct pdf_style key_look = {.face = PDF_HEI, .size = 9.5},
                              value_look = {.face = PDF_SONG, .size = 10};

void pdf_rows_more(struct pdf *p, const struct pdf_pair *v, bool last)
{
    float w = pdf_width(p), key = 78, half = v->key2.n ? w / 2 : w;
    struct cell c[4];
    size_t k = 2;

    c[0] = (struct cell){pdf_set(p, &key_look, v->key, key - 2 * PAD), PDF_MARGIN, key, true};
    c[1] = (struct cell){pdf_set(p, &value_look, v->value, half - key - 2 * PAD), PDF_MARGIN + key,
        half - key, false};
    if (v->key2.n) {
        c[2] = (struct cell){
            pdf_set(p, &key_look, v->key2, key - 2 * PAD), PDF_MARGIN + half, key, true};
        c[3] = (struct cell){pdf_set(p, &value_look, v->value2, half - key - 2 * PAD),
            PDF_MARGIN + half + key, half - key, false};
        k = 4;
    }
    row_put(p, c, k);
    if (last)
        p->y += 6;
}

void pdf_rows(struct pdf *p, const struct pdf_pair *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        pdf_rows_more(p, &v[i], i + 1 == n);
}

/* ---- tables ---- */

void pdf_table(struct pdf *p, const struct pdf_column *columns, size_t n)
{
    struct cell c[PDF_COLUMNS_MAX];

    if (n < 1 || n > PDF_COLUMNS_MAX) {
        pdf_failed(p, E_BUG, "报告的表格列数不对");
        return;
    }
    p->columns = ARENA_ARRAY(&p->a, struct pdf_column, n);
    p->head = ARENA_ARRAY(&p->a, struct pdf_set *, n);
    memcpy(p->columns, columns, n * sizeof(*columns));
    p->n_columns = n;
    cells_of(p, columns, n, c);
    for (size_t i = 0; i < n; i++) {
        struct pdf_style s = key_look;
        s.align = columns[i].align == PDF_RIGHT ? PDF_RIGHT : PDF_LEFT;
        p->head[i] = pdf_set(p, &s, columns[i].head, c[i].w - 2 * PAD);
    }
    need(p, 60);
    head_draw(p);
}

void pdf_row(struct pdf *p, const struct str *cells)
{
    struct cell c[PDF_COLUMNS_MAX];

    if (!p->head)
        return; /* the table was refused */
    cells_of(p, p->columns, p->n_columns, c);
    for (size_t i = 0; i < p->n_columns; i++) {
        struct pdf_style s = {.face = PDF_SONG, .size = 9.5, .align = p->columns[i].align};
        c[i].set = pdf_set(p, &s, cells[i], c[i].w - 2 * PAD);
    }
    row_put(p, c, p->n_columns);
}

void pdf_table_end(struct pdf *p)
{
    p->head = NULL;
    p->n_columns = 0;
    p->y += 8;
}

/* ---- pictures ---- */

struct source {
    struct str left;
};
static cairo_status_t source_read(void *arg, unsigned char *to, unsigned n)
{
    struct source *s = arg;

    if (n > s->left.n)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(to, s->left.p, n);
    s->left = str_sub(s->left, n, s->left.n);
    return CAIRO_STATUS_SUCCESS;
}
static void picture_free(void *s)
{
    cairo_surface_destroy(s);
}

/* Width and height stand in the first chunk; what is too large is not decoded. */
static bool png_ok(struct str s)
{
    unsigned long side[2] = {0, 0};

    if (s.n < 33 || s.n > PDF_PICTURE_MAX || !str_starts(s, S("\x89PNG\r\n\x1a\n")))
        return false;
    for (size_t i = 0; i < 8; i++)
        side[i / 4] = side[i / 4] << 8 | (unsigned char)s.p[16 + i];
    return side[0] && side[1] && side[0] <= PDF_PICTURE_SIDE && side[1] <= PDF_PICTURE_SIDE &&
           side[0] * side[1] <= 64UL << 20;
}

void pdf_picture(struct pdf *p, struct str png, struct str caption)
{
    static const struct pdf_style look = {.face = PDF_KAI, .size = 9.5, .align = PDF_CENTRE},
                                  wrong = {.face = PDF_SONG, .colour = 0x8A1F1F};
    struct source from = {png};
    cairo_surface_t *s =
        png_ok(png) ? cairo_image_surface_create_from_png_stream(source_read, &from) : NULL;
    float w, h, scale, most = bottom(p) - PDF_TOP - 30;
    struct pdf_op *op;

    if (!s || cairo_surface_status(s) != CAIRO_STATUS_SUCCESS) {
        cairo_surface_destroy(s);
        pdf_para(p, &wrong, S("（此处的图片打不开，请看原件）"));
        return;
    }
    arena_defer(&p->a, picture_free, s);
    scale = 72.0F / 150.0F;
    w = (float)cairo_image_surface_get_width(s) * scale;
    h = (float)cairo_image_surface_get_height(s) * scale;
    if (w > pdf_width(p)) {
        h *= pdf_width(p) / w;
        w = pdf_width(p);
    }
    if (h > most) {
        w *= most / h;
        h = most;
    }
    need(p, h + 24);
    op = pdf_op(p, OP_PICTURE, PDF_MARGIN + (pdf_width(p) - w) / 2, p->y);
    op->w = w;
    op->h = h;
    op->picture = s;
    p->y += h + 4;
    pdf_para(p, &look, caption);
}

/* ---- the directory ---- */

void pdf_directory(struct pdf *p, struct str title, int depth)
{
    p->directory_at = p->n_sheets;
    p->directory_depth = depth;
    p->directory_title = arena_str(&p->a, title);
    p->want_page = true;
}

static void entry_put(struct pdf *p, size_t section)
{
    static const struct pdf_style looks[4] = {{0}, {.face = PDF_HEI, .size = 10.5},
        {.face = PDF_SONG, .size = 10}, {.face = PDF_SONG, .size = 9.5}};
    const struct pdf_section *s = &p->sections[section];
    int level = s->level < 1 ? 1 : s->level > 3 ? 3 : s->level;
    float x = PDF_MARGIN + (float)(level - 1) * 14, number = 40;
    struct pdf_set *set =
        pdf_set(p, &looks[level], s->entry, pdf_width(p) - (x - PDF_MARGIN) - number);

    need(p, (float)set->n * set->leading);
    for (size_t i = 0; i < set->n; i++) {
        pdf_put_line(p, set, i, x, p->y);
        p->y += set->leading;
    }
    if (set->n) {
        const struct pdf_line *last = &set->lines[set->n - 1];
        struct pdf_op *op =
            pdf_op(p, OP_PAGE_OF, x + last->x + last->width, p->y - set->leading + set->rise);
        op->w = PDF_MARGIN + pdf_width(p) - op->x;
        op->h = set->leading;
        op->section = section;
    }
}

void pdf_directory_lay(struct pdf *p)
{
    static const struct pdf_style look = {.face = PDF_HEI, .size = 18, .align = PDF_CENTRE};

    sheet_new(p);
    pdf_para(p, &look, p->directory_title);
    pdf_gap(p, 10);
    for (size_t i = 0; i < p->n_sections; i++)
        if (p->sections[i].level <= p->directory_depth)
            entry_put(p, i);
}
