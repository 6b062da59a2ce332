/* bench/items.h - an office of 200 units and its daily work, by the verbs of the matter engine: what items_office and
 * items_write are made of. */
#ifndef BENCH_ITEMS_H
#define BENCH_ITEMS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/io.h"
#include "office/ask.h"
#include "office/item_link.h"
#include "office/office.h"
#include "office/person.h"
#include "office/session.h"

enum { BENCH_UNITS = 190, BENCH_PEOPLE_MAX = 1000 };
#define BENCH_PASSWORD "Qianshao2026"

static inline double time_ms(clockid_t clock)
{
    struct timespec t;
    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static inline void must(enum code c, const struct err *e)
{
    if (c == OK)
        return;
    (void)fprintf(stderr, "%s\n", e->msg);
    exit(1);
}

struct bench {
    struct office *o;
    struct person *p;
    size_t n_p;
    struct arena a;
};

/* ---- the office ---- */

struct bench_tables {
    struct buf units, people;
};

static inline void bench_tables(struct bench_tables *t)
{
    buf_init(&t->units, 0);
    buf_init(&t->people, 0);
    buf_z(&t->units, "代码\t上级代码\t名称\t简称\n"
                     "G\t\t云岭集团\t集团\nG-LD\tG\t集团领导班子\t集团领导\n"
                     "G-DB\tG\t集团党委办公室\t党委办公室\nG-MS\tG-DB\t集团秘书科\t秘书科\n");
    buf_z(&t->people, "登录名\t姓名\t单位代码\t职务\t角色\n"
                      "chief1\t秋知衡\tG-DB\t主任\tchief\nchief2\t泉问津\tG-MS\t科长\tchief\n");
    for (int i = 1; i <= 8; i++)
        buf_printf(&t->people, "leader%d\t林岳%d\tG-LD\t副总经理\tleader\n", i, i);
    for (int i = 1; i <= 10; i++)
        buf_printf(&t->people, "sec%d\t张云%d\tG-MS\t秘书\tsecretary\n", i, i);
    for (int i = 1; i <= BENCH_UNITS; i++) { /* each tenth one has those behind it below it */
        int head = i - (i - 1) % 10;
        buf_printf(&t->units, "U%03d\t", i);
        buf_printf(&t->units, head == i ? "G" : "U%03d", head);
        buf_printf(&t->units, "\t第%d分公司\t%d分\n", i, i);
        buf_printf(&t->people, "u%03d\t李联%d\tU%03d\t联络员\tliaison\n", i, i, i);
        buf_printf(&t->people, "s%03d\t王员%d\tU%03d\t职员\tstaff\n", i, i, i);
    }
}

static inline enum code bench_tables_fn(struct db *db, void *arg, struct err *e)
{
    struct bench_tables *t = arg;
    struct import_tally n;
    TRY(unit_import(db, buf_view(&t->units), "units.tsv", 0, &n, e));
    return person_import(db, buf_view(&t->people), "people.tsv", 0, &n, e);
}

static inline void bench_people(struct bench *b)
{
    struct db *db;
    struct err e;
    must(store_read(b->o->store, &db, &e), &e);
    must(person_list(db, &b->a, 0, false, &b->p, &b->n_p, &e), &e);
    store_read_end(db);
}

/* Those who sign in to be measured: a password takes the time that it should. */
static inline void bench_passwords(struct bench *b)
{
    static const char *const logins[] = {"chief1", "sec1", "leader1", "u001", "s001"};
    struct password_cost quick = {.memory_kib = 64, .passes = 1, .lanes = 1};
    struct hasher *h;
    struct err e;
    must(hasher_new(&quick, &h, &e), &e);
    struct door d = door_default(b->o->store, h);
    for (size_t i = 0; i < sizeof(logins) / sizeof(*logins); i++)
        for (size_t k = 0; k < b->n_p; k++)
            if (str_eq(b->p[k].login, str_z(logins[i])))
                must(person_set_password(&d, b->p[k].id, S(BENCH_PASSWORD), false, 0, &e), &e);
    hasher_free(h);
}

static inline void bench_open(struct bench *b, const char *dir, const char *url)
{
    struct office_options opt = {.dir = str_z(dir), .url = str_z(url ? url : "")};
    struct err e;
    arena_init(&b->a);
    must(office_open(&opt, &b->o, &e), &e);
    bench_people(b);
}

static inline void bench_create(struct bench *b, const char *dir, const char *url)
{
    struct office_options opt = {
        .dir = str_z(dir), .url = str_z(url ? url : ""), .create = true, .readers = 1};
    struct bench_tables t;
    char path[IO_PATH_MAX];
    struct buf conf;
    struct err e;
    arena_init(&b->a);
    must(office_open(&opt, &b->o, &e), &e);
    bench_tables(&t);
    must(store_write(b->o->store, bench_tables_fn, &t, &e), &e);
    buf_release(&t.units);
    buf_release(&t.people);
    bench_people(b);
    bench_passwords(b);
    buf_init(&conf, 0);
    if (url)
        buf_printf(&conf, "database: '%s'\n", url);
    must(io_join(path, dir, "qianshao.yaml", &e), &e);
    must(io_write_file(path, buf_view(&conf), 0600, &e), &e);
    buf_release(&conf);
}

static inline void bench_close(struct bench *b)
{
    office_close(b->o);
    arena_release(&b->a);
}

/* ---- who ---- */

static inline uint32_t bench_draw(uint64_t *seed, uint32_t n)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return n ? (uint32_t)(*seed >> 33) % n : 0;
}

/* One of those who have the role. */
static inline const struct person *bench_who(const struct bench *b, uint64_t *seed, uint32_t role)
{
    size_t at = bench_draw(seed, (uint32_t)b->n_p);
    for (size_t i = 0; i < b->n_p; i++)
        if (b->p[(at + i) % b->n_p].roles & role)
            return &b->p[(at + i) % b->n_p];
    return &b->p[0];
}

static inline const struct person *bench_person(const struct bench *b, int64_t id)
{
    for (size_t i = 0; i < b->n_p; i++)
        if (b->p[i].id == id)
            return &b->p[i];
    return &b->p[0];
}

static inline const struct person *bench_liaison(const struct bench *b, int64_t unit)
{
    for (size_t i = 0; i < b->n_p; i++)
        if (b->p[i].unit == unit && b->p[i].roles & ROLE_LIAISON)
            return &b->p[i];
    return &b->p[0];
}

static inline const struct person *bench_login(const struct bench *b, const char *login)
{
    for (size_t i = 0; i < b->n_p; i++)
        if (str_eq(b->p[i].login, str_z(login)))
            return &b->p[i];
    return NULL;
}

static inline struct viewer bench_viewer(const struct person *p)
{
    return (struct viewer){.person = p->id, .unit = p->unit, .roles = p->roles};
}

/* ---- what is done ---- */

enum step_verb { STEP_OPEN, STEP_MOVE, STEP_ANSWER, STEP_REMARK };
struct step {
    enum step_verb verb;
    const char *word; /* move, or word of the answer */
    uint32_t role;    /* who; 0: the owner */
    const char *text; /* opinion */
    bool set;         /* the rest of the fields is given with it */
};
struct course {
    const char *kind;
    int weight;
    struct step v[16];
};
/* A little over five events each on the average. */
static const struct course courses[] = {
    {"request", 28,
        {{STEP_OPEN, NULL, ROLE_SECRETARY, NULL, false}, {STEP_MOVE, "submit", 0, NULL, false},
            {STEP_MOVE, "send", ROLE_CHIEF, "拟同意，请领导审批。", false},
            {STEP_ANSWER, "同意", 0, "同意。", false},
            {STEP_MOVE, "approve", ROLE_SECRETARY, NULL, false},
            {STEP_MOVE, "finish", 0, NULL, false}}},
    {"incoming", 20,
        {{STEP_OPEN, NULL, ROLE_SECRETARY, NULL, false},
            {STEP_MOVE, "register", ROLE_SECRETARY, NULL, false},
            {STEP_MOVE, "refuse", ROLE_SECRETARY, "行文对象有误，退回。", false}}},
    {"supervision", 20,
        {{STEP_OPEN, NULL, ROLE_SECRETARY, NULL, false},
            {STEP_MOVE, "direct", ROLE_SECRETARY, NULL, false},
            {STEP_MOVE, "assign", ROLE_SECRETARY, "请抓紧办理并按期反馈。", false},
            {STEP_ANSWER, "已收", 0, "", false},
            {STEP_ANSWER, "已反馈", 0, "已按要求完成。", false},
            {STEP_MOVE, "pass", ROLE_CHIEF, "核查属实，同意办结。", false}}},
    {"countersign", 18,
        {{STEP_OPEN, NULL, ROLE_SECRETARY, NULL, false}, {STEP_MOVE, "send", 0, NULL, false},
            {STEP_ANSWER, "同意", 0, "同意，无修改意见。", false},
            {STEP_ANSWER, "同意", 0, "同意。", false}, {STEP_MOVE, "finish", 0, NULL, false}}},
    {"relay", 9,
        {{STEP_OPEN, NULL, ROLE_SECRETARY, NULL, false},
            {STEP_MOVE, "submit", ROLE_SECRETARY, NULL, false},
            {STEP_MOVE, "cancel", ROLE_CHIEF, "重复登记。", false}}},
    {"relay", 5,
        {{STEP_OPEN, NULL, ROLE_SECRETARY, NULL, false},
            {STEP_MOVE, "submit", ROLE_SECRETARY, NULL, false},
            {STEP_MOVE, "plain", ROLE_CHIEF, "请认真贯彻落实。", false},
            {STEP_MOVE, "relay", ROLE_SECRETARY, NULL, true}, {STEP_ANSWER, "已收", 0, "", false},
            {STEP_ANSWER, "已收", 0, "", false}, {STEP_ANSWER, "已收", 0, "", false},
            {STEP_ANSWER, "已反馈", 0, "已传达到全体职工。", false},
            {STEP_ANSWER, "已反馈", 0, "已召开专题会。", false},
            {STEP_ANSWER, "已反馈", 0, "已部署。", false},
            {STEP_MOVE, "sum", ROLE_SECRETARY, NULL, false},
            {STEP_MOVE, "finish", ROLE_SECRETARY, "各单位均已落实。", false},
            {STEP_MOVE, "file", ROLE_SECRETARY, NULL, false}}}};
enum { COURSES = sizeof(courses) / sizeof(*courses), COURSE_STEPS = 16 };

static inline const struct course *bench_course(uint64_t *seed)
{
    int sum = 0, at;
    for (size_t i = 0; i < COURSES; i++)
        sum += courses[i].weight;
    at = (int)bench_draw(seed, (uint32_t)sum);
    for (size_t i = 0; i < COURSES; i++)
        if ((at -= courses[i].weight) < 0)
            return &courses[i];
    return &courses[0];
}
static inline int course_length(const struct course *c)
{
    int n = 1;
    while (n < COURSE_STEPS && c->v[n].word)
        n++;
    return n;
}

static inline const char *bench_subject(uint64_t *seed)
{
    static const char *const v[] = {"关于做好防汛抗旱工作的通知", "关于报送年度工作总结的请示",
        "关于开展安全生产大检查的通知", "关于调整领导班子分工的意见",
        "关于召开党委理论学习中心组学习会的请示", "关于落实巡视整改要求的督办事项",
        "关于印发重点任务分解方案的通知", "关于乡村振兴帮扶项目资金的签报",
        "关于办公用房清理情况的报告", "关于国有企业深化改革提升行动的实施意见"};
    return v[bench_draw(seed, 10)];
}

static inline int64_t some_unit(const struct bench *b, uint64_t *seed)
{
    return bench_who(b, seed, ROLE_LIAISON)->unit;
}

/* The fields, as far as they are given when it is opened, or with the step that gives the rest. */
static inline void bench_fields(const struct bench *b, uint64_t *seed, const char *kind, bool rest,
    int64_t now_ms, char out[2000])
{
    char iso[DAY_ISO_SIZE];
    const char *subject = bench_subject(seed);
    int serial = (int)bench_draw(seed, 1000000);
    struct str due =
        day_iso(day_of(clock_day(now_ms, ZONE_CHINA) + 5 + (int)bench_draw(seed, 25)), iso);
    long long leader = (long long)bench_who(b, seed, ROLE_LEADER)->id, u[3];
    u[0] = (long long)some_unit(b, seed);
    for (int i = 1; i < 3; i++)
        do
            u[i] = (long long)some_unit(b, seed);
        while (u[i] == u[0] || (i == 2 && u[i] == u[1]));
    if (strcmp(kind, "request") == 0)
        (void)snprintf(out, 2000,
            "{\"subject\":\"%s（%d）\",\"class\":\"请示\",\"content\":"
            "\"根据年度工作安排，现就有关事项"
            "请示如下：一是明确责任分工；二是落实经费保障；三是加强督促检查。妥否，请批示。\","
            "\"money\":\"涉及\",\"amount\":\"%d\",\"budget\":\"年度预算\",\"leader\":[\"%lld\"]}",
            subject, serial, serial, leader);
    else if (strcmp(kind, "incoming") == 0)
        (void)snprintf(out, 2000,
            "{\"subject\":\"%s（%d）\",\"sender\":\"云岭市发展和改革委员会\",\"docno\":"
            "\"云发改〔2026〕%d"
            "号\",\"received\":\"%.*s\",\"class\":\"阅件\",\"genre\":\"通知\"}",
            subject, serial, serial % 1000, SF(due));
    else if (strcmp(kind, "supervision") == 0)
        (void)snprintf(out, 2000,
            "{\"demand\":\"%s（%d）：请牵头单位抓紧研究提出落实措施，按期反馈。\",\"category\":"
            "\"会议决定\","
            "\"basis\":\"党委会纪要\",\"frequency\":\"每月\",\"lead\":\"%lld\",\"due\":\"%.*s\"}",
            subject, serial, u[0], SF(due));
    else if (strcmp(kind, "countersign") == 0)
        (void)snprintf(out, 2000,
            "{\"subject\":\"%s（%d）\",\"content\":\"请就文稿提出修改意见。\",\"whom\":\"单位\","
            "\"order\":"
            "\"同时\",\"units\":[\"%lld\",\"%lld\"],\"due\":\"%.*s\"}",
            subject, serial, u[0], u[1], SF(due));
    else if (rest)
        (void)snprintf(out, 2000,
            "{\"units\":[\"%lld\",\"%lld\",\"%lld\"],\"way\":\"文件\",\"feedback_due\":\"%.*s\"}",
            u[0], u[1], u[2], SF(due));
    else
        (void)snprintf(out, 2000,
            "{\"subject\":\"%s（%d）\",\"source\":\"上级文件\",\"issuer\":\"云岭省国资委\","
            "\"points\":"
            "\"认真学习，结合实际抓好贯彻落实。\",\"upward\":\"不需上报\"}",
            subject, serial);
}

/* One step of one item, as a function for store_write. */
struct doing {
    const struct bench *b;
    const struct course *c;
    int at; /* step */
    uint64_t seed;
    int64_t now_ms, item, owner, revision; /* revision: after the step */
};

static inline const struct person *step_actor(
    struct doing *d, const struct step *s, const struct ask *a)
{
    if (s->verb == STEP_ANSWER)
        return a->to_kind == PRINCIPAL_UNIT ? bench_liaison(d->b, a->to)
                                            : bench_person(d->b, a->to);
    return s->role ? bench_who(d->b, &d->seed, s->role) : bench_person(d->b, d->owner);
}

static inline enum code step_ask(struct db *db, struct arena *a, const struct actor *by,
    const struct doing *d, struct str word, struct ask *out, struct err *e)
{
    struct ask *v;
    size_t n;
    TRY(ask_list(db, a, by, d->item, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (v[i].state == ASK_OPEN && v[i].sent_ms && !str_eq(v[i].word, word)) {
            *out = v[i];
            return OK;
        }
    return FAIL(e, E_BUG, "no open ask for “%.*s”", SF(word));
}

static inline enum code step_json(struct db *db, struct doing *d, const struct step *s,
    const struct actor *by, json_t *fields, struct err *e)
{
    if (s->verb == STEP_OPEN) {
        struct item_open o = {.kind = str_z(d->c->kind), .fields = fields};
        return item_open(db, by, &o, &d->item, e);
    }
    struct item_move m = {
        .move = str_z(s->word), .opinion = str_z(s->text ? s->text : ""), .set = fields};
    return item_move(db, by, d->item, d->revision, &m, e);
}

static inline enum code step_run(
    struct db *db, struct doing *d, const struct step *s, struct arena *a, struct err *e)
{
    struct ask ask = {.id = 0};
    char text[2000] = "{}";
    json_t *fields = NULL;
    struct viewer owner = viewer_owner();
    struct actor all = {.v = &owner, .kinds = d->b->o->kinds, .now_ms = d->now_ms};
    if (s->verb == STEP_ANSWER)
        TRY(step_ask(db, a, &all, d, str_z(s->word), &ask, e));
    const struct person *p = step_actor(d, s, &ask);
    struct viewer v = bench_viewer(p);
    struct actor by = {.v = &v,
        .kinds = d->b->o->kinds,
        .calendar = d->b->o->calendar,
        .hours = &d->b->o->hours,
        .now_ms = d->now_ms};
    if (s->verb == STEP_ANSWER)
        return ask_answer(db, &by, ask.id, str_z(s->word), str_z(s->text), NULL, 0, e);
    if (s->verb == STEP_REMARK)
        return item_remark(db, &by, d->item, str_z(s->text), NULL, 0, e);
    if (s->verb == STEP_OPEN || s->set)
        bench_fields(d->b, &d->seed, d->c->kind, s->set, d->now_ms, text);
    TRY(jr_parse(str_z(text), &fields, e));
    enum code c = step_json(db, d, s, &by, fields, e);
    json_decref(fields);
    if (s->verb == STEP_OPEN)
        d->owner = p->id;
    return c;
}

static inline enum code step_fn(struct db *db, void *arg, struct err *e)
{
    struct doing *d = arg, again = *d; /* it may run again: only what a success leaves is kept */
    struct arena a;
    arena_init(&a);
    enum code c = step_run(db, &again, &d->c->v[d->at], &a, e);
    again.revision++; /* one event each */
    arena_release(&a);
    if (c == OK)
        *d = again;
    return c;
}

#endif
