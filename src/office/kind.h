/* office/kind.h - a kind of matter (事项种类): what an item holds, where it can go, who may, what is asked, what runs.
 *
 * A kind is a YAML file (docs/design/matter.md has the language). Published versions are rows; the files of kinds/ are
 * their seeds. A struct kind is immutable once read; the registry hands out the same one to every thread until the
 * office closes, so that an item can keep the version under which it began. */
#ifndef OFFICE_KIND_H
#define OFFICE_KIND_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/calendar.h"
#include "store/store.h"

enum {
    KIND_BYTES_MAX = 256 << 10,
    KIND_FIELDS_MAX = 80, /* columns of a table field too */
    KIND_STATES_MAX = 40,
    KIND_MOVES_MAX = 120,
    KIND_CLOCKS_MAX = 10,
    KIND_LIGHTS_MAX = 20,
    KIND_REMINDS_MAX = 10, /* and days of one of them */
    KIND_ESCALATES_MAX = 4,
    KIND_ROLES_MAX = 40,
    KIND_FORMS_MAX = 20,
    KIND_LEDGER_MAX = 30,
    KIND_CHOICES_MAX = 200,
    KIND_ANSWERS_MAX = 8,
    KIND_PHRASES_MAX = 40,
    KIND_TERMS_MAX = 20,   /* of one list of who may */
    KIND_COND_MAX = 12,    /* comparisons in one condition */
    KIND_NAME_CP_MAX = 40, /* of fields, states, moves: characters */
    KIND_TEXT_CP_MAX = 200,
    KIND_REQUIRED_MAX = 6, /* a form asks for no more (design 7) */
    KIND_NOTES_MAX = 100,  /* of kind_lint */
};
/* Characters, rows or members, where a field says nothing of its own. */
enum {
    FIELD_TEXT_CP = 200,
    FIELD_LONGTEXT_CP = 20000,
    FIELD_MANY = 1000,
    FIELD_FILES = 50,
};

enum field_type {
    FIELD_TEXT = 1,
    FIELD_LONGTEXT,
    FIELD_NUMBER,
    FIELD_DATE,
    FIELD_DATETIME,
    FIELD_CHOICE,
    FIELD_RULE, /* the id of a rule of proofreading (text/check.h) */
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
    enum field_type type; /* of the field: how values are compared */
    enum cond_op op;
    struct str *values; /* COND_IN: several */
    size_t n_values;
};
struct cond {
    struct cond_term *terms; /* n 0: always */
    size_t n;
};

/* Who may: terms of roles resolved to these. */
enum who_kind {
    WHO_OWNER = 1,
    WHO_ROLE,
    WHO_FIELD,
    WHO_ASKED,
    WHO_UNIT,
    WHO_ANYONE,
    WHO_CHOSEN,     /* in an ask: those whom the acting person picks (item_move.persons, units) */
    WHO_ASKED_CHIEF /* of who is told that something is late: the chief of each unit that was asked and has not answered */
};
struct who {
    enum who_kind kind;
    uint32_t roles; /* WHO_ROLE: enum role bits */
    size_t field;   /* WHO_FIELD: index into fields, of a person or unit type */
};
struct who_list {
    struct who *v;
    size_t n;
};

/* office/item_offer.h */
enum field_offer {
    OFFER_NOTHING = 0,
    OFFER_LAST, /* what the unit's matter before has there */
    OFFER_CHARS /* how many characters the text of the matter has */
};

struct kind_field {
    struct str id, name, hint;
    enum field_type type;
    bool required;
    bool at_move; /* some move's `set` has it: asked for there, not when an item is opened */
    int64_t max;  /* characters of text, rows of a table, members, files: always set for those */
    struct str *choices; /* FIELD_CHOICE */
    size_t n_choices;
    struct kind_field *columns; /* FIELD_TABLE */
    size_t n_columns;
    struct cond when; /* shown, and required, only then; speaks of fields above this one alone */
    enum field_offer offer; /* what a step's form fills it with where it is empty */
    size_t with_field,
        with_column;     /* whoever that column names is always among them; SIZE_MAX: none */
    struct who_list see; /* who sees it; n 0: everybody who sees the item */
    bool addressed;      /* grant: asked: who is named sees the item once a step has asked him */
    int line;            /* in the file */
};

struct kind_state {
    struct str id, name;
    bool closed;
    struct who_list edit;
    int line;
};

/* What a move does with the manuscript that the item carries (item_text.h). */
enum move_text {
    TEXT_NOTHING = 0,
    TEXT_FREEZE, /* the text is submitted: a version is frozen */
    TEXT_SIGN,   /* what was submitted is signed: this and nothing else prints */
    TEXT_SEAL,   /* a seal is set under it (seal.h) */
    TEXT_ISSUE   /* it is out: what was signed enters the sample library (sample.h) */
};

enum opinion { OPINION_OPTIONAL = 0, OPINION_REQUIRED, OPINION_NONE };
enum ask_wait { WAIT_NONE = 0, WAIT_ALL, WAIT_ANY };
struct kind_ask {
    struct who_list of; /* fields of persons or units, the owner, his unit, or chosen */
    struct str purpose;
    struct str *answers; /* the words that may be answered with, in order */
    size_t n_answers;
    size_t
        n_final; /* any of so many words at the end of `answers` ends the ask (同意 不同意); the ones before only report */
    struct str *need_text,
        *need_files; /* words that are not answered without text, without a file */
    size_t n_need_text, n_need_files;
    enum ask_wait wait;
    bool serial; /* one behind the other, in the order of `of` and of the field; else all at once */
    size_t due;  /* field with the day to answer by; SIZE_MAX: none */
};
struct kind_move {
    struct str id, name, confirm;
    struct str
        box; /* heading under which its opinion stands on the form: 拟办意见; empty: among the rest */
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
    bool when_all;            /* when_all_answered: made by the answer after which none is open */
    bool returns;             /* kind: return: goes back, and reopens who stood there */
    enum move_text text;
    bool voids; /* void_number: the number is not used after all, and stays in the log */
    struct cond when;
    int line;
};

struct kind_clock {
    struct str id, name;
    size_t start, stop;     /* states: entering them */
    struct limit within;    /* n 0: the day in field `due` */
    size_t due;             /* index into fields, SIZE_MAX: none; an empty field: no clock */
    size_t *pause, n_pause; /* states in which it stands still */
    size_t *drop,
        n_drop; /* states that end it unmet (handed out anew); entering start begins anew */
    struct who_list extend; /* who may grant more time */
    int line;
};
enum light_colour { LIGHT_NONE = 0, LIGHT_GREEN, LIGHT_BLUE, LIGHT_YELLOW, LIGHT_RED };
struct kind_light {
    enum light_colour colour;
    size_t clock;
    struct limit left; /* shown from this long before it is due; 0: when it is late */
    struct str text;
    int line;
};
struct kind_offset {
    struct limit by;
    bool late; /* so long behind the limit, else before it */
};
struct kind_escalate { /* 逾期报告: so long behind the limit, to these */
    struct limit after;
    struct who_list to;
};
struct kind_remind {
    size_t clock;
    struct kind_offset *at; /* the earliest first */
    size_t n;
    int most;                       /* of one ask */
    int quiet_from, quiet_to;       /* minutes of the day; equal: none */
    struct kind_escalate *escalate; /* by time */
    size_t n_escalate;
    int line;
};
/* 逐级呼叫 (climb.h): a matter that somebody on duty must take on at once. */
struct kind_climb {
    size_t *in; /* states in which nobody has taken it on */
    size_t n_in;
    bool always;  /* every matter of the kind; else those of 特急 */
    int minutes;  /* until the next is told; 0: as the duty rule says */
    size_t taker; /* field of a person that whoever acknowledged is put into; SIZE_MAX: none */
    int line;
};
struct kind_form {
    struct str id, name;
    struct str template; /* one of item_paper.h */
    bool off;            /* enabled: false: kept in the file, not offered */
};

/* While an item is in one of these states its owner is away, from the day in one field to that in another (absence.h). */
struct kind_absence {
    size_t *states, n_states; /* 0: the kind says nothing of it */
    size_t from, to;          /* fields of a day or a time */
    size_t deputy;            /* field of a person; SIZE_MAX: none */
};

/* Its items carry a manuscript (item_text.h). */
struct kind_text {
    size_t *open, n_open;   /* states in which the text is written; in all others it is locked */
    struct who_list unlock; /* who may take it from a locked state into an open one */
    struct who_list print;  /* who prints the final copy */
    int line;               /* 0: it carries none */
};

/* While an item is in one of these states it takes place at a time of its own: it stands in the day's agenda and in people's calendars (agenda.h). */
struct kind_agenda {
    size_t *states, n_states; /* 0: the kind says nothing of it */
    size_t from, to;          /* fields of a day or a time */
    size_t place, people;     /* fields of a text, of people; SIZE_MAX: none */
};

/* 机关代字: one run of numbers for each choice of a field. Which one is suggested: the first whose condition holds, else the first choice. */
struct kind_code {
    struct str code;
    struct cond when;
};
struct kind_codes {
    size_t field; /* SIZE_MAX: the kind has one run */
    struct kind_code *v;
    size_t n;
};

struct kind {
    struct str id, name, about, entry;
    struct str
        number; /* "督〔{year}〕{serial}号"; {year} {month} {serial} {serial:03} {unit} {code}; empty: none */
    struct kind_codes codes;
    size_t number_at; /* the move that takes a number; SIZE_MAX: opening */
    int64_t version;  /* of the row; 0: a file that is only judged */
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
    struct kind_remind *reminds;
    size_t n_reminds;
    const struct kind_climb *climb; /* NULL: its matters call nobody */
    struct str
        *ledger; /* field ids, or number title state light urgency owner unit opened closed due */
    size_t n_ledger;
    struct str *phrases; /* common words for opinions */
    size_t n_phrases;
    struct kind_form *forms;
    size_t n_forms;
    struct kind_absence absence;
    struct kind_text text;
    struct kind_agenda agenda;
};

/* Read a kind file. E_INPUT, E_LIMIT: file, line and what is wrong ("文件“x.yaml”第12行：转办“assign”的去向“doing”不是一个状态").
 * The kind lives in `a`; it points into nothing of `yaml`. */
MUST_USE enum code kind_read(
    struct arena *a, struct str yaml, const char *file, struct kind **out, struct err *e);
/* What is allowed and yet probably not meant: a field nobody can fill in, a closed state with moves, a light that never
 * shows. In the order of the lines. */
struct kind_note {
    int line;
    struct str text; /* Chinese, without line and file */
};
void kind_lint(const struct kind *k, struct arena *a, struct kind_note **out, size_t *n);
/* The line that a message of kind_read names; 0: none. */
int kind_error_line(const struct err *e);

/* ---- kind_number.c: a number as the kind writes it ---- */
struct number_parts {
    struct str code, unit;
    int year, month;
    int64_t serial; /* 0: only what stands before it */
};
void kind_number_write(struct buf *b, const struct kind *k, const struct number_parts *v);
/* In words: 机关代字〔年份〕序号. */
struct str kind_number_words(struct arena *a, const struct kind *k);
/* As a person reads it: 云山办〔2026〕1号. `code` empty: the first one of the kind. */
struct str kind_number_example(
    struct arena *a, const struct kind *k, struct str code, int year, int month);

size_t kind_field_of(const struct kind *k, struct str id); /* SIZE_MAX: none */
size_t kind_state_of(const struct kind *k, struct str id);
size_t kind_move_of(const struct kind *k, struct str id);
const char *field_type_name(enum field_type t); /* "文本" ... */
const char *field_type_key(enum field_type t);  /* "text" ... */
const char *light_name(enum light_colour c);    /* "红" ... ; "" */

/* Does the condition hold? `get` gives the text of a field (choices by name, days as ISO, numbers as written). */
typedef struct str (*cond_get)(void *arg, struct str field);
bool cond_holds(const struct cond *c, cond_get get, void *arg);

/* Of a kind with codes. */
struct str kind_code_suggested(const struct kind *k, cond_get get, void *arg);

/* ---- versions in the database ---- */
enum kind_status { KIND_PUBLISHED = 1, KIND_OFF /* 停用: no new items; running ones go on */ };
struct kind_row {
    int64_t id, version, made_ms, made_by;
    struct str kind, name;
    enum kind_status status;
    struct str yaml;
    struct str by_name; /* of made_by; empty: built in */
};
/* The newest version of each kind, by name. */
MUST_USE enum code kind_list(
    struct db *db, struct arena *a, struct kind_row **out, size_t *n, struct err *e);
MUST_USE enum code kind_row_get(struct db *db, struct arena *a, struct str kind, int64_t version,
    struct kind_row *out, struct err *e);
/* All versions of one kind, the newest first, without their text. */
MUST_USE enum code kind_versions(struct db *db, struct arena *a, struct str kind,
    struct kind_row **out, size_t *n, struct err *e);
/* Inside a write: a new version, judged first; version 1 for a new kind. A kind that is switched off stays so, a new one
 * follows its `enabled`. The same text as the newest version: no new one. */
struct kind_draft {
    struct str yaml;
    const char *file; /* for messages */
    struct str kind;  /* which it must be (E_INPUT); empty: whatever the text says */
    int64_t
        seen; /* the version the person began from (E_CONFLICT: there is a newer one); 0: does not matter */
    int64_t by;
};
MUST_USE enum code kind_publish(
    struct db *db, const struct kind_draft *d, int64_t *version, struct err *e);
MUST_USE enum code kind_switch(struct db *db, struct str kind, bool on, int64_t by, struct err *e);
/* Inside a write: the built-in files, as far as the office has no version of that kind; run by every opening that may write. */
MUST_USE enum code kind_seed(struct db *db, struct err *e);
/* The text of the newest version that nobody of the office made: what it began from (kind_newer.h). Empty: there is none. */
MUST_USE enum code kind_seeded(
    struct db *db, struct arena *a, struct str kind, struct str *yaml, struct err *e);
/* The built-in file number i, or false. Its name is that of the kind. *file: its name. */
bool kind_builtin(size_t i, struct str *yaml, const char **file);

/* The registry (struct office.kinds): kinds as read, one for each version in use. Thread-safe. */
struct kinds;
struct kinds *kinds_new(void);
void kinds_free(struct kinds *r);
/* version 0: the newest one, E_DENIED where the kind is switched off. E_NOTFOUND. Good until kinds_free. */
MUST_USE enum code kinds_get(struct kinds *r, struct db *db, struct str kind, int64_t version,
    const struct kind **out, struct err *e);
/* The newest version, whether it is switched on or not. */
MUST_USE enum code kinds_newest(
    struct kinds *r, struct db *db, struct str kind, const struct kind **out, struct err *e);
/* What is switched on, in the order in which it came into the office: for menus. */
struct kind_on {
    struct str id, name, entry;
};
MUST_USE enum code kinds_on(struct kinds *r, struct db *db, struct arena *a, struct kind_on **out,
    size_t *n, struct err *e);

#endif
