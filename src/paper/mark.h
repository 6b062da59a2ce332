/* paper/mark.h - words that everything written by this process bears: PDF, OFD and docx across or above each page, workbooks in their print heads and the names of
 * their sheets. Set once when the office is opened (a practice office), before anything is written; a writer asks for it itself, so that none can
 * forget. What came as a file and goes out as the same bytes is not touched. */
#ifndef PAPER_MARK_H
#define PAPER_MARK_H

#include "base/str.h"

enum { PAPER_MARK_BYTES = 60 };
/* Empty: nothing is marked. No other thread writes paper meanwhile. */
void paper_mark_set(struct str words);
struct str paper_mark(void);

#endif
