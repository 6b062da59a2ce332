#include "text/meta.h"

#include <string.h>

#include "base/utf8.h"
#include "text/authority.h"
#include "text/meta_int.h"

enum { SPEECH_ROWS = 6 };

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct str meta_row_str(const struct meta_reader *r, size_t i)
{
    return str_sub(r->s, r->rows[i].begin, r->rows[i].end - r->rows[i].begin);
}

struct meta_value meta_value_of(struct meta_reader *r, struct str at, uint8_t sure)
{
    size_t begin = at.n ? (size_t)(at.p - r->s.p) : 0;

    return (struct meta_value){at, {begin, begin + at.n}, sure};
}

struct meta_value meta_join(struct meta_reader *r, size_t first, size_t last, uint8_t sure)
{
    struct meta_value v = {.at = {r->rows[first].begin, r->rows[last].end}, .sure = sure};
    struct str all = S("");

    if (first == last)
        return meta_value_of(r, meta_row_str(r, first), sure);
    for (size_t i = first; i <= last; i++)
        all = arena_cat(r->a, all, meta_row_str(r, i));
    v.text = all;
    return v;
}

void meta_set_docno(struct meta_reader *r, const struct docno *d, size_t shift, uint8_t sure)
{
    struct buf b;

    buf_init(&b, 0);
    docno_print(d, &b);
    r->m->number = *d;
    r->m->number.at.begin += shift;
    r->m->number.at.end += shift;
    r->m->docno = (struct meta_value){arena_str(r->a, buf_view(&b)), r->m->number.at, sure};
    buf_release(&b);
}

bool meta_date_line(struct str line, struct lex_date *d)
{
    struct str s = str_trim(line);
    size_t at = 0;

    if (!str_eat(&s, S("（")))
        str_eat(&s, S("("));
    s = str_trim(s);
    if (!lex_date(s, &at, true, d) || d->day == 0)
        return false;
    s = str_trim(str_sub(s, at, s.n));
    if (!str_eat(&s, S("）")))
        str_eat(&s, S(")"));
    return s.n == 0 || str_eq(s, S("&sp;")) || str_eq(s, S("。"));
}

static void split_rows(struct meta_reader *r, const uint8_t *kinds)
{
    size_t cap = 0, at = 0;

    for (size_t number = 0; at < r->s.n && r->n < META_LINES_MAX; number++) {
        size_t end = str_find(r->s, S("\n"), at);
        struct str line;
        uint8_t kind = kinds ? kinds[number] : META_BODY;
        if (end == SIZE_MAX)
            end = r->s.n;
        line = str_trim(str_sub(r->s, at, end - at));
        at = end + 1;
        if (line.n == 0 || kind == META_NOTE)
            continue;
        ARENA_PUSH(r->a, r->rows, r->n, cap) =
            (struct meta_row){(size_t)(line.p - r->s.p), (size_t)(line.p - r->s.p) + line.n, kind};
    }
}

/* ---- what follows from the pieces ---- */

static const struct meta_event *latest(const struct meta *m)
{
    const struct meta_event *best = NULL;

    for (size_t i = 0; i < m->n_events; i++)
        if (m->events[i].kind != EVENT_IN_FORCE &&
            (!best || lex_date_cmp(m->events[i].date, best->date) >= 0))
            best = &m->events[i];
    return best;
}

/* The National People's Congress publishes its law the day it adopts it. A local congress publishes days
 * later (measured: 138 of 920 in the corpus), a court's committee later still, and a city's law must
 * first be approved: there the day of issue is not in the text, and stays empty. */
static void day_of_statute(struct meta *m)
{
    const struct meta_event *e = latest(m);
    bool approved = false, local;

    if (!e)
        return;
    for (size_t i = 0; i < m->n_events; i++)
        approved |= m->events[i].kind == EVENT_APPROVED;
    local = str_has(e->organ, S("代表大会")) && !str_starts(e->organ, S("全国"));
    if (e->kind == EVENT_ISSUED)
        m->issued = (struct meta_day){e->date, e->at, 92};
    else if (e->kind == EVENT_AMENDED && !approved && !local)
        m->issued = (struct meta_day){e->date, e->at, 88};
    else if (e->kind == EVENT_ADOPTED && str_starts(e->organ, S("全国人民代表大会")))
        m->issued = (struct meta_day){e->date, e->at, 90};
    m->adopted = (struct meta_day){e->date, e->at, 95};
}

static void issuer_of_statute(struct meta *m)
{
    const struct meta_event *first = NULL;

    for (size_t i = 0; i < m->n_events && !first; i++)
        if (m->events[i].organ.n)
            first = &m->events[i];
    if (!first)
        return;
    m->issuer = (struct meta_value){first->organ, first->at, 88};
}

/* 国务院总理 李强 speaks for the State Council. */
static void issuer_of_speaker(struct meta *m)
{
    struct meta_value v = m->speaker;

    if (!str_starts(v.text, S("国务院总理")))
        return;
    v.text = str_sub(v.text, 0, S("国务院").n);
    v.at.end = v.at.begin + v.text.n;
    v.sure = 80;
    m->issuer = v;
}

/* 现在，我代表国务院，向大会报告工作: said in the first lines of a report. */
static void issuer_of_speech(struct meta_reader *r)
{
    for (size_t i = r->body; i < r->n && i < r->body + SPEECH_ROWS; i++) {
        struct str row = str_sub(meta_row_str(r, i), 0, 200), before, rest, name;
        if (!str_cut(row, S("我代表"), &before, &rest) || !str_cut(rest, S("，"), &name, &rest))
            continue;
        if (utf8_len_cp(name) > 20 || !authority_is_organ(name) || !str_has(rest, S("报告")))
            continue;
        r->m->issuer = meta_value_of(r, name, 85);
        return;
    }
}

/* Offsets in a joined title do not carry over to the text: give the whole title's span then. */
static struct meta_value in_title(const struct meta *m, struct str part, uint8_t sure)
{
    struct meta_value v = {part, m->title.at, sure};

    if (m->title.at.end - m->title.at.begin == m->title.text.n) {
        v.at.begin += (size_t)(part.p - m->title.text.p);
        v.at.end = v.at.begin + part.n;
    }
    return v;
}

/* The red head, the title, the signature, the letterhead, the history, the speaker: in this order; two that agree are surer. */
static void choose_issuer(struct meta_reader *r)
{
    struct meta *m = r->m;
    struct str organ = authority_in_title(m->title.text);

    if (r->news)
        return;
    if (organ.n && m->issuer.text.n == 0)
        m->issuer = in_title(m, organ, str_eq(organ, m->signature.text) ? 97 : 90);
    if (m->issuer.text.n == 0 && m->signature.text.n)
        m->issuer = m->signature;
    if (m->issuer.text.n == 0 && r->mark.text.n)
        m->issuer = r->mark;
    if (m->issuer.text.n == 0)
        issuer_of_statute(m);
    if (m->issuer.text.n == 0)
        issuer_of_speaker(m);
    if (m->issuer.text.n == 0)
        issuer_of_speech(r);
    m->issuer.text = meta_without_session(r, m->issuer.text);
    if (str_starts(m->issuer.text, S("人民代表大会")))
        m->issuer.text = arena_cat(r->a, S("全国"), m->issuer.text);
}

static void title_genre(struct meta_reader *r)
{
    struct text_span at = {0};
    struct str title = r->m->title.text;

    r->m->genre = genre_of_title(title, &at);
    if (r->m->genre != GENRE_NONE)
        r->m->genre_at = in_title(r->m, span_str(title, at), 0).at;
}

void meta_read(struct arena *a, struct str text, const uint8_t *kinds, struct meta *out)
{
    struct meta_reader r = {.a = a, .s = text, .m = out};

    memset(out, 0, sizeof(*out));
    split_rows(&r, kinds);
    r.end = r.n;
    if (r.n == 0)
        return;
    meta_head(&r);
    if (r.news)
        out->genre = GENRE_NEWS;
    else if (out->title.text.n)
        title_genre(&r);
    if (out->genre == GENRE_NONE && out->title.text.n && r.bulletin) {
        out->genre = GENRE_BULLETIN;
        out->genre_at =
            (struct text_span){r.rows[r.bulletin - 1].begin, r.rows[r.bulletin - 1].end};
    }
    meta_tail(&r);
    if (out->n_events && out->issued.date.year == 0)
        day_of_statute(out);
    choose_issuer(&r);
}

/* ---- file names ---- */

static bool eat_extension(struct str *s)
{
    static const char *const known[] = {".docx", ".doc", ".wps", ".pdf", ".ofd", ".txt", ".md",
        ".html", ".htm", ".xlsx", ".xls", ".csv", ".eml", ".zip", ".pptx", ".ppt", ".rtf", ".jpg",
        ".png", ".tif"};

    for (size_t i = 0; i < COUNT(known); i++)
        if (str_eat_end(s, str_z(known[i])))
            return true;
    return false;
}

/* 20240312 standing alone. */
static bool eight_digits(struct str s, size_t at, struct lex_date *d, size_t *end)
{
    size_t p = at, start;
    char digits[16];
    int n = 0;

    if (at > 0 && lex_digit(lex_prev(s, at, &start)) >= 0)
        return false;
    while (p < s.n && n < 9 && lex_digit(lex_peek(s, p)) >= 0) {
        int v = lex_digit(utf8_next(s, &p));
        digits[n++] = (char)('0' + v);
    }
    if (n != 8)
        return false;
    {
        char iso[12] = {digits[0], digits[1], digits[2], digits[3], '-', digits[4], digits[5], '-',
            digits[6], digits[7], 0, 0};
        size_t off = 0;
        if (!lex_date(str_z(iso), &off, true, d))
            return false;
    }
    *end = p;
    return true;
}

static bool date_in_name(struct str s, struct lex_date *d, struct text_span *at)
{
    for (size_t i = 0; i < s.n;) {
        size_t end = i;
        if ((lex_date(s, &end, true, d) && d->day) || eight_digits(s, i, d, &end)) {
            *at = (struct text_span){i, end};
            return true;
        }
        if (lex_digit(lex_peek(s, i)) >= 0)
            while (i < s.n && lex_digit(lex_peek(s, i)) >= 0)
                utf8_next(s, &i);
        else
            utf8_next(s, &i);
    }
    return false;
}

/* Brackets and joints that stood around a date at either end. */
static struct str without_joints(struct str s)
{
    static const struct str joints[] = {SC("_"), SC("-"), SC("("), SC(")"), SC("（"), SC("）"),
        SC("["), SC("]"), SC("【"), SC("】"), SC("."), SC(" "), SC("　"), SC("《"), SC("》"),
        SC("+")};
    size_t n;

    do {
        n = s.n;
        for (size_t i = 0; i < COUNT(joints); i++) {
            bool closes = i == 3 || i == 5 || i == 7 || i == 9 || i == 14;
            if (!closes)
                str_eat(&s, joints[i]);
            if (!closes || !str_has(s, joints[i - 1]))
                str_eat_end(&s, joints[i]);
        }
    } while (s.n < n);
    return s;
}

void meta_from_name(struct arena *a, struct str name, struct meta_name *out)
{
    struct meta_reader r = {.a = a, .s = name};
    struct str base = name, head, tail;
    struct text_span at;
    struct docno d;
    struct lex_date day;
    size_t from = 0, shift;

    memset(out, 0, sizeof(*out));
    if (str_cut_last(name, S("/"), &head, &tail))
        base = tail;
    eat_extension(&base);
    shift = (size_t)(base.p - name.p);
    if (docno_next(base, &from, &d)) {
        struct buf b;
        buf_init(&b, 0);
        docno_print(&d, &b);
        out->docno = (struct meta_value){
            arena_str(a, buf_view(&b)), {shift + d.at.begin, shift + d.at.end}, 50};
        buf_release(&b);
    }
    if (date_in_name(base, &day, &at)) {
        out->date.date = day;
        out->date.at = (struct text_span){shift + at.begin, shift + at.end};
        out->date.sure = 45;
        head = without_joints(str_sub(base, 0, at.begin));
        tail = without_joints(str_sub(base, at.end, base.n));
        base = head.n >= tail.n ? head : tail;
    }
    base = without_joints(base);
    if (base.n && utf8_is_han(lex_peek(base, 0)))
        out->title = meta_value_of(&r, base, 40);
}
