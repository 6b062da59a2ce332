#include "office/kind_newer.h"

#include "base/buf.h"
#include "base/json.h"
#include "office/audit.h"
#include "text/threeway.h"

static const char now_file[] = "已发布的事项种类", base_file[] = "原来自带的事项种类",
                  delivered_file[] = "程序自带的事项种类";

/* ---- the three texts ---- */

struct texts {
    struct kind_row now;
    struct str base, delivered;
};

/* A built-in file bears the name of its kind. */
static bool delivered_of(struct str kind, struct str *yaml)
{
    const char *file;

    for (size_t i = 0; kind_builtin(i, yaml, &file); i++) {
        struct str name = str_z(file);
        if (str_starts(name, kind) && str_eq(str_sub(name, kind.n, name.n), S(".yaml")))
            return true;
    }
    return false;
}

/* *differ: the program delivers something else than what the office began from. */
static enum code texts_get(
    struct db *db, struct arena *a, struct str kind, struct texts *t, bool *differ, struct err *e)
{
    *differ = false;
    TRY(kind_row_get(db, a, kind, 0, &t->now, e));
    if (!delivered_of(kind, &t->delivered))
        return OK;
    TRY(kind_seeded(db, a, kind, &t->base, e));
    /* a kind of the office's own that bears the name of a delivered one began from nothing of ours */
    *differ = t->base.n && !str_eq(t->base, t->delivered);
    return OK;
}

/* ---- merging ---- */

struct knobs {
    struct kind_knob *v;
    size_t n;
};

static const struct kind_knob *knob_of(const struct knobs *k, struct str path)
{
    for (size_t i = 0; i < k->n; i++)
        if (str_eq(k->v[i].path, path))
            return &k->v[i];
    return NULL;
}

static struct str knob_place(struct arena *a, const struct kind_knob *k)
{
    return k->owner.n ? arena_printf(a, "%.*s“%.*s”：%.*s", SF(k->group), SF(k->owner), SF(k->name))
                      : k->name;
}

/* Several words that stand on lines of their own, on one. */
static struct str one_line(struct arena *a, struct str shown)
{
    struct str line, s = S("");

    while (str_next(&shown, S("\n"), &line))
        s = s.n ? arena_printf(a, "%.*s、%.*s", SF(s), SF(line)) : line;
    return s;
}

static struct newer_row knob_row(
    struct arena *a, const struct kind_knob *before, const struct kind_knob *after)
{
    bool flag = after->type == KNOB_FLAG;

    return (struct newer_row){NEWER_CHANGED, knob_place(a, after),
        !flag             ? one_line(a, before->shown)
        : before->value.n ? S("是")
                          : S("否"),
        !flag            ? one_line(a, after->shown)
        : after->value.n ? S("是")
                         : S("否")};
}

/* What the office turned, as changes; the new words of the delivered text are left where nobody turned. */
struct turned {
    struct kind_change *v, *left; /* left: those whose place the delivered text still has */
    size_t n, n_left;
    struct newer_row *kept;
    size_t n_kept;
};

static void turned_read(struct arena *a, const struct knobs *base, const struct knobs *mine,
    const struct knobs *theirs, struct turned *t)
{
    t->v = ARENA_ARRAY(a, struct kind_change, mine->n + 1);
    t->left = ARENA_ARRAY(a, struct kind_change, mine->n + 1);
    t->kept = ARENA_ARRAY(a, struct newer_row, mine->n + 1);
    for (size_t i = 0; i < mine->n; i++) {
        const struct kind_knob *m = &mine->v[i];
        const struct kind_knob *was = knob_of(base, m->path), *new = knob_of(theirs, m->path);
        if (!was || str_eq(was->value, m->value))
            continue;
        t->v[t->n++] = (struct kind_change){m->path, m->value};
        if (!new)
            continue;
        t->left[t->n_left++] = t->v[t->n - 1];
        if (!str_eq(new->value, was->value) && !str_eq(new->value, m->value))
            t->kept[t->n_kept++] = knob_row(a, m, new);
    }
}

/* Turn in both texts what the office turned, so that only what it wrote besides is left to be merged by lines. A text in which it
 * cannot be turned (a value over several lines) leaves both as they are. */
static enum code turn_knobs(
    struct arena *a, const struct texts *t, struct texts *to, struct kind_newer *out, struct err *e)
{
    struct knobs base, mine, theirs;
    struct turned turned = {0};
    struct err none;

    *to = *t;
    TRY(kind_knobs(a, t->base, base_file, &base.v, &base.n, e));
    TRY(kind_knobs(a, t->now.yaml, now_file, &mine.v, &mine.n, e));
    TRY(kind_knobs(a, t->delivered, delivered_file, &theirs.v, &theirs.n, e));
    turned_read(a, &base, &mine, &theirs, &turned);
    if (kind_patch(a, t->base, base_file, turned.v, turned.n, &to->base, &none) != OK ||
        kind_patch(a, t->delivered, delivered_file, turned.left, turned.n_left, &to->delivered,
            &none) != OK) {
        *to = *t;
        return OK;
    }
    out->kept = turned.kept;
    out->n_kept = turned.n_kept;
    return OK;
}

static enum code merge(
    struct arena *a, const struct texts *t, struct kind_newer *out, struct err *e)
{
    struct texts turned;
    struct newer_row *kept;
    struct threeway w;
    struct kind *k;
    struct err wrong;

    TRY(turn_knobs(a, t, &turned, out, e));
    TRY(threeway_merge(a, turned.base, t->now.yaml, turned.delivered, &w, e));
    out->merged = w.text;
    kept = ARENA_ARRAY(a, struct newer_row, out->n_kept + w.n_both + 1);
    for (size_t i = 0; i < out->n_kept; i++)
        kept[i] = out->kept[i];
    for (size_t i = 0; i < w.n_both; i++)
        kept[out->n_kept++] =
            (struct newer_row){NEWER_CHANGED, S("文件里的几行"), w.both[i].mine, w.both[i].theirs};
    out->kept = kept;
    if (kind_read(a, w.text, "合并后的种类", &k, &wrong) != OK)
        out->problem = arena_str(a, str_z(wrong.msg));
    return OK;
}

/* ---- what it changes ---- */

/* The name of a field, state, move ...: with it, the whole thing comes or goes. */
static bool names_a_thing(const struct kind_knob *k)
{
    return k->owner.n && str_ends(k->path, S("/name"));
}

static enum code fill_rows(
    struct arena *a, const struct texts *t, struct kind_newer *out, struct err *e)
{
    struct knobs x, y;

    TRY(kind_knobs(a, t->now.yaml, now_file, &x.v, &x.n, e));
    TRY(kind_knobs(a, out->merged, delivered_file, &y.v, &y.n, e));
    out->rows = ARENA_ARRAY(a, struct newer_row, x.n + y.n + 1);
    for (size_t i = 0; i < y.n; i++) {
        const struct kind_knob *was = knob_of(&x, y.v[i].path);
        if (was && !str_eq(was->value, y.v[i].value))
            out->rows[out->n_rows++] = knob_row(a, was, &y.v[i]);
        else if (!was && names_a_thing(&y.v[i]))
            out->rows[out->n_rows++] =
                (struct newer_row){NEWER_ADDED, y.v[i].group, S(""), y.v[i].owner};
    }
    for (size_t i = 0; i < x.n; i++)
        if (names_a_thing(&x.v[i]) && !knob_of(&y, x.v[i].path))
            out->rows[out->n_rows++] =
                (struct newer_row){NEWER_GONE, x.v[i].group, x.v[i].owner, S("")};
    return OK;
}

static enum code read_newer(
    struct arena *a, const struct texts *t, struct kind_newer *out, struct err *e)
{
    out->now = t->now.version;
    out->delivered = t->delivered;
    TRY(merge(a, t, out, e));
    out->any = !str_eq(out->merged, t->now.yaml) || out->n_kept;
    if (!out->problem.n)
        TRY(fill_rows(a, t, out, e));
    out->plus = kind_lines_only(a, out->merged, t->now.yaml, &out->n_plus);
    out->minus = kind_lines_only(a, t->now.yaml, out->merged, &out->n_minus);
    return OK;
}

enum code kind_newer_get(
    struct db *db, struct arena *a, struct str kind, struct kind_newer *out, struct err *e)
{
    struct kind_newer newer = {0};
    struct texts t;
    bool differ;

    TRY(texts_get(db, a, kind, &t, &differ, e));
    if (differ)
        TRY(read_newer(a, &t, &newer, e));
    *out = newer.any ? newer : (struct kind_newer){.now = t.now.version};
    return OK;
}

enum code kind_newer_any(struct db *db, struct arena *a, struct str kind, bool *any, struct err *e)
{
    struct kind_newer newer;

    TRY(kind_newer_get(db, a, kind, &newer, e));
    *any = newer.any;
    return OK;
}

/* ---- taking over ---- */

static enum code note(
    struct db *db, const struct kind_row *row, int64_t version, int64_t by, struct err *e)
{
    struct buf b;
    struct jw j;
    enum code c;

    buf_init(&b, 0);
    jw_init(&j, &b);
    jw_obj(&j);
    jw_kstr(&j, "kind", row->kind);
    jw_kint(&j, "from", row->version);
    jw_kint(&j, "version", version);
    jw_end(&j);
    c = audit_simple(db, by, "kind.renew", "kind", row->id, buf_view(&b), e);
    buf_release(&b);
    return c;
}

static enum code take(struct db *db, struct arena *a, struct str kind, int64_t seen, int64_t by,
    int64_t *version, struct err *e)
{
    struct kind_draft d = {.kind = kind, .file = delivered_file};
    struct kind_newer newer;
    struct kind_row row;
    int64_t made;

    TRY(kind_newer_get(db, a, kind, &newer, e));
    TRY(kind_row_get(db, a, kind, 0, &row, e));
    if (seen && seen != row.version)
        return FAIL(e, E_CONFLICT, "“%.*s”刚刚发布了第%lld版，请刷新看过再采用", SF(row.name),
            (long long)row.version);
    if (!newer.any)
        return FAIL(e, E_NOTFOUND, "“%.*s”没有程序新带来的内容", SF(row.name));
    if (newer.problem.n)
        return FAIL(e, E_INPUT, "本单位的改动和新带来的内容合不到一起（%.*s），请在文件里改",
            SF(newer.problem));
    d.yaml = newer.delivered;
    TRY(kind_publish(db, &d, &made, e));
    d.yaml = newer.merged; /* the same where the office changed nothing: no second version */
    d.by = by;
    TRY(kind_publish(db, &d, &made, e));
    TRY(note(db, &row, made, by, e));
    *version = made;
    return OK;
}

enum code kind_newer_take(
    struct db *db, struct str kind, int64_t seen, int64_t by, int64_t *version, struct err *e)
{
    struct arena a;
    enum code c;

    arena_init(&a);
    c = take(db, &a, kind, seen, by, version, e);
    arena_release(&a);
    return c;
}
