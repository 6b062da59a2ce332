/* The measures of each form, and what differs from them. */
#include <math.h>
#include <string.h>

#include "paper/layout.h"

static const struct official_style general = {
    .paper_width = 210,
    .paper_height = 297,
    .top = 37,
    .left = 28,
    .width = 156,
    .height = 225,
    .columns = 28,
    .rows = 22,
    .text_pt = 16,
    .title_pt = 22,
    .foot_pt = 14,
    .page_pt = 14,
    .mark_pt = 42,
    .mark_top = 35,
    .line_gap = 4,
    .line_mm = 0.5,
    .page_dash = 7,
    .foot_thick = 0.35,
    .foot_thin = 0.25,
    .red = 0xE60000,
    .even_foot = true,
    .page_numbers = true,
    .joined_annexes = true,
};

void official_style_of(enum official_form form, struct official_style *out)
{
    *out = general;
    switch (form) {
    case OFFICIAL_LETTER:
        out->mark_top = 30; /* 10.1: below the edge of the paper */
        out->mark_pt = 36;
        out->line_mm = 0.9;     /* of the thick one; the thin one is a third of it */
        out->even_foot = false; /* 10.1: 最后一面, whichever it is */
        break;
    case OFFICIAL_ORDER:
        out->mark_top = 20; /* 10.2 */
        break;
    case OFFICIAL_BULLETIN:
        out->mark_top = 20; /* practice: GB/T 9704 has no bulletins */
        out->even_foot = false;
        break;
    case OFFICIAL_SPEECH:
    case OFFICIAL_PLAIN:
        out->even_foot = false;
        out->page_centred = form == OFFICIAL_SPEECH;
        break;
    case OFFICIAL_READING:
        out->text_pt = 26; /* a hand's width from the eyes, standing */
        out->title_pt = 32;
        out->columns = 17;
        out->rows = 12;
        out->page_pt = 18;
        out->even_foot = false;
        out->page_centred = true;
        break;
    case OFFICIAL_PAPER:
    case OFFICIAL_MINUTES:
    case N_OFFICIAL_FORM:
        break;
    }
}

struct measure {
    const char *name, *unit, *clause;
    size_t off; /* of a double */
    double within;
    bool must;
};
/* clang-format off */
#define M(field) offsetof(struct official_style, field)
static const struct measure measures[] = {
    {"纸宽", " mm", "5.1", M(paper_width), 0.1, true},
    {"纸高", " mm", "5.1", M(paper_height), 0.1, true},
    {"天头", " mm", "5.2.1", M(top), 1, true},
    {"订口", " mm", "5.2.1", M(left), 1, true},
    {"版心宽", " mm", "5.2.1", M(width), 0.1, true},
    {"版心高", " mm", "5.2.1", M(height), 0.1, true},
    {"正文字号", "磅", "5.2.2", M(text_pt), 0.3, false},
    {"标题字号", "磅", "7.3.1", M(title_pt), 0.1, false},
    {"版记字号", "磅", "7.4.2", M(foot_pt), 0.1, false},
    {"页码字号", "磅", "7.5", M(page_pt), 0.1, false},
    {"发文机关标志上边缘", " mm", "7.2.4", M(mark_top), 0.1, true},
    {"发文字号下的红线距离", " mm", "7.2.7", M(line_gap), 0.1, true},
    {"页码一字线距版心下边缘", " mm", "7.5", M(page_dash), 0.1, true},
    {"版记首末线粗", " mm", "7.4.1", M(foot_thick), 0.01, false},
    {"版记中间线粗", " mm", "7.4.1", M(foot_thin), 0.01, false},
};
/* clang-format on */

static double value(const struct official_style *s, size_t off)
{
    double v;
    memcpy(&v, (const char *)s + off, sizeof v);
    return v;
}

size_t official_deviations(struct arena *a, enum official_form form, const struct official_style *s,
    struct official_deviation **out)
{
    struct official_style want;
    struct official_deviation *v = NULL;
    size_t n = 0, cap = 0;

    official_style_of(form, &want);
    *out = NULL;
    if (form == OFFICIAL_SPEECH || form == OFFICIAL_READING || form == OFFICIAL_BULLETIN)
        return 0; /* the standard says nothing about them */
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
        const struct measure *m = &measures[i];
        double is = value(s, m->off), should = value(&want, m->off);
        if (fabs(is - should) > m->within + 1e-9)
            ARENA_PUSH(a, v, n, cap) = (struct official_deviation){
                arena_printf(a, "%s%g%s，标准为%g%s", m->name, is, m->unit, should, m->unit),
                m->clause, m->must};
    }
    if (s->columns != want.columns || s->rows != want.rows)
        ARENA_PUSH(a, v, n, cap) =
            (struct official_deviation){arena_printf(a, "每页%d行、每行%d字，标准为%d行、%d字",
                                            s->rows, s->columns, want.rows, want.columns),
                "5.2.3", false};
    if (!s->page_numbers)
        ARENA_PUSH(a, v, n, cap) = (struct official_deviation){S("没有页码"), "7.5", false};
    if (s->page_centred)
        ARENA_PUSH(a, v, n, cap) =
            (struct official_deviation){S("页码居中，标准为单页居右、双页居左"), "7.5", false};
    *out = v;
    return n;
}
