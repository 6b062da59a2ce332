/* page_word.c - a Word draft brought in: what was recognised and what was not, before it becomes a manuscript. */
#include "base/utf8.h"
#include "office/describe.h"
#include "office/manuscript.h"
#include "office/word.h"
#include "text/genre.h"
#include "web/route.h"
#include "web/rows.h"

static void choices_of(struct ctx *c, struct page_manuscript_word *p)
{
    struct choices genres = {0}, levels = {0};

    choices_genre(
        c, &genres, (int)ctx_int(req_field(c->r, "genre"), 0, GENRE_MAX, 0), "按标题判断");
    choices_level(
        c, &levels, (int)ctx_int(req_field(c->r, "level"), 0, N_LEVEL - 1, LEVEL_INTERNAL), NULL);
    p->genres = genres.v, p->n_genres = genres.n;
    p->levels = levels.v, p->n_levels = levels.n;
}

static enum code show(struct ctx *c, struct page_manuscript_word *p, const struct err *why)
{
    choices_of(c, p);
    if (why) {
        p->problem = arena_str(c->a, str_z(why->msg));
        c->r->res.status = 400;
    }
    show_manuscript_word(c, p);
    return OK;
}

enum code page_manuscript_word(struct ctx *c, struct err *e)
{
    struct page_manuscript_word p = {0};

    (void)e;
    return show(c, &p, NULL);
}

/* ---- what the file has ---- */

static struct word_line *lines(struct ctx *c, const struct str *v, size_t n)
{
    struct word_line *out = ARENA_ARRAY(c->a, struct word_line, n + 1);

    for (size_t i = 0; i < n; i++)
        out[i].words = v[i];
    return out;
}

/* 李明（“7月15日”）：日期请再核 */
static void fill_comments(struct ctx *c, const struct word_draft *w, struct page_manuscript_word *p)
{
    p->comments = ARENA_ARRAY(c->a, struct word_line, w->n_notes + 1);
    for (size_t i = 0; i < w->n_notes; i++) {
        const struct official_note *x = &w->notes[i];
        struct str about = str_sub(w->text, x->from, x->to - x->from);
        if (x->kind != OFFICIAL_COMMENT)
            continue;
        about = str_sub(about, 0, utf8_off(about, 30));
        p->comments[p->n_comments++].words =
            about.n
                ? arena_printf(c->a, "%.*s（“%.*s”）：%.*s", SF(x->author), SF(about), SF(x->text))
                : arena_printf(c->a, "%.*s：%.*s", SF(x->author), SF(x->text));
    }
}

static enum code fill(
    struct ctx *c, const struct rich *r, struct page_manuscript_word *p, struct err *e)
{
    static const struct doc none = {0};
    struct word_draft w;
    struct official o;
    const char *secret;

    word_take(c->a, r, &w);
    for (size_t i = 0; i < w.n_notes; i++)
        p->changes += w.notes[i].kind != OFFICIAL_COMMENT;
    p->text = str_eq(req_field(c->r, "changes"), S("before")) ? w.text : word_accepted(c->a, &w);
    secret = describe_secret(&none, p->text, p->file_name);
    if (secret)
        return FAIL(e, E_SECRET,
            "文件标有密级“%s”，本系统严禁存储、处理国家秘密，请走涉密渠道；文件没有带入", secret);
    if (!str_trim(p->text).n)
        return FAIL(e, E_INPUT, "文件里没有文字");
    TRY(word_official(c->a, &w, &o, e));
    p->title = o.title.n ? str_sub(o.title, 0, str_find(o.title, S("\n"), 0)) : S("");
    p->known = lines(c, w.known, w.n_known);
    p->n_known = w.n_known;
    p->lost = lines(c, w.lost, w.n_lost);
    p->n_lost = w.n_lost;
    p->pictures = (int64_t)w.n_pictures;
    fill_comments(c, &w, p);
    p->read = true;
    return OK;
}

enum code do_manuscript_word(struct ctx *c, struct err *e)
{
    struct page_manuscript_word p = {0};
    const struct upload *f = c->r->form && c->r->form->n_files ? &c->r->form->files[0] : NULL;
    struct rich r;
    struct err why = {0};
    enum code code;

    if (!f)
        return FAIL(e, E_INPUT, "请选择一份 docx 文件");
    p.file_name = f->name.n ? f->name : S("未命名");
    code = rich_read(c->app->office->readers, c->a, f->fd, p.file_name, &r, &why);
    if (code == OK)
        code = fill(c, &r, &p, &why);
    if (code == E_INPUT || code == E_LIMIT || code == E_SECRET) {
        if (c->json) {
            *e = why;
            return code;
        }
        ctx_secret(c, code);
        p = (struct page_manuscript_word){0};
        return show(c, &p, &why);
    }
    if (code != OK) {
        *e = why;
        return code;
    }
    return show(c, &p, NULL);
}

/* ---- taken ---- */

struct taking {
    struct manuscript_new m;
    int64_t id;
};

static enum code write_taken(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct taking *j = c->job;

    return manuscript_new(db, ctx_actor(c), &j->m, &j->id, e);
}

static enum code after_taken(struct ctx *c, enum code code, struct err *e)
{
    struct taking *j = c->job;
    struct page_manuscript_word p = {.read = true, .text = j->m.text, .title = j->m.title};

    ctx_secret(c, code);
    if ((code == E_INPUT || code == E_LIMIT) && !c->json)
        return show(c, &p, e);
    if (code == OK)
        ctx_redirect(c, arena_printf(c->a, "/manuscripts/%lld", (long long)j->id));
    return code;
}

/* A browser sends lines with CR LF. */
static struct str with_line_feeds(struct ctx *c, struct str s)
{
    struct str line, out;
    struct buf b;

    buf_init(&b, 0);
    while (str_next(&s, S("\n"), &line)) {
        (void)str_eat_end(&line, S("\r"));
        buf_str(&b, line);
        buf_char(&b, '\n');
    }
    out = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return out;
}

enum code do_manuscript_word_take(struct ctx *c, struct err *e)
{
    struct taking *j = ARENA_NEW(c->a, struct taking);

    (void)e;
    j->m = (struct manuscript_new){.title = ctx_words(c, req_field(c->r, "title")),
        .genre = (int)ctx_int(req_field(c->r, "genre"), 0, GENRE_MAX, 0),
        .level = (int)ctx_int(req_field(c->r, "level"), 0, N_LEVEL - 1, LEVEL_INTERNAL),
        .text = with_line_feeds(c, req_field(c->r, "text"))};
    c->job = j;
    return ctx_write(c, write_taken, c, after_taken);
}
