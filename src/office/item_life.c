/* What becomes of an item besides the moves of its kind: split, put away, given up as a draft, taken on under a newer kind. */
#include <stdlib.h>

#include "base/utf8.h"
#include "office/document.h"
#include "office/item_int.h"

enum { ARCHIVE_NO_CP_MAX = 60, START_STEPS_MAX = 4 };

/* ---- split ---- */

struct splitting {
    struct verb *v;
    const struct item_split *s;
};

static enum code copy_files(struct work *w, const json_t *from, json_t **out, struct err *e)
{
    json_t *list = json_array();
    enum code c = OK;
    for (size_t i = 0; c == OK && i < json_array_size(from); i++) {
        struct str s = {json_string_value(json_array_get(from, i)),
            json_string_length(json_array_get(from, i))};
        int64_t id = 0, fresh = 0;
        c = str_int(s, &id, e);
        if (c == OK)
            c = file_copy(w, id, &fresh, e);
        if (c == OK) {
            struct str text = arena_printf(w->a, "%lld", (long long)fresh);
            json_array_append_new(list, json_stringn(text.p, text.n));
        }
    }
    if (c != OK) {
        json_decref(list);
        return c;
    }
    *out = list;
    return OK;
}

static enum code copy_field(struct work *w, struct str id, json_t *to, struct err *e)
{
    size_t i = kind_field_of(w->k, id);
    json_t *v, *copy = NULL;
    if (i == SIZE_MAX)
        return FAIL(e, E_INPUT, "“%.*s”没有“%.*s”这一栏", SF(w->k->name), SF(id));
    if (!work_reads(w, &w->k->fields[i]))
        return FAIL(e, E_DENIED, "您不能带走“%.*s”", SF(w->k->fields[i].name));
    v = json_object_getn(w->fields, id.p, id.n);
    if (!v || json_object_getn(to, id.p, id.n))
        return OK;
    if (w->k->fields[i].type == FIELD_FILE)
        TRY(copy_files(w, v, &copy, e));
    else
        copy = json_deep_copy(v);
    json_object_setn_new(to, id.p, id.n, copy);
    return OK;
}

static enum code open_part(
    struct splitting *k, const struct item_part *p, int64_t *id, struct err *e)
{
    struct work *w = &k->v->w;
    struct item_open o = {.kind = p->kind.n ? p->kind : w->it.kind,
        .title = p->title,
        .level = w->it.level,
        .urgency = w->it.urgency,
        .unit = p->unit ? p->unit : w->it.unit,
        .draft = p->draft && !p->start,
        .from = w->it.id};
    json_t *fields = p->fields ? json_deep_copy(p->fields) : json_object();
    enum code c = OK;
    for (size_t i = 0; c == OK && i < k->s->n_copy; i++)
        c = copy_field(w, k->s->copy[i], fields, e);
    o.fields = fields;
    if (c == OK)
        c = item_open(w->db, w->by, &o, id, e);
    json_decref(fields);
    return c;
}

/* The step that is made without asking: the first way onwards; behind the first step only where there is no other, for a choice between
 * two is a person's. SIZE_MAX: none. */
static size_t plain_step(const struct kind *k, const struct item *it, const struct item_choice *v,
    size_t n, bool first, struct str why)
{
    size_t found = SIZE_MAX, ways = 0, state = kind_state_of(k, it->state);
    for (size_t i = 0; i < n; i++) {
        const struct kind_move *m = &k->moves[v[i].move];
        if (m->returns || m->to == state || k->states[m->to].closed)
            continue;
        ways++;
        if (found == SIZE_MAX && !v[i].blocks && (m->opinion != OPINION_REQUIRED || why.n))
            found = v[i].move;
    }
    return first || ways == 1 ? found : SIZE_MAX;
}

static enum code asked_somebody(struct work *w, int64_t item, bool *is, struct err *e)
{
    struct stmt *q = db_sql(w->db, "SELECT 1 FROM ask WHERE item = ?1 AND state = 0 LIMIT 1");
    stmt_bind_int(q, 1, item);
    *is = stmt_step(q);
    return stmt_end(q, e);
}

static enum code start_step(struct splitting *k, int64_t id, bool first, bool *more, struct err *e)
{
    struct work *w = &k->v->w;
    const struct kind *kind;
    struct item_choice *v;
    struct item it;
    size_t n, i;
    bool asked;
    TRY(item_get(w->db, w->a, w->by, id, &it, e));
    TRY(kinds_get(w->by->kinds, w->db, it.kind, it.kind_version, &kind, e));
    TRY(item_choices(w->db, w->a, w->by, &it, &v, &n, e));
    i = plain_step(kind, &it, v, n, first, k->s->why);
    *more = i != SIZE_MAX;
    if (!*more)
        return first ? FAIL(e, E_DENIED, "第一步不能由您直接办理，请先存为草稿") : OK;
    struct item_move m = {.move = kind->moves[i].id,
        .opinion = kind->moves[i].opinion == OPINION_NONE ? S("") : k->s->why};
    TRY(item_move(w->db, w->by, id, it.revision, &m, e));
    TRY(asked_somebody(w, id, &asked, e));
    *more = !asked;
    return OK;
}

static enum code start_part(struct splitting *k, int64_t id, struct err *e)
{
    bool more = true;
    for (int i = 0; more && i < START_STEPS_MAX; i++)
        TRY(start_step(k, id, i == 0, &more, e));
    return OK;
}

static enum code split(struct splitting *k, int64_t *ids, struct err *e)
{
    const struct item_split *s = k->s;
    struct verb *v = k->v;
    if (!work_right(&v->w, ITEM_SPLIT, 0))
        return FAIL(e, E_DENIED, "您不能分解这件事项，请联系它的负责人或科长");
    if (s->n == 0 || s->n > ITEM_PARTS_MAX)
        return FAIL(e, E_LIMIT, "一次分解为1到%d件", ITEM_PARTS_MAX);
    if (s->n_copy > KIND_FIELDS_MAX)
        return FAIL(e, E_LIMIT, "带走的栏目超过%d个", KIND_FIELDS_MAX);
    TRY(verb_reason(v, s->why, false, e));
    jw_karr(&v->j, "items");
    for (size_t i = 0; i < s->n; i++) {
        if (open_part(k, &s->parts[i], &ids[i], e) != OK ||
            (s->parts[i].start && start_part(k, ids[i], e) != OK))
            return err_context(e, "第%zu件", i + 1);
        jw_id(&v->j, ids[i]);
    }
    jw_end(&v->j);
    return OK;
}

enum code item_split(struct db *db, const struct actor *by, int64_t id, int64_t revision,
    const struct item_split *s, int64_t *ids, struct err *e)
{
    struct verb v;
    struct splitting k = {.v = &v, .s = s};
    enum code c = verb_begin(&v, db, by, id, revision, e);
    if (c == OK)
        c = split(&k, ids, e);
    return verb_end(&v, c, "split", e);
}

/* ---- archive ---- */

static enum code number_free(struct work *w, struct str number, struct err *e)
{
    struct stmt *q = db_sql(w->db, "SELECT number, title FROM item WHERE archive_no = ?1 AND"
                                   " archive_no <> '' AND id <> ?2");
    stmt_bind_str(q, 1, number);
    stmt_bind_int(q, 2, w->it.id);
    bool taken = stmt_step(q);
    TRY(stmt_end(q, e));
    return taken ? FAIL(e, E_CONFLICT, "归档号“%.*s”已被另一件事项使用，请另编", SF(number)) : OK;
}

static enum code archive(struct verb *v, struct str number, struct err *e)
{
    struct work *w = &v->w;
    number = str_trim(number);
    if (w->it.archived_ms)
        return FAIL(e, E_CONFLICT, "这件事项已经归档，归档号%.*s", SF(w->it.archive_no));
    if (!w->it.closed_ms)
        return FAIL(e, E_CONFLICT, "这件事项还没有办结，办结后再归档");
    if (!work_right(w, ITEM_ARCHIVE, 0))
        return FAIL(e, E_DENIED, "您不能归档这件事项，请联系它的负责人或秘书");
    if (utf8_check(number) != SIZE_MAX || utf8_len_cp(number) > ARCHIVE_NO_CP_MAX)
        return FAIL(e, E_LIMIT, "归档号超过%d个字，或不是有效的文字", ARCHIVE_NO_CP_MAX);
    if (number.n) {
        TRY(number_free(w, number, e));
        w->it.archive_no = number;
    } else if (!w->it.archive_no.n) { /* archived again, it goes back to its place */
        TRY(number_archive(w, e));
    }
    w->it.archived_ms = w->by->now_ms;
    jw_kstr(&v->j, "archive_no", w->it.archive_no);
    return OK;
}

enum code item_archive(struct db *db, const struct actor *by, int64_t id, int64_t revision,
    struct str number, struct err *e)
{
    struct verb v;
    enum code c = verb_begin(&v, db, by, id, revision, e);
    if (c == OK)
        c = archive(&v, number, e);
    return verb_end(&v, c, "archive", e);
}

/* ---- a draft that is given up ---- */

/* Nothing happened to it but that it was written. */
static enum code never_submitted(struct work *w, bool *out, struct err *e)
{
    struct stmt *q = db_sql(w->db,
        "SELECT 1 FROM item_event WHERE item = ?1 AND verb NOT IN ('open', 'edit', 'remark',"
        " 'attach', 'detach', 'link', 'unlink', 'hand_over', 'upgrade', 'verify') LIMIT 1");
    stmt_bind_int(q, 1, w->it.id);
    *out = !stmt_step(q) && w->state == 0;
    return stmt_end(q, e);
}

static enum code discard(struct verb *v, struct str why, struct err *e)
{
    struct work *w = &v->w;
    bool draft = false;
    if (!work_right(w, ITEM_DISCARD, 0))
        return FAIL(e, E_DENIED, "您不能作废这件草稿");
    TRY(verb_reason(v, why, false, e));
    TRY(never_submitted(w, &draft, e));
    if (!draft)
        return FAIL(e, E_CONFLICT, "这件事项已经提交过，不能作为草稿作废；可以撤回、退回或并案");
    if (w->it.number.n) {
        TRY(number_give_up(w, str_trim(why).n ? str_trim(why) : S("草稿作废"), e));
        jw_kstr(&v->j, "number", w->it.number);
    }
    w->it.discarded = true;
    w->it.closed_ms = w->by->now_ms;
    return clocks_drop(w, S("作废"), e);
}

enum code item_discard(struct db *db, const struct actor *by, int64_t id, int64_t revision,
    struct str why, struct err *e)
{
    struct verb v;
    enum code c = verb_begin(&v, db, by, id, revision, e);
    if (c == OK)
        c = discard(&v, why, e);
    return verb_end(&v, c, "discard", e);
}

/* ---- a newer version of the kind ---- */

static enum code lacks(struct str what, struct str name, struct err *e)
{
    return FAIL(e, E_CONFLICT, "新版没有这件事项用到的%.*s“%.*s”，不能换用", SF(what), SF(name));
}

static enum code fields_fit(struct work *w, const struct kind *to, struct err *e)
{
    for (size_t i = 0; i < w->k->n_fields; i++) {
        const struct kind_field *f = &w->k->fields[i];
        json_t *v = json_object_getn(w->fields, f->id.p, f->id.n), *again = NULL;
        size_t at = kind_field_of(to, f->id);
        if (!v)
            continue;
        if (at == SIZE_MAX || to->fields[at].type != f->type)
            return lacks(S("栏目"), f->name, e);
        TRY(field_read(w, &to->fields[at], v, &again, e));
        bool same = again && json_equal(again, v);
        json_decref(again);
        if (!same)
            return FAIL(e, E_CONFLICT, "“%.*s”的内容不合新版的要求，不能换用", SF(f->name));
    }
    return OK;
}

static enum code clocks_fit(struct work *w, const struct kind *to, struct err *e)
{
    enum code c = OK;
    struct stmt *q = db_sql(w->db, "SELECT clock FROM item_clock WHERE item = ?1 AND state = 0");
    stmt_bind_int(q, 1, w->it.id);
    while (c == OK && stmt_step(q)) {
        struct str id = arena_str(w->a, stmt_str(q, 0));
        bool there = false;
        for (size_t i = 0; i < to->n_clocks; i++)
            there = there || str_eq(to->clocks[i].id, id);
        if (!there)
            c = lacks(S("期限"), id, e);
    }
    struct err end;
    enum code ended = stmt_end(q, &end);
    return c != OK ? c : ended == OK ? OK : FAIL(e, ended, "%s", end.msg);
}

static enum code newest_kind(struct work *w, const struct kind **out, struct err *e)
{
    const struct kind *k;
    TRY(kinds_newest(w->by->kinds, w->db, w->it.kind, &k, e));
    if (k->version == w->it.kind_version)
        return FAIL(e, E_CONFLICT, "这件事项用的已经是“%.*s”的最新一版", SF(w->k->name));
    *out = k;
    return OK;
}

static enum code upgrade(struct verb *v, struct err *e)
{
    struct work *w = &v->w;
    const struct kind *to = w->k;
    size_t state;
    if (!work_right(w, ITEM_UPGRADE, 0))
        return FAIL(e, E_DENIED, "您不能换用新版种类，请联系科长");
    TRY(newest_kind(w, &to, e));
    state = kind_state_of(to, w->it.state);
    if (state == SIZE_MAX || to->states[state].closed != w->k->states[w->state].closed)
        return lacks(S("状态"), w->k->states[w->state].name, e);
    TRY(fields_fit(w, to, e));
    TRY(clocks_fit(w, to, e));
    jw_kint(&v->j, "from", w->it.kind_version);
    jw_kint(&v->j, "to", to->version);
    w->k = to;
    w->state = state;
    w->it.kind_version = to->version;
    return OK;
}

enum code item_upgrade(
    struct db *db, const struct actor *by, int64_t id, int64_t revision, struct err *e)
{
    struct verb v;
    enum code c = verb_begin(&v, db, by, id, revision, e);
    if (c == OK)
        c = upgrade(&v, e);
    return verb_end(&v, c, "upgrade", e);
}
