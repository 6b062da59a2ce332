/* manuscript_count.c - how many characters a manuscript has: the same figure as the desk shows while one writes (web/ts/desk_lines.ts, counts). */
#include "base/utf8.h"
#include "office/manuscript_int.h"
#include "office/typeset.h"
#include "text/rule_chars.h"

enum { MARK_CP = 42, DAY_CP = 14 }; /* most of ×××文件; of 二〇二六年十二月三十一日, with room */

static int64_t letters(struct str line)
{
    int64_t n = 0;
    for (size_t i = 0; i < line.n;)
        n += ch_blank(utf8_next(line, &i)) ? 0 : 1;
    return n;
}

int64_t manuscript_letters(struct str text)
{
    struct str line;
    int64_t n = 0;
    while (str_next(&text, S("\n"), &line))
        n += letters(line);
    return n;
}

static bool digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

/* Of 版头, typed above the title: 000001, 特急, ×××文件, 集团党发〔2026〕1号, 签发人：×××, 第12期. */
static bool is_head(struct str s)
{
    static const struct str urgent[] = {SC("特急"), SC("加急"), SC("平急"), SC("特提")};
    struct str inner = s;

    for (size_t i = 0; i < sizeof(urgent) / sizeof(urgent[0]); i++)
        if (str_eq(s, urgent[i]))
            return true;
    if ((s.n == 6 && digits(s)) || str_starts(s, S("签发人：")))
        return true;
    if (str_ends(s, S("文件")))
        return utf8_len_cp(s) > 3 && utf8_len_cp(s) <= MARK_CP;
    if (str_ends(s, S("号")))
        return str_has(s, S("〔")) && str_has(s, S("〕"));
    bool bracketed = str_eat(&inner, S("（")) && str_eat_end(&inner, S("）"));
    if (!str_eat(&inner, S("第")) && !bracketed)
        return false;
    return str_eat_end(&inner, S("期")) ? digits(inner) : bracketed && digits(inner);
}

/* 附件, 附件1, 附件二： - from there on it is no main text. */
static bool is_annex(struct str s)
{
    if (!str_eat(&s, S("附件")))
        return false;
    if (!str_eat_end(&s, S("：")))
        (void)str_eat_end(&s, S(":"));
    s = str_trim(s);
    if (digits(s))
        return s.n <= 2;
    if (utf8_len_cp(s) > 3)
        return false;
    for (size_t i = 0; i < s.n;)
        if (!ch_han_number(utf8_next(s, &i)))
            return false;
    return true;
}

static bool is_day(struct str s)
{
    return utf8_len_cp(s) <= DAY_CP && str_ends(s, S("日")) && str_has(s, S("年")) &&
           str_has(s, S("月")) && ((s.n && s.p[0] == '2') || str_starts(s, S("二")));
}

/* Of 版记. 主送 and 发送 stand there only below the day, higher up they are text. */
static bool is_record(struct str s, bool signed_off)
{
    static const struct {
        struct str word;
        bool below;
    } names[] = {{SC("抄送"), false}, {SC("印发机关"), false}, {SC("主送"), true},
        {SC("发送"), true}, {SC("分送"), true}};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct str rest = s;
        if (str_eat(&rest, names[i].word) && (str_eat(&rest, S("：")) || str_eat(&rest, S(":"))))
            return signed_off || !names[i].below;
    }
    return str_eat_end(&s, S("印发")) && str_ends(s, S("日")) && str_has(s, S("年")) &&
           str_has(s, S("月"));
}

int64_t manuscript_chars(struct str text)
{
    struct str line;
    size_t lines;
    int64_t n = 0;
    bool head = true, signed_off = false;

    text = str_sub(text, typeset_front(text, &lines), SIZE_MAX);
    while (str_next(&text, S("\n"), &line)) {
        line = str_trim(line);
        if (!line.n || (head && is_head(line)))
            continue;
        head = false;
        if (is_annex(line))
            break;
        signed_off = signed_off || is_day(line);
        if (!is_record(line, signed_off))
            n += letters(line);
    }
    return n;
}
