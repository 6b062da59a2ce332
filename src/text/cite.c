#include "text/cite.h"

#include <stdlib.h>

#include "base/utf8.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { DEPTH_MAX = 4, LINES_MAX = 2, BRACKET_CP_MAX = 60, ALIASES_MAX = 64 };

/* ---- titles ---- */

/* The 》 that closes the 《 at `open`: offset behind it, or 0. A title may run over line ends, as in text
 * taken from pages, but not over a new 《 after a line end: then it was never closed. */
static size_t title_end(struct str s, size_t open)
{
    size_t at = open;
    int depth = 0, lines = 0;

    for (int cps = 0; cps < CITE_TITLE_CP_MAX + 2 && at < s.n; cps++) {
        uint32_t cp = utf8_next(s, &at);
        if (cp == '\n' && ++lines > LINES_MAX)
            return 0;
        if (cp == 0x300A && ((depth > 0 && lines > 0) || ++depth > DEPTH_MAX))
            return 0;
        if (cp == 0x300B && --depth == 0)
            return at;
        if (cp == 0x3002 && lines > 0) /* 。 */
            return 0;
    }
    return 0;
}

/* The title on one line: blanks at line ends gone. A view where nothing had to go. */
static struct str one_line(struct arena *a, struct str s)
{
    struct buf b;
    struct str rest = s, line, out;

    if (!str_has(s, S("\n")))
        return str_trim(s);
    buf_init(&b, 0);
    while (str_next(&rest, S("\n"), &line))
        buf_str(&b, str_trim(line));
    out = arena_str(a, buf_view(&b));
    buf_release(&b);
    return out;
}

/* ---- articles ---- */

static bool eat(struct str s, size_t *off, struct str what)
{
    size_t at = lex_blanks(s, *off);

    if (!str_starts(str_sub(s, at, s.n), what))
        return false;
    *off = at + what.n;
    return true;
}

/* 第（三）项, 第二款: the number in front of `unit`, brackets allowed. */
static bool eat_ordinal(struct str s, size_t *off, struct str unit, int *value)
{
    size_t at = *off;

    if (!eat(s, &at, S("第")))
        return false;
    at = lex_blanks(s, at);
    if (!eat(s, &at, S("（")))
        eat(s, &at, S("("));
    at = lex_blanks(s, at);
    if (!lex_number(s, &at, value))
        return false;
    if (!eat(s, &at, S("）")))
        eat(s, &at, S(")"));
    if (!eat(s, &at, unit))
        return false;
    *off = at;
    return true;
}

static bool eat_sub(struct str s, size_t *off, int *value)
{
    size_t at = *off;

    if (!eat(s, &at, S("之")))
        return false;
    at = lex_blanks(s, at);
    if (!lex_number(s, &at, value))
        return false;
    *off = at;
    return true;
}

static bool eat_article(struct str s, size_t *off, struct cite_article *out)
{
    struct cite_article v = {0};
    size_t at = lex_blanks(s, *off);

    v.at.begin = at;
    if (!eat_ordinal(s, &at, S("条"), &v.article))
        return false;
    eat_sub(s, &at, &v.sub);
    eat_ordinal(s, &at, S("款"), &v.paragraph);
    eat_ordinal(s, &at, S("项"), &v.item);
    v.at.end = at;
    if (eat(s, &at, S("至")) && eat_ordinal(s, &at, S("条"), &v.to))
        v.at.end = at;
    *off = v.at.end;
    *out = v;
    return true;
}

static void eat_articles(struct arena *a, struct str s, struct cite *c)
{
    size_t cap = 0, at = c->at.end;
    struct cite_article v;

    while (c->n_articles < CITE_ARTICLES_MAX && eat_article(s, &at, &v)) {
        ARENA_PUSH(a, c->articles, c->n_articles, cap) = v;
        c->at.end = at;
        if (!eat(s, &at, S("、")) && !eat(s, &at, S("和")) && !eat(s, &at, S("及")))
            eat(s, &at, S("，"));
    }
}

/* ---- what stands beside a title ---- */

struct finder {
    struct arena *a;
    struct str s;
    struct docno *docnos;
    size_t n_docnos, next_docno;
    struct cite *v;
    size_t n, cap;
    struct short_name {
        struct str alias, name;
    } aliases[ALIASES_MAX];
    size_t n_aliases;
};

/* The bracket that begins at *off: its inside and the offset behind it. */
static bool bracket_at(struct str s, size_t *off, struct text_span *in)
{
    size_t at = lex_blanks(s, *off), from;
    uint32_t open = at < s.n ? utf8_next(s, &at) : 0;
    int depth = 1;

    if (open != 0xFF08 && open != '(')
        return false;
    from = at;
    for (int i = 0; i < BRACKET_CP_MAX && at < s.n; i++) {
        size_t before = at;
        uint32_t cp = utf8_next(s, &at);
        if (cp == 0xFF08 || cp == '(')
            depth++;
        if ((cp == 0xFF09 || cp == ')') && --depth == 0) {
            *in = (struct text_span){from, before};
            *off = at;
            return true;
        }
    }
    return false;
}

static const struct docno *docno_in(struct finder *f, struct text_span in)
{
    for (size_t i = f->next_docno; i < f->n_docnos && f->docnos[i].at.begin < in.end; i++)
        if (f->docnos[i].at.begin >= in.begin && f->docnos[i].at.end <= in.end) {
            f->next_docno = i + 1;
            return &f->docnos[i];
        }
    return NULL;
}

/* 以下简称《×》, 以下简称“×”, 简称×: the short name defined in a bracket. */
static struct str alias_in(struct str in)
{
    struct str before, s;
    static const struct {
        struct str open, close;
    } marks[] = {
        {SC("《"), SC("》")}, {SC("“"), SC("”")}, {SC("〈"), SC("〉")}, {SC("\""), SC("\"")}};

    if (!str_cut(in, S("简称"), &before, &s))
        return S("");
    str_eat(&s, S("为"));
    s = str_trim(s);
    str_eat(&s, S("："));
    for (size_t i = 0; i < COUNT(marks); i++)
        if (str_eat(&s, marks[i].open)) {
            struct str rest;
            return str_cut(s, marks[i].close, &before, &rest) ? before : S("");
        }
    return utf8_len_cp(s) <= 20 && !str_has(s, S("，")) ? s : S("");
}

static void take_docno(struct cite *c, const struct docno *d)
{
    c->docno = *d;
    c->numbered = true;
}

/* What stands in the bracket [.., at) behind a title: a short name, a number, or both. False: nothing of a citation,
 * or the citation ends inside it, because a second number in the bracket is a citation of its own. */
static bool take_bracket(struct finder *f, struct cite *c, struct text_span in, size_t at)
{
    struct str alias = alias_in(span_str(f->s, in));
    const struct docno *d = c->numbered ? NULL : docno_in(f, in);

    if (!d && alias.n == 0)
        return false;
    if (alias.n)
        c->alias = alias;
    if (d)
        take_docno(c, d);
    if (f->next_docno < f->n_docnos && f->docnos[f->next_docno].at.begin < at) {
        c->at.end = d ? d->at.end : c->at.end;
        return false;
    }
    c->at.end = at;
    return true;
}

/* A number that stands bare at `at`. */
static bool take_bare(struct finder *f, struct cite *c, size_t at)
{
    const struct docno *d;

    if (c->numbered || f->next_docno >= f->n_docnos || f->docnos[f->next_docno].at.begin != at)
        return false;
    d = &f->docnos[f->next_docno++];
    c->at.end = d->at.end;
    take_docno(c, d);
    return true;
}

/* Brackets and a number directly behind the title, in any order, at most three. */
static void take_behind(struct finder *f, struct cite *c)
{
    for (int i = 0; i < 3; i++) {
        size_t at = c->at.end, blanks = lex_blanks(f->s, at);
        struct text_span in;
        bool more =
            bracket_at(f->s, &at, &in) ? take_bracket(f, c, in, at) : take_bare(f, c, blanks);
        if (!more)
            return;
    }
}

/* 国办发〔2020〕5号《…》: the number before was put down already; join it. */
static bool join_before(struct finder *f, size_t open, struct cite *c)
{
    struct cite *last = f->n ? &f->v[f->n - 1] : NULL;

    if (!last || last->title.end > last->title.begin || last->bare ||
        lex_blanks(f->s, last->at.end) != open)
        return false;
    c->at.begin = last->at.begin;
    take_docno(c, &last->docno);
    f->n--;
    return true;
}

static void push(struct finder *f, const struct cite *c)
{
    if (f->n < CITE_MAX)
        ARENA_PUSH(f->a, f->v, f->n, f->cap) = *c;
}

/* Numbers that stand alone before `until`. */
static void lone_docnos(struct finder *f, size_t until)
{
    while (f->next_docno < f->n_docnos && f->docnos[f->next_docno].at.begin < until) {
        const struct docno *d = &f->docnos[f->next_docno++];
        struct cite c = {.at = d->at};
        take_docno(&c, d);
        push(f, &c);
    }
}

static void resolve_alias(struct finder *f, struct cite *c)
{
    for (size_t i = f->n_aliases; i-- > 0;)
        if (str_eq(f->aliases[i].alias, c->name)) {
            c->name = f->aliases[i].name;
            c->by_alias = true;
            return;
        }
    if (c->alias.n && f->n_aliases < ALIASES_MAX)
        f->aliases[f->n_aliases++] = (struct short_name){c->alias, c->name};
}

/* Names of laws that texts cite without 《》; the longest fits. */
static const struct str known_laws[] = {SC("刑事诉讼法"), SC("民事诉讼法"), SC("行政诉讼法"),
    SC("民法典"), SC("监察法"), SC("公司法"), SC("宪法"), SC("刑法"), SC("党章")};

static void bare_law(struct finder *f, size_t mark)
{
    struct cite c = {.bare = true, .at = {.end = mark}};

    for (size_t i = 0; i < COUNT(known_laws); i++) {
        size_t n = known_laws[i].n;
        if (mark < n || !str_eq(str_sub(f->s, mark - n, n), known_laws[i]))
            continue;
        c.title = (struct text_span){mark - n, mark};
        c.at.begin = mark - n;
        c.name = known_laws[i];
        eat_articles(f->a, f->s, &c);
        if (c.n_articles)
            push(f, &c);
        return;
    }
}

/* Bare laws between two titles: looked for at every 第 behind 法, 典 or 章. */
static void bare_laws(struct finder *f, size_t from, size_t until)
{
    struct str part = str_sub(f->s, 0, until);

    for (size_t at = str_find(part, S("法第"), from); at != SIZE_MAX;
         at = str_find(part, S("法第"), at + 3))
        bare_law(f, at + 3);
    for (size_t at = str_find(part, S("民法典第"), from); at != SIZE_MAX;
         at = str_find(part, S("民法典第"), at + 3))
        bare_law(f, at + 9);
    for (size_t at = str_find(part, S("党章第"), from); at != SIZE_MAX;
         at = str_find(part, S("党章第"), at + 3))
        bare_law(f, at + 6);
}

/* The offset behind everything that was taken. */
static size_t one_title(struct finder *f, size_t open, size_t end)
{
    struct cite c = {.at = {open, end}, .title = {open + 3, end - 3}};

    c.name = one_line(f->a, span_str(f->s, c.title));
    lone_docnos(f, open);
    join_before(f, open, &c);
    while (f->next_docno < f->n_docnos && f->docnos[f->next_docno].at.begin < end)
        f->next_docno++; /* a number inside a title belongs to the title */
    take_behind(f, &c);
    eat_articles(f->a, f->s, &c);
    resolve_alias(f, &c);
    if (c.name.n)
        push(f, &c);
    return c.at.end;
}

static int by_place(const void *x, const void *y)
{
    const struct cite *a = x, *b = y;

    return (a->at.begin > b->at.begin) - (a->at.begin < b->at.begin);
}

/* What was found by several searches, without overlap: a law named in passing gives way, else the first stays. */
static size_t without_overlap(struct cite *v, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        while (kept > 0 && v[i].at.begin < v[kept - 1].at.end && v[kept - 1].bare && !v[i].bare)
            kept--;
        if (kept == 0 || v[i].at.begin >= v[kept - 1].at.end)
            v[kept++] = v[i];
    }
    return kept;
}

size_t cite_find(struct arena *a, struct str text, struct cite **out)
{
    struct finder f = {.a = a, .s = text};
    size_t at = 0;

    f.n_docnos = docno_find(a, text, &f.docnos);
    for (;;) {
        size_t open = str_find(text, S("《"), at), end;
        size_t until = open == SIZE_MAX ? text.n : open;
        bare_laws(&f, at, until);
        if (open == SIZE_MAX)
            break;
        end = title_end(text, open);
        if (end == 0) {
            at = open + S("《").n;
            continue;
        }
        at = one_title(&f, open, end);
    }
    lone_docnos(&f, text.n);
    if (f.n > 1)
        qsort(f.v, f.n, sizeof(*f.v), by_place);
    *out = f.v;
    return without_overlap(f.v, f.n);
}

/* ---- keys ---- */

/* One form for each character; 0 drops it. */
static uint32_t key_cp(uint32_t cp)
{
    if (cp >= 0xFF01 && cp <= 0xFF5E)
        cp -= 0xFEE0;
    switch (cp) {
    case 0x300A: /* 《 》 〈 〉 and 〔 〕 */
    case 0x3008:
    case '<':
        return '<';
    case 0x300B:
    case 0x3009:
    case '>':
        return '>';
    case 0x3014:
    case '[':
        return '(';
    case 0x3015:
    case ']':
        return ')';
    case 0x2018:
    case 0x2019:
    case 0x201C:
    case 0x201D:
    case '\'':
        return '"';
    case '\n':
    case '\r':
    case ' ':
    case '\t':
    case 0xA0:
    case 0x3000:
    case 0x200B:
    case 0xFEFF:
        return 0;
    default:
        return cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
    }
}

/* Without the 《》 that embrace the whole. */
static struct str unwrapped(struct str title)
{
    struct str s = str_trim(title);

    if (str_starts(s, S("《")) && title_end(s, 0) == s.n)
        return str_trim(str_sub(s, S("《").n, s.n - S("《").n - S("》").n));
    return s;
}

void cite_key(struct str title, struct buf *out)
{
    struct str s = unwrapped(title);
    size_t at = 0;

    while (at < s.n) {
        uint32_t cp = key_cp(utf8_next(s, &at));
        if (cp)
            buf_utf8(out, cp);
    }
}

/* （试行）, （2018年修订） and 2018年修订 at the end of *s. */
static bool drop_variant(struct str *s)
{
    static const struct str tails[] = {SC("修订版"), SC("修订稿"), SC("修正本"), SC("修正案文本"),
        SC("修订"), SC("修正"), SC("试行"), SC("暂行")};
    size_t at = s->n, close;
    uint32_t cp = lex_prev(*s, at, &close);

    if (cp == ')' || cp == 0xFF09) {
        at = close;
        for (int i = 0; i < 40 && at > 0; i++) {
            cp = lex_prev(*s, at, &at);
            if ((cp == '(' || cp == 0xFF08) && at > 0) {
                *s = str_trim(str_sub(*s, 0, at));
                return true;
            }
        }
        return false;
    }
    for (size_t i = 0; i < COUNT(tails); i++) {
        struct str t = *s;
        if (!str_eat_end(&t, tails[i]))
            continue;
        str_eat_end(&t, S("年"));
        for (int d = 0; d < 4; d++) {
            size_t start;
            if (lex_digit(lex_prev(t, t.n, &start)) < 0)
                return false;
            t.n = start;
        }
        *s = str_trim(t);
        return t.n > 0;
    }
    return false;
}

/* 国务院办公厅 before 关于: dropped where nothing but names can stand there. */
static struct str without_issuer(struct str s)
{
    size_t at = str_find(s, S("关于"), 0);

    if (at == SIZE_MAX || at == 0 || utf8_len_cp(str_sub(s, 0, at)) > 60)
        return s;
    if (str_has(str_sub(s, 0, at), S("的")) || str_has(str_sub(s, 0, at), S("《")) ||
        str_has(str_sub(s, 0, at), S("转发")))
        return s;
    return str_sub(s, at, s.n);
}

static bool is_punctuation(uint32_t cp)
{
    return cp < 0x30 || (cp > 0x39 && cp < 0x61) || (cp > 0x7A && cp < 0x80) ||
           (cp >= 0x2010 && cp <= 0x206F) || (cp >= 0x3000 && cp <= 0x303F && cp != 0x3007) ||
           cp == 0xB7;
}

void cite_key_relaxed(struct str title, struct buf *out)
{
    struct str s = unwrapped(title);
    size_t at = 0;

    while (drop_variant(&s))
        ;
    s = without_issuer(s);
    if (s.n > S("中华人民共和国").n + S("宪法").n - 1)
        str_eat(&s, S("中华人民共和国"));
    while (at < s.n) {
        uint32_t cp = key_cp(utf8_next(s, &at));
        if (cp && !is_punctuation(cp))
            buf_utf8(out, cp);
    }
}
