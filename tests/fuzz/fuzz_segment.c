/* A segment whose bytes were changed is refused, or answers as the whole one does. The input is a
 * list of changes: place (3 bytes), value (1 byte); an odd byte at the end cuts the file there. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text/build.h"
#include "text/segment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char whole_path[] = "/tmp/qs-fuzz-XXXXXX";
static struct buf whole;
static const uint16_t pattern[] = {0x7532, 0x4E59}; /* 甲乙 */
enum { DOCS = 40 };
static uint32_t truth[DOCS];

static void read_whole(void)
{
    FILE *f = fopen(whole_path, "rb");
    char part[65536];
    size_t n;

    while (f && (n = fread(part, 1, sizeof(part), f)) > 0)
        buf_add(&whole, part, n);
    if (!f || fclose(f) != 0)
        abort();
}

static bool answer(const struct segment *s, uint32_t *tf)
{
    struct range r;
    uint64_t bits[DOCS / 64 + 1] = {0};
    uint16_t source[64];
    struct err e;

    return s->n_docs == DOCS &&
           segment_range(s, STREAM_TEXT, (struct units){pattern, 2}, &r, &e) == OK &&
           segment_docs(s, STREAM_TEXT, r, bits, tf, &e) == OK &&
           segment_source(s, STREAM_TEXT, 0, 64, source, &e) == OK;
}

static void make_whole(void)
{
    struct batch *b = batch_new(0);
    struct batch_order o;
    struct segment *s;
    struct err e;
    struct buf text;
    uint32_t seed = 1;
    int fd = mkstemp(whole_path);

    buf_init(&text, 0);
    buf_init(&whole, 0);
    for (int64_t id = 1; id <= DOCS; id++) {
        struct corpus_attr at = {0};
        buf_clear(&text);
        for (int i = 0; i < 300; i++) {
            seed = seed * 1664525 + 1013904223;
            buf_z(&text, seed >> 30 == 0   ? "甲"
                         : seed >> 30 == 1 ? "乙"
                         : seed >> 30 == 2 ? "，"
                                           : "Ａ");
        }
        if (!batch_add(b, id, &at, S("甲乙"), buf_view(&text)))
            abort();
    }
    o = batch_sort(b);
    if (fd < 0 || close(fd) != 0 || segment_write(whole_path, b, &o, &e) != OK ||
        segment_open(whole_path, &s, &e) != OK || !answer(s, truth))
        abort();
    segment_unref(s);
    read_whole();
    free(o.doc);
    batch_free(b);
    buf_release(&text);
    (void)unlink(whole_path);
}

static void write_changed(const char *path, const uint8_t *data, size_t size)
{
    size_t n = whole.n;
    char *p = mem_dup(whole.p, n);
    FILE *f;

    for (size_t i = 0; i + 4 <= size; i += 4)
        p[(data[i] | (size_t)data[i + 1] << 8 | (size_t)data[i + 2] << 16) % n] = (char)data[i + 3];
    if (size % 2)
        n = n * data[size - 1] / 256;
    f = fopen(path, "wb");
    if (!f || fwrite(p, 1, n, f) != n || fclose(f) != 0)
        abort();
    free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[] = "/tmp/qs-fuzz-XXXXXX";
    struct segment *s;
    struct err e;
    int fd;

    if (whole.n == 0)
        make_whole();
    fd = mkstemp(path);
    if (fd < 0 || close(fd) != 0)
        abort();
    write_changed(path, data, size);
    if (segment_open(path, &s, &e) == OK) {
        uint32_t tf[DOCS] = {0};
        struct buf report;
        if (answer(s, tf) && memcmp(tf, truth, sizeof(tf)) != 0)
            abort();
        buf_init(&report, 0);
        segment_verify(s, &report);
        buf_release(&report);
        segment_unref(s);
    } else if (e.code != E_IO) {
        abort();
    }
    (void)unlink(path);
    return 0;
}
