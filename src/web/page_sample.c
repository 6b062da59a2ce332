/* page_sample.c - the sample library: searched, one read, one put in; what a manuscript repeats of it. */
#include "base/utf8.h"
#include "office/manuscript_edit.h"
#include "office/reuse.h"
#include "text/genre.h"
#include "web/route.h"
#include "web/rows.h"

static struct str link_of(struct ctx *c, const struct sample *s)
{
    return s->id ? arena_printf(c->a, "/samples/%lld", (long long)s->id)
                 : arena_printf(c->a, "/library/%lld", (long long)s->document);
}

/* A document opens where the words stand, all of them marked. */
static struct str link_found(struct ctx *c, const struct sample *s, struct str q)
{
    struct buf b;
    if (s->id || !q.n)
        return link_of(c, s);
    buf_init(&b, 0);
    buf_str(&b, link_of(c, s));
    buf_z(&b, "?q=");
    html_url(&b, url(q));
    if (s->begin_cp >= 0)
        buf_z(&b, "#hit1");
    struct str out = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return out;
}

/* Each of the words that were typed, where it stands. */
static struct safe_html marked(struct ctx *c, struct str passage, struct str q)
{
    struct safe_html out;
    struct buf b;
    buf_init(&b, 0);
    for (size_t at = 0; at < passage.n;) {
        struct str rest = q, word;
        size_t n = 0;
        while (str_next(&rest, S(" "), &word))
            if (word.n > n && str_starts(str_sub(passage, at, SIZE_MAX), word))
                n = word.n;
        size_t end = at + n;
        if (!n)
            (void)utf8_next(passage, &end);
        buf_z(&b, n ? "<mark>" : "");
        html_str(&b, str_sub(passage, at, end - at));
        buf_z(&b, n ? "</mark>" : "");
        at = end;
    }
    out.s = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return out;
}

/* ---- searched ---- */

static struct sample_line line_of(struct ctx *c, const struct sample *s, struct str q)
{
    return (struct sample_line){.id = s->id,
        .document = s->document,
        .title = s->title,
        .genre = genre_name(s->genre),
        .occasion = s->occasion,
        .topic = s->topic,
        .speaker = s->speaker,
        .day = iso_day(s->day),
        .chars = s->chars,
        .issued = s->item != 0,
        .passage = s->passage,
        .marked = marked(c, s->passage, q),
        .places = s->places,
        .link = link_found(c, s, q)};
}

enum code page_samples(struct ctx *c, struct err *e)
{
    static const char *const names[] = {"q", "occasion", "genre", "year"};
    struct sample_filter f = {.q = ctx_words(c, req_query(c->r, "q")),
        .occasion = ctx_words(c, req_query(c->r, "occasion")),
        .genre = (int)ctx_int(req_query(c->r, "genre"), 1, GENRE_MAX, 0),
        .year = (int)ctx_int(req_query(c->r, "year"), 1900, 2100, 0)};
    struct page_samples p = {.q = f.q,
        .occasion = f.occasion,
        .year = f.year ? arena_printf(c->a, "%d", f.year) : S(""),
        .any = f.q.n || f.occasion.n || f.genre || f.year,
        .done = ctx_flash_take(c)};
    struct choices genres = {0};
    struct sample_page found;

    for (size_t i = 0; i < c->r->head.n_query; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            known = known || str_eq(c->r->head.query[i].name, str_z(names[k]));
        if (!known)
            return FAIL(e, E_INPUT, "不认识的条件“%.*s”", SF(c->r->head.query[i].name));
    }
    TRY(sample_list(c->app->office, c->a, ctx_actor(c), &f, &found, e));
    choices_genre(c, &genres, f.genre, "全部文种");
    p.genres = genres.v, p.n_genres = genres.n;
    p.rows = ARENA_ARRAY(c->a, struct sample_line, found.n + 1);
    for (size_t i = 0; i < found.n; i++)
        p.rows[p.n_rows++] = line_of(c, &found.v[i], str_trim(f.q));
    p.more = found.more;
    p.behind = found.behind;
    show_samples(c, &p);
    return OK;
}

/* ---- one ---- */

enum code page_sample(struct ctx *c, struct err *e)
{
    struct page_sample p = {0};
    struct sample s = {0};
    struct str rest, line;
    size_t cap = 0;
    struct db *db;

    TRY(store_read(c->app->office->store, &db, e));
    enum code code = sample_get(db, c->a, ctx_actor(c), c->id, &s, e);
    store_read_end(db);
    TRY(code);
    p = (struct page_sample){.id = s.id,
        .title = s.title,
        .genre = genre_name(s.genre),
        .occasion = s.occasion,
        .topic = s.topic,
        .speaker = s.speaker,
        .day = iso_day(s.day),
        .by = s.item ? S("印发后自动收入") : arena_printf(c->a, "%.*s收入", SF(s.by_name)),
        .chars = s.chars};
    for (rest = s.text; str_next(&rest, S("\n"), &line);)
        if (str_trim(line).n)
            ARENA_PUSH(c->a, p.paras, p.n_paras, cap) = (struct sample_para){str_trim(line)};
    show_sample(c, &p);
    return OK;
}

static enum code write_drop(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    return sample_drop(db, ctx_actor(c), c->id, e);
}

static enum code after_drop(struct ctx *c, enum code code, struct err *e)
{
    (void)e;
    TRY(code);
    ctx_flash(c, S("已移出范文库"));
    ctx_redirect(c, S("/samples"));
    return OK;
}

enum code do_sample(struct ctx *c, struct err *e)
{
    if (!str_eq(req_field(c->r, "act"), S("drop")))
        return FAIL(e, E_INPUT, "没有这种办理");
    return ctx_write(c, write_drop, c, after_drop);
}

/* ---- put in ---- */

static enum code show_new(struct ctx *c, int64_t manuscript, struct str problem, struct err *e)
{
    struct page_sample_new p = {.manuscript = manuscript,
        .problem = problem,
        .occasion = req_field(c->r, "occasion"),
        .speaker = req_field(c->r, "speaker"),
        .topic = req_field(c->r, "topic"),
        .day = req_field(c->r, "day")};
    struct manuscript_version *v;
    struct manuscript m = {0};
    struct db *db;
    size_t n = 0;

    TRY(store_read(c->app->office->store, &db, e));
    enum code code = manuscript_need(db, c->a, ctx_actor(c), manuscript, MANUSCRIPT_WRITE, &m, e);
    if (code == OK)
        code = manuscript_versions(db, c->a, ctx_actor(c), manuscript, &v, &n, e);
    store_read_end(db);
    TRY(code);
    p.title = m.title;
    if (!problem.n && !p.occasion.n)
        p.occasion = sample_occasion(m.title);
    p.versions = ARENA_ARRAY(c->a, struct sample_version, n + 2);
    p.versions[p.n_versions++] = (struct sample_version){S("0"), S("现在的文字，存为“定稿”")};
    for (size_t i = 0; i < n; i++)
        p.versions[p.n_versions++] = (struct sample_version){
            arena_printf(c->a, "%lld", (long long)v[i].id),
            arena_printf(c->a, "%.*s（%.*s）", SF(v[i].name), SF(minute_text(c, v[i].made_ms)))};
    show_sample_new(c, &p);
    return OK;
}

enum code page_sample_new(struct ctx *c, struct err *e)
{
    int64_t manuscript = ctx_int(req_query(c->r, "manuscript"), 1, INT64_MAX, 0);
    if (!manuscript)
        return FAIL(e, E_INPUT, "请从文稿的页面收入范文库");
    return show_new(c, manuscript, S(""), e);
}

struct putting {
    struct sample_new s; /* version 0: the text as it stands, kept as 定稿 */
    int64_t manuscript, id;
};

static enum code write_take(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct putting *j = c->job;
    struct sample_new s = j->s;
    if (!s.version)
        TRY(manuscript_freeze(db, c->a, ctx_actor(c), j->manuscript, S("定稿"), &s.version, e));
    return sample_take(db, c->a, ctx_actor(c), &s, &j->id, e);
}

static enum code after_take(struct ctx *c, enum code code, struct err *e)
{
    struct putting *j = c->job;
    if (code == E_INPUT || code == E_LIMIT || code == E_CONFLICT) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show_new(c, j->manuscript, arena_str(c->a, str_z(e->msg)), e);
    }
    TRY(code);
    ctx_flash(c, S("已收入范文库"));
    ctx_redirect(c, arena_printf(c->a, "/samples/%lld", (long long)j->id));
    return OK;
}

enum code do_sample_new(struct ctx *c, struct err *e)
{
    struct putting *j = ARENA_NEW(c->a, struct putting);

    (void)e;
    j->s = (struct sample_new){.version = ctx_int(req_field(c->r, "version"), 1, INT64_MAX, 0),
        .occasion = ctx_words(c, req_field(c->r, "occasion")),
        .topic = ctx_words(c, req_field(c->r, "topic")),
        .speaker = ctx_words(c, req_field(c->r, "speaker")),
        .day = str_trim(req_field(c->r, "day"))};
    j->manuscript = ctx_int(req_field(c->r, "manuscript"), 1, INT64_MAX, 0);
    c->job = j;
    return ctx_write(c, write_take, c, after_take);
}

/* ---- what a text repeats ---- */

static struct reuse_from from_of(struct ctx *c, const struct reuse_source *s)
{
    struct reuse_from f = {.title = s->of.title,
        .occasion = s->of.occasion,
        .day = iso_day(s->of.day),
        .link = link_of(c, &s->of),
        .percent = s->percent,
        .warn = s->warn};

    f.rows = ARENA_ARRAY(c->a, struct reuse_row, s->n + 1);
    for (size_t i = 0; i < s->n; i++)
        f.rows[f.n_rows++] = (struct reuse_row){s->v[i].begin_cp, s->v[i].end_cp, s->v[i].text,
            s->v[i].source_text, s->v[i].chars, s->v[i].exact, s->v[i].quoted};
    return f;
}

static struct reuse_from *froms(struct ctx *c, const struct reuse *r)
{
    struct reuse_from *v = ARENA_ARRAY(c->a, struct reuse_from, r->n + 1);
    for (size_t i = 0; i < r->n; i++)
        v[i] = from_of(c, &r->v[i]);
    return v;
}

enum code page_reuse(struct ctx *c, struct err *e)
{
    struct page_reuse p = {.id = c->id};
    struct manuscript m = {0};
    struct str text = S("");
    struct reuse r;
    struct db *db;

    TRY(store_read(c->app->office->store, &db, e));
    enum code code = manuscript_get(db, c->a, ctx_actor(c), c->id, &m, e);
    if (code == OK)
        code = manuscript_text(db, c->a, ctx_actor(c), c->id, -1, &text, NULL, e);
    store_read_end(db);
    TRY(code);
    ctx_level(c, m.level);
    TRY(reuse_find(c->app->office, c->a, ctx_actor(c), text, c->id, &r, e));
    p.title = m.title;
    p.sources = froms(c, &r), p.n_sources = r.n;
    p.percent = r.percent;
    p.warning = reuse_warning(c->a, &r);
    p.chars = r.chars, p.compared = r.compared, p.behind = r.behind;
    show_reuse(c, &p);
    return OK;
}

enum code do_desk_reuse(struct ctx *c, struct err *e)
{
    struct page_desk_reuse p = {0};
    struct reuse r;

    TRY(reuse_find(c->app->office, c->a, ctx_actor(c), req_field(c->r, "text"),
        ctx_int(req_field(c->r, "manuscript"), 1, INT64_MAX, 0), &r, e));
    p.sources = froms(c, &r), p.n_sources = r.n;
    p.percent = r.percent;
    p.warning = reuse_warning(c->a, &r);
    p.chars = r.chars;
    show_desk_reuse(c, &p);
    return OK;
}
