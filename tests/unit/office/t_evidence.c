/* The inspection pack: every gap that is planted is in the list and nothing else is; the directory of the PDF agrees with its pages; a
 * pack holds what its maker may see, and is seen by him and the chief. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "itemdo.h"
#include "office/evidence.h"
#include "office/item_file.h"

extern char **environ;

struct world {
    struct itemdb t;
    struct office o;
    int64_t id;
    char path[IO_PATH_MAX], text[IO_PATH_MAX];
};

static enum code seed(struct db *db, void *arg, struct err *e)
{
    (void)arg;
    TRY(kind_seed(db, e));
    return kind_switch(db, S("leave"), true, 0, e);
}

static int set_up(void **state)
{
    struct world *w = mem_alloc(sizeof(*w));
    char tmp[IO_PATH_MAX];
    struct err e;

    itemdb_open(&w->t);
    if (store_write(w->t.o.st, seed, NULL, &e) != OK)
        testdb_die("seed", &e);
    w->o = (struct office){.store = w->t.o.st,
        .kinds = w->t.kinds,
        .calendar = w->t.calendar,
        .hours = w->t.hours,
        .dir = w->t.o.t.dir};
    assert_int_equal(io_join(tmp, w->o.dir, "tmp", &e), OK);
    assert_int_equal(io_mkdirs(tmp, 0700, &e), OK);
    assert_int_equal(io_join(w->path, tmp, "p.pdf", &e), OK);
    assert_int_equal(io_join(w->text, tmp, "p.txt", &e), OK);
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

/* ---- matters ---- */

static const char *json(struct world *w, const char *text)
{
    struct buf b;
    char *z;

    buf_init(&b, 0);
    for (const char *p = text; *p; p++)
        if (*p == '@' && p[1] >= '0' && p[1] < '0' + N_PEOPLE)
            buf_printf(&b, "\"%lld\"", (long long)w->t.person[*++p - '0']);
        else
            buf_add(&b, p, 1);
    z = arena_z(&w->t.o.a, buf_view(&b));
    buf_release(&b);
    return z;
}

static int64_t revision(struct world *w)
{
    struct item it;
    struct err e;

    assert_int_equal(itemdb_get(&w->t, N_PEOPLE, w->id, &it, &e), OK);
    return it.revision;
}

static void begin(struct world *w, int who, const char *kind, const char *fields, int64_t opened)
{
    struct act a = {.verb = V_OPEN,
        .json = json(w, fields),
        .open = {.kind = str_z(kind), .title = S("一件事项"), .opened_ms = opened}};
    struct err e;

    if (itemdb_act(&w->t, who, &a, &e) != OK)
        fail_msg("%s: %s", kind, e.msg);
    w->id = a.id;
}

static void move(struct world *w, int who, const char *name, const char *text, const char *fields)
{
    DO(&w->t, who, .verb = V_MOVE, .id = w->id, .revision = revision(w), .word = name, .text = text,
        .json = fields ? json(w, fields) : NULL);
}

static void answer(struct world *w, int who, int64_t to, const char *word, const char *text)
{
    struct ask *v;
    size_t n = itemdb_asks(&w->t, w->id, &v);

    for (size_t i = n; i-- > 0;)
        if (v[i].to == to && v[i].state == ASK_OPEN && v[i].sent_ms) {
            DO(&w->t, who, .verb = V_ANSWER, .id = v[i].id, .word = word, .text = text);
            return;
        }
    fail_msg("nothing to answer: %s", word);
}

struct putting {
    const struct actor *by;
    int64_t item, file;
    struct item_upload up;
};
static enum code put_fn(struct db *db, void *arg, struct err *e)
{
    struct putting *p = arg;

    TRY(item_file_put(db, p->by, &p->up, &p->file, e));
    return item_attach(db, p->by, p->item, &p->file, 1, S("佐证"), e);
}

static void attach(struct world *w, int who, const char *name)
{
    struct putting p = {.by = itemdb_as(&w->t, who), .item = w->id, .up = {.name = str_z(name)}};
    struct err e;

    assert_int_equal(blob_hash_bytes(str_z(name), &p.up.blob, &e), OK);
    p.up.readable = true;
    if (store_write(w->t.o.st, put_fn, &p, &e) != OK)
        fail_msg("%s", e.msg);
}

#define SUPERVISION(category)                                                        \
    "{\"demand\":\"完成防汛隐患整改\",\"category\":\"" category "\",\"lead\":\"4\"," \
    "\"due\":\"2026-07-20\",\"standard\":\"清零\",\"basis\":\"第3次会议\"}"

/* A supervised matter with nothing missing, as far as it goes: signed for, reported, checked, closed, archived. */
static void supervised(struct world *w, const char *fields, bool file, bool closed)
{
    begin(w, SECRETARY, "supervision", fields, 0);
    move(w, SECRETARY, strstr(fields, "会议决定") ? "direct" : "submit", NULL, NULL);
    if (!strstr(fields, "会议决定"))
        move(w, CHIEF, "approve", "同意立项。", NULL);
    move(w, SECRETARY, "assign", "请抓紧。", NULL);
    answer(w, LIAISON, UNIT_FINANCE, "已收", NULL);
    if (file)
        attach(w, LIAISON, "整改照片说明.txt");
    if (!closed)
        return;
    answer(w, LIAISON, UNIT_FINANCE, "已反馈", "隐患已全部整改。");
    move(w, CHIEF, "pass", "核查属实。", "{\"quality\":\"好\"}");
}

static void archived(struct world *w)
{
    DO(&w->t, CHIEF, .verb = V_ARCHIVE, .id = w->id, .revision = revision(w), .word = "");
}

/* ---- the job ---- */

struct asking {
    const struct actor *by;
    struct evidence_scope scope;
    int64_t id;
};
static enum code ask_fn(struct db *db, void *arg, struct err *e)
{
    struct asking *k = arg;

    return evidence_ask(db, k->by, &k->scope, &k->id, e);
}
static enum code make_fn(struct db *db, void *arg, struct err *e)
{
    struct asking *k = arg;

    return evidence_make(db, k->by, k->id, e);
}

static struct evidence got(struct world *w, int who, int64_t id)
{
    struct evidence ev;
    struct err e;
    struct db *db = itemdb_read(&w->t);

    if (evidence_get(db, &w->t.o.a, itemdb_as(&w->t, who), id, &ev, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    return ev;
}

static void run(struct world *w)
{
    bool did;
    struct err e;

    if (evidence_run(&w->o, w->t.now_ms, &did, &e) != OK)
        fail_msg("%s", e.msg);
    assert_true(did);
}

static int64_t looked(struct world *w, int who, struct evidence_scope scope)
{
    struct asking k = {.by = itemdb_as(&w->t, who), .scope = scope};
    struct err e;

    if (store_write(w->t.o.st, ask_fn, &k, &e) != OK)
        fail_msg("%s", e.msg);
    run(w);
    struct evidence ev = got(w, who, k.id);
    if (ev.state != EVIDENCE_READY)
        fail_msg("%.*s", SF(ev.message));
    return k.id;
}

static struct evidence made(struct world *w, int who, int64_t id)
{
    struct asking k = {.by = itemdb_as(&w->t, who), .id = id};
    struct err e;

    assert_int_equal(store_write(w->t.o.st, make_fn, &k, &e), OK);
    run(w);
    struct evidence ev = got(w, who, id);
    if (ev.state != EVIDENCE_DONE)
        fail_msg("%.*s", SF(ev.message));
    return ev;
}

/* How often this rule was found for the item; item 0: whatever the item. */
static size_t found(struct world *w, int64_t id, const char *rule, int64_t item)
{
    struct evidence_gap *v;
    size_t n, k = 0;
    struct err e;
    struct db *db = itemdb_read(&w->t);

    assert_int_equal(evidence_gaps(db, &w->t.o.a, itemdb_as(&w->t, N_PEOPLE), id, &v, &n, &e), OK);
    store_read_end(db);
    for (size_t i = 0; i < n; i++)
        k += (!rule || str_eq(v[i].rule, str_z(rule))) && (!item || v[i].item == item);
    return k;
}

static struct str bytes_of(struct world *w, struct str digest)
{
    struct buf b;
    struct err e;
    struct str s;
    struct db *db = itemdb_read(&w->t);

    buf_init(&b, 0);
    assert_int_equal(blob_read(db, digest, &b, &e), OK);
    store_read_end(db);
    s = arena_str(&w->t.o.a, buf_view(&b));
    buf_release(&b);
    return s;
}

/* pdftotext of pages from..to of what lies at w->path. */
static struct str text_of(struct world *w, int from, int to)
{
    char f[16], t[16];
    const char *const argv[] = {
        "pdftotext", "-q", "-layout", "-f", f, "-l", t, w->path, w->text, NULL};
    pid_t pid;
    int status = -1;
    struct buf b;
    struct err e;
    struct str s;

    (void)snprintf(f, sizeof(f), "%d", from);
    (void)snprintf(t, sizeof(t), "%d", to);
    assert_int_equal(
        posix_spawnp(&pid, argv[0], NULL, NULL, (char *const *)(uintptr_t)argv, environ), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    buf_init(&b, 0);
    assert_int_equal(io_read_file(w->text, 64 << 20, &b, &e), OK);
    s = arena_str(&w->t.o.a, buf_view(&b));
    buf_release(&b);
    return s;
}

static void pdf_out(struct world *w, const struct evidence *ev)
{
    struct err e;

    assert_int_equal(io_write_file(w->path, bytes_of(w, ev->digest[EVIDENCE_PDF]), 0600, &e), OK);
}

/* ---- tests ---- */

struct numbers {
    const struct actor *by;
    int64_t first;
    const char *sql;
};
static enum code reserve_fn(struct db *db, void *arg, struct err *e)
{
    struct numbers *n = arg;

    return item_number_reserve(db, n->by, (struct number_run){.kind = S("supervision")}, 3,
        S("留给专项督办"), &n->first, e);
}
static enum code sql_fn(struct db *db, void *arg, struct err *e)
{
    return stmt_run(db_sql(db, ((struct numbers *)arg)->sql), NULL, e);
}

static void sql(struct world *w, const char *text)
{
    struct numbers n = {.sql = text};
    struct err e;

    if (store_write(w->t.o.st, sql_fn, &n, &e) != OK)
        fail_msg("%s", e.msg);
}

/* What was seen, word for word, of a leader who was told by somebody else. */
static void spoken_for(struct world *w, int who, const char *text, struct actor *by)
{
    struct act a = {.verb = V_REMARK, .id = w->id, .text = text};
    struct err e;

    *by = *itemdb_as(&w->t, who);
    by->for_person = w->t.person[LEADER];
    a.by = by;
    if (store_write(w->t.o.st, act_fn, &a, &e) != OK)
        fail_msg("%s", e.msg);
}

enum { CLEAN, LATE, NO_FILE, NO_MINUTES, NO_RECEIPT, PROXY, LATE_ENTRY, REMARKLESS, N_MATTERS };

static void plant(struct world *w, int64_t id[N_MATTERS])
{
    struct actor by;

    supervised(w, SUPERVISION("重点工作"), true, true);
    archived(w);
    id[CLEAN] = w->id;
    supervised(w, SUPERVISION("重点工作"), false, true);
    archived(w);
    id[NO_FILE] = w->id;
    supervised(w, SUPERVISION("会议决定"), true, true);
    archived(w);
    id[NO_MINUTES] = w->id;
    supervised(w, SUPERVISION("重点工作"), true, false); /* not answered, and late */
    id[NO_RECEIPT] = id[LATE] = w->id;
    supervised(w, SUPERVISION("重点工作"), true, true);
    spoken_for(w, SECRETARY, "要举一反三", &by);
    id[PROXY] = w->id;
    begin(w, SECRETARY, "incoming",
        "{\"subject\":\"情况通报\",\"sender\":\"市委办\",\"received\":\"2026-07-13\",\"class\":\"阅"
        "件\"}",
        0);
    move(w, SECRETARY, "register", NULL, NULL);
    id[REMARKLESS] = w->id;
    attach(w, SECRETARY, "通报.txt");
    begin(w, SECRETARY, "incoming",
        "{\"subject\":\"补录的文\",\"sender\":\"市委办\",\"received\":\"2026-07-10\",\"class\":\"阅"
        "件\"}",
        MONDAY - 3 * MS_DAY);
    attach(w, SECRETARY, "通报.txt");
    id[LATE_ENTRY] = w->id;
}

static void every_gap_is_found(void **state)
{
    struct world *w = *state;
    int64_t id[N_MATTERS], pack, all;
    struct numbers n = {.by = itemdb_as(&w->t, CHIEF)};
    struct err e;

    plant(w, id);
    assert_int_equal(store_write(w->t.o.st, reserve_fn, &n, &e), OK);
    sql(w, "UPDATE item_number SET state = 2, why = '' WHERE kind = 'supervision' AND serial = 6");
    sql(w, "DELETE FROM item_number WHERE kind = 'supervision' AND serial = 7");
    w->t.now_ms = MONDAY + 40 * MS_DAY; /* past every limit, and forty days behind the end */
    pack = looked(
        w, CHIEF, (struct evidence_scope){.from_day = S("2026-07-01"), .to_day = S("2026-12-31")});

    assert_int_equal(found(w, pack, NULL, id[CLEAN]), 0);
    assert_int_equal(found(w, pack, "no_file", id[NO_FILE]), 1);
    assert_int_equal(found(w, pack, NULL, id[NO_FILE]), 1);
    assert_int_equal(found(w, pack, "no_minutes", id[NO_MINUTES]), 1);
    assert_int_equal(found(w, pack, NULL, id[NO_MINUTES]), 1);
    assert_int_equal(found(w, pack, "no_receipt", id[NO_RECEIPT]), 1);
    assert_int_equal(found(w, pack, "late", id[LATE]), 1);
    assert_int_equal(found(w, pack, "stalled", id[LATE]), 1);
    assert_int_equal(found(w, pack, NULL, id[LATE]), 3);
    assert_int_equal(found(w, pack, "unverified", id[PROXY]), 1);
    assert_int_equal(found(w, pack, "not_archived", id[PROXY]), 1);
    assert_int_equal(found(w, pack, NULL, id[PROXY]), 2);
    assert_int_equal(found(w, pack, "no_remark", id[REMARKLESS]), 1);
    assert_int_equal(found(w, pack, "entered_late", id[LATE_ENTRY]), 1);
    assert_int_equal(found(w, pack, "number_void", 0), 1);
    assert_int_equal(found(w, pack, "number_gap", 0), 1);
    assert_int_equal(found(w, pack, "number_unused", 0), 1);
    all = got(w, CHIEF, pack).gaps;
    assert_int_equal(all, (int64_t)found(w, pack, NULL, 0));

    /* An explanation takes the lateness away; a clause looks at less. */
    w->id = id[LATE];
    DO(&w->t, SECRETARY, .verb = V_REMARK, .id = w->id, .text = "因汛情延期，已报分管领导。");
    pack =
        looked(w, CHIEF, (struct evidence_scope){.clause = S("archive"), .kind = S("supervision")});
    assert_int_equal(found(w, pack, "late", 0), 0);
    assert_int_equal(found(w, pack, "no_minutes", 0), 0);
    assert_int_equal(found(w, pack, "not_archived", 0), 1);
    pack = looked(w, CHIEF, (struct evidence_scope){.clause = S("supervise")});
    assert_int_equal(found(w, pack, "late", 0), 0);
    assert_int_equal(found(w, pack, "no_field", 0), 0);
}

/* The rules that the scene above does not meet, each beside a matter that only just passes it. */
static void the_other_gaps_are_found(void **state)
{
    struct world *w = *state;
    struct actor by;
    int64_t pack, wrong, silent, told, numberless, bare, extended;

    supervised(w, SUPERVISION("重点工作"), true, true);
    spoken_for(w, SECRETARY, "要举一反三", &by);
    wrong = w->id; /* the second person says: those were not the words */
    DO(&w->t, CHIEF, .verb = V_VERIFY, .id = w->id, .revision = revision(w),
        .word = "原话没有这一句");
    begin(w, SECRETARY, "mistake",
        "{\"what\":\"附件少一页\",\"class\":\"其他\",\"place\":\"核稿\"}", 0);
    attach(w, SECRETARY, "样张.txt");
    move(w, SECRETARY, "finish", NULL, "{\"measure\":\"补印\"}");
    silent = w->id;
    begin(w, SECRETARY, "mistake",
        "{\"what\":\"附件少两页\",\"class\":\"其他\",\"place\":\"核稿\"}", 0);
    attach(w, SECRETARY, "样张.txt");
    DO(&w->t, SECRETARY, .verb = V_REMARK, .id = w->id, .text = "两页已经补印，送到各单位。");
    move(w, SECRETARY, "finish", NULL, "{\"measure\":\"补印\"}");
    told = w->id;
    supervised(w, SUPERVISION("重点工作"), true, true);
    numberless = w->id;
    supervised(w,
        "{\"demand\":\"没有写依据的\",\"category\":\"重点工作\",\"lead\":\"4\",\"due\":\"2026-07-"
        "20\"}",
        true, true);
    bare = w->id;
    supervised(w, SUPERVISION("重点工作"), true, false);
    extended = w->id;
    DO(&w->t, CHIEF, .verb = V_EXTEND, .id = w->id, .revision = revision(w), .word = "finish",
        .text = "汛情", .day = "2026-07-25");
    w->t.now_ms = MONDAY + 40 * MS_DAY;
    sql(w, arena_printf(
               &w->t.o.a, "UPDATE item SET number = '' WHERE id = %lld", (long long)numberless)
               .p);
    sql(w, "UPDATE item_number SET state = 2, why = '重号，已说明' WHERE kind = 'supervision' AND "
           "serial = 3");
    pack = looked(
        w, CHIEF, (struct evidence_scope){.from_day = S("2026-07-01"), .to_day = S("2026-12-31")});
    assert_int_equal(found(w, pack, "not_said", 0), 1);
    assert_int_equal(found(w, pack, "not_said", wrong), 1);
    assert_int_equal(found(w, pack, "unverified", 0), 0);
    assert_int_equal(found(w, pack, "no_result", 0), 1);
    assert_int_equal(found(w, pack, "no_result", silent), 1);
    assert_int_equal(found(w, pack, "no_result", told), 0);
    assert_int_equal(found(w, pack, "no_number", 0), 1);
    assert_int_equal(found(w, pack, "no_number", numberless), 1);
    assert_int_equal(found(w, pack, "number_void", 0), 0); /* void, and it says why */
    assert_int_equal(found(w, pack, "late", extended), 0); /* late, and it was extended before */
    assert_int_equal(found(w, pack, "no_receipt", extended), 1);
    assert_int_equal(found(w, pack, "no_field", 0), 0); /* fields are asked for by clauses alone */
    pack = looked(w, CHIEF, (struct evidence_scope){.clause = S("supervise")});
    assert_int_equal(found(w, pack, "no_field", 0), 1);
    assert_int_equal(found(w, pack, "no_field", bare), 1);
    assert_int_equal(found(w, pack, "not_said", 0), 0); /* not of this clause */
}

static void pages_agree_with_the_directory(void **state)
{
    struct world *w = *state;
    int64_t id[N_MATTERS], pack;
    struct evidence ev;
    struct str dir, page, all;

    plant(w, id);
    w->t.now_ms = MONDAY + MS_DAY;
    pack = looked(w, CHIEF, (struct evidence_scope){.zip = true});
    ev = made(w, CHIEF, pack);
    assert_int_equal(ev.items, 7);
    assert_true(ev.pages >= 9);
    pdf_out(w, &ev);
    all = text_of(w, 1, (int)ev.pages);
    dir = text_of(w, 2, 2);
    assert_true(str_has(dir, S("目录")));
    for (int i = 1; i <= 5; i++) { /* "督〔2026〕3号　完成……   12" */
        struct str no = arena_printf(&w->t.o.a, "督〔2026〕%d号", i), line, rest = dir, head, tail;
        int64_t at = 0;
        struct err e;
        while (str_next(&rest, S("\n"), &line))
            if (str_has(line, no) && str_cut_last(str_trim(line), S(" "), &head, &tail))
                assert_int_equal(str_int(tail, &at, &e), OK);
        assert_true(at > 2);
        page = text_of(w, (int)at, (int)at);
        assert_true(str_has(page, no));
        assert_true(
            str_has(page, arena_printf(&w->t.o.a, "第 %d 页 共 %d 页", (int)at, (int)ev.pages)));
    }
    assert_true(str_has(all, S("隐患已全部整改。")) && str_has(all, S("整改照片说明.txt")));
    assert_true(str_has(all, S("督办立项单")) && str_has(all, S("公文处理单")));
    assert_false(str_has(all, S("没有附件"))); /* the gaps are in no file that is handed out */
    assert_true(ev.size[EVIDENCE_BOOK] > 5000 && ev.size[EVIDENCE_ZIP] > 100);
    assert_true(str_has(bytes_of(w, ev.digest[EVIDENCE_ZIP]), S("整改照片说明.txt")));
    assert_true(str_starts(bytes_of(w, ev.digest[EVIDENCE_BOOK]), S("PK")));
}

static void only_what_and_whom_one_may_see(void **state)
{
    struct world *w = *state;
    struct asking k = {.by = itemdb_as(&w->t, STAFF),
        .scope = {.from_day = S("2026-12-01"), .to_day = S("2026-01-01")}};
    struct evidence *v, ev;
    struct evidence_gap *gaps;
    size_t n;
    int64_t pack, id[N_MATTERS];
    struct err e;
    struct db *db;

    plant(w, id);
    assert_int_equal(store_write(w->t.o.st, ask_fn, &k, &e), E_INPUT);
    k.scope = (struct evidence_scope){.item = id[CLEAN]};
    k.by = itemdb_as(&w->t, OTHER);
    assert_int_equal(store_write(w->t.o.st, ask_fn, &k, &e), E_NOTFOUND);
    pack = looked(w, LIAISON, (struct evidence_scope){.zip = false});
    ev = made(w, LIAISON, pack);
    assert_int_equal(ev.items, 5); /* those that its unit was asked for */
    pdf_out(w, &ev);
    assert_false(str_has(text_of(w, 1, (int)ev.pages), S("补录的文")));
    db = itemdb_read(&w->t);
    assert_int_equal(
        evidence_get(db, &w->t.o.a, itemdb_as(&w->t, SECRETARY), pack, &ev, &e), E_NOTFOUND);
    assert_int_equal(
        evidence_gaps(db, &w->t.o.a, itemdb_as(&w->t, SECRETARY), pack, &gaps, &n, &e), E_NOTFOUND);
    assert_int_equal(evidence_list(db, &w->t.o.a, itemdb_as(&w->t, SECRETARY), &v, &n, &e), OK);
    assert_int_equal(n, 0);
    assert_int_equal(evidence_list(db, &w->t.o.a, itemdb_as(&w->t, CHIEF), &v, &n, &e), OK);
    assert_int_equal(n, 1);
    store_read_end(db);
    /* 工作秘密 of another: not even the chief */
    sql(w, "UPDATE evidence SET level = 2");
    db = itemdb_read(&w->t);
    assert_int_equal(
        evidence_get(db, &w->t.o.a, itemdb_as(&w->t, CHIEF), pack, &ev, &e), E_NOTFOUND);
    assert_int_equal(evidence_get(db, &w->t.o.a, itemdb_as(&w->t, LIAISON), pack, &ev, &e), OK);
    store_read_end(db);
    k = (struct asking){.by = itemdb_as(&w->t, CHIEF), .id = pack};
    assert_int_equal(store_write(w->t.o.st, make_fn, &k, &e), E_CONFLICT);
}

static void one_matter_with_its_thread(void **state)
{
    struct world *w = *state;
    int64_t pack;
    struct evidence ev;

    supervised(w, SUPERVISION("重点工作"), true, true);
    supervised(w, SUPERVISION("重点工作"), true, true);
    pack = looked(w, CHIEF, (struct evidence_scope){.item = w->id});
    ev = made(w, CHIEF, pack);
    assert_int_equal(ev.items, 1);
    assert_true(str_has(ev.said, S("督〔2026〕2号")));
}

/* The unit's own clauses stand over the built-in ones; a wrong file is told with its line. */
static void clauses_of_the_unit(void **state)
{
    struct world *w = *state;
    struct evidence_clause *v;
    size_t n, before;
    char path[IO_PATH_MAX];
    struct err e;

    assert_int_equal(evidence_clauses(&w->o, &w->t.o.a, &v, &before, &e), OK);
    assert_true(before >= 5);
    assert_int_equal(io_join(path, w->o.dir, "clauses.tsv", &e), OK);
    assert_int_equal(io_write_file(path,
                         S("id\tname\tbasis\tkinds\tmust\tfields\narchive\t归档齐全\t本单位规定\t"
                           "supervision\tnot_archived\t\nmine\t自查\t本单位规定\t\t\t\n"),
                         0600, &e),
        OK);
    assert_int_equal(evidence_clauses(&w->o, &w->t.o.a, &v, &n, &e), OK);
    assert_int_equal(n, before + 1);
    assert_true(str_eq(v[n - 1].name, S("自查")));
    assert_int_equal(io_write_file(path, S("id\tname\nx\ty\n"), 0600, &e), OK);
    assert_int_equal(evidence_clauses(&w->o, &w->t.o.a, &v, &n, &e), E_INPUT);
    assert_non_null(strstr(e.msg, "clauses.tsv"));
    assert_int_equal(unlink(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_gap_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_other_gaps_are_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pages_agree_with_the_directory, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_what_and_whom_one_may_see, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_matter_with_its_thread, set_up, tear_down),
        cmocka_unit_test_setup_teardown(clauses_of_the_unit, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
