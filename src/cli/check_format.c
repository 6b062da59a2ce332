/* check --format: a docx measured against GB/T 9704, and --repair. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "cli/cli_int.h"
#include "office/format.h"

static void put_text(const char *path, const struct format_report *r)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct format_finding *x = &r->v[i];
        printf(
            "%s: %s %s %.*s", path, format_grade_name(x->rule->grade), x->rule->name, SF(x->place));
        if (x->times > 1)
            printf("等%zu处", x->times);
        printf("\n  现在：%.*s；应为：%.*s（GB/T 9704 %s）\n", SF(x->found), SF(x->right),
            x->rule->clause);
    }
    printf("P0 %zu 项，P1 %zu 项，P2 %zu 项", r->by_grade[FORMAT_P0], r->by_grade[FORMAT_P1],
        r->by_grade[FORMAT_P2]);
    puts(r->cut ? "，太多，没有全列" : "");
}

static void put_findings(struct jw *w, const struct format_report *r)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct format_finding *x = &r->v[i];
        jw_obj(w);
        jw_kstr(w, "rule", str_z(x->rule->id));
        jw_kstr(w, "name", str_z(x->rule->name));
        jw_kstr(w, "clause", str_z(x->rule->clause));
        jw_kstr(w, "grade", str_z(format_grade_name(x->rule->grade)));
        jw_kstr(w, "place", x->place);
        jw_kint(w, "times", (int64_t)x->times);
        jw_kstr(w, "found", x->found);
        jw_kstr(w, "right", x->right);
        jw_end(w);
    }
}

static void put_json(const struct format_report *r, const struct format_repaired *mended)
{
    struct buf b;
    struct jw w;

    buf_init(&b, 0);
    jw_init(&w, &b);
    jw_obj(&w);
    jw_karr(&w, "findings");
    put_findings(&w, r);
    jw_end(&w);
    if (mended) {
        jw_kint(&w, "mended", (int64_t)mended->mended);
        jw_karr(&w, "left");
        put_findings(&w, &mended->left);
        jw_end(&w);
        jw_karr(&w, "notes");
        for (size_t i = 0; i < mended->n_notes; i++)
            jw_str(&w, mended->notes[i]);
        jw_end(&w);
    }
    jw_end(&w);
    puts(b.p);
    buf_release(&b);
}

static bool same_file(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static void put_mended(const char *out, const struct format_repaired *m)
{
    printf("\n%s：改好 %zu 项，文字没有动。", out, m->mended);
    puts(m->left.n ? "下面这些要由人改：" : "");
    if (m->left.n)
        put_text(out, &m->left);
    for (size_t i = 0; i < m->n_notes; i++)
        printf("提示：%.*s\n", SF(m->notes[i]));
}

static enum code check(
    struct cli *c, struct reader_pool *pool, int fd, const char *path, struct err *e)
{
    const char *out = cli_value(c, "repair");
    struct format_repaired mended = {0};
    struct format_report r;

    TRY(format_file(pool, &c->arena, fd, cli_base_name(path), &r, e));
    if (out) {
        TRY(format_repair(pool, &c->arena, fd, cli_base_name(path), &mended, e));
        TRY(io_write_file(out, mended.docx, 0666, e));
    }
    if (c->json) {
        put_json(&r, out ? &mended : NULL);
    } else {
        put_text(path, &r);
        if (out)
            put_mended(out, &mended);
    }
    c->status = (out ? mended.left.n : r.n) ? 1 : 0;
    return OK;
}

enum code cli_check_format(struct cli *c, const char *path, struct err *e)
{
    const char *out = cli_value(c, "repair");
    struct reader_pool *pool = NULL;
    enum code code;
    struct stat st;
    int fd;

    if (strcmp(path, "-") == 0)
        return FAIL(e, E_INPUT, "版式检查要写文件名，不能用标准输入");
    if (out && same_file(path, out))
        return FAIL(
            e, E_INPUT, "选项“--repair”的“%s”就是要检查的文件，原件不改写，请写另一个文件名", out);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) /* as check, format and diff have it: the arguments are wrong */
        return FAIL(e, E_INPUT, "无法打开“%s”：没有这个文件或目录", path);
    if (fd < 0)
        return io_fail("打开", path, e);
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        code = FAIL(e, E_INPUT, "“%s”不是普通文件，请写出一个 docx 文件", path);
    else
        code = reader_pool_open(NULL, 1, NULL, &pool, e);
    if (code == OK) {
        code = check(c, pool, fd, path, e);
        reader_pool_close(pool);
    }
    close(fd);
    return code;
}
