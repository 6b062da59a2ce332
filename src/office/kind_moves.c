/* Moves and what they ask for. */
#include "base/utf8.h"
#include "office/kind_int.h"

enum { ANSWER_CP_MAX = 10 };

static enum code read_ask_of(
    struct kind_reading *r, const struct yaml *n, struct kind_ask *ask, struct err *e)
{
    TRY(read_who(r, n, &ask->of, e));
    if (ask->of.n == 0)
        return yaml_fail(n, e, "“of”没有写请谁办");
    for (size_t i = 0; i < ask->of.n; i++) {
        enum who_kind w = ask->of.v[i].kind;
        if (w != WHO_FIELD && w != WHO_OWNER && w != WHO_UNIT && w != WHO_CHOSEN)
            return yaml_fail(n, e,
                "“of”只能是人员或单位的字段（field:…）、owner、unit、chosen，或由它们组成的角色");
    }
    return OK;
}

static enum code read_answers(
    struct kind_reading *r, const struct yaml *n, struct kind_ask *ask, struct err *e)
{
    static const struct str usual[] = {SC("已收"), SC("已反馈")};

    if (n) {
        TRY(read_words(r->a, n, "答复", KIND_ANSWERS_MAX, &ask->answers, &ask->n_answers, e));
        if (ask->n_answers == 0)
            return yaml_fail(n, e, "“answers”没有一个答复");
        for (size_t i = 0; i < ask->n_answers; i++)
            if (utf8_len_cp(ask->answers[i]) > ANSWER_CP_MAX)
                return yaml_fail(n, e, "答复“%.*s”超过%d个字", SF(ask->answers[i]), ANSWER_CP_MAX);
        return OK;
    }
    ask->answers = ARENA_ARRAY(r->a, struct str, 2);
    ask->answers[0] = usual[0];
    ask->answers[1] = usual[1];
    ask->n_answers = 2;
    return OK;
}

/* `final` names words at the end of the answers; without it the last one ends the ask. */
static enum code read_final(
    struct kind_reading *r, const struct yaml *n, struct kind_ask *ask, struct err *e)
{
    struct str *words;
    size_t n_words, first;

    ask->n_final = 1;
    if (!n)
        return OK;
    TRY(read_words(r->a, n, "答复", KIND_ANSWERS_MAX, &words, &n_words, e));
    if (n_words == 0 || n_words > ask->n_answers)
        return yaml_fail(n, e, "“final”应是“answers”末尾的几个答复");
    first = ask->n_answers - n_words;
    for (size_t i = 0; i < n_words; i++)
        if (!str_eq(words[i], ask->answers[first + i]))
            return yaml_fail(n, e, "“final”的“%.*s”与“answers”末尾的“%.*s”不同", SF(words[i]),
                SF(ask->answers[first + i]));
    ask->n_final = n_words;
    return OK;
}

/* Words among the answers: 已收 and 已反馈 by themselves, more only where the kind says so. */
static enum code read_wants(struct kind_reading *r, const struct yaml *map, const char *key,
    const struct kind_ask *ask, struct str **out, size_t *n_out, struct err *e)
{
    const struct yaml *n = yaml_get(map, key);

    if (!n)
        return OK;
    TRY(read_words(r->a, n, "答复", KIND_ANSWERS_MAX, out, n_out, e));
    for (size_t i = 0; i < *n_out; i++) {
        bool there = false;
        for (size_t k = 0; k < ask->n_answers; k++)
            there = there || str_eq((*out)[i], ask->answers[k]);
        if (!there)
            return yaml_fail(n, e, "“%s”的“%.*s”不在“answers”的答复里", key, SF((*out)[i]));
    }
    return OK;
}

static enum code read_day_field(
    struct kind_reading *r, const struct yaml *n, size_t *out, struct err *e)
{
    *out = SIZE_MAX;
    if (!n)
        return OK;
    TRY(read_field(r, n, out, e));
    if (r->k->fields[*out].type != FIELD_DATE && r->k->fields[*out].type != FIELD_DATETIME)
        return yaml_fail(n, e, "“due”的字段“%.*s”不是日期", SF(r->k->fields[*out].id));
    return OK;
}

static enum code read_ask(
    struct kind_reading *r, const struct yaml *map, struct kind_ask **out, struct err *e)
{
    static const char *const keys[] = {"of", "purpose", "answers", "final", "need_text",
        "need_files", "wait", "serial", "due", NULL};
    static const char *const waits[] = {"none", "all", "any", NULL};
    struct kind_ask *ask = ARENA_NEW(r->a, struct kind_ask);
    const struct yaml *n;
    int wait = WAIT_ALL;

    TRY(yaml_keys(map, keys, e));
    TRY(read_need(map, "of", &n, e));
    TRY(read_ask_of(r, n, ask, e));
    TRY(read_need(map, "purpose", &n, e));
    TRY(read_line(n, KIND_NAME_CP_MAX, &ask->purpose, e));
    TRY(read_answers(r, yaml_get(map, "answers"), ask, e));
    TRY(read_final(r, yaml_get(map, "final"), ask, e));
    TRY(read_wants(r, map, "need_text", ask, &ask->need_text, &ask->n_need_text, e));
    TRY(read_wants(r, map, "need_files", ask, &ask->need_files, &ask->n_need_files, e));
    n = yaml_get(map, "wait");
    if (n)
        TRY(yaml_word(n, waits, &wait, e));
    ask->wait = (enum ask_wait)wait;
    TRY(read_flag(map, "serial", &ask->serial, e));
    if (ask->serial && ask->wait != WAIT_ALL)
        return yaml_fail(map, e, "依次办（serial）要等全部答复（wait: all）");
    TRY(read_day_field(r, yaml_get(map, "due"), &ask->due, e));
    *out = ask;
    return OK;
}

static enum code read_from(
    struct kind_reading *r, const struct yaml *n, struct kind_move *m, struct err *e)
{
    struct kind *k = r->k;

    if (n->kind != YAML_SCALAR || !str_eq(n->text, S("any"))) {
        TRY(read_states(r, n, &m->from, &m->n_from, e));
        return m->n_from ? OK : yaml_fail(n, e, "转办“%.*s”没有来处", SF(m->id));
    }
    m->from = ARENA_ARRAY(r->a, size_t, k->n_states);
    for (size_t i = 0; i < k->n_states; i++)
        if (!k->states[i].closed && i != m->to)
            m->from[m->n_from++] = i;
    return m->n_from ? OK : yaml_fail(n, e, "转办“%.*s”没有来处", SF(m->id));
}

static enum code read_set(
    struct kind_reading *r, const struct yaml *n, struct kind_move *m, struct err *e)
{
    struct members set;

    if (!n)
        return OK;
    TRY(read_members(r->a, n, "字段", KIND_FIELDS_MAX, &set, e));
    m->set = ARENA_ARRAY(r->a, size_t, set.n + 1);
    for (size_t i = 0; i < set.n; i++) {
        size_t f;
        TRY(read_field(r, set.v[i], &f, e));
        for (size_t j = 0; j < m->n_set; j++)
            if (m->set[j] == f)
                return yaml_fail(set.v[i], e, "字段“%.*s”重复", SF(r->k->fields[f].id));
        m->set[m->n_set++] = f;
        r->k->fields[f].at_move = true;
    }
    return OK;
}

/* manuscript: freeze, sign, seal or issue */
static enum code read_move_text(
    struct kind_reading *r, const struct yaml *n, struct kind_move *m, struct err *e)
{
    static const char *const words[] = {"none", "freeze", "sign", "seal", "issue", NULL};
    int word = TEXT_NOTHING;

    if (!n)
        return OK;
    if (!yaml_get(r->root, "manuscript"))
        return yaml_fail(n, e, "转办“%.*s”要文稿，可是种类没有写“manuscript”（带文稿）", SF(m->id));
    TRY(yaml_word(n, words, &word, e));
    m->text = (enum move_text)word;
    return OK;
}

static enum code read_how(
    struct kind_reading *r, const struct yaml *map, struct kind_move *m, struct err *e)
{
    static const char *const opinions[] = {"optional", "required", "none", NULL};
    static const char *const kinds[] = {"forward", "return", NULL};
    const struct yaml *n = yaml_get(map, "opinion");
    int word = OPINION_OPTIONAL, kind = 0;

    if (n)
        TRY(yaml_word(n, opinions, &word, e));
    m->opinion = (enum opinion)word;
    n = yaml_get(map, "kind");
    if (n)
        TRY(yaml_word(n, kinds, &kind, e));
    m->returns = kind == 1;
    TRY(read_line(yaml_get(map, "confirm"), KIND_TEXT_CP_MAX, &m->confirm, e));
    n = yaml_get(map, "box");
    TRY(read_line(n, KIND_NAME_CP_MAX, &m->box, e));
    if (n && m->opinion == OPINION_NONE)
        return yaml_fail(n, e, "转办“%.*s”不写意见（opinion: none），就没有意见栏", SF(m->id));
    TRY(read_line(yaml_get(map, "when_answered"), ANSWER_CP_MAX, &m->when_answered, e));
    TRY(read_flag(map, "need_answers", &m->need_answers, e));
    TRY(read_flag(map, "when_all_answered", &m->when_all, e));
    TRY(read_flag(map, "void_number", &m->voids, e));
    if (m->voids && m->opinion != OPINION_REQUIRED)
        return yaml_fail(
            map, e, "转办“%.*s”使编号作废，要写明理由（opinion: required）", SF(m->id));
    if (m->need_answers && m->when_answered.n)
        return yaml_fail(
            map, e, "转办“%.*s”由答复引起，不能又等全部答复（need_answers）", SF(m->id));
    if (m->when_all && (!m->need_answers || m->returns || m->opinion != OPINION_NONE))
        return yaml_fail(map, e,
            "转办“%.*s”答复齐了自己办（when_all_answered），要写 need_answers: true 和 opinion: "
            "none，"
            "也不能是退回",
            SF(m->id));
    n = yaml_get(map, "when");
    return n ? read_cond(r, n, SIZE_MAX - 1, &m->when, e) : OK;
}

static enum code read_move(
    struct kind_reading *r, const struct yaml *map, struct kind_move *m, struct err *e)
{
    static const char *const keys[] = {"id", "name", "from", "to", "by", "opinion", "box",
        "confirm", "set", "ask", "when_answered", "need_answers", "when_all_answered", "kind",
        "when", "void_number", "manuscript", NULL};
    const struct yaml *n;

    TRY(yaml_keys(map, keys, e));
    m->line = map->line;
    TRY(read_need(map, "id", &n, e));
    TRY(read_id(n, &m->id, e));
    TRY(read_need(map, "name", &n, e));
    TRY(read_line(n, KIND_NAME_CP_MAX, &m->name, e));
    TRY(read_need(map, "to", &n, e));
    if (read_state(r, n, &m->to, e) != OK)
        return yaml_fail(n, e, "转办“%.*s”的去向“%.*s”不是一个状态", SF(m->id), SF(n->text));
    TRY(read_need(map, "from", &n, e));
    TRY(read_from(r, n, m, e));
    TRY(read_need(map, "by", &n, e));
    TRY(read_who(r, n, &m->by, e));
    if (m->by.n == 0)
        return yaml_fail(n, e, "转办“%.*s”没有写谁可以办", SF(m->id));
    for (size_t i = 0; i < m->by.n; i++)
        if (m->by.v[i].kind == WHO_CHOSEN)
            return yaml_fail(n, e, "“chosen”只用在“ask”的“of”里");
    TRY(read_set(r, yaml_get(map, "set"), m, e));
    TRY(read_how(r, map, m, e));
    TRY(read_move_text(r, yaml_get(map, "manuscript"), m, e));
    n = yaml_get(map, "ask");
    return n ? read_ask(r, n, &m->ask, e) : OK;
}

/* manuscript: {open: [STATES], unlock: [WHO], print: [WHO]} */
enum code read_text(struct kind_reading *r, struct err *e)
{
    static const char *const keys[] = {"open", "unlock", "print", NULL};
    const struct yaml *map = yaml_get(r->root, "manuscript"), *n;
    struct kind_text *t = &r->k->text;

    if (!map)
        return OK;
    TRY(yaml_expect(map, YAML_MAP, e));
    TRY(yaml_keys(map, keys, e));
    TRY(read_need(map, "open", &n, e));
    TRY(read_states(r, n, &t->open, &t->n_open, e));
    if (t->n_open == 0 || t->open[0] != 0)
        return yaml_fail(
            n, e, "文稿在开头的状态“%.*s”里要能写，请写在“open”的最前面", SF(r->k->states[0].id));
    TRY(read_need(map, "unlock", &n, e));
    TRY(read_who(r, n, &t->unlock, e));
    TRY(read_need(map, "print", &n, e));
    TRY(read_who(r, n, &t->print, e));
    if (t->unlock.n == 0 || t->print.n == 0)
        return yaml_fail(map, e, "文稿没有写谁可以解锁（unlock）、谁可以印制（print）");
    t->line = map->line;
    return OK;
}

/* Moves made by an answer need an ask with that answer; need_answers needs somebody who is waited for. */
static enum code check_answers(struct kind_reading *r, const struct yaml *list, struct err *e)
{
    const struct kind *k = r->k;
    const struct yaml *at = list->first;

    for (size_t i = 0; at && i < k->n_moves; i++, at = at->next) {
        const struct kind_move *m = &k->moves[i];
        bool said = false, waits = false;
        for (size_t j = 0; j < k->n_moves; j++) {
            const struct kind_ask *ask = k->moves[j].ask;
            waits = waits || (ask && ask->wait != WAIT_NONE);
            for (size_t w = 0; ask && w < ask->n_answers; w++)
                said = said || str_eq(ask->answers[w], m->when_answered);
        }
        if (m->when_answered.n && !said)
            return yaml_fail(yaml_get(at, "when_answered"), e,
                "转办“%.*s”等的答复“%.*s”没有哪个“ask”里有", SF(m->id), SF(m->when_answered));
        if (m->need_answers && !waits)
            return yaml_fail(yaml_get(at, "need_answers"), e,
                "转办“%.*s”要等答复，可是没有哪个“ask”等候答复（wait: all 或 any）", SF(m->id));
    }
    return OK;
}

enum code read_moves(struct kind_reading *r, struct err *e)
{
    struct kind *k = r->k;
    const struct yaml *list;

    TRY(read_need(r->root, "moves", &list, e));
    TRY(yaml_expect(list, YAML_LIST, e));
    if (list->n > KIND_MOVES_MAX)
        return yaml_fail(list, e, "转办有%d个，最多%d个", list->n, KIND_MOVES_MAX);
    k->moves = ARENA_ARRAY(r->a, struct kind_move, (size_t)list->n + 1);
    for (const struct yaml *at = list->first; at; at = at->next) {
        struct kind_move *m = &k->moves[k->n_moves];
        TRY(read_move(r, at, m, e));
        for (size_t i = 0; i < k->n_moves; i++)
            if (str_eq(k->moves[i].id, m->id))
                return yaml_fail(at, e, "转办“%.*s”重复，第%d行已有", SF(m->id), k->moves[i].line);
        k->n_moves++;
    }
    return check_answers(r, list, e);
}
