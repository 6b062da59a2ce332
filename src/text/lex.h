/* text/lex.h - the small pieces the readers of office text share: blanks, numbers in digits and in
 * Chinese, dates. Positions are byte offsets into the text given; all input is valid UTF-8 (other
 * bytes are read as U+FFFD and do no harm). Nothing here allocates. */
#ifndef TEXT_LEX_H
#define TEXT_LEX_H

#include "base/str.h"

/* Where something was read: bytes [begin, end) of the text that was given. */
struct text_span {
    size_t begin, end;
};
struct str span_str(struct str text, struct text_span at);

/* The offset behind blanks (ASCII blank and tab, U+00A0, U+2002..200B, U+3000, U+FEFF; no line break). */
size_t lex_blanks(struct str s, size_t off);
/* The code point that ends at `off`, and its offset in *start; 0 at the beginning. */
uint32_t lex_prev(struct str s, size_t off, size_t *start);
/* The code point at `off` without moving; 0 at the end. */
uint32_t lex_peek(struct str s, size_t off);
/* Value of a digit, ASCII or full-width; -1 for anything else. */
int lex_digit(uint32_t cp);

/* A run of 1..9 digits (ASCII or full-width), 一百零三, 二〇二四 or 二○二四 at *off: its value, with *off
 * moved behind it. False, nothing moved, where there is none or it is above 999,999,999. */
bool lex_arabic(struct str s, size_t *off, int *value);
bool lex_han(struct str s, size_t *off, int *value);
bool lex_number(struct str s, size_t *off, int *value); /* either of them */

/* A calendar date; month and day are 0 where the text gives none. */
struct lex_date {
    int year, month, day;
};
/* 2024年3月5日, 二〇二四年三月五日, 2024-03-05, 2024/3/5, 2024.3.5 with blanks between the pieces;
 * also 2024年3月 and, if `whole` is false, 2024年. Only dates that exist, 1900..2099. */
bool lex_date(struct str s, size_t *off, bool whole, struct lex_date *out);
/* Days since 1970-01-01; a missing month or day counts as the first. INT32_MIN without a year. */
int32_t lex_day(struct lex_date d);
int lex_date_cmp(struct lex_date a, struct lex_date b);

#endif
