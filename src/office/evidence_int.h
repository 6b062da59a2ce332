/* office/evidence_int.h - between the files of the inspection pack. */
#ifndef OFFICE_EVIDENCE_INT_H
#define OFFICE_EVIDENCE_INT_H

#include "office/ask.h"
#include "office/evidence.h"
#include "office/item_clock.h"
#include "office/item_event.h"
#include "office/item_file.h"
#include "office/item_link.h"
#include "office/item_words.h"

enum { EVIDENCE_EVENTS = 2000 /* of one matter */ };

/* One matter with all that rules and pack look at. */
struct evidence_look {
    struct arena *a;
    int64_t now_ms;
    struct item it;
    const struct kind *k;
    json_t *fields;
    struct str owner, unit, state;
    struct ask *asks;
    struct item_clock *clocks;
    struct item_event *events;
    struct item_words *words; /* of each event */
    struct item_file *files;
    struct item_proxy *proxies;
    struct item_link *links;
    size_t n_asks, n_clocks, n_events, n_files, n_proxies, n_links;
};
MUST_USE enum code evidence_look(struct db *db, struct arena *a, const struct actor *by,
    int64_t item, struct evidence_look *out, struct err *e);

/* What a rule found. */
typedef enum code (*evidence_found)(
    void *arg, struct str rule, int64_t item, struct str said, struct err *e);
struct str evidence_rule_name(struct str rule);
/* The rules of matters; clause NULL: all of them. */
MUST_USE enum code evidence_judge(const struct evidence_look *l, const struct evidence_clause *c,
    evidence_found fn, void *arg, struct err *e);
/* The rules of numbers: those of one kind and year. */
MUST_USE enum code evidence_judge_numbers(struct db *db, const struct actor *by, struct str kind,
    int year, const struct evidence_clause *c, evidence_found fn, void *arg, struct err *e);

/* What a pack is made of. */
struct evidence_job {
    struct office *o;
    struct db *db; /* reads; one snapshot */
    const struct actor *by;
    const struct evidence *ev;
    const struct evidence_clause *clause; /* NULL: none */
    int64_t *items;
    size_t n;
    /* Called after each matter. */
    enum code (*progress)(void *arg, int64_t done, struct err *e);
    void *arg;
};
struct evidence_made {
    struct buf pdf, book, zip; /* zip empty: not asked for, or no files */
    int pages;
    struct str message;
};
/* Where each matter stands goes into the directory of the workbook. `made` is initialised; strings live in `a`. */
MUST_USE enum code evidence_pack(
    struct evidence_job *j, struct arena *a, struct evidence_made *made, struct err *e);

/* Files of the matters, for lists and zip. */
struct evidence_file {
    size_t item;
    struct item_file f;
};
/* One line of the workbook's first sheet. */
struct evidence_line {
    int64_t id;
    struct str number, title, kind, state, owner, unit;
    int64_t opened_ms, closed_ms;
    size_t section;
    size_t files, receipts;
};
struct evidence_answer {
    size_t item;
    struct str to, purpose, sent, seen, word, answered, text;
};
struct evidence_rows {
    struct evidence_line *lines;
    struct evidence_answer *answers;
    struct evidence_file *files;
    size_t n_lines, n_answers, n_files, cap_lines, cap_answers, cap_files;
    const int *page; /* of each section */
};
MUST_USE enum code evidence_book(struct evidence_job *j, struct arena *a,
    const struct evidence_rows *r, struct buf *out, struct err *e);
struct str evidence_minute(struct arena *a, int64_t at_ms); /* 2026-07-13 09:30; 0: empty */

#endif
