/* text/rules_amount.h - passes over amounts and their units; their entries are in rules_number.c. */
#ifndef TEXT_RULES_AMOUNT_H
#define TEXT_RULES_AMOUNT_H

#include "text/rule.h"

void amount_symbols(struct checker *c);  /* N24 */
void amount_in_words(struct checker *c); /* N30 */

#endif
