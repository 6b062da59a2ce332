/* page_check.c - handing a text in to be checked, its result beside the text, what is decided, what is taken away. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/utf8.h"
#include "office/proof.h"
#include "text/genre.h"
#include "web/check_align.h"
#include "web/check_original.h"
#include "web/doc_html.h"
#include "web/route.h"
#include "web/rows.h"

enum {
    PROOFS_SHOWN = 20,
    AROUND_CP = 60, /* of the sentence around a finding */
    WORDS_CP_MAX = 60,
    PRINT_LINES = 46,        /* of the two tables together, that fit on one page */
    PRINT_OTHERS_LINES = 12, /* kept for the second table */
    QUERY_CP = 24,           /* of the passage, to find it in its document */
};

static struct str link_of(struct ctx *c, int64_t id)
{
    return arena_printf(c->a, "/check/%lld", (long long)id);
}

/* ---- handing in ---- */

static enum code fill_check(struct ctx *c, struct page_check *p, struct err *e)
{
    struct proof *list;
    struct choices genres = {0};
    size_t n;

    TRY(proof_list(c->app->office, c->a, c->v, 0, PROOFS_SHOWN, &list, &n, e));
    p->rows = ARENA_ARRAY(c->a, struct proof_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->rows[p->n_rows++] =
            (struct proof_row){list[i].id, list[i].title, list[i].file_name, list[i].owner_name,
                {list[i].made_ms}, list[i].chars, list[i].open, link_of(c, list[i].id)};
    choices_genre(
        c, &genres, (int)ctx_int(req_field(c->r, "genre"), 1, GENRE_MAX, 0), "按标题判断");
    p->genres = genres.v;
    p->n_genres = genres.n;
    return OK;
}

static enum code show_form(
    struct ctx *c, struct str text, struct str day, const struct err *why, struct err *e)
{
    struct page_check p = {.text = text, .day = day};
    struct library_filter any = library_filter_any();
    struct library_page page;

    TRY(fill_check(c, &p, e));
    TRY(library_search(c->app->office, c->a, c->v, S(""), &any, LIBRARY_NEWEST, 0, 1, &page, e));
    p.documents = page.documents;
    if (why) {
        p.problem = arena_str(c->a, str_z(why->msg));
        c->r->res.status = 400;
    }
    show_check(c, &p);
    return OK;
}

enum code page_check(struct ctx *c, struct err *e)
{
    return show_form(c, S(""), S(""), NULL, e);
}

static enum code take_file(struct ctx *c, struct proof_new *in, struct doc *d, struct err *e)
{
    const struct upload *f = &c->r->form->files[0];
    struct buf b;
    enum code code;

    in->file_name = f->name.n ? f->name : S("未命名");
    in->fd = f->fd;
    TRY(reader_read(c->app->office->readers, c->a, f->fd, in->file_name, d, e));
    if (d->image_only)
        return FAIL(e, E_INPUT, "“%.*s”是扫描件，没有文字可以检查", SF(in->file_name));
    buf_init(&b, 0);
    doc_text(d, &b);
    code = buf_check(&b, "文稿", e);
    in->text = arena_str(c->a, buf_view(&b));
    in->doc = d;
    buf_release(&b);
    return code;
}

enum code do_check(struct ctx *c, struct err *e)
{
    struct proof_new in = {.fd = -1, .day = str_trim(req_field(c->r, "day"))};
    struct doc d;
    struct err why = {0};
    int64_t id;
    enum code code = OK;

    in.genre = (int)ctx_int(req_field(c->r, "genre"), 1, GENRE_MAX, 0);
    if (c->r->form && c->r->form->n_files)
        code = take_file(c, &in, &d, &why);
    else
        in.text = req_field(c->r, "text");
    if (code == OK)
        code = proof_add(c->app->office, c->a, c->v, &in, &id, &why);
    if (code == E_INPUT || code == E_LIMIT || code == E_SECRET) {
        if (c->json) {
            *e = why;
            return code;
        }
        ctx_secret(c, code);
        return show_form(c, code == E_SECRET ? S("") : req_field(c->r, "text"), in.day, &why, e);
    }
    if (code != OK) {
        *e = why;
        return code;
    }
    ctx_redirect(c, link_of(c, id));
    return OK;
}

/* ---- the result ---- */

static bool ends(uint32_t u)
{
    return u == 0x3002 || u == 0xFF01 || u == 0xFF1F || u == '\n';
}

/* The sentence around a finding, AROUND_CP on either side at most. */
static struct str sentence(const struct draft *d, const struct finding *f)
{
    size_t from = f->begin, to = f->end;

    while (from > 0 && f->begin - from < AROUND_CP && !ends(d->cp[from - 1]))
        from--;
    while (to < d->n && to - f->end < AROUND_CP && !(to > f->begin && ends(d->cp[to - 1])))
        to++;
    return str_trim(draft_str(d, from, to));
}

/* To the document, with the passage marked as a search would. */
static struct str source_link(struct ctx *c, const struct finding_source *s)
{
    struct buf b;
    struct str link;

    if (!s->doc)
        return S("");
    buf_init(&b, 0);
    buf_printf(&b, "/library/%lld", (long long)s->doc);
    if (s->end_cp > s->begin_cp) {
        struct str line = s->text, rest;
        str_cut(s->text, S("\n"), &line, &rest);
        buf_z(&b, "?q=");
        html_url(
            &b, url(arena_printf(c->a, "“%.*s”", SF(str_sub(line, 0, utf8_off(line, QUERY_CP))))));
    }
    link = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return link;
}

static enum code fill_source(struct ctx *c, const struct draft *d, const struct finding *f,
    struct finding_row *row, struct err *e)
{
    const struct finding_source *s = f->source;
    struct finding_source_row *out;

    /* a row of a word list whose basis is the rule's own says nothing more */
    if (!s || (!s->doc && !s->text.n && str_eq(s->title, str_z(f->rule->basis))))
        return OK;
    out = ARENA_NEW(c->a, struct finding_source_row);
    *out = (struct finding_source_row){.doc = s->doc, .title = s->title, .label = s->label};
    out->link = source_link(c, s);
    if (s->text.n && !s->doc) /* of a table: its basis, no passage */
        out->label =
            arena_printf(c->a, "%.*s%s%.*s", SF(s->label), s->label.n ? "，" : "", SF(s->text));
    else if (s->text.n)
        TRY(check_align(c, s->text,
            s->end_cp > s->begin_cp ? sentence(d, f) : draft_str(d, f->begin, f->end), out, e));
    row->sources = out;
    row->n_sources = 1;
    return OK;
}

static const char *verdict_name(enum proof_verdict v)
{
    static const char *const names[N_VERDICT] = {
        "", "已采纳", "已忽略", "本文不再提示", "不再提示"};

    return names[v];
}

static enum code fill_finding(struct ctx *c, const struct draft *d, const struct proof_finding *x,
    int number, struct finding_row *row, struct err *e)
{
    const struct finding *f = x->f;
    struct str words = draft_str(d, f->begin, f->end);

    *row = (struct finding_row){.number = number,
        .anchor = arena_printf(c->a, "f%d", number),
        .rule = str_z(f->rule->id),
        .name = str_z(f->rule->name),
        .cls = str_z(check_class_name(f->rule->cls)),
        .cls_key = str_z(check_class_key(f->rule->cls)),
        .level = str_z(check_level_name(f->level)),
        .level_key = str_z(check_level_key(f->level)),
        .strength = str_z(check_strength_name(f->rule->strength)),
        .basis = str_z(f->rule->basis),
        .words =
            utf8_len_cp(words) > WORDS_CP_MAX
                ? arena_printf(c->a, "%.*s…", SF(str_sub(words, 0, utf8_off(words, WORDS_CP_MAX))))
                : words,
        .message = f->message,
        .has_suggestion = f->n_suggestions > 0,
        .key = x->key,
        .verdict = str_z(proof_verdict_key(x->verdict)),
        .verdict_name = str_z(verdict_name(x->verdict)),
        .by = x->by_name,
        .at = {x->at_ms}};
    if (f->n_suggestions) {
        row->suggestion = f->suggestions[0];
        row->deletes = f->suggestions[0].n == 0;
    }
    return fill_source(c, d, f, row, e);
}

/* The text as a doc: as it was read, or of a pasted text one block a line. */
static enum code doc_of(
    struct ctx *c, const struct proof *p, const struct draft *d, struct doc *out, struct err *e)
{
    size_t title_from = draft_cp(d, d->meta.title.at.begin),
           title_to = draft_cp(d, d->meta.title.at.end);

    if (p->outline.n)
        return doc_decode_outline(c->a, p->outline, p->text, out, e);
    *out = (struct doc){.format = FORMAT_TXT};
    out->blocks = ARENA_ARRAY(c->a, struct block, d->n_lines + 1);
    for (size_t i = 0; i < d->n_lines; i++) {
        const struct draft_line *l = &d->lines[i];
        struct block *b = &out->blocks[out->n++];
        *b = (struct block){BLOCK_PARA, 0, draft_str(d, l->begin, l->end)};
        if (d->meta.title.text.n && l->begin >= title_from && l->end <= title_to &&
            l->end > l->begin)
            b->kind = BLOCK_TITLE;
        else if (l->alone && l->label >= LABEL_H1 && l->label <= LABEL_H4)
            *b = (struct block){BLOCK_HEADING, (int)l->label, b->text};
    }
    return OK;
}

struct chosen {
    enum check_class cls;   /* 0: all */
    enum check_level level; /* CHECK_OFF: all */
};

static bool passes(const struct chosen *w, const struct proof_finding *x)
{
    return (!w->cls || x->f->rule->cls == w->cls) && (!w->level || x->f->level == w->level);
}

static const char *style_of(const struct proof_finding *x)
{
    static const char *const open[] = {"", "hint", "warn", "error"}, *const done[] = {"",
                                                                         "hint done", "warn done",
                                                                         "error done"};

    return x->verdict ? done[x->f->level] : open[x->f->level];
}

static void fill_choices(struct ctx *c, const struct proof_finding *v, size_t n,
    const struct chosen *w, struct page_check_result *p)
{
    struct choices classes = {0}, lv = {0};
    int64_t by_class[CHECK_CLASSES] = {0}, by_level[CHECK_ERROR + 1] = {0};

    for (size_t i = 0; i < n; i++) {
        by_class[v[i].f->rule->cls]++;
        by_level[v[i].f->level]++;
        p->open += v[i].verdict == VERDICT_NONE;
    }
    for (enum check_class k = CHECK_QUOTE; k < CHECK_CLASSES; k++) {
        if (!by_class[k])
            continue;
        choice_add(c, &classes, str_z(check_class_key(k)), str_z(check_class_name(k)), w->cls == k);
        classes.v[classes.n - 1].count = by_class[k];
    }
    for (enum check_level l = CHECK_ERROR; l >= CHECK_HINT; l--) {
        choice_add(c, &lv, str_z(check_level_key(l)), str_z(check_level_name(l)), w->level == l);
        lv.v[lv.n - 1].count = by_level[l];
    }
    p->classes = classes.v;
    p->n_classes = classes.n;
    p->levels = lv.v;
    p->n_levels = lv.n;
    p->errors = by_level[CHECK_ERROR];
    p->warns = by_level[CHECK_WARN];
    p->hints = by_level[CHECK_HINT];
    p->total = (int64_t)n;
}

static void fill_coverage(struct ctx *c, const struct proof_report *r, struct cover_row **rows,
    size_t *n, int64_t *documents)
{
    *rows = ARENA_ARRAY(c->a, struct cover_row, r->n_coverage + 1);
    *n = r->n_coverage;
    for (size_t i = 0; i < r->n_coverage; i++)
        (*rows)[i] = (struct cover_row){
            r->coverage[i].name, r->coverage[i].documents, r->coverage[i].latest};
    *documents = r->documents;
}

static void fill_frame(struct ctx *c, const struct proof *p, const struct proof_report *r,
    struct page_check_result *out)
{
    out->id = p->id;
    out->title = p->title;
    out->file_name = p->file_name;
    out->owner = p->owner_name.n ? p->owner_name : S("系统");
    out->made.ms = p->made_ms;
    out->day = p->day.n ? p->day
               : r->draft.meta.issued.date.year
                   ? arena_printf(c->a, "%d年%d月%d日", r->draft.meta.issued.date.year,
                         r->draft.meta.issued.date.month, r->draft.meta.issued.date.day)
                   : S("今天");
    out->genre = genre_name(p->genre ? p->genre : r->draft.meta.genre);
    out->chars = p->chars;
    out->cut = r->check.cut;
    out->behind = r->behind;
    out->ms = arena_printf(c->a, "%.1f", (double)(r->us_rules + r->us_library) / 1000);
    out->passages = (int64_t)r->match.n;
    out->formulas = (int64_t)r->match.n_formulas;
    out->words_problem = r->words_problem;
    out->pasted = p->blob.n == 0;
    out->annotated = true;
    out->docx = str_eq(p->format, S("docx")) && p->blob.n > 0;
    out->skipped = ARENA_ARRAY(c->a, struct skip_row, r->check.n_skipped + 1);
    for (size_t i = 0; i < r->check.n_skipped; i++)
        out->skipped[out->n_skipped++] = (struct skip_row){str_z(r->check.skipped[i].rule->id),
            str_z(r->check.skipped[i].rule->name), r->check.skipped[i].why};
    fill_coverage(c, r, &out->coverage, &out->n_coverage, &out->documents);
}

enum code page_check_result(struct ctx *c, struct err *e)
{
    struct page_check_result p = {0};
    struct chosen w = {
        check_class_of(req_query(c->r, "class")), check_level_of(req_query(c->r, "level"))};
    struct proof proof;
    struct proof_report r;
    struct proof_finding *v;
    struct span *spans;
    struct doc d;
    struct doc_view view;
    size_t n, never, n_spans = 0;

    TRY(proof_get(c->app->office, c->a, c->v, c->id, &proof, e));
    TRY(proof_view(c->app->office, c->a, c->v, &proof, &r, &v, &n, &never, e));
    fill_frame(c, &proof, &r, &p);
    fill_choices(c, v, n, &w, &p);
    p.never = (int64_t)never;
    p.findings = ARENA_ARRAY(c->a, struct finding_row, n + 1);
    spans = ARENA_ARRAY(c->a, struct span, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (!passes(&w, &v[i]))
            continue;
        TRY(fill_finding(c, &r.draft, &v[i], (int)i + 1, &p.findings[p.n_findings++], e));
        spans[n_spans++] = (struct span){(int64_t)v[i].f->begin, (int64_t)v[i].f->end, SPAN_FINDING,
            (int)i + 1, S(""), style_of(&v[i])};
    }
    TRY(doc_of(c, &proof, &r.draft, &d, e));
    doc_html(c->a, &d, spans, n_spans, &view);
    p.body = view.body;
    p.done = ctx_flash_take(c);
    show_check_result(c, &p);
    return OK;
}

/* About how many lines a row takes, by the widths of its columns. */
static int64_t lines_of(const struct draft *d, const struct finding *f, bool quote)
{
    size_t words = f->end - f->begin < WORDS_CP_MAX ? f->end - f->begin : WORDS_CP_MAX;
    size_t message = utf8_len_cp(f->message), left, right;

    if (!quote) {
        left = words / 10 + 1;
        right = message / 15 + 1;
        return (int64_t)(left > right ? left : right);
    }
    left = utf8_len_cp(sentence(d, f)) / 18 + message / 20 + 2;
    right = (utf8_len_cp(f->source->title) + 2) / 11 + utf8_len_cp(f->source->label) / 12 + 2;
    return (int64_t)(left > right ? left : right);
}

/* The quotations, or the other errors and doubts, the worst first, as far as *room lines go. */
static enum code fill_print(struct ctx *c, const struct draft *d, const struct proof_finding *v,
    size_t n, bool quotes, int64_t *room, struct page_check_print *p, struct err *e)
{
    struct finding_row *rows = ARENA_ARRAY(c->a, struct finding_row, PRINT_LINES);
    size_t k = 0;

    for (int pass = CHECK_ERROR; pass >= (quotes ? CHECK_HINT : CHECK_WARN); pass--)
        for (size_t i = 0; i < n && k < PRINT_LINES; i++) {
            const struct finding *f = v[i].f;
            bool quote = f->rule->cls == CHECK_QUOTE && f->source;
            int64_t lines;
            if ((int)f->level != pass || v[i].verdict >= VERDICT_ONCE || quote != quotes)
                continue;
            lines = lines_of(d, f, quote);
            if (lines > *room)
                continue;
            *room -= lines;
            TRY(fill_finding(c, d, &v[i], (int)i + 1, &rows[k++], e));
        }
    *(quotes ? &p->quotes : &p->others) = rows;
    *(quotes ? &p->n_quotes : &p->n_others) = k;
    return OK;
}

enum code page_check_print(struct ctx *c, struct err *e)
{
    struct page_check_print p = {0};
    struct proof proof;
    struct proof_report r;
    struct proof_finding *v;
    size_t n, never;
    int64_t kept = 0, room = PRINT_LINES - PRINT_OTHERS_LINES;

    TRY(proof_get(c->app->office, c->a, c->v, c->id, &proof, e));
    TRY(proof_view(c->app->office, c->a, c->v, &proof, &r, &v, &n, &never, e));
    p.id = proof.id;
    p.title = proof.title;
    p.owner = proof.owner_name.n ? proof.owner_name : S("系统");
    p.made.ms = proof.made_ms;
    p.printed.ms = clock_now_ms();
    for (size_t i = 0; i < n; i++) {
        if (v[i].verdict >= VERDICT_ONCE)
            continue;
        p.errors += v[i].f->level == CHECK_ERROR;
        p.warns += v[i].f->level == CHECK_WARN;
        p.hints += v[i].f->level == CHECK_HINT;
        kept++;
    }
    TRY(fill_print(c, &r.draft, v, n, true, &room, &p, e));
    room += PRINT_OTHERS_LINES;
    TRY(fill_print(c, &r.draft, v, n, false, &room, &p, e));
    p.rest = kept - (int64_t)p.n_quotes - (int64_t)p.n_others;
    p.skipped = (int64_t)r.check.n_skipped;
    fill_coverage(c, &r, &p.coverage, &p.n_coverage, &p.documents);
    show_check_print(c, &p);
    return OK;
}

/* ---- deciding ---- */

enum code do_check_decide(struct ctx *c, struct err *e)
{
    struct str back = ctx_local(req_field(c->r, "back"));

    TRY(proof_decide(c->app->office, c->v, c->id, req_field(c->r, "rule"), req_field(c->r, "key"),
        req_field(c->r, "words"), proof_verdict_of(req_field(c->r, "verdict")), e));
    ctx_redirect(c, back.n > 1 ? back : link_of(c, c->id));
    return OK;
}

enum code do_check_remove(struct ctx *c, struct err *e)
{
    TRY(proof_remove(c->app->office, c->v, c->id, e));
    ctx_flash(c, S("已删除一篇检查过的文稿"));
    ctx_redirect(c, S("/check"));
    return OK;
}

/* ---- taking away ---- */

/* The original once more, readable from the beginning. */
enum code check_original(struct ctx *c, int *fd, struct err *e)
{
    char *path = arena_z(c->a, arena_printf(c->a, "%s/tmp/proof-XXXXXX", c->app->office->dir));
    enum code code;

    *fd = mkstemp(path);
    if (*fd < 0)
        return FAIL(e, E_IO, "无法在数据目录里暂存文件");
    unlink(path);
    code = proof_original(c->app->office, c->v, c->id, *fd, e);
    if (code != OK)
        close(*fd);
    return code;
}

/* 关于××的通知.docx → 关于××的通知（审校批注）.docx */
static struct str annotated_name(struct ctx *c, const struct proof *p)
{
    struct str head = p->title, ext;

    if (p->file_name.n && !str_cut_last(p->file_name, S("."), &head, &ext))
        head = p->file_name;
    return arena_printf(c->a, "%.*s（审校批注）.docx", SF(head));
}

enum code page_check_docx(struct ctx *c, struct err *e)
{
    struct proof proof;
    struct proof_report r;
    struct proof_finding *v;
    const struct finding **kept;
    struct annotate_list list;
    struct annotated out;
    struct doc d;
    size_t n, never, n_kept = 0;
    enum code code;
    int fd;

    TRY(proof_get(c->app->office, c->a, c->v, c->id, &proof, e));
    TRY(proof_view(c->app->office, c->a, c->v, &proof, &r, &v, &n, &never, e));
    kept = ARENA_ARRAY(c->a, const struct finding *, n + 1);
    for (size_t i = 0; i < n; i++)
        if (v[i].verdict < VERDICT_ONCE)
            kept[n_kept++] = v[i].f;
    list = proof_annotations(c->a, kept, n_kept);
    TRY(doc_of(c, &proof, &r.draft, &d, e));
    if (proof.blob.n) {
        TRY(check_original(c, &fd, e));
        code = reader_read(c->app->office->readers, c->a, fd, proof.file_name, &d, e);
        if (code == OK)
            code = annotate_file(
                c->app->office->readers, c->a, fd, proof.file_name, &d, &list, &out, e);
        close(fd);
        TRY(code);
    } else {
        TRY(annotate_doc(c->a, &d, &list, &out, e));
    }
    res_text(&c->r->res, 200,
        S("application/vnd.openxmlformats-officedocument.wordprocessingml.document"), out.docx);
    ctx_attachment(c, annotated_name(c, &proof));
    return OK;
}

/* The text with what was accepted put in. */
enum code page_check_text(struct ctx *c, struct err *e)
{
    struct proof proof;
    struct proof_report r;
    struct proof_finding *v;
    struct finding *kept;
    size_t n, never, k = 0;
    struct buf b;

    TRY(proof_get(c->app->office, c->a, c->v, c->id, &proof, e));
    TRY(proof_view(c->app->office, c->a, c->v, &proof, &r, &v, &n, &never, e));
    kept = ARENA_ARRAY(c->a, struct finding, n + 1);
    for (size_t i = 0; i < n; i++)
        if (v[i].verdict == VERDICT_ACCEPTED && v[i].f->n_suggestions) {
            kept[k] = *v[i].f;
            kept[k++].fix = true;
        }
    buf_init(&b, 0);
    check_fix(&r.draft, kept, k, &b);
    res_text(&c->r->res, 200, S("text/plain; charset=utf-8"), buf_view(&b));
    buf_release(&b);
    ctx_attachment(c, arena_printf(c->a, "%.*s（采纳修改后）.txt", SF(proof.title)));
    return OK;
}
