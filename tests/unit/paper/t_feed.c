#include "paper_test.h"

#include "paper/feed.h"

static const char atom[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>政策文件</title><id>urn:x</id>\n"
    "<link rel=\"self\" href=\"https://gov.example/feed\"/>\n"
    "<entry><id>urn:1</id><title type=\"html\">关于防汛的通知</title>"
    "<link rel=\"enclosure\" href=\"https://gov.example/a.pdf\"/>"
    "<link href=\"/2025/1.html\"/><updated>2025-06-01T08:00:00+08:00</updated>"
    "<summary>摘要</summary>"
    "<content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\"><p>各单位<b>注意</b>：1 "
    "&lt; 2</p>"
    "<script>x()</script></div></content></entry>\n"
    "<entry><id>urn:2</id><title>纯文本</title><link rel=\"alternate\" "
    "href=\"https://gov.example/2\"/>"
    "<content>a &lt;b&gt; c</content></entry>\n"
    "<entry><title>只有标题</title></entry>\n"
    "<entry><updated>2025-06-01</updated></entry>\n"
    "</feed>";

static const char rss[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\" "
    "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>要闻</title>"
    "<item><title><![CDATA[国务院关于A&B的意见]]></title><link> https://gov.example/n/1 </link>"
    "<guid isPermaLink=\"false\">n-1</guid><pubDate>Mon, 02 Jun 2025 00:00:00 GMT</pubDate>"
    "<description>短</description><content:encoded><![CDATA[<p>全文</p>]]></content:encoded></item>"
    "<item><title>第二条</title><guid>https://gov.example/n/2</guid>"
    "<description>&lt;p&gt;第二条正文&lt;/p&gt;</description></item>"
    "</channel></rss>";

struct fed {
    struct reader_pool *p;
    struct arena a;
    struct feed f;
    struct err e;
    enum code code;
};

static int open_pool(void **state)
{
    struct fed *x = mem_alloc(sizeof(*x));
    assert_int_equal(reader_pool_open(NULL, 1, NULL, &x->p, &x->e), OK);
    arena_init(&x->a);
    *state = x;
    return 0;
}

static int close_pool(void **state)
{
    struct fed *x = *state;
    reader_pool_close(x->p);
    arena_release(&x->a);
    free(x);
    return 0;
}

static void take(struct fed *x, struct str bytes)
{
    x->f = (struct feed){0};
    x->code = feed_read(x->p, &x->a, bytes, &x->f, &x->e);
}

static void is(struct str s, const char *z)
{
    if (!str_eq(s, str_z(z)))
        fail_msg("“%.*s” is not “%s”", SF(s), z);
}

static void reads_atom(void **state)
{
    struct fed *x = *state;
    take(x, str_z(atom));
    assert_int_equal(x->code, OK);
    assert_int_equal(x->f.n, 3); /* the one without id, link and title cannot be known again */
    const struct feed_entry *v = x->f.entries;
    is(v[0].id, "urn:1");
    is(v[0].title, "关于防汛的通知");
    is(v[0].link, "/2025/1.html");
    is(v[0].updated, "2025-06-01T08:00:00+08:00");
    is(v[0].html, "<div><p>各单位<b>注意</b>：1 &lt; 2</p><script>x()</script></div>");
    is(v[1].link, "https://gov.example/2");
    is(v[1].html, "a &lt;b&gt; c");
    is(v[2].id, "只有标题");
    is(v[2].html, "");
}

static void reads_rss(void **state)
{
    struct fed *x = *state;
    take(x, str_z(rss));
    assert_int_equal(x->code, OK);
    assert_int_equal(x->f.n, 2);
    const struct feed_entry *v = x->f.entries;
    is(v[0].id, "n-1");
    is(v[0].title, "国务院关于A&B的意见");
    is(v[0].link, "https://gov.example/n/1");
    is(v[0].html, "<p>全文</p>");
    is(v[1].id, "https://gov.example/n/2");
    is(v[1].link, "https://gov.example/n/2");
    is(v[1].html, "<p>第二条正文</p>");
}

static void reads_the_old_encodings(void **state)
{
    struct fed *x = *state;
    /* 通知 in GB18030 */
    take(x,
        S("<?xml version=\"1.0\" encoding=\"GB2312\"?><rss><channel><item><title>"
          "\xcd\xa8\xd6\xaa\xb7\xa2\xb2\xbc\xb9\xab\xb8\xe6</title><link>http://h/1</link></item>"
          "</channel></rss>"));
    assert_int_equal(x->code, OK);
    assert_int_equal(x->f.n, 1);
    is(x->f.entries[0].title, "通知发布公告");
}

static void refuses_what_is_no_feed(void **state)
{
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"<html><body>404</body></html>", "不是 Atom 或 RSS"},
        {"<rss><channel><item><title>断", "XML"},
        {"<!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><rss><channel><item>"
         "<title>&b;</title></item></channel></rss>",
            "DTD"},
        {"", ""},
    };
    struct fed *x = *state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        take(x, str_z(bad[i].text));
        assert_int_not_equal(x->code, OK);
        if (!strstr(x->e.msg, bad[i].says))
            fail_msg("%zu: %s", i, x->e.msg);
        assert_int_equal(x->f.n, 0);
    }
    take(x, str_z(rss)); /* and the pool goes on */
    assert_int_equal(x->code, OK);
}

static void a_deep_one_is_refused_and_a_long_one_cut(void **state)
{
    struct fed *x = *state;
    struct buf b;
    buf_init(&b, 0);
    buf_z(&b, "<rss><channel>");
    for (int i = 0; i < 5000; i++)
        buf_z(&b, "<a>");
    take(x, buf_view(&b));
    assert_int_not_equal(x->code, OK);
    buf_clear(&b);
    buf_z(&b, "<rss><channel>");
    for (int i = 0; i < FEED_ENTRIES + 500; i++)
        buf_printf(&b, "<item><guid>g%d</guid><title>t</title></item>", i);
    buf_z(&b, "</channel></rss>");
    take(x, buf_view(&b));
    assert_int_equal(x->code, OK);
    assert_int_equal(x->f.n, FEED_ENTRIES);
    buf_release(&b);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_atom, open_pool, close_pool),
        cmocka_unit_test_setup_teardown(reads_rss, open_pool, close_pool),
        cmocka_unit_test_setup_teardown(reads_the_old_encodings, open_pool, close_pool),
        cmocka_unit_test_setup_teardown(refuses_what_is_no_feed, open_pool, close_pool),
        cmocka_unit_test_setup_teardown(
            a_deep_one_is_refused_and_a_long_one_cut, open_pool, close_pool),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests_name("feed", tests, NULL, NULL);
}
