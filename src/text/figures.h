/* text/figures.h - the figures of a draft, in order of place: dates as they are written, and amounts with units.
 *
 * Unlike lex_date this keeps dates that do not exist: finding them is what they are read for. */
#ifndef TEXT_FIGURES_H
#define TEXT_FIGURES_H

#include "text/draft.h"

/* 2025年3月5日, 3月5日, 2025年3月, 2025年, 二〇二五年三月五日; blanks between the pieces are allowed. */
struct figure_date {
    size_t begin, end;
    int year, month, day; /* 0 where the text gives none */
    bool han;
};
size_t figure_dates(struct arena *a, const struct draft *d, struct figure_date **out);
bool figure_date_exists(const struct figure_date *t);
/* 2026年11月23日, 11月23日, 2026年11月 */
struct str figure_date_print(struct arena *a, const struct figure_date *t);

/* 1 234.5万元: value 12345000, half 500, unit 元. Arabic figures only. */
struct figure {
    size_t begin, unit,
        end; /* [begin, unit) is the number with 万 and 亿; [unit, end) the unit, may be empty */
    double value;
    double half; /* half of the last place written: what rounding may hide */
    bool vague;  /* 约, 近, 超过, 多, 余 stand beside it */
};
/* Left out: ordinals (第5条), parts of codes, dates, labels, times. */
size_t figures_read(struct arena *a, const struct draft *d, struct figure **out);
bool figure_same_unit(const struct draft *d, const struct figure *x, const struct figure *y);
bool figure_is_percent(const struct draft *d, const struct figure *x);

#endif
