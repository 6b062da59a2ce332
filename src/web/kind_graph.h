/* web/kind_graph.h - the states and moves of a kind, laid out for a narrow picture: states stand in one column in the order of
 * the file, a move to the next state is an arrow between the two, what leaps ahead runs along the right and what goes back
 * along the left, each in a lane of its own. Moves from nearly everywhere are not drawn (page.anywhere). */
#ifndef WEB_KIND_GRAPH_H
#define WEB_KIND_GRAPH_H

#include "office/kind.h"
#include "pages.h"

bool kind_graph_anywhere(const struct kind *k, const struct kind_move *m); /* not drawn */
/* Sets boxes, edges, width and height of *p. Numbers of moves are their index plus one. */
void kind_graph(const struct kind *k, struct arena *a, struct page_kind *p);

#endif
