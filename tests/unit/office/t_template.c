/* t_template - every template of the project reads, lays out without a deviation and passes the check; what is wrong in a file is named
 * with its line; what a unit has of its own wins, and can be switched off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/io.h"
#include "office/describe.h"
#include "office/template.h"
#include "office/typeset.h"
#include "officedb.h"
#include "paper/layout_out.h"
#include "text/check.h"
#include "text/lexicon.h"

static struct template built(struct arena *a, size_t i, const char **name)
{
    struct template t = {0};
    struct str file;
    struct err e;

    assert_true(template_builtin(i, &file, name));
    if (template_read(a, file, *name, &t, &e) != OK)
        fail_msg("%s", e.msg);
    return t;
}

static size_t n_built(void)
{
    const char *name;
    struct str file;
    size_t n = 0;

    while (template_builtin(n, &file, &name))
        n++;
    return n;
}

/* ---- the text passes the check ---- */

static struct check judged(
    struct arena *a, const struct lexicon *words, const char *name, struct str text)
{
    struct check_options o = {.today = {2026, 11, 23}, .tables = {.lexicon = words}};
    struct draft d;
    struct check c;
    struct err e;
    size_t lines;

    text = str_sub(text, typeset_front(text, &lines), SIZE_MAX);
    if (draft_read(a, text, NULL, &d, &e) != OK)
        fail_msg("%s: %s", name, e.msg);
    check_draft(a, &d, &o, &c);
    return c;
}

static void filled_in_nothing_alarms(void **state)
{
    const struct lexicon *words;
    struct arena a;
    struct err e;
    size_t wrong = 0;

    (void)state;
    arena_init(&a);
    assert_int_equal(lexicon_open(&a, NULL, &words, &e), OK);
    for (size_t i = 0; i < n_built(); i++) {
        const char *name;
        struct template t = built(&a, i, &name);
        struct str text;
        assert_int_equal(template_fill(&a, &t, template_samples(&a, &t), &text, &e), OK);
        struct check c = judged(&a, words, name, text);
        for (size_t k = 0; k < c.n; k++)
            print_message("%s: %s %.*s\n", name, c.v[k].rule->id, SF(c.v[k].message));
        wrong += c.n;
    }
    arena_release(&a);
    assert_int_equal(wrong, 0);
}

/* Left as it is, a template shows that every place is still to be filled in; no error that is not of a place. */
static void what_is_left_open_is_found(void **state)
{
    const struct lexicon *words;
    struct arena a;
    struct err e;
    size_t wrong = 0;

    (void)state;
    arena_init(&a);
    assert_int_equal(lexicon_open(&a, NULL, &words, &e), OK);
    for (size_t i = 0; i < n_built(); i++) {
        const char *name;
        struct template t = built(&a, i, &name);
        struct template_lack *lacks;
        size_t places = 0, found = 0, at = 0;
        struct str place, text = t.text;
        struct check c = judged(&a, words, name, text);
        for (size_t k = 0; k < c.n; k++) {
            if (strcmp(c.v[k].rule->id, "S36") == 0)
                found++;
            else if (c.v[k].level == CHECK_ERROR) {
                print_message("%s: %s %.*s\n", name, c.v[k].rule->id, SF(c.v[k].message));
                wrong++;
            }
        }
        size_t lacking = template_lacks(&a, &t, text, &lacks);
        while (template_place(text, &at, &place))
            places++;
        assert_int_equal(lacking, places);
        size_t front = 0, lines;
        for (at = 0; template_place(text, &at, &place) && at <= typeset_front(text, &lines);)
            front++;
        if (found + front != places) {
            print_message("%s: %zu of %zu places found\n", name, found, places - front);
            wrong++;
        }
    }
    arena_release(&a);
    assert_int_equal(wrong, 0);
}

/* ---- and looks right ---- */

static enum official_form said(struct str text)
{
    struct str line;

    assert_true(str_next(&text, S("\n"), &line));
    assert_true(str_eat(&line, S("版式：")));
    return typeset_form(line);
}

static void every_one_lays_out(void **state)
{
    struct faces *f;
    struct arena a;
    struct err e;
    size_t wrong = 0;

    (void)state;
    arena_init(&a);
    assert_int_equal(faces_open(NULL, &f, &e), OK);
    for (size_t i = 0; i < n_built(); i++) {
        const char *name;
        struct template t = built(&a, i, &name);
        struct official_deviation *dev;
        struct official_style s;
        struct typeset_read told;
        struct official d;
        struct layout l;
        struct str text;
        assert_int_equal(template_fill(&a, &t, template_samples(&a, &t), &text, &e), OK);
        if (typeset_read(&a, text, NULL, &d, &told, &e) != OK)
            fail_msg("%s: %s", name, e.msg);
        assert_int_equal(d.form, said(text));
        official_style_of(d.form, &s);
        assert_int_equal(official_deviations(&a, d.form, &s, &dev), 0);
        if (layout_make(&a, f, &d, &s, &l, &e) != OK)
            fail_msg("%s: %s", name, e.msg);
        for (size_t k = 0; k < told.n_notes; k++)
            print_message("%s: %.*s\n", name, SF(told.notes[k]));
        for (size_t k = 0; k < l.n_notes; k++)
            print_message("%s: %.*s\n", name, SF(l.notes[k]));
        wrong += told.n_notes + l.n_notes;
        assert_true(l.n >= 1 && l.n <= 4);
        if (t.genre != GENRE_ORDER) /* an order has no title */
            assert_true(d.title.n > 0);
    }
    faces_close(f);
    arena_release(&a);
    assert_int_equal(wrong, 0);
}

/* ---- the file ---- */

#define HEAD "---\nid: x\nname: 会\n"
static const struct {
    const char *file, *says;
} broken[] = {
    {"id: x\n", "文件“t.txt”第1行：模板以单独一行“---”开头"},
    {HEAD "fields: []\n", "没有找到结束的“---”行"},
    {HEAD "fields: []\n---\n\n", "第6行：没有正文"},
    {HEAD "fields: []\nfoot: 1\n---\n文\n", "文件“t.txt”第5行：未知的键“foot”"},
    {HEAD "genre: 通告书\nfields: []\n---\n文\n", "第4行：没有“通告书”这种文种"},
    {"---\nid: 会议\nname: 会\nfields: []\n---\n文\n", "第2行：编号“会议”应由小写字母"},
    {HEAD "fields:\n  - {id: a}\n---\n文\n", "第5行：缺少“name”"},
    {HEAD "fields:\n  - {id: a, name: 甲}\n  - {id: b, name: 甲}\n---\n【甲】\n",
        "第6行：两项都叫“甲”"},
    {HEAD "fields:\n  - {id: a, name: 甲}\n---\n一\n【甲】和\n【乙】\n",
        "文件“t.txt”第9行：没有叫“乙”的项"},
    {HEAD "fields:\n  - {id: a, name: 甲}\n---\n文\n", "第5行：项“甲”在正文里没有位置"},
    {HEAD "closing: [此复。]\nfields: []\n---\n文\n", "第7行：正文里没有 closing 写的结语“此复。”"},
    {HEAD "fields:\n  - {id: a, name: 日, type: date, sample: 明天}\n---\n【日】\n",
        "第5行：日期的示例“明天”应写成"},
};

static void what_is_wrong_is_named_with_its_line(void **state)
{
    struct template t;
    struct arena a;
    struct err e;

    (void)state;
    arena_init(&a);
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        assert_int_equal(template_read(&a, str_z(broken[i].file), "t.txt", &t, &e), E_INPUT);
        if (!str_has(str_z(e.msg), str_z(broken[i].says)))
            fail_msg("%zu: %s", i, e.msg);
    }
    arena_release(&a);
}

static void lines_that_need_not_be_go(void **state)
{
    static const char file[] =
        HEAD "fields:\n  - {id: a, name: 甲, required: true}\n  - {id: b, name: 乙}\n"
             "  - {id: c, name: 丙, type: text}\n  - {id: d, name: 日, type: date}\n---\n"
             "一【甲】二\n抄送：【乙】。\n【丙】。\n【日】开会\n";
    struct str none[4] = {{0}}, some[4] = {S("东"), S("西"), {0}, S("2026-03-05")}, out;
    struct template t;
    struct arena a;
    struct err e;

    (void)state;
    arena_init(&a);
    assert_int_equal(template_read(&a, str_z(file), "t.txt", &t, &e), OK);
    assert_int_equal(template_fill(&a, &t, none, &out, &e), OK);
    assert_true(str_eq(out, S("一【甲】二\n【丙】。\n")));
    assert_int_equal(template_fill(&a, &t, some, &out, &e), OK);
    assert_true(str_eq(out, S("一东二\n抄送：西。\n【丙】。\n2026年3月5日开会\n")));
    some[3] = S("下周");
    assert_int_equal(template_fill(&a, &t, some, &out, &e), E_INPUT);
    arena_release(&a);
}

static void a_text_of_somebody_becomes_one(void **state)
{
    static const char text[] = "【发文机关】关于{{事由}}的通知\n会议时间：______，地点：____\n"
                               "【发文机关】\n【成文日期】\n";
    struct template_made m = {.name = S("会议通知"), .id = S("meeting"), .genre = GENRE_NOTICE};
    struct template t;
    struct arena a;
    struct str file;
    struct err e;

    (void)state;
    arena_init(&a);
    if (template_make(&a, str_z(text), &m, 1, &file, &e) != OK)
        fail_msg("%s", e.msg);
    assert_int_equal(template_read(&a, file, "t.txt", &t, &e), OK);
    assert_int_equal(t.n_fields, 5);
    assert_true(str_eq(t.fields[1].name, S("事由")));
    assert_true(str_eq(t.fields[2].name, S("会议时间")));
    assert_true(str_eq(t.fields[3].name, S("地点")));
    assert_int_equal(t.fields[4].type, TEMPLATE_DATE);
    assert_true(str_has(t.text, S("会议时间：【会议时间】，地点：【地点】\n")));
    arena_release(&a);
}

/* More places than a form asks for: days are among those it does. A blank is named by the words just in front of it, if they are a name. */
static void days_are_asked_for_and_blanks_are_named(void **state)
{
    static const char text[] =
        "关于召开【会议名称】的通知\n为______，定于【会议时间】在【会议地点】召开【会议名称】。\n"
        "【会议内容】。\n【参会人员】。\n请于{{报名截止}}前将名单报秘书科。联系人：________\n"
        "党委办公室\n【成文日期】\n";
    struct template_made m = {.name = S("会议通知"), .id = S("meeting"), .genre = GENRE_NOTICE};
    struct template t;
    struct arena a;
    struct str file;
    struct err e;
    size_t asked = 0;

    (void)state;
    arena_init(&a);
    if (template_make(&a, str_z(text), &m, 1, &file, &e) != OK)
        fail_msg("%s", e.msg);
    assert_int_equal(template_read(&a, file, "t.txt", &t, &e), OK);
    assert_int_equal(t.n_fields, 9);
    for (size_t i = 0; i < t.n_fields; i++)
        asked += t.fields[i].required;
    assert_int_equal(asked, TEMPLATE_REQUIRED_MAX);
    assert_true(t.fields[8].type == TEMPLATE_DATE && t.fields[8].required);
    assert_true(str_has(t.text, S("为【空白处】，定于")));
    assert_true(str_has(t.text, S("联系人：【联系人】\n")));
    arena_release(&a);
}

/* ---- of a unit ---- */

struct change_job {
    struct actor by;
    struct arena *a;
    struct str file, id;
    int64_t revision;
    int what; /* 0 save, 1 off, 2 on, 3 drop */
};

static enum code job_fn(struct db *db, void *arg, struct err *e)
{
    struct change_job *j = arg;
    return j->what == 0   ? template_save(db, j->a, &j->by, j->file, j->revision, &j->id, e)
           : j->what == 3 ? template_drop(db, &j->by, j->id, e)
                          : template_switch(db, j->a, &j->by, j->id, j->what == 2, e);
}

static struct template_row *shown(
    struct officedb *t, const struct viewer *v, bool all, size_t *n, struct str id)
{
    struct actor by = {.v = v, .now_ms = 5};
    struct template_row *rows;
    struct db *db;
    struct err e;

    assert_int_equal(store_read(t->st, &db, &e), OK);
    if (template_list(db, &t->a, &by, all, &rows, n, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    for (size_t i = 0; i < *n; i++)
        if (str_eq(rows[i].id, id))
            return &rows[i];
    return NULL;
}

static void a_units_own_wins(void **state)
{
    static const char own[] = "---\nid: notice\nname: 我科通知\nfields: []\n---\n特此通知。\n";
    struct viewer chief = {.person = 7, .unit = UNIT_PARTY, .roles = ROLE_CHIEF},
                  below = {.person = 8, .unit = UNIT_SECTION, .roles = ROLE_SECRETARY},
                  other = {.person = 9, .unit = UNIT_FINANCE, .roles = ROLE_CHIEF};
    struct officedb *t = *state;
    struct change_job j = {.by = {.v = &chief, .now_ms = 9}, .a = &t->a, .file = str_z(own)};
    struct template_row *r;
    struct err e;
    size_t n;

    if (store_write(t->st, job_fn, &j, &e) != OK)
        fail_msg("%s", e.msg);
    r = shown(t, &below, false, &n, S("notice"));
    assert_int_equal(n, n_built());
    assert_true(r && str_eq(r->name, S("我科通知")) && r->unit == UNIT_PARTY && r->revision == 1);
    r = shown(t, &other, false, &n, S("notice"));
    assert_true(r && str_eq(r->name, S("通知")) && r->unit == 0);
    assert_int_equal(store_write(t->st, job_fn, &j, &e), E_CONFLICT);
    j.revision = 1;
    assert_int_equal(store_write(t->st, job_fn, &j, &e), OK);

    j.what = 1;
    assert_int_equal(store_write(t->st, job_fn, &j, &e), OK);
    assert_null(shown(t, &below, false, &n, S("notice")));
    r = shown(t, &below, true, &n, S("notice"));
    assert_true(r && r->off && str_eq(r->name, S("我科通知")));
    j.what = 2;
    assert_int_equal(store_write(t->st, job_fn, &j, &e), OK);
    assert_non_null(shown(t, &below, false, &n, S("notice")));
    j.what = 3;
    assert_int_equal(store_write(t->st, job_fn, &j, &e), OK);
    r = shown(t, &below, false, &n, S("notice"));
    assert_true(r && str_eq(r->name, S("通知")));

    /* one that is only delivered is switched off for the unit alone, and nobody but a chief does it */
    j.id = S("bill");
    assert_int_equal(store_write(t->st, job_fn, &j, &e), E_NOTFOUND);
    j.what = 1;
    assert_int_equal(store_write(t->st, job_fn, &j, &e), OK);
    assert_null(shown(t, &below, false, &n, S("bill")));
    assert_non_null(shown(t, &other, false, &n, S("bill")));
    j.by.v = &below;
    assert_int_equal(store_write(t->st, job_fn, &j, &e), E_DENIED);
}

static int office_up(void **state)
{
    struct officedb *o = calloc(1, sizeof *o);
    officedb_open(o);
    *state = o;
    return 0;
}

static int office_down(void **state)
{
    officedb_close(*state);
    free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filled_in_nothing_alarms),
        cmocka_unit_test(what_is_left_open_is_found),
        cmocka_unit_test(every_one_lays_out),
        cmocka_unit_test(what_is_wrong_is_named_with_its_line),
        cmocka_unit_test(lines_that_need_not_be_go),
        cmocka_unit_test(a_text_of_somebody_becomes_one),
        cmocka_unit_test(days_are_asked_for_and_blanks_are_named),
        cmocka_unit_test_setup_teardown(a_units_own_wins, office_up, office_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
