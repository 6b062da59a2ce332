#include "paper/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

#include "base/buf.h"

enum code qr_make(struct arena *a, struct str text, struct qr *out, struct err *e)
{
    if (!text.n || memchr(text.p, 0, text.n))
        return FAIL(e, E_INPUT, "二维码没有内容，或内容里有不能打印的字符");
    if (text.n > QR_TEXT_MAX)
        return FAIL(e, E_LIMIT, "二维码的内容超过%d个字节，请缩短", QR_TEXT_MAX);
    QRcode *c = QRcode_encodeString(arena_z(a, text), 0, QR_ECLEVEL_Q, QR_MODE_8, 1);
    if (!c)
        return FAIL(e, errno == ERANGE ? E_LIMIT : E_BUG, "二维码没有画成");
    size_t n = (size_t)c->width * (size_t)c->width;
    unsigned char *m = ARENA_ARRAY(a, unsigned char, n);
    for (size_t i = 0; i < n; i++) /* the other bits say what a module is for */
        m[i] = c->data[i] & 1;
    *out = (struct qr){.size = c->width, .modules = m};
    QRcode_free(c);
    return OK;
}

int qr_side(const struct qr *q)
{
    return q->size + 2 * QR_QUIET;
}

bool qr_run(const struct qr *q, int *x, int *y, int *len)
{
    for (; *y < q->size; *x = 0, ++*y)
        for (; *x < q->size; ++*x) {
            const unsigned char *row = q->modules + (size_t)*y * (size_t)q->size;
            int end = *x;
            while (end < q->size && row[end])
                end++;
            *len = end - *x;
            if (*len)
                return true;
        }
    return false;
}

struct str qr_path(struct arena *a, const struct qr *q)
{
    struct buf b;
    buf_init(&b, 0);
    for (int x = 0, y = 0, n; qr_run(q, &x, &y, &n); x += n)
        buf_printf(&b, "M%d %dh%dv1h-%dz", x + QR_QUIET, y + QR_QUIET, n, n);
    struct str s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}
