/* page_word.c - a Word draft brought in: what was recognised and what was not, before it becomes a manuscript; and a manuscript as Word.
 *
 * Between the two steps the file is a loose one of the person (office/item_file.h), swept after a day: what is taken over is read out of it anew. */
#include <stdio.h>

#include "base/utf8.h"
#include "office/describe.h"
#include "office/item_file.h"
#include "office/manuscript_word.h"
#include "paper/face_pool.h"
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
    p->text = word_accepted(c->a, &w);
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

struct reading {
    struct item_upload file;
    int64_t id;
    struct page_manuscript_word p;
};

static enum code write_read(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct reading *j = c->job;
    return item_file_put(db, ctx_actor(c), &j->file, &j->id, e);
}

/* What is wrong with the file stands on the page; the rest is nobody's here. */
static enum code refused(struct ctx *c, enum code code, struct err *e)
{
    struct page_manuscript_word p = {0};

    ctx_secret(c, code);
    if (c->json || (code != E_INPUT && code != E_LIMIT && code != E_SECRET && code != E_NOTFOUND))
        return code;
    return show(c, &p, e);
}

static enum code after_read(struct ctx *c, enum code code, struct err *e)
{
    struct reading *j = c->job;

    if (code != OK)
        return refused(c, code, e);
    j->p.file = j->id;
    return show(c, &j->p, NULL);
}

enum code do_manuscript_word(struct ctx *c, struct err *e)
{
    const struct upload *f = c->r->form && c->r->form->n_files ? &c->r->form->files[0] : NULL;
    struct reading *j = ARENA_NEW(c->a, struct reading);
    struct rich r;

    if (!f)
        return FAIL(e, E_INPUT, "请选择一份 docx 文件");
    c->job = j;
    j->p.file_name = f->name.n ? f->name : S("未命名");
    enum code code = rich_read(c->app->office->readers, c->a, f->fd, j->p.file_name, &r, e);
    if (code == OK)
        code = fill(c, &r, &j->p, e);
    if (code == OK)
        code = item_file_judge(c->app->office, c->a, f->fd, j->p.file_name, &j->file, e);
    return code == OK ? ctx_write(c, write_read, c, after_read) : refused(c, code, e);
}

/* ---- taken ---- */

struct taking {
    struct manuscript_new m;
    struct word_ready ready;
    struct word_taken taken;
};

static enum code write_taken(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct taking *j = c->job;

    return manuscript_word_take(db, c->a, ctx_actor(c), &j->m, &j->ready, &j->taken, e);
}

static struct str taken_told(struct ctx *c, const struct taking *j)
{
    struct str s = manuscript_word_told(c->a, &j->taken);

    s = s.n ? arena_printf(c->a, "文字已带入，连同%.*s", SF(s)) : S("文字已带入");
    if (j->taken.left)
        s = arena_printf(c->a, "%.*s；另有%lld条没有内容或太长、太多，没有带入", SF(s),
            (long long)j->taken.left);
    if (j->ready.lost.n)
        s = arena_printf(
            c->a, "%.*s；%.*s不是 png、jpg 或者太大，没有带入", SF(s), SF(j->ready.lost));
    return s;
}

static enum code after_taken(struct ctx *c, enum code code, struct err *e)
{
    const struct taking *j = c->job;

    if (code != OK)
        return refused(c, code, e);
    ctx_flash(c, taken_told(c, j));
    ctx_redirect(c, arena_printf(c->a, "/manuscripts/%lld", (long long)j->taken.id));
    return OK;
}

/* The file of the step before: the person's own, and not on an item. */
static enum code loose(struct ctx *c, int fd, struct str *name, struct err *e)
{
    struct item_file f = {.item = 0};
    struct db *db;

    TRY(store_read(c->app->office->store, &db, e));
    enum code code = item_file_open(
        db, c->a, ctx_actor(c), ctx_int(req_field(c->r, "file"), 1, INT64_MAX, 0), &f, e);
    if (code == E_NOTFOUND || (code == OK && f.item))
        code = FAIL(e, E_INPUT, "读过的文件已经不在了，请重新选择文件读一遍");
    if (code == OK)
        code = blob_read_fd(db, f.blob, fd, e);
    store_read_end(db);
    TRY(code);
    *name = f.name;
    return OK;
}

static enum code judge_taken(struct ctx *c, struct taking *j, struct err *e)
{
    static const char *const ways[] = {"suggest", "accepted", "before"};
    struct str how = req_field(c->r, "changes"), name = S("");
    enum word_changes k = WORD_SUGGEST;
    struct word_draft w;
    struct rich r;
    FILE *f = tmpfile();

    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
        if (str_eq(how, str_z(ways[i])))
            k = (enum word_changes)i;
    if (!f)
        return FAIL(e, E_IO, "无法暂存文件，请查看磁盘空间");
    enum code code = loose(c, fileno(f), &name, e);
    if (code == OK)
        code = rich_read(c->app->office->readers, c->a, fileno(f), name, &r, e);
    (void)fclose(f);
    TRY(code);
    word_take(c->a, &r, &w);
    return manuscript_word_judge(c->app->office, c->a, &w, k, &j->ready, e);
}

enum code do_manuscript_word_take(struct ctx *c, struct err *e)
{
    struct taking *j = ARENA_NEW(c->a, struct taking);

    j->m = (struct manuscript_new){.title = ctx_words(c, req_field(c->r, "title")),
        .genre = (int)ctx_int(req_field(c->r, "genre"), 0, GENRE_MAX, 0),
        .level = (int)ctx_int(req_field(c->r, "level"), 0, N_LEVEL - 1, LEVEL_INTERNAL)};
    c->job = j;
    enum code code = judge_taken(c, j, e);
    return code == OK ? ctx_write(c, write_taken, c, after_taken) : refused(c, code, e);
}

/* ---- as Word ---- */

enum code page_manuscript_docx(struct ctx *c, struct err *e)
{
    struct manuscript_source s;
    struct str docx = S("");
    struct faces *f;
    struct db *db;

    TRY(store_read(c->app->office->store, &db, e));
    enum code code = manuscript_word_source(db, c->a, ctx_actor(c), c->id, &s, e);
    store_read_end(db);
    TRY(code);
    ctx_level(c, s.m.level);
    TRY(face_pool_take(c->app->faces, &f, e));
    code = manuscript_word_docx(c->a, f, &s, ctx_actor(c)->now_ms, &docx, e);
    face_pool_give(c->app->faces, f);
    TRY(code);
    res_text(&c->r->res, 200, S("application/octet-stream"), docx);
    ctx_attachment(c, arena_printf(c->a, "%.*s.docx", SF(s.m.title)));
    return OK;
}
