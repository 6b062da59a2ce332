/* typeset_head.c - what stands around the text: 版头, title, 主送; signature, day, 版记. */
#include "base/utf8.h"
#include "office/typeset_int.h"
#include "text/authority.h"

enum {
    RUN_CP = 8,      /* 12,000 of 共印12,000份 */
    HEAD_LINES = 12, /* in front of the title */
    ISSUERS_LINES = 10,
    STRANGE_LINES = 3, /* in front of the mark */
    TITLE_LINES = 5,
    TITLE_CP = 80, /* of the line that is taken for it where nothing tells */
    NUMBER_CP = 24,
    NAME_CP = 40,
    SIGN_CP = 40,
    PERSON_CP = 4,
    SPEAKER_CP = 12, /* a name alone */
    SIGN_LINES = 10,
    TAIL_LINES = 12, /* signature, day, note, 版记 */
    BELOW_LINES = 4, /* below the title of what is carried */
    BRACKET_LINES = 3,
    BRACKET_CP = 120
};

/* ---- lines ---- */

/* The line in which a byte of d.text stands. */
static size_t line_at(const struct typing *t, size_t byte)
{
    return draft_line_of(&t->d, draft_cp(&t->d, byte));
}

static void use(struct typing *t, struct text_span at)
{
    if (at.end <= at.begin)
        return;
    for (size_t i = line_at(t, at.begin); i <= line_at(t, at.end - 1) && i < t->d.n_lines; i++)
        t->used[i] = true;
}

static bool inside(const struct typing *t, struct text_span at, size_t from, size_t to)
{
    size_t l = at.end > at.begin ? line_at(t, at.begin) : SIZE_MAX;
    return l != SIZE_MAX && l >= from && l < to;
}

/* ---- head ---- */

static bool digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

static const struct str mark_words[] = {SC("文件"), SC("命令"), SC("令"), SC("会议纪要"),
    SC("纪要"), SC("简报"), SC("公报"), SC("公告"), SC("通报")};

/* 云岭集团文件 -> 云岭集团 and 文件; empty: it ends with no such word. */
static struct str cut_mark(struct str *s)
{
    for (size_t i = 0; i < sizeof mark_words / sizeof *mark_words; i++)
        if (str_eat_end(s, mark_words[i]))
            return mark_words[i];
    return S("");
}

/* One of the organs of the mark, with the mark's word behind the last. */
static void take_mark(struct typing *t, struct str s)
{
    struct official *o = t->o;
    struct str *v;

    if (t->mark_said)
        return;
    if (!o->mark_word.n)
        o->mark_word = cut_mark(&s);
    s = str_trim(s);
    if (!s.n || o->n_issuers == OFFICIAL_LIST_MAX)
        return;
    v = ARENA_ARRAY(t->a, struct str, o->n_issuers + 1);
    for (size_t i = 0; i < o->n_issuers; i++)
        v[i] = o->issuers[i];
    v[o->n_issuers++] = s;
    o->issuers = v;
}

static size_t next_line(const struct typing *t, size_t i)
{
    do
        i++;
    while (i < t->d.n_lines && line_str(t, i).n == 0);
    return i;
}

/* Does it fill one line, and no other? Of 现公布《…条例》 the title is a part of a sentence. */
static bool fills_line(const struct typing *t, struct text_span at)
{
    size_t i = line_at(t, at.begin);
    struct str s;

    if (at.end <= at.begin || line_at(t, at.end - 1) != i)
        return false;
    s = line_str(t, i);
    return t->d.text.p + at.begin <= s.p && t->d.text.p + at.end >= s.p + s.n;
}

/* 云办发〔2026〕3号, 第31期, （第3号）, 〔2026〕9号: alone in its line. */
static bool is_number(const struct typing *t, size_t i)
{
    struct str s;

    if (i >= t->d.n_lines)
        return false;
    s = line_str(t, i);
    if (inside(t, t->d.meta.docno.at, i, i + 1) &&
        line_at(t, t->d.meta.docno.at.end - 1) == i) /* not 国务院令 with 第707号 below it */
        return true;
    str_eat(&s, S("（"));
    str_eat_end(&s, S("）"));
    return utf8_len_cp(s) <= NUMBER_CP && (str_starts(s, S("第")) || str_has(s, S("〔"))) &&
           (str_ends(s, S("号")) || str_ends(s, S("期")) || str_ends(s, S("次")));
}

static bool is_urgency(struct str s)
{
    return str_eq(s, S("特急")) || str_eq(s, S("加急")) || str_eq(s, S("平急")) ||
           str_eq(s, S("特提"));
}

/* Without a mark of punctuation: may be the name of an organ or of a person. */
static bool is_name(const struct typing *t, size_t i)
{
    static const struct str marks[] = {SC("。"), SC("；"), SC("："), SC("，"), SC("、"), SC("！"),
        SC("？"), SC("“"), SC("《"), SC("（"), SC("\t")};
    struct str s = line_str(t, i);

    if (!s.n || utf8_len_cp(s) > NAME_CP || t->d.lines[i].label != LABEL_NONE || is_number(t, i))
        return false;
    for (size_t k = 0; k < sizeof marks / sizeof *marks; k++)
        if (str_has(s, marks[k]))
            return false;
    return true;
}

/* 编印：云岭建设集团办公室　2026年7月13日 */
static bool take_editor(struct typing *t, struct str s)
{
    size_t at;

    if (!str_eat(&s, S("编印：")))
        return false;
    at = str_find(s, S("20"), 0); /* the day, behind a blank */
    t->o->editor = str_trim(str_sub(s, 0, at));
    if (at != SIZE_MAX)
        t->o->edited = str_trim(str_sub(s, at, SIZE_MAX));
    return true;
}

/* 张卫国　李建: a blank parts them, but not 张　三, which is one person. */
static void add_signers(struct typing *t, struct str s)
{
    struct official *o = t->o;
    struct str *v = ARENA_ARRAY(t->a, struct str, OFFICIAL_LIST_MAX), rest = s, one;
    size_t n = 0;

    for (; n < o->n_signers; n++)
        v[n] = o->signers[n];
    for (bool half = false; str_next(&rest, S("　"), &one) && n < OFFICIAL_LIST_MAX;) {
        struct str name = str_trim(one);
        bool single = utf8_len_cp(name) == 1;
        if (!name.n)
            continue;
        if (single && half)
            v[n - 1] = arena_printf(t->a, "%.*s　%.*s", SF(v[n - 1]), SF(name));
        else
            v[n++] = name;
        half = single && !half;
    }
    o->signers = v;
    o->n_signers = n;
}

/* 签发人：张卫国、李建, or as it is printed: with blanks. */
static void take_signers(struct typing *t, struct str s)
{
    if (str_has(s, S("、")))
        t->o->signers = typeset_listed(t->a, s, &t->o->n_signers);
    else
        add_signers(t, s);
}

/* 云建党报〔2026〕8号 at the left, at the right 签发人： or, below it, further names. */
static bool number_and_signers(struct typing *t, struct str s)
{
    struct official *o = t->o;
    struct str number, names;

    s = str_trim(s);
    if (o->docno.n ||
        (!str_cut(s, S("\t"), &number, &names) && !str_cut(s, S("　"), &number, &names)))
        return false;
    number = str_trim(number);
    names = str_trim(names);
    if (!str_has(number, S("〔")) || !str_ends(number, S("号")) ||
        (!str_eat(&names, S("签发人：")) && !o->n_signers))
        return false;
    o->docno = number;
    add_signers(t, names);
    return true;
}

/* 李　建　王志远 in the line below 签发人：: further names, two to four characters each. */
static bool more_signers(struct typing *t, size_t i)
{
    struct str s = line_str(t, i), rest = s, one;
    bool half = false;

    if (!t->o->n_signers || !is_name(t, i) || genre_of_title(s, NULL) != GENRE_NONE ||
        authority_is_organ(s))
        return false;
    while (str_next(&rest, S("　"), &one)) {
        size_t n = utf8_len_cp(str_trim(one));
        if (n > PERSON_CP || (n == 1 && rest.n == 0 && !half))
            return false;
        half = n ? n == 1 && !half : half;
    }
    add_signers(t, s);
    return true;
}

/* An element of 版头 that its own looks tell. */
static bool head_element(struct typing *t, size_t i)
{
    struct official *o = t->o;
    struct str s = line_str(t, i), rest = s;

    if (digits(s) && !o->copy_no.n)
        o->copy_no = s;
    else if (is_urgency(s) && !o->urgency.n)
        o->urgency = s;
    else if (number_and_signers(t, s) || more_signers(t, i))
        (void)0; /* all taken */
    else if (!o->docno.n && is_number(t, i))
        o->docno = inside(t, t->d.meta.docno.at, i, i + 1) ? t->d.meta.docno.text : s;
    else if (!o->n_signers && str_eat(&rest, S("签发人：")))
        take_signers(t, rest);
    else if (o->editor.n || !take_editor(t, s))
        return false;
    t->used[i] = true;
    return true;
}

/* The mark begins at i: *end is the line behind it. One line that ends with its word, or several of organs and the last does; behind it a
 * number or 签发人 (else it may be a title: 关于…的公告), but for minutes that were said to be such. */
static bool is_mark(const struct typing *t, size_t i, size_t *end)
{
    size_t k = i;

    for (int n = 0; n < ISSUERS_LINES && k < t->d.n_lines; n++, k = next_line(t, k)) {
        struct str s = line_str(t, k), next;
        if (!is_name(t, k) || str_has(s, S("关于")))
            return false;
        if (!cut_mark(&s).n)
            continue;
        *end = next_line(t, k);
        next = *end < t->d.n_lines ? line_str(t, *end) : S("");
        return is_number(t, *end) || str_starts(next, S("签发人：")) ||
               (t->form_said && t->o->form == OFFICIAL_MINUTES &&
                   str_ends(line_str(t, k), S("纪要")));
    }
    return false;
}

/* The next line at which a mark begins, some strange lines ahead at most, and the line behind the mark; SIZE_MAX: there is none. */
static size_t mark_ahead(const struct typing *t, size_t i, size_t *end)
{
    if (t->mark_said || t->o->n_issuers)
        return SIZE_MAX;
    for (int n = 0; n < STRANGE_LINES && i < t->d.n_lines; n++, i = next_line(t, i)) {
        if (is_mark(t, i, end))
            return i;
        if (str_has(line_str(t, i), S("关于"))) /* the title, and its last line may be 通报 */
            break;
    }
    return SIZE_MAX;
}

/* What stands in front of the title and can be told without it; returns the line behind. */
static size_t red_head(struct typing *t)
{
    size_t i = 0, at, end;

    while (i < t->d.n_lines && i < HEAD_LINES) {
        if (line_str(t, i).n == 0 || head_element(t, i)) {
            i++;
        } else if ((i = mark_ahead(t, at = i, &end)) != SIZE_MAX) {
            for (; i < end; i++)
                if (line_str(t, i).n) {
                    take_mark(t, line_str(t, i));
                    t->used[i] = true;
                }
        } else {
            return at;
        }
    }
    return i;
}

/* ---- title ---- */

static void title_line(struct typing *t, size_t i)
{
    struct str s = line_str(t, i), *title = &t->o->title;

    if (!s.n)
        return;
    *title = title->n ? arena_cat(t->a, arena_cat(t->a, *title, S("\n")), s) : s;
    t->used[i] = true;
}

/* Of several organs, each in a line, and the rest of their title: the line behind the one that ends with a genre; from: there is none. */
static size_t behind_genre(const struct typing *t, size_t from)
{
    if (genre_of_title(t->o->title, NULL) != GENRE_NONE)
        return from;
    for (size_t i = from; i < t->d.n_lines && i < from + TITLE_LINES && is_name(t, i); i++)
        if (genre_of_title(line_str(t, i), NULL) != GENRE_NONE)
            return i + 1;
    return from;
}

/* 国办发〔2018〕129号 below the title, where a text published on a page of the web has it; paper without a head keeps it there. */
static bool number_below(struct typing *t, size_t i)
{
    if (t->o->docno.n || i >= t->d.n_lines || !is_number(t, i) ||
        !str_has(line_str(t, i), S("〔")) || !str_ends(line_str(t, i), S("号")))
        return false;
    if (t->form_said && t->o->form == OFFICIAL_PLAIN)
        t->o->occasion = line_str(t, i);
    else
        t->o->docno = line_str(t, i);
    t->used[i] = true;
    return true;
}

/* 国办函〔2004〕36号, 国函〔2006〕132号 */
static bool is_letter_number(struct str s)
{
    struct str code, year;

    return str_cut(s, S("〔"), &code, &year) && str_ends(code, S("函"));
}

/* Such a text has no mark either: who signs it, else who stands in its title, is the mark's name. */
static void issuer_of_text(struct typing *t)
{
    const struct meta *m = &t->d.meta;
    struct official *o = t->o;
    struct str name = m->signature.text;

    if (o->n_issuers || o->mark_word.n || t->mark_said)
        return;
    if (!authority_is_organ(name))
        name = authority_in_title(o->title);
    if (!name.n)
        return;
    o->issuers = typeset_listed(t->a, name, &o->n_issuers);
    if (!is_letter_number(o->docno))
        o->mark_word = S("文件");
    typeset_note(t, arena_printf(t->a,
                        "发文字号写在标题下面，已移到版头，发文机关标志按%.*s排；"
                        "不要版头的在最前面写“版式：白头”",
                        SF(name)));
}

/* Lines between what was taken for the title and 主送 belong to the title: nothing else can stand there. */
static void title_goes_on(struct typing *t)
{
    struct text_span at = t->d.meta.addressee.at;
    size_t to = inside(t, at, t->first, t->first + TITLE_LINES) ? line_at(t, at.begin)
                                                                : behind_genre(t, t->first);

    for (size_t i = t->first; i < to; i++)
        if (line_str(t, i).n && !is_name(t, i) && !is_number(t, i) &&
            !str_has(line_str(t, i), S("《")))
            return;
    for (; t->first < to; t->first++)
        if (!number_below(t, t->first))
            title_line(t, t->first);
}

static void title_at(struct typing *t, size_t from)
{
    const struct meta *m = &t->d.meta;
    size_t first, last;

    t->first = from;
    if (m->title.text.n && inside(t, m->title.at, from, HEAD_LINES) &&
        (line_at(t, m->title.at.begin) != line_at(t, m->title.at.end - 1) ||
            fills_line(t, m->title.at))) {
        first = line_at(t, m->title.at.begin);
        last = line_at(t, m->title.at.end - 1);
        for (size_t i = from; i < first; i++) { /* of a letter: the name of the organ alone */
            if (line_str(t, i).n == 0 || head_element(t, i))
                continue;
            if (t->o->n_issuers || t->o->mark_word.n || t->mark_said || !is_name(t, i))
                continue;
            take_mark(t, line_str(t, i));
            t->used[i] = true;
        }
        if (first == last) {
            t->o->title = m->title.text;
            t->used[first] = true;
        } else {
            for (size_t i = first; i <= last; i++)
                title_line(t, i);
        }
        t->first = last + 1;
        title_goes_on(t);
        return;
    }
    if (from < t->d.n_lines && utf8_len_cp(line_str(t, from)) <= TITLE_CP &&
        !str_ends(line_str(t, from), S("。"))) {
        title_line(t, from);
        t->first = from + 1;
        title_goes_on(t);
        if (!t->o->n_issuers && !t->o->mark_word.n)
            typeset_note(t, S("没有认出标题，第一行按标题排"));
    } else {
        typeset_note(t, S("没有认出标题，全文按正文排"));
    }
}

static void title(struct typing *t, size_t from)
{
    bool above = t->o->docno.n > 0;
    size_t i;

    title_at(t, from);
    if (above)
        return;
    for (i = t->first; i < t->d.n_lines && line_str(t, i).n == 0; i++)
        ;
    if (number_below(t, i))
        t->first = i + 1;
    if (t->o->docno.n)
        issuer_of_text(t);
}

/* 经云岭市市场监督管理局核准，现将有关事项公告如下： leads to the text, it names nobody to whom it goes. */
static bool leads_on(struct str s)
{
    static const struct str words[] = {
        SC("如下"), SC("以下"), SC("，现"), SC("，特"), SC("决定"), SC("规定")};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_has(s, words[i]))
            return true;
    return false;
}

/* 省国资委党委、省国资委： in a line of its own. */
static bool names_addressee(const struct typing *t, size_t i)
{
    struct str s = line_str(t, i);

    return str_ends(s, S("：")) && t->d.lines[i].label == LABEL_NONE && !str_has(s, S("。")) &&
           !leads_on(s) && str_find(s, S("："), 0) == s.n - S("：").n;
}

/* Below the title of a paper or letter. */
static bool is_addressee(const struct typing *t, size_t i)
{
    return (t->o->form == OFFICIAL_PAPER || t->o->form == OFFICIAL_LETTER) && t->o->title.n &&
           names_addressee(t, i);
}

static void take_addressee(struct typing *t, size_t i)
{
    t->o->addressee = line_str(t, i);
    str_eat_end(&t->o->addressee, S("："));
    t->used[i] = true;
    t->first = i + 1;
}

static void addressee(struct typing *t)
{
    const struct meta_value *v = &t->d.meta.addressee;
    size_t i = t->first;

    if (!inside(t, v->at, t->first, t->d.n_lines)) {
        while (i < t->d.n_lines && line_str(t, i).n == 0)
            i++;
        if (i < t->d.n_lines && is_addressee(t, i))
            take_addressee(t, i);
        return;
    }
    t->o->addressee = v->text;
    use(t, v->at);
    t->first = line_at(t, v->at.end - 1) + 1;
}

/* 张某某; 集团党委书记、董事长　张某某: a blank parts the post from the name. */
static bool names_speaker(const struct typing *t, struct str s)
{
    size_t most = str_has(s, S("　")) || str_has(s, S(" ")) ? SIGN_CP : SPEAKER_CP;

    return (t->o->form == OFFICIAL_SPEECH || t->o->form == OFFICIAL_READING) && !t->o->speaker.n &&
           utf8_len_cp(s) <= most && !str_ends(s, S("：")) && !str_has(s, S("。")) &&
           t->d.lines[t->first].label == LABEL_NONE;
}

/* Below the title of a speech: its day in brackets, who speaks. */
static void below_title(struct typing *t)
{
    for (size_t n = 0; n < 3 && t->first < t->d.n_lines; n++) {
        struct str s = line_str(t, t->first);
        bool bracket = str_starts(s, S("（")) && str_ends(s, S("）"));
        if (s.n == 0) {
            t->first++;
            continue;
        }
        if (bracket && utf8_len_cp(s) <= SIGN_CP)
            t->o->occasion = s;
        else if (names_speaker(t, s))
            t->o->speaker = s;
        else
            return;
        t->used[t->first++] = true;
    }
}

static enum official_form form_of(const struct typing *t)
{
    const struct official *o = t->o;
    int g = t->d.meta.genre;

    if (str_eq(o->mark_word, S("命令")) || str_eq(o->mark_word, S("令")))
        return OFFICIAL_ORDER;
    if (str_ends(o->mark_word, S("纪要")))
        return OFFICIAL_MINUTES;
    if (str_eq(o->mark_word, S("简报")) || g == GENRE_BULLETIN)
        return OFFICIAL_BULLETIN;
    if (g == GENRE_SPEECH || t->d.meta.speaker.text.n)
        return OFFICIAL_SPEECH;
    if (o->n_issuers == 0 && !o->mark_word.n && !o->docno.n)
        return OFFICIAL_PLAIN;
    return (g == GENRE_LETTER || is_letter_number(o->docno)) && !o->mark_word.n ? OFFICIAL_LETTER
                                                                                : OFFICIAL_PAPER;
}

/* What nothing told stays text, in front: it is said, for it is rarely meant. */
static void left_over(struct typing *t)
{
    for (size_t i = 0; i < t->first && i < t->d.n_lines; i++)
        if (!t->used[i] && line_str(t, i).n && t->d.lines[i].kind != META_NOTE)
            typeset_note(t, arena_printf(t->a, "第%zu行没有认出是什么，排在正文前面：%.*s", i + 1,
                                SF(str_sub(line_str(t, i), 0, utf8_off(line_str(t, i), 20)))));
}

void typeset_head(struct typing *t)
{
    size_t from = red_head(t);
    bool titled;

    if (!t->form_said)
        t->o->form = form_of(t);
    titled = t->o->form != OFFICIAL_ORDER;
    if (t->o->form == OFFICIAL_MINUTES && (t->o->n_issuers || t->o->mark_word.n))
        titled = from < t->d.n_lines && str_ends(line_str(t, from), S("纪要"));
    if (titled)
        title(t, from);
    else
        t->first = from;
    if (!t->form_said)
        t->o->form = form_of(t);
    below_title(t);
    addressee(t);
    left_over(t);
}

/* ---- texts that are carried ---- */

/* （2026年7月1日…第3次会议通过）, over several lines where somebody broke it: the line behind it; `from`: there is none. */
static size_t bracket_below(const struct typing *t, size_t from, struct str *whole)
{
    struct str s = S("");

    for (size_t i = from; i < t->d.n_lines && i < from + BRACKET_LINES; i++) {
        struct str one = line_str(t, i);
        if (!one.n || t->d.lines[i].label != LABEL_NONE ||
            (i == from && !str_starts(one, S("（")) && !str_starts(one, S("("))))
            return from;
        s = i == from ? one : arena_cat(t->a, s, one);
        if (utf8_len_cp(s) > BRACKET_CP)
            return from;
        if (str_ends(one, S("）")) || str_ends(one, S(")"))) {
            *whole = s;
            return i + 1;
        }
    }
    return from;
}

/* One line, or a bracket, below the title of what is carried: false: the text begins. */
static bool below_carried(struct typing *t)
{
    struct official *o = t->o;
    size_t i = t->first, end = i + 1, off = 0;
    struct str s = line_str(t, i), bracket = S("");
    struct lex_date day;

    if (!o->docno.n && is_number(t, i) && str_has(s, S("〔")))
        o->docno = s;
    else if (!o->occasion.n && lex_date(s, &off, true, &day) && off == s.n)
        o->occasion = s;
    else if (!o->speaker.n && is_name(t, i) && authority_is_organ(s))
        o->speaker = s;
    else if (!o->occasion.n && (end = bracket_below(t, i, &bracket)) > i)
        o->occasion = bracket;
    else
        return false;
    for (; i < end; i++)
        t->used[i] = true;
    t->first = end;
    return true;
}

void typeset_carried_head(struct typing *t, size_t title_lines)
{
    for (size_t i = 0; i < title_lines; i++)
        title_line(t, i);
    t->first = title_lines;
    for (int n = 0; n < BELOW_LINES && t->first < t->d.n_lines; n++) {
        while (t->first < t->d.n_lines && line_str(t, t->first).n == 0)
            t->first++;
        if (t->first < t->d.n_lines && !below_carried(t))
            break;
    }
    if (inside(t, t->d.meta.addressee.at, t->first, t->first + 1))
        addressee(t);
    else if (t->first < t->d.n_lines && names_addressee(t, t->first))
        take_addressee(t, t->first);
}

/* ---- tail ---- */

static void tail_value(struct typing *t, const struct meta_value *v, struct str *to)
{
    if (!inside(t, v->at, t->first, t->d.n_lines))
        return;
    *to = v->text;
    use(t, v->at);
}

static void tail_date(struct typing *t)
{
    const struct meta_day *m = &t->d.meta.issued;

    if (m->date.year == 0 || m->date.day == 0 || !inside(t, m->at, t->first, t->last))
        return;
    if (line_str(t, line_at(t, m->at.begin)).n > m->at.end - m->at.begin + 8)
        return; /* in a sentence */
    t->o->date = arena_printf(t->a, "%d年%d月%d日", m->date.year, m->date.month, m->date.day);
    use(t, m->at);
}

static void signatures(struct typing *t)
{
    const struct meta_value *m = &t->d.meta.signature;
    struct official *o = t->o;
    struct str *names;
    size_t n;

    if (!inside(t, m->at, t->first, t->last))
        return;
    names = typeset_listed(t->a, m->text, &n);
    o->signatures = ARENA_ARRAY(t->a, struct official_signature, n);
    for (size_t i = 0; i < n; i++)
        o->signatures[i].name = names[i];
    o->n_signatures = n;
    use(t, m->at);
}

/* The line that is a day and nothing else, the last of the text. */
static size_t date_line(struct typing *t)
{
    size_t i = t->last;

    for (int n = 0; n < TAIL_LINES && i > t->first; n++) {
        struct lex_date day;
        struct str s = line_str(t, --i);
        size_t off = 0;
        if (!t->used[i] && lex_date(s, &off, true, &day) && off == s.n && day.day)
            return i;
    }
    return SIZE_MAX;
}

/* Names right above the day are who signs; 董事长　张卫国 with 签名章 are a post and the stamp's name. Where the reader of metadata found none:
 * it wants an organ. */
static void names_above_date(struct typing *t)
{
    struct official *o = t->o;
    size_t day, i, n = 0;

    if (o->date.n)
        day = line_at(t, t->d.meta.issued.at.begin);
    else if ((day = date_line(t)) != SIZE_MAX) {
        struct lex_date d;
        size_t off = 0;
        (void)lex_date(line_str(t, day), &off, true, &d);
        o->date = arena_printf(t->a, "%d年%d月%d日", d.year, d.month, d.day);
        t->used[day] = true;
    } else {
        return;
    }
    i = day;
    while (n < SIGN_LINES && i > t->first && is_name(t, i - 1) && !t->used[i - 1]) {
        i--;
        n++;
    }
    o->signatures = ARENA_ARRAY(t->a, struct official_signature, n);
    for (; i < day; i++) {
        struct official_signature *s = &o->signatures[o->n_signatures++];
        s->name = line_str(t, i);
        t->used[i] = true;
        if (o->seal == OFFICIAL_STAMPED) {
            struct str post, who;
            if (str_cut(s->name, S("　"), &post, &who) || str_cut(s->name, S(" "), &post, &who)) {
                s->name = str_trim(post);
                s->stamp = str_trim(who);
            }
        }
    }
}

static bool is_issuer(const struct typing *t, size_t i)
{
    for (size_t k = 0; k < t->o->n_issuers; k++)
        if (str_eq(line_str(t, i), t->o->issuers[k]))
            return true;
    return false;
}

/* A draft has no day before it is signed: the names of the organs of the mark at the end of the text are the signature all the same. */
static void undated(struct typing *t)
{
    struct official *o = t->o;
    size_t end = t->last, note = 0, i;

    for (int n = 0; n < TAIL_LINES && end > t->first && !is_issuer(t, end - 1); n++) {
        struct str s = line_str(t, end - 1);
        if (str_starts(s, S("（")) && str_ends(s, S("）")) && !note)
            note = end - 1;
        else if (s.n && !t->used[end - 1])
            return;
        end--;
    }
    for (i = end; i > t->first && end - i < SIGN_LINES && is_issuer(t, i - 1);)
        i--;
    if (i < end && note) { /* 附注: read by its place below the day, which is not there */
        o->note = line_str(t, note);
        t->used[note] = true;
    }
    o->signatures = ARENA_ARRAY(t->a, struct official_signature, end - i);
    for (; i < end; i++) {
        o->signatures[o->n_signatures++].name = line_str(t, i);
        t->used[i] = true;
    }
}

static void attachments(struct typing *t)
{
    const struct meta *m = &t->d.meta;
    struct str *v = ARENA_ARRAY(t->a, struct str, m->n_attachments);
    size_t n = 0;

    for (size_t i = 0; i < m->n_attachments && n < OFFICIAL_LIST_MAX; i++)
        if (inside(t, m->attachments[i].at, t->first, t->last)) {
            v[n++] = m->attachments[i].text;
            use(t, m->attachments[i].at);
        }
    t->o->attachments = v;
    t->o->n_attachments = n;
}

/* 出席：, 请假：, 列席： */
static void lists(struct typing *t)
{
    static const struct str labels[] = {SC("出席"), SC("请假"), SC("列席"), SC("缺席"), SC("记录"),
        SC("主持"), SC("发送"), SC("分送")};
    struct official_list *v = NULL;
    size_t cap = 0, n = 0;

    for (size_t i = t->first; i < t->last && n < OFFICIAL_LIST_MAX; i++)
        for (size_t k = 0; k < sizeof labels / sizeof *labels; k++) {
            struct str s = line_str(t, i);
            if (str_eat(&s, labels[k]) && (str_eat(&s, S("：")) || str_eat(&s, S(":")))) {
                ARENA_PUSH(t->a, v, n, cap) = (struct official_list){labels[k], str_trim(s)};
                t->used[i] = true;
            }
        }
    t->o->lists = v;
    t->o->n_lists = n;
}

/* 共印50份, in brackets or not. */
static bool is_run(struct str s, struct str *run)
{
    bool open = str_eat(&s, S("（"));

    if (open && !str_eat_end(&s, S("）")))
        return false;
    *run = s;
    if (!str_eat(&s, S("共印")) || !str_eat_end(&s, S("份")) || utf8_len_cp(s) > RUN_CP)
        return false;
    return s.n > 0;
}

/* The last lines of a bulletin, 报：, 送：, 发：, 共印50份, stand at the foot of its last page. */
static void bulletin_foot(struct typing *t)
{
    static const struct str labels[] = {
        SC("报送"), SC("报"), SC("送"), SC("发送"), SC("分送"), SC("发"), SC("主报"), SC("主送")};
    struct official_list v[OFFICIAL_TO_MAX];
    size_t n = 0;

    for (size_t i = t->last; i > t->first && n < OFFICIAL_TO_MAX; i--) {
        struct str s = line_str(t, i - 1), run;
        size_t k = 0, was = n;
        if (!s.n || t->used[i - 1])
            continue;
        if (!t->o->run.n && n == 0 && is_run(s, &run)) {
            t->o->run = run;
            t->used[i - 1] = true;
            continue;
        }
        for (; k < sizeof labels / sizeof *labels && n == was; k++) {
            struct str rest = s;
            if (!str_eat(&rest, labels[k]) ||
                !(str_eat(&rest, S("：")) || str_eat(&rest, S(":"))) || !str_trim(rest).n)
                continue;
            rest = str_trim(rest);
            (void)str_eat_end(&rest, S("。"));
            v[n++] = (struct official_list){labels[k], rest};
        }
        if (n == was)
            break;
        t->used[i - 1] = true;
    }
    t->o->to = ARENA_ARRAY(t->a, struct official_list, n + 1);
    for (size_t i = 0; i < n; i++)
        t->o->to[i] = v[n - 1 - i];
    t->o->n_to = n;
}

void typeset_tail(struct typing *t)
{
    const struct meta *m = &t->d.meta;

    attachments(t);
    signatures(t);
    tail_date(t);
    if (!t->o->n_signatures)
        names_above_date(t);
    if (!t->o->n_signatures && !t->o->date.n)
        undated(t);
    tail_value(t, &m->note, &t->o->note);
    str_eat(&t->o->note, S("（"));
    str_eat_end(&t->o->note, S("）"));
    tail_value(t, &m->cc, &t->o->cc);
    str_eat_end(&t->o->cc, S("。"));
    tail_value(t, &m->printer, &t->o->printer);
    if (m->printed.date.day && inside(t, m->printed.at, t->first, t->d.n_lines)) {
        t->o->printed = arena_printf(
            t->a, "%d年%d月%d日", m->printed.date.year, m->printed.date.month, m->printed.date.day);
        use(t, m->printed.at);
    }
    if (t->o->form == OFFICIAL_BULLETIN)
        bulletin_foot(t);
    if (t->o->form == OFFICIAL_MINUTES || (t->o->form == OFFICIAL_BULLETIN && !t->o->n_to))
        lists(t);
}
