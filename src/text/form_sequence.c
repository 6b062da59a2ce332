#include <string.h>

#include "base/utf8.h"
#include "text/form_int.h"
#include "text/rule_chars.h"

enum {
    HEADING_CP = 12,
    LIST_MAX = 60,
    REACH_LINES = 400,
    INLINE_LINES = 60,
    INLINE_CP = 3000,
    COUNT_CP = 20
};

/* Levels from above; LABEL_PART is three of them. */
enum level {
    LEVEL_BOOK,
    LEVEL_CHAPTER,
    LEVEL_SECTION,
    LEVEL_ARTICLE,
    LEVEL_1,
    LEVEL_2,
    LEVEL_3,
    LEVEL_4,
    LEVEL_5,
    LEVELS
};

struct level_state {
    int last; /* number under the present parent; 0: none yet */
    int overall; /* last number anywhere: （一）…（三十） may run on across 一、二、三、 */
    size_t line; /* of `last` */
    size_t count;
};
struct sequence {
    struct checker *c;
    const struct draft *d;
    struct level_state at[LEVELS];
    bool used[LEVELS];
};

static int level_of(const struct draft *d, const struct draft_line *l)
{
    switch (l->label) {
    case LABEL_H1:
        return LEVEL_1;
    case LABEL_H2:
        return LEVEL_2;
    case LABEL_H3:
        return LEVEL_3;
    case LABEL_H4:
        return LEVEL_4;
    case LABEL_CIRCLED:
        return LEVEL_5;
    case LABEL_ARTICLE:
        return LEVEL_ARTICLE;
    case LABEL_PART:
        return d->cp[l->label_end - 1] == 0x7F16   ? LEVEL_BOOK
               : d->cp[l->label_end - 1] == 0x7AE0 ? LEVEL_CHAPTER
                                                   : LEVEL_SECTION;
    case LABEL_NONE:
        break;
    }
    return -1;
}

/* 1..99 in Chinese; above, in digits. */
static struct str han(struct arena *a, int v)
{
    static const char *const digits[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};

    if (v < 1 || v > 99)
        return arena_printf(a, "%d", v);
    return arena_printf(
        a, "%s%s%s", v >= 20 ? digits[v / 10] : "", v >= 10 ? "十" : "", digits[v % 10]);
}

static struct str label(struct arena *a, int level, int v)
{
    static const struct {
        const char *before, *behind;
    } shapes[LEVELS] = {{"第", "编"}, {"第", "章"}, {"第", "节"}, {"第", "条"}, {"", "、"},
        {"（", "）"}, {"", "."}, {"（", "）"}, {"第", "个圈码"}};
    struct str n = level == LEVEL_3 || level == LEVEL_4 || level == LEVEL_5
                       ? arena_printf(a, "%d", v)
                       : han(a, v);

    return arena_printf(a, "%s%.*s%s", shapes[level].before, SF(n), shapes[level].behind);
}

/* Between two places the label stands inside a line: the list went on there. */
static bool stands_inline(struct sequence *s, int level, int v, size_t begin, size_t end)
{
    struct str n = label(s->c->a, level, v);

    if (level == LEVEL_5)
        return true;
    return draft_find(s->d, begin, end, n) != SIZE_MAX;
}

static void say_wrong(struct sequence *s, size_t line, int level, int expected)
{
    const struct draft_line *l = &s->d->lines[line];
    const struct level_state *t = &s->at[level];
    struct str now = label(s->c->a, level, l->number);

    if (l->number == t->last)
        check_say(s->c, "S02", l->first, l->label_end, "序号“%.*s”重复", SF(now));
    else if (t->last)
        check_say(s->c, "S02", l->first, l->label_end, "序号不连续：“%.*s”之后是“%.*s”",
            SF(label(s->c->a, level, t->last)), SF(now));
    else
        check_say(s->c, "S02", l->first, l->label_end, "序号从“%.*s”开始，缺少“%.*s”", SF(now),
            SF(label(s->c->a, level, expected)));
}

static void judge(struct sequence *s, size_t line, int level)
{
    const struct draft_line *l = &s->d->lines[line];
    struct level_state *t = &s->at[level];
    int expected = t->last + 1;
    size_t from = t->last ? s->d->lines[t->line].label_end : 0;

    if (l->number == 1 || l->number == expected || l->number == t->overall + 1)
        return;
    /* articles run through the whole text: only a gap of one is believed, others are excerpts */
    if (level <= LEVEL_ARTICLE && (l->number != t->overall + 2 || t->overall == 0))
        return;
    if (!t->last) {
        /* the first one under this parent; a long way off its sisters it is an excerpt as well */
        if (l->number > 3 || level == LEVEL_1)
            return;
        from = s->d->lines[line > INLINE_LINES ? line - INLINE_LINES : 0].begin;
    }
    if (l->number != t->last && stands_inline(s, level, t->last ? expected : 1, from, l->first))
        return;
    if (t->last && (l->number > t->last + 3 || l->number + 3 < t->last))
        return; /* another list */
    say_wrong(s, line, level, expected);
}

/* One （一） under a 一、 and nothing after it. */
static void lonely(struct sequence *s, int level, size_t next)
{
    const struct level_state *t = &s->at[level];
    const struct draft_line *l;
    bool parent = false;

    for (int k = LEVEL_ARTICLE; k < level; k++)
        parent = parent || s->at[k].last;
    if (!parent)
        return;

    if (level < LEVEL_2 || level > LEVEL_4 || t->count != 1 || t->last != 1)
        return;
    l = &s->d->lines[t->line];
    if (stands_inline(s, level, 2, l->label_end, s->d->lines[next].begin))
        return;
    check_say(s->c, "S03", l->first, l->label_end, "只有“%.*s”一项，没有第二项",
        SF(label(s->c->a, level, 1)));
}

static void skipped_level(struct sequence *s, size_t line, int level)
{
    const struct draft_line *l = &s->d->lines[line];

    if (level != LEVEL_3 || l->number != 1 || !s->at[LEVEL_1].last || s->at[LEVEL_2].last ||
        !s->used[LEVEL_2] || !s->d->lines[s->at[LEVEL_1].line].alone)
        return;
    check_say(s->c, "S01", l->first, l->label_end, "层次序数从“%.*s”直接到“1.”，别处用了“（一）”",
        SF(label(s->c->a, LEVEL_1, s->at[LEVEL_1].last)));
}

static void step(struct sequence *s, size_t line, int level)
{
    const struct draft_line *l = &s->d->lines[line];
    struct level_state *t = &s->at[level];

    for (int k = level + 1; k < LEVELS; k++) {
        lonely(s, k, line);
        s->at[k].last = 0;
        s->at[k].count = 0;
    }
    if (l->number == 1 && t->last) {
        lonely(s, level, line);
        t->count = 0;
    }
    judge(s, line, level);
    skipped_level(s, line, level);
    t->overall = l->number;
    /* （一）（二）（二）（四）: the second （二） stands where （三） should; said once */
    t->last = l->number == t->last && l->number > 1 ? t->last + 1 : l->number;
    t->line = line;
    t->count++;
}

static void reset(struct sequence *s, size_t line)
{
    for (int k = LEVELS - 1; k >= 0; k--) {
        lonely(s, k, line);
        s->at[k] = (struct level_state){0};
    }
}

/* 附件：1.××× begins a list of its own with its first number in the line. */
static bool attachment_list(struct sequence *s, size_t line)
{
    const struct draft *d = s->d;
    const struct draft_line *l = &d->lines[line];
    size_t i = l->first;
    int number;

    if (!draft_is(d, i, S("附件")) && !draft_is(d, i, S("附：")) && !draft_is(d, i, S("附表")))
        return false;
    if (draft_annex_line(d, l, &number)) {
        reset(s, line);
        return true;
    }
    while (i < l->end && i - l->first < 6 && d->cp[i] != '1' && d->cp[i] != 0xFF11)
        i++;
    s->at[LEVEL_3] = (struct level_state){.line = line};
    if (i < l->end && (d->cp[i] == '1' || d->cp[i] == 0xFF11))
        s->at[LEVEL_3].last = s->at[LEVEL_3].overall = 1;
    return true;
}

static bool has_tab(const struct draft *d, const struct draft_line *l)
{
    for (size_t i = l->begin; i < l->end; i++)
        if (d->cp[i] == '\t')
            return true;
    return false;
}

/* Labels 一、 before whole sentences, as in minutes: then none of them is a heading. */
static bool numbers_sentences(const struct draft *d)
{
    for (size_t l = 0; l < d->n_lines; l++) {
        const struct draft_line *x = &d->lines[l];
        size_t comma =
            x->label == LABEL_H1 ? draft_find(d, x->label_end, x->end, S("，")) : SIZE_MAX;
        if (comma != SIZE_MAX && draft_find(d, comma, x->end, S("。")) != SIZE_MAX)
            return true;
    }
    return false;
}

/* 一、总体要求。 alone on its line, with text of its own below it; a row of short items is none. */
static void full_stop(struct checker *c, const struct draft_line *l)
{
    size_t end = l->end;

    while (end > l->label_end && (c->d->cp[end - 1] == ' ' || c->d->cp[end - 1] == 0x3000))
        end--;
    if (l + 1 >= c->d->lines + c->d->n_lines || l[1].label == LABEL_H1 || l[1].first == l[1].end)
        return;
    if (l->label != LABEL_H1 || !l->alone || end < l->label_end + 3 ||
        end - l->label_end > HEADING_CP || c->d->cp[end - 1] != 0x3002 ||
        draft_find(c->d, l->label_end, end, S("，")) != SIZE_MAX)
        return;
    check_replace(c, "S05", end - 1, end, S(""), "标题单独成行，末尾不用句号");
}

void form_sequence(struct checker *c)
{
    struct sequence s = {.c = c, .d = c->d};
    bool sentences = numbers_sentences(c->d);

    for (size_t l = 0; l < s.d->n_lines; l++) {
        int level = level_of(s.d, &s.d->lines[l]);
        if (level >= 0)
            s.used[level] = true;
    }
    for (size_t l = 0; l < s.d->n_lines; l++) {
        const struct draft_line *line = &s.d->lines[l];
        int level = level_of(s.d, line);
        if (line->kind == META_TITLE || (l && draft_part_end(s.d, l - 1) == l))
            reset(&s, l); /* a text that is carried has numbers of its own */
        if (attachment_list(&s, l) || level < 0 || line->kind == META_NOTE ||
            line->kind == META_ROW || has_tab(s.d, line))
            continue;
        step(&s, l, level);
        if (!sentences)
            full_stop(c, line);
    }
    reset(&s, s.d->n_lines - 1);
}

/* ---- inside a paragraph ---- */
struct item {
    size_t begin, end;
    int number;
};

static bool boundary(const struct draft *d, size_t i, const struct draft_line *l)
{
    uint32_t c = i > l->label_end ? d->cp[i - 1] : 0;

    return c == 0 || c == 0x3002 || c == 0xFF1B || c == 0xFF1A || c == 0xFF0C || c == ' ' ||
           c == 0x3000 || c == 0x3001;
}

/* 一是, 二是 …, and 一要, 二要. `mark` is the second character. */
static bool item_is(const struct draft *d, size_t i, uint32_t mark, struct item *out)
{
    struct str s = draft_str(d, i, i + 4);
    size_t off = 0, end;
    int v;

    if (!lex_han(s, &off, &v) || v < 1 || v > 20)
        return false;
    end = draft_cp(d, d->byte[i] + off);
    if (d->cp[end] != mark)
        return false;
    *out = (struct item){i, end + 1, v};
    return true;
}

/* （一） that begins an item; 第十六条第（一）、（三）项 names some. */
static bool item_bracket(const struct draft *d, size_t i, uint32_t mark, struct item *out)
{
    static const struct str named[] = {
        SC("、"), SC("项"), SC("款"), SC("目"), SC("和"), SC("至"), SC("或"), SC("及"), SC("以及")};

    (void)mark;
    if (d->cp[i] != 0xFF08 || !item_is(d, i + 1, 0xFF09, out) ||
        draft_any(d, out->end, named, COUNT(named)))
        return false;
    out->begin = i;
    return true;
}

static void judge_items(struct checker *c, const struct item *v, size_t n)
{
    const struct draft *d = c->d;

    for (size_t k = 1; k < n; k++) {
        int was = v[k - 1].number, now = v[k].number;
        struct str x = draft_str(d, v[k - 1].begin, v[k - 1].end);
        struct str y = draft_str(d, v[k].begin, v[k].end);
        if (now == was + 1 || now == 1)
            continue;
        if (now == was)
            check_say(c, "S47", v[k].begin, v[k].end, "序号“%.*s”重复", SF(y));
        else if (now == was + 2 || now + 1 == was)
            check_say(
                c, "S47", v[k].begin, v[k].end, "序号不连续：“%.*s”之后是“%.*s”", SF(x), SF(y));
    }
}

static size_t items_of(const struct draft *d, const struct draft_line *l, size_t from,
    bool (*at)(const struct draft *, size_t, uint32_t, struct item *), uint32_t mark,
    struct item *v)
{
    size_t n = 0;

    for (size_t i = from; i < l->end && i - from < INLINE_CP && n < LIST_MAX; i++)
        if (!(d->mask[i] & (MASK_QUOTE | MASK_TITLE)) && boundary(d, i, l) && at(d, i, mark, &v[n]))
            i = v[n++].end - 1;
    return n;
}

/* 一是…。 and 二是…。 each at the beginning of its paragraph, one below the other: *was is the paragraph's above, 0 none. */
static void judge_paragraph(
    struct checker *c, const struct draft_line *l, const struct item *v, size_t n, struct item *was)
{
    struct item pair[2] = {*was};

    if (n != 1 || v[0].begin != l->first) {
        if (l->first < l->end)
            *was = (struct item){0};
        return;
    }
    pair[1] = v[0];
    if (was->number)
        judge_items(c, pair, 2);
    if (was->number == v[0].number && was->number > 1)
        pair[1].number++; /* a double stands where the next one should: said once */
    *was = pair[1];
}

void form_inline(struct checker *c)
{
    const struct draft *d = c->d;
    struct item v[LIST_MAX], above = {0};

    for (size_t k = 0; k < d->n_lines; k++) {
        const struct draft_line *l = &d->lines[k];
        size_t n;
        if (l->kind == META_ROW || l->kind == META_NOTE)
            continue;
        n = items_of(d, l, l->first, item_is, 0x662F, v); /* 是 */
        judge_items(c, v, n);
        judge_paragraph(c, l, v, n, &above);
        judge_items(c, v, items_of(d, l, l->label_end, item_bracket, 0, v)); /* （一） */
    }
}

/* ---- 以下三个方面 ---- */

/* Labels of one kind from line `from` on: 1, 2, 3 … until they begin anew or a higher one comes. */
static int count_lines(const struct draft *d, size_t from)
{
    const struct draft_line *first;
    int n = 0, level;

    while (from < d->n_lines && d->lines[from].first == d->lines[from].end)
        from++;
    if (from >= d->n_lines || d->lines[from].number != 1)
        return 0;
    first = &d->lines[from];
    level = level_of(d, first);
    for (size_t l = from; l < d->n_lines && l - from < REACH_LINES; l++) {
        int here = level_of(d, &d->lines[l]);
        if (here >= 0 && here < level)
            break;
        if (here != level)
            continue;
        if (d->lines[l].number != n + 1)
            break;
        n++;
    }
    return n;
}

/* Paragraphs that begin with 一是, 二是 … one below the other; 0: none, or it cannot be told how many. */
static int count_paragraphs(const struct draft *d, size_t from)
{
    struct item t;
    int n = 0, last = 0;

    for (size_t l = from; l < d->n_lines && l - from < REACH_LINES; l++) {
        const struct draft_line *line = &d->lines[l];
        if (line->first == line->end)
            continue;
        if (!item_is(d, line->first, 0x662F, &t) || (n && t.number == 1))
            break;
        last = t.number;
        n++;
    }
    return last == n ? n : 0;
}

static int count_inline(const struct draft *d, const struct draft_line *l, size_t from)
{
    struct item v[LIST_MAX];
    size_t n = items_of(d, l, from, item_is, 0x662F, v);

    if (n == 0)
        n = items_of(d, l, from, item_bracket, 0, v);
    for (size_t k = 0; k < n; k++)
        if (v[k].number != (int)k + 1)
            return 0;
    return (int)n;
}

/* 讲三点意见。 at the end of a line, before 一、. */
static void announced(struct checker *c, size_t line)
{
    static const struct str things[] = {SC("点意见"), SC("点要求"), SC("点建议"),
        SC("个方面的意见"), SC("个问题"), SC("点体会"), SC("条意见"), SC("条建议"), SC("点希望")};
    const struct draft *d = c->d;
    const struct draft_line *l = &d->lines[line];
    size_t end = l->end, begin = end > l->first + COUNT_CP ? end - COUNT_CP : l->first;

    if (line + 1 >= d->n_lines || end == l->first ||
        (d->cp[end - 1] != 0x3002 && d->cp[end - 1] != 0xFF1A))
        return;
    for (size_t i = begin; i + 1 < end; i++) {
        size_t off = 0, at, n;
        int said, real;
        if (!lex_number(draft_str(d, i, i + 3), &off, &said) || said < 2 || said > 20)
            continue;
        at = draft_cp(d, d->byte[i] + off);
        n = draft_any(d, at, things, COUNT(things));
        real = n && at + n + 1 == end ? count_lines(d, line + 1) : 0;
        if (real >= 2 && real != said)
            check_say(c, "S39", i, at + n, "“%.*s”与后面列出的%d项不符",
                SF(draft_str(d, i, at + n)), real);
        i = at - 1;
    }
}

/* 以下三个方面 at place i of a line: what is said against what follows. Where to go on. */
static size_t counted(struct checker *c, size_t line, size_t i)
{
    static const struct str things[] = {SC("个方面"), SC("方面"), SC("点"), SC("项"), SC("条"),
        SC("个问题"), SC("个特点"), SC("大"), SC("个环节"), SC("件"), SC("类")};
    const struct draft *d = c->d;
    const struct draft_line *l = &d->lines[line];
    size_t at = i + 2, off = 0, stop, n;
    int said, real;

    if (!lex_number(draft_str(d, at, at + 4), &off, &said) || said < 2 || said > 30)
        return i;
    at = draft_cp(d, d->byte[at] + off);
    n = draft_any(d, at, things, COUNT(things));
    if (n == 0)
        return i;
    real = count_inline(d, l, at);
    stop = l->end - at < INLINE_CP ? draft_find(d, at, l->end, S("。")) : 0;
    if (real == 0 && (stop == SIZE_MAX || stop + 1 == l->end))
        real = count_lines(d, line + 1);
    if (real == 0 && stop + 1 == l->end)
        real = count_paragraphs(d, line + 1);
    if (real >= 2 && real != said)
        check_say(
            c, "S39", i, at + n, "“%.*s”与后面列出的%d项不符", SF(draft_str(d, i, at + n)), real);
    return at + COUNT_CP;
}

void form_counts(struct checker *c)
{
    static const struct str heads[] = {SC("以下"), SC("下列"), SC("如下")};
    const struct draft *d = c->d;

    for (size_t k = 0; k < d->n_lines; k++) {
        announced(c, k);
        for (size_t i = d->lines[k].first; i < d->lines[k].end; i++)
            if ((d->cp[i] == 0x4EE5 || d->cp[i] == 0x4E0B || d->cp[i] == 0x5982) && /* 以 下 如 */
                draft_any(d, i, heads, COUNT(heads)))
                i = counted(c, k, i);
    }
}
