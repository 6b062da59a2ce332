/* A raw client for tests: bytes out, bytes in, over a real socket on loopback. */
#ifndef TESTS_UNIT_WEB_CLIENT_H
#define TESTS_UNIT_WEB_CLIENT_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"

static inline int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static inline int client_open(int port)
{
    struct sockaddr_in sa;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    memset(&sa, 0, sizeof(sa));
    sa.sin_family = AF_INET;
    sa.sin_port = htons((uint16_t)port);
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0) {
        perror("connect");
        abort();
    }
    return fd;
}

static inline bool client_send(int fd, const void *p, size_t n)
{
    const char *at = p;
    while (n > 0) {
        ssize_t k = send(fd, at, n, MSG_NOSIGNAL);
        if (k <= 0)
            return false;
        at += k;
        n -= (size_t)k;
    }
    return true;
}

/* Read until the peer closes, `stop` (may be NULL) was seen, or ms passed: true in the first two cases. */
static inline bool client_read(int fd, struct buf *b, const char *stop, int ms)
{
    int64_t until = now_ms() + ms;
    for (;;) {
        char piece[4096];
        struct pollfd p = {fd, POLLIN, 0};
        int64_t left = until - now_ms();
        ssize_t k;
        if (stop && b->p && strstr(b->p, stop))
            return true;
        if (left <= 0 || poll(&p, 1, (int)left) <= 0)
            return false;
        k = read(fd, piece, sizeof(piece));
        if (k <= 0)
            return true;
        buf_add(b, piece, (size_t)k);
    }
}

/* One exchange on its own connection: the whole answer; "" if the peer closed without a word. */
static inline void client_talk(int port, const void *p, size_t n, struct buf *out)
{
    int fd = client_open(port);
    client_send(fd, p, n);
    shutdown(fd, SHUT_WR);
    client_read(fd, out, NULL, 5000);
    buf_char(out, '\0');
    close(fd);
}

#endif
