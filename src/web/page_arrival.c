/* page_arrival.c - 接手页: what somebody new, or whoever covers, has to know of a post, on one page to print. */
#include "office/absence.h"
#include "office/duty.h"
#include "office/person.h"
#include "office/recurring.h"
#include "office/section_text.h"
#include "office/term.h"
#include "web/duty_rows.h"
#include "web/item_rows.h"
#include "web/route.h"
#include "web/rows.h"

static enum code duties(
    struct ctx *c, struct db *db, int64_t person, struct page_arrival *p, struct err *e)
{
    struct responsibility *v;
    size_t n;
    TRY(responsibility_of(db, c->a, ctx_actor(c), person, &v, &n, e));
    p->duties = ARENA_ARRAY(c->a, struct duty_row, n + 1);
    p->backs = ARENA_ARRAY(c->a, struct duty_row, n + 1);
    for (size_t i = 0; i < n; i++)
        if (v[i].a == person)
            p->duties[p->n_duties++] = duty_line(c, &v[i]);
        else
            p->backs[p->n_backs++] = duty_line(c, &v[i]);
    return OK;
}

static bool of_a_duty(const struct responsibility *v, size_t n, int64_t person, int64_t rule)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].recurring == rule && v[i].a == person)
            return true;
    return false;
}

enum code calendar_of(
    struct ctx *c, struct db *db, int64_t person, struct duty_row **out, size_t *n, struct err *e)
{
    struct recurring *v;
    struct responsibility *mine;
    size_t n_v, n_mine;
    *n = 0;
    TRY(recurring_list(db, c->a, &v, &n_v, e));
    TRY(responsibility_of(db, c->a, ctx_actor(c), person, &mine, &n_mine, e));
    *out = ARENA_ARRAY(c->a, struct duty_row, n_v + 1);
    for (size_t i = 0; i < n_v; i++)
        if (!v[i].paused && (v[i].owner == person || of_a_duty(mine, n_mine, person, v[i].id)))
            (*out)[(*n)++] = (struct duty_row){.id = v[i].id,
                .name = recurring_title(c->a, &v[i]),
                .what = recur_text(c->a, &v[i].rule),
                .since = v[i].next_day,
                .link = arena_printf(c->a, "/recurring/%lld", (long long)v[i].id)};
    return OK;
}

/* The section first, then the liaisons of the units, in the order of the organisation; telephones where they may be seen. */
static enum code contacts(
    struct ctx *c, struct db *db, const struct person *who, struct page_arrival *p, struct err *e)
{
    struct person *v;
    size_t n;
    TRY(duty_sees_phones(db, ctx_actor(c), &p->may_phones, e));
    TRY(person_list(db, c->a, 0, false, &v, &n, e));
    p->contacts = ARENA_ARRAY(c->a, struct contact_row, n + 1);
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < n; i++) {
            bool ours = v[i].unit == who->unit;
            if (v[i].id == who->id || ours != (round == 0) ||
                (!ours && !(v[i].roles & (ROLE_LIAISON | ROLE_LEADER))))
                continue;
            p->contacts[p->n_contacts++] = (struct contact_row){.unit = v[i].unit_name,
                .name = v[i].name,
                .title = v[i].title,
                .role = ours                       ? S("同事")
                        : v[i].roles & ROLE_LEADER ? S("领导")
                                                   : S("联络员"),
                .mobile = p->may_phones ? v[i].mobile : S(""),
                .phone = p->may_phones ? v[i].phone : S("")};
        }
    return OK;
}

static void say(struct ctx *c, struct page_arrival *p, size_t *cap, struct str text, struct str to)
{
    ARENA_PUSH(c->a, p->unusual, p->n_unusual, *cap) = (struct unusual_row){text, to};
}

/* What does not run as usual: what is late, who is away, for whom one covers, duties nobody would take over. */
static enum code unusual(
    struct ctx *c, struct db *db, int64_t person, struct page_arrival *p, struct err *e)
{
    struct stand_for *away;
    size_t n, cap = 0;
    for (size_t i = 0; i < p->n_rows; i++)
        if (p->rows[i].late)
            say(c, p, &cap,
                arena_printf(c->a, "《%.*s》已逾期（%.*s），在%.*s手上", SF(p->rows[i].title),
                    SF(p->rows[i].due), SF(p->rows[i].who.n ? p->rows[i].who : S("自己"))),
                p->rows[i].link);
    TRY(absence_today(db, c->a, ctx_actor(c), &away, &n, e));
    for (size_t i = 0; i < n; i++)
        say(c, p, &cap,
            away[i].person == person ? arena_printf(c->a, "本岗位今天离岗：%.*s", SF(away[i].words))
                                     : away[i].words,
            S("/absences"));
    for (size_t i = 0; i < p->n_duties; i++)
        if (!p->duties[i].b.n)
            say(c, p, &cap, arena_printf(c->a, "“%.*s”还没有定B角", SF(p->duties[i].name)),
                S("/responsibilities"));
    return OK;
}

static enum code texts(
    struct ctx *c, struct db *db, int64_t unit, struct page_arrival *p, struct err *e)
{
    struct section_text t;
    struct term_row *rows;
    size_t n;
    struct term_filter f = {.limit = 1};
    TRY(section_text_get(db, c->a, ctx_actor(c), unit, SECTION_STYLE, &t, e));
    p->style = t.text;
    return term_list(db, c->a, &f, &rows, &n, &p->terms, e);
}

/* His own; that of a colleague of the same section, whom one may have to stand in for; chiefs: anybody's. */
static enum code may_see(struct ctx *c, const struct person *who, struct err *e)
{
    if (who->id == c->v->person || (who->unit && who->unit == c->v->unit) ||
        c->v->roles & ROLE_CHIEF)
        return OK;
    return FAIL(e, E_DENIED, "接手页由本人、同科室的人和科长查看");
}

static enum code fill(struct ctx *c, struct db *db, struct page_arrival *p, struct err *e)
{
    struct person who;
    struct pack pack;
    TRY(person_get(db, c->a, c->id ? c->id : c->v->person, &who, e));
    TRY(may_see(c, &who, e));
    p->id = who.id;
    p->person = who.name;
    p->unit = who.unit_name;
    p->title = who.title;
    p->mine = who.id == c->v->person;
    p->today = day_words(c, today_num(c));
    TRY(duties(c, db, who.id, p, e));
    TRY(pack_of(c, db, who.id, arena_printf(c->a, "/arrival/%lld", (long long)who.id), &pack, e));
    p->rows = pack.rows;
    p->n_rows = pack.n;
    p->late = pack.late;
    p->more = pack.more;
    TRY(calendar_of(c, db, who.id, &p->calendar, &p->n_calendar, e));
    TRY(contacts(c, db, &who, p, e));
    TRY(texts(c, db, who.unit, p, e));
    return unusual(c, db, who.id, p, e);
}

/* /arrival, as people type it */
enum code page_arrival_own(struct ctx *c, struct err *e)
{
    (void)e;
    ctx_redirect(c, S("/arrival/me"));
    return OK;
}

enum code page_arrival(struct ctx *c, struct err *e)
{
    struct page_arrival p = {.first = str_eq(req_query(c->r, "first"), S("1"))};
    struct db *db;
    p.done = ctx_flash_take(c);
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill(c, db, &p, e);
    store_read_end(db);
    if (code == OK)
        show_arrival(c, &p);
    return code;
}
