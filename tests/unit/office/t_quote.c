/* Quotations and citations of a draft against a small library, and the check that is kept. On SQLite; again on PostgreSQL
 * when TEST_PG is set. The documents are made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "office/import.h"
#include "office/proof.h"
#include "testdb.h"

struct fixture {
    struct testdb t;
    struct office *o;
    struct arena a;
    char files[IO_PATH_MAX];
};

static const char measures[] =
    "云岭山河建设集团有限公司文件\n云岭党办〔2024〕8号\n督查督办工作办法\n"
    "第一条 为规范督查督办工作，推动党委决策部署落到实处，制定本办法。\n"
    "第二条 督查督办坚持围绕中心、服务大局，坚持实事求是、注重实效。\n"
    "第三条 党委办公室负责督查督办事项的立项、交办、催办、核查和通报。\n"
    "第四条 承办单位应当在收到交办通知之日起三个工作日内反馈办理方案。\n"
    "第五条 对逾期未办结的事项，由党委办公室发出催办单并在月度例会上通报情况。\n"
    "第六条 本办法自2024年7月1日起施行，《督查督办工作暂行规定》（云岭党办〔2018〕3号）同时废止。\n"
    "云岭山河建设集团有限公司\n2024年6月1日\n";
static const char old_rules[] =
    "云岭山河建设集团有限公司文件\n云岭党办〔2018〕3号\n督查督办工作暂行规定\n"
    "第一条 为加强督查督办工作，制定本规定。\n"
    "第二条 承办单位应当在收到交办通知之日起五个工作日内报送办理情况。\n"
    "云岭山河建设集团有限公司\n2018年3月1日\n";
static const char central[] =
    "国务院办公厅\n国办发〔2023〕31号\n国务院办公厅关于减轻基层报表负担的通知\n各有关单位：\n"
    "一、总体要求。要把为基层减负作为改进作风的重要抓手，坚决防止层层加码、反复填报，让基层干部把更"
    "多精力放在服务群众上。\n"
    "二、精简数量。同一事项一年内向基层统计的次数原则上不超过两次，能通过系统共享的数据不得要求重复"
    "报送。\n"
    "三、《国务院办公厅关于规范统计报表的通知》同时废止。\n"
    "国务院办公厅\n2023年9月12日\n";
static const char speech[] =
    "在集团公司2025年工作会议上的讲话\n（2025年1月10日）\n同志们：\n"
    "今年的集团公司工作会议强调，安全生产是企业发展的生命线，任何时候都不能有丝毫松懈和侥幸心理。\n"
    "各单位要把责任落实到每一个班组、每一道工序、每一名员工。\n";

static void put(struct fixture *f, const char *name, const char *text)
{
    char path[IO_PATH_MAX];
    struct err e;

    assert_int_equal(io_join(path, f->files, name, &e), OK);
    assert_int_equal(io_write_file(path, str_z(text), 0600, &e), OK);
}

static void take(struct fixture *f, const char *name, const char *text, enum doc_level level)
{
    char path[IO_PATH_MAX];
    const char *paths[] = {path};
    struct import_options opt = {.level = level};
    struct import_counts c = {0};
    struct err e = {0};

    put(f, name, text);
    assert_int_equal(io_join(path, f->files, name, &e), OK);
    if (import_paths(f->o, paths, 1, &opt, &c, &e) != OK)
        fail_msg("%s (%s:%d)", e.msg, e.file, e.line);
    assert_int_equal(c.of[IMPORT_TAKEN], 1);
}

static int set_up(void **state)
{
    struct fixture *f = mem_alloc(sizeof(*f));
    struct err e = {0};
    struct office_options opt = {.exe = "/proc/self/exe", .create = true};

    testdb_open(&f->t, testdb_pg());
    store_close(f->t.st);
    f->t.st = NULL;
    arena_init(&f->a);
    assert_int_equal(io_temp_dir("qianshao-files", f->files, &e), OK);
    opt.dir = str_z(f->t.dir);
    opt.url = str_z(f->t.url);
    if (office_open(&opt, &f->o, &e) != OK)
        fail_msg("%s (%s:%d)", e.msg, e.file, e.line);
    take(f, "旧规定.txt", old_rules, LEVEL_OPEN);
    take(f, "办法.txt", measures, LEVEL_OPEN);
    take(f, "通知.txt", central, LEVEL_OPEN);
    take(f, "讲话.txt", speech, LEVEL_WORK_SECRET);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    struct err e;

    office_close(f->o);
    arena_release(&f->a);
    assert_int_equal(io_remove_tree(f->files, &e), OK);
    testdb_close(&f->t);
    assert_int_equal(io_remove_tree(f->t.dir, &e), OK);
    free(f);
    return 0;
}

static struct proof_report check_as(
    struct fixture *f, const struct viewer *v, const char *text, int year)
{
    struct proof_input in = {.text = str_z(text),
        .day = {year, 11, 23},
        .classes = 1U << CHECK_QUOTE | 1U << CHECK_REPEAT};
    struct proof_report r;
    struct err e = {0};

    if (proof_check(f->o, &f->a, v, &in, &r, &e) != OK)
        fail_msg("%s (%s:%d)", e.msg, e.file, e.line);
    return r;
}

static struct proof_report check(struct fixture *f, const char *text)
{
    struct viewer owner = viewer_owner();

    return check_as(f, &owner, text, 2026);
}

static const struct finding *of(const struct proof_report *r, const char *id)
{
    for (size_t i = 0; i < r->check.n; i++)
        if (strcmp(r->check.v[i].rule->id, id) == 0)
            return &r->check.v[i];
    return NULL;
}

/* Exactly one finding, of this rule, at these words, with this first suggestion (NULL: not looked at). */
static void one(
    struct fixture *f, const char *text, const char *id, const char *words, const char *suggestion)
{
    struct proof_report r = check(f, text);
    const struct finding *x = of(&r, id);

    if (!x || r.check.n != 1)
        print_error("%s (%zu passages)\n", text, r.match.n);
    if (!x || r.check.n != 1)
        for (size_t i = 0; i < r.check.n; i++)
            print_error("%s %.*s\n", r.check.v[i].rule->id, SF(r.check.v[i].message));
    assert_int_equal(r.check.n, 1);
    assert_non_null(x);
    if (words && !str_eq(draft_str(&r.draft, x->begin, x->end), str_z(words)))
        fail_msg("%s: at “%.*s”", id, SF(draft_str(&r.draft, x->begin, x->end)));
    if (suggestion) {
        assert_true(x->n_suggestions > 0);
        if (!str_eq(x->suggestions[0], str_z(suggestion)))
            fail_msg("%s: suggests “%.*s”", id, SF(x->suggestions[0]));
    }
}

static void none(struct fixture *f, const char *text)
{
    struct proof_report r = check(f, text);

    for (size_t i = 0; i < r.check.n; i++)
        print_error("%s %.*s at “%.*s”\n", r.check.v[i].rule->id, SF(r.check.v[i].message),
            SF(draft_str(&r.draft, r.check.v[i].begin, r.check.v[i].end)));
    assert_int_equal(r.check.n, 0);
}

static void words_in_marks_are_held_against_the_source(void **state)
{
    struct fixture *f = *state;

    one(f, "通知指出，“要把为基层减负作为改进作风的重要工作，坚决防止层层加码、反复填报”。", "Q01",
        "工作", "抓手");
    one(f, "文件要求“坚决防止层层加码、反复填报，让基层干部把更多的精力放在服务群众上”。", "Q01",
        "的", "");
    one(f, "文件要求“坚决防止加码、反复填报，让基层干部把更多精力放在服务群众上”。", "Q01", NULL,
        NULL);
    none(f, "通知指出，“要把为基层减负作为改进作风的重要抓手，坚决防止层层加码、反复填报”。");
    none(f, "通知指出，“要把为基层减负作为改进作风的重要抓手；坚决防止层层加码，反复填报”。");
}

static void words_told_are_held_against_the_source(void **state)
{
    struct fixture *f = *state;

    one(f,
        "国务院办公厅要求，同一事项一年内向基层统计的次数原则上不超过三次，能通过系统共享的数据不得"
        "要求重复报送。",
        "Q02", "三", "两");
    none(f, "国务院办公厅要求，同一事项一年内向基层统计的次数原则上不超过两次，能通过系统共享的数据"
            "不得要求重复报送。");
}

static void words_of_another_document(void **state)
{
    struct fixture *f = *state;

    one(f, "《督查督办工作办法》规定：“同一事项一年内向基层统计的次数原则上不超过两次。”", "Q03",
        NULL, "《国务院办公厅关于减轻基层报表负担的通知》");
    one(f, "二十届三中全会指出，“同一事项一年内向基层统计的次数原则上不超过两次”。", "Q03",
        "二十届三中全会", NULL);
    none(f,
        "集团公司工作会议强调，“安全生产是企业发展的生命线，任何时候都不能有丝毫松懈和侥幸心理”。");
}

static void titles_numbers_and_status(void **state)
{
    struct fixture *f = *state;

    one(f, "根据《国务院办公厅关于减轻基层报表工作负担的通知》，现通知如下。", "Q04",
        "国务院办公厅关于减轻基层报表工作负担的通知", "国务院办公厅关于减轻基层报表负担的通知");
    one(f, "根据《督查督办工作办法》（云岭党办〔2024〕9号），现通知如下。", "Q05",
        "云岭党办〔2024〕9号", "云岭党办〔2024〕8号");
    one(f, "根据《督查督办工作办法》（国办发〔2023〕31号），现通知如下。", "Q05",
        "国办发〔2023〕31号", "云岭党办〔2024〕8号");
    one(f, "根据《督查督办工作暂行规定》，现通知如下。", "Q06", "督查督办工作暂行规定", NULL);
    one(f, "按照《关于成立某某领导小组的通知》（云岭党办〔2025〕1号）执行。", "Q12", NULL, NULL);
    /* not in the library, but what repeals it is */
    one(f, "根据《国务院办公厅关于规范统计报表的通知》，现通知如下。", "Q06",
        "国务院办公厅关于规范统计报表的通知", NULL);
    none(f, "根据《督查督办工作办法》（云岭党办〔2024〕8号），现通知如下。");
    none(f, "决定废止《督查督办工作暂行规定》（云岭党办〔2018〕3号）。");
}

static void what_held_on_the_day_of_the_draft_holds(void **state)
{
    struct fixture *f = *state;
    struct viewer owner = viewer_owner();
    struct proof_report r = check_as(f, &owner, "根据《督查督办工作暂行规定》，现通知如下。", 2020);

    assert_null(of(&r, "Q06"));
    r = check_as(f, &owner, "根据《国务院办公厅关于规范统计报表的通知》，现通知如下。", 2020);
    assert_null(of(&r, "Q06"));
}

static void articles_say_what_they_are_said_to_say(void **state)
{
    struct fixture *f = *state;

    one(f,
        "《督查督办工作办法》第三条规定：“承办单位应当在收到交办通知之日起三个工作日内反馈办理方案"
        "。”",
        "Q08", "第三条", "第四条");
    none(f, "《督查督办工作办法》第四条规定：“承办单位应当在收到交办通知之日起三个工作日内反馈办理"
            "方案。”");
}

static void words_without_a_source_are_named(void **state)
{
    struct fixture *f = *state;

    one(f, "国务院在会议上指出：“春种一粒粟秋收万颗子四海无闲田农夫犹饿死这是资料库里没有的话。”",
        "Q10", NULL, NULL);
}

static void a_source_one_may_not_read_says_nothing(void **state)
{
    struct fixture *f = *state;
    struct viewer staff = {.person = 77, .roles = ROLE_STAFF};
    const char *text =
        "集团公司工作会议强调，“安全生产是企业发展的生命线，任何时候都不可有丝毫松懈和侥幸心理”。";
    struct proof_report r = check(f, text);

    assert_non_null(of(&r, "Q01"));
    r = check_as(f, &staff, text, 2026);
    assert_null(of(&r, "Q01"));
    assert_int_equal(r.match.n, 0);
}

static void a_check_is_kept_with_its_decisions(void **state)
{
    struct fixture *f = *state;
    struct viewer chief = {.person = 5, .roles = ROLE_CHIEF},
                  other = {.person = 6, .roles = ROLE_STAFF};
    struct proof_new in = {.text = S("通知\n请各单位,认真落实。\n请各部门,认真落实。\n"), .fd = -1};
    struct proof_finding *list;
    struct proof_report r;
    struct proof p;
    struct rule_state *rules;
    struct db *db;
    size_t n, never, n_rules;
    int64_t id;
    struct err e = {0};

    assert_int_equal(proof_add(f->o, &f->a, &chief, &in, &id, &e), OK);
    assert_int_equal(proof_get(f->o, &f->a, &chief, id, &p, &e), OK);
    assert_int_equal(proof_get(f->o, &f->a, &other, id, &p, &e), E_NOTFOUND);
    assert_int_equal(proof_view(f->o, &f->a, &chief, &p, &r, &list, &n, &never, &e), OK);
    for (size_t i = 0; i < n && n != 2; i++)
        print_error("%s %.*s\n", list[i].f->rule->id, SF(list[i].f->message));
    assert_int_equal(n, 2);
    assert_int_equal(p.open, 2);
    assert_int_equal(
        proof_decide(f->o, &chief, id, S("P01"), list[0].key, S(","), VERDICT_ACCEPTED, &e), OK);
    assert_int_equal(
        proof_decide(f->o, &chief, id, S("P01"), list[1].key, S(","), VERDICT_HERE, &e), OK);
    assert_int_equal(proof_view(f->o, &f->a, &chief, &p, &r, &list, &n, &never, &e), OK);
    assert_int_equal(list[0].verdict, VERDICT_ACCEPTED);
    assert_int_equal(list[1].verdict, VERDICT_HERE);
    assert_int_equal(
        proof_decide(f->o, &chief, id, S("P01"), list[1].key, S(","), VERDICT_NEVER, &e), OK);
    assert_int_equal(proof_view(f->o, &f->a, &chief, &p, &r, &list, &n, &never, &e), OK);
    assert_int_equal(n, 0);
    assert_int_equal(never, 2);
    assert_int_equal(store_read(f->o->store, &db, &e), OK);
    assert_int_equal(rulebook_read(db, &f->a, &rules, &n_rules, &e), OK);
    store_read_end(db);
    for (size_t i = 0; i < n_rules; i++)
        if (strcmp(rules[i].rule->id, "P01") == 0) {
            assert_int_equal(rules[i].shown, 2);
            assert_int_equal(rules[i].accepted, 1);
            assert_int_equal(rules[i].ignored, 1);
        }
}

static void a_text_with_a_secrecy_mark_is_not_kept(void **state)
{
    struct fixture *f = *state;
    struct viewer chief = {.person = 5, .roles = ROLE_CHIEF};
    struct proof_new in = {.text = S("机密★1年\n关于某某的报告\n"), .fd = -1};
    struct err e = {0};
    int64_t id;

    assert_int_equal(proof_add(f->o, &f->a, &chief, &in, &id, &e), E_SECRET);
}

struct counting {
    int ignored;
};
static enum code count_fn(struct db *db, void *arg, struct err *e)
{
    struct counting *c = arg;

    return rulebook_count(db, S("P01"), c->ignored, 0, c->ignored, e);
}

static void a_rule_that_is_mostly_ignored_sinks(void **state)
{
    struct fixture *f = *state;
    struct counting c = {RULE_DECIDED_MIN};
    struct rule_setting *s;
    struct db *db;
    size_t n;
    struct err e = {0};

    assert_int_equal(store_write(f->o->store, count_fn, &c, &e), OK);
    assert_int_equal(store_read(f->o->store, &db, &e), OK);
    assert_int_equal(rulebook_settings(db, &f->a, &s, &n, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 1);
    assert_int_equal(s[0].level, CHECK_HINT);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            words_in_marks_are_held_against_the_source, set_up, tear_down),
        cmocka_unit_test_setup_teardown(words_told_are_held_against_the_source, set_up, tear_down),
        cmocka_unit_test_setup_teardown(words_of_another_document, set_up, tear_down),
        cmocka_unit_test_setup_teardown(titles_numbers_and_status, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_held_on_the_day_of_the_draft_holds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(articles_say_what_they_are_said_to_say, set_up, tear_down),
        cmocka_unit_test_setup_teardown(words_without_a_source_are_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_source_one_may_not_read_says_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_check_is_kept_with_its_decisions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_text_with_a_secrecy_mark_is_not_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_rule_that_is_mostly_ignored_sinks, set_up, tear_down),
    };

    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
