#include "office/item_text.h"

#include "base/utf8.h"
#include "office/item_file.h"
#include "office/item_int.h"
#include "office/manuscript_edit.h"
#include "office/manuscript_file.h"
#include "office/sample.h"
#include "office/seal.h"
#include "text/genre.h"

/* ---- the row ---- */

static enum code row_read(
    struct db *db, struct arena *a, int64_t item, struct item_text *out, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT manuscript, version, number, seq, digest, final,"
                                " final_number, final_at, final_by, final_digest, form,"
                                " passes, final_passes FROM item_text WHERE item = ?1");
    stmt_bind_int(q, 1, item);
    *out = (struct item_text){.manuscript = 0};
    if (stmt_step(q))
        *out = (struct item_text){.manuscript = stmt_int(q, 0),
            .version = stmt_int(q, 1),
            .number = stmt_int(q, 2),
            .seq = stmt_int(q, 3),
            .digest = arena_str(a, stmt_str(q, 4)),
            .final = stmt_int(q, 5),
            .final_number = stmt_int(q, 6),
            .final_ms = stmt_int(q, 7),
            .final_by = stmt_int(q, 8),
            .final_digest = arena_str(a, stmt_str(q, 9)),
            .form = arena_str(a, stmt_str(q, 10)),
            .passes = stmt_int(q, 11),
            .final_passes = stmt_int(q, 12)};
    return stmt_end(q, e);
}

static enum code row_write(struct db *db, int64_t item, const struct item_text *t, struct err *e)
{
    struct stmt *q = db_sql(db,
        "INSERT INTO item_text(item, manuscript, version, number, seq, digest, final,"
        " final_number, final_at, final_by, final_digest, form, passes, final_passes)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) ON CONFLICT(item) DO "
        "UPDATE SET"
        " manuscript = excluded.manuscript, version = excluded.version, number = excluded.number,"
        " seq = excluded.seq, digest = excluded.digest, final = excluded.final,"
        " final_number = excluded.final_number, final_at = excluded.final_at,"
        " final_by = excluded.final_by, final_digest = excluded.final_digest,"
        " form = excluded.form, passes = excluded.passes, final_passes = excluded.final_passes");
    stmt_bind_int(q, 1, item);
    stmt_bind_int(q, 2, t->manuscript);
    stmt_bind_int(q, 3, t->version);
    stmt_bind_int(q, 4, t->number);
    stmt_bind_int(q, 5, t->seq);
    stmt_bind_str(q, 6, t->digest);
    stmt_bind_int(q, 7, t->final);
    stmt_bind_int(q, 8, t->final_number);
    stmt_bind_int(q, 9, t->final_ms);
    stmt_bind_int(q, 10, t->final_by);
    stmt_bind_str(q, 11, t->final_digest);
    stmt_bind_str(q, 12, t->form);
    stmt_bind_int(q, 13, t->passes);
    stmt_bind_int(q, 14, t->final_passes);
    return stmt_run(q, NULL, e);
}

/* Fields that are hidden from the actor count as well. */
static enum code form_changed(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct item_text *t, struct err *e)
{
    struct work w;
    struct str now;
    if (t->final || !t->form.n)
        return OK;
    TRY(work_load(&w, db, a, by, item, e));
    TRY(text_form(&w, &now, e));
    t->form_changed = !str_eq(now, t->form);
    return OK;
}

enum code item_text(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct item_text *out, struct err *e)
{
    struct item it;
    struct manuscript m;
    TRY(item_get(db, a, by, item, &it, e));
    TRY(row_read(db, a, item, out, e));
    if (!out->version)
        return OK;
    TRY(manuscript_get(db, a, by, out->manuscript, &m, e));
    out->changed = m.seq != out->seq;
    return form_changed(db, a, by, item, out, e);
}

static bool is_open(const struct kind *k, size_t state)
{
    for (size_t i = 0; i < k->text.n_open; i++)
        if (k->text.open[i] == state)
            return true;
    return false;
}

enum code item_text_keeps(
    struct db *db, const struct actor *by, int64_t item, bool *kept, struct err *e)
{
    struct arena a;
    struct work w;
    arena_init(&a);
    enum code c = work_load(&w, db, &a, by, item, e);
    *kept = c == OK && w.k->text.line && !is_open(w.k, w.state);
    arena_release(&a);
    return c;
}

/* ---- what it carries ---- */

static enum code carry(struct verb *v, int64_t manuscript, struct err *e)
{
    struct work *w = &v->w;
    struct item_text t;
    struct manuscript m;
    TRY(row_read(w->db, &v->a, w->it.id, &t, e));
    if (!w->k->text.line)
        return FAIL(e, E_INPUT, "“%.*s”不带文稿", SF(w->k->name));
    if (!work_right(w, ITEM_EDIT, 0))
        return FAIL(e, E_DENIED, "您现在不能给这件事项换文稿");
    if (!is_open(w->k, w->state))
        return FAIL(
            e, E_CONFLICT, "这件事项现在是“%.*s”，文稿不能再换", SF(w->k->states[w->state].name));
    TRY(manuscript_need(w->db, &v->a, w->by, manuscript, MANUSCRIPT_WRITE, &m, e));
    if (t.manuscript == manuscript)
        return FAIL(e, E_CONFLICT, "这件事项带的就是“%.*s”", SF(m.title));
    if (t.manuscript)
        TRY(manuscript_set_item(w->db, w->by, t.manuscript, 0, e));
    TRY(manuscript_set_item(w->db, w->by, manuscript, w->it.id, e));
    t = (struct item_text){.manuscript = manuscript};
    w->stands = true;
    jw_kid(&v->j, "manuscript", manuscript);
    jw_kstr(&v->j, "title", m.title);
    return row_write(w->db, w->it.id, &t, e);
}

enum code item_text_carry(struct db *db, const struct actor *by, int64_t item, int64_t revision,
    int64_t manuscript, struct err *e)
{
    struct verb v;
    enum code c = verb_begin(&v, db, by, item, revision, e);
    if (c == OK)
        c = carry(&v, manuscript, e);
    return verb_end(&v, c, "carry", e);
}

static enum code begin_with(struct db *db, struct arena *a, const struct actor *by,
    int64_t manuscript, struct str kind, int64_t *item, struct err *e)
{
    const struct kind *k;
    struct manuscript m;
    struct item_open o = {.kind = kind, .draft = true};
    struct str text;
    TRY(manuscript_need(db, a, by, manuscript, MANUSCRIPT_WRITE, &m, e));
    if (m.item)
        return FAIL(e, E_CONFLICT, "“%.*s”已经在办，不用再送", SF(m.title));
    TRY(kinds_get(by->kinds, db, kind, 0, &k, e));
    if (!k->text.line)
        return FAIL(e, E_INPUT, "“%.*s”不带文稿，请另选", SF(k->name));
    o.title = k->title == SIZE_MAX ? m.title : S("");
    o.level = m.level > k->level ? m.level : k->level;
    TRY(manuscript_text(db, a, by, manuscript, -1, &text, NULL, e));
    o.fields = json_object();
    text_fields(a, k, m.title, text, o.fields);
    if (k->title != SIZE_MAX)
        (void)json_object_setn_new(o.fields, k->fields[k->title].id.p, k->fields[k->title].id.n,
            json_stringn(m.title.p, m.title.n));
    enum code c = item_open(db, by, &o, item, e);
    json_decref(o.fields);
    return c == OK ? item_text_carry(db, by, *item, 1, manuscript, e) : c;
}

enum code item_text_begin(struct db *db, const struct actor *by, int64_t manuscript,
    struct str kind, int64_t *item, struct err *e)
{
    struct arena a;
    arena_init(&a);
    enum code c = begin_with(db, &a, by, manuscript, kind, item, e);
    arena_release(&a);
    return c;
}

/* ---- submitting and signing ---- */

/* What the digest of a submission covers besides the text: fields, and every file that stands. */
static enum code note_objects(struct work *w, struct jw *log, struct err *e)
{
    struct item_file *files;
    size_t n;
    char hex[SM3_HEX + 1];
    char *fields = json_dumps(w->fields, JSON_COMPACT | JSON_SORT_KEYS);
    if (!fields)
        return FAIL(e, E_BUG, "内存不足");
    struct digest d = sm3(str_z(fields));
    free(fields);
    jw_kstr(log, "fields", digest_hex(&d, hex));
    TRY(item_file_list(w->db, w->a, w->by, w->it.id, false, &files, &n, e));
    jw_karr(log, "files");
    for (size_t i = 0; i < n; i++) {
        jw_obj(log);
        jw_kstr(log, "name", files[i].name);
        jw_kstr(log, "sm3", files[i].blob);
        jw_end(log);
    }
    jw_end(log);
    return OK;
}

static enum code version_of(
    struct work *w, int64_t version, struct manuscript_version *out, struct err *e)
{
    return manuscript_version_get(w->db, w->a, w->by, version, out, NULL, e);
}

static enum code freeze(
    struct work *w, struct item_text *t, struct pass_list *passed, struct err *e)
{
    struct manuscript_version v;
    int64_t version;
    TRY(manuscript_freeze(w->db, w->a, w->by, t->manuscript, S(""), &version, e));
    TRY(version_of(w, version, &v, e));
    t->version = v.id;
    t->number = v.number;
    t->seq = v.seq;
    t->digest = arena_str(w->a, str_z(v.digest));
    TRY(text_form(w, &t->form, e));
    TRY(manuscript_pass_keep(w->db, w->a, w->by, v.id, passed, e));
    t->passes = passed->id;
    return row_write(w->db, w->it.id, t, e);
}

/* What was submitted, and nothing that was written behind it. */
static enum code sign(struct work *w, struct item_text *t, struct pass_list *passed, struct err *e)
{
    struct str now, files, form;
    char hex[SM3_HEX + 1];
    if (!t->version)
        return FAIL(e, E_CONFLICT, "文稿还没有送过，不能签发");
    TRY(manuscript_text(w->db, w->a, w->by, t->manuscript, -1, &now, NULL, e));
    TRY(manuscript_files_named(w->db, w->a, t->manuscript, now, &files, e));
    struct digest d = manuscript_digest(now, files);
    if (!str_eq(digest_hex(&d, hex), t->digest))
        return FAIL(e, E_CONFLICT, "送来的是第%lld稿，此后文稿又有修改，请退回重新送签",
            (long long)t->number);
    TRY(text_form(w, &form, e));
    if (t->form.n && !str_eq(form, t->form))
        return FAIL(e, E_CONFLICT, "送签以后表单或附件又有改动，请退回重新送签");
    TRY(manuscript_pass_keep(w->db, w->a, w->by, t->version, passed, e));
    t->final_passes = passed->id;
    t->final = t->version;
    t->final_number = t->number;
    t->final_digest = t->digest;
    t->final_ms = w->by->now_ms;
    t->final_by = w->by->for_person ? w->by->for_person : w->by->v->person;
    return row_write(w->db, w->it.id, t, e);
}

static void note_passed(const struct pass_list *l, struct jw *log)
{
    if (!l->id)
        return;
    jw_kobj(log, "passed");
    jw_kid(log, "list", l->id);
    jw_kint(log, "n", (int64_t)l->n);
    jw_kint(log, "errors", (int64_t)l->errors);
    jw_kstr(log, "sm3", l->digest);
    jw_end(log);
}

/* passed: of what is sent or signed, with all that goes along; NULL: only which one it is. */
static enum code write_ref(struct work *w, const struct item_text *t,
    const struct pass_list *passed, struct jw *log, struct err *e)
{
    if (!t->version)
        return OK;
    jw_kobj(log, "version");
    jw_kid(log, "id", t->version);
    jw_kint(log, "number", t->number);
    jw_kstr(log, "sm3", t->digest);
    if (t->form.n)
        jw_kstr(log, "form", t->form);
    if (passed) {
        TRY(note_objects(w, log, e));
        note_passed(passed, log);
    }
    jw_end(log);
    return OK;
}

enum code text_note(struct work *w, struct jw *log, struct err *e)
{
    struct item_text t;
    if (!w->k->text.line)
        return OK;
    TRY(row_read(w->db, w->a, w->it.id, &t, e));
    return write_ref(w, &t, NULL, log, e);
}

/* The picture that the keeper picked; a seal of brass is set by hand, and picks none. */
static enum code seal(
    struct work *w, const struct item_text *t, int64_t which, struct jw *log, struct err *e)
{
    if (!t->final)
        return FAIL(e, E_CONFLICT, "文稿没有签发，不能用印");
    return which ? seal_use_put(w->db, w->by, which, w->it.id, t->final, log, e) : OK;
}

/* The genre: what the form says, or the manuscript, or the title. */
static int genre_of(const struct work *w, const struct manuscript *m)
{
    int genre = genre_of_name(jr_str(w->fields, "genre"));
    genre = genre ? genre : m->genre;
    return genre ? genre : genre_of_title(w->it.title, NULL);
}

static enum code issue(struct work *w, const struct item_text *t, struct err *e)
{
    struct manuscript m;
    char iso[DAY_ISO_SIZE];
    if (!t->final)
        return FAIL(e, E_CONFLICT, "文稿没有签发，不能印发");
    TRY(manuscript_get(w->db, w->a, w->by, t->manuscript, &m, e));

    struct sample_issued s = {.item = w->it.id,
        .version = t->final,
        .title = w->it.title,
        .day = day_iso(clock_civil(t->final_ms, ZONE_CHINA).day, iso),
        .genre = genre_of(w, &m),
        .level = m.level > w->it.level ? m.level : w->it.level};
    return sample_issue(w->db, w->a, w->by, &s, e);
}

enum code text_move(struct work *w, const struct kind_move *m, const struct item_move *given,
    struct jw *log, struct err *e)
{
    struct item_text t;
    struct pass_list passed = {.id = 0};
    bool whole = m->text == TEXT_FREEZE || m->text == TEXT_SIGN;
    if (!w->k->text.line)
        return OK;
    TRY(row_read(w->db, w->a, w->it.id, &t, e));
    if (m->text != TEXT_NOTHING && !t.manuscript)
        return FAIL(e, E_INPUT, "还没有文稿，请先在拟稿台起草，或给事项带上一份文稿");
    if (m->text == TEXT_FREEZE)
        TRY(freeze(w, &t, &passed, e));
    if (m->text == TEXT_SIGN)
        TRY(sign(w, &t, &passed, e));
    if (m->text == TEXT_SEAL)
        TRY(seal(w, &t, given->seal, log, e));
    if (m->text == TEXT_ISSUE)
        TRY(issue(w, &t, e));
    if (m->voids)
        TRY(sample_recall(w->db, w->by, w->it.id, e));
    return write_ref(w, &t, whole ? &passed : NULL, log, e);
}

/* ---- written while it is with others ---- */

static bool next_signs(const struct work *w)
{
    for (size_t i = 0; i < w->k->n_moves; i++) {
        const struct kind_move *m = &w->k->moves[i];
        for (size_t k = 0; m->text == TEXT_SIGN && k < m->n_from; k++)
            if (m->from[k] == w->state)
                return true;
    }
    return false;
}

bool text_renews(const struct work *w)
{
    return is_open(w->k, w->state) && !next_signs(w);
}

static enum code renew(struct verb *v, struct err *e)
{
    struct work *w = &v->w;
    struct item_text t;
    struct pass_list passed = {.id = 0};
    TRY(row_read(w->db, &v->a, w->it.id, &t, e));
    int64_t before = t.version;
    struct str form = t.form;
    if (!t.version)
        return FAIL(e, E_CONFLICT, "文稿还没有送过，直接送就会存为一稿");
    if (!text_renews(w))
        return FAIL(e, E_CONFLICT, "这件事项现在是“%.*s”，要改先取回或退回",
            SF(w->k->states[w->state].name));
    TRY(freeze(w, &t, &passed, e));
    if (t.version == before && str_eq(t.form, form))
        return FAIL(
            e, E_CONFLICT, "文稿、表单和附件与第%lld稿时相同，不用另存", (long long)t.number);
    w->stands = true;
    return write_ref(w, &t, &passed, &v->j, e);
}

enum code item_text_renew(
    struct db *db, const struct actor *by, int64_t item, int64_t revision, struct err *e)
{
    struct verb v;
    enum code c = verb_begin(&v, db, by, item, revision, e);
    if (c == OK)
        c = renew(&v, e);
    return verb_end(&v, c, "renew", e);
}

/* ---- locking ---- */

static enum code unlock(struct work *w, struct item_text *t, struct str payload, struct err *e)
{
    static const char *const reasons[] = {"why", "opinion", "text"};
    json_t *p;
    struct str why = S("");
    if (!work_may(w, &w->k->text.unlock))
        return FAIL(e, E_DENIED, "签发后的文稿已经锁定，退回到“%.*s”要由有权解锁的人办理",
            SF(w->k->states[w->state].name));
    TRY(jr_parse(payload, &p, e));
    for (size_t i = 0; i < 3 && !why.n; i++)
        why = arena_str(w->a, str_trim(jr_str(p, reasons[i])));
    json_decref(p);
    if (!why.n)
        return FAIL(e, E_INPUT, "文稿已经锁定，解锁要写明理由");
    why = str_sub(why, 0, utf8_off(why, MANUSCRIPT_WHY_CP_MAX));
    TRY(manuscript_release(w->db, w->by, t->manuscript, why, e));
    t->final = t->final_number = t->final_ms = t->final_by = t->final_passes = 0;
    t->final_digest = S("");
    return row_write(w->db, w->it.id, t, e);
}

enum code text_event(struct work *w, struct str payload, struct err *e)
{
    struct item_text t;
    struct manuscript m;
    if (!w->k->text.line || w->it.revision <= 1)
        return OK;
    TRY(row_read(w->db, w->a, w->it.id, &t, e));
    if (!t.manuscript)
        return OK;
    if (t.final && !is_open(w->k, w->state))
        TRY(text_form_stands(w, e));
    if (str_eq(w->it.state, w->was.state))
        return OK;
    TRY(manuscript_get(w->db, w->a, w->by, t.manuscript, &m, e));
    if (is_open(w->k, w->state)) {
        TRY(sample_recall(w->db, w->by, w->it.id, e)); /* it was issued, and is written again */
        return m.locked_ms ? unlock(w, &t, payload, e) : OK;
    }
    if (m.locked_ms)
        return OK;
    return manuscript_hold(w->db, w->by, t.manuscript,
        arena_printf(w->a, "事项“%.*s”：%.*s", SF(w->it.title), SF(w->k->states[w->state].name)),
        e);
}
