#include "office/ledger_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "paper/xlsx_out.h"

enum { BLANK_ROWS = 200, PEOPLE_MAX = 200, SHOWN_CP = 60 };

/* ---- the columns of the workbook ---- */

static const struct str id_head = SC("事项标识"), revision_head = SC("版本");

static bool fits(const struct ledger_column *c)
{
    if (c->own == OWN_TITLE || c->own == OWN_URGENCY)
        return true;
    return !c->own && c->type != LEDGER_OTHER && c->filters && c->field->type != FIELD_PASSAGE;
}

static const struct kind_field *field_of(const struct ledger *l, const struct ledger_column *c)
{
    if (c->own == OWN_TITLE && l->k->title != SIZE_MAX)
        return &l->k->fields[l->k->title];
    return c->field;
}

static enum xlsx_look look_of(const struct ledger_column *c)
{
    return c->type == LEDGER_LONG     ? XLSX_LONG
           : c->type == LEDGER_NUMBER ? XLSX_NUMBER
           : c->type == LEDGER_DAY    ? XLSX_DAY
           : c->type == LEDGER_MINUTE ? XLSX_MINUTE
                                      : XLSX_TEXT;
}

static const struct str urgencies[] = {SC("普通"), SC("平急"), SC("加急"), SC("特急")};

static struct xlsx_head head_of(const struct ledger *l, const struct ledger_column *c)
{
    const struct kind_field *f = field_of(l, c);
    struct xlsx_head h = {.name = c->name, .look = look_of(c)};
    h.required = f ? f->required && !f->at_move && !f->when.n : c->own == OWN_TITLE;
    if (c->own == OWN_URGENCY) {
        h.of = urgencies;
        h.n_of = sizeof(urgencies) / sizeof(*urgencies);
    } else if (f) {
        h.of = f->choices;
        h.n_of = f->n_choices;
    }
    return h;
}

/* ---- the template ---- */

struct filling {
    struct xlsx_out *x;
    struct db *db;
    const struct actor *by;
    const struct ledger *l;
    struct ledger_query q; /* its columns are those that can be filled in */
};

static enum code fill_row(
    struct filling *w, struct arena *a, const struct ledger_row *r, struct err *e)
{
    struct item it;
    TRY(item_get(w->db, a, w->by, r->id, &it, e));
    xlsx_out_text(w->x, 0, arena_printf(a, "%lld", (long long)r->id));
    xlsx_out_text(w->x, 1, arena_printf(a, "%lld", (long long)it.revision));
    for (size_t i = 0; i < w->q.n_columns; i++) {
        if (r->cells[i].real)
            xlsx_out_real(w->x, i + 2, r->cells[i].value);
        else
            xlsx_out_text(w->x, i + 2, r->cells[i].text);
    }
    return xlsx_out_row(w->x, e);
}

static enum code fill_rows(struct filling *w, struct arena *a, struct err *e)
{
    int64_t n = 0;
    w->q.f.after = S("");
    do {
        struct ledger_page page;
        TRY(ledger_read(w->db, a, w->by, w->l, &w->q, ITEM_PAGE_MAX, &page, e));
        for (size_t i = 0; i < page.n; i++) {
            if (++n > PLAN_ROWS_MAX)
                return FAIL(e, E_LIMIT, "超过%d件，请先筛选再下载", PLAN_ROWS_MAX);
            TRY(fill_row(w, a, &page.rows[i], e));
        }
        w->q.f.after = page.next;
    } while (w->q.f.after.n);
    return OK;
}

static struct str rule_of(struct arena *a, const struct ledger *l, const struct ledger_column *c)
{
    const struct kind_field *f = field_of(l, c);
    static const char *const how[] = {[LEDGER_TEXT] = "文字",
        [LEDGER_LONG] = "文字，可以多行",
        [LEDGER_NUMBER] = "数字",
        [LEDGER_DAY] = "日期，如2026-07-13",
        [LEDGER_MINUTE] = "日期和时间，如2026-07-13 09:30",
        [LEDGER_CHOICE] = "从下拉框里选",
        [LEDGER_PERSON] = "姓名，有重名的写登录名；可以几人的用“、”分开",
        [LEDGER_UNIT] = "单位的名称、简称或代码；可以几个的用“、”分开",
        [LEDGER_OTHER] = ""};
    struct str s = arena_printf(a, "%s%s", head_of(l, c).required ? "必填；" : "", how[c->type]);
    if (f && f->max && (f->type == FIELD_TEXT || f->type == FIELD_LONGTEXT))
        s = arena_printf(a, "%.*s，最多%lld个字", SF(s), (long long)f->max);
    return f && f->hint.n ? arena_printf(a, "%.*s。%.*s", SF(s), SF(f->hint)) : s;
}

static enum code write_rules(struct filling *w, struct arena *a, struct err *e)
{
    static const struct xlsx_head heads[] = {
        {.name = SC("栏目"), .width = 20}, {.name = SC("怎样填"), .look = XLSX_LONG, .width = 80}};
    struct xlsx_sheet s = {.name = S("说明"), .heads = heads, .n = 2};
    TRY(xlsx_out_sheet(w->x, &s, e));
    xlsx_out_text(w->x, 0, id_head);
    xlsx_out_text(w->x, 1, S("新增的留空；改已有事项的不要动它"));
    TRY(xlsx_out_row(w->x, e));
    xlsx_out_text(w->x, 0, revision_head);
    xlsx_out_text(w->x, 1, S("不要动它：据此知道下载以后别人有没有改过"));
    TRY(xlsx_out_row(w->x, e));
    for (size_t i = 0; i < w->q.n_columns; i++) {
        const struct ledger_column *c = &w->l->columns[w->q.columns[i]];
        xlsx_out_text(w->x, 0, c->name);
        xlsx_out_text(w->x, 1, rule_of(a, w->l, c));
        TRY(xlsx_out_row(w->x, e));
    }
    xlsx_out_text(w->x, 0, S("其他"));
    xlsx_out_text(w->x, 1,
        arena_printf(a, "空着的格子不改动已有的内容；一次最多%d行；红字的栏目必填", PLAN_ROWS_MAX));
    return xlsx_out_row(w->x, e);
}

static enum code write_template(struct filling *w, struct arena *a, bool fill, struct err *e)
{
    struct xlsx_head heads[LEDGER_COLUMNS_MAX + 2] = {
        {.name = id_head, .width = 22}, {.name = revision_head, .width = 6}};
    for (size_t i = 0; i < w->q.n_columns; i++)
        heads[i + 2] = head_of(w->l, &w->l->columns[w->q.columns[i]]);
    struct xlsx_sheet s = {.name = w->l->k->name,
        .heads = heads,
        .n = w->q.n_columns + 2,
        .blank = BLANK_ROWS + (fill ? PLAN_ROWS_MAX : 0)};
    TRY(xlsx_out_sheet(w->x, &s, e));
    if (fill)
        TRY(fill_rows(w, a, e));
    return write_rules(w, a, e);
}

enum code ledger_template(struct db *db, const struct actor *by, const struct ledger *l,
    const struct ledger_query *q, const char *tmp_dir, const char *path, struct err *e)
{
    struct filling w = {.x = xlsx_out_open(path, tmp_dir), .db = db, .by = by, .l = l};
    struct arena a;
    if (q)
        w.q = *q;
    w.q.n_columns = 0;
    for (size_t i = 0; i < l->n && w.q.n_columns < LEDGER_COLUMNS_MAX; i++)
        if (fits(&l->columns[i]))
            w.q.columns[w.q.n_columns++] = i;
    arena_init(&a);
    enum code c = write_template(&w, &a, q != NULL, e);
    arena_release(&a);
    if (c == OK)
        return xlsx_out_close(w.x, e);
    xlsx_out_drop(w.x);
    return c;
}

/* ---- reading it ---- */

struct reading {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    const struct ledger *l;
    struct ledger_plan *p;
    size_t columns[XLSX_COLUMNS_MAX]; /* of the ledger; SIZE_MAX: nothing to take */
    size_t id_at, revision_at, n;     /* SIZE_MAX: not there */
    struct plan_row *row;
    struct str why; /* of the cell that is read */
};

static void drop_json(void *arg)
{
    json_decref(arg);
}

static struct str cell_name(struct arena *a, size_t column, int row)
{
    char z[8];
    size_t n = sizeof(z) - 1;
    z[n] = '\0';
    for (size_t c = column + 1; c > 0; c = (c - 1) / 26)
        z[--n] = (char)('A' + (int)((c - 1) % 26));
    return arena_printf(a, "%s%d", z + n, row);
}

static void fault(struct reading *r, size_t column, struct str value, struct str why)
{
    struct ledger_plan *p = r->p;
    r->row->kind = PLAN_BAD;
    if (p->n_faults == PLAN_FAULTS_MAX) {
        p->more_faults++;
        return;
    }
    ARENA_PUSH(r->a, p->faults, p->n_faults, p->cap_faults) =
        (struct plan_fault){.cell = cell_name(r->a, column, r->row->row),
            .value = str_sub(value, 0, utf8_off(value, SHOWN_CP)),
            .why = why};
}

static bool passed_over(const struct ledger *l, struct str name)
{
    for (size_t i = 0; i < l->n; i++)
        if (str_eq(l->columns[i].name, name))
            return true;
    return !name.n;
}

static enum code read_head(struct reading *r, struct str line, struct err *e)
{
    struct str name;
    bool any = false;
    r->id_at = r->revision_at = SIZE_MAX;
    while (r->n < XLSX_COLUMNS_MAX && str_next(&line, S("\t"), &name)) {
        size_t at = r->n++;
        name = str_trim(name);
        r->columns[at] = SIZE_MAX;
        if (str_eq(name, id_head))
            r->id_at = at;
        else if (str_eq(name, revision_head))
            r->revision_at = at;
        for (size_t i = 0; i < r->l->n; i++)
            if (fits(&r->l->columns[i]) && str_eq(r->l->columns[i].name, name))
                r->columns[at] = i;
        any = any || r->columns[at] != SIZE_MAX;
        if (r->columns[at] == SIZE_MAX && at != r->id_at && at != r->revision_at &&
            !passed_over(r->l, name))
            return FAIL(e, E_INPUT, "“%.*s”没有“%.*s”这一栏，请用下载的模板填写", SF(r->l->k->name),
                SF(str_sub(name, 0, utf8_off(name, 40))));
    }
    return any ? OK : FAIL(e, E_INPUT, "第一行不是栏名，请用下载的模板填写");
}

/* 、 ， ； and ; part names as a comma does. */
static void part_names(struct str value, struct buf *b)
{
    for (size_t off = 0; off < value.n;) {
        uint32_t cp = utf8_next(value, &off);
        buf_utf8(b, cp == 0x3001 || cp == 0xFF0C || cp == 0xFF1B || cp == ';' ? ',' : cp);
    }
}

static enum code read_name(
    struct reading *r, bool person, struct str name, json_t *list, struct err *e)
{
    int64_t id = 0;
    int n = 0;
    TRY(ledger_named(r->db, r->a, person, name, &id, &n, e));
    struct str text = arena_printf(r->a, "%lld", (long long)id);
    if (n == 1)
        json_array_append_new(list, json_stringn(text.p, text.n));
    else if (n)
        r->why =
            arena_printf(r->a, "有几个“%.*s”，请写%s", SF(name), person ? "登录名" : "单位代码");
    else
        r->why = arena_printf(r->a, "没有“%.*s”，请写%s", SF(name),
            person ? "单位里有的姓名或登录名" : "单位的名称、简称或代码");
    return OK;
}

/* 办公室、财务部 to ids; what is not known is said. */
static enum code read_names(
    struct reading *r, const struct ledger_column *c, struct str value, json_t **out, struct err *e)
{
    bool many = c->field->type == FIELD_PEOPLE || c->field->type == FIELD_UNITS;
    json_t *list = json_array();
    struct buf b;
    struct str name;
    enum code code = OK;
    buf_init(&b, 0);
    part_names(value, &b);
    struct str rest = buf_view(&b);
    while (code == OK && !r->why.n && str_next(&rest, S(","), &name))
        if (str_trim(name).n)
            code = read_name(r, c->type == LEDGER_PERSON, str_trim(name), list, e);
    buf_release(&b);
    if (!many && json_array_size(list) > 1)
        r->why = S("只能填一个");
    if (code == OK && !r->why.n && json_array_size(list))
        *out = many ? json_incref(list) : json_incref(json_array_get(list, 0));
    json_decref(list);
    return code;
}

static bool is_choice(const struct str *v, size_t n, struct str s, size_t *at)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i], s)) {
            *at = i;
            return true;
        }
    return false;
}

/* A cell to a value of its field; r->why says what is wrong with it. */
static enum code read_cell(
    struct reading *r, const struct ledger_column *c, struct str s, json_t **out, struct err *e)
{
    const struct kind_field *f = field_of(r->l, c);
    struct err wrong;
    struct str key;
    struct day d;
    char iso[DAY_ISO_SIZE];
    int64_t ms;
    size_t at;
    if (c->type == LEDGER_PERSON || c->type == LEDGER_UNIT)
        return read_names(r, c, s, out, e);
    if (c->own == OWN_URGENCY) {
        if (!is_choice(urgencies, sizeof(urgencies) / sizeof(*urgencies), s, &at))
            r->why = S("只能是普通、平急、加急、特急");
        else
            *out = json_integer((json_int_t)at);
        return OK;
    }
    if (c->type == LEDGER_CHOICE && !is_choice(f->choices, f->n_choices, s, &at))
        r->why = S("不在可选的范围内，请从下拉框里选");
    else if (c->type == LEDGER_NUMBER && item_sort_key(r->a, f, s, &key, &wrong) != OK)
        r->why = S("应当是数字，如1200或3.5");
    else if (c->type == LEDGER_MINUTE && clock_parse(s, ZONE_CHINA, &ms, &wrong) != OK)
        r->why = S("应当是日期和时间，如2026-07-13 09:30");
    else if (c->type == LEDGER_DAY && day_parse(s, &d, &wrong) != OK)
        r->why = S("应当是有效的日期，如2026-07-13");
    else if (f && f->max && c->type <= LEDGER_LONG && (int64_t)utf8_len_cp(s) > f->max)
        r->why = arena_printf(r->a, "超过%lld个字，请精简", (long long)f->max);
    if (r->why.n)
        return OK;
    if (c->type == LEDGER_DAY)
        s = day_iso(d, iso);
    *out = json_stringn(s.p, s.n);
    return OK;
}

/* ---- against the item ---- */

/* Line breaks inside a cell come back as blanks. */
static bool same_text(struct str x, struct str y)
{
    size_t i = 0, k = 0;
    x = str_trim(x);
    y = str_trim(y);
    while (i < x.n && k < y.n) {
        bool bx = strchr(" \n\t\r", x.p[i]) != NULL, by = strchr(" \n\t\r", y.p[k]) != NULL;
        if (bx != by || (!bx && x.p[i] != y.p[k]))
            return false;
        i++;
        k++;
    }
    return i == x.n && k == y.n;
}

static bool same_value(const json_t *old, const json_t *now)
{
    if (json_is_string(old) && json_is_string(now))
        return same_text((struct str){json_string_value(old), json_string_length(old)},
            (struct str){json_string_value(now), json_string_length(now)});
    return old && json_equal(old, now);
}

static void compare(struct reading *r, const struct item *it, json_t *fields)
{
    struct plan_row *row = r->row;
    json_t *keep = json_object();
    const char *key;
    json_t *v;
    json_object_foreach(row->set, key, v)
    {
        bool same = strcmp(key, "urgency") == 0 ? json_integer_value(v) == (json_int_t)it->urgency
                    : strcmp(key, "title") == 0 && kind_field_of(r->l->k, S("title")) == SIZE_MAX
                        ? same_text(it->title, jr_str(row->set, key))
                        : same_value(json_object_get(fields, key), v);
        size_t at = ledger_column_of(r->l, str_z(key));
        if (same)
            continue;
        json_object_set(keep, key, v);
        row->said = arena_printf(r->a, "%.*s%s%.*s", SF(row->said), row->said.n ? "、" : "改",
            SF(at == SIZE_MAX ? str_z(key) : r->l->columns[at].name));
    }
    arena_defer(r->a, drop_json, keep);
    row->set = keep;
    row->kind = json_object_size(keep) ? PLAN_CHANGE : PLAN_SAME;
}

static enum code with_item(struct reading *r, struct str revision, struct err *e)
{
    struct plan_row *row = r->row;
    struct item it;
    struct err none;
    json_t *fields;
    enum code c = item_get(r->db, r->a, r->by, row->id, &it, &none);
    if (c == E_NOTFOUND || (c == OK && !str_eq(it.kind, r->l->k->id))) {
        fault(r, r->id_at, arena_printf(r->a, "%lld", (long long)row->id),
            S("没有这件事项，或您无权查看；新增的请把这一格留空"));
        return OK;
    }
    if (c != OK)
        return err_context(memcpy(e, &none, sizeof(none)), "第%d行", row->row);
    row->title = it.title;
    row->revision = it.revision;
    if (revision.n && (str_int(revision, &row->revision, &none) != OK || row->revision < it.stand ||
                          row->revision > it.revision)) {
        fault(r, r->revision_at, revision, S("下载以后这件事项已有变化，请重新下载后再改"));
        return OK;
    }
    TRY(jr_parse(it.fields, &fields, e));
    compare(r, &it, fields);
    json_decref(fields);
    return OK;
}

static struct str key_of(const struct ledger *l, const struct ledger_column *c)
{
    const struct kind_field *f = field_of(l, c);
    return f ? f->id : c->id;
}

static enum code read_cells(struct reading *r, struct str line, struct str *revision, struct err *e)
{
    struct str s;
    for (size_t at = 0; str_next(&line, S("\t"), &s); at++) {
        const struct ledger_column *c;
        struct err none;
        json_t *v = NULL;
        s = str_trim(s);
        if (!s.n)
            continue;
        if (at == r->revision_at)
            *revision = s;
        if (at == r->id_at && (str_int(s, &r->row->id, &none) != OK || r->row->id <= 0))
            fault(r, at, s, S("不是事项标识；新增的请把这一格留空，改已有的请不要动它"));
        if (at >= r->n || r->columns[at] == SIZE_MAX)
            continue;
        c = &r->l->columns[r->columns[at]];
        r->why = S("");
        TRY(read_cell(r, c, s, &v, e));
        if (r->why.n)
            fault(r, at, s, r->why);
        if (c->own == OWN_TITLE)
            r->row->title = arena_str(r->a, s);
        struct str key = key_of(r->l, c);
        if (v)
            json_object_setn_new(r->row->set, key.p, key.n, v);
    }
    return OK;
}

static enum code read_row(struct reading *r, struct str line, int number, struct err *e)
{
    struct ledger_plan *p = r->p;
    struct str revision = S("");
    if (p->n == PLAN_ROWS_MAX)
        return FAIL(e, E_LIMIT, "一次最多导入%d行，请分成几个表格", PLAN_ROWS_MAX);
    ARENA_PUSH(r->a, p->rows, p->n, p->cap) =
        (struct plan_row){.row = number, .kind = PLAN_NEW, .set = json_object()};
    r->row = &p->rows[p->n - 1];
    arena_defer(r->a, drop_json, r->row->set);
    TRY(read_cells(r, line, &revision, e));
    if (r->row->kind != PLAN_BAD && r->row->id)
        return with_item(r, revision, e);
    return OK;
}

enum code ledger_plan_make(struct db *db, struct arena *a, const struct actor *by,
    const struct ledger *l, const struct doc *d, struct ledger_plan *out, struct err *e)
{
    struct ledger_plan p = {.n = 0};
    struct reading r = {.db = db, .a = a, .by = by, .l = l, .p = &p};
    int table = 0;
    if (d->format != FORMAT_XLSX)
        return FAIL(e, E_INPUT, "不是 Excel 表格（xlsx），请用下载的模板填写");
    for (size_t i = 0; i < d->n; i++) {
        const struct block *b = &d->blocks[i];
        if (b->kind == BLOCK_HEADING && !table)
            p.sheet = b->text;
        if (b->kind != BLOCK_ROW || (table && b->level != table))
            continue;
        if (!table) {
            table = b->level;
            TRY(read_head(&r, b->text, e));
        } else {
            TRY(read_row(&r, b->text, d->rows ? d->rows[i] : (int)i, e));
        }
    }
    if (!p.n)
        return FAIL(e, E_INPUT, "表格里没有填写任何一行");
    *out = p;
    return OK;
}

/* ---- judging and doing ---- */

struct trying {
    const struct actor *by;
    const struct ledger *l;
    const struct plan_row *row;
    bool really, passed;
    int64_t id;
};

static enum code open_row(struct db *db, struct trying *t, struct err *e)
{
    json_t *fields = json_copy(t->row->set);
    struct item_open o = {.kind = t->l->k->id, .fields = fields};
    o.urgency = (enum urgency)jr_int(fields, "urgency", URGENCY_NONE);
    if (kind_field_of(t->l->k, S("title")) == SIZE_MAX) {
        o.title = jr_str(t->row->set, "title");
        (void)json_object_del(fields, "title");
    }
    (void)json_object_del(fields, "urgency");
    enum code c = item_open(db, t->by, &o, &t->id, e);
    json_decref(fields);
    return c;
}

static enum code try_row(struct db *db, void *arg, struct err *e)
{
    struct trying *t = arg;
    t->passed = false;
    t->id = t->row->id;
    if (t->row->id)
        TRY(item_edit(db, t->by, t->row->id, t->row->revision, t->row->set, e));
    else
        TRY(open_row(db, t, e));
    t->passed = true;
    return t->really ? OK : FAIL(e, E_BUSY, "只是试一试"); /* taken back */
}

enum code ledger_plan_run(struct store *st, struct arena *a, const struct actor *by,
    const struct ledger *l, struct ledger_plan *p, bool really, struct err *e)
{
    for (size_t i = 0; i < p->n; i++) {
        struct plan_row *row = &p->rows[i];
        struct trying t = {.by = by, .l = l, .row = row, .really = really};
        struct err wrong = {.code = OK};
        if (row->kind != PLAN_NEW && row->kind != PLAN_CHANGE)
            continue;
        enum code c = store_write(st, try_row, &t, &wrong);
        if (c == E_IO || c == E_FULL || c == E_BUG) {
            *e = wrong;
            return c;
        }
        if (!t.passed) {
            row->kind = PLAN_BAD;
            row->said = arena_str(a, str_z(wrong.msg));
        } else if (really && c == OK) {
            row->kind = PLAN_DONE;
            row->said = row->id ? S("已修改") : S("已登记");
            row->id = t.id;
        }
    }
    return OK;
}

/* ---- between two pages ---- */

void ledger_plan_write(const struct ledger_plan *p, struct buf *b)
{
    struct jw j;
    jw_init(&j, b);
    jw_arr(&j);
    for (size_t i = 0; i < p->n; i++) {
        const struct plan_row *row = &p->rows[i];
        if (row->kind != PLAN_NEW && row->kind != PLAN_CHANGE)
            continue;
        char *set = json_dumps(row->set, JSON_COMPACT);
        jw_obj(&j);
        jw_kint(&j, "row", row->row);
        jw_kid(&j, "id", row->id);
        jw_kint(&j, "revision", row->revision);
        jw_kstr(&j, "title", row->title);
        jw_key(&j, S("set"));
        jw_raw(&j, set ? str_z(set) : S("{}"));
        jw_end(&j);
        free(set);
    }
    jw_end(&j);
}

enum code ledger_plan_parse(
    struct arena *a, struct str json, struct ledger_plan *out, struct err *e)
{
    struct ledger_plan p = {.n = 0};
    json_t *list;
    if (json.n > PLAN_BYTES_MAX)
        return FAIL(e, E_LIMIT, "内容超过%d KB，请分成几个表格", PLAN_BYTES_MAX >> 10);
    TRY(jr_parse(json, &list, e));
    arena_defer(a, drop_json, list);
    if (!json_is_array(list) || json_array_size(list) > PLAN_ROWS_MAX)
        return FAIL(e, E_INPUT, "要导入的内容不完整，请重新选择文件");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *o = json_array_get(list, i);
        json_t *set = json_object_get(o, "set");
        int64_t id = jr_id(o, "id"), revision = jr_int(o, "revision", 0);
        if (!json_is_object(set) || (id && revision < 1))
            return FAIL(e, E_INPUT, "要导入的内容不完整，请重新选择文件");
        ARENA_PUSH(a, p.rows, p.n, p.cap) = (struct plan_row){.row = (int)jr_int(o, "row", 0),
            .kind = id ? PLAN_CHANGE : PLAN_NEW,
            .id = id,
            .revision = revision,
            .title = jr_str(o, "title"),
            .set = set};
    }
    *out = p;
    return OK;
}
