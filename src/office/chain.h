/* office/chain.h - what the chains of events digest (audit.h, item_event.h): parts with their lengths, numbers, salted payloads.
 *
 * Every part has its length before it (8 bytes, big-endian), so that no two lists of parts give the same bytes. */
#ifndef OFFICE_CHAIN_H
#define OFFICE_CHAIN_H

#include "base/sm3.h"

enum { CHAIN_SALT = 16 };

void chain_part(struct sm3 *h, struct str s);
void chain_number(struct sm3 *h, int64_t v); /* as a part of 8 bytes, big-endian */
/* SM3 over salt and payload: the payload can be erased, and what stands over this digest still holds. */
struct digest chain_payload(struct str salt, struct str payload);

#endif
