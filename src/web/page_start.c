/* page_start.c - a new text under work: blank, from a template, after an earlier one. */
#include "office/document.h"
#include "office/manuscript_start.h"
#include "paper/official.h"
#include "text/genre.h"
#include "web/route.h"
#include "web/rows.h"

struct beginning {
    struct str title, q, from;
    struct manuscript_start start;
    struct manuscript_new m;
    int64_t id;
};

/* ---- what can be chosen ---- */

static struct start_group *group_of(struct page_manuscript_new *p, struct str name)
{
    for (size_t i = 0; i < p->n_groups; i++)
        if (str_eq(p->groups[i].name, name))
            return &p->groups[i];
    p->groups[p->n_groups].name = name;
    return &p->groups[p->n_groups++];
}

static void put(struct ctx *c, struct start_group *g, const struct start_option *o, size_t most)
{
    if (!g->rows)
        g->rows = ARENA_ARRAY(c->a, struct start_option, most);
    g->rows[g->n_rows++] = *o;
}

/* Those of the kind that the title names stand first. */
static void put_templates(struct ctx *c, struct page_manuscript_new *p, const struct start_offer *f,
    const struct beginning *j)
{
    int genre = genre_of_title(j->title, NULL);
    for (int first = 1; first >= 0; first--)
        for (size_t i = 0; i < f->n_templates; i++) {
            const struct template_row *t = &f->templates[i];
            struct str value = arena_cat(c->a, S("t:"), t->id);
            bool named = genre && f->genres[i] == genre;
            if (named != (first == 1))
                continue;
            put(c,
                group_of(p, named        ? S("按标题")
                            : t->group.n ? t->group
                                         : S("本单位")),
                &(struct start_option){.value = value,
                    .name = t->name,
                    .about = t->about,
                    .whose = t->unit_name,
                    .link = arena_cat(c->a, S("/templates/"), t->id),
                    .on = str_eq(value, j->from)},
                f->n_templates);
        }
}

static struct str words_of(struct ctx *c, const struct sample *s)
{
    const struct str v[] = {s->day, genre_name(s->genre), s->occasion, s->speaker};
    struct str out = S("");
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        if (v[i].n)
            out = out.n ? arena_printf(c->a, "%.*s　%.*s", SF(out), SF(v[i])) : v[i];
    return out;
}

static void put_samples(struct ctx *c, struct page_manuscript_new *p, const struct start_offer *f,
    const struct beginning *j)
{
    struct start_group *g = group_of(p, S("照着以前的一篇写"));
    g->earlier = true;
    for (size_t i = 0; i < f->n_samples; i++) {
        const struct sample *s = &f->samples[i];
        int64_t id = s->id ? s->id : s->document;
        struct str value = arena_printf(c->a, "%c:%lld", s->id ? 's' : 'd', (long long)id);
        put(c, g,
            &(struct start_option){.value = value,
                .name = s->title,
                .about = words_of(c, s),
                .link =
                    arena_printf(c->a, "/%s/%lld", s->id ? "samples" : "library", (long long)id),
                .on = str_eq(value, j->from)},
            f->n_samples);
    }
}

static enum code show(struct ctx *c, const struct beginning *j, struct str problem, struct err *e)
{
    struct page_manuscript_new p = {
        .title = j->title, .q = j->q, .blank = !j->from.n, .problem = problem};
    struct choices forms = {0}, levels = {0};
    struct start_offer f;
    TRY(manuscript_offer(c->app->office, c->a, ctx_actor(c), j->q, j->title, &f, e));
    p.groups = ARENA_ARRAY(c->a, struct start_group, f.n_templates + 2);
    put_templates(c, &p, &f, j);
    put_samples(c, &p, &f, j);
    for (int i = 0; i < N_OFFICIAL_FORM; i++) {
        struct str name = str_z(official_form_name((enum official_form)i));
        if (i != OFFICIAL_READING) /* a copy that is printed of a speech */
            choice_add(c, &forms, name, name, str_eq(name, j->start.form));
    }
    choices_level(
        c, &levels, (int)ctx_int(req_field(c->r, "level"), 0, N_LEVEL - 1, LEVEL_INTERNAL), NULL);
    p.forms = forms.v, p.n_forms = forms.n;
    p.levels = levels.v, p.n_levels = levels.n;
    show_manuscript_new(c, &p);
    return OK;
}

enum code page_manuscript_new(struct ctx *c, struct err *e)
{
    struct beginning j = {
        .title = ctx_words(c, req_query(c->r, "title")), .q = ctx_words(c, req_query(c->r, "q"))};
    for (size_t i = 0; i < c->r->head.n_query; i++)
        if (!str_eq(c->r->head.query[i].name, S("q")) &&
            !str_eq(c->r->head.query[i].name, S("title")))
            return FAIL(e, E_INPUT, "不认识的条件“%.*s”", SF(c->r->head.query[i].name));
    return show(c, &j, S(""), e);
}

/* ---- begun ---- */

static enum code write_new(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct beginning *j = c->job;
    return manuscript_new(db, ctx_actor(c), &j->m, &j->id, e);
}

static enum code after_new(struct ctx *c, enum code code, struct err *e)
{
    struct beginning *j = c->job;
    ctx_secret(c, code);
    if (code == E_INPUT || code == E_LIMIT || code == E_SECRET) {
        c->r->res.status = 400;
        return show(c, j, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code == OK)
        ctx_redirect(c, arena_printf(c->a, "/manuscripts/%lld", (long long)j->id));
    return code;
}

static enum code read_from(struct beginning *j, struct err *e)
{
    struct str from = j->from;
    if (str_eat(&from, S("t:")) && from.n)
        j->start.template_id = from;
    else if (str_eat(&from, S("s:")))
        j->start.sample = ctx_int(from, 1, INT64_MAX, 0);
    else if (str_eat(&from, S("d:")))
        j->start.document = ctx_int(from, 1, INT64_MAX, 0);
    if (j->from.n && !j->start.template_id.n && !j->start.sample && !j->start.document)
        return FAIL(e, E_INPUT, "没有这种写法，请重新选从哪里写起");
    return OK;
}

enum code do_manuscript_new(struct ctx *c, struct err *e)
{
    struct beginning *j = ARENA_NEW(c->a, struct beginning);
    j->title = ctx_words(c, req_field(c->r, "title"));
    j->q = ctx_words(c, req_field(c->r, "q"));
    j->from = req_field(c->r, "from");
    j->start = (struct manuscript_start){.title = j->title,
        .form = req_field(c->r, "form"),
        .level = (int)ctx_int(req_field(c->r, "level"), 0, N_LEVEL - 1, LEVEL_INTERNAL)};
    c->job = j;
    if (str_eq(req_field(c->r, "act"), S("find")))
        return show(c, j, S(""), e);
    enum code code = read_from(j, e);
    if (code == OK)
        code = manuscript_start(c->app->office, c->a, ctx_actor(c), &j->start, &j->m, e);
    if (code != OK)
        return after_new(c, code, e);
    return ctx_write(c, write_new, c, after_new);
}
