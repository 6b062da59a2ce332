/* cli/cli_int.h - what the files of src/cli share among themselves. */
#ifndef CLI_CLI_INT_H
#define CLI_CLI_INT_H

#include <stdio.h>

#include "cli/command.h"
#include "paper/doc.h"

/* Each in cmd_NAME.c. */
extern const struct command cmd_init, cmd_serve, cmd_import, cmd_search, cmd_match, cmd_check,
    cmd_diff, cmd_format, cmd_reindex, cmd_verify;
extern const struct command cmd_user_list, cmd_user_add, cmd_user_disable, cmd_user_enable,
    cmd_user_posts, cmd_user_reset, cmd_user_import;
extern const struct command cmd_user_subscribe, cmd_category_list, cmd_category_add, cmd_label;
extern const struct command cmd_intake_list, cmd_intake_add, cmd_intake_remove, cmd_intake_run;
extern const struct command cmd_term_list, cmd_term_import, cmd_term_export, cmd_term_mine;
extern const struct command cmd_kind_list, cmd_kind_check, cmd_kind_show, cmd_kind_newer,
    cmd_kind_take;
extern const struct command cmd_template_list, cmd_template_show, cmd_template_check;
extern const struct command cmd_item_list, cmd_item_show, cmd_item_run;
extern const struct command cmd_export;
extern const struct command cmd_practice_start, cmd_practice_reset;
extern const struct command cmd_backup, cmd_restore, cmd_migrate, cmd_docs;

/* ---- help.c ---- */
void help_overview(FILE *f);
void help_command(FILE *f, const struct command *cmd);
void help_group(FILE *f, struct str group); /* "user": every command that begins with it */
bool help_is_group(struct str word);
void help_completion(FILE *f); /* deploy/qianshao.bash-completion */
void help_man(FILE *f);        /* docs/man/qianshao.1 */
/* Options every command takes; ended by a NULL name. */
extern const struct cli_option help_common[];

/* ---- work.c ---- */
/* Do a working command: through the serve that owns the directory, or here. */
MUST_USE enum code work_run(struct cli *c, struct err *e);
/* The same for a command that has its office open already (init). */
MUST_USE enum code work_here(struct cli *c, struct office *o, json_t *args, struct err *e);

/* The category of that name, at whatever depth (two of one name: the first in tree order); 0 for an empty name. */
MUST_USE enum code cli_category(struct office *o, struct str name, int64_t *id, struct err *e);

/* ---- draft.c ---- */
struct cli_draft {
    struct str raw; /* bytes of a text file or of standard input; else empty */
    struct doc doc;
    struct str text; /* doc_text */
};
struct str cli_base_name(const char *path); /* the last part, a view */
/* "-": standard input. A draft with a secrecy mark is refused (E_SECRET), one without text too (E_INPUT). */
MUST_USE enum code cli_read_draft(
    struct cli *c, const char *path, struct cli_draft *out, struct err *e);

/* ---- format_pictures.c ---- */
/* The pictures of a document out of the folder of the draft at `path`. E_INPUT: one is not there. */
struct official;
MUST_USE enum code cli_format_pictures(
    struct cli *c, const char *path, struct official *d, struct err *e);

/* ---- check_format.c ---- */
/* check --format, --repair: exits 1 where something differs (is left). */
MUST_USE enum code cli_check_format(struct cli *c, const char *path, struct err *e);

/* ---- progress.c ---- */
struct progress {
    bool terminal; /* a line that is rewritten; otherwise nothing until the end */
    int64_t began_ms, shown_ms;
    bool drawn;
};
void progress_init(struct progress *p);
/* At most ten times a second: "  1,234/29,289 42% 1,050 个/秒 剩余 0:27  path". all 0: unknown. */
void progress_show(struct progress *p, int64_t done, int64_t all, struct str what);
void progress_clear(struct progress *p); /* take the line away before something else is printed */
int64_t progress_seconds(const struct progress *p);
/* 1234567 as 1,234,567, in a buffer of at least 32 bytes. */
const char *thousands(int64_t v, char out[32]);
/* Columns of a terminal that s takes: Han and full-width forms are two. */
size_t display_width(struct str s);
int64_t now_steady_ms(void);

#endif
