#include "office/item_paper.h"

#include "office/item_paper_int.h"
#include "office/item_score.h"
#include "office/slip.h"

/* What stands on each form. Cells are ids of fields or of the item itself (number title opened closed owner unit urgency
 * score), two in a row; with ! one takes the whole row, and is left out where it is empty. Boxes are headings, each with what else
 * belongs under it: headings of moves, purposes of asks, names of moves. */
static const struct layout {
    const char *template, *title;
    const char *cells, *tail;
    const char *boxes;
    const char *to;      /* fields of units: one sheet for each, addressed to it */
    const char *closing; /* under a letter, before who sends it */
    bool receipts, rest, all, slips;
} layouts[] = {
    {.template = "incoming_sheet",
        .title = "公文处理单",
        .cells = "number received sender docno subject! genre copies urgency class reply_due due "
                 "lead co original!",
        .boxes = "拟办意见=初审意见,直接分办;领导批示=请批示;承办情况=分办意见,承办,重办,办理结果,"
                 "答复情况;传阅=阅知,加送传阅",
        .tail = "archive closed",
        .rest = true},
    {.template = "relay_notice",
        .title = "传达通知单",
        .cells = "subject! issuer source basis! passage! points! scope! way feedback_due",
        .to = "units",
        .closing = "请按要求传达贯彻，并在反馈期限前通过本系统反馈落实情况。"},
    {.template = "relay_sheet",
        .title = "传达登记单",
        .cells = "number received subject! source issuer basis! passage! points! scope! way "
                 "feedback_due upward report_due",
        .boxes = "拟办意见;领导批示=请批示;落实情况=传达贯彻,重报落实情况;上报情况",
        .tail = "archive closed",
        .receipts = true,
        .rest = true},
    {.template = "supervision_project",
        .title = "督办立项单",
        .cells = "number category demand! basis! source! standard! lead co due frequency leader "
                 "contact",
        .boxes = "立项意见;领导批示",
        .tail = "owner opened"},
    {.template = "supervision_notice",
        .title = "督办通知单",
        .cells = "demand! basis! source! standard! lead co due frequency contact urgency",
        .to = "lead co",
        .closing = "请抓紧办理，按期反馈办理结果和佐证材料。不能按期完成的，应在到期前申请延期并说"
                   "明理由。"},
    {.template = "supervision_urge", .title = "催办单", .slips = true},
    {.template = "supervision_result",
        .title = "督办办结单",
        .cells = "number category demand! standard! lead co due closed percent quality score!",
        .boxes = "办理进展;办理结果=办理,重办;核查意见",
        .receipts = true,
        .rest = true},
    {.template = "countersign_sheet",
        .title = "会签单",
        .cells = "number opened subject! content! basis! order due owner unit",
        .boxes = "会签意见=会签,不同意，退回修改",
        .tail = "adopted! closed",
        .receipts = true,
        .rest = true},
    {.template = "request_sheet",
        .title = "签报单",
        .cells = "number class owner unit subject! content! amount budget basis!",
        .boxes = "审核意见;领导批示=请审批",
        .tail = "result! closed",
        .rest = true},
    {.template = "seal_sheet",
        .title = "用印审批单",
        .cells = "number opened unit owner matter! seal copies file out place back_due basis!",
        .boxes = "审批意见=审批用印;用印登记=归还并登记,携章外出",
        .tail = "keeper closed"},
    {.template = "leave_sheet",
        .title = "请假单",
        .cells = "owner unit class deputy reason! begin end place phone",
        .boxes = "审批意见=审批请假,不同意;销假",
        .tail = "opened closed"},
    {.template = "issue_sheet",
        .title = "发文处理单",
        .cells =
            "number urgency subject! genre direction to! to_other! cc! cc_other! basis! files! "
            "owner unit copies public",
        .boxes = "签发意见=请签发;会签意见=会签;核稿意见;复核意见;拟稿说明",
        .tail = "issuer keeper archive closed",
        .receipts = true,
        .rest = true},
    {.template = "item_sheet",
        .title = "办理单",
        .cells = "number opened owner unit",
        .all = true,
        .receipts = true,
        .rest = true},
};
enum {
    N_LAYOUTS = sizeof(layouts) / sizeof(layouts[0]),
    ROWS_MAX = KIND_FIELDS_MAX + 20,
    BOXES_MAX = 40
};

static const struct layout *layout_of(struct str template)
{
    for (size_t i = 0; i < N_LAYOUTS; i++)
        if (str_eq(template, str_z(layouts[i].template)))
            return &layouts[i];
    return NULL;
}

bool paper_known(struct str template)
{
    return layout_of(template) != NULL;
}

bool paper_in_house(struct str template)
{
    const struct layout *l = layout_of(template);

    return l && !l->to && !l->slips;
}

const char *paper_templates(void)
{
    return "incoming_sheet、relay_notice、relay_sheet、supervision_project、supervision_notice、"
           "supervision_urge、supervision_result、countersign_sheet、request_sheet、seal_sheet、"
           "leave_sheet、issue_sheet、item_sheet";
}

/* ---- cells ---- */

struct making {
    struct paper_item *p;
    const struct layout *l;
    const struct kind_form *form;
    const struct paper_want *want;
    struct paper *out;
};

static struct str urgency_words(enum urgency u)
{
    static const char *const names[] = {[URGENCY_NONE] = "",
        [URGENCY_NORMAL] = "平急",
        [URGENCY_FAST] = "加急",
        [URGENCY_URGENT] = "特急"};

    return str_z(names[u]);
}

static enum code score_words(struct making *m, struct str *out, struct err *e)
{
    struct item_score s;
    struct err none;

    (void)e;
    *out = S("");
    if (item_scored(m->p->k) &&
        item_score(m->p->db, m->p->a, m->p->by, m->p->it.id, &s, &none) == OK)
        *out = item_score_words(m->p->a, &s);
    return OK;
}

/* What the item itself has. false: no such cell. */
static bool own_cell(struct making *m, struct str id, struct paper_cell *out)
{
    const struct item *it = &m->p->it;
    struct arena *a = m->p->a;

    if (str_eq(id, S("number")))
        *out = (struct paper_cell){S("编号"), it->number};
    else if (str_eq(id, S("title")))
        *out = (struct paper_cell){S("标题"), it->title};
    else if (str_eq(id, S("opened")))
        *out = (struct paper_cell){S("登记日期"), paper_day(a, it->opened_ms)};
    else if (str_eq(id, S("closed")))
        *out = (struct paper_cell){S("办结日期"), paper_day(a, it->closed_ms)};
    else if (str_eq(id, S("owner")))
        *out = (struct paper_cell){S("经办人"), paper_person(m->p, it->owner)};
    else if (str_eq(id, S("unit")))
        *out = (struct paper_cell){S("经办单位"), paper_unit(m->p, it->unit)};
    else if (str_eq(id, S("urgency")))
        *out = (struct paper_cell){S("紧急程度"), urgency_words(it->urgency)};
    else
        return false;
    return true;
}

static enum code cell_of(
    struct making *m, struct str id, struct paper_cell *out, bool *there, struct err *e)
{
    size_t f = kind_field_of(m->p->k, id);

    *there = true;
    if (f != SIZE_MAX) {
        *out = (struct paper_cell){m->p->k->fields[f].name, paper_field(m->p, f)};
        return OK;
    }
    if (str_eq(id, S("score"))) {
        out->name = S("督办计分");
        return score_words(m, &out->value, e);
    }
    *there = own_cell(m, id, out);
    return OK;
}

struct rows {
    struct paper_row *v;
    size_t n;
    bool half; /* the last row waits for its second cell */
};

static void put_cell(struct rows *r, struct paper_cell cell, bool wide)
{
    if (!wide && r->half) {
        r->v[r->n - 1].b = cell;
        r->half = false;
        return;
    }
    if (wide && !cell.value.n)
        return;
    r->v[r->n++] = (struct paper_row){.a = cell};
    r->half = !wide;
}

static enum code cells_make(
    struct making *m, const char *spec, struct paper_row **out, size_t *n, struct err *e)
{
    struct rows r = {.v = ARENA_ARRAY(m->p->a, struct paper_row, ROWS_MAX)};
    struct str rest = str_z(spec), id;

    while (spec && str_next(&rest, S(" "), &id)) {
        struct paper_cell cell = {0};
        bool wide = str_eat_end(&id, S("!")), there;
        TRY(cell_of(m, id, &cell, &there, e));
        if (there)
            put_cell(&r, cell, wide);
    }
    for (size_t i = 0; m->l->all && spec == m->l->cells && i < m->p->k->n_fields; i++) {
        const struct kind_field *f = &m->p->k->fields[i];
        bool wide = f->type == FIELD_LONGTEXT || f->type == FIELD_PASSAGE ||
                    f->type == FIELD_UNITS || f->type == FIELD_PEOPLE || i == m->p->k->title;
        if (f->type != FIELD_TABLE)
            put_cell(&r, (struct paper_cell){f->name, paper_field(m->p, i)}, wide);
    }
    *out = r.v;
    *n = r.n;
    return OK;
}

static void tables_make(struct making *m, struct paper_sheet *s)
{
    struct paper_item *p = m->p;

    s->tables = ARENA_ARRAY(p->a, struct paper_table, p->k->n_fields + 1);
    for (size_t i = 0; i < p->k->n_fields; i++) {
        const struct kind_field *f = &p->k->fields[i];
        const json_t *v = json_object_getn(p->fields, f->id.p, f->id.n);
        size_t rows = json_array_size(v);
        if (f->type != FIELD_TABLE || !rows)
            continue;
        struct paper_table *t = &s->tables[s->n_tables++];
        *t = (struct paper_table){.name = f->name, .n_heads = f->n_columns, .n_lines = rows};
        t->heads = ARENA_ARRAY(p->a, struct str, f->n_columns + 1);
        t->lines = ARENA_ARRAY(p->a, struct paper_line, rows);
        for (size_t c = 0; c < f->n_columns; c++)
            t->heads[c] = f->columns[c].name;
        for (size_t k = 0; k < rows; k++) {
            struct str *cells = ARENA_ARRAY(p->a, struct str, f->n_columns + 1);
            for (size_t c = 0; c < f->n_columns; c++)
                cells[c] = paper_value(p, &f->columns[c],
                    json_object_getn(json_array_get(v, k), f->columns[c].id.p, f->columns[c].id.n));
            t->lines[k] = (struct paper_line){cells, f->n_columns};
        }
    }
}

/* ---- boxes ---- */

static bool belongs(const struct paper_said *s, struct str head)
{
    if (s->box.n)
        return str_eq(s->box, head);
    return str_eq(s->purpose, head) || str_eq(s->o.step, head);
}

static bool belongs_to_spec(const struct paper_said *s, struct str head, struct str others)
{
    struct str one;

    if (belongs(s, head))
        return true;
    while (str_next(&others, S(","), &one))
        if (belongs(s, one))
            return true;
    return false;
}

static struct paper_box *box_new(struct making *m, struct paper_sheet *s, struct str head)
{
    struct paper_box *b = &s->boxes[s->n_boxes++];

    *b = (struct paper_box){
        .head = head, .opinions = ARENA_ARRAY(m->p->a, struct paper_opinion, m->p->n_said + 1)};
    return b;
}

/* Opinions under the headings of the form in its order; then headings it does not know, and what has none. */
static void boxes_make(struct making *m, struct paper_sheet *s)
{
    struct paper_item *p = m->p;
    bool *done = ARENA_ARRAY(p->a, bool, p->n_said + 1);
    struct str rest = str_z(m->l->boxes), one;

    s->boxes = ARENA_ARRAY(p->a, struct paper_box, BOXES_MAX + p->n_said);
    for (size_t i = 0; i < p->n_said; i++)
        done[i] = m->want->brief && p->said[i].o.returned;
    while (str_next(&rest, S(";"), &one)) {
        struct str head = one, others = S("");
        (void)str_cut(one, S("="), &head, &others);
        struct paper_box *b = box_new(m, s, head);
        for (size_t i = 0; i < p->n_said; i++)
            if (!done[i] && belongs_to_spec(&p->said[i], head, others)) {
                b->opinions[b->n_opinions++] = p->said[i].o;
                done[i] = true;
            }
    }
    for (size_t i = 0; m->l->rest && i < p->n_said; i++) {
        struct str head = p->said[i].box.n ? p->said[i].box : S("其他意见");
        if (done[i])
            continue;
        struct paper_box *b = box_new(m, s, head);
        for (size_t k = i; k < p->n_said; k++)
            if (!done[k] && str_eq(p->said[k].box.n ? p->said[k].box : S("其他意见"), head)) {
                b->opinions[b->n_opinions++] = p->said[k].o;
                done[k] = true;
            }
    }
}

static void receipts_make(struct making *m, struct paper_sheet *s)
{
    struct paper_item *p = m->p;

    s->receipts = ARENA_ARRAY(p->a, struct paper_receipt, p->n_asks + 1);
    for (size_t i = 0; m->l->receipts && i < p->n_asks; i++) {
        const struct ask *a = &p->asks[i];
        if (!a->sent_ms || a->parent || a->state == ASK_WITHDRAWN ||
            (a->state == ASK_VOID && m->want->brief))
            continue;
        s->receipts[s->n_receipts++] = (struct paper_receipt){.to = a->to_name,
            .purpose = a->purpose,
            .sent = paper_minute(p->a, a->sent_ms),
            .seen = paper_minute(p->a, a->seen_ms),
            .word = a->word.n              ? a->word
                    : a->state == ASK_VOID ? S("不再需要")
                                           : S(""),
            .answered = paper_minute(p->a, a->answered_ms),
            .text = a->text};
    }
}

/* ---- sheets ---- */

static struct paper_sheet *sheet_new(struct making *m)
{
    struct paper_sheet *s = &m->out->sheets[m->out->n_sheets++];

    *s = (struct paper_sheet){.title = m->form->name,
        .number = m->p->it.number,
        .day = paper_day(m->p->a, m->p->by->now_ms)};
    return s;
}

static enum code sheet_fill(struct making *m, struct paper_sheet *s, struct err *e)
{
    TRY(cells_make(m, m->l->cells, &s->rows, &s->n_rows, e));
    TRY(cells_make(m, m->l->tail, &s->tail, &s->n_tail, e));
    tables_make(m, s);
    boxes_make(m, s);
    receipts_make(m, s);
    return OK;
}

static enum code letter(struct making *m, int64_t unit, struct str as, struct err *e)
{
    struct paper_item *p = m->p;

    if (m->want->unit && m->want->unit != unit)
        return OK;
    if (m->out->n_sheets == PAPER_SHEETS_MAX)
        return FAIL(e, E_LIMIT, "一次最多打印%d份，请按单位打印", PAPER_SHEETS_MAX);
    struct paper_sheet *s = sheet_new(m);
    s->unit = unit;
    s->addressee = as.n ? arena_printf(p->a, "%.*s（%.*s）：", SF(paper_unit(p, unit)), SF(as))
                        : arena_printf(p->a, "%.*s：", SF(paper_unit(p, unit)));
    s->sign = paper_unit(p, p->it.unit);
    s->paras = ARENA_ARRAY(p->a, struct str, 1);
    s->paras[s->n_paras++] = str_z(m->l->closing);
    return sheet_fill(m, s, e);
}

/* One for each unit in the fields named, in their order. */
static enum code letters_make(struct making *m, struct err *e)
{
    struct str rest = str_z(m->l->to), id;

    while (str_next(&rest, S(" "), &id)) {
        size_t f = kind_field_of(m->p->k, id);
        struct str as =
            str_has(str_z(m->l->to), S(" ")) && f != SIZE_MAX ? m->p->k->fields[f].name : S("");
        const json_t *v = json_object_getn(m->p->fields, id.p, id.n);
        size_t n = json_is_array(v) ? json_array_size(v) : v != NULL;
        for (size_t i = 0; i < n; i++) {
            const json_t *one = json_is_array(v) ? json_array_get(v, i) : v;
            struct err none;
            int64_t unit = 0;
            if (json_is_string(one) && str_int(str_z(json_string_value(one)), &unit, &none) == OK)
                TRY(letter(m, unit, as, e));
        }
    }
    return OK;
}

/* ---- 催办单 ---- */

static int64_t late_days(const struct slip *x)
{
    int64_t late = x->ask_due_ms ? x->at_ms - x->ask_due_ms : 0;

    return late > 0 ? (late + MS_DAY - 1) / MS_DAY : 0;
}

static struct str slip_matter(struct making *m, const struct slip *x)
{
    struct paper_item *p = m->p;
    struct str what = p->it.number.n
                          ? arena_printf(p->a, "%.*s“%.*s”", SF(p->it.number), SF(p->it.title))
                          : arena_printf(p->a, "“%.*s”", SF(p->it.title));
    struct str due = x->ask_due_ms ? arena_printf(p->a, "，要求%.*s前反馈",
                                         SF(paper_day(p->a, x->ask_due_ms - 1)))
                                   : S("");
    struct str late =
        late_days(x) ? arena_printf(p->a, "，已逾期%lld天", (long long)late_days(x)) : S("");

    return arena_printf(p->a, "%.*s（%.*s交你单位%.*s%.*s），至今尚未反馈办理结果%.*s。", SF(what),
        SF(paper_day(p->a, x->asked_ms)), SF(x->purpose), SF(due), SF(late));
}

static void slip_sheet(struct making *m, const struct slip *x)
{
    static const char *const times[] = {"", "首次催办", "再次催办", "第三次催办"};
    struct paper_item *p = m->p;
    struct paper_sheet *s = sheet_new(m);
    struct day d = {1, 1, 1};

    (void)day_from_iso(x->due, &d);
    s->number = x->number;
    s->day = paper_day(p->a, x->at_ms);
    s->colour = str_z(slip_colour_key(x->colour));
    s->addressee = arena_printf(p->a, "%.*s：", SF(x->unit_name));
    s->sign = paper_unit(p, p->it.unit);
    s->paras = ARENA_ARRAY(p->a, struct str, 4);
    s->paras[s->n_paras++] = slip_matter(m, x);
    s->paras[s->n_paras++] = x->reason;
    s->paras[s->n_paras++] = arena_printf(
        p->a, "请于%d年%d月%d日前反馈办理结果；尚未办结的，写明原因和下一步安排。", d.y, d.m, d.d);
    if (x->colour == SLIP_RED)
        s->paras[s->n_paras++] = S("逾期仍未反馈的，将予以通报，并按原定期限计入督办考核。");
    s->rows = ARENA_ARRAY(p->a, struct paper_row, 1);
    s->rows[s->n_rows++] = (struct paper_row){
        .a = {S("等级"),
            arena_printf(p->a, "%s（%s单）", times[x->colour], slip_colour_name(x->colour))},
        .b = {S("发单人"), x->by_name}};
}

static enum code slips_make(struct making *m, struct err *e)
{
    struct slip *v;
    size_t n;

    TRY(slip_list(m->p->db, m->p->a, m->p->by, m->p->it.id, &v, &n, e));
    m->out->sheets = ARENA_ARRAY(m->p->a, struct paper_sheet, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!v[i].void_ms && (!m->want->slip || m->want->slip == v[i].id) &&
            (!m->want->unit || m->want->unit == v[i].unit))
            slip_sheet(m, &v[i]);
    if (!m->out->n_sheets)
        return FAIL(e, E_NOTFOUND, "这件事项没有有效的催办单，先发催办单再打印");
    return OK;
}

/* ---- all of it ---- */

static enum code make(struct making *m, struct err *e)
{
    struct paper *out = m->out;

    *out = (struct paper){.name = m->form->name,
        .title = m->p->it.title,
        .number = m->p->it.number,
        .many = m->l->to != NULL};
    if (m->l->slips)
        return slips_make(m, e);
    out->sheets = ARENA_ARRAY(m->p->a, struct paper_sheet, PAPER_SHEETS_MAX);
    out->rounds = m->p->rounds && m->l->boxes;
    if (m->l->to) {
        TRY(letters_make(m, e));
        if (!out->n_sheets)
            return FAIL(e, E_NOTFOUND, "还没有选定单位，“%.*s”打印不出来", SF(m->form->name));
        return OK;
    }
    return sheet_fill(m, sheet_new(m), e);
}

enum code item_paper(struct db *db, struct arena *a, const struct actor *by,
    const struct paper_want *want, struct paper *out, struct err *e)
{
    struct paper_item p;
    struct making m = {.p = &p, .want = want, .out = out};

    TRY(paper_item_read(&p, db, a, by, want->item, e));
    for (size_t i = 0; i < p.k->n_forms; i++)
        if (str_eq(p.k->forms[i].id, want->form) && !p.k->forms[i].off)
            m.form = &p.k->forms[i];
    if (!m.form)
        return FAIL(e, E_NOTFOUND, "“%.*s”没有这种印件", SF(p.k->name));
    m.l = layout_of(m.form->template);
    CHECK_BUG(e, m.l != NULL);
    return make(&m, e);
}
