/* item_script_text.c - a script's verbs about manuscripts: begun, written on, kept as a version, commented, carried by an item. */
#include "office/document.h"
#include "office/item_script_int.h"
#include "office/item_text.h"
#include "office/manuscript_edit.h"
#include "office/manuscript_note.h"
#include "office/manuscript_version.h"
#include "text/genre.h"

/* A text, or a list of its lines. */
static enum code text_at(struct line *l, struct str *out, struct err *e)
{
    const json_t *v = json_object_get(l->js, "text");
    struct buf b;

    if (!json_is_array(v)) {
        *out = script_get(l, "text");
        return OK;
    }
    buf_init(&b, SCRIPT_LINE_MAX);
    for (size_t i = 0; i < json_array_size(v); i++) {
        const json_t *line = json_array_get(v, i);
        if (i)
            buf_char(&b, '\n');
        buf_str(&b, (struct str){json_string_value(line), json_string_length(line)});
    }
    enum code c = buf_check(&b, "一行里的文字", e);
    *out = arena_str(l->a, buf_view(&b));
    buf_release(&b);
    return c;
}

static enum code manuscript_at(struct line *l, int64_t *id, struct err *e)
{
    return script_ref(l, script_get(l, "manuscript"), id, e);
}

enum code script_manuscript(struct line *l, struct err *e)
{
    struct str genre = script_get(l, "genre");
    struct manuscript_new m = {.title = script_get(l, "title"),
        .genre = genre_of_name(genre),
        .level = LEVEL_INTERNAL,
        .template_id = script_get(l, "template")};

    if (genre.n && !m.genre)
        return FAIL(e, E_INPUT, "“genre”：没有“%.*s”这个文种", SF(genre));
    TRY(text_at(l, &m.text, e));
    return manuscript_new(l->db, &l->by, &m, &l->ref, e);
}

/* Written on: the whole text as it is to be. */
enum code script_text(struct line *l, struct err *e)
{
    struct manuscript_saved saved;
    struct str text, was;
    int64_t id, at;

    TRY(manuscript_at(l, &id, e));
    TRY(text_at(l, &text, e));
    TRY(manuscript_text(l->db, l->a, &l->by, id, -1, &was, &at, e));
    return manuscript_save(l->db, l->a, &l->by, id, at, text, &saved, e);
}

enum code script_version(struct line *l, struct err *e)
{
    int64_t id, version;

    TRY(manuscript_at(l, &id, e));
    return manuscript_freeze(l->db, l->a, &l->by, id, script_get(l, "name"), &version, e);
}

enum code script_invite(struct line *l, struct err *e)
{
    const json_t *v = json_object_get(l->js, "persons");
    int64_t id, person;

    TRY(manuscript_at(l, &id, e));
    for (size_t i = 0; i < json_array_size(v); i++) {
        const json_t *one = json_array_get(v, i);
        TRY(script_person(
            l, (struct str){json_string_value(one), json_string_length(one)}, &person, e));
        TRY(manuscript_invite(l->db, &l->by, id, person, jr_bool(l->js, "writes", false), e));
    }
    return OK;
}

/* A suggestion where the line says what to put, otherwise a comment. */
enum code script_note(struct line *l, struct err *e)
{
    struct note_new x = {.sort = json_object_get(l->js, "put") ? NOTE_SUGGESTION : NOTE_COMMENT,
        .seq = -1,
        .quote = script_get(l, "quote"),
        .words = script_get(l, "words"),
        .put = script_get(l, "put")};
    int64_t id, note;

    TRY(manuscript_at(l, &id, e));
    return manuscript_note_add(l->db, l->a, &l->by, id, &x, &note, e);
}

/* Signed off by the item, or by a new draft of a kind that carries texts. */
enum code script_item(struct line *l, struct err *e)
{
    int64_t id;

    TRY(manuscript_at(l, &id, e));
    if (script_get(l, "item").n) {
        TRY(script_ref(l, script_get(l, "item"), &l->made, e));
        return manuscript_set_item(l->db, &l->by, id, l->made, e);
    }
    return item_text_begin(l->db, &l->by, id, script_get(l, "kind"), &l->made, e);
}
