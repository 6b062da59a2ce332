/* base/yaml.h - YAML as a small tree in which every node knows its file and line.
 *
 * The subset that people write by hand: maps, lists and scalars, block or flow, one document.
 * Refused, each with its line: anchors and aliases, tags, merge keys, keys that are no plain text, a
 * key twice, more than one document, and what passes a limit. Read through libyaml's events. */
#ifndef BASE_YAML_H
#define BASE_YAML_H

#include "base/arena.h"

#define YAML_MAX_BYTES ((size_t)1 << 20)
#define YAML_MAX_DEPTH 24
#define YAML_MAX_NODES 100000

enum yaml_kind { YAML_SCALAR, YAML_MAP, YAML_LIST };

struct yaml {
    enum yaml_kind kind;
    bool quoted;      /* a scalar in quotes or a block: never a number, truth or nothing */
    int line, column; /* from 1 */
    const char *file;
    struct str key;                  /* within a map */
    struct str text;                 /* YAML_SCALAR: the value, valid UTF-8 */
    const struct yaml *first, *next; /* members in the order of the file */
    int n;
};

/* Parse `text`; `file` names it in messages ("文件“x.yaml”第3行：…"). The tree lives in `a` (file
 * and text are copied). An empty text is an empty map. */
MUST_USE enum code yaml_parse(
    struct arena *a, struct str text, const char *file, const struct yaml **out, struct err *e);

/* A message about a node: file and line in front. Returns E_INPUT. */
enum code yaml_fail(const struct yaml *at, struct err *e, const char *fmt, ...) PRINTF(3, 4);

const struct yaml *yaml_get(const struct yaml *map, const char *key); /* NULL if it is not there */
/* ~, null, or nothing at all, not in quotes. */
bool yaml_is_null(const struct yaml *n);
/* The value as a type, E_INPUT with file, line and key when it is none. */
MUST_USE enum code yaml_text(const struct yaml *n, struct str *out, struct err *e);
MUST_USE enum code yaml_int(
    const struct yaml *n, int64_t lo, int64_t hi, int64_t *out, struct err *e);
MUST_USE enum code yaml_bool(const struct yaml *n, bool *out, struct err *e); /* true false 是 否 */
/* Bytes: 4096, 64K, 512M, 2G (powers of 1,024). */
MUST_USE enum code yaml_bytes(
    const struct yaml *n, int64_t lo, int64_t hi, int64_t *out, struct err *e);
/* Milliseconds: 500ms, 30s, 15m, 8h, 7d. */
MUST_USE enum code yaml_duration(
    const struct yaml *n, int64_t lo, int64_t hi, int64_t *out, struct err *e);
/* The place of the text in words (NULL at its end). */
MUST_USE enum code yaml_word(
    const struct yaml *n, const char *const *words, int *out, struct err *e);
MUST_USE enum code yaml_expect(const struct yaml *n, enum yaml_kind kind, struct err *e);
/* Every key of a map is one of keys (NULL at its end), else E_INPUT naming it and the keys there
 * are: 未知的键“lissten”，可用的键：listen、data. */
MUST_USE enum code yaml_keys(const struct yaml *map, const char *const *keys, struct err *e);

#endif
