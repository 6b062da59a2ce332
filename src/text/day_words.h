/* text/day_words.h - days as people write and say them, seen from the day of the words: 今天, 下周三, 7月13日, 十五日; and limits: 三天内, 周五前,
 * 月底前, 11月30日下班前. A day that is named without a limit (7月13日来文) is no limit. */
#ifndef TEXT_DAY_WORDS_H
#define TEXT_DAY_WORDS_H

#include "base/calendar.h"
#include "text/lex.h"

/* A day at the head of *s, which moves behind it; `back`: the last one that was, else the next that comes. */
bool day_words_eat(struct str *s, int32_t today, bool back, int32_t *out);
/* 下午3点半, 15:30, 下午: minutes of the day; a part of the day alone is its middle. */
bool day_words_hour(struct str *s, int *minutes);

/* The first limit in the words, and where it stands. 3个工作日内 is counted in workdays (cal NULL: in days), everything else in
 * days. */
bool day_words_due(struct str words, int32_t today, const struct calendar *cal, int32_t *out,
    struct text_span *at);

#endif
