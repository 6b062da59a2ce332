#include "text/segment.h"
#include "unit/text/corpus_model.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* ---- files ---- */

static struct str read_file(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    struct buf b;
    char part[65536];
    size_t n;
    struct str s;

    assert_non_null(f);
    buf_init(&b, 0);
    while ((n = fread(part, 1, sizeof(part), f)) > 0)
        buf_add(&b, part, n);
    (void)fclose(f);
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

static void write_file(const char *path, struct str s)
{
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(s.p, 1, s.n, f), s.n);
    assert_int_equal(fclose(f), 0);
}

struct files {
    struct arena a;
    struct {
        char path[400];
        struct str bytes;
    } v[64];
    size_t n;
};

static void keep(const char *path, void *arg)
{
    struct files *f = arg;

    assert_true(f->n < 64);
    (void)snprintf(f->v[f->n].path, sizeof(f->v[f->n].path), "%s", path);
    f->v[f->n++].bytes = read_file(&f->a, path);
}

static void keep_all(const struct model *m, struct files *f)
{
    memset(f, 0, sizeof(*f));
    arena_init(&f->a);
    model_each_file(m->dir, keep, f);
}

static void restore_all(const struct model *m, const struct files *f)
{
    model_each_file(m->dir, model_unlink, NULL);
    for (size_t i = 0; i < f->n; i++)
        write_file(f->v[i].path, f->v[i].bytes);
}

/* A corpus on damaged files: refused with one line, or each query refused, or right. */
static bool refused_or_right(struct model *m, bool *found_by_verify)
{
    struct corpus_options o = {.dir = str_z(m->dir), .tail_units = m->tail_units};
    struct err e = {0};
    bool refused = false;

    *found_by_verify = false;
    if (corpus_open(&o, &m->c, &e) != OK) {
        assert_int_equal(e.code, E_IO);
        assert_non_null(strstr(e.msg, "qianshao reindex"));
        m->c = NULL;
        return true;
    }
    for (int i = 0; i < 8; i++) {
        struct arena a;
        struct find f;
        arena_init(&a);
        struct query *q = model_query(m, &a);
        if (corpus_find(m->c, &a, q, &m->f, ORDER_RANK, 0, 20, 30, &f, &e) != OK) {
            assert_int_equal(e.code, E_IO);
            refused = true;
        } else {
            static struct scan_hit v[MODEL_DOCS];
            int64_t occurrences;
            assert_int_equal(f.total, scan_all_docs(m, q, ORDER_RANK, v, &occurrences));
            assert_int_equal(f.occurrences, occurrences);
            for (size_t k = 0; k < f.n; k++)
                compare_hit(&f.hits[k], &v[k]);
        }
        arena_release(&a);
    }
    struct buf report;
    buf_init(&report, 0);
    model_must(corpus_verify(m->c, &report, &e), &e);
    *found_by_verify = report.n > 0;
    buf_release(&report);
    corpus_close(m->c);
    m->c = NULL;
    return refused;
}

static void sealed_model(struct model *m, struct files *f)
{
    model_init(m, 21, 3000);
    for (int64_t id = 1; id < 120; id++)
        model_put(m, id, 60);
    for (int64_t id = 1; id < 20; id++)
        model_remove(m, id * 3);
    struct err e;
    model_must(corpus_merge_wait(m->c, &e), &e);
    corpus_close(m->c);
    m->c = NULL;
    keep_all(m, f);
}

static void a_changed_byte_never_gives_a_wrong_answer(void **state)
{
    struct model m;
    struct files f;
    size_t refused = 0, noticed = 0, tried = 0;

    (void)state;
    sealed_model(&m, &f);
    for (size_t i = 0; i < f.n; i++) {
        const char *name = strrchr(f.v[i].path, '/') + 1;
        bool segment = str_ends(str_z(name), S(".seg"));
        size_t n = f.v[i].bytes.n, step = segment ? n / 60 + 1 : n / 12 + 1;
        if (strncmp(name, "log", 3) == 0 || n == 0)
            continue; /* a log is cut back instead: below */
        for (size_t at = model_random(&m, step); at < n; at += step) {
            bool verify;
            char *p = arena_z(&f.a, f.v[i].bytes);
            if (segment && at >= sizeof(struct segment_header) && at < SEGMENT_HEADER)
                continue; /* unused rest of the header page */
            p[at] = (char)(p[at] ^ (1 << model_random(&m, 8)));
            restore_all(&m, &f);
            write_file(f.v[i].path, (struct str){p, n});
            tried++;
            if (refused_or_right(&m, &verify))
                refused++;
            else /* merged away meanwhile: its texts were checked, its lists made anew from them */
                noticed += verify || (segment && access(f.v[i].path, F_OK) != 0);
        }
    }
    assert_true(tried > 100);
    assert_int_equal(refused + noticed, tried); /* nothing goes unnoticed */
    model_release(&m);
    arena_release(&f.a);
}

static void a_cut_file_is_refused(void **state)
{
    struct model m;
    struct files f;

    (void)state;
    sealed_model(&m, &f);
    for (size_t i = 0; i < f.n; i++) {
        const char *name = strrchr(f.v[i].path, '/') + 1;
        if (strncmp(name, "log", 3) == 0 || strcmp(name, "lock") == 0)
            continue;
        for (int k = 0; k < 12; k++) {
            bool verify;
            size_t n = k == 0 ? 0 : model_random(&m, f.v[i].bytes.n);
            restore_all(&m, &f);
            write_file(f.v[i].path, str_sub(f.v[i].bytes, 0, n));
            assert_true(refused_or_right(&m, &verify));
        }
        restore_all(&m, &f);
        (void)unlink(f.v[i].path);
        if (strcmp(name, "manifest") != 0) {
            bool verify;
            assert_true(refused_or_right(&m, &verify));
        }
    }
    struct err e;
    restore_all(&m, &f);
    model_must(corpus_erase(str_z(m.dir), &e), &e);
    model_open(&m);
    assert_int_equal(corpus_applied(m.c), 0);
    struct corpus_stats s;
    corpus_stats(m.c, &s);
    assert_int_equal(s.documents, 0);
    model_release(&m);
    arena_release(&f.a);
}

/* What is whole in front of the damage holds; the number committed is that of then. */
static void a_damaged_log_is_cut_back(void **state)
{
    struct model m;
    struct files f;
    int64_t end_of[60] = {0};
    struct err e;
    char log[400] = "";

    (void)state;
    model_init(&m, 31, 0);
    for (int64_t id = 1; id < 50; id++) {
        model_put(&m, id, 30);
        if (id % 10 == 0)
            model_must(corpus_commit(m.c, id, &e), &e);
        keep_all(&m, &f);
        for (size_t i = 0; i < f.n; i++)
            if (strstr(f.v[i].path, "/log-")) {
                end_of[id] = (int64_t)f.v[i].bytes.n;
                (void)snprintf(log, sizeof(log), "%s", f.v[i].path);
            }
        arena_release(&f.a);
    }
    corpus_close(m.c);
    keep_all(&m, &f);
    struct str whole = read_file(&f.a, log);
    for (int round = 0; round < 60; round++) {
        size_t at = model_random(&m, whole.n);
        char *p = arena_z(&f.a, whole);
        bool cut = round % 2;
        p[at] = (char)(p[at] ^ 4);
        restore_all(&m, &f);
        write_file(log, (struct str){p, cut ? at : whole.n});
        model_open(&m);
        for (int64_t id = 1; id < 50; id++)
            m.doc[id].alive = end_of[id] <= (int64_t)at;
        /* A commit stands behind its put, inside end_of: the put alone may be whole. */
        struct corpus_stats s;
        corpus_stats(m.c, &s);
        int64_t alive = 0;
        for (int64_t id = 1; id < 50; id++)
            alive += m.doc[id].alive;
        if (s.documents == alive + 1 && (alive + 1) % 10 == 0) {
            m.doc[alive + 1].alive = true;
            alive++;
            assert_int_equal(corpus_applied(m.c), (alive - 1) / 10 * 10);
        } else {
            assert_int_equal(corpus_applied(m.c), alive / 10 * 10);
        }
        assert_int_equal(s.documents, alive);
        model_compare_some(&m, 3);
        model_put(&m, 55, 30); /* and it can be written again */
        model_reopen(&m);
        model_compare_some(&m, 3);
        m.doc[55].alive = false;
        corpus_close(m.c);
    }
    m.c = NULL;
    model_release(&m);
    arena_release(&f.a);
}

static void a_copy_at_any_moment_opens_the_same(void **state)
{
    struct model m;

    (void)state;
    model_init(&m, 41, 700);
    for (int step = 0; step < 150; step++) {
        int64_t id = 1 + (int64_t)model_random(&m, 60);
        if (model_random(&m, 5) == 0)
            model_remove(&m, id);
        else if (model_random(&m, 4) == 0 && m.doc[id].alive)
            model_set_attr(&m, id);
        else
            model_put(&m, id, 50);
        if (step % 10 == 0) {
            struct files f;
            struct corpus *live = m.c;
            struct err e;
            model_must(corpus_merge_wait(m.c, &e), &e); /* the copying itself is not atomic */
            keep_all(&m, &f);
            char dir[64];
            memcpy(dir, m.dir, sizeof(dir));
            (void)snprintf(m.dir, sizeof(m.dir), "/tmp/qs-copy-XXXXXX");
            assert_non_null(mkdtemp(m.dir));
            for (size_t i = 0; i < f.n; i++) {
                char path[500];
                (void)snprintf(path, sizeof(path), "%s%s", m.dir, strrchr(f.v[i].path, '/'));
                write_file(path, f.v[i].bytes);
            }
            char stray[500];
            (void)snprintf(stray, sizeof(stray), "%s/seg-99.seg.tmp", m.dir);
            write_file(stray, S("half"));
            model_open(&m);
            assert_int_not_equal(access(stray, F_OK), 0);
            model_compare_some(&m, 10);
            corpus_close(m.c);
            model_each_file(m.dir, model_unlink, NULL);
            (void)rmdir(m.dir);
            memcpy(m.dir, dir, sizeof(dir));
            m.c = live;
            arena_release(&f.a);
        }
    }
    model_release(&m);
}

/* The child puts 1, 2, 3 ... and says when a commit came back; it is killed at some moment. */
static void child(struct model *m, int out)
{
    struct err e;

    model_open(m);
    for (int64_t id = 1; id < 400; id++) {
        struct corpus_attr at = {.day = (int32_t)id};
        struct str text = arena_printf(&m->a, "第%lld号文件，各单位遵照执行。", (long long)id);
        if (corpus_put(m->c, id, &at, S("通知"), text, &e) != OK)
            _exit(1);
        if (id % 7 == 0) {
            if (corpus_commit(m->c, id, &e) != OK || write(out, &id, sizeof(id)) != sizeof(id))
                _exit(1);
        }
    }
    for (;;)
        (void)pause();
}

static void what_was_committed_survives_a_kill(void **state)
{
    (void)state;
    for (int round = 0; round < 12; round++) {
        struct model m;
        int fd[2];
        int64_t committed = 0, got;
        model_init(&m, 50 + (uint64_t)round, 300);
        corpus_close(m.c);
        m.c = NULL;
        assert_int_equal(pipe(fd), 0);
        pid_t pid = fork();
        if (pid == 0)
            child(&m, fd[1]);
        (void)close(fd[1]);
        for (int64_t n = 0, stop = (int64_t)model_random(&m, 50); n <= stop; n++)
            if (read(fd[0], &got, sizeof(got)) == (ssize_t)sizeof(got))
                committed = got;
        assert_int_equal(kill(pid, SIGKILL), 0);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        while (read(fd[0], &got, sizeof(got)) == (ssize_t)sizeof(got))
            committed = got;
        (void)close(fd[0]);
        model_open(&m);
        assert_true(corpus_applied(m.c) >= committed);
        struct corpus_stats s;
        struct find f;
        struct query *q;
        struct err e;
        corpus_stats(m.c, &s);
        assert_true(s.documents >= corpus_applied(m.c));
        model_must(query_phrase(&m.a, S("号文件，各单位"), &q, &e), &e);
        model_must(corpus_find(m.c, &m.a, q, &m.f, ORDER_OLDEST, 0, 500, 0, &f, &e), &e);
        assert_int_equal(f.total, s.documents);
        for (size_t i = 0; i < f.n; i++) /* a beginning of the row, nothing lost, nothing twice */
            assert_int_equal(f.hits[i].doc, i + 1);
        struct buf report;
        buf_init(&report, 0);
        model_must(corpus_verify(m.c, &report, &e), &e);
        assert_int_equal(report.n, 0);
        buf_release(&report);
        model_release(&m);
    }
}

static void two_writers_are_refused(void **state)
{
    struct model m;
    int status = 0;

    (void)state;
    model_init(&m, 60, 0);
    pid_t pid = fork(); /* the lock belongs to the process */
    if (pid == 0) {
        struct corpus_options o = {.dir = str_z(m.dir)};
        struct corpus *c;
        struct err e;
        _exit(corpus_open(&o, &c, &e) == E_BUSY ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    model_release(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_changed_byte_never_gives_a_wrong_answer),
        cmocka_unit_test(a_cut_file_is_refused),
        cmocka_unit_test(a_damaged_log_is_cut_back),
        cmocka_unit_test(a_copy_at_any_moment_opens_the_same),
        cmocka_unit_test(what_was_committed_survives_a_kill),
        cmocka_unit_test(two_writers_are_refused),
    };
    return cmocka_run_group_tests_name("corpus damage", tests, NULL, NULL);
}
