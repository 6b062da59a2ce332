/* office/manuscript_start.h - what a new manuscript begins with: a blank page, a template, an earlier text of one's own house. */
#ifndef OFFICE_MANUSCRIPT_START_H
#define OFFICE_MANUSCRIPT_START_H

#include "office/manuscript.h"
#include "office/sample.h"
#include "office/template.h"

enum { START_SAMPLES = 8 };

/* What can be chosen: templates whose name or purpose has the words (or whose name begins with these pinyin initials), and the newest
 * texts of one's own house that have them. Without words all templates, and the newest texts of the kind that the title names. */
struct start_offer {
    struct template_row *templates;
    int *genres; /* beside them */
    struct sample *samples;
    size_t n_templates, n_samples;
};
MUST_USE enum code manuscript_offer(struct office *o, struct arena *a, const struct actor *by,
    struct str words, struct str title, struct start_offer *out, struct err *e);

struct manuscript_start {
    struct str title;       /* empty: that of the template or of the earlier text */
    struct str form;        /* of a blank page: 文件 (or empty), 信函 ... */
    struct str template_id; /* one of the three, or none: blank */
    int64_t sample, document;
    int level; /* at least that of the earlier text */
};
/* What manuscript_new takes. Of a template: its parts, the title in its place, the matter in its places as far as the title says it; all
 * other places stay 【…】. Of an earlier text: that text under the new title, without what stood above its title (mark, number).
 * E_INPUT: a blank page without a title. E_NOTFOUND where one may not read it. */
MUST_USE enum code manuscript_start(struct office *o, struct arena *a, const struct actor *by,
    const struct manuscript_start *s, struct manuscript_new *out, struct err *e);

/* The title as it will stand on paper, on one line; empty where the text names none. */
struct str manuscript_title_of(struct arena *a, struct str text);

#endif
