/* text/rules_pair.h - passes over marks that come in pairs; their entries are in rules_punct.c. */
#ifndef TEXT_RULES_PAIR_H
#define TEXT_RULES_PAIR_H

#include "text/rule.h"

void pair_half_brackets(struct checker *c);   /* P02 */
void pair_straight_quotes(struct checker *c); /* P04 */
void pair_corner_quotes(struct checker *c);   /* P05 */
void pair_stack(struct checker *c);           /* P06 P07 P08 */
void pair_lists(struct checker *c);           /* P15 P16 */
void pair_inner_stop(struct checker *c);      /* P33 P37 */
void pair_titles(struct checker *c);          /* P29 P30 */

#endif
