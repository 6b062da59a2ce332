/* Parts, the tail, and the snapshots that readers take of them. */
#include <stdlib.h>
#include <string.h>

#include "text/corpus_int.h"

struct part *part_new(struct segment *seg, uint64_t number)
{
    struct part *p = mem_alloc(sizeof(*p));

    p->seg = seg;
    p->number = number;
    p->dead = mem_alloc((seg->n_docs / 64 + (size_t)1) * 8);
    p->attrs = mem_alloc(seg->n_docs * sizeof(*p->attrs));
    p->changed = true;
    p->side_changed = true;
    return p;
}

void part_free(struct part *p)
{
    if (!p)
        return;
    segment_unref(p->seg);
    frozen_unref(p->frozen);
    free(p->dead);
    free(p->attrs);
    free(p);
}

struct tail *tail_new(size_t units)
{
    struct tail *t = mem_alloc(sizeof(*t));

    atomic_init(&t->refs, 1);
    t->b = batch_new(units);
    return t;
}

void tail_unref(struct tail *t)
{
    if (!t || atomic_fetch_sub(&t->refs, 1) != 1)
        return;
    batch_free(t->b);
    free(t);
}

void frozen_unref(struct frozen *f)
{
    if (!f || atomic_fetch_sub(&f->refs, 1) != 1)
        return;
    free(f->live);
    free(f->attrs);
    free(atomic_load(&f->tally));
    free(f);
}

static struct frozen *frozen_new(const struct corpus_attr *attrs, uint32_t n)
{
    struct frozen *f = mem_alloc(sizeof(*f));

    atomic_init(&f->refs, 1);
    f->n_docs = n;
    f->live = mem_alloc((n / 64 + (size_t)1) * 8);
    f->attrs = mem_alloc(n * sizeof(*attrs));
    memcpy(f->attrs, attrs, n * sizeof(*attrs));
    return f;
}

static void frozen_add(struct frozen *f, uint32_t doc)
{
    const struct corpus_attr *a = &f->attrs[doc];

    f->live[doc / 64] |= (uint64_t)1 << doc % 64;
    f->n_live++;
    f->levels |= 1U << (a->level & 31);
    f->statuses |= 1U << (a->status & 31);
    f->kinds |= (uint64_t)1 << (a->kind & 63);
    f->flags |= a->flags;
}

static void freeze_part(struct part *p)
{
    struct frozen *f = frozen_new(p->attrs, p->seg->n_docs);

    for (uint32_t d = 0; d < f->n_docs; d++)
        if (!(p->dead[d / 64] >> d % 64 & 1))
            frozen_add(f, d);
    frozen_unref(p->frozen);
    p->frozen = f;
    p->changed = false;
}

static void freeze_tail(struct corpus *c)
{
    const struct batch *b = c->tail->b;
    struct frozen *f = frozen_new(b->attrs, b->n_docs);

    for (uint32_t d = 0; d < f->n_docs; d++)
        if (!b->dead[d])
            frozen_add(f, d);
    frozen_unref(c->tail_frozen);
    c->tail_frozen = f;
    c->tail_changed = false;
}

static void snap_add(struct snap *s, struct segment *seg, struct frozen *f)
{
    if (seg)
        (void)segment_ref(seg);
    atomic_fetch_add(&f->refs, 1);
    s->part[s->n++] = (struct snap_part){seg, f};
}

static struct snap *snap_make(struct corpus *c)
{
    struct snap *s = mem_alloc(sizeof(*s));

    atomic_init(&s->refs, 1);
    for (uint32_t i = 0; i < c->n_parts; i++) {
        if (c->part[i]->changed)
            freeze_part(c->part[i]);
        snap_add(s, c->part[i]->seg, c->part[i]->frozen);
    }
    s->tail = c->tail;
    atomic_fetch_add(&c->tail->refs, 1);
    if (c->tail->b->n_docs == 0)
        return s;
    if (c->tail_changed)
        freeze_tail(c);
    snap_add(s, NULL, c->tail_frozen);
    return s;
}

static void snap_renew(struct corpus *c)
{
    if (c->snap && (!c->stale || c->pinned))
        return;
    snap_release(c->snap);
    c->snap = snap_make(c);
    c->stale = false;
}

void snap_pin(struct corpus *c)
{
    snap_renew(c);
    c->pinned = true;
}

struct snap *snap_take(struct corpus *c)
{
    struct snap *s;

    pthread_mutex_lock(&c->lock);
    snap_renew(c);
    s = c->snap;
    atomic_fetch_add(&s->refs, 1);
    pthread_mutex_unlock(&c->lock);
    return s;
}

void snap_release(struct snap *s)
{
    if (!s || atomic_fetch_sub(&s->refs, 1) != 1)
        return;
    for (uint32_t i = 0; i < s->n; i++) {
        segment_unref(s->part[i].seg);
        frozen_unref(s->part[i].frozen);
    }
    tail_unref(s->tail);
    free(s);
}

void corpus_changed(struct corpus *c)
{
    c->stale = true;
}

bool corpus_lookup(struct corpus *c, int64_t id, struct part **p, uint32_t *doc)
{
    uint32_t d = batch_doc(c->tail->b, id);

    *p = NULL;
    *doc = d;
    for (uint32_t i = 0; d == UINT32_MAX && i < c->n_parts; i++) {
        uint32_t at = segment_doc(c->part[i]->seg, id);
        if (at != UINT32_MAX && !(c->part[i]->dead[at / 64] >> at % 64 & 1)) {
            *p = c->part[i];
            *doc = d = at;
        }
    }
    return d != UINT32_MAX;
}

void corpus_kill(struct corpus *c, int64_t id)
{
    struct part *p;
    uint32_t d;

    if (!corpus_lookup(c, id, &p, &d))
        return;
    if (p) {
        p->dead[d / 64] |= (uint64_t)1 << d % 64;
        p->n_dead++;
        p->changed = p->side_changed = true;
    } else {
        c->tail->b->dead[d] = true;
        c->tail_changed = true;
    }
    corpus_changed(c);
}
