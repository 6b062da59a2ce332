/* Comments and tracked changes about the text that a document was made from. A string of the document that is a view of that text bears
 * what is noted about its bytes. */
#include <string.h>

#include "base/utf8.h"
#include "paper/official_docx_int.h"

static bool inside(const struct odx *w, struct str s, size_t *from)
{
    struct str all = w->o->source;

    if (!w->o->n_notes || !s.n || s.p < all.p || s.p + s.n > all.p + all.n)
        return false;
    *from = (size_t)(s.p - all.p);
    return true;
}

bool odx_has_notes(const struct odx *w, struct str s)
{
    size_t from;

    return inside(w, s, &from);
}

/* ---- pieces ---- */

void odx_plain_run(struct odx *w, struct str s, struct str rpr, const char *tag)
{
    struct str line;
    bool first = true;

    if (s.n == 0)
        return;
    buf_z(&w->b, "<w:r>");
    buf_str(&w->b, rpr);
    while (str_next(&s, S("\n"), &line)) {
        if (!first)
            buf_z(&w->b, "<w:br/>");
        buf_printf(&w->b, "<w:%s xml:space=\"preserve\">", tag);
        xml_escape(&w->b, line);
        buf_printf(&w->b, "</w:%s>", tag);
        first = false;
    }
    buf_z(&w->b, "</w:r>");
}

static void who(struct odx *w, struct buf *b, const struct official_note *x)
{
    buf_printf(b, " w:id=\"%u\" w:author=\"", w->next_id++);
    xml_escape(b, x->author);
    buf_z(b, "\"");
    if (x->date.n) {
        buf_z(b, " w:date=\"");
        xml_escape(b, x->date);
        buf_z(b, "\"");
    }
}

/* The end of the paragraph being written was inserted (deleted): it says so in its properties, which are written already. */
static void mark_end(struct odx *w, const struct official_note *x, const char *what)
{
    struct buf tail, mark;

    buf_init(&tail, 0);
    buf_init(&mark, 4096);
    buf_printf(&mark, "<w:rPr><w:%s", what);
    who(w, &mark, x);
    buf_z(&mark, "/></w:rPr>");
    buf_str(&tail, str_sub(buf_view(&w->b), w->ppr_end, SIZE_MAX));
    w->b.n = w->ppr_end;
    buf_str(&w->b, buf_view(&mark));
    buf_str(&w->b, buf_view(&tail));
    buf_release(&mark);
    buf_release(&tail);
}

static void new_paragraph(struct odx *w, struct str properties)
{
    buf_z(&w->b, "</w:p><w:p>");
    w->ppr = w->b.n;
    buf_str(&w->b, properties);
    w->ppr_end = w->b.n;
    buf_z(&w->b, "</w:pPr>");
}

static void insertion(struct odx *w, const struct official_note *x, struct str rpr)
{
    struct str properties = arena_str(w->a, str_sub(buf_view(&w->b), w->ppr, w->ppr_end - w->ppr)),
               rest = x->text, line;
    size_t lines = 0, breaks = 0;

    for (size_t i = 0; i < x->text.n; i++)
        breaks += x->text.p[i] == '\n';
    for (; lines <= breaks; lines++) {
        size_t end = str_find(rest, S("\n"), 0);
        line = str_sub(rest, 0, end);
        rest = end == SIZE_MAX ? S("") : str_sub(rest, end + 1, SIZE_MAX);
        if (lines) {
            mark_end(w, x, "ins");
            new_paragraph(w, properties);
        }
        if (!line.n)
            continue;
        buf_z(&w->b, "<w:ins");
        who(w, &w->b, x);
        buf_z(&w->b, ">");
        odx_plain_run(w, line, rpr, "t");
        buf_z(&w->b, "</w:ins>");
    }
}

static void comment_begin(struct odx *w, size_t i)
{
    buf_printf(&w->b, "<w:commentRangeStart w:id=\"%zu\"/>", i);
    w->open[i] = true;
    w->noted[i] = true;
}

static void comment_end(struct odx *w, size_t i)
{
    buf_printf(&w->b,
        "<w:commentRangeEnd w:id=\"%zu\"/><w:r><w:commentReference w:id=\"%zu\"/></w:r>", i, i);
    w->open[i] = false;
}

/* What is noted at exactly this place. `last`: the text ends here, what begins here begins in the next. */
static void at_place(struct odx *w, size_t at, bool last, struct str rpr)
{
    for (size_t i = 0; i < w->o->n_notes; i++) {
        const struct official_note *x = &w->o->notes[i];
        if (x->kind == OFFICIAL_COMMENT && w->open[i] && x->to <= at)
            comment_end(w, i);
    }
    for (size_t i = 0; i < w->o->n_notes && w->o->notes[i].from <= at; i++) {
        const struct official_note *x = &w->o->notes[i];
        if (w->noted[i] || x->kind == OFFICIAL_DELETE)
            continue;
        if (x->kind == OFFICIAL_INSERT && x->from == at) {
            insertion(w, x, rpr);
            w->noted[i] = true;
        } else if (x->kind == OFFICIAL_COMMENT && x->from <= at && x->to >= at &&
                   (!last || x->to == at)) {
            comment_begin(w, i);
            if (x->to <= at)
                comment_end(w, i);
        }
    }
}

static size_t next_place(const struct odx *w, size_t at, size_t end)
{
    for (size_t i = 0; i < w->o->n_notes; i++) {
        const struct official_note *x = &w->o->notes[i];
        if (x->from > at && x->from < end)
            end = x->from;
        if (x->to > at && x->to < end)
            end = x->to;
    }
    return end;
}

static const struct official_note *deleting(struct odx *w, size_t at)
{
    for (size_t i = 0; i < w->o->n_notes && w->o->notes[i].from <= at; i++)
        if (w->o->notes[i].kind == OFFICIAL_DELETE && w->o->notes[i].to > at) {
            w->noted[i] = true;
            return &w->o->notes[i];
        }
    return NULL;
}

void odx_noted(struct odx *w, struct str s, struct str rpr)
{
    struct str all = w->o->source;
    size_t at = 0, end;

    if (!inside(w, s, &at))
        return;
    end = at + s.n;
    while (at < end) {
        size_t next = next_place(w, at, end);
        struct str piece = str_sub(all, at, next - at);
        const struct official_note *x;
        at_place(w, at, false, rpr);
        x = deleting(w, at);
        if (x) {
            buf_z(&w->b, "<w:del");
            who(w, &w->b, x);
            buf_z(&w->b, ">");
        }
        odx_plain_run(w, piece, rpr, x ? "delText" : "t");
        if (x)
            buf_z(&w->b, "</w:del>");
        at = next;
    }
    w->source_at = end;
    if (end >= all.n || all.p[end] == '\n' || all.p[end] == '\t' || str_trim(s).n != s.n)
        at_place(w, end, true, rpr);
}

void odx_noted_end(struct odx *w)
{
    size_t at = w->source_at;
    const struct official_note *x;

    at_place(w, at, true, S(""));
    x = at < w->o->source.n && w->o->source.p[at] == '\n' ? deleting(w, at) : NULL;
    if (x)
        mark_end(w, x, "del");
    w->source_at = SIZE_MAX;
}

/* ---- places ---- */

static void view(struct str all, struct str *s, bool from_end)
{
    size_t at, last = SIZE_MAX;

    if (!s->n || (s->p >= all.p && s->p + s->n <= all.p + all.n))
        return;
    for (at = str_find(all, *s, 0); at != SIZE_MAX; at = str_find(all, *s, at + 1)) {
        last = at;
        if (!from_end)
            break;
    }
    if (last != SIZE_MAX)
        *s = str_sub(all, last, s->n);
}

void odx_anchor(struct odx *w, struct official *d)
{
    struct str all = w->o->source;
    enum { N_HEADS = 5, N_TAILS = 5 };
    struct str *const heads[N_HEADS] = {&d->docno, &d->title, &d->speaker, &d->occasion,
        &d->addressee},
                      *const tails[N_TAILS] = {
                          &d->date, &d->note, &d->cc, &d->printer, &d->printed};
    struct official_signature *v =
        ARENA_ARRAY(w->a, struct official_signature, d->n_signatures + 1);

    for (size_t i = 0; i < N_HEADS; i++)
        view(all, heads[i], false);
    for (size_t i = 0; i < N_TAILS; i++)
        view(all, tails[i], true);
    for (size_t i = 0; i < d->n_signatures; i++) {
        v[i] = d->signatures[i];
        view(all, &v[i].name, true);
    }
    d->signatures = v;
    w->noted = ARENA_ARRAY(w->a, bool, w->o->n_notes + 1);
    w->open = ARENA_ARRAY(w->a, bool, w->o->n_notes + 1);
    w->next_id = 1;
}

/* ---- comments ---- */

static void one_comment(struct odx *w, struct buf *b, size_t i)
{
    const struct official_note *x = &w->o->notes[i];
    struct str rest = x->text, line;

    buf_z(b, "<w:comment");
    buf_printf(b, " w:id=\"%zu\" w:author=\"", i);
    xml_escape(b, x->author);
    buf_z(b, "\"");
    if (x->date.n) {
        buf_z(b, " w:date=\"");
        xml_escape(b, x->date);
        buf_z(b, "\"");
    }
    buf_z(b, ">");
    do {
        if (!str_next(&rest, S("\n"), &line))
            line = S("");
        buf_z(b, "<w:p><w:r><w:t xml:space=\"preserve\">");
        xml_escape(b, line);
        buf_z(b, "</w:t></w:r></w:p>");
    } while (rest.n);
    buf_z(b, "</w:comment>");
}

/* A comment that has no place stands at the beginning. */
static void lost_comments(struct odx *w)
{
    struct str body = buf_view(&w->b);
    size_t at = str_find(body, S("</w:pPr>"), 0), lost = 0;
    struct buf marks;
    struct str tail;

    buf_init(&marks, 0);
    for (size_t i = 0; i < w->o->n_notes; i++) {
        lost += !w->noted[i];
        if (w->noted[i] || w->o->notes[i].kind != OFFICIAL_COMMENT)
            continue;
        buf_printf(&marks,
            "<w:commentRangeStart w:id=\"%zu\"/><w:commentRangeEnd "
            "w:id=\"%zu\"/><w:r><w:commentReference w:id=\"%zu\"/></w:r>",
            i, i, i);
    }
    if (w->o->n_lost)
        *w->o->n_lost = lost;
    if (marks.n && at != SIZE_MAX) {
        at += 8;
        tail = arena_str(w->a, str_sub(body, at, SIZE_MAX));
        w->b.n = at;
        buf_str(&w->b, buf_view(&marks));
        buf_str(&w->b, tail);
    }
    buf_release(&marks);
}

bool odx_comments(struct odx *w)
{
    struct buf b;
    bool any = false;

    lost_comments(w);
    buf_init(&b, 0);
    buf_z(&b, XML_HEAD "<w:comments " W_NS ">");
    for (size_t i = 0; i < w->o->n_notes; i++)
        if (w->o->notes[i].kind == OFFICIAL_COMMENT) {
            one_comment(w, &b, i);
            any = true;
        }
    buf_z(&b, "</w:comments>");
    if (any)
        odx_part(w, "word/comments.xml", arena_str(w->a, buf_view(&b)));
    buf_release(&b);
    return any;
}
