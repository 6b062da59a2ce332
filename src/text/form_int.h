/* text/form_int.h - passes of rules_form.c that have files of their own. */
#ifndef TEXT_FORM_INT_H
#define TEXT_FORM_INT_H

#include "text/rule.h"

void form_sequence(struct checker *c); /* form_sequence.c: labels of lines */
void form_inline(struct checker *c); /* 一是…二是…, （一）…（二）… inside a paragraph */
void form_counts(struct checker *c);  /* 以下三个方面 */
void form_title(struct checker *c);   /* form_head.c */
void form_numbers(struct checker *c); /* document numbers */
void form_addressee(struct checker *c);
void form_genre(struct checker *c);       /* what a 请示, 报告, 函 must and must not say */
void form_attachments(struct checker *c); /* form_tail.c */
void form_dates(struct checker *c);
void form_imprint(struct checker *c);
void form_present(struct checker *c); /* 出席 and 请假 */
void form_left(struct checker *c);    /* form_left.c: placeholders, residue of other tools */
void form_short(struct checker *c);   /* form_short.c: 以下简称 */
void form_vague(struct checker *c);   /* relative time, limits without a day, length */

/* First line behind the document itself: where its attachments begin, or n_lines. */
size_t form_body_end(const struct draft *d);

#endif
