#include "office/import.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/io.h"
#include "base/sm3.h"
#include "office/audit.h"
#include "office/describe.h"
#include "office/edition.h"
#include "office/held.h"
#include "office/import_job.h"
#include "office/index.h"
#include "office/repeal.h"
#include "store/blob.h"

/* How it runs: the caller walks the paths into a short queue; workers read and describe (in the
 * readers' cages and here) and gather a batch; whoever fills the batch writes it, one transaction for
 * all of it, while the others go on. Nothing of a file is kept before its batch is committed, so a
 * cut-off import leaves whole files only, and a second run meets them as duplicates. */

enum {
    QUEUE = 64,            /* paths waiting for a worker */
    BATCH_ITEMS = 256,     /* files written in one transaction ... */
    BATCH_BYTES = 8 << 20, /* ... or so many bytes of originals */
    FOLLOW_EVERY = 8192,   /* documents taken, and the index is told to follow meanwhile */
    NEST_MAX = 4,          /* containers in containers */
    ENTRIES_MAX = 2000,    /* reasons kept for one job */
    THREADS_MAX = 64,
};

static const char *const outcome_names[N_IMPORT_OUTCOME] = {
    "已收", "重复", "待确认", "拒收", "失败"};

const char *import_outcome_name(enum import_outcome o)
{
    return outcome_names[o];
}

/* One file on its way, or one member of a container. */
struct item {
    struct item *next;
    struct arena a;
    struct str path; /* shown, and kept as the source if the caller gave none */
    struct str name; /* of the file */
    struct str bytes;
    struct blob_source src;
    enum import_outcome outcome;
    bool write; /* something is to be stored: a document, or a held scan */
    struct str reason;
    struct description what;
    enum doc_format format;
    int64_t doc;
    int64_t parent; /* document of the mail it came in, 0 none */
    bool container; /* a zip: only its members count */
};

struct run {
    struct office *o;
    const struct import_options *opt;
    size_t given;         /* bytes of the name of what import_fd or import_bytes was handed */
    pthread_mutex_t lock; /* everything below */
    pthread_cond_t changed;
    char *queue[QUEUE];
    size_t head, waiting;
    bool closed, stop;
    struct item *batch, **batch_end;
    size_t batch_items, batch_bytes;
    pthread_mutex_t writing; /* one batch at a time; also guards counts and on_result */
    struct import_counts counts;
    int64_t job, entries;
    int64_t followed; /* counts.of[IMPORT_TAKEN] when the index was last told */
    enum code failed; /* the call's own failure, not a file's */
    struct err e;
};

/* ---- one file: read, judge, describe ---- */

static void item_free(struct item *it)
{
    arena_release(&it->a);
    free(it);
}

static struct item *item_new(struct str path, struct str name)
{
    struct item *it = mem_alloc(sizeof(*it));

    arena_init(&it->a);
    it->path = arena_str(&it->a, path);
    it->name = arena_str(&it->a, name);
    return it;
}

static void fail_item(struct item *it, enum import_outcome outcome, const char *reason)
{
    it->outcome = outcome;
    it->reason = arena_str(&it->a, str_z(reason));
    it->write = false;
}

/* The readers take a descriptor; a member of a container has none. */
static enum code read_item(struct run *r, struct item *it, int fd, struct doc *d, struct err *e)
{
    return fd >= 0 ? reader_read(r->o->readers, &it->a, fd, it->name, d, e)
                   : reader_read_bytes(r->o->readers, &it->a, it->bytes, it->name, d, e);
}

static bool known(struct run *r, struct item *it)
{
    struct db *db;
    struct err e;
    int64_t doc = 0;

    if (store_read(r->o->store, &db, &e) != OK)
        return false; /* writing will say what is wrong with the database */
    if (document_by_blob(db, str_z(it->src.hex), &doc, &e) != OK)
        doc = 0;
    store_read_end(db);
    if (doc == 0)
        return false;
    fail_item(it, IMPORT_DUPLICATE, "资料库里已有内容完全相同的文件");
    it->doc = doc;
    return true;
}

static void judge(struct item *it, const struct doc *d)
{
    struct buf text;
    struct str plain;
    const char *secret;

    buf_init(&text, 0);
    doc_text(d, &text);
    plain = arena_str(&it->a, buf_view(&text));
    buf_release(&text);
    secret = describe_secret(d, plain, it->name);
    if (secret) {
        fail_item(it, IMPORT_REFUSED, "");
        it->reason = arena_printf(&it->a,
            "文件标有密级“%s”，本系统严禁存储、处理国家秘密，请走涉密渠道；文件没有保存", secret);
        return;
    }
    if (d->image_only) {
        it->outcome = IMPORT_HELD;
        it->write = true;
        it->reason = S("扫描件没有文字，请在“扫描件登记”中核对首页有无密级标志后登记");
        return;
    }
    if (str_trim(plain).n == 0) {
        fail_item(it, IMPORT_FAILED, "文件里没有文字");
        return;
    }
    describe(&it->a, d, plain, it->name, &it->what);
    it->outcome = IMPORT_TAKEN;
    it->write = true;
}

/* These three call each other for what lies inside a container; NEST_MAX ends it.
 * NOLINTBEGIN(misc-no-recursion) */
static void process(struct run *r, struct item *it, int fd, int depth);

/* Members are files of their own; a mail is a document besides. */
static void take_parts(struct run *r, struct item *it, const struct doc *d, int depth)
{
    for (size_t i = 0; i < d->n_parts; i++) {
        struct str path = arena_printf(&it->a, "%.*s/%.*s", SF(it->path), SF(d->parts[i].name));
        struct item *part = item_new(path, d->parts[i].name);
        part->bytes = arena_str(&part->a, d->parts[i].bytes);
        part->parent = it->write && it->outcome == IMPORT_TAKEN ? it->doc : 0;
        process(r, part, -1, depth + 1);
    }
}

/* Everything but the writing. */
static void take_bytes(struct run *r, struct item *it, int fd, int depth)
{
    struct doc d = {0};
    struct err e;
    struct buf structure;

    if (blob_hash_bytes(it->bytes, &it->src, &e) != OK) {
        fail_item(it, IMPORT_FAILED, e.msg);
        return;
    }
    if (known(r, it))
        return;
    if (read_item(r, it, fd, &d, &e) != OK) {
        fail_item(it, IMPORT_FAILED, e.msg);
        return;
    }
    it->format = d.format;
    it->container = d.format == FORMAT_ZIP && d.n_parts > 0;
    if (d.format == FORMAT_ZIP && d.n_parts == 0)
        fail_item(it, IMPORT_FAILED, "压缩包里没有文件");
    if (d.format != FORMAT_ZIP)
        judge(it, &d);
    if (it->outcome == IMPORT_REFUSED)
        return; /* nor anything that came with it */
    if (it->write) {
        it->doc = id_next();
        buf_init(&structure, 0);
        doc_encode_outline(&d, &structure);
        it->what.fresh.structure = arena_str(&it->a, buf_view(&structure));
        buf_release(&structure);
    }
    take_parts(r, it, &d, depth);
}

/* NOLINTEND(misc-no-recursion) */

/* ---- a batch: one transaction ---- */

static bool take_batch(struct run *r, struct item **out)
{
    if (!r->batch)
        return false;
    *out = r->batch;
    r->batch = NULL;
    r->batch_end = &r->batch;
    r->batch_items = 0;
    r->batch_bytes = 0;
    return true;
}

/* Where it came from: the path as given, or what the caller said, with the way inside the container behind it. */
static struct str source_of(const struct run *r, struct item *it)
{
    struct str given = r->opt->source;

    if (given.n == 0 || it->path.n < r->given)
        return it->path;
    return arena_printf(&it->a, "%.*s%.*s", SF(given), SF(str_sub(it->path, r->given, it->path.n)));
}

static enum code write_document(struct run *r, struct db *db, struct item *it, struct err *e)
{
    struct document_new *n = &it->what.fresh;

    n->d.id = it->doc;
    n->d.level = r->opt->level;
    n->d.category = r->opt->category;
    n->d.origin = r->opt->origin;
    n->d.registrar = r->opt->by;
    n->d.registered_ms = clock_now_ms();
    n->d.blob = str_z(it->src.hex);
    n->d.size = (int64_t)it->bytes.n;
    n->d.source = source_of(r, it);
    n->d.parent = it->parent;
    TRY(blob_put(db, &it->src, NULL, e));
    TRY(document_insert(db, n, e));
    TRY(citation_replace(db, it->doc, it->what.citations, it->what.n_citations, e));
    TRY(repeal_note(db, it->doc, it->what.repeals, it->what.n_repeals, e));
    return repeal_apply_to(db, it->doc, n->d.title, n->d.docno, e);
}

static enum code write_held(struct run *r, struct db *db, struct item *it, struct err *e)
{
    struct held h = {.id = it->doc,
        .file_name = it->name,
        .source = source_of(r, it),
        .format = str_z(doc_format_name(it->format)),
        .blob = str_z(it->src.hex),
        .size = (int64_t)it->bytes.n,
        .created_ms = clock_now_ms(),
        .by = r->opt->by,
        .level = r->opt->level,
        .category = r->opt->category,
        .origin = r->opt->origin};

    TRY(blob_put(db, &it->src, NULL, e));
    return held_insert(db, &h, e);
}

/* The same bytes may stand twice in one folder, or another import may have been faster: look again
 * where nobody can come between. */
static enum code write_item(struct run *r, struct db *db, struct item *it, struct err *e)
{
    int64_t same = 0;

    if (!it->write)
        return OK;
    TRY(document_by_blob(db, str_z(it->src.hex), &same, e));
    if (same == 0 && it->outcome == IMPORT_HELD)
        TRY(held_by_blob(db, str_z(it->src.hex), &same, e));
    if (same != 0) {
        it->outcome = IMPORT_DUPLICATE;
        it->reason = S("资料库里已有内容完全相同的文件");
        it->doc = same;
        it->write = false;
        return OK;
    }
    return it->outcome == IMPORT_HELD ? write_held(r, db, it, e) : write_document(r, db, it, e);
}

static enum code write_entry(struct run *r, struct db *db, const struct item *it, struct err *e)
{
    /* A refused file leaves no trace of what it says, and its name may say it. */
    struct import_entry en = {.outcome = it->outcome,
        .path = it->outcome == IMPORT_REFUSED ? S("（文件名不保存）") : it->path,
        .reason = it->reason,
        .doc = it->outcome == IMPORT_HELD ? 0 : it->doc};

    if (it->outcome == IMPORT_TAKEN || r->entries >= ENTRIES_MAX)
        return OK;
    return import_job_entry(db, r->job, r->entries++, &en, e);
}

struct batch_write {
    struct run *r;
    struct item *items;
    int64_t entries; /* r->entries when it began: the function may run again */
};

/* May run again. A file that was found to be a duplicate stays one: what it duplicates is committed,
 * or stands before it in this batch and is written again under the same id. */
static enum code write_batch(struct db *db, void *arg, struct err *e)
{
    struct batch_write *w = arg;
    struct import_counts c = w->r->counts;

    w->r->entries = w->entries;
    for (struct item *it = w->items; it; it = it->next) {
        TRY(write_item(w->r, db, it, e));
        TRY(write_entry(w->r, db, it, e));
        c.seen++;
        c.of[it->outcome]++;
        c.bytes += (int64_t)it->bytes.n;
    }
    return import_job_counts(db, w->r->job, &c, 0, e);
}

/* A file whose values the database refuses spoils only itself: the batch is written file by file. */
static void write_singly(struct run *r, struct item *items)
{
    for (struct item *it = items, *next; it; it = next) {
        struct batch_write w = {r, it, r->entries};
        struct err e;
        enum code c;
        next = it->next;
        it->next = NULL;
        c = store_write(r->o->store, write_batch, &w, &e);
        if (c == E_IO || c == E_FULL || c == E_BUSY) {
            r->failed = c;
            r->e = e;
        }
        if (c != OK) {
            r->entries = w.entries;
            fail_item(it, IMPORT_FAILED, e.msg);
            it->doc = 0;
        }
        it->next = next;
    }
}

static void report(struct run *r, struct item *it)
{
    struct import_result res = {.outcome = it->outcome,
        .path = it->path,
        .reason = it->reason,
        .doc = it->outcome == IMPORT_HELD ? 0 : it->doc,
        .title = it->what.fresh.d.title};

    r->counts.seen++;
    r->counts.of[it->outcome]++;
    r->counts.bytes += (int64_t)it->bytes.n;
    if (r->opt->on_result && !r->opt->on_result(r->opt->arg, &res, &r->counts)) {
        pthread_mutex_lock(&r->lock);
        r->stop = true;
        pthread_cond_broadcast(&r->changed);
        pthread_mutex_unlock(&r->lock);
    }
}

static void flush(struct run *r, struct item *items)
{
    struct batch_write w = {r, items, 0};
    struct err e;

    pthread_mutex_lock(&r->writing);
    w.entries = r->entries;
    if (r->failed == OK && store_write(r->o->store, write_batch, &w, &e) != OK)
        write_singly(r, items);
    for (struct item *it = items, *next; it; it = next) {
        next = it->next;
        if (r->failed == OK)
            report(r, it);
        item_free(it);
    }
    if (r->failed != OK) {
        pthread_mutex_lock(&r->lock);
        r->stop = true;
        pthread_cond_broadcast(&r->changed);
        pthread_mutex_unlock(&r->lock);
    }
    /* Sorting while files are read, not after: the two keep different cores busy. */
    if (r->counts.of[IMPORT_TAKEN] - r->followed >= FOLLOW_EVERY) {
        r->followed = r->counts.of[IMPORT_TAKEN];
        index_wake(r->o);
    }
    pthread_mutex_unlock(&r->writing);
}

/* Judge, then hand over; a container is done with when its members are. */
/* NOLINTNEXTLINE(misc-no-recursion): see take_parts */
static void process(struct run *r, struct item *it, int fd, int depth)
{
    struct item *full = NULL;

    if (it->outcome != IMPORT_FAILED) {
        if (depth > NEST_MAX)
            fail_item(it, IMPORT_FAILED, "压缩包套得太深，请先解开再导入");
        else
            take_bytes(r, it, fd, depth);
    }
    if (it->container) {
        item_free(it);
        return;
    }
    pthread_mutex_lock(&r->lock);
    *r->batch_end = it;
    r->batch_end = &it->next;
    r->batch_items++;
    r->batch_bytes += it->bytes.n;
    if (r->batch_items >= BATCH_ITEMS || r->batch_bytes >= BATCH_BYTES)
        (void)take_batch(r, &full);
    pthread_mutex_unlock(&r->lock);
    if (full)
        flush(r, full);
}

/* ---- the walk and the workers ---- */

/* The bytes are read, not mapped: a file that shrinks under a mapping would end the process. */
static void load(struct item *it, int fd, const char *path)
{
    size_t max = reader_limits_default().file_bytes;
    struct stat st;
    struct err e;
    char *p;
    size_t n = 0;

    if (fd < 0 || fstat(fd, &st) != 0) {
        (void)io_fail("打开", path, &e);
        fail_item(it, IMPORT_FAILED, e.msg);
        return;
    }
    if ((uint64_t)st.st_size > max) {
        fail_item(it, IMPORT_FAILED, "文件超过256兆字节的上限，请拆分或者只导入需要的部分");
        return;
    }
    p = arena_alloc(&it->a, (size_t)st.st_size + 1);
    while (n < (size_t)st.st_size) {
        ssize_t k = pread(fd, p + n, (size_t)st.st_size - n, (off_t)n);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            break;
        n += (size_t)k;
    }
    it->bytes = (struct str){p, n};
    if (n == 0)
        fail_item(it, IMPORT_FAILED, "文件是空的");
    else if (n < (size_t)st.st_size)
        fail_item(it, IMPORT_FAILED, "文件没有读完，可能正在被改写，请稍后再导入");
}

static void process_path(struct run *r, const char *path)
{
    const char *slash = strrchr(path, '/');
    struct item *it = item_new(str_z(path), str_z(slash ? slash + 1 : path));
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    load(it, fd, path);
    process(r, it, fd, 0);
    if (fd >= 0)
        close(fd);
}

static bool next_path(struct run *r, char **path)
{
    pthread_mutex_lock(&r->lock);
    while (r->waiting == 0 && !r->closed && !r->stop)
        pthread_cond_wait(&r->changed, &r->lock);
    if (r->waiting == 0 || r->stop) {
        pthread_mutex_unlock(&r->lock);
        return false;
    }
    *path = r->queue[r->head];
    r->head = (r->head + 1) % QUEUE;
    r->waiting--;
    pthread_cond_broadcast(&r->changed);
    pthread_mutex_unlock(&r->lock);
    return true;
}

static void *worker(void *arg)
{
    struct run *r = arg;
    char *path;

    while (next_path(r, &path)) {
        process_path(r, path);
        free(path);
    }
    return NULL;
}

static enum code on_entry(const struct io_entry *en, void *arg, struct err *e)
{
    struct run *r = arg;
    bool stop;

    if (en->kind == IO_SKIPPED) {
        struct item *it = item_new(str_z(en->path), str_z(en->path));
        fail_item(it, IMPORT_FAILED, en->why);
        process(r, it, -1, 0);
        return OK;
    }
    pthread_mutex_lock(&r->lock);
    while (r->waiting == QUEUE && !r->stop)
        pthread_cond_wait(&r->changed, &r->lock);
    stop = r->stop;
    if (!stop) {
        size_t at = (r->head + r->waiting++) % QUEUE;
        r->queue[at] = mem_dup(en->path, strlen(en->path));
        pthread_cond_broadcast(&r->changed);
    }
    pthread_mutex_unlock(&r->lock);
    return stop ? FAIL(e, E_BUSY, "导入已停止") : OK;
}

struct begin {
    struct run *r;
    struct str what;
};

static enum code begin_job(struct db *db, void *arg, struct err *e)
{
    struct begin *b = arg;

    return import_job_begin(db, b->r->job, b->r->opt, b->what, e);
}

static enum code end_job(struct db *db, void *arg, struct err *e)
{
    struct run *r = arg;

    TRY(import_job_counts(db, r->job, &r->counts, clock_now_ms(), e));
    return audit_simple(db, r->opt->by, "import.finish", "import", r->job, S(""), e);
}

static enum code run_begin(struct run *r, struct office *o, const struct import_options *opt,
    struct str what, struct err *e)
{
    struct begin b = {r, what};

    *r = (struct run){.o = o, .opt = opt, .job = id_next()};
    r->batch_end = &r->batch;
    if (o->read_only)
        return FAIL(e, E_DENIED, "数据目录是只读打开的，不能导入");
    TRY(store_write(o->store, begin_job, &b, e));
    pthread_mutex_init(&r->lock, NULL);
    pthread_mutex_init(&r->writing, NULL);
    pthread_cond_init(&r->changed, NULL);
    return OK;
}

/* What is left of the last batch, the job's end, and the index: every later query finds it all. */
static enum code run_end(struct run *r, struct import_counts *counts, struct err *e)
{
    struct item *last = NULL;
    int64_t proposed;
    enum code c;

    if (take_batch(r, &last))
        flush(r, last);
    pthread_mutex_destroy(&r->lock);
    pthread_mutex_destroy(&r->writing);
    pthread_cond_destroy(&r->changed);
    *counts = r->counts;
    if (r->failed != OK) {
        *e = r->e;
        return r->failed;
    }
    c = store_write(r->o->store, end_job, r, e);
    if (c == OK)
        c = document_near_follow(r->o->store, e);
    if (c == OK && r->counts.of[IMPORT_TAKEN] > 0)
        c = edition_propose(r->o, id_time_ms(r->job), &proposed, e);
    return c == OK ? index_follow_all(r->o, NULL, NULL, e) : c;
}

static int thread_count(const struct import_options *opt)
{
    long n = opt->threads > 0 ? opt->threads : sysconf(_SC_NPROCESSORS_ONLN);

    if (n < 1)
        return 1;
    return n > THREADS_MAX ? THREADS_MAX : (int)n;
}

static void drain(struct run *r)
{
    while (r->waiting > 0) { /* stopped: what no worker took */
        free(r->queue[r->head]);
        r->head = (r->head + 1) % QUEUE;
        r->waiting--;
    }
}

enum code import_paths(struct office *o, const char *const *paths, size_t n,
    const struct import_options *opt, struct import_counts *counts, struct err *e)
{
    struct run r = {0};
    pthread_t threads[THREADS_MAX];
    int started = 0;
    enum code c = OK;

    for (size_t i = 0; i < n; i++)
        if (!io_exists(paths[i]))
            return FAIL(e, E_NOTFOUND, "找不到“%s”", paths[i]);
    TRY(run_begin(&r, o, opt, n ? str_z(paths[0]) : S(""), e));
    for (int want = thread_count(opt); started < want; started++)
        if (pthread_create(&threads[started], NULL, worker, &r) != 0)
            break;
    for (size_t i = 0; started > 0 && c == OK && i < n; i++)
        c = io_walk(paths[i], on_entry, &r, e);
    pthread_mutex_lock(&r.lock);
    r.closed = true;
    pthread_cond_broadcast(&r.changed);
    pthread_mutex_unlock(&r.lock);
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    drain(&r);
    if (started == 0)
        c = FAIL(e, E_IO, "无法启动导入线程，系统资源不足");
    if (c == OK || r.stop) /* a stop asked for is no failure: what was taken stays */
        return run_end(&r, counts, e);
    {
        struct err second;
        (void)!run_end(&r, counts, &second);
    }
    return c;
}

enum code import_fd(struct office *o, int fd, struct str name, const struct import_options *opt,
    struct import_counts *counts, struct err *e)
{
    struct run r = {0};
    struct item *it;

    TRY(run_begin(&r, o, opt, name, e));
    r.given = name.n;
    it = item_new(name, name);
    load(it, fd, "");
    process(&r, it, fd, 0);
    return run_end(&r, counts, e);
}

enum code import_bytes(struct office *o, struct str bytes, struct str name,
    const struct import_options *opt, struct import_counts *counts, struct err *e)
{
    struct run r = {0};
    struct item *it;

    TRY(run_begin(&r, o, opt, name, e));
    r.given = name.n;
    it = item_new(name, name);
    if (bytes.n == 0)
        fail_item(it, IMPORT_FAILED, "文件是空的");
    else
        it->bytes = arena_str(&it->a, bytes);
    process(&r, it, -1, 0);
    return run_end(&r, counts, e);
}
