#include "paper/xr.h"

#include <libxml/xmlreader.h>
#include <stdlib.h>
#include <string.h>

struct xr {
    xmlTextReaderPtr r;
    struct job *j;
    const char *label; /* the member, for messages */
    struct zipin_stream *stream;
    char head[512]; /* what came first */
    size_t n_head;
    uint32_t elements; /* start tags so far */
    bool ended;
    bool dtd; /* its beginning has a DOCTYPE: says more than the error that comes of it */
};

enum { DEPTH_MAX = 256, INT_CLIP = 1000000000 };

static void quiet(
    void *arg, const char *msg, xmlParserSeverities severity, xmlTextReaderLocatorPtr locator)
{
    (void)arg;
    (void)msg;
    (void)severity;
    (void)locator;
}

/* Why the reader stopped; after a failure of the stream the first reason stays. */
static void explain(struct xr *x)
{
    const xmlError *err = xmlGetLastError();

    if (err && err->code == XML_ERR_NO_MEMORY)
        (void)JOB_FAIL(x->j, E_LIMIT, "读取所需内存超过上限");
    else if (x->dtd)
        (void)JOB_FAIL(x->j, E_INPUT,
            "里面的“%.60s”带有文档类型定义（DTD）或实体，可能是恶意构造的，未读取", x->label);
    else if (err && err->code == XML_ERR_INTERNAL_ERROR && err->message &&
             strstr(err->message, "depth"))
        (void)JOB_FAIL(
            x->j, E_LIMIT, "里面的“%.60s”嵌套超过上限 %d 层，未读取", x->label, (int)DEPTH_MAX);
    else
        (void)JOB_FAIL(x->j, E_INPUT, "里面的“%.60s”第 %d 行不合 XML 规则，文件可能已损坏",
            x->label, err ? err->line : 0);
}

/* One node on; false at the end or on failure. */
static bool step(struct xr *x)
{
    int r;

    if (x->ended || !job_ok(x->j))
        return false;
    r = xmlTextReaderRead(x->r);
    if (r == 1) {
        int type = xmlTextReaderNodeType(x->r);
        if (type == XML_READER_TYPE_ELEMENT)
            x->elements++;
        if (type == XML_READER_TYPE_DOCUMENT_TYPE || type == XML_READER_TYPE_ENTITY_REFERENCE ||
            type == XML_READER_TYPE_ENTITY) {
            x->dtd = true;
            explain(x);
        } else if (xmlTextReaderDepth(x->r) >= DEPTH_MAX - 2) {
            (void)JOB_FAIL(
                x->j, E_LIMIT, "里面的“%.60s”嵌套超过上限 %d 层，未读取", x->label, (int)DEPTH_MAX);
        }
        return job_ok(x->j);
    }
    x->ended = true;
    if (r < 0)
        explain(x);
    return false;
}

static bool has_doctype(struct str s)
{
    return str_has(str_sub(s, 0, 4096), S("<!DOCTYPE"));
}

static int stream_read(void *arg, char *to, int n)
{
    struct xr *x = arg;
    int r = zipin_stream_read(x->stream, to, n);
    if (r > 0 && x->n_head < sizeof(x->head)) { /* the first piece may be four bytes */
        size_t room = sizeof(x->head) - x->n_head, more = (size_t)r < room ? (size_t)r : room;
        memcpy(x->head + x->n_head, to, more);
        x->n_head += more;
        x->dtd = has_doctype((struct str){x->head, x->n_head});
    }
    return r;
}

static int stream_close(void *arg)
{
    struct xr *x = arg;

    return zipin_stream_close(x->stream);
}

static struct xr *begin(struct xr *x)
{
    if (!x->r) {
        (void)JOB_FAIL(x->j, E_LIMIT, "读取所需内存超过上限");
        free(x);
        return NULL;
    }
    xmlTextReaderSetErrorHandler(x->r, quiet, NULL);
    while (step(x))
        if (xmlTextReaderNodeType(x->r) == XML_READER_TYPE_ELEMENT)
            return x;
    (void)JOB_FAIL(x->j, E_INPUT, "里面的“%.60s”没有内容，文件可能已损坏", x->label);
    xr_close(x);
    return NULL;
}

enum { OPTIONS = XML_PARSE_NONET | XML_PARSE_COMPACT };

struct xr *xr_open(struct job *j, struct zipin *z, const char *member)
{
    struct zipin_stream *s = job_ok(j) ? zipin_stream(z, member) : NULL;
    struct xr *x;

    if (!s)
        return NULL;
    x = mem_alloc(sizeof(*x));
    *x = (struct xr){.j = j, .label = member, .stream = s};
    x->r = xmlReaderForIO(stream_read, stream_close, x, NULL, NULL, OPTIONS);
    return begin(x);
}

struct xr *xr_open_bytes(struct job *j, struct str bytes, const char *label)
{
    struct xr *x;

    if (!job_ok(j))
        return NULL;
    if (bytes.n > INT32_MAX) {
        (void)JOB_FAIL(j, E_LIMIT, "里面的“%.60s”太大", label);
        return NULL;
    }
    x = mem_alloc(sizeof(*x));
    *x = (struct xr){.j = j, .label = label, .dtd = has_doctype(bytes)};
    x->r = xmlReaderForMemory(bytes.p ? bytes.p : "", (int)bytes.n, NULL, NULL, OPTIONS);
    return begin(x);
}

void xr_close(struct xr *x)
{
    if (!x)
        return;
    xmlFreeTextReader(x->r);
    free(x);
}

uint32_t xr_ordinal(const struct xr *x)
{
    return x->elements - 1;
}

int xr_enter(struct xr *x)
{
    return xmlTextReaderIsEmptyElement(x->r) ? -1 : xmlTextReaderDepth(x->r);
}

enum want { WANT_CHILD, WANT_NODE, WANT_ANY };

static bool next(struct xr *x, int depth, enum want want)
{
    while (depth >= 0 && !x->ended) {
        /* standing on the end of the parent: a nested loop has read up to it */
        if (xmlTextReaderNodeType(x->r) == XML_READER_TYPE_END_ELEMENT &&
            xmlTextReaderDepth(x->r) <= depth)
            return false;
        if (!step(x))
            return false;
        int type = xmlTextReaderNodeType(x->r), at = xmlTextReaderDepth(x->r);
        if (type == XML_READER_TYPE_ELEMENT && (at == depth + 1 || want == WANT_ANY))
            return true;
        if (want == WANT_NODE && at == depth + 1 &&
            (type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA ||
                type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE))
            return true;
    }
    return false;
}

bool xr_child(struct xr *x, int depth)
{
    return next(x, depth, WANT_CHILD);
}

bool xr_node(struct xr *x, int depth)
{
    return next(x, depth, WANT_NODE);
}

bool xr_descend(struct xr *x, int depth)
{
    return next(x, depth, WANT_ANY);
}

void xr_skip(struct xr *x)
{
    for (int d = xr_enter(x); xr_child(x, d);)
        continue;
}

const char *xr_name(const struct xr *x)
{
    const xmlChar *n = xmlTextReaderConstLocalName(x->r);

    return n ? (const char *)n : "";
}

const char *xr_ns(const struct xr *x)
{
    const xmlChar *n = xmlTextReaderConstNamespaceUri(x->r);

    return n ? (const char *)n : "";
}

bool xr_is(const struct xr *x, const char *local)
{
    return strcmp(xr_name(x), local) == 0;
}

struct str xr_value(struct xr *x)
{
    return str_z((const char *)xmlTextReaderConstValue(x->r));
}

struct str xr_attr(struct xr *x, const char *local)
{
    struct str v = {"", 0};

    if (xmlTextReaderMoveToFirstAttribute(x->r) == 1) {
        do {
            const xmlChar *n = xmlTextReaderConstLocalName(x->r);
            if (n && strcmp((const char *)n, local) == 0) {
                v = arena_str(x->j->a, xr_value(x));
                break;
            }
        } while (xmlTextReaderMoveToNextAttribute(x->r) == 1);
        (void)xmlTextReaderMoveToElement(x->r);
    }
    return v;
}

int xr_attr_int(struct xr *x, const char *local, int otherwise)
{
    struct str v = xr_attr(x, local);
    struct err ignored;
    int64_t n;

    if (v.n == 0 || v.n > 18 || str_int(str_trim(v), &n, &ignored) != OK)
        return otherwise;
    return (int)(n > INT_CLIP ? INT_CLIP : n < -INT_CLIP ? -INT_CLIP : n);
}

bool xr_on(struct xr *x)
{
    struct str v = xr_attr(x, "val");

    return v.n == 0 || str_eq(v, S("1")) || str_eq(v, S("true")) || str_eq(v, S("on"));
}

void xr_text(struct xr *x, struct buf *out)
{
    int d = xr_enter(x);

    while (d >= 0 && step(x)) {
        int type = xmlTextReaderNodeType(x->r);
        if (type == XML_READER_TYPE_END_ELEMENT && xmlTextReaderDepth(x->r) <= d)
            return;
        if (type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA ||
            type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE || type == XML_READER_TYPE_WHITESPACE)
            buf_str(out, xr_value(x));
    }
}
