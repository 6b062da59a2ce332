/* Symbols of units, and amounts of money in words. */
#include "text/rules_amount.h"

#include <math.h>
#include <stdlib.h>

#include "text/rule_chars.h"

/* Only spellings that stand for nothing else. */
static const struct {
    const char *wrong, *right;
} symbols[] = {
    {"KM", "km"},
    {"Km", "km"},
    {"KG", "kg"},
    {"Kg", "kg"},
    {"MM", "mm"},
    {"CM", "cm"},
    {"Cm", "cm"},
    {"KW", "kW"},
    {"Kw", "kW"},
    {"kw", "kW"},
    {"KV", "kV"},
    {"Kv", "kV"},
    {"kv", "kV"},
    {"KWH", "kW·h"},
    {"KWh", "kW·h"},
    {"Kwh", "kW·h"},
    {"kwh", "kW·h"},
    {"MPA", "MPa"},
    {"Mpa", "MPa"},
    {"KPA", "kPa"},
    {"Kpa", "kPa"},
    {"HZ", "Hz"},
    {"hz", "Hz"},
    {"KHZ", "kHz"},
    {"Khz", "kHz"},
    {"MHZ", "MHz"},
    {"Mhz", "MHz"},
    {"GHZ", "GHz"},
    {"Ghz", "GHz"},
    {"DB", "dB"},
    {"db", "dB"},
    {"Db", "dB"},
};

void amount_symbols(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t i = 1; i < d->n; i++) {
        size_t end = i;
        if (!ch_latin(d->cp[i]) || ch_latin(d->cp[i - 1]))
            continue;
        while (ch_latin(d->cp[end]))
            end++;
        bool amount = ch_digit(d->cp[i - 1]) ||
                      (i > 1 && ch_blank(d->cp[i - 1]) && ch_digit(d->cp[i - 2]) &&
                          d->cp[i] != 'D' && d->cp[i] != 'd'); /* 16 DB: a number and a code */
        if (amount && !ch_digit(d->cp[end]) && d->cp[end] != '-') {
            struct str s = draft_str(d, i, end);
            for (size_t k = 0; k < COUNT(symbols); k++)
                if (str_eq(s, str_z(symbols[k].wrong)))
                    check_replace(c, "N24", i, end, str_z(symbols[k].right),
                        "计量单位符号“%.*s”的大小写不对", SF(s));
        }
        i = end;
    }
}

/* ---- N30 ---- */
enum { WORDS_CP_MAX = 40 };

struct words_sign {
    const char *c;
    enum { SIGN_DIGIT, SIGN_PLACE, SIGN_SECTION, SIGN_YUAN, SIGN_FRACTION } kind;
    double value; /* of the digit, or of one of the unit */
};

/* What the signs read so far come to. */
struct words_sum {
    double total;   /* closed by 万, 亿 or 元 */
    double section; /* of places, not yet closed */
    double digit;   /* not yet with its unit; negative: none */
    bool whole;     /* 元 was read */
};

static const struct words_sign *words_sign_at(const struct draft *d, size_t at)
{
    static const struct words_sign signs[] = {{"零", SIGN_DIGIT, 0}, {"〇", SIGN_DIGIT, 0},
        {"壹", SIGN_DIGIT, 1}, {"贰", SIGN_DIGIT, 2}, {"叁", SIGN_DIGIT, 3}, {"肆", SIGN_DIGIT, 4},
        {"伍", SIGN_DIGIT, 5}, {"陆", SIGN_DIGIT, 6}, {"柒", SIGN_DIGIT, 7}, {"捌", SIGN_DIGIT, 8},
        {"玖", SIGN_DIGIT, 9}, {"拾", SIGN_PLACE, 10}, {"佰", SIGN_PLACE, 100},
        {"仟", SIGN_PLACE, 1000}, {"万", SIGN_SECTION, 1e4}, {"亿", SIGN_SECTION, 1e8},
        {"元", SIGN_YUAN, 1}, {"圆", SIGN_YUAN, 1}, {"角", SIGN_FRACTION, 0.1},
        {"分", SIGN_FRACTION, 0.01}};

    for (size_t k = 0; k < COUNT(signs); k++)
        if (word_at(d, at, signs[k].c))
            return &signs[k];
    return NULL;
}

static void words_add(struct words_sum *s, const struct words_sign *sign)
{
    double digit = s->digit < 0 ? 0 : s->digit;

    switch (sign->kind) {
    case SIGN_DIGIT:
        s->digit = sign->value;
        return;
    case SIGN_PLACE:
        s->section += (s->digit < 0 ? 1 : digit) * sign->value; /* 拾伍元: one ten */
        break;
    case SIGN_SECTION:
        s->total += (s->section + digit) * sign->value;
        s->section = 0;
        break;
    case SIGN_YUAN:
        s->total += s->section + digit;
        s->section = 0;
        s->whole = true;
        break;
    case SIGN_FRACTION:
        if (!s->whole)
            return;
        s->total += digit * sign->value;
        break;
    }
    s->digit = -1;
}

/* The value of 壹万贰仟叁佰元伍角整 in [i, *end); negative where it is no amount. Wrong orders are not judged. */
static double words_value(const struct draft *d, size_t i, size_t *end)
{
    struct words_sum sum = {.digit = -1};
    const struct words_sign *sign;
    size_t at = i;

    while (at - i < WORDS_CP_MAX && (sign = words_sign_at(d, at))) {
        words_add(&sum, sign);
        at++;
    }
    *end = at + word_at(d, at, "整|正");
    return sum.whole && at - i >= 2 ? sum.total : -1;
}

static size_t spaced_figure(const struct draft *d, size_t i, double *value)
{
    size_t at = i;
    char digits[64];
    size_t n = 0;

    while (at < d->n && n < sizeof(digits) - 1) {
        size_t end;
        uint32_t ch = d->cp[at];
        if (ch_digit(ch) || (ch == '.' && n && ch_digit(d->cp[at + 1])))
            digits[n++] = (char)ch;
        else if (!((ch == ',' || ch == ' ' || ch == 0x2009) && n && ch_digit(d->cp[at + 1]) &&
                     (end = at + 4, ch_digit(d->cp[at + 2]) && ch_digit(d->cp[at + 3]) &&
                                        !ch_digit(d->cp[end]))))
            break;
        at++;
    }
    digits[n] = '\0';
    *value = n ? strtod(digits, NULL) : -1;
    return at;
}

/* 壹 to 玖, 拾 */
static bool capital(uint32_t ch)
{
    switch (ch) {
    case 0x58F9:
    case 0x8D30:
    case 0x53C1:
    case 0x8086:
    case 0x4F0D:
    case 0x9646:
    case 0x67D2:
    case 0x634C:
    case 0x7396:
    case 0x62FE:
        return true;
    default:
        return false;
    }
}

static void judge(struct checker *c, size_t begin, size_t end, double figure, double words)
{
    if (figure >= 0 && words >= 0 && fabs(figure - words) > 0.005)
        (void)check_say(c, "N30", begin, end, "大写金额和数字不符");
}

/* 12000元（大写：壹万贰仟元整）, and the other way round: 壹万贰仟元整（￥12000）. */
void amount_in_words(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t i = 0; i < d->n; i++) {
        size_t end, at;
        double figure, words;
        if (figure_starts(d, i)) {
            end = spaced_figure(d, i, &figure);
            i = end - 1; /* 12 000 is one figure */
            if (word_at(d, end, "万元")) {
                figure *= 10000;
                end += 2;
            } else {
                end += word_at(d, end, "元");
            }
            at = end + word_at(d, end, "（|(");
            if (at == end)
                continue;
            at += word_at(d, at, "人民币");
            at += word_at(d, at, "大写");
            at += word_at(d, at, "：|:");
            at += word_at(d, at, "人民币");
            words = words_value(d, at, &end);
            if (words >= 0)
                judge(c, at, end, figure, words);
        } else if (capital(d->cp[i])) {
            words = words_value(d, i, &end);
            at = end + word_at(d, end, "（|(");
            at += word_at(d, at, "小写");
            at += word_at(d, at, "：|:");
            at += word_at(d, at, "￥|¥");
            if (words >= 0 && at > end && ch_digit(d->cp[at])) {
                size_t stop = spaced_figure(d, at, &figure);
                judge(c, at, stop, figure * (word_at(d, stop, "万") ? 10000 : 1), words);
            }
            if (end > i)
                i = end - 1;
        }
    }
}
