/* Both ends of annotating: the request, the child's work, the answer. */
#include "paper/annotate.h"

#include <string.h>

#include "paper/annotate_int.h"
#include "paper/docx_out.h"
#include "paper/formats.h"
#include "paper/pool.h"
#include "paper/program.h"

/* ---- the request: "QSN1" n at author { begin end replace comment replacement } docx; numbers as they lie in memory,
 * strings with their length in front ---- */

static const char magic[4] = {'Q', 'S', 'N', '1'};

static void put_number(struct buf *out, uint64_t v)
{
    buf_add(out, &v, sizeof(v));
}

static void put_str(struct buf *out, struct str s)
{
    put_number(out, s.n);
    buf_str(out, s);
}

void annotate_encode(const struct annotate_list *list, struct str docx, struct buf *out)
{
    buf_add(out, magic, sizeof(magic));
    put_number(out, list->n);
    put_number(out, (uint64_t)list->at_ms);
    put_str(out, list->author);
    for (size_t i = 0; i < list->n; i++) {
        const struct annotation *x = &list->v[i];
        put_number(out, x->begin_cp);
        put_number(out, x->end_cp);
        put_number(out, x->replace);
        put_str(out, x->comment);
        put_str(out, x->replacement);
    }
    put_str(out, docx);
}

static uint64_t get_number(struct str *rest, bool *bad)
{
    uint64_t v = 0;

    *bad = *bad || rest->n < sizeof(v);
    if (*bad)
        return 0;
    memcpy(&v, rest->p, sizeof(v));
    *rest = str_sub(*rest, sizeof(v), rest->n);
    return v;
}

static struct str get_str(struct str *rest, bool *bad)
{
    uint64_t n = get_number(rest, bad);
    struct str s = str_sub(*rest, 0, (size_t)n);

    *bad = *bad || n > rest->n;
    if (*bad)
        return S("");
    *rest = str_sub(*rest, (size_t)n, rest->n);
    return s;
}

static bool decode(struct arena *a, struct str rest, struct annotate_list *list, struct str *docx)
{
    struct annotation *v;
    bool bad = !str_eat(&rest, (struct str){magic, sizeof(magic)});

    list->n = (size_t)get_number(&rest, &bad);
    list->at_ms = (int64_t)get_number(&rest, &bad);
    list->author = get_str(&rest, &bad);
    if (bad || list->n > ANNOTATIONS_MAX)
        return false;
    v = ARENA_ARRAY(a, struct annotation, list->n + 1);
    for (size_t i = 0; i < list->n && !bad; i++) {
        v[i].begin_cp = (size_t)get_number(&rest, &bad);
        v[i].end_cp = (size_t)get_number(&rest, &bad);
        v[i].replace = get_number(&rest, &bad) != 0;
        v[i].comment = get_str(&rest, &bad);
        v[i].replacement = get_str(&rest, &bad);
    }
    list->v = v;
    *docx = get_str(&rest, &bad);
    return !bad && rest.n == 0;
}

/* ---- the child ---- */

enum code annotate_job(struct job *j, struct str request)
{
    struct places map = {.a = j->a};
    struct annotate_list list;
    struct annotated r = {0};
    struct annotate_sources s = {.map = &map};
    struct str docx;
    struct doc d;

    if (!decode(j->a, request, &list, &s.bytes))
        return JOB_FAIL(j, E_BUG, "批注的请求不合约定");
    j->file_bytes = s.bytes.n;
    j->map = &map;
    if (zipin_open(j, s.bytes, &s.z) != OK || read_docx_zip(j, s.z) != OK)
        return j->failed;
    j->map = NULL;
    d = j->d;
    s.d = &d;
    TRY(annotate_package(j, &s, &list, &r, NULL));
    docx = r.docx;
    r.docx = (struct str){NULL, 0};
    j->d = (struct doc){.format = FORMAT_DOCX};
    job_part(j, S("annotated.docx"), docx);
    job_part(j, S("counts"), arena_str(j->a, (struct str){(const char *)&r, sizeof(r)}));
    return j->failed;
}

/* ---- the parent ---- */

static enum code check(const struct annotate_list *list, struct err *e)
{
    if (list->n > ANNOTATIONS_MAX)
        return FAIL(e, E_LIMIT, "批注超过上限 %d 处，请缩小检查范围", (int)ANNOTATIONS_MAX);
    return OK;
}

static enum code ask(struct reader_pool *p, struct arena *a, struct str docx,
    const struct annotate_list *list, struct annotated *out, struct err *e)
{
    struct buf request;
    struct doc answer = {0};
    struct annotated r;
    enum code c;

    buf_init(&request, 0);
    annotate_encode(list, docx, &request);
    c = buf_check(&request, "批注", e);
    if (c == OK)
        c = pool_ask_bytes(p, a, buf_view(&request), AS_ANNOTATE, &answer, e);
    buf_release(&request);
    TRY(c);
    if (answer.n_parts != 2 || answer.parts[1].bytes.n != sizeof(r))
        return FAIL(e, E_IO, "读取进程的回答不合约定，文件可能是恶意构造的");
    memcpy(&r, answer.parts[1].bytes.p, sizeof(r));
    r.docx = answer.parts[0].bytes;
    *out = r;
    return OK;
}

enum code annotate_file(struct reader_pool *p, struct arena *a, int fd, struct str name,
    const struct doc *d, const struct annotate_list *list, struct annotated *out, struct err *e)
{
    struct str bytes;
    enum code c;

    if (d->format != FORMAT_DOCX)
        return annotate_doc(a, d, list, out, e);
    TRY(check(list, e));
    c = read_whole(a, fd, pool_limits(p)->file_bytes, &bytes, e);
    if (c == OK)
        c = ask(p, a, bytes, list, out, e);
    return c == OK ? OK : err_context(e, "文件“%.*s”", SF(name));
}

enum code annotate_doc(struct arena *a, const struct doc *d, const struct annotate_list *list,
    struct annotated *out, struct err *e)
{
    struct reader_limits lim = reader_limits_default();
    struct places map = {.a = a};
    struct annotate_sources s = {.d = d, .map = &map};
    struct doc ignored;
    struct job j;

    TRY(check(list, e));
    TRY(docx_plain(a, d, &map, &s.bytes, e));
    job_init(&j, a, &lim, e);
    if (zipin_open(&j, s.bytes, &s.z) == OK)
        (void)annotate_package(&j, &s, list, out, NULL);
    return job_end(&j, &ignored);
}

void annotated_summary(const struct annotated *r, struct buf *out)
{
    buf_printf(out, "%zu 处批注，%zu 处修订建议", r->comments, r->changes);
    if (r->told > 0)
        buf_printf(out, "；%zu 处建议写在批注里", r->told);
    if (r->moved > 0)
        buf_printf(out, "；%zu 处批注落在段首", r->moved);
}
