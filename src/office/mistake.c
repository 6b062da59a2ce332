#include "office/mistake.h"

#include "base/utf8.h"
#include "office/term.h"
#include "text/check.h"

#define SOURCE "差错登记 "

static void drop_json(void *arg)
{
    json_decref(arg);
}

static enum code one(struct arena *a, const struct item *it, struct mistake *out, struct err *e)
{
    json_t *f;
    const struct rule *rule;

    TRY(jr_parse(it->fields.n ? it->fields : S("{}"), &f, e));
    arena_defer(a, drop_json, f);
    *out = (struct mistake){.id = it->id,
        .opened_ms = it->opened_ms,
        .number = arena_str(a, it->number),
        .what = arena_str(a, it->title),
        .klass = jr_str(f, "class"),
        .place = jr_str(f, "place"),
        .wrong = str_trim(jr_str(f, "wrong")),
        .right = str_trim(jr_str(f, "right")),
        .rule = str_trim(jr_str(f, "rule"))};
    rule = out->rule.n ? check_rule(out->rule) : NULL;
    if (rule)
        out->rule_name = str_z(rule->name);
    return OK;
}

static struct str source_of(struct arena *a, struct str number)
{
    return arena_printf(a, SOURCE "%.*s", SF(number));
}

/* Which of them stand in the set wording, by its 依据: one statement for all. */
static enum code terms_find(struct db *db, struct arena *a, struct mistakes *m, struct err *e)
{
    struct term_row *rows;
    size_t n;
    int64_t total;

    TRY(term_list(db, a, &(struct term_filter){.limit = 0}, &rows, &n, &total, e));
    for (size_t r = 0; r < n; r++) {
        struct str number = rows[r].source;
        if (!str_eat(&number, S(SOURCE)))
            continue;
        for (size_t i = 0; i < m->n; i++)
            if (str_eq(m->v[i].number, number)) {
                m->v[i].term = rows[r].id;
                m->v[i].term_state = str_z(term_state_name(rows[r].state));
            }
    }
    return OK;
}

static const struct rule_state *running(const struct rule_state *v, size_t n, struct str rule)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(str_z(v[i].rule->id), rule))
            return &v[i];
    return NULL;
}

/* How their rules run, and what was proposed about them: two statements for all. */
static enum code rules_find(struct db *db, struct arena *a, struct mistakes *m, struct err *e)
{
    struct rule_state *states;
    struct rule_proposal *props;
    size_t n_states, n_props;

    TRY(rulebook_read(db, a, &states, &n_states, e));
    TRY(rule_proposal_list(db, a, &props, &n_props, e));
    for (size_t i = 0; i < m->n; i++) {
        struct mistake *x = &m->v[i];
        const struct rule_state *now = running(states, n_states, x->rule);
        if (now)
            x->rule_level = now->level;
        for (size_t p = 0; p < n_props && !x->proposal; p++)
            if (props[p].item == x->id) {
                x->proposal = props[p].id;
                x->proposal_state = props[p].state;
                x->proposal_level = props[p].to;
            }
    }
    return OK;
}

/* The place of a word in a short list, put behind the others where it is new; SIZE_MAX: no room. */
static size_t place_of(struct str *v, size_t *n, size_t max, struct str word)
{
    for (size_t i = 0; i < *n; i++)
        if (str_eq(v[i], word))
            return i;
    if (*n == max || !word.n)
        return SIZE_MAX;
    v[*n] = word;
    return (*n)++;
}

/* Places in the order of the work, as the kind has them. */
static void places_of(const struct kind *k, struct mistakes *m)
{
    size_t at = kind_field_of(k, S("place"));

    for (size_t i = 0; at != SIZE_MAX && i < k->fields[at].n_choices; i++)
        (void)place_of(m->places, &m->n_places, MISTAKE_PLACES, k->fields[at].choices[i]);
}

static void tally(struct mistakes *m)
{
    for (size_t i = 0; i < m->n; i++) {
        size_t k = place_of(m->classes, &m->n_classes, MISTAKE_CLASSES, m->v[i].klass),
               p = place_of(m->places, &m->n_places, MISTAKE_PLACES, m->v[i].place);
        if (k != SIZE_MAX && p != SIZE_MAX)
            m->count[k][p]++;
    }
}

enum code mistakes_read(struct db *db, struct arena *a, const struct actor *by, int64_t from_ms,
    int64_t to_ms, struct mistakes *out, struct err *e)
{
    struct item_filter f = {.kind = S(MISTAKE_KIND),
        .opened_from_ms = from_ms,
        .opened_to_ms = to_ms,
        .descending = true,
        .uncounted = true};
    struct mistakes m = {.v = ARENA_ARRAY(a, struct mistake, MISTAKES_MAX)};
    const struct kind *k;

    TRY(kinds_newest(by->kinds, db, S(MISTAKE_KIND), &k, e));
    places_of(k, &m);
    do {
        struct item_page page;
        TRY(item_list(db, a, by, &f, ITEM_PAGE_MAX, &page, e));
        for (size_t i = 0; i < page.n && m.n < MISTAKES_MAX; i++)
            TRY(one(a, &page.items[i], &m.v[m.n++], e));
        f.after = page.next;
    } while (f.after.n && m.n < MISTAKES_MAX);
    m.cut = f.after.n > 0;
    TRY(terms_find(db, a, &m, e));
    TRY(rules_find(db, a, &m, e));
    tally(&m);
    *out = m;
    return OK;
}

/* What the classes of rules are called in the ledger. */
static struct str class_of(struct str rule)
{
    static const struct {
        enum check_class check;
        const char *name;
    } names[] = {
        {CHECK_QUOTE, "引用和文号"},
        {CHECK_TERM, "规范表述"},
        {CHECK_PUNCT, "标点"},
        {CHECK_NUMBER, "数字和日期"},
        {CHECK_FORM, "格式版式"},
        {CHECK_WORD, "错别字"},
        {CHECK_LOGIC, "事实和数据"},
        {CHECK_SAME, "事实和数据"},
        {CHECK_PRIVATE, "涉密和隐私"},
    };
    const struct rule *r = check_rule(rule);

    for (size_t i = 0; r && i < sizeof(names) / sizeof(*names); i++)
        if (names[i].check == r->cls)
            return str_z(names[i].name);
    return S("其他");
}

enum code mistake_note(struct db *db, const struct actor *by, const struct mistake_found *f,
    int64_t *item, struct err *e)
{
    json_t *v = json_object();
    struct item_open o = {.kind = S(MISTAKE_KIND), .fields = v};
    const struct {
        const char *name;
        struct str value;
    } fields[] = {{"what", f->message}, {"class", class_of(f->rule)}, {"place", S("核稿")},
        {"wrong", f->words}, {"right", f->suggestion}, {"rule", f->rule}};
    enum code c;

    for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
        struct str s = fields[i].value;
        s = str_sub(s, 0, utf8_off(s, i == 0 ? 300 : 60));
        if (s.n)
            json_object_set_new(v, fields[i].name, json_stringn(s.p, s.n));
    }
    c = item_open(db, by, &o, item, e);
    json_decref(v);
    return c;
}

static enum term_kind kind_of(struct str klass)
{
    return str_eq(klass, S("称谓职务排序")) ? TERM_TITLE : TERM_PHRASE;
}

static enum code mistake_of(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct mistake *out, struct err *e)
{
    struct item it;

    TRY(item_get(db, a, by, item, &it, e));
    if (!str_eq(it.kind, S(MISTAKE_KIND)))
        return FAIL(e, E_INPUT, "只有差错登记才能提请加入审校");
    return one(a, &it, out, e);
}

static enum code propose(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    int64_t *term, struct err *e)
{
    struct mistake m = {.id = 0};
    struct term_row t;

    TRY(access_require(by->v, ACT_TERMS, e));
    TRY(mistake_of(db, a, by, item, &m, e));
    if (!m.wrong.n || !m.right.n || str_eq(m.wrong, m.right))
        return FAIL(e, E_INPUT, "先填好错误写法和正确写法，两者要不同");
    t = (struct term_row){.kind = kind_of(m.klass),
        .state = TERM_PROPOSED,
        .canonical = m.right,
        .wrong = m.wrong,
        .source = source_of(a, m.number),
        .note = str_sub(m.what, 0, utf8_off(m.what, 100))};
    return term_save(db, &t, by->v->person, term, e);
}

enum code mistake_propose(
    struct db *db, const struct actor *by, int64_t item, int64_t *term, struct err *e)
{
    struct arena a;
    int64_t id = 0;
    enum code c;

    arena_init(&a);
    c = propose(db, &a, by, item, &id, e);
    arena_release(&a);
    if (c == OK)
        *term = id;
    return c;
}

static enum code propose_rule(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct rule_proposal *p, int64_t *id, struct err *e)
{
    struct mistake m = {.id = 0};

    TRY(access_require(by->v, ACT_RULES, e));
    TRY(mistake_of(db, a, by, item, &m, e));
    if (!m.rule_name.n)
        return FAIL(e, E_INPUT, "先在“哪条规则能查出”里选一条审校规则");
    if (!p->reason.n) {
        struct str why = arena_printf(a, "%.*s：%.*s", SF(m.number), SF(m.what));
        p->reason = str_sub(why, 0, utf8_off(why, RULE_NOTE_CP_MAX));
    }
    p->rule = m.rule;
    p->item = item;
    return rule_proposal_put(db, by->v, p, id, e);
}

enum code mistake_propose_rule(struct db *db, const struct actor *by, int64_t item,
    enum check_level to, struct str reason, int64_t *proposal, struct err *e)
{
    struct rule_proposal p = {.to = to, .reason = str_trim(reason)};
    struct arena a;
    int64_t id = 0;
    enum code c;

    arena_init(&a);
    c = propose_rule(db, &a, by, item, &p, &id, e);
    arena_release(&a);
    if (c == OK)
        *proposal = id;
    return c;
}
