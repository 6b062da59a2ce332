/* office/item_paper.h - printed forms (印件) of an item: 公文处理单, 督办通知单, 催办单, 会签单 and the like, as rows to be laid
 * out on A4. What stands on a form and in which order is a table of item_paper.c, one line for each template that a kind
 * may name under `forms`; a kind that lacks a field simply lacks that cell. */
#ifndef OFFICE_ITEM_PAPER_H
#define OFFICE_ITEM_PAPER_H

#include "office/item.h"

enum { PAPER_SHEETS_MAX = 500, PAPER_EVENTS_MAX = 5000 };

struct paper_cell {
    struct str name, value;
};
struct paper_row {
    struct paper_cell a, b; /* b.name empty: `a` takes the whole width */
};
struct paper_line {
    struct str *cells;
    size_t n_cells;
};
struct paper_table {
    struct str name;
    struct str *heads;
    size_t n_heads;
    struct paper_line *lines;
    size_t n_lines;
};
struct paper_opinion {
    struct str text, step, who, day; /* step: 送领导批示, 退回重办 ... */
    bool returned;                   /* of a round that was sent back */
};
struct paper_box {
    struct str head;
    struct paper_opinion *opinions;
    size_t n_opinions;
};
struct paper_receipt {
    struct str to, purpose, sent, seen, word, answered, text;
};
struct paper_sheet {
    struct str title, number, day; /* 督办通知单, 督〔2026〕3号, 2026年7月13日 */
    struct str colour;             /* of a 催办单: blue yellow red; else empty */
    struct str addressee;          /* 财务部（牵头单位）： */
    int64_t unit;                  /* whose sheet it is; 0: nobody's */
    struct str *paras;             /* of a letter, as 催办单 */
    size_t n_paras;
    struct paper_row *rows; /* above the boxes */
    size_t n_rows;
    struct paper_table *tables;
    size_t n_tables;
    struct paper_box *boxes;
    size_t n_boxes;
    struct paper_row *tail; /* below them */
    size_t n_tail;
    struct paper_receipt *receipts;
    size_t n_receipts;
    struct str sign; /* whose letter it is; empty: a form that stays in the house */
};
struct paper {
    struct str name, title, number; /* of the form, of the item */
    bool rounds;                    /* something was sent back: the short print differs */
    bool many;                      /* one sheet for each unit */
    struct paper_sheet *sheets;
    size_t n_sheets;
};
struct paper_want {
    int64_t item;
    struct str form; /* id in the kind */
    bool brief;      /* 精简: without the rounds that were sent back */
    int64_t unit;    /* 0: all */
    int64_t slip;    /* of a 催办单; 0: all that are valid */
};
/* E_NOTFOUND: no such item for the actor, or its kind has no such form. */
MUST_USE enum code item_paper(struct db *db, struct arena *a, const struct actor *by,
    const struct paper_want *want, struct paper *out, struct err *e);

/* For kind_read: is there such a template; all of them, parted by 、. */
bool paper_known(struct str template);
const char *paper_templates(void);
/* A form that stays in the house, not a letter to units or a slip. */
bool paper_in_house(struct str template);

#endif
