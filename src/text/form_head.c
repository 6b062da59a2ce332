#include "base/utf8.h"
#include "text/form_int.h"
#include "text/rule_chars.h"

enum { SURE = 70, ADDRESSEE_CP = 80, TITLE_CP = 80, TITLE_LINES = 5 };

static uint32_t last_character(const struct draft *d, size_t *end)
{
    while (*end > 0 && (d->cp[*end - 1] == ' ' || d->cp[*end - 1] == 0x3000))
        --*end;
    return *end ? d->cp[*end - 1] : 0;
}

/* The title: as meta_read found it, or with a full stop behind it, which hides it from there. */
struct heading {
    size_t begin, end; /* without the stop */
    int genre;
    bool stopped;
};

/* 关于…的通知。 among the first lines. */
static bool stopped_title(const struct draft *d, struct heading *out)
{
    for (size_t l = 0; l < d->n_lines && l < TITLE_LINES; l++) {
        size_t begin = d->lines[l].first, end = d->lines[l].end;
        uint32_t last = last_character(d, &end);
        struct str s;
        if (end <= begin + 4 || end - begin > TITLE_CP || (last != 0x3002 && last != 0xFF1B))
            continue;
        s = draft_str(d, begin, end - 1);
        *out = (struct heading){begin, end - 1, genre_of_title(s, NULL), true};
        return genre_official(out->genre) && str_ends(s, genre_name(out->genre)) &&
               str_has(s, S("关于")) && !str_has(s, S("。")) && !str_has(s, S("，"));
    }
    return false;
}

/* Is the draft one of the fifteen kinds, under a title that is certain? */
static bool official(const struct checker *c, struct heading *out)
{
    const struct meta_value *t = &c->d->meta.title;

    if (t->text.n == 0 || t->sure < SURE || !genre_official(c->genre))
        return stopped_title(c->d, out);
    *out =
        (struct heading){draft_cp(c->d, t->at.begin), draft_cp(c->d, t->at.end), c->genre, false};
    last_character(c->d, &out->end);
    return true;
}

static void title_marks(struct checker *c, size_t begin, size_t end)
{
    const struct draft *d = c->d;

    for (size_t i = begin; i < end; i++)
        if ((d->cp[i] == 0xFF0C || d->cp[i] == 0x3002 || d->cp[i] == 0xFF1B ||
                d->cp[i] == 0xFF1A) &&
            !(d->mask[i] & (MASK_TITLE | MASK_QUOTE)))
            check_say(c, "S08", i, i + 1, "标题中用了“%.*s”", SF(draft_str(d, i, i + 1)));
}

static void two_kinds(struct checker *c, size_t begin, size_t end)
{
    static const struct str doubles[] = {SC("请示报告"), SC("报告请示"), SC("请示函"),
        SC("申请报告"), SC("请示申请"), SC("报告函"), SC("通知函"), SC("请示的报告")};

    for (size_t k = 0; k < COUNT(doubles); k++) {
        size_t n = utf8_len_cp(doubles[k]);
        if (end >= begin + n && draft_is(c->d, end - n, doubles[k]))
            check_say(c, "S09", end - n, end, "标题有两个文种：“%.*s”", SF(doubles[k]));
    }
}

/* What follows 关于 at place i. */
static void after_about(struct checker *c, size_t i, int genre)
{
    static const struct str pairs[] = {SC("关于对"), SC("关于就")};
    static const struct str not_pairs[] = {SC("关于对外"), SC("关于对口"), SC("关于就业"),
        SC("关于就地"), SC("关于对照"), SC("关于对接"), SC("关于对台"), SC("关于对标"),
        SC("关于就近"), SC("关于就医"), SC("关于就学"), SC("关于就读"), SC("关于对话"),
        SC("关于对账"), SC("关于对俄"), SC("关于对日"), SC("关于对美"), SC("关于对虾")};
    static const struct {
        struct str word;
        int genre;
    } idle[] = {{SC("关于请求"), GENRE_REQUEST}, {SC("关于申请"), GENRE_REQUEST},
        {SC("关于恳请"), GENRE_REQUEST}, {SC("关于上报"), GENRE_REPORT},
        {SC("关于报送"), GENRE_REPORT}, {SC("关于汇报"), GENRE_REPORT}};
    const struct draft *d = c->d;
    size_t n = draft_any(d, i, pairs, COUNT(pairs));

    if (n && !draft_any(d, i, not_pairs, COUNT(not_pairs)))
        check_replace(
            c, "S10", i, i + n, S("关于"), "介词重复：“%.*s”", SF(draft_str(d, i, i + n)));
    for (size_t k = 0; k < COUNT(idle); k++) {
        n = genre == idle[k].genre ? draft_any(d, i, &idle[k].word, 1) : 0;
        if (n)
            check_replace(c, "S44", i, i + n, S("关于"), "文种已有此意，标题中的“%.*s”多余",
                SF(draft_str(d, i + 2, i + n)));
    }
}

static void title_words(struct checker *c, size_t begin, size_t end, int genre)
{
    const struct draft *d = c->d;

    two_kinds(c, begin, end);
    for (size_t i = begin; i < end; i++)
        if (draft_is(d, i, S("关于")))
            after_about(c, i, genre);
    if (end > begin + 4 && draft_is(d, end - 4, S("紧急通知")))
        check_say(c, "S28", end - 4, end, "标题中写了“紧急”，紧急程度应当标在版头");
}

/* A document that is addressed to somebody and numbered must say what kind it is. */
static void title_genre(struct checker *c, size_t begin, size_t end)
{
    const struct meta *m = &c->d->meta;

    if (m->addressee.text.n == 0 || m->addressee.sure < SURE ||
        genre_of_title(m->title.text, NULL) != GENRE_NONE || !str_has(m->title.text, S("关于")))
        return;
    check_say(c, "S07", begin, end, "标题没有文种");
}

void form_title(struct checker *c)
{
    const struct meta *m = &c->d->meta;
    struct heading t;
    size_t begin = draft_cp(c->d, m->title.at.begin), end = draft_cp(c->d, m->title.at.end);

    if (m->title.text.n && m->title.sure >= SURE)
        title_genre(c, begin, end);
    if (!official(c, &t))
        return;
    if (t.stopped)
        check_replace(c, "S08", t.end, t.end + 1, S(""), "标题末尾用了标点");
    title_marks(c, t.begin, t.end);
    title_words(c, t.begin, t.end, t.genre);
}

/* ---- numbers ---- */
void form_numbers(struct checker *c)
{
    const struct draft *d = c->d;
    struct docno *v;
    size_t n = docno_find(c->a, d->text, &v);

    for (size_t i = 0; i < n; i++) {
        struct buf b;
        if (v[i].standard || v[i].kind != DOCNO_CODE)
            continue;
        buf_init(&b, 256);
        docno_print(&v[i], &b);
        check_replace(c, "S06", draft_cp(d, v[i].at.begin), draft_cp(d, v[i].at.end), buf_view(&b),
            "发文字号格式不规范：“%.*s”", SF(span_str(d->text, v[i].at)));
        buf_release(&b);
    }
}

/* ---- 主送 ---- */

/* The line behind the title that names bodies and nothing else, its colon forgotten. */
static void colon_missing(struct checker *c, const struct heading *t)
{
    static const struct str ends[] = {SC("各单位"), SC("各部门"), SC("各公司"), SC("各党支部"),
        SC("各党委"), SC("人民政府"), SC("直属机构"), SC("各企业"), SC("子公司"), SC("分公司")};
    const struct draft *d = c->d;
    size_t end, line = draft_line_of(d, t->end) + 1;
    const struct draft_line *l;

    while (line < d->n_lines && (d->lines[line].first == d->lines[line].end ||
                                    (d->mask[d->lines[line].first] & MASK_CODE)))
        line++;
    if (line + 1 >= d->n_lines)
        return;
    l = &d->lines[line];
    end = l->end;
    last_character(d, &end);
    if (end - l->first > ADDRESSEE_CP || l->label != LABEL_NONE ||
        draft_find(d, l->first, end, S("各")) == SIZE_MAX)
        return;
    if (end > l->first && (d->cp[end - 1] == 0xFF0C || d->cp[end - 1] == 0x3002))
        end--;
    for (size_t i = l->first; i < end; i++)
        if (!utf8_is_han(d->cp[i]) && d->cp[i] != 0x3001 && d->cp[i] != 0xFF0C &&
            d->cp[i] != 0xFF08 && d->cp[i] != 0xFF09)
            return;
    for (size_t k = 0; k < COUNT(ends); k++)
        if (str_ends(draft_str(d, l->first, end), ends[k])) {
            size_t stop = l->end;
            last_character(d, &stop);
            check_replace(c, "S12", end, stop, S("："), "主送机关之后缺少全角冒号");
            return;
        }
}

void form_addressee(struct checker *c)
{
    const struct meta_value *to = &c->d->meta.addressee;
    struct heading t;

    if (!official(c, &t))
        return;
    if (to->text.n == 0)
        colon_missing(c, &t);
    else if (t.genre == GENRE_REQUEST && (str_has(to->text, S("、")) || str_has(to->text, S("，"))))
        check_say(c, "S14", draft_cp(c->d, to->at.begin), draft_cp(c->d, to->at.end),
            "请示主送了多个机关");
}

/* ---- what a kind must and must not say ---- */
struct phrase {
    struct str word;
    const char *id;
    uint64_t genres;     /* in which it is wrong */
    const char *message; /* with one %.*s for the word */
};
#define G(x) ((uint64_t)1 << GENRE_##x)

static const struct str requests[] = {SC("请批示"), SC("请审批"), SC("请批复"), SC("请予批准"),
    SC("请予审批"), SC("请予批复"), SC("请批准"), SC("请予批示"), SC("请指示"), SC("请予审核批准")};

static void closings(struct checker *c, int genre, size_t end)
{
    static const struct phrase v[] = {
        {SC("特此报告"), "S17", G(REQUEST) | G(NOTICE) | G(LETTER) | G(REPLY) | G(CIRCULAR), ""},
        {SC("特此请示"), "S17", G(NOTICE) | G(LETTER) | G(REPLY) | G(CIRCULAR), ""},
        {SC("特此通知"), "S17", G(REQUEST) | G(REPORT) | G(LETTER) | G(REPLY) | G(CIRCULAR), ""},
        {SC("特此函告"), "S17", G(REQUEST) | G(REPORT) | G(NOTICE) | G(REPLY) | G(CIRCULAR), ""},
        {SC("特此函复"), "S17", G(REQUEST) | G(REPORT) | G(NOTICE) | G(REPLY) | G(CIRCULAR), ""},
        {SC("特此通报"), "S17", G(REQUEST) | G(REPORT) | G(NOTICE) | G(LETTER) | G(REPLY), ""},
        {SC("特此批复"), "S17", G(REQUEST) | G(REPORT) | G(NOTICE) | G(LETTER) | G(CIRCULAR), ""},
        {SC("特此公告"), "S17", G(REQUEST) | G(REPORT) | G(NOTICE) | G(LETTER) | G(REPLY), ""},
    };
    const struct draft *d = c->d;

    for (size_t k = 0; k < COUNT(v); k++) {
        size_t at;
        if (!(v[k].genres >> genre & 1))
            continue;
        at = draft_find(d, 0, end, v[k].word);
        if (at != SIZE_MAX && !(d->mask[at] & (MASK_QUOTE | MASK_TITLE)))
            check_say(c, "S17", at, at + 4, "结语“%.*s”与文种“%.*s”不符", SF(v[k].word),
                SF(genre_name(genre)));
    }
}

static void asked(struct checker *c, int genre, size_t end)
{
    const struct draft *d = c->d;
    size_t n = 0, first = 0, last = 0;

    for (size_t i = 0; i < end; i++) {
        size_t k = d->cp[i] == 0x8BF7 ? draft_any(d, i, requests, COUNT(requests)) : 0; /* 请 */
        if (k == 0 || (d->mask[i] & (MASK_QUOTE | MASK_TITLE)))
            continue;
        if (genre == GENRE_REPORT && d->meta.addressee.text.n)
            check_say(c, "S15", i, i + k, "报告中夹带请示事项：“%.*s”", SF(draft_str(d, i, i + k)));
        if (n++ == 0)
            first = i;
        last = i;
        i += k;
    }
    if (genre == GENRE_REQUEST && n > 1 && draft_line_of(d, first) != draft_line_of(d, last))
        check_say(c, "S16", last, last + 3, "请示有%zu处请求批准的用语，应当一文一事", n);
}

static void tone(struct checker *c, int genre, size_t end)
{
    static const struct str orders[] = {
        SC("务必"), SC("遵照执行"), SC("认真贯彻执行"), SC("严格执行"), SC("必须")};
    static const struct str bodies[] = {SC("公司"), SC("单位"), SC("局"), SC("部门"), SC("党委"),
        SC("集团"), SC("办公室"), SC("委")};
    const struct draft *d = c->d;

    for (size_t i = 0; i < end; i++) {
        size_t n;
        if (d->mask[i] & (MASK_QUOTE | MASK_TITLE))
            continue;
        if (genre == GENRE_LETTER && (n = draft_any(d, i, orders, 3)) > 0)
            check_say(c, "S19", i, i + n, "函中用了命令语气“%.*s”", SF(draft_str(d, i, i + n)));
        if ((genre == GENRE_REQUEST || genre == GENRE_REPORT) &&
            (d->cp[i] == 0x4F60 || d->cp[i] == 0x8D35) && i > 0 && !utf8_is_han(d->cp[i - 1]) &&
            (n = draft_any(d, i + 1, bodies, COUNT(bodies))) > 0) /* 你 贵 */
            check_say(
                c, "S19", i, i + 1 + n, "上行文中不用“%.*s”称上级", SF(draft_str(d, i, i + 1 + n)));
    }
}

/* 批复 begins with what it answers. */
static void answers(struct checker *c, int genre, size_t end)
{
    const struct draft *d = c->d;
    const struct meta *m = &d->meta;
    size_t line;

    if (genre != GENRE_REPLY || m->addressee.text.n == 0)
        return;
    line = draft_line_of(d, draft_cp(d, m->addressee.at.end)) + 1;
    while (line < d->n_lines && d->lines[line].first == d->lines[line].end)
        line++;
    if (line >= d->n_lines || d->lines[line].begin >= end)
        return;
    if (draft_find(d, d->lines[line].begin, d->lines[line].end, S("《")) == SIZE_MAX &&
        draft_find(d, d->lines[line].begin, d->lines[line].end, S("收悉")) == SIZE_MAX &&
        draft_find(d, d->lines[line].begin, d->lines[line].end, S("请示")) == SIZE_MAX)
        check_say(c, "S18", d->lines[line].first, d->lines[line].end,
            "批复开头没有写明所答复的来文标题和字号");
}

void form_genre(struct checker *c)
{
    const struct draft *d = c->d;
    struct heading t;
    size_t last = form_body_end(d), end = last < d->n_lines ? d->lines[last].begin : d->n;

    if (!official(c, &t))
        return;
    closings(c, t.genre, end);
    asked(c, t.genre, end);
    tone(c, t.genre, end);
    answers(c, t.genre, end);
}
