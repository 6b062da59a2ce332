/* noticedb.h - a kind that asks units, reminds and reports what is late, for tests of notices and reminders. */
#ifndef NOTICEDB_H
#define NOTICEDB_H

#include "itemdb.h"
#include "office/notice.h"

/* Sent on Monday 2026-07-13 09:00; due at the end of Monday 2026-07-20. */
static const char notice_kind_yaml[] =
    "kind: relay_test\n"
    "name: 传达\n"
    "about: 试验\n"
    "entry: in\n"
    "title: subject\n"
    "level: internal\n"
    "roles:\n"
    "  office: [role:chief, role:secretary]\n"
    "  chief: [role:chief]\n"
    "fields:\n"
    "  - {id: subject, name: 标题, type: text, required: true}\n"
    "  - {id: units, name: 单位, type: units, required: true}\n"
    "  - {id: due, name: 反馈期限, type: date, required: true}\n"
    "states:\n"
    "  draft: {name: 草稿, edit: [office]}\n"
    "  review: {name: 待审, edit: [chief]}\n"
    "  relaying: {name: 传达中, edit: [office]}\n"
    "  closed: {name: 已办结, closed: true}\n"
    "moves:\n"
    "  - {id: submit, name: 送审, from: draft, to: review, by: [office]}\n"
    "  - {id: back, name: 退回修改, from: review, to: draft, by: [chief], opinion: required, kind: "
    "return}\n"
    "  - id: relay\n"
    "    name: 传达\n"
    "    from: draft\n"
    "    to: relaying\n"
    "    by: [office]\n"
    "    ask: {of: ['field:units'], purpose: 传达贯彻, answers: [已收, 已反馈], wait: all, due: "
    "due}\n"
    "  - {id: approve, name: 同意传达, from: review, to: relaying, by: [chief]}\n"
    "  - {id: finish, name: 办结, from: relaying, to: closed, by: [office]}\n"
    "clocks:\n"
    "  - {id: feedback, name: 反馈, start: relaying, stop: closed, due: due, extend: [chief]}\n"
    "remind:\n"
    "  - of: feedback\n"
    "    at: [3d, 1d working, 0d, -1d]\n"
    "    most: 3\n"
    "    quiet: \"21:00-07:30\"\n"
    "    escalate:\n"
    "      - {after: 2d, to: [asked_chief]}\n"
    "      - {after: 3d working, to: [owner, role:chief]}\n"
    "ledger: [title, due, state]\n";

static inline int noticedb_set_up(void **state)
{
    return itemdb_set_up_with(state, notice_kind_yaml);
}

static inline enum code noticedb_try(struct itemdb *t, int who, struct act *a, struct err *e)
{
    a->by = itemdb_as(t, who);
    e->msg[0] = '\0';
    return store_write(t->o.st, act_fn, a, e);
}
#define DO(t, who, ...)                               \
    do {                                              \
        struct act act_ = {__VA_ARGS__};              \
        struct err err_;                              \
        if (noticedb_try(t, who, &act_, &err_) != OK) \
            fail_msg("%s", err_.msg);                 \
    } while (0)

#define TWO_UNITS "{\"subject\":\"防汛通知\",\"units\":[\"4\",\"2\"],\"due\":\"2026-07-20\"}"

static inline int64_t noticedb_item(struct itemdb *t, int who, const char *json)
{
    struct act a = {.verb = V_OPEN, .json = json, .open = {.kind = S("relay_test")}};
    struct err e;
    if (noticedb_try(t, who, &a, &e) != OK)
        testdb_die("open", &e);
    return a.id;
}

static inline int64_t noticedb_relayed(struct itemdb *t)
{
    int64_t id = noticedb_item(t, SECRETARY, TWO_UNITS);
    struct act a = {.verb = V_MOVE, .id = id, .revision = 1, .word = "relay"};
    struct err e;
    if (noticedb_try(t, SECRETARY, &a, &e) != OK)
        testdb_die("relay", &e);
    return id;
}

static inline int64_t noticedb_ask(struct itemdb *t, int64_t item, int64_t to)
{
    struct ask *v;
    size_t n = itemdb_asks(t, item, &v);
    for (size_t i = n; i-- > 0;)
        if (v[i].to == to)
            return v[i].id;
    return 0;
}

/* What stands on somebody's page, all of it. */
static inline size_t noticedb_list(struct itemdb *t, int who, struct notice **out)
{
    struct err e = {.code = OK};
    struct db *db = itemdb_read(t);
    size_t n = 0;
    bool more;
    if (notice_list(db, &t->o.a, itemdb_as(t, who), (struct notice_key){0}, NOTICE_PAGE_MAX, out,
            &n, &more, &e) != OK)
        testdb_die("notices", &e);
    store_read_end(db);
    return n;
}

/* How many of a sort are unread. */
static inline size_t noticedb_unread(struct itemdb *t, int who, enum notice_kind kind)
{
    struct notice *v;
    size_t n = noticedb_list(t, who, &v), k = 0;
    for (size_t i = 0; i < n; i++)
        k += v[i].unread && v[i].kind == kind;
    return k;
}

#endif
