#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/form_int.h"
#include "text/rule_chars.h"

enum {
    SHORT_MAX = 200,
    SHORT_CP = 20,
    FULL_CP = 40,
    TITLE_CP = 80,
    BODY_CP_MAX = 5000,
    EARLIER_CP = 3
};

struct short_name {
    size_t at;         /* of 以下简称 */
    size_t begin, end; /* the short name, without its marks */
    size_t full_begin, full_end;
    size_t behind; /* behind the closing bracket */
};

static bool opens(uint32_t c)
{
    return c == 0x201C || c == 0x300A || c == '"' || c == 0x2018;
}

static bool closes(uint32_t c)
{
    return c == 0x201D || c == 0x300B || c == '"' || c == 0x2019 || c == 0xFF09 || c == ')';
}

/* The name in front of the bracket: a title in 《》, a quoted one, or the run of characters; then only its tail that holds
 * the short name's characters in order is believed. */
static void full_name(const struct draft *d, struct short_name *t)
{
    size_t open = t->at, i, k;

    while (open > 0 && t->at - open < 4 && d->cp[open] != 0xFF08 && d->cp[open] != '(')
        open--;
    if (open == 0 || (d->cp[open] != 0xFF08 && d->cp[open] != '('))
        return;
    if (d->cp[open - 1] == 0x300B) { /* 》 */
        for (i = open - 1; i > 0 && open - i < TITLE_CP && d->cp[i - 1] != 0x300A;)
            i--;
        if (i > 0 && d->cp[i - 1] == 0x300A) {
            t->full_begin = i;
            t->full_end = open - 1;
        }
        return;
    }
    k = t->end;
    for (i = open; i > 0 && open - i < FULL_CP && utf8_is_han(d->cp[i - 1]); i--)
        if (k > t->begin && d->cp[i - 1] == d->cp[k - 1] && --k == t->begin) {
            t->full_begin = i - 1;
            t->full_end = open;
            return;
        }
}

static size_t read_shorts(const struct draft *d, struct short_name *v)
{
    static const struct str heads[] = {SC("以下简称"), SC("以下统称"), SC("下称"), SC("以下合称")};
    size_t n = 0;

    for (size_t i = 0; i < d->n && n < SHORT_MAX; i++) {
        size_t k =
            d->cp[i] == 0x4EE5 || d->cp[i] == 0x4E0B ? draft_any(d, i, heads, COUNT(heads)) : 0;
        struct short_name t = {.at = i};
        if (k == 0)
            continue;
        t.begin = i + k;
        while (d->cp[t.begin] == 0xFF1A || d->cp[t.begin] == 0x4E3A || d->cp[t.begin] == ' ')
            t.begin++; /* ： 为 */
        if (opens(d->cp[t.begin]))
            t.begin++;
        t.end = t.begin;
        while (t.end < d->n && t.end - t.begin <= SHORT_CP && d->cp[t.end] != '\n' &&
               !closes(d->cp[t.end]) && d->cp[t.end] != 0x3002 && d->cp[t.end] != 0xFF0C &&
               d->cp[t.end] != 0x3001)
            t.end++;
        if (draft_find(d, t.begin, t.end, S("“")) != SIZE_MAX ||
            draft_find(d, t.begin, t.end, S("《")) != SIZE_MAX)
            continue;
        if (t.end == t.begin || t.end - t.begin > SHORT_CP || !closes(d->cp[t.end]))
            continue;
        t.behind = t.end;
        while (closes(d->cp[t.behind]))
            t.behind++;
        full_name(d, &t);
        v[n++] = t;
        i = t.end;
    }
    return n;
}

/* Is the place inside the full name of one of them, or in a longer word around the short name? */
static bool in_full(const struct draft *d, const struct short_name *t, size_t at)
{
    struct str full = draft_str(d, t->full_begin, t->full_end);
    size_t off = str_find(full, draft_str(d, t->begin, t->end), 0), ahead;

    if (full.n == 0 || off == SIZE_MAX)
        return false;
    ahead = utf8_len_cp(str_sub(full, 0, off));
    return at >= ahead && draft_is(d, at - ahead, full);
}

static void twice(struct checker *c, const struct short_name *v, size_t n)
{
    const struct draft *d = c->d;

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++) {
            struct str x = draft_str(d, v[i].begin, v[i].end);
            struct finding *f;
            if (!str_eq(x, draft_str(d, v[k].begin, v[k].end)))
                continue;
            f = check_say(c, "S32", v[i].begin, v[i].end, "简称“%.*s”前面已经定义", SF(x));
            if (f) {
                f->other_begin = v[k].begin;
                f->other_end = v[k].end;
            }
            break;
        }
}

/* Used before it is defined: in quotation marks, where it can be nothing else. */
static void before(struct checker *c, const struct short_name *t)
{
    const struct draft *d = c->d;
    struct str name = draft_str(d, t->begin, t->end);

    for (size_t at = draft_find(d, 0, t->at, name); at != SIZE_MAX;
         at = draft_find(d, at + 1, t->at, name)) {
        size_t end = at + (t->end - t->begin);
        if (t->end - t->begin < EARLIER_CP || in_full(d, t, at) || !t->full_end || at == 0 ||
            !opens(d->cp[at - 1]) || !closes(d->cp[end]))
            continue;
        check_say(c, "S32", at, end, "简称“%.*s”在定义之前使用", SF(name));
        return;
    }
}

static void after(struct checker *c, const struct short_name *t)
{
    const struct draft *d = c->d;
    struct str name = draft_str(d, t->begin, t->end);
    struct str full = draft_str(d, t->full_begin, t->full_end);
    size_t at = draft_find(d, t->behind, d->n, name), n_full = t->full_end - t->full_begin;

    if (at == SIZE_MAX) {
        check_say(c, "S45", t->begin, t->end, "简称“%.*s”定义后没有使用", SF(name));
        return;
    }
    if (n_full < t->end - t->begin + 4)
        return;
    at = draft_find(d, t->behind, d->n, full);
    /* at the beginning of a line it is a title or a place for a seal */
    if (at != SIZE_MAX && !draft_is(d, at + n_full, S("（")) &&
        !draft_is(d, at + n_full, S("》（")) && d->lines[draft_line_of(d, at)].first != at &&
        (at == 0 || d->cp[at - 1] == 0x300A || !(d->mask[at] & MASK_TITLE)))
        check_replace(
            c, "S46", at, at + n_full, name, "前面已定义简称“%.*s”，这里又用了全称", SF(name));
}

void form_short(struct checker *c)
{
    struct short_name *v = arena_array(c->a, sizeof(*v), SHORT_MAX);
    size_t n = read_shorts(c->d, v);

    twice(c, v, n);
    for (size_t i = 0; i < n; i++) {
        before(c, &v[i]);
        after(c, &v[i]);
    }
}

/* ---- vague words ---- */
void form_vague(struct checker *c)
{
    static const struct str times[] = {SC("今天"), SC("昨天"), SC("明天"), SC("前天"), SC("近日"),
        SC("日前"), SC("本周"), SC("上周"), SC("下周"), SC("前不久"), SC("不久前")};
    static const struct str not_times[] = {SC("目前"), SC("今天下"), SC("明天下")};
    static const struct str limits[] = {SC("尽快报"), SC("尽快反馈"), SC("尽快上报"),
        SC("尽早报送"), SC("及早报送"), SC("月底前报"), SC("月底前上报"), SC("月底前反馈"),
        SC("近期报"), SC("年底前报"), SC("尽快完成")};
    const struct draft *d = c->d;
    size_t last = form_body_end(d), end = last < d->n_lines ? d->lines[last].begin : d->n;
    size_t title = draft_cp(d, d->meta.title.at.end);

    if (!genre_official(c->genre) || d->meta.addressee.text.n == 0)
        return;
    for (size_t i = title; i < end; i++) {
        size_t n;
        if (d->mask[i] & (MASK_QUOTE | MASK_TITLE))
            continue;
        n = draft_any(d, i, times, COUNT(times));
        if (n && !draft_any(d, i, not_times, COUNT(not_times)) &&
            !(d->cp[i + 1] == 0x524D && i > 0 && /* 31日前, 扶贫日前 */
                (utf8_is_han(d->cp[i - 1]) || lex_digit(d->cp[i - 1]) >= 0)))
            check_say(c, "S30", i, i + n, "公文中用了相对时间“%.*s”", SF(draft_str(d, i, i + n)));
        n = draft_any(d, i, limits, COUNT(limits));
        if (n && (i == 0 || lex_digit(d->cp[i - 1]) < 0))
            check_say(c, "S31", i, i + n, "时限不明确：“%.*s”", SF(draft_str(d, i, i + n)));
    }
    if (end - title > BODY_CP_MAX)
        check_say(c, "S29", draft_cp(d, d->meta.title.at.begin), title,
            "正文约%zu字，综合性文件一般不超过%d字", end - title, BODY_CP_MAX);
}
