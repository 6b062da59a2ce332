/* bench/carried.c - which texts a document is found to carry (text/carried.h), over files of plain text.
 *
 *   find DIR -name '*.txt' | carried [--all]
 *
 * One line for each file that carries something, and with --all for each whose title says so: how many, the title, what is carried. At
 * the end how many titles say 印发, 转发, 批转, 公布 or 发布 and end in a genre of 公文, of how many of these a text was found, and in how many other files. */
#include <stdio.h>
#include <string.h>

#include "text/draft.h"

enum { FILE_MAX = 1 << 24 };

static bool says_so(struct str title)
{
    static const struct str verbs[] = {
        SC("印发"), SC("转发"), SC("批转"), SC("公布"), SC("发布"), SC("颁发"), SC("下发")};

    if (!genre_official(genre_of_title(title, NULL)))
        return false;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (str_has(title, verbs[i]))
            return true;
    return false;
}

static struct str file_of(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    char *p = arena_alloc(a, FILE_MAX);
    size_t n = f ? fread(p, 1, FILE_MAX, f) : 0;

    if (f)
        (void)fclose(f);
    return (struct str){p, n};
}

static struct str title_of(struct arena *a, const struct draft *d, const struct draft_carried *x)
{
    struct str s = S("");

    for (size_t i = x->title; i < x->body; i++)
        s = arena_cat(a, s, str_trim(draft_str(d, d->lines[i].begin, d->lines[i].end)));
    return s;
}

int main(int argc, char **argv)
{
    bool all = argc > 1 && strcmp(argv[1], "--all") == 0;
    long files = 0, said = 0, found = 0, others = 0;
    char path[4096];

    while (fgets(path, sizeof path, stdin)) {
        struct arena a;
        struct draft d;
        struct err e;
        bool so;
        path[strcspn(path, "\n")] = 0;
        arena_init(&a);
        if (draft_read(&a, file_of(&a, path), NULL, &d, &e) == OK) {
            so = d.meta.genre != GENRE_NEWS && says_so(d.meta.title.text);
            files++;
            said += so;
            found += so && d.n_carried;
            others += !so && d.n_carried;
            if (d.n_carried || (all && so))
                printf("%s\t%zu\t%.*s", path, d.n_carried, SF(d.meta.title.text));
            for (size_t i = 0; i < d.n_carried; i++)
                printf("\t%.*s", SF(title_of(&a, &d, &d.carried[i])));
            if (d.n_carried || (all && so))
                putchar('\n');
        }
        arena_release(&a);
    }
    printf("%ld files; titles that say so: %ld, found in %ld of these, in %ld others\n", files,
        said, found, others);
    return 0;
}
