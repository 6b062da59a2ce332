#include "text/lexicon.h"

#include <stdlib.h>

#include "base/io.h"
#include "base/utf8.h"
#include "text/rule_chars.h"

/* lexicon_data.S: the files of lexicon/ as they are. */
extern const char lexicon_typo_tsv[], lexicon_typo_tsv_end[];
extern const char lexicon_near_tsv[], lexicon_near_tsv_end[];
extern const char lexicon_faulty_tsv[], lexicon_faulty_tsv_end[];
extern const char lexicon_dated_tsv[], lexicon_dated_tsv_end[];

enum { CELLS = 8, NONE = 0 };

enum side { BEHIND, NOT_BEHIND, BEFORE, NOT_BEFORE, LATER, NOT_LATER, EARLIER, NOT_EARLIER, SIDES };
static const struct {
    const char *word;
    enum side side;
} clause_words[] = {{"不后接", NOT_BEHIND}, {"不前接", NOT_BEFORE}, {"后接", BEHIND},
    {"前接", BEFORE}, {"后有", LATER}, {"后无", NOT_LATER}, {"前有", EARLIER},
    {"前无", NOT_EARLIER}};

struct clause {
    enum side side;
    const char *words; /* parted by '|' */
};
struct entry {
    struct lexicon_row row;
    struct clause clauses[LEXICON_CLAUSES_MAX];
    size_t n_clauses;
    size_t head_cp;   /* of the form, or of what stands before the gap */
    const char *tail; /* what stands behind the gap; NULL: no gap */
    size_t tail_cp;
    uint32_t same; /* the next entry with the same head, + 1 */
    bool unit;     /* from the unit's directory */
    bool off;      /* replaced, or switched off */
};
struct node {
    uint32_t fail, entry; /* entry + 1 */
    uint32_t shorter;     /* the next node down the fail links that has an entry */
};
struct edge {
    uint32_t from, cp, to; /* to 0: empty */
};

struct lexicon {
    struct arena *a;
    struct entry *v;
    size_t n, cap;
    struct node *nodes; /* 0 is the root */
    size_t n_nodes;
    struct edge *edges; /* power of two */
    size_t mask;
};

static const struct {
    const char *name, *rule;
} groups[LEXICON_GROUPS] = {[LEXICON_TYPO] = {"错别字", "W01"},
    [LEXICON_NEAR] = {"近义", "W02"},
    [LEXICON_FAULTY] = {"语病", "W03"},
    [LEXICON_DATED] = {"停用", "W04"},
    [LEXICON_UNIT] = {"单位", "N25"}};

const char *lexicon_rule(enum lexicon_group g)
{
    return groups[g].rule;
}

size_t lexicon_count(const struct lexicon *x)
{
    return x->n;
}

const struct lexicon_row *lexicon_at(const struct lexicon *x, size_t i)
{
    return &x->v[i].row;
}

/* ---- reading ---- */

static enum code take_clause(struct lexicon *x, struct entry *en, struct str s, struct err *e)
{
    struct str words;

    for (size_t k = 0; k < COUNT(clause_words); k++) {
        words = s;
        if (!str_eat(&words, str_z(clause_words[k].word)) ||
            (!str_eat(&words, S("：")) && !str_eat(&words, S(":"))))
            continue;
        if (!words.n || en->n_clauses == LEXICON_CLAUSES_MAX)
            break;
        en->clauses[en->n_clauses++] = (struct clause){clause_words[k].side, arena_z(x->a, words)};
        return OK;
    }
    return FAIL(e, E_INPUT,
        "条件“%.*s”看不懂，应像 后接:甲|乙，可用的有 后接 不后接 前接 不前接 后有 后无 前有 前无",
        SF(s));
}

static enum code take_condition(struct lexicon *x, struct entry *en, struct err *e)
{
    struct str rest = en->row.condition, one;

    if (!rest.n || str_eq(rest, S("总是")))
        return OK;
    while (str_next(&rest, S("；"), &one))
        TRY(take_clause(x, en, str_trim(one), e));
    return OK;
}

static enum code take_form(struct lexicon *x, struct entry *en, struct err *e)
{
    struct str head = en->row.wrong, tail = {0};

    if (str_cut(en->row.wrong, S("…"), &head, &tail)) {
        en->tail = arena_z(x->a, tail);
        en->tail_cp = utf8_len_cp(tail);
        if (!tail.n)
            return FAIL(e, E_INPUT, "错误写法“%.*s”的“…”后面没有词", SF(en->row.wrong));
    }
    en->head_cp = utf8_len_cp(head);
    if (en->head_cp < 1 || en->head_cp > LEXICON_FORM_CP_MAX)
        return FAIL(
            e, E_INPUT, "错误写法“%.*s”应有1到%d字", SF(en->row.wrong), LEXICON_FORM_CP_MAX);
    return OK;
}

static enum code take_row(
    struct lexicon *x, const struct str *cell, struct entry *en, struct err *e)
{
    en->row.id = cell[0];
    en->row.wrong = cell[1];
    en->row.right = cell[2];
    en->row.level = check_level_of(cell[3]);
    en->row.condition = cell[4];
    en->row.basis = cell[6];
    en->row.reason = cell[7];
    en->off = str_eq(cell[3], S("off")) || str_eq(cell[3], S("关闭"));
    if (!en->row.id.n)
        return FAIL(e, E_INPUT, "没有编号");
    if (!en->row.level && !en->off)
        return FAIL(e, E_INPUT, "级别“%.*s”应是 error、warn、hint、off 之一", SF(cell[3]));
    for (enum lexicon_group g = LEXICON_TYPO; g < LEXICON_GROUPS; g++)
        if (str_eq(cell[5], str_z(groups[g].name)))
            en->row.group = g;
    if (!en->row.group)
        return FAIL(e, E_INPUT, "分组“%.*s”应是 错别字、近义、语病、停用、单位 之一", SF(cell[5]));
    TRY(take_form(x, en, e));
    return take_condition(x, en, e);
}

/* A row takes the place of the built-in one of its id; two of one id from one source are a mistake. */
static enum code settle(struct lexicon *x, const struct entry *en, struct err *e)
{
    for (size_t i = 0; i < x->n; i++) {
        struct entry *old = &x->v[i];
        if (!str_eq(old->row.id, en->row.id))
            continue;
        if (old->unit == en->unit)
            return FAIL(e, E_INPUT, "编号“%.*s”在“%.*s”第%zu行已经用过", SF(en->row.id),
                SF(old->row.file), old->row.line);
        old->off = true;
    }
    return OK;
}

static enum code add(struct lexicon *x, struct str tsv, struct str file, bool unit, struct err *e)
{
    struct str rest = arena_str(x->a, tsv), line;
    size_t number = 0;

    (void)str_eat(&rest, S("\xEF\xBB\xBF"));
    while (str_next(&rest, S("\n"), &line)) {
        struct str cell[CELLS] = {{0}}, left;
        struct entry en = {.unit = unit, .row = {.file = file, .line = ++number}};
        struct err was;
        enum code code = OK;
        size_t n = 0;
        (void)str_eat_end(&line, S("\r"));
        if (!str_trim(line).n || line.p[0] == '#')
            continue;
        for (left = line; n < CELLS && str_next(&left, S("\t"), &cell[n]); n++)
            cell[n] = str_trim(cell[n]);
        if (n < 6 || left.n)
            code = FAIL(&was, E_INPUT, "有%zu格，应是8格，用制表符分开", n + (left.n > 0));
        else if (x->n == LEXICON_ROWS_MAX)
            code = FAIL(&was, E_LIMIT, "词表超过上限%d条", LEXICON_ROWS_MAX);
        if (code == OK)
            code = take_row(x, cell, &en, &was);
        if (code == OK)
            code = settle(x, &en, &was);
        if (code != OK)
            return FAIL(e, code, "词表“%.*s”第%zu行：%s", SF(file), number, was.msg);
        ARENA_PUSH(x->a, x->v, x->n, x->cap) = en;
    }
    return OK;
}

/* ---- the automaton ---- */

static struct edge *edge_at(const struct lexicon *x, uint32_t from, uint32_t cp)
{
    uint64_t h = ((uint64_t)from << 21 ^ cp) * UINT64_C(0x9E3779B97F4A7C15);
    size_t i = (size_t)(h >> 32) & x->mask;

    while (x->edges[i].to && (x->edges[i].from != from || x->edges[i].cp != cp))
        i = (i + 1) & x->mask;
    return &x->edges[i];
}

static void insert(struct lexicon *x, uint32_t number)
{
    struct entry *en = &x->v[number];
    uint32_t at = 0;
    size_t off = 0;

    for (size_t k = 0; k < en->head_cp; k++) {
        uint32_t cp = utf8_next(en->row.wrong, &off);
        struct edge *g = edge_at(x, at, cp);
        if (!g->to)
            *g = (struct edge){at, cp, (uint32_t)x->n_nodes++};
        at = g->to;
    }
    en->same = x->nodes[at].entry;
    x->nodes[at].entry = number + 1;
}

static uint32_t step(const struct lexicon *x, uint32_t at, uint32_t cp)
{
    for (;;) {
        uint32_t to = edge_at(x, at, cp)->to;
        if (to || !at)
            return to;
        at = x->nodes[at].fail;
    }
}

static int by_from(const void *a, const void *b)
{
    const struct edge *x = a, *y = b;
    return (x->to > y->to) - (x->to < y->to);
}

/* Breadth first would want a queue; nodes by depth are enough, and a node is numbered after its parent, so that fail links
 * of shorter words are looked up by walking down from the parent's, layer by layer. */
static void link_nodes(struct lexicon *x)
{
    uint32_t *depth = arena_array(x->a, sizeof(*depth), x->n_nodes);
    struct edge *in = arena_array(x->a, sizeof(*in), x->n_nodes); /* the edge into each node */
    size_t n = 0;
    uint32_t deepest = 0;

    for (size_t i = 0; i <= x->mask; i++)
        if (x->edges[i].to)
            in[n++] = x->edges[i];
    qsort(in, n, sizeof(*in), by_from); /* in[k] leads to node k + 1 */
    for (size_t k = 0; k < n; k++) {
        depth[k + 1] = depth[in[k].from] + 1;
        deepest = depth[k + 1] > deepest ? depth[k + 1] : deepest;
    }
    for (uint32_t want = 2; want <= deepest; want++)
        for (size_t k = 0; k < n; k++)
            if (depth[k + 1] == want)
                x->nodes[k + 1].fail = step(x, x->nodes[in[k].from].fail, in[k].cp);
    for (uint32_t want = 1; want <= deepest; want++)
        for (size_t k = 0; k < n; k++) {
            uint32_t fail = x->nodes[k + 1].fail;
            if (depth[k + 1] == want)
                x->nodes[k + 1].shorter = x->nodes[fail].entry ? fail : x->nodes[fail].shorter;
        }
}

static void build(struct lexicon *x)
{
    size_t most = 1, size = 64;

    for (size_t i = 0; i < x->n; i++)
        most += x->v[i].off ? 0 : x->v[i].head_cp;
    while (size < most * 4)
        size *= 2;
    x->edges = arena_array(x->a, sizeof(*x->edges), size);
    x->mask = size - 1;
    x->nodes = arena_array(x->a, sizeof(*x->nodes), most);
    x->n_nodes = 1;
    for (size_t i = x->n; i-- > 0;)
        if (!x->v[i].off)
            insert(x, (uint32_t)i);
    link_nodes(x);
}

/* ---- finding ---- */

/* A figure or a Chinese number; the edge of a clause; or a word. */
static bool holds_one(const struct draft *d, size_t i, bool behind, struct str word)
{
    uint32_t ch = behind ? d->cp[i] : ch_before(d, i);

    if (str_eq(word, S("<数>")))
        return ch_digit(ch) || ch_han_number(ch);
    if (str_eq(word, S("<首>")) || str_eq(word, S("<尾>")))
        return ch == 0 || ch == '\n' || (ch >= 0x3001 && ch <= 0x301F) || ch == CH_COMMA ||
               ch == CH_SEMI || ch == CH_COLON || ch == CH_ASK || ch == CH_CRY || ch == CH_OPEN ||
               ch == CH_CLOSE || ch == CH_QUOTE || ch == CH_UNQUOTE || ch_blank(ch);
    if (behind)
        return draft_is(d, i, word);
    size_t n = utf8_len_cp(word);
    return n <= i && draft_is(d, i - n, word);
}

static bool beside(const struct draft *d, size_t i, bool behind, const char *words)
{
    struct str rest = str_z(words), word;

    while (str_next(&rest, S("|"), &word))
        if (word.n && holds_one(d, i, behind, word))
            return true;
    return false;
}

/* In the same sentence, anywhere behind place i (before it). */
static bool in_sentence(const struct draft *d, size_t i, bool behind, const char *words)
{
    if (behind) {
        for (; i < d->n && !ch_ends(d->cp[i]) && d->cp[i] != CH_SEMI; i++)
            if (beside(d, i, true, words))
                return true;
        return false;
    }
    for (; i && !ch_ends(d->cp[i - 1]) && d->cp[i - 1] != CH_SEMI; i--)
        if (beside(d, i, false, words))
            return true;
    return false;
}

static bool clause_holds(const struct draft *d, const struct clause *q, size_t begin, size_t end)
{
    switch (q->side) {
    case BEHIND:
        return beside(d, end, true, q->words);
    case NOT_BEHIND:
        return !beside(d, end, true, q->words);
    case BEFORE:
        return beside(d, begin, false, q->words);
    case NOT_BEFORE:
        return !beside(d, begin, false, q->words);
    case LATER:
        return in_sentence(d, end, true, q->words);
    case NOT_LATER:
        return !in_sentence(d, end, true, q->words);
    case EARLIER:
        return in_sentence(d, begin, false, q->words);
    case NOT_EARLIER:
        return !in_sentence(d, begin, false, q->words);
    case SIDES:
        break;
    }
    return false;
}

/* Where the part behind the gap ends; 0: not there. The gap holds no comma: 加强行业自律，加大力度 is two clauses. */
static size_t gap_end(const struct draft *d, const struct entry *en, size_t end)
{
    struct str tail = str_z(en->tail);

    for (size_t i = end; i < d->n && i - end <= LEXICON_GAP_CP; i++) {
        if (i > end && draft_is(d, i, tail))
            return i + en->tail_cp;
        if (ch_ends(d->cp[i]) || d->cp[i] == CH_SEMI || d->cp[i] == CH_COMMA)
            break;
    }
    return 0;
}

static bool judge(
    const struct draft *d, const struct entry *en, size_t end, struct lexicon_hit *out)
{
    size_t begin = end - en->head_cp;

    if (d->mask[begin] & (MASK_URL | MASK_CODE))
        return false;
    if (en->tail && !(end = gap_end(d, en, end)))
        return false;
    for (size_t k = 0; k < en->n_clauses; k++)
        if (!clause_holds(d, &en->clauses[k], begin, end))
            return false;
    *out = (struct lexicon_hit){&en->row, begin, end};
    return true;
}

/* The longer of two that overlap stays; of one length the first. */
static void keep(struct lexicon_hit *v, size_t *n, struct lexicon_hit h)
{
    while (*n && v[*n - 1].end > h.begin) {
        if (v[*n - 1].end - v[*n - 1].begin >= h.end - h.begin)
            return;
        --*n;
    }
    v[(*n)++] = h;
}

static int by_begin(const void *a, const void *b)
{
    const struct lexicon_hit *x = a, *y = b;

    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    if (x->end != y->end)
        return x->end > y->end ? -1 : 1;
    return str_cmp(x->row->id, y->row->id);
}

size_t lexicon_find(
    const struct lexicon *x, struct arena *a, const struct draft *d, struct lexicon_hit **out)
{
    struct lexicon_hit *v = NULL, h;
    size_t n = 0, cap = 0, kept = 0;
    uint32_t at = 0;

    for (size_t i = 0; i < d->n; i++) {
        at = step(x, at, d->cp[i]);
        for (uint32_t s = x->nodes[at].entry ? at : x->nodes[at].shorter; s;
             s = x->nodes[s].shorter)
            for (uint32_t k = x->nodes[s].entry; k; k = x->v[k - 1].same)
                if (judge(d, &x->v[k - 1], i + 1, &h))
                    ARENA_PUSH(a, v, n, cap) = h;
    }
    if (n)
        qsort(v, n, sizeof(*v), by_begin);
    for (size_t i = 0; i < n; i++)
        keep(v, &kept, v[i]);
    *out = v;
    return kept;
}

/* ---- opening ---- */

static enum code form_is_clean(const struct lexicon *x, const struct entry *v, struct str right,
    struct arena *a, struct err *e)
{
    struct draft d;
    struct lexicon_hit *hit;

    TRY(draft_read(a, right, NULL, &d, e));
    if (lexicon_find(x, a, &d, &hit) == 0)
        return OK;
    return FAIL(e, E_INPUT, "词表“%.*s”第%zu行：建议写法“%.*s”里有“%.*s”第%zu行的错误写法“%.*s”",
        SF(v->row.file), v->row.line, SF(right), SF(hit->row->file), hit->row->line,
        SF(hit->row->wrong));
}

/* No right form may hold what another row (or its own) calls wrong: a fix would never come to rest. */
static enum code right_forms_are_clean(const struct lexicon *x, struct err *e)
{
    enum code code = OK;

    for (size_t i = 0; i < x->n && code == OK; i++) {
        struct str rest = x->v[i].row.right, one;
        struct arena a;
        if (x->v[i].off)
            continue;
        arena_init(&a);
        while (code == OK && str_next(&rest, S("|"), &one))
            code = form_is_clean(x, &x->v[i], one, &a, e);
        arena_release(&a);
    }
    return code;
}

static enum code add_builtin(struct lexicon *x, struct err *e)
{
    const struct {
        const char *begin, *end, *name;
    } files[] = {{lexicon_typo_tsv, lexicon_typo_tsv_end, "typo.tsv"},
        {lexicon_near_tsv, lexicon_near_tsv_end, "near.tsv"},
        {lexicon_faulty_tsv, lexicon_faulty_tsv_end, "faulty.tsv"},
        {lexicon_dated_tsv, lexicon_dated_tsv_end, "dated.tsv"}};

    for (size_t i = 0; i < COUNT(files); i++)
        TRY(add(x, (struct str){files[i].begin, (size_t)(files[i].end - files[i].begin)},
            str_z(files[i].name), false, e));
    return OK;
}

static enum code add_file(const struct io_entry *entry, void *arg, struct err *e)
{
    struct lexicon *x = arg;
    struct buf b;
    enum code code;

    if (entry->kind != IO_FILE || !str_ends(entry->rel, S(".tsv")))
        return OK;
    buf_init(&b, 0);
    code = io_read_file(entry->path, LEXICON_FILE_MAX, &b, e);
    if (code == OK && utf8_check(buf_view(&b)) != SIZE_MAX)
        code = FAIL(e, E_INPUT, "词表“%.*s”不是UTF-8，请另存为UTF-8", SF(entry->rel));
    if (code == OK)
        code = add(x, buf_view(&b), arena_str(x->a, entry->rel), true, e);
    buf_release(&b);
    return code;
}

enum code lexicon_open(struct arena *a, const char *dir, const struct lexicon **out, struct err *e)
{
    struct lexicon *x = ARENA_NEW(a, struct lexicon);

    x->a = a;
    TRY(add_builtin(x, e));
    if (dir)
        TRY(io_walk(dir, add_file, x, e));
    build(x);
    if (dir) /* the built-in lists alone are held clean by t_lexicon.c */
        TRY(right_forms_are_clean(x, e));
    *out = x;
    return OK;
}

enum code lexicon_of(
    struct arena *a, struct str tsv, const char *name, const struct lexicon **out, struct err *e)
{
    struct lexicon *x = ARENA_NEW(a, struct lexicon);

    x->a = a;
    TRY(add(x, tsv, arena_str(a, str_z(name)), false, e));
    build(x);
    TRY(right_forms_are_clean(x, e));
    *out = x;
    return OK;
}
