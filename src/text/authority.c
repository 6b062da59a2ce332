#include "text/authority.h"

#include "base/utf8.h"
#include "text/lex.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { ORGAN_CP_MIN = 2, ORGAN_CP_MAX = 40, PLACE_CP_MIN = 2 };

struct weight {
    struct str name;
    uint8_t value;
};

/* Whole names (without 中华人民共和国 in front). */
static const struct weight central[] = {
    {SC("中国共产党全国代表大会"), 96},
    {SC("中共中央"), 95},
    {SC("中国共产党中央委员会"), 95},
    {SC("全国人民代表大会"), 95},
    {SC("全国人大"), 95},
    {SC("全国人民代表大会常务委员会"), 94},
    {SC("全国人大常委会"), 94},
    {SC("全国人大及其常委会"), 94},
    {SC("国务院"), 94},
    {SC("主席"), 94},
    {SC("中央军事委员会"), 94},
    {SC("中央军委"), 94},
    {SC("中共中央办公厅"), 92},
    {SC("中央办公厅"), 92},
    {SC("中办"), 92},
    {SC("国务院办公厅"), 91},
    {SC("国办"), 91},
    {SC("全国人大常委会办公厅"), 91},
    {SC("中共中央纪律检查委员会"), 90},
    {SC("中央纪委"), 90},
    {SC("中央纪律检查委员会"), 90},
    {SC("国家监察委员会"), 90},
    {SC("中央纪委国家监委"), 90},
    {SC("中国人民政治协商会议全国委员会"), 90},
    {SC("最高人民法院"), 75},
    {SC("最高人民检察院"), 75},
};

/* How the names of departments at the centre begin; what follows is their office (办公厅) or nothing. */
static const struct str departments[] = {SC("中央组织部"), SC("中共中央组织部"), SC("中央宣传部"),
    SC("中共中央宣传部"), SC("中央统战部"), SC("中央政法委"), SC("中央网信办"), SC("中央编办"),
    SC("中央网络安全和信息化委员会办公室"), SC("中共中央"), SC("中央机构编制委员会办公室"),
    SC("外交部"), SC("国防部"), SC("国家发展和改革委员会"), SC("国家发展改革委"), SC("国家计委"),
    SC("国家计划委员会"), SC("国家经贸委"), SC("教育部"), SC("国家教委"), SC("科学技术部"),
    SC("科技部"), SC("工业和信息化部"), SC("国家民族事务委员会"), SC("国家民委"), SC("公安部"),
    SC("国家安全部"), SC("民政部"), SC("司法部"), SC("财政部"), SC("人力资源和社会保障部"),
    SC("人力资源社会保障部"), SC("劳动和社会保障部"), SC("劳动部"), SC("人事部"), SC("自然资源部"),
    SC("国土资源部"), SC("生态环境部"), SC("环境保护部"), SC("住房和城乡建设部"),
    SC("住房城乡建设部"), SC("建设部"), SC("交通运输部"), SC("交通部"), SC("铁道部"), SC("水利部"),
    SC("农业农村部"), SC("农业部"), SC("商务部"), SC("文化和旅游部"), SC("文化部"),
    SC("国家卫生健康委员会"), SC("国家卫生健康委"), SC("卫生部"), SC("退役军人事务部"),
    SC("应急管理部"), SC("中国人民银行"), SC("审计署"), SC("国务院国有资产监督管理委员会"),
    SC("国务院国资委"), SC("国资委"), SC("海关总署"), SC("国家税务总局"), SC("税务总局"),
    SC("国家市场监督管理总局"), SC("市场监督管理总局"), SC("市场监管总局"),
    SC("国家金融监督管理总局"), SC("中国证券监督管理委员会"), SC("中国证监会"), SC("证监会"),
    SC("中国银行保险监督管理委员会"), SC("中国银保监会"), SC("银保监会"), SC("国家广播电视总局"),
    SC("国家体育总局"), SC("国家统计局"), SC("国家知识产权局"), SC("国家国际发展合作署"),
    SC("国家医疗保障局"), SC("国家机关事务管理局"), SC("国家信访局"), SC("国家数据局"),
    SC("国家能源局"), SC("国家药品监督管理局"), SC("国家药监局"), SC("国家铁路局"),
    SC("国家邮政局"), SC("国家林业和草原局"), SC("国家粮食和物资储备局"), SC("国家档案局"),
    SC("国家保密局"), SC("国家密码管理局"), SC("国家文物局"), SC("国家移民管理局"),
    SC("国家中医药管理局"), SC("国家疾病预防控制局"), SC("国家矿山安全监察局"),
    SC("国家消防救援局"), SC("国家外汇管理局"), SC("国家航天局"), SC("中国民用航空局"),
    SC("中国民航局"), SC("中国气象局"), SC("中国地震局"), SC("中国科学院"), SC("中国工程院"),
    SC("中国社会科学院"), SC("国家互联网信息办公室"), SC("国家网信办"), SC("国务院扶贫办"),
    SC("国务院港澳事务办公室"), SC("国务院台湾事务办公室"), SC("国务院法制办"),
    SC("国家工商行政管理"), SC("国家质量监督检验检疫"), SC("国家食品药品监督管理"),
    SC("国家新闻出版"), SC("国家安全生产监督管理"), SC("国家环境保护"), SC("国务院学位委员会"),
    SC("国务院安委会"), SC("全国总工会"), SC("中华全国总工会"), SC("共青团中央"), SC("全国妇联")};

static const struct str provinces[] = {SC("北京"), SC("天津"), SC("上海"), SC("重庆"), SC("河北"),
    SC("山西"), SC("辽宁"), SC("吉林"), SC("黑龙江"), SC("江苏"), SC("浙江"), SC("安徽"),
    SC("福建"), SC("江西"), SC("山东"), SC("河南"), SC("湖北"), SC("湖南"), SC("广东"), SC("海南"),
    SC("四川"), SC("贵州"), SC("云南"), SC("陕西"), SC("甘肃"), SC("青海"), SC("台湾"),
    SC("内蒙古"), SC("广西"), SC("西藏"), SC("宁夏"), SC("新疆")};
enum { MUNICIPALITIES = 4 }; /* the first four of them */

static const struct str organ_ends[] = {SC("国务院"), SC("部"), SC("委员会"), SC("委"), SC("局"),
    SC("署"), SC("厅"), SC("办公室"), SC("办"), SC("政府"), SC("代表大会"), SC("人大"),
    SC("常委会"), SC("政协"), SC("法院"), SC("检察院"), SC("公司"), SC("集团"), SC("党组"),
    SC("党委"), SC("纪委"), SC("监委"), SC("工会"), SC("协会"), SC("学会"), SC("联合会"),
    SC("妇联"), SC("团委"), SC("中心"), SC("银行"), SC("大学"), SC("学院"), SC("研究院"),
    SC("科学院"), SC("工程院"), SC("指挥部"), SC("领导小组"), SC("工作组"), SC("总社"), SC("总队"),
    SC("支队"), SC("中共中央"), SC("中央军委"), SC("理事会"), SC("董事会"), SC("监事会"),
    SC("管委会"), SC("居委会"), SC("总公司"), SC("处"), SC("总工会"), SC("省委"), SC("市委"),
    SC("区委"), SC("县委"), SC("证监会"), SC("银保监会"), SC("保监会"), SC("银监会"),
    SC("联席会议"), SC("供销社"), SC("社")};

/* What only sentences hold. */
static const struct str not_in_names[] = {SC("的"), SC("了"), SC("是"), SC("在"), SC("请"),
    SC("为"), SC("按"), SC("《"), SC("关于"), SC("印发"), SC("转发"), SC("通知"), SC("各"),
    SC("本通"), SC("经济社会"), SC("其他"), SC("有关"), SC("召开"), SC("会同"), SC("负责"),
    SC("牵头")};

static bool next_name(struct str *rest, struct str *name)
{
    size_t at = 0;

    *rest = str_trim(*rest);
    while (str_eat(rest, S("、")) || str_eat(rest, S("，")))
        *rest = str_trim(*rest);
    if (rest->n == 0)
        return false;
    while (at < rest->n) {
        size_t next = at;
        uint32_t cp = utf8_next(*rest, &next);
        if (cp == 0x3001 || cp == 0xFF0C || cp == '\n' || lex_blanks(*rest, at) > at)
            break;
        at = next;
    }
    *name = str_sub(*rest, 0, at);
    *rest = str_sub(*rest, at, rest->n);
    return true;
}

static bool one_organ(struct str name)
{
    size_t cp = utf8_len_cp(name), at = 0;
    bool known = false;

    if (cp < ORGAN_CP_MIN || cp > ORGAN_CP_MAX)
        return false;
    while (at < name.n) {
        uint32_t c = utf8_next(name, &at);
        if (!utf8_is_han(c) && c != 0xFF08 && c != 0xFF09 && c != '(' && c != ')' && c != 0xB7 &&
            c != 0x201C && c != 0x201D && !(c < 0x80 && c > ' ' && lex_digit(c) < 0))
            return false;
    }
    for (size_t i = 0; i < COUNT(not_in_names); i++)
        if (str_has(name, not_in_names[i]))
            return false;
    for (size_t i = 0; i < COUNT(organ_ends) && !known; i++)
        known = str_ends(name, organ_ends[i]);
    return known;
}

bool authority_is_organ(struct str name)
{
    struct str rest = name, one;
    int n = 0;

    while (next_name(&rest, &one)) {
        if (!one_organ(one))
            return false;
        n++;
    }
    return n > 0 && n <= 30;
}

/* How far down a name goes, told by its form: 某某省…, 某某市…, whatever the place is called. From below, for a
 * county's name holds its city's and province's too. `but` (parted by blanks): words that hold the mark
 * and name no place. */
static const struct {
    struct str mark;
    const char *but;
    uint8_t value;
} steps[] = {
    {SC("街道"), NULL, 35},
    {SC("镇人民"), NULL, 35},
    {SC("乡人民"), NULL, 35},
    {SC("镇党委"), NULL, 35},
    {SC("乡党委"), NULL, 35},
    {SC("县"), "县域 县级", 40},
    {SC("旗"), "旗下 红旗", 40},
    {SC("区人民"), "自治区人民", 40},
    {SC("区委"), "自治区委 社区委 小区委", 40},
    {SC("自治州"), NULL, 50},
    {SC("州人民"), NULL, 50},
    {SC("市"), "市场 市政 市民 市容 市级 市值 城市 都市 股市 上市 超市", 50}, /* 省市场监督管理局 */
    {SC("省"), "省级 省际 省部 省属", 60},
    {SC("自治区"), NULL, 60},
};

/* The mark at `at` is a part of one of the words. */
static bool in_word(struct str s, size_t at, struct str mark, const char *words)
{
    struct str rest = words ? str_z(words) : S(""), word;

    while (rest.n) {
        size_t off;
        if (!str_cut(rest, S(" "), &word, &rest)) {
            word = rest;
            rest = S("");
        }
        off = str_find(word, mark, 0);
        if (off <= at && str_starts(str_sub(s, at - off, s.n), word))
            return true;
    }
    return false;
}

/* The mark stands behind a name of two characters or more, or begins the name (省委办公厅): 各市, 全省 are nobody's. */
static bool stands(struct str s, struct str mark, const char *but)
{
    for (size_t at = str_find(s, mark, 0); at != SIZE_MAX; at = str_find(s, mark, at + mark.n))
        if ((at == 0 || utf8_len_cp(str_sub(s, 0, at)) >= PLACE_CP_MIN) &&
            !in_word(s, at, mark, but))
            return true;
    return false;
}

static uint8_t local_weight(struct str s)
{
    size_t first = COUNT(provinces);
    struct str rest = s;

    if (!str_eat(&rest, S("中共")))
        str_eat(&rest, S("共青团"));
    s = rest;
    for (size_t i = 0; i < COUNT(provinces) && first == COUNT(provinces); i++)
        if (str_eat(&rest, provinces[i]))
            first = i;
    if (first <
        MUNICIPALITIES) { /* a province that is called a city; its districts stand with counties */
        str_eat(&rest, S("市"));
        if (stands(s, S("区"), "自治区 社区 小区"))
            return 40;
        s = rest;
    }
    for (size_t i = 0; i < COUNT(steps); i++)
        if (stands(s, steps[i].mark, steps[i].but))
            return steps[i].value;
    return first < COUNT(provinces) ? 60 : 0;
}

static bool is_enterprise(struct str s)
{
    static const struct str ends[] = {SC("公司"), SC("集团"), SC("公司党委"), SC("集团党委"),
        SC("公司党组"), SC("厂"), SC("公司办公室"), SC("集团办公室"), SC("公司工会"),
        SC("公司纪委"), SC("集团党委办公室"), SC("公司党委办公室")};

    for (size_t i = 0; i < COUNT(ends); i++)
        if (str_ends(s, ends[i]))
            return true;
    return str_has(s, S("有限公司")) || str_has(s, S("集团公司"));
}

/* A department of a local government stands a step below it. */
static bool is_department(struct str s)
{
    return str_ends(s, S("局")) || str_ends(s, S("厅")) || str_ends(s, S("处")) ||
           str_ends(s, S("办公室")) || str_ends(s, S("办")) || str_ends(s, S("中心"));
}

static uint8_t one_weight(struct str name)
{
    struct str s = name;
    uint8_t local;

    str_eat(&s, S("中华人民共和国"));
    for (size_t i = 0; i < COUNT(central); i++)
        if (str_eq(s, central[i].name))
            return central[i].value;
    if (is_enterprise(s))
        return AUTHORITY_ENTERPRISE;
    for (size_t i = 0; i < COUNT(departments); i++)
        if (str_starts(s, departments[i]))
            return str_ends(s, S("办公厅")) && !str_eq(s, departments[i]) ? 72 : 75;
    local = local_weight(s);
    if (local == 0)
        return AUTHORITY_UNKNOWN;
    return is_department(s) ? (uint8_t)(local - 5) : local;
}

uint8_t authority_of(struct str issuer)
{
    struct str rest = issuer, one;
    uint8_t best = AUTHORITY_UNKNOWN;

    while (next_name(&rest, &one)) {
        uint8_t w = one_weight(one);
        if (w > best)
            best = w;
    }
    return best;
}

struct str authority_in_title(struct str title)
{
    static const struct str marks[] = {
        SC("关于"), SC("转发"), SC("批转"), SC("印发"), SC("公告"), SC("令")};
    struct str s = str_trim(title), head = {s.p, 0};
    size_t first = SIZE_MAX;

    for (size_t i = 0; i < COUNT(marks); i++) {
        size_t at = str_find(s, marks[i], 0);
        if (at < first)
            first = at;
    }
    if (first != SIZE_MAX && first > 0)
        head = str_trim(str_sub(s, 0, first));
    if (head.n && authority_is_organ(head))
        return head;
    first = str_find(s, S("国务院政府工作报告"), 0);
    if (first != SIZE_MAX)
        return str_sub(s, first, S("国务院").n);
    for (size_t i = 0; i < COUNT(central); i++) { /* 国务院办公厅对…建议的答复 */
        struct str rest = s;
        if (str_eat(&rest, central[i].name) && str_starts(rest, S("对")))
            return str_sub(s, 0, central[i].name.n);
    }
    return (struct str){s.p, 0};
}
