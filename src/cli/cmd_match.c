/* cmd_match.c - match FILE: which passages of a draft repeat documents of the library, for the owner of the data directory. */
#include <stdlib.h>
#include <unistd.h>

#include "base/utf8.h"
#include "cli/cli_int.h"
#include "office/access.h"
#include "office/library.h"

enum { EXCLUDE_MAX = 1000, MIN_MAX = 200 };

/* ---- the asking side ---- */

static enum code request(struct cli *c, json_t *args, struct err *e)
{
    struct cli_draft d;
    int64_t min, sources;

    TRY(cli_int(c, "min", (struct cli_range){MATCH_CHARS_MIN, MIN_MAX, MATCH_CHARS_MIN}, &min, e));
    TRY(cli_int(
        c, "sources", (struct cli_range){1, MATCH_SOURCES_MAX, MATCH_SOURCES}, &sources, e));
    TRY(cli_read_draft(c, c->args[0], &d, e));
    js_set(args, "text", d.text);
    json_object_set_new(args, "min", json_integer(min));
    json_object_set_new(args, "sources", json_integer(sources));
    json_object_set_new(args, "proofed", json_boolean(cli_flag(c, "proofed")));
    cli_pass(c, args, "exclude");
    return OK;
}

/* ---- the working side ---- */

static const char *edit_name(enum match_edit_kind k)
{
    return k == MATCH_CHANGED ? "changed" : k == MATCH_ADDED ? "added" : "missing";
}

static struct str piece(struct str s, int64_t begin, int64_t end)
{
    size_t at = utf8_off(s, (size_t)begin);
    struct str rest = str_sub(s, at, s.n);

    return str_sub(rest, 0, utf8_off(rest, (size_t)(end - begin)));
}

static json_t *edits_json(const struct match_passage *p, struct str text)
{
    const struct match_source *s = &p->sources[0];
    json_t *v = json_array();
    struct str draft = str_sub(text, p->begin, p->end - p->begin);

    for (size_t i = 0; i < p->n_edits; i++) {
        const struct match_edit *x = &p->edits[i];
        json_t *o = json_object();
        js_set(o, "kind", str_z(edit_name(x->kind)));
        json_object_set_new(o, "begin", json_integer(x->begin_cp));
        json_object_set_new(o, "end", json_integer(x->end_cp));
        json_object_set_new(o, "source_begin", json_integer(x->source_begin_cp));
        json_object_set_new(o, "source_end", json_integer(x->source_end_cp));
        js_set(o, "text", piece(draft, x->begin_cp - p->begin_cp, x->end_cp - p->begin_cp));
        js_set(o, "source_text",
            piece(s->text, x->source_begin_cp - s->begin_cp, x->source_end_cp - s->begin_cp));
        json_array_append_new(v, o);
    }
    return v;
}

static json_t *source_json(const struct library_match *m, const struct match_source *s, bool first)
{
    const struct document *d = library_match_doc(m, s->doc);
    json_t *o = json_object();

    json_object_set_new(o, "doc", json_sprintf("%lld", (long long)s->doc));
    js_set(o, "title", d ? d->title : S(""));
    js_set(o, "docno", d ? d->docno : S(""));
    js_set(o, "issuer", d ? d->issuer_name : S(""));
    js_set(o, "date", d ? d->day : S(""));
    js_set(o, "status", d ? str_z(doc_status_name(d->status)) : S(""));
    json_object_set_new(o, "begin", json_integer(s->begin_cp));
    json_object_set_new(o, "end", json_integer(s->end_cp));
    js_set(o, "text", s->text);
    json_object_set_new(o, "authority", json_boolean(first));
    json_object_set_new(o, "exact", json_boolean(s->exact));
    json_object_set_new(o, "similarity", json_real(s->similarity));
    return o;
}

static json_t *passage_json(
    const struct library_match *m, const struct match_passage *p, struct str text)
{
    json_t *o = json_object(), *sources = json_array();

    json_object_set_new(o, "begin", json_integer(p->begin_cp));
    json_object_set_new(o, "end", json_integer(p->end_cp));
    js_set(o, "text", str_sub(text, p->begin, p->end - p->begin));
    js_set(o, "kind", p->exact ? S("exact") : S("altered"));
    json_object_set_new(o, "punct_differs", json_boolean(p->punct_differs));
    json_object_set_new(o, "formula", json_boolean(p->formula));
    json_object_set_new(o, "group", json_integer(p->group));
    json_object_set_new(o, "weight", json_real(p->weight));
    json_object_set_new(o, "documents", json_integer(p->documents));
    json_object_set_new(o, "edits", edits_json(p, text));
    for (size_t i = 0; i < p->n_sources; i++)
        json_array_append_new(sources, source_json(m, &p->sources[i], i == 0));
    json_object_set_new(o, "sources", sources);
    return o;
}

static void say_matches(const struct teller *t, struct str text, const struct library_match *m)
{
    json_t *o = json_object(), *v = json_array();

    json_object_set_new(o, "chars", json_integer(m->match.chars));
    json_object_set_new(o, "ms", json_real((double)m->us / 1000.0));
    json_object_set_new(o, "documents", json_integer(m->documents));
    if (m->behind)
        json_object_set_new(o, "behind", json_integer(m->behind));
    if (m->match.clipped)
        json_object_set_new(o, "clipped", json_true());
    for (size_t i = 0; i < m->match.n; i++)
        json_array_append_new(v, passage_json(m, &m->match.passages[i], text));
    json_object_set_new(o, "matches", v);
    (void)t->say(t->arg, o);
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static enum code ids_of(struct arena *a, struct str list, struct match_options *o, struct err *e)
{
    int64_t *v = ARENA_ARRAY(a, int64_t, EXCLUDE_MAX);
    struct str one;

    while (str_next(&list, S(","), &one)) {
        if (o->n_exclude == EXCLUDE_MAX)
            return FAIL(e, E_LIMIT, "选项“--exclude”最多%d个编号", (int)EXCLUDE_MAX);
        if (str_int(str_trim(one), &v[o->n_exclude], e) != OK)
            return FAIL(e, E_INPUT, "选项“--exclude”的值“%.*s”不是文件编号", SF(one));
        o->n_exclude++;
    }
    if (o->n_exclude)
        qsort(v, o->n_exclude, sizeof(*v), by_number);
    o->exclude = v;
    return OK;
}

static enum code work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct library_filter f = library_filter_any();
    struct viewer v = viewer_owner();
    int64_t min = jr_int(args, "min", 0), sources = jr_int(args, "sources", 0);
    struct match_options how = {.min_chars = (uint32_t)min, .max_sources = (uint32_t)sources};
    struct str text = jr_str(args, "text");
    struct library_match m;
    struct arena a;
    enum code c;

    if (min < 0 || min > MIN_MAX || sources < 0 || sources > MATCH_SOURCES_MAX)
        return FAIL(e, E_INPUT, "比对请求的参数不对");
    f.proofed_only = jr_bool(args, "proofed", false);
    arena_init(&a);
    c = ids_of(&a, jr_str(args, "exclude"), &how, e);
    if (c == OK)
        c = library_match(o, &a, &v, text, &f, &how, &m, e);
    if (c == OK)
        say_matches(t, text, &m);
    arena_release(&a);
    return c;
}

/* ---- showing ---- */

static const char *const plain[] = {"", "", ""}, *const coloured[] = {
                                                     "\033[31m", "\033[32m", "\033[0m"};

/* Text without line breaks. */
static void print_line(struct str s)
{
    struct str line;
    bool first = true;

    while (str_next(&s, S("\n"), &line)) {
        printf("%s%.*s", first ? "" : " ", SF(line));
        first = false;
    }
}

/* The passage with its changes: 〔原文→本稿〕. */
static void print_redline(const json_t *p, const char *const *colour)
{
    struct str text = jr_str(p, "text");
    int64_t begin = jr_int(p, "begin", 0), at = begin;
    const json_t *x;
    size_t i;

    json_array_foreach(json_object_get(p, "edits"), i, x)
    {
        int64_t from = jr_int(x, "begin", 0), to = jr_int(x, "end", 0);
        struct str was = jr_str(x, "source_text"), is = jr_str(x, "text");
        print_line(piece(text, at - begin, from - begin));
        if (was.n && is.n)
            printf("〔%s%.*s%s→%s%.*s%s〕", colour[0], SF(was), colour[2], colour[1], SF(is),
                colour[2]);
        else if (was.n)
            printf("〔缺：%s%.*s%s〕", colour[0], SF(was), colour[2]);
        else
            printf("〔增：%s%.*s%s〕", colour[1], SF(is), colour[2]);
        at = to;
    }
    print_line(piece(text, at - begin, (int64_t)utf8_len_cp(text)));
    putchar('\n');
}

static void print_source(const json_t *s)
{
    static const char *const facts[] = {"docno", "issuer", "date"};
    struct str status = jr_str(s, "status");

    printf("《%.*s》", SF(jr_str(s, "title")));
    for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++)
        if (jr_str(s, facts[i]).n)
            printf("  %.*s", SF(jr_str(s, facts[i])));
    if (str_eq(status, str_z(doc_status_name(STATUS_REVISED))) ||
        str_eq(status, str_z(doc_status_name(STATUS_REPEALED))))
        printf("  %.*s", SF(status));
}

static void print_passage(int64_t n, const json_t *p, const char *const *colour)
{
    const json_t *sources = json_object_get(p, "sources"), *first = json_array_get(sources, 0);
    size_t edits = json_array_size(json_object_get(p, "edits"));
    int64_t documents = jr_int(p, "documents", 0);
    bool exact = str_eq(jr_str(p, "kind"), S("exact"));

    printf("%lld. 第%lld至%lld字", (long long)n, (long long)jr_int(p, "begin", 0) + 1,
        (long long)jr_int(p, "end", 0));
    if (!exact)
        printf("，与出处有%zu处不同", edits);
    else
        printf(jr_bool(p, "punct_differs", false) ? "，文字一致，标点不同" : "，一致");
    if (documents > 1)
        printf("，另见于%lld份文件", (long long)documents - 1);
    printf("\n   ");
    print_redline(p, colour);
    printf("   出处：");
    print_source(first);
    putchar('\n');
    if (exact ? jr_bool(p, "punct_differs", false) : edits > 0) {
        printf("   原文：");
        print_line(jr_str(first, "text"));
        putchar('\n');
    }
}

static enum code show(struct cli *c, json_t *said, struct err *e)
{
    const char *const *colour = isatty(STDOUT_FILENO) == 1 ? coloured : plain;
    json_t *v = json_object_get(said, "matches"), *p;
    int64_t n = 0, formulas = 0;
    char one[32], two[32];
    size_t i;

    c->status = json_array_size(v) ? 0 : 1;
    if (c->json)
        return cli_print_json(said, e);
    json_array_foreach(v, i, p)
    {
        if (jr_bool(p, "formula", false) && !cli_flag(c, "all"))
            formulas++;
        else
            print_passage(++n, p, colour);
    }
    printf("共%s处", thousands(n, one));
    if (formulas)
        printf("，另有%s处是多份文件都有的短语，用 --all 列出", thousands(formulas, two));
    printf("；全文%s字，", thousands(jr_int(said, "chars", 0), one));
    printf("比对了%s份，", thousands(jr_int(said, "documents", 0), two));
    printf("%.3f毫秒\n", json_number_value(json_object_get(said, "ms")));
    if (jr_int(said, "behind", 0))
        printf("索引正在建立，还有%s份未计入\n", thousands(jr_int(said, "behind", 0), one));
    return OK;
}

static const struct cli_option options[] = {
    {"all", NULL, "多份文件都有的短语也列出"},
    {"min", "字数", "至少连续多少字，不计标点，13到200，默认13"},
    {"sources", "个数", "JSON 中每处最多列几个出处，1到64，默认8"},
    {"exclude", "编号", "不作为出处的文件，多个用逗号隔开，例如本稿的旧稿"},
    {"proofed", NULL, "不与待核的识别文字比对"},
    {NULL, NULL, NULL},
};

const struct command cmd_match = {
    .name = "match",
    .args = "FILE",
    .summary = "找出文稿中与资料库相同或相近的段落",
    .about =
        "FILE 是 txt、docx、pdf、ofd 等，写成 - "
        "是标准输入。每处给出最权威的出处，逐字标出与出处的\n"
        "不同：〔原文→本稿〕。标点和空格不同仍算相同，另行注明。没有相同的段落时退出状态为1。\n"
        "JSON 的 begin、end 是正文中的字符位置。",
    .options = options,
    .args_min = 1,
    .args_max = 1,
    .reads = true,
    .request = request,
    .work = work,
    .show = show,
};
