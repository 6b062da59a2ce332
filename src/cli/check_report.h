/* cli/check_report.h - the findings of a check for people and for machines: text like a compiler's, JSON, SARIF.
 *
 * Lines and columns count from 1, columns in code points. Where the file is UTF-8 text they are those of the
 * file; of other formats the line is the number of the paragraph (`real_lines` tells which). */
#ifndef CLI_CHECK_REPORT_H
#define CLI_CHECK_REPORT_H

#include "base/buf.h"
#include "office/proof.h"
#include "text/check.h"

struct check_report {
    struct str file; /* as the person wrote it */
    const struct draft *d;
    const struct check *found;
    enum check_level least; /* findings below are not shown */
    const uint32_t *line;   /* of the file, for each line of the draft; NULL: the draft's own */
    const uint32_t *lead;   /* characters that stood before the draft's line; NULL with `line` */
    bool real_lines;
    double ms;
    const struct proof_report *office; /* what the library adds; NULL: checked without one */
};

struct report_place {
    size_t line, column;
};
struct report_place report_place_of(const struct check_report *r, size_t cp);
/* How many findings are shown. */
size_t report_shown(const struct check_report *r);

/* Each is appended to out. `colour`: with escape sequences for a terminal. */
void report_text(const struct check_report *r, bool colour, struct buf *out);
void report_json(const struct check_report *r, struct buf *out);  /* design 8; one line */
void report_sarif(const struct check_report *r, struct buf *out); /* SARIF 2.1.0 (OASIS) */
/* The table of rules. */
void report_rules_text(struct buf *out);
void report_rules_json(struct buf *out);

#endif
