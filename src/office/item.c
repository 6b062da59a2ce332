#include "office/item.h"

#include "base/id.h"
#include "base/utf8.h"
#include "office/absence.h"
#include "office/climb.h"
#include "office/document.h"
#include "office/item_change.h"
#include "office/item_int.h"
#include "office/item_link.h"
#include "office/item_text.h"
#include "office/notice.h"
#include "office/remark.h"
#include "office/remind.h"
#include "office/unit.h"

#include <stdlib.h>

const char *item_urgency_name(enum urgency u)
{
    static const char *const names[] = {"普通", "平急", "加急", "特急"};
    return u >= URGENCY_NONE && u <= URGENCY_URGENT ? names[u] : "";
}

/* ---- reading one ---- */

static void drop_json(void *arg)
{
    json_decref(arg);
}

struct item item_row(struct stmt *q, struct arena *a)
{
    int64_t due = stmt_int(q, 14);
    return (struct item){.id = stmt_int(q, 0),
        .kind = arena_str(a, stmt_str(q, 1)),
        .kind_version = stmt_int(q, 2),
        .number = arena_str(a, stmt_str(q, 3)),
        .title = arena_str(a, stmt_str(q, 4)),
        .state = arena_str(a, stmt_str(q, 5)),
        .level = (int)stmt_int(q, 6),
        .urgency = (enum urgency)stmt_int(q, 7),
        .owner = stmt_int(q, 8),
        .unit = stmt_int(q, 9),
        .opened_ms = stmt_int(q, 11),
        .entered_ms = stmt_int(q, 12),
        .closed_ms = stmt_int(q, 13),
        .due_ms = due == ITEM_NO_DUE ? 0 : due,
        .fields = arena_str(a, stmt_str(q, 15)),
        .revision = stmt_int(q, 16),
        .archived_ms = stmt_int(q, 17),
        .archive_no = arena_str(a, stmt_str(q, 18)),
        .discarded = stmt_int(q, 19) == 1,
        .stand = stmt_int(q, 20)};
}

static enum code take_fields(struct work *w, json_t *fields)
{
    w->fields = fields;
    arena_defer(w->a, drop_json, fields);
    return OK;
}

enum code work_load(struct work *w, struct db *db, struct arena *a, const struct actor *by,
    int64_t id, struct err *e)
{
    json_t *fields;
    *w = (struct work){.db = db, .a = a, .by = by};
    struct stmt *q = db_sql(db, "SELECT " ITEM_COLUMNS " FROM item i WHERE i.id = ?1");
    stmt_bind_int(q, 1, id);
    bool there = stmt_step(q);
    if (there) {
        w->it = item_row(q, a);
        w->opener = stmt_int(q, 10);
        w->was = w->it;
        w->was_due = w->due = w->it.due_ms ? w->it.due_ms : ITEM_NO_DUE;
        w->sealed = w->it.archived_ms != 0 || w->it.discarded;
    }
    TRY(stmt_end(q, e));
    if (!there)
        return FAIL(e, E_NOTFOUND, "没有这件事项，或您无权查看");
    TRY(kinds_get(by->kinds, db, w->it.kind, w->it.kind_version, &w->k, e));
    w->state = kind_state_of(w->k, w->it.state);
    CHECK_BUG(e, w->state != SIZE_MAX);
    TRY(jr_parse(w->it.fields, &fields, e));
    TRY(take_fields(w, fields));
    TRY(seats_of(db, by, w->seat, &w->n_seats, e));
    TRY(grants_read(w, e));
    return asks_read(w, e);
}

static struct str name_of_event(const struct item_event *ev, struct arena *a)
{
    struct str name = str_z(item_verb_name(ev->verb));
    json_t *payload = NULL;
    struct err none;
    if (jr_parse(ev->payload, &payload, &none) != OK)
        return name;
    if (jr_str(payload, "name").n) /* of the move */
        name = arena_str(a, jr_str(payload, "name"));
    json_decref(payload);
    return name;
}

/* What was done behind the revision that the person saw, by name. Two hundred units answer while one person writes an opinion: what
 * contradicts nobody raises the revision and leaves `stand` alone. */
static enum code conflict(struct work *w, int64_t revision, struct err *e)
{
    struct item_event *v;
    size_t n;
    struct buf b;
    if (revision > w->it.revision)
        return FAIL(e, E_INPUT, "页面的版本号不对，请刷新后再办");
    if (w->it.stand <= revision)
        return OK;
    TRY(event_rows(w->db, w->a, w->it.id, w->it.stand - 1, 1, &v, &n, e));
    CHECK_BUG(e, n == 1);
    buf_init(&b, 64);
    clock_write_minute(&b, v->at_ms, ZONE_CHINA);
    struct str who = v->actor_name.n ? v->actor_name : S("系统");
    enum code c = FAIL(e, E_CONFLICT, "“%.*s”已在%.*s做了“%.*s”，请看过现在的情况再办", SF(who),
        SF(buf_view(&b)), SF(name_of_event(v, w->a)));
    buf_release(&b);
    return c;
}

enum code work_begin(struct work *w, struct db *db, struct arena *a, const struct actor *by,
    int64_t id, struct err *e)
{
    TRY(work_load(w, db, a, by, id, e));
    return work_sees(w) ? OK : FAIL(e, E_NOTFOUND, "没有这件事项，或您无权查看");
}

/* A caller that has no revision has not shown the person what he changes. */
enum code work_begin_at(struct work *w, struct db *db, struct arena *a, const struct actor *by,
    int64_t id, int64_t revision, struct err *e)
{
    if (revision < 1)
        return FAIL(e, E_INPUT, "没有说明是在哪一版上办理，请刷新后再办");
    TRY(work_begin(w, db, a, by, id, e));
    w->stands = true;
    return conflict(w, revision, e);
}

/* ---- writing one ---- */

static void bind_item(struct stmt *q, const struct work *w)
{
    const struct item *it = &w->it;
    stmt_bind_int(q, 1, it->id);
    stmt_bind_str(q, 2, it->number);
    stmt_bind_str(q, 3, it->title);
    stmt_bind_str(q, 4, it->state);
    stmt_bind_int(q, 5, it->level);
    stmt_bind_int(q, 6, it->urgency);
    stmt_bind_int(q, 7, it->owner);
    stmt_bind_int(q, 8, it->unit);
    stmt_bind_int(q, 9, it->closed_ms);
    stmt_bind_int(q, 10, w->due);
    stmt_bind_str(q, 11, it->fields);
    stmt_bind_int(q, 12, it->revision);
    stmt_bind_int(q, 13, it->kind_version);
    stmt_bind_int(q, 14, it->archived_ms);
    stmt_bind_str(q, 15, it->archive_no);
    stmt_bind_int(q, 16, it->discarded);
    stmt_bind_int(q, 17, it->stand);
}

/* Every index that holds a column which is named is written again, changed or not: what changes seldom is named only then. The
 * parameters are those of bind_item. */
static enum code update_item(struct work *w, struct err *e)
{
    const struct item *it = &w->it, *was = &w->was;
    const struct {
        bool changed;
        const char *sql;
    } parts[] = {
        {true, "UPDATE item SET title = ?3, urgency = ?6, fields = ?11, revision = ?12,"
               " kind_version = ?13, stand = ?17 WHERE id = ?1"},
        {!str_eq(it->state, was->state), "UPDATE item SET state = ?4 WHERE id = ?1 AND ?17 = ?17"},
        {it->closed_ms != was->closed_ms,
            "UPDATE item SET closed = ?9 WHERE id = ?1 AND ?17 = ?17"},
        {w->due != w->was_due, "UPDATE item SET due = ?10 WHERE id = ?1 AND ?17 = ?17"},
        {it->unit != was->unit, "UPDATE item SET unit = ?8 WHERE id = ?1 AND ?17 = ?17"},
        {!str_eq(it->number, was->number) || it->owner != was->owner || it->level != was->level ||
                it->archived_ms != was->archived_ms || it->discarded != was->discarded ||
                !str_eq(it->archive_no, was->archive_no),
            "UPDATE item SET number = ?2, level = ?5, owner = ?7, archived = ?14, archive_no = ?15,"
            " gone = ?16 WHERE id = ?1 AND ?17 = ?17"},
    };
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        if (!parts[i].changed)
            continue;
        struct stmt *q = db_sql(w->db, parts[i].sql);
        bind_item(q, w);
        TRY(stmt_run(q, NULL, e));
    }
    return OK;
}

static enum code write_item(struct work *w, struct err *e)
{
    struct stmt *q;
    if (w->it.revision > 1)
        return update_item(w, e);
    q = db_sql(w->db,
        "INSERT INTO item(id, number, title, state, level, urgency, owner, unit, closed, due,"
        " fields, revision, kind_version, archived, archive_no, gone, stand, kind, opener, opened,"
        " entered)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
        " ?19, ?20, ?21)");
    bind_item(q, w);
    stmt_bind_str(q, 18, w->it.kind);
    stmt_bind_int(q, 19, w->opener);
    stmt_bind_int(q, 20, w->it.opened_ms);
    stmt_bind_int(q, 21, w->it.entered_ms);
    return stmt_run(q, NULL, e);
}

static void set_title(struct work *w)
{
    if (w->k->title == SIZE_MAX)
        return;
    struct str s = field_text(w, w->k->fields[w->k->title].id);
    struct str line = s, rest;
    (void)str_cut(s, S("\n"), &line, &rest);
    w->it.title = str_sub(line, 0, utf8_off(line, ITEM_TITLE_CP_MAX));
}

enum code work_commit(struct work *w, const char *verb, const struct buf *payload, struct err *e)
{
    struct item_event ev = {.item = w->it.id,
        .seq = w->it.revision + 1,
        .at_ms = w->by->now_ms,
        .actor = w->by->v->person,
        .for_person = w->by->for_person,
        .verb = str_z(verb),
        .payload = buf_view(payload)};
    TRY(buf_check(payload, "办理记录", e));
    if (w->sealed && (w->it.archived_ms || w->it.discarded))
        return w->it.discarded
                   ? FAIL(e, E_CONFLICT, "这件草稿已经作废，不能再办")
                   : FAIL(e, E_CONFLICT, "这件事项已归档（%.*s），如需再办请由科长重新办理",
                         SF(w->it.archive_no));
    w->it.revision++;
    if (w->stands || w->it.revision == 1)
        w->it.stand = w->it.revision;
    work_acted(w, w->by->v->person, WHY_ACTED);
    if (w->by->for_person)
        work_acted(w, w->by->for_person, WHY_ACTED);
    set_title(w);
    TRY(text_event(w, ev.payload, e));
    TRY(lights_write(w, e));
    TRY(write_item(w, e));
    TRY(item_event_note(w->db, &ev, e));
    TRY(steps_write(w, verb, e));
    if (w->by->for_person)
        TRY(proxy_note(w, e));
    TRY(remark_event(w, &ev, e));
    TRY(grants_write(w, e));
    if (w->lies)
        TRY(item_change_note(w->db, w->it.id, e));
    TRY(absence_event(w, e));
    TRY(remind_event(w, &ev, e));
    TRY(climb_event(w, &ev, e));
    return notice_event(w, &ev, e);
}

/* ---- open ---- */

static enum code check_title(struct str *title, struct err *e)
{
    *title = str_trim(*title);
    if (utf8_check(*title) != SIZE_MAX)
        return FAIL(e, E_INPUT, "标题不是有效的文字");
    if (utf8_len_cp(*title) > ITEM_TITLE_CP_MAX)
        return FAIL(e, E_LIMIT, "标题超过%d个字，请精简", ITEM_TITLE_CP_MAX);
    return OK;
}

static enum code check_level(const struct kind *k, int level, struct err *e)
{
    if (level < 0 || level >= N_LEVEL)
        return FAIL(e, E_INPUT, "没有这一密级");
    if (level < k->level)
        return FAIL(e, E_INPUT, "“%.*s”的范围最少是“%s”", SF(k->name),
            doc_level_name((enum doc_level)k->level));
    return OK;
}

static enum code check_open(struct work *w, const struct item_open *o, struct err *e)
{
    const struct viewer *v = w->by->v;
    struct str title = o->title;
    TRY(access_require(v, ACT_READ, e));
    TRY(check_title(&title, e));
    TRY(check_level(w->k, o->level > w->k->level ? o->level : w->k->level, e));
    if (o->urgency < URGENCY_NONE || o->urgency > URGENCY_URGENT)
        return FAIL(e, E_INPUT, "没有这一紧急程度");
    if (o->opened_ms > w->by->now_ms)
        return FAIL(e, E_INPUT, "收到时间不能晚于现在");
    w->it = (struct item){.id = id_next(),
        .kind = w->k->id,
        .kind_version = w->k->version,
        .title = title,
        .state = w->k->states[0].id,
        .level = o->level > w->k->level ? o->level : w->k->level,
        .urgency = o->urgency,
        .owner = v->person,
        .unit = o->unit ? o->unit : v->unit,
        .opened_ms = o->opened_ms ? o->opened_ms : w->by->now_ms,
        .entered_ms = w->by->now_ms};
    w->opener = v->person;
    if (w->it.unit) {
        struct unit u;
        TRY(unit_get(w->db, w->a, w->it.unit, &u, e));
    }
    return OK;
}

static enum code open_item(struct work *w, const struct item_open *o, struct jw *j, struct err *e)
{
    json_t *none = json_object();
    TRY(take_fields(w, none));
    TRY(check_open(w, o, e));
    TRY(seats_of(w->db, w->by, w->seat, &w->n_seats, e));
    w->due = ITEM_NO_DUE;
    jw_obj(j);
    jw_kstr(j, "kind", w->k->id);
    jw_kint(j, "version", w->k->version);
    jw_kobj(j, "set");
    TRY(fields_take(w, o->fields ? o->fields : none, NULL, 0, j, e));
    jw_end(j);
    set_title(w);
    if (!o->draft)
        TRY(fields_complete(w, NULL, e));
    if (w->k->number_at == SIZE_MAX)
        TRY(number_take(w, 0, e));
    if (w->it.number.n)
        jw_kstr(j, "number", w->it.number);
    if (w->it.opened_ms != w->it.entered_ms)
        jw_kint(j, "opened", w->it.opened_ms);
    if (o->from)
        jw_kid(j, "from", o->from);
    jw_end(j);
    return clocks_enter(w, e);
}

static enum code link_from(struct work *w, int64_t from, struct err *e)
{
    bool sees = false;
    TRY(access_item(w->db, w->by, from, ITEM_SEE, 0, &sees, e));
    if (!sees)
        return FAIL(e, E_NOTFOUND, "所依据的事项不存在，或您无权查看");
    return item_link_put(w->db, w->by,
        &(struct item_link){.from = {.kind = LINK_ITEM, .id = w->it.id},
            .to = {.kind = LINK_ITEM, .id = from},
            .relation = S("分解")},
        e);
}

enum code item_open(
    struct db *db, const struct actor *by, const struct item_open *o, int64_t *id, struct err *e)
{
    struct arena a;
    struct buf b;
    struct jw j;
    arena_init(&a);
    buf_init(&b, 0);
    jw_init(&j, &b);
    struct work w = {.db = db, .a = &a, .by = by};
    enum code c = kinds_get(by->kinds, db, o->kind, 0, &w.k, e);
    if (c == OK)
        c = open_item(&w, o, &j, e);
    if (c == OK)
        c = work_commit(&w, "open", &b, e);
    if (c == OK && o->from)
        c = link_from(&w, o->from, e);
    if (c == OK)
        *id = w.it.id;
    buf_release(&b);
    arena_release(&a);
    return c;
}

/* ---- edit ---- */

/* A text that is need-to-know would be read by role with an item that is seen by role. */
static enum code check_text_level(struct work *w, int level, struct err *e)
{
    bool secret = false;
    if (level >= w->it.level)
        return OK;
    TRY(manuscript_item_secret(w->db, w->it.id, &secret, e));
    return secret ? FAIL(e, E_CONFLICT, "这件事项的文稿是工作秘密，知悉级别不能降低") : OK;
}

/* What is no field: title, urgency, level. Taken out of `changes`, which is a copy. */
static enum code edit_head(struct work *w, json_t *changes, struct jw *j, struct err *e)
{
    const json_t *v = json_object_get(changes, "title");
    if (v) {
        struct str title = jr_str(changes, "title");
        if (w->k->title != SIZE_MAX)
            return FAIL(
                e, E_INPUT, "标题取自“%.*s”，请改那一栏", SF(w->k->fields[w->k->title].name));
        TRY(check_title(&title, e));
        jw_key(j, S("title"));
        jw_arr(j);
        jw_str(j, w->it.title);
        jw_str(j, title);
        jw_end(j);
        w->it.title = arena_str(w->a, title);
    }
    if (json_object_get(changes, "urgency")) {
        int64_t u = jr_int(changes, "urgency", -1);
        if (u < URGENCY_NONE || u > URGENCY_URGENT)
            return FAIL(e, E_INPUT, "没有这一紧急程度");
        jw_key(j, S("urgency"));
        jw_arr(j);
        jw_int(j, w->it.urgency);
        jw_int(j, u);
        jw_end(j);
        w->it.urgency = (enum urgency)u;
    }
    if (json_object_get(changes, "level")) {
        int64_t l = jr_int(changes, "level", -1);
        TRY(check_level(w->k, l >= 0 && l < N_LEVEL ? (int)l : -1, e));
        TRY(check_text_level(w, (int)l, e));
        jw_key(j, S("level"));
        jw_arr(j);
        jw_int(j, w->it.level);
        jw_int(j, l);
        jw_end(j);
        w->it.level = (int)l;
    }
    (void)json_object_del(changes, "title");
    (void)json_object_del(changes, "urgency");
    (void)json_object_del(changes, "level");
    return OK;
}

/* A field that is hidden from the actor is not his to change. */
static enum code check_hidden(struct work *w, const json_t *changes, struct err *e)
{
    for (size_t i = 0; i < w->k->n_fields; i++) {
        const struct kind_field *f = &w->k->fields[i];
        if (json_object_getn(changes, f->id.p, f->id.n) && !work_reads(w, f))
            return FAIL(e, E_DENIED, "您不能修改“%.*s”", SF(f->name));
    }
    return OK;
}

static enum code edit(struct work *w, json_t *changes, struct err *e)
{
    struct buf b;
    struct jw j;
    CHECK_BUG(e, w->k);
    if (!work_right(w, ITEM_EDIT, 0))
        return FAIL(
            e, E_DENIED, "这件事项现在是“%.*s”，您不能修改", SF(w->k->states[w->state].name));
    TRY(check_hidden(w, changes, e));
    buf_init(&b, 0);
    jw_init(&j, &b);
    jw_obj(&j);
    jw_kobj(&j, "set");
    size_t before = b.n;
    enum code c = edit_head(w, changes, &j, e);
    if (c == OK)
        c = fields_take(w, changes, NULL, 0, &j, e);
    if (c == OK && b.n > before) { /* what changes nothing is no event */
        jw_end(&j);
        jw_end(&j);
        c = work_commit(w, "edit", &b, e);
    }
    buf_release(&b);
    return c;
}

enum code item_edit(struct db *db, const struct actor *by, int64_t id, int64_t revision,
    const json_t *changes, struct err *e)
{
    struct arena a;
    struct work w = {.db = db};
    arena_init(&a);
    json_t *copy = json_deep_copy(changes);
    enum code c = work_begin_at(&w, db, &a, by, id, revision, e);
    if (c == OK)
        c = edit(&w, copy, e);
    json_decref(copy);
    arena_release(&a);
    return c;
}

/* ---- get ---- */

static enum code light_now(struct work *w, struct err *e)
{
    struct stmt *q = db_sql(w->db, "SELECT colour, text FROM item_light WHERE item = ?1"
                                   " AND from_at <= ?2 AND until_at > ?2");
    stmt_bind_int(q, 1, w->it.id);
    stmt_bind_int(q, 2, w->by->now_ms);
    if (stmt_step(q)) {
        w->it.light = (enum light_colour)stmt_int(q, 0);
        w->it.light_text = arena_str(w->a, stmt_str(q, 1));
    }
    return stmt_end(q, e);
}

static void hide_fields(struct work *w)
{
    bool hidden = false;
    for (size_t i = 0; i < w->k->n_fields; i++) {
        const struct kind_field *f = &w->k->fields[i];
        if (!work_reads(w, f))
            hidden = json_object_deln(w->fields, f->id.p, f->id.n) == 0 || hidden;
    }
    if (!hidden)
        return;
    char *z = json_dumps(w->fields, JSON_COMPACT | JSON_SORT_KEYS);
    w->it.fields = arena_str(w->a, z ? str_z(z) : S("{}"));
    free(z);
}

enum code item_get(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct item *out, struct err *e)
{
    struct work w = {.db = db};
    TRY(work_begin(&w, db, a, by, id, e));
    CHECK_BUG(e, w.k);
    TRY(light_now(&w, e));
    hide_fields(&w);
    *out = w.it;
    return OK;
}
