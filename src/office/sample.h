/* office/sample.h - the sample library (范文库): earlier texts of one's own house by kind, occasion and topic, and what was said on a matter
 * before. Three sources: documents of the library that a unit of this house issued, finished manuscripts that whoever wrote them put in, and what items
 * issued (their text is copied: a sample never changes). Table `sample`. */
#ifndef OFFICE_SAMPLE_H
#define OFFICE_SAMPLE_H

#include "office/library.h"
#include "office/manuscript_version.h"

enum { SAMPLE_PAGE = 40, SAMPLE_WORDS_CP_MAX = 100, SAMPLE_READ_MAX = 400 };

struct sample {
    int64_t id;                        /* sample.id, or 0: a document of the library */
    int64_t document;                  /* document.id, or 0 */
    int64_t manuscript, version, item; /* item: it was issued by that one, and entered by itself */
    struct str title;
    int genre, level;
    struct str occasion, topic, speaker, day; /* day: 'YYYY-MM-DD' or empty */
    int64_t chars;
    struct str by_name;
    struct str passage; /* of a search: whole sentences around the words */
    int64_t places;     /* of a search: how often the words stand in the text */
    int64_t begin_cp;   /* where the passage begins in its text */
    struct str text;    /* sample_get, sample_read alone */
};

/* What a title says of the occasion: 在公司2026年工作会议上的讲话 → 公司2026年工作会议. A view of `title`; empty where it says none. */
struct str sample_occasion(struct str title);

struct sample_filter {
    struct str q;        /* words in the text */
    struct str occasion; /* words in title or occasion */
    int genre, year;     /* 0: any */
};
struct sample_page {
    struct sample *v; /* newest first */
    size_t n;
    bool more;      /* there are more than SAMPLE_PAGE */
    int64_t behind; /* changes that the index has not taken in yet */
};
/* What this person may read. */
MUST_USE enum code sample_list(struct office *o, struct arena *a, const struct actor *by,
    const struct sample_filter *f, struct sample_page *out, struct err *e);
/* One that was put in, with its text. */
MUST_USE enum code sample_get(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct sample *out, struct err *e);
/* Those that were put in, with their texts, newest first, at most SAMPLE_READ_MAX; not those of one manuscript. */
MUST_USE enum code sample_read(struct db *db, struct arena *a, const struct actor *by,
    int64_t but_manuscript, struct sample **out, size_t *n, struct err *e);

/* Inside a write: a version of a manuscript, by whoever may write that; for his unit and those below. E_CONFLICT: it is in already.
 * E_DENIED: 工作秘密 does not go in. */
struct sample_new {
    int64_t version;
    struct str occasion, topic, speaker, day;
};
MUST_USE enum code sample_take(struct db *db, struct arena *a, const struct actor *by,
    const struct sample_new *s, int64_t *id, struct err *e);
/* Inside a write, by the step that issues an item (item_text.c), which has judged: its signed version enters by itself, for the unit of the manuscript
 * and those below; an open one for the whole office. 工作秘密 is passed over. One that was put in by hand stays, and belongs to the item. */
struct sample_issued {
    int64_t item, version;
    struct str title, day;
    int genre, level;
};
MUST_USE enum code sample_issue(struct db *db, struct arena *a, const struct actor *by,
    const struct sample_issued *s, struct err *e);
/* Inside a write: what that item issued was taken back; nothing of it, nothing happens. */
MUST_USE enum code sample_recall(
    struct db *db, const struct actor *by, int64_t item, struct err *e);
/* What a title is about: 关于做好防汛工作的通知 → 做好防汛工作. A view of `title`; empty where it says nothing. */
struct str sample_topic(struct str title);
/* Inside a write: out again, by who put it in or a chief of its unit. */
MUST_USE enum code sample_drop(struct db *db, const struct actor *by, int64_t id, struct err *e);

/* Which documents are of this house: issued by a unit of it, or a speech without issuer whose title names it. */
struct house {
    uint32_t *
        issuers; /* ascending, for struct library_filter; 0, documents without issuer, is the first */
    size_t n;
    struct str *names; /* of units, bare */
    size_t n_names;
};
MUST_USE enum code sample_house(
    struct office *o, struct arena *a, struct house *out, struct err *e);
/* A document as a sample, without passage. */
struct sample sample_of_document(const struct document *d);
bool sample_ours(const struct house *h, const struct document *d);

#endif
