/* office/word_int.h - between word.c and word_own.c: what a docx that this program wrote says beside its text. */
#ifndef OFFICE_WORD_INT_H
#define OFFICE_WORD_INT_H

#include "office/word.h"

/* The lines in front that this paragraph is, with their ends; empty: it stands in the text. */
struct str word_own_line(struct arena *a, const struct rich *r, const struct rich_para *p);
/* 主送 that was put into 版记 for want of room, as it stands below the title; `rest` is what else stands in the paragraph. Empty: it is none. */
struct str word_own_addressee(
    struct arena *a, const struct rich *r, const struct rich_para *p, struct str *rest);
/* Is it the title of a text that the document carries? */
bool word_own_carried(const struct rich *r, const struct rich_para *p);
/* Is what is said of a picture the name it has in the text? */
bool word_own_picture(const struct rich *r, struct str descr);
/* 版式 and 用印, where the text as it was seen does not tell them. */
struct str word_own_front(struct arena *a, const struct rich *r, const struct official *seen);

#endif
