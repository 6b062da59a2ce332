/* page_rules.c - the rules of the check as the unit sets them, what is proposed for them, what is never to be shown again. */
#include "office/rule_proposal.h"
#include "office/rulebook.h"
#include "text/genre.h"
#include "web/route.h"
#include "web/rows.h"

static int64_t kept_percent(const struct rule_state *s)
{
    int64_t decided = s->accepted + s->ignored;

    return decided ? s->accepted * 100 / decided : -1;
}

static void rule_row(struct ctx *c, const struct rule_state *s, bool first, struct rule_row *row)
{
    struct choices lv = {0}, genres = {0};

    for (enum check_level l = CHECK_ERROR;; l--) {
        choice_add(c, &lv, str_z(check_level_key(l)), str_z(check_level_name(l)), s->level == l);
        if (l == CHECK_OFF)
            break;
    }
    for (int g = 1; g <= GENRE_MAX; g++)
        if (s->genres >> g & 1)
            choice_add(c, &genres, arena_printf(c->a, "%d", g), genre_name(g), true);
    *row = (struct rule_row){.id = str_z(s->rule->id),
        .name = str_z(s->rule->name),
        .cls = str_z(check_class_name(s->rule->cls)),
        .first = first,
        .basis = str_z(s->rule->basis),
        .strength = str_z(check_strength_name(s->rule->strength)),
        .level = str_z(check_level_name(s->level)),
        .level_key = str_z(check_level_key(s->level)),
        .default_level = str_z(check_level_name(s->rule->level)),
        .set = s->set,
        .sunk = s->sunk,
        .note = s->note,
        .by = s->by_name,
        .at = {s->at_ms},
        .shown = s->shown,
        .accepted = s->accepted,
        .ignored = s->ignored,
        .kept = kept_percent(s),
        .wrong = str_z(s->rule->wrong),
        .right = str_z(s->rule->right),
        .levels = lv.v,
        .n_levels = lv.n,
        .genres = genres.v,
        .n_genres = genres.n};
}

/* What was proposed, for whoever keeps the rules: reasons name mistakes, which not everybody may see. */
static enum code load_proposals(struct ctx *c, struct page_rules *p, struct err *e)
{
    struct rule_proposal *v;
    struct db *db;
    size_t n;
    enum code code;

    if (!p->may_edit)
        return OK;
    TRY(store_read(c->app->office->store, &db, e));
    code = rule_proposal_list(db, c->a, &v, &n, e);
    store_read_end(db);
    if (code != OK)
        return code;
    p->may_decide = c->v->owner || c->v->roles & ROLE_CHIEF;
    p->proposals = ARENA_ARRAY(c->a, struct proposal_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->proposals[p->n_proposals++] = (struct proposal_row){.id = v[i].id,
            .rule = v[i].rule,
            .name = check_rule(v[i].rule) ? str_z(check_rule(v[i].rule)->name) : S(""),
            .from = str_z(check_level_name(v[i].from)),
            .to = str_z(check_level_name(v[i].to)),
            .reason = v[i].reason,
            .item = v[i].item,
            .state = str_z(proposal_state_name(v[i].state)),
            .waits = v[i].state == PROPOSAL_WAITS,
            .by = v[i].by_name,
            .at = {v[i].at_ms},
            .decided = v[i].decided_name,
            .decided_at = {v[i].decided_ms},
            .answer = v[i].answer};
    return OK;
}

static enum code load_rules(struct ctx *c, struct rule_state **v, size_t *n, struct rule_never **nv,
    size_t *n_nv, struct err *e)
{
    struct db *db;
    enum code code;

    TRY(store_read(c->app->office->store, &db, e));
    code = rulebook_read(db, c->a, v, n, e);
    if (code == OK)
        code = rulebook_never_list(db, c->a, nv, n_nv, e);
    store_read_end(db);
    return code;
}

static enum code rules_page(struct ctx *c, struct str problem, struct err *e)
{
    struct page_rules p = {.problem = problem, .may_edit = access_may(c->v, ACT_RULES)};
    enum check_class want = check_class_of(req_query(c->r, "class"));
    struct choices classes = {0};
    struct rule_state *v;
    struct rule_never *nv;
    size_t n, n_nv;

    TRY(load_rules(c, &v, &n, &nv, &n_nv, e));
    TRY(load_proposals(c, &p, e));
    p.rows = ARENA_ARRAY(c->a, struct rule_row, n + 1);
    for (enum check_class k = CHECK_QUOTE; k < CHECK_CLASSES;
         k++) { /* class by class, whichever file they stand in */
        int64_t of_class = 0;
        for (size_t i = 0; i < n; i++) {
            if (v[i].rule->cls != k)
                continue;
            if (!want || want == k)
                rule_row(c, &v[i], of_class == 0, &p.rows[p.n_rows++]);
            of_class++;
        }
        choice_add(c, &classes, str_z(check_class_key(k)), str_z(check_class_name(k)), want == k);
        classes.v[classes.n - 1].count = of_class;
    }
    p.classes = classes.v;
    p.n_classes = classes.n;
    p.never = ARENA_ARRAY(c->a, struct never_row, n_nv + 1);
    for (size_t i = 0; i < n_nv; i++)
        p.never[p.n_never++] =
            (struct never_row){nv[i].id, nv[i].rule, nv[i].text, nv[i].by_name, {nv[i].at_ms}};
    if (!problem.n)
        p.done = ctx_flash_take(c);
    show_rules(c, &p);
    return OK;
}

enum code page_rules(struct ctx *c, struct err *e)
{
    return rules_page(c, S(""), e);
}

struct deciding {
    bool take;
    struct str answer;
};

static enum code decide_rule(struct db *db, void *arg, struct err *e)
{
    const struct ctx *c = arg;
    const struct deciding *d = c->job;

    return rule_proposal_decide(db, c->v, c->id, d->take, d->answer, e);
}

static enum code rule_decided(struct ctx *c, enum code code, struct err *e)
{
    const struct deciding *d = c->job;

    if (code == E_INPUT || code == E_LIMIT || code == E_NOTFOUND) {
        c->r->res.status = code == E_NOTFOUND ? 409 : 400;
        return rules_page(c, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code != OK)
        return code;
    ctx_flash(c, d->take ? S("规则已按提请的调整，以后的检查照此进行") : S("已记为未采纳"));
    ctx_redirect(c, S("/rules#proposals"));
    return OK;
}

enum code do_rule_proposal(struct ctx *c, struct err *e)
{
    struct deciding *d = ARENA_NEW(c->a, struct deciding);
    struct str verdict = req_field(c->r, "verdict");

    if (!str_eq(verdict, S("take")) && !str_eq(verdict, S("refuse")))
        return FAIL(e, E_INPUT, "要选确认还是不采纳");
    *d = (struct deciding){str_eq(verdict, S("take")), req_field(c->r, "answer")};
    c->job = d;
    return ctx_write(c, decide_rule, c, rule_decided);
}

struct setting {
    struct viewer v;
    struct str rule, note;
    enum check_level level;
    uint64_t genres;
    bool reset;
};

static enum code set_fn(struct db *db, void *arg, struct err *e)
{
    const struct setting *s = ((struct ctx *)arg)->job;

    return s->reset ? rulebook_reset(db, &s->v, s->rule, e)
                    : rulebook_set(db, &s->v, s->rule, s->level, s->genres, s->note, e);
}

static enum code set_done(struct ctx *c, enum code code, struct err *e)
{
    const struct setting *s = c->job;

    (void)e; /* holds the failure already */
    if (code != OK)
        return code;
    ctx_flash(
        c, arena_printf(c->a, s->reset ? "规则%.*s已恢复出厂设置" : "规则%.*s已调整", SF(s->rule)));
    ctx_redirect(c, arena_printf(c->a, "/rules#%.*s", SF(s->rule)));
    return OK;
}

/* 请示、报告 → a set of kinds; E_INPUT names the one that is none. */
static enum code genres_of(struct str s, uint64_t *out, struct err *e)
{
    struct str rest = s, piece;

    *out = 0;
    while (str_next(&rest, S("、"), &piece)) {
        int g = genre_of_name(str_trim(piece));
        if (str_trim(piece).n == 0)
            continue;
        if (!g)
            return FAIL(e, E_INPUT, "“%.*s”不是文种，请写成“请示、报告”这样", SF(piece));
        *out |= (uint64_t)1 << g;
    }
    return OK;
}

enum code do_rule(struct ctx *c, struct err *e)
{
    struct setting *s = ARENA_NEW(c->a, struct setting);

    *s = (struct setting){.v = *c->v,
        .rule = req_field(c->r, "rule"),
        .note = req_field(c->r, "note"),
        .level = check_level_of(req_field(c->r, "level")),
        .reset = req_field(c->r, "reset").n > 0};
    TRY(genres_of(req_field(c->r, "genres"), &s->genres, e));
    c->job = s;
    return ctx_write(c, set_fn, c, set_done);
}

struct withdrawal {
    struct viewer v;
    int64_t id;
};

static enum code withdraw_fn(struct db *db, void *arg, struct err *e)
{
    const struct withdrawal *w = ((struct ctx *)arg)->job;

    return rulebook_never_withdraw(db, &w->v, w->id, e);
}

static enum code withdraw_done(struct ctx *c, enum code code, struct err *e)
{
    (void)e; /* holds the failure already */
    if (code != OK)
        return code;
    ctx_flash(c, S("已恢复提示"));
    ctx_redirect(c, S("/rules#never"));
    return OK;
}

enum code do_never_withdraw(struct ctx *c, struct err *e)
{
    struct withdrawal *w = ARENA_NEW(c->a, struct withdrawal);

    (void)e;
    *w = (struct withdrawal){*c->v, c->id};
    c->job = w;
    return ctx_write(c, withdraw_fn, c, withdraw_done);
}
