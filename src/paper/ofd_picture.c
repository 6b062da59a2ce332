#include "paper/ofd_int.h"

#include <stdlib.h>
#include <string.h>

#include "paper/opc.h"

/* The member that DocRoot names. */
static struct str first_root(struct job *j, struct zipin *z)
{
    struct xr *x = xr_open(j, z, "OFD.xml");
    struct str root = {"", 0};

    for (int d = x ? xr_enter(x) : -1; x && xr_descend(x, d);) {
        struct buf b = {0};
        if (xr_is(x, "DocRoot") && root.n == 0) {
            xr_text(x, &b);
            root = opc_path(j, S(""), str_trim(buf_view(&b)));
        }
        buf_release(&b);
    }
    xr_close(x);
    return root;
}

struct res_list {
    struct str v[8]; /* files of resources: public, document, page */
    size_t n;
};

/* The location of page number `page`, and the resource files of the document. */
static struct str page_loc(
    struct job *j, struct zipin *z, struct str root, int page, struct res_list *res)
{
    struct xr *x = xr_open(j, z, root.p);
    struct str loc = {"", 0};
    int at = 0;

    for (int d = x ? xr_enter(x) : -1; x && xr_descend(x, d);) {
        struct buf b = {0};
        if (xr_is(x, "Page") && ++at == page)
            loc = opc_path(j, root, xr_attr(x, "BaseLoc"));
        if ((xr_is(x, "PublicRes") || xr_is(x, "DocumentRes")) && res->n < 8) {
            xr_text(x, &b);
            res->v[res->n++] = opc_path(j, root, str_trim(buf_view(&b)));
        }
        buf_release(&b);
    }
    xr_close(x);
    return loc;
}

static double area_of(struct str box)
{
    double v[4] = {0};
    char z[128];
    char *at = z;
    size_t n = box.n < sizeof(z) - 1 ? box.n : sizeof(z) - 1;

    memcpy(z, box.p, n);
    z[n] = '\0';
    for (size_t i = 0; i < 4; i++)
        v[i] = strtod(at, &at);
    return v[2] * v[3];
}

static struct str largest_image(struct job *j, struct zipin *z, struct str loc)
{
    struct xr *x = xr_open(j, z, loc.p);
    struct str id = {"", 0};
    double largest = 0;

    for (int d = x ? xr_enter(x) : -1; x && xr_descend(x, d);) {
        double area = xr_is(x, "ImageObject") ? area_of(xr_attr(x, "Boundary")) : 0;
        if (area > largest) {
            largest = area;
            id = xr_attr(x, "ResourceID");
        }
    }
    xr_close(x);
    return id;
}

/* The file of a picture, by its id in one file of resources. */
static struct str media_file(struct job *j, struct zipin *z, struct str res, struct str id)
{
    struct xr *x = xr_open(j, z, res.p);
    struct str base, file = {"", 0};

    if (!x)
        return file;
    base = xr_attr(x, "BaseLoc");
    for (int d = xr_enter(x); xr_descend(x, d);) {
        if (!xr_is(x, "MultiMedia") || !str_eq(xr_attr(x, "ID"), id))
            continue;
        for (int k = xr_enter(x); xr_child(x, k);) {
            struct buf b = {0};
            if (xr_is(x, "MediaFile")) {
                buf_str(&b, base);
                buf_char(&b, '/');
                xr_text(x, &b);
                file = opc_path(j, res, buf_view(&b));
            }
            buf_release(&b);
        }
    }
    xr_close(x);
    return file;
}

enum code ofd_page_picture(struct job *j, struct str bytes, int page, struct str *image)
{
    struct zipin *z = NULL;
    struct res_list res = {.n = 0};
    struct str root, loc, id;

    TRY(zipin_open(j, bytes, &z));
    root = first_root(j, z);
    loc = root.n ? page_loc(j, z, root, page, &res) : S("");
    if (loc.n == 0)
        return JOB_FAIL(j, E_NOTFOUND, "没有第 %d 页", page);
    id = largest_image(j, z, loc);
    for (size_t i = 0; i < res.n && id.n > 0 && job_ok(j); i++) {
        struct str file = media_file(j, z, res.v[i], id);
        if (file.n > 0 && zipin_read(z, file.p, image))
            return OK;
    }
    return JOB_FAIL(j, E_INPUT, "第 %d 页不是图片，请用阅读软件打开查看", page);
}
