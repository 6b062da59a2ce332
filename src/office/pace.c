#include "office/pace.h"

#include "office/speech.h"

struct told {
    double minutes, chars;
    int n;
};

/* One speech that was given: by whom, how long, how much. */
static bool read_one(
    struct arena *a, const struct item *it, int64_t *speaker, double *minutes, double *chars)
{
    struct speech s;
    speech_read(a, it->fields, &s);
    *speaker = s.speaker;
    *minutes = s.said;
    *chars = s.chars;
    return s.speaker && s.said > 0 && s.chars >= s.said * PACE_MIN && s.chars <= s.said * PACE_MAX;
}

enum code pace_of_many(struct db *db, struct arena *a, const struct actor *by,
    const int64_t *persons, size_t n, struct pace *out, struct err *e)
{
    struct item_filter f = {.kind = S("speech"),
        .open = -1,
        .uncounted = true,
        .sort = SORT_OPENED,
        .descending = true};
    struct told *t = ARENA_ARRAY(a, struct told, n + 1);
    struct item_page page;

    TRY(item_list(db, a, by, &f, ITEM_PAGE_MAX, &page, e));
    for (size_t i = 0; i < page.n; i++) {
        double minutes, chars;
        int64_t speaker;
        if (!read_one(a, &page.items[i], &speaker, &minutes, &chars))
            continue;
        for (size_t k = 0; k < n; k++)
            if (persons[k] == speaker && t[k].n < PACE_SPEECHES) {
                t[k].minutes += minutes;
                t[k].chars += chars;
                t[k].n++;
            }
    }
    for (size_t k = 0; k < n; k++)
        out[k] = t[k].n ? (struct pace){(int)(t[k].chars / t[k].minutes + 0.5), t[k].n}
                        : (struct pace){PACE_DEFAULT, 0};
    return OK;
}

enum code pace_of(struct db *db, struct arena *a, const struct actor *by, int64_t person,
    struct pace *out, struct err *e)
{
    return pace_of_many(db, a, by, &person, 1, out, e);
}

int64_t pace_words(const struct pace *p, double minutes)
{
    return minutes > 0 ? (int64_t)(minutes * p->per_minute + 0.5) : 0;
}

double pace_minutes(const struct pace *p, int64_t chars)
{
    return p->per_minute > 0 ? (double)chars / p->per_minute : 0;
}
