#include "paper/numfmt.h"

enum { CHINESE_MAX = 99999 };

static const char *const plain_digits[10] = {
    "〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
static const char *const legal_digits[10] = {
    "零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"};
static const char *const legal_old[10] = {
    "零", "壹", "貳", "參", "肆", "伍", "陸", "柒", "捌", "玖"};
static const char *const plain_units[5] = {"", "十", "百", "千", "万"};
static const char *const legal_units[5] = {"", "拾", "佰", "仟", "万"};
static const char *const legal_units_old[5] = {"", "拾", "佰", "仟", "萬"};

/* 1 to 99,999 with units: 一千零二十. `short_ten`: 10 to 19 are 十 to 十九. */
static void counting(
    struct buf *out, int n, const char *const *digit, const char *const *unit, bool short_ten)
{
    static const int power[5] = {1, 10, 100, 1000, 10000};
    bool gap = false, begun = false;

    for (int i = 4; i >= 0; i--) {
        int d = n / power[i] % 10;
        if (d == 0) {
            gap = begun;
            continue;
        }
        if (gap)
            buf_z(out, "零");
        if (!(short_ten && i == 1 && d == 1 && !begun))
            buf_z(out, digit[d]);
        buf_z(out, unit[i]);
        begun = true;
        gap = false;
    }
}

static void digit_by_digit(struct buf *out, int n, const char *const *digit)
{
    char d[12];
    size_t len = 0;

    for (; n > 0 && len < sizeof(d); n /= 10)
        d[len++] = (char)(n % 10);
    while (len > 0)
        buf_z(out, digit[(int)d[--len]]);
}

static void roman(struct buf *out, int n, bool upper)
{
    static const struct {
        int v;
        const char *lower, *upper;
    } part[] = {{1000, "m", "M"}, {900, "cm", "CM"}, {500, "d", "D"}, {400, "cd", "CD"},
        {100, "c", "C"}, {90, "xc", "XC"}, {50, "l", "L"}, {40, "xl", "XL"}, {10, "x", "X"},
        {9, "ix", "IX"}, {5, "v", "V"}, {4, "iv", "IV"}, {1, "i", "I"}};

    for (size_t i = 0; i < sizeof(part) / sizeof(*part); i++)
        for (; n >= part[i].v; n -= part[i].v)
            buf_z(out, upper ? part[i].upper : part[i].lower);
}

/* a .. z, aa, bb .. : Word repeats the letter. */
static void letter(struct buf *out, int n, char first)
{
    for (int i = 0; i <= (n - 1) / 26; i++)
        buf_char(out, (char)(first + (n - 1) % 26));
}

static void circle(struct buf *out, int n)
{
    uint32_t cp = n <= 20   ? 0x2460 + (uint32_t)n - 1
                  : n <= 35 ? 0x3251 + (uint32_t)n - 21
                            : 0x32B1 + (uint32_t)n - 36;

    buf_utf8(out, cp);
}

/* Formats that are one run of characters: the first, and how many. */
static const struct {
    const char *name;
    uint32_t first;
    int count;
} runs[] = {{"decimalEnclosedFullstop", 0x2488, 20}, {"decimalEnclosedParen", 0x2474, 20},
    {"ideographEnclosedCircle", 0x3280, 10}};

static void cycle(struct buf *out, int n, const char *all, size_t count)
{
    size_t i = (size_t)(n - 1) % count;

    buf_add(out, all + 3 * i, 3); /* three bytes each */
}

static void wide(struct buf *out, int n)
{
    char d[12];
    size_t len = 0;

    for (; n > 0; n /= 10)
        d[len++] = (char)(n % 10);
    while (len > 0)
        buf_utf8(out, 0xFF10 + (uint32_t)d[--len]);
}

static bool is(struct str fmt, const char *name)
{
    return str_eq(fmt, str_z(name));
}

static bool chinese(struct buf *out, struct str fmt, int n)
{
    if (n > CHINESE_MAX)
        return false;
    if (is(fmt, "chineseCounting") || is(fmt, "chineseCountingThousand") ||
        is(fmt, "japaneseCounting") || is(fmt, "taiwaneseCounting") ||
        is(fmt, "taiwaneseCountingThousand") || is(fmt, "koreanCounting"))
        counting(out, n, plain_digits, plain_units, true);
    else if (is(fmt, "chineseLegalSimplified"))
        counting(out, n, legal_digits, legal_units, false);
    else if (is(fmt, "ideographLegalTraditional") || is(fmt, "japaneseLegal"))
        counting(out, n, legal_old, legal_units_old, false);
    else if (is(fmt, "ideographDigital") || is(fmt, "japaneseDigitalTenThousand") ||
             is(fmt, "taiwaneseDigital") || is(fmt, "koreanDigital2"))
        digit_by_digit(out, n, plain_digits);
    else if (is(fmt, "ideographTraditional"))
        cycle(out, n, "甲乙丙丁戊己庚辛壬癸", 10);
    else if (is(fmt, "ideographZodiac"))
        cycle(out, n, "子丑寅卯辰巳午未申酉戌亥", 12);
    else
        return false;
    return true;
}

static void ordinal(struct buf *out, int n)
{
    static const char *const ends[] = {"th", "st", "nd", "rd"};
    int tens = n % 100, ones = n % 10;

    buf_printf(out, "%d%s", n, ends[(tens >= 11 && tens <= 13) || ones > 3 ? 0 : ones]);
}

static bool latin(struct buf *out, struct str fmt, int n)
{
    if (is(fmt, "upperRoman") || is(fmt, "lowerRoman")) {
        if (n > 3999)
            return false;
        roman(out, n, fmt.p[0] == 'u');
    } else if (is(fmt, "upperLetter") || is(fmt, "lowerLetter")) {
        if (n > 780)
            return false;
        letter(out, n, fmt.p[0] == 'u' ? 'A' : 'a');
    } else if (is(fmt, "decimalZero")) {
        buf_printf(out, "%02d", n);
    } else if (is(fmt, "numberInDash")) {
        buf_printf(out, "- %d -", n);
    } else if (is(fmt, "ordinal")) {
        ordinal(out, n);
    } else if (is(fmt, "hex")) {
        buf_printf(out, "%X", (unsigned)n);
    } else {
        return false;
    }
    return true;
}

void numfmt_add(struct buf *out, struct str fmt, int n)
{
    if (is(fmt, "none") || is(fmt, "bullet"))
        return;
    if (n > 0 && (chinese(out, fmt, n) || latin(out, fmt, n)))
        return;
    if (n > 0 && (is(fmt, "decimalFullWidth") || is(fmt, "decimalFullWidth2"))) {
        wide(out, n);
        return;
    }
    if (n > 0 && n <= 50 &&
        (is(fmt, "decimalEnclosedCircle") || is(fmt, "decimalEnclosedCircleChinese"))) {
        circle(out, n);
        return;
    }
    for (size_t i = 0; i < sizeof(runs) / sizeof(*runs); i++) {
        if (n > 0 && n <= runs[i].count && is(fmt, runs[i].name)) {
            buf_utf8(out, runs[i].first + (uint32_t)n - 1);
            return;
        }
    }
    if (n == 0 && is(fmt, "ideographDigital"))
        buf_z(out, plain_digits[0]);
    else
        buf_int(out, n);
}
