#include "text/articles.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/near.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { TITLE_CP_MAX = 60, PAIRS_MAX = 2000 };

/* ---- labels ---- */

struct label {
    enum article_level level;
    int number, sub;
    size_t end;  /* behind the label, relative to the line */
    bool spaced; /* a blank or the line's end follows */
};

static bool eat(struct str s, size_t *at, struct str what)
{
    if (!str_starts(str_sub(s, *at, s.n), what))
        return false;
    *at += what.n;
    return true;
}

/* 第三章, 第 一 百 零 三 条 之 一 at the front of the line. */
static bool statute_label(struct str line, struct label *out)
{
    static const struct {
        struct str unit;
        enum article_level level;
    } units[] = {{SC("编"), ARTICLE_PART}, {SC("章"), ARTICLE_CHAPTER}, {SC("节"), ARTICLE_SECTION},
        {SC("条"), ARTICLE_ARTICLE}};
    struct label l = {0};
    size_t at = lex_blanks(line, 0);

    if (!eat(line, &at, S("第")))
        return false;
    at = lex_blanks(line, at);
    if (!lex_number(line, &at, &l.number))
        return false;
    at = lex_blanks(line, at);
    for (size_t i = 0; i < COUNT(units) && l.level == 0; i++)
        if (eat(line, &at, units[i].unit))
            l.level = units[i].level;
    if (l.level == 0)
        return false;
    l.end = at;
    if (eat(line, &at, S("之")) && lex_number(line, &at, &l.sub))
        l.end = at;
    l.spaced = l.end == line.n || lex_blanks(line, l.end) > l.end ||
               lex_peek(line, l.end) == 0x3010 || lex_peek(line, l.end) == 0xFF1A;
    *out = l;
    return true;
}

/* 一、 （一） 1. （1） at the front of the line. */
static bool heading_label(struct str line, struct label *out)
{
    struct label l = {.spaced = true};
    size_t at = lex_blanks(line, 0), start;
    bool bracket = eat(line, &at, S("（")) || eat(line, &at, S("("));

    start = at;
    if (lex_han(line, &at, &l.number))
        l.level = bracket ? ARTICLE_H2 : ARTICLE_H1;
    else if (lex_arabic(line, &at, &l.number))
        l.level = bracket ? ARTICLE_H4 : ARTICLE_H3;
    if (at == start || l.number < 1 || l.number > 99)
        return false;
    if (bracket) {
        if (!eat(line, &at, S("）")) && !eat(line, &at, S(")")))
            return false;
    } else if (l.level == ARTICLE_H1) {
        if (!eat(line, &at, S("、")) && !eat(line, &at, S("．")))
            return false;
    } else if (!eat(line, &at, S(".")) && !eat(line, &at, S("．")) && !eat(line, &at, S("、"))) {
        return false;
    }
    if (l.level == ARTICLE_H3 && lex_digit(lex_peek(line, at)) >= 0) /* 1.5 */
        return false;
    l.end = at;
    *out = l;
    return true;
}

/* ---- splitting ---- */

struct splitter {
    struct arena *a;
    struct str s;
    struct article *v;
    size_t n, cap;
    int last, last_sub; /* number of the last article */
};

/* Is the line's 第×条 an article, or a sentence that begins with a citation? */
static bool is_article(struct splitter *p, const struct label *l)
{
    bool next = (l->number == p->last + 1 && l->sub == 0) ||
                (l->number == p->last && l->sub == p->last_sub + 1);

    if (next)
        return true;
    if (!l->spaced)
        return false;
    return l->number > p->last || l->number == 1;
}

static bool is_heading_line(struct str line, const struct label *l)
{
    struct str rest = str_trim(str_sub(line, l->end, line.n));

    return utf8_len_cp(rest) <= TITLE_CP_MAX && !str_has(rest, S("。")) &&
           !str_has(rest, S("，")) && (l->spaced || utf8_len_cp(rest) <= 20);
}

static void add(struct splitter *p, struct str line, const struct label *l)
{
    size_t begin = (size_t)(line.p - p->s.p), from = lex_blanks(line, l->end), dot;
    struct article v = {.level = l->level, .number = l->number, .sub = l->sub, .parent = SIZE_MAX};
    size_t end = line.n;

    v.at = (struct text_span){begin, p->s.n};
    v.label = (struct text_span){begin + lex_blanks(line, 0), begin + l->end};
    dot = str_find(line, S("。"), from);
    if (l->level == ARTICLE_ARTICLE)
        end = from;
    else if (dot != SIZE_MAX && l->level >= ARTICLE_H1)
        end = dot;
    v.title = (struct text_span){begin + (from < end ? from : end), begin + end};
    if (p->n)
        p->v[p->n - 1].at.end = begin;
    ARENA_PUSH(p->a, p->v, p->n, p->cap) = v;
}

static void begin_split(struct splitter *p)
{
    struct article head = {.level = ARTICLE_HEAD, .parent = SIZE_MAX, .at = {0, p->s.n}};

    p->n = 0;
    p->last = p->last_sub = 0;
    ARENA_PUSH(p->a, p->v, p->n, p->cap) = head;
}

static void split_statute(struct splitter *p)
{
    struct str rest = p->s, line;

    begin_split(p);
    while (p->n < ARTICLES_MAX && str_next(&rest, S("\n"), &line)) {
        struct label l;
        if (!statute_label(line, &l))
            continue;
        if (l.level == ARTICLE_ARTICLE) {
            if (!is_article(p, &l))
                continue;
            p->last = l.number;
            p->last_sub = l.sub;
        } else if (!is_heading_line(line, &l)) {
            continue;
        }
        add(p, line, &l);
    }
}

static void split_headings(struct splitter *p)
{
    struct str rest = p->s, line;

    begin_split(p);
    while (p->n < ARTICLES_MAX && str_next(&rest, S("\n"), &line)) {
        struct label l;
        if (heading_label(line, &l) && (l.level == ARTICLE_H1 || l.level == ARTICLE_H2))
            add(p, line, &l);
    }
}

/* A table of contents goes back into the head: where the first part (第一编, 第一章) comes again before
 * the first article, the text begins there. */
static void drop_contents(struct splitter *p)
{
    size_t begin = 1;

    for (size_t i = 2; i < p->n && p->v[i].level != ARTICLE_ARTICLE; i++)
        if (p->v[i].level == p->v[1].level && p->v[i].number == p->v[1].number &&
            p->v[1].level != ARTICLE_ARTICLE)
            begin = i;
    if (begin == 1)
        return;
    p->v[0].at.end = p->v[begin].at.begin;
    memmove(p->v + 1, p->v + begin, (p->n - begin) * sizeof(*p->v));
    p->n -= begin - 1;
}

static void set_parents(struct splitter *p)
{
    size_t open[ARTICLE_H4 + 1];

    for (int i = 0; i <= ARTICLE_H4; i++)
        open[i] = SIZE_MAX;
    for (size_t i = 0; i < p->n; i++) {
        struct article *v = &p->v[i];
        for (int l = (int)v->level - 1; l > 0 && v->parent == SIZE_MAX; l--)
            v->parent = open[l];
        open[v->level] = i;
        for (int l = (int)v->level + 1; l <= ARTICLE_H4; l++)
            open[l] = SIZE_MAX;
    }
}

void articles_split(struct arena *a, struct str text, struct articles *out)
{
    struct splitter p = {.a = a, .s = text};
    size_t articles = 0;

    split_statute(&p);
    for (size_t i = 0; i < p.n; i++)
        articles += p.v[i].level == ARTICLE_ARTICLE;
    out->statute = articles >= 2;
    if (out->statute)
        drop_contents(&p);
    else
        split_headings(&p);
    set_parents(&p);
    out->v = p.v;
    out->n = p.n;
}

/* ---- comparing ---- */

struct piece {
    struct str body; /* without the label */
    uint64_t hash;   /* of the body without blanks */
    size_t partner;
    double likeness;
};

static uint64_t hash_body(struct str s)
{
    uint64_t h = 0xCBF29CE484222325u;

    for (size_t at = 0; at < s.n;) {
        size_t blank = lex_blanks(s, at);
        if (blank > at || s.p[at] == '\n' || s.p[at] == '\r') {
            at = blank > at ? blank : at + 1;
            continue;
        }
        h = (h ^ utf8_next(s, &at)) * 0x100000001B3u;
    }
    return h;
}

static struct piece *pieces(struct arena *a, struct str text, const struct articles *v)
{
    struct piece *p = ARENA_ARRAY(a, struct piece, v->n + 1);

    for (size_t i = 0; i < v->n; i++) {
        const struct article *t = &v->v[i];
        size_t from = t->level == ARTICLE_HEAD ? t->at.begin : t->label.end;
        p[i].body = str_trim(str_sub(text, from, t->at.end - from));
        p[i].hash = hash_body(p[i].body);
        p[i].partner = SIZE_MAX;
    }
    return p;
}

struct comparison {
    struct arena *a;
    struct articles_diff *d;
    struct piece *x, *y;
};

static void join(struct comparison *c, size_t i, size_t k, double likeness)
{
    c->x[i].partner = k;
    c->y[k].partner = i;
    c->x[i].likeness = c->y[k].likeness = likeness;
}

static bool same_level(const struct comparison *c, size_t i, size_t k)
{
    return c->d->x.v[i].level == c->d->y.v[k].level;
}

static bool equal_numbers(const struct article *x, const struct article *y)
{
    return x->level == y->level && x->number == y->number && x->sub == y->sub;
}

/* The parts' own number and, but for articles, that of all they lie in. */
static bool same_number(const struct comparison *c, size_t i, size_t k)
{
    while (i != SIZE_MAX && k != SIZE_MAX) {
        const struct article *x = &c->d->x.v[i], *y = &c->d->y.v[k];
        if (!equal_numbers(x, y))
            return false;
        if (x->level == ARTICLE_ARTICLE || x->level <= ARTICLE_PART)
            return true;
        i = x->parent;
        k = y->parent;
    }
    return i == k;
}

/* How alike two pieces are; short-cut where the lengths alone forbid `least`. */
static double alike(struct piece *x, struct piece *y, double least)
{
    struct arena scratch;
    double n = (double)x->body.n, m = (double)y->body.n, v;

    if (x->hash == y->hash)
        return 1;
    if ((n < m ? n : m) * 2 < least * (n + m) * 0.9)
        return 0;
    arena_init(&scratch);
    v = near_dice(&scratch, x->body, y->body);
    arena_release(&scratch);
    return v;
}

/* Same words: first those of one number, then the nearest one still free. */
static void pair_equal(struct comparison *c)
{
    for (size_t i = 0; i < c->d->x.n; i++)
        for (size_t k = 0; k < c->d->y.n; k++)
            if (c->x[i].partner == SIZE_MAX && c->y[k].partner == SIZE_MAX &&
                c->x[i].hash == c->y[k].hash && same_number(c, i, k))
                join(c, i, k, 1);
    for (size_t i = 0; i < c->d->x.n; i++)
        for (size_t k = 0; k < c->d->y.n; k++)
            if (c->x[i].partner == SIZE_MAX && c->y[k].partner == SIZE_MAX &&
                c->x[i].hash == c->y[k].hash && same_level(c, i, k) && c->x[i].body.n)
                join(c, i, k, 1);
}

static void pair_numbers(struct comparison *c, double least)
{
    for (size_t i = 0; i < c->d->x.n; i++)
        for (size_t k = 0; k < c->d->y.n; k++) {
            double v;
            if (c->x[i].partner != SIZE_MAX || c->y[k].partner != SIZE_MAX || !same_number(c, i, k))
                continue;
            v = alike(&c->x[i], &c->y[k], least);
            if (v >= least)
                join(c, i, k, v);
        }
}

struct proposal {
    size_t x, y;
    double likeness;
};

static int by_likeness(const void *p, const void *q)
{
    const struct proposal *a = p, *b = q;

    if (a->likeness != b->likeness)
        return a->likeness < b->likeness ? 1 : -1;
    if (a->x != b->x)
        return a->x < b->x ? -1 : 1;
    return (a->y > b->y) - (a->y < b->y);
}

/* What is left, best first. Too many on both sides: they are not versions of one text, no use to try. */
static void pair_best(struct comparison *c, double least)
{
    struct proposal *v = NULL;
    size_t n = 0, cap = 0, left_x = 0, left_y = 0;

    for (size_t i = 0; i < c->d->x.n; i++)
        left_x += c->x[i].partner == SIZE_MAX;
    for (size_t k = 0; k < c->d->y.n; k++)
        left_y += c->y[k].partner == SIZE_MAX;
    if (left_x > PAIRS_MAX || left_y > PAIRS_MAX || left_x * left_y > (size_t)PAIRS_MAX * 200)
        return;
    for (size_t i = 0; i < c->d->x.n; i++)
        for (size_t k = 0; k < c->d->y.n; k++) {
            double like;
            if (c->x[i].partner != SIZE_MAX || c->y[k].partner != SIZE_MAX || !same_level(c, i, k))
                continue;
            like = alike(&c->x[i], &c->y[k], least);
            if (like >= least)
                ARENA_PUSH(c->a, v, n, cap) = (struct proposal){i, k, like};
        }
    if (n)
        qsort(v, n, sizeof(*v), by_likeness);
    for (size_t i = 0; i < n; i++)
        if (c->x[v[i].x].partner == SIZE_MAX && c->y[v[i].y].partner == SIZE_MAX)
            join(c, v[i].x, v[i].y, v[i].likeness);
}

static struct text_span span_of(struct str text, struct str part)
{
    size_t begin = part.n ? (size_t)(part.p - text.p) : 0;

    return (struct text_span){begin, begin + part.n};
}

static void put(struct comparison *c, size_t *cap, struct article_pair pair)
{
    ARENA_PUSH(c->a, c->d->pairs, c->d->n, *cap) = pair;
    c->d->counts[pair.change]++;
}

static enum code put_pair(
    struct comparison *c, size_t *cap, struct str x, struct str y, size_t k, struct err *e)
{
    size_t i = c->y[k].partner;
    bool same = c->x[i].hash == c->y[k].hash, number = same_number(c, i, k);
    struct article_pair pair = {.x = i, .y = k, .likeness = c->y[k].likeness};

    pair.x_text = span_of(x, c->x[i].body);
    pair.y_text = span_of(y, c->y[k].body);
    if (same)
        pair.change = number ? ARTICLE_SAME : ARTICLE_RENUMBERED;
    else
        pair.change = number ? ARTICLE_CHANGED : ARTICLE_MOVED;
    if (!same)
        TRY(diff_texts(c->a, c->x[i].body, c->y[k].body, &pair.diff, e));
    put(c, cap, pair);
    return OK;
}

/* Removed parts that stood right behind part i of the older text. */
static void put_removed(struct comparison *c, size_t *cap, struct str x, size_t i)
{
    for (; i < c->d->x.n && c->x[i].partner == SIZE_MAX; i++)
        if (c->x[i].body.n || c->d->x.v[i].level != ARTICLE_HEAD)
            put(c, cap,
                (struct article_pair){.change = ARTICLE_REMOVED,
                    .x = i,
                    .y = SIZE_MAX,
                    .x_text = span_of(x, c->x[i].body)});
}

enum code articles_compare(
    struct arena *a, struct str x, struct str y, struct articles_diff *out, struct err *e)
{
    struct articles_diff d = {0};
    struct comparison c = {.a = a, .d = &d};
    size_t cap = 0;

    articles_split(a, x, &d.x);
    articles_split(a, y, &d.y);
    c.x = pieces(a, x, &d.x);
    c.y = pieces(a, y, &d.y);
    pair_equal(&c);
    pair_numbers(&c, 0.6);
    pair_best(&c, 0.6);
    pair_numbers(&c, 0.25);
    put_removed(&c, &cap, x, 0);
    for (size_t k = 0; k < d.y.n; k++) {
        if (c.y[k].partner != SIZE_MAX) {
            TRY(put_pair(&c, &cap, x, y, k, e));
            put_removed(&c, &cap, x, c.y[k].partner + 1);
        } else if (c.y[k].body.n || d.y.v[k].level != ARTICLE_HEAD) {
            put(&c, &cap,
                (struct article_pair){.change = ARTICLE_ADDED,
                    .x = SIZE_MAX,
                    .y = k,
                    .y_text = span_of(y, c.y[k].body)});
        }
    }
    *out = d;
    return OK;
}
