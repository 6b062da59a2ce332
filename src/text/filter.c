/* Which documents may count: rights and filters. */
#include "text/find_int.h"

bool filter_has_id(const int64_t *v, size_t n, int64_t id)
{
    size_t lo = 0, hi = n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (v[mid] < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < n && v[lo] == id;
}

static bool has_number(const uint32_t *v, size_t n, uint32_t x)
{
    size_t lo = 0, hi = n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (v[mid] < x)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < n && v[lo] == x;
}

bool filter_trivial(const struct corpus_filter *f, const struct frozen *part)
{
    return (part->levels & ~f->levels) == 0 &&
           (!f->only_levels || (part->levels & ~f->only_levels) == 0) && f->id_from == 0 &&
           (!f->statuses || (part->statuses & ~f->statuses) == 0) &&
           (!f->kinds || (part->kinds & ~f->kinds) == 0) && f->year_from == 0 && f->year_to == 0 &&
           !f->issuers && !f->categories && !f->only && (part->flags & f->without_flags) == 0 &&
           !f->with_flags;
}

static bool may_be_seen(const struct corpus_filter *f, int64_t id, const struct corpus_attr *a)
{
    return f->levels >> (a->level & 31) & 1 || filter_has_id(f->granted, f->n_granted, id);
}

static bool year_passes(const struct corpus_filter *f, int year)
{
    if (f->year_from == 0 && f->year_to == 0)
        return true;
    return year != 0 && year >= f->year_from && (f->year_to == 0 || year <= f->year_to);
}

bool filter_passes(const struct corpus_filter *f, int64_t id, const struct corpus_attr *a)
{
    return may_be_seen(f, id, a) && (a->flags & f->without_flags) == 0 &&
           (a->flags & f->with_flags) == f->with_flags && id >= f->id_from &&
           (!f->only_levels || f->only_levels >> (a->level & 31) & 1) &&
           (!f->statuses || f->statuses >> (a->status & 31) & 1) &&
           (!f->kinds || f->kinds >> (a->kind & 63) & 1) && year_passes(f, a->year) &&
           (!f->issuers || has_number(f->issuers, f->n_issuers, a->issuer)) &&
           (!f->categories || has_number(f->categories, f->n_categories, a->category)) &&
           (!f->only || filter_has_id(f->only, f->n_only, id));
}
