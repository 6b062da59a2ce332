#include "office/register.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "office/describe.h"
#include "office/item_link.h"
#include "office/library.h"
#include "office/original.h"
#include "office/person.h"
#include "text/meta.h"

enum {
    CORE_CP = 6,     /* of a title, by which those that may be near are found */
    CORE_CP_MIN = 4, /* fewer are in every second title */
    LOOKED_AT = 20,
    PAIRS_MAX = 400
};

/* ---- what a file says ---- */

static enum urgency urgency_of(struct str word)
{
    if (str_eq(word, S("特急")) || str_eq(word, S("特提")))
        return URGENCY_URGENT;
    if (str_eq(word, S("加急")) || str_eq(word, S("急件")))
        return URGENCY_FAST;
    return str_eq(word, S("平急")) ? URGENCY_NORMAL : URGENCY_NONE;
}

static void take(struct arena *a, const struct doc *d, struct str text, struct str name,
    struct register_reading *out)
{
    struct description what;
    struct meta m;
    const struct document *x = &what.fresh.d;

    describe(a, d, text, name, &what);
    meta_read(a, text, describe_kinds(a, d), &m);
    out->title = x->title;
    out->sender = x->issuer_name;
    out->docno = x->docno;
    out->written = x->day;
    out->genre = genre_name(x->genre);
    out->urgency = urgency_of(m.urgency.text);
}

static struct str text_of(struct arena *a, const struct doc *d)
{
    struct buf b;
    buf_init(&b, 0);
    doc_text(d, &b);
    struct str s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

/* Line by line the same, numbers put right: what stands on which line is asked of the document as it was read. */
static struct str mended(struct arena *a, struct str text)
{
    struct str line, rest = text;
    struct buf b;

    buf_init(&b, 0);
    while (str_next(&rest, S("\n"), &line)) {
        if (!docno_of_ocr(line, &b))
            buf_str(&b, line);
        buf_char(&b, '\n');
    }
    struct str s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

/* The picture's text by OCR; what it cannot do is said and no failure: the clerk has the paper before him. */
static enum code read_scan(
    struct office *o, struct arena *a, int fd, struct register_reading *out, struct err *e)
{
    struct doc d = {0};
    struct err why;
    enum code code = reader_ocr(o->readers, a, fd, out->file.name, &d, &why);

    if (code != OK) {
        out->note = code == E_NOTFOUND
                        ? S("扫描件：本机没有装文字识别，请照件填写")
                        : arena_printf(a, "扫描件没有识别出来（%s），请照件填写", why.msg);
        return OK;
    }
    struct str text = text_of(a, &d);
    const char *secret = describe_secret(&d, text, out->file.name);
    if (secret)
        return FAIL(e, E_SECRET,
            "识别出密级“%s”，本系统严禁存储、处理国家秘密，请走涉密渠道；文件没有保存", secret);
    out->scanned = true;
    if (str_trim(text).n)
        take(a, &d, mended(a, text), out->file.name, out);
    else
        out->note = S("扫描件没有识别出文字，请照件填写");
    return OK;
}

enum code register_read(struct office *o, struct arena *a, int fd, struct str name,
    struct register_reading *out, struct err *e)
{
    struct register_reading r = {0};
    struct doc d = {0};
    bool read = false;

    TRY(item_file_judge_doc(o, a, fd, name, &r.file, &d, &read, e));
    if (read && d.image_only) {
        TRY(read_scan(o, a, fd, &r, e));
    } else {
        struct str text = read ? text_of(a, &d) : S("");
        if (str_trim(text).n)
            take(a, &d, text, r.file.name, &r);
        else
            r.note = S("文件里没有读出文字，请照件填写");
    }
    *out = r;
    return OK;
}

/* ---- titles that are near ---- */

/* Letters, digits and characters alone, as pairs. */
static size_t pairs_of(struct str s, uint64_t *out)
{
    size_t n = 0, at = 0;
    uint32_t last = 0;

    while (at < s.n && n < PAIRS_MAX) {
        uint32_t cp = utf8_next(s, &at);
        if (cp >= 0xFF01 && cp <= 0xFF5E)
            cp -= 0xFEE0;
        bool counts = utf8_is_han(cp) || (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') ||
                      (cp >= 'A' && cp <= 'Z');
        if (!counts)
            continue;
        if (last)
            out[n++] = (uint64_t)last << 32 | cp;
        last = cp;
    }
    return n;
}

static int by_pair(const void *x, const void *y)
{
    const uint64_t *a = x, *b = y;
    return *a < *b ? -1 : *a > *b;
}

int register_alike(struct str a, struct str b)
{
    uint64_t x[PAIRS_MAX], y[PAIRS_MAX];
    size_t n = pairs_of(a, x), m = pairs_of(b, y), common = 0;

    if (!n || !m)
        return 0;
    qsort(x, n, sizeof(*x), by_pair);
    qsort(y, m, sizeof(*y), by_pair);
    for (size_t i = 0, j = 0; i < n && j < m;) {
        int c = by_pair(&x[i], &y[j]);
        common += c == 0;
        i += c <= 0;
        j += c >= 0;
    }
    return (int)(200 * common / (n + m));
}

/* What the paper is about: between 关于 and the last 的. */
static struct str subject_of(struct str title)
{
    struct str s = str_trim(title), head, tail;

    if (str_cut(s, S("关于"), &head, &tail))
        s = tail;
    if (str_cut_last(s, S("的"), &head, &tail) && head.n)
        s = head;
    return s;
}

/* Its beginning or its end; empty where it is too short to look for. */
static struct str core_of(struct str title, bool end)
{
    struct str s = subject_of(title);
    size_t n = utf8_len_cp(s);

    if (n < CORE_CP_MIN)
        return S("");
    if (!end || n <= CORE_CP)
        return str_sub(s, 0, utf8_off(s, CORE_CP));
    return str_sub(s, utf8_off(s, n - CORE_CP), s.n);
}

/* ---- what is there already ---- */

struct known {
    struct office *o;
    struct arena *a;
    struct db *db;
    const struct actor *by;
    const struct register_new *r;
    struct register_known *v;
    size_t n;
};

static void add(struct known *k, const struct register_known *x)
{
    for (size_t i = 0; i < k->n; i++)
        if ((x->item && k->v[i].item == x->item) || (x->doc && k->v[i].doc == x->doc))
            return;
    if (k->n < REGISTER_KNOWN_MAX)
        k->v[k->n++] = *x;
}

static struct str day_of_item(struct known *k, const struct item *it)
{
    char iso[DAY_ISO_SIZE];
    return arena_str(k->a, day_iso(day_of(clock_day(it->opened_ms, k->by->hours->zone)), iso));
}

/* Papers of one series differ by a word; where both bear a number, and another one, only the very same title is worth a question. */
static bool near_enough(const struct known *k, struct str title, struct str docno)
{
    bool numbered = docno.n && k->r->docno.n && !str_eq(docno, k->r->docno);
    return register_alike(title, k->r->subject) >= (numbered ? 100 : REGISTER_NEAR_PERCENT);
}

static void add_item(struct known *k, enum register_why why, const struct item *it)
{
    struct err none;
    json_t *o = NULL;
    struct str sender = S(""), docno = S("");

    if (jr_parse(it->fields, &o, &none) == OK) {
        sender = arena_str(k->a, jr_str(o, "sender"));
        docno = arena_str(k->a, jr_str(o, "docno"));
    }
    json_decref(o);
    if (why == KNOWN_TITLE && !near_enough(k, it->title, docno))
        return;
    add(k, &(struct register_known){.why = why,
               .item = it->id,
               .number = it->number,
               .title = it->title,
               .sender = sender,
               .day = day_of_item(k, it)});
}

static enum code items_by_number(struct known *k, struct err *e)
{
    struct item_filter f = {.kind = S(REGISTER_KIND),
        .field = S("docno"),
        .value = k->r->docno,
        .descending = true,
        .uncounted = true};
    struct item_page page;

    if (!k->r->docno.n)
        return OK;
    TRY(item_list(k->db, k->a, k->by, &f, REGISTER_KNOWN_MAX, &page, e));
    for (size_t i = 0; i < page.n; i++)
        add_item(k, KNOWN_DOCNO, &page.items[i]);
    return OK;
}

static enum code items_by_bytes(struct known *k, struct str blob, struct err *e)
{
    int64_t *ids;
    struct item *v;
    size_t n;

    if (!blob.n)
        return OK;
    TRY(item_file_same(k->db, k->a, blob, REGISTER_KNOWN_MAX, &ids, &n, e));
    TRY(item_get_many(k->db, k->a, k->by, ids, n, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        add_item(k, KNOWN_BYTES, &v[i]);
    return OK;
}

static enum code items_by_title(struct known *k, struct err *e)
{
    for (int end = 0; end < 2; end++) {
        struct item_filter f = {.kind = S(REGISTER_KIND),
            .text = core_of(k->r->subject, end),
            .opened_from_ms = k->by->now_ms - REGISTER_NEAR_DAYS * MS_DAY,
            .descending = true,
            .uncounted = true};
        struct item_page page;
        if (!f.text.n)
            return OK;
        TRY(item_list(k->db, k->a, k->by, &f, LOOKED_AT, &page, e));
        for (size_t i = 0; i < page.n; i++)
            add_item(k, KNOWN_TITLE, &page.items[i]);
    }
    return OK;
}

static void add_doc(struct known *k, enum register_why why, const struct document *d)
{
    add(k, &(struct register_known){.why = why,
               .doc = d->id,
               .number = d->docno,
               .title = d->title,
               .sender = d->issuer_name,
               .day = d->day});
}

static enum code doc_by_bytes(struct known *k, struct str blob, struct err *e)
{
    struct document d;
    int64_t id = 0;
    bool may = false;

    if (blob.n)
        TRY(document_by_blob(k->db, blob, &id, e));
    if (!id)
        return OK;
    TRY(document_get(k->db, k->a, id, &d, e));
    TRY(access_document(k->db, k->by->v, id, (int)d.level, d.registrar, &may, e));
    if (may)
        add_doc(k, KNOWN_BYTES, &d);
    else
        add(k, &(struct register_known){.why = KNOWN_BYTES});
    return OK;
}

/* The library asks for a reader of its own. */
static enum code docs_named(struct known *k, struct str text, enum register_why why, struct err *e)
{
    struct library_page page = {0};

    if (!text.n)
        return OK;
    TRY(library_titled(k->o, k->a, k->by->v, text, LOOKED_AT, &page, e));
    for (size_t i = 0; i < page.n; i++) {
        const struct document *d = &page.hits[i].doc;
        if (why == KNOWN_DOCNO ? str_eq(d->docno, text) : near_enough(k, d->title, d->docno))
            add_doc(k, why, d);
    }
    return OK;
}

static enum code known_items(struct known *k, struct str blob, struct err *e)
{
    TRY(items_by_number(k, e));
    TRY(items_by_bytes(k, blob, e));
    TRY(doc_by_bytes(k, blob, e));
    return items_by_title(k, e);
}

static struct str docno_written(struct arena *a, struct str typed)
{
    struct docno d;
    struct err none;
    struct buf b;

    typed = str_trim(typed);
    if (docno_parse(typed, &d, &none) != OK)
        return typed;
    buf_init(&b, 0);
    docno_print(&d, &b);
    struct str s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

enum code register_known(struct office *o, struct arena *a, const struct actor *by,
    const struct register_new *r, struct str blob, struct register_known **out, size_t *n,
    struct err *e)
{
    struct register_new clean = *r;
    struct known k = {.o = o,
        .a = a,
        .by = by,
        .r = &clean,
        .v = ARENA_ARRAY(a, struct register_known, REGISTER_KNOWN_MAX)};

    clean.docno = docno_written(a, r->docno);
    TRY(store_read(o->store, &k.db, e));
    enum code code = known_items(&k, blob, e);
    store_read_end(k.db);
    TRY(code);
    TRY(docs_named(&k, clean.docno, KNOWN_DOCNO, e));
    TRY(docs_named(&k, core_of(clean.subject, false), KNOWN_TITLE, e));
    *out = k.v;
    *n = k.n;
    return OK;
}

/* ---- days ---- */

/* 1120, 11.20, 11-20, 11/20, 11月20日 */
static bool month_day(struct str s, int *month, int *day)
{
    struct str rest = s;

    if (s.n == 4 && str_eat_digits(&rest, 2, 2, month) && str_eat_digits(&rest, 2, 2, day))
        return !rest.n;
    rest = s;
    if (!str_eat_digits(&rest, 1, 2, month))
        return false;
    if (!str_eat(&rest, S(".")) && !str_eat(&rest, S("-")) && !str_eat(&rest, S("/")) &&
        !str_eat(&rest, S("月")))
        return false;
    if (!str_eat_digits(&rest, 1, 2, day))
        return false;
    (void)str_eat(&rest, S("日"));
    return !rest.n;
}

enum code register_day(
    struct arena *a, struct str typed, int32_t today, bool ahead, struct str *out, struct err *e)
{
    char iso[DAY_ISO_SIZE];
    struct str s = str_trim(typed), rest = s;
    struct day d = day_of(today);
    int days, month, day;

    if (!s.n) {
        *out = s;
        return OK;
    }
    if (str_eat(&rest, S("+")) && str_eat_digits(&rest, 1, 3, &days) && !rest.n) {
        d = day_of(today + days);
    } else if (month_day(s, &month, &day)) {
        int year = d.y;
        d = (struct day){year, month, day};
        if (ahead && day_valid(d) && day_num(d) < today)
            d.y = year + 1;
        else if (!ahead && day_valid(d) && day_num(d) > today)
            d.y = year - 1;
        if (!day_valid(d))
            return FAIL(e, E_INPUT, "没有“%.*s”这一天，请核对", SF(s));
    } else {
        TRY(day_parse(s, &d, e));
    }
    *out = arena_str(a, day_iso(d, iso));
    return OK;
}

/* ---- saving ---- */

static void set(json_t *o, const char *field, struct str v)
{
    if (v.n)
        json_object_set_new(o, field, json_stringn(v.p, v.n));
}

static void set_id(json_t *o, struct arena *a, const char *field, int64_t id)
{
    if (id)
        set(o, field, arena_printf(a, "%lld", (long long)id));
}

static json_t *fields_of(struct arena *a, const struct register_new *r)
{
    json_t *o = json_object();

    set(o, "subject", str_trim(r->subject));
    set(o, "sender", str_trim(r->sender));
    set(o, "docno", docno_written(a, r->docno));
    set(o, "genre", str_trim(r->genre));
    set(o, "written", str_trim(r->written));
    set(o, "received", str_trim(r->received));
    set(o, "class", r->task ? S("办件") : S("阅件"));
    if (r->task)
        set(o, "reply", r->reply ? S("需答复") : S("不需答复"));
    set(o, r->reply ? "reply_due" : "due", str_trim(r->due));
    if (r->copies)
        set_id(o, a, "copies", r->copies);
    set_id(o, a, "original", r->doc);
    if (r->file)
        json_object_set_new(
            o, "files", json_pack("[s]", arena_z(a, arena_printf(a, "%lld", (long long)r->file))));
    return o;
}

static enum code check(const struct actor *by, const struct register_new *r, struct err *e)
{
    struct day got, written;
    struct str due = str_trim(r->due);

    if (!str_trim(r->subject).n)
        return FAIL(e, E_INPUT, "没有填写来文标题");
    if (!str_trim(r->sender).n)
        return FAIL(e, E_INPUT, "没有填写来文单位");
    if (!day_from_iso(str_trim(r->received), &got))
        return FAIL(e, E_INPUT, "收到日期不对，应是2026-07-13这样的日期");
    if (day_num(got) > clock_day(by->now_ms, by->hours->zone))
        return FAIL(e, E_INPUT, "收到日期还没有到，请核对");
    if (day_from_iso(str_trim(r->written), &written) && day_num(written) > day_num(got))
        return FAIL(e, E_INPUT, "成文日期在收到日期之后，请核对");
    if (!r->task && due.n)
        return FAIL(e, E_INPUT, "阅件没有期限：要办的请选办件，否则清空期限");
    if (r->reply && !due.n)
        return FAIL(e, E_INPUT, "需答复的没有填写期限");
    if (r->copies < 0 || r->copies > REGISTER_COPIES_MAX)
        return FAIL(e, E_LIMIT, "纸质份数在0到%d之间", REGISTER_COPIES_MAX);
    return OK;
}

static enum code open_and_register(struct db *db, struct arena *a, const struct actor *by,
    const struct register_new *r, json_t *fields, int64_t *id, struct err *e)
{
    struct item_open o = {
        .kind = S(REGISTER_KIND), .fields = fields, .level = LEVEL_INTERNAL, .urgency = r->urgency};
    struct item_move m = {.move = S("register")};
    struct item it;

    TRY(item_open(db, by, &o, id, e));
    if (r->doc)
        TRY(item_link_add(db, by,
            &(struct item_link){.from = {.kind = LINK_ITEM, .id = *id},
                .to = {.kind = LINK_DOCUMENT, .id = r->doc},
                .relation = S("依据")},
            e));
    TRY(item_get(db, a, by, *id, &it, e));
    TRY(item_move(db, by, *id, it.revision, &m, e));
    return r->copies ? original_make(db, by, *id, r->copies, NULL, e) : OK;
}

enum code register_save(
    struct db *db, const struct actor *by, const struct register_new *r, int64_t *id, struct err *e)
{
    struct arena a;
    int64_t fresh = 0;

    TRY(access_require(by->v, ACT_IMPORT, e));
    TRY(check(by, r, e));
    arena_init(&a);
    json_t *fields = fields_of(&a, r);
    enum code code = open_and_register(db, &a, by, r, fields, &fresh, e);
    json_decref(fields);
    arena_release(&a);
    if (code == OK)
        *id = fresh;
    return code;
}

/* ---- who sent something before ---- */

enum code register_senders(struct db *db, struct arena *a, const struct actor *by,
    struct register_sender **out, size_t *n, struct err *e)
{
    struct item_value_count *v;
    size_t k;

    TRY(access_require(by->v, ACT_IMPORT, e));
    TRY(item_values(db, a, S(REGISTER_KIND), S("sender"), REGISTER_SENDERS_MAX, &v, &k, e));
    struct register_sender *s = ARENA_ARRAY(a, struct register_sender, k + 1);
    for (size_t i = 0; i < k; i++)
        s[i] = (struct register_sender){v[i].text, initials_of(a, v[i].text), v[i].items};
    *out = s;
    *n = k;
    return OK;
}
