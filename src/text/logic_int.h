/* text/logic_int.h - passes of rules_logic.c that have files of their own. */
#ifndef TEXT_LOGIC_INT_H
#define TEXT_LOGIC_INT_H

#include "text/rule.h"

void logic_dates(struct checker *c);  /* logic_dates.c */
void logic_spans(struct checker *c);  /* ranges of years, times and amounts */
void logic_sums(struct checker *c);   /* logic_sums.c: totals and parts in sentences */
void logic_growth(struct checker *c); /* percentages that follow from two figures */
void logic_tables(struct checker *c); /* logic_tables.c: rows and columns of a table */

#endif
