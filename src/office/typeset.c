#include "office/typeset.h"

#include <string.h>

#include "base/utf8.h"

enum {
    HEAD_LINES = 12,  /* in front of the title */
    FRONT_LINES = 20, /* of words that somebody put in front */
    RUN_IN_CP =
        50, /* a heading in front of its text ends with its first sentence, if that is so short */
    SIGN_CP = 40,
    TAIL_LINES = 12 /* signature, day, note, 版记 */
};

struct typing {
    struct arena *a;
    struct draft d;
    size_t base; /* of d.text in the text that was given */
    struct official *o;
    bool *used;         /* lines that are no text */
    size_t first, last; /* lines of the body */
    bool form_said, seal_said, mark_said;
    struct typeset_read *told;
    size_t cap_notes;
};

static void say(struct typing *t, struct str note)
{
    ARENA_PUSH(t->a, t->told->notes, t->told->n_notes, t->cap_notes) = note;
}

enum official_form typeset_form(struct str name)
{
    int f = 0;
    while (f < N_OFFICIAL_FORM && !str_eq(name, str_z(official_form_name((enum official_form)f))))
        f++;
    return (enum official_form)f;
}

/* 甲、乙 */
static struct str *listed(struct arena *a, struct str s, size_t *n)
{
    struct str *v = NULL, one;
    size_t cap = 0;

    *n = 0;
    while (str_next(&s, S("、"), &one) && *n < OFFICIAL_LIST_MAX)
        if (str_trim(one).n)
            ARENA_PUSH(a, v, *n, cap) = str_trim(one);
    return v;
}

/* ---- words in front ---- */

enum front {
    F_FORM,
    F_COPY,
    F_URGENCY,
    F_ISSUERS,
    F_MARK,
    F_SIGNERS,
    F_EDITOR,
    F_EDITED,
    F_SEAL,
    F_SPEAKER,
    F_DOCNO,
    N_FRONT
};
static const struct str front_names[N_FRONT] = {SC("版式"), SC("份号"), SC("紧急程度"),
    SC("发文机关"), SC("标志"), SC("签发人"), SC("编印"), SC("编印日期"), SC("用印"), SC("讲话人"),
    SC("文号")};

static enum code front_form(struct typing *t, struct str value, int line, struct err *e)
{
    t->o->form = typeset_form(value);
    t->form_said = true;
    if (t->o->form == N_OFFICIAL_FORM)
        return FAIL(e, E_INPUT,
            "第%d行的版式“%.*s”应是文件、信函、命令、纪要、简报、讲话稿、诵读稿、白头之一", line,
            SF(value));
    return OK;
}

static enum code front_seal(struct typing *t, struct str value, int line, struct err *e)
{
    static const struct str names[] = {SC("否"), SC("是"), SC("签名章")};

    for (int i = 0; i < 3; i++)
        if (str_eq(value, names[i])) {
            t->o->seal = (enum official_seal)i;
            t->seal_said = true;
            return OK;
        }
    return FAIL(e, E_INPUT, "第%d行的用印“%.*s”应是 是、否、签名章 之一", line, SF(value));
}

static enum code front_word(
    struct typing *t, enum front what, struct str v, int line, struct err *e)
{
    struct official *o = t->o;

    switch (what) {
    case F_FORM:
        return front_form(t, v, line, e);
    case F_SEAL:
        return front_seal(t, v, line, e);
    case F_COPY:
        o->copy_no = v;
        break;
    case F_URGENCY:
        o->urgency = v;
        break;
    case F_ISSUERS:
        o->issuers = listed(t->a, v, &o->n_issuers);
        t->mark_said = true;
        break;
    case F_MARK:
        o->mark_word = v;
        t->mark_said = true;
        break;
    case F_SIGNERS:
        o->signers = listed(t->a, v, &o->n_signers);
        break;
    case F_EDITOR:
        o->editor = v;
        break;
    case F_EDITED:
        o->edited = v;
        break;
    case F_SPEAKER:
        o->speaker = v;
        break;
    case F_DOCNO:
        o->docno = v;
        break;
    case N_FRONT:
        break;
    }
    return OK;
}

static enum front front_of(struct str line, struct str *value)
{
    for (int i = 0; i < N_FRONT; i++) {
        struct str rest = line;
        if (str_eat(&rest, front_names[i]) && (str_eat(&rest, S("：")) || str_eat(&rest, S(":")))) {
            *value = str_trim(rest);
            return (enum front)i;
        }
    }
    return N_FRONT;
}

/* Reads them off; *off and *lines say what is left. */
static enum code front_words(
    struct typing *t, struct str text, size_t *off, size_t *lines, struct err *e)
{
    struct str rest = text, line, value;

    *off = *lines = 0;
    for (int i = 0; i < FRONT_LINES && str_next(&rest, S("\n"), &line); i++) {
        enum front f = front_of(str_trim(line), &value);
        if (f == N_FRONT && str_trim(line).n)
            break;
        if (f != N_FRONT)
            TRY(front_word(t, f, value, i + 1, e));
        *off = (size_t)(rest.p - text.p);
        ++*lines;
        if (rest.n == 0)
            break;
    }
    return OK;
}

size_t typeset_front(struct str text, size_t *lines)
{
    struct str rest = text, line, value;
    size_t off = 0;

    *lines = 0;
    for (int i = 0; i < FRONT_LINES && str_next(&rest, S("\n"), &line); i++) {
        if (front_of(str_trim(line), &value) == N_FRONT && str_trim(line).n)
            break;
        off = (size_t)(rest.p - text.p);
        ++*lines;
        if (rest.n == 0)
            break;
    }
    return off;
}

/* ---- lines ---- */

static struct str line_str(const struct typing *t, size_t i)
{
    return str_trim(draft_str(&t->d, t->d.lines[i].first, t->d.lines[i].end));
}

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

/* 云岭集团文件 -> 云岭集团 and 文件. */
static void take_mark(struct typing *t, struct str s)
{
    static const struct str words[] = {SC("文件"), SC("命令"), SC("令"), SC("会议纪要"), SC("纪要"),
        SC("简报"), SC("公报"), SC("公告"), SC("通报")};
    struct str *v = ARENA_NEW(t->a, struct str);

    if (t->mark_said)
        return;
    for (size_t i = 0; i < sizeof words / sizeof *words && !t->o->mark_word.n; i++)
        if (str_eat_end(&s, words[i]))
            t->o->mark_word = words[i];
    *v = str_trim(s);
    t->o->issuers = v;
    t->o->n_issuers = v->n > 0;
}

static void head_line(struct typing *t, size_t i)
{
    struct official *o = t->o;
    struct str s = line_str(t, i), rest = s;

    if (s.n == 0)
        return;
    t->used[i] = true;
    if (digits(s) && !o->copy_no.n)
        o->copy_no = s;
    else if (str_eq(s, S("特急")) || str_eq(s, S("加急")) || str_eq(s, S("平急")) ||
             str_eq(s, S("特提")))
        o->urgency = s;
    else if (inside(t, t->d.meta.docno.at, i, i + 1) || str_starts(s, S("第")) ||
             str_starts(s, S("（第")))
        o->docno = t->d.meta.docno.text.n && inside(t, t->d.meta.docno.at, i, i + 1)
                       ? t->d.meta.docno.text
                       : s;
    else if (str_eat(&rest, S("签发人：")))
        o->signers = listed(t->a, rest, &o->n_signers);
    else if (!o->n_issuers && !o->mark_word.n)
        take_mark(t, s);
    else
        t->used[i] = false;
}

/* 第一行按标题排, where nothing says which line it is. */
static void title(struct typing *t)
{
    const struct meta *m = &t->d.meta;
    size_t i = 0;

    if (m->title.text.n && line_at(t, m->title.at.begin) < HEAD_LINES) {
        size_t first = line_at(t, m->title.at.begin), last = line_at(t, m->title.at.end - 1);
        struct str all = {0};
        for (i = first; i <= last; i++)
            if (line_str(t, i).n)
                all = all.n ? arena_cat(t->a, arena_cat(t->a, all, S("\n")), line_str(t, i))
                            : line_str(t, i);
        t->o->title = first == last ? m->title.text : all;
        use(t, m->title.at);
        for (i = 0; i < first; i++)
            head_line(t, i);
        t->first = last + 1;
        return;
    }
    if (t->form_said && t->o->form == OFFICIAL_ORDER) /* 10.2: it has none */
        return;
    while (i < t->d.n_lines && line_str(t, i).n == 0)
        i++;
    if (i < t->d.n_lines && utf8_len_cp(line_str(t, i)) <= 80) {
        t->o->title = line_str(t, i);
        t->used[i] = true;
        t->first = i + 1;
        say(t, S("没有认出标题，第一行按标题排"));
    }
}

static void addressee(struct typing *t)
{
    const struct meta_value *v = &t->d.meta.addressee;

    if (!inside(t, v->at, t->first, t->d.n_lines))
        return;
    t->o->addressee = v->text;
    use(t, v->at);
    t->first = line_at(t, v->at.end - 1) + 1;
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
        else if (t->o->form == OFFICIAL_SPEECH && utf8_len_cp(s) <= 12 && !t->o->speaker.n &&
                 !str_ends(s, S("：")) && t->d.lines[t->first].label == LABEL_NONE)
            t->o->speaker = s;
        else
            return;
        t->used[t->first++] = true;
    }
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
    names = listed(t->a, m->text, &n);
    o->signatures = ARENA_ARRAY(t->a, struct official_signature, n);
    for (size_t i = 0; i < n; i++)
        o->signatures[i].name = names[i];
    o->n_signatures = n;
    use(t, m->at);
}

/* 市长　周成业, and the day below it: what a stamp with a name takes the place of. */
static void stamped(struct typing *t)
{
    struct official *o = t->o;
    struct lex_date day;
    size_t off = 0, i = t->last;
    struct str post, name;

    if (o->seal != OFFICIAL_STAMPED || o->n_signatures)
        return;
    while (i > t->first && (t->used[i - 1] || !line_str(t, i - 1).n))
        i--;
    if (i > t->first && lex_date(line_str(t, i - 1), &off, true, &day) &&
        off == line_str(t, i - 1).n) {
        t->used[--i] = true;
        o->date = arena_printf(t->a, "%d年%d月%d日", day.year, day.month, day.day);
    }
    if (i == t->first || (!str_cut(line_str(t, i - 1), S("　"), &post, &name) &&
                             !str_cut(line_str(t, i - 1), S(" "), &post, &name)))
        return;
    t->used[i - 1] = true;
    o->signatures = ARENA_NEW(t->a, struct official_signature);
    o->signatures[0] = (struct official_signature){.name = str_trim(post), .stamp = str_trim(name)};
    o->n_signatures = 1;
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

static void tail(struct typing *t)
{
    const struct meta *m = &t->d.meta;

    attachments(t);
    signatures(t);
    tail_date(t);
    stamped(t);
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
    if (t->o->form == OFFICIAL_MINUTES || t->o->form == OFFICIAL_BULLETIN)
        lists(t);
}

/* ---- body ---- */

/* Where the heading of a line with a label ends: the whole of it, or its first sentence in front of its text. */
static size_t head_end(const struct typing *t, const struct draft_line *l, size_t end)
{
    if (l->alone && t->d.cp[end - 1] != 0x3002)
        return end;
    for (size_t i = l->first; i < end && i < l->first + RUN_IN_CP; i++)
        if (t->d.cp[i] == 0x3002)
            return i + 1 < end ? i + 1 : l->first; /* one whole sentence is text: 一、原则同意…。 */
    return l->first;
}

static int level_of(enum label_kind k)
{
    return k == LABEL_H1 ? 1 : k == LABEL_H2 ? 2 : k == LABEL_H3 ? 3 : k == LABEL_H4 ? 4 : 0;
}

static struct official_block paragraph(const struct typing *t, size_t i)
{
    const struct draft_line *l = &t->d.lines[i];
    struct str s = line_str(t, i);
    size_t from = t->base + t->d.byte[l->first];
    struct official_block b = {.kind = OFFICIAL_PARA, .text = s, .from = from, .to = from + s.n};

    b.level = level_of(l->label);
    if (b.level > 0)
        b.head = t->d.byte[head_end(t, l, l->end)] - t->d.byte[l->first];
    if (b.head > s.n)
        b.head = s.n;
    if (l->label == LABEL_PART)
        b.kind = OFFICIAL_CENTRED;
    return b;
}

/* A row keeps its blanks at both ends: they are empty cells. */
static struct str row_str(const struct typing *t, size_t i)
{
    return draft_str(&t->d, t->d.lines[i].begin, t->d.lines[i].end);
}

static bool is_row(const struct typing *t, size_t i)
{
    return t->d.lines[i].kind == META_ROW || str_has(row_str(t, i), S("\t"));
}

/* [图：名称] in a line of its own. */
static bool is_picture(const struct typing *t, size_t i, struct str *name)
{
    struct str s = line_str(t, i);

    if (!str_eat(&s, S("[图：")) || !str_eat_end(&s, S("]")) || !s.n || str_has(s, S("]")))
        return false;
    *name = str_trim(s);
    return true;
}

/* “↵” parts the lines of a cell; one without it stays a view of the text. */
static struct str cell_text(struct typing *t, struct str s)
{
    struct buf b;
    struct str piece;

    s = str_trim(s);
    if (!str_has(s, S("↵")))
        return s;
    buf_init(&b, s.n + 1);
    while (str_next(&s, S("↵"), &piece)) {
        if (b.n)
            buf_char(&b, '\n');
        buf_str(&b, str_trim(piece));
    }
    s = arena_str(t->a, buf_view(&b));
    buf_release(&b);
    return s;
}

/* A cell of “<<” belongs to the one at its left, one of “^^” to the one above. */
static void merge_cells(struct official_table *t)
{
    for (size_t k = 0; k < t->n_rows * t->n_columns; k++) {
        struct official_cell *x = &t->cells[k];
        size_t r = k / t->n_columns, c = k % t->n_columns, r0 = r, c0 = c;
        if (!str_eq(x->text, S("<<")) && !str_eq(x->text, S("^^")))
            continue;
        while (c0 > 0 && str_eq(t->cells[r * t->n_columns + c0].text, S("<<")))
            c0--;
        while (r0 > 0 && str_eq(t->cells[r0 * t->n_columns + c0].text, S("^^")))
            r0--;
        struct official_cell *of = &t->cells[r0 * t->n_columns + c0];
        if (of == x || str_eq(of->text, S("<<")) || str_eq(of->text, S("^^")))
            continue;
        of->across = (int)(c - c0) + 1 > of->across ? (int)(c - c0) + 1 : of->across;
        of->down = (int)(r - r0) + 1 > of->down ? (int)(r - r0) + 1 : of->down;
        x->covered = true;
    }
    for (size_t k = 0; k < t->n_rows * t->n_columns; k++)
        if (t->cells[k].covered)
            t->cells[k].text = S("");
}

static struct official_block table(struct typing *t, size_t *i, size_t end)
{
    struct official_block b = {.kind = OFFICIAL_TABLE};
    size_t first = *i, n = 0, k = 0;

    for (; *i < end && is_row(t, *i); ++*i) {
        struct str s = row_str(t, *i), cell;
        size_t c = 0;
        while (str_next(&s, S("\t"), &cell))
            c++;
        n = c > n ? c : n;
    }
    b.table.n_rows = *i - first;
    b.table.n_columns = n < OFFICIAL_COLUMNS_MAX ? n : OFFICIAL_COLUMNS_MAX;
    b.table.n_heads = b.table.n_rows > 1;
    b.table.cells = ARENA_ARRAY(t->a, struct official_cell, b.table.n_rows * b.table.n_columns);
    for (size_t r = first; r < *i; r++, k++) {
        struct str s = row_str(t, r), cell;
        for (size_t c = 0; c < b.table.n_columns && str_next(&s, S("\t"), &cell); c++)
            b.table.cells[k * b.table.n_columns + c].text = cell_text(t, cell);
    }
    merge_cells(&b.table);
    return b;
}

static struct official_block *blocks(struct typing *t, size_t from, size_t to, size_t *n)
{
    struct official_block *v = NULL;
    size_t cap = 0;

    *n = 0;
    for (size_t i = from; i < to && *n < OFFICIAL_BLOCKS_MAX;) {
        struct official_block b;
        struct str name;
        if (t->used[i] || line_str(t, i).n == 0 || t->d.lines[i].kind == META_NOTE) {
            i++;
            continue;
        }
        if (is_picture(t, i, &name)) {
            b = (struct official_block){.kind = OFFICIAL_PICTURE, .text = name};
            i++;
        } else {
            b = is_row(t, i) ? table(t, &i, to) : paragraph(t, i++);
        }
        ARENA_PUSH(t->a, v, *n, cap) = b;
    }
    return v;
}

static void annexes(struct typing *t)
{
    struct official_annex *v = NULL;
    size_t cap = 0, n = 0, end;

    for (size_t i = t->last; i < t->d.n_lines && n < OFFICIAL_LIST_MAX; i = end) {
        struct official_annex x = {0};
        int number = 0;
        (void)draft_annex_line(&t->d, &t->d.lines[i], &x.number);
        for (end = i + 1; end < t->d.n_lines; end++)
            if (draft_annex_line(&t->d, &t->d.lines[end], &number))
                break;
        for (i++; i < end && line_str(t, i).n == 0;)
            i++;
        if (i < end && !is_row(t, i) && utf8_len_cp(line_str(t, i)) <= 60 && !t->used[i])
            x.title = line_str(t, i++);
        x.blocks = blocks(t, i, end, &x.n);
        ARENA_PUSH(t->a, v, n, cap) = x;
    }
    t->o->annexes = v;
    t->o->n_annexes = n;
}

/* ---- all ---- */

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
    return g == GENRE_LETTER && !o->mark_word.n ? OFFICIAL_LETTER : OFFICIAL_PAPER;
}

static void find_body(struct typing *t)
{
    int number;

    t->last = t->first;
    while (t->last < t->d.n_lines && t->d.lines[t->last].kind != META_ATTACH &&
           !draft_annex_line(&t->d, &t->d.lines[t->last], &number))
        t->last++;
}

enum code typeset_read(struct arena *a, struct str text, const uint8_t *kinds, struct official *out,
    struct typeset_read *told, struct err *e)
{
    struct official o = {0};
    struct typeset_read notes = {0};
    struct typing t = {.a = a, .o = &o, .told = &notes};
    size_t lines;

    TRY(front_words(&t, text, &t.base, &lines, e));
    TRY(draft_read(a, str_sub(text, t.base, SIZE_MAX), kinds ? kinds + lines : NULL, &t.d, e));
    t.used = ARENA_ARRAY(a, bool, t.d.n_lines + 1);
    title(&t);
    if (!t.form_said)
        o.form = form_of(&t);
    below_title(&t);
    addressee(&t);
    find_body(&t);
    tail(&t);
    if (!t.seal_said)
        o.seal = o.n_signatures && (o.form == OFFICIAL_PAPER || o.form == OFFICIAL_LETTER)
                     ? OFFICIAL_SEALED
                     : OFFICIAL_UNSEALED;
    o.blocks = blocks(&t, t.first, t.last, &o.n);
    annexes(&t);
    *out = o;
    *told = notes;
    return OK;
}
