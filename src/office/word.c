#include "office/word.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "office/typeset.h"
#include "office/word_int.h"

enum {
    HEAD_PARAS = 8, /* a red head stands in front of that many lines */
    LINE_CP = 30,   /* shown of a line in words for the person */
    AUTHORS = 20,
    NAMES_SHOWN = 3
};

struct taking {
    struct arena *a;
    const struct rich *r;
    struct word_draft *out;
    struct buf text;
    size_t **at; /* of each paragraph: where its bytes went, text.n + 1 of them */
    int *levels;
    size_t cap_notes, cap_known, cap_lost, cap_pictures, cap_levels;
    size_t *order; /* paragraphs in the order they are taken */
    size_t n_order;
    bool joined;  /* the break behind the last paragraph was inserted: it is not there yet */
    int lines_of; /* tables that became lines */
    int merged, labels, unnumbered;
    size_t below; /* the paragraph of 版记 that holds 主送, or SIZE_MAX */
    bool
        carried; /* what is carried has the word 印发件 in front of it: its place alone does not tell it */
};

static void say(struct taking *t, bool known, struct str s)
{
    if (known)
        ARENA_PUSH(t->a, t->out->known, t->out->n_known, t->cap_known) = s;
    else
        ARENA_PUSH(t->a, t->out->lost, t->out->n_lost, t->cap_lost) = s;
}

/* ---- notes ---- */

static const struct rich_change *change(const struct taking *t, int i)
{
    return i >= 0 ? &t->r->changes[i] : NULL;
}

static void changed(struct taking *t, const struct rich_change *c, struct str inserted, size_t n)
{
    struct official_note x = {.kind = c->deleted ? OFFICIAL_DELETE : OFFICIAL_INSERT,
        .from = t->text.n - n,
        .to = t->text.n,
        .text = inserted,
        .author = c->author,
        .date = c->date};
    struct official_note *last = t->out->n_notes ? &t->out->notes[t->out->n_notes - 1] : NULL;

    if (last && last->kind == x.kind && last->to == x.from && str_eq(last->author, x.author) &&
        str_eq(last->date, x.date)) {
        last->to = x.to;
        last->text = arena_cat(t->a, last->text, inserted);
        return;
    }
    ARENA_PUSH(t->a, t->out->notes, t->out->n_notes, t->cap_notes) = x;
}

/* ---- one paragraph ---- */

static bool inserted(const struct taking *t, int i)
{
    return i >= 0 && !t->r->changes[i].deleted;
}

/* What a character becomes on the desk: a tab would begin a table. */
static struct str desk_char(struct str one, bool cell)
{
    if (str_eq(one, S("\t")))
        return S("　");
    if (str_eq(one, S("\n")))
        return cell ? S("↵") : one;
    return one;
}

static void put_run(struct taking *t, const struct rich_para *p, size_t *at, size_t from,
    const struct rich_run *run, bool cell)
{
    const struct rich_change *c = change(t, run->change);
    struct buf in;
    size_t before = t->text.n;

    buf_init(&in, 0);
    for (size_t i = from; i < from + run->n;) {
        size_t next = i;
        struct str one;
        (void)utf8_next(p->text, &next);
        one = desk_char(str_sub(p->text, i, next - i), cell);
        for (; i < next; i++)
            at[i] = t->text.n;
        buf_str(c && !c->deleted ? &in : &t->text, one);
    }
    if (c && c->deleted)
        changed(t, c, S(""), t->text.n - before);
    else if (c)
        changed(t, c, arena_str(t->a, buf_view(&in)), 0);
    buf_release(&in);
}

/* The bytes at both ends that are blanks: an indent typed by hand. */
static size_t lead(struct str s)
{
    struct str inside = str_trim(s);

    return inside.n ? (size_t)(inside.p - s.p) : s.n;
}

static void put_para(struct taking *t, size_t i, bool cell)
{
    const struct rich_para *p = &t->r->paras[i];
    size_t from = 0, skip = lead(p->text), end = skip + str_trim(p->text).n;
    size_t *at = ARENA_ARRAY(t->a, size_t, p->text.n + 1);

    t->at[i] = at;
    if (p->label.n && p->n_runs && inserted(t, p->runs[0].change)) {
        changed(t, change(t, p->runs[0].change), p->label, 0);
    } else {
        buf_str(&t->text, p->label);
    }
    t->labels += p->label.n > 0;
    for (size_t k = 0; k < p->n_runs; k++) {
        struct rich_run run = p->runs[k];
        size_t begin = from, stop = from + run.n;
        from = stop;
        for (size_t b = begin; b < stop; b++)
            at[b] = t->text.n;
        begin = begin < skip ? (stop < skip ? stop : skip) : begin;
        stop = stop > end ? (end > begin ? end : begin) : stop;
        run.n = stop - begin;
        if (run.n)
            put_run(t, p, at, begin, &run, cell);
        for (size_t b = stop; b < from; b++)
            at[b] = t->text.n;
    }
    at[p->text.n] = t->text.n;
}

/* ---- pictures ---- */

static struct str extension(struct str name)
{
    struct str before, after;

    return str_cut_last(name, S("."), &before, &after) && after.n <= 5 ? after : S("png");
}

static bool known(const struct taking *t, struct str name)
{
    for (size_t i = 0; i < t->out->n_pictures; i++)
        if (str_eq(t->out->pictures[i].name, name))
            return true;
    return false;
}

/* In a docx of our own what is said of a picture is its name. */
static struct str picture_name(const struct taking *t, const struct rich_picture *p)
{
    if (word_own_picture(t->r, p->descr) && !known(t, p->descr))
        return p->descr;
    return arena_printf(t->a, "图%zu.%.*s", t->out->n_pictures + 1, SF(extension(p->name)));
}

/* Said where it is not what its dots make it. A JPEG's are not known here: its width goes with the picture. */
static struct str picture_width(const struct taking *t, const struct rich_picture *p)
{
    struct official_block k = {.kind = OFFICIAL_PICTURE, .png = p->bytes};
    struct official_style style;
    double mm = p->width / 1440.0 * 25.4, wide, high;

    official_style_of(OFFICIAL_PAPER, &style);
    if (mm < 5 || p->floating ||
        !official_picture_size(&k, style.width, style.height, &wide, &high) ||
        fabs(fmin(mm, style.width) - wide) < 1)
        return S("");
    return typeset_picture_width(t->a, mm);
}

static void pictures(struct taking *t, size_t i)
{
    for (size_t k = 0; k < t->r->n_pictures; k++) {
        const struct rich_picture *p = &t->r->pictures[k];
        struct str name;
        if (p->para != i)
            continue;
        name = picture_name(t, p);
        ARENA_PUSH(t->a, t->out->pictures, t->out->n_pictures, t->cap_pictures) =
            (struct word_picture){.name = name,
                .bytes = p->bytes,
                .width_mm = p->width / 1440.0 * 25.4,
                .png = str_starts(p->bytes, S("\x89PNG\r\n\x1a\n"))};
        buf_printf(&t->text, "%s[图：%.*s%.*s]\n",
            t->text.n && t->text.p[t->text.n - 1] != '\n' ? "\n" : "", SF(name),
            SF(picture_width(t, p)));
    }
}

/* ---- lines ---- */

static void end_line(struct taking *t, const struct rich_para *p)
{
    const struct rich_change *c = change(t, p->mark);

    t->joined = c && !c->deleted;
    if (t->joined) {
        changed(t, c, S("\n"), 0);
        return;
    }
    buf_char(&t->text, '\n');
    if (c)
        changed(t, c, S(""), 1);
}

static void heading(struct taking *t, const struct rich_para *p, size_t from)
{
    struct str line = str_sub(buf_view(&t->text), from, SIZE_MAX);
    size_t n = 0;

    for (size_t i = 0; i < from; i++)
        n += t->text.p[i] == '\n';
    while (t->out->n_lines <= n)
        ARENA_PUSH(t->a, t->levels, t->out->n_lines, t->cap_levels) = 0;
    if (!p->level || p->title || !line.n)
        return;
    t->levels[n] = p->level;
}

/* A reading copy that we wrote ends its pages inside paragraphs. */
static bool goes_on(const struct taking *t, const struct rich_para *p)
{
    return p->place == RICH_BODY && str_eq(p->style, S(ODX_CONTINUED)) && t->text.n &&
           t->text.p[t->text.n - 1] == '\n';
}

/* Paragraphs that become other lines elsewhere: what is noted about them is noted there. */
static void put_instead(struct taking *t, size_t i, struct str line)
{
    size_t n = t->r->paras[i].text.n + 1;

    t->at[i] = ARENA_ARRAY(t->a, size_t, n);
    for (size_t b = 0; b < n; b++)
        t->at[i][b] = t->text.n;
    buf_str(&t->text, line);
}

/* 主送 out of 版记, below the title. */
static void put_addressee(struct taking *t)
{
    struct str rest, line;

    if (t->below == SIZE_MAX)
        return;
    line = word_own_addressee(t->a, t->r, &t->r->paras[t->below], &rest);
    put_instead(t, t->below, arena_cat(t->a, line, S("\n")));
}

static void put_line(struct taking *t, size_t i)
{
    const struct rich_para *p = &t->r->paras[i];
    size_t from = t->text.n;
    bool joined = t->joined;

    if (i == t->below) { /* what it has beside 主送 */
        struct str rest;
        (void)word_own_addressee(t->a, t->r, p, &rest);
        buf_str(&t->text, rest.n ? arena_cat(t->a, rest, S("\n")) : rest);
        return;
    }

    if (!joined && goes_on(t, p))
        t->text.n = from - 1;
    if (t->carried && word_own_carried(t->r, p)) {
        buf_z(&t->text, "印发件\n");
        from = t->text.n;
    }
    put_para(t, i, false);
    if (!joined && p->level)
        heading(t, p, from);
    if (t->text.n > from || joined || p->mark >= 0)
        end_line(t, p);
    pictures(t, i);
    if (p->title && t->text.n > from)
        put_addressee(t);
}

/* ---- tables ---- */

/* The paragraphs of a table in a row: [*i, end) of order. */
static size_t row_end(const struct taking *t, size_t i, size_t end)
{
    const struct rich_para *p = &t->r->paras[t->order[i]];
    size_t k = i;

    while (k < end && t->r->paras[t->order[k]].row == p->row)
        k++;
    return k;
}

static size_t table_end(const struct taking *t, size_t i)
{
    int table = t->r->paras[t->order[i]].table;

    while (i < t->n_order && t->r->paras[t->order[i]].table == table)
        i++;
    return i;
}

/* One cell from i on; behind it. */
static size_t put_cell(struct taking *t, size_t i, size_t end)
{
    const struct rich_para *p = &t->r->paras[t->order[i]];
    size_t from = t->text.n, k = i;

    for (; k < end && t->r->paras[t->order[k]].column == p->column; k++) {
        if (k > i && t->text.n > from && !p->covered)
            buf_z(&t->text, "↵");
        if (!p->covered)
            put_para(t, t->order[k], true);
    }
    if (p->covered) {
        buf_z(&t->text, "^^");
        t->merged++;
    }
    for (int n = 1; n < p->across; n++) {
        buf_z(&t->text, "\t<<");
        t->merged++;
    }
    return k;
}

/* A table: a line a row, a blank line behind it, so that two tables stay two. */
static void put_table(struct taking *t, size_t i, size_t end)
{
    if (t->text.n && t->text.p[t->text.n - 1] != '\n')
        buf_char(&t->text, '\n');
    while (i < end) {
        size_t stop = row_end(t, i, end);
        int column = 0;
        for (bool first = true; i < stop; first = false) {
            const struct rich_para *p = &t->r->paras[t->order[i]];
            if (!first)
                buf_char(&t->text, '\t');
            for (; column < p->column; column++)
                buf_char(&t->text, '\t');
            column += p->across;
            i = put_cell(t, i, stop);
        }
        if (column <= 1)
            buf_char(&t->text, '\t'); /* one column: still a row */
        buf_char(&t->text, '\n');
    }
    buf_char(&t->text, '\n');
    t->joined = false;
}

/* ---- tables that are no tables: 版记 and red heads ---- */

static bool is_foot_cell(struct str s)
{
    static const struct str heads[] = {SC("抄送："), SC("主送："), SC("分送："), SC("抄送:")};

    s = str_trim(s);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (str_starts(s, heads[i]))
            return true;
    return str_ends(s, S("印发")) && str_has(s, S("年"));
}

static bool only_lines(const struct taking *t, size_t i, size_t end)
{
    bool head = i < HEAD_PARAS, foot = false, number = false;

    for (; i < end; i++) {
        struct str s = t->r->paras[t->order[i]].text;
        foot = foot || is_foot_cell(s);
        number = number || (str_has(s, S("〔")) && str_has(s, S("号"))) ||
                 str_starts(str_trim(s), S("签发人："));
    }
    return foot || (head && number);
}

/* Cells of a row one behind the other, as they are read on paper. */
static void put_lines(struct taking *t, size_t i, size_t end)
{
    while (i < end) {
        size_t stop = row_end(t, i, end);
        for (bool any = false; i < stop; i++) {
            size_t from = t->text.n;
            if (any)
                buf_z(&t->text, "  ");
            size_t before = t->text.n;
            put_para(t, t->order[i], false);
            if (t->text.n > before)
                any = true;
            else if (any)
                t->text.n = from;
        }
        buf_char(&t->text, '\n');
    }
    t->lines_of++;
    t->joined = false;
}

/* ---- boxes ---- */

static bool red(const struct taking *t, const struct rich_para *p)
{
    for (size_t i = 0; i < p->n_runs; i++) {
        uint32_t c = t->r->looks[p->runs[i].look].colour;
        if ((c >> 16) > 0xA0 && (c >> 8 & 0xFF) < 0x60 && (c & 0xFF) < 0x60)
            return true;
    }
    return false;
}

/* A red head in a text box stands in front of the paragraph that holds the box. */
static void put_in_order(struct taking *t)
{
    const struct rich *r = t->r;
    size_t body = 0;

    t->order = ARENA_ARRAY(t->a, size_t, r->n + 1);
    for (size_t i = 0; i < r->n; i++) {
        size_t boxes = i + 1;
        bool head = false;
        if (r->paras[i].place != RICH_BODY || t->at[i])
            continue;
        while (boxes < r->n && r->paras[boxes].place == RICH_BOX)
            boxes++;
        for (size_t k = i + 1; k < boxes; k++)
            head = head ||
                   (body < HEAD_PARAS &&
                       (red(t, &r->paras[k]) || str_ends(str_trim(r->paras[k].text), S("文件"))));
        if (!head)
            t->order[t->n_order++] = i;
        for (size_t k = i + 1; k < boxes; k++)
            t->order[t->n_order++] = k;
        if (head)
            t->order[t->n_order++] = i;
        body++;
    }
}

/* ---- as a document ---- */

static size_t line_of(struct str text, size_t byte)
{
    size_t n = 0;

    for (size_t i = 0; i < byte && i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

/* Pictures get their bytes, headings by style their level; how many of these. */
static int finish(const struct word_draft *w, struct official_block *v, size_t n)
{
    int styled = 0;
    size_t at = 0, line = 0;

    for (size_t i = 0; i < n; i++) {
        struct official_block *b = &v[i];
        if (b->kind == OFFICIAL_PICTURE)
            for (size_t k = 0; k < w->n_pictures; k++)
                if (w->pictures[k].png && str_eq(w->pictures[k].name, b->text)) {
                    b->png = w->pictures[k].bytes;
                    b->width_mm = w->pictures[k].width_mm;
                }
        if (b->kind != OFFICIAL_PARA || b->level || b->to == 0)
            continue;
        line += line_of(str_sub(w->text, at, b->from - at), SIZE_MAX);
        at = b->from;
        if (line < w->n_lines && w->levels[line] && w->levels[line] <= 4) {
            b->level = w->levels[line];
            b->head = b->text.n;
            styled++;
        }
    }
    return styled;
}

static enum code document(
    struct arena *a, const struct word_draft *w, struct official *out, int *styled, struct err *e)
{
    struct typeset_read told;
    struct official_block *v;
    size_t n;

    *styled = 0;
    TRY(typeset_read(a, w->text, NULL, out, &told, e));
    for (size_t i = 0; official_blocks(out, i, &v, &n); i++)
        *styled += finish(w, v, n);
    return OK;
}

enum code word_official(
    struct arena *a, const struct word_draft *w, struct official *out, struct err *e)
{
    int styled;

    return document(a, w, out, &styled, e);
}

/* ---- words for the person ---- */

static struct str shown(struct taking *t, struct str s)
{
    size_t n = utf8_len_cp(s);

    return n > LINE_CP ? arena_printf(t->a, "%.*s…", SF(str_sub(s, 0, utf8_off(s, LINE_CP)))) : s;
}

static void say_changes(struct taking *t)
{
    struct str names[AUTHORS], s;
    int counts[AUTHORS] = {0}, total = 0;
    size_t n = 0;

    for (size_t i = 0; i < t->out->n_notes; i++) {
        const struct official_note *x = &t->out->notes[i];
        size_t k = 0;
        if (x->kind == OFFICIAL_COMMENT)
            continue;
        total++;
        while (k < n && !str_eq(names[k], x->author))
            k++;
        if (k == n && n < AUTHORS)
            names[n++] = x->author;
        if (k < n)
            counts[k]++;
    }
    if (!total)
        return;
    s = arena_printf(t->a, "修订 %d 处（", total);
    for (size_t k = 0; k < n; k++)
        s = arena_printf(t->a, "%.*s%s%.*s %d 处", SF(s), k ? "，" : "",
            SF(names[k].n ? names[k] : S("没有署名")), counts[k]);
    say(t, true, arena_cat(t->a, s, S("）")));
}

static void say_element(struct taking *t, const char *what, struct str value)
{
    if (value.n)
        say(t, true, arena_printf(t->a, "%s：%.*s", what, SF(shown(t, value))));
}

static void say_count(struct taking *t, bool known, int n, const char *what, const char *more)
{
    if (n > 0)
        say(t, known, arena_printf(t->a, "%s%d%s", what, n, more));
}

static void count_blocks(const struct official_block *v, size_t n, int levels[5], int *tables)
{
    for (size_t i = 0; i < n; i++) {
        if (v[i].kind == OFFICIAL_PARA && v[i].level > 0 && v[i].level <= 4)
            levels[v[i].level]++;
        *tables += v[i].kind == OFFICIAL_TABLE;
    }
}

static void say_levels(struct taking *t, const struct official *o)
{
    static const char *const names[5] = {"", "“一、”", "“（一）”", "“1.”", "“（1）”"};
    int levels[5] = {0}, tables = 0;
    struct official_block *v;
    struct str s = {0};
    size_t n;

    for (size_t i = 0; official_blocks(o, i, &v, &n); i++)
        count_blocks(v, n, levels, &tables);
    for (int k = 1; k <= 4; k++)
        if (levels[k])
            s = arena_printf(t->a, "%.*s%s%s %d 个", SF(s), s.n ? "，" : "", names[k], levels[k]);
    if (s.n)
        say(t, true, arena_cat(t->a, S("层次标题："), s));
    if (tables)
        say(t, true,
            t->merged ? arena_printf(t->a, "表格 %d 个，其中合并的格 %d 处", tables, t->merged)
                      : arena_printf(t->a, "表格 %d 个", tables));
}

static void say_recognised(struct taking *t)
{
    struct official o;
    struct err e;

    if (document(t->a, t->out, &o, &t->unnumbered, &e) != OK) {
        say(t, false, arena_str(t->a, str_z(e.msg)));
        return;
    }
    say_element(t, "标题", o.title);
    say_element(t, "发文字号", o.docno);
    say_element(t, "主送", o.addressee);
    say_levels(t, &o);
    say_element(t, "署名", o.n_signatures ? o.signatures[0].name : S(""));
    say_element(t, "成文日期", o.date);
    for (size_t i = 0; i < o.n_carried; i++)
        say_element(t, "印发件", o.carried[i].title);
    say_element(t, "抄送", o.cc);
    if (!o.title.n)
        say(t, false, S("没有认出标题"));
}

/* Words of headers, footers and footnotes that the text does not have. */
static void say_place(struct taking *t, enum rich_place place, const char *what)
{
    struct str s = {0};
    int n = 0;

    for (size_t i = 0; i < t->r->n; i++) {
        const struct rich_para *p = &t->r->paras[i];
        struct str line = str_trim(p->text);
        if (p->place != (int)place || !line.n || p->page_field)
            continue;
        if (n++ < NAMES_SHOWN)
            s = arena_printf(t->a, "%.*s%s“%.*s”", SF(s), s.n ? "、" : "", SF(shown(t, line)));
    }
    if (n)
        say(t, false,
            arena_printf(t->a, "%s没有带入：%.*s%s", what, SF(s), n > NAMES_SHOWN ? "等" : ""));
}

static void say_all(struct taking *t)
{
    int comments = 0, floating = 0, fields = 0;

    say_recognised(t);
    for (size_t i = 0; i < t->out->n_notes; i++)
        comments += t->out->notes[i].kind == OFFICIAL_COMMENT;
    for (size_t i = 0; i < t->r->n_pictures; i++)
        floating += t->r->pictures[i].floating;
    for (size_t i = 0; i < t->r->n; i++)
        fields += t->r->paras[i].fields;
    say_count(t, true, t->labels, "自动编号 ", " 处，已变成文字");
    say_count(t, true, (int)t->out->n_pictures, "图片 ", " 张");
    say_count(t, true, comments, "批注 ", " 条");
    say_changes(t);
    say_count(t, true, t->lines_of, "用表格排的版头、版记 ", " 处，已变成文字");
    say_count(t, true, t->r->boxes, "文本框 ", " 个，文字放在它所在段落旁");
    say_count(t, false, floating, "浮动的图片（如印章）", " 张，只带入图片，不带位置");
    say_count(t, false, fields, "目录、引用等域 ", " 处，只带入现在显示的文字");
    say_count(t, false, t->r->formats, "只改格式的修订 ", " 处没有带入");
    say_count(t, false, t->r->undone, "插入后又删除的修订 ", " 处没有带入");
    say_count(t, false, t->r->formulas, "公式 ", " 处，只带入其中的字母和数字");
    say_count(t, false, t->unnumbered, "按样式是标题、但没有序号的 ", " 行，在文稿里按正文带入");
    say_place(t, RICH_HEADER, "页眉");
    say_place(t, RICH_FOOTER, "页脚");
    say_place(t, RICH_FOOTNOTE, "脚注、尾注");
}

/* ---- all ---- */

static size_t place_of(const struct taking *t, size_t para, size_t byte)
{
    return para < t->r->n && t->at[para] ? t->at[para][byte] : SIZE_MAX;
}

static void comments(struct taking *t)
{
    for (size_t i = 0; i < t->r->n_comments; i++) {
        const struct rich_comment *c = &t->r->comments[i];
        size_t from = c->placed ? place_of(t, c->para, c->from) : 0,
               to = c->placed ? place_of(t, c->to_para, c->to) : 0;
        if (from == SIZE_MAX || to == SIZE_MAX)
            from = to = 0;
        to = to < from ? from : to;
        ARENA_PUSH(t->a, t->out->notes, t->out->n_notes, t->cap_notes) =
            (struct official_note){.kind = OFFICIAL_COMMENT,
                .from = from,
                .to = to,
                .text = c->text,
                .author = c->author,
                .date = c->date};
    }
}

/* In order of place; what stood in order stays so. */
static void sort_notes(struct arena *a, struct official_note *v, size_t n)
{
    struct official_note *tmp = ARENA_ARRAY(a, struct official_note, n + 1);

    for (size_t w = 1; w < n; w *= 2) {
        for (size_t i = 0; i < n; i += 2 * w) {
            size_t mid = i + w < n ? i + w : n, end = i + 2 * w < n ? i + 2 * w : n;
            size_t x = i, y = mid, k = i;
            while (x < mid || y < end)
                tmp[k++] = y >= end || (x < mid && v[x].from <= v[y].from) ? v[x++] : v[y++];
        }
        memcpy(v, tmp, n * sizeof *v);
    }
}

static void start(struct taking *t, struct str front)
{
    const struct rich *r = t->r;
    struct str rest;

    t->at = ARENA_ARRAY(t->a, size_t *, r->n + 1);
    t->below = SIZE_MAX;
    buf_str(&t->text, front);
    for (size_t i = 0; i < r->n; i++) {
        struct str line = word_own_line(t->a, r, &r->paras[i]);
        if (line.n)
            put_instead(t, i, line);
        if (word_own_addressee(t->a, r, &r->paras[i], &rest).n)
            t->below = i;
    }
    put_in_order(t);
}

static void take(
    struct arena *a, const struct rich *r, struct str front, bool carried, struct word_draft *out)
{
    struct taking t = {.a = a, .r = r, .out = out, .carried = carried};

    *out = (struct word_draft){0};
    buf_init(&t.text, 0);
    start(&t, front);
    for (size_t i = 0; i < t.n_order;) {
        size_t end;
        if (!r->paras[t.order[i]].table) {
            put_line(&t, t.order[i++]);
            continue;
        }
        end = table_end(&t, i);
        if (only_lines(&t, i, end))
            put_lines(&t, i, end);
        else
            put_table(&t, i, end);
        for (; i < end; i++)
            pictures(&t, t.order[i]);
    }
    comments(&t);
    sort_notes(a, out->notes, out->n_notes);
    out->text = arena_str(a, buf_view(&t.text));
    out->levels = t.levels;
    buf_release(&t.text);
    say_all(&t);
}

void word_take(struct arena *a, const struct rich *r, struct word_draft *out)
{
    struct official seen;
    struct str front;
    struct err e;
    size_t n = 0;

    take(a, r, S(""), false, out);
    if (!r->category.n || word_official(a, out, &seen, &e) != OK)
        return;
    front = word_own_front(a, r, &seen);
    for (size_t i = 0; i < r->n; i++)
        n += word_own_carried(r, &r->paras[i]);
    if (front.n || n != seen.n_carried)
        take(a, r, front, n != seen.n_carried, out);
}

struct str word_accepted(struct arena *a, const struct word_draft *w)
{
    size_t at = 0;
    struct str out;
    struct buf b;

    buf_init(&b, 0);
    for (size_t i = 0; i < w->n_notes; i++) {
        const struct official_note *x = &w->notes[i];
        if (x->kind == OFFICIAL_COMMENT)
            continue;
        if (x->from > at)
            buf_str(&b, str_sub(w->text, at, x->from - at));
        at = x->from > at ? x->from : at;
        if (x->kind == OFFICIAL_INSERT)
            buf_str(&b, x->text);
        else
            at = x->to > at ? x->to : at;
    }
    buf_str(&b, str_sub(w->text, at, SIZE_MAX));
    out = arena_str(a, buf_view(&b));
    buf_release(&b);
    return out;
}
