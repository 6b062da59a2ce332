#include "text/query.h"

#include <string.h>

#include "base/utf8.h"
#include "text/norm.h"
#include "text/pos.h"

/* The first name of a filter is the one that is printed; the others are what people also type: short forms
 * and the labels of the pages. */
static const struct {
    enum query_field_id id;
    struct str name;
} field_names[] = {
    {FIELD_ISSUER, SC("发文机关")},
    {FIELD_ISSUER, SC("机关")},
    {FIELD_YEAR, SC("年份")},
    {FIELD_YEAR, SC("成文年份")},
    {FIELD_YEAR, SC("年")},
    {FIELD_KIND, SC("文种")},
    {FIELD_STATUS, SC("状态")},
    {FIELD_STATUS, SC("效力状态")},
    {FIELD_DOCNO, SC("文号")},
    {FIELD_DOCNO, SC("发文字号")},
    {FIELD_CATEGORY, SC("类别")},
};
static const struct str title_name = SC("标题");
enum {
    N_FIELD_NAMES = sizeof(field_names) / sizeof(field_names[0]),
    HEAD_CP_MAX = 8, /* a longer run before a colon is text, not the name of a filter */
};

const char *query_field_name(enum query_field_id id)
{
    for (size_t i = 0; i < N_FIELD_NAMES; i++)
        if (field_names[i].id == id)
            return field_names[i].name.p;
    return "";
}

struct parser {
    struct arena *a;
    struct str s;
    size_t at;
    int depth;     /* brackets and NOTs open */
    bool positive; /* an even number of NOTs above */
    struct query *q;
    struct query_term *terms;
    struct query_field *fields;
    struct err *e;
};

/* A growing list of operands of one AND or OR. */
struct operands {
    enum query_op op;
    const struct query_node **v;
    size_t n, cap;
};

static size_t column(const struct parser *p, size_t at)
{
    return utf8_len_cp(str_sub(p->s, 0, at)) + 1;
}

static uint32_t peek(const struct parser *p, size_t *next)
{
    *next = p->at;
    return p->at < p->s.n ? utf8_next(p->s, next) : 0;
}

static bool is_blank(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0x3000 || c == 0xA0;
}
static bool is_open(uint32_t c)
{
    return c == '(' || c == 0xFF08;
}
static bool is_close(uint32_t c)
{
    return c == ')' || c == 0xFF09;
}
static bool is_bar(uint32_t c)
{
    return c == '|' || c == 0xFF5C;
}
static bool is_minus(uint32_t c)
{
    return c == '-' || c == 0xFF0D;
}
static bool is_colon(uint32_t c)
{
    return c == ':' || c == 0xFF1A;
}
static bool is_quote(uint32_t c)
{
    return c == '"' || c == 0x201C;
}

static void skip_blanks(struct parser *p)
{
    size_t next;

    while (is_blank(peek(p, &next)))
        p->at = next;
}

/* Eats `word` where it stands alone. */
static bool eat_word(struct parser *p, struct str word)
{
    struct str rest = str_sub(p->s, p->at, p->s.n);
    struct parser behind = *p;
    size_t next;
    uint32_t c;

    if (!str_starts(rest, word))
        return false;
    behind.at += word.n;
    c = peek(&behind, &next);
    if (behind.at < p->s.n && !is_blank(c) && !is_open(c) && !is_close(c) && !is_bar(c) &&
        !is_quote(c))
        return false;
    p->at = behind.at;
    return true;
}

static bool eat_or(struct parser *p)
{
    size_t next;

    skip_blanks(p);
    if (is_bar(peek(p, &next))) {
        p->at = next;
        return true;
    }
    return eat_word(p, S("OR")) || eat_word(p, S("或"));
}

/* “…” or "…" at p->at; *text is what stands between. */
static enum code phrase(struct parser *p, struct str *text)
{
    size_t begin = p->at, next;
    uint32_t open = peek(p, &next), close = open == '"' ? '"' : 0x201D;
    size_t from = next;

    for (p->at = next; p->at < p->s.n; p->at = next)
        if (peek(p, &next) == close) {
            *text = str_sub(p->s, from, p->at - from);
            p->at = next;
            if (str_trim(*text).n == 0)
                return FAIL(p->e, E_INPUT, "检索式第%zu个字：引号里没有要找的词", column(p, begin));
            return OK;
        }
    return FAIL(p->e, E_INPUT, "检索式第%zu个字：引号没有另一半", column(p, begin));
}

/* A run without blanks. Brackets inside belong to it while they pair: 国发(2024)5号. */
static struct str word(struct parser *p)
{
    size_t begin = p->at, next;
    int open = 0;

    for (; p->at < p->s.n; p->at = next) {
        uint32_t c = peek(p, &next);
        if (is_blank(c) || is_bar(c) || (is_close(c) && open == 0))
            break;
        open += is_open(c) - is_close(c);
    }
    return str_sub(p->s, begin, p->at - begin);
}

/* Whether a word ends inside a bracket that it opened. */
static bool open_bracket(struct str s)
{
    int open = 0;

    for (size_t at = 0; at < s.n;) {
        uint32_t c = utf8_next(s, &at);
        open += is_open(c) - is_close(c);
    }
    return open != 0;
}

static enum code new_term(struct parser *p, struct query_term t, const struct query_node **out)
{
    struct norm folded;
    struct query_node *node = ARENA_NEW(p->a, struct query_node);

    if (!t.quoted && open_bracket(t.text))
        return FAIL(p->e, E_INPUT, "检索式第%zu个字：词里的括号没有另一半，要照原样找请加引号",
            column(p, p->at - t.text.n));
    t.text = arena_str(p->a, t.text);
    TRY(norm_text(p->a, t.text, &folded, p->e));
    if (folded.n > QUERY_TERM_UNITS_MAX)
        return FAIL(
            p->e, E_LIMIT, "要找的词有 %zu 个字，超过上限 %d", folded.n, (int)QUERY_TERM_UNITS_MAX);
    t.units = folded.units;
    t.n = (uint32_t)folded.n;
    t.positive = p->positive;
    for (node->term = 0; node->term < p->q->n_terms; node->term++) {
        const struct query_term *had = &p->terms[node->term];
        if (had->n == t.n && memcmp(had->units, t.units, t.n * sizeof(*t.units)) == 0 &&
            had->title_only == t.title_only && had->positive == t.positive)
            break;
    }
    if (node->term == QUERY_TERMS_MAX)
        return FAIL(p->e, E_LIMIT, "要找的词超过上限 %d 个", (int)QUERY_TERMS_MAX);
    if (node->term == p->q->n_terms)
        p->terms[p->q->n_terms++] = t;
    *out = node;
    return OK;
}

static enum code year_of(struct parser *p, struct str s, size_t at, int *out)
{
    int64_t v = 0;
    struct err ignored;

    *out = 0;
    if (s.n == 0)
        return OK;
    if (str_int(s, &v, &ignored) != OK || v < 1000 || v > 9999)
        return FAIL(p->e, E_INPUT, "检索式第%zu个字：年份写作 2024 或 2020-2024", column(p, at));
    *out = (int)v;
    return OK;
}

static enum code years(struct parser *p, struct query_field *f, size_t at)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): field_values has left one value */
    struct str folded = norm_str(p->a, f->values[0]);
    struct str from = folded, to = folded;

    if (!str_cut(folded, S("-"), &from, &to))
        (void)str_cut(folded, S("~"), &from, &to);
    TRY(year_of(p, from, at, &f->year_from));
    TRY(year_of(p, to, at, &f->year_to));
    if ((!f->year_from && !f->year_to) || (f->year_to && f->year_from > f->year_to))
        return FAIL(p->e, E_INPUT, "检索式第%zu个字：年份写作 2024 或 2020-2024", column(p, at));
    return OK;
}

/* Splits at 、 and commas into f->values. */
static enum code field_values(struct parser *p, struct query_field *f, struct str text, size_t at)
{
    struct str *v = ARENA_ARRAY(p->a, struct str, QUERY_VALUES_MAX);
    size_t begin = 0;

    /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): set by the caller's parser */
    for (size_t i = 0, next = 0; i <= text.n; i = next) {
        uint32_t c = ',';
        next = i;
        if (i < text.n)
            c = utf8_next(text, &next);
        else
            next = i + 1;
        if (c != ',' && c != 0xFF0C && c != 0x3001)
            continue;
        struct str piece = str_trim(str_sub(text, begin, i - begin));
        begin = next;
        if (piece.n == 0)
            continue;
        if (!f->quoted && is_quote(utf8_next(piece, &(size_t){0}))) /* 文种:,"通知 */
            return FAIL(p->e, E_INPUT,
                "检索式第%zu个字：“%s”的值里引号放错了位置，引号要紧跟冒号，把几个值一起括住",
                column(p, at), query_field_name(f->id));
        if (f->n == QUERY_VALUES_MAX)
            return FAIL(p->e, E_LIMIT, "检索式第%zu个字：一个条件最多 %d 个值", column(p, at),
                (int)QUERY_VALUES_MAX);
        v[f->n++] = arena_str(p->a, piece);
    }
    f->values = v;
    if (f->n == 0)
        return FAIL(p->e, E_INPUT, "检索式第%zu个字：“%s”后面没有写值", column(p, at),
            query_field_name(f->id));
    return OK;
}

static enum code new_field(struct parser *p, struct query_field f, struct str text, size_t at)
{
    if (p->depth > (f.negated ? 1 : 0))
        return FAIL(p->e, E_INPUT, "检索式第%zu个字：条件“%s”要写在括号外面", column(p, at),
            query_field_name(f.id));
    if (p->q->n_fields == QUERY_FIELDS_MAX)
        return FAIL(p->e, E_LIMIT, "条件超过上限 %d 个", (int)QUERY_FIELDS_MAX);
    f.column = column(p, at);
    TRY(field_values(p, &f, text, at));
    if (f.id == FIELD_YEAR)
        TRY(years(p, &f, at));
    p->fields[p->q->n_fields++] = f;
    return OK;
}

/* If a word at p->at begins with a name and a colon: *head is the name, p->at behind the colon. */
static bool field_head(struct parser *p, struct str *head)
{
    struct parser w = *p;
    struct str text = word(&w);
    bool digits = true;

    for (size_t i = 0, next = 0, cp = 0; i < text.n && cp <= HEAD_CP_MAX; i = next, cp++) {
        uint32_t c = utf8_next(text, &next);
        if (is_colon(c)) {
            if (digits) /* 12:30, or nothing before the colon */
                return false;
            *head = str_sub(text, 0, i);
            p->at += next;
            return true;
        }
        digits = digits && c >= '0' && c <= '9';
    }
    return false;
}

static enum code unknown_field(struct parser *p, struct str head, size_t at)
{
    return FAIL(p->e, E_INPUT,
        "检索式第%zu个字：没有“%.*s”这个条件，可用的有 发文机关、年份、文种、状态、文号、标题、"
        "类别；要找带冒号的文字请加引号",
        column(p, at), SF(head));
}

static enum code field(struct parser *p, struct str head, size_t at, const struct query_node **out)
{
    size_t i = 0, next;
    struct str value;
    bool quoted = is_quote(peek(p, &next));
    struct query_field f = {.negated = !p->positive, .quoted = quoted};

    while (i < N_FIELD_NAMES && !str_eq(field_names[i].name, head))
        i++;
    if (i == N_FIELD_NAMES && !str_eq(head, title_name))
        return unknown_field(p, head, at);
    if (quoted)
        TRY(phrase(p, &value));
    else
        value = word(p);
    if (i < N_FIELD_NAMES) {
        f.id = field_names[i].id;
        return new_field(p, f, value, at);
    }
    if (value.n == 0)
        return FAIL(p->e, E_INPUT, "检索式第%zu个字：“标题”后面没有写词", column(p, at));
    return new_term(
        p, (struct query_term){.text = value, .quoted = quoted, .title_only = true}, out);
}

/* NOLINTBEGIN(misc-no-recursion): QUERY_DEPTH_MAX bounds brackets and NOTs */
static enum code parse_or(struct parser *p, const struct query_node **out);

static enum code group(struct parser *p, const struct query_node **out)
{
    size_t begin = p->at, next;

    (void)peek(p, &next);
    p->at = next;
    if (++p->depth > QUERY_DEPTH_MAX)
        return FAIL(p->e, E_LIMIT, "检索式第%zu个字：括号套得太深，上限 %d 层", column(p, begin),
            (int)QUERY_DEPTH_MAX);
    TRY(parse_or(p, out));
    p->depth--;
    if (!is_close(peek(p, &next)))
        return FAIL(p->e, E_INPUT, "检索式第%zu个字：括号没有另一半", column(p, begin));
    p->at = next;
    return OK;
}

/* A phrase, a filter, a group or a word. *out stays NULL for a filter. */
static enum code primary(struct parser *p, const struct query_node **out)
{
    size_t begin = p->at, next;
    uint32_t c = peek(p, &next);
    struct query_term t = {.quoted = is_quote(c)};
    struct str head;

    if (is_open(c))
        return group(p, out);
    if (t.quoted)
        TRY(phrase(p, &t.text));
    else if (field_head(p, &head))
        return field(p, head, begin, out);
    else
        t.text = word(p);
    return new_term(p, t, out);
}

static enum code operand(struct parser *p, const struct query_node **out);

static enum code negation(struct parser *p, size_t begin, const struct query_node **out)
{
    const struct query_node *kid = NULL;
    struct query_node *node;
    struct parser ahead;
    size_t next;

    skip_blanks(p);
    ahead = *p;
    if (p->at == p->s.n || is_close(peek(p, &next)) || eat_or(&ahead) || eat_word(&ahead, S("AND")))
        return FAIL(p->e, E_INPUT, "检索式第%zu个字：“非”后面没有词", column(p, begin));
    if (++p->depth > QUERY_DEPTH_MAX)
        return FAIL(p->e, E_LIMIT, "检索式第%zu个字：“非”套得太深，上限 %d 层", column(p, begin),
            (int)QUERY_DEPTH_MAX);
    p->positive = !p->positive;
    TRY(operand(p, &kid));
    p->positive = !p->positive;
    p->depth--;
    if (!kid) /* a filter, which keeps its own sign */
        return OK;
    if (kid->op == QUERY_NOT) {
        *out = kid->kids[0];
        return OK;
    }
    node = ARENA_NEW(p->a, struct query_node);
    node->op = QUERY_NOT;
    node->kids = ARENA_ARRAY(p->a, const struct query_node *, 1);
    node->kids[0] = kid;
    node->n = 1;
    *out = node;
    return OK;
}

static enum code operand(struct parser *p, const struct query_node **out)
{
    size_t begin = p->at, next, behind;
    uint32_t c = peek(p, &next);

    if (eat_word(p, S("NOT")) || eat_word(p, S("非")))
        return negation(p, begin, out);
    if (is_minus(c)) {
        struct parser q = *p;
        q.at = next;
        c = peek(&q, &behind);
        if (next < p->s.n && !is_blank(c) && !is_bar(c) && !is_close(c)) {
            p->at = next;
            return negation(p, begin, out);
        }
    }
    return primary(p, out);
}

/* Adds a kid; one of the same kind gives its own kids, so that a tree has one shape only. */
static void push(struct parser *p, struct operands *o, const struct query_node *kid)
{
    if (kid->op == o->op) {
        for (uint32_t i = 0; i < kid->n; i++)
            /* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers */
            ARENA_PUSH(p->a, o->v, o->n, o->cap) = kid->kids[i];
    } else {
        /* NOLINTNEXTLINE(bugprone-sizeof-expression) */
        ARENA_PUSH(p->a, o->v, o->n, o->cap) = kid;
    }
}

static const struct query_node *joined(struct parser *p, const struct operands *o)
{
    struct query_node *node;

    if (o->n < 2)
        return o->n ? o->v[0] : NULL;
    node = ARENA_NEW(p->a, struct query_node);
    *node = (struct query_node){.op = o->op, .kids = o->v, .n = (uint32_t)o->n};
    return node;
}

static enum code parse_and(struct parser *p, const struct query_node **out)
{
    struct operands o = {.op = QUERY_AND};
    size_t next;

    for (;;) {
        const struct query_node *kid = NULL;
        struct parser ahead;
        skip_blanks(p);
        ahead = *p;
        if (p->at == p->s.n || is_close(peek(p, &next)) || eat_or(&ahead))
            break;
        if (eat_word(p, S("AND")))
            continue;
        TRY(operand(p, &kid));
        if (kid)
            push(p, &o, kid);
    }
    *out = joined(p, &o);
    return OK;
}

static enum code parse_or(struct parser *p, const struct query_node **out)
{
    struct operands o = {.op = QUERY_OR};
    size_t operands = 0;
    uint32_t fields = p->q->n_fields;

    for (bool more = true; more; operands++) {
        const struct query_node *kid = NULL;
        size_t begin = p->at;
        TRY(parse_and(p, &kid));
        more = eat_or(p);
        if (kid)
            push(p, &o, kid);
        else if (p->depth > 0 || operands > 0 || (more && p->q->n_fields == fields))
            return FAIL(p->e, E_INPUT, "检索式第%zu个字：这里缺少要找的词", column(p, begin));
    }
    if (operands > 1 && p->q->n_fields > fields)
        return FAIL(p->e, E_INPUT, "检索式第%zu个字：条件“%s”不能放在“或”里，请给“或”的部分加括号",
            p->fields[fields].column, query_field_name(p->fields[fields].id));
    *out = joined(p, &o);
    return OK;
}

/* NOLINTEND(misc-no-recursion) */

static void parser_init(struct parser *p, struct arena *a, struct str s, struct err *e)
{
    *p = (struct parser){.a = a, .s = s, .positive = true, .e = e};
    p->q = ARENA_NEW(a, struct query);
    p->terms = ARENA_ARRAY(a, struct query_term, QUERY_TERMS_MAX);
    p->fields = ARENA_ARRAY(a, struct query_field, QUERY_FIELDS_MAX);
    p->q->terms = p->terms;
    p->q->fields = p->fields;
}

enum code query_parse(struct arena *a, struct str s, struct query **out, struct err *e)
{
    struct parser p;
    size_t bad = utf8_check(s);

    if (s.n > QUERY_BYTES_MAX)
        return FAIL(e, E_LIMIT, "检索式有 %zu 字节，超过上限 %d", s.n, (int)QUERY_BYTES_MAX);
    if (bad != SIZE_MAX)
        return FAIL(e, E_INPUT, "检索式第 %zu 字节不是 UTF-8 文字", bad + 1);
    parser_init(&p, a, s, e);
    TRY(parse_or(&p, &p.q->root));
    if (p.at < s.n)
        return FAIL(e, E_INPUT, "检索式第%zu个字：括号没有另一半", column(&p, p.at));
    if (!p.q->root && p.q->n_fields == 0)
        return FAIL(e, E_INPUT, "请输入要找的词");
    *out = p.q;
    return OK;
}

enum code query_phrase(struct arena *a, struct str s, struct query **out, struct err *e)
{
    struct parser p;

    parser_init(&p, a, s, e);
    if (s.n == 0)
        return FAIL(e, E_INPUT, "请输入要找的词");
    TRY(new_term(&p, (struct query_term){.text = s, .quoted = true}, &p.q->root));
    *out = p.q;
    return OK;
}

static void print_quoted(struct str text, bool quoted, struct buf *out)
{
    bool straight = quoted && str_has(text, S("”"));

    buf_z(out, quoted ? straight ? "\"" : "“" : "");
    buf_str(out, text);
    buf_z(out, quoted ? straight ? "\"" : "”" : "");
}

/* NOLINTNEXTLINE(misc-no-recursion): as above */
static void print_node(const struct query *q, const struct query_node *node, struct buf *out)
{
    if (node->op == QUERY_TERM) {
        const struct query_term *t = &q->terms[node->term];
        buf_z(out, t->title_only ? "标题:" : "");
        print_quoted(t->text, t->quoted, out);
        return;
    }
    if (node->op == QUERY_NOT)
        buf_z(out, "NOT ");
    for (uint32_t i = 0; i < node->n; i++) {
        bool inner = node->kids[i]->op == QUERY_AND || node->kids[i]->op == QUERY_OR;
        buf_z(out, i == 0 ? "" : node->op == QUERY_OR ? " OR " : " ");
        buf_z(out, inner ? "(" : "");
        print_node(q, node->kids[i], out);
        buf_z(out, inner ? ")" : "");
    }
}

static void print_field(const struct query_field *f, struct buf *out)
{
    struct buf values;

    buf_init(&values, 0);
    for (uint32_t i = 0; i < f->n; i++) {
        buf_z(&values, i ? "、" : "");
        buf_str(&values, f->values[i]);
    }
    buf_z(out, f->negated ? "NOT " : "");
    buf_z(out, query_field_name(f->id));
    buf_z(out, ":");
    print_quoted(buf_view(&values), f->quoted, out);
    buf_release(&values);
}

void query_print(const struct query *q, struct buf *out)
{
    bool bracket = q->root && q->root->op == QUERY_OR && q->n_fields > 0;

    for (uint32_t i = 0; i < q->n_fields; i++) {
        buf_z(out, i ? " " : "");
        print_field(&q->fields[i], out);
    }
    if (!q->root)
        return;
    buf_z(out, q->n_fields ? " " : "");
    buf_z(out, bracket ? "(" : "");
    print_node(q, q->root, out);
    buf_z(out, bracket ? ")" : "");
}
