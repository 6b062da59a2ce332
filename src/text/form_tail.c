#include <string.h>

#include "base/utf8.h"
#include "text/form_int.h"
#include "text/near.h"
#include "text/rule_chars.h"

enum {
    LIST_MAX = 60,
    NAMES_MAX = 200,
    NAME_CP_MAX = 80,
    TITLE_LINES = 3,     /* that the title of an attachment may be broken into */
    CHINESE_DATES = 2012 /* until the standard came into force, dates were written in Chinese */
};
static const double alike_from = 0.6;

static size_t trimmed_end(const struct draft *d, const struct draft_line *l)
{
    size_t end = l->end;

    while (end > l->first && (d->cp[end - 1] == ' ' || d->cp[end - 1] == 0x3000))
        end--;
    return end;
}

bool draft_annex_line(const struct draft *d, const struct draft_line *l, int *number)
{
    size_t i = l->first, end = trimmed_end(d, l), off = 0;

    *number = 0;
    if (!draft_is(d, i, S("附件")) || end - i > 8)
        return false;
    i += 2;
    while (i < end && d->cp[i] == ' ')
        i++;
    if (i < end && lex_number(draft_str(d, i, end), &off, number))
        i = draft_cp(d, d->byte[i] + off);
    if (i < end && (d->cp[i] == 0xFF1A || d->cp[i] == ':'))
        i++;
    return i == end;
}

size_t form_body_end(const struct draft *d)
{
    int number;

    for (size_t l = 0; l < d->n_lines; l++)
        if (d->lines[l].kind == META_ATTACH || draft_annex_line(d, &d->lines[l], &number))
            return l;
    return d->n_lines;
}

/* ---- attachments ---- */
struct named {
    size_t begin, end; /* the name */
    int number;        /* 0: none before it */
};
struct attached {
    struct named v[LIST_MAX];
    size_t n;
    size_t first, last; /* lines of the list */
};

/* 1.名称: the number and its mark left out. */
static struct named name_at(const struct draft *d, size_t i, size_t end)
{
    struct named t = {i, end, 0};
    size_t off = 0, at;
    int v;

    if (!lex_arabic(draft_str(d, i, end), &off, &v) || v > 99)
        return t;
    at = draft_cp(d, d->byte[i] + off);
    if (d->cp[at] != '.' && d->cp[at] != 0xFF0E && d->cp[at] != 0x3001)
        return t;
    at++;
    while (at < end && d->cp[at] == ' ')
        at++;
    return (struct named){at, end, v};
}

/* 附件：1.甲, 2.乙 … before the signature, in the lines [from, to); false: none. */
static bool read_list(const struct draft *d, size_t from, size_t to, struct attached *out)
{
    out->n = 0;
    for (size_t l = from; l < to; l++) {
        const struct draft_line *line = &d->lines[l];
        size_t i = line->first + 2;
        if (!draft_is(d, line->first, S("附件")) || line->kind == META_ROW ||
            (d->cp[i] != 0xFF1A && d->cp[i] != ':'))
            continue;
        for (i++; i < line->end && d->cp[i] == ' ';)
            i++;
        if (i >= line->end)
            continue;
        out->first = out->last = l;
        out->v[out->n++] = name_at(d, i, trimmed_end(d, line));
        if (out->v[0].number == 0)
            return true;
        for (l++; l < to && out->n < LIST_MAX; l++) {
            struct named t = name_at(d, d->lines[l].first, trimmed_end(d, &d->lines[l]));
            if (t.number == 0)
                break;
            out->v[out->n++] = t;
            out->last = l;
        }
        return true;
    }
    return false;
}

/* A mark behind a name of the list: 1, else 0. */
static size_t list_mark(const struct draft *d, const struct named *t)
{
    uint32_t last = t->end > t->begin ? d->cp[t->end - 1] : 0;

    return last == 0x3002 || last == 0xFF1B || last == 0xFF0C || last == ';' || last == ',';
}

static void list_marks(struct checker *c, const struct attached *t)
{
    const struct draft *d = c->d;

    for (size_t k = 0; k < t->n; k++) {
        size_t end = t->v[k].end;
        if (list_mark(d, &t->v[k]))
            check_replace(c, "S20", end - 1, end, S(""), "附件名称之后用了标点");
    }
    if (t->n == 1 && t->v[0].number == 1)
        check_say(c, "S20", d->lines[t->first].first, t->v[0].end, "只有一个附件，名称前不编序号");
}

/* A reference 附件N beyond the list. */
static void references(struct checker *c, const struct attached *t, size_t from)
{
    const struct draft *d = c->d;
    size_t limit = d->lines[t->first].begin;

    for (size_t at = draft_find(d, d->lines[from].begin, limit, S("附件")); at != SIZE_MAX;
         at = draft_find(d, at + 1, limit, S("附件"))) {
        size_t off = 0, i = at + 2, begin = at > 0 && d->cp[at - 1] == 0x89C1 ? at - 1 : at;
        int v;
        if (!lex_arabic(draft_str(d, i, i + 3), &off, &v) || (d->mask[at] & MASK_TITLE) ||
            (size_t)v <= t->n)
            continue;
        check_say(c, "S21", begin, draft_cp(d, d->byte[i] + off),
            "文中提到附件%d，附件说明只列了%zu个", v, t->n);
    }
}

static void say_title(struct checker *c, const struct named *name, size_t begin, size_t end)
{
    struct finding *f = check_say(c, "S21", begin, end, "附件标题与附件说明“%.*s”不一致",
        SF(draft_str(c->d, name->begin, name->end)));

    if (!f)
        return;
    f->other_begin = name->begin;
    f->other_end = name->end;
}

/* Does the title under the attachment's heading say what the list says? Only near misses are told. A title may be
 * broken into lines: a line that is only the beginning is tried with the next one. */
static void compare_title(struct checker *c, const struct named *name, size_t heading)
{
    const struct draft *d = c->d;
    struct buf x, y;
    size_t l = heading + 1, begin, end;

    while (l < d->n_lines && d->lines[l].first == d->lines[l].end)
        l++;
    if (l >= d->n_lines || name->end - name->begin < 4)
        return;
    buf_init(&x, 4096);
    buf_init(&y, 4096);
    cite_key(draft_str(d, name->begin, name->end - list_mark(d, name)), &x);
    begin = d->lines[l].first;
    for (size_t k = l; k < d->n_lines && k - l < TITLE_LINES; k++) {
        struct str list = buf_view(&x), title;
        end = trimmed_end(d, &d->lines[k]);
        if (end - begin > NAME_CP_MAX || d->lines[k].kind == META_ROW)
            break;
        cite_key(draft_str(d, d->lines[k].first, end), &y);
        title = buf_view(&y);
        if (str_has(title, list) ||
            str_ends(list, title)) /* the organ before it is often left out */
            break;
        if (near_dice(c->a, list, title) >= alike_from && !str_has(list, title)) {
            /* nearly all of it: what is added by a further line would not make it the same */
            if (k == l || title.n * 4 >= list.n * 3)
                say_title(c, name, begin, end);
            break;
        }
        if (!str_has(list, title))
            break;
    }
    buf_release(&x);
    buf_release(&y);
}

static void bodies(struct checker *c, const struct attached *t, size_t to)
{
    const struct draft *d = c->d;
    size_t n = 0, last = 0;
    int number, most = 0;

    for (size_t l = t->last + 1; l < to; l++) {
        if (!draft_annex_line(d, &d->lines[l], &number))
            continue;
        n++;
        last = l;
        most = number > most ? number : most;
        if (number >= 1 && (size_t)number <= t->n)
            compare_title(c, &t->v[number - 1], l);
        else if (number == 0 && t->n == 1)
            compare_title(c, &t->v[0], l);
    }
    if (n > 1 && (size_t)most == n && n != t->n)
        check_say(c, "S21", d->lines[last].first, trimmed_end(d, &d->lines[last]),
            "文后有%zu个附件，附件说明列了%zu个", n, t->n);
}

/* 格式见附件2, in a paper that is signed and dated and has no attachment at all. */
static void missing(struct checker *c)
{
    const struct draft *d = c->d;
    const struct meta *m = &d->meta;
    size_t at, off = 0, end;
    struct finding *f;
    int v;

    if (!m->addressee.text.n || !m->signature.text.n || !m->issued.date.day ||
        form_body_end(d) < d->n_lines)
        return;
    at = draft_find(d, 0, d->n, S("见附件"));
    if (at == SIZE_MAX || (d->mask[at] & (MASK_TITLE | MASK_QUOTE)))
        return;
    end = at + 3;
    if (lex_arabic(draft_str(d, end, end + 3), &off, &v))
        end = draft_cp(d, d->byte[end] + off);
    f = check_say(c, "S21", at, end, "文中说“%.*s”，文后没有附件说明", SF(draft_str(d, at, end)));
    if (f)
        f->level = CHECK_WARN; /* it may only have been left out of what was pasted */
}

/* What the document's list names may stand behind the texts that it carries; what one of them lists stands behind that one. */
static size_t bodies_end(const struct draft *d, size_t from)
{
    struct attached other;

    if (from)
        return draft_part_end(d, from);
    for (size_t k = 0; k < d->n_carried; k++)
        if (read_list(d, d->carried[k].from, draft_part_end(d, d->carried[k].from), &other))
            return d->carried[k].from;
    return d->n_lines;
}

void form_attachments(struct checker *c)
{
    const struct draft *d = c->d;
    struct attached t;
    bool any = false;

    if (d->meta.title.text.n == 0)
        return;
    for (size_t from = 0, to; from < d->n_lines; from = to) {
        to = draft_part_end(d, from);
        if (!read_list(d, from, to, &t))
            continue;
        any = true;
        list_marks(c, &t);
        references(c, &t, from);
        bodies(c, &t, bodies_end(d, from));
    }
    if (!any)
        missing(c);
}

/* ---- date and imprint ---- */
void form_dates(struct checker *c)
{
    const struct draft *d = c->d;
    const struct meta *m = &d->meta;
    size_t begin = draft_cp(d, m->issued.at.begin), end = draft_cp(d, m->issued.at.end);

    if (!m->issued.date.day || (!m->addressee.text.n && !m->signature.text.n) ||
        m->issued.sure < 90 || m->issued.date.year <= CHINESE_DATES)
        return;
    for (size_t i = begin; i < end; i++)
        if (d->cp[i] == 0x3007 || d->cp[i] == 0x25CB || d->cp[i] == 0x4E8C) { /* 〇 ○ 二 */
            check_replace(c, "S22", begin, end,
                arena_printf(c->a, "%d年%d月%d日", m->issued.date.year, m->issued.date.month,
                    m->issued.date.day),
                "成文日期没有用阿拉伯数字");
            break;
        }
    if (m->printed.date.day && lex_date_cmp(m->issued.date, m->printed.date) > 0)
        check_say(c, "S22", begin, end, "成文日期在印发日期之后");
}

void form_imprint(struct checker *c)
{
    const struct draft *d = c->d;
    const struct meta *m = &d->meta;

    if (m->cc.text.n) {
        const struct draft_line *l = &d->lines[draft_line_of(d, draft_cp(d, m->cc.at.begin))];
        size_t end = trimmed_end(d, l);
        if (end > l->first && utf8_is_han(d->cp[end - 1]))
            check_replace(c, "S23", end, end, S("。"), "抄送机关之后缺少句号");
    }
    if (c->genre == GENRE_REQUEST && m->addressee.text.n && m->issued.date.day &&
        draft_find(d, 0, d->n, S("联系人")) == SIZE_MAX &&
        draft_find(d, 0, d->n, S("联系电话")) == SIZE_MAX)
        check_say(c, "S25", draft_cp(d, m->issued.at.end), draft_cp(d, m->issued.at.end),
            "请示之后没有附注联系人和电话");
    if (c->genre == GENRE_NOTICE && m->signer.text.n && m->addressee.text.n)
        check_say(c, "S24", draft_cp(d, m->signer.at.begin), draft_cp(d, m->signer.at.end),
            "下行文不标注签发人");
}

/* ---- 出席 and 请假 ---- */
struct person {
    size_t begin, end;
};

/* Names behind 出席： parted by blanks and 、; a name of two characters may have a blank inside (张　三). */
static size_t names_of(const struct draft *d, size_t i, size_t end, struct person *v)
{
    size_t n = 0;

    while (i < end && n < NAMES_MAX) {
        size_t from = i;
        while (i < end && utf8_is_han(d->cp[i]))
            i++;
        if (i - from >= 2 && i - from <= 4)
            v[n++] = (struct person){from, i};
        while (i < end && !utf8_is_han(d->cp[i]))
            i++;
    }
    return n;
}

static size_t list_of(
    const struct draft *d, const struct str *heads, size_t n_heads, struct person *v)
{
    for (size_t l = 0; l < d->n_lines; l++) {
        size_t n = draft_any(d, d->lines[l].first, heads, n_heads);
        if (n)
            return names_of(d, d->lines[l].first + n, d->lines[l].end, v);
    }
    return 0;
}

void form_present(struct checker *c)
{
    static const struct str there[] = {SC("出席："), SC("出席人员："), SC("参加："),
        SC("参会人员："), SC("出席:"), SC("参加人员：")};
    static const struct str away[] = {
        SC("请假："), SC("请假人员："), SC("缺席："), SC("请假:"), SC("缺席人员：")};
    const struct draft *d = c->d;
    struct person *x = arena_array(c->a, sizeof(*x), NAMES_MAX);
    struct person *y = arena_array(c->a, sizeof(*y), NAMES_MAX);
    size_t n = list_of(d, there, COUNT(there), x), m = list_of(d, away, COUNT(away), y);

    for (size_t k = 0; k < m; k++)
        for (size_t i = 0; i < n; i++) {
            struct str name = draft_str(d, y[k].begin, y[k].end);
            struct finding *f;
            if (!str_eq(name, draft_str(d, x[i].begin, x[i].end)))
                continue;
            f = check_say(c, "S40", y[k].begin, y[k].end, "“%.*s”既列在出席又列在请假", SF(name));
            if (f) {
                f->other_begin = x[i].begin;
                f->other_end = x[i].end;
            }
        }
}
