/* What a file's paragraphs ought to look like, said to whoever writes it anew; and the proof that no character changed. */
#include <unistd.h>

#include "base/utf8.h"
#include "office/format_int.h"
#include "paper/rich_mend.h"

/* What each role becomes; N_MEND_STYLE: left alone. */
static enum mend_style style_of(enum format_role r)
{
    static const enum mend_style styles[N_ROLE] = {[ROLE_NONE] = N_MEND_STYLE,
        [ROLE_EMPTY] = MEND_HEAD,
        [ROLE_COPY_NO] = MEND_HEAD,
        [ROLE_SECRECY] = MEND_CORNER,
        [ROLE_URGENCY] = MEND_CORNER,
        [ROLE_MARK] = MEND_MARK,
        [ROLE_DOCNO] = MEND_HEAD,
        [ROLE_SIGNER] = N_MEND_STYLE,
        [ROLE_TITLE] = MEND_TITLE,
        [ROLE_ADDRESSEE] = MEND_ADDRESSEE,
        [ROLE_BODY] = MEND_TEXT,
        [ROLE_H1] = MEND_H1,
        [ROLE_H2] = MEND_H2,
        [ROLE_H3] = MEND_H3,
        [ROLE_H4] = MEND_H4,
        [ROLE_CENTRED] = MEND_CENTRED,
        [ROLE_ATTACHMENT] = MEND_TEXT,
        [ROLE_ATTACHMENT_MORE] = N_MEND_STYLE,
        [ROLE_SIGNATURE] = MEND_TAIL,
        [ROLE_DATE] = MEND_TAIL,
        [ROLE_NOTE] = MEND_TEXT,
        [ROLE_CARRIED] = MEND_TITLE,
        [ROLE_ANNEX] = MEND_ANNEX,
        [ROLE_ANNEX_TITLE] = MEND_TITLE,
        [ROLE_CC] = MEND_FOOT,
        [ROLE_PRINTED] = MEND_FOOT};

    return styles[r];
}

static double width_of(struct str s)
{
    double n = 0;

    for (size_t i = 0; i < s.n;)
        n += utf8_next(s, &i) < 0x80 ? 0.5 : 1;
    return n;
}

static double role_width(const struct format_view *w, enum format_role role)
{
    double n = 0;

    for (size_t k = 0; k < w->r->n; k++)
        if (w->role[k] == role)
            n = width_of(str_trim(w->r->paras[k].text));
    return n;
}

/* The day leaves four characters at the right and the signature stands above its middle; where it is too long for that it leaves
 * two, and the day stands below its middle. */
static void tail(const struct format_view *w, size_t i, struct mend_para *p)
{
    double day = role_width(w, ROLE_DATE), name = role_width(w, ROLE_SIGNATURE);
    double room = 4, below = name > 0 && day > 0 ? 4 + (day - name) / 2 : 4;

    below = below < 2 ? 2 : below;
    if (w->role[i] == ROLE_SIGNATURE)
        room = below;
    else if (name > 0)
        room = below + (name - day) / 2;
    p->right = true;
    p->space = (int)(room * 100);
}

static bool found(const struct format_report *r, size_t para, const char *id)
{
    for (size_t i = 0; i < r->n; i++)
        if (str_eq(str_z(r->v[i].rule->id), str_z(id)) &&
            (para == SIZE_MAX || r->v[i].para == para))
            return true;
    return false;
}

static size_t blanks(struct str s)
{
    size_t n = 0;

    while (str_eat(&s, S("　")))
        n++;
    return n;
}

/* Empty lines that ought to stand above and do not. */
static int missing(const struct format_view *w, const struct format_report *r, size_t i)
{
    static const struct {
        const char *id;
        int lines;
    } gaps[] = {{"docno-gap", 2}, {"title-gap", 2}, {"addressee-gap", 1}, {"attachment-gap", 1}};
    int n = 0;

    while ((size_t)n < i && w->role[i - 1 - (size_t)n] == ROLE_EMPTY)
        n++;
    for (size_t k = 0; k < sizeof gaps / sizeof *gaps; k++)
        if (found(r, i, gaps[k].id))
            return gaps[k].lines > n ? gaps[k].lines - n : 0;
    return 0;
}

static void one(
    const struct format_view *w, const struct format_report *r, size_t i, struct mend_para *p)
{
    const struct rich_para *x = &w->r->paras[i];
    enum format_role role = w->role[i];
    size_t typed = blanks(x->text);
    bool text = p->style == MEND_TEXT || (p->style >= MEND_H1 && p->style <= MEND_H4);

    p->labelled = x->label.n > 0;
    p->indent = text && typed < 2 ? 200 - 100 * (int)typed : 0;
    p->head = w->heads[i];
    p->centred =
        role == ROLE_MARK || (role == ROLE_DOCNO && !str_has(x->text, S("签发人")) &&
                                 (x->f.align == RICH_CENTRE || found(r, i, "docno-centred")));
    p->line_below = role == ROLE_DOCNO && found(r, i, "red-line");
    p->lines_above = missing(w, r, i);
    p->page_before = (role == ROLE_ANNEX && found(r, i, "annex-page")) ||
                     (role == ROLE_CARRIED && found(r, i, "carried-page"));
    if (role == ROLE_DATE || role == ROLE_SIGNATURE)
        tail(w, i, p);
}

/* Signatures that stand right already keep their place: blanks typed in front of them are text. */
static bool stays(const struct format_view *w, const struct format_report *r, size_t i)
{
    enum format_role role = w->role[i];

    if (w->r->paras[i].place != RICH_BODY || w->r->paras[i].table || w->r->paras[i].drawing)
        return true;
    if (w->r->paras[i].f.framed && (role == ROLE_CC || role == ROLE_PRINTED))
        return true;
    if ((role == ROLE_MARK && w->joint_mark) || (role == ROLE_SIGNATURE && w->joint_signature))
        return true;
    if (role == ROLE_DATE || role == ROLE_SIGNATURE)
        return !found(r, SIZE_MAX, "signature-place") && !found(r, SIZE_MAX, "date-place");
    return style_of(role) == N_MEND_STYLE;
}

static struct mend plan(struct arena *a, const struct format_view *w, const struct format_report *r)
{
    struct mend_para *v = ARENA_ARRAY(a, struct mend_para, w->r->n + 1);
    struct mend m = {.v = v};

    for (size_t i = 0; i < w->r->n; i++) {
        if (stays(w, r, i))
            continue;
        v[m.n] = (struct mend_para){.elem = w->r->paras[i].elem, .style = style_of(w->role[i])};
        one(w, r, i, &v[m.n++]);
    }
    m.page = found(r, SIZE_MAX, "page-size") || found(r, SIZE_MAX, "page-top") ||
             found(r, SIZE_MAX, "page-left") || found(r, SIZE_MAX, "page-width") ||
             found(r, SIZE_MAX, "page-rows") || found(r, SIZE_MAX, "page-columns");
    m.footers = found(r, SIZE_MAX, "number-none") || found(r, SIZE_MAX, "number-font") ||
                found(r, SIZE_MAX, "number-size") || found(r, SIZE_MAX, "number-dash") ||
                found(r, SIZE_MAX, "number-side");
    return m;
}

/* Not a character more or less, no number another, no change or comment gone. */
static bool same_text(const struct rich *x, const struct rich *y)
{
    size_t k = 0;

    for (size_t i = 0; i < x->n; i++) {
        const struct rich_para *p = &x->paras[i];
        if (p->place == RICH_FOOTER)
            continue;
        while (k < y->n && y->paras[k].place == RICH_FOOTER)
            k++;
        if (k >= y->n || !str_eq(p->text, y->paras[k].text) ||
            !str_eq(p->label, y->paras[k].label) || p->table != y->paras[k].table ||
            p->place != y->paras[k].place)
            return false;
        k++;
    }
    return x->n_changes == y->n_changes && x->n_comments == y->n_comments &&
           x->n_pictures == y->n_pictures;
}

enum code format_repair(struct reader_pool *p, struct arena *a, int fd, struct str name,
    struct format_repaired *out, struct err *e)
{
    struct rich before, after;
    struct format_view w, v;
    struct format_report r;
    struct mended m;
    struct mend todo;
    size_t cap = 0;

    TRY(rich_read(p, a, fd, name, &before, e));
    TRY(format_look(a, &before, &w, e));
    TRY(format_guard(&w, name, e));
    format_check(a, &w, &r);
    todo = plan(a, &w, &r);
    TRY(rich_mend(p, a, fd, name, &todo, &m, e));
    TRY(rich_read_bytes(p, a, m.docx, &after, e));
    if (!same_text(&before, &after))
        return FAIL(e, E_BUG, "改好的文件文字与原文不一致，没有采用，请报告这个文件");
    TRY(format_look(a, &after, &v, e));
    *out = (struct format_repaired){.docx = m.docx};
    format_check(a, &v, &out->left);
    out->mended = r.n > out->left.n ? r.n - out->left.n : 0;
    if (m.unsplit)
        ARENA_PUSH(a, out->notes, out->n_notes, cap) = arena_printf(
            a, "%zu处标题与后面的正文在同一处格式里，没有分开，请手工改标题的字体", m.unsplit);
    return OK;
}
