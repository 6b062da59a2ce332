/* text/meta.h - metadata read out of the text of a document.
 *
 * Nothing is invented: every value carries the bytes it was read from and how sure the place makes it
 * (0..100); what cannot be told stays empty. The plain text has one paragraph a line (doc_text).
 * Read are red heads, document numbers, titles over several lines, 签发人, 主送, 附件, signature
 * and date, 附注, 版记, labels of web pages (来源：发布时间：), adoption lines of statutes, speech lines of work reports,
 * news. docs/design/reading-metadata.md has the rules and what they reach. */
#ifndef TEXT_META_H
#define TEXT_META_H

#include "base/arena.h"
#include "text/docno.h"
#include "text/genre.h"

enum meta_line {
    META_BODY = 0, /* an ordinary line */
    META_TITLE,    /* the file says that it is the title */
    META_NOTE,     /* header, footer, footnote, comment: never read from */
    META_ROW,      /* a row of a table, cells parted by '\t' */
    META_ATTACH,   /* begins an attachment: nothing behind it belongs to the document's own head */
};

struct meta_value {
    struct str text;     /* cleaned, on one line; n 0: not found */
    struct text_span at; /* bytes of the text given; covers what `text` was made from */
    uint8_t sure;
};
struct meta_day {
    struct lex_date date; /* year 0: not found */
    struct text_span at;
    uint8_t sure;
};

/* One line of a statute's history: 2020年5月14日 上海市第十五届人民代表大会常务委员会第二十一次会议…第一次修正. */
enum meta_event_kind {
    EVENT_ADOPTED = 1,
    EVENT_APPROVED,
    EVENT_ISSUED,
    EVENT_AMENDED,
    EVENT_IN_FORCE
};
struct meta_event {
    enum meta_event_kind kind;
    struct lex_date date;
    struct str organ; /* without 第×届; empty where not named */
    struct text_span at;
};

struct meta {
    struct meta_value title;
    struct meta_value docno; /* as printed by the standard; `number` is the same parsed */
    struct docno number;
    struct meta_value issuer;
    int genre; /* enum genre; from the title, or GENRE_NEWS from the text */
    struct text_span genre_at;
    struct meta_value addressee; /* 主送, without the colon */
    struct meta_value signature; /* under the text, joint ones parted by 、 */
    struct meta_value signer;    /* 签发人 */
    struct meta_value speaker; /* of a speech or work report, with the office: 国务院总理 李强 */
    struct meta_value urgency; /* 特急, 加急, 特提, 平急 */
    struct meta_value note;    /* 附注: （此件公开发布） */
    struct meta_value cc;      /* 抄送 */
    struct meta_value printer; /* 印发机关 */
    struct meta_value source;  /* 来源 of a web page */
    struct meta_day issued; /* 成文日期; for statutes the day this version was issued or amended */
    struct meta_day adopted; /* last 通过 or 批准, where the day of issue is not in the text */
    struct meta_day published; /* 发布时间 of a web page: not the day of the document */
    struct meta_day in_force;  /* 自…起施行 */
    struct meta_day printed;   /* 印发日期 */
    struct meta_event *events;
    size_t n_events;
    struct meta_value *attachments; /* names in 附件说明 */
    size_t n_attachments;
    struct meta_value *repeals; /* titles that this document repeals (同时废止, 停止执行) */
    size_t n_repeals;
    struct meta_value repealed; /* says of itself that it is no longer in force: 已废止, 失效 */
};

/* `kinds`: enum meta_line for each line ('\n') of `text`, or NULL for all META_BODY. Values live in `a`
 * or borrow from `text`. Never fails: what is not found is empty. Reads at most META_HEAD_LINES
 * lines for the head and META_LINES_MAX for the rest. */
enum { META_HEAD_LINES = 60, META_LINES_MAX = 200000, META_LIST_MAX = 200 };
void meta_read(struct arena *a, struct str text, const uint8_t *kinds, struct meta *out);

/* What a file's name hints at: title without copy marks, a date, a number. Never surer than 50; `at` are bytes of `name`. */
struct meta_name {
    struct meta_value title;
    struct meta_day date;
    struct meta_value docno;
};
void meta_from_name(struct arena *a, struct str name, struct meta_name *out);

#endif
