/* What an inspector would ask for and not find: one rule, one line of the table. A rule looks at one matter and says in words what is
 * missing, or nothing. */
#include "office/evidence_int.h"
#include "office/item_number.h"

enum { ARCHIVE_DAYS = 30, STALLED_DAYS = 30, RESERVED_DAYS = 30, NUMBERS_AT_ONCE = 200 };

static void drop_json(void *arg)
{
    json_decref(arg);
}

/* ---- reading one matter ---- */

static enum code look_around(
    struct db *db, const struct actor *by, struct evidence_look *l, struct err *e)
{
    struct item_name name;
    size_t s = kind_state_of(l->k, l->it.state);

    TRY(ask_list(db, l->a, by, l->it.id, &l->asks, &l->n_asks, e));
    TRY(item_clock_list(db, l->a, by, l->it.id, &l->clocks, &l->n_clocks, e));
    TRY(item_event_list(db, l->a, by, l->it.id, 0, EVIDENCE_EVENTS, &l->events, &l->n_events, e));
    TRY(item_file_list(db, l->a, by, l->it.id, true, &l->files, &l->n_files, e));
    TRY(item_proxy_list(db, l->a, by, l->it.id, &l->proxies, &l->n_proxies, e));
    TRY(item_link_list(db, l->a, by, (struct link_end){.kind = LINK_ITEM, .id = l->it.id},
        &l->links, &l->n_links, e));
    TRY(item_names(db, l->a, &l->it, 1, &name, e));
    l->owner = name.owner;
    l->unit = name.unit;
    l->state = s == SIZE_MAX ? S("") : l->k->states[s].name;
    return OK;
}

enum code evidence_look(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct evidence_look *out, struct err *e)
{
    struct evidence_look l = {.a = a, .now_ms = by->now_ms};

    TRY(item_get(db, a, by, item, &l.it, e));
    TRY(kinds_get(by->kinds, db, l.it.kind, l.it.kind_version, &l.k, e));
    TRY(jr_parse(l.it.fields.n ? l.it.fields : S("{}"), &l.fields, e));
    arena_defer(a, drop_json, l.fields);
    TRY(look_around(db, by, &l, e));
    l.words = ARENA_ARRAY(a, struct item_words, l.n_events + 1);
    for (size_t i = 0; i < l.n_events; i++)
        item_words(a, l.k, &l.events[i], &l.words[i]);
    *out = l;
    return OK;
}

/* ---- helpers of the rules ---- */

static bool draft(const struct evidence_look *l)
{
    return l->k->n_states && str_eq(l->it.state, l->k->states[0].id) && !l->it.closed_ms;
}

static bool purpose_of_leader(struct str purpose)
{
    static const char *const words[] = {
        "请批示", "请审批", "请审签", "请批准", "请阅批", "审批请假"};

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (str_eq(purpose, str_z(words[i])))
            return true;
    return false;
}

/* Does its kind send matters to a leader at all? */
static bool asks_a_leader(const struct kind *k)
{
    for (size_t i = 0; i < k->n_moves; i++)
        if ((k->moves[i].ask && purpose_of_leader(k->moves[i].ask->purpose)) ||
            str_eq(k->moves[i].box, S("领导批示")))
            return true;
    return false;
}

static bool filled(const struct evidence_look *l, const struct kind_field *f)
{
    json_t *v = json_object_get(l->fields, arena_z(l->a, f->id));

    if (!v || json_is_null(v) || (json_is_string(v) && !json_string_length(v)) ||
        (json_is_array(v) && !json_array_size(v)))
        return false;
    return true;
}

static bool links_a_document(const struct evidence_look *l)
{
    for (size_t i = 0; i < l->n_links; i++)
        if (l->links[i].from.kind == LINK_DOCUMENT || l->links[i].to.kind == LINK_DOCUMENT)
            return true;
    for (size_t i = 0; i < l->k->n_fields; i++) {
        const struct kind_field *f = &l->k->fields[i];
        if ((f->type == FIELD_DOCUMENT || f->type == FIELD_PASSAGE) && filled(l, f))
            return true;
    }
    return false;
}

static bool has_file(const struct evidence_look *l)
{
    for (size_t i = 0; i < l->n_files; i++)
        if (!l->files[i].removed_ms)
            return true;
    return false;
}

/* Has somebody said something of that sort? Reminders speak of lateness too, and explain nothing. */
static bool says_one_of(const struct evidence_look *l, const char *const *words, size_t n)
{
    for (size_t i = 0; i < l->n_events; i++)
        for (size_t k = 0; k < n && l->events[i].actor && !str_eq(l->events[i].verb, S("remind"));
             k++)
            if (str_has(l->words[i].opinion, str_z(words[k])))
                return true;
    return false;
}

static struct str cut(const struct evidence_look *l, struct buf *b)
{
    struct str s = arena_str(l->a, buf_view(b));

    buf_release(b);
    return s;
}

/* ---- the rules ---- */

static struct str no_remark(const struct evidence_look *l)
{
    if (!asks_a_leader(l->k) || draft(l) || l->it.discarded)
        return S("");
    for (size_t i = 0; i < l->n_asks; i++)
        if (purpose_of_leader(l->asks[i].purpose) && l->asks[i].state == ASK_ANSWERED)
            return S("");
    for (size_t i = 0; i < l->n_events; i++)
        if (str_eq(l->words[i].box, S("领导批示")) && l->words[i].opinion.n)
            return S("");
    return S("没有领导批示或审批的记录");
}

/* Asked again after a way back, he has answered. */
static bool answered_otherwise(const struct evidence_look *l, const struct ask *k)
{
    for (size_t i = 0; i < l->n_asks; i++)
        if (l->asks[i].to == k->to && l->asks[i].to_kind == k->to_kind &&
            l->asks[i].state == ASK_ANSWERED)
            return true;
    return false;
}

/* Who was waited for and never answered: late by now, or cut off by the end of the matter. */
static struct str no_receipt(const struct evidence_look *l)
{
    struct buf b;
    size_t n = 0;

    buf_init(&b, 4096);
    for (size_t i = 0; i < l->n_asks; i++) {
        const struct ask *k = &l->asks[i];
        bool late = k->state == ASK_OPEN && k->due_ms && k->due_ms < l->now_ms;
        bool over = l->it.closed_ms && (k->state == ASK_OPEN || k->state == ASK_VOID);
        if (k->wait == WAIT_NONE || !k->sent_ms || !(late || over) ||
            (k->state == ASK_VOID && answered_otherwise(l, k)))
            continue;
        buf_printf(&b, "%s%.*s（%.*s）", n++ ? "、" : "", SF(k->to_name), SF(k->purpose));
    }
    if (n)
        buf_z(&b, "没有回执");
    return cut(l, &b);
}

static struct str late(const struct evidence_look *l)
{
    static const char *const words[] = {"延期", "逾期", "原因", "超期", "未按期"};
    struct buf b;
    size_t n = 0;

    for (size_t i = 0; i < l->n_events; i++)
        if (str_starts(l->events[i].verb, S("extend")))
            return S("");
    if (says_one_of(l, words, sizeof(words) / sizeof(*words)))
        return S("");
    buf_init(&b, 4096);
    for (size_t i = 0; i < l->n_clocks; i++) {
        const struct item_clock *c = &l->clocks[i];
        if ((c->state == CLOCK_MET && c->met_ms > c->due_ms) ||
            (c->state == CLOCK_RUNNING && !c->paused_ms && l->now_ms > c->due_ms))
            buf_printf(&b, "%s%.*s", n++ ? "、" : "", SF(c->name));
    }
    if (n)
        buf_z(&b, "逾期，没有延期手续，也没有说明");
    return cut(l, &b);
}

static struct str no_file(const struct evidence_look *l)
{
    bool wants = false;

    for (size_t i = 0; i < l->k->n_fields; i++)
        wants = wants || l->k->fields[i].type == FIELD_FILE;
    if (!wants || draft(l) || l->it.discarded || has_file(l) || links_a_document(l))
        return S("");
    return S("没有附件，也没有关联文件");
}

static struct str unverified(const struct evidence_look *l)
{
    size_t n = 0;

    for (size_t i = 0; i < l->n_proxies; i++)
        n += !l->proxies[i].verified_by;
    return n ? arena_printf(l->a, "%zu处代录还没有核实", n) : S("");
}

static struct str not_said(const struct evidence_look *l)
{
    size_t n = 0;

    for (size_t i = 0; i < l->n_proxies; i++)
        n += l->proxies[i].verified_by && !l->proxies[i].right;
    return n ? arena_printf(l->a, "%zu处代录核实为与原话不符", n) : S("");
}

static struct str no_number(const struct evidence_look *l)
{
    size_t at = l->k->number_at;

    if (!l->k->number.n || l->it.number.n || l->it.discarded)
        return S("");
    if (at == SIZE_MAX)
        return S("没有编号");
    for (size_t i = 0; i < l->n_events; i++)
        if (str_eq(l->words[i].what, l->k->moves[at].name))
            return S("已过编号环节，没有编号");
    return l->it.closed_ms ? S("办结时还没有编号") : S("");
}

static struct str entered_late(const struct evidence_look *l)
{
    int64_t days = (l->it.entered_ms - l->it.opened_ms) / MS_DAY;

    return days >= 1 ? arena_printf(l->a, "事后%lld天补录", (long long)days) : S("");
}

static struct str not_archived(const struct evidence_look *l)
{
    int64_t days = (l->now_ms - l->it.closed_ms) / MS_DAY;

    if (!l->it.closed_ms || l->it.archived_ms || l->it.discarded || days < ARCHIVE_DAYS)
        return S("");
    return arena_printf(l->a, "办结%lld天，没有归档", (long long)days);
}

/* A decision of a meeting stands on its minutes. */
static struct str no_minutes(const struct evidence_look *l)
{
    bool meeting = false;
    const char *key;
    json_t *v;

    json_object_foreach(l->fields, key, v)
    {
        const char *s = json_string_value(v);
        if (s && (str_eq(str_z(s), S("会议决定")) || str_eq(str_z(s), S("会议决策"))))
            meeting = true;
        if (s && str_has(str_z(s), S("纪要")))
            return S("");
    }
    if (!meeting || draft(l) || links_a_document(l))
        return S("");
    for (size_t i = 0; i < l->n_files; i++)
        if (!l->files[i].removed_ms && str_has(l->files[i].name, S("纪要")))
            return S("");
    return S("依据是会议决定，没有纪要");
}

static struct str no_result(const struct evidence_look *l)
{
    size_t said = 0;

    if (!l->it.closed_ms || l->it.discarded)
        return S("");
    for (size_t i = 0; i < l->n_events; i++)
        said += l->words[i].opinion.n && !item_plain_words(l->words[i].opinion);
    for (size_t i = 0; i < l->n_asks; i++)
        said += l->asks[i].text.n > 0;
    return said ? S("") : S("已办结，全过程没有写下办理情况");
}

static struct str stalled(const struct evidence_look *l)
{
    int64_t last = l->n_events ? l->events[l->n_events - 1].at_ms : l->it.opened_ms,
            days = (l->now_ms - last) / MS_DAY;

    if (l->it.closed_ms || days < STALLED_DAYS)
        return S("");
    return arena_printf(l->a, "停在“%.*s”%lld天没有动静", SF(l->state), (long long)days);
}

static const struct rule {
    const char *id, *name;
    struct str (*look)(const struct evidence_look *l); /* NULL: of numbers, below */
} rules[] = {
    {"no_remark", "无领导批示", no_remark},
    {"no_receipt", "回执未交", no_receipt},
    {"late", "逾期未说明", late},
    {"no_file", "缺附件", no_file},
    {"unverified", "代录未核实", unverified},
    {"not_said", "代录不符", not_said},
    {"no_minutes", "无会议纪要", no_minutes},
    {"no_result", "无办理结果", no_result},
    {"no_number", "无编号", no_number},
    {"number_void", "编号作废无说明", NULL},
    {"number_gap", "编号断号", NULL},
    {"number_unused", "预留编号未用", NULL},
    {"entered_late", "事后补录", entered_late},
    {"not_archived", "未归档", not_archived},
    {"stalled", "久未办理", stalled},
    {"no_field", "栏目未填", NULL},
};
enum { N_RULES = sizeof(rules) / sizeof(*rules) };

struct str evidence_rule_name(struct str rule)
{
    for (size_t i = 0; i < N_RULES; i++)
        if (str_eq(rule, str_z(rules[i].id)))
            return str_z(rules[i].name);
    return rule;
}

static bool counts(const struct evidence_clause *c, const char *rule)
{
    return !c || !c->must.n || str_has_piece(c->must, S(" "), str_z(rule));
}

/* Fields that the clause wants to see filled, as far as the kind has them. */
static enum code judge_fields(const struct evidence_look *l, const struct evidence_clause *c,
    evidence_found fn, void *arg, struct err *e)
{
    struct buf b;
    size_t n = 0;
    struct str said;

    if (!c || draft(l) || l->it.discarded)
        return OK;
    buf_init(&b, 4096);
    for (size_t i = 0; i < l->k->n_fields; i++)
        if (str_has_piece(c->fields, S(" "), l->k->fields[i].id) && !filled(l, &l->k->fields[i]))
            buf_printf(&b, "%s%.*s", n++ ? "、" : "没有填写", SF(l->k->fields[i].name));
    said = cut(l, &b);
    return n ? fn(arg, S("no_field"), l->it.id, said, e) : OK;
}

enum code evidence_judge(const struct evidence_look *l, const struct evidence_clause *c,
    evidence_found fn, void *arg, struct err *e)
{
    for (size_t i = 0; i < N_RULES; i++) {
        struct str said;
        if (!rules[i].look || !counts(c, rules[i].id))
            continue;
        said = rules[i].look(l);
        if (said.n)
            TRY(fn(arg, str_z(rules[i].id), l->it.id, said, e));
    }
    return judge_fields(l, c, fn, arg, e);
}

/* ---- numbers ---- */

struct run {
    const struct actor *by;
    const struct evidence_clause *c;
    evidence_found fn;
    void *arg;
    struct arena *a;
    int year;
    struct str kind;
    int64_t last;
};

static enum code judge_number(struct run *r, const struct item_number *n, struct err *e)
{
    if (n->serial > r->last + 1 && counts(r->c, "number_gap"))
        TRY(r->fn(r->arg, S("number_gap"), 0,
            arena_printf(r->a, "%.*s%d年第%lld号至第%lld号没有登记", SF(r->kind), r->year,
                (long long)r->last + 1, (long long)n->serial - 1),
            e));
    r->last = n->serial;
    if (n->state == NUMBER_VOID && !str_trim(n->why).n && counts(r->c, "number_void"))
        return r->fn(r->arg, S("number_void"), 0,
            arena_printf(r->a, "%.*s作废，没有写明原因", SF(n->number)), e);
    if (n->state == NUMBER_RESERVED && counts(r->c, "number_unused") &&
        r->by->now_ms - n->at_ms > RESERVED_DAYS * MS_DAY)
        return r->fn(r->arg, S("number_unused"), 0,
            arena_printf(r->a, "%.*s预留后一直没有用", SF(n->number)), e);
    return OK;
}

static enum code judge_run(struct db *db, struct run *r, struct number_run run, struct err *e)
{
    size_t n = NUMBERS_AT_ONCE;

    r->last = 0;
    while (n == NUMBERS_AT_ONCE) {
        struct item_number *v;
        TRY(item_number_list(db, r->a, r->by,
            &(struct number_range){run, r->year, r->last, NUMBERS_AT_ONCE}, &v, &n, e));
        for (size_t i = 0; i < n; i++)
            TRY(judge_number(r, &v[i], e));
    }
    return OK;
}

enum code evidence_judge_numbers(struct db *db, const struct actor *by, struct str kind, int year,
    const struct evidence_clause *c, evidence_found fn, void *arg, struct err *e)
{
    const struct kind *k;
    struct run r = {.by = by, .c = c, .fn = fn, .arg = arg, .year = year};
    struct arena a;
    struct str *codes;
    size_t n = 0;

    TRY(kinds_newest(by->kinds, db, kind, &k, e));
    arena_init(&a);
    r.a = &a;
    enum code code = item_number_codes(db, &a, kind, year, &codes, &n, e);
    for (size_t i = 0; code == OK && i < n; i++) {
        r.kind = codes[i].n ? codes[i] : k->name;
        code = judge_run(db, &r, (struct number_run){kind, codes[i]}, e);
    }
    arena_release(&a);
    return code;
}
