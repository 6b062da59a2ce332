#include "office/final_copy.h"

#include "base/calendar.h"
#include "office/manuscript_file.h"
#include "office/person.h"
#include "office/print_run.h"
#include "office/seal.h"
#include "office/typeset.h"
#include "store/blob.h"

#include <string.h>

enum { NOTES_MAX = 10 };

struct filling {
    struct db *db;
    struct arena *a;
    struct final_copy *c;
    json_t *fields;
    int64_t printed_ms;
};

static void note(struct filling *f, struct str s)
{
    if (f->c->n_notes < NOTES_MAX)
        f->c->notes[f->c->n_notes++] = s;
}

static struct str day_words(struct arena *a, int64_t ms)
{
    struct day d = clock_civil(ms, ZONE_CHINA).day;
    return arena_printf(a, "%d年%d月%d日", d.y, d.m, d.d);
}

/* What the text says otherwise is replaced, and said. */
static void put(struct filling *f, const char *what, struct str *to, struct str is)
{
    if (to->n && !str_eq(*to, is))
        note(f, arena_printf(f->a, "%s按规则填为“%.*s”，文稿里是“%.*s”", what, SF(is), SF(*to)));
    *to = is;
}

static enum code put_signer(struct filling *f, struct err *e)
{
    struct official *d = &f->c->doc;
    struct person p;
    if (!str_eq(jr_str(f->fields, "direction"), S("上行文"))) {
        if (d->n_signers)
            note(f, S("不是上行文，不标签发人"));
        d->n_signers = 0;
        return OK;
    }
    TRY(person_get(f->db, f->a, f->c->text.final_by, &p, e));
    d->signers = ARENA_ARRAY(f->a, struct str, 1);
    d->signers[0] = p.name;
    d->n_signers = 1;
    return OK;
}

static enum code png_of(struct filling *f, struct str blob, struct str *out, struct err *e)
{
    struct buf b;
    buf_init(&b, SEAL_PNG_MAX + 1);
    enum code c = blob_read(f->db, blob, &b, e);
    *out = arena_str(f->a, buf_view(&b));
    buf_release(&b);
    return c;
}

static enum code put_seals(struct filling *f, struct err *e)
{
    struct official *d = &f->c->doc;
    struct seal_use *v;
    size_t n;
    TRY(seal_uses(f->db, f->a, f->c->it.id, &f->c->text, &v, &n, e));
    for (size_t i = 0; i < n && i < d->n_signatures; i++) {
        TRY(png_of(f, v[i].blob, &d->signatures[i].png, e));
        d->seal = v[i].stamp ? OFFICIAL_STAMPED : OFFICIAL_SEALED;
    }
    if (n > d->n_signatures)
        note(f, S("用印多于署名，多出的印章图片没有排上"));
    return OK;
}

static enum code fill(struct filling *f, struct err *e)
{
    struct official *d = &f->c->doc;
    struct str issuer = str_trim(jr_str(f->fields, "issuer"));
    int urgency = f->c->it.urgency;
    put(f, "发文字号", &d->docno, f->c->it.number);
    put(f, "成文日期", &d->date, day_words(f->a, f->c->text.final_ms));
    if (issuer.n)
        put(f, "印发机关", &d->printer, arena_str(f->a, issuer));
    if (d->printer.n)
        put(f, "印发日期", &d->printed, day_words(f->a, f->printed_ms));
    if (urgency == URGENCY_FAST || urgency == URGENCY_URGENT)
        put(f, "紧急程度", &d->urgency, str_z(item_urgency_name((enum urgency)urgency)));
    TRY(put_signer(f, e));
    return put_seals(f, e);
}

enum code final_copy_read(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct final_copy *out, struct err *e)
{
    struct filling f = {.db = db, .a = a, .c = out};
    struct manuscript_version v;
    struct typeset_read told;
    *out = (struct final_copy){.notes = ARENA_ARRAY(a, struct str, NOTES_MAX)};
    TRY(item_get(db, a, by, item, &out->it, e));
    TRY(item_text(db, a, by, item, &out->text, e));
    if (!out->text.final)
        return FAIL(e, E_CONFLICT, "还没有签发，没有正本");
    if (!out->it.number.n)
        return FAIL(e, E_CONFLICT, "还没有编号，没有正本");
    TRY(manuscript_version_get(db, a, by, out->text.final, &v, &out->body, e));
    if (!str_eq(str_z(v.digest), out->text.final_digest))
        return FAIL(e, E_BUG, "正本与签发的第%lld稿不符，请联系系统管理员",
            (long long)out->text.final_number);
    TRY(typeset_read(a, out->body, NULL, &out->doc, &told, e));
    out->n_files = manuscript_files_listed(a, v.files, &out->files);
    TRY(manuscript_files_fill(db, a, out->files, out->n_files, &out->doc, e));
    TRY(print_first(db, item, out->text.final, &f.printed_ms, e));
    if (!f.printed_ms)
        f.printed_ms = by->now_ms;
    TRY(jr_parse(out->it.fields, &f.fields, e));
    enum code c = fill(&f, e);
    json_decref(f.fields);
    return c == OK ? official_check(&out->doc, e) : c;
}

/* ---- on paper ---- */

enum code final_copy_lay(struct arena *a, struct faces *f, const struct final_copy *c,
    const struct final_sheet *s, struct layout *out, struct err *e)
{
    struct official_style style;
    struct official d = c->doc;
    struct layout one;
    int64_t copies = s->first_no && s->copies > 1 ? s->copies : 1;
    if (copies > FINAL_NUMBERED_MAX)
        return FAIL(e, E_LIMIT, "带份号一次最多印%d份", FINAL_NUMBERED_MAX);
    official_style_of(d.form, &style);
    style.preprinted = s->preprinted;
    style.shift_x = s->shift_x;
    style.shift_y = s->shift_y;
    for (int64_t i = 0; i < copies; i++) {
        if (s->first_no)
            d.copy_no = arena_printf(a, "%06lld", (long long)s->first_no + (long long)i);
        TRY(layout_make(a, f, &d, &style, i ? &one : out, e));
        if (!i)
            continue;
        struct layout_page *pages = ARENA_ARRAY(a, struct layout_page, out->n + one.n);
        memcpy(pages, out->pages, out->n * sizeof(*pages));
        memcpy(pages + out->n, one.pages, one.n * sizeof(*pages));
        out->pages = pages;
        out->n += one.n;
    }
    return OK;
}

struct str final_copy_fonts(struct arena *a, const struct layout *l)
{
    struct str s = S("");
    for (size_t i = 0; i < l->n_faces; i++) {
        const struct face_used *u = &l->faces[i];
        if (u->substituted)
            s = arena_printf(a, "%.*s%s本机没有%s，用“%.*s”代替", SF(s), s.n ? "\n" : "",
                face_name(u->face), SF(u->family));
        if (u->n_strange)
            s = arena_printf(a, "%.*s%s%s“%.*s”缺%zu个字，用其他字体补上", SF(s), s.n ? "\n" : "",
                face_name(u->face), SF(u->family), u->n_strange);
    }
    return s;
}
