#include "base/json.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

/* ---- writer ---- */

enum { PLAIN, ESCAPE, HIGH };

/* What a byte asks for inside a string: copied, escaped, or looked at as the head of a sequence. */
#define E8 ESCAPE, ESCAPE, ESCAPE, ESCAPE, ESCAPE, ESCAPE, ESCAPE, ESCAPE
#define H8 HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH
static const unsigned char byte_class[256] = {E8, E8, E8,
    E8, ['"'] = ESCAPE, ['\\'] = ESCAPE, ['<'] = ESCAPE, ['>'] = ESCAPE, ['&'] = ESCAPE, [128] = H8,
    H8, H8, H8, H8, H8, H8, H8, H8, H8, H8, H8, H8, H8, H8, H8};

static void escape_byte(struct buf *b, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    static const char two[] = {['\b'] = 'b',
        ['\t'] = 't',
        ['\n'] = 'n',
        ['\f'] = 'f',
        ['\r'] = 'r',
        ['"'] = '"',
        ['\\'] = '\\'};
    char out[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};

    if (c < sizeof(two) && two[c]) {
        out[1] = two[c];
        buf_add(b, out, 2);
    } else {
        buf_add(b, out, sizeof(out));
    }
}

static bool is_tail(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

/* Length of a sequence at p that may be copied as it is; 0 if it must be looked at closely. The
 * three-byte form of nearly all Chinese text is answered here. */
static size_t easy_sequence(const unsigned char *p, size_t n)
{
    if (n >= 3 && p[0] >= 0xE3 && p[0] <= 0xEF && p[0] != 0xED && is_tail(p[1]) && is_tail(p[2]))
        return 3;
    return 0;
}

/* One sequence that is not easy: copied, escaped or replaced. Returns how many bytes it took. */
static size_t hard_sequence(struct buf *b, struct str s, size_t at)
{
    size_t next = at;
    uint32_t cp = utf8_next(s, &next);

    if (cp == 0x2028)
        buf_z(b, "\\u2028");
    else if (cp == 0x2029)
        buf_z(b, "\\u2029");
    else if (cp == 0xFFFD)
        buf_z(b, "\xef\xbf\xbd");
    else
        buf_add(b, s.p + at, next - at);
    return next - at;
}

void jw_escape(struct buf *b, struct str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    size_t start = 0, i = 0;

    while (i < s.n) {
        size_t n;
        if (byte_class[p[i]] == PLAIN) {
            i++;
            continue;
        }
        n = byte_class[p[i]] == HIGH ? easy_sequence(p + i, s.n - i) : 0;
        if (n) {
            i += n;
            continue;
        }
        buf_add(b, s.p + start, i - start);
        if (byte_class[p[i]] == ESCAPE)
            escape_byte(b, p[i++]);
        else
            i += hard_sequence(b, s, i);
        start = i;
    }
    if (s.n)
        buf_add(b, s.p + start, i - start);
}

void jw_init(struct jw *j, struct buf *b)
{
    *j = (struct jw){.b = b};
}

static bool in_array(const struct jw *j)
{
    return (j->arrays >> j->depth & 1) != 0;
}

static void comma(struct jw *j)
{
    uint64_t bit = (uint64_t)1 << j->depth;

    if (j->filled & bit)
        buf_char(j->b, ',');
    j->filled |= bit;
}

/* Before every value: it stands at the top (once), after a key, or in an array. */
static void value(struct jw *j)
{
    if (j->keyed) {
        j->keyed = false;
        return;
    }
    assert(j->depth == 0 ? !(j->filled & 1) : in_array(j));
    comma(j);
}

static void open_level(struct jw *j, bool array)
{
    uint64_t bit;

    value(j);
    assert(j->depth + 1 < JW_MAX_DEPTH);
    j->depth++;
    bit = (uint64_t)1 << j->depth;
    j->filled &= ~bit;
    j->arrays = array ? j->arrays | bit : j->arrays & ~bit;
    buf_char(j->b, array ? '[' : '{');
}

void jw_obj(struct jw *j)
{
    open_level(j, false);
}

void jw_arr(struct jw *j)
{
    open_level(j, true);
}

void jw_end(struct jw *j)
{
    assert(j->depth > 0 && !j->keyed);
    buf_char(j->b, in_array(j) ? ']' : '}');
    j->depth--;
}

bool jw_done(const struct jw *j)
{
    return j->depth == 0 && (j->filled & 1) != 0;
}

static void quoted(struct buf *b, struct str s)
{
    buf_char(b, '"');
    jw_escape(b, s);
    buf_char(b, '"');
}

void jw_key(struct jw *j, struct str key)
{
    assert(j->depth > 0 && !in_array(j) && !j->keyed);
    comma(j);
    quoted(j->b, key);
    buf_char(j->b, ':');
    j->keyed = true;
}

void jw_str(struct jw *j, struct str s)
{
    value(j);
    quoted(j->b, s);
}

void jw_int(struct jw *j, int64_t v)
{
    value(j);
    buf_int(j->b, v);
}

void jw_real(struct jw *j, double v)
{
    char text[40];

    value(j);
    if (!isfinite(v)) {
        buf_z(j->b, "null");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(text, sizeof(text), "%.*g", digits, v);
        if (strtod(text, NULL) == v)
            break;
    }
    buf_z(j->b, text);
}

void jw_bool(struct jw *j, bool v)
{
    value(j);
    buf_z(j->b, v ? "true" : "false");
}

void jw_null(struct jw *j)
{
    value(j);
    buf_z(j->b, "null");
}

void jw_id(struct jw *j, int64_t id)
{
    if (id == 0) {
        jw_null(j);
        return;
    }
    value(j);
    buf_char(j->b, '"');
    buf_int(j->b, id);
    buf_char(j->b, '"');
}

void jw_raw(struct jw *j, struct str js)
{
    value(j);
    buf_str(j->b, js);
}

void jw_kstr(struct jw *j, const char *key, struct str s)
{
    jw_key(j, str_z(key));
    jw_str(j, s);
}

void jw_kint(struct jw *j, const char *key, int64_t v)
{
    jw_key(j, str_z(key));
    jw_int(j, v);
}

void jw_kreal(struct jw *j, const char *key, double v)
{
    jw_key(j, str_z(key));
    jw_real(j, v);
}

void jw_kbool(struct jw *j, const char *key, bool v)
{
    jw_key(j, str_z(key));
    jw_bool(j, v);
}

void jw_kid(struct jw *j, const char *key, int64_t id)
{
    jw_key(j, str_z(key));
    jw_id(j, id);
}

void jw_kobj(struct jw *j, const char *key)
{
    jw_key(j, str_z(key));
    jw_obj(j);
}

void jw_karr(struct jw *j, const char *key)
{
    jw_key(j, str_z(key));
    jw_arr(j);
}

/* ---- reader ---- */

/* jansson's own depth limit is fixed at 2,048, which is more stack than a worker should give. */
static bool too_deep(struct str s)
{
    size_t depth = 0;
    bool in_string = false;

    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > JR_MAX_DEPTH)
                return true;
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        }
    }
    return false;
}

static const char *reason(enum json_error_code c)
{
    switch ((int)c) {
    case json_error_premature_end_of_input:
        return "内容不完整";
    case json_error_end_of_input_expected:
        return "结尾有多余内容";
    case json_error_invalid_utf8:
        return "不是 UTF-8 编码";
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return "含有空字符";
    case json_error_duplicate_key:
        return "同一个键出现了两次";
    case json_error_numeric_overflow:
        return "数值超出范围";
    default:
        return "写法有误";
    }
}

enum code jr_parse(struct str text, json_t **out, struct err *e)
{
    json_error_t je;
    json_t *v;

    if (text.n > JR_MAX_BYTES)
        return FAIL(e, E_LIMIT, "JSON 有 %zu 字节，超过上限 %zu 字节", text.n, JR_MAX_BYTES);
    if (too_deep(text))
        return FAIL(e, E_LIMIT, "JSON 嵌套超过 %d 层", JR_MAX_DEPTH);
    v = json_loadb(text.n ? text.p : "", text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &je);
    if (!v)
        return FAIL(e, E_INPUT, "JSON 第%d行第%d个字符处%s", je.line < 1 ? 1 : je.line, je.column,
            reason(json_error_code(&je)));
    *out = v;
    return OK;
}

struct str jr_str(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);

    if (!json_is_string(v))
        return (struct str){NULL, 0};
    return (struct str){json_string_value(v), json_string_length(v)};
}

int64_t jr_int(const json_t *o, const char *key, int64_t dflt)
{
    const json_t *v = json_object_get(o, key);

    return json_is_integer(v) ? (int64_t)json_integer_value(v) : dflt;
}

double jr_real(const json_t *o, const char *key, double dflt)
{
    const json_t *v = json_object_get(o, key);

    return json_is_number(v) ? json_number_value(v) : dflt;
}

bool jr_bool(const json_t *o, const char *key, bool dflt)
{
    const json_t *v = json_object_get(o, key);

    return json_is_boolean(v) ? json_is_true(v) : dflt;
}

int64_t jr_id(const json_t *o, const char *key)
{
    struct str s = jr_str(o, key);
    int64_t id = 0;
    struct err e;

    if (s.n == 0)
        id = jr_int(o, key, 0);
    else if (str_int(s, &id, &e) != OK)
        id = 0;
    return id > 0 ? id : 0;
}
