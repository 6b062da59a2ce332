/* Word drafts taken to the model and written again: text, numbers, tables, comments and tracked changes are the same. The drafts are
 * those of the shared samples (skipped, by name, where they are absent) and fourteen that LibreOffice writes here. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): mkdtemp */
#include <fcntl.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/utf8.h"
#include "office/word.h"
#include "paper/layout_out.h"
#include "trip_cases.h"

static const char archive[] = "../shared/data/samples.tar.zst";
static char folder[] = "/tmp/qianshao-trip-XXXXXX";
static struct reader_pool *pool;
static struct faces *faces;

static int run(const char *const argv[])
{
    char home[64], lang[] = "LC_ALL=C.UTF-8", path[] = "PATH=/usr/bin:/bin";
    char *env[] = {home, lang, path, NULL};
    char *args[16] = {NULL};
    struct arena a;
    pid_t pid = 0;
    int status = 1;

    (void)snprintf(home, sizeof home, "HOME=%s", folder);
    arena_init(&a);
    for (size_t i = 0; i < 15 && argv[i]; i++)
        args[i] = arena_z(&a, str_z(argv[i]));
    if (posix_spawnp(&pid, args[0], NULL, NULL, args, env) != 0 || waitpid(pid, &status, 0) != pid)
        status = 1;
    arena_release(&a);
    return status;
}

static int setup(void **state)
{
    char user[128], sources[800];
    struct err e;

    (void)state;
    if (!mkdtemp(folder) || reader_pool_open(NULL, 1, NULL, &pool, &e) != OK ||
        faces_open(NULL, &faces, &e) != OK)
        return -1;
    if (access(archive, R_OK) == 0 &&
        run((const char *const[]){"tar", "-I", "/usr/bin/zstd", "-xf", archive,
            "--strip-components=1", "-C", folder, NULL}) != 0)
        return -1;
    for (size_t i = 0; i < sizeof trip_cases / sizeof *trip_cases; i++) {
        char path[200];
        (void)snprintf(path, sizeof path, "%s/%s", folder, trip_cases[i].name);
        if (io_write_file(path, str_z(trip_cases[i].source), 0600, &e) != OK)
            return -1;
    }
    (void)snprintf(user, sizeof user, "-env:UserInstallation=file://%s/office", folder);
    (void)snprintf(sources, sizeof sources,
        "soffice '%s' --headless --convert-to docx --outdir '%s' '%s'/t*.fodt >/dev/null 2>&1 && "
        "soffice '%s' --headless --infilter='HTML (StarWriter)' --convert-to 'docx:MS Word 2007 "
        "XML' --outdir '%s' '%s'/t*.html >/dev/null 2>&1",
        user, folder, folder, user, folder, folder);
    return run((const char *const[]){"sh", "-c", sources, NULL}) == 0 ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    faces_close(faces);
    reader_pool_close(pool);
    return run((const char *const[]){"rm", "-rf", folder, NULL});
}

/* ---- what is compared ---- */

static void squeezed(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n;) {
        size_t at = i;
        uint32_t cp = utf8_next(s, &i);
        if (cp != ' ' && cp != '\t' && cp != '\n' && cp != 0x3000 && cp != 0xA0)
            buf_str(b, str_sub(s, at, i - at));
    }
}

/* Of a paragraph: its number and what stood there before the changes. */
static void base(struct buf *b, const struct rich *r, const struct rich_para *p)
{
    size_t at = 0;

    if (!p->n_runs || p->runs[0].change < 0 || r->changes[p->runs[0].change].deleted)
        squeezed(b, p->label);
    for (size_t i = 0; i < p->n_runs; at += p->runs[i++].n)
        if (p->runs[i].change < 0 || r->changes[p->runs[i].change].deleted)
            squeezed(b, str_sub(p->text, at, p->runs[i].n));
}

static void all_text(struct buf *b, const struct rich *r)
{
    buf_init(b, 0);
    for (size_t i = 0; i < r->n; i++)
        if (r->paras[i].place == RICH_BODY || r->paras[i].place == RICH_BOX)
            base(b, r, &r->paras[i]);
}

static void all_tables(struct buf *b, const struct rich *r)
{
    buf_init(b, 0);
    for (size_t i = 0; i < r->n; i++) {
        const struct rich_para *p = &r->paras[i], *q = i ? p - 1 : NULL;
        if (!p->table || p->place != RICH_BODY)
            continue;
        if (!q || q->table != p->table || q->row != p->row || q->column != p->column)
            buf_printf(b, "\n%d/%d/%d+%d%s ", p->table, p->row, p->column, p->across,
                p->covered ? "^" : "");
        base(b, r, p);
    }
}

/* One a line: a paragraph that was joined with another, or parted, shows. Where a box or a head made of a table became lines there are more. */
static void all_paragraphs(struct buf *b, const struct rich *r)
{
    buf_init(b, 0);
    for (size_t i = 0; i < r->n; i++) {
        size_t n = b->n;
        if (r->paras[i].place != RICH_BODY || r->paras[i].table)
            continue;
        base(b, r, &r->paras[i]);
        if (b->n > n)
            buf_char(b, '\n');
    }
}

static int by_bytes(const void *x, const void *y)
{
    return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

static void sorted(struct arena *a, struct str *v, size_t n, struct buf *out)
{
    (void)a;
    qsort(v, n, sizeof *v, by_bytes);
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%.*s\n", SF(v[i]));
}

/* author|date|kind: all its words together, in the order of the text. */
static size_t all_changes(struct arena *a, const struct rich *r, struct buf *out)
{
    struct str *v = ARENA_ARRAY(a, struct str, r->n_changes + 1);
    size_t n = 0;

    buf_init(out, 0);
    for (size_t c = 0; c < r->n_changes; c++) {
        const struct rich_change *x = &r->changes[c];
        struct buf b;
        bool known = false;
        for (size_t k = 0; k < c && !known; k++)
            known = r->changes[k].deleted == x->deleted &&
                    str_eq(r->changes[k].author, x->author) && str_eq(r->changes[k].date, x->date);
        if (known)
            continue;
        buf_init(&b, 0);
        buf_printf(&b, "%.*s|%.*s|%s|", SF(x->author), SF(x->date), x->deleted ? "-" : "+");
        for (size_t i = 0; i < r->n; i++) {
            const struct rich_para *p = &r->paras[i];
            size_t at = 0;
            for (size_t k = 0; k < p->n_runs; at += p->runs[k++].n) {
                const struct rich_change *y =
                    p->runs[k].change >= 0 ? &r->changes[p->runs[k].change] : NULL;
                if (y && y->deleted == x->deleted && str_eq(y->author, x->author) &&
                    str_eq(y->date, x->date))
                    squeezed(&b, str_sub(p->text, at, p->runs[k].n));
            }
            if (p->mark >= 0 && r->changes[p->mark].deleted == x->deleted &&
                str_eq(r->changes[p->mark].author, x->author))
                buf_z(&b, "¶");
        }
        v[n++] = arena_str(a, buf_view(&b));
        buf_release(&b);
    }
    sorted(a, v, n, out);
    return n;
}

static void all_comments(struct arena *a, const struct rich *r, struct buf *out)
{
    struct str *v = ARENA_ARRAY(a, struct str, r->n_comments + 1);

    buf_init(out, 0);
    for (size_t c = 0; c < r->n_comments; c++) {
        const struct rich_comment *x = &r->comments[c];
        struct buf b;
        buf_init(&b, 0);
        buf_printf(&b, "%.*s|%.*s|%.*s|", SF(x->author), SF(x->date), SF(x->text));
        for (size_t i = x->para; x->placed && i <= x->to_para; i++) {
            struct str s = r->paras[i].text;
            size_t from = i == x->para ? x->from : 0, to = i == x->to_para ? x->to : s.n;
            squeezed(&b, str_sub(s, from, to > from ? to - from : 0));
        }
        v[c] = arena_str(a, buf_view(&b));
        buf_release(&b);
    }
    sorted(a, v, r->n_comments, out);
}

static void same(const char *name, const char *what, struct buf *x, struct buf *y)
{
    if (!str_eq(buf_view(x), buf_view(y)))
        fail_msg(
            "%s: %s\nbefore: %.*s\nafter:  %.*s", name, what, SF(buf_view(x)), SF(buf_view(y)));
    buf_release(x);
    buf_release(y);
}

static void pictures_same(const char *name, const struct rich *x, const struct rich *y)
{
    size_t n = 0;

    for (size_t i = 0; i < x->n_pictures; i++) {
        bool there = !str_starts(x->pictures[i].bytes, S("\x89PNG"));
        for (size_t k = 0; k < y->n_pictures && !there; k++)
            there = str_eq(x->pictures[i].bytes, y->pictures[k].bytes);
        n += there;
    }
    if (n != x->n_pictures)
        fail_msg("%s: %zu of %zu pictures", name, n, x->n_pictures);
}

/* ---- the trip ---- */

static void must(enum code c, const struct err *e, const char *name)
{
    if (c != OK)
        fail_msg("%s: %s", name, e->msg);
}

static void read_rich(struct arena *a, const char *path, struct rich *out)
{
    struct err e = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    assert_true(fd >= 0);
    must(rich_read(pool, a, fd, str_z(path), out, &e), &e, path);
    (void)close(fd);
}

static void to_docx(struct arena *a, const struct word_draft *w, const char *path)
{
    struct official_style style;
    struct official_docx o = {.source = w->text, .notes = w->notes, .n_notes = w->n_notes};
    struct official d;
    struct layout l;
    struct str bytes;
    struct err e = {0};

    must(word_official(a, w, &d, &e), &e, path);
    official_style_of(d.form, &style);
    must(layout_make(a, faces, &d, &style, &l, &e), &e, path);
    must(official_docx(a, &d, &style, &l, &o, &bytes, &e), &e, path);
    must(io_write_file(path, bytes, 0600, &e), &e, path);
}

static void compare(struct arena *a, const char *name, const struct rich *x, const struct rich *y)
{
    struct buf p, q;

    all_text(&p, x);
    all_text(&q, y);
    same(name, "text", &p, &q);
    if (!x->boxes && x->tables == y->tables) {
        all_paragraphs(&p, x);
        all_paragraphs(&q, y);
        same(name, "paragraphs", &p, &q);
    }
    all_tables(&p, x);
    all_tables(&q, y);
    same(name, "tables", &p, &q);
    (void)all_changes(a, x, &p);
    (void)all_changes(a, y, &q);
    same(name, "tracked changes", &p, &q);
    all_comments(a, x, &p);
    all_comments(a, y, &q);
    same(name, "comments", &p, &q);
    pictures_same(name, x, y);
}

static bool told(const struct word_draft *w, const char *what)
{
    for (size_t i = 0; i < w->n_lost; i++)
        if (str_eq(w->lost[i], str_z(what)))
            return true;
    return false;
}

static void trip(struct arena *a, const char *name, struct rich *x, const char *lost)
{
    char from[300], to[320];
    struct word_draft w;
    struct rich y;

    (void)snprintf(from, sizeof from, "%s/%s", folder, name);
    (void)snprintf(to, sizeof to, "%s/again-%s", folder, name);
    read_rich(a, from, x);
    word_take(a, x, &w);
    if (lost && !told(&w, lost)) {
        for (size_t i = 0; i < w.n_lost; i++)
            print_message("  %.*s\n", SF(w.lost[i]));
        fail_msg("%s: “%s” is not told", name, lost);
    }
    to_docx(a, &w, to);
    read_rich(a, to, &y);
    compare(a, name, x, &y);
}

static void samples_come_back(void **state)
{
    static const char *const names[] = {"01-basic-formal.docx", "02-table.docx",
        "03-header-footer-page.docx", "04-image-seal.docx", "05-textbox-shape.docx",
        "06-auto-numbering.docx", "07-toc-fields.docx", "08-comments-revisions.docx",
        "demo_gongwen.docx"};

    (void)state;
    if (access(archive, R_OK) != 0) {
        print_message("skipped: %s is absent\n", archive);
        return;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct arena a;
        struct rich r;
        arena_init(&a);
        trip(&a, names[i], &r, NULL);
        print_message("  %s: %zu paragraphs, %d tables, %zu comments, %zu changes\n", names[i], r.n,
            r.tables, r.n_comments, r.n_changes);
        arena_release(&a);
    }
}

static void what_libreoffice_writes_comes_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof trip_cases / sizeof *trip_cases; i++) {
        const struct trip_case *k = &trip_cases[i];
        char name[32];
        struct arena a;
        struct rich r;
        struct buf b;
        arena_init(&a);
        (void)snprintf(name, sizeof name, "%.3s.docx", k->name);
        trip(&a, name, &r, k->lost);
        assert_int_equal(r.n_comments, k->comments);
        assert_int_equal(r.tables, k->tables);
        assert_int_equal(r.boxes, k->boxes);
        assert_int_equal(all_changes(&a, &r, &b), k->changes);
        buf_release(&b);
        arena_release(&a);
    }
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_come_back), cmocka_unit_test(what_libreoffice_writes_comes_back)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
