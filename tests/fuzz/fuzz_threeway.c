/* A text and what two people made of it, parted by zero bytes. Oracle: who changed nothing gets the other's text; where nothing is told, either order
 * of the two gives one text; what is told was changed by both. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/threeway.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(cond)   \
    do {             \
        if (!(cond)) \
            abort(); \
    } while (0)

static void piece(struct str *rest, struct buf *out)
{
    const char *zero = rest->n ? memchr(rest->p, '\0', rest->n) : NULL;
    size_t n = zero ? (size_t)(zero - rest->p) : rest->n;

    utf8_clean(out, str_sub(*rest, 0, n));
    *rest = str_sub(*rest, zero ? n + 1 : n, rest->n);
}

static void judge(struct arena *a, struct str was, struct str mine, struct str theirs)
{
    struct threeway x = {.text = S("")}, y = {.text = S("")};
    struct err e;

    MUST(threeway_merge(a, was, mine, theirs, &x, &e) == OK);
    MUST(threeway_merge(a, was, theirs, mine, &y, &e) == OK);
    MUST(x.n_both == y.n_both);
    MUST(x.n_both || str_eq(x.text, y.text));
    MUST(!str_eq(was, mine) || (str_eq(x.text, theirs) && !x.n_both));
    MUST(!str_eq(was, theirs) || (str_eq(x.text, mine) && !x.n_both));
    MUST(!str_eq(mine, theirs) || (str_eq(x.text, mine) && !x.n_both));
    for (size_t i = 0; i < x.n_both; i++)
        MUST(!str_eq(x.both[i].mine, x.both[i].theirs));
    MUST(utf8_check(x.text) == SIZE_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, size};
    struct buf b[3];
    struct arena a;

    arena_init(&a);
    for (int i = 0; i < 3; i++) {
        buf_init(&b[i], 0);
        piece(&rest, &b[i]);
    }
    judge(&a, buf_view(&b[0]), buf_view(&b[1]), buf_view(&b[2]));
    for (int i = 0; i < 3; i++)
        buf_release(&b[i]);
    arena_release(&a);
    return 0;
}
