/* Personal data and secrecy marks: what must not stand in a text that goes round. Numbers are believed only with their
 * check digit (GB 11643-1999, Luhn) or their exact form, so that amounts and serial numbers stay quiet. */
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "text/rule.h"
#include "text/rule_chars.h"
#include "text/secret.h"

enum {
    ID_DIGITS = 18,
    MOBILE_DIGITS = 11,
    CARD_MIN = 16,
    CARD_MAX = 19,
    CUE_CP = 40,   /* how far before a number its label stands */
    MARK_CP = 20,  /* a line that says who may read the text */
    PLATE_MIN = 5, /* behind the letter of the town; 6 for new energy */
    PLATE_MAX = 6,
};

static bool is_alnum(uint32_t c)
{
    return ch_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* One of the words stands on the same line, at most CUE_CP before i. */
static bool cued(const struct draft *d, size_t i, const struct str *words, size_t n)
{
    size_t from = d->lines[draft_line_of(d, i)].begin;

    if (i - from > CUE_CP)
        from = i - CUE_CP;
    for (size_t k = 0; k < n; k++)
        if (draft_find(d, from, i, words[k]) != SIZE_MAX)
            return true;
    return false;
}

/* ---- numbers ---- */
static bool identity(const uint32_t *cp)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    static const char checks[] = "10X98765432";
    int sum = 0, province, year, month, day;

    for (size_t i = 0; i + 1 < ID_DIGITS; i++) {
        if (!ch_digit(cp[i]))
            return false;
        sum += weights[i] * (int)(cp[i] - '0');
    }
    province = (int)(cp[0] - '0') * 10 + (int)(cp[1] - '0');
    year = (int)((cp[6] - '0') * 1000 + (cp[7] - '0') * 100 + (cp[8] - '0') * 10 + (cp[9] - '0'));
    month = (int)((cp[10] - '0') * 10 + (cp[11] - '0'));
    day = (int)((cp[12] - '0') * 10 + (cp[13] - '0'));
    if (province < 11 || province > 91 || year < 1900 || year > 2099 ||
        !day_valid((struct day){year, month, day}))
        return false;
    return (cp[17] == 'x' ? 'X' : cp[17]) == (uint32_t)checks[sum % 11];
}

static bool luhn(const char *digits, size_t n)
{
    int sum = 0;

    for (size_t i = 0; i < n; i++) {
        int v = digits[n - 1 - i] - '0';
        if (i % 2 == 1) {
            v *= 2;
            v = v > 9 ? v - 9 : v;
        }
        sum += v;
    }
    return sum % 10 == 0;
}

/* Bank cards: 62… (UnionPay), or a card of another scheme with 卡号 before it. Blanks part groups of four. */
static void card(struct checker *c, size_t begin)
{
    static const struct str cues[] = {SC("银行卡"), SC("卡号"), SC("账号"), SC("账户"), SC("帐号")};
    const struct draft *d = c->d;
    char digits[CARD_MAX + 1];
    size_t n = 0, i = begin, end = begin;
    bool scheme;

    for (; i < d->n; i++) {
        if (ch_digit(d->cp[i])) {
            if (n == CARD_MAX)
                return;
            digits[n++] = (char)d->cp[i];
            end = i + 1;
        } else if (d->cp[i] != ' ' || n % 4 || !ch_digit(d->cp[i + 1])) {
            break;
        }
    }
    if (n < CARD_MIN || is_alnum(d->cp[end]) || d->cp[end] == '.')
        return;
    scheme = digits[0] == '6' && digits[1] == '2';
    if (!scheme && !(n == CARD_MIN && (digits[0] == '4' || digits[0] == '5') &&
                       cued(d, begin, cues, COUNT(cues))))
        return;
    if (luhn(digits, n))
        check_say(c, "I05", begin, end, "文中有银行卡号（末四位%.4s）", digits + n - 4);
}

static void mobile(struct checker *c, size_t begin)
{
    static const struct str cues[] = {
        SC("联系"), SC("电话"), SC("手机"), SC("传真"), SC("热线"), SC("值班"), SC("咨询")};
    const struct draft *d = c->d;
    bool contact = cued(d, begin, cues, COUNT(cues));

    check_say(c, contact ? "I03" : "I02", begin, begin + MOBILE_DIGITS,
        contact ? "联系方式用了个人手机号" : "文中有手机号");
}

static void numbers(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t i = 0; i < d->n;) {
        size_t j = i;
        if (!ch_digit(d->cp[i]) || (i && (is_alnum(d->cp[i - 1]) || d->cp[i - 1] == '.'))) {
            i++;
            continue;
        }
        while (ch_digit(d->cp[j]))
            j++;
        if (d->mask[i] & MASK_URL) {
            i = j;
            continue;
        }
        if (j - i + (d->cp[j] == 'X' || d->cp[j] == 'x') == ID_DIGITS &&
            !is_alnum(d->cp[i + ID_DIGITS]) && identity(d->cp + i))
            check_say(c, "I01", i, i + ID_DIGITS, "文中有居民身份证号码");
        else if (j - i == MOBILE_DIGITS && d->cp[i] == '1' && d->cp[i + 1] >= '3' &&
                 !is_alnum(d->cp[j]) && d->cp[j] != '.')
            mobile(c, i);
        else if (j - i >= 4)
            card(c, i);
        i = j;
    }
}

/* ---- letters and figures ---- */
static bool ends_with(const struct draft *d, size_t begin, size_t end, struct str tail)
{
    return str_ends(draft_str(d, begin, end), tail);
}

/* Addresses at public mail services: a person's, or one that office papers had better not use. */
static void mail(struct checker *c)
{
    static const struct str hosts[] = {SC("@qq.com"), SC("@163.com"), SC("@126.com"),
        SC("@139.com"), SC("@189.cn"), SC("@sina.com"), SC("@sina.cn"), SC("@sohu.com"),
        SC("@foxmail.com"), SC("@gmail.com"), SC("@outlook.com"), SC("@hotmail.com"),
        SC("@yeah.net"), SC("@aliyun.com"), SC("@wo.cn")};
    const struct draft *d = c->d;

    for (size_t i = 0; i < d->n; i++) {
        size_t b = i, e = i + 1;
        if (d->cp[i] != '@')
            continue;
        while (b && (is_alnum(d->cp[b - 1]) || d->cp[b - 1] == '.' || d->cp[b - 1] == '_' ||
                        d->cp[b - 1] == '-'))
            b--;
        while (is_alnum(d->cp[e]) || (d->cp[e] == '.' && is_alnum(d->cp[e + 1])))
            e++;
        for (size_t k = 0; b < i && k < COUNT(hosts); k++)
            if (ends_with(d, i, e, hosts[k]))
                check_say(c, "I06", b, e, "文中有公共邮箱地址“%.*s”", SF(draft_str(d, b, e)));
    }
}

static void plates(struct checker *c)
{
    static const struct str heads =
        SC("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼");
    const struct draft *d = c->d;

    for (size_t i = 0; i + 1 < d->n; i++) {
        size_t j = i + 2, digits = 0, n;
        if (!(d->cp[i + 1] >= 'A' && d->cp[i + 1] <= 'Z') || !utf8_is_han(d->cp[i]) ||
            !str_has(heads, draft_str(d, i, i + 1)))
            continue;
        if (d->cp[j] == 0xB7) /* 京A·12345 */
            j++;
        for (n = 0; n <= PLATE_MAX && (ch_digit(d->cp[j]) || (d->cp[j] >= 'A' && d->cp[j] <= 'Z'));
             n++, j++)
            digits += ch_digit(d->cp[j]);
        if (n >= PLATE_MIN && n <= PLATE_MAX && digits >= 3 && !is_alnum(d->cp[j]))
            check_say(c, "I07", i, j, "文中有车辆号牌“%.*s”", SF(draft_str(d, i, j)));
    }
}

/* 护照 and a number of the form E12345678; 家庭住址：… */
static void labelled(struct checker *c)
{
    static const struct str homes[] = {
        SC("家庭住址："), SC("家庭地址："), SC("现住址："), SC("户籍地址："), SC("身份证地址：")};
    static const struct str passport[] = {SC("护照")};
    const struct draft *d = c->d;

    for (size_t k = 0; k < COUNT(homes); k++)
        for (size_t at = draft_find(d, 0, d->n, homes[k]); at != SIZE_MAX;
             at = draft_find(d, at + 1, d->n, homes[k])) {
            size_t end = d->lines[draft_line_of(d, at)].end;
            size_t from = at + utf8_len_cp(homes[k]);
            size_t i = from;
            while (i < end && (utf8_is_han(d->cp[i]) || is_alnum(d->cp[i]) || d->cp[i] == '-'))
                i++;
            if (i - from >= 6)
                check_say(c, "I09", from, i, "文中有个人住址");
        }
    for (size_t i = 0; i + 9 <= d->n; i++) {
        size_t j = i + 1;
        if ((d->cp[i] != 'E' && d->cp[i] != 'G') || (i && is_alnum(d->cp[i - 1])))
            continue;
        while (ch_digit(d->cp[j]))
            j++;
        if (j - i == 9 && !is_alnum(d->cp[j]) && cued(d, i, passport, COUNT(passport)))
            check_say(c, "I08", i, j, "文中有护照号码");
    }
}

/* ---- marks ---- */
static void secrecy(struct checker *c)
{
    struct secret_mark m;

    if (secret_find(c->d->text, &m))
        check_say(c, "S27", draft_cp(c->d, m.at.begin), draft_cp(c->d, m.at.end),
            "文中有密级标志“%s”，涉密文稿不得在本系统处理", secret_level_name(m.level));
}

/* A short line that restricts who may read; in a sentence the same words only speak about such things. */
static void restricted(struct checker *c)
{
    static const struct str words[] = {SC("工作秘密"), SC("内部资料"), SC("内部文件"),
        SC("内部材料"), SC("仅供内部"), SC("注意保存"), SC("不得外传"), SC("严禁外传"),
        SC("请勿外传"), SC("会后收回"), SC("阅后收回"), SC("阅后销毁"), SC("妥善保管")};
    const struct draft *d = c->d;

    for (size_t l = 0; l < d->n_lines; l++) {
        const struct draft_line *line = &d->lines[l];
        if (line->end - line->first > MARK_CP || line->label != LABEL_NONE ||
            line->kind == META_ROW || draft_find(d, line->first, line->end, S("。")) != SIZE_MAX)
            continue;
        for (size_t k = 0; k < COUNT(words); k++) {
            size_t at = draft_find(d, line->first, line->end, words[k]);
            if (at == SIZE_MAX)
                continue;
            check_say(c, "I10", at, at + utf8_len_cp(words[k]),
                "有限定知悉范围的标注“%.*s”，请确认可以在本系统处理", SF(words[k]));
            break;
        }
    }
}

#define LAW "《中华人民共和国个人信息保护法》第六条"
static const struct rule table[] = {
    {"S27", "有密级标志", CHECK_PRIVATE, CHECK_ERROR, STRENGTH_MUST,
        "《中华人民共和国保守国家秘密法》第三十一条", false, 0, "机密★1年\n关于有关工作的通知",
        "关于有关工作的通知", secrecy},
    {"I01", "居民身份证号码", CHECK_PRIVATE, CHECK_ERROR, STRENGTH_SHOULD, LAW, false, 0,
        "经办人身份证号码为11010519491231002X。", "经办人身份已经核验。", numbers},
    {"I02", "手机号", CHECK_PRIVATE, CHECK_WARN, STRENGTH_SHOULD, LAW, false, 0,
        "来信人王某（13800138000）反映。", "来信人王某反映。", numbers},
    /* a request must name whom to ask (条例 and practice of 国资委): only a hint */
    {"I03", "联系方式为个人手机号", CHECK_PRIVATE, CHECK_HINT, STRENGTH_MAY, "惯例", false, 0,
        "联系电话：13800138000", "联系电话见通讯录", numbers},
    {"I05", "银行卡号", CHECK_PRIVATE, CHECK_ERROR, STRENGTH_SHOULD, LAW, false, 0,
        "补助发至6222020000000000000。", "补助发至本人工资卡。", numbers},
    {"I06", "公共邮箱地址", CHECK_PRIVATE, CHECK_HINT, STRENGTH_MAY, "惯例", false, 0,
        "材料发至zhangsan@qq.com。", "材料通过办公系统报送。", mail},
    {"I07", "车辆号牌", CHECK_PRIVATE, CHECK_HINT, STRENGTH_MAY, LAW, false, 0,
        "车辆京A12345违规停放。", "该车违规停放。", plates},
    {"I08", "护照号码", CHECK_PRIVATE, CHECK_WARN, STRENGTH_SHOULD, LAW, false, 0,
        "随团人员护照号E12345678。", "随团人员护照已核验。", labelled},
    {"I09", "个人住址", CHECK_PRIVATE, CHECK_HINT, STRENGTH_SHOULD, LAW, false, 0,
        "家庭住址：青山路一段八号院三单元", "住址见附表", labelled},
    {"I10", "限定知悉范围的标注", CHECK_PRIVATE, CHECK_HINT, STRENGTH_MAY, "惯例", false, 0,
        "内部资料　注意保存\n本期刊登调研情况。", "本期刊登调研情况。", restricted},
};
const struct rule_table rules_private = {table, COUNT(table)};
