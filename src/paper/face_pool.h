/* paper/face_pool.h - faces kept warm: opening the fonts and measuring the first characters takes longer than laying a page out. Any
 * thread takes one, has it alone, and gives it back. */
#ifndef PAPER_FACE_POOL_H
#define PAPER_FACE_POOL_H

#include "paper/face.h"

enum { FACE_POOL_MAX = 4 }; /* kept; what is given back beyond them is closed */

struct face_pool;
struct face_pool *face_pool_new(void);
void face_pool_free(struct face_pool *p); /* all were given back; NULL is nothing */
MUST_USE enum code face_pool_take(struct face_pool *p, struct faces **out, struct err *e);
void face_pool_give(struct face_pool *p, struct faces *f);

#endif
