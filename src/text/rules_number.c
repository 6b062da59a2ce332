/* Numerals (GB/T 15835-2011) and units (GB 3100-1993). N23, N28 and N29 are in rules_logic.c. */
#include "text/rule_chars.h"
#include "text/rules_amount.h"
#include "text/rules_word.h"

#define YEAR_LATEST 40 /* 26年 is 2026年, 98年 is 1998年 */

static struct str cat3(struct checker *c, struct str x, struct str y, struct str z)
{
    return arena_cat(c->a, arena_cat(c->a, x, y), z);
}

/* ---- dates: N01 N05 N06 N08 N09 N31 ---- */
/* 二零二六年, 二○二六年: four Chinese digits before 年 at i. */
static void han_year(struct checker *c, size_t i)
{
    const struct draft *d = c->d;
    struct buf b;
    size_t zero = 0, ring = 0, from = i - 4;

    for (size_t k = from; k < i; k++) {
        zero += d->cp[k] == 0x96F6;
        ring += d->cp[k] == 0x25CB || d->cp[k] == 'O' || d->cp[k] == 0xFF2F || d->cp[k] == 0x25EF;
        if (ch_han_digit(d->cp[k]) < 0 && d->cp[k] != 0x25CB && d->cp[k] != 'O' &&
            d->cp[k] != 0xFF2F && d->cp[k] != 0x25EF)
            return;
    }
    if (!(zero + ring) || (from && ch_han_digit(d->cp[from - 1]) >= 0))
        return;
    buf_init(&b, 0);
    for (size_t k = from; k < i; k++)
        buf_utf8(&b, ch_han_digit(d->cp[k]) > 0 ? d->cp[k] : 0x3007);
    if (zero)
        check_replace(c, "N09", from, i, buf_view(&b), "编年用“〇”，不用“零”");
    else
        check_replace(c, "N31", from, i, buf_view(&b), "年份里的圈应是汉字“〇”");
    buf_release(&b);
}

static size_t digits_before(const struct draft *d, size_t i)
{
    size_t n = 0;

    while (n < i && ch_digit(d->cp[i - 1 - n]))
        n++;
    return n;
}

/* 26年3月 */
static void short_year(struct checker *c, size_t i)
{
    const struct draft *d = c->d;
    size_t from = i - 2, end = figure_end(d, i + 1);
    double month = figure_value(d, i + 1, end);
    int year = (int)figure_value(d, from, i);
    struct finding *f;

    if (end == i + 1 || end - i > 3 || month < 1 || month > 12 || !word_at(d, end, "月") ||
        !figure_starts(d, from) || (year > YEAR_LATEST && year < 80) ||
        word_at(d, end + 1, "以|至|内|有期|徒刑") || lex_digit(ch_before(d, from)) >= 0 ||
        ch_before(d, from) == 0x7B2C)
        return;
    f = check_say(c, "N01", from, i, "年份没有写全");
    check_suggest(c, f, arena_printf(c->a, "%d", year > YEAR_LATEST ? 1900 + year : 2000 + year));
}

/* 08月, 01日 behind 年 and 月. */
static void leading_zero(struct checker *c, size_t i)
{
    const struct draft *d = c->d;

    if (d->cp[i + 1] == '0' && d->cp[i + 2] > '0' && ch_digit(d->cp[i + 2]) &&
        word_at(d, i + 3, "月|日") && !ch_digit(d->cp[i + 3]))
        check_replace(c, "N05", i + 1, i + 2, S(""), "日期里的月、日不编虚位");
}

/* 2026年八月1日, 二〇二六年8月: the first part says in which figures the rest should be. */
static void mixed_date(struct checker *c, size_t i)
{
    const struct draft *d = c->d;
    size_t from = i + 1, end = from;
    struct str s;
    int value;
    size_t off = 0;

    while (end < from + 3 && ch_han_number(d->cp[end]))
        end++;
    s = draft_str(d, from, end);
    if (!digits_before(d, i) || end == from || !word_at(d, end, "月|日") ||
        !lex_han(s, &off, &value) || off != s.n || value > 31)
        return;
    if (d->cp[i] == 0x5E74 ? digits_before(d, i) != 4 : d->cp[end] != 0x65E5)
        return;
    check_replace(c, "N06", from, end, arena_printf(c->a, "%d", value), "日期里的数字写法不一致");
}

static void dates(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t i = 1; i + 1 < d->n; i++) {
        bool year = d->cp[i] == 0x5E74, month = d->cp[i] == 0x6708; /* 年 月 */
        size_t n;
        if (!year && !month)
            continue;
        n = digits_before(d, i);
        if (year && i >= 4 && n == 0)
            han_year(c, i);
        if (year && n == 2)
            short_year(c, i);
        if (n) {
            leading_zero(c, i);
            mixed_date(c, i);
        }
        if (month && n && n <= 2) {
            size_t end = figure_end(d, i + 1);
            if (end > i + 1 && end - i <= 3 && d->cp[end] == 0x53F7 && /* 号 */
                !word_at(d, end + 1, "文|令|楼|线|机|院|公告|通知"))
                check_replace(c, "N08", end, end + 1, S("日"), "公文里写“日”，不写“号”");
        }
    }
}

/* ---- spans: N02 N03 ---- */
static void spans(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t i = 1; i + 1 < d->n; i++) {
        size_t from = i, to, unit;
        if (!ch_span(d->cp[i]) || !ch_digit(d->cp[i - 1]) || !ch_digit(d->cp[i + 1]))
            continue;
        while (from && (ch_digit(d->cp[from - 1]) || d->cp[from - 1] == '.'))
            from--;
        to = figure_end(d, i + 1);
        if (!figure_starts(d, from) || ch_span(ch_before(d, from)) || ch_before(d, from) == 0x7B2C)
            continue;
        if (word_at(d, to, "%|％|‰") && !(to - from > 3 && d->cp[from] == '1' && i == from + 1 &&
                                            ch_in(ch_before(d, from), "（("))) /* ×（1-10%） */
            check_replace(c, "N02", from, to + 1,
                cat3(c, draft_str(d, from, i), draft_str(d, to, to + 1), draft_str(d, i, to + 1)),
                "数值范围里前一个数的百分号不能省");
        unit = word_at(d, to, "万元|亿元|万|亿");
        if (unit && word_at(d, to, "万元|亿元") == 0)
            unit = 1;
        if (unit)
            check_replace(c, "N03", from, to + unit,
                cat3(c, draft_str(d, from, i), draft_str(d, to, to + unit),
                    draft_str(d, i, to + unit)),
                "数值范围里前一个数的“%.*s”不能省", SF(draft_str(d, to, to + unit)));
    }
}

/* ---- shapes of figures: N04 N07 N16 ---- */
static void wide_digits(struct checker *c, size_t *i)
{
    const struct draft *d = c->d;
    struct buf b;
    size_t from = *i;

    buf_init(&b, 0);
    while ((d->cp[*i] >= 0xFF10 && d->cp[*i] <= 0xFF19) ||
           (*i > from && (d->cp[*i] == 0xFF0E || d->cp[*i] == 0xFF05) && d->cp[*i + 1] >= 0xFF10 &&
               d->cp[*i + 1] <= 0xFF19)) {
        buf_utf8(&b, d->cp[*i] - 0xFEE0); /* full forms stand in the order of ASCII */
        ++*i;
    }
    check_replace(c, "N07", from, *i, buf_view(&b), "用了全角数字");
    buf_release(&b);
}

static void shapes(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t i = 0; i < d->n; i++) {
        uint32_t ch = d->cp[i], before = ch_before(d, i);
        if (ch >= 0xFF10 && ch <= 0xFF19) {
            wide_digits(c, &i);
            i--;
            continue;
        }
        if (ch == '.' && ch_digit(d->cp[i + 1]) && !ch_digit(before) &&
            !(d->mask[i] & (MASK_URL | MASK_CODE)) &&
            (before == ' ' || before == '\n' || before == CH_OPEN ||
                ch_in(before, "约为达近至超率占")))
            check_replace(c, "N04", i, i + 1, S("0."), "小数点前的“0”不能省");
        if (ch == ',' && ch_digit(before) && !(d->mask[i] & (MASK_URL | MASK_CODE))) {
            size_t n = 0, head = digits_before(d, i);
            while (ch_digit(d->cp[i + 1 + n]))
                n++;
            if (n == 4 && head <= 3 && d->cp[i + 1 + n] != ',' &&
                d->cp[i - head - 1 + (i == head)] != ',')
                (void)check_say(c, "N16", i - head, i + 1 + n, "千分空每三位一节，这里是四位");
        }
    }
}

/* ---- wording of numbers: N10 N11 N12 N14 N15 N17 N18 ---- */
static const struct {
    const char *wrong, *right;
} fixed_words[] = {
    {"5四运动", "五四运动"},
    {"5四青年节", "五四青年节"},
    {"8一建军节", "八一建军节"},
    {"9一八事变", "九一八事变"},
    {"2万5千里长征", "二万五千里长征"},
    {"5湖四海", "五湖四海"},
    {"4书五经", "四书五经"},
    {"1带一路", "一带一路"},
    {"2十届", "二十届"},
};
static const struct {
    const char *wrong, *right;
} dotted_words[] = {
    {"一二九运动", "一二·九运动"},
    {"“一二九”运动", "“一二·九”运动"},
    {"一二八事变", "一二·八事变"},
    {"“一二八”事变", "“一二·八”事变"},
    {"“一二一”运动", "“一二·一”运动"},
};

static void set_words(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t i = 0; i < d->n; i++) {
        uint32_t ch = d->cp[i];
        if (ch_digit(ch) && !ch_digit(ch_before(d, i)))
            for (size_t k = 0; k < COUNT(fixed_words); k++) {
                size_t w = word_at(d, i, fixed_words[k].wrong);
                if (w)
                    check_replace(
                        c, "N12", i, i + w, str_z(fixed_words[k].right), "固定词语里的数字用汉字");
            }
        if (ch == 0x4E00 || ch == CH_QUOTE)
            for (size_t k = 0; k < COUNT(dotted_words); k++) {
                size_t w = word_at(d, i, dotted_words[k].wrong);
                if (w)
                    check_replace(c, "N14", i, i + w, str_z(dotted_words[k].right),
                        "一月、十一月、十二月的日期名称要加间隔号");
            }
        if (ch == 0x671F && ch_digit(d->cp[i + 1]) && !ch_digit(d->cp[i + 2]) && /* 星期5 */
            word_before(d, i, "星") && d->cp[i + 1] >= '1' && d->cp[i + 1] <= '6') {
            static const struct str han[] = {
                SC("一"), SC("二"), SC("三"), SC("四"), SC("五"), SC("六")};
            check_replace(c, "N18", i + 1, i + 2, han[d->cp[i + 1] - '1'], "星期用汉字数字");
        }
        if (ch == '1' && figure_starts(d, i) && d->cp[i + 1] >= '0' && d->cp[i + 1] <= '5') {
            static const struct str han[] = {
                SC("十"), SC("十一"), SC("十二"), SC("十三"), SC("十四"), SC("十五")};
            if (word_at(d, i + 2, "五”|五规划|五时期|五期间|五末|五以来") ||
                (ch_before(d, i) == 0x7B2C && word_at(d, i + 2, "个五年规划")))
                check_replace(
                    c, "N18", i, i + 2, han[d->cp[i + 1] - '0'], "五年规划的名称用汉字数字");
        }
    }
}

/* 5、6万人; the second is one more than the first. */
static void approximate(struct checker *c, size_t i)
{
    static const struct str han[] = {SC("零"), SC("一"), SC("二"), SC("三"), SC("四"), SC("五"),
        SC("六"), SC("七"), SC("八"), SC("九")};
    const struct draft *d = c->d;
    uint32_t before = ch_before(d, i - 1);
    struct finding *f;

    if (!ch_digit(d->cp[i - 1]) || !ch_digit(d->cp[i + 1]) || d->cp[i + 1] != d->cp[i - 1] + 1 ||
        d->cp[i - 1] == '0' || ch_digit(d->cp[i + 2]) || !figure_starts(d, i - 1) ||
        before == 0x7B2C || before == CH_DUN || d->cp[i + 2] == '.' ||
        !word_at(d, i + 2, "万|千|百|天|人|名|个人|个小时|分钟|公里"))
        return;
    f = check_say(c, "N10", i - 1, i + 2, "概数用汉字");
    check_suggest(c, f, arena_cat(c->a, han[d->cp[i - 1] - '0'], han[d->cp[i + 1] - '0']));
}

/* 3千5百元: the value when every part is a figure with 千, 百 or 十, the last one perhaps without. */
static void mixed_units(struct checker *c, size_t i)
{
    const struct draft *d = c->d;
    size_t at = i, parts = 0;
    long value = 0, last = 10000;
    struct finding *f;

    while (ch_digit(d->cp[at]) && !ch_digit(d->cp[at + 1])) {
        long unit = d->cp[at + 1] == 0x5343   ? 1000
                    : d->cp[at + 1] == 0x767E ? 100
                    : d->cp[at + 1] == 0x5341 ? 10
                                              : 0;
        if (!unit || unit >= last)
            break;
        value += unit * (long)(d->cp[at] - '0');
        last = unit;
        at += 2;
        parts++;
    }
    if (!parts || (parts == 1 && !word_at(d, at, "元|人|名|个|家|户|多|余|亩")))
        return;
    if (parts == 1 && !word_at(d, at - 1, "千|百"))
        return;
    f = check_say(c, "N15", i, at, "阿拉伯数字不和“千”“百”混写");
    if (parts > 1)
        check_suggest(c, f, arena_printf(c->a, "%ld", value));
}

static void wording(struct checker *c)
{
    static const struct str tens[] = {SC("十几"), SC("二十几"), SC("三十几"), SC("四十几"),
        SC("五十几"), SC("六十几"), SC("七十几"), SC("八十几"), SC("九十几")};
    const struct draft *d = c->d;

    for (size_t i = 1; i < d->n; i++) {
        uint32_t ch = d->cp[i];
        if (ch == CH_DUN)
            approximate(c, i);
        if (ch == 0x51E0 && i >= 2 && d->cp[i - 1] == '0' && d->cp[i - 2] >= '1' && /* 几 */
            ch_digit(d->cp[i - 2]) && figure_starts(d, i - 2))
            check_replace(c, "N11", i - 2, i + 1, tens[d->cp[i - 2] - '1'], "带“几”的数字用汉字");
        if (figure_starts(d, i) && !(d->mask[i] & (MASK_URL | MASK_CODE)) &&
            ch_before(d, i) != 0x7B2C)
            mixed_units(c, i);
        /* 5家、六户 */
        if (ch == CH_DUN && ch_han_digit(d->cp[i + 1]) > 1 && i >= 2 && ch_digit(d->cp[i - 2]) &&
            word_at(d, i + 2, "家|户|人|名|个|项|次") && word_at(d, i - 1, "家|户|人|名|个|项|次"))
            (void)check_say(c, "N17", i + 1, i + 2, "前面用阿拉伯数字，这里用汉字，写法不一致");
    }
}

/* ---- N13 ---- */
static void dated_name(struct checker *c, size_t i, size_t end)
{
    const struct draft *d = c->d;
    double month = figure_value(d, i, end);
    bool quoted = ch_before(d, i) == CH_QUOTE && d->cp[end] == CH_UNQUOTE;

    if (month < 1 || month >= 13 || end - i < 3 || end - i > 5 ||
        !word_at(d, end + quoted,
            "晚会|国际消费者|事件|事故|特大|重大|专案|案件|讲话|地震|大地震|空难|火灾|爆炸|矿难|"
            "世界读书日|国际禁毒日|全国消防"))
        return;
    for (size_t k = i; k < end; k++) {
        if (d->cp[k] != '.')
            continue;
        if (quoted)
            check_replace(c, "N13", k, k + 1, S("·"), "用日期作名称，月日之间用间隔号");
        else
            check_replace(c, "N13", i, end,
                arena_printf(
                    c->a, "“%.*s·%.*s”", SF(draft_str(d, i, k)), SF(draft_str(d, k + 1, end))),
                "用日期作名称，加引号和间隔号");
    }
}

static void dated_names(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t i = 0; i < d->n; i++)
        if (figure_starts(d, i) && !(d->mask[i] & (MASK_URL | MASK_CODE)))
            dated_name(c, i, figure_end(d, i));
}

/* ---- sense: N20 N21 N22 N26 N27 ---- */
static size_t amount_end(const struct draft *d, size_t i)
{
    size_t end = figure_end(d, i);

    if (end == i)
        while (ch_han_number(d->cp[end]) || d->cp[end] == 0x534A) /* 半 */
            end++;
    return end;
}

static void times_less(struct checker *c, size_t i)
{
    const struct draft *d = c->d;
    size_t w = word_at(d, i, "减少|下降|降低|缩减|缩小|缩短|减低"), at = i + w, end;

    if (!w)
        return;
    at += word_at(d, at, "了");
    at += word_at(d, at, "近|约|超过|将近|至少");
    end = amount_end(d, at);
    if (end == at || (end == at + 1 && d->cp[at] == 0x534A))
        return;
    end += word_at(d, end, "多|余");
    if (word_at(d, end, "倍"))
        (void)check_say(c, "N20", i, end + 1, "减少不能用倍数，应写减少百分之几或减少到几分之几");
}

/* Begin of one of `words` at most four characters behind an amount that ends at `end`, *w its length; 0: none. */
static size_t behind_amount(const struct draft *d, size_t end, const char *words, size_t *w)
{
    for (size_t at = end; at <= end + 4; at++) {
        *w = word_at(d, at, words);
        if (*w && !word_at(d, at, "以上各|以上规定|以上情|左右两|规模以上|限额以上"))
            return at;
        if ((!utf8_is_han(d->cp[at]) && d->cp[at] != '%') ||
            ch_in(d->cp[at], "有规限一二三两四五六七八九十"))
            break;
    }
    return 0;
}

/* 大约50人左右: a word before and a word behind that say the same. */
static void doubled(struct checker *c, size_t i)
{
    static const struct {
        const char *before, *behind;
    } pairs[] = {
        {"大约|大概|约", "左右|上下"},
        {"将近|接近|近", "左右|上下"},
        {"超过|高于|多于|逾", "以上"},
        {"不足|不到|少于|低于", "以下"},
        {"至少|最少|最低", "以上"},
        {"至多|最多|最高", "以下"},
    };
    const struct draft *d = c->d;

    for (size_t k = 0; k < COUNT(pairs); k++) {
        size_t w = word_at(d, i, pairs[k].before), end, behind, v;
        if (!w || (w == 1 && ch_in(ch_before(d, i), "合条公预节签违履制相契大附最临亲靠远邻")))
            continue;
        end = amount_end(d, i + w);
        if (end == i + w)
            continue;
        behind = behind_amount(d, end, pairs[k].behind, &v);
        if (behind) {
            check_replace(c, "N21", i, behind + v, draft_str(d, i, behind),
                "“%.*s”和“%.*s”意思重复", SF(draft_str(d, i, i + w)),
                SF(draft_str(d, behind, behind + v)));
            return;
        }
    }
}

/* 由5%提高3% */
static void points(struct checker *c, size_t i)
{
    const struct draft *d = c->d;
    size_t at = i + 1, end = figure_end(d, at), w;

    if (end == at || !word_at(d, end, "%|％"))
        return;
    w = word_at(
        d, end + 1, "提高了|上升了|增长了|下降了|降低了|提升了|提高|上升|增长|下降|降低|提升");
    at = end + 1 + w;
    end = figure_end(d, at);
    if (w && end > at && word_at(d, end, "%|％")) {
        struct finding *f = check_say(c, "N22", at, end + 1, "两个百分数之差用“百分点”");
        check_suggest(c, f, arena_printf(c->a, "%.*s个百分点", SF(draft_str(d, at, end))));
    }
}

/* 下午15时 */
static void day_parts(struct checker *c, size_t i)
{
    const struct draft *d = c->d;
    size_t w = word_at(d, i, "下午|晚上|傍晚|晚间|夜间|上午|早上|凌晨|晚"), at = i + w,
           end = figure_end(d, at);
    bool morning = word_at(d, i, "上午|早上|凌晨") > 0;
    int hour;

    if (!w || end == at || end - at > 2 || !word_at(d, end, "时|点|:|："))
        return;
    if (w == 1 && ch_before(d, i) != 0x65E5) /* 18日晚20时; of 当晚, 今晚 nothing can be left out */
        return;
    hour = (int)figure_value(d, at, end);
    if (hour < 13 || hour > 24)
        return;
    if (morning) {
        (void)check_say(c, "N27", i, end, "“%.*s”和“%.*s”矛盾", SF(draft_str(d, i, at)),
            SF(draft_str(d, at, end + 1)));
        return;
    }
    check_replace(c, "N27", i, end, draft_str(d, at, end), "24小时制前面不再说“%.*s”",
        SF(draft_str(d, i, at)));
}

/* 3万元与25000元 */
static void unlike_units(struct checker *c, size_t i)
{
    const struct draft *d = c->d;
    size_t end = figure_end(d, i), w, at;

    if (end == i || !word_at(d, end, "万元"))
        return;
    at = end + 2;
    w = word_at(d, at, "和|与|、|比|增加到|减少到|提高到|下降到");
    at += w;
    end = figure_end(d, at);
    if (w && end - at >= 5 && word_at(d, end, "元"))
        (void)check_say(c, "N26", i, end + 1, "同类数值用了不同的单位");
}

/* The first character says which words may begin here: most characters begin none. */
static void sense(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t i = 0; i < d->n; i++)
        switch (d->cp[i]) {
        case 0x4E0B: /* 下 */
            day_parts(c, i);
            times_less(c, i);
            break;
        case 0x51CF: /* 减 */
        case 0x964D: /* 降 */
        case 0x7F29: /* 缩 */
            times_less(c, i);
            break;
        case 0x7531: /* 由 */
        case 0x4ECE: /* 从 */
            points(c, i);
            break;
        case 0x665A: /* 晚 */
        case 0x508D: /* 傍 */
        case 0x591C: /* 夜 */
        case 0x4E0A: /* 上 */
        case 0x65E9: /* 早 */
        case 0x51CC: /* 凌 */
            day_parts(c, i);
            break;
        case 0x5927: /* 大 */
        case 0x7EA6: /* 约 */
        case 0x5C06: /* 将 */
        case 0x63A5: /* 接 */
        case 0x8FD1: /* 近 */
        case 0x8D85: /* 超 */
        case 0x9AD8: /* 高 */
        case 0x591A: /* 多 */
        case 0x903E: /* 逾 */
        case 0x4E0D: /* 不 */
        case 0x5C11: /* 少 */
        case 0x4F4E: /* 低 */
        case 0x81F3: /* 至 */
        case 0x6700: /* 最 */
            doubled(c, i);
            break;
        default:
            if (figure_starts(d, i))
                unlike_units(c, i);
            break;
        }
}

static const struct rule table[] = {
    {"N01", "年份没有写全", CHECK_NUMBER, CHECK_ERROR, STRENGTH_MUST, "GB/T 15835—2011", false, 0,
        "该项目于26年3月开工。", "该项目于2026年3月开工。", dates},
    {"N02", "数值范围里漏了百分号", CHECK_NUMBER, CHECK_ERROR, STRENGTH_MUST, "GB/T 15835—2011",
        true, 0, "增长15～30%。", "增长15%～30%。", spans},
    {"N03", "数值范围里漏了“万”“亿”", CHECK_NUMBER, CHECK_ERROR, STRENGTH_MUST, "GB/T 15835—2011",
        true, 0, "投资9～16亿元。", "投资9亿元～16亿元。", spans},
    {"N04", "小数点前漏了“0”", CHECK_NUMBER, CHECK_ERROR, STRENGTH_MUST, "GB/T 15835—2011", true, 0,
        "增长率为.5个百分点。", "增长率为0.5个百分点。", shapes},
    {"N05", "日期编了虚位", CHECK_NUMBER, CHECK_ERROR, STRENGTH_MUST, "GB/T 9704—2012 7.3.5.4",
        true, 0, "2026年08月01日印发。", "2026年8月1日印发。", dates},
    {"N06", "日期里两种数字混用", CHECK_NUMBER, CHECK_ERROR, STRENGTH_MUST, "GB/T 15835—2011", true,
        0, "2026年八月1日印发。", "2026年8月1日印发。", dates},
    {"N07", "用了全角数字", CHECK_NUMBER, CHECK_ERROR, STRENGTH_MUST, "GB/T 15835—2011", true, 0,
        "到２０３０年完成。", "到2030年完成。", shapes},
    {"N08", "“日”写成了“号”", CHECK_NUMBER, CHECK_WARN, STRENGTH_SHOULD, "惯例", true, 0,
        "3月5号前报送。", "3月5日前报送。", dates},
    {"N09", "编年用了“零”", CHECK_NUMBER, CHECK_ERROR, STRENGTH_MUST, "GB/T 15835—2011", true, 0,
        "二零二六年工作要点", "二〇二六年工作要点", dates},
    {"N10", "概数用了阿拉伯数字", CHECK_NUMBER, CHECK_WARN, STRENGTH_SHOULD, "GB/T 15835—2011",
        false, 0, "受益群众5、6万人。", "受益群众五六万人。", wording},
    {"N11", "带“几”的数字", CHECK_NUMBER, CHECK_WARN, STRENGTH_SHOULD, "GB/T 15835—2011", true, 0,
        "走访10几个村。", "走访十几个村。", wording},
    {"N12", "固定词语里用了阿拉伯数字", CHECK_NUMBER, CHECK_WARN, STRENGTH_MUST, "GB/T 15835—2011",
        true, 0, "纪念5四运动。", "纪念五四运动。", set_words},
    {"N13", "用日期作名称", CHECK_NUMBER, CHECK_WARN, STRENGTH_SHOULD, "GB/T 15835—2011", true, 0,
        "举办3.15晚会。", "举办“3·15”晚会。", dated_names},
    {"N14", "汉字日期名称缺间隔号", CHECK_NUMBER, CHECK_WARN, STRENGTH_SHOULD, "GB/T 15835—2011",
        true, 0, "纪念一二九运动。", "纪念一二·九运动。", set_words},
    {"N15", "阿拉伯数字和“千”“百”混写", CHECK_NUMBER, CHECK_WARN, STRENGTH_SHOULD,
        "GB/T 15835—2011", false, 0, "每人补助3千5百元。", "每人补助3500元。", wording},
    {"N16", "千分位分节", CHECK_NUMBER, CHECK_HINT, STRENGTH_SHOULD, "GB/T 15835—2011", false, 0,
        "共1,0000人。", "共10,000人。", shapes},
    {"N17", "同类数字写法不一致", CHECK_NUMBER, CHECK_HINT, STRENGTH_SHOULD, "GB/T 15835—2011",
        false, 0, "走访企业5家、六户。", "走访企业5家、6户。", wording},
    {"N18", "星期、五年规划用了阿拉伯数字", CHECK_NUMBER, CHECK_WARN, STRENGTH_MUST,
        "GB/T 15835—2011", true, 0, "星期5下午开会。", "星期五下午开会。", set_words},
    {"N20", "“减少几倍”", CHECK_NUMBER, CHECK_ERROR, STRENGTH_MUST, "惯例", false, 0,
        "能耗下降2倍。", "能耗下降50%。", sense},
    {"N21", "约数的说法重复", CHECK_NUMBER, CHECK_ERROR, STRENGTH_SHOULD, "惯例", false, 0,
        "参加人员大约50人左右。", "参加人员大约50人。", sense},
    {"N22", "百分数之差没有用百分点", CHECK_NUMBER, CHECK_HINT, STRENGTH_SHOULD, "惯例", false, 0,
        "占比由5%提高3%。", "占比由5%提高3个百分点。", sense},
    {"N24", "计量单位符号的大小写", CHECK_NUMBER, CHECK_ERROR, STRENGTH_MUST, "GB 3100—1993", true,
        0, "全长12KM。", "全长12km。", amount_symbols},
    {"N25", "非法定计量单位", CHECK_NUMBER, CHECK_WARN, STRENGTH_MUST, "GB 3100—1993", true,
        NEED_LEXICON, "建筑面积1200平米。", "建筑面积1200平方米。", word_lexicon},
    {"N26", "同类数值单位不一", CHECK_NUMBER, CHECK_HINT, STRENGTH_SHOULD, "惯例", false, 0,
        "补助为3万元与25000元。", "补助为3万元与2.5万元。", sense},
    {"N27", "12小时制和24小时制混用", CHECK_NUMBER, CHECK_WARN, STRENGTH_SHOULD, "惯例", true, 0,
        "下午15时召开。", "下午3时召开。", sense},
    {"N30", "大写金额和数字不符", CHECK_NUMBER, CHECK_ERROR, STRENGTH_MUST, "惯例", false, 0,
        "合同金额为12000元（大写：壹万叁仟元整）。", "合同金额为12000元（大写：壹万贰仟元整）。",
        amount_in_words},
    {"N31", "年份里的圈不是汉字“〇”", CHECK_NUMBER, CHECK_HINT, STRENGTH_MUST, "GB/T 15835—2011",
        true, 0, "二○二六年工作要点", "二〇二六年工作要点", dates},
};
const struct rule_table rules_number = {table, COUNT(table)};
