/* kill -9 at any moment between the draft and the package: every step stands whole or not at all. A child drafts, signs, numbers, prints, seals, sends
 * out, files and packs one document behind the other; what it leaves is looked at by what must agree with what. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/id.h"
#include "issuewalk.h"
#include "office/archive_pack.h"
#include "office/audit.h"
#include "office/print_run.h"
#include "office/seal.h"
#include "store/blob.h"

enum { KILLS = 12, ROUND_MS = 900 /* in which a document gets through */ };

static const struct step {
    int who;
    const char *word, *text, *set; /* set NULL: an answer */
} steps[] = {
    {STAFF, "submit", NULL, "{\"reviewer\":@6}"},
    {OTHER, "send", "已核，请签发。", "{\"signer\":@2}"},
    {LEADER, "同意签发", "", NULL},
    {SECRETARY, "recheck", "已复核。", "{}"},
    {SECRETARY, "number", NULL, "{\"copies\":\"5\",\"issuer\":\"党委办公室\",\"keeper\":@4}"},
    {SECRETARY, "print", NULL, NULL},
    {LIAISON2, "seal", NULL, "{}"},
    {SECRETARY, "dispatch_out", NULL, "{}"},
    {SECRETARY, "file", NULL, "{}"},
    {SECRETARY, "package", NULL, NULL},
};
enum { N_STEP = sizeof(steps) / sizeof(*steps) };

/* ---- the child: no assertion, for it has no test of its own ---- */

struct doing {
    struct walk *w;
    const struct actor *by;
    struct archive_made made;
    struct str png;
    int64_t seal, id;
};

static enum code seal_fn(struct db *db, void *arg, struct err *e)
{
    struct doing *d = arg;
    TRY(seal_new(db, d->by, S("办公室印章"), false, d->png, &d->seal, e));
    return seal_keeper(db, d->by, d->seal, d->w->t.person[LIAISON2], true, e);
}

static enum code print_fn(struct db *db, void *arg, struct err *e)
{
    struct doing *d = arg;
    struct print_new p = {.item = d->w->id, .copies = 5, .first_no = 1};
    return print_begin(db, d->by, &p, &d->id, e);
}

static enum code pack_fn(struct db *db, void *arg, struct err *e)
{
    struct doing *d = arg;
    return archive_pack_put(db, d->by, &d->made, &d->id, e);
}

static enum code pack(struct doing *d, struct err *e)
{
    struct itemdb *t = &d->w->t;
    struct faces *f;
    TRY(faces_open(NULL, &f, e));
    struct db *db = itemdb_read(t);
    enum code c = archive_pack_make(db, &t->o.a, f, d->by, d->w->id, &d->made, e);
    store_read_end(db);
    if (c == OK)
        c = store_write(t->o.st, pack_fn, d, e);
    faces_close(f);
    return c;
}

static enum code one_step(struct doing *d, const struct step *s, struct err *e)
{
    struct walk *w = d->w;
    d->by = itemdb_as(&w->t, s->who);
    if (strcmp(s->word, "print") == 0)
        return store_write(w->t.o.st, print_fn, d, e);
    if (strcmp(s->word, "package") == 0)
        return pack(d, e);
    struct act a = {.verb = s->set ? V_MOVE : V_ANSWER,
        .id = w->id,
        .revision = get(w).revision,
        .word = s->word,
        .text = s->text,
        .json = s->set ? json(w, s->set) : NULL};
    if (!s->set)
        a.id = open_ask(w, PRINCIPAL_PERSON, w->t.person[s->who]);
    if (strcmp(s->word, "seal") == 0)
        a.move.seal = d->seal;
    return act(w, s->who, &a, e);
}

static void child(struct walk *w, int64_t seal)
{
    struct doing d = {.w = w, .seal = seal};
    struct err e = {.msg = ""};
    if (testdb_reopen(&w->t.o.t, &e) != OK)
        _exit(2);
    w->t.o.st = w->t.o.t.st;
    for (;;) {
        struct act a = {.verb = V_OPEN,
            .json = "{\"subject\":\"关于做好防汛工作的通知\",\"genre\":\"通知\",\"direction\":"
                    "\"下行文\""
                    ",\"cosign\":\"不需会签\",\"to_other\":\"省国资委\"}",
            .open = {.kind = S("issue")}};
        enum code c = act(w, STAFF, &a, &e);
        w->id = a.id;
        if (c == OK)
            c = carry(w, STAFF, manuscript_by(w, STAFF), &e);
        for (size_t i = 0; c == OK && i < N_STEP; i++)
            c = one_step(&d, &steps[i], &e);
        if (c != OK) {
            (void)fprintf(stderr, "child: %s\n", e.msg);
            _exit(3);
        }
    }
}

/* ---- what must agree ---- */

#define OPEN_STATES "('draft','review','cosigning','cosigned','signing','cancelled')"
#define TEXTS \
    " FROM item i JOIN item_text t ON t.item = i.id JOIN manuscript m ON m.id = t.manuscript"

static void stands(struct itemdb *t)
{
    static const struct {
        const char *what, *sql; /* counts what is wrong */
    } rules[] = {
        {"events",
            "SELECT count(*) FROM item i WHERE i.revision <> (SELECT count(*) FROM item_event v"
            " WHERE v.item = i.id)"},
        {"locked", "SELECT count(*)" TEXTS " WHERE (i.state IN " OPEN_STATES ") <> (m.locked = 0)"},
        {"signed", "SELECT count(*)" TEXTS " WHERE (i.state IN " OPEN_STATES ") <> (t.final = 0)"},
        {"carried", "SELECT count(*)" TEXTS " WHERE m.item <> i.id"},
        {"text", "SELECT count(*) FROM manuscript m WHERE m.seq <> (SELECT coalesce(max(u.seq), 0)"
                 " FROM manuscript_update u WHERE u.manuscript = m.id)"},
        {"number", "SELECT count(*) FROM item i WHERE (i.number <> '') <> EXISTS (SELECT 1 FROM"
                   " item_number n WHERE n.item = i.id)"},
        {"gap", "SELECT coalesce(max(serial), 0) - count(*) FROM item_number WHERE kind = 'issue'"},
        {"runs", "SELECT count(*) - (SELECT count(*) FROM item_event WHERE verb = 'print') FROM"
                 " print_run"},
        {"seals", "SELECT count(*) - (SELECT count(*) FROM item_event WHERE payload LIKE"
                  " '%\"seal\":{%') FROM seal_use"},
        {"samples", "SELECT count(*) - (SELECT count(*) FROM item WHERE state IN ('sent', 'filed'))"
                    " FROM sample WHERE item <> 0"},
        {"packs", "SELECT count(*) - (SELECT count(*) FROM item_event WHERE verb = 'package') FROM"
                  " archive_pack"},
    };
    struct audit_report r;
    struct err e;
    int64_t events, bad, seq;
    for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
        int64_t n = itemdb_count(t, rules[i].sql);
        if (n)
            fail_msg("%s: %lld", rules[i].what, (long long)n);
    }
    struct db *db = itemdb_read(t);
    assert_int_equal(audit_verify(db, &r, &e), OK);
    assert_int_equal(item_event_verify(db, &events, &bad, &seq, &e), OK);
    assert_true(!r.bad_seq && !r.bad_day && !bad);
    struct stmt *q = db_sql(db, "SELECT digest FROM archive_pack");
    while (stmt_step(q))
        assert_int_equal(blob_verify(db, stmt_str(q, 0), &e), OK);
    assert_int_equal(stmt_end(q, &e), OK);
    store_read_end(db);
}

static void nothing_is_half_done(void **state)
{
    static const char png[] = "\x89PNG\r\n\x1a\n"; /* is not decoded here */
    struct walk *w = *state;
    struct doing d = {.w = w, .png = str_z(png), .by = itemdb_as(&w->t, CHIEF)};
    struct err e = {.msg = ""};
    unsigned seed = (unsigned)id_next();
    assert_int_equal(store_write(w->t.o.st, seal_fn, &d, &e), OK);
    for (int i = 0; i < KILLS; i++) {
        store_close(w->t.o.t.st); /* its threads would not be there in the child */
        w->t.o.st = w->t.o.t.st = NULL;
        pid_t pid = fork();
        if (pid == 0)
            child(w, d.seal);
        seed = seed * 1103515245U + 12345U;
        int ms = (int)(seed >> 16) % ROUND_MS + 20;
        (void)nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
        int status;
        (void)kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status)); /* it had not ended by itself */
        assert_int_equal(testdb_reopen(&w->t.o.t, &e), OK);
        w->t.o.st = w->t.o.t.st;
        stands(&w->t);
    }
    print_message("%lld items, %lld numbered, %lld packed, %lld steps\n",
        (long long)itemdb_count(&w->t, "SELECT count(*) FROM item"),
        (long long)itemdb_count(&w->t, "SELECT count(*) FROM item_number"),
        (long long)itemdb_count(&w->t, "SELECT count(*) FROM archive_pack"),
        (long long)itemdb_count(&w->t, "SELECT count(*) FROM item_event"));
    assert_true(itemdb_count(&w->t, "SELECT count(*) FROM item_number") > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_half_done, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
