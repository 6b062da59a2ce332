/* text/meta_int.h - shared by meta.c (the order of reading), meta_head.c (what stands before the body)
 * and meta_tail.c (signature, attachments, dates and repeals inside the text). */
#ifndef TEXT_META_INT_H
#define TEXT_META_INT_H

#include "text/meta.h"

struct meta_row {
    size_t begin, end; /* without blanks at both ends */
    uint8_t kind;      /* enum meta_line */
};

struct meta_reader {
    struct arena *a;
    struct str s;
    struct meta_row *rows; /* lines that are not blank and no notes */
    size_t n;
    size_t body; /* index of the first row behind head and title */
    size_t end;  /* index behind the last row of the document itself; attachments follow */
    bool news;
    struct meta_value
        mark; /* a letterhead without 文件; the issuer where title and signature name none */
    size_t bulletin; /* index of a bulletin's masthead, plus 1; 0: none */
    struct meta *m;
};

struct str meta_row_str(const struct meta_reader *r, size_t i);
struct meta_value meta_value_of(struct meta_reader *r, struct str at, uint8_t sure);
/* Rows [first, last] as one line, blanks at the joints gone. */
struct meta_value meta_join(struct meta_reader *r, size_t first, size_t last, uint8_t sure);
void meta_set_docno(struct meta_reader *r, const struct docno *d, size_t shift, uint8_t sure);
/* A line that is a date and nothing else, brackets allowed. */
bool meta_date_line(struct str line, struct lex_date *d);

void meta_head(struct meta_reader *r);
/* Lines of a statute's history in row i; false when it is none. */
bool meta_history(struct meta_reader *r, size_t i);
/* 上海市第十五届人民代表大会常务委员会 → 上海市人民代表大会常务委员会. */
struct str meta_without_session(struct meta_reader *r, struct str s);
void meta_tail(struct meta_reader *r);

#endif
