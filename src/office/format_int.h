/* office/format_int.h - what the files of the format check share. Private to format*.c. */
#ifndef OFFICE_FORMAT_INT_H
#define OFFICE_FORMAT_INT_H

#include "office/format.h"
#include "paper/face.h"

struct formatting {
    struct arena *a;
    const struct format_view *w;
    struct format_report *out;
    size_t cap;
};
/* One difference; `id` is a rule's. `para` SIZE_MAX: the whole file, at `place`. */
void format_say(
    struct formatting *f, const char *id, size_t para, struct str found, const char *right);
void format_say_at(
    struct formatting *f, const char *id, const char *place, struct str found, const char *right);

/* The look most Chinese characters of bytes [from, to) of a paragraph have; NULL: it has none. */
const struct rich_look *format_look_of(
    const struct rich *r, const struct rich_para *p, size_t from, size_t to);
double format_points(const struct rich_look *k);
/* The class of a font by its name; -1: another, or none is named. */
int format_face(struct str font);
/* A size by its Chinese name: 三号. */
struct str format_size(struct arena *a, double pt);
/* Indent of the first line and of all, in characters of the paragraph's size. */
double format_first(const struct rich *r, const struct rich_para *p);
double format_left(const struct rich *r, const struct rich_para *p);

/* E_SECRET: the file bears a secrecy mark; nothing is made of it. */
MUST_USE enum code format_guard(const struct format_view *w, struct str name, struct err *e);

void format_page(struct formatting *f);
void format_footers(struct formatting *f);
void format_head(struct formatting *f);
void format_type(struct formatting *f);
void format_places(struct formatting *f);
void format_words(struct formatting *f);

#endif
