/* duty_sheet.c - a month of the roster as a workbook. */
#include "office/duty_int.h"
#include "paper/xlsx_out.h"

static void put_row(struct xlsx_out *x, struct arena *a, const struct actor *by,
    const struct duty_shift *s, struct str warned)
{
    int zone = by->hours->zone;
    struct buf b;
    buf_init(&b, 0);
    xlsx_out_real(x, 0, s->day);
    day_write_short(&b, s->day);
    xlsx_out_text(x, 1, arena_str(a, buf_view(&b)));
    buf_release(&b);
    xlsx_out_text(x, 2, str_z(duty_sort_name(s->sort)));
    xlsx_out_text(x, 3, calendar_name(by->calendar, s->day));
    xlsx_out_real(x, 4, (double)(s->from_ms + zone * MS_MINUTE) / (double)MS_MINUTE);
    xlsx_out_real(x, 5, (double)(s->to_ms + zone * MS_MINUTE) / (double)MS_MINUTE);
    for (int i = 0; i < N_DUTY_SEAT; i++) {
        xlsx_out_text(x, 6 + 2 * (size_t)i, s->name[i]);
        xlsx_out_text(x, 7 + 2 * (size_t)i, s->phone[i]);
    }
    xlsx_out_text(x, 12, s->note);
    xlsx_out_text(x, 13, warned);
}

static struct str warned_text(
    struct arena *a, const struct duty_warning *v, size_t n, int64_t shift)
{
    struct str s = S("");
    for (size_t i = 0; i < n; i++)
        if (v[i].shift == shift)
            s = arena_printf(a, "%.*s%s%.*s", SF(s), s.n ? "；" : "", SF(v[i].text));
    return s;
}

static enum code write_rows(struct xlsx_out *x, struct db *db, struct arena *a,
    const struct actor *by, int32_t first, int32_t end, struct err *e)
{
    struct duty_shift *v;
    struct duty_warning *w;
    size_t n, n_w;
    bool phones = false;
    TRY(duty_list(db, a, clock_day_ms(first, by->hours->zone), clock_day_ms(end, by->hours->zone),
        &v, &n, e));
    TRY(duty_warnings(db, a, by, v, n, &w, &n_w, e));
    TRY(duty_sees_phones(db, by, &phones, e));
    for (size_t i = 0; i < n; i++) {
        for (int k = 0; k < N_DUTY_SEAT && !phones; k++)
            v[i].phone[k] = S("");
        put_row(x, a, by, &v[i], warned_text(a, w, n_w, v[i].id));
        TRY(xlsx_out_row(x, e));
    }
    return OK;
}

enum code duty_export(struct db *db, struct arena *a, const struct actor *by, int year, int month,
    const char *path, const char *tmp_dir, struct err *e)
{
    static const struct xlsx_head heads[] = {{.name = SC("日期"), .look = XLSX_DAY},
        {.name = SC("星期"), .width = 18}, {.name = SC("日子"), .width = 12},
        {.name = SC("节日"), .width = 10}, {.name = SC("起"), .look = XLSX_MINUTE},
        {.name = SC("止"), .look = XLSX_MINUTE}, {.name = SC("A岗"), .width = 12},
        {.name = SC("A岗电话"), .width = 16}, {.name = SC("B岗"), .width = 12},
        {.name = SC("B岗电话"), .width = 16}, {.name = SC("带班领导"), .width = 12},
        {.name = SC("带班领导电话"), .width = 16}, {.name = SC("备注"), .look = XLSX_LONG},
        {.name = SC("须留意"), .look = XLSX_LONG}};
    if (month < 1 || month > 12 || year < 1 || year > 9998)
        return FAIL(e, E_INPUT, "没有这个月份");
    int32_t first = day_num((struct day){year, month, 1});
    struct xlsx_sheet sheet = {.name = arena_printf(a, "%d年%d月值班表", year, month),
        .heads = heads,
        .n = sizeof(heads) / sizeof(*heads),
        .filter = true};
    struct xlsx_out *x = xlsx_out_open(path, tmp_dir);
    enum code c = xlsx_out_sheet(x, &sheet, e);
    if (c == OK)
        c = write_rows(x, db, a, by, first, first + day_month_len(year, month), e);
    if (c == OK)
        return xlsx_out_close(x, e);
    xlsx_out_drop(x);
    return c;
}
