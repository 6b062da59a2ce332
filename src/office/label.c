#include "office/label.h"

#include "office/access.h"

enum { FOUND_MAX = 100000 };

struct batch {
    const struct label *to;
    const int64_t *ids;
    size_t n;
    int64_t changed;
};

static enum code label_one(struct db *db, struct arena *a, const struct batch *b, int64_t id,
    int64_t *changed, struct err *e)
{
    struct document d;
    struct document_edit ed;
    enum code c = document_get(db, a, id, &d, e);

    if (c == E_NOTFOUND) /* deleted since it was found */
        return OK;
    TRY(c);
    ed = document_edit_of(&d);
    if (b->to->category >= 0)
        ed.category = b->to->category;
    if (b->to->status >= 0)
        ed.status = (enum doc_status)b->to->status;
    if (b->to->level >= 0)
        ed.level = (enum doc_level)b->to->level;
    if (ed.category == d.category && ed.status == d.status && ed.level == d.level)
        return OK;
    TRY(document_update(db, &ed, b->to->by, e));
    ++*changed;
    return OK;
}

static enum code label_batch(struct db *db, void *arg, struct err *e)
{
    struct batch *b = arg;
    struct arena a;
    int64_t changed = 0;
    enum code c = OK;

    arena_init(&a);
    for (size_t i = 0; c == OK && i < b->n; i++)
        c = label_one(db, &a, b, b->ids[i], &changed, e);
    arena_release(&a);
    b->changed = changed;
    return c;
}

/* The ids first, then the changes: a change may take a document out of what the query finds. */
static enum code find_all(struct office *o, struct arena *a, const struct viewer *v,
    struct str query, int64_t **ids, size_t *n, struct err *e)
{
    struct library_filter any = library_filter_any();
    struct library_page page;
    size_t cap = 0;

    *ids = NULL;
    *n = 0;
    do {
        TRY(library_search(o, a, v, query, &any, LIBRARY_NEWEST, *n, DOCUMENT_MANY, &page, e));
        if (page.total > FOUND_MAX)
            return FAIL(e, E_LIMIT, "找到%lld份，一次最多标注%d份，请把检索式写得更细",
                (long long)page.total, FOUND_MAX);
        for (size_t i = 0; i < page.n; i++)
            ARENA_PUSH(a, *ids, *n, cap) = page.hits[i].doc.id;
    } while (page.n == DOCUMENT_MANY);
    return OK;
}

enum code label_found(struct office *o, const struct viewer *v, struct str query,
    const struct label *to, struct label_counts *out, struct err *e)
{
    struct arena a;
    int64_t *ids;
    size_t n;
    enum code c;

    if (to->category < 0 && to->status < 0 && to->level < 0)
        return FAIL(e, E_INPUT, "请写明要标注的类别、效力状态或知悉级别");
    *out = (struct label_counts){0, 0};
    arena_init(&a);
    c = find_all(o, &a, v, query, &ids, &n, e);
    for (size_t at = 0; c == OK && at < n; at += DOCUMENT_MANY) {
        struct batch b = {.to = to, .ids = ids + at};
        b.n = n - at < DOCUMENT_MANY ? n - at : DOCUMENT_MANY;
        c = store_write(o->store, label_batch, &b, e);
        if (c == OK)
            out->changed += b.changed;
    }
    out->found = (int64_t)n;
    arena_release(&a);
    return c;
}
