/* appfix.h - the whole pipeline for tests: a real office, real sockets, people who sign in. */
#ifndef TESTS_UNIT_WEB_APPFIX_H
#define TESTS_UNIT_WEB_APPFIX_H

#include "base/io.h"
#include "base/json.h"
#include "office/import.h"
#include "office/person.h"
#include "office/session.h"
#include "paper/reader.h"
#include "unit/web/client.h"
#include "web/web.h"

#define GOOD "Qianshao2026"

struct app_fix {
    struct office *office;
    void *web;
    int port;
    char dir[IO_PATH_MAX];
    char cookie[200]; /* of the person signed in last */
    char csrf[64];
};

struct new_person {
    struct person p;
};

static inline enum code write_person(struct db *db, void *arg, struct err *e)
{
    struct new_person *n = arg;
    n->p.id = 0;
    return person_save(db, &n->p, 0, e);
}

static inline void add_person(
    struct app_fix *f, const char *login, uint32_t roles, bool must_change)
{
    struct new_person n = {
        .p = {.login = str_z(login), .name = str_z(login), .roles = roles, .active = true}};
    struct hasher *h;
    struct door d;
    struct err e = {.msg = ""};
    assert_int_equal(store_write(f->office->store, write_person, &n, &e), OK);
    assert_int_equal(hasher_new(NULL, &h, &e), OK);
    d = door_default(f->office->store, h);
    assert_int_equal(person_set_password(&d, n.p.id, S(GOOD), must_change, 0, &e), OK);
    hasher_free(h);
}

static inline void take(struct app_fix *f, const char *name, const char *text, enum doc_level level)
{
    struct import_options o = {.origin = ORIGIN_IMPORT, .level = level, .threads = 1};
    struct import_counts c;
    struct err e = {.msg = ""};
    if (import_bytes(f->office, str_z(text), str_z(name), &o, &c, &e) != OK ||
        c.of[IMPORT_TAKEN] != 1)
        fail_msg("%s: %s", name, e.msg);
}

static inline int appfix_open(void **state)
{
    struct app_fix *f = calloc(1, sizeof(*f));
    struct office_options o = {.create = true, .readers = 1};
    struct web_options w = {.listen = S("127.0.0.1:0")};
    struct str address;
    struct err e = {.msg = ""};
    assert_int_equal(io_temp_dir("t-app-", f->dir, &e), OK);
    o.dir = str_z(f->dir);
    if (office_open(&o, &f->office, &e) != OK ||
        web_start(f->office, &w, &f->web, &address, &e) != OK) {
        fprintf(stderr, "%s\n", e.msg);
        return -1;
    }
    f->port = (int)strtol(strrchr(address.p, ':') + 1, NULL, 10);
    add_person(f, "chief", ROLE_CHIEF | ROLE_SECRETARY, false);
    add_person(f, "staff", ROLE_STAFF, false);
    add_person(f, "fresh", ROLE_STAFF, true);
    take(f, "关于防汛的通知.txt",
        "关于防汛的通知\n\n各部门：\n\n请<加强>值守，紫水晶暗号一。\n\n办公室\n2026年7月13日\n",
        LEVEL_OPEN);
    take(f, "要点.txt", "只给秘书科看的要点\n\n紫水晶暗号二。\n", LEVEL_WORK_SECRET);
    *state = f;
    return 0;
}

static inline int appfix_close(void **state)
{
    struct app_fix *f = *state;
    struct err e;
    web_stop(f->web);
    office_close(f->office);
    assert_int_equal(io_remove_tree(f->dir, &e), OK);
    free(f);
    return 0;
}

/* One request; `more` are header lines. The answer is in b, NUL at its end. */
static inline void ask(struct app_fix *f, const char *method, const char *target, const char *more,
    const char *body, struct buf *b)
{
    struct buf q;
    buf_init(&q, 0);
    buf_clear(b);
    buf_printf(&q, "%s %s HTTP/1.1\r\nHost: t:1\r\nConnection: close\r\n%s", method, target, more);
    if (f->cookie[0])
        buf_printf(&q, "Cookie: %s\r\n", f->cookie);
    if (body)
        buf_printf(&q, "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n",
            strlen(body));
    buf_printf(&q, "\r\n%s", body ? body : "");
    client_talk(f->port, q.p, q.n, b);
    buf_release(&q);
}

static inline void expect(const struct buf *b, const char *status, const char *has)
{
    char line[32];
    snprintf(line, sizeof(line), "HTTP/1.1 %s ", status);
    if (strncmp(b->p, line, strlen(line)) != 0 || (has && !strstr(b->p, has)))
        fail_msg("wanted %s with <%s>, got <%.1500s>", status, has ? has : "", b->p);
}

static inline void between(const char *text, const char *head, char end, char *out, size_t n)
{
    const char *at = strstr(text, head);
    size_t k = 0;
    if (!at)
        fail_msg("no <%s> in <%.1500s>", head, text);
    for (at += strlen(head); *at && *at != end && k + 1 < n; at++)
        out[k++] = *at;
    out[k] = '\0';
}

static inline void sign_in(struct app_fix *f, const char *login)
{
    struct buf b;
    char door[64], body[300], token[100];
    buf_init(&b, 0);
    f->cookie[0] = '\0';
    ask(f, "GET", "/login", "", NULL, &b);
    between(b.p, "Set-Cookie: door=", ';', door, sizeof(door));
    snprintf(f->cookie, sizeof(f->cookie), "door=%s", door);
    snprintf(body, sizeof(body), "login=%s&password=" GOOD "&csrf=%s&next=/library", login, door);
    ask(f, "POST", "/login", "Origin: http://t:1\r\n", body, &b);
    expect(&b, "303", "Set-Cookie: qianshao=");
    between(b.p, "Set-Cookie: qianshao=", ';', token, sizeof(token));
    snprintf(f->cookie, sizeof(f->cookie), "qianshao=%s", token);
    ask(f, "GET", "/password", "", NULL, &b);
    between(b.p, "name=\"csrf\" value=\"", '"', f->csrf, sizeof(f->csrf));
    buf_release(&b);
}

#endif
