/* t_sample - earlier texts of one's own house and what a new one repeats of them, over a real library. On SQLite; again on PostgreSQL when
 * TEST_PG is set. The documents are made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/utf8.h"
#include "office/import.h"
#include "office/manuscript_start.h"
#include "office/reuse.h"
#include "paper/reader.h"
#include "testdb.h"
#include "text/genre.h"
#include "text/runs.h"

struct fixture {
    struct testdb t;
    struct office *o;
    struct arena a;
    char files[IO_PATH_MAX];
};

enum { HOUSE = 1, SECTION, OTHER };

#define LIFE "安全生产是企业发展的生命线，任何时候都不能有丝毫松懈和侥幸心理"
static const char speech[] =
    "在集团公司2025年工作会议上的讲话\n（2025年1月10日）\n同志们：\n今年的工作会议强调，" LIFE
    "。\n各单位要把责任落实到每一个班组、每一道工序、每一名员工。\n";
static const char ours[] =
    "云岭山河建设集团有限公司文件\n云岭党办〔2024〕8号\n关于做好防汛工作的通知\n各单位：\n"
    "一、各项目部要备足防汛物资，汛期实行领导带班、专人值守，遇有险情立即组织人员撤离。\n"
    "云岭山河建设集团有限公司\n2024年6月1日\n";
static const char foreign[] =
    "国务院办公厅\n国办发〔2023〕31号\n国务院办公厅关于防汛工作的通知\n各有关单位：\n"
    "一、各地区要压实防汛责任，遇有险情立即组织人员撤离，确保人民群众生命安全。\n"
    "国务院办公厅\n2023年9月12日\n";

static void take(struct fixture *f, const char *name, const char *text)
{
    char path[IO_PATH_MAX];
    const char *paths[] = {path};
    struct import_options opt = {.level = LEVEL_INTERNAL};
    struct import_counts c = {0};
    struct err e = {0};

    assert_int_equal(io_join(path, f->files, name, &e), OK);
    assert_int_equal(io_write_file(path, str_z(text), 0600, &e), OK);
    if (import_paths(f->o, paths, 1, &opt, &c, &e) != OK)
        fail_msg("%s", e.msg);
    assert_int_equal(c.of[IMPORT_TAKEN], 1);
}

static enum code units(struct db *db, void *arg, struct err *e)
{
    static const struct {
        int64_t id, parent;
        struct str name;
    } v[] = {{HOUSE, 0, SC("云岭山河建设集团有限公司（虚构）")}, {SECTION, HOUSE, SC("秘书科")},
        {OTHER, HOUSE, SC("财务部")}};
    (void)arg;
    for (size_t i = 0; i < 3; i++) {
        struct stmt *q = db_sql(db,
            "INSERT INTO unit(id, parent, code, name, short_name, initials, rank, active)"
            " VALUES(?1, ?2, ?3, ?3, ?3, '', 1, 1)");
        stmt_bind_int(q, 1, v[i].id);
        stmt_bind_int(q, 2, v[i].parent);
        stmt_bind_str(q, 3, v[i].name);
        TRY(stmt_run(q, NULL, e));
    }
    return OK;
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct err e = {0};
    struct office_options opt = {.exe = "/proc/self/exe", .create = true};

    testdb_open(&f->t, testdb_pg());
    store_close(f->t.st);
    f->t.st = NULL;
    arena_init(&f->a);
    assert_int_equal(io_temp_dir("qianshao-files", f->files, &e), OK);
    opt.dir = str_z(f->t.dir);
    opt.url = str_z(f->t.url);
    if (office_open(&opt, &f->o, &e) != OK || store_write(f->o->store, units, NULL, &e) != OK)
        fail_msg("%s (%s:%d)", e.msg, e.file, e.line);
    take(f, "讲话.txt", speech);
    take(f, "通知.txt", ours);
    take(f, "国办.txt", foreign);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    struct err e;
    office_close(f->o);
    testdb_close(&f->t);
    assert_int_equal(io_remove_tree(f->files, &e), OK);
    arena_release(&f->a);
    free(f);
    return 0;
}

static const struct viewer writer = {.person = 7, .unit = SECTION, .roles = ROLE_SECRETARY},
                           mate = {.person = 8, .unit = SECTION, .roles = ROLE_SECRETARY},
                           chief = {.person = 9, .unit = SECTION, .roles = ROLE_CHIEF},
                           stranger = {.person = 10, .unit = OTHER, .roles = ROLE_SECRETARY};

struct deed {
    struct actor by;
    struct arena *a;
    struct manuscript_new m;
    struct sample_new s;
    int64_t manuscript, sample;
    int what; /* 0 a finished manuscript put in, 1 the version put in again, 2 out */
};

static enum code deed_fn(struct db *db, void *arg, struct err *e)
{
    struct deed *d = arg;
    if (d->what == 2)
        return sample_drop(db, &d->by, d->sample, e);
    if (d->what == 0) {
        TRY(manuscript_new(db, &d->by, &d->m, &d->manuscript, e));
        TRY(manuscript_freeze(db, d->a, &d->by, d->manuscript, S("定稿"), &d->s.version, e));
    }
    return sample_take(db, d->a, &d->by, &d->s, &d->sample, e);
}

static struct deed put(struct fixture *f, const char *title, const char *text, const char *day)
{
    struct deed d = {.by = {.v = &writer, .now_ms = 1000},
        .a = &f->a,
        .m = {.title = str_z(title),
            .genre = GENRE_SPEECH,
            .level = LEVEL_INTERNAL,
            .text = str_z(text)},
        .s = {.topic = S("安全"), .speaker = S("张卫国"), .day = str_z(day)}};
    struct err e;
    if (store_write(f->o->store, deed_fn, &d, &e) != OK)
        fail_msg("%s", e.msg);
    return d;
}

static struct sample_page listed(
    struct fixture *f, const struct viewer *v, const struct sample_filter *what)
{
    struct actor by = {.v = v, .now_ms = 2000};
    struct sample_page p;
    struct err e;
    if (sample_list(f->o, &f->a, &by, what, &p, &e) != OK)
        fail_msg("%s", e.msg);
    return p;
}

static struct reuse reused(struct fixture *f, const struct viewer *v, const char *text, int64_t but)
{
    struct actor by = {.v = v, .now_ms = 2000};
    struct reuse r;
    struct err e;
    if (reuse_find(f->o, &f->a, &by, str_z(text), but, &r, &e) != OK)
        fail_msg("%s", e.msg);
    return r;
}

#define MINE                                                                                                                               \
    "版式：讲话稿\n在2026年春训会上的讲话\n\n同志们：\n质量是干出来的，不是检查出来的，每一道工序" \
    "都要经"                                                                                                                            \
    "得起回头看。\n我们要把功夫下在平时，把班前会开好，把交底做实，把旁站做到位。\n"

static void only_of_ones_own_house(void **state)
{
    struct fixture *f = *state;
    struct sample_page p = listed(f, &mate, &(struct sample_filter){0});

    assert_int_equal(p.n, 2); /* not that of 国务院办公厅 */
    assert_true(str_eq(p.v[0].day, S("2025-01-10")));
    assert_true(str_eq(p.v[0].occasion, S("集团公司2025年工作会议")));
    assert_true(str_eq(p.v[1].title, S("关于做好防汛工作的通知")));
    p = listed(f, &mate, &(struct sample_filter){.q = S("险情")});
    assert_int_equal(p.n, 1);
    assert_true(str_has(p.v[0].passage, S("险情立即组织人员撤离")));
    assert_int_equal(listed(f, &mate, &(struct sample_filter){.genre = GENRE_SPEECH}).n, 1);
    assert_int_equal(listed(f, &mate, &(struct sample_filter){.occasion = S("工作会议")}).n, 1);
    assert_int_equal(listed(f, &mate, &(struct sample_filter){.year = 2024}).n, 1);
    assert_int_equal(listed(f, &mate, &(struct sample_filter){.year = 2023}).n, 0);
}

static void what_was_put_in_is_found_by_the_unit(void **state)
{
    struct fixture *f = *state;
    struct deed d = put(f, "在2026年春训会上的讲话", MINE, "2026-02-20");
    struct sample_page p = listed(f, &mate, &(struct sample_filter){.q = S("班前会")});
    struct err e;

    assert_int_equal(p.n, 1);
    assert_int_equal(p.v[0].id, d.sample);
    assert_true(str_starts(p.v[0].passage, S("我们要把功夫下在平时")));
    assert_true(str_eq(p.v[0].occasion, S("2026年春训会")));
    assert_true(str_eq(listed(f, &mate, &(struct sample_filter){0}).v[0].day, S("2026-02-20")));
    assert_int_equal(listed(f, &stranger, &(struct sample_filter){.q = S("班前会")}).n, 0);
    d.what = 1;
    assert_int_equal(store_write(f->o->store, deed_fn, &d, &e), E_CONFLICT);
    d.what = 2;
    d.by.v = &mate;
    assert_int_equal(store_write(f->o->store, deed_fn, &d, &e), E_DENIED);
    d.by.v = &chief;
    assert_int_equal(store_write(f->o->store, deed_fn, &d, &e), OK);
    assert_int_equal(listed(f, &mate, &(struct sample_filter){.q = S("班前会")}).n, 0);

    d = (struct deed){.by = {.v = &writer, .now_ms = 1},
        .a = &f->a,
        .m = {.title = S("内部情况"), .level = LEVEL_WORK_SECRET, .text = S("内容。\n")}};
    assert_int_equal(store_write(f->o->store, deed_fn, &d, &e), E_DENIED);
}

static void a_speech_that_repeats_last_years_is_told(void **state)
{
    struct fixture *f = *state;
    struct deed d = put(f, "在2026年春训会上的讲话", MINE, "2026-02-20");
    static const char again[] = "版式：讲话稿\n在2027年春训会上的讲话\n\n同志们：\n质量是干出来的，"
                                "不是检查出来的，每一道工序都要经得"
                                "起回头看。\n今年的任务更重，我们要再加一把劲。\n";
    struct reuse r = reused(f, &mate, again, 0);
    struct str w;

    assert_int_equal(r.n, 1);
    assert_true(r.warn && r.percent >= 30 && r.percent < 80);
    assert_int_equal(r.v[0].of.id, d.sample);
    assert_int_equal(r.v[0].n, 1);
    assert_true(str_starts(r.v[0].v[0].text, S("质量是干出来的")));
    assert_true(str_eq(r.v[0].v[0].text, r.v[0].v[0].source_text));
    struct str all = str_z(again);
    size_t from = utf8_off(all, (size_t)r.v[0].v[0].begin_cp);
    assert_true(str_starts(str_sub(all, from, SIZE_MAX), S("质量是干出来的")));
    w = reuse_warning(&f->a, &r);
    assert_true(str_starts(w, S("与2026-02-20的“在2026年春训会上的讲话”重复")));

    assert_int_equal(reused(f, &mate, again, d.manuscript).n, 0); /* not with itself */
    assert_int_equal(reused(f, &stranger, again, 0).n, 0);
    assert_int_equal(reuse_warning(&f->a, &(struct reuse){0}).n, 0);
}

/* Title, day and those addressed are the same every year. */
static void heads_of_speeches_are_no_repetition(void **state)
{
#define HEAD \
    "在公司党风廉政建设和反腐败工作会议暨警示教育大会上的讲话\n（2026年2月20日）\n\n同志们：\n"
    struct fixture *f = *state;
    put(f, "在警示教育大会上的讲话", HEAD "今天只讲一件事，就是把账管好。\n", "2026-02-20");
    assert_int_equal(reused(f, &mate, HEAD "春天来了，工地上要先把路修通。\n", 0).n, 0);
    assert_int_equal(reused(f, &mate, "春天来了。\n" HEAD "工地上要先把路修通。\n", 0).n, 1);
}

static void the_library_counts_and_quotations_do_not(void **state)
{
    struct fixture *f = *state;
    struct reuse r =
        reused(f, &mate, "同志们：\n" LIFE "。\n这一条要记牢，各单位回去以后认真研究。\n", 0);

    assert_int_equal(r.n, 1);
    assert_true(r.warn && r.v[0].of.document != 0);
    assert_true(str_has(r.v[0].v[0].source_text, S("生命线")));
    r = reused(
        f, &mate, "去年的会议强调，“" LIFE "。”\n这一条要记牢，各单位回去以后认真研究。\n", 0);
    assert_int_equal(r.n, 1);
    assert_true(r.v[0].v[0].quoted && !r.warn && r.percent == 0);
    r = reused(
        f, &mate, "各地区要压实防汛责任，遇有险情立即组织人员撤离，确保人民群众生命安全。\n", 0);
    for (size_t i = 0; i < r.n; i++) /* 国务院办公厅 is no source of ours */
        assert_true(str_has(r.v[i].of.title, S("做好防汛")));
}

/* Against a second way of saying it: every run is the same characters, none can be made longer, none overlap. */
static void runs_are_what_they_say(void **state)
{
    static const char *const words[] = {"工程", "质量", "，安全", "。生产", "班组", "责任"};
    struct arena a;
    unsigned seed = 7;
    size_t found = 0;

    (void)state;
    arena_init(&a);
    for (int round = 0; round < 200; round++) {
        struct str x = S(""), y = S("");
        for (int i = 0; i < 60; i++) {
            seed = seed * 1103515245u + 12345u;
            x = arena_cat(&a, x, str_z(words[(seed >> 16) % 6]));
            seed = seed * 1103515245u + 12345u;
            y = i % 7 < 5 ? arena_cat(&a, y, str_z(words[(seed >> 16) % 6])) : y;
        }
        y = arena_cat(&a, y, str_sub(x, 60, 120));
        struct run *v;
        size_t n = runs_against(runs_of(&a, x), &a, y, &v), last = 0;
        for (size_t i = 0; i < n; i++) {
            assert_true(v[i].begin_cp >= last && v[i].chars >= RUNS_MIN);
            last = v[i].end_cp;
            struct str p = str_sub(x, utf8_off(x, v[i].begin_cp),
                           utf8_off(x, v[i].end_cp) - utf8_off(x, v[i].begin_cp)),
                       q = str_sub(y, utf8_off(y, v[i].other_begin_cp),
                           utf8_off(y, v[i].other_end_cp) - utf8_off(y, v[i].other_begin_cp));
            size_t k = 0, m = 0, chars = 0;
            while (k < p.n && m < q.n) {
                uint32_t c = utf8_next(p, &k), d = utf8_next(q, &m);
                while (!utf8_is_han(c) && k < p.n)
                    c = utf8_next(p, &k);
                while (!utf8_is_han(d) && m < q.n)
                    d = utf8_next(q, &m);
                assert_int_equal(c, d);
                chars++;
            }
            assert_int_equal(chars, v[i].chars);
        }
        found += n;
    }
    arena_release(&a);
    assert_true(found >= 200); /* the piece put in is found each time */
}

/* ---- what a new one begins with ---- */

static enum code begun(struct fixture *f, const struct viewer *v, const struct manuscript_start *s,
    struct manuscript_new *out)
{
    struct actor by = {.v = v, .now_ms = 2000};
    struct err e;
    return manuscript_start(f->o, &f->a, &by, s, out, &e);
}

static void a_template_takes_the_title(void **state)
{
    struct fixture *f = *state;
    struct manuscript_new m;
    struct manuscript_start s = {.title = S("云岭建工关于开展防汛演练的通知"),
        .template_id = S("notice"),
        .level = LEVEL_INTERNAL};
    assert_int_equal(begun(f, &writer, &s, &m), OK);
    assert_int_equal(m.genre, GENRE_NOTICE);
    assert_true(str_eq(m.template_id, S("notice")));
    assert_true(str_has(m.text, S("\n云岭建工关于开展防汛演练的通知\n")));
    assert_true(str_has(m.text, S("发文机关：云岭建工\n"))); /* told by the title */
    assert_true(str_has(m.text, S("【主送机关】")));
    s.title = S("关于开展防汛演练的通知"); /* which says no issuer */
    assert_int_equal(begun(f, &writer, &s, &m), OK);
    assert_true(str_has(m.text, S("\n关于开展防汛演练的通知\n")));
    assert_true(str_has(m.text, S("发文机关：【发文机关】\n")));
    s.title = S("防汛演练方案"); /* of another shape: it stands in the title's place all the same */
    assert_int_equal(begun(f, &writer, &s, &m), OK);
    assert_true(str_has(m.text, S("\n防汛演练方案\n")) && !str_has(m.text, S("】的通知")));
    s.title = S("");
    assert_int_equal(begun(f, &writer, &s, &m), OK);
    assert_true(str_has(m.title, S("的通知")));
    s.template_id = S("none-such");
    assert_int_equal(begun(f, &writer, &s, &m), E_NOTFOUND);
}

static void an_earlier_text_under_a_new_title(void **state)
{
    struct fixture *f = *state;
    struct deed d = put(f, "在2026年春训会上的讲话", MINE, "2026-02-20");
    struct sample_page p = listed(f, &mate, &(struct sample_filter){.q = S("险情")});
    struct manuscript_new m;
    struct manuscript_start s = {
        .title = S("在2027年春训会上的讲话"), .sample = d.sample, .level = LEVEL_OPEN};
    assert_int_equal(begun(f, &mate, &s, &m), OK);
    assert_true(str_starts(m.text, S("在2027年春训会上的讲话\n\n同志们：")));
    assert_false(str_has(m.text, S("2026年春训会")));
    assert_int_equal(m.level, LEVEL_INTERNAL); /* no lower than that it was taken from */
    assert_int_equal(m.genre, GENRE_SPEECH);
    assert_int_equal(begun(f, &stranger, &s, &m), E_NOTFOUND);
    s = (struct manuscript_start){.document = p.v[0].document, .level = LEVEL_INTERNAL};
    assert_int_equal(begun(f, &mate, &s, &m), OK);
    assert_true(str_starts(m.text, S("关于做好防汛工作的通知\n"))); /* without mark and number */
    assert_true(str_has(m.text, S("备足防汛物资")));
}

static void a_blank_page_needs_a_title(void **state)
{
    struct fixture *f = *state;
    struct manuscript_new m;
    struct manuscript_start s = {.form = S("信函")};
    assert_int_equal(begun(f, &writer, &s, &m), E_INPUT);
    s.title = S("关于商请支持的函");
    assert_int_equal(begun(f, &writer, &s, &m), OK);
    assert_true(str_eq(m.text, S("版式：信函\n关于商请支持的函\n\n")));
    assert_int_equal(m.genre, GENRE_LETTER);
    s.form = S("没有的");
    assert_int_equal(begun(f, &writer, &s, &m), E_INPUT);
}

static struct start_offer offered(struct fixture *f, const char *words, const char *title)
{
    struct actor by = {.v = &writer, .now_ms = 2000};
    struct start_offer o;
    struct err e;
    if (manuscript_offer(f->o, &f->a, &by, str_z(words), str_z(title), &o, &e) != OK)
        fail_msg("%s", e.msg);
    return o;
}

static void what_is_offered_follows_the_words(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(offered(f, "", "").n_templates, 23);
    assert_int_equal(offered(f, "", "").n_samples, 2);
    assert_int_equal(
        offered(f, "", "在大会上的讲话").n_samples, 1); /* of the kind the title names */
    struct start_offer o = offered(f, "zcc", "");
    assert_int_equal(o.n_templates, 1);
    assert_true(str_eq(o.templates[0].id, S("host")));
    o = offered(f, "险情", "");
    assert_int_equal(o.n_templates, 0);
    assert_int_equal(o.n_samples, 1);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_are_what_they_say),
        cmocka_unit_test_setup_teardown(only_of_ones_own_house, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_put_in_is_found_by_the_unit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_speech_that_repeats_last_years_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(heads_of_speeches_are_no_repetition, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            the_library_counts_and_quotations_do_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_template_takes_the_title, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_earlier_text_under_a_new_title, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_blank_page_needs_a_title, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_offered_follows_the_words, set_up, tear_down),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
