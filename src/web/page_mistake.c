/* page_mistake.c - the error ledger: figures by class and place, and one key from an error to the checker. */
#include "office/mistake.h"
#include "web/route.h"
#include "web/rows.h"

/* What the rule may be proposed to become: all but how it runs. A rule that is off is offered to run as it was made. */
static void fill_levels(struct ctx *c, const struct mistake *m, struct mistake_row *row)
{
    struct choices l = {0};
    const struct rule *r = check_rule(m->rule);
    enum check_level offered = r->level > CHECK_OFF ? r->level : CHECK_WARN;

    for (enum check_level v = CHECK_ERROR;; v--) {
        if (v != m->rule_level)
            choice_add(c, &l, str_z(check_level_key(v)), str_z(check_level_name(v)), v == offered);
        if (v == CHECK_OFF)
            break;
    }
    row->levels = l.v;
    row->n_levels = l.n;
}

static void fill_rule(struct ctx *c, const struct mistake *m, bool may, struct mistake_row *row)
{
    if (!m->rule_name.n)
        return;
    row->rule_id = m->rule;
    row->rule_level = str_z(check_level_name(m->rule_level));
    row->rule_off = m->rule_level == CHECK_OFF;
    if (m->proposal) {
        row->proposed = str_z(proposal_state_name(m->proposal_state));
        row->proposed_level = str_z(check_level_name(m->proposal_level));
    }
    row->may_rule = may && !m->proposal;
    if (row->may_rule)
        fill_levels(c, m, row);
}

static struct mistake_row row_of(struct ctx *c, const struct mistake *m, bool may)
{
    struct mistake_row row = {.id = m->id,
        .number = m->number,
        .what = m->what,
        .klass = m->klass,
        .place = m->place,
        .wrong = m->wrong,
        .right = m->right,
        .rule = m->rule_name.n ? m->rule_name : m->rule,
        .day = str_sub(minute_text(c, m->opened_ms), 0, 10),
        .term_state = m->term_state,
        .term = m->term,
        .may = may && m->wrong.n && m->right.n && !m->term};

    fill_rule(c, m, may, &row);
    return row;
}

static void fill(struct ctx *c, struct page_mistakes *p, const struct mistakes *m)
{
    bool may = access_may(c->v, ACT_TERMS);

    p->n = (int64_t)m->n;
    p->cut = m->cut;
    p->places = ARENA_ARRAY(c->a, struct mistake_place, m->n_places + 1);
    p->classes = ARENA_ARRAY(c->a, struct mistake_class, m->n_classes + 1);
    p->rows = ARENA_ARRAY(c->a, struct mistake_row, m->n + 1);
    for (size_t i = 0; i < m->n_places; i++)
        p->places[p->n_places++].name = m->places[i];
    for (size_t k = 0; k < m->n_classes; k++) {
        struct mistake_class *to = &p->classes[p->n_classes++];
        to->name = m->classes[k];
        to->counts = ARENA_ARRAY(c->a, struct mistake_count, m->n_places + 1);
        for (size_t i = 0; i < m->n_places; i++) {
            to->counts[to->n_counts++].n = m->count[k][i];
            to->n += m->count[k][i];
        }
    }
    for (size_t i = 0; i < m->n; i++)
        p->rows[p->n_rows++] = row_of(c, &m->v[i], may);
}

static int64_t day_ms(struct str iso, int add)
{
    struct day d;

    return day_from_iso(iso, &d) ? clock_day_ms(day_num(d) + add, ZONE_CHINA) : 0;
}

static enum code show(struct ctx *c, struct str problem, struct err *e)
{
    struct page_mistakes p = {.problem = problem,
        .from_day = req_query(c->r, "from_day"),
        .to_day = req_query(c->r, "to_day")};
    struct mistakes *m = ARENA_NEW(c->a, struct mistakes);
    int64_t to = day_ms(p.to_day, 1);
    struct db *db;
    enum code code;

    if (!problem.n)
        p.done = ctx_flash_take(c);
    TRY(store_read(c->app->office->store, &db, e));
    code = mistakes_read(db, c->a, ctx_actor(c), day_ms(p.from_day, 0), to ? to - 1 : 0, m, e);
    store_read_end(db);
    if (code != OK)
        return code;
    fill(c, &p, m);
    show_mistakes(c, &p);
    return OK;
}

enum code page_mistakes(struct ctx *c, struct err *e)
{
    return show(c, S(""), e);
}

static enum code write_propose(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    int64_t *term = c->job;

    return mistake_propose(db, ctx_actor(c), c->id, term, e);
}

static enum code after_propose(struct ctx *c, enum code code, struct err *e)
{
    if (code == E_INPUT || code == E_CONFLICT || code == E_LIMIT) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show(c, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code != OK)
        return code;
    ctx_flash(c, S("已提请加入规范表述，科长确认后审校就会查"));
    ctx_redirect(c, S("/mistakes"));
    return OK;
}

enum code do_mistake_propose(struct ctx *c, struct err *e)
{
    (void)e;
    c->job = ARENA_NEW(c->a, int64_t);
    return ctx_write(c, write_propose, c, after_propose);
}

struct proposing {
    enum check_level level;
    struct str reason;
    int64_t id;
};

static enum code write_rule(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct proposing *p = c->job;

    return mistake_propose_rule(db, ctx_actor(c), c->id, p->level, p->reason, &p->id, e);
}

static enum code after_rule(struct ctx *c, enum code code, struct err *e)
{
    if (code == E_INPUT || code == E_CONFLICT || code == E_LIMIT) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show(c, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code != OK)
        return code;
    ctx_flash(c, S("已提请调整规则，科长在“审校规则”里确认后生效"));
    ctx_redirect(c, S("/mistakes"));
    return OK;
}

enum code do_mistake_rule(struct ctx *c, struct err *e)
{
    struct proposing *p = ARENA_NEW(c->a, struct proposing);
    struct str level = req_field(c->r, "level");

    *p = (struct proposing){
        .level = check_level_of(level), .reason = ctx_words(c, req_field(c->r, "reason"))};
    if (p->level == CHECK_OFF && !str_eq(level, S("off")))
        return FAIL(e, E_INPUT, "请选规则要调到的级别");
    c->job = p;
    return ctx_write(c, write_rule, c, after_rule);
}

/* ---- out of a finding of the check ---- */

struct noting {
    struct mistake_found found;
    int64_t item;
};

static enum code write_note(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct noting *n = c->job;

    return mistake_note(db, ctx_actor(c), &n->found, &n->item, e);
}

static enum code after_note(struct ctx *c, enum code code, struct err *e)
{
    const struct noting *n = c->job;

    (void)e;
    if (code != OK)
        return code;
    ctx_flash(c, S("已登记差错，可以补充影响和改进"));
    ctx_redirect(c, arena_printf(c->a, "/items/%lld", (long long)n->item));
    return OK;
}

enum code do_mistake(struct ctx *c, struct err *e)
{
    struct noting *n = ARENA_NEW(c->a, struct noting);

    (void)e;
    n->found = (struct mistake_found){.message = ctx_words(c, req_field(c->r, "message")),
        .words = ctx_words(c, req_field(c->r, "words")),
        .suggestion = ctx_words(c, req_field(c->r, "suggestion")),
        .rule = ctx_words(c, req_field(c->r, "rule"))};
    c->job = n;
    return ctx_write(c, write_note, c, after_note);
}
