/* web/live.h - what pages learn while they stand open: counts of the portal and imports under way, as server-sent
 * events of one address (/live). One thread looks once a second while anybody watches, and sends what changed.
 *
 * Events: "counts", the JSON of page portal's figures; "jobs", the rows of the latest imports as HTML, for those who
 * may import; "todo", the first rows of 待办 as HTML; of a
 * stream that watches one item, nothing but "item", its revision. A page without script shows what it showed when it was made. */
#ifndef WEB_LIVE_H
#define WEB_LIVE_H

#include "office/office.h"
#include "web/http.h"

struct live;
struct viewer; /* office/access.h */
struct live *live_new(struct office *o);
/* Something was written and is committed: what people see of items may have changed. From any thread. */
void live_touch(struct live *l);
/* Ends every stream; those that come afterwards end at once. Before http_close. */
void live_stop(struct live *l);
void live_free(struct live *l); /* after http_close */
/* Watch for this viewer; takes over the stream. It ends by itself after two minutes, so that the browser comes back
 * and its session is asked for again. */
void live_watch(struct live *l, const struct viewer *v, struct http_stream *s);
/* The same for one item, while the viewer may see it. */
void live_watch_item(struct live *l, const struct viewer *v, int64_t item, struct http_stream *s);

#endif
