/* text/rule_chars.h - what the passes of rules ask about characters and words of a draft. */
#ifndef TEXT_RULE_CHARS_H
#define TEXT_RULE_CHARS_H

#include "base/utf8.h"
#include "text/rule.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Marks that are asked for often. */
enum {
    CH_DUN = 0x3001,     /* 、 */
    CH_STOP = 0x3002,    /* 。 */
    CH_COMMA = 0xFF0C,   /* ， */
    CH_SEMI = 0xFF1B,    /* ； */
    CH_COLON = 0xFF1A,   /* ： */
    CH_ASK = 0xFF1F,     /* ？ */
    CH_CRY = 0xFF01,     /* ！ */
    CH_OPEN = 0xFF08,    /* （ */
    CH_CLOSE = 0xFF09,   /* ） */
    CH_QUOTE = 0x201C,   /* “ */
    CH_UNQUOTE = 0x201D, /* ” */
    CH_TITLE = 0x300A,   /* 《 */
    CH_UNTITLE = 0x300B, /* 》 */
    CH_DOTS = 0x2026,    /* … */
    CH_EM = 0x2014,      /* — */
    CH_WAVE = 0xFF5E,    /* ～ */
    CH_MIDDOT = 0xB7,    /* · */
};

static inline bool ch_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}
static inline bool ch_latin(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline bool ch_blank(uint32_t c)
{
    return c == ' ' || c == '\t' || c == 0x3000 || c == 0xA0 || (c >= 0x2002 && c <= 0x200B);
}
/* Han, or a mark that only Chinese text has. */
static inline bool ch_cjk(uint32_t c)
{
    return utf8_is_han(c) || (c >= 0x3001 && c <= 0x303F) || (c >= 0xFF01 && c <= 0xFF65) ||
           c == CH_QUOTE || c == CH_UNQUOTE;
}
/* Point marks that stand inside or at the end of a sentence. */
static inline bool ch_point(uint32_t c)
{
    return c == CH_DUN || c == CH_STOP || c == CH_COMMA || c == CH_SEMI || c == CH_COLON;
}
static inline bool ch_ends(uint32_t c)
{
    return c == CH_STOP || c == CH_ASK || c == CH_CRY || c == '\n' || c == 0;
}
/* The character before place i; '\n' at the beginning. */
static inline uint32_t ch_before(const struct draft *d, size_t i)
{
    return i ? d->cp[i - 1] : '\n';
}

/* Is c one of the characters of `set` (UTF-8)? */
bool ch_in(uint32_t c, const char *set);
/* 1..9 for 一..九 and 两, 0 for 〇 and 零, -1 otherwise. */
int ch_han_digit(uint32_t c);
/* 一..九 〇零两 十百千万亿几 */
bool ch_han_number(uint32_t c);

/* The first of the words (UTF-8, parted by '|') that begins at place i (ends there): its length in code points, 0 for
 * none. Put the longer one first. */
size_t word_at(const struct draft *d, size_t i, const char *words);
size_t word_before(const struct draft *d, size_t i, const char *words);

/* The end of the figure that begins at i: 12, 1,200, 3.5; i itself for none. A full stop or comma behind it is left. */
size_t figure_end(const struct draft *d, size_t i);
/* Does a figure begin here that is not the rest of a longer one, a code or a word? */
bool figure_starts(const struct draft *d, size_t i);
double figure_value(const struct draft *d, size_t begin, size_t end);
/* A mark of a span between two figures: - － – — ～ ~ */
bool ch_span(uint32_t c);

#endif
