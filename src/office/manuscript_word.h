/* office/manuscript_word.h - a Word draft made into a manuscript with what it carries, and a manuscript written as a Word file with what
 * stands beside its text.
 *
 * Comments become comments on their spans, tracked changes suggestions one by one, under the names and with the times that Word has; pictures
 * become files of the manuscript. What does not fit in is counted. */
#ifndef OFFICE_MANUSCRIPT_WORD_H
#define OFFICE_MANUSCRIPT_WORD_H

#include "office/manuscript_file.h"
#include "office/word.h"

/* What becomes of tracked changes. */
enum word_changes {
    WORD_SUGGEST = 0, /* the text before them, each a suggestion */
    WORD_ACCEPTED,    /* the text after them */
    WORD_BEFORE       /* the text before them, and nothing else */
};
struct word_ready { /* judged, not yet written */
    struct str text;
    struct official_note *notes; /* bytes of text */
    size_t n_notes;
    struct manuscript_picture *pictures;
    size_t n_pictures;
    struct str lost; /* pictures that are none of ours, in words; empty: none */
};
struct word_taken {
    int64_t id; /* of the manuscript */
    int64_t comments, suggestions, pictures;
    int64_t left; /* notes for which there was no room */
};

/* Outside a write: pictures are drawn anew. E_SECRET: the text bears a mark. */
MUST_USE enum code manuscript_word_judge(struct office *o, struct arena *a,
    const struct word_draft *w, enum word_changes how, struct word_ready *out, struct err *e);
/* Inside a write. m->text is not looked at. */
MUST_USE enum code manuscript_word_take(struct db *db, struct arena *a, const struct actor *by,
    const struct manuscript_new *m, const struct word_ready *w, struct word_taken *out,
    struct err *e);
/* 3条批注、5处修改建议、2幅图片; empty: nothing of these. */
struct str manuscript_word_told(struct arena *a, const struct word_taken *t);

/* The text now as docx: its pictures, open comments with what was answered, open suggestions as tracked changes. *title is the manuscript's. */
struct manuscript_source {
    struct manuscript m;
    struct str text;
    struct official doc;
    struct official_note *notes;
    size_t n_notes;
};
MUST_USE enum code manuscript_word_source(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, struct manuscript_source *out, struct err *e);
MUST_USE enum code manuscript_word_docx(struct arena *a, struct faces *f,
    const struct manuscript_source *s, int64_t now_ms, struct str *docx, struct err *e);

#endif
