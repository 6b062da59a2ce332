/* cli/command.h - the command line: one const table of commands, options read in one place.
 *
 * A command is of one of two shapes. `run` does everything itself (init, serve, restore). The others
 * work on an open office and are cut in three, so that the same code runs here or inside a serve
 * that owns the data directory (control.h): `request` turns the command line into a JSON object,
 * `work` does it and says JSON objects while it goes on, `show` prints each of them.
 *
 * Exit status (design 8): 0 done; 1 findings or not found; 2 bad use or bad input; 3 internal. An
 * error is one Chinese line on standard error. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/arena.h"
#include "base/json.h"
#include "office/office.h"

struct command;

/* What the web layer is told by the command line and the settings. */
struct serve_settings {
    struct str listen; /* "ADDR:PORT"; port 0: any */
    struct str site;   /* how people reach the platform; may be empty */
    bool demo;         /* every page says so */
};

/* What main.c hands in from the layer beside this one (cli may not include web). */
struct cli_services {
    /* Answer pages of `o` until web_stop; returns when it listens. *address (owned by *web): what to print,
     * "http://127.0.0.1:8080/". */
    enum code (*web_start)(struct office *o, const struct serve_settings *s, void **web,
        struct str *address, struct err *e);
    void (*web_stop)(void *web); /* graceful: requests in work are answered first */
};

enum { CLI_MAX_OPTIONS = 24 };

/* One run of one command. */
struct cli {
    const struct command *cmd;
    const struct cli_services *services;
    struct arena arena;
    const char *data; /* the data directory: --data, $QIANSHAO_DATA or ./qianshao-data */
    bool data_given;  /* on the command line or in the environment */
    bool json;
    const char *const *args; /* what stood on the command line besides options */
    size_t n_args;
    const char *values[CLI_MAX_OPTIONS]; /* in the order of cmd->options; NULL when not given */
    int status;  /* exit status when nothing fails: a command sets 1 for findings */
    void *state; /* the command's own, between request, show and finish; in the arena */
};

struct cli_option {
    const char *name; /* "limit": written --limit */
    const char *arg;  /* what the value is, in Chinese; NULL for a switch */
    const char *help;
};

/* Where a working command says what it does: each object is one line to the terminal or the control
 * socket. Takes over the reference. False: nobody listens any more, or the person asked to stop. */
struct teller {
    bool (*say)(void *arg, json_t *object);
    void *arg;
};

struct command {
    const char *name;    /* "import", "user add" */
    const char *args;    /* "PATH…", or "" */
    const char *summary; /* one line */
    const char *about;   /* paragraphs of the help page, lines divided by '\n'; may be "" */
    const struct cli_option *options; /* ended by a NULL name; NULL: none of its own */
    size_t args_min, args_max;
    bool reads; /* changes nothing: may work on a directory that another process owns */
    bool quiet; /* not in the overview: for building and testing */
    enum code (*run)(struct cli *c, struct err *e);
    enum code (*request)(struct cli *c, json_t *args, struct err *e);
    enum code (*work)(struct office *o, json_t *args, const struct teller *t, struct err *e);
    enum code (*show)(struct cli *c, json_t *said, struct err *e);
    /* After the last show; not ok: the work failed, only a line of progress is to be taken away. May be NULL. */
    void (*finish)(struct cli *c, bool ok);
};

/* Sorted as the overview shows them; ended by NULL. */
const struct command *const *cli_commands(void);
const struct command *cli_command(struct str name); /* NULL: no such command */

/* The whole program but for the reader's children: the result is the exit status. */
int cli_main(int argc, char **argv, const struct cli_services *services);

/* The value of an option of this command (by its name, which must be in its table), or NULL. */
const char *cli_value(const struct cli *c, const char *option);
bool cli_flag(const struct cli *c, const char *option);
/* A number in range; the fallback when the option is not there; E_INPUT names option and value. */
struct cli_range {
    int64_t min, max, fallback;
};
MUST_USE enum code cli_int(
    const struct cli *c, const char *option, struct cli_range r, int64_t *out, struct err *e);
/* Put the option into args as a string (number), when it was given. */
void cli_pass(const struct cli *c, json_t *args, const char *option);
/* The absolute form of a path in the arena, whether or not it exists. */
struct str cli_absolute(struct cli *c, const char *path);
/* Exit status of a failure. */
int cli_status(enum code c);

/* Set a string that may hold anything: what is no UTF-8 becomes U+FFFD. */
void js_set(json_t *o, const char *key, struct str s);
/* One line of JSON on standard output. */
MUST_USE enum code cli_print_json(const json_t *o, struct err *e);

/* ---- termination signals, without a handler (signalfd) ---- */
/* SIGINT and SIGTERM no longer end the process but are read from the descriptor; -1 on failure. */
int cli_catch_signals(void);
bool cli_stopped(int fd); /* one has come; stays true */

#endif
