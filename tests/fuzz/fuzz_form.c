/* HTTP forms: the first byte chooses type and step. Oracle: the result does not depend on how the bytes
 * were cut; fields are valid UTF-8 without control characters; nothing passes a limit. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "web/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct form_limits limits = {1 << 16, 1 << 14, 16, 4};

static void dump(const struct form *f, struct buf *out)
{
    for (size_t i = 0; i < f->n_fields; i++) {
        buf_printf(out, "%zu:%zu:", f->fields[i].name.n, f->fields[i].value.n);
        buf_str(out, f->fields[i].name);
        buf_str(out, f->fields[i].value);
        if (utf8_check(f->fields[i].value) != SIZE_MAX ||
            (f->fields[i].value.n && memchr(f->fields[i].value.p, '\0', f->fields[i].value.n)))
            abort();
    }
    for (size_t i = 0; i < f->n_files; i++) {
        char piece[4096];
        ssize_t k;
        buf_printf(out, "file %zu %lld ", f->files[i].name.n, (long long)f->files[i].size);
        buf_str(out, f->files[i].name);
        while ((k = read(f->files[i].fd, piece, sizeof(piece))) > 0)
            buf_add(out, piece, (size_t)k);
    }
    if (f->n_fields > limits.fields || f->n_files > limits.files)
        abort();
}

static void parse(const char *type, struct str body, size_t step, struct buf *out)
{
    struct arena a;
    struct form *f;
    struct err e;
    enum code c;
    arena_init(&a);
    c = form_new(&a, str_z(type), S("/tmp"), &limits, &f, &e);
    for (size_t i = 0; c == OK && i < body.n; i += step)
        c = form_feed(f, str_sub(body, i, step), &e);
    if (c == OK)
        c = form_end(f, &e);
    if (c == OK)
        dump(f, out);
    else
        buf_printf(out, "failed %d", c);
    arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf whole, cut;
    struct str body;
    const char *type;
    if (size < 1)
        return 0;
    type = data[0] & 1 ? "multipart/form-data; boundary=B" : "application/x-www-form-urlencoded";
    body = (struct str){(const char *)data + 1, size - 1};
    buf_init(&whole, 0);
    buf_init(&cut, 0);
    parse(type, body, size, &whole);
    parse(type, body, 1 + (data[0] >> 1) % 16, &cut);
    if (!str_eq(buf_view(&whole), buf_view(&cut)))
        abort();
    buf_release(&whole);
    buf_release(&cut);
    return 0;
}
