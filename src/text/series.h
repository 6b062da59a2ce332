/* text/series.h - old drafts: which files are versions of one text, and in which order?
 *
 * People put the version into the name: 终稿2, 最终版(不改了), 修改稿0312, v3, (1), - 副本, 20190312, 张三改. From
 * the name a base is left and an order is guessed; together with the likeness of the texts (text/near.h)
 * groups are proposed. A person confirms; nothing here decides. */
#ifndef TEXT_SERIES_H
#define TEXT_SERIES_H

#include "text/lex.h"
#include "text/near.h"

/* How far the text has come; between the steps lie those that have no name. */
enum series_stage {
    STAGE_UNKNOWN = 0,
    STAGE_OUTLINE = 10,   /* 提纲 */
    STAGE_DRAFT = 20,     /* 初稿 草稿 草案 */
    STAGE_DISCUSS = 30,   /* 讨论稿 */
    STAGE_COMMENT = 40,   /* 征求意见稿 */
    STAGE_REVISED = 50,   /* 修改稿, ×稿, 张三改 */
    STAGE_SUBMITTED = 60, /* 送审稿 报批稿 上会稿 */
    STAGE_FINAL = 70,     /* 定稿 终稿 最终版 */
    STAGE_ISSUED = 80,    /* 印发稿 正式版 盖章版 扫描件 */
};

struct series_name {
    struct str folder; /* of the path, without the last '/'; a view */
    struct str base;   /* the name without extension and marks; a view */
    struct str key;    /* base without blanks and punctuation, widths and case folded: equality */
    enum series_stage stage;
    int version;          /* v3, 终稿2, 第三稿: 3, 2, 3; 0: none */
    int copy;             /* (1), 副本: which copy; 0: none */
    struct lex_date date; /* year 0 and month set: 0312 */
    bool marked;          /* anything but the base was in the name */
};
/* `key` lives in `a`. */
void series_name(struct arena *a, struct str path, struct series_name *out);
/* Older first: stage (an unknown one counts as revised), date (none, then those without a year), version, copy,
 * then by name. Total: no answer depends on the order of the files. */
int series_cmp(const struct series_name *x, const struct series_name *y);

struct series_file {
    struct str path;
    const struct near_sign *sign; /* NULL: text not known */
};
enum series_why {
    SERIES_NAMES = 1,   /* equal names but for marks, in one folder */
    SERIES_TEXTS = 2,   /* texts alike */
    SERIES_FOLDERS = 4, /* from more than one folder (then names are equal and texts alike) */
};
struct series_group {
    size_t *files; /* indexes, in the order proposed, oldest first */
    size_t n;      /* at least 2 */
    unsigned why;  /* enum series_why, of all links */
    uint8_t sure;  /* 0..100: names and texts 90, texts alone 60, names alone 50 */
};
/* Proposals over a set of files. Equal names in one folder belong together unless their texts are known and unlike;
 * other names only where the texts are nearly the same and the folder is one; equal names in two folders
 * only where the texts are alike. At most SERIES_FILES_MAX files: E_LIMIT. */
enum { SERIES_FILES_MAX = 1000000 };
MUST_USE enum code series_groups(struct arena *a, const struct series_file *files, size_t n,
    struct series_group **out, size_t *n_out, struct err *e);

#endif
