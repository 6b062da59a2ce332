/* The files that say what the corpus is: one manifest, a side file for each segment, one log.
 *
 * manifest: lines of text, the last one its checksum
 *     qianshao-corpus 1
 *     applied 4711
 *     next 12
 *     log 9
 *     segment 3 7          (seg-3.seg with side-3-7)
 *     sum 0123456789abcdef
 * side file: documents (4), removed (4), checksum (8) of the rest; bit set of the removed; attributes. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "text/corpus_int.h"

#define FIRST_LINE "qianshao-corpus 1"

char *corpus_path(const struct corpus *c, const char *kind, uint64_t x, uint64_t y)
{
    struct buf b;

    buf_init(&b, 0);
    buf_printf(&b, "%s/%s", c->dir, kind);
    if (strcmp(kind, "seg") == 0)
        buf_printf(&b, "-%" PRIu64 ".seg", x);
    else if (strcmp(kind, "side") == 0)
        buf_printf(&b, "-%" PRIu64 "-%" PRIu64, x, y);
    else if (strcmp(kind, "log") == 0)
        buf_printf(&b, "-%" PRIu64, x);
    return b.p;
}

static void forget(const struct corpus *c, const char *kind, uint64_t x, uint64_t y)
{
    char *path = corpus_path(c, kind, x, y);

    (void)unlink(path);
    free(path);
}

/* ---- side files ---- */

static size_t dead_bytes(const struct part *p)
{
    return (p->seg->n_docs / 64 + (size_t)1) * 8;
}

static enum code side_write(struct corpus *c, struct part *p, struct err *e)
{
    struct buf b;
    uint32_t head[2] = {p->seg->n_docs, p->n_dead};
    uint64_t sum;
    char *path;
    enum code code;

    p->side_next = c->next++;
    path = corpus_path(c, "side", p->number, p->side_next);
    buf_init(&b, 0);
    (void)buf_room(&b, 16);
    buf_add(&b, p->dead, dead_bytes(p));
    buf_add(&b, p->attrs, p->seg->n_docs * sizeof(*p->attrs));
    sum = segment_sum(b.p + 16, b.n - 16);
    memcpy(b.p, head, 8);
    memcpy(b.p + 8, &sum, 8);
    code = io_write_file(path, buf_view(&b), S_IRUSR | S_IWUSR, e);
    buf_release(&b);
    free(path);
    return code;
}

static enum code side_read(struct corpus *c, struct part *p, struct err *e)
{
    char *path = corpus_path(c, "side", p->number, p->side);
    size_t dead = dead_bytes(p), attrs = p->seg->n_docs * sizeof(*p->attrs);
    uint32_t head[2] = {0, 0};
    uint64_t sum = 0;
    struct buf b;
    enum code code;

    buf_init(&b, 0);
    code = io_read_file(path, LOG_READ_MAX, &b, e);
    if (code == OK && b.n == 16 + dead + attrs) {
        memcpy(head, b.p, 8);
        memcpy(&sum, b.p + 8, 8);
    }
    if (code == OK && (head[0] != p->seg->n_docs || sum != segment_sum(b.p + 16, b.n - 16)))
        code = FAIL(e, E_IO, "索引文件“%s”已损坏，请运行 qianshao reindex 重建", path);
    if (code == OK) {
        memcpy(p->dead, b.p + 16, dead);
        memcpy(p->attrs, b.p + 16 + dead, attrs);
        p->n_dead = head[1];
        p->side_changed = false;
    }
    buf_release(&b);
    free(path);
    return code;
}

/* ---- writing ---- */

/* A new log that holds the living documents of the tail. */
static enum code log_new(
    struct corpus *c, const struct tail *t, struct tail_log *out, struct err *e)
{
    struct tail_log l = {.number = c->next++};
    char *path = corpus_path(c, "log", l.number, 0);
    struct buf title, text;
    enum code code = OK;

    buf_init(&title, 0);
    buf_init(&text, 0);
    l.fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (l.fd < 0)
        code = io_fail("写入", path, e);
    for (uint32_t d = 0; code == OK && d < t->b->n_docs; d++) {
        struct tail_record r = {REC_PUT, t->b->ids[d], t->b->attrs[d], {0}, {0}};
        if (t->b->dead[d])
            continue;
        buf_clear(&title);
        buf_clear(&text);
        batch_title(t->b, d, &title);
        batch_text(t->b, d, &text);
        r.title = buf_view(&title);
        r.text = buf_view(&text);
        code = tail_append(&l, &r, e);
    }
    if (code == OK && fsync(l.fd) != 0)
        code = io_fail("写入", path, e);
    if (code != OK && l.fd >= 0) {
        (void)close(l.fd);
        (void)unlink(path);
    }
    if (code == OK)
        *out = l;
    buf_release(&title);
    buf_release(&text);
    free(path);
    return code;
}

static enum code put_manifest(struct corpus *c, const struct state *s, int64_t applied,
    const struct tail_log *l, struct err *e)
{
    char *path = corpus_path(c, "manifest", 0, 0);
    struct buf b;
    enum code code;

    buf_init(&b, 0);
    buf_printf(&b, FIRST_LINE "\napplied %" PRId64 "\nnext %" PRIu64 "\nlog %" PRIu64 "\n", applied,
        c->next, l->number);
    for (uint32_t i = 0; i < s->n_parts; i++) {
        const struct part *p = s->part[i];
        buf_printf(&b, "segment %" PRIu64 " %" PRIu64 "\n", p->number,
            p->side_changed ? p->side_next : p->side);
    }
    buf_printf(&b, "sum %016" PRIx64 "\n", segment_sum(b.p, b.n));
    code = io_sync_dir(c->dir, e); /* the names of the files the manifest speaks of */
    if (code == OK)
        code = io_write_file(path, buf_view(&b), S_IRUSR | S_IWUSR, e);
    buf_release(&b);
    free(path);
    return code;
}

enum code manifest_write(struct corpus *c, const struct state *s, int64_t applied, struct err *e)
{
    struct tail_log l;
    enum code code = log_new(c, s->tail, &l, e);
    bool made = code == OK;

    for (uint32_t i = 0; code == OK && i < s->n_parts; i++)
        if (s->part[i]->side_changed)
            code = side_write(c, s->part[i], e);
    if (code == OK)
        code = put_manifest(c, s, applied, &l, e);
    if (code != OK) { /* stray side files go at the next opening */
        if (made) {
            (void)close(l.fd);
            forget(c, "log", l.number, 0);
        }
        return code;
    }
    for (uint32_t i = 0; i < s->n_parts; i++) {
        struct part *p = s->part[i];
        if (!p->side_changed)
            continue;
        forget(c, "side", p->number, p->side);
        p->side = p->side_next;
        p->side_changed = false;
    }
    if (c->log.fd >= 0) {
        (void)close(c->log.fd);
        forget(c, "log", c->log.number, 0);
    }
    c->log = l;
    return OK;
}

/* ---- loading ---- */

struct reader {
    struct corpus *c;
    struct err *e;
    int64_t applied;
};

static bool take_number(struct str *line, uint64_t *out)
{
    struct str word = *line;
    struct err ignored;
    int64_t v;

    if (!str_cut(*line, S(" "), &word, line))
        *line = (struct str){0};
    if (str_int(word, &v, &ignored) != OK || v < 0)
        return false;
    *out = (uint64_t)v;
    return true;
}

static enum code load_segment(struct corpus *c, struct str line, struct err *e)
{
    uint64_t number, side;
    struct segment *seg;
    char *path;
    enum code code;

    if (!take_number(&line, &number) || !take_number(&line, &side) || c->n_parts == PARTS_LIMIT)
        return FAIL(e, E_IO, "索引清单“%s/manifest”写法不对，请运行 qianshao reindex 重建", c->dir);
    path = corpus_path(c, "seg", number, 0);
    code = segment_open(path, &seg, e);
    free(path);
    if (code != OK)
        return code;
    c->part[c->n_parts] = part_new(seg, number);
    c->part[c->n_parts]->side = side;
    c->n_parts++;
    return side_read(c, c->part[c->n_parts - 1], e);
}

static enum code load_lines(struct corpus *c, struct str lines, uint64_t *log, struct err *e)
{
    struct str line;
    uint64_t applied = 0;
    bool good = true;

    while (str_next(&lines, S("\n"), &line)) {
        if (str_eat(&line, S("segment ")))
            TRY(load_segment(c, line, e));
        else if (str_eat(&line, S("applied ")))
            good = good && take_number(&line, &applied);
        else if (str_eat(&line, S("next ")))
            good = good && take_number(&line, &c->next);
        else if (str_eat(&line, S("log ")))
            good = good && take_number(&line, log);
        else
            good = good && str_eq(line, S(FIRST_LINE));
    }
    c->applied = (int64_t)applied;
    if (!good || !*log || !c->next)
        return FAIL(e, E_IO, "索引清单“%s/manifest”写法不对，请运行 qianshao reindex 重建", c->dir);
    return OK;
}

static bool sum_right(struct str text, struct str *lines)
{
    struct str sum;
    char want[17];

    if (!str_cut_last(text, S("sum "), lines, &sum) || !str_eat_end(&sum, S("\n")))
        return false;
    (void)snprintf(want, sizeof(want), "%016" PRIx64, segment_sum(lines->p, lines->n));
    return str_eq(sum, str_z(want));
}

static void replay(void *arg, const struct tail_record *r)
{
    corpus_apply(arg, r);
}

static enum code load_log(struct corpus *c, uint64_t number, struct err *e)
{
    char *path = corpus_path(c, "log", number, 0);
    struct buf b;
    enum code code;
    size_t whole = 0;

    buf_init(&b, 0);
    code = io_read_file(path, LOG_READ_MAX, &b, e);
    if (code == OK) {
        size_t units = b.n > c->tail_units ? b.n : c->tail_units; /* room for all of it */
        c->tail = tail_new(units);
        whole = tail_replay(buf_view(&b), replay, c);
    }
    if (code == OK && !c->read_only) {
        c->log = (struct tail_log){open(path, O_RDWR | O_APPEND | O_CLOEXEC), number, whole};
        if (c->log.fd < 0 ||
            (whole < b.n && (ftruncate(c->log.fd, (off_t)whole) != 0 || fsync(c->log.fd) != 0)))
            code = io_fail("写入", path, e);
    }
    buf_release(&b);
    free(path);
    return code;
}

static bool is_file(
    const struct corpus *c, const char *path, const char *kind, uint64_t x, uint64_t y)
{
    char *name = corpus_path(c, kind, x, y);
    bool same = strcmp(name, path) == 0;

    free(name);
    return same;
}

/* Removes what an interrupted write left: files of ours that the manifest does not name. */
static enum code remove_stray(const struct io_entry *f, void *arg, struct err *e)
{
    const struct corpus *c = arg;
    bool ours = str_starts(f->rel, S("seg-")) || str_starts(f->rel, S("side-")) ||
                str_starts(f->rel, S("log-")) || str_starts(f->rel, S("manifest."));
    bool known = is_file(c, f->path, "log", c->log.number, 0);

    (void)e;
    for (uint32_t i = 0; i < c->n_parts; i++)
        known = known || is_file(c, f->path, "seg", c->part[i]->number, 0) ||
                is_file(c, f->path, "side", c->part[i]->number, c->part[i]->side);
    if (ours && !known)
        (void)unlink(f->path);
    return OK;
}

enum code manifest_load(struct corpus *c, struct err *e)
{
    char *path = corpus_path(c, "manifest", 0, 0);
    struct buf b;
    struct str lines;
    uint64_t log = 0;
    enum code code;

    buf_init(&b, 0);
    code = io_read_file(path, LOG_READ_MAX, &b, e);
    if (code == E_NOTFOUND) {
        struct state s = {.tail = c->tail = tail_new(c->tail_units)};
        c->next = 1;
        code = c->read_only ? OK : manifest_write(c, &s, 0, e);
    } else if (code == OK) {
        if (!sum_right(buf_view(&b), &lines))
            code = FAIL(e, E_IO, "索引清单“%s”已损坏，请运行 qianshao reindex 重建", path);
        if (code == OK)
            code = load_lines(c, lines, &log, e);
        if (code == OK)
            code = load_log(c, log, e);
    }
    if (code == OK && !c->read_only)
        code = io_walk(c->dir, remove_stray, c, e);
    buf_release(&b);
    free(path);
    return code;
}
