#include "paper/job.h"

#include "base/utf8.h"

enum {
    WARN_BYTES = 4096,
    PROPERTY_CP = 1000,
    NAME_PIECE = 255,
    RATIO_MAX = 250, /* text of one letter packs 1,000 to 1; real documents stay below 60 */
    RATIO_FREE = 16 * 1 << 20, /* bytes unpacked before the ratio counts */
};

void job_init(struct job *j, struct arena *a, const struct reader_limits *lim, struct err *e)
{
    *j = (struct job){.a = a, .lim = lim, .e = e};
    buf_init(&j->warn, WARN_BYTES);
}

enum code job_end(struct job *j, struct doc *out)
{
    if (j->failed == OK) {
        j->d.warnings = arena_str(j->a, buf_view(&j->warn));
        *out = j->d;
    }
    buf_release(&j->warn);
    return j->failed;
}

/* ---- text ---- */

/* What a code point becomes: 0 drops it. */
enum clean_as { AS_TEXT, AS_CELL, AS_ROW };
static uint32_t clean_cp(uint32_t cp, enum clean_as as)
{
    bool row = as != AS_TEXT;

    if (cp == '\t')
        return as == AS_CELL ? ' ' : cp;
    if (cp == '\n')
        return row ? ' ' : cp;
    if (cp == '\r' || cp == '\v' || cp == '\f' || cp == 0x85 || cp == 0x2028 || cp == 0x2029)
        return row ? ' ' : '\n';
    if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
        return 0;
    if (cp == 0xAD || cp == 0xFEFF || (cp >= 0x200B && cp <= 0x200F) ||
        (cp >= 0x202A && cp <= 0x202E) || cp == 0x2060 || (cp & 0xFFFE) == 0xFFFE)
        return 0; /* soft hyphens, zero width, direction marks (spoofing), non-characters */
    return cp == 0xA0 ? ' ' : cp;
}

static bool plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || (unsigned char)s.p[i] >= 0x7F)
            return false;
    return true;
}

/* A trace followed through the cleaning of one text. */
struct follow {
    const struct places *map; /* NULL: nothing to follow */
    const struct trace *from;
    size_t base; /* where the text begins in the one that `from` speaks of */
    size_t next; /* the stretch that comes next */
    struct trace *to;
};

/* The character at bytes [at, at + n) of the text has become the last `made` bytes of out. */
static void follow_cp(struct follow *f, const struct buf *out, size_t made, size_t at, size_t n)
{
    size_t off = f->base + at;
    struct stretch s;

    while (f->next < f->from->n && f->from->v[f->next].off + f->from->v[f->next].n <= off)
        f->next++;
    if (f->next == f->from->n || f->from->v[f->next].off > off)
        return;
    s = f->from->v[f->next];
    if (!s.whole && s.n == s.at_n) {
        s.at += off - s.off;
        s.at_n = n;
    }
    s.off = out->n - made;
    s.n = made;
    trace_add(f->map, f->to, s);
}

static void clean_traced(struct buf *out, struct str s, enum clean_as as, struct follow *f)
{
    size_t off = 0;
    bool cr = false;

    if (plain(s)) {
        if (f->map)
            trace_take(f->map, f->to, out->n, f->from, f->base, f->base + s.n);
        buf_str(out, s);
        return;
    }
    while (off < s.n) {
        size_t at = off, before = out->n;
        uint32_t raw = utf8_next(s, &off), cp = clean_cp(raw, as);
        if (cp && !(cr && raw == '\n')) { /* CR LF is one break */
            buf_utf8(out, cp);
            if (f->map)
                follow_cp(f, out, out->n - before, at, off - at);
        }
        cr = raw == '\r';
    }
}

static void clean(struct buf *out, struct str s, enum clean_as as)
{
    clean_traced(out, s, as, &(struct follow){0});
}

static bool add_text(struct job *j, size_t n)
{
    j->text += n + 1;
    if (j->text > j->lim->text_bytes) {
        (void)JOB_FAIL(j, E_LIMIT, "文字超过上限 %zu MB，请拆成几个文件", j->lim->text_bytes >> 20);
        return false;
    }
    return true;
}

static void push(
    struct job *j, enum block_kind kind, int level, struct str text, const struct trace *t)
{
    struct block b = {kind, level, arena_str(j->a, text)};

    ARENA_PUSH(j->a, j->d.blocks, j->d.n, j->cap_blocks) = b;
    places_add(j->map, b.text, t);
}

void job_block_traced(
    struct job *j, enum block_kind kind, int level, struct str text, const struct trace *from)
{
    struct trace cleaned = {0}, kept = {0};
    struct str all = text, s;
    struct follow f = {.map = from ? j->map : NULL, .from = from, .to = &cleaned};
    struct buf b = {0};

    text = str_trim(text);
    if (!job_ok(j) || text.n == 0)
        return;
    if (!add_text(j, text.n))
        return;
    f.base = (size_t)(text.p - all.p);
    clean_traced(&b, text, kind == BLOCK_ROW ? AS_ROW : AS_TEXT, &f);
    s = str_trim(buf_view(&b));
    if (s.n > 0) {
        size_t lead = (size_t)(s.p - b.p);
        trace_take(f.map, &kept, 0, &cleaned, lead, lead + s.n);
        push(j, kind, level, s, &kept);
    }
    buf_release(&b);
}

void job_block(struct job *j, enum block_kind kind, int level, struct str text)
{
    job_block_traced(j, kind, level, text, NULL);
}

void job_row_traced(
    struct job *j, int table, const struct str *cells, const struct trace *from, size_t n)
{
    struct buf b = {0};
    struct trace kept = {0};
    size_t full = 0, bytes = n;

    for (size_t i = 0; i < n; i++)
        bytes += cells[i].n;
    if (!job_ok(j) || !add_text(j, bytes))
        return;
    for (size_t i = 0; i < n; i++) {
        struct str cell = str_trim(cells[i]);
        struct follow f = {.map = from ? j->map : NULL,
            .from = from ? &from[i] : NULL,
            .base = cell.n > 0 ? (size_t)(cell.p - cells[i].p) : 0,
            .to = &kept};
        if (i > 0)
            buf_char(&b, '\t');
        size_t before = b.n;
        clean_traced(&b, cell, AS_CELL, &f);
        full += b.n - before;
    }
    if (full > 0)
        push(j, BLOCK_ROW, table, buf_view(&b), &kept);
    buf_release(&b);
}

void job_row(struct job *j, int table, const struct str *cells, size_t n)
{
    job_row_traced(j, table, cells, NULL, n);
}

void job_part(struct job *j, struct str name, struct str bytes)
{
    struct part p = {job_member_name(j, name), bytes};

    if (!job_ok(j))
        return;
    if (j->d.n_parts >= j->lim->members) {
        (void)JOB_FAIL(j, E_LIMIT, "里面的文件超过上限 %zu 个，请拆开再导入", j->lim->members);
        return;
    }
    ARENA_PUSH(j->a, j->d.parts, j->d.n_parts, j->cap_parts) = p;
}

void job_warn(struct job *j, const char *fmt, ...)
{
    char line[256];
    struct buf b = {0};
    va_list ap;

    va_start(ap, fmt);
    buf_vprintf(&b, fmt, ap);
    va_end(ap);
    if (b.n >= sizeof(line) || j->warn.n + b.n + 1 > WARN_BYTES) {
        buf_release(&b);
        return;
    }
    if (j->warn.n > 0)
        buf_char(&j->warn, '\n');
    clean(&j->warn, buf_view(&b), AS_CELL);
    buf_release(&b);
}

struct str job_property(struct job *j, struct str s)
{
    struct buf b = {0};
    struct str out;

    clean(&b, str_trim(str_sub(s, 0, (size_t)PROPERTY_CP * 4)), AS_CELL);
    out = str_trim(buf_view(&b));
    out = arena_str(j->a, str_sub(out, 0, utf8_off(out, PROPERTY_CP)));
    buf_release(&b);
    return out;
}

/* ---- dates ---- */

static int digits(struct str s, size_t at, size_t n)
{
    int v = 0;

    for (size_t i = at; i < at + n; i++) {
        if (i >= s.n || s.p[i] < '0' || s.p[i] > '9')
            return -1;
        v = v * 10 + (s.p[i] - '0');
    }
    return v;
}

struct str job_date(struct job *j, struct str s)
{
    int y, m, d;

    s = str_trim(s);
    (void)str_eat(&s, S("D:"));
    y = digits(s, 0, 4);
    if (s.n >= 10 && s.p[4] == '-' && s.p[7] == '-') {
        m = digits(s, 5, 2);
        d = digits(s, 8, 2);
    } else {
        m = digits(s, 4, 2);
        d = digits(s, 6, 2);
    }
    if (y < 1900 || y > 2999 || m < 1 || m > 12 || d < 1 || d > 31)
        return S("");
    return arena_printf(j->a, "%04d-%02d-%02d", y, m, d);
}

/* ---- containers ---- */

bool job_unpacked(struct job *j, size_t n)
{
    if (!job_ok(j))
        return false;
    j->unpacked += n;
    if (j->unpacked > j->lim->unpacked_bytes)
        (void)JOB_FAIL(j, E_LIMIT, "解压后超过上限 %zu MB，可能是压缩炸弹，未读取",
            j->lim->unpacked_bytes >> 20);
    else if (j->file_bytes > 0 && j->unpacked > RATIO_FREE &&
             j->unpacked / j->file_bytes > RATIO_MAX)
        (void)JOB_FAIL(j, E_LIMIT, "压缩比超过上限 %d 倍，可能是压缩炸弹，未读取", (int)RATIO_MAX);
    return job_ok(j);
}

static void add_piece(struct buf *out, struct str piece)
{
    size_t n = piece.n;

    if (n == 0 || str_eq(piece, S(".")) || str_eq(piece, S("..")) ||
        (n == 2 && piece.p[1] == ':')) /* a drive */
        return;
    if (n > NAME_PIECE) /* keep the end: the extension is there */
        for (n = NAME_PIECE; n > 0 && ((unsigned char)piece.p[piece.n - n] & 0xC0) == 0x80;)
            n--;
    if (out->n > 0)
        buf_char(out, '/');
    buf_add(out, piece.p + piece.n - n, n);
}

struct str job_member_name(struct job *j, struct str name)
{
    struct buf cleaned = {0}, out = {0};
    struct str rest, piece, result;

    clean(&cleaned, str_sub(name, 0, 4096), AS_CELL);
    for (size_t i = 0; i < cleaned.n; i++)
        if (cleaned.p[i] == '\\')
            cleaned.p[i] = '/';
    rest = buf_view(&cleaned);
    while (str_next(&rest, S("/"), &piece))
        add_piece(&out, str_trim(piece));
    result = arena_str(j->a, out.n ? buf_view(&out) : S("未命名"));
    buf_release(&cleaned);
    buf_release(&out);
    return result;
}
