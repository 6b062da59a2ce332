/* office/format.h - a docx measured against GB/T 9704-2012: what differs, where, what is there and what is right.
 *
 * Three steps: which paragraph is what (format_role.c: title, 主送, headings, 版记 …), the rules (format_rule.c a table; format_page.c,
 * format_type.c, format_words.c what they look at), one line for each difference. Sources of the measures: GB/T 9704-2012, clauses beside
 * the rules; how strict a clause is decides the grade: P0 shall (规定), P1 normally (一般), P2 recommended or practice. What
 * a unit's own paper decides (mark's size, thickness of the red line) is no rule.
 *
 * format_repair gives the same file with styles and layout put right; not a character of its text changes. */
#ifndef OFFICE_FORMAT_H
#define OFFICE_FORMAT_H

#include "paper/official.h"
#include "paper/rich.h"
#include "text/draft.h"

enum format_role {
    ROLE_NONE = 0, /* not ours to judge: tables, captions, pictures */
    ROLE_EMPTY,
    ROLE_COPY_NO,
    ROLE_SECRECY,
    ROLE_URGENCY,
    ROLE_MARK,
    ROLE_DOCNO,
    ROLE_SIGNER,
    ROLE_TITLE,
    ROLE_ADDRESSEE,
    ROLE_BODY,
    ROLE_H1,
    ROLE_H2,
    ROLE_H3,
    ROLE_H4,
    ROLE_CENTRED, /* 第一章, the day under a speech's title */
    ROLE_ATTACHMENT,
    ROLE_ATTACHMENT_MORE,
    ROLE_SIGNATURE,
    ROLE_DATE,
    ROLE_NOTE,
    ROLE_CARRIED, /* the title of 印发件 */
    ROLE_ANNEX,
    ROLE_ANNEX_TITLE,
    ROLE_CC,
    ROLE_PRINTED,
    N_ROLE
};
const char *format_role_name(enum format_role r); /* 标题, 主送机关 … */

/* A docx with what each paragraph is. */
struct format_view {
    struct arena *a;
    const struct rich *r;
    enum format_role *role; /* of each paragraph of r */
    size_t *number;         /* the how-manieth of the text it is, from 1; 0: empty or elsewhere */
    size_t *lines;          /* line of `d` → paragraph */
    size_t n_lines;
    struct draft d;
    bool head;   /* it has 版头 */
    bool paper;  /* of the general form: not a letter, order, minutes, bulletin, speech */
    bool upward; /* 请示, 报告, 意见 to above: a number and a signer on one line */
    bool joint_mark, joint_signature; /* several names in it */
    size_t *
        heads; /* bytes of a paragraph that are its heading, where text stands behind, or the number of an article; 0 */
};
MUST_USE enum code format_look(
    struct arena *a, const struct rich *r, struct format_view *out, struct err *e);

enum format_grade { FORMAT_P0 = 0, FORMAT_P1, FORMAT_P2, N_FORMAT_GRADE };
const char *format_grade_name(enum format_grade g); /* P0 P1 P2 */
struct format_rule {
    const char *id, *clause, *name; /* page-top, 5.2.1, 天头 */
    enum format_grade grade;
    bool words; /* about the words: a repair leaves it alone */
};
extern const struct format_rule format_rules[];
extern const size_t n_format_rules;

struct format_finding {
    const struct format_rule *rule;
    size_t para;             /* index in rich; SIZE_MAX: the whole file */
    struct str place;        /* 第3段“一、总体要求” */
    struct str found, right; /* 宋体, 黑体 */
    size_t times;            /* the same in so many paragraphs, the first of them is named */
};
enum { FORMAT_FINDINGS_MAX = 2000 };
struct format_report {
    struct format_finding *v;
    size_t n;
    size_t by_grade[N_FORMAT_GRADE];
    bool cut; /* more than FORMAT_FINDINGS_MAX */
};
void format_check(struct arena *a, const struct format_view *w, struct format_report *out);

/* A repaired docx, and what is still there afterwards. E_BUG if a single character of the text would have changed. */
struct format_repaired {
    struct str docx;
    struct format_report left;
    size_t mended; /* findings that are gone */
    struct str *notes; /* what was not tried: 第5段标题和正文在同一处格式里，没有分开 */
    size_t n_notes;
};
MUST_USE enum code format_repair(struct reader_pool *p, struct arena *a, int fd, struct str name,
    struct format_repaired *out, struct err *e);
/* Read, look, check. */
MUST_USE enum code format_file(struct reader_pool *p, struct arena *a, int fd, struct str name,
    struct format_report *out, struct err *e);

#endif
