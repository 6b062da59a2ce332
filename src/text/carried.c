#include "text/carried.h"

#include "base/utf8.h"
#include "text/authority.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
    NAMES_MAX = 60,
    TITLE_ROWS = 5,    /* that a title may be broken into */
    TITLE_ROW_CP = 60, /* of one of them */
    TITLE_CP_MIN = 5,
    NAME_CP_MIN = 4,   /* of a name that is told by its end */
    ORGAN_CP_MAX = 40, /* that stands before a name in one place and not in another */
    SIGN_CP_MAX = 60,  /* of a line with the day of the document */
    TEXT_CP_MIN = 20   /* behind a title: less is a line left over from a page of the web */
};

static const struct str verbs[] = {SC("印发"), SC("转发"), SC("批转"), SC("发布"), SC("公布"),
    SC("颁布"), SC("颁发"), SC("下发"), SC("制发")};

struct finder {
    struct arena *a;
    const struct draft *d;
    struct str names[NAMES_MAX]; /* keys of what is carried and was not found yet */
    size_t n_names;
    struct draft_carried *v;
    size_t n, cap;
    bool carrying; /* the title says so, and nothing of it was found yet */
    bool closed;   /* behind the signature or the day */
    bool fresh;    /* nothing but 附注 stands between that and here */
    bool annexes;  /* an attachment has begun */
    size_t last;   /* the last line with something in it */
};

static struct str line_str(const struct finder *f, size_t i)
{
    return str_trim(draft_str(f->d, f->d->lines[i].begin, f->d->lines[i].end));
}

static bool starts_any(struct str s, const struct str *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_starts(s, v[i]))
            return true;
    return false;
}

/* ---- names ---- */

/* Without blanks, 《》〈〉 and （试行） at the end. */
static struct str key_of(struct finder *f, struct str s)
{
    struct str core = genre_title_core(s), key;
    struct buf b;

    buf_init(&b, 0);
    for (size_t at = 0; at < core.n;) {
        uint32_t cp = utf8_next(core, &at);
        if (cp > ' ' && cp != 0xA0 && cp != 0x3000 && cp != '<' && cp != '>' &&
            (cp < 0x3008 || cp > 0x300B))
            buf_utf8(&b, cp);
    }
    key = arena_str(f->a, buf_view(&b));
    buf_release(&b);
    return key;
}

static void add_name(struct finder *f, struct str s)
{
    struct str key = key_of(f, s);

    for (size_t i = 0; i < f->n_names; i++)
        if (str_eq(f->names[i], key))
            return;
    if (utf8_len_cp(key) >= NAME_CP_MIN && f->n_names < NAMES_MAX)
        f->names[f->n_names++] = key;
}

/* What stands between outermost 《 and 》. */
static size_t add_marked(struct finder *f, struct str s)
{
    size_t begin = 0, n = 0;
    int depth = 0;

    for (size_t at = 0; at < s.n;) {
        size_t was = at;
        uint32_t cp = utf8_next(s, &at);
        if (cp == 0x300A && depth++ == 0) {
            begin = at;
        } else if (cp == 0x300B && depth && --depth == 0) {
            add_name(f, str_sub(s, begin, was - begin));
            n++;
        }
    }
    return n;
}

/* The first of the verbs outside 《》: where it ends; SIZE_MAX: there is none. */
static size_t behind_verb(struct str s)
{
    int depth = 0;

    for (size_t at = 0; at < s.n;) {
        size_t was = at;
        uint32_t cp = utf8_next(s, &at);
        depth += cp == 0x300A ? 1 : cp == 0x300B ? -1 : 0;
        for (size_t i = 0; i < COUNT(verbs) && depth <= 0; i++)
            if (str_starts(str_sub(s, was, s.n), verbs[i]))
                return was + verbs[i].n;
    }
    return SIZE_MAX;
}

/* 关于印发《甲》的通知, 转发某某关于乙意见的通知: may it carry something? Adds what it names. */
static bool title_carries(struct finder *f, struct str title)
{
    struct buf b;
    struct str s, rest;
    size_t at, last;

    if (!genre_official(genre_of_title(title, NULL)))
        return false;
    buf_init(&b, title.n + 1); /* 国 家 粮 食 应 急 预 案 的 函 */
    for (size_t i = 0; i < title.n;) {
        uint32_t cp = utf8_next(title, &i);
        if (cp > ' ' && cp != 0xA0 && cp != 0x3000)
            buf_utf8(&b, cp);
    }
    s = arena_str(f->a, buf_view(&b));
    buf_release(&b);
    at = behind_verb(s);
    if (at == SIZE_MAX)
        return false;
    rest = str_sub(s, at, s.n);
    if (add_marked(f, rest) == 0) {
        for (last = 0, at = str_find(rest, S("的"), 0); at != SIZE_MAX;
             at = str_find(rest, S("的"), at + 1))
            last = at;
        add_name(f, str_sub(rest, 0, last));
        add_name(f, rest); /* 转发某某关于丙的通知: of two 通知 only one is written */
    }
    return true;
}

/* 《…》已经…同意，现印发给你们: what the text itself says it carries. */
static void names_of_line(struct finder *f, struct str s)
{
    if (str_has(s, S("现")) && str_has(s, S("《")) && behind_verb(s) != SIZE_MAX)
        add_marked(f, s);
}

/* ---- lines ---- */

bool carried_word(struct str line)
{
    struct str s = str_trim(line);

    (void)(str_eat_end(&s, S("：")) || str_eat_end(&s, S(":")));
    return str_eq(s, S("印发件")) || str_eq(s, S("转发件"));
}

/* 2026年7月13日, 二〇二六年七月十三日, 2026年  月  日 of a draft; alone, or behind the organ in one line. */
static bool is_day(const struct finder *f, size_t i)
{
    static const struct str marks[] = {SC("年"), SC("月"), SC("日"), SC("〇"), SC("○"), SC("零"),
        SC("一"), SC("二"), SC("三"), SC("四"), SC("五"), SC("六"), SC("七"), SC("八"), SC("九"),
        SC("十"), SC("　"), SC("×"), SC("Ｘ"), SC("＊")};
    const struct meta_day *m = &f->d->meta.issued;
    struct str s = line_str(f, i);

    if (m->date.day && utf8_len_cp(s) <= SIGN_CP_MAX && str_ends(s, S("日")) &&
        draft_line_of(f->d, draft_cp(f->d, m->at.begin)) == i)
        return true;
    if (!str_has(s, S("年")) || !str_has(s, S("月")) || utf8_len_cp(s) > SIGN_CP_MAX)
        return false;
    while (s.n) {
        bool known = (s.p[0] >= '0' && s.p[0] <= '9') || s.p[0] == ' ' || s.p[0] == 'X';
        if (known)
            s = str_sub(s, 1, s.n);
        for (size_t k = 0; k < COUNT(marks) && !known; k++)
            known = str_eat(&s, marks[k]);
        if (!known)
            return false;
    }
    return true;
}

static bool bracketed(struct str s)
{
    return (str_starts(s, S("（")) && str_ends(s, S("）"))) ||
           (str_starts(s, S("(")) && str_ends(s, S(")")));
}

/* May the line be one of a title? */
static bool titleish(const struct finder *f, size_t i)
{
    static const struct str marks[] = {SC("。"), SC("；"), SC("："), SC(":"), SC("\t"), SC("[图")};
    static const struct str other[] = {SC("附件"), SC("抄送"), SC("主送"), SC("联系人"),
        SC("主题词"), SC("目录"), SC("目　"), SC("（"), SC("(")};
    const struct draft_line *l = &f->d->lines[i];
    struct str s = line_str(f, i);

    if (!s.n || utf8_len_cp(s) > TITLE_ROW_CP || l->label != LABEL_NONE || l->kind == META_ROW ||
        l->kind == META_NOTE || str_ends(s, S("，")) || str_ends(s, S("印发")) || is_day(f, i))
        return false;
    for (size_t k = 0; k < COUNT(marks); k++)
        if (str_has(s, marks[k]))
            return false;
    return !starts_any(s, other, COUNT(other));
}

static bool imprint(struct str s)
{
    return str_starts(s, S("抄送：")) || str_starts(s, S("抄送:")) ||
           (str_ends(s, S("印发")) && str_has(s, S("月")) && str_has(s, S("日")));
}

/* Text stands behind a title. */
static bool goes_on(const struct finder *f, size_t from)
{
    size_t n = 0;

    for (size_t i = from; i < f->d->n_lines && n < TEXT_CP_MIN; i++) {
        struct str s = line_str(f, i);
        if (imprint(s))
            break;
        n += utf8_len_cp(s);
    }
    return n >= TEXT_CP_MIN;
}

/* ---- where one begins ---- */

/* 云岭集团安全管理办法 is 《安全管理办法》, and the other way round; in front of the signature only 关于… is taken for the end of a name. */
static bool same_end(const struct finder *f, struct str x, struct str y)
{
    size_t n = utf8_len_cp(x), m = utf8_len_cp(y), less = n < m ? n : m;

    return less > NAME_CP_MIN && (n < m ? m - n : n - m) <= ORGAN_CP_MAX &&
           (n < m ? str_ends(y, x) : str_ends(x, y)) &&
           (f->closed || str_starts(n < m ? x : y, S("关于")));
}

/* The lines [i, …) are the name of what is carried: the line behind them; 0: they are not. */
static size_t named(struct finder *f, size_t i, size_t *name)
{
    struct str key = S("");
    size_t rows = 0;

    for (size_t k = i; k < f->d->n_lines && rows < TITLE_ROWS; k++) {
        if (!line_str(f, k).n)
            continue;
        if (!titleish(f, k))
            return 0;
        key = arena_cat(f->a, key, key_of(f, line_str(f, k)));
        rows++;
        for (size_t n = 0; n < f->n_names; n++)
            if (str_eq(key, f->names[n]) || same_end(f, key, f->names[n])) {
                *name = n;
                return k + 1;
            }
    }
    return 0;
}

/* Lines that look like a title: to the one that names a genre, else the first. */
static size_t titled(struct finder *f, size_t i)
{
    struct str title = S("");
    size_t rows = 0;

    if (utf8_len_cp(line_str(f, i)) < TITLE_CP_MIN || authority_is_organ(line_str(f, i)))
        return 0;
    for (size_t k = i; k < f->d->n_lines && rows < TITLE_ROWS && titleish(f, k); k++, rows++) {
        title = arena_cat(f->a, title, line_str(f, k));
        if (genre_of_title(title, NULL) != GENRE_NONE)
            return k + 1;
    }
    return titleish(f, i) ? i + 1 : 0;
}

static void put(struct finder *f, size_t from, size_t title, size_t body)
{
    struct str s = S("");

    ARENA_PUSH(f->a, f->v, f->n, f->cap) = (struct draft_carried){from, title, body};
    for (size_t i = title; i < body; i++)
        s = arena_cat(f->a, s, line_str(f, i));
    f->closed = f->fresh = f->annexes = false;
    f->carrying =
        title_carries(f, s); /* a notice that is forwarded, and carries something itself */
    f->last = body - 1;
}

/* 印发件 alone in line i, the title below it. */
static size_t said(struct finder *f, size_t i)
{
    size_t k = i + 1, end, name;

    while (k < f->d->n_lines && !line_str(f, k).n)
        k++;
    if (k >= f->d->n_lines)
        return 0;
    end = named(f, k, &name);
    if (!end)
        end = titled(f, k);
    put(f, i, k, end ? end : k + 1);
    return f->v[f->n - 1].body;
}

/* Does one begin at line i? The line behind its title; 0: no. */
static size_t begins(struct finder *f, size_t i)
{
    bool above = i && str_ends(line_str(f, f->last), S("。"));
    size_t name = 0, end = f->closed || above || f->n ? named(f, i, &name) : 0;
    int number;

    if (end && f->annexes && draft_annex_line(f->d, &f->d->lines[f->last], &number))
        return 0; /* the title of an attachment */
    if (end) {
        f->names[name] = f->names[--f->n_names];
    } else if (f->carrying && f->fresh && !f->annexes) {
        end = titled(f, i);
    }
    if (!end || !goes_on(f, end))
        return 0;
    put(f, i, i, end);
    return end;
}

/* Keeps account of what stands in the line; false: nothing is looked for behind it. */
static bool pass(struct finder *f, size_t i)
{
    struct str s = line_str(f, i);
    int number;

    if (f->d->lines[i].kind == META_ATTACH || draft_annex_line(f->d, &f->d->lines[i], &number)) {
        if (!f->n)
            return false;
        f->annexes = true;
    } else if (is_day(f, i) ||
               (!f->closed && authority_is_organ(s) &&
                   str_ends(line_str(f, f->last), S("。")))) { /* a draft without a day */
        f->closed = f->fresh = true;
    } else if (!bracketed(s) && !authority_is_organ(s)) {
        f->fresh = false;
        if (!f->closed)
            names_of_line(f, s);
    }
    f->last = i;
    return !imprint(s);
}

size_t carried_find(struct arena *a, const struct draft *d, struct draft_carried **out)
{
    const struct meta_value *t = &d->meta.title;
    struct finder f = {.a = a, .d = d};
    size_t i = 0;

    if (d->meta.genre != GENRE_NEWS && t->text.n) {
        f.carrying = title_carries(&f, t->text);
        if (f.carrying)
            i = draft_line_of(d, draft_cp(d, t->at.end - 1)) + 1;
    }
    f.last = i ? i - 1 : 0;
    while (i < d->n_lines && f.n < DRAFT_CARRIED_MAX) {
        size_t end = 0;
        if (!line_str(&f, i).n) {
            i++;
            continue;
        }
        if (carried_word(line_str(&f, i)))
            end = said(&f, i);
        else if (f.n_names || f.carrying)
            end = begins(&f, i);
        if (!end && !pass(&f, i))
            break;
        i = end ? end : i + 1;
    }
    *out = f.v;
    return f.n;
}
