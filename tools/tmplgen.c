/* tmplgen - templates (web/templates/NAME.html) to C over the structs of the pages, with #line, so that a
 * wrong field is an error of the compiler at the template's line.
 *
 *     <%@ page library layout shell(S("资料库")) %>      first line of a page: tmpl_library(o, shell, p)
 *     <%@ part pager(const struct pager *pg) %>           a piece with parameters: part_pager(o, shell, pg)
 *     <%@ layout shell(struct str title) %>               two functions, divided at <% body %>
 *     <%= expr %>                                         escaped by type; raw only for struct safe_html
 *     <% if e %> <% elif e %> <% else %> <% for x in p->rows %> <% let x = e %> <% end %>
 *     <% part pager(&p->pager) %>   <%# comment %>
 *
 * `for x in A->rows` walks A->rows[0 .. A->n_rows); x points at the element. Indentation and empty lines
 * of the template are not sent.
 * usage: tmplgen OUTDIR FILE.html... ; writes OUTDIR/templates.h and OUTDIR/templates.c. */
#include "gen.h"

enum { DEPTH_MAX = 32 };

struct tmpl {
    struct arena a;
    struct buf head, code; /* prototypes; bodies */
    const char *file;
    int line;
    int depth;
    struct str tail;                  /* what closes the function: the layout's end */
    struct str layout, layout_params; /* of the layout being compiled */
    bool open;
};

static void fail(const struct tmpl *t, const char *why, struct str what)
{
    fprintf(stderr, "%s:%d: error: %s: %.*s\n", t->file, t->line, why, SF(what));
    _Exit(2);
}

static void put_line(struct tmpl *t)
{
    buf_printf(&t->code, "#line %d \"%s\"\n", t->line, t->file);
}

static void put_literal(struct tmpl *t, struct str s)
{
    struct buf b;
    size_t n = 0;
    bool start = false; /* the text before was a tag of ours: blanks there may matter */
    buf_init(&b, 0);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (start && (c == ' ' || c == '\t' || c == '\n' || c == '\r'))
            continue;
        start = c == '\n';
        n++;
        if (c == '\n')
            buf_z(&b, "\\n\"\n        \"");
        else if (c == '"' || c == '\\')
            buf_printf(&b, "\\%c", c);
        else if (c == '?')
            buf_z(&b, "\\?");
        else
            buf_char(&b, c);
    }
    if (n > 0)
        buf_printf(&t->code, "    buf_add(o,\n        \"%.*s\", %zu);\n", SF(buf_view(&b)), n);
    buf_release(&b);
}

/* "name(params)" */
static void call_parts(struct tmpl *t, struct str s, struct str *name, struct str *args)
{
    s = str_trim(s);
    if (!str_cut(s, S("("), name, args) || !str_eat_end(args, S(")")))
        fail(t, "expected name(...)", s);
}

static void begin_function(struct tmpl *t, const char *kind, struct str name, struct str params)
{
    const char *sep = str_trim(params).n ? ", " : "";
    buf_printf(&t->head, "void %s_%.*s(struct buf *o, const struct shell *shell%s%.*s);\n", kind,
        SF(name), sep, SF(params));
    buf_printf(&t->code,
        "void %s_%.*s(struct buf *o, const struct shell *shell%s%.*s)\n{\n"
        "    (void)shell;\n",
        kind, SF(name), sep, SF(params));
    t->open = true;
}

static void end_function(struct tmpl *t)
{
    if (t->depth != 0)
        fail(t, "an if or for is not closed by <% end %>", S(""));
    buf_str(&t->code, t->tail);
    buf_z(&t->code, "}\n\n");
    t->open = false;
}

static void page_directive(struct tmpl *t, struct str rest)
{
    struct str name = rest, layout, args;
    bool framed = str_cut(rest, S(" layout "), &name, &layout);
    name = str_trim(name);
    buf_printf(&t->code,
        "void tmpl_%.*s(struct buf *o, const struct shell *shell, const struct page_%.*s *p)\n"
        "{\n    (void)shell;\n    (void)p;\n",
        SF(name), SF(name));
    t->open = true;
    t->tail = S("");
    if (!framed)
        return;
    call_parts(t, layout, &name, &args);
    put_line(t);
    buf_printf(&t->code, "    layout_%.*s_begin(o, shell%s%.*s);\n", SF(name), args.n ? ", " : "",
        SF(args));
    t->tail = arena_printf(
        &t->a, "    layout_%.*s_end(o, shell%s%.*s);\n", SF(name), args.n ? ", " : "", SF(args));
}

static void void_params(struct tmpl *t, struct str params)
{
    struct str piece;
    while (str_next(&params, S(","), &piece)) {
        struct str head, last = str_trim(piece);
        if (str_cut_last(last, S(" "), &head, &last))
            while (str_eat(&last, S("*")))
                ;
        if (last.n)
            buf_printf(&t->code, "    (void)%.*s;\n", SF(last));
    }
}

static void directive(struct tmpl *t, struct str s)
{
    struct str rest = str_trim(s), name, args;
    if (t->open)
        fail(t, "a second directive", s);
    if (str_eat(&rest, S("page "))) {
        page_directive(t, rest);
    } else if (str_eat(&rest, S("part "))) {
        call_parts(t, rest, &name, &args);
        t->tail = S("");
        begin_function(t, "part", name, args);
        void_params(t, args);
    } else if (str_eat(&rest, S("layout "))) {
        call_parts(t, rest, &name, &args);
        t->layout = name;
        t->layout_params = args;
        t->tail = S("");
        begin_function(t, "layout", arena_printf(&t->a, "%.*s_begin", SF(name)), args);
        void_params(t, args);
    } else {
        fail(t, "expected page, part or layout", s);
    }
}

static void loop(struct tmpl *t, struct str rest)
{
    struct str var, list, base, last;
    const char *sep = "->";
    if (!str_cut(rest, S(" in "), &var, &list))
        fail(t, "expected: for x in list", rest);
    var = str_trim(var);
    list = str_trim(list);
    if (!str_cut_last(list, S("->"), &base, &last)) {
        sep = ".";
        if (!str_cut_last(list, S("."), &base, &last))
            fail(t, "the list must be a member", list);
    }
    buf_printf(&t->code, "    for (size_t i_%.*s = 0; i_%.*s < %.*s%sn_%.*s; i_%.*s++) {\n",
        SF(var), SF(var), SF(base), sep, SF(last), SF(var));
    put_line(t);
    buf_printf(&t->code, "    const __typeof__(*%.*s) *%.*s = &%.*s[i_%.*s];\n", SF(list), SF(var),
        SF(list), SF(var));
    t->depth++;
}

static void let(struct tmpl *t, struct str rest)
{
    struct str name, args;
    if (!str_cut(rest, S("="), &name, &args))
        fail(t, "expected: let x = expression", rest);
    buf_printf(&t->code, "    const __typeof__(%.*s) %.*s = %.*s;\n", SF(args), SF(str_trim(name)),
        SF(args));
}

static void call_part(struct tmpl *t, struct str rest)
{
    struct str name, args;
    call_parts(t, rest, &name, &args);
    buf_printf(
        &t->code, "    part_%.*s(o, shell%s%.*s);\n", SF(name), args.n ? ", " : "", SF(args));
}

static void control(struct tmpl *t, struct str s)
{
    struct str rest = str_trim(s);
    put_line(t);
    if (str_eat(&rest, S("if "))) {
        buf_printf(&t->code, "    if (%.*s) {\n", SF(rest));
        t->depth++;
    } else if (str_eat(&rest, S("elif "))) {
        buf_printf(&t->code, "    } else if (%.*s) {\n", SF(rest));
    } else if (str_eq(rest, S("else"))) {
        buf_z(&t->code, "    } else {\n");
    } else if (str_eq(rest, S("end"))) {
        if (t->depth-- == 0)
            fail(t, "nothing to end", s);
        buf_z(&t->code, "    }\n");
    } else if (str_eat(&rest, S("for "))) {
        loop(t, rest);
    } else if (str_eat(&rest, S("let "))) {
        let(t, rest);
    } else if (str_eat(&rest, S("part "))) {
        call_part(t, rest);
    } else if (str_eq(rest, S("body"))) {
        end_function(t);
        begin_function(
            t, "layout", arena_printf(&t->a, "%.*s_end", SF(t->layout)), t->layout_params);
        void_params(t, t->layout_params);
    } else {
        fail(t, "unknown control", s);
    }
}

static void count_lines(struct tmpl *t, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        t->line += s.p[i] == '\n';
}

static void tag(struct tmpl *t, struct str inner)
{
    struct str rest = inner;
    if (str_eat(&rest, S("#")))
        return;
    if (str_eat(&rest, S("@"))) {
        directive(t, rest);
        return;
    }
    if (!t->open)
        fail(t, "text before the directive", inner);
    if (str_eat(&rest, S("="))) {
        put_line(t);
        buf_printf(&t->code, "    EMIT(o, %.*s);\n", SF(str_trim(rest)));
        return;
    }
    control(t, rest);
}

static void compile(struct tmpl *t, struct str s)
{
    size_t at = 0;
    t->line = 1;
    for (;;) {
        size_t open = str_find(s, S("<%"), at), close;
        struct str text = str_sub(s, at, open == SIZE_MAX ? s.n : open - at);
        if (t->open)
            put_literal(t, text);
        else if (str_trim(text).n > 0)
            fail(t, "text before the directive", text);
        count_lines(t, text);
        if (open == SIZE_MAX)
            break;
        close = str_find(s, S("%>"), open);
        if (close == SIZE_MAX)
            fail(t, "<% without %>", S(""));
        text = str_sub(s, open + 2, close - open - 2);
        tag(t, text);
        count_lines(t, text);
        at = close + 2;
        if (str_starts(text, S("@")) && at < s.n && s.p[at] == '\n') {
            at++;
            t->line++;
        }
    }
    end_function(t);
}

static void save(
    struct tmpl *t, const char *dir, const char *name, struct str head, struct str body)
{
    gen_write(&t->a, dir, name, arena_printf(&t->a, "%.*s%.*s", SF(head), SF(body)));
}

int main(int argc, char **argv)
{
    struct tmpl t;
    if (argc < 3)
        return 2;
    memset(&t, 0, sizeof(t));
    arena_init(&t.a);
    buf_init(&t.head, 0);
    buf_init(&t.code, 0);
    for (int i = 2; i < argc; i++) {
        t.file = argv[i];
        compile(&t, gen_read(&t.a, argv[i]));
    }
    buf_z(&t.head, "\n#endif\n");
    save(&t, argv[1], "templates.h",
        S("/* Made by tools/tmplgen.c from web/templates. */\n#ifndef GEN_TEMPLATES_H\n"
          "#define GEN_TEMPLATES_H\n\n#include \"pages.h\"\n#include \"web/view.h\"\n\n"),
        buf_view(&t.head));
    save(&t, argv[1], "templates.c",
        S("/* Made by tools/tmplgen.c from web/templates. */\n#include \"templates.h\"\n\n"),
        buf_view(&t.code));
    buf_release(&t.head);
    buf_release(&t.code);
    arena_release(&t.a);
    return 0;
}
