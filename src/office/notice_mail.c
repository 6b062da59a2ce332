/* notice_mail.c - one mail over SMTP. The subject and the text go as base64, so that nothing a person typed can end a head line. */
#include <curl/curl.h>
#include <string.h>

#include "base/utf8.h"
#include "office/notice_post.h"

enum {
    MAIL_CONNECT_S = 15,
    MAIL_TRANSFER_S = 60,
    MAIL_BYTES = 1 << 20,
    WORD_BYTES = 42, /* 56 of base64: an encoded word is at most 75 long */
    LINE_BYTES = 57  /* 76 of base64 */
};

static void base64(struct buf *b, struct str s)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < s.n; i += 3) {
        uint32_t v = (uint32_t)(unsigned char)s.p[i] << 16;
        if (i + 1 < s.n)
            v |= (uint32_t)(unsigned char)s.p[i + 1] << 8;
        if (i + 2 < s.n)
            v |= (unsigned char)s.p[i + 2];
        char four[4] = {digits[v >> 18], digits[v >> 12 & 63], '=', '='};
        if (i + 1 < s.n)
            four[2] = digits[v >> 6 & 63];
        if (i + 2 < s.n)
            four[3] = digits[v & 63];
        buf_add(b, four, sizeof(four));
    }
}

/* RFC 2047: words of whole characters, each on a line of its own. */
static void encoded_words(struct buf *b, struct str s)
{
    for (bool first = true; s.n; first = false) {
        size_t end = 0, next = 0;
        while (next < s.n) {
            (void)utf8_next(s, &next);
            if (next > WORD_BYTES)
                break;
            end = next;
        }
        buf_z(b, first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
        base64(b, str_sub(s, 0, end));
        buf_z(b, "?=");
        s = str_sub(s, end, SIZE_MAX);
    }
}

static void mail_date(struct buf *b, int64_t at_ms)
{
    static const char *const days[] = {"", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {
        "", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil c = clock_civil(at_ms, ZONE_CHINA);
    buf_printf(b, "%s, %02d %s %04d %02d:%02d:%02d +0800",
        days[day_weekday(clock_day(at_ms, ZONE_CHINA))], c.day.d, months[c.day.m], c.day.y, c.hour,
        c.minute, c.second);
}

static struct str domain_of(struct str address)
{
    struct str local, host;
    return str_cut(address, S("@"), &local, &host) ? host : S("localhost");
}

void mail_write(struct buf *b, const struct post_options *opt, const struct post_mail *m)
{
    buf_z(b, "Date: ");
    mail_date(b, m->at_ms);
    buf_printf(b, "\r\nFrom: <%.*s>\r\nTo: <%.*s>\r\nMessage-ID: <%.*s@%.*s>\r\nSubject: ",
        SF(opt->mail_from), SF(m->to), SF(m->id), SF(domain_of(opt->mail_from)));
    encoded_words(b, m->subject);
    buf_z(b, "\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
             "Content-Type: text/plain; charset=UTF-8\r\n"
             "Content-Transfer-Encoding: base64\r\n\r\n");
    for (struct str rest = m->text; rest.n; rest = str_sub(rest, LINE_BYTES, SIZE_MAX)) {
        base64(b, str_sub(rest, 0, LINE_BYTES));
        buf_z(b, "\r\n");
    }
}

struct sending {
    struct post_try *t;
    struct str rest;
    struct err why; /* of leaves() */
    bool failed;
};

static size_t on_read(char *p, size_t size, size_t n, void *arg)
{
    struct sending *s = arg;
    if (!s->t->left) { /* the server has agreed to sender and receiver, and waits for the text */
        if (s->t->leaves && s->t->leaves(s->t->arg, &s->why) != OK) {
            s->failed = true;
            return CURL_READFUNC_ABORT;
        }
        s->t->left = true;
    }
    struct str piece = str_sub(s->rest, 0, size * n);
    if (piece.n)
        memcpy(p, piece.p, piece.n);
    s->rest = str_sub(s->rest, piece.n, SIZE_MAX);
    return piece.n;
}

static int on_progress(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct sending *s = arg;
    (void)a, (void)b, (void)c, (void)d;
    /* what is on its way is let arrive */
    return !s->t->left && s->t->stop && atomic_load(s->t->stop) ? 1 : 0;
}

struct letter {
    struct arena a;
    CURL *curl;
    struct curl_slist *to;
    struct sending s;
    char why[CURL_ERROR_SIZE];
};

static bool set_options(struct letter *l, const struct post_options *o, const struct post_mail *m)
{
    CURL *c = l->curl;
    bool ok = curl_easy_setopt(c, CURLOPT_URL, arena_z(&l->a, o->mail_url)) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps") == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_NOPROXY, "*") == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)MAIL_CONNECT_S) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)MAIL_TRANSFER_S) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_USE_SSL,
                  (long)(o->mail_plaintext ? CURLUSESSL_NONE : CURLUSESSL_ALL)) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_MAIL_FROM,
                  arena_printf(&l->a, "<%.*s>", SF(o->mail_from)).p) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_READFUNCTION, on_read) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_READDATA, &l->s) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_XFERINFODATA, &l->s) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_ERRORBUFFER, l->why) == CURLE_OK;
    l->to = curl_slist_append(NULL, arena_printf(&l->a, "<%.*s>", SF(m->to)).p);
    ok = ok && l->to && curl_easy_setopt(c, CURLOPT_MAIL_RCPT, l->to) == CURLE_OK;
    if (ok && o->ca.n)
        ok = curl_easy_setopt(c, CURLOPT_CAINFO, arena_z(&l->a, o->ca)) == CURLE_OK;
    if (ok && o->mail_user.n)
        ok = curl_easy_setopt(c, CURLOPT_USERNAME, arena_z(&l->a, o->mail_user)) == CURLE_OK &&
             curl_easy_setopt(c, CURLOPT_PASSWORD, arena_z(&l->a, o->mail_password)) == CURLE_OK;
    return ok;
}

/* What the server answered last tells a refusal (5xx), something to try again (4xx), and nothing at all. */
static enum code judge(struct letter *l, CURLcode rc, struct post_try *t, struct err *e)
{
    long status = 0;
    if (rc == CURLE_OK)
        return OK;
    if (l->s.failed)
        return FAIL(e, l->s.why.code, "%s", l->s.why.msg);
    (void)curl_easy_getinfo(l->curl, CURLINFO_RESPONSE_CODE, &status);
    t->refused = status >= 500 && status < 600 && rc != CURLE_LOGIN_DENIED;
    t->unknown = t->left && (rc == CURLE_RECV_ERROR || rc == CURLE_SEND_ERROR ||
                                rc == CURLE_GOT_NOTHING || rc == CURLE_OPERATION_TIMEDOUT);
    if (rc == CURLE_LOGIN_DENIED)
        return FAIL(e, E_IO, "邮件服务器不接受发信账号的口令，请管理员核对 mail_user");
    if (t->refused)
        return FAIL(e, E_IO, "邮件服务器拒收（%ld），请核对邮箱地址", status);
    return FAIL(e, E_IO, "邮件没有发出：%s", *l->why ? l->why : curl_easy_strerror(rc));
}

enum code mail_send(
    const struct post_options *opt, const struct post_mail *m, struct post_try *t, struct err *e)
{
    struct letter l = {.s = {.t = t}};
    struct buf b;
    enum code c;
    t->left = t->refused = t->unknown = false;
    if (!opt->mail_url.n || !opt->mail_from.n)
        return FAIL(e, E_INPUT, "没有设置发信的邮件服务器，请管理员在 qianshao.yaml 里写上");
    l.curl = curl_easy_init();
    if (!l.curl)
        return FAIL(e, E_IO, "无法准备网络连接");
    arena_init(&l.a);
    buf_init(&b, MAIL_BYTES);
    mail_write(&b, opt, m);
    l.s.rest = buf_view(&b);
    c = buf_check(&b, "邮件", e);
    if (c == OK)
        c = judge(
            &l, set_options(&l, opt, m) ? curl_easy_perform(l.curl) : CURLE_FAILED_INIT, t, e);
    curl_easy_cleanup(l.curl);
    curl_slist_free_all(l.to);
    buf_release(&b);
    arena_release(&l.a);
    return c;
}
