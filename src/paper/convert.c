/* External converters: pdftotext and LibreOffice. Their output goes through a child like any file. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): memmem */
#include "paper/convert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "paper/formats.h"
#include "paper/pool.h"
#include "paper/program.h"

/* ---- pdf ---- */

static const char *const pdftotext_paths[] = {
    "/usr/local/bin/pdftotext", "/usr/bin/pdftotext", NULL};

enum code convert_pdf(
    struct reader_pool *p, struct arena *a, int fd, struct doc *out, struct err *e)
{
    const char *tool = program_find(pdftotext_paths);
    const char *argv[] = {tool, "-bbox", "-", "-", NULL};
    const struct reader_limits *lim = pool_limits(p);
    struct program run = {.exe = pool_exe(p),
        .argv = argv,
        .in = fd,
        .memory = lim->memory,
        .output = lim->unpacked_bytes,
        .seconds = lim->seconds * CONVERT_FACTOR};
    struct program_end end;
    int text = -1;
    enum code c;

    if (!tool)
        return FAIL(e, E_IO, "本机没有安装 pdftotext，不能读取 PDF，请安装软件包 poppler-utils");
    TRY(memory_file("pdftext", &text, e));
    run.out = text;
    c = program_run(&run, &end, e);
    if (c == OK && end.status != 0)
        c = strstr(end.said, "ncorrect password")
                ? FAIL(e, E_INPUT, "PDF 已加密，请用密码打开并另存为不加密的文件再导入")
            : end.status == 3 ? FAIL(e, E_INPUT, "PDF 禁止提取文字，请取得不受限制的文件再导入")
                              : FAIL(e, E_INPUT, "PDF 已损坏或不完整，请重新取得原文件");
    if (c == OK)
        c = pool_ask(p, a, text, AS_PDFTEXT, 0, S("x.pdf"), out, e);
    (void)close(text);
    return c;
}

/* ---- doc, wps, xls ---- */

static const char *const soffice_paths[] = {
    "/usr/local/bin/soffice", "/usr/bin/soffice", "/usr/bin/libreoffice", NULL};
static const char *const bwrap_paths[] = {"/usr/bin/bwrap", "/usr/local/bin/bwrap", NULL};

enum { SCAN = 1 << 20, OFFICE_MEMORY_GB = 4, PROFILE_BYTES = 256 << 20 };

/* Whether the file holds these bytes: stream names of a compound file stand in its directory, which
 * may be anywhere. */
static bool holds(int fd, struct str needle)
{
    char *buf = mem_alloc(SCAN);
    size_t kept = 0;
    off_t at = 0;
    ssize_t n;
    bool found = false;

    while (!found && (n = pread(fd, buf + kept, SCAN - kept, at)) > 0) {
        size_t all = kept + (size_t)n;
        found = memmem(buf, all, needle.p, needle.n) != NULL;
        kept = all < needle.n ? all : needle.n - 1;
        memmove(buf, buf + all - kept, kept);
        at += n;
    }
    free(buf);
    return found;
}

/* What a compound file is, by the names of its streams. */
enum ole { OLE_OTHER, OLE_WORD, OLE_SHEET, OLE_ENCRYPTED };
static enum ole look_inside(int fd)
{
    if (holds(fd, S("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0")))
        return OLE_ENCRYPTED;
    if (holds(fd, S("W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0\0\0")))
        return OLE_WORD; /* before sheets: one may be embedded */
    if (holds(fd, S("W\0o\0r\0k\0b\0o\0o\0k\0\0\0")) || holds(fd, S("\0B\0o\0o\0k\0\0\0")))
        return OLE_SHEET;
    return OLE_OTHER;
}

/* LibreOffice in a machine of its own: bubblewrap gives it what landlock cannot, a /tmp for its
 * sockets and names of its own for processes, network and users; of this machine there are programs and
 * fonts. The file comes in by standard input and the result goes out by standard output, so that no plain
 * text is ever on a disk, whatever ends this process. It sees no /proc: the outer one would show this process,
 * and where a service or a container hides parts of /proc the kernel refuses a new one; the loader then has to be told
 * where LibreOffice lies. */
static enum code run_office(
    const struct reader_pool *p, const char *soffice, int fd, bool sheet, int result, struct err *e)
{
    static const char script[] =
        "export LD_LIBRARY_PATH=\"$(dirname \"$(readlink -f \"$0\")\")\"; cat >in.\"$1\" && \"$0\" "
        "-env:UserInstallation=file:///work/profile --headless --norestore --convert-to \"$2\" "
        "--outdir out in.\"$1\" >&2 && exec cat out/in.\"$2\"";
    const struct reader_limits *lim = pool_limits(p);
    const char *bwrap = program_find(bwrap_paths);
    char room[32];
    const char *argv[] = {bwrap, "--unshare-all", "--die-with-parent", "--new-session", "--ro-bind",
        "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
        "--symlink", "usr/bin", "/bin", "--ro-bind-try", "/etc/fonts", "/etc/fonts",
        "--ro-bind-try", "/etc/libreoffice", "/etc/libreoffice", "--ro-bind", "/proc/version",
        "/proc/version", "--dev", "/dev", "--size", room, "--tmpfs", "/tmp", "--size", room,
        "--tmpfs", "/work", "--chdir", "/work", "--setenv", "HOME", "/work", "--setenv", "TMPDIR",
        "/tmp", "/bin/sh", "-c", script, soffice, sheet ? "xls" : "doc", sheet ? "xlsx" : "docx",
        NULL};
    struct program run = {.exe = pool_exe(p),
        .argv = argv,
        .in = fd,
        .out = result,
        .memory = (size_t)OFFICE_MEMORY_GB << 30,
        .output = lim->unpacked_bytes,
        .seconds = lim->seconds * CONVERT_FACTOR,
        .own_cage = true};
    struct program_end end;

    if (!bwrap)
        return FAIL(e, E_INPUT,
            "是旧版 Word、WPS 或 Excel 格式，本机没有安装 bubblewrap，不运行 "
            "LibreOffice，请先另存为docx再导入");
    (void)snprintf(
        room, sizeof(room), "%zu", lim->file_bytes + lim->unpacked_bytes + PROFILE_BYTES);
    TRY(program_run(&run, &end, e));
    if (end.status != 0 && str_starts(str_z(end.said), S("bwrap: ")))
        return FAIL(e, E_INPUT,
            "是旧版 Word、WPS 或 Excel 格式，本机不允许建立 LibreOffice "
            "的沙箱（命名空间），请先另存为%s再导入",
            sheet ? "xlsx" : "docx");
    if (end.status != 0)
        return FAIL(e, E_INPUT, "LibreOffice 不能转换，文件可能已损坏，请先另存为%s再导入",
            sheet ? "xlsx" : "docx");
    return OK;
}

enum code convert_office(
    struct reader_pool *p, struct arena *a, int fd, struct str name, struct doc *out, struct err *e)
{
    const char *soffice = program_find(soffice_paths);
    bool wps = strcmp(name_ext(name).z, "wps") == 0;
    enum ole what = look_inside(fd);
    int result = -1;
    enum code c;

    if (what == OLE_ENCRYPTED)
        return FAIL(e, E_INPUT, "文件已用密码加密，请打开后去掉密码另存再导入");
    if (what == OLE_OTHER)
        return FAIL(e, E_INPUT,
            "认不出是 Word、WPS 文字还是 Excel，文件可能不完整，也可能是 Works "
            "文档或演示文稿，请用原来的软件打开，另存为docx再导入");
    if (!soffice)
        return FAIL(e, E_INPUT,
            "是旧版 Word、WPS 或 Excel 格式，本机没有安装 LibreOffice，请先另存为%s再导入",
            what == OLE_SHEET ? "xlsx" : "docx");
    TRY(memory_file("converted", &result, e));
    c = run_office(p, soffice, fd, what == OLE_SHEET, result, e);
    if (c == OK)
        c = pool_ask(
            p, a, result, AS_FILE, 0, what == OLE_SHEET ? S("in.xlsx") : S("in.docx"), out, e);
    (void)close(result);
    if (c == OK)
        out->format = wps ? FORMAT_WPS : FORMAT_DOC;
    return c;
}
