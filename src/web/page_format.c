/* page_format.c - the layout of a file that was handed in to be checked, against the standard, and the mended file. */
#include <string.h>
#include <unistd.h>

#include "office/format.h"
#include "office/proof.h"
#include "web/check_original.h"
#include "web/route.h"

static bool still_there(const struct format_finding *x, const struct format_repaired *m)
{
    for (size_t k = 0; k < m->left.n; k++)
        if (m->left.v[k].rule == x->rule)
            return true;
    return m->docx.n == 0; /* none could be made */
}

/* The strictest first, as the file goes among those of one grade. */
static void fill(const struct format_report *r, const struct format_repaired *m, struct ctx *c,
    struct page_check_format *p)
{
    p->p0 = (int64_t)r->by_grade[FORMAT_P0];
    p->p1 = (int64_t)r->by_grade[FORMAT_P1];
    p->p2 = (int64_t)r->by_grade[FORMAT_P2];
    p->rows = ARENA_ARRAY(c->a, struct format_row, r->n + 1);
    for (size_t i = 0; i < r->n * N_FORMAT_GRADE; i++) {
        const struct format_finding *x = &r->v[i % r->n];
        if (x->rule->grade != (enum format_grade)(i / r->n))
            continue;
        p->rows[p->n_rows] = (struct format_row){.grade = str_z(format_grade_name(x->rule->grade)),
            .name = str_z(x->rule->name),
            .clause = str_z(x->rule->clause),
            .place = x->place,
            .times = (int64_t)x->times,
            .found = x->found,
            .right = x->right,
            .left = still_there(x, m)};
        p->left += p->rows[p->n_rows++].left;
    }
    p->mended = (int64_t)p->n_rows - p->left;
    if (m->n_notes)
        p->note = m->notes[0];
}

/* The report, and the mended file where one can be made: *why says why not. */
static enum code look(struct ctx *c, const struct proof *proof, struct format_report *r,
    struct format_repaired *m, struct err *why, struct err *e)
{
    struct reader_pool *readers = c->app->office->readers;
    enum code code;
    int fd;

    *m = (struct format_repaired){0};
    TRY(check_original(c, &fd, e));
    code = format_file(readers, c->a, fd, proof->file_name, r, e);
    if (code == OK && r->n && format_repair(readers, c->a, fd, proof->file_name, m, why) != OK)
        *m = (struct format_repaired){0};
    close(fd);
    return code;
}

static enum code take(struct ctx *c, struct proof *out, struct err *e)
{
    TRY(proof_get(c->app->office, c->a, c->v, c->id, out, e));
    if (!str_eq(out->format, S("docx")) || !out->blob.n)
        return FAIL(e, E_INPUT, "只有交来的 docx 文件才能检查版式");
    return OK;
}

enum code page_check_format(struct ctx *c, struct err *e)
{
    struct page_check_format p = {.id = c->id};
    struct format_repaired m;
    struct format_report r;
    struct proof proof;
    struct err why = {0};

    TRY(take(c, &proof, e));
    TRY(look(c, &proof, &r, &m, &why, e));
    p.title = proof.title;
    p.file_name = proof.file_name;
    fill(&r, &m, c, &p);
    if (why.msg[0])
        p.note = arena_str(c->a, str_z(why.msg));
    show_check_format(c, &p);
    return OK;
}

/* 关于××的通知.docx → 关于××的通知（版式改好）.docx */
static struct str mended_name(struct ctx *c, struct str name)
{
    struct str head = name, tail;

    (void)str_cut_last(name, S("."), &head, &tail);
    return arena_printf(c->a, "%.*s（版式改好）.docx", SF(head));
}

enum code page_check_mended(struct ctx *c, struct err *e)
{
    struct format_repaired m;
    struct proof proof;
    enum code code;
    int fd;

    TRY(take(c, &proof, e));
    TRY(check_original(c, &fd, e));
    code = format_repair(c->app->office->readers, c->a, fd, proof.file_name, &m, e);
    close(fd);
    TRY(code);
    res_text(&c->r->res, 200,
        S("application/vnd.openxmlformats-officedocument.wordprocessingml.document"), m.docx);
    ctx_attachment(c, mended_name(c, proof.file_name));
    return OK;
}
