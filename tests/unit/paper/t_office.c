/* Old Word files, made by a real LibreOffice and read through a real one in its cage; skipped by name where it or
 * bubblewrap is not installed. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): mkdtemp */
#include "office_test.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *missing;
static int port_socket = -1;
static struct reader_pool *pool;

static const char head[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document "
    "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" "
    "xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" "
    "xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" "
    "xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" "
    "xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" "
    "xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" "
    "xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
    "xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" "
    "office:version=\"1.2\" office:mimetype=\"application/vnd.oasis.opendocument.text\">"
    "<office:automatic-styles><text:list-style style:name=\"L\"><text:list-level-style-number "
    "text:level=\"1\" style:num-format=\"1\" style:num-suffix=\".\"/></text:list-style>"
    "<style:style style:name=\"S\" "
    "style:family=\"section\"><style:section-properties><style:columns "
    "fo:column-count=\"2\" fo:column-gap=\"0.8cm\"/></style:section-properties></style:style>"
    "<style:style style:name=\"J\" style:family=\"paragraph\"><style:paragraph-properties "
    "fo:text-align=\"justify\" fo:text-indent=\"0.74cm\"/></style:style>"
    "</office:automatic-styles><office:body><office:text>";
static const char tail[] = "</office:text></office:body></office:document>";
static const char notice[] =
    "<text:h text:outline-level=\"1\">关于报送季度材料的通知</text:h><text:p>各部门：</text:p>"
    "<text:p>请于5日前报送<text:note text:note-class=\"footnote\" "
    "text:id=\"n\"><text:note-citation>1</text:note-citation>"
    "<text:note-body><text:p>节假日顺延。</text:p></text:note-body></text:note>。</text:p>"
    "<text:list text:style-name=\"L\"><text:list-item><text:p>汇总表</text:p></text:list-item>"
    "<text:list-item><text:p>说明</text:p></text:list-item></text:list>"
    "<table:table><table:table-column "
    "table:number-columns-repeated=\"2\"/><table:table-row><table:table-cell><text:p>部门</"
    "text:p></table:table-cell>"
    "<table:table-cell><text:p>份数</text:p></table:table-cell></table:table-row><table:table-row>"
    "<table:table-cell><text:p>综合处</text:p></table:table-cell><table:table-cell><text:p>3</"
    "text:p>"
    "</table:table-cell></table:table-row></table:table><text:p>办公室</text:p>";

/* A .doc with this body. */
static struct str word_of(struct arena *a, const char *name, const char *body)
{
    write_file(a, arena_printf(a, "%s.fodt", name).p, arena_printf(a, "%s%s%s", head, body, tail));
    assert_int_equal(plain_office(a, "doc", arena_printf(a, "%s.fodt", name).p), 0);
    return slurp(a, arena_printf(a, "%s.doc", name).p);
}

static int setup(void **state)
{
    struct err e;

    (void)state;
    if (access("/usr/bin/soffice", X_OK) != 0)
        missing = "libreoffice-writer-nogui";
    else if (access("/usr/bin/bwrap", X_OK) != 0)
        missing = "bubblewrap";
    if (missing)
        return 0;
    return office_begin() && reader_pool_open(NULL, 1, NULL, &pool, &e) == OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    if (missing)
        return 0;
    reader_pool_close(pool);
    if (port_socket >= 0)
        (void)close(port_socket);
    return office_end();
}

static void begin(struct fixture *f)
{
    if (missing) {
        print_message("skipped: %s is not installed\n", missing);
        skip();
    }
    fx_init(f);
}

static enum code read_office(
    struct fixture *f, struct reader_pool *p, struct str bytes, const char *name)
{
    f->code = reader_read_bytes(p, &f->a, bytes, str_z(name), &f->d, &f->e);
    if (f->code != OK) {
        assert_true(str_starts(str_z(f->e.msg), arena_printf(&f->a, "文件“%s”：", name)));
        assert_null(strchr(f->e.msg, '\n'));
        assert_null(strstr(f->e.msg, "/work"));
    } else {
        fx_check(&f->d);
        buf_clear(&f->text);
        doc_text(&f->d, &f->text);
    }
    return f->code;
}

static void old_word_is_read(void **state)
{
    static const char text[] = "关于报送季度材料的通知\n各部门：\n请于5日前报送。\n1.汇总表\n2."
                               "说明\n部门\t份数\n综合处\t3\n办公室\n节假日顺延。";
    struct fixture f;
    struct str doc;

    (void)state;
    begin(&f);
    doc = word_of(&f.a, "notice", notice);
    assert_true(str_starts(doc, S("\xD0\xCF\x11\xE0")));
    if (read_office(&f, pool, doc, "通知.doc") != OK)
        fail_msg("%s", f.e.msg);
    assert_int_equal(f.d.format, FORMAT_DOC);
    assert_string_equal(fx_text(&f), text);
    /* WPS Writer's files are the same under another name */
    if (read_office(&f, pool, doc, "通知.wps") != OK)
        fail_msg("%s", f.e.msg);
    assert_int_equal(f.d.format, FORMAT_WPS);
    assert_string_equal(fx_text(&f), text);
    fx_end(&f);
}

static void a_broken_one_is_one_line(void **state)
{
    struct fixture f;
    struct str doc;
    uint32_t seed = 7;
    char *p;

    (void)state;
    begin(&f);
    doc = word_of(&f.a, "broken", notice);
    p = arena_z(&f.a, doc);
    assert_int_equal(read_office(&f, pool, str_sub(doc, 0, 2048), "断.doc"), E_INPUT);
    assert_non_null(strstr(f.e.msg, "另存为docx再导入"));
    /* Whatever LibreOffice makes of noise behind the directory, it is an answer, and the next file is read. */
    for (size_t i = 512; i < doc.n; i += 3) {
        seed = seed * 1664525 + 1013904223;
        p[i] = (char)(seed >> 24);
    }
    memcpy(p + doc.n - 32, "W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0\0", 26);
    assert_int_equal(read_office(&f, pool, (struct str){p, doc.n}, "乱.doc"), E_INPUT);
    assert_non_null(strstr(f.e.msg, "LibreOffice 不能转换，文件可能已损坏，请先另存为docx再导入"));
    assert_int_equal(read_office(&f, pool, doc, "好.doc"), OK);
    fx_end(&f);
}

static void listen_here(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    port_socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(port_socket >= 0);
    assert_int_equal(bind(port_socket, (struct sockaddr *)&at, sizeof(at)), 0);
}

struct door {
    atomic_int knocks;
    atomic_bool shut;
};

/* Counts who knocks and sends them away, until the door is shut. */
static void *keep_answering(void *arg)
{
    struct pollfd f = {.fd = port_socket, .events = POLLIN};
    struct door *d = arg;

    while (!atomic_load(&d->shut))
        while (poll(&f, 1, 20) > 0) {
            (void)close(accept(port_socket, NULL, NULL));
            atomic_fetch_add(&d->knocks, 1);
        }
    return NULL;
}

/* A picture that is fetched: without the cage it is asked for, in the cage nothing goes out. */
static void no_network(void **state)
{
    struct sockaddr_in at = {0};
    socklen_t n = sizeof(at);
    struct fixture f;
    pthread_t thread;
    struct str doc;
    struct door door = {0};

    (void)state;
    begin(&f);
    listen_here();
    assert_int_equal(getsockname(port_socket, (struct sockaddr *)&at, &n), 0);
    doc = word_of(&f.a, "net",
        arena_printf(&f.a,
            "<text:p>附图<draw:frame svg:width=\"2cm\" svg:height=\"2cm\" "
            "text:anchor-type=\"as-char\">"
            "<draw:image xlink:href=\"http://127.0.0.1:%d/x.png\" xlink:type=\"simple\" "
            "xlink:show=\"embed\" xlink:actuate=\"onLoad\"/></draw:frame></text:p>",
            ntohs(at.sin_port))
            .p);
    assert_int_equal(listen(port_socket, 64), 0);
    assert_int_equal(pthread_create(&thread, NULL, keep_answering, &door), 0);
    assert_int_equal(plain_office(&f.a, "docx", "net.doc"), 0);
    if (atomic_exchange(&door.knocks, 0) == 0)
        fail_msg("LibreOffice fetched nothing without the cage: this proves nothing");
    if (read_office(&f, pool, doc, "联网.doc") != OK)
        fail_msg("%s", f.e.msg);
    atomic_store(&door.shut, true);
    (void)pthread_join(thread, NULL);
    assert_int_equal(atomic_load(&door.knocks), 0);
    assert_non_null(strstr(fx_text(&f), "附图"));
    fx_end(&f);
}

/* ---- PDF as an office program prints it ---- */

static struct str pdf_of(struct arena *a, const char *name, struct str body)
{
    write_file(
        a, arena_printf(a, "%s.fodt", name).p, arena_printf(a, "%s%.*s%s", head, SF(body), tail));
    assert_int_equal(plain_office(a, "pdf", arena_printf(a, "%s.fodt", name).p), 0);
    return slurp(a, arena_printf(a, "%s.pdf", name).p);
}

static bool has_block(const struct doc *d, enum block_kind kind, struct str text)
{
    for (size_t i = 0; i < d->n; i++)
        if (d->blocks[i].kind == kind && str_eq(d->blocks[i].text, text))
            return true;
    return false;
}

static const char sentence[] =
    "各单位应当结合实际抓好贯彻落实，把责任压实到岗位，把任务细化到个人，定期通报进展情况。";

/* Each paragraph is whole and they stand in order, on both pages; what is above and below is by itself. */
static void two_columns_are_read_one_after_the_other(void **state)
{
    enum { PARAGRAPHS = 14 };
    struct str want[PARAGRAPHS];
    struct fixture f;
    struct buf body = {0};
    size_t next = 0;

    (void)state;
    begin(&f);
    buf_z(&body,
        "<text:h "
        "text:outline-level=\"1\">关于某事的情况简报</text:h><text:p>本期导读横跨两栏。</text:p>"
        "<text:section text:style-name=\"S\" text:name=\"s\">");
    for (int i = 0; i < PARAGRAPHS; i++) {
        struct buf p = {0};
        buf_printf(&p, "%c段起", 'a' + i);
        for (int k = 0; k < 2 + i % 3; k++)
            buf_z(&p, sentence);
        buf_z(&p, "段止。");
        want[i] = arena_str(&f.a, buf_view(&p));
        buf_printf(&body, "<text:p text:style-name=\"J\">%.*s</text:p>", SF(want[i]));
        buf_release(&p);
    }
    buf_z(&body, "</text:section><text:p>联系人：张三</text:p>");
    if (read_office(&f, pool, pdf_of(&f.a, "two", buf_view(&body)), "双栏.pdf") != OK)
        fail_msg("%s", f.e.msg);
    for (size_t i = 0; i < f.d.n && next < PARAGRAPHS; i++) {
        struct buf bare = {0}; /* a blank between a letter and a Han character is the program's */
        for (size_t k = 0; k < f.d.blocks[i].text.n; k++)
            if (f.d.blocks[i].text.p[k] != ' ')
                buf_char(&bare, f.d.blocks[i].text.p[k]);
        next += str_eq(buf_view(&bare), want[next]);
        buf_release(&bare);
    }
    if (next < PARAGRAPHS)
        fail_msg("paragraph %zu is not whole, or not in its place:\n%s", next, fx_text(&f));
    assert_true(has_block(&f.d, BLOCK_PARA, S("本期导读横跨两栏。")));
    assert_true(has_block(&f.d, BLOCK_PARA, S("联系人：张三")));
    buf_release(&body);
    fx_end(&f);
}

static void a_table_is_rows(void **state)
{
    static const char *const cells[][4] = {{"序号", "单位名称", "报送篇数", "备注"},
        {"1", "综合处", "12", ""}, {"2", "督查处", "9", "按时"}, {"3", "信息处", "21", ""}};
    struct fixture f;
    struct buf body = {0};

    (void)state;
    begin(&f);
    buf_printf(&body,
        "<text:p text:style-name=\"J\">%s%s</text:p><table:table>"
        "<table:table-column table:number-columns-repeated=\"4\"/>",
        sentence, sentence);
    for (size_t i = 0; i < 4; i++) {
        buf_z(&body, "<table:table-row>");
        for (size_t k = 0; k < 4; k++)
            buf_printf(
                &body, "<table:table-cell><text:p>%s</text:p></table:table-cell>", cells[i][k]);
        buf_z(&body, "</table:table-row>");
    }
    buf_printf(
        &body, "</table:table><text:p text:style-name=\"J\">%s%s</text:p>", sentence, sentence);
    if (read_office(&f, pool, pdf_of(&f.a, "table", buf_view(&body)), "表.pdf") != OK)
        fail_msg("%s", f.e.msg);
    assert_true(has_block(&f.d, BLOCK_ROW, S("序号\t单位名称\t报送篇数\t备注")));
    assert_true(has_block(&f.d, BLOCK_ROW, S("1\t综合处\t12\t")));
    assert_true(has_block(&f.d, BLOCK_ROW, S("2\t督查处\t9\t按时")));
    assert_true(has_block(&f.d, BLOCK_ROW, S("3\t信息处\t21\t")));
    assert_int_equal(f.d.n, 6);
    buf_release(&body);
    fx_end(&f);
}

/* ---- one that does not end ---- */

static bool is_named(int pid, const char *name)
{
    char path[64], comm[32] = "";
    FILE *f;

    (void)snprintf(path, sizeof(path), "/proc/%d/comm", pid);
    f = fopen(path, "r");
    if (!f)
        return false;
    if (fscanf(f, "%31s", comm) != 1)
        comm[0] = '\0';
    (void)fclose(f);
    return strcmp(comm, name) == 0;
}

/* A process begun below `pid` whose command is `name`; 0. */
static int below(
    int pid, const char *name) /* NOLINT(misc-no-recursion): as deep as processes are */
{
    char path[400];
    int kid, found = 0;
    struct dirent *d;
    DIR *dir;

    (void)snprintf(path, sizeof(path), "/proc/%d/task", pid);
    dir = opendir(path);
    while (dir && !found && (d = readdir(dir)) != NULL) { /* NOLINT(concurrency-mt-unsafe) */
        FILE *f;
        (void)snprintf(path, sizeof(path), "/proc/%d/task/%s/children", pid, d->d_name);
        f = fopen(path, "r");
        while (f && !found && fscanf(f, "%d", &kid) == 1) /* NOLINT(cert-err34-c) */
            found = is_named(kid, name) ? kid : below(kid, name);
        if (f)
            (void)fclose(f);
    }
    if (dir)
        (void)closedir(dir);
    return found;
}

static void nap(void)
{
    (void)poll(NULL, 0, 2);
}

struct hang {
    struct fixture *f;
    struct str doc;
    atomic_bool over;
};

static void *read_it(void *arg)
{
    struct hang *h = arg;
    struct reader_limits lim = reader_limits_default();
    struct reader_pool *p = NULL;

    lim.seconds = 2; /* converters get four times that */
    if (reader_pool_open(NULL, 1, &lim, &p, &h->f->e) == OK)
        h->f->code = reader_read_bytes(p, &h->f->a, h->doc, S("停.doc"), &h->f->d, &h->f->e);
    reader_pool_close(p);
    atomic_store(&h->over, true);
    return NULL;
}

static bool is_alive(int pid)
{
    char path[64], state = 'Z';
    FILE *f;

    (void)snprintf(path, sizeof(path), "/proc/%d/stat", pid);
    f = fopen(path, "r");
    if (!f)
        return false;
    if (fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
        state = 'Z';
    (void)fclose(f);
    return state != 'Z';
}

/* LibreOffice is stopped in its cage as soon as it runs there. */
static void one_that_hangs_is_ended(void **state)
{
    struct fixture f;
    struct hang h = {.f = &f};
    pthread_t reader;
    int pid = 0;

    (void)state;
    begin(&f);
    h.doc = word_of(&f.a, "hang", notice);
    assert_int_equal(pthread_create(&reader, NULL, read_it, &h), 0);
    while (!atomic_load(&h.over) && (pid = below(getpid(), "soffice.bin")) == 0)
        nap();
    if (pid)
        (void)kill(pid, SIGSTOP);
    (void)pthread_join(reader, NULL);
    if (pid == 0)
        fail_msg("LibreOffice was never seen to run");
    if (f.code != E_LIMIT || !strstr(f.e.msg, "转换超过 8 秒"))
        fail_msg("code %d, %s", (int)f.code, f.code ? f.e.msg : "read");
    while (is_alive(pid)) /* killing takes a moment */
        nap();
    fx_end(&f);
}

/* ---- what is no Word file ---- */

static void works_and_others_are_refused(void **state)
{
    char ole[4096] = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
    struct reader_pool *p = NULL;
    struct fixture f;
    struct err e;

    (void)state;
    fx_init(&f);
    assert_int_equal(reader_pool_open(NULL, 1, NULL, &p, &e), OK);
    memcpy(ole + 1024, "M\0a\0t\0O\0S\0T\0\0", 14);
    assert_int_equal(read_office(&f, p, (struct str){ole, sizeof(ole)}, "旧.wps"), E_INPUT);
    assert_non_null(strstr(f.e.msg, "可能是 Works 文档"));
    fx_end(&f);
    reader_pool_close(p);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(old_word_is_read),
        cmocka_unit_test(a_broken_one_is_one_line),
        cmocka_unit_test(no_network),
        cmocka_unit_test(two_columns_are_read_one_after_the_other),
        cmocka_unit_test(a_table_is_rows),
        cmocka_unit_test(one_that_hangs_is_ended),
        cmocka_unit_test(works_and_others_are_refused),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests_name("office", tests, setup, teardown);
}
