#include "office/thread.h"

#include <stdlib.h>

#include "office/document.h"
#include "office/item_int.h"
#include "office/item_link.h"
#include "office/many.h"

enum { LINKS_AT_ONCE = 3000, DOCUMENTS_MAX = 60, BRANCH_EVENTS = 1000 };

struct walk {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    struct thread *t;
    size_t cap_events;
    size_t first, end; /* the items whose links are followed in this step */
};

static size_t item_at(const struct thread *t, int64_t id)
{
    for (size_t i = 0; i < t->n_items; i++)
        if (t->items[i].it.id == id)
            return i;
    return SIZE_MAX;
}

/* ---- documents ---- */

static void put_document(struct walk *w, int64_t id, size_t item, struct str relation)
{
    struct thread *t = w->t;
    for (size_t i = 0; i < t->n_documents; i++)
        if (t->documents[i].id == id)
            return;
    if (id && t->n_documents < DOCUMENTS_MAX)
        t->documents[t->n_documents++] =
            (struct thread_document){.id = id, .item = item, .relation = relation};
}

/* The documents and passages that stand in its fields. */
static void field_documents(struct walk *w, size_t item)
{
    const struct thread_item *x = &w->t->items[item];
    json_t *fields;
    struct err none;
    if (jr_parse(x->it.fields, &fields, &none) != OK)
        return;
    for (size_t i = 0; i < x->k->n_fields; i++) {
        const struct kind_field *f = &x->k->fields[i];
        const char *id = arena_z(w->a, f->id);
        if (f->type == FIELD_DOCUMENT)
            put_document(w, jr_id(fields, id), item, f->name);
        else if (f->type == FIELD_PASSAGE)
            put_document(w, jr_id(json_object_get(fields, id), "doc"), item, f->name);
    }
    json_decref(fields);
}

/* Titles; those that he may not read are left out. */
static enum code judge_documents(struct walk *w, struct err *e)
{
    struct thread *t = w->t;
    int64_t ids[DOCUMENTS_MAX];
    struct document *v = NULL;
    size_t n = 0, kept = 0;
    for (size_t i = 0; i < t->n_documents; i++)
        ids[i] = t->documents[i].id;
    TRY(document_get_many(w->db, w->a, ids, t->n_documents, &v, &n, e));
    for (size_t i = 0; i < t->n_documents; i++)
        for (size_t k = 0; k < n; k++) {
            bool may = false;
            if (v[k].id != t->documents[i].id)
                continue;
            TRY(access_document(
                w->db, w->by->v, v[k].id, (int)v[k].level, v[k].registrar, &may, e));
            if (!may)
                continue;
            t->documents[i].title = v[k].title;
            t->documents[i].docno = v[k].docno;
            t->documents[kept++] = t->documents[i];
            break;
        }
    t->n_documents = kept;
    return OK;
}

/* ---- items ---- */

/* One that is reached over a link, before it is known whether he may see it. */
struct reached {
    int64_t id;
    size_t over;
    struct str relation;
    bool outward;
};

static enum code put_items(struct walk *w, const struct reached *v, size_t n, struct err *e)
{
    struct thread *t = w->t;
    int64_t *ids = ARENA_ARRAY(w->a, int64_t, n + 1);
    struct item *items;
    size_t got = 0;
    for (size_t i = 0; i < n; i++)
        ids[i] = v[i].id;
    TRY(item_get_many(w->db, w->a, w->by, ids, n, &items, &got, e));
    for (size_t i = 0, k = 0; i < got; i++) {
        struct thread_item x = {.it = items[i], .over = SIZE_MAX};
        while (k + 1 < n && v[k].id != items[i].id)
            k++;
        x.over = v[k].over;
        x.relation = v[k].relation;
        x.outward = v[k].outward;
        x.steps = x.over == SIZE_MAX ? 0 : t->items[x.over].steps + 1;
        TRY(kinds_get(w->by->kinds, w->db, x.it.kind, x.it.kind_version, &x.k, e));
        size_t state = kind_state_of(x.k, x.it.state);
        x.state_name = state == SIZE_MAX ? x.it.state : x.k->states[state].name;
        t->items[t->n_items++] = x;
        field_documents(w, t->n_items - 1);
    }
    return OK;
}

static bool known(const struct walk *w, const struct reached *v, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].id == id)
            return true;
    return item_at(w->t, id) != SIZE_MAX;
}

static void follow(struct walk *w, const struct item_link *l, struct reached *v, size_t *n)
{
    size_t from = l->from.kind == LINK_ITEM ? item_at(w->t, l->from.id) : SIZE_MAX;
    size_t to = l->to.kind == LINK_ITEM ? item_at(w->t, l->to.id) : SIZE_MAX;
    bool outward = from != SIZE_MAX;
    size_t over = outward ? from : to;
    const struct link_end *end = outward ? &l->to : &l->from;
    if (end->kind == LINK_DOCUMENT) {
        put_document(w, end->id, over, l->relation);
    } else if (!known(w, v, *n, end->id)) {
        if (w->t->n_items + *n < THREAD_ITEMS_MAX)
            v[(*n)++] = (struct reached){end->id, over, l->relation, outward};
        else
            w->t->cut_items = true;
    }
}

static enum code step(struct walk *w, struct err *e)
{
    struct reached *v = ARENA_ARRAY(w->a, struct reached, THREAD_ITEMS_MAX);
    size_t n = 0;
    for (size_t at = w->first; at < w->end; at += MANY) {
        int64_t ids[MANY];
        struct item_link *links;
        size_t some = w->end - at < MANY ? w->end - at : MANY, n_links = 0;
        for (size_t i = 0; i < some; i++)
            ids[i] = w->t->items[at + i].it.id;
        TRY(link_rows_many(w->db, w->a, ids, some, LINKS_AT_ONCE, &links, &n_links, e));
        w->t->cut_items |= n_links == LINKS_AT_ONCE;
        for (size_t i = 0; i < n_links; i++)
            follow(w, &links[i], v, &n);
    }
    return put_items(w, v, n, e);
}

static enum code name_items(struct walk *w, struct err *e)
{
    struct thread *t = w->t;
    struct item *items = ARENA_ARRAY(w->a, struct item, t->n_items);
    struct item_name *names = ARENA_ARRAY(w->a, struct item_name, t->n_items);
    for (size_t i = 0; i < t->n_items; i++)
        items[i] = t->items[i].it;
    TRY(item_names(w->db, w->a, items, t->n_items, names, e));
    for (size_t i = 0; i < t->n_items; i++) {
        t->items[i].owner_name = names[i].owner;
        t->items[i].unit_name = names[i].unit;
    }
    return OK;
}

/* ---- events ---- */

static int by_time(const void *x, const void *y)
{
    const struct thread_event *a = x, *b = y;
    if (a->at_ms != b->at_ms)
        return a->at_ms < b->at_ms ? -1 : 1;
    if (a->item != b->item)
        return a->item < b->item ? -1 : 1;
    return (a->seq > b->seq) - (a->seq < b->seq);
}

static void put_event(struct walk *w, const struct item_event *ev)
{
    struct thread *t = w->t;
    struct thread_event *x;
    struct thread_item *it;
    ARENA_PUSH(w->a, t->events, t->n_events, w->cap_events) = (struct thread_event){.item = 0};
    x = &t->events[t->n_events - 1];
    *x = (struct thread_event){.item = item_at(t, ev->item),
        .seq = ev->seq,
        .at_ms = ev->at_ms,
        .actor = ev->actor,
        .who = ev->actor_name.n ? ev->actor_name : S("系统"),
        .for_who = ev->for_name};
    it = &t->items[x->item];
    if (ev->actor_unit.n && !str_eq(ev->actor_unit, it->unit_name))
        x->unit = ev->actor_unit;
    if (ev->at_ms > it->last_ms)
        it->last_ms = ev->at_ms;
    item_words(w->a, it->k, ev, &x->words);
}

/* Of items of which he sees the whole, a hundred at once. */
static enum code whole_events(struct walk *w, const int64_t *ids, size_t n, struct err *e)
{
    struct item_event *v;
    size_t got = 0;
    TRY(event_rows_many(w->db, w->a, ids, n, THREAD_EVENTS_MAX + 1, &v, &got, e));
    w->t->cut_events |= got > THREAD_EVENTS_MAX;
    for (size_t i = 0; i < got && i < THREAD_EVENTS_MAX; i++)
        put_event(w, &v[i]);
    return OK;
}

/* Of the others what he may read, each judged for itself: few, for who sees no more has few. */
static enum code branch_events(struct walk *w, int64_t id, struct err *e)
{
    struct item_event *v;
    size_t got = 0;
    TRY(item_event_list(w->db, w->a, w->by, id, 0, BRANCH_EVENTS, &v, &got, e));
    for (size_t i = 0; i < got; i++)
        put_event(w, &v[i]);
    return OK;
}

static enum code gather_events(struct walk *w, struct err *e)
{
    struct thread *t = w->t;
    struct seat seat[SEATS_MAX];
    int n_seats = 0;
    int64_t ids[MANY];
    size_t n = 0;
    TRY(seats_of(w->db, w->by, seat, &n_seats, e));
    for (size_t i = 0; i < t->n_items; i++) {
        if (seats_see_whole(w->by, seat, n_seats, &t->items[i].it))
            ids[n++] = t->items[i].it.id;
        else
            TRY(branch_events(w, t->items[i].it.id, e));
        if (n == MANY) {
            TRY(whole_events(w, ids, n, e));
            n = 0;
        }
    }
    return n ? whole_events(w, ids, n, e) : OK;
}

static enum code read_events(struct walk *w, struct err *e)
{
    struct thread *t = w->t;
    TRY(gather_events(w, e));
    if (t->n_events)
        qsort(t->events, t->n_events, sizeof(*t->events), by_time);
    if (t->n_events > THREAD_EVENTS_MAX) {
        t->events += t->n_events - THREAD_EVENTS_MAX;
        t->n_events = THREAD_EVENTS_MAX;
        t->cut_events = true;
    }
    return OK;
}

enum code thread_read(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct thread *out, struct err *e)
{
    struct thread t = {.n_items = 0};
    struct walk w = {.db = db, .a = a, .by = by, .t = &t};
    struct reached first = {.id = item, .over = SIZE_MAX};
    t.items = ARENA_ARRAY(a, struct thread_item, THREAD_ITEMS_MAX);
    t.documents = ARENA_ARRAY(a, struct thread_document, DOCUMENTS_MAX);
    TRY(put_items(&w, &first, 1, e));
    if (t.n_items == 0)
        return FAIL(e, E_NOTFOUND, "没有这件事项，或您无权查看");
    for (int i = 0; i < THREAD_STEPS_MAX && w.end < t.n_items; i++) {
        w.first = w.end;
        w.end = t.n_items;
        TRY(step(&w, e));
    }
    t.cut_items |= w.end < t.n_items;
    TRY(name_items(&w, e));
    TRY(judge_documents(&w, e));
    TRY(read_events(&w, e));
    *out = t;
    return OK;
}
