#include "paper/opc.h"

#include <string.h>

enum { RELS_MAX = 100000, PROPERTY_BYTES = 65536 };

struct str opc_path(struct job *j, struct str part, struct str target)
{
    struct str dir = {"", 0}, base, rest, piece;
    struct buf b = {0};
    struct str out;

    if (!str_eat(&target, S("/")) && str_cut_last(part, S("/"), &dir, &base))
        buf_str(&b, dir);
    rest = target;
    while (str_next(&rest, S("/"), &piece)) {
        if (str_eq(piece, S("..")) && b.p) {
            char *slash = strrchr(b.p, '/');
            b.n = slash ? (size_t)(slash - b.p) : 0;
            b.p[b.n] = '\0';
        } else if (piece.n > 0 && !str_eq(piece, S(".")) && !str_eq(piece, S(".."))) {
            if (b.n > 0)
                buf_char(&b, '/');
            buf_str(&b, piece);
        }
    }
    out = arena_str(j->a, buf_view(&b));
    buf_release(&b);
    return out;
}

void opc_rels(struct job *j, struct zipin *z, struct str part, struct rels *out)
{
    struct str dir = {"", 0}, base = part;
    struct str member;
    struct xr *x;

    *out = (struct rels){0};
    (void)str_cut_last(part, S("/"), &dir, &base);
    member = arena_printf(j->a, "%.*s%s_rels/%.*s.rels", SF(dir), dir.n ? "/" : "", SF(base));
    x = xr_open(j, z, member.p);
    if (!x)
        return;
    for (int d = xr_enter(x); xr_child(x, d);) {
        struct str type = xr_attr(x, "Type"), head;
        struct rel r = {xr_attr(x, "Id"), type, {"", 0}};
        if (str_eq(xr_attr(x, "TargetMode"), S("External")))
            continue;
        (void)str_cut_last(type, S("/"), &head, &r.type);
        r.target = opc_path(j, part, xr_attr(x, "Target"));
        if (out->n >= RELS_MAX)
            break;
        ARENA_PUSH(j->a, out->v, out->n, out->cap) = r;
    }
    xr_close(x);
}

const char *opc_find(const struct rels *r, const char *type)
{
    for (size_t i = 0; i < r->n; i++)
        if (str_eq(r->v[i].type, str_z(type)))
            return r->v[i].target.p;
    return NULL;
}

const char *opc_by_id(const struct rels *r, struct str id)
{
    for (size_t i = 0; i < r->n; i++)
        if (str_eq(r->v[i].id, id))
            return r->v[i].target.p;
    return NULL;
}

void opc_properties(struct job *j, struct zipin *z, const struct rels *package)
{
    const char *member = opc_find(package, "core-properties");
    struct xr *x = xr_open(j, z, member ? member : "docProps/core.xml");

    if (!x)
        return;
    for (int d = xr_enter(x); xr_child(x, d);) {
        struct buf b;
        buf_init(&b, PROPERTY_BYTES);
        if (xr_is(x, "title")) {
            xr_text(x, &b);
            j->d.title = job_property(j, buf_view(&b));
        } else if (xr_is(x, "creator")) {
            xr_text(x, &b);
            j->d.author = job_property(j, buf_view(&b));
        } else if (xr_is(x, "modified") || (xr_is(x, "created") && j->d.date.n == 0)) {
            xr_text(x, &b);
            j->d.date = job_date(j, buf_view(&b));
        }
        buf_release(&b);
    }
    xr_close(x);
}
