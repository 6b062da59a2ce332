/* paper/flow.h - from words at places on pages to paragraphs, for pdf and ofd. Private to the layer.
 *
 * Method: words whose middles lie on one height are a line; page numbers and lines that repeat at the
 * edges of pages go; a line goes on in the next when it is full to the right margin and the next
 * begins at the left one, not indented, in the same size and at the usual distance. This is how
 * Chinese official paper is set (two characters of indent, both margins straight). A line with wide gaps inside is a row
 * of a table or a form: never joined; rows below each other with as many cells at the same places are rows of a table.
 * Two columns of prose, with an empty gutter between them for eight lines and more, are read one after the other; what is not
 * plainly that is read across, as a table is.
 * Lengths are in whatever unit the format has; y grows downwards. */
#ifndef PAPER_FLOW_H
#define PAPER_FLOW_H

#include "paper/job.h"

struct flow_word {
    double x0, y0, x1, y1;
    double size;     /* of a character */
    struct str text; /* lives as long as the job */
};

struct flow {
    struct job *j;
    struct flow_page {
        double width, height;
        size_t first, n; /* words */
    } * pages;
    size_t n_pages, cap_pages;
    struct flow_word *words;
    size_t n_words, cap_words;
};

void flow_page(struct flow *f, double width, double height);
void flow_add(struct flow *f, struct flow_word w); /* to the last page; blank words are left out */
/* The blocks, image_only and warnings about pages without text. */
void flow_end(struct flow *f);

#endif
