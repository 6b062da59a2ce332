/* paper/program.h - one external converter on one file, caged, with an end in sight. Private to the
 * layer.
 *
 * The own executable is started again, enters the cage and becomes the program: nothing runs
 * between fork and exec in a process with threads. The caller waits; past `seconds` of wall clock
 * the whole process group is killed. */
#ifndef PAPER_PROGRAM_H
#define PAPER_PROGRAM_H

#include "paper/reader.h"

struct program {
    const char *exe;         /* the own executable */
    const char *const *argv; /* program by full path, and arguments; NULL at the end */
    int in;                  /* its standard input, -1: nothing. Read from the start, offset kept */
    int out;                 /* its standard output */
    size_t memory, output;   /* bytes of address space; of any file written */
    int seconds;
    bool own_cage; /* the program is bubblewrap: only limits are set around it */
};
struct program_end {
    int status;     /* exit status, -1 if a signal ended it */
    char said[400]; /* beginning of what it wrote to standard error, NUL-terminated */
};
/* OK when it ran to its end, whatever the status; E_LIMIT on time-out or a signal, E_IO if it could not
 * be started. */
MUST_USE enum code program_run(const struct program *p, struct program_end *end, struct err *e);
/* The full path of an installed program (/usr/local/bin, /usr/bin, /bin), static; NULL if absent. */
const char *program_find(const char *const *paths);

/* The child's side: OUTPUT SECONDS cage|limits PROGRAM ARGUMENTS... Only returns on failure. */
int program_child(size_t memory, int argc, char **argv);

/* A file in memory, read and written by descriptor; E_IO. */
MUST_USE enum code memory_file(const char *label, int *fd, struct err *e);
/* One that holds these bytes. */
MUST_USE enum code memory_file_of(const char *label, struct str bytes, int *fd, struct err *e);
/* All of a descriptor from its start, into a; E_LIMIT past max. */
MUST_USE enum code read_whole(struct arena *a, int fd, size_t max, struct str *out, struct err *e);

#endif
