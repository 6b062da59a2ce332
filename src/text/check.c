#include "text/check.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "text/rule.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct rule_table *const tables[] = {&rules_quote, &rules_term, &rules_punct,
    &rules_number, &rules_form, &rules_word, &rules_logic, &rules_same, &rules_private,
    &rules_repeat};

static const struct {
    const char *key, *name;
} classes[CHECK_CLASSES] = {
    [CHECK_QUOTE] = {"quote", "引文"},
    [CHECK_TERM] = {"term", "规范表述"},
    [CHECK_PUNCT] = {"punct", "标点"},
    [CHECK_NUMBER] = {"number", "数字与计量"},
    [CHECK_FORM] = {"form", "结构格式"},
    [CHECK_WORD] = {"word", "字词语句"},
    [CHECK_LOGIC] = {"logic", "时间与数据"},
    [CHECK_SAME] = {"same", "前后一致"},
    [CHECK_PRIVATE] = {"private", "个人信息与保密"},
    [CHECK_REPEAT] = {"repeat", "重复"},
};
static const struct {
    const char *key, *name;
} levels[] = {
    [CHECK_OFF] = {"off", "关闭"},
    [CHECK_HINT] = {"hint", "提示"},
    [CHECK_WARN] = {"warn", "疑似"},
    [CHECK_ERROR] = {"error", "错误"},
};

const char *check_class_name(enum check_class c)
{
    return c > 0 && c < CHECK_CLASSES ? classes[c].name : "";
}

const char *check_class_key(enum check_class c)
{
    return c > 0 && c < CHECK_CLASSES ? classes[c].key : "";
}

enum check_class check_class_of(struct str key_or_name)
{
    for (enum check_class c = CHECK_QUOTE; c < CHECK_CLASSES; c++)
        if (str_eq(key_or_name, str_z(classes[c].key)) ||
            str_eq(key_or_name, str_z(classes[c].name)))
            return c;
    return 0;
}

const char *check_level_name(enum check_level l)
{
    return l < COUNT(levels) ? levels[l].name : "";
}

const char *check_level_key(enum check_level l)
{
    return l < COUNT(levels) ? levels[l].key : "";
}

enum check_level check_level_of(struct str key)
{
    for (enum check_level l = CHECK_HINT; l <= CHECK_ERROR; l++)
        if (str_eq(key, str_z(levels[l].key)) || str_eq(key, str_z(levels[l].name)))
            return l;
    return CHECK_OFF;
}

const char *check_strength_name(enum check_strength s)
{
    return s == STRENGTH_MUST ? "必须" : s == STRENGTH_SHOULD ? "应当" : "可以";
}

const struct rule *check_rule_at(size_t i)
{
    for (size_t t = 0; t < COUNT(tables); t++) {
        if (i < tables[t]->n)
            return &tables[t]->v[i];
        i -= tables[t]->n;
    }
    return NULL;
}

static size_t rule_count(void)
{
    size_t n = 0;

    for (size_t t = 0; t < COUNT(tables); t++)
        n += tables[t]->n;
    return n;
}

/* Number of a rule in the order of check_rule_at; SIZE_MAX: none. */
static size_t rule_number(struct str id)
{
    size_t at = 0;

    for (size_t t = 0; t < COUNT(tables); at += tables[t]->n, t++)
        for (size_t i = 0; i < tables[t]->n; i++)
            if (str_eq(id, str_z(tables[t]->v[i].id)))
                return at + i;
    return SIZE_MAX;
}

const struct rule *check_rule(struct str id)
{
    size_t number = rule_number(id);

    return number == SIZE_MAX ? NULL : check_rule_at(number);
}

/* The level a rule runs at for this draft, and why it does not. */
static enum check_level level_of(const struct checker *c, const struct rule *r, const char **why)
{
    const struct check_options *o = c->o;
    enum check_level level = r->level;

    *why = "默认不启用";
    for (size_t i = 0; i < o->n_settings; i++)
        if (o->settings[i].rule == r) {
            level = o->settings[i].level;
            *why = "本单位已关闭";
            if (level != CHECK_OFF && o->settings[i].genres &&
                !(o->settings[i].genres >> c->genre & 1)) {
                level = CHECK_OFF;
                *why = "本单位规定不用于这一文种";
            }
        }
    if (level != CHECK_OFF && o->classes && !(o->classes >> r->cls & 1)) {
        level = CHECK_OFF;
        *why = "本次没有选这一类";
    }
    return level;
}

static void skip_number(struct checker *c, size_t number, struct str why)
{
    const struct rule *r = check_rule_at(number);
    struct check *out = c->out;

    c->levels[number] = CHECK_OFF;
    for (size_t i = 0; i < out->n_skipped; i++)
        if (out->skipped[i].rule == r)
            return;
    ARENA_PUSH(c->a, out->skipped, out->n_skipped, c->cap_skipped) = (struct check_skipped){r, why};
}

static struct lex_date judged_day(const struct draft *d, const struct check_options *o)
{
    if (o->day.year)
        return o->day;
    if (d->meta.issued.date.year)
        return d->meta.issued.date;
    return o->today;
}

void checker_begin(struct checker *c, struct arena *a, const struct draft *d,
    const struct check_options *o, struct check *out)
{
    size_t n = rule_count();

    *out = (struct check){0};
    *c = (struct checker){.a = a, .d = d, .o = o, .out = out, .day = judged_day(d, o)};
    c->genre = o->genre ? o->genre : d->meta.genre;
    c->levels = arena_array(a, sizeof(*c->levels), n);
    c->counts = arena_array(a, sizeof(*c->counts), n);
    for (size_t i = 0; i < n; i++) {
        const char *why;
        c->levels[i] = level_of(c, check_rule_at(i), &why);
        if (c->levels[i] == CHECK_OFF)
            skip_number(c, i, str_z(why));
        else if ((check_rule_at(i)->needs & NEED_LEXICON) && !o->tables.lexicon)
            skip_number(c, i, S("没有装入词表"));
        else if ((check_rule_at(i)->needs & NEED_TERMS) && !o->tables.terms)
            skip_number(c, i, S("没有规范表述表"));
    }
}

void checker_run(struct checker *c)
{
    void (*done[256])(struct checker *);
    size_t n_done = 0, number = 0;

    for (size_t t = 0; t < COUNT(tables); t++)
        for (size_t i = 0; i < tables[t]->n; i++, number++) {
            void (*pass)(struct checker *) = tables[t]->v[i].pass;
            size_t k = 0;
            if (!pass || c->levels[number] == CHECK_OFF)
                continue;
            while (k < n_done && done[k] != pass)
                k++;
            if (k < n_done)
                continue;
            if (n_done < COUNT(done))
                done[n_done++] = pass;
            pass(c);
        }
}

static int by_place(const void *x, const void *y)
{
    const struct finding *a = x, *b = y;

    if (a->begin != b->begin)
        return a->begin < b->begin ? -1 : 1;
    if (a->level != b->level)
        return a->level > b->level ? -1 : 1;
    if (a->end != b->end)
        return a->end < b->end ? -1 : 1;
    return strcmp(a->rule->id, b->rule->id);
}

void checker_end(struct checker *c)
{
    if (c->out->n)
        qsort(c->out->v, c->out->n, sizeof(*c->out->v), by_place);
}

void check_draft(
    struct arena *a, const struct draft *d, const struct check_options *o, struct check *out)
{
    struct checker c;

    checker_begin(&c, a, d, o, out);
    for (size_t i = 0; i < rule_count(); i++)
        if ((check_rule_at(i)->needs & NEED_LIBRARY) && c.levels[i] != CHECK_OFF)
            skip_number(&c, i, S("要用资料库，本次没有打开"));
    checker_run(&c);
    checker_end(&c);
}

bool rule_on(const struct checker *c, const char *id)
{
    size_t number = rule_number(str_z(id));

    return number != SIZE_MAX && c->levels[number] != CHECK_OFF;
}

void check_skip(struct checker *c, const char *id, struct str why)
{
    size_t number = rule_number(str_z(id));

    if (number != SIZE_MAX)
        skip_number(c, number, why);
}

static struct finding *say(
    struct checker *c, const char *id, size_t begin, size_t end, const char *fmt, va_list ap)
{
    size_t number = rule_number(str_z(id));
    struct check *out = c->out;
    struct buf b;
    struct finding *f;

    if (number == SIZE_MAX || c->levels[number] == CHECK_OFF)
        return NULL;
    if (out->n >= CHECK_FINDINGS_MAX || c->counts[number] >= CHECK_PER_RULE_MAX) {
        out->cut = true;
        return NULL;
    }
    c->counts[number]++;
    buf_init(&b, 4096);
    buf_vprintf(&b, fmt, ap);
    ARENA_PUSH(c->a, out->v, out->n, c->cap) =
        (struct finding){.rule = check_rule_at(number), .level = c->levels[number]};
    f = &out->v[out->n - 1];
    f->begin = begin < c->d->n ? begin : c->d->n;
    f->end = end < f->begin ? f->begin : end < c->d->n ? end : c->d->n;
    f->message = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return f;
}

struct finding *check_say(
    struct checker *c, const char *id, size_t begin, size_t end, const char *fmt, ...)
{
    va_list ap;
    struct finding *f;

    va_start(ap, fmt);
    f = say(c, id, begin, end, fmt, ap);
    va_end(ap);
    return f;
}

void check_suggest(struct checker *c, struct finding *f, struct str s)
{
    struct str *v;

    if (!f)
        return;
    v = arena_array(c->a, sizeof(*v), f->n_suggestions + 1);
    if (f->n_suggestions)
        memcpy(v, f->suggestions, f->n_suggestions * sizeof(*v));
    v[f->n_suggestions] = arena_str(c->a, s);
    f->suggestions = v;
    f->n_suggestions++;
}

/* May a machine change these characters? Not inside a quotation, a title, a code or an address, and never a line break:
 * lines keep their kinds. */
static bool may_fix(const struct draft *d, size_t begin, size_t end, struct str with)
{
    if (str_has(with, S("\n")) || str_has(draft_str(d, begin, end), S("\n")))
        return false;
    for (size_t i = begin; i < end; i++)
        if (d->mask[i] & (MASK_QUOTE | MASK_TITLE | MASK_URL | MASK_CODE))
            return false;
    return true;
}

struct finding *check_replace(struct checker *c, const char *id, size_t begin, size_t end,
    struct str with, const char *fmt, ...)
{
    va_list ap;
    struct finding *f;

    va_start(ap, fmt);
    f = say(c, id, begin, end, fmt, ap);
    va_end(ap);
    if (!f)
        return NULL;
    check_suggest(c, f, with);
    f->fix = f->rule->fix && may_fix(c->d, f->begin, f->end, with);
    return f;
}

size_t check_fix(const struct draft *d, const struct finding *v, size_t n, struct buf *out)
{
    size_t at = 0, done = 0;

    for (size_t i = 0; i < n; i++) {
        if (!v[i].fix || !v[i].n_suggestions || v[i].begin < at)
            continue;
        buf_str(out, draft_str(d, at, v[i].begin));
        buf_str(out, v[i].suggestions[0]);
        at = v[i].end;
        done++;
    }
    buf_str(out, draft_str(d, at, d->n));
    return done;
}

size_t check_fix_text(struct arena *a, struct str text, const uint8_t *kinds,
    const struct check_options *o, struct buf *out)
{
    size_t done = 0;

    for (int round = 0; round < CHECK_FIX_ROUNDS; round++) {
        struct draft d;
        struct check found;
        struct err e;
        struct buf b;
        size_t n;
        if (draft_read(a, text, kinds, &d, &e) != OK) /* a draft at the limit that grew */
            break;
        check_draft(a, &d, o, &found);
        buf_init(&b, 0);
        n = check_fix(&d, found.v, found.n, &b);
        text = arena_str(a, buf_view(&b));
        buf_release(&b);
        done += n;
        if (!n)
            break;
    }
    buf_str(out, text);
    return done;
}
