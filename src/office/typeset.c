#include <math.h>

#include "base/utf8.h"
#include "office/typeset_int.h"

enum {
    FRONT_LINES = 20, /* of words that somebody put in front */
};

enum official_form typeset_form(struct str name)
{
    int f = 0;
    while (f < N_OFFICIAL_FORM && !str_eq(name, str_z(official_form_name((enum official_form)f))))
        f++;
    return (enum official_form)f;
}

/* 甲、乙 */
struct str *typeset_listed(struct arena *a, struct str s, size_t *n)
{
    struct str *v = NULL, one;
    size_t cap = 0;

    *n = 0;
    while (str_next(&s, S("、"), &one) && *n < OFFICIAL_LIST_MAX)
        if (str_trim(one).n)
            ARENA_PUSH(a, v, *n, cap) = str_trim(one);
    return v;
}

void typeset_note(struct typing *t, struct str note)
{
    ARENA_PUSH(t->a, t->told->notes, t->told->n_notes, t->cap_notes) = note;
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
        o->issuers = typeset_listed(t->a, v, &o->n_issuers);
        t->mark_said = true;
        break;
    case F_MARK:
        o->mark_word = v;
        t->mark_said = true;
        break;
    case F_SIGNERS:
        o->signers = typeset_listed(t->a, v, &o->n_signers);
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

/* 标志：云岭集团文件 says the organ too: the paper would bear its name twice. */
static void mark_organ(struct typing *t)
{
    struct official *o = t->o;
    struct str rest = o->mark_word;

    if (o->n_issuers && str_eat(&rest, o->issuers[o->n_issuers - 1]) && str_trim(rest).n) {
        o->mark_word = str_trim(rest);
    } else if (!o->n_issuers && str_eat_end(&rest, S("文件")) && str_trim(rest).n) {
        o->issuers = typeset_listed(t->a, str_trim(rest), &o->n_issuers);
        o->mark_word = S("文件");
    }
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

/* ---- body ---- */

static int level_of(enum label_kind k)
{
    return k == LABEL_H1        ? 1
           : k == LABEL_H2      ? 2
           : k == LABEL_H3      ? 3
           : k == LABEL_H4      ? 4
           : k == LABEL_ARTICLE ? OFFICIAL_ARTICLE
                                : 0;
}

/* Bytes of the line that are its heading; of an article its number. */
static size_t head_of(const struct typing *t, const struct draft_line *l)
{
    size_t end = l->label == LABEL_ARTICLE ? l->label_end : draft_heading_end(&t->d, l);

    return t->d.byte[end] - t->d.byte[l->first];
}

static struct official_block paragraph(const struct typing *t, size_t i)
{
    const struct draft_line *l = &t->d.lines[i];
    struct str s = line_str(t, i);
    size_t from = t->base + t->d.byte[l->first];
    struct official_block b = {.kind = OFFICIAL_PARA, .text = s, .from = from, .to = from + s.n};

    b.level = level_of(l->label);
    if (b.level > 0)
        b.head = head_of(t, l);
    if (b.head > s.n)
        b.head = s.n;
    if (l->label == LABEL_PART) {
        b.kind = OFFICIAL_CENTRED;
        b.level = t->d.cp[l->label_end - 1] == 0x8282 ? 2 : 1; /* 节 */
    }
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

/* 8厘米, 12.5厘米, 80毫米; cm and mm are taken too. 0: it is no such thing. */
static double width_said(struct str s)
{
    static const struct {
        struct str name;
        double mm;
    } units[] = {{SC("厘米"), 10}, {SC("毫米"), 1}, {SC("cm"), 10}, {SC("mm"), 1}};
    double unit = 0, v = 0, part = 0;

    s = str_trim(s);
    for (size_t i = 0; i < sizeof units / sizeof *units && unit == 0; i++)
        if (str_eat_end(&s, units[i].name))
            unit = units[i].mm;
    s = str_trim(s);
    if (!s.n || s.n > 6 || s.p[0] == '.')
        return 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '.' && part == 0)
            part = 1;
        else if (s.p[i] < '0' || s.p[i] > '9')
            return 0;
        else if (part > 0)
            v += (s.p[i] - '0') * (part /= 10);
        else
            v = v * 10 + (s.p[i] - '0');
    }
    return v * unit >= 5 && v * unit <= 1000 ? v * unit : 0;
}

bool typeset_picture(struct str line, struct str *name, double *width_mm)
{
    struct str s = str_trim(line), before, after;
    double width;

    *width_mm = 0;
    if (!str_eat(&s, S("[图：")) || !str_eat_end(&s, S("]")) || !s.n || str_has(s, S("]")))
        return false;
    if (str_cut_last(s, S("，宽"), &before, &after) && str_trim(before).n &&
        (width = width_said(after)) > 0) {
        s = before;
        *width_mm = width;
    }
    *name = str_trim(s);
    return true;
}

struct str typeset_picture_width(struct arena *a, double width_mm)
{
    long mm = lround(width_mm);

    return mm % 10 ? arena_printf(a, "，宽%ld.%ld厘米", mm / 10, mm % 10)
                   : arena_printf(a, "，宽%ld厘米", mm / 10);
}

/* 图1 ××××, 图一：××××, 图2-1 ××××: a number, and a gap or nothing behind it. */
static bool is_caption(struct str s)
{
    static const struct str gaps[] = {SC(" "), SC("　"), SC("："), SC(":"), SC("．"), SC(".")};
    size_t off = 0, digits = 0, at;

    if (!str_eat(&s, S("图")))
        return false;
    s = str_trim(s);
    for (at = 0; off < s.n; at = off) {
        uint32_t cp = utf8_next(s, &off);
        if (!(cp >= '0' && cp <= '9') && !(digits && cp == '-') &&
            !str_has(S("一二三四五六七八九十"), str_sub(s, at, off - at)))
            break;
        digits++;
    }
    s = str_sub(s, at, SIZE_MAX);
    for (size_t i = 0; i < sizeof gaps / sizeof *gaps && s.n; i++)
        if (str_starts(s, gaps[i]))
            return digits > 0;
    return digits > 0 && !s.n;
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
            b.table.cells[k * b.table.n_columns + c] = (struct official_cell){
                .text = cell_text(t, cell), .from = t->base + t->d.byte[t->d.lines[r].begin]};
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
        double width;
        if (t->used[i] || line_str(t, i).n == 0 || t->d.lines[i].kind == META_NOTE) {
            i++;
            continue;
        }
        if (typeset_picture(line_str(t, i), &name, &width)) {
            b = (struct official_block){.kind = OFFICIAL_PICTURE, .text = name, .width_mm = width};
            i++;
        } else {
            b = is_row(t, i) ? table(t, &i, to) : paragraph(t, i++);
            if (*n && v[*n - 1].kind == OFFICIAL_PICTURE && b.kind == OFFICIAL_PARA && !b.level &&
                is_caption(b.text))
                b.kind = OFFICIAL_CAPTION;
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

static void find_body(struct typing *t)
{
    int number;

    t->last = t->first;
    while (t->last < t->d.n_lines && t->d.lines[t->last].kind != META_ATTACH &&
           !draft_annex_line(&t->d, &t->d.lines[t->last], &number))
        t->last++;
}

/* ---- texts that are carried ---- */

/* The lines [from, to) as a document of its own. It carries nothing further: what a forwarded notice carries is the next of ours. */
static enum code carry(struct typing *t, const struct draft_carried *x, size_t to,
    const uint8_t *kinds, struct official *out, struct err *e)
{
    const struct draft *d = &t->d;
    size_t begin = d->byte[d->lines[x->title].begin],
           end = to < d->n_lines ? d->byte[d->lines[to].begin] : d->text.n;
    struct typing s = {.a = t->a, .o = out, .told = t->told, .cap_notes = t->cap_notes};

    *out = (struct official){.form = OFFICIAL_PLAIN};
    s.base = t->base + begin;
    s.form_said = s.seal_said = true;
    TRY(draft_read(
        t->a, str_sub(d->text, begin, end - begin), kinds ? kinds + x->title : NULL, &s.d, e));
    if (s.d.n_carried)
        s.d.lines[s.d.carried[0].from].kind = META_BODY;
    s.used = ARENA_ARRAY(t->a, bool, s.d.n_lines + 1);
    typeset_carried_head(&s, x->body - x->title);
    find_body(&s);
    typeset_tail(&s);
    out->blocks = blocks(&s, 0, s.last, &out->n);
    annexes(&s);
    out->cc = out->printer = out->printed = S(""); /* 版记 is that of the whole */
    t->cap_notes = s.cap_notes;
    return OK;
}

static enum code carried(struct typing *t, const uint8_t *kinds, struct err *e)
{
    struct official *o = t->o, *last;
    const struct draft *d = &t->d;
    size_t own;

    o->carried = ARENA_ARRAY(t->a, struct official, d->n_carried);
    for (size_t i = 0; i < d->n_carried; i++)
        TRY(carry(t, &d->carried[i], draft_part_end(d, d->carried[i].from), kinds,
            &o->carried[o->n_carried++], e));
    last = &o->carried[o->n_carried - 1];
    own = last->n_attachments < last->n_annexes ? last->n_attachments : last->n_annexes;
    if (o->n_attachments) { /* what the text does not list itself is the document's: it stands behind all */
        o->annexes = last->annexes + own;
        o->n_annexes = last->n_annexes - own;
        last->n_annexes = own;
    }
    return OK;
}

/* ---- all ---- */

enum code typeset_read(struct arena *a, struct str text, const uint8_t *kinds, struct official *out,
    struct typeset_read *told, struct err *e)
{
    struct official o = {0};
    struct typeset_read notes = {0};
    struct typing t = {.a = a, .o = &o, .told = &notes};
    size_t lines;

    TRY(front_words(&t, text, &t.base, &lines, e));
    mark_organ(&t);
    TRY(draft_read(a, str_sub(text, t.base, SIZE_MAX), kinds ? kinds + lines : NULL, &t.d, e));
    t.used = ARENA_ARRAY(a, bool, t.d.n_lines + 1);
    typeset_head(&t);
    find_body(&t);
    typeset_tail(&t);
    if (!t.seal_said)
        o.seal = o.n_signatures && (o.form == OFFICIAL_PAPER || o.form == OFFICIAL_LETTER)
                     ? OFFICIAL_SEALED
                     : OFFICIAL_UNSEALED;
    o.blocks = blocks(&t, 0, t.last, &o.n);
    if (t.d.n_carried)
        TRY(carried(&t, kinds ? kinds + lines : NULL, e));
    else
        annexes(&t);
    *out = o;
    *told = notes;
    return OK;
}
