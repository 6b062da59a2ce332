/* Feeds files to a fuzz target without libFuzzer: the saved inputs in any build, with any compiler.
 *   replay_x FILE-OR-FOLDER...
 * A target that finds something ends the process, as under libFuzzer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"

#define MAX_INPUT ((size_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum code feed(const struct io_entry *entry, void *arg, struct err *e)
{
    struct buf b;
    uint8_t *exact;
    enum code c;

    if (entry->kind != IO_FILE)
        return FAIL(e, E_INPUT, "“%s”：%s", entry->path, entry->why);
    buf_init(&b, 0);
    c = io_read_file(entry->path, MAX_INPUT, &b, e);
    if (c == OK) {
        /* a block of exactly this size, so that ASan sees a read behind the end */
        exact = mem_alloc(b.n);
        if (b.n)
            memcpy(exact, b.p, b.n);
        printf("%s\n", entry->path); /* before it runs: the last line names the culprit */
        (void)fflush(stdout);
        (void)LLVMFuzzerTestOneInput(exact, b.n);
        free(exact);
        ++*(int *)arg;
    }
    buf_release(&b);
    return c;
}

int main(int argc, char **argv)
{
    struct err e;
    int n = 0;

    for (int i = 1; i < argc; i++)
        if (io_walk(argv[i], feed, &n, &e) != OK) {
            (void)fprintf(stderr, "%s\n", e.msg);
            return 1;
        }
    printf("%d inputs\n", n);
    return n ? 0 : 1;
}
