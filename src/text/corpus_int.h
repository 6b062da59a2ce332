/* text/corpus_int.h - the inside of struct corpus, for corpus.c, state.c, manifest.c, merge.c, find.c ...
 *
 * Two locks. `writing` serialises everything that changes the corpus, files included; it may be held
 * for long. `lock` guards what a reader copies when it takes a snapshot; it is held briefly, and
 * by a writer only while holding `writing`. Order: writing, then lock.
 *
 * Invariants:
 *   1. An id is living in at most one place: one part or the tail (documents of an unfinished bulk
 *      import apart, which are in no snapshot).
 *   2. What the manifest names was fsynced before the manifest was renamed into place.
 *   3. Manifest plus log give the state: replaying the log over the parts it was written beside, or over their
 *      merged form, ends the same, because the last record about an id decides.
 *   4. A snapshot never changes; its segments, tail and frozen tables live as long as it does. */
#ifndef TEXT_CORPUS_INT_H
#define TEXT_CORPUS_INT_H

#include <pthread.h>

#include "text/build.h"
#include "text/corpus.h"

enum {
    TAIL_UNITS = 256 * 1024,
    BULK_UNITS = 32 * 1024 * 1024,
    PARTS_MAX = 8,    /* merging rests at or below */
    PARTS_HARD = 24,  /* a writer waits for merging from here */
    PARTS_LIMIT = 64, /* of the manifest */
    MERGE_UNITS =
        192 * 1024 * 1024, /* the sort takes 8 bytes for each: 1.5 GB; larger stay apart */
    DOC_BYTES_MAX = 96 * 1024 * 1024,
    LOG_BYTES_MAX = 256 * 1024 * 1024,
    LOG_READ_MAX = 1024 * 1024 * 1024,
};

/* The changing side of a sealed segment, as the writer has it. */
struct part {
    struct segment *seg;
    uint64_t number;          /* of its file */
    uint64_t side, side_next; /* of its side file: the one in the manifest, the one being written */
    uint64_t *dead;           /* bit set of removed documents */
    struct corpus_attr *attrs; /* by local number */
    uint32_t n_dead;
    bool changed;      /* since frozen was made */
    bool side_changed; /* since the side file was written */
    struct frozen *frozen;
};

/* The same, copied for readers. */
struct frozen {
    atomic_int refs;
    uint32_t n_docs, n_live;
    uint64_t *live;
    struct corpus_attr *attrs;
    /* What occurs among the living, so that a filter nobody fails is skipped. */
    uint32_t levels, statuses, flags;
    uint64_t kinds;
    _Atomic(struct tally *) tally; /* tally.c: made when first asked for; NULL: not yet */
};

struct tail {
    atomic_int refs;
    struct batch *b;
};

struct snap_part {
    struct segment *seg; /* NULL: the tail */
    struct frozen *frozen;
};
struct snap {
    atomic_int refs;
    struct tail *tail;
    uint32_t n;
    struct snap_part part[PARTS_LIMIT + 1]; /* the tail last, if it has documents */
};

struct tail_log {
    int fd;
    uint64_t number, bytes;
};

struct scratch;

struct corpus {
    char *dir;
    size_t tail_units;
    pthread_mutex_t writing, lock;
    /* under lock */
    struct part *part[PARTS_LIMIT];
    struct tail *tail;
    struct frozen *tail_frozen;
    struct snap *snap; /* what readers get; NULL: none was asked for yet */
    int64_t applied;
    /* under writing */
    struct batch *bulk; /* NULL: no bulk import */
    struct tail_log log;
    uint64_t next; /* number of the next file */
    /* merging */
    pthread_t merger;
    pthread_cond_t work, rest; /* with lock */
    struct err merge_err;
    /* scratch memory of readers */
    pthread_mutex_t scratch_lock;
    struct scratch *scratch;
    int lock_fd;
    uint32_t n_parts;  /* under lock, as all that follows but read_only */
    bool tail_changed; /* since tail_frozen was made */
    bool stale;        /* something changed since snap was made */
    bool pinned;       /* half of a change is done: readers get the old one until it is whole */
    bool merger_runs, stop, merging, merge_failed;
    bool read_only;
};

/* state.c */
struct part *part_new(struct segment *seg, uint64_t number); /* takes the reference */
void part_free(struct part *p);
struct tail *tail_new(size_t units);
void tail_unref(struct tail *t);
void frozen_unref(struct frozen *f);
struct snap *snap_take(struct corpus *c);
void snap_release(struct snap *s);
void snap_pin(struct corpus *c);                /* with lock: see corpus.pinned */
void corpus_changed(struct corpus *c);          /* with lock: the snapshot is old */
void corpus_kill(struct corpus *c, int64_t id); /* with both locks */
bool corpus_lookup(struct corpus *c, int64_t id, struct part **p, uint32_t *doc); /* p NULL: tail */

/* tail.c: what happened since the manifest was written. */
enum tail_record_type { REC_PUT = 1, REC_ATTR, REC_REMOVE, REC_COMMIT };
struct tail_record {
    enum tail_record_type type;
    int64_t id; /* REC_COMMIT: the change.seq */
    struct corpus_attr attr;
    struct str title, text;
};
/* Appends with one write; on failure the file is cut back to what it was. */
MUST_USE enum code tail_append(struct tail_log *l, const struct tail_record *r, struct err *e);
/* Calls fn for each whole record; returns how many bytes of `bytes` are whole records. */
size_t tail_replay(struct str bytes, void (*fn)(void *arg, const struct tail_record *r), void *arg);

/* manifest.c */
struct state {
    struct part *part[PARTS_LIMIT];
    uint32_t n_parts;
    struct tail *tail;
};
char *corpus_path(
    const struct corpus *c, const char *kind, uint64_t x, uint64_t y); /* to be freed */
MUST_USE enum code manifest_load(struct corpus *c, struct err *e);
/* Writes side files, a log with the tail, and the manifest of `s`; then the old ones go. With writing. */
MUST_USE enum code manifest_write(
    struct corpus *c, const struct state *s, int64_t applied, struct err *e);

/* corpus.c */
/* Make `s` the state: manifest first, then memory. With writing. What is in the old state and not
 * in the new one is released and its files go; on failure nothing has changed. */
MUST_USE enum code corpus_install(struct corpus *c, const struct state *s, struct err *e);
struct state corpus_state(const struct corpus *c);
/* Segment file `number` from `b`, as a new part; *out NULL if nothing in it lives. Needs no lock. */
MUST_USE enum code corpus_seal_batch(const struct corpus *c, const struct batch *b, uint64_t number,
    struct part **out, struct err *e);
void corpus_apply(struct corpus *c, const struct tail_record *r);

/* merge.c */
MUST_USE enum code merger_start(struct corpus *c, struct err *e);
void merger_stop(struct corpus *c);
void merger_wake(struct corpus *c);      /* with lock */
void merger_wait_room(struct corpus *c); /* with writing: until fewer than PARTS_HARD parts */

/* scratch.c */
struct scratch *scratch_take(struct corpus *c);
void scratch_give(struct corpus *c, struct scratch *s);
void scratch_free_all(struct corpus *c);

#endif
