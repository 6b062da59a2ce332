/* page_ledger.c - ledgers of a kind: the table, its conditions and columns, the views of a person, print and export. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "office/audit.h"
#include "office/ledger.h"
#include "office/ledger_view.h"
#include "office/person.h"
#include "pages.h"
#include "web/item_rows.h"
#include "web/ledger_link.h"
#include "web/route.h"
#include "web/rows.h"

enum { LEDGER_ROWS = 50, ASKS_MAX = LEDGER_COLUMNS_MAX + 4, ORDER_MAX = 999 };

/* What a page of a ledger is made from. */
struct making {
    struct ctx *c;
    struct db *db;
    const struct actor *by;
    struct ledger l;
    struct ledger_query q;
    struct ledger_view *views;
    size_t n_views;
    struct page_ledger *p;
};

/* ---- reading the address ---- */

struct str ledger_kind(const struct ctx *c)
{
    struct str path = c->r->head.path, head, kind;
    (void)str_eat(&path, S("/"));
    (void)str_next(&path, S("/"), &head);
    return str_next(&path, S("/"), &kind) ? kind : S("");
}

enum code ledger_asked(struct ctx *c, struct db *db, const struct actor *by, const struct ledger *l,
    struct str columns, struct ledger_query *q, struct err *e)
{
    size_t n = c->r->head.n_query, k = 0;
    struct ledger_word *v = ARENA_ARRAY(c->a, struct ledger_word, n + 1);
    v[k++] = (struct ledger_word){S("cols"), columns}; /* what comes behind it counts */
    for (size_t i = 0; i < n; i++)
        if (!str_eq(c->r->head.query[i].name, S("back")))
            v[k++] = (struct ledger_word){c->r->head.query[i].name, c->r->head.query[i].value};
    return ledger_query_read(db, c->a, by, l, v, k, q, e);
}

struct str ledger_link(struct ctx *c, struct str path, const struct ledger_word *set, size_t n)
{
    struct buf b;
    char mark = '?';
    n = set ? n : 0;
    buf_init(&b, 0);
    buf_str(&b, path);
    for (size_t i = 0; i < c->r->head.n_query + n; i++) {
        bool own = set && i >= c->r->head.n_query;
        struct str name = own ? set[i - c->r->head.n_query].name : c->r->head.query[i].name;
        struct str value = own ? set[i - c->r->head.n_query].value : c->r->head.query[i].value;
        bool over = str_eq(name, S("after")) && !own;
        for (size_t k = 0; !own && k < n; k++)
            over = over || str_eq(set[k].name, name);
        if (over || !value.n)
            continue;
        buf_char(&b, mark);
        html_url(&b, url(name));
        buf_char(&b, '=');
        html_url(&b, url(value));
        mark = '&';
    }
    struct str s = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return s;
}

/* The columns that the person has kept for this kind. */
static struct str kept_columns(const struct making *m)
{
    return m->n_views && !m->views[0].name.n ? m->views[0].columns : S("");
}

static struct str path_of(struct making *m, const char *below)
{
    return arena_printf(m->c->a, "/ledgers/%.*s%s", SF(m->l.k->id), below);
}

static struct str link_of(struct making *m, const char *below, const char *name, struct str value)
{
    struct ledger_word w = {str_z(name), value};
    return ledger_link(m->c, path_of(m, below), &w, 1);
}

/* ---- the table ---- */

static void fill_heads(struct making *m)
{
    struct page_ledger *p = m->p;
    p->heads = ARENA_ARRAY(m->c->a, struct ledger_head, m->q.n_columns + 1);
    for (size_t i = 0; i < m->q.n_columns; i++) {
        const struct ledger_column *c = &m->l.columns[m->q.columns[i]];
        bool on = str_eq(m->q.sort, c->id), down = on && m->q.f.descending;
        struct ledger_word w[] = {
            {S("sort"), c->id}, {S("dir"), on && !down ? S("desc") : S("asc")}};
        p->heads[p->n_heads++] = (struct ledger_head){.id = c->id,
            .name = c->name,
            .style = c->type == LEDGER_NUMBER ? S("num") : S(""),
            .sort = c->sorts ? ledger_link(m->c, path_of(m, ""), w, 2) : S(""),
            .order = !on    ? S("")
                     : down ? S("descending")
                            : S("ascending")};
    }
}

static struct str style_of(const struct ledger_column *c)
{
    static const char *const styles[] = {[LEDGER_TEXT] = "short",
        [LEDGER_LONG] = "long",
        [LEDGER_NUMBER] = "num",
        [LEDGER_DAY] = "nowrap",
        [LEDGER_MINUTE] = "minute",
        [LEDGER_CHOICE] = "nowrap",
        [LEDGER_PERSON] = "names",
        [LEDGER_UNIT] = "names",
        [LEDGER_OTHER] = "long"};
    return str_z(c->own == OWN_TITLE ? "title" : styles[c->type]);
}

/* The column that opens the item: the title, else the number, else the first. */
static size_t titled(const struct making *m)
{
    size_t number = SIZE_MAX;
    for (size_t i = 0; i < m->q.n_columns; i++) {
        const struct ledger_column *c = &m->l.columns[m->q.columns[i]];
        if (c->own == OWN_TITLE)
            return i;
        if (c->own == OWN_NUMBER && number == SIZE_MAX)
            number = i;
    }
    return number == SIZE_MAX ? 0 : number;
}

static void fill_row(struct making *m, const struct ledger_row *r, size_t opens)
{
    struct ledger_line *line = &m->p->rows[m->p->n_rows++];
    *line = (struct ledger_line){.id = r->id, .link = item_link(m->c->a, r->id, m->p->back, 0)};
    line->cells = ARENA_ARRAY(m->c->a, struct ledger_box, m->q.n_columns + 1);
    for (size_t i = 0; i < m->q.n_columns; i++) {
        const struct ledger_column *c = &m->l.columns[m->q.columns[i]];
        struct str text = r->cells[i].text;
        if (i == opens && !text.n)
            text = r->title.n ? r->title : S("（无标题）");
        line->cells[line->n_cells++] = (struct ledger_box){.text = text,
            .style = style_of(c),
            .titled = i == opens,
            .light = str_z(light_class(r->cells[i].light))};
    }
}

static enum code fill_rows(struct making *m, size_t limit, struct err *e)
{
    struct page_ledger *p = m->p;
    struct ledger_query q = m->q;
    size_t opens = titled(m);
    do {
        struct ledger_page page;
        TRY(ledger_read(m->db, m->c->a, m->by, &m->l, &q,
            limit - p->n_rows < ITEM_PAGE_MAX ? limit - p->n_rows : ITEM_PAGE_MAX, &page, e));
        if (!p->rows)
            p->rows = ARENA_ARRAY(m->c->a, struct ledger_line, limit + 1);
        for (size_t i = 0; i < page.n; i++)
            fill_row(m, &page.rows[i], opens);
        p->total = page.total;
        q.f.after = page.next;
    } while (q.f.after.n && p->n_rows < limit);
    p->total_text =
        p->total < 0 ? S("10,000件以上") : arena_printf(m->c->a, "共%lld件", (long long)p->total);
    if (q.f.after.n)
        p->next = link_of(m, "", "after", q.f.after);
    if (m->q.f.after.n)
        p->first = link_of(m, "", "after", S(""));
    return OK;
}

/* On the first page: the sums are of everything. */
static enum code fill_feet(struct making *m, struct err *e)
{
    struct page_ledger *p = m->p;
    struct ledger_sum *v;
    size_t n, filled = 0;
    if (m->q.f.after.n || !p->n_rows)
        return OK;
    if (p->total < 0) {
        for (size_t i = 0; i < m->q.n_columns; i++)
            if (m->l.columns[m->q.columns[i]].averages)
                p->foot_note = S("超过10,000件，不合计，请先筛选");
        return OK;
    }
    TRY(ledger_sums(m->db, m->c->a, m->by, &m->l, &m->q, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        filled += v[i].n > 0;
    if (!filled)
        return OK;
    p->feet = ARENA_ARRAY(m->c->a, struct ledger_foot, m->q.n_columns);
    for (size_t i = 0; i < m->q.n_columns; i++) {
        struct ledger_foot *f = &p->feet[p->n_feet++];
        *f = (struct ledger_foot){.sum = S("")};
        for (size_t k = 0; k < n; k++)
            if (v[k].column == m->q.columns[i] && v[k].n)
                *f = (struct ledger_foot){.sum = v[k].sum, .mean = v[k].mean};
    }
    return OK;
}

/* ---- conditions ---- */

static void add_choices(struct making *m, struct ledger_ask *a, const struct str *v, size_t n)
{
    struct choices l = {.n = 0};
    choice_add(m->c, &l, S(""), S("不限"), !a->value.n);
    for (size_t i = 0; i < n; i++)
        choice_add(m->c, &l, v[i], v[i], str_eq(v[i], a->value));
    a->choices = l.v;
    a->n_choices = l.n;
}

static void ask_state(struct making *m, struct ledger_ask *a)
{
    struct choices l = {.n = 0};
    const struct kind *k = m->l.k;
    choice_add(m->c, &l, S(""), S("不限"), !a->value.n);
    for (size_t i = 0; i < k->n_states; i++)
        choice_add(
            m->c, &l, k->states[i].id, k->states[i].name, str_eq(k->states[i].id, m->q.f.state));
    a->choices = l.v;
    a->n_choices = l.n;
}

static void ask_few(struct making *m, struct ledger_ask *a, enum ledger_own own)
{
    static const struct str lights[] = {SC("red"), SC("yellow"), SC("blue"), SC("green")};
    struct choices l = {.n = 0};
    choice_add(m->c, &l, S(""), S("不限"), !a->value.n);
    for (int i = 0; i < 4; i++) {
        enum light_colour c = (enum light_colour)(LIGHT_RED - i);
        if (own == OWN_LIGHT)
            choice_add(m->c, &l, lights[i], str_z(light_name(c)), m->q.f.light == c);
        else
            choice_add(m->c, &l, arena_printf(m->c->a, "%d", i),
                str_z(item_urgency_name((enum urgency)i)), m->q.f.urgency == i + 1);
    }
    if (own == OWN_LIGHT)
        choice_add(m->c, &l, S("calm"), S("没有红灯黄灯"), m->q.f.calm);
    a->choices = l.v;
    a->n_choices = l.n;
}

static struct str asked_for(struct making *m, struct str key)
{
    return req_query(m->c->r, arena_z(m->c->a, key));
}

static void ask_span(struct making *m, struct ledger_ask *a, bool day)
{
    a->type = S("span");
    a->kind = day ? S("date") : S("text");
    a->from = asked_for(m, arena_printf(m->c->a, "%.*s.from", SF(a->key)));
    a->to = asked_for(m, arena_printf(m->c->a, "%.*s.to", SF(a->key)));
}

static void ask_column(struct making *m, const struct ledger_column *c)
{
    struct ledger_ask *a = &m->p->asks[m->p->n_asks];
    *a = (struct ledger_ask){.key = c->field ? arena_printf(m->c->a, "f.%.*s", SF(c->id)) : c->id,
        .name = c->name,
        .type = S("text")};
    if (!c->filters || c->own == OWN_NUMBER || c->own == OWN_TITLE) /* those are asked for by q */
        return;
    m->p->n_asks++;
    a->value = asked_for(m, a->key);
    if (c->type == LEDGER_UNIT || c->type == LEDGER_PERSON) {
        a->type = c->type == LEDGER_UNIT ? S("unit") : S("person");
    } else if (c->type == LEDGER_CHOICE) {
        a->type = S("choice");
        if (c->field)
            add_choices(m, a, c->field->choices, c->field->n_choices);
        else if (c->own == OWN_STATE)
            ask_state(m, a);
        else
            ask_few(m, a, c->own);
    } else if (c->type != LEDGER_TEXT && c->type != LEDGER_LONG) {
        ask_span(m, a, c->type != LEDGER_NUMBER);
    }
}

/* Columns that are shown, and those that a condition is set for. */
static bool is_asked(struct making *m, const struct ledger_column *c, size_t at)
{
    struct str key = c->field ? arena_printf(m->c->a, "f.%.*s", SF(c->id)) : c->id;
    for (size_t i = 0; i < m->q.n_columns; i++)
        if (m->q.columns[i] == at)
            return true;
    return asked_for(m, key).n || asked_for(m, arena_printf(m->c->a, "%.*s.from", SF(key))).n ||
           asked_for(m, arena_printf(m->c->a, "%.*s.to", SF(key))).n;
}

static void ask_whole(struct making *m)
{
    struct ledger_ask *a = &m->p->asks[m->p->n_asks++];
    struct choices l = {.n = 0};
    *a = (struct ledger_ask){
        .key = S("q"), .name = S("编号或标题"), .type = S("text"), .value = m->q.f.text};
    a = &m->p->asks[m->p->n_asks++];
    *a = (struct ledger_ask){.key = S("open"), .name = S("办结情况"), .type = S("choice")};
    choice_add(m->c, &l, S(""), S("不限"), m->q.f.open == 0);
    choice_add(m->c, &l, S("1"), S("未办结"), m->q.f.open == 1);
    choice_add(m->c, &l, S("0"), S("已办结"), m->q.f.open == -1);
    a->choices = l.v;
    a->n_choices = l.n;
}

static enum code fill_asks(struct making *m, struct err *e)
{
    struct page_ledger *p = m->p;
    struct choices units = {.n = 0}, people = {.n = 0};
    struct unit *u;
    struct person *v;
    size_t n;
    bool unit = false, person = false;
    p->asks = ARENA_ARRAY(m->c->a, struct ledger_ask, m->l.n + 4);
    ask_whole(m);
    for (size_t i = 0; i < m->l.n; i++)
        if (is_asked(m, &m->l.columns[i], i))
            ask_column(m, &m->l.columns[i]);
    for (size_t i = 0; i < p->n_asks; i++) {
        unit = unit || str_eq(p->asks[i].type, S("unit"));
        person = person || str_eq(p->asks[i].type, S("person"));
    }
    if (unit) {
        TRY(unit_list(m->db, m->c->a, false, &u, &n, e));
        for (size_t i = 0; i < n; i++)
            choice_add(m->c, &units, u[i].short_name, u[i].name, false);
    }
    if (person) {
        TRY(person_list(m->db, m->c->a, 0, false, &v, &n, e));
        for (size_t i = 0; i < n; i++)
            choice_add(m->c, &people, v[i].name, v[i].unit_name, false);
    }
    p->units = units.v;
    p->n_units = units.n;
    p->people = people.v;
    p->n_people = people.n;
    return OK;
}

/* ---- columns and views ---- */

static void fill_picks(struct making *m)
{
    struct page_ledger *p = m->p;
    p->picks = ARENA_ARRAY(m->c->a, struct ledger_pick, m->l.n + 1);
    for (size_t i = 0; i < m->q.n_columns; i++)
        p->picks[p->n_picks++] = (struct ledger_pick){.id = m->l.columns[m->q.columns[i]].id,
            .name = m->l.columns[m->q.columns[i]].name,
            .chosen = true,
            .at = (int64_t)i + 1};
    for (size_t i = 0; i < m->l.n; i++) {
        bool chosen = false;
        for (size_t k = 0; k < m->q.n_columns; k++)
            chosen = chosen || m->q.columns[k] == i;
        if (chosen)
            continue;
        p->picks[p->n_picks] = (struct ledger_pick){
            .id = m->l.columns[i].id, .name = m->l.columns[i].name, .at = (int64_t)p->n_picks + 1};
        p->n_picks++;
    }
}

/* The address without the columns: what a view keeps beside them. */
static struct str conditions(struct making *m)
{
    struct str s = link_of(m, "", "cols", S("")), head, tail;
    return str_cut(s, S("?"), &head, &tail) ? tail : S("");
}

static void fill_views(struct making *m)
{
    struct page_ledger *p = m->p;
    p->views = ARENA_ARRAY(m->c->a, struct ledger_saved, m->n_views + 1);
    for (size_t i = 0; i < m->n_views; i++) {
        const struct ledger_view *v = &m->views[i];
        if (!v->name.n)
            continue;
        p->views[p->n_views++] = (struct ledger_saved){.id = v->id,
            .name = v->name,
            .link = arena_printf(m->c->a, "/ledgers/%.*s?%.*s%scols=%.*s", SF(m->l.k->id),
                SF(v->query), v->query.n ? "&" : "", SF(v->columns)),
            .on = str_eq(v->query, p->query) && str_eq(v->columns, p->cols)};
    }
}

static void fill_links(struct making *m)
{
    struct page_ledger *p = m->p;
    struct ctx *c = m->c;
    p->kind = m->l.k->id;
    p->name = m->l.k->name;
    p->sort = m->q.sort;
    p->dir = m->q.sort.n && m->q.f.descending ? S("desc") : S("");
    p->box = req_query(c->r, "box");
    p->cols = ledger_columns_write(&m->l, c->a, m->q.columns, m->q.n_columns);
    p->said = m->q.said;
    p->any = m->q.any;
    p->figure = m->q.figure;
    p->query = conditions(m);
    p->back = ledger_link(c, path_of(m, ""), NULL, 0);
    p->export_link = link_of(m, "/export", "cols", p->cols);
    p->print_link = link_of(m, "/print", "cols", p->cols);
    p->board_link = link_of(m, "/board", "cols", S(""));
    p->may_import = access_may(c->v, ACT_ITEMS);
    if (m->l.k->enabled)
        p->open_link = arena_printf(c->a, "/items/new?kind=%.*s", SF(m->l.k->id));
}

static enum code make(struct making *m, size_t limit, struct err *e)
{
    struct ctx *c = m->c;
    TRY(ledger_open(m->db, m->by, ledger_kind(c), &m->l, e));
    TRY(ledger_view_list(m->db, c->a, c->v->person, m->l.k->id, &m->views, &m->n_views, e));
    TRY(ledger_asked(c, m->db, m->by, &m->l, kept_columns(m), &m->q, e));
    fill_links(m);
    fill_heads(m);
    TRY(fill_rows(m, limit, e));
    TRY(fill_feet(m, e));
    if (m->p->printing)
        return OK;
    TRY(fill_asks(m, e));
    fill_picks(m);
    fill_views(m);
    return OK;
}

static enum code show(struct ctx *c, struct page_ledger *p, size_t limit, struct err *e)
{
    struct making m = {.c = c, .by = ctx_actor(c), .p = p};
    enum code code;
    TRY(store_read(c->app->office->store, &m.db, e));
    code = make(&m, limit, e);
    store_read_end(m.db);
    if (code != OK)
        return code;
    show_ledger(c, p);
    return OK;
}

enum code page_ledger(struct ctx *c, struct err *e)
{
    struct page_ledger p = {.done = ctx_flash_take(c)};
    return show(c, &p, LEDGER_ROWS, e);
}

/* 查阅记录: 督办事项台账，1203件 */
static void note_taken(struct ctx *c, enum access_kind kind, struct str name, int64_t rows)
{
    struct access_entry x = {.person = c->v->person,
        .kind = kind,
        .what = arena_printf(c->a, "%.*s台账，%lld件", SF(name), (long long)rows)};
    audit_access_to(c->app->office->store, &x);
}

enum code page_ledger_print(struct ctx *c, struct err *e)
{
    struct page_ledger p = {.printing = true};
    p.about = arena_printf(
        c->a, "%.*s，%.*s打印", SF(c->session.name), SF(minute_text(c, clock_now_ms())));
    TRY(show(c, &p, LEDGER_PRINT_ROWS, e));
    note_taken(c, ACCESS_PRINT, p.name, (int64_t)p.n_rows);
    return OK;
}

/* ---- export ---- */

struct export_job {
    struct ledger l;
    struct str said;
    int64_t rows;
    int fd;
};

static void close_fd(void *arg)
{
    int *fd = arg;
    if (*fd >= 0)
        close(*fd);
}

static enum code export_read(struct ctx *c, struct export_job *job, const char *path, struct err *e)
{
    struct ledger_view *views;
    struct ledger_query q;
    size_t n;
    struct db *db;
    const struct actor *by = ctx_actor(c);
    char *tmp = arena_z(c->a, arena_printf(c->a, "%s/tmp", c->app->office->dir));
    struct ledger_export x = {.who = c->session.name, .tmp_dir = tmp};
    enum code code;
    TRY(store_read(c->app->office->store, &db, e));
    code = ledger_open(db, by, ledger_kind(c), &job->l, e);
    if (code == OK)
        code = ledger_view_list(db, c->a, c->v->person, job->l.k->id, &views, &n, e);
    if (code == OK)
        code = ledger_asked(
            c, db, by, &job->l, n && !views[0].name.n ? views[0].columns : S(""), &q, e);
    if (code == OK)
        code = ledger_export(db, by, &job->l, &q, &x, path, &job->rows, e);
    store_read_end(db);
    job->said = q.said;
    return code;
}

static enum code write_export(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    const struct export_job *job = c->job;
    return ledger_export_note(db, ctx_actor(c), &job->l, job->said, job->rows, e);
}

/* It is handed out once the log of it is kept. */
static enum code after_export(struct ctx *c, enum code code, struct err *e)
{
    struct export_job *job = c->job;
    struct stat st;
    if (code != OK)
        return code;
    if (fstat(job->fd, &st) != 0)
        return FAIL(e, E_IO, "暂存的文件读不出大小");
    note_taken(c, ACCESS_EXPORT, job->l.k->name, job->rows);
    c->r->res.kind = BODY_FD;
    c->r->res.fd = job->fd;
    c->r->res.fd_size = st.st_size;
    c->r->res.type = S("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    job->fd = -1;
    ctx_attachment(c, ledger_file_name(&job->l, c->a, clock_now_ms()));
    return OK;
}

enum code page_ledger_export(struct ctx *c, struct err *e)
{
    struct export_job *job = ARENA_NEW(c->a, struct export_job);
    char *path = arena_z(c->a, arena_printf(c->a, "%s/tmp/ledger-XXXXXX", c->app->office->dir));
    enum code code;
    job->fd = mkstemp(path);
    if (job->fd < 0)
        return FAIL(e, E_IO, "无法在数据目录里暂存导出的文件");
    (void)fcntl(job->fd, F_SETFD, FD_CLOEXEC);
    arena_defer(c->a, close_fd, &job->fd);
    code = export_read(c, job, path, e);
    unlink(path);
    if (code != OK)
        return code;
    c->job = job;
    return ctx_write(c, write_export, c, after_export);
}

/* ---- views ---- */

struct view_job {
    struct str kind;
    struct ledger_view v;
    bool remove;
    struct str to, said;
};

static enum code write_view(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    const struct view_job *job = c->job;
    if (job->remove)
        return ledger_view_remove(db, c->v->person, job->v.id, e);
    return ledger_view_save(db, c->v->person, job->kind, &job->v, e);
}

static enum code after_view(struct ctx *c, enum code code, struct err *e)
{
    const struct view_job *job = c->job;
    (void)e;
    if (code != OK)
        return code;
    ctx_flash(c, job->said);
    ctx_redirect(c, job->to);
    return OK;
}

struct picked {
    struct str id;
    int64_t at;
    size_t came;
};

static int by_place(const void *x, const void *y)
{
    const struct picked *a = x, *b = y;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return (a->came > b->came) - (a->came < b->came);
}

/* The boxes that are ticked, by the numbers beside them. */
static struct str picked_columns(struct ctx *c)
{
    const struct form *f = c->r->form;
    struct picked *v = ARENA_ARRAY(c->a, struct picked, f->n_fields + 1);
    struct str s = S("");
    size_t n = 0;
    for (size_t i = 0; i < f->n_fields; i++)
        if (str_eq(f->fields[i].name, S("col"))) {
            struct str key = arena_printf(c->a, "at.%.*s", SF(f->fields[i].value));
            v[n] = (struct picked){
                f->fields[i].value, ctx_int(req_field(c->r, key.p), 0, ORDER_MAX, ORDER_MAX), n};
            n++;
        }
    if (n)
        qsort(v, n, sizeof(*v), by_place);
    for (size_t i = 0; i < n; i++)
        s = arena_printf(c->a, "%.*s%s%.*s", SF(s), i ? "," : "", SF(v[i].id));
    return s;
}

enum code do_ledger_view(struct ctx *c, struct err *e)
{
    struct view_job *job = ARENA_NEW(c->a, struct view_job);
    struct str act = req_field(c->r, "act"), query = req_field(c->r, "query");
    job->kind = ledger_kind(c);
    job->v = (struct ledger_view){.id = ctx_int(req_field(c->r, "id"), 1, INT64_MAX, 0),
        .query = query,
        .columns = req_field(c->r, "cols")};
    if (str_eq(act, S("columns"))) {
        job->v.columns = picked_columns(c);
        if (!job->v.columns.n)
            return FAIL(e, E_INPUT, "没有选取任何一栏，请至少选一栏");
        job->v.query = S("");
        job->said = S("已存下您要列出的栏");
    } else if (str_eq(act, S("save"))) {
        job->v.name = str_trim(req_field(c->r, "name"));
        if (!job->v.name.n)
            return FAIL(e, E_INPUT, "没有填写视图的名称");
        job->said = arena_printf(c->a, "已存为视图“%.*s”", SF(job->v.name));
    } else if (str_eq(act, S("remove")) && job->v.id) {
        job->remove = true;
        job->said = S("已删去视图");
    } else {
        return FAIL(e, E_INPUT, "没有这种办理");
    }
    job->to =
        arena_printf(c->a, "/ledgers/%.*s%s%.*s", SF(job->kind), query.n ? "?" : "", SF(query));
    if (job->v.name.n)
        job->to = arena_printf(
            c->a, "%.*s%scols=%.*s", SF(job->to), query.n ? "&" : "?", SF(job->v.columns));
    job->to = ctx_local(job->to);
    c->job = job;
    return ctx_write(c, write_view, c, after_view);
}
