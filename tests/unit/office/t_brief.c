/* 今日要情: what stands on it and for whom, that it is one page, kept as it was, the line by hand, the text of the mail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/id.h"
#include "base/io.h"
#include "itemdb.h"
#include "office/absence.h"
#include "office/brief_int.h"
#include "office/document.h"
#include "office/duty.h"
#include "office/notice_post.h"

static const char kind_yaml[] =
    "kind: paper_test\nname: 请示件\nabout: 试验\nentry: track\ntitle: subject\nlevel: internal\n"
    "roles:\n  office: [role:chief, role:secretary]\n"
    "fields:\n"
    "  - {id: subject, name: 标题, type: text, required: true}\n"
    "  - {id: leader, name: 领导, type: people, required: true}\n"
    "  - {id: due, name: 期限, type: date, required: true}\n"
    "states:\n"
    "  draft: {name: 草稿, edit: [office]}\n"
    "  waiting: {name: 待批}\n"
    "  closed: {name: 已办结, closed: true}\n"
    "moves:\n"
    "  - id: submit\n    name: 送批\n    from: draft\n    to: waiting\n    by: [office]\n"
    "    ask: {of: ['field:leader'], purpose: 批示, answers: [同意, 不同意], final: [同意, 不同意],"
    " wait: all}\n"
    "  - {id: finish, name: 办结, from: waiting, to: closed, by: [office]}\n"
    "clocks:\n  - {id: due, name: 办理, start: waiting, stop: closed, due: due}\n"
    "ledger: [subject, due, state]\n";

enum { HOUR_745 = 7 * 60 + 45 };
#define AT_745(day) (MONDAY - 9 * MS_HOUR + (day)*MS_DAY + HOUR_745 * MS_MINUTE)

struct scene {
    struct itemdb t;
    struct office *o;
};

/* The office opens the database that itemdb has made, so that the library answers as well. */
static int set_up(void **state)
{
    struct scene *s = mem_alloc(sizeof(*s));
    struct err e = {.code = OK};
    itemdb_open(&s->t);
    struct office_options opt = {.dir = str_z(s->t.o.t.dir),
        .url = str_z(s->t.o.t.url),
        .exe = "/proc/self/exe",
        .create = true};
    store_close(s->t.o.t.st);
    s->t.o.t.st = NULL;
    if (office_open(&opt, &s->o, &e) != OK)
        fail_msg("%s", e.msg);
    s->t.o.st = s->o->store;
    itemdb_kind(&s->t, kind_yaml);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *s = *state;
    struct err e;
    char dir[64];
    (void)snprintf(dir, sizeof(dir), "%s", s->t.o.t.dir);
    office_close(s->o);
    itemdb_close(&s->t);
    (void)!io_remove_tree(dir, &e);
    free(s);
    return 0;
}

/* ---- doing ---- */

static void do_it(struct scene *s, int who, struct act *a)
{
    struct err e = {.code = OK};
    a->by = itemdb_as(&s->t, who);
    if (store_write(s->t.o.st, act_fn, a, &e) != OK)
        fail_msg("%s", e.msg);
}

static int64_t paper(
    struct scene *s, int who, const char *title, const char *due, int level, enum urgency urgency)
{
    char json[600];
    (void)snprintf(json, sizeof(json), "{\"subject\":\"%s\",\"leader\":[\"%lld\"],\"due\":\"%s\"}",
        title, (long long)s->t.person[LEADER], due);
    struct act a = {.verb = V_OPEN,
        .json = json,
        .open = {.kind = S("paper_test"), .level = level, .urgency = urgency}};
    do_it(s, who, &a);
    do_it(s, who, &(struct act){.verb = V_MOVE, .id = a.id, .revision = 1, .word = "submit"});
    return a.id;
}

struct doc_job {
    int64_t id;
    const char *title;
    int authority, level;
};
static enum code doc_fn(struct db *db, void *arg, struct err *e)
{
    const struct doc_job *j = arg;
    char digest[65];
    (void)snprintf(digest, sizeof(digest), "%064lld", (long long)j->id);
    struct document_new n = {.structure = S(""), .text = str_z(j->title)};
    n.d = (struct document){.id = j->id,
        .title = str_z(j->title),
        .blob = str_z(digest),
        .docno = S("国发〔2026〕7号"),
        .issuer_name = j->authority > 80 ? S("国务院") : S("云岭集团"),
        .level = (enum doc_level)j->level,
        .authority = j->authority};
    return document_insert(db, &n, e);
}

static void document(struct scene *s, int64_t at_ms, const char *title, int authority, int level)
{
    struct doc_job j = {id_at_ms(at_ms) + authority + level * 1000, title, authority, level};
    struct err e = {.code = OK};
    if (store_write(s->t.o.st, doc_fn, &j, &e) != OK)
        fail_msg("%s", e.msg);
}

struct note_job {
    const struct actor *by;
    const char *day, *text;
};
static enum code note_fn(struct db *db, void *arg, struct err *e)
{
    const struct note_job *j = arg;
    return brief_note_put(db, j->by, str_z(j->day), str_z(j->text), e);
}
static enum code note(struct scene *s, int who, const char *day, const char *text, struct err *e)
{
    struct note_job j = {itemdb_as(&s->t, who), day, text};
    return store_write(s->t.o.st, note_fn, &j, e);
}

static enum code try_get(
    struct scene *s, int who, const char *day, int64_t audience, struct brief *b, struct err *e)
{
    return brief_get(s->o, &s->t.o.a, itemdb_as(&s->t, who), str_z(day), audience, b, e);
}

static struct brief get(struct scene *s, int who, const char *day, int64_t audience)
{
    struct brief b;
    struct err e = {.code = OK};
    if (try_get(s, who, day, audience, &b, &e) != OK)
        fail_msg("%s", e.msg);
    return b;
}

static size_t run(struct scene *s, int64_t now_ms)
{
    struct err e = {.code = OK};
    size_t made = 0;
    s->t.now_ms = now_ms;
    if (brief_run(s->o, itemdb_as(&s->t, N_PEOPLE), HOUR_745, &made, &e) != OK)
        fail_msg("%s", e.msg);
    return made;
}

static int pages(const struct brief *b)
{
    struct buf out;
    struct err e = {.code = OK};
    int n = 0;
    buf_init(&out, 0);
    if (brief_pdf(b, &out, &n, &e) != OK)
        fail_msg("%s", e.msg);
    assert_true(str_starts(buf_view(&out), S("%PDF-")));
    buf_release(&out);
    return n;
}

static const struct brief_line *find(const struct brief *b, enum brief_part p, const char *title)
{
    for (size_t i = 0; i < b->part[p].n; i++)
        if (str_has(b->part[p].lines[i].title, str_z(title)))
            return &b->part[p].lines[i];
    return NULL;
}

static bool anywhere(const struct brief *b, const char *title)
{
    for (int p = 0; p < N_BRIEF_PART; p++)
        if (find(b, (enum brief_part)p, title))
            return true;
    return false;
}

/* ---- the tests ---- */

static void each_thing_in_its_part(void **state)
{
    struct scene *s = *state;
    s->t.now_ms = MONDAY;
    paper(s, SECRETARY, "上周该办的", "2026-07-13", 1, URGENCY_NONE);
    paper(s, SECRETARY, "今天该办的", "2026-07-15", 1, URGENCY_NONE);
    paper(s, SECRETARY, "以后的急件", "2026-07-30", 1, URGENCY_URGENT);
    document(s, AT_745(1) + MS_HOUR, "国务院的新文件", 88, 0);
    document(s, AT_745(1) + MS_HOUR, "集团自己的文件", 30, 0);
    document(s, AT_745(0), "早先的上级文件", 87, 0);
    s->t.now_ms = AT_745(2); /* Wednesday 15 July */
    struct brief b = get(s, SECRETARY, "2026-07-15", 0);
    assert_false(b.kept);
    assert_int_equal(3, b.part[BRIEF_DECIDE].n);
    const struct brief_line *l = find(&b, BRIEF_DECIDE, "上周该办的");
    assert_non_null(l);
    assert_true(str_eq(l->who, S("张三")) && str_eq(l->when, S("7月13日起，2天")));
    assert_true(l->late);
    assert_int_equal(1, b.part[BRIEF_LATE].n);
    assert_true(str_eq(find(&b, BRIEF_LATE, "上周该办的")->when, S("逾期2天")));
    assert_int_equal(1, b.part[BRIEF_DUE].n);
    assert_true(str_eq(find(&b, BRIEF_DUE, "今天该办的")->when, S("今天")));
    assert_int_equal(1, b.part[BRIEF_URGENT].n);
    assert_non_null(find(&b, BRIEF_URGENT, "以后的急件"));
    assert_int_equal(3, b.part[BRIEF_STUCK].n);
    assert_int_equal(1, b.part[BRIEF_NEW].n);
    assert_non_null(find(&b, BRIEF_NEW, "国务院的新文件"));
    assert_int_equal(0, b.part[BRIEF_PEOPLE].n);
    assert_int_equal(1, pages(&b));
    assert_true(str_has(b.day_text, S("2026年7月15日　星期三")));
}

static void nobody_is_shown_what_he_may_not_see(void **state)
{
    struct scene *s = *state;
    struct brief b;
    struct err e = {.code = OK};
    struct buf text;
    int64_t leader = s->t.person[LEADER];
    s->t.now_ms = MONDAY;
    paper(s, CHIEF, "秘密的人事方案", "2026-07-14", 2, URGENCY_URGENT);
    paper(s, SECRETARY, "普通的请示", "2026-07-14", 1, URGENCY_NONE);
    document(s, AT_745(0) + MS_HOUR, "上级的工作秘密文件", 88, 2);
    assert_int_equal(2, run(s, AT_745(1)));
    b = get(s, SECRETARY, "2026-07-14", 0);
    assert_true(b.kept && anywhere(&b, "普通的请示") && !anywhere(&b, "秘密"));
    b = get(s, CHIEF, "2026-07-14", 0); /* he may, but the sheet goes to the whole section */
    assert_true(!anywhere(&b, "秘密") && b.hidden == 0);
    b = get(s, LEADER, "2026-07-14", leader);
    assert_non_null(find(&b, BRIEF_DECIDE, "秘密的人事方案"));
    assert_true(find(&b, BRIEF_DECIDE, "秘密的人事方案")->secret && b.hidden == 0);
    assert_false(anywhere(&b, "上级的工作秘密文件"));
    /* whoever prints it for him */
    b = get(s, SECRETARY, "2026-07-14", leader);
    assert_true(!anywhere(&b, "秘密") && anywhere(&b, "普通的请示") && b.hidden > 0);
    b = get(s, CHIEF, "2026-07-14", leader);
    assert_non_null(find(&b, BRIEF_DECIDE, "秘密的人事方案"));
    /* never by mail */
    b = get(s, LEADER, "2026-07-14", leader);
    buf_init(&text, 0);
    brief_text(&b, &text);
    assert_true(str_has(buf_view(&text), S("普通的请示")));
    assert_false(str_has(buf_view(&text), S("人事方案")));
    assert_true(str_has(buf_view(&text), S("另有工作秘密事项")));
    buf_release(&text);
    assert_int_equal(E_DENIED, try_get(s, LEADER, "2026-07-14", 0, &b, &e));
    assert_int_equal(E_DENIED, try_get(s, STAFF, "2026-07-14", 0, &b, &e));
    assert_int_equal(E_DENIED, try_get(s, STAFF, "2026-07-14", leader, &b, &e));
    assert_int_equal(E_DENIED, try_get(s, LIAISON, "2026-07-14", 0, &b, &e));
}

static enum code choose_fn(struct db *db, void *arg, struct err *e)
{
    const struct scene *s = arg;
    struct notice_setting v = {
        .mail = S("leader@yunling.example"), .mail_kinds = 1U << NOTICE_BRIEF};
    TRY(notice_setting_put(db, s->t.person[LEADER], &v, e));
    v.mail_kinds = 1U << NOTICE_ASKED; /* this one has not chosen it */
    return notice_setting_put(db, s->t.person[SECRETARY], &v, e);
}

/* The words of the mail are put beside the sheet, in the same write: to whoever chose it, nothing of 工作秘密. */
static void a_letter_to_whoever_chose_it(void **state)
{
    struct scene *s = *state;
    struct err e = {.code = OK};
    s->t.now_ms = MONDAY;
    paper(s, CHIEF, "秘密的人事方案", "2026-07-14", 2, URGENCY_URGENT);
    paper(s, SECRETARY, "普通的请示", "2026-07-14", 1, URGENCY_NONE);
    assert_int_equal(store_write(s->t.o.st, choose_fn, s, &e), OK);
    assert_int_equal(2, run(s, AT_745(1)));
    assert_int_equal(0, run(s, AT_745(1) + MS_HOUR));
    struct db *db = itemdb_read(&s->t);
    struct stmt *q = db_sql(db, "SELECT l.person, l.text, o.channel, o.next_at FROM notice_letter l"
                                " JOIN notice_out o ON o.notice = l.id");
    assert_true(stmt_step(q));
    assert_int_equal(stmt_int(q, 0), s->t.person[LEADER]);
    assert_true(
        str_has(stmt_str(q, 1), S("普通的请示")) && !str_has(stmt_str(q, 1), S("人事方案")));
    assert_true(stmt_int(q, 2) == POST_LETTER && stmt_int(q, 3) == AT_745(1));
    assert_false(stmt_step(q));
    assert_int_equal(stmt_end(q, &e), OK);
    store_read_end(db);
}

static void once_a_working_day_and_kept(void **state)
{
    struct scene *s = *state;
    struct brief b;
    struct err e = {.code = OK};
    s->t.now_ms = MONDAY;
    int64_t id = paper(s, SECRETARY, "原来的标题", "2026-07-14", 1, URGENCY_NONE);
    assert_int_equal(0, run(s, AT_745(1) - MS_MINUTE));
    assert_int_equal(2, run(s, AT_745(1))); /* the section's and the leader's */
    assert_int_equal(0, run(s, AT_745(1) + MS_HOUR));
    assert_int_equal(0, run(s, AT_745(5))); /* Saturday */
    do_it(s, SECRETARY, &(struct act){.verb = V_MOVE, .id = id, .revision = 2, .word = "finish"});
    b = get(s, SECRETARY, "2026-07-14", 0);
    assert_true(b.kept && find(&b, BRIEF_DUE, "原来的标题"));
    assert_int_equal(AT_745(1), b.made_ms);
    assert_int_equal(E_NOTFOUND, try_get(s, SECRETARY, "2026-07-16", 0, &b, &e));
    assert_int_equal(2, run(s, AT_745(7)));
    b = get(s, SECRETARY, "2026-07-20", 0);
    assert_int_equal(0, b.part[BRIEF_DUE].n + b.part[BRIEF_LATE].n);
    assert_int_equal(1, pages(&b)); /* an empty day */
}

static void the_line_by_hand(void **state)
{
    struct scene *s = *state;
    struct err e = {.code = OK};
    struct brief b;
    struct str day;
    char text[400] = "";
    s->t.now_ms = AT_745(1) - MS_HOUR;
    assert_int_equal(E_DENIED, note(s, SECRETARY, "2026-07-14", "领导今日外出", &e));
    assert_int_equal(OK, note(s, CHIEF, "2026-07-14", "领导今日在", &e));
    assert_int_equal(OK, note(s, CHIEF, "2026-07-14", "领导今日外出", &e));
    assert_int_equal(E_INPUT, note(s, CHIEF, "2026-07-13", "昨天", &e));
    for (int i = 0; i <= BRIEF_NOTE_CP_MAX; i++)
        memcpy(text + strlen(text), "好", sizeof "好");
    assert_int_equal(E_LIMIT, note(s, CHIEF, "2026-07-14", text, &e));
    run(s, AT_745(1));
    b = get(s, LEADER, "2026-07-14", s->t.person[LEADER]);
    assert_true(str_eq(b.note, S("领导今日外出")));
    assert_int_equal(E_CONFLICT, note(s, CHIEF, "2026-07-14", "晚了", &e));
    struct db *db = itemdb_read(&s->t);
    assert_int_equal(OK, brief_next_day(db, &s->t.o.a, itemdb_as(&s->t, CHIEF), &day, &e));
    store_read_end(db);
    assert_true(str_eq(day, S("2026-07-15")));
    assert_int_equal(OK, note(s, CHIEF, "2026-07-15", "", &e)); /* none is none */
}

struct people_job {
    const struct actor *by;
    int64_t person;
    int64_t from_ms;
};
static enum code people_fn(struct db *db, void *arg, struct err *e)
{
    const struct people_job *j = arg;
    struct absence away = {.person = j->person,
        .from_day = S("2026-07-14"),
        .to_day = S("2026-07-16"),
        .why = S("出差")};
    struct duty_shift shift = {.from_ms = j->from_ms,
        .to_ms = j->from_ms + 15 * MS_HOUR,
        .who = {j->by->v->person, 0, j->person}};
    TRY(absence_save(db, j->by, &away, e));
    return duty_save(db, j->by, &shift, S(""), e);
}

static void who_is_there_and_who_is_not(void **state)
{
    struct scene *s = *state;
    struct err e = {.code = OK};
    s->t.now_ms = MONDAY;
    struct people_job j = {
        itemdb_as(&s->t, CHIEF), s->t.person[LEADER], AT_745(1) + 10 * MS_HOUR - 15 * MS_MINUTE};
    if (store_write(s->t.o.st, people_fn, &j, &e) != OK)
        fail_msg("%s", e.msg);
    s->t.now_ms = AT_745(1);
    struct brief b = get(s, SECRETARY, "2026-07-14", 0);
    const struct brief_line *l = find(&b, BRIEF_PEOPLE, "值班：张三、带班领导张三");
    assert_non_null(l);
    assert_true(str_eq(l->when, S("14日17:30至次日8:30")));
    l = find(&b, BRIEF_PEOPLE, "出差");
    assert_non_null(l);
    assert_true(str_eq(l->when, S("至7月16日")) && str_eq(l->who, S("未安排代办")));
    s->t.now_ms = AT_745(2); /* who hands over this morning stands there too */
    b = get(s, SECRETARY, "2026-07-15", 0);
    assert_non_null(find(&b, BRIEF_PEOPLE, "值班"));
    s->t.now_ms = AT_745(4);
    b = get(s, SECRETARY, "2026-07-17", 0);
    assert_int_equal(0, b.part[BRIEF_PEOPLE].n);
}

static void fill(struct scene *s, struct brief *b, size_t n, const char *title)
{
    for (int p = 0; p < N_BRIEF_PART; p++) {
        struct brief_section *x = &b->part[p];
        x->lines = ARENA_ARRAY(&s->t.o.a, struct brief_line, n + 1);
        x->n = n;
        for (size_t i = 0; i < n; i++)
            x->lines[i] = (struct brief_line){.item = 1,
                .title = str_z(title),
                .who = S("云岭山河建设集团路桥工程有限公司、水利水电工程有限公司等15个"),
                .when = S("7月1日起，13天")};
    }
}

/* Any number of lines of any length is one page; what is cut first is cut most. */
static void always_one_page(void **state)
{
    static const char *const titles[] = {"短",
        "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
        ("关于进一步加强和改进新形势下集团所属各单位安全生产责任制落实情况督促检查工作并按时报送整"
         "改"
         "台账的通知\n第二行")};
    struct scene *s = *state;
    for (size_t t = 0; t < sizeof(titles) / sizeof(*titles); t++)
        for (size_t n = 0; n <= BRIEF_PART_MAX; n += n < 6 ? 1 : 47) {
            struct err e = {.code = OK};
            struct brief b = {.day = S("2026-07-14"),
                .name = S("张三"),
                .day_text = S("2026年7月14日　星期二"),
                .note = S(
                    "领导今日外出，急件请电话请示；下午三点防汛视频会，请各单位主要负责同志参加，会"
                    "议材料请于中午十二点前报送秘书科，逾期不候。"),
                .made_ms = MONDAY};
            fill(s, &b, n, titles[t]);
            if (brief_fit(&b, &e) != OK)
                fail_msg("%zu lines: %s", n, e.msg);
            assert_int_equal(1, pages(&b));
            for (int p = 0; p < N_BRIEF_PART; p++)
                assert_true(b.part[p].shown >= (n < BRIEF_LEAST ? n : BRIEF_LEAST));
            assert_true(b.part[BRIEF_STUCK].shown <= b.part[BRIEF_NEW].shown);
            assert_true(b.part[BRIEF_NEW].shown <= b.part[BRIEF_DUE].shown);
            assert_true(b.part[BRIEF_DUE].shown <= b.part[BRIEF_DECIDE].shown);
            assert_true(b.part[BRIEF_DECIDE].shown <= b.part[BRIEF_URGENT].shown);
            if (n == BRIEF_PART_MAX) /* and the page is used */
                assert_true(b.part[BRIEF_URGENT].shown > BRIEF_LEAST);
        }
}

static void what_is_kept_reads_back(void **state)
{
    struct scene *s = *state;
    struct brief b = {.day = S("2026-07-14"),
                     .name = S("张三"),
                     .note = S("a<b>\"c\""),
                     .day_text = S("d")},
                 r;
    struct buf x, y;
    struct err e;
    fill(s, &b, 3, "标题");
    b.part[0].lines[1].secret = b.part[0].lines[2].late = true;
    b.part[1].more = true;
    b.part[0].shown = 2;
    buf_init(&x, 0);
    buf_init(&y, 0);
    brief_write(&x, &b);
    r = (struct brief){.day = b.day};
    assert_int_equal(OK, brief_parse(&s->t.o.a, buf_view(&x), &r, &e));
    brief_write(&y, &r);
    assert_true(str_eq(buf_view(&x), buf_view(&y)));
    assert_true(r.part[0].lines[1].secret && r.part[0].lines[2].late && r.part[1].more);
    buf_release(&x);
    buf_release(&y);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_thing_in_its_part),
        TEST(nobody_is_shown_what_he_may_not_see),
        TEST(a_letter_to_whoever_chose_it),
        TEST(once_a_working_day_and_kept),
        TEST(the_line_by_hand),
        TEST(who_is_there_and_who_is_not),
        TEST(always_one_page),
        TEST(what_is_kept_reads_back),
    };
    return cmocka_run_group_tests_name("brief", tests, NULL, NULL);
}
