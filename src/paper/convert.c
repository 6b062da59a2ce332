/* External converters: pdftotext and LibreOffice. Their output goes through a child like any file. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): memmem, mkdtemp */
#include "paper/convert.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paper/formats.h"
#include "paper/oserr.h"
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

enum { SCAN = 1 << 20, OFFICE_MEMORY_GB = 4 };

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

static enum code copy_file(int fd, const char *path, struct err *e)
{
    int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    char *buf = mem_alloc(SCAN);
    off_t at = 0;
    ssize_t n = 0;
    bool ok = to >= 0;

    while (ok && (n = pread(fd, buf, SCAN, at)) > 0) {
        ok = write(to, buf, (size_t)n) == n;
        at += n;
    }
    ok = ok && n == 0;
    if (to >= 0 && close(to) != 0)
        ok = false;
    free(buf);
    return ok ? OK : FAIL(e, E_IO, "无法写入转换用的临时文件：%s", os_error(errno).z);
}

/* bubblewrap gives LibreOffice what landlock cannot: a /tmp of its own for its sockets. Own names
 * for processes, network, users; nothing of the machine but programs and fonts. */
static enum code run_office(const struct reader_pool *p, const char *soffice, const char *folder,
    const char *to, struct err *e)
{
    const char *bwrap = program_find(bwrap_paths);
    const char *argv[] = {bwrap, "--unshare-all", "--die-with-parent", "--new-session", "--ro-bind",
        "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
        "--symlink", "usr/bin", "/bin", "--ro-bind-try", "/etc/fonts", "/etc/fonts",
        "--ro-bind-try", "/etc/libreoffice", "/etc/libreoffice", "--proc", "/proc", "--dev", "/dev",
        "--tmpfs", "/tmp", "--bind", folder, "/work", "--chdir", "/work", "--setenv", "HOME",
        "/work", soffice, "-env:UserInstallation=file:///work/profile", "--headless", "--norestore",
        "--convert-to", to, "--outdir", "/work/out", "/work/in.doc", NULL};
    const struct reader_limits *lim = pool_limits(p);
    struct program run = {.exe = pool_exe(p),
        .argv = argv,
        .in = -1,
        .folder = folder,
        .memory = (size_t)OFFICE_MEMORY_GB << 30,
        .output = lim->unpacked_bytes,
        .seconds = lim->seconds * CONVERT_FACTOR,
        .own_cage = true};
    struct program_end end;
    int said = -1;
    enum code c;

    if (!bwrap)
        return FAIL(e, E_INPUT,
            "是旧版 Word、WPS 或 Excel 格式，本机没有安装 bubblewrap，不运行 "
            "LibreOffice，请先另存为docx再导入");
    TRY(memory_file("said", &said, e));
    run.out = said;
    c = program_run(&run, &end, e);
    (void)close(said);
    if (c == OK && end.status != 0)
        c = FAIL(e, E_INPUT, "LibreOffice 不能转换，文件可能已损坏，请先另存为docx再导入");
    return c;
}

/* Remove the scratch folder, which LibreOffice has filled with its profile. */
static void remove_folder(const struct reader_pool *p, const char *folder)
{
    static const char *const rm_paths[] = {"/usr/bin/rm", "/bin/rm", NULL};
    const char *argv[] = {program_find(rm_paths), "-rf", "--", folder, NULL};
    struct program run = {.exe = pool_exe(p),
        .argv = argv,
        .in = -1,
        .folder = folder,
        .memory = pool_limits(p)->memory,
        .output = 1,
        .seconds = pool_limits(p)->seconds};
    struct program_end end;
    struct err ignored;
    int said = -1;

    if (!argv[0] || memory_file("said", &said, &ignored) != OK)
        return;
    run.out = said;
    if (program_run(&run, &end, &ignored) == OK)
        (void)rmdir(folder); /* it may empty its own folder, not unlink it from the parent's */
    (void)close(said);
}

static enum code through_office(struct reader_pool *p, struct arena *a, int fd, const char *soffice,
    struct doc *out, struct err *e)
{
    char folder[] = "/tmp/qianshao-XXXXXX";
    bool sheet = holds(fd, S("W\0o\0r\0k\0b\0o\0o\0k\0"));
    struct str in, made;
    int result = -1;
    enum code c;

    if (!mkdtemp(folder))
        return FAIL(e, E_IO, "无法建立转换用的临时目录：%s", os_error(errno).z);
    in = arena_printf(a, "%s/in.doc", folder);
    made = arena_printf(a, "%s/out/in.%s", folder, sheet ? "xlsx" : "docx");
    c = copy_file(fd, in.p, e);
    if (c == OK)
        c = run_office(p, soffice, folder, sheet ? "xlsx" : "docx", e);
    if (c == OK) {
        result = open(made.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        c = result < 0
                ? FAIL(e, E_INPUT, "LibreOffice 不能转换，文件可能已损坏，请先另存为docx再导入")
                : pool_ask(p, a, result, AS_FILE, 0, made, out, e);
    }
    if (result >= 0)
        (void)close(result);
    remove_folder(p, folder);
    return c;
}

enum code convert_office(
    struct reader_pool *p, struct arena *a, int fd, struct str name, struct doc *out, struct err *e)
{
    const char *soffice = program_find(soffice_paths);
    bool wps = strcmp(name_ext(name).z, "wps") == 0;

    if (holds(fd, S("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0")))
        return FAIL(e, E_INPUT, "文件已用密码加密，请打开后去掉密码另存再导入");
    if (!soffice)
        return FAIL(e, E_INPUT,
            "是旧版 Word、WPS 或 Excel 格式，本机没有安装 LibreOffice，请先另存为docx再导入");
    TRY(through_office(p, a, fd, soffice, out, e));
    out->format = wps ? FORMAT_WPS : FORMAT_DOC;
    return OK;
}
