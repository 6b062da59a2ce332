#include "paper/words.h"

#include <string.h>
#include <unicode/ubrk.h>

#include "base/utf8.h"

enum {
    PIECE_MAX = 512, /* Chinese characters between two marks; beyond it they are cut apart */
    RUN_LONG = 4     /* as many single characters side by side are two words or more */
};

/* clang-format off */
/* What the dictionary has not, or parts in the wrong place, and terms of several words, parted by '/'. Written for this project; each was tried
 * on titles of published documents. */
static const uint32_t *const office[] = {
    /* words */
    U"整改", U"进展", U"印发", U"纪检", U"离退休", U"差旅费", U"国资委", U"发改委", U"征求/意见稿", U"讨论稿", U"送审稿", U"党支部", U"党总支", U"党小组",
    U"党委会", U"党务", U"党建", U"职代会", U"分公司", U"子公司", U"总公司", U"母公司", U"总承包", U"分包", U"劳务", U"项目部", U"指挥部", U"事业部", U"总经理",
    U"副总经理", U"总会计师", U"总工程师", U"副书记", U"副主任", U"副主席", U"农民工", U"合作方", U"出口端", U"进口端", U"示范点", U"联系点", U"信访", U"舆情",
    U"群众性", U"责任制", U"责任人", U"负责人", U"进度款", U"工程款", U"预付款", U"保证金", U"资本金", U"奖金", U"周转金", U"公积金", U"督办", U"督查", U"督导",
    U"专项", U"准入", U"办公会", U"现场会", U"推进会", U"动员会", U"座谈会", U"生活会", U"培训班", U"稳中求进", U"从严治党", U"减负", U"增资", U"扩股", U"选聘",
    U"竞聘", U"上岗", U"岗前", U"岗位", U"入职", U"任前", U"换届", U"届中", U"测评", U"问责", U"追责", U"扬尘", U"管廊", U"片区", U"扰民", U"反腐败", U"高质量",
    U"投资者", U"消费者", U"创新型", U"应用型", U"大学生", U"毕业生", U"新时代", U"全过程", U"全集团", U"全公司", U"全系统", U"再生水", U"有限公司",
    U"办公厅", U"办公室", U"委员会", U"国庆节", U"中秋节", U"劳动节", U"快速路", U"会风", U"家风", U"作风", U"学风", U"用印", U"用电", U"用工", U"用地",
    U"代表人", U"标准化", U"数字化", U"信息化", U"规范化", U"常态化", U"智能化", U"精细化", U"年中", U"年终", U"年末", U"年初",
    /* terms */
    U"中华人民共和国", U"中国/共产党", U"全国/人民/代表/大会", U"人民/代表/大会", U"常务/委员会", U"人大", U"人民/政府", U"人民/法院", U"人民/检察院",
    U"建设/工程",
    U"安全/生产", U"安全/生产/月", U"固定/资产", U"无形/资产", U"国有/资产", U"国有/企业", U"领导/干部", U"领导/小组", U"领导/班子", U"民主/生活会",
    U"组织/生活会", U"民主/评议", U"民主/集中制", U"实施/意见", U"实施/方案", U"实施/细则", U"实施/办法", U"指导/意见", U"管理/办法", U"管理/规定",
    U"管理/制度", U"暂行/办法", U"暂行/规定", U"工作/方案", U"工作/规则", U"工作/报告", U"工作/总结", U"工作/要点", U"工作/计划", U"工作/会议", U"若干/规定",
    U"若干/措施", U"若干/意见", U"紧急/通知", U"情况/通报", U"情况/报告", U"八项/规定", U"中央/八项/规定", U"形式/主义", U"官僚/主义", U"党风/廉政",
    U"廉洁/从业", U"招标/投标", U"轨道/交通", U"高速/公路", U"职工/代表/大会", U"党员/大会", U"法定/代表人", U"先进/集体", U"先进/个人", U"优秀/共产党员",
    U"突发/事件", U"应急/预案", U"应急/救援", U"长效/机制", U"思想/政治", U"意识/形态", U"网络/安全", U"信息/安全", U"数据/安全", U"食品/安全",
    U"消防/安全", U"纪检/监察", U"全面/预算", U"基本/建设", U"人力/资源", U"财务/报表", U"财务/管理", U"环境/保护", U"生态/环境", U"社会/责任",
    U"组成/人员", U"等级/保护", U"联席/会议", U"专题/会议", U"专题/民主/生活会", U"主题/教育", U"主题/党日", U"文明/工地", U"文明/单位", U"物体/打击",
    U"走访/慰问", U"招商/引资", U"疫情/防控", U"防汛/抗旱", U"森林/防火", U"隐患/排查", U"风险/防控", U"资金/计划", U"办公室/主任", U"中层/干部",
    U"劳动/合同", U"劳动/纪律", U"知识/产权", U"技术/标准", U"质量/管理", U"中心/组", U"理论/学习", U"理论/学习/中心/组", U"党组织/书记", U"监事/会",
    U"董事/会", U"股东/大会", U"股东/会", U"挂职/锻炼", U"年度/考核", U"绩效/考核", U"目标/管理", U"目标/责任书", U"责任/状", U"不动产", U"总经理/办公会",
    U"党委/会议", U"保密/委员会", U"公文/处理", U"档案/管理", U"安全/隐患", U"重大/事项", U"重要/事项", U"有关/事项", U"有关/问题", U"有关/情况",
    U"收支/计划", U"注册/资本", U"注册/地址", U"项目/经理", U"项目/管理", U"经济/责任/审计", U"内部/审计", U"内部/控制", U"依法/治企", U"改革/深化",
};
/* clang-format on */
static const uint32_t little[] =
    U"的和与及暨或并等在对为向由以从至按将把被使让于上中下其各不是有了要也都就";
static const uint32_t numerals[] = U"零〇一二两三四五六七八九十百千";
static const uint32_t measures[] = U"年月日号届次期项条章份个家名件元吨米类级批轮周集卷大";
static const uint32_t year_tails[] = U"度底初末级";
/* One character behind or in front of a word that makes one word with it. */
static const uint32_t endings[] =
    U"会社部处科组队站厂所局委室者员率法化性案书表费金证稿区县市省镇村街路"
    "桥院校班司署厅办长级型制权款"
    "税线库网点人品物业期园车师团节体度额量力地";
static const uint32_t fronts[] = U"副总分子新党反非未全各本原老大小高低多超无再微准";
/* clang-format on */

static bool in(const uint32_t *set, uint32_t cp)
{
    while (*set && *set != cp)
        set++;
    return *set != 0;
}

static bool digit(uint32_t cp)
{
    return cp >= '0' && cp <= '9';
}

static bool between_digits(uint32_t cp)
{
    return cp == '.' || cp == ',' || cp == '-' || cp == '/' || cp == 0xB7 /* · */ ||
           cp == 0x2014 /* — */ || cp == 0x2013 || cp == 0xFF5E /* ～ */ || cp == '~';
}

/* ---- numbers ---- */

/* The end of the number that begins at i, with its measure (第十五届, 2026年度, 6·12), or i. `closed`: it is a
 * word of its own: 30名 is, 第三次|全体会议 and 第三|分公司 want what they count. */
static size_t number_end(const uint32_t *cp, size_t n, size_t i, bool *closed)
{
    bool ordinal = cp[i] == 0x7B2C /* 第 */;
    size_t begin = i + ordinal, k = begin;

    *closed = false;
    while (k < n && (digit(cp[k]) || (k > begin && k + 1 < n && between_digits(cp[k]) &&
                                         digit(cp[k - 1]) && digit(cp[k + 1]))))
        k++;
    if (k == begin) {
        while (k < n && in(numerals, cp[k]))
            k++;
        if (k - begin < (ordinal ? 1 : 2))
            return i;
    }
    while (k < n && (cp[k] == '%' || cp[k] == 0x2030 || cp[k] == 0xFF05))
        k++;
    while (k < n && (cp[k] == 0x4E07 /* 万 */ || cp[k] == 0x4EBF /* 亿 */))
        k++;
    if (k < n && in(measures, cp[k])) {
        *closed = !ordinal;
        k += cp[k] == 0x5468 && k + 1 < n && cp[k + 1] == 0x5E74; /* 周年 */
        if (cp[k++] == 0x5E74 /* 年 */)
            k += k < n && in(year_tails, cp[k]);
    }
    return k;
}

/* ---- the dictionary ---- */

/* Chinese characters without anything between them: where ICU parts them. */
static void piece_find(UBreakIterator *b, const uint32_t *cp, size_t n, uint8_t *gap)
{
    UChar text[2 * PIECE_MAX];
    size_t at[2 * PIECE_MAX + 1]; /* character that begins at a unit */
    int32_t units = 0;
    UErrorCode code = U_ZERO_ERROR;

    for (size_t i = 0; i < n; i++) {
        at[units] = i;
        if (cp[i] > 0xFFFF) {
            at[units + 1] = i;
            text[units++] = (UChar)(0xD7C0 + (cp[i] >> 10));
            text[units++] = (UChar)(0xDC00 + (cp[i] & 0x3FF));
        } else {
            text[units++] = (UChar)cp[i];
        }
    }
    at[units] = n;
    if (b)
        ubrk_setText(b, text, units, &code);
    if (!b || U_FAILURE(code)) {
        memset(gap + 1, WORD_DOUBT, n - 1);
        return;
    }
    memset(gap + 1, WORD_INSIDE, n - 1);
    for (int32_t k = ubrk_first(b); k != UBRK_DONE; k = ubrk_next(b))
        if (at[k] > 0 && at[k] < n)
            gap[at[k]] = WORD_END;
}

/* ---- words and terms of offices ---- */

static size_t token_end(const uint8_t *gap, size_t n, size_t i)
{
    do
        i++;
    while (i < n && gap[i] == WORD_INSIDE);
    return i;
}

/* How many characters of the table's word stand at i; marks what parts them where `gap` is not NULL. */
static size_t office_match(const uint32_t *word, const uint32_t *cp, size_t n, uint8_t *gap)
{
    uint8_t next = WORD_END;
    size_t k = 0;

    for (; *word; word++) {
        if (*word == '/') {
            next = WORD_TERM;
            continue;
        }
        if (k == n || cp[k] != *word)
            return 0;
        if (gap && k > 0)
            gap[k] = next;
        next = WORD_INSIDE;
        k++;
    }
    return k;
}

static const uint32_t *office_longest(const uint32_t *cp, size_t n, size_t *len)
{
    const uint32_t *word = NULL;

    *len = 0;
    for (size_t i = 0; i < sizeof office / sizeof *office; i++) {
        size_t k = office_match(office[i], cp, n, NULL);
        if (k > *len) {
            *len = k;
            word = office[i];
        }
    }
    return word;
}

/* Where words of the table that begin at i end together with one of the dictionary's, or i: 整改进展, which it reads 整｜改进｜展. 的 may be the
 * rest of a word (法定代表人的: 代表｜人的). */
static size_t office_chain(const uint32_t *cp, size_t n, const uint8_t *gap, size_t i)
{
    size_t k = i, len;

    do {
        office_longest(cp + k, n - k, &len);
        if (len == 0 && k > i && cp[k] == 0x7684)
            len = 1;
        k += len;
    } while (len > 0 && k < n && gap[k] == WORD_INSIDE);
    return len > 0 ? k : i;
}

/* Words of the table stand where one of the dictionary's begins. */
static void office_find(const uint32_t *cp, size_t n, uint8_t *gap)
{
    for (size_t i = 0; i < n;) {
        size_t k = office_chain(cp, n, gap, i);
        if (k == i)
            i = token_end(gap, n, i);
        for (size_t len; i < k; i += len) {
            const uint32_t *word = office_longest(cp + i, k - i, &len);
            if (i > 0)
                gap[i] = WORD_END;
            if (word)
                office_match(word, cp + i, len, gap + i);
            else
                len = 1; /* 的 */
        }
    }
}

/* ---- what the dictionary leaves as single characters ---- */

static bool lone(const uint32_t *cp, const uint8_t *gap, size_t n, size_t i)
{
    return token_end(gap, n, i) == i + 1 && !in(little, cp[i]);
}

static void join(uint8_t *gap, size_t n, size_t i, enum word_gap g)
{
    if (i > 0 && i < n && gap[i] == WORD_END)
        gap[i] = (uint8_t)g;
}

/* Single characters [begin, end) that are no little words. `before`, `behind`: a word of two and more stands there. */
static void run_join(
    const uint32_t *cp, size_t n, uint8_t *gap, size_t begin, size_t end, bool before, bool behind)
{
    bool ending = before && in(endings, cp[begin]), front = behind && in(fronts, cp[end - 1]),
         odd = (end - begin) % 2;

    if (end - begin == 1) {
        join(gap, n, ending ? begin : end, ending || front ? WORD_INSIDE : WORD_DOUBT);
        if (!ending && !front)
            join(gap, n, begin, before ? WORD_DOUBT : WORD_END);
        return;
    }
    if (odd ? ending : ending && front) /* 办公室|印发, 保税区|高水平 */
        join(gap, n, begin++, WORD_INSIDE);
    if (front && ending != odd)
        join(gap, n, end--, WORD_INSIDE);
    for (size_t i = begin + 1; i < end; i++)
        join(gap, n, i, end - begin >= RUN_LONG && (i - begin) % 2 == 0 ? WORD_DOUBT : WORD_INSIDE);
}

static void singles_find(const uint32_t *cp, size_t n, uint8_t *gap)
{
    bool before = false;

    for (size_t i = 0; i < n;) {
        size_t k = i;
        while (k < n && lone(cp, gap, n, k))
            k++;
        if (k == i) {
            k = token_end(gap, n, i);
            before = k - i > 1;
        } else {
            run_join(cp, n, gap, i, k, before, k < n && token_end(gap, n, k) > k + 1);
            before = true;
        }
        i = k;
    }
}

/* ---- all of it ---- */

static size_t han_end(const uint32_t *cp, size_t n, size_t i)
{
    size_t k = i;
    bool closed;

    while (k < n && k - i < PIECE_MAX && utf8_is_han(cp[k]) &&
           (k == i || number_end(cp, n, k, &closed) == k))
        k++;
    return k;
}

/* Latin letters, digits and their marks side by side: PPP, 5G, A/B. */
static bool ascii_pair(uint32_t x, uint32_t y)
{
    return x > ' ' && x < 0x80 && y > ' ' && y < 0x80;
}

void words_find(const uint32_t *cp, size_t n, uint8_t *gap)
{
    UErrorCode code = U_ZERO_ERROR;
    UBreakIterator *b = ubrk_open(UBRK_WORD, "zh", NULL, 0, &code);
    bool closed = true, number = false; /* of what is in front */

    for (size_t i = 0, k; i < n; i = k) {
        bool date = number && digit(cp[i]); /* 2026年|7月 */
        gap[i] =
            date || (!closed && utf8_is_han(cp[i]) && !in(little, cp[i])) ? WORD_TERM : WORD_END;
        if (i > 0 && ascii_pair(cp[i - 1], cp[i]))
            gap[i] = WORD_INSIDE;
        k = number_end(cp, n, i, &closed);
        number = k > i;
        if (number) {
            memset(gap + i + 1, WORD_INSIDE, k - i - 1);
            continue;
        }
        closed = true;
        k = han_end(cp, n, i);
        if (k == i) {
            k++;
            continue;
        }
        piece_find(b, cp + i, k - i, gap + i);
        office_find(cp + i, k - i, gap + i);
        singles_find(cp + i, k - i, gap + i);
    }
    if (b)
        ubrk_close(b);
}
