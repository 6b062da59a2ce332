/* office/item_plenty.h - which lists have far more items than are counted.
 *
 * "10,000件以上" is the same answer for years, and costs ten thousand rows each time it is found. What nothing but the giving up of
 * drafts makes shorter (a kind, what is done, what one has opened) keeps it for some minutes: PLENTY_SPARE items more than are
 * counted were there, and so many are not taken away meanwhile. Nothing else about a count is ever remembered. */
#ifndef OFFICE_ITEM_PLENTY_H
#define OFFICE_ITEM_PLENTY_H

#include "office/item_seen.h"

enum { PLENTY_SPARE = 1000, PLENTY_LIMIT = ITEM_TOTAL_EXACT + PLENTY_SPARE + 1 };

/* Of a list, `what`, as this viewer sees it. */
uint64_t plenty_key(const struct actor *by, const struct seen *s, struct str what);
bool plenty_known(uint64_t key);
void plenty_note(uint64_t key, int64_t n); /* so many were counted, up to PLENTY_LIMIT */

#endif
