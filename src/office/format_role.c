/* Which paragraph is what. The words decide (meta and draft, as everywhere); the look only where words do not. */
#include <string.h>

#include "base/utf8.h"
#include "office/format_int.h"

enum { HEAD_LINES = 14, CAPTION_CP = 40 };

const char *format_role_name(enum format_role r)
{
    static const char *const names[N_ROLE] = {"", "空行", "份号", "密级和保密期限", "紧急程度",
        "发文机关标志", "发文字号", "签发人", "标题", "主送机关", "正文", "一级标题", "二级标题",
        "三级标题", "四级标题", "居中行", "附件说明", "附件说明", "发文机关署名", "成文日期",
        "附注", "印发件标题", "附件序号", "附件标题", "抄送机关", "印发机关和印发日期"};

    return names[r];
}

/* As the paper reads now: what is inserted is there, what is deleted is not; no line breaks. */
static void current(const struct rich *r, const struct rich_para *p, struct buf *b)
{
    size_t at = 0;

    buf_str(b, p->label);
    for (size_t i = 0; i < p->n_runs; at += p->runs[i++].n) {
        int c = p->runs[i].change;
        if (c >= 0 && r->changes[c].deleted)
            continue;
        for (size_t k = at; k < at + p->runs[i].n; k++)
            if (p->text.p[k] != '\n')
                buf_add(b, p->text.p[k] == '\t' ? " " : p->text.p + k, 1);
    }
}

static enum code read_lines(struct format_view *w, struct err *e)
{
    const struct rich *r = w->r;
    uint8_t *kinds = ARENA_ARRAY(w->a, uint8_t, r->n + 1);
    struct str text;
    struct buf b;

    buf_init(&b, 0);
    for (size_t i = 0; i < r->n; i++) {
        const struct rich_para *p = &r->paras[i];
        if (p->place != RICH_BODY && p->place != RICH_BOX)
            continue;
        if (w->n_lines)
            buf_char(&b, '\n');
        kinds[w->n_lines] = p->table && p->place == RICH_BODY ? META_ROW : META_BODY;
        w->lines[w->n_lines++] = i;
        current(r, p, &b);
    }
    text = arena_str(w->a, buf_view(&b));
    buf_release(&b);
    return draft_read(w->a, text, kinds, &w->d, e);
}

static struct str line_str(const struct format_view *w, size_t i)
{
    return str_trim(draft_str(&w->d, w->d.lines[i].begin, w->d.lines[i].end));
}

static size_t line_at(const struct format_view *w, size_t byte)
{
    return draft_line_of(&w->d, draft_cp(&w->d, byte));
}

static enum format_role *at(struct format_view *w, size_t line)
{
    return &w->role[w->lines[line]];
}

static void span(
    struct format_view *w, struct text_span s, enum format_role first, enum format_role more)
{
    if (s.end <= s.begin)
        return;
    for (size_t i = line_at(w, s.begin), n = 0; i <= line_at(w, s.end - 1) && i < w->n_lines;
         i++, n++)
        if (line_str(w, i).n)
            *at(w, i) = n ? more : first;
}

/* Parted by a tab: names of joint issuers side by side, who edits a bulletin and the day. */
static bool several(const struct format_view *w, size_t k)
{
    return str_has(w->r->paras[w->lines[k]].text, S("\t"));
}

/* ---- head ---- */

static bool digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

static bool one_of(struct str s, const struct str *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(s, v[i]))
            return true;
    return false;
}

static bool red(const struct format_view *w, size_t line)
{
    const struct rich_para *p = &w->r->paras[w->lines[line]];
    const struct rich_look *k = format_look_of(w->r, p, 0, p->text.n);

    return k && (k->colour >> 16) > 0xA0 && (k->colour >> 8 & 0xFF) < 0x60;
}

static bool looks_like_docno(struct str s)
{
    return str_ends(s, S("号")) && s.n < 100 &&
           (str_has(s, S("〔")) || str_has(s, S("[")) || str_has(s, S("（20")) ||
               str_has(s, S("(20")) || str_has(s, S("【")) || str_has(s, S("［")));
}

/* Of the line with the number what is the number: 签发人：, or the last of their names, stands at its right. */
static struct str number_part(struct str s)
{
    struct str number, rest, mark = S("号");
    size_t at;

    if (str_cut(s, S("签发人"), &number, &rest))
        return str_trim(number);
    at = str_has(s, S("〔")) ? str_find(s, mark, 0) : SIZE_MAX;
    if (at == SIZE_MAX)
        return s;
    rest = str_sub(s, at + mark.n, s.n);
    return str_starts(rest, S(" ")) || str_starts(rest, S("　")) ? str_sub(s, 0, at + mark.n) : s;
}

static enum format_role head_role(const struct format_view *w, size_t i)
{
    static const struct str urgent[] = {SC("特急"), SC("加急"), SC("平急"), SC("特提")};
    static const struct str marks[] = {SC("文件"), SC("命令"), SC("令"), SC("纪要"), SC("简报")};
    struct str s = line_str(w, i);

    if (digits(s) && s.n <= 8)
        return ROLE_COPY_NO;
    if (one_of(s, urgent, 4))
        return ROLE_URGENCY;
    if (str_has(s, S("★")) && s.n < 60)
        return ROLE_SECRECY;
    if (str_starts(s, S("签发人")))
        return ROLE_SIGNER;
    s = number_part(s);
    if (looks_like_docno(s))
        return ROLE_DOCNO;
    for (size_t k = 0; k < sizeof marks / sizeof *marks; k++)
        if (str_ends(s, marks[k]) && (red(w, i) || str_eq(marks[k], S("文件"))))
            return ROLE_MARK;
    return red(w, i) ? ROLE_MARK : ROLE_NONE;
}

static size_t head(struct format_view *w, size_t title)
{
    enum format_role r;

    for (size_t i = 0; i < title && i < w->n_lines; i++) {
        if (!line_str(w, i).n)
            continue;
        r = head_role(w, i);
        *at(w, i) = r;
        w->head = w->head || r == ROLE_DOCNO || r == ROLE_MARK;
        w->paper = w->paper || (r == ROLE_MARK && str_ends(line_str(w, i), S("文件")));
    }
    return title;
}

/* 第3号, 第12期: of orders, minutes and bulletins. */
static bool is_issue(struct str s)
{
    int n;

    str_eat(&s, S("（"));
    return str_eat(&s, S("第")) && str_eat_digits(&s, 1, 4, &n) &&
           (str_starts(s, S("号")) || str_starts(s, S("期")) || str_starts(s, S("次"))) &&
           utf8_len_cp(s) < 12;
}

/* The line behind the number under a red mark; 0: there is none. Names of joint issuers are no title. */
static size_t behind_number(const struct format_view *w)
{
    bool marked = false;

    for (size_t i = 0; i < w->n_lines && i < HEAD_LINES; i++) {
        struct str s = number_part(line_str(w, i));
        if (s.n && red(w, i)) {
            marked = true;
            continue;
        }
        if (marked && (looks_like_docno(s) || is_issue(s)))
            return i + 1;
    }
    return 0;
}

/* Lines in the middle, one below the other, from the first such line on. */
static size_t centred_title(struct format_view *w, size_t i, size_t *behind)
{
    size_t first;

    for (; i < w->n_lines && i < HEAD_LINES; i++) {
        const struct rich_para *p = &w->r->paras[w->lines[i]];
        if (line_str(w, i).n && (p->title || p->f.align == RICH_CENTRE) && !p->table &&
            head_role(w, i) == ROLE_NONE)
            break;
    }
    if (i >= w->n_lines || i >= HEAD_LINES)
        return SIZE_MAX;
    first = i;
    do
        *at(w, i++) = ROLE_TITLE;
    while (i < w->n_lines && line_str(w, i).n && w->r->paras[w->lines[i]].f.align == RICH_CENTRE &&
           !str_starts(line_str(w, i), S("（")) && w->d.lines[i].label == LABEL_NONE);
    *behind = i;
    return first;
}

/* Where the title begins: as meta has it, else the first line in the middle of the page; below the head in either case. An order has none. */
static size_t title_line(struct format_view *w, size_t *behind)
{
    const struct meta_value *t = &w->d.meta.title;
    size_t head = behind_number(w), i = t->text.n ? line_at(w, t->at.begin) : SIZE_MAX;

    if (i < HEAD_LINES && i >= head &&
        (!head || (t->at.begin == w->d.byte[w->d.lines[i].first] && !several(w, i)))) {
        span(w, t->at, ROLE_TITLE, ROLE_TITLE);
        *behind = line_at(w, t->at.end - 1) + 1;
        return i;
    }
    i = centred_title(w, head, behind);
    if (i != SIZE_MAX)
        return i;
    return *behind = head;
}

/* ---- body ---- */

static bool caption(struct str s)
{
    struct str rest = s;
    int n;

    return (str_eat(&rest, S("表")) || str_eat(&rest, S("图"))) &&
           str_eat_digits(&rest, 1, 3, &n) && utf8_len_cp(s) < CAPTION_CP;
}

/* 出席：, 发送： at the end of minutes and of bulletins: practice, or 10.3, which leaves the form open. */
static bool is_list(struct str s)
{
    static const struct str labels[] = {SC("出席："), SC("请假："), SC("列席："), SC("缺席："),
        SC("记录："), SC("主持："), SC("发送："), SC("分送："), SC("报："), SC("送："), SC("发："),
        SC("共印")};

    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (str_starts(s, labels[i]))
            return true;
    return false;
}

static enum format_role body_role(struct format_view *w, size_t i)
{
    const struct draft_line *l = &w->d.lines[i];
    const struct rich_para *p = &w->r->paras[w->lines[i]];
    size_t end = draft_heading_end(&w->d, l),
           head = l->alone ? 0 : w->d.byte[end] - w->d.byte[l->first];

    if (caption(line_str(w, i)) || is_list(line_str(w, i)))
        return ROLE_NONE;
    if (l->label == LABEL_PART)
        return ROLE_CENTRED;
    if (l->label == LABEL_ARTICLE && !p->label.n)
        w->heads[w->lines[i]] = (size_t)(str_trim(p->text).p - p->text.p) +
                                w->d.byte[l->label_end] - w->d.byte[l->first];
    if (l->label >= LABEL_H1 && l->label <= LABEL_H4 && end > l->first) {
        size_t lead = p->label.n ? 0 : (size_t)(str_trim(p->text).p - p->text.p);
        size_t text = head + lead;
        w->heads[w->lines[i]] = head && text > p->label.n ? text - p->label.n : 0;
        return (enum format_role)(ROLE_H1 + (int)(l->label - LABEL_H1));
    }
    if (p->f.align == RICH_CENTRE && utf8_len_cp(line_str(w, i)) < CAPTION_CP)
        return ROLE_CENTRED;
    return ROLE_BODY;
}

static void annex(struct format_view *w, size_t i)
{
    size_t k = i + 1;

    *at(w, i) = ROLE_ANNEX;
    while (k < w->n_lines && !line_str(w, k).n)
        k++;
    if (k < w->n_lines && !w->r->paras[w->lines[k]].table && utf8_len_cp(line_str(w, k)) <= 60 &&
        *at(w, k) == ROLE_NONE)
        *at(w, k) = ROLE_ANNEX_TITLE;
}

static void body(struct format_view *w, size_t from)
{
    int number;

    for (size_t i = from; i < w->n_lines; i++)
        if (*at(w, i) == ROLE_NONE && line_str(w, i).n && !w->r->paras[w->lines[i]].table &&
            draft_annex_line(&w->d, &w->d.lines[i], &number))
            annex(w, i);
    for (size_t i = from; i < w->n_lines; i++) {
        const struct rich_para *p = &w->r->paras[w->lines[i]];
        if (*at(w, i) == ROLE_NONE && line_str(w, i).n && !p->table && p->place == RICH_BODY)
            *at(w, i) = body_role(w, i);
    }
}

/* ---- tail ---- */

static bool is_attachment(struct str s)
{
    return str_starts(s, S("附件：")) || str_starts(s, S("附件:"));
}

/* 附件： and the numbered names below it, in the lines [from, to). */
static void attachments(struct format_view *w, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (!is_attachment(line_str(w, i)) || w->r->paras[w->lines[i]].table)
            continue;
        *at(w, i) = ROLE_ATTACHMENT;
        for (size_t k = i + 1; k < to; k++) {
            struct str s = line_str(w, k);
            int n;
            if (!str_eat_digits(&s, 1, 2, &n) || utf8_len_cp(s) > 60 || str_ends(s, S("。")))
                break;
            *at(w, k) = ROLE_ATTACHMENT_MORE;
        }
        return;
    }
}

/* A line that is a day and nothing else, however it is written. */
static bool is_day(struct str s)
{
    static const struct str marks[] = {SC("年"), SC("月"), SC("日"), SC("."), SC("-"), SC("/"),
        SC("〇"), SC("零"), SC("一"), SC("二"), SC("三"), SC("四"), SC("五"), SC("六"), SC("七"),
        SC("八"), SC("九"), SC("十"), SC("○")};
    bool year = str_has(s, S("年")) || (s.n && s.p[0] == '2');
    size_t n = utf8_len_cp(s);

    while (s.n) {
        bool known = s.p[0] >= '0' && s.p[0] <= '9';
        if (known || s.p[0] == ' ') {
            s = str_sub(s, 1, s.n);
            continue;
        }
        for (size_t i = 0; i < sizeof marks / sizeof *marks && !known; i++)
            known = str_eat(&s, marks[i]);
        if (!known)
            return false;
    }
    return year && n >= 8 && n <= 14;
}

/* May the line be who signs? */
static bool may_sign(const struct format_view *w, size_t k)
{
    struct str s = line_str(w, k);

    return s.n && utf8_len_cp(s) <= 40 && !str_ends(s, S("。")) &&
           w->role[w->lines[k]] == ROLE_NONE && !w->r->paras[w->lines[k]].table &&
           w->d.lines[k].label == LABEL_NONE && !(s.p[0] >= '0' && s.p[0] <= '9');
}

static size_t above(const struct format_view *w, size_t k, size_t from)
{
    while (k > from + 1 && !line_str(w, k - 1).n)
        k--;
    return k > from ? k - 1 : from;
}

/* Of the whole, whatever it carries. */
static void imprint(struct format_view *w, size_t from)
{
    for (size_t i = from; i < w->n_lines; i++) {
        struct str s = line_str(w, i);
        if ((str_starts(s, S("抄送")) && (str_has(s, S("：")) || str_has(s, S(":")))) ||
            (i > from && str_starts(s, S("主送：")))) /* moved there: 7.3.2 */
            *at(w, i) = ROLE_CC;
        else if (str_ends(s, S("印发")) && str_has(s, S("年")) && utf8_len_cp(s) < 80)
            *at(w, i) = ROLE_PRINTED;
    }
}

/* Signature, day and 附注 of the document or of a text that it carries, in the lines [from, to). */
static void tail(struct format_view *w, size_t from, size_t to)
{
    const struct meta *m = &w->d.meta;
    size_t last = 0;
    bool signed_ = false;

    for (size_t i = from; i < to; i++)
        if (!signed_ && is_day(line_str(w, i)) && *at(w, i) == ROLE_NONE &&
            !w->r->paras[w->lines[i]].table) {
            last = i;
            signed_ = i > from + 1 && may_sign(w, above(w, i, from));
        }
    if (last >
        from + 1) { /* the first day of its own line below somebody who signs, else the last */
        size_t k = above(w, last, from);
        *at(w, last) = ROLE_DATE;
        if (may_sign(w, k))
            *at(w, k) = ROLE_SIGNATURE;
        while ((k = above(w, k, from)) > from && may_sign(w, k) && several(w, k))
            *at(w, k) = ROLE_SIGNATURE;
    }
    if (m->note.text.n && line_at(w, m->note.at.begin) > from && line_at(w, m->note.at.begin) < to)
        span(w, m->note.at, ROLE_NOTE, ROLE_NOTE);
}

/* 各会员单位、各基层工会：, not 现将有关事项通知如下： */
static bool names_someone(struct str s)
{
    return str_ends(s, S("：")) && !str_has(s, S("如下")) && !str_has(s, S("以下")) &&
           !str_has(s, S("，现")) && !str_has(s, S("。"));
}

static void addressee(struct format_view *w, size_t *from)
{
    const struct meta_value *v = &w->d.meta.addressee;
    size_t i = *from;

    while (i < w->n_lines && !line_str(w, i).n)
        i++;
    if (v->text.n && line_at(w, v->at.begin) == i) {
        span(w, v->at, ROLE_ADDRESSEE, ROLE_ADDRESSEE);
        *from = line_at(w, v->at.end - 1) + 1;
    } else if (i < w->n_lines && utf8_len_cp(line_str(w, i)) <= 80 &&
               (str_ends(line_str(w, i), S(":")) || /* with the wrong colon */
                   (w->head && names_someone(line_str(w, i))))) {
        *at(w, i) = ROLE_ADDRESSEE;
        *from = i + 1;
    }
}

/* ---- texts that are carried ---- */

/* 主送 of a text that is forwarded: the first line below its title that names somebody. */
static size_t carried_addressee(struct format_view *w, size_t i, size_t to)
{
    if (i >= to || w->d.lines[i].label != LABEL_NONE || !names_someone(line_str(w, i)) ||
        w->r->paras[w->lines[i]].table)
        return i;
    *at(w, i) = ROLE_ADDRESSEE;
    return i + 1;
}

static void carried(struct format_view *w, const struct draft_carried *x, size_t to)
{
    size_t i = x->body;

    for (size_t k = x->title; k < x->body; k++)
        if (line_str(w, k).n)
            *at(w, k) = ROLE_CARRIED;
    for (; i < to; i++) { /* its number, （…通过）, who made it */
        const struct rich_para *p = &w->r->paras[w->lines[i]];
        if (line_str(w, i).n &&
            (p->f.align != RICH_CENTRE || w->d.lines[i].label != LABEL_NONE || p->table))
            break;
        if (line_str(w, i).n)
            *at(w, i) = ROLE_CENTRED;
    }
    i = carried_addressee(w, i, to);
    tail(w, i, to);
    attachments(w, i, to);
}

/* ---- all ---- */

static void numbers(struct format_view *w)
{
    size_t n = 0;

    for (size_t i = 0; i < w->n_lines; i++) {
        if (!line_str(w, i).n) {
            *at(w, i) = w->r->paras[w->lines[i]].drawing ? ROLE_NONE : ROLE_EMPTY;
            continue;
        }
        w->number[w->lines[i]] = ++n;
    }
}

/* The line behind the part that line i is of. */
static size_t own_end(const struct format_view *w, size_t i)
{
    size_t end = draft_part_end(&w->d, i);

    return end < w->n_lines ? end : w->n_lines;
}

/* Several names in the mark or in the signature: their places are the layout's, not one paragraph's. */
static void joint(struct format_view *w)
{
    size_t marks = 0, signs = 0;

    for (size_t i = 0; i < w->r->n; i++) {
        marks += w->role[i] == ROLE_MARK;
        if (w->role[i] == ROLE_SIGNATURE)
            signs += 1 + str_has(w->r->paras[i].text, S("\t"));
    }
    w->joint_mark = marks > 1;
    w->joint_signature = signs > 1;
}

enum code format_look(struct arena *a, const struct rich *r, struct format_view *out, struct err *e)
{
    struct format_view w = {.a = a, .r = r};
    size_t title, from = 0;
    int g;

    w.role = ARENA_ARRAY(a, enum format_role, r->n + 1);
    w.number = ARENA_ARRAY(a, size_t, r->n + 1);
    w.heads = ARENA_ARRAY(a, size_t, r->n + 1);
    w.lines = ARENA_ARRAY(a, size_t, r->n + 1);
    TRY(read_lines(&w, e));
    w.n_lines = w.n_lines < w.d.n_lines ? w.n_lines : w.d.n_lines;
    title = title_line(&w, &from);
    head(&w, title);
    addressee(&w, &from);
    imprint(&w, from);
    tail(&w, from, own_end(&w, from));
    attachments(&w, from, own_end(&w, from));
    for (size_t i = 0; i < w.d.n_carried; i++)
        carried(&w, &w.d.carried[i], own_end(&w, w.d.carried[i].from));
    body(&w, from);
    numbers(&w);
    joint(&w);
    g = w.d.meta.genre;
    w.upward = w.head && (g == GENRE_REQUEST || g == GENRE_REPORT);
    *out = w;
    return OK;
}
