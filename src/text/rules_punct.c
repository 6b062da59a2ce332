/* Punctuation: GB/T 15834-2011; marks behind labels: its appendix B and GB/T 9704-2012 7.3.3. Pairs: rules_pair.c. */
#include "text/rule_chars.h"
#include "text/rules_pair.h"

/* ---- P01, P03, P28 ---- */
static const struct {
    uint32_t half;
    struct str full;
} points[] = {{',', SC("，")}, {';', SC("；")}, {':', SC("：")}, {'?', SC("？")}, {'!', SC("！")}};

static const struct str *full_of(const struct draft *d, size_t i)
{
    if (d->cp[i] >= 0x80 || (d->mask[i] & (MASK_URL | MASK_CODE | MASK_TIME)))
        return NULL;
    for (size_t k = 0; k < COUNT(points); k++)
        if (d->cp[i] == points[k].half)
            return &points[k].full;
    return NULL;
}

/* Half-width , ; : ? ! with Chinese on a side; a run of them is judged as one, or each would make the next one wrong. */
static void half_width(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t i = 0; i < d->n; i++) {
        size_t end = i;
        while (end < d->n && full_of(d, end))
            end++;
        if (end > i && (ch_cjk(ch_before(d, i)) || ch_cjk(d->cp[end])))
            for (size_t k = i; k < end; k++)
                check_replace(
                    c, "P01", k, k + 1, *full_of(d, k), "中文里用了半角标点“%c”", (int)d->cp[k]);
        if (end > i)
            i = end - 1;
    }
}

/* Characters that write foreign names. */
static bool is_foreign(uint32_t ch)
{
    return ch_in(ch,
        "阿埃艾安奥巴贝本比彼别波伯博布查茨达戴德迪蒂丁杜多厄恩尔法费弗佛福弗格哈海汉赫华霍基吉"
        "加杰金卡凯康科克肯库拉莱兰朗劳勒雷丽利列林卢鲁伦罗洛马迈曼梅门米莫姆穆纳娜南尼内涅宁"
        "诺努欧帕佩皮珀普奇乔琼让瑞萨塞桑莎山舍施史什斯司苏索塔泰坦汤唐特提廷托瓦万威韦维温"
        "沃乌伍西希夏谢辛休修雅亚扬耶叶伊因尤约泽詹朱兹佐思");
}

static bool foreign_around(const struct draft *d, size_t i)
{
    size_t n = 0;

    for (size_t k = i; k && n < 2 && is_foreign(d->cp[k - 1]); k--)
        n++;
    for (size_t k = i + 1; k < d->n && n < 4 && is_foreign(d->cp[k]); k++)
        n++;
    return n == 4;
}

static void full_stops(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t l = 0; l < d->n_lines; l++)
        for (size_t i = d->lines[l].label_end; i < d->lines[l].end; i++) {
            uint32_t before = ch_before(d, i), next = d->cp[i + 1];
            bool behind = utf8_is_han(before) || before == CH_UNQUOTE || before == CH_CLOSE ||
                          before == CH_UNTITLE;
            if (d->cp[d->lines[l].first] == '[') /* a list of references */
                break;
            if ((d->cp[i] != '.' && d->cp[i] != 0xFF0E) || i == d->lines[l].first || !behind)
                continue;
            if (foreign_around(d, i))
                check_replace(c, "P28", i, i + 1, S("·"), "外国人名各部分之间用间隔号");
            else if (i + 1 == d->lines[l].end || utf8_is_han(next) || next == CH_UNQUOTE ||
                     ch_blank(next))
                check_replace(
                    c, "P03", i, i + 1, S("。"), "句子末尾用了“%.*s”", SF(draft_str(d, i, i + 1)));
        }
}

/* ---- P09 to P12 ---- */
static size_t run_of(const struct draft *d, size_t i)
{
    size_t n = i;

    while (n < d->n && d->cp[n] == d->cp[i])
        n++;
    return n - i;
}

static bool alone_on_line(const struct draft *d, size_t i, size_t n)
{
    const struct draft_line *l = &d->lines[draft_line_of(d, i)];
    return l->first == i && i + n == l->end;
}

static void dots(struct checker *c, size_t i, size_t n)
{
    const struct draft *d = c->d;
    uint32_t ch = d->cp[i];
    bool chinese = ch_cjk(ch_before(d, i)) || ch_cjk(d->cp[i + n]);

    if (ch == CH_DOTS && n == 1 && chinese)
        check_replace(c, "P09", i, i + 1, S("……"), "省略号是六个点");
    if (ch == CH_DOTS && n > 2 && !(n == 4 && alone_on_line(d, i, n)))
        check_replace(c, "P11", i, i + n, S("……"), "省略号过长");
    if ((ch == '.' || ch == CH_STOP || ch == CH_MIDDOT) && n >= 3 && n <= 12 && chinese &&
        !alone_on_line(d, i, n))
        check_replace(
            c, "P09", i, i + n, S("……"), "省略号写成了“%.*s”", SF(draft_str(d, i, i + n)));
    if (ch == CH_DOTS && n == 2) {
        size_t w = word_at(d, i + 2, "等等|等");
        uint32_t behind = d->cp[i + 2 + w];
        bool ends = w == 2 || (w && (ch_point(behind) || ch_ends(behind)));
        if (ends || word_before(d, i, "等等"))
            check_replace(c, "P10", i, i + 2, S(""), "省略号和“等”不同时用");
    }
}

static void dashes(struct checker *c, size_t i, size_t n)
{
    const struct draft *d = c->d;
    uint32_t before = ch_before(d, i), next = d->cp[i + n], ch = d->cp[i];
    bool hyphens = ch == '-' || ch == 0xFF0D || ch == 0x2500 || ch == 0x2015;
    bool words = (utf8_is_han(before) || before == CH_UNQUOTE || before == CH_UNTITLE) &&
                 (utf8_is_han(next) || next == CH_QUOTE || next == CH_TITLE);

    if (words && ((hyphens && n >= 2 && n <= 4) || (ch == CH_EM && n > 2 && n <= 6)))
        check_replace(
            c, "P12", i, i + n, S("——"), "破折号写成了“%.*s”", SF(draft_str(d, i, i + n)));
}

/* ---- P13, P14, P35 ---- */
/* Is there a 、 in the clause before i? */
static bool in_list(const struct draft *d, size_t i)
{
    for (size_t k = i; k && !ch_ends(d->cp[k - 1]) && d->cp[k - 1] != CH_SEMI &&
                       d->cp[k - 1] != CH_COLON && d->cp[k - 1] != CH_COMMA;
         k--)
        if (d->cp[k - 1] == CH_DUN)
            return true;
    return false;
}

static void enumerations(struct checker *c, size_t i)
{
    const struct draft *d = c->d;
    size_t w;

    if (d->cp[i + 1] == 0x7B49 && in_list(d, i) && /* 等 */
        !word_at(d, i + 2, "级|待|候|额|于|效|距|同|价|值|量|离|比|次|分|保|压|高|线|外品"))
        check_replace(c, "P13", i, i + 1, S(""), "“等”前面不用顿号");
    w = word_at(d, i + 1, "以及|和|及");
    if (w && utf8_is_han(ch_before(d, i)) &&
        !word_at(d, i + 1,
            "和平|和谐|和解|和睦|和气|和蔼|和美|和善|和县|和田|和龙|和顺|和林|和静|和硕|和布|和政|"
            "和衷|和合|和悦|和"
            "畅|和亲|和约|和会|和风|和服|和声|和弦|和尚|和式|和面|和乐|和美|和好|和文|和暖|及时|"
            "及格|及早|及第|及笄"))
        check_replace(
            c, "P35", i, i + 1, S(""), "顿号后面不再用“%.*s”", SF(draft_str(d, i + 1, i + 1 + w)));
}

static void repeated(struct checker *c, size_t i)
{
    const struct draft *d = c->d;
    size_t n = 1;
    struct finding *f;

    while (ch_point(d->cp[i + n]))
        n++;
    if (n == 1)
        return;
    if (run_of(d, i) == n) {
        if (n == 2 || d->cp[i] != CH_STOP) /* 。。。 is an ellipsis: P09 */
            check_replace(c, "P14", i, i + n, draft_str(d, i, i + 1), "标点重复");
        return;
    }
    f = check_say(c, "P14", i, i + n, "两个标点连用");
    check_suggest(c, f, draft_str(d, i, i + 1));
    check_suggest(c, f, draft_str(d, i + n - 1, i + n));
}

/* One walk: a character is looked at once. */
static void marks(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t i = 0; i < d->n;) {
        uint32_t ch = d->cp[i];
        size_t n = 1;
        if (d->mask[i] & MASK_URL) {
            i++;
            continue;
        }
        if (ch == CH_DOTS || ch == '.' || ch == CH_MIDDOT || ch == CH_STOP) {
            n = run_of(d, i);
            dots(c, i, n);
        } else if (ch == '-' || ch == CH_EM || ch == 0xFF0D || ch == 0x2500 || ch == 0x2015) {
            n = run_of(d, i);
            dashes(c, i, n);
        }
        if (ch == CH_DUN)
            enumerations(c, i);
        if (ch_point(ch) && !ch_point(ch_before(d, i)))
            repeated(c, i);
        i += n;
    }
}

/* ---- P17, P18, P22 ---- */
static void approximate(struct checker *c, size_t i)
{
    const struct draft *d = c->d;
    int x = ch_han_digit(ch_before(d, i)), y = ch_han_digit(d->cp[i + 1]);
    uint32_t before = ch_before(d, i - 1);

    if (x < 1 || (y != x + 1 && !(x == 3 && y == 5)) || ch_han_number(before) || before == 0x7B2C ||
        before == CH_DUN)
        return;
    if (word_at(d, i + 2, "万|百|千|十|天|个月|分钟|小时|公里") &&
        !word_at(d, i + 2, "十年|千年|百年"))
        check_replace(c, "P17", i - 1, i + 2,
            arena_cat(c->a, draft_str(d, i - 1, i), draft_str(d, i + 1, i + 2)),
            "概数中间不用顿号");
}

static bool at_clause(const struct draft *d, size_t i)
{
    uint32_t before = ch_before(d, i);
    return ch_ends(before) || before == CH_SEMI || before == CH_COLON ||
           i == d->lines[draft_line_of(d, i)].first;
}

/* 首先、 at the begin of a clause. */
static void ordinal(struct checker *c, size_t i)
{
    const struct draft *d = c->d;
    size_t w =
        word_before(d, i, "其一|其二|其三|首先|其次|最后|再次|此外|第一|第二|第三|第四|第五");
    uint32_t next = d->cp[i + 1];

    if (w && at_clause(d, i - w) && utf8_is_han(next) && next != 0x7B2C && !ch_han_number(next))
        check_replace(c, "P22", i, i + 1, S("，"), "“%.*s”后面用逗号", SF(draft_str(d, i - w, i)));
}

/* 一二季度; i is behind the two. */
static void quarters(struct checker *c, size_t i)
{
    const struct draft *d = c->d;
    int x = ch_han_digit(d->cp[i - 2]), y = ch_han_digit(d->cp[i - 1]);

    if (x > 0 && y == x + 1 && y <= 4 && (i < 3 || ch_han_digit(d->cp[i - 3]) < 0)) {
        struct finding *f = check_say(c, "P18", i - 2, i, "说的是两个季度时中间加顿号");
        check_suggest(c, f,
            arena_printf(
                c->a, "%.*s、%.*s", SF(draft_str(d, i - 2, i - 1)), SF(draft_str(d, i - 1, i))));
    }
}

static void ordinals(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t i = 1; i < d->n; i++) {
        if (d->cp[i] == CH_DUN) {
            approximate(c, i);
            if (i >= 2)
                ordinal(c, i);
        }
        if (d->cp[i] == 0x5B63 && d->cp[i + 1] == 0x5EA6 && i >= 2) /* 季度 */
            quarters(c, i);
    }
}

/* ---- P19 to P21, P23: marks behind labels ---- */
static void bracket_label(struct checker *c, const struct draft_line *x)
{
    const struct draft *d = c->d;
    size_t mark = x->label_end - 1;

    if (d->cp[mark] == CH_CLOSE || d->cp[mark] == ')' ||
        d->cp[x->label_end] == CH_OPEN) /* （四）、（五）项所列 */
        return;
    while (mark > x->first && ch_point(d->cp[mark - 1]))
        mark--;
    check_replace(c, x->label == LABEL_H2 ? "P19" : "P23", mark, x->label_end, S(""),
        "带括号的序号后面不加标点");
}

static void labels(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t l = 0; l < d->n_lines; l++) {
        const struct draft_line *x = &d->lines[l];
        size_t mark = x->label_end ? x->label_end - 1 : 0;
        switch (x->label) {
        case LABEL_H1:
            if (d->cp[mark] != CH_DUN && d->cp[mark] != CH_COMMA) /* 二十三，糖瓜粘 */
                check_replace(c, "P21", mark, mark + 1, S("、"), "汉字序号后面用顿号");
            break;
        case LABEL_H2:
        case LABEL_H4:
            bracket_label(c, x);
            break;
        case LABEL_H3:
            if (d->cp[mark] != '.' && d->cp[mark] != 0xFF0E)
                check_replace(c, "P20", mark, mark + 1, S("."), "阿拉伯数字序号后面用下脚点");
            break;
        case LABEL_NONE:
        case LABEL_CIRCLED:
        case LABEL_PART:
        case LABEL_ARTICLE:
            break;
        }
    }
}

/* ---- P24 to P27: spans ---- */
#define MEASURES                                                                                                                \
    "个月|个|天|人|名|家|户|项|次|元|万|亿|米|公里|千米|小时|分钟|秒|吨|公斤|千克|克|倍|岁|周|" \
    "级|层|位|件|篇|％|%|‰|℃|页|字"

/* 2021-2025年, 3-5月, 9月1日~3日. */
static void span_time(struct checker *c, size_t i, size_t from, size_t to)
{
    const struct draft *d = c->d;
    bool year = word_at(d, to, "年") && to - i - 1 == 4;
    bool day = word_at(d, to, "月|日") && to - i - 1 <= 2;
    uint32_t before = ch_before(d, from);

    if (before == 0x7B2C || (!year && !day)) /* 第 */
        return;
    if (year && ch_digit(d->cp[i - 1]) && i - from != 4)
        return;
    if (d->cp[i] != CH_EM)
        check_replace(c, "P24", i, i + 1, S("—"), "起止时间中间用一字线，不用“%.*s”",
            SF(draft_str(d, i, i + 1)));
}

static void span_value(struct checker *c, size_t i, size_t from, size_t to)
{
    const struct draft *d = c->d;
    double a = figure_value(d, from, i), b = figure_value(d, i + 1, to);
    uint32_t before = ch_before(d, from);

    if (d->cp[i] != '-' && d->cp[i] != 0xFF0D && d->cp[i] != 0x2013)
        return;
    if (a >= b || before == 0x7B2C || (!ch_cjk(before) && before != '\n'))
        return;
    if ((before == CH_OPEN || before == '(') && d->cp[i] == '-') /* ×（1-10%） */
        return;
    if (word_at(d, to, MEASURES) && !word_at(d, to, "月|日|号|人大"))
        check_replace(c, "P25", i, i + 1, S("～"), "数值范围中间用浪纹线，不用“%.*s”",
            SF(draft_str(d, i, i + 1)));
}

/* Begin of the figure that ends at i; i itself where none does. */
static size_t figure_begin(const struct draft *d, size_t i)
{
    size_t from = i;

    while (from && (ch_digit(d->cp[from - 1]) || (d->cp[from - 1] == '.' && ch_digit(d->cp[from]))))
        from--;
    return from;
}

/* The mark at i stands before a figure. */
static void figure_span(struct checker *c, size_t i)
{
    const struct draft *d = c->d;
    size_t from = figure_begin(d, i), to = figure_end(d, i + 1);

    if (word_before(d, i, "年|月|日") && i >= 2 && ch_digit(d->cp[i - 2])) { /* 2021年-2025年 */
        if (word_at(d, to, "年|月|日") && d->cp[i] != CH_EM)
            check_replace(c, "P24", i, i + 1, S("—"), "起止时间中间用一字线，不用“%.*s”",
                SF(draft_str(d, i, i + 1)));
        return;
    }
    if (from == i || !figure_starts(d, from) || ch_span(ch_before(d, from)))
        return;
    if (d->cp[i] == CH_EM && to - i - 1 <= 2 && word_before(d, from, "表|图")) {
        struct finding *f = check_say(c, "P26", i, i + 1, "图表的编号中间用短横线");
        check_suggest(c, f, S("-"));
        return;
    }
    span_time(c, i, from, to);
    span_value(c, i, from, to);
}

static void spans(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t i = 1; i + 1 < d->n; i++) {
        uint32_t before = d->cp[i - 1], next = d->cp[i + 1];
        if (!ch_span(d->cp[i]) || ch_span(before) || ch_span(next) ||
            (d->mask[i] & (MASK_URL | MASK_CODE)))
            continue;
        if ((d->cp[i] == CH_WAVE || d->cp[i] == '~') && utf8_is_han(before) && utf8_is_han(next) &&
            !ch_han_number(before) && !ch_han_number(next) && next != 0x7B2C)
            check_replace(c, "P27", i, i + 1, S("—"), "地点、时间的起止用一字线");
        if (ch_digit(next))
            figure_span(c, i);
    }
}

/* ---- P31, P32, P34 ---- */
/* A second colon in one sentence, outside quotation marks and brackets. */
static void colons(struct checker *c, const struct draft_line *x)
{
    const struct draft *d = c->d;
    size_t first = SIZE_MAX, depth = 0;

    for (size_t i = x->first; i < x->end; i++) {
        uint32_t ch = d->cp[i];
        depth += ch == CH_QUOTE || ch == CH_OPEN;
        depth -= depth && (ch == CH_UNQUOTE || ch == CH_CLOSE);
        if (depth)
            continue;
        if (ch_ends(ch) || ch == CH_SEMI)
            first = SIZE_MAX;
        if (ch != CH_COLON)
            continue;
        if (first == SIZE_MAX) {
            if (word_before(d, i, "指出|强调|要求|提出|认为|表示|决定|明确|如下"))
                first = i;
            continue;
        }
        struct finding *f = check_say(c, "P31", first, first + 1, "一句话里套用了两个冒号");
        check_suggest(c, f, S("，"));
        first = SIZE_MAX;
    }
}

static void questions(struct checker *c, const struct draft_line *x)
{
    for (size_t i = x->first; i < x->end; i++)
        if (c->d->cp[i] == CH_ASK && word_at(c->d, i + 1, "的|等"))
            (void)check_say(c, "P32", i, i + 1, "句子没有完，不用问号");
}

/* The last item of a list, line l, ends in a semicolon. */
static void last_item(struct checker *c, size_t l)
{
    const struct draft *d = c->d;
    const struct draft_line *x = &d->lines[l];
    size_t last = x->end, next = l + 1;

    while (last > x->first && ch_blank(d->cp[last - 1]))
        last--;
    if (last == x->first || d->cp[last - 1] != CH_SEMI)
        return;
    while (next < d->n_lines && d->lines[next].first == d->lines[next].end)
        next++;
    if (next == d->n_lines || d->lines[next].label == LABEL_H1) {
        struct finding *f = check_say(c, "P34", last - 1, last, "最后一项末尾用句号");
        check_suggest(c, f, S("。"));
    }
}

static void sentences(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t l = 0; l < d->n_lines; l++) {
        const struct draft_line *x = &d->lines[l];
        questions(c, x);
        if (x->kind == META_ROW)
            continue;
        colons(c, x);
        if (x->label != LABEL_NONE && x->label != LABEL_ARTICLE)
            last_item(c, l);
    }
}

/* ---- P38, P39 ---- */
static bool beside(const struct draft *d, size_t left, size_t right)
{
    uint32_t a = d->cp[left], b = d->cp[right];

    return (utf8_is_han(a) && (ch_digit(b) || ch_latin(b))) ||
           (utf8_is_han(b) && (ch_digit(a) || ch_latin(a)));
}

/* Blanks that part things: 1.2 总体目标, 图1 框架图, 通过 2019年9月27日…修正, a signature and its date. */
static bool parts(const struct draft *d, const struct draft_line *x, size_t i)
{
    size_t k = x->first, at;
    struct lex_date date;
    struct str rest = str_trim(draft_str(d, i + 1, x->end));
    size_t off = 0;

    k += word_at(d, k, "图|表|附件|附录|附");
    while (
        k < i && (ch_digit(d->cp[k]) || d->cp[k] == '.' || d->cp[k] == '-' || ch_blank(d->cp[k])))
        k++;
    if (k == i)
        return true;
    if (word_before(d, i, "过|准|正|订|布|议|号") && ch_digit(d->cp[i + 1]))
        return true;
    at = off;
    if (lex_date(rest, &off, false, &date) && off > at)
        return off == rest.n || str_ends(rest, S("印发"));
    return false;
}

static void indent(struct checker *c, const struct draft_line *x)
{
    const struct draft *d = c->d;
    bool tab = false;

    if (x->first == x->begin || x->end - x->first <= 20)
        return;
    for (size_t i = x->begin; i < x->first; i++)
        tab = tab || d->cp[i] == '\t';
    if (tab || (x->first - x->begin > 2 && d->cp[x->begin] == 0x3000))
        check_replace(c, "P39", x->begin, x->first, S("　　"), "用空格或制表符排版缩进");
}

static void blanks(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t l = 0; l < d->n_lines; l++) {
        const struct draft_line *x = &d->lines[l];
        if (x->kind == META_ROW)
            continue;
        indent(c, x);
        for (size_t i = x->label_end + 1; i + 1 < x->end; i++)
            if (ch_blank(d->cp[i]) && d->cp[i] != '\t' && /* a tab parts cells of a pasted table */
                i > x->first && !(d->mask[i] & MASK_CODE) && beside(d, i - 1, i + 1) &&
                !parts(d, x, i))
                check_replace(c, "P38", i, i + 1, S(""), "汉字和数字、字母之间不加空格");
    }
}

static const struct rule table[] = {
    {"P01", "中文里用了半角点号", CHECK_PUNCT, CHECK_ERROR, STRENGTH_MUST, "GB/T 15834—2011 5.1",
        true, 0, "请各单位,认真落实。", "请各单位，认真落实。", half_width},
    {"P02", "中文里用了半角括号", CHECK_PUNCT, CHECK_ERROR, STRENGTH_MUST, "GB/T 15834—2011 4.9",
        true, 0, "现印发管理办法(试行)。", "现印发管理办法（试行）。", pair_half_brackets},
    {"P03", "句末用了西文句点", CHECK_PUNCT, CHECK_ERROR, STRENGTH_MUST, "GB/T 15834—2011 4.1",
        true, 0, "请认真抓好落实.", "请认真抓好落实。", full_stops},
    {"P04", "中文里用了直引号", CHECK_PUNCT, CHECK_ERROR, STRENGTH_MUST, "GB/T 15834—2011 4.8",
        true, 0, "落实\"三重一大\"制度。", "落实“三重一大”制度。", pair_straight_quotes},
    {"P05", "用了直角引号", CHECK_PUNCT, CHECK_WARN, STRENGTH_SHOULD, "GB/T 15834—2011 4.8", true,
        0, "开展「回头看」。", "开展“回头看”。", pair_corner_quotes},
    {"P06", "引号、书名号、括号不成对", CHECK_PUNCT, CHECK_ERROR, STRENGTH_MUST,
        "GB/T 15834—2011 4.8、4.9、4.15", false, 0, "现将《管理办法印发给你们。",
        "现将《管理办法》印发给你们。", pair_stack},
    {"P07", "引号里面又用双引号", CHECK_PUNCT, CHECK_ERROR, STRENGTH_MUST, "GB/T 15834—2011 4.8",
        true, 0, "他说：“要落实“三重一大”制度。”", "他说：“要落实‘三重一大’制度。”", pair_stack},
    {"P08", "书名号里面又用双书名号", CHECK_PUNCT, CHECK_WARN, STRENGTH_MUST,
        "GB/T 15834—2011 4.15", true, 0, "见《关于印发《管理办法》的通知》。",
        "见《关于印发〈管理办法〉的通知》。", pair_stack},
    {"P09", "省略号写法", CHECK_PUNCT, CHECK_ERROR, STRENGTH_MUST, "GB/T 15834—2011 4.11", true, 0,
        "检查了矿山、电厂...都合格。", "检查了矿山、电厂……都合格。", marks},
    {"P10", "省略号和“等”连用", CHECK_PUNCT, CHECK_ERROR, STRENGTH_MUST, "GB/T 15834—2011 附录A",
        true, 0, "检查了矿山、电厂……等。", "检查了矿山、电厂等。", marks},
    {"P11", "省略号过长", CHECK_PUNCT, CHECK_ERROR, STRENGTH_MUST, "GB/T 15834—2011 4.11", true, 0,
        "检查了矿山、电厂………都合格。", "检查了矿山、电厂……都合格。", marks},
    {"P12", "破折号写法", CHECK_PUNCT, CHECK_ERROR, STRENGTH_MUST, "GB/T 15834—2011 4.10", true, 0,
        "围绕一个目标--高质量发展。", "围绕一个目标——高质量发展。", marks},
    {"P13", "“等”前面多了顿号", CHECK_PUNCT, CHECK_ERROR, STRENGTH_SHOULD, "GB/T 15834—2011", true,
        0, "做好安全、环保、等工作。", "做好安全、环保等工作。", marks},
    {"P14", "标点重复", CHECK_PUNCT, CHECK_ERROR, STRENGTH_MUST, "GB/T 15834—2011", true, 0,
        "会议原则同意。。", "会议原则同意。", marks},
    {"P15", "并列的书名号、引号之间用了顿号", CHECK_PUNCT, CHECK_HINT, STRENGTH_MAY,
        "GB/T 15834—2011 4.5.3.5", true, 0, "学习《准则》、《条例》。", "学习《准则》《条例》。",
        pair_lists},
    {"P16", "有括注的书名号之间缺顿号", CHECK_PUNCT, CHECK_HINT, STRENGTH_SHOULD,
        "GB/T 15834—2011 4.5.3.5", false, 0, "依照《办法》（2024年）《细则》（2025年）办理。",
        "依照《办法》（2024年）、《细则》（2025年）办理。", pair_lists},
    {"P17", "概数中间用了顿号", CHECK_PUNCT, CHECK_ERROR, STRENGTH_MUST, "GB/T 15834—2011", true, 0,
        "用三、五天完成。", "用三五天完成。", ordinals},
    {"P18", "缩略的序数之间缺顿号", CHECK_PUNCT, CHECK_HINT, STRENGTH_SHOULD, "GB/T 15834—2011",
        false, 0, "二三季度完成改造。", "二、三季度完成改造。", ordinals},
    {"P19", "（一）后面加了标点", CHECK_PUNCT, CHECK_ERROR, STRENGTH_SHOULD,
        "GB/T 15834—2011 附录B", true, 0, "（一）、加强领导。", "（一）加强领导。", labels},
    {"P20", "阿拉伯数字序号的标点", CHECK_PUNCT, CHECK_ERROR, STRENGTH_SHOULD,
        "GB/T 15834—2011 附录B", true, 0, "1、加强领导。", "1.加强领导。", labels},
    {"P21", "汉字序号的标点", CHECK_PUNCT, CHECK_ERROR, STRENGTH_SHOULD, "GB/T 15834—2011 附录B",
        true, 0, "一.总体要求", "一、总体要求", labels},
    {"P22", "“第一”“首先”后面用了顿号", CHECK_PUNCT, CHECK_WARN, STRENGTH_SHOULD,
        "GB/T 15834—2011 4.4", true, 0, "首先、提高认识。", "首先，提高认识。", ordinals},
    {"P23", "（1）后面加了标点", CHECK_PUNCT, CHECK_ERROR, STRENGTH_SHOULD, "GB/T 15834—2011 附录B",
        true, 0, "（1）、加强领导。", "（1）加强领导。", labels},
    {"P24", "起止时间没有用一字线", CHECK_PUNCT, CHECK_WARN, STRENGTH_SHOULD,
        "GB/T 15834—2011 4.13", true, 0, "在2021-2025年建成。", "在2021—2025年建成。", spans},
    {"P25", "数值范围没有用浪纹线", CHECK_PUNCT, CHECK_WARN, STRENGTH_SHOULD,
        "GB/T 15834—2011 4.13", true, 0, "工期为15-30天。", "工期为15～30天。", spans},
    {"P26", "图表编号没有用短横线", CHECK_PUNCT, CHECK_HINT, STRENGTH_SHOULD,
        "GB/T 15834—2011 4.13", false, 0, "数据见表2—8。", "数据见表2-8。", spans},
    {"P27", "地点、时间的起止没有用一字线", CHECK_PUNCT, CHECK_WARN, STRENGTH_SHOULD,
        "GB/T 15834—2011 4.13", true, 0, "开通北京～上海航线。", "开通北京—上海航线。", spans},
    {"P28", "外国人名的间隔号", CHECK_PUNCT, CHECK_ERROR, STRENGTH_MUST, "GB/T 15834—2011 4.14",
        true, 0, "卡尔.马克思的著作", "卡尔·马克思的著作", full_stops},
    {"P29", "书名里间隔号和连词并用", CHECK_PUNCT, CHECK_WARN, STRENGTH_SHOULD,
        "GB/T 15834—2011 附录A", false, 0, "阅读《水星·火星和金星》。", "阅读《水星·火星·金星》。",
        pair_titles},
    {"P30", "活动、课程、奖项的名称用了书名号", CHECK_PUNCT, CHECK_WARN, STRENGTH_SHOULD,
        "GB/T 15834—2011 附录A.13", false, 0, "组织《青年先锋》主题活动。",
        "组织“青年先锋”主题活动。", pair_titles},
    {"P31", "一句话里套用冒号", CHECK_PUNCT, CHECK_HINT, STRENGTH_SHOULD, "GB/T 15834—2011", false,
        0, "会议指出：要做到：责任明确。", "会议指出，要做到：责任明确。", sentences},
    {"P32", "句中用了问号", CHECK_PUNCT, CHECK_HINT, STRENGTH_SHOULD, "GB/T 15834—2011 4.2", false,
        0, "明确谁来干、怎么干？的责任。", "明确谁来干、怎么干的责任。", sentences},
    {"P33", "句中括号里用了句号", CHECK_PUNCT, CHECK_WARN, STRENGTH_SHOULD, "GB/T 15834—2011 4.9",
        true, 0, "名单另发（见附件。），请核对。", "名单另发（见附件），请核对。", pair_inner_stop},
    {"P34", "最后一项末尾用了分号", CHECK_PUNCT, CHECK_HINT, STRENGTH_SHOULD, "GB/T 15834—2011 4.6",
        false, 0, "（一）明确责任；\n（二）按时反馈；", "（一）明确责任；\n（二）按时反馈。",
        sentences},
    {"P35", "顿号后面又用连词", CHECK_PUNCT, CHECK_WARN, STRENGTH_SHOULD, "GB/T 15834—2011 4.5",
        true, 0, "做好安全、和环保工作。", "做好安全和环保工作。", marks},
    {"P37", "句号放在了引语里面", CHECK_PUNCT, CHECK_HINT, STRENGTH_SHOULD, "GB/T 15834—2011 附录B",
        false, 0, "会议要求“压实各方责任。”", "会议要求“压实各方责任”。", pair_inner_stop},
    /* A hint: 6 in 10,000 characters of published text, whole documents set that way. */
    {"P38", "汉字和数字之间加了空格", CHECK_PUNCT, CHECK_HINT, STRENGTH_SHOULD, "惯例", true, 0,
        "在2026 年完成。", "在2026年完成。", blanks},
    {"P39", "用空格排版缩进", CHECK_PUNCT, CHECK_HINT, STRENGTH_SHOULD, "惯例", true, 0,
        "　　　　各单位要认真落实本通知的各项要求，按时报送有关材料。",
        "　　各单位要认真落实本通知的各项要求，按时报送有关材料。", blanks},
};
const struct rule_table rules_punct = {table, COUNT(table)};
