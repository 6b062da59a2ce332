/* Quotation marks, brackets and title marks. */
#include "text/rules_pair.h"

#include "text/rule_chars.h"

enum {
    DEPTH_MAX = 64,     /* deeper nesting is no prose */
    SPREAD_LINES = 40,  /* a quotation of several paragraphs closes within so many lines */
    NOTE_CP = 30,       /* a note in brackets */
    QUOTED_CP_MAX = 60, /* words quoted inside a sentence */
};

/* ---- P02 ---- */
/* The round brackets at open and close, of either width: with Chinese beside or inside them both are full. */
static void bracket_width(struct checker *c, size_t open, size_t close)
{
    const struct draft *d = c->d;

    if (!ch_cjk(ch_before(d, open)) && !ch_cjk(d->cp[open + 1]) && !ch_cjk(d->cp[close - 1]) &&
        !ch_cjk(d->cp[close + 1]))
        return;
    if (d->cp[open] == '(')
        check_replace(c, "P02", open, open + 1, S("（"), "中文里用了半角括号“(”");
    if (d->cp[close] == ')')
        check_replace(c, "P02", close, close + 1, S("）"), "中文里用了半角括号“)”");
}

void pair_half_brackets(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t l = 0; l < d->n_lines; l++) {
        size_t open[DEPTH_MAX], depth = 0;
        for (size_t i = d->lines[l].begin; i < d->lines[l].end; i++) {
            uint32_t ch = d->cp[i];
            if (d->mask[i] & MASK_URL)
                continue;
            if ((ch == '(' || ch == CH_OPEN) && depth < DEPTH_MAX)
                open[depth++] = i;
            else if ((ch == ')' || ch == CH_CLOSE) && depth)
                bracket_width(c, open[--depth], i);
        }
    }
}

/* ---- P04, P05 ---- */
static bool is_double_quote(uint32_t ch)
{
    return ch == CH_QUOTE || ch == CH_UNQUOTE || ch == '"';
}

/* A straight mark closes what is open, whatever opened it: “AI泉城". */
static bool quote_opens(uint32_t ch, bool open)
{
    return ch == CH_QUOTE || (ch == '"' && !open);
}

/* An odd mark may be inches, or anything: only a line whose marks all close is judged. */
static bool quotes_close(const struct draft *d, const struct draft_line *x)
{
    bool open = false;

    for (size_t i = x->begin; i < x->end; i++)
        if (is_double_quote(d->cp[i]))
            open = quote_opens(d->cp[i], open);
    return !open;
}

void pair_straight_quotes(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t l = 0; l < d->n_lines; l++) {
        const struct draft_line *x = &d->lines[l];
        bool open = false;
        if (!quotes_close(d, x))
            continue;
        for (size_t i = x->begin; i < x->end; i++) {
            if (!is_double_quote(d->cp[i]))
                continue;
            open = quote_opens(d->cp[i], open);
            if (d->cp[i] == '"' && (ch_cjk(ch_before(d, i)) || ch_cjk(d->cp[i + 1])))
                check_replace(c, "P04", i, i + 1, open ? S("“") : S("”"), "中文里用了直引号");
        }
    }
}

void pair_corner_quotes(struct checker *c)
{
    static const struct {
        uint32_t corner;
        struct str mark;
    } marks[] = {{0x300C, SC("“")}, {0x300D, SC("”")}, {0x300E, SC("‘")}, {0x300F, SC("’")}};
    const struct draft *d = c->d;

    for (size_t i = 0; i < d->n; i++)
        if (d->cp[i] >= 0x300C && d->cp[i] <= 0x300F)
            check_replace(c, "P05", i, i + 1, marks[d->cp[i] - 0x300C].mark,
                "横排文稿不用直角引号“%.*s”", SF(draft_str(d, i, i + 1)));
}

/* ---- P06, P07, P08 ---- */
static const uint32_t pairs[][2] = {{CH_QUOTE, CH_UNQUOTE}, {CH_TITLE, CH_UNTITLE},
    {0x3008, 0x3009}, {CH_OPEN, CH_CLOSE}, {0x3014, 0x3015}, {0x3010, 0x3011}, {'(', ')'}};
enum { ROUND = 3, HALF_ROUND = 6 };

/* Kind of pair; both widths of round brackets are one. */
static int kind_of(uint32_t ch, bool *opens)
{
    for (int k = 0; k < (int)COUNT(pairs); k++)
        if (pairs[k][0] == ch || pairs[k][1] == ch) {
            *opens = pairs[k][0] == ch;
            return k == HALF_ROUND ? ROUND : k;
        }
    return -1;
}

/* 1） and a) count and are no half of a pair. */
static bool is_count(const struct draft *d, size_t i)
{
    size_t at = i;

    while (at && i - at < 4 && (ch_digit(d->cp[at - 1]) || ch_han_number(d->cp[at - 1])))
        at--;
    if (at == i && at && ch_latin(d->cp[at - 1]))
        at--;
    return at < i && (at == 0 || !utf8_is_han(d->cp[at - 1])) && ch_before(d, at) != CH_OPEN &&
           ch_before(d, at) != '(';
}

static bool same_mark(uint32_t ch, uint32_t mark)
{
    return ch == mark || (mark == CH_OPEN && ch == '(') || (mark == CH_CLOSE && ch == ')');
}

/* Does a later line close what line l left open (or an earlier one open it)? Poems and quotations of several
 * paragraphs, which may begin each paragraph with an opening mark. */
static bool closed_elsewhere(const struct draft *d, size_t l, int kind, bool later)
{
    uint32_t open = pairs[kind][0], close = pairs[kind][1];
    bool listed = true; /* only items of a list between the line and this one */

    for (size_t k = 1; k <= SPREAD_LINES; k++) {
        int depth = 0;
        if (later ? l + k >= d->n_lines : k > l)
            return false;
        const struct draft_line *line = &d->lines[later ? l + k : l - k];
        if (later && listed && kind == 0 && d->cp[line->first] == open)
            return true;
        listed = listed && line->label != LABEL_NONE;
        for (size_t i = line->begin; i < line->end; i++) {
            depth += same_mark(d->cp[i], open);
            depth -= same_mark(d->cp[i], close);
        }
        if (later ? depth < 0 : depth > 0)
            return true;
    }
    return false;
}

static void say_single(struct checker *c, size_t l, size_t i, int kind, bool opens)
{
    if (!closed_elsewhere(c->d, l, kind, opens))
        (void)check_say(c, "P06", i, i + 1, "“%.*s”没有成对", SF(draft_str(c->d, i, i + 1)));
}

/* What is open, and the pairs inside one of their own kind: these are said when the outer one is closed. */
struct nest {
    size_t at[DEPTH_MAX];
    int kind[DEPTH_MAX];
    size_t depth;
    struct {
        size_t open, close;
        int kind;
    } inner[DEPTH_MAX];
    size_t n_inner;
};

/* The pair that was opened at the top of n ends at `close`. */
static void close_pair(struct checker *c, struct nest *n, size_t close)
{
    int kind = n->kind[n->depth];
    bool inside = false;

    for (size_t k = 0; k < n->depth; k++) /* 《〈《甲》〉》 alternates: the nearest one counts */
        if (n->kind[k] == kind || (kind == 1 && n->kind[k] == 2))
            inside = n->kind[k] == kind;
    if (inside && (kind == 0 || kind == 1) && n->n_inner < DEPTH_MAX) {
        n->inner[n->n_inner].open = n->at[n->depth];
        n->inner[n->n_inner].close = close;
        n->inner[n->n_inner++].kind = kind;
    }
    for (size_t k = 0; !inside && k < n->n_inner; k++) {
        size_t a = n->inner[k].open, b = n->inner[k].close;
        if (n->inner[k].kind != kind)
            continue;
        n->inner[k].kind = -1;
        if (kind == 0) {
            check_replace(c, "P07", a, a + 1, S("‘"), "引号里面的引号应是单引号");
            check_replace(c, "P07", b, b + 1, S("’"), "引号里面的引号应是单引号");
        } else {
            check_replace(c, "P08", a, a + 1, S("〈"), "书名号里面的书名号应是单书名号");
            check_replace(c, "P08", b, b + 1, S("〉"), "书名号里面的书名号应是单书名号");
        }
    }
}

/* Kind of the pair that the mark at i belongs to; a straight quotation mark closes what is open. */
static int mark_kind(const struct draft *d, const struct nest *n, size_t i, bool *opens)
{
    if (d->mask[i] & MASK_URL)
        return -1;
    if (d->cp[i] != '"')
        return kind_of(d->cp[i], opens);
    *opens = true;
    for (size_t k = 0; k < n->depth; k++)
        if (n->kind[k] == 0)
            *opens = false;
    return *opens ? -1 : 0;
}

static void stack_line(struct checker *c, size_t l)
{
    const struct draft *d = c->d;
    struct nest n = {.depth = 0};

    for (size_t i = d->lines[l].begin; i < d->lines[l].end; i++) {
        bool opens = false;
        int kind = mark_kind(d, &n, i, &opens);
        size_t match = n.depth;
        if (kind < 0)
            continue;
        if (opens) {
            if (n.depth == DEPTH_MAX)
                return;
            n.at[n.depth] = i;
            n.kind[n.depth++] = kind;
            continue;
        }
        while (match && n.kind[match - 1] != kind)
            match--;
        if (!match) {
            if (kind != ROUND || !is_count(d, i))
                say_single(c, l, i, kind, false);
            continue;
        }
        while (n.depth > match) {
            n.depth--;
            say_single(c, l, n.at[n.depth], n.kind[n.depth], true);
        }
        n.depth--;
        close_pair(c, &n, i);
    }
    while (n.depth) {
        n.depth--;
        say_single(c, l, n.at[n.depth], n.kind[n.depth], true);
    }
}

void pair_stack(struct checker *c)
{
    for (size_t l = 0; l < c->d->n_lines; l++)
        if (c->d->lines[l].kind != META_NOTE)
            stack_line(c, l);
}

/* ---- P15, P16 ---- */
void pair_lists(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t i = 1; i + 1 < d->n; i++) {
        uint32_t before = d->cp[i - 1], next = d->cp[i + 1];
        if (d->cp[i] == CH_DUN && ((before == CH_UNTITLE && next == CH_TITLE) ||
                                      (before == CH_UNQUOTE && next == CH_QUOTE)))
            check_replace(c, "P15", i, i + 1, S(""), "并列的书名号或引号之间通常不用顿号");
        /* 《甲》（2024年）《乙》 */
        if (d->cp[i] == CH_CLOSE && next == CH_TITLE) {
            size_t open = i;
            while (open && i - open < NOTE_CP && d->cp[open] != CH_OPEN && d->cp[open] != '\n')
                open--;
            if (d->cp[open] == CH_OPEN && ch_before(d, open) == CH_UNTITLE &&
                !word_at(d, open + 1, "以下|下称|简称")) {
                struct finding *f =
                    check_say(c, "P16", i, i + 2, "书名号之间有括注，并列的应加顿号");
                check_suggest(c, f, S("）、《"));
            }
        }
    }
}

/* ---- P33, P37 ---- */
static void inner_bracket(struct checker *c, size_t stop)
{
    const struct draft *d = c->d;
    size_t open = stop;

    while (open && stop - open <= NOTE_CP && d->cp[open] != CH_OPEN) {
        open--;
        if (ch_ends(d->cp[open]) || d->cp[open] == CH_SEMI)
            return; /* several sentences, or a paragraph of its own */
    }
    if (d->cp[open] != CH_OPEN || !open || ch_ends(d->cp[open - 1]))
        return;
    check_replace(c, "P33", stop, stop + 1, S(""), "句中括号里的话末尾不用句号");
}

/* 要求“压实责任。” inside a sentence: no colon before it, and one sentence in it. */
static void inner_quote(struct checker *c, size_t stop)
{
    const struct draft *d = c->d;
    size_t open = stop;

    while (open && stop - open <= QUOTED_CP_MAX && d->cp[open] != CH_QUOTE) {
        open--;
        if (ch_ends(d->cp[open]) || d->cp[open] == CH_SEMI)
            return;
    }
    if (d->cp[open] == CH_QUOTE &&
        word_before(d, open, "要求|提出|强调|坚持|做到|落实|贯彻|实现")) {
        struct finding *f =
            check_say(c, "P37", stop, stop + 2, "引语是句子的一部分时，句号在引号外面");
        check_suggest(c, f, S("”。"));
    }
}

void pair_inner_stop(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t i = 0; i + 1 < d->n; i++) {
        if (d->cp[i] != CH_STOP)
            continue;
        if (d->cp[i + 1] == CH_CLOSE)
            inner_bracket(c, i);
        else if (d->cp[i + 1] == CH_UNQUOTE)
            inner_quote(c, i);
    }
}

/* ---- P29, P30 ---- */
/* What is studied in an activity of its own: 学习《条例》活动. */
#define RULE_WORDS                                                                                                                \
    "法|条例|办法|规定|决定|决议|意见|通知|公报|纲要|规划|准则|方案|计划|细则|规则|公约|章程|" \
    "报告|规程|标准|指南|文选|论述|书|讲话|精神|读本|选编|选读|党章|宪法|典"
void pair_titles(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t i = 0; i < d->n; i++) {
        size_t end = i + 1, dots = 0, joins = 0, at = 0, w;
        if (d->cp[i] != CH_TITLE)
            continue;
        while (end < d->n && end - i <= NOTE_CP && d->cp[end] != CH_UNTITLE && d->cp[end] != '\n') {
            if (d->cp[end] == CH_MIDDOT)
                dots++;
            if (dots && d->cp[end - 1] != CH_MIDDOT &&
                (d->cp[end] == 0x548C || d->cp[end] == 0x4E0E)) { /* 和 与 */
                joins++;
                at = end;
            }
            end++;
        }
        if (d->cp[end] != CH_UNTITLE)
            continue;
        if (joins == 1 && end - i < 14) {
            struct finding *f = check_say(c, "P29", at, at + 1, "书名里已用间隔号并列，不再用连词");
            check_suggest(c, f, S("·"));
        }
        w = word_at(d, end + 1,
            "主题活动|系列活动|活动|主题党日|主题教育|专项行动|课程|荣誉称号|称号|奖项|奖杯");
        if (w && !word_before(d, end, RULE_WORDS)) {
            struct finding *f =
                check_say(c, "P30", i, end + 1 + w, "活动、课程、奖项、称号的名称不用书名号");
            struct buf b;
            buf_init(&b, 0);
            buf_z(&b, "“");
            buf_str(&b, draft_str(d, i + 1, end));
            buf_z(&b, "”");
            buf_str(&b, draft_str(d, end + 1, end + 1 + w));
            check_suggest(c, f, buf_view(&b));
            buf_release(&b);
        }
    }
}
