/* 收文登记: one write or nothing, what is there already, days as they are typed. */
#include "register_test.h"

static void one_write_ends_in_review_with_a_number(void **state)
{
    struct desk *d = *state;
    struct register_new r = {.subject = S(" 关于报送防汛值班表的通知 "),
        .sender = S("云岭省国资委"),
        .docno = S("云国资[2026]031号"),
        .written = S("2026-11-20"),
        .genre = S("通知"),
        .received = S("2026-11-23"),
        .task = true,
        .reply = true,
        .urgency = URGENCY_FAST,
        .due = S("2026-11-30"),
        .copies = 2};
    json_t *o;
    struct err e;

    desk_must(d, SECRETARY, desk_register, &r);
    struct item it = desk_item(d, d->id);
    assert_true(str_eq(it.number, S("收〔2026〕1号")));
    assert_true(str_eq(it.state, S("review")));
    assert_true(str_eq(it.title, S("关于报送防汛值班表的通知")));
    assert_int_equal(it.urgency, URGENCY_FAST);
    assert_int_equal(jr_parse(it.fields, &o, &e), OK);
    assert_true(str_eq(jr_str(o, "docno"), S("云国资〔2026〕31号")));
    assert_true(str_eq(jr_str(o, "class"), S("办件")));
    assert_true(str_eq(jr_str(o, "reply_due"), S("2026-11-30")));
    json_decref(o);
    desk_paper(d, "关于召开会议的通知", "");
    assert_true(str_eq(desk_item(d, d->id).number, S("收〔2026〕2号")));
}

static void what_is_wrong_leaves_nothing(void **state)
{
    struct desk *d = *state;
    const struct register_new good = {
        .subject = S("来文"), .sender = S("国资委"), .received = S("2026-11-23")};
    struct register_new r = good;

    r.subject = S(" ");
    desk_refused(d, SECRETARY, desk_register, &r, E_INPUT, "来文标题");
    r = good;
    r.sender = S("");
    desk_refused(d, SECRETARY, desk_register, &r, E_INPUT, "来文单位");
    r = good;
    r.received = S("2026-11-24");
    desk_refused(d, SECRETARY, desk_register, &r, E_INPUT, "还没有到");
    r = good;
    r.written = S("2026-11-24");
    desk_refused(d, SECRETARY, desk_register, &r, E_INPUT, "成文日期");
    r = good;
    r.due = S("2026-11-30");
    desk_refused(d, SECRETARY, desk_register, &r, E_INPUT, "阅件没有期限");
    r = good;
    r.task = r.reply = true;
    desk_refused(d, SECRETARY, desk_register, &r, E_INPUT, "没有填写期限");
    r = good;
    r.copies = REGISTER_COPIES_MAX + 1;
    desk_refused(d, SECRETARY, desk_register, &r, E_LIMIT, "份数");
    r = good;
    r.genre = S("小说");
    desk_refused(d, SECRETARY, desk_register, &r, E_INPUT, "文种");
    r = good;
    desk_refused(d, STAFF, desk_register, &r, E_DENIED, "");
    assert_int_equal(desk_count(d, "SELECT count(*) FROM item"), 0);
    assert_int_equal(desk_count(d, "SELECT count(*) FROM item_number"), 0);
}

static size_t known(struct desk *d, const char *title, const char *docno, struct register_known **v)
{
    struct register_new r = {.subject = str_z(title), .docno = str_z(docno)};
    struct err e = {0};
    size_t n = 0;

    if (register_known(d->o, &d->a, desk_as(d, SECRETARY), &r, S(""), v, &n, &e) != OK)
        fail_msg("%s", e.msg);
    return n;
}

static void what_is_there_already_is_told(void **state)
{
    struct desk *d = *state;
    struct register_known *v;
    int64_t id = desk_paper(d, "关于报送防汛值班表的通知", "云国资〔2026〕31号");

    assert_int_equal(known(d, "别的题目", "云国资（2026）第31号", &v), 1);
    assert_int_equal(v[0].why, KNOWN_DOCNO);
    assert_int_equal(v[0].item, id);
    assert_true(str_eq(v[0].sender, S("云岭省国资委")));
    /* the title by another hand, without a number */
    assert_int_equal(known(d, "省国资委关于报送防汛值班表的通知", "", &v), 1);
    assert_int_equal(v[0].why, KNOWN_TITLE);
    /* another number: only the same title is worth a question */
    assert_int_equal(known(d, "关于报送防汛值班员的通知", "云国资〔2026〕32号", &v), 0);
    assert_int_equal(known(d, "关于报送防汛值班表的通知", "云国资〔2026〕32号", &v), 1);
    assert_int_equal(known(d, "关于召开安全生产会议的通知", "", &v), 0);
    d->now_ms += (REGISTER_NEAR_DAYS + 1) * MS_DAY;
    assert_int_equal(known(d, "关于报送防汛值班表的通知", "", &v), 0);
    assert_int_equal(known(d, "", "云国资〔2026〕31号", &v), 1);
}

static void days_as_they_are_typed(void **state)
{
    static const struct {
        const char *typed, *back, *ahead; /* NULL: refused */
    } rows[] = {
        {"", "", ""},
        {"1120", "2026-11-20", "2027-11-20"},
        {"1123", "2026-11-23", "2026-11-23"},
        {"1205", "2025-12-05", "2026-12-05"},
        {"12.5", "2025-12-05", "2026-12-05"},
        {"12-05", "2025-12-05", "2026-12-05"},
        {"12月5日", "2025-12-05", "2026-12-05"},
        {"20261120", "2026-11-20", "2026-11-20"},
        {"2026-11-20", "2026-11-20", "2026-11-20"},
        {"2026年11月20日", "2026-11-20", "2026-11-20"},
        {"+3", "2026-11-26", "2026-11-26"},
        {"1131", NULL, NULL},
        {"+x", NULL, NULL},
        {"明天", NULL, NULL},
    };
    struct desk *d = *state;
    int32_t today = clock_day(DESK_NOW, ZONE_CHINA);

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        for (int ahead = 0; ahead < 2; ahead++) {
            const char *want = ahead ? rows[i].ahead : rows[i].back;
            struct str got = S("-");
            struct err e;
            enum code c = register_day(&d->a, str_z(rows[i].typed), today, ahead, &got, &e);
            if (c != (want ? OK : E_INPUT) || !str_eq(got, str_z(want ? want : "-")))
                fail_msg("%s %d: %d %.*s", rows[i].typed, ahead, c, SF(got));
        }
}

static void titles_alike(void **state)
{
    (void)state;
    assert_int_equal(register_alike(S("关于做好工作的通知"), S("关于做好工作的通知")), 100);
    assert_int_equal(register_alike(S("“关于”做好 工作的通知。"), S("关于做好工作的通知")), 100);
    assert_int_equal(register_alike(S("甲乙"), S("丙丁")), 0);
    assert_int_equal(register_alike(S(""), S("丙丁")), 0);
    assert_in_range(
        register_alike(S("关于报送防汛值班表的通知"), S("关于报送防汛值班员的通知")), 60, 90);
}

static void senders_by_initials_most_often_first(void **state)
{
    struct desk *d = *state;
    struct register_sender *v;
    struct err e = {0};
    size_t n;
    struct register_new r = {
        .subject = S("来文"), .sender = S("云岭省财政厅"), .received = S("2026-11-23")};

    desk_must(d, SECRETARY, desk_register, &r);
    desk_paper(d, "其一", "");
    desk_paper(d, "其二", "");
    struct db *db = desk_read(d);
    assert_int_equal(register_senders(db, &d->a, desk_as(d, SECRETARY), &v, &n, &e), OK);
    assert_int_equal(register_senders(db, &d->a, desk_as(d, STAFF), &v, &n, &e), E_DENIED);
    store_read_end(db);
    assert_int_equal(n, 2);
    assert_true(str_eq(v[0].name, S("云岭省国资委")));
    assert_true(str_eq(v[0].initials, S("ylsgzw")));
    assert_int_equal(v[0].papers, 2);
}

int main(int argc, char **argv)
{
#define ON(f) cmocka_unit_test_setup_teardown(f, desk_open, desk_close)
    const struct CMUnitTest tests[] = {
        ON(one_write_ends_in_review_with_a_number),
        ON(what_is_wrong_leaves_nothing),
        ON(what_is_there_already_is_told),
        ON(days_as_they_are_typed),
        cmocka_unit_test(titles_alike),
        ON(senders_by_initials_most_often_first),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests_name("register", tests, NULL, NULL);
}
