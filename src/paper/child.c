/* The long-lived child: one file after the other, until the socket closes. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): MAP_POPULATE */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "paper/annotate_int.h"
#include "paper/cage.h"
#include "paper/charset.h"
#include "paper/doc_int.h"
#include "paper/formats.h"
#include "paper/oserr.h"
#include "paper/program.h"
#include "paper/rich_int.h"
#include "paper/warm.h"
#include "paper/wire.h"

static bool send_all(const void *p, size_t n)
{
    const char *at = p;

    while (n > 0) {
        ssize_t w = send(WIRE_FD, at, n, MSG_NOSIGNAL);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return false;
        at += w;
        n -= (size_t)w;
    }
    return true;
}

/* The next request and its descriptor; false when the pool is gone. */
static bool receive(struct wire_request *r, int *fd)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec iov = {r, sizeof(*r)};
    struct msghdr m = {.msg_iov = &iov,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = sizeof(control.bytes)};
    struct cmsghdr *h;
    ssize_t n;

    do
        n = recvmsg(WIRE_FD, &m, MSG_WAITALL);
    while (n < 0 && errno == EINTR);
    if (n != (ssize_t)sizeof(*r) || r->magic != WIRE_MAGIC || r->name_n > WIRE_NAME)
        return false;
    h = CMSG_FIRSTHDR(&m);
    if (!h || h->cmsg_type != SCM_RIGHTS || h->cmsg_len != CMSG_LEN(sizeof(int)))
        return false;
    memcpy(fd, CMSG_DATA(h), sizeof(int));
    return true;
}

struct mapped {
    void *map;
    struct str text;
};

static enum code map_file(int fd, struct mapped *out, struct err *e)
{
    struct stat st;
    void *p;

    if (fstat(fd, &st) != 0)
        return FAIL(e, E_IO, "无法读取文件：%s", os_error(errno).z);
    if (st.st_size == 0) {
        *out = (struct mapped){NULL, S("")};
        return OK;
    }
    p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (p == MAP_FAILED) /* NOLINT(performance-no-int-to-ptr): the API's own value */
        return FAIL(e, E_IO, "无法读取文件：%s", os_error(errno).z);
    *out = (struct mapped){p, {p, (size_t)st.st_size}};
    return OK;
}

static enum code parse(
    const struct wire_request *r, struct arena *a, struct str bytes, struct doc *out, struct err *e)
{
    struct str name = {r->name, r->name_n};
    struct job j;

    job_init(&j, a, &r->limits, e);
    if (r->as == AS_PDFTEXT)
        (void)read_pdftext(&j, bytes);
    else if (r->as == AS_OCRTEXT)
        (void)read_ocrtext(&j, bytes);
    else if (r->as == AS_FEED)
        (void)read_feed(&j, bytes);
    else if (r->as == AS_ANNOTATE)
        (void)annotate_job(&j, bytes);
    else if (r->as == AS_RICH)
        (void)rich_job(&j, bytes);
    else if (r->as == AS_MEND)
        (void)mend_job(&j, bytes);
    else if (r->as == AS_REDRAW)
        (void)redraw_job(&j, bytes, (int)(r->page & 0xFFFF), (r->page & REDRAW_CLEAR) != 0);
    else if (r->as == AS_PICTURE)
        (void)read_picture(&j, bytes, name, (int)(r->page & 0xFFFFFF));
    else
        (void)read_any(&j, bytes, name);
    return job_end(&j, out);
}

/* Head by buffer, parts from where they lie. */
static bool answer(const struct doc *d)
{
    struct wire_reply reply = {.magic = WIRE_MAGIC, .code = OK};
    struct buf head = {0};
    bool ok;

    doc_encode_head(d, &head);
    reply.n = head.n;
    for (size_t i = 0; i < d->n_parts; i++)
        reply.n += d->parts[i].bytes.n;
    ok = !head.full && send_all(&reply, sizeof(reply)) && send_all(head.p, head.n);
    for (size_t i = 0; ok && i < d->n_parts; i++)
        ok = send_all(d->parts[i].bytes.p, d->parts[i].bytes.n);
    buf_release(&head);
    return ok;
}

static bool one_file(const struct wire_request *r, int fd)
{
    struct wire_reply reply = {.magic = WIRE_MAGIC};
    struct mapped bytes = {NULL, {"", 0}};
    struct doc d = {0};
    struct arena a;
    struct err e;
    bool ok;

    arena_init(&a);
    cage_cpu(r->limits.seconds);
    reply.code = (uint32_t)map_file(fd, &bytes, &e);
    if (reply.code == OK)
        reply.code = (uint32_t)parse(r, &a, bytes.text, &d, &e);
    if (reply.code == OK) {
        ok = answer(&d);
    } else {
        reply.n = strlen(e.msg);
        ok = send_all(&reply, sizeof(reply)) && send_all(e.msg, (size_t)reply.n);
    }
    arena_release(&a);
    if (bytes.map)
        (void)munmap(bytes.map, bytes.text.n);
    (void)close(fd);
    return ok;
}

static int loop(size_t memory)
{
    struct charset_warm charsets;
    struct wire_request r;
    struct err e;
    int fd = -1;

    charset_warm(&charsets);
    warm_libraries();
    if (cage_parser(memory, &e) != OK) {
        struct wire_reply reply = {WIRE_MAGIC, E_IO, strlen(e.msg)};
        (void)(send_all(&reply, sizeof(reply)) && send_all(e.msg, (size_t)reply.n));
        return 1;
    }
    while (receive(&r, &fd))
        if (!one_file(&r, fd))
            break;
    charset_cool(&charsets);
    return 0;
}

/* EXE --reader-child loop PARENT MEMORY
 * EXE --reader-child run PARENT MEMORY OUTPUT SECONDS FOLDER|- cage|limits PROGRAM ARGUMENTS... */
int reader_child_main(int argc, char **argv)
{
    int64_t parent = 0, memory = 0;
    struct err e;

    if (argc < 5 || str_int(str_z(argv[3]), &parent, &e) != OK ||
        str_int(str_z(argv[4]), &memory, &e) != OK)
        return 2;
    if (!cage_follow_parent((int)parent))
        return 1;
    if (strcmp(argv[2], "run") == 0)
        return program_child((size_t)memory, argc - 5, argv + 5);
    /* _exit: nothing of exit handlers (leak checkers trace threads) works inside the cage */
    _exit(loop((size_t)memory));
}
