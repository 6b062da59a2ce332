/* The pack itself: one PDF over all matters, written while they are read one after the other. */
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "office/document.h"
#include "office/evidence_int.h"
#include "office/item_paper.h"
#include "office/slip.h"
#include "paper/pdf.h"
#include "paper/zipout.h"

enum { PICTURE_WIDTH = 1000, LINKS_SHOWN = 100, MB = 1 << 20 };

struct packing {
    struct evidence_job *j;
    struct arena *a; /* for the whole */
    struct pdf *p;
    struct evidence_rows r;
    size_t pictures;
    struct str kind; /* whose chapter is open */
};

struct str evidence_minute(struct arena *a, int64_t at_ms)
{
    struct buf b;
    struct str s;

    if (!at_ms)
        return S("");
    buf_init(&b, 64);
    clock_write_minute(&b, at_ms, ZONE_CHINA);
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

static struct str size_words(struct arena *a, int64_t n)
{
    return n < MB ? arena_printf(a, "%.1f KB", (double)n / 1024)
                  : arena_printf(a, "%.1f MB", (double)n / MB);
}

static const struct pdf_style plain = {.face = PDF_SONG, .size = 10, .gap_before = 3},
                              spoken = {.face = PDF_KAI, .size = 11, .indent = 2, .gap_before = 3},
                              whose = {.face = PDF_SONG, .size = 9.5, .align = PDF_RIGHT},
                              small = {.face = PDF_SONG, .size = 9, .colour = 0x55504B};

/* ---- the sheets of a matter ---- */

static void rows_put(struct packing *g, const struct paper_row *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        pdf_rows_more(g->p,
            &(struct pdf_pair){v[i].a.name, v[i].a.value, v[i].b.name, v[i].b.value}, i + 1 == n);
}

static void table_put(struct packing *g, const struct paper_table *t)
{
    struct pdf_column columns[PDF_COLUMNS_MAX];
    size_t n = t->n_heads < PDF_COLUMNS_MAX ? t->n_heads : PDF_COLUMNS_MAX;

    pdf_para(g->p, &plain, t->name);
    for (size_t i = 0; i < n; i++)
        columns[i] = (struct pdf_column){t->heads[i], i ? 1 : 2, PDF_LEFT};
    pdf_table(g->p, columns, n);
    for (size_t i = 0; i < t->n_lines; i++)
        pdf_row(g->p, t->lines[i].cells);
    pdf_table_end(g->p);
}

static void box_put(struct packing *g, struct arena *a, const struct paper_box *b)
{
    pdf_heading_plain(g->p, b->head);
    for (size_t i = 0; i < b->n_opinions; i++) {
        const struct paper_opinion *o = &b->opinions[i];
        pdf_para(g->p, &spoken, o->text);
        pdf_para(g->p, &whose,
            arena_printf(
                a, "%.*s　%.*s%s", SF(o->who), SF(o->day), o->returned ? "（已退回）" : ""));
    }
}

static enum code sheet_put(
    struct packing *g, struct arena *a, const struct paper_sheet *s, struct err *e)
{
    (void)e;
    pdf_heading(g->p, 3, s->title, S(""));
    rows_put(g, s->rows, s->n_rows);
    for (size_t i = 0; i < s->n_tables; i++)
        table_put(g, &s->tables[i]);
    for (size_t i = 0; i < s->n_boxes; i++)
        if (s->boxes[i].n_opinions)
            box_put(g, a, &s->boxes[i]);
    rows_put(g, s->tail, s->n_tail);
    return OK;
}

/* The forms that stay in the house; letters to units show as receipts and slips. */
static enum code sheets_put(
    struct packing *g, struct arena *a, const struct evidence_look *l, struct err *e)
{
    for (size_t i = 0; i < l->k->n_forms; i++) {
        const struct kind_form *f = &l->k->forms[i];
        struct paper_want want = {.item = l->it.id, .form = f->id};
        struct paper paper;
        struct err none;
        if (f->off || !paper_in_house(f->template))
            continue;
        if (item_paper(g->j->db, a, g->j->by, &want, &paper, &none) != OK)
            continue; /* nothing to print on it yet */
        for (size_t k = 0; k < paper.n_sheets; k++)
            TRY(sheet_put(g, a, &paper.sheets[k], e));
    }
    return OK;
}

/* ---- what was asked, what happened ---- */

static void receipts_put(struct packing *g, const struct evidence_look *l, size_t at)
{
    static const struct pdf_column columns[] = {{SC("对象"), 2.2, 0}, {SC("要求"), 1.4, 0},
        {SC("送出"), 1.9, 0}, {SC("查看"), 1.9, 0}, {SC("答复"), 1.2, 0}, {SC("答复时间"), 1.9, 0},
        {SC("情况"), 3.5, 0}};
    size_t sent = 0;

    for (size_t i = 0; i < l->n_asks; i++)
        sent += l->asks[i].sent_ms != 0;
    if (!sent)
        return;
    pdf_heading(g->p, 3, S("回执"), S(""));
    pdf_table(g->p, columns, 7);
    for (size_t i = 0; i < l->n_asks; i++) {
        const struct ask *k = &l->asks[i];
        static const char *const states[] = {"未答复", "", "已撤回", "已作废"};
        struct evidence_answer row = {.item = at,
            .to = arena_str(g->a, k->to_name),
            .purpose = arena_str(g->a, k->purpose),
            .sent = evidence_minute(g->a, k->sent_ms),
            .seen = evidence_minute(g->a, k->seen_ms),
            .word = arena_str(g->a, k->word.n ? k->word : str_z(states[k->state & 3])),
            .answered = evidence_minute(g->a, k->answered_ms),
            .text = arena_str(g->a, k->text)};
        if (!k->sent_ms)
            continue;
        pdf_row(g->p, (struct str[]){row.to, row.purpose, row.sent, row.seen, row.word,
                          row.answered, row.text});
        ARENA_PUSH(g->a, g->r.answers, g->r.n_answers, g->r.cap_answers) = row;
    }
    pdf_table_end(g->p);
}

static void chronicle_put(struct packing *g, struct arena *a, const struct evidence_look *l)
{
    static const struct pdf_column columns[] = {
        {SC("时间"), 1.9, 0}, {SC("人员"), 1.6, 0}, {SC("事项"), 1.6, 0}, {SC("内容"), 6, 0}};
    struct buf b;

    pdf_heading(g->p, 3, S("办理过程"), S(""));
    pdf_table(g->p, columns, 4);
    buf_init(&b, 1 << 20);
    for (size_t i = 0; i < l->n_events; i++) {
        const struct item_words *w = &l->words[i];
        const struct item_event *ev = &l->events[i];
        buf_clear(&b);
        buf_str(&b, w->detail);
        if (w->opinion.n)
            buf_printf(&b, "%s%.*s", b.n ? "\n" : "", SF(w->opinion));
        if (w->state.n)
            buf_printf(&b, "%s转入“%.*s”", b.n ? "\n" : "", SF(w->state));
        pdf_row(g->p, (struct str[]){evidence_minute(a, ev->at_ms),
                          ev->for_person ? arena_printf(a, "%.*s（代录）", SF(ev->actor_name))
                                         : ev->actor_name,
                          w->what, buf_view(&b)});
    }
    buf_release(&b);
    pdf_table_end(g->p);
}

static enum code slips_put(
    struct packing *g, struct arena *a, const struct evidence_look *l, struct err *e)
{
    static const struct pdf_column columns[] = {{SC("催办单"), 2, 0}, {SC("单位"), 2, 0},
        {SC("签发"), 2, 0}, {SC("颜色"), 1, 0}, {SC("事由"), 4, 0}};
    struct slip *v;
    size_t n;

    TRY(slip_list(g->j->db, a, g->j->by, l->it.id, &v, &n, e));
    if (!n)
        return OK;
    pdf_heading(g->p, 3, S("催办单"), S(""));
    pdf_table(g->p, columns, 5);
    for (size_t i = 0; i < n; i++)
        pdf_row(g->p,
            (struct str[]){v[i].number, v[i].unit_name, evidence_minute(a, v[i].at_ms),
                str_z(slip_colour_name(v[i].colour)),
                v[i].void_ms ? arena_printf(a, "已作废：%.*s", SF(v[i].void_why)) : v[i].reason});
    pdf_table_end(g->p);
    return OK;
}

static enum code links_put(
    struct packing *g, struct arena *a, const struct evidence_look *l, struct err *e)
{
    static const struct pdf_column columns[] = {
        {SC("关系"), 1, 0}, {SC("文号或编号"), 2, 0}, {SC("名称"), 6, 0}};
    bool head = false;

    for (size_t i = 0; i < l->n_links && i < LINKS_SHOWN; i++) {
        const struct item_link *k = &l->links[i];
        bool out = k->from.kind == LINK_ITEM && k->from.id == l->it.id;
        struct link_end far = out ? k->to : k->from;
        struct document d;
        struct item it;
        struct err none;
        struct str no, title;
        bool may = true;
        if (far.kind == LINK_ITEM) {
            if (item_get(g->j->db, a, g->j->by, far.id, &it, &none) != OK)
                continue;
            no = it.number;
            title = it.title;
        } else {
            if (document_get(g->j->db, a, far.id, &d, &none) != OK)
                continue;
            TRY(access_document(g->j->db, g->j->by->v, d.id, (int)d.level, d.registrar, &may, e));
            no = d.docno;
            title = d.title;
        }
        if (!may)
            continue;
        if (!head) {
            pdf_heading(g->p, 3, S("关联的文件、纪要和事项"), S(""));
            pdf_table(g->p, columns, 3);
            head = true;
        }
        pdf_row(g->p, (struct str[]){k->relation, no, title});
    }
    if (head)
        pdf_table_end(g->p);
    return OK;
}

/* ---- files ---- */

static bool picture_name(struct str name)
{
    static const char *const ends[] = {".png", ".jpg", ".jpeg", ".PNG", ".JPG", ".JPEG"};

    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
        if (str_ends(name, str_z(ends[i])))
            return true;
    return false;
}

/* Decoded in a cage; one that cannot be stays a line of the list. */
static void picture_put(struct packing *g, struct arena *a, const struct item_file *f)
{
    char path[IO_PATH_MAX + 16];
    struct err none;
    struct str png;
    int fd;

    if (!g->j->o->readers || g->pictures >= EVIDENCE_PICTURES_MAX)
        return;
    if (io_join(path, g->j->o->dir, "tmp/picture-XXXXXX", &none) != OK)
        return;
    fd = mkstemp(path);
    if (fd < 0)
        return;
    unlink(path);
    if (blob_read_fd(g->j->db, f->blob, fd, &none) == OK &&
        reader_page_png(g->j->o->readers, a, fd, f->name, 1, PICTURE_WIDTH, &png, &none) == OK) {
        pdf_picture(g->p, png, f->name);
        g->pictures++;
    }
    close(fd);
}

static void files_put(struct packing *g, struct arena *a, const struct evidence_look *l, size_t at)
{
    static const struct pdf_column columns[] = {{SC("附件"), 3.2, 0}, {SC("大小"), 1.1, PDF_RIGHT},
        {SC("提交"), 2.2, 0}, {SC("SM3"), 5, 0}};

    if (!l->n_files)
        return;
    pdf_heading(g->p, 3, S("附件清单"), S(""));
    pdf_table(g->p, columns, 4);
    for (size_t i = 0; i < l->n_files; i++) {
        const struct item_file *f = &l->files[i];
        struct evidence_file *to;
        pdf_row(g->p,
            (struct str[]){f->removed_ms ? arena_printf(a, "%.*s（已撤下：%.*s）", SF(f->name),
                                               SF(f->removed_why))
                                         : f->name,
                size_words(a, f->size),
                arena_printf(a, "%.*s\n%.*s", SF(f->by_name), SF(evidence_minute(a, f->at_ms))),
                f->blob});
        if (f->removed_ms)
            continue;
        to = &ARENA_PUSH(g->a, g->r.files, g->r.n_files, g->r.cap_files);
        *to = (struct evidence_file){.item = at, .f = *f};
        to->f.name = arena_str(g->a, f->name);
        to->f.blob = arena_str(g->a, f->blob);
        to->f.by_name = arena_str(g->a, f->by_name);
    }
    pdf_table_end(g->p);
    for (size_t i = 0; i < l->n_files; i++)
        if (!l->files[i].removed_ms && picture_name(l->files[i].name))
            picture_put(g, a, &l->files[i]);
}

/* ---- one matter after the other ---- */

static enum code matter_put(
    struct packing *g, struct arena *a, const struct evidence_look *l, struct err *e)
{
    struct evidence_line *line;
    size_t at = g->r.n_lines;

    if (!str_eq(g->kind, l->k->id)) {
        g->kind = arena_str(g->a, l->k->id);
        pdf_page(g->p);
        pdf_heading(g->p, 1, l->k->name, S(""));
    } else {
        pdf_page(g->p);
    }
    line = &ARENA_PUSH(g->a, g->r.lines, g->r.n_lines, g->r.cap_lines);
    *line = (struct evidence_line){.id = l->it.id,
        .number = arena_str(g->a, l->it.number),
        .title = arena_str(g->a, l->it.title),
        .kind = arena_str(g->a, l->k->name),
        .state = arena_str(g->a, l->state),
        .owner = arena_str(g->a, l->owner),
        .unit = arena_str(g->a, l->unit),
        .opened_ms = l->it.opened_ms,
        .closed_ms = l->it.closed_ms,
        .files = l->n_files,
        .receipts = l->n_asks};
    line->section = pdf_heading(g->p, 2,
        l->it.number.n ? arena_printf(a, "%.*s　%.*s", SF(l->it.number), SF(l->it.title))
                       : l->it.title,
        S(""));
    pdf_para(g->p, &small,
        arena_printf(a, "%.*s　%.*s　登记%.*s%s%.*s", SF(l->unit), SF(l->owner),
            SF(evidence_minute(a, l->it.opened_ms)), l->it.closed_ms ? "　办结" : "　在办",
            SF(evidence_minute(a, l->it.closed_ms))));
    TRY(sheets_put(g, a, l, e));
    receipts_put(g, l, at);
    TRY(slips_put(g, a, l, e));
    chronicle_put(g, a, l);
    TRY(links_put(g, a, l, e));
    files_put(g, a, l, at);
    return OK;
}

static void cover_put(struct packing *g)
{
    static const struct pdf_style
        title = {.face = PDF_SONG, .size = 30, .bold = true, .align = PDF_CENTRE},
        under = {.face = PDF_KAI, .size = 15, .align = PDF_CENTRE, .gap_before = 18};
    const struct evidence *ev = g->j->ev;

    pdf_label(g->p, S("封面"));
    pdf_space(g->p, 150);
    pdf_para(g->p, &title, S("检查取证包"));
    pdf_para(g->p, &under, ev->said);
    if (g->j->clause)
        pdf_para(g->p, &under, arena_printf(g->a, "%.*s", SF(g->j->clause->basis)));
    pdf_space(g->p, 150);
    pdf_rows(g->p,
        (struct pdf_pair[]){
            {S("事项"), arena_printf(g->a, "%zu件", g->j->n), S("制作"), ev->person_name},
            {S("制作时间"), evidence_minute(g->a, g->j->by->now_ms), S("取证包编号"),
                arena_printf(g->a, "%lld", (long long)ev->id)},
            {S("说明"),
                S("由系统按事项记录生成，只含制作人有权查看的内容。附件以清单所列SM3校验值为准，整"
                  "包的校验"
                  "值登记在系统里，可以核对。"),
                S(""), S("")}},
        3);
    pdf_directory(g->p, S("目录"), 2);
}

static enum code matters_put(struct packing *g, struct err *e)
{
    enum code c = OK;

    for (size_t i = 0; c == OK && i < g->j->n; i++) {
        struct evidence_look l;
        struct arena a;
        arena_init(&a);
        c = evidence_look(g->j->db, &a, g->j->by, g->j->items[i], &l, e);
        if (c == OK)
            c = matter_put(g, &a, &l, e);
        arena_release(&a);
        if (c == OK && g->j->progress)
            c = g->j->progress(g->j->arg, (int64_t)i + 1, e);
    }
    return c;
}

/* ---- the zip ---- */

/* Names as people gave them; the number of the matter in front keeps them apart. */
static struct str member_name(struct packing *g, const struct evidence_file *f, size_t i)
{
    const struct evidence_line *l = &g->r.lines[f->item];
    struct buf b;
    struct str s;

    buf_init(&b, 4096);
    buf_printf(&b, "%04zu-", f->item + 1);
    buf_printf(
        &b, "%.*s/%03zu-%.*s", SF(l->number.n ? l->number : S("未编号")), i + 1, SF(f->f.name));
    for (size_t k = 0, slash = 0; k < b.n; k++)
        if ((b.p[k] == '/' && slash++) || b.p[k] == '\\' || (unsigned char)b.p[k] < 0x20)
            b.p[k] = '_';
    s = arena_str(g->a, buf_view(&b));
    buf_release(&b);
    return s;
}

static enum code zip_make(struct packing *g, struct evidence_made *made, struct err *e)
{
    struct zip_change *v = ARENA_ARRAY(g->a, struct zip_change, g->r.n_files + 1);
    int64_t all = 0;
    struct str zip;

    for (size_t i = 0; i < g->r.n_files; i++)
        all += g->r.files[i].f.size;
    if (all > EVIDENCE_ZIP_MAX) {
        made->message = S("附件合计超过200 MB，没有打成压缩包，请缩小范围或逐件下载");
        return OK;
    }
    for (size_t i = 0; i < g->r.n_files; i++) {
        struct buf b;
        enum code c;
        buf_init(&b, (size_t)ITEM_FILE_BYTES_MAX + 1);
        c = blob_read(g->j->db, g->r.files[i].f.blob, &b, e);
        v[i] = (struct zip_change){.name = member_name(g, &g->r.files[i], i),
            .index = SIZE_MAX,
            .bytes = arena_str(g->a, buf_view(&b))};
        buf_release(&b);
        TRY(c);
    }
    if (!g->r.n_files)
        return OK;
    TRY(zip_write(g->a, S(""), v, g->r.n_files, &zip, e));
    buf_str(&made->zip, zip);
    return OK;
}

static enum code finish(struct packing *g, struct evidence_made *made, struct err *e)
{
    struct pdf_made pdf;
    enum code c = pdf_close(g->p, g->a, &made->pdf, &pdf, e);

    g->p = NULL;
    TRY(c);
    made->pages = pdf.pages;
    made->message = pdf.substituted;
    g->r.page = pdf.section_page;
    TRY(evidence_book(g->j, g->a, &g->r, &made->book, e));
    return g->j->ev->scope.zip ? zip_make(g, made, e) : OK;
}

enum code evidence_pack(
    struct evidence_job *j, struct arena *a, struct evidence_made *made, struct err *e)
{
    struct packing g = {.j = j, .a = a};
    enum code c;

    g.p = pdf_open(&(struct pdf_options){.title = S("检查取证包"),
        .author = j->ev->person_name,
        .subject = j->ev->said,
        .header = arena_printf(a, "检查取证包　%.*s", SF(j->ev->said)),
        .foot = arena_printf(
            a, "%.*s　%.*s", SF(j->ev->person_name), SF(evidence_minute(a, j->by->now_ms))),
        .watermark = j->o->demo ? S("演示数据") : S(""),
        .made_ms = j->by->now_ms});
    cover_put(&g);
    c = matters_put(&g, e);
    if (c == OK)
        c = finish(&g, made, e);
    pdf_drop(g.p);
    return c;
}
