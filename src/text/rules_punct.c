/* Punctuation: GB/T 15834-2011. */
#include "base/utf8.h"
#include "text/rule.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool cjk(uint32_t c)
{
    return utf8_is_han(c) || (c >= 0x3000 && c <= 0x303F) || (c >= 0xFF00 && c <= 0xFF65) ||
           c == 0x201C || c == 0x201D;
}

/* Half-width , ; : ? ! with Chinese on a side. */
static void half_width(struct checker *c)
{
    static const struct {
        uint32_t half;
        struct str full;
    } marks[] = {
        {',', SC("，")}, {';', SC("；")}, {':', SC("：")}, {'?', SC("？")}, {'!', SC("！")}};
    const struct draft *d = c->d;

    for (size_t i = 0; i < d->n; i++)
        for (size_t k = 0; k < COUNT(marks); k++) {
            if (d->cp[i] != marks[k].half || (d->mask[i] & (MASK_URL | MASK_CODE | MASK_TIME)))
                continue;
            if ((i && cjk(d->cp[i - 1])) || cjk(d->cp[i + 1]))
                check_replace(c, "P01", i, i + 1, marks[k].full, "中文里用了半角标点“%c”",
                    (int)marks[k].half);
        }
}

static const struct rule table[] = {
    {"P01", "中文里用了半角点号", CHECK_PUNCT, CHECK_ERROR, STRENGTH_MUST, "GB/T 15834—2011 5.1",
        true, 0, "请各单位,认真落实。", "请各单位，认真落实。", half_width},
};
const struct rule_table rules_punct = {table, COUNT(table)};
