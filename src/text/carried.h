/* text/carried.h - texts that a document carries (印发件): what 关于印发《…》的通知, a 转发 or 批转 notice or an order (令) has behind its
 * signature and date, on a new page and without the word 附件. It is a part of the document, not one of its 附件.
 *
 * Where one begins is told by the name that the title, or the sentence 现将《…》印发给你们, has given it; in a notice of this kind by what
 * stands behind the date and looks like a title; or by the word 印发件 (转发件) in a line of its own, which is not printed. Better a miss
 * than a document torn apart: behind 附件 nothing is looked for. */
#ifndef TEXT_CARRIED_H
#define TEXT_CARRIED_H

#include "text/draft.h"

/* Needs lines, text and meta of `d`; at most DRAFT_CARRIED_MAX. */
size_t carried_find(struct arena *a, const struct draft *d, struct draft_carried **out);
/* Is the line the word alone? */
bool carried_word(struct str line);

#endif
