/* feed.c - both ends of reading a feed: the child makes a row and a part of each entry, which are what
 * a doc can carry; the parent turns them back. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): memfd_create through program.h */
#include "paper/feed.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/xml.h"
#include "paper/formats.h"
#include "paper/pool.h"
#include "paper/program.h"
#include "paper/xr.h"

enum { CELLS = 4, MARKUP_DEPTH = 64 };

struct raw_entry {
    struct str id, link, guid_link, updated, title, html;
    bool full; /* html is the whole text, not a summary */
};

/* ---- in the child ---- */

static struct str text_of(struct job *j, struct xr *x)
{
    struct buf b;
    buf_init(&b, j->lim->text_bytes);
    xr_text(x, &b);
    struct str s = arena_str(j->a, str_trim(buf_view(&b)));
    if (b.full)
        (void)JOB_FAIL(j, E_LIMIT, "订阅源的一条超过上限 %zu MB", j->lim->text_bytes >> 20);
    buf_release(&b);
    return s;
}

/* The markup inside the current element, without attributes: for type="xhtml". */
static void markup(struct xr *x, struct buf *b, int depth) // NOLINT(misc-no-recursion): held to 64
{
    for (int d = xr_enter(x); xr_node(x, d);) {
        const char *name = xr_name(x);
        if (strcmp(name, "#text") == 0 || strcmp(name, "#cdata-section") == 0) {
            xml_escape(b, xr_value(x));
        } else if (depth < MARKUP_DEPTH) {
            char kept[32];
            (void)snprintf(kept, sizeof(kept), "%s", name);
            buf_printf(b, "<%s>", kept);
            markup(x, b, depth + 1);
            buf_printf(b, "</%s>", kept);
        }
    }
}

/* Atom's text construct: text, html or xhtml. */
static struct str construct(struct job *j, struct xr *x, bool as_html)
{
    struct str type = xr_attr(x, "type"), s;
    struct buf b;
    if (as_html && (str_eq(type, S("xhtml")) || str_has(type, S("+xml")))) {
        buf_init(&b, j->lim->text_bytes);
        markup(x, &b, 0);
    } else {
        s = text_of(j, x);
        if (!as_html || str_eq(type, S("html")) || str_eq(type, S("text/html")))
            return s;
        buf_init(&b, j->lim->text_bytes);
        xml_escape(&b, s);
    }
    s = arena_str(j->a, buf_view(&b));
    buf_release(&b);
    return s;
}

static void atom_link(struct xr *x, struct raw_entry *r)
{
    struct str rel = xr_attr(x, "rel"), href = str_trim(xr_attr(x, "href"));
    if (href.n && (!r->link.n || str_eq(rel, S("alternate"))) &&
        (!rel.n || str_eq(rel, S("alternate"))))
        r->link = href;
}

/* One child of an Atom entry. */
static void atom_part(struct job *j, struct xr *x, struct raw_entry *r)
{
    if (xr_is(x, "id"))
        r->id = text_of(j, x);
    else if (xr_is(x, "title"))
        r->title = construct(j, x, false);
    else if (xr_is(x, "updated") || (xr_is(x, "published") && !r->updated.n))
        r->updated = text_of(j, x);
    else if (xr_is(x, "link"))
        atom_link(x, r);
    else if (xr_is(x, "content")) {
        r->html = construct(j, x, true);
        r->full = true;
    } else if (xr_is(x, "summary") && !r->full)
        r->html = construct(j, x, true);
}

/* One child of an RSS item. */
static void rss_part(struct job *j, struct xr *x, struct raw_entry *r)
{
    if (xr_is(x, "guid")) {
        bool link = !str_eq(xr_attr(x, "isPermaLink"), S("false"));
        r->id = text_of(j, x);
        if (link && (str_starts(r->id, S("http://")) || str_starts(r->id, S("https://"))))
            r->guid_link = r->id;
    } else if (xr_is(x, "title"))
        r->title = text_of(j, x);
    else if (xr_is(x, "pubDate") || xr_is(x, "date"))
        r->updated = text_of(j, x);
    else if (xr_is(x, "link"))
        r->link = text_of(j, x);
    else if (xr_is(x, "encoded")) {
        r->html = text_of(j, x);
        r->full = true;
    } else if (xr_is(x, "description") && !r->full)
        r->html = text_of(j, x);
}

static void one_entry(struct job *j, struct xr *x, bool atom)
{
    struct raw_entry r = {0};
    for (int d = xr_enter(x); xr_child(x, d);) {
        if (atom)
            atom_part(j, x, &r);
        else
            rss_part(j, x, &r);
    }
    struct str link = r.link.n ? r.link : r.guid_link;
    struct str id = r.id.n ? r.id : link.n ? link : r.title;
    if (!id.n || !job_ok(j))
        return;
    struct str cells[CELLS] = {id, link, r.updated, r.title};
    job_row(j, 1, cells, CELLS);
    job_part(j, S("entry.html"), r.html);
}

/* The bytes as UTF-8 without an XML declaration, which would name the old encoding. */
static bool as_utf8(struct job *j, struct str bytes, struct str *out)
{
    struct str head = str_sub(bytes, 0, 200), rest, charset = {0};
    size_t at = str_find(head, S("encoding="), 0), end = str_find(head, S("?>"), 0);
    if (at != SIZE_MAX && at < end && at + 10 < head.n) {
        char quote[2] = {head.p[at + 9], '\0'};
        if (!str_cut(str_sub(head, at + 10, SIZE_MAX), str_z(quote), &charset, &rest))
            charset = (struct str){0};
    }
    if (text_utf8(j, bytes, charset, out) != OK)
        return false;
    (void)str_eat(out, S("\xef\xbb\xbf"));
    *out = str_trim(*out);
    if (str_starts(*out, S("<?xml")) && str_cut(*out, S("?>"), &head, &rest))
        *out = str_trim(rest);
    return true;
}

enum code read_feed(struct job *j, struct str bytes)
{
    struct str text = {0};
    size_t n = 0;
    j->file_bytes = bytes.n;
    if (!as_utf8(j, bytes, &text))
        return j->failed;
    struct xr *x = xr_open_bytes(j, text, "订阅源");
    if (!x)
        return j->failed;
    bool atom = xr_is(x, "feed");
    if (!atom && !xr_is(x, "rss") && !xr_is(x, "RDF"))
        (void)JOB_FAIL(j, E_INPUT, "不是 Atom 或 RSS 订阅源（最外层是“%.40s”）", xr_name(x));
    for (int d = xr_enter(x); xr_descend(x, d) && n < FEED_ENTRIES;)
        if (xr_is(x, atom ? "entry" : "item")) {
            one_entry(j, x, atom);
            n++;
        }
    xr_close(x);
    return j->failed;
}

/* ---- in the parent ---- */

static enum code entries_of(struct arena *a, const struct doc *d, struct feed *out, struct err *e)
{
    struct feed f = {.entries = ARENA_ARRAY(a, struct feed_entry, d->n + 1)};
    if (d->n != d->n_parts)
        return FAIL(e, E_IO, "读取进程的回答不合约定，文件可能是恶意构造的");
    for (size_t i = 0; i < d->n; i++) {
        struct str rest = d->blocks[i].text, cell[CELLS] = {{0}};
        for (size_t k = 0; k < CELLS && str_next(&rest, S("\t"), &cell[k]); k++)
            ;
        if (cell[0].n)
            f.entries[f.n++] =
                (struct feed_entry){cell[0], cell[1], cell[2], cell[3], d->parts[i].bytes};
    }
    *out = f;
    return OK;
}

enum code feed_read(
    struct reader_pool *p, struct arena *a, struct str bytes, struct feed *out, struct err *e)
{
    struct doc d = {0};
    int fd = -1;
    TRY(memory_file_of("feed", bytes, &fd, e));
    enum code c = pool_ask(p, a, fd, AS_FEED, 0, S("feed.xml"), &d, e);
    (void)close(fd);
    if (c == OK)
        c = entries_of(a, &d, out, e);
    return c;
}
