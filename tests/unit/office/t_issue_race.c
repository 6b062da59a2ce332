/* Several at one step at once: of one node, and on PostgreSQL of two. Nothing happens twice, nothing that was acknowledged is lost, numbers have no
 * gap. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "issuewalk.h"
#include "office/document.h"
#include "office/manuscript_edit.h"
#include "office/print_run.h"
#include "text/edit.h"

enum { AT_ONCE = 6, TYPED = 12 };

/* Who acts in a thread: its node, and an actor of its own. */
struct racer {
    struct walk *w;
    struct store *st;
    struct actor by;
    struct act act;
    struct print_new print;
    const char *json;
    enum code code;
    struct err e;
    int64_t id, n;
    struct str text;
    pthread_t thread;
    pthread_barrier_t *start;
};
struct race {
    struct walk *w;
    struct store *other; /* the second node; on SQLite the same */
    pthread_barrier_t start;
    struct racer v[AT_ONCE];
    int n;
};

static void race_begin(struct race *r, struct walk *w)
{
    struct store_options o = {.dir = str_z(w->t.o.t.dir), .url = str_z(w->t.o.t.url)};
    struct err e;
    *r = (struct race){.w = w, .other = w->t.o.st};
    if (testdb_pg() && store_open(&o, &r->other, &e) != OK)
        fail_msg("%s", e.msg);
}

static struct racer *race_add(struct race *r, int who)
{
    struct racer *x = &r->v[r->n];
    *x = (struct racer){.w = r->w,
        .st = r->n % 2 ? r->other : r->w->t.o.st,
        .by = *itemdb_as(&r->w->t, who),
        .start = &r->start};
    r->n++;
    return x;
}

static void race_run(struct race *r, void *(*fn)(void *))
{
    assert_int_equal(pthread_barrier_init(&r->start, NULL, (unsigned)r->n), 0);
    for (int i = 0; i < r->n; i++)
        assert_int_equal(pthread_create(&r->v[i].thread, NULL, fn, &r->v[i]), 0);
    for (int i = 0; i < r->n; i++)
        pthread_join(r->v[i].thread, NULL);
    pthread_barrier_destroy(&r->start);
    for (int i = 0; i < r->n; i++)
        if (r->v[i].code == E_BUG || r->v[i].code == E_IO)
            fail_msg("%s", r->v[i].e.msg);
}

static int race_won(const struct race *r)
{
    int n = 0;
    for (int i = 0; i < r->n; i++)
        n += r->v[i].code == OK;
    return n;
}

static void race_end(struct race *r)
{
    if (r->other != r->w->t.o.st)
        store_close(r->other);
}

static void *do_act(void *arg)
{
    struct racer *x = arg;
    x->act.by = &x->by;
    x->act.json = x->json;
    pthread_barrier_wait(x->start);
    x->code = store_write(x->st, act_fn, &x->act, &x->e);
    return NULL;
}

static void race_move(struct race *r, int who, const char *name, const char *text, const char *set)
{
    struct racer *x = race_add(r, who);
    x->json = set ? json(r->w, set) : NULL;
    x->act = (struct act){
        .verb = V_MOVE, .id = r->w->id, .revision = get(r->w).revision, .word = name, .text = text};
}

static void signed_one(struct walk *w)
{
    begin_issue(w, FIELDS("不需会签", ""));
    to_signing(w);
    answer(w, LEADER, "同意签发", NULL);
}

/* ---- steps ---- */

/* 签发 and 退回修改 of one leader who sits at two machines, thrice each. */
static void signed_once(void **state)
{
    struct walk *w = *state;
    struct race r;
    begin_issue(w, FIELDS("不需会签", ""));
    to_signing(w);
    race_begin(&r, w);
    int64_t ask = open_ask(w, PRINCIPAL_PERSON, w->t.person[LEADER]);
    for (int i = 0; i < AT_ONCE; i++) {
        struct racer *x = race_add(&r, LEADER);
        bool agrees = i < AT_ONCE / 2;
        x->act = (struct act){.verb = V_ANSWER,
            .id = ask,
            .word = agrees ? "同意签发" : "退回修改",
            .text = agrees ? "" : "再压缩。"};
    }
    race_run(&r, do_act);
    assert_int_equal(race_won(&r), 1);
    bool is_signed = text_of(w).final != 0;
    is_in(w, is_signed ? "recheck" : "draft");
    assert_int_equal(
        itemdb_count(&w->t, "SELECT count(*) FROM item_event WHERE verb = 'answer'"), 1);
    race_end(&r);
}

/* Each document by two secretaries at once, and all documents at once: each has one number, 1 to 3. */
static void numbered_without_gaps(void **state)
{
    enum { DOCS = AT_ONCE / 2 };
    static const char set[] = "{\"copies\":\"5\",\"issuer\":\"党委办公室\",\"keeper\":@4}";
    struct walk *w = *state;
    int64_t ids[DOCS];
    struct race r;
    race_begin(&r, w);
    for (int i = 0; i < DOCS; i++) {
        signed_one(w);
        move(w, SECRETARY, "recheck", "已复核。", NULL);
        ids[i] = w->id;
    }
    for (int i = 0; i < AT_ONCE; i++) {
        w->id = ids[i / 2];
        race_move(&r, i % 2 ? CHIEF : SECRETARY, "number", NULL, set);
    }
    race_run(&r, do_act);
    assert_int_equal(race_won(&r), DOCS);
    assert_int_equal(
        itemdb_count(&w->t, "SELECT count(*) FROM item_number WHERE kind = 'issue'"), DOCS);
    assert_int_equal(
        itemdb_count(&w->t, "SELECT max(serial) FROM item_number WHERE kind = 'issue'"), DOCS);
    assert_int_equal(itemdb_count(&w->t, "SELECT count(DISTINCT number) FROM item WHERE"
                                         " kind = 'issue' AND number <> ''"),
        DOCS);
    race_end(&r);
}

/* The picture of the seal, then 印发: once, whoever clicks. */
static void sealed_and_issued_once(void **state)
{
    struct walk *w = *state;
    struct race r;
    signed_one(w);
    number_it(w);
    race_begin(&r, w);
    for (int i = 0; i < AT_ONCE; i++)
        race_move(&r, LIAISON2, "seal", NULL, NULL);
    race_run(&r, do_act);
    assert_int_equal(race_won(&r), 1);
    is_in(w, "dispatch");
    r.n = 0;
    for (int i = 0; i < AT_ONCE; i++) /* one of them takes the number back */
        race_move(&r, i % 3 ? SECRETARY : CHIEF, i % 3 ? "dispatch" : "withdraw",
            i % 3 ? NULL : "印错了", NULL);
    race_run(&r, do_act);
    assert_int_equal(race_won(&r), 1);
    bool out = !get(w).number.n;
    is_in(w, out ? "cancelled" : "sent");
    assert_int_equal(itemdb_count(&w->t, "SELECT count(*) FROM sample WHERE item <> 0"), !out);
    race_end(&r);
}

/* ---- printing ---- */

static enum code print_fn(struct db *db, void *arg, struct err *e)
{
    struct racer *x = arg;
    return print_begin(db, &x->by, &x->print, &x->id, e);
}

static void *do_print(void *arg)
{
    struct racer *x = arg;
    pthread_barrier_wait(x->start);
    if (x->print.copies)
        x->code = store_write(x->st, print_fn, x, &x->e);
    else
        x->code = store_write(x->st, act_fn, &x->act, &x->e);
    return NULL;
}

static void race_print(struct race *r, int64_t first)
{
    struct racer *x = race_add(r, r->n % 2 ? SECRETARY : CHIEF);
    x->print =
        (struct print_new){.item = r->w->id, .copies = 10, .first_no = first, .why = S("再印")};
}

static int64_t printed_twice(struct walk *w)
{
    return itemdb_count(&w->t,
        "SELECT count(*) FROM print_run a JOIN print_run b ON a.id < b.id WHERE a.first_no <"
        " b.first_no + b.copies AND b.first_no < a.first_no + a.copies");
}

/* 份号 on two copies: never. Taken back to be written while it is printed: a run is of what was signed then. */
static void printed_while_it_is_taken_back(void **state)
{
    struct walk *w = *state;
    struct race r;
    signed_one(w);
    number_it(w);
    race_begin(&r, w);
    for (int i = 0; i < AT_ONCE; i++)
        race_print(&r, 1 + i % 3 * 5); /* 1-10, 6-15, 11-20 */
    race_run(&r, do_print);
    assert_in_range(race_won(&r), 1, 2);
    assert_int_equal(printed_twice(w), 0);
    int before = race_won(&r);
    r.n = 0;
    for (int i = 0; i + 1 < AT_ONCE; i++)
        race_print(&r, 101 + i * 10);
    struct racer *back = race_add(&r, CHIEF);
    back->act = (struct act){.by = &back->by,
        .verb = V_RETURN,
        .id = w->id,
        .revision = get(w).revision,
        .word = "draft",
        .text = "主送有误"};
    race_run(&r, do_print);
    int64_t runs = itemdb_count(&w->t, "SELECT count(*) FROM print_run");
    assert_int_equal(runs, before + race_won(&r) - (back->code == OK));
    assert_int_equal(
        itemdb_count(&w->t, "SELECT count(*) FROM item_event WHERE verb = 'print'"), runs);
    assert_int_equal(itemdb_count(&w->t, "SELECT count(DISTINCT version) FROM print_run"), 1);
    is_in(w, back->code == OK ? "draft" : "sealing");
    assert_int_equal(text_of(w).final == 0, back->code == OK);
    race_end(&r);
}

/* ---- typing ---- */

static enum code push_fn(struct db *db, void *arg, struct err *e)
{
    struct racer *x = arg;
    struct manuscript_pushed done = {.taken = false};
    json_t *set;
    struct arena a;
    arena_init(&a);
    enum code c = jr_parse(x->text, &set, e);
    if (c == OK) {
        c = manuscript_push(db, &a, &x->by, x->id,
            &(struct manuscript_push){.after = x->act.revision,
                .client = str_z(x->act.word),
                .number = x->n,
                .changes = set},
            &done, e);
        json_decref(set);
    }
    arena_release(&a);
    x->act.other = c == OK && done.taken;
    return c;
}

/* Reads what stands and puts a line of its own behind it, again until it is taken. */
static void *do_type(void *arg)
{
    struct racer *x = arg;
    char client[8];
    snprintf(client, sizeof(client), "c%d", (int)x->act.id);
    x->act.word = client;
    pthread_barrier_wait(x->start);
    for (x->n = 1; x->n <= TYPED;) {
        struct str text;
        struct arena a;
        struct db *db;
        arena_init(&a);
        enum code c = store_read(x->st, &db, &x->e);
        if (c == OK) {
            c = manuscript_text(db, &a, &x->by, x->id, -1, &text, &x->act.revision, &x->e);
            store_read_end(db);
        }
        if (c == OK) {
            x->text =
                arena_printf(&a, "[%zu,[0,\"\",\"(%s-%d)\"]]", edit_units(text), client, (int)x->n);
            c = store_write(x->st, push_fn, x, &x->e);
        }
        arena_release(&a);
        x->code = c;
        if (c != OK)
            break;
        x->n += x->act.other != 0;
    }
    return NULL;
}

static void *do_type_or_act(void *arg)
{
    struct racer *x = arg;
    return x->act.verb == N_VERB ? do_type(x) : do_act(x);
}

static size_t times(struct str text, const char *words)
{
    size_t n = 0;
    for (size_t at = str_find(text, str_z(words), 0); at != SIZE_MAX;
         at = str_find(text, str_z(words), at + 1))
        n++;
    return n;
}

static void race_type(struct race *r, int who, int64_t id)
{
    struct racer *x = race_add(r, who);
    x->id = id;
    x->act = (struct act){.verb = N_VERB, .id = r->n};
}

static struct str text_now(struct walk *w, int64_t id, int64_t seq)
{
    struct str text = S("");
    struct err e;
    struct db *db = itemdb_read(&w->t);
    if (manuscript_text(db, &w->t.o.a, itemdb_as(&w->t, N_PEOPLE), id, seq, &text, NULL, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    return text;
}

/* Each line that was taken stands there once. */
static void nothing_typed_is_lost(const struct race *r, int64_t id)
{
    struct str text = text_now(r->w, id, -1);
    for (int i = 0; i < r->n; i++) {
        const struct racer *x = &r->v[i];
        for (int k = 1; x->act.verb == N_VERB && k < (int)x->n; k++) {
            char words[24];
            snprintf(words, sizeof(words), "(c%d-%d)", (int)x->act.id, k);
            if (times(text, words) != 1)
                fail_msg("%s stands %zu times in %.*s", words, times(text, words), SF(text));
        }
    }
}

/* Sent while others type: what was sent is the text behind the number it names. */
static void sent_while_others_type(void **state)
{
    struct walk *w = *state;
    struct race r;
    begin_issue(w, FIELDS("不需会签", ""));
    int64_t id = text_of(w).manuscript;
    race_begin(&r, w);
    for (int i = 0; i < 3; i++)
        race_type(&r, STAFF, id);
    for (int i = 0; i < 2; i++)
        race_move(&r, STAFF, "submit", NULL, "{\"reviewer\":@6}");
    race_run(&r, do_type_or_act);
    assert_int_equal(r.v[3].code == OK, r.v[4].code != OK);
    is_in(w, "review");
    nothing_typed_is_lost(&r, id);
    struct item_text t = text_of(w);
    struct digest d = manuscript_digest(text_now(w, id, t.seq), S(""));
    char hex[SM3_HEX + 1];
    assert_true(str_eq(digest_hex(&d, hex), t.digest));
    assert_int_equal(itemdb_count(&w->t, "SELECT count(*) FROM manuscript_version"), 1);
    race_end(&r);
}

/* Signed while the drafter types: either it was signed before and he is locked out, or it is refused. What is printed is what was sent. */
static void signed_while_others_type(void **state)
{
    struct walk *w = *state;
    struct race r;
    begin_issue(w, FIELDS("不需会签", ""));
    to_signing(w);
    struct item_text sent = text_of(w);
    race_begin(&r, w);
    for (int i = 0; i < 3; i++)
        race_type(&r, STAFF, sent.manuscript);
    struct racer *x = race_add(&r, LEADER);
    x->act = (struct act){.verb = V_ANSWER,
        .id = open_ask(w, PRINCIPAL_PERSON, w->t.person[LEADER]),
        .word = "同意签发",
        .text = ""};
    race_run(&r, do_type_or_act);
    nothing_typed_is_lost(&r, sent.manuscript);
    struct item_text now = text_of(w);
    is_in(w, x->code == OK ? "recheck" : "signing");
    if (x->code == OK) {
        assert_true(str_eq(now.final_digest, sent.digest));
        assert_false(str_has(text_now(w, sent.manuscript, -1), S("(c")));
        for (int i = 0; i < 3; i++)
            assert_int_equal(r.v[i].code, E_DENIED);
    } else {
        assert_int_equal(x->code, E_CONFLICT);
        assert_int_equal(now.final, 0);
    }
    race_end(&r);
}

/* ---- an earlier version is brought back while others type ---- */

static enum code freeze_fn(struct db *db, void *arg, struct err *e)
{
    struct racer *x = arg;
    struct arena a;
    arena_init(&a);
    enum code c = manuscript_freeze(db, &a, &x->by, x->id, S("一稿"), &x->n, e);
    arena_release(&a);
    return c;
}

static enum code restore_fn(struct db *db, void *arg, struct err *e)
{
    struct racer *x = arg;
    struct arena a;
    arena_init(&a);
    enum code c = manuscript_restore(db, &a, &x->by, x->n, &x->act.other, e);
    arena_release(&a);
    return c;
}

static void *do_type_or_restore(void *arg)
{
    struct racer *x = arg;
    if (x->act.verb == N_VERB)
        return do_type(x);
    pthread_barrier_wait(x->start);
    for (int i = 0; i < TYPED && x->code == OK; i++)
        x->code = store_write(x->st, restore_fn, x, &x->e);
    return NULL;
}

static void restored_while_others_type(void **state)
{
    struct walk *w = *state;
    struct race r;
    begin_issue(w, FIELDS("不需会签", ""));
    int64_t id = text_of(w).manuscript;
    race_begin(&r, w);
    for (int i = 0; i < 3; i++)
        race_type(&r, STAFF, id);
    struct racer *x = race_add(&r, STAFF);
    x->id = id;
    x->act.verb = V_EDIT;
    assert_int_equal(store_write(w->t.o.st, freeze_fn, x, &x->e), OK);
    race_run(&r, do_type_or_restore);
    for (int i = 0; i < r.n; i++)
        assert_int_equal(r.v[i].code, OK);
    /* every update stands, in one row of numbers, and each makes a text of the one before */
    char sql[160];
    snprintf(sql, sizeof(sql),
        "SELECT max(seq) - count(*) FROM manuscript_update WHERE manuscript = %lld", (long long)id);
    assert_int_equal(itemdb_count(&w->t, sql), 0);
    assert_int_equal(
        itemdb_count(&w->t, "SELECT count(*) FROM manuscript_update WHERE number > 0"), 3 * TYPED);
    int64_t last = itemdb_count(&w->t, "SELECT max(seq) FROM manuscript_update");
    for (int64_t seq = 0; seq <= last; seq++)
        assert_true(str_starts(text_now(w, id, seq), S(DRAFT)));
    race_end(&r);
}

/* ---- 会签 ---- */

/* Taken back while all answer: nobody is asked any more, or all have answered and it has gone on. */
static void taken_back_while_all_answer(void **state)
{
    struct walk *w = *state;
    struct race r;
    begin_issue(w, json(w, FIELDS("同时会签", ",\"sign_people\":[@4,@5,@3]")));
    move(w, STAFF, "submit", NULL, "{\"reviewer\":@6}");
    move(w, OTHER, "cosign", "请会签。", "{\"cosign_due\":\"2026-07-16\"}");
    race_begin(&r, w);
    static const int who[] = {LIAISON2, STAFF, LIAISON};
    for (size_t i = 0; i < 3; i++) {
        struct racer *x = race_add(&r, who[i]);
        x->act = (struct act){.verb = V_ANSWER,
            .id = open_ask(w, PRINCIPAL_PERSON, w->t.person[who[i]]),
            .word = "同意",
            .text = ""};
    }
    race_move(&r, OTHER, "cosign_back", "第三条要改", NULL);
    race_run(&r, do_act);
    struct ask *v;
    size_t n = itemdb_asks(&w->t, w->id, &v), open = 0, answered = 0;
    for (size_t i = 0; i < n; i++) {
        open += v[i].state == ASK_OPEN;
        answered += v[i].state == ASK_ANSWERED;
    }
    int back = r.v[3].code == OK;
    assert_int_equal(answered, race_won(&r) - back);
    if (back)
        is_in(w, "draft");
    else
        is_in(w, answered == 3 ? "cosigned" : "cosigning");
    assert_int_equal(open, back ? 0 : 3 - answered);
    race_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(signed_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbered_without_gaps, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sealed_and_issued_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(printed_while_it_is_taken_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sent_while_others_type, set_up, tear_down),
        cmocka_unit_test_setup_teardown(signed_while_others_type, set_up, tear_down),
        cmocka_unit_test_setup_teardown(restored_while_others_type, set_up, tear_down),
        cmocka_unit_test_setup_teardown(taken_back_while_all_answer, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
