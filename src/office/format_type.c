/* Fonts, sizes, indents and places, paragraph by paragraph. */
#include <math.h>

#include "base/utf8.h"
#include "office/format_int.h"
#include "paper/official_docx.h"

static const char *const face_words[N_FACE] = {"仿宋", "楷体", "黑体", "小标宋", "宋体"};

static struct str font_of(const struct rich_look *k)
{
    return k->east.n ? k->east : S("没有指定");
}

static void face(
    struct formatting *f, const char *id, size_t i, const struct rich_look *k, enum face want)
{
    if (k && format_face(k->east) != (int)want)
        format_say(f, id, i, font_of(k), face_words[want]);
}

static void size(struct formatting *f, const char *id, size_t i, const struct rich_look *k,
    double pt, const char *right)
{
    if (k && fabs(format_points(k) - pt) > 0.3)
        format_say(f, id, i, format_size(f->a, format_points(k)), right);
}

static const struct rich_look *look(const struct formatting *f, size_t i)
{
    const struct rich_para *p = &f->w->r->paras[i];

    return format_look_of(f->w->r, p, 0, p->text.n);
}

static bool is_red(uint32_t c)
{
    return (c >> 16) > 0xA0 && (c >> 8 & 0xFF) < 0x60;
}

/* ---- head ---- */

static void mark(struct formatting *f, size_t i)
{
    const struct rich_para *p = &f->w->r->paras[i];
    const struct rich_look *k = look(f, i);

    if (k && !is_red(k->colour))
        format_say(f, "mark-red", i, arena_printf(f->a, "颜色 %06X", k->colour), "红色");
    if (p->f.align != RICH_CENTRE && p->place == RICH_BODY && !p->table && !f->w->joint_mark)
        format_say(f, "mark-centred", i, S("没有居中"), "居中");
    face(f, "mark-font", i, k, FACE_BIAO);
}

static bool has_signer(const struct format_view *w)
{
    for (size_t i = 0; i < w->r->n; i++)
        if (w->role[i] == ROLE_SIGNER ||
            (w->role[i] == ROLE_DOCNO && str_has(w->r->paras[i].text, S("签发人"))))
            return true;
    return false;
}

/* The line below the number: a border of it, or of what follows up to the title. */
static void red_line(struct formatting *f, size_t i)
{
    const struct rich *r = f->w->r;

    if (r->shapes || r->n_pictures || r->paras[i].table)
        return; /* may be drawn */
    for (size_t k = i; k < r->n && f->w->role[k] != ROLE_TITLE; k++)
        if (r->paras[k].f.rule_bottom || r->paras[k].f.rule_top || r->paras[k].table)
            return;
    format_say(f, "red-line", i, S("没有"), "发文字号下 4 mm 处一条与版心等宽的红色分隔线");
}

static void docno(struct formatting *f, size_t i)
{
    const struct rich_para *p = &f->w->r->paras[i];
    bool signer = has_signer(f->w);

    if (p->table || p->place != RICH_BODY)
        return;
    if (!signer && p->f.align != RICH_CENTRE)
        format_say(f, "docno-centred", i, S("没有居中"), "居中");
    else if (signer && p->f.align == RICH_CENTRE)
        format_say(f, "docno-centred", i, S("居中"), "居左空一字，与最后一个签发人同行");
    red_line(f, i);
}

/* Behind “签发人：” the name stands in 楷体. */
static void signer(struct formatting *f, size_t i)
{
    const struct rich_para *p = &f->w->r->paras[i];
    size_t at = str_find(p->text, S("签发人"), 0);
    struct str colon = S("：");

    if (at == SIZE_MAX)
        return;
    at = str_find(p->text, colon, at);
    if (at == SIZE_MAX)
        return;
    face(f, "signer-font", i, format_look_of(f->w->r, p, at + colon.n, p->text.n), FACE_KAI);
}

void format_head(struct formatting *f)
{
    const struct format_view *w = f->w;

    for (size_t i = 0; i < w->r->n; i++) {
        if (w->role[i] == ROLE_URGENCY || w->role[i] == ROLE_SECRECY)
            face(f, "corner-font", i, look(f, i), FACE_HEI);
        if (!w->paper)
            continue;
        if (w->role[i] == ROLE_MARK)
            mark(f, i);
        if (w->role[i] == ROLE_DOCNO)
            docno(f, i);
        if (w->role[i] == ROLE_DOCNO || w->role[i] == ROLE_SIGNER)
            signer(f, i);
    }
    if (w->paper && w->upward && !has_signer(w))
        format_say_at(f, "signer-missing", "版头", S("没有签发人"), "上行文标注签发人姓名");
}

/* ---- text ---- */

static void title(struct formatting *f, size_t i)
{
    const struct rich_look *k = look(f, i);

    face(f, "title-font", i, k, FACE_BIAO);
    size(f, "title-size", i, k, 22, "二号（22 磅）");
    if (f->w->r->paras[i].f.align != RICH_CENTRE)
        format_say(f, "title-centred", i, S("没有居中"), "居中");
}

/* Indents of a paragraph that begins with two empty characters and runs on at the left edge. */
static void indents(struct formatting *f, size_t i)
{
    const struct rich *r = f->w->r;
    const struct rich_para *p = &r->paras[i];
    double first = format_first(r, p), left = format_left(r, p);
    size_t blanks = 0;

    if (p->label.n || p->table || str_eq(p->style, S(ODX_CONTINUED)))
        return; /* a list has its own indents; a reading copy goes on over the page without one */
    for (struct str s = p->text; str_eat(&s, S("　"));)
        blanks++;
    if (fabs(first + left + (double)blanks - 2) > 0.25)
        format_say(f, "body-indent", i,
            arena_printf(f->a, "空 %.2g 字", first + left + (double)blanks), "左空二字");
    else if (fabs(left) > 0.25)
        format_say(f, "body-flush", i, arena_printf(f->a, "整段左缩进 %.2g 字", left), "回行顶格");
}

static void spacing(struct formatting *f, size_t i)
{
    const struct rich_format *p = &f->w->r->paras[i].f;

    if (p->before > 20 || p->after > 20)
        format_say(f, "body-spacing", i,
            arena_printf(f->a, "段前 %g 磅、段后 %g 磅", p->before / 20.0, p->after / 20.0), "0");
}

static void colour(struct formatting *f, size_t i, const struct rich_look *k)
{
    if (k && k->colour)
        format_say(f, "colour", i, arena_printf(f->a, "颜色 %06X", k->colour), "黑色");
}

static void body(struct formatting *f, size_t i)
{
    const struct rich_para *p = &f->w->r->paras[i];
    const struct rich_look *k = format_look_of(f->w->r, p, f->w->heads[i], p->text.n);

    if (k) /* 第一条 in front of it may be 黑体; nothing else may stand in its line */
        face(f, "body-font", i, k, FACE_FANG);
    size(f, "body-size", i, k, 16, "三号（16 磅）");
    if (k && k->bold)
        format_say(f, "bold", i, S("整段加粗"), "不加粗");
    colour(f, i, k);
    if (f->w->role[i] != ROLE_BODY)
        return;
    spacing(f, i);
    indents(f, i);
}

static void heading(struct formatting *f, size_t i)
{
    static const enum face faces[] = {FACE_HEI, FACE_KAI, FACE_FANG, FACE_FANG};
    static const char *const ids[] = {"h1-font", "h2-font", "h3-font", "h4-font"};
    const struct rich_para *p = &f->w->r->paras[i];
    int level = (int)f->w->role[i] - ROLE_H1;
    size_t end = f->w->heads[i] ? f->w->heads[i] : p->text.n;
    const struct rich_look *k = format_look_of(f->w->r, p, 0, end);

    face(f, ids[level], i, k, faces[level]);
    size(f, "heading-size", i, k, 16, "三号（16 磅）");
    if (k && k->bold)
        format_say(f, "bold", i, S("标题加粗"), "不加粗");
    colour(f, i, k);
    spacing(f, i);
    indents(f, i);
    if (f->w->heads[i]) {
        k = format_look_of(f->w->r, p, end, p->text.n);
        face(f, "body-font", i, k, FACE_FANG);
        size(f, "body-size", i, k, 16, "三号（16 磅）");
    }
}

void format_type(struct formatting *f)
{
    for (size_t i = 0; i < f->w->r->n; i++)
        switch ((int)f->w->role[i]) {
        case ROLE_TITLE:
        case ROLE_CARRIED:
            title(f, i);
            break;
        case ROLE_H1:
        case ROLE_H2:
        case ROLE_H3:
        case ROLE_H4:
            heading(f, i);
            break;
        case ROLE_ADDRESSEE:
        case ROLE_BODY:
            body(f, i);
            break;
        default:
            break;
        }
}

/* ---- places ---- */

static void addressee(struct formatting *f, size_t i)
{
    const struct rich_para *p = &f->w->r->paras[i];
    double n = format_first(f->w->r, p) + format_left(f->w->r, p);

    for (struct str s = p->text; str_eat(&s, S("　"));)
        n += 1;
    if (fabs(n) > 0.25)
        format_say(f, "addressee-flush", i, arena_printf(f->a, "空 %.2g 字", n), "居左顶格");
}

/* At the right: aligned so, or begun behind the middle of the line by an indent or by blanks. */
static bool at_right(const struct rich *r, const struct rich_para *p)
{
    struct str s = p->text;
    double n = format_left(r, p) + format_first(r, p);

    while (str_eat(&s, S("　")) || str_eat(&s, S("\t")))
        n += 1;
    while (str_eat(&s, S(" ")))
        n += 0.5;
    return p->f.align == RICH_RIGHT || n >= 7 || p->table;
}

/* Right aligned without an indent: it touches the edge; 2 or 4 characters are wanted. */
static void right_place(struct formatting *f, const char *id, size_t i, const char *right)
{
    const struct rich_para *p = &f->w->r->paras[i];
    const struct rich_look *k = look(f, i);
    double n = p->f.right_chars ? p->f.right_chars / 100.0
                                : p->f.right / 20.0 / (k ? format_points(k) : 16);
    struct str s = p->text;

    while (str_eat_end(&s, S("　")))
        n += 1;
    while (str_eat_end(&s, S(" ")))
        n += 0.5;
    if (!at_right(f->w->r, p))
        format_say(f, id, i, p->f.align == RICH_CENTRE ? S("居中") : S("在左边"), right);
    else if (p->f.align == RICH_RIGHT && n < 1.5)
        format_say(f, id, i, S("顶到版心右边"), right);
}

static bool on_new_page(const struct formatting *f, size_t i)
{
    const struct rich *r = f->w->r;
    bool new_page =
        r->paras[i].f.page_break || (i > 0 && r->paras[i].section > r->paras[i - 1].section);

    for (size_t k = i; !new_page && k-- > 0;) {
        new_page = r->paras[k].breaks || r->paras[k].f.page_break;
        if (f->w->role[k] != ROLE_EMPTY)
            break;
    }
    return new_page;
}

static void annex(struct formatting *f, size_t i)
{
    if (!on_new_page(f, i))
        format_say(f, "annex-page", i, S("接排"), "另面编排");
    face(f, "annex-font", i, look(f, i), FACE_HEI);
}

static void foot(struct formatting *f, size_t i)
{
    const struct rich *r = f->w->r;
    const struct rich_para *p = &r->paras[i];
    const struct rich_look *k = look(f, i);

    size(f, "foot-size", i, k, 14, "四号（14 磅）");
    face(f, "foot-font", i, k, FACE_FANG);
    if (p->table || r->shapes || p->place != RICH_BODY || !f->w->paper)
        return;
    if (!p->f.rule_top && !(i > 0 && r->paras[i - 1].f.rule_bottom))
        format_say(
            f, "foot-line", i, S("没有分隔线"), "版记各要素之间与首末各一条与版心等宽的分隔线");
    if (!p->f.framed)
        format_say(f, "foot-place", i, S("接在正文后面"),
            "在最后一面（双面印刷时为偶数页），末条线与版心下边缘重合");
}

void format_places(struct formatting *f)
{
    for (size_t i = 0; i < f->w->r->n; i++)
        switch ((int)f->w->role[i]) {
        case ROLE_ADDRESSEE:
            addressee(f, i);
            break;
        case ROLE_ATTACHMENT: {
            const struct rich_para *p = &f->w->r->paras[i];
            double n = format_first(f->w->r, p) + format_left(f->w->r, p);
            for (struct str s = p->text; str_eat(&s, S("　"));)
                n += 1;
            if (fabs(n - 2) > 0.25)
                format_say(
                    f, "attachment-indent", i, arena_printf(f->a, "空 %.2g 字", n), "左空二字");
            break;
        }
        case ROLE_DATE:
            right_place(f, "date-place", i, "右空四字（不加盖印章的右空二字）");
            break;
        case ROLE_SIGNATURE:
            if (!f->w->joint_signature)
                right_place(f, "signature-place", i, "在成文日期之上、以成文日期为准居中");
            break;
        case ROLE_CARRIED:
            if (!(i > 0 && f->w->role[i - 1] == ROLE_CARRIED) && !on_new_page(f, i))
                format_say(f, "carried-page", i, S("接排"), "另面编排，在版记之前，不写“附件”");
            break;
        case ROLE_ANNEX:
            annex(f, i);
            break;
        case ROLE_ANNEX_TITLE:
            if (f->w->r->paras[i].f.align != RICH_CENTRE)
                format_say(f, "annex-title", i, S("没有居中"), "居中，在版心第三行");
            break;
        case ROLE_CC:
        case ROLE_PRINTED:
            foot(f, i);
            break;
        default:
            break;
        }
}
