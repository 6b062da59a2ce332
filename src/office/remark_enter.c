/* A remark from paper becomes an event in the leader's name. */
#include "base/utf8.h"
#include "office/item_int.h"
#include "office/remark.h"

bool remark_may_enter(const struct actor *by)
{
    return by->v->owner || by->v->roles & (ROLE_SECRETARY | ROLE_CHIEF | ROLE_LEADER);
}

/* What he is asked now; NULL: nothing. */
static const struct ask *asked(const struct work *w, int64_t leader)
{
    for (size_t i = 0; i < w->n_asks; i++) {
        const struct ask *a = &w->asks[i];
        if (a->state == ASK_OPEN && a->sent_ms && a->to_kind == PRINCIPAL_PERSON && a->to == leader)
            return a;
    }
    return NULL;
}

static struct str last_word(struct str words)
{
    struct str line, last = S("");
    while (str_next(&words, S("\n"), &line))
        last = line;
    return last;
}

/* 圈阅或签名视为同意 (《党政机关公文处理工作条例》第二十二条); what is neither for nor against is asked of the person who enters it. */
static enum code word_of(
    const struct ask *a, const struct remark_new *r, struct str *out, struct err *e)
{
    struct str words = str_trim(r->words);
    if (r->word.n)
        *out = r->word;
    else if (a->final <= 1)
        *out = last_word(a->answers);
    else if (str_starts(words, S("不同意")) && str_has_piece(a->answers, S("\n"), S("不同意")))
        *out = S("不同意");
    else if ((r->kind == REMARK_CIRCLED || str_starts(words, S("同意")) ||
                 str_starts(words, S("拟同意"))) &&
             str_has_piece(a->answers, S("\n"), S("同意")))
        *out = S("同意");
    else
        return FAIL(e, E_INPUT, "从批语看不出是否同意，请选定“%.*s”的哪一种", SF(a->purpose));
    return OK;
}

static enum code check_day(
    const struct actor *by, struct arena *a, struct str given, struct str *out, struct err *e)
{
    char iso[DAY_ISO_SIZE], now[DAY_ISO_SIZE];
    struct day d;
    struct str today = day_iso(day_of(clock_day(by->now_ms, ZONE_CHINA)), now);
    if (!str_trim(given).n) {
        *out = arena_str(a, today);
        return OK;
    }
    TRY(day_parse(str_trim(given), &d, e));
    *out = arena_str(a, day_iso(d, iso));
    return str_cmp(*out, today) > 0 ? FAIL(e, E_INPUT, "批示日期不能晚于今天，请核对") : OK;
}

/* He is asked nothing: it stands beside the item as his remark. */
static enum code stand_alone(struct db *db, const struct actor *by, const struct remark_new *r,
    struct str day, int64_t *seq, struct err *e)
{
    struct verb v;
    enum code c = verb_begin_any(&v, db, by, r->item, e);
    for (size_t i = 0; c == OK && i < r->n_files; i++)
        c = file_claim(&v.w, r->files[i], S(""), e);
    if (c == OK) {
        jw_kstr(&v.j, "text", str_trim(r->words).n ? str_trim(r->words) : S("圈阅"));
        jw_karr(&v.j, "to");
        jw_end(&v.j);
        jw_kstr(&v.j, "kind", str_z(remark_kind_name(r->kind)));
        jw_kstr(&v.j, "written", day);
        jw_karr(&v.j, "files");
        for (size_t i = 0; i < r->n_files; i++)
            jw_id(&v.j, r->files[i]);
        jw_end(&v.j);
        *seq = v.w.it.revision + 1;
    }
    return verb_end(&v, c, "remark", e);
}

static enum code enter(struct db *db, struct arena *a, const struct actor *by, struct remark_new *r,
    int64_t *seq, struct err *e)
{
    struct work w;
    const struct ask *k;
    struct str day;
    TRY(work_begin(&w, db, a, by, r->item, e));
    TRY(check_day(by, a, r->day, &day, e));
    if (r->n_files > REMARK_FILES_MAX)
        return FAIL(e, E_LIMIT, "一条批示最多附%d张图片", REMARK_FILES_MAX);
    if (utf8_check(r->words) != SIZE_MAX || utf8_len_cp(r->words) > OPINION_CP_MAX)
        return FAIL(e, E_LIMIT, "批语超过%d个字，或不是有效的文字", OPINION_CP_MAX);
    if (!r->kind)
        r->kind = remark_kind_of(r->words);
    if (r->kind != REMARK_CIRCLED && !str_trim(r->words).n)
        return FAIL(
            e, E_INPUT, "“%s”要录入批语原文；没有批语的选“圈阅”", remark_kind_name(r->kind));
    k = asked(&w, r->leader);
    if (!k)
        return stand_alone(db, by, r, day, seq, e);
    struct ask_reply reply = {.ask = k->id,
        .text = str_trim(r->words).n ? str_trim(r->words) : S("圈阅"),
        .kind = str_z(remark_kind_name(r->kind)),
        .written = day,
        .files = r->files,
        .n_files = r->n_files,
        .despite = true};
    *seq = w.it.revision + 1;
    TRY(word_of(k, r, &reply.word, e));
    return ask_reply(db, by, &reply, e);
}

enum code remark_enter(struct db *db, const struct actor *by, const struct remark_new *given,
    int64_t *seq, struct err *e)
{
    struct arena a;
    struct actor as = *by;
    struct remark_new r = *given;
    if (!r.leader)
        return FAIL(e, E_INPUT, "没有选定是哪位领导的批示");
    as.for_person = r.leader == by->v->person ? 0 : r.leader;
    arena_init(&a);
    enum code c = enter(db, &a, &as, &r, seq, e);
    arena_release(&a);
    return c;
}
