/* text/docno.h - document numbers (发文字号): 国办发〔2024〕15号 and what is written in its place.
 *
 * Sources: GB/T 9704-2012, 7.2.5 (organ code, full year in 〔〕, serial without 第 and without leading
 * zeros, 号; orders are numbered without a year, 10.2); wrong forms met in the wild: [2024] （2024）
 * 【2024】, two-digit years, 第, full-width digits, blanks, 字. */
#ifndef TEXT_DOCNO_H
#define TEXT_DOCNO_H

#include "base/arena.h"
#include "base/buf.h"
#include "text/lex.h"

enum docno_kind {
    DOCNO_CODE = 1, /* 国办发〔2024〕15号 */
    DOCNO_ORDER,    /* 国务院令第138号, 主席令第七十号 */
    DOCNO_NOTICE,   /* 税务总局公告2024年第5号, 2024年第5号公告 */
};

struct docno {
    enum docno_kind kind;
    struct text_span at; /* in the text given */
    struct str organ;    /* organ code, or the issuer of an order; borrowed from the text */
    struct str word;     /* 令, 公告 or 通告; empty for DOCNO_CODE; static */
    int year;            /* 0: the number has none */
    int serial;          /* 1..99999 */
    bool standard;       /* written exactly as GB/T 9704 wants it */
};

/* `in` holds one document number, blanks around it allowed, and nothing else. E_INPUT names the
 * rule broken. out->at are bytes of `in`. Never allocates. */
MUST_USE enum code docno_parse(struct str in, struct docno *out, struct err *e);

/* Every document number in running text, ascending, not overlapping; the array lives in `a`. What
 * stands before the code in the sentence (根据, 按照, 《…》) is not taken as part of it; where it cannot be told
 * where the code begins, the number is left out. A document has at most DOCNO_MAX. */
enum { DOCNO_MAX = 20000 };
size_t docno_find(struct arena *a, struct str text, struct docno **out);
/* The same, one at a time, from *from on: for callers that need only the first. */
bool docno_next(struct str text, size_t *from, struct docno *out);

/* A line that OCR read, which is a document number and nothing else: 云应急 【2026] 3]号 is 云应急〔2026〕31号. Marks taken for others in the
 * brackets and among the digits (] | l I for 1, O for 0) and blanks are put right; false, and nothing written, where it is none. A
 * person looks at it in any case. */
bool docno_of_ocr(struct str line, struct buf *out);

/* As the standard writes it: 国办发〔2024〕15号, 国务院令第138号, 财政部公告2024年第5号. */
void docno_print(const struct docno *d, struct buf *out);
/* Key for equality, the same for every way of writing one number: 国办发|2024|15. An order's
 * issuer loses 中华人民共和国. */
void docno_key(const struct docno *d, struct buf *out);

#endif
