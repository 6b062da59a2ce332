/* intake_mail.c - a mailbox, read over IMAP. libcurl connects, encrypts and signs in (CONNECT_ONLY); the few
 * commands after that are spoken here, because libcurl's own fetch would mark mails as read and
 * hands literals of other commands over in pieces. The mailbox is opened with EXAMINE, mails are
 * read with BODY.PEEK[]: nothing in it changes. Source: RFC 3501, 6.3.2, 6.4.5, 6.4.8, 7. */
#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "office/intake_int.h"

enum { MAIL_MAX = 64 << 20, MAIL_TAG = 1000 };

struct imap {
    CURL *curl;
    struct intake_job *j;
    struct buf in;  /* bytes received and not used */
    struct buf got; /* the mail of the last fetch */
    size_t used;
    int tag;
    struct str host; /* for messages */
};

/* What the dialog is waiting for. */
struct reply {
    const char *what; /* the step, for a message */
    int64_t uid_validity;
    int64_t *uids; /* of a search, in the job's arena */
    size_t n, cap;
    int64_t size; /* RFC822.SIZE */
};

/* ---- bytes ---- */

static enum code wait_socket(struct imap *m, short events, int64_t until_ms, struct err *e)
{
    curl_socket_t s = CURL_SOCKET_BAD;
    (void)curl_easy_getinfo(m->curl, CURLINFO_ACTIVESOCKET, &s);
    for (;;) {
        struct pollfd p = {.fd = s, .events = events};
        int64_t left = until_ms - clock_mono_us() / 1000;
        if (s == CURL_SOCKET_BAD || left <= 0)
            return FAIL(e, E_IO, "邮件服务器“%.*s”%d秒没有应答", SF(m->host), INTAKE_TRANSFER_S);
        if (intake_stopping(m->j))
            return FAIL(e, E_BUSY, "收信被停止");
        if (poll(&p, 1, left < 500 ? (int)left : 500) > 0)
            return OK;
    }
}

static enum code imap_send(struct imap *m, struct str s, struct err *e)
{
    int64_t until = clock_mono_us() / 1000 + INTAKE_TRANSFER_S * MS_SECOND;
    while (s.n) {
        size_t k = 0;
        CURLcode rc = curl_easy_send(m->curl, s.p, s.n, &k);
        if (rc == CURLE_AGAIN) {
            TRY(wait_socket(m, POLLOUT, until, e));
            continue;
        }
        if (rc != CURLE_OK)
            return FAIL(e, E_IO, "与邮件服务器“%.*s”的连接中断", SF(m->host));
        s = str_sub(s, k, SIZE_MAX);
    }
    return OK;
}

/* More bytes into m->in. */
static enum code imap_more(struct imap *m, struct err *e)
{
    char chunk[16384];
    size_t k = 0;
    int64_t until = clock_mono_us() / 1000 + INTAKE_TRANSFER_S * MS_SECOND;
    for (;;) {
        CURLcode rc = curl_easy_recv(m->curl, chunk, sizeof(chunk), &k);
        if (rc == CURLE_OK && k)
            break;
        if (rc != CURLE_AGAIN)
            return FAIL(e, E_IO, "与邮件服务器“%.*s”的连接中断", SF(m->host));
        TRY(wait_socket(m, POLLIN, until, e));
    }
    if (m->used) {
        memmove(m->in.p, m->in.p + m->used, m->in.n - m->used);
        m->in.n -= m->used;
        m->used = 0;
    }
    buf_add(&m->in, chunk, k);
    return buf_check(&m->in, "邮件服务器的一行应答", e);
}

/* The next line without CRLF, valid until the next read. */
static enum code imap_line(struct imap *m, struct str *line, struct err *e)
{
    for (;;) {
        struct str rest = str_sub(buf_view(&m->in), m->used, SIZE_MAX);
        size_t end = str_find(rest, S("\r\n"), 0);
        if (end != SIZE_MAX) {
            m->used += end + 2;
            *line = str_sub(rest, 0, end);
            return OK;
        }
        TRY(imap_more(m, e));
    }
}

/* n bytes of a literal into m->got. */
static enum code imap_literal(struct imap *m, int64_t n, struct err *e)
{
    if (n > MAIL_MAX)
        return FAIL(e, E_LIMIT, "邮件服务器“%.*s”要发来%lld字节，超过上限%d MiB", SF(m->host),
            (long long)n, MAIL_MAX >> 20);
    buf_clear(&m->got);
    while ((int64_t)m->got.n < n) {
        struct str rest = str_sub(buf_view(&m->in), m->used, (size_t)n - m->got.n);
        buf_str(&m->got, rest);
        m->used += rest.n;
        if ((int64_t)m->got.n < n)
            TRY(imap_more(m, e));
    }
    return OK;
}

/* ---- answers ---- */

/* The number behind `key` in a line: "UIDVALIDITY 1795411352". */
static bool number_after(struct str line, struct str key, int64_t *out)
{
    struct err none;
    size_t at = str_find(line, key, 0), end;
    if (at == SIZE_MAX)
        return false;
    struct str s = str_trim(str_sub(line, at + key.n, SIZE_MAX));
    for (end = 0; end < s.n && s.p[end] >= '0' && s.p[end] <= '9'; end++)
        ;
    return end && str_int(str_sub(s, 0, end), out, &none) == OK;
}

/* "…{123}" at the end of a line announces 123 bytes. */
static bool literal_size(struct str line, int64_t *n)
{
    struct str head, digits;
    struct err none;
    return str_eat_end(&line, S("}")) && str_cut_last(line, S("{"), &head, &digits) &&
           str_int(digits, n, &none) == OK && *n >= 0;
}

static void untagged(struct imap *m, struct str line, struct reply *r)
{
    struct str word;
    if (str_eat(&line, S("* SEARCH"))) {
        struct str rest = str_trim(line);
        struct err none;
        int64_t uid;
        while (str_next(&rest, S(" "), &word))
            if (str_int(word, &uid, &none) == OK && uid > 0)
                ARENA_PUSH(m->j->a, r->uids, r->n, r->cap) = uid;
        return;
    }
    (void)number_after(line, S("UIDVALIDITY "), &r->uid_validity);
    (void)number_after(line, S("RFC822.SIZE "), &r->size);
}

/* One line of the answer to the command of `tag`; *done with its tagged line. */
static enum code one_answer(
    struct imap *m, struct str tag, struct reply *r, bool *done, struct err *e)
{
    struct str line = {0};
    int64_t n = 0;
    TRY(imap_line(m, &line, e));
    *done = str_eat(&line, tag);
    if (*done && str_starts(line, S("OK")))
        return OK;
    if (*done)
        return FAIL(e, E_IO, "邮件服务器“%.*s”不肯%s：%.*s", SF(m->host), r->what,
            SF(str_sub(line, 0, 200)));
    if (str_starts(line, S("* BYE")))
        return FAIL(e, E_IO, "邮件服务器“%.*s”断开了连接", SF(m->host));
    untagged(m, line, r);
    return literal_size(line, &n) ? imap_literal(m, n, e) : OK;
}

/* Send one command and read until its tagged answer. `what` names the step for a message. */
static enum code imap_ask(
    struct imap *m, struct str command, const char *what, struct reply *r, struct err *e)
{
    struct str tag = arena_printf(m->j->a, "Q%d ", m->tag++);
    bool done = false;
    r->what = what;
    TRY(imap_send(m, arena_printf(m->j->a, "%.*s%.*s\r\n", SF(tag), SF(command)), e));
    while (!done)
        TRY(one_answer(m, tag, r, &done, e));
    return OK;
}

/* ---- connecting ---- */

static enum code imap_connect(struct imap *m, struct str password, struct err *e)
{
    const struct intake_source *s = m->j->src;
    struct str rest = s->place, host, box, scheme;
    (void)str_cut(rest, S("://"), &scheme, &rest);
    host = rest;
    (void)str_cut(rest, S("/"), &host, &box);
    m->host = host;
    m->curl = curl_easy_init();
    if (!m->curl)
        return FAIL(e, E_IO, "无法准备网络连接");
    CURL *c = m->curl;
    char why[CURL_ERROR_SIZE] = "";
    struct str url = arena_printf(m->j->a, "%.*s://%.*s/", SF(scheme), SF(host));
    bool ok = curl_easy_setopt(c, CURLOPT_URL, url.p) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "imap,imaps") == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_USERNAME, arena_z(m->j->a, s->user)) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_PASSWORD, arena_z(m->j->a, password)) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_CONNECT_ONLY, 1L) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_NOPROXY, "*") == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_ERRORBUFFER, why) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)INTAKE_CONNECT_S) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)INTAKE_CONNECT_S * 2) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_USE_SSL,
                  (long)(s->plaintext ? CURLUSESSL_NONE : CURLUSESSL_ALL)) == CURLE_OK;
    if (ok && s->ca.n)
        ok = curl_easy_setopt(c, CURLOPT_CAINFO, arena_z(m->j->a, s->ca)) == CURLE_OK;
    CURLcode rc = ok ? curl_easy_perform(c) : CURLE_FAILED_INIT;
    (void)curl_easy_setopt(c, CURLOPT_ERRORBUFFER, NULL);
    if (rc == CURLE_LOGIN_DENIED)
        return FAIL(e, E_IO, "邮件服务器“%.*s”不接受用户“%.*s”的口令", SF(host), SF(s->user));
    if (rc != CURLE_OK)
        return FAIL(
            e, E_IO, "连不上邮件服务器“%.*s”：%s", SF(host), *why ? why : curl_easy_strerror(rc));
    return OK;
}

/* The mailbox of the address, as a quoted string; INBOX when it names none. */
static enum code mailbox(struct intake_job *j, struct str *out, struct err *e)
{
    struct str rest = j->src->place, head, box = {0};
    (void)str_cut(rest, S("://"), &head, &rest);
    (void)str_cut(rest, S("/"), &head, &box);
    if (!box.n)
        box = S("INBOX");
    for (size_t i = 0; i < box.n; i++)
        if (box.p[i] == '"' || box.p[i] == '\\' || (unsigned char)box.p[i] >= 0x80)
            return FAIL(e, E_INPUT, "邮箱文件夹“%.*s”请写成英文字母（UTF-7）的形式", SF(box));
    *out = box;
    return OK;
}

/* ---- one run ---- */

struct position {
    int64_t validity, last;
};

static struct position position_of(struct str state)
{
    struct position p = {0};
    struct err none;
    json_t *o = NULL;
    if (state.n && jr_parse(state, &o, &none) == OK) {
        p.validity = jr_int(o, "validity", 0);
        p.last = jr_int(o, "last", 0);
        json_decref(o);
    }
    return p;
}

static void set_position(struct intake_job *j, struct position p)
{
    j->state = arena_printf(
        j->a, "{\"validity\":%lld,\"last\":%lld}", (long long)p.validity, (long long)p.last);
}

static enum code take_mail(struct imap *m, struct position p, struct err *e)
{
    struct intake_job *j = m->j;
    struct reply r = {0};
    bool seen;
    struct str key = arena_printf(j->a, "%lld:%lld", (long long)p.validity, (long long)p.last);
    struct str name = arena_printf(j->a, "邮件%lld.eml", (long long)p.last);
    TRY(intake_seen(j, key, (struct str){0}, &seen, e));
    if (seen)
        return OK;
    set_position(j, p);
    TRY(imap_ask(m, arena_printf(j->a, "UID FETCH %lld (RFC822.SIZE)", (long long)p.last),
        "报邮件大小", &r, e));
    if (r.size > MAIL_MAX) {
        struct str why = arena_printf(
            j->a, "邮件有%lld MiB，超过上限%d MiB", (long long)(r.size >> 20), MAIL_MAX >> 20);
        return intake_skip(j, key, (struct str){0}, why, e);
    }
    buf_clear(&m->got);
    TRY(imap_ask(m, arena_printf(j->a, "UID FETCH %lld (BODY.PEEK[])", (long long)p.last),
        "交出邮件", &r, e));
    if (!m->got.n) /* deleted meanwhile */
        return OK;
    j->at = name;
    return intake_take_bytes(j, key, (struct str){0}, name, buf_view(&m->got), e);
}

static int by_number(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

static enum code take_new(struct imap *m, struct err *e)
{
    struct intake_job *j = m->j;
    struct reply r = {0};
    struct position p = position_of(j->state);
    struct str box = {0};
    int taken = 0;
    TRY(mailbox(j, &box, e));
    TRY(imap_ask(m, arena_printf(j->a, "EXAMINE \"%.*s\"", SF(box)), "打开邮箱文件夹", &r, e));
    if (r.uid_validity != p.validity) /* numbered anew: what was taken comes back as duplicates */
        p = (struct position){r.uid_validity, 0};
    TRY(imap_ask(m, arena_printf(j->a, "UID SEARCH UID %lld:*", (long long)p.last + 1),
        "列出新邮件", &r, e));
    if (r.n)
        qsort(r.uids, r.n, sizeof(*r.uids), by_number);
    for (size_t i = 0; i < r.n && !intake_stopping(j); i++) {
        if (r.uids[i] <= p.last) /* "n:*" names the last mail even when it is older */
            continue;
        if (++taken > INTAKE_ITEMS) {
            j->soon = true;
            break;
        }
        p.last = r.uids[i];
        TRY(take_mail(m, p, e));
    }
    set_position(j, p);
    return OK;
}

enum code intake_mail(struct intake_job *j, struct err *e)
{
    struct imap m = {.j = j, .tag = MAIL_TAG};
    struct str password;
    struct reply r = {0};
    struct err none;
    TRY(intake_secret_get(j->o, j->a, j->src->id, &password, e));
    buf_init(&m.in, INTAKE_LINE_MAX);
    buf_init(&m.got, MAIL_MAX);
    enum code c = imap_connect(&m, password, e);
    if (c == OK)
        c = take_new(&m, e);
    if (c == OK)
        (void)imap_ask(
            &m, S("LOGOUT"), "退出", &r, &none); /* politeness; its failure changes nothing */
    if (m.curl)
        curl_easy_cleanup(m.curl);
    buf_release(&m.in);
    buf_release(&m.got);
    return c;
}
