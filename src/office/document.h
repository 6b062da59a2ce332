/* office/document.h - a document of the library (资料): metadata, text in versions, original bytes.
 *
 * The original is a blob and never changes. Text is immutable: a better extractor adds a version.
 * Metadata remembers where each value came from, and bears a revision that a writer must name.
 * Deletion is a mark. Nothing here asks who is reading: whoever shows something to a person asks
 * office/access.h first (library.h does). `by` is the acting person's id, 0 the system itself. */
#ifndef OFFICE_DOCUMENT_H
#define OFFICE_DOCUMENT_H

#include "base/arena.h"
#include "store/store.h"
#include "text/corpus.h"

enum doc_status {
    STATUS_UNKNOWN = 0, /* 未标注 */
    STATUS_IN_FORCE,    /* 现行 */
    STATUS_REVISED,     /* 已修订: there is a newer version */
    STATUS_REPEALED,    /* 已废止 */
    N_STATUS
};
enum doc_level { LEVEL_OPEN = 0, LEVEL_INTERNAL, LEVEL_WORK_SECRET, N_LEVEL };
enum doc_origin {
    ORIGIN_IMPORT = 0,
    ORIGIN_UPLOAD,
    ORIGIN_FOLDER,
    ORIGIN_MAIL,
    ORIGIN_FEED,
    N_ORIGIN
};

/* The Chinese name of each; *_of is the inverse and false for anything else. */
const char *doc_status_name(enum doc_status s);
bool doc_status_of(struct str name, enum doc_status *out);
const char *doc_level_name(enum doc_level l);
bool doc_level_of(struct str name, enum doc_level *out);
const char *doc_origin_name(enum doc_origin o);

struct document {
    int64_t id;
    struct str title;
    struct str docno; /* 发文字号 as printed, or empty */
    int64_t issuer;   /* issuer.id, 0 unknown */
    struct str issuer_name;
    struct str day;       /* 成文日期 'YYYY-MM-DD', or empty */
    int genre;            /* text/genre.h, 0 none */
    struct str addressee; /* 主送 */
    enum doc_level level;
    enum doc_status status;
    int64_t superseded_by; /* document that replaced or repealed it, 0 none */
    int64_t category;      /* category.id, 0 none */
    struct str category_name;
    int authority;        /* corpus_attr.authority */
    bool unproofed;       /* 待核: OCR text nobody proofread */
    struct str format;    /* "docx" ... */
    struct str blob;      /* digest of the original */
    struct str file_name; /* as it came */
    struct str source;    /* path, address or mail it came from */
    int64_t size;         /* bytes of the original */
    int64_t chars;        /* code points of the text */
    int text_version;
    enum doc_origin origin;
    int64_t parent;    /* container it came in (mail, zip), 0 none */
    int64_t registrar; /* person, 0 system */
    int64_t registered_ms;
    int64_t revision; /* 1, raised by every change of metadata */
};

/* Where a value of the metadata was read, for the person who checks it. */
struct document_field {
    struct str field; /* title docno issuer day genre addressee status */
    struct str value;
    int64_t begin_cp, end_cp; /* in the plain text; -1, -1 when not from the text */
    int confidence;           /* 0..100 */
    struct str from;          /* 正文, 文件名, 登记 */
};

/* E_NOTFOUND when there is none, or it is deleted. Strings live in `a`. */
MUST_USE enum code document_get(
    struct db *db, struct arena *a, int64_t id, struct document *out, struct err *e);
/* Many at once, in the order of ids; those that are gone are left out. n at most DOCUMENT_MANY. */
enum { DOCUMENT_MANY = 100 };
MUST_USE enum code document_get_many(struct db *db, struct arena *a, const int64_t *ids, size_t n,
    struct document **out, size_t *n_out, struct err *e);
MUST_USE enum code document_fields(struct db *db, struct arena *a, int64_t id,
    struct document_field **out, size_t *n, struct err *e);
/* The plain text of the current version, and its structure (doc_encode_outline of paper/doc.h). */
MUST_USE enum code document_text(
    struct db *db, struct arena *a, int64_t id, struct str *text, struct err *e);
MUST_USE enum code document_structure(
    struct db *db, struct arena *a, int64_t id, struct str *encoded, struct err *e);

/* A new document, inside a write. d.id comes from id_next(); text and structure become version 1;
 * d.issuer is looked up or made from d.issuer_name. E_CONFLICT when the same original is there
 * already; document_by_blob tells which. */
struct document_new {
    struct document d;
    struct str text;
    struct str structure;
    const struct document_field *fields;
    size_t n_fields;
    struct str near_signature; /* near_pack of text/near.h, or empty */
};
MUST_USE enum code document_insert(struct db *db, const struct document_new *n, struct err *e);

/* The metadata a person may change, all at once. E_CONFLICT, saying who changed it when, if
 * `revision` is no longer the current one. E_INPUT for a day that does not exist and the like. */
struct document_edit {
    int64_t id, revision;
    struct str title, docno, issuer_name, day, addressee;
    int genre;
    enum doc_level level;
    enum doc_status status;
    int64_t superseded_by, category;
    bool proofed; /* the person has checked text and metadata: 待核 is taken away */
};
/* What stands now, to be changed in part. Strings are those of *d. */
struct document_edit document_edit_of(const struct document *d);
MUST_USE enum code document_update(
    struct db *db, const struct document_edit *ed, int64_t by, struct err *e);
MUST_USE enum code document_delete(
    struct db *db, int64_t id, int64_t revision, int64_t by, struct err *e);

/* The document with these original bytes, or 0. */
MUST_USE enum code document_by_blob(struct db *db, struct str digest, int64_t *id, struct err *e);
/* Ids, ascending, of documents whose number holds `part` (bracket forms meet): at most 5,000. */
MUST_USE enum code document_by_docno(
    struct db *db, struct arena *a, struct str part, int64_t **ids, size_t *n, struct err *e);
/* Documents whose text is nearly the same, most similar first. */
struct near_match {
    int64_t doc;
    int percent; /* estimated similarity of the texts, 0..100 */
};
MUST_USE enum code document_near(struct db *db, struct arena *a, int64_t id, size_t limit,
    struct near_match **out, size_t *n, struct err *e);

/* The keys by which document_near finds others follow the feed of changes, as the corpus does: they lie all
 * over their index, and many of them written together, in order, cost a tenth of the same written
 * document by document. Until then a document sees its neighbours but is nobody's. One write for up to
 * NEAR_AT_ONCE documents, again until nothing is left. */
enum { NEAR_AT_ONCE = 4096 };
MUST_USE enum code document_near_follow(struct store *st, struct err *e);
/* Inside a write: a deleted document is nobody's neighbour. */
MUST_USE enum code document_near_forget(struct db *db, int64_t id, struct err *e);

struct corpus_attr document_attr(const struct document *d);

#endif
