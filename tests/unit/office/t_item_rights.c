/* role x kind x state x verb of the delivered kinds, against a table written from their files by hand: what access_item says, and what the
 * verb does, are both what stands there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "itemdb.h"
#include "office/document.h"

/* Who is who in every item: opened by the staff of unit 4 (d), which liaison 2 acts for; in its fields the leader (l), unit 2 as lead or asked
 * (1), unit 4 as co (2), and o as whoever else a field names: reader, signer, keeper, deputy. c chief, s secretary. */
static const struct {
    char letter;
    int who;
} people[] = {{'c', CHIEF}, {'s', SECRETARY}, {'l', LEADER}, {'2', LIAISON}, {'1', LIAISON2},
    {'d', STAFF}, {'o', OTHER}, {'a', ADMIN}};

struct kind_case {
    const char *kind;
    const char *sees;   /* 公开 and 内部 */
    const char *secret; /* 工作秘密: who takes part, the chief of none of its units among them */
    const char *json;   /* @l: the leader, @o: the other */
};
static const struct kind_case kinds[] = {
    {"incoming", "csl21do", "l21do",
        "{\"subject\":\"来文\",\"sender\":\"甲\",\"received\":\"2026-07-13\",\"class\":\"办件\","
        "\"reply\":\"需答复\",\"reply_due\":\"2026-07-30\",\"leader\":[\"@l\"],"
        "\"readers\":[\"@o\"],\"lead\":\"2\",\"co\":[\"4\"],\"due\":\"2026-07-20\"}"},
    {"relay", "csl21d", "l21d",
        "{\"subject\":\"传达\",\"source\":\"上级文件\",\"issuer\":\"甲\",\"points\":\"学习\","
        "\"upward\":"
        "\"不需上报\",\"leader\":[\"@l\"],\"caller\":\"@o\",\"units\":[\"2\"],\"way\":\"文件\","
        "\"feedback_due\":\"2026-07-20\"}"},
    {"supervision", "csl21d", "l21d",
        "{\"demand\":\"督办\",\"category\":\"会议决定\",\"leader\":\"@l\",\"basis\":\"@o\","
        "\"lead\":"
        "\"2\",\"co\":[\"4\"],\"due\":\"2026-07-20\"}"},
    {"countersign", "csl21do", "21do",
        "{\"subject\":\"会签\",\"content\":\"@l\",\"whom\":\"人员\",\"order\":\"同时\",\"units\":"
        "[\"2\"],"
        "\"people\":[\"@o\"],\"due\":\"2026-07-20\"}"},
    {"request", "csl2d", "l2d",
        "{\"subject\":\"请示\",\"class\":\"请示\",\"content\":\"甲\",\"money\":\"不涉及\","
        "\"leader\":"
        "[\"@l\"],\"result\":\"@o\"}"},
    {"seal", "csl2do", "l2do",
        "{\"matter\":\"用印\",\"seal\":\"党委印章\",\"copies\":2,\"out\":\"否\","
        "\"leader\":\"@l\",\"keeper\":\"@o\"}"},
    {"leave", "csl2do", "l2do",
        "{\"reason\":\"开会\",\"class\":\"年休假\",\"begin\":\"2026-07-20 "
        "09:00\",\"end\":\"2026-07-21 "
        "18:00\",\"leader\":[\"@l\"],\"deputy\":\"@o\"}"},
    {"issue", "csl21do", "l21do",
        "{\"subject\":\"发文\",\"genre\":\"通知\",\"direction\":\"下行文\","
        "\"cosign\":\"同时会签\",\"sign_units\":[\"2\"],\"reviewer\":\"@o\","
        "\"signer\":\"@l\",\"keeper\":\"@o\",\"copies\":2}"},
};
enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

struct state_case {
    const char *kind, *state;
    bool closed;
    const char *edit;
    const char *moves; /* "move:who move:who"; the others nobody */
};
static const struct state_case states[] = {
    {"incoming", "received", false, "cs", "register:cs"},
    {"incoming", "review", false, "cs", "accept:cs refuse:cs forward:cs"},
    {"incoming", "propose", false, "cs", "propose:cs plain:c forward:cs"},
    {"incoming", "instruct", false, "", "instruct:cs again:l"},
    {"incoming", "assign", false, "cs", "circulate:cs hand:cs"},
    {"incoming", "circulating", false, "", "also:cs read:cs hand:cs"},
    {"incoming", "handling", false, "", "inform:cs report:1"},
    {"incoming", "done", false, "", "redo:cs answer:cs finish:cs"},
    {"incoming", "filing", false, "cs", "file:cs"},
    {"incoming", "filed", true, "", ""},
    {"incoming", "forwarded", true, "", ""},
    {"incoming", "returned", true, "", ""},
    {"relay", "draft", false, "cs", "submit:cs cancel:c"},
    {"relay", "propose", false, "cs", "propose:cs plain:c cancel:c"},
    {"relay", "instruct", false, "", "instruct:cs again:l cancel:c"},
    {"relay", "ready", false, "cs", "relay:cs cancel:c"},
    {"relay", "relaying", false, "", "more:cs carry:cs sum:cs"},
    {"relay", "carrying", false, "", "sum:cs"},
    {"relay", "summing", false, "cs", "redo:cs report:cs finish:cs"},
    {"relay", "filing", false, "cs", "file:cs"},
    {"relay", "filed", true, "", ""},
    {"relay", "cancelled", true, "", ""},
    {"supervision", "draft", false, "d", "submit:d direct:cs stop:c"},
    {"supervision", "pending", false, "c", "approve:c reject:c stop:c"},
    {"supervision", "approved", false, "cs", "assign:cs stop:c"},
    {"supervision", "assigned", false, "", "receipt:1 object:1 stop:c"},
    {"supervision", "doing", false, "", "progress:12 report:1 suspend:c stop:c"},
    {"supervision", "suspended", false, "", "resume:c stop:c"},
    {"supervision", "checking", false, "", "pass:c back:c stop:c"},
    {"supervision", "closed", true, "", ""},
    {"supervision", "stopped", true, "", ""},
    {"countersign", "draft", false, "d", "send:d send_in_turn:d send_any:d cancel:dc"},
    {"countersign", "signing", false, "", "more:d object:1o revise:d finish:d cancel:dc"},
    {"countersign", "revising", false, "d", "send:d send_in_turn:d send_any:d cancel:dc"},
    {"countersign", "signed", true, "", ""},
    {"countersign", "cancelled", true, "", ""},
    {"request", "draft", false, "d", "submit:d cancel:d"},
    {"request", "review", false, "c", "back:c send:c cancel:d"},
    {"request", "approving", false, "", "refuse:l again:l approve:cs cancel:d"},
    {"request", "approved", false, "", "finish:dcs"},
    {"request", "closed", true, "", ""},
    {"request", "refused", true, "", ""},
    {"request", "cancelled", true, "", ""},
    {"seal", "draft", false, "d", "submit:d cancel:d"},
    {"seal", "approving", false, "", "agree:l refuse:l cancel:d"},
    {"seal", "ready", false, "", "stamp:ocs take:ocs cancel:d"},
    {"seal", "out", false, "", "bring:ocs"},
    {"seal", "stamped", true, "", ""},
    {"seal", "refused", true, "", ""},
    {"seal", "cancelled", true, "", ""},
    {"leave", "draft", false, "d", "submit:d cancel:d"},
    {"leave", "approving", false, "", "refuse:l approve:dcs cancel:d"},
    {"leave", "away", false, "", "return:dcs cancel:d"},
    {"leave", "back", true, "", ""},
    {"leave", "refused", true, "", ""},
    {"leave", "cancelled", true, "", ""},
    {"issue", "draft", false, "d", "submit:d cancel:dc"},
    {"issue", "review", false, "o",
        "review_on:o cosign:o cosign_in_turn:o send:o review_back:o cancel:dc"},
    {"issue", "cosigning", false, "", "more:do cosigned:do cosign_back:do cancel:dc"},
    {"issue", "cosigned", false, "do",
        "cosign:o cosign_in_turn:o send_cosigned:do cosign_back:do cancel:dc"},
    {"issue", "signing", false, "", "sign:l sign_back:l cancel:dc"},
    {"issue", "recheck", false, "cs", "recheck:cs recheck_back:c cancel:dc"},
    {"issue", "numbering", false, "cs", "number:cs recheck_back:c cancel:dc"},
    {"issue", "sealing", false, "cs", "seal:o withdraw:c"},
    {"issue", "dispatch", false, "cs", "dispatch:cs dispatch_out:cs withdraw:c"},
    {"issue", "sent", false, "cs", "send_more:cs file:cs"},
    {"issue", "filed", true, "", ""},
    {"issue", "cancelled", true, "", ""},
};
enum { STATES = sizeof(states) / sizeof(*states) };

struct world {
    struct itemdb t;
    int yes, no;
};

/* ---- an item in a state ---- */

struct putting {
    const struct world *w;
    const struct actor *by;
    const struct state_case *s;
    int64_t id, now_ms;
};

/* Its rows are written anew by a verb that changes nothing else. */
static enum code put_fn(struct db *db, void *arg, struct err *e)
{
    const struct putting *p = arg;
    struct stmt *q = db_sql(db, "UPDATE item SET state = ?2, closed = ?3 WHERE id = ?1");
    stmt_bind_int(q, 1, p->id);
    stmt_bind_str(q, 2, str_z(p->s->state));
    stmt_bind_int(q, 3, p->s->closed ? p->now_ms : 0);
    TRY(stmt_run(q, NULL, e));
    return item_remark(db, p->by, p->id, S("记"), NULL, 0, e);
}

static int64_t make(
    struct world *w, const struct kind_case *k, const struct state_case *s, int level)
{
    struct buf json;
    struct err e;
    buf_init(&json, 0);
    for (const char *p = k->json; *p; p++)
        if (*p == '@')
            buf_int(&json, w->t.person[*++p == 'l' ? LEADER : OTHER]);
        else
            buf_char(&json, *p);
    struct act a = {.by = itemdb_as(&w->t, STAFF),
        .verb = V_OPEN,
        .json = json.p,
        .open = {.kind = str_z(k->kind), .level = level, .draft = true}};
    if (store_write(w->t.o.st, act_fn, &a, &e) != OK)
        fail_msg("%s: %s", k->kind, e.msg);
    buf_release(&json);
    struct putting p = {w, itemdb_as(&w->t, N_PEOPLE), s, a.id, w->t.now_ms};
    if (store_write(w->t.o.st, put_fn, &p, &e) != OK)
        fail_msg("%s %s: %s", k->kind, s->state, e.msg);
    return a.id;
}

/* ---- both answers ---- */

struct trial {
    struct act a;
    enum code code;
    struct err said;
};
/* Do it, keep what it said, take it back. */
static enum code trial_fn(struct db *db, void *arg, struct err *e)
{
    struct trial *t = arg;
    t->said.msg[0] = '\0';
    t->code = act_fn(db, &t->a, &t->said);
    return FAIL(e, E_BUSY, "试过了");
}

/* Refused for want of the right. What else stands in the way (a condition, an answer that is due) is no question of rights. */
static bool refused(const struct trial *t)
{
    return (t->code == E_DENIED && !strstr(t->said.msg, "现在的内容还不能")) ||
           t->code == E_NOTFOUND ||
           (t->code == E_CONFLICT && strstr(t->said.msg, "这件事项现在是"));
}

struct asking {
    const struct kind_case *k;
    const struct state_case *s;
    int64_t id;
    int who;
    char letter;
    bool sees;
};

static void both(struct world *w, const struct asking *q, const char *verb, bool want,
    enum item_right r, size_t move, struct act a)
{
    struct trial t = {.a = a};
    struct err e;
    bool may = false;
    struct db *db = itemdb_read(&w->t);
    assert_int_equal(access_item(db, itemdb_as(&w->t, q->who), q->id, r, move, &may, &e), OK);
    store_read_end(db);
    if (may != want)
        fail_msg("%s %s %s: access_item says %d to %c, the table %d", q->k->kind, q->s->state, verb,
            may, q->letter, want);
    t.a.by = itemdb_as(&w->t, q->who);
    t.a.id = q->id;
    t.a.revision = 2;
    (void)!store_write(w->t.o.st, trial_fn, &t, &e);
    if (refused(&t) == want || (!q->sees && t.code != E_NOTFOUND))
        fail_msg("%s %s %s by %c: %s, the table says %d", q->k->kind, q->s->state, verb, q->letter,
            t.code == OK ? "done" : t.said.msg, want);
    w->yes += want;
    w->no += !want;
}

/* Who may make this move, by the table. */
static const char *who_moves(const struct state_case *s, struct str move, char out[16])
{
    struct str rest = str_z(s->moves), one, id, who;
    *out = '\0';
    while (str_next(&rest, S(" "), &one))
        if (str_cut(one, S(":"), &id, &who) && str_eq(id, move))
            (void)snprintf(out, 16, "%.*s", SF(who));
    return out;
}

static void walk_moves(struct world *w, const struct asking *q, const struct kind *k)
{
    for (size_t m = 0; m < k->n_moves; m++) {
        char who[16], id[40];
        bool open_any = false;
        (void)snprintf(id, sizeof(id), "%.*s", SF(k->moves[m].id));
        (void)who_moves(q->s, k->moves[m].id, who);
        for (size_t i = 0; i < STATES; i++) {
            char some[16];
            open_any = open_any || (strcmp(states[i].kind, q->k->kind) == 0 &&
                                       *who_moves(&states[i], k->moves[m].id, some));
        }
        if (!open_any)
            fail_msg("%s: the table has no move “%s”", q->k->kind, id);
        struct act a = {
            .verb = V_MOVE, .word = id, .text = k->moves[m].opinion == OPINION_NONE ? "" : "意见"};
        both(w, q, id, q->sees && strchr(who, q->letter), ITEM_MOVE, m, a);
    }
}

static bool among(const struct asking *q, const char *letters)
{
    return q->sees && strchr(letters, q->letter);
}

static void walk_verbs(struct world *w, const struct asking *q)
{
    bool open = !q->s->closed;
    both(w, q, "see", q->sees, ITEM_SEE, 0, (struct act){.verb = V_REMARK, .text = "看"});
    both(w, q, "edit", open && among(q, q->s->edit), ITEM_EDIT, 0,
        (struct act){.verb = V_EDIT, .json = "{\"urgency\":2}"});
    both(w, q, "hand over", open && among(q, "cd"), ITEM_HAND_OVER, 0,
        (struct act){.verb = V_HAND_OVER, .other = w->t.person[OTHER], .text = "调岗"});
    if (open) /* of what is closed it says that first */
        both(w, q, "ask", among(q, "csd"), ITEM_ASK, 0,
            (struct act){.verb = V_SEND, .ask = {.to_kind = PRINCIPAL_UNIT, .to = UNIT_ROOT}});
    else
        both(w, q, "reopen", among(q, "c"), ITEM_REOPEN, 0,
            (struct act){.verb = V_REOPEN, .text = "再办"});
}

static void walk_item(
    struct world *w, const struct kind_case *k, const struct state_case *s, int level)
{
    const struct kind *kind;
    struct err e;
    int64_t id = make(w, k, s, level);
    struct db *db = itemdb_read(&w->t);
    assert_int_equal(kinds_get(w->t.kinds, db, str_z(k->kind), 0, &kind, &e), OK);
    store_read_end(db);
    for (size_t i = 0; i < sizeof(people) / sizeof(*people); i++) {
        const char *sees = level > LEVEL_INTERNAL ? k->secret : k->sees;
        struct asking q = {.k = k,
            .s = s,
            .id = id,
            .who = people[i].who,
            .letter = people[i].letter,
            .sees = strchr(sees, people[i].letter) != NULL};
        walk_verbs(w, &q);
        walk_moves(w, &q, kind);
    }
}

static enum code seed_fn(struct db *db, void *arg, struct err *e)
{
    (void)arg;
    TRY(kind_seed(db, e));
    TRY(kind_switch(db, S("seal"), true, 0, e));
    return kind_switch(db, S("leave"), true, 0, e);
}

static void every_right_is_as_the_kinds_say(void **state)
{
    struct world *w = *state;
    for (size_t k = 0; k < KINDS; k++)
        for (size_t s = 0; s < STATES; s++)
            if (strcmp(kinds[k].kind, states[s].kind) == 0)
                for (int level = LEVEL_INTERNAL; level <= LEVEL_WORK_SECRET; level++)
                    walk_item(w, &kinds[k], &states[s], level);
    print_message("%d allowed, %d refused\n", w->yes, w->no);
    assert_true(w->yes > 1000 && w->no > 5000);
}

/* No state that the table does not know. */
static void the_table_has_every_state(void **state)
{
    struct world *w = *state;
    struct db *db = itemdb_read(&w->t);
    size_t n = 0;
    for (size_t k = 0; k < KINDS; k++) {
        const struct kind *kind;
        struct err e;
        assert_int_equal(kinds_get(w->t.kinds, db, str_z(kinds[k].kind), 0, &kind, &e), OK);
        n += kind->n_states;
    }
    store_read_end(db);
    assert_int_equal(n, STATES);
}

static int set_up(void **state)
{
    struct world *w = mem_alloc(sizeof(*w));
    struct err e;
    itemdb_open(&w->t);
    if (store_write(w->t.o.st, seed_fn, NULL, &e) != OK)
        fail_msg("%s", e.msg);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    itemdb_close(&w->t);
    free(w);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_has_every_state),
        cmocka_unit_test(every_right_is_as_the_kinds_say),
    };
    return cmocka_run_group_tests_name("item_rights", tests, set_up, tear_down);
}
