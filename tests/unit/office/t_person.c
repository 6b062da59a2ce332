#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/io.h"
#include "office/audit.h"
#include "office/role_request.h"
#include "officedb.h"

static int set_up(void **state)
{
    struct officedb *o = mem_alloc(sizeof(*o));
    officedb_open(o);
    *state = o;
    return 0;
}

static int tear_down(void **state)
{
    officedb_close(*state);
    free(*state);
    return 0;
}

/* ---- initials ---- */

static void initials_follow_the_sounds(void **state)
{
    static const char *const names[][2] = {{"张三", "zs"}, {"李四", "ls"}, {"王五", "ww"},
        {"单田芳", "stf"}, {"简单", "jd"}, {"翟志刚", "zzg"}, {"党委办公室", "dwbgs"},
        {"A公司", "ags"}, {"第3项目部", "d3xmb"}, {"啊阿", "aa"}, {"座做作", "zzz"}, {"", ""},
        {"（集团）", "jt"}, {"埃及芭蕾擦搭鹅发噶哈", "ajblcdefgh"},
        {"击喀垃妈拿哦啪期然撒塌挖昔压匝", "jklmnopqrstwxyz"}};
    struct arena a;
    (void)state;
    arena_init(&a);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        assert_string_equal(initials_of(&a, str_z(names[i][0])).p, names[i][1]);
    arena_release(&a);
}

/* The people of the demonstration, whose initials were written by hand. */
static void initials_agree_with_the_demonstration(void **state)
{
    struct buf b;
    struct err e;
    struct arena a;
    struct str rest, line, login, name, initials, tail;
    int n = 0, same = 0;
    (void)state;
    arena_init(&a);
    buf_init(&b, 0);
    assert_int_equal(io_read_file("demo/people.tsv", 1 << 20, &b, &e), OK);
    rest = buf_view(&b);
    while (str_next(&rest, S("\n"), &line)) {
        if (str_starts(line, S("#")) || str_starts(line, S("登录名")))
            continue;
        assert_true(str_cut(line, S("\t"), &login, &tail));
        assert_true(str_cut(tail, S("\t"), &name, &tail));
        assert_true(str_cut(tail, S("\t"), &initials, &tail));
        n++;
        same += str_eq(initials_of(&a, name), initials);
    }
    assert_true(n > 20);
    assert_in_range(same, n - 1, n); /* a rare character may be missing */
    buf_release(&b);
    arena_release(&a);
}

/* ---- roles ---- */

static void roles_are_read_and_written(void **state)
{
    uint32_t roles;
    struct err e;
    struct buf b;
    (void)state;
    buf_init(&b, 0);
    assert_int_equal(roles_parse(S("chief、秘书, admin"), &roles, &e), OK);
    assert_int_equal(roles, ROLE_CHIEF | ROLE_SECRETARY | ROLE_ADMIN);
    roles_write(&b, roles);
    assert_string_equal(b.p, "系统管理员、科长、秘书");
    buf_clear(&b);
    roles_write_ids(&b, roles);
    assert_string_equal(b.p, "admin,chief,secretary");
    buf_release(&b);
    assert_int_equal(roles_parse(S(""), &roles, &e), OK);
    assert_int_equal(roles, 0);
    assert_int_equal(roles_parse(S("chief，boss"), &roles, &e), E_INPUT);
    assert_non_null(strstr(e.msg, "boss"));
}

/* ---- people and units ---- */

static enum code save(struct officedb *o, struct person p, struct err *e)
{
    struct officedb_save s = {.p = p};
    return store_write(o->st, officedb_save_fn, &s, e);
}

static void people_are_kept_and_found(void **state)
{
    struct officedb *o = *state;
    struct person p, *list;
    struct err e;
    struct db *db;
    size_t n;
    int64_t zhang = officedb_person(o, "ZhangSan", UNIT_SECTION, ROLE_SECRETARY);
    assert_int_equal(save(o,
                         (struct person){.login = S("lisi"),
                             .name = S("李四"),
                             .unit = UNIT_FINANCE,
                             .title = S("主任"),
                             .rank = 1,
                             .active = true},
                         &e),
        OK);
    assert_int_equal(store_read(o->st, &db, &e), OK);
    assert_int_equal(person_by_login(db, &o->a, S(" zhangsan "), &p, &e), OK);
    assert_true(p.id == zhang);
    assert_true(str_eq(p.initials, S("zs")));
    assert_true(str_eq(p.unit_name, S("秘书科")));
    assert_false(p.has_password);
    assert_int_equal(person_by_login(db, &o->a, S("lisi"), &p, &e), OK);
    assert_int_equal(p.roles, ROLE_STAFF);
    assert_int_equal(person_match(db, &o->a, S("ZS"), 10, &list, &n, &e), OK);
    assert_int_equal(n, 1);
    assert_int_equal(person_match(db, &o->a, S("三"), 10, &list, &n, &e), OK);
    assert_int_equal(n, 1);
    assert_int_equal(person_match(db, &o->a, S("%"), 10, &list, &n, &e), OK);
    assert_int_equal(n, 0);
    assert_int_equal(person_list(db, &o->a, 0, false, &list, &n, &e), OK);
    assert_int_equal(n, 2);
    assert_true(list[0].id == zhang); /* the section stands before finance */
    assert_int_equal(person_get(db, &o->a, 12345, &p, &e), E_NOTFOUND);
    store_read_end(db);
}

static void wrong_people_are_refused(void **state)
{
    struct officedb *o = *state;
    struct err e;
    const struct person good = {
        .login = S("lisi"), .name = S("李四"), .unit = UNIT_FINANCE, .active = true};
    struct person p = good;
    assert_int_equal(save(o, good, &e), OK);
    assert_int_equal(save(o, good, &e), E_CONFLICT);
    assert_non_null(strstr(e.msg, "李四"));
    p.login = S("LISI");
    assert_int_equal(save(o, p, &e), E_CONFLICT);
    p.login = S("李四");
    assert_int_equal(save(o, p, &e), E_INPUT);
    p.login = S("");
    assert_int_equal(save(o, p, &e), E_INPUT);
    p = good;
    p.name = S(" ");
    assert_int_equal(save(o, p, &e), E_INPUT);
    p = good;
    p.login = S("other");
    p.unit = 99;
    assert_int_equal(save(o, p, &e), E_INPUT);
}

static void the_last_administrator_stays(void **state)
{
    struct officedb *o = *state;
    struct err e;
    struct person p = {.login = S("admin"),
        .name = S("管"),
        .unit = UNIT_PARTY,
        .roles = ROLE_ADMIN,
        .active = true};
    p.id = officedb_person(o, "admin", UNIT_PARTY, ROLE_ADMIN);
    p.active = false;
    assert_int_equal(save(o, p, &e), E_DENIED);
    p.active = true;
    p.roles = ROLE_STAFF;
    assert_int_equal(save(o, p, &e), E_DENIED);
    officedb_person(o, "admin2", UNIT_PARTY, ROLE_ADMIN);
    assert_int_equal(save(o, p, &e), OK);
}

/* ---- import ---- */

struct import {
    struct str tsv;
    bool people;
    struct import_tally tally;
};

static enum code import_fn(struct db *db, void *arg, struct err *e)
{
    struct import *i = arg;
    return i->people ? person_import(db, i->tsv, "a.tsv", 0, &i->tally, e)
                     : unit_import(db, i->tsv, "a.tsv", 0, &i->tally, e);
}

static void expect_import(struct officedb *o, bool people, const char *tsv, const char *message)
{
    struct import i = {.tsv = str_z(tsv), .people = people};
    struct err e = {.code = OK};
    enum code c = store_write(o->st, import_fn, &i, &e);
    if (!strstr(e.msg, message))
        print_error("expected %s, got %s\n", message, e.msg);
    assert_int_equal(c, E_INPUT);
    assert_non_null(strstr(e.msg, message));
}

static void tables_of_the_demonstration_are_imported(void **state)
{
    struct officedb *o = *state;
    struct import i = {.people = false};
    struct buf units, people;
    struct err e = {.code = OK};
    struct unit *list;
    struct db *db;
    size_t n;
    buf_init(&units, 0);
    buf_init(&people, 0);
    assert_int_equal(io_read_file("demo/units.tsv", 1 << 20, &units, &e), OK);
    assert_int_equal(io_read_file("demo/people.tsv", 1 << 20, &people, &e), OK);
    i.tsv = buf_view(&units);
    assert_int_equal(store_write(o->st, import_fn, &i, &e), OK);
    assert_true(i.tally.added > 10);
    int64_t all = i.tally.added + i.tally.changed + i.tally.same;
    assert_int_equal(store_write(o->st, import_fn, &i, &e), OK); /* again is harmless */
    assert_int_equal(i.tally.same, all);
    i = (struct import){.people = true, .tsv = buf_view(&people)};
    assert_int_equal(store_write(o->st, import_fn, &i, &e), OK);
    assert_true(i.tally.added > 20);
    assert_int_equal(i.tally.changed + i.tally.same, 0);
    all = i.tally.added;
    assert_int_equal(store_write(o->st, import_fn, &i, &e), OK);
    assert_int_equal(i.tally.same, all);
    assert_int_equal(store_read(o->st, &db, &e), OK);
    assert_int_equal(unit_list(db, &o->a, false, &list, &n, &e), OK);
    assert_int_equal(list[0].depth, 0);
    for (size_t k = 1; k < n; k++) { /* a child stands behind its parent, one deeper */
        assert_in_range(list[k].depth, 0, list[k - 1].depth + 1);
        if (list[k].depth > list[k - 1].depth)
            assert_true(list[k].parent == list[k - 1].id);
    }
    assert_int_equal(unit_match(db, &o->a, S("msk"), 10, &list, &n, &e), OK);
    assert_true(n >= 1);
    store_read_end(db);
    buf_release(&units);
    buf_release(&people);
}

static void wrong_tables_are_refused_whole_and_named(void **state)
{
    struct officedb *o = *state;
    struct unit *list;
    struct err e;
    struct db *db;
    size_t n;
    expect_import(o, false, "", "“a.tsv”：没有表头");
    expect_import(o, false, "代码\t名称\n", "“a.tsv”第1行：缺少“上级代码”列");
    expect_import(o, false, "代码\t电话\n", "“a.tsv”第1行第2列：不认识的列名“电话”");
    expect_import(o, false, "代码\t代码\n", "“a.tsv”第1行第2列：列名“代码”重复");
    expect_import(o, false, "\xff\n", "“a.tsv”第1行：不是 UTF-8");
    expect_import(o, false, "代码\t上级代码\t名称\n\n#x\nX1\t\t新\t多\n", "第4行第4列：比表头多出");
    expect_import(o, false, "代码\t上级代码\t名称\nX1\tNO\t新\n",
        "“a.tsv”第2行第2列（上级代码）：没有代码为“NO”的上级单位");
    expect_import(o, false, "代码\t上级代码\t名称\nX1\t\t新\nX2\t\t\n", "第3行第3列（名称）");
    expect_import(o, false, "代码\t上级代码\t名称\nX1\t\t新\nX1\t\t又\n",
        "第3行第1列（代码）：代码“X1”与第2行重复");
    expect_import(o, false, "代码\t上级代码\t名称\t排序\nX1\t\t新\t甲\n", "第2行第4列（排序）");
    expect_import(
        o, false, "代码\t上级代码\t名称\nX1\tX2\t新\nX2\tX1\t又\n", "上级单位不能是本单位或其下级");
    assert_int_equal(store_read(o->st, &db, &e), OK);
    assert_int_equal(unit_list(db, &o->a, true, &list, &n, &e), OK);
    assert_int_equal(n, 4);
    store_read_end(db);
    const char *head = "登录名\t姓名\t单位代码\t职务\t角色\n";
    char tsv[400];
    (void)snprintf(tsv, sizeof(tsv), "%sa\t甲\tG\t\tstaff\nb\t乙\tNO\t\tstaff\n", head);
    expect_import(o, true, tsv, "“a.tsv”第3行第3列（单位代码）：没有代码为“NO”的单位");
    (void)snprintf(tsv, sizeof(tsv), "%sa\t甲\tG\t\tboss\n", head);
    expect_import(o, true, tsv, "第2行第5列（角色）：没有“boss”这个角色");
    (void)snprintf(tsv, sizeof(tsv), "%s\t甲\tG\t\tstaff\n", head);
    expect_import(o, true, tsv, "第2行第1列（登录名）");
    (void)snprintf(tsv, sizeof(tsv), "%sa\t甲\tG\t\tstaff\nA\t乙\tG\t\tstaff\n", head);
    expect_import(o, true, tsv, "出现两次");
}

static enum code loop_fn(struct db *db, void *arg, struct err *e)
{
    struct unit u;
    struct officedb *o = arg;
    TRY(unit_get(db, &o->a, UNIT_PARTY, &u, e));
    u.parent = UNIT_SECTION;
    return unit_save(db, &u, 0, e);
}

static void a_unit_is_not_above_itself(void **state)
{
    struct officedb *o = *state;
    struct err e;
    assert_int_equal(store_write(o->st, loop_fn, o, &e), E_INPUT);
}

#define PERSON_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

struct posting {
    int64_t person;
    const char *text;
    int64_t by;
};
static enum code posts_fn(struct db *db, void *arg, struct err *e)
{
    const struct posting *x = arg;
    struct arena a;
    struct post *v;
    size_t n;
    arena_init(&a);
    enum code c = person_posts_parse(db, &a, str_z(x->text), &v, &n, e);
    if (c == OK)
        c = person_posts_save(db, x->person, v, n, x->by, e);
    arena_release(&a);
    return c;
}

static void one_person_works_in_several_units(void **state)
{
    struct officedb *o = *state;
    struct posting x = {officedb_person(o, "wang", UNIT_PARTY, ROLE_STAFF), "", 0};
    static const struct {
        const char *text, *words;
        enum code code;
    } wrong[] = {{"G-XX:员工", "没有代码为“G-XX”的单位", E_NOTFOUND},
        {"G-CW:admin", "兼任的角色只能是", E_INPUT}, {"G-DB", "已是本人所在单位", E_INPUT},
        {"G-CW;G-CW:staff", "出现两次", E_INPUT}, {"G-CW:皇帝", "没有“皇帝”这个角色", E_INPUT}};
    struct post *v;
    struct db *db;
    struct err e;
    struct buf b;
    size_t n;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        x.text = wrong[i].text;
        assert_int_equal(store_write(o->st, posts_fn, &x, &e), wrong[i].code);
        assert_non_null(strstr(e.msg, wrong[i].words));
    }
    x.text = "G-CW:联络员,员工; G-MS";
    assert_int_equal(store_write(o->st, posts_fn, &x, &e), OK);
    assert_int_equal(store_read(o->st, &db, &e), OK);
    assert_int_equal(person_posts(db, &o->a, x.person, &v, &n, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 2);
    assert_int_equal(v[0].unit, UNIT_SECTION);
    assert_int_equal(v[0].roles, ROLE_STAFF);
    assert_int_equal(v[1].roles, ROLE_LIAISON | ROLE_STAFF);
    buf_init(&b, 0);
    post_write(&b, &v[1]);
    assert_true(str_eq(buf_view(&b), S("G-CW:liaison,staff")));
    buf_release(&b);
    x.text = "";
    assert_int_equal(store_write(o->st, posts_fn, &x, &e), OK);
    assert_int_equal(store_read(o->st, &db, &e), OK);
    assert_int_equal(person_posts(db, &o->a, 0, &v, &n, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 0);
}

static void three_keepers_are_three_people(void **state)
{
    struct officedb *o = *state;
    struct officedb_save s = {.p = {.login = S("li"),
                                  .name = S("李四"),
                                  .unit = UNIT_PARTY,
                                  .roles = ROLE_ADMIN | ROLE_SECURITY,
                                  .active = true}};
    struct err e;
    assert_int_equal(store_write(o->st, officedb_save_fn, &s, &e), E_INPUT);
    assert_non_null(strstr(e.msg, "由不同的人担任"));
    s.p.roles = ROLE_SECURITY | ROLE_AUDITOR;
    assert_int_equal(store_write(o->st, officedb_save_fn, &s, &e), E_INPUT);
    s.p.roles = ROLE_SECURITY;
    assert_int_equal(store_write(o->st, officedb_save_fn, &s, &e), OK);
    struct viewer v = {.person = s.p.id, .roles = ROLE_SECURITY};
    assert_true(access_may(&v, ACT_UNLOCK));
    assert_true(access_may(&v, ACT_ACCESSES));
    assert_false(access_may(&v, ACT_PEOPLE));
    assert_false(access_may(&v, ACT_AUDIT));
    assert_false(access_may(&v, ACT_READ));
    assert_false(access_may(&v, ACT_ITEMS));
}

struct deciding {
    struct viewer v;
    int64_t person;
    bool approve;
    int64_t unit; /* of a further post */
};
static enum code decide_fn(struct db *db, void *arg, struct err *e)
{
    const struct deciding *d = arg;
    return role_request_decide(db, &d->v, d->person, d->unit, d->approve, e);
}

struct saving {
    struct person p;
    int64_t by;
};
static enum code save_by_fn(struct db *db, void *arg, struct err *e)
{
    struct saving *s = arg;
    struct person p = s->p;
    TRY(person_save(db, &p, s->by, e));
    s->p.id = p.id;
    return OK;
}

static uint32_t roles_of(struct officedb *o, int64_t person)
{
    struct person p = {.id = 0};
    struct db *db;
    struct err e;
    assert_int_equal(store_read(o->st, &db, &e), OK);
    assert_int_equal(person_get(db, &o->a, person, &p, &e), OK);
    store_read_end(db);
    return p.roles;
}

static size_t waiting(struct officedb *o, struct role_request **v)
{
    size_t n = 0;
    struct db *db;
    struct err e;
    assert_int_equal(store_read(o->st, &db, &e), OK);
    assert_int_equal(role_request_list(db, &o->a, 0, v, &n, &e), OK);
    store_read_end(db);
    return n;
}

static void roles_are_approved_by_a_second_keeper(void **state)
{
    struct officedb *o = *state;
    int64_t admin = officedb_person(o, "admin", UNIT_PARTY, ROLE_ADMIN);
    struct saving s = {.p = {.login = S("zhao"),
                           .name = S("赵六"),
                           .unit = UNIT_PARTY,
                           .roles = ROLE_SECRETARY,
                           .active = true},
        .by = admin};
    struct role_request *v;
    struct err e;
    assert_int_equal(store_write(o->st, save_by_fn, &s, &e), OK);
    assert_int_equal(roles_of(o, s.p.id), ROLE_SECRETARY); /* nobody is there to approve */
    int64_t keeper = officedb_person(o, "keeper", UNIT_PARTY, ROLE_SECURITY);
    s.p.roles = ROLE_CHIEF;
    assert_int_equal(store_write(o->st, save_by_fn, &s, &e), OK);
    assert_int_equal(roles_of(o, s.p.id), ROLE_SECRETARY);
    assert_int_equal(waiting(o, &v), 1);
    assert_int_equal(v[0].roles, ROLE_CHIEF);
    assert_int_equal(v[0].by, admin);
    struct deciding d = {{.person = admin, .roles = ROLE_ADMIN}, s.p.id, true, 0};
    assert_int_equal(store_write(o->st, decide_fn, &d, &e), E_DENIED);
    d.v = (struct viewer){.person = s.p.id, .roles = ROLE_SECURITY}; /* nor the person himself */
    assert_int_equal(store_write(o->st, decide_fn, &d, &e), E_DENIED);
    d.v = (struct viewer){.person = keeper, .roles = ROLE_SECURITY};
    assert_int_equal(store_write(o->st, decide_fn, &d, &e), OK);
    assert_int_equal(roles_of(o, s.p.id), ROLE_CHIEF);
    assert_int_equal(store_write(o->st, decide_fn, &d, &e), E_NOTFOUND);
    /* somebody new begins as staff; refused, he stays it */
    s.p = (struct person){.login = S("qian"),
        .name = S("钱七"),
        .unit = UNIT_PARTY,
        .roles = ROLE_ADMIN,
        .active = true};
    assert_int_equal(store_write(o->st, save_by_fn, &s, &e), OK);
    assert_int_equal(roles_of(o, s.p.id), ROLE_STAFF);
    d.person = s.p.id;
    d.approve = false;
    assert_int_equal(store_write(o->st, decide_fn, &d, &e), OK);
    assert_int_equal(roles_of(o, s.p.id), ROLE_STAFF);
    assert_int_equal(waiting(o, &v), 0);
    s.p.roles = ROLE_LEADER;
    s.by = 0; /* the owner of the data directory asks nobody */
    assert_int_equal(store_write(o->st, save_by_fn, &s, &e), OK);
    assert_int_equal(roles_of(o, s.p.id), ROLE_LEADER);
}

/* Roles of a post in force; 0: there is none. */
static uint32_t post_of(struct officedb *o, int64_t person, int64_t unit)
{
    struct post *v;
    struct db *db;
    struct err e;
    uint32_t roles = 0;
    size_t n;
    assert_int_equal(store_read(o->st, &db, &e), OK);
    assert_int_equal(person_posts(db, &o->a, person, &v, &n, &e), OK);
    store_read_end(db);
    for (size_t i = 0; i < n; i++)
        if (v[i].unit == unit)
            roles = v[i].roles;
    return roles;
}

static size_t noted(struct officedb *o, const char *verb)
{
    struct audit_filter f = {.before_seq = 0};
    struct audit_event *v;
    struct db *db;
    struct err e;
    size_t n, k = 0;
    assert_int_equal(store_read(o->st, &db, &e), OK);
    assert_int_equal(audit_list(db, &o->a, &f, 100, &v, &n, &e), OK);
    store_read_end(db);
    for (size_t i = 0; i < n; i++)
        k += str_eq(v[i].verb, str_z(verb));
    return k;
}

static void post(struct officedb *o, struct posting *x, const char *text)
{
    struct err e;
    x->text = text;
    assert_int_equal(store_write(o->st, posts_fn, x, &e), OK);
}

static void decided(struct officedb *o, struct deciding *d, int64_t unit, bool approve)
{
    struct err e;
    d->unit = unit;
    d->approve = approve;
    assert_int_equal(store_write(o->st, decide_fn, d, &e), OK);
}

static void further_posts_are_approved_too(void **state)
{
    struct officedb *o = *state;
    int64_t admin = officedb_person(o, "admin", UNIT_PARTY, ROLE_ADMIN);
    struct posting x = {officedb_person(o, "wang", UNIT_PARTY, ROLE_STAFF), "", admin};
    struct role_request *v;
    struct err e;
    post(o, &x, "G-MS:staff");
    assert_int_equal(
        post_of(o, x.person, UNIT_SECTION), ROLE_STAFF); /* nobody is there to approve */
    int64_t keeper = officedb_person(o, "keeper", UNIT_PARTY, ROLE_SECURITY);
    post(o, &x, "G-MS:staff;G-CW:liaison");
    assert_int_equal(post_of(o, x.person, UNIT_SECTION), ROLE_STAFF);
    assert_int_equal(post_of(o, x.person, UNIT_FINANCE), 0);
    assert_int_equal(waiting(o, &v), 1);
    assert_int_equal(v[0].unit, UNIT_FINANCE);
    assert_int_equal(v[0].roles, ROLE_LIAISON);
    assert_int_equal(v[0].by, admin);
    post(o, &x, "G-MS:staff;G-CW:liaison"); /* the same again asks for nothing new */
    assert_int_equal(noted(o, "role.ask"), 1);
    struct deciding d = {{.person = admin, .roles = ROLE_ADMIN}, x.person, true, UNIT_FINANCE};
    assert_int_equal(store_write(o->st, decide_fn, &d, &e), E_DENIED);
    d.v = (struct viewer){.person = admin, .roles = ROLE_SECURITY}; /* who asked */
    assert_int_equal(store_write(o->st, decide_fn, &d, &e), E_DENIED);
    d.v.person = x.person; /* the person himself */
    assert_int_equal(store_write(o->st, decide_fn, &d, &e), E_DENIED);
    d.v.person = keeper;
    d.unit = 0; /* his own roles are not what waits */
    assert_int_equal(store_write(o->st, decide_fn, &d, &e), E_NOTFOUND);
    decided(o, &d, UNIT_FINANCE, true);
    assert_int_equal(post_of(o, x.person, UNIT_FINANCE), ROLE_LIAISON);
    assert_int_equal(post_of(o, x.person, UNIT_SECTION), ROLE_STAFF);
    assert_int_equal(noted(o, "role.approve"), 1);
    assert_int_equal(roles_of(o, x.person), ROLE_STAFF);
    /* more in a unit where he is: what he has stays; something else: the least until it is approved */
    post(o, &x, "G-MS:staff,secretary;G-CW:chief");
    assert_int_equal(post_of(o, x.person, UNIT_SECTION), ROLE_STAFF);
    assert_int_equal(post_of(o, x.person, UNIT_FINANCE), ROLE_STAFF);
    assert_int_equal(waiting(o, &v), 2);
    decided(o, &d, UNIT_SECTION, true);
    decided(o, &d, UNIT_FINANCE, false);
    assert_int_equal(post_of(o, x.person, UNIT_SECTION), ROLE_STAFF | ROLE_SECRETARY);
    assert_int_equal(post_of(o, x.person, UNIT_FINANCE), ROLE_STAFF);
    assert_int_equal(noted(o, "role.refuse"), 1);
    /* taken away: at once, and what was asked for with it */
    post(o, &x, "G-MS:secretary;G-CW:leader");
    assert_int_equal(post_of(o, x.person, UNIT_SECTION), ROLE_SECRETARY);
    assert_int_equal(waiting(o, &v), 1);
    post(o, &x, "");
    assert_int_equal(post_of(o, x.person, UNIT_SECTION), 0);
    assert_int_equal(post_of(o, x.person, UNIT_FINANCE), 0);
    assert_int_equal(waiting(o, &v), 0);
    assert_int_equal(noted(o, "role.withdraw"), 1);
    x.by = 0; /* the owner of the data directory asks nobody */
    post(o, &x, "G-CW:chief");
    assert_int_equal(post_of(o, x.person, UNIT_FINANCE), ROLE_CHIEF);
}

/* Between the request and the approval he moved into that very unit. */
static void a_post_in_his_own_unit_is_not_approved(void **state)
{
    struct officedb *o = *state;
    int64_t admin = officedb_person(o, "admin", UNIT_PARTY, ROLE_ADMIN);
    int64_t keeper = officedb_person(o, "keeper", UNIT_PARTY, ROLE_SECURITY);
    struct posting x = {officedb_person(o, "wang", UNIT_PARTY, ROLE_STAFF), "", admin};
    struct role_request *v;
    struct err e;
    post(o, &x, "G-CW:chief");
    struct saving s = {.p = {.id = x.person,
                           .login = S("wang"),
                           .name = S("王"),
                           .unit = UNIT_FINANCE,
                           .roles = ROLE_STAFF,
                           .active = true}};
    assert_int_equal(store_write(o->st, save_by_fn, &s, &e), OK);
    struct deciding d = {{.person = keeper, .roles = ROLE_SECURITY}, x.person, true, UNIT_FINANCE};
    assert_int_equal(store_write(o->st, decide_fn, &d, &e), E_INPUT);
    assert_int_equal(waiting(o, &v), 1); /* refused whole: nothing is lost */
    decided(o, &d, UNIT_FINANCE, false);
    assert_int_equal(post_of(o, x.person, UNIT_FINANCE), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(initials_follow_the_sounds),
        cmocka_unit_test(initials_agree_with_the_demonstration),
        cmocka_unit_test(roles_are_read_and_written),
        PERSON_TEST(people_are_kept_and_found),
        PERSON_TEST(wrong_people_are_refused),
        PERSON_TEST(the_last_administrator_stays),
        PERSON_TEST(tables_of_the_demonstration_are_imported),
        PERSON_TEST(wrong_tables_are_refused_whole_and_named),
        PERSON_TEST(a_unit_is_not_above_itself),
        PERSON_TEST(one_person_works_in_several_units),
        PERSON_TEST(three_keepers_are_three_people),
        PERSON_TEST(roles_are_approved_by_a_second_keeper),
        PERSON_TEST(further_posts_are_approved_too),
        PERSON_TEST(a_post_in_his_own_unit_is_not_approved),
    };
    return cmocka_run_group_tests_name("person", tests, NULL, NULL);
}
