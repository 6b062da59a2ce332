#include "base/calendar.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>

#include "base/arena.h"

/* data/calendar.tsv, put in by calendar_data.S */
extern const char calendar_tsv[], calendar_tsv_end[];

#define MAX_TSV  ((size_t)1 << 20)
#define MAX_ROWS 4000

struct row {
    int32_t day;
    bool work;
    int source_no; /* which text the row came from; a later one may say a day again */
    struct str name, source;
};

struct calendar {
    struct arena a;
    struct row *rows; /* sorted by day */
    size_t n, cap;
};

/* Index of the first row at or behind `day`. */
static size_t find(const struct calendar *cal, int32_t day)
{
    size_t lo = 0, hi = cal->n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (cal->rows[mid].day < day)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static const struct row *row_of(const struct calendar *cal, int32_t day)
{
    size_t i = find(cal, day);

    return i < cal->n && cal->rows[i].day == day ? &cal->rows[i] : NULL;
}

static enum code add_row(struct calendar *cal, struct row r, struct err *e)
{
    size_t i = find(cal, r.day);

    if (i < cal->n && cal->rows[i].day == r.day) {
        char iso[DAY_ISO_SIZE];
        if (cal->rows[i].source_no == r.source_no)
            return FAIL(e, E_INPUT, "%s 出现了两次", day_iso(day_of(r.day), iso).p);
        cal->rows[i] = r;
        return OK;
    }
    if (cal->n == MAX_ROWS)
        return FAIL(e, E_LIMIT, "超过 %d 行", MAX_ROWS);
    ARENA_PUSH(&cal->a, cal->rows, cal->n, cal->cap) = r;
    for (size_t k = cal->n - 1; k > i; k--)
        cal->rows[k] = cal->rows[k - 1];
    cal->rows[i] = r;
    return OK;
}

static enum code read_line(struct calendar *cal, struct str line, int source_no, struct err *e)
{
    struct row r = {.source_no = source_no};
    struct str piece[4] = {{NULL, 0}};
    struct day d;
    size_t n = 0;

    while (n < 4 && str_next(&line, S("\t"), &piece[n]))
        n++;
    if (n < 3 || line.n || !day_from_iso(piece[0], &d))
        return FAIL(e, E_INPUT, "应为“日期<TAB>休或班<TAB>名称<TAB>依据”，日期如 2026-10-01");
    r.work = str_eq(piece[1], S("班"));
    if (!r.work && !str_eq(piece[1], S("休")))
        return FAIL(e, E_INPUT, "第二列“%.*s”应为“休”或“班”", SF(piece[1]));
    r.day = day_num(d);
    r.name = arena_str(&cal->a, piece[2]);
    r.source = arena_str(&cal->a, piece[3]);
    return add_row(cal, r, e);
}

static enum code read_tsv(
    struct calendar *cal, struct str tsv, const char *name, int source_no, struct err *e)
{
    struct str line;

    if (tsv.n > MAX_TSV)
        return FAIL(e, E_LIMIT, "文件“%s”超过上限 %zu 字节", name, MAX_TSV);
    for (int no = 1; str_next(&tsv, S("\n"), &line); no++) {
        line = str_trim(line);
        if (line.n == 0 || line.p[0] == '#')
            continue;
        if (read_line(cal, line, source_no, e) != OK)
            return err_context(e, "文件“%s”第%d行", name, no);
    }
    return OK;
}

struct calendar *calendar_new(void)
{
    struct calendar *cal = mem_alloc(sizeof(*cal));
    // cppcheck-suppress comparePointers ; two labels of one section
    struct str tsv = {calendar_tsv, (size_t)(calendar_tsv_end - calendar_tsv)};
    struct err e;
    enum code c;

    arena_init(&cal->a);
    c = read_tsv(cal, tsv, "data/calendar.tsv", 0, &e);
    assert(c == OK); /* the file is part of the program; a test reads it */
    (void)c;
    return cal;
}

enum code calendar_read(struct str tsv, const char *name, struct calendar **out, struct err *e)
{
    struct calendar *cal = calendar_new();
    enum code c = read_tsv(cal, tsv, name, 1, e);

    if (c == OK)
        *out = cal;
    else
        calendar_free(cal);
    return c;
}

void calendar_free(struct calendar *cal)
{
    if (!cal)
        return;
    arena_release(&cal->a);
    free(cal);
}

/* Two lines at least: the notice for a year may name the last day of the year before. */
bool calendar_known(const struct calendar *cal, int year)
{
    size_t i = find(cal, day_num((struct day){year, 1, 1}));
    size_t end = find(cal, day_num((struct day){year + 1, 1, 1}));

    return end > i + 1;
}

bool calendar_workday(const struct calendar *cal, int32_t day)
{
    const struct row *r = row_of(cal, day);

    return r ? r->work : day_weekday(day) < 6;
}

struct str calendar_name(const struct calendar *cal, int32_t day)
{
    const struct row *r = row_of(cal, day);

    return r ? r->name : S("");
}

struct str calendar_source(const struct calendar *cal, int32_t day)
{
    const struct row *r = row_of(cal, day);

    return r ? r->source : S("");
}

int32_t calendar_add_workdays(const struct calendar *cal, int32_t day, int n)
{
    int step = n < 0 ? -1 : 1;

    while (n) {
        day += step;
        if (calendar_workday(cal, day))
            n -= step;
    }
    return day;
}

static int count_workdays(const struct calendar *cal, int32_t from, int32_t to)
{
    int n = 0;

    for (int32_t d = from + 1; d <= to; d++)
        n += calendar_workday(cal, d);
    return n;
}

int calendar_workdays(const struct calendar *cal, int32_t from, int32_t to)
{
    return to < from ? -count_workdays(cal, to, from) : count_workdays(cal, from, to);
}

/* ---- working hours ---- */

struct work_hours work_hours_default(void)
{
    return (struct work_hours){
        {{8 * 60 + 30, 12 * 60}, {13 * 60 + 30, 17 * 60 + 30}}, 2, ZONE_CHINA};
}

/* "08:30" at the head of *s, as a minute of the day; 24:00 too. */
static bool eat_minute(struct str *s, int *out)
{
    int h = 0, m = 0;

    *s = str_trim(*s);
    if (!str_eat_digits(s, 1, 2, &h) || !str_eat(s, S(":")) || !str_eat_digits(s, 2, 2, &m))
        return false;
    *s = str_trim(*s);
    *out = h * 60 + m;
    return m < 60 && *out <= 24 * 60;
}

enum code work_hours_parse(struct str s, struct work_hours *out, struct err *e)
{
    struct work_hours h = {.zone = out->zone};
    struct str rest = s, piece;
    int last = 0;

    while (str_next(&rest, S(","), &piece)) {
        int from = 0, to = 0;
        if (h.n == WORK_SPANS)
            return FAIL(e, E_LIMIT, "工作时间“%.*s”多于 %d 段", SF(s), WORK_SPANS);
        if (!eat_minute(&piece, &from) || !str_eat(&piece, S("-")) || !eat_minute(&piece, &to) ||
            piece.n)
            return FAIL(e, E_INPUT, "工作时间“%.*s”应写成 08:30-12:00, 13:30-17:30", SF(s));
        if (from < last || to <= from)
            return FAIL(e, E_INPUT, "工作时间“%.*s”应从早到晚，互不重叠", SF(s));
        h.span[h.n].from = from;
        h.span[h.n++].to = last = to;
    }
    if (h.n == 0)
        return FAIL(e, E_INPUT, "工作时间不能为空，应写成 08:30-12:00, 13:30-17:30");
    *out = h;
    return OK;
}

int64_t calendar_add_working(
    const struct calendar *cal, const struct work_hours *h, int64_t at_ms, int64_t ms)
{
    int32_t day = clock_day(at_ms, h->zone);

    assert(ms >= 0 && h->n > 0);
    if (ms == 0)
        return at_ms;
    for (;; day++) {
        int64_t midnight = clock_day_ms(day, h->zone);
        if (!calendar_workday(cal, day))
            continue;
        for (int i = 0; i < h->n; i++) {
            int64_t from = midnight + h->span[i].from * MS_MINUTE;
            int64_t to = midnight + h->span[i].to * MS_MINUTE;
            if (from < at_ms)
                from = at_ms;
            if (from >= to)
                continue;
            if (ms <= to - from)
                return from + ms;
            ms -= to - from;
        }
    }
}

static int64_t working_time(
    const struct calendar *cal, const struct work_hours *h, int64_t from_ms, int64_t to_ms)
{
    int64_t sum = 0;
    int32_t last = clock_day(to_ms, h->zone);

    for (int32_t day = clock_day(from_ms, h->zone); day <= last; day++) {
        int64_t midnight = clock_day_ms(day, h->zone);
        if (!calendar_workday(cal, day))
            continue;
        for (int i = 0; i < h->n; i++) {
            int64_t from = midnight + h->span[i].from * MS_MINUTE;
            int64_t to = midnight + h->span[i].to * MS_MINUTE;
            from = from < from_ms ? from_ms : from;
            to = to > to_ms ? to_ms : to;
            sum += to > from ? to - from : 0;
        }
    }
    return sum;
}

int64_t calendar_working_between(
    const struct calendar *cal, const struct work_hours *h, int64_t from_ms, int64_t to_ms)
{
    return to_ms < from_ms ? -working_time(cal, h, to_ms, from_ms)
                           : working_time(cal, h, from_ms, to_ms);
}

/* ---- limits ---- */

enum code limit_parse(struct str s, struct limit *out, struct err *e)
{
    struct str rest = str_trim(s), digits;
    struct limit l = {.working = str_eat_end(&rest, S("working"))};
    int64_t most = LIMIT_MAX_DAYS;
    char unit;

    rest = str_trim(rest);
    if (rest.n < 2)
        return FAIL(e, E_INPUT, "时限“%.*s”应写成 30m、4h working、3d、5d working 或 2w", SF(s));
    unit = rest.p[rest.n - 1];
    digits = str_sub(rest, 0, rest.n - 1);
    if (digits.p[0] < '0' || digits.p[0] > '9' || str_int(digits, &l.n, e) != OK ||
        (unit != 'm' && unit != 'h' && unit != 'd' && (unit != 'w' || l.working)))
        return FAIL(e, E_INPUT, "时限“%.*s”应写成 30m、4h working、3d、5d working 或 2w", SF(s));
    l.unit = unit == 'm' ? LIMIT_MINUTES : unit == 'h' ? LIMIT_HOURS : LIMIT_DAYS;
    if (unit == 'w')
        most = LIMIT_MAX_DAYS / 7;
    else if (unit != 'd') /* so that working time, a third of the clock, stays in reach */
        most = (int64_t)LIMIT_MAX_DAYS * (unit == 'h' ? 8 : 480);
    if (l.n > most)
        return FAIL(e, E_LIMIT, "时限“%.*s”超过上限 %d 天", SF(s), LIMIT_MAX_DAYS);
    if (unit == 'w')
        l.n *= 7;
    *out = l;
    return OK;
}

void limit_write_cn(struct buf *b, struct limit l)
{
    static const char *const name[][2] = {[LIMIT_MINUTES] = {"分钟", "个工作分钟"},
        [LIMIT_HOURS] = {"小时", "个工作小时"},
        [LIMIT_DAYS] = {"天", "个工作日"}};

    buf_int(b, l.n);
    buf_z(b, name[l.unit][l.working]);
}

int64_t calendar_add_limit(
    const struct calendar *cal, const struct work_hours *h, int64_t at_ms, struct limit l)
{
    int64_t ms = l.n * (l.unit == LIMIT_MINUTES ? MS_MINUTE : MS_HOUR);
    int32_t day = clock_day(at_ms, h->zone);

    assert(l.n >= 0 && l.n <= INT_MAX);
    if (l.unit != LIMIT_DAYS)
        return l.working ? calendar_add_working(cal, h, at_ms, ms) : at_ms + ms;
    if (!l.working)
        return at_ms + l.n * MS_DAY;
    return at_ms + (calendar_add_workdays(cal, day, (int)l.n) - day) * MS_DAY;
}
