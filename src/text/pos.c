#include "text/pos.h"

#include "base/utf8.h"

/* Moves *at behind the code point that begins there. */
static void step(struct str text, struct pos *at)
{
    uint32_t cp = utf8_next(text, &at->byte);

    at->unit += cp >= 0x10000 ? 2 : 1;
    at->cp++;
}

void pos_map_init(struct arena *a, struct pos_map *m, struct str text)
{
    struct pos at = {0};
    struct pos *mark = NULL;
    size_t n = 0, cap = 0;

    while (at.byte < text.n) {
        if (at.cp % POS_STEP == 0)
            ARENA_PUSH(a, mark, n, cap) = at;
        step(text, &at);
    }
    *m = (struct pos_map){.text = text, .mark = mark, .n_marks = n, .end = at};
}

enum count { BY_BYTE, BY_UNIT, BY_CP };

static size_t get(const struct pos *p, enum count by)
{
    return by == BY_BYTE ? p->byte : by == BY_UNIT ? p->unit : p->cp;
}

static struct pos locate(const struct pos_map *m, enum count by, size_t want)
{
    size_t lo = 0, hi = m->n_marks;
    struct pos at = {0};

    if (want >= get(&m->end, by))
        return m->end;
    while (hi - lo > 1) {
        size_t mid = lo + (hi - lo) / 2;
        if (get(&m->mark[mid], by) <= want)
            lo = mid;
        else
            hi = mid;
    }
    at = m->mark[lo];
    for (;;) {
        struct pos next = at;
        step(m->text, &next);
        if (get(&next, by) > want)
            return at;
        at = next;
    }
}

struct pos pos_at_byte(const struct pos_map *m, size_t byte)
{
    return locate(m, BY_BYTE, byte);
}

struct pos pos_at_unit(const struct pos_map *m, size_t unit)
{
    return locate(m, BY_UNIT, unit);
}

struct pos pos_at_cp(const struct pos_map *m, size_t cp)
{
    return locate(m, BY_CP, cp);
}

/* The two common lengths are decoded here (119 MB of corpus pass through at every rebuild), the
 * rest by utf8_next. */
size_t pos_to_units(struct str s, uint16_t *out)
{
    const unsigned char *p = (const unsigned char *)s.p;
    size_t at = 0, n = 0;

    while (at < s.n) {
        unsigned c = p[at];
        if (c < 0x80) {
            out[n++] = (uint16_t)c;
            at++;
        } else if (c > 0xE0 && c < 0xED && s.n - at >= 3 && (p[at + 1] & 0xC0) == 0x80 &&
                   (p[at + 2] & 0xC0) == 0x80) {
            out[n++] = (uint16_t)((c & 15) << 12 | (p[at + 1] & 63U) << 6 | (p[at + 2] & 63U));
            at += 3;
        } else {
            uint32_t cp = utf8_next(s, &at);
            if (cp >= 0x10000) {
                out[n++] = (uint16_t)(0xD800 + ((cp - 0x10000) >> 10));
                out[n++] = (uint16_t)(0xDC00 + (cp & 0x3FF));
            } else {
                out[n++] = (uint16_t)cp;
            }
        }
    }
    return n;
}

void pos_to_utf8(struct buf *b, const uint16_t *units, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t cp = units[i];
        if (pos_is_high(units[i]) && i + 1 < n && pos_is_low(units[i + 1])) {
            cp = 0x10000 + ((cp & 0x3FF) << 10 | (units[i + 1] & 0x3FFU));
            i++;
        }
        buf_utf8(b, cp); /* writes U+FFFD for what is left of a cut pair */
    }
}
