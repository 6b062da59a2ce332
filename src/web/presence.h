/* web/presence.h - who has a manuscript open, where he stands in it, and that there is more to pull: server-sent events.
 *
 * Events: "more", {"seq"}: the text is behind that update now; "here", {"client","person","name","seq","anchor","head"}: somebody stands
 * there, in units of the text behind that update; "gone", {"client"}; "again": ask anew at once (so that a session that ended is noticed).
 * Nothing of it is stored. Writes of this process are told at once; those of another node when the database is looked at. */
#ifndef WEB_PRESENCE_H
#define WEB_PRESENCE_H

#include "office/office.h"
#include "web/http.h"

enum { PRESENCE_CLIENT_MAX = 40, PRESENCE_NAME_MAX = 120 }; /* bytes */

struct presence;
struct presence *presence_new(struct office *o);
void presence_stop(struct presence *p); /* ends every stream; before http_close */
void presence_free(struct presence *p); /* after http_close */

struct presence_who {
    int64_t manuscript, person;
    struct str client, name;
};
/* Takes over the stream. `seq`: what the page has. */
void presence_watch(
    struct presence *p, const struct presence_who *w, int64_t seq, struct http_stream *s);
/* After a commit, from any thread. */
void presence_more(struct presence *p, int64_t manuscript, int64_t seq);
/* Somebody commented, or a comment was seen to: event "noted". */
void presence_noted(struct presence *p, int64_t manuscript);
/* A finding was passed over, or is shown again: event "passed". */
void presence_passed(struct presence *p, int64_t manuscript);
/* A client that watches moved; others that do not watch are not told of. */
void presence_here(
    struct presence *p, const struct presence_who *w, int64_t seq, int64_t anchor, int64_t head);
/* The page of a client is being left: the others need not wait until its line is found dead. */
void presence_left(struct presence *p, const struct presence_who *w);

#endif
