/* page_register.c - 收文登记: one screen, one paper after the other. The script of the page (register.ts) asks the same addresses as the
 * form does without it. */
#include "base/clock.h"
#include "office/register.h"
#include "web/item_page.h"
#include "web/route.h"
#include "web/rows.h"

enum { REGISTERED_SHOWN = 10 };

struct register_job {
    struct register_new r;
    struct item_upload *up; /* sent with the form, judged */
    struct register_reading read;
    struct str file_name, note;
    bool scanned, sure;
    int64_t id; /* of the item */
    struct str blob;
};

/* ---- the page ---- */

static const char *why_name(enum register_why w)
{
    static const char *const names[] = {"", "文号相同", "文件相同", "标题相近"};
    return names[w];
}

static void fill_known(struct ctx *c, const struct register_known *v, size_t n,
    struct known_row **rows, size_t *n_rows)
{
    *rows = ARENA_ARRAY(c->a, struct known_row, n + 1);
    *n_rows = 0;
    for (size_t i = 0; i < n; i++)
        (*rows)[(*n_rows)++] = (struct known_row){.why = str_z(why_name(v[i].why)),
            .number = v[i].number,
            .title = v[i].title,
            .sender = v[i].sender,
            .day = v[i].day,
            .link = v[i].item  ? item_link(c->a, v[i].item, S(""), 0)
                    : v[i].doc ? arena_printf(c->a, "/library/%lld", (long long)v[i].doc)
                               : S("")};
}

/* The digit in front is typed to choose. */
static void fill_selects(struct ctx *c, const struct register_new *r, struct page_register *p)
{
    static const char *const urgent[] = {"0 无", "1 平急", "2 加急", "3 特急"};
    struct choices u = {0}, k = {0};

    for (int i = URGENCY_NONE; i <= URGENCY_URGENT; i++)
        choice_add(c, &u, arena_printf(c->a, "%d", i), str_z(urgent[i]), i == (int)r->urgency);
    choice_add(c, &k, S("read"), S("1 阅件"), !r->task);
    choice_add(c, &k, S("task"), S("2 办件"), r->task && !r->reply);
    choice_add(c, &k, S("reply"), S("3 办件，需答复"), r->reply);
    p->urgencies = u.v;
    p->n_urgencies = u.n;
    p->classes = k.v;
    p->n_classes = k.n;
}

/* The kind's own list; the initials as the value. */
static enum code fill_genres(
    struct ctx *c, struct db *db, bool from_file, struct page_register *p, struct err *e)
{
    const struct kind *k;
    struct choices l = {0};

    TRY(kinds_get(c->app->office->kinds, db, S(REGISTER_KIND), 0, &k, e));
    size_t at = kind_field_of(k, S("genre"));
    for (size_t i = 0; at != SIZE_MAX && i < k->fields[at].n_choices; i++) {
        struct str name = k->fields[at].choices[i];
        choice_add(c, &l, initials_of(c->a, name), name, false);
    }
    p->genres = l.v;
    p->n_genres = l.n;
    if (from_file && p->genre.n) { /* 方案, 办法 and the like are none of the fifteen */
        bool there = false;
        for (size_t i = 0; i < l.n; i++)
            there = there || str_eq(l.v[i].name, p->genre);
        if (!there)
            p->genre = str_starts(p->genre, S("命令")) ? S("命令") : S("其他");
    }
    return OK;
}

static enum code fill_senders(struct ctx *c, struct db *db, struct page_register *p, struct err *e)
{
    struct register_sender *v;
    size_t n;

    TRY(register_senders(db, c->a, ctx_actor(c), &v, &n, e));
    p->senders = ARENA_ARRAY(c->a, struct sender_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->senders[p->n_senders++] = (struct sender_row){v[i].name, v[i].initials, v[i].papers};
    return OK;
}

static struct str sender_of(struct ctx *c, const struct item *it)
{
    struct err none;
    json_t *o;

    if (jr_parse(it->fields, &o, &none) != OK)
        return S("");
    struct str s = arena_str(c->a, jr_str(o, "sender"));
    json_decref(o);
    return s;
}

/* Registered with copies, which have slips. */
static bool on_paper(const struct item *it)
{
    struct err none;
    json_t *o;

    if (jr_parse(it->fields, &o, &none) != OK)
        return false;
    bool is = jr_str(o, "copies").n > 0;
    json_decref(o);
    return is;
}

static enum code fill_done(struct ctx *c, struct db *db, struct page_register *p, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    struct item_filter f = {.kind = S(REGISTER_KIND),
        .owner = c->v->person,
        .opened_from_ms = clock_day_ms(clock_day(by->now_ms, ZONE_CHINA), ZONE_CHINA),
        .descending = true};
    struct item_page page;

    TRY(item_list(db, c->a, by, &f, REGISTERED_SHOWN, &page, e));
    p->today = page.total;
    p->rows = ARENA_ARRAY(c->a, struct registered_row, page.n + 1);
    for (size_t i = 0; i < page.n; i++)
        p->rows[p->n_rows++] = (struct registered_row){.id = page.items[i].id,
            .number = page.items[i].number,
            .title = page.items[i].title,
            .sender = sender_of(c, &page.items[i]),
            .link = item_link(c->a, page.items[i].id, S("/register"), 0),
            .slips = on_paper(&page.items[i]) ? arena_printf(c->a, "/originals/slips?item=%lld",
                                                    (long long)page.items[i].id)
                                              : S("")};
    p->last = page.n ? page.items[0].number : S("");
    return OK;
}

static void fill_typed(struct ctx *c, const struct register_job *j, struct page_register *p)
{
    const struct register_new *r = &j->r;

    p->received = r->received;
    p->copies = r->copies;
    p->file = r->file;
    p->file_name = j->file_name;
    p->scanned = j->scanned;
    p->note = j->note;
    p->subject = r->subject;
    p->sender = r->sender;
    p->docno = r->docno;
    p->written = r->written;
    p->genre = r->genre;
    p->due = r->due;
    fill_selects(c, r, p);
}

static enum code show_form(
    struct ctx *c, const struct register_job *j, struct page_register *p, struct err *e)
{
    struct db *db;

    fill_typed(c, j, p);
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_genres(c, db, j->read.file.name.n > 0, p, e);
    if (code == OK)
        code = fill_senders(c, db, p, e);
    if (code == OK)
        code = fill_done(c, db, p, e);
    store_read_end(db);
    if (code == OK)
        show_register(c, p);
    return code;
}

static struct str today_iso(struct ctx *c)
{
    char iso[DAY_ISO_SIZE];
    return arena_str(c->a, day_iso(day_of(clock_day(ctx_actor(c)->now_ms, ZONE_CHINA)), iso));
}

enum code page_register(struct ctx *c, struct err *e)
{
    struct page_register p = {.done = ctx_flash_take(c)};
    struct register_job j = {.r = {.received = today_iso(c),
                                 .copies = 1}}; /* what is typed from paper is there on paper */

    return show_form(c, &j, &p, e);
}

/* ---- what was typed ---- */

static enum code read_sitting(struct ctx *c, struct register_job *j, struct err *e)
{
    int32_t today = clock_day(ctx_actor(c)->now_ms, ZONE_CHINA);

    j->r.received = ctx_words(c, req_field(c->r, "received"));
    if (!j->r.received.n)
        j->r.received = today_iso(c);
    j->r.copies = ctx_int(str_trim(req_field(c->r, "copies")), 0, INT32_MAX, 0);
    return register_day(c->a, j->r.received, today, false, &j->r.received, e);
}

static enum code read_typed(struct ctx *c, struct register_job *j, struct err *e)
{
    struct register_new *r = &j->r;
    int32_t today = clock_day(ctx_actor(c)->now_ms, ZONE_CHINA);
    struct str class = req_field(c->r, "class");

    r->subject = ctx_words(c, req_field(c->r, "subject"));
    r->sender = ctx_words(c, req_field(c->r, "sender"));
    r->docno = ctx_words(c, req_field(c->r, "docno"));
    r->written = ctx_words(c, req_field(c->r, "written"));
    r->genre = ctx_words(c, req_field(c->r, "genre"));
    r->due = ctx_words(c, req_field(c->r, "due"));
    r->reply = str_eq(class, S("reply"));
    r->task = r->reply || str_eq(class, S("task"));
    r->urgency = (enum urgency)ctx_int(req_field(c->r, "urgency"), 0, URGENCY_URGENT, 0);
    r->file = id_in_text(req_field(c->r, "file"));
    j->sure = str_eq(req_field(c->r, "sure"), S("1"));
    TRY(read_sitting(c, j, e));
    TRY(register_day(c->a, r->written, today, false, &r->written, e));
    return register_day(c->a, r->due, today, true, &r->due, e);
}

/* Of a file that was read before: its name, its bytes. */
static enum code loose_file(struct ctx *c, struct register_job *j, struct err *e)
{
    struct item_file f;
    struct db *db;

    if (!j->r.file)
        return OK;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = item_file_open(db, c->a, ctx_actor(c), j->r.file, &f, e);
    store_read_end(db);
    if (code == OK) {
        j->file_name = f.name;
        j->blob = f.blob;
    }
    return code;
}

static enum code known_now(struct ctx *c, const struct register_job *j, struct known_row **rows,
    size_t *n_rows, struct err *e)
{
    struct register_known *v;
    size_t n;

    TRY(register_known(c->app->office, c->a, ctx_actor(c), &j->r, j->blob, &v, &n, e));
    fill_known(c, v, n, rows, n_rows);
    return OK;
}

enum code page_register_same(struct ctx *c, struct err *e)
{
    struct page_register_same p = {0};
    struct register_job j = {.r = {.subject = ctx_words(c, req_query(c->r, "subject")),
                                 .docno = ctx_words(c, req_query(c->r, "docno")),
                                 .file = id_in_text(req_query(c->r, "file"))}};

    TRY(loose_file(c, &j, e));
    TRY(known_now(c, &j, &p.known, &p.n_known, e));
    show_register_same(c, &p);
    return OK;
}

/* ---- reading a file ---- */

static bool persons_fault(enum code code)
{
    return item_persons_fault(code) || code == E_SECRET;
}

static enum code again(struct ctx *c, enum code code, struct err *e)
{
    struct page_register p = {.problem = arena_str(c->a, str_z(e->msg))};

    ctx_secret(c, code);
    if (!persons_fault(code))
        return code;
    c->r->res.status = code == E_DENIED ? 403 : code == E_CONFLICT ? 409 : 400;
    return show_form(c, c->job, &p, e);
}

static enum code write_loose(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct register_job *j = c->job;

    return item_file_put(db, ctx_actor(c), &j->read.file, &j->r.file, e);
}

static enum code after_loose(struct ctx *c, enum code code, struct err *e)
{
    struct register_job *j = c->job;
    struct register_reading *x = &j->read;
    struct page_register p = {0};

    if (code != OK)
        return again(c, code, e);
    j->file_name = x->file.name;
    j->scanned = x->scanned;
    j->note = x->note;
    j->blob = str_z(x->file.blob.hex);
    j->r.subject = x->title;
    j->r.sender = x->sender;
    j->r.docno = x->docno;
    j->r.written = x->written;
    j->r.urgency = x->urgency;
    j->r.genre = x->genre;
    TRY(known_now(c, j, &p.known, &p.n_known, e));
    return show_form(c, j, &p, e);
}

enum code do_register_read(struct ctx *c, struct err *e)
{
    struct register_job *j = ARENA_NEW(c->a, struct register_job);
    const struct upload *f = req_file(c->r, "upload");
    enum code code = read_sitting(c, j, e);

    c->job = j;
    if (code == OK && !f)
        code = FAIL(e, E_INPUT, "没有选文件");
    if (code == OK && f)
        code = register_read(
            c->app->office, c->a, f->fd, f->name.n ? f->name : S("未命名"), &j->read, e);
    return code == OK ? ctx_write(c, write_loose, c, after_loose) : again(c, code, e);
}

/* ---- registering ---- */

static enum code write_item(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct register_job *j = c->job;
    struct register_new r = j->r; /* it may run again */

    if (j->up)
        TRY(item_file_put(db, ctx_actor(c), j->up, &r.file, e));
    return register_save(db, ctx_actor(c), &r, &j->id, e);
}

/* For the script: the empty form with what comes beside it. */
static enum code after_item(struct ctx *c, enum code code, struct err *e)
{
    struct register_job *j = c->job, fresh = {0};
    struct page_register p = {0};

    if (code != OK)
        return again(c, code, e);
    if (!c->json) {
        ctx_flash(c, S("已登记，接着登记下一件"));
        ctx_redirect(c, S("/register"));
        return OK;
    }
    fresh.r.received = j->r.received;
    fresh.r.copies = j->r.copies;
    return show_form(c, &fresh, &p, e);
}

static enum code judge(struct ctx *c, struct register_job *j, struct err *e)
{
    const struct upload *f = req_file(c->r, "upload");

    TRY(read_typed(c, j, e));
    TRY(loose_file(c, j, e));
    if (!f || j->r.file)
        return OK;
    j->up = ARENA_NEW(c->a, struct item_upload);
    TRY(item_file_judge(c->app->office, c->a, f->fd, f->name.n ? f->name : S("未命名"), j->up, e));
    j->blob = str_z(j->up->blob.hex);
    return OK;
}

enum code do_register(struct ctx *c, struct err *e)
{
    struct register_job *j = ARENA_NEW(c->a, struct register_job);
    struct page_register p = {0};

    c->job = j;
    enum code code = judge(c, j, e);
    if (code == OK && !j->sure)
        code = known_now(c, j, &p.known, &p.n_known, e);
    if (code != OK)
        return again(c, code, e);
    if (!p.n_known)
        return ctx_write(c, write_item, c, after_item);
    p.problem = S("还没有登记：可能重复，请核对");
    c->r->res.status = 409;
    return show_form(c, j, &p, e);
}
