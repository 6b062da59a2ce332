/* The rules, and what all of them use. */
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "office/describe.h"
#include "office/format_int.h"

enum { WORDS_SHOWN = 16, LOOKS_COUNTED = 16 };

const struct format_rule format_rules[] = {
    {"page-size", "5.1", "纸张", FORMAT_P0, false},
    {"page-top", "5.2.1", "天头", FORMAT_P0, false},
    {"page-left", "5.2.1", "订口", FORMAT_P0, false},
    {"page-width", "5.2.1", "版心宽度", FORMAT_P0, false},
    {"page-rows", "5.2.3", "每页行数", FORMAT_P1, false},
    {"page-columns", "5.2.3", "每行字数", FORMAT_P1, false},
    {"number-none", "7.5", "页码", FORMAT_P1, false},
    {"number-font", "7.5", "页码字体", FORMAT_P1, false},
    {"number-size", "7.5", "页码字号", FORMAT_P1, false},
    {"number-dash", "7.5", "页码一字线", FORMAT_P1, false},
    {"number-side", "7.5", "页码位置", FORMAT_P1, false},
    {"mark-red", "7.2.4", "发文机关标志颜色", FORMAT_P0, false},
    {"mark-centred", "7.2.4", "发文机关标志居中", FORMAT_P0, false},
    {"mark-font", "7.2.4", "发文机关标志字体", FORMAT_P2, false},
    {"corner-font", "7.2.2", "密级、紧急程度字体", FORMAT_P1, false},
    {"docno-form", "7.2.5", "发文字号写法", FORMAT_P0, true},
    {"docno-centred", "7.2.5", "发文字号位置", FORMAT_P0, false},
    {"docno-gap", "7.2.5", "发文字号上方空行", FORMAT_P1, false},
    {"signer-missing", "7.2.6", "签发人", FORMAT_P0, true},
    {"signer-font", "7.2.6", "签发人姓名字体", FORMAT_P1, false},
    {"red-line", "7.2.7", "版头红色分隔线", FORMAT_P0, false},
    {"title-font", "7.3.1", "标题字体", FORMAT_P1, false},
    {"title-size", "7.3.1", "标题字号", FORMAT_P1, false},
    {"title-centred", "7.3.1", "标题居中", FORMAT_P0, false},
    {"title-gap", "7.3.1", "标题上方空行", FORMAT_P1, false},
    {"addressee-colon", "7.3.2", "主送机关后的冒号", FORMAT_P0, true},
    {"addressee-flush", "7.3.2", "主送机关顶格", FORMAT_P0, false},
    {"addressee-gap", "7.3.2", "主送机关上方空行", FORMAT_P1, false},
    {"body-font", "7.3.3", "正文字体", FORMAT_P1, false},
    {"body-size", "7.3.3", "正文字号", FORMAT_P1, false},
    {"body-indent", "7.3.3", "段首左空二字", FORMAT_P0, false},
    {"body-flush", "7.3.3", "回行顶格", FORMAT_P0, false},
    {"body-spacing", "5.2.3", "段前段后间距", FORMAT_P2, false},
    {"h1-font", "7.3.3", "一级标题字体", FORMAT_P1, false},
    {"h2-font", "7.3.3", "二级标题字体", FORMAT_P1, false},
    {"h3-font", "7.3.3", "三级标题字体", FORMAT_P1, false},
    {"h4-font", "7.3.3", "四级标题字体", FORMAT_P1, false},
    {"heading-size", "7.3.3", "层次标题字号", FORMAT_P1, false},
    {"bold", "7.3.3", "加粗", FORMAT_P2, false},
    {"colour", "5.2.4", "文字颜色", FORMAT_P0, false},
    {"heading-order", "7.3.3", "层次序数连续", FORMAT_P1, true},
    {"heading-level", "7.3.3", "层次序数顺序", FORMAT_P1, true},
    {"heading-mark", "9", "层次序数后的标点", FORMAT_P1, true},
    {"half-width", "9", "半角标点", FORMAT_P1, true},
    {"straight-quote", "9", "直引号", FORMAT_P1, true},
    {"attachment-colon", "7.3.4", "附件说明的冒号", FORMAT_P0, true},
    {"attachment-end", "7.3.4", "附件名称后的标点", FORMAT_P0, true},
    {"attachment-indent", "7.3.4", "附件说明左空二字", FORMAT_P0, false},
    {"attachment-gap", "7.3.4", "附件说明上方空行", FORMAT_P0, false},
    {"date-form", "7.3.5.4", "成文日期写法", FORMAT_P0, true},
    {"date-place", "7.3.5", "成文日期位置", FORMAT_P0, false},
    {"signature-place", "7.3.5", "署名位置", FORMAT_P0, false},
    {"carried-page", "惯例", "印发件另面编排", FORMAT_P2, false},
    {"annex-page", "7.3.7", "附件另面编排", FORMAT_P0, false},
    {"annex-font", "7.3.7", "附件序号字体", FORMAT_P0, false},
    {"annex-title", "7.3.7", "附件标题居中", FORMAT_P0, false},
    {"cc-end", "7.4.2", "抄送机关后的句号", FORMAT_P0, true},
    {"foot-size", "7.4.2", "版记字号", FORMAT_P1, false},
    {"foot-font", "7.4.2", "版记字体", FORMAT_P1, false},
    {"foot-line", "7.4.1", "版记分隔线", FORMAT_P0, false},
    {"foot-place", "7.4.1", "版记位置", FORMAT_P1, false},
    {"printed-form", "7.4.3", "印发日期写法", FORMAT_P0, true},
};
const size_t n_format_rules = sizeof format_rules / sizeof *format_rules;

const char *format_grade_name(enum format_grade g)
{
    static const char *const names[N_FORMAT_GRADE] = {"P0", "P1", "P2"};

    return names[g];
}

/* ---- saying ---- */

static const struct format_rule *rule_of(const char *id)
{
    for (size_t i = 0; i < n_format_rules; i++)
        if (strcmp(format_rules[i].id, id) == 0)
            return &format_rules[i];
    return NULL;
}

static void put(struct formatting *f, struct format_finding x)
{
    for (size_t i = f->out->n; x.para != SIZE_MAX && i-- > 0;) {
        struct format_finding *y = &f->out->v[i];
        if (y->rule == x.rule && y->para != SIZE_MAX && str_eq(y->found, x.found) &&
            str_eq(y->right, x.right)) {
            y->times++;
            return;
        }
    }
    if (f->out->n >= FORMAT_FINDINGS_MAX) {
        f->out->cut = true;
        return;
    }
    f->out->by_grade[x.rule->grade]++;
    ARENA_PUSH(f->a, f->out->v, f->out->n, f->cap) = x;
}

static struct str words_of(struct formatting *f, size_t para)
{
    const struct rich_para *p = &f->w->r->paras[para];
    struct str s = str_trim(arena_cat(f->a, p->label, str_trim(p->text)));
    size_t n = str_find(s, S("\n"), 0);

    s = str_sub(s, 0, n);
    if (utf8_len_cp(s) > WORDS_SHOWN)
        return arena_printf(f->a, "%.*s…", SF(str_sub(s, 0, utf8_off(s, WORDS_SHOWN))));
    return s;
}

void format_say(
    struct formatting *f, const char *id, size_t para, struct str found, const char *right)
{
    struct str place =
        arena_printf(f->a, "第%zu段“%.*s”", f->w->number[para], SF(words_of(f, para)));

    put(f, (struct format_finding){rule_of(id), para, place, found, str_z(right), 1});
}

void format_say_at(
    struct formatting *f, const char *id, const char *place, struct str found, const char *right)
{
    put(f, (struct format_finding){
               rule_of(id), SIZE_MAX, arena_str(f->a, str_z(place)), found, str_z(right), 1});
}

/* ---- looks ---- */

/* Chinese characters of run i between from and to. */
static size_t hans(
    const struct rich *r, const struct rich_para *p, size_t i, size_t at, size_t from, size_t to)
{
    size_t n = 0, end = at + p->runs[i].n;

    if (p->runs[i].change >= 0 && r->changes[p->runs[i].change].deleted)
        return 0;
    for (size_t off = at > from ? at : from; off < end && off < to;)
        n += utf8_is_han(utf8_next(p->text, &off));
    return n;
}

const struct rich_look *format_look_of(
    const struct rich *r, const struct rich_para *p, size_t from, size_t to)
{
    struct {
        int look;
        size_t n;
    } seen[LOOKS_COUNTED];
    size_t n = 0, at = 0, best = 0;

    for (size_t i = 0; i < p->n_runs; at += p->runs[i++].n) {
        size_t k = 0, many = hans(r, p, i, at, from, to);
        while (many && k < n && seen[k].look != p->runs[i].look)
            k++;
        if (!many || k >= LOOKS_COUNTED)
            continue;
        if (k == n) {
            seen[n].look = p->runs[i].look;
            seen[n++].n = 0;
        }
        seen[k].n += many;
        best = seen[k].n > seen[best].n ? k : best;
    }
    return n ? &r->looks[seen[best].look] : NULL;
}

double format_points(const struct rich_look *k)
{
    return k->half_pt ? k->half_pt / 2.0 : 10;
}

static struct str lower(struct str s, char z[64])
{
    size_t n = s.n < 63 ? s.n : 63;

    for (size_t i = 0; i < n; i++) {
        z[i] = s.p[i];
        if (z[i] >= 'A' && z[i] <= 'Z')
            z[i] = (char)(z[i] + ('a' - 'A'));
    }
    return (struct str){z, n};
}

int format_face(struct str font)
{
    static const struct {
        struct str word;
        int face;
    } words[] = {{SC("标宋"), FACE_BIAO}, {SC("中宋"), FACE_BIAO}, {SC("zhongsong"), FACE_BIAO},
        {SC("xiaobiao"), FACE_BIAO}, {SC("仿宋"), FACE_FANG}, {SC("fangsong"), FACE_FANG},
        {SC("fandolfang"), FACE_FANG}, {SC("楷"), FACE_KAI}, {SC("kai"), FACE_KAI},
        {SC("雅黑"), -1}, {SC("yahei"), -1}, {SC("黑"), FACE_HEI}, {SC("simhei"), FACE_HEI},
        {SC("heiti"), FACE_HEI}, {SC("fandolhei"), FACE_HEI}, {SC("sans cjk"), FACE_HEI},
        {SC("source han sans"), FACE_HEI}, {SC("宋"), FACE_SONG}, {SC("simsun"), FACE_SONG},
        {SC("song"), FACE_SONG}, {SC("serif cjk"), FACE_SONG}};
    char z[64];
    struct str s = lower(font, z);

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_has(s, words[i].word))
            return words[i].face;
    return -1;
}

struct str format_size(struct arena *a, double pt)
{
    static const struct {
        double pt;
        const char *name;
    } sizes[] = {{42, "初号"}, {36, "小初"}, {26, "一号"}, {24, "小一"}, {22, "二号"}, {18, "小二"},
        {16, "三号"}, {15, "小三"}, {14, "四号"}, {12, "小四"}, {10.5, "五号"}, {9, "小五"}};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (fabs(sizes[i].pt - pt) < 0.3)
            return str_z(sizes[i].name);
    return arena_printf(a, "%g磅", pt);
}

/* ---- indents ---- */

static double size_of(const struct rich *r, const struct rich_para *p)
{
    const struct rich_look *k = format_look_of(r, p, 0, p->text.n);

    return k ? format_points(k) : 16;
}

double format_first(const struct rich *r, const struct rich_para *p)
{
    return p->f.first_chars ? p->f.first_chars / 100.0 : p->f.first / 20.0 / size_of(r, p);
}

double format_left(const struct rich *r, const struct rich_para *p)
{
    return p->f.left_chars ? p->f.left_chars / 100.0 : p->f.left / 20.0 / size_of(r, p);
}

/* ---- all ---- */

void format_check(struct arena *a, const struct format_view *w, struct format_report *out)
{
    struct formatting f = {.a = a, .w = w, .out = out};

    *out = (struct format_report){0};
    format_page(&f);
    format_footers(&f);
    format_head(&f);
    format_type(&f);
    format_places(&f);
    format_words(&f);
}

enum code format_guard(const struct format_view *w, struct str name, struct err *e)
{
    static const struct doc none = {0};
    const char *secret = describe_secret(&none, w->d.text, name);

    if (secret)
        return FAIL(
            e, E_SECRET, "文件有“%s”标志，本系统不能处理涉密文件，没有检查，也没有留存", secret);
    return OK;
}

enum code format_file(struct reader_pool *p, struct arena *a, int fd, struct str name,
    struct format_report *out, struct err *e)
{
    struct rich *r = ARENA_NEW(a, struct rich);
    struct format_view *w = ARENA_NEW(a, struct format_view);

    TRY(rich_read(p, a, fd, name, r, e));
    TRY(format_look(a, r, w, e));
    TRY(format_guard(w, name, e));
    format_check(a, w, out);
    return OK;
}
