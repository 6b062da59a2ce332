/* The title: which lines it is broken into, and each of them in the middle. GB/T 9704-2012 7.3.1: 回行时要做到词意完整、排列对称、长短适宜、间距
 * 恰当，标题排列应当使用梯形或菱形. Every way to break it is tried; the cheapest wins. What a break costs is in the two tables below. */
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "paper/layout_int.h"
#include "paper/words.h"

enum {
    TITLE_CHARS_MAX = 300,
    LINE_CHARS_MAX = 80,
    PAIR_BYTES = 1 << 16, /* of the text, looked through for pairs */
    PAIRS_MAX = 3,
    SHORTEST = 3,     /* a line has at least this part of what it should have */
    COMPANY_CHARS = 8 /* of a company's name in front of 公司 */
};

#define ALIKE 0.5 /* em: lines as long as each other */

/* What it costs. A line that is a third longer or shorter than it should be costs BALANCE / 9. */
enum {
    LINE = 12,
    BALANCE = 40,
    WAIST = 15, /* a line shorter than both beside it: neither 梯形 nor 菱形 */
    SQUARE = 2, /* a line as long as the one above it */
    WORDS = 10, /* a break between two words that nothing tells more of */
    TERM = 22,
    DOUBT = 35,
    INSIDE = 80,
    NEVER = 1000, /* by the marks (GB/T 15834): only where there is no other way */
    SILENT = -1,
    PAIR = 6,   /* for each time that the two characters stand side by side elsewhere */
    DEPTH = 12, /* inside of 《》, “” */
    NAME = 10,  /* inside the name of an organ that the document knows */
    FIRST = 6,  /* in front of 关于 or of 公司: mostly a name as well */
    SCRAP = 20, /* a word alone on the last line */
    SINGLE = 50 /* a character alone on a line */
};

/* Words that say whether a line ends well in front of them or behind them. */
static const struct {
    const uint32_t *word;
    int front, behind; /* SILENT: nothing said */
} hints[] = {
    /* clang-format off */
    {U"关于", 0, 1}, {U"的", 60, 4}, {U"和", 30, 3}, {U"与", 30, 3}, {U"及", 30, 3}, {U"暨", 30, 3}, {U"以及", 30, 4}, {U"及其", 30, 14},
    {U"或", 25, 4}, {U"等", 40, 5}, {U"并", 5, 14}, {U"在", 4, 16}, {U"对", 4, 16}, {U"向", 4, 16}, {U"为", 4, 16}, {U"由", 4, 16},
    {U"以", 4, 16}, {U"从", 4, 16}, {U"按", 4, 16}, {U"将", 4, 16}, {U"于", 15, 6}, {U"上", 25, 5}, {U"中", 25, 5}, {U"下", 25, 5},
    {U"各", 8, 20}, {U"其", 8, 20}, {U"不", 8, 30},
    {U"有限公司", TERM, 6}, {U"集团", TERM, WORDS}, {U"委员会", TERM, WORDS}, {U"办公室", TERM, 6}, {U"分公司", TERM, 6}, {U"项目部", TERM, 6},
    {U"《", 2, SILENT}, {U"》", SILENT, 3}, {U"〈", 2, SILENT}, {U"〉", SILENT, 3}, {U"“", 4, SILENT}, {U"”", SILENT, 4}, {U"（", 12, SILENT},
    {U"）", SILENT, 3}, {U"〔", 12, SILENT}, {U"〕", SILENT, 6}, {U"、", SILENT, 2}, {U"，", SILENT, 1}, {U"：", SILENT, 1}, {U"·", SILENT, 20},
    {U"—", 20, 8},
    /* clang-format on */
};

struct title {
    const struct lay_text *t;
    size_t n;
    uint32_t cp[TITLE_CHARS_MAX];
    uint8_t gap[TITLE_CHARS_MAX];   /* enum word_gap in front of each */
    double em[TITLE_CHARS_MAX + 1]; /* of all characters in front */
    double cost[TITLE_CHARS_MAX];   /* of a break in front of each */
    const bool *joint;              /* in front of which somebody broke it */
    double most, even;              /* ems of a line: at most, and if all were one length */
    size_t longest;                 /* characters of a line */
};

static bool blank(const struct lay_text *t, size_t i)
{
    return t->v[i].cp == ' ' || t->v[i].cp == 0x3000;
}

/* ---- what a break costs ---- */

static int times(struct str s, struct str pair)
{
    int n = 0;

    for (size_t k; n < PAIRS_MAX && (k = str_find(s, pair, 0)) != SIZE_MAX; n++)
        s = str_sub(s, k + pair.n, s.n);
    return n;
}

/* How often two characters stand side by side elsewhere in the title and in the text: 轨道 does, 立轨 (设立轨道交通研究院) does not. */
static int together(const struct official *d, uint32_t x, uint32_t y)
{
    struct str pair, part;
    char b[6];
    int n;
    size_t left = PAIR_BYTES;

    if (!utf8_is_han(x) || !utf8_is_han(y) || x > 0xFFFF || y > 0xFFFF)
        return 0;
    for (size_t i = 0; i < 6; i++) {
        uint32_t c = i < 3 ? x : y;
        b[i] = (char)(i % 3 == 0 ? 0xE0 | c >> 12 : 0x80 | (c >> (i % 3 == 1 ? 6 : 0) & 0x3F));
    }
    pair = (struct str){b, sizeof b};
    n = times(d->title, pair) - 1;
    for (size_t i = 0; i < d->n && n < PAIRS_MAX && left > 0; i++) {
        part = str_sub(d->blocks[i].text, 0, left);
        left -= part.n;
        n += times(part, pair);
    }
    return n < 0 ? 0 : n < PAIRS_MAX ? n : PAIRS_MAX;
}

/* How many characters of the title s covers from i on, all of it, or 0. */
static size_t stands(const struct title *t, size_t i, struct str s)
{
    size_t k = i;

    for (size_t off = 0; off < s.n; k++)
        if (k == t->n || utf8_next(s, &off) != t->cp[k])
            return 0;
    return k - i;
}

static size_t word_end(const struct title *t, size_t i)
{
    do
        i++;
    while (i < t->n && t->gap[i] == WORD_INSIDE);
    return i;
}

static bool is_word(const struct title *t, size_t begin, size_t end, const uint32_t *word)
{
    while (begin < end && *word == t->cp[begin]) {
        word++;
        begin++;
    }
    return begin == end && *word == 0;
}

/* A break in front of i between the words [from, i) and [i, to); SILENT: neither says anything. */
static int hint(const struct title *t, size_t from, size_t i, size_t to)
{
    int front = SILENT, behind = SILENT;

    for (size_t k = 0; k < sizeof hints / sizeof *hints; k++) {
        if (is_word(t, i, to, hints[k].word))
            front = hints[k].front;
        if (is_word(t, from, i, hints[k].word))
            behind = hints[k].behind;
    }
    if (front == 0) /* 关于, whatever is in front of it */
        return 0;
    if (front != SILENT && behind != SILENT && front < WORDS && behind < WORDS)
        return front < behind ? front : behind; /* both are glad of it */
    return front > behind ? front : behind;     /* one of them is not */
}

static int gap_cost(const struct title *t, const struct official *d, size_t from, size_t i)
{
    static const int of[] = {
        [WORD_INSIDE] = INSIDE, [WORD_DOUBT] = DOUBT, [WORD_TERM] = TERM, [WORD_END] = WORDS};
    int said = SILENT;

    if (!text_may_end(t->t, i))
        return NEVER;
    if (t->gap[i] == WORD_INSIDE)
        return INSIDE;
    if (t->gap[i] != WORD_TERM)
        said = hint(t, from, i, word_end(t, i));
    return said != SILENT ? said : of[t->gap[i]] + PAIR * together(d, t->cp[i - 1], t->cp[i]);
}

/* Marks that belong together and what stands between them. */
static void depths(struct title *t)
{
    static const uint32_t open[] = {0x300A, 0x3008, 0x201C, 0xFF08, 0x3014},
                          shut[] = {0x300B, 0x3009, 0x201D, 0xFF09, 0x3015};
    int depth = 0;

    for (size_t i = 0; i < t->n; i++) {
        for (size_t k = 0; k < sizeof open / sizeof *open; k++)
            depth -= t->cp[i] == shut[k] && depth > 0;
        t->cost[i] += DEPTH * depth;
        for (size_t k = 0; k < sizeof open / sizeof *open; k++)
            depth += t->cp[i] == open[k];
    }
}

static void name_whole(struct title *t, struct str name)
{
    for (size_t i = 0, k; name.n && i < t->n; i++)
        if ((k = stands(t, i, name)) > 0) {
            for (size_t x = i + 1; x < i + k; x++)
                t->cost[x] += NAME;
            i += k - 1;
        }
}

/* A character that ends the name of an organ: behind it another name, or a part of the organ, may begin. */
static bool organ_ends(uint32_t cp)
{
    static const uint32_t of[] = {0x53F8 /* 司 */, 0x4F1A /* 会 */, 0x5BA4 /* 室 */,
        0x5C40 /* 局 */, 0x5385 /* 厅 */, 0x90E8 /* 部 */, 0x9662 /* 院 */, 0x5E9C /* 府 */,
        0x5904 /* 处 */};

    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        if (cp == of[i])
            return true;
    return false;
}

/* 云岭建设集团有限公司, of which the document knows nothing: the words in front of it, up to one that begins well. */
static void company_whole(struct title *t, size_t i)
{
    for (size_t k = i; k > 0 && i - k < COMPANY_CHARS && t->cost[k] >= WORDS; k--)
        t->cost[k] += FIRST;
}

/* Names of organs that the document bears, and what stands in front of the first 关于. */
static void names_whole(struct title *t, const struct official *d)
{
    size_t about = 0;

    for (size_t i = 0; i < d->n_issuers; i++)
        name_whole(t, d->issuers[i]);
    for (size_t i = 0; i < d->n_signatures; i++)
        name_whole(t, d->signatures[i].name);
    while (about < t->n && !stands(t, about, S("关于")))
        about++;
    for (size_t i = 1; about < t->n && i < about; i++)
        t->cost[i] += organ_ends(t->cp[i - 1]) ? 0 : FIRST;
    for (size_t i = about < t->n ? about : 1; i < t->n; i++)
        if (stands(t, i, S("公司")))
            company_whole(t, i);
}

/* `d` is what is being set, `whole` the document that it is or that carries it. */
static void costs(struct title *t, const struct official *d, const struct official *whole)
{
    size_t from = 0;

    words_find(t->cp, t->n, t->gap);
    t->cost[0] = 0;
    for (size_t i = 1; i < t->n; i++) {
        t->cost[i] = gap_cost(t, d, from, i);
        if (t->gap[i] != WORD_INSIDE)
            from = i;
    }
    depths(t);
    names_whole(t, whole);
    if (d != whole)
        names_whole(t, d);
    for (size_t i = 1; i < t->n; i++) {
        double rest = t->em[t->n] - t->em[i];
        if (t->joint[i] || blank(t->t, i - 1))
            t->cost[i] = 0;
        if (i < 2 || t->n - i < 2)
            t->cost[i] += SINGLE;
        else if (rest <= 4)
            t->cost[i] += SCRAP;
    }
}

/* ---- the lines ---- */

/* The best way to end a line in front of a character with a line of so many characters that was growing shorter from line to line at last, or
 * not: the shape of the next lines depends on no more than that. */
struct cell {
    float cost;  /* HUGE_VALF: no way */
    uint8_t len; /* characters of the line above; 0: none */
    bool fell;   /* that line's own */
};

static struct cell *cell_at(
    const struct title *t, struct cell *v, size_t end, size_t len, bool fell)
{
    return &v[(end * (t->longest + 1) + len) * 2 + fell];
}

/* All ways to end a line in front of j, and behind it one line of `len` characters, which costs `add`. */
static void line_try(const struct title *t, struct cell *v, size_t j, size_t len, double add)
{
    const struct cell *from = cell_at(t, v, j, 1, false);
    struct cell *to = cell_at(t, v, j + len, len, false);
    double em = t->em[j + len] - t->em[j];

    for (size_t x = 1; x <= t->longest && x <= j; x++)
        for (int fell = 0; fell < 2; fell++, from++) {
            double more = em - (t->em[j] - t->em[j - x]), cost = (double)from->cost + add;
            bool falls = more < -ALIKE || (more <= ALIKE && fell);
            if (from->cost == HUGE_VALF)
                continue;
            cost += more > ALIKE ? (fell ? WAIST : 0) : more >= -ALIKE ? SQUARE : 0;
            if (cost < (double)to[falls].cost)
                to[falls] = (struct cell){(float)cost, (uint8_t)x, fell};
        }
}

/* From the last line to the first. Returns what they cost; HUGE_VAL where there is no way (hundreds of characters without width). */
static double lines_back(struct title *t, struct cell *v, size_t *stack, size_t *n)
{
    struct cell *at = cell_at(t, v, t->n, 1, false);
    size_t last = 1, end = t->n;
    double cost;

    for (size_t len = 1; len <= t->longest && len <= t->n; len++)
        for (int fell = 0; fell < 2; fell++) {
            struct cell *c = cell_at(t, v, t->n, len, fell);
            if (c->cost < at->cost) {
                at = c;
                last = len;
            }
        }
    *n = 0;
    cost = (double)at->cost;
    while (end > 0 && cost < HUGE_VAL) {
        size_t above = at->len;
        stack[(*n)++] = end;
        end -= last;
        at = cell_at(t, v, end, above, at->fell);
        last = above;
    }
    return cost;
}

/* The cheapest lines of about `even`, as dynamic programming over the end and the length of the last line. */
static double cheapest(struct lay *l, struct title *t, double even, size_t *stack, size_t *n)
{
    size_t size = (t->n + 1) * (t->longest + 1) * 2;
    struct cell *v = ARENA_ARRAY(l->a, struct cell, size);

    for (size_t i = 0; i < size; i++)
        v[i] = (struct cell){HUGE_VALF, 0, false};
    for (size_t i = 1; i <= t->n; i++)
        for (size_t len = 1; len <= t->longest && len <= i; len++) {
            double em = t->em[i] - t->em[i - len], off = (em - even) / even,
                   add = BALANCE * off * off + LINE;
            if (em > t->most + 1e-6)
                break;
            if (em * SHORTEST < even)
                continue;
            if (len == i)
                cell_at(t, v, i, len, false)->cost = (float)add;
            else
                line_try(t, v, i - len, len, add + t->cost[i - len]);
        }
    return lines_back(t, v, stack, n);
}

/* As many characters on a line as it holds. */
static size_t fill(const struct title *t, size_t *ends)
{
    size_t n = 0, from = 0;

    for (size_t i = 1; i < t->n; i++)
        if (t->em[i + 1] - t->em[from] > t->most + 1e-6)
            ends[n++] = from = i;
    ends[n++] = t->n;
    return n;
}

/* Lines of nearly one length, as few as hold it, or one more where that cuts better. text->n <= TITLE_CHARS_MAX */
static size_t cut_title(
    struct lay *l, const struct lay_text *text, const bool *joint, double most, size_t *ends)
{
    struct title t = {.t = text, .n = text->n, .joint = joint, .most = most};
    size_t stack[2][TITLE_CHARS_MAX], n[2], k;
    double lines, cost[2];

    for (size_t i = 0, from = 0; i < t.n; i++) {
        t.cp[i] = text->v[i].cp;
        t.em[i + 1] = t.em[i] + (double)text->v[i].em;
        while (t.em[i + 1] - t.em[from] > most + 1e-6)
            from++;
        k = i + 1 - from;
        t.longest = k > t.longest ? k : t.longest;
    }
    t.longest = t.longest < LINE_CHARS_MAX ? t.longest : LINE_CHARS_MAX;
    costs(&t, l->d, l->whole);
    lines = fmax(1, ceil(t.em[t.n] / most - 1e-6));
    for (k = 0; k < 2; k++)
        cost[k] = cheapest(l, &t, fmax(1, t.em[t.n] / (lines + (double)k)), stack[k], &n[k]);
    k = cost[1] < cost[0];
    if (n[k] == 0)
        return fill(&t, ends);
    for (size_t i = 0; i < n[k]; i++)
        ends[i] = stack[k][n[k] - 1 - i];
    return n[k];
}

static double span(const struct lay_text *t, size_t begin, size_t end)
{
    double em = 0;

    for (size_t i = begin; i < end; i++)
        em += (double)t->v[i].em;
    return em;
}

static void title_line(struct lay *l, const struct lay_text *t, size_t begin, size_t end, double pt)
{
    double em = pt * MM_PER_PT;
    struct lay_text part;
    struct lay_line line;

    while (begin < end && blank(t, end - 1))
        end--;
    while (begin < end && blank(t, begin))
        begin++;
    part = (struct lay_text){t->v + begin, end - begin, end - begin};
    line = line_whole(l, &part, &(struct lay_set){pt, 0, false});
    lay_need(l, em);
    lay_put(
        l, lay_now(l), &part, &line, l->s->left + (l->s->width - line.width) / 2, l->y, pt, BLACK);
    lay_now(l)->p.lines++;
    l->y += em + l->gap;
}

/* The lines that somebody chose stand, if each of them fits; otherwise all is cut anew, a title beyond all measure piece by piece. */
void lay_title(struct lay *l, struct str title, double pt)
{
    double most = fmax(4, floor(l->s->width / (pt * MM_PER_PT)));
    bool *joint = ARENA_ARRAY(l->a, bool, title.n + 1), fits = true;
    size_t ends[TITLE_CHARS_MAX] = {0}, n = 0;
    struct lay_text t = {0}, part;
    struct str line;

    while (str_next(&title, S("\n"), &line)) {
        size_t from = t.n;
        text_add(l, &t, FACE_BIAO, str_trim(line), SIZE_MAX);
        fits = fits && span(&t, from, t.n) <= most + 1e-6 && n < TITLE_CHARS_MAX;
        joint[t.n] = t.n > from;
        if (fits && t.n > from)
            ends[n++] = t.n;
    }
    for (size_t i = 0, begin = 0; fits && i < n; begin = ends[i++])
        title_line(l, &t, begin, ends[i], pt);
    for (size_t off = 0; !fits && off < t.n; off += part.n) {
        part = (struct lay_text){.v = t.v + off, .n = t.n - off};
        part.n = part.n < TITLE_CHARS_MAX ? part.n : TITLE_CHARS_MAX;
        n = cut_title(l, &part, joint + off, most, ends);
        for (size_t i = 0, begin = 0; i < n; begin = ends[i++])
            title_line(l, &part, begin, ends[i], pt);
    }
}
