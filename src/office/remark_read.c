/* What a remark is and whom it names, from its words alone. */
#include "base/utf8.h"
#include "office/remark.h"
#include "office/term.h"
#include "text/day_words.h"

/* ---- what it is ---- */

/* The first that fits: from what asks for most to what asks for nothing. `whole`: nothing else may be said. */
static const struct rule {
    const char *word;
    enum remark_kind kind;
    bool whole;
    const char *purpose, *answers; /* what whoever is named is asked for */
} rules[] = {
    {"阅示", REMARK_UP, false, "请阅示", "已批示"},
    {"批示", REMARK_UP, false, "请批示", "已批示"},
    {"审示", REMARK_UP, false, "请审示", "已批示"},
    {"审定", REMARK_UP, false, "请审定", "已批示"},
    {"阅处", REMARK_HANDLE, false, "阅处", "已收\n已反馈"},
    {"阅办", REMARK_HANDLE, false, "阅办", "已收\n已反馈"},
    {"阅研", REMARK_HANDLE, false, "阅研", "已收\n已反馈"},
    {"处理", REMARK_HANDLE, false, "处理", "已收\n已反馈"},
    {"研提意见", REMARK_ASSIGN, false, "研提意见", "已收\n已反馈"},
    {"提出意见", REMARK_ASSIGN, false, "提出意见", "已收\n已反馈"},
    {"研究", REMARK_ASSIGN, false, "研究", "已收\n已反馈"},
    {"牵头", REMARK_ASSIGN, false, "牵头办理", "已收\n已反馈"},
    {"配合", REMARK_ASSIGN, false, "配合办理", "已收\n已反馈"},
    {"落实", REMARK_ASSIGN, false, "落实", "已收\n已反馈"},
    {"督办", REMARK_ASSIGN, false, "督办", "已收\n已反馈"},
    {"核实", REMARK_ASSIGN, false, "核实", "已收\n已反馈"},
    {"承办", REMARK_ASSIGN, false, "承办", "已收\n已反馈"},
    {"办理", REMARK_ASSIGN, false, "办理", "已收\n已反馈"},
    {"负责", REMARK_ASSIGN, false, "办理", "已收\n已反馈"},
    {"汇报", REMARK_ASSIGN, false, "汇报", "已收\n已反馈"},
    {"阅知", REMARK_HANDLE, false, "阅知", "已阅"},
    {"抓紧", REMARK_ASSIGN, false, "办理", "已收\n已反馈"},
    {"组织", REMARK_ASSIGN, false, "组织落实", "已收\n已反馈"},
    {"报我", REMARK_ASSIGN, false, "办理并报告", "已收\n已反馈"},
    {"告我", REMARK_ASSIGN, false, "办理并报告", "已收\n已反馈"},
    {"知悉", REMARK_READ, true, "阅知", "已阅"},
    {"阅悉", REMARK_READ, true, "", ""},
    {"已阅", REMARK_READ, true, "", ""},
    {"阅", REMARK_READ, true, "", ""},
    {"圈阅", REMARK_CIRCLED, true, "", ""},
    {"拟同意", REMARK_AGREE, true, "", ""},
    {"同意拟办意见", REMARK_AGREE, true, "", ""},
    {"同意", REMARK_AGREE, true, "", ""},
};
enum { N_RULES = sizeof(rules) / sizeof(*rules) };

static const struct {
    const char *name, *next;
} kinds[N_REMARK_KIND] = {
    [REMARK_CIRCLED] = {"圈阅", "看过，没有批语；送下一位，或按拟办意见办理"},
    [REMARK_READ] = {"已阅", "看过；送下一位，或存档备查"},
    [REMARK_AGREE] = {"同意", "按拟办意见办理"},
    [REMARK_UP] = {"阅示", "还要送被点名的领导批示"},
    [REMARK_HANDLE] = {"阅处", "转被点名的人员和单位阅处，确认后送出"},
    [REMARK_ASSIGN] = {"请办", "转被点名的人员和单位办理，确认后送出，办完报结果"},
    [REMARK_WORDS] = {"批示", "按批示内容分办"},
};

const char *remark_kind_name(enum remark_kind k)
{
    return k > 0 && k < N_REMARK_KIND ? kinds[k].name : "";
}

const char *remark_kind_next(enum remark_kind k)
{
    return k > 0 && k < N_REMARK_KIND ? kinds[k].next : "";
}

static struct str bare(struct str s)
{
    static const struct str marks[] = {SC("。"), SC("."), SC("！"), SC("!"), SC("；"), SC("，")};
    s = str_trim(s);
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
            more = str_eat_end(&s, marks[i]) || more;
    }
    return s;
}

static bool begins_asking(struct str clause)
{
    static const struct str heads[] = {SC("请"), SC("由"), SC("转"), SC("送"), SC("呈"), SC("报")};
    for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
        if (str_has(clause, heads[i]))
            return true;
    return false;
}

enum remark_kind remark_kind_of(struct str words)
{
    struct str s = bare(words);
    if (!s.n)
        return REMARK_CIRCLED;
    for (size_t i = 0; i < N_RULES; i++) {
        struct str w = str_z(rules[i].word);
        bool alone = str_eq(s, w);
        /* 同意研究结论 asks nobody: what is to be done is said with 请, or stands alone (阅示) */
        if (alone || (!rules[i].whole && str_has(s, w) && (begins_asking(s) || str_ends(s, w))))
            return rules[i].kind;
    }
    return REMARK_WORDS;
}

/* ---- who there is ---- */

static enum code posts_on(
    struct db *db, struct arena *a, struct str day, struct remark_people *p, struct err *e)
{
    struct term_filter f = {.state = TERM_CONFIRMED, .limit = REMARK_HOLDERS_MAX};
    struct holder_row *v;
    size_t n, cap = 0;
    int64_t total;
    TRY(holder_list(db, a, &f, &v, &n, &total, e));
    for (size_t i = 0; i < n; i++) {
        if ((v[i].from.n && str_cmp(day, v[i].from) < 0) ||
            (v[i].to.n && str_cmp(day, v[i].to) > 0))
            continue;
        for (size_t k = 0; k < p->n_persons; k++)
            if (str_eq(p->persons[k].name, v[i].person))
                ARENA_PUSH(a, p->posts, p->n_posts, cap) =
                    (struct remark_post){p->persons[k].id, v[i].person, v[i].title};
    }
    return OK;
}

enum code remark_people(
    struct db *db, struct arena *a, struct str day, struct remark_people *out, struct err *e)
{
    *out = (struct remark_people){.n_persons = 0};
    TRY(person_list(db, a, 0, false, &out->persons, &out->n_persons, e));
    TRY(unit_list(db, a, false, &out->units, &out->n_units, e));
    return posts_on(db, a, day, out, e);
}

/* ---- one name ---- */

static void fit(struct remark_named *o, struct remark_fit f)
{
    for (size_t i = 0; i < o->n; i++)
        if (o->fit[i].kind == f.kind && o->fit[i].id == f.id)
            return;
    if (o->n < REMARK_FIT_MAX)
        o->fit[o->n++] = f;
}

static void fit_person(struct remark_named *o, const struct person *p, struct str note)
{
    fit(o, (struct remark_fit){PRINCIPAL_PERSON, p->id, p->name, note.n ? note : p->unit_name});
}

static const struct person *person_of(const struct remark_people *p, int64_t id)
{
    for (size_t i = 0; i < p->n_persons; i++)
        if (p->persons[i].id == id)
            return &p->persons[i];
    return NULL;
}

/* 张三, 张三同志, 财务部张三: the whole name stands in it. */
static void by_name(struct str s, const struct remark_people *p, struct remark_named *o)
{
    for (size_t i = 0; i < p->n_persons; i++)
        if (utf8_len_cp(p->persons[i].name) > 1 && str_has(s, p->persons[i].name))
            fit_person(o, &p->persons[i], S(""));
}

/* 王书记, 江总, 田总会计师: the surname, and what stands behind it belongs to the post. */
static bool is_called(const struct person *p, struct str s, struct str title)
{
    struct str surname = str_sub(p->name, 0, utf8_off(p->name, 1)), rest = s;
    if (!surname.n || !str_eat(&rest, surname) || !rest.n)
        return false;
    if (str_has(title, rest))
        return true;
    if (str_eq(rest, S("总")))
        return str_has(title, S("经理")) || str_has(title, S("总"));
    if (str_eq(rest, S("董")))
        return str_has(title, S("董事长"));
    return (str_eq(rest, S("部长")) || str_eq(rest, S("主任")) || str_eq(rest, S("处长"))) &&
           str_has(title, rest);
}

static void by_call(struct str s, const struct remark_people *p, struct remark_named *o)
{
    for (size_t i = 0; i < p->n_posts; i++) {
        const struct person *x = person_of(p, p->posts[i].person);
        if (x && is_called(x, s, p->posts[i].title))
            fit_person(o, x, p->posts[i].title);
    }
    for (size_t i = 0; o->n == 0 && i < p->n_persons; i++)
        if (is_called(&p->persons[i], s, p->persons[i].title))
            fit_person(o, &p->persons[i], p->persons[i].title);
}

/* 纪委书记, 总会计师, 分管副总: the post alone; 分管 and 副总 leave several, who are shown to choose from. */
static bool is_post(struct str s, struct str title)
{
    struct str piece, rest = title;
    if (str_eq(s, S("书记")))
        return str_starts(title, S("党委书记"));
    while (str_next(&rest, S("、"), &piece))
        if (str_eq(piece, s) || (str_ends(piece, s) && utf8_len_cp(s) >= 3 &&
                                    !str_has(piece, S("副")) == !str_has(s, S("副"))))
            return true;
    return str_eq(s, S("副总")) &&
           (str_has(title, S("副总经理")) || str_has(title, S("总会计师")) ||
               str_has(title, S("总工程师")));
}

static void by_post(struct str s, const struct remark_people *p, struct remark_named *o)
{
    static const struct str heads[] = {SC("分管"), SC("主管"), SC("联系"), SC("有关"), SC("相关")};
    bool several = false;
    for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
        several = str_eat(&s, heads[i]) || several;
    (void)str_eat_end(&s, S("同志"));
    bool anyone = several && (str_eq(s, S("领导")) || str_eq(s, S("负责同志")) ||
                                 str_eq(s, S("负责人")) || str_eq(s, S("领导同志")));
    for (size_t i = 0; i < p->n_posts; i++) {
        const struct person *x = person_of(p, p->posts[i].person);
        if (x && (is_post(s, p->posts[i].title) || (anyone && x->roles & ROLE_LEADER)))
            fit_person(o, x, p->posts[i].title);
    }
    for (size_t i = 0; o->n == 0 && i < p->n_persons; i++)
        if (is_post(s, p->persons[i].title))
            fit_person(o, &p->persons[i], p->persons[i].title);
}

/* 财务部 for 财务资产部: every character in this order, the first and the last the same. */
static bool is_short_for(struct str s, struct str name)
{
    size_t i = 0, k = 0;
    uint32_t want, first = 0, last = 0;
    if (utf8_len_cp(s) < 3 || utf8_len_cp(name) > 2 * utf8_len_cp(s) + 2)
        return false;
    while (i < s.n) {
        want = utf8_next(s, &i);
        do {
            if (k == name.n)
                return false;
            last = utf8_next(name, &k);
            if (!first)
                first = last;
        } while (last != want);
        if (i <= 4 && first != want)
            return false;
    }
    return k == name.n;
}

static void by_unit(struct str s, const struct remark_people *p, struct remark_named *o)
{
    for (size_t i = 0; i < p->n_units; i++)
        if (str_eq(s, p->units[i].short_name) || str_eq(s, p->units[i].name))
            fit(o,
                (struct remark_fit){PRINCIPAL_UNIT, p->units[i].id, p->units[i].short_name, S("")});
    for (size_t i = 0; o->n == 0 && i < p->n_units; i++)
        if (is_short_for(s, p->units[i].short_name) || str_starts(p->units[i].short_name, s))
            fit(o, (struct remark_fit){
                       PRINCIPAL_UNIT, p->units[i].id, p->units[i].short_name, S("简称")});
}

void remark_fits(struct str words, const struct remark_people *p, struct remark_named *o)
{
    struct str s = str_trim(words);
    o->n = 0;
    (void)str_eat_end(&s, S("同志"));
    if (!s.n)
        return;
    by_unit(s, p, o);
    if (o->n == 0 || str_has(words, S("同志")))
        by_name(s, p, o);
    if (o->n == 0)
        by_call(s, p, o);
    if (o->n == 0)
        by_post(s, p, o);
}

void remark_fits_whole(struct str words, const struct remark_people *p, struct remark_named *o)
{
    struct str s = words;
    o->n = 0;
    (void)str_eat_end(&s, S("同志"));
    by_unit(s, p, o);
    for (size_t i = 0; i < p->n_persons; i++)
        if (str_eq(s, p->persons[i].name))
            fit_person(o, &p->persons[i], S(""));
    if (o->n == 0)
        by_call(s, p, o);
    if (o->n == 0)
        by_post(s, p, o);
}

/* ---- all of them ---- */

struct reading {
    struct arena *a;
    const struct remark_people *p;
    struct remark_named *out;
    size_t n;
};

/* What stands behind a name and is none: 财务部就资金计划抓紧（研究）; 工程部周五前（研究）. */
static struct str without_tail(struct str s)
{
    static const struct str cuts[] = {SC("就"), SC("对"), SC("按"), SC("于"), SC("抓紧"),
        SC("尽快"), SC("认真"), SC("本周"), SC("下周"), SC("周"), SC("本月"), SC("月底"),
        SC("年底"), SC("根据"), SC("结合"), SC("进一步"), SC("及时"), SC("立即"), SC("一并"),
        SC("共同"), SC("深入"), SC("等"), SC("先")};
    struct text_span limit;
    int32_t day;
    s = bare(s);
    if (day_words_due(s, 0, NULL, &day, &limit)) /* 财务部三日内（研究） */
        s = str_sub(s, 0, limit.begin);
    for (size_t i = 0; i < sizeof(cuts) / sizeof(*cuts); i++) {
        size_t at = str_find(s, cuts[i], 0);
        if (at != SIZE_MAX && (at > 0 || !str_eq(cuts[i], S("周"))))
            s = str_sub(s, 0, at);
    }
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            s = str_sub(s, 0, i);
    return bare(s);
}

/* asked: 请 stands before it, so that it is somebody, known or not. */
static void one_name(struct reading *r, struct str s, const struct rule *rule, bool asked)
{
    struct remark_named m = {.words = without_tail(s)};
    if (!m.words.n || r->n == REMARK_NAMED_MAX || utf8_len_cp(m.words) > 20)
        return;
    for (size_t i = 0; i < r->n; i++)
        if (str_eq(r->out[i].words, m.words))
            return;
    remark_fits(m.words, r->p, &m);
    if (m.n == 0 && !asked)
        return;
    m.purpose = str_z(rule->purpose);
    m.answers = str_z(rule->answers);
    r->out[r->n++] = m;
}

/* The mark that comes first and parts names; SIZE_MAX: none. */
static size_t mark_at(struct str s, size_t *len)
{
    static const struct str marks[] = {
        SC("、"), SC("会同"), SC("商"), SC("和"), SC("与"), SC("及"), SC("，"), SC(","), SC(" ")};
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
        size_t at = str_find(s, marks[i], 0);
        if (at < best) {
            best = at;
            *len = marks[i].n;
        }
    }
    return best;
}

/* How much of it is a unit that has such a mark in its name (组织和统战部); 0: none. */
static size_t marked_unit(const struct reading *r, struct str s)
{
    size_t most = 0;
    for (size_t i = 0; i < r->p->n_units; i++) {
        struct str name = r->p->units[i].short_name;
        size_t len;
        if (name.n > most && str_starts(s, name) && mark_at(name, &len) != SIZE_MAX)
            most = name.n;
    }
    return most;
}

/* 财务部、人事部和张三同志 */
static void names(struct reading *r, struct str s, const struct rule *rule, bool asked)
{
    while (s.n) {
        size_t len = 0, skip = marked_unit(r, s), at = mark_at(str_sub(s, skip, SIZE_MAX), &len);
        size_t end = at == SIZE_MAX ? s.n : skip + at;
        one_name(r, str_sub(s, 0, end), rule, asked);
        s = str_sub(s, end + len, SIZE_MAX);
    }
}

/* Not inside the name of a unit: 设计研究院. */
static size_t verb_at(struct str s, struct str word)
{
    static const struct str names[] = {SC("院"), SC("所"), SC("室"), SC("部"), SC("科")};
    for (size_t at = 0; (at = str_find(s, word, at)) != SIZE_MAX; at += word.n) {
        struct str rest = str_sub(s, at + word.n, SIZE_MAX);
        bool inside = false;
        for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
            inside = inside || str_starts(rest, names[i]);
        if (!inside)
            return at;
    }
    return SIZE_MAX;
}

/* The verb that comes first in a clause: 请财务部研究提出意见 is 研究; 抓紧 is one where there is no other. */
static const struct rule *first_rule(struct str s, size_t *at)
{
    const struct rule *best = NULL;
    *at = SIZE_MAX;
    for (size_t i = 0; i < N_RULES; i++) {
        size_t x = rules[i].purpose[0] ? verb_at(s, str_z(rules[i].word)) : SIZE_MAX;
        bool weak =
            str_eq(str_z(rules[i].word), S("抓紧")) || str_eq(str_z(rules[i].word), S("组织"));
        if (weak ? x != SIZE_MAX && !best : x < *at) {
            *at = x;
            best = &rules[i];
        }
    }
    return best;
}

/* A clause: 请A、B阅办，C配合. */
static void clause(struct reading *r, struct str s)
{
    static const struct str heads[] = {SC("拟请"), SC("并请"), SC("再请"), SC("请"), SC("由"),
        SC("转"), SC("送"), SC("呈"), SC("交"), SC("报")};
    size_t at, begin = 0;
    const struct rule *rule = first_rule(s, &at);
    if (!rule)
        return;
    struct str who = str_sub(s, 0, at);
    for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
        size_t x = str_find(who, heads[i], 0);
        if (x != SIZE_MAX && x + heads[i].n > begin)
            begin = x + heads[i].n;
    }
    /* without 请 it must begin with a name: 同意，财务部阅办 */
    names(r, str_sub(who, begin, SIZE_MAX), rule, begin > 0);
}

static bool ends_names(struct str before)
{
    size_t at;
    return first_rule(before, &at) != NULL;
}

/* A comma parts clauses where a verb stands before it, or where nobody is asked; else it parts names. */
static size_t clause_end(struct str s)
{
    for (size_t from = 0;;) {
        size_t at = str_find(s, S("，"), from);
        struct str left = str_sub(s, 0, at);
        if (at == SIZE_MAX || ends_names(left) || !begins_asking(left))
            return at;
        from = at + S("，").n;
    }
}

static void sentence(struct reading *r, struct str s)
{
    while (s.n) {
        size_t at = clause_end(s);
        clause(r, str_sub(s, 0, at));
        s = at == SIZE_MAX ? S("") : str_sub(s, at + S("，").n, SIZE_MAX);
    }
}

void remark_read(struct arena *a, struct str words, const struct remark_people *p,
    struct remark_named *out, size_t *n)
{
    static const struct str ends[] = {SC("！"), SC("；"), SC("\n"), SC(";")};
    struct reading r = {.a = a, .p = p, .out = out};
    struct buf b;
    struct str rest, piece;
    buf_init(&b, 0);
    for (size_t at = 0; at < words.n;) { /* every end of a sentence as one mark */
        size_t i = 0;
        struct str here = str_sub(words, at, SIZE_MAX);
        while (i < sizeof(ends) / sizeof(*ends) && !str_starts(here, ends[i]))
            i++;
        if (i < sizeof(ends) / sizeof(*ends)) {
            buf_z(&b, "。");
            at += ends[i].n;
        } else {
            buf_str(&b, str_sub(here, 0, 1));
            at++;
        }
    }
    rest = arena_str(a, buf_view(&b));
    buf_release(&b);
    while (str_next(&rest, S("。"), &piece))
        sentence(&r, str_trim(piece));
    *n = r.n;
}
