/* Texts under work: who may, what is written, the lock, versions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "manuscript_test.h"
#include "noticedb.h"
#include "office/audit.h"
#include "office/manuscript_int.h"
#include "text/edit.h"

enum what {
    NEW,
    SAVE,
    INVITE,
    UNINVITE,
    RENAME,
    LOCK,
    UNLOCK,
    FREEZE,
    SET_ITEM,
    RESTORE,
    GIVE_UP,
    BACK
};
struct deed {
    struct itemdb *t;
    const struct actor *by;
    enum what what;
    int64_t id, other;
    const char *text;
    bool writes;
    struct manuscript_saved saved;
};

static enum code run(struct db *db, void *arg, struct err *e)
{
    struct deed *d = arg;
    struct str s = str_z(d->text);
    switch (d->what) {
    case NEW:
        return manuscript_new(db, d->by,
            &(struct manuscript_new){
                .title = S("关于防汛的通知"), .genre = 8, .level = LEVEL_INTERNAL, .text = s},
            &d->id, e);
    case SAVE:
        return manuscript_save(db, &d->t->o.a, d->by, d->id, d->other, s, &d->saved, e);
    case INVITE:
        return manuscript_invite(db, d->by, d->id, d->other, d->writes, e);
    case UNINVITE:
        return manuscript_uninvite(db, d->by, d->id, d->other, e);
    case RENAME:
        return manuscript_rename(db, d->by, d->id, s, e);
    case LOCK:
        return manuscript_lock(db, d->by, d->id, s, e);
    case UNLOCK:
        return manuscript_unlock(db, d->by, d->id, s, e);
    case FREEZE:
        return manuscript_freeze(db, &d->t->o.a, d->by, d->id, s, &d->other, e);
    case RESTORE:
        return manuscript_restore(db, &d->t->o.a, d->by, d->other, &d->other, e);
    case GIVE_UP:
        return manuscript_give_up(db, d->by, d->id, s, e);
    case BACK:
        return manuscript_bring_back(db, d->by, d->id, e);
    case SET_ITEM:
        return manuscript_set_item(db, d->by, d->id, d->other, e);
    }
    return E_BUG;
}

static enum code deed(struct itemdb *t, int who, struct deed *d)
{
    d->t = t;
    d->by = itemdb_as(t, who);
    return text_write(t, run, d);
}

static int64_t begun(struct itemdb *t, const char *text)
{
    struct deed d = {.what = NEW, .text = text};
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    return d.id;
}

static enum code save(struct itemdb *t, int who, int64_t id, int64_t base, const char *text,
    struct manuscript_saved *out)
{
    struct deed d = {.what = SAVE, .id = id, .other = base, .text = text};
    enum code c = deed(t, who, &d);
    if (out)
        *out = d.saved;
    return c;
}

static size_t listed(struct itemdb *t, int who, bool own)
{
    struct manuscript_filter f = {.own = own};
    struct manuscript *v;
    struct err e = {.msg = ""};
    size_t n = 0;
    struct db *db = itemdb_read(t);
    assert_int_equal(manuscript_list(db, &t->o.a, itemdb_as(t, who), &f, 50, &v, &n, &e), OK);
    store_read_end(db);
    return n;
}

static void who_may(void **state)
{
    struct itemdb *t = *state;
    int64_t id = begun(t, "关于防汛的通知\n");
    struct manuscript m = {0};
    struct deed d = {.what = INVITE, .id = id, .other = t->person[STAFF]};
    assert_int_equal(text_get(t, SECRETARY, id, &m, NULL), OK);
    assert_true(m.may[MANUSCRIPT_OWN] && m.may[MANUSCRIPT_WRITE]);
    assert_int_equal(text_get(t, CHIEF, id, &m, NULL), E_NOTFOUND); /* not by role */
    assert_int_equal(text_get(t, STAFF, id, &m, NULL), E_NOTFOUND);
    assert_int_equal(listed(t, STAFF, false), 0);
    assert_int_equal(deed(t, STAFF, &d), E_NOTFOUND);

    assert_int_equal(deed(t, SECRETARY, &d), OK);
    assert_int_equal(text_get(t, STAFF, id, &m, NULL), OK);
    assert_true(m.may[MANUSCRIPT_READ] && !m.may[MANUSCRIPT_WRITE] && !m.may[MANUSCRIPT_OWN]);
    assert_int_equal(save(t, STAFF, id, 0, "改", NULL), E_DENIED);
    assert_int_equal(deed(t, STAFF, &d), E_DENIED);
    assert_int_equal(listed(t, STAFF, false), 1);
    assert_int_equal(listed(t, STAFF, true), 0);

    d.writes = true;
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    assert_int_equal(save(t, STAFF, id, 0, "关于防汛的通知\n各部门：\n", NULL), OK);
    d.what = UNINVITE;
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    assert_int_equal(deed(t, SECRETARY, &d), E_NOTFOUND);
    assert_int_equal(text_get(t, STAFF, id, &m, NULL), E_NOTFOUND);
    assert_int_equal(
        itemdb_count(t, "SELECT count(*) FROM audit_event WHERE verb LIKE 'manuscript.%'"), 4);
}

static void merged_by_difference(void **state)
{
    struct itemdb *t = *state;
    int64_t id = begun(t, "题目\n\n第一段。\n第二段。");
    struct deed d = {.what = INVITE, .id = id, .other = t->person[STAFF], .writes = true};
    struct manuscript_saved s;
    struct manuscript m = {0};
    struct str text = {0};
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    assert_int_equal(save(t, SECRETARY, id, 0, "题目\n\n第一段改。\n第二段。", &s), OK);
    assert_true(s.written && s.seq == 1 && !s.merged);
    assert_int_equal(save(t, SECRETARY, id, 1, "题目\n\n第一段改。\n第二段。", &s), OK);
    assert_true(!s.written && s.seq == 1);
    assert_int_equal(save(t, STAFF, id, 0, "题目\n\n第一段。\n第二段。\n第三段。", &s), OK);
    assert_true(s.written && s.merged && s.seq == 2);
    assert_int_equal(text_get(t, STAFF, id, &m, &text), OK);
    assert_true(str_eq(text, S("题目\n\n第一段改。\n第二段。\n第三段。")));
    assert_int_equal(m.chars, 15);

    assert_int_equal(save(t, STAFF, id, 0, "题目\n\n第一段另改。\n第二段。", &s), OK);
    assert_true(!s.written && s.n_both == 1 && s.seq == 2);
    assert_true(str_eq(s.both[0].mine, S("第一段另改。")) &&
                str_eq(s.both[0].theirs, S("第一段改。")) && str_eq(s.both[0].was, S("第一段。")));
    assert_int_equal(save(t, STAFF, id, 2, s.text.p, &s), OK); /* what the conflict page sends */
    assert_true(s.written && s.seq == 3);
    assert_int_equal(save(t, STAFF, id, 9, "题目", &s), E_INPUT);
    assert_int_equal(save(t, STAFF, id, 3, "★机密★1年\n题目", &s), E_SECRET);
    assert_int_equal(save(t, STAFF, id, 3, "机密★1年\n题目", &s), E_SECRET);
    assert_int_equal(text_get(t, STAFF, id, &m, NULL), OK);
    assert_int_equal(m.seq, 3);
    assert_int_equal(
        itemdb_count(t, "SELECT count(*) FROM manuscript_text WHERE body LIKE '%机密★%'"), 0);
}

static void locked(void **state)
{
    struct itemdb *t = *state;
    int64_t id = begun(t, "题目");
    struct deed d = {.what = LOCK, .id = id, .text = ""};
    struct manuscript m = {0};
    assert_int_equal(deed(t, SECRETARY, &d), E_INPUT); /* a reason */
    d.text = "已签发";
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    assert_int_equal(deed(t, SECRETARY, &d), OK); /* again: nothing */
    assert_int_equal(save(t, SECRETARY, id, 0, "题目二", NULL), E_DENIED);
    assert_int_equal(text_get(t, SECRETARY, id, &m, NULL), OK);
    assert_true(m.locked_ms == t->now_ms && str_eq(m.lock_why, S("已签发")));
    d.what = UNLOCK;
    d.text = "领导要求再改";
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    assert_int_equal(deed(t, SECRETARY, &d), E_CONFLICT);
    assert_int_equal(save(t, SECRETARY, id, 0, "题目二", NULL), OK);
    assert_int_equal(
        itemdb_count(t, "SELECT count(*) FROM audit_event WHERE verb = 'manuscript.unlock'"
                        " AND payload LIKE '%领导要求再改%'"),
        1);
}

static size_t given_up(struct itemdb *t, int who)
{
    struct manuscript_filter f = {.given_up = true};
    struct manuscript *v;
    struct err e = {.msg = ""};
    size_t n = 0;
    struct db *db = itemdb_read(t);
    assert_int_equal(manuscript_list(db, &t->o.a, itemdb_as(t, who), &f, 50, &v, &n, &e), OK);
    store_read_end(db);
    return n;
}

/* It leaves the lists and stands still; its text is there, who and when are told, and it comes back as it was. */
static void given_up_and_brought_back(void **state)
{
    struct itemdb *t = *state;
    int64_t id = begun(t, "题目\n一段。");
    struct manuscript m = {0};
    struct str text;
    struct deed d = {.what = INVITE, .id = id, .other = t->person[STAFF], .writes = true};
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    d = (struct deed){.what = GIVE_UP, .id = id, .text = "另起一稿"};
    assert_int_equal(deed(t, STAFF, &d), E_DENIED); /* who writes along does not own it */
    assert_int_equal(deed(t, CHIEF, &d), E_NOTFOUND);
    assert_int_equal(
        deed(t, SECRETARY, &(struct deed){.what = LOCK, .id = id, .text = "等领导定"}), OK);
    assert_int_equal(deed(t, SECRETARY, &d), E_CONFLICT);
    assert_int_equal(
        deed(t, SECRETARY, &(struct deed){.what = UNLOCK, .id = id, .text = "不等了"}), OK);
    assert_int_equal(deed(t, SECRETARY, &(struct deed){.what = BACK, .id = id}), E_CONFLICT);
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    assert_int_equal(deed(t, SECRETARY, &d), E_CONFLICT);
    assert_int_equal(listed(t, SECRETARY, false), 0);
    assert_int_equal(listed(t, STAFF, false), 0);
    assert_int_equal(given_up(t, SECRETARY), 1);
    assert_int_equal(given_up(t, STAFF), 1);
    assert_int_equal(given_up(t, CHIEF), 0);
    assert_int_equal(text_get(t, STAFF, id, &m, &text), OK);
    assert_true(m.given_up_ms && m.given_up_by == t->person[SECRETARY]);
    assert_true(str_eq(m.given_up_why, S("另起一稿")));
    assert_true(str_eq(text, S("题目\n一段。")));
    assert_int_equal(save(t, SECRETARY, id, 0, "改", NULL), E_CONFLICT);
    assert_int_equal(
        deed(t, SECRETARY, &(struct deed){.what = FREEZE, .id = id, .text = "一稿"}), E_CONFLICT);
    assert_int_equal(deed(t, SECRETARY, &(struct deed){.what = BACK, .id = id}), OK);
    assert_int_equal(listed(t, SECRETARY, false), 1);
    assert_int_equal(given_up(t, SECRETARY), 0);
    assert_int_equal(save(t, SECRETARY, id, 0, "改", NULL), OK);
    assert_int_equal(
        itemdb_count(t, "SELECT count(*) FROM audit_event WHERE verb = 'manuscript.give_up'"
                        " OR verb = 'manuscript.bring_back'"),
        2);
}

static void frozen(void **state)
{
    struct itemdb *t = *state;
    int64_t id = begun(t, "题目\n正文。");
    struct deed d = {.what = FREEZE, .id = id, .text = "送审稿"};
    struct manuscript_version v, *all;
    struct str text = {0};
    struct err e = {.msg = ""};
    size_t n;
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    int64_t first = d.other;
    assert_int_equal(
        deed(t, SECRETARY, &d), OK); /* the same text under the same name is the same */
    assert_int_equal(d.other, first);
    assert_int_equal(save(t, SECRETARY, id, 0, "题目\n正文改。", NULL), OK);
    d.text = "";
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    struct db *db = itemdb_read(t);
    assert_int_equal(
        manuscript_versions(db, &t->o.a, itemdb_as(t, SECRETARY), id, &all, &n, &e), OK);
    assert_int_equal(n, 2);
    assert_true(str_eq(all[0].name, S("第2稿")) && all[0].seq == 1 && all[1].seq == 0);
    assert_int_equal(
        manuscript_version_get(db, &t->o.a, itemdb_as(t, SECRETARY), first, &v, &text, &e), OK);
    assert_true(str_eq(text, S("题目\n正文。")) && str_eq(v.name, S("送审稿")));
    assert_int_equal(
        manuscript_version_get(db, &t->o.a, itemdb_as(t, STAFF), first, &v, &text, &e), E_NOTFOUND);
    store_read_end(db);

    d.what = RESTORE;
    d.other = first;
    assert_int_equal(deed(t, STAFF, &d), E_NOTFOUND);
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    assert_int_equal(d.other, 2); /* one update more */
    struct manuscript m = {0};
    assert_int_equal(text_get(t, SECRETARY, id, &m, &text), OK);
    assert_true(str_eq(text, S("题目\n正文。")) && m.seq == 2);

    struct manuscript_two two;
    struct str docx;
    db = itemdb_read(t);
    assert_int_equal(
        manuscript_two(db, &t->o.a, itemdb_as(t, SECRETARY), id, 0, all[0].id, &two, &e), OK);
    assert_true(two.older.version == all[0].id && two.newer.version == 0 &&
                str_eq(two.older.text, S("题目\n正文改。")));
    assert_int_equal(manuscript_redline(&t->o.a, &two, &docx, &e), OK);
    assert_true(str_starts(docx, S("PK")));
    assert_int_equal(
        manuscript_two(db, &t->o.a, itemdb_as(t, SECRETARY), id, all[0].id, first, &two, &e), OK);
    assert_true(two.older.version == first && two.newer.version == all[0].id);
    assert_int_equal(
        manuscript_two(db, &t->o.a, itemdb_as(t, SECRETARY), id, first, first, &two, &e), E_INPUT);
    store_read_end(db);
}

static enum code spoil(struct db *db, void *arg, struct err *e)
{
    (void)arg;
    return db_exec(db, "UPDATE manuscript_version SET body = 'x'", e);
}

static void a_frozen_one_that_was_touched_is_told(void **state)
{
    struct itemdb *t = *state;
    struct deed d = {.what = FREEZE, .id = begun(t, "题目"), .text = "定稿"};
    struct manuscript_version v;
    struct err e = {.msg = ""};
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    assert_int_equal(store_write(t->o.st, spoil, NULL, &e), OK);
    struct db *db = itemdb_read(t);
    assert_int_equal(
        manuscript_version_get(db, &t->o.a, itemdb_as(t, SECRETARY), d.other, &v, NULL, &e), E_BUG);
    store_read_end(db);
}

/* Signed off by an item: those who see it read, and may lock by signing. */
static void signed_off(void **state)
{
    struct itemdb *t = *state;
    int64_t id = begun(t, "题目");
    struct manuscript m, *of;
    struct act a = {
        .by = itemdb_as(t, SECRETARY), .verb = V_OPEN, .json = "{\"subject\":\"发文\"}"};
    struct err e = {.msg = ""};
    size_t n;
    a.open = (struct item_open){.kind = S("relay_test"), .level = LEVEL_INTERNAL, .draft = true};
    if (store_write(t->o.st, act_fn, &a, &e) != OK)
        fail_msg("%s", e.msg);
    struct deed d = {.what = SET_ITEM, .id = id, .other = a.id};
    assert_int_equal(text_get(t, LEADER, id, &m, NULL), E_NOTFOUND);
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    assert_int_equal(text_get(t, LEADER, id, &m, NULL), OK); /* sees what is 内部 */
    assert_true(!m.may[MANUSCRIPT_OWN]);
    assert_int_equal(text_get(t, OTHER, id, &m, NULL), E_NOTFOUND);
    struct db *db = itemdb_read(t);
    assert_int_equal(manuscript_of_item(db, &t->o.a, itemdb_as(t, LEADER), a.id, &of, &n, &e), OK);
    assert_int_equal(n, 1);
    assert_int_equal(manuscript_of_item(db, &t->o.a, itemdb_as(t, OTHER), a.id, &of, &n, &e), OK);
    assert_int_equal(n, 0);
    store_read_end(db);
    d.what = LOCK;
    d.text = "已签发";
    assert_int_equal(deed(t, LEADER, &d), E_DENIED); /* who only sees the item locks nobody out */
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    assert_int_equal(save(t, SECRETARY, id, 0, "题目二", NULL), E_DENIED);
}

/* ---- several at once ---- */

enum { EDITORS = 3, MINE_MAX = 40 };
struct editor {
    const char *client;
    int64_t seq, number; /* number: of the last that is known to be stored */
    struct str text;
    struct edit mine[MINE_MAX]; /* not known to be stored */
    size_t n;
};
static unsigned dice;

static unsigned roll(unsigned n)
{
    dice = dice * 1103515245U + 12345U;
    return (dice >> 16) % n;
}

static struct str applied(struct arena *a, const struct edit *x, struct str text)
{
    struct buf b;
    struct err e = {.msg = ""};
    buf_init(&b, 0);
    if (edit_apply(x, text, &b, &e) != OK)
        fail_msg("%s", e.msg);
    struct str s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

static json_t *as_json(const struct edit *x)
{
    struct buf b;
    struct jw j;
    struct err e = {.msg = ""};
    json_t *v = NULL;
    buf_init(&b, 0);
    jw_init(&j, &b);
    edit_write(&j, x);
    assert_int_equal(jr_parse(buf_view(&b), &v, &e), OK);
    buf_release(&b);
    return v;
}

/* A word somewhere, or some characters less. */
static void type(struct itemdb *t, struct editor *d, int64_t step)
{
    struct str now = d->text, then;
    struct err e = {.msg = ""};
    size_t cps = utf8_len_cp(now), at = roll((unsigned)cps + 1);
    size_t from = utf8_off(now, at), to = utf8_off(now, at + (roll(4) ? 0 : roll(5)));
    struct str word =
        arena_printf(&t->o.a, "%s%lld%s", d->client, (long long)step, roll(3) ? "" : "\n𠮷");
    then = arena_printf(&t->o.a, "%.*s%.*s%.*s", SF(str_sub(now, 0, from)), SF(word),
        SF(str_sub(now, to, now.n - to)));
    assert_true(d->n < MINE_MAX);
    assert_int_equal(edit_between(&t->o.a, now, then, &d->mine[d->n], &e), OK);
    d->text = applied(&t->o.a, &d->mine[d->n++], now);
}

/* One update of the order, as the browser takes it (receiveUpdates). */
static void receive(struct itemdb *t, struct editor *d, const struct manuscript_update *u)
{
    struct err e = {.msg = ""};
    struct edit x;
    json_t *set;
    d->seq = u->seq;
    if (d->n && str_eq(u->client, str_z(d->client))) {
        size_t known = (size_t)(u->number - d->number);
        assert_true(known > 0 && known <= d->n);
        d->number = u->number;
        d->n -= known;
        memmove(d->mine, d->mine + known, d->n * sizeof(*d->mine));
        return;
    }
    assert_int_equal(jr_parse(u->changes, &set, &e), OK);
    assert_int_equal(edit_read(&t->o.a, set, &x, &e), OK);
    json_decref(set);
    for (size_t i = 0; i < d->n; i++) {
        struct edit own, over;
        assert_int_equal(edit_map(&t->o.a, &d->mine[i], &x, false, &own, &e), OK);
        assert_int_equal(edit_map(&t->o.a, &x, &d->mine[i], true, &over, &e), OK);
        d->mine[i] = own;
        x = over;
    }
    d->text = applied(&t->o.a, &x, d->text);
}

static void pull(struct itemdb *t, struct editor *d, int64_t id)
{
    struct manuscript_pulled all;
    struct err e = {.msg = ""};
    struct db *db = itemdb_read(t);
    assert_int_equal(
        manuscript_pull(db, &t->o.a, itemdb_as(t, SECRETARY), id, d->seq, &all, &e), OK);
    store_read_end(db);
    for (size_t i = 0; i < all.n; i++)
        receive(t, d, &all.v[i]);
}

/* All it has, as one. The answer of one push in four gets lost: it is sent again, with what was typed meanwhile. */
static void push(struct itemdb *t, struct editor *d, int64_t id)
{
    struct text_push p = {.t = t, .by = itemdb_as(t, SECRETARY), .id = id};
    struct err e = {.msg = ""};
    if (d->n) {
        struct edit all = d->mine[0];
        for (size_t i = 1; i < d->n; i++)
            assert_int_equal(edit_compose(&t->o.a, &all, &d->mine[i], &all, &e), OK);
        json_t *set = as_json(&all);
        p.push = (struct manuscript_push){d->seq, str_z(d->client), d->number + (int64_t)d->n, set};
        if (store_write(t->o.st, text_push_fn, &p, &e) != OK)
            fail_msg("%s", e.msg);
        if (p.done.taken && !roll(4)) {
            int64_t seq = p.done.seq;
            assert_int_equal(store_write(t->o.st, text_push_fn, &p, &e), OK);
            assert_true(p.done.taken && p.done.seq == seq);
            type(t, d, 1000 + seq);
        }
        json_decref(set);
    }
    pull(t, d, id);
}

static void three_editors_end_alike(void **state)
{
    struct itemdb *t = *state;
    for (unsigned round = 0; round < 4; round++) {
        struct str begin = S("关于防汛的通知\n各部门：\n请抓好落实。");
        struct editor d[EDITORS] = {{.client = "a", .text = begin}, {.client = "b", .text = begin},
            {.client = "c", .text = begin}};
        struct manuscript m = {0};
        struct str text = {0};
        int64_t id = begun(t, begin.p);
        dice = round;
        for (int64_t step = 0; step < 500; step++) {
            struct editor *x = &d[roll(EDITORS)];
            type(t, x, step);
            if (!roll(3))
                push(t, x, id);
            while (x->n > MINE_MAX / 2)
                push(t, x, id);
        }
        for (int pass = 0; pass < 2; pass++)
            for (int i = 0; i < EDITORS; i++)
                while (d[i].n)
                    push(t, &d[i], id);
        for (int i = 0; i < EDITORS; i++)
            pull(t, &d[i], id);
        assert_int_equal(text_get(t, SECRETARY, id, &m, &text), OK);
        assert_true(m.seq > TEXT_KEPT_EVERY);
        for (int i = 0; i < EDITORS; i++)
            if (d[i].n || d[i].seq != m.seq || !str_eq(d[i].text, text))
                fail_msg("%u %d: %zu\n%.*s\n—\n%.*s", round, i, d[i].n, SF(d[i].text), SF(text));
    }
}

static enum code push_text(
    struct itemdb *t, int who, int64_t id, const char *client, const char *sets, struct err *e)
{
    return text_push(t, who, id, 0, client, sets, e);
}

static void pushes_refused(void **state)
{
    struct itemdb *t = *state;
    int64_t id = begun(t, "题目");
    struct manuscript m = {0};
    struct err e = {.msg = ""};
    assert_int_equal(push_text(t, STAFF, id, "a", "[2,[0,\"x\"]]", &e), E_NOTFOUND);
    assert_int_equal(push_text(t, SECRETARY, id, "A", "[2,[0,\"x\"]]", &e), E_INPUT);
    assert_int_equal(push_text(t, SECRETARY, id, "a", "{}", &e), E_INPUT);
    assert_int_equal(push_text(t, SECRETARY, id, "a", "[3,[0,\"x\"]]", &e), E_INPUT);
    assert_int_equal(push_text(t, SECRETARY, id, "a", "[[0,\"x\\n\"],2]", &e), E_INPUT);
    assert_int_equal(push_text(t, SECRETARY, id, "a", "[[0,\"机密★1年\",\"\"],2]", &e), E_SECRET);
    assert_int_equal(text_get(t, SECRETARY, id, &m, NULL), OK);
    assert_int_equal(m.seq, 0);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM manuscript_update"), 0);
    assert_int_equal(push_text(t, SECRETARY, id, "a", "[[0,\"x\"],2]", &e), OK);
    assert_int_equal(
        push_text(t, SECRETARY, id, "a", "[[0,\"x\"],2]", &e), OK); /* known by its number */
    assert_int_equal(push_text(t, SECRETARY, id, "b", "[[0,\"x\"],2]", &e), E_CONFLICT);
    struct deed d = {.what = INVITE, .id = id, .other = t->person[STAFF], .writes = true};
    assert_int_equal(deed(t, SECRETARY, &d), OK);
    assert_int_equal(push_text(t, STAFF, id, "a", "[[0,\"x\"],2]", &e), E_DENIED); /* another's */
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM manuscript_update"), 1);
}

/* What the desk counts (减负规定 speaks of the main text); the lists, the speech page and the desk say the same figure. */
static void counted_as_at_the_desk(void **state)
{
    static const struct {
        const char *text;
        int64_t chars;
    } cases[] = {
        {"题 目\n\n　　第一段。 \n", 6},
        {"版式：讲话稿\n讲话人：李书记\n\n在大会上的讲话\n（2026年12月10日）\n同志们：\n讲三点。",
            7 + 13 + 4 + 4},
        {"版式：简报\n文号：第12期\n题目\n正文。\n", 5},
        {"000001\n特急\n集团文件\n集团党发〔2026〕1号\n签发人：张三\n关于×的通知\n正文。", 9},
        {"第3期\n题目\n正文。", 5},
        {"题目\n正文。\n附件：1."
         "名单\n办公室\n2026年1月2日\n抄送：各部门。\n办公室　2026年1月3日印发\n附件1\n名单\n张三",
            5 + 7 + 3 + 9},
        {"题目\n发送：各单位要按时。\n二〇二六年一月二日\n发送：各单位。", 2 + 10 + 9},
        {"题目\n附件材料要齐。\n𠮷。", 2 + 7 + 2},
        {"", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(manuscript_chars(str_z(cases[i].text)), cases[i].chars);
    assert_int_equal(manuscript_letters(S("附件1\n名 单")), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counted_as_at_the_desk),
        cmocka_unit_test_setup_teardown(who_may, noticedb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(merged_by_difference, noticedb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(locked, noticedb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(
            given_up_and_brought_back, noticedb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(frozen, noticedb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(
            a_frozen_one_that_was_touched_is_told, noticedb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(signed_off, noticedb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(three_editors_end_alike, noticedb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(pushes_refused, noticedb_set_up, itemdb_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
