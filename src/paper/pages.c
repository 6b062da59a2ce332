/* Looking at pages, and reading them by OCR: pdftoppm and tesseract, each in its cage. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): memfd_create through program.h */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paper/convert.h"
#include "paper/formats.h"
#include "paper/oserr.h"
#include "paper/pages_int.h"
#include "paper/pool.h"
#include "paper/program.h"

/* NOLINTBEGIN(readability-function-size): the parameters are those of the contract in reader.h */
enum {
    WIDTH_MIN = 16,
    WIDTH_MAX = 4000,
    OCR_PAGES_MAX = 300,
    PNG_MAX = 64 << 20,
    PAGE_MAX = 100000,
    WRONG_PAGE = 99, /* exit status of pdftoppm past the last page */
    LIST_MAX = 1 << 20,
    DOTS_USUAL = 300, /* an inch */
    DOTS_MIN = 150,   /* a coarser picture is drawn at the usual measure, */
    DOTS_MAX = 400,   /* as is a finer one */
    SIDE_MAX = 1 << 20,
};
enum list_column { COL_WIDTH = 3, COL_HEIGHT = 4, COL_X_DOTS = 12, COL_COUNT };

static const char *const pdftoppm_paths[] = {"/usr/local/bin/pdftoppm", "/usr/bin/pdftoppm", NULL};
static const char *const pdfimages_paths[] = {
    "/usr/local/bin/pdfimages", "/usr/bin/pdfimages", NULL};
static const char *const tesseract_paths[] = {
    "/usr/local/bin/tesseract", "/usr/bin/tesseract", NULL};

static enum code run_tool(const struct reader_pool *p, const char *const *argv, int in, int out,
    struct program_end *end, struct err *e)
{
    const struct reader_limits *lim = pool_limits(p);
    struct program run = {.exe = pool_exe(p),
        .argv = argv,
        .in = in,
        .out = out,
        .memory = lim->memory,
        .output = lim->unpacked_bytes,
        .seconds = lim->seconds * CONVERT_FACTOR};

    return program_run(&run, end, e);
}

static enum code head_of(int fd, struct str name, enum sniff *is, struct err *e)
{
    char head[SNIFF_BYTES];
    ssize_t n;

    do
        n = pread(fd, head, sizeof(head), 0);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return FAIL(e, E_IO, "无法读取：%s", os_error(errno).z);
    *is = sniff((struct str){head, (size_t)n}, name);
    return OK;
}

/* Page `page` of a PDF drawn into `out`; `how`: options of pdftoppm. */
static enum code draw(const struct reader_pool *p, int pdf, int page, const char *const how[5],
    int out, struct err *e)
{
    const char *tool = program_find(pdftoppm_paths);
    char number[16];
    const char *argv[] = {tool, "-q", "-singlefile", "-f", number, "-l", number, how[0], how[1],
        how[2], how[3], how[4], "-", NULL};
    struct program_end end;
    struct buf b = {0};
    struct stat st;

    if (!tool)
        return FAIL(
            e, E_NOTFOUND, "本机没有安装 pdftoppm，不能显示页面，请安装软件包 poppler-utils");
    buf_int(&b, page);
    memcpy(number, b.p, b.n + 1);
    buf_release(&b);
    TRY(run_tool(p, argv, pdf, out, &end, e));
    if (end.status == WRONG_PAGE || (end.status == 0 && fstat(out, &st) == 0 && st.st_size == 0))
        return FAIL(e, E_NOTFOUND, "没有第 %d 页", page);
    if (end.status != 0)
        return FAIL(e, E_INPUT, "PDF 已损坏或已加密，不能显示");
    return OK;
}

enum code pages_memory(struct str bytes, int *file, struct err *e)
{
    return memory_file_of("page", bytes, file, e);
}

/* A picture or OFD page as a file in memory that pdftoppm can draw; *png: it is a PNG already. */
static enum code picture_file(struct reader_pool *p, struct arena *a, int fd, struct str name,
    int page, int *file, struct str *png, struct err *e)
{
    struct doc d;
    struct str bytes;

    TRY(pool_ask(p, a, fd, AS_PICTURE, page, name, &d, e));
    CHECK_BUG(e, d.n_parts == 1);
    bytes = d.parts[0].bytes;
    if (str_ends(d.parts[0].name, S(".png"))) {
        *png = bytes;
        return OK;
    }
    return pages_memory(bytes, file, e);
}

static enum code page_png(struct reader_pool *p, struct arena *a, int fd, struct str name, int page,
    int width, struct str *png, struct err *e)
{
    struct buf w = {0};
    char width_z[16];
    const char *how[5] = {"-png", "-scale-to-x", width_z, "-scale-to-y", "-1"};
    int file = -1, out = -1;
    enum sniff is = SNIFF_EMPTY;
    enum code c;

    TRY(head_of(fd, name, &is, e));
    buf_int(&w, width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : width);
    memcpy(width_z, w.p, w.n + 1);
    buf_release(&w);
    if (page < 1 || page > PAGE_MAX)
        return FAIL(e, E_NOTFOUND, "没有第 %d 页", page);
    *png = S("");
    c = is == SNIFF_PDF ? OK : picture_file(p, a, fd, name, page, &file, png, e);
    if (c == OK && png->n == 0)
        c = memory_file("png", &out, e);
    if (c == OK && png->n == 0)
        c = draw(p, is == SNIFF_PDF ? fd : file, is == SNIFF_PDF ? page : 1, how, out, e);
    if (c == OK && png->n == 0)
        c = read_whole(a, out, PNG_MAX, png, e);
    if (file >= 0)
        (void)close(file);
    if (out >= 0)
        (void)close(out);
    return c;
}

enum code reader_page_png(struct reader_pool *p, struct arena *a, int fd, struct str name, int page,
    int width, struct str *png, struct err *e)
{
    struct str made = {"", 0};
    enum code c = page_png(p, a, fd, name, page, width, &made, e);

    if (c != OK)
        return err_context(e, "文件“%.*s”", SF(name));
    *png = made;
    return OK;
}

enum code pages_dots(struct reader_pool *p, struct arena *a, struct str jpeg, struct str name,
    int *file, struct err *e)
{
    static const char *const how[5] = {"-r", "300", "-q", "-q", "-q"}; /* dot for dot */
    struct str png = {"", 0};
    int in = -1, wrapped = -1;
    enum code c = pages_memory(jpeg, &in, e);

    if (c == OK)
        c = picture_file(p, a, in, name, 1, &wrapped, &png, e);
    if (c == OK && png.n)
        c = FAIL(e, E_BUG, "图片不是 jpg");
    if (c == OK)
        c = memory_file("dots", file, e);
    if (c == OK)
        c = draw(p, wrapped, 1, how, *file, e);
    if (in >= 0)
        (void)close(in);
    if (wrapped >= 0)
        (void)close(wrapped);
    return c;
}

enum code pages_sheet(
    struct reader_pool *p, struct str pdf, int page, int width, int *file, struct err *e)
{
    struct buf w = {0};
    char width_z[16];
    const char *how[5] = {"-scale-to-x", width_z, "-scale-to-y", "-1", "-q"};
    int in = -1;
    enum code c;

    buf_int(&w, width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : width);
    memcpy(width_z, w.p, w.n + 1);
    buf_release(&w);
    c = pages_memory(pdf, &in, e);
    if (c == OK)
        c = memory_file("dots", file, e);
    if (c == OK)
        c = draw(p, in, page, how, *file, e);
    if (in >= 0)
        (void)close(in);
    return c;
}

/* ---- OCR ---- */

/* The dots an inch of the largest picture, out of the table that `pdfimages -list` prints; 0: none.
 * Columns: page num type width height color comp bpc enc interp object ID x-ppi y-ppi size ratio. */
static int dots_of_list(struct str table)
{
    struct str line;
    int64_t best = 0, dots = 0;

    while (str_next(&table, S("\n"), &line)) {
        int64_t v[COL_COUNT] = {0};
        struct err ignored;
        for (int col = 0; col < COL_COUNT && (line = str_trim(line)).n; col++) {
            struct str word = line, rest = S("");
            (void)str_cut(line, S(" "), &word, &rest);
            if (str_int(word, &v[col], &ignored) != OK)
                v[col] = 0;
            line = rest;
        }
        if (v[COL_WIDTH] > 0 && v[COL_HEIGHT] > 0 && v[COL_WIDTH] < SIDE_MAX &&
            v[COL_HEIGHT] < SIDE_MAX && v[COL_WIDTH] * v[COL_HEIGHT] > best) {
            best = v[COL_WIDTH] * v[COL_HEIGHT];
            dots = v[COL_X_DOTS];
        }
    }
    return dots >= DOTS_MIN && dots <= DOTS_MAX ? (int)dots : 0;
}

/* A scan is read best at the resolution it was made in: dots put between its own blur the strokes
 * (measured on a page of 200: drawn at 300, 应急 and 函 were read wrong). */
static int page_dots(
    const struct reader_pool *p, struct arena *a, int pdf, const char *page, struct err *e)
{
    const char *tool = program_find(pdfimages_paths);
    const char *argv[] = {tool, "-list", "-f", page, "-l", page, "-", NULL};
    struct program_end end;
    struct str table = S("");
    int list = -1, dots = 0;

    if (tool && memory_file("list", &list, e) == OK &&
        run_tool(p, argv, pdf, list, &end, e) == OK && end.status == 0 &&
        read_whole(a, list, LIST_MAX, &table, e) == OK)
        dots = dots_of_list(table);
    if (list >= 0)
        (void)close(list);
    return dots ? dots : DOTS_USUAL; /* not told: no reason to fail */
}

static void number_z(char out[16], int n)
{
    (void)snprintf(out, 16, "%d", n);
}

static enum code recognise(
    const struct reader_pool *p, int image, int dots, int text, struct err *e)
{
    const char *tool = program_find(tesseract_paths);
    char dots_z[16];
    const char *argv[] = {tool, "stdin", "stdout", "-l", "chi_sim", "--dpi", dots_z, NULL};
    struct program_end end;

    number_z(dots_z, dots);
    if (!tool)
        return FAIL(e, E_NOTFOUND,
            "本机没有安装 tesseract，不能识别扫描件，请安装软件包 tesseract-ocr 和 "
            "tesseract-ocr-chi-sim");
    TRY(run_tool(p, argv, image, text, &end, e));
    if (end.status != 0 && strstr(end.said, "chi_sim"))
        return FAIL(e, E_NOTFOUND, "本机没有中文识别模型，请安装软件包 tesseract-ocr-chi-sim");
    if (end.status != 0)
        return FAIL(e, E_INPUT, "图片已损坏或不是能识别的格式");
    return OK;
}

/* One page: drawn in grey, then read. E_NOTFOUND past the last page. */
static enum code ocr_page(struct reader_pool *p, struct arena *a, int fd, struct str name, int page,
    int text, struct err *e)
{
    char dots_z[16], page_z[16];
    const char *how[5] = {"-r", dots_z, "-gray", "-q", "-q"};
    struct str png = {"", 0};
    int file = -1, image = -1, dots = DOTS_USUAL;
    enum sniff is = SNIFF_EMPTY;
    enum code c;

    TRY(head_of(fd, name, &is, e));
    c = is == SNIFF_PDF ? OK : picture_file(p, a, fd, name, page, &file, &png, e);
    if (c == OK && png.n > 0)
        c = page == 1 ? recognise(p, fd, dots, text, e) : FAIL(e, E_NOTFOUND, "没有第 %d 页", page);
    if (c == OK && is == SNIFF_PDF) { /* other pictures are wrapped so that 300 is dot for dot */
        number_z(page_z, page);
        dots = page_dots(p, a, fd, page_z, e);
    }
    number_z(dots_z, dots);
    if (c == OK && png.n == 0)
        c = memory_file("image", &image, e);
    if (c == OK && png.n == 0)
        c = draw(p, is == SNIFF_PDF ? fd : file, is == SNIFF_PDF ? page : 1, how, image, e);
    if (c == OK && png.n == 0)
        c = recognise(p, image, dots, text, e);
    if (file >= 0)
        (void)close(file);
    if (image >= 0)
        (void)close(image);
    return c;
}

static enum code ocr_pages(struct reader_pool *p, struct arena *a, int fd, struct str name,
    enum sniff is, int text, struct err *e)
{
    bool single = is == SNIFF_PNG || is == SNIFF_JPEG || is == SNIFF_TIFF || is == SNIFF_IMAGE;

    if (program_find(tesseract_paths) == NULL || single)
        return recognise(
            p, fd, DOTS_USUAL, text, e); /* tesseract opens pictures itself, all pages of a tif */
    for (int page = 1; page <= OCR_PAGES_MAX; page++) {
        enum code c = ocr_page(p, a, fd, name, page, text, e);
        if (c == E_NOTFOUND && page > 1)
            return OK;
        if (c != OK)
            return c;
    }
    return FAIL(e, E_LIMIT, "扫描件超过上限 %d 页，请拆开再识别", (int)OCR_PAGES_MAX);
}

enum code reader_ocr(
    struct reader_pool *p, struct arena *a, int fd, struct str name, struct doc *out, struct err *e)
{
    int text = -1;
    enum sniff is = SNIFF_EMPTY;
    enum code c = head_of(fd, name, &is, e);
    struct doc d = {0};

    if (c == OK && is != SNIFF_PDF && is != SNIFF_ZIP && is != SNIFF_PNG && is != SNIFF_JPEG &&
        is != SNIFF_TIFF && is != SNIFF_IMAGE)
        c = FAIL(e, E_INPUT, "不是扫描件，不需要识别");
    if (c == OK)
        c = memory_file("ocr", &text, e);
    if (c == OK)
        c = ocr_pages(p, a, fd, name, is, text, e);
    if (c == OK)
        c = pool_ask(p, a, text, AS_OCRTEXT, 0, name, &d, e);
    if (text >= 0)
        (void)close(text);
    if (c != OK)
        return err_context(e, "文件“%.*s”", SF(name));
    d.format = is == SNIFF_PDF ? FORMAT_PDF : is == SNIFF_ZIP ? FORMAT_OFD : FORMAT_IMAGE;
    d.warnings = S("文字由识别得出，未经校对");
    *out = d;
    return OK;
}
/* NOLINTEND(readability-function-size) */
