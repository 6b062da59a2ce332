/* office/item_paper_int.h - between the files of the printed forms. */
#ifndef OFFICE_ITEM_PAPER_INT_H
#define OFFICE_ITEM_PAPER_INT_H

#include "office/ask.h"
#include "office/document.h"
#include "office/item_event.h"
#include "office/item_file.h"
#include "office/item_paper.h"
#include "office/person.h"

/* What was said about the item, in order. */
struct paper_said {
    struct paper_opinion o;
    struct str box, purpose;
};
/* One item with all that its forms show; names come by one statement for each sort of thing. */
struct paper_item {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    struct item it;
    const struct kind *k;
    json_t *fields; /* owned by the arena */
    struct person *people;
    size_t n_people;
    struct unit *units;
    size_t n_units;
    struct document *docs; /* that the actor may read */
    size_t n_docs;
    struct item_file *files;
    size_t n_files;
    struct ask *asks;
    size_t n_asks;
    struct paper_said *said;
    size_t n_said;
    bool rounds;
};
MUST_USE enum code paper_item_read(struct paper_item *p, struct db *db, struct arena *a,
    const struct actor *by, int64_t item, struct err *e);
/* The value of a field as it is printed; `s` for several: 财务部、秘书科. */
struct str paper_value(const struct paper_item *p, const struct kind_field *f, const json_t *v);
struct str paper_field(const struct paper_item *p, size_t field);
struct str paper_unit(const struct paper_item *p, int64_t id);   /* its name */
struct str paper_person(const struct paper_item *p, int64_t id); /* 张三 */
struct str paper_day(struct arena *a, int64_t at_ms);            /* 2026年7月13日; 0: empty */
struct str paper_minute(struct arena *a, int64_t at_ms);         /* 7月13日 09:30; 0: empty */

#endif
