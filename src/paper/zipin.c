#include "paper/zipin.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

struct zipin {
    struct job *j;
    zip_t *zip;
    size_t n;
};

struct zipin_stream {
    struct job *j;
    zip_file_t *f;
};

static void close_zip(void *arg)
{
    zip_discard(arg);
}

enum code zipin_open(struct job *j, struct str bytes, struct zipin **out)
{
    struct zipin *z = ARENA_NEW(j->a, struct zipin);
    zip_error_t ze;
    zip_source_t *src;
    int64_t n;

    zip_error_init(&ze);
    src = zip_source_buffer_create(bytes.p, bytes.n, 0, &ze);
    z->zip = src ? zip_open_from_source(src, ZIP_RDONLY, &ze) : NULL;
    if (!z->zip) {
        if (src)
            zip_source_free(src);
        zip_error_fini(&ze);
        return JOB_FAIL(j, E_INPUT, "压缩结构已损坏或不完整，请重新取得原文件");
    }
    zip_error_fini(&ze);
    arena_defer(j->a, close_zip, z->zip);
    n = zip_get_num_entries(z->zip, 0);
    if (n < 0 || (uint64_t)n > j->lim->members)
        return JOB_FAIL(j, E_LIMIT, "里面的文件超过上限 %zu 个，请拆开再导入", j->lim->members);
    z->j = j;
    z->n = (size_t)n;
    *out = z;
    return OK;
}

size_t zipin_count(const struct zipin *z)
{
    return z->n;
}

struct str zipin_name(const struct zipin *z, size_t i, bool *utf8)
{
    const char *raw = zip_get_name(z->zip, i, ZIP_FL_ENC_RAW);
    const char *strict = zip_get_name(z->zip, i, ZIP_FL_ENC_STRICT);

    /* strict decodes what has no UTF-8 flag as CP 437: equal bytes mean flag or ASCII */
    *utf8 = raw && strict && strcmp(raw, strict) == 0;
    return str_z(raw);
}

bool zipin_is_encrypted(const struct zipin *z, size_t i)
{
    zip_stat_t st;

    zip_stat_init(&st);
    return zip_stat_index(z->zip, i, 0, &st) == 0 && (st.valid & ZIP_STAT_ENCRYPTION_METHOD) &&
           st.encryption_method != ZIP_EM_NONE;
}

static int64_t locate(const struct zipin *z, const char *name)
{
    int64_t i = zip_name_locate(z->zip, name, ZIP_FL_ENC_RAW);

    return i >= 0 ? i : zip_name_locate(z->zip, name, ZIP_FL_ENC_RAW | ZIP_FL_NOCASE);
}

bool zipin_has(const struct zipin *z, const char *name)
{
    return locate(z, name) >= 0;
}

size_t zipin_index(const struct zipin *z, const char *name)
{
    int64_t i = locate(z, name);

    return i >= 0 ? (size_t)i : SIZE_MAX;
}

static void free_bytes(void *p)
{
    free(p);
}

bool zipin_read_at(struct zipin *z, size_t i, struct str *out)
{
    struct job *j = z->j;
    struct buf b;
    zip_file_t *f;
    zip_int64_t n = 1;
    char chunk[4096];

    if (!job_ok(j))
        return false;
    f = zip_fopen_index(z->zip, i, 0);
    buf_init(&b, j->lim->unpacked_bytes + 1);
    while (f && n > 0 && job_ok(j)) {
        n = zip_fread(f, chunk, sizeof(chunk));
        if (n > 0 && job_unpacked(j, (size_t)n))
            buf_add(&b, chunk, (size_t)n);
    }
    if (f)
        (void)zip_fclose(f);
    if (!f || n < 0)
        (void)JOB_FAIL(j, E_INPUT, "里面的“%.60s”已损坏或不能解压，请重新取得原文件",
            arena_z(j->a, job_member_name(j, str_z(zip_get_name(z->zip, i, ZIP_FL_ENC_RAW)))));
    if (!job_ok(j)) {
        buf_release(&b);
        return false;
    }
    if (b.p)
        arena_defer(j->a, free_bytes, b.p);
    *out = b.p ? buf_view(&b) : S("");
    return true;
}

bool zipin_read(struct zipin *z, const char *name, struct str *out)
{
    int64_t i = locate(z, name);

    return i >= 0 && zipin_read_at(z, (size_t)i, out);
}

/* ---- streams ---- */

struct zipin_stream *zipin_stream(struct zipin *z, const char *name)
{
    int64_t i = locate(z, name);
    zip_file_t *f = i >= 0 ? zip_fopen_index(z->zip, (zip_uint64_t)i, 0) : NULL;
    struct zipin_stream *s;

    if (i >= 0 && !f)
        (void)JOB_FAIL(z->j, E_INPUT, "里面的“%.60s”已损坏或不能解压，请重新取得原文件", name);
    if (!f)
        return NULL;
    s = mem_alloc(sizeof(*s));
    *s = (struct zipin_stream){z->j, f};
    return s;
}

int zipin_stream_read(void *stream, char *to, int n)
{
    struct zipin_stream *s = stream;
    zip_int64_t r = zip_fread(s->f, to, (zip_uint64_t)n);

    if (r < 0)
        (void)JOB_FAIL(s->j, E_INPUT, "压缩内容已损坏，请重新取得原文件");
    if (r < 0 || !job_unpacked(s->j, (size_t)r))
        return -1;
    return (int)r;
}

int zipin_stream_close(void *stream)
{
    struct zipin_stream *s = stream;

    (void)zip_fclose(s->f);
    free(s);
    return 0;
}
