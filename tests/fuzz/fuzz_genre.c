/* Any title: what was read lies in it and names the kind it gives; the core lies in the title, and its core is
 * itself; a kind's name gives the kind back. */
#include <stdint.h>
#include <stdlib.h>

#include "text/genre.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static bool within(struct str part, struct str whole)
{
    return part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str title = {(const char *)data, size};
    struct text_span at = {0, 0};
    struct str core = genre_title_core(title);
    int genre = genre_of_title(title, &at), named = genre_of_name(title);

    check(within(core, title));
    check(str_trim(title).n == 0 || core.n > 0);
    check(genre >= GENRE_NONE && genre <= GENRE_MAX);
    if (genre != GENRE_NONE) {
        check(at.begin < at.end && at.end <= size);
        check(genre_name(genre).n > 0);
        check(genre_of_title(str_sub(title, 0, at.end), NULL) == genre);
    }
    check(genre_of_title(title, NULL) == genre);
    check(named == GENRE_NONE || genre_of_name(genre_name(named)) == named);
    return 0;
}
