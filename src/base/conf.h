/* base/conf.h - the configuration file: a table of keys, values with their defaults.
 *
 * The table is the program's: names ("listen", or "mail.host" for a key within the map "mail"), types,
 * defaults and limits. A key that the table does not hold, a value of another type or out of range is
 * E_INPUT with file, line and key. Values are read by name afterwards; a name that the table does not
 * hold is our mistake (assert). Everything lives in the arena. */
#ifndef BASE_CONF_H
#define BASE_CONF_H

#include "base/arena.h"
#include "base/buf.h"

enum conf_type {
    CONF_TEXT,
    CONF_INT,
    CONF_BOOL,
    CONF_BYTES,    /* 64K, 512M */
    CONF_DURATION, /* 30s, 8h; read as milliseconds */
    CONF_WORD,     /* one of words; read as its place */
    CONF_LIST      /* of texts; the default is one text, or "" for none */
};

struct conf_key {
    const char *name;
    enum conf_type type;
    const char *dflt; /* as it would stand in the file */
    const char *help; /* Chinese, one line: for conf_write */
    int64_t lo, hi;   /* CONF_INT, CONF_BYTES, CONF_DURATION; both 0: from 0, no upper limit */
    const char *const *words; /* CONF_WORD, NULL at the end */
};

struct conf;

/* Read `text`, which messages call `file`. keys ends with a name of NULL, with the caller and outlives the conf. */
MUST_USE enum code conf_parse(struct arena *a, const struct conf_key *keys, struct str text,
    const char *file, const struct conf **out, struct err *e);
/* The file at `path`; all defaults when there is none and `must_exist` is false. */
MUST_USE enum code conf_load(struct arena *a, const struct conf_key *keys, const char *path,
    bool must_exist, const struct conf **out, struct err *e);

struct str conf_text(const struct conf *c, const char *name); /* NUL behind it */
int64_t conf_int(const struct conf *c, const char *name);     /* also bytes and milliseconds */
bool conf_bool(const struct conf *c, const char *name);
int conf_word(const struct conf *c, const char *name);
const struct str *conf_list(const struct conf *c, const char *name, size_t *n);
bool conf_given(const struct conf *c, const char *name); /* the file states it */
/* A message about a value found wrong later: file, line and key in front. Returns E_INPUT. */
enum code conf_fail(const struct conf *c, const char *name, struct err *e, const char *fmt, ...)
    PRINTF(4, 5);

/* A file with every key, its help and its default, commented out: what `init` writes. */
void conf_write(struct buf *b, const struct conf_key *keys);

#endif
