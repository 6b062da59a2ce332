#include "paper/mark.h"

#include <string.h>

static char mark[PAPER_MARK_BYTES];
static size_t mark_n;

void paper_mark_set(struct str words)
{
    mark_n = words.n < sizeof(mark) ? words.n : 0;
    if (mark_n)
        memcpy(mark, words.p, mark_n);
}

struct str paper_mark(void)
{
    return (struct str){mark, mark_n};
}
