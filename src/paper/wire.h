/* paper/wire.h - what pool and child say to each other over their socket. Private to the layer.
 * Both ends are the same executable, so plain structs travel. */
#ifndef PAPER_WIRE_H
#define PAPER_WIRE_H

#include "paper/reader.h"

enum { WIRE_FD = 3, WIRE_NAME = 512, WIRE_MAGIC = 0x51535243 };

enum wire_as {
    AS_FILE = 1,
    AS_PDFTEXT,
    AS_OCRTEXT,
    AS_PICTURE,
    AS_FEED,
    AS_ANNOTATE, /* annotate_encode: a docx with what is to be written into it */
    AS_RICH,     /* a docx, to be read with its looks, comments and changes (rich.h) */
    AS_MEND,     /* mend_encode: a docx and what its paragraphs are to look like (rich_mend.h) */
    AS_REDRAW /* PNG or PPM, to be drawn anew; page: its width, below 65536, and how (redraw.h) */
};            /* what the descriptor holds */

enum { REDRAW_CLEAR = 1 << 16 }; /* what is clear in it stays clear */

/* To the child, with the descriptor beside it (SCM_RIGHTS). */
struct wire_request {
    uint32_t magic;
    uint32_t as;
    uint32_t page; /* of AS_PICTURE; dots of AS_REDRAW */
    uint32_t name_n;
    char name[WIRE_NAME]; /* the end of it, where the extension is */
    struct reader_limits limits;
};

/* Back, followed by n bytes: the encoded doc, or (code != OK) the message. */
struct wire_reply {
    uint32_t magic;
    uint32_t code;
    uint64_t n;
};

#endif
