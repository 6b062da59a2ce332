#include "office/replies.h"

#include "base/utf8.h"
#include "office/notice_int.h"

enum { NAMED = 8 };

/* ---- reading lines ---- */

/* "1." "2、" "（3）" "12)" in front of a line of a 接龙. */
static struct str unnumbered(struct str s)
{
    static const struct str marks[] = {
        SC("."), SC("、"), SC("．"), SC(")"), SC("）"), SC(":"), SC("："), SC(" ")};
    struct str rest;
    int n;
    s = str_trim(s);
    rest = s;
    if (!str_eat(&rest, S("（")))
        (void)str_eat(&rest, S("("));
    if (!str_eat_digits(&rest, 1, 4, &n))
        return s;
    for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
        if (str_eat(&rest, marks[i]))
            return str_trim(rest);
    return s;
}

static bool han_at(struct str s, size_t off)
{
    return off < s.n && utf8_is_han(utf8_next(s, &off));
}

/* What may follow a name without a mark between: a verb of answering, not the rest of a longer name. */
static bool ends_name(struct str rest)
{
    static const struct str words[] = {SC("收"), SC("已"), SC("知悉"), SC("好的"), SC("确认"),
        SC("回复"), SC("反馈"), SC("完成"), SC("落实"), SC("明白")};
    if (!han_at(rest, 0))
        return true;
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (str_starts(rest, words[i]))
            return true;
    return false;
}

/* Before a name: the line's begin, a mark, or the end of a unit's name. */
static bool begins_name(struct str before)
{
    static const struct str ends[] = {SC("部"), SC("科"), SC("室"), SC("处"), SC("司"), SC("院")};
    size_t at = 0, last = 0;
    if (!before.n)
        return true;
    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
        if (str_ends(before, ends[i]))
            return true;
    while (at < before.n) {
        last = at;
        (void)utf8_next(before, &at);
    }
    return !han_at(before, last);
}

static bool has_name(struct str line, struct str name, size_t *end)
{
    for (size_t at = 0; name.n && (at = str_find(line, name, at)) != SIZE_MAX; at++) {
        struct str rest = str_sub(line, at + name.n, SIZE_MAX);
        *end = at + name.n;
        if (begins_name(str_sub(line, 0, at)) && ends_name(rest))
            return true;
    }
    return false;
}

/* The furthest of the words allowed that stands in it; one that only says that it came gives the first. */
static struct str word_of(const struct ask *a, struct str line)
{
    static const struct str came[] = {SC("收到"), SC("已收"), SC("收悉"), SC("知悉"), SC("已阅"),
        SC("好的"), SC("明白"), SC("确认")};
    struct str rest = a->answers, word, first = S(""), found = S("");
    while (str_next(&rest, S("\n"), &word)) {
        struct str bare = word;
        (void)str_eat(&bare, S("已"));
        if (!first.n)
            first = word;
        if (str_has(line, word) || (bare.n && !str_eq(bare, S("收")) && str_has(line, bare)))
            found = word;
    }
    for (size_t i = 0; !found.n && i < sizeof(came) / sizeof(*came); i++)
        if (str_has(line, came[i]))
            found = first;
    return found;
}

/* A "没有收到", "未反馈", "还没落实" is no receipt. */
static bool denies(struct str line)
{
    static const struct str no[] = {SC("没"), SC("未"), SC("尚"), SC("不")};
    for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
        if (str_has(line, no[i]))
            return true;
    return false;
}

struct fit {
    size_t ask;
    int64_t person;
    size_t len, end;
    bool found, twice;
};

static struct fit best_name(struct str line, const struct reply_name *names, size_t n)
{
    struct fit f = {.found = false};
    for (size_t i = 0; i < n; i++) {
        size_t end;
        if (!has_name(line, names[i].name, &end))
            continue;
        bool same = f.found && names[i].ask == f.ask;
        if (!f.found || (!same && names[i].name.n > f.len))
            f = (struct fit){names[i].ask, names[i].person, names[i].name.n, end, true, false};
        else if (!same && names[i].name.n == f.len)
            f.twice = true;
        if (same && end > f.end)
            f.end = end;
    }
    return f;
}

static struct str said(struct str line, size_t end)
{
    struct str head, text, rest = str_sub(line, end, SIZE_MAX);
    if (str_cut(rest, S("，"), &head, &text) || str_cut(rest, S(","), &head, &text))
        return str_trim(text);
    return S("");
}

static struct reply_line read_line(
    struct str line, const struct ask *asks, const struct reply_name *names, size_t n_names)
{
    struct reply_line r = {.line = line};
    struct fit f = best_name(line, names, n_names);
    if (!f.found) {
        r.why = S("没有认出是哪个单位或谁");
        return r;
    }
    struct str word = word_of(&asks[f.ask], line);
    if (f.twice)
        r.why = S("对得上不止一个，请逐件登记");
    else if (denies(line))
        r.why = S("像是还没有办，请核实");
    else if (!word.n)
        r.why = S("没有说明收到还是办完");
    else if (str_eq(word, asks[f.ask].word))
        r.why = S("已经登记过");
    if (r.why.n)
        return r;
    r.fits = true;
    r.ask = f.ask;
    r.person = f.person;
    r.word = word;
    r.text = said(line, f.end);
    return r;
}

enum code replies_read(struct arena *a, struct str text, const struct ask *asks, size_t n_asks,
    const struct reply_name *names, size_t n_names, struct reply_line **out, size_t *n,
    struct err *e)
{
    struct reply_line *v = NULL;
    size_t k = 0, cap = 0;
    struct str rest = text, line;
    (void)n_asks;
    if (text.n > REPLIES_BYTES_MAX)
        return FAIL(e, E_LIMIT, "粘贴的内容超过%d KB，请分几次", REPLIES_BYTES_MAX >> 10);
    if (utf8_check(text) != SIZE_MAX)
        return FAIL(e, E_INPUT, "粘贴的内容不是有效的文字");
    while (str_next(&rest, S("\n"), &line)) {
        line = unnumbered(line);
        if (!line.n || str_starts(line, S("#接龙")))
            continue;
        if (k == REPLIES_LINES_MAX)
            return FAIL(e, E_LIMIT, "粘贴的内容超过%d行，请分几次", REPLIES_LINES_MAX);
        struct reply_line r = read_line(line, asks, names, n_names);
        for (size_t i = 0; r.fits && i < k; i++)
            if (v[i].fits && v[i].ask == r.ask) {
                v[i].fits = false;
                v[i].why = S("后面有同一个单位的新回复");
            }
        ARENA_PUSH(a, v, k, cap) = r;
    }
    *out = v;
    *n = k;
    return OK;
}

/* ---- who may have answered ---- */

enum code replies_names(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct ask **asks, size_t *n_asks, struct reply_name **names, size_t *n_names, struct err *e)
{
    struct ask *v;
    struct reply_name *m = NULL;
    size_t n, k = 0, cap = 0;
    TRY(ask_list(db, a, by, item, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (v[i].state == ASK_OPEN && v[i].sent_ms && v[i].wait != WAIT_NONE && !v[i].parent)
            v[k++] = v[i];
    struct stmt *q =
        db_sql(db, "SELECT a.id, p.id, h.name, coalesce(u.name, '') FROM ask a LEFT JOIN unit u"
                   " ON a.to_kind = 2 AND u.id = a.to_id JOIN " NOTICE_POSTS " p ON p.active = 1"
                   " AND ((a.to_kind = 2 AND p.unit = a.to_id AND (p.roles & ?2) <> 0)"
                   " OR (a.to_kind = 1 AND p.id = a.to_id)) JOIN person h ON h.id = p.id"
                   " WHERE a.item = ?1 AND a.state = 0 ORDER BY a.id, p.rank, p.id");
    stmt_bind_int(q, 1, item);
    stmt_bind_int(q, 2, ROLE_LIAISON | ROLE_CHIEF);
    while (stmt_step(q)) {
        size_t j = 0;
        while (j < k && v[j].id != stmt_int(q, 0))
            j++;
        if (j == k)
            continue;
        int64_t person = stmt_int(q, 1);
        struct str unit = arena_str(a, stmt_str(q, 3));
        ARENA_PUSH(a, m, *n_names, cap) =
            (struct reply_name){j, arena_str(a, stmt_str(q, 2)), person};
        ARENA_PUSH(a, m, *n_names, cap) = (struct reply_name){j, v[j].to_name, person};
        if (unit.n)
            ARENA_PUSH(a, m, *n_names, cap) = (struct reply_name){j, unit, person};
    }
    TRY(stmt_end(q, e));
    *asks = v;
    *n_asks = k;
    *names = m;
    return OK;
}

/* ---- what is copied ---- */

struct str replies_notice(
    struct arena *a, const struct ask *asks, size_t n, int64_t now_ms, int zone)
{
    struct str names = S(""), day;
    int64_t due = 0;
    bool units = true;
    for (size_t i = 0; i < n; i++) {
        if (i < NAMED)
            names = arena_printf(a, "%.*s%s%.*s", SF(names), i ? "、" : "", SF(asks[i].to_name));
        units = units && asks[i].to_kind == PRINCIPAL_UNIT;
        if (asks[i].due_ms && (!due || asks[i].due_ms < due))
            due = asks[i].due_ms;
    }
    if (n == 0)
        return S("");
    if (n > 1)
        names = arena_printf(
            a, "%.*s%s%zu%s", SF(names), n > NAMED ? "等" : "共", n, units ? "个单位" : "个对象");
    day = notice_day(a, due, zone);
    if (due && due <= now_ms)
        return arena_printf(a,
            "【催办】请%.*s抓紧反馈：有1件事项应于%.*"
            "s前反馈，现已逾期，请今天登录前哨办理，办好后在群里回复“单位 已反馈”。",
            SF(names), SF(day));
    return arena_printf(a,
        "【通知】请%.*s%s%.*s%s登录前哨查看并反馈1件事项，收到请在群里回复“单位 收到”。", SF(names),
        day.n ? "于" : "", SF(day), day.n ? "前" : "");
}
