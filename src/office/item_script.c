/* Verbs as JSON: names to ids, and one entry a verb. */
#include "office/item_script_int.h"

#include <string.h>

#include "base/id.h"
#include "base/utf8.h"
#include "office/absence.h"
#include "office/ask.h"
#include "office/climb.h"
#include "office/document.h"
#include "office/duty_log.h"
#include "office/item_link.h"
#include "office/item_number.h"
#include "office/oral.h"
#include "office/original.h"
#include "office/person.h"
#include "office/recurring.h"
#include "office/responsibility.h"
#include "office/section_text.h"

typedef enum code (*verb_fn)(struct line *l, struct err *e);

static struct str text_of(const json_t *v)
{
    return json_is_string(v) ? (struct str){json_string_value(v), json_string_length(v)} : S("");
}

/* ---- names to ids ---- */

enum code script_person(struct line *l, struct str name, int64_t *id, struct err *e)
{
    struct person p = {0};

    if (person_by_login(l->db, l->a, name, &p, e) != OK)
        return err_context(e, "“%.*s”", SF(name));
    *id = p.id;
    return OK;
}

static enum code unit_id(struct line *l, struct str code, int64_t *id, struct err *e)
{
    struct unit u;

    TRY(unit_by_code(l->db, l->a, code, &u, e));
    *id = u.id;
    return OK;
}

static enum code document_id(struct line *l, struct str name, int64_t *id, struct err *e)
{
    struct err none;
    int64_t *ids;
    size_t n;

    if (id_parse(name, id, &none) == OK)
        return OK;
    TRY(document_by_docno(l->db, l->a, name, &ids, &n, e));
    if (n > 1)
        return FAIL(e, E_CONFLICT, "文号“%.*s”有%zu份文件，请写文件编号", SF(name), n);
    if (n == 0)
        return FAIL(e, E_NOTFOUND, "没有文号为“%.*s”的文件", SF(name));
    *id = ids[0];
    return OK;
}

enum code script_ref(struct line *l, struct str name, int64_t *id, struct err *e)
{
    for (size_t i = l->s->n_refs; i-- > 0;)
        if (name.n && name.p[0] == '$' && str_eq(l->s->refs[i].name, str_sub(name, 1, name.n))) {
            *id = l->s->refs[i].id;
            return OK;
        }
    return FAIL(e, E_NOTFOUND, "“%.*s”前面没有这个 ref", SF(name));
}

static enum code item_id(struct line *l, struct str name, int64_t *id, struct err *e)
{
    return name.n && name.p[0] == '$' ? script_ref(l, name, id, e) : item_find(l->db, name, id, e);
}

/* "+7d", "-3d": days from the day of the line; *rest: behind it. */
static bool days_from(struct str s, int *days, struct str *rest)
{
    size_t i = 1;
    int v = 0;

    if (s.n < 3 || (s.p[0] != '+' && s.p[0] != '-'))
        return false;
    for (; i < s.n && i < 6 && s.p[i] >= '0' && s.p[i] <= '9'; i++)
        v = v * 10 + (s.p[i] - '0');
    if (i == 1 || i == s.n || s.p[i] != 'd')
        return false;
    *days = s.p[0] == '-' ? -v : v;
    *rest = str_sub(s, i + 1, s.n);
    return true;
}

/* A day as fields have it: ISO, or moved from today. A time behind it stays. */
static struct str day_text(struct line *l, struct str s)
{
    char iso[DAY_ISO_SIZE];
    struct str rest;
    int days;

    if (!days_from(s, &days, &rest))
        return s;
    return arena_cat(l->a, day_iso(day_of(l->today + days), iso), rest);
}

static enum code instant(struct line *l, const char *key, int64_t *at_ms, struct err *e)
{
    struct str s = day_text(l, script_get(l, key));

    if (!s.n)
        return OK;
    if (s.n == DAY_ISO_SIZE - 1)
        s = arena_cat(l->a, s, S(" 00:00"));
    if (clock_parse(s, ZONE_CHINA, at_ms, e) != OK)
        return err_context(e, "“%s”", key);
    return OK;
}

/* ---- fields ---- */

typedef enum code (*id_fn)(struct line *l, struct str name, int64_t *id, struct err *e);
static const id_fn id_of[N_FIELD_TYPE] = {
    [FIELD_PERSON] = script_person,
    [FIELD_PEOPLE] = script_person,
    [FIELD_UNIT] = unit_id,
    [FIELD_UNITS] = unit_id,
    [FIELD_DOCUMENT] = document_id,
    [FIELD_ITEM] = item_id,
};

static enum code id_json(
    struct line *l, enum field_type type, const json_t *v, json_t **out, struct err *e)
{
    int64_t id = 0;

    TRY(id_of[type](l, text_of(v), &id, e));
    *out = json_sprintf("%lld", (long long)id);
    return OK;
}

static enum code ids_json(
    struct line *l, enum field_type type, const json_t *v, json_t **out, struct err *e)
{
    json_t *list;
    size_t n = json_array_size(v);

    if (!json_is_array(v))
        return id_json(l, type, v, out, e);
    if (n > SCRIPT_NAMES_MAX)
        return FAIL(e, E_LIMIT, "一行最多列%d个", SCRIPT_NAMES_MAX);
    list = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *one;
        enum code c = id_json(l, type, json_array_get(v, i), &one, e);
        if (c != OK) {
            json_decref(list);
            return c;
        }
        json_array_append_new(list, one);
    }
    *out = list;
    return OK;
}

/* {"doc": number or id, "text": words of it}: found in the document's text. */
static enum code passage_json(struct line *l, const json_t *v, json_t **out, struct err *e)
{
    struct str text, words = jr_str(v, "text");
    int64_t id = 0;
    size_t at = SIZE_MAX;

    TRY(document_id(l, jr_str(v, "doc"), &id, e));
    TRY(document_text(l->db, l->a, id, &text, e));
    if (words.n)
        at = str_find(text, words, 0);
    if (at == SIZE_MAX)
        return FAIL(e, E_NOTFOUND, "文件里没有“%.*s”这段话", SF(words));
    json_int_t begin = (json_int_t)utf8_len_cp(str_sub(text, 0, at));
    json_int_t end = begin + (json_int_t)utf8_len_cp(words);
    *out = json_pack("{s:o,s:I,s:I,s:o}", "doc", json_sprintf("%lld", (long long)id), "begin",
        begin, "end", end, "text", json_stringn(words.p, words.n));
    return OK;
}

/* Everything but a table. */
static enum code plain_json(
    struct line *l, const struct kind_field *f, json_t *v, json_t **out, struct err *e)
{
    if (!json_is_null(v) && id_of[f->type])
        return ids_json(l, f->type, v, out, e);
    if (json_is_object(v) && f->type == FIELD_PASSAGE)
        return passage_json(l, v, out, e);
    if (json_is_string(v) && (f->type == FIELD_DATE || f->type == FIELD_DATETIME)) {
        struct str s = text_of(v), time;
        if (f->type == FIELD_DATETIME && str_cut(s, S(" "), &s, &time)) /* "-1d 20:35" */
            s = arena_printf(l->a, "%.*s %.*s", SF(day_text(l, s)), SF(time));
        else
            s = day_text(l, s);
        *out = json_stringn(s.p, s.n);
        return OK;
    }
    *out = json_incref(v); /* what is wrong with it, the verb says */
    return OK;
}

typedef enum code (*value_fn)(
    struct line *l, const struct kind_field *f, json_t *v, json_t **out, struct err *e);

/* The members of `from` into `made`, each that is a field by `fn`. */
static enum code members_json(struct line *l, const struct kind_field *fields, size_t n,
    json_t *from, value_fn fn, json_t *made, struct err *e)
{
    const char *key;
    json_t *v;

    json_object_foreach(from, key, v)
    {
        json_t *one = NULL;
        size_t i = 0;
        while (i < n && !str_eq(fields[i].id, str_z(key)))
            i++;
        /* title, urgency and level are no fields: item_edit judges them, and names that are none */
        if (i == n)
            one = json_incref(v);
        else if (fn(l, &fields[i], v, &one, e) != OK)
            return err_context(e, "字段“%s”", key);
        json_object_set_new(made, key, one);
    }
    return OK;
}

static enum code value_json(
    struct line *l, const struct kind_field *f, json_t *v, json_t **out, struct err *e)
{
    json_t *list;
    enum code c = OK;

    if (f->type != FIELD_TABLE || !json_is_array(v))
        return plain_json(l, f, v, out, e);
    list = json_array();
    for (size_t i = 0; c == OK && i < json_array_size(v); i++) {
        json_t *row = json_object();
        json_array_append_new(list, row);
        c = members_json(l, f->columns, f->n_columns, json_array_get(v, i), plain_json, row, e);
    }
    if (c == OK)
        *out = list;
    else
        json_decref(list);
    return c;
}

static void drop_json(void *arg)
{
    json_decref(arg);
}

/* The object under `key` with names resolved; lives as long as the line. NULL: none. */
static enum code fields_of(struct line *l, const char *key, json_t **out, struct err *e)
{
    json_t *from = json_object_get(l->js, key);

    *out = NULL;
    if (!from)
        return OK;
    if (!json_is_object(from))
        return FAIL(e, E_INPUT, "“%s”应当是一个对象", key);
    *out = json_object();
    arena_defer(l->a, drop_json, *out);
    return members_json(l, l->k->fields, l->k->n_fields, from, value_json, *out, e);
}

static enum code names(
    struct line *l, const char *key, bool units, int64_t **out, size_t *n, struct err *e)
{
    const json_t *v = json_object_get(l->js, key);
    size_t many = json_array_size(v);

    if (v && !json_is_array(v))
        return FAIL(e, E_INPUT, "“%s”应当是一个列表", key);
    if (many > SCRIPT_NAMES_MAX)
        return FAIL(e, E_LIMIT, "“%s”最多列%d个", key, SCRIPT_NAMES_MAX);
    *out = ARENA_ARRAY(l->a, int64_t, many + 1);
    for (*n = 0; *n < many; ++*n) {
        struct str one = text_of(json_array_get(v, *n));
        TRY(units ? unit_id(l, one, &(*out)[*n], e) : script_person(l, one, &(*out)[*n], e));
    }
    return OK;
}

/* ---- verbs ---- */

static const char *const levels[] = {"公开", "内部", "工作秘密"};
static const char *const urgencies[] = {"", "平急", "加急", "特急"};

static enum code word_of(const struct line *l, const char *key, const char *const *words, size_t n,
    int dflt, int *out, struct err *e)
{
    struct str s = script_get(l, key);

    *out = dflt;
    if (!s.n)
        return OK;
    for (size_t i = 0; i < n; i++)
        if (str_eq(s, str_z(words[i]))) {
            *out = (int)i;
            return OK;
        }
    return FAIL(e, E_INPUT, "“%s”没有“%.*s”这一种", key, SF(s));
}

static enum code do_open(struct line *l, struct err *e)
{
    struct item_open o = {.kind = script_get(l, "kind"),
        .title = script_get(l, "title"),
        .draft = jr_bool(l->js, "draft", false)};
    int level, urgency;

    TRY(kinds_get(l->by.kinds, l->db, o.kind, 0, &l->k, e));
    TRY(fields_of(l, "fields", &o.fields, e));
    TRY(word_of(l, "level", levels, 3, l->k->level, &level, e));
    TRY(word_of(l, "urgency", urgencies, 4, URGENCY_NONE, &urgency, e));
    if (script_get(l, "unit").n)
        TRY(unit_id(l, script_get(l, "unit"), &o.unit, e));
    TRY(instant(l, "opened", &o.opened_ms, e));
    o.level = level;
    o.urgency = (enum urgency)urgency;
    return item_open(l->db, &l->by, &o, &l->made, e);
}

static enum code do_edit(struct line *l, struct err *e)
{
    json_t *changes;

    TRY(fields_of(l, "fields", &changes, e));
    return changes ? item_edit(l->db, &l->by, l->it.id, l->it.revision, changes, e)
                   : FAIL(e, E_INPUT, "“edit”要写“fields”");
}

static enum code do_move(struct line *l, struct err *e)
{
    struct item_move m = {.move = script_get(l, "move"),
        .opinion = script_get(l, "opinion"),
        .reserved = jr_int(l->js, "reserved", 0)};
    json_t *set;
    int64_t *persons, *units;

    TRY(fields_of(l, "set", &set, e));
    TRY(names(l, "persons", false, &persons, &m.n_persons, e));
    TRY(names(l, "units", true, &units, &m.n_units, e));
    m.set = set;
    m.persons = persons;
    m.units = units;
    return item_move(l->db, &l->by, l->it.id, l->it.revision, &m, e);
}

/* The open ask of the acting person, or of the unit he acts for. */
static enum code do_answer(struct line *l, struct err *e)
{
    struct ask *v;
    size_t n;
    int64_t unit = l->who.unit;

    if (script_get(l, "unit").n)
        TRY(unit_id(l, script_get(l, "unit"), &unit, e));
    TRY(ask_list(l->db, l->a, &l->by, l->it.id, &v, &n, e));
    for (size_t i = 0; i < n; i++) {
        bool mine = v[i].to_kind == PRINCIPAL_PERSON ? v[i].to == l->who.person : v[i].to == unit;
        if (v[i].state == ASK_OPEN && v[i].sent_ms && mine) {
            TRY(ask_seen(l->db, &l->by, v[i].id, e));
            return ask_answer(
                l->db, &l->by, v[i].id, script_get(l, "word"), script_get(l, "text"), NULL, 0, e);
        }
    }
    return FAIL(e, E_NOTFOUND, "“%.*s”没有要答复的请办", SF(script_get(l, "as")));
}

static void add_asks(struct ask_new *v, size_t *n, const struct ask_new *like, enum principal kind,
    const int64_t *to, size_t many)
{
    for (size_t i = 0; i < many; i++) {
        v[*n] = *like;
        v[*n].to_kind = kind;
        v[(*n)++].to = to[i];
    }
}

/* Words allowed, one a line. */
static struct str lines_of(struct line *l, const char *key)
{
    const json_t *v = json_object_get(l->js, key);
    struct str s = S("");

    for (size_t i = 0; i < json_array_size(v); i++)
        s = arena_cat(l->a, arena_cat(l->a, s, i ? S("\n") : S("")), text_of(json_array_get(v, i)));
    return s;
}

static enum code do_ask(struct line *l, struct err *e)
{
    static const char *const waits[] = {"none", "all", "any"};
    struct ask_new like = {.purpose = script_get(l, "purpose"), .answers = lines_of(l, "answers")},
                   *v;
    int64_t *persons, *units;
    size_t n_persons, n_units, n = 0;
    int wait;

    TRY(word_of(l, "wait", waits, 3, WAIT_ALL, &wait, e));
    TRY(instant(l, "due", &like.due_ms, e));
    TRY(names(l, "persons", false, &persons, &n_persons, e));
    TRY(names(l, "units", true, &units, &n_units, e));
    like.wait = (enum ask_wait)wait;
    v = ARENA_ARRAY(l->a, struct ask_new, n_persons + n_units + 1);
    add_asks(v, &n, &like, PRINCIPAL_PERSON, persons, n_persons);
    add_asks(v, &n, &like, PRINCIPAL_UNIT, units, n_units);
    return ask_send(l->db, &l->by, l->it.id, v, n, e);
}

/* Everybody who has not answered yet. */
static enum code do_remind(struct line *l, struct err *e)
{
    struct ask *v;
    int64_t *ids;
    size_t n, open = 0;

    TRY(ask_list(l->db, l->a, &l->by, l->it.id, &v, &n, e));
    ids = ARENA_ARRAY(l->a, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        if (v[i].state == ASK_OPEN && v[i].sent_ms)
            ids[open++] = v[i].id;
    return ask_remind(l->db, &l->by, ids, open, script_get(l, "text"), e);
}

static enum code do_seen(struct line *l, struct err *e)
{
    struct ask *v;
    size_t n;

    TRY(ask_list(l->db, l->a, &l->by, l->it.id, &v, &n, e));
    for (size_t i = 0; i < n; i++) {
        bool mine =
            v[i].to_kind == PRINCIPAL_PERSON ? v[i].to == l->who.person : v[i].to == l->who.unit;
        if (v[i].state == ASK_OPEN && v[i].sent_ms && mine)
            TRY(ask_seen(l->db, &l->by, v[i].id, e));
    }
    return OK;
}

static enum code do_remark(struct line *l, struct err *e)
{
    int64_t *to = NULL;
    size_t n = 0;

    TRY(names(l, "persons", false, &to, &n, e));
    return item_remark(l->db, &l->by, l->it.id, script_get(l, "text"), to, n, e);
}

/* 批示, entered from paper for `leader`. */
static enum code do_directive(struct line *l, struct err *e)
{
    struct remark_new r = {.item = l->it.id, .words = script_get(l, "words")};
    int64_t seq;
    char iso[DAY_ISO_SIZE];

    TRY(script_person(l, script_get(l, "leader"), &r.leader, e));
    r.day = arena_str(l->a, day_iso(day_of(l->today), iso));
    return remark_enter(l->db, &l->by, &r, &seq, e);
}

/* The latest words that somebody entered for another. */
static enum code do_verify(struct line *l, struct err *e)
{
    struct item_proxy *v;
    size_t n;

    TRY(item_proxy_list(l->db, l->a, &l->by, l->it.id, &v, &n, e));
    for (size_t i = n; i-- > 0;)
        if (!v[i].verified_ms)
            return item_verify(l->db, &l->by, l->it.id, v[i].seq, !script_get(l, "why").n,
                script_get(l, "why"), e);
    return FAIL(e, E_NOTFOUND, "没有等核对的代录");
}

/* 口头交办, as the line of words is read; who could be several is refused. */
static enum code do_oral(struct line *l, struct err *e)
{
    struct remark_people people;
    struct oral_line o;
    struct oral_new made;
    int64_t units[REMARK_NAMED_MAX], persons[REMARK_NAMED_MAX];
    char iso[DAY_ISO_SIZE];

    TRY(remark_people(l->db, l->a, day_iso(day_of(l->today), iso), &people, e));
    oral_read(l->a, script_get(l, "line"), &people, l->by.now_ms, l->by.calendar, &o);
    if (o.leader.n != 1)
        return FAIL(e, E_INPUT, "没有认出是哪位领导");
    made = (struct oral_new){.leader = o.leader.fit[0].id,
        .at_ms = o.at_ms,
        .said = o.said,
        .due = o.due,
        .units = units,
        .persons = persons};
    for (size_t i = 0; i < o.n_to; i++) {
        const struct remark_fit *f = &o.to[i].fit[0];
        if (o.to[i].n != 1)
            return FAIL(e, E_INPUT, "“%.*s”对得上不止一个", SF(o.to[i].words));
        if (f->kind == PRINCIPAL_UNIT)
            units[made.n_units++] = f->id;
        else
            persons[made.n_persons++] = f->id;
    }
    return oral_enter(l->db, &l->by, &made, &l->made, e);
}

static enum code do_withdraw(struct line *l, struct err *e)
{
    return item_withdraw(l->db, &l->by, l->it.id, l->it.revision, script_get(l, "why"), e);
}

static enum code do_return(struct line *l, struct err *e)
{
    return item_return(
        l->db, &l->by, l->it.id, l->it.revision, script_get(l, "state"), script_get(l, "why"), e);
}

static enum code do_hand_over(struct line *l, struct err *e)
{
    int64_t to = 0;

    TRY(script_person(l, script_get(l, "to"), &to, e));
    return item_hand_over(l->db, &l->by, l->it.id, l->it.revision, to, script_get(l, "why"), e);
}

static enum code do_extend(struct line *l, struct err *e)
{
    return item_extend(l->db, &l->by, l->it.id, l->it.revision, script_get(l, "clock"),
        day_text(l, script_get(l, "day")), script_get(l, "why"), e);
}

static enum code do_merge(struct line *l, struct err *e)
{
    int64_t into = 0;

    TRY(item_id(l, script_get(l, "into"), &into, e));
    return item_merge(l->db, &l->by, l->it.id, l->it.revision, into, script_get(l, "why"), e);
}

static enum code do_reopen(struct line *l, struct err *e)
{
    return item_reopen(l->db, &l->by, l->it.id, l->it.revision, script_get(l, "why"), e);
}

static enum code do_link(struct line *l, struct err *e)
{
    struct item_link k = {.from = {.kind = LINK_ITEM, .id = l->it.id},
        .to = {.kind = LINK_ITEM},
        .relation = script_get(l, "relation")};

    if (script_get(l, "doc").n) {
        k.to.kind = LINK_DOCUMENT;
        TRY(document_id(l, script_get(l, "doc"), &k.to.id, e));
    } else {
        TRY(item_id(l, script_get(l, "to"), &k.to.id, e));
    }
    return item_link_add(l->db, &l->by, &k, e);
}

static enum code do_delegate(struct line *l, struct err *e)
{
    int64_t to = 0;

    TRY(script_person(l, script_get(l, "to"), &to, e));
    return item_delegate(l->db, &l->by, l->who.person, to, day_text(l, script_get(l, "from")),
        day_text(l, script_get(l, "until")), e);
}

static enum code do_originals(struct line *l, struct err *e)
{
    return original_make(l->db, &l->by, l->it.id, jr_int(l->js, "copies", 1), NULL, e);
}

static enum code do_hand(struct line *l, struct err *e)
{
    struct original_filter f = {.item = l->it.id};
    struct original_act act = {.verb = ORIGINAL_GIVE, .to = {.kind = HOLDER_PERSON}};
    int64_t copy = jr_int(l->js, "copy", 1);
    struct original *v;
    bool more;
    size_t n;

    TRY(script_person(l, script_get(l, "to"), &act.to.id, e));
    TRY(original_list(l->db, l->a, &l->by, &f, ORIGINAL_COPIES_MAX, &v, &n, &more, e));
    for (size_t i = 0; i < n; i++)
        if (v[i].copy == copy)
            return original_do(l->db, &l->by, v[i].id, &act, e);
    return FAIL(e, E_INPUT, "copy：这件事项没有第%lld份纸质原件", (long long)copy);
}

/* ---- duties, absences ---- */

/* Of the unit of whoever keeps them. */
static enum code do_responsibility(struct line *l, struct err *e)
{
    char iso[DAY_ISO_SIZE];
    struct responsibility r = {.unit = l->who.unit,
        .name = script_get(l, "name"),
        .what = script_get(l, "what"),
        .how = script_get(l, "how"),
        .when = script_get(l, "when"),
        .since = arena_str(l->a, day_iso(day_of(l->today), iso)),
        .rank = jr_int(l->js, "rank", 0)};

    TRY(script_person(l, script_get(l, "a"), &r.a, e));
    if (script_get(l, "b").n)
        TRY(script_person(l, script_get(l, "b"), &r.b, e));
    return responsibility_save(l->db, &l->by, &r, e);
}

static enum code do_absence(struct line *l, struct err *e)
{
    struct absence x = {.person = l->who.person,
        .from_day = day_text(l, script_get(l, "from")),
        .to_day = day_text(l, script_get(l, "until")),
        .why = script_get(l, "why")};

    if (script_get(l, "person").n)
        TRY(script_person(l, script_get(l, "person"), &x.person, e));
    return absence_save(l->db, &l->by, &x, e);
}

/* 周期事项 of whoever writes the line: each week on `weekday`, or each month on `day`, a day off coming before; from `from` on, so that nothing is
 * opened while the script runs. */
static enum code do_recurring(struct line *l, struct err *e)
{
    int64_t weekday = jr_int(l->js, "weekday", 0), day = jr_int(l->js, "day", 0);
    struct recurring r = {.kind = script_get(l, "kind"),
        .title = script_get(l, "title"),
        .owner = l->who.person,
        .from_day = day_text(l, script_get(l, "from")),
        .rule = {.on = weekday ? RECUR_WEEKDAY : RECUR_DAY,
            .months = weekday ? 0 : 1,
            .month = weekday ? 0 : 1,
            .n = (int)(weekday ? weekday : day),
            .shift = SHIFT_BEFORE}};

    return recurring_save(l->db, &l->by, &r, e);
}

/* 文风与用语 of his unit, which has none yet. */
static enum code do_style(struct line *l, struct err *e)
{
    struct section_text t = {
        .unit = l->who.unit, .sort = SECTION_STYLE, .text = script_get(l, "text")};
    return section_text_save(l->db, &l->by, &t, e);
}

/* ---- duty ---- */

static enum code do_climb_ack(struct line *l, struct err *e)
{
    int64_t whose = 0;
    if (script_get(l, "whose").n)
        TRY(script_person(l, script_get(l, "whose"), &whose, e));
    return climb_ack(l->db, &l->by, l->it.id, whose, e);
}

static enum code do_duty_rule(struct line *l, struct err *e)
{
    static const char *const seats[N_DUTY_SEAT] = {"a", "b", "leader"};
    static const char *const days[N_DUTY_SORT] = {"workday", "weekend", "holiday"};
    struct duty_rule r;
    TRY(duty_rule_get(l->db, l->a, &r, e));
    for (int i = 0; i < N_DUTY_SORT; i++)
        if (script_get(l, days[i]).n)
            TRY(duty_spans_parse(script_get(l, days[i]), r.span[i], &r.n_spans[i], e));
    for (int i = 0; i < N_DUTY_SEAT; i++) {
        const json_t *list = json_object_get(l->js, seats[i]);
        size_t n = json_array_size(list);
        if (!n || n > DUTY_PEOPLE_MAX)
            continue;
        r.people[i] = ARENA_ARRAY(l->a, int64_t, n);
        for (r.n_people[i] = 0; r.n_people[i] < n; r.n_people[i]++)
            TRY(script_person(
                l, text_of(json_array_get(list, r.n_people[i])), &r.people[i][r.n_people[i]], e));
    }
    return duty_rule_put(l->db, &l->by, &r, e);
}

/* The month of the day of the line, or so many behind it. */
static enum code do_duty_month(struct line *l, struct err *e)
{
    struct day d = day_of(l->today);
    int n = d.y * 12 + d.m - 1 + (int)jr_int(l->js, "ahead", 0);
    size_t made;
    return duty_generate(l->db, &l->by, n / 12, n % 12 + 1, &made, e);
}

/* In the shift that is on at the time of the line. */
static enum code do_duty_entry(struct line *l, struct err *e)
{
    struct duty_shift s;
    bool on = false;
    struct duty_entry x = {.kind = script_get(l, "caller").n ? ENTRY_CALL : ENTRY_NOTE,
        .caller = script_get(l, "caller"),
        .phone = script_get(l, "phone"),
        .text = script_get(l, "text"),
        .done = script_get(l, "done"),
        .told = script_get(l, "told"),
        .open = jr_bool(l->js, "open", false)};
    TRY(duty_at(l->db, l->a, l->by.now_ms, &s, &on, e));
    if (!on)
        return FAIL(e, E_NOTFOUND, "那个时间没有排班");
    x.shift = s.id;
    return duty_log_write(l->db, &l->by, &x, e);
}

static const struct {
    const char *name;
    verb_fn fn;
    bool item;        /* about an item that is there */
    const char *keys; /* that it takes besides verb as at item, in blanks */
} verbs[] = {
    {"open", do_open, false, " kind ref title fields level urgency unit opened draft "},
    {"edit", do_edit, true, " fields "},
    {"move", do_move, true, " move opinion set persons units reserved "},
    {"answer", do_answer, true, " word text unit "},
    {"ask", do_ask, true, " purpose persons units wait answers due "},
    {"seen", do_seen, true, " "},
    {"remind", do_remind, true, " text "},
    {"remark", do_remark, true, " text persons "},
    {"withdraw", do_withdraw, true, " why "},
    {"directive", do_directive, true, " leader words "},
    {"verify", do_verify, true, " why "},
    {"oral", do_oral, false, " line ref "},
    {"return", do_return, true, " state why "},
    {"hand_over", do_hand_over, true, " to why "},
    {"extend", do_extend, true, " clock day why "},
    {"merge", do_merge, true, " into why "},
    {"reopen", do_reopen, true, " why "},
    {"link", do_link, true, " to doc relation "},
    {"originals", do_originals, true, " copies "},
    {"hand", do_hand, true, " copy to "},
    {"delegate", do_delegate, false, " to from until "},
    {"responsibility", do_responsibility, false, " name what how when a b rank "},
    {"absence", do_absence, false, " person from until why "},
    {"recurring", do_recurring, false, " kind title weekday day from "},
    {"style", do_style, false, " text "},
    {"climb_ack", do_climb_ack, true, " whose "},
    {"duty_rule", do_duty_rule, false, " workday weekend holiday a b leader "},
    {"duty_month", do_duty_month, false, " ahead "},
    {"duty_entry", do_duty_entry, false, " caller phone text done told open "},
    {"manuscript", script_manuscript, false, " ref title genre template text "},
    {"manuscript_text", script_text, false, " manuscript text "},
    {"manuscript_version", script_version, false, " manuscript name "},
    {"manuscript_invite", script_invite, false, " manuscript persons writes "},
    {"manuscript_note", script_note, false, " manuscript quote words put "},
    {"manuscript_item", script_item, false, " manuscript kind ref "},
};
enum { N_VERBS = sizeof(verbs) / sizeof(verbs[0]) };

void item_script_verbs(struct buf *b)
{
    for (size_t i = 0; i < N_VERBS; i++)
        buf_printf(b, "%s%s", i ? " " : "", verbs[i].name);
}

/* ---- a line ---- */

static enum code keys_known(const struct line *l, size_t verb, struct err *e)
{
    static const char always[] = " verb as at item ";
    const char *key;
    json_t *v;

    json_object_foreach(l->js, key, v)
    {
        struct str word = arena_printf(l->a, " %s ", key);
        (void)v;
        if (!str_has(str_z(always), word) && !str_has(str_z(verbs[verb].keys), word))
            return FAIL(e, E_INPUT, "“%s”没有“%s”这一项", verbs[verb].name, key);
    }
    return OK;
}

/* Whose rights, at what time. */
static enum code set_actor(struct line *l, struct err *e)
{
    struct office *o = l->s->o;
    struct str as = script_get(l, "as");
    struct person p;

    l->by = (struct actor){.v = &l->who,
        .kinds = o->kinds,
        .calendar = o->calendar,
        .hours = &o->hours,
        .now_ms = clock_now_ms()};
    l->today = clock_day(l->by.now_ms, ZONE_CHINA);
    if (script_get(l, "at").n && !l->s->may_shift)
        return FAIL(e, E_DENIED, "“at”只能用在演示单位；补录请在 open 里写“opened”");
    TRY(instant(l, "at", &l->by.now_ms, e));
    l->today = clock_day(l->by.now_ms, ZONE_CHINA);
    if (!as.n)
        return FAIL(e, E_INPUT, "没有写“as”：以谁的名义办（登录名）");
    if (person_by_login(l->db, l->a, as, &p, e) != OK)
        return err_context(e, "“as”");
    if (!p.active)
        return FAIL(e, E_DENIED, "“%.*s”已停用，不能办理", SF(as));
    l->who = person_viewer(&p);
    return OK;
}

/* The item the line is about, as it stands. */
static enum code set_item(struct line *l, struct err *e)
{
    int64_t id = 0;

    TRY(item_id(l, script_get(l, "item"), &id, e));
    TRY(item_get(l->db, l->a, &l->by, id, &l->it, e));
    TRY(kinds_get(l->by.kinds, l->db, l->it.kind, l->it.kind_version, &l->k, e));
    l->made = id;
    return OK;
}

static enum code run_line(struct db *db, void *arg, struct err *e)
{
    struct line *l = arg;
    struct str verb = script_get(l, "verb");
    size_t i = 0;

    l->db = db;
    l->made = l->ref = 0;
    while (i < N_VERBS && !str_eq(verb, str_z(verbs[i].name)))
        i++;
    if (i == N_VERBS)
        return FAIL(e, E_INPUT, "没有“%.*s”这种办理", SF(verb));
    TRY(keys_known(l, i, e));
    TRY(set_actor(l, e));
    if (verbs[i].item)
        TRY(set_item(l, e));
    return verbs[i].fn(l, e);
}

static enum code keep_ref(struct item_script *s, struct str name, int64_t id, struct err *e)
{
    if (!name.n || !id)
        return OK;
    if (s->n_refs >= SCRIPT_REFS_MAX)
        return FAIL(e, E_LIMIT, "一个脚本最多用%d个 ref", SCRIPT_REFS_MAX);
    ARENA_PUSH(s->a, s->refs, s->n_refs, s->cap_refs) =
        (struct script_ref){arena_str(s->a, name), id};
    return OK;
}

enum code item_script_line(struct item_script *s, json_t *line, int64_t *item, struct err *e)
{
    struct line l = {.s = s, .js = line};
    struct arena a;
    enum code c;

    if (!json_is_object(line))
        return FAIL(e, E_INPUT, "每行应当是一个 JSON 对象");
    arena_init(&a);
    l.a = &a;
    c = store_write(s->o->store, run_line, &l, e);
    if (c == OK)
        c = keep_ref(s, jr_str(line, "ref"), l.ref ? l.ref : l.made, e);
    *item = c == OK ? l.made : 0;
    arena_release(&a);
    return c;
}
