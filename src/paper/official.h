/* paper/official.h - an official document (公文) as a structure: the elements of 版头, 主体 and 版记, and the blocks of its text.
 *
 * Sources: GB/T 9704-2012 clauses 7 and 10 (elements), 《党政机关公文处理工作条例》第九条. Speeches and bulletins are no kinds of that
 * standard; how they look is a unit's own matter and stands in struct official_style (layout.h).
 *
 * All text is valid UTF-8 without line breaks, except where a field says that '\n' parts its lines. Strings are borrowed or live in
 * the arena of whoever made the document. */
#ifndef PAPER_OFFICIAL_H
#define PAPER_OFFICIAL_H

#include "base/arena.h"
#include "base/buf.h"

enum official_form {
    OFFICIAL_PAPER = 0, /* 文件 of the general form; 上行文 where it has signers */
    OFFICIAL_LETTER,    /* 信函 10.1 */
    OFFICIAL_ORDER,     /* 命令（令） 10.2 */
    OFFICIAL_MINUTES,   /* 纪要 10.3 */
    OFFICIAL_BULLETIN,  /* 简报 */
    OFFICIAL_SPEECH,    /* 讲话、致辞 */
    OFFICIAL_READING,   /* a speech's large-type reading copy: no sentence is split over pages */
    OFFICIAL_PLAIN,     /* without 版头 and 版记: 送审稿, 汇报材料 */
    N_OFFICIAL_FORM
};
const char *official_form_name(
    enum official_form f); /* 文件 信函 命令 纪要 简报 讲话稿 诵读稿 白头 */

enum official_block_kind {
    OFFICIAL_PARA = 1,
    OFFICIAL_TABLE,
    OFFICIAL_PICTURE,
    OFFICIAL_CENTRED, /* a line in the middle: 第一章 总则, the date under the title of a speech */
    OFFICIAL_FLUSH,  /* at the left without indent */
    OFFICIAL_CAPTION /* 图1 ××××, under the picture in front of it */
};

enum { OFFICIAL_ARTICLE = 5 }; /* the level of 第一条, whose number alone is its heading */

struct official_cell {
    struct str text;  /* '\n' parts lines */
    int across, down; /* columns and rows it takes; 0 is 1 */
    bool covered;     /* lies under another that takes several */
    size_t from;      /* where its row begins in the text it was read from, bytes; 0: nowhere */
};
struct official_table {
    struct official_cell *cells; /* rows × columns, row by row */
    size_t n_rows, n_columns;
    size_t n_heads;        /* rows repeated on each page */
    const double *weights; /* of the columns; NULL: by what stands in them */
};

struct official_block {
    enum official_block_kind kind;
    int level; /* of a paragraph: 0 text, 1 一、 2 （一） 3 1. 4 （1） OFFICIAL_ARTICLE; of a line in the middle: 1 第一章, 2 第一节 */
    size_t
        head; /* bytes in front of `text` that are the heading, in the heading's face; the rest is text */
    struct str text;
    struct official_table table;
    struct str png;  /* bytes of a picture, whose name is `text` */
    int wide, high;  /* its dots, where the bytes are not at hand */
    struct str link; /* where a browser finds it; empty: the bytes are put into the page */
    double
        width_mm; /* of a picture; 0: by its pixels at 150 a inch, at most the width of the text */
    size_t from, to; /* where it stands in the text it was read from, bytes; 0, 0: nowhere */
};

/* A line of names after a label: 出席：, 请假：, 列席： of minutes; 报：, 送：, 发： of a bulletin. */
struct official_list {
    struct str label, text;
};

enum official_seal {
    OFFICIAL_UNSEALED = 0, /* 7.3.5.2 */
    OFFICIAL_SEALED,       /* 7.3.5.1 */
    OFFICIAL_STAMPED       /* 签名章 7.3.5.3 */
};
struct official_signature {
    struct str name;  /* the organ; with a stamped one the post: 董事长 */
    struct str stamp; /* name on the stamp, or empty */
    struct str png;   /* picture of the seal or of the stamp; empty: room is left */
};

struct official_annex {
    int number; /* 0: the only one */
    struct str title;
    struct official_block *blocks;
    size_t n;
};

struct official {
    enum official_form form;

    /* 版头 */
    struct str copy_no; /* 份号 000001 */
    struct str
        secrecy; /* 密级和保密期限: on paper that others made; what we issue bears none (design §10.1) */
    struct str urgency; /* 特急 加急 */
    struct str *issuers; /* 发文机关标志: one, or several of a joint document, the host first */
    size_t n_issuers;
    struct str mark_word; /* 文件, 命令, 纪要…, behind the issuers; empty: none */
    struct str docno;     /* 发文字号; of a bulletin the number of the issue */
    struct str *signers;  /* 签发人: 上行文 only */
    size_t n_signers;
    struct str editor, edited; /* of a bulletin: who edits it, and the day, above its line */

    /* 主体 */
    struct str title;             /* '\n' parts lines that somebody chose */
    struct str speaker, occasion; /* of a speech, below its title: 2026年7月13日　张三 */
    struct str addressee;         /* 主送, without the colon */
    struct official_block *blocks;
    size_t n;
    struct str *attachments; /* names in 附件说明 */
    size_t n_attachments;
    enum official_seal seal;
    struct official_signature *signatures;
    size_t n_signatures;
    struct str date; /* 2026年7月13日 */
    struct str note; /* 附注, without the brackets */
    struct official_list *lists;
    size_t n_lists;
    /* 印发件: what a notice of 印发, 转发, 批转 or an order has behind it, in front of 附件 and 版记, each on a new page. Of each: title, number
     * and `occasion` （…通过） and `speaker` (an organ) below it, and from 主送 to 附件; it has no 版头, no 版记 and carries nothing itself. */
    struct official *carried;
    size_t n_carried;
    struct official_annex *annexes;
    size_t n_annexes;

    /* 版记 */
    struct str cc;               /* 抄送, without a full stop */
    struct str printer, printed; /* 印发机关, 2026年7月13日 */
    struct official_list *to;    /* of a bulletin: 报, 送, 发, without a full stop */
    size_t n_to;
    struct str run;       /* of a bulletin: 共印50份 */
    bool addressee_below; /* 主送 is so long that it stands in 版记 */
};

/* Limits, held by whoever reads a document in; layout answers E_LIMIT beyond. */
enum {
    OFFICIAL_BLOCKS_MAX = 50000,
    OFFICIAL_BLOCK_CP_MAX = 200000,
    OFFICIAL_LIST_MAX = 200, /* issuers, signers, attachments, annexes, signatures, lists */
    OFFICIAL_SIGNERS_MAX = 12,
    OFFICIAL_TO_MAX = 6,         /* lines 报, 送, 发 */
    OFFICIAL_SIGNER_CP_MAX = 20, /* of a name */
    OFFICIAL_ROWS_MAX = 20000,
    OFFICIAL_COLUMNS_MAX = 60
};
MUST_USE enum code official_check(const struct official *d, struct err *e);

/* The i-th list of blocks in it, in the order of the paper: its own, those of what it carries and of its attachments; false: there are no more. */
bool official_blocks(const struct official *d, size_t i, struct official_block **v, size_t *n);

/* How large a picture stands on paper, mm, inside this room: the same for the layout and for Word. False: nothing is known of it. */
bool official_picture_size(
    const struct official_block *b, double width, double height, double *w, double *h);

#endif
