/* page_thread.c - one matter across all kinds, in the order of time; printed it is a chronicle. */
#include "base/clock.h"
#include "office/thread.h"
#include "web/item_rows.h"
#include "web/route.h"

static struct str in_day(struct arena *a, int64_t at_ms)
{
    struct civil t = clock_civil(at_ms, ZONE_CHINA);
    return arena_printf(a, "%02d:%02d", t.hour, t.minute);
}

static struct str day_label(struct arena *a, int32_t day)
{
    struct buf b;
    buf_init(&b, 0);
    buf_printf(&b, "%d年", day_of(day).y);
    day_write_short(&b, day);
    struct str s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

/* 第1件—分解→本件, 本件—落实→第1件: how it is linked to the one over which it was reached. */
static struct str relation(struct arena *a, const struct thread_item *x)
{
    if (x->over == SIZE_MAX)
        return S("");
    return x->outward ? arena_printf(a, "第%zu件—%.*s→本件", x->over + 1, SF(x->relation))
                      : arena_printf(a, "本件—%.*s→第%zu件", SF(x->relation), x->over + 1);
}

static void put_items(struct ctx *c, const struct thread *t, struct page_thread *p)
{
    p->items = ARENA_ARRAY(c->a, struct thread_item_row, t->n_items + 1);
    for (size_t i = 0; i < t->n_items; i++) {
        const struct thread_item *x = &t->items[i];
        p->items[p->n_items++] = (struct thread_item_row){.id = x->it.id,
            .no = (int64_t)i + 1,
            .kind_name = x->k->name,
            .number = x->it.number,
            .title = x->it.title,
            .state_name = x->state_name,
            .closed = x->it.closed_ms != 0,
            .unit = x->unit_name,
            .light = str_z(light_class(x->it.light)),
            .light_text = x->it.light_text,
            .steps = x->steps,
            .relation = relation(c->a, x),
            .last = {x->last_ms},
            .link = item_link(c->a, x->it.id, c->r->head.target, 0)};
    }
    p->documents = ARENA_ARRAY(c->a, struct thread_document_row, t->n_documents + 1);
    for (size_t i = 0; i < t->n_documents; i++) {
        const struct thread_document *d = &t->documents[i];
        p->documents[p->n_documents++] = (struct thread_document_row){d->id, d->title, d->docno,
            arena_printf(c->a, "第%zu件的%.*s", d->item + 1, SF(d->relation)),
            arena_printf(c->a, "/library/%lld", (long long)d->id)};
    }
}

static struct thread_event_row event_row(
    struct ctx *c, const struct thread *t, const struct thread_event *x)
{
    return (struct thread_event_row){.no = (int64_t)x->item + 1,
        .kind_name = t->items[x->item].k->name,
        .time = in_day(c->a, x->at_ms),
        .who = x->who,
        .unit = x->unit,
        .for_who = x->for_who,
        .what = x->words.what,
        .state_name = x->words.state,
        .box = x->words.box,
        .opinion = x->words.opinion,
        .detail = x->words.detail,
        .key = x->words.key};
}

static void put_days(struct ctx *c, const struct thread *t, struct page_thread *p)
{
    struct thread_day *d = NULL;
    size_t cap_days = 0, cap = 0;
    int32_t last = INT32_MIN;
    for (size_t i = 0; i < t->n_events; i++) {
        const struct thread_event *x = &t->events[i];
        int32_t day = clock_day(x->at_ms, ZONE_CHINA);
        char iso[DAY_ISO_SIZE];
        if (p->key && !x->words.key)
            continue;
        if (!d || day != last) {
            ARENA_PUSH(c->a, p->days, p->n_days, cap_days) = (struct thread_day){
                .day = {arena_str(c->a, day_iso(day_of(day), iso))}, .label = day_label(c->a, day)};
            d = &p->days[p->n_days - 1];
            cap = 0;
            last = day;
        }
        ARENA_PUSH(c->a, d->events, d->n_events, cap) = event_row(c, t, x);
        p->shown++;
    }
    if (p->n_days) {
        p->from = p->days[0].label;
        p->to = p->days[p->n_days - 1].label;
    }
}

enum code page_thread(struct ctx *c, struct err *e)
{
    struct page_thread p = {.id = c->id};
    struct thread t;
    struct db *db;
    for (size_t i = 0; i < c->r->head.n_query; i++)
        if (!str_eq(c->r->head.query[i].name, S("key")))
            return FAIL(e, E_INPUT, "不认识的条件“%.*s”", SF(c->r->head.query[i].name));
    p.key = req_query(c->r, "key").n > 0;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = thread_read(db, c->a, ctx_actor(c), c->id, &t, e);
    store_read_end(db);
    TRY(code);
    p.title = t.items[0].it.title;
    p.number = t.items[0].it.number;
    p.events = (int64_t)t.n_events;
    p.cut = t.cut_items || t.cut_events;
    p.all_link = arena_printf(c->a, "/items/%lld/thread", (long long)c->id);
    p.key_link = arena_printf(c->a, "/items/%lld/thread?key=1", (long long)c->id);
    p.item_link = arena_printf(c->a, "/items/%lld", (long long)c->id);
    put_items(c, &t, &p);
    put_days(c, &t, &p);
    show_thread(c, &p);
    return OK;
}
