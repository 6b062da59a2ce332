/* paper/reader.h - files of any format to struct doc, through sandboxed children (design 10.6).
 *
 * The parsers of untrusted bytes never run in this process. A reader_pool keeps a few children (the
 * own executable started again as `qianshao --reader-child`); each gets the file as a descriptor
 * and gives back an encoded doc. The parent holds wall clock and memory; a child is replaced after
 * any error or 1,000 files. External converters (pdftotext, LibreOffice, tesseract) are one
 * process for each file, in the same cage. */
#ifndef PAPER_READER_H
#define PAPER_READER_H

#include "paper/doc.h"

struct reader_limits {
    size_t file_bytes;     /* largest file taken; default 256 MiB */
    size_t unpacked_bytes; /* most bytes unpacked out of one file, all members together; 512 MiB */
    size_t members;        /* most members of a container; 10,000 */
    size_t text_bytes;     /* most text out of one file; 64 MiB */
    int depth;             /* containers within containers; elements within elements; 4 and 256 */
    int seconds;           /* wall clock for one file; 30, converters 120 */
    size_t memory;         /* address space of a child; 1 GiB */
};
struct reader_limits reader_limits_default(void);

struct reader_pool;
/* `exe`: the program to start ("/proc/self/exe" when NULL). `children`: at most at once; 0 for one
 * per processor. The children start when first needed. */
MUST_USE enum code reader_pool_open(const char *exe, int children,
    const struct reader_limits *limits, struct reader_pool **out, struct err *e);
void reader_pool_close(struct reader_pool *p);
/* One line about what this machine's cage is made of, for the start-up log: whether the kernel has
 * landlock (without it, no external converter is run). */
void reader_cage_report(struct buf *out);

/* Read one file, from any thread; waits for a free child. `fd` is open for reading at any offset
 * (pread is used, the offset does not move); `name` only helps to tell formats apart. The doc lives
 * in `a`. E_INPUT: not readable as what it is (the message says what and what to do), E_LIMIT: a named
 * limit, E_IO: the child could not be run. Every failure is about this one file. */
MUST_USE enum code reader_read(struct reader_pool *p, struct arena *a, int fd, struct str name,
    struct doc *out, struct err *e);
/* The same for bytes in memory (a part of a container, an upload that is small). */
MUST_USE enum code reader_read_bytes(struct reader_pool *p, struct arena *a, struct str bytes,
    struct str name, struct doc *out, struct err *e);

/* Local OCR of an image-only file, page by page (tesseract chi_sim). E_NOTFOUND, with what to
 * install, where tesseract is not there. */
MUST_USE enum code reader_ocr(struct reader_pool *p, struct arena *a, int fd, struct str name,
    struct doc *out, struct err *e);
/* Page `page` (from 1) of a PDF, OFD or picture as PNG for the person to look at, at most `width` pixels wide. */
MUST_USE enum code reader_page_png(struct reader_pool *p, struct arena *a, int fd, struct str name,
    int page, int width, struct str *png, struct err *e);

/* The child's main loop, called by main.c when argv[1] is "--reader-child". Never returns to the caller's
 * work: the result is the exit status. */
int reader_child_main(int argc, char **argv);

#endif
