/* office/key.h - the keys under which titles and numbers of documents meet, whoever wrote them: one
 * place, so that what a document stores and what a citation looks for are made alike. */
#ifndef OFFICE_KEY_H
#define OFFICE_KEY_H

#include "base/arena.h"

/* Variants of one title meet (text/cite.h: cite_key_relaxed). Empty for an empty title. In `a`. */
struct str key_of_title(struct arena *a, struct str title);
/* The work that a document prints: X of 关于印发《X》的通知, so that what people cite meets the notice it came
 * with. A view of `title`; empty when it prints nothing, or more than one thing. */
struct str key_printed(struct str title);
/* Titles that are the same but for blanks and widths of brackets. */
bool key_same_title(struct arena *a, struct str x, struct str y);
/* Every way of writing one number meets: 国办发|2024|15; what is no number is kept as it is, trimmed. */
struct str key_of_docno(struct arena *a, struct str docno);
/* A LIKE pattern for keys that hold part of a number, as a person types it: 国办发〔2024〕, 〔2024〕15号. */
struct str key_like_docno(struct arena *a, struct str part);
/* A LIKE pattern (ESCAPE '\\') for texts that hold `part` as it stands. */
struct str key_like(struct arena *a, struct str part);

#endif
