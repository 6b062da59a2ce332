/* template_make.c - a plain text that somebody has, made into a template: what is left blank becomes fields. */
#include "base/buf.h"
#include "base/utf8.h"
#include "office/template.h"
#include "text/genre.h"
#include "text/secret.h"

enum {
    BLANK_MIN = 4,         /* underscores in a row */
    BLANK_NAME_CP_MIN = 2, /* 为____ says nothing of what is to be filled in */
    BLANK_NAME_CP_MAX = 12
};

struct making {
    struct arena *a;
    struct buf text;
    struct str *names;
    size_t n, cap;
};

static bool known(const struct making *m, struct str name)
{
    for (size_t i = 0; i < m->n; i++)
        if (str_eq(m->names[i], name))
            return true;
    return false;
}

/* Brackets and what YAML would mind are left out of a name; a long one is cut. */
static struct str clean(struct making *m, struct str raw)
{
    struct str s = str_trim(raw);
    struct buf b;

    buf_init(&b, 0);
    for (size_t i = 0, n = 0; i < s.n && n < TEMPLATE_NAME_CP_MAX; n++) {
        uint32_t c = utf8_next(s, &i);
        if (c >= ' ' && c != '\'' && c != 0x3010 && c != 0x3011)
            buf_utf8(&b, c);
    }
    s = arena_str(m->a, str_trim(buf_view(&b)));
    buf_release(&b);
    return s;
}

static void put_place(struct making *m, struct str name)
{
    buf_printf(&m->text, "【%.*s】", SF(name));
    if (!known(m, name))
        ARENA_PUSH(m->a, m->names, m->n, m->cap) = name;
}

/* What stands in front of a blank names it: 会议名称：____. Each blank is a field of its own. */
static struct str blank_name(struct making *m, struct str before)
{
    struct str s = str_trim(before), left, name;

    if (!str_eat_end(&s, S("：")))
        (void)str_eat_end(&s, S(":"));
    while (str_cut_last(s, S("】"), &left, &name) || str_cut_last(s, S("，"), &left, &name) ||
           str_cut_last(s, S("。"), &left, &name) || str_cut_last(s, S("；"), &left, &name) ||
           str_cut_last(s, S("　"), &left, &name) || str_cut_last(s, S("\t"), &left, &name))
        s = name;
    name = clean(m, s);
    if (utf8_len_cp(name) < BLANK_NAME_CP_MIN || utf8_len_cp(name) > BLANK_NAME_CP_MAX)
        name = S("空白处");
    s = name;
    for (int i = 2; known(m, name); i++)
        name = arena_printf(m->a, "%.*s%d", SF(s), i);
    return name;
}

static size_t blank_at(struct str line, size_t at)
{
    size_t n = 0, i = at, next = at;

    while (i < line.n) {
        uint32_t c = utf8_next(line, &next);
        if (c != '_' && c != 0xFF3F)
            break;
        i = next;
        n++;
    }
    return n >= BLANK_MIN ? i - at : 0;
}

/* {{…}} at `at`: its name; returns how long it is. */
static size_t braces_at(struct str line, size_t at, struct str *name)
{
    struct str rest = str_sub(line, at, SIZE_MAX), after;

    if (!str_eat(&rest, S("{{")) || !str_cut(rest, S("}}"), name, &after))
        return 0;
    return name->n + 4;
}

static size_t brackets_at(struct str line, size_t at, struct str *name)
{
    struct str rest = str_sub(line, at, SIZE_MAX), after;

    if (!str_eat(&rest, S("【")) || !str_cut(rest, S("】"), name, &after))
        return 0;
    return name->n + S("【").n + S("】").n;
}

static void put_line(struct making *m, struct str line)
{
    for (size_t i = 0; i < line.n;) {
        struct str name = {0};
        size_t n = braces_at(line, i, &name);
        if (!n)
            n = brackets_at(line, i, &name);
        if (n) {
            name = clean(m, name);
            put_place(m, name.n ? name : S("空白处"));
        } else if ((n = blank_at(line, i)) != 0) {
            put_place(m, blank_name(m, str_sub(line, 0, i)));
        } else {
            buf_char(&m->text, line.p[i]);
            n = 1;
        }
        i += n;
    }
    buf_char(&m->text, '\n');
}

static bool is_day(struct str name)
{
    return str_ends(name, S("日期"));
}

/* Days are asked for in the form, with a picker, and the first of the others; the rest is written at the desk. */
static void put_fields(const struct making *m, struct buf *b)
{
    size_t days = 0, others = 0;

    for (size_t i = 0; i < m->n; i++)
        days += is_day(m->names[i]);
    days = days < TEMPLATE_REQUIRED_MAX ? days : TEMPLATE_REQUIRED_MAX;
    others = TEMPLATE_REQUIRED_MAX - days;

    buf_z(b, m->n ? "fields:\n" : "fields: []\n");
    for (size_t i = 0; i < m->n; i++) {
        bool day = is_day(m->names[i]), form = (day ? days : others) > 0;
        if (form)
            day ? days-- : others--;
        buf_printf(b, "  - {id: f%zu, name: '%.*s'%s}\n", i + 1, SF(m->names[i]),
            !form ? ", type: text"
            : day ? ", type: date, required: true"
                  : ", required: true");
    }
}

enum code template_make(struct arena *a, struct str text, const struct template_made *what,
    int64_t now_ms, struct str *out, struct err *e)
{
    struct secret_mark mark;
    struct making m = {.a = a};
    struct str name = clean(&m, what->name), rest = text, line;
    struct template t;
    struct buf b;

    if (!name.n)
        return FAIL(e, E_INPUT, "请给模板起个名称，如“会议通知”");
    if (text.n > TEMPLATE_BYTES_MAX / 2)
        return FAIL(e, E_LIMIT, "文稿太长，模板只写框架，不写全文");
    if (secret_find(text, &mark))
        return FAIL(e, E_SECRET, "文件带有密级标志，不能做成模板");
    buf_init(&m.text, 0);
    while (str_next(&rest, S("\n"), &line))
        put_line(&m, line);
    buf_init(&b, 0);
    buf_printf(&b, "---\nid: %.*s\nname: '%.*s'\ngroup: 本单位\n",
        SF(what->id.n ? what->id : arena_printf(a, "own-%llx", (unsigned long long)now_ms)),
        SF(name));
    if (what->genre)
        buf_printf(&b, "genre: %.*s\n", SF(genre_name(what->genre)));
    put_fields(&m, &b);
    buf_z(&b, "---\n");
    buf_str(&b, str_trim(buf_view(&m.text)));
    buf_char(&b, '\n');
    *out = arena_str(a, buf_view(&b));
    buf_release(&b);
    buf_release(&m.text);
    return template_read(a, *out, "模板", &t, e);
}
