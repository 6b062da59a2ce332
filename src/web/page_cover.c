/* page_cover.c - who stands in for whom; the list of everything in hand and handing it over. */
#include "base/id.h"
#include "office/duty.h"
#include "office/item_cover.h"
#include "office/kind.h"
#include "office/phrase.h"
#include "office/subscription.h"
#include "office/unsent.h"
#include "web/ask_rows.h"
#include "web/duty_rows.h"
#include "web/item_rows.h"
#include "web/people_rows.h"
#include "web/route.h"
#include "web/rows.h"

enum { MATCHED = 20, PACK_MAX = ITEM_PAGE_MAX, SHIFTS_SHOWN = 60 };

enum code person_typed(struct db *db, struct arena *a, struct str who, int64_t *id, struct err *e)
{
    struct person p, *v;
    struct err none;
    size_t n, found = 0;
    who = str_trim(who);
    if (who.n && person_by_login(db, a, who, &p, &none) == OK && p.active) {
        *id = p.id;
        return OK;
    }
    TRY(person_match(db, a, who, MATCHED, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i].name, who)) {
            *id = v[i].id;
            found++;
        }
    if (found == 1)
        return OK;
    return found ? FAIL(e, E_INPUT, "叫“%.*s”的不止一人，请填登录名", SF(who))
                 : FAIL(e, E_INPUT, "没有找到“%.*s”，请填姓名全称或登录名", SF(who));
}

/* ---- standing in ---- */

static struct stand_in cover_of(struct ctx *c, const struct item_delegation *d, struct str today)
{
    bool ended = d->revoked_ms || str_cmp(d->to_day, today) < 0;
    return (struct stand_in){.id = d->id,
        .person = d->person_name,
        .to = d->to_name,
        .days = arena_printf(c->a, "%.*s 至 %.*s", SF(d->from_day), SF(d->to_day)),
        .now = d->now && !ended,
        .ended = ended,
        .may = !ended && (d->person == c->v->person || d->to == c->v->person)};
}

static enum code fill_cover(struct ctx *c, struct db *db, struct page_cover *p, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    struct item_delegation *v, *all = NULL;
    size_t n, n_all = 0;
    char iso[DAY_ISO_SIZE];
    struct str today = arena_str(c->a, day_iso(day_of(clock_day(by->now_ms, ZONE_CHINA)), iso));
    TRY(item_delegation_list(db, c->a, by, c->v->person, &v, &n, e));
    p->chief = (c->v->roles & ROLE_CHIEF) != 0;
    if (p->chief)
        TRY(item_delegation_list(db, c->a, by, 0, &all, &n_all, e));
    p->mine = ARENA_ARRAY(c->a, struct stand_in, n + 1);
    p->others = ARENA_ARRAY(c->a, struct stand_in, n + 1);
    p->all = ARENA_ARRAY(c->a, struct stand_in, n_all + 1);
    for (size_t i = 0; i < n; i++)
        if (v[i].person == c->v->person)
            p->mine[p->n_mine++] = cover_of(c, &v[i], today);
        else
            p->others[p->n_others++] = cover_of(c, &v[i], today);
    for (size_t i = 0; i < n_all; i++)
        p->all[p->n_all++] = cover_of(c, &all[i], today);
    if (!p->from_day.n)
        p->from_day = today;
    return OK;
}

static enum code show_all(struct ctx *c, struct str problem, struct err *e)
{
    struct page_cover p = {.problem = problem,
        .to = req_field(c->r, "to"),
        .from_day = req_field(c->r, "from_day"),
        .to_day = req_field(c->r, "to_day")};
    struct db *db;
    if (!problem.n)
        p.done = ctx_flash_take(c);
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_cover(c, db, &p, e);
    store_read_end(db);
    if (code == OK)
        show_cover(c, &p);
    return code;
}

enum code page_cover(struct ctx *c, struct err *e)
{
    return show_all(c, S(""), e);
}

static enum code write_cover(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    int64_t to;
    TRY(person_typed(db, c->a, req_field(c->r, "to"), &to, e));
    return item_delegate(db, ctx_actor(c), c->v->person, to, req_field(c->r, "from_day"),
        req_field(c->r, "to_day"), e);
}

static enum code after_cover(struct ctx *c, enum code code, struct err *e)
{
    if (code == E_INPUT || code == E_LIMIT) {
        c->r->res.status = 400;
        return show_all(c, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code == OK) {
        ctx_flash(c, S("已委托，到期自动结束"));
        ctx_redirect(c, S("/cover"));
    }
    return code;
}

enum code do_cover(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_cover, c, after_cover);
}

static enum code write_end(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    return item_undelegate(db, ctx_actor(c), c->id, e);
}

static enum code after_end(struct ctx *c, enum code code, struct err *e)
{
    (void)e;
    if (code == OK) {
        ctx_flash(c, S("已收回委托"));
        ctx_redirect(c, S("/cover"));
    }
    return code;
}

enum code do_cover_end(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_end, c, after_end);
}

/* ---- the pack ---- */

/* What the kind lets follow; ways back are no next step. */
static struct str next_steps(struct ctx *c, const struct kind *k, struct str state)
{
    size_t at = kind_state_of(k, state);
    struct str s = S("");
    for (size_t i = 0; i < k->n_moves; i++) {
        const struct kind_move *m = &k->moves[i];
        bool here = false;
        for (size_t j = 0; j < m->n_from; j++)
            here = here || m->from[j] == at;
        if (here && !m->returns && m->to != at && m->n_from < k->n_states / 2 + 1)
            s = arena_printf(c->a, "%.*s%s%.*s", SF(s), s.n ? "、" : "", SF(m->name));
    }
    return s;
}

static enum code pack_rows(struct ctx *c, struct db *db, const struct item *v, size_t n,
    int64_t person, struct str back, struct pack *p, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    struct item_hand *hands = ARENA_ARRAY(c->a, struct item_hand, n + 1);
    TRY(item_hands(db, c->a, by, v, n, hands, e));
    p->rows = ARENA_ARRAY(c->a, struct pack_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct kind *k;
        TRY(kinds_get(by->kinds, db, v[i].kind, v[i].kind_version, &k, e));
        size_t state = kind_state_of(k, v[i].state);
        bool late = v[i].due_ms && v[i].due_ms <= by->now_ms;
        p->late += late;
        p->rows[p->n++] = (struct pack_row){.id = v[i].id,
            .number = v[i].number,
            .title = v[i].title,
            .kind = k->name,
            .state = state == SIZE_MAX ? v[i].state : k->states[state].name,
            .next = next_steps(c, k, v[i].state),
            .due = due_day(c->a, v[i].due_ms),
            .late = late,
            .role = v[i].owner == person ? S("经办") : S("被请办"),
            .who = hands[i].who,
            .link = item_link(c->a, v[i].id, back, 0)};
    }
    return OK;
}

enum code pack_of(
    struct ctx *c, struct db *db, int64_t person, struct str back, struct pack *out, struct err *e)
{
    struct item *v;
    size_t n;
    *out = (struct pack){.n = 0};
    TRY(item_in_hand(db, c->a, ctx_actor(c), person, PACK_MAX, &v, &n, &out->more, e));
    return pack_rows(c, db, v, n, person, back, out, e);
}

static void extra(
    struct ctx *c, struct page_hand_over *p, size_t *cap, const char *name, struct str text)
{
    if (text.n)
        ARENA_PUSH(c->a, p->extras, p->n_extras, *cap) = (struct pack_extra){str_z(name), text};
}

static void line(struct ctx *c, struct str *s, struct str one)
{
    *s = arena_printf(c->a, "%.*s%s%.*s", SF(*s), s->n ? "\n" : "", SF(one));
}

/* What he alone keeps is named to himself; to the chief it is counted. */
static enum code own_things(struct ctx *c, struct db *db, const struct person *who,
    struct page_hand_over *p, size_t *cap, struct err *e)
{
    struct unsent *drafts;
    struct own_phrase *words;
    size_t n, n_words;
    struct str s = S(""), w = S("");
    bool mine = who->id == c->v->person;
    TRY(unsent_list(db, c->a, who->id, S(""), &drafts, &n, e));
    TRY(phrase_list(db, c->a, who->id, &words, &n_words, e));
    for (size_t i = 0; i < n && mine; i++)
        line(c, &s, drafts[i].title.n ? drafts[i].title : S("没有标题的一份"));
    for (size_t i = 0; i < n_words && mine; i++)
        line(c, &w, words[i].text);
    if (!mine && n)
        s = arena_printf(c->a, "%zu份，由本人提交或放弃", n);
    if (!mine && n_words)
        w = arena_printf(c->a, "%zu条，由本人打印移交", n_words);
    extra(c, p, cap, "填了没有提交的", s);
    extra(c, p, cap, "常用语", w);
    return OK;
}

/* Shifts still to come: somebody else has to be put into each. */
static enum code shifts_of(
    struct ctx *c, struct db *db, int64_t person, struct page_hand_over *p, struct err *e)
{
    struct duty_shift *v;
    size_t n;
    TRY(duty_mine(db, c->a, person, ctx_actor(c)->now_ms, SHIFTS_SHOWN, &v, &n, e));
    p->shifts = ARENA_ARRAY(c->a, struct duty_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct str seats = S("");
        for (int s = 0; s < N_DUTY_SEAT; s++)
            if (v[i].who[s] == person)
                seats = arena_printf(c->a, "%.*s%s%s", SF(seats), seats.n ? "、" : "",
                    duty_seat_name((enum duty_seat)s));
        p->shifts[p->n_shifts++] = (struct duty_row){.id = v[i].id,
            .name = duty_text(c->a, &v[i], ZONE_CHINA),
            .what = seats,
            .link = arena_printf(c->a, "/duty/shifts/%lld", (long long)v[i].id)};
    }
    return OK;
}

static enum code extras(
    struct ctx *c, struct db *db, const struct person *who, struct page_hand_over *p, struct err *e)
{
    struct subscription *subs;
    struct item_delegation *cover;
    struct responsibility *duty;
    struct buf b;
    size_t n, n_cover, n_duty, cap = 0;
    struct str s = S(""), d = S("");
    TRY(subscription_list(db, c->a, who->id, &subs, &n, e));
    TRY(item_delegation_list(db, c->a, ctx_actor(c), who->id, &cover, &n_cover, e));
    TRY(responsibility_of(db, c->a, ctx_actor(c), who->id, &duty, &n_duty, e));
    p->duties = ARENA_ARRAY(c->a, struct duty_row, n_duty + 1);
    for (size_t i = 0; i < n_duty; i++)
        p->duties[p->n_duties++] = duty_line(c, &duty[i]);
    TRY(calendar_of(c, db, who->id, &p->calendar, &p->n_calendar, e));
    TRY(shifts_of(c, db, who->id, p, e));
    buf_init(&b, 0);
    roles_write(&b, who->roles);
    extra(c, p, &cap, "角色（由系统管理员调整）", arena_str(c->a, buf_view(&b)));
    buf_release(&b);
    for (size_t i = 0; i < n; i++)
        line(c, &s,
            arena_printf(
                c->a, "%s：%.*s", subscription_kind_name(subs[i].kind), SF(subs[i].value)));
    for (size_t i = 0; i < n_cover; i++)
        if (cover[i].now)
            line(c, &d,
                arena_printf(c->a, "%.*s 委托 %.*s，%.*s 至 %.*s", SF(cover[i].person_name),
                    SF(cover[i].to_name), SF(cover[i].from_day), SF(cover[i].to_day)));
    extra(c, p, &cap, "订阅", s);
    extra(c, p, &cap, "正在生效的委托和代办", d);
    return own_things(c, db, who, p, &cap, e);
}

static enum code fill_pack(struct ctx *c, struct db *db, struct page_hand_over *p, struct err *e)
{
    struct person who;
    struct pack pack;
    char iso[DAY_ISO_SIZE];
    int64_t person = c->v->person;
    p->chief = (c->v->roles & ROLE_CHIEF) != 0;
    if (p->of.n)
        TRY(person_typed(db, c->a, p->of, &person, e));
    if (person != c->v->person && !p->chief)
        return FAIL(e, E_DENIED, "别人的移交清单由科长查看");
    TRY(person_get(db, c->a, person, &who, e));
    p->person = who.name;
    p->unit = who.unit_name;
    p->today = arena_str(c->a, day_iso(day_of(clock_day(ctx_actor(c)->now_ms, ZONE_CHINA)), iso));
    TRY(extras(c, db, &who, p, e));
    TRY(pack_of(c, db, person, S("/hand-over"), &pack, e));
    p->rows = pack.rows;
    p->n_rows = pack.n;
    p->late = pack.late;
    p->more = pack.more;
    return person_originals(c, db, person, p, e);
}

static enum code show_pack(struct ctx *c, struct str of, struct str problem, struct err *e)
{
    struct page_hand_over p = {
        .of = of, .problem = problem, .to = req_field(c->r, "to"), .why = req_field(c->r, "why")};
    struct db *db;
    if (!problem.n)
        p.done = ctx_flash_take(c);
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_pack(c, db, &p, e);
    store_read_end(db);
    if (code == OK)
        show_hand_over(c, &p);
    return code;
}

enum code page_hand_over(struct ctx *c, struct err *e)
{
    return show_pack(c, ctx_words(c, req_query(c->r, "of")), S(""), e);
}

static enum code write_pack(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct hand_over *out = c->job;
    struct str of = req_field(c->r, "of");
    int64_t person = c->v->person, to;
    if (of.n)
        TRY(person_typed(db, c->a, of, &person, e));
    TRY(person_typed(db, c->a, req_field(c->r, "to"), &to, e));
    if (str_eq(req_field(c->r, "act"), S("some"))) {
        struct hand_some some = {
            .person = person, .to = to, .why = str_trim(req_field(c->r, "why"))};
        int64_t *ids;
        TRY(ids_sent(c, "item", HAND_OVER_MAX, &ids, &some.n, e));
        some.items = ids;
        return some.n ? item_hand_over_some(db, c->a, ctx_actor(c), &some, out, e)
                      : FAIL(e, E_INPUT, "还没有选中要移交的事项");
    }
    return item_hand_over_all(
        db, c->a, ctx_actor(c), person, to, str_trim(req_field(c->r, "why")), out, e);
}

/* Back to the same person's list: what is not handed over by itself stands there. */
static struct str pack_link(struct ctx *c, struct str of)
{
    struct buf b;
    struct str s;
    if (!of.n)
        return S("/hand-over");
    buf_init(&b, 0);
    buf_z(&b, "/hand-over?of=");
    html_url(&b, url(of));
    s = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return s;
}

static enum code after_pack(struct ctx *c, enum code code, struct err *e)
{
    const struct hand_over *h = c->job;
    if (code == E_INPUT || code == E_LIMIT) {
        c->r->res.status = 400;
        return show_pack(c, req_field(c->r, "of"), arena_str(c->a, str_z(e->msg)), e);
    }
    if (code == OK) {
        struct str rest = h->more ? S("，还有没移交完的，请再点一次") : S("");
        if (h->hidden)
            rest = arena_printf(c->a, "%.*s；有%zu件您看不到，要由本人移交", SF(rest), h->hidden);
        ctx_flash(c, arena_printf(c->a, "已移交%zu件%.*s", h->n, SF(rest)));
        ctx_redirect(c, pack_link(c, req_field(c->r, "of")));
    }
    return code;
}

enum code do_hand_over(struct ctx *c, struct err *e)
{
    (void)e;
    c->job = ARENA_NEW(c->a, struct hand_over);
    return ctx_write(c, write_pack, c, after_pack);
}
