/* The log of the tail. A record: bytes of body (4), type (4), checksum (8), body. Integers little
 * endian. Body: id (8), then for put and attr the attributes (20), for put the bytes of the title (4),
 * title and text. The first record that is not whole ends the log. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "text/corpus_int.h"

enum { HEAD = 16, ATTR = sizeof(struct corpus_attr) };
_Static_assert(ATTR == 20, "attributes are stored as they lie in memory");

static uint64_t record_sum(uint32_t type, const void *body, size_t n)
{
    return segment_sum(body, n) + type * (uint64_t)0x9E3779B97F4A7C15u;
}

static void encode(struct buf *b, const struct tail_record *r)
{
    uint32_t title = (uint32_t)r->title.n, head[2];
    uint64_t sum;
    char *at = buf_room(b, HEAD);

    buf_add(b, &r->id, sizeof(r->id));
    if (r->type == REC_PUT || r->type == REC_ATTR)
        buf_add(b, &r->attr, ATTR);
    if (r->type == REC_PUT) {
        buf_add(b, &title, sizeof(title));
        buf_str(b, r->title);
        buf_str(b, r->text);
    }
    if (!at || b->full)
        return;
    head[0] = (uint32_t)(b->n - HEAD);
    head[1] = r->type;
    sum = record_sum(r->type, b->p + HEAD, b->n - HEAD);
    memcpy(b->p, head, sizeof(head));
    memcpy(b->p + sizeof(head), &sum, sizeof(sum));
}

/* errno, or 0. */
static int write_whole(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t did = write(fd, p, n);
        if (did < 0 && errno != EINTR)
            return errno;
        if (did > 0) {
            p += did;
            n -= (size_t)did;
        }
    }
    return 0;
}

enum code tail_append(struct tail_log *l, const struct tail_record *r, struct err *e)
{
    struct buf b;
    int why;

    buf_init(&b, LOG_BYTES_MAX);
    encode(&b, r);
    if (b.full) {
        buf_release(&b);
        return FAIL(e, E_LIMIT, "一份文件的文字超过索引上限 %d 字节", (int)DOC_BYTES_MAX);
    }
    why = write_whole(l->fd, b.p, b.n);
    if (why == 0)
        l->bytes += b.n;
    else if (ftruncate(l->fd, (off_t)l->bytes) == 0)
        (void)lseek(l->fd, (off_t)l->bytes, SEEK_SET);
    buf_release(&b);
    errno = why;
    return why ? io_fail("写入", "索引日志", e) : OK;
}

static bool decode(uint32_t type, struct str body, struct tail_record *r)
{
    uint32_t title;

    *r = (struct tail_record){.type = (enum tail_record_type)type};
    if (body.n < sizeof(r->id) || type < REC_PUT || type > REC_COMMIT)
        return false;
    memcpy(&r->id, body.p, sizeof(r->id));
    body = str_sub(body, sizeof(r->id), body.n);
    if (type == REC_REMOVE || type == REC_COMMIT)
        return body.n == 0;
    if (body.n < ATTR)
        return false;
    memcpy(&r->attr, body.p, ATTR);
    body = str_sub(body, ATTR, body.n);
    if (type == REC_ATTR)
        return body.n == 0;
    if (body.n < sizeof(title))
        return false;
    memcpy(&title, body.p, sizeof(title));
    body = str_sub(body, sizeof(title), body.n);
    if (title > body.n)
        return false;
    r->title = str_sub(body, 0, title);
    r->text = str_sub(body, title, body.n);
    return true;
}

size_t tail_replay(struct str bytes, void (*fn)(void *arg, const struct tail_record *r), void *arg)
{
    size_t at = 0;

    while (bytes.n - at >= HEAD) {
        uint32_t head[2];
        uint64_t sum;
        struct tail_record r;
        memcpy(head, bytes.p + at, sizeof(head));
        memcpy(&sum, bytes.p + at + sizeof(head), sizeof(sum));
        if (head[0] > bytes.n - at - HEAD ||
            record_sum(head[1], bytes.p + at + HEAD, head[0]) != sum ||
            !decode(head[1], str_sub(bytes, at + HEAD, head[0]), &r))
            break;
        fn(arg, &r);
        at += HEAD + head[0];
    }
    return at;
}
