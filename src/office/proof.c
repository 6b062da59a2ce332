#include "office/proof.h"

#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/sm3.h"
#include "base/utf8.h"
#include "office/audit.h"
#include "office/describe.h"
#include "office/term.h"
#include "office/wordlist.h"
#include "store/blob.h"

enum {
    PLACE_HEX = 32, /* digits kept of the digest of a place */
    AROUND_CP =
        8, /* characters on either side that tell a place from another with the same words */
    WORDS_BYTES_MAX = 2000,
    COMMENT_BYTES_MAX = 4096,
    COMMENT_SOURCE_CP = 300, /* of a source, in a comment */
};

static const char *const verdict_keys[N_VERDICT] = {"", "accepted", "once", "here", "never"};

const char *proof_verdict_key(enum proof_verdict v)
{
    return v < N_VERDICT ? verdict_keys[v] : "";
}

enum proof_verdict proof_verdict_of(struct str key)
{
    for (enum proof_verdict v = VERDICT_ACCEPTED; v < N_VERDICT; v++)
        if (str_eq(key, str_z(verdict_keys[v])))
            return v;
    return VERDICT_NONE;
}

static struct lex_date today(void)
{
    struct day d = clock_civil(clock_now_ms(), ZONE_CHINA).day;

    return (struct lex_date){d.y, d.m, d.d};
}

/* Documents that are the draft itself. */
static enum code own_copies(
    struct db *db, struct arena *a, struct str digest, struct quote_options *out, struct err *e)
{
    int64_t *ids = ARENA_ARRAY(a, int64_t, 1);

    if (digest.n == 0)
        return OK;
    TRY(document_by_blob(db, digest, ids, e));
    out->exclude = ids;
    out->n_exclude = *ids != 0;
    return OK;
}

static enum code check_with(struct office *o, struct arena *a, const struct viewer *v,
    const struct proof_input *in, const struct lexicon *lexicon, struct proof_report *out,
    struct err *e)
{
    struct check_options options = {
        .day = in->day, .today = today(), .genre = in->genre, .classes = in->classes};
    struct rule_setting *settings;
    struct terms *terms = NULL;
    struct quote_options quote = {0};
    struct proof_report r = {0};
    struct checker c;
    struct db *db;
    enum code code;
    int64_t began;

    TRY(store_read(o->store, &db, e));
    code = rulebook_settings(db, a, &settings, &options.n_settings, e);
    if (code == OK)
        code = term_tables(db, a, &terms, e);
    if (code == OK)
        code = own_copies(db, a, in->digest, &quote, e);
    store_read_end(db);
    TRY(code);
    options.settings = settings;
    options.tables.terms = terms;
    options.tables.lexicon = lexicon;
    began = clock_mono_us();
    TRY(draft_read(a, in->text, in->kinds, &r.draft, e));
    checker_begin(&c, a, &r.draft, &options, &r.check);
    checker_run(&c);
    r.us_rules = clock_mono_us() - began;
    began = clock_mono_us();
    TRY(quote_check(o, v, &c, &quote, &r.match, e));
    checker_end(&c);
    r.behind = quote.behind;
    r.us_library = clock_mono_us() - began;
    TRY(library_coverage(o, a, v, &r.coverage, &r.n_coverage, &r.documents, e));
    *out = r;
    return OK;
}

enum code proof_check(struct office *o, struct arena *a, const struct viewer *v,
    const struct proof_input *in, struct proof_report *out, struct err *e)
{
    struct wordlist_read *words;
    struct str problem;
    enum code code;

    TRY(access_require(v, ACT_CHECK, e));
    if (in->lexicon)
        return check_with(o, a, v, in, in->lexicon, out, e);
    TRY(wordlist_take(o->words, &words, e));
    problem = arena_str(a, wordlist_problem(words));
    code = check_with(o, a, v, in, wordlist_lexicon(words), out, e);
    wordlist_give(o->words, words); /* findings keep nothing of it */
    if (code == OK)
        out->words_problem = problem;
    return code;
}

static struct str comment_of(struct arena *a, const struct finding *f)
{
    struct buf b;
    struct str s;

    buf_init(&b, COMMENT_BYTES_MAX);
    buf_printf(&b, "【%s·%s】%.*s", check_level_name(f->level), check_class_name(f->rule->cls),
        SF(f->message));
    if (f->source && f->source->title.n)
        buf_printf(&b, "\n出处：《%.*s》%.*s", SF(f->source->title), SF(f->source->label));
    if (f->source && f->source->end_cp > f->source->begin_cp)
        buf_printf(&b, "\n原文：%.*s",
            SF(str_sub(f->source->text, 0, utf8_off(f->source->text, COMMENT_SOURCE_CP))));
    buf_printf(&b, "\n依据：%s（%s，规则%s）", f->rule->basis,
        check_strength_name(f->rule->strength), f->rule->id);
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

struct annotate_list proof_annotations(struct arena *a, const struct finding *const *v, size_t n)
{
    struct annotation *notes;

    n = n < ANNOTATIONS_MAX ? n : ANNOTATIONS_MAX;
    notes = ARENA_ARRAY(a, struct annotation, n + 1);
    for (size_t i = 0; i < n; i++)
        notes[i] = (struct annotation){v[i]->begin, v[i]->end, comment_of(a, v[i]),
            v[i]->n_suggestions ? v[i]->suggestions[0] : S(""), v[i]->n_suggestions == 1};
    return (struct annotate_list){
        .author = S("前哨审校"), .at_ms = clock_now_ms(), .v = notes, .n = n};
}

/* ---- kept ---- */

static struct str place_of(struct arena *a, const struct draft *d, const struct finding *f)
{
    size_t before = f->begin > AROUND_CP ? f->begin - AROUND_CP : 0;
    struct str s =
        arena_printf(a, "%s|%.*s|%.*s|%.*s", f->rule->id, SF(draft_str(d, before, f->begin)),
            SF(draft_str(d, f->begin, f->end)), SF(draft_str(d, f->end, f->end + AROUND_CP)));
    struct digest digest = sm3(s);
    char hex[SM3_HEX + 1];

    return arena_str(a, str_sub(digest_hex(&digest, hex), 0, PLACE_HEX));
}

static struct str words_of(const struct draft *d, const struct finding *f)
{
    struct str s = draft_str(d, f->begin, f->end);

    return s.n > WORDS_BYTES_MAX ? S("") : s;
}

struct adding {
    const struct proof_new *in;
    struct viewer v;
    struct proof p;
    struct blob_source *blob; /* NULL: pasted */
    const struct proof_report *report;
    struct str *places;
};

static enum code note_findings(struct db *db, const struct adding *x, struct err *e)
{
    const struct check *c = &x->report->check;

    for (size_t i = 0; i < c->n; i++) {
        struct stmt *q = db_sql(db,
            "INSERT INTO proof_finding (proof, rule, place, words, verdict, decided_by, decided)"
            " VALUES (?1, ?2, ?3, ?4, 0, 0, 0) ON CONFLICT (proof, rule, place) DO NOTHING");
        int64_t changed = 0;
        stmt_bind_int(q, 1, x->p.id);
        stmt_bind_str(q, 2, str_z(c->v[i].rule->id));
        stmt_bind_str(q, 3, x->places[i]);
        stmt_bind_str(q, 4, words_of(&x->report->draft, &c->v[i]));
        TRY(stmt_run(q, &changed, e));
        if (changed)
            TRY(rulebook_count(db, str_z(c->v[i].rule->id), 1, 0, 0, e));
    }
    return OK;
}

static enum code add_fn(struct db *db, void *arg, struct err *e)
{
    struct adding *x = arg;
    struct stmt *q;

    if (x->blob)
        TRY(blob_put(db, x->blob, NULL, e));
    q = db_sql(db,
        "INSERT INTO proof (id, title, file_name, format, blob, text, outline, day, genre, owner, "
        "made,"
        " chars, deleted) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0)");
    stmt_bind_int(q, 1, x->p.id);
    stmt_bind_str(q, 2, x->p.title);
    stmt_bind_str(q, 3, x->p.file_name);
    stmt_bind_str(q, 4, x->p.format);
    stmt_bind_str(q, 5, x->p.blob);
    stmt_bind_str(q, 6, x->p.text);
    stmt_bind_blob(q, 7, x->p.outline);
    stmt_bind_str(q, 8, x->p.day);
    stmt_bind_int(q, 9, x->p.genre);
    stmt_bind_int(q, 10, x->p.owner);
    stmt_bind_int(q, 11, x->p.made_ms);
    stmt_bind_int(q, 12, x->p.chars);
    TRY(stmt_run(q, NULL, e));
    TRY(note_findings(db, x, e));
    return audit_simple(db, x->v.person, "proof.add", "proof", x->p.id, S(""), e);
}

/* What the page calls it: the title read from the text, else the file's name, else its first words. */
static struct str title_of(struct arena *a, const struct draft *d, struct str file_name)
{
    struct str s = d->meta.title.text.n ? d->meta.title.text : file_name;

    for (size_t i = 0; s.n == 0 && i < d->n_lines; i++)
        s = str_trim(draft_str(d, d->lines[i].begin, d->lines[i].end));
    s = str_sub(s, 0, utf8_off(s, PROOF_TITLE_CP_MAX));
    return s.n ? arena_str(a, s) : S("无题文稿");
}

static enum code read_day(struct str day, struct lex_date *out, struct err *e)
{
    struct day d;

    *out = (struct lex_date){0};
    if (day.n == 0)
        return OK;
    TRY(day_parse(day, &d, e));
    *out = (struct lex_date){d.y, d.m, d.d};
    return OK;
}

enum code proof_add(struct office *o, struct arena *a, const struct viewer *v,
    const struct proof_new *in, int64_t *id, struct err *e)
{
    struct doc pasted = {.format = FORMAT_TXT};
    const struct doc *d = in->doc ? in->doc : &pasted;
    struct adding x = {.in = in, .v = *v};
    struct proof_input input = {.text = in->text, .genre = in->genre};
    struct proof_report report;
    struct blob_source blob;
    struct buf outline;
    const char *secret;

    TRY(access_require(v, ACT_CHECK, e));
    if (str_trim(in->text).n == 0)
        return FAIL(e, E_INPUT, "没有可以检查的文字，请粘贴文稿或选择文件");
    secret = describe_secret(d, in->text, in->file_name);
    if (secret)
        return FAIL(
            e, E_SECRET, "文稿带有“%s”标志，本平台不处理涉密文件，请在涉密计算机上办理", secret);
    TRY(read_day(in->day, &input.day, e));
    if (in->fd >= 0) {
        TRY(blob_hash_fd(in->fd, &blob, e));
        x.blob = &blob;
        input.digest = str_z(blob.hex);
    }
    input.kinds = in->doc ? describe_kinds(a, in->doc) : NULL;
    TRY(proof_check(o, a, v, &input, &report, e));
    buf_init(&outline, 0);
    if (in->doc)
        doc_encode_outline(in->doc, &outline);
    x.report = &report;
    x.places = ARENA_ARRAY(a, struct str, report.check.n + 1);
    for (size_t i = 0; i < report.check.n; i++)
        x.places[i] = place_of(a, &report.draft, &report.check.v[i]);
    x.p = (struct proof){.id = id_next(),
        .title = title_of(a, &report.draft, in->file_name),
        .file_name = in->file_name,
        .format = in->doc ? str_z(doc_format_name(in->doc->format)) : S(""),
        .blob = x.blob ? str_z(blob.hex) : S(""),
        .text = in->text,
        .outline = arena_str(a, buf_view(&outline)),
        .day = in->day,
        .genre = in->genre,
        .owner = v->person,
        .made_ms = clock_now_ms(),
        .chars = (int64_t)report.draft.n};
    buf_release(&outline);
    TRY(store_write(o->store, add_fn, &x, e));
    *id = x.p.id;
    return OK;
}

#define PROOF_COLUMNS                                                                          \
    "p.id, p.title, p.file_name, p.format, p.blob, p.day, p.genre, p.owner, p.made, p.chars, " \
    "(SELECT n.name FROM person n WHERE n.id = p.owner),"                                      \
    " (SELECT count(*) FROM proof_finding f WHERE f.proof = p.id AND f.verdict = 0)"

static struct proof read_row(struct stmt *q, struct arena *a)
{
    return (struct proof){.id = stmt_int(q, 0),
        .title = arena_str(a, stmt_str(q, 1)),
        .file_name = arena_str(a, stmt_str(q, 2)),
        .format = arena_str(a, stmt_str(q, 3)),
        .blob = arena_str(a, stmt_str(q, 4)),
        .day = arena_str(a, stmt_str(q, 5)),
        .genre = (int)stmt_int(q, 6),
        .owner = stmt_int(q, 7),
        .made_ms = stmt_int(q, 8),
        .chars = stmt_int(q, 9),
        .owner_name = arena_str(a, stmt_str(q, 10)),
        .open = stmt_int(q, 11)};
}

static enum code get(struct db *db, struct arena *a, const struct viewer *v, int64_t id,
    struct proof *out, struct err *e)
{
    struct stmt *q =
        db_sql(db, "SELECT " PROOF_COLUMNS
                   ", p.text, p.outline FROM proof p WHERE p.id = ?1 AND p.deleted = 0");
    struct proof p = {0};
    bool may = false;

    stmt_bind_int(q, 1, id);
    if (stmt_step(q)) {
        p = read_row(q, a);
        p.text = arena_str(a, stmt_str(q, 12));
        p.outline = arena_str(a, stmt_blob(q, 13));
    }
    TRY(stmt_end(q, e));
    if (p.id)
        TRY(access_document(db, v, 0, LEVEL_WORK_SECRET, p.owner, &may, e));
    if (!may)
        return FAIL(e, E_NOTFOUND, "文稿不存在，可能已被删除");
    *out = p;
    return OK;
}

enum code proof_get(struct office *o, struct arena *a, const struct viewer *v, int64_t id,
    struct proof *out, struct err *e)
{
    struct db *db;
    enum code c;

    TRY(store_read(o->store, &db, e));
    c = get(db, a, v, id, out, e);
    store_read_end(db);
    return c;
}

static enum code list(struct db *db, struct arena *a, const struct viewer *v, int64_t before,
    size_t limit, struct proof **out, size_t *n, struct err *e)
{
    struct proof *all = NULL, *kept = ARENA_ARRAY(a, struct proof, limit + 1);
    size_t n_all = 0, cap = 0, k = 0;

    while (k < limit) {
        struct stmt *q = db_sql(db,
            "SELECT " PROOF_COLUMNS " FROM proof p WHERE p.deleted = 0 AND (?1 = 0 OR p.id < ?1)"
            " ORDER BY p.id DESC LIMIT ?2");
        size_t from = n_all;
        stmt_bind_int(q, 1, before);
        stmt_bind_int(q, 2, PROOF_LIST_MAX);
        while (stmt_step(q))
            ARENA_PUSH(a, all, n_all, cap) = read_row(q, a);
        TRY(stmt_end(q, e));
        for (size_t i = from; i < n_all && k < limit; i++) {
            bool may = false;
            TRY(access_document(db, v, 0, LEVEL_WORK_SECRET, all[i].owner, &may, e));
            if (may)
                kept[k++] = all[i];
        }
        if (n_all - from < PROOF_LIST_MAX)
            break;
        before = all[n_all - 1].id;
    }
    *out = kept;
    *n = k;
    return OK;
}

enum code proof_list(struct office *o, struct arena *a, const struct viewer *v, int64_t before,
    size_t limit, struct proof **out, size_t *n, struct err *e)
{
    struct db *db;
    enum code c;

    TRY(access_require(v, ACT_CHECK, e));
    TRY(store_read(o->store, &db, e));
    c = list(db, a, v, before, limit < PROOF_LIST_MAX ? limit : PROOF_LIST_MAX, out, n, e);
    store_read_end(db);
    return c;
}

static int64_t places_of(struct str text, struct str form)
{
    struct str head, rest = text;
    int64_t n = 0;

    while (form.n && str_cut(rest, form, &head, &rest))
        n++;
    return n;
}

static enum code holding(struct db *db, struct arena *a, const struct viewer *v,
    const struct str *forms, size_t n_forms, struct proof_held *out, size_t *n, struct err *e)
{
    struct stmt *q =
        db_sql(db, "SELECT " PROOF_COLUMNS
                   ", p.text FROM proof p WHERE p.deleted = 0 ORDER BY p.id DESC LIMIT ?1");
    struct proof_held *all = ARENA_ARRAY(a, struct proof_held, PROOF_HOLDING_SCAN);
    size_t n_all = 0;

    stmt_bind_int(q, 1, PROOF_HOLDING_SCAN);
    while (stmt_step(q)) {
        struct proof_held x = {0};
        for (size_t i = 0; i < n_forms; i++) {
            int64_t places = places_of(stmt_str(q, 12), forms[i]);
            if (places && !x.places)
                x.form = forms[i];
            x.places += places;
        }
        if (!x.places)
            continue;
        x.p = read_row(q, a);
        all[n_all++] = x;
    }
    TRY(stmt_end(q, e));
    *n = 0;
    for (size_t i = 0; i < n_all && *n < PROOF_HOLDING_MAX; i++) {
        bool may = false;
        TRY(access_document(db, v, 0, LEVEL_WORK_SECRET, all[i].p.owner, &may, e));
        if (may)
            out[(*n)++] = all[i];
    }
    return OK;
}

enum code proof_holding(struct office *o, struct arena *a, const struct viewer *v,
    const struct str *forms, size_t n_forms, struct proof_held **out, size_t *n, struct err *e)
{
    struct db *db;
    enum code c;

    *out = ARENA_ARRAY(a, struct proof_held, PROOF_HOLDING_MAX);
    *n = 0;
    if (n_forms == 0 || !access_may(v, ACT_CHECK))
        return OK;
    TRY(store_read(o->store, &db, e));
    c = holding(db, a, v, forms, n_forms, *out, n, e);
    store_read_end(db);
    return c;
}

struct removing {
    struct viewer v;
    int64_t id;
};

static enum code remove_fn(struct db *db, void *arg, struct err *e)
{
    struct removing *x = arg;
    struct stmt *q = db_sql(db, "UPDATE proof SET deleted = 1 WHERE id = ?1");

    stmt_bind_int(q, 1, x->id);
    TRY(stmt_run(q, NULL, e));
    return audit_simple(db, x->v.person, "proof.remove", "proof", x->id, S(""), e);
}

/* E_NOTFOUND unless the viewer may see it. */
static enum code require(
    struct office *o, const struct viewer *v, int64_t id, char blob[SM3_HEX + 1], struct err *e)
{
    struct arena a;
    struct proof p = {0};
    enum code c;

    arena_init(&a);
    c = proof_get(o, &a, v, id, &p, e);
    if (c == OK && blob) {
        memcpy(blob, p.blob.p ? p.blob.p : "", p.blob.n);
        blob[p.blob.n] = 0;
    }
    arena_release(&a);
    return c;
}

enum code proof_remove(struct office *o, const struct viewer *v, int64_t id, struct err *e)
{
    struct removing x = {*v, id};

    TRY(require(o, v, id, NULL, e));
    return store_write(o->store, remove_fn, &x, e);
}

enum code proof_original(
    struct office *o, const struct viewer *v, int64_t id, int fd, struct err *e)
{
    char blob[SM3_HEX + 1];
    struct db *db;
    enum code c;

    TRY(require(o, v, id, blob, e));
    if (!blob[0])
        return FAIL(e, E_NOTFOUND, "这篇文稿是粘贴进来的，没有原文件");
    TRY(store_read(o->store, &db, e));
    c = blob_read_fd(db, str_z(blob), fd, e);
    store_read_end(db);
    return c;
}

/* ---- decisions ---- */

struct decision {
    struct str rule, place, words, by_name;
    enum proof_verdict verdict;
    int64_t at_ms;
};

static enum code decisions(
    struct db *db, struct arena *a, int64_t proof, struct decision **out, size_t *n, struct err *e)
{
    struct stmt *q = db_sql(db,
        "SELECT f.rule, f.place, f.words, f.verdict, f.decided, p.name FROM proof_finding f"
        " LEFT JOIN person p ON p.id = f.decided_by WHERE f.proof = ?1 AND f.verdict > 0");
    struct decision *v = NULL;
    size_t k = 0, cap = 0;

    stmt_bind_int(q, 1, proof);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = (struct decision){.rule = arena_str(a, stmt_str(q, 0)),
            .place = arena_str(a, stmt_str(q, 1)),
            .words = arena_str(a, stmt_str(q, 2)),
            .verdict = (enum proof_verdict)stmt_int(q, 3),
            .at_ms = stmt_int(q, 4),
            .by_name = arena_str(a, stmt_str(q, 5))};
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

static const struct decision *decided(
    const struct decision *v, size_t n, const struct proof_finding *f, struct str words)
{
    struct str rule = str_z(f->f->rule->id);

    for (size_t i = 0; i < n;
         i++) /* what was said of this very place holds before what was said of its words */
        if (str_eq(v[i].rule, rule) && str_eq(v[i].place, f->key))
            return &v[i];
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i].rule, rule) && v[i].verdict == VERDICT_HERE && words.n &&
            str_eq(v[i].words, words))
            return &v[i];
    return NULL;
}

static bool never(const struct rule_never *v, size_t n, const struct finding *f, struct str words)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i].text, words) && str_eq(v[i].rule, str_z(f->rule->id)))
            return true;
    return false;
}

static enum code load_kept(struct office *o, struct arena *a, int64_t id, struct decision **d,
    size_t *n_d, struct rule_never **nv, size_t *n_nv, struct err *e)
{
    struct db *db;
    enum code c;

    TRY(store_read(o->store, &db, e));
    c = decisions(db, a, id, d, n_d, e);
    if (c == OK)
        c = rulebook_never_list(db, a, nv, n_nv, e);
    store_read_end(db);
    return c;
}

enum code proof_view(struct office *o, struct arena *a, const struct viewer *v,
    const struct proof *p, struct proof_report *report, struct proof_finding **out, size_t *n,
    size_t *n_never, struct err *e)
{
    struct proof_input in = {.text = p->text, .genre = p->genre, .digest = p->blob};
    struct decision *made;
    struct rule_never *nv;
    size_t n_made, n_nv, k = 0, hidden = 0;
    struct proof_finding *list_;
    struct doc d;

    TRY(read_day(p->day, &in.day, e));
    if (p->outline.n) {
        TRY(doc_decode_outline(a, p->outline, p->text, &d, e));
        in.kinds = describe_kinds(a, &d);
    }
    TRY(proof_check(o, a, v, &in, report, e));
    TRY(load_kept(o, a, p->id, &made, &n_made, &nv, &n_nv, e));
    list_ = ARENA_ARRAY(a, struct proof_finding, report->check.n + 1);
    for (size_t i = 0; i < report->check.n; i++) {
        const struct finding *f = &report->check.v[i];
        struct str words = words_of(&report->draft, f);
        struct proof_finding x = {.f = f, .key = place_of(a, &report->draft, f)};
        const struct decision *dec;
        if (words.n && never(nv, n_nv, f, words)) {
            hidden++;
            continue;
        }
        dec = decided(made, n_made, &x, words);
        if (dec) {
            x.verdict = dec->verdict;
            x.by_name = dec->by_name;
            x.at_ms = dec->at_ms;
        }
        list_[k++] = x;
    }
    *out = list_;
    *n = k;
    *n_never = hidden;
    return OK;
}

enum code proof_glance(struct office *o, struct arena *a, const struct viewer *v,
    const struct proof_input *in, struct proof_report *report, struct proof_finding **out,
    size_t *n, size_t *n_never, struct err *e)
{
    struct rule_never *nv = NULL;
    struct db *db;
    size_t n_nv = 0;
    enum code code;

    *n = *n_never = 0;
    TRY(proof_check(o, a, v, in, report, e));
    TRY(store_read(o->store, &db, e));
    code = rulebook_never_list(db, a, &nv, &n_nv, e);
    store_read_end(db);
    TRY(code);
    *out = ARENA_ARRAY(a, struct proof_finding, report->check.n + 1);
    for (size_t i = 0; i < report->check.n; i++) {
        const struct finding *f = &report->check.v[i];
        struct str words = words_of(&report->draft, f);
        if (words.n && never(nv, n_nv, f, words))
            ++*n_never;
        else
            (*out)[(*n)++] = (struct proof_finding){.f = f, .key = place_of(a, &report->draft, f)};
    }
    return OK;
}

struct deciding {
    struct viewer v;
    int64_t id;
    struct str rule, place, words;
    enum proof_verdict verdict;
};

static int accepts(enum proof_verdict v)
{
    return v == VERDICT_ACCEPTED;
}

static int ignores(enum proof_verdict v)
{
    return v > VERDICT_ACCEPTED;
}

static enum code decide_fn(struct db *db, void *arg, struct err *e)
{
    const struct deciding *x = arg;
    struct stmt *q = db_sql(
        db, "SELECT verdict FROM proof_finding WHERE proof = ?1 AND rule = ?2 AND place = ?3");
    enum proof_verdict was = VERDICT_NONE;
    bool found;

    stmt_bind_int(q, 1, x->id);
    stmt_bind_str(q, 2, x->rule);
    stmt_bind_str(q, 3, x->place);
    found = stmt_step(q);
    if (found)
        was = (enum proof_verdict)stmt_int(q, 0);
    TRY(stmt_end(q, e));
    q = db_sql(db,
        "INSERT INTO proof_finding (proof, rule, place, words, verdict, decided_by, decided)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (proof, rule, place)"
        " DO UPDATE SET verdict = ?5, decided_by = ?6, decided = ?7");
    stmt_bind_int(q, 1, x->id);
    stmt_bind_str(q, 2, x->rule);
    stmt_bind_str(q, 3, x->place);
    stmt_bind_str(q, 4, x->words);
    stmt_bind_int(q, 5, x->verdict);
    stmt_bind_int(q, 6, x->v.person);
    stmt_bind_int(q, 7, clock_now_ms());
    TRY(stmt_run(q, NULL, e));
    TRY(rulebook_count(db, x->rule, !found, accepts(x->verdict) - accepts(was),
        ignores(x->verdict) - ignores(was), e));
    if (x->verdict == VERDICT_NEVER)
        TRY(rulebook_never(db, &x->v, x->rule, x->words, e));
    return OK;
}

enum code proof_decide(struct office *o, const struct viewer *v, int64_t id, struct str rule,
    struct str key, struct str words, enum proof_verdict verdict, struct err *e)
{
    struct deciding x = {*v, id, rule, key, words, verdict};

    TRY(require(o, v, id, NULL, e));
    if (!check_rule(rule))
        return FAIL(e, E_INPUT, "没有编号为“%.*s”的规则", SF(rule));
    if (key.n != PLACE_HEX || words.n > WORDS_BYTES_MAX)
        return FAIL(e, E_INPUT, "这一处的标识不对，请刷新页面后再试");
    return store_write(o->store, decide_fn, &x, e);
}
