/* office/template.h - templates (模板): a text with places to be filled in, and beside each place what belongs there.
 *
 * A template is one plain file: a YAML head between two lines of ---, behind it the text as typeset_read takes it, with places such as
 * 【会议名称】. docs/design/template.md has the format. Those of the project are in templates/; a unit adds its own, which stand in table
 * `template`, and switches off what it does not use. */
#ifndef OFFICE_TEMPLATE_H
#define OFFICE_TEMPLATE_H

#include "base/arena.h"
#include "office/item.h"
#include "paper/official.h"

enum {
    TEMPLATE_BYTES_MAX = 128 << 10,
    TEMPLATE_FIELDS_MAX = 60,
    TEMPLATE_REQUIRED_MAX = 6, /* a form asks for no more (design 7) */
    TEMPLATE_LIST_MAX = 20,    /* parts, closings, checks */
    TEMPLATE_NAME_CP_MAX = 40,
    TEMPLATE_TEXT_CP_MAX = 300, /* of help, about, a check */
    TEMPLATE_SAMPLE_CP_MAX = 2000,
    TEMPLATE_UNIT_MAX = 200, /* of one unit */
};

enum template_type {
    TEMPLATE_LINE = 0, /* asked for in the form, one line */
    TEMPLATE_DATE,     /* asked for in the form; stands in the text as 2026年7月13日 */
    TEMPLATE_TEXT      /* written at the desk, in its place */
};
struct template_field {
    struct str id, name, help, sample;
    enum template_type type;
    bool required;
    int line; /* in the file */
};
struct template
{
    struct str id, name, group, about;
    int genre; /* enum genre */
    struct str *parts, *closings, *checks;
    size_t n_parts, n_closings, n_checks;
    struct template_field *fields;
    size_t n_fields;
    struct str text; /* behind the head */
    int text_line;   /* of the file, where it begins */
};

/* Read a template file. E_INPUT, E_LIMIT: file, line and what is wrong (文件“notice.txt”第32行：没有叫“发文单位”的项). Lives in `a`; borrows
 * nothing of `file`. */
MUST_USE enum code template_read(
    struct arena *a, struct str file, const char *name, struct template *out, struct err *e);
/* The next place 【…】 of a line at or behind byte *at of `s`: its name and its bytes; false: there is none. */
bool template_place(struct str s, size_t *at, struct str *name);
size_t template_field_of(const struct template *t, struct str name); /* by name; SIZE_MAX: none */

/* The text with values put in; values[i] belongs to fields[i], days as 2026-07-13. What is empty and must be filled in stays 【…】, and so
 * does what is written at the desk; a line whose places are all empty and may be is left out. E_INPUT names a wrong day. */
MUST_USE enum code template_fill(struct arena *a, const struct template *t,
    const struct str *values, struct str *out, struct err *e);
/* The samples of the fields, for a preview. */
struct str *template_samples(struct arena *a, const struct template *t);

/* What a text made from the template still lacks: places that are not filled in, the closing. */
struct template_lack {
    struct str what;         /* “会议名称”没有填写 */
    struct str help;         /* of the field, or empty */
    size_t begin_cp, end_cp; /* in the text; both 0: nowhere */
};
size_t template_lacks(
    struct arena *a, const struct template *t, struct str text, struct template_lack **out);

/* The built-in file number i in the order they are listed, or false. */
bool template_builtin(size_t i, struct str *file, const char **name);

/* ---- of the office ---- */
struct template_row {
    struct str id, name, group, about, file; /* file: the whole text */
    int64_t unit;                            /* whose it is; 0: of the project */
    struct str unit_name;
    bool off;
    int64_t revision; /* 0: as delivered */
    int64_t changed_ms;
};
/* Those a person can take: of the project, of his unit and of the units above it. A unit's own stands in the place of one with the same id.
 * Switched off ones only with `all`. */
MUST_USE enum code template_list(struct db *db, struct arena *a, const struct actor *by, bool all,
    struct template_row **out, size_t *n, struct err *e);
/* E_NOTFOUND; one that is switched off is found. */
MUST_USE enum code template_get(struct db *db, struct arena *a, const struct actor *by,
    struct str id, struct template_row *out, struct err *e);
/* Whoever looks after the templates of his unit: its chief (科长; one without a unit those of the whole office), the owner of the data directory. */
bool template_may(const struct viewer *v);
/* Inside a write: the unit's own, judged by template_read first. The id is that of the file. E_CONFLICT: somebody saved it since `revision`. */
MUST_USE enum code template_save(struct db *db, struct arena *a, const struct actor *by,
    struct str file, int64_t revision, struct str *id, struct err *e);
/* Inside a write: on or off for the unit (the whole office for the owner of the data directory). */
MUST_USE enum code template_switch(
    struct db *db, struct arena *a, const struct actor *by, struct str id, bool on, struct err *e);
/* Inside a write: the unit's own away; where it stood in the place of a delivered one, that is back. */
MUST_USE enum code template_drop(
    struct db *db, const struct actor *by, struct str id, struct err *e);

/* A file made from a plain text somebody has: places 【…】, {{…}} and blanks of four and more underscores become fields. */
struct template_made {
    struct str name; /* of the template */
    struct str id;   /* empty: made from the instant */
    int genre;
};
MUST_USE enum code template_make(struct arena *a, struct str text, const struct template_made *m,
    int64_t now_ms, struct str *out, struct err *e);

#endif
