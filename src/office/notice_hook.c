/* notice_hook.c - the robot of a chat group: a POST of JSON, as WeCom takes it. No redirects, no proxies, and only to an address that
 * hook_address lets pass: whoever may enter one must not make this server call the machines around it. */
#include <curl/curl.h>
#include <string.h>

#include "base/id.h"
#include "base/json.h"
#include "base/utf8.h"
#include "office/audit.h"
#include "office/keyring.h"
#include "office/notice_post.h"

#define SECRETS "notice.secret"

enum { HOOK_CONNECT_S = 10, HOOK_TRANSFER_S = 20, ANSWER_MAX = 64 << 10, HOST_MAX = 255 };

/* ---- addresses ---- */

static bool is_host(struct str s)
{
    if (s.n == 0 || s.n > HOST_MAX || s.p[0] == '.' || s.p[0] == '-')
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                c == '.' || c == '-'))
            return false;
    }
    return true;
}

/* Host without the port; false for anything that is no plain https://host[:port]/… */
static bool split(struct str url, bool *tls, struct str *host)
{
    struct str rest = url, port, at;
    int n = 0;
    *tls = str_eat(&rest, S("https://"));
    if (!*tls && !str_eat(&rest, S("http://")))
        return false;
    size_t end = 0;
    while (end < rest.n && !strchr("/?#", rest.p[end]))
        end++;
    at = str_sub(rest, 0, end);
    for (size_t i = 0; i < url.n; i++)
        if ((unsigned char)url.p[i] <= ' ' || (unsigned char)url.p[i] >= 0x7f)
            return false;
    *host = at;
    if (str_cut(at, S(":"), host, &port) && (!str_eat_digits(&port, 1, 5, &n) || port.n))
        return false;
    return is_host(*host) && n >= 0 && n <= 65535;
}

/* A name, not a bare number: 127.1, 2130706433 and 192.168.1.1 are ways around a rule. */
static bool is_name(struct str host)
{
    struct str head, last = host;
    (void)str_cut_last(host, S("."), &head, &last);
    for (size_t i = 0; i < last.n; i++)
        if ((last.p[i] >= 'a' && last.p[i] <= 'z') || (last.p[i] >= 'A' && last.p[i] <= 'Z'))
            return str_has(host, S(".")) && !str_starts(last, S("0x")) &&
                   !str_starts(last, S("0X"));
    return false;
}

bool hook_address(struct str url, bool loopback)
{
    struct str host;
    bool tls;
    if (url.n > HOOK_URL_MAX || !split(url, &tls, &host))
        return false;
    return tls ? is_name(host) : loopback && str_eq(host, S("127.0.0.1"));
}

/* ---- the table ---- */

enum code hook_list(
    struct db *db, struct arena *a, struct notice_hook **out, size_t *n, struct err *e)
{
    struct notice_hook *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q =
        db_sql(db, "SELECT h.id, h.unit, h.name, h.host, h.error, coalesce(u.short_name, '')"
                   " FROM notice_hook h LEFT JOIN unit u ON u.id = h.unit ORDER BY h.id LIMIT ?1");
    stmt_bind_int(q, 1, HOOKS_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = (struct notice_hook){.id = stmt_int(q, 0),
            .unit = stmt_int(q, 1),
            .name = arena_str(a, stmt_str(q, 2)),
            .host = arena_str(a, stmt_str(q, 3)),
            .error = arena_str(a, stmt_str(q, 4)),
            .unit_name = arena_str(a, stmt_str(q, 5))};
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

struct change {
    const struct viewer *v;
    int64_t id, unit;
    struct str name, host;
};

static enum code add_fn(struct db *db, void *arg, struct err *e)
{
    const struct change *c = arg;
    struct stmt *q = db_sql(db, "SELECT count(*) FROM unit WHERE id = ?1 AND active = 1");
    stmt_bind_int(q, 1, c->unit);
    bool there = stmt_step(q) && stmt_int(q, 0) == 1;
    TRY(stmt_end(q, e));
    if (!there)
        return FAIL(e, E_INPUT, "没有选定群所属的单位，选好后再保存");
    q = db_sql(db, "INSERT INTO notice_hook(id, unit, name, host, next_at, error, made, made_by)"
                   " VALUES(?1, ?2, ?3, ?4, 0, '', ?5, ?6)");
    stmt_bind_int(q, 1, c->id);
    stmt_bind_int(q, 2, c->unit);
    stmt_bind_str(q, 3, c->name);
    stmt_bind_str(q, 4, c->host);
    stmt_bind_int(q, 5, clock_now_ms());
    stmt_bind_int(q, 6, c->v->person);
    TRY(stmt_run(q, NULL, e));
    return audit_simple(db, c->v->person, "hook.add", "hook", c->id, S(""), e);
}

static enum code remove_fn(struct db *db, void *arg, struct err *e)
{
    const struct change *c = arg;
    int64_t n;
    struct stmt *q = db_sql(db, "DELETE FROM notice_hook WHERE id = ?1");
    stmt_bind_int(q, 1, c->id);
    TRY(stmt_run(q, &n, e));
    if (n == 0)
        return FAIL(e, E_NOTFOUND, "没有这个群机器人，可能已经删除");
    q = db_sql(db, "UPDATE notice_out SET state = 4, error = '群机器人已删除' WHERE channel = 2"
                   " AND target = ?1 AND state = 0");
    stmt_bind_int(q, 1, c->id);
    TRY(stmt_run(q, NULL, e));
    return audit_simple(db, c->v->person, "hook.remove", "hook", c->id, S(""), e);
}

static enum code may_set(const struct viewer *v, struct err *e)
{
    if (v->owner || v->roles & ROLE_CHIEF)
        return OK;
    return FAIL(e, E_DENIED, "群机器人由科长设置");
}

enum code hook_add(struct office *o, const struct viewer *v, int64_t unit, struct str name,
    struct str url, int64_t *id, struct err *e)
{
    struct change c = {.v = v, .id = id_next(), .unit = unit, .name = str_trim(name)};
    struct err none;
    bool tls;
    url = str_trim(url);
    TRY(may_set(v, e));
    if (!c.name.n || utf8_len_cp(c.name) > HOOK_NAME_CP_MAX || utf8_check(c.name) != SIZE_MAX)
        return FAIL(e, E_INPUT, "群的名称应有1到%d个字", HOOK_NAME_CP_MAX);
    if (!hook_address(url, true) || !split(url, &tls, &c.host))
        return FAIL(e, E_INPUT, "群机器人的地址应以 https:// 开头，从群里的机器人复制过来");
    TRY(keyring_set(
        o->dir, SECRETS, c.id, url, e)); /* first: a row without its secret is of no use */
    enum code code = store_write(o->store, add_fn, &c, e);
    if (code != OK)
        (void)!keyring_set(o->dir, SECRETS, c.id, S(""), &none);
    else
        *id = c.id;
    return code;
}

enum code hook_remove(struct office *o, const struct viewer *v, int64_t id, struct err *e)
{
    struct change c = {.v = v, .id = id};
    TRY(may_set(v, e));
    TRY(store_write(o->store, remove_fn, &c, e));
    return keyring_set(o->dir, SECRETS, id, S(""), e);
}

/* ---- sending ---- */

struct str post_cut(struct arena *a, struct str s, size_t max)
{
    const struct str dots = S("…");
    size_t end = 0, next = 0;
    if (s.n <= max)
        return s;
    while (next < s.n) {
        (void)utf8_next(s, &next);
        if (next + dots.n > max)
            break;
        end = next;
    }
    return arena_printf(a, "%.*s%.*s", SF(str_sub(s, 0, end)), SF(dots));
}

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
    struct buf *b = arg;
    buf_add(b, p, size * n);
    return b->full ? 0 : size * n;
}

/* {"errcode":0,"errmsg":"ok"} */
static enum code judge(long status, struct str answer, struct post_try *t, struct err *e)
{
    json_t *o = NULL;
    struct err none;
    int64_t code = -1;
    if (status != 200) {
        t->refused = status >= 400 && status < 500 && status != 429 && status != 408;
        return FAIL(e, E_IO, "群机器人应答%ld", status);
    }
    if (jr_parse(answer, &o, &none) == OK) {
        code = jr_int(o, "errcode", -1);
        json_decref(o);
    }
    if (code == 0)
        return OK;
    t->refused = code == 93000; /* no such robot: the key is wrong, or it was removed */
    return FAIL(
        e, E_IO, "群机器人不接受（%lld）%s", (long long)code, t->refused ? "，请科长重新设置" : "");
}

struct call {
    struct arena a;
    CURL *curl;
    struct curl_slist *head;
    struct buf body, answer;
    char why[CURL_ERROR_SIZE];
};

static bool set_options(struct call *k, const struct post_options *opt, struct str url)
{
    CURL *c = k->curl;
    k->head = curl_slist_append(NULL, "Content-Type: application/json; charset=utf-8");
    bool ok = k->head && curl_easy_setopt(c, CURLOPT_URL, arena_z(&k->a, url)) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR,
                  opt->hook_loopback ? "http,https" : "https") == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_NOPROXY, "*") == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)HOOK_CONNECT_S) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)HOOK_TRANSFER_S) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_USERAGENT, "qianshao/" QIANSHAO_VERSION) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_HTTPHEADER, k->head) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_POSTFIELDS, k->body.p) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)k->body.n) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_WRITEDATA, &k->answer) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_ERRORBUFFER, k->why) == CURLE_OK;
    return ok &&
           (!opt->ca.n || curl_easy_setopt(c, CURLOPT_CAINFO, arena_z(&k->a, opt->ca)) == CURLE_OK);
}

static enum code call(struct call *k, const struct post_options *opt, struct str url,
    struct post_try *t, struct err *e)
{
    long status = 0;
    if (!set_options(k, opt, url))
        return FAIL(e, E_IO, "无法准备网络连接");
    if (t->leaves)
        TRY(t->leaves(t->arg, e));
    t->left = true;
    CURLcode rc = curl_easy_perform(k->curl);
    if (rc != CURLE_OK) {
        curl_off_t out = 0; /* what never left was not heard either */
        (void)curl_easy_getinfo(k->curl, CURLINFO_SIZE_UPLOAD_T, &out);
        t->unknown = out > 0;
        return FAIL(e, E_IO, "群机器人没有应答：%s", *k->why ? k->why : curl_easy_strerror(rc));
    }
    (void)curl_easy_getinfo(k->curl, CURLINFO_RESPONSE_CODE, &status);
    return judge(status, buf_view(&k->answer), t, e);
}

enum code hook_send(const struct post_options *opt, struct str url, struct str text,
    struct post_try *t, struct err *e)
{
    struct call k = {.curl = NULL};
    struct jw j;
    t->left = t->refused = t->unknown = false;
    if (!hook_address(url, opt->hook_loopback)) {
        t->refused = true;
        return FAIL(e, E_DENIED, "群机器人的地址不合规定（只许 https），请科长重新设置");
    }
    k.curl = curl_easy_init();
    if (!k.curl)
        return FAIL(e, E_IO, "无法准备网络连接");
    arena_init(&k.a);
    buf_init(&k.body, 0);
    buf_init(&k.answer, ANSWER_MAX);
    jw_init(&j, &k.body);
    jw_obj(&j);
    jw_kstr(&j, "msgtype", S("text"));
    jw_kobj(&j, "text");
    jw_kstr(&j, "content", post_cut(&k.a, text, HOOK_TEXT_BYTES));
    jw_end(&j);
    jw_end(&j);
    enum code c = call(&k, opt, url, t, e);
    curl_easy_cleanup(k.curl);
    curl_slist_free_all(k.head);
    buf_release(&k.body);
    buf_release(&k.answer);
    arena_release(&k.a);
    return c;
}
