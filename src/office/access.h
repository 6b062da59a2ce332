/* office/access.h - who may see and do what: one place, one rule (design, "one function decides access").
 *
 * Documents: 公开 for whoever has a reading role; 内部 for reading roles beyond plain staff; 工作秘密
 * by need to know alone: those granted, and the chief (科长) whose unit is the registrar's or stands
 * above it (any chief for what the system registered). Whoever registered a document may read it.
 * A grant to a unit holds for the units below it, and a grant opens a document of any level.
 * Administrator, security officer and auditor are no reading roles: by them alone nothing is read. The same rule as
 * rows and bits (access_filter) is what the corpus is asked with; a test proves the two equal.
 *
 * Actions: one table, action by role. */
#ifndef OFFICE_ACCESS_H
#define OFFICE_ACCESS_H

#include "base/arena.h"
#include "store/store.h"
#include "text/corpus.h"

enum role {
    ROLE_ADMIN = 1 << 0,     /* 系统管理员 */
    ROLE_AUDITOR = 1 << 1,   /* 审计员 */
    ROLE_CHIEF = 1 << 2,     /* 科长 */
    ROLE_SECRETARY = 1 << 3, /* 秘书 */
    ROLE_LEADER = 1 << 4,    /* 领导 */
    ROLE_LIAISON = 1 << 5,   /* 联络员 */
    ROLE_STAFF = 1 << 6,     /* 员工 */
    ROLE_SECURITY = 1 << 7,  /* 安全管理员 */
};
/* 三员分立: nobody is two of them (person_save). 系统管理员 keeps accounts and units, 安全管理员 lifts locks and reads the log of
 * reading, 审计员 sees the chain; none of them sees matters or documents by that. */
#define ROLES_APART ((uint32_t)(ROLE_ADMIN | ROLE_AUDITOR | ROLE_SECURITY))

/* Who is looking. Filled by session.h from the person's row, or by viewer_owner for commands run by
 * the owner of the data directory, who could read its files anyway. */
struct viewer {
    int64_t person; /* 0: the owner of the data directory */
    int64_t unit;
    uint32_t roles; /* enum role bits */
    bool owner;
};
struct viewer viewer_owner(void);

enum action {
    ACT_READ,    /* use the library at all */
    ACT_IMPORT,  /* take documents in */
    ACT_EDIT,    /* metadata, status, categories, versions */
    ACT_CONFIRM, /* held scans, proposed versions */
    ACT_DELETE,
    ACT_PEOPLE,   /* accounts and units */
    ACT_AUDIT,    /* see the audit chain */
    ACT_ACCESSES, /* see who read what: the access log */
    ACT_UNLOCK,   /* lift a lock, give a one-time password */
    ACT_ROLES,    /* approve the roles that an administrator gives */
    ACT_SOURCES,  /* intake: folders, mailboxes, feeds */
    ACT_GRANT,    /* let others read a document */
    ACT_CHECK,    /* have a text checked */
    ACT_RULES,    /* switch rules of proofreading for the unit */
    ACT_TERMS,    /* set wording, names, titles, who holds which */
    ACT_ITEMS,    /* take part in matters; which ones, access_item says */
    ACT_BRIEF,    /* the page of the morning; whose, brief.h says */
    ACT_KINDS,    /* change, switch on and off kinds of matter */
    N_ACTION
};
bool access_may(const struct viewer *v, enum action act);
/* E_DENIED with a line that names what is not allowed. */
MUST_USE enum code access_require(const struct viewer *v, enum action act, struct err *e);

/* May v read the document of this level? */
MUST_USE enum code access_document(struct db *db, const struct viewer *v, int64_t doc, int level,
    int64_t registrar, bool *may, struct err *e);
/* Set levels, granted and n_granted of *f by the same rule; other fields stay. */
MUST_USE enum code access_filter(
    struct db *db, struct arena *a, const struct viewer *v, struct corpus_filter *f, struct err *e);

/* Need-to-know grants on one document. */
enum principal { PRINCIPAL_PERSON = 1, PRINCIPAL_UNIT };
MUST_USE enum code access_grant(
    struct db *db, int64_t doc, enum principal kind, int64_t id, int64_t by, struct err *e);
MUST_USE enum code access_revoke(
    struct db *db, int64_t doc, enum principal kind, int64_t id, int64_t by, struct err *e);

/* ---- manuscripts (文稿, manuscript.h) ----
 * Its owner may everything; whom the owner invited, and the authors of its parts, read or write. Once it is signed off by an item, whoever sees that
 * item reads it, and whoever may edit the item in its present state writes it. Nobody reads a draft by his role alone. */
enum manuscript_right {
    MANUSCRIPT_READ = 0, /* and comment, and suggest */
    MANUSCRIPT_WRITE,
    MANUSCRIPT_DIVIDE, /* share it out among authors: who writes it not only for a part of his */
    MANUSCRIPT_OWN,    /* invite, rename, give up */
    N_MANUSCRIPT_RIGHT
};
struct manuscript_seat {
    int64_t owner, item; /* item 0: none */
    bool reads, writes;  /* the actor was invited */
    bool part;           /* he is the author of a part */
};
struct actor; /* office/item.h */
MUST_USE enum code access_manuscript(struct db *db, const struct actor *by,
    const struct manuscript_seat *s, bool may[N_MANUSCRIPT_RIGHT], struct err *e);

#endif
