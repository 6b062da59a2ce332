/* What stands in a kind file as code (4h working, role:chief, field:lead), in the words of the office, and back. */
#include "office/kind_patch.h"
#include "office/person.h"

struct pair {
    const char *code, *word;
};
static const struct pair who_words[] = {{"role:chief", "科长"}, {"role:secretary", "秘书"},
    {"role:leader", "领导"}, {"role:liaison", "联络员"}, {"role:staff", "员工"},
    {"owner", "经办人"}, {"unit", "经办单位联络员"}, {"asked", "被请办理的人"},
    {"anyone", "看得到的人"}};
static const struct pair column_words[] = {{"number", "编号"}, {"title", "标题"}, {"state", "状态"},
    {"light", "灯"}, {"urgency", "紧急程度"}, {"owner", "经办人"}, {"unit", "经办单位"},
    {"opened", "登记时间"}, {"closed", "办结时间"}, {"due", "期限"}};

/* ---- limits ---- */

static struct str limit_words(struct arena *a, struct str code)
{
    struct limit l;
    struct err none;
    struct buf b;

    if (limit_parse(code, &l, &none) != OK)
        return code;
    buf_init(&b, 0);
    limit_write_cn(&b, l);
    struct str s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

/* 4个工作小时, 3天, 5个工作日, 30分钟, 2周. What is none of these stays, and kind_read says so. */
static struct str limit_code(struct arena *a, struct str words)
{
    static const struct pair units[] = {{"h working", "工作小时"}, {"d working", "工作日"},
        {"d working", "工作天"}, {"m", "分钟"}, {"h", "小时"}, {"d", "天"}, {"d", "日"},
        {"w", "周"}};
    struct str rest = words;
    int n = 0;

    if (!str_eat_digits(&rest, 1, 6, &n))
        return words;
    rest = str_trim(rest);
    (void)str_eat(&rest, S("个"));
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if (str_eq(rest, str_z(units[i].word)))
            return arena_printf(a, "%d%s", n, units[i].code);
    return words;
}

/* 3d: 提前3天; 0d: 到期时; -1d: 逾期1天. */
static struct str offset_words(struct arena *a, struct str code)
{
    struct str late = code;
    struct limit l;
    struct err none;

    if (str_eat(&late, S("-")))
        return arena_printf(a, "逾期%.*s", SF(limit_words(a, late)));
    if (limit_parse(code, &l, &none) == OK && l.n == 0)
        return S("到期时");
    return arena_printf(a, "提前%.*s", SF(limit_words(a, code)));
}

static struct str offset_code(struct arena *a, struct str words)
{
    struct str rest = words;

    if (str_eq(words, S("到期时")) || str_eq(words, S("当天")))
        return S("0d");
    if (str_eat(&rest, S("提前")))
        return limit_code(a, rest);
    if (str_eat(&rest, S("逾期")))
        return arena_printf(a, "-%.*s", SF(limit_code(a, rest)));
    return limit_code(a, words);
}

/* ---- names ---- */

static struct str word_of(const struct pair *v, size_t n, struct str code)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(code, str_z(v[i].code)))
            return str_z(v[i].word);
    return code;
}

static struct str code_of(const struct pair *v, size_t n, struct str word)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(word, str_z(v[i].word)))
            return str_z(v[i].code);
    return word;
}

#define N(v) (sizeof(v) / sizeof((v)[0]))

static struct str field_word(const struct kind *k, struct str id)
{
    size_t i = kind_field_of(k, id);

    return i == SIZE_MAX ? id : k->fields[i].name;
}

static struct str field_code(const struct kind *k, struct str name)
{
    for (size_t i = 0; i < k->n_fields; i++)
        if (str_eq(k->fields[i].name, name))
            return k->fields[i].id;
    return S("");
}

static struct str who_word(const struct kind *k, struct str code)
{
    struct str field = code;

    return str_eat(&field, S("field:")) ? field_word(k, field)
                                        : word_of(who_words, N(who_words), code);
}

static struct str who_code(struct arena *a, const struct kind *k, struct str word)
{
    struct str code = code_of(who_words, N(who_words), word), field = field_code(k, word);

    if (str_eq(code, word) && field.n)
        return arena_printf(a, "field:%.*s", SF(field));
    return code;
}

/* A field of the kind before a column of every item: 期限 may be either. */
static struct str column_word(const struct kind *k, struct str code)
{
    return kind_field_of(k, code) != SIZE_MAX ? field_word(k, code)
                                              : word_of(column_words, N(column_words), code);
}

static struct str column_code(const struct kind *k, struct str word)
{
    struct str field = field_code(k, word);

    return field.n ? field : code_of(column_words, N(column_words), word);
}

/* ---- one knob ---- */

static struct str one_word(
    struct arena *a, const struct kind *k, enum knob_type type, struct str code)
{
    if (type == KNOB_LIMIT)
        return limit_words(a, code);
    if (type == KNOB_OFFSETS)
        return offset_words(a, code);
    if (type == KNOB_WHO)
        return who_word(k, code);
    return type == KNOB_COLUMNS ? column_word(k, code) : code;
}

static struct str one_code(
    struct arena *a, const struct kind *k, enum knob_type type, struct str word)
{
    if (type == KNOB_LIMIT)
        return limit_code(a, word);
    if (type == KNOB_OFFSETS)
        return offset_code(a, word);
    if (type == KNOB_WHO)
        return who_code(a, k, word);
    return type == KNOB_COLUMNS ? column_code(k, word) : word;
}

typedef struct str (*one_fn)(
    struct arena *a, const struct kind *k, enum knob_type type, struct str s);

static struct str each(
    struct arena *a, const struct kind *k, enum knob_type type, struct str value, one_fn one)
{
    struct str rest = value, piece, s = S("");

    if (type == KNOB_LIMIT)
        return one(a, k, type, value);
    if (!knob_is_list(type))
        return value;
    while (str_next(&rest, S("、"), &piece)) {
        struct str w = one(a, k, type, piece);
        s = s.n ? arena_printf(a, "%.*s、%.*s", SF(s), SF(w)) : w;
    }
    return s;
}

struct str knob_words(struct arena *a, const struct kind *k, enum knob_type type, struct str value)
{
    return each(a, k, type, value, one_word);
}

struct str knob_code(struct arena *a, const struct kind *k, enum knob_type type, struct str shown)
{
    return each(a, k, type, shown, one_code);
}
