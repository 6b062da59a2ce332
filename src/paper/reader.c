/* Which way a file goes: to a child, to a converter first, or nowhere. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): memfd_create through program.h */
#include "paper/reader.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paper/cage.h"
#include "paper/convert.h"
#include "paper/formats.h"
#include "paper/oserr.h"
#include "paper/pool.h"
#include "paper/program.h"

void reader_cage_report(struct buf *out)
{
    int abi = cage_landlock_abi();

    if (abi > 0)
        buf_printf(out, "读取沙箱：landlock 第 %d 版、seccomp、资源上限", abi);
    else
        buf_z(out,
            "读取沙箱：内核没有 landlock，读取进程只由 seccomp 和资源上限约束，不运行外部转换程序");
}

/* The head of the file, and whether it may be read at all. */
static enum code look(const struct reader_limits *lim, int fd, char *head, size_t *n, struct err *e)
{
    struct stat st;
    ssize_t r;

    if (fstat(fd, &st) != 0)
        return FAIL(e, E_IO, "无法读取：%s", os_error(errno).z);
    if (!S_ISREG(st.st_mode))
        return FAIL(e, E_INPUT, "不是普通文件，不能导入");
    if ((uint64_t)st.st_size > lim->file_bytes)
        return FAIL(e, E_LIMIT, "大小 %lld MB，超过上限 %zu MB", (long long)st.st_size >> 20,
            lim->file_bytes >> 20);
    do
        r = pread(fd, head, SNIFF_BYTES, 0);
    while (r < 0 && errno == EINTR);
    if (r < 0)
        return FAIL(e, E_IO, "无法读取：%s", os_error(errno).z);
    *n = (size_t)r;
    return OK;
}

static enum code dispatch(
    struct reader_pool *p, struct arena *a, int fd, struct str name, struct doc *out, struct err *e)
{
    char head[SNIFF_BYTES];
    size_t n = 0;

    TRY(look(pool_limits(p), fd, head, &n, e));
    switch (sniff((struct str){head, n}, name)) {
    case SNIFF_PDF:
        return convert_pdf(p, a, fd, out, e);
    case SNIFF_OLE:
        return convert_office(p, a, fd, name, out, e);
    case SNIFF_PNG:
    case SNIFF_JPEG:
    case SNIFF_TIFF:
    case SNIFF_IMAGE:
        *out = (struct doc){.format = FORMAT_IMAGE, .image_only = true};
        return OK;
    case SNIFF_TEXT:
    case SNIFF_EMPTY:
    case SNIFF_ZIP:
    case SNIFF_RTF:
    case SNIFF_HTML:
    case SNIFF_EML:
    case SNIFF_WORDXML:
    case SNIFF_PACKED:
    case SNIFF_PROGRAM:
    default:
        return pool_ask(p, a, fd, AS_FILE, 0, name, out, e);
    }
}

enum code reader_read(
    struct reader_pool *p, struct arena *a, int fd, struct str name, struct doc *out, struct err *e)
{
    enum code c = dispatch(p, a, fd, name, out, e);

    return c == OK ? OK : err_context(e, "文件“%.*s”", SF(name));
}

enum code reader_read_bytes(struct reader_pool *p, struct arena *a, struct str bytes,
    struct str name, struct doc *out, struct err *e)
{
    int fd = -1;
    TRY(memory_file_of("bytes", bytes, &fd, e));
    enum code c = reader_read(p, a, fd, name, out, e);
    (void)close(fd);
    return c;
}
