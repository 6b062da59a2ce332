#include "paper/doc_int.h"

#include <string.h>

#include "base/utf8.h"

/* The encoded form, all numbers as base-128 varints, strings as length and bytes:
 *   "QSD1" format flags encoding title author date warnings
 *   n_blocks { kind level text }  n_parts { name size }  bytes of the parts
 * One doc has exactly one encoding, so that encodings can be compared and deduplicated. */
static const char magic[4] = {'Q', 'S', 'D', '1'};
enum {
    FLAG_IMAGE_ONLY = 1,
    FLAG_ROWS = 2,
    LEVEL_MAX = 1 << 24,
    ROW_MAX = 1 << 24,
    VARINT_MAX = 10
};

static const char *const format_names[] = {"未知", "txt", "csv", "md", "html", "docx", "xlsx",
    "pdf", "ofd", "eml", "zip", "doc", "wps", "image"};
enum { FORMATS = sizeof(format_names) / sizeof(format_names[0]) };
_Static_assert(FORMATS == FORMAT_IMAGE + 1, "one name for each format");

const char *doc_format_name(enum doc_format f)
{
    return format_names[(unsigned)f < FORMATS ? f : FORMAT_UNKNOWN];
}

enum doc_format doc_format_of(struct str name)
{
    for (int f = FORMAT_TXT; f < FORMATS; f++)
        if (str_eq(name, str_z(format_names[f])))
            return (enum doc_format)f;
    return FORMAT_UNKNOWN;
}

void doc_text(const struct doc *d, struct buf *out)
{
    for (size_t i = 0; i < d->n; i++) {
        if (i > 0)
            buf_char(out, '\n');
        buf_str(out, d->blocks[i].text);
    }
}

/* ---- encoding ---- */

static void put_number(struct buf *out, uint64_t v)
{
    char c[VARINT_MAX];
    size_t n = 0;

    for (; v >= 0x80; v >>= 7)
        c[n++] = (char)(unsigned char)(0x80 | (v & 0x7F));
    c[n++] = (char)(unsigned char)v;
    buf_add(out, c, n);
}

static void put_str(struct buf *out, struct str s)
{
    put_number(out, s.n);
    buf_str(out, s);
}

void doc_encode_head(const struct doc *d, struct buf *out)
{
    buf_add(out, magic, sizeof(magic));
    put_number(out, d->format);
    put_number(out, (d->image_only ? FLAG_IMAGE_ONLY : 0U) | (d->rows ? FLAG_ROWS : 0U));
    put_str(out, d->encoding);
    put_str(out, d->title);
    put_str(out, d->author);
    put_str(out, d->date);
    put_str(out, d->warnings);
    put_number(out, d->n);
    for (size_t i = 0; i < d->n; i++) {
        put_number(out, d->blocks[i].kind);
        put_number(out, (uint64_t)d->blocks[i].level);
        put_str(out, d->blocks[i].text);
        if (d->rows)
            put_number(out, (uint64_t)d->rows[i]);
    }
    put_number(out, d->n_parts);
    for (size_t i = 0; i < d->n_parts; i++) {
        put_str(out, d->parts[i].name);
        put_number(out, d->parts[i].bytes.n);
    }
}

void doc_encode(const struct doc *d, struct buf *out)
{
    doc_encode_head(d, out);
    for (size_t i = 0; i < d->n_parts; i++)
        buf_str(out, d->parts[i].bytes);
}

/* ---- decoding ---- */

struct cursor {
    struct str rest;
    bool bad; /* sticky: everything read afterwards is 0 or empty */
};

static uint64_t get_number(struct cursor *c, uint64_t max)
{
    uint64_t v = 0;

    for (unsigned i = 0; i < VARINT_MAX && i < c->rest.n; i++) {
        unsigned char b = (unsigned char)c->rest.p[i];
        if (i == VARINT_MAX - 1 && b > 1)
            break; /* more than 64 bits */
        v |= (uint64_t)(b & 0x7F) << (7 * i);
        if (b & 0x80)
            continue;
        if ((b == 0 && i > 0) || v > max)
            break; /* a second spelling of a shorter number, or out of range */
        c->rest = str_sub(c->rest, i + 1, c->rest.n);
        return c->bad ? 0 : v;
    }
    c->bad = true;
    c->rest.n = 0;
    return 0;
}

static struct str get_bytes(struct cursor *c, size_t n)
{
    struct str s = {"", 0};

    if (n > c->rest.n)
        c->bad = true;
    if (c->bad || n == 0)
        return s;
    s = (struct str){c->rest.p, n};
    c->rest = (struct str){c->rest.p + n, c->rest.n - n};
    return s;
}

static struct str get_str(struct cursor *c)
{
    struct str s = get_bytes(c, (size_t)get_number(c, c->rest.n));

    if (s.n && (utf8_check(s) != SIZE_MAX || memchr(s.p, 0, s.n))) {
        c->bad = true;
        s.n = 0;
    }
    return s;
}

static void get_blocks(struct arena *a, struct cursor *c, struct doc *d, bool rows)
{
    size_t n = (size_t)get_number(c, c->rest.n / 3); /* a block takes three bytes at least */

    if (c->bad || n == 0)
        return;
    d->blocks = ARENA_ARRAY(a, struct block, n);
    d->n = n;
    if (rows)
        d->rows = ARENA_ARRAY(a, int, n);
    for (size_t i = 0; i < n && !c->bad; i++) {
        struct block *b = &d->blocks[i];
        b->kind = (enum block_kind)get_number(c, BLOCK_ATTACH);
        b->level = (int)get_number(c, LEVEL_MAX);
        b->text = get_str(c);
        if (rows)
            d->rows[i] = (int)get_number(c, ROW_MAX);
        if (b->kind == 0)
            c->bad = true;
    }
}

static void get_parts(struct arena *a, struct cursor *c, struct doc *d)
{
    size_t n = (size_t)get_number(c, c->rest.n / 2);

    if (c->bad || n == 0)
        return;
    d->parts = ARENA_ARRAY(a, struct part, n);
    d->n_parts = n;
    for (size_t i = 0; i < n && !c->bad; i++) {
        d->parts[i].name = get_str(c);
        d->parts[i].bytes.n = (size_t)get_number(c, SIZE_MAX / 2);
    }
    for (size_t i = 0; i < n && !c->bad; i++)
        d->parts[i].bytes = get_bytes(c, d->parts[i].bytes.n);
}

enum code doc_decode_view(struct arena *a, struct str bytes, struct doc *out, struct err *e)
{
    struct cursor c = {bytes, false};
    struct doc d = {0};
    uint64_t flags;

    if (!str_eat(&c.rest, (struct str){magic, sizeof(magic)}))
        return FAIL(e, E_INPUT, "文稿结构的开头不对，请重新读取原文件");
    d.format = (enum doc_format)get_number(&c, FORMATS - 1);
    flags = get_number(&c, FLAG_IMAGE_ONLY | FLAG_ROWS);
    d.image_only = (flags & FLAG_IMAGE_ONLY) != 0;
    d.encoding = get_str(&c);
    d.title = get_str(&c);
    d.author = get_str(&c);
    d.date = get_str(&c);
    d.warnings = get_str(&c);
    get_blocks(a, &c, &d, (flags & FLAG_ROWS) != 0);
    get_parts(a, &c, &d);
    if (c.bad || c.rest.n > 0)
        return FAIL(e, E_INPUT, "文稿结构已损坏，请重新读取原文件");
    *out = d;
    return OK;
}

enum code doc_decode(struct arena *a, struct str bytes, struct doc *out, struct err *e)
{
    return doc_decode_view(a, arena_str(a, bytes), out, e);
}

/* ---- outline ----
 * "QSO1" format n_blocks { kind level length }, varints as above. */

static const char outline_magic[4] = {'Q', 'S', 'O', '1'};

void doc_encode_outline(const struct doc *d, struct buf *out)
{
    buf_add(out, outline_magic, sizeof(outline_magic));
    put_number(out, d->format);
    put_number(out, d->n);
    for (size_t i = 0; i < d->n; i++) {
        put_number(out, d->blocks[i].kind);
        put_number(out, (uint64_t)d->blocks[i].level);
        put_number(out, d->blocks[i].text.n);
    }
}

enum code doc_decode_outline(
    struct arena *a, struct str outline, struct str text, struct doc *out, struct err *e)
{
    struct cursor c = {outline, false};
    struct doc d = {0};
    size_t at = 0;

    if (!str_eat(&c.rest, (struct str){outline_magic, sizeof(outline_magic)}))
        return FAIL(e, E_INPUT, "文稿结构的开头不对，请重新读取原文件");
    d.format = (enum doc_format)get_number(&c, FORMATS - 1);
    d.n = (size_t)get_number(&c, c.rest.n / 3);
    d.blocks = ARENA_ARRAY(a, struct block, d.n + 1);
    for (size_t i = 0; i < d.n && !c.bad; i++) {
        struct block *b = &d.blocks[i];
        size_t n;
        b->kind = (enum block_kind)get_number(&c, BLOCK_ATTACH);
        b->level = (int)get_number(&c, LEVEL_MAX);
        n = (size_t)get_number(&c, text.n - at);
        b->text = str_sub(text, at, n);
        at += n;
        if (b->kind == 0 || (i + 1 < d.n && (at >= text.n || text.p[at++] != '\n')))
            c.bad = true;
    }
    if (c.bad || c.rest.n > 0 || at != text.n)
        return FAIL(e, E_INPUT, "文稿结构和文字对不上，请重新读取原文件");
    *out = d;
    return OK;
}
