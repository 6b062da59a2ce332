#include "office/manuscript_word.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "office/describe.h"
#include "office/manuscript_edit.h"
#include "office/manuscript_int.h"
#include "office/manuscript_note.h"
#include "office/typeset.h"
#include "text/pos.h"

enum { AUTHOR_CP_MAX = 60, DATE_BYTES = 19 };

/* ---- judging: outside the write ---- */

/* A place of the text before the changes, in the text after them. What is put in at the place itself is behind a beginning and in front of
 * an end: a comment on inserted words keeps them. */
static size_t after_changes(const struct word_draft *w, size_t at, bool end)
{
    size_t to = at;

    for (size_t i = 0; i < w->n_notes && w->notes[i].from <= at; i++) {
        const struct official_note *x = &w->notes[i];
        if (x->kind == OFFICIAL_INSERT && (x->from < at || end))
            to += x->text.n;
        else if (x->kind == OFFICIAL_DELETE)
            to -= (x->to < at ? x->to : at) - x->from;
    }
    return to;
}

static void take_notes(
    struct arena *a, const struct word_draft *w, enum word_changes how, struct word_ready *out)
{
    size_t cap = 0;

    out->text = how == WORD_ACCEPTED ? word_accepted(a, w) : w->text;
    for (size_t i = 0; i < w->n_notes; i++) {
        struct official_note x = w->notes[i];
        if (x.kind != OFFICIAL_COMMENT && how != WORD_SUGGEST)
            continue;
        if (how == WORD_ACCEPTED) {
            x.from = after_changes(w, w->notes[i].from, false);
            x.to = after_changes(w, w->notes[i].to, true);
            if (x.to > out->text.n)
                x.to = out->text.n;
            if (x.from > x.to)
                x.from = x.to;
        }
        ARENA_PUSH(a, out->notes, out->n_notes, cap) = x;
    }
}

static enum code take_pictures(struct office *o, struct arena *a, const struct word_draft *w,
    struct word_ready *out, struct err *e)
{
    size_t cap = 0;
    int64_t bytes = 0;

    for (size_t i = 0; i < w->n_pictures; i++) {
        const struct word_picture *p = &w->pictures[i];
        struct manuscript_picture f;
        struct err why = {.code = OK};
        enum code c = E_LIMIT;
        if (out->n_pictures < MANUSCRIPT_FILES_MAX)
            c = manuscript_file_judge(o, a, p->bytes, p->name, p->width_mm, &f, &why);
        if (c == E_IO || c == E_FULL || c == E_BUG) {
            *e = why;
            return c;
        }
        if (c == OK && bytes + f.blob.size <= MANUSCRIPT_FILES_BYTES) {
            bytes += f.blob.size;
            ARENA_PUSH(a, out->pictures, out->n_pictures, cap) = f;
        } else {
            out->lost =
                arena_printf(a, "%.*s%s%.*s", SF(out->lost), out->lost.n ? "、" : "", SF(p->name));
        }
    }
    return OK;
}

enum code manuscript_word_judge(struct office *o, struct arena *a, const struct word_draft *w,
    enum word_changes how, struct word_ready *out, struct err *e)
{
    *out = (struct word_ready){.lost = S("")};
    take_notes(a, w, how, out);
    TRY(manuscript_check_text(out->text, e));
    TRY(manuscript_check_secret(S(""), out->text, e));
    return take_pictures(o, a, w, out, e);
}

/* ---- taking ---- */

/* 2026-07-13T09:30:00Z, by which Word means the clock on the wall; 0: not said. */
static int64_t word_time(struct str s)
{
    static const size_t at[] = {11, 14, 17};
    static const int64_t unit[] = {MS_HOUR, MS_HOUR / 60, 1000};
    struct err none;
    struct day d;
    int64_t ms, n;

    if (s.n < DATE_BYTES || day_parse(str_sub(s, 0, 10), &d, &none) != OK)
        return 0;
    ms = clock_day_ms(day_num(d), ZONE_CHINA);
    for (size_t i = 0; i < 3; i++) {
        if (str_int(str_sub(s, at[i], 2), &n, &none) != OK || n < 0 || n > 60)
            return 0;
        ms += n * unit[i];
    }
    return ms;
}

static struct str cut(struct arena *a, struct str s, size_t most)
{
    struct str more = S("……（以下略）");

    if (utf8_len_cp(s) <= most)
        return s;
    return arena_cat(a, str_sub(s, 0, utf8_off(s, most - utf8_len_cp(more))), more);
}

struct taking {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    struct word_taken *out;
    struct pos_map map;
};

static struct note_brought brought(
    struct arena *a, const struct pos_map *map, const struct official_note *x)
{
    struct note_brought n = {.sort = NOTE_SUGGESTION,
        .from = (int64_t)pos_at_byte(map, x->from).unit,
        .to = (int64_t)pos_at_byte(map, x->to).unit,
        .quote = str_sub(map->text, x->from, x->to - x->from),
        .author = str_sub(x->author, 0, utf8_off(x->author, AUTHOR_CP_MAX)),
        .made_ms = word_time(x->date)};

    if (x->kind == OFFICIAL_COMMENT) {
        n.sort = NOTE_COMMENT;
        n.words = cut(a, str_trim(x->text), NOTE_WORDS_CP_MAX);
    } else if (x->kind == OFFICIAL_INSERT) {
        n.put = x->text;
    }
    return n;
}

/* Words struck out and others put in at that place by the same hand: one replaces the other. SIZE_MAX: no such pair. */
static size_t counterpart(const struct word_ready *w, size_t i)
{
    const struct official_note *x = &w->notes[i], *y;

    for (size_t k = i + 1; k < w->n_notes && w->notes[k].from <= x->to; k++) {
        y = &w->notes[k];
        if (y->kind == OFFICIAL_COMMENT)
            continue;
        return x->kind != OFFICIAL_COMMENT && y->kind != x->kind && y->from == x->to &&
                       str_eq(x->author, y->author)
                   ? k
                   : SIZE_MAX;
    }
    return SIZE_MAX;
}

static enum code take_one(struct taking *t, const struct official_note *x,
    const struct official_note *other, struct err *e)
{
    struct note_brought n = brought(t->a, &t->map, x);

    if (other) { /* the two stand at one place: from where the first begins to where the last ends */
        n.put = x->kind == OFFICIAL_INSERT ? x->text : other->text;
        n.to = (int64_t)pos_at_byte(&t->map, other->to).unit;
        n.quote = str_sub(t->map.text, x->from, other->to - x->from);
    }
    if (t->out->comments + t->out->suggestions >= NOTES_MAX ||
        utf8_len_cp(n.put) > NOTE_PUT_CP_MAX || (n.sort == NOTE_COMMENT && !n.words.n)) {
        t->out->left++;
        return OK;
    }
    TRY(manuscript_note_bring(t->db, t->by, t->out->id, &n, e));
    *(n.sort == NOTE_COMMENT ? &t->out->comments : &t->out->suggestions) += 1;
    return OK;
}

enum code manuscript_word_take(struct db *db, struct arena *a, const struct actor *by,
    const struct manuscript_new *m, const struct word_ready *w, struct word_taken *out,
    struct err *e)
{
    struct manuscript_new fresh = *m;
    struct manuscript_file made;
    struct taking t = {.db = db, .a = a, .by = by, .out = out};
    bool *paired = ARENA_ARRAY(a, bool, w->n_notes + 1);

    *out = (struct word_taken){.id = 0};
    fresh.text = w->text;
    TRY(manuscript_new(db, by, &fresh, &out->id, e));
    for (size_t i = 0; i < w->n_pictures; i++, out->pictures++)
        TRY(manuscript_file_put(db, a, by, out->id, &w->pictures[i], &made, e));
    pos_map_init(a, &t.map, w->text);
    for (size_t i = 0; i < w->n_notes; i++) {
        size_t other = paired[i] ? SIZE_MAX : counterpart(w, i);
        if (paired[i])
            continue;
        if (other != SIZE_MAX)
            paired[other] = true;
        TRY(take_one(&t, &w->notes[i], other == SIZE_MAX ? NULL : &w->notes[other], e));
    }
    return OK;
}

static struct str counted(struct arena *a, struct str s, int64_t n, const char *what)
{
    return n ? arena_printf(a, "%.*s%s%lld%s", SF(s), s.n ? "、" : "", (long long)n, what) : s;
}

struct str manuscript_word_told(struct arena *a, const struct word_taken *t)
{
    struct str s = counted(a, S(""), t->comments, "条批注");

    s = counted(a, s, t->suggestions, "处修改建议");
    return counted(a, s, t->pictures, "幅图片");
}

/* ---- written as Word ---- */

static struct str word_date(struct arena *a, int64_t ms)
{
    struct civil c = clock_civil(ms, ZONE_CHINA);

    return arena_printf(
        a, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.day.y, c.day.m, c.day.d, c.hour, c.minute, c.second);
}

struct noting {
    struct arena *a;
    struct official_note *v;
    size_t n, cap;
};

/* In order of place. One that replaces words ends behind where the next may begin. */
static void note_in(struct noting *t, struct official_note x)
{
    size_t k = t->n;

    ARENA_PUSH(t->a, t->v, t->n, t->cap) = x;
    for (; k > 0 && x.from < t->v[k - 1].from; k--)
        t->v[k] = t->v[k - 1];
    t->v[k] = x;
}

static void note_one(struct noting *t, const struct pos_map *map, const struct manuscript_note *v)
{
    struct official_note x = {.kind = OFFICIAL_COMMENT,
        .from = pos_at_unit(map, (size_t)v->from).byte,
        .to = pos_at_unit(map, (size_t)v->to).byte,
        .text = v->words,
        .author = v->author.n ? v->author : v->by_name,
        .date = word_date(t->a, v->made_ms)};

    if (v->sort == NOTE_COMMENT) {
        note_in(t, x);
        return;
    }
    x.kind = OFFICIAL_DELETE;
    x.text = S("");
    if (x.to > x.from)
        note_in(t, x);
    x.kind = OFFICIAL_INSERT;
    x.text = v->put;
    x.from = x.to;
    if (x.text.n)
        note_in(t, x);
}

/* What was answered to v[i] stands behind it in the list, and in Word under its words. */
static struct manuscript_note answered(
    struct arena *a, const struct manuscript_note *v, size_t n, size_t i)
{
    struct manuscript_note x = v[i];

    for (size_t k = i + 1; k < n && v[k].sort == NOTE_REPLY; k++)
        x.words =
            arena_printf(a, "%.*s\n%.*s：%.*s", SF(x.words), SF(v[k].by_name), SF(v[k].words));
    return x;
}

static void source_notes(
    struct arena *a, const struct manuscript_note *v, size_t n, struct manuscript_source *s)
{
    struct noting t = {.a = a};
    struct pos_map map;

    pos_map_init(a, &map, s->text);
    for (size_t i = 0; i < n; i++) {
        struct manuscript_note x = answered(a, v, n, i);
        if (x.sort == NOTE_COMMENT || (x.sort == NOTE_SUGGESTION && !x.gone))
            note_one(&t, &map, &x);
    }
    s->notes = t.v;
    s->n_notes = t.n;
}

enum code manuscript_word_source(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct manuscript_source *out, struct err *e)
{
    struct manuscript_source s = {.m = {.id = 0}};
    struct manuscript_note *v = NULL;
    struct manuscript_file *files = NULL;
    struct typeset_read told;
    size_t n = 0, n_files = 0;

    TRY(manuscript_get(db, a, by, id, &s.m, e));
    TRY(manuscript_text(db, a, by, id, -1, &s.text, NULL, e));
    TRY(manuscript_notes(db, a, by, id, true, &v, &n, e));
    TRY(manuscript_files(db, a, by, id, &files, &n_files, e));
    TRY(typeset_read(a, s.text, NULL, &s.doc, &told, e));
    TRY(manuscript_files_fill(db, a, files, n_files, &s.doc, e));
    source_notes(a, v, n, &s);
    *out = s;
    return OK;
}

enum code manuscript_word_docx(struct arena *a, struct faces *f, const struct manuscript_source *s,
    int64_t now_ms, struct str *docx, struct err *e)
{
    struct official_docx o = {
        .made_ms = now_ms, .source = s->text, .notes = s->notes, .n_notes = s->n_notes};
    struct official_style style;
    struct layout l;

    official_style_of(s->doc.form, &style);
    TRY(layout_make(a, f, &s->doc, &style, &l, e));
    return official_docx(a, &s->doc, &style, &l, &o, docx, e);
}
