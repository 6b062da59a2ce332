/* intake_http.c - one GET with limits, for feeds. Redirects are followed by hand, at most three, and only on the
 * same host, so that a feed cannot send us to a machine of the inner network. */
#include <curl/curl.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "office/intake_int.h"

enum { REDIRECTS = 3 };

struct get {
    struct arena *a;
    const struct intake_get *g;
    struct intake_got *got;
    struct buf body;
};

struct str intake_host(struct arena *a, struct str url)
{
    struct str rest = url, host;
    if (!str_eat(&rest, S("https://")) && !str_eat(&rest, S("http://")))
        return (struct str){0};
    size_t end = 0;
    while (end < rest.n && !strchr("/?#", rest.p[end]))
        end++;
    host = str_sub(rest, 0, end);
    if (str_has(host, S("@")) || str_has(host, S("\\")) || !host.n)
        return (struct str){0};
    char *low = arena_z(a, host);
    for (char *p = low; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    return str_z(low);
}

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
    struct get *x = arg;
    buf_add(&x->body, p, size * n);
    return x->body.full ? 0 : size * n;
}

static bool header_is(struct str line, struct str name, struct str *value)
{
    if (line.n <= name.n || line.p[name.n] != ':' || strncasecmp(line.p, name.p, name.n) != 0)
        return false;
    *value = str_trim(str_sub(line, name.n + 1, SIZE_MAX));
    return true;
}

static size_t on_header(char *p, size_t size, size_t n, void *arg)
{
    struct get *x = arg;
    struct str v, line = {p, size * n};
    if (header_is(line, S("ETag"), &v) && v.n <= 500)
        x->got->etag = arena_str(x->a, v);
    else if (header_is(line, S("Last-Modified"), &v) && v.n <= 100)
        x->got->modified = arena_str(x->a, v);
    else if (header_is(line, S("Content-Type"), &v) && v.n <= 200)
        x->got->type = arena_str(x->a, v);
    return size * n;
}

static bool set_options(CURL *c, struct get *x, struct curl_slist *headers, char *why)
{
    const struct intake_get *g = x->g;
    return curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_NOPROXY, "*") == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)INTAKE_CONNECT_S) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)INTAKE_TRANSFER_S) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)g->max) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "") == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_USERAGENT, "qianshao/" QIANSHAO_VERSION) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_WRITEDATA, x) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_HEADERDATA, x) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_ERRORBUFFER, why) == CURLE_OK &&
           (!g->ca.n || curl_easy_setopt(c, CURLOPT_CAINFO, arena_z(x->a, g->ca)) == CURLE_OK);
}

/* One request; *next: where it redirects to, or empty. */
static enum code one_get(CURL *c, struct get *x, struct str url, struct str *next, struct err *e)
{
    struct curl_slist *h = NULL;
    char why[CURL_ERROR_SIZE] = "";
    const char *to = NULL;
    long status = 0;
    buf_clear(&x->body);
    x->got->etag = x->got->modified = x->got->type = (struct str){0};
    if (x->g->etag.n)
        h = curl_slist_append(h, arena_printf(x->a, "If-None-Match: %.*s", SF(x->g->etag)).p);
    if (x->g->modified.n)
        h = curl_slist_append(
            h, arena_printf(x->a, "If-Modified-Since: %.*s", SF(x->g->modified)).p);
    CURLcode rc = CURLE_FAILED_INIT;
    if (set_options(c, x, h, why) &&
        curl_easy_setopt(c, CURLOPT_URL, arena_z(x->a, url)) == CURLE_OK)
        rc = curl_easy_perform(c);
    (void)curl_easy_setopt(c, CURLOPT_ERRORBUFFER, NULL);
    (void)curl_easy_setopt(c, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(h);
    if (x->body.full || rc == CURLE_FILESIZE_EXCEEDED)
        return FAIL(e, E_LIMIT, "“%.*s”的内容超过上限%zu MiB", SF(url), x->g->max >> 20);
    if (rc != CURLE_OK)
        return FAIL(e, E_IO, "取不到“%.*s”：%s", SF(url), *why ? why : curl_easy_strerror(rc));
    (void)curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(c, CURLINFO_REDIRECT_URL, &to);
    x->got->status = status;
    *next = arena_str(x->a, str_z(to));
    return OK;
}

/* Only on the same host, and never from an encrypted address to a plain one. */
static bool may_follow(const struct get *x, struct str from, struct str to)
{
    bool weaker = str_starts(from, S("https:")) && !str_starts(to, S("https:"));
    return !weaker && str_eq(intake_host(x->a, to), x->g->host);
}

static enum code follow(CURL *c, struct get *x, struct err *e)
{
    struct str url = x->g->url, next = {0};
    for (int i = 0;; i++) {
        TRY(one_get(c, x, url, &next, e));
        if (!next.n)
            break;
        if (i == REDIRECTS)
            return FAIL(e, E_IO, "“%.*s”转了%d次还没有内容", SF(x->g->url), REDIRECTS);
        if (!may_follow(x, url, next))
            return FAIL(e, E_DENIED, "“%.*s”转到了另一处“%.*s”，不跟随", SF(url), SF(next));
        url = next;
    }
    if (x->got->status != 200 && x->got->status != 304)
        return FAIL(e, E_IO, "“%.*s”应答%ld", SF(url), x->got->status);
    x->got->url = url;
    return OK;
}

enum code intake_fetch(
    struct arena *a, const struct intake_get *g, struct intake_got *out, struct err *e)
{
    struct intake_got got = {0};
    struct get x = {.a = a, .g = g, .got = &got};
    CURL *c = curl_easy_init();
    if (!c)
        return FAIL(e, E_IO, "无法准备网络连接");
    buf_init(&x.body, g->max);
    enum code code = follow(c, &x, e);
    if (code == OK) {
        got.body = arena_str(a, buf_view(&x.body));
        *out = got;
    }
    buf_release(&x.body);
    curl_easy_cleanup(c);
    return code;
}
