#include "base/utf8.h"
#include "text/authority.h"
#include "text/meta_int.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
    HISTORY_CP_MAX = 1040,
    SIGNATURE_ROWS_MAX = 30,
    SIGNATURE_CP_MAX = 60,
    LAST_ROWS = 12, /* a date without signature counts only near the end */
    SENTENCE_BYTES = 1200
};

/* ---- the history of a statute ---- */

static const struct {
    struct str word;
    enum meta_event_kind kind;
} verbs[] = {{SC("修正"), EVENT_AMENDED}, {SC("修订"), EVENT_AMENDED}, {SC("修改"), EVENT_AMENDED},
    {SC("公布"), EVENT_ISSUED}, {SC("发布"), EVENT_ISSUED}, {SC("颁布"), EVENT_ISSUED},
    {SC("印发"), EVENT_ISSUED}, {SC("批准"), EVENT_APPROVED}, {SC("通过"), EVENT_ADOPTED},
    {SC("施行"), EVENT_IN_FORCE}, {SC("实施"), EVENT_IN_FORCE}};

/* The verb that ends the part of one date; titles inside 《》 do not count. */
static bool verb_of(struct str part, enum meta_event_kind *kind)
{
    size_t best = 0, from = 0;
    struct str s = part;

    for (size_t at = str_find(s, S("》"), 0); at != SIZE_MAX; at = str_find(s, S("》"), at + 1))
        from = at + S("》").n;
    if (str_trim(str_sub(s, from, s.n)).n >=
        S("修正").n) /* else: …的决定修正》, written so by mistake */
        s = str_sub(s, from, s.n);
    for (size_t i = 0; i < COUNT(verbs); i++)
        for (size_t at = str_find(s, verbs[i].word, 0); at != SIZE_MAX;
             at = str_find(s, verbs[i].word, at + 1))
            if (at + 1 > best) {
                best = at + 1;
                *kind = verbs[i].kind;
            }
    if (best == 0 && str_has(s, S("令第"))) {
        *kind = EVENT_ISSUED;
        return true;
    }
    return best > 0;
}

static bool left_open(struct str s)
{
    int depth = 0;

    for (size_t at = 0; at < s.n;) {
        uint32_t cp = utf8_next(s, &at);
        depth += cp == 0x300A ? 1 : cp == 0x300B ? -1 : 0;
    }
    return depth > 0;
}

/* Row i goes on with a 《 that the history in the rows before left open. */
static bool history_rest(struct meta_reader *r, size_t i)
{
    struct str row = meta_row_str(r, i);
    const struct meta_event *last;
    enum meta_event_kind kind;

    if (i == 0 || r->m->n_events == 0 || row.n > 600 || str_has(row, S("。")))
        return false;
    last = &r->m->events[r->m->n_events - 1];
    if (last->at.end != r->rows[i - 1].end || !left_open(span_str(r->s, last->at)))
        return false;
    if (str_starts(row, S("〈")) || str_starts(row, S("<")))
        return true;
    return str_has(row, S("》")) && verb_of(row, &kind);
}

/* 上海市第十五届人民代表大会常务委员会第二十一次会议 → 上海市人民代表大会常务委员会. */
struct str meta_without_session(struct meta_reader *r, struct str s)
{
    size_t at = str_find(s, S("第"), 0), end;
    int v;

    if (at == SIZE_MAX)
        return s;
    end = at + S("第").n;
    if (!lex_number(s, &end, &v) || !str_starts(str_sub(s, end, s.n), S("届")))
        return s;
    end += S("届").n;
    return arena_cat(r->a, str_sub(s, 0, at), str_sub(s, end, s.n));
}

static struct str organ_of_part(struct meta_reader *r, struct str part)
{
    static const struct str ends[] = {SC("审判委员会"), SC("检察委员会"), SC("令第"), SC("令（"),
        SC("公告"), SC("第"), SC("发布"), SC("公布"), SC("批准"), SC("通过"), SC("《"), SC("会议")};
    struct str s = str_trim(part), o;
    size_t cut = SIZE_MAX;

    o = meta_without_session(r, s);
    for (size_t i = 0; i < COUNT(ends); i++) {
        size_t at = str_find(o, ends[i], 0);
        if (at != SIZE_MAX && at < cut)
            cut = at;
    }
    o = str_trim(str_sub(o, 0, cut == SIZE_MAX ? o.n : cut));
    str_eat_end(&o, S("第"));
    if (str_eq(o, S("人民代表大会常务委员会")) || str_eq(o, S("人民代表大会")))
        o = arena_cat(r->a, S("全国"), o);
    if (o.n > S("中华人民共和国").n)
        str_eat(&o, S("中华人民共和国"));
    return authority_is_organ(o) ? o : S("");
}

static bool known_event(const struct meta *m, size_t begin)
{
    for (size_t i = 0; i < m->n_events; i++)
        if (m->events[i].at.begin == begin)
            return true;
    return false;
}

static void number_of_part(struct meta_reader *r, struct str part, const struct meta_event *e)
{
    struct docno d;
    size_t from = 0;

    if (e->kind == EVENT_ISSUED && r->m->docno.text.n == 0 && docno_next(part, &from, &d))
        meta_set_docno(r, &d, (size_t)(part.p - r->s.p), 92);
}

static bool starts_dated(struct str s, size_t *off)
{
    struct lex_date d;
    size_t at = 0;

    while (str_eat(&s, S("（")) || str_eat(&s, S("(")) || str_eat(&s, S("根据")) ||
           str_eat(&s, S("自")) || str_eat(&s, S("　")))
        ;
    *off = (size_t)0;
    return lex_date(s, &at, true, &d) && d.day > 0;
}

/* The next whole date at or after *from in `s`. */
static bool next_date(struct str s, size_t *from, struct lex_date *d, size_t *begin)
{
    size_t at = *from;

    while (at < s.n) {
        size_t start = at, behind = at;
        uint32_t cp = utf8_next(s, &at);
        if (lex_digit(cp) < 0 && cp != 0x4E8C && cp != 0x4E00) /* 二 一 */
            continue;
        if (lex_date(s, &behind, true, d) && d->day > 0) {
            *begin = start;
            *from = behind;
            return true;
        }
        while (at < s.n && lex_digit(lex_peek(s, at)) >= 0)
            utf8_next(s, &at);
    }
    return false;
}

static void put_event(
    struct meta_reader *r, struct str line, const size_t span[3], struct lex_date d)
{
    struct str part = str_sub(line, span[1], span[2] - span[1]);
    struct meta *m = r->m;
    size_t shift = (size_t)(line.p - r->s.p), cap = m->n_events;
    struct meta_event e = {.date = d, .at = {shift + span[0], shift + span[2]}};

    if (!verb_of(part, &e.kind) || known_event(m, e.at.begin) || m->n_events >= META_LIST_MAX)
        return;
    e.organ = organ_of_part(r, part);
    number_of_part(r, part, &e);
    if (e.kind == EVENT_IN_FORCE)
        m->in_force = (struct meta_day){d, e.at, 95};
    m->events = arena_grow(r->a, m->events, m->n_events, &cap, sizeof(e));
    m->events[m->n_events++] = e;
}

bool meta_history(struct meta_reader *r, size_t i)
{
    struct str line = meta_row_str(r, i);
    size_t from = 0, begin, unused;
    struct lex_date d, next;
    enum meta_event_kind kind;

    if (history_rest(r, i)) {
        r->m->events[r->m->n_events - 1].at.end = r->rows[i].end;
        return true;
    }
    if (utf8_len_cp(line) > HISTORY_CP_MAX || !starts_dated(line, &unused) ||
        !verb_of(line, &kind) || str_has(line, S("。")) || str_has(line, S("，")))
        return false;
    if (!next_date(line, &from, &d, &begin))
        return false;
    for (;;) {
        size_t after = from, span[3] = {begin, from, line.n}, next_begin = line.n;
        bool more = next_date(line, &after, &next, &next_begin);
        if (more)
            span[2] = next_begin;
        put_event(r, line, span, d);
        if (!more)
            return true;
        d = next;
        begin = next_begin;
        from = after;
    }
}

/* ---- signature and date ---- */

/* Row i as a signature: a bulletin is signed 某某办公室编. */
static struct str signing(const struct meta_reader *r, size_t i)
{
    struct str row = meta_row_str(r, i);

    if (r->m->genre == GENRE_BULLETIN && !str_eat_end(&row, S("编印")))
        str_eat_end(&row, S("编"));
    return row;
}

/* The next of the organs of a row: side by side they are a tab apart, or the blank that a tab became. */
static bool next_organ(struct str *row, struct str *one)
{
    struct str whole = *row;

    if (!str_cut(whole, S("\t"), one, row) && !str_cut(whole, S("　"), one, row)) {
        *one = whole;
        *row = S("");
    }
    *one = str_trim(*one);
    return one->n > 0;
}

static bool organs(struct str row)
{
    struct str one;
    bool any = false;

    while (next_organ(&row, &one)) {
        if (utf8_len_cp(one) > SIGNATURE_CP_MAX || !authority_is_organ(one))
            return false;
        any = true;
    }
    return any;
}

/* Rows that can stand as issuers above the date in row i. Returns the first of them, or i. */
static size_t signature_rows(struct meta_reader *r, size_t i)
{
    size_t first = i;

    while (first > r->body && i - first < SIGNATURE_ROWS_MAX) {
        if (!organs(signing(r, first - 1)))
            break;
        first--;
    }
    return first;
}

static void take_signature(struct meta_reader *r, size_t first, size_t last)
{
    struct meta_value v = {.at = {r->rows[first].begin, r->rows[last].end}, .sure = 93};
    struct str all = S("");

    for (size_t i = first; i <= last; i++) {
        struct str row = signing(r, i), one;
        while (next_organ(&row, &one)) {
            if (all.n)
                all = arena_cat(r->a, all, S("、"));
            all = arena_cat(r->a, all, one);
        }
    }
    v.text = all;
    r->m->signature = v;
}

/* 国务院办公厅 2019年1月22日 on one line. */
static bool signed_line(struct meta_reader *r, size_t i)
{
    struct str line = meta_row_str(r, i), organ;
    struct lex_date d;
    size_t from = 0, begin, shift = r->rows[i].begin;

    if (utf8_len_cp(line) > SIGNATURE_CP_MAX || !next_date(line, &from, &d, &begin) || begin == 0 ||
        str_trim(str_sub(line, from, line.n)).n > 0)
        return false;
    organ = str_trim(str_sub(line, 0, begin));
    if (!authority_is_organ(organ) || lex_blanks(line, organ.n) == organ.n)
        return false;
    r->m->signature = meta_value_of(r, organ, 90);
    r->m->issued = (struct meta_day){d, {shift + begin, shift + from}, 92};
    return true;
}

/* Is row i, a date alone, the date of the document? */
static bool dated_row(struct meta_reader *r, size_t i, const struct lex_date *d)
{
    size_t first = signature_rows(r, i);
    struct text_span at = {r->rows[i].begin, r->rows[i].end};

    if (first < i) {
        take_signature(r, first, i - 1);
        r->m->issued = (struct meta_day){*d, at, 95};
        return true;
    }
    if (i + LAST_ROWS < r->n || i < r->body + 2 || !str_ends(meta_row_str(r, i - 1), S("。")))
        return false;
    r->m->issued = (struct meta_day){*d, at, 78};
    return true;
}

static bool begins_attachment(struct str row)
{
    struct str rest = row;
    int v;
    size_t at = 0;

    if (!str_eat(&rest, S("附件")))
        return false;
    rest = str_trim(rest);
    if (lex_number(rest, &at, &v))
        rest = str_trim(str_sub(rest, at, rest.n));
    return rest.n == 0 || (at > 0 && str_eq(rest, S("：")));
}

static void find_signature(struct meta_reader *r)
{
    struct lex_date d;

    for (size_t i = r->body; i < r->n; i++) {
        struct str row = meta_row_str(r, i);
        if (r->rows[i].kind == META_ATTACH || begins_attachment(row)) {
            r->end = i;
            return;
        }
        if (r->rows[i].kind == META_ROW || row.n > 200)
            continue;
        if ((meta_date_line(row, &d) && dated_row(r, i, &d)) || signed_line(r, i)) {
            r->end = i + 1;
            return;
        }
    }
}

/* ---- lines around the end ---- */

static bool eat_colon(struct str *s)
{
    *s = str_trim(*s);
    return str_eat(s, S("：")) || str_eat(s, S(":"));
}

/* One name of 附件说明: number dropped, file size and the like left alone. */
static void put_attachment(struct meta_reader *r, struct str s, size_t *cap)
{
    size_t at = 0;
    int v;
    struct str name = str_trim(s), rest;

    if (lex_arabic(name, &at, &v)) {
        rest = str_trim(str_sub(name, at, name.n));
        if (str_eat(&rest, S(".")) || str_eat(&rest, S("．")) || str_eat(&rest, S("、")))
            name = str_trim(rest);
    }
    if (name.n == 0 || r->m->n_attachments >= META_LIST_MAX)
        return;
    ARENA_PUSH(r->a, r->m->attachments, r->m->n_attachments, *cap) = meta_value_of(r, name, 88);
}

static bool numbered_item(struct str s)
{
    size_t at = 0;
    int v;

    if (!lex_arabic(s, &at, &v) || v > 99)
        return false;
    s = str_trim(str_sub(s, at, s.n));
    return str_starts(s, S(".")) || str_starts(s, S("．")) || str_starts(s, S("、"));
}

/* 附件：1.… with the rows of further numbers behind it. Returns the row behind them. */
static size_t attachment_rows(struct meta_reader *r, size_t i)
{
    struct str s = meta_row_str(r, i);
    size_t cap = 0;
    bool many;

    if (!str_eat(&s, S("附件")) || !eat_colon(&s) || str_trim(s).n == 0)
        return i;
    s = str_trim(s);
    many = numbered_item(s);
    put_attachment(r, s, &cap);
    for (i++; many && i < r->n && numbered_item(meta_row_str(r, i)); i++)
        put_attachment(r, meta_row_str(r, i), &cap);
    return i;
}

static void imprint_row(struct meta_reader *r, struct str s)
{
    struct str rest = s;
    size_t from = 0, begin;
    struct lex_date d;

    if (str_eat(&rest, S("抄送")) && eat_colon(&rest)) {
        rest = str_trim(rest);
        str_eat_end(&rest, S("。"));
        r->m->cc = meta_value_of(r, rest, 92);
        return;
    }
    rest = s;
    if (!str_eat_end(&rest, S("印发")) || utf8_len_cp(s) > 60 ||
        !next_date(rest, &from, &d, &begin) || str_trim(str_sub(rest, from, rest.n)).n > 0)
        return;
    r->m->printed = (struct meta_day){
        d, {(size_t)(rest.p - r->s.p) + begin, (size_t)(rest.p - r->s.p) + from}, 95};
    rest = str_trim(str_sub(rest, 0, begin));
    if (authority_is_organ(rest))
        r->m->printer = meta_value_of(r, rest, 92);
}

static void note_row(struct meta_reader *r, size_t i)
{
    struct str row = i < r->n ? meta_row_str(r, i) : S("");

    if ((str_starts(row, S("（")) && str_ends(row, S("）"))) ||
        (str_starts(row, S("(")) && str_ends(row, S(")"))))
        if (utf8_len_cp(row) <= 60)
            r->m->note = meta_value_of(r, row, 90);
}

/* ---- in force, repeals ---- */

/* From the last 。 or line end before `at`. */
static size_t sentence_begin(struct str s, size_t at)
{
    size_t low = at > SENTENCE_BYTES ? at - SENTENCE_BYTES : 0, best = low;

    for (size_t i = at; i > low; i--)
        if (s.p[i - 1] == '\n') {
            best = i;
            break;
        }
    for (size_t i = str_find(str_sub(s, 0, at), S("。"), best); i != SIZE_MAX;
         i = str_find(str_sub(s, 0, at), S("。"), best))
        best = i + S("。").n;
    return best;
}

/* 自2012年3月1日起施行, said of this document (本条例, 本办法 …). */
static void in_force(struct meta_reader *r)
{
    static const struct str words[] = {
        SC("起施行"), SC("起实施"), SC("起执行"), SC("起生效"), SC("起正式施行")};

    for (size_t k = 0; k < COUNT(words); k++)
        for (size_t at = str_find(r->s, words[k], 0); at != SIZE_MAX;
             at = str_find(r->s, words[k], at + 1)) {
            size_t from = sentence_begin(r->s, at), begin, start = at > 90 ? at - 90 : 0;
            struct str part = str_sub(r->s, from, at - from);
            struct lex_date d;
            size_t self = str_find(part, S("本"), 0);
            size_t p = str_find(str_sub(r->s, 0, at), S("自"), start > from ? start : from), q;
            if (self == SIZE_MAX || p == SIZE_MAX || str_has(part, S("《")))
                continue;
            q = begin = p + S("自").n;
            begin = lex_blanks(r->s, begin);
            q = begin;
            if (!lex_date(r->s, &q, true, &d) || d.day == 0 || lex_blanks(r->s, q) != at)
                continue;
            r->m->in_force = (struct meta_day){d, {begin, q}, 95};
            return;
        }
}

/* The outermost 《…》 of s from *from on. */
static bool next_title(struct str s, size_t *from, struct text_span *in)
{
    size_t open = str_find(s, S("《"), *from), at;
    int depth = 0;

    if (open == SIZE_MAX)
        return false;
    at = open;
    while (at < s.n) {
        size_t before = at;
        uint32_t cp = utf8_next(s, &at);
        depth += cp == 0x300A ? 1 : cp == 0x300B ? -1 : 0;
        if (depth == 0) {
            *in = (struct text_span){open + S("《").n, before};
            *from = at;
            return true;
        }
    }
    return false;
}

static void repeal_sentence(struct meta_reader *r, struct text_span at, size_t *cap)
{
    struct str part = span_str(r->s, at);
    struct text_span in;
    size_t from = 0;

    while (r->m->n_repeals < META_LIST_MAX && next_title(part, &from, &in)) {
        struct str title = str_trim(span_str(part, in));
        if (title.n)
            ARENA_PUSH(r->a, r->m->repeals, r->m->n_repeals, *cap) = meta_value_of(r, title, 92);
    }
}

static void repeals(struct meta_reader *r)
{
    static const struct str words[] = {
        SC("同时废止"), SC("停止执行"), SC("同时停止执行"), SC("予以废止")};
    size_t cap = 0, last = SIZE_MAX;

    for (size_t k = 0; k < COUNT(words); k++)
        for (size_t at = str_find(r->s, words[k], 0); at != SIZE_MAX;
             at = str_find(r->s, words[k], at + 1)) {
            size_t from = sentence_begin(r->s, at);
            if (from == last || (k == 3 && !str_has(str_sub(r->s, from, at - from), S("起"))))
                continue;
            last = from;
            repeal_sentence(r, (struct text_span){from, at}, &cap);
        }
}

/* （已废止）, [失效] beside the title. */
static void own_state(struct meta_reader *r)
{
    static const struct str words[] = {SC("（已废止）"), SC("(已废止)"), SC("[已废止]"),
        SC("【已废止】"), SC("（失效）"), SC("[失效]"), SC("【失效】"), SC("（已失效）"),
        SC("【已失效】"), SC("[已失效]")};
    size_t end = r->body < r->n ? r->rows[r->body].begin : r->s.n;
    struct str head = str_sub(r->s, 0, end);

    for (size_t i = 0; i < COUNT(words) && r->m->repealed.text.n == 0; i++) {
        size_t at = str_find(head, words[i], 0);
        if (at != SIZE_MAX)
            r->m->repealed = meta_value_of(r, str_sub(r->s, at, words[i].n), 90);
    }
}

void meta_tail(struct meta_reader *r)
{
    own_state(r);
    if (r->news)
        return;
    if (r->m->n_events == 0 && r->m->issued.date.year == 0) {
        find_signature(r);
        if (r->m->issued.date.year)
            note_row(r, r->end);
    }
    for (size_t i = r->body; i < r->end && r->m->n_attachments == 0; i++)
        attachment_rows(r, i);
    for (size_t i = r->body; i < r->n; i++)
        if (r->rows[i].end - r->rows[i].begin < 3000 || str_starts(meta_row_str(r, i), S("抄送")))
            imprint_row(r, meta_row_str(r, i));
    in_force(r);
    repeals(r);
}
