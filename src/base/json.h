/* base/json.h - JSON: an append-only writer of our own, and reading through jansson.
 *
 * Writer (jw_): values are appended to a struct buf; commas, colons and escapes are its work. What
 * it writes is ASCII-safe markup: < > & and U+2028/2029 are escaped, so that the text may stand
 * inside a <script> element; bytes that are no UTF-8 become U+FFFD. The order of calls must make a
 * JSON value; a call out of place is our mistake and ends the process (assert). Room that runs out
 * shows in the buf (buf_check).
 *
 *     struct jw j;
 *     jw_init(&j, &out);
 *     jw_obj(&j);
 *     jw_key(&j, S("title"));
 *     jw_str(&j, title);
 *     jw_end(&j);
 *
 * Reader (jr_): jansson's json_t trees, from text held to limits. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>

#include "base/buf.h"

#define JW_MAX_DEPTH 64

struct jw {
    struct buf *b;
    uint64_t arrays; /* bit d: level d is an array */
    uint64_t filled; /* bit d: level d holds something */
    int depth;
    bool keyed; /* a key waits for its value */
};

void jw_init(struct jw *j, struct buf *b); /* appends behind what b holds */
void jw_obj(struct jw *j);
void jw_arr(struct jw *j);
void jw_end(struct jw *j); /* closes the innermost object or array */
bool jw_done(const struct jw *j);
void jw_key(struct jw *j, struct str key);
void jw_str(struct jw *j, struct str s);
void jw_int(struct jw *j, int64_t v);
void jw_real(struct jw *j, double v); /* shortest text that reads back the same; NaN, inf: null */
void jw_bool(struct jw *j, bool v);
void jw_null(struct jw *j);
void jw_id(struct jw *j, int64_t id);     /* an id as a decimal string, 0 as null */
void jw_raw(struct jw *j, struct str js); /* one value that is JSON already; not looked at */

/* A key with its value. */
void jw_kstr(struct jw *j, const char *key, struct str s);
void jw_kint(struct jw *j, const char *key, int64_t v);
void jw_kreal(struct jw *j, const char *key, double v);
void jw_kbool(struct jw *j, const char *key, bool v);
void jw_kid(struct jw *j, const char *key, int64_t id);
void jw_kobj(struct jw *j, const char *key);
void jw_karr(struct jw *j, const char *key);

/* The escaped inside of a JSON string, without the quotes. */
void jw_escape(struct buf *b, struct str s);

#define JR_MAX_BYTES ((size_t)16 << 20)
#define JR_MAX_DEPTH (JW_MAX_DEPTH - 1) /* what is read can be written again */

/* Parse one JSON value (any type) that fills `text`. E_LIMIT: larger than JR_MAX_BYTES or deeper
 * than JR_MAX_DEPTH; E_INPUT: not JSON, a key twice, \u0000; the message has line and column (in
 * characters). *out is a new reference: json_decref. */
MUST_USE enum code jr_parse(struct str text, json_t **out, struct err *e);

/* Members of an object by name. An absent member, null, or one of another type gives the default. */
struct str jr_str(const json_t *o, const char *key); /* borrowed from o; '' by default */
int64_t jr_int(const json_t *o, const char *key, int64_t dflt);
double jr_real(const json_t *o, const char *key, double dflt); /* integers too */
bool jr_bool(const json_t *o, const char *key, bool dflt);
int64_t jr_id(const json_t *o, const char *key); /* decimal string or integer; 0 if none or wrong */

#endif
