/* office/person.h - people with an account: who they are, what they may do, in which order they stand. */
#ifndef OFFICE_PERSON_H
#define OFFICE_PERSON_H

#include "office/access.h"
#include "office/unit.h"

enum { PERSON_NAME_MAX = 120, LOGIN_MAX = 60 }; /* bytes */

struct person {
    int64_t id;
    struct str login; /* a-z 0-9 . _ -, unique; kept in lower case */
    struct str name;
    struct str initials;  /* pinyin initials: 张三 zs */
    int64_t unit;         /* 0: none yet */
    struct str unit_name; /* short name; read only */
    struct str title;     /* 职务 */
    int64_t rank;         /* 班子排名: smaller comes first */
    uint32_t roles;       /* enum role bits; 0 counts as ROLE_STAFF */
    bool active;
    bool must_change;        /* one-time password; read only */
    bool has_password;       /* without one nobody signs in; read only */
    int64_t locked_until_ms; /* 0: not locked; read only */
    int64_t last_sign_in_ms; /* 0: never; read only */
    struct str phone,
        mobile; /* for the office's own use (duty_sees_phones); read only: person_phones */
};

/* 系统管理员, 安全管理员, 审计员, 科长, 秘书, 领导, 联络员, 员工; "" for what is not one role. */
const char *role_name(enum role r);
/* "chief,secretary", names in English or Chinese parted by , 、 or ，. E_INPUT names the wrong word. */
MUST_USE enum code roles_parse(struct str s, uint32_t *out, struct err *e);
void roles_write(struct buf *b, uint32_t set);     /* 科长、秘书 */
void roles_write_ids(struct buf *b, uint32_t set); /* chief,secretary */

/* E_NOTFOUND. Strings live in `a`. */
MUST_USE enum code person_get(
    struct db *db, struct arena *a, int64_t id, struct person *out, struct err *e);
MUST_USE enum code person_by_login(
    struct db *db, struct arena *a, struct str login, struct person *out, struct err *e);
/* What he may see and do: for commands that act in his name. */
struct viewer person_viewer(const struct person *p);
/* By rank of the unit, then of the person. unit 0: all. */
MUST_USE enum code person_list(struct db *db, struct arena *a, int64_t unit, bool inactive_too,
    struct person **out, size_t *n, struct err *e);
/* Names alone, of people long gone too, in no order; ids that are nobody's are left out. */
struct person_name {
    int64_t id;
    struct str name, unit; /* short name of the unit */
};
MUST_USE enum code person_names(struct db *db, struct arena *a, const int64_t *ids, size_t n,
    struct person_name **out, size_t *n_out, struct err *e);
/* Active people whose name, login or initials begin with `part` (or whose name holds it): pickers. */
MUST_USE enum code person_match(struct db *db, struct arena *a, struct str part, size_t limit,
    struct person **out, size_t *n, struct err *e);
/* Inside a write: insert (p->id 0: a new id is made, and set) or change. A function that may run
 * again sets p->id back to 0 first. Empty initials are filled in. Deactivating
 * or changing roles ends the person's sessions. E_INPUT, E_CONFLICT (login taken). The last active
 * administrator cannot be taken away: E_DENIED. Roles given by a person may have to be approved first (role_request.h): the old ones stay until
 * then, 员工 for somebody new. */
MUST_USE enum code person_save(struct db *db, struct person *p, int64_t by, struct err *e);
/* Inside a write: his phones; empty: none. Himself, who may keep the roster (duty_may_keep), administrators. */
enum { PHONE_MAX = 40 /* bytes */ };
MUST_USE enum code person_phones(struct db *db, const struct viewer *by, int64_t person,
    struct str phone, struct str mobile, struct err *e);
/* Inside a write: these roles, approved (role_request.h). */
MUST_USE enum code person_authorize(
    struct db *db, int64_t person, uint32_t roles, int64_t by, struct err *e);
/* Units he works in besides his own (兼任), with the roles he has there: in matters he acts for each of them, and what is granted to one is granted to
 * him. Pages open by the roles of his own unit alone. */
struct post {
    int64_t person, unit;
    uint32_t roles;                  /* no 系统管理员, 安全管理员, 审计员 */
    struct str unit_name, unit_code; /* read only */
};
enum { PERSON_POSTS_MAX = 3 };
/* person 0: everybody's, by person. */
MUST_USE enum code person_posts(
    struct db *db, struct arena *a, int64_t person, struct post **out, size_t *n, struct err *e);
void post_write(struct buf *b, const struct post *p); /* as the next function reads it */
/* "G-CW:联络员;G-DB:chief,staff": codes of units, roles as roles_parse has them; none: 员工. */
MUST_USE enum code person_posts_parse(
    struct db *db, struct arena *a, struct str text, struct post **out, size_t *n, struct err *e);
/* Inside a write: these and no others. What is taken away ends at once, a request for it too; what a person gives may have to be approved first
 * (role_request.h): of a post that is there the roles left stay until then, 员工 if none is, one that is not there begins with the approval. */
MUST_USE enum code person_posts_save(
    struct db *db, int64_t person, const struct post *v, size_t n, int64_t by, struct err *e);
/* Inside a write: this post, approved (role_request.h). */
MUST_USE enum code person_post_authorize(
    struct db *db, int64_t person, int64_t unit, uint32_t roles, int64_t by, struct err *e);
/* As unit_import: 登录名 姓名 拼音首字母 单位代码 职务 角色 排序 (the third and the last may be missing), 办公电话 手机 (where they stand, they
 * replace what was there). */
MUST_USE enum code person_import(struct db *db, struct str tsv, const char *file, int64_t by,
    struct import_tally *out, struct err *e);

/* Pinyin initials of a text, lower case; characters whose reading is not known are left out, Latin
 * letters and digits kept. In `a`. */
struct str initials_of(struct arena *a, struct str text);

#endif
