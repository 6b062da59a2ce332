/* Random kinds, random verbs by random people: after each, the invariants of docs/design/matter.md, as far as possible from the tables
 * and from what the generator of the kind knows, without the code that is judged.
 *
 *   t_item_random                        the seeds of the suite
 *   t_item_random --seed N --steps N     one of them, longer; a failure prints the seed, the verbs and the kinds */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "item_rule.h"
#include "text/check.h"

static uint64_t only_seed;
static int only_steps;

/* ---- verbs ---- */

static void put_value(struct world *w, struct buf *b, enum field_type t)
{
    struct rrand *r = &w->r;
    long long person = (long long)w->viewer[rr(r, PEOPLE - 1)].person;
    switch (t) {
    case FIELD_TEXT:
    case FIELD_LONGTEXT:
        buf_printf(b, "\"文字%u\"", rr(r, 50));
        break;
    case FIELD_NUMBER:
        buf_printf(b, chance(r, 70) ? "\"%d\"" : "%d", (int)rr(r, 6) - 2);
        break;
    case FIELD_DATE:
        buf_printf(b, "\"2026-07-%02u\"", 10 + rr(r, 20));
        break;
    case FIELD_DATETIME:
        buf_printf(b, "\"2026-07-%02u %02u:30\"", 10 + rr(r, 20), rr(r, 24));
        break;
    case FIELD_CHOICE:
        buf_printf(b, "\"%s\"", r_choices[rr(r, 3)]);
        break;
    case FIELD_RULE:
        buf_printf(b, "\"%s\"", chance(r, 90) ? check_rule_at(rr(r, 40))->id : "没有这条");
        break;
    case FIELD_PERSON:
        buf_printf(b, "\"%lld\"", person);
        break;
    case FIELD_PEOPLE:
        buf_printf(
            b, "[\"%lld\",\"%lld\"]", person, (long long)w->viewer[rr(r, PEOPLE - 1)].person);
        break;
    case FIELD_UNIT:
        buf_printf(b, "\"%u\"", 1 + rr(r, 4));
        break;
    case FIELD_UNITS:
        buf_printf(b, "[\"%u\",\"%u\",\"%u\"]", 1 + rr(r, 4), 1 + rr(r, 4), 1 + rr(r, 4));
        break;
    case FIELD_PASSAGE:
        buf_printf(b, "{\"doc\":\"77\",\"begin\":3,\"end\":%u,\"text\":\"原文\"}", 3 + rr(r, 9));
        break;
    case FIELD_ITEM:
        if (w->n_items)
            buf_printf(b, "\"%lld\"", (long long)w->item[rr(r, (uint32_t)w->n_items)]);
        else
            buf_z(b, "null");
        break;
    case FIELD_FILE:
        buf_printf(b, "[\"%u\"]", 1 + rr(r, 9));
        break;
    case FIELD_TABLE:
        buf_printf(b, "[{\"a\":\"目标\",\"b\":%u},{\"a\":\"%u\"}]", rr(r, 9), rr(r, 9));
        break;
    case FIELD_DOCUMENT: /* there is none: it is refused */
        buf_z(b, chance(r, 10) ? "\"99\"" : "null");
        break;
    case N_FIELD_TYPE:
        break;
    }
}

/* Some of the fields of `which`. */
static void put_fields_json(
    struct world *w, struct buf *b, const struct rkind *k, unsigned which, uint32_t percent)
{
    bool any = false;
    buf_z(b, "{");
    for (int i = 0; i < k->n_fields; i++)
        if (which & 1U << i && chance(&w->r, percent)) {
            buf_printf(b, "%s\"f%d\":", any ? "," : "", i);
            any = true;
            if (chance(&w->r, 2))
                buf_z(b, "\"错\"");
            else if (chance(&w->r, 4))
                buf_z(b, "null");
            else
                put_value(w, b, k->f[i].type);
        }
    buf_z(b, "}");
}

/* What is tried, and what stands in the log. */
struct trying {
    struct act a;
    struct buf json;
    char line[200];
};

static const char *const verb_names[N_VERB] = {"open", "edit", "move", "send", "seen", "answer",
    "unask", "remind", "extend", "remark", "withdraw", "return", "hand_over", "merge", "reopen"};

static enum code attempt(struct world *w, int who, struct trying *t, struct err *e)
{
    int64_t before = t->a.id;
    t->a.by = as(w, who);
    t->a.json = t->json.n ? t->json.p : NULL;
    enum code c = store_write(w->t.o.st, act_fn, &t->a, e);
    buf_printf(&w->log, "%d: %d %s %lld@%lld %s%s%s -> %s\n", w->done + w->refused, who,
        verb_names[t->a.verb], (long long)before, (long long)t->a.revision,
        t->a.word ? t->a.word : "", *t->line ? " " : "", t->line, c == OK ? "ok" : e->msg);
    if (t->a.json)
        buf_printf(&w->log, "    %s\n", t->a.json);
    if (c == E_BUG || c == E_IO || c == E_BUSY)
        broken(w, "%s: %s", verb_names[t->a.verb], e->msg);
    if (c == OK)
        w->done++;
    else
        w->refused++;
    return c;
}

static int some_person(struct world *w)
{
    return (int)rr(&w->r, PEOPLE);
}

/* Somebody who may, if one of a few is found. */
static int who_may(struct world *w, int64_t id, enum item_right right, size_t move)
{
    struct db *db = itemdb_read(&w->t);
    int who = some_person(w);
    for (int i = 0; i < 6; i++) {
        bool may = false;
        struct err e;
        assert_int_equal(access_item(db, as(w, who), id, right, move, &may, &e), OK);
        if (may)
            break;
        who = some_person(w);
    }
    store_read_end(db);
    return who;
}

static int open_one(struct world *w, struct trying *t)
{
    const struct rkind *k = &w->k[rr(&w->r, KINDS)];
    t->a.verb = V_OPEN;
    t->a.open = (struct item_open){.kind = str_z(k->id),
        .draft = chance(&w->r, 30),
        .level = (int)rr(&w->r, 3),
        .urgency = (enum urgency)rr(&w->r, 4),
        .unit = chance(&w->r, 50) ? 0 : 1 + rr(&w->r, 4)};
    if (!k->titled)
        t->a.open.title = S("标题");
    put_fields_json(w, &t->json, k, ~0U, 88);
    (void)snprintf(t->line, sizeof(t->line), "%s level %d unit %lld draft %d", k->id,
        t->a.open.level, (long long)t->a.open.unit, t->a.open.draft);
    return some_person(w);
}

static int move_one(struct world *w, struct trying *t, const struct snap *s)
{
    const struct rkind *k = &w->k[s->kind];
    static char word[16];
    int m = (int)rr(&w->r, (uint32_t)k->n_moves);
    for (int i = 0; i < k->n_moves && !(k->m[m].from & 1U << s->state); i++)
        m = (m + 1) % k->n_moves;
    (void)snprintf(word, sizeof(word), "m%d", m);
    t->a.verb = V_MOVE;
    t->a.word = word;
    t->a.text = k->m[m].opinion == OPINION_NONE ? "" : chance(&w->r, 90) ? "意见" : "";
    if (k->m[m].set)
        put_fields_json(w, &t->json, k, k->m[m].set, 85);
    static int64_t ids[2];
    for (int i = 0; i < k->m[m].ask.of.n; i++)
        if (k->m[m].ask.there && k->m[m].ask.of.v[i].kind == WHO_CHOSEN) {
            ids[0] = w->viewer[rr(&w->r, PEOPLE - 1)].person;
            ids[1] = 1 + rr(&w->r, 4);
            t->a.move.persons = &ids[0];
            t->a.move.n_persons = chance(&w->r, 70);
            t->a.move.units = &ids[1];
            t->a.move.n_units = chance(&w->r, 50);
        }
    return who_may(w, s->id, ITEM_MOVE, (size_t)m);
}

/* One of the asks, and most often somebody it was sent to. */
static int ask_one(struct world *w, struct trying *t, const struct snap *s, enum verb verb)
{
    static char word[16];
    int at = (int)rr(&w->r, (uint32_t)s->n_ask), who = some_person(w);
    struct db *db = itemdb_read(&w->t);
    for (int i = 0; i < s->n_ask && (s->ask[at].state != ASK_OPEN || !s->ask[at].sent); i++)
        at = (at + 1) % s->n_ask;
    for (int i = 0; i < PEOPLE && chance(&w->r, 92); i++) {
        struct places p;
        places_of(w, db, (who + i) % PEOPLE, &p);
        if (s->ask[at].to_kind == PRINCIPAL_PERSON ? is_person(&p, s->ask[at].to)
                                                   : is_unit(&p, s->ask[at].to)) {
            who = (who + i) % PEOPLE;
            break;
        }
    }
    store_read_end(db);
    (void)snprintf(word, sizeof(word), "%s", r_answers[rr(&w->r, RA_MAX)]);
    t->a.verb = verb;
    t->a.id = s->ask[at].id;
    t->a.revision = 0;
    t->a.word = word;
    t->a.text = chance(&w->r, 80) ? "说明" : "";
    (void)snprintf(t->line, sizeof(t->line), "(ask of %lld)", (long long)s->id);
    return verb == V_UNASK || verb == V_REMIND ? who_may(w, s->id, ITEM_ASK, 0) : who;
}

static int send_one(struct world *w, struct trying *t, const struct snap *s)
{
    bool person = chance(&w->r, 50);
    const struct row_ask *parent =
        s->n_ask && chance(&w->r, 40) ? &s->ask[rr(&w->r, (uint32_t)s->n_ask)] : NULL;
    t->a.verb = V_SEND;
    t->a.ask = (struct ask_new){.to_kind = person ? PRINCIPAL_PERSON : PRINCIPAL_UNIT,
        .to = person ? w->viewer[rr(&w->r, PEOPLE - 1)].person : 1 + rr(&w->r, 4),
        .parent = parent ? parent->id : 0,
        .purpose = S("另请"),
        .answers = S("已收\n同意\n不同意"),
        .final = 1 + rr(&w->r, 2),
        .wait = (enum ask_wait)rr(&w->r, 3)};
    if (parent) { /* by whoever holds it */
        int who = ask_one(w, t, s, V_ANSWER);
        t->a.verb = V_SEND;
        t->a.id = s->id;
        return who;
    }
    return who_may(w, s->id, ITEM_ASK, 0);
}

static int edit_one(struct world *w, struct trying *t, const struct snap *s)
{
    const struct rkind *k = &w->k[s->kind];
    t->a.verb = V_EDIT;
    if (chance(&w->r, 15))
        buf_printf(&t->json, "{\"level\":%u,\"urgency\":%u}", rr(&w->r, 3), rr(&w->r, 4));
    else
        put_fields_json(w, &t->json, k, ~0U, 20);
    return who_may(w, s->id, ITEM_EDIT, 0);
}

static int other_one(struct world *w, struct trying *t, const struct snap *s, uint32_t which)
{
    static char word[16], day[32];
    const struct rkind *k = &w->k[s->kind];
    t->a.text = chance(&w->r, 90) ? "缘由" : "";
    t->a.word = word;
    *word = '\0';
    switch (which) {
    case 0:
        t->a.verb = V_REMARK;
        t->a.other = chance(&w->r, 60) ? w->viewer[rr(&w->r, PEOPLE - 1)].person : 0;
        return who_may(w, s->id, ITEM_SEE, 0);
    case 1:
        t->a.verb = V_RETURN;
        (void)snprintf(word, sizeof(word), "s%u", rr(&w->r, (uint32_t)k->n_states));
        return who_may(w, s->id, ITEM_RETURN, 0);
    case 2:
        t->a.verb = V_HAND_OVER;
        t->a.other = w->viewer[rr(&w->r, PEOPLE - 1)].person;
        return who_may(w, s->id, ITEM_HAND_OVER, 0);
    case 3:
        t->a.verb = V_MERGE;
        t->a.other = w->item[rr(&w->r, (uint32_t)w->n_items)];
        return who_may(w, s->id, ITEM_MERGE, 0);
    case 4:
        t->a.verb = V_EXTEND;
        (void)snprintf(word, sizeof(word), "c%u", rr(&w->r, RC_MAX));
        (void)snprintf(day, sizeof(day), "2026-%02u-%02u", 7 + rr(&w->r, 2), 10 + rr(&w->r, 20));
        t->a.day = day;
        return who_may(w, s->id, ITEM_EXTEND, 0);
    default: /* most often by whoever made the last step */
        t->a.verb = V_WITHDRAW;
        for (int who = 0; who < PEOPLE && chance(&w->r, 95); who++)
            if (w->viewer[who].person == s->acted[s->n_acted - 1])
                return who;
        return some_person(w);
    }
}

/* A verb that is likely here. */
static int choose(struct world *w, struct trying *t, const struct snap *s)
{
    uint32_t x = rr(&w->r, 100);
    if (s->closed)
        t->a.verb = V_REOPEN;
    if (s->closed && x < 50) {
        t->a.text = "再办";
        return who_may(w, s->id, ITEM_REOPEN, 0);
    }
    if (x < 36)
        return move_one(w, t, s);
    if (x < 62 && s->n_ask)
        return ask_one(w, t, s, x < 56 ? V_ANSWER : x < 58 ? V_SEEN : x < 60 ? V_UNASK : V_REMIND);
    if (x < 70)
        return edit_one(w, t, s);
    if (x < 76)
        return send_one(w, t, s);
    return other_one(w, t, s, x < 79 ? 0 : x < 83 ? 1 : x < 87 ? 2 : x < 88 ? 3 : x < 92 ? 4 : 5);
}

struct delegating {
    const struct actor *by;
    int64_t to;
};
static enum code delegate_fn(struct db *db, void *arg, struct err *e)
{
    const struct delegating *d = arg;
    return item_delegate(db, d->by, d->by->v->person, d->to, S("2026-01-01"), S("2026-12-31"), e);
}

static void delegate_one(struct world *w)
{
    int who = some_person(w), to = (int)rr(&w->r, PEOPLE - 1);
    struct delegating d = {as(w, who), w->viewer[to].person};
    struct err e;
    enum code c = store_write(w->t.o.st, delegate_fn, &d, &e);
    buf_printf(&w->log, "%d delegates to %d -> %s\n", who, to, c == OK ? "ok" : e.msg);
}

/* The revision that somebody saw: sometimes not the last one. */
static int64_t revision_seen(struct world *w, const struct snap *s)
{
    int64_t back = chance(&w->r, 8) ? 1 + rr(&w->r, 3) : 0;
    return s->revision > back ? s->revision - back : s->revision;
}

static bool needs_revision(enum verb v)
{
    return v == V_EDIT || v == V_MOVE || v == V_EXTEND || v >= V_WITHDRAW;
}

/* Done on a page that is no longer true; or refused although nobody did anything that contradicts. */
static void check_revision(
    struct world *w, const struct snap *s, const struct act *a, enum code c, const struct err *e)
{
    bool asked = false;
    for (int i = 0; i < s->n_ask; i++)
        asked = asked || s->ask[i].made > a->revision;
    if (c == OK && a->revision < s->stand)
        broken(w, "9: done at revision %lld, it stands since %lld", (long long)a->revision,
            (long long)s->stand);
    if (c == E_CONFLICT && a->revision >= s->stand && strstr(e->msg, "请看过现在的情况再办") &&
        !(a->verb == V_MOVE && asked))
        broken(w, "9: refused at revision %lld, it stands since %lld", (long long)a->revision,
            (long long)s->stand);
}

static void one_step(struct world *w)
{
    struct trying t = {.a = {.verb = V_OPEN}};
    struct snap *s = NULL;
    struct err e = {.code = OK};
    int who;
    buf_init(&t.json, 0);
    w->t.now_ms += (int64_t)(chance(&w->r, 80) ? rr(&w->r, 60) : rr(&w->r, 3000)) * MS_MINUTE;
    if (w->n_items < 3 || (chance(&w->r, 8) && w->n_items < ITEMS_MAX)) {
        who = open_one(w, &t);
    } else {
        struct db *db = itemdb_read(&w->t);
        s = snap(w, db, w->item[rr(&w->r, (uint32_t)w->n_items)]);
        store_read_end(db);
        t.a.id = s->id;
        t.a.revision = revision_seen(w, s);
        who = choose(w, &t, s);
    }
    enum code c = attempt(w, who, &t, &e);
    if (!s && c == OK)
        w->item[w->n_items++] = t.a.id;
    if (s && needs_revision(t.a.verb))
        check_revision(w, s, &t.a, c, &e);
    if (s || c == OK)
        check_item(w, s ? s->id : t.a.id, s, t.a.verb);
    if (s)
        snap_free(s);
    buf_release(&t.json);
}

/* ---- the office ---- */

static enum code reserve_fn(struct db *db, void *arg, struct err *e)
{
    struct world *w = arg;
    int64_t first;
    struct str kind = str_z(w->k[rr(&w->r, KINDS)].id);
    return item_number_reserve(
        db, as(w, CHIEF), (struct number_run){.kind = kind}, 1, S("预留"), &first, e);
}

static void number_one(struct world *w)
{
    struct err e;
    assert_int_equal(store_write(w->t.o.st, reserve_fn, w, &e), OK);
}

static void make_people(struct world *w)
{
    static const struct {
        const char *login;
        int64_t unit;
        uint32_t roles;
    } more[] = {{"chief2", UNIT_PARTY, ROLE_CHIEF},
        {"two", UNIT_FINANCE, ROLE_LIAISON | ROLE_SECRETARY}, {"plain", UNIT_SECTION, 0}};
    for (int i = 0; i < PEOPLE; i++) {
        w->viewer[i] = i < N_PEOPLE ? w->t.viewer[i] : viewer_owner();
        if (i >= N_PEOPLE && i < PEOPLE - 1)
            w->viewer[i] =
                (struct viewer){.person = officedb_person(&w->t.o, more[i - N_PEOPLE].login,
                                    more[i - N_PEOPLE].unit, more[i - N_PEOPLE].roles),
                    .unit = more[i - N_PEOPLE].unit,
                    .roles = more[i - N_PEOPLE].roles};
        w->actor[i] = w->t.actor[0];
        w->actor[i].v = &w->viewer[i];
    }
}

static void make_kinds(struct world *w)
{
    for (int i = 0; i < KINDS; i++) {
        struct buf b;
        struct err e;
        buf_init(&b, 0);
        random_kind(&w->r, &w->k[i], i);
        kind_yaml(&b, &w->k[i]);
        buf_str(&w->kinds, buf_view(&b));
        char *z = mem_dup(b.p, b.n);
        if (store_write(w->t.o.st, itemdb_publish_fn, z, &e) != OK)
            broken(w, "kind: %s", e.msg);
        free(z);
        buf_release(&b);
    }
}

static struct world *world_new(uint64_t seed)
{
    struct world *w = mem_alloc(sizeof(*w));
    w->seed = seed;
    w->r.x = seed * 2654435761U + 12345;
    itemdb_open(&w->t);
    buf_init(&w->log, 0);
    buf_init(&w->kinds, 0);
    make_people(w);
    make_kinds(w);
    return w;
}

static void world_free(struct world *w)
{
    buf_release(&w->log);
    buf_release(&w->kinds);
    itemdb_close(&w->t);
    free(w);
}

static void run(uint64_t seed, int steps)
{
    struct world *w = world_new(seed);
    for (int i = 0; i < steps; i++) {
        one_step(w);
        if (i % 40 == 39)
            delegate_one(w);
        if (i % 30 == 29)
            number_one(w);
        if (i % VIEW_EVERY == VIEW_EVERY - 1)
            check_boxes(w, some_person(w));
    }
    check_chains(w);
    if (only_seed)
        print_message("seed %llu: %d verbs done, %d refused, %d items\n", (unsigned long long)seed,
            w->done, w->refused, w->n_items);
    assert_true(w->done > steps / 4);
    world_free(w);
}

static void random_verbs_keep_the_invariants(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 8 && !only_seed; seed++)
        run(seed, 120);
    if (only_seed)
        run(only_seed, only_steps ? only_steps : 1000);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_verbs_keep_the_invariants)};
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--seed") == 0)
            only_seed = strtoull(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--steps") == 0)
            only_steps = (int)strtol(argv[i + 1], NULL, 10);
    }
    return cmocka_run_group_tests_name("item_random", tests, NULL, NULL);
}
