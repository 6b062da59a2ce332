/* Repetition inside the draft: a sentence or paragraph said twice, a word typed twice. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/near.h"
#include "text/rule.h"
#include "text/rule_chars.h"

enum {
    SENTENCE_CP_MIN = 20,
    FORM_FROM = 3, /* said so often, it is a form or a table and meant so */
    PARAGRAPH_CP_MIN = 60,
    COMPARE_BYTES = 16 << 20, /* of paragraphs that are read again in one draft */
    WORD_CP_MAX = 12,
};
static const double same_from = 0.85;

struct piece {
    uint64_t hash;
    size_t begin, end; /* code points */
};

static int by_hash(const void *x, const void *y)
{
    const struct piece *a = x, *b = y;

    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->begin < b->begin ? -1 : 1;
}

static int by_begin(const void *x, const void *y)
{
    const struct piece *a = x, *b = y;

    return a->begin < b->begin ? -1 : a->begin > b->begin;
}

static bool is_end(uint32_t c)
{
    return c == 0x3002 || c == 0xFF01 || c == 0xFF1F;
}

/* Whole sentences of ordinary lines. */
static struct piece *sentences(struct checker *c, size_t *n)
{
    const struct draft *d = c->d;
    struct piece *v = NULL;
    size_t cap = 0;

    *n = 0;
    for (size_t l = 0; l < d->n_lines; l++) {
        const struct draft_line *line = &d->lines[l];
        size_t from = line->label_end;
        if (line->kind == META_ROW || line->kind == META_NOTE)
            continue;
        for (size_t i = line->label_end; i < line->end; i++) {
            if (!is_end(d->cp[i]) || (d->mask[i] & MASK_QUOTE))
                continue;
            if (i - from >= SENTENCE_CP_MIN)
                ARENA_PUSH(c->a, v, *n, cap) =
                    (struct piece){str_hash(draft_str(d, from, i)), from, i};
            from = i + 1;
        }
    }
    return v;
}

static bool equal(const struct draft *d, const struct piece *x, const struct piece *y)
{
    return x->hash == y->hash &&
           str_eq(draft_str(d, x->begin, x->end), draft_str(d, y->begin, y->end));
}

/* A rule or law says the same thing in many articles, word for word, and has to. */
enum { STATUTE_ARTICLES = 5 };
static bool is_statute(const struct draft *d)
{
    size_t n = 0;

    for (size_t i = 0; i < d->n_lines && n < STATUTE_ARTICLES; i++)
        n += d->lines[i].label == LABEL_ARTICLE;
    return n >= STATUTE_ARTICLES;
}

/* Where a sentence stands again; `hash` then holds the place of the first one. */
static void repeated_sentences(struct checker *c)
{
    const struct draft *d = c->d;
    size_t n, out = 0;
    struct piece *v, *again;

    if (!rule_on(c, "R01") || is_statute(d))
        return;
    v = sentences(c, &n);
    if (n < 2)
        return;
    qsort(v, n, sizeof(*v), by_hash);
    again = arena_array(c->a, sizeof(*again), n);
    for (size_t i = 0, k; i < n; i = k) {
        for (k = i + 1; k < n && equal(d, &v[i], &v[k]);)
            k++;
        for (size_t m = i + 1; m < k && k - i < FORM_FROM; m++)
            again[out++] = (struct piece){v[i].begin, v[m].begin, v[m].end};
    }
    qsort(again, out, sizeof(*again), by_begin);
    for (size_t i = 0; i < out; i++) {
        size_t begin = again[i].begin, end = again[i].end, other = again[i].hash, k = i;
        struct finding *f;
        /* sentences that follow one another here and there are one repetition */
        while (k + 1 < out && again[k + 1].begin == end + 1 &&
               again[k + 1].hash - other == again[k + 1].begin - begin)
            end = again[++k].end;
        f = k > i ? check_say(c, "R01", begin, end, "这%zu句与前文重复", k - i + 1)
                  : check_say(c, "R01", begin, end, "这句与前文重复");
        if (f) {
            f->other_begin = other;
            f->other_end = other + (end - begin);
        }
        i = k;
    }
}

/* ---- paragraphs ---- */
static bool paragraphs_alike(
    struct checker *c, const struct draft_line *x, const struct draft_line *y)
{
    struct str s = draft_str(c->d, x->first, x->end), t = draft_str(c->d, y->first, y->end);

    if (s.n > t.n * 3 / 2 || t.n > s.n * 3 / 2 || str_eq(s, t))
        return false; /* equal ones are repeated sentences */
    return near_dice(c->a, s, t) >= same_from;
}

static void alike(struct checker *c)
{
    const struct draft *d = c->d;
    struct piece *v = NULL; /* begin: the line */
    size_t n = 0, cap = 0, compared = 0;
    bool *said;

    if (!rule_on(c, "R02") || is_statute(d))
        return;
    for (size_t l = 0; l < d->n_lines; l++) {
        const struct draft_line *line = &d->lines[l];
        struct near_sign sign;
        int64_t keys[NEAR_KEYS];
        size_t n_keys;
        if (line->kind != META_BODY || line->end - line->first < PARAGRAPH_CP_MIN)
            continue;
        near_sign(draft_str(d, line->first, line->end), &sign);
        n_keys = near_keys(&sign, keys);
        for (size_t k = 0; k < n_keys; k++)
            ARENA_PUSH(c->a, v, n, cap) = (struct piece){(uint64_t)keys[k], l, l};
    }
    if (n < 2)
        return;
    qsort(v, n, sizeof(*v), by_hash);
    said = arena_array(c->a, sizeof(*said), d->n_lines);
    for (size_t i = 1; i < n && compared < COMPARE_BYTES; i++) {
        const struct draft_line *x, *y;
        struct finding *f;
        if (v[i].hash != v[i - 1].hash || v[i].begin == v[i - 1].begin || said[v[i].begin])
            continue;
        x = &d->lines[v[i - 1].begin];
        y = &d->lines[v[i].begin];
        compared += d->byte[y->end] - d->byte[y->first];
        if (!paragraphs_alike(c, x, y))
            continue;
        said[v[i].begin] = true;
        f = check_say(c, "R02", y->first, y->end, "这一段与前文一段大部分相同");
        if (f) {
            f->other_begin = x->first;
            f->other_end = x->end;
        }
    }
}

/* ---- words ---- */
static bool has(struct str set, const struct draft *d, size_t i)
{
    return i < d->n && utf8_is_han(d->cp[i]) && str_has(set, draft_str(d, i, i + 1));
}

/* 的的 了了 …: what may stand before and behind when it is right (目的的, 为了了解, 是是非非). */
static void doubled_characters(struct checker *c)
{
    static const struct {
        uint32_t cp;
        struct str before, behind;
    } v[] = {
        {0x7684, SC("目标"), SC("确士")},                           /* 的 */
        {0x4E86, SC("为明未"), SC("解结望却不然")},                 /* 了 */
        {0x662F, SC("于但还就可要只国凡总若求"), SC("非否")},       /* 是 */
        {0x548C, SC("共总饱缓温调中平谐"), SC("气平谐解睦善美风")}, /* 和 */
        {0x5728, SC("存所实内潜现正旨好"), SC("")},                 /* 在 */
        {0x4E0E, SC("参给赠授"), SC("会其")},                       /* 与 */
        {0x53CA, SC("普以涉顾危提波遍"), SC("时")},                 /* 及 */
        {0x88AB, SC("棉植毛"), SC("")},                             /* 被 */
        {0x628A, SC("一两几百个火"), SC("握关手")},                 /* 把 */
        {0x5C06, SC("大上中少主武干老"), SC("军来要领士")},         /* 将 */
        {0x4ECE, SC("服听顺遵自"), SC("")},                         /* 从 */
        {0x5E76, SC("合兼吞归一"), SC("")},                         /* 并 */
    };
    const struct draft *d = c->d;

    for (size_t i = 0; i + 1 < d->n; i++) {
        if (d->cp[i] != d->cp[i + 1] || !utf8_is_han(d->cp[i]))
            continue;
        for (size_t k = 0; k < COUNT(v); k++) {
            if (v[k].cp != d->cp[i])
                continue;
            if ((i && has(v[k].before, d, i - 1)) || has(v[k].behind, d, i + 2))
                continue;
            check_replace(c, "R03", i, i + 2, draft_str(d, i, i + 1), "“%.*s”重复",
                SF(draft_str(d, i, i + 1)));
        }
    }
}

/* 一步一步, 研究研究 are no mistakes; 进行进行 is. Three characters and more are typed twice only by mistake. */
static bool may_double(const struct draft *d, size_t i, size_t n)
{
    static const struct str never[] = {SC("进行"), SC("加强"), SC("推进"), SC("促进"), SC("提高"),
        SC("提升"), SC("完善"), SC("开展"), SC("实现"), SC("建立"), SC("健全"), SC("通过"),
        SC("以及"), SC("或者"), SC("并且"), SC("但是"), SC("因此"), SC("我们"), SC("他们"),
        SC("应当"), SC("必须"), SC("可以"), SC("需要"), SC("关于"), SC("对于"), SC("根据"),
        SC("按照"), SC("由于"), SC("已经"), SC("正在"), SC("积极"), SC("全面"), SC("深入"),
        SC("切实"), SC("认真"), SC("不断"), SC("有关"), SC("相关"), SC("各项"), SC("各级"),
        SC("坚持"), SC("强化"), SC("深化"), SC("确保"), SC("组织"), SC("严格"), SC("着力"),
        SC("落实"), SC("制定"), SC("推动"), SC("同时"), SC("这个"), SC("其中"), SC("没有"),
        SC("以来"), SC("取得"), SC("做好"), SC("成为"), SC("作为"), SC("贯彻"), SC("执行")};

    if (n > 2) /* 一个个一个个; 取得专利的专利的… */
        return d->cp[i] == 0x4E00 || d->cp[i] == 0x7684;
    for (size_t k = 0; k < COUNT(never); k++)
        if (draft_is(d, i, never[k]))
            return false;
    return true;
}

static void doubled_words(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t i = 0; i + 4 <= d->n; i++) {
        if (!utf8_is_han(d->cp[i]))
            continue;
        for (size_t n = 2; n <= WORD_CP_MAX && i + 2 * n <= d->n; n++) {
            size_t k = 0;
            if (!utf8_is_han(d->cp[i + n - 1]))
                break;
            while (k < n && d->cp[i + k] == d->cp[i + n + k])
                k++;
            if (k < n || d->cp[i] == d->cp[i + 1] || may_double(d, i, n))
                continue;
            check_replace(c, "R04", i, i + 2 * n, draft_str(d, i, i + n), "“%.*s”重复",
                SF(draft_str(d, i, i + n)));
            i += 2 * n - 1;
            break;
        }
    }
}

static const struct rule table[] = {
    /* a hint: forms and sub-schemes repeat on purpose (0.76 per 10,000 characters of published text, 5 of 200 documents) */
    {"R01", "句子与前文重复", CHECK_REPEAT, CHECK_HINT, STRENGTH_SHOULD, "惯例", false, 0,
        "各单位要把安全生产责任落实到每个班组每个岗位。要加强检查。各单位要把安全生产责任落实到每个"
        "班组每个岗位。",
        "各单位要把安全生产责任落实到每个班组每个岗位。要加强检查。", repeated_sentences},
    {"R02", "段落与前文大部分相同", CHECK_REPEAT, CHECK_HINT, STRENGTH_SHOULD, "惯例", false, 0,
        "各单位要把安全生产责任落实到每个班组每个岗位，主要负责人每月到现场检查一次，发现问题立即整"
        "改，"
        "检查情况按时报公司安全部门汇总后通报，并纳入年度考核。\n"
        "各单位要把安全生产责任落实到每个班组每个岗位，主要负责人每周到现场检查一次，发现问题立即整"
        "改，"
        "检查情况按时报公司安全部门汇总后通报，并纳入年度考核。",
        "各单位要把安全生产责任落实到每个班组每个岗位，主要负责人每月到现场检查一次，发现问题立即整"
        "改，"
        "检查情况按时报公司安全部门汇总后通报，并纳入年度考核。",
        alike},
    {"R03", "字重复", CHECK_REPEAT, CHECK_ERROR, STRENGTH_MUST, "惯例", false, 0,
        "加强对各单位的的督促检查。", "加强对各单位的督促检查。", doubled_characters},
    {"R04", "词语重复", CHECK_REPEAT, CHECK_WARN, STRENGTH_MUST, "惯例", false, 0,
        "对有关问题进行进行核实。", "对有关问题进行核实。", doubled_words},
};
const struct rule_table rules_repeat = {table, COUNT(table)};
