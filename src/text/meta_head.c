#include <string.h>

#include "base/utf8.h"
#include "text/authority.h"
#include "text/cite.h"
#include "text/meta_int.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
    TITLE_ROWS_MAX = 6,
    TITLE_CP_MAX = 140,
    TITLE_ROW_BYTES_MAX = 400,
    LABEL_CP_MAX = 16,
    RED_HEAD_CP_MAX = 40,
    ADDRESSEE_CP_MAX = 500,
    ADDRESSEE_ROWS_MAX = 4,
    ORDER_ROWS_MAX = 4, /* between the number and the words that put the rule into force */
    LETTERHEAD_ROWS_MAX = 6
};

static bool has_any(struct str s, const struct str *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_has(s, words[i]))
            return true;
    return false;
}

/* ---- labels of web pages and cover sheets ---- */

enum label {
    LABEL_OTHER = 1,
    LABEL_TITLE,
    LABEL_SOURCE,
    LABEL_PUBLISHED,
    LABEL_ISSUED,
    LABEL_DOCNO,
    LABEL_ISSUER,
    LABEL_STATE,
    LABEL_SIGNER,
    LABEL_URGENCY
};

static const struct {
    struct str name;
    enum label label;
} labels[] = {{SC("来源"), LABEL_SOURCE}, {SC("信息来源"), LABEL_SOURCE},
    {SC("文章来源"), LABEL_SOURCE}, {SC("发布时间"), LABEL_PUBLISHED},
    {SC("发布日期"), LABEL_PUBLISHED}, {SC("更新日期"), LABEL_OTHER}, {SC("更新时间"), LABEL_OTHER},
    {SC("发布于"), LABEL_PUBLISHED}, {SC("成文日期"), LABEL_ISSUED}, {SC("发文日期"), LABEL_ISSUED},
    {SC("发文时间"), LABEL_ISSUED}, {SC("公布日期"), LABEL_ISSUED}, {SC("印发日期"), LABEL_OTHER},
    {SC("文号"), LABEL_DOCNO}, {SC("发文字号"), LABEL_DOCNO}, {SC("发文机关"), LABEL_ISSUER},
    {SC("制定机关"), LABEL_ISSUER}, {SC("发文单位"), LABEL_ISSUER}, {SC("时效性"), LABEL_STATE},
    {SC("有效性"), LABEL_STATE}, {SC("效力状态"), LABEL_STATE}, {SC("签发人"), LABEL_SIGNER},
    {SC("紧急程度"), LABEL_URGENCY}, {SC("缓急"), LABEL_URGENCY}, {SC("标题"), LABEL_TITLE},
    {SC("名称"), LABEL_TITLE}, {SC("索引号"), LABEL_OTHER}, {SC("作者"), LABEL_OTHER},
    {SC("主题词"), LABEL_OTHER}, {SC("分类"), LABEL_OTHER}, {SC("主题分类"), LABEL_OTHER},
    {SC("字号"), LABEL_OTHER}, {SC("浏览次数"), LABEL_OTHER}, {SC("责任编辑"), LABEL_OTHER},
    {SC("来源链接"), LABEL_OTHER}, {SC("抓取时间"), LABEL_OTHER}, {SC("文种"), LABEL_OTHER},
    {SC("公文种类"), LABEL_OTHER}, {SC("发布主体"), LABEL_OTHER}, {SC("发布机构"), LABEL_OTHER},
    {SC("实施日期"), LABEL_OTHER}, {SC("生效日期"), LABEL_OTHER}, {SC("份号"), LABEL_OTHER}};

/* "发文字号：某发〔2024〕1号" : which label, and what it says; 0 when the line has none. */
static enum label label_of(struct str line, struct str *value)
{
    struct str name, rest, s = line;
    char flat[64];
    size_t n = 0, at = 0;

    str_eat(&s, S("- "));
    if (!str_cut(s, S("："), &name, &rest) && !str_cut(s, S(":"), &name, &rest) &&
        !str_cut(s, S("\t"), &name, &rest))
        return 0;
    while (at < name.n && n + 4 < sizeof(flat)) { /* 标 题： */
        size_t from = lex_blanks(name, at), to = from;
        if (from >= name.n)
            break;
        utf8_next(name, &to);
        memcpy(flat + n, name.p + from, to - from);
        n += to - from;
        at = to;
    }
    if (utf8_len_cp(name) > LABEL_CP_MAX)
        return 0;
    for (size_t i = 0; i < COUNT(labels); i++)
        if (str_eq(labels[i].name, (struct str){flat, n})) {
            *value = str_trim(rest);
            return labels[i].label;
        }
    return 0;
}

/* Several labels on one line: 来源：某网 发布时间：2024-01-01; the value ends before the next one. */
static struct str first_value(struct str value)
{
    size_t at = 0;

    while (at < value.n) {
        size_t blank = lex_blanks(value, at);
        if (blank > at && at > 0) {
            struct str rest = str_sub(value, blank, value.n), behind;
            if (label_of(rest, &behind))
                return str_sub(value, 0, at);
        }
        if (blank > at)
            at = blank;
        else
            utf8_next(value, &at);
    }
    return value;
}

static void put_day(struct meta_reader *r, struct meta_day *day, struct str value, uint8_t sure)
{
    size_t at = 0, from = (size_t)(value.p - r->s.p);
    struct lex_date d;

    if (day->date.year == 0 && lex_date(value, &at, true, &d) && d.day)
        *day = (struct meta_day){d, {from, from + at}, sure};
}

static void put_docno(struct meta_reader *r, struct str value, uint8_t sure)
{
    struct docno d;
    size_t from = 0;

    if (r->m->docno.text.n == 0 && docno_next(value, &from, &d) && d.at.begin == 0)
        meta_set_docno(r, &d, (size_t)(value.p - r->s.p), sure);
}

static void put_state(struct meta_reader *r, struct str value)
{
    static const struct str gone[] = {SC("废止"), SC("失效")};

    if (has_any(value, gone, COUNT(gone)) && !str_has(value, S("未")))
        r->m->repealed = meta_value_of(r, value, 95);
}

static void put_label(struct meta_reader *r, enum label label, struct str value)
{
    struct meta *m = r->m;

    if (value.n == 0)
        return;
    switch (label) {
    case LABEL_SOURCE:
        m->source = meta_value_of(r, value, 90);
        break;
    case LABEL_PUBLISHED:
        put_day(r, &m->published, value, 95);
        break;
    case LABEL_ISSUED:
        put_day(r, &m->issued, value, 95);
        break;
    case LABEL_DOCNO:
        put_docno(r, value, 95);
        break;
    case LABEL_ISSUER:
        if (authority_is_organ(value))
            m->issuer = meta_value_of(r, value, 95);
        break;
    case LABEL_STATE:
        put_state(r, value);
        break;
    case LABEL_SIGNER:
        if (utf8_len_cp(value) <= 30)
            m->signer = meta_value_of(r, value, 95);
        break;
    case LABEL_URGENCY:
        m->urgency = meta_value_of(r, value, 90);
        break;
    case LABEL_TITLE:
    case LABEL_OTHER:
        break;
    }
}

/* All labels of a line; false when it does not begin with one. */
static bool label_line(struct meta_reader *r, struct str line)
{
    struct str rest = line, value;
    enum label label = label_of(rest, &value);

    if (label == 0 || label == LABEL_TITLE)
        return false;
    for (int i = 0; i < 8 && label; i++) {
        struct str one = first_value(value);
        put_label(r, label, str_trim(one));
        rest = str_trim(str_sub(value, one.n, value.n));
        label = rest.n ? label_of(rest, &value) : 0;
    }
    return true;
}

/* ---- single lines of the head ---- */

static bool urgency_line(struct meta_reader *r, struct str line)
{
    static const struct str words[] = {SC("特急"), SC("加急"), SC("特提"), SC("平急"), SC("急件")};
    struct str s = line;
    size_t at = 0;

    while (at < s.n && lex_digit(utf8_next(s, &at)) >= 0)
        s = str_sub(s, at, s.n), at = 0;
    s = str_trim(s);
    if (s.n == 0)
        return utf8_len_cp(line) >= 4 && utf8_len_cp(line) <= 8; /* 份号 alone */
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_eq(s, words[i])) {
            r->m->urgency = meta_value_of(r, s, 90);
            return true;
        }
    return false;
}

/* 某某集团有限公司文件: the red head, before the title. */
static bool red_head(struct meta_reader *r, struct str line)
{
    struct str s = line;
    size_t cp = utf8_len_cp(line);

    if (cp > RED_HEAD_CP_MAX || !str_eat_end(&s, S("文件")))
        return false;
    s = str_trim(s);
    if (!authority_is_organ(s))
        return false;
    r->m->issuer = meta_value_of(r, s, 92);
    return true;
}

/* A line that is a number, with brackets or a 签发人 beside it (*signer, else empty): *at is where in the
 * line the spans of *d begin to count. */
static bool number_alone(struct str line, struct docno *d, size_t *at, struct str *signer)
{
    size_t from = 0;
    struct str s = line, rest;

    if (!str_eat(&s, S("（")))
        str_eat(&s, S("("));
    if (!docno_next(s, &from, d) || d->at.begin != 0)
        return false;
    rest = str_trim(str_sub(s, d->at.end, s.n));
    if (!str_eat(&rest, S("）")))
        str_eat(&rest, S(")"));
    rest = str_trim(rest);
    *at = (size_t)(s.p - line.p);
    *signer = S("");
    return rest.n == 0 || label_of(rest, signer) == LABEL_SIGNER;
}

static bool docno_line(struct meta_reader *r, struct str line)
{
    struct docno d;
    struct str signer;
    size_t at;

    if (!number_alone(line, &d, &at, &signer))
        return false;
    if (signer.n)
        put_label(r, LABEL_SIGNER, signer);
    if (r->m->docno.text.n == 0)
        meta_set_docno(r, &d, (size_t)(line.p - r->s.p) + at, 96);
    return true;
}

/* 中华人民共和国国务院令 and 第707号 on rows of their own. */
static bool split_order(struct meta_reader *r, size_t i)
{
    struct str row = meta_row_str(r, i), both;
    struct docno d;
    size_t from = 0, begin;

    if (i == 0 || !str_starts(row, S("第")) || !str_ends(row, S("号")) || utf8_len_cp(row) > 10)
        return false;
    begin = r->rows[i - 1].begin;
    both = str_sub(r->s, begin, r->rows[i].end - begin);
    if (!docno_next(both, &from, &d) || d.at.end != both.n || d.kind == DOCNO_CODE)
        return false;
    if (r->m->docno.text.n == 0)
        meta_set_docno(r, &d, begin, 93);
    return true;
}

/* ——2024年3月5日在…会议上, （2024年3月5日）: the day of a speech. */
static bool speech_line(struct meta_reader *r, struct str line)
{
    struct str s = line;
    struct lex_date d;
    size_t at = 0;
    bool dash = false;

    while (
        str_eat(&s, S("—")) || str_eat(&s, S("－")) || str_eat(&s, S("-")) || str_eat(&s, S("─")))
        dash = true;
    if (!dash && meta_date_line(line, &d)) {
        put_day(r, &r->m->issued, str_sub(line, str_find(line, S("2"), 0), line.n), 85);
        return r->m->issued.date.year != 0;
    }
    if (!dash)
        return false;
    s = str_trim(s);
    if (!lex_date(s, &at, true, &d) || d.day == 0 || !str_has(s, S("在")))
        return false;
    put_day(r, &r->m->issued, s, 92);
    return true;
}

/* 国务院总理 李强, or the office and the name on two rows, behind a speech line. Returns how many rows. */
static size_t speaker_rows(struct meta_reader *r, size_t i)
{
    static const struct str offices[] = {SC("总理"), SC("主席"), SC("省长"), SC("市长"), SC("县长"),
        SC("区长"), SC("书记"), SC("院长"), SC("检察长"), SC("委员长"), SC("董事长"), SC("总经理"),
        SC("主任")};
    struct str row = i < r->n ? meta_row_str(r, i) : S("");
    bool two;

    if (row.n == 0 || utf8_len_cp(row) > 30 || str_has(row, S("。")) || str_has(row, S("：")) ||
        !has_any(row, offices, COUNT(offices)))
        return 0;
    two = i + 1 < r->n && utf8_len_cp(meta_row_str(r, i + 1)) <= 6 &&
          utf8_is_han(lex_peek(meta_row_str(r, i + 1), 0)) && !str_has(row, S(" ")) &&
          !str_ends(meta_row_str(r, i + 1), S("："));
    for (size_t k = 0; k < COUNT(offices); k++)
        if (str_ends(row, offices[k])) {
            if (two) {
                r->m->speaker = meta_join(r, i, i + 1, 85);
                return 2;
            }
            return 0;
        }
    r->m->speaker = meta_value_of(r, row, 85);
    return 1;
}

/* ---- the title ---- */

/* 第一条, 第一章, 一、, （一）, 1.: numbered text has begun. */
static bool numbered(struct str s)
{
    size_t at = 0;
    int v;
    struct str rest = s;

    if (str_eat(&rest, S("第"))) {
        static const struct str units[] = {SC("条"), SC("章"), SC("编"), SC("节")};
        rest = str_sub(rest, lex_blanks(rest, 0), rest.n);
        if (!lex_number(rest, &at, &v))
            return false;
        rest = str_sub(rest, lex_blanks(rest, at), rest.n);
        for (size_t i = 0; i < COUNT(units); i++)
            if (str_starts(rest, units[i]))
                return true;
        return false;
    }
    if (lex_han(s, &at, &v) && str_starts(str_sub(s, at, s.n), S("、")))
        return true;
    return str_starts(s, S("（一）")) || str_starts(s, S("(一)")) || str_starts(s, S("1."));
}

static bool is_greeting(struct str s)
{
    static const struct str words[] = {
        SC("各位"), SC("同志们"), SC("女士们"), SC("尊敬的"), SC("主席团")};

    for (size_t i = 0; i < COUNT(words); i++)
        if (str_starts(s, words[i]) && utf8_len_cp(s) <= 40)
            return true;
    return false;
}

/* Words over a part of a text, and rows that begin in the middle of a sentence or with a date. */
static bool is_part_name(struct str s)
{
    static const struct str names[] = {SC("总则"), SC("序言"), SC("前言"), SC("附则"), SC("目录"),
        SC("基本案情"), SC("案情简介"), SC("典型案例")};
    static const struct str heads[] = {
        SC("的"), SC("〉"), SC("》"), SC("）"), SC(")"), SC("、"), SC("—")};
    struct lex_date d;
    size_t at = 0;

    for (size_t i = 0; i < COUNT(names); i++)
        if (str_eq(s, names[i]))
            return true;
    for (size_t i = 0; i < COUNT(heads); i++)
        if (str_starts(s, heads[i]))
            return true;
    return utf8_len_cp(s) < 2 || (lex_date(s, &at, true, &d) && d.day > 0);
}

static bool is_title_row(struct str s)
{
    static const struct str ends[] = {
        SC("。"), SC("；"), SC("："), SC("，"), SC(":"), SC(";"), SC("！"), SC("……")};

    if (s.n > TITLE_ROW_BYTES_MAX || str_has(s, S("。")) || numbered(s) || is_part_name(s))
        return false;
    for (size_t i = 0; i < COUNT(ends); i++)
        if (str_ends(s, ends[i]))
            return i == 6; /* headlines may cry out */
    return true;
}

/* A row of a table is no title; but a cell alone is how some draw a frame around one. */
static bool may_be_title(const struct meta_reader *r, size_t i)
{
    struct str row = meta_row_str(r, i);

    if (r->rows[i].kind == META_ROW &&
        (str_has(row, S("\t")) || genre_of_title(row, NULL) == GENRE_NONE))
        return false;
    return is_title_row(row);
}

static bool same_key(struct str x, struct str y, bool relaxed)
{
    struct buf a, b;
    bool same;

    buf_init(&a, 0);
    buf_init(&b, 0);
    if (relaxed) {
        cite_key_relaxed(x, &a);
        cite_key_relaxed(y, &b);
    } else {
        cite_key(x, &a);
        cite_key(y, &b);
    }
    same = a.n > 0 && str_eq(buf_view(&a), buf_view(&b));
    buf_release(&a);
    buf_release(&b);
    return same;
}

/* 几 个 问 题 的 通 知: blanks put between the characters to fill a line. */
static struct str unspaced(struct meta_reader *r, struct str s)
{
    size_t at = 0, chars = 0, blanks = 0;
    struct buf b;

    while (at < s.n) {
        size_t next = lex_blanks(s, at);
        if (next > at) {
            blanks++;
            at = next;
            continue;
        }
        utf8_next(s, &at);
        chars++;
    }
    if (chars < 3 || blanks + 1 < chars)
        return s;
    buf_init(&b, 0);
    for (at = 0; at < s.n;) {
        at = lex_blanks(s, at);
        if (at < s.n)
            buf_utf8(&b, utf8_next(s, &at));
    }
    s = arena_str(r->a, buf_view(&b));
    buf_release(&b);
    return s;
}

static struct str title_row(struct meta_reader *r, size_t i)
{
    return unspaced(r, meta_row_str(r, i));
}

static bool has_han(struct str s)
{
    size_t at = 0;

    while (at < s.n)
        if (utf8_is_han(utf8_next(s, &at)))
            return true;
    return false;
}

/* How many rows behind `first` repeat it, whole or broken into lines; 0: none. */
static size_t repeated(struct meta_reader *r, size_t first, size_t last)
{
    struct str title = meta_row_str(r, first), all = S("");

    for (size_t i = first + 1; i <= last; i++) {
        all = arena_cat(r->a, all, title_row(r, i));
        if (same_key(title, all, false) || (i == first + 1 && same_key(title, all, true)))
            return i - first;
        if (all.n > 2 * title.n + 16)
            break;
    }
    return 0;
}

static bool continues(struct str row)
{
    static const struct str heads[] = {
        SC("的"), SC("和"), SC("及"), SC("与"), SC("、"), SC("（"), SC("》")};

    for (size_t i = 0; i < COUNT(heads); i++)
        if (str_starts(row, heads[i]))
            return true;
    return false;
}

/* More 《 than 》: the title goes on. */
static bool open_title(struct str s)
{
    int depth = 0;

    for (size_t at = 0; at < s.n;) {
        uint32_t cp = utf8_next(s, &at);
        depth += cp == 0x300A ? 1 : cp == 0x300B ? -1 : 0;
    }
    return depth > 0;
}

/* A headline that is complete: a question, a closed bracket or quotation. */
static bool ends_closed(struct str s)
{
    return str_ends(s, S("？")) || str_ends(s, S("?")) || str_ends(s, S("！")) ||
           str_ends(s, S("）")) || str_ends(s, S(")")) || str_ends(s, S("问题"));
}

/* How many of the rows [first, last] are the title. `fixed`: a number, an addressee or an article
 * follows, so that the rows before it can be nothing else. */
static size_t title_rows(struct meta_reader *r, size_t first, size_t last, bool fixed)
{
    struct str one = title_row(r, first), all = one;
    bool about = str_has(one, S("关于")) || str_starts(one, S("中华人民共和国")) ||
                 (authority_in_title(one).n > 0 && authority_in_title(one).p == str_trim(one).p),
         organ = authority_is_organ(one);
    int genre = genre_of_title(one, NULL);
    size_t best = 1;

    if (first == last || !has_han(one))
        return 1;
    if (genre != GENRE_NONE && (!fixed || genre <= GENRE_INTERPRETATION) && !open_title(one) &&
        !continues(title_row(r, first + 1)))
        return 1;
    for (size_t i = first + 1; i <= last && i < first + TITLE_ROWS_MAX; i++) {
        struct str row = title_row(r, i);
        about |= (organ && str_has(row, S("关于")));
        all = arena_cat(r->a, all, row);
        if (utf8_len_cp(all) > TITLE_CP_MAX)
            break;
        if (open_title(all))
            continue;
        if (genre_of_title(all, NULL) == GENRE_NONE && !(i == last && organ && about && fixed))
            continue;
        if (about || (fixed && genre_of_title(all, NULL) < GENRE_SUMMARY && !ends_closed(one)))
            best = i - first + 1;
        if (best > 1 && !fixed)
            break;
    }
    return best;
}

/* Rows [first, last] hold the title: sets it and returns the row behind it and its repetition. */
static size_t take_title(struct meta_reader *r, size_t first, size_t last, bool fixed)
{
    size_t again = repeated(r, first, last), n;
    uint8_t sure;

    if (again) {
        r->m->title = meta_value_of(r, meta_row_str(r, first), 96);
        return first + again + 1;
    }
    n = title_rows(r, first, last, fixed);
    r->m->title = meta_join(r, first, first + n - 1, 0);
    if (n > 1) {
        r->m->title.text = S("");
        for (size_t i = first; i < first + n; i++)
            r->m->title.text = arena_cat(r->a, r->m->title.text, title_row(r, i));
    } else {
        r->m->title.text = title_row(r, first);
    }
    sure = genre_of_title(r->m->title.text, NULL) != GENRE_NONE ? 88 : 70;
    r->m->title.sure = fixed && first + n - 1 == last ? (uint8_t)(sure + 8) : sure;
    return first + n;
}

/* Rows that the file itself marks as title. */
static bool marked_title(struct meta_reader *r)
{
    size_t first = 0, last;

    while (first < r->n && first < META_HEAD_LINES && r->rows[first].kind != META_TITLE)
        first++;
    if (first >= r->n || r->rows[first].kind != META_TITLE)
        return false;
    last = first;
    while (last + 1 < r->n && r->rows[last + 1].kind == META_TITLE && last - first < TITLE_ROWS_MAX)
        last++;
    r->m->title = meta_join(r, first, last, 90);
    return true;
}

/* ---- addressee ---- */

/* What a form asks for: 填报单位（盖章）：. */
static bool is_form_head(struct str s)
{
    static const struct str parts[] = {
        SC("盖章"), SC("签章"), SC("签字"), SC("填报"), SC("填表"), SC("填写")};
    static const struct str whole[] = {SC("报送单位"), SC("单位名称"), SC("申报单位"),
        SC("申请单位"), SC("编制单位"), SC("制表单位"), SC("主办单位"), SC("承办单位"),
        SC("责任单位"), SC("所在单位"), SC("工作单位"), SC("参加单位"), SC("部门"), SC("单位")};

    if (utf8_len_cp(s) <= LABEL_CP_MAX && has_any(s, parts, COUNT(parts)))
        return true;
    for (size_t i = 0; i < COUNT(whole); i++)
        if (str_eq(s, whole[i]))
            return true;
    return false;
}

static bool is_addressee(struct str s)
{
    static const struct str bodies[] = {SC("各"), SC("厅"), SC("局"), SC("委"), SC("部"),
        SC("政府"), SC("公司"), SC("单位"), SC("院"), SC("处"), SC("室"), SC("中心"), SC("代表"),
        SC("委员"), SC("集团"), SC("党组"), SC("办"), SC("大学"), SC("学校"), SC("银行"),
        SC("协会"), SC("同志")};
    static const struct str speech[] = {SC("如下"), SC("以下"), SC("指出"), SC("强调"), SC("消息"),
        SC("案情"), SC("问题"), SC("。"), SC("要求"), SC("表示"), SC("认为"), SC("包括"),
        SC("内容"), SC("规定"), SC("；")};

    if (!str_eat_end(&s, S("："))) {
        if (!str_eat_end(&s, S(":")))
            return false;
    }
    return !is_greeting(s) && !is_form_head(str_trim(s)) && utf8_len_cp(s) <= ADDRESSEE_CP_MAX &&
           utf8_len_cp(s) >= 2 && has_any(s, bodies, COUNT(bodies)) &&
           !has_any(s, speech, COUNT(speech));
}

/* Rows [i, …] up to one that ends with a colon. Returns how many, 0 for none. */
static size_t addressee_rows(struct meta_reader *r, size_t i)
{
    struct str all = S("");

    for (size_t k = i; k < r->n && k < i + ADDRESSEE_ROWS_MAX; k++) {
        struct str row = meta_row_str(r, k);
        if (str_has(row, S("。")) || numbered(row))
            return 0;
        all = arena_cat(r->a, all, row);
        if (str_ends(row, S("：")) || str_ends(row, S(":")))
            return is_addressee(all) ? k - i + 1 : 0;
        if (!str_has(row, S("、")) && !str_has(row, S("，")))
            return 0;
    }
    return 0;
}

static void take_addressee(struct meta_reader *r, size_t i, size_t n)
{
    struct meta_value v = meta_join(r, i, i + n - 1, 90);

    if (!str_eat_end(&v.text, S("：")))
        str_eat_end(&v.text, S(":"));
    v.text = str_trim(v.text);
    r->m->addressee = v;
}

/* ---- the whole head ---- */

/* The mark of letters, replies and of parties' offices: the body's name alone without 文件, on one row or a
 * row for each of several, then the number alone, then a row that can be the title. */
static bool letterhead(struct meta_reader *r, size_t i)
{
    size_t k = i, at;
    struct str signer, all = S("");
    struct docno d;

    while (k < r->n && k < i + LETTERHEAD_ROWS_MAX && r->rows[k].kind == META_BODY) {
        struct str row = title_row(r, k);
        if (utf8_len_cp(row) > RED_HEAD_CP_MAX || !authority_is_organ(row))
            break;
        all = arena_cat(r->a, all, k > i ? S("、") : S(""));
        all = arena_cat(r->a, all, row);
        k++;
    }
    if (k == i || k + 1 >= r->n || !number_alone(meta_row_str(r, k), &d, &at, &signer) ||
        d.kind != DOCNO_CODE || !may_be_title(r, k + 1))
        return false;
    if (r->mark.text.n == 0) { /* else: a further row of the same mark */
        r->mark = meta_join(r, i, k - 1, 86);
        r->mark.text = all;
    }
    return true;
}

/* 某某工作简报 and 第3期（总第27期） on rows of their own, then a title: the masthead of a bulletin. */
static bool masthead(struct meta_reader *r, size_t i)
{
    struct str row = title_row(r, i), issue;

    if (r->bulletin && i == r->bulletin)
        return true; /* its second row */
    if (i + 2 >= r->n || r->rows[i].kind != META_BODY || utf8_len_cp(row) > RED_HEAD_CP_MAX ||
        !may_be_title(r, i + 2))
        return false;
    issue = genre_title_core(meta_row_str(r, i + 1));
    if (genre_of_title(row, NULL) != GENRE_BULLETIN || utf8_len_cp(issue) > LABEL_CP_MAX ||
        !str_starts(issue, S("第")) || !str_ends(issue, S("期")))
        return false;
    r->bulletin = i + 1;
    return true;
}

/* ——某某公司的做法, under the title of a bulletin. */
static bool take_subtitle(struct meta_reader *r, size_t i)
{
    struct str row = i < r->n ? meta_row_str(r, i) : S("");

    if (!str_starts(row, S("——")) || !is_title_row(str_sub(row, S("——").n, row.n)))
        return false;
    r->m->title.text = arena_cat(r->a, r->m->title.text, row);
    r->m->title.at.end = r->rows[i].end;
    return true;
}

enum seen {
    SEEN_NOTHING,
    SEEN_LINE,   /* a line of the head, taken */
    SEEN_STRONG, /* a number or history: what stood before was the title */
};

static enum seen head_line(struct meta_reader *r, size_t i, bool before_title)
{
    struct str line = meta_row_str(r, i);

    if (before_title &&
        (urgency_line(r, line) || red_head(r, line) || letterhead(r, i) || masthead(r, i)))
        return SEEN_LINE;
    if (docno_line(r, line) || split_order(r, i) || meta_history(r, i))
        return SEEN_STRONG;
    if (label_line(r, line))
        return SEEN_LINE;
    if (!before_title && speech_line(r, line))
        return SEEN_STRONG;
    return SEEN_NOTHING;
}

static bool is_news_row(struct str s)
{
    static const struct str marks[] = {
        SC("央视网消息"), SC("新华社"), SC("本报讯"), SC("央视新闻"), SC("中新社"), SC("人民网")};

    for (size_t i = 0; i < COUNT(marks); i++) {
        struct str rest = s;
        if (str_eat(&rest, marks[i]))
            return i == 0 || i == 2 || str_has(str_sub(rest, 0, 90), S("电")) ||
                   str_has(str_sub(rest, 0, 60), S("消息"));
    }
    return false;
}

/* What may stand between title and body: number, history, labels, speech, speaker, addressee. */
/* Rows from i that say the title once more; 0: none. */
static size_t title_again(struct meta_reader *r, size_t i)
{
    struct str all = S("");

    for (size_t k = i; k < r->n && k < i + TITLE_ROWS_MAX; k++) {
        if (!is_title_row(meta_row_str(r, k)))
            return 0;
        all = arena_cat(r->a, all, title_row(r, k));
        if (same_key(r->m->title.text, all, false))
            return k - i + 1;
        if (all.n > r->m->title.text.n + 32)
            break;
    }
    return 0;
}

static size_t after_title(struct meta_reader *r, size_t i)
{
    while (i < r->n && i < META_HEAD_LINES) {
        size_t k;
        bool speech = r->m->issued.date.year != 0;
        if (head_line(r, i, false) != SEEN_NOTHING) {
            i++;
            continue;
        }
        k = speech ? speaker_rows(r, i) : 0;
        if (k == 0)
            k = title_again(r, i);
        if (k == 0 && r->m->addressee.text.n == 0) {
            k = addressee_rows(r, i);
            if (k)
                take_addressee(r, i, k);
        }
        if (k == 0)
            break;
        i += k;
    }
    return i;
}

/* A bare 附件1 or 目录, an address or a database's mark above the title. */
static bool is_trifle(struct str s)
{
    struct str rest = s;

    if (str_eat(&rest, S("附件")))
        return utf8_len_cp(rest) <= 3;
    return str_eq(s, S("目录")) || str_eq(s, S("目 录")) || str_has(s, S("://")) ||
           str_has(s, S("引证码"));
}

/* An order of the State Council and its like puts a rule into force: 现公布《某某条例》, 《某某条例》已经…通过，现予公布.
 * Its own words are no title by which anybody would look for it; the rule's are. */
static void rule_of_order(struct meta_reader *r)
{
    static const struct str acts[] = {SC("公布"), SC("发布"), SC("颁布"), SC("施行")};
    struct str open = S("《"), close = S("》");
    struct meta_value body = r->m->title.text.n ? r->m->title : r->m->docno;
    size_t end = str_find(body.text, S("令"), 0);

    /* 某某省人民政府令 as title, or the number that says so as the first row: not news of somebody who signed one */
    if (end == SIZE_MAX || r->n == 0 ||
        (r->m->title.text.n ? end + S("令").n != body.text.n : body.at.begin >= r->rows[0].end))
        return;
    body.text = str_sub(body.text, 0, end);
    if (!authority_is_organ(body.text))
        return;
    (void)str_eat(&body.text, S("中华人民共和国"));
    for (size_t i = r->body; i < r->n && i < r->body + ORDER_ROWS_MAX; i++) {
        struct str row = meta_row_str(r, i);
        size_t from = str_find(row, open, 0), to, deep = 1;
        if (from == SIZE_MAX || !has_any(row, acts, COUNT(acts)))
            continue;
        from += open.n;
        for (to = from; to < row.n && deep > 0; to++) {
            struct str rest = str_sub(row, to, row.n);
            deep += str_starts(rest, open);
            deep -= str_starts(rest, close);
        }
        if (deep > 0 || to - 1 == from)
            return;
        r->m->title = meta_value_of(r, str_trim(str_sub(row, from, to - 1 - from)), 92);
        if (r->mark.text.n == 0) /* the issuer, where the rule's title names none */
            r->mark = body;
        return;
    }
}

static void read_head(struct meta_reader *r)
{
    bool marked = marked_title(r), fixed = false, stopped = false;
    size_t i = 0, first, last, behind;

    while (i < r->n && i < META_HEAD_LINES && r->rows[i].kind != META_TITLE &&
           (is_trifle(meta_row_str(r, i)) || head_line(r, i, true) != SEEN_NOTHING))
        i++;
    first = last = i;
    if (i >= r->n) {
        r->body = r->n;
        return;
    }
    if (marked) {
        while (last < r->n && r->rows[last].end <= r->m->title.at.end)
            last++;
        r->body = after_title(r, last);
        r->news = r->body < r->n && is_news_row(meta_row_str(r, r->body));
        return;
    }
    if (!may_be_title(r, first) || is_news_row(meta_row_str(r, first))) {
        r->body = first;
        return;
    }
    for (i = first + 1; i < r->n && i <= first + TITLE_ROWS_MAX; i++) {
        struct str row = meta_row_str(r, i);
        enum seen seen = head_line(r, i, false);
        if (seen != SEEN_NOTHING || addressee_rows(r, i) || numbered(row)) {
            stopped = true;
            fixed = seen != SEEN_LINE;
            break;
        }
        if (is_news_row(row) || is_greeting(row) || !may_be_title(r, i))
            break;
        last = i;
    }
    behind = take_title(r, first, last, fixed);
    if (r->bulletin && !stopped && take_subtitle(r, behind))
        behind++;
    r->body = after_title(r, stopped ? i : behind);
    r->news = r->body < r->n && is_news_row(meta_row_str(r, r->body));
}

void meta_head(struct meta_reader *r)
{
    read_head(r);
    rule_of_order(r);
}
