/* The fields of an item: judged as they come in, stored as JSON, and as rows that lists sort and filter by. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "office/item_int.h"
#include "text/check.h"

enum { SORT_CP = 40, VALUE_CP = 200, NUMBER_DIGITS = 15, NUMBER_PLACES = 6, IDS_MAX = FIELD_MANY };

static struct str json_str(const json_t *v)
{
    return json_is_string(v) ? (struct str){json_string_value(v), json_string_length(v)} : S("");
}

static json_t *str_json(struct str s)
{
    return json_stringn(s.p ? s.p : "", s.n);
}

/* ---- judging ---- */

static enum code wrong(const struct kind_field *f, const char *what, struct err *e)
{
    return FAIL(e, E_INPUT, "“%.*s”%s", SF(f->name), what);
}

static enum code read_text(const struct kind_field *f, const json_t *v, json_t **out, struct err *e)
{
    struct str s = str_trim(json_str(v));
    int64_t most = f->max ? f->max : f->type == FIELD_TEXT ? FIELD_TEXT_CP : FIELD_LONGTEXT_CP;
    if (!json_is_string(v))
        return wrong(f, "应当是文字", e);
    if (utf8_check(s) != SIZE_MAX)
        return wrong(f, "不是有效的文字", e);
    if ((int64_t)utf8_len_cp(s) > most)
        return FAIL(e, E_LIMIT, "“%.*s”超过%lld个字，请精简", SF(f->name), (long long)most);
    *out = s.n ? str_json(s) : NULL;
    return OK;
}

static bool number_valid(struct str s)
{
    size_t i = 0, whole = 0, places = 0;
    if (i < s.n && s.p[i] == '-')
        i++;
    for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
        whole++;
    if (i < s.n && s.p[i] == '.')
        for (i++; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
            places++;
    return i == s.n && whole > 0 && whole <= NUMBER_DIGITS && places <= NUMBER_PLACES &&
           s.p[s.n - 1] != '.';
}

static enum code read_number(
    struct work *w, const struct kind_field *f, const json_t *v, json_t **out, struct err *e)
{
    struct str s = str_trim(json_str(v));
    if (json_is_integer(v))
        s = arena_printf(w->a, "%lld", (long long)json_integer_value(v));
    else if (json_is_real(v))
        s = arena_printf(w->a, "%.15g", json_real_value(v));
    if (s.n && !number_valid(s))
        return wrong(f, "应当是数字，如1200或3.5", e);
    *out = s.n ? str_json(s) : NULL;
    return OK;
}

static enum code read_date(const struct kind_field *f, const json_t *v, json_t **out, struct err *e)
{
    struct str s = str_trim(json_str(v));
    struct day d;
    char iso[DAY_ISO_SIZE];
    *out = NULL;
    if (!s.n)
        return OK;
    if (day_parse(s, &d, e) != OK)
        return err_context(e, "“%.*s”", SF(f->name));
    *out = str_json(day_iso(d, iso));
    return OK;
}

static enum code read_datetime(
    const struct kind_field *f, const json_t *v, json_t **out, struct err *e)
{
    struct str s = str_trim(json_str(v));
    struct buf b;
    int64_t at_ms;
    *out = NULL;
    if (!s.n)
        return OK;
    if (clock_parse(s, ZONE_CHINA, &at_ms, e) != OK)
        return err_context(e, "“%.*s”", SF(f->name));
    buf_init(&b, 64);
    clock_write_minute(&b, at_ms, ZONE_CHINA);
    *out = str_json(buf_view(&b));
    buf_release(&b);
    return OK;
}

static enum code read_choice(
    const struct kind_field *f, const json_t *v, json_t **out, struct err *e)
{
    struct str s = str_trim(json_str(v));
    *out = NULL;
    for (size_t i = 0; i < f->n_choices; i++)
        if (str_eq(f->choices[i], s)) {
            *out = str_json(s);
            return OK;
        }
    return s.n ? FAIL(e, E_INPUT, "“%.*s”没有“%.*s”这一选项", SF(f->name), SF(s)) : OK;
}

/* By its id, or by id and name as lists show it. */
static enum code read_rule(const struct kind_field *f, const json_t *v, json_t **out, struct err *e)
{
    struct str s = str_trim(json_str(v)), rest = s, id;

    *out = NULL;
    if (!s.n)
        return OK;
    if (!str_next(&rest, S(" "), &id) || !check_rule(id))
        return FAIL(e, E_INPUT, "“%.*s”没有编号为“%.*s”的审校规则，请从列表里选", SF(f->name),
            SF(str_sub(s, 0, utf8_off(s, 20))));
    *out = json_string(check_rule(id)->id);
    return OK;
}

/* Is there such a thing? */
static enum code find(
    struct work *w, const struct kind_field *f, int64_t id, bool *there, struct err *e)
{
    const char *sql = NULL;
    *there = true;
    if (f->type == FIELD_PERSON || f->type == FIELD_PEOPLE)
        sql = "SELECT 1 FROM person WHERE id = ?1";
    else if (f->type == FIELD_UNIT || f->type == FIELD_UNITS)
        sql = "SELECT 1 FROM unit WHERE id = ?1";
    else if (f->type == FIELD_DOCUMENT)
        sql = "SELECT 1 FROM document WHERE id = ?1";
    else if (f->type == FIELD_ITEM)
        sql = "SELECT 1 FROM item WHERE id = ?1";
    if (!sql)
        return OK;
    struct stmt *q = db_sql(w->db, sql);
    stmt_bind_int(q, 1, id);
    *there = stmt_step(q);
    return stmt_end(q, e);
}

static enum code read_id(
    struct work *w, const struct kind_field *f, const json_t *v, json_t **out, struct err *e)
{
    struct str s = str_trim(json_str(v));
    int64_t id = json_is_integer(v) ? json_integer_value(v) : 0;
    bool there = true;
    *out = NULL;
    if (json_is_string(v) && !s.n)
        return OK;
    if (id <= 0 && (str_int(s, &id, e) != OK || id <= 0))
        return wrong(f, "填写的内容无法识别，请重新选择", e);
    if (f->type == FIELD_FILE)
        TRY(file_claim(w, id, f->id, e));
    TRY(find(w, f, id, &there, e));
    if (!there)
        return wrong(f, "所选的对象不存在，请重新选择", e);
    *out = str_json(arena_printf(w->a, "%lld", (long long)id));
    return OK;
}

static enum code read_ids(
    struct work *w, const struct kind_field *f, const json_t *v, json_t **out, struct err *e)
{
    size_t most = f->max > 0 && f->max < IDS_MAX ? (size_t)f->max : IDS_MAX;
    json_t *list = json_array();
    enum code c = OK;
    size_t n = json_is_array(v) ? json_array_size(v) : 1;
    if (n > most)
        c = FAIL(e, E_LIMIT, "“%.*s”最多选%zu个", SF(f->name), most);
    for (size_t i = 0; c == OK && i < n; i++) {
        json_t *one = NULL;
        c = read_id(w, f, json_is_array(v) ? json_array_get(v, i) : v, &one, e);
        for (size_t k = 0; one && k < json_array_size(list); k++)
            if (json_equal(json_array_get(list, k), one)) { /* twice is once */
                json_decref(one);
                one = NULL;
            }
        if (c == OK && one)
            json_array_append_new(list, one);
    }
    if (c != OK || json_array_size(list) == 0) {
        json_decref(list);
        list = NULL;
    }
    if (c == OK)
        *out = list;
    return c;
}

static enum code read_passage(
    const struct kind_field *f, const json_t *v, json_t **out, struct err *e)
{
    struct str text = jr_str(v, "text");
    char id[24];
    if (!json_is_object(v) || jr_id(v, "doc") <= 0 || jr_int(v, "begin", -1) < 0 ||
        jr_int(v, "end", -1) < jr_int(v, "begin", -1))
        return wrong(f, "应当是资料中的一段原文", e);
    if (utf8_len_cp(text) > FIELD_LONGTEXT_CP)
        return FAIL(e, E_LIMIT, "“%.*s”超过%d个字", SF(f->name), FIELD_LONGTEXT_CP);
    (void)snprintf(id, sizeof(id), "%lld", (long long)jr_id(v, "doc"));
    json_t *o = json_object();
    json_object_set_new(o, "doc", json_string(id));
    json_object_set_new(o, "begin", json_integer(jr_int(v, "begin", 0)));
    json_object_set_new(o, "end", json_integer(jr_int(v, "end", 0)));
    json_object_set_new(o, "text", str_json(text));
    *out = o;
    return OK;
}

/* NOLINTNEXTLINE(misc-no-recursion): columns are of simple types, one level */
static enum code read_row(
    struct work *w, const struct kind_field *f, const json_t *row, json_t *to, struct err *e)
{
    if (!json_is_object(row))
        return wrong(f, "的每一行应当是一组栏目", e);
    for (size_t i = 0; i < f->n_columns; i++) {
        const struct kind_field *col = &f->columns[i];
        json_t *v = json_object_getn(row, col->id.p, col->id.n), *cell = NULL;
        if (v && !json_is_null(v))
            TRY(field_read(w, col, v, &cell, e));
        if (cell)
            json_object_setn_new(to, col->id.p, col->id.n, cell);
        else if (col->required)
            return FAIL(e, E_INPUT, "“%.*s”的“%.*s”没有填写", SF(f->name), SF(col->name));
    }
    return OK;
}

/* NOLINTNEXTLINE(misc-no-recursion) */
static enum code read_table(
    struct work *w, const struct kind_field *f, const json_t *v, json_t **out, struct err *e)
{
    json_t *list = json_array();
    enum code c = json_is_array(v) ? OK : wrong(f, "应当是表格", e);
    size_t most = f->max > 0 ? (size_t)f->max : FIELD_MANY;
    if (c == OK && json_array_size(v) > most)
        c = FAIL(e, E_LIMIT, "“%.*s”最多%zu行", SF(f->name), most);
    for (size_t i = 0; c == OK && i < json_array_size(v); i++) {
        json_t *row = json_object();
        c = read_row(w, f, json_array_get(v, i), row, e);
        if (c == OK && json_object_size(row))
            json_array_append(list, row);
        json_decref(row);
    }
    if (c == OK && json_array_size(list)) {
        *out = list;
        return OK;
    }
    json_decref(list);
    return c;
}

/* NOLINTNEXTLINE(misc-no-recursion) */
enum code field_read(
    struct work *w, const struct kind_field *f, const json_t *v, json_t **out, struct err *e)
{
    *out = NULL;
    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_LONGTEXT:
        return read_text(f, v, out, e);
    case FIELD_NUMBER:
        return read_number(w, f, v, out, e);
    case FIELD_DATE:
        return read_date(f, v, out, e);
    case FIELD_DATETIME:
        return read_datetime(f, v, out, e);
    case FIELD_CHOICE:
        return read_choice(f, v, out, e);
    case FIELD_RULE:
        return read_rule(f, v, out, e);
    case FIELD_PERSON:
    case FIELD_UNIT:
    case FIELD_DOCUMENT:
    case FIELD_ITEM:
        return read_id(w, f, v, out, e);
    case FIELD_PEOPLE:
    case FIELD_UNITS:
    case FIELD_FILE:
        return read_ids(w, f, v, out, e);
    case FIELD_PASSAGE:
        return read_passage(f, v, out, e);
    case FIELD_TABLE:
        return read_table(w, f, v, out, e);
    case N_FIELD_TYPE:
        break;
    }
    return wrong(f, "的类型无法识别", e);
}

/* ---- the fields of an item ---- */

static void log_value(struct jw *log, const json_t *v)
{
    char *z = v ? json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    if (z)
        jw_raw(log, str_z(z));
    else
        jw_null(log);
    free(z);
}

static bool among(const size_t *v, size_t n, size_t x)
{
    for (size_t i = 0; i < n; i++)
        if (v[i] == x)
            return true;
    return false;
}

static enum code take_one(struct work *w, size_t i, const json_t *v, struct jw *log, struct err *e)
{
    const struct kind_field *f = &w->k->fields[i];
    json_t *now = NULL, *old = json_object_getn(w->fields, f->id.p, f->id.n);
    if (!json_is_null(v))
        TRY(field_read(w, f, v, &now, e));
    if ((!now && !old) || (now && old && json_equal(now, old))) {
        json_decref(now);
        return OK;
    }
    jw_key(log, f->id);
    jw_arr(log);
    log_value(log, old);
    log_value(log, now);
    jw_end(log);
    if (now)
        json_object_setn_new(w->fields, f->id.p, f->id.n, now);
    else
        json_object_deln(w->fields, f->id.p, f->id.n);
    TRY(value_write(w, i, e));
    return clocks_field(w, i, e);
}

/* As text, for the row. */
static enum code fields_text(struct work *w, struct err *e)
{
    char *z = json_dumps(w->fields, JSON_COMPACT | JSON_SORT_KEYS);
    if (!z)
        return FAIL(e, E_BUG, "无法写出事项的内容");
    w->it.fields = arena_str(w->a, str_z(z));
    free(z);
    if (w->it.fields.n > ITEM_FIELDS_MAX_BYTES)
        return FAIL(e, E_LIMIT, "内容超过%d KB，请把长的部分作为附件", ITEM_FIELDS_MAX_BYTES >> 10);
    return OK;
}

/* The code is part of the number: once that is given it stays. */
static enum code check_code(struct work *w, size_t i, const json_t *v, struct err *e)
{
    const struct kind_field *f = &w->k->fields[i];
    if (i != w->k->codes.field || !w->it.number.n || str_eq(json_str(v), field_text(w, f->id)))
        return OK;
    return FAIL(e, E_CONFLICT, "已经编为“%.*s”，“%.*s”不能再改；要改先撤销这个号", SF(w->it.number),
        SF(f->name));
}

static const json_t *changed_or_kept(
    const struct work *w, const json_t *changes, const struct kind_field *f)
{
    const json_t *v = json_object_getn(changes, f->id.p, f->id.n);
    return v ? v : json_object_getn(w->fields, f->id.p, f->id.n);
}

/* Whoever 分工 names is among 写稿人: nobody enters the same people twice. */
static void put_with(struct work *w, size_t i, json_t *changes)
{
    const struct kind_field *f = &w->k->fields[i], *table = &w->k->fields[f->with_field];
    struct str column = table->columns[f->with_column].id;
    const json_t *rows = changed_or_kept(w, changes, table), *own = changed_or_kept(w, changes, f);
    json_t *all = json_array();

    if (json_is_string(own) && json_string_length(own))
        json_array_append(all, (json_t *)(uintptr_t)own); /* NOLINT(performance-no-int-to-ptr) */
    for (size_t k = 0; k < json_array_size(own); k++)
        json_array_append(all, json_array_get(own, k));
    for (size_t k = 0; k < json_array_size(rows); k++) {
        json_t *one = json_object_getn(json_array_get(rows, k), column.p, column.n);
        if (one && !json_is_null(one))
            json_array_append(all, one);
    }
    json_object_setn_new(changes, f->id.p, f->id.n, all);
}

/* The changes, and what follows from them; a new object. */
static json_t *with_others(struct work *w, const json_t *changes)
{
    /* NOLINTNEXTLINE(performance-no-int-to-ptr): jansson copies no const object */
    json_t *all = json_copy((json_t *)(uintptr_t)changes);

    for (size_t i = 0; i < w->k->n_fields; i++) {
        const struct kind_field *f = &w->k->fields[i];
        if (f->with_field == SIZE_MAX)
            continue;
        struct str table = w->k->fields[f->with_field].id;
        if (json_object_getn(all, f->id.p, f->id.n) || json_object_getn(all, table.p, table.n))
            put_with(w, i, all);
    }
    return all;
}

static bool may_take(const struct work *w, const size_t *only, size_t n, size_t i)
{
    size_t with = w->k->fields[i].with_field;
    return !only || among(only, n, i) || (with != SIZE_MAX && among(only, n, with));
}

static enum code take_all(struct work *w, json_t *changes, const size_t *only, size_t n_only,
    struct jw *log, struct err *e)
{
    for (void *it = json_object_iter(changes); it; it = json_object_iter_next(changes, it)) {
        const char *key = json_object_iter_key(it);
        const json_t *v = json_object_iter_value(it);
        size_t i = kind_field_of(w->k, str_z(key));
        if (i == SIZE_MAX)
            return FAIL(e, E_INPUT, "“%.*s”没有“%s”这一栏", SF(w->k->name), key);
        if (!may_take(w, only, n_only, i))
            return FAIL(e, E_DENIED, "这一步不能填写“%.*s”", SF(w->k->fields[i].name));
        TRY(check_code(w, i, v, e));
        TRY(take_one(w, i, v, log, e));
    }
    return fields_text(w, e);
}

enum code fields_take(struct work *w, const json_t *changes, const size_t *only, size_t n_only,
    struct jw *log, struct err *e)
{
    json_t *all = with_others(w, changes);
    enum code c = take_all(w, all, only, n_only, log, e);
    json_decref(all);
    return c;
}

enum code fields_put(struct work *w, const json_t *changes, struct err *e)
{
    struct buf b;
    struct jw j;
    buf_init(&b, 0);
    jw_init(&j, &b);
    jw_obj(&j);
    enum code c = fields_take(w, changes, NULL, 0, &j, e);
    jw_end(&j);
    buf_release(&b);
    return c;
}

enum code fields_complete(struct work *w, const struct kind_move *m, struct err *e)
{
    for (size_t i = 0; i < w->k->n_fields; i++) {
        const struct kind_field *f = &w->k->fields[i];
        if (!f->required || json_object_getn(w->fields, f->id.p, f->id.n))
            continue;
        if (f->at_move && !(m && among(m->set, m->n_set, i)))
            continue;
        if (cond_holds(&f->when, field_text, w))
            return FAIL(e, E_INPUT, "“%.*s”没有填写，填好后再办", SF(f->name));
    }
    if (w->k->title == SIZE_MAX && !w->it.title.n)
        return FAIL(e, E_INPUT, "没有填写标题，填好后再办");
    return OK;
}

struct str field_text(void *work, struct str field)
{
    const struct work *w = work;
    const json_t *v = json_object_getn(w->fields, field.p, field.n);
    if (json_is_array(v)) /* members one behind the other: only whether it is empty can be asked */
        return json_array_size(v) ? S("有") : S("");
    if (json_is_object(v))
        return jr_str(v, "text");
    return json_str(v);
}

size_t field_ids(const struct work *w, size_t field, int64_t *out, size_t max)
{
    const struct kind_field *f = &w->k->fields[field];
    const json_t *v = json_object_getn(w->fields, f->id.p, f->id.n);
    size_t n = json_is_array(v) ? json_array_size(v) : v != NULL, k = 0;
    struct err none;
    for (size_t i = 0; i < n && k < max; i++) {
        int64_t id;
        if (str_int(json_str(json_is_array(v) ? json_array_get(v, i) : v), &id, &none) == OK)
            out[k++] = id;
    }
    return k;
}

/* ---- rows ---- */

/* A number as a text that sorts as the number does: sign, 15 digits, point, 6 places; negative ones by nines' complement. */
static void sort_number(struct str s, char out[32])
{
    char digits[NUMBER_DIGITS + NUMBER_PLACES + 1];
    bool minus = str_eat(&s, S("-"));
    struct str whole = s, places = S("");
    (void)str_cut(s, S("."), &whole, &places);
    memset(digits, '0', sizeof(digits) - 1);
    digits[sizeof(digits) - 1] = '\0';
    memcpy(digits + NUMBER_DIGITS - whole.n, whole.p, whole.n);
    if (places.n)
        memcpy(digits + NUMBER_DIGITS, places.p, places.n);
    if (minus)
        for (char *p = digits; *p; p++)
            *p = (char)('9' - (*p - '0'));
    (void)snprintf(out, 32, "%c%s", minus ? '-' : '1', digits);
}

enum code item_sort_key(
    struct arena *a, const struct kind_field *f, struct str value, struct str *out, struct err *e)
{
    char number[32];
    value = str_trim(value);
    if (f->type != FIELD_NUMBER || !value.n) {
        *out = arena_str(a, str_sub(value, 0, utf8_off(value, SORT_CP)));
        return OK;
    }
    if (!number_valid(value))
        return wrong(f, "应当是数字，如1200或3.5", e);
    sort_number(value, number);
    *out = arena_str(a, str_z(number));
    return OK;
}

static enum code insert_value(
    struct work *w, const struct kind_field *f, int64_t position, const json_t *v, struct err *e)
{
    struct str text = json_str(v), sort;
    char number[32];
    int64_t n = 0;
    struct err none;
    if (json_is_object(v)) {
        text = jr_str(v, "text");
        n = jr_id(v, "doc");
    } else if (f->type == FIELD_TABLE) {
        n = (int64_t)json_array_size(v);
    } else if (f->type >= FIELD_PERSON && f->type != FIELD_PASSAGE) {
        (void)!str_int(text, &n, &none);
    }
    text = str_sub(text, 0, utf8_off(text, VALUE_CP));
    sort = str_sub(text, 0, utf8_off(text, SORT_CP));
    if (f->type == FIELD_NUMBER) {
        sort_number(text, number);
        sort = str_z(number);
    }
    struct stmt *q = db_sql(w->db,
        "INSERT INTO item_value(item, field, position, kind, opened, number, text, sort)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    stmt_bind_int(q, 1, w->it.id);
    stmt_bind_str(q, 2, f->id);
    stmt_bind_int(q, 3, position);
    stmt_bind_str(q, 4, w->it.kind);
    stmt_bind_int(q, 5, w->it.opened_ms);
    stmt_bind_int(q, 6, n);
    stmt_bind_str(q, 7, text);
    stmt_bind_str(q, 8, sort);
    return stmt_run(q, NULL, e);
}

enum code value_write(struct work *w, size_t field, struct err *e)
{
    const struct kind_field *f = &w->k->fields[field];
    const json_t *v = json_object_getn(w->fields, f->id.p, f->id.n);
    struct stmt *q = db_sql(w->db, "DELETE FROM item_value WHERE item = ?1 AND field = ?2");
    stmt_bind_int(q, 1, w->it.id);
    stmt_bind_str(q, 2, f->id);
    TRY(stmt_run(q, NULL, e));
    if (json_is_array(v) && f->type != FIELD_TABLE) {
        for (size_t i = 0; i < json_array_size(v); i++)
            TRY(insert_value(w, f, (int64_t)i, json_array_get(v, i), e));
        return OK;
    }
    return v ? insert_value(w, f, 0, v, e) : OK;
}

enum code item_values(struct db *db, struct arena *a, struct str kind, struct str field,
    size_t limit, struct item_value_count **out, size_t *n, struct err *e)
{
    struct item_value_count *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q =
        db_sql(db, "SELECT sort, count(*) FROM item_value WHERE kind = ?1 AND field = ?2"
                   " AND sort <> '' GROUP BY sort ORDER BY 2 DESC, 1 LIMIT ?3");
    stmt_bind_str(q, 1, kind);
    stmt_bind_str(q, 2, field);
    stmt_bind_int(q, 3, (int64_t)limit);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) =
            (struct item_value_count){arena_str(a, stmt_str(q, 0)), stmt_int(q, 1)};
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}
