/* office/word.h - a Word draft taken onto the desk: its text as a secretary would type it, and what stood beside the text.
 *
 * The text is the one before the tracked changes: an insertion is no part of it yet, a deletion still is; both come as notes, as they do on
 * the desk. One paragraph a line; automatic numbers are text; a table is lines with tabs, with “<<”, “^^” and “↵” as typeset.h has them; a picture
 * is a line [图：名称]. Red heads in text boxes and 版记 in tables become the lines they mean. Nothing is dropped silently: what was
 * recognised and what was not comes back in words. */
#ifndef OFFICE_WORD_H
#define OFFICE_WORD_H

#include "paper/official_docx.h"
#include "paper/rich.h"

struct word_picture {
    struct str name, bytes; /* as the line [图：…] calls it */
    double width_mm;
    bool png;
};
struct word_draft {
    struct str text;
    struct official_note *notes; /* bytes of text, in order */
    size_t n_notes;
    struct word_picture *pictures;
    size_t n_pictures;
    struct str *known, *lost; /* for the person: 修订 3 处（李明 2 处，王芳 1 处）; 页眉未带入：… */
    size_t n_known, n_lost;
    int *levels; /* of each line of text: a heading by its style, which the text does not say; 0 */
    size_t n_lines;
};
void word_take(struct arena *a, const struct rich *r, struct word_draft *out);
/* The text once every tracked change is accepted. */
struct str word_accepted(struct arena *a, const struct word_draft *w);
/* The same as a document, with the notes' places kept: typeset_read, pictures and headings by style. Strings are views of out->text. */
MUST_USE enum code word_official(
    struct arena *a, const struct word_draft *w, struct official *out, struct err *e);

#endif
