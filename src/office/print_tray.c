/* Offsets of printers and trays, and the sheet they are measured on. */
#include "base/id.h"
#include "base/utf8.h"
#include "office/audit.h"
#include "office/print_run.h"
#include "paper/layout_out.h"

#define COLUMNS                                                               \
    "t.id, t.printer, t.tray, t.preprinted, t.shift_x, t.shift_y, t.changed," \
    " coalesce(p.name, '')"
#define FROM " FROM print_tray t LEFT JOIN person p ON p.id = t.changed_by"

static struct print_tray row(struct stmt *q, struct arena *a)
{
    return (struct print_tray){.id = stmt_int(q, 0),
        .printer = arena_str(a, stmt_str(q, 1)),
        .tray = arena_str(a, stmt_str(q, 2)),
        .preprinted = stmt_int(q, 3) != 0,
        .shift_x = stmt_int(q, 4),
        .shift_y = stmt_int(q, 5),
        .changed_ms = stmt_int(q, 6),
        .changed_name = arena_str(a, stmt_str(q, 7))};
}

enum code print_tray_list(
    struct db *db, struct arena *a, struct print_tray **out, size_t *n, struct err *e)
{
    struct print_tray *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " ORDER BY t.printer, t.tray LIMIT ?1");
    stmt_bind_int(q, 1, PRINT_TRAYS_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row(q, a);
    *out = v;
    *n = k;
    return stmt_end(q, e);
}

enum code print_tray_get(
    struct db *db, struct arena *a, int64_t id, struct print_tray *out, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE t.id = ?1");
    bool there;
    stmt_bind_int(q, 1, id);
    there = stmt_step(q);
    if (there)
        *out = row(q, a);
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_NOTFOUND, "没有这台打印机和纸盒");
}

static enum code judge(const struct actor *by, const struct print_tray *t, struct err *e)
{
    if (!by->v->owner && !(by->v->roles & (ROLE_CHIEF | ROLE_SECRETARY)))
        return FAIL(e, E_DENIED, "打印机和纸盒由秘书科登记");
    if (!t->printer.n || !t->tray.n)
        return FAIL(e, E_INPUT, "打印机和纸盒都要填写");
    if (utf8_len_cp(t->printer) > PRINT_TRAY_CP_MAX || utf8_len_cp(t->tray) > PRINT_TRAY_CP_MAX)
        return FAIL(e, E_LIMIT, "打印机和纸盒的名称最多%d个字", PRINT_TRAY_CP_MAX);
    if (t->shift_x < -PRINT_SHIFT_MAX || t->shift_x > PRINT_SHIFT_MAX ||
        t->shift_y < -PRINT_SHIFT_MAX || t->shift_y > PRINT_SHIFT_MAX)
        return FAIL(e, E_INPUT, "偏移超过%d毫米，请检查量的尺寸", PRINT_SHIFT_MAX / 100);
    return OK;
}

/* Those that stand beside the one that is saved, and whether that one stands. */
static enum code check_room(struct db *db, int64_t id, struct err *e)
{
    int64_t all = 0, there = 0;
    struct stmt *q = db_sql(db,
        "SELECT count(*), coalesce(sum(CASE WHEN id = ?1 THEN 1 ELSE 0 END), 0) FROM print_tray");
    stmt_bind_int(q, 1, id);
    if (stmt_step(q)) {
        all = stmt_int(q, 0);
        there = stmt_int(q, 1);
    }
    TRY(stmt_end(q, e));
    if (id && !there)
        return FAIL(e, E_NOTFOUND, "这个纸盒已经删去，请另登记");
    return !id && all >= PRINT_TRAYS_MAX ? FAIL(e, E_LIMIT, "最多登记%d个纸盒", PRINT_TRAYS_MAX)
                                         : OK;
}

enum code print_tray_save(struct db *db, const struct actor *by, const struct print_tray *given,
    int64_t *id, struct err *e)
{
    struct print_tray t = *given;
    t.printer = str_trim(t.printer);
    t.tray = str_trim(t.tray);
    TRY(judge(by, &t, e));
    TRY(check_room(db, t.id, e));
    *id = t.id ? t.id : id_next();
    struct stmt *q = db_sql(db,
        "INSERT INTO print_tray(id, printer, tray, preprinted, shift_x, shift_y, changed,"
        " changed_by) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(id) DO UPDATE SET"
        " printer = excluded.printer, tray = excluded.tray, preprinted = excluded.preprinted,"
        " shift_x = excluded.shift_x, shift_y = excluded.shift_y, changed = excluded.changed,"
        " changed_by = excluded.changed_by");
    stmt_bind_int(q, 1, *id);
    stmt_bind_str(q, 2, t.printer);
    stmt_bind_str(q, 3, t.tray);
    stmt_bind_int(q, 4, t.preprinted);
    stmt_bind_int(q, 5, t.shift_x);
    stmt_bind_int(q, 6, t.shift_y);
    stmt_bind_int(q, 7, by->now_ms);
    stmt_bind_int(q, 8, by->v->person);
    TRY(stmt_run(q, NULL, e));
    return audit_simple(db, by->v->person, "print_tray.save", "print_tray", *id, S("{}"), e);
}

enum code print_tray_drop(struct db *db, const struct actor *by, int64_t id, struct err *e)
{
    struct print_tray t = {.printer = S("x"), .tray = S("x")};
    int64_t n = 0;
    TRY(judge(by, &t, e));
    struct stmt *q = db_sql(db, "DELETE FROM print_tray WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    TRY(stmt_run(q, &n, e));
    return n ? audit_simple(db, by->v->person, "print_tray.drop", "print_tray", id, S("{}"), e)
             : FAIL(e, E_NOTFOUND, "这个纸盒已经删去");
}

/* ---- the sheet ---- */

enum { RULER_MM = 20, WORDS_MAX = 120, RULES = 4 * RULER_MM + 8, RUNS = 8 };

static void rule(struct layout_page *p, double x1, double y1, double x2, double y2)
{
    p->rules[p->n_rules++] = (struct layout_rule){x1, y1, x2, y2, 0.15, 0};
}

/* One line of words, every character its own width. */
static void words(
    struct arena *a, struct faces *f, struct layout_page *p, double x, double y, struct str text)
{
    enum { PT = 12 };
    float *advance = ARENA_ARRAY(a, float, WORDS_MAX);
    size_t n = 0;
    for (size_t at = 0; at < text.n && n < WORDS_MAX;) {
        uint32_t cp = utf8_next(text, &at);
        advance[n++] = (float)(face_glyph(f, FACE_SONG, cp)->em * PT * MM_PER_PT);
    }
    p->runs[p->n_runs++] = (struct layout_run){.face = FACE_SONG,
        .pt = PT,
        .x = x,
        .y = y,
        .narrow = 1,
        .text = text,
        .advance = advance,
        .n = n,
        .from = SIZE_MAX};
}

enum code print_tray_sheet(
    struct arena *a, struct faces *f, const struct print_tray *t, struct buf *pdf, struct err *e)
{
    const double at = PRINT_CROSS_MM;
    struct layout_page page = {.rules = ARENA_ARRAY(a, struct layout_rule, RULES),
        .runs = ARENA_ARRAY(a, struct layout_run, RUNS)};
    struct layout l = {.width = 210, .height = 297, .pages = &page, .n = 1};
    rule(&page, at - RULER_MM, at, at + RULER_MM, at);
    rule(&page, at, at - RULER_MM, at, at + RULER_MM);
    for (int i = -RULER_MM; i <= RULER_MM; i++) {
        double long_mm = i % 5 ? 1.5 : 3;
        rule(&page, at + i, at - long_mm, at + i, at);
        rule(&page, at - long_mm, at + i, at, at + i);
    }
    words(a, f, &page, 30, 95,
        arena_printf(a, "套红校准页　%.*s　%.*s", SF(t->printer), SF(t->tray)));
    words(a, f, &page, 30, 105, S("用这台打印机、这个纸盒，按实际大小（不缩放）打印在A4纸上。"));
    words(a, f, &page, 30, 113,
        S("用尺量：一、十字的竖线到纸左边的距离；二、十字的横线到纸上边的距离。"));
    words(a, f, &page, 30, 121,
        S("两个数都应是50毫米。把量到的数填回系统，以后印到这个纸盒时自动补上差数。"));
    struct layout_pdf o = {.title = S("套红校准页")};
    return layout_pdf(&l, f, &o, pdf, e);
}
