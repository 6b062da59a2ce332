/* Where lines end. What does not fit is taken in by narrowing the blank halves of marks where that is enough, else a line ends
 * earlier and its characters are spread; GB/T 15834-2011 5.1 says what may begin and end a line. */
#include <string.h>

#include "base/utf8.h"
#include "paper/layout_int.h"

enum lay_mark {
    NO_START = 1, /* begins no line */
    NO_END = 2,   /* ends no line */
    WORD = 4,     /* Latin letters and digits: one word is not broken */
    BLANK = 8,
    PAIR = 16,       /* —— and …… are not parted */
    HALF_RIGHT = 32, /* its right half is blank */
    HALF_LEFT = 64
};
static const double squeeze =
    0.45; /* of an em, most that a mark gives up: its ink keeps clear of its neighbour */

struct mark {
    uint32_t cp;
    uint8_t marks;
};
/* clang-format off */
static const struct mark table[] = {
    {0x3001, NO_START | HALF_RIGHT} /* 、 */, {0x3002, NO_START | HALF_RIGHT} /* 。 */,
    {0x3008, NO_END | HALF_LEFT}, {0x3009, NO_START | HALF_RIGHT}, {0x300A, NO_END | HALF_LEFT}, {0x300B, NO_START | HALF_RIGHT},
    {0x300C, NO_END | HALF_LEFT}, {0x300D, NO_START | HALF_RIGHT}, {0x300E, NO_END | HALF_LEFT}, {0x300F, NO_START | HALF_RIGHT},
    {0x3010, NO_END | HALF_LEFT}, {0x3011, NO_START | HALF_RIGHT}, {0x3014, NO_END | HALF_LEFT}, {0x3015, NO_START | HALF_RIGHT},
    {0xFF01, NO_START} /* ！ */, {0xFF08, NO_END | HALF_LEFT}, {0xFF09, NO_START | HALF_RIGHT},
    {0xFF0C, NO_START | HALF_RIGHT} /* ， */, {0xFF0D, NO_START}, {0xFF1A, NO_START | HALF_RIGHT} /* ： */,
    {0xFF1B, NO_START | HALF_RIGHT} /* ； */, {0xFF1F, NO_START} /* ？ */, {0xFF05, NO_START}, {0xFF5E, NO_START} /* ～ */,
    {0xFF3B, NO_END | HALF_LEFT}, {0xFF3D, NO_START | HALF_RIGHT}, {0xFFE5, NO_END},
    {0x2018, NO_END | HALF_LEFT}, {0x2019, NO_START | HALF_RIGHT}, {0x201C, NO_END | HALF_LEFT}, {0x201D, NO_START | HALF_RIGHT},
    {0x2014, PAIR}, {0x2026, PAIR}, {0x00B7, NO_START}, {0x2103, NO_START}, {0x2030, NO_START}, {0x2236, NO_START},
    {'!', NO_START}, {')', NO_START}, {']', NO_START}, {'}', NO_START}, {',', NO_START | WORD}, {'.', NO_START | WORD},
    {':', NO_START | WORD}, {';', NO_START}, {'?', NO_START}, {'%', NO_START | WORD}, {'(', NO_END}, {'[', NO_END}, {'{', NO_END},
    {'-', NO_START | WORD}, {'/', NO_START | WORD}, {'$', NO_END}, {0xA5, NO_END}, {' ', BLANK}, {0x3000, BLANK},
};
/* clang-format on */

static uint8_t marks_of(uint32_t cp)
{
    if ((cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z'))
        return WORD;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].cp == cp)
            return table[i].marks;
    return 0;
}

void text_add(struct lay *l, struct lay_text *t, enum face face, struct str s, size_t from)
{
    for (size_t off = 0; off < s.n;) {
        size_t at = off;
        uint32_t cp = utf8_next(s, &off);
        if (cp < ' ')
            cp = ' ';
        ARENA_PUSH(l->a, t->v, t->n, t->cap) = (struct lay_char){.cp = cp,
            .face = (uint8_t)face,
            .marks = utf8_is_han(cp) ? 0 : marks_of(cp),
            .em = (float)face_glyph(l->f, face, cp)->em,
            .from = from == SIZE_MAX ? SIZE_MAX : from + at};
    }
}

bool text_sentence_ends(const struct lay_text *t, size_t i)
{
    while (i > 0 && (t->v[i - 1].cp == 0x201D || t->v[i - 1].cp == 0xFF09)) /* 。” 。） */
        i--;
    return i > 0 && (t->v[i - 1].cp == 0x3002 || t->v[i - 1].cp == 0xFF01 ||
                        t->v[i - 1].cp == 0xFF1F || t->v[i - 1].cp == 0xFF1B);
}

/* —— and …… stay whole: an odd number of them in front of i is half a mark. */
static bool halves(const struct lay_text *t, size_t i)
{
    size_t n = 0;

    if (!(t->v[i].marks & PAIR) || t->v[i - 1].cp != t->v[i].cp)
        return false;
    while (n < i && t->v[i - 1 - n].cp == t->v[i].cp)
        n++;
    return n % 2 == 1;
}

bool text_may_end(const struct lay_text *t, size_t i)
{
    const struct lay_char *x = &t->v[i - 1], *y = &t->v[i];

    if ((y->marks & NO_START) || (x->marks & NO_END))
        return false;
    return !((x->marks & WORD) && (y->marks & WORD)) && !halves(t, i);
}

static double width_of(const struct lay_char *c, const struct lay_set *s)
{
    return c->em * s->pt * MM_PER_PT + s->spread;
}

/* What the marks of [begin, end) can give up, in ems; the last one gives up its blank half whole. */
static double slack(const struct lay_text *t, size_t begin, size_t end)
{
    double n = 0;

    for (size_t i = begin; i < end; i++)
        if ((t->v[i].marks & HALF_RIGHT) || ((t->v[i].marks & HALF_LEFT) && i > begin))
            n += squeeze;
    return n;
}

static void narrow(
    const struct lay_text *t, struct lay_line *n, const struct lay_set *s, double over)
{
    double all = slack(t, n->begin, n->end) * s->pt * MM_PER_PT,
           part = over / all * squeeze * s->pt * MM_PER_PT;

    for (size_t i = n->begin; i < n->end; i++) {
        if (t->v[i].marks & HALF_RIGHT)
            n->advance[i - n->begin] -= (float)part;
        else if ((t->v[i].marks & HALF_LEFT) && i > n->begin)
            n->advance[i - 1 - n->begin] -= (float)part;
    }
}

/* Between which characters room may be put. */
static bool opens(const struct lay_text *t, size_t i)
{
    const struct lay_char *x = &t->v[i], *y = &t->v[i + 1];
    return !((x->marks & WORD) && (y->marks & WORD)) && !((x->marks & PAIR) && x->cp == y->cp);
}

static void widen(const struct lay_text *t, struct lay_line *n, double room)
{
    size_t places = 0;

    for (size_t i = n->begin; i + 1 < n->end; i++)
        places += opens(t, i);
    for (size_t i = n->begin; i + 1 < n->end && places > 0; i++)
        if (opens(t, i))
            n->advance[i - n->begin] += (float)(room / (double)places);
}

static struct lay_line measured(
    struct lay *l, const struct lay_text *t, size_t begin, size_t end, const struct lay_set *s)
{
    struct lay_line n = {.begin = begin, .end = end, .next = end};

    while (n.end > begin + 1 && (t->v[n.end - 1].marks & BLANK))
        n.end--;
    n.advance = ARENA_ARRAY(l->a, float, n.end - begin);
    for (size_t i = begin; i < n.end; i++) {
        n.advance[i - begin] = (float)width_of(&t->v[i], s);
        n.width += n.advance[i - begin];
    }
    n.width -= s->spread; /* nothing stands behind the last character */
    return n;
}

struct lay_line line_whole(struct lay *l, const struct lay_text *t, const struct lay_set *set)
{
    return measured(l, t, 0, t->n, set);
}

/* The first character that does not fit. */
static size_t filled(
    const struct lay_text *t, size_t from, double width, const struct lay_set *s, double *used)
{
    double w = 0;
    size_t k = from;

    for (; k < t->n; k++) {
        double more = width_of(&t->v[k], s);
        if (k > from && w + more - s->spread > width + 0.01)
            break;
        w += more;
    }
    *used = w;
    return k;
}

/* Marks that may not begin the next line are taken into this one where others make room: where it ends then, or 0. */
static size_t taken_in(
    const struct lay_text *t, size_t from, size_t k, double room, const struct lay_set *s)
{
    size_t m = k;
    double need = -room;

    while (m < t->n && (t->v[m].marks & NO_START) && m < k + 3)
        need += width_of(&t->v[m++], s);
    if (m == k || (m < t->n && !text_may_end(t, m)))
        return 0;
    return need - s->spread <= slack(t, from, m) * s->pt * MM_PER_PT ? m : 0;
}

struct lay_line line_break(
    struct lay *l, const struct lay_text *t, size_t from, double width, const struct lay_set *set)
{
    double used;
    size_t k = filled(t, from, width, set, &used), end = k, next;
    struct lay_line n;

    if (k < t->n && !(t->v[k].marks & BLANK) && !text_may_end(t, k)) {
        end = taken_in(t, from, k, width - used, set);
        for (size_t j = k - 1; end == 0 && j > from; j--)
            if (text_may_end(t, j))
                end = j;
        if (end == 0)
            end = k; /* one word, longer than the line */
    }
    next = end;
    while (next < t->n && (t->v[next].marks & BLANK))
        next++;
    n = measured(l, t, from, end, set);
    n.next = next;
    if (n.width > width + 0.01)
        narrow(t, &n, set, n.width - width);
    else if (set->justify && next < t->n)
        widen(t, &n, width - n.width);
    if (n.width > width || (set->justify && next < t->n))
        n.width = width;
    return n;
}
