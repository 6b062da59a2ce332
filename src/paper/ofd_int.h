/* paper/ofd_int.h - the picture of a scanned OFD page. Private to the layer. */
#ifndef PAPER_OFD_INT_H
#define PAPER_OFD_INT_H

#include "paper/job.h"

/* The largest picture of page `page` (from 1). E_NOTFOUND past the last page, E_INPUT without a picture. */
MUST_USE enum code ofd_page_picture(struct job *j, struct str bytes, int page, struct str *image);

#endif
