/* web/compare.h - two versions side by side, part against part, changed characters marked. */
#ifndef WEB_COMPARE_H
#define WEB_COMPARE_H

#include "pages.h"
#include "text/articles.h"

struct compare {
    struct diff_row *rows;
    size_t n;
};
/* all: parts that did not change are shown too; else one on each side of a change, the rest as a gap. */
void compare_rows(struct arena *a, struct str x, struct str y, const struct articles_diff *d,
    bool all, struct compare *out);

#endif
