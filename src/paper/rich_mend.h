/* paper/rich_mend.h - a docx with its styles and layout put right, and not a character of its text changed.
 *
 * Whoever knows what each paragraph is (office/format.h) says which style it takes; here its properties and those of its runs are written
 * anew, in place, in a caged child as every file from outside. What is not named stays byte for byte. */
#ifndef PAPER_RICH_MEND_H
#define PAPER_RICH_MEND_H

#include "paper/reader.h"

enum mend_style {
    MEND_TEXT = 0,
    MEND_HEAD, /* 发文字号 and what stands in 版头: no indent */
    MEND_MARK,
    MEND_CORNER,
    MEND_TITLE,
    MEND_ADDRESSEE,
    MEND_H1,
    MEND_H2,
    MEND_H3,
    MEND_H4,
    MEND_CENTRED,
    MEND_TAIL, /* signature and date */
    MEND_ANNEX,
    MEND_FOOT,
    N_MEND_STYLE
};
struct mend_para {
    uint32_t elem; /* of the main part */
    enum mend_style style;
    bool labelled; /* its automatic number comes by its style, which stays */
    bool right, centred, line_below, page_before;
    int indent;      /* first line, hundredths of a character */
    int space;       /* at the right, likewise */
    int lines_above; /* empty ones that are missing, as room */
    size_t
        head; /* bytes of its text that are the heading; 0: none, or all. Of MEND_TEXT the number of an article */
};
struct mend {
    const struct mend_para *v; /* in the order of elem */
    size_t n;
    bool page, footers;
};
enum { MEND_MAX = 200000 };

struct mended {
    struct str docx;
    size_t
        unsplit; /* headings in front of text that one run holds together with what could not be cut */
};
MUST_USE enum code rich_mend(struct reader_pool *p, struct arena *a, int fd, struct str name,
    const struct mend *m, struct mended *out, struct err *e);

#endif
