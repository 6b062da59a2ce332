#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/utf8.h"
#include "cli/cli_int.h"

int64_t now_steady_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

const char *thousands(int64_t v, char out[32])
{
    char digits[24];
    int n = snprintf(digits, sizeof(digits), "%lld", (long long)(v < 0 ? -v : v));
    size_t k = 0;
    if (v < 0)
        out[k++] = '-';
    for (int i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0)
            out[k++] = ',';
        out[k++] = digits[i];
    }
    out[k] = '\0';
    return out;
}

static size_t width_of(uint32_t cp)
{
    bool wide = utf8_is_han(cp) || (cp >= 0x3000 && cp <= 0x30ff) ||
                (cp >= 0xff01 && cp <= 0xff60) || (cp >= 0x2014 && cp <= 0x2026) ||
                (cp >= 0xac00 && cp <= 0xd7a3);
    return wide ? 2 : 1;
}

size_t display_width(struct str s)
{
    size_t w = 0;
    for (size_t off = 0; off < s.n;)
        w += width_of(utf8_next(s, &off));
    return w;
}

/* The end of s that fits in `columns`: of a path the end says most. */
static struct str tail_of(struct str s, size_t columns)
{
    size_t w = display_width(s), off = 0;
    while (w > columns && off < s.n)
        w -= width_of(utf8_next(s, &off));
    return str_sub(s, off, s.n);
}

void progress_init(struct progress *p)
{
    *p = (struct progress){.terminal = isatty(STDERR_FILENO) == 1, .began_ms = now_steady_ms()};
}

int64_t progress_seconds(const struct progress *p)
{
    return (now_steady_ms() - p->began_ms) / 1000;
}

static size_t columns(void)
{
    struct winsize w = {0};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w) != 0 || w.ws_col < 40)
        return 80;
    return w.ws_col;
}

void progress_show(struct progress *p, int64_t done, int64_t all, struct str what)
{
    char a[32], b[32], r[32], line[160];
    int64_t now = now_steady_ms();
    if (!p->terminal || now - p->shown_ms < 100)
        return;
    p->shown_ms = now;
    int64_t ms = now - p->began_ms + 1;
    int64_t rate = done * 1000 / ms;
    int n;
    if (all > 0 && done <= all) {
        int64_t left = done > 0 ? (all - done) * ms / done / 1000 : 0;
        n = snprintf(line, sizeof(line), "%s/%s  %lld%%  每秒%s  剩余%lld:%02lld  ",
            thousands(done, a), thousands(all, b), (long long)(done * 100 / all),
            thousands(rate, r), (long long)(left / 60), (long long)(left % 60));
    } else {
        n = snprintf(line, sizeof(line), "%s  每秒%s  ", thousands(done, a), thousands(rate, r));
    }
    struct str head = {line, n > 0 ? (size_t)n : 0};
    size_t room = columns() - 1, used = display_width(head);
    struct str tail = tail_of(what, used < room ? room - used : 0);
    (void)fprintf(stderr, "\r\033[K%.*s%.*s", SF(head), SF(tail));
    (void)fflush(stderr);
    p->drawn = true;
}

void progress_clear(struct progress *p)
{
    if (p->drawn)
        (void)fputs("\r\033[K", stderr);
    p->drawn = false;
}
