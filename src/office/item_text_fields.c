/* item_text_fields.c - what the text itself says for the form of a new item: nobody types again what stands in the text. */
#include "base/utf8.h"
#include "office/item_text.h"
#include "office/typeset.h"
#include "text/genre.h"

/* Which way a 文种 usually goes; the drafter looks at it in the form. 意见 goes every way. */
static struct str usual_direction(int genre)
{
    switch (genre) {
    case GENRE_REQUEST:
    case GENRE_REPORT:
    case GENRE_BILL:
        return S("上行文");
    case GENRE_LETTER:
        return S("平行文");
    case GENRE_OPINION:
        return S("");
    default:
        return genre_official(genre) ? S("下行文") : S("");
    }
}

static const struct kind_field *field_of(const struct kind *k, const char *id)
{
    size_t at = kind_field_of(k, str_z(id));
    return at == SIZE_MAX ? NULL : &k->fields[at];
}

static bool fits(const struct kind_field *f, struct str v)
{
    for (size_t i = 0; f->type == FIELD_CHOICE && i < f->n_choices; i++)
        if (str_eq(f->choices[i], v))
            return true;
    return (f->type == FIELD_TEXT || f->type == FIELD_LONGTEXT) && utf8_len_cp(v) <= (size_t)f->max;
}

static void set(const struct kind *k, const char *id, struct str v, json_t *fields)
{
    const struct kind_field *f = field_of(k, id);
    v = str_trim(v);
    if (f && v.n && fits(f, v))
        (void)json_object_set_new(fields, id, json_stringn(v.p, v.n));
}

void text_fields(
    struct arena *a, const struct kind *k, struct str title, struct str text, json_t *fields)
{
    struct official d;
    struct typeset_read told;
    struct err none; /* a text that cannot be laid out yet says nothing here; the desk tells why */
    int genre = genre_of_title(title, NULL);
    set(k, "genre", genre_name(genre), fields);
    set(k, "direction", usual_direction(genre), fields);
    if (typeset_read(a, text, NULL, &d, &told, &none) != OK)
        return;
    set(k, "to_other", d.addressee, fields);
    set(k, "cc_other", d.cc, fields);
    set(k, "issuer", d.printer, fields);
}
