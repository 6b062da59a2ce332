/* cmd_search.c - search QUERY: the library searched by the owner of the data directory, who sees everything. */
#include <string.h>
#include <unistd.h>

#include "cli/cli_int.h"
#include "office/access.h"
#include "office/library.h"
#include "text/genre.h"

/* ---- the asking side ---- */

static enum code year_range(const char *v, json_t *args, struct err *e)
{
    struct str from = str_z(v), to = from;
    int64_t a = 0, b = 0;
    struct err none;
    (void)str_cut(str_z(v), S("-"), &from, &to);
    if ((from.n && str_int(from, &a, &none) != OK) || (to.n && str_int(to, &b, &none) != OK) ||
        (from.n && (a < 1900 || a > 2999)) || (to.n && (b < 1900 || b > 2999)))
        return FAIL(e, E_INPUT, "选项“--year”的值“%s”应像 2024 或 2020-2024", v);
    json_object_set_new(args, "year_from", json_integer(a));
    json_object_set_new(args, "year_to", json_integer(b));
    return OK;
}

static enum code order_of(const char *v, json_t *args, struct err *e)
{
    static const struct {
        const char *word;
        enum library_order order;
    } words[] = {
        {"rank", LIBRARY_RANK},
        {"newest", LIBRARY_NEWEST},
        {"oldest", LIBRARY_OLDEST},
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (strcmp(words[i].word, v) == 0) {
            json_object_set_new(args, "order", json_integer(words[i].order));
            return OK;
        }
    return FAIL(
        e, E_INPUT, "选项“--order”的值“%s”应是 rank（权威）、newest（新）、oldest（旧）之一", v);
}

static enum code request(struct cli *c, json_t *args, struct err *e)
{
    enum doc_status status;
    int64_t limit, offset;
    js_set(args, "query", str_z(c->args[0]));
    TRY(cli_int(c, "limit", (struct cli_range){1, DOCUMENT_MANY, 10}, &limit, e));
    TRY(cli_int(c, "offset", (struct cli_range){0, 100000000, 0}, &offset, e));
    json_object_set_new(args, "limit", json_integer(limit));
    json_object_set_new(args, "offset", json_integer(offset));
    json_object_set_new(args, "status", json_integer(-1));
    cli_pass(c, args, "issuer");
    if (cli_value(c, "year"))
        TRY(year_range(cli_value(c, "year"), args, e));
    if (cli_value(c, "order"))
        TRY(order_of(cli_value(c, "order"), args, e));
    const char *g = cli_value(c, "genre"), *s = cli_value(c, "status");
    if (g) {
        int genre = genre_of_name(str_z(g));
        if (!genre)
            return FAIL(e, E_INPUT, "选项“--genre”的值“%s”不是文种，例如 通知、意见、条例", g);
        json_object_set_new(args, "genre", json_integer(genre));
    }
    if (s) {
        if (!doc_status_of(str_z(s), &status))
            return FAIL(
                e, E_INPUT, "选项“--status”的值“%s”应是 现行、已修订、已废止、未标注 之一", s);
        json_object_set_new(args, "status", json_integer(status));
    }
    json_object_set_new(args, "proofed", json_boolean(cli_flag(c, "proofed")));
    return OK;
}

/* ---- the working side ---- */

static json_t *hit_json(const struct library_hit *h)
{
    json_t *o = json_object(), *marks = json_array();
    json_object_set_new(o, "doc", json_sprintf("%lld", (long long)h->doc.id));
    js_set(o, "title", h->doc.title);
    js_set(o, "docno", h->doc.docno);
    js_set(o, "issuer", h->doc.issuer_name);
    js_set(o, "date", h->doc.day);
    json_object_set_new(o, "begin", json_integer(h->begin_cp));
    json_object_set_new(o, "end", json_integer(h->end_cp));
    js_set(o, "snippet", h->snippet);
    for (size_t i = 0; i < h->n_marks; i++)
        json_array_append_new(
            marks, json_pack("[i,i]", (int)h->marks[i].begin, (int)h->marks[i].end));
    json_object_set_new(o, "marks", marks); /* for the terminal; not printed */
    return o;
}

static void say_page(const struct teller *t, struct str query, const struct library_page *p)
{
    json_t *o = json_object(), *hits = json_array();
    js_set(o, "query", query);
    json_object_set_new(o, "total", json_integer(p->total));
    json_object_set_new(o, "occurrences", json_integer(p->occurrences));
    json_object_set_new(o, "ms", json_real((double)p->us / 1000.0));
    json_object_set_new(o, "documents", json_integer(p->documents));
    if (p->behind)
        json_object_set_new(o, "behind", json_integer(p->behind));
    for (size_t i = 0; i < p->n; i++)
        json_array_append_new(hits, hit_json(&p->hits[i]));
    json_object_set_new(o, "hits", hits);
    (void)t->say(t->arg, o);
}

static enum code work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct library_filter f = library_filter_any();
    struct library_page page;
    struct viewer v = viewer_owner();
    struct arena a;
    struct str query = jr_str(args, "query");
    f.issuer = jr_str(args, "issuer");
    f.year_from = (int)jr_int(args, "year_from", 0);
    f.year_to = (int)jr_int(args, "year_to", 0);
    f.genre = (int)jr_int(args, "genre", 0);
    f.status = (int)jr_int(args, "status", 0);
    f.proofed_only = jr_bool(args, "proofed", false);
    int64_t order = jr_int(args, "order", 0), offset = jr_int(args, "offset", 0),
            limit = jr_int(args, "limit", 0);
    if (order < 0 || order > LIBRARY_OLDEST || offset < 0 || limit < 1 || limit > DOCUMENT_MANY)
        return FAIL(e, E_INPUT, "检索请求的参数不对");
    arena_init(&a);
    enum code c = library_search(
        o, &a, &v, query, &f, (enum library_order)order, (size_t)offset, (size_t)limit, &page, e);
    if (c == OK)
        say_page(t, query, &page);
    arena_release(&a);
    return c;
}

/* ---- showing ---- */

static void print_snippet(const json_t *hit, bool colour)
{
    struct str s = jr_str(hit, "snippet");
    size_t at = 0, i;
    const json_t *m;
    if (!s.n)
        return;
    fputs("    ", stdout);
    json_array_foreach(json_object_get(hit, "marks"), i, m)
    {
        size_t b = (size_t)json_integer_value(json_array_get(m, 0));
        size_t end = (size_t)json_integer_value(json_array_get(m, 1));
        if (!colour || b < at || end > s.n || end < b)
            continue;
        printf("%.*s\033[1;31m%.*s\033[0m", SF(str_sub(s, at, b - at)), SF(str_sub(s, b, end - b)));
        at = end;
    }
    printf("%.*s\n", SF(str_sub(s, at, s.n)));
}

static void print_hit(int64_t n, const json_t *hit, bool colour)
{
    static const char *const facts[] = {"docno", "issuer", "date"};
    printf("%lld. %.*s", (long long)n, SF(jr_str(hit, "title")));
    for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++)
        if (jr_str(hit, facts[i]).n)
            printf("  %.*s", SF(jr_str(hit, facts[i])));
    putchar('\n');
    print_snippet(hit, colour);
}

static enum code show(struct cli *c, json_t *said, struct err *e)
{
    json_t *hits = json_object_get(said, "hits"), *hit;
    size_t i;
    int64_t total = jr_int(said, "total", 0), offset = 0;
    char n[32], m[32];
    c->status = total ? 0 : 1;
    TRY(cli_int(c, "offset", (struct cli_range){0, 100000000, 0}, &offset, e));
    if (c->json) {
        json_array_foreach(hits, i, hit)
        {
            json_object_del(hit, "marks");
        }
        return cli_print_json(said, e);
    }
    bool colour = isatty(STDOUT_FILENO) == 1;
    json_array_foreach(hits, i, hit)
    {
        print_hit(offset + (int64_t)i + 1, hit, colour);
    }
    printf("共%s份", thousands(total, n));
    if (*c->args[0])
        printf("，%s处", thousands(jr_int(said, "occurrences", 0), m));
    printf("；检索了%s份，", thousands(jr_int(said, "documents", 0), n));
    printf("%.3f毫秒\n", json_number_value(json_object_get(said, "ms")));
    if (jr_int(said, "behind", 0))
        printf("索引正在建立，还有%s份未计入\n", thousands(jr_int(said, "behind", 0), n));
    return OK;
}

static const struct cli_option options[] = {
    {"limit", "条数", "最多列出几条，1到100，默认10"},
    {"offset", "条数", "跳过前几条"},
    {"order", "次序", "rank 权威在前（默认）、newest 新的在前、oldest 旧的在前"},
    {"issuer", "机关", "发文机关，写名称的一部分即可"},
    {"year", "年份", "成文年份：2024，或 2020-2024"},
    {"genre", "文种", "通知、意见、决定、条例等"},
    {"status", "效力", "现行、已修订、已废止、未标注"},
    {"proofed", NULL, "不含待核的识别文字"},
    {NULL, NULL, NULL},
};

const struct command cmd_search = {
    .name = "search",
    .args = "QUERY",
    .summary = "检索资料库",
    .about = "任何一个字以上的词句都能找到，计数准确。空格是“并且”，OR、NOT 和括号可用，\n"
             "词句内有空格时加引号。QUERY 写成空字符串是列出全部。\n"
             "没有找到时退出状态为1。JSON 的 begin、end 是正文中的字符位置，只在标题里有时为-1。",
    .options = options,
    .args_min = 1,
    .args_max = 1,
    .reads = true,
    .request = request,
    .work = work,
    .show = show,
};
