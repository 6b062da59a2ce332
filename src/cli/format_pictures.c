/* format_pictures.c - the pictures that a draft names in lines [图：名称]: files beside it in its folder. */
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "cli/cli_int.h"
#include "office/manuscript_file.h"
#include "paper/redraw.h"

struct beside {
    struct cli *c;
    struct reader_pool *pool; /* started with the first picture */
    struct str folder;        /* with its slash; empty: the one we are in */
    bool none;                /* the draft came from a pipe */
};

static bool plain_name(struct str name)
{
    return name.n && name.p[0] != '.' && !str_has(name, S("/")) && !str_has(name, S("\\"));
}

/* As it is written, or with one of the endings. */
static const char *find(struct beside *b, struct str name)
{
    static const char *const ends[] = {"", ".png", ".jpg", ".jpeg", ".PNG", ".JPG", ".JPEG"};

    for (size_t i = 0; i < sizeof ends / sizeof *ends && plain_name(name) && !b->none; i++) {
        const char *path = arena_z(&b->c->arena,
            arena_printf(&b->c->arena, "%.*s%.*s%s", SF(b->folder), SF(name), ends[i]));
        if (access(path, R_OK) == 0)
            return path;
    }
    return NULL;
}

static enum code fill_one(struct beside *b, struct official_block *k, struct err *e)
{
    const char *path = find(b, k->text);
    struct redrawn r;
    struct buf bytes;
    struct str s;

    if (!path)
        return FAIL(e, E_INPUT,
            b->none ? "文稿从标准输入来，没有所在的文件夹，找不到图片“%.*s”；请写明文稿的文件名"
                    : "没有找到图片“%.*s”，请把它存成同名的 png 或 jpg，放在文稿所在的文件夹",
            SF(k->text));
    if (!b->pool)
        TRY(reader_pool_open(NULL, 1, NULL, &b->pool, e));
    buf_init(&bytes, 0);
    enum code code = io_read_file(path, MANUSCRIPT_FILE_IN_MAX, &bytes, e);
    s = arena_str(&b->c->arena, buf_view(&bytes));
    buf_release(&bytes);
    TRY(code);
    TRY(reader_redraw(b->pool, &b->c->arena, s, cli_base_name(path), MANUSCRIPT_FILE_DOTS, &r, e));
    k->png = r.png;
    return OK;
}

static enum code fill(struct beside *b, struct official_block *v, size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].kind == OFFICIAL_PICTURE)
            TRY(fill_one(b, &v[i], e));
    return OK;
}

enum code cli_format_pictures(struct cli *c, const char *path, struct official *d, struct err *e)
{
    const char *slash = strrchr(path, '/');
    struct beside b = {.c = c, .none = strcmp(path, "-") == 0, .folder = S("")};

    if (slash)
        b.folder = (struct str){path, (size_t)(slash - path) + 1};
    enum code code = OK;
    struct official_block *v;
    size_t n;
    for (size_t i = 0; code == OK && official_blocks(d, i, &v, &n); i++)
        code = fill(&b, v, n, e);
    if (b.pool)
        reader_pool_close(b.pool);
    return code;
}
