/* manuscript_part_task.c - what a speech task says of parts (its table 分工) becomes parts of the manuscript: there is no second list. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "office/ask.h"
#include "office/manuscript_edit.h"
#include "office/manuscript_part_int.h"
#include "office/many.h"
#include "office/speech.h"
#include "text/day_words.h"
#include "text/pos.h"
#include "text/rule_chars.h"

enum { TASK_DUE_MINUTES = 17 * 60 + 30 /* of a day without an hour */ };

struct task_part {
    struct str name;
    int64_t person, due_ms;
    double minutes; /* that it may take to be said; 0: not told */
};

/* 2026-07-17 10:00, 7月17日上午10点, 15:00 of the day by which all are due; else the time for all. */
static int64_t due_of(struct str words, int64_t all_ms, int64_t now_ms)
{
    int64_t at = 0;
    int32_t day = clock_day(all_ms ? all_ms : now_ms, ZONE_CHINA);
    int minutes = TASK_DUE_MINUTES;
    struct err none;
    words = str_trim(words);
    if (!words.n)
        return all_ms;
    if (clock_parse(words, ZONE_CHINA, &at, &none) == OK)
        return at;
    bool dated = day_words_eat(&words, clock_day(now_ms, ZONE_CHINA), false, &day);
    words = str_trim(words);
    if (!day_words_hour(&words, &minutes) && !dated)
        return all_ms;
    return clock_day_ms(day, ZONE_CHINA) + minutes * MS_MINUTE;
}

/* 认清形势 of 一、认清形势: the heading is numbered where it comes to stand. */
static struct str without_number(struct str name)
{
    struct str number, rest;
    if (!str_cut(name, S("、"), &number, &rest) || !number.n || !str_trim(rest).n)
        return name;
    for (size_t i = 0; i < number.n;) {
        uint32_t c = utf8_next(number, &i);
        if (!ch_han_number(c) && !(c >= '0' && c <= '9'))
            return name;
    }
    return str_trim(rest);
}

static enum code read_task(struct arena *a, struct str fields, int64_t now_ms,
    struct task_part **out, size_t *n, struct err *e)
{
    struct task_part *v = NULL;
    json_t *f = NULL;
    size_t k = 0, cap = 0, i;
    json_t *row;
    int64_t all_ms = 0;
    struct err none;
    TRY(jr_parse(fields.n ? fields : S("{}"), &f, e));
    if (clock_parse(jr_str(f, "parts_due"), ZONE_CHINA, &all_ms, &none) != OK)
        all_ms = 0;
    json_array_foreach(json_object_get(f, "parts"), i, row)
    {
        struct str name = without_number(str_trim(jr_str(row, "part")));
        struct str minutes = jr_str(row, "minutes"); /* of a JSON text: ends with a NUL */
        int64_t person = jr_id(row, "who");
        if (name.n && person && k < PARTS_MAX)
            ARENA_PUSH(a, v, k, cap) = (struct task_part){arena_str(a, name), person,
                due_of(jr_str(row, "due"), all_ms, now_ms),
                minutes.n ? strtod(minutes.p, NULL) : 0};
    }
    json_decref(f);
    *out = v;
    *n = k;
    return OK;
}

enum code manuscript_part_words(struct str typed, int pace, int64_t *words, struct err *e)
{
    struct str t = str_trim(typed);
    char number[16];
    double n = 0;
    *words = 0;
    if (!t.n)
        return OK;
    bool minutes = str_ends(t, S("分钟")) || str_ends(t, S("分"));
    size_t k = 0;
    while (k < t.n && k + 1 < sizeof number && ((t.p[k] >= '0' && t.p[k] <= '9') || t.p[k] == '.'))
        k++;
    struct str unit = str_trim(str_sub(t, k, t.n - k));
    memcpy(number, t.p, k);
    number[k] = 0;
    char *end = number;
    double typed_n = strtod(number, &end);
    if (k && end == number + k && (!unit.n || minutes || str_eq(unit, S("字"))))
        n = typed_n * (minutes ? pace : 1);
    if (n < 1 || n > MANUSCRIPT_CP_MAX)
        return FAIL(
            e, E_INPUT, "写多少“%.*s”不对，应当像“800字”或者“5分钟”", SF(str_sub(t, 0, 60)));
    *words = (int64_t)(n + 0.5);
    return OK;
}

/* ---- headings for them ---- */

static struct str numeral(struct arena *a, size_t n)
{
    static const char *const digits[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    return arena_printf(
        a, "%s%s%s", n >= 20 ? digits[n / 10 % 10] : "", n >= 10 ? "十" : "", digits[n % 10]);
}

/* A heading that names it; else one that is still to be filled in. SIZE_MAX: none. */
static size_t heading_for(
    const struct part_place *v, const bool *used, size_t n, struct str name, bool blank)
{
    for (size_t i = 0; i < n; i++)
        if (!used[i] && (blank ? str_has(v[i].words, S("【")) : str_has(v[i].words, name)))
            return i;
    return SIZE_MAX;
}

/* The text with the words of line `at` (bytes) replaced, or with `line` put behind its paragraph. */
static struct str put_line(
    struct arena *a, struct str text, size_t at, bool replace, struct str line)
{
    size_t end = str_find(text, S("\n"), at), from = at;
    end = end == SIZE_MAX ? text.n : end;
    if (!replace) { /* behind the line that follows the heading */
        from = end < text.n ? str_find(text, S("\n"), end + 1) : end;
        from = end = from == SIZE_MAX ? text.n : from;
        line = arena_printf(a, "\n%.*s", SF(line));
    }
    return arena_printf(a, "%.*s%.*s%.*s", SF(str_sub(text, 0, from)), SF(line),
        SF(str_sub(text, end, text.n - end)));
}

/* One heading more for this part, or a blank one named; *text is what comes of it. */
static enum code give_heading(
    struct arena *a, struct str *text, const bool *used, struct str name, struct err *e)
{
    struct part_place *v = NULL;
    struct pos_map map;
    size_t n = 0;
    TRY(manuscript_headings(a, *text, &v, &n, e));
    pos_map_init(a, &map, *text);
    size_t i = heading_for(v, used, n, name, true);
    bool blank = i != SIZE_MAX;
    struct str line = arena_printf(a, "%.*s、%.*s", SF(numeral(a, (blank ? i : n) + 1)), SF(name));
    if (!blank)
        line = arena_printf(a, "%.*s\n【内容】", SF(line));
    size_t at = blank ? pos_at_unit(&map, (size_t)v[i].at).byte
                : n   ? pos_at_unit(&map, (size_t)v[n - 1].at).byte
                      : text->n;
    if (!blank && !n)
        *text = arena_printf(
            a, "%.*s%s%.*s", SF(*text), str_ends(*text, S("\n")) ? "" : "\n", SF(line));
    else
        *text = put_line(a, *text, at, blank, line);
    return OK;
}

/* Every part has a heading; at[i]: the one of part i among the headings. Headings are only added behind, so that their order stays. */
static enum code lay(struct arena *a, struct str *text, const struct task_part *t, size_t n,
    size_t *at, struct err *e)
{
    bool *used = ARENA_ARRAY(a, bool, PART_PLACES_MAX + 1);
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < n; i++) {
            struct part_place *v = NULL;
            size_t k = 0;
            TRY(manuscript_headings(a, *text, &v, &k, e));
            if (pass == 0) {
                at[i] = heading_for(v, used, k, t[i].name, false);
            } else if (at[i] == SIZE_MAX) {
                TRY(give_heading(a, text, used, t[i].name, e));
                TRY(manuscript_headings(a, *text, &v, &k, e));
                at[i] = heading_for(v, used, k, t[i].name, false);
            }
            if (at[i] != SIZE_MAX)
                used[at[i]] = true;
        }
    return OK;
}

static enum code task_of(struct db *db, struct arena *a, const struct actor *by,
    const struct manuscript *m, struct task_part **t, size_t *n, struct err *e)
{
    struct item it = {.id = 0};
    *n = 0;
    if (!m->item)
        return OK;
    TRY(item_get(db, a, by, m->item, &it, e));
    return str_eq(it.kind, S("speech")) ? read_task(a, it.fields, by->now_ms, t, n, e) : OK;
}

enum code manuscript_task_parts(
    struct db *db, struct arena *a, const struct actor *by, int64_t id, size_t *n, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct task_part *t = NULL;
    struct err none;
    TRY(manuscript_get(db, a, by, id, &m, e));
    if (task_of(db, a, by, &m, &t, n, &none) != OK) /* an author may not see the task */
        *n = 0;
    return OK;
}

enum code manuscript_parts_from_task(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, size_t *made, int64_t *seq, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct manuscript_saved saved = {.seq = 0};
    struct task_part *t = NULL;
    struct part_place *v = NULL;
    struct speech task;
    struct str text = S("");
    size_t n = 0, k = 0;
    *made = 0;
    TRY(manuscript_need(db, a, by, id, MANUSCRIPT_DIVIDE, &m, e));
    *seq = m.seq;
    TRY(task_of(db, a, by, &m, &t, &n, e));
    TRY(speech_of(db, a, by, m.item, &task, e));
    size_t *at = ARENA_ARRAY(a, size_t, n + 1);
    TRY(manuscript_text(db, a, by, id, m.seq, &text, NULL, e));
    TRY(lay(a, &text, t, n, at, e));
    if (n) {
        TRY(manuscript_save(db, a, by, id, m.seq, text, &saved, e));
        *seq = saved.seq;
    }
    TRY(manuscript_headings(a, text, &v, &k, e));
    for (size_t i = 0; i < n; i++) {
        struct err none;
        int64_t part;
        if (at[i] >= k)
            continue;
        /* who cannot be one, and what is somebody's already, is passed over: the page of parts shows what is left */
        enum code c = manuscript_part_add(db, a, by,
            &(struct part_new){.manuscript = id,
                .seq = saved.seq,
                .at = v[at[i]].at,
                .person = t[i].person,
                .due_ms = t[i].due_ms,
                .words = pace_words(&task.pace, t[i].minutes)},
            &part, &none);
        if (c != OK && c != E_INPUT && c != E_CONFLICT && c != E_NOTFOUND) {
            *e = none;
            return c;
        }
        *made += c == OK;
    }
    return OK;
}

/* ---- back to the task ---- */

enum code manuscript_part_answer(struct db *db, struct arena *a, const struct actor *by,
    const struct manuscript *m, struct err *e)
{
    struct ask *v = NULL;
    struct err none;
    size_t n = 0;
    if (!m->item || ask_list(db, a, by, m->item, &v, &n, &none) != OK)
        return OK;
    for (size_t i = 0; i < n; i++)
        if (v[i].to_kind == PRINCIPAL_PERSON && v[i].to == by->v->person && v[i].sent_ms &&
            v[i].state == ASK_OPEN && str_has(v[i].answers, S("已交稿")))
            return ask_answer(db, by, v[i].id, S("已交稿"), S(""), NULL, 0, e);
    return OK;
}

enum code manuscript_part_counts(struct db *db, const struct actor *by, const int64_t *ids,
    size_t n, struct part_count *out, struct err *e)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (struct part_count){.all = 0};
    for (size_t i = 0; i < n; i += MANY) {
        size_t m = n - i < MANY ? n - i : MANY;
        struct stmt *q = db_sql(db,
            "SELECT manuscript, count(*), sum(CASE WHEN handed <> 0 THEN 1 ELSE 0 END),"
            " sum(CASE WHEN handed = 0 AND due <> 0 AND due <= ?101 THEN 1 ELSE 0 END)"
            " FROM manuscript_part WHERE manuscript IN (" MANY_IDS ") GROUP BY manuscript");
        stmt_bind_int(q, 101, by->now_ms);
        many_bind(q, 1, ids + i, m);
        while (stmt_step(q))
            for (size_t k = i; k < i + m; k++)
                if (ids[k] == stmt_int(q, 0))
                    out[k] = (struct part_count){stmt_int(q, 1), stmt_int(q, 2), stmt_int(q, 3)};
        TRY(stmt_end(q, e));
    }
    return OK;
}
