/* The pages through the whole pipeline: a real office, real sockets, no browser. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/audit.h"
#include "office/item_script.h"
#include "unit/web/appfix.h"

static void keeps_strangers_out(void **state)
{
    struct app_fix *f = *state;
    struct buf b;
    buf_init(&b, 0);
    ask(f, "GET", "/library?q=a%20b", "", NULL, &b);
    expect(&b, "303", "Location: /login?next=%2Flibrary%3Fq%3Da%2520b\r\n");
    ask(f, "GET", "/library", "Accept: application/json\r\n", NULL, &b);
    expect(&b, "401", "application/json");
    ask(f, "GET", "/live", "Accept: text/event-stream\r\n", NULL, &b);
    expect(&b, "204",
        NULL); /* an open page whose session has ended: no page of sign-in into its stream */
    ask(f, "GET", "/items/1/asks/live", "", NULL, &b);
    expect(&b, "303", "Location: /login");
    ask(f, "POST", "/categories", "", "name=<keep+me>", &b);
    expect(&b, "401", "&lt;keep me&gt;"); /* what was typed is kept, escaped */
    ask(f, "GET", "/library", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n", NULL,
        &b);
    expect(&b, "200", "http-equiv=\"refresh\"");
    ask(f, "POST", "/login", "", "login=chief&password=" GOOD, &b); /* no door cookie */
    expect(&b, "200", "页面已过期");
    ask(f, "GET", "/login?next=//evil.example/", "", NULL, &b);
    expect(&b, "200", "name=\"next\" value=\"/\"");
    buf_release(&b);
}

static void signs_in_and_asks_for_a_new_password(void **state)
{
    struct app_fix *f = *state;
    struct buf b;
    char body[300];
    buf_init(&b, 0);
    sign_in(f, "fresh");
    ask(f, "GET", "/library", "", NULL, &b);
    expect(&b, "303", "Location: /password\r\n");
    snprintf(
        body, sizeof(body), "csrf=%s&old=" GOOD "&new=Another-2026&again=Another-2026", f->csrf);
    ask(f, "POST", "/password", "", body, &b);
    expect(&b, "303", "Location: /arrival/me?first=1\r\n");
    ask(f, "GET", "/arrival/me?first=1", "", NULL, &b);
    expect(&b, "200", "欢迎");
    ask(f, "GET", "/", "", NULL, &b);
    expect(&b, "200", "门户");
    snprintf(body, sizeof(body), "csrf=%s", f->csrf);
    ask(f, "POST", "/logout", "", body, &b);
    ask(f, "GET", "/", "", NULL, &b);
    expect(&b, "303", "/login");
    buf_release(&b);
}

static void shows_each_reader_what_that_reader_may_see(void **state)
{
    struct app_fix *f = *state;
    struct buf b;
    char id[40], target[80];
    buf_init(&b, 0);
    sign_in(f, "chief");
    ask(f, "GET", "/search?q=%E7%B4%AB%E6%B0%B4%E6%99%B6%E6%9A%97%E5%8F%B7%E4%BA%8C",
        "Accept: application/json\r\n", NULL, &b);
    expect(&b, "200", "\"total\":1");
    between(b.p, "\"rows\":[{\"id\":\"", '"', id, sizeof(id));
    snprintf(target, sizeof(target), "/library/%s", id);
    ask(f, "GET", target, "", NULL, &b);
    expect(&b, "200", "紫水晶暗号二");
    sign_in(f, "staff");
    ask(f, "GET", "/search?q=%E7%B4%AB%E6%B0%B4%E6%99%B6%E6%9A%97%E5%8F%B7",
        "Accept: application/json\r\n", NULL, &b);
    expect(&b, "200", "\"total\":1,");
    assert_null(strstr(b.p, "只给秘书科"));
    ask(f, "GET", target, "", NULL, &b);
    expect(&b, "404", NULL);
    assert_null(strstr(b.p, "紫水晶"));
    snprintf(target, sizeof(target), "/library/%s/original", id);
    ask(f, "GET", target, "", NULL, &b);
    expect(&b, "404", NULL);
    ask(f, "GET", "/people", "", NULL, &b);
    expect(&b, "403", NULL);
    ask(f, "GET", "/import", "Accept: application/json\r\n", NULL, &b);
    expect(&b, "403", "application/json");
    buf_release(&b);
}

static void wants_the_secret_of_the_session(void **state)
{
    struct app_fix *f = *state;
    struct buf b;
    char body[200];
    buf_init(&b, 0);
    sign_in(f, "chief");
    ask(f, "POST", "/categories", "", "name=x", &b);
    expect(&b, "403", "页面已过期");
    snprintf(body, sizeof(body), "csrf=%s&name=%%E9%%98%%B2%%E6%%B1%%9B", f->csrf);
    ask(f, "POST", "/categories", "Origin: http://evil:1\r\n", body, &b);
    expect(&b, "403", "别的网站");
    ask(f, "POST", "/categories", "Origin: null\r\n", body, &b);
    expect(&b, "403", NULL);
    ask(f, "POST", "/categories", "Origin: http://t:1\r\n", body, &b);
    expect(&b, "303", "Location: /categories\r\n");
    ask(f, "POST", "/categories", "", body, &b); /* the same name again */
    expect(&b, "409", "note bad");
    ask(f, "GET", "/categories", "", NULL, &b);
    expect(&b, "200", "防汛");
    buf_release(&b);
}

static void escapes_what_documents_say(void **state)
{
    struct app_fix *f = *state;
    struct buf b;
    buf_init(&b, 0);
    sign_in(f, "staff");
    ask(f, "GET", "/search?q=%3C%E5%8A%A0%E5%BC%BA%3E", "", NULL, &b);
    expect(&b, "200", "<mark>&lt;加强&gt;</mark>");
    ask(f, "GET", "/search?q=%22%3Cscript%3E%22", "", NULL, &b);
    expect(&b, "200", "&lt;script&gt;");
    assert_null(strstr(b.p, "<script>"));
    ask(f, "GET", "/search/suggest?q=%E7%B4%AB%E6%B0%B4", "Accept: application/json\r\n", NULL, &b);
    expect(&b, "200", "\"page\":\"suggest\"");
    buf_release(&b);
}

static void takes_an_upload(void **state)
{
    static const char parts[] = "--B\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n%s\r\n"
                                "--B\r\nContent-Disposition: form-data; name=\"level\"\r\n\r\n0\r\n"
                                "--B\r\nContent-Disposition: form-data; name=\"file\"; "
                                "filename=\"关于值班的通知.txt\"\r\n\r\n"
                                "关于值班的通知\n\n琥珀暗号三。\n\r\n"
                                "--B\r\nContent-Disposition: form-data; name=\"file\"; "
                                "filename=\"坏.pdf\"\r\n\r\n%%PDF-1.4 broken\r\n--B--\r\n";
    struct app_fix *f = *state;
    struct buf b, q;
    char body[1200];
    buf_init(&b, 0);
    buf_init(&q, 0);
    sign_in(f, "chief");
    snprintf(body, sizeof(body), parts, f->csrf);
    buf_printf(&q,
        "POST /import HTTP/1.1\r\nHost: t:1\r\nConnection: close\r\nCookie: %s\r\nAccept: "
        "application/json\r\n"
        "Content-Type: multipart/form-data; boundary=B\r\nContent-Length: %zu\r\n\r\n%s",
        f->cookie, strlen(body), body);
    client_talk(f->port, q.p, q.n, &b);
    expect(&b, "200", "\"taken\":1,\"duplicate\":0,\"held\":0,\"refused\":0,\"failed\":1");
    ask(f, "GET", "/search?q=%E7%90%A5%E7%8F%80%E6%9A%97%E5%8F%B7%E4%B8%89",
        "Accept: application/json\r\n", NULL, &b);
    expect(&b, "200", "\"total\":1"); /* the next request finds it */
    buf_release(&q);
    buf_release(&b);
}

/* Chief and secretaries write, others read; what is wrong is said; who comes second is told. */
static void set_wording_is_kept_by_the_secretaries(void **state)
{
    static const char row[] =
        "csrf=%s&revision=%s&kind=phrase&state=confirmed&canonical=%s&wrong=%s&note=%s";
    struct app_fix *f = *state;
    struct buf b;
    char body[600], target[80];
    buf_init(&b, 0);
    sign_in(f, "chief");
    snprintf(body, sizeof(body), row, "x", "0", "ABCD", "", "");
    ask(f, "POST", "/terms/new", "", body, &b);
    expect(&b, "403", NULL);
    snprintf(body, sizeof(body), row, f->csrf, "0", "%E5%80%BC%E5%AE%88%E5%8A%A0%E5%BC%BA",
        "%E5%8A%A0%E5%BC%BA%0A%E5%8A%A0%E5%BC%BA", "%3Cb%3E");
    ask(f, "POST", "/terms/new", "", body, &b);
    expect(&b, "303", "Location: /terms/");
    between(b.p, "Location: ", '\r', target, sizeof(target));
    ask(f, "POST", "/terms/new", "", body, &b);
    expect(&b, "409", "已在表中");
    ask(f, "GET", target, "", NULL, &b);
    expect(&b, "200", "关于防汛的通知"); /* a document with the wrong form */
    assert_non_null(strstr(b.p, "&lt;b&gt;"));
    ask(f, "GET", target, "Accept: application/json\r\n", NULL, &b);
    expect(&b, "200", "\"wrong\":\"加强\"");
    snprintf(body, sizeof(body), row, f->csrf, "1", "%E5%8A%A0%E5%BC%BA", "%E5%8A%A0%E5%BC%BA", "");
    ask(f, "POST", target, "", body, &b);
    expect(&b, "400", "既是规范写法又是错误写法");
    snprintf(body, sizeof(body), row, f->csrf, "1", "ABCD", "", "");
    ask(f, "POST", target, "", body, &b);
    expect(&b, "303", target);
    ask(f, "POST", target, "", body, &b); /* the first revision again */
    expect(&b, "409", "修改过这一条");
    ask(f, "GET", "/terms/export", "", NULL, &b);
    expect(&b, "200", "提法\tABCD\t");
    ask(f, "GET", "/terms?kind=body", "Accept: application/json\r\n", NULL, &b);
    expect(&b, "200", "\"rows\":[]");
    snprintf(
        body, sizeof(body), "csrf=%s&state=confirmed&person=ABC&title=DE&from=2024-13-01", f->csrf);
    ask(f, "POST", "/terms/holders/new", "", body, &b);
    expect(&b, "400", "任职日期");
    snprintf(
        body, sizeof(body), "csrf=%s&state=confirmed&person=ABC&title=DE&from=2024-12-01", f->csrf);
    ask(f, "POST", "/terms/holders/new", "", body, &b);
    expect(&b, "303", "Location: /terms/holders/");
    sign_in(f, "staff");
    ask(f, "GET", "/terms/holders", "", NULL, &b);
    expect(&b, "200", "ABC");
    assert_null(strstr(b.p, "由表格导入"));
    ask(f, "GET", target, "", NULL, &b);
    expect(&b, "200", "disabled");
    ask(f, "GET", "/terms/new", "", NULL, &b);
    expect(&b, "403", NULL);
    snprintf(body, sizeof(body), row, f->csrf, "2", "EFGH", "", "");
    ask(f, "POST", target, "", body, &b);
    expect(&b, "403", NULL);
    buf_release(&b);
}

static void a_table_is_taken_whole_or_refused(void **state)
{
    static const char parts[] =
        "--B\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n%s\r\n"
        "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"t.tsv\"\r\n\r\n"
        "种类\t规范写法\n提法\t琥珀工程\n%s\t玛瑙工程\n\r\n--B--\r\n";
    static const char *const kinds[] = {"摆法", "名称"};
    struct app_fix *f = *state;
    struct buf b, q;
    char body[800];
    buf_init(&b, 0);
    buf_init(&q, 0);
    sign_in(f, "chief");
    for (int i = 0; i < 2; i++) {
        snprintf(body, sizeof(body), parts, f->csrf, kinds[i]);
        buf_clear(&q);
        buf_printf(&q,
            "POST /terms/import HTTP/1.1\r\nHost: t:1\r\nConnection: close\r\nCookie: %s\r\n"
            "Content-Type: multipart/form-data; boundary=B\r\nContent-Length: %zu\r\n\r\n%s",
            f->cookie, strlen(body), body);
        buf_clear(&b);
        client_talk(f->port, q.p, q.n, &b);
        if (i == 0) {
            expect(&b, "400", "第3行第1列（种类）");
            assert_null(strstr(b.p, "琥珀工程"));
        } else {
            expect(&b, "303", "Location: /terms\r\n");
        }
    }
    ask(f, "GET", "/terms", "", NULL, &b);
    expect(&b, "200", "琥珀工程");
    buf_release(&q);
    buf_release(&b);
}

static void static_files_are_kept_for_ever(void **state)
{
    struct app_fix *f = *state;
    struct buf b;
    char url[120], etag[60], more[120];
    buf_init(&b, 0);
    f->cookie[0] = '\0';
    ask(f, "GET", "/login", "", NULL, &b);
    between(b.p, "rel=\"stylesheet\" href=\"", '"', url, sizeof(url));
    ask(f, "GET", url, "", NULL, &b);
    expect(&b, "200", "Cache-Control: public, max-age=31536000, immutable\r\n");
    between(b.p, "ETag: ", '\r', etag, sizeof(etag));
    ask(f, "GET", "/static/app.css", "Accept-Encoding: gzip\r\n", NULL, &b);
    expect(&b, "200", "Content-Encoding: gzip\r\n");
    assert_non_null(strstr(b.p, "Cache-Control: no-cache\r\n"));
    snprintf(more, sizeof(more), "If-None-Match: %s\r\n", etag);
    ask(f, "GET", url, more, NULL, &b);
    expect(&b, "304", NULL);
    ask(f, "GET", "/static/other.css", "", NULL, &b);
    expect(&b, "404", NULL);
    ask(f, "HEAD", "/login", "", NULL, &b);
    expect(&b, "200", NULL);
    assert_null(strstr(b.p, "<html"));
    buf_release(&b);
}

static void refused_encodings_are_not_sent(void **state)
{
    static const char *const refused[] = {
        "gzip;q=0", "gzip; q=0", "deflate, gzip;q=0.000", "br", ""};
    static const char *const taken[] = {"gzip;q=0.1", "gzip", "br, gzip;q=1.0", "GZIP"};
    static const char *const paths[] = {"/static/app.css", "/login"};
    struct app_fix *f = *state;
    struct buf b;
    char more[120];
    buf_init(&b, 0);
    f->cookie[0] = '\0';
    for (size_t p = 0; p < 2; p++) {
        for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
            snprintf(more, sizeof(more), "Accept-Encoding: %s\r\n", refused[i]);
            ask(f, "GET", paths[p], more, NULL, &b);
            expect(&b, "200", NULL);
            if (strstr(b.p, "Content-Encoding"))
                fail_msg("%s sent packed for <%s>", paths[p], refused[i]);
        }
        for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
            snprintf(more, sizeof(more), "Accept-Encoding: %s\r\n", taken[i]);
            ask(f, "GET", paths[p], more, NULL, &b);
            expect(&b, "200", "Content-Encoding: gzip\r\n");
        }
    }
    buf_release(&b);
}

enum { MANY = 65 }; /* three pages */

static void take_many(struct app_fix *f)
{
    for (int i = 0; i < MANY; i++) {
        char name[40], text[200];
        snprintf(name, sizeof(name), "第%d号.txt", i);
        snprintf(text, sizeof(text),
            "第%d号翡翠通知\n\n各部门：\n\n请办理。\n\n办公室\n2025年%d月%d日\n", i, 1 + i / 28,
            1 + i % 28);
        take(f, name, text, LEVEL_OPEN);
    }
}

/* The data of a list as JSON, and the titles of its rows joined. */
static json_t *list_at(struct app_fix *f, const char *target, struct buf *titles)
{
    struct buf b;
    json_t *all, *row;
    size_t i;
    const char *body;
    buf_init(&b, 0);
    ask(f, "GET", target, "Accept: application/json\r\n", NULL, &b);
    expect(&b, "200", NULL);
    body = strstr(b.p, "\r\n\r\n") + 4;
    all = json_loads(body, 0, NULL);
    assert_non_null(all);
    json_array_foreach(json_object_get(json_object_get(all, "data"), "rows"), i, row)
    {
        buf_printf(titles, "%s\n", json_string_value(json_object_get(row, "title")));
    }
    buf_release(&b);
    return all;
}

static const char *pager_link(json_t *list, const char *which)
{
    return json_string_value(
        json_object_get(json_object_get(json_object_get(list, "data"), "pager"), which));
}

static int64_t pager_int(json_t *list, const char *which)
{
    return json_integer_value(
        json_object_get(json_object_get(json_object_get(list, "data"), "pager"), which));
}

/* Along `next` to the end and along `prev` back: each row once, the same pages both ways. */
static void walk_list(struct app_fix *f, const char *first, bool by_key)
{
    struct buf pages[4], all, again;
    char at[300];
    int n = 0;
    json_t *l;
    buf_init(&all, 0);
    snprintf(at, sizeof(at), "%s", first);
    for (n = 0; n < 4 && at[0]; n++) {
        buf_init(&pages[n], 0);
        l = list_at(f, at, &pages[n]);
        assert_int_equal(pager_int(l, "page"), n + 1);
        assert_int_equal(pager_int(l, "total"), MANY);
        assert_int_equal(strstr(pager_link(l, "next"), "after=") != NULL, by_key && n < 2);
        buf_str(&all, buf_view(&pages[n]));
        snprintf(at, sizeof(at), "%s", pager_link(l, "next"));
        if (!at[0])
            snprintf(at + 1, sizeof(at) - 1, "%s", pager_link(l, "prev"));
        json_decref(l);
    }
    assert_int_equal(n, 3);
    for (int i = 0; i < MANY; i++) {
        char title[60];
        snprintf(title, sizeof(title), "第%d号翡翠通知\n", i);
        assert_non_null(strstr(all.p, title));
    }
    memmove(at, at + 1, sizeof(at) - 1);
    for (int i = 1; i >= 0; i--) {
        buf_init(&again, 0);
        l = list_at(f, at, &again);
        assert_int_equal(pager_int(l, "page"), i + 1);
        assert_string_equal(again.p, pages[i].p);
        snprintf(at, sizeof(at), "%s", pager_link(l, "prev"));
        json_decref(l);
        buf_release(&again);
    }
    assert_string_equal(at, "");
    for (int i = 0; i < 3; i++)
        buf_release(&pages[i]);
    buf_release(&all);
}

static void what_a_practice_office_hands_out_says_so(void **state)
{
    struct app_fix *f = *state;
    struct buf b;
    buf_init(&b, 0);
    sign_in(f, "chief");
    ask(f, "GET", "/terms/export", "", NULL, &b);
    expect(&b, "200", "filename*=UTF-8''%E8%A7%84%E8%8C%83"); /* 规范表述 */
    f->office->practice = true;
    ask(f, "GET", "/terms/export", "", NULL, &b);
    f->office->practice = false;
    expect(&b, "200", "filename*=UTF-8''%E7%BB%83%E4%B9%A0-%E8%A7%84%E8%8C%83"); /* 练习- */
    buf_release(&b);
}

static void lists_are_paged_and_refuse_what_they_cannot_read(void **state)
{
    static const char *const wrong[][2] = {{"/library?from=abcd", "起始年份“abcd”不对"},
        {"/library?to=20245", "截止年份“20245”不对"},
        {"/library?year_from=abcd", "“year_from”不是这一页的条件"},
        {"/library?genre=x", "文种“x”不在可选的范围内"}, {"/library?status=9", "效力状态“9”"},
        {"/search?q=%E7%BF%A1%E7%BF%A0&level=-3", "知悉级别“-3”"}, {"/library?page=0", "页码“0”"},
        {"/library?order=size", "没有这种排序"}, {"/library?after=1-x", "翻页位置不对"},
        {"/library?before=zz", "翻页位置不对"}};
    static const char *const walks[] = {"/library?genre=8&from=2025&to=2025",
        "/search?order=old&q=%E7%BF%A1%E7%BF%A0", "/search?q=%E7%BF%A1%E7%BF%A0"};
    static const char *const far[] = {"/library?from=2025&to=2025&page=99999",
        "/search?q=%E7%BF%A1%E7%BF%A0&page=99999", "/library?from=2025&to=2025&page=4",
        "/library?from=2025&to=2025&page=9&after=1-1"};
    struct app_fix *f = *state;
    struct buf b;
    buf_init(&b, 0);
    sign_in(f, "chief");
    take_many(f);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        ask(f, "GET", wrong[i][0], "", NULL, &b);
        expect(&b, "400", wrong[i][1]);
    }
    for (size_t i = 0; i < sizeof(walks) / sizeof(walks[0]); i++)
        walk_list(f, walks[i], i < 2);
    for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
        json_t *l;
        buf_clear(&b);
        l = list_at(f, far[i], &b);
        assert_int_equal(pager_int(l, "page"), 3);
        assert_int_equal(
            json_array_size(json_object_get(json_object_get(l, "data"), "rows")), MANY - 60);
        json_decref(l);
    }
    ask(f, "GET", "/library?page=&from=&genre=&q=", "", NULL, &b); /* a form sent as it is */
    expect(&b, "200", NULL);
    buf_release(&b);
}

static void every_page_answers_json_and_the_schema_names_it(void **state)
{
    static const char *const paths[] = {"/", "/library", "/search", "/import", "/held", "/editions",
        "/subscriptions", "/categories", "/terms", "/terms/new", "/terms/holders",
        "/terms/holders/new", "/terms/candidates", "/account", "/help", "/check", "/rules"};
    struct app_fix *f = *state;
    struct buf b;
    json_t *schema, *page;
    struct err e;
    buf_init(&b, 0);
    sign_in(f, "chief");
    ask(f, "GET", "/api/schema", "", NULL, &b);
    assert_int_equal(jr_parse(str_z(strstr(b.p, "\r\n\r\n") + 4), &schema, &e), OK);
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        ask(f, "GET", paths[i], "Accept: application/json\r\n", NULL, &b);
        expect(&b, "200", "application/json");
        assert_int_equal(jr_parse(str_z(strstr(b.p, "\r\n\r\n") + 4), &page, &e), OK);
        if (!json_object_get(json_object_get(schema, "pages"), jr_str(page, "page").p))
            fail_msg("%s: its page is not in the schema", paths[i]);
        json_decref(page);
    }
    json_decref(schema);
    buf_release(&b);
}

/* An item that was shown is in the log of reading, one that was refused is not. */
static void reading_an_item_is_logged(void **state)
{
    struct app_fix *f = *state;
    struct item_script s = {.o = f->office};
    struct access_query q = {0};
    struct access_entry *v = NULL;
    struct arena a;
    struct buf b;
    struct err e = {.msg = ""};
    json_t *line = json_pack("{s:s,s:s,s:s,s:b,s:{s:s}}", "verb", "open", "as", "chief", "kind",
        "request", "draft", 1, "fields", "subject", "关于购置档案柜的请示");
    char path[80];
    struct db *db;
    size_t n = 0;

    arena_init(&a);
    buf_init(&b, 0);
    s.a = &a;
    if (item_script_line(&s, line, &q.item, &e) != OK)
        fail_msg("%s", e.msg);
    json_decref(line);
    snprintf(path, sizeof(path), "/items/%lld/thread", (long long)q.item);
    sign_in(f, "staff");
    ask(f, "GET", path, "", NULL, &b);
    expect(&b, "404", NULL);
    sign_in(f, "chief");
    ask(f, "GET", path, "", NULL, &b);
    expect(&b, "200", "档案柜");
    for (int i = 0; i < 200 && n == 0; i++) { /* it is written behind the answer */
        assert_int_equal(store_read(f->office->store, &db, &e), OK);
        assert_int_equal(audit_access_list(db, &a, &q, 10, &v, &n, &e), OK);
        store_read_end(db);
        if (n == 0)
            (void)nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    assert_int_equal(n, 1);
    assert_true(str_eq(v[0].person_name, S("chief")));
    assert_true(str_eq(v[0].what, S("办理脉络")));
    buf_release(&b);
    arena_release(&a);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_strangers_out),
        cmocka_unit_test(signs_in_and_asks_for_a_new_password),
        cmocka_unit_test(shows_each_reader_what_that_reader_may_see),
        cmocka_unit_test(wants_the_secret_of_the_session),
        cmocka_unit_test(escapes_what_documents_say),
        cmocka_unit_test(takes_an_upload),
        cmocka_unit_test(set_wording_is_kept_by_the_secretaries),
        cmocka_unit_test(a_table_is_taken_whole_or_refused),
        cmocka_unit_test(static_files_are_kept_for_ever),
        cmocka_unit_test(refused_encodings_are_not_sent),
        cmocka_unit_test(what_a_practice_office_hands_out_says_so),
        cmocka_unit_test(lists_are_paged_and_refuse_what_they_cannot_read),
        cmocka_unit_test(every_page_answers_json_and_the_schema_names_it),
        cmocka_unit_test(reading_an_item_is_logged),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests_name("app", tests, appfix_open, appfix_close);
}
