#include "web/ask_rows.h"

#include "base/clock.h"
#include "base/id.h"
#include "web/rows.h"

/* The words of a receipt, in the order in which they are given. */
static const char *const offered[] = {"已收", "已读", "已研究", "已部署", "已反馈"};
enum { N_OFFERED = sizeof(offered) / sizeof(*offered), HOURS_SHOWN = 72 };

struct str span_text(struct ctx *c, int64_t ms)
{
    if (ms < MS_MINUTE)
        return S("1分钟内");
    if (ms < MS_HOUR)
        return arena_printf(c->a, "%lld分钟", (long long)(ms / MS_MINUTE));
    if (ms < HOURS_SHOWN * MS_HOUR)
        return arena_printf(c->a, "%lld小时", (long long)(ms / MS_HOUR));
    return arena_printf(c->a, "%lld天", (long long)(ms / MS_DAY));
}

struct str due_text(struct ctx *c, int64_t due_ms)
{
    int zone = c->app->office->hours.zone;
    int32_t day = due_ms ? clock_day(due_ms - 1, zone) : 0;
    char iso[DAY_ISO_SIZE];
    if (!due_ms)
        return S("");
    if (due_ms != clock_day_ms(day + 1, zone))
        return minute_text(c, due_ms);
    return arena_str(c->a, day_iso(day_of(day), iso));
}

struct str ask_state_text(const struct ask *a, int64_t now_ms, const char **mark)
{
    bool late = a->due_ms && a->due_ms <= now_ms;
    *mark = "off";
    if (a->state == ASK_WITHDRAWN)
        return S("已收回");
    if (a->state == ASK_VOID && str_eq(a->word, S("外出跳过")))
        return a->word;
    if (a->state == ASK_VOID)
        return S("不需答复");
    if (!a->sent_ms)
        return S("未轮到");
    *mark = "done";
    if (a->state == ASK_ANSWERED)
        return a->word;
    *mark = late ? "late" : a->word.n ? "part" : a->seen_ms ? "seen" : "none";
    if (a->word.n)
        return a->word;
    return a->seen_ms ? S("已查看") : S("未查看");
}

struct str ask_asked(struct str purpose)
{
    (void)str_eat(&purpose, S("请"));
    return purpose;
}

struct ask_row row_ask(struct ctx *c, const struct ask_node *n, int64_t now_ms, bool may_chase)
{
    const struct ask *a = &n->ask;
    const char *mark;
    struct str state = ask_state_text(a, now_ms, &mark);
    bool open = a->state == ASK_OPEN && a->sent_ms;
    int64_t until = a->state == ASK_ANSWERED ? a->answered_ms : now_ms;
    return (struct ask_row){.id = a->id,
        .who = a->to_name,
        .unit = a->to_kind == PRINCIPAL_UNIT,
        .depth = n->depth,
        .purpose = a->purpose,
        .by = a->by_name,
        .state = state,
        .mark = str_z(mark),
        .open = open,
        .overdue = open && a->due_ms && a->due_ms <= now_ms,
        .word = a->word,
        .text = a->text,
        .sent = {a->sent_ms},
        .seen = {a->seen_ms},
        .received = {a->received_ms},
        .answered = {a->state == ASK_ANSWERED ? a->answered_ms : 0},
        .due = {a->due_ms},
        .received_text = a->received_ms ? minute_text(c, a->received_ms) : S(""),
        .answered_text = a->state == ASK_ANSWERED ? minute_text(c, a->answered_ms) : S(""),
        .due_text = due_text(c, a->due_ms),
        .wait = open || a->state == ASK_ANSWERED ? span_text(c, until - a->sent_ms) : S(""),
        .reminded = a->reminded,
        .below = n->below.due,
        .below_received = n->below.received,
        .below_answered = n->below.answered,
        .below_overdue = n->below.overdue,
        .may_chase = open && (may_chase || n->sent_by_me),
        .link = arena_printf(c->a, "/asks/%lld", (long long)a->id)};
}

enum code evidence_load(struct ctx *c, struct db *db, const struct actor *by, int64_t item,
    struct evidence *out, struct err *e)
{
    out->item = item;
    return item_file_list(db, c->a, by, item, false, &out->v, &out->n, e);
}

void evidence_fill(
    struct ctx *c, const struct evidence *all, const struct ask *a, struct ask_row *row)
{
    struct str rest = a->files, line;
    size_t cap = 0;
    while (str_next(&rest, S("\n"), &line)) {
        int64_t id = ctx_int(line, 1, INT64_MAX, 0);
        for (size_t i = 0; i < all->n; i++)
            if (all->v[i].id == id)
                ARENA_PUSH(c->a, row->files, row->n_files, cap) =
                    (struct ask_file){.name = all->v[i].name,
                        .link = arena_printf(
                            c->a, "/items/%lld/files/%lld", (long long)all->item, (long long)id)};
    }
}

struct ask_counts row_counts(const struct ask_count *n)
{
    return (struct ask_counts){.due = n->due,
        .received = n->received,
        .answered = n->answered,
        .overdue = n->overdue,
        .unseen = n->unseen,
        .percent = n->due ? n->received * 100 / n->due : 0};
}

/* ---- what was sent ---- */

enum code ids_sent(
    struct ctx *c, const char *name, size_t most, int64_t **out, size_t *n, struct err *e)
{
    const struct form *f = c->r->form;
    int64_t *v = NULL;
    size_t k = 0, cap = 0;
    for (size_t i = 0; f && i < f->n_fields; i++) {
        struct str rest = f->fields[i].value, piece;
        if (!str_eq(f->fields[i].name, str_z(name)))
            continue;
        while (str_next(&rest, S(","), &piece)) {
            int64_t id;
            TRY(id_parse(str_trim(piece), &id, e));
            if (k >= most)
                return FAIL(e, E_LIMIT, "一次最多选%zu个", most);
            ARENA_PUSH(c->a, v, k, cap) = id;
        }
    }
    *out = v;
    *n = k;
    return OK;
}

struct str lines_sent(struct ctx *c, const char *name)
{
    const struct form *f = c->r->form;
    struct str s = S("");
    for (size_t i = 0; f && i < f->n_fields; i++) {
        struct str v = ctx_words(c, f->fields[i].value);
        if (str_eq(f->fields[i].name, str_z(name)) && v.n)
            s = arena_printf(c->a, "%.*s%s%.*s", SF(s), s.n ? "\n" : "", SF(v));
    }
    return s;
}

enum code due_sent(struct ctx *c, int64_t *out, struct err *e)
{
    struct str s = str_trim(req_field(c->r, "due"));
    struct day d;
    *out = 0;
    if (!s.n)
        return OK;
    TRY(day_parse(s, &d, e));
    *out = clock_day_ms(day_num(d) + 1, c->app->office->hours.zone);
    return OK;
}

/* ---- words ---- */

void words_offered(struct ctx *c, bool sent, struct ask_word **out, size_t *n)
{
    struct str chosen = sent ? lines_sent(c, "word") : S("已收\n已反馈");
    struct str text = sent ? lines_sent(c, "need_text") : S("已反馈");
    struct str files = sent ? lines_sent(c, "need_files") : S("");
    *out = ARENA_ARRAY(c->a, struct ask_word, N_OFFERED);
    *n = N_OFFERED;
    for (size_t i = 0; i < N_OFFERED; i++) {
        struct str w = str_z(offered[i]);
        (*out)[i] = (struct ask_word){.word = w,
            .chosen = str_has_piece(chosen, S("\n"), w),
            .need_text = str_has_piece(text, S("\n"), w),
            .need_files = str_has_piece(files, S("\n"), w)};
    }
}

void words_open(struct ctx *c, const struct ask *a, struct ask_word **out, size_t *n)
{
    struct str rest = a->answers, word;
    struct ask_word *v = NULL;
    size_t k = 0, cap = 0;
    bool behind = a->word.n == 0;
    while (str_next(&rest, S("\n"), &word)) {
        if (behind)
            ARENA_PUSH(c->a, v, k, cap) = (struct ask_word){.word = word,
                .need_text = str_has_piece(a->need_text, S("\n"), word),
                .need_files = str_has_piece(a->need_files, S("\n"), word)};
        behind = behind || str_eq(word, a->word);
    }
    if (k && req_field(c->r, "word").n == 0)
        v[0].chosen = true;
    for (size_t i = 0; i < k; i++)
        v[i].chosen = v[i].chosen || str_eq(v[i].word, req_field(c->r, "word"));
    *out = v;
    *n = k;
}
