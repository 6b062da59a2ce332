/* http_util.c - reading a request and writing a response. */
#include <string.h>

#include "web/http.h"

static struct str first(const struct pair *v, size_t n, const char *name)
{
    struct str key = str_z(name);
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i].name, key))
            return v[i].value;
    return S("");
}

struct str req_query(const struct request *r, const char *name)
{
    return first(r->head.query, r->head.n_query, name);
}

struct str req_field(const struct request *r, const char *name)
{
    return r->form ? first(r->form->fields, r->form->n_fields, name) : S("");
}

struct str req_cookie(const struct request *r, const char *name)
{
    return first(r->head.cookies, r->head.n_cookies, name);
}

struct str req_header(const struct request *r, const char *name)
{
    struct str key = str_z(name);
    for (size_t i = 0; i < r->head.n_headers; i++)
        if (str_eq_nocase(r->head.headers[i].name, key))
            return r->head.headers[i].value;
    return S("");
}

/* q=0, q=0.0, q=0.000: not at all (RFC 9110, 12.4.2). */
static bool is_zero(struct str q)
{
    q = str_trim(q);
    if (!str_eat(&q, S("q=0")) && !str_eat(&q, S("Q=0")))
        return false;
    (void)str_eat(&q, S("."));
    while (str_eat(&q, S("0")))
        ;
    return str_trim(q).n == 0;
}

bool req_accepts_gzip(const struct request *r)
{
    struct str list = req_header(r, "accept-encoding"), piece;
    while (str_next(&list, S(","), &piece)) {
        struct str name = piece, rest = {NULL, 0};
        str_cut(piece, S(";"), &name, &rest);
        if (str_eq_nocase(str_trim(name), S("gzip")))
            return !is_zero(rest);
    }
    return false;
}

const struct upload *req_file(const struct request *r, const char *name)
{
    struct str key = str_z(name);
    for (size_t i = 0; r->form && i < r->form->n_files; i++)
        if (str_eq(r->form->files[i].field, key))
            return &r->form->files[i];
    return NULL;
}

void res_header(struct response *s, const char *name, struct str value)
{
    if (s->n_headers < sizeof(s->headers) / sizeof(s->headers[0]))
        s->headers[s->n_headers++] = (struct pair){str_z(name), value};
}

void res_text(struct response *s, int status, struct str type, struct str text)
{
    s->status = status;
    s->type = type;
    s->kind = BODY_BUF;
    buf_clear(&s->body);
    buf_str(&s->body, text);
}

void res_redirect(struct request *r, struct str to)
{
    r->res.status = 303;
    res_header(&r->res, "Location", arena_str(&r->arena, to));
}
