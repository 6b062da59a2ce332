#include "text/lex.h"

#include "base/utf8.h"

enum { NUMBER_DIGITS_MAX = 9, YEAR_MIN = 1900, YEAR_MAX = 2099 };

struct str span_str(struct str text, struct text_span at)
{
    return at.end > at.begin ? str_sub(text, at.begin, at.end - at.begin) : (struct str){text.p, 0};
}

static bool is_blank(uint32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == 0xA0 || (cp >= 0x2002 && cp <= 0x200B) ||
           cp == 0x3000 || cp == 0xFEFF;
}

uint32_t lex_peek(struct str s, size_t off)
{
    return off < s.n ? utf8_next(s, &off) : 0;
}

size_t lex_blanks(struct str s, size_t off)
{
    while (off < s.n) {
        size_t next = off;
        if (!is_blank(utf8_next(s, &next)))
            break;
        off = next;
    }
    return off;
}

uint32_t lex_prev(struct str s, size_t off, size_t *start)
{
    size_t at = off, end;
    uint32_t cp;

    if (off == 0 || off > s.n)
        return 0;
    do
        at--;
    while (at > 0 && off - at < 4 && ((unsigned char)s.p[at] & 0xC0) == 0x80);
    end = at;
    cp = utf8_next(s, &end);
    if (end != off) { /* stray bytes: one at a time */
        *start = off - 1;
        return 0xFFFD;
    }
    *start = at;
    return cp;
}

int lex_digit(uint32_t cp)
{
    if (cp >= '0' && cp <= '9')
        return (int)(cp - '0');
    if (cp >= 0xFF10 && cp <= 0xFF19)
        return (int)(cp - 0xFF10);
    return -1;
}

bool lex_arabic(struct str s, size_t *off, int *value)
{
    size_t at = *off;
    int v = 0, n = 0;

    while (at < s.n) {
        size_t next = at;
        int d = lex_digit(utf8_next(s, &next));
        if (d < 0)
            break;
        if (++n > NUMBER_DIGITS_MAX)
            return false;
        v = v * 10 + d;
        at = next;
    }
    if (n == 0)
        return false;
    *off = at;
    *value = v;
    return true;
}

static int han_digit(uint32_t cp)
{
    static const uint32_t digits[] = {
        0x96F6, 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};

    for (int i = 0; i < 10; i++)
        if (digits[i] == cp)
            return i;
    return cp == 0x3007 || cp == 0x25CB ? 0 : cp == 0x4E24 ? 2 : -1; /* 〇 ○ 两 */
}

static int han_unit(uint32_t cp)
{
    switch (cp) {
    case 0x5341: /* 十 */
        return 10;
    case 0x767E: /* 百 */
        return 100;
    case 0x5343: /* 千 */
        return 1000;
    case 0x4E07: /* 万 */
        return 10000;
    default:
        return 0;
    }
}

struct han_sum {
    int total, section, digit; /* 万 closes a section; digit -1: none pending */
    int n_digits, n_units;
    int positional;
};

static bool han_take(struct han_sum *h, uint32_t cp)
{
    int d = han_digit(cp), u = han_unit(cp);

    if (d >= 0) {
        if (++h->n_digits > NUMBER_DIGITS_MAX)
            return false;
        h->positional = h->positional * 10 + d;
        h->digit = d;
        return true;
    }
    if (u == 0 || ++h->n_units > 8)
        return false;
    if (u == 10000) {
        h->total = (h->section + (h->digit > 0 ? h->digit : 0)) * 10000;
        h->section = 0;
    } else {
        h->section += (h->digit >= 0 ? h->digit : 1) * u;
    }
    h->digit = -1;
    return h->section < 100000 && h->total < 1000000000;
}

bool lex_han(struct str s, size_t *off, int *value)
{
    struct han_sum h = {.digit = -1};
    size_t at = *off;

    while (at < s.n) {
        size_t next = at;
        uint32_t cp = utf8_next(s, &next);
        if (han_digit(cp) < 0 && han_unit(cp) == 0)
            break;
        if (!han_take(&h, cp))
            return false;
        at = next;
    }
    if (at == *off)
        return false;
    *off = at;
    *value = h.n_units == 0 ? h.positional : h.total + h.section + (h.digit > 0 ? h.digit : 0);
    return true;
}

bool lex_number(struct str s, size_t *off, int *value)
{
    return lex_arabic(s, off, value) || lex_han(s, off, value);
}

static bool take(struct str s, size_t *off, struct str what)
{
    size_t at = lex_blanks(s, *off);

    if (!str_starts(str_sub(s, at, s.n), what))
        return false;
    *off = at + what.n;
    return true;
}

static bool exists(struct lex_date d)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (d.year % 4 == 0 && d.year % 100 != 0) || d.year % 400 == 0;

    if (d.year < YEAR_MIN || d.year > YEAR_MAX || d.month > 12 || d.month < 0 || d.day < 0)
        return false;
    if (d.month == 0)
        return d.day == 0;
    return d.day <= days[d.month - 1] - (d.month == 2 && !leap ? 1 : 0);
}

/* A number behind blanks, as 3 in "2024年 3 月". */
static bool piece(struct str s, size_t *off, int *value)
{
    size_t at = lex_blanks(s, *off);

    if (!lex_number(s, &at, value))
        return false;
    *off = at;
    return true;
}

static bool written_date(struct str s, size_t *off, bool whole, struct lex_date *d)
{
    size_t at = *off, before;

    if (!take(s, &at, S("年")))
        return false;
    *off = before = at;
    if (!piece(s, &at, &d->month) || !take(s, &at, S("月"))) {
        d->month = 0;
        *off = before;
        return !whole;
    }
    *off = at;
    if (!piece(s, &at, &d->day) || !take(s, &at, S("日"))) {
        d->day = 0;
        return true;
    }
    *off = at;
    return d->month > 0 && d->day > 0;
}

static bool separator(struct str s, size_t *off, uint32_t *which)
{
    size_t at = *off;
    uint32_t cp = at < s.n ? utf8_next(s, &at) : 0;

    if (cp == 0xFF0D || cp == 0xFF0F || cp == 0xFF0E)
        cp -= 0xFEE0;
    if ((cp != '-' && cp != '/' && cp != '.') || (*which && *which != cp))
        return false;
    *which = cp;
    *off = at;
    return true;
}

static bool numeric_date(struct str s, size_t *off, struct lex_date *d)
{
    size_t at = *off;
    uint32_t which = 0;

    if (!separator(s, &at, &which) || !lex_arabic(s, &at, &d->month) ||
        !separator(s, &at, &which) || !lex_arabic(s, &at, &d->day))
        return false;
    if (d->month == 0 || d->day == 0 || lex_digit(lex_peek(s, at)) >= 0)
        return false;
    *off = at;
    return true;
}

bool lex_date(struct str s, size_t *off, bool whole, struct lex_date *out)
{
    struct lex_date d = {0};
    size_t at = *off;

    if (!lex_number(s, &at, &d.year) || d.year < YEAR_MIN || d.year > YEAR_MAX)
        return false;
    if (!written_date(s, &at, whole, &d)) {
        size_t again = *off;
        d.month = d.day = 0;
        if (!lex_arabic(s, &again, &d.year) || !numeric_date(s, &again, &d))
            return false;
        at = again;
    }
    if (!exists(d))
        return false;
    *off = at;
    *out = d;
    return true;
}

/* Civil date to days: the count of days before a March-based year, as in any proleptic calendar. */
int32_t lex_day(struct lex_date d)
{
    int m = d.month > 0 ? d.month : 1, day = d.day > 0 ? d.day : 1;
    int y = m <= 2 ? d.year - 1 : d.year;
    int shifted = m > 2 ? m - 3 : m + 9;

    if (d.year == 0)
        return INT32_MIN;
    return (
        int32_t)(365 * y + y / 4 - y / 100 + y / 400 + (153 * shifted + 2) / 5 + day - 1 - 719468);
}

int lex_date_cmp(struct lex_date a, struct lex_date b)
{
    if (a.year != b.year)
        return a.year < b.year ? -1 : 1;
    if (a.month != b.month)
        return a.month < b.month ? -1 : 1;
    return (a.day > b.day) - (a.day < b.day);
}
