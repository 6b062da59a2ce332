/* web/head.h - the head of a request: target, headers, cookies; judged before anything acts on it.
 * Pure functions of bytes. */
#ifndef WEB_HEAD_H
#define WEB_HEAD_H

#include "base/arena.h"

struct pair {
    struct str name, value;
};

struct pairs {
    struct pair *v;
    size_t n;
};

enum method { METHOD_GET = 0, METHOD_HEAD, METHOD_POST };

struct head {
    struct str target; /* raw, as sent */
    struct str path;   /* decoded, valid UTF-8, begins with '/', no dot segments */
    struct pair *query, *headers, *cookies;
    size_t n_query, n_headers, n_cookies;
    struct str host;
    bool chunked;
    int64_t length; /* Content-Length, -1: none stated */
};

enum { HEAD_MAX_PARAMS = 200, HEAD_MAX_COOKIES = 50 };

/* Percent decoding of one component: false on a cut or bad escape, a control character (but for TAB, LF
 * and CR where `text`), or what is no UTF-8. `plus`: '+' is a blank. */
bool head_decode(struct arena *a, struct str s, bool plus, bool text, struct str *out);

/* name=value&... as in a query or an urlencoded body, at most `max` pairs. */
MUST_USE enum code head_params(
    struct arena *a, struct str s, bool text, size_t max, struct pairs *out, struct err *e);

/* Judge the head and fill `h` from h->target and h->headers. 0, or the status of the refusal with its
 * reason in *e. */
MUST_USE int head_judge(struct arena *a, struct head *h, struct err *e);

/* Value of the parameter `name` of a header such as Content-Disposition: token or quoted string. */
bool head_param(struct arena *a, struct str value, const char *name, struct str *out);
bool str_eq_nocase(struct str a, struct str b); /* ASCII letters only */

#endif
