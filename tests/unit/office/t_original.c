/* Paper originals: from hand to hand, taken back, lost and found, who may, who is told, who is next. */
#include "office/item_event.h"
#include "office/notice.h"
#include "office/original.h"
#include "register_test.h"

/* ---- doing ---- */

struct step {
    int64_t id;
    struct original_act act;
    bool undo;
};

static enum code step_fn(struct db *db, struct desk *d, struct err *e)
{
    const struct step *s = d->arg;
    return s->undo ? original_undo(db, desk_as(d, d->who), s->id, s->act.seen, e)
                   : original_do(db, desk_as(d, d->who), s->id, &s->act, e);
}

static enum code make_fn(struct db *db, struct desk *d, struct err *e)
{
    return original_make(db, desk_as(d, d->who), d->id, *(int64_t *)d->arg, NULL, e);
}

static struct hands person(const struct desk *d, int who)
{
    return (struct hands){.kind = HOLDER_PERSON, .id = d->viewer[who].person};
}

static struct step give(int64_t id, struct hands to)
{
    return (struct step){.id = id, .act = {.verb = ORIGINAL_GIVE, .to = to}};
}

static struct step plain(int64_t id, enum original_verb verb)
{
    return (struct step){.id = id, .act = {.verb = verb}};
}

/* ---- looking ---- */

static size_t list(struct desk *d, int who, const struct original_filter *f, struct original **v)
{
    struct err e = {0};
    bool more;
    size_t n = 0;
    struct db *db = desk_read(d);

    if (original_list(db, &d->a, desk_as(d, who), f, ORIGINAL_PAGE_MAX, v, &n, &more, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    return n;
}

static struct original only(struct desk *d, int64_t item)
{
    struct original *v;
    assert_int_equal(list(d, CHIEF, &(struct original_filter){.item = item}, &v), 1);
    return v[0];
}

static int64_t one(struct desk *d)
{
    int64_t n = 1;
    desk_paper(d, "关于防汛工作的通知", "云防〔2026〕8号");
    desk_must(d, SECRETARY, make_fn, &n);
    return only(d, d->id).id;
}

static enum code get(struct desk *d, int who, int64_t id, struct original *o)
{
    struct err e = {0};
    struct db *db = desk_read(d);
    enum code c = original_get(db, &d->a, desk_as(d, who), id, o, &e);
    store_read_end(db);
    return c;
}

static void expect(struct desk *d, int64_t id, enum original_state state, const char *holder)
{
    struct original o = {0};
    assert_int_equal(get(d, CHIEF, id, &o), OK);
    if (o.state != state || !str_eq(o.holder.name, str_z(holder)))
        fail_msg("%s, %.*s", original_state_name(o.state), SF(o.holder.name));
}

static size_t told(struct desk *d, int who, const char *words)
{
    struct notice *v;
    struct err e = {0};
    size_t n = 0, k = 0;
    bool more;
    struct db *db = desk_read(d);

    if (notice_list(db, &d->a, desk_as(d, who), (struct notice_key){0}, NOTICE_PAGE_MAX, &v, &n,
            &more, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    for (size_t i = 0; i < n; i++)
        k += str_has(v[i].text, str_z(words));
    return k;
}

/* ---- tests ---- */

static void codes_as_they_are_scanned(void **state)
{
    static const struct {
        const char *typed, *want;
    } rows[] = {
        {"7K2MQ4TW", "7K2MQ4TW"},
        {" 7k2mq4tw \r\n", "7K2MQ4TW"},
        {"https://qianshao.example.cn/o/7K2MQ4TW", "7K2MQ4TW"},
        {"HTTP://10.1.2.3:8080/O/7K2MQ4TW/", "7K2MQ4TW"},
        {"http://h/o/7k2mq4tw?x=1", "7K2MQ4TW"},
        {"７Ｋ２ＭＱ４ＴＷ", "7K2MQ4TW"},
        {"ｈｔｔｐ：／／ｈ／ｏ／７Ｋ２ＭＱ４ＴＷ", "7K2MQ4TW"},
        {"7K2MQ4T", NULL},
        {"7K2MQ4TWX", NULL},
        {"7K2MQ4T0", NULL}, /* no 0: it is no code of ours */
        {"", NULL},
        {"https://evil.example/o/", NULL},
        {"关于防汛工作的通知", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char got[ORIGINAL_CODE_N + 1];
        bool is = original_code(str_z(rows[i].typed), got);
        if (is != (rows[i].want != NULL) || (is && strcmp(got, rows[i].want) != 0))
            fail_msg("%s: %d %s", rows[i].typed, is, is ? got : "");
    }
}

static void each_copy_has_a_code_and_a_holder(void **state)
{
    struct desk *d = *state;
    struct original *v;
    struct register_new r = {.subject = S("关于会议的通知"),
        .sender = S("国资委"),
        .received = S("2026-11-23"),
        .copies = 3};
    int64_t n = ORIGINAL_COPIES_MAX - 2;

    desk_must(d, SECRETARY, desk_register, &r);
    assert_int_equal(list(d, CHIEF, &(struct original_filter){.item = d->id}, &v), 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(v[i].copy, i + 1);
        assert_int_equal(v[i].code.n, ORIGINAL_CODE_N);
        assert_true(str_eq(v[i].holder.name, S("张三")));
        for (int k = 0; k < i; k++)
            assert_false(str_eq(v[i].code, v[k].code));
    }
    desk_refused(d, SECRETARY, make_fn, &n, E_LIMIT, "50份");
    n = 1;
    desk_refused(d, LEADER, make_fn, &n, E_DENIED, "经办人");
    desk_must(d, CHIEF, make_fn, &n);
    assert_int_equal(list(d, CHIEF, &(struct original_filter){.item = d->id}, &v), 4);
    assert_int_equal(
        list(d, CHIEF, &(struct original_filter){.item = d->id, .made_by = d->viewer[CHIEF].person},
            &v),
        1);
    assert_true(str_eq(v[0].holder.name, S("裘志衡")));
}

static void from_hand_to_hand(void **state)
{
    struct desk *d = *state;
    int64_t id = one(d);
    struct step s = give(id, person(d, LEADER));

    desk_must(d, SECRETARY, step_fn, &s);
    expect(d, id, ORIGINAL_OUT, "江映溪");
    assert_int_equal(told(d, LEADER, "第1份交给您"), 1);
    d->now_ms += MS_HOUR;
    s = plain(id, ORIGINAL_TAKE);
    desk_must(d, DEPUTY, step_fn, &s);
    expect(d, id, ORIGINAL_OUT, "贺知远");
    assert_int_equal(told(d, LEADER, "收下了您手里的原件"), 1);
    assert_int_equal(told(d, SECRETARY, "原件"), 0);
    desk_refused(d, DEPUTY, step_fn, &s, E_CONFLICT, "已经在您手里");
    s = give(id, (struct hands){.kind = HOLDER_PLACE, .name = S(" 领导阅件柜 ")});
    desk_must(d, CHIEF, step_fn, &s);
    expect(d, id, ORIGINAL_OUT, "领导阅件柜");
    s = give(id, (struct hands){.kind = HOLDER_UNIT, .id = d->viewer[STAFF].unit});
    desk_must(d, CHIEF, step_fn, &s);
    expect(d, id, ORIGINAL_OUT, "秘书科");
    s = give(id, (struct hands){.kind = HOLDER_PLACE, .name = S(" ")});
    desk_refused(d, CHIEF, step_fn, &s, E_INPUT, "没有填写交给谁");
    s = give(id, (struct hands){.kind = HOLDER_PERSON, .id = 12345});
    desk_refused(d, CHIEF, step_fn, &s, E_NOTFOUND, "");
    struct original_step *v;
    struct err e;
    size_t n;
    struct db *db = desk_read(d);
    assert_int_equal(original_steps(db, &d->a, id, &v, &n, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 5);
    assert_true(str_eq(v[3].by_name, S("张三")) && str_eq(v[3].holder.name, S("江映溪")));
    assert_int_equal(v[2].at_ms - v[3].at_ms, MS_HOUR);
}

static void two_at_once_and_taking_back(void **state)
{
    struct desk *d = *state;
    int64_t id = one(d);
    struct step s = give(id, person(d, LEADER)), back = {.id = id, .undo = true};

    s.act.seen = 1;
    desk_must(d, SECRETARY, step_fn, &s);
    s = give(id, person(d, DEPUTY));
    s.act.seen = 1; /* the page of before */
    desk_refused(d, CHIEF, step_fn, &s, E_CONFLICT, "江映溪");
    desk_refused(d, CHIEF, step_fn, &back, E_CONFLICT, "自己刚记的");
    d->now_ms += ORIGINAL_UNDO_MINUTES * MS_MINUTE;
    desk_must(d, SECRETARY, step_fn, &back);
    expect(d, id, ORIGINAL_OUT, "张三");
    assert_int_equal(told(d, LEADER, "撤销"), 1);
    assert_int_equal(only(d, d->id).since_ms, DESK_NOW);
    desk_refused(
        d, SECRETARY, step_fn, &back, E_CONFLICT, "自己刚记的"); /* once, and not what was made */
    s = give(id, person(d, LEADER));
    desk_must(d, SECRETARY, step_fn, &s);
    d->now_ms += ORIGINAL_UNDO_MINUTES * MS_MINUTE + 1;
    desk_refused(d, SECRETARY, step_fn, &back, E_CONFLICT, "10分钟");
}

static void lost_and_found_and_the_end(void **state)
{
    struct desk *d = *state;
    struct original *v;
    int64_t id = one(d);
    struct step s = give(id, person(d, LEADER));

    desk_must(d, SECRETARY, step_fn, &s);
    d->now_ms += 9 * MS_DAY;
    s = plain(id, ORIGINAL_LOSE);
    desk_refused(d, DEPUTY, step_fn, &s, E_DENIED, "下落不明");
    desk_must(d, CHIEF, step_fn, &s);
    assert_int_equal(told(d, LEADER, "最后在您手里"), 1);
    assert_int_equal(told(d, SECRETARY, "最后在江映溪手里"), 1);
    assert_int_equal(list(d, CHIEF, &(struct original_filter){.which = ORIGINALS_LOST}, &v), 1);
    assert_true(str_eq(v[0].holder.name, S("江映溪")));
    assert_int_equal(v[0].since_ms, DESK_NOW); /* since when he had it */
    assert_int_equal(list(d, CHIEF, &(struct original_filter){.which = ORIGINALS_OUT}, &v), 0);
    s = plain(id, ORIGINAL_RETURN);
    desk_refused(d, SECRETARY, step_fn, &s, E_CONFLICT, "找到");
    s = plain(id, ORIGINAL_TAKE); /* scanned: it is found */
    desk_must(d, DEPUTY, step_fn, &s);
    expect(d, id, ORIGINAL_OUT, "贺知远");
    assert_int_equal(told(d, LEADER, "找到了下落不明的原件第1份，现在在贺知远手里"), 1);
    assert_int_equal(told(d, SECRETARY, "找到了下落不明的原件第1份，现在在贺知远手里"), 1);
    s = (struct step){.id = id, .undo = true};
    desk_must(d, DEPUTY, step_fn, &s);
    expect(d, id, ORIGINAL_LOST, "江映溪");
    assert_int_equal(only(d, d->id).since_ms, DESK_NOW);
    s = plain(id, ORIGINAL_FIND);
    desk_must(d, SECRETARY, step_fn, &s);
    s = plain(id, ORIGINAL_FILE);
    desk_refused(d, DEPUTY, step_fn, &s, E_DENIED, "归档");
    desk_must(d, SECRETARY, step_fn, &s);
    s = plain(id, ORIGINAL_TAKE);
    desk_refused(d, CHIEF, step_fn, &s, E_CONFLICT, "不再流转");
    assert_int_equal(list(d, CHIEF, &(struct original_filter){.which = ORIGINALS_ENDED}, &v), 1);
}

static void rights_are_those_of_the_item(void **state)
{
    struct desk *d = *state;
    struct original o, *v;
    int64_t id = one(d);
    struct step s = plain(id, ORIGINAL_TAKE);
    struct err e;

    assert_int_equal(get(d, STAFF, id, &o), E_NOTFOUND);
    desk_refused(d, STAFF, step_fn, &s, E_NOTFOUND, "没有这份原件");
    assert_int_equal(list(d, STAFF, &(struct original_filter){0}, &v), 0);
    s = give(id, person(d, STAFF)); /* whoever holds the paper sees that paper, and hands it on */
    desk_must(d, SECRETARY, step_fn, &s);
    assert_int_equal(get(d, STAFF, id, &o), OK);
    assert_int_equal(list(d, STAFF, &(struct original_filter){0}, &v), 1);
    struct hands *next;
    size_t n;
    struct db *db = desk_read(d);
    assert_int_equal(original_next(db, &d->a, desk_as(d, STAFF), &o, &next, &n, &e), OK);
    assert_int_equal(n, 1); /* back to whom it came from, and no name of a reader */
    assert_true(str_eq(next[0].name, S("张三")));
    bool more;
    assert_int_equal(
        original_held(db, &d->a, desk_as(d, STAFF), d->viewer[STAFF].person, &v, &n, &more, &e),
        OK);
    assert_int_equal(n, 1);
    assert_int_equal(
        original_held(db, &d->a, desk_as(d, DEPUTY), d->viewer[STAFF].person, &v, &n, &more, &e),
        E_DENIED);
    store_read_end(db);
    s = give(id, person(d, SECRETARY));
    desk_must(d, STAFF, step_fn, &s);
    assert_int_equal(get(d, STAFF, id, &o), E_NOTFOUND);
}

static void one_search_says_who_has_it(void **state)
{
    struct desk *d = *state;
    struct original *v;
    int64_t first = one(d), second = one(d);
    struct step s = give(first, person(d, LEADER));
    static const char *const words[] = {"防汛", "收〔2026〕1号", "云防〔2026〕8", "江映溪"};

    desk_must(d, SECRETARY, step_fn, &s);
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        size_t n = list(d, SECRETARY, &(struct original_filter){.text = str_z(words[i])}, &v);
        assert_int_equal(n, i == 1 || i == 3 ? 1 : 2);
    }
    assert_int_equal(v[0].id, first);
    assert_int_equal(list(d, SECRETARY, &(struct original_filter){.text = v[0].code}, &v), 1);
    assert_int_equal(list(d, SECRETARY, &(struct original_filter){.text = S("50%_")}, &v), 0);
    assert_int_equal(
        list(d, SECRETARY, &(struct original_filter){.holder = person(d, LEADER)}, &v), 1);
    d->now_ms += 7 * MS_DAY;
    s = plain(second, ORIGINAL_TAKE);
    desk_must(d, CHIEF, step_fn, &s);
    assert_int_equal(list(d, SECRETARY, &(struct original_filter){.days = 7}, &v), 1);
    assert_int_equal(v[0].id, first);
    assert_int_equal(list(d, SECRETARY, &(struct original_filter){.days = 8}, &v), 0);
}

static void the_list_goes_on_behind_a_key(void **state)
{
    struct desk *d = *state;
    struct original_filter f = {0};
    int64_t n = 5, seen = 0;

    desk_paper(d, "甲", "");
    desk_must(d, SECRETARY, make_fn, &n);
    desk_paper(d, "乙", "");
    n = 4;
    desk_must(d, SECRETARY, make_fn, &n);
    for (bool more = true; more;) {
        struct original *v;
        struct err e;
        size_t k;
        struct db *db = desk_read(d);
        assert_int_equal(original_list(db, &d->a, desk_as(d, CHIEF), &f, 2, &v, &k, &more, &e), OK);
        store_read_end(db);
        assert_true(k > 0);
        seen += (int64_t)k;
        f.after_ms = v[k - 1].since_ms;
        f.after = v[k - 1].id;
    }
    assert_int_equal(seen, 9);
}

/* 先写先批: the readers in their order, without those who had it. */
static enum code name_readers(struct db *db, struct desk *d, struct err *e)
{
    char json[120];
    json_t *o;
    struct item it;

    (void)snprintf(json, sizeof(json), "{\"readers\": [\"%lld\", \"%lld\", \"%lld\"]}",
        (long long)d->viewer[DEPUTY].person, (long long)d->viewer[LEADER].person,
        (long long)d->viewer[STAFF].person);
    TRY(jr_parse(str_z(json), &o, e));
    TRY(item_get(db, &d->a, desk_as(d, CHIEF), d->id, &it, e));
    enum code c = item_edit(db, desk_as(d, CHIEF), d->id, it.revision, o, e);
    json_decref(o);
    return c;
}

static void the_next_one_is_proposed(void **state)
{
    struct desk *d = *state;
    struct hands *v;
    struct err e;
    size_t n;
    int64_t id = one(d);
    struct original o;

    desk_must(d, CHIEF, name_readers, NULL);
    struct step s = give(id, person(d, DEPUTY));
    desk_must(d, SECRETARY, step_fn, &s);
    assert_int_equal(get(d, SECRETARY, id, &o), OK);
    struct db *db = desk_read(d);
    assert_int_equal(original_next(db, &d->a, desk_as(d, SECRETARY), &o, &v, &n, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 3);
    assert_true(str_eq(v[0].name, S("江映溪")));
    assert_true(str_eq(v[1].name, S("童伯明")));
    assert_true(str_eq(v[2].name, S("张三"))); /* who answers for it, at the end */
}

int main(int argc, char **argv)
{
#define ON(f) cmocka_unit_test_setup_teardown(f, desk_open, desk_close)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_as_they_are_scanned),
        ON(each_copy_has_a_code_and_a_holder),
        ON(from_hand_to_hand),
        ON(two_at_once_and_taking_back),
        ON(lost_and_found_and_the_end),
        ON(rights_are_those_of_the_item),
        ON(one_search_says_who_has_it),
        ON(the_list_goes_on_behind_a_key),
        ON(the_next_one_is_proposed),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests_name("original", tests, NULL, NULL);
}
