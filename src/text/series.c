#include "text/series.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { BASE_CP_MIN = 2, BUCKET_MAX = 400 };
static const double unlike_below =
    0.10; /* equal names, but the texts have next to nothing in common */
static const double alike_from = 0.35; /* equal names in two folders */
static const double same_from = 0.70;  /* different names in one folder */

/* ---- marks in names ---- */

static const struct {
    struct str word;
    enum series_stage stage;
} stages[] = {{SC("征求意见稿"), STAGE_COMMENT}, {SC("意见征求稿"), STAGE_COMMENT},
    {SC("征求意见版"), STAGE_COMMENT}, {SC("讨论稿"), STAGE_DISCUSS}, {SC("讨论版"), STAGE_DISCUSS},
    {SC("送审稿"), STAGE_SUBMITTED}, {SC("报批稿"), STAGE_SUBMITTED},
    {SC("报审稿"), STAGE_SUBMITTED}, {SC("上会稿"), STAGE_SUBMITTED},
    {SC("会签稿"), STAGE_SUBMITTED}, {SC("送签稿"), STAGE_SUBMITTED},
    {SC("汇报稿"), STAGE_SUBMITTED}, {SC("最终版"), STAGE_FINAL}, {SC("最终稿"), STAGE_FINAL},
    {SC("最终定稿"), STAGE_FINAL}, {SC("最终"), STAGE_FINAL}, {SC("终稿"), STAGE_FINAL},
    {SC("终版"), STAGE_FINAL}, {SC("定稿"), STAGE_FINAL}, {SC("定版"), STAGE_FINAL},
    {SC("final"), STAGE_FINAL}, {SC("Final"), STAGE_FINAL}, {SC("FINAL"), STAGE_FINAL},
    {SC("清稿"), STAGE_FINAL}, {SC("正式稿"), STAGE_ISSUED}, {SC("正式版"), STAGE_ISSUED},
    {SC("印发稿"), STAGE_ISSUED}, {SC("印发版"), STAGE_ISSUED}, {SC("签发稿"), STAGE_ISSUED},
    {SC("发文稿"), STAGE_ISSUED}, {SC("盖章版"), STAGE_ISSUED}, {SC("盖章"), STAGE_ISSUED},
    {SC("扫描件"), STAGE_ISSUED}, {SC("扫描版"), STAGE_ISSUED}, {SC("打印版"), STAGE_ISSUED},
    {SC("打印稿"), STAGE_ISSUED}, {SC("排版"), STAGE_ISSUED}, {SC("修改稿"), STAGE_REVISED},
    {SC("修订稿"), STAGE_REVISED}, {SC("修改版"), STAGE_REVISED}, {SC("修改后"), STAGE_REVISED},
    {SC("修改"), STAGE_REVISED}, {SC("改稿"), STAGE_REVISED}, {SC("改后"), STAGE_REVISED},
    {SC("已改"), STAGE_REVISED}, {SC("再改"), STAGE_REVISED}, {SC("又改"), STAGE_REVISED},
    {SC("花脸稿"), STAGE_REVISED}, {SC("花脸"), STAGE_REVISED}, {SC("核稿"), STAGE_REVISED},
    {SC("校对稿"), STAGE_REVISED}, {SC("校对"), STAGE_REVISED}, {SC("初稿"), STAGE_DRAFT},
    {SC("草稿"), STAGE_DRAFT}, {SC("草案"), STAGE_DRAFT}, {SC("拟稿"), STAGE_DRAFT},
    {SC("原稿"), STAGE_DRAFT}, {SC("提纲"), STAGE_OUTLINE}, {SC("新版"), STAGE_REVISED},
    {SC("不改了"), STAGE_FINAL}, {SC("打死不改"), STAGE_FINAL}, {SC("最新版"), STAGE_REVISED},
    {SC("最新"), STAGE_REVISED}, {SC("改"), STAGE_REVISED}};

static const struct str copies[] = {
    SC("副本"), SC("备份"), SC("复件"), SC("拷贝"), SC("copy"), SC("Copy")};
static const struct str joints[] = {SC(" "), SC("　"), SC("_"), SC("-"), SC("—"), SC("－"), SC("."),
    SC("·"), SC("+"), SC("，"), SC(","), SC("~"), SC("、")};

static struct str without_extension(struct str s)
{
    struct str head, tail;

    if (!str_cut_last(s, S("."), &head, &tail) || head.n == 0 || tail.n == 0 || tail.n > 5)
        return s;
    for (size_t i = 0; i < tail.n; i++) {
        char c = tail.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(i > 0 && c >= '0' && c <= '9'))
            return s;
    }
    return head;
}

static bool drop_joints(struct str *s)
{
    size_t before = s->n;

    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < COUNT(joints); i++)
            more |= str_eat_end(s, joints[i]);
    }
    return s->n < before;
}

/* The digits (either width) that end *s: their value and how many; *s loses them. 0 for none. */
static int digits_at_end(struct str *s, int *value)
{
    struct str t = *s;
    int n = 0, factor = 1;

    *value = 0;
    while (t.n) {
        size_t start;
        int d = lex_digit(lex_prev(t, t.n, &start));
        if (d < 0 || n == 9)
            break;
        *value += d * factor;
        factor *= n < 8 ? 10 : 1;
        t.n = start;
        n++;
    }
    if (n)
        *s = t;
    return n;
}

static bool is_day(int month, int day)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* 20190312, 190312, 0312 at the end. */
static bool drop_packed_date(struct str *s, struct series_name *out)
{
    struct str t = *s;
    int v, n = digits_at_end(&t, &v);
    int year = v / 10000, month = v / 100 % 100, day = v % 100;

    if (n == 6)
        year += 2000;
    if ((n != 8 && n != 6 && n != 4) || !is_day(month, day))
        return false;
    if (n != 4 && (year < 1990 || year > 2099))
        return false;
    if (n == 4 && (t.n == 0 || str_ends(t, S("."))))
        return false;
    if (out->date.month == 0)
        out->date = (struct lex_date){n == 4 ? 0 : year, month, day};
    *s = t;
    return true;
}

/* V2.1, 1.2.3: a number that goes on to the left. */
static bool after_letter(struct str s, size_t at)
{
    size_t start;
    uint32_t cp = lex_prev(s, at, &start);

    return cp == '.' || (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z');
}

/* 3.12, 3月12日 from `at` to the end of s. */
static bool month_and_day(struct str s, size_t at, struct lex_date *d)
{
    size_t p = at;

    if (!lex_arabic(s, &p, &d->month))
        return false;
    if (str_starts(str_sub(s, p, s.n), S("月")))
        p += S("月").n;
    else if (str_starts(str_sub(s, p, s.n), S(".")) && !after_letter(s, at))
        p += 1;
    else
        return false;
    if (!lex_arabic(s, &p, &d->day) || !is_day(d->month, d->day))
        return false;
    if (str_starts(str_sub(s, p, s.n), S("日")))
        p += S("日").n;
    return p == s.n;
}

/* 2019-3-12, 2019年3月12日, 3.12, 3月12日 at the end: tried from every place a date could begin. */
static bool drop_written_date(struct str *s, struct series_name *out)
{
    size_t start = s->n, low = s->n > 40 ? s->n - 40 : 0, unused;

    for (size_t at = s->n; at > low && lex_prev(*s, at, &start); at = start) {
        struct lex_date d = {0};
        size_t end = start;
        bool whole;
        if (lex_digit(lex_peek(*s, start)) < 0 || lex_digit(lex_prev(*s, start, &unused)) >= 0)
            continue;
        whole = lex_date(*s, &end, true, &d) && d.day && end == s->n;
        if (!whole) {
            d = (struct lex_date){0};
            if (!month_and_day(*s, start, &d))
                continue;
        }
        if (out->date.month == 0)
            out->date = d;
        s->n = start;
        return true;
    }
    return false;
}

/* The number, in digits or Chinese, that ends s: its beginning, or s.n. */
static size_t number_at_end(struct str s, int *value)
{
    size_t at = s.n, from, p;

    for (int i = 0; i < 3 && at > 0; i++) {
        int v;
        lex_prev(s, at, &from);
        p = from;
        if (!lex_number(s, &p, &v) || p != s.n)
            break;
        *value = v;
        at = from;
    }
    return at;
}

/* 第3版, 第三稿, 三稿 at the end. */
static bool drop_ordinal(struct str *s, struct series_name *out)
{
    struct str t = *s;
    size_t at;
    int v = 0;

    if (!str_eat_end(&t, S("稿")) && !str_eat_end(&t, S("版")))
        return false;
    at = number_at_end(t, &v);
    if (at == t.n || v < 1 || v > 99)
        return false;
    t.n = at;
    str_eat_end(&t, S("第"));
    if (out->version == 0)
        out->version = v;
    if (out->stage == STAGE_UNKNOWN)
        out->stage = STAGE_REVISED;
    *s = t;
    return true;
}

/* v3, V3.1, 版本3 at the end. */
static bool drop_version(struct str *s, struct series_name *out)
{
    static const struct str heads[] = {
        SC("v"), SC("V"), SC("ver"), SC("Ver"), SC("版本"), SC("ｖ"), SC("Ｖ")};
    struct str t = *s;
    int v;

    if (drop_ordinal(s, out))
        return true;
    if (!digits_at_end(&t, &v) || (str_eat_end(&t, S(".")) && !digits_at_end(&t, &v)))
        return false;
    for (size_t i = 0; i < COUNT(heads); i++)
        if (v < 1000 && str_eat_end(&t, heads[i])) {
            str_eat_end(&t, S("."));
            if (out->version == 0)
                out->version = v;
            *s = t;
            return true;
        }
    return false;
}

/* A number behind a word for a stage, or alone behind the title; not 附件2, 第3, 表1. */
static bool drop_number(struct str *s, struct series_name *out)
{
    static const struct str not_versions[] = {SC("附件"), SC("附表"), SC("表"), SC("图"), SC("第"),
        SC("期"), SC("卷"), SC("册"), SC("号"), SC("批"), SC("部分"), SC("组"), SC("班"),
        SC("样式"), SC("年"), SC("月"), SC("-"), SC("."), SC("附录"), SC("之")};
    struct str t = *s;
    size_t start;
    int v, n = digits_at_end(&t, &v);

    if (n == 0 || n > 2 || v == 0 || t.n == 0)
        return false;
    for (size_t i = 0; i < COUNT(not_versions); i++)
        if (str_ends(str_trim(t), not_versions[i]))
            return false;
    if (!utf8_is_han(lex_prev(str_trim(t), str_trim(t).n, &start)) &&
        !str_ends(str_trim(t), S("）")) && !str_ends(str_trim(t), S(")")) &&
        !str_ends(str_trim(t), S("》")))
        return false;
    out->version = out->version ? out->version : v;
    *s = t;
    return true;
}

static bool drop_word(struct str *s, struct series_name *out)
{
    for (size_t i = 0; i < COUNT(copies); i++)
        if (str_eat_end(s, copies[i])) {
            out->copy = out->copy ? out->copy : 1;
            return true;
        }
    for (size_t i = 0; i < COUNT(stages); i++) {
        struct str t = *s;
        if (!str_eat_end(&t, stages[i].word))
            continue;
        if (stages[i].word.n <= S("改").n && !str_ends(t, S(")")) && !str_ends(t, S("）")) &&
            !drop_joints(&t)) /* 整改, 技改: a word of the title */
            continue;
        if (stages[i].word.n == S("修改").n && str_ends(*s, S("的修改")))
            continue;
        if (out->stage < stages[i].stage)
            out->stage = stages[i].stage;
        *s = t;
        return true;
    }
    return false;
}

static bool drop_plain(struct str *s, struct series_name *out);

/* （终稿）, (1), （张三改）, [20190312] at the end: what stands inside must be marks and nothing else. */
static bool drop_bracket(struct str *s, struct series_name *out)
{
    static const struct {
        struct str open, close;
    } pairs[] = {
        {SC("（"), SC("）")}, {SC("("), SC(")")}, {SC("【"), SC("】")}, {SC("["), SC("]")}};

    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct str t = *s, head, in;
        struct series_name seen = *out;
        int v;
        if (!str_eat_end(&t, pairs[i].close) || !str_cut_last(t, pairs[i].open, &head, &in) ||
            head.n == 0 || utf8_len_cp(in) > 12)
            continue;
        t = in;
        if (digits_at_end(&t, &v) <= 2 && t.n == 0 && in.n) {
            out->copy = out->copy ? out->copy : v;
            *s = head;
            return true;
        }
        t = in;
        while (t.n && drop_plain(&t, &seen))
            ;
        if (t.n == 0 || (utf8_len_cp(in) <= 6 && (str_ends(in, S("改")) || str_ends(in, S("审")) ||
                                                     str_ends(in, S("校"))))) {
            if (t.n && seen.stage < STAGE_REVISED)
                seen.stage = STAGE_REVISED;
            *out = seen;
            *s = head;
            return true;
        }
    }
    return false;
}

/* One mark without brackets off the end of *s. */
static bool drop_plain(struct str *s, struct series_name *out)
{
    struct str t = *s;

    drop_joints(&t);
    if (!drop_written_date(&t, out) && !drop_packed_date(&t, out) && !drop_version(&t, out) &&
        !drop_word(&t, out) && !drop_number(&t, out))
        return false;
    *s = t;
    return true;
}

static bool drop_mark(struct str *s, struct series_name *out)
{
    struct str t = *s;

    drop_joints(&t);
    if (!drop_bracket(&t, out) && !drop_plain(&t, out))
        return false;
    *s = t;
    return true;
}

/* 20190312 or 2019.3.12 or 复件 at the front. */
static void drop_front(struct str *s, struct series_name *out)
{
    static const struct str words[] = {SC("复件"), SC("副本"), SC("Copy of "), SC("复制")};
    struct lex_date d;
    size_t at = 0;
    int v;

    for (size_t i = 0; i < COUNT(words); i++)
        if (s->n > words[i].n && str_eat(s, words[i])) {
            out->copy = out->copy ? out->copy : 1;
            out->marked = true;
        }
    *s = str_trim(*s);
    if (lex_date(*s, &at, true, &d) && d.day && at < s->n) {
        out->date = out->date.month ? out->date : d;
    } else {
        struct str head;
        at = 0;
        if (!lex_arabic(*s, &at, &v) || at != 8 || at >= s->n)
            return;
        head = str_sub(*s, 0, at);
        if (!drop_packed_date(&head, out))
            return;
    }
    *s = str_sub(*s, at, s->n);
    out->marked = true;
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < COUNT(joints); i++)
            more |= str_eat(s, joints[i]);
    }
}

static struct str key_of(struct arena *a, struct str s)
{
    struct buf b;
    struct str key;

    buf_init(&b, 0);
    for (size_t at = 0; at < s.n;) {
        uint32_t cp = utf8_next(s, &at);
        if (cp >= 0xFF01 && cp <= 0xFF5E)
            cp -= 0xFEE0;
        if (cp >= 'A' && cp <= 'Z')
            cp += 32;
        if (utf8_is_han(cp) || (cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9') || cp > 0xFFFF)
            buf_utf8(&b, cp);
    }
    key = arena_str(a, buf_view(&b));
    buf_release(&b);
    return key;
}

void series_name(struct arena *a, struct str path, struct series_name *out)
{
    struct series_name v = {.folder = {path.p, 0}};
    struct str head, tail, s = path;
    size_t whole;

    if (str_cut_last(path, S("/"), &head, &tail)) {
        v.folder = head;
        s = tail;
    }
    s = str_trim(without_extension(s));
    whole = s.n;
    for (int i = 0; i < 12; i++) {
        struct str t = s;
        struct series_name seen = v;
        if (!drop_mark(&t, &seen) || utf8_len_cp(str_trim(t)) < BASE_CP_MIN)
            break;
        s = t;
        v = seen;
    }
    if (s.n < whole) {
        v.marked = true;
        drop_joints(&s);
    }
    drop_front(&s, &v);
    v.base = str_trim(s);
    v.key = key_of(a, v.base);
    *out = v;
}

/* ---- order ---- */

static int stage_rank(const struct series_name *x)
{
    return x->stage == STAGE_UNKNOWN ? STAGE_REVISED : (int)x->stage;
}

/* No date, a day without its year, a whole date: never "equal because one is unknown", which would make an order
 * that depends on how the files came in. */
static int dates(struct lex_date x, struct lex_date y)
{
    if ((x.month == 0) != (y.month == 0))
        return x.month == 0 ? -1 : 1;
    return lex_date_cmp(x, y);
}

int series_cmp(const struct series_name *x, const struct series_name *y)
{
    int d = stage_rank(x) - stage_rank(y);

    if (d == 0)
        d = dates(x->date, y->date);
    if (d == 0)
        d = x->version - y->version;
    if (d == 0)
        d = x->copy - y->copy;
    if (d == 0)
        d = (int)x->marked - (int)y->marked;
    if (d == 0)
        d = str_cmp(x->folder, y->folder);
    return d ? d : str_cmp(x->base, y->base);
}

/* ---- groups ---- */

struct member {
    struct series_name name;
    size_t file, root; /* union-find over members */
    unsigned why;
};

struct grouping {
    struct arena *a;
    const struct series_file *files;
    struct member *v;
    size_t n;
};

static size_t find_root(struct grouping *g, size_t i)
{
    while (g->v[i].root != i) {
        g->v[i].root = g->v[g->v[i].root].root;
        i = g->v[i].root;
    }
    return i;
}

static void link_two(struct grouping *g, size_t i, size_t k, unsigned why)
{
    size_t x = find_root(g, i), y = find_root(g, k);

    if (x > y) {
        size_t t = x;
        x = y;
        y = t;
    }
    if (x != y)
        g->v[y].root = x;
    g->v[i].why |= why;
    g->v[k].why |= why;
}

static double likeness(const struct grouping *g, size_t i, size_t k)
{
    const struct near_sign *x = g->files[g->v[i].file].sign, *y = g->files[g->v[k].file].sign;

    if (!x || !y || x->chars < NEAR_CP_MIN || y->chars < NEAR_CP_MIN)
        return -1;
    return near_estimate(x, y);
}

/* Two files of one key. */
static void try_names(struct grouping *g, size_t i, size_t k)
{
    double like = likeness(g, i, k);
    bool one_folder = str_eq(g->v[i].name.folder, g->v[k].name.folder);

    if (one_folder && (like < 0 || like >= unlike_below))
        link_two(g, i, k, SERIES_NAMES | (like >= alike_from ? SERIES_TEXTS : 0u));
    else if (!one_folder && like >= alike_from)
        link_two(g, i, k, SERIES_NAMES | SERIES_TEXTS | SERIES_FOLDERS);
}

static int by_key(const void *p, const void *q)
{
    const struct member *x = p, *y = q;
    int d = str_cmp(x->name.key, y->name.key);

    if (d == 0)
        d = str_cmp(x->name.folder, y->name.folder);
    return d ? d : (x->file > y->file) - (x->file < y->file);
}

static void link_names(struct grouping *g)
{
    for (size_t i = 0; i < g->n; i++)
        for (size_t k = i + 1; k < g->n && k <= i + BUCKET_MAX; k++) {
            if (!str_eq(g->v[i].name.key, g->v[k].name.key))
                break;
            if (utf8_len_cp(g->v[i].name.key) >= BASE_CP_MIN)
                try_names(g, i, k);
        }
}

struct band {
    uint64_t folder;
    int64_t key;
    size_t member;
};

static int by_band(const void *p, const void *q)
{
    const struct band *x = p, *y = q;

    if (x->folder != y->folder)
        return x->folder < y->folder ? -1 : 1;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->member > y->member) - (x->member < y->member);
}

/* Renamed versions: one folder, texts nearly the same. */
static void link_texts(struct grouping *g)
{
    struct band *v = NULL;
    size_t n = 0, cap = 0;

    for (size_t i = 0; i < g->n; i++) {
        const struct near_sign *s = g->files[g->v[i].file].sign;
        int64_t keys[NEAR_KEYS];
        size_t n_keys = s ? near_keys(s, keys) : 0;
        for (size_t k = 0; k < n_keys; k++)
            ARENA_PUSH(g->a, v, n, cap) = (struct band){str_hash(g->v[i].name.folder), keys[k], i};
    }
    if (n == 0)
        return;
    qsort(v, n, sizeof(*v), by_band);
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1;
             k < n && k <= i + BUCKET_MAX && v[k].folder == v[i].folder && v[k].key == v[i].key;
             k++) {
            size_t x = v[i].member, y = v[k].member;
            if (find_root(g, x) != find_root(g, y) && likeness(g, x, y) >= same_from)
                link_two(g, x, y, SERIES_TEXTS);
        }
}

struct ordered {
    struct series_name *name;
    size_t root, file;
};

static int by_root(const void *p, const void *q)
{
    const struct ordered *x = p, *y = q;

    return (x->root > y->root) - (x->root < y->root);
}

static int by_order(const void *p, const void *q)
{
    const struct ordered *x = p, *y = q;
    int d = series_cmp(x->name, y->name);

    return d ? d : (x->file > y->file) - (x->file < y->file);
}

/* 0312 beside 20190310: where the dates of a group name one year, it is the year of all. `v` is a group. */
static void share_year(struct ordered *v, size_t n)
{
    int year = 0;

    for (size_t i = 0; i < n; i++) {
        int own = v[i].name->date.year;
        if (own && year && own != year)
            return;
        year = own ? own : year;
    }
    for (size_t i = 0; i < n; i++)
        if (v[i].name->date.month)
            v[i].name->date.year = year;
}

static size_t put_groups(struct grouping *g, struct series_group **out)
{
    struct ordered *v = ARENA_ARRAY(g->a, struct ordered, g->n + 1);
    unsigned *why = ARENA_ARRAY(g->a, unsigned, g->n + 1);
    struct series_group *groups = NULL;
    size_t n = 0, cap = 0;

    for (size_t i = 0; i < g->n; i++) {
        size_t root = find_root(g, i);
        v[i] = (struct ordered){&g->v[i].name, root, g->v[i].file};
        why[root] |= g->v[i].why;
    }
    if (g->n)
        qsort(v, g->n, sizeof(*v), by_root);
    for (size_t i = 0; i < g->n;) {
        struct series_group group = {.why = why[v[i].root]};
        size_t end = i;
        while (end < g->n && v[end].root == v[i].root)
            end++;
        group.n = end - i;
        if (group.n >= 2) {
            share_year(v + i, group.n);
            qsort(v + i, group.n, sizeof(*v), by_order);
            group.files = ARENA_ARRAY(g->a, size_t, group.n);
            for (size_t k = 0; k < group.n; k++)
                group.files[k] = v[i + k].file;
            group.sure = !(group.why & SERIES_TEXTS) ? 50 : group.why & SERIES_NAMES ? 90 : 60;
            ARENA_PUSH(g->a, groups, n, cap) = group;
        }
        i = end;
    }
    *out = groups;
    return n;
}

enum code series_groups(struct arena *a, const struct series_file *files, size_t n,
    struct series_group **out, size_t *n_out, struct err *e)
{
    struct grouping g = {.a = a, .files = files, .n = n};

    if (n > SERIES_FILES_MAX)
        return FAIL(e, E_LIMIT, "一次最多归并%d份文件，请分批进行", (int)SERIES_FILES_MAX);
    g.v = ARENA_ARRAY(a, struct member, n + 1);
    for (size_t i = 0; i < n; i++) {
        series_name(a, files[i].path, &g.v[i].name);
        g.v[i].file = i;
    }
    if (n)
        qsort(g.v, n, sizeof(*g.v), by_key);
    for (size_t i = 0; i < n; i++)
        g.v[i].root = i;
    link_names(&g);
    link_texts(&g);
    *n_out = put_groups(&g, out);
    return OK;
}
