/* A docx that this program wrote says more than its text: its form among its properties, and by the names of its styles what a paragraph
 * is. What the text does not tell by itself comes back as the words in front of it (版式、用印、标志、编印), as somebody would have typed it. */
#include "base/utf8.h"
#include "office/typeset.h"
#include "office/word_int.h"

enum { NAME_CP = 60 }; /* of a picture */

static bool styled(const struct rich_para *p, const char *name)
{
    return p->place == RICH_BODY && !p->table && str_eq(p->style, str_z(name));
}

static bool unchanged(const struct rich_para *p)
{
    for (size_t i = 0; i < p->n_runs; i++)
        if (p->runs[i].change >= 0)
            return false;
    return p->mark < 0 && str_trim(p->text).n > 0;
}

static struct str edited(struct arena *a, struct str s)
{
    struct str who, day;

    return str_cut(s, S("\t"), &who, &day) ? arena_printf(a, "编印：%.*s\n编印日期：%.*s\n",
                                                 SF(str_trim(who)), SF(str_trim(day)))
                                           : arena_printf(a, "编印：%.*s\n", SF(str_trim(s)));
}

/* 云岭建设集团有限公司令: the organ and the word behind it. */
static struct str order_mark(struct arena *a, struct str s)
{
    static const struct str words[] = {SC("命令"), SC("令")};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eat_end(&s, words[i]) && s.n)
            return arena_printf(a, "发文机关：%.*s\n标志：%.*s\n", SF(s), SF(words[i]));
    return S("");
}

struct str word_own_line(struct arena *a, const struct rich *r, const struct rich_para *p)
{
    enum official_form form = typeset_form(r->category);

    if (form == N_OFFICIAL_FORM || !unchanged(p))
        return S("");
    if (form == OFFICIAL_ORDER && styled(p, ODX_MARK))
        return order_mark(a, str_trim(p->text));
    if (form == OFFICIAL_BULLETIN && styled(p, ODX_MARK))
        return arena_printf(a, "标志：%.*s\n", SF(str_trim(p->text)));
    if (form == OFFICIAL_BULLETIN && styled(p, ODX_EDITOR))
        return edited(a, p->text);
    return S("");
}

struct str word_own_addressee(
    struct arena *a, const struct rich *r, const struct rich_para *p, struct str *rest)
{
    struct str s = str_trim(p->text), more;

    *rest = S("");
    if (typeset_form(r->category) == N_OFFICIAL_FORM || !styled(p, ODX_COPY_TO) || !unchanged(p) ||
        !str_eat(&s, S("主送：")))
        return S("");
    if (str_cut(s, S("\n"), &s, &more))
        *rest = more;
    (void)str_eat_end(&s, S("。"));
    return arena_printf(a, "%.*s：", SF(s));
}

bool word_own_carried(const struct rich *r, const struct rich_para *p)
{
    return typeset_form(r->category) != N_OFFICIAL_FORM && styled(p, ODX_CARRIED) && unchanged(p);
}

bool word_own_picture(const struct rich *r, struct str descr)
{
    static const char *const bad[] = {"[", "]", "/", "\\", "\n", "\t", "：", "，宽"};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (str_has(descr, str_z(bad[i])))
            return false;
    return typeset_form(r->category) != N_OFFICIAL_FORM && str_trim(descr).n == descr.n &&
           descr.n > 0 && utf8_len_cp(descr) <= NAME_CP;
}

struct str word_own_front(struct arena *a, const struct rich *r, const struct official *seen)
{
    static const char *const seals[] = {"否", "是", "签名章"};
    enum official_form form = typeset_form(r->category);
    struct str out = S(""), seal = r->keywords;

    if (form == N_OFFICIAL_FORM)
        return out;
    if (form != seen->form)
        out = arena_printf(a, "版式：%.*s\n", SF(r->category));
    if (!str_eat(&seal, S("用印：")))
        return out;
    for (int i = 0; i < 3; i++)
        if (str_eq(seal, str_z(seals[i])) && (int)seen->seal != i)
            out = arena_printf(a, "%.*s用印：%s\n", SF(out), seals[i]);
    return out;
}
