#include "base/log.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/utf8.h"

#define TAIL 16 /* room for ,"cut":true and }\n */

static const char *const level_name[] = {"debug", "info", "warn", "error"};

enum code log_level_parse(struct str s, enum log_level *out, struct err *e)
{
    for (int i = LOG_DEBUG; i <= LOG_ERROR; i++)
        if (str_eq(s, str_z(level_name[i]))) {
            *out = (enum log_level)i;
            return OK;
        }
    return FAIL(e, E_INPUT, "日志级别“%.*s”应为 debug、info、warn 或 error", SF(s));
}

void log_begin(struct log_line *l, const struct log *log, enum log_level level, const char *event)
{
    struct buf when;

    *l = (struct log_line){.log = NULL};
    if (!log || log->fd < 0 || level < log->least)
        return;
    l->log = log;
    buf_init(&l->b, LOG_LINE_MAX);
    buf_init(&when, 0);
    clock_write_rfc3339(&when, clock_now_ms(), log->zone);
    jw_init(&l->j, &l->b);
    jw_obj(&l->j);
    jw_kstr(&l->j, "time", buf_view(&when));
    jw_kstr(&l->j, "level", str_z(level_name[level]));
    jw_kstr(&l->j, "event", str_z(event));
    buf_release(&when);
}

/* A field is written whole or taken back. */
struct mark {
    size_t n;
    struct jw j;
};

static struct mark start(struct log_line *l, const char *key)
{
    struct mark m = {l->b.n, l->j};

    jw_key(&l->j, str_z(key));
    return m;
}

static void done(struct log_line *l, const struct mark *m)
{
    if (!l->b.full && l->b.n + TAIL <= LOG_LINE_MAX)
        return;
    l->b.n = m->n;
    l->b.full = false;
    l->j = m->j;
    l->cut = true;
}

static bool secret(const char *key)
{
    static const char *const part[] = {
        "password", "passphrase", "secret", "token", "cookie", "session", "private"};

    for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++)
        if (strstr(key, part[i]))
            return true;
    return false;
}

/* s cut to LOG_VALUE_MAX bytes, not within a character. */
static struct str clip(struct log_line *l, struct str s)
{
    size_t n = LOG_VALUE_MAX;

    if (s.n <= n)
        return s;
    while (n > LOG_VALUE_MAX - 4 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
        n--;
    l->cut = true;
    return str_sub(s, 0, n);
}

void log_str(struct log_line *l, const char *key, struct str s)
{
    struct mark m;

    if (!l->log)
        return;
    m = start(l, key);
    jw_str(&l->j, secret(key) ? S("***") : clip(l, s));
    done(l, &m);
}

void log_int(struct log_line *l, const char *key, int64_t v)
{
    struct mark m;

    if (!l->log)
        return;
    m = start(l, key);
    jw_int(&l->j, v);
    done(l, &m);
}

void log_real(struct log_line *l, const char *key, double v)
{
    struct mark m;

    if (!l->log)
        return;
    m = start(l, key);
    jw_real(&l->j, v);
    done(l, &m);
}

void log_bool(struct log_line *l, const char *key, bool v)
{
    struct mark m;

    if (!l->log)
        return;
    m = start(l, key);
    jw_bool(&l->j, v);
    done(l, &m);
}

void log_id(struct log_line *l, const char *key, int64_t id)
{
    struct mark m;

    if (!l->log)
        return;
    m = start(l, key);
    jw_id(&l->j, id);
    done(l, &m);
}

void log_err(struct log_line *l, const struct err *e)
{
    log_int(l, "code", e->code);
    log_str(l, "message", str_z(e->msg));
    log_str(l, "file", str_z(e->file));
    log_int(l, "line", e->line);
}

void log_end(struct log_line *l)
{
    struct str line;
    ssize_t put;

    if (!l->log)
        return;
    if (l->cut)
        jw_kbool(&l->j, "cut", true);
    jw_end(&l->j);
    buf_char(&l->b, '\n');
    line = buf_view(&l->b);
    do
        put = write(l->log->fd, line.p, line.n);
    while (put < 0 && errno == EINTR);
    buf_release(&l->b);
}
