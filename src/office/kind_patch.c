#include "office/kind_patch.h"

#include "base/utf8.h"
#include "base/yaml.h"
#include "office/kind_int.h"

enum { PATH_PARTS = 4 };

/* ---- the tree ---- */

/* A member of a map by key; of a list by its id, or by number from 0. */
static const struct yaml *member(const struct yaml *n, struct str part)
{
    int64_t at = 0, want = -1;
    struct err none;

    if (str_int(part, &want, &none) != OK)
        want = -1;
    for (const struct yaml *m = n->first; m; m = m->next, at++) {
        if (n->kind == YAML_MAP && str_eq(m->key, part))
            return m;
        if (n->kind != YAML_LIST)
            continue;
        const struct yaml *id = m->kind == YAML_MAP ? yaml_get(m, "id") : NULL;
        if ((id && str_eq(id->text, part)) || (!id && at == want))
            return m;
    }
    return NULL;
}

/* *map: the map that holds, or would hold, the last part of the path; *node: what stands there, or NULL. */
static bool walk(const struct yaml *root, struct str path, const struct yaml **map, struct str *key,
    const struct yaml **node)
{
    struct str rest = path, part;
    const struct yaml *n = root;

    *map = NULL;
    *node = NULL;
    while (str_next(&rest, S("/"), &part)) {
        if (!n)
            return false;
        *map = n;
        *key = part;
        n = member(n, part);
    }
    *node = n;
    return *map && (*map)->kind == YAML_MAP;
}

/* ---- where it stands in the text ---- */

struct range {
    size_t from, to; /* bytes */
};

static size_t offset_of(struct str text, int line, int column)
{
    size_t at = 0;

    for (int i = 1; i < line; i++) {
        size_t nl = str_find(text, S("\n"), at);
        if (nl == SIZE_MAX)
            return text.n;
        at = nl + 1;
    }
    return at + utf8_off(str_sub(text, at, text.n - at), (size_t)column - 1);
}

/* Behind the closing quote that belongs to the one at `at`; 0: there is none. */
static size_t quote_end(struct str text, size_t at)
{
    char q = text.p[at];

    for (size_t i = at + 1; i < text.n; i++) {
        if ((q == '"' && text.p[i] == '\\') ||
            (text.p[i] == q && q == '\'' && i + 1 < text.n && text.p[i + 1] == q))
            i++;
        else if (text.p[i] == q)
            return i + 1;
    }
    return 0;
}

/* Behind the bracket that closes the one at `at`; 0: none. A quote begins a word, never stands inside one. */
static size_t bracket_end(struct str text, size_t at)
{
    int depth = 0;

    for (size_t i = at; i < text.n; i++) {
        char c = text.p[i], before = ' ';
        if (i)
            before = text.p[i - 1];
        if (c == '#' && (before == ' ' || before == '\n')) {
            i = str_find(text, S("\n"), i);
            if (i == SIZE_MAX)
                return 0;
        } else if ((c == '"' || c == '\'') &&
                   (before == ' ' || before == '[' || before == ',' || before == '{' ||
                       before == ':' || before == '\n')) {
            i = quote_end(text, i);
            if (!i--)
                return 0;
        } else if (c == '[' || c == '{') {
            depth++;
        } else if ((c == ']' || c == '}') && --depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

/* The value as written. false: over several lines, or in a way that is not touched here. */
static bool value_range(struct str text, const struct yaml *n, struct range *r)
{
    r->from = offset_of(text, n->line, n->column);
    r->to = 0;
    if (r->from >= text.n)
        return false;
    char c = text.p[r->from];
    if (n->kind != YAML_SCALAR)
        r->to = c == '[' || c == '{' ? bracket_end(text, r->from) : 0;
    else if (c == '"' || c == '\'')
        r->to = quote_end(text, r->from);
    else if (n->text.n && str_starts(str_sub(text, r->from, text.n), n->text) && !n->quoted)
        r->to = r->from + n->text.n;
    return r->to != 0 && str_find(str_sub(text, r->from, r->to - r->from), S("\n"), 0) == SIZE_MAX;
}

static bool is_flow(struct str text, const struct yaml *map)
{
    size_t at = offset_of(text, map->line, map->column);

    return at < text.n && text.p[at] == '{';
}

/* ---- writing values ---- */

static bool plain_word(struct str s, bool flow)
{
    static const char *const words[] = {
        "null", "true", "false", "yes", "no", "~", "Null", "True", "False"};

    if (str_eq(s, S("-")) || str_starts(s, S("- ")) || str_starts(s, S("---")))
        return false;
    if (!s.n || str_has(S("?:,[]{}#&*!|>'\"%@` "), str_sub(s, 0, 1)) || str_has(s, S(": ")) ||
        str_has(s, S(" #")) || str_ends(s, S(":")))
        return false;
    for (size_t i = 0; flow && i < s.n; i++)
        if (str_has(S(",[]{}"), str_sub(s, i, 1)))
            return false;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (str_eq(s, str_z(words[i])))
            return false;
    return true;
}

static void put_word(struct buf *b, struct str s, bool flow)
{
    if (plain_word(s, flow)) {
        buf_str(b, s);
        return;
    }
    buf_char(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            buf_char(b, '\\');
        buf_char(b, s.p[i]);
    }
    buf_char(b, '"');
}

/* The next of several; in a list, commas of either width part them (1d working is one word). */
static bool next_word(struct str *rest, bool list, struct str *word)
{
    while (rest->n) {
        size_t n = 0;
        while (n < rest->n && rest->p[n] != '\n' &&
               !(list && (rest->p[n] == ',' || str_starts(str_sub(*rest, n, rest->n), S("、")) ||
                             str_starts(str_sub(*rest, n, rest->n), S("，")))))
            n++;
        *word = str_trim(str_sub(*rest, 0, n));
        size_t skip = n == rest->n                                       ? n
                      : list && ((unsigned char)rest->p[n] & 0x80U) != 0 ? n + 3
                                                                         : n + 1;
        *rest = str_sub(*rest, skip, rest->n);
        if (word->n)
            return true;
    }
    return false;
}

static void put_value(struct buf *b, const struct kind_knob *k, struct str value, bool flow)
{
    struct str rest = value, word;
    bool list = knob_is_list(k->type), first = true;

    if (k->type == KNOB_FLAG) { /* a word of YAML, never in quotes */
        buf_str(b, value);
        return;
    }
    if (!list && k->type != KNOB_WORDS) {
        put_word(b, value, flow);
        return;
    }
    buf_char(b, '[');
    while (next_word(&rest, list, &word)) {
        if (!first)
            buf_z(b, ", ");
        first = false;
        put_word(b, word, true);
    }
    buf_char(b, ']');
}

/* As a person may type it: trimmed; several words as this file writes them. */
static struct str normal(struct arena *a, enum knob_type type, struct str value)
{
    struct str rest = value, word, s = S("");
    bool list = knob_is_list(type);

    if (!list && type != KNOB_WORDS)
        return str_trim(value);
    while (next_word(&rest, list, &word))
        s = s.n ? arena_printf(a, "%.*s%s%.*s", SF(s), list ? "、" : "\n", SF(word)) : word;
    return s;
}

/* ---- turning one ---- */

struct patching {
    struct arena *a;
    const char *file;
    struct str text;
};

static struct str spliced(struct patching *p, struct range r, struct str with)
{
    return arena_printf(p->a, "%.*s%.*s%.*s", SF(str_sub(p->text, 0, r.from)), SF(with),
        SF(str_sub(p->text, r.to, p->text.n)));
}

static enum code fixed(const struct kind_knob *k, struct err *e)
{
    return FAIL(e, E_INPUT, "“%.*s”的“%.*s”（第%d行）写了多行，请在文件里改", SF(k->owner),
        SF(k->name), k->line);
}

static enum code replace(struct patching *p, const struct kind_knob *k, const struct yaml *map,
    const struct yaml *node, struct str value, struct err *e)
{
    struct range r;
    struct buf b;

    if (!value_range(p->text, node, &r))
        return fixed(k, e);
    buf_init(&b, 0);
    put_value(&b, k, value, is_flow(p->text, map));
    p->text = spliced(p, r, buf_view(&b));
    buf_release(&b);
    return OK;
}

/* In a flow map before its end; in a block map behind the first line that holds a whole value. */
static enum code insert(struct patching *p, const struct kind_knob *k, const struct yaml *map,
    struct str key, struct str value, struct err *e)
{
    bool flow = is_flow(p->text, map);
    struct range r = {0};
    struct buf b;

    buf_init(&b, 0);
    if (flow) {
        size_t end = bracket_end(p->text, offset_of(p->text, map->line, map->column));
        r.from = end ? end - 1 : 0;
        while (r.from && p->text.p[r.from - 1] == ' ')
            r.from--;
        buf_printf(&b, ", %.*s: ", SF(key));
    } else {
        for (const struct yaml *m = map->first; m && !r.from; m = m->next)
            if (m->kind == YAML_SCALAR && value_range(p->text, m, &r)) {
                size_t nl = str_find(p->text, S("\n"), r.to);
                r.from = nl == SIZE_MAX ? p->text.n : nl;
            }
        buf_printf(&b, "\n%*s%.*s: ", map->column - 1, "", SF(key));
    }
    put_value(&b, k, value, flow);
    r.to = r.from;
    if (r.from)
        p->text = spliced(p, r, buf_view(&b));
    buf_release(&b);
    return r.from ? OK : fixed(k, e);
}

/* The key with its value, and the comma or the line that is left over. */
static enum code take_away(struct patching *p, const struct kind_knob *k, const struct yaml *map,
    const struct yaml *node, struct err *e)
{
    struct str t = p->text;
    struct range r;

    if (!value_range(t, node, &r))
        return fixed(k, e);
    while (r.from && t.p[r.from - 1] == ' ')
        r.from--;
    if (!r.from || t.p[r.from - 1] != ':' || r.from - 1 < node->key.n ||
        !str_eq(str_sub(t, r.from - 1 - node->key.n, node->key.n), node->key))
        return fixed(k, e);
    r.from -= 1 + node->key.n;
    while (r.from && t.p[r.from - 1] == ' ')
        r.from--;
    if (is_flow(t, map)) {
        if (r.from && t.p[r.from - 1] == ',')
            r.from--;
        else if (str_starts(str_sub(t, r.to, t.n), S(",")))
            r.to++;
    } else {
        size_t nl = str_find(t, S("\n"), r.to);
        if (r.from && t.p[r.from - 1] != '\n')
            return fixed(k, e); /* behind a dash */
        r.to = nl == SIZE_MAX ? t.n : nl + 1;
    }
    p->text = spliced(p, r, S(""));
    return OK;
}

static enum code turn(
    struct patching *p, const struct kind_knob *k, struct str value, struct err *e)
{
    const struct yaml *root, *map, *node;
    bool off =
        str_ends(k->path, S("/enabled")); /* the one flag that is true where nothing is said */
    struct str key;

    if (utf8_check(value) != SIZE_MAX || utf8_len_cp(value) > KNOB_VALUE_CP_MAX ||
        (k->type != KNOB_WORDS && str_has(value, S("\n"))))
        return FAIL(e, E_INPUT, "“%.*s”的“%.*s”太长，或不是有效的文字", SF(k->owner), SF(k->name));
    if (k->type == KNOB_FLAG)
        value = off ? (value.n ? S("") : S("false")) : (value.n ? S("true") : S(""));
    TRY(yaml_parse(p->a, p->text, p->file, &root, e));
    if (!walk(root, k->path, &map, &key, &node))
        return FAIL(e, E_INPUT, "没有可以改的“%.*s”", SF(k->path));
    if (!value.n)
        return node ? take_away(p, k, map, node, e) : OK;
    return node ? replace(p, k, map, node, value, e) : insert(p, k, map, key, value, e);
}

enum code kind_patch(struct arena *a, struct str yaml, const char *file,
    const struct kind_change *v, size_t n, struct str *out, struct err *e)
{
    struct patching p = {.a = a, .file = file, .text = yaml};
    struct kind_knob *knobs;
    struct kind *k;
    size_t n_knobs;

    TRY(kind_read(a, yaml, file, &k, e));
    TRY(kind_knobs(a, yaml, file, &knobs, &n_knobs, e));
    for (size_t i = 0; i < n; i++) {
        const struct kind_knob *knob = NULL;
        for (size_t j = 0; j < n_knobs && !knob; j++)
            if (str_eq(knobs[j].path, v[i].path))
                knob = &knobs[j];
        if (!knob)
            return FAIL(e, E_INPUT, "没有可以改的“%.*s”，请刷新后再改", SF(v[i].path));
        struct str value = normal(a, knob->type, v[i].value);
        if (str_eq(value, knob->shown))
            continue;
        value = knob_code(a, k, knob->type, value);
        if (!str_eq(value, knob->value))
            TRY(turn(&p, knob, value, e));
    }
    TRY(kind_read(a, p.text, file, &k, e));
    *out = p.text;
    return OK;
}

/* ---- the knobs ---- */

struct listing {
    struct arena *a;
    struct str text;
    const struct yaml *root;
    struct kind_knob *v;
    size_t n, cap;
};
struct knob_kind {
    const char *key, *name;
    enum knob_type type;
};

static struct str list_value(struct arena *a, const struct yaml *n, bool list)
{
    struct str s = S("");

    if (n->kind == YAML_SCALAR)
        return n->text;
    for (const struct yaml *m = n->first; m; m = m->next)
        s = s.n ? arena_printf(a, "%.*s%s%.*s", SF(s), list ? "、" : "\n", SF(m->text)) : m->text;
    return s;
}

static struct str knob_value(
    struct arena *a, const struct yaml *n, enum knob_type type, bool flag_without)
{
    bool flag = flag_without;
    struct err none;

    if (type == KNOB_FLAG) {
        if (n && yaml_bool(n, &flag, &none) != OK)
            flag = flag_without;
        return flag ? S("true") : S("");
    }
    if (!n)
        return S("");
    return type == KNOB_WORDS || knob_is_list(type) ? list_value(a, n, knob_is_list(type))
                                                    : n->text;
}

static void add(struct listing *l, const struct yaml *map, struct str base, struct str group,
    struct str owner, const struct knob_kind *k)
{
    const struct yaml *n = yaml_get(map, k->key);
    struct range r;

    if (l->n == KNOBS_MAX)
        return;
    ARENA_PUSH(l->a, l->v, l->n, l->cap) = (struct kind_knob){
        .path = base.n ? arena_printf(l->a, "%.*s/%s", SF(base), k->key) : str_z(k->key),
        .group = group,
        .owner = owner,
        .name = str_z(k->name),
        .type = k->type,
        .value = knob_value(l->a, n, k->type, str_eq(str_z(k->key), S("enabled"))),
        .fixed = n && !value_range(l->text, n, &r),
        .line = n ? n->line : map->line};
}

static struct str clock_name(const struct listing *l, const struct yaml *of)
{
    const struct yaml *all = yaml_get(l->root, "clocks");

    for (const struct yaml *m = all && of ? all->first : NULL; m; m = m->next)
        if (str_eq(yaml_get(m, "id")->text, of->text))
            return yaml_get(m, "name")->text;
    return of ? of->text : S("");
}

/* What it is called: a light by what it says, a reminder by its clock. */
static struct str owner_name(const struct listing *l, const struct yaml *m, struct str part)
{
    const struct yaml *name = yaml_get(m, "name"), *says = yaml_get(m, "text");

    if (name)
        return name->text;
    if (says)
        return says->text;
    return yaml_get(m, "of") && !m->key.n ? clock_name(l, yaml_get(m, "of")) : part;
}

/* The members of a list (by id, or by number) or of a map (by key), each with these knobs. */
static void add_all(struct listing *l, const char *section, const char *group,
    const struct knob_kind *kinds, size_t n_kinds)
{
    const struct yaml *all = yaml_get(l->root, section);
    int at = 0;

    for (const struct yaml *m = all ? all->first : NULL; m; m = m->next, at++) {
        struct str part = m->key;
        if (m->kind != YAML_MAP)
            continue;
        if (!part.n)
            part = yaml_get(m, "id") ? yaml_get(m, "id")->text : arena_printf(l->a, "%d", at);
        struct str base = arena_printf(l->a, "%s/%.*s", section, SF(part));
        for (size_t i = 0; i < n_kinds; i++)
            if (kinds[i].type != KNOB_WORDS || yaml_get(m, kinds[i].key))
                add(l, m, base, str_z(group), owner_name(l, m, part), &kinds[i]);
    }
}

static void add_roles(struct listing *l)
{
    const struct yaml *roles = yaml_get(l->root, "roles");

    for (const struct yaml *m = roles ? roles->first : NULL; m; m = m->next) {
        struct knob_kind k = {arena_z(l->a, m->key), "由谁担任", KNOB_WHO};
        add(l, roles, S("roles"), S("谁来办"), m->key, &k);
    }
}

/* What is asked with a step: which answers want more than the word. */
static void add_asks(struct listing *l)
{
    static const struct knob_kind kinds[] = {{"purpose", "请办的事由", KNOB_LINE},
        {"need_text", "哪些答复要写明情况，一行一个", KNOB_WORDS},
        {"need_files", "哪些答复要附佐证，一行一个", KNOB_WORDS}};
    const struct yaml *all = yaml_get(l->root, "moves");

    for (const struct yaml *m = all ? all->first : NULL; m; m = m->next) {
        const struct yaml *ask = yaml_get(m, "ask");
        if (!ask || ask->kind != YAML_MAP)
            continue;
        struct str base = arena_printf(l->a, "moves/%.*s/ask", SF(yaml_get(m, "id")->text));
        for (size_t i = 0; i < 3; i++)
            add(l, ask, base, S("转办"), yaml_get(m, "name")->text, &kinds[i]);
    }
}

static void add_clocks(struct listing *l)
{
    static const struct knob_kind name = {"name", "名称", KNOB_LINE},
                                  within = {"within", "多久", KNOB_LIMIT};
    const struct yaml *all = yaml_get(l->root, "clocks");

    for (const struct yaml *m = all ? all->first : NULL; m; m = m->next) {
        const struct yaml *id = yaml_get(m, "id"), *called = yaml_get(m, "name");
        struct str base = arena_printf(l->a, "clocks/%.*s", SF(id->text));
        add(l, m, base, S("时限"), called->text, &name);
        if (yaml_get(m, "within")) /* else it runs to a day in a field */
            add(l, m, base, S("时限"), called->text, &within);
    }
}

static void add_reminds(struct listing *l)
{
    static const struct knob_kind kinds[] = {{"at", "什么时候提醒", KNOB_OFFSETS},
        {"most", "最多几次", KNOB_LINE}, {"quiet", "免打扰时段", KNOB_LINE}};
    const struct yaml *n = yaml_get(l->root, "remind");

    if (n && n->kind == YAML_LIST)
        add_all(l, "remind", "提醒", kinds, 3);
    for (size_t i = 0; n && n->kind == YAML_MAP && i < 3; i++)
        add(l, n, S("remind"), S("提醒"), clock_name(l, yaml_get(n, "of")), &kinds[i]);
}

static void add_climb(struct listing *l)
{
    static const struct knob_kind every = {"every", "几分钟没有人接就报下一位", KNOB_LIMIT};
    const struct yaml *n = yaml_get(l->root, "climb");

    if (n && yaml_get(n, "every"))
        add(l, n, S("climb"), S("逐级呼叫"), S("值班"), &every);
}

enum code kind_knobs(struct arena *a, struct str yaml, const char *file, struct kind_knob **out,
    size_t *n, struct err *e)
{
    static const struct knob_kind head[] = {{"name", "名称", KNOB_LINE},
        {"about", "用处", KNOB_LINE},
        {"retention", "保管期限（10y 是10年，永久写 permanent）", KNOB_LINE},
        {"phrases", "常用语，一行一条", KNOB_WORDS}, {"ledger", "台账的列", KNOB_COLUMNS}};
    static const struct knob_kind fields[] = {{"name", "名称", KNOB_LINE},
        {"hint", "填写说明", KNOB_LINE}, {"required", "必填", KNOB_FLAG},
        {"of", "选项，一行一个", KNOB_WORDS}};
    static const struct knob_kind states[] = {{"name", "名称", KNOB_LINE}};
    static const struct knob_kind moves[] = {
        {"name", "名称", KNOB_LINE}, {"confirm", "办之前提示", KNOB_LINE}};
    static const struct knob_kind lights[] = {
        {"text", "灯上的字", KNOB_LINE}, {"left", "到期前多久亮", KNOB_LIMIT}};
    static const struct knob_kind forms[] = {
        {"name", "名称", KNOB_LINE}, {"enabled", "启用", KNOB_FLAG}};
    struct listing l = {.a = a, .text = yaml};
    struct kind *k;

    TRY(kind_read(a, yaml, file, &k, e));
    TRY(yaml_parse(a, yaml, file, &l.root, e));
    for (size_t i = 0; i < sizeof(head) / sizeof(head[0]); i++)
        add(&l, l.root, S(""), S("总的"), k->name, &head[i]);
    add_roles(&l);
    add_all(&l, "fields", "字段", fields, sizeof(fields) / sizeof(fields[0]));
    add_all(&l, "states", "状态", states, 1);
    add_all(&l, "moves", "转办", moves, 2);
    add_asks(&l);
    add_clocks(&l);
    add_all(&l, "lights", "亮灯", lights, 2);
    add_reminds(&l);
    add_climb(&l);
    add_all(&l, "forms", "印件", forms, 2);
    for (size_t i = 0; i < l.n; i++)
        l.v[i].shown = knob_words(a, k, l.v[i].type, l.v[i].value);
    *out = l.v;
    *n = l.n;
    return OK;
}

/* ---- differences ---- */

struct str *kind_lines_only(struct arena *a, struct str text, struct str other, size_t *n)
{
    struct str *v = NULL, line;
    size_t cap = 0;

    *n = 0;
    while (str_next(&text, S("\n"), &line))
        if (line.n && !str_has_piece(other, S("\n"), line))
            ARENA_PUSH(a, v, *n, cap) = line;
    return v;
}

enum code kind_differences(struct arena *a, struct str before, struct str after,
    struct kind_difference **out, size_t *n, int64_t *lines, struct err *e)
{
    struct kind_difference *v = NULL;
    struct kind_knob *x, *y;
    size_t n_x, n_y, k = 0, cap = 0, gone, come;

    TRY(kind_knobs(a, before, "已发布的", &x, &n_x, e));
    TRY(kind_knobs(a, after, "改动的", &y, &n_y, e));
    for (size_t i = 0; i < n_y; i++)
        for (size_t j = 0; j < n_x; j++)
            if (str_eq(y[i].path, x[j].path) && !str_eq(y[i].value, x[j].value))
                ARENA_PUSH(a, v, k, cap) =
                    (struct kind_difference){y[i].owner, y[i].name, x[j].shown, y[i].shown};
    (void)kind_lines_only(a, before, after, &gone);
    (void)kind_lines_only(a, after, before, &come);
    *lines = (int64_t)(gone + come);
    *out = v;
    *n = k;
    return OK;
}
