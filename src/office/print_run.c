#include "office/print_run.h"

#include "base/id.h"
#include "base/utf8.h"
#include "office/item_int.h"
#include "office/item_text.h"

static enum code text_ok(const char *what, struct str s, size_t most, struct err *e)
{
    if (utf8_check(s) != SIZE_MAX || utf8_len_cp(s) > most)
        return FAIL(e, E_LIMIT, "%s超过%zu个字，请精简", what, most);
    return OK;
}

/* ---- runs ---- */

#define RUN_COLUMNS                                                                           \
    "r.id, r.item, r.version, r.at, r.by_person, r.copies, r.first_no, r.tray, r.preprinted," \
    " r.shift_x, r.shift_y, r.again, r.why, r.fonts, r.fonts_why, r.spoiled, r.spoiled_why,"  \
    " coalesce(p.name, ''), r.printer"

static struct print_run run_row(struct stmt *q, struct arena *a)
{
    return (struct print_run){.id = stmt_int(q, 0),
        .item = stmt_int(q, 1),
        .version = stmt_int(q, 2),
        .at_ms = stmt_int(q, 3),
        .by = stmt_int(q, 4),
        .copies = stmt_int(q, 5),
        .first_no = stmt_int(q, 6),
        .tray = stmt_int(q, 7),
        .preprinted = stmt_int(q, 8) != 0,
        .shift_x = stmt_int(q, 9),
        .shift_y = stmt_int(q, 10),
        .again = stmt_int(q, 11) != 0,
        .why = arena_str(a, stmt_str(q, 12)),
        .fonts = arena_str(a, stmt_str(q, 13)),
        .fonts_why = arena_str(a, stmt_str(q, 14)),
        .spoiled = stmt_int(q, 15),
        .spoiled_why = arena_str(a, stmt_str(q, 16)),
        .by_name = arena_str(a, stmt_str(q, 17)),
        .printer = arena_str(a, stmt_str(q, 18))};
}

static enum code runs_of(
    struct db *db, struct arena *a, int64_t item, struct print_run **out, size_t *n, struct err *e)
{
    struct print_run *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db,
        "SELECT " RUN_COLUMNS " FROM print_run r LEFT JOIN person p ON p.id = r.by_person"
        " WHERE r.item = ?1 ORDER BY r.at, r.id LIMIT ?2");
    stmt_bind_int(q, 1, item);
    stmt_bind_int(q, 2, PRINT_RUNS_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = run_row(q, a);
    *out = v;
    *n = k;
    return stmt_end(q, e);
}

enum code print_list(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct print_run **out, size_t *n, struct err *e)
{
    struct item it;
    TRY(item_get(db, a, by, item, &it, e));
    return runs_of(db, a, item, out, n, e);
}

enum code print_first(struct db *db, int64_t item, int64_t version, int64_t *ms, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT min(at) FROM print_run WHERE item = ?1 AND version = ?2");
    stmt_bind_int(q, 1, item);
    stmt_bind_int(q, 2, version);
    *ms = stmt_step(q) ? stmt_int(q, 0) : 0;
    return stmt_end(q, e);
}

static bool may_print(const struct work *w)
{
    return w->k->text.line && work_may(w, &w->k->text.print);
}

enum code print_may(struct db *db, const struct actor *by, int64_t item, bool *may, struct err *e)
{
    struct arena a;
    struct work w;
    arena_init(&a);
    enum code c = work_begin(&w, db, &a, by, item, e);
    *may = c == OK && may_print(&w);
    arena_release(&a);
    return c;
}

const struct print_run *print_confirmed(
    const struct print_run *v, size_t n, int64_t version, struct str fonts)
{
    const struct print_run *first = NULL; /* the later ones go by it */
    for (size_t i = 0; i < n; i++)
        if (v[i].version == version && v[i].fonts_why.n && str_eq(v[i].fonts, fonts) &&
            (!first || v[i].at_ms < first->at_ms))
            first = &v[i];
    return first;
}

/* No 份号 is on two copies. */
static enum code numbers_free(
    const struct print_run *v, size_t n, const struct print_new *p, struct err *e)
{
    for (size_t i = 0; p->first_no && i < n; i++)
        if (v[i].first_no && p->first_no < v[i].first_no + v[i].copies &&
            v[i].first_no < p->first_no + p->copies)
            return FAIL(e, E_CONFLICT, "份号%06lld到%06lld已经印过，请从%06lld起",
                (long long)v[i].first_no, (long long)(v[i].first_no + v[i].copies - 1),
                (long long)(v[i].first_no + v[i].copies));
    return OK;
}

static bool may_confirm(const struct work *w)
{
    return w->by->v->owner || w->by->v->roles & ROLE_CHIEF;
}

static enum code judge(struct work *w, const struct item_text *t, const struct print_new *p,
    const struct print_run *v, size_t n, struct err *e)
{
    if (!may_print(w))
        return FAIL(e, E_DENIED, "您不能印制正本，请联系秘书科");
    if (!t->final || !w->it.number.n)
        return FAIL(e, E_CONFLICT, "签发并编号以后才能印制正本");
    if (p->copies < 1 || p->copies > PRINT_COPIES_MAX)
        return FAIL(e, E_INPUT, "份数填1到%d", PRINT_COPIES_MAX);
    if (p->first_no < 0 || p->first_no + p->copies > 1000000)
        return FAIL(e, E_INPUT, "份号是六位数字");
    if (n >= PRINT_RUNS_MAX)
        return FAIL(e, E_LIMIT, "一件发文最多印制%d次", PRINT_RUNS_MAX);
    bool confirmed = p->fonts.n && print_confirmed(v, n, t->final, p->fonts);
    if (p->fonts.n && !confirmed && !may_confirm(w))
        return FAIL(e, E_CONFLICT, "有字体被替换，要由科长确认后印制：%.*s", SF(p->fonts));
    if (p->fonts.n && !confirmed && !p->fonts_why.n)
        return FAIL(e, E_CONFLICT, "有字体被替换，确认印制要写明理由：%.*s", SF(p->fonts));
    if (n && !p->why.n)
        return FAIL(e, E_INPUT, "已经印过%zu次，再印要写明理由", n);
    return numbers_free(v, n, p, e);
}

static enum code run_put(struct work *w, const struct item_text *t, const struct print_new *p,
    const struct print_tray *tray, bool again, int64_t *run, struct err *e)
{
    struct stmt *q = db_sql(w->db,
        "INSERT INTO print_run(id, item, version, at, by_person, copies, first_no, tray,"
        " preprinted, shift_x, shift_y, again, why, fonts, fonts_why, spoiled, spoiled_why,"
        " printer) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, 0, '',"
        " ?16)");
    *run = id_next();
    stmt_bind_int(q, 1, *run);
    stmt_bind_int(q, 2, w->it.id);
    stmt_bind_int(q, 3, t->final);
    stmt_bind_int(q, 4, w->by->now_ms);
    stmt_bind_int(q, 5, w->by->v->person);
    stmt_bind_int(q, 6, p->copies);
    stmt_bind_int(q, 7, p->first_no);
    stmt_bind_int(q, 8, p->tray);
    stmt_bind_int(q, 9, tray->preprinted);
    stmt_bind_int(q, 10, tray->shift_x);
    stmt_bind_int(q, 11, tray->shift_y);
    stmt_bind_int(q, 12, again);
    stmt_bind_str(q, 13, p->why);
    stmt_bind_str(q, 14, p->fonts);
    stmt_bind_str(q, 15, p->fonts_why);
    stmt_bind_str(q, 16,
        tray->id ? arena_printf(w->a, "%.*s　%.*s", SF(tray->printer), SF(tray->tray)) : S(""));
    return stmt_run(q, NULL, e);
}

static enum code begin(struct verb *v, const struct print_new *given, int64_t *run, struct err *e)
{
    struct work *w = &v->w;
    struct print_new p = *given;
    struct print_tray tray = {.id = 0};
    struct print_run *runs;
    struct item_text t;
    size_t n;
    p.why = str_trim(p.why);
    p.fonts_why = str_trim(p.fonts_why);
    TRY(text_ok("理由", p.why, PRINT_WHY_CP_MAX, e));
    TRY(text_ok("理由", p.fonts_why, PRINT_WHY_CP_MAX, e));
    TRY(item_text(w->db, &v->a, w->by, w->it.id, &t, e));
    TRY(runs_of(w->db, &v->a, w->it.id, &runs, &n, e));
    TRY(judge(w, &t, &p, runs, n, e));
    const struct print_run *was = print_confirmed(runs, n, t.final, p.fonts);
    if (p.fonts.n && was && (!may_confirm(w) || !p.fonts_why.n))
        p.fonts_why = was->fonts_why;
    if (p.tray)
        TRY(print_tray_get(w->db, &v->a, p.tray, &tray, e));
    TRY(run_put(w, &t, &p, &tray, n > 0, run, e));
    jw_kid(&v->j, "run", *run);
    jw_kint(&v->j, "copies", p.copies);
    if (p.first_no)
        jw_kint(&v->j, "first", p.first_no);
    jw_kstr(&v->j, "sm3", t.final_digest);
    if (n)
        jw_kbool(&v->j, "again", true);
    if (p.why.n)
        jw_kstr(&v->j, "why", p.why);
    if (p.fonts.n) {
        jw_kstr(&v->j, "fonts", p.fonts);
        jw_kstr(&v->j, "fonts_why", p.fonts_why);
    }
    return OK;
}

enum code print_begin(
    struct db *db, const struct actor *by, const struct print_new *p, int64_t *run, struct err *e)
{
    struct verb v;
    enum code c = verb_begin_any(&v, db, by, p->item, e);
    if (c == OK)
        c = begin(&v, p, run, e);
    return verb_end(&v, c, "print", e);
}

static enum code run_get(
    struct db *db, struct arena *a, int64_t id, struct print_run *out, struct err *e)
{
    struct stmt *q = db_sql(db,
        "SELECT " RUN_COLUMNS " FROM print_run r LEFT JOIN person p ON p.id = r.by_person"
        " WHERE r.id = ?1");
    bool there;
    stmt_bind_int(q, 1, id);
    there = stmt_step(q);
    if (there)
        *out = run_row(q, a);
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_NOTFOUND, "没有这次印制");
}

static enum code spoil(
    struct verb *v, const struct print_run *r, int64_t n, struct str why, struct err *e)
{
    struct work *w = &v->w;
    if (!may_print(w))
        return FAIL(e, E_DENIED, "您不能登记印废，请联系秘书科");
    if (n < 1 || r->spoiled + n > r->copies)
        return FAIL(e, E_INPUT, "这次印了%lld份，印废填1到%lld", (long long)r->copies,
            (long long)(r->copies - r->spoiled));
    TRY(verb_reason(v, why, true, e));
    jw_kid(&v->j, "run", r->id);
    jw_kint(&v->j, "copies", n);
    struct stmt *q =
        db_sql(w->db, "UPDATE print_run SET spoiled = ?2, spoiled_why = ?3 WHERE id = ?1");
    stmt_bind_int(q, 1, r->id);
    stmt_bind_int(q, 2, r->spoiled + n);
    stmt_bind_str(q, 3,
        r->spoiled_why.n ? arena_printf(&v->a, "%.*s；%.*s", SF(r->spoiled_why), SF(str_trim(why)))
                         : str_trim(why));
    return stmt_run(q, NULL, e);
}

enum code print_spoil(
    struct db *db, const struct actor *by, int64_t run, int64_t n, struct str why, struct err *e)
{
    struct arena a;
    struct verb v;
    struct print_run r = {.id = 0};
    arena_init(&a);
    enum code c = run_get(db, &a, run, &r, e);
    if (c == OK) {
        c = verb_begin_any(&v, db, by, r.item, e);
        if (c == OK)
            c = spoil(&v, &r, n, why, e);
        c = verb_end(&v, c, "spoil", e);
    }
    arena_release(&a);
    return c;
}
