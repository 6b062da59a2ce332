#include "office/wordlist.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/io.h"

#define FOLDER "lexicon"

struct wordlist_read {
    struct arena a;
    const struct lexicon *lexicon;
    struct str problem;
    uint64_t stamp; /* of the folder when it was read */
    unsigned users; /* checks that hold it; the set itself counts as one while it is the newest */
};

struct wordlist {
    char dir[IO_PATH_MAX];
    pthread_mutex_t lock;         /* of what is below */
    struct wordlist_read *newest; /* NULL: nothing read yet */
};

struct wordlist *wordlist_new(const char *dir)
{
    struct wordlist *w = mem_alloc(sizeof(*w));
    struct err e;

    if (io_join(w->dir, dir, FOLDER, &e) != OK)
        w->dir[0] = 0; /* too long a path: as if there were no folder */
    pthread_mutex_init(&w->lock, NULL);
    return w;
}

static void drop(struct wordlist_read *r)
{
    if (!r || --r->users)
        return;
    arena_release(&r->a);
    free(r);
}

void wordlist_free(struct wordlist *w)
{
    if (!w)
        return;
    drop(w->newest);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

static enum code stamp_file(const struct io_entry *entry, void *arg, struct err *e)
{
    uint64_t *h = arg, part[3];

    (void)e;
    if (entry->kind != IO_FILE || !str_ends(entry->rel, S(".tsv")))
        return OK;
    part[0] = *h ^ str_hash(entry->rel);
    part[1] = (uint64_t)entry->st->st_size;
    part[2] =
        (uint64_t)entry->st->st_mtim.tv_sec * 1000000000U + (uint64_t)entry->st->st_mtim.tv_nsec;
    *h = str_hash((struct str){(const char *)part, sizeof(part)});
    return OK;
}

/* Names, sizes and times of the lists; 0: no folder. A folder that cannot be walked is one that changed: reading says why. */
static uint64_t stamp_of(const struct wordlist *w)
{
    uint64_t h = 1;
    struct err e;

    if (!w->dir[0] || !io_exists(w->dir))
        return 0;
    return io_walk(w->dir, stamp_file, &h, &e) == OK ? h : 2;
}

static enum code read_lists(struct wordlist *w, uint64_t stamp, struct err *e)
{
    struct wordlist_read *r = mem_alloc(sizeof(*r));
    struct err why = {0};
    enum code code = OK;

    arena_init(&r->a);
    *r = (struct wordlist_read){.a = r->a, .stamp = stamp, .users = 1};
    if (!stamp || lexicon_open(&r->a, w->dir, &r->lexicon, &why) != OK) {
        if (stamp)
            r->problem = arena_printf(&r->a, "本单位的词表没有用上：%s", why.msg);
        code = lexicon_open(&r->a, NULL, &r->lexicon, e);
    }
    if (code != OK) {
        drop(r);
        return code;
    }
    drop(w->newest);
    w->newest = r;
    return OK;
}

enum code wordlist_take(struct wordlist *w, struct wordlist_read **out, struct err *e)
{
    uint64_t stamp = stamp_of(w); /* before reading: what changes meanwhile is read next time */
    enum code code = OK;

    pthread_mutex_lock(&w->lock);
    if (!w->newest || w->newest->stamp != stamp)
        code = read_lists(w, stamp, e);
    if (code == OK) {
        w->newest->users++;
        *out = w->newest;
    }
    pthread_mutex_unlock(&w->lock);
    return code;
}

void wordlist_give(struct wordlist *w, struct wordlist_read *r)
{
    pthread_mutex_lock(&w->lock);
    drop(r);
    pthread_mutex_unlock(&w->lock);
}

const struct lexicon *wordlist_lexicon(const struct wordlist_read *r)
{
    return r->lexicon;
}

struct str wordlist_problem(const struct wordlist_read *r)
{
    return r->problem;
}
