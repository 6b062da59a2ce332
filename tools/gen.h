/* tools/gen.h - what the generators share: a file read whole, and one written only where it differs, so that a changed template
 * compiles one file again and not all that include its header. Every failure ends the program with a line. */
#ifndef TOOLS_GEN_H
#define TOOLS_GEN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

/* False: there is no such file. */
static inline bool gen_try(struct arena *a, const char *path, struct str *out)
{
    struct buf b;
    FILE *f = fopen(path, "rb");
    char part[4096];
    size_t n;
    if (!f)
        return false;
    buf_init(&b, 0);
    while ((n = fread(part, 1, sizeof(part), f)) > 0)
        buf_str(&b, (struct str){part, n});
    fclose(f);
    *out = arena_str(a, buf_view(&b));
    buf_release(&b);
    return true;
}
static inline struct str gen_read(struct arena *a, const char *path)
{
    struct str s;
    if (!gen_try(a, path, &s)) {
        perror(path);
        _Exit(2);
    }
    return s;
}
static inline void gen_write(struct arena *a, const char *dir, const char *name, struct str bytes)
{
    const char *path = arena_z(a, arena_printf(a, "%s/%s", dir, name));
    struct str old;
    FILE *f;
    if (gen_try(a, path, &old) && str_eq(old, bytes))
        return;
    f = fopen(path, "wb");
    if (!f || fwrite(bytes.p, 1, bytes.n, f) != bytes.n || fclose(f) != 0) {
        perror(name);
        _Exit(2);
    }
}
#endif
