/* paper/zipin.h - members of a zip, out of memory, inside the job's limits. Private to the layer.
 * Sizes in the headers are never believed: bytes are counted while they come out. */
#ifndef PAPER_ZIPIN_H
#define PAPER_ZIPIN_H

#include "paper/job.h"

struct zipin; /* closed with the job's arena */

MUST_USE enum code zipin_open(struct job *j, struct str bytes, struct zipin **out);
size_t zipin_count(const struct zipin *z);
/* The name as stored (raw bytes, and whether it is marked as UTF-8); lives as long as z. */
struct str zipin_name(const struct zipin *z, size_t i, bool *utf8);
bool zipin_is_encrypted(const struct zipin *z, size_t i);
bool zipin_has(const struct zipin *z, const char *name);
/* The number of a member, SIZE_MAX when it is not there. */
size_t zipin_index(const struct zipin *z, const char *name);
/* A whole member into the arena; empty and E_NOTFOUND in *found when it is not there (no failure of the
 * job). A damaged member fails the job. */
bool zipin_read(struct zipin *z, const char *name, struct str *out);
bool zipin_read_at(struct zipin *z, size_t i, struct str *out);

/* A member as a stream: for XML that may be large. */
struct zipin_stream;
struct zipin_stream *zipin_stream(struct zipin *z, const char *name); /* NULL: not there */
int zipin_stream_read(void *stream, char *to, int n);                 /* for xmlReaderForIO */
int zipin_stream_close(void *stream);

#endif
