/* Request heads: lines "target", then "name: value". Oracle: what is taken has one Host, one length, a clean
 * path; judging the decoded path again (nothing left to decode) finds the same path. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "web/head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct head *h)
{
    int hosts = 0;
    for (size_t i = 0; i < h->n_headers; i++)
        hosts += str_eq_nocase(h->headers[i].name, S("host"));
    if (hosts != 1 || (h->chunked && h->length >= 0))
        abort();
    if (h->path.p[0] != '/' || str_has(h->path, S("//")) || str_has(h->path, S("/../")) ||
        utf8_check(h->path) != SIZE_MAX || memchr(h->path.p, '\0', h->path.n))
        abort();
    for (size_t i = 0; i < h->n_query; i++)
        if (utf8_check(h->query[i].value) != SIZE_MAX)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, size}, line;
    struct pair headers[64];
    struct arena a;
    struct head h;
    struct err e;
    memset(&h, 0, sizeof(h));
    h.headers = headers;
    if (!str_next(&rest, S("\n"), &h.target) || h.target.n == 0)
        return 0;
    while (h.n_headers < 64 && str_next(&rest, S("\n"), &line)) {
        struct pair p;
        if (str_cut(line, S(":"), &p.name, &p.value))
            headers[h.n_headers++] = (struct pair){p.name, str_trim(p.value)};
    }
    arena_init(&a);
    if (head_judge(&a, &h, &e) == 0)
        check(&h);
    arena_release(&a);
    return 0;
}
