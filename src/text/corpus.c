#include "text/corpus.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "text/corpus_int.h"

/* ---- opening and closing ---- */

/* One writing process for one folder. */
static enum code take_lock(struct corpus *c, struct err *e)
{
    char *path = corpus_path(c, "lock", 0, 0);
    enum code code = io_mkdirs(c->dir, S_IRWXU, e);

    if (code == OK)
        code = io_lock(path, &c->lock_fd, e);
    if (code != OK)
        (void)err_context(e, "索引");
    free(path);
    return code;
}

static void forget_state(struct corpus *c)
{
    snap_release(c->snap);
    for (uint32_t i = 0; i < c->n_parts; i++)
        part_free(c->part[i]);
    tail_unref(c->tail);
    frozen_unref(c->tail_frozen);
    if (c->log.fd >= 0)
        (void)close(c->log.fd);
    c->snap = NULL;
    c->stale = false;
    c->n_parts = 0;
    c->tail = NULL;
    c->tail_frozen = NULL;
    c->log.fd = -1;
}

static void corpus_free(struct corpus *c)
{
    forget_state(c);
    batch_free(c->bulk);
    scratch_free_all(c);
    if (c->lock_fd >= 0)
        io_unlock(c->lock_fd);
    pthread_mutex_destroy(&c->writing);
    pthread_mutex_destroy(&c->lock);
    pthread_mutex_destroy(&c->scratch_lock);
    pthread_cond_destroy(&c->work);
    pthread_cond_destroy(&c->rest);
    free(c->dir);
    free(c);
}

/* A reader beside a writing process: a file of the manifest may go while it is being read; then
 * there is a newer manifest. */
static enum code load(struct corpus *c, struct err *e)
{
    enum { TRIES = 8 };
    enum code code = E_NOTFOUND;

    for (int i = 0; code == E_NOTFOUND && i < (c->read_only ? TRIES : 1); i++) {
        forget_state(c);
        c->applied = 0;
        code = manifest_load(c, e);
    }
    if (code == E_NOTFOUND) {
        e->code = code = E_IO;
        (void)err_context(e, "索引缺少文件，请运行 qianshao reindex 重建");
    }
    return code;
}

enum code corpus_open(const struct corpus_options *o, struct corpus **out, struct err *e)
{
    struct corpus *c = mem_alloc(sizeof(*c));
    enum code code = OK;

    c->dir = mem_dup(o->dir.p, o->dir.n);
    c->read_only = o->read_only;
    c->tail_units = o->tail_units ? o->tail_units : TAIL_UNITS;
    c->lock_fd = c->log.fd = -1;
    pthread_mutex_init(&c->writing, NULL);
    pthread_mutex_init(&c->lock, NULL);
    pthread_mutex_init(&c->scratch_lock, NULL);
    pthread_cond_init(&c->work, NULL);
    pthread_cond_init(&c->rest, NULL);
    if (!c->read_only)
        code = take_lock(c, e);
    if (code == OK)
        code = load(c, e);
    if (code == OK && !c->read_only)
        code = merger_start(c, e);
    if (code != OK) {
        corpus_free(c);
        return code;
    }
    *out = c;
    return OK;
}

void corpus_close(struct corpus *c)
{
    if (!c)
        return;
    merger_stop(c);
    corpus_free(c);
}

enum code corpus_erase(struct str dir, struct err *e)
{
    struct corpus c = {.read_only = false, .lock_fd = -1};
    enum code code;
    char *path;

    c.dir = mem_dup(dir.p, dir.n);
    code = take_lock(&c, e);
    path = corpus_path(&c, "manifest", 0, 0);
    if (code == OK && unlink(path) != 0 && errno != ENOENT)
        code = io_fail("删除", path, e);
    if (c.lock_fd >= 0)
        io_unlock(c.lock_fd); /* the next opening removes what no manifest names */
    free(path);
    free(c.dir);
    return code;
}

/* ---- the state as a whole ---- */

struct state corpus_state(const struct corpus *c)
{
    struct state s = {.n_parts = c->n_parts, .tail = c->tail};

    for (uint32_t i = 0; i < c->n_parts; i++)
        s.part[i] = c->part[i];
    return s;
}

static bool in_state(const struct state *s, const struct part *p)
{
    for (uint32_t i = 0; i < s->n_parts; i++)
        if (s->part[i] == p)
            return true;
    return false;
}

static void drop_part(struct corpus *c, struct part *p)
{
    char *side = corpus_path(c, "side", p->number, p->side);

    (void)unlink(side);
    free(side);
    atomic_store(&p->seg->doomed, true);
    part_free(p);
}

enum code corpus_install(struct corpus *c, const struct state *s, struct err *e)
{
    struct state old = corpus_state(c);

    TRY(manifest_write(c, s, c->applied, e));
    pthread_mutex_lock(&c->lock);
    corpus_changed(c);
    for (uint32_t i = 0; i < s->n_parts; i++)
        c->part[i] = s->part[i];
    c->n_parts = s->n_parts;
    c->tail = s->tail;
    c->tail_changed = true;
    c->pinned = false;
    merger_wake(c);
    pthread_mutex_unlock(&c->lock);
    for (uint32_t i = 0; i < old.n_parts; i++)
        if (!in_state(s, old.part[i]))
            drop_part(c, old.part[i]);
    if (old.tail != s->tail)
        tail_unref(old.tail);
    return OK;
}

enum code corpus_seal_batch(const struct corpus *c, const struct batch *b, uint64_t number,
    struct part **out, struct err *e)
{
    struct batch_order o = batch_sort(b);
    char *path = corpus_path(c, "seg", number, 0);
    struct segment *seg = NULL;
    struct part *p = NULL;
    enum code code = OK;

    if (o.n)
        code = segment_write(path, b, &o, e);
    if (o.n && code == OK)
        code = segment_open(path, &seg, e);
    if (o.n && code == OK) {
        p = part_new(seg, number);
        for (uint32_t i = 0; i < o.n; i++)
            p->attrs[i] = b->attrs[o.doc[i]];
    }
    free(o.doc);
    free(path);
    if (code == OK)
        *out = p;
    return code;
}

/* Installs the state with part p (may be NULL) added and the tail replaced. */
static enum code install_with(struct corpus *c, struct part *p, struct tail *tail, struct err *e)
{
    struct state s = corpus_state(c);
    enum code code;

    if (p)
        s.part[s.n_parts++] = p;
    s.tail = tail;
    code = corpus_install(c, &s, e);
    if (code != OK && p) {
        atomic_store(&p->seg->doomed, true);
        part_free(p);
    }
    return code;
}

static enum code seal_tail(struct corpus *c, struct err *e)
{
    struct part *p = NULL;
    struct tail *fresh;
    enum code code;

    merger_wait_room(c);
    TRY(corpus_seal_batch(c, c->tail->b, c->next++, &p, e));
    fresh = tail_new(c->tail_units);
    code = install_with(c, p, fresh, e);
    if (code != OK)
        tail_unref(fresh);
    return code;
}

/* A batch that never was in the tail: what it holds takes the place of what was there. */
static enum code seal_apart(struct corpus *c, const struct batch *b, struct err *e)
{
    struct part *p = NULL;
    enum code code;

    merger_wait_room(c);
    TRY(corpus_seal_batch(c, b, c->next++, &p, e));
    if (!p)
        return OK;
    /* A failure behind this point leaves the old texts hidden until the caller puts the new ones
     * again, which the change.seq that was not committed makes it do. */
    pthread_mutex_lock(&c->lock);
    snap_pin(c);
    for (uint32_t i = 0; i < p->seg->n_docs; i++)
        corpus_kill(c, p->seg->ids[i]);
    pthread_mutex_unlock(&c->lock);
    code = install_with(c, p, c->tail, e);
    pthread_mutex_lock(&c->lock);
    c->pinned = false;
    pthread_mutex_unlock(&c->lock);
    return code;
}

/* ---- writing ---- */

static enum code writable(const struct corpus *c, struct err *e)
{
    if (c->read_only)
        return FAIL(e, E_BUG, "索引以只读方式打开，不能写入");
    return OK;
}

void corpus_apply(struct corpus *c, const struct tail_record *r)
{
    struct part *p;
    uint32_t d;

    pthread_mutex_lock(&c->lock);
    if (r->type == REC_PUT) {
        corpus_kill(c, r->id);
        (void)batch_add(c->tail->b, r->id, &r->attr, r->title, r->text);
        c->tail_changed = true;
        corpus_changed(c);
    } else if (r->type == REC_REMOVE) {
        corpus_kill(c, r->id);
    } else if (r->type == REC_COMMIT) {
        c->applied = r->id;
    } else if (corpus_lookup(c, r->id, &p, &d)) {
        *(p ? &p->attrs[d] : &c->tail->b->attrs[d]) = r->attr;
        if (p)
            p->changed = p->side_changed = true;
        else
            c->tail_changed = true;
        corpus_changed(c);
    }
    pthread_mutex_unlock(&c->lock);
}

static enum code log_and_apply(struct corpus *c, const struct tail_record *r, struct err *e)
{
    TRY(tail_append(&c->log, r, e));
    corpus_apply(c, r);
    return OK;
}

static enum code flush_bulk(struct corpus *c, struct err *e)
{
    struct batch *b = c->bulk;

    if (!b || b->n_docs == 0)
        return OK;
    TRY(seal_apart(c, b, e));
    batch_free(b);
    c->bulk = batch_new(0);
    return OK;
}

static enum code put_bulk(struct corpus *c, const struct tail_record *r, struct err *e)
{
    if (batch_units(c->bulk) + r->text.n / 3 > BULK_UNITS)
        TRY(flush_bulk(c, e));
    if (!batch_add(c->bulk, r->id, &r->attr, r->title, r->text))
        return FAIL(e, E_LIMIT, "一份文件的文字超过索引上限 %d 字节", (int)DOC_BYTES_MAX);
    return OK;
}

/* Larger than the whole tail: a segment of its own. */
static enum code put_large(struct corpus *c, const struct tail_record *r, struct err *e)
{
    struct batch *b = batch_new(0);
    enum code code;

    if (batch_add(b, r->id, &r->attr, r->title, r->text))
        code = seal_apart(c, b, e);
    else
        code = FAIL(e, E_LIMIT, "一份文件的文字超过索引上限 %d 字节", (int)DOC_BYTES_MAX);
    batch_free(b);
    return code;
}

static enum code put(struct corpus *c, const struct tail_record *r, struct err *e)
{
    if (c->bulk)
        return put_bulk(c, r, e);
    if (!batch_fits(c->tail->b, r->title, r->text) ||
        c->log.bytes + r->text.n > LOG_BYTES_MAX / 2) {
        TRY(seal_tail(c, e));
        if (!batch_fits(c->tail->b, r->title, r->text))
            return put_large(c, r, e);
    }
    return log_and_apply(c, r, e);
}

enum code corpus_put(struct corpus *c, int64_t id, const struct corpus_attr *attr, struct str title,
    struct str text, struct err *e)
{
    struct tail_record r = {REC_PUT, id, *attr, title, text};
    enum code code;

    TRY(writable(c, e));
    if (text.n > DOC_BYTES_MAX || title.n > DOC_BYTES_MAX / 16)
        return FAIL(e, E_LIMIT, "一份文件的文字有 %zu 字节，超过索引上限 %d", text.n + title.n,
            (int)DOC_BYTES_MAX);
    pthread_mutex_lock(&c->writing);
    code = put(c, &r, e);
    pthread_mutex_unlock(&c->writing);
    return code;
}

enum code corpus_set_attr(
    struct corpus *c, int64_t id, const struct corpus_attr *attr, struct err *e)
{
    struct tail_record r = {REC_ATTR, id, *attr, {0}, {0}};
    struct batch *b;
    enum code code;

    TRY(writable(c, e));
    pthread_mutex_lock(&c->writing);
    b = c->bulk;
    for (uint32_t d = 0; b && d < b->n_docs; d++)
        if (b->ids[d] == id)
            b->attrs[d] = *attr;
    code = log_and_apply(c, &r, e);
    pthread_mutex_unlock(&c->writing);
    return code;
}

enum code corpus_remove(struct corpus *c, int64_t id, struct err *e)
{
    struct tail_record r = {.type = REC_REMOVE, .id = id};
    struct batch *b;
    enum code code;

    TRY(writable(c, e));
    pthread_mutex_lock(&c->writing);
    b = c->bulk;
    for (uint32_t d = 0; b && d < b->n_docs; d++)
        if (b->ids[d] == id)
            b->dead[d] = true;
    code = log_and_apply(c, &r, e);
    pthread_mutex_unlock(&c->writing);
    return code;
}

void corpus_bulk_begin(struct corpus *c)
{
    pthread_mutex_lock(&c->writing);
    if (!c->bulk && !c->read_only)
        c->bulk = batch_new(0);
    pthread_mutex_unlock(&c->writing);
}

enum code corpus_bulk_end(struct corpus *c, struct err *e)
{
    enum code code;

    pthread_mutex_lock(&c->writing);
    code = flush_bulk(c, e);
    batch_free(c->bulk);
    c->bulk = NULL;
    pthread_mutex_unlock(&c->writing);
    return code;
}

enum code corpus_commit(struct corpus *c, int64_t seq, struct err *e)
{
    struct tail_record r = {.type = REC_COMMIT, .id = seq};
    enum code code;

    TRY(writable(c, e));
    pthread_mutex_lock(&c->writing);
    code = flush_bulk(c, e); /* or the number would run ahead of the texts */
    if (code == OK)
        code = log_and_apply(c, &r, e);
    if (code == OK && fsync(c->log.fd) != 0)
        code = io_fail("写入", "索引日志", e);
    pthread_mutex_unlock(&c->writing);
    return code;
}

int64_t corpus_applied(const struct corpus *c)
{
    /* The lock is no part of what the caller sees as constant. */
    struct corpus *mine = (struct corpus *)(uintptr_t)c; // NOLINT(performance-no-int-to-ptr)
    int64_t applied;

    pthread_mutex_lock(&mine->lock);
    applied = mine->applied;
    pthread_mutex_unlock(&mine->lock);
    return applied;
}

enum code corpus_drop(struct corpus *c, struct err *e)
{
    struct state s = {0};
    enum code code;

    TRY(writable(c, e));
    pthread_mutex_lock(&c->writing);
    s.tail = tail_new(c->tail_units);
    pthread_mutex_lock(&c->lock);
    c->applied = 0;
    pthread_mutex_unlock(&c->lock);
    code = corpus_install(c, &s, e);
    if (code != OK)
        tail_unref(s.tail);
    if (code == OK && c->bulk) {
        batch_free(c->bulk);
        c->bulk = batch_new(0);
    }
    pthread_mutex_unlock(&c->writing);
    return code;
}

/* ---- care ---- */

void corpus_stats(struct corpus *c, struct corpus_stats *out)
{
    struct corpus_stats s = {0};

    pthread_mutex_lock(&c->lock);
    for (uint32_t i = 0; i < c->n_parts; i++) {
        const struct part *p = c->part[i];
        s.documents += p->seg->n_docs - p->n_dead;
        s.removed += p->n_dead;
        s.units += p->seg->stream[STREAM_TEXT].n + p->seg->stream[STREAM_TITLE].n;
        s.bytes += (int64_t)p->seg->bytes;
    }
    s.segments = (int)c->n_parts;
    s.tail_units = (int64_t)batch_units(c->tail->b);
    s.units += s.tail_units;
    for (uint32_t d = 0; d < c->tail->b->n_docs; d++) {
        s.documents += !c->tail->b->dead[d];
        s.removed += c->tail->b->dead[d];
    }
    pthread_mutex_unlock(&c->lock);
    *out = s;
}

static void no_record(void *arg, const struct tail_record *r)
{
    (void)arg;
    (void)r;
}

enum code corpus_verify(struct corpus *c, struct buf *report, struct err *e)
{
    struct snap *s;
    struct buf b;
    char *path;
    enum code code;

    pthread_mutex_lock(&c->writing); /* so that manifest, log and segments belong together */
    s = snap_take(c);
    path = corpus_path(c, "log", c->log.number, 0);
    buf_init(&b, 0);
    code = c->log.fd < 0 ? OK : io_read_file(path, LOG_READ_MAX, &b, e);
    if (code == OK && tail_replay(buf_view(&b), no_record, NULL) != b.n)
        buf_printf(report, "%s：索引日志的一条记录与校验和不符\n", path);
    pthread_mutex_unlock(&c->writing);
    for (uint32_t i = 0; i < s->n; i++)
        if (s->part[i].seg)
            segment_verify(s->part[i].seg, report);
    snap_release(s);
    buf_release(&b);
    free(path);
    return code;
}
