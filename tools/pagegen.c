/* pagegen - from the page tables (web/pages/NAME.page) the structs of the pages, their JSON writers and
 * the API schema, so that each is declared once.
 *
 *     # comment
 *     page library /library “资料库列表”
 *         int total “文件总数”
 *         list<library_row> rows “本页的文件”
 *     struct library_row “列表里的一份文件”
 *         id id “文件编号”
 *         str title “标题”
 *
 *     form label /library/:id/label “标注”       what is sent to that address (POST); no C is made of it
 *         str status “效力状态”
 *         list<id> categories “类别，可以几个”
 *         file scan “扫描件”
 *     query library /library “资料库列表”         what may stand behind the ? of that address (GET)
 *
 * Types: str int id bool time day html, a struct's name, list<struct>; in forms and queries the basic ones, lists of them,
 * and file. A struct must be declared before it is used (files are read in the order given); the rest may stand anywhere.
 * usage: pagegen OUTDIR FILE.page... ; writes OUTDIR/pages.h and OUTDIR/pages.c. */
#include "gen.h"

struct field {
    struct str type, name, text;
    bool list;
};

enum what { STRUCT, PAGE, FORM, QUERY, N_WHAT };
static const char *const whats[N_WHAT] = {"struct", "page", "form", "query"};

struct record {
    enum what what;
    struct str name, path, text;
    struct field *fields;
    size_t n, cap;
};

struct gen {
    struct arena a;
    struct record *v;
    size_t n, cap;
    const char *file;
    int line;
};

static void fail(const struct gen *g, const char *why, struct str what)
{
    fprintf(stderr, "%s:%d: error: %s: %.*s\n", g->file, g->line, why, SF(what));
    _Exit(2);
}

static struct str word(struct str *rest)
{
    struct str w;
    *rest = str_trim(*rest);
    if (!str_cut(*rest, S(" "), &w, rest)) {
        w = *rest;
        *rest = S("");
    }
    return w;
}

static struct str quoted(const struct gen *g, struct str rest)
{
    rest = str_trim(rest);
    if (!str_eat(&rest, S("“")) || !str_eat_end(&rest, S("”")))
        fail(g, "the description must stand in “”", rest);
    return rest;
}

static bool is_basic(struct str t)
{
    static const char *const basic[] = {"str", "int", "id", "bool", "time", "day", "html"};
    for (size_t i = 0; i < sizeof(basic) / sizeof(basic[0]); i++)
        if (str_eq(t, str_z(basic[i])))
            return true;
    return false;
}

static bool is_struct(const struct gen *g, struct str t)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->v[i].what == STRUCT && str_eq(g->v[i].name, t))
            return true;
    return false;
}

static bool known(const struct gen *g, const struct record *r, const struct field *f)
{
    if (r->what == FORM || r->what == QUERY)
        return is_basic(f->type) || (r->what == FORM && str_eq(f->type, S("file")));
    return is_struct(g, f->type) || (!f->list && is_basic(f->type));
}

static void take_line(struct gen *g, struct str line)
{
    struct str rest = line, first = word(&rest);
    bool indented = line.p[0] == ' ';
    struct record *r = g->n ? &g->v[g->n - 1] : NULL;
    if (!indented) {
        struct record next = {STRUCT, {0}, {0}, {0}, NULL, 0, 0};
        while (next.what < N_WHAT && !str_eq(first, str_z(whats[next.what])))
            next.what++;
        if (next.what == N_WHAT)
            fail(g, "expected page, struct, form or query", first);
        next.name = word(&rest);
        if (next.what != STRUCT)
            next.path = word(&rest);
        next.text = quoted(g, rest);
        ARENA_PUSH(&g->a, g->v, g->n, g->cap) = next;
        return;
    }
    if (!r)
        fail(g, "a field outside of a page or struct", line);
    struct field f = {first, word(&rest), {0}, false};
    f.text = quoted(g, rest);
    f.list = str_eat(&f.type, S("list<")) && str_eat_end(&f.type, S(">"));
    if (!known(g, r, &f))
        fail(g, "unknown type (a struct is declared before it is used)", f.type);
    ARENA_PUSH(&g->a, r->fields, r->n, r->cap) = f;
}

static void read_file(struct gen *g, const char *path)
{
    struct str rest = gen_read(&g->a, path), line;
    g->file = path;
    g->line = 0;
    while (str_next(&rest, S("\n"), &line)) {
        g->line++;
        if (str_trim(line).n > 0 && str_trim(line).p[0] != '#')
            take_line(g, line);
    }
}

static const char *c_type(struct str t)
{
    static const char *const map[][2] = {{"str", "struct str "}, {"int", "int64_t "},
        {"id", "int64_t "}, {"bool", "bool "}, {"time", "struct instant "},
        {"day", "struct iso_day "}, {"html", "struct safe_html "}};
    for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++)
        if (str_eq(t, str_z(map[i][0])))
            return map[i][1];
    return NULL;
}

static void put_field(FILE *o, const struct field *f)
{
    const char *t = c_type(f->type);
    if (f->list)
        fprintf(o, "    struct %.*s *%.*s; /* %.*s */\n    size_t n_%.*s;\n", SF(f->type),
            SF(f->name), SF(f->text), SF(f->name));
    else if (t)
        fprintf(o, "    %s%.*s; /* %.*s */\n", t, SF(f->name), SF(f->text));
    else
        fprintf(o, "    struct %.*s %.*s; /* %.*s */\n", SF(f->type), SF(f->name), SF(f->text));
}

static void put_struct(FILE *o, const struct record *r)
{
    fprintf(o, "/* %.*s */\nstruct %s%.*s {\n", SF(r->text), r->what == PAGE ? "page_" : "",
        SF(r->name));
    for (size_t i = 0; i < r->n; i++)
        put_field(o, &r->fields[i]);
    if (r->n == 0)
        fputs("    char empty;\n", o);
    fputs("};\n\n", o);
}

static void put_header(const struct gen *g, FILE *o)
{
    fputs(
        "/* Made by tools/pagegen.c from web/pages: change those. */\n#ifndef GEN_PAGES_H\n"
        "#define GEN_PAGES_H\n\n#include \"base/json.h\"\n#include \"web/tmpl.h\"\n\nstruct ctx;\n"
        "struct shell;\nextern const char pages_schema[];\n\n",
        o);
    for (size_t i = 0; i < g->n; i++)
        if (g->v[i].what == STRUCT)
            put_struct(o, &g->v[i]);
    for (size_t i = 0; i < g->n; i++)
        if (g->v[i].what == PAGE) {
            struct str n = g->v[i].name;
            put_struct(o, &g->v[i]);
            fprintf(o,
                "void tmpl_%.*s(struct buf *o, const struct shell *shell, const struct page_%.*s "
                "*p);\n"
                "void json_page_%.*s(struct jw *j, const struct page_%.*s *p);\n"
                "/* Answer with the page, or with its struct as JSON where that was asked for. */\n"
                "void show_%.*s(struct ctx *c, const struct page_%.*s *p);\n\n",
                SF(n), SF(n), SF(n), SF(n), SF(n), SF(n));
        }
    fputs("#endif\n", o);
}

static void put_json_field(FILE *o, const struct field *f)
{
    fprintf(o, "    jw_key(j, S(\"%.*s\"));\n", SF(f->name));
    if (f->list)
        fprintf(o,
            "    jw_arr(j);\n    for (size_t i = 0; i < p->n_%.*s; i++)\n"
            "        json_%.*s(j, &p->%.*s[i]);\n    jw_end(j);\n",
            SF(f->name), SF(f->type), SF(f->name));
    else if (!c_type(f->type))
        fprintf(o, "    json_%.*s(j, &p->%.*s);\n", SF(f->type), SF(f->name));
    else if (str_eq(f->type, S("time")))
        fprintf(o, "    jw_int(j, p->%.*s.ms);\n", SF(f->name));
    else if (str_eq(f->type, S("day")) || str_eq(f->type, S("html")))
        fprintf(o, "    jw_str(j, p->%.*s.s);\n", SF(f->name));
    else
        fprintf(o, "    jw_%.*s(j, p->%.*s);\n", SF(f->type), SF(f->name));
}

static void put_json(FILE *o, const struct record *r)
{
    bool page = r->what == PAGE;
    const char *pre = page ? "page_" : "";
    fprintf(o,
        "%svoid json_%s%.*s(struct jw *j, const struct %s%.*s *p)\n{\n    (void)p;\n    "
        "jw_obj(j);\n",
        page ? "" : "static ", pre, SF(r->name), pre, SF(r->name));
    for (size_t i = 0; i < r->n; i++)
        put_json_field(o, &r->fields[i]);
    fputs("    jw_end(j);\n}\n\n", o);
    if (page)
        fprintf(o,
            "void show_%.*s(struct ctx *c, const struct page_%.*s *p)\n{\n    struct jw j;\n"
            "    if (ctx_json_begin(c, &j, \"%.*s\")) {\n        json_page_%.*s(&j, p);\n"
            "        ctx_json_end(c, &j);\n    } else {\n"
            "        tmpl_%.*s(ctx_html(c), ctx_shell(c), p);\n    }\n}\n\n",
            SF(r->name), SF(r->name), SF(r->name), SF(r->name), SF(r->name));
}

static void put_schema_fields(FILE *o, const struct record *r)
{
    for (size_t k = 0; k < r->n; k++)
        fprintf(o,
            "    "
            "\"%s{\\\"name\\\":\\\"%.*s\\\",\\\"type\\\":\\\"%.*s\\\",\\\"list\\\":%s,"
            "\\\"text\\\":\\\"%.*s\\\"}\"\n",
            k ? "," : "", SF(r->fields[k].name), SF(r->fields[k].type),
            r->fields[k].list ? "true" : "false", SF(r->fields[k].text));
}

/* The schema as a C string: {"pages":{name:{"path","text","fields":[{"name","type","list","text"}]}},
 * "structs", "forms", "queries": the same} */
static void put_schema_of(FILE *o, const struct gen *g, enum what what, const char *key)
{
    bool first = true;
    fprintf(o, "    \"%s\\\"%s\\\":{\"\n", key[0] == ',' ? "," : "", key + (key[0] == ','));
    for (size_t i = 0; i < g->n; i++) {
        const struct record *r = &g->v[i];
        if (r->what != what)
            continue;
        fprintf(o,
            "    "
            "\"%s\\\"%.*s\\\":{\\\"path\\\":\\\"%.*s\\\",\\\"text\\\":\\\"%.*s\\\",\\\"fields\\\":["
            "\"\n",
            first ? "" : ",", SF(r->name), SF(r->path), SF(r->text));
        put_schema_fields(o, r);
        fputs("    \"]}\"\n", o);
        first = false;
    }
    fputs("    \"}\"\n", o);
}

static void put_source(const struct gen *g, FILE *o)
{
    fputs("/* Made by tools/pagegen.c from web/pages: change those. */\n#include \"pages.h\"\n\n"
          "#include \"web/ctx.h\"\n\n",
        o);
    for (size_t i = 0; i < g->n; i++)
        if (g->v[i].what == STRUCT)
            put_json(o, &g->v[i]);
    for (size_t i = 0; i < g->n; i++)
        if (g->v[i].what == PAGE)
            put_json(o, &g->v[i]);
    fputs("const char pages_schema[] =\n    \"{\"\n", o);
    put_schema_of(o, g, PAGE, "pages");
    put_schema_of(o, g, STRUCT, ",structs");
    put_schema_of(o, g, FORM, ",forms");
    put_schema_of(o, g, QUERY, ",queries");
    fputs("    \"}\";\n", o);
}

static void save(
    struct gen *g, const char *dir, const char *name, void (*put)(const struct gen *g, FILE *o))
{
    char *text = NULL;
    size_t n = 0;
    FILE *o = open_memstream(&text, &n);
    if (!o) {
        perror(name);
        _Exit(2);
    }
    put(g, o);
    if (fclose(o) != 0) {
        perror(name);
        _Exit(2);
    }
    gen_write(&g->a, dir, name, (struct str){text, n});
    free(text);
}

int main(int argc, char **argv)
{
    struct gen g;
    if (argc < 3)
        return 2;
    memset(&g, 0, sizeof(g));
    arena_init(&g.a);
    for (int i = 2; i < argc; i++)
        read_file(&g, argv[i]);
    save(&g, argv[1], "pages.h", put_header);
    save(&g, argv[1], "pages.c", put_source);
    arena_release(&g.a);
    return 0;
}
