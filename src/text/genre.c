#include "text/genre.h"

#include "text/docno.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
    uint8_t genre;
    struct str name;
} names[] = {
    {GENRE_RESOLUTION, SC("决议")},
    {GENRE_DECISION, SC("决定")},
    {GENRE_ORDER, SC("命令（令）")},
    {GENRE_COMMUNIQUE, SC("公报")},
    {GENRE_ANNOUNCEMENT, SC("公告")},
    {GENRE_PUBLIC_NOTICE, SC("通告")},
    {GENRE_OPINION, SC("意见")},
    {GENRE_NOTICE, SC("通知")},
    {GENRE_CIRCULAR, SC("通报")},
    {GENRE_REPORT, SC("报告")},
    {GENRE_REQUEST, SC("请示")},
    {GENRE_REPLY, SC("批复")},
    {GENRE_BILL, SC("议案")},
    {GENRE_LETTER, SC("函")},
    {GENRE_MINUTES, SC("纪要")},
    {GENRE_LAW, SC("法律")},
    {GENRE_REGULATION, SC("条例")},
    {GENRE_MEASURES, SC("办法")},
    {GENRE_PROVISIONS, SC("规定")},
    {GENRE_RULES, SC("规则")},
    {GENRE_DETAILED, SC("细则")},
    {GENRE_CHARTER, SC("章程")},
    {GENRE_NORM, SC("准则、规范")},
    {GENRE_INTERPRETATION, SC("解释")},
    {GENRE_SYSTEM, SC("制度")},
    {GENRE_SCHEME, SC("方案")},
    {GENRE_PLAN, SC("计划")},
    {GENRE_PROGRAMME, SC("规划、纲要")},
    {GENRE_POINTS, SC("要点")},
    {GENRE_SUMMARY, SC("总结")},
    {GENRE_SPEECH, SC("讲话")},
    {GENRE_BULLETIN, SC("简报")},
    {GENRE_NEWS, SC("新闻")},
    {GENRE_WORK_REPORT, SC("工作报告")},
    {GENRE_STUDY, SC("调研报告")},
    {GENRE_BRIEFING, SC("汇报")},
    {GENRE_EMERGENCY, SC("预案")},
    {GENRE_GUIDE, SC("指南")},
    {GENRE_LIST, SC("目录、清单")},
    {GENRE_STANDARD, SC("标准")},
    {GENRE_ANSWER, SC("答复")},
    {GENRE_CASE, SC("案例")},
    {GENRE_CONTRACT, SC("合同、协议")},
    {GENRE_APPEAL, SC("倡议书、书信")},
    {GENRE_STATEMENT, SC("声明、说明")},
    {GENRE_AGENDA, SC("议程")},
    {GENRE_LEDGER, SC("台账")},
};

/* How titles end. The longest that fits wins; `but` lists words that end the same and mean something else. */
static const struct {
    uint8_t genre;
    struct str end;
    const char *but; /* parted by blanks */
} ends[] = {
    {GENRE_RESOLUTION, SC("决议"), NULL},
    {GENRE_DECISION, SC("决定"), NULL},
    {GENRE_ORDER, SC("命令"), NULL},
    {GENRE_ORDER, SC("令"), "命令 法令 指令 司令 禁令 口令 时令 夏令 政令 限令 责令 县令 节令"},
    {GENRE_COMMUNIQUE, SC("公报"), NULL},
    {GENRE_ANNOUNCEMENT, SC("公告"), NULL},
    {GENRE_PUBLIC_NOTICE, SC("通告"), NULL},
    {GENRE_OPINION, SC("意见"), NULL},
    {GENRE_NOTICE, SC("通知"), NULL},
    {GENRE_CIRCULAR, SC("通报"), NULL},
    {GENRE_REPORT, SC("报告"), NULL},
    {GENRE_REQUEST, SC("请示"), NULL},
    {GENRE_REPLY, SC("批复"), NULL},
    {GENRE_BILL, SC("议案"), NULL},
    {GENRE_LETTER, SC("函"), "信函 公函"},
    {GENRE_LETTER, SC("公函"), NULL},
    {GENRE_MINUTES, SC("纪要"), NULL},
    {GENRE_LAW, SC("法"),
        "办法 方法 做法 想法 说法 看法 语法 书法 手法 疗法 执法 司法 立法 违法 合法 依法 "
        "非法 普法 守法 用法 学法 释法 宪法 打法 写法 玩法 枉法 魔法 算法 枪法 兵法 文法 戏法"},
    {GENRE_LAW, SC("宪法"), NULL},
    {GENRE_LAW, SC("法典"), NULL},
    {GENRE_REGULATION, SC("条例"), NULL},
    {GENRE_MEASURES, SC("办法"), NULL},
    {GENRE_PROVISIONS, SC("规定"), NULL},
    {GENRE_RULES, SC("规则"), NULL},
    {GENRE_DETAILED, SC("细则"), NULL},
    {GENRE_CHARTER, SC("章程"), "规章程"},
    {GENRE_CHARTER, SC("党章"), NULL},
    {GENRE_NORM, SC("准则"), NULL},
    {GENRE_NORM, SC("规范"), NULL},
    {GENRE_NORM, SC("规程"), NULL},
    {GENRE_INTERPRETATION, SC("解释"), NULL},
    {GENRE_SYSTEM, SC("制度"), NULL},
    {GENRE_SCHEME, SC("方案"), NULL},
    {GENRE_PLAN, SC("计划"), NULL},
    {GENRE_PROGRAMME, SC("规划"), NULL},
    {GENRE_PROGRAMME, SC("纲要"), NULL},
    {GENRE_POINTS, SC("要点"), NULL},
    {GENRE_SUMMARY, SC("工作总结"), NULL},
    {GENRE_SUMMARY, SC("的总结"), NULL},
    {GENRE_SUMMARY, SC("总结报告"), NULL},
    {GENRE_SPEECH, SC("讲话"), NULL},
    {GENRE_SPEECH, SC("讲话稿"), NULL},
    {GENRE_SPEECH, SC("致辞"), NULL},
    {GENRE_SPEECH, SC("发言"), NULL},
    {GENRE_SPEECH, SC("发言稿"), NULL},
    {GENRE_BULLETIN, SC("简报"), NULL},
    {GENRE_BULLETIN, SC("快报"), NULL},
    {GENRE_BULLETIN, SC("专报"), NULL},
    {GENRE_WORK_REPORT, SC("工作报告"), NULL},
    {GENRE_STUDY, SC("调研报告"), NULL},
    {GENRE_STUDY, SC("调查报告"), NULL},
    {GENRE_STUDY, SC("考察报告"), NULL},
    {GENRE_BRIEFING, SC("汇报"), NULL},
    {GENRE_BRIEFING, SC("汇报材料"), NULL},
    {GENRE_EMERGENCY, SC("预案"), NULL},
    {GENRE_GUIDE, SC("指南"), NULL},
    {GENRE_GUIDE, SC("指引"), NULL},
    {GENRE_LIST, SC("目录"), NULL},
    {GENRE_LIST, SC("清单"), NULL},
    {GENRE_LIST, SC("名单"), NULL},
    {GENRE_STANDARD, SC("标准"), NULL},
    {GENRE_ANSWER, SC("的答复"), NULL},
    {GENRE_ANSWER, SC("解答"), NULL},
    {GENRE_CASE, SC("案例"), NULL},
    {GENRE_CONTRACT, SC("合同"), NULL},
    {GENRE_CONTRACT, SC("协议"), NULL},
    {GENRE_CONTRACT, SC("协议书"), NULL},
    {GENRE_APPEAL, SC("倡议书"), NULL},
    {GENRE_APPEAL, SC("公开信"), NULL},
    {GENRE_APPEAL, SC("慰问信"), NULL},
    {GENRE_APPEAL, SC("感谢信"), NULL},
    {GENRE_STATEMENT, SC("声明"), NULL},
    {GENRE_STATEMENT, SC("的说明"), NULL},
    {GENRE_AGENDA, SC("议程"), NULL},
    {GENRE_AGENDA, SC("日程"), NULL},
    {GENRE_LEDGER, SC("台账"), NULL},
    {GENRE_LEDGER, SC("统计表"), NULL},
    {GENRE_LEDGER, SC("一览表"), NULL},
    {GENRE_LEDGER, SC("登记表"), NULL},
    {GENRE_LEDGER, SC("登记簿"), NULL},
};

struct str genre_name(int genre)
{
    for (size_t i = 0; i < COUNT(names); i++)
        if (names[i].genre == genre)
            return names[i].name;
    return S("");
}

int genre_of_name(struct str name)
{
    struct str s = str_trim(name);

    for (size_t i = 0; i < COUNT(names); i++)
        if (str_eq(names[i].name, s))
            return names[i].genre;
    for (size_t i = 0; i < COUNT(ends); i++)
        if (str_eq(ends[i].end, s))
            return ends[i].genre;
    return GENRE_NONE;
}

bool genre_official(int genre)
{
    return genre >= GENRE_RESOLUTION && genre <= GENRE_MINUTES;
}

/* （试行） at the end of *s, with brackets of either width; a year or a note, at most 40 characters. */
static bool drop_note(struct str *s)
{
    size_t at = s->n, close;
    uint32_t end = lex_prev(*s, at, &close), open = end == ')' ? '(' : 0xFF08;

    if (end != ')' && end != 0xFF09)
        return false;
    at = close;
    for (int i = 0; i < 40 && at > 0; i++) {
        uint32_t cp = lex_prev(*s, at, &at);
        if (cp == open || cp == '(' || cp == 0xFF08) {
            *s = str_sub(*s, 0, at);
            return true;
        }
    }
    return false;
}

static bool drop_docno(struct str *s)
{
    struct docno d;
    size_t from = s->n > 160 ? s->n - 160 : 0;

    if (!str_ends(*s, S("号")))
        return false;
    while (docno_next(*s, &from, &d)) /* 公告2024年第5号 is itself the title of an announcement */
        if (d.at.end == s->n && d.at.begin > 0 && d.kind == DOCNO_CODE) {
            *s = str_sub(*s, 0, d.at.begin);
            return true;
        }
    return false;
}

struct str genre_title_core(struct str title)
{
    struct str s = str_trim(title);

    for (int i = 0; i < 6; i++) {
        struct str before = s;
        if (!drop_note(&s))
            drop_docno(&s);
        s = str_trim(s);
        if (s.n == before.n || s.n == 0)
            return s.n ? s : before;
    }
    return s;
}

static bool excluded(struct str s, const char *words)
{
    struct str rest = str_z(words), word;

    while (str_next(&rest, S(" "), &word))
        if (word.n && str_ends(s, word))
            return true;
    return false;
}

static int by_end(struct str s, size_t *n)
{
    int best = GENRE_NONE;

    *n = 0;
    for (size_t i = 0; i < COUNT(ends); i++)
        if (ends[i].end.n > *n && str_ends(s, ends[i].end) && !excluded(s, ends[i].but)) {
            *n = ends[i].end.n;
            best = ends[i].genre;
        }
    return best;
}

/* 国务院令第138号, 公告2024年第5号: the number names the kind. */
static int by_number(struct str s, struct text_span *at)
{
    struct docno d;
    size_t from = 0;

    while (docno_next(s, &from, &d))
        if (d.kind != DOCNO_CODE && d.at.end == s.n) {
            *at = d.at;
            return str_eq(d.word, S("令"))     ? GENRE_ORDER
                   : str_eq(d.word, S("公告")) ? GENRE_ANNOUNCEMENT
                                               : GENRE_PUBLIC_NOTICE;
        }
    return GENRE_NONE;
}

/* 简报　第11期: the number of an issue behind the name of a bulletin; s itself where there is none. */
static struct str without_issue(struct str s)
{
    struct str head = s, name, number;
    size_t at = 0;
    int v;

    if (!str_eat_end(&head, S("期")) || !str_cut_last(head, S("第"), &name, &number))
        return s;
    number = str_trim(number);
    if (!lex_number(number, &at, &v) || str_trim(str_sub(number, at, number.n)).n > 0)
        return s;
    name = str_trim(name);
    return by_end(name, &at) == GENRE_BULLETIN ? name : s;
}

int genre_of_title(struct str title, struct text_span *at)
{
    struct str s = genre_title_core(title);
    struct text_span where = {0};
    size_t n, off = s.p ? (size_t)(s.p - title.p) : 0;
    int genre;

    if (str_ends(s, S("》")) && str_starts(s, S("《")))
        s = genre_title_core(str_sub(s, 0, s.n - S("》").n));
    s = without_issue(s);
    genre = by_end(s, &n);
    where = (struct text_span){s.n - n, s.n};
    if (genre == GENRE_NONE)
        genre = by_number(s, &where);
    if (genre != GENRE_NONE && at)
        *at = (struct text_span){where.begin + off, where.end + off};
    return genre;
}
