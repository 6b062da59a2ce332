/* web/item_page.h - what the files behind /items share. */
#ifndef WEB_ITEM_PAGE_H
#define WEB_ITEM_PAGE_H

#include "office/item_view.h"
#include "web/item_form.h"
#include "web/item_rows.h"

enum { PHRASES_SHOWN = 12 };

const char *urgency_name(enum urgency u); /* "" for none */
/* Where the work leads back to: `back` of the form or the query, empty where there is none. */
struct str item_back(struct ctx *c);

/* What was typed with a verb that could not be done: shown again in its form. */
struct item_again {
    int status;
    struct str verb, move; /* which form is open */
    struct str text;       /* opinion, remark, reason */
    struct str problem;
    struct item_typed typed; /* fields of a move; typed.fields NULL: none */
    struct item_chosen chosen;
};
/* Answer with the page of c->id. */
MUST_USE enum code item_show(struct ctx *c, const struct item_again *again, struct err *e);

/* What an item is after something was done, if that brought it on from where it stood: “　集团党发〔2026〕2号，现在是“待用印”，等张三”; else empty. */
struct str item_stands(struct ctx *c, int64_t item, int64_t stood);

/* item_history.c: events behind this sequence as rows; brief: without what belongs to a round that was sent back. */
void item_history(struct ctx *c, const struct item_view *v, const struct names *names,
    int64_t after, bool brief, struct item_event_row **out, size_t *n);
/* Of each event: it belongs to a round that was sent back. */
bool *item_returned(struct ctx *c, const struct item_view *v);
void item_nodes(struct ctx *c, const struct item_view *v, const struct names *names, bool brief,
    struct page_item *p);
/* page_original.c: where its paper originals are. */
MUST_USE enum code item_originals(
    struct ctx *c, struct db *db, int64_t item, struct page_item *p, struct err *e);
/* page_item_text.c: the manuscript it carries; which version an opinion was given on. */
MUST_USE enum code item_manuscript(
    struct ctx *c, struct db *db, const struct item_view *v, struct page_item *p, struct err *e);
void item_opinion_version(
    struct ctx *c, const struct item_view *v, const json_t *version, struct item_opinion_row *row);
/* page_paper.c: the printed forms of its kind, and what it counts. */
void item_prints(struct ctx *c, struct db *db, const struct item_view *v, struct page_item *p);
void item_boxes(
    struct ctx *c, const struct item_view *v, const struct names *names, struct page_item *p);
/* One value of a field in a line of words. */
struct str item_value_text(
    struct ctx *c, const struct names *names, const struct kind_field *f, const json_t *v);
void item_want_names(struct names *n, const struct item_view *v);

/* page_item_new.c: the form of an item, new or there already. */
struct head_values { /* what stands above the fields */
    struct str title, opened, opened_time;
    int urgency, level;
};
struct form_job {
    const struct kind *k;
    struct head_values head;
    struct item_typed t;
    int64_t id, revision; /* of the item; id 0: a new one, set when it is made */
    int64_t from, unsent;
    int64_t saved; /* the id under which it was saved */
    bool first;    /* nothing was done with it yet: the first steps go with the form */
    struct str then, back, body;
};
void item_form_head(struct ctx *c, struct form_job *j); /* what was sent of it */
MUST_USE enum code item_form_fill(struct ctx *c, struct db *db, const struct form_job *j,
    const bool *hidden, struct page_item_form *p, struct err *e);
MUST_USE enum code item_form_unsent(struct ctx *c, struct db *db, struct str form,
    struct form_job *j, struct page_item_form *p, struct err *e);
/* Inside a write: the step that was chosen with the form. */
MUST_USE enum code item_form_then(
    struct db *db, struct ctx *c, const struct form_job *j, struct err *e);
/* {"id": value}: what the fields were that others changed since, when this person opened the page. */
json_t *item_changed_since(struct ctx *c, const struct item_view *v, int64_t revision);
/* Which failures are answered with the form again. */
bool item_persons_fault(enum code code);

#endif
