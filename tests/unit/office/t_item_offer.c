/* t_item_offer - what a step's form is filled with, and whoever a table names is in the field beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"
#include "issuewalk.h"
#include "office/document.h"
#include "office/item_offer.h"
#include "office/manuscript.h"
#include "office/person.h"

#define FIELDS(cosign, more)                                                                 \
    "{\"subject\":\"关于做好防汛工作的通知\",\"genre\":\"通知\",\"direction\":" \
    "\"下行文\",\"cosign\":\"" cosign "\",\"to\":[\"4\",\"2\"],\"to_other\":\"省国资委"  \
    "\"" more "}"

/* What the form of a step would have in the field; '' for nothing. */
static struct str offered(struct walk *w, int who, const char *field)
{
    struct arena *a = &w->t.o.a;
    const struct actor *by = itemdb_as(&w->t, who);
    struct db *db = itemdb_read(&w->t);
    struct item_view v;
    struct err e = {.msg = ""};
    json_t *out = NULL;

    assert_int_equal(item_view(db, a, by, w->id, &v, &e), OK);
    size_t at = kind_field_of(v.k, str_z(field));
    assert_true(at != SIZE_MAX);
    if (item_offer(db, a, by, &v, &at, 1, &out, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    struct str s = arena_str(a, jr_str(out, field));
    json_decref(out);
    return s;
}

static enum code leaves(struct db *db, void *arg, struct err *e)
{
    struct walk *w = arg;
    struct person p;
    TRY(person_get(db, &w->t.o.a, w->t.person[STAFF], &p, e));
    p.active = false;
    return person_save(db, &p, 0, e);
}

static void as_the_matter_before(void **state)
{
    struct walk *w = *state;
    struct err e;
    begin(w, SECRETARY, "issue", FIELDS("不需会签", ",\"copies\":\"30\",\"keeper\":@5"));
    assert_int_equal(offered(w, SECRETARY, "copies").n, 0); /* it has its own */
    begin(w, SECRETARY, "issue", FIELDS("不需会签", ""));
    assert_true(str_eq(offered(w, SECRETARY, "copies"), S("30")));
    assert_true(offered(w, SECRETARY, "keeper").n > 0);
    assert_int_equal(offered(w, SECRETARY, "archive").n, 0); /* the kind offers nothing */
    begin(w, SECRETARY, "issue", FIELDS("不需会签", ",\"copies\":\"45\""));
    begin(w, SECRETARY, "issue", FIELDS("不需会签", ""));
    assert_true(str_eq(offered(w, SECRETARY, "copies"), S("45"))); /* the newest that says it */
    assert_true(offered(w, SECRETARY, "keeper").n > 0);
    /* of another unit: his own matters, not those of the section */
    begin(w, LIAISON, "issue", FIELDS("不需会签", ""));
    assert_int_equal(offered(w, LIAISON, "copies").n, 0);
    begin(w, SECRETARY, "issue", FIELDS("不需会签", ""));
    assert_int_equal(store_write(w->t.o.st, leaves, w, &e), OK);
    assert_int_equal(offered(w, SECRETARY, "keeper").n, 0); /* who has left */
}

static enum code text_fn(struct db *db, void *arg, struct err *e)
{
    struct walk *w = arg;
    const struct actor *by = itemdb_as(&w->t, SECRETARY);
    struct manuscript_new m = {.title = S("讲话"),
        .level = LEVEL_INTERNAL,
        .text = S("版式：讲话稿\n讲话\n同志们：\n讲三 点。\n附件1\n数据")};
    int64_t id;
    TRY(manuscript_new(db, by, &m, &id, e));
    return manuscript_set_item(db, by, id, w->id, e);
}

static void as_long_as_the_text(void **state)
{
    struct walk *w = *state;
    struct err e;
    begin(w, SECRETARY, "speech",
        "{\"occasion\":\"大会\",\"speaker\":@2,\"at\":\"2026-07-20 09:00\",\"minutes\":\"20\","
        "\"audience\":\"项目经理\"}");
    assert_int_equal(offered(w, SECRETARY, "chars").n, 0);
    assert_int_equal(store_write(w->t.o.st, text_fn, w, &e), OK);
    assert_true(str_eq(offered(w, SECRETARY, "chars"), S("10")));
}

static size_t members(struct walk *w, const char *field)
{
    json_t *f = NULL;
    struct err e;
    assert_int_equal(jr_parse(get(w).fields, &f, &e), OK);
    size_t n = json_array_size(json_object_get(f, field));
    json_decref(f);
    return n;
}

/* 分工 names who writes: they need not be entered again as 写稿人, and can be asked. */
static void whoever_the_table_names(void **state)
{
    struct walk *w = *state;
    begin(w, SECRETARY, "speech",
        "{\"occasion\":\"大会\",\"speaker\":@2,\"at\":\"2026-07-20 09:00\",\"minutes\":\"20\","
        "\"audience\":\"项目经理\",\"parts\":[{\"part\":\"一、形势\",\"who\":@5},{\"part\":"
        "\"二、任务\",\"who\":@6},"
        "{\"part\":\"三、领导\",\"who\":@5}]}");
    assert_int_equal(members(w, "writers"), 2);
    move(w, SECRETARY, "assign", NULL, "{\"parts_due\":\"2026-07-17 12:00\"}");
    is_in(w, "writing");
    assert_true(open_ask(w, PRINCIPAL_PERSON, w->t.person[STAFF]) != 0);
    assert_true(open_ask(w, PRINCIPAL_PERSON, w->t.person[OTHER]) != 0);
    /* one more in the table of a step: asked as well; who was there stays */
    move(w, SECRETARY, "assign", NULL,
        "{\"parts\":[{\"part\":\"一、形势\",\"who\":@5},{\"part\":\"四、要求\",\"who\":@1}]}");
    assert_int_equal(members(w, "writers"), 3);
    assert_true(open_ask(w, PRINCIPAL_PERSON, w->t.person[SECRETARY]) != 0);
}

static void written_wrong(void **state)
{
    static const struct {
        const char *field, *said;
    } cases[] = {
        {"{id: x, name: 甲, type: people, with: parts.part}", "with"},
        {"{id: x, name: 甲, type: people, with: none.who}", "with"},
        {"{id: x, name: 甲, type: text, with: parts.who}", "with"},
        {"{id: x, name: 甲, type: text, offer: chars}", "number"},
        {"{id: x, name: 甲, type: text, offer: first}", "offer"},
        {"{id: x, name: 甲, type: file, offer: last}", "offer"},
        {"{id: x, name: 甲, type: text, grant: asked}", "grant"},
        {"{id: x, name: 甲, type: people, grant: named}", "grant"},
        {"{id: x, name: 甲, type: people, grant: asked}", "field:x"}, /* nobody asks them */
        {"{id: x, name: 甲, type: people, with: parts.who, offer: last}", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct arena a;
        struct kind *k;
        struct err e = {.msg = ""};
        arena_init(&a);
        struct str yaml = arena_printf(&a,
            "kind: trial\nname: 试办\nentry: draft\nroles: {drafter: [owner]}\nfields:\n  - %s\n"
            "  - {id: parts, name: 分工, type: table, columns: [{id: part, name: 部分, type: "
            "text}, "
            "{id: who, name: 谁, type: person}]}\nstates:\n  a: {name: 甲}\n  b: {name: 乙, "
            "closed: "
            "true}\nmoves:\n  - {id: m, name: 办, from: a, to: b, by: [drafter]}\nledger: [owner, "
            "state]\n",
            cases[i].field);
        enum code c = kind_read(&a, yaml, "k.yaml", &k, &e);
        if (cases[i].said ? c != E_INPUT || !str_has(str_z(e.msg), str_z(cases[i].said)) : c != OK)
            fail_msg("%s: %d %s", cases[i].field, (int)c, e.msg);
        arena_release(&a);
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(as_the_matter_before),
        T(as_long_as_the_text),
        T(whoever_the_table_names),
        cmocka_unit_test(written_wrong),
    };
    return cmocka_run_group_tests_name("item_offer", tests, NULL, NULL);
}
