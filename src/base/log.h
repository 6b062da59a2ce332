/* base/log.h - one line of JSON for each event.
 *
 *     {"time":"2026-07-13T09:30:00.123+08:00","level":"info","event":"import.done","taken":12}
 *
 *     struct log_line l;
 *     log_begin(&l, log, LOG_INFO, "import.done");
 *     log_int(&l, "taken", taken);
 *     log_end(&l);
 *
 * Event names are noun.verb, in English. A line goes out in one write() of at most LOG_LINE_MAX
 * bytes, so that lines of several threads and processes never mix, not even in a pipe. What people
 * wrote (document text, opinions, search words, names of senders) is never logged; a field whose name
 * says that it is a secret is written as "***". */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/json.h"

#define LOG_LINE_MAX  4096 /* PIPE_BUF: a write up to here is whole */
#define LOG_VALUE_MAX 512  /* bytes of one text value; the rest is cut, "cut":true says so */

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
/* "debug" "info" "warn" "error" */
MUST_USE enum code log_level_parse(struct str s, enum log_level *out, struct err *e);

struct log { /* shared by all threads; not changed while they run */
    int fd;  /* -1: nothing is logged. A file is opened with O_APPEND */
    enum log_level least;
    int zone; /* minutes east of UTC */
};

struct log_line {          /* on the caller's stack, between log_begin and log_end */
    const struct log *log; /* NULL: the level is not wanted, every call does nothing */
    struct buf b;
    struct jw j;
    bool cut;
};
void log_begin(struct log_line *l, const struct log *log, enum log_level level, const char *event);
void log_str(struct log_line *l, const char *key, struct str s);
void log_int(struct log_line *l, const char *key, int64_t v);
void log_real(struct log_line *l, const char *key, double v);
void log_bool(struct log_line *l, const char *key, bool v);
void log_id(struct log_line *l, const char *key, int64_t id);
void log_err(struct log_line *l, const struct err *e); /* code, message, place */
/* Writes the line and frees it. A line that cannot be written is lost: there is nobody to tell. */
void log_end(struct log_line *l);

#endif
