#include "office/kind_int.h"

/* 机关代字, of which each has a run of numbers of its own:
 *
 *     number: "{code}〔{year}〕{serial}号"
 *     codes:
 *       field: code                       # a choice; its choices are the codes
 *       suggest:
 *         - {code: 集团党函, when: "genre = 函"}
 */

enum { CODES_SUGGEST_MAX = 30 };

static bool has_choice(const struct kind_field *f, struct str s)
{
    for (size_t i = 0; i < f->n_choices; i++)
        if (str_eq(f->choices[i], s))
            return true;
    return false;
}

static enum code read_suggestion(
    struct kind_reading *r, const struct yaml *n, struct kind_code *out, struct err *e)
{
    static const char *const keys[] = {"code", "when", NULL};
    const struct kind_field *f = &r->k->fields[r->k->codes.field];
    const struct yaml *at;

    TRY(yaml_expect(n, YAML_MAP, e));
    TRY(yaml_keys(n, keys, e));
    TRY(read_need(n, "code", &at, e));
    TRY(read_line(at, KIND_NAME_CP_MAX, &out->code, e));
    if (!has_choice(f, out->code))
        return yaml_fail(
            at, e, "建议的机关代字“%.*s”不在字段“%.*s”的选项里", SF(out->code), SF(f->id));
    TRY(read_need(n, "when", &at, e));
    return read_cond(r, at, r->k->n_fields, &out->when, e);
}

static enum code read_codes(struct kind_reading *r, struct err *e)
{
    static const char *const keys[] = {"field", "suggest", NULL};
    const struct yaml *map = yaml_get(r->root, "codes"), *n;
    struct kind_codes *c = &r->k->codes;

    c->field = SIZE_MAX;
    if (!map)
        return OK;
    TRY(yaml_expect(map, YAML_MAP, e));
    TRY(yaml_keys(map, keys, e));
    TRY(read_need(map, "field", &n, e));
    TRY(read_field(r, n, &c->field, e));
    if (r->k->fields[c->field].type != FIELD_CHOICE)
        return yaml_fail(n, e, "机关代字的字段“%.*s”要是选项（choice），选项就是各个代字",
            SF(r->k->fields[c->field].id));
    n = yaml_get(map, "suggest");
    if (!n)
        return OK;
    TRY(yaml_expect(n, YAML_LIST, e));
    if (n->n > CODES_SUGGEST_MAX)
        return yaml_fail(n, e, "机关代字的建议有%d条，最多%d条", n->n, CODES_SUGGEST_MAX);
    c->v = ARENA_ARRAY(r->a, struct kind_code, (size_t)n->n + 1);
    for (const struct yaml *at = n->first; at; at = at->next)
        TRY(read_suggestion(r, at, &c->v[c->n++], e));
    return OK;
}

/* How often each mark stands in the pattern. */
enum mark { MARK_YEAR, MARK_MONTH, MARK_SERIAL, MARK_SERIAL3, MARK_UNIT, MARK_CODE, N_MARK };
static enum code read_marks(
    const struct yaml *n, struct str pattern, int seen[N_MARK], struct err *e)
{
    static const struct str marks[N_MARK] = {
        SC("{year}"), SC("{month}"), SC("{serial}"), SC("{serial:03}"), SC("{unit}"), SC("{code}")};
    struct str rest = pattern;

    while (rest.n) {
        size_t i = 0;
        if (rest.p[0] != '{' && rest.p[0] != '}') {
            rest = str_sub(rest, 1, rest.n - 1);
            continue;
        }
        while (i < N_MARK && !str_eat(&rest, marks[i]))
            i++;
        if (i == N_MARK)
            return yaml_fail(n, e,
                "编号“%.*s”里只能用 {year} {month} {serial} {serial:03} {unit} {code}",
                SF(pattern));
        seen[i]++;
    }
    return OK;
}

enum code read_number(struct kind_reading *r, struct err *e)
{
    const struct yaml *n = yaml_get(r->root, "number"), *at = yaml_get(r->root, "number_at"),
                      *codes = yaml_get(r->root, "codes");
    int seen[N_MARK] = {0};
    struct str id;

    r->k->number_at = SIZE_MAX;
    TRY(read_codes(r, e));
    if (!n && codes)
        return yaml_fail(codes, e, "写了“codes”（机关代字）却没有写“number”");
    if (!n)
        return at ? yaml_fail(at, e, "写了“number_at”却没有写“number”") : OK;
    TRY(read_line(n, KIND_NAME_CP_MAX, &r->k->number, e));
    TRY(read_marks(n, r->k->number, seen, e));
    if (seen[MARK_SERIAL] + seen[MARK_SERIAL3] != 1)
        return yaml_fail(n, e, "编号“%.*s”里要有一个顺序号 {serial}", SF(r->k->number));
    if (codes && seen[MARK_CODE] != 1)
        return yaml_fail(n, e,
            "写了“codes”（机关代字），编号“%.*s”里要有一个 {code}，各个代字的号才不相同",
            SF(r->k->number));
    if (!codes && seen[MARK_CODE])
        return yaml_fail(
            n, e, "编号“%.*s”里有 {code}，要写“codes”说明机关代字是哪个字段", SF(r->k->number));
    if (!at)
        return OK;
    TRY(yaml_text(at, &id, e));
    if (str_eq(id, S("open")))
        return OK;
    r->k->number_at = kind_move_of(r->k, id);
    return r->k->number_at != SIZE_MAX ? OK : yaml_fail(at, e, "没有转办“%.*s”", SF(id));
}

struct str kind_code_suggested(const struct kind *k, cond_get get, void *arg)
{
    for (size_t i = 0; i < k->codes.n; i++)
        if (cond_holds(&k->codes.v[i].when, get, arg))
            return k->codes.v[i].code;
    return k->fields[k->codes.field].choices[0];
}

/* ---- a number as it is written ---- */

/* The next mark of the pattern: what stands before it, and its key (year, serial:03). false: the rest has none. */
static bool next_mark(struct str *rest, struct str *head, struct str *key)
{
    struct str tail, after = S("");

    if (!str_cut(*rest, S("{"), head, &tail))
        return false;
    if (!str_cut(tail, S("}"), key, &after))
        return false;
    *rest = after;
    return true;
}

void kind_number_write(struct buf *b, const struct kind *k, const struct number_parts *v)
{
    struct str rest = k->number, head, key;

    while (next_mark(&rest, &head, &key)) {
        int wide = 1;
        buf_str(b, head);
        if (str_eat(&key, S("serial:")) && str_eat_digits(&key, 1, 2, &wide))
            key = S("serial");
        if (str_eq(key, S("serial")) && !v->serial)
            return;
        if (str_eq(key, S("code")))
            buf_str(b, v->code);
        else if (str_eq(key, S("year")))
            buf_int(b, v->year);
        else if (str_eq(key, S("month")))
            buf_int(b, v->month);
        else if (str_eq(key, S("serial")))
            buf_printf(b, "%0*lld", wide < 12 ? wide : 12, (long long)v->serial);
        else if (str_eq(key, S("unit")))
            buf_str(b, v->unit);
    }
    buf_str(b, rest);
}

struct str kind_number_words(struct arena *a, const struct kind *k)
{
    static const struct {
        struct str key, word;
    } words[] = {{SC("code"), SC("机关代字")}, {SC("year"), SC("年份")}, {SC("month"), SC("月份")},
        {SC("serial"), SC("序号")}, {SC("serial:03"), SC("三位序号")},
        {SC("unit"), SC("单位简称")}};
    struct str rest = k->number, head, key, s = S("");
    struct str serial = S("号"); /* 序号 before another 号 is one 号 too many */

    while (next_mark(&rest, &head, &key)) {
        s = arena_printf(a, "%.*s%.*s", SF(s), SF(head));
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
            if (str_eq(words[i].key, key)) {
                bool twice = str_ends(words[i].word, serial) && str_starts(rest, serial);
                s = arena_printf(a, "%.*s%.*s", SF(s),
                    SF(str_sub(words[i].word, 0, words[i].word.n - (twice ? serial.n : 0))));
            }
    }
    return arena_printf(a, "%.*s%.*s", SF(s), SF(rest));
}

struct str kind_number_example(
    struct arena *a, const struct kind *k, struct str code, int year, int month)
{
    struct number_parts v = {code, S("办公室"), year, month, 1};
    struct buf b;
    struct str s;

    if (!code.n && k->codes.field != SIZE_MAX)
        v.code = k->fields[k->codes.field].choices[0];
    buf_init(&b, 0);
    kind_number_write(&b, k, &v);
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}
