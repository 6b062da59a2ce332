/* text/rules_word.h - the pass over the word lists; N25 in rules_number.c belongs to it too. */
#ifndef TEXT_RULES_WORD_H
#define TEXT_RULES_WORD_H

#include "text/rule.h"

void word_lexicon(struct checker *c);

#endif
