/* Helpers shared by the tests of the paper layer: reading text written in the test. */
#ifndef PAPER_TEST_H
#define PAPER_TEST_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "paper/formats.h"

/* Any child of any thread of this process. */
static inline int child_pid(void)
{
    DIR *dir = opendir("/proc/self/task");
    struct dirent *d;
    int pid = 0;

    assert_non_null(dir);
    while (pid == 0 && (d = readdir(dir)) != NULL) { /* NOLINT(concurrency-mt-unsafe) */
        char path[300];
        (void)snprintf(path, sizeof(path), "/proc/self/task/%s/children", d->d_name);
        FILE *f = fopen(path, "r");
        if (f && fscanf(f, "%d", &pid) != 1) /* NOLINT(cert-err34-c) */
            pid = 0;
        if (f)
            (void)fclose(f);
    }
    (void)closedir(dir);
    if (pid == 0)
        fail_msg("no child");
    return pid;
}

struct fixture {
    struct arena a;
    struct reader_limits lim;
    struct doc d;
    struct err e;
    enum code code;
    struct buf text; /* doc_text of d */
};

static inline void fx_init(struct fixture *f)
{
    memset(f, 0, sizeof(*f));
    arena_init(&f->a);
    f->lim = reader_limits_default();
}

static inline void fx_end(struct fixture *f)
{
    buf_release(&f->text);
    arena_release(&f->a);
}

/* The invariants of paper/doc.h, for every doc that any test sees. */
static inline void fx_check(const struct doc *d)
{
    for (size_t i = 0; i < d->n; i++) {
        struct str t = d->blocks[i].text;
        assert_int_equal(utf8_check(t), SIZE_MAX);
        assert_null(memchr(t.n ? t.p : "a", 0, t.n ? t.n : 1));
        if (d->blocks[i].kind == BLOCK_ROW)
            assert_false(str_has(t, S("\n")));
        assert_true(d->blocks[i].kind >= BLOCK_TITLE && d->blocks[i].kind <= BLOCK_ATTACH);
    }
}

/* Read in this process, as a child would. */
static inline void fx_read(struct fixture *f, struct str bytes, const char *name)
{
    struct job j;

    job_init(&j, &f->a, &f->lim, &f->e);
    (void)read_any(&j, bytes, str_z(name));
    f->code = job_end(&j, &f->d);
    buf_clear(&f->text);
    if (f->code != OK)
        return;
    fx_check(&f->d);
    doc_text(&f->d, &f->text);
}

static inline const char *fx_text(const struct fixture *f)
{
    return f->text.p ? f->text.p : "";
}

static inline void fx_expect(
    struct fixture *f, struct str bytes, const char *name, const char *text)
{
    fx_read(f, bytes, name);
    if (f->code != OK)
        fail_msg("%s: %s", name, f->e.msg);
    assert_string_equal(fx_text(f), text);
}

#endif
