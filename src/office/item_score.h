/* office/item_score.h - what supervised matters count for the units that lead them (督办计分), by one definition that stands beside
 * every figure (item_score_card):
 *
 *     得分 = 分值 × 按期系数 × 质量系数 − 逾期扣分
 *
 * Overdue is judged by the original limit; an extension moves it only where it was asked for before (item_clock.original_ms).
 * What is not due yet and not closed counts nothing; what is overdue and not closed is deducted for up to today. Figures are
 * hundredths. Any kind counts that has a clock `finish`, a unit `lead` and a choice `quality`; `category` sets the weight. */
#ifndef OFFICE_ITEM_SCORE_H
#define OFFICE_ITEM_SCORE_H

#include "office/item.h"

enum score_state {
    SCORE_OPEN = 1, /* not due: counts nothing yet */
    SCORE_OVERDUE,  /* open and overdue: deducted so far */
    SCORE_UNRATED,  /* closed without a quality: counts nothing until it has one */
    SCORE_DONE,
};
struct item_score {
    int64_t item, lead;
    struct str number, title, category, quality;
    enum score_state state;
    int64_t original_ms, met_ms; /* limit by which it is judged; when it was met, 0: not yet */
    int64_t weight, on_time, factor, deducted, total; /* hundredths */
    int64_t late_days;
};
/* The numbers that the unit sets. Names: 分值, 分值:上级部署 (a category), 按期, 逾期, 质量:好, 每逾期一天扣分, 逾期扣分上限. */
struct score_rule {
    struct str name;
    int64_t value; /* hundredths */
    bool set;      /* by the unit; else as delivered */
};
enum { SCORE_RULES_MAX = 400, SCORE_VALUE_MAX = 100000, SCORE_ITEMS_MAX = 20000 };
bool item_scored(const struct kind *k);
MUST_USE enum code item_score_rules(struct db *db, struct arena *a, const struct kind *k,
    struct score_rule **out, size_t *n, struct err *e);
/* Inside a write: the chief sets one; E_INPUT for a name that is none of the kind's. */
MUST_USE enum code item_score_set(struct db *db, const struct actor *by, const struct kind *k,
    struct str name, int64_t value, struct err *e);

/* E_NOTFOUND: not for the actor, or its clock never began. */
MUST_USE enum code item_score(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct item_score *out, struct err *e);
/* Those whose original limit lies in [from, to), that the actor may see, by unit and limit. */
MUST_USE enum code item_score_list(struct db *db, struct arena *a, const struct actor *by,
    const struct kind *k, int64_t from_ms, int64_t to_ms, struct item_score **out, size_t *n,
    struct err *e);
/* The definition with the numbers of now, in one paragraph. */
struct str item_score_card(struct arena *a, const struct score_rule *v, size_t n);
/* 分值10×按期1×质量0.8−扣分0＝8 */
struct str item_score_words(struct arena *a, const struct item_score *s);
struct str hundredths(struct arena *a, int64_t v); /* 8, 0.8, 7.25 */

#endif
