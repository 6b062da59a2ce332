/* Set wording: what the unit's own dated tables say of phrases, names, bodies, titles, orders and persons. Nothing
 * here knows a word by itself. Forms in this file; enumerations and precedence in rules_list.c; who holds which title in
 * rules_holder.c. */
#include <string.h>

#include "base/utf8.h"
#include "text/terms_int.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { QUOTE_LONG = 20, SPEECH_NEAR = 8 };

/* ---- days ---- */

/* First and last day that a date with missing pieces can mean. */
static void span_of(struct lex_date d, int32_t *first, int32_t *last)
{
    struct lex_date end = d;

    *first = lex_day(d);
    if (!d.month)
        end = (struct lex_date){d.year, 12, 31};
    else if (!d.day)
        end.day = 28; /* short by three days at most: only makes the judging more careful */
    *last = lex_day(end);
    if (d.month && !d.day)
        *last += 3;
}

int term_day(const struct checker *c, struct lex_date from, struct lex_date to)
{
    int32_t first, last;

    span_of(c->day, &first, &last);
    if (from.year && last < lex_day(from))
        return -1;
    if (to.year && first > lex_day(to))
        return 1;
    return 0;
}

bool term_holds(const struct checker *c, struct lex_date from, struct lex_date to)
{
    int32_t first, last;

    span_of(c->day, &first, &last);
    return (!from.year || first >= lex_day(from)) && (!to.year || last <= lex_day(to));
}

struct str term_date(struct arena *a, struct lex_date d)
{
    return arena_printf(a, "%d年%d月%d日", d.year, d.month, d.day);
}

/* ---- the surroundings of a place ---- */

static bool ends_sentence(uint32_t c)
{
    return c == 0x3002 || c == 0xFF1B || c == 0xFF01 || c == 0xFF1F || c == '\n';
}

static void sentence_of(const struct draft *d, size_t at, size_t *begin, size_t *end)
{
    *begin = *end = at;
    while (*begin > 0 && !ends_sentence(d->cp[*begin - 1]))
        --*begin;
    while (*end < d->n && !ends_sentence(d->cp[*end]))
        ++*end;
}

bool term_said(const struct draft *d, size_t begin, size_t end, const struct str *words, size_t n)
{
    struct str s = draft_str(d, begin, end);

    for (size_t i = 0; i < n; i++)
        if (str_has(s, words[i]))
            return true;
    return false;
}

/* The date or year that begins at i: 2023年5月, 二〇二三年, 〔2023〕. */
static bool date_at(const struct draft *d, size_t i, struct lex_date *out)
{
    size_t off = d->byte[i];
    int year;

    if (lex_date(d->text, &off, false, out))
        return true;
    off = d->byte[i] + 3; /* 〔 */
    if (d->cp[i] != 0x3014 || !lex_arabic(d->text, &off, &year) || year < 1900 || year > 2099)
        return false;
    *out = (struct lex_date){year, 0, 0};
    return lex_peek(d->text, off) == 0x3015;
}

static bool old_time_word(const struct draft *d, size_t at)
{
    static const struct str words[] = {
        SC("原"), SC("时任"), SC("曾任"), SC("前任"), SC("历任"), SC("老"), SC("旧"), SC("当时的")};

    for (size_t i = 0; i < COUNT(words); i++)
        if (str_ends(str_sub(d->text, 0, d->byte[at]), words[i]))
            return true;
    /* 前 alone, but not 目前, 当前, 之前, 以前 */
    return at > 0 && d->cp[at - 1] == 0x524D &&
           !(at > 1 && (d->cp[at - 2] == 0x76EE || d->cp[at - 2] == 0x5F53 ||
                           d->cp[at - 2] == 0x4E4B || d->cp[at - 2] == 0x4EE5));
}

bool of_the_past(const struct term_walk *w, size_t at, struct lex_date day)
{
    const struct draft *d = w->d;
    size_t begin, end;

    if (old_time_word(d, at))
        return true;
    sentence_of(d, at, &begin, &end);
    for (size_t i = begin; i < end; i++) {
        struct lex_date said;
        if (date_at(d, i, &said) && lex_date_cmp(said, day) < 0)
            return true;
        while (i + 1 < end && lex_digit(d->cp[i]) >= 0 && lex_digit(d->cp[i + 1]) >= 0)
            i++; /* not 024年 out of 2024年 */
    }
    return false;
}

/* ---- the walk ---- */

/* A quotation has words of others if it is long, is a sentence, or a source stands before it. */
static bool quoted_words(const struct draft *d, size_t begin, size_t end)
{
    static const struct str said[] = {SC("指出"), SC("强调"), SC("要求"), SC("提出"), SC("指示"),
        SC("批示"), SC("讲话"), SC("写道"), SC("规定"), SC("载明"), SC("提到"), SC("原文"),
        SC("说")};
    static const struct str marks[] = {SC("》"), SC("〕"), SC("年")};
    static const struct str stops[] = {SC("。"), SC("！"), SC("？"), SC("；")};
    size_t from, to, near = begin > SPEECH_NEAR ? begin - SPEECH_NEAR : 0;

    if (end - begin > QUOTE_LONG || term_said(d, begin, end, stops, COUNT(stops)))
        return true;
    sentence_of(d, begin, &from, &to);
    if (near < from)
        near = from;
    return term_said(d, from, begin, marks, COUNT(marks)) ||
           term_said(d, near, begin, said, COUNT(said));
}

static const uint8_t *words_of_others(struct arena *a, const struct draft *d)
{
    uint8_t *v = arena_alloc(a, d->n + 1);

    for (size_t i = 0; i < d->n; i++)
        if (d->mask[i] & (MASK_URL | MASK_CODE | MASK_TITLE))
            v[i] = 1;
    for (size_t i = 0, j; i < d->n; i = j) {
        for (j = i; j < d->n && (d->mask[j] & MASK_QUOTE); j++)
            continue;
        if (j > i && quoted_words(d, i, j))
            memset(v + i, 1, j - i);
        if (j == i)
            j++;
    }
    return v;
}

static void walk_begin(struct term_walk *w, struct checker *c)
{
    struct automaton_hit *v;
    struct form_hit *hits;
    uint32_t *first;
    size_t at = 0;

    *w = (struct term_walk){.c = c, .d = c->d, .t = c->o->tables.terms};
    automaton_find(w->t->automaton, c->a, c->d->cp, c->d->n, &v, &w->n);
    hits = arena_array(c->a, sizeof(*hits), w->n + 1);
    first = arena_array(c->a, sizeof(*first), c->d->n + 1);
    for (size_t i = 0; i < w->n; i++)
        hits[i] = (struct form_hit){v[i].begin, v[i].end, &w->t->forms[v[i].word]};
    for (size_t i = 0; i <= c->d->n; i++) {
        while (at < w->n && hits[at].begin < i)
            at++;
        first[i] = (uint32_t)at;
    }
    w->hits = hits;
    w->first = first;
    w->not_ours = words_of_others(c->a, c->d);
}

const struct form_hit *hit_at(const struct term_walk *w, size_t i, enum form_role role)
{
    for (size_t k = w->first[i]; k < w->n && w->hits[k].begin == i; k++)
        if (w->hits[k].form->role == role)
            return &w->hits[k];
    return NULL;
}

const struct form_hit *hit_before(const struct term_walk *w, size_t i, enum form_role role)
{
    size_t from = i > TERM_FORM_CP ? i - TERM_FORM_CP : 0;

    for (size_t k = w->first[from]; k < w->n && w->hits[k].begin < i; k++)
        if (w->hits[k].end == i && w->hits[k].form->role == role)
            return &w->hits[k];
    return NULL;
}

void term_source(struct term_walk *w, struct finding *f, struct str text, struct str source)
{
    if (!f)
        return;
    f->source = ARENA_NEW(w->c->a, struct finding_source);
    f->source->title = text;
    f->source->label = S("规范表述表");
    f->source->text = source;
}

/* ---- forms ---- */

static bool is_latin(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* A Latin word or a figure is cut. */
static bool cut(const struct draft *d, const struct form_hit *h)
{
    return (h->begin > 0 && is_latin(d->cp[h->begin]) && is_latin(d->cp[h->begin - 1])) ||
           (is_latin(d->cp[h->end - 1]) && is_latin(d->cp[h->end]));
}

/* The last character begins another word: 国土资源部门, 党委办公, 督查会议. The wrong form is only met by chance. */
static bool runs_on(const struct draft *d, const struct form_hit *h)
{
    static const struct {
        uint32_t last;
        struct str next[4];
    } words[] = {
        {0x90E8, {SC("门"), SC("分"), SC("署"), SC("委")}}, /* 部 */
        {0x529E, {SC("公"), SC("理"), SC("事"), SC("法")}}, /* 办 */
        {0x59D4, {SC("员"), SC("托"), SC("派"), SC("任")}}, /* 委 */
        {0x4F1A, {SC("议"), SC("同"), SC("商"), SC("员")}}, /* 会 */
        {0x5C40, {SC("面"), SC("部"), SC("势"), SC("限")}}, /* 局 */
        {0x9662, {SC("校"), SC("士"), SC("系"), SC("落")}}, /* 院 */
        {0x79D1, {SC("学"), SC("技"), SC("研"), SC("目")}}, /* 科 */
        {0x7EC4, {SC("织"), SC("成"), SC("合"), SC("建")}}, /* 组 */
    };
    uint32_t last = d->cp[h->end - 1];

    for (size_t i = 0; i < COUNT(words); i++)
        for (size_t k = 0; words[i].last == last && k < COUNT(words[i].next); k++)
            if (draft_is(d, h->end, words[i].next[k]))
                return true;
    return false;
}

/* Behind whatever right form begins at i or before: its end, for what lies inside. */
static const uint32_t *right_reach(const struct term_walk *w)
{
    uint32_t *reach = arena_array(w->c->a, sizeof(*reach), w->d->n + 1), far = 0;
    size_t k = 0;

    for (size_t i = 0; i <= w->d->n; i++) {
        for (; k < w->n && w->hits[k].begin <= i; k++)
            if (w->hits[k].form->role == FORM_RIGHT && w->hits[k].end > far)
                far = (uint32_t)w->hits[k].end;
        reach[i] = far;
    }
    return reach;
}

static void say_wrong(struct term_walk *w, const struct form_hit *h)
{
    const struct term *t = &w->t->v[h->form->term];
    const char *id = t->kind == TERM_PHRASE ? "T01" : "T02";
    struct finding *f;

    if (!term_holds(w->c, t->from, t->to))
        return;
    f = check_say(w->c, id, h->begin, h->end, "“%.*s”不是规范写法，应为“%.*s”%s%.*s",
        SF(h->form->text), SF(t->canonical), t->note.n ? "：" : "", SF(t->note));
    check_suggest(w->c, f, t->canonical);
    term_source(w, f, t->canonical, t->source);
}

static void say_old(struct term_walk *w, const struct form_hit *h)
{
    static const struct str changes[] = {SC("更名"), SC("改名"), SC("改称"), SC("改组"), SC("组建"),
        SC("合并"), SC("并入"), SC("撤销"), SC("原名"), SC("旧称"), SC("曾用名"), SC("前身"),
        SC("（现"), SC("原称")};
    const struct term *t = &w->t->v[h->form->term];
    struct finding *f;
    size_t begin, end;

    sentence_of(w->d, h->begin, &begin, &end);
    if (!term_holds(w->c, t->from, t->to) ||
        of_the_past(w, h->begin, t->from.year ? t->from : w->c->day) ||
        draft_is(w->d, h->end, S("原")) || /* of a man who held office there */
        term_said(w->d, begin, end, changes, COUNT(changes)))
        return;
    if (t->from.year)
        f = check_say(w->c, "T04", h->begin, h->end, "“%.*s”是旧称，自%.*s起为“%.*s”",
            SF(h->form->text), SF(term_date(w->c->a, t->from)), SF(t->canonical));
    else
        f = check_say(w->c, "T04", h->begin, h->end, "“%.*s”是旧称，现为“%.*s”", SF(h->form->text),
            SF(t->canonical));
    check_suggest(w->c, f, t->canonical);
    term_source(w, f, t->canonical, t->source);
}

/* The same words may stand in several rows with different days: one that holds is enough. */
static bool holds_in_another_row(const struct term_walk *w, const struct form_hit *h)
{
    for (size_t k = w->first[h->begin]; k < w->n && w->hits[k].begin == h->begin; k++) {
        const struct form_hit *o = &w->hits[k];
        if (o->end == h->end && o->form->role == FORM_RIGHT &&
            term_day(w->c, w->t->v[o->form->term].from, w->t->v[o->form->term].to) == 0)
            return true;
    }
    return false;
}

static void say_out_of_time(struct term_walk *w, const struct form_hit *h)
{
    const struct term *t = &w->t->v[h->form->term];
    int when = term_day(w->c, t->from, t->to);
    struct finding *f;

    if (when == 0 || t->kind == TERM_PERSON || holds_in_another_row(w, h))
        return;
    if (when > 0 && of_the_past(w, h->begin, t->to))
        return;
    if (when > 0)
        f = check_say(w->c, "T03", h->begin, h->end, "“%.*s”只用到%.*s为止%s%.*s",
            SF(h->form->text), SF(term_date(w->c->a, t->to)), t->note.n ? "：" : "", SF(t->note));
    else
        f = check_say(w->c, "T03", h->begin, h->end, "“%.*s”自%.*s起才使用，文稿早于这一天",
            SF(h->form->text), SF(term_date(w->c->a, t->from)));
    term_source(w, f, t->canonical, t->source);
}

/* Longest match: what lies inside a right form, or inside a longer wrong one, is not judged. */
static void pass_forms(struct term_walk *w)
{
    const uint32_t *reach = right_reach(w);
    size_t said = 0;

    for (size_t k = 0; k < w->n; k++) {
        const struct form_hit *h = &w->hits[k];
        enum form_role role = h->form->role;
        if (w->not_ours[h->begin] || cut(w->d, h))
            continue;
        if (role == FORM_RIGHT) {
            const struct form_hit *longest = hit_at(w, h->begin, FORM_RIGHT);
            if (longest->end == h->end && (h->begin == 0 || reach[h->begin - 1] < h->end))
                say_out_of_time(w, h);
            continue;
        }
        if ((role != FORM_WRONG && role != FORM_OLD) || reach[h->begin] >= h->end ||
            h->end <= said || runs_on(w->d, h))
            continue;
        if (role == FORM_WRONG)
            say_wrong(w, h);
        else
            say_old(w, h);
        said = h->end;
    }
}

/* ---- the table ---- */

/* A rule without a row of its sort did not run, and says so. */
static void skip_without(
    struct checker *c, uint32_t sorts, const char *const *ids, size_t n, struct str why)
{
    if (c->o->tables.terms->kinds & sorts)
        return;
    for (size_t i = 0; i < n; i++)
        check_skip(c, ids[i], why);
}

static void pass(struct checker *c)
{
    static const char *const phrase[] = {"T01"}, *const name[] = {"T02", "T04"},
                             *const any[] = {"T03"}, *const list[] = {"T05", "T06", "T07"},
                             *const order[] = {"T08"}, *const post[] = {"T09", "T10", "T11"};
    const uint32_t names = 1U << TERM_NAME | 1U << TERM_BODY | 1U << TERM_TITLE | 1U << TERM_PERSON;
    struct term_walk w;

    skip_without(c, 1U << TERM_PHRASE, phrase, COUNT(phrase), S("规范表述表里没有提法"));
    skip_without(c, names, name, COUNT(name), S("规范表述表里没有名称、机构和职务"));
    skip_without(
        c, names | 1U << TERM_PHRASE, any, COUNT(any), S("规范表述表里没有提法、名称和机构"));
    skip_without(c, 1U << TERM_LIST, list, COUNT(list), S("规范表述表里没有并列"));
    skip_without(c, 1U << TERM_ORDER, order, COUNT(order), S("规范表述表里没有排序"));
    if (c->o->tables.terms->n_posts == 0)
        skip_without(c, 0, post, COUNT(post), S("人员职务表是空的"));
    walk_begin(&w, c);
    pass_forms(&w);
    pass_lists(&w);
    pass_orders(&w);
    pass_holders(&w);
}

#define BASIS "本单位规范表述表"
static const struct rule table[] = {
    {"T01", "提法与规范写法不一致", CHECK_TERM, CHECK_ERROR, STRENGTH_SHOULD, BASIS, false,
        NEED_TERMS, "全面推行一线工作方法。", "全面推行一线工作法。", pass},
    {"T02", "名称、机构、职务写法不规范", CHECK_TERM, CHECK_ERROR, STRENGTH_SHOULD,
        BASIS "；《党政机关公文处理工作条例》第十九条", false, NEED_TERMS, "请报集团党办汇总。",
        "请报集团党委办公室汇总。", pass},
    {"T03", "用语不在使用期内", CHECK_TERM, CHECK_WARN, STRENGTH_SHOULD, BASIS, false, NEED_TERMS,
        "继续开展强基三年行动。", "继续开展提质三年行动。", pass},
    {"T04", "用了机构或名称的旧称", CHECK_TERM, CHECK_ERROR, STRENGTH_SHOULD, BASIS, false,
        NEED_TERMS, "由集团企业发展部牵头。", "由集团企业管理部牵头。", pass},
    {"T05", "并列缺项", CHECK_TERM, CHECK_WARN, STRENGTH_SHOULD, BASIS, false, NEED_TERMS,
        "坚持创新、协调、绿色、共享发展。", "坚持创新、协调、绿色、开放、共享发展。", pass},
    {"T06", "并列多项", CHECK_TERM, CHECK_WARN, STRENGTH_SHOULD, BASIS, false, NEED_TERMS,
        "坚持创新、协调、绿色、安全、开放、共享发展。", "坚持创新、协调、绿色、开放、共享发展。",
        pass},
    {"T07", "并列各项次序不对", CHECK_TERM, CHECK_ERROR, STRENGTH_SHOULD, BASIS, false, NEED_TERMS,
        "坚持创新、绿色、协调、开放、共享发展。", "坚持创新、协调、绿色、开放、共享发展。", pass},
    {"T08", "人员或机构排序不对", CHECK_TERM, CHECK_WARN, STRENGTH_SHOULD, BASIS, false, NEED_TERMS,
        "出席：江映溪、岳松亭。", "出席：岳松亭、江映溪。", pass},
    {"T09", "职务与人员职务表不符", CHECK_TERM, CHECK_WARN, STRENGTH_SHOULD, "本单位人员职务表",
        false, NEED_TERMS, "会议由总经理岳松亭主持。", "会议由党委书记岳松亭主持。", pass},
    {"T10", "所在机构与人员职务表不符", CHECK_TERM, CHECK_WARN, STRENGTH_SHOULD, "本单位人员职务表",
        false, NEED_TERMS, "会议由路桥公司总经理江映溪主持。", "会议由集团公司总经理江映溪主持。",
        pass},
    {"T11", "已经离任或者尚未到任", CHECK_TERM, CHECK_WARN, STRENGTH_SHOULD, "本单位人员职务表",
        false, NEED_TERMS, "会议由总会计师钱守正主持。", "会议由总会计师田禾生主持。", pass},
};
const struct rule_table rules_term = {table, COUNT(table)};
