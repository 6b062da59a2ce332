/* What goes into an archive package besides the paper itself: the handling sheet and the metadata. */
#include "base/xml.h"
#include "office/archive_pack_int.h"
#include "office/document.h"
#include "office/item_event.h"
#include "office/item_paper.h"
#include "office/item_words.h"
#include "paper/pdf.h"

/* ---- the sheet ---- */

static const struct pdf_style spoken = {.face = PDF_KAI, .size = 11, .indent = 2, .gap_before = 3},
                              listed = {.face = PDF_SONG, .size = 9.5},
                              whose = {.face = PDF_SONG, .size = 9.5, .align = PDF_RIGHT};

static struct str minute(struct arena *a, int64_t ms)
{
    struct buf b;
    buf_init(&b, 64);
    if (ms)
        clock_write_minute(&b, ms, ZONE_CHINA);
    struct str s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

static void rows_put(struct pdf *p, const struct paper_row *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        pdf_rows_more(p, &(struct pdf_pair){v[i].a.name, v[i].a.value, v[i].b.name, v[i].b.value},
            i + 1 == n);
}

static void boxes_put(struct pdf *p, struct arena *a, const struct paper_sheet *s)
{
    for (size_t i = 0; i < s->n_boxes; i++) {
        const struct paper_box *b = &s->boxes[i];
        if (b->n_opinions)
            pdf_heading_plain(p, b->head);
        for (size_t k = 0; k < b->n_opinions; k++) {
            const struct paper_opinion *o = &b->opinions[k];
            pdf_para(p, &spoken, o->text);
            pdf_para(p, &whose,
                arena_printf(a, "%.*s　%.*s%s", SF(o->who), SF(o->day),
                    o->returned ? "（此轮已退回）" : ""));
        }
    }
}

static void receipts_put(struct pdf *p, const struct paper_sheet *s)
{
    static const struct pdf_column columns[] = {{SC("对象"), 2.4, 0}, {SC("事由"), 1.4, 0},
        {SC("送出"), 1.8, 0}, {SC("答复"), 1.4, 0}, {SC("答复时间"), 1.8, 0}, {SC("情况"), 3, 0}};
    if (!s->n_receipts)
        return;
    pdf_heading_plain(p, S("回执"));
    pdf_table(p, columns, 6);
    for (size_t i = 0; i < s->n_receipts; i++) {
        const struct paper_receipt *r = &s->receipts[i];
        pdf_row(p, (struct str[]){r->to, r->purpose, r->sent, r->word, r->answered, r->text});
    }
    pdf_table_end(p);
}

static enum code events_put(
    struct pdf *p, const struct pack_source *s, const struct kind *k, struct err *e)
{
    static const struct pdf_column columns[] = {
        {SC("时间"), 1.9, 0}, {SC("人员"), 1.4, 0}, {SC("事项"), 1.6, 0}, {SC("内容"), 6, 0}};
    struct item_event *v;
    size_t n;
    int64_t last = s->copy.it.revision;
    TRY(item_event_list(s->db, s->a, s->by, s->item,
        last > PAPER_EVENTS_MAX ? last - PAPER_EVENTS_MAX : 0, PAPER_EVENTS_MAX, &v, &n, e));
    pdf_heading_plain(p, S("办理过程"));
    pdf_table(p, columns, 4);
    for (size_t i = 0; i < n; i++) {
        struct item_words w;
        item_words(s->a, k, &v[i], &w);
        pdf_row(p, (struct str[]){minute(s->a, v[i].at_ms), v[i].actor_name, w.what,
                       arena_printf(s->a, "%.*s%s%.*s", SF(w.detail),
                           w.detail.n && w.opinion.n ? "\n" : "", SF(w.opinion))});
    }
    pdf_table_end(p);
    return OK;
}

/* Corrections on paper: who, on which version, entered and looked at by whom, with how much paper beside it. */
static void pens_put(struct pdf *p, const struct pack_source *s)
{
    static const struct pdf_column columns[] = {{SC("谁改的"), 1.6, 0}, {SC("哪天"), 1.5, 0},
        {SC("改的是哪一稿"), 2, 0}, {SC("录入"), 2.2, 0}, {SC("核对"), 3, 0}, {SC("纸稿"), 1, 0}};
    static const char *const said[] = {"没有核对", "核对无误", "录得不对："};
    if (!s->n_pens)
        return;
    pdf_heading_plain(p, S("笔改"));
    pdf_table(p, columns, 6);
    for (size_t i = s->n_pens; i-- > 0;) {
        const struct manuscript_pen *x = &s->pens[i];
        struct str check = str_z(said[x->check]);
        if (x->check)
            check = arena_printf(s->a, "%.*s　%.*s%.*s　%.*s", SF(x->check_name), SF(check),
                SF(x->check_words), SF(minute(s->a, x->check_ms)));
        pdf_row(p,
            (struct str[]){x->corrector, x->day, x->version_name,
                arena_printf(s->a, "%.*s　%.*s", SF(x->clerk_name), SF(minute(s->a, x->done_ms))),
                check, arena_printf(s->a, "%zu页", pack_pen_sheets(s, x->id))});
    }
    pdf_table_end(p);
}

/* What the check said and nobody changed, when it was signed. */
static enum code passed_put(struct pdf *p, const struct pack_source *s, struct err *e)
{
    static const struct pdf_column columns[] = {{SC("哪一处"), 3, 0}, {SC("问题"), 3.4, 0},
        {SC("理由"), 2.6, 0}, {SC("谁、何时略过"), 2, 0}};
    struct pass_list l;
    if (!s->copy.text.final_passes)
        return OK;
    TRY(manuscript_pass_list(s->db, s->a, s->by, s->copy.text.final_passes, &l, e));
    pdf_heading_plain(p, S("签发时略过的审校问题"));
    pdf_para(p, &listed,
        arena_printf(s->a, "第%lld稿，%.*s。清单SM3 %.*s", (long long)s->copy.text.final_number,
            SF(pass_words(s->a, l.v, l.n)), SF(l.digest)));
    pdf_table(p, columns, 4);
    for (size_t i = 0; i < l.n; i++) {
        const struct manuscript_pass *v = &l.v[i];
        pdf_row(
            p, (struct str[]){arena_printf(s->a, "%.*s【%.*s】%.*s%s", SF(v->before), SF(v->words),
                                  SF(v->after), v->throughout ? "（整份文稿）" : ""),
                   arena_printf(s->a, "%s（%.*s） %.*s", check_level_name(v->level), SF(v->rule),
                       SF(v->said)),
                   v->why,
                   arena_printf(s->a, "%.*s %.*s", SF(v->by_name), SF(minute(s->a, v->made_ms)))});
    }
    pdf_table_end(p);
    return OK;
}

static enum code sheets_put(
    struct pdf *p, const struct pack_source *s, const struct kind *k, struct err *e)
{
    for (size_t i = 0; i < k->n_forms; i++) {
        struct paper_want want = {.item = s->item, .form = k->forms[i].id};
        struct paper paper;
        if (k->forms[i].off || !paper_in_house(k->forms[i].template))
            continue;
        TRY(item_paper(s->db, s->a, s->by, &want, &paper, e));
        for (size_t n = 0; n < paper.n_sheets; n++) {
            const struct paper_sheet *sheet = &paper.sheets[n];
            pdf_heading(p, 1, sheet->title, S(""));
            rows_put(p, sheet->rows, sheet->n_rows);
            boxes_put(p, s->a, sheet);
            rows_put(p, sheet->tail, sheet->n_tail);
            receipts_put(p, sheet);
        }
    }
    pens_put(p, s);
    TRY(passed_put(p, s, e));
    return events_put(p, s, k, e);
}

enum code pack_sheet(const struct pack_source *s, struct buf *pdf, struct err *e)
{
    const struct item *it = &s->copy.it;
    const struct kind *k;
    struct pdf_made made;
    struct pdf *p;
    TRY(kinds_get(s->by->kinds, s->db, it->kind, it->kind_version, &k, e));
    p = pdf_open(&(struct pdf_options){.title = S("办理单和办理过程"),
        .subject = it->title,
        .header = arena_printf(s->a, "%.*s　%.*s", SF(it->number), SF(it->title)),
        .foot = minute(s->a, s->by->now_ms),
        .made_ms = s->by->now_ms});
    enum code c = sheets_put(p, s, k, e);
    if (c == OK)
        return pdf_close(p, s->a, pdf, &made, e);
    pdf_drop(p);
    return c;
}

/* ---- metadata ---- */

static void element(struct buf *b, const char *name, struct str value)
{
    if (!value.n)
        return;
    buf_printf(b, "  <%s>", name);
    xml_escape(b, value);
    buf_printf(b, "</%s>\n", name);
}

static struct str iso_day_of(struct arena *a, int64_t ms)
{
    struct day d = clock_civil(ms, ZONE_CHINA).day;
    return ms ? arena_printf(a, "%04d-%02d-%02d", d.y, d.m, d.d) : S("");
}

static void files_put(struct buf *b, struct str manifest)
{
    struct str line;
    buf_z(b, "  <计算机文件>\n");
    while (str_next(&manifest, S("\n"), &line)) {
        struct str sum, name;
        if (!str_cut(line, S("  "), &sum, &name))
            continue;
        buf_z(b, "    <文件 名称=\"");
        xml_escape(b, name);
        buf_printf(b, "\" 摘要算法=\"SM3\" 摘要=\"%.*s\"/>\n", SF(sum));
    }
    buf_z(b, "  </计算机文件>\n");
}

void pack_metadata(const struct pack_source *s, struct str manifest, struct buf *b)
{
    const struct official *d = &s->copy.doc;
    const struct item *it = &s->copy.it;
    struct str issuers = S("");
    for (size_t i = 0; i < d->n_issuers; i++)
        issuers =
            arena_printf(s->a, "%.*s%s%.*s", SF(issuers), issuers.n ? "、" : "", SF(d->issuers[i]));
    for (size_t i = 0; i < d->n_signatures && !issuers.n; i++)
        issuers = d->signatures[i].name;
    buf_z(
        b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<文书类电子文件元数据 依据=\"DA/T 46\">\n");
    element(b, "聚合层次", S("件"));
    element(b, "题名", it->title);
    element(b, "文件编号", it->number);
    element(b, "责任者", issuers);
    element(b, "日期", iso_day_of(s->a, s->copy.text.final_ms));
    element(b, "密级", str_z(doc_level_name((enum doc_level)it->level)));
    element(b, "紧急程度", d->urgency);
    element(b, "主送", d->addressee);
    element(b, "抄送", d->cc);
    element(b, "印发机关", d->printer);
    element(b, "页数", arena_printf(s->a, "%lld", (long long)s->pages));
    element(b, "归档日期", iso_day_of(s->a, it->closed_ms));
    element(b, "定稿稿次", arena_printf(s->a, "%lld", (long long)s->copy.text.final_number));
    element(b, "定稿摘要", s->copy.text.final_digest);
    element(b, "摘要算法", S("SM3"));
    element(b, "形成系统", S("前哨"));
    element(b, "系统内编号", arena_printf(s->a, "%lld", (long long)it->id));
    files_put(b, manifest);
    buf_z(b, "</文书类电子文件元数据>\n");
}
