#include "text/rule_chars.h"

#include "text/lex.h"

bool ch_in(uint32_t c, const char *set)
{
    struct str s = str_z(set);

    for (size_t off = 0; off < s.n;)
        if (utf8_next(s, &off) == c)
            return true;
    return false;
}

int ch_han_digit(uint32_t c)
{
    static const uint32_t digits[] = {
        0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};

    for (int i = 0; i < (int)COUNT(digits); i++)
        if (digits[i] == c)
            return i;
    return c == 0x96F6 ? 0 : c == 0x4E24 ? 2 : -1;
}

bool ch_han_number(uint32_t c)
{
    return ch_han_digit(c) >= 0 || ch_in(c, "十百千万亿几");
}

size_t word_at(const struct draft *d, size_t i, const char *words)
{
    struct str rest = str_z(words), word;

    while (str_next(&rest, S("|"), &word))
        if (word.n && draft_is(d, i, word))
            return utf8_len_cp(word);
    return 0;
}

size_t word_before(const struct draft *d, size_t i, const char *words)
{
    struct str rest = str_z(words), word;

    while (str_next(&rest, S("|"), &word)) {
        size_t n = utf8_len_cp(word);
        if (n && n <= i && draft_is(d, i - n, word))
            return n;
    }
    return 0;
}

enum { GROUPED_CP_MAX = 24 }; /* of a figure in groups of three, before its last groups */

size_t figure_end(const struct draft *d, size_t i)
{
    size_t at = i;

    while (ch_digit(d->cp[at]))
        at++;
    if (at == i)
        return i;
    while (d->cp[at] == ',' && at - i <= GROUPED_CP_MAX && ch_digit(d->cp[at + 1]) &&
           ch_digit(d->cp[at + 2]) && ch_digit(d->cp[at + 3]) && !ch_digit(d->cp[at + 4]))
        at += 4;
    if (d->cp[at] == '.' && ch_digit(d->cp[at + 1]))
        for (at++; ch_digit(d->cp[at]); at++)
            ;
    return at;
}

bool figure_starts(const struct draft *d, size_t i)
{
    uint32_t before = ch_before(d, i);

    return ch_digit(d->cp[i]) && !ch_digit(before) && !ch_latin(before) && before != '.' &&
           before != ',' && before != '/' && before != '-';
}

double figure_value(const struct draft *d, size_t begin, size_t end)
{
    double v = 0, unit = 0;

    for (size_t i = begin; i < end; i++) {
        if (d->cp[i] == '.')
            unit = 1;
        else if (ch_digit(d->cp[i])) {
            v = v * 10 + (double)(d->cp[i] - '0');
            unit *= 10;
        }
    }
    return unit > 0 ? v / unit : v;
}

bool ch_span(uint32_t c)
{
    return c == '-' || c == 0xFF0D || c == 0x2013 || c == CH_EM || c == CH_WAVE || c == '~' ||
           c == 0x301C;
}
