#include "office/person.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/json.h"
#include "office/absence.h"
#include "office/audit.h"
#include "office/duty.h"
#include "office/key.h"
#include "office/role_request.h"
#include "office/session.h"
#include "office/tsv.h"

/* ---- roles ---- */

static const struct {
    enum role role;
    struct str id, name;
} roles[] = {
    {ROLE_ADMIN, SC("admin"), SC("系统管理员")},
    {ROLE_SECURITY, SC("security"), SC("安全管理员")},
    {ROLE_AUDITOR, SC("auditor"), SC("审计员")},
    {ROLE_CHIEF, SC("chief"), SC("科长")},
    {ROLE_SECRETARY, SC("secretary"), SC("秘书")},
    {ROLE_LEADER, SC("leader"), SC("领导")},
    {ROLE_LIAISON, SC("liaison"), SC("联络员")},
    {ROLE_STAFF, SC("staff"), SC("员工")},
};
enum { N_ROLES = sizeof(roles) / sizeof(roles[0]) };

const char *role_name(enum role r)
{
    for (int i = 0; i < N_ROLES; i++)
        if (roles[i].role == r)
            return roles[i].name.p;
    return "";
}

/* The next word of a list parted by ',' '、' or '，'. */
static bool next_word(struct str *rest, struct str *word)
{
    const struct str marks[] = {S(","), S("、"), S("，")};
    size_t at = rest->n, skip = 0;
    if (rest->n == 0)
        return false;
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        size_t found = str_find(*rest, marks[i], 0);
        if (found < at) {
            at = found;
            skip = marks[i].n;
        }
    }
    *word = str_trim(str_sub(*rest, 0, at));
    *rest = str_sub(*rest, at + skip, rest->n);
    return true;
}

enum code roles_parse(struct str s, uint32_t *out, struct err *e)
{
    struct str word;
    uint32_t set = 0;
    while (next_word(&s, &word)) {
        int i = 0;
        if (word.n == 0)
            continue;
        while (i < N_ROLES && !str_eq(word, roles[i].id) && !str_eq(word, roles[i].name))
            i++;
        if (i == N_ROLES)
            return FAIL(e, E_INPUT,
                "没有“%.*"
                "s”这个角色，可用：系统管理员、安全管理员、审计员、科长、秘书、领导、联络员、员工",
                SF(word));
        set |= roles[i].role;
    }
    *out = set;
    return OK;
}

static void write_roles(struct buf *b, uint32_t set, bool ids)
{
    bool first = true;
    for (int i = 0; i < N_ROLES; i++)
        if (set & roles[i].role) {
            if (!first)
                buf_z(b, ids ? "," : "、");
            buf_str(b, ids ? roles[i].id : roles[i].name);
            first = false;
        }
}

void roles_write(struct buf *b, uint32_t set)
{
    write_roles(b, set, false);
}

void roles_write_ids(struct buf *b, uint32_t set)
{
    write_roles(b, set, true);
}

/* ---- reading ---- */

#define SELECT                                                                                 \
    "SELECT p.id, p.login, p.name, p.initials, p.unit, coalesce(u.short_name, ''), p.title,"   \
    " p.roles, p.rank, p.active, p.must_change, p.password <> '',"                             \
    " coalesce(f.locked_until, 0), coalesce((SELECT s.at FROM sign_in s WHERE s.person = p.id" \
    " AND s.outcome = 1 ORDER BY s.id DESC LIMIT 1), 0), p.phone, p.mobile FROM person p"      \
    " LEFT JOIN unit u ON u.id = "                                                             \
    "p.unit"                                                                                   \
    " LEFT JOIN sign_in_failure f ON f.login = p.login"
#define BY_RANK " ORDER BY coalesce(u.rank, 0), p.unit, p.rank, p.id"

static struct person row_person(struct stmt *q, struct arena *a)
{
    return (struct person){.id = stmt_int(q, 0),
        .login = arena_str(a, stmt_str(q, 1)),
        .name = arena_str(a, stmt_str(q, 2)),
        .initials = arena_str(a, stmt_str(q, 3)),
        .unit = stmt_int(q, 4),
        .unit_name = arena_str(a, stmt_str(q, 5)),
        .title = arena_str(a, stmt_str(q, 6)),
        .roles = (uint32_t)stmt_int(q, 7),
        .rank = stmt_int(q, 8),
        .active = stmt_int(q, 9) == 1,
        .must_change = stmt_int(q, 10) == 1,
        .has_password = stmt_int(q, 11) == 1,
        .locked_until_ms = stmt_int(q, 12),
        .last_sign_in_ms = stmt_int(q, 13),
        .phone = arena_str(a, stmt_str(q, 14)),
        .mobile = arena_str(a, stmt_str(q, 15))};
}

static enum code gather(
    struct stmt *q, struct arena *a, struct person **out, size_t *n, struct err *e)
{
    struct person *v = NULL;
    size_t k = 0, cap = 0;
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row_person(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

static enum code one(struct stmt *q, struct arena *a, struct person *out, struct err *e)
{
    struct person *v;
    size_t n;
    TRY(gather(q, a, &v, &n, e));
    if (n == 0)
        return FAIL(e, E_NOTFOUND, "没有这个人员");
    *out = v[0];
    return OK;
}

enum code person_get(struct db *db, struct arena *a, int64_t id, struct person *out, struct err *e)
{
    struct stmt *q = db_sql(db, SELECT " WHERE p.id = ?1");
    stmt_bind_int(q, 1, id);
    return one(q, a, out, e);
}

enum code person_by_login(
    struct db *db, struct arena *a, struct str login, struct person *out, struct err *e)
{
    struct stmt *q = db_sql(db, SELECT " WHERE p.login = lower(?1)");
    stmt_bind_str(q, 1, str_trim(login));
    return one(q, a, out, e);
}

struct viewer person_viewer(const struct person *p)
{
    return (struct viewer){
        .person = p->id, .unit = p->unit, .roles = p->roles ? p->roles : ROLE_STAFF};
}

enum code person_list(struct db *db, struct arena *a, int64_t unit, bool inactive_too,
    struct person **out, size_t *n, struct err *e)
{
    struct stmt *q =
        db_sql(db, SELECT " WHERE (?1 = 0 OR p.unit = ?1) AND (p.active = 1 OR ?2 = 1)" BY_RANK);
    stmt_bind_int(q, 1, unit);
    stmt_bind_int(q, 2, inactive_too);
    return gather(q, a, out, n, e);
}

enum { NAMES_AT_ONCE = 20 };

enum code person_names(struct db *db, struct arena *a, const int64_t *ids, size_t n,
    struct person_name **out, size_t *n_out, struct err *e)
{
    struct person_name *v = NULL;
    size_t k = 0, cap = 0;
    for (size_t at = 0; at < n; at += NAMES_AT_ONCE) {
        struct stmt *q = db_sql(db,
            "SELECT p.id, p.name, coalesce(u.short_name, '') FROM person p"
            " LEFT JOIN unit u ON u.id = p.unit WHERE p.id IN (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
            " ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)");
        for (size_t i = 0; i < NAMES_AT_ONCE; i++)
            stmt_bind_int(q, (int)i + 1, at + i < n ? ids[at + i] : 0);
        while (stmt_step(q))
            ARENA_PUSH(a, v, k, cap) = (struct person_name){
                stmt_int(q, 0), arena_str(a, stmt_str(q, 1)), arena_str(a, stmt_str(q, 2))};
        TRY(stmt_end(q, e));
    }
    *out = v;
    *n_out = k;
    return OK;
}

enum code person_match(struct db *db, struct arena *a, struct str part, size_t limit,
    struct person **out, size_t *n, struct err *e)
{
    struct str hold = key_like(a, part), begin = str_sub(hold, 1, hold.n); /* part%, %part% */
    struct stmt *q = db_sql(db,
        SELECT " WHERE p.active = 1 AND (p.name LIKE ?2 ESCAPE '\\'"
               " OR p.login LIKE lower(?1) ESCAPE '\\' OR p.initials LIKE lower(?1) ESCAPE '\\')"
               " ORDER BY CASE WHEN p.name LIKE ?1 ESCAPE '\\' OR p.initials LIKE lower(?1)"
               " ESCAPE '\\' THEN 0 ELSE 1 END, coalesce(u.rank, 0), p.rank, p.id LIMIT ?3");
    stmt_bind_str(q, 1, begin);
    stmt_bind_str(q, 2, hold);
    stmt_bind_int(q, 3, (int64_t)limit);
    return gather(q, a, out, n, e);
}

/* ---- writing ---- */

static bool login_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

/* The login is lowered into a's memory. */
static enum code check(struct arena *a, struct person *p, struct err *e)
{
    char *login = arena_z(a, str_trim(p->login));
    size_t n = strlen(login);
    p->name = str_trim(p->name);
    p->title = str_trim(p->title);
    p->initials = str_trim(p->initials);
    for (size_t i = 0; i < n; i++)
        if (login[i] >= 'A' && login[i] <= 'Z')
            login[i] = (char)(login[i] + 'a' - 'A');
    for (size_t i = 0; i < n; i++)
        if (!login_char(login[i]))
            return FAIL(e, E_INPUT, "登录名“%s”只能用字母、数字和 . _ -", login);
    if (n == 0 || n > LOGIN_MAX)
        return FAIL(e, E_INPUT, "登录名不能为空，且不超过%d个字符", LOGIN_MAX);
    if (p->name.n == 0 || p->name.n > PERSON_NAME_MAX || p->title.n > UNIT_NAME_MAX ||
        p->initials.n > PERSON_NAME_MAX)
        return FAIL(e, E_INPUT, "“%s”的姓名不能为空，且不超过%d个字", login, PERSON_NAME_MAX / 3);
    p->login = (struct str){login, n};
    if (p->initials.n == 0)
        p->initials = initials_of(a, p->name);
    if (p->roles == 0)
        p->roles = ROLE_STAFF;
    uint32_t apart = p->roles & ROLES_APART;
    if (apart & (apart - 1))
        return FAIL(e, E_INPUT,
            "“%s”不能兼任系统管理员、安全管理员和审计员中的两种，请由不同的人担任", login);
    return OK;
}

static enum code check_unit(struct db *db, int64_t unit, struct err *e)
{
    if (unit == 0) /* the first administrator comes before any unit */
        return OK;
    struct stmt *q = db_sql(db, "SELECT 1 FROM unit WHERE id = ?1");
    stmt_bind_int(q, 1, unit);
    bool there = stmt_step(q);
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_INPUT, "所在单位不存在");
}

static enum code check_login(struct db *db, const struct person *p, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT name FROM person WHERE login = ?1 AND id <> ?2");
    stmt_bind_str(q, 1, p->login);
    stmt_bind_int(q, 2, p->id);
    bool taken = stmt_step(q);
    if (taken)
        (void)FAIL(e, E_CONFLICT, "登录名“%.*s”已由%.*s使用", SF(p->login), SF(stmt_str(q, 0)));
    struct err ignored;
    enum code c = stmt_end(q, taken ? &ignored : e);
    return taken ? E_CONFLICT : c;
}

/* Nobody could make administrators any more. */
static enum code check_last_admin(struct db *db, const struct person *p, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT id, roles FROM person WHERE active = 1 ORDER BY id");
    bool was = false, other = false;
    while (stmt_step(q)) {
        bool admin = (uint32_t)stmt_int(q, 1) & ROLE_ADMIN;
        was = was || (admin && stmt_int(q, 0) == p->id);
        other = other || (admin && stmt_int(q, 0) != p->id);
    }
    TRY(stmt_end(q, e));
    if (was && !other && !(p->active && p->roles & ROLE_ADMIN))
        return FAIL(e, E_DENIED, "“%.*s”是最后一名系统管理员，不能停用或取消角色", SF(p->login));
    return OK;
}

static enum code note(
    struct db *db, const struct person *p, const char *verb, int64_t by, struct err *e)
{
    struct buf payload, names;
    struct jw j;
    buf_init(&payload, 0);
    buf_init(&names, 0);
    roles_write_ids(&names, p->roles);
    jw_init(&j, &payload);
    jw_obj(&j);
    jw_kstr(&j, "login", p->login);
    jw_kid(&j, "unit", p->unit);
    jw_kstr(&j, "roles", buf_view(&names));
    jw_kbool(&j, "active", p->active);
    jw_end(&j);
    enum code c = audit_simple(db, by, verb, "person", p->id, buf_view(&payload), e);
    buf_release(&payload);
    buf_release(&names);
    return c;
}

static void bind(struct stmt *q, const struct person *p)
{
    stmt_bind_int(q, 1, p->id);
    stmt_bind_str(q, 2, p->login);
    stmt_bind_str(q, 3, p->name);
    stmt_bind_str(q, 4, p->initials);
    stmt_bind_int(q, 5, p->unit);
    stmt_bind_str(q, 6, p->title);
    stmt_bind_int(q, 7, p->roles);
    stmt_bind_int(q, 8, p->rank);
    stmt_bind_int(q, 9, p->active);
}

static enum code insert(struct db *db, const struct person *p, struct err *e)
{
    struct stmt *q = db_sql(db, "INSERT INTO person(id, login, name, initials, unit, title, roles,"
                                " rank, active, password, password_set, must_change)"
                                " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, '', 0, 0)");
    bind(q, p);
    return stmt_run(q, NULL, e);
}

static enum code update(
    struct db *db, const struct person *p, const struct person *old, struct err *e)
{
    struct stmt *q = db_sql(db, "UPDATE person SET login = ?2, name = ?3, initials = ?4, unit = ?5,"
                                " title = ?6, roles = ?7, rank = ?8, active = ?9 WHERE id = ?1");
    TRY(check_last_admin(db, p, e));
    bind(q, p);
    TRY(stmt_run(q, NULL, e));
    if (!p->active || p->roles != old->roles)
        return session_revoke_all(db, p->id, 0, e);
    return OK;
}

/* p is checked and its strings live long enough. *changed: something differs from what was there. */
/* Roles that must be approved first: what is there stays, and the others wait. */
static enum code hold_roles(
    struct db *db, struct person *p, const struct person *old, int64_t by, struct err *e)
{
    uint32_t now = old->id ? old->roles : ROLE_STAFF;
    bool needed;
    if (p->roles == now)
        return OK;
    TRY(role_request_needed(db, by, &needed, e));
    if (!needed)
        return OK;
    TRY(role_request_put(db, p->id, 0, p->roles, by, e));
    p->roles = now;
    return OK;
}

/* by: who asks for it; 0: nobody needs to be asked. */
static enum code save(
    struct db *db, struct arena *a, struct person *p, int64_t by, bool *changed, struct err *e)
{
    struct person old = {.id = 0};
    bool fresh = p->id == 0;
    if (fresh)
        p->id = id_next();
    else
        TRY(person_get(db, a, p->id, &old, e));
    TRY(check_unit(db, p->unit, e));
    TRY(check_login(db, p, e));
    TRY(hold_roles(db, p, &old, by, e));
    *changed = fresh || old.unit != p->unit || old.roles != p->roles || old.rank != p->rank ||
               old.active != p->active || !str_eq(old.login, p->login) ||
               !str_eq(old.name, p->name) || !str_eq(old.initials, p->initials) ||
               !str_eq(old.title, p->title);
    if (!*changed)
        return OK;
    return fresh ? insert(db, p, e) : update(db, p, &old, e);
}

static enum code check_phone(struct str *s, struct err *e)
{
    *s = str_trim(*s);
    for (size_t i = 0; i < s->n; i++)
        if ((s->p[i] < '0' || s->p[i] > '9') && !str_has(S("+-() /,"), str_sub(*s, i, 1)))
            return FAIL(e, E_INPUT, "电话“%.*s”只能有数字、+、-、括号和空格", SF(*s));
    return s->n <= PHONE_MAX ? OK : FAIL(e, E_LIMIT, "电话超过%d个字符", PHONE_MAX);
}

enum code person_phones(struct db *db, const struct viewer *by, int64_t person, struct str phone,
    struct str mobile, struct err *e)
{
    int64_t n = 0;
    bool keeps = false;
    TRY(duty_may_keep(db, &(struct actor){.v = by}, &keeps, e));
    if (!keeps && by->person != person && !(by->roles & ROLE_ADMIN))
        return FAIL(e, E_DENIED, "别人的电话由本人、科长、值班管理员或系统管理员修改");
    TRY(check_phone(&phone, e));
    TRY(check_phone(&mobile, e));
    struct stmt *q = db_sql(db, "UPDATE person SET phone = ?2, mobile = ?3 WHERE id = ?1");
    stmt_bind_int(q, 1, person);
    stmt_bind_str(q, 2, phone);
    stmt_bind_str(q, 3, mobile);
    TRY(stmt_run(q, &n, e));
    if (!n)
        return FAIL(e, E_NOTFOUND, "没有这个人员");
    return audit_simple(db, by->person, "person.phones", "person", person, S(""), e);
}

/* Who is there, and in which order they stand in for one another, has changed. */
static enum code follow(struct db *db, int64_t by, struct err *e)
{
    struct viewer v = viewer_owner();
    v.person = by;
    return absence_follow(db, &(struct actor){.v = &v, .now_ms = clock_now_ms()}, e);
}

enum code person_authorize(struct db *db, int64_t person, uint32_t given, int64_t by, struct err *e)
{
    struct arena a;
    struct person p;
    bool changed = false;
    arena_init(&a);
    enum code c = person_get(db, &a, person, &p, e);
    if (c == OK) {
        p.roles = given;
        c = check(&a, &p, e);
    }
    if (c == OK)
        c = save(db, &a, &p, 0, &changed, e);
    if (c == OK && changed)
        c = note(db, &p, "person.change", by, e);
    if (c == OK && changed)
        c = follow(db, by, e);
    arena_release(&a);
    return c;
}

enum code person_save(struct db *db, struct person *p, int64_t by, struct err *e)
{
    struct arena a;
    struct person copy = *p;
    bool fresh = p->id == 0, changed = false;
    arena_init(&a);
    enum code c = check(&a, &copy, e);
    if (c == OK)
        c = save(db, &a, &copy, by, &changed, e);
    if (c == OK && changed)
        c = note(db, &copy, fresh ? "person.add" : "person.change", by, e);
    if (c == OK && changed)
        c = follow(db, by, e);
    arena_release(&a);
    if (c == OK)
        p->id = copy.id;
    return c;
}

/* ---- units he works in besides his own ---- */

enum { POST_ROLES = ROLE_CHIEF | ROLE_SECRETARY | ROLE_LEADER | ROLE_LIAISON | ROLE_STAFF };

enum code person_posts(
    struct db *db, struct arena *a, int64_t person, struct post **out, size_t *n, struct err *e)
{
    struct post *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q =
        db_sql(db, "SELECT x.person, x.unit, x.roles, u.short_name, u.code FROM person_post x"
                   " JOIN unit u ON u.id = x.unit WHERE ?1 = 0 OR x.person = ?1"
                   " ORDER BY x.person, x.unit");
    stmt_bind_int(q, 1, person);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = (struct post){.person = stmt_int(q, 0),
            .unit = stmt_int(q, 1),
            .roles = (uint32_t)stmt_int(q, 2),
            .unit_name = arena_str(a, stmt_str(q, 3)),
            .unit_code = arena_str(a, stmt_str(q, 4))};
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

void post_write(struct buf *b, const struct post *p)
{
    buf_printf(b, "%.*s:", SF(p->unit_code));
    roles_write_ids(b, p->roles);
}

enum code person_posts_parse(
    struct db *db, struct arena *a, struct str text, struct post **out, size_t *n, struct err *e)
{
    struct post *v = ARENA_ARRAY(a, struct post, PERSON_POSTS_MAX);
    struct str piece;
    size_t k = 0;
    text = str_trim(text);
    while (str_next(&text, str_has(text, S("；")) ? S("；") : S(";"), &piece)) {
        struct str code = piece, names = S("");
        struct unit u;
        (void)str_cut(piece, S(":"), &code, &names);
        code = str_trim(code);
        if (!code.n)
            continue;
        if (k == PERSON_POSTS_MAX)
            return FAIL(e, E_LIMIT, "一人最多兼任%d个单位", PERSON_POSTS_MAX);
        TRY(unit_by_code(db, a, code, &u, e));
        v[k] = (struct post){.unit = u.id, .unit_name = u.short_name, .unit_code = u.code};
        TRY(roles_parse(names, &v[k].roles, e));
        if (v[k].roles == 0)
            v[k].roles = ROLE_STAFF;
        k++;
    }
    *out = v;
    *n = k;
    return OK;
}

static enum code check_posts(const struct person *p, const struct post *v, size_t n, struct err *e)
{
    if (n > PERSON_POSTS_MAX)
        return FAIL(e, E_LIMIT, "一人最多兼任%d个单位", PERSON_POSTS_MAX);
    for (size_t i = 0; i < n; i++) {
        if (v[i].unit == p->unit)
            return FAIL(e, E_INPUT, "“%.*s”已是本人所在单位，不用再列为兼任", SF(v[i].unit_name));
        if (v[i].roles & ~(uint32_t)POST_ROLES)
            return FAIL(e, E_INPUT, "兼任的角色只能是科长、秘书、领导、联络员、员工");
        for (size_t k = 0; k < i; k++)
            if (v[k].unit == v[i].unit)
                return FAIL(e, E_INPUT, "兼任单位“%.*s”出现两次", SF(v[i].unit_name));
    }
    return OK;
}

static enum code note_posts(struct db *db, const struct person *p, const struct post *v, size_t n,
    int64_t by, struct err *e)
{
    struct buf b, names;
    struct jw j;
    buf_init(&b, 0);
    jw_init(&j, &b);
    jw_arr(&j);
    for (size_t i = 0; i < n; i++) {
        buf_init(&names, 0);
        roles_write_ids(&names, v[i].roles);
        jw_obj(&j);
        jw_kid(&j, "unit", v[i].unit);
        jw_kstr(&j, "roles", buf_view(&names));
        jw_end(&j);
        buf_release(&names);
    }
    jw_end(&j);
    enum code c = audit_simple(db, by, "person.posts", "person", p->id, buf_view(&b), e);
    buf_release(&b);
    return c;
}

/* The posts of a person in the making. */
struct posting {
    struct person p;
    struct post *now, *next; /* in force; to be in force: PERSON_POSTS_MAX */
    size_t n_now, n_next;
    struct role_request *asked;
    size_t n_asked;
    bool wait; /* what is added must be approved */
};

static enum code posting_begin(
    struct db *db, struct arena *a, int64_t person, struct posting *x, struct err *e)
{
    *x = (struct posting){.next = ARENA_ARRAY(a, struct post, PERSON_POSTS_MAX + 1)};
    TRY(person_get(db, a, person, &x->p, e));
    TRY(person_posts(db, a, person, &x->now, &x->n_now, e));
    return role_request_list(db, a, person, &x->asked, &x->n_asked, e);
}

static uint32_t roles_now(const struct posting *x, int64_t unit)
{
    for (size_t i = 0; i < x->n_now; i++)
        if (x->now[i].unit == unit)
            return x->now[i].roles;
    return 0;
}

static const struct role_request *asked_for(const struct posting *x, int64_t unit)
{
    for (size_t i = 0; i < x->n_asked; i++)
        if (x->asked[i].unit == unit)
            return &x->asked[i];
    return NULL;
}

/* One post as it is wanted: what was there stays, what is more waits. */
static enum code put_post(
    struct db *db, struct posting *x, const struct post *want, int64_t by, struct err *e)
{
    uint32_t had = roles_now(x, want->unit), stays = want->roles & had;
    const struct role_request *asked = asked_for(x, want->unit);
    if (!x->wait || stays == want->roles) {
        x->next[x->n_next++] = *want;
        return asked ? role_request_withdraw(db, asked, by, e) : OK;
    }
    if (had) {
        x->next[x->n_next] = *want;
        x->next[x->n_next++].roles = stays ? stays : ROLE_STAFF;
    }
    if (asked && asked->roles == want->roles)
        return OK; /* whoever asked for it first */
    return role_request_put(db, x->p.id, want->unit, want->roles, by, e);
}

static enum code withdraw_others(struct db *db, const struct posting *x, const struct post *v,
    size_t n, int64_t by, struct err *e)
{
    for (size_t i = 0; i < x->n_asked; i++) {
        bool wanted = x->asked[i].unit == 0; /* his own roles are not a post */
        for (size_t k = 0; k < n; k++)
            wanted = wanted || v[k].unit == x->asked[i].unit;
        if (!wanted)
            TRY(role_request_withdraw(db, &x->asked[i], by, e));
    }
    return OK;
}

static bool same_posts(const struct posting *x)
{
    bool same = x->n_now == x->n_next;
    for (size_t i = 0; i < x->n_next; i++)
        same = same && roles_now(x, x->next[i].unit) == x->next[i].roles;
    return same;
}

static enum code write_posts(struct db *db, const struct posting *x, int64_t by, struct err *e)
{
    if (same_posts(x))
        return OK;
    struct stmt *q = db_sql(db, "DELETE FROM person_post WHERE person = ?1");
    stmt_bind_int(q, 1, x->p.id);
    TRY(stmt_run(q, NULL, e));
    for (size_t i = 0; i < x->n_next; i++) {
        q = db_sql(db, "INSERT INTO person_post(person, unit, roles) VALUES(?1, ?2, ?3)");
        stmt_bind_int(q, 1, x->p.id);
        stmt_bind_int(q, 2, x->next[i].unit);
        stmt_bind_int(q, 3, x->next[i].roles);
        TRY(stmt_run(q, NULL, e));
    }
    return note_posts(db, &x->p, x->next, x->n_next, by, e);
}

static enum code save_posts(
    struct db *db, struct posting *x, const struct post *v, size_t n, int64_t by, struct err *e)
{
    TRY(check_posts(&x->p, v, n, e));
    TRY(role_request_needed(db, by, &x->wait, e));
    for (size_t i = 0; i < n; i++)
        TRY(put_post(db, x, &v[i], by, e));
    TRY(withdraw_others(db, x, v, n, by, e));
    return write_posts(db, x, by, e);
}

enum code person_posts_save(
    struct db *db, int64_t person, const struct post *v, size_t n, int64_t by, struct err *e)
{
    struct arena a;
    struct posting x;
    arena_init(&a);
    enum code c = posting_begin(db, &a, person, &x, e);
    if (c == OK)
        c = save_posts(db, &x, v, n, by, e);
    arena_release(&a);
    return c;
}

static enum code authorize_post(struct db *db, struct arena *a, struct posting *x, int64_t unit,
    uint32_t given, int64_t by, struct err *e)
{
    struct unit u;
    TRY(unit_get(db, a, unit, &u, e));
    for (size_t i = 0; i < x->n_now && x->n_next < PERSON_POSTS_MAX; i++)
        if (x->now[i].unit != unit)
            x->next[x->n_next++] = x->now[i];
    x->next[x->n_next++] =
        (struct post){.person = x->p.id, .unit = unit, .roles = given, .unit_name = u.short_name};
    TRY(check_posts(&x->p, x->next, x->n_next, e)); /* his own unit may be another by now */
    return write_posts(db, x, by, e);
}

enum code person_post_authorize(
    struct db *db, int64_t person, int64_t unit, uint32_t given, int64_t by, struct err *e)
{
    struct arena a;
    struct posting x;
    arena_init(&a);
    enum code c = posting_begin(db, &a, person, &x, e);
    if (c == OK)
        c = authorize_post(db, &a, &x, unit, given, by, e);
    arena_release(&a);
    return c;
}

/* ---- import ---- */

enum { LOGIN, NAME, INITIALS, UNIT, TITLE, ROLES, RANK, PHONE, MOBILE, N_COLUMNS };
static const struct tsv_column columns[N_COLUMNS] = {
    [LOGIN] = {"登录名", true},
    [NAME] = {"姓名", true},
    [INITIALS] = {"拼音首字母", false},
    [UNIT] = {"单位代码", true},
    [TITLE] = {"职务", true},
    [ROLES] = {"角色", true},
    [RANK] = {"排序", false},
    [PHONE] = {"办公电话", false},
    [MOBILE] = {"手机", false},
};

static enum code find_unit(struct db *db, struct str code, int64_t *id, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT id FROM unit WHERE code = ?1");
    stmt_bind_str(q, 1, code);
    *id = stmt_step(q) ? stmt_int(q, 0) : 0;
    TRY(stmt_end(q, e));
    return *id ? OK : FAIL(e, E_INPUT, "没有代码为“%.*s”的单位", SF(code));
}

static enum code find_login(struct db *db, struct arena *a, struct person *p, struct err *e)
{
    struct person old = {.id = 0};
    enum code c = person_by_login(db, a, p->login, &old, e);
    if (c == OK)
        p->id = old.id;
    return c == E_NOTFOUND ? OK : c;
}

struct import {
    struct db *db;
    struct arena a;
    struct tsv t;
    int64_t by;
    struct import_tally tally;
    struct str *logins;
    size_t n, cap;
};

static enum code put_phones(struct import *i, const struct person *p, struct err *e)
{
    struct viewer by = viewer_owner();
    by.person = i->by;
    return person_phones(i->db, &by, p->id, i->t.cell[PHONE], i->t.cell[MOBILE], e);
}

static enum code import_row(struct import *i, struct err *e)
{
    struct tsv *t = &i->t;
    struct person p = {.login = t->cell[LOGIN],
        .name = t->cell[NAME],
        .initials = t->cell[INITIALS],
        .title = t->cell[TITLE],
        .rank = t->line, /* in the order of the file */
        .active = true};
    bool fresh, changed = false;
    if (t->cell[RANK].n && str_int(t->cell[RANK], &p.rank, e) != OK)
        return tsv_at(t, t->line, RANK, e);
    if (roles_parse(t->cell[ROLES], &p.roles, e) != OK)
        return tsv_at(t, t->line, ROLES, e);
    if (find_unit(i->db, t->cell[UNIT], &p.unit, e) != OK)
        return tsv_at(t, t->line, UNIT, e);
    if (check(&i->a, &p, e) != OK)
        return tsv_at(t, t->line, p.name.n ? LOGIN : NAME, e);
    ARENA_PUSH(&i->a, i->logins, i->n, i->cap) = p.login;
    TRY(find_login(i->db, &i->a, &p, e));
    fresh = p.id == 0;
    if (save(i->db, &i->a, &p, i->by, &changed, e) != OK)
        return tsv_at(t, t->line, LOGIN, e);
    if ((t->cell[PHONE].n || t->cell[MOBILE].n) && put_phones(i, &p, e) != OK)
        return tsv_at(t, t->line, t->cell[MOBILE].n ? MOBILE : PHONE, e);
    i->tally.added += fresh;
    i->tally.changed += changed && !fresh;
    i->tally.same += !changed;
    return changed ? note(i->db, &p, fresh ? "person.add" : "person.change", i->by, e) : OK;
}

static int compare(const void *x, const void *y)
{
    return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

/* The same login twice in one file would silently become the later one. */
static enum code refuse_twins(const struct import *i, struct err *e)
{
    if (i->n)
        qsort(i->logins, i->n, sizeof(*i->logins), compare);
    for (size_t k = 1; k < i->n; k++)
        if (str_eq(i->logins[k - 1], i->logins[k]))
            return FAIL(e, E_INPUT, "“%s”：登录名“%.*s”出现两次", i->t.file, SF(i->logins[k]));
    return OK;
}

enum code person_import(struct db *db, struct str tsv, const char *file, int64_t by,
    struct import_tally *out, struct err *e)
{
    struct import i = {.db = db, .by = by};
    bool more = true;
    TRY(tsv_begin(&i.t, tsv, file, columns, N_COLUMNS, e));
    arena_init(&i.a);
    enum code c = OK;
    while (c == OK && (c = tsv_next(&i.t, &more, e)) == OK && more)
        c = import_row(&i, e);
    if (c == OK)
        c = refuse_twins(&i, e);
    if (c == OK && i.tally.added + i.tally.changed > 0)
        c = follow(db, by, e);
    arena_release(&i.a);
    if (c == OK)
        *out = i.tally;
    return c;
}
