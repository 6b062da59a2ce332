/* page_brief.c - 今日要情 on the screen, one part of it in full, as PDF; the line by hand. */
#include "office/brief.h"
#include "web/item_rows.h"
#include "web/route.h"
#include "web/rows.h"

static enum code check_query(struct ctx *c, struct err *e)
{
    static const char *const known[] = {"day", "for", "part"};
    for (size_t i = 0; i < c->r->head.n_query; i++) {
        bool is = false;
        for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++)
            is = is || str_eq(c->r->head.query[i].name, str_z(known[k]));
        if (!is)
            return FAIL(e, E_INPUT, "网址里的“%.*s”不是这一页的条件",
                SF(str_sub(c->r->head.query[i].name, 0, 40)));
    }
    return OK;
}

static struct str today(struct ctx *c)
{
    char iso[DAY_ISO_SIZE];
    return arena_str(c->a, day_iso(day_of(clock_day(ctx_actor(c)->now_ms, ZONE_CHINA)), iso));
}

/* Which sheet: a leader's own where he names none, else the section's. */
static enum code read_query(struct ctx *c, struct str *day, int64_t *audience, struct err *e)
{
    struct str d = req_query(c->r, "day"), f = req_query(c->r, "for");
    struct day parsed;
    TRY(check_query(c, e));
    *day = d.n ? arena_str(c->a, d) : today(c);
    if (!day_from_iso(*day, &parsed))
        return FAIL(e, E_INPUT, "日期“%.*s”不对，应当像 2026-07-13", SF(str_sub(d, 0, 40)));
    *audience = ctx_int(f, 0, INT64_MAX, -1);
    if (f.n && *audience < 0)
        return FAIL(e, E_INPUT, "没有这样的收件人");
    if (!f.n)
        *audience = (c->v->roles & (ROLE_CHIEF | ROLE_SECRETARY)) ? 0 : c->v->person;
    return OK;
}

static struct str link_to(struct ctx *c, struct str day, int64_t audience, const char *more)
{
    return arena_printf(c->a, "/brief?day=%.*s&for=%lld%s", SF(day), (long long)audience, more);
}

/* ---- the sheet ---- */

static struct brief_row row_of(struct ctx *c, const struct brief_line *l, struct str back)
{
    struct brief_row r = {
        .title = l->title, .who = l->who, .when = l->when, .late = l->late, .secret = l->secret};
    if (l->item)
        r.link = item_link(c->a, l->item, back, 0);
    else if (l->doc)
        r.link = arena_printf(c->a, "/library/%lld", (long long)l->doc);
    return r;
}

static struct brief_part_row part_of(
    struct ctx *c, const struct brief *b, enum brief_part p, bool whole, struct str back)
{
    const struct brief_section *s = &b->part[p];
    size_t n = whole ? s->n : s->shown;
    struct brief_part_row r = {.key = str_z(brief_part_key(p)),
        .name = str_z(brief_part_name(p)),
        .count = arena_printf(c->a, "%zu%s", s->n,
            s->more             ? "件以上"
            : p == BRIEF_PEOPLE ? "条"
                                : "件"),
        .rest = (int64_t)(s->n - n),
        .link =
            link_to(c, b->day, b->audience, arena_printf(c->a, "&part=%s", brief_part_key(p)).p)};
    r.rows = ARENA_ARRAY(c->a, struct brief_row, n + 1);
    for (size_t i = 0; i < n; i++)
        r.rows[r.n_rows++] = row_of(c, &s->lines[i], back);
    return r;
}

static enum code fill_parts(
    struct ctx *c, const struct brief *b, struct page_brief *p, struct err *e)
{
    struct str only = req_query(c->r, "part"), none = S("");
    p->parts = ARENA_ARRAY(c->a, struct brief_part_row, N_BRIEF_PART);
    for (int i = 0; i < N_BRIEF_PART; i++) {
        enum brief_part part = (enum brief_part)i;
        bool this = str_eq(only, str_z(brief_part_key(part)));
        if (this)
            p->only = str_z(brief_part_name(part));
        if (only.n ? this : b->part[i].n > 0)
            p->parts[p->n_parts++] = part_of(c, b, part, this, link_to(c, b->day, b->audience, ""));
        else if (!only.n)
            none =
                arena_printf(c->a, "%.*s%s%s", SF(none), none.n ? "、" : "", brief_part_name(part));
    }
    p->none = none;
    return only.n && !p->only.n
               ? FAIL(e, E_NOTFOUND, "《今日要情》没有“%.*s”这一栏", SF(str_sub(only, 0, 40)))
               : OK;
}

/* ---- around it ---- */

static enum code fill_around(struct ctx *c, struct db *db, struct page_brief *p, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    struct choices who = {0}, when = {0};
    struct brief_for *v;
    struct str *days, by_name;
    size_t n, n_days;
    TRY(brief_audiences(db, c->a, by, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        choice_add(c, &who, link_to(c, p->day, v[i].audience, ""), v[i].name,
            v[i].audience == p->audience);
    p->audiences = who.v;
    p->n_audiences = who.n;
    TRY(brief_days(db, c->a, by, p->audience, &days, &n_days, e));
    for (size_t i = 0; i < n_days; i++)
        choice_add(
            c, &when, link_to(c, days[i], p->audience, ""), days[i], str_eq(days[i], p->day));
    p->days = when.v;
    p->n_days = when.n;
    p->may_note = (c->v->roles & ROLE_CHIEF) != 0;
    if (!p->may_note)
        return OK;
    if (!p->problem.n) {
        TRY(brief_next_day(db, c->a, by, &p->note_day, e));
        TRY(brief_note_get(db, c->a, p->note_day, &p->next_note, &by_name, e));
    }
    return brief_mail_failed(db, c->a, by, p->day, &p->failed, e);
}

static enum code show(
    struct ctx *c, struct str day, int64_t audience, struct page_brief *p, struct err *e)
{
    struct brief b;
    struct db *db;
    TRY(brief_get(c->app->office, c->a, ctx_actor(c), day, audience, &b, e));
    p->day = day;
    p->audience = audience;
    p->day_text = b.day_text;
    p->name = b.name;
    p->made = minute_text(c, b.made_ms);
    p->kept = b.kept;
    p->note = b.note;
    p->note_by = b.note_by;
    p->hidden = (int64_t)b.hidden;
    p->whole = link_to(c, day, audience, "");
    p->pdf = arena_printf(c->a, "/brief/pdf?day=%.*s&for=%lld", SF(day), (long long)audience);
    TRY(fill_parts(c, &b, p, e));
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_around(c, db, p, e);
    store_read_end(db);
    TRY(code);
    show_brief(c, p);
    return OK;
}

enum code page_brief(struct ctx *c, struct err *e)
{
    struct page_brief p = {.done = ctx_flash_take(c)};
    struct str day = S("");
    int64_t audience = 0;
    TRY(read_query(c, &day, &audience, e));
    return show(c, day, audience, &p, e);
}

enum code page_brief_pdf(struct ctx *c, struct err *e)
{
    struct brief b;
    struct buf out;
    struct str day = S("");
    int64_t audience = 0;
    int pages;
    TRY(read_query(c, &day, &audience, e));
    TRY(brief_get(c->app->office, c->a, ctx_actor(c), day, audience, &b, e));
    buf_init(&out, 0);
    enum code code = brief_pdf(&b, &out, &pages, e);
    if (code == OK) {
        res_text(&c->r->res, 200, S("application/pdf"), buf_view(&out));
        ctx_attachment(c, arena_printf(c->a, "今日要情%.*s（%.*s）.pdf", SF(day), SF(b.name)));
    }
    buf_release(&out);
    return code;
}

/* ---- the line by hand ---- */

static enum code write_note(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    return brief_note_put(db, ctx_actor(c), req_field(c->r, "day"), req_field(c->r, "note"), e);
}

static enum code after_note(struct ctx *c, enum code code, struct err *e)
{
    struct page_brief p = {.problem = code == OK ? S("") : arena_str(c->a, str_z(e->msg))};
    if (code == OK) {
        ctx_flash(c, arena_printf(c->a, "%.*s的提示已保存", SF(req_field(c->r, "day"))));
        ctx_redirect(c, S("/brief"));
        return OK;
    }
    if (code == E_DENIED)
        return code;
    p.note_day = req_field(c->r, "day");
    p.next_note = req_field(c->r, "note");
    c->r->res.status = code == E_CONFLICT ? 409 : 422;
    return show(c, today(c), 0, &p, e);
}

enum code do_brief_note(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_note, c, after_note);
}
