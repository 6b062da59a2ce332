/* page_matrix.c - units by directives: who has come how far with what, how long it took, and whom to remind. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "office/ask_matrix.h"
#include "office/audit.h"
#include "office/document.h"
#include "office/unit.h"
#include "web/ask_rows.h"
#include "web/route.h"
#include "web/rows.h"

enum { DAYS_SHOWN = 90 };

/* ---- what is asked for ---- */

static enum code check_names(struct ctx *c, struct err *e)
{
    static const char *const known[] = {
        "kind", "from", "to", "unit", "unfinished", "sort", "item", "view"};
    const struct head *h = &c->r->head;
    for (size_t i = 0; i < h->n_query; i++) {
        bool is = false;
        for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++)
            is = is || str_eq(h->query[i].name, str_z(known[k]));
        if (!is)
            return FAIL(e, E_INPUT, "没有“%.*s”这一筛选条件", SF(h->query[i].name));
    }
    return OK;
}

static enum code day_asked(struct ctx *c, const char *name, int add, int64_t *out, struct err *e)
{
    struct str s = str_trim(req_query(c->r, name));
    struct day d;
    if (!s.n)
        return OK;
    TRY(day_parse(s, &d, e));
    *out = clock_day_ms(day_num(d) + add, c->app->office->hours.zone);
    return OK;
}

static enum code read_filter(
    struct ctx *c, const struct actor *by, struct matrix_filter *f, struct err *e)
{
    struct str sort = req_query(c->r, "sort");
    TRY(check_names(c, e));
    *f = (struct matrix_filter){.kind = req_query(c->r, "kind"),
        .item = ctx_int(req_query(c->r, "item"), 1, INT64_MAX, 0),
        .unit = ctx_int(req_query(c->r, "unit"), 1, INT64_MAX, 0),
        .unfinished = req_query(c->r, "unfinished").n > 0};
    if (!f->kind.n)
        f->kind = S("relay");
    if (sort.n && !str_eq(sort, S("unit")) && !str_eq(sort, S("slowest")))
        return FAIL(e, E_INPUT, "不能按“%.*s”排序", SF(sort));
    f->sort = str_eq(sort, S("slowest")) ? MATRIX_SLOWEST : MATRIX_BY_UNIT;
    if (!f->item)
        f->from_ms = clock_day_ms(clock_day(by->now_ms, c->app->office->hours.zone) - DAYS_SHOWN,
            c->app->office->hours.zone);
    TRY(day_asked(c, "from", 0, &f->from_ms, e));
    return day_asked(c, "to", 1, &f->to_ms, e);
}

/* ---- rows ---- */

static int64_t some(int64_t ms, bool any)
{
    return any ? ms : -1;
}

static struct str some_text(struct ctx *c, int64_t ms, bool any)
{
    return any ? span_text(c, ms) : S("");
}

static struct matrix_pace_box pace_box(struct ctx *c, const struct matrix_pace *p)
{
    bool seen = p->seen > 0, answered = p->answered > 0, waiting = p->waiting_ms > 0;
    return (struct matrix_pace_box){.seen_ms = some(p->seen_ms, seen),
        .reply_ms = some(p->reply_ms, answered),
        .total_ms = some(p->total_ms, answered),
        .slowest_ms = some(p->slowest_ms, answered),
        .waiting_ms = some(p->waiting_ms, waiting),
        .seen = some_text(c, p->seen_ms, seen),
        .reply = some_text(c, p->reply_ms, answered),
        .total = some_text(c, p->total_ms, answered),
        .slowest = some_text(c, p->slowest_ms, answered),
        .waiting = some_text(c, p->waiting_ms, waiting)};
}

static struct str hint_of(struct ctx *c, const struct matrix_cell *cell)
{
    struct str s = arena_printf(c->a, "发出 %.*s", SF(minute_text(c, cell->sent_ms)));
    if (cell->seen_ms)
        s = arena_printf(c->a, "%.*s，查看 %.*s", SF(s), SF(minute_text(c, cell->seen_ms)));
    if (cell->received_ms)
        s = arena_printf(c->a, "%.*s，签收 %.*s", SF(s), SF(minute_text(c, cell->received_ms)));
    if (cell->state == ASK_ANSWERED)
        s = arena_printf(c->a, "%.*s，答复 %.*s", SF(s), SF(minute_text(c, cell->answered_ms)));
    if (cell->due_ms)
        s = arena_printf(c->a, "%.*s，期限 %.*s", SF(s), SF(due_text(c, cell->due_ms)));
    return s;
}

static struct matrix_cell_box cell_box(
    struct ctx *c, const struct matrix_cell *cell, int64_t now_ms)
{
    struct ask a = {.state = cell->state,
        .word = cell->word,
        .sent_ms = cell->sent_ms,
        .seen_ms = cell->seen_ms,
        .due_ms = cell->due_ms};
    bool open = cell->state == ASK_OPEN;
    const char *mark;
    struct str state;
    if (!cell->ask)
        return (struct matrix_cell_box){.ask = 0};
    state = ask_state_text(&a, now_ms, &mark);
    return (struct matrix_cell_box){.ask = cell->ask,
        .state = state,
        .mark = str_z(mark),
        .wait = span_text(c, (open ? now_ms : cell->answered_ms) - cell->sent_ms),
        .hint = hint_of(c, cell),
        .overdue = open && cell->due_ms && cell->due_ms <= now_ms,
        .reminded = cell->reminded,
        .may_chase = cell->may_chase,
        .link = arena_printf(c->a, "/asks/%lld", (long long)cell->ask)};
}

static struct matrix_unit_row unit_row(
    struct ctx *c, const struct matrix *m, const struct matrix_row *r, int64_t now_ms)
{
    struct matrix_unit_row row = {.unit = r->unit,
        .name = r->name,
        .depth = r->depth,
        .counts = row_counts(&r->count),
        .pace = pace_box(c, &r->pace)};
    row.cells = ARENA_ARRAY(c->a, struct matrix_cell_box, m->n_columns + 1);
    for (size_t i = 0; i < m->n_columns; i++)
        row.cells[row.n_cells++] = cell_box(c, &r->cells[i], now_ms);
    return row;
}

static void fill_rows(struct ctx *c, const struct matrix *m, int64_t now_ms, struct page_matrix *p)
{
    int top = 0;
    for (size_t i = 0; i < m->n_rows; i++)
        top = i == 0 || m->rows[i].depth < top ? m->rows[i].depth : top;
    p->columns = ARENA_ARRAY(c->a, struct matrix_item_column, m->n_columns + 1);
    for (size_t i = 0; i < m->n_columns; i++) {
        const struct matrix_column *k = &m->columns[i];
        p->columns[p->n_columns++] = (struct matrix_item_column){.item = k->item,
            .number = k->number,
            .title = k->title,
            .link = arena_printf(c->a, "/items/%lld/asks", (long long)k->item),
            .sent = {k->sent_ms},
            .counts = row_counts(&k->count),
            .pace = pace_box(c, &k->pace)};
    }
    p->rows = ARENA_ARRAY(c->a, struct matrix_unit_row, m->n_rows + 1);
    for (size_t i = 0; i < m->n_rows; i++) {
        struct matrix_unit_row row = unit_row(c, m, &m->rows[i], now_ms);
        row.depth -= top;
        for (size_t k = 0; k < row.n_cells; k++)
            p->may_chase = p->may_chase || row.cells[k].may_chase;
        p->rows[p->n_rows++] = row;
    }
    p->counts = row_counts(&m->total);
    p->pace = pace_box(c, &m->pace);
    p->left_out = (int64_t)m->n_left_out;
}

/* ---- the form above, the address of this very page ---- */

static struct str address(struct ctx *c, const char *path, const char *without, const char *with)
{
    const struct head *h = &c->r->head;
    struct buf b;
    struct str s;
    bool first = true;
    buf_init(&b, 0);
    buf_z(&b, path);
    for (size_t i = 0; i < h->n_query; i++) {
        if (str_eq(h->query[i].name, str_z(without)) || !h->query[i].value.n)
            continue;
        buf_z(&b, first ? "?" : "&");
        first = false;
        html_url(&b, url(h->query[i].name));
        buf_char(&b, '=');
        html_url(&b, url(h->query[i].value));
    }
    if (*with) {
        buf_z(&b, first ? "?" : "&");
        buf_z(&b, with);
    }
    s = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return s;
}

static enum code fill_choices(struct ctx *c, struct db *db, const struct matrix_filter *f,
    struct page_matrix *p, struct err *e)
{
    struct choices kinds = {0}, units = {0}, sorts = {0};
    struct kind_on *on;
    struct unit *v;
    size_t n;
    TRY(kinds_on(c->app->office->kinds, db, c->a, &on, &n, e));
    for (size_t i = 0; i < n; i++) {
        choice_add(c, &kinds, on[i].id, on[i].name, str_eq(on[i].id, f->kind));
        if (str_eq(on[i].id, f->kind))
            p->kind_name = on[i].name;
    }
    TRY(unit_list(db, c->a, false, &v, &n, e));
    choice_add(c, &units, S(""), S("全部单位"), f->unit == 0);
    for (size_t i = 0; i < n; i++) {
        struct str name = v[i].short_name;
        for (int d = 0; d < v[i].depth && d < 6; d++)
            name = arena_cat(c->a, S("　"), name);
        choice_add(
            c, &units, arena_printf(c->a, "%lld", (long long)v[i].id), name, v[i].id == f->unit);
    }
    choice_add(c, &sorts, S("unit"), S("按组织序列"), f->sort == MATRIX_BY_UNIT);
    choice_add(c, &sorts, S("slowest"), S("用时最久的在前"), f->sort == MATRIX_SLOWEST);
    p->kinds = kinds.v;
    p->n_kinds = kinds.n;
    p->units = units.v;
    p->n_units = units.n;
    p->sorts = sorts.v;
    p->n_sorts = sorts.n;
    return OK;
}

static enum code fill_matrix(struct ctx *c, struct db *db, const struct actor *by,
    const struct matrix_filter *f, struct page_matrix *p, struct err *e)
{
    struct matrix m;
    enum code code;
    TRY(fill_choices(c, db, f, p, e));
    code = ask_matrix(db, c->a, by, f, &m, e);
    if (code == E_LIMIT) {
        p->problem = arena_str(c->a, str_z(e->msg));
        return OK;
    }
    TRY(code);
    fill_rows(c, &m, by->now_ms, p);
    return OK;
}

/* ---- export ---- */

struct export_job {
    struct matrix m;
    struct matrix_export x;
    int fd;
};

static void close_fd(void *arg)
{
    int *fd = arg;
    if (*fd >= 0)
        close(*fd);
}

static struct str said_of(struct ctx *c, const struct page_matrix *p, const struct matrix_filter *f)
{
    struct str s = arena_printf(c->a, "发出日期%.*s至%.*s", SF(p->from.n ? p->from : S("近90天")),
        SF(p->to.n ? p->to : S("今天")));
    for (size_t i = 0; f->unit && i < p->n_units; i++)
        if (p->units[i].chosen)
            s = arena_printf(c->a, "%.*s，%.*s及下级", SF(s), SF(str_trim(p->units[i].name)));
    return f->unfinished ? arena_cat(c->a, s, S("，只含没有答复的")) : s;
}

static enum code export_read(struct ctx *c, struct export_job *k, const char *path, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    struct page_matrix p = {.from = req_query(c->r, "from"), .to = req_query(c->r, "to")};
    struct matrix_filter f;
    struct db *db;
    enum code code;
    TRY(read_filter(c, by, &f, e));
    TRY(store_read(c->app->office->store, &db, e));
    code = fill_choices(c, db, &f, &p, e);
    if (code == OK)
        code = ask_matrix(db, c->a, by, &f, &k->m, e);
    store_read_end(db);
    TRY(code);
    k->x = (struct matrix_export){.kind_name = p.kind_name.n ? p.kind_name : f.kind,
        .who = c->session.name,
        .said = said_of(c, &p, &f),
        .now_ms = by->now_ms,
        .zone = by->hours->zone,
        .tmp_dir = arena_z(c->a, arena_printf(c->a, "%s/tmp", c->app->office->dir))};
    return ask_matrix_export(&k->m, &k->x, path, e);
}

static enum code write_export(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    const struct export_job *k = c->job;
    return ask_matrix_export_note(db, c->v->person, &k->x, ask_matrix_cells(&k->m), e);
}

/* It is handed out once the log of it is kept. */
static enum code after_export(struct ctx *c, enum code code, struct err *e)
{
    struct export_job *k = c->job;
    struct stat st;
    char iso[DAY_ISO_SIZE];
    TRY(code);
    if (fstat(k->fd, &st) != 0)
        return FAIL(e, E_IO, "暂存的文件读不出大小");
    audit_access_to(
        c->app->office->store, &(struct access_entry){.person = c->v->person,
                                   .kind = ACCESS_EXPORT,
                                   .what = arena_printf(c->a, "%.*s矩阵，%lld条",
                                       SF(k->x.kind_name), (long long)ask_matrix_cells(&k->m))});
    c->r->res.kind = BODY_FD;
    c->r->res.fd = k->fd;
    c->r->res.fd_size = st.st_size;
    c->r->res.type = S("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    k->fd = -1;
    (void)day_compact(day_of(clock_day(k->x.now_ms, k->x.zone)), iso);
    ctx_attachment(c, arena_printf(c->a, "%.*s矩阵%s.xlsx", SF(k->x.kind_name), iso));
    return OK;
}

enum code page_matrix_export(struct ctx *c, struct err *e)
{
    struct export_job *k = ARENA_NEW(c->a, struct export_job);
    char *path = arena_z(c->a, arena_printf(c->a, "%s/tmp/matrix-XXXXXX", c->app->office->dir));
    enum code code;
    k->fd = mkstemp(path);
    if (k->fd < 0)
        return FAIL(e, E_IO, "无法在数据目录里暂存导出的文件");
    (void)fcntl(k->fd, F_SETFD, FD_CLOEXEC);
    arena_defer(c->a, close_fd, &k->fd);
    code = export_read(c, k, path, e);
    unlink(path);
    TRY(code);
    c->job = k;
    return ctx_write(c, write_export, c, after_export);
}

enum code page_matrix(struct ctx *c, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    struct page_matrix p = {.done = ctx_flash_take(c)};
    struct matrix_filter f;
    struct db *db;
    enum code code;
    TRY(read_filter(c, by, &f, e));
    p.kind = f.kind;
    p.from = req_query(c->r, "from");
    p.to = req_query(c->r, "to");
    p.unit = req_query(c->r, "unit");
    p.unfinished = f.unfinished;
    p.latency = str_eq(req_query(c->r, "view"), S("latency"));
    p.here = address(c, "/matrix", "", "");
    p.export_link = address(c, "/matrix/export", "view", "");
    p.other = address(c, "/matrix", "view", p.latency ? "" : "view=latency");
    TRY(store_read(c->app->office->store, &db, e));
    code = fill_matrix(c, db, by, &f, &p, e);
    store_read_end(db);
    TRY(code);
    show_matrix(c, &p);
    return OK;
}
