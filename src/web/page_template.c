/* page_template.c - templates: all of them, one with its pages, a text begun from it; a unit's own made, changed, switched off. */
#include "office/desk.h"
#include "office/manuscript_start.h"
#include "paper/face_pool.h"
#include "paper/layout_out.h"
#include "paper/reader.h"
#include "text/genre.h"
#include "text/pos.h"
#include "web/route.h"
#include "web/rows.h"

enum { SHEETS_SHOWN = 6 };

static struct str id_in_path(const struct ctx *c)
{
    struct str path = c->r->head.path, id;
    (void)str_eat(&path, S("/templates/"));
    return str_next(&path, S("/"), &id) ? id : S("");
}

static struct str link_of(struct ctx *c, struct str id)
{
    return arena_printf(c->a, "/templates/%.*s", SF(id));
}

/* ---- all of them ---- */

static struct template_group *group_of(struct ctx *c, struct page_templates *p, struct str name)
{
    for (size_t i = 0; i < p->n_groups; i++)
        if (str_eq(p->groups[i].name, name))
            return &p->groups[i];
    p->groups[p->n_groups] =
        (struct template_group){.name = name, .rows = ARENA_ARRAY(c->a, struct template_line, 300)};
    return &p->groups[p->n_groups++];
}

static void put_row(struct ctx *c, struct page_templates *p, const struct template_row *v)
{
    struct template_group *g = group_of(c, p, v->group.n ? v->group : S("本单位"));
    struct template t = {0};
    struct err wrong;

    if (g->n_rows == 300 || template_read(c->a, v->file, "模板", &t, &wrong) != OK)
        return;
    g->rows[g->n_rows++] = (struct template_line){.id = v->id,
        .name = v->name,
        .about = v->about,
        .genre = genre_name(t.genre),
        .whose = v->unit_name,
        .off = v->off,
        .link = link_of(c, v->id)};
}

enum code page_templates(struct ctx *c, struct err *e)
{
    struct page_templates p = {.may = template_may(c->v), .done = ctx_flash_take(c)};
    struct template_row *v;
    struct db *db;
    size_t n = 0;

    for (size_t i = 0; i < c->r->head.n_query; i++)
        if (!str_eq(c->r->head.query[i].name, S("all")))
            return FAIL(e, E_INPUT, "不认识的条件“%.*s”", SF(c->r->head.query[i].name));
    p.all = p.may && req_query(c->r, "all").n;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = template_list(db, c->a, ctx_actor(c), true, &v, &n, e);
    store_read_end(db);
    TRY(code);
    p.groups = ARENA_ARRAY(c->a, struct template_group, n + 1);
    for (size_t i = 0; i < n; i++) {
        p.off += v[i].off;
        if (!v[i].off || p.all)
            put_row(c, &p, &v[i]);
    }
    show_templates(c, &p);
    return OK;
}

/* ---- one ---- */

/* The pages of a text; what cannot be laid out shows none. */
static void fill_sheets(struct ctx *c, struct str text, struct template_sheets *out)
{
    struct desk_pages d;
    struct faces *f;
    struct err wrong;

    if (face_pool_take(c->app->faces, &f, &wrong) != OK)
        return;
    if (desk_pages(c->a, f, text, NULL, &d, &wrong) == OK) {
        out->rows = ARENA_ARRAY(c->a, struct template_sheet, d.layout.n + 1);
        for (size_t i = 0; i < d.layout.n && i < SHEETS_SHOWN; i++) {
            struct buf b;
            buf_init(&b, 0);
            layout_svg_plain(&d.layout, i, &b);
            out->rows[i].svg.s = arena_str(c->a, buf_view(&b));
            out->rows[i].number = (int64_t)i + 1;
            out->n_rows = i + 1;
            buf_release(&b);
        }
    }
    face_pool_give(c->app->faces, f);
}

static struct template_input input_of(struct ctx *c, const struct template_field *f)
{
    return (struct template_input){.id = f->id,
        .name = f->name,
        .help = f->help,
        .sample = f->sample,
        .value = req_field(c->r, arena_printf(c->a, "f.%.*s", SF(f->id)).p),
        .date = f->type == TEMPLATE_DATE,
        .required = f->required};
}

static void fill_inputs(struct ctx *c, const struct template *t, struct page_template *p)
{
    p->inputs = ARENA_ARRAY(c->a, struct template_input, t->n_fields + 1);
    p->later = ARENA_ARRAY(c->a, struct template_input, t->n_fields + 1);
    for (size_t i = 0; i < t->n_fields; i++)
        if (t->fields[i].type == TEMPLATE_TEXT)
            p->later[p->n_later++] = input_of(c, &t->fields[i]);
        else
            p->inputs[p->n_inputs++] = input_of(c, &t->fields[i]);
}

static struct template_word *words_of(struct ctx *c, const struct str *v, size_t n)
{
    struct template_word *w = ARENA_ARRAY(c->a, struct template_word, n + 1);
    for (size_t i = 0; i < n; i++)
        w[i].text = v[i];
    return w;
}

static enum code read_one(
    struct ctx *c, struct template_row *row, struct template *t, struct err *e)
{
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = template_get(db, c->a, ctx_actor(c), id_in_path(c), row, e);
    store_read_end(db);
    TRY(code);
    return template_read(c->a, row->file, "模板", t, e);
}

static enum code show_one(struct ctx *c, struct str problem, struct err *e)
{
    struct page_template p = {.problem = problem, .may = template_may(c->v)};
    struct choices levels = {0};
    struct template_row row = {0};
    struct template t = {0};
    struct str text;

    TRY(read_one(c, &row, &t, e));
    TRY(template_fill(c->a, &t, template_samples(c->a, &t), &text, e));
    p.id = row.id, p.name = row.name, p.group = row.group, p.about = row.about;
    p.whose = row.unit_name, p.off = row.off, p.genre = genre_name(t.genre);
    p.own = p.may && row.revision && row.unit == (c->v->owner ? 0 : c->v->unit);
    if (row.changed_ms)
        p.changed = arena_printf(c->a, "%.*s修改", SF(minute_text(c, row.changed_ms)));
    fill_inputs(c, &t, &p);
    p.parts = words_of(c, t.parts, t.n_parts), p.n_parts = t.n_parts;
    p.closings = words_of(c, t.closings, t.n_closings), p.n_closings = t.n_closings;
    p.checks = words_of(c, t.checks, t.n_checks), p.n_checks = t.n_checks;
    choices_level(
        c, &levels, (int)ctx_int(req_field(c->r, "level"), 0, N_LEVEL - 1, LEVEL_INTERNAL), NULL);
    p.levels = levels.v, p.n_levels = levels.n;
    fill_sheets(c, text, &p.sheets);
    if (!problem.n)
        p.done = ctx_flash_take(c);
    show_template(c, &p);
    return OK;
}

enum code page_template(struct ctx *c, struct err *e)
{
    return show_one(c, S(""), e);
}

/* ---- begun from one, switched, taken away ---- */

struct acting {
    struct manuscript_new m;
    struct str template, act;
    int64_t id;
};

static enum code write_act(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct acting *j = c->job;
    if (str_eq(j->act, S("begin")))
        return manuscript_new(db, ctx_actor(c), &j->m, &j->id, e);
    if (str_eq(j->act, S("drop")))
        return template_drop(db, ctx_actor(c), j->template, e);
    return template_switch(db, c->a, ctx_actor(c), j->template, str_eq(j->act, S("on")), e);
}

static enum code after_act(struct ctx *c, enum code code, struct err *e)
{
    struct acting *j = c->job;
    ctx_secret(c, code);
    if (code == E_INPUT || code == E_LIMIT || code == E_SECRET) {
        c->r->res.status = 400;
        return show_one(c, arena_str(c->a, str_z(e->msg)), e);
    }
    TRY(code);
    if (str_eq(j->act, S("begin"))) {
        ctx_redirect(c, arena_printf(c->a, "/manuscripts/%lld", (long long)j->id));
        return OK;
    }
    ctx_flash(c, str_eq(j->act, S("drop")) ? S("已删去")
                 : str_eq(j->act, S("on")) ? S("已启用")
                                           : S("已停用，本单位新拟时不再列出"));
    ctx_redirect(c, S("/templates"));
    return OK;
}

static enum code begin(struct ctx *c, struct acting *j, struct err *e)
{
    struct template_row row = {0};
    struct template t = {0};
    struct str *values;

    TRY(read_one(c, &row, &t, e));
    values = ARENA_ARRAY(c->a, struct str, t.n_fields + 1);
    for (size_t i = 0; i < t.n_fields; i++) {
        struct str name = arena_printf(c->a, "f.%.*s", SF(t.fields[i].id));
        values[i] = ctx_words(c, req_field(c->r, name.p));
    }
    TRY(template_fill(c->a, &t, values, &j->m.text, e));
    j->m.title = manuscript_title_of(c->a, j->m.text);
    if (!j->m.title.n)
        j->m.title = t.name;
    j->m.genre = t.genre;
    j->m.level = (int)ctx_int(req_field(c->r, "level"), 0, N_LEVEL - 1, LEVEL_INTERNAL);
    j->m.template_id = row.id;
    return OK;
}

enum code do_template(struct ctx *c, struct err *e)
{
    struct acting *j = ARENA_NEW(c->a, struct acting);
    enum code code = OK;

    j->act = req_field(c->r, "act");
    j->template = id_in_path(c);
    c->job = j;
    if (str_eq(j->act, S("begin")))
        code = begin(c, j, e);
    else if (!str_eq(j->act, S("on")) && !str_eq(j->act, S("off")) && !str_eq(j->act, S("drop")))
        return FAIL(e, E_INPUT, "没有这种办理");
    if (code == E_INPUT)
        return after_act(c, code, e);
    TRY(code);
    return ctx_write(c, write_act, c, after_act);
}

/* ---- a unit's own ---- */

static enum code may_edit(const struct ctx *c, struct err *e)
{
    return template_may(c->v) ? OK : FAIL(e, E_DENIED, "模板由本单位的科长维护");
}

static enum code show_edit(struct ctx *c, struct str id, struct str file, int64_t revision,
    struct str problem, struct err *e)
{
    struct page_template_edit p = {
        .id = id, .file = file, .revision = (int)revision, .fresh = !revision, .problem = problem};
    struct template t = {0};
    struct err wrong;
    struct str text;

    if (template_read(c->a, file, "模板", &t, &wrong) != OK) {
        if (!problem.n)
            p.problem = arena_str(c->a, str_z(wrong.msg));
        c->r->res.status = 400;
        show_template_edit(c, &p);
        return OK;
    }
    TRY(template_fill(c->a, &t, template_samples(c->a, &t), &text, e));
    p.name = t.name;
    p.inputs = ARENA_ARRAY(c->a, struct template_input, t.n_fields + 1);
    for (size_t i = 0; i < t.n_fields; i++)
        p.inputs[p.n_inputs++] = input_of(c, &t.fields[i]);
    fill_sheets(c, text, &p.sheets);
    show_template_edit(c, &p);
    return OK;
}

enum code page_template_edit(struct ctx *c, struct err *e)
{
    struct template_row row = {0};
    struct template t = {0};
    bool own;

    TRY(may_edit(c, e));
    TRY(read_one(c, &row, &t, e));
    own = row.unit == (c->v->owner ? 0 : c->v->unit);
    return show_edit(c, row.id, row.file, own ? row.revision : 0, S(""), e);
}

struct saving {
    struct str file, id;
    int64_t revision;
};

static enum code write_save(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct saving *j = c->job;
    return template_save(db, c->a, ctx_actor(c), j->file, j->revision, &j->id, e);
}

static enum code after_save(struct ctx *c, enum code code, struct err *e)
{
    struct saving *j = c->job;
    ctx_secret(c, code);
    if (code == E_INPUT || code == E_LIMIT || code == E_CONFLICT || code == E_SECRET) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show_edit(c, id_in_path(c), j->file, j->revision, arena_str(c->a, str_z(e->msg)), e);
    }
    TRY(code);
    ctx_flash(c, S("已保存为本单位的模板"));
    ctx_redirect(c, link_of(c, j->id));
    return OK;
}

/* What a browser sends has CRLF. */
static struct str unix_lines(struct ctx *c, struct str s)
{
    struct str rest = s, line;
    struct buf b;

    buf_init(&b, 0);
    while (str_next(&rest, S("\n"), &line)) {
        (void)str_eat_end(&line, S("\r"));
        buf_str(&b, line);
        buf_char(&b, '\n');
    }
    s = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return s;
}

enum code do_template_edit(struct ctx *c, struct err *e)
{
    struct saving *j = ARENA_NEW(c->a, struct saving);

    TRY(may_edit(c, e));
    j->file = unix_lines(c, req_field(c->r, "file"));
    j->revision = ctx_int(req_field(c->r, "revision"), 0, INT32_MAX, 0);
    c->job = j;
    if (!str_eq(req_field(c->r, "act"), S("save")))
        return show_edit(c, id_in_path(c), j->file, j->revision, S(""), e);
    return ctx_write(c, write_save, c, after_save);
}

/* ---- made of a file ---- */

static enum code show_new(struct ctx *c, struct str problem)
{
    struct page_template_new p = {
        .name = req_field(c->r, "name"), .text = req_field(c->r, "text"), .problem = problem};
    struct choices genres = {0};

    choices_genre(c, &genres, (int)ctx_int(req_field(c->r, "genre"), 0, GENRE_MAX, 0), "没有");
    p.genres = genres.v, p.n_genres = genres.n;
    show_template_new(c, &p);
    return OK;
}

enum code page_template_new(struct ctx *c, struct err *e)
{
    TRY(may_edit(c, e));
    return show_new(c, S(""));
}

static enum code read_upload(struct ctx *c, struct str *text, struct err *e)
{
    const struct upload *f = &c->r->form->files[0];
    struct doc d;
    struct buf b;
    enum code code;

    TRY(reader_read(c->app->office->readers, c->a, f->fd, f->name, &d, e));
    if (d.image_only)
        return FAIL(e, E_INPUT, "“%.*s”是扫描件，没有文字", SF(f->name));
    buf_init(&b, 0);
    doc_text(&d, &b);
    code = buf_check(&b, "文件", e);
    *text = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return code;
}

static enum code make(struct ctx *c, struct str *file, struct err *e)
{
    struct template_made m = {.name = ctx_words(c, req_field(c->r, "name")),
        .genre = (int)ctx_int(req_field(c->r, "genre"), 0, GENRE_MAX, 0)};
    struct str text = unix_lines(c, req_field(c->r, "text"));

    if (c->r->form && c->r->form->n_files)
        TRY(read_upload(c, &text, e));
    if (!str_trim(text).n)
        return FAIL(e, E_INPUT, "请选一个文件，或者把文字粘贴进来");
    return template_make(c->a, text, &m, ctx_actor(c)->now_ms, file, e);
}

enum code do_template_new(struct ctx *c, struct err *e)
{
    struct str file = {0};
    struct err why;
    enum code code;

    TRY(may_edit(c, e));
    code = make(c, &file, &why);
    if (code == OK)
        return show_edit(c, S("new"), file, 0, S(""), e);
    ctx_secret(c, code);
    if (code != E_INPUT && code != E_LIMIT && code != E_SECRET) {
        *e = why;
        return code;
    }
    c->r->res.status = 400;
    return show_new(c, arena_str(c->a, str_z(why.msg)));
}

/* ---- what the desk asks ---- */

/* The template that a manuscript was begun from; empty where it was not, or it is gone. */
static enum code template_of(struct ctx *c, int64_t id, struct template_row *out, struct err *e)
{
    struct manuscript m;
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = manuscript_get(db, c->a, ctx_actor(c), id, &m, e);
    if (code == OK && m.template_id.n) {
        code = template_get(db, c->a, ctx_actor(c), m.template_id, out, e);
        if (code == E_NOTFOUND)
            code = OK;
    }
    store_read_end(db);
    return code;
}

enum code do_desk_lacks(struct ctx *c, struct err *e)
{
    struct page_desk_lacks p = {.name = S("")};
    struct str text = req_field(c->r, "text");
    struct template_row row = {.file = S("")};
    struct template t = {0};
    struct template_lack *v;
    struct pos_map map;
    TRY(template_of(c, ctx_int(req_field(c->r, "manuscript"), 1, INT64_MAX, 0), &row, e));
    if (text.n > DESK_BYTES_MAX)
        return FAIL(e, E_LIMIT, "文稿太长");
    if (row.file.n) {
        TRY(template_read(c->a, row.file, "模板", &t, e));
        size_t n = template_lacks(c->a, &t, text, &v);
        pos_map_init(c->a, &map, text);
        p.name = t.name;
        p.rows = ARENA_ARRAY(c->a, struct desk_lack_row, n + 1);
        for (size_t i = 0; i < n; i++)
            p.rows[p.n_rows++] = (struct desk_lack_row){.what = v[i].what,
                .help = v[i].help,
                .begin = (int)pos_at_cp(&map, v[i].begin_cp).unit,
                .end = (int)pos_at_cp(&map, v[i].end_cp).unit};
    }
    show_desk_lacks(c, &p);
    return OK;
}
