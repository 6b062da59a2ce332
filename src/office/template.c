/* template.c - the file of a template read, filled in, compared with a text. */
#include "office/template.h"

#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "text/genre.h"

#define OPEN  S("【")
#define CLOSE S("】")

size_t template_field_of(const struct template *t, struct str name)
{
    size_t i = 0;
    while (i < t->n_fields && !str_eq(t->fields[i].name, name))
        i++;
    return i < t->n_fields ? i : SIZE_MAX;
}

bool template_place(struct str s, size_t *at, struct str *name)
{
    size_t from = str_find(s, OPEN, *at), to, line;

    while (from != SIZE_MAX) {
        to = str_find(s, CLOSE, from);
        line = str_find(s, S("\n"), from);
        if (to == SIZE_MAX)
            return false;
        if (line > to) {
            *name = str_sub(s, from + OPEN.n, to - from - OPEN.n);
            *at = to + CLOSE.n;
            return true;
        }
        from = str_find(s, OPEN, line);
    }
    return false;
}

/* ---- the head ---- */

struct reading {
    struct arena *a;
    struct template *t;
    const char *file;
};

static enum code words(const struct yaml *n, size_t cp, struct str *out, struct err *e)
{
    TRY(yaml_text(n, out, e));
    *out = str_trim(*out);
    if (utf8_len_cp(*out) > cp)
        return yaml_fail(n, e, "“%.*s”超过%zu个字", SF(n->key), cp);
    return OK;
}

/* What must be there and must not be empty. */
static enum code wanted(
    const struct yaml *map, const char *key, size_t cp, struct str *out, struct err *e)
{
    const struct yaml *n = yaml_get(map, key);
    if (!n)
        return yaml_fail(map, e, "缺少“%s”", key);
    TRY(words(n, cp, out, e));
    return out->n ? OK : yaml_fail(n, e, "“%s”没有写内容", key);
}

static enum code maybe(
    const struct yaml *map, const char *key, size_t cp, struct str *out, struct err *e)
{
    const struct yaml *n = yaml_get(map, key);
    return n && !yaml_is_null(n) ? words(n, cp, out, e) : OK;
}

static enum code list(struct reading *r, const struct yaml *map, const char *key, struct str **out,
    size_t *n, struct err *e)
{
    const struct yaml *l = yaml_get(map, key);

    if (!l || yaml_is_null(l))
        return OK;
    TRY(yaml_expect(l, YAML_LIST, e));
    if (l->n > TEMPLATE_LIST_MAX)
        return yaml_fail(l, e, "“%s”超过%d条", key, TEMPLATE_LIST_MAX);
    *out = ARENA_ARRAY(r->a, struct str, (size_t)l->n + 1);
    for (const struct yaml *i = l->first; i; i = i->next)
        TRY(words(i, TEMPLATE_TEXT_CP_MAX, &(*out)[(*n)++], e));
    return OK;
}

/* "new" is an address of its own. */
static bool id_good(struct str id)
{
    if (id.n == 0 || id.n > 40 || str_eq(id, S("new")))
        return false;
    for (size_t i = 0; i < id.n; i++)
        if (!((id.p[i] >= 'a' && id.p[i] <= 'z') || (id.p[i] >= '0' && id.p[i] <= '9') ||
                id.p[i] == '-'))
            return false;
    return true;
}

static enum code id_of(const struct yaml *map, struct str *out, struct err *e)
{
    TRY(wanted(map, "id", TEMPLATE_NAME_CP_MAX, out, e));
    return id_good(*out) ? OK
                         : yaml_fail(yaml_get(map, "id"), e,
                               "编号“%.*s”应由小写字母、数字和连字符组成，不超过40个", SF(*out));
}

static enum code one_field(
    struct reading *r, const struct yaml *n, struct template_field *f, struct err *e)
{
    static const char *const keys[] = {"id", "name", "help", "sample", "required", "type", NULL};
    static const char *const types[] = {"line", "date", "text", NULL};
    const struct yaml *type, *required;
    struct day day;
    int k = TEMPLATE_LINE;

    TRY(yaml_expect(n, YAML_MAP, e));
    TRY(yaml_keys(n, keys, e));
    TRY(id_of(n, &f->id, e));
    TRY(wanted(n, "name", TEMPLATE_NAME_CP_MAX, &f->name, e));
    TRY(maybe(n, "help", TEMPLATE_TEXT_CP_MAX, &f->help, e));
    TRY(maybe(n, "sample", TEMPLATE_SAMPLE_CP_MAX, &f->sample, e));
    type = yaml_get(n, "type");
    required = yaml_get(n, "required");
    if (type)
        TRY(yaml_word(type, types, &k, e));
    if (required)
        TRY(yaml_bool(required, &f->required, e));
    f->type = (enum template_type)k;
    f->line = n->line;
    if (str_has(f->name, OPEN) || str_has(f->name, CLOSE))
        return yaml_fail(n, e, "项的名称“%.*s”不能有括号【】", SF(f->name));
    if (template_field_of(r->t, f->name) != SIZE_MAX)
        return yaml_fail(n, e, "两项都叫“%.*s”", SF(f->name));
    if (f->type == TEMPLATE_DATE && f->sample.n && !day_from_iso(f->sample, &day))
        return yaml_fail(n, e, "日期的示例“%.*s”应写成 2026-07-13 的样子", SF(f->sample));
    return OK;
}

static enum code fields(struct reading *r, const struct yaml *map, struct err *e)
{
    const struct yaml *l = yaml_get(map, "fields");
    size_t required = 0;

    if (!l)
        return yaml_fail(map, e, "缺少“fields”，没有要填的项时写 fields: []");
    TRY(yaml_expect(l, YAML_LIST, e));
    if (l->n > TEMPLATE_FIELDS_MAX)
        return yaml_fail(l, e, "要填的项超过%d个", TEMPLATE_FIELDS_MAX);
    r->t->fields = ARENA_ARRAY(r->a, struct template_field, (size_t)l->n + 1);
    for (const struct yaml *i = l->first; i; i = i->next) {
        struct template_field f = {0};
        TRY(one_field(r, i, &f, e));
        required += f.required && f.type != TEMPLATE_TEXT;
        r->t->fields[r->t->n_fields++] = f;
    }
    return required <= TEMPLATE_REQUIRED_MAX
               ? OK
               : yaml_fail(l, e, "必填的项有%zu个，超过%d个，请把能在稿中写的改为 type: text",
                     required, TEMPLATE_REQUIRED_MAX);
}

static enum code head(struct reading *r, const struct yaml *map, struct err *e)
{
    static const char *const keys[] = {
        "id", "name", "group", "genre", "about", "parts", "closing", "checks", "fields", NULL};
    struct template *t = r->t;
    const struct yaml *genre = yaml_get(map, "genre");
    struct str g = {0};

    TRY(yaml_expect(map, YAML_MAP, e));
    TRY(yaml_keys(map, keys, e));
    TRY(id_of(map, &t->id, e));
    TRY(wanted(map, "name", TEMPLATE_NAME_CP_MAX, &t->name, e));
    TRY(maybe(map, "group", TEMPLATE_NAME_CP_MAX, &t->group, e));
    TRY(maybe(map, "about", TEMPLATE_TEXT_CP_MAX, &t->about, e));
    TRY(maybe(map, "genre", TEMPLATE_NAME_CP_MAX, &g, e));
    t->genre = genre_of_name(g);
    if (g.n && t->genre == GENRE_NONE)
        return yaml_fail(genre, e, "没有“%.*s”这种文种", SF(g));
    TRY(list(r, map, "parts", &t->parts, &t->n_parts, e));
    TRY(list(r, map, "closing", &t->closings, &t->n_closings, e));
    TRY(list(r, map, "checks", &t->checks, &t->n_checks, e));
    return fields(r, map, e);
}

/* ---- the text ---- */

static bool has_closing(const struct template *t, struct str text)
{
    for (size_t i = 0; i < t->n_closings; i++)
        if (str_has(text, t->closings[i]))
            return true;
    return t->n_closings == 0;
}

/* Every place is a field, every field has a place. */
static enum code check_text(const struct reading *r, struct err *e)
{
    const struct template *t = r->t;
    bool *used = ARENA_ARRAY(r->a, bool, t->n_fields + 1);
    struct str rest = t->text, line, name = {0};

    for (int n = t->text_line; str_next(&rest, S("\n"), &line); n++)
        for (size_t at = 0; template_place(line, &at, &name);) {
            size_t i = template_field_of(t, name);
            if (i == SIZE_MAX)
                return FAIL(e, E_INPUT, "文件“%s”第%d行：没有叫“%.*s”的项，请在 fields 中写明",
                    r->file, n, SF(name));
            used[i] = true;
        }
    for (size_t i = 0; i < t->n_fields; i++)
        if (!used[i])
            return FAIL(e, E_INPUT, "文件“%s”第%d行：项“%.*s”在正文里没有位置", r->file,
                t->fields[i].line, SF(t->fields[i].name));
    return has_closing(t, t->text)
               ? OK
               : FAIL(e, E_INPUT, "文件“%s”第%d行：正文里没有 closing 写的结语“%.*s”", r->file,
                     t->text_line, SF(t->closings[0]));
}

/* Cuts the file: *head keeps the lines' numbers by an empty first one. */
static enum code cut(struct arena *a, struct str file, const char *name, struct str *head,
    struct template *t, struct err *e)
{
    struct str rest = file, body;

    if (!str_eat(&rest, S("---\n")))
        return FAIL(e, E_INPUT, "文件“%s”第1行：模板以单独一行“---”开头，下面写 id、name 等", name);
    if (!str_cut(rest, S("\n---\n"), head, &body))
        return FAIL(e, E_INPUT, "文件“%s”第1行：没有找到结束的“---”行，它的下面是正文", name);
    *head = arena_cat(a, S("\n"), *head);
    t->text_line = 3; /* behind both lines of --- */
    for (size_t i = 0; i < head->n; i++)
        t->text_line += head->p[i] == '\n';
    t->text = arena_str(a, body);
    if (!str_trim(t->text).n)
        return FAIL(e, E_INPUT, "文件“%s”第%d行：没有正文", name, t->text_line);
    return OK;
}

enum code template_read(
    struct arena *a, struct str file, const char *name, struct template *out, struct err *e)
{
    struct template t = {0};
    struct reading r = {.a = a, .t = &t, .file = name};
    const struct yaml *map;
    struct str top = {0};

    if (file.n > TEMPLATE_BYTES_MAX)
        return FAIL(e, E_LIMIT, "文件“%s”超过%d KB，模板只写框架，不写全文", name,
            TEMPLATE_BYTES_MAX >> 10);
    if (utf8_check(file) != SIZE_MAX)
        return FAIL(e, E_INPUT, "文件“%s”不是UTF-8编码的文本", name);
    if (file.n && memchr(file.p, '\0', file.n)) /* no manuscript could be begun from it */
        return FAIL(e, E_INPUT, "文件“%s”里有不能保存的控制字符", name);
    TRY(cut(a, file, name, &top, &t, e));
    TRY(yaml_parse(a, top, name, &map, e));
    TRY(head(&r, map, e));
    TRY(check_text(&r, e));
    *out = t;
    return OK;
}

/* ---- filled in ---- */

static enum code value_of(struct arena *a, const struct template_field *f, struct str given,
    struct str *out, struct err *e)
{
    struct day d;
    struct buf b;

    *out = str_trim(given);
    if (!out->n || f->type != TEMPLATE_DATE)
        return OK;
    if (!day_from_iso(*out, &d))
        return FAIL(
            e, E_INPUT, "“%.*s”的日期“%.*s”应写成 2026-07-13 的样子", SF(f->name), SF(*out));
    buf_init(&b, 64);
    day_write_cn(&b, d);
    *out = arena_str(a, buf_view(&b));
    buf_release(&b);
    return OK;
}

/* Nothing to put in, and nothing need be. */
static bool spare(const struct template_field *f, struct str value)
{
    return !value.n && !f->required && f->type != TEMPLATE_TEXT;
}

static void fill_line(
    const struct template *t, const struct str *values, struct str line, struct buf *out)
{
    size_t at = 0, done = 0, places = 0, spared = 0, begin = out->n;
    struct str name = {0};

    while (template_place(line, &at, &name)) {
        size_t i = template_field_of(t, name);
        buf_str(out, str_sub(line, done, at - done - name.n - OPEN.n - CLOSE.n));
        places++;
        spared += spare(&t->fields[i], values[i]);
        if (values[i].n)
            buf_str(out, values[i]);
        else if (!spare(&t->fields[i], values[i]))
            buf_printf(out, "【%.*s】", SF(name));
        done = at;
    }
    buf_str(out, str_sub(line, done, SIZE_MAX));
    buf_char(out, '\n');
    if (places && spared == places)
        out->n = begin;
}

enum code template_fill(struct arena *a, const struct template *t, const struct str *values,
    struct str *out, struct err *e)
{
    struct str *v = ARENA_ARRAY(a, struct str, t->n_fields + 1), rest = t->text, line;
    struct buf b;

    for (size_t i = 0; i < t->n_fields; i++)
        TRY(value_of(a, &t->fields[i], values[i], &v[i], e));
    buf_init(&b, 0);
    while (str_next(&rest, S("\n"), &line))
        fill_line(t, v, line, &b);
    *out = arena_str(a, buf_view(&b));
    buf_release(&b);
    return OK;
}

struct str *template_samples(struct arena *a, const struct template *t)
{
    struct str *v = ARENA_ARRAY(a, struct str, t->n_fields + 1);
    for (size_t i = 0; i < t->n_fields; i++)
        v[i] = t->fields[i].sample;
    return v;
}

/* ---- what is left ---- */

size_t template_lacks(
    struct arena *a, const struct template *t, struct str text, struct template_lack **out)
{
    struct template_lack *v = NULL;
    size_t n = 0, cap = 0, at = 0, counted = 0, end = 0;
    struct str name = {0};

    while (template_place(text, &at, &name)) {
        size_t i = template_field_of(t, name);
        end += utf8_len_cp(str_sub(text, counted, at - counted));
        counted = at;
        if (i == SIZE_MAX) /* somebody's own 【…】 */
            continue;
        ARENA_PUSH(a, v, n, cap) =
            (struct template_lack){.what = arena_printf(a, "“%.*s”没有填写", SF(name)),
                .help = t->fields[i].help,
                .begin_cp = end - utf8_len_cp(name) - 2,
                .end_cp = end};
    }
    if (!has_closing(t, text))
        ARENA_PUSH(a, v, n, cap) =
            (struct template_lack){.what = arena_printf(a, "没有结语“%.*s”", SF(t->closings[0]))};
    *out = v;
    return n;
}
