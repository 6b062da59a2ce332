#include "text/docno.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

enum {
    CODE_CP_MAX = 14,   /* longest organ code seen in the wild is 9; bodies that write a name: 14 */
    CODE_CP_SURE = 8,   /* up to here a run between punctuation is a code as it stands */
    ISSUER_CP_MAX = 60, /* issuers of a joint announcement */
    RUN_CP_MAX = 70,
    SERIAL_MAX = 99999
};

/* ---- going backwards ---- */

static size_t back_blanks(struct str s, size_t off, bool lines)
{
    size_t start;

    while (off > 0) {
        uint32_t cp = lex_prev(s, off, &start);
        if (!(lines && (cp == '\n' || cp == '\r')) && lex_blanks(s, start) < off)
            break;
        off = start;
    }
    return off;
}

static bool back_eat(struct str s, size_t *off, struct str what)
{
    if (*off < what.n || !str_eq(str_sub(s, *off - what.n, what.n), what))
        return false;
    *off -= what.n;
    return true;
}

static bool is_number_cp(uint32_t cp)
{
    static const char han[] = "零〇○一二两三四五六七八九十百千";
    struct str left = str_z(han);
    size_t at = 0;

    if (lex_digit(cp) >= 0)
        return true;
    if (cp < 0x25CB || cp > 0x96F6)
        return false;
    while (at < left.n)
        if (utf8_next(left, &at) == cp)
            return true;
    return false;
}

/* The number that ends at *off; *off moves to its beginning. */
static bool back_number(struct str s, size_t *off, int *value)
{
    size_t begin = *off, start, from;

    for (int i = 0; i < 12 && begin > 0; i++) {
        if (!is_number_cp(lex_prev(s, begin, &start)))
            break;
        begin = start;
    }
    from = begin;
    if (begin == *off || !lex_number(s, &from, value) || from != *off)
        return false;
    *off = begin;
    return true;
}

static bool is_open(uint32_t cp)
{
    return cp == 0x3014 || cp == '[' || cp == 0xFF3B || cp == '(' || cp == 0xFF08 || cp == 0x3010 ||
           cp == 0x3016;
}

static bool is_close(uint32_t cp)
{
    return cp == 0x3015 || cp == ']' || cp == 0xFF3D || cp == ')' || cp == 0xFF09 || cp == 0x3011 ||
           cp == 0x3017;
}

static bool full_year(int *year, size_t digits)
{
    if (digits <= 2)
        *year += *year >= 49 ? 1900 : 2000;
    return *year >= 1900 && *year <= 2099;
}

/* （2024年） backwards from its closing bracket at *off. Pairs of unlike brackets are common in scans. */
static bool back_year(struct str s, size_t *off, int *year)
{
    size_t at = *off, number_end;

    if (!is_close(lex_prev(s, at, &at)))
        return false;
    at = back_blanks(s, at, false);
    if (back_eat(s, &at, S("年")))
        at = back_blanks(s, at, false);
    number_end = at;
    if (!back_number(s, &at, year))
        return false;
    if (!full_year(year, utf8_len_cp(str_sub(s, at, number_end - at))))
        return false;
    at = back_blanks(s, at, false);
    if (!is_open(lex_prev(s, at, &at)))
        return false;
    *off = at;
    return true;
}

/* ---- where the organ code begins ---- */

/* Words that end the sentence before a code; the code begins behind the last of them. */
static const struct str stops[] = {SC("根据"), SC("依据"), SC("依照"), SC("按照"), SC("遵照"),
    SC("参照"), SC("对照"), SC("比照"), SC("执行"), SC("落实"), SC("贯彻"), SC("转发"), SC("印发"),
    SC("下发"), SC("发布"), SC("公布"), SC("颁布"), SC("通知"), SC("意见"), SC("决定"), SC("文件"),
    SC("规定"), SC("办法"), SC("批复"), SC("的函"), SC("有关"), SC("文号"), SC("编号"), SC("字号"),
    SC("详见"), SC("参见"), SC("附件"), SC("废止"), SC("修改"), SC("收到"), SC("来文"), SC("上述"),
    SC("关于"), SC("作出"), SC("出台"), SC("制定"), SC("通过"), SC("以及"), SC("号为"), SC("结合"),
    SC("适用"), SC("违反"), SC("其中"), SC("分别"), SC("修订"), SC("简称"), SC("虽然"), SC("即"),
    SC("的")};
/* The same for codes alone: an issuer of an order may hold them. */
static const struct str code_stops[] = {
    SC("人民政府"), SC("我院"), SC("我局"), SC("我部"), SC("全体会议"), SC("召开")};
/* One character that can also be part of a code (和政发 is 和县): cut only where it can be nothing else. */
static const struct str heads[] = {SC("见"), SC("以"), SC("按"), SC("据"), SC("由"), SC("经"),
    SC("原"), SC("凡"), SC("依"), SC("为"), SC("是"), SC("将"), SC("对"), SC("而")};
static const struct str joins[] = {SC("和"), SC("与"), SC("及"), SC("或"), SC("等"), SC("在")};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static size_t cut_after(struct str run, const struct str *words, size_t n, size_t cut)
{
    for (size_t i = 0; i < n; i++)
        for (size_t at = str_find(run, words[i], 0); at != SIZE_MAX;
             at = str_find(run, words[i], at + 1))
            if (at + words[i].n > cut && at + words[i].n < run.n)
                cut = at + words[i].n;
    return cut;
}

static size_t after_last_stop(struct str run)
{
    return cut_after(run, stops, COUNT(stops), 0);
}

static bool eat_one_of(struct str *s, const struct str *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s->n > words[i].n && str_eat(s, words[i]))
            return true;
    return false;
}

/* The run of Han characters (and letters) that ends at `end`. */
static struct str run_before(struct str s, size_t end, bool letters)
{
    size_t begin = end, start;

    for (int i = 0; i < RUN_CP_MAX && begin > 0; i++) {
        uint32_t cp = lex_prev(s, begin, &start);
        bool letter = letters && ((cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z'));
        if ((!utf8_is_han(cp) && !letter) || cp == 0x3007)
            break;
        begin = start;
    }
    return str_sub(s, begin, end - begin);
}

/* 、 》 号 before a conjunction: "…通知》和国发〔…〕". */
static bool after_joinable(struct str s, size_t off)
{
    size_t start;
    uint32_t cp = lex_prev(s, off, &start);

    return cp == 0x3001 || cp == 0x300B || cp == 0xFF09 || cp == 0x53F7;
}

static bool code_of(struct str s, size_t end, struct str *out)
{
    struct str run = run_before(s, end, true);
    size_t cut = cut_after(run, code_stops, COUNT(code_stops), after_last_stop(run)), cp;

    if (cut == 0 && after_joinable(s, (size_t)(run.p - s.p)))
        eat_one_of(&run, joins, COUNT(joins));
    run = str_sub(run, cut, run.n);
    if (cut)
        eat_one_of(&run, joins, COUNT(joins));
    eat_one_of(&run, heads, COUNT(heads));
    cp = utf8_len_cp(run);
    if (cp > CODE_CP_SURE) /* too long for a code: only a conjunction can be its beginning */
        for (size_t i = 0; i < 3; i++) {
            size_t at = str_find(run, joins[i], 0);
            if (at != SIZE_MAX && run.n - at > 3 * joins[i].n)
                run = str_sub(run, at + joins[i].n, run.n);
        }
    cp = utf8_len_cp(run);
    *out = run;
    return cp >= 2 && cp <= CODE_CP_MAX;
}

static const struct str issuer_ends[] = {SC("国务院"), SC("主席"), SC("部"), SC("委员会"), SC("委"),
    SC("总局"), SC("局"), SC("署"), SC("法院"), SC("检察院"), SC("银行"), SC("总行"), SC("厅"),
    SC("人民政府"), SC("政府"), SC("代表大会"), SC("办公室"), SC("监会"), SC("军委"), SC("海关"),
    SC("协会"), SC("联合会"), SC("公司"), SC("集团")};

static bool ends_as_issuer(struct str run)
{
    for (size_t i = 0; i < COUNT(issuer_ends); i++)
        if (str_ends(run, issuer_ends[i]))
            return true;
    return false;
}

/* 财政部 税务总局 海关总署: take in what stands before, blank or 、 between, while it ends as an issuer. */
static size_t joint_begin(struct str s, size_t begin)
{
    for (int i = 0; i < 8; i++) {
        size_t at = back_blanks(s, begin, false);
        struct str before;
        if (at == begin && !back_eat(s, &at, S("、")))
            return begin;
        before = run_before(s, at, false);
        if (before.n == 0 || !ends_as_issuer(before) || after_last_stop(before) > 0 ||
            utf8_len_cp(before) > 20)
            return begin;
        begin = (size_t)(before.p - s.p);
    }
    return begin;
}

static bool issuer_of(struct str s, size_t end, struct str *out)
{
    struct str run = run_before(s, end, false);
    size_t start, cut;

    if (lex_digit(lex_prev(s, (size_t)(run.p - s.p), &start)) >= 0 && !str_eat(&run, S("日")) &&
        !str_eat(&run, S("年")))
        return false;
    cut = after_last_stop(run);
    run = str_sub(run, cut, run.n);
    eat_one_of(&run, heads, COUNT(heads));
    if (!ends_as_issuer(run) &&
        !str_eq(run, S("国"))) /* 国令第706号, as the State Council abridges */
        return false;
    start = (size_t)(run.p - s.p);
    if (cut == 0)
        start = joint_begin(s, start);
    *out = str_sub(s, start, end - start);
    return utf8_len_cp(*out) <= ISSUER_CP_MAX;
}

/* ---- the three forms ---- */

static const struct str order_words[] = {SC("公告"), SC("通告"), SC("令")};

static bool back_word(struct str s, size_t *off, struct str *word)
{
    for (size_t i = 0; i < COUNT(order_words); i++)
        if (back_eat(s, off, order_words[i])) {
            *word = order_words[i];
            return true;
        }
    return false;
}

static bool word_behind(struct str s, size_t *off, struct str *word)
{
    for (size_t i = 0; i < COUNT(order_words); i++)
        if (str_starts(str_sub(s, *off, s.n), order_words[i])) {
            *word = order_words[i];
            *off += order_words[i].n;
            return true;
        }
    return false;
}

/* s[..at) ends where 第 or the serial begins. */
static bool code_form(struct str s, size_t at, struct docno *d)
{
    size_t p = at;

    if (back_eat(s, &p, S("字")))
        p = back_blanks(s, p, false);
    if (!back_year(s, &p, &d->year))
        return false;
    p = back_blanks(s, p, false);
    if (!code_of(s, p, &d->organ))
        return false;
    d->kind = DOCNO_CODE;
    d->at.begin = (size_t)(d->organ.p - s.p);
    return true;
}

static bool order_form(struct str s, size_t at, bool ordinal, struct docno *d)
{
    size_t p = at, open, year_end, behind = d->at.end;
    bool bracket = false;

    if (ordinal && is_open(lex_prev(s, p, &open)) && is_close(lex_peek(s, d->at.end))) {
        utf8_next(s, &behind);
        bracket = true;
        p = open;
    }
    p = back_blanks(s, p, true);
    if (back_eat(s, &p, S("年"))) {
        p = year_end = back_blanks(s, p, false);
        if (!back_number(s, &p, &d->year) || utf8_len_cp(str_sub(s, p, year_end - p)) != 4 ||
            !full_year(&d->year, 4))
            return false;
        p = back_blanks(s, p, true);
    } else if (!bracket && back_year(s, &p, &d->year)) {
        p = back_blanks(s, p, false);
    }
    if (!back_word(s, &p, &d->word)) {
        if (bracket || !ordinal || !word_behind(s, &behind, &d->word))
            return false;
    }
    p = back_blanks(s, p, false);
    if (!issuer_of(s, p, &d->organ))
        return false;
    d->kind = str_eq(d->word, S("令")) ? DOCNO_ORDER : DOCNO_NOTICE;
    d->at.begin = (size_t)(d->organ.p - s.p);
    d->at.end = behind;
    return true;
}

static bool is_standard(struct str s, const struct docno *d)
{
    char want[4 * CODE_CP_MAX + 40];
    int n = snprintf(want, sizeof(want), "%.*s〔%d〕%d号", SF(d->organ), d->year, d->serial);

    return d->kind == DOCNO_CODE && n > 0 && (size_t)n < sizeof(want) &&
           str_eq(str_z(want), span_str(s, d->at));
}

/* 5号楼, 3号线: a number of something else. */
static bool counts_a_thing(struct str s, size_t behind)
{
    static const struct str things[] = {SC("楼"), SC("院"), SC("线"), SC("馆"), SC("车"), SC("厅"),
        SC("门"), SC("会场"), SC("台风"), SC("地块"), SC("码头"), SC("机组")};
    struct str rest = str_sub(s, behind, s.n);

    for (size_t i = 0; i < COUNT(things); i++)
        if (str_starts(rest, things[i]))
            return true;
    return false;
}

/* The number whose 号 begins at `mark`. */
static bool docno_at(struct str s, size_t mark, struct docno *out)
{
    struct docno d = {.at = {.end = mark + S("号").n}};
    size_t at = back_blanks(s, mark, false);
    bool ordinal;

    if (!back_number(s, &at, &d.serial) || d.serial < 1 || d.serial > SERIAL_MAX)
        return false;
    if (counts_a_thing(s, d.at.end))
        return false;
    at = back_blanks(s, at, false);
    ordinal = back_eat(s, &at, S("第"));
    if (ordinal)
        at = back_blanks(s, at, false);
    if (!code_form(s, at, &d)) {
        d.year = 0;
        if (!order_form(s, at, ordinal, &d))
            return false;
    }
    d.standard = is_standard(s, &d);
    *out = d;
    return true;
}

bool docno_next(struct str text, size_t *from, struct docno *out)
{
    size_t at = *from;

    for (;;) {
        struct docno d;
        at = str_find(text, S("号"), at);
        if (at == SIZE_MAX)
            break;
        if (docno_at(text, at, &d) && d.at.begin >= *from) {
            *out = d;
            *from = d.at.end;
            return true;
        }
        at += S("号").n;
    }
    *from = text.n;
    return false;
}

size_t docno_find(struct arena *a, struct str text, struct docno **out)
{
    struct docno *v = NULL, d;
    size_t n = 0, cap = 0, from = 0;

    while (n < DOCNO_MAX && docno_next(text, &from, &d))
        ARENA_PUSH(a, v, n, cap) = d;
    *out = v;
    return n;
}

enum code docno_parse(struct str in, struct docno *out, struct err *e)
{
    struct str s = str_trim(in);
    size_t from = 0, lead = s.p ? (size_t)(s.p - in.p) : 0;
    struct docno d;

    if (!str_has(s, S("号")))
        return FAIL(e, E_INPUT, "发文字号“%.*s”没有以“号”结尾", SF(s));
    if (!docno_next(s, &from, &d))
        return FAIL(e, E_INPUT,
            "“%.*s”不是发文字号：应为机关代字、〔年份〕、顺序号，如“国办发〔2024〕15号”", SF(s));
    if (d.at.begin != 0 || d.at.end != s.n)
        return FAIL(e, E_INPUT, "“%.*s”中除发文字号外还有其他文字", SF(s));
    d.at.begin += lead;
    d.at.end += lead;
    *out = d;
    return OK;
}

/* ---- writing ---- */

/* The issuer without blanks; for a key, joint issuers are parted by 、 however they were written. */
static void put_issuer(struct str organ, bool brief, struct buf *out)
{
    static const struct str republic = SC("中华人民共和国");
    size_t at = 0;

    while (at < organ.n) {
        size_t next = lex_blanks(organ, at);
        if (brief && str_starts(str_sub(organ, at, organ.n), republic)) {
            at += republic.n;
            continue;
        }
        if (next > at) {
            buf_z(out, "、");
            at = next;
            continue;
        }
        buf_utf8(out, utf8_next(organ, &at));
    }
}

void docno_print(const struct docno *d, struct buf *out)
{
    put_issuer(d->organ, false, out);
    if (d->kind == DOCNO_CODE)
        buf_printf(out, "〔%d〕%d号", d->year, d->serial);
    else if (d->year)
        buf_printf(out, "%.*s%d年第%d号", SF(d->word), d->year, d->serial);
    else
        buf_printf(out, "%.*s第%d号", SF(d->word), d->serial);
}

void docno_key(const struct docno *d, struct buf *out)
{
    if (d->kind == DOCNO_ORDER && str_eq(d->organ, S("国")))
        buf_z(out, "国务院");
    else
        put_issuer(d->organ, d->kind != DOCNO_CODE, out);
    buf_printf(out, "%.*s|%d|%d", SF(d->word), d->year, d->serial);
}

/* ---- what OCR makes of it ---- */

static bool bracket(uint32_t cp)
{
    static const char marks[] = "〔〕[]【】（）()「」{}［］〖〗『』|";
    struct str all = str_z(marks);
    size_t at = 0;

    while (at < all.n)
        if (utf8_next(all, &at) == cp)
            return true;
    return false;
}

static int ocr_digit(uint32_t cp)
{
    if (cp == ']' || cp == '[' || cp == '|' || cp == 'l' || cp == 'I' || cp == '!')
        return 1;
    if (cp == 'O' || cp == 'o')
        return 0;
    return lex_digit(cp);
}

/* Digits up to 号 and the end of the line. */
static bool ocr_serial(struct str s, int *serial)
{
    size_t at = 0;
    int v = 0, n = 0;

    while (at < s.n) {
        uint32_t cp = utf8_next(s, &at);
        if (cp == ' ' || cp == 0x3000 || cp == 0x7B2C /* 第 */)
            continue;
        if (cp == 0x53F7 /* 号 */) {
            *serial = v;
            return n > 0 && v > 0 && !str_trim(str_sub(s, at, s.n)).n;
        }
        int d = ocr_digit(cp);
        if (d < 0 || ++n > 5)
            return false;
        v = v * 10 + d;
    }
    return false;
}

bool docno_of_ocr(struct str line, struct buf *out)
{
    struct str s = str_trim(line);
    size_t year = SIZE_MAX, begin, at = 0;
    int serial, codes = 0;

    for (size_t i = 0; i + 4 < s.n && year == SIZE_MAX; i++)
        if (s.p[i] == '2' && s.p[i + 1] == '0' && lex_digit((unsigned char)s.p[i + 2]) >= 0 &&
            lex_digit((unsigned char)s.p[i + 3]) >= 0)
            year = i;
    if (year == SIZE_MAX || year == 0 || !bracket(lex_prev(s, year, &begin)))
        return false;
    at = year + 4;
    if (!bracket(utf8_next(s, &at)) || !ocr_serial(str_sub(s, at, s.n), &serial))
        return false;
    struct str code = str_trim(str_sub(s, 0, begin));
    for (size_t i = 0; i < code.n;) {
        uint32_t cp = utf8_next(code, &i);
        if (!utf8_is_han(cp) && cp != ' ' && cp != 0x3000)
            return false;
        codes += utf8_is_han(cp);
    }
    if (codes == 0 || codes > CODE_CP_MAX)
        return false;
    for (size_t i = 0; i < code.n;) {
        size_t was = i;
        if (utf8_is_han(utf8_next(code, &i)))
            buf_str(out, str_sub(code, was, i - was));
    }
    buf_printf(out, "〔%.*s〕%d号", SF(str_sub(s, year, 4)), serial);
    return true;
}
