/* office/kind.h - a kind of matter (事项种类): what an item holds, where it can go, who may, what is asked, what runs.
 *
 * A kind is a YAML file (docs/design/matter.md has the language). Published versions are rows; the files of kinds/ are
 * their seeds. A struct kind is immutable once read; the registry hands out the same one to every thread until the
 * office closes, so that an item can keep the version under which it began. */
#ifndef OFFICE_KIND_H
#define OFFICE_KIND_H

#include "base/arena.h"
#include "base/calendar.h"
#include "store/store.h"

enum {
    KIND_BYTES_MAX = 256 << 10,
    KIND_FIELDS_MAX = 80,
    KIND_STATES_MAX = 40,
    KIND_MOVES_MAX = 120,
    KIND_REQUIRED_MAX = 6, /* a form asks for no more (design 7) */
};

enum field_type {
    FIELD_TEXT = 1,
    FIELD_LONGTEXT,
    FIELD_NUMBER,
    FIELD_DATE,
    FIELD_DATETIME,
    FIELD_CHOICE,
    FIELD_PERSON,
    FIELD_PEOPLE,
    FIELD_UNIT,
    FIELD_UNITS,
    FIELD_DOCUMENT,
    FIELD_PASSAGE,
    FIELD_ITEM,
    FIELD_FILE,
    FIELD_TABLE,
    N_FIELD_TYPE
};

/* A condition over the fields: a list of comparisons joined by and / or (and binds stronger), in reading order. */
enum cond_op {
    COND_EQ = 1,
    COND_NE,
    COND_LT,
    COND_LE,
    COND_GT,
    COND_GE,
    COND_IN,
    COND_EMPTY,
    COND_NOT_EMPTY
};
struct cond_term {
    bool or_before; /* joined to the one before by `or` */
    struct str field;
    enum cond_op op;
    struct str *values; /* COND_IN: several */
    size_t n_values;
};
struct cond {
    struct cond_term *terms; /* n 0: always */
    size_t n;
};

struct kind_field {
    struct str id, name, hint;
    enum field_type type;
    bool required;
    int64_t max;         /* characters of text, rows of a table, files; 0: the type's own limit */
    struct str *choices; /* FIELD_CHOICE */
    size_t n_choices;
    struct kind_field *columns; /* FIELD_TABLE */
    size_t n_columns;
    struct cond when;        /* shown, and required, only then */
    struct str *hidden_from; /* terms: who does not see it */
    size_t n_hidden_from;
};

/* Who may: terms of roles resolved to these. */
enum who_kind { WHO_OWNER = 1, WHO_ROLE, WHO_FIELD, WHO_ASKED, WHO_UNIT, WHO_ANYONE };
struct who {
    enum who_kind kind;
    uint32_t roles; /* WHO_ROLE: enum role bits */
    size_t field;   /* WHO_FIELD: index into fields */
};
struct who_list {
    struct who *v;
    size_t n;
};

struct kind_state {
    struct str id, name;
    bool closed;
    struct who_list edit;
};

enum opinion { OPINION_OPTIONAL = 0, OPINION_REQUIRED, OPINION_NONE };
enum ask_wait { WAIT_NONE = 0, WAIT_ALL, WAIT_ANY };
struct kind_ask {
    struct who_list of; /* fields of persons or units */
    struct str purpose;
    struct str *answers; /* the words that may be answered with, in order */
    size_t n_answers;
    enum ask_wait wait;
};
struct kind_move {
    struct str id, name, confirm;
    size_t *from; /* indexes into states */
    size_t n_from;
    size_t to;
    struct who_list by;
    enum opinion opinion;
    size_t *set; /* fields that may be given with it */
    size_t n_set;
    struct kind_ask *ask;     /* NULL: asks nobody */
    struct str when_answered; /* made by this answer to an ask of the item; empty: by hand */
    bool need_answers;        /* refused while asks that are waited for are open */
    bool returns;             /* kind: return: goes back, and reopens who stood there */
    struct cond when;
};

struct kind_clock {
    struct str id, name;
    size_t start, stop;     /* states: entering them */
    struct limit within;    /* n 0: the date in field `due` */
    size_t due;             /* index into fields, SIZE_MAX: none */
    struct who_list extend; /* who may grant more time */
};
enum light_colour { LIGHT_NONE = 0, LIGHT_GREEN, LIGHT_BLUE, LIGHT_YELLOW, LIGHT_RED };
struct kind_light {
    enum light_colour colour;
    size_t clock;
    struct limit left; /* shown from this long before it is due; 0: when it is late */
    struct str text;
};
struct kind_remind {
    size_t clock;       /* SIZE_MAX: none */
    int64_t *before_ms; /* ascending; negative: after */
    size_t n;
    int most;
    int quiet_from, quiet_to; /* minutes of the day; equal: none */
};
struct kind_form {
    struct str id, name, template;
};

struct kind {
    struct str id, name, entry, number, number_at;
    int64_t version; /* of the row; 0: a file that is only judged */
    bool enabled;
    int level;           /* enum doc_level: the least */
    int retention_years; /* 0: for ever */
    size_t title;        /* field that serves as title; SIZE_MAX: the item has its own */
    struct kind_field *fields;
    size_t n_fields;
    struct kind_state *states;
    size_t n_states;
    struct kind_move *moves;
    size_t n_moves;
    struct kind_clock *clocks;
    size_t n_clocks;
    struct kind_light *lights;
    size_t n_lights;
    struct kind_remind remind;
    struct str *ledger; /* columns: number title state light owner opened due, or field ids */
    size_t n_ledger;
    struct kind_form *forms;
    size_t n_forms;
};

/* Read a kind file. E_INPUT: file, line and what is wrong ("文件“x.yaml”第12行：转办“assign”的去向“doing”不是一个状态").
 * The kind lives in `a`. */
MUST_USE enum code kind_read(
    struct arena *a, struct str yaml, const char *file, struct kind **out, struct err *e);
/* What is allowed and yet probably not meant: a state nobody reaches, a move nobody may make, a closed state with moves. One
 * Chinese line each, with line numbers. */
void kind_lint(const struct kind *k, struct buf *out);

size_t kind_field_of(const struct kind *k, struct str id); /* SIZE_MAX: none */
size_t kind_state_of(const struct kind *k, struct str id);
size_t kind_move_of(const struct kind *k, struct str id);
const char *field_type_name(enum field_type t); /* "文本" ... */
const char *light_name(enum light_colour c);    /* "红" ... ; "" */

/* Does the condition hold? `get` gives the text of a field (choices by name, days as ISO, numbers as written). */
bool cond_holds(const struct cond *c, struct str (*get)(void *arg, struct str field), void *arg);

/* ---- versions in the database ---- */
enum kind_status { KIND_DRAFT = 0, KIND_PUBLISHED, KIND_OFF };
struct kind_row {
    int64_t id, version, made_ms, made_by;
    struct str kind, name;
    enum kind_status status;
    struct str yaml;
};
/* The newest version of each kind. */
MUST_USE enum code kind_list(
    struct db *db, struct arena *a, struct kind_row **out, size_t *n, struct err *e);
MUST_USE enum code kind_row_get(struct db *db, struct arena *a, struct str kind, int64_t version,
    struct kind_row *out, struct err *e);
/* Inside a write: a new version, judged first; version 1 for a new kind. *version: its number. */
MUST_USE enum code kind_publish(
    struct db *db, struct str yaml, const char *file, int64_t by, int64_t *version, struct err *e);
MUST_USE enum code kind_switch(struct db *db, struct str kind, bool on, int64_t by, struct err *e);
/* Inside a write: the built-in files, as far as the office has no version of that kind. */
MUST_USE enum code kind_seed(struct db *db, struct err *e);

/* The registry: kinds as read, one for each version in use. Thread-safe. */
struct kinds;
struct kinds *kinds_new(void);
void kinds_free(struct kinds *r);
/* version 0: the newest published one. E_NOTFOUND. Good until kinds_free. */
MUST_USE enum code kinds_get(struct kinds *r, struct db *db, struct str kind, int64_t version,
    const struct kind **out, struct err *e);

#endif
