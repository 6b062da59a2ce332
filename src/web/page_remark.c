/* page_remark.c - remarks of leaders: entered from paper, verified beside their picture, handed on to whom they name, and what came of them. */
#include <stdio.h>
#include <unistd.h>

#include "office/item_file.h"
#include "office/item_view.h"
#include "office/remark.h"
#include "text/day_words.h"
#include "web/item_page.h"
#include "web/remark_rows.h"
#include "web/route.h"
#include "web/rows.h"

enum { PICTURE_WIDTH = 1200 };

/* ---- rows ---- */

struct str remark_link(struct arena *a, int64_t item, int64_t seq)
{
    return arena_printf(a, "/items/%lld/remarks/%lld", (long long)item, (long long)seq);
}

struct remark_row row_remark(struct ctx *c, const struct remark *r)
{
    static const char *const states[] = {"own", "entered", "right", "wrong"};
    return (struct remark_row){.item = r->item,
        .seq = r->seq,
        .leader = r->leader_name,
        .day = iso_day(r->day),
        .kind = str_z(remark_kind_name(r->kind)),
        .words = r->words,
        .by = r->state == REMARK_OWN ? S("") : r->by_name,
        .state = str_z(states[r->state]),
        .title = r->item_title,
        .number = r->item_number,
        .closed = r->closed_ms != 0,
        .link = remark_link(c->a, r->item, r->seq)};
}

void remark_rows_named(struct ctx *c, const struct remark_named *v, size_t n,
    struct remark_named_row **out, size_t *n_out)
{
    struct remark_named_row *rows = ARENA_ARRAY(c->a, struct remark_named_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct remark_named_row *o = &rows[i];
        *o = (struct remark_named_row){
            .no = (int64_t)i, .words = v[i].words, .purpose = v[i].purpose, .sure = v[i].n == 1};
        o->fits = ARENA_ARRAY(c->a, struct remark_fit_row, v[i].n + 1);
        for (size_t k = 0; k < v[i].n; k++) {
            const struct remark_fit *f = &v[i].fit[k];
            o->fits[o->n_fits++] = (struct remark_fit_row){
                .value = arena_printf(
                    c->a, "%c%lld", f->kind == PRINCIPAL_UNIT ? 'u' : 'p', (long long)f->id),
                .name = f->name,
                .note = f->note};
        }
    }
    *out = rows;
    *n_out = n;
}

/* ---- entering ---- */

struct entering {
    struct remark_new r;
    struct item_upload *up;
    size_t n_up;
    int64_t seq;
    struct str problem;
};

/* What the leader is asked by the item now, with several ways to end it: which of them the words mean is not always said. */
static void fill_said(struct ctx *c, const struct ask *k, struct choices *l)
{
    struct str rest = k->answers, line, said = req_field(c->r, "said");
    int64_t n = 0, at = 0;
    while (str_next(&rest, S("\n"), &line))
        n++;
    if (k->final < 2)
        return;
    choice_add(c, l, S(""), S("由批语认"), !said.n);
    for (rest = k->answers; str_next(&rest, S("\n"), &line); at++)
        if (at >= n - k->final)
            choice_add(c, l, line, line, str_eq(said, line));
}

static bool waits_for(const struct ask *v, size_t n, int64_t leader, const struct ask **out)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].state == ASK_OPEN && v[i].sent_ms && v[i].to_kind == PRINCIPAL_PERSON &&
            v[i].to == leader) {
            *out = &v[i];
            return true;
        }
    return false;
}

static enum code fill_leaders(
    struct ctx *c, struct db *db, struct page_remark_form *p, struct err *e)
{
    struct choices l = {0}, said = {0};
    struct person *v;
    struct ask *asks;
    const struct ask *k;
    size_t n, n_asks;
    int64_t typed = ctx_int(req_field(c->r, "leader"), 1, INT64_MAX, 0);
    TRY(person_list(db, c->a, 0, false, &v, &n, e));
    TRY(ask_list(db, c->a, ctx_actor(c), c->id, &asks, &n_asks, e));
    for (int waiting = 1; waiting >= 0; waiting--)
        for (size_t i = 0; i < n; i++) {
            if (!(v[i].roles & ROLE_LEADER) || waits_for(asks, n_asks, v[i].id, &k) != waiting)
                continue;
            bool chosen = typed ? v[i].id == typed : waiting && l.n == 0;
            choice_add(c, &l, arena_printf(c->a, "%lld", (long long)v[i].id),
                arena_printf(c->a, "%.*s%s%.*s%s", SF(v[i].name), v[i].title.n ? "　" : "",
                    SF(v[i].title), waiting ? "（正等他批示）" : ""),
                chosen);
            if (waiting && chosen)
                fill_said(c, k, &said);
        }
    p->leaders = l.v;
    p->n_leaders = l.n;
    p->said = said.v;
    p->n_said = said.n;
    return OK;
}

static void fill_kinds(struct ctx *c, struct page_remark_form *p)
{
    struct choices l = {0};
    struct str typed = req_field(c->r, "kind");
    choice_add(c, &l, S(""), S("由批语认"), !typed.n);
    for (int k = 1; k < N_REMARK_KIND; k++) {
        struct str name = str_z(remark_kind_name((enum remark_kind)k));
        choice_add(c, &l, name, name, str_eq(typed, name));
    }
    p->kinds = l.v;
    p->n_kinds = l.n;
}

static struct str today(struct ctx *c)
{
    char iso[DAY_ISO_SIZE];
    return arena_str(c->a, day_iso(day_of(clock_day(ctx_actor(c)->now_ms, ZONE_CHINA)), iso));
}

/* What the words typed so far say: shown beside them, and nothing is done. */
static enum code fill_read(struct ctx *c, struct db *db, struct page_remark_form *p, struct err *e)
{
    struct remark_named v[REMARK_NAMED_MAX];
    struct remark_people people;
    size_t n;
    enum remark_kind k = remark_kind_of(p->words);
    if (!p->words.n && !req_field(c->r, "act").n)
        return OK;
    p->proposed = str_z(remark_kind_name(k));
    p->next = str_z(remark_kind_next(k));
    TRY(remark_people(db, c->a, p->day.n ? p->day : today(c), &people, e));
    remark_read(c->a, p->words, &people, v, &n);
    remark_rows_named(c, v, n, &p->named, &p->n_named);
    return OK;
}

static enum code fill_form(struct ctx *c, struct db *db, struct page_remark_form *p, struct err *e)
{
    struct item it;
    struct remark *v;
    size_t n;
    TRY(item_get(db, c->a, ctx_actor(c), c->id, &it, e));
    ctx_level(c, it.level);
    TRY(remark_list(db, c->a, ctx_actor(c), c->id, &v, &n, e));
    p->item = it.id;
    p->number = it.number;
    p->title = it.title;
    p->item_link = item_link(c->a, it.id, S(""), 0);
    p->words = str_trim(req_field(c->r, "words"));
    p->day = str_trim(req_field(c->r, "day"));
    p->may = remark_may_enter(ctx_actor(c));
    if (!p->day.n)
        p->day = today(c);
    p->rows = ARENA_ARRAY(c->a, struct remark_row, n + 1);
    for (size_t i = n; i-- > 0;)
        p->rows[p->n_rows++] = row_remark(c, &v[i]);
    fill_kinds(c, p);
    TRY(fill_leaders(c, db, p, e));
    return fill_read(c, db, p, e);
}

static enum code show_form(struct ctx *c, struct str problem, struct err *e)
{
    struct page_remark_form p = {.problem = problem};
    struct db *db;
    if (!problem.n)
        p.done = ctx_flash_take(c);
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_form(c, db, &p, e);
    store_read_end(db);
    TRY(code);
    show_remark_form(c, &p);
    return OK;
}

enum code page_remark_form(struct ctx *c, struct err *e)
{
    return show_form(c, S(""), e);
}

static enum code write_remark(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct entering *k = c->job;
    const struct actor *by = ctx_actor(c);
    struct remark_new r = k->r; /* this may run again */
    int64_t *files = ARENA_ARRAY(c->a, int64_t, k->n_up + 1);
    for (size_t i = 0; i < k->n_up; i++)
        TRY(item_file_put(db, by, &k->up[i], &files[r.n_files++], e));
    r.files = files;
    return remark_enter(db, by, &r, &k->seq, e);
}

static bool persons_fault(enum code code)
{
    return item_persons_fault(code) || code == E_SECRET;
}

static enum code after_remark(struct ctx *c, enum code code, struct err *e)
{
    const struct entering *k = c->job;
    ctx_secret(c, code);
    if (code != OK) {
        if (!persons_fault(code) || code == E_NOTFOUND)
            return code;
        c->r->res.status = code == E_CONFLICT ? 409 : code == E_DENIED ? 403 : 400;
        return show_form(c, arena_str(c->a, str_z(e->msg)), e);
    }
    ctx_flash(c, k->r.leader == c->v->person ? S("批示已录入") : S("批示已录入，等另一位同事核对"));
    ctx_redirect(c, remark_link(c->a, c->id, k->seq));
    return OK;
}

static enum code read_remark(struct ctx *c, struct entering *k, struct err *e)
{
    const struct form *f = c->r->form;
    struct str kind = req_field(c->r, "kind");
    k->r = (struct remark_new){.item = c->id,
        .leader = ctx_int(req_field(c->r, "leader"), 1, INT64_MAX, 0),
        .words = str_trim(req_field(c->r, "words")),
        .day = str_trim(req_field(c->r, "day")),
        .word = req_field(c->r, "said")};
    for (int i = 1; i < N_REMARK_KIND; i++)
        if (str_eq(kind, str_z(remark_kind_name((enum remark_kind)i))))
            k->r.kind = (enum remark_kind)i;
    if (f->n_files > REMARK_FILES_MAX)
        return FAIL(e, E_LIMIT, "一条批示最多附%d张图片", REMARK_FILES_MAX);
    k->up = ARENA_ARRAY(c->a, struct item_upload, f->n_files + 1);
    for (size_t i = 0; i < f->n_files; i++)
        TRY(item_file_judge(c->app->office, c->a, f->files[i].fd,
            f->files[i].name.n ? f->files[i].name : S("批示.jpg"), &k->up[k->n_up++], e));
    return OK;
}

enum code do_remark_enter(struct ctx *c, struct err *e)
{
    struct entering *k = ARENA_NEW(c->a, struct entering);
    c->job = k;
    if (str_eq(req_field(c->r, "act"), S("read")))
        return show_form(c, S(""), e);
    enum code code = read_remark(c, k, e);
    return code == OK ? ctx_write(c, write_remark, c, after_remark) : after_remark(c, code, e);
}

/* ---- one remark ---- */

/* "从7月13日（星期一）起，已有2天" */
static struct str since_text(struct ctx *c, int64_t ms)
{
    struct buf b;
    buf_init(&b, 0);
    day_write_short(&b, clock_day(ms, ZONE_CHINA));
    struct str s = clock_day(ms, ZONE_CHINA) == clock_day(ctx_actor(c)->now_ms, ZONE_CHINA)
                       ? S("从今天起")
                       : arena_printf(c->a, "从%.*s起，已有%.*s", SF(buf_view(&b)),
                             SF(since_words(c->a, ms, ctx_actor(c)->now_ms)));
    buf_release(&b);
    return s;
}

static struct remark_task_row task_row(struct ctx *c, const struct remark_task *t)
{
    struct remark_task_row o = {
        .open = t->open, .late = t->late, .since = t->open ? since_text(c, t->since_ms) : S("")};
    if (t->is_item) {
        o.what = S("事项");
        o.unit = t->unit;
        o.purpose = t->item.title;
        o.sent = minute_text(c, t->item.opened_ms);
        o.due = due_day(c->a, t->item.due_ms);
        o.result = t->state;
        o.at = t->item.closed_ms ? minute_text(c, t->item.closed_ms) : S("");
        o.link = item_link(c->a, t->item.id, S(""), 0);
        return o;
    }
    o.what = S("请办");
    o.unit = t->ask.to_name;
    o.purpose = t->ask.purpose;
    o.sent = minute_text(c, t->ask.sent_ms);
    o.due = due_day(c->a, t->ask.due_ms);
    o.result = t->ask.text.n ? arena_printf(c->a, "%.*s：%.*s", SF(t->ask.word), SF(t->ask.text))
                             : t->ask.word;
    o.at = t->ask.answered_ms ? minute_text(c, t->ask.answered_ms) : S("");
    o.link = arena_printf(c->a, "/asks/%lld", (long long)t->ask.id);
    return o;
}

static bool is_picture(struct str name)
{
    static const char *const ends[] = {".jpg", ".jpeg", ".png", ".pdf", ".ofd", ".tif", ".tiff",
        ".bmp", ".webp", ".JPG", ".JPEG", ".PNG", ".PDF"};
    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
        if (str_ends(name, str_z(ends[i])))
            return true;
    return false;
}

static enum code fill_pictures(
    struct ctx *c, struct db *db, const struct remark *r, struct page_remark *p, struct err *e)
{
    struct str rest = r->files, line;
    p->pictures = ARENA_ARRAY(c->a, struct remark_picture, REMARK_FILES_MAX + 1);
    while (p->n_pictures < REMARK_FILES_MAX && str_next(&rest, S("\n"), &line)) {
        struct item_file f;
        struct err none;
        int64_t id = id_in_text(line);
        if (item_file_open(db, c->a, ctx_actor(c), id, &f, &none) != OK)
            continue;
        p->pictures[p->n_pictures++] = (struct remark_picture){.id = id,
            .name = f.name,
            .image = is_picture(f.name) ? arena_printf(c->a, "/items/%lld/pictures/%lld",
                                              (long long)r->item, (long long)id)
                                        : S(""),
            .link =
                arena_printf(c->a, "/items/%lld/files/%lld", (long long)r->item, (long long)id)};
    }
    (void)e;
    return OK;
}

static enum code fill_tasks(
    struct ctx *c, struct db *db, const struct remark *r, struct page_remark *p, struct err *e)
{
    struct remark_task *v;
    size_t n;
    TRY(remark_tasks(db, c->a, ctx_actor(c), r, &v, &n, e));
    p->tasks = ARENA_ARRAY(c->a, struct remark_task_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        p->tasks[p->n_tasks++] = task_row(c, &v[i]);
        p->open += v[i].open;
    }
    if (remark_idle(r, n))
        p->idle = since_text(c, r->at_ms);
    return OK;
}

/* Whom the words name and nobody has asked since; those who are asked already are left out. */
static enum code fill_named(
    struct ctx *c, struct db *db, const struct remark *r, struct page_remark *p, struct err *e)
{
    struct remark_named v[REMARK_NAMED_MAX];
    struct remark_people people;
    struct ask *asks;
    size_t n, n_asks;
    TRY(remark_people(db, c->a, r->day, &people, e));
    TRY(ask_list(db, c->a, ctx_actor(c), r->item, &asks, &n_asks, e));
    remark_read(c->a, r->words, &people, v, &n);
    remark_rows_named(c, v, n, &p->named, &p->n_named);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        bool had = v[i].n == 1 && v[i].fit[0].kind == PRINCIPAL_PERSON &&
                   v[i].fit[0].id == r->leader; /* he does not ask himself */
        for (size_t k = 0; k < n_asks; k++)
            had = had || (asks[k].made > r->seq && v[i].n && asks[k].to_kind == v[i].fit[0].kind &&
                             asks[k].to == v[i].fit[0].id);
        if (!had)
            p->named[kept++] = p->named[i];
    }
    p->n_named = kept;
    return OK;
}

/* Till when, as the words say, counted from the day on which they were written. */
static void fill_due(struct ctx *c, const struct remark *r, struct page_remark *p)
{
    struct text_span at;
    struct day written;
    int32_t due, now = clock_day(ctx_actor(c)->now_ms, ZONE_CHINA);
    char iso[DAY_ISO_SIZE];
    p->due =
        arena_str(c->a, str_trim(req_field(c->r, "due"))); /* what was refused stands as typed */
    if (!day_from_iso(r->day, &written) ||
        !day_words_due(r->words, day_num(written), c->app->office->calendar, &due, &at))
        return;
    p->due_words = arena_str(c->a, span_str(r->words, at));
    if (due >= now && !p->due.n)
        p->due = arena_str(c->a, day_iso(day_of(due), iso));
}

static enum code fill_one(struct ctx *c, struct db *db, struct page_remark *p, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    struct item_proxy *v;
    struct remark r;
    struct item it;
    bool may[N_ITEM_RIGHT];
    size_t n;
    TRY(remark_get(db, c->a, by, c->id, c->id2, &r, e));
    TRY(item_get(db, c->a, by, c->id, &it, e));
    ctx_level(c, it.level);
    TRY(item_rights(db, by, c->id, may, e));
    p->row = row_remark(c, &r);
    p->next = str_z(remark_kind_next(r.kind));
    p->entered = minute_text(c, r.at_ms);
    fill_due(c, &r, p);
    p->item_link = item_link(c->a, r.item, S(""), 0);
    p->may_ask = may[ITEM_ASK];
    p->may_verify = r.state == REMARK_ENTERED && r.by != c->v->person &&
                    (may[ITEM_VERIFY] || r.leader == c->v->person);
    p->ended = r.closed_ms ? minute_text(c, r.closed_ms) : S("");
    if (may[ITEM_SPLIT])
        p->supervise = arena_printf(c->a, "/items/new?kind=supervision&from=%lld&remark=%lld",
            (long long)r.item, (long long)r.seq);
    TRY(item_proxy_list(db, c->a, by, 0, &v, &n, e));
    p->waiting = (int64_t)n;
    TRY(fill_pictures(c, db, &r, p, e));
    TRY(fill_tasks(c, db, &r, p, e));
    return p->may_ask ? fill_named(c, db, &r, p, e) : OK;
}

static enum code show_one(struct ctx *c, struct str problem, struct err *e)
{
    struct page_remark p = {.problem = problem};
    struct db *db;
    if (!problem.n)
        p.done = ctx_flash_take(c);
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_one(c, db, &p, e);
    store_read_end(db);
    TRY(code);
    show_remark(c, &p);
    return OK;
}

enum code page_remark(struct ctx *c, struct err *e)
{
    return show_one(c, S(""), e);
}

static enum code again(struct ctx *c, enum code code, struct err *e)
{
    if (!persons_fault(code) || code == E_NOTFOUND)
        return code;
    c->r->res.status = code == E_CONFLICT ? 409 : code == E_DENIED ? 403 : 400;
    return show_one(c, arena_str(c->a, str_z(e->msg)), e);
}

/* ---- verified ---- */

static enum code write_verify(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    return item_verify(db, ctx_actor(c), c->id, c->id2, str_eq(req_field(c->r, "right"), S("1")),
        req_field(c->r, "text"), e);
}

static enum code next_to_verify(struct ctx *c, struct str *out, struct err *e)
{
    struct item_proxy *v;
    struct remark r;
    struct db *db;
    struct err none;
    size_t n;
    *out = remark_link(c->a, c->id, c->id2);
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = item_proxy_list(db, c->a, ctx_actor(c), 0, &v, &n, e);
    for (size_t i = 0; code == OK && i < n; i++)
        if (remark_get(db, c->a, ctx_actor(c), v[i].item, v[i].seq, &r, &none) == OK) {
            *out = remark_link(c->a, r.item, r.seq);
            break;
        }
    store_read_end(db);
    return code;
}

static enum code after_verify(struct ctx *c, enum code code, struct err *e)
{
    struct str next;
    if (code != OK)
        return again(c, code, e);
    TRY(next_to_verify(c, &next, e));
    bool more = !str_eq(next, remark_link(c->a, c->id, c->id2));
    ctx_flash(c, more ? S("上一条已核对，这是下一条") : S("已核对，没有等您核对的了"));
    ctx_redirect(c, next);
    return OK;
}

enum code do_remark_verify(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_verify, c, after_verify);
}

static enum code fill_queue(
    struct ctx *c, struct db *db, struct page_remark_queue *p, struct err *e)
{
    struct item_proxy *v;
    size_t n;
    TRY(item_proxy_list(db, c->a, ctx_actor(c), 0, &v, &n, e));
    p->rows = ARENA_ARRAY(c->a, struct remark_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct remark r;
        struct err none; /* words of others than leaders are verified on the page of their item */
        if (remark_get(db, c->a, ctx_actor(c), v[i].item, v[i].seq, &r, &none) == OK)
            p->rows[p->n_rows++] = row_remark(c, &r);
        else
            p->rows[p->n_rows++] = (struct remark_row){.item = v[i].item,
                .seq = v[i].seq,
                .leader = v[i].for_name,
                .by = v[i].by_name,
                .state = S("entered"),
                .words = S("（不是领导的批示，在事项页上核对）"),
                .link = arena_printf(c->a, "/items/%lld#proxies", (long long)v[i].item)};
    }
    return OK;
}

enum code page_remark_queue(struct ctx *c, struct err *e)
{
    struct page_remark_queue p = {.done = ctx_flash_take(c)};
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_queue(c, db, &p, e);
    store_read_end(db);
    TRY(code);
    show_remark_queue(c, &p);
    return OK;
}

/* ---- handed on ---- */

struct sending {
    struct ask_new asks[REMARK_NAMED_MAX];
    size_t n;
};

static struct str numbered(struct ctx *c, const char *name, size_t no)
{
    return req_field(c->r, arena_printf(c->a, "%s.%zu", name, no).p);
}

/* A name that was typed must be one thing. */
static enum code typed_one(
    struct str typed, const struct remark_people *people, struct remark_fit *out, struct err *e)
{
    struct remark_named m;
    remark_fits(typed, people, &m);
    if (m.n != 1)
        return FAIL(e, E_INPUT,
            m.n ? "“%.*s”对得上不止一个，请写全名" : "没有“%.*s”这个人或单位，请写全名",
            SF(str_trim(typed)));
    *out = m.fit[0];
    return OK;
}

static enum code chosen_one(struct ctx *c, size_t no, const struct remark_people *people,
    struct remark_fit *out, struct err *e)
{
    struct str to = numbered(c, "to", no), other = str_trim(numbered(c, "other", no));
    if (other.n)
        return typed_one(other, people, out, e);
    out->kind = str_starts(to, S("u")) ? PRINCIPAL_UNIT : PRINCIPAL_PERSON;
    out->id = ctx_int(str_sub(to, 1, SIZE_MAX), 1, INT64_MAX, 0);
    return out->id ? OK : FAIL(e, E_INPUT, "第%zu个对象没有选定是谁", no + 1);
}

static bool is_sent(const struct ctx *c, size_t no)
{
    const struct form *f = c->r->form;
    for (size_t i = 0; f && i < f->n_fields; i++)
        if (str_eq(f->fields[i].name, S("send")) &&
            ctx_int(f->fields[i].value, 0, REMARK_NAMED_MAX, -1) == (int64_t)no)
            return true;
    return false;
}

static enum code due_of(struct ctx *c, int64_t *out, struct err *e)
{
    struct str day = str_trim(req_field(c->r, "due"));
    struct day d;
    *out = 0;
    if (!day.n)
        return OK;
    TRY(day_parse(day, &d, e));
    *out = clock_day_ms(day_num(d) + 1, ZONE_CHINA);
    return *out > ctx_actor(c)->now_ms ? OK : FAIL(e, E_INPUT, "期限已经过了，请另定");
}

static enum code read_asks(struct ctx *c, struct db *db, struct sending *s, struct err *e)
{
    struct remark_named v[REMARK_NAMED_MAX];
    struct remark_people people;
    struct remark r;
    int64_t due;
    size_t n;
    TRY(remark_get(db, c->a, ctx_actor(c), c->id, c->id2, &r, e));
    TRY(remark_people(db, c->a, r.day, &people, e));
    TRY(due_of(c, &due, e));
    remark_read(c->a, r.words, &people, v, &n);
    for (size_t i = 0; i < n; i++) {
        struct remark_fit to = {.id = 0};
        if (!is_sent(c, i))
            continue;
        TRY(chosen_one(c, i, &people, &to, e));
        s->asks[s->n++] = (struct ask_new){.to_kind = to.kind,
            .to = to.id,
            .purpose = v[i].purpose,
            .answers = v[i].answers,
            .wait = WAIT_ALL,
            .due_ms = due};
    }
    return s->n ? OK : FAIL(e, E_INPUT, "没有勾选要交办的对象");
}

static enum code write_asks(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    const struct sending *s = c->job;
    return remark_ask(db, ctx_actor(c), c->id, c->id2, s->asks, s->n, e);
}

static enum code after_asks(struct ctx *c, enum code code, struct err *e)
{
    const struct sending *s = c->job;
    if (code != OK)
        return again(c, code, e);
    ctx_flash(c, arena_printf(c->a, "已交办%zu个对象", s->n));
    ctx_redirect(c, remark_link(c->a, c->id, c->id2));
    return OK;
}

enum code do_remark_ask(struct ctx *c, struct err *e)
{
    struct sending *s = ARENA_NEW(c->a, struct sending);
    struct db *db;
    c->job = s;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = read_asks(c, db, s, e);
    store_read_end(db);
    return code == OK ? ctx_write(c, write_asks, c, after_asks) : again(c, code, e);
}

/* ---- the picture ---- */

static enum code copy_file(struct ctx *c, int fd, struct str *name, struct err *e)
{
    struct item_file f;
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = item_file_open(db, c->a, ctx_actor(c), c->id2, &f, e);
    if (code == OK && f.item != c->id)
        code = FAIL(e, E_NOTFOUND, "这件事项没有这份附件");
    if (code == OK)
        code = blob_read_fd(db, f.blob, fd, e);
    store_read_end(db);
    TRY(code);
    *name = f.name;
    return OK;
}

/* The bytes that came are never shown inside our origin: a child in the cage draws them anew. */
enum code page_picture(struct ctx *c, struct err *e)
{
    FILE *f = tmpfile();
    struct str name, png;
    if (!f)
        return FAIL(e, E_IO, "无法暂存图片，请查看磁盘空间");
    enum code code = copy_file(c, fileno(f), &name, e);
    if (code == OK)
        code = reader_page_png(
            c->app->office->readers, c->a, fileno(f), name, 1, PICTURE_WIDTH, &png, e);
    (void)fclose(f);
    TRY(code);
    res_text(&c->r->res, 200, S("image/png"), png);
    res_header(&c->r->res, "Cache-Control", S("private, max-age=300"));
    return OK;
}
