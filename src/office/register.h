/* office/register.h - 收文登记: one incoming paper, read, compared with what came before, and registered in one write.
 *
 * The kind is `incoming`, its first step `register`: the item is opened, numbered and stands in 初审 at the end of the write, or nothing
 * of it is there. What a file says of itself is proposed and never taken without a person: OCR above all (待核). */
#ifndef OFFICE_REGISTER_H
#define OFFICE_REGISTER_H

#include "office/item_file.h"

#define REGISTER_KIND "incoming"
enum {
    REGISTER_COPIES_MAX = 50, /* of one paper: that many slips are still stuck on by hand */
    REGISTER_KNOWN_MAX = 6,
    REGISTER_SENDERS_MAX = 500,
    REGISTER_NEAR_PERCENT =
        80, /* of pairs of characters two titles share; all where their numbers differ */
    REGISTER_NEAR_DAYS = 400 /* how far back titles are compared: last year's notice too */
};

/* What a file says of itself. */
struct register_reading {
    struct item_upload file; /* judged, not yet put */
    struct str title, sender, docno, written, genre;
    enum urgency urgency;
    bool scanned;    /* read by OCR: 待核 */
    struct str note; /* why nothing was read; empty: something was */
};
/* Outside a write. E_SECRET as item_file_judge says, for the text that OCR reads as well. */
MUST_USE enum code register_read(struct office *o, struct arena *a, int fd, struct str name,
    struct register_reading *out, struct err *e);

struct register_new {
    struct str subject, sender, docno, written, genre, received; /* days YYYY-MM-DD */
    bool task, reply;                                            /* 办件; it is to be answered */
    enum urgency urgency;
    struct str due; /* of a 办件: to be handled or answered by */
    int64_t file;   /* loose, brought by the actor; 0: none */
    int64_t copies; /* on paper; 0: it came as a file only */
    int64_t doc;    /* its text in the library, 0: none */
};

/* What is there already and looks like it. */
enum register_why { KNOWN_DOCNO = 1 /* 文号相同 */, KNOWN_BYTES /* 文件相同 */, KNOWN_TITLE };
struct register_known {
    enum register_why why;
    int64_t item, doc; /* one of them; 0: the actor may not look into it */
    struct str number, title, sender, day;
};
/* Among registrations and in the library, as far as the actor sees them; that the same bytes are in the library is told in any case,
 * without a title. At most REGISTER_KNOWN_MAX, the surest first. `blob`: digest of the file, or empty. Outside a write. */
MUST_USE enum code register_known(struct office *o, struct arena *a, const struct actor *by,
    const struct register_new *r, struct str blob, struct register_known **out, size_t *n,
    struct err *e);
/* How much two titles share, 0..100, by pairs of neighbouring characters (Dice); marks, blanks and widths do not count. */
int register_alike(struct str a, struct str b);

/* A day as a clerk types it: any form of day_parse, 1120 or 11.20 without the year, +3 days from today; YYYY-MM-DD in `a`. Without a
 * year it is the last such day up to today, with `ahead` the next one from today on. Empty stays empty. */
MUST_USE enum code register_day(
    struct arena *a, struct str typed, int32_t today, bool ahead, struct str *out, struct err *e);

/* Inside a write. *id: the item, registered. E_INPUT names the field. E_DENIED: registering is the office's work. */
MUST_USE enum code register_save(struct db *db, const struct actor *by,
    const struct register_new *r, int64_t *id, struct err *e);

/* Who sent something before, most often first, with pinyin initials. For those who register. */
struct register_sender {
    struct str name, initials;
    int64_t papers;
};
MUST_USE enum code register_senders(struct db *db, struct arena *a, const struct actor *by,
    struct register_sender **out, size_t *n, struct err *e);

#endif
