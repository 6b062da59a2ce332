/* intake_feed.c - an Atom or RSS feed. The feed's XML is parsed in a caged child (paper/feed.h); an entry is taken
 * once, by its id: the document it links to when the source says so, otherwise its own text. */
#include <curl/curl.h>
#include <string.h>

#include "base/json.h"
#include "base/xml.h"
#include "office/intake_int.h"
#include "paper/feed.h"

enum { NAME_CP = 80 };

/* A file name made of a title: no path characters, at most NAME_CP characters. */
static struct str file_name(struct arena *a, struct str title, struct str ext)
{
    char *p = arena_z(a, title.n ? title : S("未命名"));
    struct str s;
    size_t n = 0;
    for (char *q = p; *q; q++)
        if (strchr("/\\:*?\"<>|\t\n\r", *q))
            *q = ' ';
    s = str_z(p);
    for (int i = 0; i < NAME_CP && n < s.n; i++) {
        n++;
        while (n < s.n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
            n++;
    }
    return arena_cat(a, str_trim(str_sub(s, 0, n)), ext);
}

static struct str ext_of_type(struct str type)
{
    static const struct {
        struct str type, ext;
    } known[] = {
        {SC("text/html"), SC(".html")},
        {SC("application/xhtml+xml"), SC(".html")},
        {SC("application/pdf"), SC(".pdf")},
        {SC("text/plain"), SC(".txt")},
        {SC("application/msword"), SC(".doc")},
        {SC("application/ofd"), SC(".ofd")},
        {SC("application/zip"), SC(".zip")},
        {SC("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            SC(".docx")},
        {SC("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), SC(".xlsx")},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (str_starts(type, known[i].type))
            return known[i].ext;
    return (struct str){0};
}

/* ".docx" of an address, when it ends in something like one. */
static struct str ext_of_url(struct str url)
{
    struct str head, ext, query;
    (void)str_cut(url, S("?"), &url, &query);
    (void)str_cut(url, S("#"), &url, &query);
    if (!str_cut_last(url, S("."), &head, &ext) || ext.n < 2 || ext.n > 5 || str_has(ext, S("/")))
        return (struct str){0};
    return (struct str){ext.p - 1, ext.n + 1};
}

static enum code take_own(struct intake_job *j, const struct feed_entry *f, struct err *e)
{
    struct buf b;
    buf_init(&b, INTAKE_FEED_MAX);
    buf_z(&b, "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>");
    xml_escape(&b, f->title);
    buf_z(&b, "</title></head><body><h1>");
    xml_escape(&b, f->title);
    buf_z(&b, "</h1>\n");
    buf_str(&b, f->html);
    buf_z(&b, "</body></html>\n");
    enum code c = buf_check(&b, "订阅源的一条", e);
    if (c == OK)
        c = intake_take_bytes(
            j, f->id, (struct str){0}, file_name(j->a, f->title, S(".html")), buf_view(&b), e);
    buf_release(&b);
    return c;
}

/* A link as the feed writes it, made whole by the address of the feed; empty when it is none. */
static struct str resolve(struct arena *a, struct str base, struct str link)
{
    struct str out = {0};
    char *whole = NULL;
    CURLU *u = curl_url();
    if (u && curl_url_set(u, CURLUPART_URL, arena_z(a, base), 0) == CURLUE_OK &&
        curl_url_set(u, CURLUPART_URL, arena_z(a, link), 0) == CURLUE_OK &&
        curl_url_get(u, CURLUPART_URL, &whole, 0) == CURLUE_OK)
        out = arena_str(a, str_z(whole));
    curl_free(whole);
    curl_url_cleanup(u);
    return out;
}

/* A linked document that cannot be had is this entry's failure, not the feed's. */
static enum code take_linked(
    struct intake_job *j, const struct feed_entry *f, struct str host, struct err *e)
{
    struct str link = resolve(j->a, j->src->place, f->link);
    struct intake_get g = {
        .url = link, .host = host, .ca = j->src->ca, .max = (size_t)INTAKE_ITEM_MAX / 4};
    struct intake_got got;
    struct err why;
    if (!str_eq(intake_host(j->a, link), host))
        return intake_skip(j, f->id, (struct str){0},
            arena_printf(j->a, "链接“%.*s”不在订阅源的主机上", SF(f->link)), e);
    if (intake_fetch(j->a, &g, &got, &why) != OK)
        return intake_skip(j, f->id, (struct str){0}, arena_str(j->a, str_z(why.msg)), e);
    struct str ext = ext_of_type(got.type);
    if (!ext.n)
        ext = ext_of_url(got.url);
    return intake_take_bytes(
        j, f->id, (struct str){0}, file_name(j->a, f->title, ext), got.body, e);
}

static enum code take_entries(
    struct intake_job *j, const struct feed *feed, struct str host, struct err *e)
{
    int taken = 0;
    for (size_t i = feed->n; i-- > 0 && !intake_stopping(j);) { /* feeds begin with the newest */
        const struct feed_entry *f = &feed->entries[i];
        bool seen;
        TRY(intake_seen(j, f->id, (struct str){0}, &seen, e));
        if (seen || taken++ >= INTAKE_ITEMS)
            continue;
        j->at = f->link.n ? resolve(j->a, j->src->place, f->link) : f->id;
        TRY(j->src->linked && f->link.n ? take_linked(j, f, host, e) : take_own(j, f, e));
    }
    return OK;
}

static void read_state(struct intake_job *j, struct intake_get *g)
{
    json_t *o = NULL;
    struct err none;
    if (!j->state.n || jr_parse(j->state, &o, &none) != OK)
        return;
    g->etag = arena_str(j->a, jr_str(o, "etag"));
    g->modified = arena_str(j->a, jr_str(o, "modified"));
    json_decref(o);
}

static void write_state(struct intake_job *j, const struct intake_got *got)
{
    struct buf b;
    struct jw w;
    buf_init(&b, 0);
    jw_init(&w, &b);
    jw_obj(&w);
    jw_kstr(&w, "etag", got->etag);
    jw_kstr(&w, "modified", got->modified);
    jw_end(&w);
    j->state = arena_str(j->a, buf_view(&b));
    buf_release(&b);
}

enum code intake_feed(struct intake_job *j, struct err *e)
{
    struct intake_get g = {.url = j->src->place,
        .host = intake_host(j->a, j->src->place),
        .ca = j->src->ca,
        .max = INTAKE_FEED_MAX};
    struct intake_got got;
    struct feed feed;
    read_state(j, &g);
    TRY(intake_fetch(j->a, &g, &got, e));
    if (got.status == 304)
        return OK;
    enum code c = feed_read(j->o->readers, j->a, got.body, &feed, e);
    if (c != OK)
        return err_context(e, "订阅源“%.*s”", SF(j->src->place));
    TRY(take_entries(j, &feed, g.host, e));
    if (!intake_stopping(j))
        write_state(j, &got); /* only now: an interrupted run must see the feed again */
    return OK;
}
