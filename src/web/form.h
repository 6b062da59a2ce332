/* web/form.h - the body of a POST, as it comes in: urlencoded or multipart/form-data.
 *
 * Files go to an unlinked temporary file while they arrive, so memory stays flat; text fields stay in
 * memory under their limits. The result does not depend on how the bytes were cut into pieces. */
#ifndef WEB_FORM_H
#define WEB_FORM_H

#include "web/head.h"

struct form_limits {
    int64_t total_bytes; /* the whole body: 413 */
    size_t text_bytes;   /* all text fields together; for urlencoded the whole body */
    size_t fields;       /* text fields */
    size_t files;
};

struct upload {
    struct str field;
    struct str name; /* the last part of the name the client gave, cleaned; may be empty */
    struct str type; /* what the client claims; never trusted */
    int fd; /* at offset 0, read and write, no name in the file system; closed with the form */
    int64_t size;
};

struct form {
    struct pair *fields; /* valid UTF-8, line ends are LF */
    size_t n_fields;
    struct upload *files; /* parts with an empty name and no bytes (no file chosen) are left out */
    size_t n_files;
    struct form_parser *parser;
};

/* E_INPUT: not one of the two types, or a bad boundary. The form lives in `a`; its files are closed when
 * `a` ends. */
MUST_USE enum code form_new(struct arena *a, struct str content_type, struct str tmp_dir,
    const struct form_limits *limits, struct form **out, struct err *e);
/* E_INPUT: malformed; E_LIMIT: a limit; E_IO: the disk. After a failure the form takes no more. */
MUST_USE enum code form_feed(struct form *f, struct str bytes, struct err *e);
MUST_USE enum code form_end(struct form *f, struct err *e);
/* All bytes of a file, into `a`. `what` names it to the person: 图片, 纸稿. E_INPUT: none was chosen (NULL or empty); E_LIMIT: more than
 * `most` bytes; E_IO. */
MUST_USE enum code upload_read(struct arena *a, const struct upload *u, int64_t most,
    const char *what, struct str *out, struct err *e);

#endif
