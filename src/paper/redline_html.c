/* The redline as a page that needs nothing beside it. */
#include "paper/redline_int.h"
#include "paper/xmltree.h"

enum { HEADING_LAST = 6 };

static const char style[] =
    "@page{size:A4;margin:25mm 26mm 25mm 28mm}"
    "html{background:#f4f4f2}"
    "body{max-width:44em;margin:0 auto;padding:2em 3em;background:#fff;color:#1a1a1a;"
    "font:16px/1.9 \"仿宋_GB2312\",\"FangSong\",\"Noto Serif CJK SC\",serif;line-break:strict;"
    "text-align:justify}"
    "header{border-bottom:2px solid #b3261e;margin-bottom:1.5em;padding-bottom:.8em;"
    "font-family:\"Noto Sans CJK SC\",\"Microsoft "
    "YaHei\",sans-serif;font-size:14px;line-height:1.7}"
    "header h1{font-size:20px;margin:0 0 .4em;text-indent:0}"
    "header dl{display:grid;grid-template-columns:auto 1fr;gap:0 .8em;margin:0 0 .4em}"
    "header dt{color:#666}header dd{margin:0;overflow-wrap:anywhere}"
    "header p{margin:.2em 0;text-indent:0}"
    "main p{margin:0;text-indent:2em}"
    "main h1,main h2,main h3,main h4,main h5,main h6{margin:.3em 0;font-size:1em;text-indent:2em;"
    "font-family:\"黑体\",\"SimHei\",\"Noto Sans CJK SC\",sans-serif;break-after:avoid}"
    "main h1{font-size:1.4em;text-align:center;text-indent:0;font-family:\"Noto Serif CJK "
    "SC\",serif}"
    "main .note{font-size:.85em;text-indent:0;color:#444}"
    "table{border-collapse:collapse;width:100%;margin:.5em 0;font-size:.9em;line-height:1.5}"
    "td{border:1px solid #888;padding:.2em .5em;vertical-align:top}tr{break-inside:avoid}"
    "ins{color:#0b5d2e;background:#e3f4e8;text-decoration:underline;text-underline-offset:.2em}"
    "del{color:#a3160c;background:#fce8e6;text-decoration:line-through}"
    "tr.ins td{background:#e3f4e8}tr.del td{background:#fce8e6}"
    ".end{font-family:sans-serif;font-size:.8em}"
    "@media print{html,body{background:none}body{max-width:none;padding:0;font-size:14pt}"
    "ins,del,td{print-color-adjust:exact;-webkit-print-color-adjust:exact}}";

static void text(struct buf *out, struct str s)
{
    size_t at = 0;

    for (size_t i = 0; i <= s.n; i++) {
        if (i < s.n && s.p[i] != '\n')
            continue;
        xml_escape(out, str_sub(s, at, i - at));
        if (i < s.n)
            buf_z(out, "<br>");
        at = i + 1;
    }
}

static const char *tag_of(enum docx_change how)
{
    return how == DOCX_INS ? "ins" : how == DOCX_DEL ? "del" : NULL;
}

static void piece(struct buf *out, const struct red_piece *x)
{
    const char *tag = tag_of(x->how);

    if (tag)
        buf_printf(out, "<%s>", tag);
    text(out, x->text);
    if (tag)
        buf_printf(out, "</%s>", tag);
}

static void para(struct buf *out, const struct red_weave *w, const struct red_para *p)
{
    const char *tag = tag_of(p->mark);
    char name[4] = "p";
    int level = p->kind == BLOCK_HEADING ? p->level + 1 : p->kind == BLOCK_TITLE ? 1 : 0;

    if (level > 0) {
        name[0] = 'h';
        name[1] = (char)('0' + (level < HEADING_LAST ? level : HEADING_LAST));
    }
    buf_printf(out, "<%s%s>", name, p->kind == BLOCK_NOTE ? " class=\"note\"" : "");
    for (size_t i = 0; i < p->n; i++)
        piece(out, &w->pieces[p->first + i]);
    if (tag)
        buf_printf(out, "<%s class=\"end\" title=\"段落%s\">¶</%s>", tag,
            p->mark == DOCX_INS ? "由此分开" : "由此并入下段", tag);
    buf_printf(out, "</%s>\n", name);
}

static void row(
    struct buf *out, const struct red_weave *w, const struct red_para *p, size_t columns)
{
    const char *tag = tag_of(p->mark);
    struct red_cursor at = {0};
    struct red_piece x;
    size_t cells = 0;

    buf_printf(out, "<tr%s%s%s>", tag ? " class=\"" : "", tag ? tag : "", tag ? "\"" : "");
    for (; !at.over; cells++) {
        buf_z(out, "<td>");
        while (red_cell_piece(w, p, &at, &x))
            piece(out, &x);
        buf_z(out, "</td>");
    }
    for (; cells < columns; cells++)
        buf_z(out, "<td></td>");
    buf_z(out, "</tr>\n");
}

static void head(struct buf *out, const struct redline *r, const struct red_weave *w)
{
    size_t all = 2 * w->same_cp + w->removed_cp + w->added_cp;

    buf_z(out, "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta "
               "name=\"viewport\" content=\"width=device-width\"><title>红线稿：");
    xml_escape(out, r->newer_name);
    buf_printf(out,
        "</title><style>%s</style></head>\n<body><header><h1>红线稿</h1><dl><dt>旧稿</dt><dd>",
        style);
    xml_escape(out, r->older_name);
    buf_z(out, "</dd><dt>新稿</dt><dd>");
    xml_escape(out, r->newer_name);
    buf_printf(out,
        "</dd></dl><p>删去 %zu 字，新增 %zu 字，未变 %zu 字，相同 "
        "%.1f%%</p><p>图例：<del>删去的文字</del>　"
        "<ins>新增的文字</ins>　<del class=\"end\">¶</del> 段落并入下段　<ins "
        "class=\"end\">¶</ins> "
        "由此分段</p></header>\n<main>\n",
        w->removed_cp, w->added_cp, w->same_cp,
        all > 0 ? 200.0 * (double)w->same_cp / (double)all : 100.0);
}

enum code redline_html(const struct redline *r, struct buf *out, struct err *e)
{
    struct red_weave w;
    struct arena a;
    enum code c;

    arena_init(&a);
    c = red_weave(&a, r, &w, e);
    if (c == OK)
        head(out, r, &w);
    for (size_t i = 0; c == OK && i < w.n_paras;) {
        size_t columns, end = red_table(&w, i, &columns);
        if (end == i) {
            para(out, &w, &w.paras[i++]);
            continue;
        }
        buf_z(out, "<table>\n");
        for (; i < end; i++)
            row(out, &w, &w.paras[i], columns);
        buf_z(out, "</table>\n");
    }
    if (c == OK)
        buf_z(out, "</main></body></html>\n");
    arena_release(&a);
    return c == OK ? buf_check(out, "红线稿", e) : c;
}
