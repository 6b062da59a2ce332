/* draft.c - a draft named on the command line, read in the reader's cage as every file from outside. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "cli/cli_int.h"
#include "office/describe.h"
#include "paper/reader.h"

static enum code take_bytes(struct cli *c, int fd, const char *name, struct str *out, struct err *e)
{
    struct buf b;
    enum code code;

    buf_init(&b, 0);
    code = io_read_fd(fd, name, reader_limits_default().file_bytes, &b, e);
    if (code == OK)
        *out = arena_str(&c->arena, buf_view(&b));
    buf_release(&b);
    return code;
}

struct str cli_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return str_z(slash ? slash + 1 : path);
}

static enum code read_doc(
    struct cli *c, struct reader_pool *pool, const char *path, struct cli_draft *d, struct err *e)
{
    int fd;
    enum code code;

    if (strcmp(path, "-") == 0) {
        TRY(take_bytes(c, STDIN_FILENO, "标准输入", &d->raw, e));
        return reader_read_bytes(pool, &c->arena, d->raw, S("标准输入"), &d->doc, e);
    }
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        (void)io_fail("打开", path, e);
        return e->code = E_INPUT; /* what the person wrote, not what the library lacks */
    }
    code = reader_read(pool, &c->arena, fd, cli_base_name(path), &d->doc, e);
    if (code == OK && d->doc.format == FORMAT_TXT)
        code = take_bytes(c, fd, path, &d->raw, e);
    close(fd);
    return code;
}

enum code cli_read_draft(struct cli *c, const char *path, struct cli_draft *out, struct err *e)
{
    struct reader_pool *pool;
    struct cli_draft d = {0};
    struct buf text;
    const char *secret;

    TRY(reader_pool_open(NULL, 1, NULL, &pool, e));
    enum code code = read_doc(c, pool, path, &d, e);
    reader_pool_close(pool);
    if (code != OK)
        return code;
    buf_init(&text, 0);
    doc_text(&d.doc, &text);
    d.text = arena_str(&c->arena, buf_view(&text));
    buf_release(&text);
    secret = describe_secret(&d.doc, d.text, cli_base_name(path));
    if (secret)
        return FAIL(e, E_SECRET,
            "文件标有密级“%s”，本系统严禁存储、处理国家秘密，请走涉密渠道；文件没有检查", secret);
    if (str_trim(d.text).n == 0)
        return FAIL(
            e, E_INPUT, "%s：文件里没有文字%s", path, d.doc.image_only ? "，扫描件请先识别" : "");
    *out = d;
    return OK;
}
