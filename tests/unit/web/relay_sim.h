/* relay_sim.h - two hundred units in three levels to whom a directive is passed down: what each does and when is drawn, done by the API as scripts
 * use it, and noted in a model that knows only that. Included by a test program, behind cmocka.h; what the pages say is compared there. */
#ifndef RELAY_SIM_H
#define RELAY_SIM_H

#include "base/clock.h"
#include "office/kind.h"
#include "office/office.h"
#include "office/remind.h"
#include "unit/web/appfix.h"

/* 2026-07-13, a Monday, 09:00 in China. */
#define MONDAY INT64_C(1783904400000)

enum {
    TOP = 8,    /* units of the first level */
    MIDDLE = 4, /* below each of them */
    LOW = 5,    /* below each of these */
    UNITS = TOP + TOP * MIDDLE + TOP * MIDDLE * LOW,
    EVENTS_MAX = UNITS * 40,
    TRIES = 3, /* of a unit to answer over those below, before it waits */
    LED =
        4, /* units of the first level with a leader of their own; for the others that of the group hears */
    REMIND_MOST = 4,
    REPORTS = 2,
    HEADS = LED + 2, /* and the leader of the group; the chief of the section */
};

/* ---- the model ---- */

struct unit_model {
    char name[32], login[16];
    int64_t id, person, ask;
    int parent; /* index; -1: asked by the office */
    int children[TOP + LOW], n_children;
    int64_t sent, seen, received, answered, due;
    int reminded, tries;
    bool relayed;
    bool never_opens, never_answers;
    char cookie[200], csrf[64];
};

enum what { OPENS = 1, SIGNS, RELAYS, ANSWERS, OFFICE_REMINDS, POLICY_REMINDS, POLICY_REPORTS };
struct event {
    int64_t at;
    int seq; /* of those at one instant the first planned comes first */
    enum what what;
    int unit;
};

struct sim {
    struct app_fix f;
    struct unit_model u[UNITS];
    struct event v[EVENTS_MAX];
    int n, planned;
    int64_t item, head[HEADS];
    bool told[REPORTS][HEADS]; /* of what is late, as the model has it */
    int64_t told_ms[REPORTS];
    int n_told;
    char chief_cookie[200], chief_csrf[64];
    uint64_t seed;
    struct arena a;
    struct buf b;
};

static int64_t test_now; /* read by the server's threads between requests of ours alone */

static inline int64_t simulated_now(void)
{
    return __atomic_load_n(&test_now, __ATOMIC_SEQ_CST);
}

static inline void set_now(int64_t at)
{
    __atomic_store_n(&test_now, at, __ATOMIC_SEQ_CST);
}

static inline uint64_t draw(struct sim *s)
{
    s->seed ^= s->seed << 13;
    s->seed ^= s->seed >> 7;
    s->seed ^= s->seed << 17;
    return s->seed;
}

static inline int64_t between_minutes(struct sim *s, int64_t from, int64_t to)
{
    return (from + (int64_t)(draw(s) % (uint64_t)(to - from + 1))) * MS_MINUTE;
}

static inline bool percent(struct sim *s, int n)
{
    return (int)(draw(s) % 100) < n;
}

static inline void plan(struct sim *s, int64_t at, enum what what, int unit)
{
    assert_true(s->n < EVENTS_MAX);
    s->v[s->n++] = (struct event){.at = at, .seq = s->planned++, .what = what, .unit = unit};
}

static inline bool next_event(struct sim *s, int64_t until, struct event *out)
{
    int best = -1;
    for (int i = 0; i < s->n; i++)
        if (best < 0 || s->v[i].at < s->v[best].at ||
            (s->v[i].at == s->v[best].at && s->v[i].seq < s->v[best].seq))
            best = i;
    if (best < 0 || s->v[best].at > until)
        return false;
    *out = s->v[best];
    s->v[best] = s->v[--s->n];
    return true;
}

/* ---- the office ---- */

static inline enum code make_units(struct db *db, void *arg, struct err *e)
{
    struct sim *s = arg;
    struct import_tally tally;
    struct buf b;
    buf_init(&b, 0);
    buf_z(&b, "代码\t上级代码\t名称\t排序\nG\t\t集团\t1\nMS\tG\t秘书科\t2\n");
    for (int i = 0; i < UNITS; i++) {
        const struct unit_model *u = &s->u[i];
        char parent[16] = "G";
        if (u->parent >= 0)
            snprintf(parent, sizeof(parent), "U%03d", u->parent);
        buf_printf(&b, "U%03d\t%s\t%s\t%d\n", i, parent, u->name, i + 10);
    }
    enum code c = unit_import(db, buf_view(&b), "units.tsv", 0, &tally, e);
    buf_clear(&b);
    buf_z(&b, "登录名\t姓名\t单位代码\t职务\t角色\nchief\t科长\tMS\t科长\tchief,"
              "secretary\nboss\t领导\tG\t董事长\tleader\n");
    for (int i = 0; i < LED; i++)
        buf_printf(&b, "boss%d\t经理%d\tU%03d\t经理\tleader\n", i, i, i * UNITS / TOP);
    for (int i = 0; i < UNITS; i++)
        buf_printf(&b, "%s\t联络员%d\tU%03d\t联络员\tliaison\n", s->u[i].login, i, i);
    if (c == OK)
        c = person_import(db, buf_view(&b), "people.tsv", 0, &tally, e);
    buf_release(&b);
    return c;
}

static inline void lay_out(struct sim *s)
{
    int n = 0;
    for (int t = 0; t < TOP; t++) {
        int top = n++;
        s->u[top].parent = -1;
        for (int m = 0; m < MIDDLE; m++) {
            int middle = n++;
            s->u[middle].parent = top;
            for (int l = 0; l < LOW; l++)
                s->u[n++].parent = middle;
        }
    }
    assert_int_equal(n, UNITS);
    for (int i = 0; i < UNITS; i++) {
        struct unit_model *u = &s->u[i];
        snprintf(u->name, sizeof(u->name), "单位%03d", i);
        snprintf(u->login, sizeof(u->login), "l%03d", i);
        if (u->parent >= 0)
            s->u[u->parent].children[s->u[u->parent].n_children++] = i;
    }
}

/* Passwords that are quickly checked: two hundred people sign in. */
static inline void give_passwords(struct sim *s)
{
    struct password_cost quick = {.memory_kib = 64, .passes = 1, .lanes = 1};
    struct hasher *h;
    struct err e = {.msg = ""};
    struct person *v;
    size_t n;
    struct db *db;
    assert_int_equal(hasher_new(&quick, &h, &e), OK);
    struct door d = door_default(s->f.office->store, h);
    assert_int_equal(store_read(s->f.office->store, &db, &e), OK);
    assert_int_equal(person_list(db, &s->a, 0, false, &v, &n, &e), OK);
    store_read_end(db);
    for (size_t i = 0; i < n; i++) {
        if (person_set_password(&d, v[i].id, S(GOOD), false, 0, &e) != OK)
            fail_msg("%s", e.msg);
        for (int k = 0; k < HEADS; k++) {
            char login[16];
            snprintf(login, sizeof(login), "boss%d", k);
            if (str_eq(v[i].login, str_z(k > LED ? "chief" : k == LED ? "boss" : login)))
                s->head[k] = v[i].id;
        }
        for (int k = 0; k < UNITS; k++)
            if (str_eq(v[i].login, str_z(s->u[k].login))) {
                s->u[k].id = v[i].unit;
                s->u[k].person = v[i].id;
            }
    }
    hasher_free(h);
}

static inline int set_up(void **state)
{
    struct sim *s = calloc(1, sizeof(*s));
    struct office_options o = {.create = true, .readers = 1};
    struct web_options w = {.listen = S("127.0.0.1:0"), .now = simulated_now};
    struct str address;
    struct err e = {.msg = ""};
    s->seed = 20260713;
    arena_init(&s->a);
    buf_init(&s->b, 0);
    set_now(MONDAY);
    assert_int_equal(io_temp_dir("t-relay-", s->f.dir, &e), OK);
    o.dir = str_z(s->f.dir);
    lay_out(s);
    if (office_open(&o, &s->f.office, &e) != OK ||
        store_write(s->f.office->store, make_units, s, &e) != OK ||
        web_start(s->f.office, &w, &s->f.web, &address, &e) != OK) {
        fprintf(stderr, "%s\n", e.msg);
        return -1;
    }
    s->f.port = (int)strtol(strrchr(address.p, ':') + 1, NULL, 10);
    give_passwords(s);
    *state = s;
    return 0;
}

static inline int tear_down(void **state)
{
    struct sim *s = *state;
    struct err e;
    web_stop(s->f.web);
    office_close(s->f.office);
    assert_int_equal(io_remove_tree(s->f.dir, &e), OK);
    arena_release(&s->a);
    buf_release(&s->b);
    free(s);
    return 0;
}

/* ---- as scripts do ---- */

/* unit -1: the office. Whoever has not signed in does. */
static inline void become(struct sim *s, int unit)
{
    char *cookie = unit < 0 ? s->chief_cookie : s->u[unit].cookie;
    char *csrf = unit < 0 ? s->chief_csrf : s->u[unit].csrf;
    if (!*cookie) {
        sign_in(&s->f, unit < 0 ? "chief" : s->u[unit].login);
        memcpy(cookie, s->f.cookie, sizeof(s->f.cookie));
        memcpy(csrf, s->f.csrf, sizeof(s->f.csrf));
    }
    memcpy(s->f.cookie, cookie, sizeof(s->f.cookie));
    memcpy(s->f.csrf, csrf, sizeof(s->f.csrf));
}

static inline int status_of(const struct buf *b)
{
    return (int)strtol(b->p + strlen("HTTP/1.1 "), NULL, 10);
}

static inline json_t *body_of(struct sim *s)
{
    const char *at = strstr(s->b.p, "\r\n\r\n");
    json_t *j = NULL;
    struct err e = {.msg = ""};
    assert_non_null(at);
    if (jr_parse(str_z(at + 4), &j, &e) != OK)
        fail_msg("%s in <%.600s>", e.msg, s->b.p);
    return j;
}

static inline int get(struct sim *s, const char *target)
{
    ask(&s->f, "GET", target, "Accept: application/json\r\n", NULL, &s->b);
    return status_of(&s->b);
}

static inline int post(struct sim *s, const char *target, const char *body)
{
    char more[160];
    snprintf(more, sizeof(more), "Accept: application/json\r\nX-CSRF-Token: %s\r\n", s->f.csrf);
    ask(&s->f, "POST", target, more, body, &s->b);
    return status_of(&s->b);
}

static inline void must(struct sim *s, int status, int wanted)
{
    if (status != wanted)
        fail_msg("wanted %d, got <%.1200s>", wanted, s->b.p);
}

/* ---- what is done ---- */

struct opening {
    struct sim *s;
    const struct actor *by;
    json_t *fields;
    int64_t item;
};

static inline enum code open_item(struct db *db, void *arg, struct err *e)
{
    struct opening *o = arg;
    struct item_open open = {.kind = S("relay"), .fields = o->fields};
    static const struct {
        const char *move, *opinion;
    } way[] = {{"submit", ""}, {"plain", "直接传达"}, {"relay", ""}};
    TRY(item_open(db, o->by, &open, &o->item, e));
    for (size_t i = 0; i < sizeof(way) / sizeof(*way); i++) {
        struct item_move m = {.move = str_z(way[i].move), .opinion = str_z(way[i].opinion)};
        TRY(item_move(db, o->by, o->item, (int64_t)i + 1, &m, e));
    }
    return OK;
}

/* The directive goes to the units of the first level. */
static inline void send_directive(struct sim *s, const char *due)
{
    struct person chief;
    json_t *units = json_array();
    char id[32];
    struct err e = {.msg = ""};
    struct db *db;
    assert_int_equal(store_read(s->f.office->store, &db, &e), OK);
    assert_int_equal(person_by_login(db, &s->a, S("chief"), &chief, &e), OK);
    store_read_end(db);
    struct viewer v = person_viewer(&chief);
    struct actor by = {.v = &v,
        .kinds = s->f.office->kinds,
        .calendar = s->f.office->calendar,
        .hours = &s->f.office->hours,
        .now_ms = MONDAY};
    struct opening o = {.s = s, .by = &by, .fields = json_object()};
    for (int i = 0; i < UNITS; i++)
        if (s->u[i].parent < 0) {
            snprintf(id, sizeof(id), "%lld", (long long)s->u[i].id);
            json_array_append_new(units, json_string(id));
        }
    snprintf(id, sizeof(id), "%lld", (long long)chief.id);
    json_object_set_new(o.fields, "subject", json_string("关于做好防汛工作的通知"));
    json_object_set_new(o.fields, "source", json_string("上级文件"));
    json_object_set_new(o.fields, "issuer", json_string("省国资委"));
    json_object_set_new(o.fields, "points", json_string("逐级传达到一线，按期反馈"));
    json_object_set_new(o.fields, "upward", json_string("不需上报"));
    json_object_set_new(o.fields, "leader", json_pack("[s]", id));
    json_object_set_new(o.fields, "units", units);
    json_object_set_new(o.fields, "way", json_string("文件"));
    json_object_set_new(o.fields, "feedback_due", json_string(due));
    if (store_write(s->f.office->store, open_item, &o, &e) != OK)
        fail_msg("%s", e.msg);
    json_decref(o.fields);
    s->item = o.item;
}

static inline int unit_named(const struct sim *s, struct str name)
{
    for (int i = 0; i < UNITS; i++)
        if (str_eq(name, str_z(s->u[i].name)))
            return i;
    return -1;
}

/* The ids of the asks, as the tree gives them. */
static inline void learn_asks(struct sim *s)
{
    char target[64];
    size_t i;
    json_t *row;
    become(s, -1);
    snprintf(target, sizeof(target), "/items/%lld/asks", (long long)s->item);
    must(s, get(s, target), 200);
    json_t *j = body_of(s);
    json_array_foreach(json_object_get(json_object_get(j, "data"), "rows"), i, row)
    {
        int at = unit_named(s, jr_str(row, "who"));
        if (at >= 0)
            s->u[at].ask = jr_id(row, "id");
    }
    json_decref(j);
}

static inline void was_sent(struct sim *s, int unit, int64_t at, int64_t due)
{
    struct unit_model *u = &s->u[unit];
    u->sent = at;
    u->due = due;
    u->never_opens = percent(s, 5);
    u->never_answers = percent(s, 8);
    if (!u->never_opens)
        plan(s, at + between_minutes(s, 5, 36 * 60), OPENS, unit);
}

static inline void opens(struct sim *s, int unit, int64_t at)
{
    struct unit_model *u = &s->u[unit];
    char target[64];
    become(s, unit);
    snprintf(target, sizeof(target), "/asks/%lld", (long long)u->ask);
    must(s, get(s, target), 200);
    u->seen = at;
    plan(s, at + between_minutes(s, 1, 300), SIGNS, unit);
    if (u->n_children)
        plan(s, at + between_minutes(s, 1, 600), RELAYS, unit);
    else if (!u->never_answers)
        plan(s, at + between_minutes(s, 301, 6 * 24 * 60), ANSWERS, unit);
}

static inline void relays(struct sim *s, int unit, int64_t at)
{
    struct unit_model *u = &s->u[unit];
    char target[64];
    struct buf body;
    buf_init(&body, 0);
    buf_z(&body, "purpose=%E8%AF%B7%E8%90%BD%E5%AE%9E&word=%E5%B7%B2%E6%94%B6&word="
                 "%E5%B7%B2%E5%8F%8D%E9%A6%88&due=2026-07-18");
    for (int i = 0; i < u->n_children; i++)
        buf_printf(&body, "&unit=%lld", (long long)s->u[u->children[i]].id);
    become(s, unit);
    snprintf(target, sizeof(target), "/asks/%lld/relay", (long long)u->ask);
    must(s, post(s, target, body.p), 200);
    buf_release(&body);
    u->relayed = true;
    /* the end of 18 July in China */
    for (int i = 0; i < u->n_children; i++)
        was_sent(
            s, u->children[i], at, clock_day_ms(day_num((struct day){2026, 7, 19}), ZONE_CHINA));
    learn_asks(s);
    if (!u->never_answers)
        plan(s, at + between_minutes(s, 600, 5 * 24 * 60), ANSWERS, unit);
}

/* Everything below that has not answered, as the model has it. */
static inline int waiting_below(const struct sim *s, int unit)
{
    int n = 0;
    for (int i = 0; i < s->u[unit].n_children; i++) {
        int child = s->u[unit].children[i];
        n += s->u[child].sent && !s->u[child].answered;
        n += waiting_below(s, child);
    }
    return n;
}

static inline void signs(struct sim *s, int unit, int64_t at)
{
    struct unit_model *u = &s->u[unit];
    char target[64];
    if (u->answered)
        return;
    become(s, unit);
    snprintf(target, sizeof(target), "/asks/%lld/answer", (long long)u->ask);
    must(s, post(s, target, "word=%E5%B7%B2%E6%94%B6"), 200);
    u->received = at;
}

/* 已反馈. Whoever still waits for others is told for how many; a third of the units answers all the same. */
static inline void answers(struct sim *s, int unit, int64_t at)
{
    struct unit_model *u = &s->u[unit];
    int waiting = waiting_below(s, unit);
    bool despite = waiting && (u->tries >= TRIES || percent(s, 33));
    char target[64], body[200], words[60];
    become(s, unit);
    snprintf(target, sizeof(target), "/asks/%lld/answer", (long long)u->ask);
    static const char word[] = "word=%E5%B7%B2%E5%8F%8D%E9%A6%88";
    snprintf(body, sizeof(body), "%s&text=done-%d", word, unit);
    if (waiting) {
        must(s, post(s, target, body), 409);
        snprintf(words, sizeof(words), "下级还有%d家未反馈", waiting);
        if (!strstr(s->b.p, words))
            fail_msg("no <%s> in <%.2000s>", words, s->b.p);
        if (!despite) {
            u->tries++;
            plan(s, at + between_minutes(s, 120, 1440), ANSWERS, unit);
            return;
        }
        snprintf(body, sizeof(body), "%s&text=done-%d&despite=1", word, unit);
    }
    must(s, post(s, target, body), 200);
    u->answered = at;
    if (!u->received)
        u->received = at;
}

/* By hand, all that is open at once. */
static inline void office_reminds(struct sim *s)
{
    char body[64];
    become(s, -1);
    snprintf(body, sizeof(body), "item=%lld&text=hurry", (long long)s->item);
    must(s, post(s, "/asks/remind", body), 200);
    for (int i = 0; i < UNITS; i++)
        s->u[i].reminded += s->u[i].sent && !s->u[i].answered;
}

/* Whether the policy of the kind fires now; by the moments of the model alone. */
static inline size_t fired_now(struct sim *s, int64_t at)
{
    struct viewer nobody = viewer_owner();
    struct actor by = {.v = &nobody,
        .kinds = s->f.office->kinds,
        .calendar = s->f.office->calendar,
        .hours = &s->f.office->hours,
        .now_ms = at};
    struct err e = {.msg = ""};
    size_t fired;
    if (remind_run(s->f.office->store, &by, &fired, &e) != OK)
        fail_msg("%s", e.msg);
    return fired;
}

static inline bool waits(const struct unit_model *u)
{
    return u->sent && !u->answered;
}

static inline void policy_reminds(struct sim *s, int64_t at)
{
    assert_int_equal(fired_now(s, at), 1);
    for (int i = 0; i < UNITS; i++)
        s->u[i].reminded += waits(&s->u[i]) && s->u[i].reminded < REMIND_MOST;
}

/* First to the leaders of those who owe an answer, then to the section itself. */
static inline void policy_reports(struct sim *s, int64_t at)
{
    bool *told = s->told[s->n_told];
    assert_int_equal(fired_now(s, at), 1);
    for (int i = 0; i < UNITS && s->n_told == 0; i++)
        if (waits(&s->u[i])) {
            int top = i / (UNITS / TOP);
            told[top < LED ? top : LED] = true;
        }
    if (s->n_told == 1)
        told[LED + 1] = true;
    s->told_ms[s->n_told++] = at;
}

static inline void run(struct sim *s, int64_t until)
{
    struct event ev;
    while (next_event(s, until, &ev)) {
        set_now(ev.at);
        if (ev.what != POLICY_REMINDS && ev.what != POLICY_REPORTS)
            assert_int_equal(fired_now(s, ev.at), 0);
        switch (ev.what) {
        case OPENS:
            opens(s, ev.unit, ev.at);
            break;
        case SIGNS:
            signs(s, ev.unit, ev.at);
            break;
        case RELAYS:
            relays(s, ev.unit, ev.at);
            break;
        case ANSWERS:
            answers(s, ev.unit, ev.at);
            break;
        case OFFICE_REMINDS:
            office_reminds(s);
            break;
        case POLICY_REMINDS:
            policy_reminds(s, ev.at);
            break;
        case POLICY_REPORTS:
            policy_reports(s, ev.at);
            break;
        }
    }
    set_now(until);
}

#endif
