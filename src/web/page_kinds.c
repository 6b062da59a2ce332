/* page_kinds.c - kinds of matter: the list, one of them as it reads, and its text to be changed. */
#include "base/clock.h"
#include "office/kind_draft.h"
#include "office/kind_newer.h"
#include "office/person.h"
#include "web/kind_graph.h"
#include "web/kind_words.h"
#include "web/route.h"
#include "web/rows.h"

enum { SPARE_LINES = 3 };

struct str kind_in_path(const struct ctx *c)
{
    struct str path = c->r->head.path, kind;

    (void)str_eat(&path, S("/kinds/"));
    return str_next(&path, S("/"), &kind) ? kind : S("");
}

static struct str made_text(struct ctx *c, const struct kind_row *row)
{
    return arena_printf(c->a, "%.*s于%.*s发布", SF(row->by_name.n ? row->by_name : S("系统自带，")),
        SF(minute_text(c, row->made_ms)));
}

/* ---- the list ---- */

static enum code show_all(struct ctx *c, struct page_kinds *p, struct err *e)
{
    struct kind_row *v;
    size_t n = 0;
    struct db *db;
    bool *newer;
    enum code code;

    TRY(store_read(c->app->office->store, &db, e));
    code = kind_list(db, c->a, &v, &n, e);
    p->may_edit = access_may(c->v, ACT_KINDS);
    newer = ARENA_ARRAY(c->a, bool, n + 1);
    for (size_t i = 0; code == OK && p->may_edit && i < n; i++)
        code = kind_newer_any(db, c->a, v[i].kind, &newer[i], e);
    store_read_end(db);
    if (code != OK)
        return code;
    p->rows = ARENA_ARRAY(c->a, struct kind_line, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct kind_line *l = &p->rows[p->n_rows++];
        struct kind *k;
        struct err wrong;
        *l = (struct kind_line){.kind = v[i].kind,
            .name = v[i].name,
            .enabled = v[i].status == KIND_PUBLISHED,
            .newer = newer[i],
            .version = v[i].version,
            .made = made_text(c, &v[i]),
            .link = arena_printf(c->a, "/kinds/%.*s", SF(v[i].kind))};
        if (kind_read(c->a, v[i].yaml, "已发布的事项种类", &k, &wrong) != OK)
            continue;
        l->about = k->about;
        l->fields = (int64_t)k->n_fields;
        l->states = (int64_t)k->n_states;
        l->moves = (int64_t)k->n_moves;
    }
    show_kinds(c, p);
    return OK;
}

enum code page_kinds(struct ctx *c, struct err *e)
{
    struct page_kinds p = {.done = ctx_flash_take(c)};

    return show_all(c, &p, e);
}

/* ---- in words ---- */

static struct str one_who(struct ctx *c, const struct kind *k, const struct who *w)
{
    struct buf b;
    struct str s;

    switch (w->kind) {
    case WHO_OWNER:
        return S("经办人");
    case WHO_UNIT:
        return S("经办单位联络员");
    case WHO_ASKED:
        return S("被请办理的人");
    case WHO_ANYONE:
        return S("看得到的人");
    case WHO_CHOSEN:
        return S("临时选定的人和单位");
    case WHO_ASKED_CHIEF:
        return S("未回复单位的负责人");
    case WHO_FIELD:
        return k->fields[w->field].name;
    case WHO_ROLE:
        break;
    }
    buf_init(&b, 0);
    roles_write(&b, w->roles);
    s = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return s;
}

struct str who_text(struct ctx *c, const struct kind *k, const struct who_list *l)
{
    struct str s = S("");

    for (size_t i = 0; i < l->n; i++)
        s = words_join(c, s, "、", one_who(c, k, &l->v[i]));
    return s;
}

static struct str words_text(struct ctx *c, const struct str *v, size_t n)
{
    struct str s = S("");

    for (size_t i = 0; i < n; i++)
        s = words_join(c, s, "、", v[i]);
    return s;
}

/* ---- one kind ---- */

static struct str asked_text(struct ctx *c, const struct kind *k, size_t field)
{
    struct str s = S("");

    for (size_t i = 0; i < k->n_moves; i++)
        for (size_t j = 0; j < k->moves[i].n_set; j++)
            if (k->moves[i].set[j] == field)
                s = words_join(c, s, "、", k->moves[i].name);
    return s.n ? arena_printf(c->a, "%.*s时", SF(s)) : S("登记时");
}

static struct str detail_text(struct ctx *c, const struct kind_field *f)
{
    struct str s = words_text(c, f->choices, f->n_choices);

    for (size_t i = 0; i < f->n_columns; i++)
        s = words_join(c, s, "、", f->columns[i].name);
    return f->hint.n ? words_join(c, s, "；", f->hint) : s;
}

static void fill_fields(struct ctx *c, const struct kind *k, struct page_kind *p)
{
    p->fields = ARENA_ARRAY(c->a, struct kind_field_row, k->n_fields);
    for (size_t i = 0; i < k->n_fields; i++) {
        const struct kind_field *f = &k->fields[i];
        p->fields[p->n_fields++] = (struct kind_field_row){.id = f->id,
            .name = f->name,
            .type = str_z(field_type_name(f->type)),
            .detail = detail_text(c, f),
            .required = f->required,
            .when = words_cond(c, k, &f->when),
            .asked = asked_text(c, k, i),
            .see = who_text(c, k, &f->see)};
    }
}

static struct str how_text(struct ctx *c, const struct kind *k, const struct kind_move *m)
{
    struct str s = S(""), set = S("");

    if (m->opinion == OPINION_REQUIRED)
        s = S("必须写意见");
    if (m->box.n)
        s = words_join(c, s, "，", arena_printf(c->a, "记入“%.*s”", SF(m->box)));
    for (size_t i = 0; i < m->n_set; i++)
        set = words_join(c, set, "、", k->fields[m->set[i]].name);
    if (set.n)
        s = words_join(c, s, "；", arena_printf(c->a, "填%.*s", SF(set)));
    static const char *const texts[] = {[TEXT_NOTHING] = "",
        [TEXT_FREEZE] = "文稿存为一稿",
        [TEXT_SIGN] = "送来的这一稿定稿，锁定",
        [TEXT_SEAL] = "登记用印",
        [TEXT_ISSUE] = "定稿收入范文库"};
    if (m->when.n)
        s = words_join(c, s, "；", arena_printf(c->a, "%.*s才有", SF(words_cond(c, k, &m->when))));
    if (m->when_answered.n)
        s = words_join(c, s, "；", arena_printf(c->a, "答复“%.*s”即办", SF(m->when_answered)));
    if (m->when_all)
        s = words_join(c, s, "；", S("答复齐了自己办"));
    else if (m->need_answers)
        s = words_join(c, s, "；", S("答复齐了才能办"));
    if (m->voids)
        s = words_join(c, s, "；", S("已取的号作废"));
    if (m->text)
        s = words_join(c, s, "；", str_z(texts[m->text]));
    return s;
}

static struct str asks_text(struct ctx *c, const struct kind *k, const struct kind_ask *ask)
{
    static const char *const waits[] = {
        [WAIT_NONE] = "不等候", [WAIT_ALL] = "等全部", [WAIT_ANY] = "等任一"};

    if (!ask)
        return S("");
    struct str text = words_text(c, ask->need_text, ask->n_need_text);
    struct str files = words_text(c, ask->need_files, ask->n_need_files);
    return arena_printf(c->a, "请%.*s%.*s（%.*s；%s%s%s%s%.*s%s%.*s）",
        SF(who_text(c, k, &ask->of)), SF(ask->purpose),
        SF(words_text(c, ask->answers, ask->n_answers)), waits[ask->wait],
        ask->serial ? "，依次" : "", ask->due != SIZE_MAX ? "，有期限" : "",
        text.n ? "；要写明情况：" : "", SF(text), files.n ? "；要附佐证：" : "", SF(files));
}

static struct kind_move_row move_row(struct ctx *c, const struct kind *k, size_t i)
{
    const struct kind_move *m = &k->moves[i];
    struct str from = S("");

    for (size_t j = 0; j < m->n_from && !kind_graph_anywhere(k, m); j++)
        from = words_join(c, from, "、", k->states[m->from[j]].name);
    return (struct kind_move_row){.no = (int64_t)i + 1,
        .id = m->id,
        .name = m->name,
        .from = from.n ? from : S("任一未办结状态"),
        .to = k->states[m->to].name,
        .by = who_text(c, k, &m->by),
        .how = how_text(c, k, m),
        .asks = asks_text(c, k, m->ask),
        .back = m->returns};
}

static void fill_moves(struct ctx *c, const struct kind *k, struct page_kind *p)
{
    p->moves = ARENA_ARRAY(c->a, struct kind_move_row, k->n_moves + 1);
    p->anywhere = ARENA_ARRAY(c->a, struct kind_move_row, k->n_moves + 1);
    for (size_t i = 0; i < k->n_moves; i++) {
        struct kind_move_row row = move_row(c, k, i);
        p->moves[p->n_moves++] = row;
        if (kind_graph_anywhere(k, &k->moves[i]))
            p->anywhere[p->n_anywhere++] = row;
    }
}

static struct str limit_text(struct ctx *c, struct limit l)
{
    struct buf b;
    struct str s;

    buf_init(&b, 0);
    limit_write_cn(&b, l);
    s = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return s;
}

static struct str lights_text(struct ctx *c, const struct kind *k, size_t clock)
{
    struct str s = S("");

    for (size_t i = 0; i < k->n_lights; i++) {
        const struct kind_light *l = &k->lights[i];
        if (l->clock == clock)
            s = words_join(c, s, "；",
                l->left.n ? arena_printf(c->a, "剩%.*s%s灯", SF(limit_text(c, l->left)),
                                light_name(l->colour))
                          : arena_printf(c->a, "逾期%s灯", light_name(l->colour)));
    }
    return s;
}

static struct str offset_text(struct ctx *c, const struct kind_offset *o)
{
    if (o->by.n == 0)
        return S("到期时");
    return arena_printf(c->a, "%s%.*s", o->late ? "逾期" : "提前", SF(limit_text(c, o->by)));
}

static struct str escalates_text(
    struct ctx *c, const struct kind *k, const struct kind_remind *r, struct str s)
{
    for (size_t i = 0; i < r->n_escalate; i++)
        s = arena_printf(c->a, "%.*s；逾期%.*s报%.*s", SF(s),
            SF(limit_text(c, r->escalate[i].after)), SF(who_text(c, k, &r->escalate[i].to)));
    return s;
}

static struct str reminds_text(struct ctx *c, const struct kind *k, size_t clock)
{
    struct str s = S("");

    for (size_t i = 0; i < k->n_reminds; i++) {
        const struct kind_remind *r = &k->reminds[i];
        if (r->clock != clock)
            continue;
        for (size_t j = 0; j < r->n; j++)
            s = words_join(c, s, "、", offset_text(c, &r->at[j]));
        s = arena_printf(c->a, "%.*s，最多%d次", SF(s), r->most);
        if (r->quiet_from != r->quiet_to)
            s = arena_printf(c->a, "%.*s，%02d:%02d至%02d:%02d不打扰", SF(s), r->quiet_from / 60,
                r->quiet_from % 60, r->quiet_to / 60, r->quiet_to % 60);
        s = escalates_text(c, k, r, s);
    }
    return s;
}

static struct str climb_text(struct ctx *c, const struct kind *k)
{
    struct str states = S("");

    if (!k->climb)
        return states;
    for (size_t i = 0; i < k->climb->n_in; i++)
        states = words_join(c, states, "、", k->states[k->climb->in[i]].name);
    struct str every = k->climb->minutes ? arena_printf(c->a, "每%d分钟", k->climb->minutes)
                                         : S("按排班规则定的分钟数");
    struct str taker = S("");
    if (k->climb->taker != SIZE_MAX)
        taker = arena_printf(c->a, "，接到的人填入“%.*s”", SF(k->fields[k->climb->taker].name));
    return arena_printf(c->a,
        "%s在“%.*s”时，不受免打扰限制，依次通知值班的A岗、B岗、带班领导，%.*"
        "s轮到下一位，直到有人接到%.*s",
        k->climb->always ? "" : "特急的", SF(states), SF(every), SF(taker));
}

static void fill_clocks(struct ctx *c, const struct kind *k, struct page_kind *p)
{
    p->clocks = ARENA_ARRAY(c->a, struct kind_clock_row, k->n_clocks + 1);
    for (size_t i = 0; i < k->n_clocks; i++) {
        const struct kind_clock *t = &k->clocks[i];
        struct str limit = t->due == SIZE_MAX
                               ? limit_text(c, t->within)
                               : arena_printf(c->a, "到“%.*s”", SF(k->fields[t->due].name));
        for (size_t j = 0; j < t->n_pause; j++)
            limit =
                arena_printf(c->a, "%.*s，%.*s时停计", SF(limit), SF(k->states[t->pause[j]].name));
        if (t->extend.n)
            limit =
                arena_printf(c->a, "%.*s，%.*s可准延期", SF(limit), SF(who_text(c, k, &t->extend)));
        p->clocks[p->n_clocks++] = (struct kind_clock_row){.name = t->name,
            .span = arena_printf(
                c->a, "%.*s → %.*s", SF(k->states[t->start].name), SF(k->states[t->stop].name)),
            .limit = limit,
            .lights = lights_text(c, k, i),
            .reminds = reminds_text(c, k, i)};
    }
}

static struct str ledger_text(struct ctx *c, const struct kind *k)
{
    static const struct {
        const char *id, *name;
    } own[] = {{"number", "编号"}, {"title", "标题"}, {"state", "状态"}, {"light", "灯"},
        {"urgency", "紧急程度"}, {"owner", "经办人"}, {"unit", "经办单位"}, {"opened", "登记时间"},
        {"closed", "办结时间"}, {"due", "期限"}};
    struct str s = S("");

    for (size_t i = 0; i < k->n_ledger; i++) {
        size_t f = kind_field_of(k, k->ledger[i]);
        struct str name = f == SIZE_MAX ? k->ledger[i] : k->fields[f].name;
        for (size_t j = 0; f == SIZE_MAX && j < sizeof(own) / sizeof(own[0]); j++)
            if (str_eq(name, str_z(own[j].id)))
                name = str_z(own[j].name);
        s = words_join(c, s, "、", name);
    }
    return s;
}

static void fill_versions(struct ctx *c, const struct kind_row *v, size_t n, struct page_kind *p)
{
    p->versions = ARENA_ARRAY(c->a, struct kind_version_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->versions[p->n_versions++] = (struct kind_version_row){.version = v[i].version,
            .made = made_text(c, &v[i]),
            .shown = v[i].version == p->version,
            .link = arena_printf(
                c->a, "/kinds/%.*s?version=%lld", SF(v[i].kind), (long long)v[i].version)};
    p->newest = n && v[0].version == p->version;
    p->enabled = n && v[0].status == KIND_PUBLISHED;
}

static struct str number_text(struct ctx *c, const struct kind *k)
{
    struct day today = clock_civil(clock_now_ms(), ZONE_CHINA).day;
    struct str example = kind_number_example(c->a, k, S(""), (int)today.y, (int)today.m);

    return arena_printf(c->a, "%.*s，如 %.*s", SF(kind_number_words(c->a, k)), SF(example));
}

static enum code show_one(struct ctx *c, struct page_kind *p, struct err *e)
{
    struct str id = kind_in_path(c);
    int64_t version = ctx_int(req_query(c->r, "version"), 1, INT32_MAX, 0);
    struct kind_row row, *all;
    struct kind *k;
    size_t n = 0;
    struct db *db;
    enum code code;

    TRY(store_read(c->app->office->store, &db, e));
    code = kind_row_get(db, c->a, id, version, &row, e);
    p->may_edit = access_may(c->v, ACT_KINDS);
    if (code == OK)
        code = kind_versions(db, c->a, id, &all, &n, e);
    if (code == OK && p->may_edit && n && all[0].version == row.version)
        code = newer_fill(c, db, p, row.kind, e);
    store_read_end(db);
    if (code != OK)
        return code;
    TRY(kind_read(c->a, row.yaml, "已发布的事项种类", &k, e));
    p->kind = k->id;
    p->name = k->name;
    p->about = k->about;
    p->version = row.version;
    p->number = k->number.n ? number_text(c, k) : S("");
    p->ledger = ledger_text(c, k);
    p->climb = climb_text(c, k);
    p->phrases = words_text(c, k->phrases, k->n_phrases);
    p->text = row.yaml;
    fill_versions(c, all, n, p);
    fill_fields(c, k, p);
    fill_moves(c, k, p);
    fill_clocks(c, k, p);
    kind_graph(k, c->a, p);
    show_kind(c, p);
    return OK;
}

enum code page_kind(struct ctx *c, struct err *e)
{
    struct page_kind p = {.done = ctx_flash_take(c)};

    return show_one(c, &p, e);
}

/* ---- on and off ---- */

struct switch_job {
    struct str kind;
    bool on;
};

static enum code write_switch(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct switch_job *job = c->job;

    return kind_switch(db, job->kind, job->on, c->v->person, e);
}

static enum code after_switch(struct ctx *c, enum code code, struct err *e)
{
    struct switch_job *job = c->job;

    (void)e;
    if (code != OK)
        return code;
    ctx_flash(c, job->on ? S("已启用，可以新办") : S("已停用：不能新办，在办的照旧"));
    ctx_redirect(c, str_eq(req_field(c->r, "back"), S("list"))
                        ? S("/kinds")
                        : arena_printf(c->a, "/kinds/%.*s", SF(job->kind)));
    return OK;
}

enum code do_kind_switch(struct ctx *c, struct err *e)
{
    struct switch_job *job = ARENA_NEW(c->a, struct switch_job);
    struct str act = req_field(c->r, "act");

    job->kind = kind_in_path(c);
    job->on = str_eq(act, S("on"));
    if (!job->on && !str_eq(act, S("off")))
        return FAIL(e, E_INPUT, "没有这种办理");
    c->job = job;
    return ctx_write(c, write_switch, c, after_switch);
}

/* ---- changing ---- */

static int64_t lines_in(struct str text)
{
    int64_t n = 1;

    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

static void fill_lines(struct ctx *c, struct page_kind_edit *p)
{
    int64_t n = lines_in(p->text);

    p->rows = n + SPARE_LINES;
    p->lines = ARENA_ARRAY(c->a, struct kind_edit_line, (size_t)n);
    for (int64_t i = 1; i <= n; i++)
        p->lines[p->n_lines++] =
            (struct kind_edit_line){i, i == p->problem_line ? S("bad") : S("")};
    for (size_t i = 0; i < p->n_notes; i++) {
        int64_t at = p->notes[i].line;
        if (at >= 1 && at <= n && !p->lines[at - 1].mark.n)
            p->lines[at - 1].mark = S("hint");
    }
}

static enum code show_text(struct ctx *c, struct page_kind_edit *p, struct err *e)
{
    struct kind_row row;
    struct kind_copy copy;
    bool there = false;
    struct db *db;
    enum code code;

    TRY(store_read(c->app->office->store, &db, e));
    code = kind_row_get(db, c->a, kind_in_path(c), 0, &row, e);
    if (code == OK && !p->seen)
        code = kind_copy_get(db, c->a, row.kind, c->v->person, &copy, &there, e);
    store_read_end(db);
    if (code != OK)
        return code;
    p->kind = row.kind;
    p->name = row.name;
    if (!p->seen) {
        p->seen = there ? copy.seen : row.version;
        p->text = there ? copy.yaml : row.yaml;
    }
    fill_lines(c, p);
    show_kind_edit(c, p);
    return OK;
}

enum code page_kind_edit(struct ctx *c, struct err *e)
{
    struct page_kind_edit p = {0};

    return show_text(c, &p, e);
}

/* What the person sent, judged: the error with its line, or the notes. */
static bool judge(struct ctx *c, struct page_kind_edit *p)
{
    struct kind_note *v;
    struct kind *k;
    struct err e;
    size_t n;

    if (kind_read(c->a, p->text, "种类", &k, &e) != OK) {
        p->problem = arena_str(c->a, str_z(e.msg));
        (void)str_eat(&p->problem, S("文件“种类”"));
        p->problem_line = kind_error_line(&e);
        return false;
    }
    kind_lint(k, c->a, &v, &n);
    p->notes = ARENA_ARRAY(c->a, struct kind_note_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->notes[p->n_notes++] = (struct kind_note_row){v[i].line, v[i].text};
    p->done = n ? S("可以发布；下面几处请再看看是不是本意") : S("没有问题，可以发布");
    return true;
}

struct publish_job {
    struct kind_draft d;
    int64_t version;
    bool keep; /* as the person's copy, to go on in the form */
};

static enum code write_publish(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct publish_job *job = c->job;

    if (job->keep)
        return kind_copy_save(db,
            &(struct kind_copy){.kind = job->d.kind, .yaml = job->d.yaml, .seen = job->d.seen},
            c->v->person, e);
    TRY(kind_publish(db, &job->d, &job->version, e));
    return kind_copy_drop(db, job->d.kind, c->v->person, e);
}

static enum code after_publish(struct ctx *c, enum code code, struct err *e)
{
    struct publish_job *job = c->job;
    struct page_kind_edit p = {.seen = job->d.seen, .text = job->d.yaml};

    if (code == OK && job->keep) {
        ctx_flash(c, S("已存下，还没有发布"));
        ctx_redirect(c, arena_printf(c->a, "/kinds/%.*s/form", SF(job->d.kind)));
        return OK;
    }
    if (code == OK) {
        ctx_flash(c, job->version == job->d.seen
                         ? S("内容没有变化，没有产生新版")
                         : arena_printf(c->a, "已发布第%lld版；在办的事项仍按原来的版本",
                               (long long)job->version));
        ctx_redirect(c, arena_printf(c->a, "/kinds/%.*s", SF(job->d.kind)));
        return OK;
    }
    if (code != E_INPUT && code != E_LIMIT && code != E_CONFLICT)
        return code;
    p.problem = arena_str(c->a, str_z(e->msg));
    p.problem_line = kind_error_line(e);
    (void)str_eat(&p.problem, S("文件“种类”"));
    c->r->res.status = code == E_CONFLICT ? 409 : 400;
    return show_text(c, &p, e);
}

enum code do_kind_edit(struct ctx *c, struct err *e)
{
    struct publish_job *job = ARENA_NEW(c->a, struct publish_job);
    struct page_kind_edit p = {
        .seen = ctx_int(req_field(c->r, "seen"), 1, INT32_MAX, 1), .text = req_field(c->r, "text")};

    job->d = (struct kind_draft){.yaml = p.text,
        .file = "种类",
        .kind = kind_in_path(c),
        .seen = p.seen,
        .by = c->v->person};
    if (!judge(c, &p)) {
        c->r->res.status = 400;
        return show_text(c, &p, e);
    }
    job->keep = str_eq(req_field(c->r, "act"), S("keep"));
    if (!job->keep && !str_eq(req_field(c->r, "act"), S("publish")))
        return show_text(c, &p, e);
    c->job = job;
    return ctx_write(c, write_publish, c, after_publish);
}
