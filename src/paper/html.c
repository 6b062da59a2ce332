/* html by gumbo, the browser's own algorithm: what a reader of the page sees, without its frame. */
#include <gumbo.h>
#include <string.h>

#include "base/utf8.h"
#include "paper/charset.h"
#include "paper/formats.h"

enum {
    DEPTH_MAX = 250,
    CELLS_MAX = 1024,
    OPEN_MAX = 4000,   /* tags open at once, roughly */
    META_BYTES = 4096, /* how far into the page its encoding is looked for */
};

struct html {
    struct job *j;
    struct buf line; /* the paragraph being gathered */
    enum block_kind kind;
    int level;
    bool titled, blank; /* blank: white space is owed before the next word */
    int pre;            /* depth of pre elements */
};

/* ---- the encoding ---- */

/* charset=NAME in the head of the page, from either kind of meta, or of an XML declaration. */
static struct str declared(struct str bytes)
{
    struct str s = bytes.n ? str_sub(bytes, 0, META_BYTES) : S("");
    size_t at = 0, n = 0;

    for (; at + 8 < s.n; at++) {
        bool charset = (s.p[at] | 32) == 'c' && str_eq(str_sub(s, at + 1, 6), S("harset"));
        bool encoding = str_eq(str_sub(s, at, 9), S("encoding="));
        if (charset || encoding) {
            at += charset ? 7 : 8;
            break;
        }
    }
    while (at < s.n && strchr(" =\"'", s.p[at]) && s.p[at])
        at++;
    while (
        at + n < s.n && n < 40 &&
        (s.p[at + n] == '-' || s.p[at + n] == '_' || (s.p[at + n] >= '0' && s.p[at + n] <= '9') ||
            ((s.p[at + n] | 32) >= 'a' && (s.p[at + n] | 32) <= 'z')))
        n++;
    return str_sub(s, at, n);
}

/* What the bytes between the tags look like: the Latin letters of the tags would outweigh a short text. */
static struct charset seen_charset(struct str bytes)
{
    struct charset c = charset_detect(bytes);
    struct buf b = {0};
    bool tag = false;

    if (c.bom > 0 || !memchr(bytes.p ? bytes.p : "", '<', bytes.n ? bytes.n : 1) ||
        str_starts(c.name, S("UTF-16")))
        return c;
    for (size_t i = 0; i < bytes.n && b.n < META_BYTES; i++) {
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): n is 0 without bytes */
        tag = bytes.p[i] == '<' || (tag && bytes.p[i] != '>');
        if (!tag && bytes.p[i] != '>')
            buf_char(&b, bytes.p[i]);
    }
    c = charset_detect(buf_view(&b));
    buf_release(&b);
    return c;
}

/* Pages lie: one that is valid UTF-8 with enough of it is UTF-8; one that claims it and is not, is GBK. */
static struct str encoding_of(struct str bytes, struct str given)
{
    struct str name = given.n ? given : declared(bytes);
    struct charset seen = seen_charset(bytes);
    bool utf8_name = name.n >= 4 && (name.p[0] | 32) == 'u' && (name.p[1] | 32) == 't';

    if (name.n == 0 || seen.bom > 0 || utf8_name)
        return seen.name;
    return str_eq(seen.name, S("UTF-8")) && seen.weight >= 1 ? seen.name : name;
}

/* ---- the tree ---- */

static void end_line(struct html *h)
{
    bool title = h->kind == BLOCK_TITLE && h->line.n > 0;

    job_block(h->j, h->kind, h->level, buf_view(&h->line));
    h->titled = h->titled || title;
    buf_clear(&h->line);
    h->blank = false;
}

/* White space is one blank, and none between Chinese characters. */
static void add_words(struct html *h, const char *p)
{
    for (; *p; p++) {
        bool white = *p == ' ' || *p == '\n' || *p == '\t' || *p == '\r' || *p == '\f';
        if (white && h->pre == 0) {
            h->blank = true;
            continue;
        }
        if (h->blank && h->line.n > 0 && h->line.p[h->line.n - 1] != '\n' &&
            ((unsigned char)h->line.p[h->line.n - 1] < 0x80 || (unsigned char)*p < 0x80))
            buf_char(&h->line, ' ');
        h->blank = false;
        buf_char(&h->line, *p);
    }
}

static bool is_dropped(GumboTag t)
{
    return t == GUMBO_TAG_SCRIPT || t == GUMBO_TAG_STYLE || t == GUMBO_TAG_NAV ||
           t == GUMBO_TAG_NOSCRIPT || t == GUMBO_TAG_TEMPLATE || t == GUMBO_TAG_IFRAME ||
           t == GUMBO_TAG_SVG || t == GUMBO_TAG_SELECT || t == GUMBO_TAG_BUTTON ||
           t == GUMBO_TAG_TEXTAREA || t == GUMBO_TAG_OBJECT || t == GUMBO_TAG_HEAD ||
           t == GUMBO_TAG_RT || t == GUMBO_TAG_RP || t == GUMBO_TAG_NOFRAMES;
}

static bool is_inline(GumboTag t)
{
    static const GumboTag tags[] = {GUMBO_TAG_A, GUMBO_TAG_SPAN, GUMBO_TAG_B, GUMBO_TAG_STRONG,
        GUMBO_TAG_I, GUMBO_TAG_EM, GUMBO_TAG_U, GUMBO_TAG_FONT, GUMBO_TAG_SUB, GUMBO_TAG_SUP,
        GUMBO_TAG_SMALL, GUMBO_TAG_BIG, GUMBO_TAG_S, GUMBO_TAG_DEL, GUMBO_TAG_INS, GUMBO_TAG_CODE,
        GUMBO_TAG_LABEL, GUMBO_TAG_IMG, GUMBO_TAG_Q, GUMBO_TAG_CITE, GUMBO_TAG_ABBR, GUMBO_TAG_MARK,
        GUMBO_TAG_TIME, GUMBO_TAG_RUBY, GUMBO_TAG_TT, GUMBO_TAG_VAR, GUMBO_TAG_KBD, GUMBO_TAG_SAMP,
        GUMBO_TAG_BDO, GUMBO_TAG_WBR, GUMBO_TAG_INPUT, GUMBO_TAG_UNKNOWN};

    for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++)
        if (tags[i] == t)
            return true;
    return false;
}

static bool is_hidden(const GumboElement *el)
{
    const GumboAttribute *style = gumbo_get_attribute(&el->attributes, "style");
    const char *at = style ? strstr(style->value, "display") : NULL;

    if (gumbo_get_attribute(&el->attributes, "hidden"))
        return true;
    if (!at)
        return false;
    at += strlen("display");
    while (*at == ' ' || *at == ':')
        at++;
    return strncmp(at, "none", 4) == 0;
}

/* NOLINTBEGIN(misc-no-recursion): DEPTH_MAX */
static void walk(struct html *h, const GumboNode *n, int depth);

static void walk_children(struct html *h, const GumboElement *el, int depth)
{
    for (unsigned i = 0; i < el->children.length && job_ok(h->j); i++)
        walk(h, el->children.data[i], depth + 1);
}

/* ---- tables ---- */

/* A table that only lays out the page (a table in a cell, or one row of one cell) is read as text. */
static bool has_inside(const GumboNode *n, GumboTag tag, int depth)
{
    if (n->type != GUMBO_NODE_ELEMENT || depth > DEPTH_MAX)
        return false;
    for (unsigned i = 0; i < n->v.element.children.length; i++) {
        const GumboNode *c = n->v.element.children.data[i];
        if (c->type == GUMBO_NODE_ELEMENT &&
            (c->v.element.tag == tag || has_inside(c, tag, depth + 1)))
            return true;
    }
    return false;
}

static unsigned span_of(const GumboElement *cell)
{
    const GumboAttribute *a = gumbo_get_attribute(&cell->attributes, "colspan");
    struct err ignored;
    int64_t n = 1;

    if (!a || str_int(str_trim(str_z(a->value)), &n, &ignored) != OK || n < 1 || n > CELLS_MAX)
        return 1;
    return (unsigned)n;
}

static struct str cell_text(struct html *h, const GumboElement *cell, int depth)
{
    struct html inner = {.j = h->j, .kind = BLOCK_PARA};
    size_t before = h->j->d.n;
    struct buf b = {0};
    struct str s;

    buf_init(&inner.line, h->j->lim->text_bytes);
    walk_children(&inner, cell, depth);
    end_line(&inner);
    for (size_t i = before; i < h->j->d.n; i++) { /* the paragraphs of the cell become its text */
        if (i > before)
            buf_char(&b, ' ');
        buf_str(&b, h->j->d.blocks[i].text);
    }
    h->j->d.n = before;
    s = arena_str(h->j->a, buf_view(&b));
    buf_release(&b);
    buf_release(&inner.line);
    return s;
}

static void table_row(struct html *h, const GumboElement *tr, int depth)
{
    struct str *cells = NULL;
    size_t n = 0, cap = 0;

    for (unsigned i = 0; i < tr->children.length && job_ok(h->j); i++) {
        const GumboNode *c = tr->children.data[i];
        if (c->type != GUMBO_NODE_ELEMENT ||
            (c->v.element.tag != GUMBO_TAG_TD && c->v.element.tag != GUMBO_TAG_TH))
            continue;
        struct str s = cell_text(h, &c->v.element, depth + 1);
        for (unsigned k = span_of(&c->v.element); k > 0 && n < CELLS_MAX; k--) {
            ARENA_PUSH(h->j->a, cells, n, cap) = s;
            s = S("");
        }
    }
    job_row(h->j, h->j->tables, cells, n);
}

static void table(struct html *h, const GumboElement *el, int depth)
{
    for (unsigned i = 0; i < el->children.length && job_ok(h->j) && depth < DEPTH_MAX; i++) {
        const GumboNode *c = el->children.data[i];
        if (c->type != GUMBO_NODE_ELEMENT)
            continue;
        if (c->v.element.tag == GUMBO_TAG_TR)
            table_row(h, &c->v.element, depth);
        else if (c->v.element.tag == GUMBO_TAG_CAPTION)
            walk(h, c, depth + 1);
        else
            table(h, &c->v.element, depth + 1);
    }
}

static int heading_level(GumboTag t)
{
    return t >= GUMBO_TAG_H1 && t <= GUMBO_TAG_H6 ? (int)(t - GUMBO_TAG_H1) + 1 : 0;
}

static void element(struct html *h, const GumboNode *n, int depth)
{
    const GumboElement *el = &n->v.element;
    GumboTag t = el->tag;
    int level = heading_level(t);

    if (is_dropped(t) || is_hidden(el))
        return;
    if (t == GUMBO_TAG_BR) {
        buf_char(&h->line, '\n');
        h->blank = false;
    } else if (t == GUMBO_TAG_TABLE && !has_inside(n, GUMBO_TAG_TABLE, depth)) {
        end_line(h);
        h->j->tables++;
        table(h, el, depth);
    } else if (is_inline(t)) {
        walk_children(h, el, depth);
    } else {
        end_line(h);
        if (level > 0) {
            h->kind = level == 1 && !h->titled ? BLOCK_TITLE : BLOCK_HEADING;
            h->level = h->kind == BLOCK_TITLE ? 0 : level;
        }
        h->pre += t == GUMBO_TAG_PRE;
        walk_children(h, el, depth);
        end_line(h);
        h->pre -= t == GUMBO_TAG_PRE;
        if (level > 0) {
            h->kind = BLOCK_PARA;
            h->level = 0;
        }
    }
}

static void walk(struct html *h, const GumboNode *n, int depth)
{
    if (depth > DEPTH_MAX) {
        (void)JOB_FAIL(h->j, E_LIMIT, "网页嵌套超过上限 %d 层，未读取", (int)DEPTH_MAX);
        return;
    }
    if (n->type == GUMBO_NODE_ELEMENT)
        element(h, n, depth);
    else if (n->type == GUMBO_NODE_TEXT || n->type == GUMBO_NODE_WHITESPACE ||
             n->type == GUMBO_NODE_CDATA)
        add_words(h, n->v.text.text);
}

/* NOLINTEND(misc-no-recursion) */

/* ---- head: title, author, date ---- */

static void meta(struct job *j, const GumboElement *el)
{
    const GumboAttribute *name = gumbo_get_attribute(&el->attributes, "name");
    const GumboAttribute *content = gumbo_get_attribute(&el->attributes, "content");

    if (!name || !content)
        return;
    /* the names that Chinese government sites must set (国办函〔2014〕…网站标签规范) come first */
    if (strcmp(name->value, "ArticleTitle") == 0)
        j->d.title = job_property(j, str_z(content->value));
    else if (strcmp(name->value, "PubDate") == 0)
        j->d.date = job_date(j, str_z(content->value));
    else if (strcmp(name->value, "ContentSource") == 0 || strcmp(name->value, "author") == 0)
        j->d.author = job_property(j, str_z(content->value));
}

static void head(struct job *j, const GumboNode *root)
{
    for (unsigned i = 0; i < root->v.element.children.length; i++) {
        const GumboNode *h = root->v.element.children.data[i];
        if (h->type != GUMBO_NODE_ELEMENT || h->v.element.tag != GUMBO_TAG_HEAD)
            continue;
        for (unsigned k = 0; k < h->v.element.children.length; k++) {
            const GumboNode *c = h->v.element.children.data[k];
            if (c->type != GUMBO_NODE_ELEMENT)
                continue;
            if (c->v.element.tag == GUMBO_TAG_META)
                meta(j, &c->v.element);
            else if (c->v.element.tag == GUMBO_TAG_TITLE && j->d.title.n == 0 &&
                     c->v.element.children.length > 0)
                j->d.title = job_property(
                    j, str_z(((const GumboNode *)c->v.element.children.data[0])->v.text.text));
        }
    }
}

/* gumbo frees its tree by recursion: how deep it may get is bounded before it is asked. Tags that HTML
 * closes by itself are not counted. */
static bool too_deep(struct str s)
{
    static const struct str loose[] = {SC("p"), SC("br"), SC("li"), SC("td"), SC("tr"), SC("th"),
        SC("hr"), SC("img"), SC("input"), SC("meta"), SC("link"), SC("dt"), SC("dd"), SC("option"),
        SC("col"), SC("wbr"), SC("area"), SC("param"), SC("source"), SC("o:p")};
    size_t depth = 0;

    for (size_t i = 0; i + 1 < s.n; i++) {
        size_t n = 0;
        char tag[8];
        if (s.p[i] != '<')
            continue;
        if (s.p[i + 1] == '/') {
            depth -= depth > 0;
            continue;
        }
        while (n < sizeof(tag) && i + 1 + n < s.n && strchr(" >/\t\r\n", s.p[i + 1 + n]) == NULL) {
            tag[n] = (char)(s.p[i + 1 + n] | 32);
            n++;
        }
        bool counts = n > 0 && tag[0] >= 'a' && tag[0] <= 'z';
        for (size_t k = 0; k < sizeof(loose) / sizeof(*loose) && counts; k++)
            counts = !str_eq((struct str){tag, n}, loose[k]);
        depth += counts;
        if (depth > OPEN_MAX)
            return true;
    }
    return false;
}

enum code read_html(struct job *j, struct str bytes, struct str charset)
{
    GumboOptions o = kGumboDefaultOptions;
    struct html h = {.j = j, .kind = BLOCK_PARA};
    struct str s = {"", 0};
    GumboOutput *out;

    j->d.format = FORMAT_HTML;
    TRY(text_utf8(j, bytes, encoding_of(bytes, charset), &s));
    if (too_deep(s))
        return JOB_FAIL(j, E_LIMIT, "网页嵌套超过上限 %d 层，未读取", (int)OPEN_MAX);
    o.max_errors = 0;
    buf_init(&h.line, j->lim->text_bytes);
    out = gumbo_parse_with_options(&o, s.p, s.n);
    if (!out)
        return JOB_FAIL(j, E_INPUT, "网页无法读取，文件可能已损坏");
    if (out->root->type == GUMBO_NODE_ELEMENT) {
        head(j, out->root);
        walk(&h, out->root, 0);
        end_line(&h);
    }
    gumbo_destroy_output(&o, out);
    if (h.line.full)
        (void)JOB_FAIL(j, E_LIMIT, "文字超过上限 %zu MB，请拆成几个文件", j->lim->text_bytes >> 20);
    buf_release(&h.line);
    return j->failed;
}
