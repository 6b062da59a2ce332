/* One thing written in two ways inside one draft. Names and titles of persons are left to the unit's own table
 * (rules_term.c): nothing here guesses what a name is. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "text/figures.h"
#include "text/rule_chars.h"

enum {
    NAME_MIN = 6, /* quoted words shorter than this are often alike and different */
    TITLE_MIN = 10,
    NAME_MAX = 60,
    PROBE = 4,      /* characters at either end that make two names candidates */
    PER_NAME = 40,  /* candidates looked at for one name */
    CLAUSE_MIN = 7, /* characters before a figure that say what it counts */
    CLAUSE_MAX = 40,
    GROUP_HEAD = 4, /* characters before 领导小组 that say which one */
};

struct name {
    size_t begin, end;
    uint64_t key;   /* of the probe */
    uint32_t order; /* of the name: the first and the second probe of a name share it */
    bool tail;      /* the key is of the last characters */
};

static int by_key(const void *x, const void *y)
{
    const struct name *a = x, *b = y;

    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* ---- names that differ in one character ---- */

/* Numbers, levels and directions tell things apart on purpose: 第一批, 省, 上半年. */
static bool telling(uint32_t c)
{
    return ch_digit(c) || ch_latin(c) || ch_han_number(c) || !utf8_is_han(c) ||
           ch_in(c, "第省市县区镇乡村东西南北中上下前后内外大小正副新旧男女老左右甲乙丙丁春夏秋冬年"
                    "月日高低"
                    "民刑不非无未和与及或我你他它其");
}

/* One character put in, left out or changed: its place in the longer one; SIZE_MAX otherwise. */
static size_t one_change(const struct draft *d, const struct name *x, const struct name *y)
{
    size_t n = x->end - x->begin, m = y->end - y->begin, head = 0, tail = 0;

    if (n < m) {
        const struct name *t = x;
        size_t k = n;
        x = y;
        y = t;
        n = m;
        m = k;
    }
    if (n - m > 1)
        return SIZE_MAX;
    while (head < m && d->cp[x->begin + head] == d->cp[y->begin + head])
        head++;
    while (tail < m - head && d->cp[x->end - 1 - tail] == d->cp[y->end - 1 - tail])
        tail++;
    if (head + tail + 1 != n || head < 2 || tail < 2)
        return SIZE_MAX; /* the last characters name the kind: 办法, 条例 */
    if (telling(d->cp[x->begin + head]) || (n == m && telling(d->cp[y->begin + head])))
        return SIZE_MAX;
    return x->begin + head;
}

/* Names between the marks of one mask, each text once. */
static struct name *names(struct checker *c, uint8_t bit, size_t least, size_t *n)
{
    const struct draft *d = c->d;
    struct name *v = NULL;
    size_t cap = 0;
    uint32_t order = 0;

    *n = 0;
    for (size_t i = 0; i < d->n; i++) {
        size_t end = i;
        if (!(d->mask[i] & bit) || (i && (d->mask[i - 1] & bit)))
            continue;
        while (end < d->n && (d->mask[end] & bit))
            end++;
        if (end - i >= least && end - i <= NAME_MAX) {
            struct name t = {i, end, str_hash(draft_str(d, i, i + PROBE)), order++, false};
            ARENA_PUSH(c->a, v, *n, cap) = t;
            t.key = ~str_hash(draft_str(d, end - PROBE, end));
            t.tail = true;
            ARENA_PUSH(c->a, v, *n, cap) = t;
        }
        i = end;
    }
    return v;
}

/* 》《 and 》、《 */
static bool in_list(const struct draft *d, size_t end, size_t begin)
{
    return begin - end == 2 || (begin - end == 3 && d->cp[end + 1] == CH_DUN);
}

static bool same_head(const struct draft *d, const struct name *x, const struct name *y)
{
    return str_eq(
        draft_str(d, x->begin, x->begin + PROBE), draft_str(d, y->begin, y->begin + PROBE));
}

/* An earlier name that differs in one character, unless the same name stands earlier as well: it was said there. */
static size_t unlike_before(const struct draft *d, const struct name *v, size_t i)
{
    struct str own = draft_str(d, v[i].begin, v[i].end);
    size_t found = SIZE_MAX;

    for (size_t k = i; k-- > 0 && i - k <= PER_NAME && v[k].key == v[i].key;) {
        if (str_eq(own, draft_str(d, v[k].begin, v[k].end)))
            return SIZE_MAX;
        if (in_list(d, v[k].end, v[i].begin) || (v[i].tail && same_head(d, &v[k], &v[i])))
            continue; /* 《民事诉讼法》《刑事诉讼法》 are two; or said by their first characters */
        if (one_change(d, &v[k], &v[i]) != SIZE_MAX)
            found = k;
    }
    return found;
}

static void near_names(struct checker *c, const char *id, uint8_t bit, size_t least)
{
    const struct draft *d = c->d;
    size_t n;
    struct name *v;

    if (!rule_on(c, id))
        return;
    v = names(c, bit, least, &n);
    if (n < 2)
        return;
    qsort(v, n, sizeof(*v), by_key);
    for (size_t i = 1; i < n; i++) {
        size_t other = unlike_before(d, v, i);
        struct finding *f = other == SIZE_MAX
                                ? NULL
                                : check_say(c, id, v[i].begin, v[i].end, "与前文“%.*s”差一个字",
                                      SF(draft_str(d, v[other].begin, v[other].end)));
        if (f) {
            f->other_begin = v[other].begin;
            f->other_end = v[other].end;
        }
    }
}

static void titles(struct checker *c)
{
    near_names(c, "C02", MASK_TITLE, TITLE_MIN);
}

static void quoted(struct checker *c)
{
    near_names(c, "C03", MASK_QUOTE, NAME_MIN);
}

/* ---- citations ---- */
struct cited {
    const struct cite *cite;
    struct str title, number; /* keys */
};

static struct str key_of(struct checker *c, const struct cite *t, bool number)
{
    struct buf b;
    struct str s;

    buf_init(&b, 4096);
    if (number)
        docno_key(&t->docno, &b);
    else
        cite_key(t->name, &b);
    s = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return s;
}

static int by_title(const void *x, const void *y)
{
    const struct cited *a = x, *b = y;
    int r = str_cmp(a->title, b->title);

    return r ? r : a->cite->at.begin < b->cite->at.begin ? -1 : 1;
}

static int by_number(const void *x, const void *y)
{
    const struct cited *a = x, *b = y;
    int r = str_cmp(a->number, b->number);

    return r ? r : a->cite->at.begin < b->cite->at.begin ? -1 : 1;
}

static void say_cited(struct checker *c, const struct cited *x, const struct cited *y, bool number)
{
    const struct draft *d = c->d;
    const struct cited *first = x->cite->at.begin < y->cite->at.begin ? x : y;
    const struct cited *last = first == x ? y : x;
    struct text_span at = number ? last->cite->docno.at : last->cite->title;
    struct text_span other = number ? first->cite->docno.at : first->cite->title;
    struct finding *f = check_say(c, "C01", draft_cp(d, at.begin), draft_cp(d, at.end),
        number ? "同一文件前文的字号是“%.*s”" : "同一字号前文的标题是“%.*s”",
        SF(span_str(d->text, other)));

    if (f) {
        f->other_begin = draft_cp(d, other.begin);
        f->other_end = draft_cp(d, other.end);
    }
}

static void citations(struct checker *c)
{
    const struct draft *d = c->d;
    struct cited *v = arena_array(c->a, sizeof(*v), d->n_cites + 1);
    size_t n = 0;

    for (size_t i = 0; i < d->n_cites; i++) {
        const struct cite *t = &d->cites[i];
        if (!t->numbered || t->docno.kind != DOCNO_CODE || t->by_alias ||
            t->title.end == t->title.begin)
            continue;
        v[n++] = (struct cited){t, key_of(c, t, false), key_of(c, t, true)};
    }
    if (n < 2)
        return;
    qsort(v, n, sizeof(*v), by_title);
    for (size_t i = 1; i < n; i++)
        if (str_eq(v[i].title, v[i - 1].title) && !str_eq(v[i].number, v[i - 1].number))
            say_cited(c, &v[i - 1], &v[i], true);
    qsort(v, n, sizeof(*v), by_number);
    for (size_t i = 1; i < n; i++)
        if (str_eq(v[i].number, v[i - 1].number) && !str_eq(v[i].title, v[i - 1].title) &&
            !str_has(v[i].title, v[i - 1].title) && !str_has(v[i - 1].title, v[i].title))
            say_cited(c, &v[i - 1], &v[i], false);
}

/* ---- 领导小组, 领导组, 工作领导小组 ---- */
static bool all_han(const struct draft *d, size_t begin, size_t end)
{
    while (begin < end && utf8_is_han(d->cp[begin]))
        begin++;
    return begin == end;
}

static struct name *group_names(struct checker *c, size_t *n)
{
    static const struct str shapes[] = {
        SC("工作领导小组"), SC("工作领导组"), SC("领导小组"), SC("领导组")};
    const struct draft *d = c->d;
    struct name *v = NULL;
    size_t cap = 0;

    *n = 0;
    for (size_t i = GROUP_HEAD; i < d->n; i++) {
        size_t k = 0;
        if (d->cp[i] == 0x9886 || d->cp[i] == 0x5DE5) /* 领 工 */
            k = draft_any(d, i, shapes, COUNT(shapes));
        if (k == 0)
            continue;
        if (all_han(d, i - GROUP_HEAD, i))
            ARENA_PUSH(c->a, v, *n, cap) = (struct name){
                i, i + k, str_hash(draft_str(d, i - GROUP_HEAD, i)), (uint32_t)i, false};
        i += k - 1;
    }
    return v;
}

static void say_group(struct checker *c, const struct name *x, const struct name *y)
{
    const struct draft *d = c->d;
    struct finding *f;

    if (str_eq(draft_str(d, x->begin, x->end), draft_str(d, y->begin, y->end)))
        return;
    f = check_say(c, "C04", y->begin - GROUP_HEAD, y->end, "前文写作“%.*s”",
        SF(draft_str(d, x->begin - GROUP_HEAD, x->end)));
    if (f) {
        f->other_begin = x->begin - GROUP_HEAD;
        f->other_end = x->end;
    }
}

static void groups(struct checker *c)
{
    size_t n;
    struct name *v = group_names(c, &n);

    if (n < 2)
        return;
    qsort(v, n, sizeof(*v), by_key);
    for (size_t i = 0, k; i < n; i = k)
        for (k = i + 1; k < n && v[k].key == v[i].key; k++)
            say_group(c, &v[i], &v[k]);
}

/* ---- one indicator, two figures ---- */
struct counted {
    uint64_t key;
    size_t begin; /* of the clause */
    const struct figure *f;
};

static int by_clause(const void *x, const void *y)
{
    const struct counted *a = x, *b = y;

    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return a->begin < b->begin ? -1 : 1;
}

/* Not what is the same on two occasions: rules (每, 不超过, 奖励), spans of time, shares of different years. */
static bool compares(const struct draft *d, size_t begin, const struct figure *f)
{
    static const struct str units[] = {SC("年"), SC("月"), SC("日"), SC("天"), SC("小时"),
        SC("个月"), SC("个"), SC("%"), SC("％"), SC("个百分点"), SC("百分点"), SC("倍"), SC("岁"),
        SC("号"), SC("分")};
    static const struct str words[] = {SC("每"), SC("平均"), SC("不"), SC("超过"), SC("奖"),
        SC("补"), SC("罚"), SC("给予"), SC("应当"), SC("标准"), SC("增"), SC("减"), SC("新"),
        SC("将"), SC("安排"), SC("以"), SC("第"), SC("其中"), SC("各"), SC("达到")};
    struct str unit = draft_str(d, f->unit, f->end);

    for (size_t k = 0; k < COUNT(units); k++)
        if (str_eq(unit, units[k]))
            return false;
    for (size_t k = 0; k < COUNT(words); k++)
        if (draft_find(d, begin, f->begin, words[k]) != SIZE_MAX)
            return false;
    return true;
}

/* The clause before a figure, from the last mark: 全年完成营业收入. */
static bool clause_before(const struct draft *d, const struct figure *f, size_t *begin)
{
    size_t i = f->begin;

    while (i > 0 && utf8_is_han(d->cp[i - 1]) && f->begin - i < CLAUSE_MAX)
        i--;
    *begin = i;
    return f->begin - i >= CLAUSE_MIN && f->begin - i < CLAUSE_MAX && !ch_digit(ch_before(d, i)) &&
           compares(d, i, f);
}

/* 1.25亿 and 1.3亿 may be one figure; 12亿 and 13亿 are two. */
static double rounding(const struct figure *x, const struct figure *y)
{
    return x->half == y->half ? 0 : fmax(x->half, y->half);
}

static void indicators(struct checker *c)
{
    const struct draft *d = c->d;
    struct figure *f;
    struct counted *v;
    size_t n = figures_read(c->a, d, &f), m = 0;

    v = arena_array(c->a, sizeof(*v), n + 1);
    for (size_t i = 0; i < n; i++) {
        size_t begin;
        if (f[i].vague || f[i].unit == f[i].end || !clause_before(d, &f[i], &begin))
            continue;
        v[m++] = (struct counted){str_hash(draft_str(d, begin, f[i].begin)), begin, &f[i]};
    }
    if (m < 2)
        return;
    qsort(v, m, sizeof(*v), by_clause);
    for (size_t i = 1; i < m; i++) {
        const struct counted *x = &v[i - 1], *y = &v[i];
        struct finding *say;
        if (x->key != y->key || !figure_same_unit(d, x->f, y->f) ||
            fabs(x->f->value - y->f->value) <= rounding(x->f, y->f))
            continue;
        say = check_say(c, "C05", y->begin, y->f->end, "前文同一指标是“%.*s”",
            SF(draft_str(d, x->f->begin, x->f->end)));
        if (say) {
            say->other_begin = x->begin;
            say->other_end = x->f->end;
        }
    }
}

/* ---- the draft's own elements ---- */

/* Are the characters of x in y, in order? 省国资委 in 省人民政府国有资产监督管理委员会. */
static bool shortens(struct str x, struct str y)
{
    size_t i = 0, k = 0;

    while (i < x.n) {
        uint32_t want = utf8_next(x, &i);
        bool found = !utf8_is_han(want);
        while (k < y.n && !found)
            found = utf8_next(y, &k) == want;
        if (!found)
            return false;
    }
    return true;
}

/* 中共甲公司委员会 and 甲公司党委 are one body. */
static struct str body_key(struct arena *a, struct str s)
{
    static const struct {
        struct str word, with;
    } v[] = {{SC("中国共产党"), SC("")}, {SC("中共"), SC("")}, {SC("委员会"), SC("委")},
        {SC("党委"), SC("委")}};
    struct str out = S("");

    while (s.n) {
        size_t k = 0, n = 0;
        while (k < COUNT(v) && !str_starts(s, v[k].word))
            k++;
        if (k < COUNT(v)) {
            out = arena_cat(a, out, v[k].with);
            n = v[k].word.n;
        } else {
            utf8_next(s, &n);
            out = arena_cat(a, out, str_sub(s, 0, n));
        }
        s = str_sub(s, n, s.n);
    }
    return out;
}

static void elements(struct checker *c)
{
    const struct draft *d = c->d;
    const struct meta *m = &d->meta;
    struct str head, rest, x, y;

    if (!m->addressee.text.n)
        return;
    if (m->number.kind == DOCNO_CODE && m->number.year && m->issued.date.year &&
        m->issued.sure >= 90 && m->number.year != m->issued.date.year)
        check_say(c, "C06", draft_cp(d, m->issued.at.begin), draft_cp(d, m->issued.at.end),
            "成文日期是%d年，发文字号是〔%d〕", m->issued.date.year, m->number.year);
    if (!m->signature.text.n || m->signature.sure < 90 || str_has(m->signature.text, S("、")) ||
        !str_cut(m->title.text, S("关于"), &head, &rest))
        return;
    head = str_trim(head);
    if (utf8_len_cp(head) < 3 || str_has(head, S("《")))
        return;
    x = body_key(c->a, head);
    y = body_key(c->a, m->signature.text);
    if (shortens(x, y) || shortens(y, x))
        return;
    check_say(c, "S26", draft_cp(d, m->signature.at.begin), draft_cp(d, m->signature.at.end),
        "署名与标题中的发文机关“%.*s”不一致", SF(head));
}

static const struct rule table[] = {
    {"C01", "同一文件的标题与字号前后不一", CHECK_SAME, CHECK_WARN, STRENGTH_MUST, "惯例", false, 0,
        "按照《关于做好报送工作的通知》（国办发〔2024〕5号）办理。《关于做好报送工作的通知》（国办"
        "发〔2024〕6号）另有规定。",
        "按照《关于做好报送工作的通知》（国办发〔2024〕5号）办理。《关于做好报送工作的通知》（国办"
        "发〔2024〕5号）另有规定。",
        citations},
    {"C02", "书名号内名称差一个字", CHECK_SAME, CHECK_WARN, STRENGTH_SHOULD, "惯例", false, 0,
        "执行《重大事项请示报告管理办法》。违反《重大事项请求报告管理办法》的，予以通报。",
        "执行《重大事项请示报告管理办法》。违反《重大事项请示报告管理办法》的，予以通报。", titles},
    {"C03", "引号内名称差一个字", CHECK_SAME, CHECK_HINT, STRENGTH_SHOULD, "惯例", false, 0,
        "开展“安全隐患集中排查行动”。“安全隐患集中清查行动”取得成效。",
        "开展“安全隐患集中排查行动”。“安全隐患集中排查行动”取得成效。", quoted},
    {"C04", "领导小组的名称前后不一", CHECK_SAME, CHECK_WARN, STRENGTH_SHOULD, "惯例", false, 0,
        "成立公司安全生产领导小组。公司安全生产领导组负责考核。",
        "成立公司安全生产领导小组。公司安全生产领导小组负责考核。", groups},
    {"C05", "同一指标前后数字不一", CHECK_SAME, CHECK_HINT, STRENGTH_SHOULD, "惯例", false, 0,
        "全年完成营业收入12亿元。对照目标，全年完成营业收入13亿元。",
        "全年完成营业收入12亿元。对照目标，全年完成营业收入12亿元。", indicators},
    {"C06", "发文字号与成文日期的年份不一", CHECK_SAME, CHECK_WARN, STRENGTH_SHOULD, "惯例", false,
        0,
        "甲公司文件\n甲公司办〔2024〕3号\n关于报送总结的通知\n各部门：\n请按时报送。\n公司办公室\n2"
        "025年4月1日",
        "甲公司文件\n甲公司办〔2025〕3号\n关于报送总结的通知\n各部门：\n请按时报送。\n公司办公室\n2"
        "025年4月1日",
        elements},
    {"S26", "署名与标题中的发文机关不一致", CHECK_SAME, CHECK_WARN, STRENGTH_MUST,
        "《党政机关公文处理工作条例》第九条", false, 0,
        "甲公司办公室关于报送总结的通知\n各部门：\n请按时报送。\n乙公司党委\n2025年4月1日",
        "甲公司办公室关于报送总结的通知\n各部门：\n请按时报送。\n甲公司办公室\n2025年4月1日",
        elements},
};
const struct rule_table rules_same = {table, COUNT(table)};
