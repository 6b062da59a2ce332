#include "office/kind_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "office/document.h"
#include "office/item_paper.h"
#include "office/person.h"

enum { ID_BYTES_MAX = 32, RETENTION_YEARS_MAX = 100 };

size_t kind_field_of(const struct kind *k, struct str id)
{
    for (size_t i = 0; i < k->n_fields; i++)
        if (str_eq(k->fields[i].id, id))
            return i;
    return SIZE_MAX;
}

size_t kind_state_of(const struct kind *k, struct str id)
{
    for (size_t i = 0; i < k->n_states; i++)
        if (str_eq(k->states[i].id, id))
            return i;
    return SIZE_MAX;
}

size_t kind_move_of(const struct kind *k, struct str id)
{
    for (size_t i = 0; i < k->n_moves; i++)
        if (str_eq(k->moves[i].id, id))
            return i;
    return SIZE_MAX;
}

int kind_error_line(const struct err *e)
{
    struct str s = str_z(e->msg), before;
    int line = 0;

    if (!str_cut(s, S("”第"), &before, &s) || !str_eat_digits(&s, 1, 9, &line) ||
        !str_starts(s, S("行：")))
        return 0;
    return line;
}

/* ---- small pieces ---- */

enum code read_members(struct arena *a, const struct yaml *n, const char *what, size_t most,
    struct members *out, struct err *e)
{
    size_t cap = 0;

    *out = (struct members){0};
    if (n->kind != YAML_LIST) {
        /* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers */
        ARENA_PUSH(a, out->v, out->n, cap) = n;
        return OK;
    }
    if ((size_t)n->n > most)
        return yaml_fail(n, e, "%s有%d个，最多%zu个", what, n->n, most);
    for (const struct yaml *m = n->first; m; m = m->next)
        /* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers */
        ARENA_PUSH(a, out->v, out->n, cap) = m;
    return OK;
}

static bool is_id(struct str s)
{
    if (s.n == 0 || s.n > ID_BYTES_MAX || s.p[0] < 'a' || s.p[0] > 'z')
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] < 'a' || s.p[i] > 'z') && (s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '_')
            return false;
    return true;
}

static enum code bad_id(const struct yaml *n, struct str id, struct err *e)
{
    return yaml_fail(n, e, "标识“%.*s”应由小写字母、数字和下划线组成，以字母开头，最多%d个", SF(id),
        ID_BYTES_MAX);
}

enum code read_id(const struct yaml *n, struct str *out, struct err *e)
{
    TRY(yaml_text(n, out, e));
    return is_id(*out) ? OK : bad_id(n, *out, e);
}

enum code read_line(const struct yaml *n, size_t most, struct str *out, struct err *e)
{
    struct str s;

    if (!n)
        return OK;
    TRY(yaml_text(n, &s, e));
    s = str_trim(s);
    if (s.n == 0 || yaml_is_null(n))
        return yaml_fail(n, e, "“%.*s”不能为空", SF(n->key.n ? n->key : S("此项")));
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
            return yaml_fail(
                n, e, "“%.*s”里不能有换行或控制字符", SF(n->key.n ? n->key : S("此项")));
    if (utf8_len_cp(s) > most)
        return yaml_fail(n, e, "“%.*s…”超过%zu个字", SF(str_sub(s, 0, utf8_off(s, 12))), most);
    *out = s;
    return OK;
}

enum code read_words(struct arena *a, const struct yaml *n, const char *what, size_t most,
    struct str **out, size_t *n_out, struct err *e)
{
    struct members m;

    TRY(read_members(a, n, what, most, &m, e));
    *out = ARENA_ARRAY(a, struct str, m.n + 1);
    *n_out = 0;
    for (size_t i = 0; i < m.n; i++) {
        struct str s = {0};
        TRY(read_line(m.v[i], KIND_TEXT_CP_MAX, &s, e));
        for (size_t j = 0; j < i; j++)
            if (str_eq((*out)[j], s))
                return yaml_fail(m.v[i], e, "%s“%.*s”重复", what, SF(s));
        (*out)[(*n_out)++] = s;
    }
    return OK;
}

enum code read_need(const struct yaml *map, const char *key, const struct yaml **out, struct err *e)
{
    *out = yaml_get(map, key);
    if (!*out)
        return yaml_fail(map, e, "缺少“%s”", key);
    return OK;
}

enum code read_flag(const struct yaml *map, const char *key, bool *out, struct err *e)
{
    const struct yaml *n = yaml_get(map, key);

    return n ? yaml_bool(n, out, e) : OK;
}

enum code read_field(struct kind_reading *r, const struct yaml *n, size_t *out, struct err *e)
{
    struct str id;

    TRY(yaml_text(n, &id, e));
    *out = kind_field_of(r->k, id);
    return *out != SIZE_MAX ? OK : yaml_fail(n, e, "没有字段“%.*s”", SF(id));
}

enum code read_state(struct kind_reading *r, const struct yaml *n, size_t *out, struct err *e)
{
    struct str id;

    TRY(yaml_text(n, &id, e));
    *out = kind_state_of(r->k, id);
    return *out != SIZE_MAX ? OK : yaml_fail(n, e, "没有状态“%.*s”", SF(id));
}

enum code read_states(
    struct kind_reading *r, const struct yaml *n, size_t **out, size_t *n_out, struct err *e)
{
    struct members m;

    TRY(read_members(r->a, n, "状态", KIND_STATES_MAX, &m, e));
    *out = ARENA_ARRAY(r->a, size_t, m.n + 1);
    *n_out = 0;
    for (size_t i = 0; i < m.n; i++) {
        size_t s;
        TRY(read_state(r, m.v[i], &s, e));
        for (size_t j = 0; j < i; j++)
            if ((*out)[j] == s)
                return yaml_fail(m.v[i], e, "状态“%.*s”重复", SF(r->k->states[s].id));
        (*out)[(*n_out)++] = s;
    }
    return OK;
}

/* ---- who may ---- */

/* A term that is no name of `roles`. */
static enum code read_plain_term(
    struct kind_reading *r, const struct yaml *n, struct str term, struct who *out, struct err *e)
{
    static const struct {
        const char *word;
        enum who_kind kind;
    } words[] = {{"owner", WHO_OWNER}, {"unit", WHO_UNIT}, {"asked", WHO_ASKED},
        {"anyone", WHO_ANYONE}, {"chosen", WHO_CHOSEN}, {"asked_chief", WHO_ASKED_CHIEF}};
    struct err unknown;

    *out = (struct who){.field = SIZE_MAX};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (str_eq(term, str_z(words[i].word)) && (r->late || words[i].kind != WHO_ASKED_CHIEF)) {
            out->kind = words[i].kind;
            return OK;
        }
    if (str_eat(&term, S("role:"))) {
        out->kind = WHO_ROLE;
        if (roles_parse(term, &out->roles, &unknown) != OK || out->roles == 0)
            return yaml_fail(n, e,
                "“role:%.*s”不是一种角色，可用的有：chief、secretary、leader、"
                "liaison、staff、admin、auditor",
                SF(term));
        return OK;
    }
    if (str_eat(&term, S("field:"))) {
        out->kind = WHO_FIELD;
        out->field = kind_field_of(r->k, term);
        if (out->field == SIZE_MAX)
            return yaml_fail(n, e, "“field:%.*s”指的字段不存在", SF(term));
        if (!field_of_people(r->k->fields[out->field].type) &&
            !field_of_units(r->k->fields[out->field].type))
            return yaml_fail(n, e, "“field:%.*s”指的字段不是人员或单位", SF(term));
        return OK;
    }
    return yaml_fail(n, e,
        "“%.*s”指不到任何人：应是 roles 里的名称、role:角色、field:字段、owner、"
        "unit、asked 或 anyone",
        SF(term));
}

static bool who_has(const struct who_list *l, const struct who *w)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].kind == w->kind && l->v[i].roles == w->roles && l->v[i].field == w->field)
            return true;
    return false;
}

static enum code read_terms(struct kind_reading *r, const struct yaml *n, bool roles_too,
    struct who_list *out, struct err *e)
{
    struct members m;
    size_t cap = 0;

    TRY(read_members(r->a, n, "条件", KIND_TERMS_MAX, &m, e));
    *out = (struct who_list){0};
    for (size_t i = 0; i < m.n; i++) {
        struct who one;
        const struct kind_role *role = NULL;
        struct str term;
        TRY(yaml_text(m.v[i], &term, e));
        for (size_t j = 0; roles_too && j < r->n_roles; j++)
            if (str_eq(r->roles[j].id, term))
                role = &r->roles[j];
        if (!role)
            TRY(read_plain_term(r, m.v[i], term, &one, e));
        for (size_t j = 0; j < (role ? role->who.n : 1); j++) {
            struct who w = role ? role->who.v[j] : one;
            if (!who_has(out, &w))
                ARENA_PUSH(r->a, out->v, out->n, cap) = w;
        }
    }
    return OK;
}

enum code read_who(
    struct kind_reading *r, const struct yaml *n, struct who_list *out, struct err *e)
{
    return read_terms(r, n, true, out, e);
}

static enum code read_roles(struct kind_reading *r, struct err *e)
{
    static const char *const taken[] = {
        "owner", "unit", "asked", "anyone", "chosen", "asked_chief", NULL};
    const struct yaml *roles = yaml_get(r->root, "roles");

    if (!roles)
        return OK;
    TRY(yaml_expect(roles, YAML_MAP, e));
    if (roles->n > KIND_ROLES_MAX)
        return yaml_fail(roles, e, "角色有%d个，最多%d个", roles->n, KIND_ROLES_MAX);
    r->roles = ARENA_ARRAY(r->a, struct kind_role, (size_t)roles->n + 1);
    for (const struct yaml *m = roles->first; m; m = m->next) {
        struct kind_role *role = &r->roles[r->n_roles];
        if (!is_id(m->key))
            return bad_id(m, m->key, e);
        for (size_t i = 0; taken[i]; i++)
            if (str_eq(m->key, str_z(taken[i])))
                return yaml_fail(m, e, "角色不能叫“%.*s”，这个词另有含义", SF(m->key));
        role->id = m->key;
        TRY(read_terms(r, m, false, &role->who, e));
        if (role->who.n == 0)
            return yaml_fail(m, e, "角色“%.*s”没有写是谁", SF(m->key));
        r->n_roles++;
    }
    return OK;
}

/* ---- states ---- */

static enum code read_one_state(
    struct kind_reading *r, const struct yaml *m, struct kind_state *s, struct err *e)
{
    static const char *const keys[] = {"name", "edit", "closed", NULL};
    const struct yaml *n;

    s->id = m->key;
    s->line = m->line;
    if (!is_id(m->key))
        return bad_id(m, m->key, e);
    if (str_eq(m->key, S("any")))
        return yaml_fail(m, e, "状态不能叫“any”，它指任一未办结的状态");
    if (m->kind == YAML_SCALAR)
        return read_line(m, KIND_NAME_CP_MAX, &s->name, e);
    TRY(yaml_keys(m, keys, e));
    TRY(read_need(m, "name", &n, e));
    TRY(read_line(n, KIND_NAME_CP_MAX, &s->name, e));
    TRY(read_flag(m, "closed", &s->closed, e));
    if (yaml_get(m, "edit"))
        TRY(read_who(r, yaml_get(m, "edit"), &s->edit, e));
    return OK;
}

static enum code read_all_states(struct kind_reading *r, struct err *e)
{
    struct kind *k = r->k;
    const struct yaml *n;
    bool ends = false;

    TRY(read_need(r->root, "states", &n, e));
    TRY(yaml_expect(n, YAML_MAP, e));
    if (n->n > KIND_STATES_MAX)
        return yaml_fail(n, e, "状态有%d个，最多%d个", n->n, KIND_STATES_MAX);
    k->states = ARENA_ARRAY(r->a, struct kind_state, (size_t)n->n + 1);
    for (const struct yaml *m = n->first; m; m = m->next) {
        struct kind_state *s = &k->states[k->n_states];
        TRY(read_one_state(r, m, s, e));
        for (size_t i = 0; i < k->n_states; i++)
            if (str_eq(k->states[i].name, s->name))
                return yaml_fail(m, e, "状态“%.*s”和“%.*s”同名", SF(k->states[i].id), SF(s->id));
        ends = ends || s->closed;
        k->n_states++;
    }
    if (k->n_states == 0)
        return yaml_fail(n, e, "一个状态也没有");
    if (k->states[0].closed)
        return yaml_fail(
            n->first, e, "事项从第一个状态“%.*s”开始，它不能是已办结", SF(k->states[0].name));
    return ends ? OK : yaml_fail(n, e, "没有一个状态是已办结（closed: true），事项永远结束不了");
}

/* ---- the kind itself ---- */

static const struct yaml *yaml_at(const struct yaml *list, size_t i)
{
    const struct yaml *m = list->first;

    while (i--)
        m = m->next;
    return m;
}

static enum code read_title(struct kind_reading *r, struct err *e)
{
    const struct yaml *n = yaml_get(r->root, "title");
    const struct kind_field *f;

    r->k->title = SIZE_MAX;
    if (!n)
        return OK;
    TRY(read_field(r, n, &r->k->title, e));
    f = &r->k->fields[r->k->title];
    if (f->type != FIELD_TEXT && f->type != FIELD_LONGTEXT)
        return yaml_fail(n, e, "作标题的字段“%.*s”要是 text 或 longtext", SF(f->id));
    if (yaml_get(yaml_at(yaml_get(r->root, "fields"), r->k->title), "see"))
        return yaml_fail(n, e, "作标题的字段“%.*s”人人看得到，不能限定谁看（see）", SF(f->id));
    if (!f->required || f->when.n)
        return yaml_fail(n, e, "作标题的字段“%.*s”要是必填的，且不带条件", SF(f->id));
    return OK;
}

static enum code read_retention(struct kind_reading *r, struct err *e)
{
    const struct yaml *n = yaml_get(r->root, "retention");
    struct str s;
    int years = 0;

    if (!n)
        return OK;
    TRY(yaml_text(n, &s, e));
    if (str_eq(s, S("permanent")))
        return OK;
    if (!str_eat_digits(&s, 1, 3, &years) || !str_eq(s, S("y")) || years < 1 ||
        years > RETENTION_YEARS_MAX)
        return yaml_fail(n, e, "保管期限“%.*s”应写成 10y（1到%d年）或 permanent（永久）",
            SF(n->text), RETENTION_YEARS_MAX);
    r->k->retention_years = years;
    return OK;
}

static enum code read_head(struct kind_reading *r, struct err *e)
{
    static const char *const entries[] = {"in", "draft", "track", "meet", "voice", "library", NULL};
    static const char *const levels[] = {"open", "internal", "secret", NULL};
    struct kind *k = r->k;
    const struct yaml *n;
    int word;

    TRY(read_need(r->root, "kind", &n, e));
    TRY(read_id(n, &k->id, e));
    if (k->id.n < 2)
        return yaml_fail(n, e, "种类的标识“%.*s”太短", SF(k->id));
    TRY(read_need(r->root, "name", &n, e));
    TRY(read_line(n, KIND_NAME_CP_MAX, &k->name, e));
    TRY(read_line(yaml_get(r->root, "about"), KIND_TEXT_CP_MAX, &k->about, e));
    TRY(read_need(r->root, "entry", &n, e));
    TRY(yaml_word(n, entries, &word, e));
    k->entry = str_z(entries[word]);
    k->enabled = true;
    TRY(read_flag(r->root, "enabled", &k->enabled, e));
    k->level = LEVEL_INTERNAL; /* what is not said to be open is not */
    n = yaml_get(r->root, "level");
    if (n)
        TRY(yaml_word(n, levels, &k->level, e));
    n = yaml_get(r->root, "phrases");
    if (n)
        TRY(read_words(r->a, n, "常用语", KIND_PHRASES_MAX, &k->phrases, &k->n_phrases, e));
    return read_retention(r, e);
}

static enum code read_ledger(struct kind_reading *r, struct err *e)
{
    static const char *const own[] = {"number", "title", "state", "light", "urgency", "owner",
        "unit", "opened", "closed", "due", NULL};
    struct kind *k = r->k;
    const struct yaml *n = yaml_get(r->root, "ledger");
    struct members m;

    if (!n)
        return yaml_fail(r->root, e, "缺少“ledger”（台账的各列）");
    TRY(read_members(r->a, n, "台账的列", KIND_LEDGER_MAX, &m, e));
    TRY(read_words(r->a, n, "台账的列", KIND_LEDGER_MAX, &k->ledger, &k->n_ledger, e));
    if (k->n_ledger == 0)
        return yaml_fail(n, e, "台账一列也没有");
    for (size_t i = 0; i < k->n_ledger; i++) {
        size_t j = 0;
        while (own[j] && !str_eq(k->ledger[i], str_z(own[j])))
            j++;
        if (!own[j] && kind_field_of(k, k->ledger[i]) == SIZE_MAX)
            return yaml_fail(m.v[i], e,
                "台账的列“%.*s”不是字段，也不是 number、title、state、light、"
                "urgency、owner、unit、opened、closed、due",
                SF(k->ledger[i]));
    }
    return OK;
}

static enum code check_template(const struct yaml *n, struct str name, struct err *e)
{
    if (paper_known(name))
        return OK;
    return yaml_fail(n, e, "没有印件样式“%.*s”，可用的样式：%s", SF(name), paper_templates());
}

static enum code read_forms(struct kind_reading *r, struct err *e)
{
    static const char *const keys[] = {"id", "name", "template", "enabled", NULL};
    bool enabled;
    struct kind *k = r->k;
    const struct yaml *n = yaml_get(r->root, "forms"), *x;

    if (!n)
        return OK;
    TRY(yaml_expect(n, YAML_LIST, e));
    if (n->n > KIND_FORMS_MAX)
        return yaml_fail(n, e, "印件有%d种，最多%d种", n->n, KIND_FORMS_MAX);
    k->forms = ARENA_ARRAY(r->a, struct kind_form, (size_t)n->n + 1);
    for (const struct yaml *m = n->first; m; m = m->next) {
        struct kind_form *f = &k->forms[k->n_forms];
        TRY(yaml_keys(m, keys, e));
        TRY(read_need(m, "id", &x, e));
        TRY(read_id(x, &f->id, e));
        for (size_t i = 0; i < k->n_forms; i++)
            if (str_eq(k->forms[i].id, f->id))
                return yaml_fail(m, e, "印件“%.*s”重复", SF(f->id));
        TRY(read_need(m, "name", &x, e));
        TRY(read_line(x, KIND_NAME_CP_MAX, &f->name, e));
        TRY(read_need(m, "template", &x, e));
        TRY(read_id(x, &f->template, e));
        TRY(check_template(x, f->template, e));
        enabled = true;
        TRY(read_flag(m, "enabled", &enabled, e));
        f->off = !enabled;
        k->n_forms++;
    }
    return OK;
}

static enum code read_day_field(
    struct kind_reading *r, const struct yaml *map, const char *key, size_t *out, struct err *e)
{
    const struct yaml *n;
    TRY(read_need(map, key, &n, e));
    TRY(read_field(r, n, out, e));
    enum field_type t = r->k->fields[*out].type;
    if (t == FIELD_DATE || t == FIELD_DATETIME)
        return OK;
    return yaml_fail(n, e, "“%s”要是日期或时间字段", key);
}

static enum code read_agenda(struct kind_reading *r, struct err *e)
{
    static const char *const keys[] = {"states", "from", "to", "place", "people", NULL};
    struct kind_agenda *x = &r->k->agenda;
    const struct yaml *n = yaml_get(r->root, "agenda"), *m;
    if (!n)
        return OK;
    TRY(yaml_expect(n, YAML_MAP, e));
    TRY(yaml_keys(n, keys, e));
    TRY(read_day_field(r, n, "from", &x->from, e));
    TRY(read_day_field(r, n, "to", &x->to, e));
    x->place = x->people = SIZE_MAX;
    m = yaml_get(n, "place");
    if (m)
        TRY(read_field(r, m, &x->place, e));
    if (m && r->k->fields[x->place].type != FIELD_TEXT)
        return yaml_fail(m, e, "日程（agenda）的“place”要是文本字段");
    m = yaml_get(n, "people");
    if (m)
        TRY(read_field(r, m, &x->people, e));
    if (m && !field_of_people(r->k->fields[x->people].type))
        return yaml_fail(m, e, "日程（agenda）的“people”要是人员字段");
    for (size_t i = 0; i < 2; i++)
        if (r->k->fields[i ? x->to : x->from].see.n)
            return yaml_fail(n, e, "日程（agenda）的时间要是人人看得到的字段");
    TRY(read_need(n, "states", &m, e));
    return read_states(r, m, &x->states, &x->n_states, e);
}

static enum code read_absence(struct kind_reading *r, struct err *e)
{
    static const char *const keys[] = {"states", "from", "to", "deputy", NULL};
    struct kind_absence *x = &r->k->absence;
    const struct yaml *n = yaml_get(r->root, "absence"), *m;
    if (!n)
        return OK;
    TRY(yaml_expect(n, YAML_MAP, e));
    TRY(yaml_keys(n, keys, e));
    TRY(read_need(n, "states", &m, e));
    TRY(read_states(r, m, &x->states, &x->n_states, e));
    for (size_t i = 0; i < x->n_states; i++)
        if (r->k->states[x->states[i]].closed)
            return yaml_fail(m, e, "离岗（absence）的状态“%.*s”已办结，人已回来",
                SF(r->k->states[x->states[i]].id));
    TRY(read_day_field(r, n, "from", &x->from, e));
    TRY(read_day_field(r, n, "to", &x->to, e));
    x->deputy = SIZE_MAX;
    m = yaml_get(n, "deputy");
    if (!m)
        return OK;
    TRY(read_field(r, m, &x->deputy, e));
    if (r->k->fields[x->deputy].type != FIELD_PERSON)
        return yaml_fail(m, e, "离岗（absence）的“deputy”要是人员字段");
    return OK;
}

/* A form asks for at most KIND_REQUIRED_MAX things at once: the one that opens, and each move's. */
static enum code check_required(struct kind_reading *r, struct err *e)
{
    const struct kind *k = r->k;
    const struct yaml *m = yaml_get(r->root, "fields")->first;
    size_t n = 0;

    for (size_t i = 0; i < k->n_fields; i++, m = m->next)
        if (k->fields[i].required && !k->fields[i].at_move && ++n > KIND_REQUIRED_MAX)
            return yaml_fail(m, e, "“%.*s”是第%zu个必填的字段，一张表单最多%d个必填",
                SF(k->fields[i].name), n, KIND_REQUIRED_MAX);
    for (size_t i = 0; i < k->n_moves; i++) {
        struct yaml at = {.file = r->root->file, .line = k->moves[i].line};
        n = 0;
        for (size_t j = 0; j < k->moves[i].n_set; j++)
            n += k->fields[k->moves[i].set[j]].required;
        if (n > KIND_REQUIRED_MAX)
            return yaml_fail(&at, e, "转办“%.*s”要填%zu个必填的字段，一张表单最多%d个必填",
                SF(k->moves[i].id), n, KIND_REQUIRED_MAX);
    }
    return OK;
}

/* Is whoever stands in the field asked by some step? Else nobody named there would ever see the matter. */
static bool field_is_asked(const struct kind *k, size_t field)
{
    for (size_t i = 0; i < k->n_moves; i++)
        for (size_t j = 0; k->moves[i].ask && j < k->moves[i].ask->of.n; j++) {
            const struct who *w = &k->moves[i].ask->of.v[j];
            if (w->kind == WHO_FIELD && w->field == field)
                return true;
        }
    return false;
}

static enum code check_addressed(struct kind_reading *r, struct err *e)
{
    const struct kind *k = r->k;
    for (size_t i = 0; i < k->n_fields; i++)
        if (k->fields[i].addressed && !field_is_asked(k, i)) {
            struct yaml at = {.file = r->root->file, .line = k->fields[i].line};
            return yaml_fail(&at, e,
                "字段“%.*s”写了“grant: asked”，却没有一步的“ask”问到“field:%.*s”，填的人永远看不到",
                SF(k->fields[i].id), SF(k->fields[i].id));
        }
    return OK;
}

static enum code read_all(struct kind_reading *r, struct err *e)
{
    static const char *const keys[] = {"kind", "name", "about", "entry", "enabled", "number",
        "number_at", "codes", "title", "level", "retention", "phrases", "roles", "fields", "states",
        "moves", "clocks", "lights", "remind", "climb", "ledger", "forms", "absence", "manuscript",
        "agenda", NULL};

    TRY(yaml_expect(r->root, YAML_MAP, e));
    TRY(yaml_keys(r->root, keys, e));
    TRY(read_head(r, e));
    TRY(read_fields(r, e));
    TRY(read_title(r, e));
    TRY(read_roles(r, e));
    TRY(read_field_see(r, e));
    TRY(read_all_states(r, e));
    TRY(read_moves(r, e));
    TRY(check_required(r, e));
    TRY(check_addressed(r, e));
    TRY(read_number(r, e));
    TRY(check_paths(r, e));
    TRY(read_clocks(r, e));
    TRY(read_climb(r, e));
    TRY(read_text(r, e));
    TRY(read_ledger(r, e));
    TRY(read_absence(r, e));
    TRY(read_agenda(r, e));
    return read_forms(r, e);
}

enum code kind_read(
    struct arena *a, struct str yaml, const char *file, struct kind **out, struct err *e)
{
    struct kind_reading r = {.a = a};

    if (yaml.n > KIND_BYTES_MAX)
        return FAIL(
            e, E_LIMIT, "文件“%s”第1行：全文%zu字节，超过上限%d字节", file, yaml.n, KIND_BYTES_MAX);
    TRY(yaml_parse(a, yaml, file, &r.root, e));
    r.k = ARENA_NEW(a, struct kind);
    TRY(read_all(&r, e));
    *out = r.k;
    return OK;
}
