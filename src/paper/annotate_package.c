/* The parts of a package around the text: comments, their relation and content type. */
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "paper/annotate_int.h"
#include "paper/charset.h"
#include "paper/formats.h"
#include "paper/zipout.h"

#define W_URI         "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define R_URI         "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define R_STRICT      "http://purl.oclc.org/ooxml/officeDocument/relationships/"
#define COMMENTS_TYPE "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
#define XML_HEAD      "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

enum { QUOTE_CP = 40, INITIALS_CP = 4, ID_MAX = 1 << 30 };

/* ---- parts ---- */

/* The encoding that the declaration names, or "". */
static struct str declared(struct str s)
{
    struct str head = str_sub(s, 0, str_starts(s, S("<?xml")) ? str_find(s, S("?>"), 0) : 0);
    struct str before, rest, value, after;
    char quote[2] = "";

    if (!str_cut(head, S("encoding"), &before, &rest))
        return S("");
    while (rest.n > 0 && rest.p[0] != '"' && rest.p[0] != '\'')
        rest = str_sub(rest, 1, rest.n);
    if (rest.n == 0)
        return S("");
    quote[0] = rest.p[0];
    rest = str_sub(rest, 1, rest.n);
    return str_cut(rest, str_z(quote), &value, &after) ? value : S("");
}

struct str annotate_utf8(struct job *j, struct str bytes)
{
    bool wide = str_starts(bytes, S("\xFF\xFE")) || str_starts(bytes, S("\xFE\xFF")) ||
                str_starts(bytes, S("<\0?")) || str_starts(bytes, S("\0<\0"));
    struct str label = wide ? S("") : declared(bytes), body, out;
    struct buf b = {0};
    size_t bad;

    if (!wide && (label.n == 0 || label.n > 40 || (label.p[0] | 32) == 'u'))
        return bytes;
    if (wide)
        label = str_starts(bytes, S("\xFF\xFE")) || str_starts(bytes, S("<\0")) ? S("UTF-16LE")
                                                                                : S("UTF-16BE");
    buf_init(&b, j->lim->unpacked_bytes);
    bad = charset_decode(&b, bytes, label);
    if (bad != 0 || b.full)
        (void)JOB_FAIL(j, E_INPUT, "里面的文字编码不能改写，请在 Word 或 WPS 中另存为 docx 再试");
    body = buf_view(&b);
    (void)str_eat(&body, S("\xEF\xBB\xBF"));
    if (str_starts(body, S("<?xml"))) {
        size_t end = str_find(body, S("?>"), 0);
        body = end == SIZE_MAX ? body : str_sub(body, end + 2, body.n);
    }
    out = arena_cat(j->a, S(XML_HEAD), body);
    buf_release(&b);
    return out;
}

bool annotate_scan(struct job *j, struct str xml, struct xmltree *out)
{
    if (job_ok(j))
        j->failed = xmltree_scan(j->a, xml, out, j->e);
    return job_ok(j);
}

void annotate_namespace(struct job *j, struct ann_part *p)
{
    struct str bare;

    p->prefix = xml_prefix(&p->t, 0);
    bare = str_sub(p->prefix, 0, p->prefix.n > 0 ? p->prefix.n - 1 : 0);
    p->uri = bare.n > 0 ? xml_attr_exact(&p->t, 0, arena_cat(j->a, S("xmlns:"), bare))
                        : xml_attr_exact(&p->t, 0, S("xmlns"));
    p->decl = S("");
    if (bare.n > 0 && p->uri.n > 0)
        return;
    p->prefix = S("w:"); /* attributes need a prefix; one that is not declared would not do */
    p->uri = p->uri.n > 0 ? p->uri : S(W_URI);
    p->decl = arena_printf(j->a, " xmlns:w=\"%.*s\"", SF(p->uri));
}

static enum story story_of(const struct annotating *n, size_t index)
{
    for (size_t i = 0; i < n->rels.n; i++) {
        const struct rel *r = &n->rels.v[i];
        bool notes = str_eq(r->type, S("footnotes")) || str_eq(r->type, S("endnotes"));
        bool header = str_eq(r->type, S("header")) || str_eq(r->type, S("footer"));
        if ((notes || header) && zipin_index(n->z, r->target.p) == index)
            return notes ? STORY_NOTES : STORY_HEADER;
    }
    return STORY_COMMENTS;
}

struct ann_part *annotate_part(struct annotating *n, size_t index)
{
    struct ann_part p = {.index = index};
    struct str bytes;

    for (size_t i = 0; i < n->n_parts; i++)
        if (n->parts[i].index == index)
            return &n->parts[i];
    if (index >= zipin_count(n->z) || !zipin_read_at(n->z, index, &bytes) ||
        !annotate_scan(n->j, annotate_utf8(n->j, bytes), &p.t))
        return NULL;
    annotate_namespace(n->j, &p);
    p.story = n->n_parts == 0 ? STORY_MAIN : story_of(n, index);
    if (n->n_parts == n->cap_parts) /* never moved: the plan holds pointers to them */
        return NULL;
    n->parts[n->n_parts] = p;
    return &n->parts[n->n_parts++];
}

/* The largest number that any attribute "…id" has. */
static uint32_t largest_id(struct str s)
{
    uint32_t most = 0;

    for (size_t at = 0; (at = str_find(s, S("id=\""), at)) != SIZE_MAX;) {
        uint32_t v = 0;
        for (at += 4; at < s.n && s.p[at] >= '0' && s.p[at] <= '9' && v < ID_MAX / 10; at++)
            v = v * 10 + (uint32_t)(s.p[at] - '0');
        if (at < s.n && s.p[at] == '"' && v > most)
            most = v;
    }
    return most;
}

/* ---- who and when ---- */

static struct str attributes(struct annotating *n, struct str prefix)
{
    struct civil c = clock_civil(n->list->at_ms, ZONE_CHINA);
    struct buf b = {0};
    struct str out;

    buf_printf(&b, " %.*sauthor=\"", SF(prefix));
    xml_escape(&b, n->list->author);
    buf_printf(&b, "\" %.*sdate=\"%04d-%02d-%02dT%02d:%02d:%02dZ\"", SF(prefix), c.day.y, c.day.m,
        c.day.d, c.hour, c.minute, c.second);
    out = arena_str(n->j->a, buf_view(&b));
    buf_release(&b);
    return out;
}

/* ---- comments ---- */

/* The words a comment is about. */
static struct str quoted(const struct annotating *n, const struct annotation *x)
{
    struct str s = {"", 0};

    for (size_t k = 0; k < n->d->n; k++) {
        if (x->begin_cp >= n->block_cp[k] && x->begin_cp < n->block_cp[k + 1]) {
            size_t many = x->end_cp > x->begin_cp ? x->end_cp - x->begin_cp : 0;
            s = n->d->blocks[k].text;
            s = str_sub(s, utf8_off(s, x->begin_cp - n->block_cp[k]), s.n);
            s = str_sub(s, 0, utf8_off(s, many < QUOTE_CP ? many : QUOTE_CP));
            break;
        }
    }
    return s;
}

static struct str comment_text(const struct annotating *n, size_t i)
{
    const struct annotation *x = &n->list->v[i];
    struct str quote = n->done[i].moved ? quoted(n, x) : S(""), out;
    struct buf b = {0};

    if (quote.n > 0)
        buf_printf(&b, "原文“%.*s”：", SF(quote));
    buf_str(&b, x->comment);
    if (n->done[i].told) {
        if (x->comment.n > 0)
            buf_char(&b, '\n');
        if (x->replacement.n > 0)
            buf_printf(&b, "建议改为“%.*s”", SF(x->replacement));
        else
            buf_z(&b, "建议删去");
    }
    out = arena_str(n->j->a, buf_view(&b));
    buf_release(&b);
    return out;
}

static void put_paragraph(struct buf *out, struct str w, struct str line, bool first)
{
    buf_printf(out, "<%.*sp>", SF(w));
    if (first)
        buf_printf(out, "<%.*sr><%.*sannotationRef/></%.*sr>", SF(w), SF(w), SF(w));
    buf_printf(out, "<%.*sr><%.*st xml:space=\"preserve\">", SF(w), SF(w));
    xml_escape(out, line);
    buf_printf(out, "</%.*st></%.*sr></%.*sp>", SF(w), SF(w), SF(w));
}

static void put_comment(struct annotating *n, const struct ann_part *p, size_t i, struct buf *out)
{
    struct str w = p->prefix, rest = comment_text(n, i), line;
    bool first = true;

    buf_printf(out, "<%.*scomment%.*s %.*sid=\"%u\"%.*s %.*sinitials=\"", SF(w), SF(p->decl), SF(w),
        n->done[i].id, SF(attributes(n, w)), SF(w));
    xml_escape(out, str_sub(n->list->author, 0, utf8_off(n->list->author, INITIALS_CP)));
    buf_z(out, "\">");
    for (; str_next(&rest, S("\n"), &line); first = false)
        put_paragraph(out, w, line, first);
    buf_printf(out, "</%.*scomment>", SF(w));
}

/* ---- packing ---- */

struct pack {
    struct annotating *n;
    struct zip_change *v;
    size_t n_v, cap_v;
};

static void put_member(struct pack *k, struct str name, struct str bytes)
{
    struct zip_change c = {name, zipin_index(k->n->z, name.p), bytes};

    ARENA_PUSH(k->n->j->a, k->v, k->n_v, k->cap_v) = c;
}

/* `more` inside the root of a small part, which is made of `otherwise` where it is not there. */
static void extend(struct pack *k, struct str name, struct str otherwise, struct str more)
{
    struct job *j = k->n->j;
    struct str bytes = {"", 0};
    struct xmltree t;
    struct buf b = {0};

    if (!zipin_read(k->n->z, name.p, &bytes) || bytes.n == 0)
        bytes = otherwise;
    if (!job_ok(j) || !annotate_scan(j, annotate_utf8(j, bytes), &t))
        return;
    xml_append(&t, 0, more, &b);
    put_member(k, name, arena_str(j->a, buf_view(&b)));
    buf_release(&b);
}

static struct str sibling(struct annotating *n, const char *before, const char *after)
{
    struct str dir = {"", 0}, base = str_z(n->main_name);

    (void)str_cut_last(base, S("/"), &dir, &base);
    return arena_printf(n->j->a, "%.*s%s%s%.*s%s", SF(dir), dir.n ? "/" : "", before,
        *after ? (int)base.n : 0, base.p ? base.p : "", after);
}

static void relate(struct pack *k, struct str name)
{
    struct annotating *n = k->n;
    bool strict = str_has(n->parts[0].uri, S("purl.oclc.org"));
    struct str rels = sibling(n, "_rels/", ".rels"), old, id = {"", 0};

    if (!zipin_read(n->z, rels.p, &old))
        old = S("");
    for (int i = 1; id.n == 0 || str_has(old, id); i++)
        id = arena_printf(n->j->a, "rIdComments%d", i);
    extend(k, rels,
        S(XML_HEAD "<Relationships "
                   "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"/>"),
        arena_printf(n->j->a, "<Relationship Id=\"%.*s\" Type=\"%scomments\" Target=\"/%.*s\"/>",
            SF(id), strict ? R_STRICT : R_URI, SF(name)));
}

/* A part of comments where there was none: its name, its relation (which may be there already), its type. */
static struct str new_comments(struct pack *k, const char *related)
{
    struct annotating *n = k->n;
    struct str name = related ? str_z(related) : sibling(n, "comments.xml", ""), types, part;
    int i = 1;

    while (!related && zipin_has(n->z, name.p))
        name = sibling(n, arena_printf(n->j->a, "comments%d.xml", ++i).p, "");
    if (!related)
        relate(k, name);
    part = arena_printf(n->j->a, "\"/%.*s\"", SF(name));
    if (!zipin_read(n->z, "[Content_Types].xml", &types) || !str_has(types, part))
        extend(k, S("[Content_Types].xml"),
            S(XML_HEAD
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
            arena_printf(
                n->j->a, "<Override PartName=%.*s ContentType=\"" COMMENTS_TYPE "\"/>", SF(part)));
    return name;
}

static void add_comments(struct pack *k)
{
    struct annotating *n = k->n;
    const char *old = opc_find(&n->rels, "comments");
    bool there = old && zipin_has(n->z, old);
    struct ann_part p = {0};
    struct str name = there ? str_z(old) : S(""), bytes = {"", 0};
    struct buf b = {0}, out = {0};
    bool any = false;

    for (size_t i = 0; i < n->list->n; i++)
        any = any || n->done[i].comment;
    if (!any || !job_ok(n->j))
        return;
    if (there) {
        if (!zipin_read(n->z, old, &bytes))
            return;
        bytes = annotate_utf8(n->j, bytes);
    } else {
        bytes =
            arena_printf(n->j->a, XML_HEAD "<w:comments xmlns:w=\"%.*s\"/>", SF(n->parts[0].uri));
        name = new_comments(k, old);
    }
    if (!annotate_scan(n->j, bytes, &p.t))
        return;
    annotate_namespace(n->j, &p);
    for (size_t i = 0; i < n->list->n; i++)
        if (n->done[i].comment)
            put_comment(n, &p, i, &b);
    xml_append(&p.t, 0, buf_view(&b), &out);
    put_member(k, name, arena_str(n->j->a, buf_view(&out)));
    buf_release(&b);
    buf_release(&out);
}

/* Numbers of comments and changes go on behind those that are there. */
static void number(struct annotating *n)
{
    const char *old = opc_find(&n->rels, "comments");
    uint32_t most = 0;
    struct str bytes;

    for (size_t i = 0; i < n->n_parts; i++) {
        uint32_t id = largest_id(n->parts[i].t.s);
        most = id > most ? id : most;
    }
    if (old && zipin_has(n->z, old) && zipin_read(n->z, old, &bytes)) {
        uint32_t id = largest_id(annotate_utf8(n->j, bytes));
        most = id > most ? id : most;
    }
    for (size_t i = 0; i < n->list->n; i++)
        if (n->done[i].comment)
            n->done[i].id = ++most;
    n->next_id = most + 1;
}

static void write_parts(struct pack *k)
{
    struct annotating *n = k->n;

    for (size_t i = 0; i < n->n_parts && job_ok(n->j); i++) {
        struct ann_part *p = &n->parts[i];
        bool utf8;
        if (p->n_marks == 0 && p->n_gone == 0)
            continue;
        n->who = attributes(n, p->prefix);
        struct zip_change c = {zipin_name(n->z, p->index, &utf8), p->index, annotate_write(n, p)};
        ARENA_PUSH(n->j->a, k->v, k->n_v, k->cap_v) = c;
    }
}

static void count(const struct annotating *n, struct annotated *out)
{
    *out = (struct annotated){0};
    for (size_t i = 0; i < n->list->n; i++) {
        out->comments += n->done[i].comment;
        out->changes += n->done[i].change;
        out->told += n->done[i].told;
        out->moved += n->done[i].moved;
    }
}

static void begin(struct annotating *n)
{
    struct rels package;
    const char *main;
    size_t cp = 0;

    n->block_cp = ARENA_ARRAY(n->j->a, size_t, n->d->n + 2);
    for (size_t i = 0; i < n->d->n; i++) {
        n->block_cp[i] = cp;
        cp += utf8_len_cp(n->d->blocks[i].text) + 1;
    }
    n->block_cp[n->d->n] = cp;
    opc_rels(n->j, n->z, S(""), &package);
    main = opc_find(&package, "officeDocument");
    n->main_name = main ? main : "word/document.xml";
    opc_rels(n->j, n->z, str_z(n->main_name), &n->rels);
    n->cap_parts = n->rels.n + 2;
    n->parts = ARENA_ARRAY(n->j->a, struct ann_part, n->cap_parts);
    n->done = ARENA_ARRAY(n->j->a, struct ann_done, n->list->n + 1);
    (void)annotate_part(n, zipin_index(n->z, n->main_name));
}

enum code annotate_package(struct job *j, const struct annotate_sources *s,
    const struct annotate_list *list, struct annotated *out, struct ann_done **done)
{
    struct annotating n = {.j = j, .z = s->z, .list = list, .d = s->d, .map = s->map};
    struct pack k = {.n = &n};
    struct annotated r;
    struct str docx = s->bytes;

    begin(&n);
    for (size_t i = 0; i < list->n && job_ok(j); i++)
        annotate_plan(&n, i);
    if (job_ok(j))
        number(&n);
    write_parts(&k);
    add_comments(&k);
    if (job_ok(j) && k.n_v > 0)
        j->failed = zip_write(j->a, s->bytes, k.v, k.n_v, &docx, j->e);
    if (!job_ok(j))
        return j->failed;
    count(&n, &r);
    r.docx = docx;
    *out = r;
    if (done)
        *done = n.done;
    return OK;
}
