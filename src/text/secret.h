/* text/secret.h - does a text bear a secrecy mark? (design 10.1)
 *
 * A mark is what GB/T 9704-2012 7.2.2 puts on the first page (机密★1年) and its usual disguises: a filled
 * 密级 field at the head, the level alone above a red head, in a page header, in brackets before the
 * title; with blanks inside, ☆ or * for ★, and the characters OCR makes of a star. A text that
 * merely speaks of secrets (a law that lists 绝密、机密、秘密, a handbook that quotes “机密★1年”,
 * 商业秘密, 工作秘密, 保密工作) bears none. Positions are bytes of the text given. */
#ifndef TEXT_SECRET_H
#define TEXT_SECRET_H

#include "text/lex.h"

enum secret_level { SECRET_NONE = 0, SECRET_LOW = 1 /* 秘密 */, SECRET_MID, SECRET_TOP /* 绝密 */ };

enum secret_form {
    SECRET_STAR = 1, /* 机密★1年, anywhere */
    SECRET_FIELD,    /* 密级：机密, at the head */
    SECRET_ALONE, /* 机密 on a line of its own at the head, with a copy number, urgency or red head near */
    SECRET_BRACKET, /* 【机密】 before or （秘密） behind a title */
    SECRET_HEADER,  /* in a page header or footer */
};

struct secret_mark {
    enum secret_level level;
    enum secret_form form;
    struct text_span at; /* from the level (or the field name) to the end of the period */
    size_t line;         /* number of its line, from 1 */
};

/* The first mark in the plain text of a document; lines parted by '\n'. The whole text is looked
 * through for ★ forms, the first SECRET_HEAD_LINES lines that are not blank for the others. */
enum { SECRET_HEAD_LINES = 25 };
bool secret_find(struct str text, struct secret_mark *out);
/* The same in one page header, footer or stamp (a BLOCK_NOTE): the level alone is enough. */
bool secret_find_header(struct str header, struct secret_mark *out);

/* "绝密" "机密" "秘密"; "" for none. For messages; what is logged never holds more. */
const char *secret_level_name(enum secret_level level);

#endif
