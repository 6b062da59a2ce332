/* Annotating in this process, and what must hold of every result: accepting the changes gives the text with the
 * suggestions in it, refusing them gives the text as it was, and each comment is there once. */
#ifndef ANNOTATE_TEST_H
#define ANNOTATE_TEST_H

#include "paper/annotate_int.h"
#include "zip_test.h"

#define AUTHOR "前哨"
#define NOTE   "※" /* every comment of the tests begins with it */

struct noted {
    struct fixture f; /* the original; f.a holds everything */
    struct annotated r;
    struct ann_done *done;
    struct str accepted, refused; /* texts without our comments */
    struct str xml;               /* word/document.xml of the result */
};

static inline struct str member(struct fixture *f, struct str docx, const char *name)
{
    struct job j;
    struct zipin *z = NULL;
    struct str out = {"", 0};
    struct doc ignored;

    job_init(&j, &f->a, &f->lim, &f->e);
    if (zipin_open(&j, docx, &z) == OK)
        (void)zipin_read(z, name, &out);
    assert_int_equal(job_end(&j, &ignored), OK);
    return out;
}

static inline struct str text_of(struct fixture *f, struct str docx)
{
    struct fixture g = *f;
    struct str s;

    g.text = (struct buf){0};
    fx_read(&g, docx, "a.docx");
    if (g.code != OK)
        fail_msg("result: %s", g.e.msg);
    s = arena_str(&g.a, buf_view(&g.text));
    f->a = g.a;
    buf_release(&g.text);
    return s;
}

/* The name of the tag that s begins with, without its prefix, and with the '/' of an end tag; or "". */
static inline struct str tag_name(struct str s, struct str *prefix)
{
    struct str name = S(""), rest;
    size_t n = 1;

    *prefix = S("");
    while (n < s.n && s.p[0] == '<' && !strchr(" />", s.p[n] == '/' && n == 1 ? 'x' : s.p[n]))
        n++;
    name = s.n > 0 && s.p[0] == '<' ? str_sub(s, 1, n - 1) : name;
    (void)str_eat(&name, S("/"));
    if (str_cut(name, S(":"), prefix, &rest))
        name = rest;
    return name;
}

/* The part without our comments; `refused`: and without our insertions, our deletions unwrapped. */
static inline void without_ours(struct buf *out, struct str s, bool refused)
{
    bool in_del = false;

    for (size_t i = 0; i < s.n;) {
        struct str rest = str_sub(s, i, s.n), prefix, name = tag_name(rest, &prefix), end;
        struct str tag = str_sub(rest, 0, name.n ? str_find(rest, S(">"), 0) + 1 : 0);
        bool ours = str_has(tag, S("author=\"" AUTHOR "\"")), closes = str_starts(rest, S("</"));
        char want[64];
        (void)snprintf(
            want, sizeof(want), "</%.*s%s%.*s>", SF(prefix), prefix.n ? ":" : "", SF(name));
        end = str_z(want);
        if (ours && !str_ends(tag, S("/>")) &&
            (str_eq(name, S("comment")) || (refused && str_eq(name, S("ins"))))) {
            i += str_find(rest, end, 0) + end.n;
        } else if (refused && ours && str_ends(tag, S("/>"))) { /* the mark of a paragraph or row */
            buf_printf(out, "<%.*s:%s/>", SF(prefix), str_eq(name, S("ins")) ? "del" : "ins");
            i += tag.n;
        } else if (refused && str_eq(name, S("del")) && ours) {
            in_del = true;
            i += tag.n;
        } else if (in_del && closes && str_eq(name, S("del"))) {
            in_del = false;
            i += tag.n;
        } else if (in_del && str_eq(name, S("delText"))) {
            buf_printf(out, "<%s%.*s%st", closes ? "/" : "", SF(prefix), prefix.n ? ":" : "");
            buf_str(out, str_sub(tag, (size_t)(name.p + name.n - tag.p), tag.n));
            i += tag.n;
        } else {
            buf_char(out, s.p[i++]);
        }
    }
}

static inline struct str undone(struct fixture *f, struct str docx, bool refused)
{
    struct job j;
    struct zipin *z = NULL;
    struct doc ignored;
    struct member m[64];
    size_t n = 0;

    job_init(&j, &f->a, &f->lim, &f->e);
    assert_int_equal(zipin_open(&j, docx, &z), OK);
    for (size_t i = 0; i < zipin_count(z) && n < 64; i++) {
        struct str bytes, name;
        struct buf b = {0};
        bool utf8;
        name = zipin_name(z, i, &utf8);
        assert_true(zipin_read_at(z, i, &bytes));
        if (str_has(name, S("media/")))
            continue;
        if (str_ends(name, S(".xml")))
            without_ours(&b, bytes, refused);
        else
            buf_str(&b, bytes);
        m[n].name = arena_z(&f->a, name);
        m[n++].text = arena_z(&f->a, buf_view(&b));
        buf_release(&b);
    }
    docx = zip_make_n(&f->a, m, n);
    assert_int_equal(job_end(&j, &ignored), OK);
    return docx;
}

static inline enum code annotate_here(
    struct noted *t, struct str docx, const struct annotate_list *list)
{
    struct places map = {.a = &t->f.a};
    struct annotate_sources s = {.bytes = docx, .map = &map};
    struct doc d, ignored;
    struct job j;

    job_init(&j, &t->f.a, &t->f.lim, &t->f.e);
    j.map = &map;
    if (zipin_open(&j, docx, &s.z) == OK && read_docx_zip(&j, s.z) == OK) {
        d = j.d;
        s.d = &d;
        j.map = NULL;
        assert_int_equal(map.cp, utf8_len_cp(buf_view(&t->f.text)));
        (void)annotate_package(&j, &s, list, &t->r, &t->done);
    }
    return job_end(&j, &ignored);
}

/* What the text must be once everything that was taken is accepted. */
static inline struct str applied(struct noted *t, const struct annotate_list *list)
{
    struct str text = buf_view(&t->f.text), out;
    struct buf b = {0};
    size_t cp = 0, off = 0;

    while (off <= text.n) {
        bool skip = false;
        for (size_t i = 0; i < list->n;
             i++) /* insertions at a place come before what begins there */
            if (t->done[i].change && list->v[i].begin_cp == cp && list->v[i].end_cp == cp)
                buf_str(&b, list->v[i].replacement);
        for (size_t i = 0; i < list->n && !skip; i++) {
            if (t->done[i].change && list->v[i].begin_cp == cp && list->v[i].end_cp > cp) {
                buf_str(&b, list->v[i].replacement);
                cp = list->v[i].end_cp;
                off = utf8_off(text, cp);
                skip = true;
            }
        }
        if (skip)
            continue;
        if (off == text.n)
            break;
        size_t from = off;
        (void)utf8_next(text, &off);
        buf_str(&b, str_sub(text, from, off - from));
        cp++;
    }
    out = arena_str(&t->f.a, buf_view(&b));
    buf_release(&b);
    return out;
}

static inline size_t count(struct str s, const char *what)
{
    size_t n = 0;

    for (size_t at = 0; (at = str_find(s, str_z(what), at)) != SIZE_MAX; at += strlen(what))
        n++;
    return n;
}

static inline void same(struct str got, struct str want)
{
    if (!str_eq(got, want))
        fail_msg("got:\n%.*s\nwant:\n%.*s", SF(got), SF(want));
}

/* Annotate, and check everything that holds of any result. */
static inline void note_all(struct noted *t, struct str docx, const struct annotation *v, size_t n)
{
    struct annotate_list list = {S(AUTHOR), 1795420800000, v, n};
    struct str comments;

    fx_read(&t->f, docx, "a.docx");
    if (t->f.code != OK)
        fail_msg("original: %s", t->f.e.msg);
    if (annotate_here(t, docx, &list) != OK)
        fail_msg("%s", t->f.e.msg);
    t->xml = member(&t->f, t->r.docx, "word/document.xml");
    comments = member(&t->f, t->r.docx, "word/comments.xml");
    t->accepted = text_of(&t->f, undone(&t->f, t->r.docx, false));
    t->refused = text_of(&t->f, undone(&t->f, t->r.docx, true));
    same(t->refused, buf_view(&t->f.text));
    same(t->accepted, applied(t, &list));
    assert_int_equal(count(t->xml, "commentRangeStart "), count(t->xml, "commentRangeEnd "));
    for (size_t i = 0; i < n; i++) {
        char id[32];
        if (!t->done[i].comment)
            continue;
        (void)snprintf(id, sizeof(id), ":id=\"%u\"", t->done[i].id);
        assert_int_equal(count(comments, id), 1);
        assert_int_equal(count(t->xml, id), 3);
    }
}

static inline void noted_init(struct noted *t)
{
    memset(t, 0, sizeof(*t));
    fx_init(&t->f);
}

static inline void noted_end(struct noted *t)
{
    fx_end(&t->f);
}

#endif
