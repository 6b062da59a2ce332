#include "text/secret.h"

#include "base/utf8.h"
#include "text/docno.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
    ALONE_LINES = 6,    /* a bare level stands among the first lines of the head */
    BRACKET_LINES = 5,  /* a bracketed one beside the title */
    CUE_LINES = 14,     /* how far down a red head may stand */
    REST_CP_MAX = 16,   /* copy number and urgency beside a mark */
    HEAD_BYTES = 16384, /* nobody's head is longer */
    TITLE_CP_MAX = 80
};

const char *secret_level_name(enum secret_level level)
{
    static const char *const names[] = {"", "秘密", "机密", "绝密"};

    return names[level];
}

/* One place of 密 and its line. */
struct place {
    struct str text, line;
    size_t line_begin;
    size_t begin, end; /* the level word, blanks inside it included */
    enum secret_level level;
    size_t row; /* lines that are not blank before this one; SIZE_MAX below the head */
};

/* The level whose 密 begins at `mi`; blanks between its two characters are common in red heads. */
static enum secret_level level_at(struct str s, size_t mi, size_t *begin)
{
    size_t at = mi, start;
    uint32_t cp;

    for (int i = 0; i < 8; i++) {
        cp = lex_prev(s, at, &start);
        if (cp == 0 || lex_blanks(s, start) < at || lex_blanks(s, start) == start)
            break;
        at = start;
    }
    cp = lex_prev(s, at, begin);
    if (cp == 0x7EDD || cp == 0x7D55 || cp == 0x7D76) /* 绝 絕 絶 */
        return SECRET_TOP;
    if (cp == 0x673A || cp == 0x6A5F) /* 机 機 */
        return SECRET_MID;
    return cp == 0x79D8 || cp == 0x7955 ? SECRET_LOW : SECRET_NONE; /* 秘 祕 */
}

/* 商业秘密, 工作秘密, 个人秘密 are not state secrets; 保守秘密 is speech. */
static bool other_secret(struct str s, size_t begin)
{
    static const struct str kinds[] = {SC("商业"), SC("工作"), SC("内部"), SC("个人"), SC("国家"),
        SC("技术"), SC("保守"), SC("通信"), SC("军事"), SC("审判"), SC("检察"), SC("侦查"),
        SC("企业"), SC("警务"), SC("泄露"), SC("公司")};
    struct str head = str_sub(s, 0, begin);

    for (size_t i = 0; i < COUNT(kinds); i++)
        if (str_ends(head, kinds[i]))
            return true;
    return false;
}

static bool is_star(uint32_t cp)
{
    return cp == 0x2605 || cp == 0x2606 || cp == 0x2B50 || (cp >= 0x2729 && cp <= 0x272F) ||
           cp == 0x22C6 || cp == 0x066D;
}

static bool is_asterisk(uint32_t cp)
{
    return cp == '*' || cp == 0xFF0A || cp == 0xFE61 || (cp >= 0x2731 && cp <= 0x273A);
}

/* What recognition makes of a star when it stands between a level and a period. */
static bool is_misread_star(uint32_t cp)
{
    static const uint32_t seen[] = {'#', '+', 'x', 'X', 0x00D7, 0x203B, 0x5927, 0x5973, 0x53E4,
        0x58EB, 0x516D, 0x672C, 0x592A, 0x00B7, 0x2022, 0x25CF, 0x25C6, 0x25B2, 0x6587};

    for (size_t i = 0; i < COUNT(seen); i++)
        if (seen[i] == cp)
            return true;
    return false;
}

/* 1年, 6个月, 10天, 长期, 启用前, 2027年12月31日 at *off. */
static bool eat_period(struct str s, size_t *off)
{
    static const struct str units[] = {
        SC("年"), SC("个月"), SC("月"), SC("日"), SC("天"), SC("小时")};
    static const struct str words[] = {SC("长期"), SC("启用前"), SC("公布前"), SC("公开前"),
        SC("解密前"), SC("永久"), SC("长 期"), SC("至"), SC("使用前"), SC("发布前")};
    struct lex_date d;
    size_t at = lex_blanks(s, *off), n;
    int v;

    if (lex_date(s, &at, true, &d)) {
        *off = at;
        return true;
    }
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_starts(str_sub(s, at, s.n), words[i])) {
            *off = at + words[i].n;
            return true;
        }
    if (!lex_number(s, &at, &v))
        return false;
    n = lex_blanks(s, at);
    for (size_t i = 0; i < COUNT(units); i++)
        if (str_starts(str_sub(s, n, s.n), units[i])) {
            *off = n + units[i].n;
            return true;
        }
    return false;
}

static bool one_of(struct str s, const struct str *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_has(s, words[i]))
            return true;
    return false;
}

/* The sentence around [begin, end) explains how marks are written instead of bearing one. */
static bool is_talk(const struct place *p, size_t end)
{
    static const struct str before[] = {SC("如"), SC("标注"), SC("标志"), SC("标为"), SC("标明"),
        SC("标识"), SC("写作"), SC("形式"), SC("样式"), SC("表示"), SC("格式"), SC("答"),
        SC("加盖"), SC("印有"), SC("带有"), SC("注明"), SC("所谓"), SC("写成"), SC("改为"),
        SC("写着"), SC("检索"), SC("搜索"), SC("选项")};
    static const struct str behind[] = {SC("字样"), SC("标志"), SC("标识"), SC("表示"), SC("是指"),
        SC("的文件"), SC("的含义"), SC("的意思"), SC("格式"), SC("的标注"), SC("写法"), SC("样式")};
    size_t start, head = p->begin > p->line_begin + 90 ? p->begin - 90 : p->line_begin;
    uint32_t open = lex_prev(p->text, p->begin, &start), close = lex_peek(p->text, end);
    size_t line_end = p->line_begin + p->line.n;

    if ((open == 0x201C || open == 0x2018 || open == 0x300C || open == 0x300E || open == 0x300A ||
            open == '"' || open == '\'') &&
        (close == 0x201D || close == 0x2019 || close == 0x300D || close == 0x300F ||
            close == 0x300B || close == '"' || close == '\'' || utf8_is_han(close)))
        return true;
    return one_of(str_sub(p->text, head, p->begin - head), before, COUNT(before)) ||
           one_of(str_sub(p->text, end, line_end - end < 45 ? line_end - end : 45), behind,
               COUNT(behind));
}

static size_t rest_cp(const struct place *p, size_t begin, size_t end)
{
    struct str head = str_trim(str_sub(p->text, p->line_begin, begin - p->line_begin));
    struct str tail = str_trim(str_sub(p->text, end, p->line_begin + p->line.n - end));

    return utf8_len_cp(head) + utf8_len_cp(tail);
}

/* "A. 机密★1年", "（3）机密★1年": choices of an exercise, items of a list. */
static bool is_choice(const struct place *p)
{
    struct str head = str_trim(str_sub(p->text, p->line_begin, p->begin - p->line_begin));
    uint32_t first = lex_peek(head, 0);

    if (head.n == 0 || head.n > 9)
        return false;
    if (first >= 'A' && first <= 'H')
        return head.n > 1;
    return ((first == 0xFF08 || first == '(') &&
               (str_ends(head, S("）")) || str_ends(head, S(")")))) ||
           str_ends(head, S("、"));
}

static bool star_mark(const struct place *p, struct secret_mark *out)
{
    size_t at = p->end, end;
    uint32_t star;
    bool period, sure;

    if (str_starts(str_sub(p->text, at, p->text.n), S("级")))
        at += S("级").n;
    at = lex_blanks(p->text, at);
    if (at >= p->text.n)
        return false;
    star = utf8_next(p->text, &at);
    sure = is_star(star);
    if (!sure && !is_asterisk(star) && !is_misread_star(star))
        return false;
    end = at;
    period = eat_period(p->text, &end);
    if (!period && utf8_is_han(lex_peek(p->text, at)))
        return false;
    if (!sure) { /* only at the head, with next to nothing beside it, and never by the shape alone */
        if (p->row == SIZE_MAX || rest_cp(p, p->begin, end) > REST_CP_MAX)
            return false;
        if (is_misread_star(star) ? !period : !period && rest_cp(p, p->begin, end) > 8)
            return false;
        if (is_asterisk(star) && lex_peek(p->text, at) == '*') /* markdown */
            return false;
    }
    if (is_talk(p, end) || is_choice(p))
        return false;
    *out = (struct secret_mark){p->level, SECRET_STAR, {p->begin, end}, 0};
    return true;
}

/* ---- the head ---- */

/* The field name at the front of *s, blanks inside it allowed. */
static bool eat_spaced(struct str *s, const char *word)
{
    struct str w = str_z(word), t = *s;
    size_t at = 0;

    while (at < w.n) {
        size_t next = at;
        utf8_next(w, &next);
        t = str_sub(t, lex_blanks(t, 0), t.n);
        if (!str_eat(&t, str_sub(w, at, next - at)))
            return false;
        at = next;
    }
    *s = t;
    return true;
}

static bool field_name(struct str *s)
{
    static const char *const names[] = {"密级和保密期限", "密级及保密期限", "密级、保密期限",
        "秘密等级", "保密等级", "涉密等级", "文件密级", "密级程度", "定密", "密级"};

    for (size_t i = 0; i < COUNT(names); i++)
        if (eat_spaced(s, names[i]))
            return true;
    return false;
}

static bool eat_level(struct str *s, enum secret_level *level)
{
    static const struct {
        const char *word;
        enum secret_level level;
    } words[] = {{"绝密", SECRET_TOP}, {"絕密", SECRET_TOP}, {"机密", SECRET_MID},
        {"機密", SECRET_MID}, {"秘密", SECRET_LOW}};

    for (size_t i = 0; i < COUNT(words); i++)
        if (eat_spaced(s, words[i].word)) {
            *level = words[i].level;
            return true;
        }
    return false;
}

/* Another level behind the first: the printed choices of an empty form. */
static bool has_level(struct str s)
{
    enum secret_level level;

    for (size_t at = str_find(s, S("密"), 0); at != SIZE_MAX; at = str_find(s, S("密"), at + 3)) {
        size_t begin;
        level = level_at(s, at, &begin);
        if (level != SECRET_NONE)
            return true;
    }
    return str_has(s, S("□")) || str_has(s, S("/"));
}

static bool ends_word(struct str s)
{
    size_t at = 0;
    struct str t = s;

    str_eat(&t, S("级"));
    if (eat_period(t, &at))
        return true;
    return !utf8_is_han(lex_peek(t, 0));
}

/* 密级：机密 at the front of a line, or behind blanks or a tab in it. */
static bool field_mark(const struct place *p, struct secret_mark *out)
{
    struct str rest = p->line;
    size_t skip = lex_blanks(rest, 0), from;
    enum secret_level level;
    bool colon;

    while (skip < rest.n && !field_name(&rest)) { /* 份号：000012  密级：机密 */
        size_t blank = str_find(p->line, S("密"), skip);
        if (blank == SIZE_MAX || blank <= skip || blank > 60)
            return false;
        if (lex_blanks(p->line, blank - 1) != blank && lex_blanks(p->line, blank - 3) != blank)
            return false;
        rest = str_sub(p->line, blank, p->line.n);
        skip = blank;
    }
    from = (size_t)(rest.p - p->line.p);
    colon = str_eat(&rest, S("：")) || str_eat(&rest, S(":")) || str_eat(&rest, S("\t")) ||
            str_eat(&rest, S("为"));
    if (from == 0 || (!colon && lex_blanks(rest, 0) == 0))
        return false;
    rest = str_sub(rest, lex_blanks(rest, 0), rest.n);
    if (!str_eat(&rest, S("☑")))
        str_eat(&rest, S("√"));
    if (!eat_level(&rest, &level) || !ends_word(rest) || has_level(rest))
        return false;
    if (!colon && str_trim(rest).n > 0)
        return false;
    *out = (struct secret_mark){
        level, SECRET_FIELD, {p->line_begin + skip, (size_t)(rest.p - p->text.p)}, 0};
    return true;
}

static bool is_copy_number(struct str line)
{
    size_t n = 0, at = 0;

    if (!str_eat(&line, S("份号")) && !str_eat(&line, S("№")) && !str_eat(&line, S("编号")))
        if (!str_eat(&line, S("No")) && !str_eat(&line, S("NO")))
            str_eat(&line, S("份数"));
    line = str_trim(line);
    if (!str_eat(&line, S("：")) && !str_eat(&line, S(":")))
        str_eat(&line, S("."));
    line = str_trim(line);
    while (at < line.n && lex_digit(utf8_next(line, &at)) >= 0)
        n++;
    return at == line.n && n >= 4 && n <= 8;
}

/* What surrounds a mark on a real first page. */
static bool is_cue(struct str line)
{
    static const struct str urgent[] = {
        SC("特急"), SC("加急"), SC("特提"), SC("平急"), SC("急件"), SC("签发人")};
    struct docno d;
    size_t from = 0, cp = utf8_len_cp(line);

    if (is_copy_number(line) || (cp <= 12 && one_of(line, urgent, COUNT(urgent))))
        return true;
    if (cp <= 30 && cp >= 4 && str_ends(line, S("文件")))
        return true;
    return cp <= 40 && docno_next(line, &from, &d) && d.kind == DOCNO_CODE && d.at.begin < 12;
}

static bool head_has_cue(struct str text)
{
    struct str rest = str_sub(text, 0, HEAD_BYTES), line;

    for (int i = 0; i < CUE_LINES && str_next(&rest, S("\n"), &line);) {
        line = str_trim(line);
        if (line.n == 0)
            continue;
        i++;
        if (is_cue(line))
            return true;
    }
    return false;
}

/* Only copy number, urgency, brackets and page number beside the level. */
static bool is_bare(struct str line, enum secret_level *level, bool *bracket)
{
    static const struct str trifles[] = {SC("特急"), SC("加急"), SC("急件"), SC("份号"), SC("№"),
        SC("No."), SC("第"), SC("页"), SC("共"), SC("级"), SC("："), SC(":"), SC("—"), SC("-")};
    struct str s = str_trim(line);
    size_t at = 0;
    bool seen = false;

    *bracket = false;
    while (s.n) {
        s = str_trim(s);
        if (!seen && eat_level(&s, level)) {
            seen = true;
            continue;
        }
        at = 0;
        if (str_eat(&s, S("【")) || str_eat(&s, S("】")) || str_eat(&s, S("（")) ||
            str_eat(&s, S("）")) || str_eat(&s, S("(")) || str_eat(&s, S(")")) ||
            str_eat(&s, S("[")) || str_eat(&s, S("]"))) {
            *bracket = true;
            continue;
        }
        if (s.n && lex_digit(utf8_next(s, &at)) >= 0) {
            s = str_sub(s, at, s.n);
            continue;
        }
        at = COUNT(trifles);
        for (size_t i = 0; i < COUNT(trifles) && at == COUNT(trifles); i++)
            if (str_eat(&s, trifles[i]))
                at = i;
        if (at == COUNT(trifles))
            return false;
    }
    return seen;
}

/* 【机密】关于…, 关于…的报告（秘密）. */
static bool bracket_mark(const struct place *p, struct secret_mark *out)
{
    size_t end = p->end, open, close;
    uint32_t a = lex_prev(p->text, p->begin, &open), b;
    struct str level = S("级");

    if (str_starts(str_sub(p->text, end, p->text.n), level))
        end += level.n;
    b = lex_peek(p->text, end);
    close = end;
    if (!((a == 0x3010 && b == 0x3011) ||
            ((a == 0xFF08 || a == '(') && (b == 0xFF09 || b == ')')) || (a == '[' && b == ']') ||
            (a == 0x3014 && b == 0x3015)))
        return false;
    utf8_next(p->text, &close);
    if (utf8_len_cp(p->line) > TITLE_CP_MAX || str_has(p->line, S("。")))
        return false;
    if (str_trim(str_sub(p->text, p->line_begin, open - p->line_begin)).n > 0 &&
        str_trim(str_sub(p->text, close, p->line_begin + p->line.n - close)).n > 0)
        return false;
    *out = (struct secret_mark){p->level, SECRET_BRACKET, {open, close}, 0};
    return true;
}

static bool head_mark(const struct place *p, struct secret_mark *out)
{
    enum secret_level level;
    bool bracket;

    if (field_mark(p, out))
        return true;
    if (p->level == SECRET_NONE)
        return false;
    if (p->row < BRACKET_LINES && bracket_mark(p, out))
        return true;
    if (p->row < ALONE_LINES && is_bare(p->line, &level, &bracket) && head_has_cue(p->text)) {
        *out = (struct secret_mark){level, SECRET_ALONE, {p->begin, p->end}, 0};
        return true;
    }
    return false;
}

/* ---- the scan ---- */

static void find_line(struct place *p, size_t at)
{
    size_t end = str_find(p->text, S("\n"), at);

    while (p->line_begin < at) {
        size_t next = str_find(str_sub(p->text, 0, at), S("\n"), p->line_begin);
        if (next == SIZE_MAX)
            break;
        if (p->row != SIZE_MAX &&
            str_trim(str_sub(p->text, p->line_begin, next - p->line_begin)).n > 0)
            p->row++;
        p->line_begin = next + 1;
    }
    p->line = str_sub(p->text, p->line_begin, (end == SIZE_MAX ? p->text.n : end) - p->line_begin);
    if (p->line_begin > HEAD_BYTES || p->row > SECRET_HEAD_LINES)
        p->row = SIZE_MAX;
}

static size_t line_number(struct str text, size_t at)
{
    size_t n = 1;

    for (size_t i = str_find(text, S("\n"), 0); i != SIZE_MAX && i < at;
         i = str_find(text, S("\n"), i + 1))
        n++;
    return n;
}

bool secret_find(struct str text, struct secret_mark *out)
{
    struct place p = {.text = text};
    struct secret_mark m;

    for (size_t at = str_find(text, S("密"), 0); at != SIZE_MAX;
         at = str_find(text, S("密"), at + S("密").n)) {
        p.level = level_at(text, at, &p.begin);
        p.end = at + S("密").n;
        if (p.level == SECRET_NONE && (p.row == SIZE_MAX || at > HEAD_BYTES))
            continue;
        find_line(&p, at);
        if (p.level != SECRET_NONE && (p.begin < p.line_begin || other_secret(text, p.begin)))
            p.level = SECRET_NONE;
        if ((p.level != SECRET_NONE && star_mark(&p, &m)) ||
            (p.row != SIZE_MAX && head_mark(&p, &m))) {
            m.line = line_number(text, m.at.begin);
            *out = m;
            return true;
        }
    }
    return false;
}

bool secret_find_header(struct str header, struct secret_mark *out)
{
    struct str rest = header, line;
    enum secret_level level;
    bool bracket;

    if (secret_find(header, out))
        return true;
    while (str_next(&rest, S("\n"), &line))
        if (is_bare(line, &level, &bracket)) {
            size_t begin = (size_t)(line.p - header.p);
            *out = (struct secret_mark){
                level, SECRET_HEADER, {begin, begin + line.n}, line_number(header, begin)};
            return true;
        }
    return false;
}
