/* page_rate.c - how long one page takes at a constant rate, over connections that stay open.
 *
 *   page_rate PORT PATH COOKIE RATE SECONDS [PID]
 *
 * A request that had to wait for the one before counts from when it should have been sent. PID: of the server, for its processor time. */
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS = 8, MOST = 100000, HEAD_MAX = 65536 };

struct rating {
    int port;
    const char *path, *cookie;
    double t0, rate;
    long n;
    atomic_long next, bad, bytes;
    double ms[MOST];
};

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void until(double at_s)
{
    double left = at_s - now_s();
    struct timespec t = {
        .tv_sec = (time_t)left, .tv_nsec = (long)((left - (double)(long)left) * 1e9)};
    if (left > 0)
        (void)nanosleep(&t, NULL);
}

static int dial(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0) {
        perror("connect");
        exit(1);
    }
    return fd;
}

/* One answer, to its end by Content-Length; its status, 0 when the connection ended. */
static int answer(int fd, long *bytes)
{
    static _Thread_local char b[HEAD_MAX];
    size_t n = 0;
    char *end = NULL;
    while (!end && n < sizeof(b) - 1) {
        ssize_t k = read(fd, b + n, sizeof(b) - 1 - n);
        if (k <= 0)
            return 0;
        n += (size_t)k;
        b[n] = '\0';
        end = strstr(b, "\r\n\r\n");
    }
    const char *length = end ? strstr(b, "Content-Length: ") : NULL;
    if (!length)
        return 0;
    long left = strtol(length + 16, NULL, 10) - (long)(n - (size_t)(end + 4 - b));
    int status = (int)strtol(b + 9, NULL, 10);
    *bytes = strtol(length + 16, NULL, 10);
    for (ssize_t k; left > 0; left -= k)
        if ((k = read(fd, b, (size_t)left < sizeof(b) ? (size_t)left : sizeof(b))) <= 0)
            return 0;
    return status;
}

static void *connection_main(void *arg)
{
    struct rating *r = arg;
    char request[2000];
    int n = snprintf(request, sizeof(request),
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: %s\r\nAccept: text/html\r\n\r\n", r->path,
        r->port, r->cookie);
    int fd = dial(r->port);
    for (long i; (i = atomic_fetch_add(&r->next, 1)) < r->n;) {
        double due = r->t0 + (double)i / r->rate;
        long bytes = 0;
        until(due);
        bool sent = write(fd, request, (size_t)n) == n;
        int status = sent ? answer(fd, &bytes) : 0;
        if (status != 200)
            atomic_fetch_add(&r->bad, 1);
        if (status == 0) {
            (void)close(fd);
            fd = dial(r->port);
        }
        atomic_store(&r->bytes, bytes);
        r->ms[i] = (now_s() - due) * 1e3;
    }
    (void)close(fd);
    return NULL;
}

static double processor_ms(const char *pid)
{
    char path[64], line[1000];
    if (!pid)
        return 0;
    (void)snprintf(path, sizeof(path), "/proc/%s/stat", pid);
    FILE *f = fopen(path, "r");
    const char *at = f && fgets(line, sizeof(line), f) ? strrchr(line, ')') : NULL;
    unsigned long user = 0, system = 0;
    /* ") S ppid ..." : the twelfth and thirteenth words behind the name */
    for (int word = 0; at && word < 12; word++)
        at = strchr(at + 1, ' ');
    if (at) {
        char *end;
        user = strtoul(at, &end, 10);
        system = strtoul(end, NULL, 10);
    }
    if (f)
        (void)fclose(f);
    return (double)(user + system) * 1000 / (double)sysconf(_SC_CLK_TCK);
}

static int by_value(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

int main(int argc, char **argv)
{
    static struct rating r;
    pthread_t t[CONNECTIONS];
    if (argc < 6) {
        (void)fprintf(stderr, "page_rate PORT PATH COOKIE RATE SECONDS [PID]\n");
        return 2;
    }
    r.port = (int)strtol(argv[1], NULL, 10);
    r.path = argv[2];
    r.cookie = argv[3];
    r.rate = strtod(argv[4], NULL);
    r.n = (long)(r.rate * strtod(argv[5], NULL));
    r.n = r.n < 1 ? 1 : r.n > MOST ? MOST : r.n;
    double cpu = processor_ms(argc > 6 ? argv[6] : NULL);
    r.t0 = now_s() + 0.05;
    for (int i = 0; i < CONNECTIONS; i++)
        if (pthread_create(&t[i], NULL, connection_main, &r) != 0)
            return 1;
    for (int i = 0; i < CONNECTIONS; i++)
        (void)pthread_join(t[i], NULL);
    cpu = processor_ms(argc > 6 ? argv[6] : NULL) - cpu;
    qsort(r.ms, (size_t)r.n, sizeof(*r.ms), by_value);
    printf(
        "p50 %7.2f  p99 %7.2f  max %7.2f ms, %5.2f ms of processor, %ld bytes, %ld not answered\n",
        r.ms[r.n / 2], r.ms[r.n * 99 / 100], r.ms[r.n - 1], cpu / (double)r.n,
        atomic_load(&r.bytes), atomic_load(&r.bad));
    return atomic_load(&r.bad) != 0;
}
