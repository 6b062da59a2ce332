/* Who holds which title, by the unit's dated table alone.
 *
 * Judged is only what says it outright: titles right before a name (党委书记、董事长张三), right behind it (张三书记)
 * or in brackets behind it (张三（党委书记）), of a person who is in the table on that day. Anything that could be
 * meant otherwise (another time, an appointment, words before the title that no table knows) is left alone. */
#include "base/utf8.h"
#include "text/terms_int.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { TITLES_MAX = 6 };

/* Titles said of one person at one place. */
struct said {
    const struct form_hit *person;
    const struct form_hit *titles[TITLES_MAX];
    size_t n;
    const struct form_hit *body; /* NULL: none said */
    size_t begin;                /* of the whole */
    bool courtesy;               /* behind the name: a deputy is called by the title without 副 */
};

/* What may stand right before a title or a body without being part of it. */
static bool clean_before(const struct draft *d, size_t i)
{
    static const struct str words[] = {SC("由"), SC("和"), SC("与"), SC("及"), SC("请"), SC("经"),
        SC("向"), SC("对"), SC("以"), SC("让"), SC("被"), SC("把"), SC("给"), SC("在"), SC("是"),
        SC("派"), SC("即"), SC("现任"), SC("时"), SC("了")};

    if (i == 0 || !utf8_is_han(d->cp[i - 1]))
        return true;
    for (size_t k = 0; k < COUNT(words); k++)
        if (str_ends(str_sub(d->text, 0, d->byte[i]), words[k]))
            return true;
    return false;
}

/* Sentences that give or take titles say what the table will say later. */
static bool of_appointment(const struct draft *d, size_t at)
{
    static const struct str words[] = {SC("任命"), SC("任职"), SC("免职"), SC("免去"), SC("任免"),
        SC("聘任"), SC("提名"), SC("当选"), SC("选举"), SC("候任"), SC("拟任"), SC("调任"),
        SC("兼任"), SC("退休"), SC("逝世"), SC("辞去"), SC("不再担任"), SC("离任"), SC("历任")};
    const struct draft_line *l = &d->lines[draft_line_of(d, at)];

    return term_said(d, l->begin, l->end, words, COUNT(words));
}

static bool is_joint(uint32_t c)
{
    return c == 0x3001 || c == 0x517C; /* 、 兼 */
}

/* Titles and body that end where the name begins. False: nothing, or not clean. */
static bool read_before(const struct term_walk *w, struct said *s)
{
    size_t i = s->person->begin;
    const struct form_hit *t = hit_before(w, i, FORM_TITLE);

    while (t && s->n < TITLES_MAX) {
        s->titles[s->n++] = t;
        i = t->begin;
        t = i && is_joint(w->d->cp[i - 1]) ? hit_before(w, i - 1, FORM_TITLE) : NULL;
    }
    if (!s->n)
        return false;
    s->body = hit_before(w, i, FORM_BODY);
    if (s->body)
        i = s->body->begin;
    s->begin = i;
    return clean_before(w->d, i) && !(i && is_joint(w->d->cp[i - 1]));
}

/* 党委书记、总经理张三、李四 gives each his own. */
static bool shared_out(const struct term_walk *w, const struct said *s)
{
    size_t end = s->person->end;

    return s->n > 1 && w->d->cp[end] == 0x3001 && hit_at(w, end + 1, FORM_PERSON) != NULL;
}

/* （党委书记、董事长） behind the name, whole. */
static bool read_brackets(const struct term_walk *w, struct said *s)
{
    size_t i = s->person->end;

    if (w->d->cp[i] != 0xFF08)
        return false;
    s->begin = s->person->begin;
    s->body = hit_at(w, ++i, FORM_BODY);
    if (s->body)
        i = s->body->end;
    for (;;) {
        const struct form_hit *t = hit_at(w, i, FORM_TITLE);
        if (!t || s->n == TITLES_MAX)
            return false;
        s->titles[s->n++] = t;
        i = t->end;
        if (w->d->cp[i] == 0xFF09)
            return true;
        if (!is_joint(w->d->cp[i]))
            return false;
        i++;
    }
}

static bool read_behind(const struct term_walk *w, struct said *s)
{
    const struct form_hit *t = hit_at(w, s->person->end, FORM_TITLE);

    if (!t)
        return false;
    s->titles[s->n++] = t;
    s->begin = s->person->begin;
    s->courtesy = true;
    return true;
}

/* ---- comparing with the table ---- */

/* Is `said` the title of the row, perhaps without what goes before it: 书记 of 党委书记, but not of 党委副书记. */
static bool same_title(struct str row, struct str said, bool courtesy)
{
    static const struct str lesser[] = {SC("副"), SC("代"), SC("助理"), SC("原"), SC("常务副")};
    struct str longer = row.n >= said.n ? row : said, shorter = row.n >= said.n ? said : row;

    if (!str_ends(longer, shorter))
        return courtesy && str_ends(row, S("书记")) && str_ends(said, S("书记"));
    longer.n -= shorter.n;
    for (size_t i = 0; i < COUNT(lesser); i++)
        if (str_ends(longer, lesser[i]))
            return courtesy;
    return true;
}

/* The row of the body table that has this name in one of its right or old forms; UINT32_MAX: none. */
static uint32_t body_term(const struct terms *t, struct str name)
{
    for (size_t i = 0; i < t->n_forms; i++)
        if (t->forms[i].role == FORM_BODY && t->forms[i].term != UINT32_MAX &&
            str_eq(t->forms[i].text, name))
            return t->forms[i].term;
    return UINT32_MAX;
}

/* Surely two bodies: both have rows of their own, or neither name is part of the other. */
static bool other_body(const struct terms *t, struct str row, struct str said)
{
    uint32_t a = body_term(t, row), b = body_term(t, said);

    if (row.n == 0 || str_has(row, said) || str_has(said, row))
        return false;
    return a == UINT32_MAX || b == UINT32_MAX || a != b;
}

struct verdict {
    bool in_table; /* the person holds something on that day */
    bool right;
    const struct post *elsewhere; /* the title, but of another body */
    const struct post *over, *to_come;
    const struct post *now; /* one that is held */
};

static void compare(
    const struct term_walk *w, const struct said *s, struct str title, struct verdict *v)
{
    *v = (struct verdict){0};
    for (size_t i = 0; i < w->t->n_posts; i++) {
        const struct post *p = &w->t->posts[i];
        int when;
        if (!str_eq(p->row->person, s->person->form->text))
            continue;
        when = term_day(w->c, p->row->from, p->row->to);
        if (when == 0) {
            v->in_table = true;
            v->now = p;
        }
        if (!same_title(p->title, title, s->courtesy))
            continue;
        if (when == 0 && s->body && other_body(w->t, p->row->body, s->body->form->text))
            v->elsewhere = p;
        else if (when == 0)
            v->right = true;
        else if (when > 0)
            v->over = p;
        else
            v->to_come = p;
    }
}

/* The titles that the table gives the person on that day: 党委书记、董事长. */
static struct str held_now(const struct term_walk *w, struct str person)
{
    struct str s = S("");

    for (size_t i = 0; i < w->t->n_posts; i++) {
        const struct post *p = &w->t->posts[i];
        if (str_eq(p->row->person, person) && term_day(w->c, p->row->from, p->row->to) == 0)
            s = s.n ? arena_printf(w->c->a, "%.*s、%.*s", SF(s), SF(p->title)) : p->title;
    }
    return s;
}

/* Title and name together, whichever comes first. */
static struct finding *say_not_now(
    struct term_walk *w, const struct said *s, const struct form_hit *t, const struct verdict *v)
{
    size_t begin = t->begin < s->person->begin ? t->begin : s->person->begin;
    size_t end = t->end > s->person->end ? t->end : s->person->end;
    struct str person = s->person->form->text;

    if (v->over && of_the_past(w, s->begin, v->over->row->to))
        return NULL;
    if (v->over)
        return check_say(w->c, "T11", begin, end, "人员职务表中“%.*s”担任“%.*s”到%.*s为止",
            SF(person), SF(v->over->title), SF(term_date(w->c->a, v->over->row->to)));
    return check_say(w->c, "T11", begin, end, "人员职务表中“%.*s”自%.*s起才担任“%.*s”", SF(person),
        SF(term_date(w->c->a, v->to_come->row->from)), SF(v->to_come->title));
}

static struct finding *say_never(
    struct term_walk *w, const struct said *s, const struct form_hit *t)
{
    struct str person = s->person->form->text, held = held_now(w, person);
    struct finding *f;

    if (of_the_past(w, s->begin, w->c->day))
        return NULL;
    f = check_say(w->c, "T09", t->begin, t->end, "人员职务表中“%.*s”的职务是“%.*s”，不是“%.*s”",
        SF(person), SF(held), SF(t->form->text));
    if (s->n == 1)
        check_suggest(w->c, f, held);
    return f;
}

static void judge(struct term_walk *w, const struct said *s, const struct form_hit *t)
{
    struct str person = s->person->form->text;
    struct finding *f = NULL;
    const struct post *row;
    struct verdict v;

    compare(w, s, t->form->text, &v);
    if (v.right)
        return;
    if (v.elsewhere) {
        row = v.elsewhere;
        f = check_say(w->c, "T10", s->body->begin, s->person->end,
            "人员职务表中“%.*s”是“%.*s”的“%.*s”", SF(person), SF(row->row->body),
            SF(t->form->text));
    } else if (v.over || v.to_come) {
        row = v.over ? v.over : v.to_come;
        f = say_not_now(w, s, t, &v);
    } else {
        row = v.now;
        f = v.in_table ? say_never(w, s, t) : NULL;
    }
    if (f)
        term_source(w, f, arena_printf(w->c->a, "%.*s：%.*s", SF(person), SF(row->row->title)),
            row->row->source);
}

static void judge_all(struct term_walk *w, const struct said *s)
{
    if (of_appointment(w->d, s->begin) || shared_out(w, s))
        return;
    for (size_t i = 0; i < s->n; i++)
        judge(w, s, s->titles[i]);
}

void pass_holders(struct term_walk *w)
{
    for (size_t k = 0; k < w->n; k++) {
        const struct form_hit *h = &w->hits[k];
        struct said before = {.person = h}, brackets = before, behind = before;
        if (h->form->role != FORM_PERSON || w->not_ours[h->begin] ||
            hit_at(w, h->begin, FORM_PERSON) != h || !name_stands(w->d, h->begin, h->end))
            continue; /* one of several rows of a person; a part of a longer name */
        if (read_before(w, &before))
            judge_all(w, &before);
        if (read_brackets(w, &brackets))
            judge_all(w, &brackets);
        else if (read_behind(w, &behind))
            judge_all(w, &behind);
    }
}
