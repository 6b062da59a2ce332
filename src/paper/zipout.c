#include "paper/zipout.h"

#include <stdlib.h>
#include <zip.h>

/* 1980-01-01 00:00, where the time of DOS begins. */
enum { FIXED_TIME = 0, FIXED_DATE = 0x21 };

static bool change(zip_t *z, const struct zip_change *c)
{
    zip_source_t *s = zip_source_buffer(z, c->bytes.p, c->bytes.n, 0);
    zip_int64_t at;

    if (!s)
        return false;
    if (c->index == SIZE_MAX)
        at = zip_file_add(z, c->name.p, s, ZIP_FL_ENC_UTF_8);
    else
        at = zip_file_replace(z, c->index, s, 0) == 0 ? (zip_int64_t)c->index : -1;
    if (at < 0) {
        zip_source_free(s);
        return false;
    }
    return zip_set_file_compression(z, (zip_uint64_t)at, ZIP_CM_DEFLATE, 0) == 0 &&
           zip_file_set_dostime(z, (zip_uint64_t)at, FIXED_TIME, FIXED_DATE, 0) == 0;
}

static bool take(struct arena *a, zip_source_t *s, struct str *out)
{
    zip_stat_t st;
    char *p;
    size_t done = 0;

    zip_stat_init(&st);
    if (zip_source_stat(s, &st) != 0 || !(st.valid & ZIP_STAT_SIZE) || zip_source_open(s) != 0)
        return false;
    p = arena_alloc(a, st.size + 1);
    while (done < st.size) {
        zip_int64_t r = zip_source_read(s, p + done, st.size - done);
        if (r <= 0)
            break;
        done += (size_t)r;
    }
    (void)zip_source_close(s);
    *out = (struct str){p, done};
    return done == st.size;
}

enum code zip_write(struct arena *a, struct str old, const struct zip_change *v, size_t n,
    struct str *out, struct err *e)
{
    zip_error_t ze;
    zip_source_t *s;
    zip_t *z = NULL;
    char *copy;
    bool ok;

    /* libzip gets a copy of its own: where the first members stay, zip_close (1.7.3) clones the buffer, and then
     * frees it as if it owned it (found by fuzz_annotate). */
    copy = old.n ? mem_dup(old.p, old.n) : NULL;
    zip_error_init(&ze);
    s = zip_source_buffer_create(copy, old.n, 1, &ze);
    if (!s)
        free(copy);
    if (s) {
        z = zip_open_from_source(s, old.n ? 0 : ZIP_TRUNCATE, &ze);
        zip_source_keep(s);
    }
    zip_error_fini(&ze);
    ok = z != NULL;
    for (size_t i = 0; ok && i < n; i++)
        ok = change(z, &v[i]);
    ok = ok && zip_close(z) == 0;
    if (z && !ok)
        zip_discard(z);
    if (s && !z)
        zip_source_free(s); /* opening failed: nobody took it over */
    if (ok)
        ok = take(a, s, out);
    if (s)
        zip_source_free(s);
    return ok ? OK : FAIL(e, E_INPUT, "压缩结构已损坏或不完整，不能改写，请重新取得原文件");
}
