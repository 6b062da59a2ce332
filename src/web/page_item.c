/* page_item.c - the page of one item. */
#include "office/climb.h"
#include "office/document.h"
#include "office/item_file.h"
#include "office/item_offer.h"
#include "office/phrase.h"
#include "office/replies.h"
#include "office/rulebook.h"
#include "web/ask_rows.h"
#include "web/item_page.h"
#include "web/kind_words.h"
#include "web/route.h"
#include "web/rows.h"

struct showing {
    struct ctx *c;
    struct db *db;
    const struct item_view *v;
    const struct item_again *again;
    struct names names;
    json_t *fields;
    bool newer; /* the kind has a newer version */
    struct evidence files;
    struct page_item *p;
};

struct str item_back(struct ctx *c)
{
    struct str back =
        c->r->method == METHOD_POST ? req_field(c->r, "back") : req_query(c->r, "back");
    struct str local = ctx_local(back);
    return back.n && str_eq(local, back) ? back : S("");
}

/* ---- days ---- */

static bool is_midnight(int64_t at_ms)
{
    return at_ms == clock_day_ms(clock_day(at_ms, ZONE_CHINA), ZONE_CHINA);
}

/* A limit that ends with a day is named by that day; it is kept as the instant at which the next one begins. */
static struct str limit_text(struct ctx *c, int64_t due_ms)
{
    struct buf b;
    struct str s;
    if (!due_ms)
        return S("");
    buf_init(&b, 0);
    if (is_midnight(due_ms))
        day_write_short(&b, clock_day(due_ms - 1, ZONE_CHINA));
    else
        clock_write_cn(&b, due_ms, ZONE_CHINA);
    s = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return s;
}

static struct str left_text(struct ctx *c, int64_t due_ms, int64_t now_ms)
{
    const struct office *o = c->app->office;
    int32_t today = clock_day(now_ms, ZONE_CHINA), last = clock_day(due_ms - 1, ZONE_CHINA);
    if (!due_ms)
        return S("");
    if (now_ms >= due_ms) {
        int late = calendar_workdays(o->calendar, last, today);
        return late > 0 ? arena_printf(c->a, "已超过%d个工作日", late) : S("已超过");
    }
    if (!is_midnight(due_ms)) {
        int64_t ms = calendar_working_between(o->calendar, &o->hours, now_ms, due_ms);
        if (ms < 8 * MS_HOUR)
            return ms >= MS_HOUR
                       ? arena_printf(c->a, "还有%lld个工作小时", (long long)(ms / MS_HOUR))
                       : arena_printf(c->a, "还有%lld分钟工作时间", (long long)(ms / MS_MINUTE));
    }
    if (last == today)
        return S("今天到期");
    return arena_printf(c->a, "还有%d个工作日", calendar_workdays(o->calendar, today, last));
}

static struct str at_text(struct ctx *c, int64_t at_ms)
{
    return at_ms ? minute_text(c, at_ms) : S("");
}

/* ---- head ---- */

static void fill_head(struct showing *s)
{
    struct page_item *p = s->p;
    const struct item *it = &s->v->it;
    struct ctx *c = s->c;
    int64_t now = ctx_actor(c)->now_ms;
    p->id = it->id;
    p->self = item_link(c->a, it->id, p->back, 0);
    p->revision = it->revision;
    p->kind = it->kind;
    p->kind_name = s->v->k->name;
    p->number = it->number;
    p->title = it->title.n ? it->title : S("（没有标题）");
    p->state = s->v->k->states[s->v->state].name;
    p->closed = it->closed_ms != 0;
    p->discarded = it->discarded;
    p->archived = it->archived_ms ? minute_text(c, it->archived_ms) : S("");
    p->archive_no = it->archived_ms ? it->archive_no : S("");
    p->light = str_z(light_class(it->light));
    p->light_text = it->light_text;
    p->urgency = str_z(urgency_name(it->urgency));
    ctx_level(c, it->level);
    p->level = str_z(doc_level_name((enum doc_level)it->level));
    p->restricted = it->level != LEVEL_OPEN;
    p->owner = names_person(&s->names, it->owner);
    p->unit = it->unit ? names_pick_unit(&s->names, it->unit).text : S("");
    if (!p->closed) {
        p->due = limit_text(c, it->due_ms);
        p->left = left_text(c, it->due_ms, now);
        p->late = it->due_ms && now >= it->due_ms;
    }
    p->opened = minute_text(c, it->opened_ms);
    if (it->entered_ms - it->opened_ms >= MS_DAY ||
        clock_day(it->entered_ms, ZONE_CHINA) != clock_day(it->opened_ms, ZONE_CHINA))
        p->entered = minute_text(c, it->entered_ms);
}

/* ---- the sheet ---- */

static struct str text_of(const json_t *v)
{
    return json_is_string(v) ? str_z(json_string_value(v)) : S("");
}

static enum code sheet_picked(struct showing *s, const struct kind_field *f, const json_t *v,
    struct item_sheet_field *o, struct err *e)
{
    size_t n = json_is_array(v) ? json_array_size(v) : 1;
    o->picked = ARENA_ARRAY(s->c->a, struct item_picked, n + 1);
    for (size_t i = 0; i < n; i++) {
        int64_t id = id_in_text(text_of(json_is_array(v) ? json_array_get(v, i) : v));
        struct item_picked *to = &o->picked[o->n_picked++];
        if (f->type == FIELD_DOCUMENT)
            TRY(item_pick_document(s->c, s->db, id, to, e));
        else if (f->type == FIELD_ITEM)
            TRY(item_pick_item(s->c, s->db, id, to, e));
        else if (f->type == FIELD_FILE)
            TRY(item_pick_file(s->c, s->db, id, to, e));
        else if (f->type == FIELD_UNIT || f->type == FIELD_UNITS)
            *to = names_pick_unit(&s->names, id);
        else
            *to = names_pick_person(&s->names, id);
    }
    return OK;
}

static enum code sheet_passage(
    struct showing *s, const json_t *v, struct item_sheet_field *o, struct err *e)
{
    struct item_picked doc;
    TRY(item_pick_document(s->c, s->db, jr_id(v, "doc"), &doc, e));
    o->quote = jr_str(v, "text");
    o->link_text = doc.text;
    if (doc.link.n)
        o->link = jr_int(v, "end", 0) > 0
                      ? arena_printf(s->c->a, "%.*s?begin=%lld&end=%lld#hit1", SF(doc.link),
                            (long long)jr_int(v, "begin", 0), (long long)jr_int(v, "end", 0))
                      : doc.link;
    return OK;
}

static void sheet_table(
    struct showing *s, const struct kind_field *f, const json_t *v, struct item_sheet_field *o)
{
    size_t r;
    const json_t *row;
    o->heads = ARENA_ARRAY(s->c->a, struct form_head, f->n_columns + 1);
    for (size_t i = 0; i < f->n_columns; i++)
        o->heads[o->n_heads++] = (struct form_head){f->columns[i].name, false};
    o->rows = ARENA_ARRAY(s->c->a, struct item_sheet_row, json_array_size(v) + 1);
    json_array_foreach(v, r, row)
    {
        struct item_sheet_row *to = &o->rows[o->n_rows++];
        to->cells = ARENA_ARRAY(s->c->a, struct item_sheet_cell, f->n_columns + 1);
        for (size_t i = 0; i < f->n_columns; i++) {
            const json_t *cell = json_object_getn(row, f->columns[i].id.p, f->columns[i].id.n);
            to->cells[to->n_cells++] = (struct item_sheet_cell){f->columns[i].name,
                cell ? item_value_text(s->c, &s->names, &f->columns[i], cell) : S("")};
        }
    }
}

/* Room for one thing that is named and can be opened. */
static struct item_picked *sheet_pick(struct showing *s, struct item_sheet_field *o)
{
    o->picked = ARENA_ARRAY(s->c->a, struct item_picked, 1);
    o->n_picked = 1;
    return o->picked;
}

static enum code sheet_one(struct showing *s, const struct kind_field *f, const json_t *v,
    struct item_sheet_field *o, struct err *e)
{
    *o = (struct item_sheet_field){.id = f->id,
        .label = f->name,
        .type = str_z(field_type_key(f->type)),
        .text = text_of(v),
        .wide = f->type == FIELD_LONGTEXT || f->type == FIELD_TABLE || f->type == FIELD_PASSAGE ||
                f->type == FIELD_UNITS};
    if (f->type == FIELD_PASSAGE)
        return sheet_passage(s, v, o, e);
    if (f->type == FIELD_RULE)
        *sheet_pick(s, o) = (struct item_picked){.text = rule_words(s->c->a, text_of(v)),
            .link = arena_printf(s->c->a, "/rules#%.*s", SF(text_of(v)))};
    if (f->type == FIELD_TABLE)
        sheet_table(s, f, v, o);
    else if (f->type >= FIELD_PERSON)
        return sheet_picked(s, f, v, o, e);
    return OK;
}

static enum code fill_sheet(struct showing *s, struct err *e)
{
    const struct kind *k = s->v->k;
    s->p->fields = ARENA_ARRAY(s->c->a, struct item_sheet_field, k->n_fields + 1);
    for (size_t i = 0; i < k->n_fields; i++) {
        const json_t *v = json_object_getn(s->fields, k->fields[i].id.p, k->fields[i].id.n);
        if (v && !s->v->hidden[i])
            TRY(sheet_one(s, &k->fields[i], v, &s->p->fields[s->p->n_fields++], e));
    }
    return OK;
}

/* ---- what can be done ---- */

static struct str query_link(struct showing *s, const char *name, struct str value)
{
    struct buf b;
    struct str out;
    buf_init(&b, 0);
    buf_printf(&b, "/items/%lld?%s=%.*s", (long long)s->v->it.id, name, SF(value));
    if (s->p->back.n) {
        buf_z(&b, "&back=");
        html_url(&b, url(s->p->back));
    }
    buf_z(&b, "#act");
    out = arena_str(s->c->a, buf_view(&b));
    buf_release(&b);
    return out;
}

static bool chooses(const struct kind_move *m)
{
    for (size_t i = 0; m->ask && i < m->ask->of.n; i++)
        if (m->ask->of.v[i].kind == WHO_CHOSEN)
            return true;
    return false;
}

static enum code fill_move(
    struct showing *s, const struct item_choice *ch, struct item_move_form *o, struct err *e)
{
    static const char *const opinions[] = {"optional", "required", "none"};
    const struct kind_move *m = &s->v->k->moves[ch->move];
    struct item_typed t;
    bool again = s->again && str_eq(s->again->move, m->id);
    *o = (struct item_move_form){.move = m->id,
        .name = m->name,
        .to = s->v->k->states[m->to].name,
        .confirm = m->confirm,
        .opinion = str_z(opinions[m->opinion]),
        .box = m->box,
        .hindrance = ch->hindrance,
        .blocks = ch->blocks,
        .back = m->returns,
        .besides = ch->besides,
        .chosen = chooses(m),
        .seals = m->text == TEXT_SEAL,
        .unprinted = m->text == TEXT_SEAL || m->text == TEXT_ISSUE,
        .sends = m->text == TEXT_FREEZE,
        .signs = m->text == TEXT_SIGN,
        .purpose = m->ask ? m->ask->purpose : S(""),
        .link = query_link(s, "move", m->id),
        .typed = again ? s->again->text : S("")};
    item_typed_init(s->c, &t);
    if (m->n_set) {
        json_t *offer;
        TRY(item_offer(s->db, s->c->a, ctx_actor(s->c), s->v, m->set, m->n_set, &offer, e));
        (void)json_object_update(t.fields, offer);
        json_decref(offer);
    }
    (void)json_object_update(t.fields, s->fields);
    if (again && s->again->typed.fields) {
        (void)json_object_update(t.fields, s->again->typed.fields);
        t.texts = s->again->typed.texts;
        t.problem = s->again->typed.problem;
        t.at = s->again->typed.at;
    }
    if (m->n_set == 0)
        return OK;
    return item_form_rows(s->c, s->db, s->v->k, &t,
        (struct item_which){m->set, m->n_set, s->v->hidden}, &o->fields, &o->n_fields, e);
}

static void add_verb(struct showing *s, const char *verb, const char *name, bool may)
{
    if (may)
        s->p->verbs[s->p->n_verbs++] = (struct item_verb_form){
            .verb = str_z(verb), .name = str_z(name), .link = query_link(s, "do", str_z(verb))};
}

static bool has_newer(const struct showing *s)
{
    const struct kind *newest;
    struct err none; /* one that is switched off has none to take */
    return s->v->may[ITEM_UPGRADE] &&
           kinds_get(s->c->app->office->kinds, s->db, s->v->k->id, 0, &newest, &none) == OK &&
           newest->version > s->v->k->version;
}

static void fill_verbs(struct showing *s)
{
    enum { VERBS = 16 };
    s->p->verbs = ARENA_ARRAY(s->c->a, struct item_verb_form, VERBS);
    add_verb(s, "remark", "留言", true);
    add_verb(s, "link", "关联", true);
    add_verb(s, "withdraw", "收回这一步", s->v->may_withdraw);
    add_verb(s, "return", "退回", s->v->may[ITEM_RETURN] && s->p->n_been);
    add_verb(s, "extend", "延期", s->v->may[ITEM_EXTEND] && s->p->n_running);
    add_verb(s, "hand-over", "移交", s->v->may[ITEM_HAND_OVER]);
    add_verb(s, "merge", "并案", s->v->may[ITEM_MERGE]);
    add_verb(s, "reopen", "重新办理", s->v->may[ITEM_REOPEN]);
    add_verb(s, "attach", "附件", s->v->may[ITEM_ATTACH]);
    add_verb(s, "archive", "归档", s->v->may[ITEM_ARCHIVE]);
    add_verb(s, "upgrade", "换用新版", s->v->may[ITEM_UPGRADE] && s->newer);
    add_verb(s, "discard", "放弃草稿", s->v->may[ITEM_DISCARD]);
}

/* The form that stands open: the one that failed, the one asked for, else the first step onwards, unless somebody waits for
 * an answer. */
static void open_one(struct showing *s)
{
    struct page_item *p = s->p;
    struct str move = s->again ? s->again->move : req_query(s->c->r, "move");
    struct str verb = s->again ? s->again->verb : req_query(s->c->r, "do");
    p->idle = true;
    for (size_t i = 0; i < p->n_moves; i++)
        p->idle = p->idle && p->moves[i].besides;
    for (size_t i = 0; i < p->n_moves; i++)
        p->moves[i].open = move.n && str_eq(p->moves[i].move, move);
    for (size_t i = 0; i < p->n_verbs; i++)
        p->verbs[i].open = !move.n && str_eq(p->verbs[i].verb, verb);
    if (move.n || verb.n || p->n_my_asks)
        return;
    /* the way onwards; what is possible besides (to end it, say) is not put under anybody's hand */
    if (p->n_moves && !p->moves[0].back && !p->moves[0].besides && !p->moves[0].blocks)
        p->moves[0].open = true;
}

/* His own, behind those of the kind. */
static enum code fill_own_phrases(struct showing *s, struct choices *to, struct err *e)
{
    struct own_phrase *v;
    size_t n;
    TRY(phrase_list(s->db, s->c->a, s->c->v->person, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        choice_add(s->c, to, v[i].text, v[i].text, false);
    return OK;
}

/* Onwards first, then what stays in the state, ways back, and what only ends it last of all. */
enum { PLACES = 4 };
static int place_of(const struct showing *s, const struct kind_move *m)
{
    if (m->returns)
        return 2;
    if (s->v->k->states[m->to].closed && m->opinion == OPINION_REQUIRED)
        return 3;
    return m->to == s->v->state;
}

static enum code fill_moves(struct showing *s, struct err *e)
{
    struct page_item *p = s->p;
    struct choices phrases = {0}, been = {0};
    p->moves = ARENA_ARRAY(s->c->a, struct item_move_form, s->v->n_choices + 1);
    for (int place = 0; place < PLACES; place++)
        for (size_t i = 0; i < s->v->n_choices; i++)
            if (place_of(s, &s->v->k->moves[s->v->choices[i].move]) == place)
                TRY(fill_move(s, &s->v->choices[i], &p->moves[p->n_moves++], e));
    for (size_t i = 0; i < s->v->k->n_phrases && i < PHRASES_SHOWN; i++)
        choice_add(s->c, &phrases, s->v->k->phrases[i], s->v->k->phrases[i], false);
    TRY(fill_own_phrases(s, &phrases, e));
    for (size_t i = 0; i < s->v->k->n_states; i++)
        if (s->v->been[i])
            choice_add(s->c, &been, s->v->k->states[i].id, s->v->k->states[i].name, false);
    p->phrases = phrases.v;
    p->n_phrases = phrases.n;
    p->been = been.v;
    p->n_been = been.n;
    return OK;
}

/* ---- asks ---- */

static struct item_mine mine(struct showing *s, const struct ask_node *node)
{
    const struct ask *k = &node->ask;
    struct item_mine m = {.id = k->id,
        .to = k->to_name,
        .purpose = ask_asked(k->purpose),
        .by = k->by_name,
        .sent = at_text(s->c, k->sent_ms),
        .due = limit_text(s->c, k->due_ms),
        .word = k->word,
        .text = k->text,
        .unit = k->to_kind == PRINCIPAL_UNIT,
        .waits_below = node->below.due > node->below.answered};
    words_open(s->c, k, &m.words, &m.n_words);
    return m;
}

/* What is still owed, in words for a chat group: they name nobody's business. */
static void fill_chat(struct showing *s)
{
    const struct ask_tree *t = &s->v->asks;
    const struct actor *by = ctx_actor(s->c);
    struct ask *open = ARENA_ARRAY(s->c->a, struct ask, t->n + 1);
    size_t n = 0;
    for (size_t i = 0; s->p->may_remind && i < t->n; i++)
        if (t->v[i].ask.state == ASK_OPEN && t->v[i].ask.sent_ms)
            open[n++] = t->v[i].ask;
    s->p->chat = replies_notice(s->c->a, open, n, by->now_ms, by->hours->zone);
}

/* Who is asked and away today, and who does it for him. */
static struct str away_words(const struct showing *s, const struct ask *a)
{
    for (size_t i = 0; i < s->v->n_away && a->to_kind == PRINCIPAL_PERSON; i++)
        if (s->v->away[i].person == a->to)
            return s->v->away[i].words;
    return a->to_name;
}

static void fill_asks(struct showing *s)
{
    const struct ask_tree *t = &s->v->asks;
    struct page_item *p = s->p;
    int64_t now = ctx_actor(s->c)->now_ms;
    p->asks = ARENA_ARRAY(s->c->a, struct ask_row, t->n + 1);
    p->my_asks = ARENA_ARRAY(s->c->a, struct item_mine, t->n + 1);
    p->counts = row_counts(&t->total);
    for (size_t i = 0; i < t->n; i++) {
        const struct ask_node *node = &t->v[i];
        bool open = node->ask.state == ASK_OPEN && node->ask.sent_ms;
        bool chase = open && (t->may_send || node->sent_by_me);
        p->asks[p->n_asks] = row_ask(s->c, node, now, chase);
        if (open)
            p->asks[p->n_asks].who = away_words(s, &node->ask);
        evidence_fill(s->c, &s->files, &node->ask, &p->asks[p->n_asks++]);
        p->may_remind = p->may_remind || chase;
        if (node->mine && open)
            p->my_asks[p->n_my_asks++] = mine(s, node);
    }
    fill_chat(s);
}

/* ---- clocks, links ---- */

static void fill_clocks(struct showing *s)
{
    static const char *const states[] = {"在计时", "已办到", "已终止"};
    struct choices running = {0};
    int64_t now = ctx_actor(s->c)->now_ms;
    s->p->clocks = ARENA_ARRAY(s->c->a, struct item_clock_row, s->v->n_clocks + 1);
    for (size_t i = 0; i < s->v->n_clocks; i++) {
        const struct item_clock *k = &s->v->clocks[i];
        int64_t till = k->state == CLOCK_MET ? k->met_ms : now, all = k->due_ms - k->started_ms;
        bool runs = k->state == CLOCK_RUNNING;
        int64_t used = all > 0 ? (till - k->started_ms) * 100 / all : 100;
        s->p->clocks[s->p->n_clocks++] = (struct item_clock_row){.id = k->clock,
            .name = k->name,
            .state = str_z(k->paused_ms && runs ? "暂停" : states[k->state]),
            .running = runs,
            .paused = runs && k->paused_ms,
            .late = till >= k->due_ms && k->state != CLOCK_DROPPED,
            .started = minute_text(s->c, k->started_ms),
            .due = limit_text(s->c, k->due_ms),
            .original = k->original_ms != k->due_ms ? limit_text(s->c, k->original_ms) : S(""),
            .left = runs && !k->paused_ms ? left_text(s->c, k->due_ms, now) : S(""),
            .met = at_text(s->c, k->met_ms),
            .wanted = k->wanted,
            .wanted_by = k->wanted.n ? names_person(&s->names, k->wanted_by) : S(""),
            .percent = used < 0     ? 0
                       : used > 100 ? 100
                                    : used,
            .may_grant = s->v->may_grant[i]};
        if (runs)
            choice_add(s->c, &running, k->clock, k->name, false);
    }
    s->p->running = running.v;
    s->p->n_running = running.n;
}

static enum code fill_links(struct showing *s, struct err *e)
{
    s->p->links = ARENA_ARRAY(s->c->a, struct item_link_row, s->v->n_links + 1);
    for (size_t i = 0; i < s->v->n_links; i++) {
        const struct item_link *l = &s->v->links[i];
        bool out = l->from.kind == LINK_ITEM && l->from.id == s->v->it.id;
        const struct link_end *end = out ? &l->to : &l->from;
        struct item_picked what;
        if (end->kind == LINK_ITEM)
            TRY(item_pick_item(s->c, s->db, end->id, &what, e));
        else
            TRY(item_pick_document(s->c, s->db, end->id, &what, e));
        if (end->kind == LINK_DOCUMENT && end->end_cp && what.link.n)
            what.link = arena_printf(s->c->a, "%.*s?begin=%lld&end=%lld#hit1", SF(what.link),
                (long long)end->begin_cp, (long long)end->end_cp);
        s->p->links[s->p->n_links++] = (struct item_link_row){.id = l->id,
            .relation = l->relation,
            .out = out,
            .kind = end->kind == LINK_ITEM ? S("事项") : S("文件"),
            .title = what.text,
            .note = what.note,
            .link = what.link,
            .may_drop = out && (s->v->may[ITEM_ASK] || l->by == s->c->v->person)};
    }
    return OK;
}

/* ---- files ---- */

static void fill_files(struct showing *s)
{
    const struct item_file *v = s->files.v;
    size_t n = s->files.n;
    s->p->files = ARENA_ARRAY(s->c->a, struct item_file_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        size_t at = kind_field_of(s->v->k, v[i].field);
        s->p->files[s->p->n_files++] = (struct item_file_row){.id = v[i].id,
            .name = v[i].name,
            .size = ctx_size(s->c, v[i].size),
            .by = v[i].by_name,
            .at = minute_text(s->c, v[i].at_ms),
            .field = at == SIZE_MAX ? S("") : s->v->k->fields[at].name,
            .may_remove = !v[i].field.n && (v[i].by == s->c->v->person || s->v->may[ITEM_ASK]),
            .link = arena_printf(
                s->c->a, "/items/%lld/files/%lld", (long long)s->v->it.id, (long long)v[i].id)};
    }
}

/* 代录 that nobody has looked at yet. */
static enum code fill_proxies(struct showing *s, struct err *e)
{
    struct item_proxy *v;
    size_t n;
    TRY(item_proxy_list(s->db, s->c->a, ctx_actor(s->c), s->v->it.id, &v, &n, e));
    s->p->proxies = ARENA_ARRAY(s->c->a, struct item_proxy_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct str what = S("");
        for (size_t k = 0; k < s->p->n_events; k++)
            if (s->p->events[k].seq == v[i].seq)
                what = arena_printf(
                    s->c->a, "%.*s：%.*s", SF(s->p->events[k].verb), SF(s->p->events[k].text));
        s->p->proxies[s->p->n_proxies++] = (struct item_proxy_row){.seq = v[i].seq,
            .whose = v[i].for_name,
            .by = v[i].by_name,
            .at = minute_text(s->c, v[i].at_ms),
            .what = what,
            .verified = v[i].verified_ms != 0,
            .right = v[i].right,
            .may_verify = !v[i].verified_ms && v[i].entered_by != s->c->v->person &&
                          (s->v->may[ITEM_VERIFY] || v[i].for_person == s->c->v->person)};
    }
    return OK;
}

/* ---- the page ---- */

static void fill_again(struct showing *s)
{
    const struct item_again *a = s->again;
    struct page_item *p = s->p;
    if (!a)
        return;
    p->problem = a->problem;
    p->asked_verb = a->verb;
    p->typed = a->text;
    p->people = ARENA_ARRAY(s->c->a, struct item_picked, a->chosen.n_persons + 1);
    p->units = ARENA_ARRAY(s->c->a, struct item_picked, a->chosen.n_units + 1);
    for (size_t i = 0; i < a->chosen.n_persons; i++)
        p->people[p->n_people++] = names_pick_person(&s->names, a->chosen.persons[i]);
    for (size_t i = 0; i < a->chosen.n_units; i++)
        p->units[p->n_units++] = names_pick_unit(&s->names, a->chosen.units[i]);
}

/* An urgent matter: whether somebody has it. */
static enum code fill_call(struct showing *s, struct err *e)
{
    struct arena *a = s->c->a;
    struct page_item *p = s->p;
    struct climb k;
    bool there = false;
    if (!s->v->k->climb)
        return OK;
    TRY(climb_get(s->db, a, ctx_actor(s->c), s->v->it.id, &k, &there, e));
    if (!there)
        return OK;
    p->calling = k.state == CLIMB_CALLING;
    p->may_take = p->calling && k.raised_by != s->c->v->person;
    p->call = p->calling ? S("正在呼叫值班人员，还没有人接到")
              : k.state == CLIMB_ACKED
                  ? arena_printf(a, "%.*s %.*s接到", SF(minute_text(s->c, k.acked_ms)),
                        SF(k.for_person ? k.for_name : k.acked_name))
                  : S("已不再呼叫值班人员");
    return OK;
}

static enum code fill_page(struct showing *s, struct err *e)
{
    struct page_item *p = s->p;
    TRY(jr_parse(s->v->it.fields, &s->fields, e));
    (void)item_form_keep(s->c, s->fields);
    item_want_names(&s->names, s->v);
    for (size_t i = 0; s->again && i < s->again->chosen.n_persons; i++)
        names_want(&s->names, s->again->chosen.persons[i]);
    TRY(names_load(&s->names, s->db, e));
    p->short_view = str_eq(req_query(s->c->r, "history"), S("short"));
    p->may_edit = s->v->may[ITEM_EDIT];
    p->may_ask = s->v->may[ITEM_ASK];
    p->may_split = s->v->may[ITEM_SPLIT];
    fill_head(s);
    TRY(fill_sheet(s, e));
    TRY(evidence_load(s->c, s->db, ctx_actor(s->c), s->v->it.id, &s->files, e));
    fill_asks(s);
    fill_clocks(s);
    TRY(fill_links(s, e));
    item_prints(s->c, s->db, s->v, p);
    TRY(fill_moves(s, e));
    s->newer = has_newer(s);
    fill_verbs(s);
    fill_again(s);
    open_one(s);
    item_boxes(s->c, s->v, &s->names, p);
    item_nodes(s->c, s->v, &s->names, p->short_view, p);
    item_history(s->c, s->v, &s->names, 0, p->short_view, &p->events, &p->n_events);
    fill_files(s);
    TRY(fill_call(s, e));
    TRY(fill_proxies(s, e));
    TRY(item_manuscript(s->c, s->db, s->v, p, e));
    return item_originals(s->c, s->db, s->v->it.id, s->p, e);
}

enum code item_show(struct ctx *c, const struct item_again *again, struct err *e)
{
    struct page_item p = {.back = item_back(c)};
    struct item_view v;
    struct showing s = {.c = c, .v = &v, .again = again, .names = {.c = c}, .p = &p};
    enum code code;
    TRY(store_read(c->app->office->store, &s.db, e));
    code = item_view(s.db, c->a, ctx_actor(c), c->id, &v, e);
    if (code == OK)
        code = fill_page(&s, e);
    store_read_end(s.db);
    TRY(code);
    if (again && again->status)
        c->r->res.status = again->status;
    else
        p.done = ctx_flash_take(c);
    show_item(c, &p);
    return OK;
}

/* Whoever is asked and opens the page has seen it: that is an event, and the sender is told by it. */
static enum code write_seen(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    size_t n;
    return item_seen(db, ctx_actor(c), c->id, &n, e);
}

static enum code after_seen(struct ctx *c, enum code code, struct err *e)
{
    (void)code; /* a page that can be read is shown, whether or not it could be noted */
    return item_show(c, NULL, e);
}

static enum code unseen(struct ctx *c, bool *any, struct err *e)
{
    struct db *db;
    struct item_view v;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = item_view(db, c->a, ctx_actor(c), c->id, &v, e);
    store_read_end(db);
    TRY(code);
    *any = false;
    for (size_t i = 0; i < v.asks.n; i++) {
        const struct ask_node *n = &v.asks.v[i];
        *any = *any || (n->mine && n->ask.state == ASK_OPEN && n->ask.sent_ms && !n->ask.seen_ms);
    }
    return OK;
}

enum code page_item(struct ctx *c, struct err *e)
{
    bool any;
    TRY(unseen(c, &any, e));
    return any ? ctx_write(c, write_seen, c, after_seen) : item_show(c, NULL, e);
}
