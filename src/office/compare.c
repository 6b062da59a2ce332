#include "office/compare.h"

#include "office/access.h"
#include "office/audit.h"
#include "office/redline.h"

static bool is_older(const struct document *x, const struct document *y)
{
    int c = x->day.n && y->day.n ? str_cmp(x->day, y->day) : 0;

    return c < 0 || (c == 0 && x->id < y->id);
}

/* Both, the older first. */
static enum code read_both(struct office *o, struct arena *a, const struct viewer *v, int64_t one,
    int64_t other, struct library_reading both[2], struct err *e)
{
    if (one == other)
        return FAIL(e, E_INPUT, "请选择两件不同的资料来比较");
    TRY(library_read(o, a, v, one, S(""), &both[0], e));
    TRY(library_read(o, a, v, other, S(""), &both[1], e));
    if (!is_older(&both[0].doc, &both[1].doc)) {
        struct library_reading x = both[0];
        both[0] = both[1];
        both[1] = x;
    }
    return OK;
}

enum code library_compare(struct office *o, struct arena *a, const struct viewer *v, int64_t one,
    int64_t other, struct comparison *out, struct err *e)
{
    struct library_reading both[2] = {0};
    struct comparison c;

    TRY(read_both(o, a, v, one, other, both, e));
    c = (struct comparison){.older = both[0].doc,
        .newer = both[1].doc,
        .older_text = both[0].text,
        .newer_text = both[1].text};
    TRY(articles_compare(a, c.older_text, c.newer_text, &c.diff, e));
    *out = c;
    return OK;
}

enum code library_redline(struct office *o, struct arena *a, const struct viewer *v, int64_t one,
    int64_t other, struct str *docx, struct str *name, struct err *e)
{
    struct library_reading both[2] = {0};
    struct doc older = {0}, newer = {0};
    struct redline r = {0};
    struct diff d;
    struct str made;

    TRY(read_both(o, a, v, one, other, both, e));
    TRY(doc_decode_outline(a, both[0].structure, both[0].text, &older, e));
    TRY(doc_decode_outline(a, both[1].structure, both[1].text, &newer, e));
    TRY(redline_find(a,
        &(struct redline_sides){&older, &newer, both[0].doc.file_name, both[1].doc.file_name}, &d,
        &r, e));
    TRY(redline_docx(a, &r, &made, e));
    audit_access(o->store, v->person, ACCESS_DOWNLOAD, both[0].doc.id);
    audit_access(o->store, v->person, ACCESS_DOWNLOAD, both[1].doc.id);
    *name = library_file_name(a, &both[1].doc, S("（红线稿）"), S("docx"));
    *docx = made;
    return OK;
}
