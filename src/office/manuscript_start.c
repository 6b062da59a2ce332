#include "office/manuscript_start.h"

#include <string.h>

#include "base/utf8.h"
#include "office/person.h"
#include "office/typeset.h"
#include "text/genre.h"

#define OPEN S("【")

/* ---- what can be chosen ---- */

static bool wanted(struct arena *a, const struct template_row *t, struct str words)
{
    return !words.n || str_has(t->name, words) || str_has(t->about, words) ||
           str_starts(initials_of(a, t->name), words);
}

static enum code offer_templates(struct db *db, struct arena *a, const struct actor *by,
    struct str words, struct start_offer *out, struct err *e)
{
    struct template_row *v;
    size_t n = 0;
    TRY(template_list(db, a, by, false, &v, &n, e));
    out->templates = ARENA_ARRAY(a, struct template_row, n + 1);
    out->genres = ARENA_ARRAY(a, int, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct template t = {0};
        struct err wrong;
        if (!wanted(a, &v[i], words) || template_read(a, v[i].file, "模板", &t, &wrong) != OK)
            continue;
        out->genres[out->n_templates] = t.genre;
        out->templates[out->n_templates++] = v[i];
    }
    return OK;
}

enum code manuscript_offer(struct office *o, struct arena *a, const struct actor *by,
    struct str words, struct str title, struct start_offer *out, struct err *e)
{
    struct sample_filter f = {.q = words};
    struct sample_page p;
    struct db *db;
    *out = (struct start_offer){.n_templates = 0};
    words = str_trim(words);
    if (!words.n)
        f.genre = genre_of_title(title, NULL);
    TRY(sample_list(o, a, by, &f, &p, e));
    out->samples = p.v;
    out->n_samples = p.n < START_SAMPLES ? p.n : START_SAMPLES;
    TRY(store_read(o->store, &db, e));
    enum code c = offer_templates(db, a, by, words, out, e);
    store_read_end(db);
    return c;
}

/* ---- the title in a text ---- */

struct str manuscript_title_of(struct arena *a, struct str text)
{
    struct typeset_read told;
    struct official d;
    struct err wrong;
    struct str title = S(""), line, rest;
    if (typeset_read(a, text, NULL, &d, &told, &wrong) == OK)
        for (rest = d.title; str_next(&rest, S("\n"), &line);)
            title = arena_cat(a, title, line);
    return str_sub(title, 0, utf8_off(title, MANUSCRIPT_TITLE_CP_MAX));
}

/* Which bytes of the text are its title, line ends within: lines that together are what typeset_read takes for it. */
static bool title_at(struct arena *a, struct str text, struct str *out)
{
    struct str title = manuscript_title_of(a, text), rest = text, line;
    while (title.n && str_next(&rest, S("\n"), &line)) {
        struct str left = title, more = rest, next = line;
        do {
            if (!str_trim(next).n || !str_eat(&left, str_trim(next)))
                break;
            if (!left.n) {
                *out = (struct str){line.p, (size_t)(next.p + next.n - line.p)};
                return true;
            }
        } while (str_next(&more, S("\n"), &next));
    }
    return false;
}

/* ---- from a template ---- */

/* What the title says of the places of a title line: 【发文机关】关于【通知事由】的通知 over 关于防汛的通知 gives the matter. */
static bool capture(const struct template *t, struct str line, struct str title, struct str *values)
{
    size_t at = 0, from = 0, field = SIZE_MAX;
    struct str name;
    bool more;
    do {
        more = template_place(line, &at, &name);
        size_t to = more ? (size_t)(name.p - line.p) - OPEN.n : line.n;
        struct str words = str_sub(line, from, to - from);
        size_t hit = more ? str_find(title, words, 0)
                          : (str_ends(title, words) ? title.n - words.n : SIZE_MAX);
        if (hit == SIZE_MAX || (field == SIZE_MAX && hit))
            return false;
        if (field != SIZE_MAX)
            values[field] = str_sub(title, 0, hit);
        title = str_sub(title, hit + words.n, SIZE_MAX);
        from = at;
        field = more ? template_field_of(t, name) : SIZE_MAX;
    } while (more && field != SIZE_MAX);
    return !more;
}

static enum code from_template(struct office *o, struct arena *a, const struct actor *by,
    const struct manuscript_start *s, struct manuscript_new *out, struct err *e)
{
    struct template_row row = {0};
    struct template t = {0};
    struct str at, *values;
    struct db *db;
    TRY(store_read(o->store, &db, e));
    enum code c = template_get(db, a, by, s->template_id, &row, e);
    store_read_end(db);
    TRY(c);
    TRY(template_read(a, row.file, "模板", &t, e));
    values = ARENA_ARRAY(a, struct str, t.n_fields + 1);
    if (s->title.n && title_at(a, t.text, &at)) {
        if (!capture(&t, at, s->title, values))
            memset(values, 0, t.n_fields * sizeof *values);
        size_t from = (size_t)(at.p - t.text.p);
        t.text = arena_printf(a, "%.*s%.*s%.*s", SF(str_sub(t.text, 0, from)), SF(s->title),
            SF(str_sub(t.text, from + at.n, SIZE_MAX)));
    }
    TRY(template_fill(a, &t, values, &out->text, e));
    out->genre = t.genre;
    out->template_id = row.id;
    if (!out->title.n)
        out->title = manuscript_title_of(a, out->text);
    if (!out->title.n)
        out->title = t.name;
    return OK;
}

/* ---- from an earlier text ---- */

static enum code read_sample(struct office *o, struct arena *a, const struct actor *by, int64_t id,
    struct sample *out, struct err *e)
{
    struct db *db;
    TRY(store_read(o->store, &db, e));
    enum code c = sample_get(db, a, by, id, out, e);
    store_read_end(db);
    return c;
}

static enum code from_earlier(struct office *o, struct arena *a, const struct actor *by,
    const struct manuscript_start *s, struct manuscript_new *out, struct err *e)
{
    struct library_reading r = {0};
    struct sample one = {0};
    struct str at, rest;
    if (s->sample) {
        TRY(read_sample(o, a, by, s->sample, &one, e));
    } else {
        TRY(library_read(o, a, by->v, s->document, S(""), &r, e));
        one = sample_of_document(&r.doc);
        one.text = r.text;
    }
    if (!out->title.n)
        out->title = one.title;
    rest = one.text;
    if (title_at(a, one.text, &at))
        rest = str_sub(one.text, (size_t)(at.p - one.text.p) + at.n, SIZE_MAX);
    else
        rest = arena_cat(a, S("\n"), rest);
    out->text = arena_cat(a, out->title, rest);
    out->genre = one.genre;
    if (out->level < one.level)
        out->level = one.level;
    return OK;
}

/* ---- any of them ---- */

static enum code from_blank(
    struct arena *a, const struct manuscript_start *s, struct manuscript_new *out, struct err *e)
{
    if (s->form.n && typeset_form(s->form) == N_OFFICIAL_FORM)
        return FAIL(e, E_INPUT, "没有“%.*s”这种版式", SF(s->form));
    if (!s->title.n)
        return FAIL(e, E_INPUT, "从白纸写起请先填名称");
    out->text = !s->form.n || str_eq(s->form, S("文件"))
                    ? arena_printf(a, "%.*s\n\n", SF(s->title))
                    : arena_printf(a, "版式：%.*s\n%.*s\n\n", SF(s->form), SF(s->title));
    return OK;
}

enum code manuscript_start(struct office *o, struct arena *a, const struct actor *by,
    const struct manuscript_start *s, struct manuscript_new *out, struct err *e)
{
    *out = (struct manuscript_new){.title = s->title, .level = s->level};
    if (s->template_id.n)
        TRY(from_template(o, a, by, s, out, e));
    else if (s->sample || s->document)
        TRY(from_earlier(o, a, by, s, out, e));
    else
        TRY(from_blank(a, s, out, e));
    if (!out->genre)
        out->genre = genre_of_title(out->title, NULL);
    return OK;
}
